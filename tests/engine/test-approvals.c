/*
 * Rules that approve: what changed between the judgement and the first step is not approved, and what
 * is stands in the journal.  The engine does not run: each moment is made by hand.
 */
#include <string.h>

#include <certty/model/approval.h>

#include "rig.h"

#define WARNING "it is odd"
#define RULE \
	"[account local]\napprove=by-rule\napprove-names=example.org\napprove-warnings=" WARNING "\n"

static void open_rig(struct rig *r, const char *config)
{
	g_autoptr(GError) error = NULL;

	rig_init(r, "one");
	rig_configure(r, config);
	r->e = engine_open(&r->config, &error);
	g_assert_no_error(error);
	load_all(r->e);
}

static void put(struct rig *r, const char *name, const char *oddities, const char *digest,
		enum request_state state)
{
	struct request *q = request_new("q");
	g_autofree char *store = rig_id("one");

	store_set(&q->account, "local");
	store_set(&q->provider, "local");
	store_set(&q->store, store);
	store_set(&q->type, "sign");
	store_set(&q->title, name);
	store_set(&q->oddities, oddities);
	store_set(&q->digest, digest);
	g_strfreev(q->names);
	q->names = g_strsplit(name, " ", -1);
	q->state = state;
	shelf_put(r->e->known.shelf[KIND_REQUESTS], q);
}

static bool count(const char *line, void *who)
{
	*(guint *)who += strstr(line, "approved by the rule of the account local, not by a person") &&
			 strstr(line, "\"digest\":\"d1\"") && strstr(line, "[\"" WARNING "\"]");
	return true;
}

/* Whether the first step of an approval that the rule began would be taken now. */
static bool may(struct rig *r, const char *profile, char **ret_said)
{
	struct task t = { .number = 1, .engine = r->e, .command = command_new(VERB_APPROVE, "q"),
			  .journal_number = 1 };
	struct operation *o;
	GError *error = NULL;
	bool ok;

	args_set(t.command->args, "profile", profile);
	args_set(t.command->args, "validity", "90d");
	o = operation_new(r->e, provider_find("local"), t.command->verb, t.command->args);
	o->target = g_strdup("q");
	o->request = request_ref(shelf_get(r->e->known.shelf[KIND_REQUESTS], "q"));
	o->op.request = o->request;
	ok = approvals_may(&t, o, &error);
	g_assert_true(ok == (o->op.by_rule != NULL));
	*ret_said = error ? g_strdup(error->message) : NULL;
	g_clear_error(&error);
	operation_free(o);
	g_free(t.digest);
	command_free(t.command);
	return ok;
}

static void changed_between(void)
{
	static const struct {
		const char *name, *oddities, *digest, *profile, *said;
		enum request_state state;
	} table[] = {
		{ "a.example.org", WARNING, "d1", "server", NULL, REQUEST_WAITS_PERSON },
		{ "a.example.org", WARNING "\nand odder", "d1", "server", "stops at \"and odder\"",
		  REQUEST_WAITS_PERSON },
		{ "a.example.org b.example.net", WARNING, "d1", "server", "stops at the name b.example.net",
		  REQUEST_WAITS_PERSON },
		{ "a.example.org", WARNING, "", "server", "nothing tells this request", REQUEST_WAITS_PERSON },
		{ "a.example.org", WARNING, "d1", "client", "another profile", REQUEST_WAITS_PERSON },
		{ "a.example.org", WARNING, "d1", "server", "what it is not about", REQUEST_ISSUED },
	};
	struct rig r;
	guint noted = 0;

	open_rig(&r, RULE);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *said = NULL;

		put(&r, table[i].name, table[i].oddities, table[i].digest, table[i].state);
		g_assert_true(may(&r, table[i].profile, &said) == !table[i].said);
		if (table[i].said)
			g_assert_nonnull(strstr(said, table[i].said));
	}
	g_assert_true(db_journal_each(r.e->db, 0, count, &noted, NULL));
	g_assert_cmpuint(noted, ==, 1);
	rig_done(&r);
}

/* Whoever else has to agree is asked at that moment too. */
static void barred(void)
{
	static const char *const config[] = {
		"", "[account local]\napprove=off\napprove-names=example.org\n", RULE "read-only=yes\n",
		RULE "[safety]\nfour-eyes=approve\n", RULE "[safety]\nfour-eyes=local:approve\n",
		RULE "[safety]\nautomatic-approvals=no\n", RULE "disabled=yes\n[safety]\nfour-eyes=*\n",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(config); i++) {
		g_autofree char *said = NULL;
		struct rig r;

		open_rig(&r, config[i]);
		put(&r, "a.example.org", WARNING, "d1", REQUEST_WAITS_PERSON);
		g_assert_false(may(&r, "server", &said));
		g_assert_nonnull(strstr(said, "the rule stops at"));
		rig_done(&r);
	}
}

/* The row says at which text, and forgets it with the rule. */
static void told(void)
{
	struct rig r;
	const struct request *q;

	open_rig(&r, RULE);
	put(&r, "a.example.org", "another", "d1", REQUEST_WAITS_PERSON);
	r.e->approvals_due = true;
	approvals_turn(r.e);
	q = shelf_get(r.e->known.shelf[KIND_REQUESTS], "q");
	g_assert_cmpstr(q->rule, ==, "the rule stops at \"another\"");
	put(&r, "a.example.org", WARNING, "d1", REQUEST_WAITS_PERSON);
	approvals_turn(r.e);
	q = shelf_get(r.e->known.shelf[KIND_REQUESTS], "q");
	g_assert_cmpstr(q->rule, ==, "");	/* nobody has said that something changed */
	r.e->approvals_due = true;
	approvals_turn(r.e);
	q = shelf_get(r.e->known.shelf[KIND_REQUESTS], "q");
	g_assert_cmpstr(q->rule, ==, "the rule approves it by itself");
	g_assert_cmpuint(r.e->tasks->len, ==, 0);	/* no console and no pass */
	rig_done(&r);
}

int main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/engine/approvals/changed-between", changed_between);
	g_test_add_func("/engine/approvals/barred", barred);
	g_test_add_func("/engine/approvals/told", told);
	return g_test_run();
}
