/*
 * own: what the engine's files share.  Everything here belongs to the worker thread, but for
 * the part of struct engine that says otherwise.
 *
 *   command ──► task (a job on the screen) ──► operations (one per target) ──► steps
 *
 * A task is one command: it has the job's row.  An operation is one verb on one target; a
 * refresh that several commands ask for is one operation with several tasks.
 */
#ifndef CERTTY_ENGINE_OWN_H
#define CERTTY_ENGINE_OWN_H

#include <stdatomic.h>
#include <pthread.h>

#include <certty/base/queue.h>
#include <certty/base/slot.h>
#include <certty/db/db.h>
#include <certty/db/db_journal.h>
#include <certty/db/db_state.h>
#include <certty/engine/engine.h>
#include <certty/base/text.h>
#include <certty/model/job.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>
#include <certty/net/client.h>
#include <certty/provider/provider.h>

#define OPERATIONS_AT_ONCE 96		/* of all tasks together */
#define PUBLISH_EVERY 100		/* ms between two snapshots */
#define DETAILS_KEPT 64			/* details that people asked for lately */

/* ---- pool.c: threads for blocking work ---- */

struct pool;

struct pool *pool_new(unsigned threads, GError **error);
void pool_leave(struct pool *p);	/* abandons what runs; waits for nobody */
int pool_fd(const struct pool *p);	/* readable when a work has ended */
unsigned pool_threads(const struct pool *p);
bool pool_put(struct pool *p, struct work *w);	/* false: full, w is still the caller's */
struct work *pool_take(struct pool *p);		/* ended works, linked by w->link.next; or NULL */

/* ---- the state of one process ---- */

struct known {			/* what the engine knows beside rows on shelves */
	struct shelf *shelf[KIND_COUNT];	/* NULL for KIND_CERTS */
	GHashTable *tables;	/* store id → struct table */
	struct intern *words;
	struct certs *certs;	/* of the last publication */
	GQueue details;		/* struct detail, newest first */
	bool tables_changed;
};

struct task;
struct operation;

struct engine {
	/* set before the worker starts, read by both */
	struct engine_config config;
	char *folder;
	int ring;		/* eventfd: a snapshot waits for the owner */
	struct queue orders;	/* struct order, owner → worker */
	atomic_uint waiting;	/* orders in the queue */
	struct slot out;	/* struct snapshot, worker → owner */
	struct queue dead;	/* struct dead, owner → worker: snapshots to be freed */
	struct client *client;
	atomic_bool leaving;
	atomic_bool is_ready;	/* what was saved is loaded and published */

	/* the owner's */
	pthread_t thread;
	bool is_running;
	uint64_t numbers;	/* of commands */
	struct db *reader;	/* a connection of the owner's own, opened when asked for */
	struct snapshot *last;	/* for the command line's waits */

	/* the worker's (the owner's until it starts) */
	struct db *db;		/* never NULL once open: in memory when there is no file */
	struct pool *pool;
	struct known known;
	GPtrArray *tasks;	/* struct task */
	GPtrArray *operations;	/* struct operation */
	GHashTable *refreshing;	/* store id → struct operation */
	GHashTable *secrets;	/* store id → struct secret, for this session */
	struct x509_trust *trust;	/* loaded when first needed */
	struct changes *changes;	/* what keep.c has to write */
	struct account *here;	/* this machine */
	char *saying;
	uint64_t own_numbers;	/* of tasks that nobody asked for */
	uint64_t snapshots;
	int64_t next_publish;	/* ticks */
	bool is_loaded, is_changed;
	int watch, watched;	/* another process wrote in the folder; the folder; or -1 */
	int64_t look_at;	/* ticks: when to look at what was written; 0: nothing was */
};

/* One thing from the owner: a command with its number, or something to remember. */
struct order {
	struct queue_link link;
	uint64_t number;
	struct command *command;
	char *key, *value;
	GBytes *page;
};

/* ---- task.c: commands to jobs ---- */

struct task {
	uint64_t number;
	struct command *command;
	struct engine *engine;
	struct job *job;	/* a private copy that is changed, then dupped to the shelf */
	GPtrArray *troubles;	/* sentences of operations that failed or did a part */
	guint next;		/* the next target to start */
	guint running, ended, failed;
	guint without;		/* targets: 1 when the verb has none */
	bool is_cancelled, is_journaled;
	uint64_t journal_number;	/* of the entry that began it */
	GError *error;		/* of the first operation that failed */
	char *said;
};

void task_start(struct engine *e, uint64_t number, struct command *c, bool is_quiet);
void task_start_due(struct engine *e);
/* An operation for this task has ended; error may be NULL and is not taken. */
void task_hear(struct task *t, const struct operation *o, const GError *error);
void task_progress(struct task *t, const struct operation *o);
void task_show_all(struct engine *e);	/* the rows of those under way */
bool task_cancel(struct engine *e, const char *job_id);
void task_free(struct task *t);

/* ---- operation.c: one verb on one target, step by step ---- */

struct sending;

struct operation {
	struct op op;
	struct engine *engine;
	const struct provider *provider;
	GPtrArray *tasks;	/* struct task: who waits for it */
	char *target;
	struct store *store;	/* references that op borrows */
	struct request *request;
	struct table *old;
	struct items *stores, *requests;
	GBytes *der;
	char *alias;
	GPtrArray *chain;
	int64_t began;

	struct next now;	/* what it is in the middle of */
	GPtrArray *sendings;	/* struct sending in flight or waiting to be sent again */
	GPtrArray *works;	/* struct work on the pool or waiting for it */
	size_t asked, heard;	/* of now.n */
	int64_t wake;		/* ticks: NEXT_WAIT */
	bool is_over;
};

struct operation *operation_new(struct engine *e, const struct provider *p,
				const struct verb *verb, const struct args *args);
void operation_start(struct operation *o);
void operation_hear_work(struct operation *o, struct work *w);	/* takes w */
bool operation_advance(struct operation *o, int64_t ticks);	/* timers; false: over */
int64_t operation_due(const struct operation *o);		/* ticks, or INT64_MAX */
void operation_cancel(struct operation *o);			/* frees it */
struct operation *operation_of(struct op *op);

/* What the operation found goes into the state, and is marked to be written. */
void findings_take(struct operation *o);
void findings_undo(struct operation *o);	/* cancelled: the store is as it was */

/* ---- own_verbs.c, show.c, notice.c: verbs that are the engine's own ---- */

extern const struct provider provider_engine;
step_fn show_step, notice_step;

/* notice.c: what a run of notices has gathered; the scratch of provider_engine. */
struct notices {
	GPtrArray *letters;	/* those not yet handed to a work */
	guint events;
};
void notices_done(void *scratch);
void secret_remember(struct engine *e, const char *store, struct secret *s);	/* takes it */

/* ---- keep.c: to and from the database ---- */

void keep_open(struct engine *e);		/* on the owner's thread, before the worker */
void keep_load(struct engine *e);		/* everything, then is_loaded */
void keep_hear_others(struct engine *e);	/* something was written */
void keep_others(struct engine *e);		/* what another process has written */
void keep_store(struct engine *e, const char *id);	/* row only */
void keep_table(struct engine *e, const char *store, struct table *t, GArray *fresh,
		GBytes *memo);			/* takes none of them */
void keep_drop_store(struct engine *e, const char *id);
void keep_item(struct engine *e, enum kind kind, const char *id);	/* put or dropped */
void keep_setting(struct engine *e, const char *key, const char *value);
void keep_page(struct engine *e, GBytes *page);
void keep_write(struct engine *e);		/* one transaction, if there is anything */
void keep_done(struct engine *e);
/* False, with an error, when it cannot be written: then nothing may be changed. */
bool keep_journal(struct engine *e, struct task *t, bool at_end, GError **error);
GBytes *keep_memo(struct engine *e, const char *store);
GBytes *keep_der(struct engine *e, const char *cert_id, GError **error);

/* ---- publish.c ---- */

void publish(struct engine *e, int64_t ticks);
void publish_certs(struct engine *e);	/* known.certs is made anew if a table changed */
struct snapshot *publish_snapshot(struct engine *e);	/* one of the state as it is */
void publish_bury(struct engine *e);	/* frees snapshots that came back */

/* ---- plan.c ---- */

void plan_own_stores(struct engine *e);		/* built in and configured ones on the shelf */
void plan_refreshes(struct engine *e, int64_t now);
int64_t plan_due(const struct engine *e, int64_t now);	/* seconds until the next, or -1 */

#endif
