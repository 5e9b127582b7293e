/*
 * aws_plan: how an account's answers become keys: where the first ones come from, and which
 * roles are assumed with them one after the other.
 *
 * A profile may send us to another one, that one to a third: the chain is followed here, with
 * its ends and circles, as AWS's own tools do it: a profile that is a source gives its own keys
 * when it has some, though it names a role as well.  Nothing is run and no token is read.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define SESSION_NAME "certty"

struct planning {
	const struct args *answers;
	const struct aws_shared *shared;
	struct aws_plan *plan;
};

/* ---- plans and roles ---- */

struct aws_role *aws_role_new(const char *arn)
{
	struct aws_role *role = g_new0(struct aws_role, 1);

	role->arn = g_strdup(arn);
	return role;
}

void aws_role_free(void *p)
{
	struct aws_role *role = p;

	if (!role)
		return;
	g_free(role->arn);
	g_free(role->session_name);
	g_free(role->external_id);
	g_free(role->mfa_serial);
	g_free(role->duration);
	g_free(role);
}

void aws_plan_free(struct aws_plan *p)
{
	static const size_t texts[] = {
		offsetof(struct aws_plan, from),	offsetof(struct aws_plan, profile),
		offsetof(struct aws_plan, command),	offsetof(struct aws_plan, session),
		offsetof(struct aws_plan, start_url),	offsetof(struct aws_plan, sso_region),
		offsetof(struct aws_plan, sso_account), offsetof(struct aws_plan, sso_role),
		offsetof(struct aws_plan, file),	offsetof(struct aws_plan, url),
	};

	if (!p)
		return;
	args_free(p->with);
	g_ptr_array_unref(p->roles);
	aws_keys_done(&p->keys);
	aws_role_free(p->web);
	secret_free(p->token);
	secret_free(p->renewal);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*(char **)((char *)p + texts[i]));
	g_free(p);
}

/* ---- checking what goes over the wire ---- */

static bool fits(const char *text, const char *pattern)
{
	return g_regex_match_simple(pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* clang-format off */
static const struct {
	size_t offset;
	const char *pattern, *name;
} role_checks[] = {
	{ offsetof(struct aws_role, arn), "^arn:[\\w+=/,.@-]+:iam::\\d{12}:role/[\\x21-\\x7e]{1,1000}$",
	  "role" },
	{ offsetof(struct aws_role, session_name), "^[\\w+=,.@-]{2,64}$",       "session name" },
	{ offsetof(struct aws_role, external_id),  "^[\\w+=,.@:/-]{2,1224}$",   "external id" },
	{ offsetof(struct aws_role, mfa_serial),   "^[\\w+=/:,.@-]{9,256}$",    "MFA serial" },
	{ offsetof(struct aws_role, duration),     "^(9\\d\\d|[1-9]\\d{3}|[1-3]\\d{4}|4[0-2]\\d{3}|43[01]\\d\\d|43200)$",
	  "session length of 900 to 43200 seconds" },
};
/* clang-format on */

static bool check_role(const struct aws_role *role, const char *where, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(role_checks); i++) {
		const char *text = *(char *const *)((const char *)role + role_checks[i].offset);
		g_autofree char *shown = text_harmless_dup(text, 80);

		if (!text || fits(text, role_checks[i].pattern))
			continue;
		g_set_error(error, ERR, ERR_FORMAT, "%s: '%s' is no %s", where, shown,
			    role_checks[i].name);
		return false;
	}
	return true;
}

/* ---- the first keys ---- */

static struct secret *secret_of(const char *text)
{
	return text && *text ? secret_new(text, strlen(text)) : NULL;
}

static bool fill_keys(const struct planning *on, GError **error)
{
	struct aws_plan *p = on->plan;

	p->keys.id = g_strdup(args_get(on->answers, "access-key"));
	p->keys.secret = secret_dup(args_secret(on->answers, "secret-key"));
	p->keys.session = secret_dup(args_secret(on->answers, "session-token"));
	p->is_kept = true;
	if (p->keys.id && !p->keys.secret) {
		g_set_error(error, ERR, ERR_SIGN_IN, "the secret key is needed");
		return false;
	}
	return aws_keys_check(&p->keys, "the account's own keys", error);
}

static bool fill_environment(const struct planning *on, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *session = aws_world_env("AWS_SESSION_TOKEN");
	const char *ends = aws_world_env("AWS_CREDENTIAL_EXPIRATION");

	if (!session)
		session = aws_world_env("AWS_SECURITY_TOKEN");
	p->from = g_strdup("environment (AWS_ACCESS_KEY_ID)");
	p->keys.id = g_strdup(aws_world_env("AWS_ACCESS_KEY_ID"));
	p->keys.secret = secret_of(aws_world_env("AWS_SECRET_ACCESS_KEY"));
	p->keys.session = secret_of(session);
	p->keys.ends = ends ? aws_keys_time(ends) : 0;
	p->is_kept = true;
	if (!p->keys.id || !p->keys.secret) {
		g_set_error(error, ERR, ERR_SIGN_IN, "%s is not set in the environment",
			    p->keys.id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
		return false;
	}
	return aws_keys_check(&p->keys, "the environment", error);
}

static bool fill_web(const struct planning *on, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *file = args_get(on->answers, "token-file");
	const char *role = args_get(on->answers, "role");
	const char *name = args_get(on->answers, "session-name");

	file = file && *file ? file : aws_world_env("AWS_WEB_IDENTITY_TOKEN_FILE");
	role = role && *role ? role : aws_world_env("AWS_ROLE_ARN");
	name = name && *name ? name : aws_world_env("AWS_ROLE_SESSION_NAME");
	if (!file || !role) {
		g_set_error(error, ERR, ERR_SIGN_IN, "a web identity needs %s",
			    file ? "a role (AWS_ROLE_ARN)" :
				   "a token file (AWS_WEB_IDENTITY_TOKEN_FILE)");
		return false;
	}
	p->base = AWS_BASE_WEB;
	p->file = g_strdup(file);
	p->web = aws_role_new(role);
	p->web->session_name = g_strdup(name ? name : SESSION_NAME);
	p->from = g_strdup("web identity (AWS_WEB_IDENTITY_TOKEN_FILE)");
	return check_role(p->web, "web identity", error);
}

static bool fill_container(const struct planning *on, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *said = args_get(on->answers, "container-uri");
	const char *relative = aws_world_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = aws_world_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	const char *file = aws_world_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

	if (said && *said) {
		relative = *said == '/' ? said : NULL;
		full = *said == '/' ? NULL : said;
	}
	p->base = AWS_BASE_CONTAINER;
	p->from = g_strdup("container credentials (AWS_CONTAINER_CREDENTIALS_…)");
	p->file = g_strdup(file);
	p->token = file ? NULL : secret_of(aws_world_env("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
	p->url = aws_container_url(relative, full, error);
	return p->url;
}

static bool fill_instance(const struct planning *on, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *said = args_get(on->answers, "metadata-endpoint");
	const char *off = aws_world_env("AWS_EC2_METADATA_DISABLED");
	const char *mode = aws_world_env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");

	p->base = AWS_BASE_INSTANCE;
	p->from = g_strdup("instance metadata of EC2");
	if (off && !g_ascii_strcasecmp(off, "true")) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "instance metadata is switched off by AWS_EC2_METADATA_DISABLED");
		return false;
	}
	if (!said || !*said)
		said = aws_world_env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
	if (!said && mode && !g_ascii_strcasecmp(mode, "ipv6"))
		said = "http://[fd00:ec2::254]";
	p->url = g_strdup(said ? said : "http://169.254.169.254");
	if (!aws_place_is_url(p->url)) {
		g_set_error(error, ERR, ERR_USAGE, "the address of instance metadata is no http "
			    "address");
		return false;
	}
	if (g_str_has_suffix(p->url, "/"))
		p->url[strlen(p->url) - 1] = '\0';
	return true;
}

/* ---- one profile's own keys ---- */

static const char *get(const struct planning *on, const char *profile, const char *key)
{
	return aws_shared_get(on->shared, profile, key);
}

static bool fail_profile(const char *profile, enum err code, const char *why, GError **error)
{
	g_autofree char *shown = text_harmless_dup(profile, 100);

	g_set_error(error, ERR, (gint)code, "profile '%s' %s", shown, why);
	return false;
}

static bool profile_keys(const struct planning *on, const char *profile, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *session = get(on, profile, "aws_session_token");
	const char *ends = get(on, profile, "x_security_token_expires");

	if (!session)
		session = get(on, profile, "aws_security_token");
	p->from = aws_shared_where(on->shared, profile, "aws_access_key_id");
	p->keys.id = g_strdup(get(on, profile, "aws_access_key_id"));
	p->keys.secret = secret_of(get(on, profile, "aws_secret_access_key"));
	p->keys.session = secret_of(session);
	p->keys.ends = ends ? aws_keys_time(ends) : 0;
	p->is_kept = true;
	return aws_keys_check(&p->keys, p->from, error);
}

static bool profile_web(const struct planning *on, const char *profile, GError **error)
{
	struct aws_plan *p = on->plan;
	const char *role = get(on, profile, "role_arn");
	const char *name = get(on, profile, "role_session_name");

	if (!role)
		return fail_profile(profile, ERR_FORMAT,
				    "has web_identity_token_file and no role_arn", error);
	p->base = AWS_BASE_WEB;
	p->from = aws_shared_where(on->shared, profile, "web_identity_token_file");
	p->file = g_strdup(get(on, profile, "web_identity_token_file"));
	p->web = aws_role_new(role);
	p->web->session_name = g_strdup(name ? name : SESSION_NAME);
	return check_role(p->web, p->from, error);
}

/* What stands in the profile and in its session must be the same. */
static bool sso_value(const struct planning *on, const char *profile, const char *key, char **ret,
		      GError **error)
{
	const char *own = get(on, profile, key);
	const char *shared = on->plan->session ?
		aws_shared_sso(on->shared, on->plan->session, key) : NULL;
	g_autofree char *why = NULL;

	*ret = g_strdup(shared ? shared : own);
	if (!*ret)
		why = g_strdup_printf("has no %s", key);
	else if (shared && own && strcmp(shared, own))
		why = g_strdup_printf("and its sso-session have different values of %s", key);
	return !why || fail_profile(profile, ERR_FORMAT, why, error);
}

static bool profile_sso(const struct planning *on, const char *profile, GError **error)
{
	struct aws_plan *p = on->plan;

	p->base = AWS_BASE_SSO;
	p->session = g_strdup(get(on, profile, "sso_session"));
	p->from = aws_shared_where(on->shared, profile, "sso_account_id");
	if (p->session && !aws_shared_has_sso(on->shared, p->session))
		return fail_profile(profile, ERR_FORMAT, "names an sso-session that is not there",
				    error);
	if (!sso_value(on, profile, "sso_start_url", &p->start_url, error) ||
	    !sso_value(on, profile, "sso_region", &p->sso_region, error) ||
	    !sso_value(on, profile, "sso_account_id", &p->sso_account, error) ||
	    !sso_value(on, profile, "sso_role_name", &p->sso_role, error))
		return false;
	if (!aws_partition_is_region(p->sso_region) || !fits(p->sso_account, "^\\d{12}$"))
		return fail_profile(profile, ERR_FORMAT, "has an sso_region or sso_account_id that "
				    "is none", error);
	return true;
}

static bool profile_process(const struct planning *on, const char *profile, GError **error)
{
	g_autofree char *where = aws_shared_where(on->shared, profile, "credential_process");

	on->plan->base = AWS_BASE_PROCESS;
	on->plan->command = g_strdup(get(on, profile, "credential_process"));
	on->plan->from = g_strconcat("credential_process of ", where, NULL);
	return true;
}

static bool profile_login(const struct planning *on, const char *profile, GError **error)
{
	return fail_profile(profile, ERR_SIGN_IN, "is a console login of the AWS CLI, whose keys "
			    "only it can get: give it `aws configure export-credentials --format "
			    "process` as credential_process", error);
}

/* clang-format off */
static const struct {
	const char *key;
	bool in_credentials;	/* only when it stands in the credentials file */
	bool (*fill)(const struct planning *on, const char *profile, GError **error);
} own_sources[] = {		/* in AWS's order */
	{ "web_identity_token_file", false, profile_web },
	{ "sso_account_id",          false, profile_sso },
	{ "sso_role_name",           false, profile_sso },
	{ "aws_access_key_id",       true,  profile_keys },
	{ "login_session",           false, profile_login },
	{ "credential_process",      false, profile_process },
	{ "aws_access_key_id",       false, profile_keys },
};
/* clang-format on */

static bool fill_own(const struct planning *on, const char *profile, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(own_sources); i++) {
		const char *key = own_sources[i].key;

		if (get(on, profile, key) &&
		    (!own_sources[i].in_credentials ||
		     aws_shared_is_credential(on->shared, profile, key)))
			return own_sources[i].fill(on, profile, error);
	}
	return fail_profile(profile, ERR_SIGN_IN, "has no credentials: no access key, role, SSO "
			    "session or credential_process", error);
}

/* ---- a profile that is a role, and where that leads ---- */

static bool is_role(const struct planning *on, const char *profile)
{
	return get(on, profile, "role_arn") && !get(on, profile, "web_identity_token_file");
}

/* The last role of the chain is found first. */
static bool put_role(const struct planning *on, const char *profile, GError **error)
{
	struct aws_role *role = aws_role_new(get(on, profile, "role_arn"));
	const char *name = get(on, profile, "role_session_name");
	g_autofree char *where = aws_shared_where(on->shared, profile, "role_arn");

	role->session_name = g_strdup(name ? name : SESSION_NAME);
	role->external_id = g_strdup(get(on, profile, "external_id"));
	role->mfa_serial = g_strdup(get(on, profile, "mfa_serial"));
	role->duration = g_strdup(get(on, profile, "duration_seconds"));
	g_ptr_array_insert(on->plan->roles, 0, role);
	return check_role(role, where, error);
}

/* credential_source, and a [profile]'s answer "from", by their words. */
typedef bool fill_fn(const struct planning *on, GError **error);
static const struct {
	const char *word;
	fill_fn *fill;
} sources[] = {
	{ "Environment", fill_environment },
	{ "EcsContainer", fill_container },
	{ "Ec2InstanceMetadata", fill_instance },
};

static bool fill_source(const struct planning *on, const char *profile, const char *source,
			GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		if (!strcmp(sources[i].word, source))
			return sources[i].fill(on, error);
	return fail_profile(profile, ERR_FORMAT, "has a credential_source that is none of "
			    "Environment, EcsContainer, Ec2InstanceMetadata", error);
}

static bool has_keys(const struct planning *on, const char *profile)
{
	return get(on, profile, "aws_access_key_id") && get(on, profile, "aws_secret_access_key");
}

/* The profile that a role's keys come from: one that is there, and does not lead back. */
static bool check_source(const struct planning *on, GPtrArray *seen, const char *profile,
			 const char *source, GError **error)
{
	if (!aws_shared_has(on->shared, source))
		return fail_profile(profile, ERR_NOT_FOUND, "names a source_profile that is not "
				    "there", error);
	if (seen->len >= AWS_ROLES_MAX)
		return fail_profile(profile, ERR_LIMIT, "is the end of too long a chain of roles",
				    error);
	if (!g_ptr_array_find_with_equal_func(seen, source, g_str_equal, NULL))
		return true;
	if (!strcmp(source, profile) && has_keys(on, source))
		return true;
	return fail_profile(profile, ERR_FORMAT, "leads back to itself by source_profile", error);
}

static bool fill_role(const struct planning *on, const char *profile, GError **error)
{
	g_autoptr(GPtrArray) seen = g_ptr_array_new();

	for (;;) {
		const char *source = get(on, profile, "source_profile");
		const char *kind = get(on, profile, "credential_source");

		g_ptr_array_add(seen, (char *)profile);
		if (!put_role(on, profile, error))
			return false;
		if (!source == !kind)
			return fail_profile(profile, ERR_FORMAT, source ?
				"has both source_profile and credential_source" :
				"has a role_arn and neither source_profile nor credential_source",
				error);
		if (kind)
			return fill_source(on, profile, kind, error);
		if (!check_source(on, seen, profile, source, error))
			return false;
		if (has_keys(on, source) || !is_role(on, source))
			return fill_own(on, source, error);
		profile = source;
	}
}

static bool fill_profile(const struct planning *on, GError **error)
{
	const char *profile = aws_world_profile(on->answers);

	on->plan->profile = g_strdup(profile);
	if (!aws_shared_has(on->shared, profile))
		return fail_profile(profile, ERR_NOT_FOUND, "is in neither of the two files of the "
				    "AWS CLI", error);
	return is_role(on, profile) ? fill_role(on, profile, error) : fill_own(on, profile, error);
}

/* ---- the account's own role ---- */

static char *seconds_of(const char *span)
{
	int64_t seconds;

	if (!span || !*span || !clock_read_span(span, &seconds))
		return NULL;
	return g_strdup_printf("%" G_GINT64_FORMAT, seconds);
}

static char *answer(const struct planning *on, const char *key, const char *fallback)
{
	const char *said = args_get(on->answers, key);

	return g_strdup(said && *said ? said : fallback);
}

static bool add_own_role(const struct planning *on, GError **error)
{
	const char *arn = args_get(on->answers, "role");
	g_autofree char *duration = seconds_of(args_get(on->answers, "duration"));
	struct aws_role *role;

	if (!strcmp(args_text(on->answers, "from", ""), "web-identity")) {
		on->plan->web->duration = g_steal_pointer(&duration);
		return check_role(on->plan->web, "web identity", error);
	}
	if (!arn || !*arn)
		return true;
	role = aws_role_new(arn);
	role->session_name = answer(on, "session-name", SESSION_NAME);
	role->external_id = answer(on, "external-id", NULL);
	role->mfa_serial = answer(on, "mfa-serial", NULL);
	role->duration = g_steal_pointer(&duration);
	g_ptr_array_add(on->plan->roles, role);
	return check_role(role, "the account's role", error);
}

static const struct {
	const char *from;
	fill_fn *fill;
} froms[] = {
	{ "keys", fill_keys },		     { "profile", fill_profile },
	{ "environment", fill_environment }, { "web-identity", fill_web },
	{ "container", fill_container },     { "instance", fill_instance },
};

struct aws_plan *aws_plan_make(const struct args *answers, const struct aws_shared *shared,
			       GError **error)
{
	g_autoptr(aws_plan) p = g_new0(struct aws_plan, 1);
	struct planning on = { answers, shared, p };
	const char *from = args_text(answers, "from", "keys");
	fill_fn *fill = NULL;

	p->with = args_new();
	p->roles = g_ptr_array_new_with_free_func(aws_role_free);
	for (size_t i = 0; i < G_N_ELEMENTS(froms); i++)
		if (!strcmp(froms[i].from, from))
			fill = froms[i].fill;
	if (!fill) {
		g_set_error(error, ERR, ERR_USAGE, "keys cannot come from there");
		return NULL;
	}
	if (!fill(&on, error) || !add_own_role(&on, error) ||
	    !aws_world_find(answers, strcmp(from, "keys") ? shared : NULL,
			    aws_world_profile(answers), p->with, error))
		return NULL;
	return g_steal_pointer(&p);
}
