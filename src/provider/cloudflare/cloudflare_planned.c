/*
 * cloudflare_planned: what would be asked and changed at Cloudflare, and the same by curl, to which
 * what carries a secret goes by its standard input.
 */
#include "cloudflare.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

#define CURL " | curl -sS --fail-with-body --config -"

/* The names of the variables that one account needs. */
struct names {
	char *secret, *zone;
	bool is_key;
};

static void names_find(const struct op *op, const struct plan *p, struct names *ret)
{
	ret->is_key = !strcmp(args_text(op->account->answers, "auth", ""), "key");
	ret->secret = dns_planned_variable(p, ret->is_key ? "CLOUDFLARE_API_KEY" : "CLOUDFLARE_API_TOKEN");
	ret->zone = dns_planned_variable(p, "CLOUDFLARE_ZONE_ID");
}

static void names_done(struct names *n)
{
	g_free(n->secret);
	g_free(n->zone);
}

static void run(const struct op *op, struct plan *p, const struct names *n, const char *method)
{
	g_autofree char *meaning = g_strdup_printf("the %s of %s", n->is_key ? "global API key" : "API token",
						   op->account->id);

	plan_run(p, n->is_key ? "printf 'header = \"X-Auth-Email: %s\"\\nheader = \"X-Auth-Key: %s\"\\n'" :
				"printf 'header = \"Authorization: Bearer %s\"\\n'");
	if (n->is_key)
		plan_word(p, args_text(op->account->answers, "email", ""));
	plan_variable(p, "", n->secret, meaning);
	g_string_append(p->line, CURL);
	plan_option(p, "--request", method);
}

/* URL/zones/"$CLOUDFLARE_ZONE_ID" and what follows. */
static void add_zone(const struct op *op, struct plan *p, const struct names *n, const char *after)
{
	g_autofree char *url = cloudflare_url(op->account->answers, "/zones/");
	g_autoptr(GString) quoted = g_string_new(NULL);

	plan_quote(quoted, url);
	plan_variable(p, quoted->str, n->zone, "the id of the zone, out of the list of zones");
	plan_quote(p->line, after);
}

static void call(const struct op *op, struct plan *p, unsigned how, const char *method,
		 const char *path, const char *what)
{
	g_autofree char *url = cloudflare_url(op->account->answers, path);

	plan_call(p, how, method, url, what);
}

static void begin(const struct op *op, struct plan *p, const struct names *n)
{
	g_autofree char *zones = cloudflare_url(op->account->answers, "/zones?per_page=50");

	dns_planned_look(p);
	call(op, p, PLAN_ASKS, "GET", "/zones", "whether the account has the zone");
	call(op, p, PLAN_MAYBE, "GET", "/zones/ZONE/dns_records", "what stands at the names, before and after");
	run(op, p, n, "GET");
	plan_word(p, zones);
}

/* ---- publish ---- */

static bool run_add(const struct op *op, struct plan *p, const struct names *n,
		    const struct dns_record *r, GError **error)
{
	g_autofree char *plain = dns_record_plain(r->type, r->value, error);
	g_autofree char *name = dns_planned_name(r), *body = NULL;

	if (!plain)
		return false;
	body = cloudflare_body(r->type, name, plain, MAX(r->ttl, DNS_RECORD_TTL));
	run(op, p, n, "POST");
	plan_option(p, "--header", "Content-Type: application/json");
	plan_option(p, "--data", body);
	add_zone(op, p, n, "/dns_records");
	return true;
}

bool cloudflare_planned_publish(struct op *op, struct plan *p, GError **error)
{
	struct names n;
	bool ok = true;

	names_find(op, p, &n);
	begin(op, p, &n);
	for (guint i = 0; ok && i < op->records->len; i++) {
		g_autofree char *title = dns_planned_title(op->records->pdata[i]);

		call(op, p, PLAN_CHANGES | PLAN_MAYBE, "POST", "/zones/ZONE/dns_records", title);
		ok = run_add(op, p, &n, op->records->pdata[i], error);
	}
	names_done(&n);
	return ok;
}

/* ---- unpublish ---- */

static void run_take(const struct op *op, struct plan *p, const struct names *n,
		     const struct dns_record *r)
{
	g_autofree char *record = dns_planned_variable(p, "CLOUDFLARE_RECORD_ID");
	g_autofree char *name = dns_planned_name(r);
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *list = g_strdup_printf("/dns_records?type=%s&name=%s", r->type, escaped);
	g_autofree char *url = cloudflare_url(op->account->answers, "/zones/");
	g_autofree char *meaning = g_strdup_printf("the id of %s %s, out of the list of its name", r->type,
						   name);
	g_autoptr(GString) before = g_string_new(NULL);

	run(op, p, n, "GET");
	add_zone(op, p, n, list);
	plan_quote(before, url);
	g_string_append_printf(before, "\"$%s\"/dns_records/", n->zone);
	run(op, p, n, "DELETE");
	plan_variable(p, before->str, record, meaning);
}

bool cloudflare_planned_unpublish(struct op *op, struct plan *p, GError **error)
{
	struct names n;

	(void)error;
	names_find(op, p, &n);
	begin(op, p, &n);
	for (guint i = 0; i < op->records->len; i++) {
		g_autofree char *title = dns_planned_title(op->records->pdata[i]);

		call(op, p, PLAN_CHANGES | PLAN_MAYBE, "DELETE", "/zones/ZONE/dns_records/ID", title);
		run_take(op, p, &n, op->records->pdata[i]);
	}
	names_done(&n);
	return true;
}
