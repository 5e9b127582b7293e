/* test-keyfactor: every way to sign in to Keyfactor Command, and every way in which that fails. */
#include "visit.h"

#include <string.h>

#include <glib/gstdio.h>

#define LIST "GET /KeyfactorAPI/Status/Endpoints"
#define TOKEN_URL "POST /oauth2/token"
#define VERSION "x-keyfactor-product-version", "12.3.0.0"
#define GOOD_LIST { LIST, 200, "[\"GET /Certificates\",\"GET /Status\"]", NULL, VERSION }
#define END { NULL }

static void begin(struct visit *v, const char *auth, const struct visit_answer *script)
{
	visit_init(v, "keyfactor");
	visit_arg(v, "host", "command.example");
	visit_arg(v, "auth", auth);
	visit_script(v, script);
}

static void begin_basic(struct visit *v, const struct visit_answer *script)
{
	begin(v, "basic", script);
	visit_arg(v, "user", "jo");
	visit_arg(v, "domain", "CORP");
	visit_secret(v, "password", "pw");
}

static void begin_oauth(struct visit *v, const struct visit_answer *script)
{
	begin(v, "oauth", script);
	visit_arg(v, "client-id", "certty");
	visit_arg(v, "token-url", "https://id.example/oauth2/token");
	visit_arg(v, "scopes", "api://x/.default");
	visit_secret(v, "client-secret", "s3&=");
}

/* ---- each way ---- */

static void test_basic(void)
{
	static const struct visit_answer script[] = { GOOD_LIST, END };
	static const char *const users[][3] = {
		/* user, domain, base64 of user:pw */
		{ "jo", "CORP", "Q09SUFxqbzpwdw==" },
		{ "CORP\\jo", "OTHER", "Q09SUFxqbzpwdw==" },
		{ "jo@corp", "CORP", "am9AY29ycDpwdw==" },
		{ "jo", NULL, "am86cHc=" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(users); i++) {
		g_autofree char *line = g_strconcat("Authorization: Basic ", users[i][2], NULL);
		struct visit v;

		begin_basic(&v, script);
		visit_arg(&v, "user", users[i][0]);
		visit_arg(&v, "domain", users[i][1]);
		g_assert_true(visit_test(&v));
		g_assert_true(visit_has_line(&v, 0, line));
		g_assert_true(visit_has_line(&v, 0, "x-keyfactor-requested-with: APIClient"));
		g_assert_true(visit_has_line(&v, 0, "x-keyfactor-api-version: 1"));
		g_assert_cmpint(v.access->ends, ==, 0);
		g_assert_cmpstr(v.said, ==, "Keyfactor Command 12.3.0.0 at "
				"https://command.example/KeyfactorAPI: signed in, with 2 endpoints");
		visit_done(&v);
	}
}

static void test_oauth(void)
{
	static const struct visit_answer script[] = {
		{ TOKEN_URL, 200, "{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\",\"expires_in\":600}" },
		{ LIST, 401 },	/* taken back meanwhile */
		{ TOKEN_URL, 200, "{\"access_token\":\"d.e.f\",\"token_type\":\"Bearer\",\"expires_in\":600}" },
		GOOD_LIST, END
	};
	struct visit v;

	begin_oauth(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_script_is_over(&v));
	g_assert_true(visit_has_line(&v, 0, "grant_type=client_credentials&client_id=certty&"
					    "scope=api%3A%2F%2Fx%2F.default&client_secret=s3%26%3D"));
	g_assert_true(visit_has_line(&v, 1, "Authorization: Bearer a.b.c"));
	g_assert_true(visit_has_line(&v, 3, "Authorization: Bearer d.e.f"));
	g_assert_cmpint(v.access->ends, ==, v.now + 600);
	g_assert_true(v.access->is_renewable);
	g_assert_cmpstr(v.who_said, ==, "certty");
	visit_done(&v);
}

static void test_oauth_in_header(void)
{
	static const struct visit_answer script[] = {
		{ TOKEN_URL, 200, "{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\"}" }, END
	};
	struct visit v;

	begin_oauth(&v, script);
	visit_arg(&v, "client-auth", "header");
	visit_secret(&v, "client-secret", "s3");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Basic Y2VydHR5OnMz"));
	g_assert_null(strstr(v.asked->pdata[0], "client_secret"));
	g_assert_null(strstr(v.asked->pdata[0], "client_id"));
	visit_done(&v);
}

static void test_oauth_refused(void)
{
	static const struct visit_answer script[] = {
		{ TOKEN_URL, 400, "{\"error\":\"invalid_client\",\"error_description\":\"no such client\"}" },
		END
	};
	struct visit v;

	begin_oauth(&v, script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "https://id.example/oauth2/token", "no such client", NULL);
	visit_done(&v);
}

static void test_token(void)
{
	/* {"preferred_username":"jo@corp"} */
	static const char jwt[] = "eyJhbGciOiJub25lIn0.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqb0Bjb3JwIn0.";
	static const struct visit_answer script[] = { GOOD_LIST, END };
	struct visit v;

	begin(&v, "token", script);
	visit_arg(&v, "host", "https://command.example:8443/");
	visit_arg(&v, "api-path", "/Keyfactor/API/");
	visit_secret(&v, "token", jwt);
	g_assert_true(visit_sign_in(&v));
	g_assert_cmpstr(args_get(v.access->with, "at"), ==,
			"https://command.example:8443/Keyfactor/API");
	visit_arg(&v, "api-path", "KeyfactorAPI");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "jo@corp");
	visit_secret(&v, "token", "two words");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "blanks", NULL);
	visit_done(&v);
}

/* The transport negotiates, over a route that is otherwise the account's. */
static struct reply *look_at_route(struct visit *v, const struct request_out *request)
{
	struct reply *r = reply_of_error(g_error_new(ERR, ERR_NETWORK, "enough"));

	g_assert_true(request->route->negotiates);
	g_assert_cmpstr(request->route->ca_file, ==, v->who);
	for (guint i = 0; i < request->headers->len; i++)
		g_assert_cmpstr(g_array_index(request->headers, struct header, i).name, !=,
				"Authorization");
	return r;
}

static void test_kerberos(void)
{
	g_autoptr(request_out) request = exchange_get("https://command.example/KeyfactorAPI/x");
	g_autoptr(route) shared = route_new();
	static char ca[] = "/ca.pem";
	struct visit v;

	begin(&v, "kerberos", NULL);
	v.answer = look_at_route;
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_NETWORK, "enough", NULL);
	v.who = ca;
	shared->ca_file = g_strdup(ca);
	request->route = route_ref(shared);
	g_assert_true(v.provider->sign(request, v.access, v.now, NULL));
	reply_free(look_at_route(&v, request));
	g_assert_false(shared->negotiates);
	visit_done(&v);
}

/* ---- what Keyfactor's own tools have ---- */

static void forget_environment(void)
{
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name; name++)
		if (g_str_has_prefix(*name, "KEYFACTOR_"))
			g_unsetenv(*name);
}

static char *write_config(const char *text)
{
	g_autofree char *folder = g_build_filename(g_get_home_dir(), ".keyfactor", NULL);
	char *path = g_build_filename(folder, "command_config.json", NULL);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static const char config[] =
	"{\"servers\":{"
	"\"default\":{\"host\":\"command.example\",\"username\":\"jo\",\"password\":\"pw\","
	"\"domain\":\"CORP\",\"api_path\":\"KeyfactorAPI\",\"auth_type\":\"basic\","
	"\"ca_cert_path\":\"/ca.pem\"},"
	"\"lab\":{\"Host\":\"lab.example\",\"client_id\":\"c\",\"client_secret\":\"s\","
	"\"token_url\":\"https://id.example/oauth2/token\",\"scopes\":[\"a\",\"b\"],"
	"\"skip_tls_verify\":true},"
	"\"krb\":{\"host\":\"krb.example\"},"
	"\"bad name\":{\"host\":\"x.example\"},\"none\":{\"username\":\"u\"}}}";

static const struct account *found_of(GPtrArray *found, const char *id)
{
	for (guint i = 0; i < found->len; i++)
		if (!strcmp(((struct account *)found->pdata[i])->id, id))
			return found->pdata[i];
	g_error("%s was not found", id);
}

static bool has(GPtrArray *troubles, const char *part)
{
	for (guint i = 0; i < troubles->len; i++)
		if (strstr(troubles->pdata[i], part))
			return true;
	return false;
}

static void test_find_config(void)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = write_config(config);
	const struct account *a;

	forget_environment();
	provider_find("keyfactor")->find_accounts(found, troubles);
	g_assert_cmpuint(found->len, ==, 3);
	a = found_of(found, "keyfactor:default");
	g_assert_cmpint(a->origin, ==, ACCOUNT_FOUND);
	g_assert_cmpstr(a->found_in, ==, "~/.keyfactor/command_config.json [default]");
	g_assert_cmpstr(args_get(a->answers, "host"), ==, "command.example");
	g_assert_cmpstr(args_get(a->answers, "ca-file"), ==, "/ca.pem");
	g_assert_cmpstr(args_get(a->answers, "auth"), ==, "config-file");
	g_assert_cmpstr(args_get(a->answers, "server"), ==, "default");
	g_assert_null(args_get(a->answers, "user"));
	g_assert_cmpstr(found_of(found, "keyfactor:krb")->secret_from, ==, "Kerberos ticket");
	g_assert_cmpuint(troubles->len, ==, 3);
	g_assert_true(has(troubles, "[lab]: its certificate is not to be checked"));
	g_assert_true(has(troubles, "[bad name]: its name cannot be"));
	g_assert_true(has(troubles, "[none]: it has no host"));
	g_assert_cmpint(g_unlink(path), ==, 0);
}

static void test_find_broken(void)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = write_config("{\"servers\":");

	forget_environment();
	provider_find("keyfactor")->find_accounts(found, troubles);
	g_assert_cmpuint(found->len, ==, 0);
	g_assert_cmpuint(troubles->len, ==, 1);
	g_assert_true(has(troubles, "~/.keyfactor/command_config.json: "));
	g_assert_cmpint(g_unlink(path), ==, 0);
}

static void test_config_file(void)
{
	static const struct visit_answer script[] = { GOOD_LIST, END };
	g_autofree char *path = write_config(config);
	struct visit v;

	begin(&v, "config-file", script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Basic Q09SUFxqbzpwdw=="));
	g_assert_cmpstr(v.access->from, ==, "~/.keyfactor/command_config.json");
	/* the file names another host: the password is not for this one */
	visit_arg(&v, "host", "elsewhere.example");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "now names https://command.example/KeyfactorAPI", NULL);
	visit_arg(&v, "server", "gone");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_NOT_FOUND, "has no server 'gone'", NULL);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, (enum err)v.error->code, "command_config.json", NULL);
	visit_done(&v);
}

static void test_environment(void)
{
	static const struct visit_answer script[] = { GOOD_LIST, END };
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	struct visit v;

	forget_environment();
	g_setenv("KEYFACTOR_HOSTNAME", "command.example", TRUE);
	g_setenv("KEYFACTOR_PORT", "8443", TRUE);
	g_setenv("KEYFACTOR_USERNAME", "jo", TRUE);
	g_setenv("KEYFACTOR_DOMAIN", "CORP", TRUE);
	g_setenv("KEYFACTOR_PASSWORD", "pw", TRUE);
	g_setenv("KEYFACTOR_SKIP_VERIFY", "true", TRUE);
	provider_find("keyfactor")->find_accounts(found, troubles);
	g_assert_cmpuint(found->len, ==, 1);
	g_assert_cmpstr(args_get(found_of(found, "keyfactor:environment")->answers, "host"), ==,
			"command.example:8443");
	g_assert_true(has(troubles, "KEYFACTOR_SKIP_VERIFY"));
	begin(&v, "environment", script);
	visit_arg(&v, "host", "command.example:8443");
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Basic Q09SUFxqbzpwdw=="));
	forget_environment();
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "KEYFACTOR_HOSTNAME is not set", NULL);
	visit_done(&v);
}

/* ---- failures ---- */

static const struct failure {
	const char *name;
	struct visit_answer script[3];
	enum err code;
	const char *says[3];
} failures[] = {
	{ "empty 401", { { LIST, 401 }, { LIST, 401 }, END }, ERR_SIGN_IN,
	  { "status 401; ", "security identity" } },
	{ "a page as 401",
	  { { LIST, 401, "<html>x", "text/html" }, { LIST, 401, "<html>x", "text/html" }, END },
	  ERR_SIGN_IN, { "status 401 with a web page", "check user" } },
	{ "no permission",
	  { { LIST, 403, "{\"ErrorCode\":\"0xA0140002\",\"Message\":\"User CORP\\\\jo doesn't have the "
			 "required permission\"}" }, END },
	  ERR_REFUSED, { "'User CORP\\jo doesn't have the required permission' (403, 0xA0140002)",
			 "ask for a role" } },
	{ "reasons", { { LIST, 400, "{\"message\":\"No.\",\"FailedOperations\":[{\"Reason\":\"one\"},"
				    "{\"reason\":\"two\"}]}" }, END },
	  ERR_REPLY, { "'No.; one; two' (400)" } },
	{ "plain text", { { LIST, 500, "Something\nat line 1", "text/plain" }, END },
	  ERR_REPLY, { "'Something' (500)" } },
	{ "wrong path", { { LIST, 404, "<html>", "text/html" }, END }, ERR_NOT_FOUND, { "host and API path" } },
	{ "another server", { { LIST, 200, "<html>", "text/html" }, END }, ERR_REPLY,
	  { "does not answer as Keyfactor Command does" } },
	{ "starting", { { LIST, 503 }, END }, ERR_BUSY, { "starts just now" } },
	{ "nobody", { { LIST, 0 }, END }, ERR_NETWORK, { "nobody answers" } },
};

static void test_failures(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		const struct failure *f = &failures[i];
		struct visit v;

		g_test_message("%s", f->name);
		begin_basic(&v, f->script);
		g_assert_false(visit_test(&v));
		visit_expect_error(&v, f->code, "https://command.example/KeyfactorAPI", f->says[0],
				   f->says[1], f->says[2], NULL);
		g_assert_null(strstr(v.error->message, "pw"));
		g_assert_true(visit_script_is_over(&v));
		visit_done(&v);
	}
}

static void test_missing(void)
{
	static const struct visit_answer script[] = { END };
	static const char *const ways[][2] = {
		{ "basic", "User (user)" }, { "oauth", "Client ID (client-id)" }, { "token", "Token (token)" },
	};
	struct visit v;

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		begin(&v, ways[i][0], script);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, ERR_SIGN_IN, ways[i][1], NULL);
		visit_done(&v);
	}
	begin_basic(&v, script);
	visit_arg(&v, "user", "jo:x");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "colon", NULL);
	visit_done(&v);
}

/* ---- what is pasted ---- */

static const struct {
	const char *block;
	const char *plain[12];	/* key, value… */
	const char *secret, *value;
	const char *wrong;
} blocks[] = {
	{ "{\"host\":\"h\",\"username\":\"u\",\"password\":\"p\",\"domain\":\"D\"}",
	  { "auth", "basic", "host", "h", "user", "u", "domain", "D" }, "password", "p" },
	{ "{\"servers\":{\"lab\":{\"host\":\"h\",\"access_token\":\"t\"}}}",
	  { "auth", "token", "host", "h" }, "token", "t" },
	{ "{\"HOST\":\"h\",\"client_id\":\"c\",\"client_secret\":\"s\",\"token_url\":\"https://i/t\","
	  "\"scopes\":[\"a\",\"b\"]}",
	  { "auth", "oauth", "host", "h", "client-id", "c", "token-url", "https://i/t", "scopes", "a b" },
	  "client-secret", "s" },
	{ "{\"host\":\"h h\"}", { NULL }, NULL, NULL, "Host: 'h h'" },
	{ "{\"host\":\"h\",\"password\":\"a\\nb\"}", { NULL }, NULL, NULL,
	  "its password is too long, or no text" },
	{ "{\"servers\":{\"a\":{\"host\":\"h\"},\"b\":{\"host\":\"i\"}}}", { NULL }, NULL, NULL,
	  "there are 2 servers" },
	{ "{\"username\":\"u\"}", { NULL } },
	{ "{\"host\":1}", { NULL } },
	{ "[]", { NULL } },
	{ "hvs.token", { NULL } },
};

static void test_blocks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		g_autoptr(secret) block = secret_new(blocks[i].block, strlen(blocks[i].block));
		g_autoptr(args) ret = args_new();
		g_autoptr(GError) error = NULL;
		bool ok = provider_find("keyfactor")->info->read_block(block, ret, &error);
		g_auto(GStrv) keys = args_keys(ret);
		guint n = 0;

		g_test_message("%s", blocks[i].block);
		g_assert_true(ok == (blocks[i].plain[0] != NULL));
		g_assert_true(!error == !blocks[i].wrong);
		if (error)
			g_assert_nonnull(strstr(error->message, blocks[i].wrong));
		for (const char *const *p = blocks[i].plain; *p; p += 2, n++)
			g_assert_cmpstr(args_get(ret, p[0]), ==, p[1]);
		g_assert_cmpuint(g_strv_length(keys), ==, n);
		if (blocks[i].secret)
			g_assert_cmpstr(args_secret(ret, blocks[i].secret)->bytes, ==, blocks[i].value);
	}
}

static void test_fields(void)
{
	const struct provider_info *info = provider_find("keyfactor")->info;
	const struct field *host = field_find(info->account_fields, "host");

	for (const struct column_alias *c = info->aliases; c->header; c++)
		g_assert_nonnull(field_find(info->account_fields, c->key));
	g_assert_true(field_check_one(host, "command.example:8443", NULL));
	g_assert_true(field_check_one(host, "http://127.0.0.1:80", NULL));
	g_assert_false(field_check_one(host, "command.example/KeyfactorAPI", NULL));
	g_assert_false(field_check_one(host, "u@command.example", NULL));
}

int main(int argc, char **argv)
{
	secret_heap_open();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyfactor/basic", test_basic);
	g_test_add_func("/keyfactor/oauth", test_oauth);
	g_test_add_func("/keyfactor/oauth-in-header", test_oauth_in_header);
	g_test_add_func("/keyfactor/oauth-refused", test_oauth_refused);
	g_test_add_func("/keyfactor/token", test_token);
	g_test_add_func("/keyfactor/kerberos", test_kerberos);
	g_test_add_func("/keyfactor/find-config", test_find_config);
	g_test_add_func("/keyfactor/find-broken", test_find_broken);
	g_test_add_func("/keyfactor/config-file", test_config_file);
	g_test_add_func("/keyfactor/environment", test_environment);
	g_test_add_func("/keyfactor/failures", test_failures);
	g_test_add_func("/keyfactor/missing", test_missing);
	g_test_add_func("/keyfactor/blocks", test_blocks);
	g_test_add_func("/keyfactor/fields", test_fields);
	return g_test_run();
}
