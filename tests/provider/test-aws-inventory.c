/* test-aws-inventory: what is read of ACM, Private CA and IAM: certificates as they are told,
 * the memo, and the steps, played with what AWS answers and what others do in its place. */
#include "../model/make.h"
#include "play.h"

#include <stdlib.h>
#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>
#include <net/exchange_own.h>
#include <provider/aws/acm.h>

#define NOW 1772604367	/* 2026-03-04T06:06:07Z */
#define ADDRESS "arn:aws:acm:eu-north-1:111122223333:"

static struct store *store_of(const char *type, const char *address)
{
	g_autofree char *id = g_strconcat("prod/", type, ":x", NULL);
	struct store *s = store_new(id);

	store_set(&s->provider, "aws");
	store_set(&s->type, type);
	store_set(&s->address, address);
	return s;
}

static struct acm_cert *cert_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = json_parse(text, strlen(text), 1u << 20, &error);
	g_autoptr(store) s = store_of("acm", ADDRESS);

	g_assert_no_error(error);
	return acm_cert_read(j, s);
}

/* ---- certificates ---- */

#define SUMMARY \
	"{\"CertificateArn\":\"" ADDRESS "certificate/1\",\"DomainName\":\"www.example.org\"," \
	"\"SubjectAlternativeNameSummaries\":[\"www.example.org\",\"*.example.org\"]," \
	"\"HasAdditionalSubjectAlternativeNames\":true,\"Status\":\"ISSUED\"," \
	"\"Type\":\"AMAZON_ISSUED\",\"KeyAlgorithm\":\"EC_prime256v1\",\"InUse\":true," \
	"\"Exported\":false,\"RenewalEligibility\":\"ELIGIBLE\",\"NotBefore\":1.7726e9," \
	"\"NotAfter\":1789711999.5,\"CreatedAt\":null,\"Unknown\":{\"a\":[1]}}"

static void test_summary(void)
{
	g_autoptr(acm_cert) c = cert_of(SUMMARY);
	struct facts f;

	g_assert_cmpstr(c->alias, ==, "certificate/1");
	g_assert_cmpint(c->not_before, ==, 1772600000);
	g_assert_cmpint(c->not_after, ==, 1789711999);
	g_assert_cmpint(c->created, ==, 0);
	g_assert_true(c->is_in_use && c->has_more_names && !c->has_details && !c->has_digest);
	g_assert_cmpuint(acm_cert_marks(c), ==, MARK_IN_USE | MARK_AMAZON_ISSUED);
	g_assert_cmpstr(acm_cert_type_word(c), ==, "Amazon issued");
	acm_cert_facts(c, &f);
	g_assert_cmpstr(f.name, ==, "www.example.org");
	g_assert_cmpstr(f.names[0], ==, "*.example.org");
	g_assert_cmpuint(f.n_names, ==, 1);
	g_assert_cmpstr(f.key, ==, "EC P-256");
	g_assert_cmpstr(f.issuer, ==, "");
	g_assert_cmpuint(f.marks, ==, MARK_WILDCARD);
	g_assert_false(f.has_digest);
	facts_done(&f);
}

static void test_search(void)
{
	g_autoptr(acm_cert) c = cert_of(
		"{\"CertificateArn\":\"" ADDRESS "certificate/3\",\"X509Attributes\":{\"Issuer\":"
		"{\"Country\":\"US\",\"CommonName\":\"Amazon RSA 2048 M02\"},\"Subject\":{\"CommonName\":"
		"\"shop.example.org\"},\"SubjectAlternativeNames\":[{\"DnsName\":\"shop.example.org\"},"
		"{\"IpAddress\":\"192.0.2.1\"},{\"DirectoryName\":{}}],\"KeyAlgorithm\":\"RSA_2048\","
		"\"SerialNumber\":\"0F:ac:b0:01\",\"NotAfter\":1789711999},\"CertificateMetadata\":"
		"{\"AcmCertificateMetadata\":{\"Status\":\"ISSUED\",\"RenewalStatus\":\"SUCCESS\","
		"\"Type\":\"PRIVATE\",\"Exported\":true,\"CertificateKeyPairOrigin\":\"ACME\"}}}");

	g_assert_cmpstr(c->name, ==, "shop.example.org");
	g_assert_cmpstr(c->names[1], ==, "192.0.2.1");
	g_assert_null(c->names[2]);
	g_assert_cmpstr(c->serial, ==, "0facb001");
	g_assert_cmpstr(c->issuer, ==, "Amazon RSA 2048 M02");
	g_assert_cmpstr(c->renewal, ==, "SUCCESS");
	g_assert_true(c->was_exported && !c->has_details);
	g_assert_cmpstr(acm_cert_type_word(c), ==, "ACME");
}

static void test_description(void)
{
	g_autoptr(acm_cert) c = cert_of(SUMMARY);
	struct acm_cert *d = cert_of(
		"{\"Certificate\":{\"CertificateArn\":\"" ADDRESS "certificate/1\",\"DomainName\":"
		"\"www.example.org\",\"SubjectAlternativeNames\":[\"www.example.org\",\"*.example.org\","
		"\"more.example.org\"],\"Serial\":\"00:fa:01\",\"KeyAlgorithm\":\"EC-prime256v1\","
		"\"Issuer\":\"Amazon\",\"Status\":\"ISSUED\",\"InUseBy\":[\"arn:a\",\"arn:b\"],"
		"\"DomainValidationOptions\":[{\"DomainName\":\"www.example.org\",\"ValidationMethod\":"
		"\"DNS\",\"ResourceRecord\":{\"Name\":\"_a.\",\"Type\":\"CNAME\",\"Value\":\"_b.\"}},"
		"{\"DomainName\":\"*.example.org\",\"ValidationMethod\":\"EMAIL\",\"ValidationDomain\":"
		"\"example.org\",\"ValidationEmails\":[\"admin@example.org\",null]}],"
		"\"RenewalSummary\":{\"RenewalStatus\":\"PENDING_AUTO_RENEWAL\"}}}");
	const struct acm_option *o;
	g_autofree char *said = NULL;

	g_assert_true(d->has_details && d->is_in_use);
	g_assert_cmpstr(d->key, ==, "EC_prime256v1");
	g_assert_cmpstr(d->serial, ==, "fa01");
	acm_cert_add(c, d);
	g_assert_true(c->has_details && !c->has_more_names && c->is_in_use);
	g_assert_cmpuint(g_strv_length(c->names), ==, 3);
	g_assert_cmpuint(c->options->len, ==, 2);
	o = c->options->pdata[0];
	g_assert_cmpstr(o->record_value, ==, "_b.");
	o = c->options->pdata[1];
	g_assert_cmpuint(g_strv_length(o->emails), ==, 1);
	g_assert_cmpstr(c->renewal, ==, "PENDING_AUTO_RENEWAL");
	said = acm_cert_say_eligibility(c, NOW);
	g_assert_cmpstr(said, ==, "yes: it is in use by 2 AWS resources; ACM renews it by itself as "
				  "long as its CNAME records stay in DNS");
}

static void test_none_of_ours(void)
{
	static const char *const others[] = {
		"{}", "[]", "7", "null", "{\"CertificateArn\":null}", "{\"CertificateArn\":\"\"}",
		"{\"CertificateArn\":\"" ADDRESS "\"}",
		"{\"CertificateArn\":\"arn:aws:acm:us-east-1:111122223333:certificate/1\"}",
		"{\"CertificateArn\":7}", "{\"Certificate\":\"-----BEGIN CERTIFICATE-----\"}",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_null(cert_of(others[i]));
}

static void test_strange_words(void)
{
	g_autoptr(acm_cert) c = cert_of(
		"{\"CertificateArn\":\"" ADDRESS "certificate/5\",\"DomainName\":\"a\\u001b[2J\","
		"\"Status\":\"NEW\\nWORD\",\"KeyAlgorithm\":\"ML-DSA-65\",\"NotAfter\":-1,"
		"\"NotBefore\":1e300,\"InUse\":\"yes\",\"Type\":7}");
	g_autofree char *key = acm_cert_say_key(c->key), *other = acm_cert_say_key("QX_9");

	g_assert_cmpstr(c->name, ==, "a\\x1b[2J");
	g_assert_cmpstr(c->status, ==, "NEW\\nWORD");
	g_assert_true(acm_cert_is_row(c));
	g_assert_cmpint(c->not_after, ==, 0);
	g_assert_cmpint(c->not_before, ==, 0);
	g_assert_false(c->is_in_use);
	g_assert_cmpuint(acm_cert_marks(c), ==, 0);
	g_assert_cmpstr(acm_cert_type_word(c), ==, "not told");
	g_assert_cmpstr(key, ==, "ML-DSA-65");
	g_assert_cmpstr(other, ==, "QX 9");
}

static void test_eligibility(void)
{
	static const struct {
		const char *members, *said;
	} rows[] = {
		{ "\"Type\":\"IMPORTED\",\"Status\":\"ISSUED\"", "no: it was imported" },
		{ "\"Type\":\"PRIVATE\",\"CertificateKeyPairOrigin\":\"ACME\"", "no: it came through ACME" },
		{ "\"NotAfter\":1772604367,\"Status\":\"ISSUED\"", "no: it has ended" },
		{ "\"Status\":\"PENDING_VALIDATION\"", "no: only what is issued" },
		{ "\"RenewalEligibility\":\"ELIGIBLE\",\"Exported\":true,\"Type\":\"PRIVATE\"",
		  "yes: it was exported since it was last issued; ACM renews it 60 days" },
		{ "\"RenewalEligibility\":\"ELIGIBLE\"", "yes: AWS says so" },
		{ "\"RenewalEligibility\":\"INELIGIBLE\"", "no: no AWS service uses it" },
		{ "\"RenewalEligibility\":\"INELIGIBLE\",\"InUse\":true", "no, AWS says, though" },
		{ "\"RenewalEligibility\":\"INELIGIBLE\",\"SubjectAlternativeNames\":[\"ab--c.example\"]",
		  "no: the third and fourth characters of ab--c.example" },
		{ "\"RenewalEligibility\":\"INELIGIBLE\",\"SubjectAlternativeNames\":[\"xn--c.example\"]",
		  "no: no AWS service uses it" },
		{ "\"Status\":\"ISSUED\"", "AWS has not said" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("{\"CertificateArn\":\"" ADDRESS
							"certificate/1\",%s}", rows[i].members);
		g_autoptr(acm_cert) c = cert_of(text);
		g_autofree char *said = acm_cert_say_eligibility(c, NOW);

		if (!g_str_has_prefix(said, rows[i].said))
			g_error("'%s' is not '%s'", said, rows[i].said);
	}
}

static void test_failures(void)
{
	g_assert_true(strstr(acm_cert_say_failure("CAA_ERROR"), "CAA records") != NULL);
	g_assert_true(strstr(acm_cert_say_failure("PCA_ACCESS_DENIED"), "acm.amazonaws.com") != NULL);
	g_assert_cmpstr(acm_cert_say_failure("NOT_INVENTED_YET"), ==, "NOT_INVENTED_YET");
	g_assert_cmpstr(acm_cert_say_failure(""), ==, "AWS does not say why");
}

static void test_same(void)
{
	static const struct {
		const char *from, *to;
		bool is_same;
	} changes[] = {
		{ "Unknown", "Other", true },	  { "\"InUse\":true", "\"InUse\":false", false },
		{ "1789711999.5", "1789711999", true }, { "1789711999.5", "1789712000", false },
		{ "ISSUED\",\"Type", "EXPIRED\",\"Type", false }, { "ELIGIBLE", "INELIGIBLE", false },
		{ "\"CreatedAt\":null", "\"IssuedAt\":1772600060", false },
		{ "\"Exported\":false", "\"Exported\":true", false },
		{ "\"Status\":\"ISSUED\"", "\"Status\":null", false },
	};
	g_autoptr(acm_cert) old = cert_of(SUMMARY);

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_auto(GStrv) parts = g_strsplit(SUMMARY, changes[i].from, 2);
		g_autofree char *text = g_strjoinv(changes[i].to, parts);
		g_autoptr(acm_cert) c = cert_of(text);

		g_assert_cmpuint(g_strv_length(parts), ==, 2);
		g_assert_true(acm_cert_is_same(c, old) == changes[i].is_same);
	}
}

/* ---- the memo ---- */

static GHashTable *certs_with(struct acm_cert *c)
{
	GHashTable *certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)acm_cert_free);

	g_hash_table_insert(certs, c->alias, c);
	return certs;
}

static void test_memo(void)
{
	struct acm_cert *c = cert_of(SUMMARY);
	g_autoptr(GHashTable) certs = certs_with(c), back = NULL;
	g_autoptr(GBytes) memo = NULL, again = NULL;
	const struct acm_cert *got;
	struct acm_memo_note note;

	memset(c->sha256, 7, sizeof(c->sha256));
	c->has_digest = c->is_missed = true;
	acm_cert_add(c, cert_of("{\"CertificateArn\":\"" ADDRESS "certificate/1\",\"InUseBy\":[\"x\"],"
				"\"DomainValidationOptions\":[{\"DomainName\":\"d\",\"ValidationEmails\":"
				"[\"a@b\"]}]}"));
	memo = acm_memo_write(certs, &(struct acm_memo_note){ NOW, 5 });
	note = acm_memo_note(memo);
	g_assert_cmpint(note.no_search, ==, NOW);
	g_assert_cmpuint(note.lacks, ==, 5);
	back = acm_memo_read(memo);
	got = g_hash_table_lookup(back, "certificate/1");
	g_assert_nonnull(got);
	g_assert_true(acm_cert_is_same(c, got) && got->has_digest && got->is_missed &&
		      got->has_details && got->has_more_names && got->is_in_use);
	g_assert_cmpmem(got->sha256, 32, c->sha256, 32);
	g_assert_cmpstr(((struct acm_option *)got->options->pdata[0])->emails[0], ==, "a@b");
	again = acm_memo_write(back, &note);
	g_assert_true(g_bytes_equal(memo, again));
}

static void test_memo_believes_nothing(void)
{
	g_autoptr(GHashTable) certs = certs_with(cert_of(SUMMARY));
	g_autoptr(GBytes) memo = acm_memo_write(certs, NULL);
	gsize len;
	const char *bytes = g_bytes_get_data(memo, &len);

	for (gsize cut = 0; cut < len; cut++) {
		g_autoptr(GBytes) part = g_bytes_new(bytes, cut);
		g_autoptr(GHashTable) got = acm_memo_read(part);

		g_assert_cmpuint(g_hash_table_size(got), ==, 0);
		acm_memo_note(part);
	}
	g_assert_cmpint(acm_memo_note(NULL).no_search, ==, 0);
	g_hash_table_unref(acm_memo_read(NULL));
}

/* ---- a server that says what a test has written down ---- */

struct line {			/* ends with call NULL */
	const char *call;	/* "acm eu-north-1 GetCertificate" */
	const char *part;	/* of the body; NULL: any */
	int status;		/* 0: nobody answers */
	const char *body;	/* "PEM name": a certificate of that name, as ACM gives it; "XML name": IAM */
	bool is_used;
};

struct server {
	struct line *lines;
	GPtrArray *asked;	/* calls (char *) */
};

static GBytes *cert_named(const char *name)
{
	static GHashTable *made;
	g_autofree char *sans = g_strdup_printf("DNS:%s", name);
	struct make m = { .subject = name, .sans = sans };
	GBytes *der;

	if (!made)
		made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     (GDestroyNotify)g_bytes_unref);
	der = g_hash_table_lookup(made, name);
	if (!der) {
		der = make_cert_der(&m);
		g_hash_table_insert(made, g_strdup(name), der);
	}
	return der;
}

static char *body_of(const struct line *l)
{
	g_autoptr(GString) s = g_string_new(NULL);
	struct json_writer w = { .out = s };
	g_autofree char *pem = NULL;

	if (!g_str_has_prefix(l->body, "PEM ") && !g_str_has_prefix(l->body, "XML "))
		return g_strdup(l->body);
	pem = make_pem(cert_named(l->body + strlen("PEM ")));
	if (*l->body == 'X')
		return g_strconcat("<GetServerCertificateResponse><GetServerCertificateResult>"
				   "<ServerCertificate><CertificateBody>", pem, "</CertificateBody>"
				   "</ServerCertificate></GetServerCertificateResult>"
				   "</GetServerCertificateResponse>", NULL);
	json_open(&w, NULL, '{');
	json_put_str(&w, "Certificate", pem);
	json_put_null(&w, "CertificateChain");
	json_close(&w, '}');
	return g_strdup(s->str);
}

static char *operation_of(const struct request_out *q, const char *body)
{
	const char *path = strrchr(q->url, '/') + 1;

	for (guint i = 0; i < q->headers->len; i++) {
		const struct header *h = &g_array_index(q->headers, struct header, i);

		if (!strcmp(h->name, "X-Amz-Target"))
			return g_strdup(strchr(h->value, '.') + 1);
	}
	if (*path)
		return g_strdup(path);
	body = strstr(body, "Action=") + strlen("Action=");
	return g_strndup(body, strcspn(body, "&"));
}

static struct reply *answer(struct play *p, const struct request_out *q)
{
	struct server *s = p->who;
	struct reply *r = g_new0(struct reply, 1);
	gsize len;
	const char *bytes = g_bytes_get_data(q->body, &len);
	g_autofree char *body = g_strndup(bytes, len), *operation = operation_of(q, body);
	char *call = g_strconcat(q->scope, " ", operation, NULL);

	g_ptr_array_add(s->asked, call);
	g_assert_true(q->is_repeatable || !strcmp(operation, "SearchCertificates"));
	for (struct line *l = s->lines; l->call; l++) {
		g_autofree char *said = NULL;

		if (l->is_used || strcmp(l->call, call) || (l->part && !strstr(body, l->part)))
			continue;
		l->is_used = true;
		r->headers = exchange_headers();
		r->status = l->status;
		said = body_of(l);
		r->body = g_bytes_new(said, strlen(said));
		if (!l->status)
			r->error = g_error_new_literal(ERR, ERR_NETWORK, "nobody answers");
		return r;
	}
	g_error("nobody answers %s with %s", call, body);
}

static guint asked(const struct server *s, const char *part)
{
	guint n = 0;

	for (guint i = 0; i < s->asked->len; i++)
		n += strstr(s->asked->pdata[i], part) != NULL;
	return n;
}

static bool is_over(const struct server *s)
{
	for (const struct line *l = s->lines; l->call; l++)
		if (!l->is_used)
			g_error("nobody has asked %s", l->call);
	return true;
}

static void open_account(struct play *p, struct server *s)
{
	struct args *with = args_new();

	args_set(with, "region", "eu-north-1");
	args_set(with, "partition", "aws");
	play_open(p, "prod", with);
	p->answer = answer;
	p->who = s;
	p->op.now = NOW;
	s->asked = g_ptr_array_new_with_free_func(g_free);
}

static void begin_refresh(struct play *p, struct server *s, const char *type, const char *address)
{
	play_begin(p, "aws", VERB_REFRESH, store_of(type, address));
	open_account(p, s);
}

static void end_play(struct play *p, struct server *s)
{
	g_ptr_array_unref(s->asked);
	play_done(p);
}

/* Another script for the next time. */
static void say_now(struct play *p, struct server *s, struct line *lines)
{
	play_again(p);
	s->lines = lines;
	g_ptr_array_set_size(s->asked, 0);
}

/* The rows as "alias name key issuer? marks…", those without bytes with a '?' in front. */
static char *rows_of(struct play *p)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(table) t = play_table(p);

	p->op.rows = table_builder_new(p->store->id, p->words);
	for (uint32_t i = 0; i < t->n; i++) {
		size_t len;
		const char *name = table_name(t, i, &len);

		g_string_append_printf(s, "%s%s %.*s", t->print[i] ? "" : "?", t->aliases + t->alias[i],
				       (int)len, name);
		for (const struct mark *m = mark_table; m->bit; m++)
			if (t->marks[i] & m->bit & (MARK_IN_USE | MARK_IMPORTED | MARK_AMAZON_ISSUED |
						    MARK_PRIVATE_CA | MARK_REVOKED))
				g_string_append_printf(s, " %s", m->word);
		g_string_append_c(s, '\n');
		table_builder_copy(p->op.rows, t, i, t->marks[i]);
	}
	return g_strdup(s->str);
}

static void expect_rows(struct play *p, const char *want)
{
	g_autofree char *got = rows_of(p);

	g_assert_cmpstr(got, ==, want);
}

/* ---- domains ---- */

#define MORE(number, status, rest)                                                                  \
	"{\"Certificate\":{\"CertificateArn\":\"" ADDRESS "certificate/" number "\",\"Type\":"        \
	"\"AMAZON_ISSUED\",\"Status\":\"" status "\"," rest "}}"
#define OPTION(name, method, status)                                                                \
	"{\"DomainName\":\"" name "\",\"ValidationMethod\":\"" method "\",\"ValidationStatus\":\""   \
	status "\",\"ResourceRecord\":{\"Name\":\"_a." name ".\",\"Type\":\"CNAME\",\"Value\":"      \
	"\"_b.acm-validations.aws.\"}}"
#define ONE(name) "\"DomainName\":\"" name "\",\"SubjectAlternativeNames\":[\"" name "\"],"
#define LIFE "\"NotBefore\":1772600000,\"NotAfter\":1789711999,\"IssuedAt\":1772600100,"

/* What is told of one name: state, ACM's word, method, when it was proved, whether there is a record. */
static char *say_domain(const struct domain *d)
{
	return g_strdup_printf("%s %s %s %" G_GINT64_FORMAT " %s %s", d->name, domain_state_word(d->state),
			       d->validation, d->validated, d->method, d->record ? d->record : "-");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void expect_domains(const char *const *certs, const char *const *want)
{
	g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
							  (GDestroyNotify)acm_cert_free);
	g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(store) s = store_of("acm", ADDRESS);
	struct op op = { 0 };

	store_set(&s->account, "prod");
	op_init(&op);
	op.store = s;
	for (; *certs; certs++) {
		struct acm_cert *c = cert_of(*certs);

		g_assert_nonnull(c);
		g_hash_table_insert(all, c->alias, c);
	}
	acm_domains_put(&op, all);
	for (guint i = 0; i < op.put_domains->len; i++) {
		const struct domain *d = op.put_domains->pdata[i];

		g_assert_true(g_str_has_prefix(d->id, "prod/acm:x/"));
		g_assert_cmpstr(d->account, ==, "prod");
		g_assert_cmpstr(d->provider, ==, "aws");
		g_assert_cmpstr(d->users, ==, "");
		g_assert_true(g_str_has_prefix(d->registration, "none needed"));
		g_assert_cmpint(d->validated_until, ==, 0);
		g_ptr_array_add(said, say_domain(d));
	}
	g_ptr_array_sort(said, by_text);
	for (guint i = 0; i < said->len; i++, want++)
		g_assert_cmpstr(said->pdata[i], ==, *want);
	g_assert_null(*want);
	op_done(&op);
}

static void test_domains(void)
{
	static const char *const certs[] = {
		/* one that was issued, one that waits, one that failed, of a name of their own each */
		MORE("1", "ISSUED", ONE("www.example.org") LIFE "\"DomainValidationOptions\":["
		     OPTION("www.example.org", "DNS", "PENDING_VALIDATION") "]"),
		MORE("2", "PENDING_VALIDATION", ONE("Wait.example.org") "\"DomainValidationOptions\":["
		     OPTION("Wait.example.org", "EMAIL", "PENDING_VALIDATION") "]"),
		MORE("3", "VALIDATION_TIMED_OUT", ONE("late.example.org") "\"DomainValidationOptions\":["
		     OPTION("late.example.org", "DNS", "FAILED") "]"),
		/* an order of which one name is proved */
		MORE("4", "PENDING_VALIDATION", "\"DomainName\":\"half.example.org\","
		     "\"SubjectAlternativeNames\":[\"half.example.org\",\"*.half.example.org\"],"
		     "\"DomainValidationOptions\":[" OPTION("half.example.org", "HTTP", "SUCCESS") ","
		     OPTION("*.half.example.org", "NEWER", "PENDING_VALIDATION") "]"),
		/* nobody has to prove anything for these */
		"{\"CertificateArn\":\"" ADDRESS "certificate/5\",\"Type\":\"IMPORTED\",\"Status\":"
		"\"ISSUED\",\"DomainName\":\"imported.example.org\"}",
		"{\"CertificateArn\":\"" ADDRESS "certificate/6\",\"Type\":\"PRIVATE\",\"Status\":"
		"\"ISSUED\",\"DomainName\":\"private.example.org\"}",
		MORE("7", "REVOKED", ONE("revoked.example.org") LIFE "\"InUseBy\":[]"),
		NULL,
	};
	static const char *const want[] = {
		"*.half.example.org pending PENDING_VALIDATION 0  -",	/* no name for a record */
		"half.example.org validated SUCCESS 0 http "
		"_a.half.example.org. 300 IN CNAME _b.acm-validations.aws.",
		"late.example.org failed VALIDATION_TIMED_OUT 0 dns "
		"_a.late.example.org. 300 IN CNAME _b.acm-validations.aws.",
		"wait.example.org pending PENDING_VALIDATION 0 email "
		"_a.Wait.example.org. 300 IN CNAME _b.acm-validations.aws.",
		"www.example.org validated ISSUED 1772600100 dns "
		"_a.www.example.org. 300 IN CNAME _b.acm-validations.aws.",
		NULL,
	};

	expect_domains(certs, want);
}

/* Of several certificates for one name that which needs somebody says how it stands; what was proved
 * stays proved. */
static void test_domains_together(void)
{
	static const char *const failed_order[] = {
		MORE("1", "ISSUED", ONE("www.example.org") LIFE "\"InUseBy\":[]"),
		MORE("2", "FAILED", ONE("www.example.org") "\"InUseBy\":[]"), NULL,
	}, *const renewal[] = {
		MORE("1", "ISSUED", ONE("www.example.org") LIFE "\"InUseBy\":[]"),
		MORE("3", "ISSUED", ONE("www.example.org") LIFE "\"RenewalSummary\":{\"RenewalStatus\":"
		     "\"PENDING_VALIDATION\",\"DomainValidationOptions\":["
		     OPTION("www.example.org", "EMAIL", "PENDING_VALIDATION") "]}"), NULL,
	}, *const failed_renewal[] = {
		MORE("3", "ISSUED", ONE("www.example.org") LIFE "\"RenewalSummary\":{\"RenewalStatus\":"
		     "\"FAILED\"}"),
		MORE("2", "PENDING_VALIDATION", ONE("www.example.org") "\"InUseBy\":[]"), NULL,
	}, *const expired[] = {
		MORE("4", "EXPIRED", ONE("www.example.org") LIFE "\"InUseBy\":[]"), NULL,
	};
	static const char *const *const certs[] = { failed_order, renewal, failed_renewal, expired };
	static const char *const want[][2] = {
		{ "www.example.org validated ISSUED 1772600100  -" },
		{ "www.example.org pending renewal: PENDING_VALIDATION 1772600100 email "
		  "_a.www.example.org. 300 IN CNAME _b.acm-validations.aws." },
		{ "www.example.org failed renewal: FAILED 1772600100  -" },
		{ "www.example.org validated SUCCESS 1772600100  -" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(certs); i++)
		expect_domains(certs[i], want[i]);
}

/* A search tells how control is shown without a description, and the memo keeps it. */
static void test_domains_of_search(void)
{
	struct acm_cert *c = cert_of(
		"{\"CertificateArn\":\"" ADDRESS "certificate/1\",\"X509Attributes\":{\"Subject\":"
		"{\"CommonName\":\"www.example.org\"},\"NotBefore\":1772600000,\"NotAfter\":1789711999},"
		"\"CertificateMetadata\":{\"AcmCertificateMetadata\":{\"Status\":\"ISSUED\",\"Type\":"
		"\"AMAZON_ISSUED\",\"ValidationMethod\":\"EMAIL\"}}}");
	g_autoptr(GHashTable) certs = certs_with(c), back = NULL;
	g_autoptr(GBytes) memo = acm_memo_write(certs, NULL);
	g_autoptr(store) s = store_of("acm", ADDRESS);
	struct op op = { 0 };

	back = acm_memo_read(memo);
	op_init(&op);
	op.store = s;
	acm_domains_put(&op, back);
	g_assert_cmpuint(op.put_domains->len, ==, 1);
	g_assert_cmpstr(((struct domain *)op.put_domains->pdata[0])->method, ==, "email");
	g_assert_cmpint(((struct domain *)op.put_domains->pdata[0])->validated, ==, 1772600000);
	op_done(&op);
}

/* ---- refreshing ACM ---- */

/* clang-format off */
#define ARN(n) ADDRESS "certificate/" n
#define RESULT(n, name, serial, more)                                                           \
	"{\"CertificateArn\":\"" ARN(n) "\",\"X509Attributes\":{\"Subject\":{\"CommonName\":\"" name \
	"\"},\"SerialNumber\":\"" serial "\",\"KeyAlgorithm\":\"RSA_2048\",\"NotBefore\":1772600000," \
	"\"NotAfter\":1789711999},\"CertificateMetadata\":{\"AcmCertificateMetadata\":{\"Status\":" \
	"\"ISSUED\",\"Type\":\"AMAZON_ISSUED\",\"InUse\":true" more "}}}"
#define LISTED(n, name, more)                                                                   \
	"{\"CertificateArn\":\"" ARN(n) "\",\"DomainName\":\"" name "\",\"Status\":\"ISSUED\"," \
	"\"Type\":\"IMPORTED\",\"NotBefore\":1772600000,\"NotAfter\":1789711999" more "}"
#define DESCRIBED(n, name, more)                                                                \
	"{\"Certificate\":{\"CertificateArn\":\"" ARN(n) "\",\"DomainName\":\"" name "\",\"Serial\":" \
	"\"0a:01\",\"Status\":\"ISSUED\"" more "}}"
#define SEARCH "acm eu-north-1 SearchCertificates"
#define LIST "acm eu-north-1 ListCertificates"
#define GET "acm eu-north-1 GetCertificate"
#define DESCRIBE "acm eu-north-1 DescribeCertificate"
#define NO_SEARCH { SEARCH, NULL, 400, "{\"__type\":\"UnknownOperationException\"}", false }

/* A list call a page and one call for each certificate; then nothing but the list. */
static void test_refresh(void)
{
	struct line first[] = {
		{ SEARCH, "{\"MaxResults\":500}", 200,
		  "{\"Results\":[" RESULT("1", "a.example", "01", "") "],\"NextToken\":\"t\"}", false },
		{ SEARCH, "\"NextToken\":\"t\"", 200,
		  "{\"Results\":[" RESULT("2", "b.example", "02", "") "],\"NextToken\":null}", false },
		{ GET, "certificate/1", 200, "PEM a.example", false },
		{ GET, "certificate/2", 200, "PEM b.example", false },
		{ NULL },
	};
	struct line second[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("2", "b.example", "02", "") ","
		  RESULT("1", "a.example", "01", "") "]}", false },
		{ NULL },
	};
	struct line third[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("2", "b.example", "03", "") ","
		  RESULT("1", "a.example", "01", ",\"Exported\":true") "]}", false },
		{ GET, "certificate/2", 200, "PEM c.example", false },
		{ NULL },
	};
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(p.shows, ==, 2);	/* each page */
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	g_assert_cmpuint(p.op.fresh->len, ==, 2);
	expect_rows(&p, "certificate/1 a.example in-use amazon-issued\n"
			"certificate/2 b.example in-use amazon-issued\n");
	g_assert_cmpstr(p.op.said, ==, "2 certificates in eu-north-1");
	say_now(&p, &s, second);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(s.asked->len, ==, 1);
	g_assert_cmpuint(p.shows, ==, 0);
	expect_rows(&p, "certificate/2 b.example in-use amazon-issued\n"
			"certificate/1 a.example in-use amazon-issued\n");
	say_now(&p, &s, third);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(p.shows, ==, 0);
	expect_rows(&p, "certificate/2 c.example in-use amazon-issued\n"
			"certificate/1 a.example in-use amazon-issued\n");
	end_play(&p, &s);
}

/* Without search the list names all that it would hide, and what it does not know goes. */
static void test_list(void)
{
	struct line first[] = {
		NO_SEARCH,
		{ LIST, "\"RSA_1024\",\"RSA_2048\",\"RSA_3072\",\"RSA_4096\",\"EC_prime256v1\","
			"\"EC_secp384r1\",\"EC_secp521r1\"]},\"CertificateKeyPairOrigins\":[\"AWS_MANAGED\","
			"\"ACME\",\"CUSTOMER_PROVIDED\"],\"MaxItems\":1000", 400,
		  "{\"__type\":\"ValidationException\",\"message\":\"Value at 'certificateKeyPairOrigins' is "
		  "none\"}", false },
		{ LIST, "\"EC_secp521r1\"]},\"MaxItems\"", 400,
		  "{\"__type\":\"ValidationException\",\"message\":\"Member must satisfy enum value set: "
		  "[RSA_2048, EC_prime256v1, RSA_1024]\"}", false },
		{ LIST, "[\"RSA_1024\",\"RSA_2048\",\"EC_prime256v1\"]", 400,
		  "{\"__type\":\"ValidationException\",\"message\":\"EC_prime256v1 is no key\"}", false },
		{ LIST, "[\"RSA_1024\",\"RSA_2048\"]", 200,
		  "{\"CertificateSummaryList\":[" LISTED("1", "a.example", "") "]}", false },
		{ DESCRIBE, NULL, 200, DESCRIBED("1", "a.example", ",\"InUseBy\":[\"x\"]"), false },
		{ GET, NULL, 200, "PEM a.example", false },
		{ NULL },
	};
	struct line second[] = {
		{ LIST, "{\"Includes\":{\"keyTypes\":[\"RSA_1024\",\"RSA_2048\"]},\"MaxItems\"", 200,
		  "{\"CertificateSummaryList\":[" LISTED("1", "a.example", "") "]}", false },
		{ NULL },
	};
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, "certificate/1 a.example in-use imported\n");
	say_now(&p, &s, second);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(s.asked->len, ==, 1);
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	expect_rows(&p, "certificate/1 a.example in-use imported\n");
	end_play(&p, &s);
}

/* After a while the region is tried again. */
static void test_search_again(void)
{
	struct line first[] = { NO_SEARCH, { LIST, NULL, 200, "{\"CertificateSummaryList\":[]}", false },
				{ NULL } };
	struct line second[] = { { SEARCH, NULL, 200, "{\"Results\":[]}", false }, { NULL } };
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpstr(p.op.said, ==, "0 certificates in eu-north-1");
	say_now(&p, &s, second);
	p.op.now = NOW + 8 * MAKE_DAY;
	g_assert_true(play_run(&p) && is_over(&s));
	end_play(&p, &s);
}

/* One certificate that cannot be read is a trouble of its own. */
static void test_single_failures(void)
{
	struct line lines[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("1", "a.example", "01", "") ","
		  RESULT("2", "b.example", "02", "") "," RESULT("3", "c.example", "03", "") ","
		  RESULT("4", "d.example", "04", "") "," RESULT("5", "e.example", "05", "") ","
		  RESULT("6", "f.example", "06", "") "]}", false },
		{ GET, "certificate/1", 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}", false },
		{ GET, "certificate/2", 200, "{\"Certificate\":\"-----BEGIN CERT", false },
		{ GET, "certificate/3", 200, "<html>proxy</html>", false },
		{ GET, "certificate/4", 200, "{\"Certificate\":\"nothing\"}", false },
		{ GET, "certificate/5", 400, "{\"__type\":\"ResourceNotFoundException\"}", false },
		{ GET, "certificate/6", 0, "", false },
		{ NULL },
	};
	struct server s = { .lines = lines };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(p.op.troubles->len, ==, 5);
	g_assert_true(play_has_trouble(&p, "a.example in eu-north-1: reading it: status 400 AccessDenied"));
	g_assert_true(play_has_trouble(&p, "b.example"));
	g_assert_true(play_has_trouble(&p, "c.example"));
	g_assert_true(play_has_trouble(&p, "d.example in eu-north-1: what ACM gives"));
	g_assert_true(play_has_trouble(&p, "f.example in eu-north-1: reading it: nobody answers"));
	expect_rows(&p, "?certificate/1 a.example in-use amazon-issued\n"
			"?certificate/2 b.example in-use amazon-issued\n"
			"?certificate/3 c.example in-use amazon-issued\n"
			"?certificate/4 d.example in-use amazon-issued\n"
			"?certificate/5 e.example in-use amazon-issued\n"
			"?certificate/6 f.example in-use amazon-issued\n");
	end_play(&p, &s);
}

/* What is gone stays for one round; and what waits is no row, and is asked for each time. */
static void test_missed(void)
{
	struct line first[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("1", "a.example", "01", "") ","
		  "{\"CertificateArn\":\"" ARN("2") "\",\"CertificateMetadata\":{\"AcmCertificateMetadata\":"
		  "{\"Status\":\"PENDING_VALIDATION\",\"Type\":\"AMAZON_ISSUED\"}}}]}", false },
		{ GET, NULL, 200, "PEM a.example", false },
		{ DESCRIBE, NULL, 400, "{\"__type\":\"ResourceNotFoundException\"}", false },
		{ NULL },
	};
	struct line second[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[{\"CertificateArn\":\"" ARN("2") "\",\"CertificateMetadata\":"
		  "{\"AcmCertificateMetadata\":{\"Status\":\"PENDING_VALIDATION\",\"Type\":\"AMAZON_ISSUED\"}}}]}",
		  false },
		{ DESCRIBE, NULL, 200, "{\"Certificate\":{\"CertificateArn\":\"" ARN("2") "\",\"Status\":"
		  "\"PENDING_VALIDATION\",\"DomainName\":\"b.example\"}}", false },
		{ NULL },
	};
	struct line third[] = { { SEARCH, NULL, 200, "{\"Results\":[]}", false }, { NULL } };
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpstr(p.op.said, ==, "1 certificate in eu-north-1, and 1 that is not issued");
	g_assert_cmpuint(p.op.put_requests->len, ==, 1);
	say_now(&p, &s, second);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	expect_rows(&p, "certificate/1 a.example in-use amazon-issued\n");
	say_now(&p, &s, third);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, "");
	g_assert_cmpstr(p.op.said, ==, "0 certificates in eu-north-1, and 1 that is not issued");
	end_play(&p, &s);
}

/* A list that leads back ends, with a sentence, and nothing is taken for gone. */
static void test_repeated_token(void)
{
	struct line first[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("1", "a.example", "01", "") "]}", false },
		{ GET, NULL, 200, "PEM a.example", false },
		{ NULL },
	};
	struct line again[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[],\"NextToken\":\"x\"}", false },
		{ SEARCH, "\"NextToken\":\"x\"", 200, "{\"Results\":[],\"NextToken\":\"y\"}", false },
		{ SEARCH, "\"NextToken\":\"y\"", 200, "{\"Results\":[],\"NextToken\":\"x\"}", false },
		{ NULL },
	};
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	for (int round = 0; round < 3; round++) {
		say_now(&p, &s, again);
		for (struct line *l = again; l->call; l++)
			l->is_used = false;
		g_assert_true(play_run(&p) && is_over(&s));
		g_assert_true(play_has_trouble(&p, "the list does not end"));
		expect_rows(&p, "certificate/1 a.example in-use amazon-issued\n");
	}
	end_play(&p, &s);
}

/* What was read before a later page failed is good, and what was known stays. */
static void test_later_page_fails(void)
{
	static const struct {
		int status;
		const char *body, *said;
	} rows[] = {
		{ 400, "{\"__type\":\"ThrottlingException\"}", "Throttling" }, { 0, "", "nobody answers" },
		{ 200, "{\"Results\":[{", "listing ACM" },		   { 200, "{}", "is that ACM?" },
		{ 502, "<html>", "status 502" },
	};
	struct line first[] = {
		{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("1", "a.example", "01", "") "]}", false },
		{ GET, NULL, 200, "PEM a.example", false },
		{ NULL },
	};
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	g_assert_true(play_run(&p) && is_over(&s));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct line lines[] = {
			{ SEARCH, NULL, 200, "{\"Results\":[" RESULT("2", "b.example", "02", "") "],\"NextToken\":"
			  "\"n\"}", false },
			{ SEARCH, "\"NextToken\":\"n\"", rows[i].status, rows[i].body, false },
			{ GET, "certificate/2", 200, "PEM b.example", i > 0 },
			{ NULL },
		};

		say_now(&p, &s, lines);
		g_assert_true(play_run(&p) && is_over(&s));
		g_assert_true(play_has_trouble(&p, rows[i].said));
		g_assert_cmpuint(p.op.troubles->len, ==, 1);
		expect_rows(&p, "certificate/2 b.example in-use amazon-issued\n"
				"certificate/1 a.example in-use amazon-issued\n");
	}
	end_play(&p, &s);
}

/* ---- many ---- */

#define MANY 2500
#define MANY_PAGES 5

static struct reply *answer_many(struct play *p, const struct request_out *q)
{
	static char *pem;
	gsize len;
	const char *bytes = g_bytes_get_data(q->body, &len);
	g_autofree char *body = g_strndup(bytes, len), *operation = operation_of(q, body);
	g_autoptr(GString) out = g_string_new("{\"Results\":[");
	const char *token = strstr(body, "\"NextToken\":\"");
	int page = token ? atoi(token + strlen("\"NextToken\":\"")) : 0;
	struct line l = { .body = "PEM many.example" };
	struct reply *r = g_new0(struct reply, 1);

	if (!pem)
		pem = body_of(&l);
	g_ptr_array_add(((struct server *)p->who)->asked, g_strdup(operation));
	r->headers = exchange_headers();
	r->status = 200;
	for (int i = page * MANY / MANY_PAGES; i < (page + 1) * MANY / MANY_PAGES; i++)
		g_string_append_printf(out, "%s{\"CertificateArn\":\"" ADDRESS "certificate/%d\","
				       "\"CertificateMetadata\":{\"AcmCertificateMetadata\":{\"Status\":"
				       "\"ISSUED\",\"Type\":\"AMAZON_ISSUED\"}}}", page * MANY / MANY_PAGES < i ? "," : "", i);
	g_string_append(out, "]");
	if (page + 1 < MANY_PAGES)
		g_string_append_printf(out, ",\"NextToken\":\"%d\"", page + 1);
	g_string_append(out, "}");
	r->body = strcmp(operation, "GetCertificate") ? g_bytes_new(out->str, out->len) :
							g_bytes_new_static(pem, strlen(pem));
	return r;
}

/* No call more than a page and a certificate need, all rows, and then the pages alone. */
static void test_many(void)
{
	struct server s = { 0 };
	g_autoptr(table) t = NULL;
	struct play p;

	begin_refresh(&p, &s, "acm", ADDRESS);
	p.answer = answer_many;
	g_assert_true(play_run(&p));
	g_assert_cmpuint(s.asked->len, ==, MANY + MANY_PAGES);
	g_assert_cmpuint(p.shows, >=, 2);
	say_now(&p, &s, NULL);
	g_assert_cmpuint(p.old->n, ==, MANY);
	for (uint32_t i = 0; i < p.old->n; i++)
		g_assert_cmpuint(p.old->print[i], !=, 0);
	g_assert_true(play_run(&p));
	g_assert_cmpuint(s.asked->len, ==, MANY_PAGES);
	g_assert_cmpuint(p.shows, ==, 0);
	t = play_table(&p);
	p.op.rows = table_builder_new(p.store->id, p.words);
	g_assert_cmpuint(t->n, ==, MANY);
	end_play(&p, &s);
}

/* The listing itself fails in a sentence, and what is known stays as it is. */
static void test_list_fails(void)
{
	static const struct {
		int status;
		const char *body, *said;
		enum err code;
	} rows[] = {
		{ 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"User: x is not authorized to perform: "
		       "acm:ListCertificates\"}", "not authorized to perform: acm:ListCertificates", ERR_REFUSED },
		{ 400, "{\"__type\":\"UnrecognizedClientException\",\"message\":\"m\"}", "not enabled", ERR_SIGN_IN },
		{ 400, "{\"__type\":\"LimitExceededException\"}", "LimitExceeded", ERR_LIMIT },
		{ 400, "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: x\"}",
		  "the clock of this machine is wrong", ERR_SIGN_IN },
		{ 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
		  "AccessDenied", ERR_REFUSED },
		{ 503, "<html>busy</html>", "status 503", ERR_BUSY },
		{ 502, "<html>bad gateway</html>", "status 502", ERR_REPLY },
		{ 429, "", "status 429", ERR_BUSY },
		{ 0, "", "nobody answers", ERR_NETWORK },
		{ 200, "{\"CertificateSummaryList\":[{\"Certifi", "listing ACM", ERR_FORMAT },
		{ 200, "<html>sign in to the wireless</html>", "listing ACM", ERR_FORMAT },
		{ 200, "", "is that ACM?", ERR_REPLY },
		{ 200, "[1]", "is that ACM?", ERR_REPLY },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct line lines[] = { NO_SEARCH, { LIST, NULL, rows[i].status, rows[i].body, false }, { NULL } };
		struct server s = { .lines = lines };
		struct play p;

		begin_refresh(&p, &s, "acm", ADDRESS);
		g_assert_false(play_run(&p));
		if (!strstr(p.op.error->message, rows[i].said))
			g_error("'%s' is not in '%s'", rows[i].said, p.op.error->message);
		g_assert_error(p.op.error, ERR, (int)rows[i].code);
		g_assert_cmpuint(asked(&s, "ListCertificates"), ==, 1);
		end_play(&p, &s);
	}
}

/* ---- IAM ---- */

#define IAM "arn:aws:iam::111122223333:"
#define SERVER_CERT(id, path, name)                                                              \
	"<member><Path>/</Path><ServerCertificateName>" name "</ServerCertificateName>"          \
	"<ServerCertificateId>" id "</ServerCertificateId><Arn>" IAM "server-certificate/" path name \
	"</Arn><UploadDate>2026-03-04T05:06:07.123Z</UploadDate><Expiration>2026-09-01T00:00:00Z"  \
	"</Expiration></member>"
#define SERVER_CERTS(list, more)                                                                 \
	"<ListServerCertificatesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"   \
	"<ListServerCertificatesResult><ServerCertificateMetadataList>" list                     \
	"</ServerCertificateMetadataList>" more "</ListServerCertificatesResult>"                \
	"</ListServerCertificatesResponse>"
#define IAM_LIST "iam us-east-1 ListServerCertificates"
#define IAM_GET "iam us-east-1 GetServerCertificate"

static void test_iam(void)
{
	struct line first[] = {
		{ IAM_LIST, "MaxItems=1000", 200, SERVER_CERTS(SERVER_CERT("ASCA1", "", "web"),
		  "<IsTruncated>true</IsTruncated><Marker>m/1</Marker>"), false },
		{ IAM_LIST, "Marker=m%2F1", 200, SERVER_CERTS(SERVER_CERT("ASCA2", "cloudfront/", "cdn"),
		  "<IsTruncated>false</IsTruncated>"), false },
		{ IAM_GET, "ServerCertificateName=web", 200, "XML a.example", false },
		{ IAM_GET, "ServerCertificateName=cdn", 404, "<ErrorResponse><Error><Code>NoSuchEntity</Code>"
		  "</Error></ErrorResponse>", false },
		{ NULL },
	};
	struct line second[] = {
		{ IAM_LIST, NULL, 200, SERVER_CERTS(SERVER_CERT("ASCA1", "", "web") SERVER_CERT("ASCA2",
		  "cloudfront/", "cdn"), ""), false },
		{ IAM_GET, "cdn", 200, "XML b.example", false },
		{ NULL },
	};
	struct line third[] = {
		{ IAM_LIST, NULL, 200, SERVER_CERTS(SERVER_CERT("ASCA3", "", "web"),
		  "<IsTruncated>false</IsTruncated>"), false },
		{ IAM_GET, "web", 200, "XML c.example", false },
		{ NULL },
	};
	struct line fourth[] = {
		{ IAM_LIST, NULL, 200, SERVER_CERTS(SERVER_CERT("ASCA3", "", "web"),
		  "<IsTruncated>true</IsTruncated>"), false },
		{ NULL },
	};
	struct server s = { .lines = first };
	struct play p;

	begin_refresh(&p, &s, "iam", IAM);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	expect_rows(&p, "server-certificate/web a.example\n?server-certificate/cloudfront/cdn cdn\n");
	g_assert_cmpstr(p.op.said, ==, "2 server certificates in IAM");
	say_now(&p, &s, second);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, "server-certificate/web a.example\nserver-certificate/cloudfront/cdn b.example\n");
	say_now(&p, &s, third);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, "server-certificate/web c.example\nserver-certificate/cloudfront/cdn b.example\n");
	say_now(&p, &s, fourth);
	g_assert_true(play_run(&p) && is_over(&s));
	g_assert_true(play_has_trouble(&p, "the list does not end"));
	end_play(&p, &s);
}

static void test_iam_fails(void)
{
	static const struct {
		int status;
		const char *body, *said;
	} rows[] = {
		{ 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: "
		       "iam:ListServerCertificates</Message></Error></ErrorResponse>", "iam:ListServerCertificates" },
		{ 200, "<html><body>sign in</body></html>", "is that IAM?" },
		{ 200, "<ListServerCertificatesResponse><ListServ", "listing IAM" },
		{ 200, "", "listing IAM" },
		{ 503, "", "status 503" },
		{ 0, "", "nobody answers" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct line lines[] = { { IAM_LIST, NULL, rows[i].status, rows[i].body, false }, { NULL } };
		struct server s = { .lines = lines };
		struct play p;

		begin_refresh(&p, &s, "iam", IAM);
		g_assert_false(play_run(&p));
		g_assert_nonnull(strstr(p.op.error->message, rows[i].said));
		end_play(&p, &s);
	}
}

/* ---- private authorities ---- */

#define CA "arn:aws:acm-pca:eu-north-1:111122223333:certificate-authority/c1"
#define AUTHORITY(status)                                                                        \
	"{\"CertificateAuthority\":{\"Arn\":\"" CA "\",\"Type\":\"ROOT\",\"Serial\":\"1\",\"Status\":\"" status \
	"\",\"NotAfter\":1.9e9,\"UsageMode\":\"SHORT_LIVED_CERTIFICATE\",\"FailureReason\":null," \
	"\"CertificateAuthorityConfiguration\":{\"KeyAlgorithm\":\"EC_prime256v1\",\"SigningAlgorithm\":" \
	"\"SHA256WITHECDSA\",\"Subject\":{\"CommonName\":\"Example Root\"}}}}"
#define PCA "acm-pca eu-north-1 "

static struct items *one_request(const char *store, const char *kept)
{
	struct request *r = request_new("prod/x");
	struct items *all;
	void *item = r;

	store_set(&r->store, store);
	store_set(&r->kept, kept);
	all = items_new(&request_type, &item, 1);
	request_unref(r);
	return all;
}

/* As the verb that revokes leaves it, which may be the last to know. */
static void mark_revoked(struct op *op, GHashTable *certs, const char *alias)
{
	struct acm_cert *c = g_hash_table_lookup(certs, alias);

	c->is_revoked = true;
	c->revoked = NOW;
	op_memo(op, acm_memo_write(certs, NULL));
}

static void test_authority(void)
{
	struct line first[] = {
		{ PCA "DescribeCertificateAuthority", CA, 200, AUTHORITY("ACTIVE"), false },
		{ PCA "GetCertificateAuthorityCertificate", CA, 200, "PEM Example Root", false },
		{ PCA "GetCertificate", CA "/certificate/ab", 200, "PEM in.example", false },
		{ NULL },
	};
	struct line second[] = {
		{ PCA "DescribeCertificateAuthority", NULL, 200, AUTHORITY("DISABLED"), false }, { NULL },
	};
	struct server s = { .lines = first };
	g_autoptr(GHashTable) certs = NULL;
	const struct acm_cert *c;
	struct play p;

	begin_refresh(&p, &s, "private-ca", CA);
	items_unref(p.requests);
	p.requests = one_request(p.store->id, "{\"alias\":\"/certificate/ab\"}");
	p.op.requests = p.requests;
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, " Example Root\n/certificate/ab in.example private-ca\n");
	g_assert_cmpstr(p.op.said, ==, "Example Root is active; 1 certificate is known that it issued");
	certs = acm_memo_read(p.op.new_memo);
	c = g_hash_table_lookup(certs, "");
	g_assert_cmpstr(c->key, ==, "EC_prime256v1");
	g_assert_cmpstr(c->signature, ==, "SHA256WITHECDSA");
	items_unref(p.requests);
	p.requests = items_new(&request_type, NULL, 0);
	p.op.requests = p.requests;
	mark_revoked(&p.op, certs, "/certificate/ab");
	say_now(&p, &s, second);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, " Example Root\n/certificate/ab in.example revoked private-ca\n");
	end_play(&p, &s);
}

static void test_authority_without_certificate(void)
{
	struct line lines[] = {
		{ PCA "DescribeCertificateAuthority", NULL, 200, AUTHORITY("PENDING_CERTIFICATE"), false },
		{ PCA "GetCertificate", CA "/certificate/ab", 400, "{\"__type\":\"RequestInProgressException\"}",
		  false },
		{ NULL },
	};
	struct server s = { .lines = lines };
	struct play p;

	begin_refresh(&p, &s, "private-ca", CA);
	items_unref(p.requests);
	p.requests = one_request(p.store->id, "{\"alias\":\"/certificate/ab\"}");
	p.op.requests = p.requests;
	g_assert_true(play_run(&p) && is_over(&s));
	expect_rows(&p, "");
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	end_play(&p, &s);
}

/* Rows of requests are hostile too; and an answer about another authority is none. */
static void test_authority_strange(void)
{
	static const char *const kept[] = { "", "{", "7", "{\"alias\":7}", "{\"alias\":\"certificate/x\"}",
					    "{\"alias\":\"/certificate/\\u001b\"}" };
	struct line other[] = {
		{ PCA "DescribeCertificateAuthority", NULL, 200, "{\"CertificateAuthority\":{\"Arn\":\"x\"}}", false },
		{ NULL },
	};
	struct server s;
	struct play p;

	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
		struct line lines[] = {
			{ PCA "DescribeCertificateAuthority", NULL, 200, AUTHORITY("CREATING"), false }, { NULL },
		};

		s = (struct server){ .lines = lines };
		begin_refresh(&p, &s, "private-ca", CA);
		items_unref(p.requests);
		p.requests = one_request(p.store->id, kept[i]);
		p.op.requests = p.requests;
		g_assert_true(play_run(&p) && is_over(&s));
		end_play(&p, &s);
	}
	s = (struct server){ .lines = other };
	begin_refresh(&p, &s, "private-ca", CA);
	g_assert_false(play_run(&p));
	g_assert_error(p.op.error, ERR, ERR_REPLY);
	end_play(&p, &s);
}

/* ---- the stores of an account ---- */

#define WHO { "sts eu-north-1 GetCallerIdentity", NULL, 200,                                     \
	"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/x</Arn>" \
	"<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>", false }
#define REGIONS "account us-east-1 listRegions"
#define DENIED "{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}"
#define IAM_FINE { IAM_LIST, "MaxItems=1&", 200, SERVER_CERTS("", ""), false }
#define NO_CAS(region) { "acm-pca " region " ListCertificateAuthorities", "SELF", 200,              \
		"{\"CertificateAuthorities\":[]}", false },                                        \
	{ "acm-pca " region " ListCertificateAuthorities", "OTHER_ACCOUNTS", 200,                    \
		"{\"CertificateAuthorities\":null}", false }

static void begin_stores(struct play *p, struct server *s, const char *regions)
{
	play_begin(p, "aws", VERB_ACCOUNT_STORES, NULL);
	open_account(p, s);
	args_set(p->access->with, "regions", regions);
}

/* What was put, as "id|address " in order; what was dropped, as "-id ". */
static void expect_stores(struct play *p, const char *want)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; i < p->op.put_stores->len; i++) {
		const struct store *at = p->op.put_stores->pdata[i];

		g_assert_cmpint(at->origin, ==, STORE_FOUND);
		g_assert_cmpstr(at->account, ==, "prod");
		g_string_append_printf(s, "%s|%s%s\n", at->id, at->address, at->is_writable ? "" : " ro");
	}
	for (guint i = 0; i < p->op.drop_stores->len; i++)
		g_string_append_printf(s, "-%s\n", (char *)p->op.drop_stores->pdata[i]);
	g_assert_cmpstr(s->str, ==, want);
}

static struct store *known_store(const char *id, const char *type, const char *container)
{
	struct store *s = store_new(id);

	store_set(&s->account, "prod");
	store_set(&s->type, type);
	store_set(&s->container, container);
	s->origin = STORE_FOUND;
	return s;
}

static void test_stores(void)
{
	struct line lines[] = {
		WHO,
		{ REGIONS, "ENABLED_BY_DEFAULT", 200, "{\"Regions\":[{\"RegionName\":\"eu-north-1\",\"RegionOptStatus\":"
		  "\"ENABLED_BY_DEFAULT\"},{\"RegionName\":\"af-south-1\",\"RegionOptStatus\":\"DISABLED\"},"
		  "{\"RegionName\":\"../x\"},{\"RegionName\":null}],\"NextToken\":\"n\"}", false },
		{ REGIONS, "\"NextToken\":\"n\"", 200, "{\"Regions\":[{\"RegionName\":\"us-moon-9\",\"RegionOptStatus\":"
		  "\"ENABLED\"}]}", false },
		IAM_FINE,
		{ "acm-pca eu-north-1 ListCertificateAuthorities", "SELF", 200,
		  "{\"CertificateAuthorities\":[{\"Arn\":\"" CA "\",\"Status\":\"ACTIVE\"},{\"Arn\":\"" CA "2\","
		  "\"Status\":\"DELETED\"},{\"Arn\":\"x\"},null],\"NextToken\":\"p2\"}", false },
		{ "acm-pca eu-north-1 ListCertificateAuthorities", "p2", 200,
		  "{\"CertificateAuthorities\":[{\"Arn\":\"" CA "3\",\"Status\":\"CREATING\"}]}", false },
		{ "acm-pca eu-north-1 ListCertificateAuthorities", "OTHER_ACCOUNTS", 200,
		  "{\"CertificateAuthorities\":[]}", false },
		NO_CAS("us-moon-9"),
		{ NULL },
	};
	struct store *known[] = { known_store("prod/acm:eu-west-3", "acm", "eu-west-3"),
				  known_store("prod/acm:eu-north-1", "acm", "eu-north-1"),
				  known_store("prod/ca:old", "private-ca", "eu-north-1") };
	struct server s = { .lines = lines };
	struct play p;

	begin_stores(&p, &s, NULL);
	play_know(&p, known, 3);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_stores(&p, "prod/acm:eu-north-1|arn:aws:acm:eu-north-1:111122223333:\n"
			  "prod/acm:us-moon-9|arn:aws:acm:us-moon-9:111122223333:\n"
			  "prod/iam|arn:aws:iam::111122223333:\n"
			  "prod/ca:" CA "|" CA " ro\nprod/ca:" CA "3|" CA "3 ro\n"
			  "-prod/acm:eu-west-3\n-prod/ca:old\n");
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	g_assert_cmpstr(p.op.said, ==, "2 regions with ACM, 2 private authorities, and IAM");
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		store_unref(known[i]);
	end_play(&p, &s);
}

/* EC2 says it where the account may not be asked; what is not allowed costs a sentence. */
static void test_stores_by_ec2(void)
{
	struct line lines[] = {
		WHO,
		{ REGIONS, NULL, 403, DENIED, false },
		{ "ec2 eu-north-1 DescribeRegions", NULL, 200, "<DescribeRegionsResponse><regionInfo><item>"
		  "<regionName>eu-north-1</regionName><optInStatus>opt-in-not-required</optInStatus></item><item>"
		  "<regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item><item>"
		  "<regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>", false },
		{ IAM_LIST, NULL, 403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", false },
		{ "acm-pca eu-north-1 ListCertificateAuthorities", NULL, 400, DENIED, false },
		{ "acm-pca eu-north-1 ListCertificateAuthorities", NULL, 400, DENIED, false },
		{ NULL },
	};
	struct store *known[] = { known_store("prod/iam", "iam", ""),
				  known_store("prod/ca:old", "private-ca", "eu-north-1") };
	struct server s = { .lines = lines };
	struct play p;

	begin_stores(&p, &s, "eu-north-1,eu-west-9");
	play_know(&p, known, 2);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_stores(&p, "prod/acm:eu-north-1|arn:aws:acm:eu-north-1:111122223333:\n");
	g_assert_cmpuint(p.op.troubles->len, ==, 3);
	g_assert_true(play_has_trouble(&p, "region eu-west-9 is not enabled"));
	g_assert_true(play_has_trouble(&p, "iam:ListServerCertificates is missing"));
	g_assert_true(play_has_trouble(&p, "in eu-north-1: the action acm-pca:ListCertificateAuthorities is missing"));
	store_unref(known[0]);
	store_unref(known[1]);
	end_play(&p, &s);
}

/* Who may ask neither knocks at each; a region that does not know keys which others take is none. */
static void test_stores_by_knocking(void)
{
	struct line lines[] = {
		WHO,
		{ REGIONS, NULL, 200, "<html>what?</html>", false },
		{ "ec2 eu-north-1 DescribeRegions", NULL, 403, "<Response><Errors><Error><Code>UnauthorizedOperation"
		  "</Code></Error></Errors></Response>", false },
		{ "acm eu-north-1 ListCertificates", "{\"MaxItems\":1}", 200, "{\"CertificateSummaryList\":[]}", false },
		{ "acm eu-west-1 ListCertificates", NULL, 400, DENIED, false },
		{ "acm me-south-1 ListCertificates", NULL, 400, "{\"__type\":\"UnrecognizedClientException\"}", false },
		{ "acm us-east-1 ListCertificates", NULL, 0, "", false },
		{ "acm us-west-9 ListCertificates", NULL, 400, "{\"__type\":\"InvalidSignatureException\",\"message\":"
		  "\"Credential should be scoped to a valid region.\"}", false },
		IAM_FINE, NO_CAS("eu-north-1"), NO_CAS("eu-west-1"),
		{ NULL },
	};
	struct store *known[] = { known_store("prod/acm:me-south-1", "acm", "me-south-1"),
				  known_store("prod/acm:us-east-1", "acm", "us-east-1") };
	struct server s = { .lines = lines };
	struct play p;

	begin_stores(&p, &s, "us-east-1 eu-north-1 me-south-1 eu-west-1 us-west-9");
	play_know(&p, known, 2);
	g_assert_true(play_run(&p) && is_over(&s));
	expect_stores(&p, "prod/acm:eu-north-1|arn:aws:acm:eu-north-1:111122223333:\n"
			  "prod/acm:eu-west-1|arn:aws:acm:eu-west-1:111122223333:\n"
			  "prod/iam|arn:aws:iam::111122223333:\n-prod/acm:me-south-1\n");
	g_assert_true(play_has_trouble(&p, "region me-south-1 is not enabled"));
	g_assert_true(play_has_trouble(&p, "region us-west-9 is not enabled"));
	g_assert_true(play_has_trouble(&p, "asking ACM in us-east-1: nobody answers"));
	store_unref(known[0]);
	store_unref(known[1]);
	end_play(&p, &s);
}

/* Keys that are taken nowhere are bad keys. */
static void test_stores_refused(void)
{
	struct line lines[] = {
		WHO,
		{ REGIONS, NULL, 403, DENIED, false },
		{ "ec2 eu-north-1 DescribeRegions", NULL, 403, "", false },
		{ "acm eu-north-1 ListCertificates", NULL, 400, "{\"__type\":\"UnrecognizedClientException\"}", false },
		{ NULL },
	};
	struct line nobody[] = { { "sts eu-north-1 GetCallerIdentity", NULL, 200, "<html/>", false }, { NULL } };
	struct server s = { .lines = lines };
	struct play p;

	begin_stores(&p, &s, "eu-north-1");
	g_assert_false(play_run(&p));
	g_assert_error(p.op.error, ERR, ERR_SIGN_IN);
	g_assert_cmpuint(p.op.drop_stores->len, ==, 0);
	end_play(&p, &s);
	s.lines = nobody;
	begin_stores(&p, &s, "eu-north-1");
	g_assert_false(play_run(&p));
	g_assert_error(p.op.error, ERR, ERR_REPLY);
	end_play(&p, &s);
}

/* The site's policy leaves regions out, and a list that leads back ends. */
static void test_stores_by_policy(void)
{
	struct line lines[] = {
		WHO,
		{ REGIONS, NULL, 200, "{\"Regions\":[{\"RegionName\":\"eu-north-1\"},{\"RegionName\":\"us-east-1\"}],"
		  "\"NextToken\":\"n\"}", false },
		{ REGIONS, NULL, 200, "{\"Regions\":[],\"NextToken\":\"n\"}", false },
		IAM_FINE, NO_CAS("eu-north-1"),
		{ NULL },
	};
	struct server s = { .lines = lines };
	struct play p;

	begin_stores(&p, &s, "all");
	g_assert_true(settings_override(p.settings, "safety", "regions", "eu-north-1", NULL));
	g_assert_true(play_run(&p) && is_over(&s));
	expect_stores(&p, "prod/acm:eu-north-1|arn:aws:acm:eu-north-1:111122223333:\n"
			  "prod/iam|arn:aws:iam::111122223333:\n");
	g_assert_true(play_has_trouble(&p, "the list does not end"));
	g_assert_cmpstr(p.op.said, ==, "1 region with ACM, 0 private authorities, and IAM; 1 more region is "
				       "left out by command line");
	end_play(&p, &s);
}

/* ---- details ---- */

static char *described(const char *type, const char *address, const char *alias, struct acm_cert *c)
{
	g_autoptr(GHashTable) certs = certs_with(c);
	g_autoptr(GBytes) memo = acm_memo_write(certs, NULL);
	g_autoptr(store) s = store_of(type, address);
	g_autoptr(detail) d = detail_new("certs/x", "x");
	g_autoptr(GString) text = g_string_new(NULL);

	aws_describe(d, s, alias, memo, NOW);
	for (size_t i = 0; i < d->n; i++)
		g_string_append_printf(text, "%s: %s\n", d->line[i].label, d->line[i].text);
	return g_strdup(text->str);
}

static void expect_parts(const char *text, const char *const *parts)
{
	for (; *parts; parts++)
		if (!strstr(text, *parts))
			g_error("'%s' is not in '%s'", *parts, text);
}

static void test_describe(void)
{
	static const char *const parts[] = {
		"ARN: " ARN("4") "\n", "Status: failed\n", "Type: Amazon issued\n",
		"Failure: the domain's CAA records do not allow Amazon",
		"In use by: load balancer app/x in eu-north-1\n: odd\n: as of when its details were read",
		"Renewal by AWS: no: only what is issued is renewed\n", "Renewal: failed: it will end\n",
		"ACM may not use the private authority", "Validation: d.example by _a. CNAME _b.\n"
		": e.example by mail to example\n", "Private key: may be exported, for a price\n",
		"Requested: 2026-03-04 04:53:20Z\n", NULL,
	};
	struct acm_cert *c = cert_of(
		"{\"CertificateArn\":\"" ARN("4") "\",\"Status\":\"FAILED\",\"Type\":\"AMAZON_ISSUED\","
		"\"FailureReason\":\"CAA_ERROR\",\"CreatedAt\":1772600000,\"Options\":{\"Export\":\"ENABLED\"},"
		"\"InUseBy\":[\"arn:aws:elasticloadbalancing:eu-north-1:1:loadbalancer/app/x\",\"odd\"],"
		"\"DomainValidationOptions\":[{\"DomainName\":\"d.example\",\"ValidationMethod\":\"DNS\","
		"\"ResourceRecord\":{\"Name\":\"_a.\",\"Type\":\"CNAME\",\"Value\":\"_b.\"}},{\"DomainName\":"
		"\"e.example\",\"ValidationMethod\":\"EMAIL\",\"ValidationDomain\":\"example\"}],\"RenewalSummary\":"
		"{\"RenewalStatus\":\"FAILED\",\"RenewalStatusReason\":\"PCA_ACCESS_DENIED\"}}");
	g_autofree char *text = described("acm", ADDRESS, "certificate/4", c);
	g_autofree char *unknown = described("acm", ADDRESS, "certificate/9", cert_of(SUMMARY));

	expect_parts(text, parts);
	g_assert_cmpstr(unknown, ==, "ARN: " ARN("9") "\n");
}

/* A list says that something uses it, and no more. */
static void test_describe_users(void)
{
	static const struct {
		const char *members, *said;
	} cases[] = {
		{ "\"InUse\":true", "In use by: an AWS service; which one is not known here" },
		{ "\"InUse\":false", "In use by: nothing that AWS knows of\n" },
		{ "\"InUseBy\":[\"arn:aws:cloudfront::1:distribution/E1\",\"arn:aws:apigateway:eu-north-1::"
		  "/domainnames/d.example\",\"arn:aws:new:eu-north-1:1:thing/x\"]",
		  "In use by: CloudFront distribution E1\n: API Gateway domain d.example in eu-north-1\n"
		  ": new thing/x in eu-north-1\n: as of when" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *json = g_strdup_printf(
			"{\"CertificateArn\":\"" ARN("4") "\",\"Status\":\"ISSUED\",\"Type\":"
			"\"AMAZON_ISSUED\",%s}", cases[i].members);
		g_autofree char *text = described("acm", ADDRESS, "certificate/4", cert_of(json));

		expect_parts(text, (const char *const[]){ cases[i].said, NULL });
	}
}

static void test_describe_others(void)
{
	static const char *const of_iam[] = { "Type: IAM server certificate\n", "Name in IAM: web\n", NULL };
	static const char *const of_ca[] = { "Status: disabled\n", "Type: private authority, a root\n",
					     "Authority's key: EC P-256\n", NULL };
	struct acm_cert *iam = acm_cert_new(), *ca = acm_cert_new();
	g_autofree char *iam_text = NULL, *ca_text = NULL;

	store_set(&iam->alias, "server-certificate/web");
	store_set(&iam->name, "web");
	store_set(&iam->type, ACM_TYPE_IAM);
	store_set(&ca->type, ACM_TYPE_CA);
	store_set(&ca->origin, "ROOT");
	store_set(&ca->status, "DISABLED");
	store_set(&ca->key, "EC_prime256v1");
	iam_text = described("iam", IAM, "server-certificate/web", iam);
	ca_text = described("private-ca", CA, "", ca);
	expect_parts(iam_text, of_iam);
	expect_parts(ca_text, of_ca);
}

/* clang-format on */

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/aws-inventory/cert/summary", test_summary);
	g_test_add_func("/aws-inventory/cert/search", test_search);
	g_test_add_func("/aws-inventory/cert/description", test_description);
	g_test_add_func("/aws-inventory/cert/none-of-ours", test_none_of_ours);
	g_test_add_func("/aws-inventory/cert/strange-words", test_strange_words);
	g_test_add_func("/aws-inventory/cert/eligibility", test_eligibility);
	g_test_add_func("/aws-inventory/cert/failures", test_failures);
	g_test_add_func("/aws-inventory/cert/same", test_same);
	g_test_add_func("/aws-inventory/memo/round-trip", test_memo);
	g_test_add_func("/aws-inventory/memo/believes-nothing", test_memo_believes_nothing);
	g_test_add_func("/aws-inventory/domains/states", test_domains);
	g_test_add_func("/aws-inventory/domains/together", test_domains_together);
	g_test_add_func("/aws-inventory/domains/of-search", test_domains_of_search);
	g_test_add_func("/aws-inventory/acm/refresh", test_refresh);
	g_test_add_func("/aws-inventory/acm/list", test_list);
	g_test_add_func("/aws-inventory/acm/search-again", test_search_again);
	g_test_add_func("/aws-inventory/acm/single-failures", test_single_failures);
	g_test_add_func("/aws-inventory/acm/missed", test_missed);
	g_test_add_func("/aws-inventory/acm/repeated-token", test_repeated_token);
	g_test_add_func("/aws-inventory/acm/later-page-fails", test_later_page_fails);
	g_test_add_func("/aws-inventory/acm/many", test_many);
	g_test_add_func("/aws-inventory/acm/list-fails", test_list_fails);
	g_test_add_func("/aws-inventory/iam/refresh", test_iam);
	g_test_add_func("/aws-inventory/iam/fails", test_iam_fails);
	g_test_add_func("/aws-inventory/authority/refresh", test_authority);
	g_test_add_func("/aws-inventory/authority/without-certificate",
			test_authority_without_certificate);
	g_test_add_func("/aws-inventory/authority/strange", test_authority_strange);
	g_test_add_func("/aws-inventory/stores/listed", test_stores);
	g_test_add_func("/aws-inventory/stores/by-ec2", test_stores_by_ec2);
	g_test_add_func("/aws-inventory/stores/by-knocking", test_stores_by_knocking);
	g_test_add_func("/aws-inventory/stores/refused", test_stores_refused);
	g_test_add_func("/aws-inventory/stores/by-policy", test_stores_by_policy);
	g_test_add_func("/aws-inventory/describe/acm", test_describe);
	g_test_add_func("/aws-inventory/describe/users", test_describe_users);
	g_test_add_func("/aws-inventory/describe/others", test_describe_others);
	return g_test_run();
}
