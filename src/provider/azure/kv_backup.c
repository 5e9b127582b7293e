/*
 * kv_backup: all versions of a certificate go out of a vault into a file, and from there into a vault.
 *
 * What the vault gives is encrypted by Azure: nobody can read it, and only vaults of the same subscription
 * and geography take it back.  The file has its bytes as they are, which az keyvault certificate backup
 * and restore have as well.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/file.h>

#define BACKUP_MAX (16u << 20)

struct backing {		/* of the work */
	char *path;
	GBytes *bytes;
	enum file_replace replace;
};

static step_fn ask, answered, written, has_read, send, sent;

static void backing_free(void *p)
{
	struct backing *b = p;

	g_free(b->path);
	g_clear_pointer(&b->bytes, g_bytes_unref);
	g_free(b);
}

/* ---- what vaults say and take ---- */

/* Base64 as addresses have it, without its end, and nothing else. */
GBytes *kv_backup_read(const struct json *j)
{
	static const char known[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *value = json_str(j, "value");
	g_autoptr(GString) plain = NULL;
	gsize len = value ? strlen(value) : 0;
	guchar *bytes;

	while (len && value[len - 1] == '=')
		len--;
	if (!len || len % 4 == 1 || len > BACKUP_MAX || strspn(value, known) != len)
		return NULL;
	plain = g_string_new_len(value, (gssize)len);
	g_strdelimit(plain->str, "-", '+');
	g_strdelimit(plain->str, "_", '/');
	while (plain->len % 4)
		g_string_append_c(plain, '=');
	bytes = g_base64_decode(plain->str, &len);
	return g_bytes_new_take(bytes, len);
}

char *kv_backup_body(GBytes *backup)
{
	gsize len;
	const void *bytes = g_bytes_get_data(backup, &len);
	g_autofree char *coded = g_base64_encode(bytes, len);
	struct json_writer w = { .out = g_string_new(NULL) };

	g_strdelimit(coded, "+", '-');
	g_strdelimit(coded, "/", '_');
	coded[strcspn(coded, "=")] = '\0';
	json_open(&w, NULL, '{');
	json_put_str(&w, "value", coded);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* ---- out ---- */

struct next kv_backup(struct op *op, const struct reply *none)
{
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));

	(void)none;
	if (!args_bool(op->args, "replace") && g_file_test(to, G_FILE_TEST_EXISTS))
		return next_fail(op, ERR_EXISTS, "there is something already: say that it is to be replaced "
				 "(replace), or another file");
	return kv_call_begin(op, ask);
}

static char *path_of(const struct op *op)
{
	return g_strconcat("/certificates/", op->cert.alias, "/backup", NULL);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);
	struct request_out *r = kv_change_ask(op, "POST", path, NULL);

	(void)none;
	r->is_repeatable = true;	/* it changes nothing */
	return next_send(r, answered);
}

static void run_write(struct work *w)
{
	const struct backing *b = w->in;
	gsize len;
	const void *bytes = g_bytes_get_data(b->bytes, &len);

	file_write(b->path, bytes, len, 0600, b->replace, &w->error);
}

static struct next answered(struct op *op, const struct reply *r)
{
	struct backing *b;
	g_autoptr(json) j = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	j = kv_call_json(op, r, "backup", op->cert.alias, &error);
	if (!j)
		return next_fail_error(op, error);
	bytes = kv_backup_read(j);
	if (!bytes)
		return next_fail(op, ERR_REPLY, "what the vault %s gives as a backup is none; nothing was "
				 "written", kv_call_at(op)->place.name);
	b = g_new0(struct backing, 1);
	b->path = file_absolute(args_text(op->args, "file", ""));
	b->bytes = g_bytes_ref(bytes);
	b->replace = args_bool(op->args, "replace") ? FILE_REPLACE : FILE_NEW;
	return next_work(work_new(run_write, b, backing_free, NULL), written);
}

static struct next written(struct op *op, const struct reply *none)
{
	const struct backing *b = op->work->in;
	g_autofree char *shown = file_shown(b->path);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s is in %s with all its versions, encrypted by Azure: only vaults of the same "
	       "subscription and geography take it back", op->cert.alias, shown);
	return next_done();
}

/* ---- back ---- */

static void run_read(struct work *w)
{
	struct backing *b = w->in;

	b->bytes = file_read(b->path, BACKUP_MAX / 4 * 3, NULL, &w->error);
	if (b->bytes && !g_bytes_get_size(b->bytes))
		g_set_error(&w->error, ERR, ERR_FORMAT, "the file is empty");
}

struct next kv_restore(struct op *op, const struct reply *none)
{
	struct backing *b = g_new0(struct backing, 1);

	(void)none;
	b->path = file_absolute(args_text(op->args, "file", ""));
	return next_work(work_new(run_read, b, backing_free, NULL), has_read);
}

static void body_free(void *body)
{
	g_free(*(char **)body);
	g_free(body);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	const struct backing *b = op->work->in;
	char **body;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	body = kv_call_mine(op, sizeof(*body), body_free);
	*body = kv_backup_body(b->bytes);
	return kv_call_begin(op, send);
}

static struct next send(struct op *op, const struct reply *none)
{
	char *const *body = kv_call_mine(op, sizeof(*body), body_free);

	(void)none;
	return next_send(kv_change_ask(op, "POST", "/certificates/restore", *body), sent);
}

static struct next sent(struct op *op, const struct reply *r)
{
	const char *vault = kv_call_at(op)->place.name;
	g_autoptr(kv_cert) c = NULL;
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, send, &next))
		return next;
	j = kv_call_json(op, r, "restore", NULL, &error);
	if (!j && !r->error && r->status == 409)
		g_prefix_error(&error, "its name is taken, maybe by a certificate that was deleted and can "
			       "come back; nothing was changed; ");
	if (!j)
		return next_fail_error(op, error);
	c = kv_cert_read(j);
	op_touch(op, op->store->id);
	op_say(op, "%s is in the vault %s again, with all its versions", c ? c->name : "it", vault);
	return next_done();
}

/* ---- plans ---- */

bool kv_planned_backup(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *path = path_of(op);
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));

	if (!base)
		return false;
	kv_change_call(p, PLAN_ASKS, "POST", base, path, "all versions, encrypted by Azure");
	plan_call(p, PLAN_CHANGES, "write", to, "mode 0600");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nobody but Azure can read it, and only vaults of the same subscription and geography take "
		 "it back");
	kv_change_run(op, p, "backup", op->cert.alias);
	plan_option(p, "--file", to);
	return true;
}

bool kv_planned_restore(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error);
	g_autofree char *from = file_absolute(args_text(op->args, "file", ""));

	if (!base)
		return false;
	plan_call(p, PLAN_ASKS, "read", from, "what backup has written");
	kv_change_call(p, PLAN_CHANGES, "POST", base, "/certificates/restore", "all versions, under their "
		       "old name");
	plan_not(p, "nothing takes the place of a certificate that has the name: then it is refused");
	kv_change_run(op, p, "restore", NULL);
	plan_option(p, "--file", from);
	return true;
}
