/*
 * aws_arn: between a store's address, the alias of a row, and the ARN that is both.
 */
#include "acm.h"

#include <string.h>

char *aws_arn(const struct store *s, const char *alias)
{
	return g_strconcat(s->address, alias, NULL);
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE */
char *aws_arn_region(const char *arn)
{
	g_auto(GStrv) parts = g_strsplit(arn, ":", 6);

	return g_strdup(g_strv_length(parts) == 6 ? parts[3] : "");
}

const char *aws_arn_alias(const struct store *s, const char *arn)
{
	return g_str_has_prefix(arn, s->address) ? arn + strlen(s->address) : NULL;
}

void *aws_mine(struct op *op, size_t size, GDestroyNotify done)
{
	struct aws_op *a = op->scratch;

	if (!a->mine) {
		a->mine = g_malloc0(size);
		a->free_mine = done;
	}
	return a->mine;
}
