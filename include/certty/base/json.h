/*
 * json: strict reading and plain writing; json.c is the only file that knows cJSON.
 *
 * Reading refuses what cJSON lets through: bodies over `max`, nesting over 64, invalid UTF-8,
 * NUL inside strings, numbers that do not fit, duplicate keys, bytes after the end.  The
 * message names the byte.  A `struct json` is read-only once parsed, owned by whoever parsed
 * it; what the getters return is borrowed from it.  Every getter accepts NULL and a value of
 * another type, and then returns NULL, 0 or the given default.  Any thread, one at a time.
 */
#ifndef CERTTY_BASE_JSON_H
#define CERTTY_BASE_JSON_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>

struct json;

struct json *json_parse(const void *bytes, size_t len, size_t max, GError **error);
void json_free(struct json *j);
AUTO_FREE(json, json_free)

const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *array, size_t i);
size_t json_count(const struct json *array_or_object);
size_t json_members(const struct json *object);	/* 0 for anything else: each has a key */
const char *json_key_at(const struct json *object, size_t i);
const char *json_str(const struct json *object, const char *key);
const char *json_text(const struct json *string);
bool json_int(const struct json *object, const char *key, int64_t *ret);
bool json_int_at(const struct json *array, size_t i, int64_t *ret);
bool json_floor(const struct json *object, const char *key, int64_t *ret);	/* of any number */
bool json_bool(const struct json *object, const char *key, bool fallback);
bool json_is_null(const struct json *j);

/* Writing: straight into a GString, in the order of the calls, no tree.  `w` starts zeroed
 * but for `out`; `pretty` indents by two blanks.  Inside an object every value needs a key, inside an array it
 * must be NULL. */
struct json_writer {
	GString *out;
	bool pretty;
	unsigned depth;
	uint64_t has_items;		/* one bit for each level */
};

void json_open(struct json_writer *w, const char *key, char bracket /* '{' or '[' */);
void json_close(struct json_writer *w, char bracket /* '}' or ']' */);
void json_put_str(struct json_writer *w, const char *key, const char *value);	/* NULL: null */
void json_put_int(struct json_writer *w, const char *key, int64_t value);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
void json_put_real(struct json_writer *w, const char *key, double value);	/* not a NaN, not infinite */
void json_put_copy(struct json_writer *w, const char *key, const struct json *value);	/* all of it */

#endif
