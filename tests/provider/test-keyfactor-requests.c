/* test-keyfactor-requests: what waits in Command becomes rows, and is approved or denied as it was read. */
#include "keyfactor-stage.h"

#include <string.h>

#define GUID "0b9c8f1e-1111-4222-8333-444455556666"
#define REQUEST ID "/request:77"
#define WORKFLOW ID "/workflow:" GUID
#define NO_CERTS { "GET /Certificates?", "CertId -gt 0", 200, "[]", "0" }
#define PENDING(answer) { "GET /Workflow/Certificates/Pending?", "pagedQuery.pageReturned=1", 200, answer }
#define PENDING_END { "GET /Workflow/Certificates/Pending?", "pagedQuery.pageReturned=2", 200, "[]" }
#define EXTERNAL { "GET /Workflow/Certificates/ExternalValidation?", NULL, 200, "[]" }
#define ASSIGNED(answer) { "GET /Workflow/Instances/AssignedToMe?", NULL, 200, answer, "1" }
#define NOBODY { "GET /Workflow/Instances/AssignedToMe?", NULL, 200, "[]" }
#define ONE "GET /Workflow/Certificates/77"
#define ASKED(state, more)                                                                         \
	"{\"Id\":77,\"CommonName\":\"a.example.org\",\"Requester\":\"CORP\\\\kim\",\"Template\":\"Web\","   \
	"\"State\":" state ",\"SubmissionDate\":\"2026-01-01T00:00:00Z\",\"SANs\":{\"dns\":["               \
	"\"a.example.org\",\"b.example.org\"]},\"Metadata\":{\"Owner\":\"ops\"}" more "}"
#define INSTANCE(status, step, data)                                                               \
	"{\"Id\":\"" GUID "\",\"Status\":" status ",\"StatusMessage\":\"Waiting\","                          \
	"\"CurrentStepUniqueName\":" step ",\"Signals\":[{\"SignalName\":\"ApprovalStatus\","             \
	"\"SignalReceived\":false}],\"Definition\":{\"DisplayName\":\"x\",\"WorkflowType\":\"Enrollment\"}," \
	"\"Title\":\"kim wants it\",\"InitialData\":{\"SANs\":[\"a.org\"],\"PfxPassword\":\"pw\"" data "}}"
#define OPEN INSTANCE("2", "\"RequireApproval1\"", "")

/* The row that a list makes, as the database would give it back. */
static struct request *row_of(const char *id, const struct kf_line *script)
{
	struct kf_stage s;
	struct request *r;

	kf_stage_set(&s, VERB_REFRESH, script);
	kf_stage_well(&s, "1 request waits");
	r = request_dup(kf_stage_put(&s, id));
	kf_stage_strike(&s);
	return r;
}

static struct request *waiting_request(void)
{
	static const struct kf_line script[] = {
		NO_CERTS, PENDING("[{\"Id\":77}]"), PENDING_END, EXTERNAL, NOBODY,
		{ ONE, NULL, 200, ASKED("5", "") }, END
	};

	return row_of(REQUEST, script);
}

static struct request *waiting_workflow(void)
{
	static const struct kf_line script[] = {
		NO_CERTS, PENDING("[]"), EXTERNAL, ASSIGNED("[{\"Id\":\"" GUID "\"}]"),
		{ "GET /Workflow/Instances/" GUID, NULL, 200, OPEN }, END
	};

	return row_of(WORKFLOW, script);
}

static void begin(struct kf_stage *s, enum verb_id verb, struct request *r, const struct kf_line *script)
{
	kf_stage_set(s, verb, script);
	play_request(&s->play, r);
}

/* ---- rows ---- */

static void test_rows(void)
{
	g_autoptr(request) r = waiting_request(), w = waiting_workflow();

	g_assert_cmpint(r->state, ==, REQUEST_WAITS_PERSON);
	g_assert_cmpstr(r->title, ==, "a.example.org");
	g_assert_cmpstr(r->asked_by, ==, "CORP\\kim");
	g_assert_cmpstr(r->theirs, ==, "Pending");
	g_assert_cmpstr(r->can, ==, "approve deny sync");
	g_assert_cmpuint(g_strv_length(r->names), ==, 2);
	g_assert_cmpuint(strlen(r->digest), ==, 64);
	g_assert_nonnull(strstr(r->oddities, "more than two weeks"));
	g_assert_cmpstr(w->type, ==, "workflow");
	g_assert_nonnull(strstr(w->kept, "RequireApproval1.ApprovalStatus"));
	g_assert_null(strstr(w->kept, "\"pw\""));
}

static void test_shown(void)
{
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;
	static const struct kf_line script[] = { END };
	GString *all = g_string_new(NULL);

	begin(&s, VERB_SHOW, r, script);
	g_assert_true(play_run(&s.play));
	for (size_t i = 0; i < s.play.op.detail->n; i++)
		g_string_append_printf(all, "%s: %s\n", s.play.op.detail->line[i].label,
				       s.play.op.detail->line[i].text);
	g_assert_nonnull(strstr(all->str, "SANs dns: a.example.org\n: b.example.org\n"));
	g_assert_nonnull(strstr(all->str, "Metadata Owner: ops"));
	g_assert_nonnull(strstr(all->str, r->digest));
	g_string_free(all, TRUE);
	kf_stage_strike(&s);
}

/* What a person may not list is said, and is no trouble; nothing that waits ends by that. */
static void test_denied_lists(void)
{
	static const struct kf_line script[] = {
		NO_CERTS,
		{ "GET /Workflow/Certificates/Pending", NULL, 403, "{\"Message\":\"no\"}" },
		{ "GET /Workflow/Certificates/ExternalValidation", NULL, 404, "" },
		{ "GET /Workflow/Instances/AssignedToMe", NULL, 500, "{\"Message\":\"oh\"}" },
		END
	};
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;

	begin(&s, VERB_REFRESH, r, script);
	kf_stage_well(&s, "not allowed to list what waits (GET /Workflow/Certificates/Pending)");
	g_assert_cmpuint(s.play.op.put_requests->len, ==, 0);
	g_assert_cmpuint(s.play.op.troubles->len, ==, 1);
	g_assert_true(play_has_trouble(&s.play, "oh"));
	kf_stage_strike(&s);
}

/* What is in no list any more ends as it is said about it alone. */
static void test_missing(void)
{
	static const struct {
		struct kf_line answer;
		enum request_state state;
		const char *reason;
	} ends[] = {
		{ { ONE, NULL, 200, ASKED("3", ",\"DenialComment\":\"not now\"") }, REQUEST_DENIED, "not now" },
		{ { ONE, NULL, 200, ASKED("\"Denied\"", "") }, REQUEST_DENIED, "" },
		{ { ONE, NULL, 200, ASKED("4", "") }, REQUEST_FAILED, "" },
		{ { ONE, NULL, 200, ASKED("\"Active\"", "") }, REQUEST_ISSUED, "" },
		{ { ONE, NULL, 404, "" }, REQUEST_GONE, "Command knows it no more" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		const struct kf_line script[] = {
			NO_CERTS, PENDING("[]"), EXTERNAL, NOBODY, ends[i].answer, END
		};
		g_autoptr(request) r = waiting_request();
		struct kf_stage s;

		begin(&s, VERB_REFRESH, r, script);
		kf_stage_well(&s, "0 certificates");
		g_assert_cmpint(kf_stage_put(&s, REQUEST)->state, ==, ends[i].state);
		g_assert_cmpstr(kf_stage_put(&s, REQUEST)->reason, ==, ends[i].reason);
		kf_stage_strike(&s);
	}
}

/* ---- approving ---- */

static void test_approve(void)
{
	static const struct kf_line script[] = {
		{ ONE, NULL, 200, ASKED("\"Pending\"", "") },
		{ "POST /Workflow/Certificates/Approve", "[77]", 200,
		  "{\"Successes\":[{\"KeyfactorRequestId\":77}],\"Failures\":[]}" },
		{ "GET /Certificates?", "CertRequestId -eq 77", 200, "[{\"Id\":9}]" },
		{ "POST /Certificates/Download", "\"CertID\":9,\"IncludeChain\":true", 200,
		  "{\"Content\":\"$FILES\"}" },
		END
	};
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;
	g_autofree char *digest = NULL;

	begin(&s, VERB_APPROVE, r, script);
	kf_stage_well(&s, "was issued");
	digest = kf_stage_sha256(s.leaf);
	g_assert_cmpint(kf_stage_put(&s, REQUEST)->state, ==, REQUEST_ISSUED);
	g_assert_cmpstr(kf_stage_put(&s, REQUEST)->result, ==, digest);
	g_assert_cmpuint(s.play.op.kept->len, ==, 0);	/* somebody else's */
	kf_stage_strike(&s);
}

/* Another request under the same number, or one that others have answered, is not approved. */
static void test_changed(void)
{
	static const struct {
		const char *answer, *part;
		enum err code;
	} cases[] = {
		{ ASKED("5", ",\"KeyLength\":\"1024\""), "changed since it was looked at", ERR_REFUSED },
		{ ASKED("3", ",\"DenialComment\":\"no\""), "no longer waits", ERR_NOT_FOUND },
		{ "<html>proxy</html>", "not what Command answers", ERR_REPLY },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = { { ONE, NULL, 200, cases[i].answer }, END };
		g_autoptr(request) r = waiting_request();
		struct kf_stage s;

		begin(&s, VERB_APPROVE, r, script);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		kf_stage_strike(&s);
	}
}

/* An answer of 200 that lists it elsewhere, a refusal, an answer that got lost. */
static void test_not_approved(void)
{
	static const struct {
		int status;
		const char *answer, *part;
		enum err code;
	} cases[] = {
		{ 200, "{\"Failures\":[{\"KeyfactorRequestId\":77,\"Comment\":\"CA down\"}]}", "CA down",
		  ERR_REFUSED },
		{ 200, "{\"Denials\":[{\"KeyfactorRequestId\":77}]}", "did not do it", ERR_REFUSED },
		{ 200, "{\"Successes\":[{\"KeyfactorRequestId\":78}]}", "did not do it", ERR_REFUSED },
		{ 403, "{\"Message\":\"no\"}", "POST /Workflow/Certificates/Approve", ERR_REFUSED },
		{ 0, NULL, "is not known; sync tells", ERR_NETWORK },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = {
			{ ONE, NULL, 200, ASKED("5", "") },
			{ "POST /Workflow/Certificates/Approve", NULL, cases[i].status, cases[i].answer },
			END
		};
		g_autoptr(request) r = waiting_request();
		struct kf_stage s;

		begin(&s, VERB_APPROVE, r, script);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		g_assert_cmpuint(s.play.op.put_requests->len, ==, 0);
		kf_stage_strike(&s);
	}
}

static void test_deny(void)
{
	static const struct kf_line script[] = {
		{ ONE, NULL, 200, ASKED("5", "") },
		{ "POST /Workflow/Certificates/Deny",
		  "{\"Comment\":\"not now\",\"CertificateRequestIds\":[77]}", 200,
		  "{\"Successes\":[{\"KeyfactorRequestId\":77}]}" },
		END
	};
	static const struct kf_line nothing[] = { END };
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;

	begin(&s, VERB_DENY, r, script);
	play_arg(&s.play, "reason", "not now");
	kf_stage_well(&s, "is denied: not now");
	g_assert_cmpint(kf_stage_put(&s, REQUEST)->state, ==, REQUEST_DENIED);
	kf_stage_strike(&s);
	begin(&s, VERB_DENY, r, nothing);
	play_arg(&s.play, "reason", " ");
	kf_stage_badly(&s, ERR_USAGE, "needs a reason", NULL);
	kf_stage_strike(&s);
}

/* ---- workflows ---- */

static void test_signal(void)
{
	static const struct {
		const char *after, *said;
		enum request_state state;
	} cases[] = {
		{ INSTANCE("\"Complete\"", "null", ""), "is approved", REQUEST_ISSUED },
		{ INSTANCE("4", "null", ""), "is approved", REQUEST_ISSUED },
		{ OPEN, "others have to as well", REQUEST_WAITS_PROVIDER },
		{ INSTANCE("\"Failed\"", "null", ""), "is approved", REQUEST_FAILED },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = {
			{ "GET /Workflow/Instances/" GUID, NULL, 200, OPEN },
			{ "POST /Workflow/Instances/" GUID "/Signals",
			  "{\"SignalKey\":\"RequireApproval1.ApprovalStatus\",\"Data\":{\"Approved\":\"True\",",
			  204, "" },
			{ "GET /Workflow/Instances/" GUID, NULL, 200, cases[i].after },
			END
		};
		g_autoptr(request) r = waiting_workflow();
		struct kf_stage s;

		begin(&s, VERB_APPROVE, r, script);
		kf_stage_well(&s, cases[i].said);
		g_assert_cmpint(kf_stage_put(&s, WORKFLOW)->state, ==, cases[i].state);
		kf_stage_strike(&s);
	}
}

static void test_signal_refused(void)
{
	static const struct kf_line changed[] = {
		{ "GET /Workflow/Instances/" GUID, NULL, 200,
		  INSTANCE("2", "\"RequireApproval1\"", ",\"Template\":\"Root\"") },
		END
	};
	static const struct kf_line refused[] = {
		{ "GET /Workflow/Instances/" GUID, NULL, 200, OPEN },
		{ "POST /Workflow/Instances/" GUID "/Signals", "\"Approved\":\"False\",\"Comment\":\"no\"", 403,
		  "{\"Message\":\"not assigned\"}" },
		END
	};
	g_autoptr(request) r = waiting_workflow();
	struct kf_stage s;

	begin(&s, VERB_APPROVE, r, changed);
	kf_stage_badly(&s, ERR_REFUSED, "changed since it was looked at", NULL);
	kf_stage_strike(&s);
	begin(&s, VERB_DENY, r, refused);
	play_arg(&s.play, "reason", "no");
	kf_stage_badly(&s, ERR_REFUSED, "not assigned", "/Signals", NULL);
	kf_stage_strike(&s);
}

/* What cannot be shown whole cannot be approved from here. */
static void test_too_long(void)
{
	GString *data = g_string_new(",\"Note\":\"");
	g_autofree char *whole = NULL;
	struct kf_line script[] = {
		NO_CERTS, PENDING("[]"), EXTERNAL, ASSIGNED("[{\"Id\":\"" GUID "\"}]"),
		{ "GET /Workflow/Instances/" GUID, NULL, 200, NULL }, END
	};
	static const struct kf_line nothing[] = { END };
	g_autoptr(request) r = NULL;
	struct kf_stage s;

	for (int i = 0; i < 5000; i++)
		g_string_append_c(data, 'x');
	g_string_append_c(data, '"');
	whole = g_strdup_printf("{\"Id\":\"" GUID "\",\"CurrentStepUniqueName\":\"A\",\"Signals\":[{"
				"\"SignalName\":\"B\"}],\"InitialData\":{\"a\":1%s}}", data->str);
	script[4].answer = whole;
	r = row_of(WORKFLOW, script);
	g_assert_cmpstr(r->can, ==, "deny sync");
	begin(&s, VERB_APPROVE, r, nothing);
	kf_stage_badly(&s, ERR_REFUSED, "too long to be shown whole", NULL);
	kf_stage_strike(&s);
	g_string_free(data, TRUE);
}

/* ---- plans ---- */

static void test_plans(void)
{
	static const struct kf_line script[] = { END };
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;
	struct plan *p = plan_new(&verb_table[VERB_APPROVE]);

	begin(&s, VERB_APPROVE, r, script);
	g_assert_true(s.play.provider->plan[VERB_APPROVE](&s.play.op, p, NULL));
	g_assert_cmpuint(p->calls->len, ==, 4);
	g_assert_cmpstr(((struct plan_call *)p->calls->pdata[1])->operation, ==,
			"POST /Workflow/Certificates/Approve");
	plan_free(p);
	kf_stage_strike(&s);
}

/* ---- restarts ---- */

#define FLOW "GET /Workflow/Instances/" GUID
#define RESTART "POST /Workflow/Instances/" GUID "/Restart"

static void test_restarted(void)
{
	static const struct {
		struct kf_line script[4];
		const char *said;
		enum request_state state;
		const char *can;
	} cases[] = {
		{ { { FLOW, NULL, 200, INSTANCE("\"Failed\"", "null", "") }, { RESTART, NULL, 204, "" },
		    { FLOW, NULL, 200, OPEN } }, "is restarted", REQUEST_WAITS_PERSON, "approve deny sync" },
		{ { { FLOW, NULL, 200, INSTANCE("3", "\"Fetch1\"", "") }, { RESTART, NULL, 200, "{}" },
		    { FLOW, NULL, 0 } }, "is restarted", REQUEST_WAITS_PROVIDER, "sync" },
		{ { { FLOW, NULL, 200, OPEN }, { RESTART, NULL, 204, "" },
		    { FLOW, NULL, 200, INSTANCE("\"CanceledForRestart\"", "null", "") } }, "is restarted",
		  REQUEST_GONE, "dismiss" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(request) r = waiting_workflow();
		struct kf_stage s;

		begin(&s, VERB_RESTART, r, cases[i].script);
		kf_stage_well(&s, cases[i].said);
		g_assert_cmpint(kf_stage_put(&s, WORKFLOW)->state, ==, cases[i].state);
		g_assert_cmpstr(kf_stage_put(&s, WORKFLOW)->can, ==, cases[i].can);
		kf_stage_strike(&s);
	}
}

static void test_not_restarted(void)
{
	static const struct {
		struct kf_line script[3];
		enum err code;
		const char *part;
	} cases[] = {
		{ { { FLOW, NULL, 200, INSTANCE("\"Complete\"", "null", "") } }, ERR_REFUSED, "did not fail" },
		{ { { FLOW, NULL, 404, "{\"Message\":\"no such instance\"}" } }, ERR_NOT_FOUND,
		  "no such instance" },
		{ { { FLOW, NULL, 200, OPEN }, { RESTART, NULL, 400, "{\"Message\":\"not published\"}" } },
		  ERR_REPLY, "not published" },
		{ { { FLOW, NULL, 200, OPEN }, { RESTART, NULL, 0 } }, ERR_NETWORK, "sync tells" },
		{ { { FLOW, NULL, 200, OPEN }, { RESTART, NULL, 403, "" } }, ERR_REFUSED, "not allowed" },
	};
	static const struct kf_line nothing[] = { END };
	g_autoptr(request) r = waiting_request();
	struct kf_stage s;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(request) w = waiting_workflow();

		begin(&s, VERB_RESTART, w, cases[i].script);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		kf_stage_strike(&s);
	}
	begin(&s, VERB_RESTART, r, nothing);
	kf_stage_badly(&s, ERR_REFUSED, "is no workflow", NULL);
	kf_stage_strike(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyfactor/requests/rows", test_rows);
	g_test_add_func("/keyfactor/requests/shown", test_shown);
	g_test_add_func("/keyfactor/requests/denied-lists", test_denied_lists);
	g_test_add_func("/keyfactor/requests/missing", test_missing);
	g_test_add_func("/keyfactor/requests/approve", test_approve);
	g_test_add_func("/keyfactor/requests/changed", test_changed);
	g_test_add_func("/keyfactor/requests/not-approved", test_not_approved);
	g_test_add_func("/keyfactor/requests/deny", test_deny);
	g_test_add_func("/keyfactor/requests/signal", test_signal);
	g_test_add_func("/keyfactor/requests/signal-refused", test_signal_refused);
	g_test_add_func("/keyfactor/requests/too-long", test_too_long);
	g_test_add_func("/keyfactor/requests/plans", test_plans);
	g_test_add_func("/keyfactor/requests/restarted", test_restarted);
	g_test_add_func("/keyfactor/requests/not-restarted", test_not_restarted);
	return g_test_run();
}
