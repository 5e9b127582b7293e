/*
 * x509_words: what people call keys and signatures.
 *
 * What the tables do not know is shown by its name in OpenSSL, or by its numbers.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#define RSA_ENOUGH 2048
#define EC_ENOUGH  224

struct rsa_numbers {
	ASN1_INTEGER *n, *e;
};

/* clang-format off */
ASN1_SEQUENCE(RSA_NUMBERS) = {
	ASN1_SIMPLE(struct rsa_numbers, n, ASN1_INTEGER),
	ASN1_SIMPLE(struct rsa_numbers, e, ASN1_INTEGER),
} static_ASN1_SEQUENCE_END_name(struct rsa_numbers, RSA_NUMBERS)

static const struct {
	int nid;
	const char *word;
	int bits;
} curves[] = {
	{ NID_X9_62_prime256v1, "P-256", 256 },
	{ NID_secp384r1,        "P-384", 384 },
	{ NID_secp521r1,        "P-521", 521 },
	{ NID_secp224r1,        "P-224", 224 },
	{ NID_X9_62_prime192v1, "P-192", 192 },
	{ NID_secp256k1,        "secp256k1", 256 },
	{ NID_brainpoolP256r1,  "brainpoolP256r1", 256 },
	{ NID_brainpoolP384r1,  "brainpoolP384r1", 384 },
	{ NID_brainpoolP512r1,  "brainpoolP512r1", 512 },
};

static const struct {
	int nid;
	const char *word;
	bool is_weak;
} signatures[] = {
	{ NID_sha256WithRSAEncryption, "SHA-256", false },
	{ NID_ecdsa_with_SHA256,       "SHA-256", false },
	{ NID_ecdsa_with_SHA384,       "SHA-384", false },
	{ NID_sha384WithRSAEncryption, "SHA-384", false },
	{ NID_sha512WithRSAEncryption, "SHA-512", false },
	{ NID_ecdsa_with_SHA512,       "SHA-512", false },
	{ NID_sha1WithRSAEncryption,   "SHA-1",   true  },
	{ NID_ecdsa_with_SHA1,         "SHA-1",   true  },
	{ NID_dsaWithSHA1,             "SHA-1",   true  },
	{ NID_dsaWithSHA1_2,           "SHA-1",   true  },
	{ NID_sha1WithRSA,             "SHA-1",   true  },
	{ NID_md5WithRSAEncryption,    "MD5",     true  },
	{ NID_md5WithRSA,              "MD5",     true  },
	{ NID_md4WithRSAEncryption,    "MD4",     true  },
	{ NID_md2WithRSAEncryption,    "MD2",     true  },
	{ NID_sha224WithRSAEncryption, "SHA-224", false },
	{ NID_ecdsa_with_SHA224,       "SHA-224", false },
	{ NID_dsa_with_SHA224,         "SHA-224", false },
	{ NID_dsa_with_SHA256,         "SHA-256", false },
	{ NID_dsa_with_SHA384,         "SHA-384", false },
	{ NID_dsa_with_SHA512,         "SHA-512", false },
	{ NID_ED25519,                 "Ed25519", false },
	{ NID_ED448,                   "Ed448",   false },
};

/* FIPS 204 and 205: named here because OpenSSL 3.0 does not know them. */
static const struct {
	const char *oid, *word;
} numbers[] = {
	{ "2.16.840.1.101.3.4.3.17", "ML-DSA-44" },
	{ "2.16.840.1.101.3.4.3.18", "ML-DSA-65" },
	{ "2.16.840.1.101.3.4.3.19", "ML-DSA-87" },
	{ "2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s" },
	{ "2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f" },
	{ "2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s" },
	{ "2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f" },
	{ "2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s" },
	{ "2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f" },
	{ "2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s" },
	{ "2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f" },
	{ "2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s" },
	{ "2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f" },
	{ "2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s" },
	{ "2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f" },
};
/* clang-format on */

/* The algorithm as such: one of `numbers`, OpenSSL's short name, or the OID. */
static char *algorithm_word(const ASN1_OBJECT *oid)
{
	char *word = x509_oid(oid);

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		if (strcmp(word, numbers[i].oid) == 0) {
			g_free(word);
			return g_strdup(numbers[i].word);
		}
	}
	return word;
}

/* The slow way, for what is rare. */
static char *decoded_words(const struct x509_spki *spki, const char *word, int enough,
			   bool *ret_weak)
{
	g_autoptr(EVP_PKEY) key = x509_spki_decode(spki);
	int bits = key ? EVP_PKEY_get_bits(key) : 0;

	if (bits <= 0)
		return g_strdup(word);
	*ret_weak = bits < enough;
	return g_strdup_printf("%s %d", word, bits);
}

static char *rsa_words(const struct x509_spki *spki, const char *word, bool *ret_weak)
{
	const unsigned char *p = spki->key->data;
	struct rsa_numbers *rsa = (void *)ASN1_item_d2i(NULL, &p, spki->key->length,
							ASN1_ITEM_rptr(RSA_NUMBERS));
	int len = rsa ? ASN1_STRING_length(rsa->n) : 0;
	int bits = 0;

	if (len > 0) {
		bits = (len - 1) * 8;
		for (unsigned top = ASN1_STRING_get0_data(rsa->n)[0]; top; top >>= 1)
			bits++;
	}
	ASN1_item_free((void *)rsa, ASN1_ITEM_rptr(RSA_NUMBERS));
	if (!rsa) {
		ERR_clear_error();
		return g_strdup(word);
	}
	*ret_weak = bits < RSA_ENOUGH;
	return g_strdup_printf("%s %d", word, bits);
}

static char *ec_words(const struct x509_spki *spki, int type, const void *value,
		      bool *ret_weak)
{
	g_autofree char *name = NULL, *whole = NULL;
	int nid;

	if (type != V_ASN1_OBJECT)
		return decoded_words(spki, "EC explicit", EC_ENOUGH, ret_weak);
	nid = OBJ_obj2nid(value);
	for (size_t i = 0; i < G_N_ELEMENTS(curves); i++) {
		if (curves[i].nid == nid) {
			*ret_weak = curves[i].bits < EC_ENOUGH;
			return g_strconcat("EC ", curves[i].word, NULL);
		}
	}
	name = x509_oid(value);
	whole = decoded_words(spki, "EC", EC_ENOUGH, ret_weak);
	return g_strconcat("EC ", name, NULL);
}

char *x509_key_words(const struct x509_spki *spki, bool *ret_weak)
{
	const ASN1_OBJECT *oid;
	const void *value;
	int type;

	*ret_weak = false;
	X509_ALGOR_get0(&oid, &type, &value, spki->algorithm);
	switch (OBJ_obj2nid(oid)) {
	case NID_rsaEncryption:
	case NID_rsa:
		return rsa_words(spki, "RSA", ret_weak);
	case NID_rsassaPss:
		return rsa_words(spki, "RSA-PSS", ret_weak);
	case NID_X9_62_id_ecPublicKey:
		return ec_words(spki, type, value, ret_weak);
	case NID_ED25519:
		return g_strdup("Ed25519");
	case NID_ED448:
		return g_strdup("Ed448");
	case NID_dsa:
		return decoded_words(spki, "DSA", RSA_ENOUGH, ret_weak);
	default:
		return algorithm_word(oid);
	}
}

static char *pss_words(const X509_ALGOR *algorithm, bool *ret_weak)
{
	RSA_PSS_PARAMS *pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS),
							algorithm->parameter);
	int nid = NID_sha1;
	char *word;

	if (pss && pss->hashAlgorithm)
		nid = OBJ_obj2nid(pss->hashAlgorithm->algorithm);
	*ret_weak = nid == NID_sha1 || nid == NID_md5;
	word = nid == NID_sha256   ? g_strdup("SHA-256 PSS")
	       : nid == NID_sha384 ? g_strdup("SHA-384 PSS")
	       : nid == NID_sha512 ? g_strdup("SHA-512 PSS")
	       : nid == NID_sha1   ? g_strdup("SHA-1 PSS")
				   : g_strdup_printf("%s PSS", OBJ_nid2sn(nid));
	RSA_PSS_PARAMS_free(pss);
	ERR_clear_error();
	return word;
}

char *x509_signature_words(const X509_ALGOR *algorithm, bool *ret_weak)
{
	int nid = OBJ_obj2nid(algorithm->algorithm);

	*ret_weak = false;
	if (nid == NID_rsassaPss)
		return pss_words(algorithm, ret_weak);
	for (size_t i = 0; nid != NID_undef && i < G_N_ELEMENTS(signatures); i++) {
		if (signatures[i].nid == nid) {
			*ret_weak = signatures[i].is_weak;
			return g_strdup(signatures[i].word);
		}
	}
	return algorithm_word(algorithm->algorithm);
}
