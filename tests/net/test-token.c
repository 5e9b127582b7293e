/* What is asked to get a token, how answers are read, and what an assertion says; that its
 * signature holds is for test-sign-others.py, which has it verified by others. */
#include <string.h>

#include <certty/base/json.h>
#include <certty/net/token.h>

#include "net/exchange_own.h"

static char *body_of(const struct request_out *r)
{
	gsize len;
	const char *bytes = g_bytes_get_data(r->body, &len);

	return g_strndup(bytes ? bytes : "", len);
}

static const char *header_of(const struct request_out *r, const char *name)
{
	for (guint i = 0; i < r->headers->len; i++)
		if (!strcmp(g_array_index(r->headers, struct header, i).name, name))
			return g_array_index(r->headers, struct header, i).value;
	return NULL;
}

static void asks(void)
{
	g_autoptr(secret) key = secret_new("a~b +%&=\xc3\xa4\0z", 12);
	g_autoptr(request_out) r = token_request("https://login.test/token", "grant_type",
						 "client_credentials", "tenant", NULL, "scope",
						 "https://vault.test/.default", NULL);
	g_autofree char *plain = body_of(r), *whole = NULL;

	g_assert_cmpstr(r->method, ==, "POST");
	g_assert_true(r->is_unsigned);
	g_assert_false(r->is_repeatable);
	g_assert_cmpstr(plain, ==,
			"grant_type=client_credentials&scope=https%3A%2F%2Fvault.test%2F.default");
	g_assert_cmpstr(header_of(r, "Content-Type"), ==, "application/x-www-form-urlencoded");
	token_add_secret(r, "client_secret", key);
	whole = body_of(r);
	g_assert_cmpstr(whole + strlen(plain), ==,
			"&client_secret=a~b%20%2B%25%26%3D%C3%A4%00z");
}

static void headers(void)
{
	g_autoptr(request_out) r = exchange_get("https://a.test/");
	g_autoptr(secret) key = secret_new("s:ec", 4);

	token_basic(r, "me", key);
	g_assert_cmpstr(header_of(r, "Authorization"), ==, "Basic bWU6czplYw==");
	token_bearer(r, key);
	g_assert_cmpuint(r->headers->len, ==, 1);
	g_assert_cmpstr(header_of(r, "Authorization"), ==, "Bearer s:ec");
}

static struct reply *reply(int status, const char *body)
{
	struct reply *r = reply_new();

	r->status = status;
	r->body = g_bytes_new(body, strlen(body));
	return r;
}

static void reads(void)
{
	static const struct {
		const char *body;
		int64_t ends;
	} rows[] = {
		{ "{\"access_token\":\"t\"}", 0 },
		{ "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"t\"}", 1000 + 3599 },
		{ "{\"expires_in\":\"3599\",\"expires_on\":\"9\",\"access_token\":\"t\"}", 1000 + 3599 },
		{ "{\"expires_on\":\"5000\",\"access_token\":\"t\"}", 5000 },
		{ "{\"expires_on\":5000,\"access_token\":\"t\"}", 5000 },
		{ "{\"expires_in\":-1,\"access_token\":\"t\"}", 0 },
		{ "{\"expires_in\":\"soon\",\"access_token\":\"t\"}", 0 },
		{ "{\"expires_in\":9007199254740991,\"access_token\":\"t\"}", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply(200, rows[i].body);
		g_autoptr(GError) error = NULL;
		struct token t;

		g_assert_true(token_read(r, 1000, &t, &error));
		g_assert_cmpstr(t.access->bytes, ==, "t");
		g_assert_cmpint(t.ends, ==, rows[i].ends);
		token_done(&t);
	}
}

static void refuses(void)
{
	static const struct {
		int status;
		const char *body;
		enum err code;
		const char *why;
	} rows[] = {
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: bad secret."
		       "\\r\\nTrace ID: x\"}",
		  ERR_SIGN_IN, "was refused: AADSTS7000215: bad secret. (invalid_client)" },
		{ 400, "{\"error\":\"invalid_grant\"}", ERR_SIGN_IN, "was refused: invalid_grant" },
		{ 400, "{\"error\":\"\\u001b[31m\",\"error_description\":\"a\\u202eb\"}", ERR_SIGN_IN,
		  "a\\u202eb (\\x1b[31m)" },
		{ 500, "{\"error\":\"server_error\"}", ERR_REPLY, "status 500: no reason given" },
		{ 200, "{\"error\":\"odd\",\"access_token\":\"t\"}", ERR_REPLY, "failed at the server" },
		{ 401, "", ERR_SIGN_IN, "status 401 and no reason" },
		{ 404, "<html>", ERR_REPLY, "status 404 and no reason" },
		{ 302, "", ERR_REPLY, "status 302" },
		{ 200, "", ERR_REPLY, "without a token" },
		{ 200, "{}", ERR_REPLY, "without a token" },
		{ 200, "{\"access_token\":\"\"}", ERR_REPLY, "without a token" },
		{ 200, "{\"access_token\":7}", ERR_REPLY, "without a token" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply(rows[i].status, rows[i].body);
		g_autoptr(GError) error = NULL;
		struct token t;

		g_assert_false(token_read(r, 1000, &t, &error));
		g_assert_error(error, ERR, (int)rows[i].code);
		if (!strstr(error->message, rows[i].why))
			g_error("\"%s\" has no \"%s\"", error->message, rows[i].why);
	}
}

static void refuses_network(void)
{
	g_autoptr(reply) r = reply_of_error(g_error_new(ERR, ERR_NETWORK, "away"));
	g_autoptr(GError) error = NULL;
	struct token t;

	g_assert_false(token_read(r, 0, &t, &error));
	g_assert_error(error, ERR, ERR_NETWORK);
}

static void claims(void)
{
	static const char *const bad[] = { "", "a", "a.b", "..", "a..b", "a.\x01.b", "a._w.b" };
	g_autoptr(secret) jwt = secret_new("e30.eyJzdWIiOiLDpD8-In0.x", 25);
	g_autoptr(GBytes) found = token_claims(jwt, NULL);

	g_assert_cmpmem(g_bytes_get_data(found, NULL), g_bytes_get_size(found),
			"{\"sub\":\"\xc3\xa4?>\"}", 14);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(secret) s = secret_new(bad[i], strlen(bad[i]));
		g_autoptr(GError) error = NULL;

		g_assert_null(token_claims(s, &error));
		g_assert_error(error, ERR, ERR_FORMAT);
	}
}

/* ---- assertions -------------------------------------------------------------------------- */

static struct secret *openssl(const char *const *arguments)
{
	g_autofree char *out = NULL;
	g_autoptr(GError) error = NULL;
	int status = -1;

	g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
		     NULL, NULL, &out, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
	return secret_new(out, strlen(out));
}

/* Key and certificate of a fresh identity; `kind` as openssl req -newkey takes it. */
static struct secret *identity(const char *kind, const char *option)
{
	const char *const arguments[] = { "openssl", "req", "-x509", "-newkey", kind, "-pkeyopt", option,
					  "-nodes", "-subj", "/CN=t", "-keyout", "-", "-out", "-", NULL };

	return openssl(arguments);
}

static struct json *part_of(const struct secret *jwt, bool is_head)
{
	g_autoptr(secret) shifted = NULL;
	g_autofree char *text = g_strdup_printf("%s%s", is_head ? "." : "", jwt->bytes);
	g_autoptr(GBytes) bytes = NULL;

	shifted = secret_new(text, strlen(text));
	bytes = token_claims(shifted, NULL);
	return json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 10000, NULL);
}

static void asserts(const char *kind, const char *option, const char *algorithm, size_t signature)
{
	g_autoptr(secret) pem = identity(kind, option), jwt = NULL, again = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(json) head = NULL, body = NULL, other = NULL;
	int64_t n;

	jwt = token_assertion(pem, NULL, "client", "https://login.test/token", 1000, &error);
	g_assert_no_error(error);
	head = part_of(jwt, true);
	body = part_of(jwt, false);
	g_assert_cmpstr(json_str(head, "alg"), ==, algorithm);
	g_assert_cmpuint(strlen(json_str(head, "x5t")), ==, 27);
	g_assert_cmpuint(strlen(json_str(head, "x5t#S256")), ==, 43);
	g_assert_cmpstr(json_str(body, "aud"), ==, "https://login.test/token");
	g_assert_cmpstr(json_str(body, "iss"), ==, "client");
	g_assert_cmpstr(json_str(body, "sub"), ==, "client");
	g_assert_true(json_int(body, "nbf", &n) && n == 1000);
	g_assert_true(json_int(body, "exp", &n) && n == 1600);
	g_assert_cmpuint(strlen(strrchr(jwt->bytes, '.') + 1), ==, signature);
	again = token_assertion(pem, NULL, "client", "https://login.test/token", 1000, &error);
	other = part_of(again, false);
	g_assert_cmpstr(json_str(body, "jti"), !=, json_str(other, "jti"));
}

static void asserts_all(void)
{
	asserts("rsa", "rsa_keygen_bits:2048", "PS256", 342);
	asserts("ec", "ec_paramgen_curve:P-256", "ES256", 86);
}

static void asserts_not(const struct secret *pem, enum err code, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(token_assertion(pem, NULL, "client", "https://a.test/", 1000, &error));
	g_assert_error(error, ERR, (int)code);
	if (!strstr(error->message, why))
		g_error("\"%s\" has no \"%s\"", error->message, why);
}

static void refuses_keys(void)
{
	static const char *const locked[] = { "openssl", "genpkey", "-algorithm", "RSA", "-aes256", "-pass",
					      "pass:x", NULL };
	g_autoptr(secret) curve = identity("ec", "ec_paramgen_curve:P-384");
	g_autoptr(secret) whole = identity("ec", "ec_paramgen_curve:P-256");
	g_autoptr(secret) other = identity("ec", "ec_paramgen_curve:P-256");
	const char *cert = strstr(whole->bytes, "-----BEGIN CERT");
	const char *theirs = strstr(other->bytes, "-----BEGIN CERT");
	g_autoptr(secret) key = secret_new(whole->bytes, (size_t)(cert - whole->bytes));
	g_autoptr(secret) alone = secret_new(cert, strlen(cert)), shut = openssl(locked);
	g_autofree char *text = g_strconcat(key->bytes, theirs, NULL);
	g_autofree char *chain = g_strconcat(key->bytes, theirs, cert, NULL);
	g_autoptr(secret) mixed = secret_new(text, strlen(text));
	g_autoptr(secret) issuers = secret_new(chain, strlen(chain)), jwt = NULL;
	g_autoptr(secret) empty = secret_new("", 0);

	asserts_not(curve, ERR_FORMAT, "neither RSA nor on the curve P-256");
	asserts_not(key, ERR_FORMAT, "no certificate for its private key");
	asserts_not(mixed, ERR_FORMAT, "no certificate for its private key");
	asserts_not(alone, ERR_PASSPHRASE, "no private key in PEM");
	asserts_not(shut, ERR_PASSPHRASE, "no private key in PEM that this passphrase opens");
	asserts_not(empty, ERR_PASSPHRASE, "no private key in PEM");
	jwt = token_assertion(issuers, NULL, "client", "https://a.test/", 1000, NULL);
	g_assert_nonnull(jwt);
}

static void opens_keys(void)
{
	static const char *const locked[] = { "openssl", "req", "-x509", "-newkey", "rsa:2048",
					      "-subj", "/CN=t", "-passout", "pass:open",
					      "-keyout", "-", "-out", "-", NULL };
	g_autoptr(secret) pem = openssl(locked), right = secret_new("open", 4), jwt = NULL;
	g_autoptr(secret) wrong = secret_new("shut", 4);
	g_autoptr(GError) error = NULL;

	jwt = token_assertion(pem, right, "client", "https://a.test/", 1000, &error);
	g_assert_no_error(error);
	g_assert_null(token_assertion(pem, wrong, "client", "https://a.test/", 1000, &error));
	g_assert_error(error, ERR, ERR_PASSPHRASE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token/asks", asks);
	g_test_add_func("/token/headers", headers);
	g_test_add_func("/token/reads", reads);
	g_test_add_func("/token/refuses", refuses);
	g_test_add_func("/token/refuses/network", refuses_network);
	g_test_add_func("/token/claims", claims);
	g_test_add_func("/token/assertion/kinds", asserts_all);
	g_test_add_func("/token/assertion/refuses", refuses_keys);
	g_test_add_func("/token/assertion/passphrase", opens_keys);
	return g_test_run();
}
