/* test-aws: the parts of provider aws: partitions, places, errors, the shared files, blocks that
 * are pasted, and what is found on a machine. */
#include <provider/aws/aws_own.h>

#include <string.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>
#include <net/exchange_own.h>

#define NOW 1772604367	/* 2026-03-04T06:06:07Z */
#define ID "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

static GBytes *bytes_of(const char *text)
{
	return g_bytes_new(text, strlen(text));
}

/* ---- partitions ---- */

static void test_partitions(void)
{
	static const struct {
		const char *region, *partition;
	} rows[] = {
		{ "eu-north-1", "aws" },	{ "cn-north-1", "aws-cn" },
		{ "us-gov-west-1", "aws-us-gov" }, { "us-iso-east-1", "aws-iso" },
		{ "us-isob-east-1", "aws-iso-b" }, { "eusc-de-east-1", "aws-eusc" },
		{ "us-west-77", "aws" },	{ "cn-moon-9", "aws-cn" },
		{ "us-gov-moon-9", "aws-us-gov" }, { "mars-1", "aws" },
	};
	size_t regions = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpstr(aws_partition_of(rows[i].region)->name, ==, rows[i].partition);
	for (const struct aws_partition *p = aws_partition_table; p->name; p++)
		for (const struct aws_region *r = p->regions; r->name; r++, regions++) {
			g_assert_true(aws_partition_is_region(r->name));
			g_assert_true(aws_partition_of(r->name) == p);
			g_assert_true(g_regex_match_simple(p->pattern, r->name, 0, 0));
		}
	g_assert_cmpuint(regions, ==, 46);
	g_assert_false(aws_partition_is_region("eu-north-1.evil.example"));
	g_assert_false(aws_partition_is_region("EU"));
	g_assert_false(aws_partition_is_region(""));
}

/* ---- places ---- */

static void test_places(void)
{
	static const struct {
		enum aws_service service;
		const char *region, *fips, *dual, *url, *sign;
	} rows[] = {
		{ AWS_ACM, "eu-north-1", "no", "no", "https://acm.eu-north-1.amazonaws.com", "eu-north-1" },
		{ AWS_ACM, "us-east-1", "yes", "no", "https://acm-fips.us-east-1.amazonaws.com",
		  "us-east-1" },
		{ AWS_ACM, "eu-north-1", "yes", "no", NULL, NULL },
		{ AWS_ACM, "us-gov-west-1", "yes", "no", "https://acm.us-gov-west-1.amazonaws.com",
		  "us-gov-west-1" },
		{ AWS_ACM, "us-east-1", "yes", "yes", "https://acm-fips.us-east-1.api.aws", "us-east-1" },
		{ AWS_ACM_PCA, "cn-north-1", "no", "yes",
		  "https://acm-pca.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1" },
		{ AWS_IAM, "eu-north-1", "no", "no", "https://iam.amazonaws.com", "us-east-1" },
		{ AWS_IAM, "cn-north-1", "no", "no", "https://iam.cn-north-1.amazonaws.com.cn",
		  "cn-north-1" },
		{ AWS_IAM, "eu-north-1", "yes", "no", "https://iam-fips.amazonaws.com", "us-east-1" },
		{ AWS_ROUTE53, "cn-north-1", "no", "no", "https://route53.amazonaws.com.cn",
		  "cn-northwest-1" },
		{ AWS_ROUTE53, "cn-north-1", "yes", "no", NULL, NULL },
		{ AWS_ROUTE53, "eu-west-1", "no", "yes", "https://route53.global.api.aws", "us-east-1" },
		{ AWS_STS, "us-gov-east-1", "no", "no", "https://sts.us-gov-east-1.amazonaws.com",
		  "us-gov-east-1" },
		{ AWS_ACCOUNT, "eu-west-1", "no", "no", "https://account.us-east-1.amazonaws.com",
		  "us-east-1" },
		{ AWS_ACCOUNT, "us-gov-west-1", "no", "no", NULL, NULL },
		{ AWS_SSO_OIDC, "eu-west-1", "no", "no", "https://oidc.eu-west-1.amazonaws.com",
		  "eu-west-1" },
		{ AWS_SSO, "eu-west-1", "no", "no", "https://portal.sso.eu-west-1.amazonaws.com",
		  "eu-west-1" },
		{ AWS_STS, "a/b", "no", "no", NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(args) with = args_new();
		g_autoptr(GError) error = NULL;
		struct aws_place place = { 0 };
		bool found;

		args_set(with, "fips", rows[i].fips);
		args_set(with, "dual-stack", rows[i].dual);
		found = aws_place_find(with, rows[i].service, rows[i].region, &place, &error);
		g_assert_true(found == (rows[i].url != NULL));
		g_assert_true(found == !error);
		g_assert_cmpstr(place.url, ==, rows[i].url);
		g_assert_cmpstr(place.region, ==, rows[i].sign);
		aws_place_done(&place);
	}
}

static void test_urls(void)
{
	static const char *const good[] = { "https://a.example", "http://127.0.0.1:4566",
					    "https://[::1]:443/x/y" };
	static const char *const bad[] = { "a.example", "ftp://a", "https://", "https:///x",
					   "https://a b", "https://u@a", "https://a?x", "https://a#x",
					   "https://a\r\nb" };

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(aws_place_is_url(good[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(aws_place_is_url(bad[i]));
}

/* ---- errors ---- */

static struct reply *reply_with(int status, const char *body, const char *name, const char *value)
{
	struct reply *r = g_new0(struct reply, 1);
	struct header h = { g_strdup(name), g_strdup(value) };

	r->headers = exchange_headers();
	r->status = status;
	r->body = bytes_of(body);
	if (name)
		g_array_append_val(r->headers, h);
	return r;
}

/* clang-format off */
static const struct {
	int status;
	const char *body, *name, *value, *code, *message, *request;
	enum err err;
	bool signs_out;
} shapes[] = {
	{ 400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no\"}", "x-amzn-RequestId", "r1",
	  "ResourceNotFoundException", "no", "r1", ERR_NOT_FOUND, false },
	{ 400, "{\"__type\":\"com.amazonaws.acm#ExpiredTokenException:http://x\",\"Message\":\"old\"}", NULL, NULL,
	  "ExpiredTokenException", "old", "", ERR_SIGN_IN, true },
	{ 401, "{\"message\":\"gone\"}", "x-amzn-ErrorType", "UnauthorizedException:x",
	  "UnauthorizedException", "gone", "", ERR_SIGN_IN, true },
	{ 400, "{\"__type\":\"LimitExceededException\",\"message\":\"20\"}", NULL, NULL,
	  "LimitExceededException", "20", "", ERR_LIMIT, false },
	{ 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"User: x\"}", NULL, NULL,
	  "AccessDeniedException", "User: x", "", ERR_REFUSED, false },
	{ 400, "{\"__type\":\"UnrecognizedClientException\",\"message\":\"m\"}", NULL, NULL,
	  "UnrecognizedClientException", "m", "", ERR_SIGN_IN, true },
	{ 403, "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
	       "<Code>InvalidClientTokenId</Code><Message>m</Message></Error><RequestId>r2</RequestId></ErrorResponse>",
	  NULL, NULL, "InvalidClientTokenId", "m", "r2", ERR_SIGN_IN, true },
	{ 400, "<Response><Errors><Error><Code>RequestExpired</Code><Message>m</Message></Error></Errors>"
	       "<RequestID>r3</RequestID></Response>",
	  NULL, NULL, "RequestExpired", "m", "r3", ERR_SIGN_IN, true },
	{ 403, "<ErrorResponse><Errors><Error><Code>SignatureDoesNotMatch</Code><Message>m</Message></Error></Errors>"
	       "</ErrorResponse>",
	  NULL, NULL, "SignatureDoesNotMatch", "m", "", ERR_SIGN_IN, false },
	{ 400, "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages><Message>a</Message>"
	       "<Message>b</Message></Messages><RequestId>r4</RequestId></InvalidChangeBatch>",
	  NULL, NULL, "InvalidChangeBatch", "a; b", "r4", ERR_FAILED, false },
	{ 502, "<html>bad gateway</html>", NULL, NULL, "", "", "", ERR_REPLY, false },
	{ 503, "", NULL, NULL, "", "", "", ERR_BUSY, false },
	{ 400, "{\"__type\":7}", NULL, NULL, "", "", "", ERR_REPLY, false },
	{ 400, "{\"__type\":\"A\\u001b[2J\",\"message\":\"\\u202e\"}", NULL, NULL,
	  "A\\x1b[2J", "\\u202e", "", ERR_FAILED, false },
};
/* clang-format on */

static void test_errors(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autoptr(reply) r = reply_with(shapes[i].status, shapes[i].body, shapes[i].name,
						shapes[i].value);
		struct aws_error e;
		g_autoptr(GError) error = NULL;

		g_assert_true(aws_error_read(r, &e));
		g_assert_cmpstr(e.code, ==, shapes[i].code);
		g_assert_cmpstr(e.message, ==, shapes[i].message);
		g_assert_cmpstr(e.request, ==, shapes[i].request);
		error = aws_error_say(&e, "asking");
		g_assert_cmpint(error->code, ==, (int)shapes[i].err);
		g_assert_true(g_str_has_prefix(error->message, "asking: status "));
		g_assert_true(aws_error_is_signed_out(r, NULL) == shapes[i].signs_out);
		aws_error_done(&e);
	}
}

static void test_good_is_no_error(void)
{
	g_autoptr(reply) r = reply_with(200, "{\"__type\":\"ExpiredToken\"}", NULL, NULL);
	struct aws_error e;

	g_assert_false(aws_error_read(r, &e));
	g_assert_false(aws_error_is_signed_out(r, NULL));
	g_assert_true(aws_error_check(r, "asking", NULL));
}

/* A key that is not known there is not tried again where it stays the same; a session that has ended
 * is always begun anew. */
static void test_signed_out(void)
{
	static const struct {
		const char *code, *others;
		bool is_out;
	} rows[] = {
		{ "UnrecognizedClientException", "no", false },
		{ "UnrecognizedClientException", "yes", true },
		{ "InvalidClientTokenId", "no", false },
		{ "ExpiredTokenException", "no", true },
		{ "ExpiredTokenException", "yes", true },
		{ "InvalidSignatureException", "yes", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *body = g_strdup_printf("{\"__type\":\"%s\"}", rows[i].code);
		g_autoptr(reply) r = reply_with(400, body, NULL, NULL);
		g_autoptr(access) a = access_new();

		args_set(a->with, "others", rows[i].others);
		g_assert_true(aws_error_is_signed_out(r, a) == rows[i].is_out);
	}
}

/* How long it wants to be left alone is said. */
static void test_wait(void)
{
	g_autoptr(reply) r = reply_with(400, "{\"__type\":\"ThrottlingException\"}", "Retry-After", "3600");
	g_autoptr(GError) error = NULL;

	g_assert_false(aws_error_check(r, "asking", &error));
	g_assert_nonnull(strstr(error->message, "asked again in 3600 s"));
	g_assert_nonnull(strstr(error->message, "try again later"));
}

/* ---- calls ---- */

static void test_calls(void)
{
	g_autoptr(args) with = args_new();
	struct aws_form *form = aws_form_new();
	g_autoptr(request_out) query = NULL, call = NULL, nowhere = NULL;
	g_autoptr(secret) pem = secret_new("a+/=\n", 5);
	const char *body;
	gsize len;

	args_set(with, "region", "eu-west-1");
	aws_form_add(form, "Name", "a b*~");
	aws_form_add(form, "Nothing", NULL);
	aws_form_add_secret(form, "Pem", pem);
	query = aws_call_query(with, AWS_IAM, NULL, "Upload", form, NULL);
	body = g_bytes_get_data(query->body, &len);
	g_assert_cmpmem(body, len, "Name=a%20b%2A~&Pem=a%2B%2F%3D%0A&Action=Upload&Version=2010-05-08",
			65);
	g_assert_cmpstr(query->scope, ==, "iam us-east-1");
	call = aws_call_json(with, AWS_ACM_PCA, "us-east-2", "ListCertificateAuthorities", "{}", NULL);
	g_assert_cmpstr(call->url, ==, "https://acm-pca.us-east-2.amazonaws.com/");
	g_assert_cmpstr(call->scope, ==, "acm-pca us-east-2");
	nowhere = aws_call_json(with, AWS_ACM, "no/where", "ListCertificates", "{}", NULL);
	g_assert_null(nowhere);
}

/* ---- pace ---- */

static void test_pace(void)
{
	static const struct {
		enum aws_service service;
		const char *region, *operation, *rates, *sort;
		double rate;
		unsigned burst;
	} rows[] = {
		{ AWS_ACM, "eu-north-1", "ListCertificates", NULL, "acm eu-north-1 ListCertificates", 0.8, 1 },
		{ AWS_ACM, "us-east-1", "GetCertificate", NULL, "acm us-east-1 GetCertificate", 8, 5 },
		{ AWS_ACM, "us-east-1", "GetCertificate", "GetCertificate=400,ListCertificates=5",
		  "acm us-east-1 GetCertificate", 400, 5 },
		{ AWS_ACM_PCA, "us-east-1", "GetCertificate", "GetCertificate=400",
		  "acm-pca us-east-1 GetCertificate", 60, 5 },
		{ AWS_ACM_PCA, "us-east-1", "GetCertificate", "GetCertificate=1 acm-pca.GetCertificate=2",
		  "acm-pca us-east-1 GetCertificate", 2, 5 },
		{ AWS_ACM, "us-east-1", "RenewCertificate", "RenewCertificate=0.5",
		  "acm us-east-1 RenewCertificate", 0.5, 1 },
		{ AWS_IAM, NULL, "ListServerCertificates", NULL, "iam us-east-1 requests", 12, 5 },
		{ AWS_IAM, NULL, "GetServerCertificate", "iam=2", "iam us-east-1 requests", 2, 5 },
		{ AWS_STS, NULL, "GetCallerIdentity", NULL, "sts eu-west-1 requests", 40, 5 },
		{ AWS_EC2, NULL, "DescribeRegions", NULL, "ec2 eu-west-1 requests", 16, 5 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(args) with = args_new();
		g_autoptr(request_out) r = NULL;

		args_set(with, "region", "eu-west-1");
		args_set(with, "rates", rows[i].rates);
		r = aws_place_services[rows[i].service].target ?
			    aws_call_json(with, rows[i].service, rows[i].region, rows[i].operation, "{}",
					  NULL) :
			    aws_call_query(with, rows[i].service, rows[i].region, rows[i].operation,
					   NULL, NULL);
		g_assert_cmpstr(r->pace.sort, ==, rows[i].sort);
		g_assert_cmpfloat_with_epsilon(r->pace.rate, rows[i].rate, 1e-9);
		g_assert_cmpuint(r->pace.burst, ==, rows[i].burst);
	}
}

static void test_pace_of_route53(void)
{
	g_autoptr(args) with = args_new();
	g_autoptr(request_out) r = exchange_get("https://route53.amazonaws.com/2013-04-01/hostedzone");

	r->scope = g_strdup("route53 us-east-1");
	aws_pace_set(r, with, AWS_ROUTE53, "ListHostedZones");
	g_assert_cmpstr(r->pace.sort, ==, "route53 us-east-1 requests");
	g_assert_cmpfloat_with_epsilon(r->pace.rate, 4, 1e-9);
	args_set(with, "rates", "route53=2");
	aws_pace_set(r, with, AWS_ROUTE53, "GetChange");
	g_assert_cmpstr(r->pace.sort, ==, "route53 us-east-1 requests");
	g_assert_cmpfloat_with_epsilon(r->pace.rate, 2, 1e-9);
}

static void test_rates(void)
{
	static const char *const bad[] = { "ListCertificate=5", "ListCertificates", "ListCertificates=0",
					   "acm.IssueCertificate=1", "=1", "ListCertificates=x" };

	g_assert_true(aws_pace_check("", NULL));
	g_assert_true(aws_pace_check("ListCertificates=5, acm-pca.GetCertificate=20 route53=3", NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(aws_pace_check(bad[i], &error));
		g_assert_error(error, ERR, ERR_USAGE);
	}
}

/* ---- verdicts ---- */

static void test_judge(void)
{
	/* clang-format off */
	static const struct {
		int status;
		const char *body;
		enum verdict verdict;
	} rows[] = {
		{ 200, "{}", VERDICT_BY_STATUS },
		{ 400, "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}", VERDICT_THROTTLED },
		{ 400, "{\"__type\":\"a#TooManyRequestsException\"}", VERDICT_THROTTLED },
		{ 400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", VERDICT_THROTTLED },
		{ 400, "<ErrorResponse><Error><Code>PriorRequestNotComplete</Code></Error></ErrorResponse>",
		  VERDICT_THROTTLED },
		{ 400, "{\"__type\":\"RequestTimeoutException\"}", VERDICT_BROKEN },
		{ 400, "{\"__type\":\"LimitExceededException\"}", VERDICT_FINAL },
		{ 429, "{\"__type\":\"LimitExceededException\"}", VERDICT_FINAL },
		{ 400, "{\"__type\":\"ValidationException\"}", VERDICT_FINAL },
		{ 403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", VERDICT_FINAL },
		{ 500, "{\"__type\":\"SomethingNew\"}", VERDICT_BROKEN },
		{ 500, "<html>oops</html>", VERDICT_BROKEN },
		{ 502, "<html>bad gateway</html>", VERDICT_BY_STATUS },
		{ 503, "", VERDICT_BY_STATUS },
		{ 504, "", VERDICT_BY_STATUS },
		{ 429, "slow down", VERDICT_BY_STATUS },
		{ 404, "<html>not found</html>", VERDICT_BY_STATUS },
	};
	/* clang-format on */

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply_with(rows[i].status, rows[i].body, NULL, NULL);

		g_assert_cmpint(aws_error_judge(r), ==, (int)rows[i].verdict);
	}
}

/* Signing is for open accounts alone. */
static void test_sign(void)
{
	g_autoptr(access) a = access_new();
	g_autoptr(request_out) r = exchange_get("https://acm.eu-west-1.amazonaws.com/");
	g_autoptr(GError) error = NULL;

	r->scope = g_strdup("acm eu-west-1");
	g_assert_false(aws_call_sign(r, a, NOW, &error));
	g_assert_error(error, ERR, ERR_SIGN_IN);
	g_clear_error(&error);
	args_set(a->with, "access-key", ID);
	args_put_secret(a->with, "secret-key", secret_new(SECRET, strlen(SECRET)));
	g_assert_true(aws_call_sign(r, a, NOW, NULL));
	g_free(r->scope);
	r->scope = NULL;
	g_assert_false(aws_call_sign(r, a, NOW, &error));
	g_assert_error(error, ERR, ERR_USAGE);
}

/* ---- times ---- */

static void test_times(void)
{
	g_assert_cmpint(aws_keys_time("2026-03-04T06:06:07Z"), ==, NOW);
	g_assert_cmpint(aws_keys_time("2026-03-04T06:06:07UTC"), ==, NOW);
	g_assert_cmpint(aws_keys_time("2026-03-04T06:06:07.123456Z"), ==, NOW);
	g_assert_cmpint(aws_keys_time("2026-03-04T08:06:07+02:00"), ==, NOW);
	g_assert_cmpint(aws_keys_time("soon"), ==, 0);
	g_assert_cmpint(aws_keys_time(""), ==, 0);
}

/* ---- the shared files ---- */

static void test_shared(void)
{
	g_autoptr(GBytes) config = bytes_of(
		"[default]\nregion = eu-west-1\n[profile two words]\nregion=x\n"
		"[profile \"quoted name\"]\nREGION = y\n[preview]\na=b\n[profile ]\nb=c\n"
		"[sso-session corp]\nsso_region = eu-west-2\n[services lab]\nacm =\n"
		"  endpoint_url = https://acm.example\nroute_53 =\n  other = 1\n"
		"  endpoint_url = https://dns.example\n[profile both]\nregion=c\nrole_arn=d\n");
	g_autoptr(GBytes) credentials = bytes_of("# mine\n[both]\nregion = credentials\n"
						 "[only here]\naws_access_key_id=x\n");
	g_autoptr(aws_shared) s = aws_shared_read(config, credentials, NULL);
	g_autofree char *names = g_strjoinv("|", (char **)aws_shared_profiles(s));
	g_autofree char *acm = aws_shared_endpoint(s, "lab", "acm");
	g_autofree char *dns = aws_shared_endpoint(s, "lab", "route_53");
	g_autofree char *none = aws_shared_endpoint(s, "lab", "iam");
	g_autofree char *where = aws_shared_where(s, "both", "region");

	g_assert_cmpstr(names, ==, "both|default|only here|quoted name");
	g_assert_cmpstr(aws_shared_get(s, "quoted name", "region"), ==, "y");
	g_assert_cmpstr(aws_shared_get(s, "both", "region"), ==, "credentials");
	g_assert_cmpstr(aws_shared_get(s, "both", "role_arn"), ==, "d");
	g_assert_null(aws_shared_get(s, "nobody", "region"));
	g_assert_cmpstr(aws_shared_sso(s, "corp", "sso_region"), ==, "eu-west-2");
	g_assert_cmpstr(acm, ==, "https://acm.example");
	g_assert_cmpstr(dns, ==, "https://dns.example");
	g_assert_null(none);
	g_assert_cmpstr(where, ==, "credentials [both]");
}

/* ---- blocks ---- */

/* clang-format off */
static const struct {
	const char *block, *access_key, *secret_key, *session_token, *more, *value;
} blocks[] = {
	{ "\xef\xbb\xbf" "Access key ID,Secret access key\r\n" ID "," SECRET "\r\n", ID, SECRET, NULL, NULL, NULL },
	{ "User name,Password,Access key ID,Secret access key,Console login link\nme,," ID "," SECRET ",https://x\n",
	  ID, SECRET, NULL, NULL, NULL },
	{ "export AWS_ACCESS_KEY_ID=\"" ID "\"\nexport AWS_SECRET_ACCESS_KEY=\"" SECRET "\"\n"
	  "export AWS_SESSION_TOKEN=\"tok==\"\n", ID, SECRET, "tok==", NULL, NULL },
	{ "set AWS_ACCESS_KEY_ID=" ID "\r\nset AWS_SECRET_ACCESS_KEY=" SECRET "\r\nset AWS_DEFAULT_REGION=eu-west-3\r\n",
	  ID, SECRET, NULL, "regions", "eu-west-3" },
	{ "$Env:AWS_ACCESS_KEY_ID=\"" ID "\"\n$Env:AWS_SECRET_ACCESS_KEY=\"" SECRET "\"\n", ID, SECRET, NULL, NULL, NULL },
	{ "[prod]\naws_access_key_id = " ID "\naws_secret_access_key = " SECRET "\naws_session_token = t\nregion = eu-west-3\n",
	  ID, SECRET, "t", "regions", "eu-west-3" },
	{ "[profile x]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = prod\nduration_seconds = 3600\n",
	  NULL, NULL, NULL, "profile", "prod" },
	{ "{\"Version\":1,\"AccessKeyId\":\"" ID "\",\"SecretAccessKey\":\"" SECRET "\",\"SessionToken\":\"t\"}",
	  ID, SECRET, "t", NULL, NULL },
	{ "{\"Credentials\":{\"AccessKeyId\":\"" ID "\",\"SecretAccessKey\":\"" SECRET "\",\"SessionToken\":\"t\","
	  "\"Expiration\":\"2026-03-04T07:00:00+00:00\"},\"AssumedRoleUser\":{}}", ID, SECRET, "t", NULL, NULL },
	{ "{\"AccessKey\":{\"UserName\":\"me\",\"AccessKeyId\":\"" ID "\",\"Status\":\"Active\",\"SecretAccessKey\":\""
	  SECRET "\"}}", ID, SECRET, NULL, NULL, NULL },
};
/* clang-format on */

static const char *secret_in(const struct args *a, const char *key)
{
	const struct secret *s = args_secret(a, key);

	return s ? s->bytes : NULL;
}

static void test_blocks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		g_autoptr(secret) block = secret_new(blocks[i].block, strlen(blocks[i].block));
		g_autoptr(args) a = args_new();
		const char *from = blocks[i].access_key ? "keys" : "profile";

		g_assert_true(aws_block(block, a, NULL));
		g_assert_cmpstr(args_get(a, "from"), ==, from);
		g_assert_cmpstr(args_get(a, "access-key"), ==, blocks[i].access_key);
		g_assert_cmpstr(secret_in(a, "secret-key"), ==, blocks[i].secret_key);
		g_assert_cmpstr(secret_in(a, "session-token"), ==, blocks[i].session_token);
		g_assert_null(args_get(a, "secret-key"));
		if (blocks[i].more)
			g_assert_cmpstr(args_get(a, blocks[i].more), ==, blocks[i].value);
	}
}

/* Others' blocks are left alone without a word, broken ones of ours with one. */
static void test_other_blocks(void)
{
	static const struct {
		const char *block;
		bool is_ours;
	} rows[] = {
		{ "", false },
		{ "hello", false },
		{ "{\"tenantId\":\"x\",\"clientSecret\":\"y\"}", false },
		{ "[default]\nclient_secret = x\nhost = y\n", false },
		{ "Name,Secret\na,b\n", false },
		{ "AWS_ACCESS_KEY_ID=" ID "\n", true },
		{ "Access key ID,Secret access key\n" ID ",\n", true },
		{ "Access key ID,Secret access key\n" ID "," SECRET "\n" ID "," SECRET "\n", true },
		{ "{\"AccessKeyId\":\"x\",\"SecretAccessKey\":\"y\"}", true },
		{ "[a]\naws_access_key_id=" ID "\n[b]\naws_access_key_id=" ID "\n", true },
		{ "[a]\ncredential_process = x\n", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(secret) block = secret_new(rows[i].block, strlen(rows[i].block));
		g_autoptr(args) a = args_new();
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) keys = NULL;

		g_assert_false(aws_block(block, a, &error));
		g_assert_true((error != NULL) == rows[i].is_ours);
		keys = args_keys(a);
		g_assert_null(keys[0]);
	}
}

/* What the fields ask and what a plan refuses are the same. */
static void test_fields(void)
{
	const struct field *fields = provider_find("aws")->info->account_fields;
	static const struct {
		const char *key, *value;
		bool fits;
	} rows[] = {
		{ "access-key", ID, true },		 { "access-key", "AKIA", false },
		{ "role", "arn:aws:iam::111122223333:role/a/b", true },
		{ "role", "arn:aws-cn:iam::111122223333:role/a", true },
		{ "role", "arn:aws:iam::1:role/a", false }, { "regions", "all", true },
		{ "regions", "eu-west-1, us-gov-east-1", true }, { "regions", "eu west", false },
		{ "duration", "15min", true },		 { "duration", "14min", false },
		{ "duration", "12h", true },		 { "duration", "13h", false },
		{ "endpoint", "http://127.0.0.1:1", true }, { "endpoint", "127.0.0.1", false },
		{ "endpoints", "sts=https://a, acm-pca=https://b/", true },
		{ "endpoints", "https://a", false },	 { "container-uri", "/v2/x", true },
		{ "container-uri", "v2/x", false },	 { "partition", "aws-us-gov", true },
		{ "partition", "moon", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct field *f = field_find(fields, rows[i].key);

		g_assert_nonnull(f);
		if (field_check_one(f, rows[i].value, NULL) != rows[i].fits)
			g_error("%s: '%s'", rows[i].key, rows[i].value);
	}
	for (const struct column_alias *a = provider_find("aws")->info->aliases; a->header; a++)
		g_assert_nonnull(field_find(fields, a->key));
	for (const struct aws_partition *p = aws_partition_table; p->name; p++)
		g_assert_true(field_check_one(field_find(fields, "partition"), p->name, NULL));
}

/* ---- finding ---- */

static void put(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(g_get_home_dir(), name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static const struct account *find(const GPtrArray *found, const char *id)
{
	for (guint i = 0; i < found->len; i++)
		if (!strcmp(((struct account *)found->pdata[i])->id, id))
			return found->pdata[i];
	return NULL;
}

static GPtrArray *find_all(GPtrArray *troubles)
{
	GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);

	provider_find("aws")->find_accounts(found, troubles);
	for (guint i = 0; i < found->len; i++) {
		const struct account *a = found->pdata[i];
		g_autoptr(args) own = args_dup(a->answers);

		args_set(own, "ca-file", NULL);	/* every provider's */
		g_assert_true(account_id_is_fit(a->id));
		g_assert_cmpint(a->origin, ==, ACCOUNT_FOUND);
		g_assert_cmpstr(a->provider, ==, "aws");
		g_assert_true(field_check(provider_find("aws")->info->account_fields, own, NULL));
	}
	return found;
}

static void test_find(void)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free), found = NULL;
	const struct account *a;

	clock_set(NOW);
	put(".aws/config", "[profile role]\nrole_arn=arn:aws:iam::111122223333:role/a\n"
	    "source_profile=prod\n[profile empty]\nregion=eu-west-1\n[profile lost]\n"
	    "role_arn=arn:aws:iam::111122223333:role/a\nsource_profile=gone\n"
	    "[profile environment]\ncredential_process=x\n[profile 'my prod/eu']\n"
	    "credential_process=x\nca_bundle=/etc/ca.pem\n");
	put(".aws/credentials", "[prod]\naws_access_key_id=" ID "\naws_secret_access_key=" SECRET "\n"
	    "x_security_token_expires = 2026-03-04T07:06:07+00:00\n");
	found = find_all(troubles);
	g_assert_cmpuint(troubles->len, ==, 0);
	g_assert_cmpuint(found->len, ==, 5);
	a = find(found, "aws:prod");
	g_assert_cmpstr(a->secret_from, ==, "~/.aws/credentials [prod]");
	g_assert_cmpstr(a->found_in, ==, "~/.aws/credentials [prod]");
	g_assert_cmpstr(args_get(a->answers, "profile"), ==, "prod");
	g_assert_cmpint(a->secret_ends, ==, NOW + 3600);
	a = find(found, "aws:role");
	g_assert_cmpstr(a->secret_from, ==, "~/.aws/credentials [prod]");
	g_assert_cmpstr(a->found_in, ==, "~/.aws/config [profile role]");
	g_assert_null(a->trouble);
	a = find(found, "aws:lost");
	g_assert_nonnull(strstr(a->trouble, "source_profile that is not there"));
	g_assert_nonnull(find(found, "aws:profile:environment"));
	for (guint i = 0; i < found->len; i++)
		if (g_str_has_prefix(((struct account *)found->pdata[i])->id, "aws:my-prod-eu-"))
			a = found->pdata[i];
	g_assert_cmpstr(a->title, ==, "my prod/eu");
	g_assert_cmpstr(args_get(a->answers, "ca-file"), ==, "/etc/ca.pem");
}

static void test_find_others(void)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free), found = NULL;
	const struct account *a;

	put(".aws/config", "[broken\n");
	put(".aws/credentials", "");
	g_setenv("AWS_ACCESS_KEY_ID", ID, TRUE);
	g_setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/", TRUE);
	found = find_all(troubles);
	g_assert_cmpuint(troubles->len, ==, 1);
	g_assert_nonnull(strstr(troubles->pdata[0], ".aws/config"));
	g_assert_cmpuint(found->len, ==, 2);
	a = find(found, "aws:environment");
	g_assert_nonnull(strstr(a->trouble, "AWS_SECRET_ACCESS_KEY is not set"));
	a = find(found, "aws:container");
	g_assert_nonnull(strstr(a->trouble, "evil.example"));
	g_unsetenv("AWS_ACCESS_KEY_ID");
	g_unsetenv("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

/* The firmware says whether this is EC2; nobody is asked over the network. */
static void test_find_instance(void)
{
	const char *home = g_get_home_dir();

	g_assert_false(aws_find_is_ec2(home));
	put("sys/class/dmi/id/sys_vendor", "QEMU\n");
	g_assert_false(aws_find_is_ec2(home));
	put("sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	g_assert_true(aws_find_is_ec2(home));
	put("sys/class/dmi/id/sys_vendor", "Xen\n");
	put("sys/hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n");
	g_assert_true(aws_find_is_ec2(home));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_unsetenv("AWS_CA_BUNDLE");
	g_test_add_func("/aws/partitions", test_partitions);
	g_test_add_func("/aws/places", test_places);
	g_test_add_func("/aws/urls", test_urls);
	g_test_add_func("/aws/errors", test_errors);
	g_test_add_func("/aws/good-is-no-error", test_good_is_no_error);
	g_test_add_func("/aws/signed-out", test_signed_out);
	g_test_add_func("/aws/wait", test_wait);
	g_test_add_func("/aws/calls", test_calls);
	g_test_add_func("/aws/pace", test_pace);
	g_test_add_func("/aws/pace-of-route53", test_pace_of_route53);
	g_test_add_func("/aws/rates", test_rates);
	g_test_add_func("/aws/judge", test_judge);
	g_test_add_func("/aws/sign", test_sign);
	g_test_add_func("/aws/times", test_times);
	g_test_add_func("/aws/shared", test_shared);
	g_test_add_func("/aws/blocks", test_blocks);
	g_test_add_func("/aws/other-blocks", test_other_blocks);
	g_test_add_func("/aws/fields", test_fields);
	g_test_add_func("/aws/find", test_find);
	g_test_add_func("/aws/find-others", test_find_others);
	g_test_add_func("/aws/find-instance", test_find_instance);
	return g_test_run();
}
