/*
 * engine: one thread that owns all that changes.
 *
 * Contract.  The owner (screen or command line) calls engine_open() and, before anything
 * else may take time, engine_first_page(); then engine_start(), from which on the worker
 * thread owns the database, the sockets, the keyring and the state.  From then on the owner
 *   - submits commands: engine_submit() takes the command, never blocks, and gives it a
 *     number, or refuses (0) when ENGINE_QUEUE are waiting: say "busy";
 *   - watches engine_fd(), and when it is readable calls engine_take() for the newest
 *     snapshot, which the owner then holds until it gives it back;
 *   - finds the answer to a command in the snapshot: the job of that number.
 * Commands are obeyed in the order of submission.  A snapshot that nobody fetched is
 * replaced by a newer one and freed by the worker.  engine_stop() waits for nothing but the
 * worker's current turn: operations end by not being continued.
 *
 * Every function is for the owner's thread.
 */
#ifndef CERTTY_ENGINE_ENGINE_H
#define CERTTY_ENGINE_ENGINE_H

#include <certty/base/settings.h>
#include <certty/model/facts.h>
#include <certty/model/provider_info.h>
#include <certty/model/snapshot.h>
#include <certty/model/verb.h>

#define ENGINE_QUEUE 512	/* commands waiting */

struct engine;

struct engine_config {
	const struct settings *settings;	/* outlives the engine */
	const char *state_folder;		/* NULL: $XDG_STATE_HOME/certty */
	const char *version;
	bool is_offline;			/* asks nobody, reads no store: the saved state */
	bool is_read_only;
	bool refreshes_itself;			/* the console: when started and as set */
	bool is_memory_only;			/* nothing is saved (tests, a broken disk) */
};

/* All that certty can talk to, in alphabetical order; ends with NULL.  Any thread. */
const struct provider_info *const *engine_providers(void);

/* Why this cannot be done by that provider to a thing of that store (or NULL: to no store's), in
 * words for a person (new); NULL: it can, as far as that is known without asking.  Any thread. */
struct store;
char *engine_why_not(const struct verb *verb, const char *provider, const struct store *store);

/* Opens the saved state and nothing else.  Never NULL for a broken state: then it goes on
 * without, and the snapshot's `saying` tells. */
struct engine *engine_open(const struct engine_config *config, GError **error);
/* What the last console showed first, or NULL; the caller owns the reference. */
struct snapshot *engine_first_page(struct engine *e);
bool engine_start(struct engine *e, GError **error);
void engine_stop(struct engine *e);	/* joins the worker and frees everything */
/* For a process that ends now, by _exit(): the state is saved and closed and secrets are wiped;
 * connections, jobs of the pool and a million rows are the kernel's to clear away. */
void engine_leave(struct engine *e);

uint64_t engine_submit(struct engine *e, struct command *c);	/* takes c in any case */
int engine_fd(const struct engine *e);
struct snapshot *engine_take(struct engine *e);	/* NULL: nothing newer; a reference */
void engine_give_back(struct engine *e, struct snapshot *s);	/* freed on the worker's side */

/* Waits until the job of that number is over, or `limit_ms` (-1: none), calling `look` (may be
 * NULL) with each snapshot; returns the last one.  For the command line. */
typedef void engine_look_fn(const struct snapshot *s, void *who);
struct snapshot *engine_wait_for(struct engine *e, uint64_t number, int limit_ms,
				 engine_look_fn *look, void *who);
/* The first snapshot with the whole saved state. */
struct snapshot *engine_wait_loaded(struct engine *e);
/* The first that also has the accounts that other tools have set up. */
struct snapshot *engine_wait_found(struct engine *e);

/* Accounts that are used without being asked, and whose stores were last looked for before then or
 * never: ids for VERB_ACCOUNT_STORES; a new list. */
char **engine_accounts_to_look(const struct snapshot *s, int64_t older_than);

/* What is wrong with the accounts and the sets of defaults of a configuration: new sentences with
 * file and line, NULL-terminated. */
char **engine_check_accounts(const struct settings *settings);

/* Small things the screen wants to find again (order of a tab, last filter): recall before
 * engine_start, remember at any time. */
char *engine_recall(struct engine *e, const char *key);
void engine_remember(struct engine *e, const char *key, const char *value);
/* Keeps the bytes of the first page for the next start; takes the reference. */
void engine_keep_page(struct engine *e, GBytes *page);

/* Blocking look-ups on a connection of the owner's own, for the command line: DER by
 * certificate id (as certs_id gives it, or a unique prefix). */
GBytes *engine_der(struct engine *e, const char *id, GError **error);

/* The journal, likewise: each entry as one JSON line; verify names the first bad one. */
typedef bool engine_line_fn(const char *json_line, void *who);
bool engine_journal_each(struct engine *e, engine_line_fn *line, void *who, GError **error);
bool engine_journal_verify(struct engine *e, char **ret_sentence, GError **error);

#endif
