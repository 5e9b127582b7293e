/*
 * dns_planned: what plans about DNS records say wherever the zone is, and the way of RFC 2136.
 */
#include <certty/provider/dns_planned.h>

#include <string.h>

void dns_planned_look(struct plan *p)
{
	plan_call(p, PLAN_ASKS, "query", "DNS", "where the records belong: CNAMEs at their names, and zones");
	plan_remark(p, "where a CNAME stands at the name of a record, the record goes where that leads");
}

char *dns_planned_name(const struct dns_record *r)
{
	size_t len = strlen(r->name);

	return g_strndup(r->name, len - (len > 1 && r->name[len - 1] == '.'));
}

char *dns_planned_title(const struct dns_record *r)
{
	g_autofree char *name = dns_planned_name(r);

	return g_strdup_printf("%s %s", r->type, name);
}

static bool has_variable(const struct plan *p, const char *name)
{
	for (guint i = 0; i < p->variables->len; i++)
		if (!strcmp(((const struct plan_variable *)p->variables->pdata[i])->name, name))
			return true;
	return false;
}

char *dns_planned_variable(const struct plan *p, const char *stem)
{
	char *name = g_strdup(stem);

	for (guint i = 2; has_variable(p, name); i++) {
		g_free(name);
		name = g_strdup_printf("%s_%u", stem, i);
	}
	return name;
}

/* ---- nsupdate ---- */

static void add_server(struct plan *p, const char *server)
{
	g_auto(GStrv) parts = g_strsplit(server, "@", 2);
	g_autofree char *line = g_strjoin(" ", "server", parts[0], parts[0] ? parts[1] : NULL, NULL);

	plan_word(p, line);
}

static void add_record(struct plan *p, const struct dns_record *r, bool takes)
{
	g_autofree char *line = takes ?
		g_strdup_printf("update delete %s IN %s %s", r->name, r->type, r->value) :
		g_strdup_printf("update add %s %u IN %s %s", r->name, MAX(r->ttl, DNS_RECORD_TTL), r->type,
				r->value);

	/* Each on its own, since one message changes one zone. */
	plan_word(p, line);
	plan_word(p, "send");
}

void dns_planned_update(struct plan *p, const GPtrArray *records, bool takes, const char *server,
			const char *key_file)
{
	plan_run(p, "printf '%s\\n'");
	if (server && *server)
		add_server(p, server);
	for (guint i = 0; i < records->len; i++)
		add_record(p, records->pdata[i], takes);
	g_string_append(p->line, " | nsupdate");
	if (key_file && *key_file) {
		plan_option(p, "-k", key_file);
	} else {
		g_autofree char *name = dns_planned_variable(p, "TSIG_KEY_FILE");

		plan_variable(p, "-k ", name, "a file with the TSIG key of the zone");
	}
}
