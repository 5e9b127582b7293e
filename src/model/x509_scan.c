/*
 * x509_scan: everything in the bytes of a file: PEM blocks between any text, or one DER thing.
 *
 * Broken things become items with a sentence and the rest goes on; only a keystore that does
 * not open fails as a whole.  Nothing ever asks on the terminal: OpenSSL gets the passphrase
 * from us or none.  PKCS#12 is in x509_keystore.c.
 */
#define _GNU_SOURCE
#include "x509_scan.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#define BEGIN	   "-----BEGIN "
#define END	   "-----END "
#define DASHES	   "-----"
#define LABEL_MAX  40
#define KEY_MAX	   (256u << 10)	/* bytes of one private key */

struct block {
	const char *label;
	size_t label_len;
	const char *start;		/* its BEGIN line */
	const char *body, *body_end;	/* base64 and headers before it */
	const char *end;		/* after its END line */
};

typedef void take_fn(struct scan *s, uint8_t *der, size_t len);
static take_fn take_cert, take_csr, take_pkcs7, take_key, take_locked_key;

/* What is not in here is not ours: parameters, CRLs, public keys, keys of ssh. */
static const struct {
	const char *label;
	take_fn *take;
	bool is_key;
} labels[] = {
	{ "CERTIFICATE", take_cert, false },
	{ "X509 CERTIFICATE", take_cert, false },
	{ "TRUSTED CERTIFICATE", take_cert, false },
	{ "CERTIFICATE REQUEST", take_csr, false },
	{ "NEW CERTIFICATE REQUEST", take_csr, false },
	{ "PKCS7", take_pkcs7, false },
	{ "PKCS #7 SIGNED DATA", take_pkcs7, false },
	{ "CMS", take_pkcs7, false },
	{ "PRIVATE KEY", take_key, true },
	{ "RSA PRIVATE KEY", take_key, true },
	{ "EC PRIVATE KEY", take_key, true },
	{ "DSA PRIVATE KEY", take_key, true },
	{ "ENCRYPTED PRIVATE KEY", take_locked_key, true },
};

/* ---- items ---- */

static void item_free(void *p)
{
	struct x509_item *item = p;

	g_bytes_unref(item->der);
	g_free(item->alias);
	g_free(item->trouble);
	g_free(item);
}

struct x509_item *scan_add(struct scan *s, enum x509_item_kind kind)
{
	struct x509_item *item = g_new0(struct x509_item, 1);

	item->kind = kind;
	g_ptr_array_add(s->items, item);
	return item;
}

bool scan_is_full(const struct scan *s)
{
	return s->items->len >= X509_ITEMS_MAX;
}

void scan_bad(struct scan *s, const char *trouble)
{
	scan_add(s, X509_ITEM_BAD)->trouble = g_strconcat(s->where, trouble, NULL);
}

struct x509_item *scan_add_cert(struct scan *s, const uint8_t *der, size_t len)
{
	struct x509_item *item = scan_add(s, X509_ITEM_CERT);

	item->der = g_bytes_new(der, len);
	return item;
}

/* Takes the key. */
struct x509_item *scan_add_key(struct scan *s, EVP_PKEY *key)
{
	struct x509_item *item = scan_add(s, X509_ITEM_KEY);

	item->key_hash = x509_pkey_hash(key);
	if (!s->first_key && (!s->wanted || *s->wanted == item->key_hash))
		s->first_key = key;
	else
		EVP_PKEY_free(key);
	return item;
}

/* ---- what a block or a DER file may hold ---- */

/* A trusted certificate of OpenSSL's own kind has more behind it, which is left out. */
static void take_cert(struct scan *s, uint8_t *der, size_t len)
{
	size_t used = 0;
	struct x509_shape *shape = x509_shape_new(der, len, &used);

	if (!shape) {
		scan_bad(s, len > X509_CERT_MAX ? "larger than certificates are"
						: "not a sound certificate");
		return;
	}
	x509_shape_free(shape);
	scan_add_cert(s, der, used);
}

static bool try_csr(struct scan *s, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	g_autoptr(X509_REQ) csr = d2i_X509_REQ(NULL, &p, (long)MIN(len, X509_CERT_MAX));
	EVP_PKEY *key = csr ? X509_REQ_get0_pubkey(csr) : NULL;
	struct x509_item *item = csr ? scan_add(s, X509_ITEM_CSR) : NULL;

	ERR_clear_error();
	if (item)
		item->der = g_bytes_new(der, (size_t)(p - der));
	if (item && key)
		item->key_hash = x509_pkey_hash(key);
	return csr;
}

static void take_csr(struct scan *s, uint8_t *der, size_t len)
{
	if (!try_csr(s, der, len))
		scan_bad(s, "not a sound certificate request");
}

static void add_pkcs7(struct scan *s, const PKCS7 *p7)
{
	const STACK_OF(X509) *certs = NULL;

	if (PKCS7_type_is_signed(p7) && p7->d.sign)
		certs = p7->d.sign->cert;
	else if (PKCS7_type_is_signedAndEnveloped(p7) && p7->d.signed_and_enveloped)
		certs = p7->d.signed_and_enveloped->cert;
	for (int i = 0; i < sk_X509_num(certs) && !scan_is_full(s); i++) {
		unsigned char *der = NULL;
		int len = i2d_X509(sk_X509_value(certs, i), &der);

		if (len > 0)
			scan_add_cert(s, der, (size_t)len);
		OPENSSL_free(der);
	}
}

static bool try_pkcs7(struct scan *s, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, (long)len);

	if (p7)
		add_pkcs7(s, p7);
	PKCS7_free(p7);
	ERR_clear_error();
	return p7;
}

static void take_pkcs7(struct scan *s, uint8_t *der, size_t len)
{
	if (!try_pkcs7(s, der, len))
		scan_bad(s, "not a sound PKCS#7 message");
}

static bool try_key(struct scan *s, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	EVP_PKEY *key = len <= KEY_MAX ? d2i_AutoPrivateKey(NULL, &p, (long)len) : NULL;

	ERR_clear_error();
	if (key)
		scan_add_key(s, key);
	return key;
}

static void take_key(struct scan *s, uint8_t *der, size_t len)
{
	if (!try_key(s, der, len))
		scan_bad(s, "not a sound private key, or of a kind unknown here");
}

static void open_key(struct scan *s, const X509_SIG *locked)
{
	g_autoptr(GError) error = NULL;
	const X509_ALGOR *how;
	PKCS8_PRIV_KEY_INFO *plain = NULL;
	EVP_PKEY *key;

	X509_SIG_get0(locked, &how, NULL);
	if (s->passphrase && !x509_rounds_spend(x509_rounds(how), &s->rounds, &error)) {
		scan_bad(s, error->message);
		return;
	}
	if (s->passphrase)
		plain = PKCS8_decrypt(locked, s->passphrase->bytes, (int)s->passphrase->len);
	key = plain ? EVP_PKCS82PKEY(plain) : NULL;
	PKCS8_PRIV_KEY_INFO_free(plain);
	ERR_clear_error();
	if (key)
		scan_add_key(s, key);
	else
		scan_add(s, X509_ITEM_KEY_LOCKED);
}

static bool try_locked_key(struct scan *s, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	X509_SIG *locked = len <= KEY_MAX ? d2i_X509_SIG(NULL, &p, (long)len) : NULL;

	ERR_clear_error();
	if (!locked)
		return false;
	open_key(s, locked);
	X509_SIG_free(locked);
	return true;
}

static void take_locked_key(struct scan *s, uint8_t *der, size_t len)
{
	if (!try_locked_key(s, der, len))
		scan_bad(s, "not a sound encrypted key");
}

/* ---- PEM ---- */

static const char *find(const char *from, const char *end, const char *what)
{
	return from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;
}

/* The next block after *from, which moves behind it; false when there is none.  A block that
 * is not closed has no end. */
static bool next_block(const char **from, const char *end, struct block *b)
{
	for (const char *p = find(*from, end, BEGIN); p; p = find(*from, end, BEGIN)) {
		const char *limit = find(p + strlen(BEGIN), end, BEGIN);
		const char *dashes, *stop;

		*from = p + strlen(BEGIN);
		dashes = find(*from, MIN(*from + LABEL_MAX + strlen(DASHES), end), DASHES);
		if (!dashes || memchr(*from, '\n', (size_t)(dashes - *from)))
			continue;
		*b = (struct block){ .label = *from, .label_len = (size_t)(dashes - *from),
				     .start = p, .body = dashes + strlen(DASHES) };
		limit = limit ? limit : end;
		stop = find(b->body, limit, END);
		*from = limit;
		if (!stop)
			return true;
		b->body_end = stop;
		stop += strlen(END);
		if ((size_t)(limit - stop) >= b->label_len + strlen(DASHES) &&
		    memcmp(stop, b->label, b->label_len) == 0 &&
		    memcmp(stop + b->label_len, DASHES, strlen(DASHES)) == 0)
			b->end = stop + b->label_len + strlen(DASHES);
		return true;
	}
	return false;
}

static int passphrase_for_pem(char *buffer, int size, int writing, void *who)
{
	const struct secret *passphrase = who;

	if (!passphrase || passphrase->len > (size_t)size)
		return -1;
	memcpy(buffer, passphrase->bytes, passphrase->len);
	return (int)passphrase->len;
}

/* Keys with a header of RFC 1421, as `openssl rsa -aes256` used to write them. */
static void take_old_locked_key(struct scan *s, const struct block *b)
{
	g_autoptr(BIO) in = BIO_new_mem_buf(b->start, (int)(b->end - b->start));
	EVP_PKEY *key = NULL;

	if (s->passphrase)
		key = PEM_read_bio_PrivateKey(in, NULL, passphrase_for_pem,
					      (void *)s->passphrase);
	ERR_clear_error();
	if (key)
		scan_add_key(s, key);
	else
		scan_add(s, X509_ITEM_KEY_LOCKED);
}

/* Base64 behind any header lines; -1 when it is something else. */
static int decode(const struct block *b, uint8_t *out)
{
	const char *body = b->body;
	const char *colon = memchr(body, ':', (size_t)(b->body_end - body));
	EVP_ENCODE_CTX *ctx;
	int n = 0, rest = 0, ok;

	if (colon) {
		const char *blank = find(colon, b->body_end, "\n\n");
		const char *crlf = find(colon, b->body_end, "\n\r\n");

		body = !blank || (crlf && crlf < blank) ? crlf : blank;
		if (!body)
			return -1;
	}
	ctx = EVP_ENCODE_CTX_new();
	EVP_DecodeInit(ctx);
	ok = EVP_DecodeUpdate(ctx, out, &n, (const uint8_t *)body, (int)(b->body_end - body)) >= 0 &&
	     EVP_DecodeFinal(ctx, out + n, &rest) >= 0;
	EVP_ENCODE_CTX_free(ctx);
	return ok ? n + rest : -1;
}

static void take_block(struct scan *s, const struct block *b, size_t kind)
{
	size_t room;
	uint8_t *der;
	int len;

	if (!b->end) {
		scan_bad(s, "cut off: its END line is missing");
		return;
	}
	if (labels[kind].is_key && find(b->body, b->body_end, "Proc-Type:")) {
		take_old_locked_key(s, b);
		return;
	}
	room = (size_t)(b->body_end - b->body);
	der = OPENSSL_malloc(room + 1);
	len = der ? decode(b, der) : -1;
	if (len < 0)
		scan_bad(s, "not readable as base64");
	else
		labels[kind].take(s, der, (size_t)len);
	if (labels[kind].is_key)
		OPENSSL_clear_free(der, room + 1);
	else
		OPENSSL_free(der);
}

static void scan_pem(struct scan *s, const char *bytes, size_t len)
{
	const char *from = bytes;
	struct block b;

	for (unsigned ordinal = 1; next_block(&from, bytes + len, &b); ordinal++) {
		for (size_t k = 0; k < G_N_ELEMENTS(labels); k++) {
			if (b.label_len != strlen(labels[k].label) ||
			    memcmp(b.label, labels[k].label, b.label_len) != 0)
				continue;
			if (s->items->len >= X509_ITEMS_MAX - 1) {
				g_strlcpy(s->where, "", sizeof s->where);
				scan_bad(s, "there are more things in this file than are read");
				return;
			}
			g_snprintf(s->where, sizeof s->where, "block %u (%s): ", ordinal,
				   labels[k].label);
			take_block(s, &b, k);
		}
	}
}

/* ---- DER ---- */

static bool scan_certs(struct scan *s, const uint8_t *der, size_t len)
{
	size_t used, at = 0;

	while (at < len && !scan_is_full(s)) {
		struct x509_shape *shape = x509_shape_new(der + at, len - at, &used);

		if (!shape)
			break;
		x509_shape_free(shape);
		scan_add_cert(s, der + at, used);
		at += used;
	}
	return at > 0;
}

static bool scan_der(struct scan *s, const uint8_t *der, size_t len, GError **error)
{
	bool is_keystore = false;

	if (scan_certs(s, der, len))
		return true;
	if (!scan_keystore(s, der, len, &is_keystore, error))
		return false;
	if (is_keystore || try_csr(s, der, len) || try_pkcs7(s, der, len) ||
	    try_locked_key(s, der, len) || try_key(s, der, len))
		return true;
	scan_bad(s, "it begins like DER, but holds nothing known here, or is cut off");
	return true;
}

/* ---- one certificate ---- */

/* Its bytes as base64 has them, new; NULL: it is none. */
static GBytes *decoded(const struct block *b)
{
	uint8_t *der = b->end ? g_malloc((size_t)(b->body_end - b->body) + 1) : NULL;
	int len = der ? decode(b, der) : -1;

	if (len >= 0)
		return g_bytes_new_take(der, (gsize)len);
	g_free(der);
	return NULL;
}

GBytes *x509_first(const char *pem, struct facts *ret)
{
	const char *from = pem, *end = pem ? pem + strlen(pem) : NULL;
	struct block b;

	while (pem && next_block(&from, end, &b)) {
		bool is_cert = b.label_len == strlen(PEM_STRING_X509) &&
			       memcmp(b.label, PEM_STRING_X509, b.label_len) == 0;
		g_autoptr(GBytes) der = is_cert ? decoded(&b) : NULL;
		gsize len = 0;
		const uint8_t *bytes = der ? g_bytes_get_data(der, &len) : NULL;

		if (bytes && x509_facts(bytes, len, ret, NULL))
			return g_steal_pointer(&der);
	}
	ERR_clear_error();
	return NULL;
}

/* ---- the whole ---- */

/* A sequence: a short one that ends with the file, or a long one. */
static bool is_der(const uint8_t *bytes, size_t len)
{
	if (len < 16 || bytes[0] != 0x30)
		return false;
	return bytes[1] < 0x80 ? len == bytes[1] + 2u : bytes[1] <= 0x84;
}

static bool is_java(const uint8_t *bytes, size_t len)
{
	return len >= 12 && (memcmp(bytes, "\xfe\xed\xfe\xed", 4) == 0 ||
			     memcmp(bytes, "\xce\xce\xce\xce", 4) == 0);
}

bool x509_could_be(const uint8_t *bytes, size_t len)
{
	return is_der(bytes, len) || is_java(bytes, len) ||
	       find((const char *)bytes, (const char *)bytes + len, BEGIN);
}

static bool scan(struct scan *s, const uint8_t *bytes, size_t len, GError **error)
{
	if (len > X509_FILE_MAX)
		return x509_fail(error, ERR_LIMIT,
				 "a file of %zu bytes is larger than the %u that are read", len,
				 X509_FILE_MAX);
	if (is_java(bytes, len)) {
		scan_bad(s, "a keystore of Java's own kind (JKS): keytool -importkeystore "
			    "-deststoretype pkcs12 makes a PKCS#12 file of it, which can be "
			    "read here");
		return true;
	}
	if (is_der(bytes, len))
		return scan_der(s, bytes, len, error);
	scan_pem(s, (const char *)bytes, len);
	return true;
}

static struct scan scan_start(const struct secret *passphrase)
{
	return (struct scan){ .passphrase = passphrase,
			      .items = g_ptr_array_new_with_free_func(item_free) };
}

GPtrArray *x509_scan(const uint8_t *bytes, size_t len, const struct secret *passphrase,
		     GError **error)
{
	struct scan s = scan_start(passphrase);
	bool ok = scan(&s, bytes, len, error);

	EVP_PKEY_free(s.first_key);
	ERR_clear_error();
	if (ok)
		return s.items;
	g_ptr_array_unref(s.items);
	return NULL;
}

/* Why there is no key among these. */
static void tell_missing_key(const struct scan *s, GError **error)
{
	const char *trouble = NULL;

	for (unsigned i = 0; i < s->items->len; i++) {
		const struct x509_item *item = g_ptr_array_index(s->items, i);

		if (item->kind == X509_ITEM_KEY_LOCKED) {
			x509_fail(error, s->passphrase ? ERR_PASSPHRASE : ERR_SIGN_IN, "%s",
				  s->passphrase ? "the passphrase does not open this key"
						: "this key needs a passphrase");
			return;
		}
		if (item->trouble)
			trouble = item->trouble;
	}
	x509_fail(error, trouble ? ERR_FORMAT : ERR_NOT_FOUND, "%s",
		  trouble ? trouble
		  : s->wanted ? "there is no such private key in it"
			      : "there is no private key in it");
}

EVP_PKEY *x509_scan_key(const uint8_t *bytes, size_t len, const uint32_t *wanted,
			const struct secret *passphrase, GError **error)
{
	struct scan s = scan_start(passphrase);

	s.wanted = wanted;
	if (scan(&s, bytes, len, error) && !s.first_key)
		tell_missing_key(&s, error);
	g_ptr_array_unref(s.items);
	return s.first_key;
}
