/* test-x509-facts: what a list is told about one certificate. */
#define _GNU_SOURCE
#include <string.h>

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

#include "make.h"

static struct facts facts_of(GBytes *der)
{
	struct facts f;
	g_autoptr(GError) error = NULL;
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);

	g_assert_true(x509_facts(bytes, len, &f, &error));
	g_assert_no_error(error);
	g_bytes_unref(der);
	return f;
}

static struct facts facts_for(const struct make *m)
{
	return facts_of(make_cert_der(m));
}

static void ordinary(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "Test CA",
					     .constraints = "critical,CA:TRUE" });
	struct facts f = facts_for(&(struct make){
		.subject = "www.example.org", .issuer = ca, .purposes = "serverAuth",
		.sans = "DNS:www.example.org,DNS:xn--mnchen-3ya.example,IP:10.0.0.1,"
			"IP:2001:db8::1,email:a@example.org,URI:https://example.org/x,"
			"otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@corp" });
	struct facts issuer = facts_of(make_der(ca));
	g_autofree char *names = g_strjoinv(" ", f.names);

	g_assert_cmpstr(f.name, ==, "www.example.org");
	g_assert_cmpstr(names, ==,
			"xn--mnchen-3ya.example 10.0.0.1 2001:db8::1 a@example.org "
			"https://example.org/x UPN:user@corp");
	g_assert_cmpuint(f.n_names, ==, 6);
	g_assert_cmpstr(f.issuer, ==, "Test CA");
	g_assert_cmpstr(f.key, ==, "EC P-256");
	g_assert_cmpstr(f.signature, ==, "SHA-256");
	g_assert_cmpint(f.not_before, ==, MAKE_NOW - 30 * MAKE_DAY);
	g_assert_cmpint(f.not_after, ==, MAKE_NOW + 60 * MAKE_DAY);
	g_assert_cmpuint(f.marks, ==, MARK_LEAF);
	g_assert_cmpuint(f.issuer_hash, ==, issuer.subject_hash);
	g_assert_cmpuint(f.subject_hash, !=, issuer.subject_hash);
	g_assert_cmpuint(f.key_hash, ==, issuer.key_hash);	/* both the run's own key */
	g_assert_cmpuint(issuer.marks, ==, MARK_CA | MARK_SELF_SIGNED);
	g_assert_cmpint((int)strlen(f.serial) % 2, ==, 0);
	g_assert_true(f.has_digest);
	facts_done(&f);
	facts_done(&issuer);
	facts_done(&f);
	facts_done(NULL);
	X509_free(ca);
}

static void called(void)
{
	static const struct {
		const char *subject, *sans, *name;
		unsigned more;
	} table[] = {
		{ "cn", "DNS:a.example,DNS:b.example", "a.example", 1 },
		{ "cn", "IP:10.0.0.1,DNS:b.example", "b.example", 1 },
		{ "cn", "IP:10.0.0.1", "cn", 1 },
		{ NULL, "email:a@b.c", "a@b.c", 0 },
		{ "cn", NULL, "cn", 0 },
		{ "cn", "DNS:a.example,DNS:a.example", "a.example", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct facts f = facts_for(&(struct make){ .subject = table[i].subject,
							   .sans = table[i].sans });

		g_assert_cmpstr(f.name, ==, table[i].name);
		g_assert_cmpuint(f.n_names, ==, table[i].more);
		g_assert_cmpuint(g_strv_length(f.names), ==, table[i].more);
		facts_done(&f);
	}
}

static void organisation_only(X509 *cert)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"Example",
				   -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8, (const unsigned char *)"Root", -1,
				   -1, 0);
	X509_set_subject_name(cert, name);
	X509_set_issuer_name(cert, name);
	X509_NAME_free(name);
}

static void called_by_organisation(void)
{
	struct facts f = facts_for(&(struct make){ .change = organisation_only });

	g_assert_cmpstr(f.name, ==, "O=Example, OU=Root");
	g_assert_cmpstr(f.issuer, ==, "Example");
	facts_done(&f);
}

static void nameless(void)
{
	struct facts f = facts_for(&(struct make){ 0 });

	g_assert_true(g_str_has_prefix(f.name, "(no name, serial "));
	facts_done(&f);
}

static void keys(void)
{
	static const struct {
		const char *kind, *words;
		bool weak;
	} table[] = {
		{ "RSA:1024", "RSA 1024", true },     { "RSA:2048", "RSA 2048", false },
		{ "EC:P-256", "EC P-256", false },    { "EC:P-384", "EC P-384", false },
		{ "EC:P-521", "EC P-521", false },    { "EC:secp256k1", "EC secp256k1", false },
		{ "EC:brainpoolP256r1", "EC brainpoolP256r1", false },
		{ "EC:prime192v1", "EC P-192", true }, { "ED25519", "Ed25519", false },
		{ "EC:secp160r1", "EC secp160r1", true },
		{ "EC:brainpoolP320r1", "EC brainpoolP320r1", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		EVP_PKEY *key = make_key_of(table[i].kind);
		struct facts f = facts_for(&(struct make){ .subject = "x", .key = key });

		g_assert_cmpstr(f.key, ==, table[i].words);
		g_assert_cmpint((f.marks & MARK_WEAK_KEY) != 0, ==, table[i].weak);
		g_assert_cmpuint(f.marks & MARK_BAD, ==, 0);
		EVP_PKEY_free(key);
		facts_done(&f);
	}
}

static EVP_PKEY *generate(EVP_PKEY_CTX *ctx)
{
	EVP_PKEY *key = NULL;

	g_assert_cmpint(EVP_PKEY_keygen(ctx, &key), ==, 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static void rare_keys(void)
{
	EVP_PKEY *params = NULL, *key;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	struct facts f;

	EVP_PKEY_paramgen_init(ctx);
	EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, 1024);
	g_assert_cmpint(EVP_PKEY_paramgen(ctx, &params), ==, 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new(params, NULL);
	EVP_PKEY_keygen_init(ctx);
	key = generate(ctx);
	f = facts_for(&(struct make){ .subject = "x", .key = key });
	g_assert_cmpstr(f.key, ==, "DSA 1024");
	g_assert_true(f.marks & MARK_WEAK_KEY);
	facts_done(&f);
	EVP_PKEY_free(key);
	EVP_PKEY_free(params);

	ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY_keygen_init(ctx);
	EVP_PKEY_CTX_set_group_name(ctx, "P-256");
	EVP_PKEY_CTX_set_ec_param_enc(ctx, OPENSSL_EC_EXPLICIT_CURVE);
	key = generate(ctx);
	f = facts_for(&(struct make){ .subject = "x", .key = key });
	g_assert_cmpstr(f.key, ==, "EC explicit 256");
	facts_done(&f);
	EVP_PKEY_free(key);

	ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY_keygen_init(ctx);
	EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048);
	key = generate(ctx);
	f = facts_for(&(struct make){ .subject = "x", .key = key });
	g_assert_cmpstr(f.key, ==, "RSA-PSS 2048");
	g_assert_cmpstr(f.signature, ==, "SHA-256 PSS");
	facts_done(&f);
	EVP_PKEY_free(key);
}

/* The OID of the key replaced in the bytes: nobody knows it. */
static void unknown_key(void)
{
	static const uint8_t ec[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	gsize len;
	g_autofree uint8_t *bytes = g_memdup2(g_bytes_get_data(der, &len), g_bytes_get_size(der));
	uint8_t *at = memmem(bytes, len, ec, sizeof ec);
	struct facts f;

	g_assert_nonnull(at);
	at[8] = 0x7f;
	f = facts_of(g_bytes_new(bytes, len));
	g_assert_cmpstr(f.key, ==, "1.2.840.10045.2.127");
	facts_done(&f);
}

static void signatures(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "CA", .constraints = "CA:TRUE" });
	struct facts f = facts_for(
		&(struct make){ .subject = "x", .issuer = ca, .digest = EVP_sha1() });

	g_assert_cmpstr(f.signature, ==, "SHA-1");
	g_assert_true(f.marks & MARK_SHA1);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .digest = EVP_sha1() });
	g_assert_true(f.marks & MARK_SELF_SIGNED);
	g_assert_false(f.marks & MARK_SHA1);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .issuer = ca, .digest = EVP_sha384() });
	g_assert_cmpstr(f.signature, ==, "SHA-384");
	facts_done(&f);
	X509_free(ca);
}

static void marks(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "CA", .constraints = "CA:TRUE" });
	int64_t start = 1600000000;	/* 2020-09-13: 398 days */
	struct make m = { .subject = "x", .issuer = ca, .sans = "DNS:x.example",
			  .purposes = "serverAuth", .not_before = start,
			  .not_after = start + 398 * MAKE_DAY - 1 };
	struct facts f = facts_for(&m);

	g_assert_cmpuint(f.marks, ==, MARK_LEAF);
	facts_done(&f);
	m.not_after++;
	f = facts_for(&m);
	g_assert_cmpuint(f.marks, ==, MARK_LEAF | MARK_TOO_LONG);
	facts_done(&f);
	m.purposes = "clientAuth";
	f = facts_for(&m);
	g_assert_cmpuint(f.marks, ==, MARK_LEAF);
	facts_done(&f);
	m.sans = "DNS:*.example.org";
	f = facts_for(&m);
	g_assert_cmpuint(f.marks, ==, MARK_LEAF | MARK_WILDCARD);
	facts_done(&f);
	m.sans = NULL;
	f = facts_for(&m);
	g_assert_cmpuint(f.marks, ==, MARK_LEAF | MARK_NO_NAMES);
	facts_done(&f);
	X509_free(ca);
}

/* The same name with other letters, blanks and string types is the same issuer. */
static void other_spelling(X509 *cert)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_PRINTABLESTRING,
				   (const unsigned char *)" test  ca ", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_NAME_free(name);
}

static void wide_spelling(X509 *cert)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_BMPSTRING,
				   (const unsigned char *)"\0T\0e\0s\0t\0 \0C\0A", 14, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_NAME_free(name);
}

static void spellings(void)
{
	struct facts ca = facts_for(&(struct make){ .subject = "Test CA" });
	struct facts a = facts_for(&(struct make){ .subject = "x", .change = other_spelling });
	struct facts b = facts_for(&(struct make){ .subject = "x", .change = wide_spelling });

	g_assert_cmpuint(ca.subject_hash, ==, a.issuer_hash);
	g_assert_cmpuint(ca.subject_hash, ==, b.issuer_hash);
	g_assert_cmpuint(a.subject_hash, !=, a.issuer_hash);
	g_assert_cmpstr(b.issuer, ==, "Test CA");
	facts_done(&ca);
	facts_done(&a);
	facts_done(&b);
}

static void many_names(void)
{
	GString *sans = g_string_new("DNS:first.example");
	struct facts f;

	for (int i = 0; i < FACTS_NAMES + 10; i++)
		g_string_append_printf(sans, ",DNS:n%d.example", i);
	f = facts_for(&(struct make){ .subject = "x", .sans = sans->str });
	g_assert_cmpuint(f.n_names, ==, FACTS_NAMES + 10);
	g_assert_cmpuint(g_strv_length(f.names), ==, FACTS_NAMES);
	facts_done(&f);
	g_string_free(sans, TRUE);
}

static void refused(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autoptr(GError) error = NULL;
	g_autofree uint8_t *large = g_malloc0(X509_CERT_MAX + 1);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree uint8_t *more = g_malloc0(len + 1);
	struct facts f = { .marks = 42 };

	g_assert_false(x509_facts(bytes, len - 1, &f, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_clear_error(&error);
	memcpy(more, bytes, len);
	g_assert_false(x509_facts(more, len + 1, &f, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_clear_error(&error);
	g_assert_false(x509_facts(large, X509_CERT_MAX + 1, &f, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_clear_error(&error);
	g_assert_false(x509_facts((const uint8_t *)"", 0, &f, NULL));
	g_assert_cmpuint(f.marks, ==, 42);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x509/facts/ordinary", ordinary);
	g_test_add_func("/x509/facts/called", called);
	g_test_add_func("/x509/facts/called-by-organisation", called_by_organisation);
	g_test_add_func("/x509/facts/nameless", nameless);
	g_test_add_func("/x509/facts/keys", keys);
	g_test_add_func("/x509/facts/rare-keys", rare_keys);
	g_test_add_func("/x509/facts/unknown-key", unknown_key);
	g_test_add_func("/x509/facts/signatures", signatures);
	g_test_add_func("/x509/facts/marks", marks);
	g_test_add_func("/x509/facts/spellings", spellings);
	g_test_add_func("/x509/facts/many-names", many_names);
	g_test_add_func("/x509/facts/refused", refused);
	return g_test_run();
}
