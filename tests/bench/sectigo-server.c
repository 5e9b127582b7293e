/*
 * sectigo-server: answers as Sectigo Certificate Manager does where it is read, each call after the same
 * latency (serve.h).
 *
 *   sectigo-server LATENCY_US CERTS DOMAINS list|all CERT KEY    prints its port; ends with its standard input
 *
 * One organization, a report of all certificates, domains and their validations 200 on a page, each domain
 * alone, and the bytes of each certificate, which count for "all" only.
 */
#define _GNU_SOURCE
#include "serve.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_CERT   40000
#define FIRST_DOMAIN 7000

static unsigned n_certs, n_domains;
static GPtrArray *pems;		/* char * */
static GString *report;
static bool counts_bytes;

/* ---- certificates ---- */

static char *pem_of(X509 *cert)
{
	g_autofree char *escaped = serve_pem(cert);
	g_auto(GStrv) lines = g_strsplit(escaped, "\\n", -1);

	return g_strjoinv("\n", lines);
}

static void put_time(GString *out, const char *key, time_t when)
{
	struct tm tm;
	char text[40];

	gmtime_r(&when, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.000Z", &tm);
	g_string_append_printf(out, ",\"%s\":\"%s\"", key, text);
}

static void put_cert(GString *out, unsigned i, X509 *cert)
{
	time_t now = time(NULL);

	g_string_append_printf(out, "%s{\"id\":%u,\"type\":\"OV Multi-Domain\",\"typeId\":9001,"
			       "\"orgId\":501,\"organizationName\":\"Example University\","
			       "\"commonName\":\"host%u.example.org\","
			       "\"subjAltNames\":\"host%u.example.org\",\"status\":\"Issued\",\"term\":200,"
			       "\"backendCertId\":\"%u\",\"requester\":\"Robot Example\","
			       "\"requestedVia\":\"REST API\",\"serialNumber\":\"%X\","
			       "\"issuer\":\"CN=Bench CA\",\"publicKeyAlg\":\"EC\","
			       "\"publicKeySize\":256,\"signatureAlg\":\"SHA256withECDSA\"", i ? "," : "",
			       FIRST_CERT + i, i, i, 900000 + i,
			       (unsigned)ASN1_INTEGER_get(X509_get_serialNumber(cert)));
	put_time(out, "requested", now - 86400);
	put_time(out, "issued", now - 86400);
	put_time(out, "expires", now + 190 * 86400);
	g_string_append_c(out, '}');
}

static void make_certs(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	pems = g_ptr_array_new_with_free_func(g_free);
	report = g_string_new("{\"statusCode\":0,\"reports\":[");
	for (unsigned i = 0; i < n_certs; i++) {
		g_autofree char *host = g_strdup_printf("host%u.example.org", i);
		X509 *cert = serve_cert(key, host, (1u << 30) + i);

		g_ptr_array_add(pems, pem_of(cert));
		put_cert(report, i, cert);
		X509_free(cert);
	}
	g_string_append(report, "]}");
	EVP_PKEY_free(key);
}

/* ---- lists ---- */

static unsigned asked(const char *path, const char *key)
{
	const char *at = strstr(path, key);

	return at ? (unsigned)atoi(at + strlen(key)) : 0;
}

static void put_day(GString *out, const char *key, int days)
{
	time_t when = time(NULL) + (time_t)days * 86400;
	struct tm tm;

	gmtime_r(&when, &tm);
	g_string_append_printf(out, ",\"%s\":\"%04d-%02d-%02d\"", key, tm.tm_year + 1900, tm.tm_mon + 1,
			       tm.tm_mday);
}

static void put_page(struct serve_answer *ret, const char *path, bool is_validation)
{
	GString *out = ret->text;
	unsigned from = asked(path, "position="), end = MIN(from + asked(path, "size="), n_domains);

	ret->total = n_domains;
	g_string_append_c(out, '[');
	for (unsigned i = from; i < end; i++) {
		g_string_append(out, i > from ? "," : "");
		if (!is_validation) {
			g_string_append_printf(out, "{\"id\":%u,\"name\":\"d%u.example\"}",
					       FIRST_DOMAIN + i, i);
			continue;
		}
		g_string_append_printf(out, "{\"domain\":\"d%u.example\",\"dcvStatus\":\"VALIDATED\","
				       "\"dcvMethod\":\"CNAME\",\"dcvOrderStatus\":\"NOT_INITIATED\"", i);
		put_day(out, "expirationDate", 30 + (int)i % 160);
		g_string_append_c(out, '}');
	}
	g_string_append_c(out, ']');
}

static void put_domain(GString *out, unsigned number)
{
	g_string_append_printf(out, "{\"id\":%u,\"name\":\"d%u.example\",\"delegationStatus\":\"ACTIVE\","
			       "\"state\":\"ACTIVE\",\"validationStatus\":\"VALIDATED\","
			       "\"validationMethod\":\"CNAME_CSR_HASH\","
			       "\"delegations\":[{\"orgId\":501,\"certTypes\":[\"SSL\"],"
			       "\"domainCertificateRequestPrivileges\":[\"DOMAIN\"],\"status\":\"ACTIVE\"}]",
			       number, number - FIRST_DOMAIN);
	put_day(out, "dcvExpiration", 30 + (int)(number - FIRST_DOMAIN) % 160);
	g_string_append_c(out, '}');
}

/* ---- what is asked ---- */

static void collect(struct serve_answer *ret, const char *path)
{
	unsigned i = (unsigned)atoi(path) - FIRST_CERT;

	ret->is_counted = counts_bytes;
	ret->type = "application/octet-stream;charset=UTF-8";
	if (i < n_certs)
		g_string_append(ret->text, pems->pdata[i]);
	else
		ret->status = 404;
}

static void answer(const char *head, const char *body, struct serve_answer *ret)
{
	static const char collects[] = "/api/ssl/v1/collect/", one[] = "/api/domain/v1/";
	const char *at = strchr(head, '/');
	g_autofree char *path = g_strndup(at, strcspn(at, " \r"));

	(void)body;
	ret->is_counted = true;
	g_string_append(ret->line, path);
	if (g_str_has_prefix(path, collects))
		collect(ret, path + strlen(collects));
	else if (g_str_has_prefix(path, one))
		put_domain(ret->text, (unsigned)atoi(path + strlen(one)));
	else if (g_str_has_prefix(path, "/api/domain/v1?"))
		put_page(ret, path, false);
	else if (g_str_has_prefix(path, "/api/dcv/v1/validation?"))
		put_page(ret, path, true);
	else if (g_str_has_prefix(path, "/api/report/v1/ssl-certificates"))
		g_string_append_len(ret->text, report->str, (gssize)report->len);
	else if (g_str_has_prefix(path, "/api/organization/v1"))
		g_string_append(ret->text, "[{\"id\":501,\"name\":\"Example University\",\"departments\":[]}]");
	else
		g_string_append(ret->text, "[]");	/* ACME, validations of organizations */
}

int main(int argc, char **argv)
{
	if (argc != 7)
		return 2;
	n_certs = (unsigned)CLAMP(atoi(argv[2]), 1, 1 << 16);
	n_domains = (unsigned)CLAMP(atoi(argv[3]), 1, 1 << 16);
	counts_bytes = !strcmp(argv[4], "all");
	make_certs();
	return serve_run_tls(atoll(argv[1]), answer, argv[5], argv[6]) ? 0 : 1;
}
