/* Records into zones at Azure and out of them: what is written of a set in which others stand, and each
 * reason why nothing is.  Where a record belongs is said by the test. */
#include "visit.h"

#include <string.h>

#include <provider/dns_service.h>

#define TENANT "aaaaaaaa-0000-4000-8000-000000000001"
#define ZONE   "/subscriptions/S1/resourceGroups/rg-dns/providers/Microsoft.Network/dnszones/example.org"
#define GRAPH  "POST /providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01"
#define AT(type) ZONE "/" type "/_a?api-version=2018-05-01"
#define TOKEN                                                                                                \
	{ "POST /" TENANT "/oauth2/v2.0/token", 200,                                                         \
	  "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"arm.t0ken\"}", .header = NULL }
#define HAS_ZONE { GRAPH, 200, "{\"data\":[{\"id\":\"" ZONE "\",\"name\":\"example.org\"}]}", .header = NULL }
#define NOTHING(type)                                                                                        \
	{ "GET " AT(type), 404, "{\"code\":\"NotFound\",\"message\":\"The resource record is not there\"}",  \
	  .header = NULL }
#define HAS_CNAME(name)                                                                                      \
	{ "GET " AT("CNAME"), 200, "{\"etag\":\"e1\",\"properties\":{\"TTL\":60,\"CNAMERecord\":{\"cname\":" \
	  "\"" name "\"}}}", .header = NULL }
#define HAS_TEXTS(texts)                                                                                     \
	{ "GET " AT("TXT"), 200, "{\"etag\":\"e2\",\"properties\":{\"ttl\":60,\"txtRecords\":[" texts "]}}", \
	  .header = NULL }
#define CNAME "_a.example.org. 300 IN CNAME _B.acm-validations.aws."
#define TXT   "_a.example.org. 300 IN TXT ours"

static bool locate(struct visit *v, struct work *w)
{
	GPtrArray *spots;

	if (!v->settings)
		return false;
	spots = dns_service_spots();
	for (guint i = 0; i < v->records->len; i++)
		dns_service_spot(spots, "_a.example.org", "example.org");
	w->out = spots;
	return true;
}

static void begin(struct visit *v)
{
	visit_init(v, "azure");
	v->work = locate;
	visit_arg(v, "from", "client-secret");
	visit_arg(v, "tenant", TENANT);
	visit_arg(v, "client-id", "bbbbbbbb-0000-4000-8000-000000000002");
	visit_secret(v, "client-secret", "s");
}

static bool change(struct visit *v, const struct visit_answer *script, const char *record,
		   bool (*how)(struct visit *v))
{
	static const struct visit_answer token[] = { TOKEN, { 0 } };
	bool ok;

	begin(v);
	visit_record(v, record);
	visit_script(v, token);
	g_assert_true(visit_sign_in(v));
	v->settings = settings_load("/dev/null");
	visit_script(v, script);
	ok = how(v);
	g_assert_true(visit_script_is_over(v));
	return ok;
}

static void test_adds(void)
{
	static const struct visit_answer script[] = {
		HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"),
		{ "PUT " AT("CNAME"), 201, "{}", .header = NULL },
		HAS_CNAME("_b.acm-validations.aws."), NOTHING("TXT"), { 0 }
	};
	struct visit v;

	g_assert_true(change(&v, script, CNAME, visit_publish));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_nonnull(strstr(v.asked->pdata[0], "microsoft.network/dnszones' and name =~ 'example.org'"));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Bearer arm.t0ken"));
	g_assert_true(visit_has_line(&v, 3, "If-None-Match: *"));
	g_assert_true(visit_has_line(&v, 3, "{\"properties\":{\"TTL\":300,\"CNAMERecord\":{\"cname\":"
					    "\"_b.acm-validations.aws\"}}}"));
	visit_done(&v);
}

/* What becomes a header of the next request is of visible characters, or nothing is sent. */
static void test_odd_etag(void)
{
	static const char *const etags[] = { "e\\r\\nX-Other: 1", "e\\n[]", "e 1", "" };

	for (size_t i = 0; i < G_N_ELEMENTS(etags); i++) {
		g_autofree char *set = g_strdup_printf("{\"etag\":\"%s\",\"properties\":{\"TXTRecords\":[{"
						       "\"value\":[\"one\"]}]}}", etags[i]);
		struct visit_answer script[] = {
			HAS_ZONE, NOTHING("CNAME"), { "GET " AT("TXT"), 200, set, .header = NULL }, { 0 }
		};
		struct visit v;

		g_assert_false(change(&v, script, TXT, visit_publish) && !v.troubles->len);
		g_assert_cmpuint(v.n_published, ==, 0);
		visit_done(&v);
	}
}

/* Others' texts stay as they are, in as many strings as they were. */
static void test_beside(void)
{
	static const struct visit_answer script[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"one\",\"two\"]}"),
		{ "PATCH " AT("TXT"), 200, "{}", .header = NULL },
		NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"one\",\"two\"]},{\"value\":[\"ours\"]}"), { 0 }
	};
	static const struct visit_answer there[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"ou\",\"rs\"]}"), { 0 }
	};
	struct visit v;

	g_assert_true(change(&v, script, TXT, visit_publish));
	g_assert_true(visit_has_line(&v, 3, "If-Match: e2"));
	g_assert_true(visit_has_line(&v, 3, "{\"properties\":{\"TXTRecords\":[{\"value\":[\"one\",\"two\"]},"
					    "{\"value\":[\"ours\"]}]}}"));
	visit_done(&v);
	g_assert_true(change(&v, there, TXT, visit_publish));
	g_assert_cmpuint(v.placed->len, ==, 0);
	visit_done(&v);
}

static void test_long_text(void)
{
	static const struct visit_answer script[] = {
		HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"),
		{ "PUT " AT("TXT"), 429, "{\"code\":\"Throttled\"}", .header = NULL }, { 0 }
	};
	g_autofree char *head = g_strnfill(254, 'x');
	g_autofree char *record = g_strdup_printf("_a.example.org. 300 IN TXT \"%s\" \"\xc3\xa4y\"", head);
	g_autofree char *line = g_strdup_printf("{\"properties\":{\"TTL\":300,\"TXTRecords\":[{\"value\":["
						"\"%s\",\"\xc3\xa4y\"]}]}}", head);
	struct visit v;

	g_assert_false(change(&v, script, record, visit_publish));
	g_assert_true(visit_has_line(&v, 3, line));
	visit_done(&v);
}

static void test_takes(void)
{
	static const struct visit_answer one[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"others\"]},{\"value\":[\"ours\"]}"),
		{ "PATCH " AT("TXT"), 200, "{}", .header = NULL },
		NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"others\"]}"), { 0 }
	};
	static const struct visit_answer last[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS_TEXTS("{\"value\":[\"ours\"]}"),
		{ "DELETE " AT("TXT"), 200, "", .header = NULL }, NOTHING("CNAME"), NOTHING("TXT"), { 0 }
	};
	static const struct visit_answer gone[] = { HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"), { 0 } };
	struct visit v;

	g_assert_true(change(&v, one, TXT, visit_unpublish));
	g_assert_true(visit_has_line(&v, 3, "{\"properties\":{\"TXTRecords\":[{\"value\":[\"others\"]}]}}"));
	g_assert_true(visit_has_line(&v, 3, "If-Match: e2"));
	visit_done(&v);
	g_assert_true(change(&v, last, TXT, visit_unpublish));
	g_assert_true(visit_has_line(&v, 3, "If-Match: e2"));
	visit_done(&v);
	g_assert_true(change(&v, gone, TXT, visit_unpublish));
	g_assert_cmpuint(v.n_published, ==, 1);
	visit_done(&v);
}

static void test_refused(void)
{
	static const struct {
		int status;
		const char *body, *part;
	} rows[] = {
		{ 409, "{\"code\":\"Conflict\",\"message\":\"another record with the same name is there\"}",
		  "other data stands at that name" },
		{ 412, "{\"code\":\"PreconditionFailed\",\"message\":\"x\"}", "somebody else changed" },
		{ 403, "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"x\"}}",
		  "DNS Zone Contributor" },
		{ 400, "{\"code\":\"BadRequest\",\"message\":\"The domain name is invalid.\"}", "is invalid" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct visit_answer script[] = {
			HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"),
			{ "PUT " AT("CNAME"), rows[i].status, rows[i].body, .header = NULL }, { 0 }
		};
		struct visit v;

		g_assert_false(change(&v, script, CNAME, visit_publish));
		visit_expect_error(&v, ERR_REFUSED, rows[i].part, NULL);
		g_assert_cmpuint(v.n_published, ==, 0);
		visit_done(&v);
	}
}

static void test_zones(void)
{
	static const struct {
		const char *data, *part;
	} rows[] = {
		{ "{\"id\":\"" ZONE "\"},{\"id\":\"/subscriptions/S2\"}", "more than one zone example.org" },
		{ "{\"id\":\"/subscriptions/../x/providers/Microsoft.Network/dnszones/example.org\"}",
		  "not one of a zone" },
		{ "{\"id\":\"/subscriptions/S1/providers/Microsoft.Network/dnszones/example.net\"}",
		  "not one of a zone" },
		{ "{\"name\":\"example.org\"}", "not one of a zone" },
	};
	static const struct visit_answer none[] = {
		{ GRAPH, 200, "{\"data\":[]}", .header = NULL }, { 0 }
	};
	struct visit v;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *body = g_strdup_printf("{\"data\":[%s]}", rows[i].data);
		const struct visit_answer script[] = { { GRAPH, 200, body, .header = NULL }, { 0 } };

		g_assert_false(change(&v, script, CNAME, visit_publish));
		visit_expect_error(&v, ERR_REFUSED, rows[i].part, NULL);
		visit_done(&v);
	}
	g_assert_true(change(&v, none, CNAME, visit_publish));
	g_assert_cmpuint(v.n_published, ==, 0);
	visit_done(&v);
}

/* What stands at the name is left alone. */
static void test_in_the_way(void)
{
	static const struct visit_answer script[] = {
		HAS_ZONE, HAS_CNAME("elsewhere.example.net"), NOTHING("TXT"), { 0 }
	};
	struct visit v;

	g_assert_false(change(&v, script, TXT, visit_publish));
	visit_expect_error(&v, ERR_REFUSED, "a record CNAME elsewhere.example.net already", NULL);
	visit_done(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/azure-dns/adds", test_adds);
	g_test_add_func("/azure-dns/odd-etag", test_odd_etag);
	g_test_add_func("/azure-dns/beside", test_beside);
	g_test_add_func("/azure-dns/long-text", test_long_text);
	g_test_add_func("/azure-dns/takes", test_takes);
	g_test_add_func("/azure-dns/refused", test_refused);
	g_test_add_func("/azure-dns/zones", test_zones);
	g_test_add_func("/azure-dns/in-the-way", test_in_the_way);
	return g_test_run();
}
