/*
 * check: the certificates as a monitoring system wants them: one line and figures (Nagios
 * plugins' convention), or Prometheus' text format.  The same filter as everywhere, so that
 * the console and the monitoring never disagree.
 *
 * Its exit status is Nagios': 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>

enum health { HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL, HEALTH_UNKNOWN };

static const char *const health_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* Time left, or share of life used. */
struct limit {
	int64_t span;		/* seconds; -1: not a time */
	int per_mille;		/* -1: not a share */
};

struct count {
	uint32_t of[3], all;
	uint32_t worst;		/* the certificate that ends first among the worst */
	enum health health;
	int64_t least;		/* seconds left of it */
};

static bool read_limit(const char *text, struct limit *ret)
{
	gsize len = strlen(text);

	*ret = (struct limit){ .span = -1, .per_mille = -1 };
	if (len && text[len - 1] == '%') {
		ret->per_mille = (int)(g_ascii_strtod(text, NULL) * 10);
		return ret->per_mille > 0 && ret->per_mille <= 1000;
	}
	return clock_read_span(text, &ret->span);
}

static bool passed(const struct limit *l, int64_t left, int life)
{
	return l->span >= 0 ? left < l->span : life >= l->per_mille;
}

static enum health judge(const struct certs *c, uint32_t i, int64_t now,
			 const struct limit *warning, const struct limit *critical)
{
	int64_t left = certs_not_after(c, i) - now;
	int life = certs_life(c, i, now);

	if (left < 0 || passed(critical, left, life))
		return HEALTH_CRITICAL;
	return passed(warning, left, life) ? HEALTH_WARNING : HEALTH_OK;
}

static struct count count_all(const struct snapshot *s, const uint64_t *bits, int64_t now,
			      const struct limit *warning, const struct limit *critical)
{
	struct count n = { .worst = CERTS_NONE, .least = INT64_MAX };

	for (uint32_t i = 0; i < s->certs->n; i++) {
		enum health h;
		int64_t left = certs_not_after(s->certs, i) - now;

		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		h = judge(s->certs, i, now, warning, critical);
		n.of[h]++;
		n.all++;
		if (h > n.health || (h == n.health && left < n.least)) {
			n.health = h;
			n.least = left;
			n.worst = i;
		}
	}
	return n;
}

static void print_nagios(const struct snapshot *s, const struct count *n)
{
	g_autoptr(GString) line = g_string_new(NULL);
	struct place at;
	const char *name;
	size_t len;

	g_string_printf(line, "CERTTY %s - %u certificates, %u critical, %u warning",
			health_words[n->health], n->all, n->of[HEALTH_CRITICAL],
			n->of[HEALTH_WARNING]);
	if (n->worst != CERTS_NONE && n->health != HEALTH_OK) {
		at = certs_first(s->certs, n->worst);
		name = table_name(at.table, at.row, &len);
		g_string_append_printf(line, "; %.*s %s ", (int)len, name,
				       n->least < 0 ? "ended" : "ends");
		clock_say_until(line, 0, n->least);
	}
	if (s->stores_failed)
		g_string_append_printf(line, "; %u stores could not be read", s->stores_failed);
	/* A bar separates the figures: it may not occur before. */
	for (char *p = line->str; *p; p++)
		if (*p == '|')
			*p = '/';
	printf("%s | certificates=%u critical=%u warning=%u failed_stores=%u", line->str, n->all,
	       n->of[HEALTH_CRITICAL], n->of[HEALTH_WARNING], s->stores_failed);
	if (n->least != INT64_MAX)
		printf(" least_left=%" G_GINT64_FORMAT "s", n->least);
	putchar('\n');
}

/* A label's value: backslash, quote and line break are escaped. */
static void print_label(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' || text[i] == '"')
			putchar('\\');
		putchar(text[i]);
	}
}

static void print_prom(const struct snapshot *s, const uint64_t *bits, const struct count *n)
{
	printf("# HELP certty_certificates Certificates by health.\n"
	       "# TYPE certty_certificates gauge\n");
	for (int h = 0; h < 3; h++)
		printf("certty_certificates{health=\"%s\"} %u\n", health_words[h], n->of[h]);
	printf("# HELP certty_failed_stores Stores that could not be read.\n"
	       "# TYPE certty_failed_stores gauge\ncertty_failed_stores %u\n"
	       "# HELP certty_not_after_seconds When a certificate ends, in seconds since 1970.\n"
	       "# TYPE certty_not_after_seconds gauge\n", s->stores_failed);
	for (uint32_t i = 0; i < s->certs->n; i++) {
		g_autoptr(GString) id = g_string_new(NULL);
		struct place at;
		const char *name;
		size_t len;

		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		at = certs_first(s->certs, i);
		name = table_name(at.table, at.row, &len);
		certs_id(s->certs, i, id);
		fputs("certty_not_after_seconds{name=\"", stdout);
		print_label(name, len);
		fputs("\",id=\"", stdout);
		print_label(id->str, id->len);
		fputs("\",store=\"", stdout);
		print_label(at.table->store, strlen(at.table->store));
		printf("\"} %" G_GINT64_FORMAT "\n", certs_not_after(s->certs, i));
	}
}

static int unknown(const char *what)
{
	printf("CERTTY UNKNOWN - %s\n", what);
	return HEALTH_UNKNOWN;
}

int run_check(struct cli *c)
{
	const char *format = c->format ? c->format : "nagios";
	bool is_prom = !strcmp(format, "prom");
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(c->filter ? c->filter : "", &error);
	g_autofree uint64_t *bits = NULL;
	struct limit warning, critical;
	struct snapshot *s;
	struct engine *e;
	struct count n;

	if (!q)
		return unknown(error->message);
	if (!is_prom && strcmp(format, "nagios") && strcmp(format, "text"))
		return unknown("-o takes nagios or prom here");
	if (!read_limit(c->warning ? c->warning : "30d", &warning) ||
	    !read_limit(c->critical ? c->critical : "7d", &critical))
		return unknown("a limit is a time (30d) or a share of life (66%)");
	e = cli_open(c, &error);
	if (!e)
		return unknown(error->message);
	s = cli_fresh(c, e);
	bits = g_new0(uint64_t, s->certs->n / 64 + 1);
	query_certs(q, s, clock_now(), NULL, bits);
	n = count_all(s, bits, clock_now(), &warning, &critical);
	if (s->stores_failed && n.health == HEALTH_OK)
		n.health = HEALTH_WARNING;
	if (!n.all && c->filter)
		n.health = HEALTH_UNKNOWN;
	if (is_prom)
		print_prom(s, bits, &n);
	else
		print_nagios(s, &n);
	engine_give_back(e, s);
	engine_stop(e);
	return is_prom ? 0 : (int)n.health;
}
