/*
 * What is signed is the message as it was before, and then the fields of the signature's own record;
 * of an answer first the signature of what was asked.  ldns can do this too, but leaves the key in
 * memory that it does not wipe, and misspells an algorithm.
 */
#include "net/sign_tsig.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define FUDGE	   300		/* seconds that clocks may differ, as all send it */
#define HEADER	   12
#define NAME_MAX   255
#define LABEL_MAX  63
#define KEY_MAX	   4096		/* bytes of a secret in base64 */
#define TYPE_TSIG  250
#define CLASS_ANY  255
#define RECORDS_MAX 4096

/* clang-format off */
static const struct algorithm {
	const char *name, *on_wire;
	const EVP_MD *(*digest)(void);
} algorithms[] = {
	{ "hmac-sha256", "hmac-sha256",             EVP_sha256 },
	{ "hmac-sha512", "hmac-sha512",             EVP_sha512 },
	{ "hmac-sha384", "hmac-sha384",             EVP_sha384 },
	{ "hmac-sha224", "hmac-sha224",             EVP_sha224 },
	{ "hmac-sha1",   "hmac-sha1",               EVP_sha1 },
	{ "hmac-md5",    "hmac-md5.sig-alg.reg.int", EVP_md5 },
};
/* clang-format on */

/* ---- the key ---- */

static const struct algorithm *algorithm_of(const char *name)
{
	size_t len = strlen(name);

	len -= len && name[len - 1] == '.';
	for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++) {
		const struct algorithm *a = &algorithms[i];

		if ((strlen(a->name) == len && !g_ascii_strncasecmp(a->name, name, len)) ||
		    (strlen(a->on_wire) == len && !g_ascii_strncasecmp(a->on_wire, name, len)))
			return a;
	}
	return NULL;
}

const char *dns_key_algorithm(const char *name)
{
	const struct algorithm *a = algorithm_of(name);

	return a ? a->name : NULL;
}

static struct secret *decode(const struct secret *base64, GError **error)
{
	g_autofree unsigned char *bytes = NULL;
	struct secret *s;
	gint state = 0;
	guint save = 0;
	gsize len;

	if (!base64->len || base64->len > KEY_MAX ||
	    strspn(base64->bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
		    base64->len) {
		g_set_error(error, ERR, ERR_FORMAT, "the key's secret is not in base64");
		return NULL;
	}
	bytes = g_malloc(base64->len);
	len = g_base64_decode_step(base64->bytes, base64->len, bytes, &state, &save);
	save = 0;
	s = len ? secret_new(bytes, len) : NULL;
	secret_clear(bytes, base64->len);
	if (!s)
		g_set_error(error, ERR, len ? ERR_LIMIT : ERR_FORMAT, "%s", len ?
			    "the memory for secrets is full" : "the key's secret is not in base64");
	return s;
}

struct dns_key *dns_key_new(const char *name, const char *algorithm, const struct secret *base64,
			    GError **error)
{
	g_autoptr(GByteArray) wire = g_byte_array_new();
	const char *word = dns_key_algorithm(algorithm);
	struct dns_key *k;
	struct secret *s;

	if (!sign_tsig_name(wire, name) || wire->len < 2) {
		g_set_error(error, ERR, ERR_USAGE, "the key's name is no name as DNS has them");
		return NULL;
	}
	if (!word) {
		g_set_error(error, ERR, ERR_USAGE, "the key's algorithm is none of " DNS_KEY_ALGORITHMS);
		return NULL;
	}
	s = decode(base64, error);
	if (!s)
		return NULL;
	k = g_new0(struct dns_key, 1);
	k->name = g_strdup(name);
	k->algorithm = g_strdup(word);
	k->secret = s;
	return k;
}

void dns_key_free(struct dns_key *k)
{
	if (!k)
		return;
	g_free(k->name);
	g_free(k->algorithm);
	secret_free(k->secret);
	g_free(k);
}

/* ---- writing ---- */

static void put_number(GByteArray *to, uint64_t n, unsigned bytes)
{
	while (bytes--) {
		uint8_t b = (uint8_t)(n >> (8 * bytes));

		g_byte_array_append(to, &b, 1);
	}
}

bool sign_tsig_name(GByteArray *message, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	guint began = message->len;

	for (const char *label = lower; *label;) {
		size_t len = strcspn(label, ".");

		if (!len || len > LABEL_MAX || message->len - began + len + 2 > NAME_MAX ||
		    memchr(label, '\\', len))
			return false;
		put_number(message, len, 1);
		g_byte_array_append(message, (const guint8 *)label, (guint)len);
		label += len + (label[len] == '.');
	}
	put_number(message, 0, 1);
	return true;
}

/* What of the signature's record is signed with the message. */
static void put_fields(GByteArray *to, const struct dns_key *key, int64_t when, unsigned fudge,
		       unsigned error, const uint8_t *other, unsigned n_other)
{
	sign_tsig_name(to, key->name);
	put_number(to, CLASS_ANY, 2);
	put_number(to, 0, 4);
	sign_tsig_name(to, algorithm_of(key->algorithm)->on_wire);
	put_number(to, (uint64_t)when, 6);
	put_number(to, fudge, 2);
	put_number(to, error, 2);
	put_number(to, n_other, 2);
	g_byte_array_append(to, other, n_other);
}

static bool make_mac(const GByteArray *text, const struct dns_key *key, struct tsig_mac *ret)
{
	return HMAC(algorithm_of(key->algorithm)->digest(), key->secret->bytes, (int)key->secret->len,
		    text->data, text->len, ret->bytes, &ret->len) != NULL;
}

static unsigned number_at(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

bool sign_tsig(GByteArray *message, const struct dns_key *key, int64_t now, struct tsig_mac *ret,
	       GError **error)
{
	g_autoptr(GByteArray) text = g_byte_array_new(), data = g_byte_array_new();
	unsigned id = number_at(message->data), more = number_at(message->data + 10) + 1;

	g_byte_array_append(text, message->data, message->len);
	put_fields(text, key, now, FUDGE, 0, NULL, 0);
	if (!make_mac(text, key, ret)) {
		g_set_error(error, ERR, ERR_USAGE, "this machine's OpenSSL does not sign with %s; use a "
			    "key of another algorithm", key->algorithm);
		return false;
	}
	sign_tsig_name(data, algorithm_of(key->algorithm)->on_wire);
	put_number(data, (uint64_t)now, 6);
	put_number(data, FUDGE, 2);
	put_number(data, ret->len, 2);
	g_byte_array_append(data, ret->bytes, ret->len);
	put_number(data, id, 2);
	put_number(data, 0, 4);
	sign_tsig_name(message, key->name);
	put_number(message, TYPE_TSIG, 2);
	put_number(message, CLASS_ANY, 2);
	put_number(message, 0, 4);
	put_number(message, data->len, 2);
	g_byte_array_append(message, data->data, data->len);
	message->data[10] = (uint8_t)(more >> 8);
	message->data[11] = (uint8_t)more;
	return true;
}

/* ---- reading ---- */

struct reading {
	const uint8_t *bytes;
	size_t len, at;
};

static bool take_number(struct reading *r, unsigned bytes, uint64_t *ret)
{
	*ret = 0;
	if (r->len - r->at < bytes)
		return false;
	while (bytes--)
		*ret = *ret << 8 | r->bytes[r->at++];
	return true;
}

static bool take_bytes(struct reading *r, uint64_t n, const uint8_t **ret)
{
	if (r->len - r->at < n)
		return false;
	*ret = r->bytes + r->at;
	r->at += (size_t)n;
	return true;
}

/* In lower case, appended to `to`, if that is not NULL.  A name may go on at an earlier place. */
static bool take_name(struct reading *r, GByteArray *to)
{
	size_t at = r->at, total = 0;
	bool is_elsewhere = false;

	while (at < r->len) {
		uint8_t n = r->bytes[at];

		if (n >= 0xc0) {
			size_t next = at + 1 < r->len ? (size_t)(n & 0x3f) << 8 | r->bytes[at + 1] : at;

			if (next >= at)
				return false;
			r->at = is_elsewhere ? r->at : at + 2;
			is_elsewhere = true;
			at = next;
			continue;
		}
		total += n + 1u;
		if (n > LABEL_MAX || total > NAME_MAX || r->len - at < n + 1u)
			return false;
		for (size_t i = 0; to && i <= n; i++) {
			uint8_t b = (uint8_t)g_ascii_tolower((char)r->bytes[at + i]);

			g_byte_array_append(to, &b, 1);
		}
		at += n + 1u;
		if (!n) {
			r->at = is_elsewhere ? r->at : at;
			return true;
		}
	}
	return false;
}

static bool skip_questions(struct reading *r, unsigned n)
{
	const uint8_t *rest;

	for (unsigned i = 0; i < n; i++)
		if (!take_name(r, NULL) || !take_bytes(r, 4, &rest))
			return false;
	return true;
}

static bool skip_records(struct reading *r, unsigned n)
{
	const uint8_t *rest;
	uint64_t len;

	for (unsigned i = 0; i < n; i++)
		if (!take_name(r, NULL) || !take_bytes(r, 8, &rest) || !take_number(r, 2, &len) ||
		    !take_bytes(r, len, &rest))
			return false;
	return true;
}

/* The signature of an answer, as it stands there. */
struct signature {
	size_t begins;
	uint64_t when, fudge, id, error, n_mac, n_other;
	const uint8_t *mac, *other;
};

static bool is_name(const GByteArray *name, const char *wanted)
{
	g_autoptr(GByteArray) wire = g_byte_array_new();

	return sign_tsig_name(wire, wanted) && wire->len == name->len &&
	       !memcmp(wire->data, name->data, name->len);
}

/* It is the last record of all; there is none where the key is not this one. */
static bool find_signature(struct reading *r, const struct dns_key *key, struct signature *ret)
{
	g_autoptr(GByteArray) name = g_byte_array_new(), algorithm = g_byte_array_new();
	unsigned counts[4], records;
	uint64_t type, class, ttl, len;

	if (r->len < HEADER)
		return false;
	for (int i = 0; i < 4; i++)
		counts[i] = number_at(r->bytes + 4 + 2 * i);
	records = counts[1] + counts[2] + counts[3];
	r->at = HEADER;
	if (!counts[3] || records > RECORDS_MAX || !skip_questions(r, counts[0]) ||
	    !skip_records(r, records - 1))
		return false;
	ret->begins = r->at;
	return take_name(r, name) && take_number(r, 2, &type) && type == TYPE_TSIG &&
	       take_number(r, 2, &class) && class == CLASS_ANY && take_number(r, 4, &ttl) &&
	       take_number(r, 2, &len) && len == r->len - r->at && take_name(r, algorithm) &&
	       take_number(r, 6, &ret->when) && take_number(r, 2, &ret->fudge) &&
	       take_number(r, 2, &ret->n_mac) && take_bytes(r, ret->n_mac, &ret->mac) &&
	       take_number(r, 2, &ret->id) && take_number(r, 2, &ret->error) &&
	       take_number(r, 2, &ret->n_other) && take_bytes(r, ret->n_other, &ret->other) &&
	       is_name(name, key->name) &&
	       is_name(algorithm, algorithm_of(key->algorithm)->on_wire);
}

static bool is_right(const struct reading *r, const struct signature *s, const struct dns_key *key,
		     const struct tsig_mac *asked)
{
	g_autoptr(GByteArray) text = g_byte_array_new();
	struct tsig_mac mac = { .len = 0 };
	guint header;

	put_number(text, asked->len, 2);
	g_byte_array_append(text, asked->bytes, asked->len);
	header = text->len;
	g_byte_array_append(text, r->bytes, (guint)s->begins);
	text->data[header] = (uint8_t)(s->id >> 8);
	text->data[header + 1] = (uint8_t)s->id;
	if (text->data[header + 11]-- == 0)
		text->data[header + 10]--;
	put_fields(text, key, (int64_t)s->when, (unsigned)s->fudge, (unsigned)s->error, s->other,
		   (unsigned)s->n_other);
	return make_mac(text, key, &mac) && mac.len == s->n_mac &&
	       CRYPTO_memcmp(mac.bytes, s->mac, mac.len) == 0;
}

struct tsig_says sign_tsig_check(const uint8_t *answer, size_t len, const struct dns_key *key,
				 const struct tsig_mac *asked, int64_t now)
{
	struct reading r = { .bytes = answer, .len = len };
	struct signature s = { .begins = 0 };
	struct tsig_says says = { .error = 0 };
	int64_t differs;

	if (!find_signature(&r, key, &s))
		return says;
	says.error = (unsigned)s.error;
	if (s.error == TSIG_BADTIME && s.n_other == 6)
		for (int i = 0; i < 6; i++)
			says.clock = says.clock << 8 | s.other[i];
	differs = (int64_t)s.when - now;
	says.is_signed = is_right(&r, &s, key, asked) &&
			 (s.error == TSIG_BADTIME || ABS(differs) <= FUDGE);
	return says;
}
