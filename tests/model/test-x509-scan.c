/* test-x509-scan: what is found in the bytes of a file, in every format that people have. */
#define _GNU_SOURCE
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "make.h"
#include "model/x509_own.h"

static char *folder;

/* "cert cert key locked csr bad" */
static char *kinds_of(const GPtrArray *items)
{
	static const char *const words[] = { "cert", "key", "locked", "csr", "bad" };
	GString *s = g_string_new(NULL);

	for (unsigned i = 0; i < items->len; i++) {
		const struct x509_item *item = g_ptr_array_index(items, i);

		g_string_append_printf(s, "%s%s", i ? " " : "", words[item->kind]);
		g_assert_true((item->kind == X509_ITEM_BAD) == (item->trouble != NULL));
		g_assert_true((item->kind == X509_ITEM_CERT || item->kind == X509_ITEM_CSR) ==
			      (item->der != NULL));
		g_assert_true((item->kind == X509_ITEM_KEY || item->kind == X509_ITEM_CSR) ==
			      (item->key_hash != 0));
	}
	return g_string_free(s, FALSE);
}

static GPtrArray *scan(const void *bytes, size_t len, const char *passphrase)
{
	g_autoptr(secret) s = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(GError) error = NULL;
	GPtrArray *items = x509_scan(bytes, len, s, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return items;
}

static void expect(const void *bytes, size_t len, const char *passphrase, const char *kinds)
{
	g_autoptr(GPtrArray) items = scan(bytes, len, passphrase);
	g_autofree char *found = kinds_of(items);

	g_assert_cmpstr(found, ==, kinds);
}

static void expect_file(const char *name, const char *passphrase, const char *kinds)
{
	g_autoptr(GBytes) bytes = make_read(folder, name);
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	g_assert_true(x509_could_be(data, len));
	expect(data, len, passphrase, kinds);
}

static void expect_failure(const char *name, const char *passphrase, enum err code)
{
	g_autoptr(GBytes) bytes = make_read(folder, name);
	g_autoptr(secret) s = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(GError) error = NULL;
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	g_assert_null(x509_scan(data, len, s, &error));
	g_assert_error(error, ERR, (int)code);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void run(const char *command)
{
	g_free(make_run(folder, command));
}

/* ---- PEM ---- */

static void mixed(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autofree char *pem = make_pem(der);
	g_autofree char *key = NULL, *all = NULL, *crlf = NULL;
	g_auto(GStrv) lines = NULL;

	run("openssl ecparam -name prime256v1 -genkey -out ec.pem && "
	    "openssl req -new -key ec.pem -subj /CN=x -out x.csr");
	key = make_run(folder, "cat ec.pem x.csr");
	g_assert_nonnull(strstr(key, "EC PARAMETERS"));
	all = g_strconcat("Bag Attributes\n  friendlyName: x\n", pem, "text: between\n", key,
			  "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", pem, NULL);
	expect(all, strlen(all), NULL, "cert key csr cert");
	all[strlen(all) - 1] = '\0';	/* no final newline */
	expect(all, strlen(all), NULL, "cert key csr cert");
	lines = g_strsplit(all, "\n", -1);
	crlf = g_strjoinv("\r\n", lines);
	expect(crlf, strlen(crlf), NULL, "cert key csr cert");
}

static void one_line(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autofree char *base64 =
		g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
	g_autofree char *pem = g_strconcat("-----BEGIN CERTIFICATE-----\n", base64,
					   "\n-----END CERTIFICATE-----", NULL);

	expect(pem, strlen(pem), NULL, "cert");
}

static void trusted(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autofree char *pem = make_pem(der);
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(GBytes) bytes = NULL;

	make_file(folder, "plain.pem", pem, strlen(pem));
	run("openssl x509 -in plain.pem -addtrust serverAuth -setalias me -trustout -out t.pem");
	bytes = make_read(folder, "t.pem");
	items = scan(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);
	g_assert_cmpuint(items->len, ==, 1);
	g_assert_true(g_bytes_equal(((struct x509_item *)g_ptr_array_index(items, 0))->der, der));
}

static void broken(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autofree char *pem = make_pem(der);
	g_autofree char *cut = g_strconcat(pem, "-----BEGIN CERTIFICATE-----\nMIIB\n", pem, NULL);
	g_autoptr(GPtrArray) items = scan(cut, strlen(cut), NULL);
	g_autofree char *kinds = kinds_of(items);
	const struct x509_item *bad = g_ptr_array_index(items, 1);

	g_assert_cmpstr(kinds, ==, "cert bad cert");
	g_assert_cmpstr(bad->trouble, ==,
			"block 2 (CERTIFICATE): cut off: its END line is missing");
	expect("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 58, NULL, "bad");
	expect("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", 57, NULL, "bad");
	expect("-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE REQ-----\n", 59, NULL, "bad");
	expect("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", 59, NULL, "bad");
	expect("-----BEGIN ", 11, NULL, "");
	expect("-----BEGIN CERTIFICATE", 22, NULL, "");
	expect("-----BEGIN CERTIFICATE-----", 27, NULL, "bad");
	expect("no certificates in here", 23, NULL, "");
	expect("", 0, NULL, "");
}

/* What is in front of it and behind it counts for nothing; what is not whole is passed over. */
static void first(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autoptr(GBytes) other = make_cert_der(&(struct make){ .subject = "y" });
	g_autofree char *pem = make_pem(der), *next = make_pem(other);
	g_autofree char *text = g_strconcat("-----BEGIN CERTIFICATE-----\nMIIB\n",
					    "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
					    "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", pem,
					    next, NULL);
	struct facts f = { .n_names = 7 };
	g_autoptr(GBytes) found = NULL;

	g_assert_null(x509_first(NULL, &f));
	g_assert_null(x509_first("", &f));
	for (size_t len = strlen(pem) - 2; len; len--) {	/* from its last dash on it is cut */
		g_autofree char *cut = g_strndup(pem, len);

		g_assert_null(x509_first(cut, &f));
		g_assert_cmpuint(ERR_peek_error(), ==, 0);
	}
	g_assert_cmpuint(f.n_names, ==, 7);
	found = x509_first(text, &f);
	g_assert_true(g_bytes_equal(found, der));
	g_assert_cmpstr(f.name, ==, "x");
	facts_done(&f);
}

static void every_cut(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "x" });
	g_autofree char *pem = make_pem(der);
	size_t len = strlen(pem);
	gsize n;
	const uint8_t *bytes = g_bytes_get_data(der, &n);

	for (size_t i = 0; i < len; i++) {
		g_autoptr(GPtrArray) items = scan(pem, i, NULL);

		g_assert_cmpuint(items->len, <=, 1);
	}
	for (size_t i = 0; i < n; i++) {
		g_autoptr(GPtrArray) items = scan(bytes, i, NULL);
		g_autofree char *kinds = kinds_of(items);

		g_assert_true(strcmp(kinds, "bad") == 0 || strcmp(kinds, "") == 0);
	}
	expect(bytes, n, NULL, "cert");
}

/* ---- keys ---- */

static void locked_keys(void)
{
	static const char *const names[] = { "old.pem", "new.pem", "scrypt.pem", "new.der", NULL };

	run("openssl genrsa -out k.pem 2048 2>/dev/null && "
	    "openssl rsa -in k.pem -aes256 -traditional -passout pass:yes -out old.pem 2>/dev/null && "
	    "openssl pkcs8 -topk8 -in k.pem -v2 aes256 -passout pass:yes -out new.pem && "
	    "openssl pkcs8 -topk8 -in k.pem -scrypt -passout pass:yes -out scrypt.pem && "
	    "openssl pkcs8 -topk8 -in k.pem -v2 aes256 -passout pass:yes -outform DER -out new.der && "
	    "openssl pkcs8 -topk8 -in k.pem -nocrypt -outform DER -out k.der");
	for (size_t i = 0; names[i]; i++) {
		expect_file(names[i], NULL, "locked");
		expect_file(names[i], "no", "locked");
		expect_file(names[i], "", "locked");
		expect_file(names[i], "yes", "key");
	}
	expect_file("k.pem", NULL, "key");
	expect_file("k.der", NULL, "key");
}

static void read_key(const char *name, const char *passphrase, int code)
{
	g_autoptr(GBytes) bytes = make_read(folder, name);
	g_autoptr(secret) s = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(x509_key) key = x509_key_read(g_bytes_get_data(bytes, NULL),
						g_bytes_get_size(bytes), s, &error);

	if (code < 0)
		g_assert_no_error(error);
	else
		g_assert_error(error, ERR, code);
	g_assert_true((key != NULL) == (code < 0));
}

static void read_keys(void)
{
	run("openssl genrsa -out r.pem 2048 2>/dev/null && "
	    "openssl pkcs8 -topk8 -in r.pem -passout pass:yes -out rl.pem && "
	    "openssl req -x509 -new -key r.pem -subj /CN=r -out rc.pem && "
	    "openssl pkcs12 -export -inkey r.pem -in rc.pem -passout pass:yes -out r.p12");
	read_key("r.pem", NULL, -1);
	read_key("rl.pem", NULL, ERR_SIGN_IN);
	read_key("rl.pem", "no", ERR_PASSPHRASE);
	read_key("rl.pem", "yes", -1);
	read_key("rc.pem", NULL, ERR_NOT_FOUND);
	read_key("r.p12", "yes", -1);
	read_key("r.p12", "no", ERR_PASSPHRASE);
}

/* An encrypted key that says it took that many rounds. */
static GBytes *key_of_rounds(long rounds)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(make_key());
	X509_SIG *locked = PKCS8_encrypt(-1, EVP_aes_128_cbc(), "x", 1, NULL, 0, 2048, plain);
	X509_ALGOR *how;
	PBE2PARAM *outer;
	PBKDF2PARAM *inner;
	unsigned char *der = NULL;
	GBytes *bytes;
	int len;

	X509_SIG_getm(locked, &how, NULL);
	outer = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), how->parameter);
	inner = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), outer->keyfunc->parameter);
	ASN1_INTEGER_set(inner->iter, rounds);
	g_assert_nonnull(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), inner,
						 &outer->keyfunc->parameter));
	g_assert_nonnull(
		ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBE2PARAM), outer, &how->parameter));
	len = i2d_X509_SIG(locked, &der);
	bytes = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	PBKDF2PARAM_free(inner);
	PBE2PARAM_free(outer);
	X509_SIG_free(locked);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return bytes;
}

static void expect_rounds(long rounds, const char *passphrase, const char *kinds)
{
	g_autoptr(GBytes) key = key_of_rounds(rounds);

	expect(g_bytes_get_data(key, NULL), g_bytes_get_size(key), passphrase, kinds);
}

/* Refused before the first of them is turned: this test would not end otherwise. */
static void endless_rounds(void)
{
	expect_rounds(2048, "x", "key");
	expect_rounds(2049, "x", "locked");
	expect_rounds(2147483647, "x", "bad");
	expect_rounds(10000001, "x", "bad");
	expect_rounds(-1, "x", "bad");
	expect_rounds(2147483647, NULL, "locked");
}

static void rounds_in_all(void)
{
	uint64_t spent = 0;

	for (int i = 0; i < 2; i++)
		g_assert_true(x509_rounds_spend(X509_ROUNDS_MAX, &spent, NULL));
	g_assert_false(x509_rounds_spend(1, &spent, NULL));
	g_assert_cmpuint(spent, ==, X509_ROUNDS_TOTAL);
}

/* ---- PKCS#12 and PKCS#7 ---- */

static void make_pair(void)
{
	run("openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -subj /CN=a -out a.pem "
	    "2>/dev/null && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
	    "-keyout b.key -subj /CN=b -out b.pem 2>/dev/null");
}

static void keystores(void)
{
	static const char *const files[] = { "modern.p12", "old.p12", "rc2.p12", NULL };

	make_pair();
	run("E='openssl pkcs12 -export -inkey a.key -in a.pem -certfile b.pem -name me'; "
	    "$E -passout pass:yes -out modern.p12 && "
	    "$E -passout pass:yes -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 "
	    "-out old.p12 && $E -passout pass:yes -legacy -out rc2.p12 && "
	    "$E -passout pass: -out empty.p12 && $E -passout pass:yes -nomac -out nomac.p12 && "
	    "$E -passout pass: -keypbe NONE -certpbe NONE -nomac -out open.p12");
	for (size_t i = 0; files[i]; i++) {
		expect_file(files[i], "yes", "cert cert key");
		expect_failure(files[i], NULL, ERR_SIGN_IN);
		expect_failure(files[i], "no", ERR_PASSPHRASE);
	}
	expect_file("empty.p12", NULL, "cert cert key");
	expect_file("empty.p12", "", "cert cert key");
	expect_file("open.p12", NULL, "cert cert key");
	expect_file("nomac.p12", "yes", "cert cert key");
	expect_file("nomac.p12", "no", "cert cert locked");
}

static void aliases(void)
{
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(GBytes) file = NULL;
	const struct x509_item *item;

	make_pair();
	run("openssl pkcs12 -export -inkey a.key -in a.pem -certfile b.pem -name 'Jürgen' "
	    "-caname other -passout pass:x -out n.p12");
	file = make_read(folder, "n.p12");
	items = scan(g_bytes_get_data(file, NULL), g_bytes_get_size(file), "x");
	item = g_ptr_array_index(items, 0);
	g_assert_nonnull(item->alias);
	item = g_ptr_array_index(items, 1);
	g_assert_cmpstr(item->alias, ==, "other");
}

static void several_keys(void)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12;
	unsigned char *der = NULL;
	EVP_PKEY *other = make_key_of("ED25519");
	X509 *cert = make_cert(&(struct make){ .subject = "x" });
	int len;

	PKCS12_add_key(&bags, make_key(), 0, 1, NID_aes_256_cbc, "x");
	PKCS12_add_key(&bags, other, 0, 1, -1, "x");
	PKCS12_add_cert(&bags, cert);
	g_assert_cmpint(PKCS12_add_safe(&safes, bags, -1, 0, NULL), ==, 1);
	p12 = PKCS12_add_safes(safes, 0);
	PKCS12_set_mac(p12, "x", 1, NULL, 0, 1, EVP_sha256());
	len = i2d_PKCS12(p12, &der);
	expect(der, (size_t)len, "x", "key key cert");
	for (int i = 0; i < len; i++) {
		g_autoptr(secret) s = make_secret("x");
		g_autoptr(GError) error = NULL;
		GPtrArray *items = x509_scan(der, (size_t)i, s, &error);

		if (items)
			g_ptr_array_unref(items);
	}
	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	EVP_PKEY_free(other);
	X509_free(cert);
}

/* The count of the MAC is an INTEGER at the file's very end. */
static void endless_mac(void)
{
	X509 *cert = make_cert(&(struct make){ .subject = "x" });
	PKCS12 *p12 = PKCS12_create("x", NULL, make_key(), cert, NULL, 0, 0, 1, 0x11170, 0);
	static const uint8_t written[] = { 0x02, 0x03, 0x01, 0x11, 0x70 };
	static const uint8_t wanted[] = { 0x02, 0x04, 0x7f, 0xff, 0xff, 0xff };
	g_autoptr(secret) s = make_secret("x");
	g_autoptr(GError) error = NULL;
	g_autofree uint8_t *bytes = NULL;
	unsigned char *der = NULL;
	size_t len = (size_t)i2d_PKCS12(p12, &der);
	size_t grown = sizeof wanted - sizeof written;

	g_assert_cmpmem(der + len - 5, 5, written, 5);
	expect(der, len, "x", "cert key");
	/* outer SEQUENCE 30 82 xx xx; the MAC's own is short: 30 xx, before its three parts */
	bytes = g_malloc(len + grown);
	memcpy(bytes, der, len - sizeof written);
	memcpy(bytes + len - sizeof written, wanted, sizeof wanted);
	bytes[2] = (uint8_t)((len + grown - 4) >> 8);
	bytes[3] = (uint8_t)(len + grown - 4);
	{
		static const uint8_t sha256[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
						  0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };
		uint8_t *mac = NULL;

		for (uint8_t *p = bytes; (p = memmem(p, (size_t)(bytes + len - p), sha256,
						     sizeof sha256)); p++)
			mac = p;
		g_assert_nonnull(mac);
		mac[-1] = (uint8_t)(mac[-1] + grown);
	}
	g_assert_null(x509_scan(bytes, len + grown, s, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	OPENSSL_free(der);
	PKCS12_free(p12);
	X509_free(cert);
}

static void pkcs7(void)
{
	make_pair();
	run("openssl crl2pkcs7 -nocrl -certfile a.pem -certfile b.pem -out c.p7b && "
	    "openssl crl2pkcs7 -nocrl -certfile a.pem -certfile b.pem -outform DER -out d.p7b");
	expect_file("c.p7b", NULL, "cert cert");
	expect_file("d.p7b", NULL, "cert cert");
}

/* ---- the rest ---- */

static void der(void)
{
	g_autoptr(GBytes) a = make_cert_der(&(struct make){ .subject = "a" });
	g_autoptr(GBytes) b = make_cert_der(&(struct make){ .subject = "b" });
	g_autoptr(GByteArray) both = g_byte_array_new();

	g_byte_array_append(both, g_bytes_get_data(a, NULL), (guint)g_bytes_get_size(a));
	expect(both->data, both->len, NULL, "cert");
	g_byte_array_append(both, g_bytes_get_data(b, NULL), (guint)g_bytes_get_size(b));
	expect(both->data, both->len, NULL, "cert cert");
	run("openssl req -new -newkey ed25519 -nodes -keyout ed.pem -subj /CN=x -outform DER "
	    "-out x.der 2>/dev/null && openssl pkey -in ed.pem -outform DER -out ed.der");
	expect_file("x.der", NULL, "csr");
	expect_file("ed.der", NULL, "key");
}

static void java(void)
{
	static const char jks[] = "\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1....";
	g_autoptr(GPtrArray) items = scan(jks, sizeof jks, NULL);
	const struct x509_item *item = g_ptr_array_index(items, 0);

	g_assert_nonnull(strstr(item->trouble, "keytool"));
	g_assert_true(x509_could_be((const uint8_t *)jks, sizeof jks));
}

static void could_not_be(void)
{
	g_assert_false(x509_could_be((const uint8_t *)"hello world, no pem", 19));
	g_assert_false(x509_could_be((const uint8_t *)"0123456789012345678", 19));
	g_assert_false(x509_could_be((const uint8_t *)"", 0));
	g_assert_false(x509_could_be((const uint8_t *)"\x7f" "ELF............", 16));
}

static void too_many(void)
{
	static const char block[] =
		"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
	GString *file = g_string_sized_new(sizeof block * (X509_ITEMS_MAX + 10));
	g_autoptr(GPtrArray) items = NULL;

	for (unsigned i = 0; i < X509_ITEMS_MAX + 10; i++)
		g_string_append(file, block);
	items = scan(file->str, file->len, NULL);
	g_assert_cmpuint(items->len, ==, X509_ITEMS_MAX);
	g_string_free(file, TRUE);
}

static void random_changes(void)
{
	g_autoptr(GBytes) file = NULL;
	gsize len;
	g_autofree uint8_t *bytes = NULL;

	make_pair();
	run("openssl pkcs12 -export -inkey b.key -in b.pem -keypbe NONE -certpbe NONE -nomac "
	    "-passout pass: -out z.p12");
	file = make_read(folder, "z.p12");
	len = g_bytes_get_size(file);
	bytes = g_memdup2(g_bytes_get_data(file, NULL), len);
	for (gsize i = 0; i < len * 8; i++) {
		GPtrArray *items;

		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		items = x509_scan(bytes, len, NULL, NULL);
		if (items)
			g_ptr_array_unref(items);
		g_assert_cmpuint(ERR_peek_error(), ==, 0);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = make_folder();
	g_test_add_func("/x509/scan/mixed", mixed);
	g_test_add_func("/x509/scan/one-line", one_line);
	g_test_add_func("/x509/scan/trusted", trusted);
	g_test_add_func("/x509/scan/broken", broken);
	g_test_add_func("/x509/scan/first", first);
	g_test_add_func("/x509/scan/every-cut", every_cut);
	g_test_add_func("/x509/scan/locked-keys", locked_keys);
	g_test_add_func("/x509/scan/read-keys", read_keys);
	g_test_add_func("/x509/scan/endless-rounds", endless_rounds);
	g_test_add_func("/x509/scan/rounds-in-all", rounds_in_all);
	g_test_add_func("/x509/scan/keystores", keystores);
	g_test_add_func("/x509/scan/aliases", aliases);
	g_test_add_func("/x509/scan/several-keys", several_keys);
	g_test_add_func("/x509/scan/endless-mac", endless_mac);
	g_test_add_func("/x509/scan/pkcs7", pkcs7);
	g_test_add_func("/x509/scan/der", der);
	g_test_add_func("/x509/scan/java", java);
	g_test_add_func("/x509/scan/could-not-be", could_not_be);
	g_test_add_func("/x509/scan/too-many", too_many);
	g_test_add_func("/x509/scan/random-changes", random_changes);
	status = g_test_run();
	make_folder_gone(folder);
	return status;
}
