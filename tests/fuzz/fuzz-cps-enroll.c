/* fuzz-cps-enroll: any two lines as the names of an enrollment are names that can be sent, or a sentence; and
 * what follows as an enrollment that was read is written again as JSON. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include <certty/base/err.h>

#include "provider/akamai/cps_enroll.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_names(const struct args *a)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) names = cps_enroll_names(a, &error);

	g_assert_true(!names == !!error);
	for (char **name = names; names && *name; name++) {
		g_assert_true(**name && strlen(*name) <= 255);
		for (const char *c = *name; *c; c++)
			g_assert_true(g_ascii_isalnum(*c) || strchr("-_.*", *c));
	}
	for (const char *c = error ? error->message : ""; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

static void check_whole(const struct args *a)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(cps_enroll_check(a, &error));	/* contacts are missing */
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void check_again(const char *text)
{
	g_autoptr(json) j = json_parse(text, strlen(text), 1u << 20, NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *again = cps_enroll_body_again(j, "1", &error);
	g_autoptr(json) k = again ? json_parse(again, strlen(again), 8u << 20, NULL) : NULL;

	if (!again) {
		g_assert_error(error, ERR, ERR_REPLY);
		return;
	}
	g_assert_nonnull(json_str(json_get(k, "csr"), "cn"));
	g_assert_null(json_get(k, "id"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
	guint n = g_strv_length(lines);
	g_autoptr(args) a = args_new();

	args_set(a, CPS_CN, n > 0 ? lines[0] : "");
	args_set(a, CPS_SANS, n > 1 ? lines[1] : "");
	check_names(a);
	check_whole(a);
	check_again(n > 2 ? lines[2] : text);
	return 0;
}
