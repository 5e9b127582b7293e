/*
 * Blocks are pasted from mails, portals and scripts, so little is asked of their form, and
 * nothing of them outlives the block but in memory for secrets.
 */
#include "block.h"

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>
#include <certty/model/provider_info.h>

#define VALUES_MAX 256
#define VALUE_MAX  4096	/* bytes of an answer that is no secret */

struct block {
	GPtrArray *names;	/* char * */
	GPtrArray *values;	/* struct secret *, one each */
};

static void free_value(void *secret)
{
	secret_free(secret);
}

void block_free(struct block *b)
{
	if (!b)
		return;
	g_ptr_array_unref(b->names);
	g_ptr_array_unref(b->values);
	g_free(b);
}

static bool put(struct block *b, const char *name, size_t name_len, const char *value, size_t len,
		GError **error)
{
	struct secret *s = b->names->len < VALUES_MAX ? secret_new(value, len) : NULL;

	if (!s) {
		g_set_error(error, ERR, ERR_LIMIT, b->names->len < VALUES_MAX ?
			    "the memory for secrets is full" : "too many values in one block");
		return false;
	}
	g_ptr_array_add(b->names, g_strndup(name, name_len));
	g_ptr_array_add(b->values, s);
	return true;
}

/* ---- JSON ---- */

static bool read_json(struct block *b, const char *text, size_t len, GError **error)
{
	g_autoptr(json) j = json_parse(text, len, PASTE_MAX, error);

	if (!j) {
		g_prefix_error(error, "the block is not JSON that can be read: ");
		return false;
	}
	for (size_t i = 0; i < json_members(j); i++) {
		const char *name = json_key_at(j, i), *value = json_text(json_at(j, i));

		if (name && value && !put(b, name, strlen(name), value, strlen(value), error))
			return false;
	}
	return true;
}

/* ---- lines ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const char *skip_prefix(const char *p, const char *end)
{
	static const char *const prefixes[] = { "export ", "set ", "$env:" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if ((size_t)(end - p) > n && !g_ascii_strncasecmp(p, prefixes[i], n))
			return skip_blanks(p + n, end);
	}
	return p;
}

static size_t name_length(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && (g_ascii_isalnum(*q) || *q == '_' || *q == '-' || *q == '.'))
		q++;
	return q > p && g_ascii_isalpha(*p) ? (size_t)(q - p) : 0;
}

/* Where the value begins, if this is a name and what sets it; else NULL. */
static const char *after_name(const char *p, const char *end, bool may_colon)
{
	size_t n = name_length(p, end);
	const char *q = skip_blanks(p + n, end);

	if (!n || q == end || !(*q == '=' || (may_colon && *q == ':' && q == p + n)))
		return NULL;
	return skip_blanks(q + 1, end);
}

/* An unquoted value ends with its line, or before the next "name=". */
static const char *end_of_bare(const char *p, const char *end)
{
	const char *last;

	for (last = p; last < end; last++) {
		const char *next = skip_blanks(last, end);
		size_t n = next > last ? name_length(next, end) : 0;

		if (n && next + n < end && next[n] == '=')
			break;
	}
	while (last > p && is_blank(last[-1]))
		last--;
	return last;
}

static bool read_line(struct block *b, const char *p, const char *end, GError **error)
{
	bool is_first = true;

	for (p = skip_prefix(skip_blanks(p, end), end); p < end; is_first = false) {
		const char *value = after_name(p, end, is_first), *stop;
		const char *close = value && value < end && strchr("\"'", *value) ?
			memchr(value + 1, *value, (size_t)(end - value - 1)) : NULL;

		if (!value)
			return true;
		stop = close ? close : end_of_bare(value, end);
		if (!put(b, p, name_length(p, end), close ? value + 1 : value,
			 (size_t)(stop - value) - (close ? 1 : 0), error))
			return false;
		p = skip_prefix(skip_blanks(close ? close + 1 : stop, end), end);
	}
	return true;
}

static bool read_lines(struct block *b, const char *text, size_t len, GError **error)
{
	const char *end = text + len;

	for (const char *p = text, *stop; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		if (!read_line(b, p, stop, error))
			return false;
	}
	return true;
}

struct block *block_read(const struct secret *text, GError **error)
{
	g_autoptr(block) b = g_new0(struct block, 1);
	const char *p = text->bytes, *end = text->bytes + text->len;
	bool is_ok;

	b->names = g_ptr_array_new_with_free_func(g_free);
	b->values = g_ptr_array_new_with_free_func(free_value);
	if (text->len > PASTE_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "the block is longer than %u bytes", PASTE_MAX);
		return NULL;
	}
	if (memchr(p, 0, text->len))
		return NULL;
	if (g_str_has_prefix(p, "\xef\xbb\xbf"))
		p += 3;
	while (p < end && g_ascii_isspace(*p))
		p++;
	is_ok = p < end && *p == '{' ? read_json(b, p, (size_t)(end - p), error) :
				       read_lines(b, p, (size_t)(end - p), error);
	return is_ok && b->names->len ? g_steal_pointer(&b) : NULL;
}

/* ---- asking ---- */

static const char *skip_joints(const char *s)
{
	while (*s == '_' || *s == '-')
		s++;
	return s;
}

static bool is_same_name(const char *a, const char *b)
{
	for (;; a++, b++) {
		a = skip_joints(a);
		b = skip_joints(b);
		if (g_ascii_tolower(*a) != g_ascii_tolower(*b))
			return false;
		if (!*a)
			return true;
	}
}

const struct secret *block_get(const struct block *b, const char *name)
{
	for (guint i = b->names->len; i-- > 0;)
		if (is_same_name(b->names->pdata[i], name))
			return b->values->pdata[i];
	return NULL;
}

const char *block_text(const struct block *b, const char *name)
{
	const struct secret *s = block_get(b, name);

	return s && s->len ? s->bytes : NULL;
}

int block_answer(const struct block *b, const struct block_row *rows, struct args *ret,
		 GError **error)
{
	int n = 0;

	for (; rows->name; rows++) {
		const char *value = block_text(b, rows->name);
		struct secret *s = NULL;

		if (!value || args_get(ret, rows->key) || args_secret(ret, rows->key))
			continue;
		n++;
		if (!rows->is_secret) {
			g_autofree char *harmless = text_harmless_dup(value, VALUE_MAX);

			args_set(ret, rows->key, harmless);
			continue;
		}
		s = secret_dup(block_get(b, rows->name));
		if (!s) {
			g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
			return -1;
		}
		args_put_secret(ret, rows->key, s);
	}
	return n;
}
