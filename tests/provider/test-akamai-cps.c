/* What Akamai's CPS tells becomes rows and requests, whatever its form; and what is answered is what was
 * read. */
#include "play.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/model/mark.h>
#include <provider/akamai/cps_change.h>

#include "../model/make.h"

#define NOW MAKE_NOW
#define CHANGE "/cps/v2/enrollments/10002/changes/20003"
#define END { NULL }

struct line {			/* of a transcript, which ends with call NULL */
	const char *call;	/* "GET /cps/v2/…": what must be asked, as far as it says */
	int status;		/* 0: the connection breaks */
	const char *answer;	/* with $PEM, $CHAIN and $PRINT */
	const char *part;	/* of the body that must be there; or NULL */
};

struct stage {
	struct play play;
	const struct line *script;
	GBytes *leaf, *ca;
	guint asked;
};

static char *pem_in_json(GBytes *der)
{
	g_autofree char *pem = make_pem(der);
	GString *escaped = g_string_new(pem);

	g_string_replace(escaped, "\n", "\\n", 0);
	return g_string_free(escaped, FALSE);
}

static void put(GString *s, const char *word, char *text /* taken */)
{
	g_string_replace(s, word, text, 0);
	g_free(text);
}

static struct reply *reply_with(const struct stage *s, const struct line *line)
{
	struct reply *r = g_new0(struct reply, 1);
	GString *body = g_string_new(line->answer ? line->answer : "");

	put(body, "$PEM", pem_in_json(s->leaf));
	put(body, "$CHAIN", pem_in_json(s->ca));
	put(body, "$PRINT", g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, s->leaf));
	r->status = line->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	r->body = g_string_free_to_bytes(body);
	return r;
}

static struct reply *answer(struct play *p, const struct request_out *request)
{
	static const char base[] = "https://akab.test";
	struct stage *s = p->who;
	const struct line *line = s->script;
	g_autofree char *body = request->body ? g_strndup(g_bytes_get_data(request->body, NULL),
							  g_bytes_get_size(request->body)) :
						g_strdup("");
	g_autofree char *call = NULL;

	g_assert_true(g_str_has_prefix(request->url, base));
	g_assert_cmpfloat(request->pace.rate, <, 35.1 / 60);
	call = g_strdup_printf("%s %s %s", request->method, request->url + strlen(base), body);
	if (!line->call || !g_str_has_prefix(call, line->call) || (line->part && !strstr(call, line->part)))
		g_error("asked: %s, and not %s with %s", call, line->call, line->part);
	s->script++;
	s->asked++;
	return line->status ? reply_with(s, line) :
			      reply_of_error(g_error_new_literal(ERR, ERR_NETWORK, "the connection broke"));
}

static void open_account(struct play *p)
{
	struct args *with = args_new();

	args_set(with, AKAMAI_HOST, "akab.test");
	args_set(with, AKAMAI_CONTRACT, "ctr_C-0N7RAC7");
	play_open(p, "ak", with);
}

static struct store *new_store(const char *type)
{
	g_autofree char *id = g_strconcat("ak/", type, NULL);
	struct store *s = store_new(id);

	store_set(&s->account, "ak");
	store_set(&s->provider, "akamai");
	store_set(&s->type, type);
	store_set(&s->address, "https://akab.test");
	return s;
}

static void set(struct stage *s, enum verb_id verb, const char *type, const struct line *script)
{
	X509 *ca;

	clock_set(NOW);
	memset(s, 0, sizeof(*s));
	ca = make_cert(&(struct make){ .subject = "IssuingCA", .constraints = "CA:TRUE" });
	s->leaf = make_cert_der(&(struct make){ .subject = "www.shop.example",
						.sans = "DNS:www.shop.example,DNS:old.shop.example",
						.issuer = ca });
	s->ca = make_der(ca);
	X509_free(ca);
	play_begin(&s->play, "akamai", verb, new_store(type));
	open_account(&s->play);
	s->play.answer = answer;
	s->play.who = s;
	s->script = script;
}

static void strike(struct stage *s)
{
	play_done(&s->play);
	g_bytes_unref(s->leaf);
	g_bytes_unref(s->ca);
	clock_set(0);
}

static void runs_well(struct stage *s, const char *said)
{
	bool ok = play_run(&s->play);

	if (!ok)
		g_error("%s", s->play.op.error->message);
	g_assert_null(s->script->call);
	if (!strstr(s->play.op.said, said))
		g_error("%s: not said: %s", s->play.op.said, said);
}

static void runs_badly(struct stage *s, enum err code, const char *part)
{
	g_assert_false(play_run(&s->play));
	g_assert_error(s->play.op.error, ERR, (int)code);
	if (!strstr(s->play.op.error->message, part))
		g_error("%s: not said: %s", s->play.op.error->message, part);
	g_assert_null(s->script->call);
}

/* ---- reading a network ---- */

#define ACTIVE "GET /cps/v2/active-certificates?contractId=C-0N7RAC7"
#define ENROLLMENTS "GET /cps/v2/enrollments?contractId=C-0N7RAC7"
#define ONE "{\"enrollments\":[{\"id\":\"10002\",\"certificateType\":\"san\",\"csr\":{\"cn\":" \
	"\"WWW.shop.example\"," \
	"\"sans\":[\"b.example\",\"www.shop.example\",\"a.example\"]},\"assignedSlots\":[30001]," \
	"\"production\":" \
	"{\"primaryCertificate\":{\"serial\":\"03:D8\",\"sha256Fingerprint\":\"$PRINT\",\"expiry\":" \
	"\"2027-01-01T00:00:00.5z\",\"issuer\":\"O=x, CN=IssuingCA\",\"keyAlgorithm\":\"RSA\"}," \
	"\"multiStackedCertificates\":[null]},\"staging\":null}]}"
#define DEPLOYED "{\"production\":{\"networkConfiguration\":{\"sniOnly\":\"true\",\"secureNetwork\":" \
	"\"standard-tls\"}," \
	"\"primaryCertificate\":null,\"multiStackedCertificates\":[{\"certificate\":\"$PEM\",\"trustChain\":" \
	"\"$CHAIN\",\"keyAlgorithm\":\"RSA\"}]},\"staging\":null}"

static void test_reads(void)
{
	static const struct line first[] = {
		{ ACTIVE, 200, ONE },
		{ ENROLLMENTS, 200, "{\"enrollments\":[]}" },
		{ "GET /cps/v2/enrollments/10002/deployments", 200, DEPLOYED },
		END
	};
	static const struct line again[] = { { ACTIVE, 200, ONE }, { ENROLLMENTS, 200,
	  "{\"enrollments\":[]}" }, END };
	g_autoptr(GHashTable) memo = NULL;
	const struct cps_deployed *d;
	const struct cps_one *o;
	struct stage s;

	set(&s, VERB_REFRESH, CPS_PRODUCTION, first);
	runs_well(&s, "1 certificate of 1 enrollment in Production");
	g_assert_cmpuint(s.play.shows, ==, 1);
	g_assert_cmpuint(s.play.op.fresh->len, ==, 1);
	memo = cps_memo_read(s.play.op.new_memo);
	d = g_hash_table_lookup(memo, "10002");
	g_assert_nonnull(d);
	g_assert_cmpstr(d->slots, ==, "30001");
	g_assert_cmpstr(d->names[0], ==, "www.shop.example");
	g_assert_cmpstr(d->names[1], ==, "a.example");
	g_assert_cmpuint(g_strv_length(d->names), ==, 3);
	o = d->on[CPS_ON_PRODUCTION].certs->pdata[0];
	g_assert_true(o->is_read);
	g_assert_cmpstr(o->chain[0], ==, "IssuingCA");
	play_again(&s.play);
	s.script = again;
	runs_well(&s, "1 certificate");
	g_assert_cmpuint(s.play.op.fresh->len, ==, 0);
	strike(&s);
}

/* Without that call every enrollment is asked for, and a certificate that cannot be read is one trouble. */
static void test_one_by_one(void)
{
	static const struct line script[] = {
		{ ACTIVE, 406, "" },
		{ ENROLLMENTS, 200,
		  "{\"enrollments\":[{\"location\":\"/cps-api/enrollments/10002\"},{\"id\":10003}]}" },
		{ "GET /cps/v2/enrollments/10003/deployments", 200, "{\"production\":null}" },
		{ "GET /cps/v2/enrollments/10002/deployments", 200, DEPLOYED },
		END
	};
	struct stage s;

	set(&s, VERB_REFRESH, CPS_STAGING, script);
	runs_well(&s, "0 certificates of 0 enrollments in Staging");
	g_assert_true(play_has_trouble(&s.play, "certificates of 1 enrollment could not be read"));
	g_assert_true(play_has_trouble(&s.play, "does not tell of both networks"));
	strike(&s);
}

static void test_answers_that_are_none(void)
{
	static const struct {
		int status;
		const char *answer;
		enum err code;
		const char *part;
	} rows[] = {
		{ 200, "", ERR_REPLY, "not what CPS answers" },
		{ 200, "[]", ERR_REPLY, "not what CPS answers" },
		{ 200, "<html>", ERR_REPLY, "not what CPS answers" },
		{ 200, "{\"enrollments\":[{\"id\":1", ERR_REPLY, "broke off" },
		{ 200, "{\"enrollments\":[{\"id\":-1}]}", ERR_REPLY, "has no number" },
		{ 200, "{\"enrollments\":[{\"id\":\"../1\"}]}", ERR_REPLY, "has no number" },
		{ 200, "{}", ERR_REPLY, "no list" },
		{ 403, "{\"type\":\"https://x/pep-authz/deny\"}", ERR_REFUSED, "no grant" },
		{ 409, "{\"type\":\"https://x/cannot-cancel-pending-change\",\"title\":\"t\"}",
		  ERR_REFUSED, "too late" },
		{ 409, "", ERR_BUSY, "in its way" },
		{ 415, "", ERR_REPLY, "does not know the form" },
		{ 500, "<h1>a</h1>", ERR_REPLY, "failed at Akamai; try again later (status 500)" },
		{ 503, "limit\nreached", ERR_BUSY, "\"limit\"" },
		{ 0, "", ERR_NETWORK, "broke" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct line script[] = { { ACTIVE, rows[i].status, rows[i].answer }, END };
		struct stage s;

		set(&s, VERB_REFRESH, CPS_STAGING, script);
		runs_badly(&s, rows[i].code, rows[i].part);
		strike(&s);
	}
}

/* ---- states ---- */

static struct request *row_of(struct op *op, const char *status, const char *info)
{
	g_autoptr(json) j = json_parse(status, strlen(status), 1 << 20, NULL);
	g_autoptr(json) more = info ? json_parse(info, strlen(info), 1 << 20, NULL) : NULL;
	g_autoptr(cps_change) c = cps_change_new("10002", "20003", "renewal");

	g_assert_nonnull(j);
	g_assert_true(cps_change_read_status(c, j));
	if (more)
		cps_change_read_input(c, more);
	return cps_row(op, c, NULL);
}

#define STATUS(state, status, input) "{\"statusInfo\":{\"state\":\"" state "\",\"status\":\"" status \
	"\"},\"allowedInput\":[" input "]}"
#define INPUT(type) "{\"type\":\"" type "\",\"requiredToProceed\":true}"

static void test_states(void)
{
	static const struct {
		const char *status;
		enum request_state state;
		const char *can;
	} rows[] = {
		{ STATUS("new", "new", ""), REQUEST_WAITS_PROVIDER, "sync withdraw" },
		{ STATUS("running", "a word of tomorrow", ""), REQUEST_WAITS_PROVIDER, "sync withdraw" },
		{ STATUS("awaiting-input", "wait-upload-third-party", ""), REQUEST_WAITS_PROVIDER,
		  "sync withdraw" },
		{ STATUS("Awaiting_Input", "x", INPUT("third-party-certificate")), REQUEST_WAITS_PERSON,
		  "supply sync withdraw" },
		{ STATUS("awaiting-input", "coodinate-domain-validation", INPUT("lets-encrypt-challenges")),
		  REQUEST_WAITS_DNS, "publish sync approve withdraw" },
		{ STATUS("awaiting-input", "coordinate-domain-validation", INPUT("lets-encrypt-challenges")),
		  REQUEST_WAITS_DNS, "publish sync approve withdraw" },
		{ STATUS("awaiting-input", "x", "{\"type\":\"other\"}," INPUT("change-management")),
		  REQUEST_WAITS_PERSON, "approve deny sync withdraw" },
		{ STATUS("awaiting-input", "x", INPUT("pre-verification-warnings-acknowledgement")),
		  REQUEST_WAITS_PERSON, "approve deny sync withdraw" },
		{ STATUS("awaiting-input", "x", INPUT("goodwill")), REQUEST_WAITS_PERSON, "sync withdraw" },
		{ STATUS("error", "check-for-cert-error", ""), REQUEST_FAILED, "sync withdraw dismiss" },
		{ STATUS("suspended", "x", ""), REQUEST_FAILED, "sync withdraw dismiss" },
		{ STATUS("Completed", "complete", ""), REQUEST_ISSUED, "dismiss" },
		{ STATUS("canceled", "delete-csr", ""), REQUEST_GONE, "dismiss" },
		{ STATUS("cancelled", "delete-csr", ""), REQUEST_GONE, "dismiss" },
	};
	struct stage s;

	set(&s, VERB_SYNC, CPS_PRODUCTION, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(request) r = row_of(&s.play.op, rows[i].status, NULL);

		g_test_message("%s", rows[i].status);
		g_assert_cmpint(r->state, ==, rows[i].state);
		g_assert_cmpstr(r->can, ==, rows[i].can);
	}
	strike(&s);
}

/* Warnings stand as they are, line by line; control characters are shown. */
static void test_warnings(void)
{
	g_autoptr(request) r = NULL;
	struct stage s;

	set(&s, VERB_SYNC, CPS_PRODUCTION, NULL);
	r = row_of(&s.play.op, STATUS("awaiting-input", "x",
	  INPUT("post-verification-warnings-acknowledgement")),
		   "{\"warnings\":\"[WARNINGS]\\none, and\\n  still one\\u001b[2J\\n\\ntwo\"}");
	g_assert_cmpstr(r->oddities, ==, "[WARNINGS]\none, and\nstill one\\x1b[2J\ntwo");
	strike(&s);
}

static void test_challenges(void)
{
	static const char info[] = "{\"dv\":["
		"{\"domain\":\"*.a.example\",\"validationStatus\":null,\"expires\":"
		  "\"2026-12-01T00:00:00Z\",\"challenges\":["
		"{\"type\":\"dns-01\",\"fullPath\":\"_acme-challenge.a.example.\",\"responseBody\":\"one\"}]},"
		"{\"domain\":\"a.example\",\"validationStatus\":\"EXPIRED\",\"expires\":"
		  "\"2026-11-30T00:00:00Z\","
		"\"challenges\":[{\"type\":\"dns-01\",\"fullPath\":\"_acme-challenge.a.example\","
		"\"responseBody\":\"one\"},{\"type\":\"http-01\",\"fullPath\":"
		  "\"http://a.example/x\",\"responseBody\":"
		"\"b\",\"redirectFullPath\":\"http://dcv\"}]},"
		"{\"domain\":\"b.example\",\"validationStatus\":\"VALIDATED\",\"challenges\":"
		  "[{\"type\":\"dns-01\","
		"\"fullPath\":\"_acme-challenge.b.example.\",\"responseBody\":\"two\"}]},"
		"{\"domain\":\"c.example\",\"challenges\":[{\"type\":\"dns-01\",\"fullPath\":"
		  "\"c.example. 1 IN A 1.2.3.4\\n\","
		"\"responseBody\":\"x\"},{\"type\":\"dns-01\",\"fullPath\":\"_acme-challenge.c.example\","
		"\"responseBody\":\"\\\" x\"}]}]}";
	g_autoptr(request) r = NULL;
	g_autoptr(cps_change) c = NULL;
	struct stage s;

	set(&s, VERB_SYNC, CPS_PRODUCTION, NULL);
	r = row_of(&s.play.op, STATUS("awaiting-input", "x", INPUT("lets-encrypt-challenges")), info);
	g_assert_cmpstr(r->records, ==, "_acme-challenge.a.example. 120 IN TXT \"one\"");
	g_assert_cmpint(r->due, ==, 1795996800);
	c = cps_change_kept(r->kept);
	g_assert_cmpuint(c->challenges->len, >, 12);
	strike(&s);
}

/* ---- answering ---- */

#define MANAGE STATUS("awaiting-input", "wait-ack-change-management", INPUT("change-management"))
#define INFO "{\"validationResultHash\":\"abc\",\"pendingState\":{\"pendingCertificates\":" \
	"[{\"fullCertificate\":" \
	"\"$PEM\",\"keyAlgorithm\":\"RSA\"}]}}"
#define LOOK { "GET " CHANGE, 200, MANAGE }, { "GET " CHANGE "/input/info/change-management-info", 200, INFO }
#define ACK "POST " CHANGE "/input/update/change-management-ack"
#define YES "{\"acknowledgement\":\"acknowledge\",\"hash\":\"abc\"}"
#define DEPLOYS STATUS("running", "deploy-cert-to-production", "")

/* The row as a look at the change makes it. */
static void know(struct stage *s)
{
	static const struct line first[] = { LOOK, END };
	g_autoptr(cps_change) c = cps_change_new("10002", "20003", "renewal");
	g_autoptr(request) r = request_new("ak/production/change:10002/20003");
	const struct line *script = s->script;
	const struct verb *verb = s->play.op.verb;

	g_free(r->kept);
	r->kept = cps_change_keep(c);
	store_set(&r->title, "x");
	play_request(&s->play, r);
	s->script = first;
	s->play.op.verb = &verb_table[VERB_SYNC];
	runs_well(s, "waits for a person");
	play_request(&s->play, s->play.op.put_requests->pdata[0]);
	s->play.op.verb = verb;
	s->script = script;
}

static const struct request *last_put(const struct stage *s)
{
	const GPtrArray *all = s->play.op.put_requests;

	return all->pdata[all->len - 1];
}

static void test_approves(void)
{
	static const struct line script[] = {
		LOOK,
		{ ACK, 409, "{\"type\":\"https://x/invalid-enrollment-state\"}", YES },
		LOOK,
		{ ACK, 200, "", YES },
		{ "GET " CHANGE, 200, DEPLOYS },
		END
	};
	struct stage s;

	set(&s, VERB_APPROVE, CPS_PRODUCTION, script);
	know(&s);
	g_assert_nonnull(strstr(s.play.request->oddities, "it goes to Production"));
	runs_well(&s, "acknowledge was said");
	g_assert_cmpint(last_put(&s)->state, ==, REQUEST_WAITS_PROVIDER);
	strike(&s);
}

/* CPS takes its time: what was answered is not offered again meanwhile, and later it is. */
static void test_answers_once(void)
{
	static const struct line script[] = { LOOK, { ACK, 204, "", YES }, LOOK, END }, later[] = { LOOK, END };
	struct stage s;

	set(&s, VERB_APPROVE, CPS_PRODUCTION, script);
	know(&s);
	runs_well(&s, "acknowledge was said");
	g_assert_cmpstr(last_put(&s)->can, ==, "sync withdraw");
	play_request(&s.play, (struct request *)last_put(&s));
	s.play.op.verb = &verb_table[VERB_SYNC];
	s.play.op.now += 3600;
	s.script = later;
	runs_well(&s, "waits for a person");
	g_assert_cmpstr(last_put(&s)->can, ==, "approve deny sync withdraw");
	strike(&s);
}

static void test_does_not_approve(void)
{
	static const struct line changed[] = {
		{ "GET " CHANGE, 200, MANAGE },
		{ "GET " CHANGE "/input/info/change-management-info", 200,
		  "{\"validationResultHash\":\"other\"}" },
		END
	}, passed[] = { { "GET " CHANGE, 200, DEPLOYS }, END }, early[] = {
		{ "GET " CHANGE, 200, MANAGE },
		{ "GET " CHANGE "/input/info/change-management-info", 404, "" },
		{ "GET " CHANGE, 200, MANAGE },
		{ "GET " CHANGE "/input/info/change-management-info", 404, "" },
		END
	}, lost[] = { LOOK, { ACK, 0, "", YES }, END }, busy[] = {
		LOOK, { ACK, 409, "" }, LOOK, { ACK, 409, "" }, LOOK, { ACK, 409, "" }, END
	};
	static const struct {
		const struct line *script;
		enum err code;
		const char *part;
	} rows[] = {
		{ changed, ERR_REFUSED, "changed since it was looked at; nothing was sent" },
		{ passed, ERR_NOT_FOUND, "does not wait for that any more; nothing was sent" },
		{ early, ERR_NOT_FOUND, "nothing was sent" },
		{ lost, ERR_NETWORK, "is not known; sync tells" },
		{ busy, ERR_BUSY, "in its way" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage s;

		set(&s, VERB_APPROVE, CPS_PRODUCTION, rows[i].script);
		know(&s);
		runs_badly(&s, rows[i].code, rows[i].part);
		strike(&s);
	}
}

/* ---- ends ---- */

#define HISTORY "GET /cps/v2/enrollments/10002/history/changes?includeAll=true"

static void test_ends(void)
{
	static const struct {
		int status;
		const char *answer;
		enum request_state state;
		const char *part;
	} rows[] = {
		{ 200, "{\"changes\":[{\"status\":\"completed\",\"primaryCertificate\":"
		  "{\"certificate\":\"$PEM\"}}]}",
		  REQUEST_ISSUED, "" },
		{ 200, "{\"changes\":[{\"status\":\"cancelled\"}]}", REQUEST_GONE, "cancelled" },
		{ 200, "{\"changes\":[{\"status\":\"incomplete\"}]}", REQUEST_GONE, "does not say" },
		{ 200, "{}", REQUEST_GONE, "does not say" },
		{ 404, "", REQUEST_GONE, "enrollment itself is gone" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct line script[] = { { "GET " CHANGE, 404, "" },
					       { HISTORY, rows[i].status, rows[i].answer }, END };
		struct stage s;

		set(&s, VERB_SYNC, CPS_PRODUCTION, script);
		know(&s);
		runs_well(&s, "");
		g_assert_cmpint(last_put(&s)->state, ==, rows[i].state);
		g_assert_nonnull(strstr(last_put(&s)->reason, rows[i].part));
		if (rows[i].state == REQUEST_ISSUED)
			g_assert_cmpuint(strlen(last_put(&s)->result), ==, 64);
		strike(&s);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cps/reads", test_reads);
	g_test_add_func("/cps/one-by-one", test_one_by_one);
	g_test_add_func("/cps/answers-that-are-none", test_answers_that_are_none);
	g_test_add_func("/cps/states", test_states);
	g_test_add_func("/cps/warnings", test_warnings);
	g_test_add_func("/cps/challenges", test_challenges);
	g_test_add_func("/cps/approves", test_approves);
	g_test_add_func("/cps/answers-once", test_answers_once);
	g_test_add_func("/cps/does-not-approve", test_does_not_approve);
	g_test_add_func("/cps/ends", test_ends);
	return g_test_run();
}
