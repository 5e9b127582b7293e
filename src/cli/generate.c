/*
 * generate: the parts of the manual that are tables of the program, in mdoc; and the names that
 * must occur in it.  For the manual's making only.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/query.h>

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

static void say_questions(GString *out, const struct verb *v)
{
	if (!v || !v->fields)
		return;
	g_string_append(out, ".Bl -tag -width Ds -compact\n");
	for (const struct field *f = v->fields; f->key; f++) {
		g_autofree char *name =
			f->kind == FIELD_SECRET ? g_strdup_printf("-%s-fd Ar fd", f->key) :
			f->kind == FIELD_BOOL	? g_strdup_printf("-%s", f->key) :
						  g_strdup_printf("-%s Ar value", f->key);

		item(out, "Fl", name, f->hint);
		if (f->choices)
			more(out, "One of", f->choices);
		if (f->fallback && f->kind != FIELD_BOOL)
			more(out, "Default", f->fallback);
	}
	g_string_append(out, ".El\n");
}

static void say_commands(GString *out)
{
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, ".It Cm %s%s%s\n", c.name, *c.words ? " " : "",
				       c.words);
		cli_sentence_say(out, c.sentence);
		say_questions(out, c.verb);
	}
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
	for (size_t i = 0; cli_command_at(i, &c); i++)
		for (const struct field *f = c.verb ? c.verb->fields : NULL; f && f->key; f++)
			g_string_append_printf(out, "option --%s%s\n", f->key,
					       f->kind == FIELD_SECRET ? "-fd" : "");
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
		{ "names", say_names },
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
