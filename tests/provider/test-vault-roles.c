/* test-vault-roles: roles of a pki as objects: read, made, changed and deleted. */
#include "vault-stage.h"

#include <string.h>

#include "provider/vault/vault_role.h"

#define END  { NULL }
#define CERTS { "GET pki/certs?list=true", 404, VAULT_EMPTY }
#define LIST "GET pki/roles?list=true"
#define WEB  "GET pki/roles/web"
#define PUT  "POST pki/roles/web"
#define ROLE "{\"data\":{\"allowed_domains\":[\"example.com\",\"example.net\"],\"allow_subdomains\":true," \
	     "\"max_ttl\":259200,\"ttl\":0,\"key_type\":\"ec\",\"key_bits\":256,\"odd\":{\"a\":[1.5,null]}," \
	     "\"policy_identifiers\":[\"1.2.3\"],\"allow_token_displayname\":false}}"

static struct object *put(const struct vault_stage *s, guint i)
{
	return s->play.op.put_objects->pdata[i];
}

static char *answer(const struct object *o, const char *key)
{
	g_autoptr(args) answers = args_new();

	object_read_answers(o, answers);
	return g_strdup(args_get(answers, key));
}

static void check_answer(const struct object *o, const char *key, const char *wanted)
{
	g_autofree char *is = answer(o, key);

	g_assert_cmpstr(is, ==, wanted);
}

/* The row of the role web as a refresh finds it. */
static struct object *web(void)
{
	static const struct vault_answer script[] = {
		CERTS, { LIST, 200, "{\"data\":{\"keys\":[\"web\"]}}" }, { WEB, 200, ROLE }, END
	};
	struct vault_stage s;
	struct object *o;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.put_objects->len, ==, 1);
	o = object_ref(put(&s, 0));
	vault_stage_done(&s);
	return o;
}

static void test_read(void)
{
	g_autoptr(object) o = web();

	g_assert_cmpstr(o->id, ==, "v/pki:pki/role/web");
	g_assert_cmpstr(object_key(o), ==, "web");
	g_assert_cmpstr(o->type, ==, "role");
	g_assert_nonnull(strstr(o->summary, "domains example.com example.net, names below them"));
	g_assert_nonnull(strstr(o->facts, "max_ttl: 3d\n"));
	g_assert_nonnull(strstr(o->facts, "policy_identifiers: 1.2.3"));
	g_assert_true(object_can(o, "object-edit"));
	check_answer(o, "allowed-domains", "example.com,example.net");
	check_answer(o, "allow-subdomains", "yes");
	check_answer(o, "max-ttl", "3d");
	check_answer(o, "ttl", NULL);
	check_answer(o, "key-bits", "256");
}

/* What is known of it cannot be answered otherwise than a form would take it. */
static void test_answers_fit(void)
{
	g_autoptr(object) o = web();
	struct command *c = command_new(VERB_OBJECT_EDIT, o->id);
	g_autoptr(GError) error = NULL;

	c->more = vault_role_fields;
	object_read_answers(o, c->args);
	g_assert_true(command_check(c, false, &error));
	args_set(c->args, "max-ttl", VERB_NONE_WORD);
	g_assert_true(command_check(c, false, &error));
	args_set(c->args, "key-type", VERB_NONE_WORD);
	g_assert_false(command_check(c, false, &error));
	command_free(c);
}

static void test_not_seen(void)
{
	static const struct vault_answer unread[] = {
		CERTS, { LIST, 200, "{\"data\":{\"keys\":[\"web\",\"gone\"]}}" },
		{ WEB, 403, VAULT_DENIED }, { "GET pki/roles/gone", 404, VAULT_EMPTY }, END
	};
	static const struct vault_answer unlisted[] = { CERTS, { LIST, 403, VAULT_DENIED }, END };
	static const struct vault_answer broken[] = {
		CERTS, { LIST, 500, VAULT_EMPTY }, { VAULT_HEALTH, 200, "{}" }, END
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", unread);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.put_objects->len, ==, 1);
	g_assert_cmpstr(put(&s, 0)->state, ==, "not seen");
	g_assert_cmpstr(put(&s, 0)->can, ==, "");
	g_assert_nonnull(strstr(put(&s, 0)->summary, "'read' on pki/roles/web"));
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	vault_stage_done(&s);

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", unlisted);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(put(&s, 0)->name, ==, "(all)");
	g_assert_nonnull(strstr(put(&s, 0)->summary, "'list' on pki/roles/"));
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	vault_stage_done(&s);

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", broken);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.put_objects->len, ==, 0);
	g_assert_cmpstr(s.play.op.kept_objects->pdata[0], ==, "role");
	g_assert_true(play_has_trouble(&s.play, "listing the roles"));
	vault_stage_done(&s);
}

/* All that was not asked for goes back as it came, of whatever kind it is. */
static void test_edit(void)
{
	static const struct vault_answer script[] = { { WEB, 200, ROLE }, { PUT, 204, "" }, END };
	g_autoptr(object) o = web();
	struct vault_stage s;

	vault_stage_init(&s, VERB_OBJECT_EDIT, "pki", "pki", script);
	s.play.op.object = o;
	play_arg(&s.play, "allowed-domains", VERB_NONE_WORD);
	play_arg(&s.play, "allow-any-name", "yes");
	play_arg(&s.play, "ttl", "12h");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, PUT), ==,
			"{\"allow_subdomains\":true,\"max_ttl\":259200,\"key_type\":\"ec\",\"key_bits\":256,"
			"\"odd\":{\"a\":[1.5,null]},\"policy_identifiers\":[\"1.2.3\"],"
			"\"allowed_domains\":[],\"allow_any_name\":true,\"ttl\":43200}");
	g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "v/pki:pki");
	g_assert_cmpuint(s.play.op.put_objects->len, ==, 1);
	vault_stage_done(&s);
}

static void test_edit_gone(void)
{
	static const struct vault_answer script[] = { { WEB, 404, VAULT_EMPTY }, END };
	g_autoptr(object) o = web();
	struct vault_stage s;

	vault_stage_init(&s, VERB_OBJECT_EDIT, "pki", "pki", script);
	s.play.op.object = o;
	play_arg(&s.play, "ttl", "12h");
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_NOT_FOUND);
	g_assert_cmpstr(s.play.op.drop_objects->pdata[0], ==, o->id);
	vault_stage_done(&s);
}

static void test_add(void)
{
	static const struct vault_answer script[] = {
		{ WEB, 404, VAULT_EMPTY }, { PUT, 200, "{\"warnings\":[\"take care\"],\"data\":{}}" }, END
	};
	static const struct vault_answer there[] = { { WEB, 200, ROLE }, END };
	static const struct vault_answer denied[] = { { WEB, 403, VAULT_DENIED }, END };
	static const struct {
		const struct vault_answer *script;
		const char *name, *says;
	} refused[] = {
		{ there, "web", "has a role web already" },
		{ denied, "web", "'read' on pki/roles/web" },
		{ there, "a/b", "no name of a role" },
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_OBJECT_ADD, "pki", "pki", script);
	play_arg(&s.play, "name", "web");
	play_arg(&s.play, "organization", "Example Org, Other");
	play_arg(&s.play, "key-bits", "384");
	play_arg(&s.play, "client-flag", "no");
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(vault_stage_body(&s, PUT), ==,
			"{\"key_bits\":384,\"client_flag\":false,"
			"\"organization\":[\"Example Org\",\"Other\"]}");
	g_assert_true(play_has_trouble(&s.play, "take care"));
	vault_stage_done(&s);

	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		vault_stage_init(&s, VERB_OBJECT_ADD, "pki", "pki", refused[i].script);
		play_arg(&s.play, "name", refused[i].name);
		g_assert_false(play_run(&s.play));
		g_assert_nonnull(strstr(s.play.op.error->message, refused[i].says));
		g_assert_null(vault_stage_body(&s, PUT));
		vault_stage_done(&s);
	}
}

static void test_drop(void)
{
	static const struct vault_answer done[] = { { "DELETE pki/roles/web", 204, "" }, END };
	static const struct vault_answer denied[] = { { "DELETE pki/roles/web", 403, VAULT_DENIED }, END };
	g_autoptr(object) o = web();
	struct vault_stage s;

	vault_stage_init(&s, VERB_OBJECT_DROP, "pki", "pki", done);
	s.play.op.object = o;
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.drop_objects->pdata[0], ==, o->id);
	vault_stage_done(&s);

	vault_stage_init(&s, VERB_OBJECT_DROP, "pki", "pki", denied);
	s.play.op.object = o;
	g_assert_false(play_run(&s.play));
	g_assert_nonnull(strstr(s.play.op.error->message, "'delete' on pki/roles/web"));
	g_assert_cmpuint(s.play.op.drop_objects->len, ==, 0);
	vault_stage_done(&s);
}

static void test_planned(void)
{
	static const struct vault_answer none[] = { END };
	g_autoptr(object) o = web();
	struct plan *p = plan_new(&verb_table[VERB_OBJECT_EDIT]);
	struct vault_stage s;

	vault_stage_init(&s, VERB_OBJECT_EDIT, "pki", "pki", none);
	s.play.op.object = o;
	g_assert_false(s.play.provider->plan[VERB_OBJECT_EDIT](&s.play.op, p, NULL));
	play_arg(&s.play, "max-ttl", "30d");
	play_arg(&s.play, "allow-any-name", "yes");
	g_assert_true(s.play.provider->plan[VERB_OBJECT_EDIT](&s.play.op, p, NULL));
	g_assert_cmpstr(p->differences->pdata[0], ==, "Any name: yes instead of nothing");
	g_assert_cmpstr(p->differences->pdata[1], ==, "At most: 30d instead of 3d");
	g_assert_nonnull(strstr(p->warnings->pdata[0], "any name"));
	plan_free(p);
	vault_stage_done(&s);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	g_test_add_func("/vault-roles/read", test_read);
	g_test_add_func("/vault-roles/answers-fit", test_answers_fit);
	g_test_add_func("/vault-roles/not-seen", test_not_seen);
	g_test_add_func("/vault-roles/edit", test_edit);
	g_test_add_func("/vault-roles/edit-gone", test_edit_gone);
	g_test_add_func("/vault-roles/add", test_add);
	g_test_add_func("/vault-roles/drop", test_drop);
	g_test_add_func("/vault-roles/planned", test_planned);
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
