/* fuzz-sectigo-reply: any answer of Sectigo is JSON, or a refusal in harmless words. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/sectigo/own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 401, 503 };

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		struct reply r = { .status = statuses[i], .body = g_bytes_new(data, size) };
		g_autoptr(GError) error = NULL;
		int64_t code = 0;
		g_autoptr(json) j = sectigo_refusal_or_json(&r, "asking", &code, &error);

		g_assert_true(!j == !!error);
		g_assert_true(statuses[i] == 200 || !j);
		for (const char *c = error ? error->message : ""; *c; c++)
			g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
		g_bytes_unref(r.body);
	}
	return 0;
}
