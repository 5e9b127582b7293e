/* fuzz-acm-memo: a memo out of a damaged database gives certificates that are sound, or none. */
#include <provider/aws/acm.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size), memo = NULL;
	g_autoptr(GHashTable) certs = acm_memo_read(bytes);
	GHashTableIter iter;
	gpointer value;

	acm_memo_note(bytes);
	g_hash_table_iter_init(&iter, certs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct acm_cert *c = value;

		for (size_t i = 0; i < acm_cert_n_texts; i++) {
			const char *text = *(char *const *)((const char *)c + acm_cert_texts[i]);

			g_assert_true(g_utf8_validate(text, -1, NULL));
			for (const char *p = text; *p; p++)
				g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
		}
		g_free(acm_cert_say_eligibility(c, 0));
	}
	memo = acm_memo_write(certs, NULL);
	return 0;
}
