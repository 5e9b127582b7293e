/* fuzz-dns-reply: any answer of Cloudflare and of GoDaddy is JSON, or a refusal in harmless words; and a
 * value of a record, whatever it is, is text or none. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "provider/cloudflare/cloudflare.h"
#include "provider/godaddy/godaddy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const GError *error)
{
	for (const char *c = error ? error->message : ""; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
}

static void read_value(const uint8_t *data, size_t size)
{
	g_autofree char *value = g_strndup((const char *)data, size);
	g_autofree char *text = dns_record_plain("TXT", value, NULL);

	g_assert_true(!text || g_utf8_validate(text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 401, 404, 429 };

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		struct reply r = { .status = statuses[i], .body = g_bytes_new(data, size) };
		g_autoptr(GError) cloudflare = NULL, godaddy = NULL;
		g_autoptr(json) j = cloudflare_read(&r, "asking", NULL, &cloudflare), k = NULL;
		enum godaddy_said said = godaddy_read(&r, "asking", &k, &godaddy);

		g_assert_true(!j == !!cloudflare);
		g_assert_true((said == GODADDY_GOOD) == !godaddy && (said == GODADDY_GOOD) == !!k);
		check(cloudflare);
		check(godaddy);
		g_bytes_unref(r.body);
	}
	read_value(data, size);
	return 0;
}
