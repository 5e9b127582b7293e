/*
 * x509_key: private keys, made, read, compared and written.
 *
 * A key leaves this file only as PKCS#8 in secret memory.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#define ROUNDS 600000
#define SALT   16

const char *const x509_key_kinds[] = {
	"ec-p256", "ec-p384", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096", NULL,
};

/* In the order of x509_key_kinds. */
static const struct {
	const char *algorithm, *curve;
	unsigned bits;
} kinds[] = {
	{ "EC", "P-256", 0 }, { "EC", "P-384", 0 }, { "ED25519", NULL, 0 },
	{ "RSA", NULL, 2048 }, { "RSA", NULL, 3072 }, { "RSA", NULL, 4096 },
};

static struct x509_key *key_new(EVP_PKEY *pkey)
{
	struct x509_key *k = g_new0(struct x509_key, 1);

	k->pkey = pkey;
	return k;
}

void x509_key_free(struct x509_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->pkey);
	g_free(k);
}

struct x509_key *x509_key_dup(const struct x509_key *k)
{
	struct x509_key *copy = g_new0(struct x509_key, 1);

	EVP_PKEY_up_ref(k->pkey);
	copy->pkey = k->pkey;
	return copy;
}

static EVP_PKEY *generate(size_t i)
{
	if (kinds[i].curve)
		return EVP_EC_gen(kinds[i].curve);
	if (kinds[i].bits)
		return EVP_RSA_gen(kinds[i].bits);
	return EVP_PKEY_Q_keygen(NULL, NULL, kinds[i].algorithm);
}

struct x509_key *x509_key_make(const char *kind, GError **error)
{
	for (size_t i = 0; x509_key_kinds[i]; i++) {
		g_autofree char *reason = NULL;
		EVP_PKEY *pkey;

		if (strcmp(kind, x509_key_kinds[i]) != 0)
			continue;
		pkey = generate(i);
		if (pkey)
			return key_new(pkey);
		reason = x509_reason();
		x509_fail(error, ERR_FAILED, "no key could be made: %s", reason);
		return NULL;
	}
	x509_fail(error, ERR_USAGE, "there is no kind of key called \"%s\"", kind);
	return NULL;
}

struct x509_key *x509_key_read(const uint8_t *bytes, size_t len,
			       const struct secret *passphrase, GError **error)
{
	EVP_PKEY *pkey = x509_scan_key(bytes, len, NULL, passphrase, error);

	return pkey ? key_new(pkey) : NULL;
}

struct x509_key *x509_key_find(const uint8_t *bytes, size_t len, uint32_t hash,
			       const struct secret *passphrase, GError **error)
{
	EVP_PKEY *pkey = x509_scan_key(bytes, len, &hash, passphrase, error);

	return pkey ? key_new(pkey) : NULL;
}

uint32_t x509_key_hash(const struct x509_key *k)
{
	return x509_pkey_hash(k->pkey);
}

bool x509_key_fits(const struct x509_key *k, const uint8_t *cert_der, size_t len)
{
	g_autoptr(X509) cert = len <= X509_CERT_MAX ? d2i_X509(NULL, &cert_der, (long)len) : NULL;
	EVP_PKEY *public_key = cert ? X509_get0_pubkey(cert) : NULL;
	bool fits = public_key && EVP_PKEY_eq(public_key, k->pkey) == 1;

	ERR_clear_error();
	return fits;
}

/* ---- writing ---- */

static X509_SIG *lock(PKCS8_PRIV_KEY_INFO *plain, const struct secret *passphrase)
{
	uint8_t salt[SALT];
	X509_ALGOR *how;
	X509_SIG *locked;

	if (RAND_bytes(salt, sizeof salt) != 1)
		return NULL;
	how = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), ROUNDS, salt, sizeof salt, NULL,
				NID_hmacWithSHA256);
	if (!how)
		return NULL;
	locked = PKCS8_set0_pbe(passphrase->bytes, (int)passphrase->len, plain, how);
	if (!locked)
		X509_ALGOR_free(how);
	return locked;
}

static bool write_key(BIO *out, EVP_PKEY *pkey, const struct secret *passphrase)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(pkey);
	X509_SIG *locked = plain && passphrase ? lock(plain, passphrase) : NULL;
	bool ok = passphrase ? locked && PEM_write_bio_PKCS8(out, locked) == 1
			     : plain && PEM_write_bio_PKCS8_PRIV_KEY_INFO(out, plain) == 1;

	X509_SIG_free(locked);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return ok;
}

struct secret *x509_key_pem(const struct x509_key *k, const struct secret *passphrase,
			    GError **error)
{
	g_autoptr(BIO) out = BIO_new(BIO_s_secmem());
	struct secret *pem;
	char *text;
	long len;

	if (!out || !write_key(out, k->pkey, passphrase)) {
		g_autofree char *reason = x509_reason();

		x509_fail(error, ERR_FAILED, "the key could not be written: %s", reason);
		return NULL;
	}
	len = BIO_get_mem_data(out, &text);
	pem = secret_new(text, (size_t)len);
	if (!pem)
		x509_fail(error, ERR_LIMIT, "the memory for secrets is full");
	return pem;
}
