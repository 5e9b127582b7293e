/* test-x509-write: what is made here is read and verified by the openssl command. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

#include "make.h"

static char *folder;

static void write_bytes(const char *name, GBytes *bytes)
{
	make_file(folder, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void run(const char *command)
{
	g_free(make_run(folder, command));
}

static struct x509_key *key_of(const char *kind)
{
	g_autoptr(GError) error = NULL;
	struct x509_key *key = x509_key_make(kind, &error);

	g_assert_no_error(error);
	return key;
}

static GBytes *csr_of(const struct x509_key *key, const char *subject, const char *const *names)
{
	g_autoptr(GError) error = NULL;
	GBytes *csr = x509_csr_make(key, subject, names, &error);

	g_assert_no_error(error);
	return csr;
}

static GBytes *sign(GBytes *csr, GBytes *ca, const struct x509_key *key, const char *profile,
		    int64_t from, int64_t to)
{
	g_autoptr(GError) error = NULL;
	GBytes *cert = NULL;

	for (const struct x509_profile *p = x509_profiles; p->name; p++)
		if (strcmp(p->name, profile) == 0)
			cert = x509_sign(csr, ca, key, p, from, to, &error);
	g_assert_no_error(error);
	g_assert_nonnull(cert);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return cert;
}

static GBytes *root_of(const struct x509_key *key)
{
	g_autoptr(GBytes) csr = csr_of(key, "CN=Test Root,O=Example", NULL);

	return sign(csr, NULL, key, "sub-ca", MAKE_NOW, MAKE_NOW + 1000 * MAKE_DAY);
}

static void fits(void)
{
	g_autoptr(x509_key) key = key_of("ec-p256");
	g_autoptr(x509_key) other = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(key);
	gsize len;
	const uint8_t *der = g_bytes_get_data(root, &len);
	struct facts f;

	g_assert_true(x509_key_fits(key, der, len));
	g_assert_false(x509_key_fits(other, der, len));
	g_assert_false(x509_key_fits(key, der, len - 1));
	g_assert_true(x509_facts(der, len, &f, NULL));
	g_assert_cmpuint(f.key_hash, ==, x509_key_hash(key));
	g_assert_cmpuint(f.key_hash, !=, x509_key_hash(other));
	facts_done(&f);
}

/* ---- requests ---- */

static void requests(void)
{
	static const char *const names[] = { "www.example.org", "*.example.org", "10.0.0.1",
					     "2001:db8::1", "a@example.org", "https://example.org/",
					     "m\xc3\xbcnchen.example", NULL };
	g_autoptr(x509_key) key = key_of("ec-p384");
	g_autoptr(GBytes) csr =
		csr_of(key, "CN=www.example.org, O=Example\\, Inc., C=DE", names);

	write_bytes("r.der", csr);
	run("openssl req -in r.der -inform DER -noout -verify 2>&1 | grep -i 'verify ok'");
	make_expect(folder, "openssl req -in r.der -inform DER -noout -subject",
		      "CN = www.example.org, O = \"Example, Inc.\", C = DE");
	make_expect(folder, "openssl req -in r.der -inform DER -noout -text",
		      "DNS:www.example.org, DNS:*.example.org, IP Address:10.0.0.1, IP "
		      "Address:2001:DB8:0:0:0:0:0:1, email:a@example.org, "
		      "URI:https://example.org/, DNS:xn--mnchen-3ya.example");
	make_expect(folder, "openssl req -in r.der -inform DER -noout -text", "ecdsa-with-SHA384");
}

static void refused_requests(void)
{
	static const struct {
		const char *subject, *name;
	} table[] = {
		{ "CN", NULL },		  { "XYZZY=1", NULL },	{ "", NULL },
		{ "C=Germany", NULL },	  { "CN=x", "" },	{ "CN=x", "a b" },
		{ "CN=", "x.example" },
	};
	g_autoptr(x509_key) key = key_of("ec-p256");

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		const char *const names[] = { table[i].name, NULL };
		g_autoptr(GError) error = NULL;

		if (x509_csr_make(key, table[i].subject, names, &error))
			g_error("\"%s\" \"%s\" was taken", table[i].subject, table[i].name);
		g_assert_nonnull(error);
		g_assert_cmpuint(ERR_peek_error(), ==, 0);
	}
}

/* ---- signing ---- */

static void chain(void)
{
	static const char *const names[] = { "www.example.org", "10.0.0.1", NULL };
	g_autoptr(x509_key) root_key = key_of("rsa-2048");
	g_autoptr(x509_key) ca_key = key_of("ed25519");
	g_autoptr(x509_key) key = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(root_key);
	g_autoptr(GBytes) ca_csr = csr_of(ca_key, "CN=Test Sub", NULL);
	g_autoptr(GBytes) ca = sign(ca_csr, root, root_key, "sub-ca", MAKE_NOW,
				    MAKE_NOW + 500 * MAKE_DAY);
	g_autoptr(GBytes) csr = csr_of(key, "", names);
	g_autoptr(GBytes) cert = sign(csr, ca, ca_key, "server", MAKE_NOW - MAKE_DAY,
				      MAKE_NOW + 9999 * MAKE_DAY);
	struct facts f;

	write_bytes("root.der", root);
	write_bytes("ca.der", ca);
	write_bytes("cert.der", cert);
	run("for i in root ca cert; do openssl x509 -inform DER -in $i.der -out $i.pem; done");
	make_expect(folder, "openssl verify -x509_strict -attime 1790000001 -purpose sslserver "
		      "-verify_ip 10.0.0.1 -CAfile root.pem -untrusted ca.pem cert.pem", "OK");
	make_expect(folder, "openssl x509 -in cert.pem -noout -ext subjectAltName", "critical");
	make_expect(folder, "openssl x509 -in cert.pem -noout -ext basicConstraints,keyUsage",
		      "CA:FALSE");
	make_expect(folder, "openssl x509 -in ca.pem -noout -ext basicConstraints", "pathlen:0");
	g_assert_true(x509_facts(g_bytes_get_data(cert, NULL), g_bytes_get_size(cert), &f, NULL));
	g_assert_cmpstr(f.name, ==, "www.example.org");
	g_assert_cmpint(f.not_before, ==, MAKE_NOW);		/* the CA's own */
	g_assert_cmpint(f.not_after, ==, MAKE_NOW + 500 * MAKE_DAY);
	g_assert_cmpuint(strlen(f.serial), <=, 40);
	g_assert_cmpuint(strlen(f.serial), >=, 30);
	g_assert_cmpuint(f.marks & MARK_BAD, ==, 0);
	facts_done(&f);
}

/* What was signed for a request is known by its key, however it came to be. */
static void fits_request(void)
{
	const char *const names[] = { "www.example.org", NULL };
	g_autoptr(x509_key) key = key_of("ec-p256"), other = key_of("rsa-2048");
	g_autoptr(GBytes) csr = x509_csr_make(key, "", names, NULL);
	g_autoptr(GBytes) theirs = x509_csr_make(other, "", names, NULL);
	g_autoptr(GBytes) cert = x509_sign(csr, NULL, key, x509_profiles, MAKE_NOW, MAKE_NOW + MAKE_DAY, NULL);
	g_autoptr(GBytes) bad = g_bytes_new_static("0\x03\x02\x01\x05", 5);
	g_autofree char *text = x509_csr_pem(csr);
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)text, strlen(text), NULL, NULL);

	g_assert_true(x509_csr_fits(csr, cert));
	g_assert_false(x509_csr_fits(theirs, cert));
	g_assert_false(x509_csr_fits(bad, cert));
	g_assert_false(x509_csr_fits(csr, bad));
	g_assert_null(x509_csr_pem(bad));
	g_assert_cmpuint(items->len, ==, 1);
	g_assert_true(g_bytes_equal(((struct x509_item *)items->pdata[0])->der, csr));
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

/* A request that asks for more than names gets no more than names. */
static void only_names(void)
{
	g_autoptr(x509_key) key = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(key);
	g_autoptr(GBytes) csr = NULL, cert = NULL;

	run("openssl req -new -newkey rsa:2048 -nodes -keyout g.key -subj /CN=greedy "
	    "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign "
	    "-addext extendedKeyUsage=codeSigning -addext "
	    "'subjectAltName=DNS:greedy.example,otherName:1.2.3.4;UTF8:x' -outform DER -out g.der "
	    "2>/dev/null");
	csr = make_read(folder, "g.der");
	cert = sign(csr, root, key, "client", MAKE_NOW, MAKE_NOW + MAKE_DAY);
	write_bytes("g.crt", cert);
	make_expect(folder, "openssl x509 -in g.crt -inform DER -noout -text", "CA:FALSE");
	make_expect(folder, "openssl x509 -in g.crt -inform DER -noout -text | grep -c 'Code Signing\\|"
		      "Certificate Sign\\|othername' || true", "0");
	make_expect(folder, "openssl x509 -in g.crt -inform DER -noout -text", "DNS:greedy.example");
	make_expect(folder, "openssl x509 -in g.crt -inform DER -noout -text",
		      "TLS Web Client Authentication");
}

static void refuse(GBytes *csr, GBytes *ca, const struct x509_key *key, int profile,
		   int64_t from, int64_t to, enum err code)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(x509_sign(csr, ca, key, &x509_profiles[profile], from, to, &error));
	g_assert_error(error, ERR, (int)code);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void refused(void)
{
	static const char *const names[] = { "x.example", NULL };
	const int64_t from = MAKE_NOW, to = MAKE_NOW + MAKE_DAY;
	g_autoptr(x509_key) key = key_of("ec-p256"), other = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(key);
	g_autoptr(GBytes) csr = csr_of(other, "CN=x", names);
	g_autoptr(GBytes) sub = sign(csr, root, key, "sub-ca", from, to);
	g_autoptr(GBytes) leaf = sign(csr, root, key, "server", from, to);
	g_autoptr(GBytes) junk = g_bytes_new_static("junk", 4);
	gsize len;
	const uint8_t *der = g_bytes_get_data(csr, &len);
	g_autofree uint8_t *forged = g_memdup2(der, len);
	g_autoptr(GBytes) forgery = NULL;

	forged[len - 1] ^= 1;
	forgery = g_bytes_new(forged, len);
	refuse(forgery, root, key, 0, from, to, ERR_FORMAT);
	refuse(junk, root, key, 0, from, to, ERR_FORMAT);
	refuse(csr, junk, key, 0, from, to, ERR_FORMAT);
	refuse(csr, root, other, 0, from, to, ERR_USAGE);
	refuse(csr, leaf, other, 0, from, to, ERR_REFUSED);
	refuse(csr, sub, other, 3, from, to, ERR_REFUSED);
	refuse(csr, NULL, key, 0, from, to, ERR_USAGE);
	refuse(csr, root, key, 0, to, from, ERR_REFUSED);
	refuse(csr, root, key, 0, from + 2000 * MAKE_DAY, to + 3000 * MAKE_DAY,
	       ERR_REFUSED);
}

/* ---- files ---- */

static void pkcs12(void)
{
	g_autoptr(secret) passphrase = make_secret("p\xc3\xa4ss");
	g_autoptr(x509_key) key = key_of("ec-p256"), other = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(key);
	g_autoptr(GBytes) chained = root_of(other);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) all = x509_pkcs12("me", root, &chained, 1, key, passphrase, &error);
	g_autoptr(GBytes) certs = x509_pkcs12(NULL, root, NULL, 0, NULL, passphrase, &error);
	g_autoptr(GPtrArray) items = NULL;

	g_assert_no_error(error);
	write_bytes("all.p12", all);
	write_bytes("certs.p12", certs);
	make_expect(folder, "openssl pkcs12 -in all.p12 -passin 'pass:p\xc3\xa4ss' -nodes",
		      "friendlyName: me");
	make_expect(folder, "openssl pkcs12 -in all.p12 -passin 'pass:p\xc3\xa4ss' -nodes | grep -c BEGIN",
		      "3");
	make_expect(folder, "openssl pkcs12 -in certs.p12 -passin 'pass:p\xc3\xa4ss' | grep -c BEGIN",
		      "1");
	items = x509_scan(g_bytes_get_data(all, NULL), g_bytes_get_size(all), passphrase, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(items->len, ==, 3);
	g_assert_null(x509_pkcs12("me", root, NULL, 0, other, passphrase, &error));
	g_assert_error(error, ERR, ERR_USAGE);
}

static void pkcs7(void)
{
	g_autoptr(x509_key) key = key_of("ec-p256");
	GBytes *certs[2] = { root_of(key), root_of(key) };
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) p7 = x509_pkcs7(certs, 2, &error);
	g_autoptr(GBytes) junk = g_bytes_new_static("junk", 4);

	g_assert_no_error(error);
	write_bytes("c.p7b", p7);
	make_expect(folder, "openssl pkcs7 -in c.p7b -inform DER -print_certs | grep -c BEGIN", "2");
	g_assert_null(x509_pkcs7(&junk, 1, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_bytes_unref(certs[0]);
	g_bytes_unref(certs[1]);
}

static void pem(void)
{
	g_autoptr(x509_key) key = key_of("ec-p256");
	g_autoptr(GBytes) root = root_of(key);
	g_autofree char *text = make_pem(root), *theirs = NULL;

	write_bytes("p.der", root);
	theirs = make_run(folder, "openssl x509 -in p.der -inform DER");
	g_assert_cmpstr(text, ==, theirs);
}

/* ---- successors ---- */

static void successor_of(const struct x509_key *ca_key, GBytes *ca, const char *kind, const char *profile)
{
	static const char *const names[] = { "www.example.org", "10.0.0.1", "a@example.org", NULL };
	g_autoptr(x509_key) key = key_of(kind), other = key_of("ec-p256"), fresh = NULL;
	g_autoptr(GBytes) csr = csr_of(key, "CN=www.example.org,O=Example", names);
	g_autoptr(GBytes) old = sign(csr, ca, ca_key, profile, MAKE_NOW, MAKE_NOW + 90 * MAKE_DAY);
	g_autoptr(GBytes) stranger = root_of(other), again = NULL, new = NULL;
	struct facts f = { 0 }, g = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(old, &len);

	g_assert_true(x509_facts(der, len, &f, NULL));
	g_assert_cmpstr(x509_renew_kind(f.key), ==, kind);
	g_assert_cmpstr(x509_renew_profile(old)->name, ==, profile);
	g_assert_true(x509_is_signed_by(old, ca));
	g_assert_false(x509_is_signed_by(old, stranger));
	fresh = key_of(x509_renew_kind(f.key));
	again = x509_renew_csr(fresh, old, NULL);
	g_assert_nonnull(again);
	new = sign(again, ca, ca_key, profile, MAKE_NOW, MAKE_NOW + 90 * MAKE_DAY);
	der = g_bytes_get_data(new, &len);
	g_assert_true(x509_facts(der, len, &g, NULL));
	g_assert_true(facts_same_names(&f, &g));
	g_assert_cmpuint(f.subject_hash, ==, g.subject_hash);
	g_assert_cmpstr(f.key, ==, g.key);
	g_assert_cmpuint(f.key_hash, !=, g.key_hash);
	write_bytes("new.der", new);
	make_expect(folder, "openssl x509 -inform DER -in new.der -noout -subject -ext subjectAltName",
		      "IP Address:10.0.0.1");
	facts_done(&f);
	facts_done(&g);
}

static void successors(void)
{
	g_autoptr(x509_key) ca_key = key_of("ec-p256");
	g_autoptr(GBytes) ca = root_of(ca_key), broken = g_bytes_new_static("0\x82", 2);
	g_autoptr(GError) error = NULL;

	successor_of(ca_key, ca, "ec-p256", "server");
	successor_of(ca_key, ca, "ec-p384", "client");
	successor_of(ca_key, ca, "ed25519", "server+client");
	successor_of(ca_key, ca, "rsa-2048", "server");
	g_assert_null(x509_renew_kind("RSA 1024"));
	g_assert_null(x509_renew_profile(ca));
	g_assert_null(x509_renew_profile(broken));
	g_assert_false(x509_is_signed_by(broken, ca));
	g_assert_null(x509_renew_csr(ca_key, broken, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = make_folder();
	g_test_add_func("/x509/write/fits", fits);
	g_test_add_func("/x509/write/requests", requests);
	g_test_add_func("/x509/write/refused-requests", refused_requests);
	g_test_add_func("/x509/write/fits-request", fits_request);
	g_test_add_func("/x509/write/chain", chain);
	g_test_add_func("/x509/write/only-names", only_names);
	g_test_add_func("/x509/write/refused", refused);
	g_test_add_func("/x509/write/pkcs12", pkcs12);
	g_test_add_func("/x509/write/pkcs7", pkcs7);
	g_test_add_func("/x509/write/pem", pem);
	g_test_add_func("/x509/write/successors", successors);
	status = g_test_run();
	make_folder_gone(folder);
	return status;
}
