/*
 * checkup: the rows of a doctor's page, as lines and as JSON, and read from it again.
 */
#include <certty/model/checkup.h>

#include <stdarg.h>
#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#define TEXT_MOST 1000		/* bytes of one sentence */
#define JSON_MOST (1u << 20)
#define ROWS_MOST 10000

/* What a row is called for people; its name without dashes else. */
static const struct {
	const char *name, *title;
} titles[] = {
	{ "ca-bundle", "CA bundle" }, { "dns", "DNS" }, { "secret-memory", "Memory for secrets" },
	{ "secret-places", "Secrets" }, { "secrets-file", "Encrypted file" },
};

/* clang-format off */
static const struct {
	const char *word, *said;
	enum tone tone;
} states[CHECKUP_STATE_COUNT] = {
	[CHECKUP_FINE]    = { "fine",    "fine",           TONE_GOOD },
	[CHECKUP_NOTE]    = { "note",    "note",           TONE_NOTICE },
	[CHECKUP_SIGN_IN] = { "sign-in", "sign-in needed", TONE_WARN },
	[CHECKUP_WRONG]   = { "wrong",   "wrong",          TONE_BAD },
};
/* clang-format on */

struct checkup {
	GPtrArray *rows;	/* struct checkup_row */
};

static void row_free(void *row)
{
	struct checkup_row *r = row;

	g_free(r->name);
	g_free(r->title);
	g_free(r->about);
	g_free(r->said);
	g_free(r->what_to_do);
	g_free(r);
}

struct checkup *checkup_new(void)
{
	struct checkup *c = g_new0(struct checkup, 1);

	c->rows = g_ptr_array_new_with_free_func(row_free);
	return c;
}

void checkup_free(struct checkup *c)
{
	if (!c)
		return;
	g_ptr_array_unref(c->rows);
	g_free(c);
}

static char *title_of(const char *name, const char *about)
{
	g_autofree char *plain = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		if (!strcmp(titles[i].name, name))
			plain = g_strdup(titles[i].title);
	if (!plain) {
		plain = g_strdelimit(g_strdup(name), "-", ' ');
		*plain = g_ascii_toupper(*plain);
	}
	return g_strdup_printf("%s%s%s", plain, about ? " " : "", about ? about : "");
}

static void add(struct checkup *c, enum checkup_state state, const char *name, const char *about,
		const char *what_to_do, const char *said)
{
	struct checkup_row *r = g_new0(struct checkup_row, 1);

	r->state = state;
	r->name = text_harmless_dup(name, TEXT_MOST);
	r->about = text_harmless_dup(about, TEXT_MOST);
	r->title = title_of(r->name, r->about);
	r->said = text_harmless_dup(said, TEXT_MOST);
	r->what_to_do = text_harmless_dup(what_to_do, TEXT_MOST);
	g_ptr_array_add(c->rows, r);
}

void checkup_add(struct checkup *c, enum checkup_state state, const char *name, const char *about,
		 const char *what_to_do, const char *format, ...)
{
	g_autofree char *said = NULL;
	va_list args;

	va_start(args, format);
	said = g_strdup_vprintf(format, args);
	va_end(args);
	add(c, state, name, about, what_to_do, said);
}

void checkup_append(struct checkup *c, const struct checkup *more)
{
	for (size_t i = 0; i < checkup_count(more); i++) {
		const struct checkup_row *r = checkup_at(more, i);

		add(c, r->state, r->name, r->about, r->what_to_do, r->said);
	}
}

size_t checkup_count(const struct checkup *c)
{
	return c->rows->len;
}

const struct checkup_row *checkup_at(const struct checkup *c, size_t i)
{
	return c->rows->pdata[i];
}

enum checkup_state checkup_worst(const struct checkup *c)
{
	enum checkup_state worst = CHECKUP_FINE;

	for (size_t i = 0; i < checkup_count(c); i++)
		worst = MAX(worst, checkup_at(c, i)->state);
	return worst;
}

const char *checkup_state_word(enum checkup_state state)
{
	return states[state].word;
}

/* ---- as a page ---- */

static char *json_of(const struct checkup *c)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", CHECKUP_SCHEMA);
	json_put_str(&w, "state", states[checkup_worst(c)].word);
	json_open(&w, "checks", '[');
	for (size_t i = 0; i < checkup_count(c); i++) {
		const struct checkup_row *r = checkup_at(c, i);

		json_open(&w, NULL, '{');
		json_put_str(&w, "name", r->name);
		json_put_str(&w, "about", r->about);
		json_put_str(&w, "state", states[r->state].word);
		json_put_str(&w, "said", r->said);
		json_put_str(&w, "do", r->what_to_do);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

struct detail *checkup_detail(const struct checkup *c)
{
	struct detail *d = detail_new(CHECKUP_ID, "What works here, and what does not");

	for (size_t i = 0; i < checkup_count(c); i++) {
		const struct checkup_row *r = checkup_at(c, i);

		detail_add(d, states[r->state].tone, r->title, "%s: %s%s%s", states[r->state].said,
			   r->said, r->what_to_do ? "; " : "", r->what_to_do ? r->what_to_do : "");
	}
	d->json = json_of(c);
	return d;
}

static bool read_state(const char *word, enum checkup_state *ret)
{
	for (int s = 0; s < CHECKUP_STATE_COUNT; s++)
		if (!g_strcmp0(states[s].word, word)) {
			*ret = (enum checkup_state)s;
			return true;
		}
	return false;
}

struct checkup *checkup_read(const char *text, GError **error)
{
	g_autoptr(json) j = json_parse(text, strlen(text), JSON_MOST, error);
	const struct json *checks = json_get(j, "checks");
	g_autoptr(checkup) c = checkup_new();

	if (!j)
		return NULL;
	for (size_t i = 0; i < MIN(json_count(checks), ROWS_MOST); i++) {
		const struct json *row = json_at(checks, i);
		const char *name = json_str(row, "name"), *said = json_str(row, "said");
		enum checkup_state state;

		if (!name || !said || !read_state(json_str(row, "state"), &state)) {
			g_set_error(error, ERR, ERR_FORMAT, "row %zu of the page is none", i + 1);
			return NULL;
		}
		add(c, state, name, json_str(row, "about"), json_str(row, "do"), said);
	}
	return g_steal_pointer(&c);
}
