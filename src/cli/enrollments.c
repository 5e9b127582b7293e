/*
 * enrollments: certificates out of a CSV file, each line an enrolment of its own.
 *
 * All lines are read and planned, as enroll --dry-run plans one, before the first is begun: what is wrong
 * with any of them is told by its line, and then nothing is begun.  What was begun is a request that
 * outlives the program, so the same file can be given again: a line whose request is there, or whose
 * certificate is in the store that it names, is left alone.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/csv.h>
#include <certty/base/file.h>
#include <certty/base/text.h>
#include <certty/model/store.h>

#define LINES_MAX 10000u
#define CN	  "cn"
#define SANS	  "sans"
#define ANSWERS	  "key-answers"		/* where columns of a key profile go */
#define ENROLMENT "enroll"		/* the type of their requests */

struct line {
	unsigned number;
	struct command *cmd;
	char *name;		/* its common name */
	char *what;		/* store and name, by which it is known */
	char *wrong;		/* or NULL */
	char *there;		/* why it is left alone, or NULL */
};

/* The file, and the heads of its columns as questions are called. */
struct sheet {
	struct csv *csv;
	char **heads;
};

struct batch {
	struct cli *cli;
	struct engine *engine;
	GPtrArray *lines;	/* struct line */
	guint bad, good, begun, stopped;
};

/* ---- columns ---- */

/* clang-format off */
static const struct field own_columns[] = {
	{ CN,   FIELD_TEXT, "Common name", true,  NULL, NULL, "the main name; it must be among the SANs" },
	{ SANS, FIELD_TEXT, "SANs",        false, NULL, NULL,
	  "all names, as in a.example.org&b.example.org; the common name alone when empty" },
	{ NULL }
};

static const struct {
	const char *key, *sample;
} samples[] = {
	{ CN, "www.example.org" }, { SANS, "www.example.org&api.example.org" },
	{ "key-in", "ACCOUNT/production" }, { "key-profile", "PROFILE" }, { "issuer", "STORE" },
};
/* clang-format on */

static bool is_column(const struct field *f)
{
	return f->kind != FIELD_SECRET && strcmp(f->key, "names") != 0;
}

/* Of the verb, or of any issuer; NULL: nobody asks for that. */
static const struct field *find_column(const char *head)
{
	const struct field *f = field_find(verb_table[VERB_ENROLL].fields, head);

	for (const struct provider_info *const *p = engine_providers(); !f && *p; p++)
		for (const struct verb_questions *q = (*p)->questions; !f && q && q->fields; q++)
			f = q->verb == VERB_ENROLL ? field_find(q->fields, head) : NULL;
	return f && is_column(f) ? f : NULL;
}

/* Of a key profile, which the line's own word goes over; NULL: of none. */
static const struct field *find_key_column(const char *head)
{
	const struct field *f = NULL;

	for (const struct provider_info *const *p = engine_providers(); !f && *p; p++)
		f = (*p)->key_fields && !find_column(head) ? field_find((*p)->key_fields, head) : NULL;
	return f;
}

static char **heads_of(const struct csv *csv)
{
	char **heads = g_new0(char *, csv_columns(csv) + 1);

	for (size_t i = 0; i < csv_columns(csv); i++)
		heads[i] = g_strstrip(g_ascii_strdown(csv_unguarded(csv_head(csv, i)), -1));
	return heads;
}

static bool check_columns(const struct sheet *s, GError **error)
{
	for (size_t i = 0; s->heads[i]; i++) {
		g_autofree char *shown = text_harmless_dup(s->heads[i], 80);

		if (field_find(own_columns, s->heads[i]) || find_column(s->heads[i]) ||
		    find_key_column(s->heads[i]))
			continue;
		g_set_error(error, ERR, ERR_FORMAT, "line 1, column %zu: nothing is called '%s'; certty "
			    "enrollments template says what there is", i + 1, shown);
		return false;
	}
	if (g_strv_contains((const char *const *)s->heads, CN))
		return true;
	g_set_error(error, ERR, ERR_FORMAT, "line 1: there is no column " CN ", the common name");
	return false;
}

/* ---- the template ---- */

static void put_column(GString *head, GString *sample, const struct field *f)
{
	const char *value = "";

	if (!is_column(f))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
		if (!strcmp(samples[i].key, f->key))
			value = samples[i].sample;
	csv_put(head, f->key, !head->len);
	csv_put(sample, value, !sample->len);
	fprintf(stderr, "%-24s %s%s%s%s\n", f->key, f->needed && !f->fallback ? "needed: " : "", f->hint,
		f->choices && f->kind == FIELD_CHOICE ? "; one of " : "",
		f->choices && f->kind == FIELD_CHOICE ? f->choices : "");
}

static int put_template(struct cli *c)
{
	const struct provider_info *p = c->provider ? cli_provider(c->provider) : NULL;
	g_autoptr(GString) head = g_string_new(NULL), sample = g_string_new(NULL);

	if (c->words[0])
		return cli_usage("%s takes no words", c->command);
	if (c->provider && !p)
		return cli_usage("%s is no provider", c->provider);
	for (const struct field *f = own_columns; f->key; f++)
		put_column(head, sample, f);
	for (const struct field *f = verb_table[VERB_ENROLL].fields; f->key; f++)
		put_column(head, sample, f);
	for (const struct verb_questions *q = p ? p->questions : NULL; q && q->fields; q++)
		for (const struct field *f = q->fields; q->verb == VERB_ENROLL && f->key; f++)
			put_column(head, sample, f);
	for (const struct field *f = p ? p->key_fields : NULL; f && f->key; f++)
		if (!find_column(f->key))
			put_column(head, sample, f);
	g_string_append_printf(head, "\n%s\n", sample->str);
	cli_print(head);
	return 0;
}

/* ---- one line ---- */

static void line_free(void *line)
{
	struct line *l = line;

	command_free(l->cmd);
	g_free(l->name);
	g_free(l->what);
	g_free(l->wrong);
	g_free(l->there);
	g_free(l);
}

static bool wrong(struct line *l, const char *format, const char *what)
{
	g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
	g_autofree char *shown = text_harmless_dup(what, 400), *said = g_strjoinv(shown, parts);

	g_free(l->wrong);
	l->wrong = g_strdup_printf("line %u: %s", l->number, said);
	return false;
}

static const char *cell(const struct sheet *s, size_t row, const char *key)
{
	for (size_t i = 0; s->heads[i]; i++)
		if (!strcmp(s->heads[i], key))
			return csv_unguarded(csv_cell(s->csv, row, i));
	return "";
}

/* The common name first, then the SANs as they stand; it has to be one of them, where there are any. */
static bool put_names(struct line *l, const char *cn, const char *sans)
{
	g_auto(GStrv) parts = g_strsplit_set(sans, "&, ;\t\n", -1);
	g_autoptr(GString) names = g_string_new(cn);
	guint n = 0;
	bool is_in = false;

	if (!*cn)
		return wrong(l, "the common name is missing%s", "");
	if (strpbrk(cn, "&, ;\t\n"))
		return wrong(l, "the common name is one name, and '%s' is not", cn);
	for (char **part = parts; *part; part++) {
		bool is_cn = !g_ascii_strcasecmp(*part, cn);

		is_in = is_in || is_cn;
		n += **part != 0;
		if (**part && !is_cn)
			g_string_append_printf(names, ",%s", *part);
	}
	if (n && !is_in)
		return wrong(l, "the common name %s is not among its SANs", cn);
	args_set(l->cmd->args, "names", names->str);
	return true;
}

/* The store that its key is made in, as the engine chooses it. */
static const char *key_store(const struct line *l, const struct snapshot *s)
{
	const char *named = args_text(l->cmd->args, "key-in", "");
	const struct items *all = s->kind[KIND_STORES];

	for (size_t i = 0; !*named && i < all->n; i++) {
		const struct store *st = all->item[i];

		if (!strcmp(st->type, "repository"))
			return st->id;
	}
	return named;
}

static char *what_is(const char *store, const char *name, gssize len)
{
	g_autofree char *low = g_ascii_strdown(name, len);

	return g_strconcat(store, "\n", low, NULL);
}

/* Over what the profile says; such answers stand beside each other, so none of them may hold a ';'. */
static bool put_key_answer(struct line *l, const char *key, const char *value)
{
	const char *before = args_text(l->cmd->args, ANSWERS, "");
	g_autofree char *both = g_strdup_printf("%s%s%s=%s", before, *before ? ";" : "", key, value);

	if (strchr(value, ';'))
		return wrong(l, "%s may have no ';' in it", key);
	args_set(l->cmd->args, ANSWERS, both);
	return true;
}

/* of_key: what goes over a key profile, else what goes by its own name. */
static bool put_answers(struct line *l, const struct sheet *sheet, size_t row, bool of_key)
{
	for (size_t i = 0; sheet->heads[i]; i++) {
		const char *head = sheet->heads[i], *value = csv_unguarded(csv_cell(sheet->csv, row, i));
		bool is_of_key = find_key_column(head) != NULL;

		if (!*value || field_find(own_columns, head) || is_of_key != of_key)
			continue;
		if (!of_key)
			args_set(l->cmd->args, head, value);
		else if (!put_key_answer(l, head, value))
			return false;
	}
	return true;
}

static struct line *read_line(const struct sheet *sheet, size_t row, const struct snapshot *s)
{
	struct line *l = g_new0(struct line, 1);
	g_autofree char *cn = g_strstrip(g_strdup(cell(sheet, row, CN)));
	g_autoptr(GError) error = NULL;

	l->number = csv_line(sheet->csv, row);
	l->name = text_harmless_dup(cn, 100);
	l->cmd = command_new(VERB_ENROLL, NULL);
	/* Those of a profile last, for a column of all such answers may stand anywhere. */
	if (!put_answers(l, sheet, row, false) || !put_answers(l, sheet, row, true))
		return l;
	if (!put_names(l, cn, cell(sheet, row, SANS)))
		return l;
	if (!cli_fit(l->cmd, s, &error))
		wrong(l, "%s", error->message);
	else
		l->what = what_is(key_store(l, s), cn, -1);
	return l;
}

/* ---- what is there already ---- */

static bool is_new_key(const struct line *l)
{
	return !*args_text(l->cmd->args, "key-of", "");
}

static void look_among_requests(struct line *l, const struct snapshot *s)
{
	const struct items *all = s->kind[KIND_REQUESTS];

	for (size_t i = 0; i < all->n && !l->there; i++) {
		const struct request *r = all->item[i];
		g_autofree char *what = !strcmp(r->type, ENROLMENT) ? what_is(r->store, r->title, -1) : NULL;

		if (!what || strcmp(what, l->what) != 0)
			continue;
		if (request_is_waiting(r))
			l->there = g_strdup_printf("is begun already, as the request %s", r->id);
		else if (is_new_key(l) && r->state == REQUEST_ISSUED)
			l->there = g_strdup_printf("was made already, by the request %s", r->id);
	}
}

/* Names of certificates by store, of the stores that lines name. */
static GHashTable *held(const struct snapshot *s)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (uint32_t i = 0; i < s->certs->n_tables; i++) {
		const struct table *t = s->certs->table[i];

		for (uint32_t row = 0; row < t->n; row++) {
			size_t len;
			const char *name = table_name(t, row, &len);

			g_hash_table_add(all, what_is(t->store, name, (gssize)len));
		}
	}
	return all;
}

static void look_for(struct batch *b, const struct snapshot *s)
{
	g_autoptr(GHashTable) certs = held(s), seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < b->lines->len; i++) {
		struct line *l = b->lines->pdata[i];
		const struct line *same = l->what ? g_hash_table_lookup(seen, l->what) : NULL;
		g_autofree char *other = same ? g_strdup_printf("%u", same->number) : NULL;

		if (!l->what)
			continue;
		if (same) {
			wrong(l, "it is for the same name and the same store as line %s", other);
			continue;
		}
		g_hash_table_insert(seen, l->what, l);
		look_among_requests(l, s);
		if (!l->there && is_new_key(l) && g_hash_table_contains(certs, l->what))
			l->there = g_strdup_printf("is in %s already", key_store(l, s));
	}
}

/* ---- what would be done ---- */

/* As the makers of the key, the issuer and the places that it goes to see it; nobody is asked. */
static void plan(struct batch *b, struct line *l)
{
	struct command *cmd = command_dup(l->cmd);
	struct cli_outcome o;

	cmd->is_dry = true;
	cli_do(b->engine, cmd, &o);
	if (o.failed || o.cancelled)
		wrong(l, "%s", o.said ? o.said : "it cannot be planned");
	cli_outcome_done(&o);
}

static void tell(const struct line *l)
{
	const char *of = args_text(l->cmd->args, "key-of", "");

	if (l->wrong)
		fprintf(stderr, "certty: %s\n", l->wrong);
	else if (l->there)
		printf("line %u: %s %s: left alone\n", l->number, l->name, l->there);
	else
		printf("line %u: %s begins%s%s\n", l->number, l->name,
		       *of ? ": a new key for enrollment " : "", of);
}

static void plan_all(struct batch *b)
{
	for (guint i = 0; i < b->lines->len; i++) {
		struct line *l = b->lines->pdata[i];

		if (!l->wrong && !l->there)
			plan(b, l);
		tell(l);
		b->bad += l->wrong != NULL;
		b->good += !l->wrong && !l->there;
	}
	fflush(stdout);
}

static bool may_go_on(const struct batch *b, GError **error)
{
	char answer[16];

	if (b->cli->is_dry || !b->good) {
		puts(b->good ? "Nothing was begun: this is what would be." : "There is nothing to begin.");
		return false;
	}
	if (b->cli->is_yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		fputs("Nothing was begun; --yes does it.\n", stderr);
		return false;
	}
	fprintf(stderr, "Begin %u enrolment%s? [y/N] ", b->good, b->good == 1 ? "" : "s");
	if (fgets(answer, sizeof(answer), stdin) && !g_ascii_strcasecmp(g_strstrip(answer), "y"))
		return true;
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was begun");
	return false;
}

/* ---- doing it ---- */

/* False: somebody broke it off. */
static bool begin(struct batch *b, const struct line *l)
{
	struct command *cmd = command_dup(l->cmd);
	struct cli_outcome o;
	bool goes_on;

	cmd->is_yes = true;
	cli_do(b->engine, cmd, &o);
	goes_on = !o.cancelled;
	b->begun += !o.failed;
	b->stopped += o.failed || o.partly;
	fprintf(o.failed ? stderr : stdout, "%sline %u: %s\n", o.failed ? "certty: " : "", l->number,
		o.said ? o.said : l->name);
	fflush(stdout);
	for (char **t = o.troubles; *t; t++)
		if (g_strcmp0(*t, o.said))
			fprintf(stderr, "  %s\n", *t);
	cli_outcome_done(&o);
	return goes_on;
}

static bool begin_all(struct batch *b, GError **error)
{
	bool goes_on = true;

	for (guint i = 0; i < b->lines->len && goes_on; i++) {
		const struct line *l = b->lines->pdata[i];

		if (!l->wrong && !l->there)
			goes_on = begin(b, l);
	}
	printf("%u of %u begun\n", b->begun, b->good);
	fflush(stdout);
	if (!goes_on)
		g_set_error(error, ERR, ERR_CANCELLED, "it was broken off; the same file begins the others");
	else if (b->stopped || b->bad)
		g_set_error(error, ERR, ERR_PARTLY, "%u line%s not gone through; what was begun is a request",
			    b->stopped + b->bad, b->stopped + b->bad == 1 ? " has" : "s have");
	return goes_on && !b->stopped && !b->bad;
}

/* ---- the file ---- */

static bool read_sheet(struct sheet *s, GBytes *bytes, GError **error)
{
	s->csv = csv_read(bytes, error);
	if (!s->csv)
		return false;
	s->heads = heads_of(s->csv);
	if (csv_rows(s->csv) <= LINES_MAX)
		return check_columns(s, error);
	g_set_error(error, ERR, ERR_LIMIT, "more than %u lines", LINES_MAX);
	return false;
}

static void sheet_done(struct sheet *s)
{
	csv_free(s->csv);
	g_strfreev(s->heads);
}

static bool read_lines(struct batch *b, const char *path, GError **error)
{
	g_autofree char *whole = file_absolute(path);
	g_autoptr(GBytes) bytes = file_read(whole, CSV_BYTES, NULL, error);
	struct sheet sheet = { 0 };
	bool is_read = bytes && read_sheet(&sheet, bytes, error);
	struct snapshot *s = is_read ? engine_wait_loaded(b->engine) : NULL;

	for (size_t row = 0; is_read && row < csv_rows(sheet.csv); row++)
		g_ptr_array_add(b->lines, read_line(&sheet, row, s));
	if (is_read)
		look_for(b, s);
	else if (bytes)
		g_prefix_error(error, "%s: ", path);
	if (s)
		engine_give_back(b->engine, s);
	sheet_done(&sheet);
	return is_read;
}

static bool import(struct batch *b, const char *path, GError **error)
{
	if (!read_lines(b, path, error))
		return false;
	plan_all(b);
	if (b->bad && !(b->cli->is_partial && b->good)) {
		g_set_error(error, ERR, ERR_FORMAT, "%u of %u lines %s bad, so nothing was begun%s", b->bad,
			    b->lines->len, b->bad == 1 ? "is" : "are",
			    b->good ? "; --partial begins the others" : "");
		return false;
	}
	return may_go_on(b, error) ? begin_all(b, error) : !*error;
}

static int run_enrollments_import(struct cli *c)
{
	struct batch b = { .cli = c };
	GError *error = NULL;
	bool ok;

	if (!c->words[0] || c->words[1])
		return cli_usage("%s takes one file", c->command);
	if (c->is_read_only)
		return cli_fail(g_error_new(ERR, ERR_REFUSED, "read-only: %s is refused", c->command));
	b.engine = cli_open(c, &error);
	if (!b.engine)
		return cli_fail(error);
	b.lines = g_ptr_array_new_with_free_func(line_free);
	ok = import(&b, c->words[0], &error);
	g_ptr_array_unref(b.lines);
	engine_stop(b.engine);
	return ok ? 0 : cli_fail(error);
}

int run_enrollments(struct cli *c)
{
	if (g_str_has_suffix(c->command, " template"))
		return put_template(c);
	if (g_str_has_suffix(c->command, " import"))
		return run_enrollments_import(c);
	return cli_usage("%s takes template, or import and a file", c->command);
}
