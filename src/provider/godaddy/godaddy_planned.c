/*
 * godaddy_planned: what would be asked and changed at GoDaddy, and the same by curl, to which what
 * carries the secret goes by its standard input.
 */
#include "godaddy.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

#define HEADER "printf 'header = \"Authorization: sso-key %s:%s\"\\n'"
#define CURL   " | curl -sS --fail-with-body --config -"

/* The names of the variables that one account needs. */
struct names {
	char *key, *secret, *zone;
};

static void names_find(const struct plan *p, struct names *ret)
{
	ret->key = dns_planned_variable(p, "GODADDY_API_KEY");
	ret->secret = dns_planned_variable(p, "GODADDY_API_SECRET");
	ret->zone = dns_planned_variable(p, "GODADDY_DOMAIN");
}

static void names_done(struct names *n)
{
	g_free(n->key);
	g_free(n->secret);
	g_free(n->zone);
}

static void run(const struct op *op, struct plan *p, const struct names *n, const char *method)
{
	const char *key = args_get(op->account->answers, "sso-key");
	g_autofree char *of_key = g_strdup_printf("the API key of %s", op->account->id);
	g_autofree char *of_secret = g_strdup_printf("the secret of the API key of %s", op->account->id);

	plan_run(p, HEADER);
	if (key)
		plan_word(p, key);
	else
		plan_variable(p, "", n->key, of_key);
	plan_variable(p, "", n->secret, of_secret);
	g_string_append(p->line, CURL);
	plan_option(p, "--request", method);
}

/* Records go by their names within the zone, which are found by the shell. */
static void run_name(struct plan *p, const struct names *n, const struct dns_record *r)
{
	g_autofree char *name = dns_planned_name(r);

	plan_run(p, "name=");
	plan_quote(p->line, name);
	g_string_append_printf(p->line, "; name=${name%%\"$%s\"}; name=${name%%.}; name=${name:-@}", n->zone);
}

static void add_zone(const struct op *op, struct plan *p, const struct names *n, const char *after)
{
	g_autofree char *url = godaddy_url(op->account->answers, "/v1/domains/");
	g_autoptr(GString) quoted = g_string_new(NULL);

	plan_quote(quoted, url);
	plan_variable(p, quoted->str, n->zone, "the zone, as in example.org");
	plan_quote(p->line, after);
}

static void call(const struct op *op, struct plan *p, unsigned how, const char *method,
		 const char *path, const char *what)
{
	g_autofree char *url = godaddy_url(op->account->answers, path);

	plan_call(p, how, method, url, what);
}

static void begin(const struct op *op, struct plan *p)
{
	dns_planned_look(p);
	call(op, p, PLAN_ASKS, "GET", "/v1/domains/ZONE/records/TYPE/NAME",
	     "whether the account has the zone, and what stands at the names, before and after");
}

/* ---- publish ---- */

/* The name stands in the body where the shell puts it. */
static bool run_add(const struct op *op, struct plan *p, const struct names *n,
		    const struct dns_record *r, GError **error)
{
	g_autofree char *plain = dns_record_plain(r->type, r->value, error), *body = NULL;
	char *at;

	if (!plain)
		return false;
	body = godaddy_body(r->type, "", plain, MAX(r->ttl, GODADDY_TTL_MIN));
	at = strstr(body, "\"name\":\"");
	run_name(p, n, r);
	run(op, p, n, "PATCH");
	plan_option(p, "--header", "Content-Type: application/json");
	if (at) {
		g_autofree char *head = g_strndup(body, (gsize)(at - body) + strlen("\"name\":\""));

		plan_option(p, "--data", head);
		g_string_append(p->line, "\"$name\"");
		plan_quote(p->line, body + strlen(head));
	}
	add_zone(op, p, n, "/records");
	return true;
}

bool godaddy_planned_publish(struct op *op, struct plan *p, GError **error)
{
	struct names n;
	bool ok = true;

	names_find(p, &n);
	begin(op, p);
	for (guint i = 0; ok && i < op->records->len; i++) {
		g_autofree char *title = dns_planned_title(op->records->pdata[i]);

		call(op, p, PLAN_CHANGES | PLAN_MAYBE, "PATCH", "/v1/domains/ZONE/records", title);
		ok = run_add(op, p, &n, op->records->pdata[i], error);
	}
	names_done(&n);
	return ok;
}

/* ---- unpublish ---- */

bool godaddy_planned_unpublish(struct op *op, struct plan *p, GError **error)
{
	struct names n;

	(void)error;
	names_find(p, &n);
	begin(op, p);
	plan_not(p, "at GoDaddy all of one name and type go together: nothing is taken away where others "
		 "stand");
	for (guint i = 0; i < op->records->len; i++) {
		const struct dns_record *r = op->records->pdata[i];
		g_autofree char *title = dns_planned_title(r);
		g_autofree char *after = g_strdup_printf("/records/%s/", r->type);

		call(op, p, PLAN_CHANGES | PLAN_MAYBE, "DELETE", "/v1/domains/ZONE/records/TYPE/NAME", title);
		run_name(p, &n, r);
		run(op, p, &n, "DELETE");
		add_zone(op, p, &n, after);
		g_string_append(p->line, "\"$name\"");
	}
	names_done(&n);
	return true;
}
