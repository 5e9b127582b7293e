/*
 * sectigo_call: requests to Sectigo Certificate Manager, lists page by page, and what is in answers.
 *
 * Lists have no cursor and no stable order: whoever takes from one leaves out what came before.  Where the
 * first answer says how many there are, all other pages are asked for together; some do not say it, and
 * such a list is over after a page that is not full.
 */
#include "own.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define PAGE	  200
#define PAGES_MAX 1000

struct page {
	guint list;		/* its place in `paths` */
	uint64_t at;		/* the first thing on it; 0: the first page */
};

struct sectigo_list {
	GPtrArray *paths;	/* char * */
	char *what;
	sectigo_take_fn *take;
	step_fn *then;
	GArray *pages;		/* struct page: all that are asked for */
	GError *error;
	int64_t code;
};

const char *sectigo_call_version(const struct op *op)
{
	const struct args *answers = op->access ? op->access->with : op->account->answers;

	return strcmp(args_text(answers, "sign-in", "password"), "api-key") ? "v1" : "v2";
}

/* clang-format off */
/* How long each sort of call may take on a slow day; the first that fits. */
static const struct { const char *method, *start; int seconds; } patience[] = {
	{ "GET",    "",        60 },
	{ "POST",   "/report", 300 },
	{ "POST",   "/ssl",    180 },	/* an order reaches the CA before it is answered */
	{ "POST",   "/dcv",    120 },	/* the CA looks at DNS, or a web server, meanwhile */
	{ "",       "",        90 },
};
/* clang-format on */

int sectigo_call_seconds(const char *method, const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(patience); i++)
		if ((!*patience[i].method || !strcmp(patience[i].method, method)) &&
		    g_str_has_prefix(path, patience[i].start))
			return patience[i].seconds;
	return 0;
}

struct request_out *sectigo_call(const struct op *op, const char *method, const char *path,
				 const char *body)
{
	struct request_out *r = sectigo_get(op->access->with, path);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = !strcmp(method, "GET");
	r->timeout_ms = sectigo_call_seconds(method, path) * 1000;
	if (body) {
		exchange_set_header(r, "Content-Type", "application/json;charset=utf-8");
		exchange_set_body(r, body, strlen(body));
	}
	return r;
}

struct request_out *sectigo_call_cert(const struct op *op, const char *number)
{
	g_autofree char *path = g_strdup_printf("/ssl/%s/%s?dateFormat=ISO_HMS", sectigo_call_version(op),
						number);

	return sectigo_call(op, "GET", path, NULL);
}

void *sectigo_call_mine(struct op *op, size_t size, GDestroyNotify done)
{
	struct sectigo *s = sectigo_of(op);

	if (!s->mine) {
		s->mine = g_malloc0(size);
		s->free_mine = done;
	}
	return s->mine;
}

/* ---- lists ---- */

static void list_free(struct sectigo_list *l)
{
	if (!l)
		return;
	g_ptr_array_unref(l->paths);
	g_array_unref(l->pages);
	g_free(l->what);
	g_clear_error(&l->error);
	g_free(l);
}

void sectigo_call_done(struct sectigo *s)
{
	list_free(s->list);
	if (s->names)
		g_hash_table_unref(s->names);
	if (s->mine)
		s->free_mine(s->mine);
	if (s->certs)
		s->free_certs(s->certs);
	if (s->acme)
		s->free_acme(s->acme);
	if (s->anchors)
		s->free_anchors(s->anchors);
	if (s->tops)
		g_hash_table_unref(s->tops);
	g_free(s->may);
	g_free(s->password);
	request_unref(s->about);
}

static struct sectigo_list *list_of(struct op *op)
{
	return sectigo_of(op)->list;
}

static void add_page(struct sectigo_list *l, guint list, uint64_t at)
{
	struct page p = { list, at };

	g_array_append_val(l->pages, p);
}

/* Once a page did not come, none is asked for. */
static struct ask ask_page(struct op *op, size_t i)
{
	const struct sectigo_list *l = list_of(op);
	const struct page *p = &g_array_index(l->pages, struct page, i);
	const char *start = l->paths->pdata[p->list];
	g_autofree char *path = g_strdup_printf("%s%csize=%d&position=%" G_GUINT64_FORMAT, start,
						strchr(start, '?') ? '&' : '?', PAGE, p->at);

	if (l->error && !sectigo_refusal_is_denied(l->code))
		return (struct ask){ .send = NULL };
	return (struct ask){ .send = sectigo_call(op, "GET", path, NULL) };
}

/* How many there are, where the answer says so; 0: it does not. */
static uint64_t total_of(const struct reply *r)
{
	const char *total = reply_header(r, "X-Total-Count");
	guint64 n;

	return total && g_ascii_string_to_unsigned(total, 10, 0, G_MAXUINT32, &n, NULL) ? n : 0;
}

/* The pages after one that had n things on it; a server may have shorter ones than were asked for. */
static void add_others(struct sectigo_list *l, struct page p, size_t n, uint64_t total)
{
	if (total && !p.at)
		for (uint64_t at = n; at < total && at / n < PAGES_MAX; at += n)
			add_page(l, p.list, at);
	else if (!total && n >= PAGE && p.at < (uint64_t)PAGES_MAX * PAGE)
		add_page(l, p.list, p.at + n);
}

/* Of several lists one that may not be seen hides no trouble of another. */
static void keep_error(struct sectigo_list *l, GError *error, int64_t code)
{
	if (l->error && !sectigo_refusal_is_denied(l->code)) {
		g_error_free(error);
		return;
	}
	g_clear_error(&l->error);
	l->error = error;
	l->code = code;
}

static void hear_page(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct sectigo_list *l = list_of(op);
	guint before = l->pages->len;
	GError *error = NULL;
	int64_t code = 0;
	g_autoptr(json) j = sectigo_refusal_or_json(r, l->what, &code, &error);
	size_t n = json_members(j) ? 0 : json_count(j);

	(void)none;
	if (json_members(j))
		g_set_error(&error, ERR, ERR_REPLY, "%s: the answer is no list", l->what);
	for (size_t k = 0; k < n; k++)
		l->take(op, json_at(j, k));
	if (error)
		keep_error(l, error, code);
	if (n)
		add_others(l, g_array_index(l->pages, struct page, i), n, total_of(r));
	op_more(op, l->pages->len - before);
}

static struct next all_heard(struct op *op, const struct reply *none)
{
	(void)none;
	return list_of(op)->then(op, NULL);
}

struct next sectigo_call_lists(struct op *op, GPtrArray *paths, const char *what, sectigo_take_fn *take,
			       step_fn *then)
{
	struct sectigo *s = sectigo_of(op);
	struct sectigo_list *l = g_new0(struct sectigo_list, 1);

	list_free(s->list);
	s->list = l;
	l->paths = paths;
	l->what = g_strdup(what);
	l->take = take;
	l->then = then;
	l->pages = g_array_new(FALSE, FALSE, sizeof(struct page));
	for (guint i = 0; i < paths->len; i++)
		add_page(l, i, 0);
	return next_each(paths->len, ask_page, hear_page, all_heard);
}

struct next sectigo_call_list(struct op *op, const char *path, const char *what, sectigo_take_fn *take,
			      step_fn *then)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(paths, g_strdup(path));
	return sectigo_call_lists(op, paths, what, take, then);
}

const GError *sectigo_call_list_error(struct op *op, int64_t *ret_code)
{
	*ret_code = list_of(op)->code;
	return list_of(op)->error;
}

/* ---- what is in answers ---- */

char *sectigo_call_text(const struct json *j, const char *key, size_t max)
{
	const char *text = json_str(j, key);
	int64_t number;

	if (text)
		return text_harmless_dup(text, max);
	return json_int(j, key, &number) ? g_strdup_printf("%" G_GINT64_FORMAT, number) : g_strdup("");
}

char *sectigo_call_word(const struct json *j, const char *key)
{
	g_autofree char *text = sectigo_call_text(j, key, 60), *upper = g_ascii_strup(text, -1);
	g_auto(GStrv) parts = g_strsplit_set(upper, " _-", -1);
	GString *s = g_string_new(NULL);

	for (char **part = parts; *part; part++)
		if (**part)
			g_string_append_printf(s, "%s%s", s->len ? "_" : "", *part);
	return g_string_free(s, FALSE);
}

/* "01/31/2026", as the older door has dates. */
static bool read_american(const char *text, int64_t *ret)
{
	g_autofree char *date = NULL;

	if (strlen(text) < 10 || text[2] != '/' || text[5] != '/')
		return false;
	date = g_strdup_printf("%.4s-%.2s-%.2s", text + 6, text, text + 3);
	return clock_read_date(date, ret);
}

int64_t sectigo_call_date(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);
	g_autofree char *day = text && strlen(text) > 10 && text[4] == '-' ? g_strndup(text, 10) : NULL;
	int64_t when = 0;

	if (!text || clock_read_date(text, &when) || read_american(text, &when))
		return when;
	return day && clock_read_date(day, &when) ? when : 0;
}
