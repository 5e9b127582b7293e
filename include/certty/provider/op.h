/*
 * op: one operation of a provider under way: what it was asked, and what it has found so far.
 *
 * An operation is written as steps.  A step gets the reply to what the step before asked for
 * and ends in one of six sentences (next_…).  Steps run on the engine's thread and never
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
#include <certty/model/detail.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/model/table.h>
#include <certty/model/verb.h>
#include <certty/net/exchange.h>

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

enum next_kind { NEXT_SEND, NEXT_EACH, NEXT_WAIT, NEXT_WORK, NEXT_DONE, NEXT_FAIL };

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
struct next next_wait(int64_t ms, step_fn *step);
/* Run this on the job pool; the step finds it in op->work, with `out` or `error`. */
struct next next_work(struct work *work, step_fn *step);
struct next next_done(void);
struct next next_fail(struct op *op, enum err code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same with an error that is taken. */
struct next next_fail_error(struct op *op, GError *error);

/* ---- the operation ---- */

/* The DER of a certificate that the engine must keep. */
struct fresh {
	uint8_t sha256[32];
	GBytes *der;
};

struct op {
	/* the question: borrowed or owned by the engine, read-only */
	const struct verb *verb;
	const struct args *args;
	const struct settings *settings;
	const struct account *account;
	const struct store *store;	/* the target, or the store of the target; may be NULL */
	const struct request *request;	/* a target of kind requests */
	const struct items *stores;	/* all that are known, of all providers */
	const struct items *requests;	/* likewise */
	const struct table *old;	/* the rows of `store` as last read, or NULL */
	GBytes *memo;			/* what the last refresh of `store` kept, or NULL */
	struct {			/* a target of kind certs */
		GBytes *der;
		const char *alias;	/* its place within `store` */
		GBytes **chain;		/* its issuers as far as known, nearest first */
		size_t n_chain;
	} cert;
	int64_t now;

	/* the operation's own */
	void *scratch;			/* provider->scratch bytes, zeroed; freed by the engine
					 * after provider->scratch_done */
	struct work *work;		/* the work that has just ended */

	/* the findings: taken by the engine */
	struct table_builder *rows;	/* VERB_REFRESH: made by the engine */
	GArray *fresh;			/* struct fresh */
	GBytes *new_memo;
	GPtrArray *troubles;		/* sentences (char *): done in part */
	GPtrArray *put_stores, *put_requests, *put_discovery, *put_domains;	/* items */
	GPtrArray *drop_requests;	/* ids (char *) */
	GPtrArray *touched;		/* ids of stores that should be read again (char *) */
	struct detail *detail;		/* VERB_SHOW */
	char *said;			/* the outcome in one sentence */
	GError *error;			/* next_fail */
	uint64_t done, of;		/* progress */
	uint32_t keys;			/* private keys seen in the store */
};

/* Sets up what a step may use (arrays; the engine sets the question itself); op_done frees
 * all findings that were not taken, works and scratch excepted. */
void op_init(struct op *op);
void op_done(struct op *op);

void op_row(struct op *op, const struct facts *f, const char *alias, uint32_t marks);
void op_old_row(struct op *op, uint32_t row, uint32_t marks);	/* unchanged since op->old */
void op_fresh(struct op *op, const uint8_t sha256[32], GBytes *der);	/* new reference */
void op_memo(struct op *op, GBytes *memo);				/* takes it */
void op_trouble(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);
void op_say(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);
void op_progress(struct op *op, uint64_t done, uint64_t of);
void op_put_store(struct op *op, struct store *s);		/* these take */
void op_put_request(struct op *op, struct request *r);
void op_put_discovery(struct op *op, struct discovery *d);
void op_put_domain(struct op *op, struct domain *d);
void op_drop_request(struct op *op, const char *id);
void op_touch(struct op *op, const char *store_id);

#endif
