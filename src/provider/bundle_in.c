/*
 * bundle_in: a certificate is read from the file that a person named.
 */
#include "certty/provider/bundle_in.h"

#include <certty/base/file.h>

struct reading {		/* of the work */
	char *path;
	struct secret *passphrase;
	size_t limit;
	bool wants_key;
};

static void reading_free(void *p)
{
	struct reading *r = p;

	g_free(r->path);
	secret_free(r->passphrase);
	g_free(r);
}

static void free_bundle(void *b)
{
	bundle_free(b);
}

static void run(struct work *w)
{
	const struct reading *r = w->in;

	w->out = bundle_read(r->path, r->limit, r->wants_key, r->passphrase, &w->error);
}

struct next bundle_in(const struct op *op, bool wants_key, const struct secret *passphrase, step_fn *then)
{
	struct reading *r = g_new0(struct reading, 1);

	r->path = file_absolute(args_text(op->args, "file", ""));
	r->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	r->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	r->wants_key = wants_key;
	return next_work(work_new(run, r, reading_free, free_bundle), then);
}
