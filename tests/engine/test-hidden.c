/*
 * What a person does not want to see: certificates of a store, requests as they stand.
 */
#include <string.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/hidden/" path, f)

static void expect(struct rig *r, struct command *c, enum job_state state, const char *said)
{
	g_autoptr(job) j = rig_do(r, c);

	if (j->state != state || (said && !strstr(j->said ? j->said : "", said)))
		g_error("%s: %s: %s", j->verb, job_state_word(j->state), j->said);
}

static bool has(const struct snapshot *s, const void *what)
{
	const uint32_t *n = what;

	return s->certs->n == n[0] && s->kind[KIND_REQUESTS]->n == n[1] && !s->jobs_running;
}

static void wait_for(struct rig *r, uint32_t certs, uint32_t requests)
{
	rig_wait_until(r, has, (uint32_t[]){ certs, requests });
}

static char *cert_id(const struct rig *r, uint32_t cert)
{
	g_autoptr(GString) id = g_string_new(NULL);

	certs_id(r->e->last->certs, cert, id);
	return g_string_free(g_steal_pointer(&id), FALSE);
}

static struct command *forget(const struct rig *r, const char *store, bool is_back)
{
	g_autofree char *id = is_back ? NULL : cert_id(r, 0), *where = store ? rig_id(store) : NULL;
	struct command *c = command_new(VERB_FORGET, id);

	if (where)
		args_set(c->args, "store", where);
	args_set(c->args, "back", is_back ? "yes" : "no");
	return c;
}

static void certificates(void)
{
	struct rig r;
	g_autofree char *id = rig_id("one"), *shown = g_strconcat("stores/", id, NULL);

	rig_init(&r, "one rows:3 bare:1;two rows:2");
	rig_start(&r);
	job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
	wait_for(&r, 6, 0);
	expect(&r, forget(&r, NULL, false), JOB_DONE, "left out of 1 store");
	wait_for(&r, 5, 0);
	rig_stop(&r);
	rig_start(&r);
	job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
	wait_for(&r, 5, 0);
	expect(&r, forget(&r, "two", true), JOB_FAILED, "nothing is left out");
	expect(&r, command_new(VERB_SHOW, shown), JOB_DONE, NULL);
	expect(&r, forget(&r, "one", true), JOB_DONE, "1 of one are shown again");
	wait_for(&r, 6, 0);
	expect(&r, command_new(VERB_FORGET, NULL), JOB_FAILED, "which certificate");
	expect(&r, forget(&r, "none", true), JOB_FAILED, "there is no store");
	rig_done(&r);
}

/* A request that changes comes back, and one that goes and comes is a new one. */
static void requests(void)
{
	struct rig r;

	rig_init(&r, "one req:a req:b");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	wait_for(&r, 0, 2);
	expect(&r, command_new(VERB_SHOW, "requests/a"), JOB_DONE, NULL);
	expect(&r, command_new(VERB_DISMISS, "a"), JOB_DONE, "is not shown any more");
	wait_for(&r, 0, 1);
	job_unref(rig_refresh(&r, "one"));
	wait_for(&r, 0, 1);
	rig_stop(&r);
	rig_set(&r, "local", "endpoints", "one req:a:moved req:b;");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	wait_for(&r, 0, 2);
	expect(&r, command_new(VERB_DISMISS, "a"), JOB_DONE, NULL);
	rig_stop(&r);
	rig_set(&r, "local", "endpoints", "one gone:a req:b;");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	wait_for(&r, 0, 1);
	rig_stop(&r);
	rig_set(&r, "local", "endpoints", "one req:a:moved;");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	wait_for(&r, 0, 2);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("certificates", certificates);
	CASE("requests", requests);
	return g_test_run();
}
