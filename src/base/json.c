/*
 * JSON from strangers.  cJSON reads more than JSON and forgives much, so the bytes are first
 * walked by a strict grammar that knows the place of every fault; what passes is read by
 * cJSON and then laid out in arrays, so that the n-th item costs no walk along a list.  Both
 * trees are wiped when they are freed, because tokens travel in them.
 */
#define _GNU_SOURCE
#include "certty/base/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "certty/base/err.h"
#include "certty/base/secret.h"
#include "certty/base/text.h"
#include "certty/base/wiping.h"

#define DEEPEST	 64
#define EXACT	 9007199254740992.0	/* whole numbers up to here are exact in a double */
#define MANY_KEYS 16			/* from here on a table finds the duplicates */

enum kind { KIND_NULL, KIND_BOOL, KIND_NUMBER, KIND_STRING, KIND_ARRAY, KIND_OBJECT };

struct json {
	enum kind kind;
	char *key;		/* inside an object */
	char *text;		/* KIND_STRING */
	double number;		/* KIND_NUMBER; KIND_BOOL: 0 or 1 */
	struct json *items;
	size_t n;
};

/* ---- the strict grammar ------------------------------------------------------------------ */

struct scan {
	const char *start, *p, *end;
	const char *why;	/* set by the first fault, which is at p */
	enum err code;
	unsigned depth;
};

static bool fault(struct scan *s, const char *why)
{
	s->why = why;
	s->code = ERR_FORMAT;
	return false;
}

static bool too_much(struct scan *s, const char *why)
{
	s->why = why;
	s->code = ERR_LIMIT;
	return false;
}

static int peek(const struct scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static void skip_blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* The four digits after \u, or -1. */
static int hex4(const struct scan *s, const char *at)
{
	int value = 0;

	if (s->end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (!g_ascii_isxdigit(at[i]))
			return -1;
		value = value << 4 | g_ascii_xdigit_value(at[i]);
	}
	return value;
}

static bool scan_escape(struct scan *s)
{
	int unit, low;

	if (s->end - s->p < 2 || !strchr("\"\\/bfnrtu", s->p[1]) || !s->p[1])
		return fault(s, "an escape that does not exist");
	if (s->p[1] != 'u') {
		s->p += 2;
		return true;
	}
	unit = hex4(s, s->p + 2);
	if (unit < 0)
		return fault(s, "\\u without four hexadecimal digits");
	if (unit == 0)
		return fault(s, "a NUL inside a string");
	if (unit >= 0xdc00 && unit < 0xe000)
		return fault(s, "half of a surrogate pair");
	if (unit < 0xd800 || unit >= 0xe000) {
		s->p += 6;
		return true;
	}
	low = s->end - s->p >= 12 && s->p[6] == '\\' && s->p[7] == 'u' ? hex4(s, s->p + 8) : -1;
	if (low < 0xdc00 || low >= 0xe000)
		return fault(s, "half of a surrogate pair");
	s->p += 12;
	return true;
}

static bool scan_string(struct scan *s)
{
	for (s->p++; s->p < s->end;) {
		unsigned char c = (unsigned char)*s->p;

		if (c == '"') {
			s->p++;
			return true;
		}
		if (c == '\\') {
			if (!scan_escape(s))
				return false;
		} else if (c < 0x20) {
			return fault(s, c ? "a control character inside a string"
					  : "a NUL inside a string");
		} else if (c < 0x80) {
			s->p++;
		} else if (g_utf8_get_char_validated(s->p, s->end - s->p) >= (gunichar)-2) {
			return fault(s, "a byte that is not UTF-8");
		} else {
			s->p = g_utf8_next_char(s->p);
		}
	}
	return fault(s, "a string without an end");
}

static size_t scan_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && g_ascii_isdigit(*s->p))
		s->p++;
	return (size_t)(s->p - from);
}

/* Whole numbers must fit 64 bits, others a double. */
static bool number_fits(const char *from, size_t len, bool whole)
{
	g_autofree char *copy = g_strndup(from, len);

	errno = 0;
	if (!whole)
		return isfinite(g_ascii_strtod(copy, NULL));
	g_ascii_strtoll(copy, NULL, 10);
	return errno != ERANGE;
}

static bool scan_number(struct scan *s)
{
	const char *from = s->p;
	bool whole = true;

	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0')
		s->p++;
	else if (!scan_digits(s))
		return fault(s, "something that is no value");
	if (peek(s) == '.') {
		s->p++;
		whole = false;
		if (!scan_digits(s))
			return fault(s, "a number without digits after its point");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->p++;
		whole = false;
		if (peek(s) == '+' || peek(s) == '-')
			s->p++;
		if (!scan_digits(s))
			return fault(s, "a number without an exponent after its e");
	}
	if (number_fits(from, (size_t)(s->p - from), whole))
		return true;
	s->p = from;
	return too_much(s, "a number that does not fit");
}

static bool scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(s->end - s->p) < len || memcmp(s->p, words[i], len) != 0)
			continue;
		s->p += len;
		return true;
	}
	return fault(s, "something that is no value");
}

static bool scan_value(struct scan *s);

static bool scan_member(struct scan *s, bool is_object)
{
	skip_blanks(s);
	if (!is_object)
		return scan_value(s);
	if (peek(s) != '"')
		return fault(s, "a member without a name");
	if (!scan_string(s))
		return false;
	skip_blanks(s);
	if (peek(s) != ':')
		return fault(s, "a name without a colon after it");
	s->p++;
	return scan_value(s);
}

static bool scan_group(struct scan *s, bool is_object)
{
	const char close = is_object ? '}' : ']';

	if (++s->depth > DEEPEST)
		return too_much(s, "nesting deeper than 64");
	s->p++;
	skip_blanks(s);
	if (peek(s) == close)
		goto closed;
	for (;;) {
		if (!scan_member(s, is_object))
			return false;
		skip_blanks(s);
		if (peek(s) == close)
			goto closed;
		if (peek(s) != ',')
			return fault(s, is_object ? "an object without an end"
						  : "an array without an end");
		s->p++;
	}
closed:
	s->p++;
	s->depth--;
	return true;
}

static bool scan_value(struct scan *s)
{
	int c;

	skip_blanks(s);
	c = peek(s);
	if (c < 0)
		return fault(s, "an end where a value should be");
	if (c == '"')
		return scan_string(s);
	if (c == '{' || c == '[')
		return scan_group(s, c == '{');
	if (c == '-' || g_ascii_isdigit(c))
		return scan_number(s);
	return scan_word(s);
}

static bool scan_all(struct scan *s)
{
	if (!scan_value(s))
		return false;
	skip_blanks(s);
	return s->p == s->end || fault(s, "something after the end");
}

/* ---- from cJSON's tree to ours ------------------------------------------------------------ */

static void set_hooks(void)
{
	cJSON_Hooks hooks = { .malloc_fn = wiping_malloc, .free_fn = wiping_free };

	cJSON_InitHooks(&hooks);
}

static bool same_key(const struct json *j, size_t i, GHashTable *seen)
{
	if (seen)
		return !g_hash_table_add(seen, j->items[i].key);
	for (size_t k = 0; k < i; k++)
		if (strcmp(j->items[k].key, j->items[i].key) == 0)
			return true;
	return false;
}

static bool has_duplicates(const struct json *j, GError **error)
{
	g_autoptr(GHashTable) seen = NULL;

	if (j->n >= MANY_KEYS)
		seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < j->n; i++) {
		g_autofree char *shown = NULL;

		if (!same_key(j, i, seen))
			continue;
		shown = text_harmless_dup(j->items[i].key, 80);
		g_set_error(error, ERR, ERR_FORMAT,
			    "this is not JSON that can be trusted: the name \"%s\" stands "
			    "twice in one object", shown);
		return true;
	}
	return false;
}

static enum kind kind_of(const cJSON *c)
{
	return cJSON_IsObject(c)  ? KIND_OBJECT
	       : cJSON_IsArray(c) ? KIND_ARRAY
	       : cJSON_IsString(c) ? KIND_STRING
	       : cJSON_IsNumber(c) ? KIND_NUMBER
	       : cJSON_IsBool(c)   ? KIND_BOOL
				   : KIND_NULL;
}

/* Takes the strings out of c.  What was taken before a failure hangs on j, to be freed. */
static bool lay_out(struct json *j, cJSON *c, GError **error)
{
	size_t n = 0;

	j->kind = kind_of(c);
	j->key = g_steal_pointer(&c->string);
	j->text = g_steal_pointer(&c->valuestring);
	j->number = j->kind == KIND_BOOL ? cJSON_IsTrue(c) : c->valuedouble;
	for (cJSON *child = c->child; child; child = child->next)
		n++;
	if (!n)
		return true;
	j->items = g_new0(struct json, n);
	for (cJSON *child = c->child; child; child = child->next)
		if (!lay_out(&j->items[j->n++], child, error))
			return false;
	return j->kind != KIND_OBJECT || !has_duplicates(j, error);
}

static struct json *refuse(const struct scan *s, GError **error)
{
	g_set_error(error, ERR, (int)s->code,
		    "this is not JSON that can be trusted: %s at byte %zu", s->why,
		    (size_t)(s->p - s->start));
	return NULL;
}

struct json *json_parse(const void *bytes, size_t len, size_t max, GError **error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct scan s = { .start = bytes, .p = bytes, .end = (const char *)bytes + len };
	g_autoptr(json) j = NULL;
	cJSON *tree;
	bool ok;

	pthread_once(&once, set_hooks);
	if (len > max) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "the JSON has %zu bytes, more than the %zu that are read", len, max);
		return NULL;
	}
	if (!len)
		s.start = s.p = s.end = "";
	if (!scan_all(&s))
		return refuse(&s, error);
	tree = cJSON_ParseWithLength(bytes, len);
	if (!tree) {
		fault(&s, "something that cannot be read");
		return refuse(&s, error);
	}
	j = g_new0(struct json, 1);
	ok = lay_out(j, tree, error);
	cJSON_Delete(tree);
	return ok ? g_steal_pointer(&j) : NULL;
}

static void wipe(struct json *j)
{
	for (size_t i = 0; i < j->n; i++)
		wipe(&j->items[i]);
	g_free(j->items);
	wiping_free(j->key);
	wiping_free(j->text);
}

void json_free(struct json *j)
{
	if (!j)
		return;
	wipe(j);
	g_free(j);
}

/* ---- looking ------------------------------------------------------------------------------ */

const struct json *json_get(const struct json *object, const char *key)
{
	if (!object || object->kind != KIND_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->n; i++)
		if (strcmp(object->items[i].key, key) == 0)
			return &object->items[i];
	return NULL;
}

const struct json *json_at(const struct json *array, size_t i)
{
	return array && i < array->n ? &array->items[i] : NULL;
}

size_t json_count(const struct json *array_or_object)
{
	return array_or_object ? array_or_object->n : 0;
}

size_t json_members(const struct json *object)
{
	return object && object->kind == KIND_OBJECT ? json_count(object) : 0;
}

const char *json_key_at(const struct json *object, size_t i)
{
	const struct json *item = json_at(object, i);

	return item ? item->key : NULL;
}

const char *json_text(const struct json *string)
{
	return string && string->kind == KIND_STRING ? string->text : NULL;
}

const char *json_str(const struct json *object, const char *key)
{
	return json_text(json_get(object, key));
}

/* Only numbers that are whole and surely the ones that stood there. */
static bool is_whole(const struct json *j, int64_t *ret)
{
	if (!j || j->kind != KIND_NUMBER || j->number != floor(j->number) ||
	    fabs(j->number) > EXACT)
		return false;
	*ret = (int64_t)j->number;
	return true;
}

bool json_int(const struct json *object, const char *key, int64_t *ret)
{
	return is_whole(json_get(object, key), ret);
}

bool json_int_at(const struct json *array, size_t i, int64_t *ret)
{
	return is_whole(json_at(array, i), ret);
}

bool json_floor(const struct json *object, const char *key, int64_t *ret)
{
	const struct json *j = json_get(object, key);

	if (!j || j->kind != KIND_NUMBER || !(fabs(j->number) <= EXACT))
		return false;
	*ret = (int64_t)floor(j->number);
	return true;
}

bool json_bool(const struct json *object, const char *key, bool fallback)
{
	const struct json *j = json_get(object, key);

	return j && j->kind == KIND_BOOL ? j->number != 0 : fallback;
}

bool json_is_null(const struct json *j)
{
	return j && j->kind == KIND_NULL;
}

/* ---- writing what was read ---- */

static void put_number(struct json_writer *w, const char *key, double number)
{
	if (number >= -EXACT && number <= EXACT && number == floor(number))
		json_put_int(w, key, (int64_t)number);
	else
		json_put_real(w, key, number);
}

void json_put_copy(struct json_writer *w, const char *key, const struct json *j)
{
	bool is_object = j && j->kind == KIND_OBJECT;

	if (!j || j->kind == KIND_NULL) {
		json_put_null(w, key);
	} else if (j->kind == KIND_BOOL) {
		json_put_bool(w, key, j->number > 0);
	} else if (j->kind == KIND_NUMBER) {
		put_number(w, key, j->number);
	} else if (j->kind == KIND_STRING) {
		json_put_str(w, key, j->text);
	} else {
		json_open(w, key, is_object ? '{' : '[');
		for (size_t i = 0; i < j->n; i++)
			json_put_copy(w, is_object ? j->items[i].key : NULL, &j->items[i]);
		json_close(w, is_object ? '}' : ']');
	}
}
