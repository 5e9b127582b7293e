/*
 * azure-server: answers as Azure does where vaults are read, each call after the same latency (serve.h).
 *
 *   azure-server LATENCY_US VAULTS CERTS CERT KEY    prints its port; ends with its standard input
 *
 * By the host that is asked it is a vault, kv-0 and up, with a list of 25 on a page and each certificate;
 * else it gives any token and tells of the vaults as resources.  It speaks TLS, as vaults do, and counts
 * what vaults are asked.
 */
#define _GNU_SOURCE
#include "serve.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAGE 25
#define SUBSCRIPTION "cccccccc-0000-4000-8000-000000000003"
#define TENANT "aaaaaaaa-0000-4000-8000-000000000001"

static unsigned n_vaults, n_certs;
static GPtrArray *ders, *prints;	/* char *: base64, and SHA-1 as vaults write it; vault by vault */

/* ---- certificates ---- */

static char *print_of(const guint8 *der, size_t size)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize len = sizeof(digest);
	char *text;

	g_checksum_update(sum, der, (gssize)size);
	g_checksum_get_digest(sum, digest, &len);
	g_checksum_free(sum);
	text = g_base64_encode(digest, len);
	g_strdelimit(text, "+", '-');
	g_strdelimit(text, "/", '_');
	text[strcspn(text, "=")] = '\0';
	return text;
}

static void make_certs(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	ders = g_ptr_array_new_with_free_func(g_free);
	prints = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < n_vaults * n_certs; i++) {
		g_autofree char *host = g_strdup_printf("host%u.kv-%u.example.org", i % n_certs, i / n_certs);
		X509 *cert = serve_cert(key, host, (1u << 30) + i);
		unsigned char *der = NULL;
		int len = i2d_X509(cert, &der);

		g_ptr_array_add(ders, g_base64_encode(der, (gsize)len));
		g_ptr_array_add(prints, print_of(der, (size_t)len));
		OPENSSL_free(der);
		X509_free(cert);
	}
	EVP_PKEY_free(key);
}

/* ---- a vault ---- */

static void put_attributes(GString *out)
{
	int64_t day = (int64_t)time(NULL) / 86400 * 86400;

	g_string_append_printf(out, "\"attributes\":{\"enabled\":true,\"nbf\":%" G_GINT64_FORMAT ",\"exp\":%"
			       G_GINT64_FORMAT ",\"created\":%" G_GINT64_FORMAT ",\"updated\":%" G_GINT64_FORMAT
			       ",\"recoveryLevel\":\"Recoverable\",\"recoverableDays\":90},\"tags\":{}",
			       day - 86400, day + 190 * 86400, day, day);
}

/* The next link repeats nothing of what was asked, and has a port that a client may not expect. */
static void put_list(GString *out, const char *base, unsigned vault, const char *path)
{
	const char *token = strstr(path, "skiptoken=");
	unsigned from = token ? (unsigned)atoi(token + strlen("skiptoken=")) : 0;
	unsigned end = MIN(from + PAGE, n_certs);

	g_string_append(out, "{\"value\":[");
	for (unsigned i = from; i < end; i++) {
		g_string_append_printf(out, "%s{\"id\":\"%s/certificates/c%u\",\"x5t\":\"%s\","
				       "\"subject\":\"\",", i > from ? "," : "", base, i,
				       (char *)prints->pdata[vault * n_certs + i]);
		put_attributes(out);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "],\"nextLink\":");
	if (end < n_certs)
		g_string_append_printf(out, "\"%s/certificates?api-version=7.4&$skiptoken=%u\"}", base, end);
	else
		g_string_append(out, "null}");
}

static void put_bundle(GString *out, const char *base, unsigned vault, unsigned number)
{
	unsigned i = vault * n_certs + MIN(number, n_certs - 1);

	g_string_append_printf(out, "{\"id\":\"%s/certificates/c%u/%032x\",\"kid\":\"%s/keys/c%u/%032x\","
			       "\"sid\":\"%s/secrets/c%u/%032x\",\"x5t\":\"%s\",\"cer\":\"%s\",", base, number,
			       i, base, number, i, base, number, i, (char *)prints->pdata[i],
			       (char *)ders->pdata[i]);
	put_attributes(out);
	g_string_append(out, ",\"policy\":{\"key_props\":{\"exportable\":true,\"kty\":\"EC\",\"crv\":\"P-256\","
			"\"reuse_key\":false},\"secret_props\":{\"contentType\":\"application/x-pkcs12\"},"
			"\"issuer\":{\"name\":\"Unknown\"}}}");
}

static void put_vault(struct serve_answer *ret, const char *host, unsigned vault, const char *path)
{
	g_autofree char *base = g_strdup_printf("https://%.*s", (int)strcspn(host, "\r"), host);

	ret->is_counted = true;
	g_string_append_printf(ret->line, "kv-%u %.*s", vault, (int)strcspn(path, " "), path);
	if (g_str_has_prefix(path, "/certificates?"))
		put_list(ret->text, base, vault, path);
	else if (g_str_has_prefix(path, "/certificates/c") && g_ascii_isdigit(path[15]))
		put_bundle(ret->text, base, vault, (unsigned)atoi(path + 15));
	else if (g_str_has_prefix(path, "/certificates/issuers"))
		g_string_append(ret->text, "{\"value\":[],\"nextLink\":null}");
	else
		ret->status = 404;
}

/* ---- all else ---- */

static void put_resource(GString *out, unsigned vault)
{
	g_string_append_printf(out, "{\"id\":\"/subscriptions/" SUBSCRIPTION "/resourceGroups/rg/providers/"
			       "Microsoft.KeyVault/vaults/kv-%u\",\"name\":\"kv-%u\",\"location\":\"eastus\","
			       "\"properties\":{\"tenantId\":\"" TENANT "\",\"enableRbacAuthorization\":true,"
			       "\"sku\":{\"family\":\"A\",\"name\":\"standard\"}}}", vault, vault);
}

static void put_other(struct serve_answer *ret, const char *path)
{
	const char *vault = strstr(path, "/vaults/kv-");

	if (strstr(path, "/oauth2/v2.0/token")) {
		g_string_append(ret->text, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":"
				"\"a.b.c\"}");
	} else if (strstr(path, "/Microsoft.ResourceGraph/")) {
		g_string_append(ret->text, "{\"data\":[");
		for (unsigned i = 0; i < n_vaults; i++) {
			g_string_append(ret->text, i ? "," : "");
			put_resource(ret->text, i);
		}
		g_string_append(ret->text, "]}");
	} else if (vault) {
		put_resource(ret->text, (unsigned)atoi(vault + strlen("/vaults/kv-")));
		ret->is_counted = true;
		g_string_append(ret->line, "resource");
	} else {
		ret->status = 404;
	}
}

static void answer(const char *head, const char *body, struct serve_answer *ret)
{
	const char *host = strcasestr(head, "\r\nHost: "), *path = strchr(head, '/');
	g_autofree char *line = g_strndup(path, strcspn(path, " \r"));

	(void)body;
	host = host ? host + strlen("\r\nHost: ") : "";
	if (g_str_has_prefix(host, "kv-"))
		put_vault(ret, host, MIN((unsigned)atoi(host + 3), n_vaults - 1), line);
	else
		put_other(ret, line);
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	n_vaults = (unsigned)CLAMP(atoi(argv[2]), 1, 100);
	n_certs = (unsigned)CLAMP(atoi(argv[3]), 1, 1 << 16);
	make_certs();
	return serve_run_tls(atoll(argv[1]), answer, argv[4], argv[5]) ? 0 : 1;
}
