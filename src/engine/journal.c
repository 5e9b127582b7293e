/*
 * journal: what is said of a task before anything is changed and after it has ended, and the
 * owner's way to read it.
 *
 * What cannot be written down is not done: without a file there is no journal, so a state
 * that lives in memory because its file is broken refuses every change.
 */
#include "own.h"

#include <syslog.h>

/* It may be gone when the task ends. */
static void remember_object(struct task *t)
{
	const struct command *c = t->command;
	struct object *o = c->verb->on == KIND_OBJECTS && c->targets->len == 1 ?
		shelf_get(t->engine->known.shelf[KIND_OBJECTS], c->targets->pdata[0]) : NULL;

	if (o && !t->about)
		t->about = object_ref(o);
}

static const char *store_of(const struct task *t)
{
	if (t->about)
		return t->about->store;
	return t->command->verb->on == KIND_STORES && t->command->targets->len == 1 ?
		t->command->targets->pdata[0] : args_text(t->command->args, "store", "");
}

static const char *account_of(const struct task *t)
{
	const struct command *c = t->command;
	const char *id = c->targets->len == 1 ? c->targets->pdata[0] : NULL;
	const struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], store_of(t));

	if (c->verb->on == KIND_ACCOUNTS && (id || c->verb->id == VERB_ACCOUNT_ADD))
		return id ? id : args_text(c->args, "name", "");
	return t->about ? t->about->account : s && *s->account ? s->account : t->engine->here->id;
}

/* Of what was looked at, if that was said: what lies there by now may be another. */
static const char *digest_of(const struct task *t)
{
	const struct command *c = t->command;
	const char *said = args_get(c->args, "digest");
	const struct request *r;

	if (c->verb->on != KIND_REQUESTS || c->targets->len != 1)
		return NULL;
	r = shelf_get(t->engine->known.shelf[KIND_REQUESTS], c->targets->pdata[0]);
	return r && said && *said ? said : r ? r->digest : NULL;
}

static char *targets_of(const struct task *t)
{
	GString *all = g_string_new(NULL);
	const char *to = args_get(t->command->args, "to");

	for (guint i = 0; i < t->command->targets->len; i++)
		g_string_append_printf(all, "%s%s", i ? " " : "",
				       (const char *)t->command->targets->pdata[i]);
	if (to)
		g_string_append_printf(all, " to %s", to);
	return g_string_free(all, FALSE);
}

/* Authorisation messages are for administrators alone, on every system. */
static void mirror(const struct engine *e, const char *line)
{
	if (!settings_bool(e->config.settings, "journal", "syslog"))
		return;
	openlog("certty", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line);
}

static bool append(struct task *t, struct db_journal_entry *entry, uint64_t *ret_number,
		   GError **error)
{
	g_autofree char *line = NULL, *targets = targets_of(t);

	remember_object(t);
	entry->verb = t->command->verb->name;
	entry->account = account_of(t);
	entry->store = store_of(t);
	if (!t->digest)
		t->digest = g_strdup(digest_of(t));
	if (!entry->digest)
		entry->digest = t->digest;
	entry->target = targets;
	if (!db_journal_append(t->engine->db, entry, ret_number, &line, error))
		return false;
	mirror(t->engine, line);
	return true;
}

/* What whoever says yes accepts with it, word for word: of an approval or a renewal what was said to be
 * accepted, for without that it comes to nothing. */
static char **accepted(const struct task *t)
{
	const struct command *c = t->command;
	const char *said = args_text(c->args, "accept", "");
	bool says = c->verb->id == VERB_APPROVE || c->verb->id == VERB_RENEW ||
		    command_accepts(c);
	g_autoptr(GString) all = g_string_new(says ? said : "");

	for (guint i = 0; c->verb->id == VERB_COUNTERSIGN && i < c->targets->len; i++) {
		const struct request *r =
			shelf_get(t->engine->known.shelf[KIND_REQUESTS], c->targets->pdata[i]);

		if (r && *r->oddities)
			g_string_append_printf(all, "%s%s", all->len ? "\n" : "", r->oddities);
	}
	return all->len ? g_strsplit(all->str, "\n", -1) : NULL;
}

bool journal_begin(struct task *t, GError **error)
{
	g_auto(GStrv) warnings = accepted(t);
	struct db_journal_entry entry = { .phase = JOURNAL_BEGIN,
					  .warnings = (const char *const *)warnings };

	if (t->engine->is_unsaved)
		g_set_error(error, ERR, ERR_IO, "there is no journal while the state cannot "
			    "be saved");
	else if (append(t, &entry, &t->journal_number, error))
		return true;
	g_prefix_error(error, "nothing is changed, since it cannot be written down: ");
	return false;
}

bool journal_note(struct task *t, const char *digest, const char *const *warnings,
		  const char *outcome, GError **error)
{
	struct db_journal_entry entry = { .phase = JOURNAL_NOTE, .begun = t->journal_number,
					  .digest = digest, .warnings = warnings,
					  .outcome = outcome };

	if (append(t, &entry, NULL, error))
		return true;
	g_prefix_error(error, "nothing is changed, since it cannot be written down: ");
	return false;
}

void journal_end(struct task *t)
{
	g_autofree char *outcome =
		g_strdup_printf("%s%s%s", job_state_word(t->job->state), t->job->said ? ": " : "",
				t->job->said ? t->job->said : "");
	struct db_journal_entry entry = { .phase = JOURNAL_END, .begun = t->journal_number,
					  .outcome = outcome };
	GError *error = NULL;

	if (!append(t, &entry, NULL, &error))
		keep_say(t->engine, "an outcome is missing in the journal", error);
}

/* ---- the owner's side: a connection of its own ---- */

static struct db *reader(struct engine *e, GError **error)
{
	g_autofree char *path = keep_path(e);

	if (!e->reader)
		e->reader = db_open(path, NULL, error);
	return e->reader;
}

GBytes *engine_der(struct engine *e, const char *id, GError **error)
{
	struct db *db = reader(e, error);

	return db ? db_cert_get(db, id, error) : NULL;
}

bool engine_journal_each(struct engine *e, engine_line_fn *line, void *who, GError **error)
{
	struct db *db = reader(e, error);

	return db && db_journal_each(db, 0, line, who, error);
}

bool engine_journal_verify(struct engine *e, char **ret_sentence, GError **error)
{
	struct db *db = reader(e, error);

	return db && db_journal_verify(db, ret_sentence, error);
}
