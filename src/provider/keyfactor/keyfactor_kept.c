/*
 * keyfactor_kept: what the row of a request remembers for the next verb on it, and for its review, as
 * JSON.
 */
#include "keyfactor_certs.h"

#include <string.h>

#include <certty/base/text.h>

#define KEPT_MAX   (1u << 20)
#define REVIEW_MAX 2000		/* labels and texts */
#define TEXT_MAX   4096		/* bytes of one text */
#define DEEP_MAX   8

struct keyfactor_kept *keyfactor_kept_new(const char *sort)
{
	struct keyfactor_kept *k = g_new0(struct keyfactor_kept, 1);

	k->sort = g_strdup(sort);
	k->instance = g_strdup("");
	k->signal = g_strdup("");
	k->csr = g_strdup("");
	k->template = g_strdup("");
	k->ca = g_strdup("");
	k->token = g_strdup("");
	k->chain = g_strdup("");
	k->review = g_ptr_array_new_with_free_func(g_free);
	return k;
}

void keyfactor_kept_free(struct keyfactor_kept *k)
{
	if (!k)
		return;
	g_free(k->sort);
	g_free(k->instance);
	g_free(k->signal);
	g_free(k->csr);
	g_free(k->template);
	g_free(k->ca);
	g_free(k->token);
	g_free(k->chain);
	g_ptr_array_unref(k->review);
	g_free(k);
}

/* ---- reading and writing ---- */

static void take(char **to, const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	if (text)
		store_set(to, text);
}

struct keyfactor_kept *keyfactor_kept_read(const char *kept)
{
	g_autoptr(json) j = json_parse(kept, strlen(kept), KEPT_MAX, NULL);
	const struct json *review = json_get(j, "review");
	struct keyfactor_kept *k = keyfactor_kept_new("");

	take(&k->sort, j, "sort");
	take(&k->instance, j, "instance");
	take(&k->signal, j, "signal");
	take(&k->csr, j, "csr");
	take(&k->template, j, "template");
	take(&k->ca, j, "ca");
	take(&k->token, j, "token");
	take(&k->chain, j, "chain");
	json_int(j, "id", &k->id);
	json_int(j, "run", &k->run);
	json_int(j, "sent", &k->sent);
	k->is_cut = json_bool(j, "cut", false);
	k->is_external = json_bool(j, "external", false);
	k->is_pfx = json_bool(j, "pfx", false);
	for (size_t i = 0; i + 1 < MIN(json_count(review), REVIEW_MAX); i += 2) {
		const char *label = json_text(json_at(review, i)), *text = json_text(json_at(review, i + 1));

		if (label && text)
			keyfactor_kept_add(k, label, text);
	}
	return k;
}

char *keyfactor_kept_write(const struct keyfactor_kept *k)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "sort", k->sort);
	json_put_str(&w, "instance", k->instance);
	json_put_str(&w, "signal", k->signal);
	json_put_str(&w, "csr", k->csr);
	json_put_str(&w, "template", k->template);
	json_put_str(&w, "ca", k->ca);
	json_put_str(&w, "token", k->token);
	json_put_str(&w, "chain", k->chain);
	json_put_int(&w, "id", k->id);
	json_put_int(&w, "run", k->run);
	json_put_int(&w, "sent", k->sent);
	json_put_bool(&w, "cut", k->is_cut);
	json_put_bool(&w, "external", k->is_external);
	json_put_bool(&w, "pfx", k->is_pfx);
	json_open(&w, "review", '[');
	for (guint i = 0; i < k->review->len; i++)
		json_put_str(&w, NULL, k->review->pdata[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

/* ---- what is asked for ---- */

void keyfactor_kept_add(struct keyfactor_kept *k, const char *label, const char *text)
{
	if (!*text)
		return;
	if (strlen(text) > TEXT_MAX || k->review->len + 2 > REVIEW_MAX) {
		k->is_cut = true;
		return;
	}
	g_ptr_array_add(k->review, text_harmless_dup(label, 200));
	g_ptr_array_add(k->review, text_harmless_dup(text, 4 * TEXT_MAX));
}

static void add_line(struct keyfactor_kept *k, const char *label, const char *line, size_t len)
{
	g_autofree char *text = g_strndup(line, len);

	keyfactor_kept_add(k, label, g_strstrip(text));
}

/* A text of several lines, such as a CSR, is several. */
static void add_text(struct keyfactor_kept *k, const char *label, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\n");

		add_line(k, label, text, len);
		if (!text[len])
			return;
		text += len + 1;
	}
}

/* What somebody chose so that nobody reads it is nothing to review. */
static bool is_secret(const char *label)
{
	static const char *const parts[] = { "password", "secret", "privatekey", "passphrase" };
	g_autofree char *low = g_ascii_strdown(label, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(low, parts[i]))
			return true;
	return false;
}

static void add_value(struct keyfactor_kept *k, const char *label, const struct json *parent, size_t i,
		      unsigned depth);

static void add_all(struct keyfactor_kept *k, const char *label, const struct json *j, unsigned depth)
{
	size_t n = json_count(j);

	if (depth > DEEP_MAX)
		k->is_cut = true;
	for (size_t i = 0; depth <= DEEP_MAX && i < n && !k->is_cut; i++)
		add_value(k, label, j, i, depth);
}

static void add_scalar(struct keyfactor_kept *k, const char *label, const struct json *parent,
		       const char *key)
{
	g_autofree char *text = keyfactor_text(parent, key, 4 * TEXT_MAX);

	keyfactor_kept_add(k, label, text);
}

static void add_value(struct keyfactor_kept *k, const char *label, const struct json *parent, size_t i,
		      unsigned depth)
{
	const char *key = json_key_at(parent, i);
	const struct json *j = key ? json_get(parent, key) : json_at(parent, i);
	g_autofree char *whole = key ? g_strconcat(label, *label ? " " : "", key, NULL) : g_strdup(label);

	if (is_secret(whole))
		keyfactor_kept_add(k, whole, "not shown");
	else if (json_text(j))
		add_text(k, whole, json_text(j));
	else if (json_count(j))
		add_all(k, whole, j, depth + 1);
	else if (key)
		add_scalar(k, whole, parent, key);
	else if (j && !json_is_null(j))
		keyfactor_kept_add(k, whole, "a value that is no text");
}

void keyfactor_kept_add_json(struct keyfactor_kept *k, const char *label, const struct json *j)
{
	if (json_text(j))
		add_text(k, label, json_text(j));
	else
		add_all(k, label, j, 0);
}

char *keyfactor_kept_digest(const struct keyfactor_kept *k)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, k->id);
	const char *const parts[] = { k->sort, id, k->instance, k->signal };
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
	for (guint i = 0; i < k->review->len; i++) {
		const char *text = k->review->pdata[i];

		g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}
