/*
 * rfc2136_key: keys in the forms in which servers' own tools write them.
 */
#include "rfc2136.h"

#include <string.h>

#include <certty/base/file.h>

#define KEY_MAX	  (64u << 10)
#define WORDS_MAX 64

/* ---- words ---- */

/* The words of a file, each its place in it: quotes, braces, blanks, semicolons and comments part
 * them. */
struct word {
	const char *at;
	size_t len;
};

static const char *skip(const char *p)
{
	for (;;) {
		p += strspn(p, " \t\r\n;{}\"");
		if (*p != '#' && !g_str_has_prefix(p, "//"))
			return p;
		/* Knot's tool says the key once more, in one line, as a comment. */
		if (*p == '#' && strcspn(p, ":") < strcspn(p, "\n"))
			return p + strspn(p, "# \t");
		p += strcspn(p, "\n");
	}
}

static size_t split(const char *text, struct word *ret)
{
	size_t n = 0;

	for (const char *p = skip(text); *p && n < WORDS_MAX; p = skip(p)) {
		ret[n].at = p;
		ret[n].len = strcspn(p, " \t\r\n;{}\"");
		p += ret[n++].len;
	}
	return n;
}

static bool is_printable(const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < words[i].len; k++)
			if (!g_ascii_isgraph(words[i].at[k]))
				return false;
	return true;
}

static bool is_word(const struct word *w, const char *text)
{
	return w->len == strlen(text) && !strncmp(w->at, text, w->len);
}

static void put_text(struct args *ret, const char *key, const char *at, size_t len)
{
	g_autofree char *text = g_strndup(at, len);

	args_set(ret, key, text);
}

static bool put_algorithm(struct args *ret, const char *at, size_t len)
{
	g_autofree char *text = g_strndup(at, len);
	const char *word = dns_key_algorithm(text);

	/* What is not known is missed when the key is made, with a sentence. */
	args_set(ret, "algorithm", word ? word : text);
	return word != NULL;
}

static bool put_secret(struct args *ret, const char *at, size_t len)
{
	struct secret *s = len ? secret_new(at, len) : NULL;

	if (s)
		args_put_secret(ret, "secret", s);
	return s != NULL;
}

/* ---- the forms ---- */

/* key "certty-dns" { algorithm hmac-sha256; secret "…"; }; */
static bool read_statement(const struct word *w, size_t n, struct args *ret)
{
	bool has_secret = false;

	if (n < 4 || !is_word(&w[0], "key"))
		return false;
	put_text(ret, "key-name", w[1].at, w[1].len);
	for (size_t i = 2; i + 1 < n && !is_word(&w[i], "key"); i += 2) {
		if (is_word(&w[i], "algorithm"))
			put_algorithm(ret, w[i + 1].at, w[i + 1].len);
		else if (is_word(&w[i], "secret"))
			has_secret = put_secret(ret, w[i + 1].at, w[i + 1].len);
	}
	return has_secret;
}

/* hmac-sha256:certty-dns:… or certty-dns:… */
static bool read_triple(const struct word *w, struct args *ret)
{
	const char *end = w->at + w->len, *name = w->at;
	const char *first = memchr(w->at, ':', w->len);
	const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
	const char *secret = second ? second + 1 : first ? first + 1 : NULL;

	if (!secret || secret == end)
		return false;
	if (second && !put_algorithm(ret, w->at, (size_t)(first - w->at)))
		return false;
	name = second ? first + 1 : name;
	put_text(ret, "key-name", name, (size_t)(secret - 1 - name));
	if (strspn(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
	    (size_t)(end - secret))
		return false;
	return put_secret(ret, secret, (size_t)(end - secret));
}

bool rfc2136_key_read(const struct secret *text, struct args *ret)
{
	struct word words[WORDS_MAX];
	g_autoptr(args) read = args_new(), other = args_new();
	size_t n = memchr(text->bytes, 0, text->len) ? 0 : split(text->bytes, words);

	if (!is_printable(words, n))
		return false;
	if (n && read_statement(words, n, read))
		args_add(ret, read);
	else if (n && read_triple(&words[0], other))
		args_add(ret, other);
	else
		return false;
	return true;
}

bool rfc2136_key_complete(struct args *answers, GError **error)
{
	const char *path = args_get(answers, "tsig-file");
	g_autofree char *whole = path && *path ? file_absolute(path) : NULL;
	g_autofree char *shown = whole ? file_shown(whole) : NULL;
	g_autoptr(secret) text = NULL;
	GBytes *bytes;

	if (!whole || args_secret(answers, "secret"))
		return true;
	bytes = file_read(whole, KEY_MAX, NULL, error);
	if (!bytes)
		return false;
	text = secret_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	file_wipe(bytes);
	if (text && rfc2136_key_read(text, answers))
		return true;
	g_set_error(error, ERR, ERR_FORMAT, "%s has no key in it as tsig-keygen writes one", shown);
	return false;
}
