/* test-aws-sign-in: every source of keys for AWS, roles and their chains, and what goes wrong. */
#include "visit.h"

#include <string.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>

#define NOW 1772604367	/* 2026-03-04T06:06:07Z */
#define ID "AKIAIOSFODNN7EXAMPLE"
#define ID2 "ASIAIOSFODNN7SECOND2"
#define ID3 "ASIAIOSFODNN7THIRD33"
#define LATER "2026-03-04T07:06:07Z"
#define CREDS(id, name)                                                                \
	"<Credentials><AccessKeyId>" id "</AccessKeyId><SecretAccessKey>secret-of-" name \
	"</SecretAccessKey><SessionToken>session-of-" name "</SessionToken><Expiration>" LATER \
	"</Expiration></Credentials>"
#define ASSUMED(id, name)                                                              \
	"<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"     \
	"<AssumeRoleResult>" CREDS(id, name) "<AssumedRoleUser><Arn>"                  \
	"arn:aws:sts::111122223333:assumed-role/a/certty</Arn></AssumedRoleUser>"      \
	"</AssumeRoleResult></AssumeRoleResponse>"
#define WEB "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>" CREDS(ID2, "web") \
	    "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
#define REFUSED(code, text)                                                            \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" text \
	"</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"
#define METADATA                                                                       \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"" ID2 "\",\"SecretAccessKey\":\"secret-of-machine\"," \
	"\"Token\":\"session-of-machine\",\"Expiration\":\"" LATER "\"}"
#define WHO                                                                            \
	"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">" \
	"<GetCallerIdentityResult><UserId>AIDA</UserId><Account>111122223333</Account><Arn>" \
	"arn:aws:iam::111122223333:user/certty</Arn></GetCallerIdentityResult>"         \
	"</GetCallerIdentityResponse>"
#define ROLES "/latest/meta-data/iam/security-credentials/"
#define A "arn:aws:iam::111122223333:role/a"
#define B "arn:aws:iam::111122223333:role/b"
#define END { NULL }

static const struct visit_answer nothing[] = { END };

/* ---- the machine of a test ---- */

static const char *const variables[] = {
	"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
	"AWS_REGION", "AWS_CREDENTIAL_EXPIRATION", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_ENDPOINT_URL",
	"AWS_ENDPOINT_URL_STS", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
};

static void put(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(g_get_home_dir(), name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void begin(struct visit *v, const char *from, const struct visit_answer *script)
{
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
		g_unsetenv(variables[i]);
	clock_set(NOW);
	visit_init(v, "aws");
	visit_arg(v, "from", from);
	visit_script(v, script);
}

static void begin_profile(struct visit *v, const char *config, const char *credentials,
			  const char *profile, const struct visit_answer *script)
{
	put(".aws/config", config);
	put(".aws/credentials", credentials);
	begin(v, "profile", script);
	visit_arg(v, "profile", profile);
}

static void give_keys(struct visit *v)
{
	visit_arg(v, "access-key", ID);
	visit_secret(v, "secret-key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
}

static bool has_secret(const struct visit *v, const char *key, const char *value)
{
	const struct secret *s = args_secret(v->access->with, key);

	return s ? !strcmp(s->bytes, value) : !value;
}

static void check_opened(struct visit *v, const char *id, const char *from, int64_t ends,
			 bool is_renewable)
{
	g_assert_no_error(v->error);
	g_assert_cmpstr(args_get(v->access->with, "access-key"), ==, id);
	g_assert_cmpstr(v->access->from, ==, from);
	g_assert_cmpint(v->access->ends, ==, ends);
	g_assert_true(v->access->is_renewable == is_renewable);
	g_assert_true(visit_script_is_over(v));
}

static bool has_part(const struct visit *v, guint n, const char *part)
{
	g_assert_cmpuint(n, <, v->asked->len);
	return strstr(v->asked->pdata[n], part) != NULL;
}

/* ---- keys ---- */

static void test_keys(void)
{
	static const struct visit_answer script[] = { { "POST /", 200, WHO, "text/xml" }, END };
	struct visit v;

	begin(&v, "keys", script);
	give_keys(&v);
	visit_arg(&v, "regions", "eu-north-1, us-east-1");
	g_assert_true(visit_test(&v));
	check_opened(&v, ID, NULL, 0, false);
	g_assert_cmpstr(v.who_said, ==, "arn:aws:iam::111122223333:user/certty (account 111122223333)");
	g_assert_nonnull(strstr(v.said, "not what they may do"));
	g_assert_true(has_part(&v, 0, "POST https://sts.eu-north-1.amazonaws.com/\n"));
	g_assert_true(has_part(&v, 0, "eu-north-1/sts/aws4_request"));
	g_assert_true(has_part(&v, 0, "\nAction=GetCallerIdentity&Version=2011-06-15\n"));
	g_assert_false(has_part(&v, 0, "wJalr"));
	g_assert_cmpstr(args_get(v.access->with, "regions"), ==, "eu-north-1,us-east-1");
	visit_done(&v);
}

static void test_keys_missing(void)
{
	struct visit v;

	begin(&v, "keys", nothing);
	visit_arg(&v, "access-key", ID);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "secret key", NULL);
	visit_secret(&v, "secret-key", "a\nb");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "the secret access key is none", NULL);
	g_assert_null(strstr(v.error->message, "a\nb"));
	visit_done(&v);
}

/* A token that has ended comes with 403 and not 401; signing in once more is tried. */
static void test_signed_out(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 403, REFUSED("ExpiredToken", "The security token is expired"), "text/xml" },
		{ "POST /", 403, REFUSED("ExpiredToken", "The security token is expired"), "text/xml" },
		END
	};
	struct visit v;

	begin(&v, "keys", script);
	give_keys(&v);
	g_assert_false(visit_test(&v));
	g_assert_cmpuint(v.sign_ins, ==, 2);
	visit_expect_error(&v, ERR_SIGN_IN, "asking STS who we are", "403 ExpiredToken",
			   "sign in again", "req-1", NULL);
	visit_done(&v);
}

static void test_wrong_clock(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 403, REFUSED("SignatureDoesNotMatch", "Signature expired: 20260304T0 is now "
					 "earlier than"), "text/xml" },
		END
	};
	struct visit v;

	begin(&v, "keys", script);
	give_keys(&v);
	g_assert_false(visit_test(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "the clock of this machine is wrong", NULL);
	visit_done(&v);
}

static void test_other_partition(void)
{
	struct visit v;
	static const struct visit_answer script[] = { { "POST /", 200, WHO, "text/xml" }, END };

	begin(&v, "keys", script);
	give_keys(&v);
	visit_arg(&v, "partition", "aws-cn");
	g_assert_true(visit_test(&v));
	g_assert_true(has_part(&v, 0, "POST https://sts.cn-northwest-1.amazonaws.com.cn/\n"));
	visit_arg(&v, "regions", "eu-west-1");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "eu-west-1", "not in that partition", NULL);
	visit_done(&v);
}

/* ---- environment ---- */

static void test_environment(void)
{
	struct visit v;

	begin(&v, "environment", nothing);
	g_setenv("AWS_ACCESS_KEY_ID", ID2, TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "AWS_SECRET_ACCESS_KEY is not set", NULL);
	g_setenv("AWS_SECRET_ACCESS_KEY", "abc", TRUE);
	g_setenv("AWS_SESSION_TOKEN", "def", TRUE);
	g_setenv("AWS_CREDENTIAL_EXPIRATION", LATER, TRUE);
	g_setenv("AWS_REGION", "us-gov-west-1", TRUE);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID2, "environment (AWS_ACCESS_KEY_ID)", NOW + 3600, false);
	g_assert_true(has_secret(&v, "session-token", "def"));
	g_assert_cmpstr(args_get(v.access->with, "partition"), ==, "aws-us-gov");
	g_setenv("AWS_CREDENTIAL_EXPIRATION", "2026-03-04T06:06:06Z", TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "have ended", NULL);
	visit_done(&v);
}

/* ---- profiles ---- */

static void test_profile(void)
{
	struct visit v;

	begin_profile(&v, "[profile prod]\nregion = eu-west-1\naws_access_key_id = " ID3 "\n"
		      "aws_secret_access_key = of-config\nuse_fips_endpoint = true\n",
		      "[prod]\naws_access_key_id = " ID "\naws_secret_access_key = of-credentials\n",
		      "prod", nothing);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID, "~/.aws/credentials [prod]", 0, false);
	g_assert_true(has_secret(&v, "secret-key", "of-credentials"));
	g_assert_cmpstr(args_get(v.access->with, "region"), ==, "eu-west-1");
	g_assert_cmpstr(args_get(v.access->with, "fips"), ==, "yes");
	visit_arg(&v, "profile", "nobody");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_NOT_FOUND, "profile 'nobody'", NULL);
	visit_done(&v);
}

/* base ── a ── b: two roles, one after the other, each with the keys of the one before. */
static void test_chain(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 200, ASSUMED(ID2, "a"), "text/xml" },
		{ "POST /", 200, ASSUMED(ID3, "b"), "text/xml" },
		END
	};
	struct visit v;

	begin_profile(&v, "[profile b]\nrole_arn=" B "\nsource_profile=a\nexternal_id=x/1\n"
		      "duration_seconds=3600\nrole_session_name=me\n[profile a]\nrole_arn=" A "\n"
		      "source_profile=base\n",
		      "[base]\naws_access_key_id=" ID "\naws_secret_access_key=abc\n", "b", script);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID3, "~/.aws/credentials [base], as " B, NOW + 3600, true);
	g_assert_true(has_secret(&v, "session-token", "session-of-b"));
	g_assert_true(has_part(&v, 0, "Credential=" ID "/"));
	g_assert_true(has_part(&v, 0, "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&"
			       "RoleSessionName=certty&Action=AssumeRole"));
	g_assert_true(has_part(&v, 1, "Credential=" ID2 "/"));
	g_assert_true(has_part(&v, 1, "X-Amz-Security-Token: session-of-a\n"));
	g_assert_true(has_part(&v, 1, "RoleSessionName=me&ExternalId=x%2F1&DurationSeconds=3600"));
	g_assert_cmpstr(args_get(v.access->with, "account"), ==, "111122223333");
	visit_done(&v);
}

/* A profile's way, and the sentence that says what is wrong with it. */
static void test_bad_profiles(void)
{
	static const struct {
		const char *config, *profile;
		enum err code;
		const char *part;
	} rows[] = {
		{ "[profile p]\nregion=eu-west-1\n", "p", ERR_SIGN_IN, "has no credentials" },
		{ "[profile p]\nrole_arn=" A "\n", "p", ERR_FORMAT, "neither source_profile nor" },
		{ "[profile p]\nrole_arn=" A "\nsource_profile=q\ncredential_source=Environment\n",
		  "p", ERR_FORMAT, "has both" },
		{ "[profile p]\nrole_arn=" A "\nsource_profile=q\n", "p", ERR_NOT_FOUND,
		  "names a source_profile" },
		{ "[profile p]\nrole_arn=" A "\nsource_profile=p\n", "p", ERR_FORMAT,
		  "leads back to itself" },
		{ "[profile p]\nrole_arn=" A "\nsource_profile=q\n[profile q]\nrole_arn=" B
		  "\nsource_profile=p\n", "p", ERR_FORMAT, "profile 'q' leads back" },
		{ "[profile p]\nrole_arn=" A "\ncredential_source=Moon\n", "p", ERR_FORMAT,
		  "none of Environment" },
		{ "[profile p]\nrole_arn=me\ncredential_source=Environment\n", "p", ERR_FORMAT,
		  "'me' is no role" },
		{ "[profile p]\nrole_arn=" A "\nduration_seconds=60\ncredential_source=Environment\n",
		  "p", ERR_FORMAT, "'60' is no session length" },
		{ "[profile p]\naws_access_key_id=" ID "\n", "p", ERR_FORMAT, "no secret access key" },
		{ "[profile p]\nlogin_session=x\n", "p", ERR_SIGN_IN, "console login" },
		{ "[profile p]\nsso_account_id=111122223333\n", "p", ERR_FORMAT, "no sso_start_url" },
		{ "[profile p]\nsso_session=s\nsso_account_id=111122223333\nsso_role_name=r\n", "p",
		  ERR_FORMAT, "sso-session that is not there" },
		{ "[profile p]\nsso_session=s\nsso_region=eu-west-1\nsso_account_id=111122223333\n"
		  "sso_role_name=r\n[sso-session s]\nsso_region=eu-west-2\nsso_start_url=u\n", "p",
		  ERR_FORMAT, "different values of sso_region" },
		{ "[profile p]\ncredential_process=\"a\n", "p", ERR_FORMAT, "quotes do not match" },
		{ "[profile p\n", "p", ERR_FORMAT, ".aws/config" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit v;

		begin_profile(&v, rows[i].config, "", rows[i].profile, nothing);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, rows[i].code, rows[i].part, NULL);
		visit_done(&v);
	}
}

/* A profile that is a role with keys of its own may be its own source. */
static void test_own_source(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 200, ASSUMED(ID2, "a"), "text/xml" }, END
	};
	struct visit v;

	begin_profile(&v, "[profile p]\nrole_arn=" A "\nsource_profile=p\n",
		      "[p]\naws_access_key_id=" ID "\naws_secret_access_key=abc\n", "p", script);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID2, "~/.aws/credentials [p], as " A, NOW + 3600, true);
	visit_done(&v);
}

/* ---- one-time codes ---- */

static void test_code(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 403, REFUSED("AccessDenied", "MultiFactorAuthentication failed"), "text/xml" },
		{ "POST /", 200, ASSUMED(ID2, "a"), "text/xml" },
		END
	};
	struct visit v;

	begin(&v, "keys", script);
	give_keys(&v);
	visit_arg(&v, "role", A);
	visit_arg(&v, "mfa-serial", "arn:aws:iam::111122223333:mfa/me");
	visit_arg(&v, "duration", "1h");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "one-time code", "mfa/me", NULL);
	visit_secret(&v, "code", "12345");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "six digits", NULL);
	visit_secret(&v, "code", "123456");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "may be wrong", "MultiFactor", NULL);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID2, "own keys, as " A, NOW + 3600, false);
	g_assert_true(has_part(&v, 1, "DurationSeconds=3600&SerialNumber=arn%3Aaws%3Aiam%3A%3A"
			       "111122223333%3Amfa%2Fme&TokenCode=123456"));
	visit_done(&v);
}

static void test_two_codes(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 200, ASSUMED(ID2, "a"), "text/xml" }, END
	};
	struct visit v;

	begin_profile(&v, "[profile b]\nrole_arn=" B "\nsource_profile=a\nmfa_serial=123456789\n"
		      "[profile a]\nrole_arn=" A "\nsource_profile=base\nmfa_serial=123456789\n",
		      "[base]\naws_access_key_id=" ID "\naws_secret_access_key=abc\n", "b", script);
	visit_secret(&v, "code", "123456");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "cannot be used twice", NULL);
	visit_done(&v);
}

/* ---- programs ---- */

static void process(struct visit *v, const char *command)
{
	g_autofree char *config = g_strconcat("[profile p]\ncredential_process = ", command, "\n",
					      NULL);

	begin_profile(v, config, "", "p", nothing);
}

static void test_process(void)
{
	struct visit v;

	process(&v, "/bin/echo '{\"Version\":1,\"AccessKeyId\":\"" ID2 "\",\"SecretAccessKey\":\"abc\","
		"\"SessionToken\":\"def\",\"Expiration\":\"" LATER "\",\"AccountId\":\"111122223333\"}'");
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID2, "credential_process of ~/.aws/config [profile p]", NOW + 3600, true);
	g_assert_cmpstr(args_get(v.access->with, "account"), ==, "111122223333");
	visit_done(&v);
}

static void test_bad_process(void)
{
	static const struct {
		const char *command, *part;
		enum err code;
	} rows[] = {
		{ "/bin/sh -c 'echo no >&2; exit 3'", "failed with status 3: no", ERR_SIGN_IN },
		{ "/bin/echo abc", "did not print JSON", ERR_FORMAT },
		{ "/bin/echo '{\"Version\":2}'", "no credentials of Version 1", ERR_FORMAT },
		{ "/bin/echo '{\"Version\":1}'", "no access key id", ERR_FORMAT },
		{ "/nonexistent/program", "credential_process of", ERR_NOT_FOUND },
		{ "/bin/echo '{\"Version\":1,\"AccessKeyId\":\"" ID2 "\",\"SecretAccessKey\":\"abc\","
		  "\"SessionToken\":\"d\",\"Expiration\":\"2020-01-01T00:00:00Z\"}'", "have ended",
		  ERR_SIGN_IN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit v;

		process(&v, rows[i].command);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, rows[i].code, rows[i].part, NULL);
		visit_done(&v);
	}
}

/* ---- SSO ---- */

#define SSO_CONFIG                                                                     \
	"[profile p]\nsso_session = corp\nsso_account_id = 111122223333\n"             \
	"sso_role_name = Read Only\nregion = eu-west-1\n[sso-session corp]\n"          \
	"sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n"

static void put_session(const char *ends)
{
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, "corp", -1);
	g_autofree char *name = g_strdup_printf(".aws/sso/cache/%s.json", sum);
	g_autofree char *text = g_strdup_printf("{\"accessToken\":\"tok\",\"expiresAt\":\"%s\"}", ends);

	put(name, text);
}

#define PORTAL "GET /federation/credentials?role_name=Read%20Only&account_id=111122223333"
#define ROLE_KEYS                                                                  \
	"{\"roleCredentials\":{\"accessKeyId\":\"" ID2 "\",\"secretAccessKey\":\"abc\"," \
	"\"sessionToken\":\"def\",\"expiration\":1772607967000}}"

/* As `aws sso login` of the AWS CLI leaves it for an sso-session. */
static char *put_old_session(const char *registered_until)
{
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, "corp", -1);
	g_autofree char *name = g_strdup_printf(".aws/sso/cache/%s.json", sum);
	g_autofree char *text = g_strdup_printf(
		"{\"startUrl\":\"https://corp.awsapps.com/start\",\"region\":\"eu-central-1\","
		"\"accessToken\":\"old\",\"expiresAt\":\"2026-03-04T05:06:07Z\",\"clientId\":\"c-1\","
		"\"clientSecret\":\"c-2\",\"registrationExpiresAt\":\"%s\",\"refreshToken\":\"again-1\"}",
		registered_until);

	put(name, text);
	return g_build_filename(g_get_home_dir(), name, NULL);
}

static void expect_in_file(const char *path, const char *key, const char *value)
{
	g_autofree char *text = NULL;
	g_autofree char *part = g_strdup_printf("\"%s\":\"%s\"", key, value);

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	if (!strstr(text, part))
		g_error("%s is not in %s", part, text);
}

/* A token that has ended is renewed, and what came of it is there for the AWS CLI too. */
static void test_sso_renewal(void)
{
	static const struct visit_answer script[] = {
		{ "POST /token", 200, "{\"accessToken\":\"new\",\"tokenType\":\"Bearer\",\"expiresIn\":"
				      "28800,\"refreshToken\":\"again-2\"}" },
		{ PORTAL, 200, ROLE_KEYS },
		{ PORTAL, 200, ROLE_KEYS },
		{ "POST /token", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"gone\"}" },
		{ "POST /token", 200, "{\"accessToken\":\"new\"}" },
		END
	};
	g_autofree char *path = NULL;
	struct visit v;

	begin_profile(&v, SSO_CONFIG, "", "p", script);
	path = put_old_session("2026-06-01T00:00:00Z");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(has_part(&v, 0, "POST https://oidc.eu-central-1.amazonaws.com/token"));
	g_assert_true(visit_has_line(&v, 0, "{\"clientId\":\"c-1\",\"clientSecret\":\"c-2\",\"refreshToken\":"
				     "\"again-1\",\"grantType\":\"refresh_token\"}"));
	g_assert_true(visit_has_line(&v, 1, "x-amz-sso_bearer_token: new"));
	expect_in_file(path, "accessToken", "new");
	expect_in_file(path, "refreshToken", "again-2");
	expect_in_file(path, "clientSecret", "c-2");
	expect_in_file(path, "startUrl", "https://corp.awsapps.com/start");
	g_assert_true(visit_sign_in(&v));	/* the file has one that lasts */
	g_free(put_old_session("2026-06-01T00:00:00Z"));
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "not renewed any more", NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_REPLY, "no token that lasts", NULL);
	g_free(put_old_session("2026-03-04T05:06:07Z"));	/* nor the client that it was made for */
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "aws sso login --profile p", NULL);
	g_assert_true(visit_script_is_over(&v));
	visit_done(&v);
}

static void test_sso(void)
{
	static const struct visit_answer script[] = {
		{ "GET /federation/credentials?role_name=Read%20Only&account_id=111122223333", 200,
		  "{\"roleCredentials\":{\"accessKeyId\":\"" ID2 "\",\"secretAccessKey\":\"abc\","
		  "\"sessionToken\":\"def\",\"expiration\":1772607967000}}" },
		{ "GET /federation/credentials?role_name=Read%20Only&account_id=111122223333", 401,
		  "{\"message\":\"Session token not found or invalid\"}", NULL, "x-amzn-ErrorType",
		  "UnauthorizedException" },
		{ "GET /federation/credentials?role_name=Read%20Only&account_id=111122223333", 403,
		  "{\"message\":\"No access\"}", NULL, "x-amzn-ErrorType", "ForbiddenException" },
		END
	};
	struct visit v;

	begin_profile(&v, SSO_CONFIG, "", "p", script);
	put_session("2026-03-04T09:00:00Z");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_has_line(&v, 0, "x-amz-sso_bearer_token: tok"));
	g_assert_true(has_part(&v, 0, "GET https://portal.sso.eu-central-1.amazonaws.com/"));
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "aws sso login --profile p", NULL);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_REFUSED, "role 'Read Only' of account 111122223333", NULL);
	check_opened(&(struct visit){ .access = v.access, .script = v.script }, ID2,
		     "~/.aws/config [profile p]", NOW + 3600, true);
	put_session("2026-03-04T05:06:07UTC");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "ended 1 h ago", NULL);
	visit_done(&v);
}

/* ---- web identity ---- */

static void test_web(void)
{
	static const struct visit_answer script[] = {
		{ "POST /", 200, WEB, "text/xml" },
		{ "POST /", 400, REFUSED("InvalidIdentityToken", "bad"), "text/xml" },
		END
	};
	struct visit v;
	g_autofree char *file = g_build_filename(g_get_home_dir(), "token", NULL);

	begin(&v, "web-identity", script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "AWS_WEB_IDENTITY_TOKEN_FILE", NULL);
	g_setenv("AWS_WEB_IDENTITY_TOKEN_FILE", file, TRUE);
	g_setenv("AWS_ROLE_ARN", A, TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_NOT_FOUND, "web identity", NULL);
	put("token", "eyJ.a.b\n");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(has_part(&v, 0, "&WebIdentityToken=eyJ.a.b&Action=AssumeRoleWithWebIdentity&"));
	g_assert_false(has_part(&v, 0, "Authorization"));
	g_assert_cmpint(v.access->ends, ==, NOW + 3600);
	g_assert_true(v.access->is_renewable);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "InvalidIdentityToken", "token file", NULL);
	visit_done(&v);
}

/* ---- containers ---- */

static void test_container(void)
{
	static const struct visit_answer script[] = {
		{ "GET /v2/credentials/abc", 200, METADATA }, { "GET /x?a=b", 200, METADATA },
		{ "GET /x", 500, "<html>oops</html>", "text/html" }, END
	};
	struct visit v;

	begin(&v, "container", script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "is set", NULL);
	g_setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/abc", TRUE);
	g_setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x", TRUE);
	g_assert_true(visit_sign_in(&v));
	g_assert_true(has_part(&v, 0, "GET http://169.254.170.2/v2/credentials/abc\n"));
	g_assert_true(visit_has_line(&v, 0, "Authorization: Basic x"));
	g_assert_true(has_secret(&v, "session-token", "session-of-machine"));
	visit_arg(&v, "container-uri", "http://[fd00:ec2::23]/x?a=b");
	g_assert_true(visit_sign_in(&v));
	visit_arg(&v, "container-uri", "https://creds.example/x");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_REPLY, "status 500", NULL);
	g_assert_null(strstr(v.error->message, "oops"));
	g_assert_true(visit_script_is_over(&v));
	visit_done(&v);
}

static void test_container_refused(void)
{
	static const char *const bad[] = { "http://example.com/x", "http://127.0.0.1.example.com/",
					   "http://169.254.170.20/", "http://a@127.0.0.1/",
					   "ftp://127.0.0.1/", "http:///x", "http://0x7f.1/" };

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct visit v;

		begin(&v, "container", nothing);
		visit_arg(&v, "container-uri", bad[i]);
		g_assert_false(visit_sign_in(&v));
		g_assert_nonnull(v.error);
		visit_done(&v);
	}
}

static void test_container_line_break(void)
{
	struct visit v;

	begin(&v, "container", nothing);
	g_setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1/x", TRUE);
	g_setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nHost: b", TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "line break", NULL);
	visit_done(&v);
}

/* ---- instances ---- */

static void test_instance(void)
{
	static const struct visit_answer script[] = {
		{ "PUT /latest/api/token", 200, "ticket==", "text/plain" },
		{ "GET " ROLES, 200, "web-role\n", "text/plain" },
		{ "GET " ROLES "web-role", 200, METADATA, "text/plain" },
		END
	};
	struct visit v;

	begin(&v, "instance", script);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, ID2, "instance metadata of EC2", NOW + 3600, true);
	g_assert_true(has_part(&v, 0, "PUT http://169.254.169.254/latest/api/token\n"));
	g_assert_true(visit_has_line(&v, 0, "X-aws-ec2-metadata-token-ttl-seconds: 21600"));
	g_assert_true(visit_has_line(&v, 1, "X-aws-ec2-metadata-token: ticket=="));
	g_assert_true(visit_has_line(&v, 2, "X-aws-ec2-metadata-token: ticket=="));
	visit_done(&v);
}

static void test_bad_instance(void)
{
	static const struct visit_answer scripts[][4] = {
		{ { "PUT /latest/api/token", 403, "" }, END },
		{ { "PUT /latest/api/token", 0, "" }, END },
		{ { "PUT /latest/api/token", 200, "a b" }, END },
		{ { "PUT /latest/api/token", 200, "t" }, { "GET " ROLES, 404, "" }, END },
		{ { "PUT /latest/api/token", 200, "t" }, { "GET " ROLES, 200, "r" },
		  { "GET " ROLES "r", 200, "{\"Code\":\"Failed\"}" }, END },
		{ { "PUT /latest/api/token", 200, "t" }, { "GET " ROLES, 200, "r" },
		  { "GET " ROLES "r", 200, "{\"Code\":\"Success\"}" }, END },
	};
	static const struct {
		enum err code;
		const char *part;
	} ends[] = { { ERR_REFUSED, "version 1 is not used" }, { ERR_NETWORK, "nobody answers" },
		     { ERR_REPLY, "ticket" }, { ERR_SIGN_IN, "no role" },
		     { ERR_SIGN_IN, "(Failed)" }, { ERR_FORMAT, "no access key id" } };

	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
		struct visit v;

		begin(&v, "instance", scripts[i]);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, ends[i].code, ends[i].part, NULL);
		g_assert_true(visit_script_is_over(&v));
		visit_done(&v);
	}
}

static void test_instance_off(void)
{
	struct visit v;

	begin(&v, "instance", nothing);
	g_setenv("AWS_EC2_METADATA_DISABLED", "true", TRUE);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_REFUSED, "AWS_EC2_METADATA_DISABLED", NULL);
	visit_done(&v);
}

/* ---- bad answers of STS ---- */

static void test_bad_roles(void)
{
	static const struct {
		struct visit_answer script[2];
		enum err code;
		const char *part;
	} rows[] = {
		{ { { "POST /", 403, REFUSED("AccessDenied", "User: x is not authorized to perform: "
					     "sts:AssumeRole"), "text/xml" }, END },
		  ERR_REFUSED, "sts:AssumeRole" },
		{ { { "POST /", 403, REFUSED("InvalidClientTokenId", "invalid"), "text/xml" }, END },
		  ERR_SIGN_IN, "not known there" },
		{ { { "POST /", 400, REFUSED("Throttling", "Rate exceeded"), "text/xml" }, END },
		  ERR_BUSY, "Rate exceeded" },
		{ { { "POST /", 503, "<html>gateway</html>", "text/html" }, END }, ERR_BUSY, "status 503" },
		{ { { "POST /", 200, "<AssumeRoleResponse/>", "text/xml" }, END }, ERR_FORMAT,
		  "no access key id" },
		{ { { "POST /", 200, "not XML", "text/xml" }, END }, ERR_FORMAT, "assuming the role" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct visit v;

		begin(&v, "keys", rows[i].script);
		give_keys(&v);
		visit_arg(&v, "role", A);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, rows[i].code, rows[i].part, NULL);
		visit_done(&v);
	}
}

static void test_endpoints(void)
{
	static const struct visit_answer script[] = {
		{ "POST /sts/", 200, ASSUMED(ID2, "a"), "text/xml" }, END
	};
	struct visit v;

	begin(&v, "keys", script);
	give_keys(&v);
	visit_arg(&v, "role", A);
	visit_arg(&v, "endpoint", "https://all.example");
	visit_arg(&v, "endpoints", "acm=https://acm.example, sts=https://own.example/sts");
	g_setenv("AWS_ENDPOINT_URL_STS", "https://other.example", TRUE);
	g_assert_true(visit_sign_in(&v));
	g_assert_true(has_part(&v, 0, "POST https://own.example/sts/\n"));
	g_assert_cmpstr(args_get(v.access->with, "endpoint-acm"), ==, "https://acm.example");
	g_assert_cmpstr(args_get(v.access->with, "endpoint-iam"), ==, "https://all.example");
	visit_arg(&v, "endpoints", "moon=https://own.example");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_USAGE, "moon", NULL);
	visit_done(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/aws/keys", test_keys);
	g_test_add_func("/aws/keys-missing", test_keys_missing);
	g_test_add_func("/aws/signed-out", test_signed_out);
	g_test_add_func("/aws/wrong-clock", test_wrong_clock);
	g_test_add_func("/aws/other-partition", test_other_partition);
	g_test_add_func("/aws/environment", test_environment);
	g_test_add_func("/aws/profile", test_profile);
	g_test_add_func("/aws/chain", test_chain);
	g_test_add_func("/aws/bad-profiles", test_bad_profiles);
	g_test_add_func("/aws/own-source", test_own_source);
	g_test_add_func("/aws/code", test_code);
	g_test_add_func("/aws/two-codes", test_two_codes);
	g_test_add_func("/aws/process", test_process);
	g_test_add_func("/aws/bad-process", test_bad_process);
	g_test_add_func("/aws/sso", test_sso);
	g_test_add_func("/aws/sso-renewal", test_sso_renewal);
	g_test_add_func("/aws/web", test_web);
	g_test_add_func("/aws/container", test_container);
	g_test_add_func("/aws/container-refused", test_container_refused);
	g_test_add_func("/aws/container-line-break", test_container_line_break);
	g_test_add_func("/aws/instance", test_instance);
	g_test_add_func("/aws/bad-instance", test_bad_instance);
	g_test_add_func("/aws/instance-off", test_instance_off);
	g_test_add_func("/aws/bad-roles", test_bad_roles);
	g_test_add_func("/aws/endpoints", test_endpoints);
	return g_test_run();
}
