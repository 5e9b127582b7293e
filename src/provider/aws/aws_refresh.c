/*
 * aws_refresh: which file reads which sort of store.
 */
#include "acm.h"

#include <string.h>

static const struct {
	const char *type;
	step_fn *first;
} refreshes[] = {
	{ AWS_STORE_ACM, acm_refresh },
	{ AWS_STORE_IAM, iam_refresh },
	{ AWS_STORE_CA,  pca_refresh },
};

struct next aws_refresh(struct op *op, const struct reply *none)
{
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	for (size_t i = 0; i < G_N_ELEMENTS(refreshes); i++)
		if (!strcmp(refreshes[i].type, op->store->type))
			return refreshes[i].first(op, none);
	return next_fail(op, ERR_USAGE, "a store of type '%s' is none of AWS's", op->store->type);
}
