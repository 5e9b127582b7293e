/*
 * x509_rounds: how much work a passphrase may cost.
 *
 * The number of rounds stands in the file, so whoever wrote the file chooses how long we would
 * be busy.  It is read before anything is derived, and what is out of all proportion is
 * refused.
 */
#include "x509_own.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#define SCRYPT_UNIT 8	/* one scrypt block (r = 1) costs about as much as these rounds */

static uint64_t number(const ASN1_INTEGER *i)
{
	uint64_t n;

	if (!i || !ASN1_INTEGER_get_uint64(&n, i)) {
		ERR_clear_error();
		return UINT64_MAX;
	}
	return n;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint64_t scrypt_rounds(const ASN1_TYPE *parameter)
{
	SCRYPT_PARAMS *p =
		ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), parameter);
	uint64_t rounds = UINT64_MAX;

	if (p)
		rounds = times(times(number(p->costParameter), number(p->blockSize)),
			       times(number(p->parallelizationParameter), SCRYPT_UNIT));
	SCRYPT_PARAMS_free(p);
	return rounds;
}

static uint64_t pbkdf2_rounds(const ASN1_TYPE *parameter)
{
	PBKDF2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), parameter);
	uint64_t rounds = p ? number(p->iter) : UINT64_MAX;

	PBKDF2PARAM_free(p);
	return rounds;
}

uint64_t x509_rounds(const X509_ALGOR *algorithm)
{
	uint64_t rounds = UINT64_MAX;

	if (OBJ_obj2nid(algorithm->algorithm) == NID_pbes2) {
		PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM),
							 algorithm->parameter);
		int nid = p ? OBJ_obj2nid(p->keyfunc->algorithm) : NID_undef;

		if (nid == NID_id_pbkdf2)
			rounds = pbkdf2_rounds(p->keyfunc->parameter);
		else if (nid == NID_id_scrypt)
			rounds = scrypt_rounds(p->keyfunc->parameter);
		PBE2PARAM_free(p);
	} else {
		PBEPARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM),
							algorithm->parameter);

		rounds = p ? number(p->iter) : UINT64_MAX;
		PBEPARAM_free(p);
	}
	ERR_clear_error();
	return rounds;
}

bool x509_rounds_spend(uint64_t rounds, uint64_t *spent, GError **error)
{
	if (rounds == UINT64_MAX)
		return x509_fail(error, ERR_FORMAT,
				 "it is encrypted in a way that cannot be read here");
	if (rounds > X509_ROUNDS_MAX)
		return x509_fail(error, ERR_LIMIT,
				 "its passphrase would have to be stirred %" G_GUINT64_FORMAT
				 " times; more than %u are refused",
				 rounds, X509_ROUNDS_MAX);
	if (*spent + rounds > X509_ROUNDS_TOTAL)
		return x509_fail(error, ERR_LIMIT,
				 "the keys of this file together would take more than %u rounds "
				 "to open; the rest is refused",
				 X509_ROUNDS_TOTAL);
	*spent += rounds;
	return true;
}
