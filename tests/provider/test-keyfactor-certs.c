/* test-keyfactor-certs: what Command knows becomes rows, and what goes wrong on the way. */
#include "keyfactor-stage.h"

#include <string.h>

#include <certty/model/mark.h>

#define CERT(id, more) "{\"Id\":" id ",\"IssuedCN\":\"www.example.org\",\"IssuerDN\":\"CN=IssuingCA, O=x\"," \
		       "\"SerialNumber\":\"ABC\",\"NotBefore\":\"2026-01-01T00:00:00.123Z\","                  \
		       "\"NotAfter\":\"2027-01-01T00:00:00\",\"KeyTypeString\":\"ECC\","                       \
		       "\"KeySizeInBits\":256" more "}"
#define LEAF ",\"Thumbprint\":\"$PRINT\""
#define LIST "GET /Certificates?"
#define DOWNLOAD "POST /Certificates/Download"
#define WAITS { "GET /Workflow/Certificates/Pending?", NULL, 200, "[]" },                             \
	      { "GET /Workflow/Certificates/ExternalValidation?", NULL, 200, "[]" },                 \
	      { "GET /Workflow/Instances/AssignedToMe?", NULL, 200, "[]" }
#define FILE_OF_LEAF { DOWNLOAD, "\"CertID\":7,", 200, "{\"Content\":\"$FILE\"}" }

static struct table *rows_of(struct kf_stage *s, const char *said)
{
	kf_stage_well(s, said);
	return play_table(&s->play);
}

static const char *alias(const struct table *t, uint32_t row)
{
	return t->aliases + t->alias[row];
}

/* ---- lists ---- */

static void test_pages(void)
{
	static const struct kf_line script[] = {
		{ LIST, "pq.queryString=CertId -gt 0&", 200,
		  "[" CERT("7", LEAF) "," CERT("9", ",\"CertState\":2") "]", "3" },
		{ LIST, "CertId -gt 9&", 200, "[" CERT("12", "") "]", "1" },
		{ DOWNLOAD, "\"CertID\":7,", 403, "{\"Message\":\"no\"}" },
		{ DOWNLOAD, "\"CertID\":9,", 404, "" },
		{ DOWNLOAD, "\"CertID\":12,", 404, "" },
		WAITS,
		END
	};
	struct kf_stage s;
	struct table *t;

	kf_stage_set(&s, VERB_REFRESH, script);
	t = rows_of(&s, "3 certificates");
	g_assert_cmpuint(t->n, ==, 3);
	g_assert_cmpstr(alias(t, 0), ==, "7");
	g_assert_cmpstr(alias(t, 2), ==, "12");
	g_assert_true(t->marks[1] & MARK_REVOKED);
	g_assert_false(t->marks[0] & MARK_REVOKED);
	g_assert_true(t->print[0] == 0);
	table_unref(t);
	kf_stage_strike(&s);
}

/* Without the header a list ends where a page is empty, however short those before were. */
static void test_no_count(void)
{
	static const struct kf_line script[] = {
		{ LIST, "CertId -gt 0&", 200, "[" CERT("7", ",\"ContentBytes\":\"$LEAF\"" LEAF) "]" },
		{ LIST, "CertId -gt 7&", 200, "[" CERT("8", ",\"ContentBytes\":\"$OTHER\"") "]" },
		{ LIST, "CertId -gt 8&", 200, "[]" },
		WAITS,
		END
	};
	struct kf_stage s;
	struct table *t;

	kf_stage_set(&s, VERB_REFRESH, script);
	t = rows_of(&s, "2 certificates");
	g_assert_true(t->print[0] && t->print[1]);
	g_assert_cmpuint(s.play.op.fresh->len, ==, 2);
	table_unref(t);
	kf_stage_strike(&s);
}

/* Bytes are read once, and believed only when they are those that the list told of. */
static void test_bytes(void)
{
	static const struct kf_line script[] = {
		{ LIST, NULL, 200, "[" CERT("7", LEAF) "]", "1" },
		FILE_OF_LEAF,
		WAITS,
		{ LIST, NULL, 200, "[" CERT("7", LEAF ",\"CertState\":\"Revoked\"") "]", "1" },
		WAITS,
		{ LIST, NULL, 200, "[" CERT("7", ",\"Thumbprint\":\"00\"") "]", "1" },
		FILE_OF_LEAF,
		WAITS,
		END
	};
	struct kf_stage s;
	struct table *t;

	kf_stage_set(&s, VERB_REFRESH, script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.fresh->len, ==, 1);
	play_again(&s.play);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.fresh->len, ==, 0);
	play_again(&s.play);
	t = rows_of(&s, "1 certificate in");
	g_assert_true(t->print[0] == 0);
	g_assert_true(play_has_trouble(&s.play, "is another one"));
	table_unref(t);
	kf_stage_strike(&s);
}

#define FULL                                                                                       \
	",\"SubjectAltNameElements\":[{\"Value\":\"*.a.org\",\"Type\":2},{\"Value\":\"b.org\"}],"      \
	"\"HasPrivateKey\":true,\"Locations\":[{\"StoreMachine\":\"web1\",\"StorePath\":\"My\","     \
	"\"Alias\":\"x\"}],\"Metadata\":{\"Owner\":\"ops\",\"Cost\":42,\"Empty\":null}"

static void test_facts(void)
{
	static const struct kf_line script[] = {
		{ LIST, NULL, 200, "[" CERT("7", FULL) "]", "1" },
		{ DOWNLOAD, NULL, 0 },
		WAITS,
		END
	};
	struct kf_stage s;
	struct table *t;
	struct detail *d = detail_new("certs/x", "x");
	GString *all = g_string_new(NULL);

	kf_stage_set(&s, VERB_REFRESH, script);
	t = rows_of(&s, "1 certificate");
	g_assert_cmpuint(t->marks[0] & (MARK_WILDCARD | MARK_IN_USE | MARK_EXPORTABLE), ==,
			 MARK_WILDCARD | MARK_IN_USE | MARK_EXPORTABLE);
	g_assert_true(play_has_trouble(&s.play, "it broke"));
	s.play.provider->describe(d, s.play.store, "7", s.play.op.new_memo, MAKE_NOW);
	for (size_t i = 0; i < d->n; i++)
		g_string_append_printf(all, "%s: %s\n", d->line[i].label, d->line[i].text);
	g_assert_nonnull(strstr(all->str, "web1 My, as x"));
	g_assert_nonnull(strstr(all->str, "Owner=ops"));
	g_assert_nonnull(strstr(all->str, "Cost=42"));
	g_assert_null(strstr(all->str, "Empty"));
	g_string_free(all, TRUE);
	detail_unref(d);
	table_unref(t);
	kf_stage_strike(&s);
}

/* ---- what this user may enrol with ---- */

static void add_lines(GString *all, const struct detail *d)
{
	for (size_t i = 0; i < d->n; i++)
		g_string_append_printf(all, "%s: %s\n", d->line[i].label, d->line[i].text);
}

static void test_rights(void)
{
	static const struct kf_line script[] = {
		{ LIST, NULL, 200, "[]", "0" },
		WAITS,
		{ "GET /CertificateAuthority", NULL, 200,
		  "[{\"HostName\":\"ca01\",\"LogicalName\":\"Issuing\"}]" },
		{ "GET /Templates", NULL, 200, "[{\"CommonName\":\"Bare\"},{\"CommonName\":\"Old\","
		  "\"AllowedEnrollmentTypes\":\"None\"},{\"CommonName\":\"Ours\",\"UseAllowedRequesters\":true,"
		  "\"AllowedRequesters\":[\"CORP\\\\boss\"]},{\"CommonName\":\"Other\"}]" },
		{ "GET /Enrollment/PFX/Context/My", NULL, 403, "{\"Message\":\"no\"}" },
		{ "GET /Enrollment/CSR/Context/My", NULL, 200,
		  "{\"Templates\":[{\"Name\":\"Web\",\"DisplayName\":\"Web Server\","
		  "\"CAs\":[{\"Name\":\"ca01\\\\Issuing\"}]},{\"Name\":\"Bare\",\"CAs\":[]}]}" },
		END
	};
	static const char *const lines[] = {
		"templates: Web (Web Server): ENROLL by CSR, at ca01\\Issuing\n",
		": Bare: READ; not offered: no CA that this user may use offers it\n",
		": Old: READ; not offered: no enrolment is allowed with it\n",
		": Ours: READ; not offered: those who may enrol are CORP\\boss\n",
		": Other: READ; not offered: this user has no right to enrol there\n",
		"CAs: ca01\\Issuing: READ, ENROLL by CSR\n",
	};
	struct detail *d = detail_new("stores/x", "x");
	GString *all = g_string_new(NULL);
	struct kf_stage s;

	kf_stage_set(&s, VERB_REFRESH, script);
	kf_stage_well(&s, "0 certificates");
	s.play.provider->describe_store(d, s.play.store, s.play.op.new_memo, MAKE_NOW);
	add_lines(all, d);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		if (!strstr(all->str, lines[i]))
			g_error("without \"%s\": %s", lines[i], all->str);
	g_string_free(all, TRUE);
	detail_unref(d);
	kf_stage_strike(&s);
}

/* ---- what goes wrong ---- */

static void test_faults(void)
{
	static const struct {
		struct kf_line script[3];
		const char *type;
		enum err code;
		const char *part;
	} faults[] = {
		{ { { LIST, NULL, 0 } }, NULL, ERR_NETWORK, "it broke" },
		{ { { LIST, NULL, 200, "<html>a proxy</html>" } }, "text/html", ERR_REPLY, "proxy" },
		{ { { LIST, NULL, 200, "[{\"Id\":7,\"Is" } }, NULL, ERR_REPLY, "not what Command answers" },
		{ { { LIST, NULL, 200, "{}" } }, NULL, ERR_REPLY, "not what Command answers" },
		{ { { LIST, NULL, 200, "[{\"IssuedCN\":\"x\"}]" } }, NULL, ERR_REPLY, "no number" },
		{ { { LIST, NULL, 200, "[" CERT("9", "") "," CERT("7", "") "]" } }, NULL, ERR_REPLY,
		  "not in the order" },
		{ { { LIST, NULL, 200, "[" CERT("7", "") "]", "2" },
		    { LIST, NULL, 200, "[" CERT("7", "") "]", "1" } }, NULL, ERR_REPLY, "not in the order" },
		{ { { LIST, NULL, 403, "{\"ErrorCode\":\"0xA0140002\",\"Message\":\"User may not\"}" } }, NULL,
		  ERR_REFUSED, "GET /Certificates" },
		{ { { LIST, NULL, 401, "<html>401</html>" } }, "text/html", ERR_SIGN_IN, "with a web page" },
		{ { { LIST, NULL, 200, "[" CERT("7", "") "]", "9" }, { LIST, NULL, 500, "" } }, NULL, ERR_REPLY,
		  "500" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		struct kf_stage s;

		kf_stage_set(&s, VERB_REFRESH, faults[i].script);
		s.type = faults[i].type;
		kf_stage_badly(&s, faults[i].code, faults[i].part, NULL);
		kf_stage_strike(&s);
	}
}

/* Who may not have bytes is told once, and not once for each certificate. */
static void test_denied_bytes(void)
{
	static const struct kf_line script[] = {
		{ LIST, NULL, 200, "[" CERT("7", "") "," CERT("8", "") "," CERT("9", "") "]", "3" },
		{ DOWNLOAD, NULL, 403, "{\"Message\":\"User may not\"}" },
		{ DOWNLOAD, NULL, 403, "{\"Message\":\"User may not\"}" },
		{ DOWNLOAD, NULL, 403, "{\"Message\":\"User may not\"}" },
		WAITS,
		END
	};
	struct kf_stage s;

	kf_stage_set(&s, VERB_REFRESH, script);
	kf_stage_well(&s, "3 certificates");
	g_assert_cmpuint(s.play.op.troubles->len, ==, 1);
	g_assert_true(play_has_trouble(&s.play, "3 certificates could not be read"));
	g_assert_true(play_has_trouble(&s.play, "POST /Certificates/Download"));
	kf_stage_strike(&s);
}

/* ---- the store ---- */

#define GUID "11111111-2222-3333-4444-55555555555"

static void test_stores(void)
{
	static const struct kf_line good[] = {
		{ LIST, NULL, 200, "[]", "12" },
		{ "GET /CertificateStoreTypes?", NULL, 200,
		  "[{\"StoreType\":102,\"SupportedOperations\":{\"Add\":true}},"
		  "{\"StoreType\":103,\"SupportedOperations\":{\"Add\":false}}]" },
		{ "GET /CertificateStores?", "pageReturned=1", 200,
		  "[{\"Id\":\"" GUID "1\",\"CertStoreType\":102,"
		  "\"ClientMachine\":\"web1\",\"Storepath\":\"My\","
		  "\"ContainerName\":\"farm\",\"Approved\":true}]", "3" },
		{ "GET /CertificateStores?", "pageReturned=2", 200,
		  "[{\"Id\":\"" GUID "1\",\"Approved\":true},{\"Id\":\"" GUID "2\",\"Approved\":false},"
		  "{\"Id\":\"" GUID "3\",\"CertStoreType\":103,\"Approved\":true}]", "3" },
		END
	};
	static const struct kf_line denied[] = {
		{ LIST, NULL, 403, "{\"Message\":\"no\"}" },
		{ "GET /CertificateStoreTypes?", NULL, 403, "{\"Message\":\"nor these\"}" },
		{ "GET /CertificateStores?", NULL, 403, "{\"Message\":\"not these\"}" },
		END
	};
	static const struct kf_line broken[] = { { LIST, NULL, 0 }, END };
	struct kf_stage s;

	kf_stage_set(&s, VERB_ACCOUNT_STORES, good);
	kf_stage_well(&s, "look after 2 certificate stores, and 1 more");
	g_assert_cmpuint(s.play.op.put_stores->len, ==, 3);
	g_assert_cmpstr(((struct store *)s.play.op.put_stores->pdata[1])->title, ==, "web1: My");
	g_assert_cmpstr(((struct store *)s.play.op.put_stores->pdata[1])->container, ==, "farm");
	g_assert_cmpstr(((struct store *)s.play.op.put_stores->pdata[0])->id, ==, ID);
	g_assert_true(((struct store *)s.play.op.put_stores->pdata[1])->is_writable);
	g_assert_false(((struct store *)s.play.op.put_stores->pdata[2])->is_writable);
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_ACCOUNT_STORES, denied);
	kf_stage_well(&s, "Command");
	g_assert_cmpuint(s.play.op.put_stores->len, ==, 1);
	g_assert_true(play_has_trouble(&s.play, "not allowed"));
	g_assert_true(play_has_trouble(&s.play, "not these"));
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_ACCOUNT_STORES, broken);
	kf_stage_badly(&s, ERR_NETWORK, "it broke", NULL);
	g_assert_cmpuint(s.play.op.put_stores->len, ==, 0);
	kf_stage_strike(&s);
}

/* ---- history ---- */

#define OPERATIONS "GET /Certificates/7/History?query.pageReturned="
#define DONE(id, at, more) "{\"Id\":" id ",\"OperationStart\":\"" at "\"" more "}"

/* A page that comes again ends it, and what is no operation is none. */
static void test_history(void)
{
	static const struct kf_line script[] = {
		{ OPERATIONS "1&", "query.returnLimit=", 200, "[" DONE("3", "2026-01-03T00:00:00", "") ",7,{},"
		  DONE("1", "2026-01-01T00:00:00Z", ",\"Action\":\"Import\"") "]" },
		{ OPERATIONS "2&", NULL, 200, "[" DONE("2", "2026-01-01T00:00:00Z", ",\"Action\":\"Revoke\","
		  "\"Username\":\"CORP\\\\jo\",\"Comment\":\"lost\\u001b[31m\",\"OperationEnd\":"
		  "\"2026-01-02T00:00:00Z\"") "]" },
		{ OPERATIONS "3&", NULL, 200, "[" DONE("1", "2026-01-01T00:00:00Z", "") "]" },
		END
	};
	struct kf_stage s;
	const struct detail *d;

	kf_stage_set(&s, VERB_HISTORY, script);
	s.play.op.cert.alias = "7";
	s.play.op.target = "certs/abc";
	kf_stage_well(&s, "certificate 7 of Command's: 3 operations");
	d = s.play.op.detail;
	g_assert_cmpstr(d->id, ==, OBJECT_HISTORY "certs/abc");
	g_assert_cmpuint(d->n, ==, 5);
	g_assert_cmpstr(d->line[2].label, ==, "2026-01-03 00:00:00Z");
	g_assert_cmpstr(d->line[2].text, ==, "an operation without a name");
	g_assert_true(g_str_has_prefix(d->line[3].text,
				       "Revoke, by CORP\\jo, until 2026-01-02 00:00:00Z: lost"));
	g_assert_null(strchr(d->line[3].text, '\033'));
	g_assert_cmpstr(d->line[4].text, ==, "Import");
	kf_stage_strike(&s);
}

static void test_no_history(void)
{
	static const struct kf_line none[] = { { OPERATIONS "1&", NULL, 200, "[]", "0" }, END };
	static const struct kf_line gone[] = { { OPERATIONS "1&", NULL, 404, "{\"Message\":\"gone\"}" }, END };
	static const struct kf_line nothing[] = { END };
	struct kf_stage s;

	kf_stage_set(&s, VERB_HISTORY, none);
	s.play.op.cert.alias = "7";
	s.play.op.target = "abc";
	kf_stage_well(&s, "0 operations");
	g_assert_cmpstr(s.play.op.detail->line[2].text, ==, "Command tells of none");
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_HISTORY, gone);
	s.play.op.cert.alias = "7";
	kf_stage_badly(&s, ERR_NOT_FOUND, "gone", "/History", NULL);
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_HISTORY, nothing);
	s.play.op.cert.alias = "7/../9";
	kf_stage_badly(&s, ERR_USAGE, "no number", NULL);
	kf_stage_strike(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyfactor/certs/pages", test_pages);
	g_test_add_func("/keyfactor/certs/no-count", test_no_count);
	g_test_add_func("/keyfactor/certs/bytes", test_bytes);
	g_test_add_func("/keyfactor/certs/facts", test_facts);
	g_test_add_func("/keyfactor/certs/faults", test_faults);
	g_test_add_func("/keyfactor/certs/denied-bytes", test_denied_bytes);
	g_test_add_func("/keyfactor/certs/stores", test_stores);
	g_test_add_func("/keyfactor/certs/rights", test_rights);
	g_test_add_func("/keyfactor/certs/history", test_history);
	g_test_add_func("/keyfactor/certs/no-history", test_no_history);
	return g_test_run();
}
