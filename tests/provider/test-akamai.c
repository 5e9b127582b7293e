/*
 * Akamai's accounts: files as they are found in the wild, what is pasted, what is picked up, and
 * what the gateway says.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <certty/base/err.h>

#include "provider/akamai/own.h"
#include "visit.h"

#define HOST	"akab-h0st.luna.akamaiapis.net"
#define CLIENT	"akab-client-token"
#define ACCESS	"akab-access-token"
#define SECRET	"c2VjcmV0LWZvci10ZXN0cy1vbmx5LW5vdC1yZWFsLTAwMDE="
#define WHOLE	"host = " HOST "\nclient_token = " CLIENT "\nclient_secret = " SECRET \
		"\naccess_token = " ACCESS "\n"

/* ---- the file ---- */

struct file {
	const char *text, *section;
	const char *error;		/* NULL: it is whole */
	const char *key, *value;	/* and one answer more to look at; or NULL */
};

/* clang-format off */
static const struct file files[] = {
	{ "[default]\n" WHOLE, "default", NULL, NULL, NULL },
	{ WHOLE, "default", NULL, NULL, NULL },
	{ "\xef\xbb\xbf" WHOLE, "default", NULL, NULL, NULL },
	{ "[a-b_c d]\n" WHOLE, "a-b_c d", NULL, NULL, NULL },
	{ "[x]\nhost=https://" HOST "/\nclient-token=" CLIENT "\nclient-secret=" SECRET "\naccess-token=" ACCESS,
	  "x", NULL, NULL, NULL },
	{ "[x]\nhost = \"https://" HOST "/\"\nclient_token = '" CLIENT "'\nclient_secret = \"" SECRET "\"\n"
	  "access_token = \"" ACCESS "\" ; from Control Center\n", "x", NULL, NULL, NULL },
	{ "; a\n# b\n\r\n[ccu]\r\n[default]   \r\n  host = " HOST "   \r\n    client_token = " CLIENT "\r\n"
	  "client_secret =" SECRET " # c\r\n\taccess_token= " ACCESS " ; d\r\naccount_key = B-C-0ACCT1:1-2RBL\r\n"
	  "something_new = 1\r\nrequest_limit = 5\r\n", "default", NULL, AKAMAI_SWITCH, "B-C-0ACCT1:1-2RBL" },
	{ "[x]\n" WHOLE "headers_to_sign = X-A,X-B\n", "x", NULL, AKAMAI_SIGNED, "X-A,X-B" },
	{ "[x]\n" WHOLE "max_body = 131072\n", "x", NULL, AKAMAI_WARNING, NULL },
	{ "[x]\n" WHOLE "max-body = 2048\n", "x", NULL, AKAMAI_WARNING,
	  "max_body = 2048 is not heeded: Akamai's servers use 131072, and other values have them refuse "
	  "large requests" },
	{ "[x]\n" WHOLE "max_body = xx131072\n", "x", "max_body is not a number", NULL, NULL },
	{ "[x]\n" WHOLE, "X", "there is no section [X]", NULL, NULL },
	{ "[x]\n" WHOLE, "default", "there is no section [default]", NULL, NULL },
	{ "[x]\nclient_token = a\nclient_secret = b\naccess_token = c\n", "x", "has no host", NULL, NULL },
	{ "[x]\nhost = a\nclient_secret = b\naccess_token = c\n", "x", "has no client_token", NULL, NULL },
	{ "[x]\nhost = a\nclient_token = b\naccess_token = c\n", "x", "has no client_secret", NULL, NULL },
	{ "[x]\nhost = a\nclient_token = b\nclient_secret = c\n", "x", "has no access_token", NULL, NULL },
	{ "[x]\nhost = a\nclient_token = b\nclient_secret = \naccess_token = c\n", "x", "has no client_secret",
	  NULL, NULL },
	{ "[x]\nhost = \xc3\xa4\n", "x", "host holds what none can hold", NULL, NULL },
	{ "[x\n", "x", "closing bracket at line 1", NULL, NULL },
};
/* clang-format on */

static void reads(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		const struct file *f = &files[i];
		g_autoptr(GBytes) bytes = g_bytes_new(f->text, strlen(f->text));
		g_autoptr(args) a = args_new();
		g_autoptr(GError) error = NULL;

		g_test_message("row %zu", i);
		if (f->error) {
			g_assert_false(akamai_edgerc_read(bytes, f->section, a, &error));
			if (!strstr(error->message, f->error))
				g_error("\"%s\" has no \"%s\"", error->message, f->error);
			continue;
		}
		akamai_edgerc_read(bytes, f->section, a, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(args_get(a, AKAMAI_HOST), ==, HOST);
		g_assert_cmpstr(args_get(a, AKAMAI_CLIENT), ==, CLIENT);
		g_assert_cmpstr(args_get(a, AKAMAI_ACCESS), ==, ACCESS);
		g_assert_cmpstr(args_secret(a, AKAMAI_SECRET)->bytes, ==, SECRET);
		if (f->key)
			g_assert_cmpstr(args_get(a, f->key), ==, f->value);
	}
}

static void pastes(void)
{
	static const struct {
		const char *text;
		int is_ours;		/* 0 no, 1 yes, -1 yes and broken */
	} rows[] = {
		{ "[default]\n" WHOLE, 1 },
		{ WHOLE, 1 },
		{ "[default]\n    host = " HOST "\n    client_token = " CLIENT "\n    client_secret = " SECRET
		  "\n    access_token = " ACCESS, 1 },
		{ "host = " HOST "\n  client_token = " CLIENT "\n    client_secret = " SECRET
		  "\n      access_token = " ACCESS, 1 },
		{ "[a]\nregion = b\n[ccu]\n" WHOLE, 1 },
		{ "export AKAMAI_HOST=" HOST "\nexport AKAMAI_CLIENT_TOKEN=" CLIENT "\n"
		  "export AKAMAI_CLIENT_SECRET=\"" SECRET "\"\nexport AKAMAI_ACCESS_TOKEN='" ACCESS "'\n", 1 },
		{ "AKAMAI_CCU_HOST=" HOST "\nAKAMAI_CCU_CLIENT_TOKEN=" CLIENT
		  "\nAKAMAI_CCU_CLIENT_SECRET=" SECRET
		  "\nAKAMAI_CCU_ACCESS_TOKEN=" ACCESS "\n", 1 },
		{ "client_token = " CLIENT "\nclient_secret = " SECRET "\n", -1 },
		{ "", 0 },
		{ "hvs.abc", 0 },
		{ "{\"clientId\":\"a\",\"clientSecret\":\"b\"}", 0 },
		{ "[default]\naws_access_key_id = a\naws_secret_access_key = b\n", 0 },
		{ "client_secret = b\nclient_id = a\n", 0 },
		{ "[a]\n", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(secret) block = secret_new(rows[i].text, strlen(rows[i].text));
		g_autoptr(args) a = args_new();
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) keys = NULL;

		g_test_message("row %zu", i);
		g_assert_true(akamai_edgerc_block(block, a, &error) == (rows[i].is_ours == 1));
		g_assert_true((error != NULL) == (rows[i].is_ours < 0));
		keys = args_keys(a);
		g_assert_true((*keys != NULL) == (rows[i].is_ours == 1));
		if (rows[i].is_ours != 1)
			continue;
		g_assert_cmpstr(args_get(a, AKAMAI_FROM), ==, "keys");
		g_assert_cmpstr(args_get(a, AKAMAI_HOST), ==, HOST);
		g_assert_cmpstr(args_secret(a, AKAMAI_SECRET)->bytes, ==, SECRET);
		g_assert_true(field_check(akamai_fields, a, &error));
	}
}

/* ---- what is picked up ---- */

struct found {
	GPtrArray *accounts, *troubles;
};

static void unref(void *a)
{
	account_unref(a);
}

static struct found find(void)
{
	struct found f = { g_ptr_array_new_with_free_func(unref), g_ptr_array_new_with_free_func(g_free) };

	akamai_find_accounts(f.accounts, f.troubles);
	return f;
}

static void found_done(struct found *f)
{
	g_ptr_array_unref(f->accounts);
	g_ptr_array_unref(f->troubles);
}

static bool has_trouble(const GPtrArray *troubles, const char *part)
{
	for (guint i = 0; i < troubles->len; i++)
		if (strstr(troubles->pdata[i], part))
			return true;
	return false;
}

static char *write_file(const char *name, const char *text, int mode)
{
	char *path = g_build_filename(g_get_home_dir(), name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, (mode_t)mode), ==, 0);
	return path;
}

static void finds_nothing(void)
{
	struct found f = find();

	g_assert_cmpuint(f.accounts->len, ==, 0);
	g_assert_cmpuint(f.troubles->len, ==, 0);
	found_done(&f);
}

static void finds_file(void)
{
	g_autofree char *path = write_file(".edgerc", "[default]\n" WHOLE "[cc u]\n" WHOLE
					   "[broken]\nclient_token = a\n[other]\nregion = b\n"
					   "[cc-u]\n" WHOLE, 0644);
	struct found f = find();
	const struct account *a = f.accounts->pdata[0];

	g_assert_cmpuint(f.accounts->len, ==, 2);
	g_assert_cmpstr(a->id, ==, "akamai:default");
	g_assert_cmpstr(a->found_in, ==, "~/.edgerc [default]");
	g_assert_cmpint(a->origin, ==, ACCOUNT_FOUND);
	g_assert_cmpstr(args_get(a->answers, AKAMAI_FROM), ==, "edgerc");
	g_assert_null(args_get(a->answers, AKAMAI_HOST));
	a = f.accounts->pdata[1];
	g_assert_cmpstr(a->id, ==, "akamai:cc-u");
	g_assert_cmpstr(args_get(a->answers, AKAMAI_SECTION), ==, "cc u");
	g_assert_true(account_id_is_fit(a->id));
	g_assert_cmpuint(f.troubles->len, ==, 3);
	g_assert_true(has_trouble(f.troubles, "~/.edgerc: the section [broken] has no host"));
	g_assert_true(has_trouble(f.troubles, "there is an account akamai:cc-u already"));
	g_assert_true(has_trouble(f.troubles, "others on this machine can read ~/.edgerc"));
	found_done(&f);
	remove(path);
}

static void finds_elsewhere(void)
{
	g_autofree char *path = write_file("rc", WHOLE, 0600), *bad = write_file(".edgerc", "[", 0600);
	struct found f;

	f = find();
	g_assert_cmpuint(f.accounts->len, ==, 0);
	g_assert_true(has_trouble(f.troubles, "~/.edgerc: this is no INI file"));
	found_done(&f);
	g_setenv("EDGERC", path, TRUE);
	f = find();
	g_assert_cmpuint(f.accounts->len, ==, 1);
	g_assert_cmpuint(f.troubles->len, ==, 0);
	g_assert_cmpstr(((struct account *)f.accounts->pdata[0])->found_in, ==, "~/rc [default]");
	found_done(&f);
	g_unsetenv("EDGERC");
	remove(path);
	remove(bad);
}

static void set_variables(const char *prefix, bool is_there)
{
	static const char *const pairs[] = { "HOST", HOST, "CLIENT_TOKEN", CLIENT, "CLIENT_SECRET",
					     SECRET, "ACCESS_TOKEN", ACCESS };

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i += 2) {
		g_autofree char *name = g_strconcat(prefix, pairs[i], NULL);

		if (is_there)
			g_setenv(name, pairs[i + 1], TRUE);
		else
			g_unsetenv(name);
	}
}

static void finds_environment(void)
{
	struct found f;

	set_variables("AKAMAI_", true);
	set_variables("AKAMAI_CCU_", true);
	g_setenv("AKAMAI_X_CLIENT_TOKEN", "x", TRUE);
	f = find();
	g_assert_cmpuint(f.accounts->len, ==, 2);
	g_assert_true(has_trouble(f.troubles, "AKAMAI_X_HOST is not set"));
	for (guint i = 0; i < 2; i++) {
		const struct account *a = f.accounts->pdata[i];
		const char *section = args_get(a->answers, AKAMAI_SECTION);
		struct visit v;

		g_assert_cmpstr(a->id, ==, !strcmp(section, "ccu") ? "akamai:environment-ccu" :
			       "akamai:environment-default");
		visit_init(&v, "akamai");
		visit_arg(&v, AKAMAI_FROM, "environment");
		visit_arg(&v, AKAMAI_SECTION, section);
		g_assert_true(visit_sign_in(&v));
		g_assert_cmpstr(v.access->from, ==, "the environment");
		g_assert_cmpstr(args_get(v.access->with, AKAMAI_HOST), ==, HOST);
		visit_done(&v);
	}
	found_done(&f);
	g_unsetenv("AKAMAI_X_CLIENT_TOKEN");
	set_variables("AKAMAI_CCU_", false);
	set_variables("AKAMAI_", false);
}

/* ---- signing in, and the test ---- */

static void begin(struct visit *v)
{
	visit_init(v, "akamai");
	visit_arg(v, AKAMAI_HOST, HOST);
	visit_arg(v, AKAMAI_CLIENT, CLIENT);
	visit_arg(v, AKAMAI_ACCESS, ACCESS);
	visit_secret(v, AKAMAI_SECRET, SECRET);
}

static void signs_in(void)
{
	struct visit v;

	begin(&v);
	g_assert_true(visit_sign_in(&v));
	g_assert_null(v.access->from);
	g_assert_false(v.access->is_renewable);
	visit_secret(&v, AKAMAI_SECRET, NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "there is no client secret", NULL);
	visit_done(&v);
}

static void signs_in_by_file(void)
{
	g_autofree char *path = write_file("rc", "[a]\n" WHOLE "account_key = B-1:2\nmax_body = 8192\n", 0600);
	struct visit v;

	visit_init(&v, "akamai");
	visit_arg(&v, AKAMAI_FROM, "edgerc");
	visit_arg(&v, AKAMAI_FILE, path);
	visit_arg(&v, AKAMAI_SECTION, "a");
	visit_arg(&v, AKAMAI_CONTRACT, "C-1");
	g_assert_true(visit_sign_in(&v));
	g_assert_cmpstr(v.access->from, ==, "~/rc [a]");
	g_assert_true(v.access->is_renewable);
	g_assert_cmpstr(args_get(v.access->with, AKAMAI_SWITCH), ==, "B-1:2");
	g_assert_cmpstr(args_get(v.access->with, AKAMAI_CONTRACT), ==, "C-1");
	visit_arg(&v, AKAMAI_SWITCH, "B-3:4");
	g_assert_true(visit_sign_in(&v));
	g_assert_cmpstr(args_get(v.access->with, AKAMAI_SWITCH), ==, "B-3:4");
	visit_arg(&v, AKAMAI_SECTION, "b");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "the credential is not in ~/rc", "no section [b]", NULL);
	remove(path);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "the credential is not in ~/rc", NULL);
	visit_done(&v);
}

#define LIST "GET /contract-api/v1/contracts/identifiers?depth=TOP"
#define SELF "GET /identity-management/v3/api-clients/self?apiAccess=true"

static void tells_who(void)
{
	static const struct visit_answer one[] = {
		{ LIST, 200, "[\"C-0N7RAC7\",\"ctr_K-0N7RAK71\"]" }, { SELF, 403, "" }, { NULL } };
	static const struct visit_answer many[] = {
		{ LIST "&accountSwitchKey=B-C-0ACCT1%3A1-2RBL", 200,
		  "[\"A\",\"B\",\"C\",\"D\",\"E\"]" },
		{ SELF "&accountSwitchKey=B-C-0ACCT1%3A1-2RBL", 404, "" },
		{ NULL } };
	struct visit v;

	begin(&v);
	visit_script(&v, one);
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "client " CLIENT " of C-0N7RAC7, K-0N7RAK71");
	g_assert_true(g_str_has_prefix(strstr(v.asked->pdata[0], "Authorization: "),
				       "Authorization: EG1-HMAC-SHA256 client_token=" CLIENT ";"));
	visit_arg(&v, AKAMAI_SWITCH, "B-C-0ACCT1:1-2RBL");
	visit_arg(&v, AKAMAI_CONTRACT, "F");
	g_assert_true(visit_sign_in(&v));
	visit_script(&v, many);
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "client " CLIENT " of A, B, C and 2 more in account B-C-0ACCT1:1-2RBL");
	g_assert_true(has_trouble(v.troubles, "the contract F of the account is not among"));
	visit_done(&v);
}

#define NO_GRANT "{\"type\":\"https://problems.luna.akamaiapis.net/-/pep-authz/deny\",\"title\":\"Forbidden\"," \
		 "\"status\":403,\"detail\":\"The client does not have the grant needed for the request\"," \
		 "\"requestId\":\"140dd1e2\"}"

/* Without the grant to list contracts the enrollments are asked for. */
static void tells_by_enrollments(void)
{
	static const struct visit_answer script[] = {
		{ LIST, 403, NO_GRANT }, { "GET /cps/v2/enrollments?contractId=C-1", 200,
		  "{\"enrollments\":[{\"id\":1}]}" }, { SELF, 200, "<html>" }, { NULL } };
	static const struct visit_answer neither[] = {
		{ LIST, 403, NO_GRANT },
		{ "GET /cps/v2/enrollments?contractId=C-1", 403, NO_GRANT },
		{ NULL } };
	static const struct visit_answer unnamed[] = {
		{ LIST, 403, NO_GRANT }, { "GET /cps/v2/enrollments", 400, "{}" }, { NULL } };
	struct visit v;

	begin(&v);
	visit_arg(&v, AKAMAI_CONTRACT, "ctr_C-1");
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "client " CLIENT " of C-1");
	g_assert_true(visit_has_line(&v, 1, "Accept: application/vnd.akamai.cps.enrollments.v11+json"));
	visit_script(&v, neither);
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_REFUSED, "the credential is right", "neither the grant", NULL);
	visit_arg(&v, AKAMAI_CONTRACT, NULL);
	g_assert_true(visit_sign_in(&v));
	visit_script(&v, unnamed);
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_USAGE, "name the contract in the account", NULL);
	visit_done(&v);
}

/* clang-format off */
static const struct right {
	int status;
	const char *body, *says;
} rights[] = {
	{ 200, "{\"apiAccess\":{\"apis\":[{\"endPoint\":\"/cpsx\",\"accessLevel\":\"READ-WRITE\"},"
	  "{\"endPoint\":\"/cps/\",\"accessLevel\":\"READ-ONLY\"}]}}", "change none (READ-ONLY): that wants" },
	{ 200, "{\"apiAccess\":{\"apis\":[{\"endPoint\":\"cps\",\"accessLevel\":\"READ-WRITE\"},{\"endPoint\":"
	  "\"/config-dns\",\"accessLevel\":\"READ-ONLY\"}]}}", "change enrollments (READ-WRITE); Edge DNS: READ-ONLY" },
	{ 200, "{\"apiAccess\":{\"apis\":[{\"apiName\":\"Certificate Provisioning System\",\"accessLevel\":"
	  "\"A\\u001b[2J\"}]}}", "names the grant A\\x1b[2J" },
	{ 200, "{\"apiAccess\":{\"apis\":[null,7,{}]}}", "names no grant of its API client" },
	{ 200, "{\"apiAccess\":[]}", "Akamai tells only clients" },
	{ 200, "", "Akamai tells only clients" },
	{ 403, NO_GRANT, "Akamai tells only clients" },
};
/* clang-format on */

static void tells_rights(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
		g_autoptr(GBytes) body = g_bytes_new_static(rights[i].body, strlen(rights[i].body));
		const struct reply r = { .status = rights[i].status, .body = body };
		g_autofree char *said = akamai_rights_say(&r);

		if (!strstr(said, rights[i].says))
			g_error("%s: %s", rights[i].body, said);
	}
}

/* clang-format off */
static const struct refusal {
	int status;
	const char *body, *header, *value;
	enum err code;
	const char *part, *other;
} refusals[] = {
	{ 400, "{\"title\":\"Bad request\",\"detail\":\"Invalid timestamp\",\"requestId\":\"1f\"}",
	  "Date", "Sun, 06 Nov 1994 08:54:37 GMT", ERR_SIGN_IN,
	  "clock is 300 s behind Akamai's, which takes at most 30", "request id 1f" },
	{ 400, "{\"detail\":\"Invalid timestamp\"}", "Date", "Sun, 06 Nov 1994 08:44:37 GMT", ERR_SIGN_IN,
	  "clock is 300 s ahead of Akamai's", "" },
	{ 400, "{\"detail\":\"Invalid timestamp\"}", NULL, NULL, ERR_SIGN_IN, "is this machine's clock right?", "" },
	{ 400, "{\"detail\":\"Authorization header missing\"}", NULL, NULL, ERR_REFUSED, "does a proxy", "" },
	{ 400, "{\"detail\":\"WAF deny rule IPBLOCK-BURST4-54013\"}", NULL, NULL, ERR_BUSY, "too often", "" },
	{ 401, "{\"problemType\":\"x\",\"httpStatus\":401,\"detail\":\"The signature does not match\"}",
	  NULL, NULL, ERR_SIGN_IN, "the client secret is another one", "status 401" },
	{ 401, "{\"detail\":\"Inactive client token\"}", NULL, NULL, ERR_SIGN_IN, "is it active",
	  "\"Inactive client token\"" },
	{ 401, "", NULL, NULL, ERR_SIGN_IN, "is it active", "(status 401)" },
	{ 429, "{\"title\":\"Too Many Requests\"}", NULL, NULL, ERR_BUSY, "too often", "" },
	{ 503, "The account is at its limit\nof today", NULL, NULL, ERR_BUSY, "maintenance",
	  "\"The account is at its limit\"" },
	{ 500, "<html><b>x", NULL, NULL, ERR_REPLY, "failed at Akamai", "(status 500)" },
	{ 404, "{\"detail\":\"a\\u001b[2Jb\"}", NULL, NULL, ERR_NOT_FOUND, "not there", "a\\x1b[2Jb" },
	{ 302, "", NULL, NULL, ERR_REPLY, "not expected", "" },
	{ 200, "<html>", NULL, NULL, ERR_REPLY, "listing the contracts: this is not JSON", "" },
	{ 200, "[{}]", NULL, NULL, ERR_REPLY, "no list of names", "" },
	{ 0, "", NULL, NULL, ERR_NETWORK, "listing the contracts: nobody answers", "" },
};
/* clang-format on */

static void refuses(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		const struct refusal *r = &refusals[i];
		const struct visit_answer script[] = {
			{ LIST, r->status, r->body, NULL, r->header, r->value },
			{ LIST, r->status, r->body, NULL, r->header, r->value }, { NULL } };
		struct visit v;

		begin(&v);
		v.now = 784111777;	/* Sun, 06 Nov 1994 08:49:37 GMT */
		visit_script(&v, script);
		g_assert_false(visit_test(&v));
		visit_expect_error(&v, r->code, r->part, r->other, NULL);
		g_assert_null(strstr(v.error->message, SECRET));
		visit_done(&v);
	}
}

/* Nothing is signed for somebody else's address. */
static void signs_for_itself(void)
{
	static const char *const urls[] = {
		("https://" HOST ".evil.test/"),
		("https://evil.test/https://" HOST "/"),
		("http://" HOST "/"),
		("https://" HOST),
	};
	struct visit v;

	begin(&v);
	g_assert_true(visit_sign_in(&v));
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_autoptr(request_out) r = exchange_get(urls[i]);
		g_autoptr(GError) error = NULL;

		g_assert_false(akamai_sign(r, v.access, 1, &error));
		g_assert_error(error, ERR, ERR_REFUSED);
		g_assert_cmpuint(r->headers->len, ==, 0);
	}
	visit_done(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/akamai/edgerc", reads);
	g_test_add_func("/akamai/pastes", pastes);
	g_test_add_func("/akamai/finds/nothing", finds_nothing);
	g_test_add_func("/akamai/finds/file", finds_file);
	g_test_add_func("/akamai/finds/elsewhere", finds_elsewhere);
	g_test_add_func("/akamai/finds/environment", finds_environment);
	g_test_add_func("/akamai/signs-in", signs_in);
	g_test_add_func("/akamai/signs-in/file", signs_in_by_file);
	g_test_add_func("/akamai/tells-who", tells_who);
	g_test_add_func("/akamai/tells-who/enrollments", tells_by_enrollments);
	g_test_add_func("/akamai/tells-rights", tells_rights);
	g_test_add_func("/akamai/refuses", refuses);
	g_test_add_func("/akamai/signs-for-itself", signs_for_itself);
	return g_test_run();
}
