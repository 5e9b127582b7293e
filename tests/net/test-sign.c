/*
 * Both signatures against what others published, step by step, and what the signers do to the
 * request beside that.
 */
#include <string.h>

#include <certty/base/secret.h>

#include "net/exchange_own.h"
#include "net/sign_own.h"

#define AWS_NOW 1440938160	/* 2015-08-30 12:36:00 */
#define EDGE_NOW 1767323045	/* 2026-01-02 03:04:05 */

static GKeyFile *load(const char *name)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "net", "vectors", name, NULL);
	g_autoptr(GError) error = NULL;
	GKeyFile *file = g_key_file_new();

	g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error);
	g_assert_no_error(error);
	return file;
}

static char *text(GKeyFile *file, const char *group, const char *key)
{
	char *value = g_key_file_get_string(file, group, key, NULL);

	return value ? value : g_strdup("");
}

static struct secret *secret(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *value = text(file, group, key);

	return *value ? secret_new(value, strlen(value)) : NULL;
}

static bool flag(GKeyFile *file, const char *group, const char *key)
{
	return g_key_file_get_boolean(file, group, key, NULL);
}

static struct request_out *request(GKeyFile *file, const char *group, const char *url)
{
	struct request_out *r = exchange_get(url);
	g_autofree char *body = text(file, group, "body");
	g_auto(GStrv) headers = g_key_file_get_string_list(file, group, "headers", NULL, NULL);
	int times = g_key_file_get_integer(file, group, "body-times", NULL);

	g_free(r->method);
	r->method = text(file, group, "method");
	for (char **h = headers; h && *h; h++) {
		char *colon = strstr(*h, ": ");

		*colon = '\0';
		exchange_header(r, *h, colon + 2);
	}
	if (times) {
		g_autofree char *long_body = g_strnfill((gsize)times, *body);

		exchange_set_body(r, long_body, (size_t)times);
	} else if (*body) {
		exchange_set_body(r, body, strlen(body));
	}
	return r;
}

static void is(GKeyFile *file, const char *group, const char *key, const char *found)
{
	g_autofree char *wanted = text(file, group, key);

	if (strcmp(wanted, found) != 0)
		g_error("[%s] %s:\n%s\nis not\n%s", group, key, found, wanted);
}

/* ---- AWS --------------------------------------------------------------------------------- */

static void aws_one(GKeyFile *file, const char *group)
{
	g_autofree char *url = text(file, group, "url"), *id = text(file, group, "id");
	g_autofree char *region = text(file, group, "region"), *date = text(file, group, "date");
	g_autofree char *service = text(file, group, "service");
	g_autoptr(request_out) r = request(file, group, url);
	g_autoptr(secret) key = secret(file, group, "secret"), token = secret(file, group, "token");
	g_autoptr(GError) error = NULL;
	struct aws_key pair = { id, key, flag(file, group, "late-token") ? NULL : token };
	struct sign_aws_steps steps;

	exchange_header(r, "X-Amz-Date", date);
	if (pair.session)
		exchange_header(r, "X-Amz-Security-Token", token->bytes);
	if (flag(file, group, "hash-header"))
		exchange_header(r, "X-Amz-Content-Sha256",
				"9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e");
	g_assert_true(sign_aws_steps(r, &pair, region, service, flag(file, group, "keeps-path"), date,
				     &steps, &error));
	is(file, group, "canonical", steps.canonical);
	is(file, group, "to-sign", steps.to_sign);
	is(file, group, "authorization", steps.authorization);
	sign_aws_steps_done(&steps);
}

static void aws_vectors(void)
{
	g_autoptr(GKeyFile) file = load("sigv4.ini");
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	unsigned n = 0;

	for (char **group = groups; *group; group++, n++)
		aws_one(file, *group);
	g_assert_cmpuint(n, ==, 50);
}

/* The whole way: time, token and hash are put in by the signer, old ones go. */
static void aws_whole(void)
{
	g_autoptr(GKeyFile) file = load("sigv4.ini");
	const char *group = "published get-vanilla-with-session-token";
	g_autoptr(request_out) r = exchange_get("https://EXAMPLE.amazonaws.com:443#x");
	g_autoptr(secret) key = secret(file, group, "secret"), token = secret(file, group, "token");
	struct aws_key pair = { "AKIDEXAMPLE", key, token };
	g_autofree char *old = NULL;

	exchange_header(r, "authorization", "old");
	exchange_header(r, "x-amz-date", "old");
	exchange_header(r, "User-Agent", "certty");
	g_assert_true(sign_aws(r, &pair, "us-east-1", "service", AWS_NOW, NULL));
	g_assert_cmpuint(r->headers->len, ==, 4);
	is(file, group, "authorization",
	   g_array_index(r->headers, struct header, r->headers->len - 1).value);
	pair.session = NULL;
	exchange_header(r, "X-Amz-Content-Sha256", "");
	g_assert_true(sign_aws(r, &pair, "us-east-1", "service", AWS_NOW + 1, NULL));
	g_assert_cmpuint(r->headers->len, ==, 4);
	old = g_strdup(g_array_index(r->headers, struct header, 3).value);
	g_assert_nonnull(strstr(old, "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"));
	g_assert_true(sign_aws(r, &pair, "us-east-1", "service", AWS_NOW + 1, NULL));
	g_assert_cmpstr(g_array_index(r->headers, struct header, 3).value, ==, old);
	/* S3's own way */
	exchange_set_header(r, "X-Amz-Content-Sha256", NULL);
	g_assert_true(sign_aws(r, &pair, "us-east-1", "s3", AWS_NOW, NULL));
	g_assert_cmpuint(r->headers->len, ==, 4);
}

static void refuses(void)
{
	static const char *const urls[] = { "", "example.org", "ftp://example.org/", "https://",
					    "https:///x", "https://:1/", "https://a@b/",
					    "httpss://a/", "://a/", "htt://a/" };
	g_autoptr(secret) key = secret_new("k", 1);

	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_autoptr(request_out) r = exchange_get(urls[i]);
		g_autoptr(GError) error = NULL, other = NULL;

		g_assert_false(sign_aws(r, &(struct aws_key){ "i", key, NULL }, "r", "s", 0, &error));
		g_assert_error(error, ERR, ERR_USAGE);
		g_assert_false(sign_edgegrid(r, &(struct edgegrid_key){ "c", "a", key, 0, NULL }, 0,
					     NULL, &other));
		g_assert_error(other, ERR, ERR_USAGE);
	}
}

/* ---- EdgeGrid ---------------------------------------------------------------------------- */

static void edge_one(GKeyFile *file, const char *group)
{
	g_autofree char *host = text(file, group, "host"), *target = text(file, group, "target");
	g_autofree char *client = text(file, group, "client-token"), *stamp = NULL, *nonce = NULL;
	g_autofree char *access = text(file, group, "access-token");
	g_autoptr(request_out) r = request(file, group, "https://unused.example/");
	g_autoptr(secret) key = secret(file, group, "secret");
	g_auto(GStrv) names = g_key_file_get_string_list(file, group, "signed", NULL, NULL);
	struct edgegrid_key pair = { client, access, key,
				     (size_t)g_key_file_get_integer(file, group, "max-body", NULL),
				     (const char *const *)names };
	struct sign_edgegrid_steps steps;

	stamp = text(file, group, "stamp");
	nonce = text(file, group, "nonce");
	sign_edgegrid_steps(r, &pair, &(struct sign_edgegrid_from){ "https", host, target, stamp,
			    nonce }, &steps);
	is(file, group, "key", steps.key);
	if (flag(file, group, "hashed-wrongly")) {
		g_assert_cmpstr(strstr(steps.data, "\tEG1-"), ==, strstr(steps.data, "\t\t\tEG1-") + 2);
	} else {
		is(file, group, "data", steps.data);
		is(file, group, "authorization", steps.authorization);
	}
	sign_edgegrid_steps_done(&steps);
}

static void edge_vectors(void)
{
	g_autoptr(GKeyFile) file = load("edgegrid.ini");
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	unsigned n = 0;

	for (char **group = groups; *group; group++, n++)
		edge_one(file, *group);
	g_assert_cmpuint(n, ==, 33);
}

static void edge_whole(void)
{
	g_autoptr(GKeyFile) file = load("edgegrid.ini");
	g_autoptr(request_out) r = exchange_get(
		"https://akab-aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb.luna.akamaiapis.net/cps/v2/"
		"enrollments?contractId=C-0N7RAC7");
	g_autoptr(secret) key = secret(file, "cps S01", "secret");
	struct edgegrid_key pair = { "akab-ctokenctoken0001-ctokenctoken0001",
				     "akab-atokenatoken0001-atokenatoken0001", key, 0, NULL };
	const struct header *h;
	g_autofree char *first = NULL;

	exchange_header(r, "Authorization", "old");
	g_assert_true(sign_edgegrid(r, &pair, EDGE_NOW, "3f0a4d2e-8c1b-4a57-9e64-0d5b7c2f1a90", NULL));
	g_assert_cmpuint(r->headers->len, ==, 1);
	h = &g_array_index(r->headers, struct header, 0);
	is(file, "cps S01", "authorization", h->value);
	/* each time another nonce, of the usual form */
	g_assert_true(sign_edgegrid(r, &pair, EDGE_NOW, NULL, NULL));
	h = &g_array_index(r->headers, struct header, 0);
	first = g_strdup(h->value);
	g_assert_true(g_regex_match_simple(
		";nonce=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12};"
		"signature=[A-Za-z0-9+/]{43}=$", first, 0, 0));
	g_assert_true(sign_edgegrid(r, &pair, EDGE_NOW, NULL, NULL));
	h = &g_array_index(r->headers, struct header, 0);
	g_assert_cmpstr(h->value, !=, first);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sign/aws/vectors", aws_vectors);
	g_test_add_func("/sign/aws/whole", aws_whole);
	g_test_add_func("/sign/refuses", refuses);
	g_test_add_func("/sign/edgegrid/vectors", edge_vectors);
	g_test_add_func("/sign/edgegrid/whole", edge_whole);
	return g_test_run();
}
