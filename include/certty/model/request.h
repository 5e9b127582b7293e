/*
 * request: something that waits: a CSR for a local CA, an order, a validation, an approval.
 *
 * A request outlives the program: it is a row in the database with a state of its own.  Each
 * verb on it is a short operation that starts from the row and ends by writing it.  An item
 * (see items.h): frozen once on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_REQUEST_H
#define CERTTY_MODEL_REQUEST_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

enum request_state {
	REQUEST_WAITS_PERSON,	/* somebody has to decide or do something */
	REQUEST_WAITS_DNS,
	REQUEST_WAITS_CA,
	REQUEST_WAITS_PROVIDER,
	REQUEST_ISSUED,
	REQUEST_DENIED,
	REQUEST_FAILED,
	REQUEST_GONE,		/* withdrawn where it came from */
	REQUEST_STATE_COUNT
};

#define REQUEST_PLACE "place"	/* the type of one that waits for an agent, which puts the certificate that
				 * its digest names into its store */

struct request {
	struct ref ref;
	char *id;		/* "local/ca:/srv/ca/pending/web1.csr" */
	char *account, *provider, *store;
	char *type;		/* "sign", "validate", "deploy"… */
	char *title;		/* what it is about: the first name asked for */
	char **names;
	enum request_state state;
	char *theirs;		/* the provider's own word for the state, or "" */
	char *asked_by;		/* as far as known */
	char *reason;		/* why denied or failed */
	char *oddities;		/* what a reviewer should notice, one a line, or "" */
	char *digest;		/* hex SHA-256 of exactly what would be approved */
	char *result;		/* hex SHA-256 of the certificate that came of it, or "" */
	char *can;		/* the verbs that move it on as it stands, separated by blanks:
				 * "sync publish withdraw"; the first is the one it waits for */
	char *records;		/* DNS records that it waits for, one a line as a zone file has
				 * them ("_x.example.org. 300 IN CNAME y.z."), or "" */
	char *kept;		/* what its provider must know of it again, JSON, no secret; or "" */
	char *rule;		/* what the rule of its account about approving says of it, or ""; judged
				 * anew wherever it is loaded */
	int64_t since, due;	/* due 0: no deadline */
	int64_t ended;		/* 0 while it waits */
};

extern const struct item_type request_type;

struct request *request_new(const char *id);
struct request *request_dup(const struct request *r);
struct request *request_ref(struct request *r);
void request_unref(struct request *r);
bool request_is_waiting(const struct request *r);
/* It waits for nobody and nothing any more, and can be dismissed; one that had ended has ended then. */
void request_end(struct request *r, enum request_state state, const char *theirs, const char *reason,
		 int64_t now);
/* What a reviewer should notice, on one line: whoever approves it says exactly this ("accept").  New; ""
 * when there is nothing. */
char *request_warnings(const struct request *r);
AUTO_FREE(request, request_unref)

const char *request_state_word(enum request_state state);	/* "waits for a person" */
const char *request_waits_for(enum request_state state);	/* "you", "DNS", "the CA" */
enum tone request_state_tone(enum request_state state);

#endif
