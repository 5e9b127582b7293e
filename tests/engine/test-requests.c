/*
 * Requests that wait for DNS, published through accounts; and what was issued, kept.
 */
#include <string.h>

#include "fake.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/requests/" path, f)
#define ACCOUNT(id, address) \
	"[account " id "]\nprovider=fake\nfrom=profile\nprofile=x\naddress=" address "\n"
#define RECORDS "_a.example.org. 300 IN CNAME x.\n_b.example.org. 300 IN TXT \"y\""

static void start(struct rig *r, const char *config)
{
	fake_reset();
	rig_init(r, "one req:a get:/ok");
	rig_configure(r, config);
	rig_set(r, "keyring", "use", "off");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
	job_unref(rig_refresh(r, "one"));
}

static struct job *put_records(struct rig *r)
{
	return rig_do(r, command_new(VERB_PUBLISH, "a"));
}

static void assert_theirs(const struct rig *r, const char *theirs)
{
	const struct items *requests = r->e->last->kind[KIND_REQUESTS];
	const struct request *a = requests->n == 1 ? requests->item[0] : NULL;

	g_assert_nonnull(a);
	g_assert_cmpstr(a->theirs, ==, theirs);
}

static void by_who_has_it(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	start(&r, ACCOUNT("a", "none") ACCOUNT("b", "torn") ACCOUNT("c", "zone")
		  ACCOUNT("d", "zone") ACCOUNT("e", "zone") "disabled=yes\n");
	j = put_records(&r);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	g_assert_cmpstr(j->said, ==, "2 of 2 records stand in their zones, by c");
	assert_theirs(&r, "synced");
	rig_done(&r);
}

static void by_two(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	start(&r, ACCOUNT("a", "half") ACCOUNT("b", "half"));
	j = put_records(&r);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	g_assert_cmpstr(j->said, ==, "2 of 2 records stand in their zones, by a and b");
	rig_done(&r);
}

/* Two accounts that have the same zone, as another tool's and one's own do. */
static void by_one_of_two(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	start(&r, ACCOUNT("a", "first") ACCOUNT("b", "first"));
	j = put_records(&r);
	g_assert_cmpint(j->state, ==, JOB_PARTLY);
	g_assert_cmpstr(j->said, ==, "1 of 2 records stand in their zones, by a");
	rig_done(&r);
}

static void by_nobody(void)
{
	struct rig r;
	g_autoptr(job) none = NULL, half = NULL, offline = NULL;

	start(&r, ACCOUNT("a", "none") ACCOUNT("b", "zone") "read-only=yes\n");
	none = put_records(&r);
	g_assert_cmpint(none->state, ==, JOB_FAILED);
	g_assert_cmpint(none->code, ==, ERR_NOT_FOUND);
	g_assert_nonnull(strstr(none->said, "by hand"));
	g_assert_cmpstr(none->troubles[0], ==, "b is read-only and was not asked for the zone");
	g_assert_cmpstr(none->troubles[1], ==, "_a.example.org. 300 IN CNAME x.");
	g_assert_cmpstr(none->troubles[2], ==, "_b.example.org. 300 IN TXT \"y\"");
	assert_theirs(&r, "");
	rig_done(&r);
	start(&r, ACCOUNT("a", "half") ACCOUNT("b", "torn"));
	half = put_records(&r);
	g_assert_cmpint(half->state, ==, JOB_PARTLY);
	g_assert_cmpstr(half->troubles[0], ==, "b: it is torn");
	g_assert_nonnull(strstr(half->troubles[1], "1 of 2 records"));
	g_assert_cmpstr(half->troubles[3], ==, "_b.example.org. 300 IN TXT \"y\"");
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	offline = put_records(&r);
	g_assert_cmpint(offline->state, ==, JOB_FAILED);
	g_assert_nonnull(strstr(offline->said, "offline"));
	rig_done(&r);
}

/* ---- taken away again ---- */

static struct job *take_records(struct rig *r)
{
	return rig_do(r, command_new(VERB_UNPUBLISH, "a"));
}

/* The request is over when the program is started again, with that configuration. */
static void go_on(struct rig *r, const char *config)
{
	rig_stop(r);
	rig_configure(r, config);
	rig_set(r, "keyring", "use", "off");
	rig_set(r, "local", "endpoints", "one req:a:over get:/ok;");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
	job_unref(rig_refresh(r, "one"));
}

/* What is known of it outlives the program. */
static void taken_away(void)
{
	struct rig r;
	g_autoptr(job) put = NULL, early = NULL, kept = NULL, gone = NULL, again = NULL, dismissed = NULL;

	start(&r, ACCOUNT("a", "zone"));
	put = put_records(&r);
	g_assert_cmpint(put->state, ==, JOB_DONE);
	early = take_records(&r);
	g_assert_cmpint(early->code, ==, ERR_PENDING);
	go_on(&r, ACCOUNT("a", "zone"));
	atomic_store(&fake_keeps, 1);
	kept = take_records(&r);
	g_assert_cmpint(kept->state, ==, JOB_FAILED);
	g_assert_cmpstr(kept->troubles[0], ==, "a: it is kept");
	atomic_store(&fake_keeps, 0);
	gone = take_records(&r);
	g_assert_cmpint(gone->state, ==, JOB_DONE);
	g_assert_cmpstr(gone->said, ==, "1 DNS record of a taken away; CNAMEs stay, since each renewal needs "
					"them");
	again = take_records(&r);
	g_assert_cmpint(again->state, ==, JOB_FAILED);
	g_assert_cmpint(again->code, ==, ERR_REFUSED);
	g_assert_nonnull(strstr(again->said, "a CNAME stays"));
	dismissed = rig_do(&r, command_new(VERB_DISMISS, "a"));
	g_assert_nonnull(strstr(dismissed->said, "and what was put into DNS for it stays"));
	rig_done(&r);
}

static void not_taken_away(void)
{
	struct rig r;
	g_autoptr(job) put = NULL, none = NULL, without = NULL, second = NULL;

	/* It stood there before. */
	start(&r, ACCOUNT("a", "half") ACCOUNT("b", "half"));
	put = put_records(&r);
	g_assert_cmpint(put->state, ==, JOB_DONE);
	go_on(&r, ACCOUNT("a", "half") ACCOUNT("b", "half"));
	none = take_records(&r);
	g_assert_cmpint(none->code, ==, ERR_NOT_FOUND);
	rig_done(&r);
	/* The account may not change anything any more. */
	start(&r, ACCOUNT("a", "zone"));
	second = put_records(&r);
	g_assert_cmpint(second->state, ==, JOB_DONE);
	go_on(&r, ACCOUNT("a", "zone") "read-only=yes\n");
	without = take_records(&r);
	g_assert_cmpint(without->state, ==, JOB_FAILED);
	g_assert_cmpstr(without->troubles[0], ==, "a: it is read-only: _b.really. 300 IN TXT \"y\"");
	rig_done(&r);
}

/* ---- who has which zones ---- */

static const struct request *only_request(const struct rig *r)
{
	const struct items *requests = r->e->last->kind[KIND_REQUESTS];

	g_assert_cmpuint(requests->n, ==, 1);
	return requests->item[0];
}

static void expect_offered(struct rig *r, bool is_offered)
{
	const struct request *a = only_request(r);

	g_assert_cmpstr(a->can, ==, is_offered ? "publish sync" : "sync");
	g_assert_cmpint(strstr(a->oddities, "no account that may be asked here has the zone") != NULL, ==,
			!is_offered);
}

/* Publishing is not offered once it is known that nobody can, until that may have changed. */
static void is_not_offered(void)
{
	struct rig r;

	start(&r, ACCOUNT("a", "zones:example.net.") ACCOUNT("b", "zones:ample.org.+b.example.com.")
		  ACCOUNT("c", "zone") "read-only=yes\n");
	expect_offered(&r, true);
	job_unref(put_records(&r));
	expect_offered(&r, false);
	job_unref(rig_refresh(&r, "one"));
	expect_offered(&r, false);
	rig_stop(&r);
	rig_start(&r);		/* by another console */
	job_unref(rig_refresh(&r, "one"));
	expect_offered(&r, false);
	job_unref(rig_do(&r, command_new(VERB_ACCOUNT_TEST, "b")));
	job_unref(rig_refresh(&r, "one"));
	expect_offered(&r, true);
	rig_done(&r);
	start(&r, ACCOUNT("a", "zones:example.net.") ACCOUNT("b", "zones:net.+Example.ORG."));
	job_unref(put_records(&r));
	expect_offered(&r, true);	/* b has it, whatever else went wrong */
	rig_done(&r);
	start(&r, ACCOUNT("a", "zones:example.net.") ACCOUNT("b", "torn"));
	job_unref(put_records(&r));
	expect_offered(&r, true);	/* b has not told */
	rig_done(&r);
}

/* ---- what was issued ---- */

static void is_kept(void)
{
	struct rig r;
	g_autoptr(job) good = NULL, full = NULL, failed = NULL, nowhere = NULL;

	rig_init(&r, "repository full:two work get:/ok;one issue:one issue:three say:issued;"
		     "two issue:one issue:two say:issued;three issue:three issue:two fail:no");
	rig_start(&r);
	good = rig_refresh(&r, "one");
	g_assert_cmpint(good->state, ==, JOB_DONE);
	g_assert_cmpstr(good->said, ==, "issued");
	g_assert_cmpint(server_asked(r.server), >=, 2);		/* and the repository is read again */
	full = rig_refresh(&r, "two");
	g_assert_cmpint(full->state, ==, JOB_PARTLY);
	g_assert_cmpstr(full->troubles[0], ==,
			"two could not be put into the own repository: it is full");
	g_assert_null(full->troubles[1]);
	failed = rig_refresh(&r, "three");
	g_assert_cmpint(failed->state, ==, JOB_FAILED);
	g_assert_cmpstr(failed->said, ==, "no");
	g_assert_cmpstr(failed->troubles[0], ==,
			"two could not be put into the own repository: it is full");
	rig_done(&r);
	rig_init(&r, "one issue:one");
	rig_start(&r);
	nowhere = rig_refresh(&r, "one");
	g_assert_cmpint(nowhere->state, ==, JOB_PARTLY);
	rig_done(&r);
}

static bool is_asked(const struct snapshot *s, const void *what)
{
	const struct rig *r = what;

	(void)s;
	return server_asked(r->server) >= 2;
}

/* Nobody waits for it any more, and still it is put there. */
static void outlives_a_cancel(void)
{
	struct rig r;
	uint64_t number;
	g_autofree char *id = NULL;
	g_autoptr(job) j = NULL;

	rig_init(&r, "repository only:add get:/gate get:/ok;one issue:one");
	rig_start(&r);
	number = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	job_unref(rig_do(&r, command_new(VERB_CANCEL, id)));
	j = rig_wait(&r, number);
	g_assert_cmpint(j->state, ==, JOB_CANCELLED);
	server_open_gate(r.server);
	rig_wait_until(&r, is_asked, &r);
	rig_done(&r);
}

/* ---- what is approved ---- */

#define WARNINGS "it is old; and it costs"

static struct command *yes_to(const char *digest, const char *accept)
{
	struct command *c = command_new(VERB_APPROVE, "a");

	c->is_yes = true;
	args_set(c->args, "digest", digest);
	args_set(c->args, "accept", accept);
	return c;
}

static bool note_line(const char *line, void *who)
{
	if (strstr(line, "\"approve\"") && strstr(line, "\"begin\""))
		g_string_append(who, line);
	return true;
}

/* A yes to everything accepts no warning, and the journal has what was accepted. */
static void is_accepted(void)
{
	static const struct {
		const char *digest, *accept;
		bool is_done;
	} cases[] = {
		{ NULL, NULL, false },	      { "d1", NULL, false },
		{ "d1", "it is old", false }, { "d2", WARNINGS, false },
		{ "d1", WARNINGS, true },
	};
	g_autoptr(GString) told = g_string_new(NULL);
	struct rig r;

	rig_init(&r, "one req:a:odd only:approve get:/ok");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(job) j = rig_do(&r, yes_to(cases[i].digest, cases[i].accept));

		g_assert_cmpint(j->state, ==, cases[i].is_done ? JOB_DONE : JOB_FAILED);
		g_assert_true(cases[i].is_done || j->code == ERR_REFUSED);
		g_assert_cmpint(server_asked(r.server), ==, cases[i].is_done);
	}
	engine_journal_each(r.e, note_line, told, NULL);
	g_assert_nonnull(strstr(told->str, WARNINGS));
	rig_done(&r);
}

/* Two that are at work on one request in one process. */
static void one_at_a_time(void)
{
	struct rig r;
	uint64_t number;
	g_autoptr(job) first = NULL, second = NULL;

	rig_init(&r, "one req:a:odd only:approve get:/gate");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	number = engine_submit(r.e, yes_to("d1", WARNINGS));
	server_wait_held(r.server, 1);
	second = rig_do(&r, yes_to("d1", WARNINGS));
	g_assert_cmpint(second->code, ==, ERR_BUSY);
	server_open_gate(r.server);
	first = rig_wait(&r, number);
	g_assert_cmpint(first->state, ==, JOB_DONE);
	g_assert_cmpint(server_asked(r.server), ==, 1);
	rig_done(&r);
}

/* What was read before somebody else learnt more does not bring the row back: it is read again. */
static void is_not_brought_back(void)
{
	struct rig r;
	uint64_t number;

	rig_init(&r, "one req:a:read get:/gate;two req:a:known");
	rig_start(&r);
	number = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	job_unref(rig_refresh(&r, "two"));
	assert_theirs(&r, "known");
	server_open_gate(r.server);
	job_unref(rig_wait(&r, number));
	rig_wait_until(&r, is_asked, &r);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("by-who-has-it", by_who_has_it);
	CASE("by-two", by_two);
	CASE("by-one-of-two", by_one_of_two);
	CASE("taken-away", taken_away);
	CASE("not-taken-away", not_taken_away);
	CASE("by-nobody", by_nobody);
	CASE("is-not-offered", is_not_offered);
	CASE("is-kept", is_kept);
	CASE("outlives-a-cancel", outlives_a_cancel);
	CASE("is-accepted", is_accepted);
	CASE("one-at-a-time", one_at_a_time);
	CASE("is-not-brought-back", is_not_brought_back);
	return g_test_run();
}
