/*
 * account_keep: secrets and configuration of an account change together or not at all.
 *
 * Old secrets are looked up before new ones take their place, so that whatever goes wrong later
 * is undone.  A new account is marked in the database before its first secret is stored: when the
 * program is killed in between, the next start finds the mark and takes the secrets away again.
 */
#include "account_own.h"

#include <string.h>

#define MARK	     "accounts-adding"	/* a line each: ID rung field */
#define LOCK_SECONDS 600

struct keeping *keeping_of(struct op *op)
{
	struct keeping *k = op->scratch;
	struct operation *o = operation_of(op);

	if (k->engine)
		return k;
	k->engine = o->engine;
	k->operation = o;
	k->secrets = args_new();
	k->moves = g_ptr_array_new();
	k->edits = g_array_new(FALSE, FALSE, sizeof(struct settings_edit));
	k->texts = g_ptr_array_new_with_free_func(g_free);
	return k;
}

/* ---- where secrets are ---- */

bool keeping_holds(enum rung rung)
{
	return rung == RUNG_KEYRING || rung == RUNG_FILE || rung == RUNG_MEMORY;
}

enum rung keeping_rung(const struct account *a, const struct field *f)
{
	const char *place = a ? args_get(a->answers, f->key) : NULL, *command;
	enum rung rung;

	return place && rung_read(place, &rung, &command, NULL) && keeping_holds(rung) ?
		rung : RUNG_COUNT;
}

struct move *keeping_move(struct keeping *k, const char *key, const char *label, enum rung from,
			  enum rung to)
{
	struct move *m = g_new0(struct move, 1);

	m->key = key;
	m->label = label;
	m->from = from;
	m->to = to;
	g_ptr_array_add(k->moves, m);
	return m;
}

bool keeping_replace(struct keeping *k, const char *key, const struct secret *secret)
{
	const struct field *f = field_find(k->provider->info->account_fields, key);
	enum rung rung = f ? keeping_rung(k->account, f) : RUNG_COUNT;
	struct secret *copy = rung == RUNG_COUNT ? NULL : secret_dup(secret);
	struct move *m = NULL;

	if (!copy)
		return false;
	for (guint i = 0; i < k->moves->len; i++)
		if (!strcmp(((struct move *)k->moves->pdata[i])->key, key))
			m = k->moves->pdata[i];
	if (!m)
		m = keeping_move(k, f->key, f->label, rung, rung);
	secret_free(m->now);
	m->now = copy;
	return true;
}

static void move_free(struct move *m)
{
	secret_free(m->now);
	secret_free(m->before);
	g_free(m);
}

static const char *old_id(const struct keeping *k)
{
	return k->old ? k->old->id : k->account->id;
}

/* The new value lies where the old one lay. */
static bool is_in_place(const struct keeping *k, const struct move *m)
{
	return m->from == m->to && !strcmp(old_id(k), k->account->id);
}

static struct keyring_key key_of(const char *id, const struct move *m)
{
	return (struct keyring_key){ id, "", m->key };
}

/* ---- asking the ladder ---- */

static void hear(struct secret *secret, const GError *error, void *who)
{
	struct keeping *k = who;

	secret_free(k->heard);
	g_clear_error(&k->trouble);
	k->heard = secret;
	k->trouble = error ? g_error_copy(error) : NULL;
	operation_wake(k->operation);
}

struct next keeping_look_up(struct keeping *k, const struct move *m, enum rung rung, step_fn *then)
{
	const struct keyring_key key = key_of(old_id(k), m);

	ladder_look_up(k->engine, rung, NULL, &key, hear, k);
	return operation_sleep(k->operation, then);
}

static struct next store(struct keeping *k, const struct move *m, const struct secret *secret,
			 step_fn *then)
{
	const struct keyring_key key = key_of(k->account->id, m);
	g_autofree char *label = g_strdup_printf("certty: %s, %s", k->account->id,
						 m->label);

	ladder_store(k->engine, m->to, &key, label, secret, hear, k);
	return operation_sleep(k->operation, then);
}

static struct next forget(struct keeping *k, const char *id, enum rung rung, const struct move *m,
			  step_fn *then)
{
	const struct keyring_key key = key_of(id, m);

	ladder_forget(k->engine, rung, &key, hear, k);
	return operation_sleep(k->operation, then);
}

static struct next settled(struct op *op, const struct reply *none)
{
	return keeping_of(op)->then(op, none);
}

struct next keeping_settle(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	g_auto(GStrv) secrets = args_secret_keys(op->args);
	const char *command;
	enum rung rung;

	k->then = then;
	if (!*secrets || rung_read(args_text(op->args, "keep", ""), &rung, &command, NULL))
		return then(op, NULL);
	ladder_settle(k->engine, hear, k);
	return operation_sleep(k->operation, settled);
}

/* ---- gathering ---- */

static step_fn gather_next, gathered_one;

struct next keeping_gather(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);

	k->then = then;
	k->at = 0;
	return gather_next(op, NULL);
}

static struct next gathered_one(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	struct move *m = k->moves->pdata[k->at++];

	m->before = g_steal_pointer(&k->heard);
	if (m->to == RUNG_COUNT || m->now)
		return gather_next(op, none);	/* nice to have for going back, not needed */
	if (!m->before)
		op->wants = k->trouble ? ladder_wants(k->engine, m->from, k->trouble) : WANT_SECRET;
	if (!m->before && k->trouble)
		return next_fail_error(op, g_steal_pointer(&k->trouble));
	if (!m->before)
		return next_fail(op, ERR_SIGN_IN, "%s is not where it was kept: give it again",
				 m->label);
	m->now = secret_dup(m->before);
	args_put_secret(k->secrets, m->key, secret_dup(m->before));
	return gather_next(op, none);
}

static struct next gather_next(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	for (; k->at < k->moves->len; k->at++) {
		const struct move *m = k->moves->pdata[k->at];

		if (m->from != RUNG_COUNT)
			return keeping_look_up(k, m, m->from, gathered_one);
	}
	return k->then(op, none);
}

/* ---- the mark of an add ---- */

static char *without_mark(const struct keeping *k, const char *id)
{
	g_autofree char *marks = db_setting_get(k->engine->db, MARK);
	g_auto(GStrv) lines = g_strsplit(marks ? marks : "", "\n", -1);
	g_autofree char *start = g_strconcat(id, " ", NULL);
	GString *left = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (**line && !g_str_has_prefix(*line, start))
			g_string_append_printf(left, "%s\n", *line);
	return g_string_free(left, FALSE);
}

static void mark(struct keeping *k)
{
	g_autofree char *others = without_mark(k, k->account->id);
	g_autoptr(GString) all = g_string_new(others);

	for (guint i = 0; i < k->moves->len; i++) {
		const struct move *m = k->moves->pdata[i];

		g_string_append_printf(all, "%s %s %s\n", k->account->id, rung_word(m->to),
				       m->key);
	}
	keep_setting(k->engine, MARK, all->str);
	k->is_marked = true;
}

static void unmark(struct keeping *k)
{
	g_autofree char *others = NULL;

	if (!k->is_marked || !keep_begin(k->engine, NULL))
		return;
	others = without_mark(k, k->account->id);
	keep_setting(k->engine, MARK, *others ? others : NULL);
	k->is_marked = false;
}

/* ---- storing ---- */

static step_fn store_next, stored_one, undo_next, write_edits;

/* The mark is on the disk when the next turn begins. */
struct next keeping_store(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	g_autofree char *name = NULL;
	GError *error = NULL;

	k->then = then;
	k->at = 0;
	if (k->old || !k->moves->len) {	/* no new account, or a set of defaults, which is none */
		k->is_storing = true;
		return store_next(op, NULL);
	}
	name = g_strconcat("account/", k->account->id, NULL);
	if (!keep_begin(k->engine, &error) ||
	    !db_lock_take(k->engine->db, name, LOCK_SECONDS, &error))
		return next_fail_error(op, error);
	k->operation->lock = g_steal_pointer(&name);
	mark(k);
	k->is_storing = true;
	return next_wait(0, store_next);
}

static struct next undo(struct op *op, GError *error)
{
	struct keeping *k = keeping_of(op);

	k->error = error;
	k->at = 0;
	return undo_next(op, NULL);
}

static struct next stored_one(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	struct move *m = k->moves->pdata[k->at];

	m->is_stored = true;	/* also when it failed: some of it may be there */
	if (k->trouble) {
		op->wants = ladder_wants(k->engine, m->to, k->trouble);
		g_prefix_error(&k->trouble, "%s cannot be kept: ", m->label);
		return undo(op, g_steal_pointer(&k->trouble));
	}
	k->at++;
	return store_next(op, none);
}

static struct next store_next(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	for (; k->at < k->moves->len; k->at++) {
		struct move *m = k->moves->pdata[k->at];

		if (m->to != RUNG_COUNT)
			return store(k, m, m->now, stored_one);
	}
	return write_edits(op, none);
}

/* ---- undoing ---- */

static struct next undone_one(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	struct move *m = k->moves->pdata[k->at++];

	m->is_stored = false;
	if (k->trouble && k->error)
		op_trouble(op, "%s may have been left behind: %s", m->label,
			   k->trouble->message);
	return undo_next(op, none);
}

static struct next undo_next(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	for (; k->at < k->moves->len; k->at++) {
		struct move *m = k->moves->pdata[k->at];

		if (!m->is_stored)
			continue;
		if (is_in_place(k, m) && m->before)
			return store(k, m, m->before, undone_one);
		return forget(k, k->account->id, m->to, m, undone_one);
	}
	if (!op->troubles->len)
		unmark(k);
	return next_fail_error(op, g_steal_pointer(&k->error));
}

/* ---- the configuration ---- */

void keeping_edit_group(struct keeping *k, enum settings_edit_kind kind, const char *group,
			const char *key, const char *value)
{
	struct settings_edit edit = { kind, g_strdup(group), g_strdup(key), g_strdup(value) };

	g_ptr_array_add(k->texts, (char *)edit.group);
	g_ptr_array_add(k->texts, (char *)edit.key);
	g_ptr_array_add(k->texts, (char *)edit.value);
	g_array_append_val(k->edits, edit);
}

void keeping_edit(struct keeping *k, enum settings_edit_kind kind, const char *key,
		  const char *value)
{
	g_autofree char *group = accounts_group(k->account->id);

	keeping_edit_group(k, kind, group, key, value);
}

/* What the work needs of its own: it may outlast the operation. */
struct editing {
	char *path;
	GArray *edits;
	GPtrArray *texts;
};

static void editing_free(void *p)
{
	struct editing *w = p;

	g_free(w->path);
	g_array_unref(w->edits);
	g_ptr_array_unref(w->texts);
	g_free(w);
}

static void edit(struct work *w)
{
	const struct editing *in = w->in;

	if (!work_is_stopped(w))
		settings_edit_file(in->path,
				   (const struct settings_edit *)(const void *)in->edits->data,
				   in->edits->len, &w->error);
}

static struct next edited(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	if (op->work->error)
		return undo(op, g_steal_pointer(&op->work->error));
	k->is_kept = true;
	unmark(k);
	accounts_look(k->engine);
	return k->then(op, none);
}

static struct next write_edits(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct settings *s = accounts_settings(k->engine);
	GError *error = NULL;
	struct editing *in;

	(void)none;
	if (!settings_may_edit(s, (const struct settings_edit *)(const void *)k->edits->data,
			       k->edits->len, &error))
		return undo(op, error);
	in = g_new0(struct editing, 1);
	in->path = g_strdup(settings_own_file(s));
	in->edits = g_array_ref(k->edits);
	in->texts = g_ptr_array_ref(k->texts);
	return next_work(work_new(edit, in, editing_free, NULL), edited);
}

/* ---- forgetting what is not used any more ---- */

static step_fn forget_next;

struct next keeping_forget(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);

	k->then = then;
	k->at = 0;
	return forget_next(op, NULL);
}

static struct next forgot_one(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct move *m = k->moves->pdata[k->at++];

	if (k->trouble)
		op_trouble(op, "the old %s of %s is still kept (%s): %s", m->label,
			   old_id(k), rung_word(m->from), k->trouble->message);
	return forget_next(op, none);
}

static struct next forget_next(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	for (; k->at < k->moves->len; k->at++) {
		const struct move *m = k->moves->pdata[k->at];

		if (m->from != RUNG_COUNT && !is_in_place(k, m))
			return forget(k, old_id(k), m->from, m, forgot_one);
	}
	return k->then(op, none);
}

/* ---- an add that was cut short ---- */

static struct next mended(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	if (k->trouble)
		return next_done();	/* the next start tries again */
	k->is_marked = true;
	unmark(k);
	return next_done();
}

static struct next mend(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	g_auto(GStrv) words = g_strsplit(operation_of(op)->target, " ", 3);
	enum rung rung;
	const char *command;

	(void)none;
	k->account = account_new(words[0]);
	if (!rung_read(words[1], &rung, &command, NULL) || !keeping_holds(rung))
		return next_done();
	keeping_move(k, g_intern_string(words[2]), "secret", RUNG_COUNT, rung);
	return forget(k, k->account->id, rung, k->moves->pdata[0], mended);
}

/* Whose process still runs is not cut short. */
static bool is_cut_short(struct engine *e, const char *id)
{
	g_autofree char *group = accounts_group(id), *name = g_strconcat("account/", id, NULL);
	bool is_free = !*settings_keys(accounts_settings(e), group) &&
		       db_lock_take(e->db, name, LOCK_SECONDS, NULL);

	if (is_free)
		db_lock_release(e->db, name);
	return is_free;
}

void keeping_mend(struct engine *e)
{
	g_autofree char *marks = db_setting_get(e->db, MARK);
	g_auto(GStrv) lines = g_strsplit(marks ? marks : "", "\n", 1000);

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 3);
		struct operation *o;

		if (g_strv_length(words) != 3 || !account_id_is_fit(words[0]) ||
		    !is_cut_short(e, words[0]))
			continue;
		o = operation_new(e, &provider_accounts, &verb_table[VERB_ACCOUNT_DROP],
				  e->here->answers);
		o->target = g_strdup(*line);
		o->first = mend;
		operation_start_own(o);
	}
}

/* ---- the end ---- */

static void forgotten(struct secret *none, const GError *error, void *who)
{
	(void)none;
	(void)error;
	(void)who;
}

/* Cancelled in the middle: nobody waits for an answer any more. */
static void undo_unheard(struct keeping *k)
{
	for (guint i = 0; i < k->moves->len && k->is_storing && !k->is_kept; i++) {
		struct move *m = k->moves->pdata[i];
		const struct keyring_key key = key_of(k->account->id, m);

		if (m->to == RUNG_COUNT || !(m->is_stored || i == k->at))
			continue;
		if (is_in_place(k, m) && m->before)
			ladder_store(k->engine, m->to, &key, "certty", m->before, forgotten, NULL);
		else
			ladder_forget(k->engine, m->to, &key, forgotten, NULL);
	}
}

void keeping_done(void *scratch)
{
	struct keeping *k = scratch;

	if (!k->engine)
		return;
	if (k->test)
		operation_abandon(k->test);
	ladder_cancel(k->engine, k);
	if (!atomic_load(&k->engine->leaving))
		undo_unheard(k);
	for (guint i = 0; i < k->moves->len; i++)
		move_free(k->moves->pdata[i]);
	g_ptr_array_unref(k->moves);
	args_free(k->secrets);
	access_free(k->opening);
	account_unref(k->account);
	account_unref(k->old);
	g_array_unref(k->edits);
	g_ptr_array_unref(k->texts);
	secret_free(k->heard);
	g_clear_error(&k->trouble);
	g_clear_error(&k->error);
	g_clear_error(&k->refusal);
	g_free(k->who);
	g_free(k->said);
	g_free(k->rights);
	g_free(k->may_not);
	g_free(k->path);
}
