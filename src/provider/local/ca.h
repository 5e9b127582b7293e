/*
 * ca: what the files of the small CA share: its folder and what lies in there.
 *
 *   ca.crt | ca.pem | cacert.pem		its certificate, and the issuers of that behind it
 *   ca.key | private/ca.key | private/cakey.pem | cakey.pem	its key, encrypted
 *   pending/<file>.csr|.pem|.req	requests that wait
 *   issued/<name>-<serial8>.pem	a certificate with its chain; text before it says for
 *					which request, by whom and when
 *   issued/<name>-<serial8>.csr	that request, moved here when all else was done
 *   denied/<file>-<digest8>.csr, .reason	what was denied, and why
 *
 * Reads block, so all of this is for works.
 */
#ifndef CERTTY_PROVIDER_LOCAL_CA_H
#define CERTTY_PROVIDER_LOCAL_CA_H

#include "own.h"

#define CA_REQUEST_MAX (256u << 10)	/* bytes of a request's file */

struct ca {
	char *folder, *cert_path, *key_path;	/* key_path NULL: there is none */
	GPtrArray *certs;	/* GBytes: its own certificate, then its issuers */
	struct facts facts;	/* of its own */
};

struct ca *ca_open(const char *folder, GError **error);
char *ca_cert_path(const char *folder);		/* new, or NULL: it is not there */
char *ca_key_path(const char *folder);
void ca_free(struct ca *ca);
AUTO_FREE(ca, ca_free)
/* Something about its key that a person should know, or NULL. */
char *ca_key_trouble(const struct ca *ca);

/* A request in pending/. */
struct ca_pending {
	char *path;
	GBytes *der;			/* NULL: broken, and `trouble` says how */
	char *digest;			/* of der; of the whole file when that is broken */
	char *oddities, *owner, *trouble;
	char **names;
	int64_t since;
	struct detail *detail;		/* what x509 says about it */
};

struct ca_pending *ca_pending_read(const char *path);	/* never NULL */
void ca_pending_free(struct ca_pending *p);
AUTO_FREE(ca_pending, ca_pending_free)
/* The paths in pending/, sorted; new. */
GPtrArray *ca_pending_paths(const char *folder, GPtrArray *troubles /* or NULL */);
char *ca_request_id(const char *folder, const char *path);
/* The path of the request of that id; new, or NULL when it is not there. */
char *ca_find_pending(const char *folder, const char *id);

/* What was answered to requests: read from the texts in issued/ and denied/. */
struct ca_answer {
	char *digest;			/* of the request */
	char *path;			/* of the certificate, or of the reason */
	bool is_issued, is_finished;	/* finished: the request was moved beside it */
	char *reason;			/* denied */
	GBytes *cert;			/* issued */
	int64_t when;
};

GPtrArray *ca_answers(const char *folder);	/* struct ca_answer, newest first */
const struct ca_answer *ca_find_answer(const GPtrArray *answers, const char *digest);

/* ---- ca_sign.c ---- */

/* The lines of an answer that say to which request it was given, what, when and by whom; new.
 * `by_rule`: by no person, but by that rule; or NULL. */
char *ca_stamp(const char *digest, const char *word, const char *by_rule, int64_t now);
struct x509_key *ca_open_key(const struct ca *ca, const struct secret *passphrase, GError **error);
/* What a request asks for, if it verifies then; from a little before `now`. */
GBytes *ca_sign(const struct ca *ca, const struct x509_key *key, GBytes *csr,
		const struct x509_profile *profile, int64_t now, int64_t until, GError **error);
/* Into issued/, behind a text; name NULL: the certificate's own. */
bool ca_write_issued(const struct ca *ca, GBytes *cert, const char *name, const char *head,
		     char **ret_path, GError **error);

#define CA_DENIED_BEFORE "the same request was denied before"	/* oddities */
#define CA_SIGNED_BEFORE "the same request was signed before"
#define CA_MARK "request: "	/* begins the line of an answer that names the digest */

#endif
