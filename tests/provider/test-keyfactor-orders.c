/* test-keyfactor-orders: enrolments and revocations at Command, and what is done when answers are lost. */
#include "keyfactor-stage.h"

#include <string.h>

#include <openssl/pem.h>

#define CONTEXT(templates) { "GET /Enrollment/CSR/Context/My", NULL, 200, "{\"Templates\":[" templates "]}" }
#define WEB "{\"Name\":\"Web\",\"DisplayName\":\"Web Server\",\"CAs\":[{\"Name\":\"ca01\\\\Issuing\"}]}"
#define OTHER "{\"Name\":\"Other\",\"DisplayName\":\"Other one\",\"CAs\":[]}"
#define ENROL "POST /Enrollment/CSR"
#define INFO(more) "{\"CertificateInformation\":{" more "},\"Metadata\":null}"
#define ISSUED                                                                                      \
	INFO("\"KeyfactorID\":9,\"KeyfactorRequestId\":77,\"RequestDisposition\":\"ISSUED\",\"Certificates\":" \
	     "[\"subject=x\\n$PEM\",\"$CAPEM\"]")
#define PENDING(word, more)                                                                         \
	INFO("\"KeyfactorID\":0,\"SerialNumber\":null,\"Certificates\":null,\"KeyfactorRequestId\":77,"    \
	     "\"RequestDisposition\":\"" word "\",\"DispositionMessage\":\"it waits\"" more)
#define GUID "0b9c8f1e-1111-4222-8333-444455556666"
#define REVOKE "POST /Certificates/Revoke"

/* ---- the request file ---- */

static char *csr_path;		/* of the run */

/* Of the key that the stage's certificates have. */
static void write_csr(const char *folder)
{
	static const char *const names[] = { "www.example.org", "example.org", NULL };
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long n;
	g_autoptr(x509_key) key = NULL;
	g_autoptr(GBytes) csr = NULL;
	g_autoptr(detail) d = NULL;

	PEM_write_bio_PrivateKey(out, make_key(), NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(out, &text);
	key = x509_key_read((const uint8_t *)text, (size_t)n, NULL, NULL);
	BIO_free(out);
	csr = x509_csr_make(key, "CN=www.example.org", names, NULL);
	d = x509_csr_describe(csr, NULL, NULL, NULL);
	csr_path = g_build_filename(folder, "a.csr", NULL);
	g_assert_true(g_file_set_contents(csr_path, d->pem, -1, NULL));
}

static void begin(struct kf_stage *s, const char *template, const struct kf_line *script)
{
	kf_stage_set(s, VERB_ORDER, script);
	play_arg(&s->play, "names", "www.example.org,example.org");
	play_arg(&s->play, "csr", csr_path);
	if (template)
		play_arg(&s->play, "template", template);
}

/* The row that was put last, whatever it is called; a copy. */
static struct request *last_row(const struct kf_stage *s)
{
	const GPtrArray *all = s->play.op.put_requests;

	g_assert_cmpuint(all->len, >, 0);
	return request_dup(all->pdata[all->len - 1]);
}

/* ---- what this user may ---- */

static void test_rights(void)
{
	static const struct {
		struct kf_line context;
		const char *template, *ca, *part;
		enum err code;
	} cases[] = {
		{ CONTEXT(WEB "," OTHER), NULL, NULL, "Web (ca01\\Issuing), Other (at no CA)", ERR_USAGE },
		{ CONTEXT(WEB), "Secret", NULL, "Secret is no template that may be used", ERR_REFUSED },
		{ CONTEXT(""), NULL, NULL, "enrol with none", ERR_USAGE },
		{ CONTEXT(WEB), "web server", "ca02\\Other", "is no CA that may be used", ERR_REFUSED },
		{ { "GET /Enrollment/CSR/Context/My", NULL, 403, "{\"Message\":\"no\"}" }, NULL, NULL,
		  "GET /Enrollment/CSR/Context/My", ERR_REFUSED },
		{ { "GET /Enrollment/CSR/Context/My", NULL, 200, "<html>" }, "Web", NULL,
		  "not what Command answers", ERR_REPLY },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = { cases[i].context, END };
		struct kf_stage s;

		begin(&s, cases[i].template, script);
		if (cases[i].ca)
			play_arg(&s.play, "ca", cases[i].ca);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		g_assert_cmpuint(s.play.op.put_requests->len, ==, 0);
		kf_stage_strike(&s);
	}
}

/* ---- orders ---- */

static void test_issued(void)
{
	static const struct kf_line script[] = {
		CONTEXT(WEB), { ENROL, "\"Template\":\"Web\"", 200, ISSUED }, END
	};
	struct kf_stage s;
	const struct bundle *b;

	begin(&s, NULL, script);
	play_arg(&s.play, "metadata", "Owner=ops,Cost=");
	kf_stage_well(&s, "is kept in the own repository");
	g_assert_cmpuint(s.play.kept_requests, ==, 1);	/* written down before it was sent */
	g_assert_nonnull(strstr(s.asked->pdata[1], "\"Metadata\":{\"Owner\":\"ops\",\"Cost\":\"\"}"));
	g_assert_nonnull(strstr(s.asked->pdata[1], "\"Timestamp\":\"20"));
	g_assert_cmpuint(s.play.op.kept->len, ==, 1);
	b = s.play.op.kept->pdata[0];
	g_assert_true(g_bytes_equal(b->cert, s.leaf));
	g_assert_cmpuint(b->chain->len, ==, 1);
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	g_assert_cmpint(kf_stage_put(&s, ID "/request:77")->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(s.play.op.drop_requests->len, ==, 1);
	kf_stage_strike(&s);
}

/* A pending answer is a good one, in all of its forms. */
static void test_pending(void)
{
	static const struct {
		const char *answer, *id;
	} cases[] = {
		{ PENDING("PENDING", ""), ID "/request:77" },
		{ PENDING("EXTERNAL_VALIDATION", ""), ID "/request:77" },
		{ PENDING("PENDING", ",\"WorkflowInstanceId\":\"" GUID "\""), ID "/workflow:" GUID },
		{ PENDING("ISSUED", ""), ID "/request:77" },	/* without a certificate */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = { CONTEXT(WEB), { ENROL, NULL, 200, cases[i].answer }, END };
		struct kf_stage s;

		begin(&s, "Web", script);
		kf_stage_well(&s, "waits for approval or for its CA: it waits");
		g_assert_cmpint(kf_stage_put(&s, cases[i].id)->state, ==, REQUEST_WAITS_CA);
		g_assert_cmpstr(kf_stage_put(&s, cases[i].id)->can, ==, "sync");
		g_assert_cmpuint(s.play.op.kept->len, ==, 0);
		kf_stage_strike(&s);
	}
}

static void test_refused(void)
{
	static const struct {
		int status;
		const char *answer, *part;
	} cases[] = {
		{ 400, "{\"ErrorCode\":\"0xA0110004\",\"Message\":\"key too short\"}", "key too short" },
		{ 403, "{\"Message\":\"no\"}", "POST /Enrollment/CSR" },
		{ 200, INFO("\"RequestDisposition\":\"DENIED\",\"DispositionMessage\":\"never\""),
		  "DENIED: never" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = {
			CONTEXT(WEB), { ENROL, NULL, cases[i].status, cases[i].answer }, END
		};
		struct kf_stage s;
		g_autoptr(request) r = NULL;

		begin(&s, "Web", script);
		g_assert_false(play_run(&s.play));
		g_assert_nonnull(strstr(s.play.op.error->message, cases[i].part));
		r = last_row(&s);
		g_assert_cmpint(r->state, ==, REQUEST_FAILED);
		kf_stage_strike(&s);
	}
}

/* An answer that got lost, or is none, leaves a row that waits, and no second enrolment. */
static void test_lost(void)
{
	static const struct {
		int status;
		const char *answer;
	} cases[] = {
		{ 0, NULL }, { 500, "" }, { 504, "<html>" }, { 200, "{\"Certificate" }, { 200, "{}" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = {
			CONTEXT(WEB), { ENROL, NULL, cases[i].status, cases[i].answer }, END
		};
		static const struct kf_line again[] = { CONTEXT(WEB), END };
		g_autoptr(request) r = NULL;
		struct kf_stage s;

		begin(&s, "Web", script);
		g_assert_false(play_run(&s.play));
		g_assert_nonnull(strstr(s.play.op.error->message, "sync finds out"));
		r = last_row(&s);
		g_assert_cmpint(r->state, ==, REQUEST_WAITS_PROVIDER);
		g_assert_cmpstr(r->can, ==, "sync dismiss");
		kf_stage_strike(&s);
		begin(&s, "Web", again);
		play_request(&s.play, r);
		kf_stage_badly(&s, ERR_PENDING, "was ordered before", NULL);
		kf_stage_strike(&s);
	}
}

/* ---- what became of it ---- */

static struct request *lost_row(void)
{
	static const struct kf_line script[] = { CONTEXT(WEB), { ENROL, NULL, 0 }, END };
	struct kf_stage s;
	struct request *r;

	begin(&s, "Web", script);
	g_assert_false(play_run(&s.play));
	r = last_row(&s);
	kf_stage_strike(&s);
	return r;
}

#define LATE  "2999-01-01T00:00:00Z"
#define EARLY "2001-01-01T00:00:00Z"
#define FOUND "[{\"Id\":8,\"ImportDate\":\"" LATE "\"},{\"Id\":3,\"ImportDate\":\"" EARLY "\"}]"

static void test_settled(void)
{
	static const struct kf_line there[] = {
		{ "GET /Certificates?", "IssuedCN -eq \"www.example.org\"", 200, FOUND },
		{ "POST /Certificates/Download", "\"CertID\":8", 200, "{\"Content\":\"$FILES\"}" },
		END
	};
	static const struct kf_line waits[] = {
		{ "GET /Certificates?", NULL, 200, "[]" },
		{ "GET /Workflow/Certificates/Pending", NULL, 200,
		  "[{\"Id\":5,\"CommonName\":\"www.example.org\",\"SubmissionDate\":\"" LATE "\"},"
		  "{\"Id\":4,\"CommonName\":\"www.example.org\",\"SubmissionDate\":\"" EARLY "\"}]" },
		END
	};
	static const struct kf_line nowhere[] = {
		{ "GET /Certificates?", NULL, 200, "[]" },
		{ "GET /Workflow/Certificates/Pending", NULL, 200, "[]" },
		END
	};
	static const struct {
		const struct kf_line *script;
		const char *said, *id;
		enum request_state state;
	} cases[] = {
		{ there, "is kept in the own repository", NULL, REQUEST_ISSUED },
		{ waits, "waits as Command's request 5", ID "/request:5", REQUEST_WAITS_CA },
		{ nowhere, "dismiss it and order again", NULL, REQUEST_WAITS_PROVIDER },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(request) r = lost_row();
		struct kf_stage s;

		kf_stage_set(&s, VERB_SYNC, cases[i].script);
		play_request(&s.play, r);
		kf_stage_well(&s, cases[i].said);
		if (cases[i].state != REQUEST_WAITS_PROVIDER)
			g_assert_cmpint(kf_stage_put(&s, cases[i].id ? cases[i].id : r->id)->state, ==,
					cases[i].state);
		else
			g_assert_cmpuint(s.play.op.put_requests->len, ==, 0);
		kf_stage_strike(&s);
	}
}

/* ---- revoking ---- */

static void begin_revoke(struct kf_stage *s, const char *comment, const struct kf_line *script)
{
	kf_stage_set(s, VERB_REVOKE, script);
	s->play.op.cert.alias = "7";
	play_arg(&s->play, "reason", "superseded");
	play_arg(&s->play, "comment", comment);
}

static void test_revoked(void)
{
	static const char *const comments[] = { "", "  " };
	static const struct kf_line good[] = {
		{ REVOKE, "{\"CertificateIds\":[7],\"Reason\":4,\"Comment\":\"old\"}", 200,
		  "{\"RevokedIds\":[7]}" },
		END
	};
	static const struct kf_line older[] = { { REVOKE, NULL, 204, "" }, END };
	static const struct kf_line nothing[] = { END };
	struct kf_stage s;

	begin_revoke(&s, " old ", good);
	kf_stage_well(&s, "7 is revoked");
	kf_stage_strike(&s);
	begin_revoke(&s, "old", older);
	kf_stage_well(&s, "7 is revoked");
	kf_stage_strike(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(comments); i++) {
		begin_revoke(&s, comments[i], nothing);
		kf_stage_badly(&s, ERR_USAGE, "without a comment", NULL);
		kf_stage_strike(&s);
	}
}

static void test_not_revoked(void)
{
	static const struct {
		int status;
		const char *answer, *part;
		enum err code;
	} cases[] = {
		{ 200, "{\"RevokedIds\":[],\"SuspendedCerts\":[{\"CertId\":7,\"WorkflowId\":\"" GUID "\","
		       "\"Message\":\"ask Kim\"}]}", "ask Kim", ERR_PENDING },
		{ 200, "{\"RevokedIds\":[8]}", "does not say that", ERR_REPLY },
		{ 200, "<html>", "a refresh tells", ERR_REPLY },
		{ 0, NULL, "a refresh tells", ERR_NETWORK },
		{ 403, "{\"Message\":\"no\"}", "POST /Certificates/Revoke", ERR_REFUSED },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct kf_line script[] = { { REVOKE, NULL, cases[i].status, cases[i].answer }, END };
		struct kf_stage s;

		begin_revoke(&s, "old", script);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		kf_stage_strike(&s);
	}
}

/* ---- keys that Command makes ---- */

#define CONTEXT_PFX(templates) \
	{ "GET /Enrollment/PFX/Context/My", NULL, 200, "{\"Templates\":[" templates "]}" }
#define ENROL_PFX "POST /Enrollment/PFX"
#define NO_BLOB INFO("\"KeyfactorID\":9,\"KeyfactorRequestId\":77,\"RequestDisposition\":\"ISSUED\"," \
		     "\"Pkcs12Blob\":\"AAAA\",\"Password\":\"x\"")

static void begin_pfx(struct kf_stage *s, const struct kf_line *script)
{
	kf_stage_set(s, VERB_ORDER, script);
	play_arg(&s->play, "names", "www.example.org");
	play_arg(&s->play, "sans", "10.1.2.3,fd00::1,ops@example.org,https://example.org/x,b.example.org");
	play_arg(&s->play, "key", "command");
	play_secret(&s->play, "new-passphrase", "correct horse");
}

/* A PFX that cannot be opened is an order that waits for sync, and what is asked for goes by its sort. */
static void test_pfx(void)
{
	static const struct kf_line broken[] = { CONTEXT_PFX(WEB), { ENROL_PFX, NULL, 200, NO_BLOB }, END };
	static const struct kf_line waits[] = {
		CONTEXT_PFX(WEB), { ENROL_PFX, NULL, 200, PENDING("PENDING", ",\"Pkcs12Blob\":null") }, END
	};
	struct kf_stage s;
	const char *sent;

	begin_pfx(&s, broken);
	kf_stage_badly(&s, ERR_REPLY, "cannot be opened", "sync keeps the certificate", NULL);
	g_assert_cmpuint(s.play.kept_requests, ==, 1);
	sent = s.asked->pdata[1];
	g_assert_nonnull(strstr(sent, "\"SANs\":{\"dns\":[\"www.example.org\",\"b.example.org\"],"
				"\"ip4\":[\"10.1.2.3\"],\"ip6\":[\"fd00::1\"],\"rfc822\":[\"ops@example.org\"],"
				"\"uri\":[\"https://example.org/x\"]}"));
	g_assert_nonnull(strstr(sent, "\"Subject\":\"CN=www.example.org\""));
	g_assert_null(strstr(sent, "correct horse"));
	g_assert_cmpstr(kf_stage_put(&s, ID "/request:77")->can, ==, "sync");
	g_assert_null(strstr(kf_stage_put(&s, ID "/request:77")->kept, "assword\":\""));
	kf_stage_strike(&s);
	begin_pfx(&s, waits);
	kf_stage_well(&s, "waits for approval");
	g_assert_cmpuint(s.play.op.kept->len, ==, 0);
	kf_stage_strike(&s);
}

static void test_pfx_needs(void)
{
	static const struct kf_line nothing[] = { END };
	struct kf_stage s;

	kf_stage_set(&s, VERB_ORDER, nothing);
	play_arg(&s.play, "names", "www.example.org");
	play_arg(&s.play, "key", "command");
	kf_stage_badly(&s, ERR_USAGE, "new-passphrase", NULL);
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_ORDER, nothing);
	play_arg(&s.play, "names", "www.example.org");
	kf_stage_badly(&s, ERR_USAGE, "(csr)", NULL);
	kf_stage_strike(&s);
}

/* Of a lost PFX nothing but its names and its user is known: neither another's is taken, nor one that came
 * of another order. */
static void test_pfx_settled(void)
{
	static const struct kf_line lost[] = { CONTEXT_PFX(WEB), { ENROL_PFX, NULL, 0 }, END };
	static const struct kf_line script[] = {
		{ "GET /Certificates?", "IssuedCN -eq \"www.example.org\"", 200,
		  "[{\"Id\":9,\"ImportDate\":\"" LATE "\",\"RequesterName\":\"CORP\\\\kim\"},"
		  "{\"Id\":8,\"ImportDate\":\"" LATE "\",\"RequesterName\":\"corp\\\\jo\"}]" },
		{ "POST /Certificates/Download", "\"CertID\":8", 200, "{\"Content\":\"$FILES\"}" },
		END
	};
	g_autoptr(request) r = NULL;
	struct kf_stage s;

	kf_stage_set(&s, VERB_ORDER, lost);
	play_arg(&s.play, "names", "www.example.org");
	play_arg(&s.play, "key", "command");
	play_secret(&s.play, "new-passphrase", "correct horse");
	g_assert_false(play_run(&s.play));
	r = last_row(&s);
	kf_stage_strike(&s);
	kf_stage_set(&s, VERB_SYNC, script);
	play_request(&s.play, r);
	kf_stage_well(&s, "without its key, which Command made");
	g_assert_cmpuint(s.play.op.kept->len, ==, 1);
	g_assert_cmpint(kf_stage_put(&s, r->id)->state, ==, REQUEST_ISSUED);
	kf_stage_strike(&s);
}

/* ---- taking out ---- */

static void begin_export(struct kf_stage *s, const char *with_key, const struct kf_line *script)
{
	kf_stage_set(s, VERB_EXPORT, script);
	play_cert(&s->play, s->leaf, "7");
	play_arg(&s->play, "format", "pem");
	play_arg(&s->play, "file", "/nonexistent/x.pem");
	play_arg(&s->play, "with-key", with_key);
	play_secret(&s->play, "passphrase", "correct horse");
}

static void test_export(void)
{
	static const struct {
		const char *with_key;
		struct kf_line script[2];
		enum err code;
		const char *part;
	} cases[] = {
		{ "yes", { { "POST /Certificates/Recover", "\"CertID\":7", 403, "{\"Message\":\"no\"}" } },
		  ERR_REFUSED, "POST /Certificates/Recover" },
		{ "yes", { { "POST /Certificates/Recover", NULL, 200, "{\"PFX\":null}" } }, ERR_REPLY,
		  "no PFX" },
		{ "yes", { { "POST /Certificates/Recover", NULL, 200, "{\"PFX\":\"AAAA\"}" } }, ERR_REPLY,
		  "cannot be opened" },
		{ "no", { { "POST /Certificates/Download", NULL, 200, "{\"Content\":\"$FILES\"}" } },
		  ERR_NOT_FOUND, "/nonexistent" },
		{ "no", { { "POST /Certificates/Download", NULL, 404, "{\"Message\":\"gone\"}" } },
		  ERR_NOT_FOUND, "gone" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct kf_stage s;

		begin_export(&s, cases[i].with_key, cases[i].script);
		kf_stage_badly(&s, cases[i].code, cases[i].part, NULL);
		kf_stage_strike(&s);
	}
}

/* ---- what a collection asks ---- */

static void test_within(void)
{
	static const struct kf_line script[] = {
		{ REVOKE "?collectionId=11 ", "\"CollectionId\":11", 200, "{\"RevokedIds\":[7]}" }, END
	};
	struct store *at = store_new("kf/collection:11");
	struct kf_stage s;

	begin_revoke(&s, "old", script);
	store_set(&at->type, "collection");
	store_set(&at->title, "kf Web farm");
	s.play.op.store = at;
	kf_stage_well(&s, "7 is revoked");
	s.play.op.store = s.play.store;
	store_unref(at);
	kf_stage_strike(&s);
}

/* ---- plans ---- */

static void test_plans(void)
{
	static const struct kf_line nothing[] = { END };
	struct plan *p = plan_new(&verb_table[VERB_ORDER]), *q = plan_new(&verb_table[VERB_REVOKE]);
	struct kf_stage s;
	GError *error = NULL;

	begin(&s, "Web", nothing);
	g_assert_true(s.play.provider->plan[VERB_ORDER](&s.play.op, p, NULL));
	g_assert_cmpuint(p->calls->len, ==, 3);
	plan_free(p);
	kf_stage_strike(&s);
	begin_revoke(&s, "", nothing);
	g_assert_false(s.play.provider->plan[VERB_REVOKE](&s.play.op, q, &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_error_free(error);
	plan_free(q);
	kf_stage_strike(&s);
}

int main(int argc, char **argv)
{
	char *folder;
	int failed;

	g_test_init(&argc, &argv, NULL);
	folder = play_folder();
	write_csr(folder);
	g_test_add_func("/keyfactor/orders/rights", test_rights);
	g_test_add_func("/keyfactor/orders/issued", test_issued);
	g_test_add_func("/keyfactor/orders/pending", test_pending);
	g_test_add_func("/keyfactor/orders/refused", test_refused);
	g_test_add_func("/keyfactor/orders/lost", test_lost);
	g_test_add_func("/keyfactor/orders/settled", test_settled);
	g_test_add_func("/keyfactor/orders/revoked", test_revoked);
	g_test_add_func("/keyfactor/orders/not-revoked", test_not_revoked);
	g_test_add_func("/keyfactor/orders/pfx", test_pfx);
	g_test_add_func("/keyfactor/orders/pfx-needs", test_pfx_needs);
	g_test_add_func("/keyfactor/orders/pfx-settled", test_pfx_settled);
	g_test_add_func("/keyfactor/orders/export", test_export);
	g_test_add_func("/keyfactor/orders/within", test_within);
	g_test_add_func("/keyfactor/orders/plans", test_plans);
	failed = g_test_run();
	g_free(csr_path);
	play_folder_gone(folder);
	return failed;
}
