/*
 * Akamai's EG1-HMAC-SHA256: seven fields in one line, signed with a key that is itself a keyed
 * hash of the time.  Of bodies only that of a POST counts.
 */
#include "net/sign_own.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include <certty/base/clock.h>

#include "net/url.h"

#define HASH 32

static void wipe_text(char *text)
{
	secret_wipe(text, text ? strlen(text) : 0);
}

static char *keyed(const void *key, size_t len, const char *text)
{
	unsigned char hash[HASH];
	char *encoded;

	HMAC(EVP_sha256(), key, (int)len, (const unsigned char *)text, strlen(text), hash, NULL);
	encoded = g_base64_encode(hash, HASH);
	secret_clear(hash, HASH);
	return encoded;
}

static char *hash_body(const struct request_out *r, const struct edgegrid_key *key)
{
	size_t max = key->max_body ? key->max_body : EDGEGRID_MAX_BODY;
	unsigned char hash[HASH];
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	if (strcmp(r->method, "POST") != 0 || !len)
		return g_strdup("");
	EVP_Digest(bytes, MIN(len, max), hash, NULL, EVP_sha256(), NULL);
	return g_base64_encode(hash, HASH);
}

/* "name:value" of the headers that are signed and there, blanks in runs taken as one. */
static char *sign_headers(const struct request_out *r, const char *const *names)
{
	GString *s = g_string_new(NULL);

	for (; names && *names; names++) {
		g_autofree char *lower = g_ascii_strdown(*names, -1);

		for (guint i = 0; i < r->headers->len; i++) {
			const struct header *h = &g_array_index(r->headers, struct header, i);
			g_auto(GStrv) words = NULL;
			bool is_first = true;

			if (g_ascii_strcasecmp(h->name, *names) != 0)
				continue;
			g_string_append_printf(s, "%s%s:", s->len ? "\t" : "", lower);
			words = g_strsplit_set(h->value, " \t\r\n", -1);
			for (char **word = words; *word; word++) {
				if (!**word)
					continue;
				g_string_append_printf(s, "%s%s", is_first ? "" : " ", *word);
				is_first = false;
			}
			break;
		}
	}
	return g_string_free(s, FALSE);
}

void sign_edgegrid_steps(const struct request_out *r, const struct edgegrid_key *key,
			 const struct sign_edgegrid_from *from, struct sign_edgegrid_steps *ret)
{
	g_autofree char *hash = hash_body(r, key), *headers = sign_headers(r, key->headers);
	g_autofree char *bare = g_strdup_printf(
		"EG1-HMAC-SHA256 client_token=%s;access_token=%s;timestamp=%s;nonce=%s;",
		key->client_token, key->access_token, from->stamp, from->nonce);
	g_autofree char *signature = NULL;

	ret->key = keyed(key->client_secret->bytes, key->client_secret->len, from->stamp);
	ret->data = g_strjoin("\t", r->method, from->scheme, from->host, from->target, headers, hash,
			      bare, NULL);
	signature = keyed(ret->key, strlen(ret->key), ret->data);
	ret->authorization = g_strdup_printf("%ssignature=%s", bare, signature);
}

void sign_edgegrid_steps_done(struct sign_edgegrid_steps *s)
{
	wipe_text(s->key);
	wipe_text(s->data);
	wipe_text(s->authorization);
}

/* A random UUID (RFC 9562, version 4); NULL: there is no randomness. */
static char *make_nonce(void)
{
	unsigned char b[16];

	if (RAND_bytes(b, sizeof(b)) != 1)
		return NULL;
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	return g_strdup_printf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			       "%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5], b[6],
			       b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static char *make_stamp(int64_t now)
{
	g_autoptr(GString) s = g_string_new(NULL);

	clock_say_iso(s, now);
	g_string_replace(s, "-", "", 0);
	g_string_replace(s, "Z", "+0000", 0);
	return g_strdup(s->str);
}

bool sign_edgegrid(struct request_out *r, const struct edgegrid_key *key, int64_t now,
		   const char *nonce, GError **error)
{
	g_autofree char *stamp = make_stamp(now), *target = NULL;
	g_autofree char *fresh = nonce ? g_strdup(nonce) : make_nonce();
	struct sign_edgegrid_steps steps;
	struct url u;

	if (!fresh) {
		g_set_error(error, ERR, ERR_FAILED,
			    "nothing can be signed: the system gives no random numbers");
		return false;
	}
	if (!url_read(r->url, &u, error))
		return false;
	target = g_strconcat(u.path, u.query ? "?" : "", u.query, NULL);
	sign_edgegrid_steps(r, key, &(struct sign_edgegrid_from){ u.scheme, u.host, target, stamp,
			    fresh }, &steps);
	exchange_set_header(r, "Authorization", steps.authorization);
	sign_edgegrid_steps_done(&steps);
	url_done(&u);
	return true;
}
