/* test-x509-describe: what a person reads about a certificate. */
#include <string.h>

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <certty/base/json.h>
#include <certty/model/x509.h>

#include "make.h"

static const struct detail_line *line_at(const struct detail *d, const char *label,
					 const char *text)
{
	const char *last = "";

	for (size_t i = 0; i < d->n; i++) {
		if (*d->line[i].label)
			last = d->line[i].label;
		if (strcmp(last, label) == 0 && strstr(d->line[i].text, text))
			return &d->line[i];
	}
	return NULL;
}

static void expect(const struct detail *d, const char *label, const char *text)
{
	if (line_at(d, label, text))
		return;
	for (size_t i = 0; i < d->n; i++)
		g_test_message("%s: %s", d->line[i].label, d->line[i].text);
	g_error("no line \"%s: %s\"", label, text);
}

static struct detail *describe(X509 *cert)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) der = make_der(cert);
	struct detail *d = x509_describe(der, NULL, 0, NULL, MAKE_NOW, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	X509_free(cert);
	return d;
}

static void add(X509 *cert, int nid, const char *value)
{
	CONF *none = NCONF_new(NULL);
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, none);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	g_assert_nonnull(e);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
	NCONF_free(none);
}

static void everything(X509 *cert)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4.5", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);

	add(cert, NID_key_usage, "critical,digitalSignature,keyEncipherment");
	add(cert, NID_crl_distribution_points, "URI:http://crl.example/a.crl");
	add(cert, NID_info_access,
	    "OCSP;URI:http://ocsp.example,caIssuers;URI:http://ca.example/a.cer");
	add(cert, NID_certificate_policies, "2.23.140.1.2.1,1.2.3.4");
	add(cert, NID_tlsfeature, "status_request");
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static void full(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "Test CA", .constraints = "CA:TRUE" });
	g_autoptr(detail) d = describe(make_cert(&(struct make){
		.subject = "www.example.org", .issuer = ca, .constraints = "CA:FALSE",
		.purposes = "serverAuth,clientAuth", .change = everything,
		.sans = "DNS:www.example.org,DNS:xn--mnchen-3ya.example,IP:10.0.0.1" }));
	g_autoptr(json) j = json_parse(d->json, strlen(d->json), 1 << 20, NULL);

	g_assert_cmpstr(d->title, ==, "www.example.org");
	g_assert_true(g_str_has_prefix(d->id, "certs/"));
	g_assert_cmpuint(strlen(d->id), ==, strlen("certs/") + 16);
	expect(d, "Names", "xn--mnchen-3ya.example (m\xc3\xbcnchen.example)");
	expect(d, "Names", "10.0.0.1");
	expect(d, "Subject", "CN=www.example.org");
	expect(d, "Issuer", "CN=Test CA");
	expect(d, "Valid to", "2026-11-20");
	expect(d, "Life", "33 % of it used");
	expect(d, "Key", "EC P-256");
	expect(d, "Signature", "SHA-256 (ecdsa-with-SHA256)");
	expect(d, "Constraints", "not a CA");
	expect(d, "Key usage", "digital signature, key encipherment");
	expect(d, "Purposes", "TLS server, TLS client");
	expect(d, "Policies", "domain validated, 1.2.3.4");
	expect(d, "CRL", "http://crl.example/a.crl");
	expect(d, "OCSP", "http://ocsp.example");
	expect(d, "Issuer at", "http://ca.example/a.cer");
	expect(d, "Must-staple", "OCSP");
	expect(d, "Warning", "unknown extensions be understood: 1.2.3.4.5");
	expect(d, "Chain", "no issuer found");
	g_assert_true(g_str_has_prefix(d->pem, "-----BEGIN CERTIFICATE-----\n"));
	g_assert_nonnull(strstr(d->text, "Subject: CN = www.example.org"));
	g_assert_nonnull(j);
	g_assert_cmpstr(json_str(j, "name"), ==, "www.example.org");
	g_assert_cmpstr(json_str(j, "not_after"), ==, "2026-11-20T14:13:20Z");
	g_assert_cmpuint(json_count(json_get(j, "names")), ==, 3);
	g_assert_nonnull(json_get(j, "chain"));
	X509_free(ca);
}

static void warnings(void)
{
	EVP_PKEY *weak = make_key_of("RSA:1024");
	g_autoptr(detail) d = describe(make_cert(&(struct make){
		.subject = "old", .key = weak, .issuer_key = weak,
		.not_after = MAKE_NOW - 3 * MAKE_DAY }));

	expect(d, "Warning", "it expired 3 d ago");
	expect(d, "Warning", "its key is short");
	expect(d, "Warning", "signed with its own key");
	expect(d, "Warning", "common name only");
	g_assert_cmpstr(d->line[0].label, ==, "Warning");
	EVP_PKEY_free(weak);
}

/* It says that it signed itself, and did not. */
static void false_root(void)
{
	EVP_PKEY *key = make_key_of("EC:P-256");
	g_autoptr(detail) d = describe(make_cert(&(struct make){
		.subject = "Root", .constraints = "CA:TRUE", .key = key,
		.issuer_key = make_key() }));

	expect(d, "Warning", "its key did not sign it");
	g_assert_null(line_at(d, "Warning", "signed with its own key"));
	EVP_PKEY_free(key);
}

static void not_yet(void)
{
	g_autoptr(detail) d = describe(make_cert(
		&(struct make){ .subject = "x", .not_before = MAKE_NOW + MAKE_DAY }));

	expect(d, "Warning", "its validity has not begun");
	expect(d, "Life", "0 % of it used");
}

static void negative(X509 *cert)
{
	ASN1_INTEGER_set_int64(X509_get_serialNumber(cert), -5);
}

static void oddities(void)
{
	g_autoptr(detail) d = describe(
		make_cert(&(struct make){ .subject = "x\ny\x1b[31m", .change = negative }));

	expect(d, "Warning", "serial number is negative");
	expect(d, "Serial", "-05");
	for (size_t i = 0; i < d->n; i++)
		for (const char *p = d->line[i].text; *p; p++)
			g_assert_true((unsigned char)*p >= ' ');
	for (const char *p = d->text; *p; p++)
		g_assert_true((unsigned char)*p >= ' ' || *p == '\n');
	g_assert_null(strchr(d->json, '\x1b'));
}

static void many_names(void)
{
	GString *sans = g_string_new("DNS:first.example");
	g_autoptr(detail) d = NULL;

	for (int i = 0; i < 999; i++)
		g_string_append_printf(sans, ",DNS:n%d.example", i);
	d = describe(make_cert(&(struct make){ .subject = "x", .sans = sans->str }));
	expect(d, "Names", "and 800 more");
	g_string_free(sans, TRUE);
}

static void refused(void)
{
	g_autoptr(GBytes) junk = g_bytes_new_static("junk", 4);
	g_autoptr(GError) error = NULL;

	g_assert_null(x509_describe(junk, NULL, 0, NULL, MAKE_NOW, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x509/describe/full", full);
	g_test_add_func("/x509/describe/warnings", warnings);
	g_test_add_func("/x509/describe/false-root", false_root);
	g_test_add_func("/x509/describe/not-yet", not_yet);
	g_test_add_func("/x509/describe/oddities", oddities);
	g_test_add_func("/x509/describe/many-names", many_names);
	g_test_add_func("/x509/describe/refused", refused);
	return g_test_run();
}
