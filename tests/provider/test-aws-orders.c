/* test-aws-orders: orders, what waits and Route 53, played with what AWS answers.  Each row of a
 * transcript is a call that must come next, and what is answered. */
#include "../model/make.h"
#include "play.h"

#include <string.h>

#include <net/exchange_own.h>
#include <provider/aws/acm_request.h>
#include <provider/aws/route53.h>

#define NOW  INT64_C(1790000000)
#define ACM  "arn:aws:acm:eu-north-1:111122223333:"
#define CA   "arn:aws:acm-pca:eu-north-1:111122223333:certificate-authority/ca-1"
#define CERT ACM "certificate/1"

struct line {
	const char *call;	/* "RequestCertificate"; "GET /2013-04-01/…" */
	const char *has;	/* in its body; or NULL */
	int status;		/* 0: the connection breaks */
	const char *body;
};

struct script {
	const struct line *line;
	struct access *access;
	char *token;		/* of the first order that was sent */
	guint orders;
};

/* ---- the other side ---- */

static struct reply *answer_of(const struct line *line)
{
	struct reply *r = reply_new();

	r->status = line->status;
	if (!line->status)
		r->error = g_error_new(ERR, ERR_NETWORK, "the connection broke");
	else
		r->body = g_bytes_new(line->body, strlen(line->body));
	return r;
}

static bool is_call(const struct request_out *r, const char *call)
{
	for (guint i = 0; i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);

		if (!strcmp(h->name, "X-Amz-Target"))
			return g_str_has_suffix(h->value, call);
	}
	return g_str_has_prefix(call, r->method) && g_str_has_suffix(r->url, strchr(call, ' ') + 1);
}

static void note_token(struct script *s, const char *body)
{
	const char *at = strstr(body, "\"IdempotencyToken\":\"");
	g_autofree char *token = NULL;

	if (!at)
		return;
	at += strlen("\"IdempotencyToken\":\"");
	token = g_strndup(at, strcspn(at, "\""));
	g_assert_true(g_regex_match_simple("^\\w{1,32}$", token, 0, 0));
	s->orders++;
	if (!s->token)
		s->token = g_steal_pointer(&token);
	else
		g_assert_cmpstr(token, ==, s->token);
}

static struct reply *answer(struct play *p, const struct request_out *r)
{
	struct script *s = p->who;
	const struct line *line = s->line++;
	g_autofree char *body = r->body ? g_strndup(g_bytes_get_data(r->body, NULL),
						    g_bytes_get_size(r->body)) : g_strdup("");

	g_test_message("%s %s %s", r->method, r->url, body);
	g_assert_nonnull(line->call);
	g_assert_true(is_call(r, line->call));
	if (line->has)
		g_assert_nonnull(strstr(body, line->has));
	g_assert_true(p->op.verb->id == VERB_REFRESH || (r->is_repeatable && r->pace.sort));
	note_token(s, body);
	return answer_of(line);
}

static void begin(struct play *p, struct script *s, enum verb_id verb, const char *type,
		  const char *address, const struct line *lines)
{
	memset(s, 0, sizeof(*s));
	play_init(p, verb, type, address);
	g_free(p->op.scratch);
	p->provider = provider_find("aws");
	p->op.scratch = g_malloc0(p->provider->scratch);
	store_set(&p->store->provider, "aws");
	s->access = access_new();
	args_set(s->access->with, "region", "eu-north-1");
	p->op.access = s->access;
	p->op.now = NOW;
	p->answer = answer;
	p->who = s;
	s->line = lines;
}

/* All that was to be asked was asked. */
static void end(struct play *p, struct script *s)
{
	g_assert_null(s->line->call);
	p->op.access = NULL;
	access_unref(s->access);
	g_free(s->token);
	play_done(p);
}

static const struct request *last_put(const struct play *p)
{
	g_assert_cmpuint(p->op.put_requests->len, >, 0);
	return p->op.put_requests->pdata[p->op.put_requests->len - 1];
}

static void expect_error(const struct play *p, enum err code, const char *part)
{
	g_assert_nonnull(p->op.error);
	g_test_message("%s", p->op.error->message);
	g_assert_cmpint(p->op.error->code, ==, (int)code);
	g_assert_nonnull(strstr(p->op.error->message, part));
}

/* A row of the store "local/acm:…", as an order or a refresh has left it. */
static struct request *row_of(const char *text, int64_t now)
{
	g_autoptr(json) j = json_parse(text, strlen(text), 1u << 20, NULL);
	g_autoptr(store) s = store_new("local/acm:" ACM);
	g_autoptr(acm_cert) c = NULL;

	store_set(&s->address, ACM);
	store_set(&s->account, "local");
	store_set(&s->provider, "aws");
	c = acm_cert_read(j, s);
	g_assert_nonnull(c);
	return acm_status_request(c, s, NULL, now);
}

static char *cert_json(const char *pem)
{
	g_auto(GStrv) lines = g_strsplit(pem, "\n", -1);
	g_autofree char *joined = g_strjoinv("\\n", lines);

	return g_strdup_printf("{\"Certificate\":\"%s\"}", joined);
}

/* ---- what ACM tells ---- */

#define OPTION(name, status) \
	"{\"DomainName\":\"" name "\",\"ValidationMethod\":\"DNS\",\"ValidationStatus\":\"" status \
	"\",\"ResourceRecord\":{\"Name\":\"_A1.www.example.org.\",\"Type\":\"CNAME\"," \
	"\"Value\":\"_b2.acm-validations.aws.\"}}"
#define BARE \
	"{\"DomainName\":\"www.example.org\",\"ValidationMethod\":\"DNS\"}"
#define MAIL \
	"{\"DomainName\":\"www.example.org\",\"ValidationMethod\":\"EMAIL\",\"ValidationStatus\":" \
	"\"PENDING_VALIDATION\",\"ValidationDomain\":\"example.org\",\"ValidationEmails\":" \
	"[\"admin@example.org\",\"hostmaster@example.org\"]}"
#define DESCRIBED(status, options, more) \
	"{\"Certificate\":{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.example.org\"," \
	"\"SubjectAlternativeNames\":[\"www.example.org\",\"*.www.example.org\"],\"Status\":\"" \
	status "\",\"Type\":\"AMAZON_ISSUED\",\"CreatedAt\":1790000000,\"NotAfter\":1800000000," \
	"\"DomainValidationOptions\":[" options "]" more "}}"
#define TWO(status) OPTION("www.example.org", status) "," OPTION("*.www.example.org", status)
#define RENEWAL(status, more) \
	",\"RenewalSummary\":{\"RenewalStatus\":\"" status "\"" more "}"
#define ORDERED "{\"CertificateArn\":\"" CERT "\"}"
#define NOT_FOUND \
	"{\"__type\":\"ResourceNotFoundException\",\"message\":\"Could not find it\"}"
#define DENIED \
	"{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}"
#define RECORD "_A1.www.example.org. 300 IN CNAME _b2.acm-validations.aws."

/* ---- words ---- */

static void test_words(void)
{
	static const struct {
		const char *described, *theirs, *can, *records, *reason;
		enum request_state state;
		int64_t due;
	} rows[] = {
		{ DESCRIBED("PENDING_VALIDATION", "", ""), "Pending validation", "sync withdraw", "", "",
		  REQUEST_WAITS_CA, NOW + 72 * 3600 },
		{ DESCRIBED("PENDING_VALIDATION", BARE, ""), "Sync records", "sync withdraw", "", "",
		  REQUEST_WAITS_PROVIDER, NOW + 72 * 3600 },
		{ DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""), "Deploy challenge",
		  "publish sync withdraw", RECORD, "", REQUEST_WAITS_PERSON, NOW + 72 * 3600 },
		{ DESCRIBED("PENDING_VALIDATION", TWO("SUCCESS"), ""), "Validating", "sync withdraw", "",
		  "", REQUEST_WAITS_CA, NOW + 72 * 3600 },
		{ DESCRIBED("PENDING_VALIDATION", MAIL, ""), "Pending validation",
		  "sync resend withdraw", "", "", REQUEST_WAITS_PERSON, NOW + 72 * 3600 },
		{ DESCRIBED("VALIDATION_TIMED_OUT", TWO("FAILED"), ""), "Timed out", "withdraw dismiss",
		  "", "72 hours", REQUEST_FAILED, 0 },
		{ DESCRIBED("FAILED", "", ",\"FailureReason\":\"CAA_ERROR\""), "Failed",
		  "withdraw dismiss", "", "CAA records", REQUEST_FAILED, 0 },
		{ DESCRIBED("ISSUED", "", RENEWAL("PENDING_AUTO_RENEWAL", "")), "Renewal: automatic",
		  "sync", "", "", REQUEST_WAITS_PROVIDER, 1800000000 },
		{ DESCRIBED("ISSUED", "", RENEWAL("PENDING_VALIDATION", ",\"DomainValidationOptions\":["
						  TWO("PENDING_VALIDATION") "]")),
		  "Renewal: action needed", "publish sync", RECORD, "", REQUEST_WAITS_PERSON,
		  1800000000 },
		{ DESCRIBED("ISSUED", "", RENEWAL("PENDING_VALIDATION",
						  ",\"DomainValidationOptions\":[" MAIL "]")),
		  "Renewal: action needed", "sync resend", "", "", REQUEST_WAITS_PERSON, 1800000000 },
		{ DESCRIBED("ISSUED", "", RENEWAL("FAILED", ",\"RenewalStatusReason\":\"CAA_ERROR\"")),
		  "Renewal: failed", "dismiss", "", "CAA records", REQUEST_FAILED, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(request) r = row_of(rows[i].described, NOW);

		g_test_message("row %zu", i);
		g_assert_nonnull(r);
		g_assert_cmpstr(r->id, ==, "local/acm:" ACM "/certificate/1");
		g_assert_cmpstr(r->theirs, ==, rows[i].theirs);
		g_assert_cmpstr(r->can, ==, rows[i].can);
		g_assert_cmpstr(r->records, ==, rows[i].records);
		g_assert_nonnull(strstr(r->reason, rows[i].reason));
		g_assert_cmpint(r->state, ==, (int)rows[i].state);
		g_assert_cmpint(r->due, ==, rows[i].due);
		g_assert_cmpint(r->ended != 0, ==, !request_is_waiting(r));
		g_assert_cmpint(strstr(r->oddities, "2028-03-15") != NULL, ==,
				strstr(rows[i].described, "EMAIL") != NULL);
	}
	g_assert_null(row_of(DESCRIBED("ISSUED", "", ""), NOW));
	g_assert_null(row_of(DESCRIBED("ISSUED", "", RENEWAL("SUCCESS", "")), NOW));
	g_assert_null(row_of(DESCRIBED("INACTIVE", "", ""), NOW));
}

static struct request *with_dns(const char *described, const char *dns, const char *records)
{
	g_autoptr(request) old = row_of(described, NOW);
	g_autoptr(acm_kept) k = acm_kept_read(old->kept);
	g_autoptr(json) j = json_parse(described, strlen(described), 1u << 20, NULL);
	g_autoptr(store) s = store_new("local/acm:" ACM);
	g_autoptr(acm_cert) c = NULL;

	store_set(&s->address, ACM);
	c = acm_cert_read(j, s);
	store_set(&k->dns, dns);
	acm_status_set_kept(old, k);
	store_set(&old->records, records);
	return acm_status_request(c, s, old, NOW + 60);
}

/* What was seen in DNS decides who has to move, as long as it was of these records. */
static void test_seen_in_dns(void)
{
	static const struct {
		const char *dns, *records, *theirs, *first;
	} rows[] = {
		{ "there", RECORD, "Validating", "sync withdraw" },
		{ "missing", RECORD, "Sync records", "sync publish" },
		{ "there", "_old. 300 IN CNAME x.", "Deploy challenge", "publish" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(request) r = with_dns(DESCRIBED("PENDING_VALIDATION",
							  TWO("PENDING_VALIDATION"), ""),
						rows[i].dns, rows[i].records);

		g_assert_cmpstr(r->theirs, ==, rows[i].theirs);
		g_assert_true(g_str_has_prefix(r->can, rows[i].first));
		g_assert_cmpstr(r->records, ==, RECORD);
		g_assert_cmpint(r->since, ==, NOW);
	}
}

/* What stands in a zone file as something else is no record. */
static void test_hostile_records(void)
{
	g_autoptr(request) r = row_of(DESCRIBED("PENDING_VALIDATION",
		"{\"DomainName\":\"a\",\"ValidationMethod\":\"DNS\",\"ResourceRecord\":{\"Name\":"
		"\"_x.a. 1 IN A 1.2.3.4\\n_y\",\"Type\":\"CNAME\",\"Value\":\"b.\"}},"
		"{\"DomainName\":\"a\",\"ValidationMethod\":\"DNS\",\"ResourceRecord\":{\"Name\":"
		"\"_x.a.\",\"Type\":\"A\",\"Value\":\"b.\"}}", ""), NOW);

	g_assert_cmpstr(r->records, ==, "");
}

/* ---- the rows of a store ---- */

static void put_all(struct play *p, const char *const *described)
{
	g_autoptr(GHashTable) certs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
							    (GDestroyNotify)acm_cert_free);

	for (; *described; described++) {
		g_autoptr(json) j = json_parse(*described, strlen(*described), 1u << 20, NULL);
		struct acm_cert *c = acm_cert_read(j, p->store);

		memset(c->sha256, 0xab, sizeof(c->sha256));
		c->has_digest = true;
		g_hash_table_insert(certs, g_strdup(c->alias), c);
	}
	acm_status_put(&p->op, certs, true);
}

static void test_rows_go_on(void)
{
	static const char *const pending[] = {
		DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""), NULL
	};
	static const char *const issued[] = { DESCRIBED("ISSUED", "", ""), NULL };
	static const char *const none[] = { NULL };
	static const struct line no_lines[] = { { NULL } };
	g_autoptr(request) old = row_of(pending[0], NOW), done = NULL;
	struct play p;
	struct script s;

	/* Nothing new is not written. */
	begin(&p, &s, VERB_SYNC, "acm", ACM, no_lines);
	play_request(&p, old);
	put_all(&p, pending);
	g_assert_cmpuint(p.op.put_requests->len, ==, 0);
	put_all(&p, issued);
	done = request_ref(p.op.put_requests->pdata[0]);
	g_assert_cmpint(done->state, ==, REQUEST_ISSUED);
	g_assert_true(g_str_has_prefix(done->result, "abab") && strlen(done->result) == 64);
	g_assert_cmpstr(done->records, ==, "");
	/* What has ended stays. */
	play_request(&p, done);
	put_all(&p, issued);
	put_all(&p, none);
	g_assert_cmpuint(p.op.put_requests->len, ==, 1);
	/* A new one may be missing in lists for a while. */
	play_request(&p, old);
	put_all(&p, none);
	g_assert_cmpuint(p.op.put_requests->len, ==, 1);
	p.op.now = NOW + 3600;
	put_all(&p, none);
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_GONE);
	end(&p, &s);
}

/* A list that says less than was known changes nothing. */
static void test_less(void)
{
	static const char *const summary[] = {
		"{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.example.org\",\"Status\":"
		"\"PENDING_VALIDATION\",\"Type\":\"AMAZON_ISSUED\"}", NULL
	};
	static const char *const failed[] = {
		"{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.example.org\",\"Status\":"
		"\"FAILED\",\"Type\":\"AMAZON_ISSUED\"}", NULL
	};
	static const struct line no_lines[] = { { NULL } };
	g_autoptr(request) old = row_of(DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""),
					NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_SYNC, "acm", ACM, no_lines);
	play_request(&p, old);
	put_all(&p, summary);
	g_assert_cmpuint(p.op.put_requests->len, ==, 0);
	put_all(&p, failed);
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_FAILED);
	end(&p, &s);
}

/* How a renewal ends is only told by what tells of renewals. */
static void test_renewal_ends(void)
{
	static const char *const summary[] = {
		"{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.example.org\",\"Status\":"
		"\"ISSUED\",\"Type\":\"AMAZON_ISSUED\"}", NULL
	};
	static const char *const renewed[] = { DESCRIBED("ISSUED", "", RENEWAL("SUCCESS", "")), NULL };
	static const char *const expired[] = { DESCRIBED("EXPIRED", "", ""), NULL };
	static const struct line no_lines[] = { { NULL } };
	g_autoptr(request) old = row_of(DESCRIBED("ISSUED", "", RENEWAL("PENDING_AUTO_RENEWAL", "")),
					NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_SYNC, "acm", ACM, no_lines);
	play_request(&p, old);
	put_all(&p, summary);
	g_assert_cmpuint(p.op.put_requests->len, ==, 0);
	put_all(&p, renewed);
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Renewed");
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	put_all(&p, expired);
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Renewal: failed");
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_FAILED);
	end(&p, &s);
}

/* A refresh that finds an order issued keeps what came of it. */
static void test_refresh_issues(void)
{
	struct make m = { .subject = "www.example.org", .sans = "DNS:www.example.org" };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autofree char *pem = make_pem(der), *got = cert_json(pem);
	const struct line lines[] = {
		{ "SearchCertificates", NULL, 400, "{\"__type\":\"UnknownOperationException\"}" },
		{ "ListCertificates", NULL, 200,
		  "{\"CertificateSummaryList\":[{\"CertificateArn\":\"" CERT "\",\"DomainName\":"
		  "\"www.example.org\",\"Status\":\"ISSUED\",\"Type\":\"AMAZON_ISSUED\"}]}" },
		{ "GetCertificate", CERT, 200, got },
		{ "DescribeCertificate", CERT, 200, DESCRIBED("ISSUED", TWO("SUCCESS"), "") },
		{ NULL }
	};
	g_autoptr(request) old = row_of(DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""),
					NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_REFRESH, "acm", ACM, lines);
	play_request(&p, old);
	g_assert_true(play_run(&p));
	g_assert_cmpuint(p.op.kept->len, ==, 1);
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(strlen(last_put(&p)->result), ==, 64);
	end(&p, &s);
}

/* ---- orders ---- */

static void test_order(void)
{
	static const struct line lines[] = {
		{ "RequestCertificate", "\"SubjectAlternativeNames\":[\"*.www.example.org\"],"
		  "\"ValidationMethod\":\"DNS\",\"KeyAlgorithm\":\"EC_prime256v1\"", 200, ORDERED },
		{ "DescribeCertificate", CERT, 400, NOT_FOUND },
		{ "DescribeCertificate", NULL, 200, DESCRIBED("PENDING_VALIDATION", "", "") },
		{ "DescribeCertificate", NULL, 200, DESCRIBED("PENDING_VALIDATION", BARE, "") },
		{ "DescribeCertificate", NULL, 200,
		  DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), "") },
		{ NULL }
	};
	struct play p;
	struct script s;
	const struct request *first;

	begin(&p, &s, VERB_ORDER, "acm", ACM, lines);
	play_arg(&p, "names", "www.example.org, *.www.example.org www.example.org");
	play_arg(&p, "key", "ec-p256");
	play_arg(&p, "tags", "team=web");
	g_assert_true(play_run(&p));
	first = p.op.put_requests->pdata[0];
	g_assert_nonnull(strstr(first->id, "/order:"));
	g_assert_nonnull(strstr(first->kept, s.token));
	g_assert_cmpstr(p.op.drop_requests->pdata[0], ==, first->id);
	g_assert_cmpstr(last_put(&p)->id, ==, "local/acm:" ACM "/certificate/1");
	g_assert_cmpstr(last_put(&p)->records, ==, RECORD);
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Deploy challenge");
	g_assert_nonnull(strstr(last_put(&p)->kept, s.token));
	g_assert_cmpuint(strlen(last_put(&p)->digest), ==, 64);
	g_assert_nonnull(strstr(p.op.said, "1 DNS record"));
	g_assert_cmpuint(p.kept_requests, >=, 1);
	end(&p, &s);
}

static void test_order_refusals(void)
{
	static const struct {
		const char *key, *value, *names, *said;
	} rows[] = {
		{ NULL, NULL, "localhost", "no whole domain name" },
		{ NULL, NULL, "a.*.example.org", "wildcard" },
		{ NULL, NULL, "**.example.org", "wildcard" },
		{ NULL, NULL, "-a.example.org", "hyphens" },
		{ NULL, NULL, "a_b.example.org", "" },
		{ NULL, NULL, "192.0.2.1", "addresses" },
		{ NULL, NULL, "x.amazonaws.com", "amazonaws.com" },
		{ NULL, NULL, "*.Cloudfront.net", "cloudfront.net" },
		{ NULL, NULL,
		  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz.abcdef.example.org",
		  "64 characters" },
		{ "tags", "aws:x=1", "a.example.org", "AWS's own" },
		{ "tags", "x", "a.example.org", "KEY=VALUE" },
		{ "tags", "x=1,x=2", "a.example.org", "before" },
		{ "validation-domain", "example.org", "a.example.org", "e-mail" },
		{ "ca", "prod/none", "a.example.org", "no private CA" },
	};
	static const struct line none[] = { { NULL } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct play p;
		struct script s;

		g_test_message("row %zu", i);
		begin(&p, &s, VERB_ORDER, "acm", ACM, none);
		play_arg(&p, "names", rows[i].names);
		if (rows[i].key)
			play_arg(&p, rows[i].key, rows[i].value);
		g_assert_false(play_run(&p));
		g_assert_cmpuint(p.op.put_requests->len, ==, 0);
		g_test_message("%s", p.op.error->message);
		g_assert_nonnull(strstr(p.op.error->message, rows[i].said));
		end(&p, &s);
	}
}

static void test_mail_domain(void)
{
	static const struct line lines[] = {
		{ "RequestCertificate", "{\"DomainName\":\"www.example.org\",\"ValidationDomain\":"
		  "\"example.org\"}", 200, ORDERED },
		{ "DescribeCertificate", NULL, 200, DESCRIBED("PENDING_VALIDATION", MAIL, "") },
		{ NULL }
	};
	struct play p;
	struct script s;

	begin(&p, &s, VERB_ORDER, "acm", ACM, lines);
	play_arg(&p, "names", "www.example.org");
	play_arg(&p, "validation", "email");
	play_arg(&p, "validation-domain", "example.org");
	play_arg(&p, "exportable", "yes");
	g_assert_true(play_run(&p));
	g_assert_nonnull(strstr(p.op.said, "mails"));
	g_assert_nonnull(strstr(last_put(&p)->kept, "hostmaster@example.org"));
	end(&p, &s);

	begin(&p, &s, VERB_ORDER, "acm", ACM, &lines[2]);
	play_arg(&p, "names", "www.example.org a.example.net");
	play_arg(&p, "validation", "email");
	play_arg(&p, "validation-domain", "example.org");
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_USAGE, "mailboxes");
	end(&p, &s);
}

/* Refused is over; not answered is asked once more with the same token, and is one order. */
static void test_order_failures(void)
{
	static const struct line refused[] = {
		{ "RequestCertificate", NULL, 400,
		  "{\"__type\":\"LimitExceededException\",\"message\":\"20 a year\"}" }, { NULL }
	};
	static const struct line denied[] = { { "RequestCertificate", NULL, 400, DENIED }, { NULL } };
	static const struct line lost[] = { { "RequestCertificate", NULL, 0, "" }, { NULL } };
	static const struct line none[] = { { NULL } };
	static const struct line again[] = {
		{ "RequestCertificate", NULL, 200, ORDERED },
		{ "DescribeCertificate", NULL, 200,
		  DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), "") }, { NULL }
	};
	g_autoptr(request) row = NULL;
	g_autofree char *token = NULL;
	struct play p;
	struct script s;

	begin(&p, &s, VERB_ORDER, "acm", ACM, refused);
	play_arg(&p, "names", "www.example.org");
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_LIMIT, "20 a year");
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_FAILED);
	end(&p, &s);

	begin(&p, &s, VERB_ORDER, "acm", ACM, denied);
	play_arg(&p, "names", "www.example.org");
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "acm:RequestCertificate");
	end(&p, &s);

	begin(&p, &s, VERB_ORDER, "acm", ACM, lost);
	play_arg(&p, "names", "www.example.org");
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_NETWORK, "one order");
	row = request_ref(p.op.put_requests->pdata[p.op.put_requests->len - 1]);
	token = g_strdup(s.token);
	g_assert_true(request_is_waiting(row));
	g_assert_cmpstr(row->can, ==, "sync dismiss");
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, none);
	play_request(&p, row);
	p.account->is_read_only = true;
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "read-only");
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, again);
	s.token = g_strdup(token);
	play_request(&p, row);
	p.op.now = NOW + 1800;
	g_assert_true(play_run(&p));
	g_assert_cmpuint(s.orders, ==, 1);
	g_assert_cmpstr(p.op.drop_requests->pdata[0], ==, row->id);
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Deploy challenge");
	end(&p, &s);
}

/* What is no refusal leaves an order that can be asked again. */
static void test_order_undecided(void)
{
	static const struct {
		int status;
		const char *body;
		enum err code;
	} rows[] = {
		{ 200, "{}", ERR_REPLY },
		{ 200, "<html>", ERR_FORMAT },
		{ 200, "{\"CertificateArn\":\"arn:aws:acm:us-east-1:1:certificate/1\"}", ERR_REPLY },
		{ 400, "{\"__type\":\"ThrottlingException\"}", ERR_BUSY },
		{ 400, "{\"__type\":\"ExpiredTokenException\"}", ERR_SIGN_IN },
		{ 500, "{\"__type\":\"InternalFailure\"}", ERR_BUSY },
		{ 502, "<html>", ERR_REPLY },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct line lines[] = {
			{ "RequestCertificate", NULL, rows[i].status, rows[i].body }, { NULL }
		};
		struct play p;
		struct script s;

		g_test_message("row %zu", i);
		begin(&p, &s, VERB_ORDER, "acm", ACM, lines);
		play_arg(&p, "names", "www.example.org");
		g_assert_false(play_run(&p));
		expect_error(&p, rows[i].code, "one order");
		g_assert_true(request_is_waiting(last_put(&p)));
		g_assert_cmpuint(p.op.drop_requests->len, ==, 0);
		end(&p, &s);
	}
}

/* Later the token means nothing any more: the list tells. */
static void test_order_found_again(void)
{
	static const struct line found[] = {
		{ "ListCertificates", "EC_secp521r1", 200,
		  "{\"CertificateSummaryList\":[{\"CertificateArn\":\"" ACM "certificate/9\","
		  "\"DomainName\":\"other.example.org\",\"CreatedAt\":1790000500},"
		  "{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.example.org\","
		  "\"CreatedAt\":1790000001,\"Status\":\"PENDING_VALIDATION\"}],\"NextToken\":\"n\"}" },
		{ "ListCertificates", "\"NextToken\":\"n\"", 200,
		  "{\"CertificateSummaryList\":[{\"CertificateArn\":\"" ACM "certificate/8\","
		  "\"DomainName\":\"www.example.org\",\"CreatedAt\":1780000000}],\"NextToken\":\"m\"}" },
		{ "DescribeCertificate", CERT, 200,
		  DESCRIBED("PENDING_VALIDATION", TWO("SUCCESS"), "") }, { NULL }
	};
	static const struct line missing[] = {
		{ "ListCertificates", NULL, 200, "{\"CertificateSummaryList\":[]}" }, { NULL }
	};
	static const struct line lost[] = { { "RequestCertificate", NULL, 503, "<html>" }, { NULL } };
	g_autoptr(request) row = NULL;
	struct play p;
	struct script s;

	begin(&p, &s, VERB_ORDER, "acm", ACM, lost);
	play_arg(&p, "names", "www.example.org");
	g_assert_false(play_run(&p));
	row = request_ref(p.op.put_requests->pdata[p.op.put_requests->len - 1]);
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, found);
	play_request(&p, row);
	p.op.now = NOW + 7200;
	g_assert_true(play_run(&p));
	g_assert_cmpstr(last_put(&p)->id, ==, "local/acm:" ACM "/certificate/1");
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Validating");
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, missing);
	play_request(&p, row);
	p.op.now = NOW + 7200;
	g_assert_true(play_run(&p));
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_FAILED);
	g_assert_nonnull(strstr(last_put(&p)->reason, "order it again"));
	end(&p, &s);
}

/* ---- private ones ---- */

#define AUTHORITY(status, key, ends) \
	"{\"CertificateAuthority\":{\"Status\":\"" status "\",\"NotAfter\":" ends "," \
	"\"CertificateAuthorityConfiguration\":{\"KeyAlgorithm\":\"" key "\"," \
	"\"SigningAlgorithm\":\"SHA256WITHECDSA\"}}}"
#define ACTIVE AUTHORITY("ACTIVE", "EC_prime256v1", "1990000000.5")
#define PERMITTED \
	"{\"Permissions\":[{\"Principal\":\"acm.amazonaws.com\",\"Actions\":[\"IssueCertificate\"," \
	"\"GetCertificate\",\"ListPermissions\"]}]}"

static struct items *with_ca(const char *address)
{
	struct store *ca = store_new("local/ca:1");
	void *item = ca;
	struct items *items;

	store_set(&ca->account, "local");
	store_set(&ca->type, "private-ca");
	store_set(&ca->title, "Our CA");
	store_set(&ca->address, address);
	items = items_new(&store_type, &item, 1);
	store_unref(ca);
	return items;
}

static void order_private(struct play *p, struct script *s, const char *ca, const struct line *lines)
{
	begin(p, s, VERB_ORDER, "acm", ACM, lines);
	items_unref(p->stores);
	p->stores = with_ca(ca);
	p->op.stores = p->stores;
	play_arg(p, "names", "www.intern");
	play_arg(p, "key", "ec-p256");
	play_arg(p, "ca", "local/ca:1");
}

static void test_private(void)
{
	struct make m = { .subject = "www.intern", .sans = "DNS:www.intern" };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autofree char *pem = make_pem(der), *got = cert_json(pem);
	const struct line lines[] = {
		{ "DescribeCertificateAuthority", CA, 200, ACTIVE },
		{ "ListPermissions", CA, 200, "{\"Permissions\":[]}" },
		{ "RequestCertificate", "\"CertificateAuthorityArn\":\"" CA "\",\"KeyAlgorithm\"", 200,
		  ORDERED },
		{ "DescribeCertificate", NULL, 200,
		  "{\"Certificate\":{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.intern\","
		  "\"Status\":\"PENDING_VALIDATION\",\"Type\":\"PRIVATE\"}}" },
		{ "DescribeCertificate", NULL, 200,
		  "{\"Certificate\":{\"CertificateArn\":\"" CERT "\",\"DomainName\":\"www.intern\","
		  "\"Status\":\"ISSUED\",\"Type\":\"PRIVATE\"}}" },
		{ "GetCertificate", NULL, 400, "{\"__type\":\"RequestInProgressException\"}" },
		{ "GetCertificate", CERT, 200, got },
		{ NULL }
	};
	struct play p;
	struct script s;

	order_private(&p, &s, CA, lines);
	g_assert_true(play_run(&p));
	g_assert_true(play_has_trouble(&p, "will not be able to renew"));
	g_assert_cmpuint(p.op.kept->len, ==, 1);
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(strlen(last_put(&p)->result), ==, 64);
	g_assert_cmpuint(p.op.touched->len, ==, 1);
	end(&p, &s);
}

static void test_private_refusals(void)
{
	static const struct {
		const char *address, *answer, *said;
	} rows[] = {
		{ CA, AUTHORITY("DISABLED", "EC_prime256v1", "1990000000"), "DISABLED" },
		{ CA, AUTHORITY("ACTIVE", "RSA_2048", "1990000000"), "same family" },
		{ CA, AUTHORITY("ACTIVE", "EC_prime256v1", "1791000000"), "ends before" },
		{ CA, "{}", "no state" },
		{ CA, "not json", "" },
		{ "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/x", NULL, "us-east-1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct line lines[] = {
			{ rows[i].answer ? "DescribeCertificateAuthority" : NULL, NULL, 200,
			  rows[i].answer },
			{ NULL }
		};
		struct play p;
		struct script s;

		g_test_message("row %zu", i);
		order_private(&p, &s, rows[i].address, lines);
		g_assert_false(play_run(&p));
		g_test_message("%s", p.op.error->message);
		g_assert_nonnull(strstr(p.op.error->message, rows[i].said));
		g_assert_cmpuint(p.op.put_requests->len, ==, 0);
		end(&p, &s);
	}
}

static void write_csr(const char *path, const char *name)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	const char *const names[] = { name, NULL };
	g_autoptr(GBytes) csr = x509_csr_make(key, "", names, NULL);
	g_autoptr(detail) d = x509_csr_describe(csr, NULL, NULL, NULL);

	g_assert_true(g_file_set_contents(path, d->pem, -1, NULL));
}

static void test_authority(void)
{
	char *folder = play_folder();
	g_autofree char *path = g_build_filename(folder, "a.csr", NULL);
	struct make m = { .subject = "db.intern", .sans = "DNS:db.intern" };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autofree char *pem = make_pem(der), *got = cert_json(pem);
	const struct line lines[] = {
		{ "DescribeCertificateAuthority", CA, 200, ACTIVE },
		{ "IssueCertificate", "\"SigningAlgorithm\":\"SHA256WITHECDSA\",\"TemplateArn\":"
		  "\"arn:aws:acm-pca:::template/EndEntityServerAuthCertificate/V1\",\"Validity\":{"
		  "\"Value\":1797776000,\"Type\":\"ABSOLUTE\"}", 200,
		  "{\"CertificateArn\":\"" CA "/certificate/77\"}" },
		{ "GetCertificate", NULL, 400, "{\"__type\":\"RequestInProgressException\"}" },
		{ "GetCertificate", CA "/certificate/77", 200, got },
		{ NULL }
	};
	struct play p;
	struct script s;

	write_csr(path, "db.intern");
	begin(&p, &s, VERB_ORDER, "private-ca", CA, lines);
	play_arg(&p, "names", "db.intern");
	play_arg(&p, "csr", path);
	play_arg(&p, "profile", "server");
	play_arg(&p, "validity", "90d");
	g_assert_true(play_run(&p));
	g_assert_cmpuint(p.op.kept->len, ==, 1);
	g_assert_cmpstr(last_put(&p)->id, ==, "local/private-ca:" CA "//certificate/77");
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	end(&p, &s);

	begin(&p, &s, VERB_ORDER, "private-ca", CA, &lines[4]);
	play_arg(&p, "names", "web.intern");
	play_arg(&p, "csr", path);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_USAGE, "is not for web.intern");
	end(&p, &s);
	play_folder_gone(folder);
}

/* ---- for a key that is made elsewhere ---- */

#define TOKEN "0123456789abcdef0123456789abcdef"

static const char *const enrolled[] = { "db.intern", NULL };

static void begin_enrol(struct play *p, struct script *s, struct enrol *e, const struct line *lines,
			struct request *known)
{
	begin(p, s, VERB_ENROLL, "private-ca", CA, lines);
	p->first = p->provider->issuer->ask;
	p->op.enrol = e;
	play_arg(p, "profile", "server");
	if (known)
		play_request(p, known);
	p->op.request = NULL;
}

/* An order whose answer is lost is found by its token, and sent once more with that. */
static void test_enrol(void)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "", enrolled, NULL);
	struct make m = { .subject = "db.intern", .sans = "DNS:db.intern" };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autofree char *pem = make_pem(der), *got = cert_json(pem);
	const struct line lines[] = {
		{ "DescribeCertificateAuthority", CA, 200, ACTIVE },
		{ "IssueCertificate", "\"IdempotencyToken\":\"" TOKEN "\"", 0, "" },
		{ NULL },
		{ "IssueCertificate", "\"IdempotencyToken\":\"" TOKEN "\"", 200,
		  "{\"CertificateArn\":\"" CA "/certificate/77\"}" },
		{ "GetCertificate", CA "/certificate/77", 200, got },
		{ NULL },
		{ "GetCertificate", CA "/certificate/77", 200, got },
		{ NULL }
	};
	struct enrol e = { .token = TOKEN, .names = enrolled, .csr = csr, .about = "" };
	struct request *row;
	struct play p;
	struct script s;

	begin_enrol(&p, &s, &e, lines, NULL);
	g_assert_false(play_run(&p));
	g_assert_cmpuint(p.kept_requests, ==, 1);
	g_assert_true(p.op.stands.state == REQUEST_WAITS_PROVIDER);
	row = request_ref((struct request *)last_put(&p));
	end(&p, &s);
	begin_enrol(&p, &s, &e, &lines[3], row);
	g_assert_true(play_run(&p));
	g_assert_true(p.op.handed && g_bytes_equal(p.op.handed->cert, der));
	g_assert_cmpuint(p.op.kept->len, ==, 0);	/* whoever has the key keeps both */
	request_unref(row);
	row = request_ref((struct request *)last_put(&p));
	g_assert_cmpint(row->state, ==, REQUEST_ISSUED);
	end(&p, &s);
	begin_enrol(&p, &s, &e, &lines[6], row);
	g_assert_true(play_run(&p));
	g_assert_nonnull(p.op.handed);
	end(&p, &s);
	request_unref(row);
}

/* Beyond the time for which the service knows a token nothing is sent, and it has failed. */
static void test_enrol_late(void)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "", enrolled, NULL);
	const struct line lines[] = {
		{ "DescribeCertificateAuthority", CA, 200, ACTIVE },
		{ "IssueCertificate", NULL, 0, "" },
		{ NULL },
		{ NULL }
	};
	struct enrol e = { .token = TOKEN, .names = enrolled, .csr = csr, .about = "" };
	struct request *row;
	struct play p;
	struct script s;

	begin_enrol(&p, &s, &e, lines, NULL);
	g_assert_false(play_run(&p));
	row = request_ref((struct request *)last_put(&p));
	end(&p, &s);
	begin_enrol(&p, &s, &e, &lines[3], row);
	p.op.now = NOW + ACM_PCA_TOKEN_TIME;
	g_assert_true(play_run(&p));
	g_assert_null(p.op.handed);
	g_assert_cmpint(p.op.stands.state, ==, REQUEST_FAILED);
	end(&p, &s);
	request_unref(row);
	begin(&p, &s, VERB_ENROLL, "acm", ACM, &lines[3]);
	p.first = p.provider->issuer->ask;
	p.op.enrol = &e;
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "a private authority does");
	end(&p, &s);
}

/* ---- what waits ---- */

static void test_sync_issued(void)
{
	struct make m = { .subject = "www.example.org", .sans = "DNS:www.example.org" };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autofree char *pem = make_pem(der), *got = cert_json(pem);
	const struct line lines[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("ISSUED", TWO("SUCCESS"), "") },
		{ "GetCertificate", CERT, 200, got },
		{ NULL }
	};
	static const struct line broken[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("ISSUED", TWO("SUCCESS"), "") },
		{ "GetCertificate", CERT, 200, "{\"Certificate\":\"none\"}" },
		{ NULL }
	};
	static const struct line revoked[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("REVOKED", "", "") }, { NULL }
	};
	static const struct line away[] = { { "DescribeCertificate", CERT, 0, "" }, { NULL } };
	static const struct line gone[] = { { "DescribeCertificate", CERT, 400, NOT_FOUND }, { NULL } };
	g_autoptr(request) row = row_of(DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""),
					NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_SYNC, "acm", ACM, lines);
	play_request(&p, row);
	g_assert_true(play_run(&p));
	g_assert_cmpuint(p.op.kept->len, ==, 1);
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, broken);
	play_request(&p, row);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REPLY, "no certificate");
	g_assert_cmpuint(p.op.put_requests->len, ==, 0);
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, revoked);
	play_request(&p, row);
	g_assert_true(play_run(&p));
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(p.op.kept->len, ==, 0);
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, away);
	play_request(&p, row);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_NETWORK, "the connection broke");
	end(&p, &s);

	begin(&p, &s, VERB_SYNC, "acm", ACM, gone);
	play_request(&p, row);
	p.op.now = NOW + 7200;
	g_assert_true(play_run(&p));
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_GONE);
	end(&p, &s);
}

/* Where no DNS server answers, that is said, and the records wait on. */
static void test_sync_dns(void)
{
	static const struct line lines[] = {
		{ "DescribeCertificate", CERT, 200,
		  DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), "") },
		{ NULL }
	};
	g_autoptr(request) row = row_of(DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""),
					NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_SYNC, "acm", ACM, lines);
	g_assert_true(settings_override(p.settings, "dns", "servers", "127.0.0.9@9", NULL));
	play_request(&p, row);
	g_assert_true(play_run(&p));
	g_assert_cmpuint(p.works, ==, 1);
	g_assert_true(play_has_trouble(&p, "no DNS resolver answers"));
	g_assert_cmpstr(last_put(&p)->theirs, ==, "Sync records");
	g_assert_cmpstr(last_put(&p)->can, ==, "sync publish withdraw");
	g_assert_cmpstr(last_put(&p)->records, ==, RECORD);
	end(&p, &s);
}

static void test_resend(void)
{
	static const struct line lines[] = {
		{ "ResendValidationEmail", "\"Domain\":\"www.example.org\",\"ValidationDomain\":"
		  "\"example.org\"", 200, "" },
		{ NULL }
	};
	static const struct line refused[] = {
		{ "ResendValidationEmail", NULL, 400,
		  "{\"__type\":\"InvalidStateException\",\"message\":\"too late\"}" },
		{ NULL }
	};
	g_autoptr(request) row = row_of(DESCRIBED("PENDING_VALIDATION", MAIL, ""), NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_RESEND, "acm", ACM, lines);
	play_request(&p, row);
	p.op.now = NOW + 3600;
	g_assert_true(play_run(&p));
	g_assert_nonnull(strstr(p.op.said, "of example.org"));
	g_assert_cmpint(last_put(&p)->due, ==, NOW + 3600 + 72 * 3600);
	end(&p, &s);

	begin(&p, &s, VERB_RESEND, "acm", ACM, refused);
	play_request(&p, row);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "too late");
	end(&p, &s);

	begin(&p, &s, VERB_RESEND, "acm", ACM, &lines[1]);
	play_request(&p, row);
	p.op.now = NOW + 73 * 3600;
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "72 hours");
	end(&p, &s);

	begin(&p, &s, VERB_RESEND, "acm", ACM, &lines[1]);
	play_request(&p, row);
	play_arg(&p, "domain", "example.net");
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_USAGE, "mailboxes");
	end(&p, &s);
}

static void test_withdraw(void)
{
	static const struct line lines[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("PENDING_VALIDATION", MAIL, "") },
		{ "DeleteCertificate", CERT, 200, "" },
		{ NULL }
	};
	static const struct line issued[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("ISSUED", "", "") }, { NULL }
	};
	static const struct line denied[] = {
		{ "DescribeCertificate", CERT, 200, DESCRIBED("FAILED", MAIL, "") },
		{ "DeleteCertificate", CERT, 400, DENIED },
		{ NULL }
	};
	g_autoptr(request) row = row_of(DESCRIBED("PENDING_VALIDATION", MAIL, ""), NOW);
	g_autoptr(request) renewal = row_of(DESCRIBED("ISSUED", "", RENEWAL("FAILED", "")), NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_WITHDRAW, "acm", ACM, lines);
	play_request(&p, row);
	g_assert_true(play_run(&p));
	g_assert_cmpint(last_put(&p)->state, ==, REQUEST_GONE);
	end(&p, &s);

	/* What was issued meanwhile is not deleted. */
	begin(&p, &s, VERB_WITHDRAW, "acm", ACM, issued);
	play_request(&p, row);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "by now");
	end(&p, &s);

	begin(&p, &s, VERB_WITHDRAW, "acm", ACM, denied);
	play_request(&p, row);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_REFUSED, "acm:DeleteCertificate");
	end(&p, &s);

	begin(&p, &s, VERB_WITHDRAW, "acm", ACM, &lines[2]);
	play_request(&p, renewal);
	g_assert_false(play_run(&p));
	expect_error(&p, ERR_USAGE, "a renewal cannot be withdrawn");
	end(&p, &s);
}

static bool has_line(const struct detail *d, const char *label, const char *part)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->line[i].label, label) && strstr(d->line[i].text, part))
			return true;
	return false;
}

static void test_show(void)
{
	static const struct line none[] = { { NULL } };
	g_autoptr(request) row = row_of(DESCRIBED("PENDING_VALIDATION", TWO("PENDING_VALIDATION"), ""),
					NOW);
	g_autoptr(request) mail = row_of(DESCRIBED("PENDING_VALIDATION", MAIL, ""), NOW);
	struct play p;
	struct script s;

	begin(&p, &s, VERB_SHOW, "acm", ACM, none);
	play_request(&p, row);
	g_assert_true(play_run(&p));
	g_assert_true(has_line(p.op.detail, "state", "Deploy challenge"));
	g_assert_true(has_line(p.op.detail, "records", RECORD));
	g_assert_true(has_line(p.op.detail, "until", "in 3 d"));
	g_assert_true(has_line(p.op.detail, "ARN", CERT));
	g_assert_true(has_line(p.op.detail, "*.www.example.org", "waits, by DNS"));
	g_assert_true(has_line(p.op.detail, "next", "publish"));
	g_assert_cmpstr(p.op.detail->text, ==, RECORD "\n");
	end(&p, &s);

	begin(&p, &s, VERB_SHOW, "acm", ACM, none);
	play_request(&p, mail);
	g_assert_true(play_run(&p));
	g_assert_true(has_line(p.op.detail, "notice", "2028-03-15"));
	g_assert_true(has_line(p.op.detail, "", "admin@example.org, hostmaster@example.org"));
	end(&p, &s);
}

/* ---- Route 53 ---- */

#define ZONE(id, name, is_private) \
	"<HostedZone><Id>/hostedzone/" id "</Id><Name>" name "</Name><Config><PrivateZone>" \
	is_private "</PrivateZone></Config></HostedZone>"
#define ZONES(zones, more) \
	"<?xml version=\"1.0\"?>\n<ListHostedZonesResponse xmlns=\"https://route53.amazonaws.com/doc/" \
	"2013-04-01/\"><HostedZones>" zones "</HostedZones>" more "</ListHostedZonesResponse>"
#define LAST "<IsTruncated>false</IsTruncated>"
#define CHANGE(status) \
	"<R><ChangeInfo><Id>/change/C1</Id><Status>" status "</Status></ChangeInfo></R>"
#define LIST "GET /2013-04-01/hostedzone?maxitems=100"

static void publish(struct play *p, struct script *s, const struct line *lines,
		    const char *const *records)
{
	begin(p, s, VERB_PUBLISH, "acm", ACM, lines);
	p->op.records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	for (; *records; records++)
		g_ptr_array_add(p->op.records, dns_record_read(*records, NULL));
}

static bool play_publish(struct play *p)
{
	struct provider with = *p->provider;
	bool is_done;

	with.verb[VERB_PUBLISH] = with.publish;
	p->provider = &with;
	is_done = play_run(p);
	p->provider = provider_find("aws");
	g_ptr_array_unref(p->op.records);
	p->op.records = NULL;
	return is_done;
}

static void test_publish(void)
{
	static const struct line lines[] = {
		{ LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false")
					 ZONE("Z2", "www.example.org.", "true"),
					 "<IsTruncated>true</IsTruncated><NextMarker>Z3/+</NextMarker>") },
		{ "GET /2013-04-01/hostedzone?marker=Z3%2F%2B&maxitems=100", NULL, 200,
		  ZONES(ZONE("Z3", "www.example.org.", "false") ZONE("Z4", "ample.org.", "false"),
			LAST) },
		{ "POST /2013-04-01/hostedzone/Z3/rrset/", "<Action>UPSERT</Action><ResourceRecordSet>"
		  "<Name>_a.www.example.org.</Name><Type>CNAME</Type><TTL>300</TTL><ResourceRecords>"
		  "<ResourceRecord><Value>_b.acm-validations.aws.</Value></ResourceRecord>"
		  "</ResourceRecords></ResourceRecordSet></Change></Changes>", 200, CHANGE("PENDING") },
		{ "GET /2013-04-01/change/C1", NULL, 200, CHANGE("PENDING") },
		{ "GET /2013-04-01/change/C1", NULL, 200, CHANGE("INSYNC") },
		{ "POST /2013-04-01/hostedzone/Z1/rrset/", "_c.example.org.", 200, CHANGE("INSYNC") },
		{ NULL }
	};
	static const char *const records[] = {
		"_a.www.example.org. 300 IN CNAME _b.acm-validations.aws.",
		"_A.www.example.org. 300 IN CNAME _b.acm-validations.aws.",
		"_c.example.org. 300 IN CNAME _d.acm-validations.aws.",
		"_e.example.net. 300 IN CNAME _f.acm-validations.aws.", NULL
	};
	struct play p;
	struct script s;

	publish(&p, &s, lines, records);
	g_assert_true(play_publish(&p));
	g_assert_cmpuint(p.op.n_published, ==, 3);
	g_assert_cmpint(p.op.now, ==, NOW + 10);
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	end(&p, &s);
}

#define SET(name, type, more) \
	"<ResourceRecordSet><Name>" name "</Name><Type>" type "</Type>" more "</ResourceRecordSet>"
#define SETS(sets) \
	"<ListResourceRecordSetsResponse><ResourceRecordSets>" sets "</ResourceRecordSets>" LAST \
	"</ListResourceRecordSetsResponse>"
#define VALUE(value) "<ResourceRecord><Value>" value "</Value></ResourceRecord>"
#define TEXTS(name, values) \
	SET(name, "TXT", "<TTL>60</TTL><ResourceRecords>" values "</ResourceRecords>")
#define LOOK_UP(name) "GET /2013-04-01/hostedzone/Z1/rrset?maxitems=1&name=" name "&type=TXT"
#define SEND "POST /2013-04-01/hostedzone/Z1/rrset/"
#define ONE_ZONE { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false"), LAST) }

/* Others' values stay, in the form that they have. */
static void test_publish_text(void)
{
	static const char *const texts[] = {
		"_t.example.org. 300 IN TXT \"a \\\"b\\\\\\009\"", "_t.example.org. 300 IN TXT second",
		"_T.example.org. 300 IN TXT \"sec\" \"ond\"", NULL
	};
	static const struct {
		struct line lines[4];
		guint published;
		const char *trouble;
	} rows[] = {
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200, SETS("") },
		    { SEND, "<TTL>300</TTL><ResourceRecords>" VALUE("&quot;a \\&quot;b\\\\\\011&quot;")
			    VALUE("&quot;second&quot;") "</ResourceRecords>", 200, CHANGE("INSYNC") } },
		  3, NULL },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200,
				SETS(TEXTS("_t.example.org.", VALUE("\"spf \\052\" \"x\"")
								VALUE("\"second\""))) },
		    { SEND, "<TTL>60</TTL><ResourceRecords>" VALUE("&quot;spf \\052&quot; &quot;x&quot;")
			    VALUE("&quot;second&quot;") VALUE("&quot;a \\&quot;b\\\\\\011&quot;")
			    "</ResourceRecords>", 200, CHANGE("INSYNC") } },
		  3, NULL },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200,
				SETS(TEXTS("_t.example.org.", VALUE("\"a \\042b\\134\\011\"")
								VALUE("\"second\""))) } },
		  3, NULL },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200, SETS(TEXTS("_u.example.org.", "")) },
		    { SEND, "<TTL>300</TTL>", 200, CHANGE("INSYNC") } },
		  3, NULL },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200,
				SETS(SET("_t.example.org.", "TXT", "<SetIdentifier>eu</SetIdentifier>"
									"<TTL>60</TTL><ResourceRecords/>")) } },
		  0, "routing policy" },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 403, "<ErrorResponse><Error><Code>"
				"AccessDenied</Code><Message>route53:ListResourceRecordSets</Message></Error>"
				"</ErrorResponse>" } },
		  0, "route53:ListResourceRecordSets" },
		{ { ONE_ZONE, { LOOK_UP("_t.example.org."), NULL, 200, "<html/>" } }, 0, "no list of records" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct play p;
		struct script s;

		g_test_message("row %zu", i);
		publish(&p, &s, rows[i].lines, texts);
		g_assert_cmpint(play_publish(&p), ==, !rows[i].trouble);
		g_assert_cmpuint(p.op.n_published, ==, rows[i].published);
		if (rows[i].trouble)
			g_assert_true(play_has_trouble(&p, rows[i].trouble));
		end(&p, &s);
	}
}

static void test_publish_failures(void)
{
	static const char *const records[] = { "_a.example.org. 300 IN CNAME b.", NULL };
	static const char *const text[] = { "_a.example.org. 300 IN TXT \"b", NULL };
	static const char *const address[] = { "_a.example.org. 300 IN A 192.0.2.1", NULL };
	static const char *const two[] = { "_a.example.org. 300 IN CNAME b.",
					   "_a.example.org. 300 IN CNAME c.", NULL };
	static const struct {
		const char *const *records;
		struct line lines[3];
		bool is_done;
		guint published;
		const char *said;
	} rows[] = {
		{ records, { { LIST, NULL, 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>"
			       "route53:ListHostedZones</Message></Error></ErrorResponse>" } },
		  false, 0, "route53:ListHostedZones" },
		{ records, { { LIST, NULL, 200, ZONES("", LAST) } }, true, 0, NULL },
		{ records, { { LIST, NULL, 200, "<html><body/></html>" } }, false, 0, "no list" },
		{ records, { { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false")
						      ZONE("Z2", "example.org.", "false"), LAST) } },
		  true, 0, "2 public zones" },
		{ records, { { LIST, NULL, 200, ZONES(ZONE("../../x", "example.org.", "false"), LAST) } },
		  true, 0, NULL },
		{ text, { { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false"), LAST) } },
		  true, 0, "no text of a TXT record" },
		{ address, { { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false"), LAST) } },
		  true, 0, "records of type A" },
		{ records, { { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false"), LAST) },
			     { "POST /2013-04-01/hostedzone/Z1/rrset/", NULL, 400,
			       "<InvalidChangeBatch><Messages><Message>RRSet of type CNAME is not "
			       "permitted at apex</Message></Messages></InvalidChangeBatch>" } },
		  false, 0, "not permitted at apex" },
		{ two, { { LIST, NULL, 200, ZONES(ZONE("Z1", "example.org.", "false"), LAST) },
			 { "POST /2013-04-01/hostedzone/Z1/rrset/", NULL, 200, CHANGE("INSYNC") } },
		  true, 1, "different values" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct play p;
		struct script s;

		g_test_message("row %zu", i);
		publish(&p, &s, rows[i].lines, rows[i].records);
		g_assert_cmpint(play_publish(&p), ==, rows[i].is_done);
		g_assert_cmpuint(p.op.n_published, ==, rows[i].published);
		if (rows[i].is_done && rows[i].said)
			g_assert_true(play_has_trouble(&p, rows[i].said));
		else if (rows[i].said)
			g_assert_nonnull(strstr(p.op.error->message, rows[i].said));
		end(&p, &s);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/aws-orders/words", test_words);
	g_test_add_func("/aws-orders/seen-in-dns", test_seen_in_dns);
	g_test_add_func("/aws-orders/hostile-records", test_hostile_records);
	g_test_add_func("/aws-orders/rows-go-on", test_rows_go_on);
	g_test_add_func("/aws-orders/less", test_less);
	g_test_add_func("/aws-orders/renewal-ends", test_renewal_ends);
	g_test_add_func("/aws-orders/refresh-issues", test_refresh_issues);
	g_test_add_func("/aws-orders/order", test_order);
	g_test_add_func("/aws-orders/order-refusals", test_order_refusals);
	g_test_add_func("/aws-orders/mail-domain", test_mail_domain);
	g_test_add_func("/aws-orders/order-failures", test_order_failures);
	g_test_add_func("/aws-orders/order-undecided", test_order_undecided);
	g_test_add_func("/aws-orders/order-found-again", test_order_found_again);
	g_test_add_func("/aws-orders/private", test_private);
	g_test_add_func("/aws-orders/private-refusals", test_private_refusals);
	g_test_add_func("/aws-orders/authority", test_authority);
	g_test_add_func("/aws-orders/enrol", test_enrol);
	g_test_add_func("/aws-orders/enrol-late", test_enrol_late);
	g_test_add_func("/aws-orders/sync-issued", test_sync_issued);
	g_test_add_func("/aws-orders/sync-dns", test_sync_dns);
	g_test_add_func("/aws-orders/resend", test_resend);
	g_test_add_func("/aws-orders/withdraw", test_withdraw);
	g_test_add_func("/aws-orders/show", test_show);
	g_test_add_func("/aws-orders/publish", test_publish);
	g_test_add_func("/aws-orders/publish-text", test_publish_text);
	g_test_add_func("/aws-orders/publish-failures", test_publish_failures);
	return g_test_run();
}
