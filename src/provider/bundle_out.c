/*
 * bundle_out: a certificate that was fetched is written to a file, or handed on.
 */
#include "provider/bundle_out.h"

#include <certty/base/file.h>

struct writing {		/* of the work */
	struct bundle *bundle;
	struct bundle_file file;	/* borrows the rest */
	char *path, *name, *said;
	struct secret *passphrase;
};

static void writing_free(void *p)
{
	struct writing *w = p;

	bundle_free(w->bundle);
	g_free(w->path);
	g_free(w->name);
	g_free(w->said);
	secret_free(w->passphrase);
	g_free(w);
}

static void run(struct work *work)
{
	struct writing *w = work->in;

	if (!work_is_stopped(work))
		w->said = bundle_file_write(&w->file, &work->error);
}

static struct writing *writing_new(const struct op *op, const struct bundle_form *form, struct bundle *b)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct writing *w = g_new0(struct writing, 1);

	w->bundle = b;
	w->path = file_absolute(args_text(op->args, "file", ""));
	w->name = g_strdup(b->facts.name ? b->facts.name : op->cert.alias);
	w->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	w->file = (struct bundle_file){
		.form = form, .path = w->path, .name = w->name, .cert = b->cert,
		.chain = (GBytes *const *)b->chain->pdata, .n_chain = b->chain->len, .key = b->key,
		.passphrase = w->passphrase,
		.replace = args_bool(op->args, "replace") ? FILE_REPLACE : FILE_NEW,
	};
	return w;
}

static struct next written(struct op *op, const struct reply *none)
{
	const struct writing *w = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s", w->said);
	return next_done();
}

struct next bundle_out(struct op *op, const struct bundle_form *form, struct bundle *b)
{
	if (form)
		return next_work(work_new(run, writing_new(op, form, b), writing_free, NULL), written);
	op_hand(op, b);
	return next_done();
}
