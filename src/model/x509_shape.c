/*
 * x509_shape: a certificate taken apart without decoding its key, and the hashes that link
 * certificates to issuers and keys.
 *
 * The templates repeat RFC 5280's own grammar in OpenSSL's words; the reader behind them is
 * the one that d2i_X509() uses.
 */
#include "x509_own.h"

#include <ctype.h>
#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* clang-format off */
ASN1_ITEM_TEMPLATE(SHAPE_RDN) =
	ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_OF, 0, entries, X509_NAME_ENTRY)
static_ASN1_ITEM_TEMPLATE_END(SHAPE_RDN)

ASN1_ITEM_TEMPLATE(SHAPE_NAME) =
	ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SEQUENCE_OF, 0, rdns, SHAPE_RDN)
static_ASN1_ITEM_TEMPLATE_END(SHAPE_NAME)

ASN1_SEQUENCE(SHAPE_SPKI) = {
	ASN1_SIMPLE(struct x509_spki, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct x509_spki, key, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct x509_spki, SHAPE_SPKI)

ASN1_SEQUENCE(SHAPE_BODY) = {
	ASN1_EXP_OPT(struct x509_body, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(struct x509_body, serial, ASN1_INTEGER),
	ASN1_SIMPLE(struct x509_body, signature, X509_ALGOR),
	ASN1_SIMPLE(struct x509_body, issuer, SHAPE_NAME),
	ASN1_SIMPLE(struct x509_body, validity, X509_VAL),
	ASN1_SIMPLE(struct x509_body, subject, SHAPE_NAME),
	ASN1_SIMPLE(struct x509_body, spki, SHAPE_SPKI),
	ASN1_IMP_OPT(struct x509_body, issuer_uid, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(struct x509_body, subject_uid, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(struct x509_body, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END_name(struct x509_body, SHAPE_BODY)

ASN1_SEQUENCE(SHAPE_CERT) = {
	ASN1_SIMPLE(struct x509_shape, body, SHAPE_BODY),
	ASN1_SIMPLE(struct x509_shape, signature_algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct x509_shape, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct x509_shape, SHAPE_CERT)
/* clang-format on */

struct x509_shape *x509_shape_new(const uint8_t *der, size_t len, size_t *ret_used)
{
	const uint8_t *p = der;
	ASN1_VALUE *v;

	if (len > X509_CERT_MAX)
		len = X509_CERT_MAX;
	v = ASN1_item_d2i(NULL, &p, (long)len, ASN1_ITEM_rptr(SHAPE_CERT));
	if (!v) {
		ERR_clear_error();
		return NULL;
	}
	if (ret_used)
		*ret_used = (size_t)(p - der);
	return (void *)v;
}

void x509_shape_free(struct x509_shape *s)
{
	ASN1_item_free((void *)s, ASN1_ITEM_rptr(SHAPE_CERT));
}

/* ---- names ---- */

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * FNV_PRIME;
	return h;
}

/* Case, and blanks beside blanks or ends, make no difference (RFC 5280, 7.1). */
static uint64_t hash_text(uint64_t h, const uint8_t *s, size_t len)
{
	bool is_begun = false, is_blank = false;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = s[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			is_blank = is_begun;
			continue;
		}
		if (is_blank)
			h = (h ^ ' ') * FNV_PRIME;
		is_begun = true;
		is_blank = false;
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		h = (h ^ c) * FNV_PRIME;
	}
	return h;
}

static bool is_ascii(const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] & 0x80)
			return false;
	return true;
}

static uint64_t hash_value(uint64_t h, const ASN1_STRING *s)
{
	const uint8_t *bytes = ASN1_STRING_get0_data(s);
	size_t len = (size_t)ASN1_STRING_length(s);
	unsigned char *utf8 = NULL;
	int n;

	switch (ASN1_STRING_type(s)) {
	case V_ASN1_UTF8STRING:
		return hash_text(h, bytes, len);
	case V_ASN1_PRINTABLESTRING:
	case V_ASN1_IA5STRING:
	case V_ASN1_VISIBLESTRING:
	case V_ASN1_T61STRING:
		if (is_ascii(bytes, len))
			return hash_text(h, bytes, len);
		break;
	case V_ASN1_BMPSTRING:
	case V_ASN1_UNIVERSALSTRING:
		break;
	default:
		return hash_bytes(h, bytes, len);
	}
	n = ASN1_STRING_to_UTF8(&utf8, s);
	if (n < 0)
		return hash_bytes(h, bytes, len);
	h = hash_text(h, utf8, (size_t)n);
	OPENSSL_free(utf8);
	return h;
}

uint64_t x509_shape_hash_name(const OPENSSL_STACK *name, bool *ret_sound)
{
	uint64_t h = FNV_START;

	for (int i = 0; i < OPENSSL_sk_num(name); i++) {
		const OPENSSL_STACK *rdn = OPENSSL_sk_value(name, i);

		for (int j = 0; j < OPENSSL_sk_num(rdn); j++) {
			const X509_NAME_ENTRY *e = OPENSSL_sk_value(rdn, j);
			const ASN1_OBJECT *oid = X509_NAME_ENTRY_get_object(e);
			const ASN1_STRING *value = X509_NAME_ENTRY_get_data(e);

			h = hash_bytes(h, OBJ_get0_data(oid), OBJ_length(oid));
			h = hash_value(h, value);
			if (!x509_string_is_sound(value))
				*ret_sound = false;
		}
		h = hash_bytes(h, "\xff", 1);
	}
	return h;
}

char *x509_shape_entry(const OPENSSL_STACK *name, int nid)
{
	for (int i = OPENSSL_sk_num(name) - 1; i >= 0; i--) {
		const OPENSSL_STACK *rdn = OPENSSL_sk_value(name, i);

		for (int j = OPENSSL_sk_num(rdn) - 1; j >= 0; j--) {
			const X509_NAME_ENTRY *e = OPENSSL_sk_value(rdn, j);
			const ASN1_STRING *value = X509_NAME_ENTRY_get_data(e);

			if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) == nid &&
			    ASN1_STRING_length(value) > 0)
				return x509_string(value, FACTS_TEXT);
		}
	}
	return NULL;
}

char *x509_shape_name(const OPENSSL_STACK *name)
{
	GString *line = g_string_new(NULL);

	for (int i = 0; i < OPENSSL_sk_num(name) && line->len < FACTS_TEXT; i++) {
		const OPENSSL_STACK *rdn = OPENSSL_sk_value(name, i);

		for (int j = 0; j < OPENSSL_sk_num(rdn) && line->len < FACTS_TEXT; j++)
			x509_add_entry(line, OPENSSL_sk_value(rdn, j));
	}
	return g_string_free(line, FALSE);
}

/* ---- keys ---- */

/* RSA keys come with a NULL parameter or without one: it says nothing. */
uint32_t x509_spki_hash(const struct x509_spki *spki)
{
	const ASN1_OBJECT *oid;
	const void *value;
	int type;
	uint64_t h = FNV_START;

	X509_ALGOR_get0(&oid, &type, &value, spki->algorithm);
	h = hash_bytes(h, OBJ_get0_data(oid), OBJ_length(oid));
	if (type == V_ASN1_OBJECT)
		h = hash_bytes(h, OBJ_get0_data(value), OBJ_length(value));
	else if (type == V_ASN1_SEQUENCE)
		h = hash_bytes(h, ASN1_STRING_get0_data(value),
			       (size_t)ASN1_STRING_length(value));
	h = hash_bytes(h, spki->key->data, (size_t)spki->key->length);
	h ^= h >> 32;
	return (uint32_t)h ? (uint32_t)h : 1;
}

struct x509_spki *x509_spki_new(const uint8_t *der, size_t len)
{
	ASN1_VALUE *v = ASN1_item_d2i(NULL, &der, (long)len, ASN1_ITEM_rptr(SHAPE_SPKI));

	ERR_clear_error();
	return (void *)v;
}

void x509_spki_free(struct x509_spki *spki)
{
	ASN1_item_free((void *)spki, ASN1_ITEM_rptr(SHAPE_SPKI));
}

EVP_PKEY *x509_spki_decode(const struct x509_spki *spki)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	int len = ASN1_item_i2d((const void *)spki, &der, ASN1_ITEM_rptr(SHAPE_SPKI));
	EVP_PKEY *key;

	p = der;
	key = len > 0 ? d2i_PUBKEY(NULL, &p, len) : NULL;
	OPENSSL_free(der);
	ERR_clear_error();
	return key;
}

uint32_t x509_pkey_hash(const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	struct x509_spki *spki = len > 0 ? x509_spki_new(der, (size_t)len) : NULL;
	uint32_t hash = spki ? x509_spki_hash(spki) : 1;

	x509_spki_free(spki);
	OPENSSL_free(der);
	ERR_clear_error();
	return hash;
}
