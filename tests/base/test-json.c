/* Everything that must be refused, with the byte at which; what is read; and that what we
 * write is read again as what was meant. */
#include "certty/base/err.h"
#include "certty/base/json.h"

#include <string.h>

#define MOST 100000

static struct json *parse(const char *s, GError **error)
{
	return json_parse(s, strlen(s), MOST, error);
}

static void refuses(void)
{
	static const struct {
		const char *s;
		size_t len;	/* 0: up to the NUL */
		const char *why;
	} rows[] = {
		{ "", 0, "at byte 0" },
		{ "   ", 0, "at byte 3" },
		{ "\xef\xbb\xbf{}", 0, "at byte 0" },
		{ "{", 0, "without a name at byte 1" },
		{ "[", 0, "at byte 1" },
		{ "[1", 0, "array without an end at byte 2" },
		{ "[1,]", 0, "no value at byte 3" },
		{ "[1 2]", 0, "at byte 3" },
		{ "{\"a\":1,}", 0, "without a name at byte 7" },
		{ "{\"a\" 1}", 0, "colon after it at byte 5" },
		{ "{\"a\":1 \"b\":2}", 0, "object without an end" },
		{ "{a:1}", 0, "without a name at byte 1" },
		{ "{\"a\":}", 0, "no value at byte 5" },
		{ "{} {}", 0, "after the end at byte 3" },
		{ "nul", 0, "no value" },
		{ "nulls", 0, "after the end at byte 4" },
		{ "True", 0, "no value" },
		{ "'a'", 0, "no value" },
		{ "// x\n1", 0, "no value" },
		{ "NaN", 0, "no value" },
		{ "Infinity", 0, "no value" },
		{ "01", 0, "after the end at byte 1" },
		{ "+1", 0, "no value" },
		{ "-", 0, "no value at byte 1" },
		{ ".5", 0, "no value" },
		{ "1.", 0, "after its point" },
		{ "1e", 0, "after its e" },
		{ "0x10", 0, "after the end" },
		{ "1e999", 0, "does not fit at byte 0" },
		{ "-1e999", 0, "does not fit" },
		{ "[9223372036854775808]", 0, "does not fit at byte 1" },
		{ "-9223372036854775809", 0, "does not fit" },
		{ "\"abc", 0, "string without an end at byte 4" },
		{ "\"a\nb\"", 0, "control character inside a string at byte 2" },
		{ "\"a\\", 0, "escape" },
		{ "\"\\x41\"", 0, "escape that does not exist at byte 1" },
		{ "\"\\u12g4\"", 0, "hexadecimal" },
		{ "\"\\u12", 0, "hexadecimal" },
		{ "\"a\\u0000b\"", 0, "NUL inside a string at byte 2" },
		{ "\"a\0b\"", 5, "NUL inside a string at byte 2" },
		{ "{}\0", 3, "after the end at byte 2" },
		{ "\"\\ud800\"", 0, "surrogate" },
		{ "\"\\ud800x\"", 0, "surrogate" },
		{ "\"\\ud800\\u0041\"", 0, "surrogate" },
		{ "\"\\udc00\"", 0, "surrogate" },
		{ "\"a\xff\"", 0, "not UTF-8 at byte 2" },
		{ "\"\xc0\xaf\"", 0, "not UTF-8" },
		{ "\"\xed\xa0\x80\"", 0, "not UTF-8" },
		{ "\"\xe2\x82", 0, "not UTF-8" },
		{ "{\"a\":1,\"a\":2}", 0, "\"a\" stands twice" },
		{ "{\"a\":1,\"\\u0061\":2}", 0, "\"a\" stands twice" },
		{ "[{\"x\":{\"\\u001b[0m\":1,\"\\u001b[0m\":2}}]", 0, "\"\\x1b[0m\" stands twice" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		size_t len = rows[i].len ? rows[i].len : strlen(rows[i].s);
		/* exactly as many bytes as there are, so that reading past them is seen */
		g_autofree char *copy = g_memdup2(rows[i].s, len);

		g_assert_null(json_parse(copy, len, MOST, &error));
		g_assert_nonnull(error);
		g_assert_true(error->domain == ERR);
		g_assert_true(error->code == ERR_FORMAT || error->code == ERR_LIMIT);
		if (!strstr(error->message, rows[i].why))
			g_error("%s: %s", rows[i].s, error->message);
	}
}

static char *nested(unsigned depth)
{
	g_autofree char *open = g_strnfill(depth, '['), *close = g_strnfill(depth, ']');

	return g_strconcat(open, close, NULL);
}

static void bounds(void)
{
	g_autofree char *deep = nested(64), *too_deep = nested(65), *abyss = nested(MOST / 2);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = parse(deep, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(json_count(j), ==, 1);
	g_assert_null(parse(too_deep, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_assert_nonnull(strstr(error->message, "at byte 64"));
	g_clear_error(&error);
	g_assert_null(parse(abyss, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_clear_error(&error);
	g_assert_null(json_parse("[1]", 3, 2, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
}

static void many_duplicates(void)
{
	g_autoptr(GString) s = g_string_new("{");
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 100; i++)
		g_string_append_printf(s, "\"k%d\":%d,", i, i);
	{
		g_autofree char *good = g_strconcat(s->str, "\"x\":1}", NULL);
		g_autofree char *bad = g_strconcat(s->str, "\"k7\":1}", NULL);
		g_autoptr(json) j = parse(good, &error);

		g_assert_no_error(error);
		g_assert_cmpuint(json_count(j), ==, 101);
		g_assert_null(parse(bad, &error));
		g_assert_error(error, ERR, ERR_FORMAT);
	}
}

static void reads(void)
{
	static const char text[] =
		" {\"s\": \"a\\n\\u00e9\\ud83d\\ude00\\/\", \"n\": -12, \"big\": 9007199254740992,\n"
		"\"huge\": 9223372036854775807, \"real\": 1.5, \"exp\": 1e3, \"t\": true,"
		"\"f\": false, \"z\": null, \"list\": [1, \"two\", [3]], \"o\": {}, \"\": 0}\t\r\n";
	g_autoptr(json) j = parse(text, NULL);
	const struct json *list = json_get(j, "list");
	int64_t n = -7;

	g_assert_nonnull(j);
	g_assert_cmpuint(json_count(j), ==, 12);
	g_assert_cmpstr(json_str(j, "s"), ==, "a\n\xc3\xa9\xf0\x9f\x98\x80/");
	g_assert_true(json_int(j, "n", &n));
	g_assert_cmpint(n, ==, -12);
	g_assert_true(json_int(j, "big", &n));
	g_assert_cmpint(n, ==, 9007199254740992);
	g_assert_true(json_int(j, "exp", &n));
	g_assert_cmpint(n, ==, 1000);
	g_assert_true(json_int(j, "", &n));
	n = -7;
	g_assert_false(json_int(j, "huge", &n));	/* not exact, so not said */
	g_assert_false(json_int(j, "real", &n));
	g_assert_false(json_int(j, "s", &n));
	g_assert_false(json_int(j, "t", &n));
	g_assert_cmpint(n, ==, -7);
	g_assert_true(json_floor(j, "n", &n));
	g_assert_cmpint(n, ==, -12);
	g_assert_true(json_floor(j, "real", &n));
	g_assert_cmpint(n, ==, 1);
	n = -7;
	g_assert_false(json_floor(j, "huge", &n));
	g_assert_false(json_floor(j, "s", &n));
	g_assert_false(json_floor(NULL, "n", &n));
	g_assert_cmpint(n, ==, -7);
	g_assert_true(json_bool(j, "t", false));
	g_assert_false(json_bool(j, "f", true));
	g_assert_true(json_bool(j, "z", true));
	g_assert_true(json_bool(j, "absent", true));
	g_assert_true(json_is_null(json_get(j, "z")));
	g_assert_false(json_is_null(json_get(j, "f")));
	g_assert_cmpuint(json_count(list), ==, 3);
	g_assert_cmpuint(json_members(list), ==, 0);
	g_assert_cmpuint(json_members(j), ==, json_count(j));
	g_assert_cmpstr(json_text(json_at(list, 1)), ==, "two");
	g_assert_true(json_int_at(list, 0, &n));
	g_assert_cmpint(n, ==, 1);
	g_assert_false(json_int_at(list, 1, &n));
	g_assert_false(json_int_at(list, 3, &n));
	g_assert_cmpuint(json_count(json_at(list, 2)), ==, 1);
	g_assert_null(json_at(list, 3));
	g_assert_cmpstr(json_key_at(j, 0), ==, "s");
	g_assert_cmpstr(json_key_at(j, 11), ==, "");
	g_assert_null(json_key_at(j, 12));
	g_assert_null(json_key_at(list, 0));
}

static void accepts_anything(void)
{
	g_autoptr(json) string = parse("\"x\"", NULL);
	int64_t n;

	g_assert_null(json_get(NULL, "a"));
	g_assert_null(json_get(string, "a"));
	g_assert_null(json_at(NULL, 0));
	g_assert_null(json_at(string, 0));
	g_assert_cmpuint(json_count(NULL), ==, 0);
	g_assert_null(json_key_at(NULL, 0));
	g_assert_null(json_str(NULL, "a"));
	g_assert_null(json_text(NULL));
	g_assert_false(json_int(NULL, "a", &n));
	g_assert_true(json_bool(NULL, "a", true));
	g_assert_false(json_is_null(NULL));
	g_assert_cmpstr(json_text(string), ==, "x");
	json_free(NULL);
}

static void writes(void)
{
	static const char *const want[] = {
		"{\"a\":\"x\",\"none\":null,\"list\":[1,-2,[],{}],\"t\":true,\"z\":null}",
		"{\n  \"a\": \"x\",\n  \"none\": null,\n  \"list\": [\n    1,\n    -2,\n    [],\n"
		"    {}\n  ],\n  \"t\": true,\n  \"z\": null\n}",
	};

	for (int pretty = 0; pretty < 2; pretty++) {
		g_autoptr(GString) out = g_string_new(NULL);
		struct json_writer w = { .out = out, .pretty = pretty };

		json_open(&w, NULL, '{');
		json_put_str(&w, "a", "x");
		json_put_str(&w, "none", NULL);
		json_open(&w, "list", '[');
		json_put_int(&w, NULL, 1);
		json_put_int(&w, NULL, -2);
		json_open(&w, NULL, '[');
		json_close(&w, ']');
		json_open(&w, NULL, '{');
		json_close(&w, '}');
		json_close(&w, ']');
		json_put_bool(&w, "t", true);
		json_put_null(&w, "z");
		json_close(&w, '}');
		g_assert_cmpstr(out->str, ==, want[pretty]);
	}
}

static void writes_odd_text(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_put_str(&w, NULL, "\"\\/\b\f\n\r\t\x1b\x7f\xc2\x9b\xc3\xa9\xff");
	g_assert_cmpstr(out->str, ==,
			"\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001b\\u007f\\u009b\xc3\xa9\xef\xbf\xbd\"");
}

/* All that was read, of every kind, and numbers as exactly as they came. */
static void copies(void)
{
	static const char text[] = "{\"a\":[1,-2.5,1e300,true,false,null,\"x\",{}],"
				   "\"b\":{\"c\":9007199254740991},\"d\":[]}";
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	g_autoptr(json) j = json_parse(text, strlen(text), sizeof(text), NULL);

	json_put_copy(&w, NULL, j);
	g_assert_cmpstr(out->str, ==, "{\"a\":[1,-2.5,1.0000000000000001e+300,true,false,null,\"x\",{}],"
			"\"b\":{\"c\":9007199254740991},\"d\":[]}");
	g_string_truncate(out, 0);
	json_put_copy(&w, NULL, NULL);
	g_assert_cmpstr(out->str, ==, "null");
}

/* What is written can be read, and says the same, for any text and depth. */
static void comes_back(void)
{
	for (int round = 0; round < 3000; round++) {
		g_autoptr(GString) out = g_string_new(NULL), value = g_string_new(NULL);
		struct json_writer w = { .out = out, .pretty = round & 1 };
		unsigned depth = (unsigned)g_test_rand_int_range(0, 63);
		int64_t n = g_test_rand_int(), got;
		g_autoptr(GError) error = NULL;
		g_autoptr(json) j = NULL;
		const struct json *at;

		for (int i = g_test_rand_int_range(0, 20); i > 0; i--)
			g_string_append_unichar(value,
						(gunichar)g_test_rand_int_range(1, 0x300));
		for (unsigned i = 0; i < depth; i++)
			json_open(&w, NULL, '[');
		json_open(&w, NULL, '{');
		json_put_int(&w, "n", n);
		json_put_str(&w, "s", value->str);
		json_close(&w, '}');
		for (unsigned i = 0; i < depth; i++)
			json_close(&w, ']');
		j = parse(out->str, &error);
		g_assert_no_error(error);
		at = j;
		for (unsigned i = 0; i < depth; i++)
			at = json_at(at, 0);
		g_assert_cmpstr(json_str(at, "s"), ==, value->str);
		g_assert_true(json_int(at, "n", &got));
		g_assert_cmpint(got, ==, n);
	}
}

/* Random damage never does worse than a refusal. */
static void damage(void)
{
	static const char good[] = "{\"a\":[1,2.5e3,\"x\\u00e9\\n\"],\"b\":{\"c\":null,\"d\":true}}";

	for (int i = 0; i < 20000; i++) {
		char bad[sizeof(good)];
		size_t len = sizeof(good) - 1;
		g_autoptr(GError) error = NULL;
		g_autoptr(json) j = NULL;

		memcpy(bad, good, sizeof(good));
		for (int k = g_test_rand_int_range(1, 4); k > 0; k--)
			bad[g_test_rand_int_range(0, (int)len)] =
				(char)g_test_rand_int_range(0, 256);
		if (g_test_rand_bit())
			len = (size_t)g_test_rand_int_range(0, (int)len);
		j = json_parse(bad, len, MOST, &error);
		g_assert_true(!j == !!error);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/json/refuses", refuses);
	g_test_add_func("/base/json/bounds", bounds);
	g_test_add_func("/base/json/many-duplicates", many_duplicates);
	g_test_add_func("/base/json/reads", reads);
	g_test_add_func("/base/json/accepts-anything", accepts_anything);
	g_test_add_func("/base/json/writes", writes);
	g_test_add_func("/base/json/writes-odd-text", writes_odd_text);
	g_test_add_func("/base/json/comes-back", comes_back);
	g_test_add_func("/base/json/copies", copies);
	g_test_add_func("/base/json/damage", damage);
	return g_test_run();
}
