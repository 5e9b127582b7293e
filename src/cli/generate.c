/*
 * generate: the parts of the manual that are tables of the program, in mdoc; and the names that
 * must occur in it.  For the manual's making only.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/query.h>
#include <certty/model/rule.h>

#define RULES_SINCE INT64_C(1773532800)	/* 2026-03-15: older ones touch nothing that is still valid */

/* A line that begins with a dot or a quote would be a request. */
static void mdoc_line(GString *out, const char *s)
{
	if (*s == '.' || *s == '\'')
		g_string_append(out, "\\&");
	for (; *s; s++)
		g_string_append(out, *s == '\\' ? "\\e" : (char[]){ *s, 0 });
	g_string_append_c(out, '\n');
}

/* A sentence, in lines that reviewers of the page can read. */
void cli_sentence_say(GString *out, const char *s)
{
	g_autofree char *whole = g_str_has_suffix(s, ".") ? g_strdup(s) : g_strdup_printf("%s.", s);
	g_auto(GStrv) lines = text_wrap(whole, 76);

	for (char **l = lines; *l; l++)
		mdoc_line(out, *l);
}

static void more(GString *out, const char *before, const char *s)
{
	g_autofree char *both = g_strdup_printf("%s: %s", before, s);

	cli_sentence_say(out, both);
}

static void item(GString *out, const char *macro, const char *name, const char *said)
{
	g_string_append_printf(out, ".It %s %s\n", macro, name);
	cli_sentence_say(out, said);
}

static void say_question(GString *out, const struct question *q)
{
	static const char *const value[] = {
		[QUESTION_VALUE] = " Ar value", [QUESTION_FD] = " Ar fd",
		[QUESTION_COMMAND] = " Ar command", [QUESTION_FLAG] = "",
	};
	const struct field *f = q->field;
	g_autofree char *name = g_strdup_printf("-%s%s", q->option, value[q->kind]);
	const char *hint = f->hint ? f->hint : f->label;

	item(out, "Fl", name, q->kind == QUESTION_COMMAND ? "a program that prints it" : hint);
	if (f->kind == FIELD_CHOICE)
		more(out, "One of", f->choices);
	if (q->kind == QUESTION_VALUE && f->fallback)
		more(out, "Default", f->fallback);
}

static bool is_of(const struct question *q, const struct field *fields)
{
	return q->is_account && field_find(fields, q->field->key);
}

/* Those of `all` that are in the table. */
static void say_fields(GString *out, const GArray *all, const struct field *fields)
{
	g_string_append(out, ".Bl -tag -width Ds -compact\n");
	for (guint i = 0; i < all->len; i++) {
		struct question q = g_array_index(all, struct question, i);

		if (!is_of(&q, fields))
			continue;
		q.field = field_find(fields, q.field->key);	/* as this provider puts it */
		say_question(out, &q);
	}
	g_string_append(out, ".El\n");
}

/* What providers ask for a verb beside that. */
static void say_more(GString *out, const struct verb *v, const GArray *all)
{
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		for (const struct verb_questions *q = (*p)->questions; q && q->fields; q++) {
			g_autofree char *head = cli_asked_on(*p, q);

			if (q->verb != v->id || !q->fields->key)
				continue;
			cli_sentence_say(out, head);
			say_fields(out, all, q->fields);
		}
}

/* A verb's own questions; those of accounts are the same for several and stand by themselves. */
static void say_questions(GString *out, const struct cli_command *c)
{
	g_autoptr(GArray) all = cli_questions_of(c);

	if (!c->verb || !strcmp(c->name, "login"))
		return;
	if (c->verb->fields)
		g_string_append(out, ".Bl -tag -width Ds -compact\n");
	for (guint i = 0; c->verb->fields && i < all->len; i++)
		if (!g_array_index(all, struct question, i).is_account)
			say_question(out, &g_array_index(all, struct question, i));
	if (c->verb->fields)
		g_string_append(out, ".El\n");
	if (c->verb->asks_provider)
		say_more(out, c->verb, all);
}

static void say_commands(GString *out)
{
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, ".It Cm %s%s%s\n", c.name, *c.words ? " " : "",
				       c.words);
		cli_sentence_say(out, c.sentence);
		say_questions(out, &c);
	}
}

/* What can be said of an account: by provider, and of all. */
static void say_accounts(GString *out)
{
	g_autoptr(GArray) all = cli_questions(&verb_table[VERB_ACCOUNT_ADD]);

	for (const struct provider_info *const *p = engine_providers(); *p; p++) {
		if (!(*p)->account_fields)
			continue;
		g_string_append_printf(out, ".Ss %s\n", (*p)->title);
		g_string_append_printf(out, ".Ql --provider %s :\n", (*p)->name);
		cli_sentence_say(out, (*p)->sentence);
		say_fields(out, all, (*p)->account_fields);
	}
	g_string_append(out, ".Ss Any provider\n");
	say_fields(out, all, account_common_fields);
}

/* What a test of the connection asks, and what that cannot prove. */
static void say_tests(GString *out)
{
	g_autofree char *any = cli_account_providers();

	if (!*any) {
		g_string_append(out, "there is none in this build.\n");
		return;
	}
	g_string_append(out, ".Bl -tag -width Ds\n");
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		if ((*p)->account_fields && (*p)->test_sentence)
			item(out, "Ic", (*p)->name, (*p)->test_sentence);
	g_string_append(out, ".El\n");
}

static void say_settings(GString *out)
{
	const char *group = "";

	for (const struct setting *s = settings_table; s->group; s++) {
		if (strcmp(group, s->group))
			g_string_append_printf(out, "%s.Ss [%s]\\&\n.Bl -tag -width Ds\n",
					       *group ? ".El\n" : "", s->group);
		group = s->group;
		item(out, "Ic", s->key, s->sentence);
		if (s->choices)
			more(out, "One of", s->choices);
		if (*s->fallback)
			more(out, "Default", s->fallback);
	}
	g_string_append(out, ".El\n");
}

static void say_filters(GString *out)
{
	for (const struct query_key *k = query_keys; k->word; k++) {
		g_string_append_printf(out, ".It Ic %s%s\n", k->word, k->compares ? "" : ":\\&");
		cli_sentence_say(out, k->sentence);
		g_string_append(out, "Example:\n.Ql ");
		mdoc_line(out, k->example);
	}
}

static void say_marks(GString *out)
{
	for (const struct mark *m = mark_table; m->bit; m++)
		item(out, "Ic", m->word, m->sentence);
}

static void say_rules(GString *out)
{
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = &rule_table[i];
		g_autoptr(GString) said = g_string_new(NULL);

		if (r->since < RULES_SINCE)
			continue;
		g_string_append(said, "From ");
		clock_say_date(said, r->since);
		g_string_append_printf(said, " on: %s", r->sentence);
		item(out, "Ic", r->word, said->str);
	}
}

/* What every row of a kind has, in JSON and in CSV. */
static void say_json(GString *out)
{
	for (int k = 0; k < KIND_COUNT; k++) {
		const struct view *v = view_table[k];

		g_string_append_printf(out, ".Ss Keys of %s\n.Bl -tag -width Ds -compact\n"
				       ".It Ic id\nits id, which survives a refresh.\n",
				       kind_word((enum kind)k));
		for (size_t i = 0; i < v->n_columns; i++)
			if ((*v->columns[i].title || v->columns[i].width == COLUMN_HIDDEN) &&
			    strcmp(v->columns[i].key, "id"))
				item(out, "Ic", v->columns[i].key, v->columns[i].sentence);
		g_string_append(out, ".El\n");
	}
}

static void say_names(GString *out)
{
	g_auto(GStrv) options = cli_option_names();
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++)
		g_string_append_printf(out, "command %s\n", c.name);
	for (char **o = options; *o; o++)
		g_string_append_printf(out, "option --%s\n", *o);
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_autoptr(GArray) all = cli_questions(c.verb);

		for (guint k = 0; k < all->len; k++)
			g_string_append_printf(out, "option --%s\n",
					       g_array_index(all, struct question, k).option);
	}
	for (const struct setting *s = settings_table; s->group; s++)
		g_string_append_printf(out, "setting %s\n", s->key);
	for (const struct query_key *k = query_keys; k->word; k++)
		g_string_append_printf(out, "filter %s\n", k->word);
	for (const struct mark *m = mark_table; m->bit; m++)
		g_string_append_printf(out, "mark %s\n", m->word);
}

bool cli_generate(const char *what, GString *out)
{
	static const struct {
		const char *what;
		void (*say)(GString *out);
	} parts[] = {
		{ "commands", say_commands }, { "options", cli_options_say },
		{ "settings", say_settings }, { "filters", say_filters },
		{ "marks", say_marks },	      { "json", say_json },
		{ "accounts", say_accounts }, { "tests", say_tests },
		{ "names", say_names },	      { "rules", say_rules },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (!g_strcmp0(parts[i].what, what)) {
			parts[i].say(out);
			return true;
		}
	return false;
}

int run_generate(struct cli *c)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (!cli_generate(c->words[0], out))
		return cli_usage("generate has no part %s", c->words[0] ? c->words[0] : "");
	cli_print(out);
	return 0;
}
