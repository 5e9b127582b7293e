/* fuzz-edgerc: any bytes as a file of credentials and as something pasted; a section that is listed
 * is read or refused with a sentence, and answers that are given fit their questions' kind. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/err.h>

#include "provider/akamai/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answers(const struct args *a)
{
	g_auto(GStrv) keys = args_keys(a);

	for (char **key = keys; *key; key++)
		g_assert_true(g_utf8_validate(args_get(a, *key), -1, NULL));
	g_assert_nonnull(args_secret(a, AKAMAI_SECRET));
	g_assert_true(*args_get(a, AKAMAI_HOST));
}

static void as_file(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) sections = akamai_edgerc_sections(bytes, &error);

	g_assert_true(!sections == !!error);
	for (guint i = 0; sections && sections[i] && i < 20; i++) {
		g_autoptr(args) a = args_new();
		g_autoptr(GError) why = NULL;

		if (akamai_edgerc_read(bytes, sections[i], a, &why))
			check_answers(a);
		else
			g_assert_true(why && g_utf8_validate(why->message, -1, NULL));
	}
}

static void as_pasted(const uint8_t *data, size_t size)
{
	g_autoptr(secret) block = secret_new(data, size);
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;

	if (block && akamai_edgerc_block(block, a, &error)) {
		g_assert_no_error(error);
		check_answers(a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_file(data, size);
	as_pasted(data, size);
	return 0;
}
