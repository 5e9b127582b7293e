/*
 * azure_dns_planned: what would be asked and changed at Azure DNS, and the same by the Azure CLI.
 */
#include "own.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

/* The names of the variables that one account needs. */
struct names {
	char *group, *zone;
};

static void names_find(const struct plan *p, struct names *ret)
{
	ret->group = dns_planned_variable(p, "AZURE_DNS_GROUP");
	ret->zone = dns_planned_variable(p, "AZURE_DNS_ZONE");
}

static void names_done(struct names *n)
{
	g_free(n->group);
	g_free(n->zone);
}

static void call(const struct op *op, struct plan *p, unsigned how, const char *method, const char *path,
		 const char *what)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, NULL);
	g_autofree char *url = g_strconcat(cloud ? cloud->arm : "", path, NULL);

	plan_call(p, how, method, url, what);
}

static void begin(const struct op *op, struct plan *p)
{
	dns_planned_look(p);
	call(op, p, PLAN_ASKS, "POST", "/providers/Microsoft.ResourceGraph/resources",
	     "whether the account has the zone, and in which resource group");
	call(op, p, PLAN_ASKS, "GET", "ZONE/TYPE/NAME", "what stands at the names, before and after");
}

/* Records go by their names within the zone, which are found by the shell. */
static void run_name(struct plan *p, const struct names *n, const struct dns_record *r)
{
	g_autofree char *name = dns_planned_name(r);

	plan_run(p, "name=");
	plan_quote(p->line, name);
	g_string_append_printf(p->line, "; name=${name%%\"$%s\"}; name=${name%%.}; name=${name:-@}", n->zone);
}

static bool run(struct plan *p, const struct names *n, const struct dns_record *r, bool takes, GError **error)
{
	bool is_alias = !strcmp(r->type, "CNAME");
	g_autofree char *plain = dns_record_plain(r->type, r->value, error);

	if (!plain)
		return false;
	run_name(p, n, r);
	plan_run(p, is_alias ? takes ? "az network dns record-set cname remove-record" :
				       "az network dns record-set cname set-record" :
		    takes ? "az network dns record-set txt remove-record" :
			    "az network dns record-set txt add-record");
	g_string_append(p->line, " --resource-group");
	plan_variable(p, "", n->group, "the resource group of the zone");
	g_string_append(p->line, " --zone-name");
	plan_variable(p, "", n->zone, "the zone, as in example.org");
	g_string_append(p->line, " --record-set-name \"$name\"");
	plan_option(p, is_alias ? "--cname" : "--value", plain);
	return true;
}

static bool each(struct op *op, struct plan *p, const char *method, bool takes, GError **error)
{
	struct names n;
	bool ok = true;

	names_find(p, &n);
	begin(op, p);
	for (guint i = 0; ok && i < op->records->len; i++) {
		g_autofree char *title = dns_planned_title(op->records->pdata[i]);

		call(op, p, PLAN_CHANGES | PLAN_MAYBE, method, "ZONE/TYPE/NAME", title);
		ok = run(p, &n, op->records->pdata[i], takes, error);
	}
	names_done(&n);
	return ok;
}

bool azure_dns_planned_publish(struct op *op, struct plan *p, GError **error)
{
	return each(op, p, "PUT", false, error);
}

bool azure_dns_planned_unpublish(struct op *op, struct plan *p, GError **error)
{
	return each(op, p, "DELETE", true, error);
}
