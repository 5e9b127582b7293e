/* fuzz-azure-token: any answer to a request for a token is a token that can stand in a header, or a
 * refusal in harmless words; likewise what the Azure CLI prints, and answers of the Resource
 * Manager. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/azure/own.h>

#define NOW INT64_C(1785580000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is_read, struct token *t, GError *error)
{
	g_assert_true(is_read == !error);
	if (error) {
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		for (const char *c = error->message; *c; c++)
			g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		g_error_free(error);
		return;
	}
	g_assert_cmpuint(t->access->len, >, 0);
	for (size_t i = 0; i < t->access->len; i++)
		g_assert_true(t->access->bytes[i] > ' ' && t->access->bytes[i] <= '~');
	g_assert_cmpint(t->ends, >=, 0);
	g_assert_cmpint(t->ends, <=, NOW + INT64_C(400) * 86400);
	token_done(t);
}

static void check_reply(const uint8_t *data, size_t size, int status)
{
	struct reply r = { .status = status, .body = g_bytes_new(data, size) };
	struct token t = { 0 };
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	bool is_read = azure_reply_token(&r, NOW, &t, &error);

	check(is_read, &t, error);
	error = NULL;
	j = azure_reply_json(&r, "asking", &error);
	g_assert_true(!j == !!error);
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	g_clear_error(&error);
	g_bytes_unref(r.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 503 };
	struct token t = { 0 };
	GError *error = NULL;
	bool is_read = azure_reply_cli_token(data, size, NOW, &t, &error);

	check(is_read, &t, error);
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		check_reply(data, size, statuses[i]);
	return 0;
}
