/* Accounts of DNS services: how they sign in, what other tools have for them, what is pasted, and each
 * way that a record can go into a zone, or not.  Where a record belongs is said by the test. */
#include "visit.h"

#include <string.h>

#include <glib/gstdio.h>

#include <provider/dns_service.h>

#define CF_ZONE "GET /client/v4/zones?name=example.org&per_page=50&page=1"
#define CF_SETS "GET /client/v4/zones/z1/dns_records?name="
#define CF_SET	CF_SETS "_a.example.org&per_page=100&page=1"
#define CF_ADD	"POST /client/v4/zones/z1/dns_records"
#define CF_HAS_ZONE "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":[{\"id\":\"z1\"," \
		    "\"name\":\"example.org\",\"status\":\"active\"}]}"
#define CF_RESULT(list) "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":[" list "]}"
#define CF_CNAME(value) "{\"id\":\"r1\",\"type\":\"CNAME\",\"name\":\"_a.example.org\",\"content\":\"" \
			value "\"}"
#define CF_TXT(value) "{\"id\":\"r2\",\"type\":\"TXT\",\"name\":\"_a.example.org\",\"content\":\"" value "\"}"
#define CF_ERROR(code, message) "{\"success\":false,\"errors\":[{\"code\":" code ",\"message\":\"" message \
				"\"}],\"messages\":[],\"result\":null}"
#define CNAME "_a.example.org. 300 IN CNAME _B.acm-validations.aws."

/* Where DNS says that records belong. */
static bool locate(struct visit *v, struct work *w)
{
	GPtrArray *spots;

	if (!v->settings)
		return false;
	spots = dns_service_spots();
	for (guint i = 0; i < v->records->len; i++) {
		const struct dns_record *r = v->records->pdata[i];
		g_autofree char *name = g_strndup(r->name, strlen(r->name) - 1);

		if (g_str_has_suffix(name, ".example.net"))
			dns_service_spot(spots, name, "example.net");
		else if (g_str_has_suffix(name, "moved.example.org"))
			dns_service_spot(spots, "_a.example.org", "example.org");
		else
			dns_service_spot(spots, name, g_str_has_suffix(name, "example.org") ?
					 "example.org" : NULL);
	}
	w->out = spots;
	return true;
}

/* The sign-in is a work as well, and that one is done as it is. */
static void begin(struct visit *v, const char *provider)
{
	visit_init(v, provider);
	v->work = locate;
}

static void begin_cloudflare(struct visit *v)
{
	begin(v, "cloudflare");
	visit_arg(v, "auth", "token");
	visit_secret(v, "token", "tok");
}

static void begin_godaddy(struct visit *v)
{
	begin(v, "godaddy");
	visit_arg(v, "auth", "key");
	visit_arg(v, "sso-key", "dLf3Key");
	visit_secret(v, "sso-secret", "s3cret");
}

static bool change(struct visit *v, const struct visit_answer *script, bool (*how)(struct visit *v))
{
	bool ok;

	g_assert_true(visit_sign_in(v));
	v->settings = settings_load("/dev/null");
	visit_script(v, script);
	ok = how(v);
	g_assert_true(visit_script_is_over(v));
	return ok;
}

static bool publish(struct visit *v, const struct visit_answer *script)
{
	return change(v, script, visit_publish);
}

static bool unpublish(struct visit *v, const struct visit_answer *script)
{
	return change(v, script, visit_unpublish);
}

static void expect_trouble(const struct visit *v, const char *part)
{
	g_assert_cmpuint(v->troubles->len, ==, 1);
	if (!strstr(v->troubles->pdata[0], part))
		g_error("'%s' is not in '%s'", part, (const char *)v->troubles->pdata[0]);
}

/* ---- Cloudflare ---- */

static void test_cloudflare_sign_in(void)
{
	static const struct visit_answer script[] = {
		{ "GET /client/v4/zones?per_page=50&page=1", 200,
		  "{\"success\":true,\"result\":[{\"id\":\"z1\",\"name\":\"example.org\",\"account\":"
		  "{\"name\":\"Example\"}}],\"result_info\":{\"total_count\":7}}", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Bearer tok"));
	g_assert_cmpstr(v.who_said, ==, "an API token of Example");
	g_assert_nonnull(strstr(v.said, "7 zones visible"));
	visit_done(&v);
	begin(&v, "cloudflare");
	visit_arg(&v, "auth", "key");
	visit_arg(&v, "email", "ops@example.org");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "global API key", NULL);
	visit_secret(&v, "api-key", "k3y");
	visit_script(&v, script);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0, "X-Auth-Email: ops@example.org"));
	g_assert_true(visit_has_line(&v, 0, "X-Auth-Key: k3y"));
	g_assert_null(strstr(v.asked->pdata[0], "Authorization"));
	visit_done(&v);
}

static void test_cloudflare_refused(void)
{
	static const struct {
		int status;
		const char *body;
		enum err err;
		const char *part;
	} rows[] = {
		{ 400, "{\"success\":false,\"errors\":[{\"code\":6003,\"message\":\"Invalid headers\","
		       "\"error_chain\":[{\"code\":6103,\"message\":\"Invalid format for X-Auth-Key\"}]}]}",
		  ERR_SIGN_IN, "Invalid format for X-Auth-Key" },
		{ 403, CF_ERROR("9109", "Invalid access token"), ERR_SIGN_IN, "not valid" },
		{ 403, CF_ERROR("10000", "Authentication error"), ERR_SIGN_IN, "Zone:Read" },
		{ 400, CF_ERROR("4711", "Something else"), ERR_REPLY, "4711 Something else" },
		{ 429, "{}", ERR_BUSY, "too often" },
		{ 502, "<html>", ERR_BUSY, "no reason in it" },
		{ 200, "<html>", ERR_REPLY, "no reason in it" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct visit_answer script[] = {
			{ "GET /client/v4/zones?per_page=50&page=1", rows[i].status, rows[i].body,
			  .header = NULL }, { 0 } };
		struct visit v;

		begin_cloudflare(&v);
		visit_script(&v, script);
		g_assert_false(visit_test(&v));
		visit_expect_error(&v, rows[i].err, rows[i].part, NULL);
		visit_done(&v);
	}
}

static void test_cloudflare_adds(void)
{
	static const struct visit_answer script[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ CF_ADD, 200, CF_RESULT(""), .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_CNAME("_b.acm-validations.aws")), .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, CNAME);
	g_assert_true(publish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_true(visit_has_line(&v, 2, "{\"type\":\"CNAME\",\"name\":\"_a.example.org\",\"content\":"
					    "\"_b.acm-validations.aws\",\"ttl\":300,\"proxied\":false,"
					    "\"comment\":\"certty\"}"));
	visit_done(&v);
}

/* A text goes beside others, where the name leads, and the zone is asked for once. */
static void test_cloudflare_texts(void)
{
	static const struct visit_answer script[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_TXT("\\\"others\\\"")), .header = NULL },
		{ CF_ADD, 200, CF_RESULT(""), .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_TXT("\\\"others\\\"") "," CF_TXT("\\\"a \\\\\\\"b\\\"")),
		  .header = NULL },
		{ CF_SETS "_c.example.org&per_page=100&page=1", 200,
		  CF_RESULT("{\"type\":\"TXT\",\"name\":\"_c.example.org\",\"content\":\"bare\"}"),
		  .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, "_x.moved.example.org. 0 IN TXT \"a \\\"\" \"b\"");
	visit_record(&v, "_c.example.org. 0 IN TXT bare");
	g_assert_true(publish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 2);
	g_assert_cmpuint(v.placed->len, ==, 1);
	g_assert_cmpstr(v.placed->pdata[0], ==, "example.org _a.example.org. 0 IN TXT \"a \\\"\" \"b\"");
	g_assert_true(visit_has_line(&v, 2, "{\"type\":\"TXT\",\"name\":\"_a.example.org\",\"content\":"
					    "\"\\\"a \\\\\\\"b\\\"\",\"ttl\":120,\"comment\":\"certty\"}"));
	visit_done(&v);
}

static void test_cloudflare_in_the_way(void)
{
	static const struct {
		const char *record, *there, *part;
	} rows[] = {
		{ CNAME, CF_CNAME("elsewhere.example.net"), "a record CNAME elsewhere.example.net already" },
		{ CNAME, CF_TXT("x"), "a record TXT x already" },
		{ CNAME, "{\"type\":\"A\",\"name\":\"_a.example.org\",\"content\":\"192.0.2.1\"}",
		  "a record A already" },
		{ "_a.example.org. 0 IN TXT x", CF_CNAME("elsewhere.example.net"), "a record CNAME elsewhere" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *sets = g_strdup_printf(CF_RESULT("%s"), rows[i].there);
		const struct visit_answer script[] = {
			{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL }, { CF_SET, 200, sets, .header = NULL },
			{ 0 } };
		struct visit v;

		begin_cloudflare(&v);
		visit_record(&v, rows[i].record);
		g_assert_false(publish(&v, script));
		visit_expect_error(&v, ERR_REFUSED, rows[i].part, "nothing was changed", NULL);
		visit_done(&v);
	}
}

/* What the service says to the adding is not what counts. */
static void test_cloudflare_read_back(void)
{
	static const struct visit_answer twice[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ CF_ADD, 400, CF_ERROR("81058", "An identical record already exists."), .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_CNAME("_b.acm-validations.aws")), .header = NULL },
		{ 0 }
	};
	static const struct visit_answer never[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ CF_ADD, 200, CF_RESULT(""), .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ 0 }
	};
	static const struct visit_answer conflict[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ CF_ADD, 400, CF_ERROR("81053", "An A, AAAA, or CNAME record with that host already exists."),
		  .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, CNAME);
	g_assert_true(publish(&v, twice));
	g_assert_cmpuint(v.n_published, ==, 1);
	visit_done(&v);
	begin_cloudflare(&v);
	visit_record(&v, CNAME);
	g_assert_false(publish(&v, never));
	visit_expect_error(&v, ERR_REFUSED, "does not have it when it is asked", NULL);
	g_assert_cmpuint(v.n_published, ==, 0);
	visit_done(&v);
	begin_cloudflare(&v);
	visit_record(&v, CNAME);
	g_assert_false(publish(&v, conflict));
	visit_expect_error(&v, ERR_REFUSED, "81053", "nothing was changed", NULL);
	visit_done(&v);
}

/* Zones of others are no error, and are asked for once; what is in no zone is said. */
static void test_cloudflare_zones(void)
{
	static const struct visit_answer script[] = {
		{ "GET /client/v4/zones?name=example.net&per_page=50&page=1", 200, CF_RESULT(""),
		  .header = NULL },
		{ CF_ZONE, 200, "{\"success\":true,\"result\":[{\"id\":\"z1\",\"name\":\"example.org\","
				"\"status\":\"moved\"}]}", .header = NULL },
		{ 0 }
	};
	static const struct visit_answer strange[] = {
		{ CF_ZONE, 200, "{\"success\":true,\"result\":[{\"id\":\"../x\",\"name\":\"example.org\"}]}",
		  .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, "_a.example.net. 0 IN TXT x");
	visit_record(&v, "_b.example.net. 0 IN TXT x");
	visit_record(&v, CNAME);
	g_assert_false(publish(&v, script));
	visit_expect_error(&v, ERR_REFUSED, "is moved at Cloudflare", NULL);
	visit_done(&v);
	begin_cloudflare(&v);
	visit_record(&v, "_a.nowhere.test. 0 IN TXT x");
	visit_record(&v, CNAME);
	g_assert_false(publish(&v, strange));
	expect_trouble(&v, "its zone was not found");
	g_assert_cmpuint(v.n_published, ==, 0);
	visit_done(&v);
}

/* A token that is not taken ends it all; no record after it is tried. */
static void test_cloudflare_ends(void)
{
	static const struct visit_answer script[] = {
		{ CF_ZONE, 403, CF_ERROR("9109", "Unauthorized to access requested resource"), .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, CNAME);
	visit_record(&v, "_c.example.org. 0 IN TXT x");
	g_assert_false(publish(&v, script));
	visit_expect_error(&v, ERR_SIGN_IN, "DNS:Edit", NULL);
	visit_done(&v);
}

/* That value, by its number, and no other; what is not there is gone. */
static void test_cloudflare_takes(void)
{
	static const struct visit_answer script[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT("{\"id\":\"r1\",\"type\":\"TXT\",\"name\":\"_a.example.org\","
					 "\"content\":\"\\\"others\\\"\"}," CF_TXT("\\\"ours\\\"")),
		  .header = NULL },
		{ "DELETE /client/v4/zones/z1/dns_records/r2", 200, CF_RESULT(""), .header = NULL },
		{ CF_SET, 200, CF_RESULT(""), .header = NULL },
		{ CF_SETS "_c.example.org&per_page=100&page=1", 200, CF_RESULT(""), .header = NULL },
		{ 0 }
	};
	static const struct visit_answer stays[] = {
		{ CF_ZONE, 200, CF_HAS_ZONE, .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_TXT("ours")), .header = NULL },
		{ "DELETE /client/v4/zones/z1/dns_records/r2", 404, CF_ERROR("81044", "Record does not exist."),
		  .header = NULL },
		{ CF_SET, 200, CF_RESULT(CF_TXT("ours")), .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_cloudflare(&v);
	visit_record(&v, "_a.example.org. 0 IN TXT ours");
	visit_record(&v, "_c.example.org. 0 IN TXT ours");
	g_assert_true(unpublish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 2);
	visit_done(&v);
	begin_cloudflare(&v);
	visit_record(&v, "_a.example.org. 0 IN TXT ours");
	g_assert_false(unpublish(&v, stays));
	visit_expect_error(&v, ERR_REFUSED, "has it when it is asked", NULL);
	g_assert_cmpuint(v.n_published, ==, 0);
	visit_done(&v);
}

/* ---- GoDaddy ---- */

#define GD "GET /v1/domains/example.org/records/"
#define GD_TXT(data) "{\"data\":\"" data "\",\"name\":\"_a\",\"ttl\":600,\"type\":\"TXT\"}"
#define GD_CNAME(data) "{\"data\":\"" data "\",\"name\":\"_a\",\"ttl\":600,\"type\":\"CNAME\"}"
#define GD_PATCH "PATCH /v1/domains/example.org/records"

static void test_godaddy_sign_in(void)
{
	static const struct visit_answer good[] = {
		{ "GET /v1/domains?limit=1000", 200,
		  "[{\"domain\":\"example.org\"},{\"domain\":\"example.net\"}]",
		  .header = NULL }, { 0 } };
	static const struct visit_answer small[] = {
		{ "GET /v1/domains?limit=1000", 403,
		  "{\"code\":\"ACCESS_DENIED\",\"message\":\"Authenticated user is not allowed access\"}",
		  .header = NULL }, { 0 } };
	static const struct visit_answer wrong[] = {
		{ "GET /v1/domains?limit=1000", 400,
		  "{\"code\":\"UNABLE_TO_AUTHENTICATE\",\"message\":\"Could not authenticate\"}",
		  .header = NULL }, { 0 } };
	struct visit v;

	begin_godaddy(&v);
	visit_script(&v, good);
	g_assert_true(visit_test(&v));
	g_assert_true(visit_has_line(&v, 0, "Authorization: sso-key dLf3Key:s3cret"));
	g_assert_nonnull(strstr(v.said, "2 domains visible"));
	visit_script(&v, small);
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_REFUSED, "ten domains", "is not allowed access", NULL);
	visit_script(&v, wrong);
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "is not taken", NULL);
	g_assert_null(strstr(v.error->message, "s3cret"));
	visit_done(&v);
}

static void test_godaddy_adds(void)
{
	static const struct visit_answer script[] = {
		{ GD "TXT/_a", 200, "[" GD_TXT("others") "]", .header = NULL },
		{ GD "CNAME/_a", 200, "[]", .header = NULL },
		{ GD_PATCH, 200, "", .header = NULL },
		{ GD "TXT/_a", 200, "[" GD_TXT("others") "," GD_TXT("token") "]", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_godaddy(&v);
	visit_record(&v, "_a.example.org. 60 IN TXT token");
	g_assert_true(publish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_true(visit_has_line(&v, 2, "[{\"type\":\"TXT\",\"name\":\"_a\",\"data\":\"token\","
					    "\"ttl\":600}]"));
	visit_done(&v);
}

static void test_godaddy_alias(void)
{
	static const struct visit_answer script[] = {
		{ GD "CNAME/_a", 200, "[]", .header = NULL },	{ GD "TXT/_a", 200, "[]", .header = NULL },
		{ GD "A/_a", 200, "[]", .header = NULL },	{ GD "AAAA/_a", 200, "[]", .header = NULL },
		{ GD "MX/_a", 200, "[]", .header = NULL },	{ GD "NS/_a", 200, "[]", .header = NULL },
		{ GD_PATCH, 422, "{\"code\":\"DUPLICATE_RECORD\",\"message\":\"Another record with the same "
				 "attributes already exists\"}", .header = NULL },
		{ GD "CNAME/_a", 200, "[" GD_CNAME("_b.acm-validations.aws") "]", .header = NULL },
		{ 0 }
	};
	static const struct visit_answer taken[] = {
		{ GD "CNAME/_a", 200, "[]", .header = NULL },	{ GD "TXT/_a", 200, "[]", .header = NULL },
		{ GD "A/_a", 200, "[{\"data\":\"192.0.2.1\",\"name\":\"_a\",\"type\":\"A\"}]", .header = NULL },
		{ GD "AAAA/_a", 200, "[]", .header = NULL },	{ GD "MX/_a", 200, "[]", .header = NULL },
		{ GD "NS/_a", 200, "[]", .header = NULL },	{ 0 }
	};
	struct visit v;

	begin_godaddy(&v);
	visit_record(&v, CNAME);
	g_assert_true(publish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 1);
	visit_done(&v);
	begin_godaddy(&v);
	visit_record(&v, CNAME);
	g_assert_false(publish(&v, taken));
	visit_expect_error(&v, ERR_REFUSED, "a record A already", NULL);
	visit_done(&v);
}

static void test_godaddy_other_zones(void)
{
	static const struct visit_answer script[] = {
		{ "GET /v1/domains/example.net/records/TXT/_a", 404, "{\"code\":\"UNKNOWN_DOMAIN\",\"message\":"
		  "\"The given domain is not registered, or does not have a zone file\"}", .header = NULL },
		{ "GET /v1/domains/example.org/records/TXT/@", 200, "[" GD_TXT("x") "]", .header = NULL },
		{ "GET /v1/domains/example.org/records/CNAME/@", 200, "[]", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_godaddy(&v);
	visit_record(&v, "_a.example.net. 0 IN TXT x");
	visit_record(&v, "example.org. 0 IN TXT x");
	g_assert_true(publish(&v, script));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_cmpuint(v.troubles->len, ==, 0);
	visit_done(&v);
}

/* A set of ours alone goes; one with others in it does not. */
static void test_godaddy_takes(void)
{
	static const struct visit_answer alone[] = {
		{ GD "TXT/_a", 200, "[" GD_TXT("ours") "]", .header = NULL },
		{ GD "CNAME/_a", 200, "[]", .header = NULL },
		{ "DELETE /v1/domains/example.org/records/TXT/_a", 204, "", .header = NULL },
		{ GD "TXT/_a", 404, "{\"code\":\"NOT_FOUND\",\"message\":\"none\"}", .header = NULL },
		{ 0 }
	};
	static const struct visit_answer others[] = {
		{ GD "TXT/_a", 200, "[" GD_TXT("ours") "," GD_TXT("theirs") "]", .header = NULL },
		{ GD "CNAME/_a", 200, "[]", .header = NULL },
		{ 0 }
	};
	struct visit v;

	begin_godaddy(&v);
	visit_record(&v, "_a.example.org. 0 IN TXT ours");
	g_assert_true(unpublish(&v, alone));
	g_assert_cmpuint(v.n_published, ==, 1);
	visit_done(&v);
	begin_godaddy(&v);
	visit_record(&v, "_a.example.org. 0 IN TXT ours");
	g_assert_false(unpublish(&v, others));
	visit_expect_error(&v, ERR_REFUSED, "1 more stands", NULL);
	visit_done(&v);
}

/* A key goes below the account's address and nowhere else. */
static void test_where_to(void)
{
	static const char *const bad[] = {
		"https://api.cloudflare.com/client/v4.evil.example/", "http://api.cloudflare.com/client/v4/x",
		"https://api.godaddy.com.evil.example/v1", "https://evil.example/",
	};
	static const char *const names[] = { "cloudflare", "godaddy", "rfc2136" };
	g_autoptr(access) a = access_new();

	args_put_secret(a->with, "token", secret_new("t", 1));
	args_put_secret(a->with, "sso-secret", secret_new("s", 1));
	for (size_t i = 0; i < G_N_ELEMENTS(bad) * G_N_ELEMENTS(names); i++) {
		g_autoptr(request_out) r = exchange_get(bad[i % G_N_ELEMENTS(bad)]);
		g_autoptr(GError) error = NULL;

		g_assert_false(provider_find(names[i / G_N_ELEMENTS(bad)])->sign(r, a, 0, &error));
		g_assert_error(error, ERR, ERR_REFUSED);
		g_assert_cmpuint(r->headers->len, ==, 0);
	}
}

/* ---- what other tools have ---- */

static void write_file(const char *folder, const char *name, const char *text)
{
	g_autofree char *where = g_build_filename(g_get_home_dir(), folder, NULL);
	g_autofree char *path = g_build_filename(where, name, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(where, 0700), ==, 0);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static const struct account *find(const GPtrArray *found, const char *id)
{
	for (guint i = 0; i < found->len; i++)
		if (!strcmp(((const struct account *)found->pdata[i])->id, id))
			return found->pdata[i];
	return NULL;
}

static void expect_found(const char *provider, const char *ids)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) wanted = g_strsplit(ids, " ", -1);

	provider_find(provider)->find_accounts(found, troubles);
	g_assert_cmpuint(troubles->len, ==, 0);
	g_assert_cmpuint(found->len, ==, *ids ? g_strv_length(wanted) : 0);
	for (char **id = wanted; *id && **id; id++) {
		const struct account *a = find(found, *id);

		g_assert_nonnull(a);
		g_assert_cmpstr(strchr(a->id, ':') + 1, ==, args_get(a->answers, "auth"));
	}
}

/* Signs in as the account that was found does; what it has then. */
static void sign_in_as(const char *provider, const char *way, const char *key, const char *secret,
		       const char *from)
{
	const struct secret *s;
	struct visit v;

	visit_init(&v, provider);
	visit_arg(&v, "auth", way);
	if (!visit_sign_in(&v))
		g_error("%s", v.error->message);
	s = args_secret(v.access->with, key);
	g_assert_nonnull(s);
	g_assert_cmpstr(s->bytes, ==, secret);
	g_assert_cmpstr(v.access->from, ==, from);
	visit_done(&v);
}

static void test_found(void)
{
	struct visit v;

	expect_found("cloudflare", "");
	expect_found("godaddy", "");
	expect_found("rfc2136", "");
	write_file(".acme.sh", "account.conf",
		   "LOG_LEVEL='1'\nSAVED_CF_Token='acme token'\nSAVED_GD_Key='gk'\nSAVED_GD_Secret='gs'\n"
		   "SAVED_NSUPDATE_SERVER='192.0.2.1'\nSAVED_NSUPDATE_SERVER_PORT='5353'\n");
	write_file(".secrets/certbot", "cloudflare.ini",
		   "# token\ndns_cloudflare_email = a@example.org\ndns_cloudflare_api_key = 0123abc\n");
	write_file(".secrets/certbot", "rfc2136.ini",
		   "dns_rfc2136_server = 192.0.2.1\ndns_rfc2136_port = 5353\ndns_rfc2136_name = keyname.\n"
		   "dns_rfc2136_secret = MDEy\ndns_rfc2136_algorithm = HMAC-SHA512\n");
	expect_found("cloudflare", "cloudflare:acme.sh cloudflare:certbot");
	expect_found("godaddy", "godaddy:acme.sh");
	expect_found("rfc2136", "rfc2136:certbot");
	sign_in_as("cloudflare", "acme.sh", "token", "acme token", "~/.acme.sh/account.conf");
	sign_in_as("cloudflare", "certbot", "api-key", "0123abc", "~/.secrets/certbot/cloudflare.ini");
	sign_in_as("godaddy", "acme.sh", "sso-secret", "gs", "~/.acme.sh/account.conf");
	sign_in_as("rfc2136", "certbot", "secret", "MDEy", "~/.secrets/certbot/rfc2136.ini");
	visit_init(&v, "rfc2136");
	visit_arg(&v, "auth", "certbot");
	g_assert_true(visit_sign_in(&v));
	g_assert_cmpstr(args_get(v.access->with, "server"), ==, "192.0.2.1@5353");
	visit_done(&v);
	visit_init(&v, "cloudflare");
	visit_arg(&v, "auth", "environment");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "no API token in the environment any more", NULL);
	visit_done(&v);
}

static void test_found_in_environment(void)
{
	if (g_test_subprocess()) {
		expect_found("cloudflare", "cloudflare:environment");
		expect_found("godaddy", "godaddy:environment");
		expect_found("rfc2136", "rfc2136:environment");
		sign_in_as("cloudflare", "environment", "token", "env token", "the environment");
		sign_in_as("godaddy", "environment", "sso-secret", "es", "the environment");
		sign_in_as("rfc2136", "environment", "secret", "MDEy", "the environment");
		return;
	}
	g_setenv("CF_DNS_API_TOKEN", "env token", TRUE);
	g_setenv("GD_Key", "ek", TRUE);
	g_setenv("GD_Secret", "es", TRUE);
	g_setenv("RFC2136_NAMESERVER", "192.0.2.1:53", TRUE);
	g_setenv("RFC2136_TSIG_KEY", "k", TRUE);
	g_setenv("RFC2136_TSIG_SECRET", "MDEy", TRUE);
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
	g_test_trap_assert_passed();
	g_unsetenv("CF_DNS_API_TOKEN");
	g_unsetenv("GD_Key");
	g_unsetenv("GD_Secret");
	g_unsetenv("RFC2136_NAMESERVER");
	g_unsetenv("RFC2136_TSIG_KEY");
	g_unsetenv("RFC2136_TSIG_SECRET");
}

/* ---- what is pasted ---- */

static void test_pasted(void)
{
	static const struct {
		const char *provider, *block, *answers;	/* NULL: it is nothing of this one's */
	} rows[] = {
		{ "cloudflare", "export CF_Token=\"t\"\n", "auth=token" },
		{ "cloudflare", "CLOUDFLARE_EMAIL=a@b\nCLOUDFLARE_API_KEY=k", "auth=key email=a@b" },
		{ "cloudflare", "CLOUDFLARE_API_KEY=k", NULL },
		{ "cloudflare", "GD_Key=k\nGD_Secret=s", NULL },
		{ "godaddy", "GD_Key=k\nGD_Secret=s", "auth=key sso-key=k" },
		{ "godaddy", "GD_Key=k", NULL },
		{ "rfc2136", "key \"certty-test\" {\n\talgorithm hmac-sha512;\n\tsecret \"MDEy\";\n};\n",
		  "algorithm=hmac-sha512 auth=key key-name=certty-test" },
		{ "rfc2136", "// the key\nkey k { secret MDEy; };", "auth=key key-name=k" },
		{ "rfc2136", "# hmac-sha256:certty-test:MDEy\nkey:\n  - id: certty-test\n",
		  "algorithm=hmac-sha256 auth=key key-name=certty-test" },
		{ "rfc2136", "certty-test:MDEy", "auth=key key-name=certty-test" },
		{ "rfc2136", "hmac-sha3:certty-test:MDEy", NULL },
		{ "rfc2136", "key k { algorithm hmac-sha256; };", NULL },
		{ "rfc2136", "NSUPDATE_SERVER=ns1\nNSUPDATE_SERVER_PORT=5353\nNSUPDATE_KEY=/etc/key",
		  "auth=tsig-file server=ns1@5353 tsig-file=/etc/key" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(secret) block = secret_new(rows[i].block, strlen(rows[i].block));
		g_autoptr(args) got = args_new();
		g_autoptr(GString) s = g_string_new(NULL);
		bool is_read = provider_find(rows[i].provider)->info->read_block(block, got, NULL);
		g_auto(GStrv) keys = args_keys(got);

		for (char **key = keys; *key; key++)
			g_string_append_printf(s, "%s%s=%s", s->len ? " " : "", *key, args_get(got, *key));
		g_assert_cmpint(is_read, ==, rows[i].answers != NULL);
		g_assert_cmpstr(s->str, ==, rows[i].answers ? rows[i].answers : "");
	}
}

/* ---- one's own servers, as far as no server is asked ---- */

static void test_updates_sign_in(void)
{
	struct visit v;

	visit_init(&v, "rfc2136");
	visit_arg(&v, "auth", "key");
	visit_arg(&v, "key-name", "k");
	g_assert_false(visit_sign_in(&v));
	visit_secret(&v, "secret", "MDEy");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "name the server", NULL);
	visit_arg(&v, "server", "https://x/");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "no DNS server", NULL);
	visit_arg(&v, "server", "192.0.2.1");
	g_assert_true(visit_sign_in(&v));
	visit_arg(&v, "auth", "tsig-file");
	visit_secret(&v, "secret", NULL);
	visit_arg(&v, "tsig-file", "/nowhere/key");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_NOT_FOUND, "/nowhere/key", NULL);
	visit_done(&v);
}

static void test_values(void)
{
	static const struct {
		const char *type, *value, *plain;
	} rows[] = {
		{ "TXT", "token", "token" },
		{ "TXT", "\"a b\" \"c\"", "a bc" },
		{ "TXT", "a\\032b\\\"c\\\\", "a b\"c\\" },
		{ "TXT", "\"open", NULL },
		{ "TXT", "\"x\\", NULL },
		{ "TXT", "\\000", NULL },
		{ "TXT", "\\256", NULL },
		{ "TXT", "\\255", NULL },
		{ "CNAME", "_B.Example.", "_b.example" },
		{ "A", "192.0.2.1", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *plain = dns_record_plain(rows[i].type, rows[i].value, &error);

		g_assert_cmpstr(plain, ==, rows[i].plain);
		g_assert_cmpint(!plain, ==, !!error);
	}
}

/* ---- plans ---- */

/* The commands for a CNAME and a TXT, by an account with these answers (key, value, …, NULL). */
static char *plan_of(const char *name, enum verb_id verb, const char *const *answers)
{
	const struct provider *provider = provider_find(name);
	struct account *a = account_new("dns");
	g_autoptr(plan) p = plan_new(&verb_table[verb]);
	g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	struct op op = { .verb = &verb_table[verb], .account = a, .records = records };
	g_autoptr(detail) d = NULL;
	guint changes = 0;

	for (; *answers; answers += 2)
		args_set(a->answers, answers[0], answers[1]);
	g_ptr_array_add(records, dns_record_read(CNAME, NULL));
	g_ptr_array_add(records, dns_record_read("_t.example.org. 60 IN TXT \"it's\" \" $x\"", NULL));
	g_assert_true(provider->plan[verb](&op, p, NULL));
	for (guint i = 0; i < p->calls->len; i++)
		changes += ((struct plan_call *)p->calls->pdata[i])->how & PLAN_CHANGES ? 1 : 0;
	g_assert_cmpuint(changes, ==, 2);
	d = plan_detail(p, "plans/1");
	account_unref(a);
	return g_strdup(d->text);
}

#define CF_CURL "printf 'header = \"Authorization: Bearer %s\"\\n' \"$CLOUDFLARE_API_TOKEN\"" \
		" | curl -sS --fail-with-body --config - --request "
#define CF_URL	"https://api.cloudflare.com/client/v4/zones/\"$CLOUDFLARE_ZONE_ID\"/dns_records"
#define GD_CURL "printf 'header = \"Authorization: sso-key %s:%s\"\\n' dLf3Key \"$GODADDY_API_SECRET\"" \
		" | curl -sS --fail-with-body --config - --request "
#define GD_NAME(name) "name=" name "; name=${name%\"$GODADDY_DOMAIN\"}; name=${name%.}; name=${name:-@}"
#define JSON	"--header 'Content-Type: application/json' --data "
#define CF_ALL	"https://api.cloudflare.com/client/v4/zones"
#define IS_TEXT "\"it'\\''s\" \" $x\"'"
#define AZ_NAME(name) "name=" name "; name=${name%\"$AZURE_DNS_ZONE\"}; name=${name%.}; name=${name:-@}"
#define AZ_ZONE " --resource-group \"$AZURE_DNS_GROUP\" --zone-name \"$AZURE_DNS_ZONE\" " \
		"--record-set-name \"$name\""
#define GD_URL	"https://api.godaddy.com/v1/domains/\"$GODADDY_DOMAIN\"/records"

static void expect_lines(const char *text, const char *const *lines)
{
	for (; *lines; lines++) {
		g_autofree char *whole = g_strconcat("\n", *lines, "\n", NULL);

		if (!strstr(text, whole))
			g_error("there is no line %s in\n%s", *lines, text);
	}
}

static void test_plans(void)
{
	static const struct {
		const char *provider;
		enum verb_id verb;
		const char *answers[8], *lines[8];
	} rows[] = {
		{ "cloudflare", VERB_PUBLISH, { "auth", "token", NULL },
		  { CF_CURL "GET '" CF_ALL "?per_page=50'",
		    CF_CURL "POST " JSON "'{\"type\":\"TXT\",\"name\":"
		    "\"_t.example.org\",\"content\":\"\\\"it'\\''s $x\\\"\",\"ttl\":120,"
		    "\"comment\":\"certty\"}' "
		    CF_URL, NULL } },
		{ "cloudflare", VERB_UNPUBLISH, { "auth", "token", NULL },
		  { CF_CURL "GET https://api.cloudflare.com/client/v4/zones/\"$CLOUDFLARE_ZONE_ID\""
		    "'/dns_records?type=TXT&name=_t.example.org'",
		    CF_CURL "DELETE " CF_URL "/\"$CLOUDFLARE_RECORD_ID_2\"", NULL } },
		{ "cloudflare", VERB_PUBLISH, { "auth", "key", "email", "a@example.org", NULL },
		  { "printf 'header = \"X-Auth-Email: %s\"\\nheader = \"X-Auth-Key: %s\"\\n' a@example.org "
		    "\"$CLOUDFLARE_API_KEY\" | curl -sS --fail-with-body --config - --request GET "
		    "'https://api.cloudflare.com/client/v4/zones?per_page=50'", NULL } },
		{ "godaddy", VERB_PUBLISH, { "sso-key", "dLf3Key", NULL },
		  { GD_NAME("_t.example.org"),
		    GD_CURL "PATCH " JSON "'[{\"type\":\"TXT\",\"name\":"
		    "\"'\"$name\"'\",\"data\":\"it'\\''s $x\",\"ttl\":600}]' " GD_URL, NULL } },
		{ "godaddy", VERB_UNPUBLISH, { "sso-key", "dLf3Key", NULL },
		  { GD_NAME("_a.example.org"), GD_CURL "DELETE " GD_URL "/CNAME/\"$name\"", NULL } },
		{ "azure", VERB_PUBLISH, { "from", "cli", NULL },
		  { AZ_NAME("_a.example.org"), "az network dns record-set cname set-record" AZ_ZONE
		    " --cname _b.acm-validations.aws",
		    AZ_NAME("_t.example.org"), "az network dns record-set txt add-record" AZ_ZONE
		    " --value 'it'\\''s $x'", NULL } },
		{ "azure", VERB_UNPUBLISH, { "from", "cli", NULL },
		  { "az network dns record-set txt remove-record" AZ_ZONE " --value 'it'\\''s $x'", NULL } },
		{ "rfc2136", VERB_PUBLISH,
		  { "auth", "tsig-file", "tsig-file", "/etc/k", "server", "ns1@53", NULL },
		  { "printf '%s\\n' 'server ns1 53' 'update add " CNAME "' send "
		    "'update add _t.example.org. 120 IN TXT " IS_TEXT " send | nsupdate -k /etc/k", NULL } },
		{ "rfc2136", VERB_UNPUBLISH, { "auth", "key", NULL },
		  { "printf '%s\\n' 'update delete _a.example.org. IN CNAME _B.acm-validations.aws.' send "
		    "'update delete _t.example.org. IN TXT " IS_TEXT " send | nsupdate -k "
		    "\"$TSIG_KEY_FILE\"", NULL } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = plan_of(rows[i].provider, rows[i].verb, rows[i].answers);

		expect_lines(text, rows[i].lines);
	}
}

int main(int argc, char **argv)
{
	secret_heap_open();
	g_test_init(&argc, &argv, NULL);
	/* Before there are files. */
	g_test_add_func("/dns-services/found-in-environment", test_found_in_environment);
	g_test_add_func("/cloudflare/sign-in", test_cloudflare_sign_in);
	g_test_add_func("/cloudflare/refused", test_cloudflare_refused);
	g_test_add_func("/cloudflare/adds", test_cloudflare_adds);
	g_test_add_func("/cloudflare/texts", test_cloudflare_texts);
	g_test_add_func("/cloudflare/in-the-way", test_cloudflare_in_the_way);
	g_test_add_func("/cloudflare/read-back", test_cloudflare_read_back);
	g_test_add_func("/cloudflare/zones", test_cloudflare_zones);
	g_test_add_func("/cloudflare/ends", test_cloudflare_ends);
	g_test_add_func("/cloudflare/takes", test_cloudflare_takes);
	g_test_add_func("/godaddy/takes", test_godaddy_takes);
	g_test_add_func("/godaddy/sign-in", test_godaddy_sign_in);
	g_test_add_func("/godaddy/adds", test_godaddy_adds);
	g_test_add_func("/godaddy/alias", test_godaddy_alias);
	g_test_add_func("/godaddy/other-zones", test_godaddy_other_zones);
	g_test_add_func("/dns-services/where-to", test_where_to);
	g_test_add_func("/dns-services/found", test_found);
	g_test_add_func("/dns-services/pasted", test_pasted);
	g_test_add_func("/rfc2136/sign-in", test_updates_sign_in);
	g_test_add_func("/dns-services/values", test_values);
	g_test_add_func("/dns-services/plans", test_plans);
	return g_test_run();
}
