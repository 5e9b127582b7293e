/*
 * export: writing a certificate to a file, in the form that somebody needs.
 *
 * A private key goes along only when that is asked for, and always encrypted.
 */
#include "own.h"

#include <string.h>

struct exporting {
	/* the question */
	const struct bundle_form *form;
	char *file, *name;
	GBytes *der;
	GPtrArray *chain;	/* GBytes */
	struct seek *seek;
	uint32_t key_hash;
	struct secret *passphrase;
	bool with_key, replaces;
	/* the answer */
	char *said;
};

static step_fn exported;

static void exporting_free(void *p)
{
	struct exporting *x = p;

	g_free(x->file);
	g_free(x->name);
	g_bytes_unref(x->der);
	g_ptr_array_unref(x->chain);
	seek_free(x->seek);
	secret_free(x->passphrase);
	g_free(x->said);
	g_free(x);
}

/* ---- on the pool ---- */

static void run(struct work *w)
{
	struct exporting *x = w->in;
	g_autoptr(x509_key) key = NULL;
	struct bundle_file f = {
		.form = x->form,
		.path = x->file,
		.name = x->name,
		.cert = x->der,
		.chain = (GBytes *const *)x->chain->pdata,
		.n_chain = x->chain->len,
		.passphrase = x->passphrase,
		.replace = x->replaces ? FILE_REPLACE : FILE_NEW,
	};

	if (x->with_key) {
		key = seek_key(x->seek, x->key_hash, &w->error);
		if (!key)
			return;
	}
	f.key = key;
	if (!work_is_stopped(w))
		x->said = bundle_file_write(&f, &w->error);
}

/* ---- steps ---- */

static struct exporting *exporting_new(struct op *op, const struct bundle_form *form,
				       const struct facts *f)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct exporting *x = g_new0(struct exporting, 1);

	x->form = form;
	x->file = file_absolute(args_text(op->args, "file", ""));
	x->name = g_strdup(f->name);
	x->der = g_bytes_ref(op->cert.der);
	x->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (size_t i = 0; i < op->cert.n_chain; i++)
		g_ptr_array_add(x->chain, g_bytes_ref(op->cert.chain[i]));
	x->seek = seek_new(op, f->key_hash);
	x->key_hash = f->key_hash;
	x->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	x->with_key = args_bool(op->args, "with-key");
	x->replaces = args_bool(op->args, "replace");
	return x;
}

struct next export_cert(struct op *op, const struct reply *none)
{
	struct facts f = { 0 };
	GError *error = NULL;
	const struct bundle_form *form = bundle_file_form(op->args, &error);
	struct exporting *x;
	gsize len;
	const uint8_t *der;

	(void)none;
	if (!form)
		return next_fail_error(op, error);
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	der = g_bytes_get_data(op->cert.der, &len);
	if (!x509_facts(der, len, &f, &error))
		return next_fail_error(op, error);
	x = exporting_new(op, form, &f);
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
