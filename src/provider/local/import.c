/*
 * import: adding a certificate, from a file or from another store, to a folder or to the own
 * repository.
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
	struct bundle *bundle;	/* instead of the file, or NULL */
	char *place;		/* the only one that it may take, or NULL */
	struct secret *passphrase, *new_passphrase;
	size_t limit;
	bool wants_key, is_plain, replaces, replaces_same, is_repository;
	int64_t now;
	/* the answer */
	char *said, *trouble, *alias;
	uint8_t sha256[32];
};

static step_fn imported;

static void importing_free(void *p)
{
	struct importing *m = p;

	g_free(m->file);
	g_free(m->name);
	g_free(m->folder);
	g_free(m->repository);
	bundle_free(m->bundle);
	g_free(m->place);
	secret_free(m->passphrase);
	secret_free(m->new_passphrase);
	g_free(m->said);
	g_free(m->trouble);
	g_free(m->alias);
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
	g_autofree char *from = m->bundle ? g_strdup("deployed from another store") :
					    g_strdup_printf("imported from %s", shown);
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

/* What a deployment may take the place of: the certificate before it, of the same names and kind of
 * key, whatever else is in its file. */
static bool is_same_there(const struct importing *m, const struct bundle *b, const char *path)
{
	g_autoptr(bundle) there = bundle_read(path, m->limit, false, NULL, NULL);

	return there && facts_same_names(&there->facts, &b->facts) &&
	       !strcmp(there->facts.key, b->facts.key);
}

/* Whether the file is replaced, must be new, or (false) has something else in it. */
static bool choose_replace(const struct importing *m, const struct bundle *b, const char *path,
			   enum file_replace *ret, GError **error)
{
	bool is_there = g_file_test(path, G_FILE_TEST_EXISTS);

	*ret = m->replaces ? FILE_REPLACE : FILE_NEW;
	if (m->replaces || !m->replaces_same || !is_there)
		return true;
	*ret = FILE_REPLACE;
	if (is_same_there(m, b, path))
		return true;
	return folder_fail(error, ERR_EXISTS, path, "holds something else than a certificate of the "
			   "same names and kind of key, so it is left as it is");
}

static char *file_base(const struct importing *m, const char *name)
{
	g_autofree char *safe = folder_file_name(name);

	return m->place ? g_strdup(m->place) : g_strconcat(safe, ".pem", NULL);
}

static bool into_folder(struct importing *m, const struct bundle *b, const char *name,
			const struct secret *key, GError **error)
{
	g_autofree char *base = file_base(m, name);
	g_autofree char *path = g_build_filename(m->folder, base, NULL);
	g_autofree char *pem = bundle_pem(b->cert, (GBytes *const *)b->chain->pdata,
					  b->chain->len);
	g_autofree char *kept = NULL;
	enum file_replace replace;
	GError *why = NULL;
	bool was_there;

	if (!choose_replace(m, b, path, &replace, error))
		return false;
	if (key && replace == FILE_REPLACE && folder_is_open_file(path))
		return folder_fail(error, ERR_REFUSED, path, "others may read this file, so no "
				   "key is put into it; change its mode to 0600 first");
	if (!bundle_write(path, pem, key, replace, error))
		return false;
	m->alias = b->chain->len ? g_strconcat(base, "#1", NULL) : g_strdup(base);
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
	m->alias = g_build_filename(folder + strlen(m->repository) + 1, "cert.pem", NULL);
	say(m, b, name, folder, key, was_there ? "is kept already in" : "is kept in");
	return true;
}

static void run(struct work *w)
{
	struct importing *m = w->in;
	g_autoptr(bundle) b = m->bundle ? bundle_dup(m->bundle) :
					  bundle_read(m->file, m->limit, m->wants_key,
						      m->passphrase, &w->error);
	g_autoptr(secret) key = NULL;
	const char *name;

	if (!b || !write_key(m, b, &key, &w->error) || work_is_stopped(w))
		return;
	memcpy(m->sha256, b->facts.sha256, sizeof(m->sha256));
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

/* The file that a row's place is in; of one that was put there by us. */
static char *place_of(const char *alias)
{
	char *file = alias && *alias ? g_strdup(alias) : NULL;

	if (file && g_str_has_suffix(file, "#1"))
		file[strlen(file) - 2] = 0;
	return file;
}

struct next import_file(struct op *op, const struct reply *none)
{
	const char *key = args_text(op->args, "key", "encrypted");
	struct importing *m;

	(void)none;
	if (!strcmp(op->store->type, LOCAL_INSTALL))
		return install_cert(op);
	m = g_new0(struct importing, 1);
	m->file = file_absolute(args_text(op->args, "file", ""));
	m->name = text_harmless_dup(args_get(op->args, "name"), 200);
	m->folder = g_strdup(op->store->address);
	m->repository = local_repository();
	m->passphrase = dup_secret(op, "passphrase");
	m->new_passphrase = dup_secret(op, "new-passphrase");
	m->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	m->wants_key = strcmp(key, "no");
	m->is_plain = !strcmp(key, "plain");
	m->bundle = op->bundle ? bundle_dup(op->bundle) : NULL;
	m->place = op->bundle ? place_of(op->cert.alias) : NULL;
	m->replaces = args_bool(op->args, "replace");
	m->replaces_same = !strcmp(args_text(op->args, "replace", ""), "same");
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
	op_placed(op, m->alias, m->sha256);
	op_touch(op, op->store->id);
	if (!m->is_repository)
		local_touch_repository(op);
	return next_done();
}
