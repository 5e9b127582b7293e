/*
 * journal: what is said of a task before anything is changed and after it has ended, and the
 * owner's way to read it.
 *
 * What cannot be written down is not done: without a file there is no journal, so a state
 * that lives in memory because its file is broken refuses every change.
 */
#include "own.h"

#include <syslog.h>

static const char *store_of(const struct task *t)
{
	return t->command->verb->on == KIND_STORES && t->command->targets->len == 1 ?
		t->command->targets->pdata[0] : args_text(t->command->args, "store", "");
}

static const char *digest_of(const struct task *t)
{
	const struct request *r;

	if (t->command->verb->on != KIND_REQUESTS || t->command->targets->len != 1)
		return NULL;
	r = shelf_get(t->engine->known.shelf[KIND_REQUESTS], t->command->targets->pdata[0]);
	return r ? r->digest : NULL;
}

static char *targets_of(const struct task *t)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < t->command->targets->len; i++)
		g_string_append_printf(all, "%s%s", i ? " " : "",
				       (const char *)t->command->targets->pdata[i]);
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

	entry->verb = t->command->verb->name;
	entry->account = t->engine->here->id;
	entry->store = store_of(t);
	entry->digest = digest_of(t);
	entry->target = targets;
	if (!db_journal_append(t->engine->db, entry, ret_number, &line, error))
		return false;
	mirror(t->engine, line);
	return true;
}

bool journal_begin(struct task *t, GError **error)
{
	struct db_journal_entry entry = { .phase = JOURNAL_BEGIN };

	if (t->engine->is_unsaved)
		g_set_error(error, ERR, ERR_IO, "there is no journal while the state cannot "
			    "be saved");
	else if (append(t, &entry, &t->journal_number, error))
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
