/*
 * akamai_dns_planned: what would be asked and changed at Edge DNS, and the same by HTTPie with Akamai's
 * plug-in, which reads the credential out of .edgerc.
 */
#include "own.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

/* The names of the variables that one account needs. */
struct names {
	char *section, *zone;
};

static void call(const struct op *op, struct plan *p, unsigned how, const char *method, const char *path,
		 const char *what)
{
	const char *host = args_text(op->account->answers, AKAMAI_HOST, "HOST");
	g_autofree char *base = akamai_ask_base(host);
	g_autofree char *url = g_strconcat(base, "/config-dns/v2/zones/ZONE", path, NULL);

	plan_call(p, how, method, url, what);
}

/* "http … METHOD :/config-dns/v2/zones/ZONE/names/NAME/types/TYPE" */
static void run(const struct op *op, struct plan *p, const struct names *n, const char *method,
		const struct dns_record *r)
{
	const char *key = args_get(op->account->answers, AKAMAI_SWITCH);
	g_autofree char *name = dns_planned_name(r), *whole = akamai_dns_path("ZONE", name, r->type);
	g_autofree char *query = key && *key ? g_strconcat("accountSwitchKey==", key, NULL) : NULL;

	plan_run(p, "http --check-status --auth-type=edgegrid");
	plan_variable(p, "--auth=", n->section, "the section of .edgerc, with a colon behind it");
	plan_word(p, method);
	plan_variable(p, ":/config-dns/v2/zones/", n->zone, "the zone, as in example.org");
	plan_quote(p->line, whole + strlen("/config-dns/v2/zones/ZONE"));
	if (query)
		plan_word(p, query);
}

static bool each(struct op *op, struct plan *p, bool takes, GError **error)
{
	struct names n = { dns_planned_variable(p, "AKAMAI_SECTION"),
			   dns_planned_variable(p, "AKAMAI_ZONE") };
	bool ok = true;

	dns_planned_look(p);
	call(op, p, PLAN_ASKS, "GET", "", "whether the account has the zone");
	call(op, p, PLAN_MAYBE, "GET", "/names/NAME/types/TYPE", "what stands at the names, before and after");
	plan_remark(p, "a set in which others' values stand is written with them by PUT, and not deleted");
	for (guint i = 0; ok && i < op->records->len; i++) {
		const struct dns_record *r = op->records->pdata[i];
		g_autofree char *title = dns_planned_title(r), *name = dns_planned_name(r);
		g_autofree char *plain = dns_record_plain(r->type, r->value, error);
		g_autofree char *body = plain ? akamai_dns_body(name, r->type, plain,
								MAX(r->ttl, DNS_RECORD_TTL)) : NULL;

		ok = plain;
		call(op, p, PLAN_CHANGES | PLAN_MAYBE, takes ? "DELETE" : "POST", "/names/NAME/types/TYPE",
		     title);
		if (ok)
			run(op, p, &n, takes ? "DELETE" : "POST", r);
		if (ok && !takes)
			plan_option(p, "--raw", body);
	}
	g_free(n.section);
	g_free(n.zone);
	return ok;
}

bool akamai_dns_planned_publish(struct op *op, struct plan *p, GError **error)
{
	return each(op, p, false, error);
}

bool akamai_dns_planned_unpublish(struct op *op, struct plan *p, GError **error)
{
	return each(op, p, true, error);
}
