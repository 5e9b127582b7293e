/* Signing in to Azure by each way that there is, what is said when it is refused, one more token
 * when it is wanted, and the test of the connection. */
#include "../model/make.h"
#include "visit.h"

#include <string.h>

#include <openssl/pem.h>

#include <certty/base/clock.h>
#include <certty/model/x509.h>
#include <net/exchange_own.h>
#include <provider/azure/own.h>

#define TENANT "aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER  "aaaaaaaa-0000-4000-8000-000000000009"
#define APP    "bbbbbbbb-0000-4000-8000-000000000002"
#define TOKENS "POST /" TENANT "/oauth2/v2.0/token"
#define NOW    INT64_C(1785580000)
#define GOOD   "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"arm.t0ken\"}"

static const char *const variables[] = {
	"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
	"AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST",
	"AZURE_POD_IDENTITY_AUTHORITY_HOST", "AZURE_CONFIG_DIR", "IDENTITY_ENDPOINT",
	"IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT",
};

static void begin(struct visit *v, const char *from)
{
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
		g_unsetenv(variables[i]);
	clock_set(NOW);
	visit_init(v, "azure");
	visit_arg(v, "from", from);
}

static void begin_app(struct visit *v)
{
	begin(v, "client-secret");
	visit_arg(v, "tenant", TENANT);
	visit_arg(v, "client-id", APP);
	visit_secret(v, "client-secret", "s~3/cr+et&=%");
}

static void expect_token(const struct visit *v, const char *key, const char *token)
{
	const struct secret *s = args_secret(v->access->with, key);

	g_assert_nonnull(s);
	g_assert_cmpstr(s->bytes, ==, token);
}

/* ---- by an application ---- */

static void test_secret(void)
{
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };
	struct visit v;

	begin_app(&v);
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_script_is_over(&v));
	g_assert_true(visit_has_line(&v, 0,
				     "POST https://login.microsoftonline.com/" TENANT
				     "/oauth2/v2.0/token"));
	g_assert_true(visit_has_line(&v, 0,
				     "client_id=" APP "&scope=https%3A%2F%2Fmanagement.azure.com%2F"
				     ".default&grant_type=client_credentials&client_secret="
				     "s~3%2Fcr%2Bet%26%3D%25"));
	expect_token(&v, "token arm", "arm.t0ken");
	g_assert_cmpint(v.access->ends, ==, NOW + 3599);
	g_assert_true(v.access->is_renewable);
	g_assert_null(v.access->from);
	visit_done(&v);
}

static void test_clouds(void)
{
	static const struct {
		const char *cloud, *line, *scope;
	} rows[] = {
		{ "usgov", "POST https://login.microsoftonline.us/", "core.usgovcloudapi.net" },
		{ "government", "POST https://login.microsoftonline.us/", "core.usgovcloudapi.net" },
		{ "china", "POST https://login.chinacloudapi.cn/", "core.chinacloudapi.cn" },
		{ "custom", "POST https://login.stack.example/", "management.stack.example" },
	};
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit v;

		begin_app(&v);
		visit_arg(&v, "cloud", rows[i].cloud);
		visit_arg(&v, "authority", "https://login.stack.example/");
		visit_arg(&v, "arm", "https://management.stack.example");
		visit_script(&v, script);
		g_assert_true(visit_sign_in(&v));
		g_assert_nonnull(strstr(v.asked->pdata[0], rows[i].line));
		g_assert_nonnull(strstr(v.asked->pdata[0], rows[i].scope));
		visit_done(&v);
	}
}

static void test_incomplete(void)
{
	struct visit v;

	begin_app(&v);
	visit_secret(&v, "client-secret", NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "no client secret", NULL);
	visit_secret(&v, "client-secret", "x");
	visit_arg(&v, "tenant", NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "tenant", "add it to the account", NULL);
	visit_arg(&v, "cloud", "custom");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "authority", NULL);
	visit_done(&v);
}

/* Entra's numbers decide; its words are shown where they name a value. */
static void test_refusals(void)
{
	static const struct {
		int status;
		const char *body;
		enum err err;
		const char *said, *not_said;
	} rows[] = {
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client "
		  "secret provided.\\r\\nTrace ID: 1\",\"error_codes\":[7000215]}", ERR_SIGN_IN,
		  "value, not its id (AADSTS7000215)", "Trace" },
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: Expired.\"}",
		  ERR_SIGN_IN, "expired", NULL },
		{ 400, "{\"error\":\"unauthorized_client\",\"error_description\":\"AADSTS700016: x\"}",
		  ERR_SIGN_IN, "not in this tenant", NULL },
		{ 400, "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS90002: Tenant\"}",
		  ERR_SIGN_IN, "no such tenant", NULL },
		{ 400, "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS700213: No matching "
		  "subject 'repo:a/b' Trace ID: 77 more\"}", ERR_SIGN_IN, "'repo:a/b'", "77" },
		{ 400, "{\"error\":\"access_denied\",\"error_uri\":\"https://l/error?code=53003\"}",
		  ERR_REFUSED, "conditional access", NULL },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS4242: New\\u0007s\"}",
		  ERR_SIGN_IN, "AADSTS4242: New\\x07s (invalid_grant)", NULL },
		{ 503, "<html>busy</html>", ERR_BUSY, "status 503", "html" },
		{ 404, "<html>proxy</html>", ERR_REPLY, "a proxy or a wrong address", "html" },
		{ 200, "<html>hotel</html>", ERR_REPLY, "no token", "html" },
		{ 200, "{\"access_token\":\"a\\r\\nX: y\"}", ERR_REPLY, "no token", NULL },
		{ 200, "{\"access_token\":\"\"}", ERR_REPLY, "no token", NULL },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"pop\"}", ERR_REPLY, "bearer", NULL },
		{ 0, NULL, ERR_NETWORK, "nobody answers", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit_answer script[] = { { TOKENS, rows[i].status, rows[i].body, .type = NULL },
						 { 0 } };
		struct visit v;

		begin_app(&v);
		visit_script(&v, script);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, rows[i].err, rows[i].said, NULL);
		g_assert_true(!rows[i].not_said || !strstr(v.error->message, rows[i].not_said));
		g_assert_null(strstr(v.error->message, "cr+et"));
		visit_done(&v);
	}
}

/* ---- by a certificate ---- */

static EVP_PKEY *app_key(void)
{
	static EVP_PKEY *key;

	if (!key)
		key = make_key_of("RSA:2048");
	return key;
}

static char *pem_of(EVP_PKEY *key)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "app.example", .key = key });
	g_autofree char *cert = make_pem(der);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text, *both;
	long n;

	PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(bio, &text);
	both = g_strdup_printf("%s%.*s", cert, (int)n, text);
	BIO_free(bio);
	return both;
}

/* The assertion that was sent is for this application, and for the very address it was sent to. */
static void expect_assertion(const struct visit *v)
{
	const char *sent = v->asked->pdata[0], *at = strstr(sent, "client_assertion=");
	g_autoptr(secret) jwt = NULL;
	g_autoptr(GBytes) claims = NULL;
	g_autoptr(json) j = NULL;
	const void *bytes;
	gsize len;

	g_assert_nonnull(at);
	g_assert_nonnull(strstr(sent, "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
				      "client-assertion-type%3Ajwt-bearer"));
	g_assert_null(strstr(sent, "client_secret"));
	at += strlen("client_assertion=");
	jwt = secret_new(at, strcspn(at, "&\n"));
	claims = token_claims(jwt, NULL);
	bytes = g_bytes_get_data(claims, &len);
	j = json_parse(bytes, len, 1 << 16, NULL);
	g_assert_cmpstr(json_str(j, "iss"), ==, APP);
	g_assert_cmpstr(json_str(j, "sub"), ==, APP);
	g_assert_cmpstr(json_str(j, "aud"), ==,
			"https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token");
}

static void begin_certificate(struct visit *v)
{
	begin(v, "client-certificate");
	visit_arg(v, "tenant", TENANT);
	visit_arg(v, "client-id", APP);
}

static void test_certificate(void)
{
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };
	char *folder = make_folder();
	g_autofree char *pem = pem_of(app_key());
	g_autofree char *path = g_build_filename(folder, "app.pem", NULL);
	struct visit v;

	begin_certificate(&v);
	visit_secret(&v, "certificate", pem);
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	expect_assertion(&v);
	visit_done(&v);

	g_assert_true(g_file_set_contents(path, pem, -1, NULL));
	begin_certificate(&v);
	visit_arg(&v, "certificate-file", path);
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	expect_assertion(&v);
	visit_done(&v);
	make_folder_gone(folder);
}

static void test_pkcs12(void)
{
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };
	g_autofree char *pem = pem_of(app_key()), *text = NULL;
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "app.example",
							      .key = app_key() });
	g_autoptr(GBytes) other = make_cert_der(&(struct make){ .subject = "ca.example" });
	g_autoptr(x509_key) key = x509_key_read((const uint8_t *)pem, strlen(pem), NULL, NULL);
	g_autoptr(secret) word = make_secret("geheim");
	g_autoptr(GBytes) p12 = x509_pkcs12("app", der, &other, 1, key, word, NULL);
	struct visit v;
	gsize len;
	const void *bytes = g_bytes_get_data(p12, &len);

	text = g_base64_encode(bytes, len);
	begin_certificate(&v);
	visit_secret(&v, "certificate", text);
	visit_secret(&v, "certificate-passphrase", "wrong");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_PASSPHRASE, "the application's certificate", NULL);
	visit_secret(&v, "certificate-passphrase", "geheim");
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	expect_assertion(&v);
	visit_done(&v);
}

static void test_certificate_troubles(void)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "app.example" });
	EVP_PKEY *stranger = make_key_of("RSA:2048");
	g_autofree char *cert = make_pem(der), *mixed = pem_of(stranger), *wrong = NULL;
	struct visit v;

	wrong = g_strconcat(cert, strstr(mixed, "-----BEGIN PRIVATE"), NULL);
	begin_certificate(&v);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "no certificate for the account", NULL);
	visit_secret(&v, "certificate", cert);
	g_assert_false(visit_sign_in(&v));
	g_assert_nonnull(strstr(v.error->message, "the application's certificate: "));
	visit_secret(&v, "certificate", wrong);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "no certificate in it belongs to the key", NULL);
	visit_arg(&v, "certificate-file", "/nonexistent/app.pem");
	g_assert_false(visit_sign_in(&v));
	g_assert_nonnull(strstr(v.error->message, "/nonexistent/app.pem"));
	visit_done(&v);
	EVP_PKEY_free(stranger);
}

/* ---- by somebody else's token ---- */

static void test_workload(void)
{
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "token", NULL);
	struct visit v;

	begin(&v, "workload-identity");
	visit_arg(&v, "tenant", TENANT);
	visit_arg(&v, "client-id", APP);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "AZURE_FEDERATED_TOKEN_FILE", NULL);
	visit_arg(&v, "token-file", path);
	g_assert_true(g_file_set_contents(path, " \n", -1, NULL));
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "the federated token: ", "is empty", NULL);
	g_assert_true(g_file_set_contents(path, " a.b.c\r\n", -1, NULL));
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	g_assert_nonnull(strstr(v.asked->pdata[0], "&client_assertion=a.b.c\n"));
	g_assert_cmpstr(v.access->from, ==, "the federated token");
	visit_done(&v);
	make_folder_gone(folder);
}

/* ---- by the Azure CLI ---- */

/* A program by the name of the CLI, which notes how it was called. */
static void put_cli(const char *folder, const char *script)
{
	g_autofree char *path = g_build_filename(folder, "az", NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\necho \"$@\" >%s/asked\n%s\n", folder,
						script);

	g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

static void test_cli(void)
{
	char *folder = make_folder();
	g_autofree char *asked = g_build_filename(folder, "asked", NULL);
	g_autofree char *usual = g_strdup(g_getenv("PATH")), *line = NULL;
	g_autofree char *path = g_strconcat(folder, ":", usual, NULL);
	struct visit v;

	begin(&v, "cli");
	g_setenv("PATH", folder, TRUE);
	g_assert_false(visit_sign_in(&v));
	g_assert_nonnull(strstr(v.error->message, "asking the Azure CLI"));
	g_setenv("PATH", path, TRUE);
	put_cli(folder, "echo 'ERROR: Please run '\"'az login'\"' to setup account.' >&2; exit 1");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "run az login", NULL);
	put_cli(folder, "echo broken >&2; exit 3");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FAILED, "status 3: broken", NULL);
	put_cli(folder, "echo nonsense");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "az account get-access-token", NULL);
	put_cli(folder, "echo '{\"accessToken\":\"c.l.i\",\"expiresOn\":\"N/A\",\"expires_on\":1785587400}'");
	visit_arg(&v, "login-tenant", TENANT);
	g_assert_true(visit_sign_in(&v));
	expect_token(&v, "token arm", "c.l.i");
	g_assert_cmpint(v.access->ends, ==, 1785587400);
	g_assert_cmpstr(v.access->from, ==, "the Azure CLI's login");
	g_assert_true(g_file_get_contents(asked, &line, NULL, NULL));
	g_assert_cmpstr(line, ==, "account get-access-token --output json --resource "
				  "https://management.azure.com --tenant " TENANT "\n");
	g_setenv("PATH", usual, TRUE);
	visit_done(&v);
	make_folder_gone(folder);
}

/* Before 2.54 it says the end in local time alone. */
static void test_cli_old(void)
{
	static const char text[] = "{\"accessToken\":\"c\",\"expiresOn\":\"2026-08-01 12:30:00.000000\"}";
	struct token t = { 0 };
	g_autoptr(GDateTime) local = g_date_time_new_local(2026, 8, 1, 12, 30, 0);

	g_assert_true(azure_reply_cli_token(text, strlen(text), NOW, &t, NULL));
	g_assert_cmpint(t.ends, ==, g_date_time_to_unix(local));
	token_done(&t);
}

/* ---- by a managed identity ---- */

#define METADATA "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=" \
		 "https%3A%2F%2Fmanagement.azure.com"

static void test_metadata(void)
{
	static const struct visit_answer script[] = {
		{ METADATA, 410, "", .type = NULL },
		{ METADATA, 404, "", .type = NULL },
		{ METADATA, 200, "{\"access_token\":\"m.i\",\"expires_in\":\"86399\",\"expires_on\":"
		  "\"1785666399\",\"not_before\":\"1\",\"token_type\":\"Bearer\"}", .type = NULL },
		{ 0 }
	};
	struct visit v;

	begin(&v, "managed-identity");
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	g_assert_cmpuint(v.waits, ==, 2);
	g_assert_true(visit_has_line(&v, 2, "Metadata: true"));
	g_assert_true(g_str_has_prefix(v.asked->pdata[0], "\nGET http://169.254.169.254/metadata/"));
	expect_token(&v, "token arm", "m.i");
	g_assert_cmpint(v.access->ends, ==, 1785666399);
	visit_done(&v);
}

static void test_metadata_identities(void)
{
	static const struct {
		const char *identity, *query;
	} rows[] = {
		{ APP, "&client_id=" APP },
		{ "object:" APP, "&object_id=" APP },
		{ "/subscriptions/x/y z", "&msi_res_id=%2Fsubscriptions%2Fx%2Fy%20z" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *target = g_strconcat(METADATA, rows[i].query, NULL);
		struct visit_answer script[] = { { target, 400, "{\"error\":\"invalid_request\","
						   "\"error_description\":\"Identity not found\"}",
						   .type = NULL }, { 0 } };
		struct visit v;

		begin(&v, "managed-identity");
		visit_arg(&v, "identity", rows[i].identity);
		visit_script(&v, script);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, ERR_SIGN_IN, "no such managed identity", NULL);
		visit_done(&v);
	}
}

/* Other tools say "managed" where the secret would be. */
static void test_managed_word(void)
{
	static const struct visit_answer script[] = { { METADATA "&client_id=" APP, 0, NULL, .type = NULL },
						      { 0 } };
	struct visit v;

	begin_app(&v);
	visit_secret(&v, "client-secret", "managed");
	visit_script(&v, script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "may not be in Azure", NULL);
	visit_done(&v);
}

static void test_service(void)
{
	static const struct {
		const char *ends;
		int64_t expected;
	} rows[] = {
		{ "1785583600", 1785583600 },
		{ "08/01/2026 12:30:00 +00:00", 1785587400 },
		{ "2026-08-01 12:30:00", 1785587400 },
		{ "2026-08-01T12:30:00Z", 1785587400 },
		{ "soon", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *body = g_strdup_printf("{\"access_token\":\"s\",\"expires_on\":\"%s\"}",
							rows[i].ends);
		struct visit_answer script[] = {
			{ "GET /msi/token?x=1&api-version=2019-08-01&resource="
			  "https%3A%2F%2Fmanagement.azure.com&mi_res_id=%2Fsubscriptions%2Fa",
			  200, body, .type = NULL }, { 0 } };
		struct visit v;

		begin(&v, "managed-identity");
		g_setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token?x=1", TRUE);
		g_setenv("IDENTITY_HEADER", "h3ader", TRUE);
		visit_arg(&v, "identity", "/subscriptions/a");
		visit_script(&v, script);
		g_assert_true(visit_sign_in(&v));
		g_assert_true(visit_has_line(&v, 0, "X-IDENTITY-HEADER: h3ader"));
		g_assert_cmpint(v.access->ends, ==, rows[i].expected);
		visit_done(&v);
	}
}

/* The agent names a file, and only one of its own is read and shown to it. */
static void test_arc(void)
{
	static const struct visit_answer script[] = {
		{ "GET /t?api-version=2020-06-01&resource=https%3A%2F%2Fmanagement.azure.com", 401, "",
		  .header = "WWW-Authenticate", .value = "Basic realm=/etc/passwd" }, { 0 } };
	static const char *const bad[] = { NULL, "Basic", "Basic realm=", "Basic realm=%s/../x.key",
					   "Basic realm=%s/a/b.key", "Basic realm=%s/x.txt",
					   "Basic realm=%s/.key", "Basic realm=%s-2/x.key" };
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "x1.key", NULL);
	g_autofree char *good = g_strdup_printf("Basic realm=%s", path);
	g_autoptr(secret) key = NULL;
	struct visit v;

	begin(&v, "managed-identity");
	g_setenv("IDENTITY_ENDPOINT", "http://localhost:40342/t", TRUE);
	g_setenv("IMDS_ENDPOINT", "http://localhost:40342", TRUE);
	visit_script(&v, script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_REPLY, "names no key file", NULL);
	visit_arg(&v, "identity", APP);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "leave the answer Identity empty", NULL);
	visit_done(&v);

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(GStrv) parts = g_strsplit(bad[i] ? bad[i] : "", "%s", -1);
		g_autofree char *challenge = g_strjoinv(folder, parts);

		g_assert_null(azure_identity_arc_key(folder, bad[i] ? challenge : NULL, NULL));
	}
	g_assert_true(g_file_set_contents(path, "two\nlines", -1, NULL));
	g_assert_null(azure_identity_arc_key(folder, good, NULL));
	g_assert_true(g_file_set_contents(path, "k3y", -1, NULL));
	key = azure_identity_arc_key(folder, good, NULL);
	g_assert_nonnull(key);
	g_assert_cmpstr(key->bytes, ==, "k3y");
	make_folder_gone(folder);
}

/* ---- by the environment ---- */

static void test_environment(void)
{
	static const struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL }, { 0 } };
	struct visit v;

	begin(&v, "environment");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "neither AZURE_CLIENT_SECRET", NULL);
	g_setenv("AZURE_CLIENT_SECRET", "from-env", TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "set AZURE_TENANT_ID", NULL);
	g_setenv("AZURE_TENANT_ID", TENANT, TRUE);
	g_setenv("AZURE_CLIENT_ID", APP, TRUE);
	g_setenv("AZURE_AUTHORITY_HOST", "login.microsoftonline.us", TRUE);
	visit_script(&v, script);
	g_assert_true(visit_sign_in(&v));
	g_assert_nonnull(strstr(v.asked->pdata[0], "client_secret=from-env\n"));
	g_assert_nonnull(strstr(v.asked->pdata[0], "https://login.microsoftonline.us/"));
	g_assert_cmpstr(v.access->from, ==, "the environment (AZURE_*)");
	visit_done(&v);
}

/* ---- more than one token ---- */

static step_fn ask_vault, ask_other, asked_vault;
static const char *vault_url = "https://kv-demo-1.vault.azure.net/certificates";

static struct next ask_scope(const char *scope)
{
	struct request_out *r = exchange_get(vault_url);

	r->scope = g_strdup(scope);
	return next_send(r, asked_vault);
}

static struct next send_vault(struct op *op, const struct reply *none)
{
	return ask_scope(AZURE_VAULT);
}

static struct next send_other(struct op *op, const struct reply *none)
{
	return ask_scope(AZURE_VAULT " " OTHER);
}

static struct next ask_vault(struct op *op, const struct reply *none)
{
	return azure_token(op, AZURE_VAULT, send_vault);
}

static struct next ask_other(struct op *op, const struct reply *none)
{
	return azure_token(op, AZURE_VAULT " " OTHER, send_other);
}

static struct next asked_vault(struct op *op, const struct reply *r)
{
	return r->error ? next_fail_error(op, g_error_copy(r->error)) : next_done();
}

#define VAULT_TOKEN "{\"expires_in\":1000,\"access_token\":\"vault.t0ken\"}"
#define OTHER_TOKEN "{\"expires_in\":2000,\"access_token\":\"other.t0ken\"}"

static void test_more_tokens(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 200, GOOD, .header = NULL },
		{ TOKENS, 200, VAULT_TOKEN, .header = NULL },
		{ "GET /certificates", 200, "{}", .header = NULL },
		{ "GET /certificates", 200, "{}", .header = NULL },
		{ "POST /" OTHER "/oauth2/v2.0/token", 200, OTHER_TOKEN, .header = NULL },
		{ "GET /certificates", 200, "{}", .header = NULL },
		{ TOKENS, 200, VAULT_TOKEN, .header = NULL },
		{ "GET /certificates", 200, "{}", .header = NULL },
		{ 0 }
	};
	struct provider mine = *provider_find("azure");
	struct visit v;

	mine.verb[VERB_REFRESH] = ask_vault;
	mine.verb[VERB_SHOW] = ask_other;
	begin_app(&v);
	v.provider = &mine;
	visit_script(&v, script);
	g_assert_true(visit_run(&v, VERB_REFRESH));
	g_assert_nonnull(strstr(v.asked->pdata[1], "scope=https%3A%2F%2Fvault.azure.net%2F.default"));
	g_assert_true(visit_has_line(&v, 2, "Authorization: Bearer vault.t0ken"));
	g_assert_cmpint(v.access->ends, ==, NOW + 1000);
	g_assert_true(visit_run(&v, VERB_REFRESH));
	g_assert_true(visit_run(&v, VERB_SHOW));
	g_assert_true(visit_has_line(&v, 5, "Authorization: Bearer other.t0ken"));
	expect_token(&v, "token arm", "arm.t0ken");
	v.now += 2000 - AZURE_EARLY;
	g_assert_true(visit_run(&v, VERB_REFRESH));
	g_assert_null(args_secret(v.access->with, "token vault " OTHER));
	g_assert_cmpint(v.access->ends, ==, v.now + 1000);
	g_assert_true(visit_script_is_over(&v));
	visit_done(&v);
}

/* Operations that are under way go on with the tokens that they had, as far as those can be had again. */
static void test_carried_tokens(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 200, GOOD, .header = NULL },
		{ TOKENS, 200, VAULT_TOKEN, .header = NULL },
		{ "GET /certificates", 200, "{}", .header = NULL },
		{ TOKENS, 200, GOOD, .header = NULL },
		{ TOKENS, 200, VAULT_TOKEN, .header = NULL },
		{ TOKENS, 200, GOOD, .header = NULL },
		{ TOKENS, 400, "{\"error\":\"x\",\"error_description\":\"AADSTS500011: no\"}",
		  .header = NULL },
		{ 0 }
	};
	struct provider mine = *provider_find("azure");
	struct visit v;

	mine.verb[VERB_REFRESH] = ask_vault;
	begin_app(&v);
	v.provider = &mine;
	visit_script(&v, script);
	g_assert_true(visit_run(&v, VERB_REFRESH));
	g_assert_true(visit_sign_in(&v));
	expect_token(&v, "token vault", "vault.t0ken");
	g_assert_true(visit_sign_in(&v));
	expect_token(&v, "token arm", "arm.t0ken");
	g_assert_null(args_secret(v.access->with, "token vault"));
	g_assert_true(visit_script_is_over(&v));
	visit_done(&v);
}

/* A token goes to its own service and nowhere else. */
static void test_where_to(void)
{
	static const struct {
		const char *scope, *url;
		bool goes;
	} rows[] = {
		{ NULL, "https://management.azure.com/subscriptions", true },
		{ NULL, "https://MANAGEMENT.azure.com/subscriptions", true },
		{ NULL, "http://management.azure.com/subscriptions", false },
		{ NULL, "https://management.azure.com:8443/", false },
		{ NULL, "https://management.azure.com.evil.example/", false },
		{ NULL, "https://management.azure.com@evil.example/", false },
		{ "vault", "https://kv.vault.azure.net/", true },
		{ "vault", "https://vault.azure.net/", false },
		{ "vault", "https://kvvault.azure.net/", false },
		{ "vault", "https://kv.vault.azure.net.evil.example/", false },
		{ "vault", "https://management.azure.com/", false },
	};
	g_autoptr(access) a = access_new();

	args_put_secret(a->with, "token arm", make_secret("a"));
	args_put_secret(a->with, "token vault", make_secret("v"));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(request_out) r = exchange_get(rows[i].url);
		g_autoptr(GError) error = NULL;

		r->scope = g_strdup(rows[i].scope);
		g_assert_true(azure_token_sign(r, a, NOW, &error) == rows[i].goes);
		g_assert_cmpuint(r->headers->len, ==, rows[i].goes ? 1 : 0);
		if (!rows[i].goes)
			g_assert_error(error, ERR, ERR_REFUSED);
	}
}

static void test_signed_out(void)
{
	static const struct {
		int status;
		const char *body;
		bool expected;
	} rows[] = {
		{ 401, "{\"error\":{\"code\":\"ExpiredAuthenticationToken\"}}", true },
		{ 401, "", true },
		{ 401, "{\"error\":{\"message\":\"AKV10032: Invalid issuer\"}}", false },
		{ 401, "{\"error\":{\"code\":\"InvalidAuthenticationTokenTenant\"}}", false },
		{ 403, "{\"error\":{\"code\":\"AuthorizationFailed\"}}", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = g_new0(struct reply, 1);

		r->status = rows[i].status;
		r->body = g_bytes_new_static(rows[i].body, strlen(rows[i].body));
		g_assert_true(azure_token_is_signed_out(r, NULL) == rows[i].expected);
	}
}

/* ---- the test of the connection ---- */

#define CLAIMS "{\"access_token\":\"e30.eyJ0aWQiOiJ0MSIsImFwcGlkIjoiYTEifQ.c2ln\",\"expires_in\":3600}"
#define LIST   "GET /subscriptions?api-version=2022-12-01"

static void begin_test(struct visit *v, const struct visit_answer *script)
{
	begin_app(v);
	visit_script(v, script);
}

static void test_subscriptions(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 200, CLAIMS, .header = NULL },
		{ LIST, 200, "{\"value\":[{\"subscriptionId\":\"S1\",\"displayName\":\"One\",\"state\":"
		  "\"Enabled\"}],\"nextLink\":\"https://management.azure.com/subscriptions?page=2\"}",
		  .header = NULL },
		{ "GET /subscriptions?page=2", 200, "{\"value\":[{\"subscriptionId\":\"s2\",\"displayName\":"
		  "\"T\\u001bwo\",\"state\":\"Disabled\"},{\"subscriptionId\":\"s1\"}],\"nextLink\":null}",
		  .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_test(&v, script);
	visit_arg(&v, "subscriptions", "s1,s3");
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "application a1 in tenant t1");
	g_assert_true(g_str_has_prefix(v.said, "signed in as application a1 in tenant t1; 2 subscriptions "
					       "visible (One, T\\x1bwo), 1 enabled; "));
	g_assert_cmpuint(v.troubles->len, ==, 1);
	g_assert_nonnull(strstr(v.troubles->pdata[0], "subscription s3"));
	g_assert_true(visit_has_line(&v, 2, "Authorization: Bearer e30.eyJ0aWQiOiJ0MSIsImFwcGlkIjoiYTEifQ."
					    "c2ln"));
	visit_done(&v);
}

static void test_subscriptions_none(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 200, GOOD, .header = NULL },
		{ LIST, 200, "{\"value\":[]}", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_test(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_nonnull(strstr(v.said, "no subscription is visible"));
	g_assert_cmpstr(v.who_said, ==, "application " APP " in tenant " TENANT);
	visit_done(&v);
}

static void test_subscriptions_troubles(void)
{
	static const struct {
		int status;
		const char *body;
		enum err err;
		const char *said;
	} rows[] = {
		{ 403, "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\\nrole\"}}",
		  ERR_REFUSED, "listing subscriptions: status 403 AuthorizationFailed: no" },
		{ 404, "{\"code\":\"NotFound\",\"message\":\"gone\"}", ERR_NOT_FOUND, "404 NotFound: gone" },
		{ 502, "<html>", ERR_BUSY, "status 502" },
		{ 200, "{}", ERR_REPLY, "no list" },
		{ 200, "<html>", ERR_FORMAT, "not understood" },
		{ 200, "{\"value\":[{\"id\":\"x\"}]}", ERR_REPLY, "item 1" },
		{ 200, "{\"value\":[],\"nextLink\":\"https://evil.example/\"}", ERR_REPLY, "another host" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit_answer script[] = { { TOKENS, 200, GOOD, .header = NULL },
						 { LIST, rows[i].status, rows[i].body, .header = NULL },
						 { 0 } };
		struct visit v;

		begin_test(&v, script);
		g_assert_false(visit_test(&v));
		visit_expect_error(&v, rows[i].err, rows[i].said, NULL);
		visit_done(&v);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		GTestFunc run;
	} tests[] = {
		{ "/azure/secret", test_secret },
		{ "/azure/clouds", test_clouds },
		{ "/azure/incomplete", test_incomplete },
		{ "/azure/refusals", test_refusals },
		{ "/azure/certificate", test_certificate },
		{ "/azure/pkcs12", test_pkcs12 },
		{ "/azure/certificate-troubles", test_certificate_troubles },
		{ "/azure/workload", test_workload },
		{ "/azure/cli", test_cli },
		{ "/azure/cli-old", test_cli_old },
		{ "/azure/metadata", test_metadata },
		{ "/azure/metadata-identities", test_metadata_identities },
		{ "/azure/managed-word", test_managed_word },
		{ "/azure/service", test_service },
		{ "/azure/arc", test_arc },
		{ "/azure/environment", test_environment },
		{ "/azure/more-tokens", test_more_tokens },
		{ "/azure/carried-tokens", test_carried_tokens },
		{ "/azure/where-to", test_where_to },
		{ "/azure/signed-out", test_signed_out },
		{ "/azure/subscriptions", test_subscriptions },
		{ "/azure/subscriptions-none", test_subscriptions_none },
		{ "/azure/subscriptions-troubles", test_subscriptions_troubles },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_func(tests[i].name, tests[i].run);
	return g_test_run();
}
