/* test-x509-review: what a reviewer is told about a request. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <certty/model/x509.h>

#include "make.h"

struct ask {
	const char *cn, *email, *sans, *usage, *purposes, *constraints, *challenge, *unknown;
	const char *key;		/* for make_key_of; NULL: the run's own */
	const EVP_MD *digest;
	bool is_forged;
};

static void add(STACK_OF(X509_EXTENSION) **all, int nid, const char *value)
{
	X509_EXTENSION *e;

	if (!value)
		return;
	e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	g_assert_nonnull(e);
	if (!*all)
		*all = sk_X509_EXTENSION_new_null();
	sk_X509_EXTENSION_push(*all, e);
}

static void add_unknown(STACK_OF(X509_EXTENSION) **all, const char *numbers)
{
	ASN1_OBJECT *oid = numbers ? OBJ_txt2obj(numbers, 1) : NULL;
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();

	if (oid) {
		if (!*all)
			*all = sk_X509_EXTENSION_new_null();
		sk_X509_EXTENSION_push(*all, X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value));
	}
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static GBytes *request(const struct ask *a)
{
	X509_REQ *csr = X509_REQ_new();
	X509_NAME *name = X509_REQ_get_subject_name(csr);
	STACK_OF(X509_EXTENSION) *all = NULL;
	EVP_PKEY *key = a->key ? make_key_of(a->key) : make_key();
	unsigned char *der = NULL;
	GBytes *bytes;
	int len;

	if (a->cn)
		X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
					   (const unsigned char *)a->cn, -1, -1, 0);
	if (a->email)
		X509_NAME_add_entry_by_NID(name, NID_pkcs9_emailAddress, V_ASN1_IA5STRING,
					   (const unsigned char *)a->email, -1, -1, 0);
	add(&all, NID_subject_alt_name, a->sans);
	add(&all, NID_key_usage, a->usage);
	add(&all, NID_ext_key_usage, a->purposes);
	add(&all, NID_basic_constraints, a->constraints);
	add_unknown(&all, a->unknown);
	if (all)
		X509_REQ_add_extensions(csr, all);
	if (a->challenge)
		X509_REQ_add1_attr_by_NID(csr, NID_pkcs9_challengePassword, MBSTRING_ASC,
					  (const unsigned char *)a->challenge, -1);
	X509_REQ_set_pubkey(csr, key);
	g_assert_cmpint(X509_REQ_sign(csr, key, a->digest ? a->digest : EVP_sha256()), >, 0);
	len = i2d_X509_REQ(csr, &der);
	if (a->is_forged)
		der[len - 1] ^= 1;
	bytes = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
	X509_REQ_free(csr);
	if (a->key)
		EVP_PKEY_free(key);
	return bytes;
}

static char *oddities_of(const struct ask *a)
{
	g_autoptr(GBytes) csr = request(a);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) names = NULL;
	char *oddities = NULL;
	g_autoptr(detail) d = x509_csr_describe(csr, &names, &oddities, &error);

	g_assert_no_error(error);
	g_assert_nonnull(d);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return oddities;
}

/* Exactly that is odd about it. */
static void expect(const struct ask *a, const char *oddities)
{
	g_autofree char *found = oddities_of(a);

	g_assert_cmpstr(found, ==, oddities);
}

static void ordinary(void)
{
	g_autoptr(GBytes) csr = request(&(struct ask){
		.cn = "www.example.org", .sans = "DNS:www.example.org,DNS:example.org",
		.usage = "digitalSignature,keyEncipherment", .purposes = "serverAuth" });
	g_auto(GStrv) names = NULL;
	g_autofree char *oddities = NULL;
	g_autoptr(detail) d = x509_csr_describe(csr, &names, &oddities, NULL);

	g_assert_cmpstr(oddities, ==, "");
	g_assert_cmpuint(g_strv_length(names), ==, 2);
	g_assert_cmpstr(names[0], ==, "www.example.org");
	g_assert_cmpstr(d->title, ==, "www.example.org");
	g_assert_true(g_str_has_prefix(d->id, "requests/"));
	g_assert_true(g_str_has_prefix(d->pem, "-----BEGIN CERTIFICATE REQUEST-----\n"));
	g_assert_nonnull(strstr(d->text, "DNS:www.example.org"));
	for (size_t i = 0; i < d->n; i++)
		g_assert_cmpstr(d->line[i].label, !=, "Odd");
}

static void each(void)
{
	static const struct {
		struct ask ask;
		const char *oddities;
	} table[] = {
		{ { .cn = "a.example" },
		  "it has no subject alternative names, which is all that today's clients look "
		  "at" },
		{ { .cn = "b.example", .sans = "DNS:a.example" },
		  "its common name b.example is not among its names" },
		{ { .sans = "DNS:*.example.org" },
		  "*.example.org stands for every host below it" },
		{ { .sans = "DNS:w*w.example.org" },
		  "w*w.example.org has an asterisk where none belongs" },
		{ { .sans = "DNS:a.example", .key = "RSA:1024" }, "its key is weak: RSA 1024" },
		{ { .sans = "DNS:a.example", .constraints = "CA:TRUE" }, "it asks to be a CA" },
		{ { .sans = "DNS:a.example", .usage = "keyCertSign" },
		  "it asks for an unusual key usage: signing certificates" },
		{ { .sans = "DNS:a.example", .purposes = "codeSigning" },
		  "it asks for an unusual purpose: code signing" },
		{ { .sans = "IP:10.0.0.1" }, "10.0.0.1 is an address, not a name" },
		{ { .sans = "DNS:localhost" }, "localhost is each machine's own name" },
		{ { .sans = "DNS:web1" }, "web1 is a name for inside a network only" },
		{ { .sans = "DNS:web1.local" },
		  "web1.local is a name for inside a network only" },
		{ { .sans = "DNS:web1.internal" },
		  "web1.internal is a name for inside a network only" },
		{ { .sans = "DNS:a.example", .email = "a@b.c" },
		  "its subject holds an e-mail address: a@b.c" },
		{ { .sans = "DNS:a b.example" },
		  "a b.example holds characters that host names do not have" },
		{ { .sans = "DNS:xn--mnchen-3ya.example" },
		  "xn--mnchen-3ya.example (m\xc3\xbcnchen.example) is an internationalised name: "
		  "compare it letter by letter" },
		{ { .sans = "DNS:a.example,DNS:A.example" }, "1 name is there twice" },
		{ { .sans = "DNS:a.example", .challenge = "hunter2" },
		  "it carries a challenge password, which anybody who sees it can read" },
		{ { .sans = "DNS:a.example", .unknown = "1.2.3.4" },
		  "it demands that an unknown extension be understood: 1.2.3.4" },
		{ { .sans = "DNS:a.example", .is_forged = true },
		  "it is not signed by its own key: whoever sent it has not shown that the key "
		  "is theirs" },
		{ { .sans = "DNS:a.example,RID:1.2.3.4" },
		  "RID:1.2.3.4 is a kind of name that is not signed here" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		expect(&table[i].ask, table[i].oddities);
	expect(&(struct ask){ .sans = "DNS:a.example", .digest = EVP_sha1() },
	       "it is signed with SHA-1, which can be forged");
}

static void mixed_scripts(void)
{
	/* paypal with two Cyrillic letters */
	g_autofree char *found = oddities_of(&(struct ask){ .sans = "DNS:xn--pypl-53dc.example" });

	g_assert_nonnull(strstr(found, "mixes alphabets"));
}

static void many(void)
{
	GString *sans = g_string_new("DNS:first.example");
	g_autofree char *found = NULL;

	for (int i = 0; i < 5000; i++)
		g_string_append_printf(sans, ",DNS:n%d.example", i);
	found = oddities_of(&(struct ask){ .sans = sans->str });
	g_assert_cmpstr(found, ==, "it asks for 5001 names at once");
	g_string_free(sans, TRUE);
}

static void password_unsaid(void)
{
	g_autoptr(GBytes) csr = request(
		&(struct ask){ .sans = "DNS:a.example", .challenge = "hunter2" });
	g_autoptr(detail) d = x509_csr_describe(csr, NULL, NULL, NULL);

	g_assert_null(strstr(d->text, "hunter2"));
	for (size_t i = 0; i < d->n; i++)
		g_assert_null(strstr(d->line[i].text, "hunter2"));
}

static void cut(void)
{
	g_autoptr(GBytes) csr = request(&(struct ask){ .cn = "x", .sans = "DNS:a.example",
						       .constraints = "CA:TRUE" });
	gsize len;
	const uint8_t *der = g_bytes_get_data(csr, &len);

	for (gsize i = 0; i < len; i++) {
		g_autoptr(GBytes) part = g_bytes_new(der, i);
		g_autoptr(GError) error = NULL;

		g_assert_null(x509_csr_describe(part, NULL, NULL, &error));
		g_assert_error(error, ERR, ERR_FORMAT);
	}
	for (gsize i = 0; i < len * 8; i++) {
		g_autofree uint8_t *bytes = g_memdup2(der, len);
		g_autoptr(GBytes) changed = NULL;
		g_autofree char *oddities = NULL;
		struct detail *d;

		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		changed = g_bytes_new(bytes, len);
		d = x509_csr_describe(changed, NULL, &oddities, NULL);
		if (d && g_str_has_prefix(oddities, "it asks to be a CA"))
			g_error("bit %zu may be changed unseen", (size_t)i);
		detail_unref(d);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x509/review/ordinary", ordinary);
	g_test_add_func("/x509/review/each", each);
	g_test_add_func("/x509/review/mixed-scripts", mixed_scripts);
	g_test_add_func("/x509/review/many", many);
	g_test_add_func("/x509/review/password-unsaid", password_unsaid);
	g_test_add_func("/x509/review/cut", cut);
	return g_test_run();
}
