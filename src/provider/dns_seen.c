/*
 * dns_seen: each record of a request is looked for on every server of its zone, one by one: a service
 * does not say why it still waits, the servers do.
 */
#include "dns_seen.h"

#include <certty/net/dns.h>

static void seen_free(void *p)
{
	struct dns_seen *s = p;

	dns_way_free(s->way);
	g_ptr_array_unref(s->records);
	g_ptr_array_unref(s->troubles);
	g_free(s);
}

static void say_servers(struct dns_seen *s, const struct dns_record *r, const struct dns_found *f)
{
	for (guint i = 0; i < f->says->len; i++) {
		const struct dns_says *said = f->says->pdata[i];

		g_ptr_array_add(s->troubles, g_strdup_printf(
			"%s in zone %s: %s%s%s%s %s%s%s", r->name, f->zone, said->server,
			*said->address ? " (" : "", said->address, *said->address ? ")" : "",
			dns_has_words(said->has), *said->value ? ": " : "", said->value));
	}
}

static void look_for(struct work *w, const struct dns_record *r)
{
	struct dns_seen *s = w->in;
	g_autoptr(GError) error = NULL;
	g_autoptr(dns_found) f = dns_look(s->way, r->name, r->type, r->value, &w->stop, &error);

	if (!f) {
		g_ptr_array_add(s->troubles, g_strdup(error->message));
		return;
	}
	if (dns_found_count(f, DNS_SAME) == f->says->len)
		s->there++;
	else
		say_servers(s, r, f);
}

static void look(struct work *w)
{
	struct dns_seen *s = w->in;

	for (guint i = 0; i < s->records->len && !work_is_stopped(w); i++) {
		look_for(w, s->records->pdata[i]);
		atomic_store(&w->done, i + 1);
		atomic_store(&w->of, s->records->len);
	}
}

struct work *dns_seen_work(const struct op *op, const char *records)
{
	g_auto(GStrv) lines = g_strsplit(records, "\n", -1);
	struct dns_seen *s = g_new0(struct dns_seen, 1);

	s->way = dns_way_new(op->settings);
	s->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	s->troubles = g_ptr_array_new_with_free_func(g_free);
	for (char **line = lines; *line && s->records->len < DNS_SEEN_MAX; line++) {
		struct dns_record *r = dns_record_read(*line, NULL);

		if (r)
			g_ptr_array_add(s->records, r);
	}
	if (s->records->len)
		return work_new(look, s, seen_free, NULL);
	seen_free(s);
	return NULL;
}
