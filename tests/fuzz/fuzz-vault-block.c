/* fuzz-vault-block: whatever is pasted is refused, with a sentence where it is Vault's, or gives
 * answers that its own fields know and tokens that can stand in a header. */
#include <string.h>
#include <provider/vault/vault_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct field *field_of(const char *key)
{
	const struct field *f = field_find(vault_fields, key);

	return f ? f : field_find(account_common_fields, key);
}

static void check(const struct args *a)
{
	g_auto(GStrv) plain = args_keys(a), secrets = args_secret_keys(a);

	g_assert_true(*plain || *secrets);
	for (char **key = plain; *key; key++) {
		g_assert_cmpint(field_of(*key)->kind, !=, FIELD_SECRET);
		g_assert_true(g_utf8_validate(args_get(a, *key), -1, NULL));
	}
	for (char **key = secrets; *key; key++) {
		const struct secret *s = args_secret(a, *key);

		g_assert_cmpint(field_of(*key)->kind, ==, FIELD_SECRET);
		g_assert_true(vault_token_is_fit(s->bytes, s->len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(secret) block = secret_new(data, size);
	g_autoptr(args) ret = args_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) keys = NULL;

	if (!block)
		return 0;
	if (vault_block(block, ret, &error)) {
		g_assert_no_error(error);
		check(ret);
		return 0;
	}
	keys = args_keys(ret);
	g_assert_null(*keys);
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	return 0;
}
