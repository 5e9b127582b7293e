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
#include <certty/model/renewal.h>
#include <certty/model/x509.h>
#include <certty/net/client.h>
#include <certty/provider/provider.h>
#include <certty/provider/tickets.h>

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

struct eyes;
struct ladder;
struct secrets;
struct accounts;
struct opening;
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

struct trust *trust_new(void);	/* reads the store: for a work */
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
	struct ladder *ladder;
	struct secrets *secrets;
	struct accounts *accounts;
	GHashTable *openings;	/* of access.c */
	GHashTable *lanes;	/* of operation.c */
	GHashTable *paces;	/* of pace.c */
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
	bool wants_stores;	/* accounts' stores are looked for in the next turn */
	bool is_loaded, is_changed;
	bool is_unsaved;	/* the database could not be opened: this one is in memory */
	bool had_deploys;	/* when it was last looked how they stand */
	bool deploys_due;	/* some may have to be started */
	bool enrolls_due;	/* some may go on */
	GHashTable *enrolled_alone;	/* where this process has gone on with them by itself, a set */
	int64_t next_renewals;	/* ticks: when the rule is judged again; 0: now */
	bool renewals_wait;	/* some may be started without a person */
	bool approvals_due;	/* requests or rules are not what they were when they were judged */
	GHashTable *approved_alone;	/* what a rule has tried to approve as it stood, a set */
	struct run *run;	/* a pass that is under way, or NULL */
	GHashTable *deployed_alone;	/* deployments and what this process has tried to put there
					 * without a person, a set */
	GPtrArray *grants;	/* struct tickets_one: used up for what still lacked a secret */
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
	bool is_all;		/* a refresh of everything: also of what is found meanwhile */
	bool is_moved;		/* its progress is not on the shelf yet */
	uint64_t journal_number;	/* of the entry that began it */
	char *digest;		/* of its one request, as that entry has it; or NULL */
	struct object *about;	/* its one target as it was then, where that is an object; or NULL */
	GError *error;		/* of the first operation that failed */
	char *said;
	struct plan *plan;	/* command->is_dry */
};

void task_start(struct engine *e, uint64_t number, struct command *c, bool is_quiet);
void task_start_due(struct engine *e);
void task_add_target(struct task *t, const char *id);	/* unless it is one already */
/* An operation for this task has ended; error may be NULL and is not taken. */
void task_hear(struct task *t, const struct operation *o, const GError *error);
void task_progress(struct task *t, const struct operation *o);
void task_say(struct task *t, const char *said);	/* what it does now; NULL: nothing special */
void task_show_all(struct engine *e);	/* the rows of those under way */
bool task_cancel(struct engine *e, const char *job_id);
void task_free(struct task *t);

/* ---- dry*.c: what a command would do ---- */

step_fn dry_step;			/* the first of an operation with is_dry: adds to its task's plan */
void dry_show(struct task *t);		/* the plan, as a detail */
struct placed;
/* Ids of the accounts that are asked to publish what op->request waits for; new. */
GPtrArray *request_verbs_publishers(struct op *op);
/* struct placed that certty put into DNS for op->request; NULL: none can be taken away, and why. */
GPtrArray *request_verbs_placed(struct op *op, GError **error);
/* One that stays: authorities look at it again at each renewal, and other requests may need it. */
bool request_verbs_is_alias(const struct placed *placed);
/* The account that put it there, if it can take it away; else why not (new). */
const struct account *request_verbs_taker(const struct engine *e, const struct placed *placed,
					  char **ret_why_not);
/* What certty's own verbs would do. */
plan_fn dry_label, dry_accept, dry_ignore, dry_store_drop, dry_passphrase, dry_unlock, dry_forget,
	dry_account_add, dry_account_edit, dry_account_rotate, dry_account_rename,
	dry_account_switch, dry_account_drop, dry_account_rule, dry_defaults, dry_dismiss,
	dry_publish, dry_unpublish, dry_deploy, dry_redeploy, dry_deploy_mode, dry_deploy_drop, dry_pass;

/* ---- live.c: what stands where something new is to be put ---- */

/* In that store, or anywhere (NULL); in that place (alias), or of one of its names (NULL): what is
 * there, and in what the new one differs; what of `fresh` is NULL is not compared. */
void live_compare(struct engine *e, const char *store, const char *alias, const struct facts *fresh,
		  struct plan *p);

/* ---- start.c: from a target to its operation ---- */

/* On a certificate in that place by that provider; NULL: whoever does the verb there. */
struct operation *start_at_place(struct task *t, const struct provider *p, struct place at,
			   GError **error);

/* Whether the command accepts exactly the warnings of that request, where its verb asks for that. */
bool start_is_accepted(const struct task *t, const struct request *r, GError **error);
struct operation *start_operation(struct task *t, const char *target, GError **error);
/* On a store by that provider; NULL: whoever does this verb there. */
struct operation *start_by(struct task *t, const char *store, const struct provider *p,
			   GError **error);
/* Of all operations of all processes one at a time has a lock of that name (operation.lock). */
bool start_lock(struct engine *e, const char *name, GError **error);

/* ---- allow.c: whom the settings let us contact ---- */

bool allow_exchange(const struct settings *settings, const struct request_out *r,
		    GError **error);

/* ---- pace.c: as many requests of one sort as a server lets through ---- */

struct bucket;

GHashTable *pace_all_new(void);		/* "account sort" → struct bucket */
/* Borrowed, made when it is not there yet; NULL: its server takes as many as one likes.  All times
 * are ticks, which never go back. */
struct bucket *pace_find(GHashTable *all, const char *account, const struct pace *p, int64_t ticks);
int64_t pace_due(struct bucket *b, int64_t ticks);	/* when the next may be sent; `ticks`: now */
void pace_take(struct bucket *b, int64_t ticks);	/* one is sent */
/* One that was sent then has been turned away, since it was too much. */
void pace_slow_down(struct bucket *b, int64_t sent, int64_t ticks);
void pace_close(struct bucket *b, int64_t until);	/* none is sent before */
int64_t pace_takes(const struct bucket *b, guint64 n);	/* seconds, at the least, for so many more */
/* A sentence while it is slower than it should be, a new string; else NULL. */
char *pace_say(struct bucket *b, int64_t ticks);
/* That nothing gets through any more; of one that is NULL as well. */
GError *pace_give_up(const struct bucket *b);

/* ---- patience.c: how long a server that turns everything away is asked on ---- */

/* One request of that sort was turned away, since it was too much, or was let through. */
void patience_hear(struct operation *o, const struct bucket *b, bool is_turned_away, int64_t ticks);
bool patience_is_over(const struct operation *o, const struct bucket *b);

/* ---- operation.c: one verb on one target, step by step ---- */

struct lane;

/* An operation of the engine's own has ended; error may be NULL and is not taken. */
typedef void ended_fn(struct operation *o, const GError *error);

struct operation {
	struct op op;
	struct engine *engine;
	const struct provider *provider;
	GPtrArray *tasks;	/* struct task: who waits for it */
	char *target;
	struct store *store;	/* references that op borrows */
	struct request *request;
	struct object *object;
	struct table *old;
	struct items *stores, *requests, *deploys;
	GBytes *der;
	char *alias;
	char *lock;		/* in the database, released at the end */
	GPtrArray *chain;
	struct args *args;	/* a copy with the secrets of this target alone */
	struct lane *lanes[2];	/* of the account and of the store, if any */
	const struct bucket *slowed;	/* its tasks say that it is slow */
	const struct bucket *paced;	/* of what it sends now; NULL: as many as one likes */
	GHashTable *turned_away;	/* struct bucket → struct patience; NULL: none */
	int64_t began;

	struct next now;	/* what it is in the middle of */
	GPtrArray *sendings;	/* struct sending in flight or waiting to be sent again */
	GPtrArray *works;	/* struct work on the pool or waiting for it */
	size_t asked, heard;	/* of now.n */
	int64_t wake;		/* ticks: NEXT_WAIT */
	struct secret *found;	/* the ladder's last answer */
	GError *keyring_error;
	bool is_over;
	bool is_stale;		/* a refresh: the store was changed after it began */
	GHashTable *written;	/* id → struct request: the rows that it has put so far; or NULL */
	bool has_old_memo;	/* a refresh: a newer memo than the one it began with is kept */

	struct account *account;	/* the reference that op borrows */
	struct opening *opening;	/* of it; NULL: needs none */
	struct args *answers;		/* to its questions, that op borrows: of a verb that is done
					 * without signing in */
	struct access *access;		/* the reference that op borrows */
	step_fn *first;			/* NULL: the provider's step for the verb */
	ended_fn *ended;		/* of one that the engine itself started */
	void *who;			/* for that */
	struct operation **weak;	/* set to NULL when it is over */
	GPtrArray *keepers;		/* struct operation: put into the own repository what it
					 * was given; it waits for them before its end */
	enum next_kind at_last;		/* how it ends then */
	struct bundle *bundle;		/* that op borrows */
	bool is_login;			/* signs in: its requests are not signed */
	bool is_dry;			/* says what it would do: its account is not opened */
	bool is_held;			/* sends nothing until its account is open */
	bool is_asleep;			/* until operation_wake() */
	struct eyes *eyes;		/* of four_eyes.c, or NULL */
	char *by_rule;			/* that op borrows */
};

struct operation *operation_new(struct engine *e, const struct provider *p,
				const struct verb *verb, const struct args *args);
/* One that `o` starts, on that store (NULL: on none) through its account, if there is one; it knows
 * what o does. */
struct operation *operation_new_child(const struct operation *o, const struct provider *p,
				      enum verb_id verb, const struct args *args, struct store *s);
void operation_set_account(struct operation *o, const struct account *a);
/* It has what the last refresh of its store found, where it has not yet: rows and memo. */
void operation_know_store(struct operation *o);
void operation_find_lanes(struct operation *o);	/* once its store is known */
void operation_start(struct operation *o);
void operation_start_at(struct operation *o, step_fn *step);	/* with that one instead */
struct next operation_begin(struct op *op);	/* its account is opened, then its first step */
/* One that no task waits for: its first step is taken in the next turn.  Takes it. */
void operation_start_own(struct operation *o);
void operation_abandon(struct operation *o);	/* ends without telling anybody */
void operation_fail(struct operation *o, GError *error);	/* from outside; takes the error */
struct next operation_sleep(struct operation *o, step_fn *step);	/* until it is woken */
void operation_wake(struct operation *o);
void operation_hear_work(struct operation *o, struct work *w);	/* takes w */
bool operation_advance(struct operation *o, int64_t ticks);	/* timers; false: over */
int64_t operation_due(const struct operation *o);		/* ticks, or INT64_MAX */
int64_t operation_until(const struct operation *o);	/* when it ends at the earliest; 0: not known */
void operation_free(struct operation *o);			/* cancels what is under way */
struct operation *operation_of(struct op *op);

/* For whoever asked to see it; taken. */
void findings_show_detail(struct engine *e, struct detail *d);
/* What the operation found goes into the state, and is marked to be written. */
void findings_take(struct operation *o);
/* Its stores and requests so far do, and are written at once; false: they cannot be, and it has
 * failed (o->now). */
bool findings_keep(struct operation *o);
/* A refresh: its rows so far are shown and kept, and are its old ones from now on; it has to add
 * them all once more. */
void findings_show(struct operation *o);
void findings_undo(struct operation *o);	/* cancelled: the store is as it was */

/* ---- bundles.c: what was issued goes into the own repository ---- */

/* Before the end of one that was given such: what it does instead of `next` until they are there. */
struct next bundles_keep(struct operation *o, struct next next);
void bundles_forget(struct operation *o);	/* nobody waits; they come to their end */

/* ---- hidden.c: what a person does not want to see ---- */

/* The aliases of a store that are left out; a new set, or NULL. */
GHashTable *hidden_read(const struct engine *e, const char *store);
guint hidden_count(const struct engine *e, const char *store);
void hidden_drop(struct engine *e, const char *store);
void hidden_move(struct engine *e, const char *from, const char *to);
step_fn hidden_forget_step;
/* A request is left out for as long as it stands as it does now. */
void hidden_dismiss(struct engine *e, const struct request *r);
bool hidden_is_dismissed(struct engine *e, const struct request *r);
void hidden_recall(struct engine *e, const char *request);	/* it is gone where it was */

/* ---- placed.c: what certty itself put into DNS ---- */

struct placed {
	char *account, *zone;
	char *line;		/* the record, as in a zone file */
	int64_t since;
};

/* For a request: struct placed, with its free function; empty when there is nothing. */
GPtrArray *placed_read(const struct engine *e, const char *request);
bool placed_note(struct engine *e, const char *request, const char *account,
		 const struct dns_placed *now);		/* false when there are too many */
void placed_forget(struct engine *e, const char *request, const char *line);

/* ---- zones.c: which accounts have which zones ---- */

/* Whether the account may be asked to put records into its zones. */
bool zones_may_ask(const struct engine *e, const struct account *a);
void zones_learn(struct engine *e, const char *account, const GPtrArray *names);
void zones_forget(struct engine *e, const char *account);
/* The request as it is shown, a new reference: where no account is known to have the zone of any of
 * its records, publishing is not offered, and it says why.  *zones: NULL before the first of several
 * requests, and freed by the caller after the last, so that accounts' zones are read once. */
struct request *zones_judge(const struct engine *e, struct request *r, GPtrArray **zones);
/* "example.org in prod": the closest zone of each account that has one of that name, as far as the
 * accounts have told lately; new strings. */
GPtrArray *zones_of(const struct engine *e, const char *name);

/* ---- own_verbs.c, account_verbs.c, request_verbs.c, show.c, notice.c: verbs that are the engine's own ---- */

extern const struct provider provider_engine, provider_accounts, provider_requests,
			     provider_deploys, provider_enrolls, provider_why, provider_served;
/* Which of them does it; NULL: a provider's. */
const struct provider *engine_own_verb(const struct verb *verb);
step_fn show_step, notice_step, doctor_step;
/* request_review.c: adds what a reviewer of a request sees beside what its provider says. */
void request_review(const struct engine *e, struct detail *d, const struct request *seen);
/* show_account.c: adds all that is known of an account, of its secrets only where they are. */
void show_account(struct engine *e, struct detail *d, const struct account *a);

/* notice.c: what a run of notices has gathered; the scratch of provider_engine. */
struct notices {
	struct engine *engine;
	GPtrArray *letters;	/* those not yet handed to a work */
	GHashTable *untold;	/* keys of events that are taken and not told yet */
	guint events, told;
};
void notices_done(void *scratch);

/* ---- deploy*.c: certificates that go from store to store ---- */

/* The place with the key, or the one that was named (args "from"). */
bool deploy_choose_place(struct task *t, uint32_t cert, uint32_t *ret, GError **error);
struct operation *deploy_start(struct task *t, const char *id, GError **error);
struct operation *deploy_start_ask(struct task *t, const struct request *r, GError **error);
/* How deployments stand after tables changed: their rows, proposals, and marks of drift. */
void deploys_look(struct engine *e);
/* A store has another id, as its account has another name. */
void deploys_rename_store(struct engine *e, const char *account, const char *from, const char *to);
void deploys_turn(struct engine *e);	/* what is deployed without a person is started */

/* ---- enroll*.c: keys here, issuers elsewhere ---- */

struct operation *enroll_start(struct task *t, GError **error);
/* Of a certificate whose key its store made, by the issuer that a renewal names (enroll_again.c). */
struct operation *enroll_again_start(struct task *t, struct place at, GError **error);
struct operation *enroll_start_ask(struct task *t, const char *id, GError **error);
bool enroll_is_one(const struct request *r);
void enroll_rename_store(struct engine *e, const char *from, const char *to);	/* it has another id */
/* Whether the command goes on with one, which changes things whatever its verb does else. */
bool enroll_turn_is_about(const struct engine *e, const struct command *c);
bool enroll_turn_may_start(const struct engine *e, const struct request *r);
void enroll_turn(struct engine *e);	/* what can go on without a person is started */

/* ---- renew.c, renewals.c: certificates that are renewed, and the rule that says when ---- */

struct operation *renew_start(struct task *t, uint32_t cert, GError **error);
/* A CA on this machine that may have issued what lies in that place; or NULL. */
struct store *renew_find_ca(struct engine *e, struct place at, struct place *ret_ca);
bool renew_is_local(const struct store *s);
int renew_worth(struct engine *e, struct place at);	/* how well it can be renewed there; 0: not */
/* Which certificates should be renewed by now, as requests. */
void renewals_look(struct engine *e);
void renewals_turn(struct engine *e);		/* looks again in time, and starts what is allowed */
int64_t renewals_due(const struct engine *e);	/* ticks */
/* Whether the command accepts what the proposal of that certificate, if there is one, warns of. */
bool renewals_is_accepted(const struct task *t, const char *target, GError **error);
/* A renewal begins, of the certificate in that place; and how it ended. */
void renewals_begin(struct engine *e, struct place at);
void renewals_hear(struct engine *e, const char *target, const GError *error);
step_fn renewals_show_step;
/* Its account lets it start without a person, and it was not tried of late. */
bool renewals_may_start(const struct request *r);
enum renewal_mode renewals_mode(const struct engine *e, const struct account *a);

/* ---- approvals.c: what accounts approve by themselves, each by its rule ---- */

/* The rule that is in force; NULL: none is. */
struct approval *approvals_rule(const struct engine *e, const struct account *a);
void approvals_turn(struct engine *e);	/* rows say what the rule says of them, and one is begun */
/* Of an approval that was begun without a person: whether its rule covers it still, as the journal
 * then says. */
bool approvals_may(struct task *t, struct operation *o, GError **error);
/* A row that o is about to put: it says so where a rule has approved it. */
void approvals_sign(const struct operation *o, struct request *r);
/* The rule of an account word for word, if it has one; those of all, and what they stop at. */
void approvals_show_account(const struct engine *e, struct detail *d, const struct account *a,
			    const char *label);
void approvals_show_all(struct engine *e, struct detail *d);
/* What a pass would approve. */
void approvals_plan(struct engine *e, struct plan *p);

/* ---- run.c: a pass without a person ---- */

struct run;

extern const struct provider provider_run;
/* Whether what is allowed to start without a person may be started by this process now. */
bool run_acts_alone(const struct engine *e);
bool run_may_pass(const struct op *op, GError **error);	/* --due was said, and somebody may be asked */
void run_start_alone(struct engine *e, struct command *c);	/* takes it */
/* Whether something of that sort that was started without a person is under way. */
bool run_has_begun(const struct engine *e, enum verb_id verb);

/* ---- four_eyes*.c: what a second person has to countersign ---- */

enum four_eyes { FOUR_EYES_NO, FOUR_EYES_YES, FOUR_EYES_REFUSED };

/* Starts an operation of a task: at once, or when a second person has countersigned it. */
void four_eyes_start(struct operation *o);
void four_eyes_end(struct operation *o, const GError *error);	/* error: why it failed, or NULL */
void four_eyes_free(struct eyes *y);
/* Whether the settings want that; FOUR_EYES_REFUSED: they cannot be understood. */
enum four_eyes four_eyes_demand(const struct operation *o, GError **error);
const struct field *four_eyes_more(const struct operation *o);	/* command->more, or NULL */
/* Whether that would hold for a verb with those answers. */
bool four_eyes_wants(const struct operation *o, enum verb_id verb, const struct args *answers);
/* Whether that would hold for doing a deployment again, so that it is only proposed. */
bool four_eyes_holds(const struct engine *e, const struct deploy *it);
/* The same for approving a request. */
bool four_eyes_holds_approval(const struct engine *e, const struct request *r);

/* ---- secrets.c: passphrases of stores ---- */

struct secrets *secrets_new(void);
void secrets_free(struct secrets *s);
void secrets_turn(struct engine *e);	/* the ladder's turn, and what the account shows of it */

/* Starts it with the passphrase of its store, when that can be had; asks first where it may be
 * kept. */
void secrets_start(struct operation *o);
struct next secrets_go_on(struct op *op);	/* the same, of one that is under way */
/* The same as the first step of one that the engine itself started. */
step_fn secrets_first_step;
void secrets_drop(struct operation *o);		/* what it asked and was told */
void secrets_explain(struct operation *o);	/* its error says what has to be unlocked */

/* The passphrase that an operation was given, for what goes on with it while certty runs. */
void secrets_remember(struct operation *o, const char *id);
void secrets_recall(struct operation *o, const char *id);
step_fn secrets_passphrase_step, secrets_unlock_step;
/* Forgets the passphrase of op->store here and wherever it is kept, then goes on there, where
 * secrets_tell_left() tells of one that could not be forgotten. */
struct next secrets_forget(struct op *op, step_fn *then);
void secrets_tell_left(struct op *op);

/* ---- ladder.c: a secret's place, whichever rung of the ladder that is ---- */

/* As keyring.h's questions: answered by a call of `done` in a later turn on the worker's thread;
 * `secret` is the callee's.  ERR_SIGN_IN: something has to be unlocked or typed first, and the
 * sentence says what; ERR_REFUSED: the site does not allow that rung. */
void ladder_look_up(struct engine *e, enum rung rung, const char *command,
		    const struct keyring_key *key, keyring_done_fn *done, void *who);
/* Keeps it and proves it by reading it back before it answers. */
void ladder_store(struct engine *e, enum rung rung, const struct keyring_key *key,
		  const char *label, const struct secret *secret, keyring_done_fn *done, void *who);
void ladder_forget(struct engine *e, enum rung rung, const struct keyring_key *key,
		   keyring_done_fn *done, void *who);
void ladder_cancel(struct engine *e, const void *who);	/* `who` is not answered any more */
/* Opens a locked rung with its passphrase, for as long as the engine runs, and makes a keyring or
 * a file where there is none yet.  RUNG_MEMORY needs none. */
void ladder_unlock(struct engine *e, enum rung rung, const struct secret *passphrase,
		   keyring_done_fn *done, void *who);
/* For a secret whose place nobody wrote down: the keyring is asked, then the file, as far as
 * keyring.use and the policy let them be. */
void ladder_find(struct engine *e, const struct keyring_key *key, keyring_done_fn *done, void *who);
void ladder_forget_all(struct engine *e, const struct keyring_key *key, keyring_done_fn *done,
		       void *who);
/* Asks how the keyring stands, so that the four below know. */
void ladder_settle(struct engine *e, keyring_done_fn *done, void *who);
/* Where a new secret goes when nobody said: the keyring where it can be used, else the file where
 * there is one and it is open; else memory.  Never asks. */
enum rung ladder_choose(struct engine *e);
/* Which rung a passphrase would open that nobody said what for. */
enum rung ladder_locked(struct engine *e);
/* Why secrets are kept in memory alone, and what to do about it; NULL when they are not, or when
 * that was asked for. */
const char *ladder_why(struct engine *e);
/* Where secrets go as things stand: the account of this machine shows it; a new string. */
char *ladder_where(struct engine *e);
/* How a rung stands, for forms in which one is chosen; *ret_said: a sentence about it, or NULL. */
enum rung_stand ladder_stand(const struct engine *e, enum rung rung, const char **ret_said);
/* How a rung stands, for rows and forms: "keyring (locked)"; a new string. */
char *ladder_say(struct engine *e, enum rung rung);
/* What a person can give when it answered with an error. */
enum want ladder_wants(const struct engine *e, enum rung rung, const GError *error);
/* Whether the settings and the site let a secret be there; the error says who does not. */
bool ladder_allows(const struct engine *e, enum rung rung, GError **error);

struct ladder *ladder_new(void);
void ladder_leave(struct ladder *l);	/* on the worker's thread, which opened the keyring */
void ladder_free(struct ladder *l);
#define LADDER_FDS (KEYRING_FDS + 1)
unsigned ladder_poll(struct engine *e, struct pollfd *ret_fds, int *ret_timeout_ms);
bool ladder_turn(struct engine *e);	/* true: a rung stands otherwise than it did */

/* ---- accounts.c: accounts as rows ---- */

struct accounts *accounts_new(void);
void accounts_free(struct accounts *a);
void accounts_load(struct engine *e);		/* at the start */
void accounts_look(struct engine *e);		/* the configuration, if it has changed */
void accounts_take_theirs(struct engine *e);	/* what another process has written */
/* Other tools' accounts are looked for when accounts_find_due() is called next; until that is
 * over, accounts_are_looked_for(). */
void accounts_find(struct engine *e);
void accounts_find_due(struct engine *e);
int64_t accounts_due(const struct engine *e);	/* ticks, or INT64_MAX */
bool accounts_are_looked_for(const struct engine *e);
const GPtrArray *accounts_troubles(const struct engine *e);	/* what was found and not read */
/* The configuration as last read; borrowed until the next accounts_look(). */
const struct settings *accounts_settings(const struct engine *e);
const struct account *accounts_get(const struct engine *e, const char *id);	/* or NULL */
char *accounts_why_not(const struct engine *e, const struct account *a);	/* NULL: usable */
char *accounts_who_forbids(const struct engine *e, const struct account *a);	/* changes */
/* What was learnt is in a; kept. */
void accounts_learn(struct engine *e, const struct account *a);
void accounts_forget(struct engine *e, const char *id);
void accounts_opened(struct engine *e, const char *id, const struct access *access);
void accounts_trouble(struct engine *e, const char *id, const char *trouble);	/* NULL: none */
void accounts_set_rights(struct account *a, const char *rights /* NULL: not told */, const char *may_not,
			 int64_t told);
void accounts_tested(struct operation *o);	/* VERB_ACCOUNT_TEST has ended */
void accounts_show_places(struct engine *e);	/* the ladder stands differently */

/* ---- account_stores.c: which stores accounts have ---- */

/* Each starts a task that nobody asked for, where the account can be asked that. */
void account_stores_look(struct engine *e, const char *id);	/* it has just been proven */
/* Of every account that is used without being asked, as soon as other tools' are known. */
void account_stores_want_all(struct engine *e);
void account_stores_turn(struct engine *e);
bool account_stores_are_looked_for(const struct engine *e);
/* Once a day, or at longer intervals: seconds until the next, or INT64_MAX; those that are due. */
int64_t account_stores_due(const struct engine *e, int64_t every, int64_t now);
void account_stores_plan(struct engine *e, int64_t every, int64_t now);
void account_stores_take(struct operation *o);	/* what VERB_ACCOUNT_STORES has found */

/* ---- accounts_config.c: accounts as the configuration has them ---- */

#define ACCOUNT_GROUP "account "

char *accounts_group(const char *id);		/* "account ID" */
/* What a group says; what is wrong with it is its trouble, and goes as sentences to `wrong` unless
 * that is NULL. */
struct account *accounts_config_read(const struct settings *s, const char *group,
				     GPtrArray *wrong);
/* What the user says of an account that is not the user's: this machine, another tool's. */
void accounts_config_override(const struct settings *s, struct account *a, GPtrArray *wrong);
bool accounts_config_is_override(const struct settings *s, const char *group);
/* Its answers with what stands in for those that were not given; new. */
struct args *accounts_fill(const struct settings *s, const struct account *a);

/* ---- access.c: accounts as they are open ---- */

GHashTable *access_all_new(void);		/* id → struct opening */
void access_free(struct opening *w);
/* Opens the account of op when its provider needs that, then goes on there. */
struct next access_begin(struct op *op, step_fn *then);
void access_use(struct operation *o);		/* op->access is the newest */
void access_take(struct operation *o);		/* one that can do more, which a step has opened */
void access_want(struct operation *o);		/* what would help one that was not let in */
void access_leave(struct operation *o);		/* it is over */
void access_forget(struct engine *e, const char *id);	/* and all secrets with it */
void access_leave_all(struct engine *e);	/* nothing more is asked for */
bool access_is_used(const struct engine *e, const char *id);	/* by operations */
void access_turn(struct engine *e, int64_t ticks);
int64_t access_due(const struct engine *e);	/* ticks, or INT64_MAX */

/* An account that is no row yet, with its secrets; a copy of both. */
struct opening *access_try(struct engine *e, const struct account *a, const struct args *secrets);
struct next access_join(struct op *op, struct opening *w, step_fn *then);
void access_give(struct opening *w, struct operation *o);	/* before o starts */
void access_adopt(struct opening *w);		/* takes it: the account is a row now */

/* For what operation.c sends: whether it must wait for a sign-in; signs an attempt; hears what
 * came back of one that was signed `with` and says whether it is sent again. */
bool access_is_held(struct operation *o);
bool access_sign(struct operation *o, struct request_out *r, GError **error);
int64_t access_differs(const struct operation *o);
void access_hear(struct operation *o, const struct reply *r);	/* how late it is there */

/* What was seen of the server of an account on the way, for whoever looks whether all is well. */
struct access_heard {
	char *host;		/* or NULL */
	bool is_of_login;	/* where one signs in, since nothing else was asked yet */
	bool was_answered;	/* by anything at all */
	bool has_clock;
	int64_t clock_differs;	/* seconds, the server's clock to ours */
};
const struct access_heard *access_heard(const struct engine *e, const char *id);	/* or NULL */
bool access_sends_again(struct operation *o, const struct reply *r, const struct access *with,
			int64_t differed);

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
/* Where the items that are kept are; of domains these are not the rows. */
struct shelf *keep_shelf(const struct engine *e, enum kind kind);

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
void keep_new_memo(struct engine *e, const char *store, GBytes *memo);	/* of rows that stay */
void keep_setting(struct engine *e, const char *key, const char *value);
/* As it is in the database, or will be at the end of the turn; new, or NULL. */
char *keep_recall(const struct engine *e, const char *key);
void keep_forget(struct engine *e, const char *key);	/* no write where there is none */
void keep_page(struct engine *e, GBytes *page);
void keep_write(struct engine *e);		/* one transaction, if there is anything */
bool keep_now(struct engine *e, GError **error);	/* the same, for whoever needs it written */
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
/* Between the two: a decision of somebody's, with the texts that it was about. */
bool journal_note(struct task *t, const char *digest, const char *const *warnings,
		  const char *outcome, GError **error);
void journal_end(struct task *t);

/* ---- domains.c: every name that is known from anywhere ---- */

struct domains *domains_new(void);
void domains_free(struct domains *d);
void domains_refresh(struct engine *e, GPtrArray *tables);	/* only what changed is counted */
void domains_show(struct engine *e);		/* and what that changed is shown */
void domains_take(struct operation *o);		/* what it put; a refresh tells all that its store does */
void domains_forget(struct engine *e, const char *where);	/* that account or store is gone */
/* It has another id now, and is of that account. */
void domains_move(struct engine *e, const char *from, const char *to, const char *account);
struct shelf *domains_told(const struct engine *e);	/* what is kept: what accounts and stores tell */
void domains_reload(struct engine *e);		/* others have written it */
uint64_t domains_left_out(const struct engine *e);	/* names, each time that one occurs */

/* The records by which control of it is shown, as accounts tell, as lines of a zone file, each once;
 * new strings.  And by which CA, when they agree on one; else "". */
GPtrArray *domains_records(const struct engine *e, const char *name);
const char *domains_ca(const struct engine *e, const char *name);

/* ---- domains_describe.c ---- */

void domains_describe(struct engine *e, struct detail *d, const struct domain *row);

/* ---- objects.c: what services keep beside certificates ---- */

void objects_take(struct operation *o);		/* likewise */
void objects_forget(struct engine *e, const char *where);
void objects_move(struct engine *e, const char *from, const char *to, const char *account);
void objects_describe(struct engine *e, struct detail *d, const struct object *o);

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
