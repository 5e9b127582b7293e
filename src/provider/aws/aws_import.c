/*
 * aws_import: a certificate with its key goes into ACM or IAM: where it comes from, and that it is
 * checked before either is asked anything.
 */
#include "aws_cert.h"

#include <string.h>

#include <certty/provider/bundle_in.h>

static const struct {
	const char *type;
	step_fn *step;
	const struct aws_limits *limits;
} services[] = {
	{ AWS_STORE_ACM, acm_import, &acm_import_limits },
	{ AWS_STORE_IAM, iam_import, &iam_import_limits },
};

static step_fn has_read;

static void import_done(void *p)
{
	struct aws_import *m = p;

	if (m->more)
		m->done_more(m->more);
	g_free(m->more);
	aws_upload_done(&m->upload);
	bundle_free(m->read);
}

static struct aws_import *mine(struct op *op)
{
	return aws_mine(op, sizeof(struct aws_import), import_done);
}

const struct aws_upload *aws_import_upload(struct op *op)
{
	return &mine(op)->upload;
}

void *aws_import_more(struct op *op, size_t size, GDestroyNotify done)
{
	struct aws_import *m = mine(op);

	if (!m->more) {
		m->more = g_malloc0(size);
		m->done_more = done;
	}
	return m->more;
}

/* ---- steps ---- */

static struct next go_on(struct op *op, const struct bundle *b)
{
	GError *error = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(services); i++) {
		if (strcmp(services[i].type, op->store->type))
			continue;
		if (!aws_upload_make(b, services[i].limits, op->now, &mine(op)->upload, &error))
			return next_fail_error(op, error);
		return services[i].step(op, NULL);
	}
	return next_fail(op, ERR_REFUSED, "%s takes no certificates: a private CA issues its own",
			 op->store->title);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine(op)->read = g_steal_pointer(&op->work->out);
	return go_on(op, mine(op)->read);
}

struct next aws_import(struct op *op, const struct reply *none)
{
	(void)none;
	return op->bundle ? go_on(op, op->bundle) :
			    bundle_in(op, true, args_secret(op->args, "passphrase"), has_read);
}
