/*
 * account_answers: what was said about an account, checked, and as edits of the configuration.
 */
#include "account_own.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>


/* ---- merging what was said ---- */

static enum rung wanted_rung(struct keeping *k, const struct args *said, const struct field *f)
{
	const char *keep = args_text(said, "keep", "auto"), *command;
	enum rung old = keeping_rung(k->old, f), rung;

	if (rung_read(keep, &rung, &command, NULL) && keeping_holds(rung))
		return rung;
	return old != RUNG_COUNT ? old : ladder_choose(k->engine);
}

static bool is_to_move(const struct args *said)
{
	const char *command;
	enum rung rung;

	return rung_read(args_text(said, "keep", ""), &rung, &command, NULL);
}

/* A secret that was typed, one that a program prints from now on, or one that only moves. */
static bool merge_secret(struct keeping *k, const struct args *said, const struct field *f,
			 GError **error)
{
	g_autofree char *key = field_command_key(f), *place = NULL;
	const struct secret *given = args_secret(said, f->key);
	const char *command = args_text(said, key, "");
	enum rung from = keeping_rung(k->old, f), to = wanted_rung(k, said, f);
	struct move *m;

	if (given && *command) {
		g_set_error(error, ERR, ERR_USAGE, "%s: give it, or a command that prints it",
			    f->label);
		return false;
	}
	if (*command) {
		place = g_strdup_printf("%s: %s", rung_word(RUNG_COMMAND), command);
		args_set(k->account->answers, f->key, place);
		if (from != RUNG_COUNT)
			keeping_move(k, f->key, f->label, from, RUNG_COUNT);
		return true;
	}
	if (!(given && given->len) && (from == RUNG_COUNT || from == to || !is_to_move(said)))
		return true;
	m = keeping_move(k, f->key, f->label, from, to);
	args_set(k->account->answers, f->key, rung_word(to));
	if (!given || !given->len)
		return true;
	m->now = secret_dup(given);
	args_put_secret(k->secrets, f->key, secret_dup(given));
	if (m->now)
		return true;
	g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
	return false;
}

static bool merge_plain(struct keeping *k, const struct args *said, const struct field *f,
			GError **error)
{
	const char *value = args_get(said, f->key);
	struct account *a = k->account;

	if (!value)
		return true;
	if (*value && !field_check_one(f, value, error))
		return false;
	if (!strcmp(f->key, "read-only"))
		a->is_read_only = args_bool(said, f->key);
	else if (!strcmp(f->key, "defaults"))
		store_set(&a->defaults, value);
	else
		args_set(a->answers, f->key, *value ? value : NULL);
	return true;
}

static bool merge_table(struct keeping *k, const struct field *fields, const struct args *said,
			GError **error)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (f->kind == FIELD_SECRET ? !merge_secret(k, said, f, error) :
					      !merge_plain(k, said, f, error))
			return false;
	return true;
}

bool keeping_merge(struct keeping *k, const struct args *said, GError **error)
{
	const char *title = args_get(said, "title");

	if (title && *title)
		store_set(&k->account->title, title);
	return merge_table(k, k->provider ? k->provider->info->account_fields : NULL, said,
			   error) &&
	       merge_table(k, account_common_fields, said, error);
}

bool keeping_check(struct keeping *k, GError **error)
{
	const struct field *fields = k->provider->info->account_fields;
	g_autoptr(args) all = accounts_fill(accounts_settings(k->engine), k->account);

	for (const struct field *f = fields; f && f->key; f++) {
		if (!f->needed || !field_is_asked(f, fields, all) ||
		    *args_text(all, f->key, ""))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "%s is needed: %s", f->label, f->hint);
		return false;
	}
	return true;
}

/* ---- as edits ---- */

static void edit_text(struct keeping *k, const char *key, const char *value, const char *old)
{
	if (g_strcmp0(value ? value : "", old ? old : ""))
		keeping_edit(k, SETTINGS_SET, key, value && *value ? value : NULL);
}

static void edit_table(struct keeping *k, const struct field *fields)
{
	const struct args *old = k->old ? k->old->answers : NULL;

	for (const struct field *f = fields; f && f->key; f++)
		if (strcmp(f->key, "read-only") && strcmp(f->key, "defaults"))
			edit_text(k, f->key, args_get(k->account->answers, f->key),
				  old ? args_get(old, f->key) : NULL);
}

void keeping_edit_all(struct keeping *k)
{
	const struct account *a = k->account, *old = k->old;

	if (!old) {
		keeping_edit(k, SETTINGS_ADD_GROUP, NULL, NULL);
		keeping_edit(k, SETTINGS_SET, "provider", a->provider);
	}
	edit_text(k, "title", a->title, old ? old->title : a->id);
	edit_text(k, "defaults", a->defaults, old ? old->defaults : "");
	if (a->is_read_only != (old && old->is_read_only))
		keeping_edit(k, SETTINGS_SET, "read-only", a->is_read_only ? "yes" : "no");
	edit_table(k, k->provider ? k->provider->info->account_fields : NULL);
	edit_table(k, account_common_fields);
}

/* ---- a file of another tool's ---- */

struct reading {
	char *path;
	struct file_id id;
	struct secret *block;
};

static void reading_free(void *p)
{
	struct reading *r = p;

	g_free(r->path);
	secret_free(r->block);
	g_free(r);
}

/* Its bytes are wiped where they came through ordinary memory. */
static void read_file(struct work *w)
{
	struct reading *r = w->in;
	GBytes *bytes = file_read(r->path, PASTE_MAX, &r->id, &w->error);
	gsize len;
	void *copy;

	if (!bytes)
		return;
	copy = g_bytes_unref_to_data(bytes, &len);
	r->block = secret_new(copy, len);
	secret_wipe(copy, len);
	if (!r->block)
		g_set_error(&w->error, ERR, ERR_LIMIT, "the memory for secrets is full");
}

/* Whether there is more in it than one set of answers: other sections, entries, rows, objects. */
static bool is_one(const struct secret *block, guint answers)
{
	guint sections = 0, entries = 0, others = 0, objects = 0;
	const char *end = block->bytes + block->len;

	for (const char *p = block->bytes; p < end; p++)
		objects += *p == '{';
	for (const char *p = block->bytes; p < end;) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((stop ? stop : end) - p);
		size_t blanks = 0;

		while (blanks < len && g_ascii_isspace(p[blanks]))
			blanks++;
		if (blanks < len && p[blanks] == '[')
			sections++;
		else if (blanks < len && memchr(p, '=', len))
			entries += p[blanks] != '#';
		else if (blanks < len)
			others += p[blanks] != '#';
		p += len + 1;
	}
	if (objects)
		return objects <= 3;
	return sections <= 1 && entries <= answers && others <= 2;
}

static bool read_by(struct keeping *k, const struct provider *p, const struct secret *block,
		    struct args *ret, GError **error)
{
	if (!p->sign_in || !p->info->read_block || !p->info->read_block(block, ret, error))
		return false;
	k->provider = p;
	return true;
}

static bool read_by_any(struct keeping *k, const struct secret *block, struct args *ret,
			GError **error)
{
	if (k->provider)
		return read_by(k, k->provider, block, ret, error);
	for (const struct provider *const *p = provider_table; *p && !*error; p++)
		if (read_by(k, *p, block, ret, error))
			return true;
	return false;
}

/* What a person said goes before what the file says. */
static void add_answers(struct args *to, const struct args *from)
{
	g_auto(GStrv) plain = args_keys(from);
	g_auto(GStrv) secret = args_secret_keys(from);

	for (char **key = plain; *key; key++)
		if (!*args_text(to, *key, ""))
			args_set(to, *key, args_get(from, *key));
	for (char **key = secret; *key; key++)
		if (!args_secret(to, *key))
			args_put_secret(to, *key, secret_dup(args_secret(from, *key)));
}

static guint count(const struct args *a)
{
	g_auto(GStrv) plain = args_keys(a);
	g_auto(GStrv) secret = args_secret_keys(a);

	return g_strv_length(plain) + g_strv_length(secret);
}

static struct next file_read_in(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	struct reading *r = op->work->in;
	g_autoptr(args) found = args_new();
	GError *error = NULL;

	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!read_by_any(k, r->block, found, &error)) {
		if (error)
			return next_fail_error(op, error);
		return next_fail(op, ERR_FORMAT, "%s: these are no credentials that %s knows",
				 r->path, k->provider ? k->provider->info->title : "certty");
	}
	k->file = r->id;
	k->is_whole = is_one(r->block, count(found));
	k->users = k->provider->info->file_users;
	g_clear_pointer(&r->block, secret_free);
	add_answers(k->operation->args, found);
	return k->then(op, none);
}

struct next keeping_read_file(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	const char *path = args_text(op->args, "read", "");
	struct reading *r;

	k->then = then;
	if (!*path)
		return then(op, NULL);
	r = g_new0(struct reading, 1);
	r->path = file_absolute(path);
	k->path = g_strdup(r->path);
	return next_work(work_new(read_file, r, reading_free, NULL), file_read_in);
}

/* ---- and away with it ---- */

static void remove_file(struct work *w)
{
	const struct reading *r = w->in;
	struct file_id now = file_id_now(r->path);

	if (!file_id_equal(&now, &r->id))
		g_set_error(&w->error, ERR, ERR_BUSY, "%s has changed since it was read and stays",
			    r->path);
	else if (unlink(r->path) != 0)
		g_set_error(&w->error, ERR, ERR_IO, "%s cannot be removed: %s", r->path,
			    g_strerror(errno));
}

static struct next removed(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	if (op->work->error)
		op_trouble(op, "%s", op->work->error->message);
	else if (k->users)
		op_say(op, "%s; %s is removed, which %s may have used", op->said, k->path,
		       k->users);
	else
		op_say(op, "%s; %s is removed", op->said, k->path);
	return k->then(op, none);
}

struct next keeping_remove_file(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	struct reading *r;

	k->then = then;
	if (!k->path || !args_bool(op->args, "remove-file"))
		return then(op, NULL);
	if (!k->is_whole) {
		op_trouble(op, "%s stays: there is more in it than this one credential", k->path);
		return then(op, NULL);
	}
	r = g_new0(struct reading, 1);
	r->path = g_strdup(k->path);
	r->id = k->file;
	return next_work(work_new(remove_file, r, reading_free, NULL), removed);
}
