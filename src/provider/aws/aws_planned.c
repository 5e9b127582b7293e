/*
 * aws_planned: where a call would go, by the answers of the account alone, and how the aws tool
 * would be told the same.
 */
#include "aws_planned.h"

#include <string.h>

/* Region, endpoints and switches as signing in would find them but for a profile's own; new. */
static struct args *world_of(const struct op *op)
{
	struct args *with = args_new();

	if (op->access)
		args_add(with, op->access->with);
	else if (!aws_world_find(op->account->answers, NULL, NULL, with, NULL))
		args_set(with, "region", "us-east-1");
	return with;
}

/* IAM and Route 53 have one place for all regions. */
static char *region_of(const struct op *op, enum aws_service service)
{
	char *region = service == AWS_IAM || service == AWS_ROUTE53 || !op->store ? NULL :
		       aws_arn_region(op->store->address);

	if (region && !*region)
		g_clear_pointer(&region, g_free);
	return region;
}

void aws_planned_call(const struct op *op, struct plan *p, unsigned how, enum aws_service service,
		      const char *operation, const char *what)
{
	g_autoptr(args) with = world_of(op);
	g_autofree char *region = region_of(op, service), *name = NULL, *where = NULL;
	struct aws_place place = { 0 };

	name = g_strdup_printf("%s:%s", aws_place_services[service].name, operation);
	if (aws_place_find(with, service, region, &place, NULL))
		where = g_strdup_printf("%s %s", place.url, place.region);
	plan_call(p, how, name, where ? where : region ? region : "AWS", what);
	aws_place_done(&place);
}

void aws_planned_run(const struct op *op, struct plan *p, enum aws_service service,
		     const char *command)
{
	const char *name = aws_place_services[service].name;
	const char *profile = args_get(op->account->answers, "profile");
	g_autoptr(args) with = world_of(op);
	g_autofree char *region = region_of(op, service), *key = g_strconcat("endpoint-", name, NULL);
	g_autofree char *program = g_strdup_printf("aws %s %s", name, command);

	plan_run(p, program);
	plan_option(p, "--region", region);
	plan_option(p, "--endpoint-url", args_get(with, key));
	plan_option(p, "--profile", profile && *profile ? profile : NULL);
}

struct acm_cert *aws_planned_known(const struct op *op, const char *alias)
{
	g_autoptr(GHashTable) all = op->memo ? acm_memo_read(op->memo) : NULL;
	struct acm_cert *c = NULL;
	gpointer key = NULL, found = NULL;

	if (all && alias && g_hash_table_steal_extended(all, alias, &key, &found))
		c = found;
	return c;
}

bool aws_planned_refuse(const struct op *op, GError **error)
{
	g_set_error(error, ERR, ERR_REFUSED, "%s (%s) is no place for this: %s", op->store->title,
		    op->store->type, op->verb->name);
	return false;
}
