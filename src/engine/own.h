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
#include <certty/keyring/keyring.h>
#include <certty/base/text.h>
#include <certty/model/job.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>
#include <certty/net/client.h>
#include <certty/provider/provider.h>

#define OPERATIONS_AT_ONCE 96		/* of those that read much, and of the others */
#define PUBLISH_EVERY 100		/* ms between two snapshots */
#define DETAILS_KEPT 64			/* details that people asked for lately */

/* ---- pool.c: threads for blocking work ---- */

struct pool;

struct pool *pool_new(unsigned threads, GError **error);
void pool_leave(struct pool *p);	/* abandons what runs; waits for nobody */
int pool_fd(const struct pool *p);	/* readable when a work has ended */
unsigned pool_threads(const struct pool *p);
void pool_put(struct pool *p, struct work *w);	/* takes it */
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

struct secrets;
struct task;
struct operation;
struct changes;

/* The system's trust store, shared with works that outlive the engine. */
struct trust {
	struct ref ref;
	struct x509_trust *store;
};
/* A snapshot on its way back to be freed by the worker. */
struct dead {
	struct queue_link link;
	struct snapshot *snapshot;
};

struct trust *trust_ref(struct trust *t);
void trust_unref(struct trust *t);

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
	struct pool *pool;	/* for verbs that read much */
	struct pool *desk;	/* for what a person waits for */
	struct known known;
	GPtrArray *tasks;	/* struct task */
	GPtrArray *operations;	/* struct operation */
	GHashTable *refreshing;	/* store id → struct operation */
	struct secrets *secrets;
	GHashTable *lanes;	/* of operation.c */
	GHashTable *own_stores;	/* ids of built-in and configured ones, a set */
	GHashTable *planned;	/* store id → int64_t *, when its refresh was last planned */
	GQueue passing;		/* ids of ended jobs that are not kept */
	struct trust *trust;	/* loaded when first needed */
	struct changes *changes;	/* what keep.c has to write */
	struct domains *domains;
	struct account *here;	/* this machine */
	char *saying;
	uint64_t own_numbers;	/* of tasks that nobody asked for */
	uint64_t snapshots;
	int64_t next_publish;	/* ticks */
	int64_t next_notices;	/* when they are looked for; 0: not planned yet */
	int64_t look_at;	/* ticks: when what others wrote is taken in; 0: they did not */
	int64_t looked;		/* ticks: when it was last */
	bool is_loaded, is_changed;
	bool is_unsaved;	/* the database could not be opened: this one is in memory */
	int watch, watched;	/* another process wrote the database; its folder; or -1 */
};

/* Verbs that read much wait for each other, not for a person's single order, nor it for them. */
uint64_t engine_own_number(struct engine *e);	/* of a task that nobody asked for */
bool engine_is_bulk(const struct verb *verb);
struct pool *engine_pool(const struct engine *e, const struct verb *verb);

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
	bool is_moved;		/* its progress is not on the shelf yet */
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

/* ---- start.c: from a target to its operation ---- */

struct operation *start_operation(struct task *t, const char *target, GError **error);

/* ---- allow.c: whom the settings let us contact ---- */

bool allow_exchange(const struct settings *settings, const struct request_out *r,
		    GError **error);

/* ---- operation.c: one verb on one target, step by step ---- */

struct lane;

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
	char *lock;		/* in the database, released at the end */
	GPtrArray *chain;
	struct args *args;	/* a copy with the secrets of this target alone */
	struct lane *lanes[2];	/* of the account and of the store, if any */
	int64_t began;

	struct next now;	/* what it is in the middle of */
	GPtrArray *sendings;	/* struct sending in flight or waiting to be sent again */
	GPtrArray *works;	/* struct work on the pool or waiting for it */
	size_t asked, heard;	/* of now.n */
	int64_t wake;		/* ticks: NEXT_WAIT */
	struct secret *found;	/* the keyring's last answer */
	GError *keyring_error;
	bool is_over;
	bool is_stale;		/* a refresh: the store was changed after it began */
};

struct operation *operation_new(struct engine *e, const struct provider *p,
				const struct verb *verb, const struct args *args);
void operation_find_lanes(struct operation *o);	/* once its store is known */
void operation_start(struct operation *o);
void operation_hear_work(struct operation *o, struct work *w);	/* takes w */
bool operation_advance(struct operation *o, int64_t ticks);	/* timers; false: over */
int64_t operation_due(const struct operation *o);		/* ticks, or INT64_MAX */
void operation_free(struct operation *o);			/* cancels what is under way */
struct operation *operation_of(struct op *op);

/* What the operation found goes into the state, and is marked to be written. */
void findings_take(struct operation *o);
void findings_undo(struct operation *o);	/* cancelled: the store is as it was */

/* ---- own_verbs.c, show.c, notice.c: verbs that are the engine's own ---- */

extern const struct provider provider_engine;
step_fn show_step, notice_step;

/* notice.c: what a run of notices has gathered; the scratch of provider_engine. */
struct notices {
	struct engine *engine;
	GPtrArray *letters;	/* those not yet handed to a work */
	GHashTable *untold;	/* keys of events that are taken and not told yet */
	guint events, told;
};
void notices_done(void *scratch);

/* ---- secrets.c: passphrases of stores, and the keyring that keeps them ---- */

struct secrets *secrets_new(void);
void secrets_leave(struct secrets *s);	/* on the worker's thread, which opened the keyring */
void secrets_free(struct secrets *s);
/* As keyring_poll() and keyring_turn(), also while no keyring is open. */
unsigned secrets_poll(struct engine *e, struct pollfd *ret_fds, int *ret_timeout_ms);
void secrets_turn(struct engine *e);
char *secrets_where(const struct engine *e);	/* "keyring (locked)" */

/* Starts it with the passphrase of its store, when that can be had; asks the keyring first
 * where it may have one. */
void secrets_start(struct operation *o);
void secrets_drop(struct operation *o);		/* what it asked and was told */
void secrets_explain(struct operation *o);	/* its error says how the keyring stands */

step_fn secrets_passphrase_step, secrets_unlock_step;
/* Forgets the passphrase of op->store here and in the keyring, then goes on there, where
 * secrets_tell_left() tells of one that could not be forgotten. */
struct next secrets_forget(struct op *op, step_fn *then);
void secrets_tell_left(struct op *op);

/* ---- keep.c: from memory to the database ---- */

struct changes {
	GHashTable *items[KIND_COUNT];	/* sets of ids that were put or dropped */
	GHashTable *refreshes;		/* store id → what a refresh found */
	GHashTable *settings;
	GBytes *page;
	int64_t seen;			/* change number of the database as last taken in */
	int64_t again;			/* ticks: after a failure; 0 */
	bool any;
	bool is_begun;			/* a transaction is open until the end of the turn */
};

extern const struct item_type *const keep_types[KIND_COUNT];	/* NULL: not kept */

char *keep_path(const struct engine *e);	/* NULL: in memory */
void keep_open(struct engine *e);		/* on the owner's thread, before the worker */
void keep_say(struct engine *e, const char *what, GError *error);	/* takes the error */
/* Takes the database for the rest of the turn, and takes in what others have written, so
 * that what is changed now is changed in the newest state. */
bool keep_begin(struct engine *e, GError **error);
void keep_item(struct engine *e, enum kind kind, const char *id);	/* put or dropped */
/* What reading a store told: its row's part of it, and its rows unless t is NULL. */
void keep_read(struct engine *e, const char *store, struct table *t, GArray *fresh,
	       GBytes *memo);			/* takes none of them */
void keep_drop_store(struct engine *e, const char *id);
void keep_setting(struct engine *e, const char *key, const char *value);
void keep_page(struct engine *e, GBytes *page);
void keep_write(struct engine *e);		/* one transaction, if there is anything */
int64_t keep_due(const struct engine *e);	/* ticks, or INT64_MAX */
void keep_done(struct engine *e);
GBytes *keep_memo(struct engine *e, const char *store);
GBytes *keep_der(struct engine *e, const char *cert_id, GError **error);

/* ---- load.c: from the database to memory ---- */

void load_all(struct engine *e);		/* everything, then is_loaded */
void load_hear(struct engine *e);		/* the watch is readable */
void load_due(struct engine *e, int64_t ticks);	/* what others wrote, not too often */
void load_others(struct engine *e);		/* now */

/* ---- journal.c ---- */

/* False, with an error, when it cannot be written: then nothing may be changed. */
bool journal_begin(struct task *t, GError **error);
void journal_end(struct task *t);

/* ---- domains.c: the names that this machine answers for ---- */

struct domains *domains_new(void);
void domains_free(struct domains *d);
void domains_refresh(struct engine *e, GPtrArray *tables);	/* only what changed */

/* ---- publish.c ---- */

void publish(struct engine *e, int64_t ticks);
void publish_certs(struct engine *e);	/* known.certs is made anew if a table changed */
struct snapshot *publish_snapshot(struct engine *e);	/* one of the state as it is */
void publish_bury(struct engine *e);	/* frees snapshots that came back */

/* ---- plan.c ---- */

void plan_own_stores(struct engine *e);		/* built in and configured ones on the shelf */
void plan_refreshes(struct engine *e, int64_t now);
void plan_notices(struct engine *e, int64_t now);
int64_t plan_due(const struct engine *e, int64_t now);	/* seconds until the next, or -1 */

#endif
