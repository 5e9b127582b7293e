/* test-x509-hostile: certificates that nobody sane would make. */
#define _GNU_SOURCE
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

#include "make.h"

/* Nothing of theirs is longer than said, or holds what a terminal would obey. */
static void check_text(const char *text)
{
	if (!text)
		return;
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
}

static void check_facts(const struct facts *f)
{
	check_text(f->name);
	check_text(f->issuer);
	check_text(f->key);
	check_text(f->signature);
	check_text(f->serial);
	g_assert_cmpuint(strlen(f->name), <=, FACTS_TEXT + 64);
	for (char **n = f->names; *n; n++)
		check_text(*n);
}

/* Facts and description of whatever it is; facts that say sound mean that libcrypto reads it. */
static void look(const uint8_t *der, size_t len)
{
	g_autoptr(GBytes) bytes = g_bytes_new(der, len);
	const unsigned char *p = der;
	X509 *cert = d2i_X509(NULL, &p, (long)len);
	bool is_theirs = cert && p == der + len;
	struct facts f;
	struct detail *d;

	ERR_clear_error();
	X509_free(cert);
	if (x509_facts(der, len, &f, NULL)) {
		check_facts(&f);
		g_assert_true(is_theirs || f.marks & MARK_BAD);
		facts_done(&f);
	} else {
		g_assert_false(is_theirs);
	}
	d = x509_describe(bytes, NULL, 0, NULL, MAKE_NOW, NULL);
	for (size_t i = 0; d && i < d->n; i++)
		check_text(d->line[i].text);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	detail_unref(d);
}

static struct facts facts_for(const struct make *m)
{
	g_autoptr(GBytes) der = make_cert_der(m);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	struct facts f;

	g_assert_true(x509_facts(bytes, len, &f, NULL));
	check_facts(&f);
	look(bytes, len);
	return f;
}

/* ---- every cut, every bit ---- */

static void cuts_and_flips(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){
		.subject = "www.example.org", .constraints = "critical,CA:FALSE",
		.purposes = "serverAuth", .sans = "DNS:www.example.org,IP:10.0.0.1" });
	gsize len;
	g_autofree uint8_t *bytes = g_memdup2(g_bytes_get_data(der, &len), g_bytes_get_size(der));

	for (gsize i = 0; i < len; i++) {
		struct facts f;

		g_assert_false(x509_facts(bytes, i, &f, NULL));
	}
	for (gsize i = 0; i < len * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		look(bytes, len);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

/* ---- names ---- */

static void set_name(X509 *cert, int type, const void *bytes, int len)
{
	X509_NAME *name = X509_NAME_new();
	X509_NAME_ENTRY *entry = NULL;

	X509_NAME_ENTRY_create_by_NID(&entry, NID_commonName, type, bytes, len);
	X509_NAME_add_entry(name, entry, -1, 0);
	X509_set_subject_name(cert, name);
	X509_NAME_ENTRY_free(entry);
	X509_NAME_free(name);
}

static void with_nul(X509 *cert)
{
	set_name(cert, V_ASN1_UTF8STRING, "good.example\0.evil", 18);
}

static void with_controls(X509 *cert)
{
	set_name(cert, V_ASN1_UTF8STRING, "a\x1b[2Jb\r\n\xe2\x80\xae" "c", 12);
}

static void latin(X509 *cert)
{
	set_name(cert, V_ASN1_T61STRING, "J\xfcrgen", 6);
}

static void wide(X509 *cert)
{
	set_name(cert, V_ASN1_BMPSTRING, "\0J\0\xfc\0r", 6);
}

static void names(void)
{
	static const struct {
		void (*change)(X509 *cert);
		const char *name;
		bool is_bad;
	} table[] = {
		{ with_nul, "good.example\\0.evil", true },
		{ with_controls, "a\\x1b[2Jb\\r\\n\\u202ec", false },
		{ latin, "J\xc3\xbcrgen", false },
		{ wide, "J\xc3\xbcr", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct facts f = facts_for(&(struct make){ .change = table[i].change });

		g_assert_cmpstr(f.name, ==, table[i].name);
		g_assert_cmpint((f.marks & MARK_BAD) != 0, ==, table[i].is_bad);
		facts_done(&f);
	}
}

static void add_san(X509 *cert, int type, const void *bytes, int len)
{
	GENERAL_NAMES *all = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *value = ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING
								     : V_ASN1_IA5STRING);

	ASN1_STRING_set(value, bytes, len);
	GENERAL_NAME_set0_value(name, type, value);
	sk_GENERAL_NAME_push(all, name);
	X509_add1_ext_i2d(cert, NID_subject_alt_name, all, 0, X509V3_ADD_APPEND);
	GENERAL_NAMES_free(all);
}

static void san_with_nul(X509 *cert)
{
	add_san(cert, GEN_DNS, "good.example\0.evil", 18);
}

static void short_address(X509 *cert)
{
	add_san(cert, GEN_IPADD, "\x0a\0\0", 3);
}

static void two_sans(X509 *cert)
{
	add_san(cert, GEN_DNS, "a.example", 9);
	add_san(cert, GEN_DNS, "b.example", 9);
}

static void empty_san(X509 *cert)
{
	add_san(cert, GEN_DNS, "", 0);
}

static void long_san(X509 *cert)
{
	g_autofree char *name = g_strnfill(100000, 'a');

	add_san(cert, GEN_DNS, name, 100000);
}

static void alternative_names(void)
{
	struct facts f = facts_for(&(struct make){ .subject = "x", .change = san_with_nul });

	g_assert_cmpstr(f.name, ==, "good.example\\0.evil");
	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = short_address });
	g_assert_cmpstr(f.names[0], ==, "IP:0a0000");
	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = two_sans });
	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = empty_san });
	g_assert_cmpstr(f.name, ==, "x");
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = long_san });
	g_assert_cmpuint(strlen(f.name), <=, FACTS_TEXT + 4);
	facts_done(&f);
}

/* ---- numbers and dates ---- */

static void negative(X509 *cert)
{
	ASN1_INTEGER_set_int64(X509_get_serialNumber(cert), -255);
}

static void zero(X509 *cert)
{
	ASN1_INTEGER_set_int64(X509_get_serialNumber(cert), 0);
}

static void huge(X509 *cert)
{
	uint8_t bytes[5000];

	memset(bytes, 0xab, sizeof bytes);
	ASN1_STRING_set(X509_get_serialNumber(cert), bytes, sizeof bytes);
}

static void serials(void)
{
	struct facts f = facts_for(&(struct make){ .subject = "x", .change = negative });

	g_assert_cmpstr(f.serial, ==, "-ff");
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = zero });
	g_assert_cmpstr(f.serial, ==, "00");
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = huge });
	g_assert_cmpuint(strlen(f.serial), ==, 512);
	facts_done(&f);
}

static void for_ever(X509 *cert)
{
	ASN1_TIME_set_string(X509_getm_notAfter(cert), "99991231235959Z");
}

static void long_ago(X509 *cert)
{
	ASN1_TIME_set_string(X509_getm_notBefore(cert), "500101000000Z");
}

/* 13 digits that are no date: the check of ASN1_TIME_set_string is gone round. */
static void nonsense(X509 *cert)
{
	ASN1_STRING_set(X509_getm_notAfter(cert), "269999999999Z", 13);
}

static void dates(void)
{
	struct facts f = facts_for(&(struct make){ .subject = "x", .change = for_ever });

	g_assert_cmpint(f.not_after, ==, INT64_C(253402300799));
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = long_ago });
	g_assert_cmpint(f.not_before, ==, -631152000);
	g_assert_cmpuint(f.marks & MARK_BAD, ==, 0);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .change = nonsense });
	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
	f = facts_for(&(struct make){ .subject = "x", .not_before = MAKE_NOW,
				      .not_after = MAKE_NOW - 1 });
	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
}

/* ---- extensions that are not what they say ---- */

static void junk_in(X509 *cert, int nid)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	ASN1_STRING_set(value, "\x30\x7f junk", 7);
	e = X509_EXTENSION_create_by_NID(NULL, nid, 1, value);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
}

static void junk_extensions(X509 *cert)
{
	static const int nids[] = { NID_basic_constraints, NID_subject_alt_name, NID_ext_key_usage,
				    NID_key_usage, NID_certificate_policies, NID_info_access,
				    NID_crl_distribution_points, NID_ct_precert_scts,
				    NID_tlsfeature, NID_name_constraints };

	for (size_t i = 0; i < G_N_ELEMENTS(nids); i++)
		junk_in(cert, nids[i]);
}

static void extensions(void)
{
	struct facts f = facts_for(&(struct make){ .subject = "x", .change = junk_extensions,
						   .no_key_ids = true });

	g_assert_true(f.marks & MARK_BAD);
	facts_done(&f);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x509/hostile/cuts-and-flips", cuts_and_flips);
	g_test_add_func("/x509/hostile/names", names);
	g_test_add_func("/x509/hostile/alternative-names", alternative_names);
	g_test_add_func("/x509/hostile/serials", serials);
	g_test_add_func("/x509/hostile/dates", dates);
	g_test_add_func("/x509/hostile/extensions", extensions);
	return g_test_run();
}
