/*
 * aws-server: answers as AWS does, each call after the same latency (serve.h).
 *
 *   aws-server LATENCY_MS REGIONS CERTS PAGE    prints its port; ends with its standard input
 *
 * It knows who asks, the regions, a search or list of certificates in pages, and each one's bytes;
 * of all else it says that there is none.  It checks no signature, and counts calls of ACM.
 */
#define _GNU_SOURCE
#include "serve.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ACCOUNT "111122223333"
#define JSON "application/x-amz-json-1.1"

static const char *const regions[] = { "eu-central-1", "eu-north-1", "eu-west-1", "us-east-1" };

static unsigned n_regions, n_certs, page;
static GPtrArray *pems;		/* char *, as JSON has them; region by region */

/* ---- certificates ---- */

static void host_of(char *ret, size_t size, unsigned region, unsigned number)
{
	g_snprintf(ret, size, "host%u.%s.example.org", number, regions[region]);
}

static uint64_t serial_of(unsigned region, unsigned number)
{
	return ((uint64_t)(region + 1) << 40) + number;
}

static void make_certs(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	pems = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < n_regions * n_certs; i++) {
		char host[80];
		X509 *cert;

		host_of(host, sizeof(host), i / n_certs, i % n_certs);
		cert = serve_cert(key, host, serial_of(i / n_certs, i % n_certs));
		g_ptr_array_add(pems, serve_pem(cert));
		X509_free(cert);
	}
	EVP_PKEY_free(key);
}

/* ---- answers ---- */

static int64_t start_of_day(void)
{
	return (int64_t)time(NULL) / 86400 * 86400;
}

static void put_arn(GString *out, unsigned region, unsigned number)
{
	g_string_append_printf(out, "\"CertificateArn\":\"arn:aws:acm:%s:" ACCOUNT ":certificate/"
			       "00000000-0000-4000-8000-%012x\"", regions[region], number);
}

/* One of Search's Results. */
static void put_found(GString *out, unsigned region, unsigned number)
{
	uint64_t serial = serial_of(region, number);
	int64_t day = start_of_day();
	char host[80];

	host_of(host, sizeof(host), region, number);
	g_string_append_c(out, '{');
	put_arn(out, region, number);
	g_string_append_printf(out,
		",\"X509Attributes\":{\"Issuer\":{\"CommonName\":\"Bench CA\"},"
		"\"Subject\":{\"CommonName\":\"%s\"},"
		"\"SubjectAlternativeNames\":[{\"DnsName\":\"%s\"}],"
		"\"KeyAlgorithm\":\"EC_prime256v1\",\"SerialNumber\":\"%02x:%02x:%02x:%02x:%02x:%02x\","
		"\"NotBefore\":%" G_GINT64_FORMAT ",\"NotAfter\":%" G_GINT64_FORMAT "},"
		"\"CertificateMetadata\":{\"AcmCertificateMetadata\":{\"CreatedAt\":%" G_GINT64_FORMAT
		",\"Exported\":false,\"InUse\":true,\"IssuedAt\":%" G_GINT64_FORMAT ","
		"\"RenewalEligibility\":\"ELIGIBLE\",\"Status\":\"ISSUED\",\"Type\":\"AMAZON_ISSUED\","
		"\"ExportOption\":\"DISABLED\",\"ValidationMethod\":\"DNS\","
		"\"CertificateKeyPairOrigin\":\"AWS_MANAGED\"}}}",
		host, host, (unsigned)(serial >> 40) & 255, (unsigned)(serial >> 32) & 255,
		(unsigned)(serial >> 24) & 255, (unsigned)(serial >> 16) & 255,
		(unsigned)(serial >> 8) & 255, (unsigned)serial & 255, day - 86400,
		day + 190 * 86400, day - 86400, day - 86400);
}

/* One of List's summaries. */
static void put_summary(GString *out, unsigned region, unsigned number)
{
	int64_t day = start_of_day();
	char host[80];

	host_of(host, sizeof(host), region, number);
	g_string_append_c(out, '{');
	put_arn(out, region, number);
	g_string_append_printf(out,
		",\"DomainName\":\"%s\",\"SubjectAlternativeNameSummaries\":[\"%s\"],"
		"\"Status\":\"ISSUED\",\"Type\":\"AMAZON_ISSUED\",\"KeyAlgorithm\":\"EC-prime256v1\","
		"\"InUse\":true,\"Exported\":false,\"RenewalEligibility\":\"ELIGIBLE\","
		"\"NotBefore\":%" G_GINT64_FORMAT ",\"NotAfter\":%" G_GINT64_FORMAT
		",\"IssuedAt\":%" G_GINT64_FORMAT "}", host, host, day - 86400, day + 190 * 86400,
		day - 86400);
}

typedef void put_fn(GString *out, unsigned region, unsigned number);

static void put_page(GString *out, const char *list, put_fn *put, unsigned region, const char *body)
{
	const char *token = strstr(body, "\"NextToken\":\"");
	unsigned from = token ? (unsigned)atoi(token + strlen("\"NextToken\":\"")) : 0;
	unsigned end = MIN(from + page, n_certs);

	g_string_append_printf(out, "{\"%s\":[", list);
	for (unsigned i = from; i < end; i++) {
		if (i > from)
			g_string_append_c(out, ',');
		put(out, region, i);
	}
	g_string_append(out, "]");
	if (end < n_certs)
		g_string_append_printf(out, ",\"NextToken\":\"%u\"", end);
	g_string_append(out, "}");
}

static unsigned number_in(const char *body)
{
	const char *at = strstr(body, "00000000-0000-4000-8000-");

	return at ? (unsigned)MIN(strtoul(at + 24, NULL, 16), n_certs - 1) : 0;
}

static void put_acm(GString *out, const char *operation, unsigned region, const char *body)
{
	if (g_str_has_prefix(operation, "SearchCertificates")) {
		put_page(out, "Results", put_found, region, body);
	} else if (g_str_has_prefix(operation, "ListCertificates")) {
		put_page(out, "CertificateSummaryList", put_summary, region, body);
	} else if (g_str_has_prefix(operation, "GetCertificate")) {
		g_string_append_printf(out, "{\"Certificate\":\"%s\"}",
				       (char *)pems->pdata[region * n_certs + number_in(body)]);
	} else if (g_str_has_prefix(operation, "DescribeCertificate")) {
		g_string_append(out, "{\"Certificate\":");
		put_summary(out, region, number_in(body));
		g_string_append(out, "}");
	} else {
		g_string_append(out, "{}");
	}
}

static void put_other(GString *out, const char *head, const char *body)
{
	if (strstr(head, "/listRegions")) {
		g_string_append(out, "{\"Regions\":[");
		for (unsigned i = 0; i < n_regions; i++)
			g_string_append_printf(out, "%s{\"RegionName\":\"%s\",\"RegionOptStatus\":"
					       "\"ENABLED_BY_DEFAULT\"}", i ? "," : "", regions[i]);
		g_string_append(out, "]}");
	} else if (strstr(body, "GetCallerIdentity")) {
		g_string_append(out, "<GetCallerIdentityResponse><GetCallerIdentityResult>"
				"<UserId>AIDAEXAMPLEEXAMPLE123</UserId><Account>" ACCOUNT "</Account>"
				"<Arn>arn:aws:iam::" ACCOUNT ":user/certty</Arn>"
				"</GetCallerIdentityResult></GetCallerIdentityResponse>");
	} else if (strstr(body, "ListServerCertificates")) {
		g_string_append(out, "<ListServerCertificatesResponse><ListServerCertificatesResult>"
				"<IsTruncated>false</IsTruncated><ServerCertificateMetadataList/>"
				"</ListServerCertificatesResult></ListServerCertificatesResponse>");
	} else {
		g_string_append(out, "{\"CertificateAuthorities\":[]}");
	}
}

static unsigned region_of(const char *head)
{
	for (unsigned i = 0; i < n_regions; i++) {
		g_autofree char *scope = g_strconcat("/", regions[i], "/", NULL);

		if (strstr(head, scope))
			return i;
	}
	return 0;
}

static void answer(const char *head, const char *body, struct serve_answer *ret)
{
	const char *target = strcasestr(head, "\r\nX-Amz-Target: CertificateManager.");
	const char *operation = target ? strchr(target, '.') + 1 : NULL;

	if (target) {
		put_acm(ret->text, operation, region_of(head), body);
		ret->is_counted = true;
		g_string_append_printf(ret->line, "%.*s %s %s", (int)strcspn(operation, "\r"), operation,
				       regions[region_of(head)], body);
	} else {
		put_other(ret->text, head, body);
	}
	ret->type = *ret->text->str == '<' ? "text/xml" : JSON;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	n_regions = (unsigned)CLAMP(atoi(argv[2]), 1, (int)G_N_ELEMENTS(regions));
	n_certs = (unsigned)MAX(atoi(argv[3]), 1);
	page = (unsigned)MAX(atoi(argv[4]), 1);
	make_certs();
	return serve_run(atoll(argv[1]) * 1000, answer) ? 0 : 1;
}
