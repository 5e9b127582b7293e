/*
 * op: one operation of a provider under way: what it was asked, and what it has found so far.
 *
 * An operation is written as steps.  A step gets the reply to what the step before asked for
 * and ends in one of seven sentences (next_…).  Steps run on the engine's thread and never
 * block, so a provider has no thread, socket, timer or lock of its own; what must block (a
 * folder walk, a key derivation) is a work, run on the job pool, which touches only its own
 * memory.
 *
 * The engine fills in the question before the first step and takes the findings after each;
 * a provider only reads the one and adds to the other, so a test can play the engine with a
 * list of replies.  Cancelling is not taking the next step: `scratch` and works are freed,
 * no provider code runs, so everything an operation owns hangs on those.
 */
#ifndef CERTTY_PROVIDER_OP_H
#define CERTTY_PROVIDER_OP_H

#include <stdatomic.h>
#include <certty/base/err.h>
#include <certty/base/queue.h>
#include <certty/base/settings.h>
#include <certty/model/account.h>
#include <certty/model/args.h>
#include <certty/model/bundle.h>
#include <certty/model/deploy.h>
#include <certty/model/detail.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/job.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/model/table.h>
#include <certty/model/verb.h>
#include <certty/net/exchange.h>
#include <certty/provider/access.h>

struct op;
struct work;

/* ---- what a step may end with ---- */

typedef struct next step_fn(struct op *op, const struct reply *reply);

/* Blocking work for the job pool: reads `in`, leaves `out` or `error`, looks at *stop between
 * items and may tell how far it is. */
typedef void work_fn(struct work *w);
struct work {
	struct queue_link link;		/* the engine's */
	work_fn *run;
	void *in, *out;
	GDestroyNotify free_in, free_out;
	GError *error;
	atomic_bool stop;		/* set by the engine when nobody wants the result */
	atomic_uint_least64_t done, of;
	void *owner;			/* the engine's */
	size_t index;			/* of a next_each; the engine's */
};
struct work *work_new(work_fn *run, void *in, GDestroyNotify free_in, GDestroyNotify free_out);
void work_free(struct work *w);
static inline bool work_is_stopped(const struct work *w)
{
	return atomic_load_explicit(&w->stop, memory_order_relaxed);
}

/* One of many: a request to send or a work to run, exactly one of them; both NULL skips it. */
struct ask {
	struct request_out *send;
	struct work *work;
};
typedef struct ask ask_fn(struct op *op, size_t i);
typedef void each_fn(struct op *op, size_t i, const struct reply *reply, struct work *work);

enum next_kind { NEXT_SEND, NEXT_EACH, NEXT_WAIT, NEXT_WORK, NEXT_KEEP, NEXT_DONE, NEXT_FAIL };

struct next {
	enum next_kind kind;
	step_fn *step;
	struct request_out *request;
	struct work *work;
	size_t n;
	ask_fn *ask;
	each_fn *hear;
	int64_t ms;
};

/* Send this, then go on there.  The engine signs, retries and waits as the provider's limits
 * say; a reply whose `error` is set reaches the step all the same. */
struct next next_send(struct request_out *request, step_fn *step);
/* Ask n of these, some at a time, hear each answer in any order, then go on there. */
struct next next_each(size_t n, ask_fn *ask, each_fn *hear, step_fn *step);
/* Said while one of a next_each is heard: so many more are asked for, with the next numbers. */
void op_more(struct op *op, size_t n);
struct next next_wait(int64_t ms, step_fn *step);
/* Run this on the job pool; the step finds it in op->work, with `out` or `error`. */
struct next next_work(struct work *work, step_fn *step);
/* The stores and requests that were put so far are in the database, come what may, before the
 * step is taken: an order is written down before it is sent.  Fails when they cannot be. */
struct next next_keep(step_fn *step);
struct next next_done(void);
struct next next_fail(struct op *op, enum err code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same with an error that is taken. */
struct next next_fail_error(struct op *op, GError *error);

/* ---- the operation ---- */

#define DNS_RECORD_TTL 120	/* seconds, at the least */

/* What shall stand in DNS. */
struct dns_record {
	char *name;		/* absolute, A-labels, with its final dot */
	char *type;		/* "CNAME", "TXT" */
	char *value;		/* as in a zone file */
	unsigned ttl;		/* seconds */
	bool is_done;		/* op_published() */
};
struct dns_record *dns_record_read(const char *line, GError **error);	/* a request's records */
struct dns_record *dns_record_dup(const struct dns_record *r);
void dns_record_free(struct dns_record *r);
/* The value as services take it: of a TXT its text, its strings joined; of a CNAME the name in lower
 * case without the dot at its end.  NULL with ERR_USAGE for other types, and for a text with a NUL in
 * it or in bytes that are no UTF-8. */
char *dns_record_plain(const char *type, const char *value, GError **error);
/* A plain text as a zone file has it: in quotes, in strings of a length that DNS has.  New. */
char *dns_record_quoted(const char *plain);
bool dns_record_is_in(const char *name, const char *zone);	/* both with their final dot */

/* A record that was put into DNS through certty. */
struct dns_placed {
	char *zone;		/* "example.org" */
	char *line;		/* the record as a line of a zone file, with the name that it has there */
};

/* A certificate whose key is made in one place and which an issuer elsewhere signs: what both are told. */
struct enrol {
	const char *token;		/* of this one alone, written down before anybody was asked: 32
					 * hex digits */
	const char *const *names;
	GBytes *csr;			/* DER; NULL until the key is made */
	const char *about;		/* what op_stands() said last that it is there, or "" */
	const char *place;		/* what op_placed() said last of its key, or "" */
};

/* The DER of a certificate that the engine must keep. */
struct fresh {
	uint8_t sha256[32];
	GBytes *der;
};

struct op {
	/* the question: borrowed or owned by the engine, read-only */
	const struct verb *verb;
	const char *target;		/* as it was ordered: by its id */
	const struct args *args;
	const struct settings *settings;
	const struct account *account;
	const struct store *store;	/* the target, or the store of the target; may be NULL */
	const struct request *request;	/* a target of kind requests */
	const struct object *object;	/* a target of kind objects, as it was read last */
	const struct items *stores;	/* all that are known, of all providers */
	const struct items *requests;	/* likewise */
	const struct table *old;	/* the rows of `store` as last read, or NULL: of a refresh,
					 * an order, an import, and what moves a request on */
	GBytes *memo;			/* what the last refresh of `store` kept, or NULL; also for
					 * these, and for what is done to a certificate of it */
	const struct bundle *bundle;	/* VERB_IMPORT: what to put there instead of the file that
					 * args name, with its key; or NULL.  Then args "replace" is
					 * "same" or "new", and cert.alias the place whose
					 * certificate it must take, or NULL: any */
	const struct items *deploys;	/* all that are known */
	GHashTable *hidden;		/* aliases of `store` that are left out (op_row sees to it),
					 * or NULL */
	GPtrArray *records;		/* provider->publish: struct dns_record to put into the
					 * zones that the account has, in which each that is then in
					 * force is marked; else NULL */
	struct {			/* a target of kind certs */
		GBytes *der;
		const char *alias;	/* its place within `store` */
		GBytes **chain;		/* its issuers as far as known, nearest first */
		size_t n_chain;
	} cert;
	const char *by_rule;		/* VERB_APPROVE: whose rule says yes, and no person; or NULL */
	const struct enrol *enrol;	/* a step of a key maker or an issuer; else NULL */
	const struct args *login;	/* while signing in: answers and secrets; of a verb that is done
					 * without (no_sign_in): answers; else NULL */
	const struct access *access;	/* of `account`, once signed in; the newest at each step;
					 * while signing in again, the one that it shall take the
					 * place of, though it has ended or is not taken any more */
	int64_t now;

	/* the operation's own */
	void *scratch;			/* provider->scratch bytes, zeroed; freed by the engine
					 * after provider->scratch_done */
	struct work *work;		/* the work that has just ended */

	/* the findings: taken by the engine */
	struct table_builder *rows;	/* VERB_REFRESH: made by the engine */
	uint32_t n_rows;		/* in it: those that were added and are not left out */
	GArray *fresh;			/* struct fresh */
	GBytes *new_memo;
	GPtrArray *troubles;		/* sentences (char *): done in part */
	GPtrArray *put_stores, *put_requests, *put_discovery, *put_domains;	/* items */
	bool keeps_domains;		/* op_keep_domains() */
	guint domains_left;		/* that were put beyond DOMAINS_MAX, and left out */
	GPtrArray *put_objects;		/* struct object */
	GPtrArray *drop_objects;	/* ids (char *) */
	GPtrArray *kept_objects;	/* types (char *) of which nothing is known this time */
	GPtrArray *drop_requests;	/* ids (char *) */
	GPtrArray *drop_stores;		/* VERB_ACCOUNT_STORES: ids that the account has no more */
	GPtrArray *kept;		/* struct bundle: certificates that were issued, for the own
					 * repository */
	struct bundle *handed;		/* provider->hand, key_maker->keep, issuer->ask */
	GBytes *csr;			/* key_maker->make */
	struct {			/* issuer->ask, while or since there is no certificate */
		enum request_state state;
		char *theirs;		/* its own word for that; NULL: it did not say */
		char *reason, *about;
	} stands;
	struct {			/* VERB_IMPORT: where it is now */
		char *alias;		/* NULL: nowhere */
		uint8_t sha256[32];
	} placed;
	guint n_published;		/* op_published() */
	GPtrArray *put_records;		/* struct dns_placed: provider->publish put them there */
	GPtrArray *zones;		/* names of all zones that the account has (char *), each with
					 * its final dot; or NULL: they are not known to the last */
	GPtrArray *touched;		/* ids of stores that should be read again (char *) */
	bool looks_for_stores;		/* op_look_for_stores() */
	struct access *opened;		/* a new reference: sign_in's; or, of another step, one that
					 * can do more (a token for one more service), which is the
					 * account's and this operation's from the next step on */
	char *who;			/* VERB_ACCOUNT_TEST: who we are there */
	char *rights;			/* likewise: what may be done there; NULL: it is not told */
	GString *may_not;		/* likewise: op_forbid(); or NULL */
	struct detail *detail;		/* VERB_SHOW */
	char *said;			/* the outcome in one sentence */
	GError *error;			/* next_fail */
	enum want wants;		/* what a person can give so that it does not fail; of
					 * sign_in, WANT_CODE, the rest the engine sees itself */
	uint64_t done, of;		/* progress */
	uint32_t keys;			/* private keys seen in the store */
	bool shows_rows;		/* op_show_rows() was called in this step */
	size_t more;			/* op_more() */
};

/* Sets up what a step may use (arrays; the engine sets the question itself); op_done frees
 * all findings that were not taken, works and scratch excepted. */
void op_init(struct op *op);
void op_done(struct op *op);

void op_row(struct op *op, const struct facts *f, const char *alias, uint32_t marks);
void op_old_row(struct op *op, uint32_t row, uint32_t marks);	/* unchanged since op->old */
/* The rows so far are shown, as those of a store that is being read, and the builder begins
 * anew: the next step (or the next answer of a next_each) finds them in op->old and shows_rows
 * false, and adds all rows once more, op_old_row() for those that it knows nothing new of.  For
 * stores whose details take long. */
void op_show_rows(struct op *op);
void op_fresh(struct op *op, const uint8_t sha256[32], GBytes *der);	/* new reference */
void op_memo(struct op *op, GBytes *memo);				/* takes it */
void op_trouble(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);
void op_say(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);
void op_progress(struct op *op, uint64_t done, uint64_t of);
void op_put_store(struct op *op, struct store *s);		/* these take */
void op_put_request(struct op *op, struct request *r);
void op_put_discovery(struct op *op, struct discovery *d);
/* What the account or the store tells of it, under an id that begins with that one's.  A refresh that
 * is not refused puts all that its store tells: of what it puts no more nothing is kept. */
void op_put_domain(struct op *op, struct domain *d);
/* Not all of them could be read this time: those that are not put stay. */
void op_keep_domains(struct op *op);
/* Something that the store, or the account, keeps beside certificates.  A refresh, or a look for the
 * stores of an account, that is not refused puts all that there are: what it puts no more is gone,
 * but for types that could not be read this time. */
void op_put_object(struct op *op, struct object *o);
void op_drop_object(struct op *op, const char *id);
void op_keep_objects(struct op *op, const char *type);
void op_drop_request(struct op *op, const char *id);
void op_drop_store(struct op *op, const char *id);
void op_touch(struct op *op, const char *store_id);
/* What the account has may be other stores now: once the operation has ended well, they are asked for. */
void op_look_for_stores(struct op *op);
void op_keep_bundle(struct op *op, struct bundle *b);	/* into the own repository; takes it */
void op_hand(struct op *op, struct bundle *b);		/* takes it */
void op_csr(struct op *op, GBytes *csr);		/* takes it */
/* issuer->ask, key_maker->make: how it stands; `about`: what it is there, as the id of a request row
 * where it has one. */
void op_stands(struct op *op, enum request_state state, const char *theirs, const char *reason,
	       const char *about);
void op_placed(struct op *op, const char *alias, const uint8_t sha256[32]);
/* provider->publish: that one of op->records is in force; provider->unpublish: that it is not there
 * any more. */
void op_published(struct op *op, struct dns_record *r);
/* provider->publish: it was not there before, and is now, at that name of that zone. */
void op_put_record(struct op *op, const struct dns_record *r, const char *name, const char *zone);
void op_zones(struct op *op, GPtrArray *names);		/* takes it; its free function set */
void op_open(struct op *op, struct access *access);		/* op->opened; takes it */
void op_who(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);	/* made harmless */
void op_rights(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);	/* likewise */
/* What the account may not do: as account_forbid(). */
void op_forbid(struct op *op, enum verb_id verb, const char *type, const char *when, const char *words);

#endif
