/* test-vault-engines: what is sent to enable and tune an engine and to register a plug-in. */
#include "vault-stage.h"

#include <string.h>

#define END { NULL }

struct change {
	const char *name;
	enum verb_id verb;
	const char *type;	/* of the store; NULL: on the account */
	const char *args[12];	/* key, value… */
	const char *target, *body;
	int status;
	const char *answer;
	const char *says;
	const char *store;	/* that is there from then on; or NULL */
};

#define IN_USE "{\"errors\":[\"path is already in use at pki/\"]}"

/* clang-format off */
static const struct change changes[] = {
	{ "pki", VERB_MOUNT, NULL, { "path", "/a b/pki/", "type", "pki", "max-ttl", "2h" },
	  "POST sys/mounts/a%20b/pki", "{\"type\":\"pki\",\"config\":{\"max_lease_ttl\":\"7200s\"}}",
	  204, "", "is a store now", "v/pki:a b/pki" },
	{ "kv", VERB_MOUNT, NULL, { "path", "words", "type", "kv", "description", "of \"us\"" },
	  "POST sys/mounts/words",
	  "{\"type\":\"kv\",\"description\":\"of \\\"us\\\"\",\"config\":{},\"options\":{\"version\":\"2\"}}",
	  204, "", "kv is enabled at words", NULL },
	{ "keyfactor", VERB_MOUNT, NULL, { "path", "kf", "type", "Keyfactor-engine" },
	  "POST sys/mounts/kf", "{\"type\":\"Keyfactor-engine\",\"config\":{}}",
	  200, "{\"warnings\":[]}", "is a store now", "v/keyfactor:kf" },
	{ "in-use", VERB_MOUNT, NULL, { "path", "pki" },
	  "POST sys/mounts/pki", NULL, 400, IN_USE, "path is already in use", NULL },
	{ "denied", VERB_MOUNT, NULL, { "path", "pki" },
	  "POST sys/mounts/pki", NULL, 403, VAULT_DENIED, "allow 'update' on sys/mounts/pki", NULL },
	{ "tune", VERB_TUNE, "pki", { "default-ttl", "72h", "description", "d" },
	  "POST sys/mounts/pki/tune", "{\"description\":\"d\",\"default_lease_ttl\":\"259200s\"}",
	  204, "", "is tuned", NULL },
	{ "tune-lost", VERB_TUNE, "pki", { "max-ttl", "1h" },
	  "POST sys/mounts/pki/tune", NULL, 0, "", "the connection broke", NULL },
	{ "plugin", VERB_PLUGIN, NULL,
	  { "name", "kf", "sha256", "aa", "command", "kf-engine", "args", "-a,-b", "release", "v1.5.0" },
	  "POST sys/plugins/catalog/secret/kf",
	  "{\"sha256\":\"aa\",\"command\":\"kf-engine\",\"version\":\"v1.5.0\",\"args\":[\"-a\",\"-b\"]}",
	  204, "", "mount enables an engine of it", NULL },
	{ "plugin-denied", VERB_PLUGIN, NULL, { "name", "kf", "sha256", "aa", "command", "kf-engine" },
	  "POST sys/plugins/catalog/secret/kf", NULL, 403, VAULT_DENIED,
	  "allow 'sudo' on sys/plugins/catalog/secret/kf", NULL },
};
/* clang-format on */

static void test_change(gconstpointer data)
{
	const struct change *c = data;
	const struct vault_answer script[] = {
		{ c->target, c->status, c->answer },
		{ VAULT_HEALTH, 200, "{\"initialized\":true,\"sealed\":false}" }, END
	};
	bool is_good = c->status == 200 || c->status == 204;
	const GPtrArray *put;
	struct vault_stage s;

	vault_stage_init(&s, c->verb, c->type, "pki", script);
	for (const char *const *a = c->args; *a; a += 2)
		play_arg(&s.play, a[0], a[1]);
	g_assert_true(play_run(&s.play) == is_good);
	put = s.play.op.put_stores;
	if (c->body)
		g_assert_cmpstr(vault_stage_body(&s, c->target), ==, c->body);
	g_assert_cmpuint(vault_stage_count(&s, c->target), ==, 1);
	g_assert_nonnull(strstr(is_good ? s.play.op.said : s.play.op.error->message, c->says));
	g_assert_cmpuint(put->len, ==, c->store ? 1 : 0);
	if (c->store) {
		g_assert_cmpstr(((const struct store *)put->pdata[0])->id, ==, c->store);
		g_assert_cmpstr(s.play.op.touched->pdata[0], ==, c->store);
	}
	vault_stage_done(&s);
}

/* Nothing is changed by saying nothing. */
static void test_tune_nothing(void)
{
	static const struct vault_answer script[] = { END };
	struct vault_stage s;

	vault_stage_init(&s, VERB_TUNE, "pki", "pki", script);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_USAGE);
	vault_stage_done(&s);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *path = g_strconcat("/vault/engine-", changes[i].name, NULL);

		g_test_add_data_func(path, &changes[i], test_change);
	}
	g_test_add_func("/vault/engine-tune-nothing", test_tune_nothing);
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
