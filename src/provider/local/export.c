/*
 * export: writing a certificate to a file, in the form that somebody needs.
 *
 * A private key goes along only when that is asked for, and always encrypted.  Where it lies
 * the memo of the store's last refresh knows: by its hash when it could be read, else by the
 * names of the files with encrypted keys.
 */
#include "own.h"

#include <string.h>

struct exporting {
	/* the question */
	char *format, *file, *root, *name;
	GBytes *der;
	GPtrArray *chain;	/* GBytes */
	GPtrArray *key_files;	/* paths, the likeliest first */
	struct secret *passphrase, *of_store;
	size_t limit;
	bool with_key, replaces;
	/* the answer */
	char *said;
};

static step_fn exported;

static void exporting_free(void *p)
{
	struct exporting *x = p;

	g_free(x->format);
	g_free(x->file);
	g_free(x->root);
	g_free(x->name);
	g_bytes_unref(x->der);
	g_ptr_array_unref(x->chain);
	g_ptr_array_unref(x->key_files);
	secret_free(x->passphrase);
	secret_free(x->of_store);
	g_free(x->said);
	g_free(x);
}

/* ---- the key ---- */

/* By the store's own passphrase where one is kept, else by the one for the new file. */
static struct x509_key *open_key(const struct exporting *x, const uint8_t *bytes, gsize len,
				 uint32_t hash, GError **error)
{
	struct x509_key *key = x->of_store ? x509_key_find(bytes, len, hash, x->of_store, NULL) :
					     NULL;

	return key ? key : x509_key_find(bytes, len, hash, x->passphrase, error);
}

static struct x509_key *read_key(const struct exporting *x, const char *path, uint32_t hash,
				 GError **error)
{
	GBytes *file = file_read(path, x->limit, NULL, error);
	gsize len, der_len;
	const uint8_t *bytes, *der = g_bytes_get_data(x->der, &der_len);
	g_autoptr(x509_key) key = NULL;

	if (!file)
		return NULL;
	bytes = g_bytes_get_data(file, &len);
	key = open_key(x, bytes, len, hash, error);
	scan_wipe(file);
	if (key && x509_key_fits(key, der, der_len))
		return g_steal_pointer(&key);
	if (key)
		folder_fail(error, ERR_NOT_FOUND, path, "holds another key");
	return NULL;
}

/* Tries the files in turn; what is told is why the likeliest of them did not do. */
static struct x509_key *find_key(const struct exporting *x, GError **error)
{
	struct facts f = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(x->der, &len);
	struct x509_key *key = NULL;
	GError *first = NULL;

	if (!x509_facts(der, len, &f, error))
		return NULL;
	for (guint i = 0; i < x->key_files->len && !key; i++)
		key = read_key(x, x->key_files->pdata[i], f.key_hash, first ? NULL : &first);
	facts_done(&f);
	if (key) {
		g_clear_error(&first);
	} else if (first) {
		g_autofree char *shown = folder_shown(x->key_files->pdata[0]);

		g_propagate_prefixed_error(error, first, "the private key in %s: ", shown);
	} else {
		g_set_error(error, ERR, ERR_NOT_FOUND, "no private key of this certificate is "
			    "known in %s", x->root);
	}
	return key;
}

/* ---- the forms ---- */

typedef bool form_fn(const struct exporting *x, const struct x509_key *key, GError **error);

static bool write_out(const struct exporting *x, GBytes *bytes, bool is_private, GError **error)
{
	gsize len;
	const void *data;
	bool ok;

	if (!bytes)
		return false;
	data = g_bytes_get_data(bytes, &len);
	ok = file_write(x->file, data, len, is_private ? 0600 : 0644,
			x->replaces ? FILE_REPLACE : FILE_NEW, error);
	g_bytes_unref(bytes);
	return ok;
}

static bool write_pem(const struct exporting *x, const struct x509_key *key, size_t n_chain,
		      GError **error)
{
	g_autofree char *pem = bundle_pem(x->der, (GBytes *const *)x->chain->pdata, n_chain);
	g_autoptr(secret) locked = key ? x509_key_pem(key, x->passphrase, error) : NULL;

	if (key && !locked)
		return false;
	return bundle_write(x->file, pem, locked, x->replaces ? FILE_REPLACE : FILE_NEW, error);
}

static bool as_pem(const struct exporting *x, const struct x509_key *key, GError **error)
{
	return write_pem(x, key, 0, error);
}

static bool as_chain(const struct exporting *x, const struct x509_key *key, GError **error)
{
	return write_pem(x, key, x->chain->len, error);
}

static bool as_der(const struct exporting *x, const struct x509_key *key, GError **error)
{
	(void)key;
	return write_out(x, g_bytes_ref(x->der), false, error);
}

static bool as_pkcs12(const struct exporting *x, const struct x509_key *key, GError **error)
{
	return write_out(x, x509_pkcs12(x->name, x->der, (GBytes *const *)x->chain->pdata,
					x->chain->len, key, x->passphrase, error),
			 key, error);
}

static bool as_pkcs7(const struct exporting *x, const struct x509_key *key, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	(void)key;
	g_ptr_array_add(all, x->der);
	for (guint i = 0; i < x->chain->len; i++)
		g_ptr_array_add(all, x->chain->pdata[i]);
	return write_out(x, x509_pkcs7((GBytes *const *)all->pdata, all->len, error), false,
			 error);
}

static const struct form {
	const char *name, *title;
	form_fn *write;
	bool takes_key, takes_chain;
} forms[] = {
	{ "pem", "PEM", as_pem, true, false },
	{ "chain", "PEM with its chain", as_chain, true, true },
	{ "der", "DER", as_der, false, false },
	{ "pkcs12", "PKCS#12", as_pkcs12, true, true },
	{ "pkcs7", "PKCS#7", as_pkcs7, false, true },
};

static const struct form *form_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

static void say(struct exporting *x, const struct form *form)
{
	g_autofree char *shown = folder_shown(x->file);
	g_autoptr(GString) s = g_string_new(NULL);

	g_string_printf(s, "%s is written to %s as %s", x->name, shown, form->title);
	if (form->takes_chain)
		g_string_append_printf(s, " (%u issuer%s known)", x->chain->len,
				       x->chain->len == 1 ? "" : "s");
	if (x->with_key)
		g_string_append(s, ", with its private key, encrypted");
	x->said = g_string_free(g_steal_pointer(&s), FALSE);
}

static void run(struct work *w)
{
	struct exporting *x = w->in;
	const struct form *form = form_of(x->format);
	g_autoptr(x509_key) key = NULL;

	if (x->with_key && !x->passphrase) {	/* never plain because memory was short */
		g_set_error(&w->error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return;
	}
	if (x->with_key) {
		key = find_key(x, &w->error);
		if (!key)
			return;
	}
	if (!work_is_stopped(w) && form->write(x, key, &w->error))
		say(x, form);
}

/* ---- steps ---- */

/* Where the key may be, as full paths. */
static GPtrArray *key_files(const struct op *op, uint32_t hash)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	struct memo *memo = memo_read(op->memo);
	const char *place = memo_find_key(memo, hash);
	g_autofree char *own = g_strdup(op->cert.alias ? op->cert.alias : "");
	char *mark = strrchr(own, '#');
	g_autoptr(GPtrArray) locked = NULL;

	if (mark)
		*mark = 0;
	locked = memo_find_locked(memo, own);
	if (place)
		g_ptr_array_insert(locked, 0, (char *)place);
	if (!strcmp(op->store->type, LOCAL_KEYSTORE))
		g_ptr_array_add(locked, (char *)"");
	for (guint i = 0; i < locked->len; i++)
		g_ptr_array_add(paths, *(char *)locked->pdata[i] ?
				g_build_filename(op->store->address, locked->pdata[i], NULL) :
				g_strdup(op->store->address));
	memo_free(memo);
	return paths;
}

static struct exporting *exporting_new(struct op *op, const struct facts *f)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	const struct secret *of_store = args_secret(op->args, "store-passphrase");
	struct exporting *x = g_new0(struct exporting, 1);

	x->format = g_strdup(args_text(op->args, "format", "pem"));
	x->file = file_absolute(args_text(op->args, "file", ""));
	x->root = folder_shown(op->store->address);
	x->name = g_strdup(f->name);
	x->der = g_bytes_ref(op->cert.der);
	x->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (size_t i = 0; i < op->cert.n_chain; i++)
		g_ptr_array_add(x->chain, g_bytes_ref(op->cert.chain[i]));
	x->key_files = key_files(op, f->key_hash);
	x->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	x->of_store = of_store ? secret_dup(of_store) : NULL;
	x->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	x->with_key = args_bool(op->args, "with-key");
	x->replaces = args_bool(op->args, "replace");
	return x;
}

struct next export_cert(struct op *op, const struct reply *none)
{
	const struct form *form = form_of(args_text(op->args, "format", "pem"));
	bool with_key = args_bool(op->args, "with-key");
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct facts f = { 0 };
	GError *error = NULL;
	struct exporting *x;
	gsize len;
	const uint8_t *der;

	(void)none;
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	if (!form)
		return next_fail(op, ERR_USAGE, "there is no such format");
	if (with_key && !form->takes_key)
		return next_fail(op, ERR_USAGE, "%s takes no private key: choose pem, chain or "
				 "pkcs12", form->title);
	if (with_key && (!passphrase || !passphrase->len))
		return next_fail(op, ERR_SIGN_IN, "a passphrase is needed, since a private key "
				 "is only written encrypted");
	der = g_bytes_get_data(op->cert.der, &len);
	if (!x509_facts(der, len, &f, &error))
		return next_fail_error(op, error);
	x = exporting_new(op, &f);
	facts_done(&f);
	return next_work(work_new(run, x, exporting_free, NULL), exported);
}

static struct next exported(struct op *op, const struct reply *none)
{
	struct exporting *x = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s", x->said);
	return next_done();
}
