/* Signing in to Sectigo by each way that there is, what is said when it is refused, the test of the
 * connection, and what somebody pastes. */
#include "../model/make.h"
#include "visit.h"

#include <string.h>

#include <certty/base/clock.h>
#include <provider/sectigo/own.h>

#define NOW  INT64_C(1785580000)	/* 2026-08-01 */
#define ORGS "GET /api/organization/v1"
#define PASS "GET /api/admin/v1/password"
#define ADMINS "GET /api/admin/v1?login=robot-example&size=200&position=0"
#define TWO  "[{\"id\":1,\"name\":\"A\",\"departments\":[{\"id\":2,\"name\":\"D\"}]},{\"id\":3,\"name\":\"B\"}]"
#define TOKENS "POST /auth/realms/apiclients/protocol/openid-connect/token"

static void begin(struct visit *v, const char *way)
{
	clock_set(NOW);
	visit_init(v, "sectigo");
	visit_arg(v, "sign-in", way);
}

static void begin_password(struct visit *v)
{
	begin(v, "password");
	visit_arg(v, "login", "robot-example");
	visit_arg(v, "customer-uri", "ExampleUni");
	visit_secret(v, "password", "p w\xc3\xb6rd");
}

static void begin_key(struct visit *v)
{
	begin(v, "api-key");
	visit_arg(v, "client-id", "11112222");
	visit_secret(v, "client-secret", "n&t");
}

/* ---- signing in ---- */

static void test_password(void)
{
	static const struct visit_answer script[] = {
		{ ORGS, 200, TWO, .header = NULL },
		{ PASS, 200, "{\"state\":\"ALIVE\",\"expirationDate\":\"2026-10-30\"}", .header = NULL },
		{ ADMINS, 200, "[{\"id\":7,\"login\":\"other\"},{\"id\":9,\"login\":\"Robot-Example\"}]",
		  .header = NULL },
		{ "GET /api/admin/v1/9", 200, "{\"credentials\":[{\"role\":\"RAO_SSL\"},"
		  "{\"role\":\"RAO_SSL\"}],\"privileges\":[\"sslRenew\"]}", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_password(&v);
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_script_is_over(&v));
	g_assert_true(visit_has_line(&v, 0, "GET https://cert-manager.com/api/organization/v1"));
	g_assert_true(visit_has_line(&v, 0, "login: robot-example"));
	g_assert_true(visit_has_line(&v, 0, "customerUri: exampleuni"));
	g_assert_true(visit_has_line(&v, 0, "password: p w\xc3\xb6rd"));
	g_assert_cmpstr(v.who_said, ==, "robot-example of ExampleUni");
	g_assert_true(g_str_has_prefix(v.said, "signed in as robot-example of ExampleUni; 2 organizations "
					       "and 1 department visible; the password expires on "
					       "2026-10-30; "));
	g_assert_cmpuint(v.troubles->len, ==, 0);
	g_assert_nonnull(strstr(v.said, "; as RAO_SSL it may renew, and may not order, approve orders, "));
	g_assert_true(g_str_has_prefix(v.rights, "as RAO_SSL it may renew, and may not order, approve "));
	g_assert_nonnull(strstr(v.may_not, "revoke|||revoke: it lacks sslRevoke, a privilege\n"));
	g_assert_nonnull(strstr(v.may_not, "object-add||what=domain|change domains: it lacks allowManage"));
	g_assert_null(strstr(v.may_not, "renew|"));
	visit_done(&v);
}

static void test_certificate(void)
{
	static const struct visit_answer script[] = {
		{ "GET /private/api/organization/v1", 200, "[]", .header = NULL }, { 0 } };
	struct visit v;

	begin(&v, "certificate");
	visit_arg(&v, "login", "robot-example");
	visit_arg(&v, "customer-uri", "exampleuni");
	visit_arg(&v, "instance", "hard");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "cert-file", NULL);
	visit_arg(&v, "cert-file", "/etc/robot.pem");
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0,
				     "GET https://hard.cert-manager.com/private/api/organization/v1"));
	g_assert_null(strstr(v.asked->pdata[0], "password"));
	g_assert_nonnull(strstr(v.said, "no organization is visible"));
	visit_done(&v);
}

static void test_key(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 200, "{\"access_token\":\"j.w.t\",\"expires_in\":300}", .header = NULL },
		{ ORGS, 401, "{}", .header = "WWW-Authenticate", .value = "Bearer" },
		{ TOKENS, 200, "{\"access_token\":\"j.w.2\"}", .header = NULL },
		{ ORGS, 200, TWO, .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_key(&v);
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_script_is_over(&v));
	g_assert_true(visit_has_line(&v, 0, "grant_type=client_credentials&client_id=11112222&"
					    "client_secret=n%26t"));
	g_assert_nonnull(strstr(v.asked->pdata[0], "POST https://auth.sso.sectigo.com/"));
	g_assert_true(visit_has_line(&v, 1, "GET https://admin.enterprise.sectigo.com/api/"
					    "organization/v1"));
	g_assert_true(visit_has_line(&v, 1, "Authorization: Bearer j.w.t"));
	g_assert_true(visit_has_line(&v, 3, "Authorization: Bearer j.w.2"));
	g_assert_cmpint(v.access->ends, ==, NOW + 300);
	g_assert_cmpstr(v.who_said, ==, "API key 11112222");
	visit_done(&v);
}

static void test_key_refused(void)
{
	static const struct visit_answer script[] = {
		{ TOKENS, 401, "{\"error\":\"invalid_client\",\"error_description\":\"Bad secret\"}",
		  .header = "WWW-Authenticate",
		  .value = "Bearer authorization_uri=\"https://sso.example/token\", error=x" },
		{ 0 }
	};
	struct visit v;

	begin_key(&v);
	visit_script(&v, script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "signing in with the API key", "Bad secret",
			   "https://sso.example/token, it says", NULL);
	visit_secret(&v, "client-secret", NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "no client secret", NULL);
	visit_done(&v);
}

static void test_where(void)
{
	static const struct {
		const char *way, *instance, *url, *base;
	} rows[] = {
		{ "password", "hard", NULL, "https://hard.cert-manager.com/api" },
		{ "api-key", "hard", NULL, "https://admin.hard.sectigo.com/api" },
		{ "password", "other", "https://scm.example/api/", "https://scm.example/api" },
		{ "certificate", "other", "https://scm.example/api", "https://scm.example/private/api" },
		{ "certificate", "other", "https://scm.example/private/api",
		  "https://scm.example/private/api" },
		{ "certificate", "other", "https://scm.example/own", "https://scm.example/own" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(args) a = args_new();
		g_autofree char *base = NULL;

		args_set(a, "sign-in", rows[i].way);
		args_set(a, "instance", rows[i].instance);
		args_set(a, "url", rows[i].url);
		base = sectigo_base(a);
		g_assert_cmpstr(base, ==, rows[i].base);
	}
}

/* A password goes below the configured address and nowhere else. */
static void test_where_to(void)
{
	static const char *const bad[] = {
		"https://cert-manager.com/other", "https://cert-manager.com.evil.example/api/x",
		"http://cert-manager.com/api/x", "https://cert-manager.com/apix", "https://evil.example/",
	};
	const struct provider *p = provider_find("sectigo");
	g_autoptr(access) a = access_new();

	args_set(a->with, "login", "x");
	args_put_secret(a->with, "password", make_secret("y"));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(request_out) r = exchange_get(bad[i]);
		g_autoptr(GError) error = NULL;

		g_assert_false(p->sign(r, a, NOW, &error));
		g_assert_error(error, ERR, ERR_REFUSED);
		g_assert_cmpuint(r->headers->len, ==, 0);
	}
}

/* ---- refusals ---- */

static void test_refusals(void)
{
	static const struct {
		int status;
		const char *body;
		enum err err;
		const char *said;
	} rows[] = {
		{ 401, "{\"code\":-16,\"description\":\"Unknown user\"}", ERR_SIGN_IN,
		  "listing organizations: the login is not known, or the password is wrong (-16 Unknown "
		  "user); check login" },
		{ 400, "{\"code\":-3,\"description\":\"No<br>right\"}", ERR_REFUSED, "(-3 No right); ask" },
		{ 400, "{\"code\":-240,\"description\":\"x\"}", ERR_REFUSED, "(-240 x)" },
		{ 400, "{\"code\":-256,\"description\":\"x\"}", ERR_REFUSED, "(-256 x)" },
		{ 400, "{\"code\":-257,\"description\":\"x\"}", ERR_REPLY, "status 400 (-257 x)" },
		{ 400, "{\"code\":-970}", ERR_SIGN_IN, "(-970); change the password" },
		{ 400, "{\"code\":-429,\"description\":\"c\"}", ERR_SIGN_IN, "no access to the CA" },
		{ 400, "{\"code\":-195,\"description\":\"c\"}", ERR_BUSY, "try again later" },
		{ 400, "{\"code\":-1400,\"description\":\"c\"}", ERR_PENDING, "wait" },
		{ 401, "", ERR_SIGN_IN, "the sign-in was refused; check login" },
		{ 502, "<html>", ERR_BUSY, "status 502" },
		{ 403, "<html>", ERR_REFUSED, "a proxy or a wrong address" },
		{ 503, "\n<HTML><Title>\nBack\x1b soon</title>", ERR_BUSY, "(status 503, \"Back" },
		{ 200, "<title>A", ERR_BUSY, "a web page came instead of an answer (status 200); try again" },
		{ 401, "<title>A</title>", ERR_SIGN_IN, "the sign-in was refused; check login" },
		{ 418, "{\"code\":-9999}", ERR_REPLY, "status 418 (-9999)" },
		{ 200, "", ERR_FORMAT, "not understood" },
		{ 200, "[{\"id\":1}]", ERR_REPLY, "item 1" },
		{ 0, NULL, ERR_NETWORK, "listing organizations: nobody answers" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit_answer script[] = { { ORGS, rows[i].status, rows[i].body, .type = NULL },
						 { 0 } };
		struct visit v;

		begin_password(&v);
		visit_script(&v, script);
		g_assert_false(visit_test(&v));
		visit_expect_error(&v, rows[i].err, rows[i].said, NULL);
		g_assert_true(visit_script_is_over(&v));
		visit_done(&v);
	}
}

/* An order is never worth sending again, whatever status a proxy gives it; what only reads is. */
static void test_again(void)
{
	static const struct { int status; const char *body; enum verdict verdict; } rows[] = {
		{ 200, "[]", VERDICT_BY_STATUS },
		{ 503, "<html>", VERDICT_BROKEN },
		{ 500, "", VERDICT_BROKEN },
		{ 400, "{\"code\":-195}", VERDICT_BROKEN },
		{ 400, "{\"code\":-3}", VERDICT_BY_STATUS },
		{ 429, "", VERDICT_BY_STATUS },
	};
	static const struct { const char *method, *path; int seconds; } calls[] = {
		{ "GET", "/ssl/v1", 60 },	       { "POST", "/ssl/v1/enroll", 180 },
		{ "POST", "/report/v1/ssl-certificates", 300 },
		{ "POST", "/dcv/v1/validation/sync", 120 }, { "DELETE", "/domain/v1/7", 90 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) body = g_bytes_new_static(rows[i].body, strlen(rows[i].body));
		struct reply r = { .status = rows[i].status, .body = body };

		g_assert_cmpint(sectigo_refusal_judge(&r), ==, rows[i].verdict);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
		g_assert_cmpint(sectigo_call_seconds(calls[i].method, calls[i].path), ==, calls[i].seconds);
}

/* A state is one word, however it is written. */
static void test_words(void)
{
	static const char *const rows[][2] = {
		{ "SA Approved", "SA_APPROVED" },     { "Not validated", "NOT_VALIDATED" },
		{ "NOT_VALIDATED", "NOT_VALIDATED" }, { "not-validated", "NOT_VALIDATED" },
		{ " Awaiting  submission ", "AWAITING_SUBMISSION" },
		{ "Enrolled - Pending Download", "ENROLLED_PENDING_DOWNLOAD" }, { "", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("{\"is\":\"%s\"}", rows[i][0]), *word = NULL;
		g_autoptr(json) j = json_parse(text, strlen(text), 1000, NULL);

		word = sectigo_call_word(j, "is");
		g_assert_cmpstr(word, ==, rows[i][1]);
	}
}

/* ---- the password's end ---- */

static void test_password_end(void)
{
	static const struct {
		int status;
		const char *body, *said, *trouble;
	} rows[] = {
		{ 200, "{\"state\":\"NEVER_EXPIRE\"}", "does not expire", NULL },
		{ 200, "{\"state\":\"ALIVE\",\"expirationDate\":\"2026-08-05\"}", "expires on 2026-08-05",
		  "expires on 2026-08-05, and everything" },
		{ 200, "{\"state\":\"EXPIRED\",\"expirationDate\":\"2026-07-05\"}", "expires on 2026-07-05",
		  "expired on 2026-07-05" },
		{ 200, "{\"state\":\"ALIVE\",\"expirationDate\":\"soon\"}", "is not told", NULL },
		{ 400, "{\"code\":-3,\"description\":\"no\"}", "is not told", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit_answer script[] = { { ORGS, 200, TWO, .header = NULL },
						 { PASS, rows[i].status, rows[i].body, .header = NULL },
						 { ADMINS, 400, "{\"code\":-3}", .header = NULL },
						 { 0 } };
		struct visit v;

		begin_password(&v);
		visit_script(&v, script);
		g_assert_true(visit_test(&v));
		g_assert_nonnull(strstr(v.said, rows[i].said));
		g_assert_cmpuint(v.troubles->len, ==, rows[i].trouble ? 1 : 0);
		if (rows[i].trouble)
			g_assert_nonnull(strstr(v.troubles->pdata[0], rows[i].trouble));
		visit_done(&v);
	}
}

/* ---- what is pasted ---- */

static char *pasted(const char *text)
{
	g_autoptr(secret) block = make_secret(text);
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;
	bool is_read = sectigo_block(block, a, &error);
	g_auto(GStrv) plain = args_keys(a), secrets = args_secret_keys(a);
	GString *s = g_string_new(NULL);

	g_assert_true(is_read || (!*plain && !*secrets));
	for (char **key = plain; *key; key++)
		g_string_append_printf(s, "%s=%s ", *key, args_get(a, *key));
	for (char **key = secrets; *key; key++)
		g_string_append_printf(s, "%s:%s ", *key, args_secret(a, *key)->bytes);
	if (error)
		g_string_append_printf(s, "! %s", error->message);
	else if (!is_read)
		g_string_append(s, "no");
	return g_string_free(s, FALSE);
}

static void test_blocks(void)
{
	static const struct {
		const char *text, *answers;
	} rows[] = {
		{ "login=robot password=p=1 customerUri=uni",
		  "customer-uri=uni login=robot sign-in=password password:p=1 " },
		{ "login: robot\npassword: p w\ncustomerUri: uni\n",
		  "customer-uri=uni login=robot sign-in=password password:p w " },
		{ "{\"username\":\"robot\",\"password\":\"p\",\"customer_uri\":\"uni\","
		  "\"baseUrl\":\"https://hard.cert-manager.com/api\"}",
		  "customer-uri=uni instance=hard login=robot sign-in=password password:p " },
		{ "{\"login\":\"robot\",\"customerUri\":\"uni\",\"url\":\"https://scm.example/api\"}",
		  "customer-uri=uni instance=other login=robot sign-in=certificate "
		  "url=https://scm.example/api " },
		{ "client_id=c\nclient_secret=s\nurl=https://admin.enterprise.sectigo.com/api\n",
		  "client-id=c instance=enterprise sign-in=api-key client-secret:s " },
		{ "SECTIGO_CLIENT_ID=c\nSECTIGO_CLIENT_SECRET=s",
		  "client-id=c sign-in=api-key client-secret:s " },
		{ "customerUri=uni password=x", "! the block is one of Sectigo, but it has no login in it" },
		{ "SECTIGO_CLIENT_ID=c", "! the block is one of Sectigo, but it has no client secret in it" },
		{ "client_id=c\nclient_secret=s", "no" },
		{ "login=a password=b", "no" },
		{ "{\"customerUri\":", "! the block is not JSON that can be read: " },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *s = pasted(rows[i].text);

		if (*rows[i].answers == '!')
			g_assert_true(g_str_has_prefix(s, rows[i].answers));
		else
			g_assert_cmpstr(s, ==, rows[i].answers);
	}
}

static void test_fields(void)
{
	const struct field *fields = provider_find("sectigo")->info->account_fields;
	g_autoptr(args) a = args_new();

	args_set(a, "login", "robot");
	args_set(a, "customer-uri", "uni");
	g_assert_false(field_check(fields, a, NULL));
	args_put_secret(a, "password", make_secret("x"));
	g_assert_true(field_check(fields, a, NULL));
	args_set(a, "instance", "other");
	g_assert_false(field_check(fields, a, NULL));
	args_set(a, "url", "https://scm.example/api");
	g_assert_true(field_check(fields, a, NULL));
	args_set(a, "customer-uri", "a/b");
	g_assert_false(field_check(fields, a, NULL));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		GTestFunc run;
	} tests[] = {
		{ "/sectigo/password", test_password },
		{ "/sectigo/certificate", test_certificate },
		{ "/sectigo/key", test_key },
		{ "/sectigo/key-refused", test_key_refused },
		{ "/sectigo/where", test_where },
		{ "/sectigo/where-to", test_where_to },
		{ "/sectigo/again", test_again },
		{ "/sectigo/words", test_words },
		{ "/sectigo/refusals", test_refusals },
		{ "/sectigo/password-end", test_password_end },
		{ "/sectigo/blocks", test_blocks },
		{ "/sectigo/fields", test_fields },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_func(tests[i].name, tests[i].run);
	return g_test_run();
}
