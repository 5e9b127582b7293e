/* fuzz-azure-block: any block that is pasted for Azure is nobody's, or broken, or answers questions
 * that there are, with harmless text; what is refused has answered nothing. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/azure/own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct provider_info *info = provider_find("azure")->info;
	g_autoptr(secret) block = secret_new(data, size);
	g_autoptr(args) answers = args_new();
	g_autoptr(GError) error = NULL;
	bool is_read = azure_block(block, answers, &error);
	g_auto(GStrv) plain = args_keys(answers), secrets = args_secret_keys(answers);

	g_assert_true(!is_read || !error);
	g_assert_true(is_read || (!*plain && !*secrets));
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	for (char **key = plain; *key; key++) {
		g_assert_true(field_find(info->account_fields, *key)->kind != FIELD_SECRET);
		g_assert_true(g_utf8_validate(args_get(answers, *key), -1, NULL));
	}
	for (char **key = secrets; *key; key++)
		g_assert_true(field_find(info->account_fields, *key)->kind == FIELD_SECRET);
	return 0;
}
