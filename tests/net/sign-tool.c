/*
 * sign-tool: signs what it is told, for a test that compares it with others' signers.
 *
 * Requests come as blocks of "name value" lines, each ended by an empty one; each is answered by
 * its Authorization header in one line, one with a "pem" by an assertion.  That and bodies are in
 * hexadecimal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <certty/base/secret.h>
#include <certty/net/sign_aws.h>
#include <certty/net/sign_edgegrid.h>
#include <certty/net/token.h>

struct block {
	GHashTable *values;
	struct request_out *request;
};

static const char *get(const struct block *b, const char *name)
{
	return g_hash_table_lookup(b->values, name);
}

static struct secret *secret(const struct block *b, const char *name)
{
	return get(b, name) ? secret_new(get(b, name), strlen(get(b, name))) : NULL;
}

static GByteArray *of_hex(const char *hex)
{
	GByteArray *bytes = g_byte_array_new();

	for (; hex[0] && hex[1]; hex += 2) {
		guint8 byte = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 |
				       g_ascii_xdigit_value(hex[1]));

		g_byte_array_append(bytes, &byte, 1);
	}
	return bytes;
}

static void set_body(struct request_out *r, const char *hex)
{
	g_autoptr(GByteArray) body = of_hex(hex);

	exchange_set_body(r, body->data, body->len);
}

static void assert_who(const struct block *b)
{
	g_autoptr(GByteArray) bytes = of_hex(get(b, "pem"));
	g_autoptr(secret) pem = secret_new(bytes->data, bytes->len), jwt = NULL;
	g_autoptr(GError) error = NULL;

	jwt = token_assertion(pem, NULL, get(b, "issuer"), get(b, "audience"),
			      g_ascii_strtoll(get(b, "now"), NULL, 10), &error);
	puts(jwt ? jwt->bytes : error->message);
}

static bool sign(const struct block *b, GError **error)
{
	g_autoptr(secret) key = secret(b, "secret"), session = secret(b, "session");
	int64_t now = g_ascii_strtoll(get(b, "now"), NULL, 10);

	if (get(b, "region"))
		return sign_aws(b->request, &(struct aws_key){ get(b, "id"), key, session },
				get(b, "region"), get(b, "service"), now, error);
	return sign_edgegrid(b->request, &(struct edgegrid_key){ get(b, "client"), get(b, "access"),
			     key, 0, NULL }, now, get(b, "nonce"), error);
}

static void sign_request(struct block *b)
{
	g_autoptr(GError) error = NULL;

	b->request = exchange_get(get(b, "url"));
	g_free(b->request->method);
	b->request->method = g_strdup(get(b, "method"));
	if (get(b, "body"))
		set_body(b->request, get(b, "body"));
	if (get(b, "type"))
		exchange_header(b->request, "Content-Type", get(b, "type"));
	if (sign(b, &error))
		puts(g_array_index(b->request->headers, struct header,
				   b->request->headers->len - 1).value);
	else
		puts(error->message);
	g_clear_pointer(&b->request, exchange_free);
}

static void answer(struct block *b)
{
	if (get(b, "pem"))
		assert_who(b);
	else
		sign_request(b);
	fflush(stdout);
	g_hash_table_remove_all(b->values);
}

int main(void)
{
	struct block b = { g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), NULL };
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0) {
		char *blank;

		g_strchomp(line);
		blank = strchr(line, ' ');
		if (!*line) {
			answer(&b);
		} else if (blank) {
			*blank = '\0';
			g_hash_table_insert(b.values, g_strdup(line), g_strdup(blank + 1));
		}
	}
	free(line);
	g_hash_table_unref(b.values);
	return 0;
}
