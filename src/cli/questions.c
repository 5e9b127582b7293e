/*
 * questions: the questions of a verb as options of its subcommand.
 *
 * One option answers one question.  A secret is never the value of an option: what is given is a
 * descriptor to read it from, or, for an account's, a program that prints it.  Verbs that ask for
 * an account, or ask more of a store by its provider, get the questions of all providers, each
 * once, since the word that says which provider it is may come last.
 */
#include "own.h"

#include <string.h>

static void add(GArray *all, const struct field *f, enum question_kind kind, bool is_account,
		char *option)
{
	struct question q = { .field = f, .kind = kind, .is_account = is_account,
			      .option = g_intern_string(option) };

	g_array_append_val(all, q);
	g_free(option);
}

/* ---- a verb's own ---- */

static void add_own(GArray *all, const struct field *f)
{
	if (f->kind == FIELD_SECRET)
		add(all, f, QUESTION_FD, false, g_strconcat(f->key, "-fd", NULL));
	else
		add(all, f, f->kind == FIELD_BOOL ? QUESTION_FLAG : QUESTION_VALUE, false,
		    g_strdup(f->key));
}

/* ---- an account's ---- */

static char *account_option(const struct field *f, const char *suffix)
{
	g_autofree char *key = g_strconcat(f->key, suffix, NULL);

	return field_account_option(key);
}

static bool is_asked_already(const GArray *all, const struct field *f)
{
	for (guint i = 0; i < all->len; i++) {
		const struct question *q = &g_array_index(all, struct question, i);

		if (q->is_account && !strcmp(q->field->key, f->key))
			return true;
	}
	return false;
}

static void add_of_account(GArray *all, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++) {
		bool is_secret = f->kind == FIELD_SECRET;

		if (is_asked_already(all, f))
			continue;
		add(all, f, is_secret ? QUESTION_FD : QUESTION_VALUE, true,
		    account_option(f, is_secret ? "-fd" : ""));
		if (is_secret)
			add(all, f, QUESTION_COMMAND, true, account_option(f, "-command"));
	}
}

/* ---- what providers ask for a verb ---- */

typedef void table_fn(const struct provider_info *p, const struct verb_questions *q, void *who);

static void each_table(const struct verb *v, table_fn *fn, void *who)
{
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		for (const struct verb_questions *q = (*p)->questions; q && q->fields; q++)
			if (v && q->verb == v->id && q->fields->key)
				fn(*p, q, who);
}

static void add_of_provider(const struct provider_info *p, const struct verb_questions *q, void *who)
{
	GArray *all = who;

	(void)p;
	for (const struct field *f = q->fields; f->key; f++) {
		bool is_secret = f->kind == FIELD_SECRET;

		if (!is_asked_already(all, f))
			add(all, f, is_secret ? QUESTION_FD :
				       f->kind == FIELD_BOOL ? QUESTION_FLAG : QUESTION_VALUE, true,
			    account_option(f, is_secret ? "-fd" : ""));
	}
}

GArray *cli_questions(const struct verb *v)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct question));

	for (const struct field *f = v ? v->fields : NULL; f && f->key; f++)
		add_own(all, f);
	if (v && v->asks_provider)
		each_table(v, add_of_provider, all);
	if (!v || !v->asks_account)
		return all;
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		add_of_account(all, (*p)->account_fields);
	add_of_account(all, account_common_fields);
	return all;
}

GArray *cli_questions_of(const struct cli_command *c)
{
	GArray *all = cli_questions(c ? c->verb : NULL);

	for (guint i = all->len; c && i-- > 0;)
		if (!cli_state_asks(c, g_array_index(all, struct question, i).field))
			g_array_remove_index(all, i);
	return all;
}

const struct provider_info *cli_provider(const char *name)
{
	return name ? provider_info_find(engine_providers(), name) : NULL;
}

char *cli_account_providers(void)
{
	GString *out = g_string_new(NULL);

	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		if ((*p)->account_fields)
			g_string_append_printf(out, "%s%s", out->len ? " " : "", (*p)->name);
	return g_string_free(out, FALSE);
}

/* ---- what must not be typed ---- */

static bool is_secret_in(const struct field *fields, const char *key)
{
	const struct field *f = field_find(fields, key);

	return f && f->kind == FIELD_SECRET;
}

static bool is_secret_of(const struct provider_info *p, const char *key)
{
	for (const struct verb_questions *q = p->questions; q && q->fields; q++)
		if (is_secret_in(q->fields, key))
			return true;
	return is_secret_in(p->account_fields, key) || is_secret_in(p->store_fields, key);
}

bool cli_is_secret(const char *key)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (is_secret_in(verb_table[i].fields, key))
			return true;
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		if (is_secret_of(*p, key))
			return true;
	return is_secret_in(account_common_fields, key);
}

/* ---- for the help ---- */

static void say_one(GString *out, const struct question *q)
{
	static const char *const value[] = {
		[QUESTION_VALUE] = "=VALUE", [QUESTION_FD] = "=FD", [QUESTION_COMMAND] = "=COMMAND",
		[QUESTION_FLAG] = "",
	};
	const struct field *f = q->field;
	g_autofree char *option = g_strconcat("--", q->option, value[q->kind], NULL);

	g_string_append_printf(out, "  %-28s ", option);
	if (q->kind == QUESTION_COMMAND)
		g_string_append(out, "a program that prints it");
	else if (f->hint)
		g_string_append(out, f->hint);
	else
		g_string_append(out, f->label);
	if (q->kind == QUESTION_VALUE && f->kind == FIELD_CHOICE)
		g_string_append_printf(out, " (%s)", f->choices);
	g_string_append_c(out, '\n');
}

static const struct question *find(const GArray *all, const struct field *f, guint *at)
{
	for (; *at < all->len; ++*at) {
		const struct question *q = &g_array_index(all, struct question, *at);

		if (q->is_account && !strcmp(q->field->key, f->key))
			return &g_array_index(all, struct question, (*at)++);
	}
	return NULL;
}

static void say_table(GString *out, const GArray *all, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++) {
		const struct question *q;
		guint at = 0;

		while ((q = find(all, f, &at))) {
			struct question here = *q;

			here.field = f;	/* the hint and choices of this provider */
			say_one(out, &here);
		}
	}
}

struct saying {
	GString *out;
	GArray *all;
};

char *cli_asked_on(const struct provider_info *p, const struct verb_questions *q)
{
	return g_strdup_printf("On %s of %s%s%s", kind_word(verb_table[q->verb].on), p->title,
			       q->store_type ? ", type " : "", q->store_type ? q->store_type : "");
}

static void say_of_provider(const struct provider_info *p, const struct verb_questions *q, void *who)
{
	struct saying *s = who;

	g_autofree char *head = cli_asked_on(p, q);

	g_string_append_printf(s->out, "%s%s:\n", s->out->len ? "\n" : "", head);
	say_table(s->out, s->all, q->fields);
}

char *cli_more_help(const struct cli_command *c)
{
	g_autoptr(GArray) all = cli_questions_of(c);
	const struct verb *v = c->verb;
	GString *out = g_string_new(NULL);

	if (!v->asks_account) {
		each_table(v, say_of_provider, &(struct saying){ out, all });
		return g_string_free(out, FALSE);
	}
	for (const struct provider_info *const *p = engine_providers(); *p; p++) {
		if (!(*p)->account_fields)
			continue;
		g_string_append_printf(out, "With --provider %s (%s):\n", (*p)->name, (*p)->title);
		say_table(out, all, (*p)->account_fields);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "With any provider:\n");
	say_table(out, all, account_common_fields);
	return g_string_free(out, FALSE);
}
