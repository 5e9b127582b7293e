/*
 * Enrolments: a key in one store, an issuer in another, and the certificate in others; what waits, what
 * is refused, and programs that end in between.
 */
#include <string.h>

#include <certty/model/detail.h>

#include "enrolled.h"
#include "fake.h"
#include "held.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/enroll/" path, f)

#define CONFIG \
	"[account prod]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\n" \
	"[account closed]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\nread-only=yes\n"
#define STORES \
	"fake prod keys held;fake prod a held;fake prod b held;fake prod full held-refuses;" \
	"fake prod signs held-signs;fake prod waits held-waits;fake prod denies held-denies;" \
	"fake prod lost held-lost;fake prod wrong held-wrong;fake closed shut held-signs"
#define NAME "www.example.test"

/* ---- helpers ---- */

static void begin(struct rig *r)
{
	rig_init(r, STORES);
	rig_configure(r, CONFIG);
	rig_set(r, "keyring", "use", "off");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
}

static void begin_anew(struct rig *r)
{
	fake_reset();
	held_reset();
	enrolled_reset();
	begin(r);
}

static char *store_id(const char *title)
{
	return g_strdup_printf("%s/fake:%s", strcmp(title, "shut") ? "prod" : "closed", title);
}

static struct command *enroll(const char *issuer, const char *to)
{
	g_autofree char *keys = store_id("keys"), *by = store_id(issuer);
	g_auto(GStrv) titles = g_strsplit(to, " ", -1);
	struct command *c = command_new(VERB_ENROLL, NULL);
	g_autoptr(GString) ids = g_string_new(NULL);

	for (char **title = titles; *title; title++) {
		g_autofree char *store = store_id(*title);

		g_string_append_printf(ids, "%s%s", ids->len ? "," : "", store);
	}
	args_set(c->args, "names", NAME);
	args_set(c->args, "key-in", keys);
	args_set(c->args, "issuer", by);
	args_set(c->args, "plain", "yes");
	if (ids->len)
		args_set(c->args, "to", ids->str);
	return c;
}

static void expect(struct rig *r, struct command *c, enum job_state state, const char *said)
{
	g_autoptr(job) j = rig_do(r, c);
	g_autofree char *troubles = g_strjoinv("\n", j->troubles);

	if (j->state != state ||
	    (said && !strstr(j->said ? j->said : "", said) && !strstr(troubles, said)))
		g_error("%s: %s: %s (%s), not %s", j->verb, job_state_word(j->state), j->said,
			troubles, said);
}

static const struct request *row(const struct snapshot *s)
{
	for (size_t i = 0; i < s->kind[KIND_REQUESTS]->n; i++) {
		const struct request *r = s->kind[KIND_REQUESTS]->item[i];

		if (!strcmp(r->type, "enroll"))
			return r;
	}
	return NULL;
}

/* The only one there is, which stands like that; its id. */
static char *expect_row(struct rig *r, enum request_state state, const char *theirs)
{
	struct snapshot *s = engine_wait_loaded(r->e);
	const struct request *it = row(s);
	char *id;

	g_assert_nonnull(it);
	g_assert_cmpint(it->state, ==, state);
	g_assert_cmpstr(it->theirs, ==, theirs);
	id = g_strdup(it->id);
	engine_give_back(r->e, s);
	return id;
}

static void sync_it(struct rig *r, const char *id, enum job_state state, const char *said)
{
	expect(r, command_new(VERB_SYNC, id), state, said);
}

static bool is_there(const char *store)
{
	return held_get(store, NAME) != NULL;
}

static bool is_issued(const struct snapshot *s, const void *none)
{
	const struct request *it = row(s);

	(void)none;
	return it && it->state == REQUEST_ISSUED;
}

static bool is_asked(const struct snapshot *s, const void *n)
{
	(void)s;
	return enrolled_asked() >= *(const unsigned *)n;
}

/* ---- the ways ---- */

static void at_once(void)
{
	g_autofree char *id = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("signs", "a b"), JOB_DONE, "In place");
	id = expect_row(&r, REQUEST_ISSUED, "In place");
	g_assert_true(is_there("keys") && is_there("a") && is_there("b"));
	g_assert_true(x509_key_hash(held_get("a", NAME)->key) == held_get("keys", NAME)->facts.key_hash);
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	sync_it(&r, id, JOB_FAILED, "does not wait");
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);
	rig_done(&r);
}

static void later(void)
{
	g_autofree char *id = NULL, *again = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("waits", "a"), JOB_DONE, "Pending");
	id = expect_row(&r, REQUEST_WAITS_CA, "Pending");
	sync_it(&r, id, JOB_DONE, "somebody looks at it");
	g_assert_cmpuint(enrolled_orders(), ==, 0);
	enrolled_open();
	sync_it(&r, id, JOB_DONE, "In place");
	again = expect_row(&r, REQUEST_ISSUED, "In place");
	g_assert_true(is_there("a"));
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	rig_done(&r);
}

/* An order is taken, and the program ends before it hears that. */
static void lost(bool is_console)
{
	g_autofree char *id = NULL;
	const unsigned once = 1;
	struct rig r;

	begin_anew(&r);
	engine_submit(r.e, enroll("lost", "a"));
	rig_wait_until(&r, is_asked, &once);
	rig_stop(&r);
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	enrolled_open();
	r.config.refreshes_itself = is_console;
	rig_start(&r);
	engine_give_back(r.e, engine_wait_found(r.e));
	if (!is_console) {
		id = expect_row(&r, REQUEST_WAITS_PROVIDER, "asking the issuer");
		sync_it(&r, id, JOB_DONE, "In place");
	}
	rig_wait_until(&r, is_issued, NULL);
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	g_assert_cmpuint(enrolled_keys(), ==, 1);
	g_assert_true(is_there("a"));
	g_assert_cmpint(atomic_load(&held_imports), ==, 1);
	rig_done(&r);
}

static void lost_and_synced(void)
{
	lost(false);
}

static void lost_and_opened(void)
{
	lost(true);
}

static void one_place_refuses(void)
{
	g_autofree char *id = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("signs", "a full"), JOB_PARTLY, "quota");
	id = expect_row(&r, REQUEST_WAITS_PERSON, "deploying it");
	g_assert_true(is_there("a"));
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);
	sync_it(&r, id, JOB_FAILED, "quota");
	g_assert_cmpint(atomic_load(&held_imports), ==, 3);	/* what is there is left alone */
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	expect(&r, command_new(VERB_WITHDRAW, id), JOB_FAILED, "is issued");
	rig_done(&r);
}

/* ---- what is refused ---- */

static void wrong(void)
{
	g_autofree char *id = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("wrong", "a"), JOB_PARTLY, "another key");
	id = expect_row(&r, REQUEST_WAITS_PERSON, "asking the issuer");
	g_assert_false(is_there("a") || is_there("keys"));
	rig_done(&r);
}

static void denied(void)
{
	g_autofree char *id = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("denies", ""), JOB_PARTLY, "not for you");
	id = expect_row(&r, REQUEST_DENIED, "Turned down");
	g_assert_false(is_there("keys"));
	rig_done(&r);
}

static void withdrawn(void)
{
	g_autofree char *id = NULL, *again = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("waits", ""), JOB_DONE, "Pending");
	g_assert_cmpuint(enrolled_keys(), ==, 1);
	id = expect_row(&r, REQUEST_WAITS_CA, "Pending");
	expect(&r, command_new(VERB_WITHDRAW, id), JOB_DONE, NULL);
	again = expect_row(&r, REQUEST_GONE, "Withdrawn");
	g_assert_cmpuint(enrolled_keys(), ==, 0);
	expect(&r, command_new(VERB_DENY, id), JOB_FAILED, NULL);
	rig_done(&r);
}

/* What is asked goes on where it was begun, whatever its account is called by then. */
static void renamed(void)
{
	g_autofree char *id = NULL, *again = NULL;
	struct command *c;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("waits", "a b"), JOB_DONE, "Pending");
	id = expect_row(&r, REQUEST_WAITS_CA, "Pending");
	c = command_new(VERB_ACCOUNT_RENAME, "prod");
	args_set(c->args, "name", "live");
	expect(&r, c, JOB_DONE, NULL);
	enrolled_open();
	sync_it(&r, id, JOB_DONE, "In place");
	again = expect_row(&r, REQUEST_ISSUED, "In place");
	g_assert_true(is_there("a") && is_there("b"));
	g_assert_cmpuint(enrolled_orders(), ==, 1);
	rig_done(&r);
}

static void read_only(void)
{
	g_autofree char *id = NULL;
	struct rig r;

	begin_anew(&r);
	expect(&r, enroll("shut", ""), JOB_FAILED, "read-only");
	expect(&r, enroll("signs", "shut"), JOB_FAILED, "read-only");
	g_assert_cmpuint(enrolled_keys(), ==, 0);
	expect(&r, enroll("waits", ""), JOB_DONE, "Pending");
	id = expect_row(&r, REQUEST_WAITS_CA, "Pending");
	rig_stop(&r);
	r.config.is_read_only = true;
	rig_start(&r);
	engine_give_back(r.e, engine_wait_found(r.e));
	sync_it(&r, id, JOB_FAILED, "read-only");
	g_assert_cmpuint(enrolled_asked(), ==, 1);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("at-once", at_once);
	CASE("later", later);
	CASE("lost-and-synced", lost_and_synced);
	CASE("lost-and-opened", lost_and_opened);
	CASE("one-place-refuses", one_place_refuses);
	CASE("wrong", wrong);
	CASE("denied", denied);
	CASE("withdrawn", withdrawn);
	CASE("renamed", renamed);
	CASE("read-only", read_only);
	return g_test_run();
}
