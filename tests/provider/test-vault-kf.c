/* test-vault-kf: Keyfactor's engine in Vault: orders, what its refusals mean, its configuration. */
#include "vault-stage.h"

#include <string.h>
#include <provider/vault/vault_kf.h>

#define CONFIG "GET kf/config"
#define WRITE  "POST kf/config"
#define ROLE   "GET kf/roles/web"
#define ISSUE  "POST kf/issue/web"
#define SIGN   "POST kf/sign/web"
#define LIST   "GET kf/certs?list=true"
#define OLD    "{\"data\":{\"url\":\"https://c.example\",\"api_path\":\"KeyfactorAPI\",\"username\":\"svc\"," \
	       "\"password\":\"(hidden)\",\"domain\":\"CORP\",\"ca\":\"h\\\\ca\",\"template\":\"Web\"," \
	       "\"command_cert_path\":\"\",\"skip_verify\":false,\"client_id\":\"\"}}"
#define ISSUED "{\"data\":{\"certificate\":\"subject=/CN=x\\n$LEAF\",\"issuing_ca\":\"$CA\"," \
	       "\"serial_number\":\"AB\",\"private_key\":\"$KEY\"}}"
#define ERRORS(text) "{\"errors\":[\"1 error occurred:\\n\\t* " text "\\n\\n\"]}"
#define END { NULL }

static const struct request *last_row(const struct vault_stage *s)
{
	const GPtrArray *rows = s->play.op.put_requests;

	return rows->len ? rows->pdata[rows->len - 1] : NULL;
}

static const char *word_of(const struct vault_stage *s)
{
	return s->play.op.error ? s->play.op.error->message : "";
}

static void order(struct vault_stage *s, const struct vault_answer *script, const char *names)
{
	vault_stage_init(s, VERB_ORDER, VAULT_KEYFACTOR, "kf", script);
	play_arg(&s->play, "names", names);
	play_arg(&s->play, "role", "web");
	play_arg(&s->play, "key", "no");
}

/* ---- orders ---- */

static void test_issue(void)
{
	static const struct vault_answer script[] = {
		{ CONFIG, 403, VAULT_DENIED }, { ROLE, 404, VAULT_DENIED }, { ROLE, 403, VAULT_DENIED },
		{ ISSUE, 200, ISSUED }, END
	};
	struct vault_stage s;

	order(&s, script, "www.example.com,example.com");
	play_arg(&s.play, "ca", "h\\other");
	play_arg(&s.play, "metadata", "Owner=ops \"a\", b ; Cost centre = 12;");
	g_assert_false(play_run(&s.play));	/* a role that is refused in other ways than by policy */
	vault_stage_done(&s);

	order(&s, &script[2], "www.example.com,example.com");
	s.script = (const struct vault_answer[]){ script[0], script[2], script[3], END };
	play_arg(&s.play, "ca", "h\\other");
	play_arg(&s.play, "metadata", "Owner=ops \"a\", b ; Cost centre = 12;");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, ISSUE), ==,
			"{\"common_name\":\"www.example.com\",\"dns_sans\":\"www.example.com,example.com\","
			"\"ca\":\"h\\\\other\",\"metadata\":\"{\\\"Owner\\\":\\\"ops \\\\\\\"a\\\\\\\", b\\\","
			"\\\"Cost centre\\\":\\\"12\\\"}\"}");
	g_assert_cmpuint(s.play.kept_requests, ==, 1);
	g_assert_cmpint(last_row(&s)->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(((struct bundle *)s.play.op.kept->pdata[0])->chain->len, ==, 1);
	vault_stage_done(&s);
}

static const struct fault {
	const char *name;
	struct vault_answer answer;
	enum err code;
	enum request_state state;
	const char *says;
} faults[] = {
	{ "pending", { ISSUE, 500, ERRORS("could not enroll certificate: no certificates were returned in the "
					  "Command enrollment response") },
	  ERR_PENDING, REQUEST_WAITS_CA, "somebody has to approve it there" },
	{ "refused", { ISSUE, 500, ERRORS("could not enroll certificate: CSR enrollment failed (status 403): "
					  "x") },
	  ERR_REFUSED, REQUEST_FAILED, "check CA and template" },
	{ "their-fault", { ISSUE, 500, ERRORS("could not enroll certificate: CSR enrollment failed (status "
					      "502): x") },
	  ERR_REPLY, REQUEST_WAITS_PROVIDER, "it is not sent again" },
	{ "one-certificate", { ISSUE, 500, ERRORS("expected a certificate and an issuing CA in the enrollment "
						  "response, but got 1 certificate(s)") },
	  ERR_REPLY, REQUEST_WAITS_PROVIDER, "it is in Command" },
	{ "crash", { ISSUE, 500, "{\"errors\":[\"rpc error: code = Unavailable desc = x\"]}" },
	  ERR_REPLY, REQUEST_WAITS_PROVIDER, "process has ended" },
	{ "sign-in", { ISSUE, 500, ERRORS("failed to authenticate, received status code 401 from x") },
	  ERR_REFUSED, REQUEST_FAILED, "engine-config" },
	{ "no-config", { ISSUE, 400, "{\"errors\":[\"the backend is not configured; write to x\"]}" },
	  ERR_REFUSED, REQUEST_FAILED, "engine-config" },
	{ "malformed", { ISSUE, 200, "{\"data\":{\"certificate\":\"-----BEGIN CERTIFICATE-----\\n%%\"}}" },
	  ERR_REPLY, REQUEST_WAITS_PROVIDER, "has no certificate" },
};

static void test_fault(gconstpointer data)
{
	const struct fault *f = data;
	const struct vault_answer script[] = { { CONFIG, 200, OLD }, { ROLE, 403, VAULT_DENIED }, f->answer,
					       { VAULT_HEALTH, 200, "{\"initialized\":true}" }, END };
	struct vault_stage s;

	order(&s, script, "www.example.com");
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, (int)f->code);
	g_assert_nonnull(strstr(word_of(&s), f->says));
	g_assert_cmpint(last_row(&s)->state, ==, f->state);
	g_assert_cmpuint(vault_stage_count(&s, ISSUE), ==, 1);
	vault_stage_done(&s);
}

static struct request *waiting_row(void)
{
	static const struct vault_answer script[] = {
		{ CONFIG, 200, OLD }, { ROLE, 403, VAULT_DENIED },
		{ ISSUE, 500, ERRORS("no certificates were returned") }, END
	};
	struct request *row;
	struct vault_stage s;

	order(&s, script, "www.example.com");
	g_assert_false(play_run(&s.play));
	row = request_ref((struct request *)(uintptr_t)last_row(&s));
	vault_stage_done(&s);
	return row;
}

/* The same once more looks, and sends nothing. */
static void test_not_again(void)
{
	static const struct vault_answer script[] = {
		{ CONFIG, 200, OLD }, { ROLE, 403, VAULT_DENIED }, { LIST, 404, VAULT_EMPTY }, END
	};
	g_autoptr(request) row = waiting_row();
	struct vault_stage s;

	order(&s, script, "www.example.com");
	play_request(&s.play, row);
	s.play.op.request = NULL;
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_PENDING);
	g_assert_nonnull(strstr(word_of(&s), "the key that the engine made for it is lost"));
	vault_stage_done(&s);
}

static void test_names(void)
{
	static const struct vault_answer none[] = { END };
	static const char *const names[] = { "spiffe://x/y", "me@example.com", "10.1.2.3,www.example.com" };
	struct vault_stage s;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		order(&s, none, names[i]);
		g_assert_false(play_run(&s.play));
		g_assert_error(s.play.op.error, ERR, ERR_USAGE);
		vault_stage_done(&s);
	}
}

/* ---- the configuration ---- */

static void set(struct vault_stage *s, const struct vault_answer *script)
{
	vault_stage_init(s, VERB_ENGINE_CONFIG, VAULT_KEYFACTOR, "kf", script);
}

static void test_set(void)
{
	static const struct vault_answer script[] = { { CONFIG, 200, OLD }, { WRITE, 204, "" }, END };
	struct vault_stage s;

	set(&s, script);
	play_arg(&s.play, "url", "https://c.example/");	/* is so already */
	play_arg(&s.play, "template", "-");
	play_arg(&s.play, "skip-verify", "no");
	play_secret(&s.play, "password", "new");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, WRITE), ==, "{\"template\":\"\",\"password\":\"new\"}");
	g_assert_true(play_has_trouble(&s.play, "has not kept template"));
	g_assert_null(strstr(s.play.op.said, "new"));
	vault_stage_done(&s);

	set(&s, script);	/* another way: what the old one needs goes */
	play_arg(&s.play, "auth", "oauth");
	play_arg(&s.play, "client-id", "me");
	play_arg(&s.play, "scopes", "a, b");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, WRITE), ==,
			"{\"username\":\"\",\"password\":\"\",\"domain\":\"\",\"client_id\":\"me\","
			"\"scopes\":\"a,b\"}");
	vault_stage_done(&s);
}

static void test_set_unread(void)
{
	static const struct vault_answer script[] = { { CONFIG, 403, VAULT_DENIED }, { WRITE, 204, "" }, END };
	struct vault_stage s;

	set(&s, script);
	play_arg(&s.play, "ca", "h\\x");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, WRITE), ==, "{\"ca\":\"h\\\\x\"}");
	g_assert_true(play_has_trouble(&s.play, "may not read it"));
	vault_stage_done(&s);
}

static const struct wrong {
	const char *name, *key, *value, *secret;
	struct vault_answer answer;
	enum err code;
	const char *says;
} wrongs[] = {
	{ "nothing", "auth", "as-is", NULL, END, ERR_USAGE, "say what" },
	{ "hidden", "ca", "(hidden)", NULL, END, ERR_USAGE, "only stands for" },
	{ "hidden-secret", "auth", "basic", "(hidden)", END, ERR_USAGE, "only stands for" },
	{ "other-way", "auth", "token", "pw", END, ERR_USAGE, "no use" },
	{ "unverified", "skip-verify", "yes", NULL, END, ERR_REFUSED, "accept-risk" },
	{ "too-old", "tidy", "yes", NULL, { CONFIG, 200, OLD }, ERR_REFUSED, "came with 1.5" },
	{ "file", "ca", "x", NULL, { CONFIG, 404, ERRORS("unsupported path") }, ERR_REFUSED, "KF_CONF_PATH" },
	{ "sealed", "ca", "x", NULL, { CONFIG, 400, ERRORS("no") }, ERR_REFUSED, "reading the engine" },
};

static void test_wrong(gconstpointer data)
{
	const struct wrong *w = data;
	const struct vault_answer script[] = { w->answer, END };
	struct vault_stage s;

	set(&s, script);
	play_arg(&s.play, w->key, w->value);
	if (w->secret)
		play_secret(&s.play, "password", w->secret);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, (int)w->code);
	g_assert_nonnull(strstr(word_of(&s), w->says));
	vault_stage_done(&s);
}

/* ---- what it has beside certificates ---- */

#define SELF   "GET sys/internal/ui/mounts/kf"
#define ROLES  "GET kf/roles?list=true"
#define CAS    "GET kf/ca?ca=h%5Cca"
#define CHAINS "GET kf/ca_chain?ca=h%5Cca"
#define CERT_  "{\"data\":{\"certificate\":\"$LEAF\",\"revocation_time\":0}}"

static bool shows(const struct detail *d, const char *part)
{
	for (size_t i = 0; i < d->n; i++) {
		g_autofree char *line = g_strconcat(d->line[i].label, ": ", d->line[i].text, NULL);

		if (strstr(line, part))
			return true;
	}
	return false;
}

static struct detail *details(struct vault_stage *s)
{
	struct detail *d = detail_new("stores/v/keyfactor:kf", "kf");

	s->play.provider->describe_store(d, s->play.op.store, s->play.op.new_memo, s->play.op.now);
	return d;
}

static void test_look(void)
{
	static const struct vault_answer script[] = {
		{ LIST, 200, "{\"data\":{\"keys\":[\"ab\"]}}" }, { "GET kf/certs/ab", 404, VAULT_EMPTY },
		{ "GET kf/certs/AB", 200, CERT_ }, { ROLES, 404, VAULT_EMPTY },
		{ SELF, 200, "{\"data\":{\"running_plugin_version\":\"\"}}" }, { CONFIG, 200, OLD },
		{ CAS, 200, "{\"data\":{\"CA Certificate\":\"$CA\"}}" },
		{ CHAINS, 200, "{\"data\":{\"CA Chain\":[\"$CA\",\"$OTHER\"]}}" }, END
	};
	struct vault_stage s;
	g_autoptr(detail) d = NULL;
	g_autofree char *rows = NULL;

	vault_stage_init(&s, VERB_REFRESH, VAULT_KEYFACTOR, "kf", script);
	rows = play_rows(&s.play);
	g_assert_nonnull(rows);
	g_assert_true(g_str_has_prefix(rows, "ab"));
	g_assert_cmpuint(vault_stage_count(&s, "GET kf/certs/AB"), ==, 1);
	d = details(&s);
	g_assert_true(shows(d, "engine: Keyfactor 1.4, as far"));
	g_assert_true(shows(d, "signs in as: CORP\\svc, with a password that is hidden"));
	g_assert_true(shows(d, "CA: h\\ca: Root until"));
	g_assert_true(shows(d, "CA chain: h\\ca: Root until"));
	g_assert_true(shows(d, "old.example.com until"));
	vault_stage_done(&s);
}

static void test_look_refused(void)
{
	static const struct vault_answer script[] = {
		{ LIST, 404, VAULT_EMPTY }, { ROLES, 403, VAULT_DENIED }, { SELF, 403, VAULT_DENIED },
		{ CONFIG, 403, VAULT_DENIED },
		{ "GET kf/ca", 500, "{\"errors\":[\"the CA name needs to be specified in x\"]}" },
		{ "GET kf/ca_chain", 200, "{\"data\":{\"CA Chain\":\"nonsense\"}}" }, END
	};
	struct vault_stage s;
	g_autoptr(detail) d = NULL;

	vault_stage_init(&s, VERB_REFRESH, VAULT_KEYFACTOR, "kf", script);
	g_assert_true(play_run(&s.play));
	d = details(&s);
	g_assert_true(shows(d, "configuration: the token may not read it"));
	g_assert_true(shows(d, "name a default CA by certty engine-config"));
	g_assert_true(shows(d, "is no certificate"));
	vault_stage_done(&s);
}

/* In a namespace below the account's own, what a mount is called there. */
static void test_namespace(void)
{
	static const struct vault_answer script[] = {
		{ "GET team/kf/certs?list=true", 404, VAULT_EMPTY },
		{ "GET team/kf/roles?list=true", 404, VAULT_EMPTY },
		{ "GET team/sys/internal/ui/mounts/kf", 200,
		  "{\"data\":{\"running_plugin_version\":\"v1.6.1\"}}" },
		{ "GET team/kf/config", 404, VAULT_EMPTY }, { "GET team/kf/ca", 400, VAULT_DENIED },
		{ "GET team/kf/ca_chain", 0 }, END
	};
	struct vault_stage s;
	g_autoptr(detail) d = NULL;

	vault_stage_init(&s, VERB_REFRESH, VAULT_KEYFACTOR, "team/kf", script);
	store_set(&s.play.store->container, "team");
	g_assert_true(play_run(&s.play));
	d = details(&s);
	g_assert_true(shows(d, "engine: Keyfactor 1.6.1"));
	g_assert_true(shows(d, "there is none yet"));
	vault_stage_done(&s);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	g_test_add_func("/vault-kf/issue", test_issue);
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *path = g_strconcat("/vault-kf/fault/", faults[i].name, NULL);

		g_test_add_data_func(path, &faults[i], test_fault);
	}
	g_test_add_func("/vault-kf/not-again", test_not_again);
	g_test_add_func("/vault-kf/names", test_names);
	g_test_add_func("/vault-kf/set", test_set);
	g_test_add_func("/vault-kf/set-unread", test_set_unread);
	for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		g_autofree char *path = g_strconcat("/vault-kf/wrong/", wrongs[i].name, NULL);

		g_test_add_data_func(path, &wrongs[i], test_wrong);
	}
	g_test_add_func("/vault-kf/look", test_look);
	g_test_add_func("/vault-kf/look-refused", test_look_refused);
	g_test_add_func("/vault-kf/namespace", test_namespace);
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
