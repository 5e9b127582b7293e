/*
 * A client assertion: who we are, signed by the key of a certificate that the other side knows.
 *
 * PS256 for RSA keys and ES256 for those on P-256, which is what OAuth's servers take today.
 */
#include <certty/net/token.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include <certty/base/json.h>

#define LASTS 600	/* seconds */
#define ROOM  8192	/* for all but the audience, so that the text never moves while it grows */

/* One kind of key that can sign. */
struct way {
	const char *algorithm;
	int type;
	size_t part;		/* ES256: bytes of each of the two numbers */
};

static const struct way ways[] = {
	{ "PS256", EVP_PKEY_RSA, 0 },
	{ "ES256", EVP_PKEY_EC, 32 },
};

static void encode(GString *out, const void *bytes, size_t len)
{
	g_autofree char *text = g_base64_encode(bytes, len);

	for (char *c = text; *c && *c != '='; c++)
		g_string_append_c(out, *c == '+' ? '-' : *c == '/' ? '_' : *c);
}

static int give_passphrase(char *room, int size, int is_writing, void *data)
{
	const struct secret *passphrase = data;

	if (!passphrase || passphrase->len > (size_t)size)
		return -1;
	memcpy(room, passphrase->bytes, passphrase->len);
	return (int)passphrase->len;
}

static EVP_PKEY *read_key(const struct secret *pem, const struct secret *passphrase)
{
	BIO *in = BIO_new_mem_buf(pem->bytes, (int)pem->len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, give_passphrase, (void *)passphrase);

	BIO_free(in);
	return key;
}

/* The certificate that has this key; others in the file are its issuers. */
static X509 *read_cert(const struct secret *pem, const EVP_PKEY *key)
{
	BIO *in = BIO_new_mem_buf(pem->bytes, (int)pem->len);
	X509 *cert;

	while ((cert = PEM_read_bio_X509(in, NULL, NULL, NULL)) && X509_check_private_key(cert, key) != 1)
		X509_free(cert);
	BIO_free(in);
	return cert;
}

static const struct way *way_of(const EVP_PKEY *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		if (EVP_PKEY_get_base_id(key) == ways[i].type &&
		    (!ways[i].part || EVP_PKEY_get_bits(key) == 256))
			return &ways[i];
	return NULL;
}

static void put_digest(struct json_writer *w, const char *key, const X509 *cert, const EVP_MD *md)
{
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	X509_digest(cert, md, hash, &len);
	encode(text, hash, len);
	json_put_str(w, key, text->str);
}

static void add_head(GString *out, const struct way *way, const X509 *cert)
{
	g_autoptr(GString) head = g_string_new(NULL);
	struct json_writer w = { .out = head };

	json_open(&w, NULL, '{');
	json_put_str(&w, "alg", way->algorithm);
	json_put_str(&w, "typ", "JWT");
	put_digest(&w, "x5t", cert, EVP_sha1());
	put_digest(&w, "x5t#S256", cert, EVP_sha256());
	json_close(&w, '}');
	encode(out, head->str, head->len);
}

static bool add_claims(GString *out, const char *issuer, const char *audience, int64_t now)
{
	g_autoptr(GString) claims = g_string_new(NULL), id = g_string_new(NULL);
	struct json_writer w = { .out = claims };
	unsigned char random[16];

	if (RAND_bytes(random, sizeof(random)) != 1)
		return false;
	encode(id, random, sizeof(random));
	json_open(&w, NULL, '{');
	json_put_str(&w, "aud", audience);
	json_put_str(&w, "iss", issuer);
	json_put_str(&w, "sub", issuer);
	json_put_str(&w, "jti", id->str);
	json_put_int(&w, "iat", now);
	json_put_int(&w, "nbf", now);
	json_put_int(&w, "exp", now + LASTS);
	json_close(&w, '}');
	encode(out, claims->str, claims->len);
	return true;
}

/* A signature as DER has it, as the two numbers that JWS wants. */
static bool flatten(unsigned char *bytes, size_t *len, size_t part)
{
	const unsigned char *at = bytes;
	ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &at, (long)*len);
	bool ok = both && BN_bn2binpad(ECDSA_SIG_get0_r(both), bytes, (int)part) > 0 &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(both), bytes + part, (int)part) > 0;

	ECDSA_SIG_free(both);
	*len = 2 * part;
	return ok;
}

static bool add_signature(GString *out, const struct way *way, EVP_PKEY *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	unsigned char bytes[1024];
	size_t len = sizeof(bytes);
	bool ok = EVP_PKEY_get_size(key) <= (int)sizeof(bytes) &&
		  EVP_DigestSignInit(context, &how, EVP_sha256(), NULL, key) == 1;

	if (ok && way->type == EVP_PKEY_RSA)
		ok = EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_DigestSign(context, bytes, &len, (const unsigned char *)out->str, out->len) == 1;
	if (ok && way->part)
		ok = flatten(bytes, &len, way->part);
	EVP_MD_CTX_free(context);
	g_string_append_c(out, '.');
	if (ok)
		encode(out, bytes, len);
	return ok;
}

static bool build(GString *jwt, const struct way *way, const X509 *cert, EVP_PKEY *key,
		  const char *issuer, const char *audience, int64_t now)
{
	add_head(jwt, way, cert);
	g_string_append_c(jwt, '.');
	return add_claims(jwt, issuer, audience, now) && add_signature(jwt, way, key);
}

struct secret *token_assertion(const struct secret *pem, const struct secret *passphrase,
			       const char *issuer, const char *audience, int64_t now,
			       GError **error)
{
	EVP_PKEY *key = read_key(pem, passphrase);
	X509 *cert = key ? read_cert(pem, key) : NULL;
	const struct way *way = key ? way_of(key) : NULL;
	g_autoptr(GString) jwt = g_string_sized_new(ROOM + 2 * strlen(audience));
	struct secret *made = NULL;
	enum err code = ERR_FORMAT;
	const char *why = NULL;

	if (!key) {
		why = "the file holds no private key in PEM that this passphrase opens";
		code = ERR_PASSPHRASE;
	} else if (!cert) {
		why = "the file holds no certificate for its private key";
	} else if (!way) {
		why = "its key is neither RSA nor on the curve P-256";
	} else if (!build(jwt, way, cert, key, issuer, audience, now)) {
		why = "OpenSSL cannot do it with this key";
	} else if (!(made = secret_new(jwt->str, jwt->len))) {
		why = "the memory for secrets is full";
		code = ERR_LIMIT;
	}
	if (why)
		g_set_error(error, ERR, (int)code, "the sign-in by certificate cannot be signed: %s",
			    why);
	secret_clear(jwt->str, jwt->len);
	X509_free(cert);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return made;
}
