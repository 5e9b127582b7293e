/*
 * ticket: reading and writing what is countersigned, as JSON whose keys are a table.
 */
#include <certty/model/ticket.h>

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/json.h>

#define FORM 1
#define IDENTITY_MAX 200
#define LAST_TIME INT64_C(253402300799)	/* the year 9999 */

/* What stands under a key, and where in the struct. */
enum sort { SORT_FORM, SORT_TEXT, SORT_LIST, SORT_TIME, SORT_BOOL };
struct part {
	const char *key;
	enum sort sort;
	size_t at;
	bool is_bound;		/* two that ask for the same have it in common */
};

#define TICKET(key, sort, bound) { #key, SORT_##sort, offsetof(struct ticket, key), bound }
static const struct part ticket_parts[] = {
	{ "certty-ticket", SORT_FORM, 0, false },
	TICKET(verb, TEXT, true),	TICKET(target, TEXT, true),  TICKET(title, TEXT, true),
	TICKET(account, TEXT, true),	TICKET(store, TEXT, true),   TICKET(digest, TEXT, true),
	TICKET(by, TEXT, true),		TICKET(warnings, LIST, true), TICKET(answers, LIST, true),
	TICKET(review, LIST, false),	TICKET(since, TIME, false),  TICKET(until, TIME, false),
	{ 0 }
};

#define ANSWER(key, word, sort) { word, SORT_##sort, offsetof(struct ticket_answer, key), false }
static const struct part answer_parts[] = {
	{ "certty-answer", SORT_FORM, 0, false },
	ANSWER(ticket, "ticket", TEXT), ANSWER(by, "by", TEXT),	     ANSWER(reason, "reason", TEXT),
	ANSWER(is_yes, "yes", BOOL),	ANSWER(at, "at", TIME),
	{ 0 }
};

static void *place_in(const void *thing, const struct part *p)
{
	return (char *)thing + p->at;
}

/* ---- life ---- */

static void fill(void *thing, const struct part *parts)
{
	for (const struct part *p = parts; p->key; p++)
		if (p->sort == SORT_TEXT)
			*(char **)place_in(thing, p) = g_strdup("");
		else if (p->sort == SORT_LIST)
			*(char ***)place_in(thing, p) = g_new0(char *, 1);
}

static void clear(void *thing, const struct part *parts)
{
	for (const struct part *p = parts; p->key; p++)
		if (p->sort == SORT_TEXT)
			g_free(*(char **)place_in(thing, p));
		else if (p->sort == SORT_LIST)
			g_strfreev(*(char ***)place_in(thing, p));
	g_free(thing);
}

struct ticket *ticket_new(void)
{
	struct ticket *t = g_new0(struct ticket, 1);

	fill(t, ticket_parts);
	return t;
}

void ticket_free(struct ticket *t)
{
	if (t)
		clear(t, ticket_parts);
}

struct ticket_answer *ticket_answer_new(void)
{
	struct ticket_answer *a = g_new0(struct ticket_answer, 1);

	fill(a, answer_parts);
	return a;
}

void ticket_answer_free(struct ticket_answer *a)
{
	if (a)
		clear(a, answer_parts);
}

/* ---- names ---- */

bool ticket_is_name(const char *name)
{
	return strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
}

bool ticket_is_identity(const char *who)
{
	size_t len = strlen(who);

	for (const char *c = who; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("._:@+-", *c))
			return false;
	return len > 0 && len <= IDENTITY_MAX && *who != '-';
}

char *ticket_name(const void *bytes, size_t len)
{
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, len);
}

/* ---- what makes sense ---- */

static bool fail(GError **error, enum err code, const char *what)
{
	g_set_error(error, ERR, (int)code, "%s", what);
	return false;
}

static bool is_ticket(const struct ticket *t, GError **error)
{
	if (!*t->verb || !ticket_is_identity(t->by) || !ticket_is_name(t->digest))
		return fail(error, ERR_FORMAT, "it does not say what is asked, by whom or of what");
	if (g_strv_length(t->answers) % 2 || g_strv_length(t->review) % 2)
		return fail(error, ERR_FORMAT, "an answer or a label in it stands alone");
	if (t->until <= t->since)
		return fail(error, ERR_FORMAT, "it ends before it begins");
	return true;
}

static bool is_answer(const struct ticket_answer *a, GError **error)
{
	if (!ticket_is_name(a->ticket) || !ticket_is_identity(a->by))
		return fail(error, ERR_FORMAT, "it does not say whose answer it is, or to what");
	return a->is_yes || *a->reason || fail(error, ERR_FORMAT, "it refuses without a reason");
}

/* ---- writing ---- */

static bool put_list(struct json_writer *w, const struct part *p, char **list)
{
	bool fits = g_strv_length(list) <= TICKET_LINES;

	json_open(w, p->key, '[');
	for (char **text = list; *text && fits; text++) {
		fits = g_utf8_validate(*text, -1, NULL);
		if (fits)
			json_put_str(w, NULL, *text);
	}
	json_close(w, ']');
	return fits;
}

static bool put(struct json_writer *w, const void *thing, const struct part *p)
{
	const void *at = place_in(thing, p);

	switch (p->sort) {
	case SORT_FORM:
		json_put_int(w, p->key, FORM);
		return true;
	case SORT_TEXT:
		if (!g_utf8_validate(*(char *const *)at, -1, NULL))
			return false;
		json_put_str(w, p->key, *(char *const *)at);
		return true;
	case SORT_LIST:
		return put_list(w, p, *(char **const *)at);
	case SORT_TIME:
		json_put_int(w, p->key, *(const int64_t *)at);
		return true;
	case SORT_BOOL:
		json_put_bool(w, p->key, *(const bool *)at);
		return true;
	}
	return false;
}

static char *write_parts(const void *thing, const struct part *parts, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out, .pretty = true };
	bool fits = true;

	json_open(&w, NULL, '{');
	for (const struct part *p = parts; p->key && fits; p++)
		fits = put(&w, thing, p);
	json_close(&w, '}');
	g_string_append_c(out, '\n');
	if (!fits || out->len > TICKET_MAX) {
		fail(error, fits ? ERR_LIMIT : ERR_FORMAT, fits ?
		     "it is too long to be countersigned" : "it holds what is no UTF-8 text, or too "
		     "many lines");
		return NULL;
	}
	return g_strndup(out->str, out->len);
}

char *ticket_write(const struct ticket *t, GError **error)
{
	return is_ticket(t, error) ? write_parts(t, ticket_parts, error) : NULL;
}

char *ticket_answer_write(const struct ticket_answer *a, GError **error)
{
	return is_answer(a, error) ? write_parts(a, answer_parts, error) : NULL;
}

/* ---- reading ---- */

static bool take_list(const struct json *j, char ***ret)
{
	size_t n = json_count(j);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

	if (!j || n > TICKET_LINES)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *text = json_text(json_at(j, i));

		if (!text)
			return false;
		g_ptr_array_add(all, g_strdup(text));
	}
	g_ptr_array_add(all, NULL);
	g_strfreev(*ret);
	*ret = (char **)g_ptr_array_steal(all, NULL);
	return true;
}

static bool take_text(const char *text, char **ret)
{
	if (!text)
		return false;
	g_free(*ret);
	*ret = g_strdup(text);
	return true;
}

static bool take(const struct json *j, void *thing, const struct part *p)
{
	void *at = place_in(thing, p);
	int64_t number = 0;

	switch (p->sort) {
	case SORT_FORM:
		return json_int(j, p->key, &number) && number == FORM;
	case SORT_TEXT:
		return take_text(json_str(j, p->key), at);
	case SORT_LIST:
		return take_list(json_get(j, p->key), at);
	case SORT_TIME:
		if (!json_int(j, p->key, &number) || number < 0 || number > LAST_TIME)
			return false;
		*(int64_t *)at = number;
		return true;
	case SORT_BOOL:
		*(bool *)at = json_bool(j, p->key, false);
		return true;
	}
	return false;
}

/* Written again it must be the same bytes: then nothing else stands in it, in no other form. */
static bool read_parts(const void *bytes, size_t len, void *thing, const struct part *parts,
		       GError **error)
{
	g_autoptr(json) j = json_parse(bytes, len, TICKET_MAX, error);
	g_autofree char *again = NULL;

	if (!j)
		return false;
	for (const struct part *p = parts; p->key; p++)
		if (!take(j, thing, p)) {
			g_set_error(error, ERR, ERR_FORMAT, "%s is missing in it, or is none", p->key);
			return false;
		}
	again = write_parts(thing, parts, error);
	if (!again)
		return false;
	return (strlen(again) == len && !memcmp(again, bytes, len)) ||
	       fail(error, ERR_FORMAT, "it is not written as certty writes it");
}

struct ticket *ticket_read(const void *bytes, size_t len, GError **error)
{
	g_autoptr(ticket) t = ticket_new();

	if (!read_parts(bytes, len, t, ticket_parts, error) || !is_ticket(t, error))
		return NULL;
	return g_steal_pointer(&t);
}

struct ticket_answer *ticket_answer_read(const void *bytes, size_t len, GError **error)
{
	g_autoptr(ticket_answer) a = ticket_answer_new();

	if (!read_parts(bytes, len, a, answer_parts, error) || !is_answer(a, error))
		return NULL;
	return g_steal_pointer(&a);
}

/* ---- comparing ---- */

bool ticket_is_same(const struct ticket *a, const struct ticket *b)
{
	for (const struct part *p = ticket_parts; p->key; p++) {
		const void *one = place_in(a, p), *two = place_in(b, p);

		if (!p->is_bound)
			continue;
		if (p->sort == SORT_TEXT && strcmp(*(char *const *)one, *(char *const *)two) != 0)
			return false;
		if (p->sort == SORT_LIST &&
		    !g_strv_equal(*(const char *const *const *)one,
				  *(const char *const *const *)two))
			return false;
	}
	return true;
}
