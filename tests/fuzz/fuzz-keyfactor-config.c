/* fuzz-keyfactor-config: a server of command_config.json is refused, with a sentence where it is
 * one, or gives answers that fit their fields, and the address of an API. */
#include <string.h>
#include <provider/keyfactor/keyfactor_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct args *a)
{
	g_auto(GStrv) plain = args_keys(a), secrets = args_secret_keys(a);
	g_autofree char *at = keyfactor_address(a);

	g_assert_true(g_str_has_prefix(at, "http"));
	g_assert_nonnull(args_get(a, "auth"));
	for (char **key = plain; *key; key++) {
		const struct field *f = field_find(keyfactor_fields, *key);

		f = f ? f : field_find(account_common_fields, *key);
		g_assert_true(field_check_one(f, args_get(a, *key), NULL));
	}
	for (char **key = secrets; *key; key++)
		g_assert_cmpint(field_find(keyfactor_fields, *key)->kind, ==, FIELD_SECRET);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(secret) block = secret_new(data, size);
	g_autoptr(args) ret = args_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) keys = NULL;

	if (!block)
		return 0;
	if (keyfactor_block(block, ret, &error)) {
		g_assert_no_error(error);
		check(ret);
		return 0;
	}
	keys = args_keys(ret);
	g_assert_null(*keys);
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	return 0;
}
