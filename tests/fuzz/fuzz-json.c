/* fuzz-json: what is read strictly can be walked, written again, and read back the same. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/json.h>

#define LIMIT 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void copy(struct json_writer *w, const char *key, const struct json *j)
{
	const char *text = json_text(j);
	bool is_object = json_key_at(j, 0) != NULL;

	if (text) {
		g_assert_true(g_utf8_validate(text, -1, NULL));
		json_put_str(w, key, text);
		return;
	}
	if (!json_count(j)) {
		json_put_null(w, key);
		return;
	}
	json_open(w, key, is_object ? '{' : '[');
	for (size_t i = 0; i < json_count(j); i++) {
		const char *name = json_key_at(j, i);

		copy(w, name, name ? json_get(j, name) : json_at(j, i));
	}
	json_close(w, is_object ? '}' : ']');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	struct json *j = json_parse(data, size, LIMIT, &error), *again;

	if (!j) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	g_assert_cmpuint(size, <=, LIMIT);
	copy(&w, NULL, j);
	again = json_parse(out->str, out->len, 8 * LIMIT, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(json_count(again), ==, json_count(j));
	json_free(again);
	json_free(j);
	return 0;
}
