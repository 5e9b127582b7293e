/* test-x509-chain: how chains stand, in any order, crossed, expired, and in circles. */
#include <string.h>

#include <openssl/err.h>

#include <certty/model/x509.h>

#include "make.h"

static char *folder;

struct ca {
	X509 *cert;
	EVP_PKEY *key;
	GBytes *der;
};

static struct ca ca_new(const char *name, const struct ca *issuer, int64_t not_after)
{
	struct ca ca = { .key = make_key_of("EC:P-256") };

	ca.cert = make_cert(&(struct make){ .subject = name, .key = ca.key,
					    .constraints = "critical,CA:TRUE",
					    .issuer = issuer ? issuer->cert : NULL,
					    .issuer_key = issuer ? issuer->key : ca.key,
					    .not_after = not_after });
	ca.der = make_der(ca.cert);
	return ca;
}

static void ca_done(struct ca *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
	g_bytes_unref(ca->der);
}

static GBytes *leaf_of(const struct ca *ca)
{
	return make_cert_der(&(struct make){ .subject = "www.example.org", .issuer = ca->cert,
					     .issuer_key = ca->key,
					     .sans = "DNS:www.example.org" });
}

static struct x509_trust *trust_in(GBytes *der)
{
	g_autofree char *pem = make_pem(der);
	g_autofree char *path = g_build_filename(folder, "trust.pem", NULL);

	make_file(folder, "trust.pem", pem, strlen(pem));
	return x509_trust_new(path);
}

static void expect(GBytes *leaf, GBytes *const *others, size_t n, const struct x509_trust *trust,
		   bool ok, const char *sentence)
{
	g_autofree char *said = NULL;

	g_assert_cmpint(x509_chain(leaf, others, n, trust, MAKE_NOW, &said), ==, ok);
	if (!g_str_has_prefix(said, sentence))
		g_error("\"%s\" does not begin with \"%s\"", said, sentence);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void orders(void)
{
	struct ca root = ca_new("Root", NULL, 0), a = ca_new("A", &root, 0),
		  b = ca_new("B", &a, 0), unrelated = ca_new("Other", NULL, 0);
	g_autoptr(GBytes) leaf = leaf_of(&b);
	g_autoptr(GBytes) junk = g_bytes_new_static("junk", 4);
	GBytes *all[] = { unrelated.der, leaf, a.der, junk, root.der, b.der, b.der };
	struct x509_trust *trust = trust_in(root.der);

	expect(leaf, all, G_N_ELEMENTS(all), trust, true,
	       "B \xe2\x80\xba A \xe2\x80\xba Root, verifies to /");
	expect(leaf, all + 2, 5, trust, true, "B \xe2\x80\xba A \xe2\x80\xba Root, verifies to");
	expect(leaf, NULL, 0, trust, false, "no issuer found: the certificate of B is not at hand");
	expect(leaf, &b.der, 1, trust, false,
	       "no issuer found for B: the certificate of A is not at hand");
	expect(leaf, all, G_N_ELEMENTS(all), NULL, false,
	       "it ends in the root Root, which is not in any trust store");
	expect(unrelated.der, NULL, 0, trust, false, "self-signed, and not in /");
	expect(root.der, NULL, 0, trust, true, "it lies in /");
	expect(junk, NULL, 0, trust, false, "its bytes are not a sound certificate");
	x509_trust_free(trust);
	x509_trust_free(NULL);
	ca_done(&root);
	ca_done(&a);
	ca_done(&b);
	ca_done(&unrelated);
}

/* The same CA, certified by an old root that is not trusted and by a new one that is. */
static void crossed(void)
{
	struct ca old_root = ca_new("Old Root", NULL, 0), root = ca_new("Root", NULL, 0),
		  a = ca_new("A", &old_root, 0);
	X509 *cross = make_cert(&(struct make){ .subject = "A", .key = a.key,
						.constraints = "critical,CA:TRUE",
						.issuer = root.cert, .issuer_key = root.key });
	g_autoptr(GBytes) crossing = make_der(cross);
	g_autoptr(GBytes) leaf = leaf_of(&a);
	GBytes *one[] = { crossing, old_root.der };
	struct x509_trust *trust = trust_in(root.der);

	expect(leaf, one, 2, trust, true, "A \xe2\x80\xba Root, verifies to");
	x509_trust_free(trust);
	X509_free(cross);
	ca_done(&old_root);
	ca_done(&root);
	ca_done(&a);
}

static void expired(void)
{
	struct ca root = ca_new("Root", NULL, 0),
		  a = ca_new("A", &root, MAKE_NOW - MAKE_DAY);
	g_autoptr(GBytes) leaf = leaf_of(&a);
	g_autoptr(GBytes) old = make_cert_der(&(struct make){
		.subject = "x", .issuer = root.cert, .issuer_key = root.key,
		.not_after = MAKE_NOW - 1 });
	g_autoptr(GBytes) early = make_cert_der(&(struct make){
		.subject = "x", .issuer = root.cert, .issuer_key = root.key,
		.not_before = MAKE_NOW + 1 });
	struct x509_trust *trust = trust_in(root.der);

	expect(leaf, &a.der, 1, trust, false, "its issuer A has expired");
	expect(old, NULL, 0, trust, false, "it has expired");
	expect(early, NULL, 0, trust, false, "it is not valid yet");
	x509_trust_free(trust);
	ca_done(&root);
	ca_done(&a);
}

static void forged(void)
{
	struct ca root = ca_new("Root", NULL, 0), twin = ca_new("Root", NULL, 0);
	X509 *cert = make_cert(&(struct make){ .subject = "x", .issuer = root.cert,
					       .issuer_key = twin.key });
	X509 *below = make_cert(&(struct make){ .subject = "y", .issuer = cert });
	g_autoptr(GBytes) der = make_der(cert);
	g_autoptr(GBytes) leaf = make_der(below);
	struct x509_trust *trust = trust_in(root.der);

	expect(der, NULL, 0, trust, false, "its signature is not that of Root");
	expect(leaf, &der, 1, trust, false, "x is no CA, yet signed a certificate");
	x509_trust_free(trust);
	X509_free(cert);
	X509_free(below);
	ca_done(&root);
	ca_done(&twin);
}

/* A certified by B, B certified by A. */
static void circle(void)
{
	struct ca a = ca_new("A", NULL, 0), b = ca_new("B", &a, 0);
	X509 *again = make_cert(&(struct make){ .subject = "A", .key = a.key,
						.constraints = "critical,CA:TRUE",
						.issuer = b.cert, .issuer_key = b.key });
	g_autoptr(GBytes) round = make_der(again);
	g_autoptr(GBytes) leaf = leaf_of(&b);
	GBytes *all[] = { round, b.der, round, b.der };

	expect(leaf, all, G_N_ELEMENTS(all), NULL, false, "");
	X509_free(again);
	ca_done(&a);
	ca_done(&b);
}

static void too_deep(void)
{
	struct ca chain[24];
	GBytes *ders[G_N_ELEMENTS(chain)];
	g_autoptr(GBytes) leaf = NULL;
	struct x509_trust *trust;

	for (size_t i = 0; i < G_N_ELEMENTS(chain); i++) {
		g_autofree char *name = g_strdup_printf("CA %zu", i);

		chain[i] = ca_new(name, i ? &chain[i - 1] : NULL, 0);
		ders[i] = chain[i].der;
	}
	leaf = leaf_of(&chain[G_N_ELEMENTS(chain) - 1]);
	trust = trust_in(ders[0]);
	expect(leaf, ders, G_N_ELEMENTS(ders), trust, false, "");
	x509_trust_free(trust);
	for (size_t i = 0; i < G_N_ELEMENTS(chain); i++)
		ca_done(&chain[i]);
}

/* A thousand certificates of the same issuer's name: only a few of them are tried. */
static void crowd(void)
{
	struct ca root = ca_new("Root", NULL, 0);
	g_autoptr(GBytes) leaf = leaf_of(&root);
	GBytes *all[1000];

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		all[i] = make_cert_der(&(struct make){ .subject = "Root" });
	expect(leaf, all, G_N_ELEMENTS(all), NULL, false, "");
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		g_bytes_unref(all[i]);
	ca_done(&root);
}

static void trust_folder(void)
{
	struct ca root = ca_new("Root", NULL, 0);
	g_autoptr(GBytes) leaf = leaf_of(&root);
	g_autofree char *pem = make_pem(root.der);
	struct x509_trust *trust;

	make_file(folder, "zz-root.crt", pem, strlen(pem));
	make_file(folder, "zz-noise.txt", "noise", 5);
	trust = x509_trust_new(folder);
	expect(leaf, NULL, 0, trust, true, "Root, verifies to /");
	x509_trust_free(trust);
	trust = x509_trust_new("/nonexistent/trust");
	expect(leaf, NULL, 0, trust, false, "no issuer found");
	x509_trust_free(trust);
	trust = x509_trust_new(NULL);
	expect(leaf, NULL, 0, trust, false, "no issuer found");
	x509_trust_free(trust);
	ca_done(&root);
}

/* ---- lists of what was revoked ---- */

static void crl(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "Root", .constraints = "CA:TRUE" });
	g_autoptr(GBytes) der = make_der(ca);
	g_autoptr(GBytes) other = make_cert_der(&(struct make){ .subject = "Other", .constraints = "CA:TRUE" });
	g_autofree char *pem = make_crl(der, 7, MAKE_NOW, MAKE_NOW + MAKE_DAY);
	g_autofree char *endless = make_crl(der, 8, MAKE_NOW, 0);
	struct x509_crl read;

	g_assert_true(x509_crl_read(pem, der, &read, NULL));
	g_assert_cmpstr(read.issuer, ==, "Root");
	g_assert_cmpstr(read.number, ==, "7");
	g_assert_cmpint(read.this_update, ==, MAKE_NOW);
	g_assert_cmpint(read.next_update, ==, MAKE_NOW + MAKE_DAY);
	g_assert_cmpuint(read.entries, ==, 1);
	g_assert_true(read.is_signed);
	x509_crl_done(&read);
	g_assert_true(x509_crl_read(pem, other, &read, NULL));
	g_assert_false(read.is_signed);
	x509_crl_done(&read);
	g_assert_true(x509_crl_read(endless, NULL, &read, NULL));
	g_assert_cmpint(read.next_update, ==, 0);
	g_assert_false(read.is_signed);
	x509_crl_done(&read);
	*strstr(pem, "MI") = 'Q';
	g_assert_false(x509_crl_read(pem, der, &read, NULL));
	X509_free(ca);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = make_folder();
	g_test_add_func("/x509/chain/orders", orders);
	g_test_add_func("/x509/chain/crossed", crossed);
	g_test_add_func("/x509/chain/expired", expired);
	g_test_add_func("/x509/chain/forged", forged);
	g_test_add_func("/x509/chain/circle", circle);
	g_test_add_func("/x509/chain/too-deep", too_deep);
	g_test_add_func("/x509/chain/crowd", crowd);
	g_test_add_func("/x509/chain/trust-folder", trust_folder);
	g_test_add_func("/x509/chain/crl", crl);
	status = g_test_run();
	make_folder_gone(folder);
	return status;
}
