/*
 * sectigo_call: requests to Sectigo Certificate Manager, lists page by page, and what is in answers.
 *
 * Lists have no cursor and no stable order, and some answers do not say how many there are: a list is
 * over after a page that is not full, and whoever takes from it leaves out what came before.
 */
#include "own.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define PAGE	  200
#define PAGES_MAX 1000

struct sectigo_list {
	char *path, *what;
	sectigo_take_fn *take;
	step_fn *then;
	guint pages;
	size_t taken;
	GError *error;
	int64_t code;
};

static step_fn page_heard;

const char *sectigo_call_version(const struct op *op)
{
	const struct args *answers = op->access ? op->access->with : op->account->answers;

	return strcmp(args_text(answers, "sign-in", "password"), "api-key") ? "v1" : "v2";
}

struct request_out *sectigo_call(const struct op *op, const char *method, const char *path,
				 const char *body)
{
	struct request_out *r = sectigo_get(op->access->with, path);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = !strcmp(method, "GET");
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
	g_free(l->path);
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

static struct next ask_page(struct op *op)
{
	const struct sectigo_list *l = sectigo_of(op)->list;
	g_autofree char *path = g_strdup_printf("%s%csize=%d&position=%u", l->path,
						strchr(l->path, '?') ? '&' : '?', PAGE, l->pages * PAGE);

	return next_send(sectigo_call(op, "GET", path, NULL), page_heard);
}

struct next sectigo_call_list(struct op *op, const char *path, const char *what, sectigo_take_fn *take,
			      step_fn *then)
{
	struct sectigo *s = sectigo_of(op);

	list_free(s->list);
	s->list = g_new0(struct sectigo_list, 1);
	s->list->path = g_strdup(path);
	s->list->what = g_strdup(what);
	s->list->take = take;
	s->list->then = then;
	return ask_page(op);
}

const GError *sectigo_call_list_error(struct op *op, int64_t *ret_code)
{
	const struct sectigo_list *l = sectigo_of(op)->list;

	*ret_code = l->code;
	return l->error;
}

/* Whether all that there are have come, where the answer says how many that is. */
static bool is_all(const struct sectigo_list *l, const struct reply *r)
{
	const char *total = reply_header(r, "X-Total-Count");
	guint64 n;

	return total && g_ascii_string_to_unsigned(total, 10, 0, G_MAXUINT32, &n, NULL) &&
	       l->taken >= n;
}

static struct next page_heard(struct op *op, const struct reply *r)
{
	struct sectigo_list *l = sectigo_of(op)->list;
	g_autoptr(json) j = sectigo_refusal_or_json(r, l->what, &l->code, &l->error);
	size_t n = json_count(j);

	for (size_t i = 0; i < n; i++)
		l->take(op, json_at(j, i));
	l->taken += n;
	if (j && n >= PAGE && !is_all(l, r) && ++l->pages < PAGES_MAX)
		return ask_page(op);
	return l->then(op, NULL);
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

	return g_strdelimit(g_steal_pointer(&upper), " -", '_');
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
