/*
 * Rows that are shown while their store is still being read, and what becomes of them.
 */
#include <string.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/rows/" path, f)

static bool has_certs(const struct snapshot *s, const void *what)
{
	return s->certs->n == *(const uint32_t *)what;
}

/* The state of the store while it holds so many rows. */
static void assert_holds(struct rig *r, enum store_state state, uint32_t certs)
{
	g_autoptr(store) s = NULL;

	rig_wait_until(r, has_certs, &certs);
	s = rig_store(r, "one");
	g_assert_cmpstr(store_state_word(s->state), ==, store_state_word(state));
	g_assert_cmpuint(s->certs, ==, certs);
}

static uint64_t begin(struct rig *r, const char *stores)
{
	rig_init(r, stores);
	rig_start(r);
	return rig_submit(r, VERB_REFRESH, "one");
}

static void are_shown(void)
{
	struct rig r;
	uint64_t number = begin(&r, "one rows:3 bare:2 show get:/gate old bare:1 show skip:1 old "
				    "get:/ok");
	g_autoptr(job) j = NULL;

	assert_holds(&r, STORE_READING, 5);
	server_open_gate(r.server);
	j = rig_wait(&r, number);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	assert_holds(&r, STORE_FINE, 6);
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	assert_holds(&r, STORE_FINE, 6);
	rig_done(&r);
}

/* An answer of many may show them, too. */
static void by_answers(void)
{
	struct rig r;
	uint64_t number = begin(&r, "one rows:3 show olds:4:/ok old");

	job_unref(rig_wait(&r, number));
	assert_holds(&r, STORE_FINE, 3);
	rig_done(&r);
}

/* Shown by the step that is the last, they are simply the store's rows. */
static void by_the_last(void)
{
	struct rig r;
	uint64_t number = begin(&r, "one rows:3 show");

	job_unref(rig_wait(&r, number));
	assert_holds(&r, STORE_FINE, 3);
	rig_done(&r);
}

/* What comes afterwards fails: what was shown stays, also for the next start. */
static void stay(void)
{
	struct rig r;
	uint64_t number = begin(&r, "one rows:3 bare:1 show get:/gate fail:no");
	g_autoptr(job) j = NULL, shown = NULL;

	assert_holds(&r, STORE_READING, 4);
	server_open_gate(r.server);
	j = rig_wait(&r, number);
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	assert_holds(&r, STORE_FAILED, 4);
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	assert_holds(&r, STORE_FAILED, 4);
	rig_done(&r);
}

/* Cut short in the middle, with what was shown on the disk. */
static void outlive(void)
{
	struct rig r;

	begin(&r, "one rows:3 show get:/gate");
	assert_holds(&r, STORE_READING, 3);
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	assert_holds(&r, STORE_NEW, 3);
	rig_done(&r);
}

/* ---- details ---- */

static const char *line_of(const struct rig *r, const char *id, const char *label)
{
	const struct items *details = r->e->last->details;
	gssize at = items_find(details, id);
	const struct detail *d = at < 0 ? NULL : details->item[at];

	for (size_t i = 0; d && i < d->n; i++)
		if (!strcmp(d->line[i].label, label))
			return d->line[i].text;
	return NULL;
}

static void are_described(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;
	const char id[] = "certs/local/rig:one/bare-0.one.test";

	rig_init(&r, "one bare:1 memo:in-use");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	j = rig_do(&r, command_new(VERB_SHOW, id));
	g_assert_cmpint(j->state, ==, JOB_DONE);
	g_assert_cmpstr(line_of(&r, id, "Service"), ==, "bare-0.one.test in one: in-use");
	g_assert_cmpstr(line_of(&r, id, "Names"), ==, "bare-0.one.test");
	g_assert_cmpstr(line_of(&r, id, "Key"), ==, "EC P-256");
	g_assert_cmpstr(line_of(&r, id, "Bytes"), ==, "not known yet");
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("are-shown", are_shown);
	CASE("by-answers", by_answers);
	CASE("by-the-last", by_the_last);
	CASE("stay", stay);
	CASE("outlive", outlive);
	CASE("are-described", are_described);
	return g_test_run();
}
