/*
 * AWS Signature Version 4: the request in one canonical text, its hash in a second one with the
 * time and the scope, and a chain of keyed hashes from the secret over that.
 *
 * The canonical text holds a session token, so it is built in memory that is wiped.
 */
#include "net/sign_own.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include <certty/base/clock.h>

#include "net/url.h"
#include "net/wiped.h"

#define HASH 32
#define HEX  (2 * HASH + 1)

/* Set or changed on the way, by curl or a proxy. */
static const char *const unsigned_headers[] = {
	"accept", "accept-encoding", "authorization", "connection", "expect", "keep-alive",
	"proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
	"transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id", NULL,
};

static void add(struct wiped *to, const char *text)
{
	wiped_append(to, text, strlen(text));
}

static char *end(struct wiped *text)
{
	wiped_append(text, "", 1);
	return text->bytes;
}

static void wipe_text(char *text)
{
	secret_wipe(text, text ? strlen(text) : 0);
}

static void write_hex(char ret[HEX], const unsigned char hash[HASH])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH; i++) {
		ret[2 * i] = digits[hash[i] >> 4];
		ret[2 * i + 1] = digits[hash[i] & 15];
	}
	ret[HEX - 1] = '\0';
}

static void hash_hex(char ret[HEX], const void *bytes, size_t len)
{
	unsigned char hash[HASH];

	EVP_Digest(bytes, len, hash, NULL, EVP_sha256(), NULL);
	write_hex(ret, hash);
}

static void hash_body(char ret[HEX], const struct request_out *r)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	hash_hex(ret, bytes ? bytes : "", len);
}

/* ---- path and query ---------------------------------------------------------------------- */

static char *encode(const char *bytes, size_t len, const char *also)
{
	GString *s = g_string_sized_new(len);

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] && (g_ascii_isalnum(bytes[i]) || strchr("-._~", bytes[i]) ||
				 strchr(also, bytes[i])))
			g_string_append_c(s, bytes[i]);
		else
			g_string_append_printf(s, "%%%02X", (unsigned char)bytes[i]);
	}
	return g_string_free(s, FALSE);
}

/* The bytes that are meant, encoded in the one way that is signed. */
static char *recode(const char *text, size_t len, const char *also)
{
	g_autoptr(GString) bytes = g_string_sized_new(len);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%' && i + 2 < len && g_ascii_isxdigit(text[i + 1]) &&
		    g_ascii_isxdigit(text[i + 2])) {
			g_string_append_c(bytes, (char)(g_ascii_xdigit_value(text[i + 1]) << 4 |
							g_ascii_xdigit_value(text[i + 2])));
			i += 2;
		} else {
			g_string_append_c(bytes, text[i]);
		}
	}
	return encode(bytes->str, bytes->len, also);
}

/* Without "." and empty parts, each ".." taken back together with the part before it. */
static char *plain_path(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();
	g_autoptr(GString) s = g_string_new(NULL);
	const char *last = "";

	for (char **part = parts; *part; part++) {
		last = *part;
		if (!strcmp(*part, "..")) {
			if (kept->len)
				g_ptr_array_set_size(kept, (int)kept->len - 1);
		} else if (**part && strcmp(*part, ".")) {
			g_ptr_array_add(kept, *part);
		}
	}
	for (guint i = 0; i < kept->len; i++)
		g_string_append_printf(s, "/%s", (char *)kept->pdata[i]);
	if (!kept->len || !*last)
		g_string_append_c(s, '/');
	return encode(s->str, s->len, "/");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Pairs are sorted by name and then value; the blank between them sorts before all that a name
 * can hold, as the end of the name would. */
static void add_query(struct wiped *to, const char *query)
{
	g_auto(GStrv) parts = g_strsplit(query ? query : "", "&", -1);
	g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(g_free);

	for (char **part = parts; *part; part++) {
		size_t len = strcspn(*part, "=");
		g_autofree char *name = recode(*part, len, "");
		g_autofree char *value = recode(*part + len + !!(*part)[len],
						strlen(*part + len + !!(*part)[len]), "");

		if (**part)
			g_ptr_array_add(pairs, g_strdup_printf("%s %s", name, value));
	}
	g_ptr_array_sort(pairs, by_text);
	for (guint i = 0; i < pairs->len; i++) {
		*strchr(pairs->pdata[i], ' ') = '=';
		add(to, i ? "&" : "");
		add(to, pairs->pdata[i]);
	}
}

/* ---- headers ----------------------------------------------------------------------------- */

static bool is_signed(const char *name)
{
	return !g_strv_contains(unsigned_headers, name);
}

/* Trimmed, with one blank for each run of them. */
static void add_value(struct wiped *to, const char *value)
{
	bool is_first = true;

	for (const char *s = value; *s;) {
		size_t blank = strspn(s, " \t\r\n"), word = strcspn(s + blank, " \t\r\n");

		if (word && !is_first)
			add(to, " ");
		wiped_append(to, s + blank, word);
		is_first = is_first && !word;
		s += blank + word;
	}
}

/* The names that are signed, each once, in lower case and order. */
static GPtrArray *signed_names(const struct request_out *r)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(names, g_strdup("host"));
	for (guint i = 0; i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);
		g_autofree char *name = g_ascii_strdown(h->name, -1);

		if (is_signed(name) &&
		    !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
			g_ptr_array_add(names, g_steal_pointer(&name));
	}
	g_ptr_array_sort(names, by_text);
	return names;
}

static void add_header(struct wiped *to, const struct request_out *r, const char *name,
		       const char *host)
{
	bool is_first = true;

	add(to, name);
	add(to, ":");
	for (guint i = 0; i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);

		if (g_ascii_strcasecmp(h->name, name) != 0)
			continue;
		add(to, is_first ? "" : ",");
		add_value(to, h->value);
		is_first = false;
	}
	if (is_first)
		add(to, host);
	add(to, "\n");
}

/* ---- the steps --------------------------------------------------------------------------- */

static char *canonical(const struct request_out *r, const struct url *u, bool keeps_path,
		       GPtrArray *names, const char *list)
{
	struct wiped text = { 0 };
	g_autofree char *path = keeps_path ? recode(u->path, strlen(u->path), "/")
					   : plain_path(u->path);
	char hash[HEX];

	hash_body(hash, r);
	add(&text, r->method);
	add(&text, "\n");
	add(&text, path);
	add(&text, "\n");
	add_query(&text, u->query);
	add(&text, "\n");
	for (guint i = 0; i < names->len; i++)
		add_header(&text, r, names->pdata[i], u->host);
	add(&text, "\n");
	add(&text, list);
	add(&text, "\n");
	add(&text, hash);
	return end(&text);
}

/* HMAC-SHA-256.  One context for a chain of them: OpenSSL looks an algorithm up anew each time that
 * it is asked for by name. */
static EVP_MAC_CTX *mac_new(void)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);
	char name[] = "SHA256";
	const OSSL_PARAM digest[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};

	EVP_MAC_free(hmac);
	if (!EVP_MAC_CTX_set_params(mac, digest))
		g_error("OpenSSL has no SHA-256");
	return mac;
}

static void keyed(EVP_MAC_CTX *mac, unsigned char ret[HASH], const void *key, size_t key_len,
		  const char *text)
{
	size_t len;

	if (!EVP_MAC_init(mac, key, key_len, NULL) ||
	    !EVP_MAC_update(mac, (const unsigned char *)text, strlen(text)) ||
	    !EVP_MAC_final(mac, ret, &len, HASH))
		g_error("OpenSSL cannot sign");
}

static void sign_text(char ret[HEX], const struct aws_key *key, const char *day,
		      const char *region, const char *service, const char *to_sign)
{
	const char *const chain[] = { region, service, "aws4_request", to_sign };
	EVP_MAC_CTX *mac = mac_new();
	struct wiped first = { 0 };
	unsigned char hash[HASH];

	add(&first, "AWS4");
	wiped_append(&first, key->secret->bytes, key->secret->len);
	keyed(mac, hash, first.bytes, first.len, day);
	wiped_done(&first);
	for (size_t i = 0; i < G_N_ELEMENTS(chain); i++)
		keyed(mac, hash, hash, HASH, chain[i]);
	write_hex(ret, hash);
	secret_clear(hash, HASH);
	EVP_MAC_CTX_free(mac);
}

bool sign_aws_steps(const struct request_out *r, const struct aws_key *key, const char *region,
		    const char *service, bool keeps_path, const char *date,
		    struct sign_aws_steps *ret, GError **error)
{
	g_autofree char *day = g_strndup(date, 8), *list = NULL;
	g_autofree char *scope = g_strdup_printf("%s/%s/%s/aws4_request", day, region, service);
	g_autoptr(GPtrArray) names = NULL;
	char hash[HEX], signature[HEX];
	struct url u;

	if (!url_read(r->url, &u, error))
		return false;
	names = signed_names(r);
	g_ptr_array_add(names, NULL);
	list = g_strjoinv(";", (char **)names->pdata);
	g_ptr_array_set_size(names, (int)names->len - 1);
	ret->canonical = canonical(r, &u, keeps_path, names, list);
	hash_hex(hash, ret->canonical, strlen(ret->canonical));
	ret->to_sign = g_strdup_printf("AWS4-HMAC-SHA256\n%s\n%s\n%s", date, scope, hash);
	sign_text(signature, key, day, region, service, ret->to_sign);
	ret->authorization = g_strdup_printf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, "
					     "Signature=%s", key->id, scope, list, signature);
	url_done(&u);
	return true;
}

void sign_aws_steps_done(struct sign_aws_steps *s)
{
	wipe_text(s->canonical);
	wipe_text(s->to_sign);
	wipe_text(s->authorization);
}

bool sign_aws(struct request_out *r, const struct aws_key *key, const char *region,
	      const char *service, int64_t now, GError **error)
{
	g_autoptr(GString) date = g_string_new(NULL);
	struct sign_aws_steps steps;
	bool is_s3 = !strcmp(service, "s3"), has_hash = is_s3;
	char hash[HEX];

	clock_say_iso(date, now);
	g_string_replace(date, "-", "", 0);
	g_string_replace(date, ":", "", 0);
	for (guint i = 0; i < r->headers->len; i++)
		has_hash = has_hash ||
			   !g_ascii_strcasecmp(g_array_index(r->headers, struct header, i).name,
					       "X-Amz-Content-Sha256");
	if (has_hash)
		hash_body(hash, r);
	exchange_set_header(r, "Authorization", NULL);
	exchange_set_header(r, "X-Amz-Date", date->str);
	exchange_set_header(r, "X-Amz-Security-Token", key->session ? key->session->bytes : NULL);
	exchange_set_header(r, "X-Amz-Content-Sha256", has_hash ? hash : NULL);
	if (!sign_aws_steps(r, key, region, service, is_s3, date->str, &steps, error))
		return false;
	exchange_set_header(r, "Authorization", steps.authorization);
	sign_aws_steps_done(&steps);
	return true;
}
