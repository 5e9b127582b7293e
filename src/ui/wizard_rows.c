/*
 * wizard_rows: the questions of the wizard, which of them are shown, and the command that their
 * answers make.
 */
#include "wizard_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/view/view.h>

#define COMMAND_WORD "command"	/* chosen as the place: programs print the secrets */

/* ---- making them ---- */

static const struct field again_field = {
	"again", FIELD_SECRET, "Once more", true, NULL, NULL,
	"the same again, since nobody can read it back to you", NULL, NULL
};

static const struct field *own_fields(const struct wizard *w)
{
	return w->info ? w->info->account_fields : NULL;
}

static void add(struct wizard *w, enum part part, const struct field *f, const char *value)
{
	struct wizard_answer *a = &w->answers[w->n++];

	a->part = part;
	answer_init(&a->answer, f, value);
}

/* A question of the verb's own table, if it has that. */
static void add_of_verb(struct wizard *w, enum part part, const char *key, const char *value)
{
	const struct field *f = field_find(verb_table[w->verb].fields, key);

	if (f)
		add(w, part, f, value ? value : f->fallback);
}

static bool is_taken(const struct wizard *w, const char *name)
{
	return view_find(view_table[KIND_ACCOUNTS], w->screen->snap, name) != CERTS_NONE;
}

static char *fresh_name(const struct wizard *w)
{
	char *name = g_strdup(w->info->name);

	for (int i = 2; is_taken(w, name); i++) {
		g_free(name);
		name = g_strdup_printf("%s-%d", w->info->name, i);
	}
	return name;
}

/* A secret that is there: where, or the command that prints it. */
static void show_kept(struct wizard_answer *a, const char *place)
{
	const char *command;
	enum rung rung;

	if (!place || !rung_read(place, &rung, &command, NULL))
		return;
	if (rung != RUNG_COMMAND) {
		a->answer.kept = g_strdup(rung_word(rung));
		return;
	}
	answer_by_command(&a->answer, true);
	answer_set(&a->answer, command);
	g_free(a->answer.first);
	a->answer.first = g_strdup(command);
}

static void add_own(struct wizard *w, bool is_seldom)
{
	const struct args *now = w->account ? w->account->answers : NULL;

	for (const struct field *f = own_fields(w); f && f->key; f++) {
		const char *value = now ? args_get(now, f->key) : NULL;

		if (f->is_seldom != is_seldom)
			continue;
		add(w, PART_OWN, f,
		    f->kind == FIELD_SECRET ? NULL : value ? value : f->fallback);
		if (f->kind == FIELD_SECRET)
			show_kept(&w->answers[w->n - 1], value);
	}
}

static void add_common(struct wizard *w)
{
	for (const struct field *f = account_common_fields; f->key; f++) {
		const char *now = w->account ? args_get(w->account->answers, f->key) : NULL;

		add(w, PART_COMMON, f, now ? now : f->fallback);
	}
}

static size_t count(const struct field *fields)
{
	size_t n = 0;

	while (fields && fields[n].key)
		n++;
	return n;
}

/* ---- the place for secrets ---- */

static bool can_keep(const struct wizard *w, enum rung rung)
{
	return w->screen->snap->rung[rung].stand != RUNG_FORBIDDEN;
}

enum rung_stand wizard_stand(const struct wizard *w, enum rung rung)
{
	return w->learnt[rung] ? w->learnt[rung] : w->screen->snap->rung[rung].stand;
}

static bool is_shut(const struct wizard *w, enum rung rung)
{
	enum rung_stand stand = wizard_stand(w, rung);

	return (rung == RUNG_KEYRING || rung == RUNG_FILE) &&
	       (stand == RUNG_LOCKED || stand == RUNG_ABSENT);
}

/* The chosen one, or what a job wanted, as when the secrets stay where they are. */
enum rung wizard_shut(const struct wizard *w)
{
	static const enum rung both[] = { RUNG_KEYRING, RUNG_FILE };

	if (is_shut(w, wizard_rung(w)))
		return wizard_rung(w);
	for (size_t i = 0; i < G_N_ELEMENTS(both); i++)
		if (w->learnt[both[i]] && is_shut(w, both[i]))
			return both[i];
	return RUNG_COUNT;
}

/* How a place stands, in a word or two. */
static char *tell_place(const struct wizard *w, const char *word)
{
	static const char *const stands[] = {
		[RUNG_LOCKED] = "locked", [RUNG_ABSENT] = "none yet",
		[RUNG_UNUSABLE] = "not here",
	};
	const char *what = NULL;

	for (int r = 0; r < RUNG_COUNT; r++)
		if (!strcmp(rung_word((enum rung)r), word) &&
		    wizard_stand(w, (enum rung)r) < G_N_ELEMENTS(stands))
			what = stands[wizard_stand(w, (enum rung)r)];
	return what ? g_strdup_printf("%s: %s", word, what) : g_strdup(word);
}

/* The first that a person would want, as the ladder goes. */
static const char *best_place(const struct wizard *w)
{
	static const enum rung order[] = { RUNG_KEYRING, RUNG_FILE, RUNG_MEMORY };

	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		if (can_keep(w, order[i]) && wizard_stand(w, order[i]) != RUNG_UNUSABLE)
			return rung_word(order[i]);
	return COMMAND_WORD;
}

static void tell_places(struct wizard *w, struct answer *keep)
{
	guint n = g_strv_length(keep->choices);

	g_strfreev(keep->told);
	keep->told = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++)
		keep->told[i] = tell_place(w, keep->choices[i]);
}

static void add_keep(struct wizard *w)
{
	static const enum rung order[] = { RUNG_KEYRING, RUNG_FILE, RUNG_COMMAND, RUNG_MEMORY };
	const struct field *f = field_find(verb_table[w->verb].fields, "keep");
	g_autoptr(GStrvBuilder) choices = g_strv_builder_new();
	struct answer *a;

	if (!f)
		return;
	add(w, PART_KEEP, f, NULL);
	a = &w->answers[w->n - 1].answer;
	if (w->account)
		g_strv_builder_add(choices, f->fallback);
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		if (can_keep(w, order[i]))
			g_strv_builder_add(choices, rung_word(order[i]));
	g_strfreev(a->choices);
	a->choices = g_strv_builder_end(choices);
	a->choice = 0;
	answer_set(a, w->account ? f->fallback : best_place(w));
	g_free(a->first);
	a->first = g_strdup(answer_value(a));
}

static void add_all(struct wizard *w)
{
	g_autofree char *name = w->account ? NULL : fresh_name(w);

	w->open_field = *field_find(verb_table[VERB_UNLOCK].fields, "passphrase");
	w->open_field.needed = true;
	w->n = 0;
	w->answers = g_new0(struct wizard_answer,
			    count(own_fields(w)) + count(account_common_fields) +
			    count(verb_table[w->verb].fields) + 2);
	add_own(w, false);
	add_own(w, true);
	add_of_verb(w, PART_MORE, "title", w->account ? w->account->title : NULL);
	add_of_verb(w, PART_MORE, "untested", NULL);
	if (w->verb != VERB_ACCOUNT_ROTATE)
		add_common(w);
	add_keep(w);
	add(w, PART_OPEN, &w->open_field, NULL);
	add(w, PART_MAKE, &again_field, NULL);
	add_of_verb(w, PART_REMOVE, "remove-file", NULL);
	add_of_verb(w, PART_NAME, "name", name);
	add_of_verb(w, PART_CODE, "code", NULL);
}

void wizard_drop_answers(struct wizard *w)
{
	for (size_t i = 0; i < w->n; i++)
		answer_done(&w->answers[i].answer);
	g_clear_pointer(&w->answers, g_free);
	g_array_set_size(w->rows, 0);
	w->n = 0;
}

void wizard_choose(struct wizard *w, const struct provider_info *info)
{
	wizard_drop_answers(w);
	w->info = info;
	w->at = w->top = 0;
	w->is_unfolded = w->wants_code = false;
	add_all(w);
	wizard_show_rows(w);
}

/* ---- which are shown ---- */

struct wizard_answer *wizard_find(const struct wizard *w, const char *key)
{
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->answers[i].answer.field->key, key))
			return &w->answers[i];
	return NULL;
}

struct answer *wizard_part(const struct wizard *w, enum part part)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->answers[i].part == part)
			return &w->answers[i].answer;
	return NULL;
}

enum rung wizard_rung(const struct wizard *w)
{
	const struct answer *keep = wizard_part(w, PART_KEEP);

	for (int r = 0; keep && r < RUNG_COUNT; r++)
		if (!strcmp(rung_word((enum rung)r), answer_value(keep)))
			return (enum rung)r;
	return RUNG_FOUND;
}

static bool is_of(const struct wizard *w, const struct wizard_answer *a, const struct args *plain)
{
	const struct field *f = a->answer.field;

	if (a->part != PART_OWN)
		return false;
	if (w->verb == VERB_ACCOUNT_ROTATE && f->kind != FIELD_SECRET)
		return false;
	return field_is_asked(f, own_fields(w), plain);
}

bool wizard_is_folded(const struct wizard_answer *a)
{
	return a->part == PART_MORE || a->part == PART_COMMON ||
	       (a->part == PART_OWN && a->answer.field->is_seldom);
}

/* The plain answers as they stand, for questions that hang on others. */
static struct args *plain_answers(const struct wizard *w)
{
	struct args *plain = args_new();

	for (size_t i = 0; i < w->n; i++)
		if (w->answers[i].part == PART_OWN &&
		    w->answers[i].answer.field->kind != FIELD_SECRET)
			answer_put(&w->answers[i].answer, plain);
	return plain;
}

/* What an answer is when nobody gave it. */
static const char *nothing_said(const struct answer *a)
{
	return a->field->fallback ? a->field->fallback : a->choices ? a->choices[0] : "";
}

void wizard_count_folded(const struct wizard *w, unsigned *ret, unsigned *ret_answered)
{
	g_autoptr(args) plain = plain_answers(w);

	*ret = *ret_answered = 0;
	for (size_t i = 0; i < w->n; i++) {
		const struct wizard_answer *a = &w->answers[i];

		if (!wizard_is_folded(a) || (a->part == PART_OWN && !is_of(w, a, plain)))
			continue;
		++*ret;
		*ret_answered += *answer_value(&a->answer) &&
				 g_strcmp0(answer_value(&a->answer), nothing_said(&a->answer));
	}
}

/* Whether any secret is to be kept somewhere by us. */
static bool has_secret(const struct wizard *w, const struct args *plain)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_of(w, &w->answers[i], plain) &&
		    w->answers[i].answer.field->kind == FIELD_SECRET)
			return true;
	return false;
}

static bool is_shown(const struct wizard *w, const struct wizard_answer *a,
		     const struct args *plain, bool keeps)
{
	enum rung shut = wizard_shut(w);

	switch (a->part) {
	case PART_OWN:
		return is_of(w, a, plain) && (w->is_unfolded || !wizard_is_folded(a));
	case PART_MORE:
	case PART_COMMON:
		return w->is_unfolded;
	case PART_KEEP:
		return keeps;
	case PART_OPEN:
		return keeps && shut != RUNG_COUNT;
	case PART_MAKE:
		return keeps && shut != RUNG_COUNT && wizard_stand(w, shut) == RUNG_ABSENT;
	case PART_REMOVE:
		return w->file != NULL;
	case PART_CODE:
		return w->wants_code;
	case PART_NAME:
		break;
	}
	return true;
}

static void add_row(struct wizard *w, enum row_kind kind, struct wizard_answer *of)
{
	struct row row = { kind, of };

	g_array_append_val(w->rows, row);
}

/* By what it was about and not by its place: rows come and go above it. */
static void put_cursor(struct wizard *w, struct row was)
{
	for (guint i = 0; i < w->rows->len; i++) {
		const struct row *r = &g_array_index(w->rows, struct row, i);

		if (r->kind == was.kind && r->of == was.of)
			w->at = i;
	}
	w->at = MIN(w->at, w->rows->len - 1);
}

void wizard_show_rows(struct wizard *w)
{
	struct row was = w->at < w->rows->len ? g_array_index(w->rows, struct row, w->at) :
						(struct row){ ROW_MORE, NULL };
	bool is_first = !w->rows->len, is_folded_there = false;
	g_autoptr(args) plain = plain_answers(w);
	bool keeps = has_secret(w, plain);

	g_array_set_size(w->rows, 0);
	for (size_t i = 0; i < w->n; i++) {
		struct wizard_answer *a = &w->answers[i];

		if (wizard_is_folded(a) && !is_folded_there) {
			add_row(w, ROW_MORE, NULL);
			is_folded_there = true;
		}
		if (a->part == PART_KEEP)
			tell_places(w, &a->answer);
		if (is_shown(w, a, plain, keeps))
			add_row(w, ROW_ANSWER, a);
		if (a->part == PART_MAKE && keeps && wizard_shut(w) != RUNG_COUNT)
			add_row(w, ROW_UNLOCK, NULL);
	}
	if (w->verb == VERB_ACCOUNT_ADD)
		add_row(w, ROW_TEST, NULL);
	add_row(w, ROW_SAVE, NULL);
	if (is_first)
		w->at = 0;
	else
		put_cursor(w, was);
}

void wizard_go_to(struct wizard *w, enum part part)
{
	for (guint i = w->rows->len; i-- > 0;) {
		const struct row *r = &g_array_index(w->rows, struct row, i);

		if (r->of && r->of->part == part)
			w->at = i;
	}
}

bool wizard_is_changed(const struct wizard *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (answer_is_changed(&w->answers[i].answer))
			return true;
	return false;
}

/* ---- checking ---- */

static bool check_name(const struct wizard *w, struct answer *a)
{
	const char *name = answer_value(a);

	if (!answer_check(a, true))
		return false;
	if (!account_id_is_fit(name))
		a->wrong = g_strdup_printf("letters, digits and any of . _ : @ -, a letter or "
					   "digit first, at most %d", ACCOUNT_ID_MAX);
	else if (is_taken(w, name))
		a->wrong = g_strdup_printf("there is an account %s already", name);
	return !a->wrong;
}

static bool check_row(const struct wizard *w, struct row *row)
{
	struct answer *a = row->kind == ROW_ANSWER ? &row->of->answer : NULL;

	if (!a || row->of->part == PART_OPEN || row->of->part == PART_MAKE)
		return true;
	if (row->of->part == PART_NAME)
		return check_name(w, a);
	if (w->account && w->verb == VERB_ACCOUNT_EDIT)	/* what is not said stays */
		return answer_check(a, false);
	return answer_check(a, true);
}

/* What is wrong under "More" must be seen to be mended. */
static void unfold_wrong(struct wizard *w)
{
	g_autoptr(args) plain = plain_answers(w);

	for (size_t i = 0; i < w->n; i++) {
		struct wizard_answer *a = &w->answers[i];

		if (wizard_is_folded(a) && (a->part != PART_OWN || is_of(w, a, plain)) &&
		    !answer_check(&a->answer, false))
			w->is_unfolded = true;
	}
	wizard_show_rows(w);
}

bool wizard_check(struct wizard *w)
{
	guint bad;

	unfold_wrong(w);
	bad = w->rows->len;
	for (guint i = w->rows->len; i-- > 0;)
		if (!check_row(w, &g_array_index(w->rows, struct row, i)))
			bad = i;
	if (bad < w->rows->len)
		w->at = bad;
	return bad >= w->rows->len;
}

/* ---- the command ---- */

/* Of an account that is there only what is said anew; "" takes an answer away. */
static bool put_changed(const struct answer *a, struct args *args)
{
	g_autofree char *command = NULL;

	if (!answer_is_changed(a))
		return true;
	if (answer_is_secret(a) || *answer_value(a))
		return answer_put(a, args);
	command = a->is_command ? field_command_key(a->field) : g_strdup(a->field->key);
	args_set(args, command, "");
	return true;
}

static bool put_own(const struct wizard *w, struct args *args)
{
	g_autoptr(args) plain = plain_answers(w);

	for (size_t i = 0; i < w->n; i++) {
		const struct wizard_answer *a = &w->answers[i];

		if (a->part != PART_COMMON && !is_of(w, a, plain))
			continue;
		if (!(w->account ? put_changed(&a->answer, args) : answer_put(&a->answer, args)))
			return false;
	}
	return true;
}

static bool put_rest(const struct wizard *w, struct args *args)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct wizard_answer *a = &w->answers[i];
		bool is_sent = a->part == PART_NAME || a->part == PART_MORE ||
			       (a->part == PART_KEEP &&
				strcmp(answer_value(&a->answer), COMMAND_WORD)) ||
			       (a->part == PART_CODE && w->wants_code);

		if (!is_sent)
			continue;
		if (!(w->account ? put_changed(&a->answer, args) : answer_put(&a->answer, args)))
			return false;
	}
	return true;
}

static void put_file(const struct wizard *w, struct args *args)
{
	const struct answer *remove = wizard_part(w, PART_REMOVE);
	g_autofree char *path = w->file ? file_absolute(w->file) : NULL;

	if (!path || !remove || strcmp(answer_value(remove), "yes"))
		return;
	args_set(args, "read", path);
	args_set(args, "remove-file", "yes");
}

struct command *wizard_command(const struct wizard *w, bool only_test, GError **error)
{
	struct command *c = command_new(w->verb, w->account ? w->account->id : NULL);

	c->more = own_fields(w);
	c->is_yes = true;
	if (w->verb == VERB_ACCOUNT_ADD)
		args_set(c->args, "provider", w->info->name);
	if (only_test)
		args_set(c->args, "only-test", "yes");
	else
		put_file(w, c->args);
	if (put_own(w, c->args) && put_rest(w, c->args)) {
		/* A code is good for once; all else is asked again, so that the row says how it went. */
		if (!only_test && w->is_proved && w->wants_code)
			args_set(c->args, "untested", "yes");
		return c;
	}
	command_free(c);
	g_set_error(error, ERR, ERR_LIMIT, "There is no protected memory left for the secrets.");
	return NULL;
}
