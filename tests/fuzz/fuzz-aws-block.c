/* fuzz-aws-block: whatever is pasted is read, refused with a sentence, or left alone; what is read
 * can be keys, and what is not read leaves nothing behind. */
#include <provider/aws/aws_own.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answers(const struct args *a)
{
	struct aws_keys k = {
		.id = (char *)args_get(a, "access-key"),
		.secret = (struct secret *)args_secret(a, "secret-key"),
		.session = (struct secret *)args_secret(a, "session-token"),
	};
	g_auto(GStrv) keys = args_keys(a);

	if (!strcmp(args_text(a, "from", ""), "keys"))
		g_assert_true(aws_keys_check(&k, "", NULL));
	else
		g_assert_nonnull(args_get(a, "profile"));
	for (char **key = keys; *key; key++)
		g_assert_true(field_find(provider_find("aws")->info->account_fields, *key) &&
			      g_utf8_validate(args_get(a, *key), -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(secret) block = secret_new(data, size);
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;

	if (!block)
		return 0;
	if (aws_block(block, a, &error)) {
		g_assert_null(error);
		check_answers(a);
	} else {
		g_auto(GStrv) plain = args_keys(a), secret = args_secret_keys(a);

		g_assert_true(!plain[0] && !secret[0]);
		g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	}
	return 0;
}
