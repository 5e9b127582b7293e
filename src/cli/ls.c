/*
 * ls: rows of a kind, in any of the forms; and what waits.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

/* The column of that key or title, or -1. */
static gssize find_column(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->n_columns; i++)
		if (!strcmp(v->columns[i].key, name) ||
		    !g_ascii_strcasecmp(v->columns[i].title, name))
			return (gssize)i;
	return -1;
}

/* How a form is written; in one table with its name. */
typedef void write_fn(GString *out, const struct view *v, const struct frame *f,
		      const uint32_t *rows, uint32_t n);

static void write_text(GString *out, const struct view *v, const struct frame *f,
		       const uint32_t *rows, uint32_t n)
{
	view_write_text(out, v, f, rows, n, cli_width());
}

static void write_csv(GString *out, const struct view *v, const struct frame *f,
		      const uint32_t *rows, uint32_t n)
{
	view_write_separated(out, v, f, rows, n, ',');
}

static void write_tsv(GString *out, const struct view *v, const struct frame *f,
		      const uint32_t *rows, uint32_t n)
{
	view_write_separated(out, v, f, rows, n, '\t');
}

static write_fn *find_form(const char *name)
{
	static const struct {
		const char *name;
		write_fn *write;
	} forms[] = {
		{ "text", write_text }, { "json", view_write_json }, { "csv", write_csv },
		{ "tsv", write_tsv },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (!strcmp(forms[i].name, name ? name : "text"))
			return forms[i].write;
	return NULL;
}

/* How many are shown of how many, how old they are, and what failed: for people. */
static void say_footer(const struct view *v, const struct frame *f, uint32_t n)
{
	g_autoptr(GString) line = g_string_new(NULL);
	const struct snapshot *s = f->snap;

	text_count(line, n);
	g_string_append(line, " shown of ");
	text_count(line, view_count(v, s));
	if (s->oldest) {
		g_string_append(line, ", as of ");
		clock_say_as_of(line, f->now, s->oldest);
	}
	if (s->stores_failed)
		g_string_append_printf(line, "; %u store%s failed (certty ls stores)",
				       s->stores_failed, s->stores_failed == 1 ? "" : "s");
	fprintf(stderr, "%s\n", line->str);
}

static int list(struct cli *c, const struct view *v, const char *filter)
{
	write_fn *write = find_form(c->format);
	gssize column = c->sort ? find_column(v, c->sort) : (gssize)v->default_order;
	bool descending = c->reverse != (!c->sort && v->default_descending);
	GError *error = NULL;
	g_autoptr(query) q = query_parse(filter ? filter : "", &error);
	g_autofree uint32_t *rows = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	struct engine *e;
	struct snapshot *s;
	struct frame f;
	int status;
	uint32_t n;

	if (!q)
		return cli_fail(error);
	if (!write)
		return cli_usage("-o takes text, json, csv or tsv here, not %s", c->format);
	if (column < 0)
		return cli_usage("%s have no column %s", kind_word(v->kind), c->sort);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	s = cli_fresh(c, e);
	f = cli_frame(e, s);
	rows = g_new(uint32_t, view_count(v, s) + 1);
	n = view_select(v, &f, q, (size_t)column, descending, NULL, NULL, rows);
	if (n || write != write_text)
		write(out, v, &f, rows, n);
	else
		g_string_append_printf(out, "%s\n", view_count(v, s) ?
				       "Nothing matches the filter." : v->empty);
	cli_print(out);
	if (write == write_text && (isatty(STDERR_FILENO) || s->stores_failed))
		say_footer(v, &f, n);
	status = s->stores_failed ? 3 : 0;
	engine_give_back(e, s);
	engine_stop(e);
	return status;
}

/* --account and --filter together. */
static char *whole_filter(const struct cli *c)
{
	return g_strdup_printf("%s%s%s%s", c->filter ? c->filter : "", c->account ? " account:\"" : "",
			       c->account ? c->account : "", c->account ? "\"" : "");
}

int run_ls(struct cli *c)
{
	g_autofree char *filter = whole_filter(c);
	const char *word = c->words[0] ? c->words[0] : "certs";
	enum kind kind;

	if (!kind_read(word, &kind))
		return cli_usage("ls lists stores, certs, requests, discovery, domains, jobs or "
				 "accounts, not %s", word);
	return list(c, view_table[kind], filter);
}

int cli_list_certs(struct cli *c)
{
	g_autofree char *filter = whole_filter(c);

	return list(c, view_table[KIND_CERTS], filter);
}

int run_pending(struct cli *c)
{
	g_autofree char *filter = whole_filter(c);
	g_autofree char *waiting = c->all ? g_strdup(filter) :
					    g_strdup_printf("state:waits %s", filter);

	return list(c, view_table[KIND_REQUESTS], waiting);
}
