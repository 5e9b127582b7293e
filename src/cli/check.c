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

int cli_check_unknown(const char *what)
{
	g_autofree char *line = g_strdelimit(g_strdup(what), "|", '/');

	printf("CERTTY UNKNOWN - %s\n", line);
	return HEALTH_UNKNOWN;
}

/* ---- limits ---- */

/* Time left, or share of life used. */
struct limit {
	int64_t span;		/* seconds; -1: not a time */
	int per_mille;		/* -1: not a share */
};

struct limits {
	struct limit warning, critical;
};

static bool read_limit(const char *text, struct limit *ret)
{
	char *end;
	double percent = g_ascii_strtod(text, &end);

	*ret = (struct limit){ .span = -1, .per_mille = -1 };
	if (end == text || strcmp(end, "%"))
		return clock_read_span(text, &ret->span) && ret->span >= 0;
	if (!(percent > 0 && percent <= 100))
		return false;
	ret->per_mille = (int)(percent * 10);
	return true;
}

static bool read_limits(const struct cli *c, struct limits *ret, GError **error)
{
	const struct limit *w = &ret->warning, *cr = &ret->critical;

	if (!read_limit(c->warning ? c->warning : "30d", &ret->warning) ||
	    !read_limit(c->critical ? c->critical : "7d", &ret->critical)) {
		g_set_error(error, ERR, ERR_USAGE, "a limit is a time that is left (30d) or a "
			    "share of life that is used (66%%)");
		return false;
	}
	if ((w->span >= 0 && cr->span > w->span) ||
	    (w->per_mille >= 0 && cr->per_mille >= 0 && cr->per_mille < w->per_mille)) {
		g_set_error(error, ERR, ERR_USAGE,
			    "the critical limit would be reached before the warning");
		return false;
	}
	return true;
}

static bool passed(const struct limit *l, int64_t left, int life)
{
	return l->span >= 0 ? left < l->span : life >= l->per_mille;
}

/* ---- counting ---- */

struct count {
	uint32_t of[3], all;
	uint32_t worst;		/* the certificate that ends first among the worst */
	enum health health;
	int64_t least;		/* seconds left of it */
};

static bool is_chosen(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static enum health judge(const struct certs *c, uint32_t i, int64_t now, const struct limits *l)
{
	int64_t left = certs_not_after(c, i) - now;
	int life = certs_life(c, i, now);

	if (left < 0 || passed(&l->critical, left, life))
		return HEALTH_CRITICAL;
	return passed(&l->warning, left, life) ? HEALTH_WARNING : HEALTH_OK;
}

static struct count count_all(const struct snapshot *s, const uint64_t *bits, int64_t now,
			      const struct limits *l)
{
	struct count n = { .worst = CERTS_NONE, .least = INT64_MAX };

	for (uint32_t i = 0; i < s->certs->n; i++) {
		int64_t left = certs_not_after(s->certs, i) - now;
		enum health h;

		if (!is_chosen(bits, i))
			continue;
		h = judge(s->certs, i, now, l);
		n.of[h]++;
		n.all++;
		if (h > n.health || (h == n.health && left < n.least)) {
			n.health = h;
			n.least = left;
			n.worst = i;
		}
	}
	/* Whoever looked at nothing, or not at all of it, cannot say that all is well. */
	if (!n.all)
		n.health = HEALTH_UNKNOWN;
	else if (s->stores_failed && n.health == HEALTH_OK)
		n.health = HEALTH_WARNING;
	return n;
}

/* ---- Nagios ---- */

static void say_worst(GString *line, const struct snapshot *s, const struct count *n)
{
	struct place at = certs_first(s->certs, n->worst);
	size_t len;
	const char *name = table_name(at.table, at.row, &len);

	g_string_append_printf(line, "; %.*s %s ", (int)len, name, n->least < 0 ? "ended" : "ends");
	clock_say_until(line, 0, n->least);
}

static void print_nagios(const struct snapshot *s, const uint64_t *bits, const struct count *n)
{
	g_autoptr(GString) line = g_string_new(NULL);

	(void)bits;
	g_string_printf(line, "CERTTY %s - %u certificate%s, %u critical, %u warning",
			health_words[n->health], n->all, n->all == 1 ? "" : "s",
			n->of[HEALTH_CRITICAL], n->of[HEALTH_WARNING]);
	if (n->worst != CERTS_NONE)
		say_worst(line, s, n);
	if (s->stores_failed)
		g_string_append_printf(line, "; %u store%s could not be read", s->stores_failed,
				       s->stores_failed == 1 ? "" : "s");
	/* A bar separates the figures: it may not occur before. */
	g_strdelimit(line->str, "|", '/');
	printf("%s | certificates=%u;;;0 critical=%u;;;0 warning=%u;;;0 failed_stores=%u;;;0",
	       line->str, n->all, n->of[HEALTH_CRITICAL], n->of[HEALTH_WARNING], s->stores_failed);
	if (n->worst != CERTS_NONE)
		printf(" least_left=%" G_GINT64_FORMAT "s", n->least);
	putchar('\n');
}

/* ---- Prometheus ---- */

/* A label's value: backslash and quote are escaped; there are no line breaks in harmless text. */
static void put_label(GString *out, const char *key, const char *text, size_t len)
{
	g_string_append_printf(out, "%s=\"", key);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' || text[i] == '"')
			g_string_append_c(out, '\\');
		g_string_append_c(out, text[i]);
	}
	g_string_append_c(out, '"');
}

static void put_cert(GString *out, const struct snapshot *s, uint32_t i)
{
	struct place at = certs_first(s->certs, i);
	g_autoptr(GString) id = g_string_new(NULL);
	size_t len;
	const char *name = table_name(at.table, at.row, &len);

	certs_id(s->certs, i, id);
	g_string_append(out, "certty_certificate_not_after_timestamp_seconds{");
	put_label(out, "name", name, len);
	g_string_append_c(out, ',');
	put_label(out, "id", id->str, id->len);
	g_string_append_c(out, ',');
	put_label(out, "store", at.table->store, strlen(at.table->store));
	g_string_append_printf(out, "} %" G_GINT64_FORMAT "\n", certs_not_after(s->certs, i));
}

static void print_prom(const struct snapshot *s, const uint64_t *bits, const struct count *n)
{
	g_autoptr(GString) out = g_string_new("# HELP certty_certificates Certificates by health.\n"
					      "# TYPE certty_certificates gauge\n");

	for (int h = 0; h < 3; h++)
		g_string_append_printf(out, "certty_certificates{health=\"%s\"} %u\n",
				       health_words[h], n->of[h]);
	g_string_append_printf(out,
			       "# HELP certty_failed_stores Stores that could not be read.\n"
			       "# TYPE certty_failed_stores gauge\ncertty_failed_stores %u\n"
			       "# HELP certty_certificate_not_after_timestamp_seconds "
			       "When a certificate ends.\n"
			       "# TYPE certty_certificate_not_after_timestamp_seconds gauge\n",
			       s->stores_failed);
	for (uint32_t i = 0; i < s->certs->n; i++)
		if (is_chosen(bits, i))
			put_cert(out, s, i);
	cli_print(out);
}

/* ---- check ---- */

struct form {
	const char *name;
	void (*print)(const struct snapshot *s, const uint64_t *bits, const struct count *n);
	bool has_status;	/* the exit status says how the certificates are */
};

static const struct form *find_form(const char *name)
{
	static const struct form forms[] = {
		{ "nagios", print_nagios, true }, { "text", print_nagios, true },
		{ "prom", print_prom, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

/* Whoever collects figures must not find a sentence among them. */
static int cannot(const struct form *form, const char *what)
{
	if (!form || form->has_status)
		return cli_check_unknown(what);
	fprintf(stderr, "certty: %s\n", what);
	return HEALTH_UNKNOWN;
}

static int look(struct cli *c, struct engine *e, const struct form *form, const struct query *q,
		const struct limits *l)
{
	struct snapshot *s = cli_fresh(c, e, KIND_CERTS, true);
	g_autofree uint64_t *bits = NULL;
	struct count n;

	if (!s)
		return cannot(form, "it was broken off");
	bits = g_new0(uint64_t, s->certs->n / 64 + 1);
	query_certs(q, s, clock_now(), NULL, bits);
	n = count_all(s, bits, clock_now(), l);
	form->print(s, bits, &n);
	engine_give_back(e, s);
	return form->has_status ? (int)n.health : 0;
}

int run_check(struct cli *c)
{
	const struct form *form = find_form(c->format ? c->format : "nagios");
	g_autofree char *filter = cli_filter(c);
	g_autoptr(GError) error = NULL;
	/* The system's trust store holds expired roots for ever, and is nobody's to renew. */
	g_autoptr(query) q = query_parse(*filter ? filter : "!trusted", &error);
	struct limits limits;
	struct engine *e;
	int status;

	if (!form || c->words[0])
		return cannot(form, form ? "check takes no words; --filter chooses" :
					   "-o takes nagios, text or prom here");
	if (!q || !read_limits(c, &limits, &error))
		return cannot(form, error->message);
	e = cli_open(c, &error);
	if (!e)
		return cannot(form, error->message);
	status = look(c, e, form, q, &limits);
	engine_stop(e);
	return status;
}
