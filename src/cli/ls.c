/*
 * ls: rows of a kind, in any of the forms; and what waits.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

/* ---- forms ---- */

/* How a form is written; in one table with its name. */
typedef void write_fn(GString *out, const struct view *v, const struct frame *f,
		      const uint32_t *rows, uint32_t n);

/* A terminal has its width; a file or a pipe gets every column whole. */
static int width(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

static void write_text(GString *out, const struct view *v, const struct frame *f,
		       const uint32_t *rows, uint32_t n)
{
	if (n)
		view_write_text(out, v, f, rows, n, width());
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

/* ---- one list ---- */

struct list {
	const struct view *view;
	struct query *query;
	write_fn *write;
	size_t column;
	bool descending;
};

/* The column of that key or title, or -1. */
static gssize find_column(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->n_columns; i++)
		if (!strcmp(v->columns[i].key, name) ||
		    !g_ascii_strcasecmp(v->columns[i].title, name))
			return (gssize)i;
	return -1;
}

static char *column_names(const struct view *v)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < v->n_columns; i++)
		if (v->columns[i].certs_order >= 0 || v->kind != KIND_CERTS)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "",
					       v->columns[i].key);
	return g_string_free(out, FALSE);
}

static bool list_read(struct list *l, const struct cli *c, const char *filter, GError **error)
{
	const struct view *v = l->view;
	gssize column = c->sort ? find_column(v, c->sort) : (gssize)v->default_order;

	l->write = find_form(c->format);
	l->descending = c->reverse != (!c->sort && v->default_descending);
	if (column < 0 || (v->kind == KIND_CERTS && v->columns[column].certs_order < 0)) {
		g_autofree char *names = column_names(v);

		g_set_error(error, ERR, ERR_USAGE, "%s cannot be sorted by %s, only by %s",
			    kind_word(v->kind), c->sort, names);
		return false;
	}
	if (!l->write) {
		g_set_error(error, ERR, ERR_USAGE,
			    "-o takes text, json, csv or tsv here, not %s", c->format);
		return false;
	}
	l->column = (size_t)column;
	l->query = query_parse(filter, error);
	return l->query != NULL;
}

/* How many are shown of how many and how old they are: for people. */
static void say_footer(const struct view *v, const struct frame *f, uint32_t n)
{
	g_autoptr(GString) line = g_string_new(NULL);
	const struct snapshot *s = f->snap;

	text_count(line, n);
	g_string_append(line, " shown of ");
	text_count(line, view_count(v, s));
	if (v->kind == KIND_DOMAINS && s->domains_left_out) {
		g_string_append(line, ", at most ");
		text_count(line, s->domains_left_out);
		g_string_append(line, " more left out");
	}
	if (s->oldest) {
		g_string_append(line, ", as of ");
		clock_say_as_of(line, f->now, s->oldest);
	}
	fprintf(stderr, "%s\n", line->str);
}

static void list_print(const struct list *l, struct engine *e, const struct snapshot *s)
{
	struct frame f = cli_frame(e, s);
	g_autofree uint32_t *rows = g_new(uint32_t, view_count(l->view, s) + 1);
	uint32_t n = view_select(l->view, &f, l->query, l->column, l->descending, NULL, NULL, rows);
	g_autoptr(GString) out = g_string_new(NULL);

	l->write(out, l->view, &f, rows, n);
	cli_print(out);
	fflush(stdout);
	cli_tell_failed(s);
	if (l->write == write_text &&
	    (isatty(STDERR_FILENO) || !n || (l->view->kind == KIND_DOMAINS && s->domains_left_out)))
		say_footer(l->view, &f, n);
}

static int list(struct cli *c, enum kind kind, const char *filter)
{
	struct list l = { .view = view_table[kind] };
	GError *error = NULL;
	struct engine *e = NULL;
	struct snapshot *s;
	int status = 130;

	if (list_read(&l, c, filter, &error))
		e = cli_open(c, &error);
	if (!e) {
		query_free(l.query);
		return cli_fail(error);
	}
	s = kind == KIND_ACCOUNTS ? engine_wait_found(e) : cli_fresh(c, e, kind, true);
	if (s) {
		list_print(&l, e, s);
		status = s->stores_failed && kind != KIND_ACCOUNTS ? 3 : 0;
		engine_give_back(e, s);
	}
	engine_stop(e);
	query_free(l.query);
	return status;
}

int run_ls(struct cli *c)
{
	g_autofree char *filter = cli_filter(c);
	const char *word = c->words[0] ? c->words[0] : "certs";
	enum kind kind;

	if (!kind_read(word, &kind) || (c->words[0] && c->words[1]))
		return cli_usage("ls takes one of stores, certs, requests, discovery, domains, "
				 "objects, jobs, accounts and deploys");
	return list(c, kind, filter);
}

int run_pending(struct cli *c)
{
	g_autofree char *filter = cli_filter(c);
	g_autofree char *waiting = c->all ? g_strdup(filter) :
					    g_strdup_printf("state:waits %s", filter);

	if (c->words[0])
		return cli_usage("pending takes no words; --filter chooses among what waits");
	return list(c, KIND_REQUESTS, waiting);
}

/* The group's own list; any other word is one that it does not have. */
static int list_group(struct cli *c, enum kind kind)
{
	g_autofree char *filter = cli_filter(c);

	if (c->words[0] && (strcmp(c->words[0], "ls") || c->words[1]))
		return cli_usage("%s has no word %s; certty --help lists what there is", c->command,
				 strcmp(c->words[0], "ls") ? c->words[0] : c->words[1]);
	return list(c, kind, filter);
}

int run_accounts(struct cli *c)
{
	return list_group(c, KIND_ACCOUNTS);
}

int run_stores(struct cli *c)
{
	return list_group(c, KIND_STORES);
}

int run_objects(struct cli *c)
{
	return list_group(c, KIND_OBJECTS);
}
