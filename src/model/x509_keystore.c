/*
 * x509_keystore: PKCS#12, bag by bag, so that a store with several keys gives them all.
 *
 * Old stores use RC2, which OpenSSL keeps in its legacy provider; that is loaded into a library
 * context of its own, so that the rest of the program never meets it.
 */
#include "x509_scan.h"

#include <pthread.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#define DEPTH_MAX 4		/* of bags within bags */
#define PBMAC1 "1.2.840.113549.1.5.14"

typedef STACK_OF(PKCS12_SAFEBAG) bags;

struct keystore {
	struct scan *scan;
	const char *passphrase;	/* NULL and "" are different ones in PKCS#12 */
	int len;
};

static OSSL_LIB_CTX *library;
static bool has_legacy;

static void open_library(void)
{
	library = OSSL_LIB_CTX_new();
	OSSL_PROVIDER_load(library, "default");
	has_legacy = OSSL_PROVIDER_load(library, "legacy");
	ERR_clear_error();
}

static PKCS12 *parse(const uint8_t *der, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const unsigned char *p = der;
	PKCS12 *p12;

	pthread_once(&once, open_library);
	p12 = PKCS12_init_ex(NID_pkcs7_data, library, NULL);
	if (p12)
		d2i_PKCS12(&p12, &p, (long)len);	/* on failure p12 is freed and NULL */
	ERR_clear_error();
	return p12;
}

/* ---- opening ---- */

static bool is_rc2(const X509_ALGOR *how)
{
	int nid = OBJ_obj2nid(how->algorithm);

	return nid == NID_pbe_WithSHA1And40BitRC2_CBC || nid == NID_pbe_WithSHA1And128BitRC2_CBC;
}

/* Whether that can be decrypted at all, at a bearable cost. */
static bool can_open(struct keystore *k, const X509_ALGOR *how, GError **error)
{
	if (is_rc2(how) && !has_legacy)
		return x509_fail(error, ERR_FORMAT,
				 "it is encrypted with RC2, an old cipher for which OpenSSL's "
				 "legacy provider would have to be installed");
	return x509_rounds_spend(x509_rounds(how), &k->scan->rounds, error);
}

static bool refuse(const struct keystore *k, GError **error)
{
	bool given = k->scan->passphrase;

	return x509_fail(error, given ? ERR_PASSPHRASE : ERR_SIGN_IN, "%s",
			 given ? "the passphrase does not open this PKCS#12 keystore"
			       : "this PKCS#12 keystore needs its passphrase");
}

static bool fits(struct keystore *k, PKCS12 *p12, const char *passphrase, int len)
{
	k->passphrase = passphrase;
	k->len = len;
	return PKCS12_verify_mac(p12, passphrase, len);
}

/* Finds which passphrase it is: the given one, or none in either of its two spellings. */
static bool unlock(struct keystore *k, PKCS12 *p12, GError **error)
{
	const struct secret *given = k->scan->passphrase;
	const ASN1_INTEGER *iterations;
	const X509_ALGOR *how;
	g_autofree char *word = NULL;
	uint64_t rounds = 1;

	k->passphrase = given ? given->bytes : NULL;
	k->len = given ? (int)given->len : 0;
	if (!PKCS12_mac_present(p12))
		return true;
	PKCS12_get0_mac(NULL, &how, NULL, &iterations, p12);
	word = x509_oid(how->algorithm);
	if (strcmp(word, PBMAC1) == 0 || OBJ_obj2nid(how->algorithm) == NID_undef)
		return x509_fail(error, ERR_FORMAT,
				 "its integrity is protected by %s, which cannot be checked here",
				 strcmp(word, PBMAC1) == 0 ? "PBMAC1" : word);
	if (iterations && !ASN1_INTEGER_get_uint64(&rounds, iterations))
		rounds = UINT64_MAX;
	if (!x509_rounds_spend(rounds, &k->scan->rounds, error))
		return false;
	if (given && given->len > 0 ? fits(k, p12, given->bytes, (int)given->len)
				    : fits(k, p12, NULL, 0) || fits(k, p12, "", 0))
		return true;
	return refuse(k, error);
}

/* ---- bags ---- */

static bool take_bags(struct keystore *k, const bags *all, unsigned depth, GError **error);

static void name_item(struct x509_item *item, PKCS12_SAFEBAG *bag)
{
	char *name = PKCS12_get_friendlyname(bag);

	if (name && *name)
		item->alias = x509_harmless(name, strlen(name), FACTS_TEXT);
	OPENSSL_free(name);
}

static bool take_key_bag(struct keystore *k, PKCS12_SAFEBAG *bag,
			 const PKCS8_PRIV_KEY_INFO *plain)
{
	EVP_PKEY *key = plain ? EVP_PKCS82PKEY_ex(plain, NULL, NULL) : NULL;

	if (key)
		name_item(scan_add_key(k->scan, key), bag);
	else
		scan_bad(k->scan, "a private key of a kind unknown here");
	return true;
}

static bool take_locked_bag(struct keystore *k, PKCS12_SAFEBAG *bag, GError **error)
{
	const X509_ALGOR *how;
	PKCS8_PRIV_KEY_INFO *plain;

	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &how, NULL);
	if (!can_open(k, how, error))
		return false;
	plain = PKCS12_decrypt_skey_ex(bag, k->passphrase, k->len, library, NULL);
	if (plain)
		take_key_bag(k, bag, plain);
	else
		name_item(scan_add(k->scan, X509_ITEM_KEY_LOCKED), bag);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return true;
}

static bool take_cert_bag(struct keystore *k, PKCS12_SAFEBAG *bag)
{
	X509 *cert = NULL;
	unsigned char *der = NULL;
	int len;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate)
		cert = PKCS12_SAFEBAG_get1_cert(bag);
	len = cert ? i2d_X509(cert, &der) : 0;
	if (len > 0)
		name_item(scan_add_cert(k->scan, der, (size_t)len), bag);
	else
		scan_bad(k->scan, "a certificate that is not sound");
	OPENSSL_free(der);
	X509_free(cert);
	return true;
}

static bool take_bag(struct keystore *k, PKCS12_SAFEBAG *bag, unsigned depth, GError **error)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		return take_key_bag(k, bag, PKCS12_SAFEBAG_get0_p8inf(bag));
	case NID_pkcs8ShroudedKeyBag:
		return take_locked_bag(k, bag, error);
	case NID_certBag:
		return take_cert_bag(k, bag);
	case NID_safeContentsBag:
		return depth >= DEPTH_MAX ||
		       take_bags(k, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, error);
	default:
		return true;
	}
}

static bool take_bags(struct keystore *k, const bags *all, unsigned depth, GError **error)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(all) && !scan_is_full(k->scan); i++)
		if (!take_bag(k, sk_PKCS12_SAFEBAG_value(all, i), depth, error))
			return false;
	return true;
}

static bool take_safe(struct keystore *k, PKCS7 *safe, GError **error)
{
	bags *all = NULL;
	bool ok;

	if (PKCS7_type_is_data(safe)) {
		all = PKCS12_unpack_p7data(safe);
		if (!all)
			return x509_fail(error, ERR_FORMAT,
					 "a part of this PKCS#12 keystore is not sound");
	} else if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted) {
		if (!can_open(k, safe->d.encrypted->enc_data->algorithm, error))
			return false;
		all = PKCS12_unpack_p7encdata(safe, k->passphrase, k->len);
		if (!all)
			return refuse(k, error);
	}
	ok = take_bags(k, all, 0, error);
	sk_PKCS12_SAFEBAG_pop_free(all, PKCS12_SAFEBAG_free);
	return ok;
}

bool scan_keystore(struct scan *s, const uint8_t *der, size_t len, bool *ret_is_keystore,
		   GError **error)
{
	PKCS12 *p12 = parse(der, len);
	struct keystore k = { .scan = s };
	STACK_OF(PKCS7) *safes = NULL;
	bool ok;

	*ret_is_keystore = p12;
	if (!p12)
		return true;
	ok = unlock(&k, p12, error);
	if (ok) {
		safes = PKCS12_unpack_authsafes(p12);
		if (!safes)
			ok = x509_fail(error, ERR_FORMAT, "this PKCS#12 keystore is not sound");
	}
	for (int i = 0; ok && i < sk_PKCS7_num(safes); i++)
		ok = take_safe(&k, sk_PKCS7_value(safes, i), error);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(p12);
	ERR_clear_error();
	return ok;
}
