/* Records into zones at Edge DNS and out of them: what is written of a set in which others stand, and each
 * reason why nothing is.  Where a record belongs is said by the test. */
#include "visit.h"

#include <string.h>

#include <provider/dns_service.h>

#define ZONE	"/config-dns/v2/zones/example.org"
#define NAME	ZONE "/names/_a.example.org/types"
#define AT(type) NAME "/" type
#define TYPES	"https://problems.luna.akamaiapis.net/authoritative-dns/"
#define ANSWER(target, status, body) { target, status, body, .header = NULL }
#define HAS_ZONE ANSWER("GET " ZONE, 200, "{\"zone\":\"example.org\",\"type\":\"PRIMARY\"," \
					  "\"activationState\":\"ACTIVE\"}")
#define PROBLEM(slug, detail) "{\"type\":\"" TYPES slug "\",\"title\":\"x\",\"detail\":\"" detail "\"}"
#define NOTHING(type) ANSWER("GET " AT(type), 404, PROBLEM("notFound", "Unable to find"))
#define NO_TYPES ANSWER("GET " NAME, 404, PROBLEM("notFound", "Unable to find"))
#define SET(type, values)                                                                        \
	"{\"name\":\"_a.Example.org\",\"type\":\"" type "\",\"ttl\":60,\"rdata\":[" values "]}"
#define HAS(type, values) ANSWER("GET " AT(type), 200, SET(type, values))
#define CNAME "_a.example.org. 300 IN CNAME _B.acm-validations.aws."
#define TXT   "_a.example.org. 300 IN TXT ours"
#define OTHER "\"\\\"one\\\" \\\"t\\\\\\\\o\\\"\""	/* "one" "t\\o", as a member */
#define OURS  "\"\\\"ours\\\"\""

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

static bool change(struct visit *v, const struct visit_answer *script, const char *record,
		   bool (*how)(struct visit *v))
{
	bool ok;

	visit_init(v, "akamai");
	v->work = locate;
	visit_arg(v, "host", "akab-h0st.luna.akamaiapis.net");
	visit_arg(v, "client-token", "akab-client");
	visit_arg(v, "access-token", "akab-access");
	visit_secret(v, "client-secret", "s3cret");
	visit_record(v, record);
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
		HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"), NO_TYPES,
		ANSWER("POST " AT("CNAME"), 201, "{}"),
		HAS("CNAME", "\"_b.acm-validations.aws.\""), NOTHING("TXT"),
		ANSWER("GET " NAME, 200, "{\"types\":[\"CNAME\"]}"), { 0 }
	};
	struct visit v;

	g_assert_true(change(&v, script, CNAME, visit_publish));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_cmpuint(v.placed->len, ==, 1);
	g_assert_true(visit_has_line(&v, 4, "Content-Type: application/json"));
	g_assert_true(visit_has_line(&v, 4, "{\"name\":\"_a.example.org\",\"type\":\"CNAME\",\"ttl\":300,"
					    "\"rdata\":[\"_b.acm-validations.aws.\"]}"));
	visit_done(&v);
}

/* Others' texts and the time that they live stay as they are. */
static void test_beside(void)
{
	static const struct visit_answer script[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OTHER), ANSWER("PUT " AT("TXT"), 200, "{}"),
		NOTHING("CNAME"), HAS("TXT", OTHER "," OURS), { 0 }
	};
	static const struct visit_answer there[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OTHER ",\"\\\"ou\\\" \\\"rs\\\"\""), { 0 }
	};
	static const struct visit_answer fresh[] = {
		HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"), ANSWER("POST " AT("TXT"), 201, "{}"),
		NOTHING("CNAME"), HAS("TXT", OURS), { 0 }
	};
	struct visit v;

	g_assert_true(change(&v, script, TXT, visit_publish));
	g_assert_true(visit_has_line(&v, 3, "{\"name\":\"_a.example.org\",\"type\":\"TXT\",\"ttl\":60,"
					    "\"rdata\":[" OTHER "," OURS "]}"));
	visit_done(&v);
	g_assert_true(change(&v, there, TXT, visit_publish));
	g_assert_cmpuint(v.n_published, ==, 1);
	g_assert_cmpuint(v.placed->len, ==, 0);
	visit_done(&v);
	g_assert_true(change(&v, fresh, TXT, visit_publish));
	g_assert_true(visit_has_line(&v, 3, "{\"name\":\"_a.example.org\",\"type\":\"TXT\",\"ttl\":300,"
					    "\"rdata\":[" OURS "]}"));
	visit_done(&v);
}

static void test_takes(void)
{
	static const struct visit_answer one[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OURS "," OTHER), ANSWER("PUT " AT("TXT"), 200, "{}"),
		NOTHING("CNAME"), HAS("TXT", OTHER), { 0 }
	};
	static const struct visit_answer last[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OURS), ANSWER("DELETE " AT("TXT"), 204, ""),
		NOTHING("CNAME"), NOTHING("TXT"), { 0 }
	};
	static const struct visit_answer faster[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OURS),
		ANSWER("DELETE " AT("TXT"), 404, PROBLEM("notFound", "Unable to find")),
		NOTHING("CNAME"), NOTHING("TXT"), { 0 }
	};
	static const struct visit_answer gone[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OTHER), { 0 }
	};
	static const struct visit_answer stays[] = {
		HAS_ZONE, NOTHING("CNAME"), HAS("TXT", OURS), ANSWER("DELETE " AT("TXT"), 204, ""),
		NOTHING("CNAME"), HAS("TXT", OURS), { 0 }
	};
	struct visit v;

	g_assert_true(change(&v, one, TXT, visit_unpublish));
	g_assert_true(visit_has_line(&v, 3, "{\"name\":\"_a.example.org\",\"type\":\"TXT\",\"ttl\":60,"
					    "\"rdata\":[" OTHER "]}"));
	visit_done(&v);
	g_assert_true(change(&v, last, TXT, visit_unpublish));
	visit_done(&v);
	g_assert_true(change(&v, faster, TXT, visit_unpublish));
	visit_done(&v);
	g_assert_true(change(&v, gone, TXT, visit_unpublish));
	g_assert_cmpuint(v.n_published, ==, 1);
	visit_done(&v);
	g_assert_false(change(&v, stays, TXT, visit_unpublish));
	visit_expect_error(&v, ERR_REFUSED, "has it when it is asked", NULL);
	visit_done(&v);
}

static void test_refused(void)
{
	static const struct {
		int status;
		const char *body, *part;
	} rows[] = {
		{ 409, PROBLEM("duplicateRecordSet", "x"), "somebody else put records at the name" },
		{ 409, PROBLEM("other", "something new"), "something new" },
		{ 403, "{\"type\":\"https://x/-/pep-authz/deny\",\"title\":\"Forbidden\"}", "READ-WRITE for DNS" },
		{ 400, PROBLEM("validationError", "not a text"), "not a text" },
		{ 415, "", "does not know the form" },
		{ 500, "<html>", "failed at Akamai" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct visit_answer script[] = {
			HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"),
			ANSWER("POST " AT("TXT"), rows[i].status, rows[i].body), { 0 }
		};
		struct visit v;

		g_assert_false(change(&v, script, TXT, visit_publish));
		visit_expect_error(&v, ERR_REFUSED, rows[i].part, NULL);
		g_assert_cmpuint(v.n_published, ==, 0);
		visit_done(&v);
	}
}

/* Answers that are of no use, or about something else; an ending zone is none of ours. */
static void test_strange(void)
{
	static const struct {
		const char *zone, *set, *part;
	} rows[] = {
		{ "{\"zone\":\"example.org\",\"type\":\"SECONDARY\"}", NULL, "is a SECONDARY zone" },
		{ "{\"zone\":\"example.net\",\"type\":\"PRIMARY\"}", NULL, "not about example.org" },
		{ "{\"type\":\"PRIMARY\"}", NULL, "not about example.org" },
		{ "[]", NULL, "not about example.org" },
		{ "<html>", NULL, "looking for the zone" },
		{ NULL, "{\"name\":\"_b.example.org\",\"type\":\"CNAME\",\"ttl\":1,\"rdata\":[]}",
		  "not about _a.example.org" },
		{ NULL, "{\"name\":\"_a.example.org\",\"type\":\"A\",\"ttl\":1,\"rdata\":[]}", "not about _a" },
		{ NULL, "{}", "not about _a" },
		{ NULL, "", "reading records" },
	};
	static const struct visit_answer none[] = {
		ANSWER("GET " ZONE, 404, PROBLEM("notFound", "Unable to find zone 'example.org'")), { 0 }
	};
	struct visit v;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct visit_answer zone[] = { ANSWER("GET " ZONE, 200, rows[i].zone), { 0 } };
		const struct visit_answer set[] = {
			HAS_ZONE, ANSWER("GET " AT("CNAME"), 200, rows[i].set), { 0 }
		};

		g_assert_false(change(&v, rows[i].zone ? zone : set, TXT, visit_publish));
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
	static const struct visit_answer alias[] = {
		HAS_ZONE, HAS("CNAME", "\"elsewhere.example.net.\""), NOTHING("TXT"), { 0 }
	};
	static const struct visit_answer address[] = {
		HAS_ZONE, NOTHING("CNAME"), NOTHING("TXT"),
		ANSWER("GET " NAME, 200, "{\"types\":[\"A\"]}"), { 0 }
	};
	struct visit v;

	g_assert_false(change(&v, alias, TXT, visit_publish));
	visit_expect_error(&v, ERR_REFUSED, "a record CNAME elsewhere.example.net already", NULL);
	visit_done(&v);
	g_assert_false(change(&v, address, CNAME, visit_publish));
	visit_expect_error(&v, ERR_REFUSED, "a record A already", NULL);
	visit_done(&v);
}

/* Another change of the zone is waited for, and for nothing else. */
static void test_busy(void)
{
	static const struct {
		int status;
		const char *body;
		enum verdict verdict;
	} rows[] = {
		{ 409, PROBLEM("concurrentZoneModification", "try again"), VERDICT_THROTTLED },
		{ 409, PROBLEM("duplicateRecordSet", "x"), VERDICT_BY_STATUS },
		{ 400, PROBLEM("concurrentZoneModification", "x"), VERDICT_BY_STATUS },
		{ 409, "", VERDICT_BY_STATUS },
		{ 200, "{}", VERDICT_BY_STATUS },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct reply r = { .status = rows[i].status,
				   .body = g_bytes_new_static(rows[i].body, strlen(rows[i].body)) };

		g_assert_cmpint(provider_find("akamai")->judge(&r), ==, rows[i].verdict);
		g_bytes_unref(r.body);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/akamai-dns/adds", test_adds);
	g_test_add_func("/akamai-dns/beside", test_beside);
	g_test_add_func("/akamai-dns/takes", test_takes);
	g_test_add_func("/akamai-dns/refused", test_refused);
	g_test_add_func("/akamai-dns/strange", test_strange);
	g_test_add_func("/akamai-dns/in-the-way", test_in_the_way);
	g_test_add_func("/akamai-dns/busy", test_busy);
	return g_test_run();
}
