/* fuzz-aws-error: whatever comes with a bad status becomes one harmless sentence, and answers of
 * STS and of the sources of keys are read or refused.  The first byte is the status. */
#include <provider/aws/aws_own.h>

#include <string.h>

#include <net/exchange_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_sentence(const GError *error)
{
	g_assert_nonnull(error);
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	for (const char *p = error->message; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void read_keys(const struct reply *r)
{
	g_autoptr(json) j = aws_call_read_json(r, "reading", NULL);
	struct aws_keys k = { 0 };

	for (int form = 0; j && form < AWS_KEYS_FORMS; form++)
		if (aws_keys_read(j, (enum aws_keys_form)form, "reading", &k, NULL)) {
			g_assert_true(aws_keys_check(&k, "", NULL));
			aws_keys_done(&k);
		}
	if (aws_sts_read_keys(r, "AssumeRoleResult", "reading", &k, NULL)) {
		g_assert_true(k.session && k.ends && aws_keys_check(&k, "", NULL));
		aws_keys_done(&k);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply r = { .headers = exchange_headers() };
	g_autoptr(GBytes) body = g_bytes_new(size ? data + 1 : data, size ? size - 1 : 0);
	struct aws_error e;

	r.status = 200 + (size ? *data : 0) * 2;
	r.body = body;
	aws_error_is_signed_out(&r, NULL);
	if (aws_error_read(&r, &e)) {
		g_autoptr(GError) error = aws_error_say(&e, "asking");

		check_sentence(error);
		aws_error_done(&e);
	} else {
		g_assert_cmpint(r.status, <, 300);
		read_keys(&r);
	}
	g_array_unref(r.headers);
	return 0;
}
