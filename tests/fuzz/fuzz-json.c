/* fuzz-json: any bytes are refused with a sentence or read; and every text that was read is
 * valid, is found again by its key, and survives being written and read once more. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/err.h>
#include <certty/base/json.h>

#define MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	g_autoptr(json) again = NULL;

	g_assert_true(g_utf8_validate(text, -1, NULL));
	json_put_str(&w, NULL, text);
	again = json_parse(out->str, out->len, MOST, NULL);
	g_assert_cmpstr(json_text(again), ==, text);
}

static void walk(const struct json *j, unsigned depth)
{
	g_assert_cmpuint(depth, <=, 65);
	if (json_text(j))
		check_text(json_text(j));
	for (size_t i = 0; i < json_count(j); i++) {
		const char *key = json_key_at(j, i);
		int64_t n;

		if (key) {
			check_text(key);
			g_assert_true(json_get(j, key) == json_at(j, i));
			json_int(j, key, &n);
			json_bool(j, key, false);
		}
		walk(json_at(j, i), depth + 1);
	}
	g_assert_null(json_at(j, json_count(j)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = json_parse(data, size, MOST, &error);

	g_assert_true(!j == !!error);
	if (error)
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	else
		walk(j, 0);
	return 0;
}
