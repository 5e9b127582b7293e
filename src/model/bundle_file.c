/*
 * bundle_file: a certificate as a file, in the form that somebody needs.
 *
 * A private key goes along only when that is asked for, and always encrypted.
 */
#include <certty/model/bundle.h>

#include <string.h>

#include <certty/base/text.h>

typedef bool write_fn(const struct bundle_file *f, GError **error);
static write_fn as_pem, as_chain, as_der, as_pkcs12, as_pkcs7;

static const struct bundle_form forms[] = {
	{ "pem", "PEM", true, false },
	{ "chain", "PEM with its chain", true, true },
	{ "der", "DER", false, false },
	{ "pkcs12", "PKCS#12", true, true },
	{ "pkcs7", "PKCS#7", false, true },
};

/* In the order of `forms`. */
static write_fn *const writers[] = { as_pem, as_chain, as_der, as_pkcs12, as_pkcs7 };

const struct bundle_form *bundle_form_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

const struct bundle_form *bundle_file_form(const struct args *args, GError **error)
{
	const char *name = args_text(args, "format", "pem");
	const struct secret *passphrase = args_secret(args, "passphrase");
	bool with_key = args_bool(args, "with-key");
	const struct bundle_form *form = bundle_form_find(name);

	if (!form)
		g_set_error(error, ERR, ERR_USAGE, "there is no such format");
	else if (with_key && !form->takes_key)
		g_set_error(error, ERR, ERR_USAGE, "%s takes no private key: choose pem, chain or "
			    "pkcs12", form->title);
	else if (with_key && (!passphrase || !passphrase->len))
		g_set_error(error, ERR, ERR_SIGN_IN, "a passphrase is needed, since a private key "
			    "is only written encrypted");
	else
		return form;
	return NULL;
}

static bool write_out(const struct bundle_file *f, GBytes *bytes /* taken */, GError **error)
{
	gsize len;
	const void *data;
	bool ok;

	if (!bytes)
		return false;
	data = g_bytes_get_data(bytes, &len);
	ok = file_write(f->path, data, len, f->key ? 0600 : 0644, f->replace, error);
	g_bytes_unref(bytes);
	return ok;
}

static bool write_pem(const struct bundle_file *f, size_t n_chain, GError **error)
{
	g_autofree char *pem = bundle_pem(f->cert, f->chain, n_chain);
	g_autoptr(secret) locked = f->key ? x509_key_pem(f->key, f->passphrase, error) : NULL;

	if (f->key && !locked)
		return false;
	return bundle_write(f->path, pem, locked, f->replace, error);
}

static bool as_pem(const struct bundle_file *f, GError **error)
{
	return write_pem(f, 0, error);
}

static bool as_chain(const struct bundle_file *f, GError **error)
{
	return write_pem(f, f->n_chain, error);
}

static bool as_der(const struct bundle_file *f, GError **error)
{
	return write_out(f, g_bytes_ref(f->cert), error);
}

static bool as_pkcs12(const struct bundle_file *f, GError **error)
{
	return write_out(f, x509_pkcs12(f->name, f->cert, f->chain, f->n_chain, f->key,
					f->passphrase, error), error);
}

static bool as_pkcs7(const struct bundle_file *f, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, f->cert);
	for (size_t i = 0; i < f->n_chain; i++)
		g_ptr_array_add(all, f->chain[i]);
	return write_out(f, x509_pkcs7((GBytes *const *)all->pdata, all->len, error), error);
}

static char *say(const struct bundle_file *f)
{
	g_autofree char *shown = file_shown(f->path);
	g_autoptr(GString) s = g_string_new(NULL);

	g_string_printf(s, "%s is written to %s as %s", f->name, shown, f->form->title);
	if (f->form->takes_chain)
		g_string_append_printf(s, " (%zu issuer%s known)", f->n_chain,
				       f->n_chain == 1 ? "" : "s");
	if (f->key)
		g_string_append(s, ", with its private key, encrypted");
	return g_string_free(g_steal_pointer(&s), FALSE);
}

char *bundle_file_write(const struct bundle_file *f, GError **error)
{
	/* Never plain because memory was short. */
	if (f->key && (!f->passphrase || !f->passphrase->len)) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return NULL;
	}
	return writers[f->form - forms](f, error) ? say(f) : NULL;
}
