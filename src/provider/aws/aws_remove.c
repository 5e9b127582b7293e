/*
 * aws_remove: a certificate is deleted in AWS itself, which is not the same as being forgotten here.
 *
 * What still uses it is named first: AWS refuses to delete that, and goes on refusing for minutes
 * after it was detached.
 */
#include "aws_cert.h"

#include <string.h>

static step_fn remove_acm, described, acm_deleted, remove_iam, iam_deleted;

static const struct {
	const char *type;
	step_fn *step;
} services[] = {
	{ AWS_STORE_ACM, remove_acm },
	{ AWS_STORE_IAM, remove_iam },
};

struct next aws_remove(struct op *op, const struct reply *none)
{
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
		if (!strcmp(services[i].type, op->store->type))
			return services[i].step(op, none);
	return next_fail(op, ERR_REFUSED, "a private CA deletes nothing that it issued: revoke it, or "
			 "leave it out here (forget)");
}

static char *what_of(const struct op *op)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	return g_strconcat("deleting ", arn, " in AWS", NULL);
}

static struct next deleted(struct op *op, bool was_gone)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	op_touch(op, op->store->id);
	op_say(op, was_gone ? "%s was not in AWS any more" :
			      "%s is deleted in AWS; its lists may show it for a moment", arn);
	return next_done();
}

/* ---- ACM ---- */

static struct next remove_acm(struct op *op, const struct reply *none)
{
	(void)none;
	return aws_cert_describe(op, described);
}

static struct next described(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	g_autofree char *json = aws_cert_json(op, op->cert.alias);
	GError *error = NULL;
	g_autoptr(acm_cert) c = NULL;

	if (aws_cert_is(r, "ResourceNotFound"))
		return deleted(op, true);
	c = aws_cert_described(op, r, what, &error);
	if (!c)
		return next_fail_error(op, error);
	if (!strcmp(c->origin, "ACME"))
		return next_fail(op, ERR_REFUSED, "%s: ACM keeps what came by ACME until a year after "
				 "it expired, and deletes it itself", what);
	if (*c->in_use_by) {
		g_autofree char *users = aws_cert_users(c->in_use_by);

		return next_fail(op, ERR_REFUSED, "%s: it is in use by %s: take it out there first; "
				 "nothing was deleted", what, users);
	}
	return aws_cert_send(op, AWS_ACM, "DeleteCertificate", json, true, acm_deleted);
}

static struct next acm_deleted(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	GError *error = NULL;

	if (aws_cert_is(r, "ResourceNotFound"))	/* also when the first answer was lost */
		return deleted(op, true);
	if (aws_cert_check(r, what, "acm:DeleteCertificate", &error))
		return deleted(op, false);
	if (!aws_cert_is(r, "ResourceInUse"))
		return next_fail_error(op, error);
	g_error_free(error);
	return next_fail(op, ERR_REFUSED, "%s: AWS still counts it as in use, though it names nobody: "
			 "that lasts 10 to 20 minutes after it was taken out of a load balancer or an "
			 "API; try again then", what);
}

/* ---- IAM ---- */

static struct next remove_iam(struct op *op, const struct reply *none)
{
	struct aws_form *form = aws_form_new();

	(void)none;
	aws_form_add(form, "ServerCertificateName", aws_cert_iam_name(op->cert.alias));
	return aws_cert_query(op, "DeleteServerCertificate", form, true, iam_deleted);
}

static struct next iam_deleted(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	GError *error = NULL;

	if (aws_cert_is(r, "NoSuchEntity"))
		return deleted(op, true);
	if (aws_cert_check(r, what, "iam:DeleteServerCertificate", &error))
		return deleted(op, false);
	if (!aws_cert_is(r, "DeleteConflict"))
		return next_fail_error(op, error);
	error->code = ERR_REFUSED;
	return aws_cert_fail(op, error, "take it out there first, and wait some minutes");
}
