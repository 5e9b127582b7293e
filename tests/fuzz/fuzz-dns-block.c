/* fuzz-dns-block: any block that is pasted for a DNS service is nobody's, or broken, or answers
 * questions that there are; what is refused has answered nothing. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/provider/provider.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void paste(const struct provider_info *info, const struct secret *block)
{
	g_autoptr(args) answers = args_new();
	g_autoptr(GError) error = NULL;
	bool is_read = info->read_block(block, answers, &error);
	g_auto(GStrv) plain = args_keys(answers), secrets = args_secret_keys(answers);

	g_assert_true(!is_read || !error);
	g_assert_true(is_read || (!*plain && !*secrets));
	for (char **key = plain; *key; key++) {
		g_assert_true(field_find(info->account_fields, *key)->kind != FIELD_SECRET);
		g_assert_true(g_utf8_validate(args_get(answers, *key), -1, NULL));
	}
	for (char **key = secrets; *key; key++)
		g_assert_true(field_find(info->account_fields, *key)->kind == FIELD_SECRET);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "cloudflare", "godaddy", "rfc2136" };
	g_autoptr(secret) block = secret_new(data, size);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		paste(provider_find(names[i])->info, block);
	return 0;
}
