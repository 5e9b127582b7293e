/*
 * show: one thing in full: as lines for people, as JSON or PEM for programs.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/detail.h>

/* The id of a detail for what a person typed: "requests/…", or the id, the beginning of it or
 * the name of anything.  Certificates come first, as they are what is mostly meant. */
static char *find_target(const struct snapshot *s, const char *typed)
{
	static const enum kind order[] = { KIND_CERTS, KIND_REQUESTS, KIND_STORES, KIND_DISCOVERY,
					   KIND_DOMAINS, KIND_OBJECTS, KIND_JOBS, KIND_ACCOUNTS };
	const char *slash = strchr(typed, '/');
	g_autofree char *word = slash ? g_strndup(typed, (gsize)(slash - typed)) : NULL;
	enum kind kind;

	if (word && kind_read(word, &kind))
		return g_strdup(typed);
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		g_autofree char *id = cli_find_id(s, order[i], typed);

		if (id)
			return g_strdup_printf("%s/%s", kind_word(order[i]), id);
	}
	return NULL;
}

static void print_lines(const struct detail *d)
{
	int width = 4;

	for (size_t i = 0; i < d->n; i++)
		width = MAX(width, text_width(d->line[i].label, -1));
	for (size_t i = 0; i < d->n; i++) {
		g_autoptr(GString) label = g_string_new(NULL);

		text_fit(label, d->line[i].label, width, ALIGN_LEFT);
		if (*d->line[i].text)
			printf("%s  %s\n", label->str, d->line[i].text);
		else
			printf("\n%s\n", d->line[i].label);
	}
}

/* Things that have no JSON of their own: their lines. */
static void print_json_lines(const struct detail *d)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", VIEW_SCHEMA);
	json_put_str(&w, "id", d->id);
	json_put_str(&w, "title", d->title);
	json_open(&w, "lines", '[');
	for (size_t i = 0; i < d->n; i++) {
		json_open(&w, NULL, '{');
		json_put_str(&w, "label", d->line[i].label);
		json_put_str(&w, "text", d->line[i].text);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	puts(w.out->str);
	g_string_free(w.out, TRUE);
}

static int print_detail(const struct cli *c, const struct detail *d)
{
	const char *format = c->format ? c->format : "text";

	if (!strcmp(format, "text"))
		print_lines(d);
	else if (!strcmp(format, "json") && d->json)
		puts(d->json);
	else if (!strcmp(format, "json"))
		print_json_lines(d);
	else if (!strcmp(format, "pem") && d->pem)
		fputs(d->pem, stdout);
	else
		return cli_usage("-o takes text or json here, and pem for certificates and "
				 "requests, not %s", format);
	return 0;
}

/* What is known of it, once the engine was asked. */
static int ask(struct cli *c, struct engine *e, const char *target)
{
	struct cli_outcome o;
	gssize i;
	int status;

	cli_do(e, command_new(VERB_SHOW, target), &o);
	i = items_find(o.snap->details, target);
	if (o.failed || i < 0)
		status = cli_fail(g_error_new_literal(ERR, o.failed ? o.code : ERR_FAILED,
						      o.said ? o.said : "it cannot be shown"));
	else
		status = print_detail(c, o.snap->details->item[i]);
	cli_outcome_done(&o);
	return status;
}

int run_show(struct cli *c)
{
	GError *error = NULL;
	struct engine *e;
	struct snapshot *s;
	g_autofree char *target = NULL;
	int status = 130;

	if (!c->words[0] || c->words[1])
		return cli_usage("show takes one id or name, as certty ls gives them");
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	s = cli_fresh(c, e, KIND_REQUESTS, false);
	if (s)
		target = find_target(s, c->words[0]);
	if (target)
		status = ask(c, e, target);
	else if (s)
		status = cli_fail(g_error_new(ERR, ERR_NOT_FOUND, "nothing, or more than one "
					      "thing, is called %s", c->words[0]));
	engine_give_back(e, s);
	engine_stop(e);
	return status;
}
