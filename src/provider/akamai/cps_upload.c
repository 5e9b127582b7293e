/*
 * cps_upload: certificates with their issuers, as CPS takes them for the keys of a change.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/x509.h>

guint cps_upload_issuers(const GPtrArray *chain)
{
	guint n = 0;

	while (n < chain->len && !x509_is_signed_by(chain->pdata[n], chain->pdata[n]))
		n++;
	return n;
}

/* The first block is the certificate, what is behind it its issuers; none is null. */
static void put_pem(struct json_writer *w, const char *pem)
{
	static const char end[] = "-----END CERTIFICATE-----\n";
	const char *after = strstr(pem, end);
	g_autofree char *leaf = NULL;

	after = after ? after + strlen(end) : pem + strlen(pem);
	leaf = g_strndup(pem, (gsize)(after - pem));
	json_put_str(w, "certificate", leaf);
	json_put_str(w, "trustChain", *after ? after : NULL);
}

char *cps_upload_body(const GPtrArray *given)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_open(&w, "certificatesAndTrustChains", '[');
	for (guint i = 0; i + 1 < given->len; i += 2) {
		json_open(&w, NULL, '{');
		json_put_str(&w, "keyAlgorithm", given->pdata[i]);
		put_pem(&w, given->pdata[i + 1]);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}
