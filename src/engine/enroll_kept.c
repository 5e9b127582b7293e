/*
 * enroll_kept: what the row of an enrolment remembers, as JSON.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/json.h>

#define KEPT_MAX 65000	/* bytes of a row's memory */

/* clang-format off */
static const struct {
	const char *word, *said;
} stages[ENROLL_STAGES] = {
	[ENROLL_KEY]	= { "key",    "making the key" },
	[ENROLL_ISSUE]	= { "issue",  "asking the issuer" },
	[ENROLL_KEEP]	= { "keep",   "keeping it beside its key" },
	[ENROLL_DEPLOY]	= { "deploy", "deploying it" },
	[ENROLL_VERIFY]	= { "verify", "looking at what is served" },
};
/* clang-format on */

const char *enroll_stage_word(enum enroll_stage stage)
{
	return stages[stage].said;
}

static void served_free(void *p)
{
	struct served *s = p;

	g_free(s->endpoint);
	g_free(s->said);
	g_free(s);
}

void enroll_kept_serve(struct enroll_kept *k, const char *endpoint, bool is_new, const char *said)
{
	struct served *s = g_new0(struct served, 1);

	s->endpoint = g_strdup(endpoint);
	s->said = g_strdup(said);
	s->is_new = is_new;
	g_ptr_array_add(k->served, s);
}

/* ---- reading ---- */

static char *text_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return g_strdup(text ? text : "");
}

static enum enroll_stage stage_of(const char *word)
{
	for (size_t i = 0; i < ENROLL_STAGES; i++)
		if (!strcmp(stages[i].word, word))
			return (enum enroll_stage)i;
	return ENROLL_KEY;
}

static GBytes *bytes_of(const char *base64)
{
	gsize len;
	guchar *bytes = base64 ? g_base64_decode(base64, &len) : NULL;

	if (bytes && len)
		return g_bytes_new_take(bytes, len);
	g_free(bytes);
	return NULL;
}

static void read_lists(struct enroll_kept *k, const struct json *j)
{
	const struct json *asked = json_get(j, "asked"), *chain = json_get(j, "chain");
	const struct json *served = json_get(j, "served");

	for (size_t i = 0; i < json_members(asked); i++) {
		const char *key = json_key_at(asked, i), *value = json_str(asked, key);

		if (key && value)
			args_set(k->asked, key, value);
	}
	for (size_t i = 0; i < json_count(chain); i++) {
		GBytes *der = bytes_of(json_text(json_at(chain, i)));

		if (der)
			g_ptr_array_add(k->chain, der);
	}
	for (size_t i = 0; i < json_count(served); i++) {
		const struct json *one = json_at(served, i);
		g_autofree char *endpoint = text_of(one, "endpoint"), *said = text_of(one, "said");

		enroll_kept_serve(k, endpoint, json_bool(one, "new", false), said);
	}
}

struct enroll_kept *enroll_kept_read(const char *text)
{
	g_autoptr(json) j = text && *text ? json_parse(text, strlen(text), KEPT_MAX, NULL) : NULL;
	struct enroll_kept *k = g_new0(struct enroll_kept, 1);
	g_autofree char *stage = text_of(j, "stage");

	k->token = text_of(j, "token");
	k->about = text_of(j, "about");
	k->place = text_of(j, "place");
	k->stage = stage_of(stage);
	k->is_countersigned = json_bool(j, "countersigned", false);
	k->csr = bytes_of(json_str(j, "csr"));
	k->asked = args_new();
	k->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	k->served = g_ptr_array_new_with_free_func(served_free);
	read_lists(k, j);
	return k;
}

void enroll_kept_free(struct enroll_kept *k)
{
	if (!k)
		return;
	g_free(k->token);
	g_free(k->about);
	g_free(k->place);
	args_free(k->asked);
	g_clear_pointer(&k->csr, g_bytes_unref);
	g_ptr_array_unref(k->chain);
	g_ptr_array_unref(k->served);
	g_free(k);
}

bool enroll_kept_rename(struct enroll_kept *k, const char *from, const char *to)
{
	static const char *const keys[] = { "issuer", "key-in", "to" };
	g_autofree char *there = g_strconcat(from, "/", NULL);
	bool is_its = false;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_auto(GStrv) ids = args_ids(k->asked, keys[i]);
		g_autofree char *joined = NULL;

		for (char **id = ids; id && *id; id++)
			if (!strcmp(*id, from)) {
				store_set(id, to);
				is_its = true;
			}
		joined = ids && *ids ? g_strjoinv(",", ids) : NULL;
		if (joined)
			args_set(k->asked, keys[i], joined);
	}
	if (is_its && g_str_has_prefix(k->about, there)) {
		g_autofree char *about = g_strconcat(to, k->about + strlen(from), NULL);

		store_set(&k->about, about);
	}
	return is_its;
}

struct bundle *enroll_kept_bundle(const struct enroll_kept *k, GError **error)
{
	if (k->chain->len)
		return bundle_new(k->chain->pdata[0], (GBytes *const *)k->chain->pdata + 1,
				  k->chain->len - 1, NULL, error);
	g_set_error(error, ERR, ERR_NOT_FOUND, "the certificate that was issued is not in the row");
	return NULL;
}

/* ---- writing ---- */

static void put_bytes(struct json_writer *w, const char *key, GBytes *bytes)
{
	gsize len;
	const guchar *at = g_bytes_get_data(bytes, &len);
	g_autofree char *base64 = g_base64_encode(at, len);

	json_put_str(w, key, base64);
}

static void put_asked(struct json_writer *w, const struct args *asked)
{
	g_auto(GStrv) keys = args_keys(asked);

	json_open(w, "asked", '{');
	for (char **key = keys; *key; key++)
		json_put_str(w, *key, args_get(asked, *key));
	json_close(w, '}');
}

static void put_served(struct json_writer *w, const GPtrArray *served)
{
	json_open(w, "served", '[');
	for (guint i = 0; i < served->len; i++) {
		const struct served *s = served->pdata[i];

		json_open(w, NULL, '{');
		json_put_str(w, "endpoint", s->endpoint);
		json_put_bool(w, "new", s->is_new);
		json_put_str(w, "said", s->said);
		json_close(w, '}');
	}
	json_close(w, ']');
}

char *enroll_kept_write(const struct enroll_kept *k, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "token", k->token);
	json_put_str(&w, "stage", stages[k->stage].word);
	put_asked(&w, k->asked);
	if (k->csr)
		put_bytes(&w, "csr", k->csr);
	json_open(&w, "chain", '[');
	for (guint i = 0; i < k->chain->len; i++)
		put_bytes(&w, NULL, k->chain->pdata[i]);
	json_close(&w, ']');
	json_put_str(&w, "about", k->about);
	json_put_str(&w, "place", k->place);
	put_served(&w, k->served);
	json_put_bool(&w, "countersigned", k->is_countersigned);
	json_close(&w, '}');
	if (out->len <= KEPT_MAX)
		return g_string_free(g_steal_pointer(&out), FALSE);
	g_set_error(error, ERR, ERR_LIMIT, "that is more than the %d bytes which a row remembers", KEPT_MAX);
	return NULL;
}
