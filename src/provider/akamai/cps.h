/*
 * cps: what the files about Akamai's Certificate Provisioning System share.
 *
 * An enrollment is what CPS keeps of a set of names; what is deployed of it on a network are one or two
 * certificates (dual-stacked), and a change is how others get there.  Enrollments have a number, changes
 * have one, and slots, where a certificate lies in the network, have one: none is ever shown without its
 * name.
 */
#ifndef CERTTY_SRC_PROVIDER_AKAMAI_CPS_H
#define CERTTY_SRC_PROVIDER_AKAMAI_CPS_H

#include <certty/base/json.h>

#include "own.h"

#define CPS_PRODUCTION "production"	/* types of store, and what CPS calls the networks */
#define CPS_STAGING    "staging"

#define CPS_TEXT_MAX  600
#define CPS_LIST_MAX  5000	/* names of one enrollment */
#define CPS_STACK_MAX 8		/* certificates of an enrollment on one network */
#define CPS_MANY_MAX  200000	/* enrollments of an account */

enum { CPS_ON_PRODUCTION, CPS_ON_STAGING, CPS_NETWORKS };
extern const char *const cps_network_words[CPS_NETWORKS];	/* as CPS says them, which are our types */
extern const char *const cps_network_titles[CPS_NETWORKS];
unsigned cps_network_of(const struct store *s);

/* ---- cps_call.c ---- */

/* What an operation keeps for itself; made by the first call, freed with the operation. */
void *cps_call_mine(struct op *op, size_t size, GDestroyNotify done);
/* Of a path below /cps/v2, with the media type of what shall come, "change.v2". */
struct request_out *cps_call_get(const struct op *op, const char *entity, const char *path);
/* The same that changes something: `given` is the media type of the body; both NULL: there is none. */
struct request_out *cps_call_send(const struct op *op, const char *method, const char *entity,
				  const char *path, const char *given, const char *body);
/* The object that was answered; NULL: a sentence of what was tried and what came. */
struct json *cps_call_json(const struct op *op, const struct reply *r, const char *what, GError **error);
bool cps_call_is_gone(const struct reply *r);		/* 404: not there, or not now */
bool cps_call_is_unknown(const struct reply *r);	/* 404, 406: a call that is not there */
char *cps_call_list_path(const struct op *op, const char *path);	/* of the account's contract; new */

/* ---- reading answers; all new, harmless ---- */

char *cps_text(const struct json *j, const char *key);	/* "" when it is none */
/* A number, as number or as text, or the last part of the member "location"; "" when it is none. */
char *cps_id(const struct json *j);
char *cps_id_of_location(const char *location);
int64_t cps_time(const struct json *j, const char *key);	/* 0: none */
char **cps_texts(const struct json *list);
char *cps_numbers(const struct json *list);	/* "30001 30002" */
/* A flag that comes as such or as text. */
bool cps_flag(const struct json *j, const char *key);

/* ---- cps_deployed.c: what is deployed of an enrollment ---- */

struct cps_one {			/* a certificate */
	char *algorithm;		/* "RSA", "ECDSA" */
	char *serial, *issuer, *signature;
	uint8_t sha256[32];
	int64_t not_after;
	bool is_read;			/* its bytes were */
	char **chain;			/* its issuers by name, once they were */
	GBytes *der;			/* while it is being read; else NULL */
};

struct cps_network {
	GPtrArray *certs;		/* struct cps_one; the first is what CPS calls primary */
	char **settings;		/* label, text, label, text */
};

struct cps_deployed {
	char *id;			/* of the enrollment */
	char *sort;			/* "third-party", "san"; */
	char *slots;			/* "30001" */
	char *pending;			/* "renewal (change 20003)", or "" */
	char **names;			/* the common name first, the others after it by name */
	struct cps_network on[CPS_NETWORKS];
};

struct cps_deployed *cps_deployed_new(const char *id);
void cps_deployed_free(struct cps_deployed *d);
AUTO_FREE(cps_deployed, cps_deployed_free)
struct cps_one *cps_one_new(void);
void cps_one_free(struct cps_one *o);
/* One of GET /active-certificates; NULL: it has no number. */
struct cps_deployed *cps_deployed_read(const struct json *j);
/* One of GET /enrollments, of which nothing is known yet that is deployed. */
struct cps_deployed *cps_deployed_of_enrollment(const struct json *j);
/* GET …/deployments: takes the place of what was known of both networks. */
bool cps_deployed_take(struct cps_deployed *d, const struct json *j);
GPtrArray *cps_certs_of_pem(const char *pem /* or NULL */);	/* their DERs (GBytes), as they stand; new */
const struct cps_one *cps_deployed_find(const struct cps_deployed *d, unsigned network,
					const uint8_t sha256[32]);
/* Where a certificate stands in a store: "10002/RSA"; new. */
char *cps_deployed_alias(const struct cps_deployed *d, const struct cps_one *o);
/* What a list shows of one whose bytes are not read. */
void cps_deployed_facts(const struct cps_deployed *d, const struct cps_one *o, struct facts *ret);
/* How the two networks differ, label and text in turn; new; empty when they do not. */
char **cps_deployed_differences(const struct cps_deployed *d);
char *cps_one_say(const struct cps_one *o);	/* "RSA, ends 2027-02-05, by Example Issuing, 3f2a9c…"; new */

/* ---- cps_memo.c: what the last refresh of a network knew ---- */

GHashTable *cps_memo_read(GBytes *memo);		/* struct cps_deployed by id; never NULL */
GBytes *cps_memo_write(const GPtrArray *deployed);

/* ---- cps_stores.c, cps_refresh.c, cps_describe.c ---- */

step_fn cps_stores, cps_refresh;
bool cps_stores_has_production(const struct op *op);
step_fn cps_enroll_renew;		/* cps_enroll_renew.c */
plan_fn cps_enroll_planned_renew;
void cps_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo, int64_t now);

#endif
