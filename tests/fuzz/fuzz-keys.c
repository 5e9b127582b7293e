/* fuzz-keys: bytes from a terminal become keys that have a name, and a paste never does. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include "ui/decode.h"

#define PASTE_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(uint32_t key)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	uint32_t again = 0;

	key_say(name, key);
	g_assert_true(key_parse(name->str, -1, &again, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(again, ==, key);
}

static void take_all(struct decode *d, bool final)
{
	struct input in = { 0 };

	for (decode_next(d, final, &in); in.kind != INPUT_NONE; decode_next(d, final, &in)) {
		if (in.kind == INPUT_KEY)
			check_name(in.key);
		else if (in.kind == INPUT_PASTE)
			g_assert_cmpuint(in.paste.len, <=, PASTE_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size ? 1 + data[0] % 64 : 1;
	struct decode d;
	g_autofree char *name = g_strndup((const char *)data, size);
	uint32_t key = 0;

	if (key_parse(name, -1, &key, NULL))
		check_name(key);
	decode_init(&d, PASTE_MAX);
	while (size) {
		size_t n = MIN(MIN(piece, size), decode_room(&d));

		decode_feed(&d, data, n);
		take_all(&d, n == 0);
		data += n;
		size -= n;
	}
	take_all(&d, true);
	decode_done(&d);
	return 0;
}
