/*
 * cps_call: calls of CPS, and what good answers have.
 *
 * Every call of an account counts against one limit, 35 a minute, which other programs share; so all are
 * sent at that pace, a few at once and then one after the other, and all wait when one was turned away.
 * The shape of each answer is chosen by its media type, and numbers come as numbers or as texts.
 */
#include "cps.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define ROOT	   "/cps/v2"
#define TYPE	   "application/vnd.akamai.cps.%s+json"
#define RATE	   (35.0 / 60)
#define BURST	   18		/* of the 20 that are let through at once */
#define MOST	   35		/* in any minute, and a second for those that are long under way */
#define PER	   61
#define PAUSE	   60		/* seconds, when CPS does not say how long */
#define TIMEOUT_MS 120000	/* lists of large accounts take long */

const char *const cps_network_words[CPS_NETWORKS] = { CPS_PRODUCTION, CPS_STAGING };
const char *const cps_network_titles[CPS_NETWORKS] = { "Production", "Staging" };

unsigned cps_network_of(const struct store *s)
{
	return strcmp(s->type, CPS_STAGING) ? CPS_ON_PRODUCTION : CPS_ON_STAGING;
}

void *cps_call_mine(struct op *op, size_t size, GDestroyNotify done)
{
	struct akamai *a = op->scratch;

	if (!a->mine) {
		a->mine = g_malloc0(size);
		a->free_mine = done;
	}
	return a->mine;
}

static void set_pace(struct request_out *r)
{
	r->pace = (struct pace){ g_strdup("cps calls"), RATE, BURST, MOST, PER, PAUSE };
	r->timeout_ms = TIMEOUT_MS;
}

struct request_out *cps_call_get(const struct op *op, const char *entity, const char *path)
{
	g_autofree char *accept = g_strdup_printf(TYPE, entity), *whole = g_strconcat(ROOT, path, NULL);
	struct request_out *r = akamai_ask(op->access, whole, accept);

	set_pace(r);
	return r;
}

struct request_out *cps_call_send(const struct op *op, const char *method, const char *entity,
				  const char *path, const char *given, const char *body)
{
	struct request_out *r = cps_call_get(op, entity, path);
	g_autofree char *type = given ? g_strdup_printf(TYPE, given) : NULL;

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = false;
	if (!given)
		return r;
	exchange_set_body(r, body, strlen(body));
	exchange_header(r, "Content-Type", type);
	return r;
}

char *cps_call_list_path(const struct op *op, const char *path)
{
	const char *contract = args_text(op->access->with, AKAMAI_CONTRACT, "");

	if (g_str_has_prefix(contract, "ctr_"))		/* how other APIs of Akamai write it */
		contract += strlen("ctr_");
	return g_strconcat(path, *contract ? "?contractId=" : NULL, contract, NULL);
}

bool cps_call_is_gone(const struct reply *r)
{
	return !r->error && r->status == 404;
}

bool cps_call_is_unknown(const struct reply *r)
{
	return cps_call_is_gone(r) || (!r->error && r->status == 406);
}

static bool is_object(const struct reply *r)
{
	gsize len = 0;
	const char *at = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	while (len && g_ascii_isspace(*at)) {
		at++;
		len--;
	}
	return len && *at == '{';
}

struct json *cps_call_json(const struct op *op, const struct reply *r, const char *what, GError **error)
{
	GError *why = NULL;
	struct json *j;
	gsize len = 0;
	const void *bytes;

	if (!akamai_ask_is_good(r, what, op->now, error))
		return NULL;
	if (!is_object(r)) {
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer is not what CPS answers; is there a proxy "
			    "before it?", what);
		return NULL;
	}
	bytes = g_bytes_get_data(r->body, &len);
	j = json_parse(bytes, len, EXCHANGE_BODY_MAX, &why);
	if (j)
		return j;
	g_set_error(error, ERR, ERR_REPLY, "%s: the answer broke off, or is damaged: %s", what, why->message);
	g_error_free(why);
	return NULL;
}

/* ---- reading ---- */

char *cps_text(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text_harmless_dup(text ? text : "", CPS_TEXT_MAX);
}

static bool is_number(const char *s)
{
	size_t len = strlen(s);

	return len && len < 19 && strspn(s, "0123456789") == len;
}

char *cps_id_of_location(const char *location)
{
	const char *last = location ? strrchr(location, '/') : NULL;

	return g_strdup(last && is_number(last + 1) ? last + 1 : "");
}

char *cps_id(const struct json *j)
{
	const char *text = json_str(j, "id");
	int64_t number;

	if (text && is_number(text))
		return g_strdup(text);
	if (json_int(j, "id", &number) && number > 0)
		return g_strdup_printf("%" G_GINT64_FORMAT, number);
	return cps_id_of_location(json_str(j, "location"));
}

/* As in 2026-05-09T19:26:59Z, with fractions, or with a small z. */
int64_t cps_time(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);
	g_autofree char *plain = NULL;
	int64_t when;

	if (!text || strlen(text) < 19 || strlen(text) > 40)
		return 0;
	plain = g_strdup_printf("%.19sZ", text);
	return clock_read_date(plain, &when) ? when : 0;
}

char **cps_texts(const struct json *list)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < MIN(json_count(list), CPS_LIST_MAX); i++) {
		g_autofree char *text = text_harmless_dup(json_text(json_at(list, i)), CPS_TEXT_MAX);

		if (text)
			g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

char *cps_numbers(const struct json *list)
{
	GString *all = g_string_new(NULL);
	int64_t number;

	for (size_t i = 0; i < MIN(json_count(list), 100); i++)
		if (json_int_at(list, i, &number))
			g_string_append_printf(all, "%s%" G_GINT64_FORMAT, all->len ? " " : "", number);
	return g_string_free(all, FALSE);
}

bool cps_flag(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text ? !strcmp(text, "true") : json_bool(j, key, false);
}
