/* fuzz-csr: DER to what a reviewer sees: harmless lines, as many oddities as said. */
#include <glib.h>
#include <stdint.h>
#include <openssl/err.h>
#include <certty/model/x509.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) der = g_bytes_new_static(data, size);
	g_auto(GStrv) names = NULL;
	g_autofree char *oddities = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(detail) d = x509_csr_describe(der, &names, &oddities, &error);

	g_assert_true((d == NULL) == (error != NULL));
	for (size_t i = 0; d && i < d->n; i++)
		for (const char *p = d->line[i].text; *p; p++)
			g_assert_true((unsigned char)*p >= ' ');
	for (const char *p = oddities; p && *p; p++)
		g_assert_true((unsigned char)*p >= ' ' || *p == '\n');
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return 0;
}
