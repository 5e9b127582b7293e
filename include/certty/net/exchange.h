/*
 * exchange: what is asked of a server and what came back, as values.
 *
 * A request is an HTTP request or a probe (connect, say the few words that a protocol wants
 * before TLS, shake hands, note the chain that was presented).  A reply always comes, also
 * when nothing was reached: then `error` says why.  Both are plain data without a thread;
 * one owner at a time.
 */
#ifndef CERTTY_NET_EXCHANGE_H
#define CERTTY_NET_EXCHANGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/err.h>
#include <certty/base/ref.h>
#include <certty/base/secret.h>

#define PROBE_RSA "RSA"
#define PROBE_EC  "EC"

#define EXCHANGE_BODY_MAX	(16u << 20)	/* bytes of a body, unless the request says less */
#define EXCHANGE_CHAIN_MAX	32		/* certificates noted of one chain */
#define EXCHANGE_CHAIN_BYTES	(1u << 20)	/* and their bytes together */

struct header {
	char *name, *value;
};

/* How a server is reached, where that differs from what the system and the environment say
 * (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR).  Of an account, shared by its requests:
 * counted, frozen once made. */
struct route {
	struct ref ref;
	char *ca_file, *ca_folder;	/* trusted instead of the system's; or NULL */
	char *cert_file;		/* our own certificate, PEM; or NULL */
	struct secret *key;		/* its private key, PEM, not encrypted; or NULL */
	char *key_file;			/* or a file that has it; or NULL */
	char *server_name;		/* in TLS, instead of the URL's host; or NULL */
	char *proxy;			/* "" for none; NULL: as the environment says */
	bool negotiates;		/* HTTP Negotiate with the user's Kerberos ticket */
};

struct route *route_new(void);
struct route *route_dup(const struct route *r);	/* a copy that may be changed */
struct route *route_ref(struct route *r);
void route_unref(struct route *r);
AUTO_FREE(route, route_unref)

/* What a server allows of one sort of request, so that none is sent in vain. */
struct pace {
	char *sort;		/* who, where and what: "acm eu-north-1 ListCertificates"; NULL: as
				 * many as one likes */
	double rate;		/* a second */
	unsigned burst;		/* that may follow each other at once, 1 or more */
	unsigned most, per;	/* no more than so many in any so many seconds; 0: the rate says it all */
	unsigned pause;		/* seconds in which none is sent after one was turned away that was not
				 * told when to come again; 0: as retry.h has it */
};

struct request_out {
	/* HTTP */
	struct route *route;	/* a reference, or NULL: as the system says */
	char *scope;		/* what a signer must know beside the URL ("acm eu-north-1"), or NULL */
	bool is_unsigned;	/* sent as it is, whoever asks */
	struct pace pace;	/* how many of its sort a server lets through */
	char *method, *url;
	GArray *headers;	/* struct header; wiped when freed */
	GBytes *body;
	/* or a probe */
	char *host;		/* name or address, A-labels; NULL: HTTP */
	uint16_t port;
	char *server_name;	/* for SNI; NULL: host, unless it is an address */
	const struct starttls *starttls;	/* NULL: TLS from the first byte */
	const char *keys;	/* only certificates with keys of this kind are taken: PROBE_RSA, PROBE_EC;
				 * NULL: of any */
	/* both */
	int timeout_ms;		/* for the whole exchange */
	size_t max;		/* bytes of a body */
	bool is_repeatable;	/* sending it twice does no harm: retried when it breaks */
};

struct reply {
	GError *error;		/* no reply at all, and why; the rest is then empty */
	int status;		/* HTTP */
	GArray *headers;	/* struct header */
	GBytes *body;
	GPtrArray *chain;	/* probe: GBytes * DER, as presented, leaf first */
	char *protocol, *cipher;	/* probe: "TLSv1.3", … harmless */
	char *peer;		/* the address that answered */
	int64_t ms;		/* how long it took */
};

struct request_out *exchange_get(const char *url);
/* A body is copied into memory that is wiped when the last one drops it; `type` is its
 * Content-Type. */
struct request_out *exchange_post(const char *url, const char *type, const void *body, size_t len);
void exchange_set_body(struct request_out *r, const void *body, size_t len);
struct request_out *exchange_probe(const char *host, uint16_t port,
				   const struct starttls *starttls);
void exchange_header(struct request_out *r, const char *name, const char *value);
/* Instead of all that have this name; value NULL: takes them away. */
void exchange_set_header(struct request_out *r, const char *name, const char *value);
struct request_out *exchange_dup(const struct request_out *r);	/* to send it again */
void exchange_free(struct request_out *r);
/* One that says why there is none; takes the error. */
struct reply *reply_of_error(GError *error);
void reply_free(struct reply *r);
const char *reply_header(const struct reply *r, const char *name);
/* By how many seconds the server's clock is ahead of ours (negative: behind), as its Date says;
 * `now` is ours when the reply came.  False when it does not say, or says what lay in a cache. */
bool reply_skew(const struct reply *r, int64_t now, int64_t *ret_seconds);
AUTO_FREE(request_out, exchange_free)
AUTO_FREE(reply, reply_free)

/* What has to be said before TLS, by protocol: smtp imap pop3 ftp ldap postgres mysql. */
struct starttls {
	const char *name;
	uint16_t port;		/* the usual one */
};
extern const struct starttls *const starttls_table[];	/* ends with NULL */
const struct starttls *starttls_find(const char *name);

/* Reads an endpoint as people write it: "host", "host:port", "[::1]:443", "smtp://host:25",
 * "https://host/"; the port defaults to 443 or the protocol's own. */
bool exchange_read_endpoint(const char *s, char **ret_host, uint16_t *ret_port,
			    const struct starttls **ret_starttls, GError **error);

#endif
