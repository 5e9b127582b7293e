/*
 * import: adding a certificate from a file to a folder or to the own repository.
 *
 * In a folder it becomes one file, <name>.pem, with the certificate, its issuers and (when it
 * is to be kept) the key behind them: one file is in its place by one rename, so that there is
 * never a certificate beside a key that is not its own.  What was imported into a folder is
 * kept in the own repository as well, its key only when it is encrypted.
 */
#include "own.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

struct importing {
	/* the question */
	char *file, *name, *folder, *repository;
	struct secret *passphrase, *new_passphrase;
	size_t limit;
	bool wants_key, is_plain, replaces, is_repository;
	int64_t now;
	/* the answer */
	char *said, *trouble;
};

static step_fn imported;

static void importing_free(void *p)
{
	struct importing *m = p;

	g_free(m->file);
	g_free(m->name);
	g_free(m->folder);
	g_free(m->repository);
	secret_free(m->passphrase);
	secret_free(m->new_passphrase);
	g_free(m->said);
	g_free(m->trouble);
	g_free(m);
}

/* ---- on the pool ---- */

/* The key as it will be written; *ret NULL when none is. */
static bool write_key(const struct importing *m, const struct bundle *b, struct secret **ret,
		      GError **error)
{
	const struct secret *passphrase = m->new_passphrase ? m->new_passphrase : m->passphrase;

	*ret = NULL;
	if (!b->key)
		return true;
	if (!m->is_plain && (!passphrase || !passphrase->len)) {
		g_set_error(error, ERR, ERR_SIGN_IN, "a new passphrase is needed to keep the "
			    "private key encrypted (or keep it plain, or leave it out)");
		return false;
	}
	*ret = x509_key_pem(b->key, m->is_plain ? NULL : passphrase, error);
	return *ret;
}

static bool keep(const struct importing *m, const struct bundle *b, const char *name,
		 const struct secret *key, char **ret_folder, bool *ret_was_there, GError **error)
{
	g_autofree char *shown = folder_shown(m->file);
	g_autofree char *from = g_strdup_printf("imported from %s", shown);
	struct keeping k = {
		.root = m->repository,
		.name = name,
		.cert = b->cert,
		.chain = (GBytes *const *)b->chain->pdata,
		.n_chain = b->chain->len,
		.key = key,
		.is_plain_key = m->is_plain,
		.from = from,
		.now = m->now,
	};

	return repository_put(&k, ret_folder, ret_was_there, error);
}

static void say(struct importing *m, const struct bundle *b, const char *name, const char *path,
		bool has_key, const char *how)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *shown = folder_shown(path);

	g_string_printf(s, "%s %s %s, with %u issuer%s and %s", name, how, shown,
			b->chain->len, b->chain->len == 1 ? "" : "s",
			!has_key ? "no key" : m->is_plain ? "its key, NOT encrypted" :
							    "its key, encrypted");
	if (has_key && !m->is_plain && !m->new_passphrase)
		g_string_append(s, " with the passphrase that was given");
	if (b->left_out)
		g_string_append_printf(s, "; %u other certificate%s in the file left out",
				       b->left_out, b->left_out == 1 ? "" : "s");
	if (b->facts.not_after < m->now) {
		g_string_append(s, "; warning: it expired on ");
		clock_say_date(s, b->facts.not_after);
	}
	m->said = g_string_free(g_steal_pointer(&s), FALSE);
}

static bool into_folder(struct importing *m, const struct bundle *b, const char *name,
			const struct secret *key, GError **error)
{
	g_autofree char *safe = folder_file_name(name);
	g_autofree char *base = g_strconcat(safe, ".pem", NULL);
	g_autofree char *path = g_build_filename(m->folder, base, NULL);
	g_autofree char *pem = bundle_pem(b->cert, (GBytes *const *)b->chain->pdata,
					  b->chain->len);
	g_autofree char *kept = NULL;
	GError *why = NULL;
	bool was_there;

	if (key && m->replaces && folder_is_open_file(path))
		return folder_fail(error, ERR_REFUSED, path, "others may read this file, so no "
				   "key is put into it; change its mode to 0600 first");
	if (!bundle_write(path, pem, key, m->replaces ? FILE_REPLACE : FILE_NEW, error))
		return false;
	say(m, b, name, path, key, "is in");
	if (!keep(m, b, name, m->is_plain ? NULL : key, &kept, &was_there, &why)) {
		m->trouble = g_strdup_printf("not kept in the own repository: %s", why->message);
		g_error_free(why);
	}
	return true;
}

static bool into_repository(struct importing *m, const struct bundle *b, const char *name,
			    const struct secret *key, GError **error)
{
	g_autofree char *folder = NULL;
	bool was_there;

	if (!keep(m, b, name, key, &folder, &was_there, error))
		return false;
	say(m, b, name, folder, key, was_there ? "is kept already in" : "is kept in");
	return true;
}

static void run(struct work *w)
{
	struct importing *m = w->in;
	g_autoptr(bundle) b = bundle_read(m->file, m->limit, m->wants_key, m->passphrase,
					  &w->error);
	g_autoptr(secret) key = NULL;
	const char *name;

	if (!b || !write_key(m, b, &key, &w->error) || work_is_stopped(w))
		return;
	name = m->name ? m->name : b->facts.name;
	if (m->is_repository)
		into_repository(m, b, name, key, &w->error);
	else
		into_folder(m, b, name, key, &w->error);
}

/* ---- steps ---- */

static struct secret *dup_secret(const struct op *op, const char *key)
{
	const struct secret *s = args_secret(op->args, key);

	return s ? secret_dup(s) : NULL;
}

struct next import_file(struct op *op, const struct reply *none)
{
	struct importing *m = g_new0(struct importing, 1);
	const char *key = args_text(op->args, "key", "encrypted");

	(void)none;
	m->file = file_absolute(args_text(op->args, "file", ""));
	m->name = text_harmless_dup(args_get(op->args, "name"), 200);
	m->folder = g_strdup(op->store->address);
	m->repository = local_repository();
	m->passphrase = dup_secret(op, "passphrase");
	m->new_passphrase = dup_secret(op, "new-passphrase");
	m->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	m->wants_key = strcmp(key, "no");
	m->is_plain = !strcmp(key, "plain");
	m->replaces = args_bool(op->args, "replace");
	m->is_repository = !strcmp(op->store->type, LOCAL_REPOSITORY);
	m->now = op->now;
	return next_work(work_new(run, m, importing_free, NULL), imported);
}

static struct next imported(struct op *op, const struct reply *none)
{
	struct importing *m = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (m->trouble)
		op_trouble(op, "%s", m->trouble);
	op_say(op, "%s", m->said);
	op_touch(op, op->store->id);
	if (!m->is_repository)
		local_touch_repository(op);
	return next_done();
}
