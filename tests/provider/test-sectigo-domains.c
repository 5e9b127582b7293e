/* Domains of Sectigo in all spellings, and the rows of validations that are under way. */
#include <string.h>

#include <certty/base/clock.h>
#include <provider/sectigo/sectigo_domains.h>

#define NOW INT64_C(1785580000)	/* 2026-08-01 */

struct stage {
	struct op op;
	struct sectigo scratch;
};

static void begin(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	op_init(&s->op);
	s->op.store = store_new("scm/scm");
	s->op.scratch = &s->scratch;
	s->op.now = NOW;
}

static void end(struct stage *s)
{
	store_unref((struct store *)(uintptr_t)s->op.store);
	op_done(&s->op);
}

static struct json *parse(const char *text)
{
	struct json *j = json_parse(text, strlen(text), 1 << 16, NULL);

	g_assert_nonnull(j);
	return j;
}

/* ---- names ---- */

static void test_names(void)
{
	static const char *const names[][2] = {
		{ "Example.ORG", "example.org" },
		{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
		{ "*.B\xc3\xbc" "cher.example", "*.xn--bcher-kva.example" },
		{ "*.example.org", "*.example.org" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *ascii = sectigo_domain_ascii(names[i][0], NULL);

		g_assert_cmpstr(ascii, ==, names[i][1]);
	}
	for (const char *const *bad = (const char *const[]){ "", "*.", "a/b", "xn--\xff", "a b", NULL }; *bad;
	     bad++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *ascii = sectigo_domain_ascii(*bad, &error);

		g_assert_null(ascii);
		g_assert_nonnull(error);
	}
}

/* ---- states ---- */

static void test_states(void)
{
	static const struct {
		const char *listed, *state;
		enum domain_state row;
	} cases[] = {
		{ "\"dcvStatus\":\"VALIDATED\",\"expirationDate\":\"2099-01-01\"", "validated", DOMAIN_VALID },
		{ "\"dcvStatus\":\"Validated\",\"expirationDate\":\"2099-01-01\","
		  "\"dcvOrderStatus\":\"Submitted\"",
		  "validated", DOMAIN_VALID },
		{ "\"dcvStatus\":\"VALIDATED\",\"expirationDate\":\"2020-01-01\"", "expired", DOMAIN_OVER },
		{ "\"dcvStatus\":\"Expired\"", "expired", DOMAIN_OVER },
		{ "\"dcvStatus\":\"Not validated\",\"dcvOrderStatus\":\"Not initiated\"", "not validated",
		  DOMAIN_NOT },
		{ "\"dcvStatus\":\"NOT_VALIDATED\",\"dcvOrderStatus\":\"AWAITING_SUBMISSION\"",
		  "being validated", DOMAIN_PENDING },
		{ "\"dcvStatus\":\"NOT_VALIDATED\",\"dcvOrderStatus\":\"Rejected\"", "rejected",
		  DOMAIN_FAILED },
		{ "\"state\":\"Suspended\"", "suspended", DOMAIN_UNKNOWN },
		{ "\"delegationStatus\":\"requested\"", "waits for approval", DOMAIN_UNKNOWN },
		{ "\"validationStatus\":null", "registered", DOMAIN_UNKNOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf("{\"id\":7,\"name\":\"example.org\",%s}",
							cases[i].listed);
		g_autoptr(json) j = parse(text);
		struct sectigo_domain *d = sectigo_domain_new(j);
		struct stage s;

		begin(&s);
		sectigo_domain_take_details(&s.op, d, j);
		sectigo_domain_take_validation(d, j);
		sectigo_domain_put(&s.op, d);
		g_assert_cmpstr(((struct object *)s.op.put_objects->pdata[0])->state, ==, cases[i].state);
		g_assert_cmpint(((struct domain *)s.op.put_domains->pdata[0])->state, ==, cases[i].row);
		sectigo_domain_free(d);
		end(&s);
	}
}

/* ---- rows ---- */

#define CNAME "\"orderMode\":\"CNAME\",\"host\":\"_ab.example.org.\",\"point\":\"cd.ef.sectigo.com.\""
#define LINE  "_ab.example.org. 300 IN CNAME cd.ef.sectigo.com."

static struct request *row(struct stage *s, const char *text, const struct request *old, const char *dns)
{
	g_autoptr(json) j = parse(text);

	return sectigo_dcv_row(&s->op, "example.org", j, old, dns);
}

static void test_rows(void)
{
	g_autoptr(request) begun = NULL, missing = NULL, sent = NULL, over = NULL, gone = NULL;
	struct stage s;

	begin(&s);
	g_assert_null(row(&s, "{\"status\":\"VALIDATED\",\"orderStatus\":\"NOT_INITIATED\"}", NULL, NULL));
	begun = row(&s, "{\"status\":\"VALIDATED\",\"expirationDate\":\"2026-09-01\",\"orderStatus\":"
		    "\"Awaiting submission\"," CNAME "}", NULL, NULL);
	g_assert_cmpint(begun->state, ==, REQUEST_WAITS_PERSON);
	g_assert_cmpstr(begun->records, ==, LINE);
	g_assert_cmpstr(begun->can, ==, "publish sync withdraw");
	missing = row(&s, "{\"orderStatus\":\"AWAITING_SUBMISSION\"," CNAME "}", begun, "missing");
	g_assert_cmpint(missing->state, ==, REQUEST_WAITS_DNS);
	sent = row(&s, "{\"status\":\"VALIDATED\",\"expirationDate\":\"2026-09-01\",\"orderStatus\":"
		   "\"SUBMITTED\"," CNAME "}", missing, "there");
	g_assert_cmpint(sent->state, ==, REQUEST_WAITS_CA);
	g_assert_cmpint(sent->ended, ==, 0);
	gone = row(&s, "{\"status\":\"VALIDATED\",\"expirationDate\":\"2026-09-01\",\"orderStatus\":"
		   "\"NOT_INITIATED\"}", sent, NULL);
	g_assert_cmpint(gone->state, ==, REQUEST_GONE);
	over = row(&s, "{\"status\":\"Validated\",\"expirationDate\":\"2027-02-15\",\"orderStatus\":"
		   "\"Not initiated\"}", sent, NULL);
	g_assert_cmpint(over->state, ==, REQUEST_ISSUED);
	g_assert_cmpstr(over->theirs, ==, "Validated until 2027-02-15");
	g_assert_null(row(&s, "{\"orderStatus\":\"REJECTED\"}", over, NULL));
	end(&s);
}

static void test_records(void)
{
	static const struct {
		const char *mode, *json, *line;
	} cases[] = {
		{ "CNAME", "{" CNAME "}", LINE },
		{ "CNAME", "{\"host\":\"_ab.example.org\",\"point\":\"cd.sectigo.com\"}",
		  "_ab.example.org. 300 IN CNAME cd.sectigo.com." },
		{ "CNAME", "{\"host\":\"_ab.example.org.\",\"point\":\"cd sectigo.com\"}", NULL },
		{ "CNAME", "{\"host\":\"_ab.example.org.\"}", NULL },
		{ "TXT", "{\"host\":\"_p.example.org.\",\"point\":\"a \\\"b\\\\c;d\"}",
		  "_p.example.org. 300 IN TXT \"a \\\"b\\\\c;d\"" },
		{ "TXT", "{\"host\":\"_p.example.org.\",\"point\":\"a\\nb\"}", NULL },
		{ "TXT", "{\"host\":\"_p\\n.example.org.\",\"point\":\"a\"}", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(json) j = parse(cases[i].json);
		g_autofree char *line = sectigo_dcv_row_record(cases[i].mode, j);

		g_assert_cmpstr(line, ==, cases[i].line);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sectigo/domains/names", test_names);
	g_test_add_func("/sectigo/domains/states", test_states);
	g_test_add_func("/sectigo/domains/rows", test_rows);
	g_test_add_func("/sectigo/domains/records", test_records);
	return g_test_run();
}
