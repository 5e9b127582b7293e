/* test-vault: every way to sign in to Vault and OpenBao, and every way in which that fails. */
#include "visit.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define AT "https://vault.example:8200/"
#define SEAL "GET /v1/sys/seal-status"
#define LOOK "GET /v1/auth/token/lookup-self"
#define RENEW "POST /v1/auth/token/renew-self"
#define OPEN_SEAL                                                                      \
	{ SEAL, 200,                                                                   \
	  "{\"initialized\":true,\"sealed\":false,\"version\":\"2.7.2\","              \
	  "\"commit_date\":\"2026-10-26T20:32:27Z\"}" }
#define HEALTH_AT "GET /v1/sys/health?standbyok=true&perfstandbyok=true&activecode=200" \
	"&standbycode=200&performancestandbycode=200&drsecondarycode=200&sealedcode=200" \
	"&uninitcode=200"
#define WELL { HEALTH_AT, 200, "{\"initialized\":true,\"sealed\":false,\"standby\":false}" }
#define MAY(caps) { "POST /v1/sys/capabilities-self", 200, "{\"data\":{" caps "}}" }
#define LIFE(ttl, span, renewable)                                                     \
	"{\"data\":{\"display_name\":\"approle\",\"policies\":[\"default\",\"web\"],"  \
	"\"ttl\":" #ttl ",\"creation_ttl\":" #span ",\"renewable\":" renewable "}}"
#define LET_IN                                                                         \
	"{\"auth\":{\"client_token\":\"hvs.NEW\",\"lease_duration\":3600,"             \
	"\"renewable\":true,\"mfa_requirement\":null}}"
#define SAYS(text) "{\"errors\":[\"" text "\"]}"
#define DENIED SAYS("1 error occurred:\\n\\t* permission denied\\n\\n")
#define END { NULL }

static void begin(struct visit *v, const char *auth, const struct visit_answer *script)
{
	visit_init(v, "vault");
	visit_arg(v, "address", AT);
	visit_arg(v, "auth", auth);
	visit_script(v, script);
}

static const char *token_of(const struct visit *v)
{
	const struct secret *s = args_secret(v->access->with, "token");

	return s ? s->bytes : "";
}

static void check_opened(struct visit *v, const char *token, int64_t lasts)
{
	g_assert_no_error(v->error);
	g_assert_cmpstr(token_of(v), ==, token);
	g_assert_cmpint(v->access->ends, ==, lasts ? v->now + lasts : 0);
	g_assert_true(visit_script_is_over(v));
}

/* ---- each way to sign in ---- */

static void test_token(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { LOOK, 200, LIFE(3000, 3600, "true") }, END
	};
	struct visit v;

	begin(&v, "token", script);
	visit_arg(&v, "namespace", "team-a");
	visit_secret(&v, "token", "hvs.OLD");
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, "hvs.OLD", 3000);
	g_assert_true(v.access->is_renewable);
	g_assert_true(visit_has_line(&v, 1, "X-Vault-Token: hvs.OLD"));
	g_assert_true(visit_has_line(&v, 1, "X-Vault-Namespace: team-a"));
	g_assert_true(visit_has_line(&v, 1, "X-Vault-Request: true"));
	g_assert_false(visit_has_line(&v, 0, "X-Vault-Namespace: team-a"));
	visit_done(&v);
}

/* A root token has no end. */
static void test_token_without_end(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { LOOK, 200, LIFE(0, 0, "false") }, END
	};
	struct visit v;

	begin(&v, "token", script);
	visit_secret(&v, "token", "root");
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, "root", 0);
	g_assert_false(v.access->is_renewable);
	visit_done(&v);
}

/* Without the policy "default" a token may not look at itself, and is good all the same. */
static void test_token_that_cannot_look(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { LOOK, 403, DENIED }, { LOOK, 403, DENIED }, OPEN_SEAL,
		{ HEALTH_AT, 200, "{\"initialized\":true,\"standby\":true}" },
		MAY("\"sys/mounts/*\":[\"create\",\"update\"],\"sys/plugins/catalog/secret/*\":[\"deny\"]"),
		END
	};
	struct visit v;

	begin(&v, "token", script);
	visit_secret(&v, "token", "hvs.BLIND");
	g_assert_true(visit_test(&v));
	check_opened(&v, "hvs.BLIND", 0);
	g_assert_nonnull(strstr(v.said, "do not let it look at itself"));
	g_assert_nonnull(strstr(v.said, "a standby of its cluster"));
	g_assert_true(g_str_has_suffix(v.said, "; it may: enable engines"));
	g_assert_null(v.who_said);
	visit_done(&v);
}

struct login {
	const char *auth;
	const char *args[8];	/* key, value… */
	const char *secret, *value;
	const char *target, *body;
};

/* clang-format off */
static const struct login logins[] = {
	{ "approle", { "role-id", "r1" }, "secret-id", "s\"1",
	  "POST /v1/auth/approle/login", "{\"role_id\":\"r1\",\"secret_id\":\"s\\\"1\"}" },
	{ "approle", { "role-id", "r1", "mount", "/auth/ci/app/" }, NULL, NULL,
	  "POST /v1/auth/ci/app/login", "{\"role_id\":\"r1\"}" },
	{ "userpass", { "user", "jo/../x" }, "password", "pw",
	  "POST /v1/auth/userpass/login/jo%2F..%2Fx", "{\"password\":\"pw\"}" },
	{ "ldap", { "user", "jo", "mount", "corp ldap" }, "password", "pw",
	  "POST /v1/auth/corp%20ldap/login/jo", "{\"password\":\"pw\"}" },
	{ "jwt", { "role", "web" }, "jwt", "a.b.c",
	  "POST /v1/auth/jwt/login", "{\"role\":\"web\",\"jwt\":\"a.b.c\"}" },
	{ "cert", { "role", "web" }, NULL, NULL,
	  "POST /v1/auth/cert/login", "{\"name\":\"web\"}" },
	{ "cert", { NULL }, NULL, NULL, "POST /v1/auth/cert/login", "{}" },
};
/* clang-format on */

static void test_logins(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(logins); i++) {
		const struct login *l = &logins[i];
		const struct visit_answer script[] = {
			OPEN_SEAL, { l->target, 200, LET_IN }, END
		};
		struct visit v;

		begin(&v, l->auth, script);
		for (const char *const *a = l->args; *a; a += 2)
			visit_arg(&v, a[0], a[1]);
		if (l->secret)
			visit_secret(&v, l->secret, l->value);
		g_assert_true(visit_sign_in(&v));
		check_opened(&v, "hvs.NEW", 3600);
		g_assert_true(v.access->is_renewable);
		g_assert_true(visit_has_line(&v, 1, l->body));
		visit_done(&v);
	}
}

static void test_jwt_file(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { "POST /v1/auth/kubernetes/login", 200, LET_IN }, END
	};
	g_autofree char *path = g_build_filename(g_get_home_dir(), "jwt", NULL);
	struct visit v;

	g_assert_true(g_file_set_contents(path, "a.b.c\n", -1, NULL));
	begin(&v, "kubernetes", script);
	visit_arg(&v, "role", "web");
	visit_arg(&v, "jwt-file", path);
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, "hvs.NEW", 3600);
	g_assert_true(visit_has_line(&v, 1, "{\"role\":\"web\",\"jwt\":\"a.b.c\"}"));
	g_assert_cmpstr(v.access->from, ==, "~/jwt");
	visit_done(&v);
}

/* An agent has a token of its own; ours would be in its way. */
static void test_agent(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { LOOK, 200, LIFE(3000, 3600, "true") },
		{ LOOK, 200, LIFE(3000, 3600, "true") }, OPEN_SEAL, { HEALTH_AT, 403, "{}" },
		MAY("\"sys/mounts/*\":[\"deny\"]"), END
	};
	struct visit v;

	begin(&v, "agent", script);
	g_assert_true(visit_test(&v));
	g_assert_null(strstr(v.asked->pdata[2], "X-Vault-Token"));
	g_assert_true(visit_has_line(&v, 2, "X-Vault-Request: true"));
	visit_done(&v);
}

/* ---- a secret ID that is wrapped ---- */

#define UNWRAP "POST /v1/sys/wrapping/unwrap"

static void test_wrapped(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL,
		{ UNWRAP, 200, "{\"data\":{\"secret_id\":\"inner\"}}" },
		{ "POST /v1/auth/approle/login", 200, LET_IN },
		/* when the token is dead, what was unwrapped is used again */
		OPEN_SEAL, { LOOK, 403, SAYS("permission denied") },
		{ "POST /v1/auth/approle/login", 200, LET_IN }, END
	};
	struct visit v;

	begin(&v, "approle", script);
	visit_arg(&v, "role-id", "r1");
	visit_arg(&v, "wrapped", "yes");
	visit_secret(&v, "secret-id", "hvs.WRAP");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_has_line(&v, 1, "X-Vault-Token: hvs.WRAP"));
	g_assert_true(visit_has_line(&v, 2, "{\"role_id\":\"r1\",\"secret_id\":\"inner\"}"));
	g_assert_cmpstr(args_secret(v.access->instead, "secret-id")->bytes, ==, "inner");
	g_assert_cmpstr(args_get(v.access->instead, "wrapped"), ==, "no");
	g_assert_true(visit_sign_in(&v));
	g_assert_true(visit_has_line(&v, 5, "{\"role_id\":\"r1\",\"secret_id\":\"inner\"}"));
	check_opened(&v, "hvs.NEW", 3600);
	visit_done(&v);
}

static void test_wrapped_and_used(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL,
		{ UNWRAP, 400, SAYS("wrapping token is not valid or does not exist") }, END
	};
	struct visit v;

	begin(&v, "approle", script);
	visit_arg(&v, "role-id", "r1");
	visit_arg(&v, "wrapped", "yes");
	visit_secret(&v, "secret-id", "hvs.WRAP");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "unwrapping the secret ID", "not valid or does not exist",
			   "somebody else has the secret ID", NULL);
	visit_done(&v);
}

/* ---- a second factor ---- */

#define FACTOR(id, code)                                                               \
	"\"" id "\":{\"any\":[{\"type\":\"totp\",\"id\":\"" id "\",\"uses_passcode\":" code "}]}"
#define DEMAND(constraints)                                                            \
	"{\"auth\":{\"client_token\":\"\",\"mfa_requirement\":{\"mfa_request_id\":\"q1\"," \
	"\"mfa_constraints\":{" constraints "}}}}"
#define USERPASS "POST /v1/auth/userpass/login/jo"

static void begin_userpass(struct visit *v, const struct visit_answer *script)
{
	begin(v, "userpass", script);
	visit_arg(v, "user", "jo");
	visit_secret(v, "password", "pw");
}

static void test_factor(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { USERPASS, 200, DEMAND(FACTOR("m1", "true")) },
		{ "POST /v1/sys/mfa/validate", 200, LET_IN }, END
	};
	struct visit v;

	begin_userpass(&v, script);
	visit_secret(&v, "code", "123456");
	g_assert_true(visit_sign_in(&v));
	check_opened(&v, "hvs.NEW", 3600);
	g_assert_true(visit_has_line(&v, 2, "{\"mfa_request_id\":\"q1\",\"mfa_payload\":{\"m1\":"
					    "[\"123456\"]}}"));
	visit_done(&v);
}

static void test_factor_on_telephone(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { USERPASS, 200, DEMAND(FACTOR("m1", "false")) },
		{ "POST /v1/sys/mfa/validate", 403, SAYS("failed to satisfy enforcement") }, END
	};
	struct visit v;

	begin_userpass(&v, script);
	g_assert_false(visit_sign_in(&v));
	g_assert_true(visit_has_line(&v, 2, "{\"mfa_request_id\":\"q1\",\"mfa_payload\":{\"m1\":[]}}"));
	visit_expect_error(&v, ERR_SIGN_IN, "second factor", "failed to satisfy", NULL);
	visit_done(&v);
}

static void test_factor_missing(void)
{
	static const struct visit_answer one[] = {
		OPEN_SEAL, { USERPASS, 200, DEMAND(FACTOR("m1", "true")) }, END
	};
	static const struct visit_answer two[] = {
		OPEN_SEAL, { USERPASS, 200, DEMAND(FACTOR("m1", "true") "," FACTOR("m2", "true")) }, END
	};
	struct visit v;

	begin_userpass(&v, one);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "one-time code as well (totp)", NULL);
	visit_script(&v, two);
	visit_secret(&v, "code", "123456");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "several more factors", NULL);
	visit_done(&v);
}

/* ---- the life of a token ---- */

static void begin_old(struct visit *v, const char *auth, const struct visit_answer *script)
{
	begin(v, auth, script);
	visit_arg(v, "role-id", "r1");
	visit_secret(v, "token", "hvs.OLD");
	v->access = access_new();
	args_put_secret(v->access->with, "token", secret_new("hvs.OLD", 7));
	v->access->ends = v->now + 100;
}

#define APPROLE "POST /v1/auth/approle/login"
#define GIVES(seconds)                                                                 \
	"{\"auth\":{\"client_token\":\"hvs.OLD\",\"lease_duration\":" #seconds ",\"renewable\":true}}"

static const struct {
	const char *name, *auth;
	struct visit_answer script[6];
	const char *token;
	int64_t lasts;
	bool is_renewable;
} lives[] = {
	{ "young", "approle", { OPEN_SEAL, { LOOK, 200, LIFE(3000, 3600, "true") }, END },
	  "hvs.OLD", 3000, true },
	{ "renewed", "approle",
	  { OPEN_SEAL, { LOOK, 200, LIFE(600, 3600, "true") }, { RENEW, 200, GIVES(3600) }, END },
	  "hvs.OLD", 3600, true },
	{ "shrinking", "approle",
	  { OPEN_SEAL, { LOOK, 200, LIFE(600, 3600, "true") }, { RENEW, 200, GIVES(700) },
	    { APPROLE, 200, LET_IN }, END },
	  "hvs.NEW", 3600, true },
	{ "not renewable", "approle",
	  { OPEN_SEAL, { LOOK, 200, LIFE(600, 3600, "false") }, { APPROLE, 200, LET_IN }, END },
	  "hvs.NEW", 3600, true },
	{ "dead", "approle",
	  { OPEN_SEAL, { LOOK, 403, SAYS("permission denied") }, { APPROLE, 200, LET_IN }, END },
	  "hvs.NEW", 3600, true },
	{ "refused renewal", "approle",
	  { OPEN_SEAL, { LOOK, 200, LIFE(600, 3600, "true") },
	    { RENEW, 400, SAYS("lease is not renewable") }, { APPROLE, 200, LET_IN }, END },
	  "hvs.NEW", 3600, true },
	{ "token near its longest life", "token",
	  { OPEN_SEAL, { LOOK, 200, LIFE(600, 3600, "true") }, { RENEW, 200, GIVES(650) }, END },
	  "hvs.OLD", 650, false },
	{ "blind", "token", { OPEN_SEAL, { LOOK, 403, DENIED }, END }, "hvs.OLD", 100, false },
};

static void test_lives(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lives); i++) {
		struct visit v;

		g_test_message("%s", lives[i].name);
		begin_old(&v, lives[i].auth, lives[i].script);
		g_assert_true(visit_sign_in(&v));
		check_opened(&v, lives[i].token, lives[i].lasts);
		g_assert_true(v.access->is_renewable == lives[i].is_renewable);
		visit_done(&v);
	}
}

/* A token that is dead where it came from: nothing can be had without a person. */
static void test_dead_token(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { LOOK, 403, SAYS("permission denied") },
		{ LOOK, 403, SAYS("permission denied") }, END
	};
	struct visit v;

	begin_old(&v, "token", script);
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_SIGN_IN, "https://vault.example:8200:", "unknown, revoked or has ended",
			   NULL);
	visit_done(&v);
}

/* What a policy forbids is no reason to sign in again; a token that died is. */
static void test_signed_out(void)
{
	static const struct {
		int status;
		const char *body;
		bool is_out;
	} cases[] = {
		{ 403, SAYS("permission denied"), true },
		{ 403, SAYS("bad token"), true },
		{ 403, SAYS("2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n"), true },
		{ 403, DENIED, false },
		{ 403, SAYS("preflight capability check returned 403"), false },
		{ 403, "<html>", false },
		{ 401, "", true },
		{ 404, SAYS("permission denied"), false },
	};
	const struct provider *p = provider_find("vault");

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct reply r = { .status = cases[i].status };

		r.body = g_bytes_new(cases[i].body, strlen(cases[i].body));
		g_test_message("%d %s", cases[i].status, cases[i].body);
		g_assert_true(p->is_signed_out(&r, NULL) == cases[i].is_out);
		g_bytes_unref(r.body);
	}
}

/* ---- who we are ---- */

static void test_who(void)
{
	static const struct visit_answer script[] = {
		OPEN_SEAL, { APPROLE, 200, LET_IN },
		{ LOOK, 403, SAYS("permission denied") },	/* revoked meanwhile */
		OPEN_SEAL, { LOOK, 403, SAYS("permission denied") }, { APPROLE, 200, LET_IN },
		{ LOOK, 200, LIFE(3600, 3600, "true") }, OPEN_SEAL, WELL,
		{ "POST /v1/sys/capabilities-self", 403, DENIED }, END
	};
	struct visit v;

	begin(&v, "approle", script);
	visit_arg(&v, "role-id", "r1");
	visit_arg(&v, "namespace", "team");
	g_assert_true(visit_test(&v));
	g_assert_cmpstr(v.who_said, ==, "approle");
	g_assert_cmpstr(v.said, ==, "OpenBao 2.7.2 at https://vault.example:8200, unsealed and active, "
				    "namespace team: token of approle, policies default, web; it ends "
				    "in 1 h, can be renewed");
	g_assert_true(visit_script_is_over(&v));
	visit_done(&v);
}

/* ---- failures ---- */

static const struct failure {
	const char *name;
	struct visit_answer script[5];
	enum err code;
	const char *says[3];
} failures[] = {
	{ "sealed",
	  { { SEAL, 200, "{\"initialized\":true,\"sealed\":true,\"t\":3,\"progress\":1}" }, END },
	  ERR_BUSY, { "sealed, with 1 of 3 unseal keys given", "unseal takes" } },
	{ "not initialised", { { SEAL, 200, "{\"initialized\":false,\"sealed\":true}" }, END },
	  ERR_BUSY, { "not initialised" } },
	{ "nobody", { { SEAL, 0 }, END }, ERR_NETWORK, { "nobody answers" } },
	{ "standby points elsewhere", { { SEAL, 307 }, END }, ERR_NETWORK,
	  { "standby", "address of the cluster" } },
	{ "another server", { { SEAL, 200, "<html>hello", "text/html" }, END }, ERR_REPLY,
	  { "does not answer as a Vault server does", "without /v1" } },
	{ "refused", { OPEN_SEAL, { USERPASS, 400, SAYS("invalid username or password") }, END },
	  ERR_SIGN_IN, { "signing in by userpass at auth/userpass",
			 "'invalid username or password' (400)", "check user and password" } },
	{ "wrapped refusal", { { SEAL, 403, SAYS("no") },
			       { USERPASS, 403, DENIED }, END },
	  ERR_SIGN_IN, { "'permission denied' (403)" } },
	{ "no such mount", { OPEN_SEAL, { USERPASS, 404, SAYS("no handler for route") }, END },
	  ERR_SIGN_IN, { "check the mount and the namespace" } },
	{ "sealed since",
	  { OPEN_SEAL, { USERPASS, 503, SAYS("Vault is sealed") },
	    { HEALTH_AT, 200, "{\"initialized\":true,\"sealed\":true}" },
	    { SEAL, 200, "{\"initialized\":true,\"sealed\":true,\"t\":5,\"progress\":2}" }, END },
	  ERR_BUSY, { "sealed, with 2 of 5 unseal keys given" } },
	{ "no active node",
	  { OPEN_SEAL, { USERPASS, 500, SAYS("local node not active but active cluster node not found") },
	    { HEALTH_AT, 200, "{\"initialized\":true,\"sealed\":false,\"standby\":true}" }, END },
	  ERR_BUSY, { "this node is a standby" } },
	{ "disaster recovery secondary",
	  { OPEN_SEAL, { USERPASS, 472 },
	    { HEALTH_AT, 200, "{\"initialized\":true,\"replication_dr_mode\":\"secondary\"}" }, END },
	  ERR_BUSY, { "disaster recovery" } },
	{ "a proxy's page",
	  { OPEN_SEAL, { USERPASS, 502, "<html>", "text/html" }, { HEALTH_AT, 502, "<html>" }, END },
	  ERR_NETWORK, { "status 502, with a web page that is not Vault's", "could not reach it" } },
	{ "quota", { OPEN_SEAL, { USERPASS, 429, SAYS("request path rate limit quota exceeded") },
		     { HEALTH_AT, 0 }, END },
	  ERR_BUSY, { "quota exceeded", "try again later" } },
	{ "an answer without a token", { OPEN_SEAL, { USERPASS, 200, "{\"wrap_info\":{}}" }, END },
	  ERR_REPLY, { "without a token" } },
	{ "a token that is none",
	  { OPEN_SEAL, { USERPASS, 200, "{\"auth\":{\"client_token\":\"a\\nX: y\"}}" }, END },
	  ERR_REPLY, { "without a token" } },
};

static void test_failures(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		const struct failure *f = &failures[i];
		struct visit v;

		g_test_message("%s", f->name);
		begin_userpass(&v, f->script);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, f->code, "https://vault.example:8200", f->says[0], f->says[1],
				   f->says[2], NULL);
		g_assert_null(strstr(v.error->message, "pw"));
		g_assert_true(visit_script_is_over(&v));
		visit_done(&v);
	}
}

/* What is missing is said by the name of its field before anything is sent to log in. */
static void test_missing(void)
{
	static const struct visit_answer script[] = { OPEN_SEAL, END };
	static const char *const ways[][2] = {
		{ "token", "Token (token)" },     { "approle", "Role ID (role-id)" },
		{ "userpass", "User (user)" },    { "jwt", "JWT (jwt)" },
	};
	struct visit v;

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		begin(&v, ways[i][0], script);
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, ERR_SIGN_IN, ways[i][0], ways[i][1], NULL);
		visit_done(&v);
	}
	begin(&v, "token", script);
	visit_secret(&v, "token", "two words");
	g_assert_false(visit_sign_in(&v));
	visit_expect_error(&v, ERR_FORMAT, "has blanks in it", NULL);
	visit_done(&v);
}

/* ---- tokens where other programs keep them ---- */

static const struct visit_answer place_script[] = {
	OPEN_SEAL, { LOOK, 200, LIFE(3000, 3600, "true") }, END
};

static char *home_file(const char *name, const char *text)
{
	char *path = g_build_filename(g_get_home_dir(), name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void check_place(const char *auth, const char *tool, const char *token, const char *from)
{
	struct visit v;

	begin(&v, auth, place_script);
	visit_arg(&v, "tool", tool);
	if (token) {
		g_assert_true(visit_sign_in(&v));
		check_opened(&v, token, 3000);
		g_assert_cmpstr(v.access->from, ==, from);
	} else {
		g_assert_false(visit_sign_in(&v));
		visit_expect_error(&v, (enum err)v.error->code, from, NULL);
	}
	visit_done(&v);
}

static void forget_environment(void)
{
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name; name++)
		if (g_str_has_prefix(*name, "VAULT_") || g_str_has_prefix(*name, "BAO_"))
			g_unsetenv(*name);
}

static void test_places(void)
{
	g_autofree char *file = NULL, *config = NULL, *helper = NULL, *line = NULL, *from = NULL;

	forget_environment();
	check_place("environment", "bao", NULL, "neither BAO_TOKEN nor VAULT_TOKEN");
	check_place("token-helper", "vault", NULL, "no token helper is configured in ~/.vault");
	file = home_file(".vault-token", "hvs.FILE\n");
	check_place("environment", "vault", "hvs.FILE", "~/.vault-token");
	check_place("token-file", "bao", "hvs.FILE", "~/.vault-token");

	helper = home_file("helper", "#!/bin/sh\n[ \"$1 $2\" = 'x get' ] && echo hvs.HELPER\n");
	g_assert_cmpint(g_chmod(helper, 0700), ==, 0);
	line = g_strdup_printf("# mine\ntoken_helper = \"%s x\"\n", helper);
	config = home_file(".vault", line);
	check_place("environment", "vault", "hvs.HELPER", "token helper ~/helper");
	check_place("token-helper", "bao", "hvs.HELPER", "token helper ~/helper");
	g_setenv("VAULT_TOKEN", "hvs.ENV", TRUE);
	check_place("environment", "bao", "hvs.ENV", "VAULT_TOKEN");
	g_setenv("BAO_TOKEN", "hvs.BAO", TRUE);
	check_place("environment", "bao", "hvs.BAO", "BAO_TOKEN");
	check_place("environment", "vault", "hvs.ENV", "VAULT_TOKEN");
	forget_environment();

	g_free(helper);
	helper = home_file("helper", "#!/bin/sh\necho no such login >&2; exit 3\n");
	g_assert_cmpint(g_chmod(helper, 0700), ==, 0);
	check_place("token-helper", "bao", NULL, "ended with status 3: no such login");
	g_free(config);
	config = home_file(".vault", "token_helper = relative/x\n");
	check_place("token-helper", "bao", NULL, "~/.vault: its token_helper cannot be read");
	g_assert_cmpint(g_unlink(config), ==, 0);
	g_free(file);
	file = home_file(".vault-token", "two words\n");
	check_place("token-file", "bao", NULL, "has no token");
	g_assert_cmpint(g_unlink(file), ==, 0);
}

/* ---- accounts that are found ---- */

static GPtrArray *find(GPtrArray *troubles)
{
	GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);

	provider_find("vault")->find_accounts(found, troubles);
	return found;
}

static void check_answer(GPtrArray *found, guint i, const char *key, const char *value)
{
	const struct account *a = found->pdata[i];

	g_assert_cmpstr(args_get(a->answers, key), ==, value);
}

static void test_find(void)
{
	static const char *const set[][2] = {
		{ "VAULT_ADDR", "https://v.example:8200" }, { "VAULT_TOKEN", "hvs.ENV" },
		{ "VAULT_NAMESPACE", "team" },              { "VAULT_CACERT", "/ca.pem" },
		{ "VAULT_CAPATH", "/ca.d" },                { "VAULT_CLIENT_CERT", "/c.pem" },
		{ "VAULT_CLIENT_KEY", "/k.pem" },           { "VAULT_TLS_SERVER_NAME", "name" },
		{ "VAULT_HTTP_PROXY", "http://p:1" },       { "VAULT_SKIP_VERIFY", "true" },
	};
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free), found = NULL;
	const struct account *a;

	forget_environment();
	found = find(troubles);
	g_assert_cmpuint(found->len + troubles->len, ==, 0);
	g_ptr_array_unref(found);
	for (size_t i = 0; i < G_N_ELEMENTS(set); i++)
		g_setenv(set[i][0], set[i][1], TRUE);
	found = find(troubles);
	g_assert_cmpuint(found->len, ==, 1);
	a = found->pdata[0];
	g_assert_cmpstr(a->id, ==, "vault:vault");
	g_assert_cmpint(a->origin, ==, ACCOUNT_FOUND);
	g_assert_cmpstr(a->title, ==, "Vault at v.example:8200");
	g_assert_cmpstr(a->secret_from, ==, "VAULT_TOKEN");
	g_assert_null(a->trouble);
	check_answer(found, 0, "address", "https://v.example:8200");
	check_answer(found, 0, "namespace", "team");
	check_answer(found, 0, "auth", "environment");
	check_answer(found, 0, "tool", "vault");
	check_answer(found, 0, "ca-file", "/ca.pem");
	check_answer(found, 0, "ca-folder", "/ca.d");
	check_answer(found, 0, "cert-file", "/c.pem");
	check_answer(found, 0, "key-file", "/k.pem");
	check_answer(found, 0, "tls-name", "name");
	check_answer(found, 0, "proxy", "http://p:1");
	g_assert_cmpuint(troubles->len, ==, 1);
	g_assert_nonnull(strstr(troubles->pdata[0], "VAULT_SKIP_VERIFY is set, and not heeded"));
	forget_environment();
}

/* BAO_ names come first, and where both name a server they are two. */
static void test_find_both(void)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free), found = NULL;

	forget_environment();
	g_setenv("BAO_ADDR", "https://b.example:8200", TRUE);
	g_setenv("VAULT_NAMESPACE", "team", TRUE);
	found = find(troubles);
	g_assert_cmpuint(found->len, ==, 1);
	check_answer(found, 0, "address", "https://b.example:8200");
	check_answer(found, 0, "namespace", "team");
	g_assert_nonnull(strstr(((struct account *)found->pdata[0])->trouble, "there is no token"));
	g_ptr_array_unref(found);
	g_setenv("VAULT_ADDR", "https://v.example:8200", TRUE);
	g_setenv("BAO_NAMESPACE", "other", TRUE);
	found = find(troubles);
	g_assert_cmpuint(found->len, ==, 2);
	check_answer(found, 0, "namespace", "other");
	check_answer(found, 1, "namespace", "team");
	check_answer(found, 1, "address", "https://v.example:8200");
	g_ptr_array_unref(found);
	g_setenv("VAULT_ADDR", "unix:///run/vault", TRUE);
	g_unsetenv("BAO_ADDR");
	found = find(troubles);
	g_assert_cmpuint(found->len, ==, 0);
	g_assert_nonnull(strstr(troubles->pdata[troubles->len - 1], "unix:///run/vault"));
	forget_environment();
}

/* A token alone is for the server on this machine, as the tools have it. */
static void test_find_token_file(void)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free), found = NULL;
	g_autofree char *file = home_file(".vault-token", "hvs.FILE");

	forget_environment();
	found = find(troubles);
	g_assert_cmpuint(found->len, ==, 1);
	check_answer(found, 0, "address", "https://127.0.0.1:8200");
	g_assert_cmpstr(((struct account *)found->pdata[0])->secret_from, ==, "~/.vault-token");
	g_assert_cmpint(g_unlink(file), ==, 0);
}

/* ---- what is pasted ---- */

#define GOOD_TOKEN "hvs.CAESIJexampleexample"

static const struct {
	const char *block;
	const char *plain[8];	/* key, value… */
	const char *secret, *value;
	const char *wrong;	/* of its error, when it is ours and broken */
} blocks[] = {
	{ GOOD_TOKEN "\n", { "auth", "token" }, "token", GOOD_TOKEN },
	{ "  s.vbwFeHTK6guK8GLSbJ2Z5ruB ", { "auth", "token" }, "token", "s.vbwFeHTK6guK8GLSbJ2Z5ruB" },
	{ "hvs.short", { NULL } },
	{ "{\"role_id\":\"r\",\"secret_id\":\"s\"}", { "auth", "approle", "role-id", "r" }, "secret-id",
	  "s" },
	{ "{\"data\":{\"secret_id\":\"s\",\"secret_id_ttl\":0}}", { "auth", "approle" }, "secret-id", "s" },
	{ "{\"data\":null,\"wrap_info\":{\"token\":\"" GOOD_TOKEN "\",\"creation_path\":"
	  "\"auth/ci/role/web/secret-id\"}}",
	  { "auth", "approle", "wrapped", "yes", "mount", "ci" }, "secret-id", GOOD_TOKEN },
	{ "{\"wrap_info\":{\"token\":\"" GOOD_TOKEN "\",\"creation_path\":\"kv/x\"}}", { NULL }, NULL, NULL,
	  "no secret ID" },
	{ "{\"auth\":{\"client_token\":\"" GOOD_TOKEN "\"}}", { "auth", "token" }, "token", GOOD_TOKEN },
	{ "{\"tenant\":1}", { NULL } },
	{ "{\"role_id\":", { NULL } },
	{ "# mine\nexport VAULT_ADDR='https://v:8200'\nexport VAULT_TOKEN=\"" GOOD_TOKEN "\"\r\n",
	  { "address", "https://v:8200", "auth", "token" }, "token", GOOD_TOKEN },
	{ "BAO_ADDR=https://b\nVAULT_ADDR=https://v\nPATH=/bin", { "address", "https://b" } },
	{ "VAULT_ADDR=https://v\nexport BAO_ADDR=https://b\n", { "address", "https://b" } },
	{ "VAULT_ROLE_ID=r\nVAULT_SECRET_ID=s", { "auth", "approle", "role-id", "r" }, "secret-id", "s" },
	{ "VAULT_TOKEN=two words", { NULL }, NULL, NULL, "has blanks in it" },
	{ "PATH=/bin", { NULL } },
	{ "hello", { NULL } },
	{ "", { NULL } },
};

static void test_blocks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		g_autoptr(secret) block = secret_new(blocks[i].block, strlen(blocks[i].block));
		g_autoptr(args) ret = args_new();
		g_autoptr(GError) error = NULL;
		bool ok = provider_find("vault")->info->read_block(block, ret, &error);
		g_auto(GStrv) keys = args_keys(ret), secrets = args_secret_keys(ret);
		guint n = 0;

		g_test_message("%s", blocks[i].block);
		g_assert_true(ok == (blocks[i].plain[0] || blocks[i].secret));
		g_assert_true(!error == !blocks[i].wrong);
		if (error)
			g_assert_nonnull(strstr(error->message, blocks[i].wrong));
		for (const char *const *p = blocks[i].plain; *p; p += 2, n++)
			g_assert_cmpstr(args_get(ret, p[0]), ==, p[1]);
		g_assert_cmpuint(g_strv_length(keys), ==, n);
		g_assert_cmpuint(g_strv_length(secrets), ==, blocks[i].secret ? 1 : 0);
		if (blocks[i].secret)
			g_assert_cmpstr(args_secret(ret, blocks[i].secret)->bytes, ==, blocks[i].value);
	}
}

/* ---- the tables ---- */

static void test_fields(void)
{
	const struct provider_info *info = provider_find("vault")->info;
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;

	for (const struct column_alias *c = info->aliases; c->header; c++)
		g_assert_nonnull(field_find(info->account_fields, c->key));
	args_set(a, "address", "https://vault.example:8200");
	args_put_secret(a, "token", secret_new("x", 1));
	g_assert_true(field_check(info->account_fields, a, &error));
	g_assert_false(field_check_one(field_find(info->account_fields, "address"), "vault:8200", NULL));
	g_assert_false(field_check_one(field_find(info->account_fields, "address"),
				       "https://user@vault:8200", NULL));
	g_assert_true(field_check_one(field_find(info->account_fields, "address"), "http://127.0.0.1:8200/",
				      NULL));
}

int main(int argc, char **argv)
{
	secret_heap_open();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vault/token", test_token);
	g_test_add_func("/vault/token-without-end", test_token_without_end);
	g_test_add_func("/vault/token-that-cannot-look", test_token_that_cannot_look);
	g_test_add_func("/vault/logins", test_logins);
	g_test_add_func("/vault/jwt-file", test_jwt_file);
	g_test_add_func("/vault/agent", test_agent);
	g_test_add_func("/vault/wrapped", test_wrapped);
	g_test_add_func("/vault/wrapped-and-used", test_wrapped_and_used);
	g_test_add_func("/vault/factor", test_factor);
	g_test_add_func("/vault/factor-on-telephone", test_factor_on_telephone);
	g_test_add_func("/vault/factor-missing", test_factor_missing);
	g_test_add_func("/vault/lives", test_lives);
	g_test_add_func("/vault/dead-token", test_dead_token);
	g_test_add_func("/vault/signed-out", test_signed_out);
	g_test_add_func("/vault/who", test_who);
	g_test_add_func("/vault/failures", test_failures);
	g_test_add_func("/vault/missing", test_missing);
	g_test_add_func("/vault/places", test_places);
	g_test_add_func("/vault/find", test_find);
	g_test_add_func("/vault/find-both", test_find_both);
	g_test_add_func("/vault/find-token-file", test_find_token_file);
	g_test_add_func("/vault/blocks", test_blocks);
	g_test_add_func("/vault/fields", test_fields);
	return g_test_run();
}
