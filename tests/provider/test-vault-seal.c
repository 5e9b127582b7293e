/* test-vault-seal: what servers answer to init and unseal that a real one is not easily brought to. */
#include "vault-stage.h"

#include <string.h>
#include <sys/stat.h>

#include "provider/vault/vault_own.h"

#define STATUS "GET sys/seal-status"
#define INIT   "POST sys/init"
#define UNSEAL "POST sys/unseal"
#define NEW    "{\"initialized\":false,\"sealed\":true,\"t\":0,\"n\":0,\"version\":\"1.18.0\"}"
#define NEW_RECOVERY "{\"initialized\":false,\"sealed\":true,\"recovery_seal\":true,\"version\":\"1.18.0\"}"
#define SEALED "{\"initialized\":true,\"sealed\":true,\"t\":2,\"n\":3,\"progress\":1,\"version\":\"1.18.0\"}"
#define END { NULL }

struct stage {
	struct vault_stage s;
	struct args *login;
	char *folder, *file;
};

static void begin(struct stage *g, enum verb_id verb, const struct vault_answer *script)
{
	vault_stage_init(&g->s, verb, NULL, NULL, script);
	g->login = args_new();
	args_set(g->login, "address", "https://vault.example:8200/");
	g->s.play.op.login = g->login;
	g->folder = play_folder();
	g->file = g_build_filename(g->folder, "keys", NULL);
	if (verb == VERB_INIT)
		play_arg(&g->s.play, "file", g->file);
}

static void done(struct stage *g)
{
	vault_stage_done(&g->s);
	args_free(g->login);
	g_free(g->file);
	play_folder_gone(g->folder);
}

static void check_failed(const struct stage *g, const char *part)
{
	g_assert_nonnull(g->s.play.op.error);
	if (!strstr(g->s.play.op.error->message, part))
		g_error("no '%s' in: %s", part, g->s.play.op.error->message);
	g_assert_false(g_file_test(g->file, G_FILE_TEST_EXISTS));
}

/* ---- init ---- */

/* One that unseals itself has keys for its recovery instead. */
static void test_recovery(void)
{
	static const struct vault_answer script[] = {
		{ STATUS, 200, NEW_RECOVERY },
		{ INIT, 200, "{\"keys_base64\":[],\"recovery_keys_base64\":[\"cmVjb3Zlcg==\"],"
			     "\"root_token\":\"hvs.ROOT\"}" }, END
	};
	g_autofree char *text = NULL;
	struct stage g;

	begin(&g, VERB_INIT, script);
	play_arg(&g.s.play, "shares", "1");
	play_arg(&g.s.play, "threshold", "1");
	g_assert_true(play_run(&g.s.play));
	g_assert_cmpstr(vault_stage_body(&g.s, INIT), ==, "{\"recovery_shares\":1,\"recovery_threshold\":1}");
	g_assert_nonnull(strstr(g.s.play.op.said, "it unseals itself"));
	g_assert_null(strstr(g.s.play.op.said, "hvs.ROOT"));
	g_assert_true(g_file_get_contents(g.file, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "\ncmVjb3Zlcg==\n"));
	g_assert_nonnull(strstr(text, "\nhvs.ROOT\n"));
	done(&g);
}

struct refusal {
	const char *name;
	int status;
	const char *body;
	bool is_made;		/* the server is initialised afterwards all the same */
	const char *says;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ "refused",   400, "{\"errors\":[\"storage is full\"]}", false, "storage is full" },
	{ "lost",      0,   "",                                   true,  "it is initialised now, and nobody has its keys" },
	{ "lost-not",  0,   "",                                   false, "the connection broke" },
	{ "too-few",   200, "{\"keys_base64\":[\"a2V5\"],\"root_token\":\"hvs.R\"}", true, "nobody has its keys" },
	{ "page",      200, "<html>",                             false, "no answer of Vault's" },
};
/* clang-format on */

static const struct refusal *current;

/* The state before the init is asked for, and after it. */
static struct reply *changing(struct play *p, const struct request_out *r)
{
	bool asked = GPOINTER_TO_INT(p->who);
	struct reply *reply = g_new0(struct reply, 1);
	bool is_init = g_str_has_suffix(r->url, "sys/init");
	const char *body = is_init ? current->body : asked && current->is_made ? SEALED : NEW;

	if (is_init && !current->status) {
		g_free(reply);
		reply = reply_of_error(g_error_new(ERR, ERR_NETWORK, "the connection broke"));
	} else {
		reply->status = is_init ? current->status : 200;
		reply->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
		reply->body = g_bytes_new(body, strlen(body));
	}
	p->who = GINT_TO_POINTER(is_init || asked);
	return reply;
}

static void test_refusal(gconstpointer data)
{
	struct stage g;

	current = data;
	begin(&g, VERB_INIT, NULL);
	g.s.play.answer = changing;
	g.s.play.who = NULL;
	g_assert_false(play_run(&g.s.play));
	check_failed(&g, current->says);
	done(&g);
}

/* ---- unseal ---- */

static void test_unseals_itself(void)
{
	static const struct vault_answer script[] = {
		{ STATUS, 200, "{\"initialized\":true,\"sealed\":true,\"recovery_seal\":true,"
			       "\"type\":\"awskms\",\"version\":\"1.18.0\"}" }, END
	};
	struct stage g;

	begin(&g, VERB_UNSEAL, script);
	play_secret(&g.s.play, "keys", "abcd");
	g_assert_false(play_run(&g.s.play));
	check_failed(&g, "is sealed by awskms, which unseals it by itself");
	done(&g);
}

/* A key goes as it was given; what stands between keys does not. */
static void test_keys(void)
{
	static const struct vault_answer script[] = {
		{ STATUS, 200, SEALED }, { UNSEAL, 200, SEALED }, END
	};
	struct stage g;

	begin(&g, VERB_UNSEAL, script);
	play_secret(&g.s.play, "keys", " ab+/\r\n,cd==;\t");
	g_assert_true(play_run(&g.s.play));
	g_assert_cmpuint(vault_stage_count(&g.s, UNSEAL), ==, 2);
	g_assert_cmpstr(vault_stage_body(&g.s, UNSEAL), ==, "{\"key\":\"cd==\"}");
	g_assert_cmpuint(g.s.play.op.done, ==, 1);
	g_assert_cmpuint(g.s.play.op.of, ==, 2);
	g_assert_nonnull(strstr(g.s.play.op.said, "1 more is needed"));
	g_assert_false(g.s.play.op.looks_for_stores);
	done(&g);
}

static void test_no_vault(void)
{
	static const struct vault_answer script[] = {
		{ STATUS, 502, "<html>" }, { VAULT_HEALTH, 502, "<html>" }, END
	};
	struct stage g;

	begin(&g, VERB_UNSEAL, script);
	play_secret(&g.s.play, "keys", "abcd");
	g_assert_false(play_run(&g.s.play));
	check_failed(&g, "something before it could not reach it");
	done(&g);

	begin(&g, VERB_UNSEAL, script);
	g_assert_false(play_run(&g.s.play));
	check_failed(&g, "a key is needed");
	done(&g);
}

/* ---- PGP keys ---- */

/* clang-format off */
static const struct {
	const char *file, *key;		/* NULL: refused */
} pgp[] = {
	{ "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\nmQEN\nBGab\n=sum0\n-----END PGP PUBLIC KEY BLOCK-----\n", "mQENBGab" },
	{ "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nmQEN\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n", "mQEN" },
	{ "mQEN\nBGab\n", "mQENBGab" },
	{ "\x99\x01", "mQE=" },
	{ "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmQEN\n-----END PGP PRIVATE KEY BLOCK-----\n", NULL },
	{ "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", NULL },
	{ "keybase:jeff", NULL },
	{ "", NULL },
};
/* clang-format on */

static void test_pgp(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pgp); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *key = vault_pgp_read(pgp[i].file, strlen(pgp[i].file), &error);

		g_assert_cmpstr(key, ==, pgp[i].key);
		if (!pgp[i].key)
			g_assert_error(error, ERR, ERR_FORMAT);
	}
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	g_test_add_func("/vault/init-recovery", test_recovery);
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		g_autofree char *path = g_strconcat("/vault/init-", refusals[i].name, NULL);

		g_test_add_data_func(path, &refusals[i], test_refusal);
	}
	g_test_add_func("/vault/unseals-itself", test_unseals_itself);
	g_test_add_func("/vault/unseal-keys", test_keys);
	g_test_add_func("/vault/unseal-no-vault", test_no_vault);
	g_test_add_func("/vault/pgp", test_pgp);
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
