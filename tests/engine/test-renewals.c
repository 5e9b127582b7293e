/*
 * The rule about renewals, and passes without a person: what is proposed, what is started, and what
 * never is.
 */
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/renewal.h>

#include "fake.h"
#include "held.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/renewals/" path, f)

#define ACCOUNT "[account prod]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\n"
#define STORES	"fake prod src held;fake prod full held-refuses"

/* ---- helpers ---- */

static void begin(struct rig *r, const char *more)
{
	g_autofree char *text = g_strconcat(ACCOUNT, more, NULL);

	fake_reset();
	held_reset();
	rig_init(r, STORES);
	rig_configure(r, text);
	rig_set(r, "keyring", "use", "off");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
}

/* A certificate of 90 days, so many of which are gone; its id. */
static char *put(const char *store, const char *alias, const char *name, int days)
{
	g_autoptr(bundle) b = held_make(name, "ec-p256", clock_now() - days * CLOCK_DAY);
	g_autofree char *hex = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);

	held_put(store, alias, b);
	return g_strndup(hex, 16);
}

static struct job *pass(struct rig *r)
{
	struct command *c = command_new(VERB_RUN, NULL);

	args_set(c->args, "due", "yes");
	return rig_do(r, c);
}

/* The row about that certificate as the newest snapshot has it; a reference, or NULL. */
static struct request *row_of(struct rig *r, const char *cert)
{
	g_autofree char *id = renewal_request_id(cert);
	struct snapshot *s = engine_wait_loaded(r->e);
	gssize i = items_find(s->kind[KIND_REQUESTS], id);
	struct request *row = i < 0 ? NULL : request_ref(s->kind[KIND_REQUESTS]->item[i]);

	engine_give_back(r->e, s);
	return row;
}

static void expect_row(struct rig *r, const char *cert, enum request_state state, const char *theirs)
{
	g_autoptr(request) row = row_of(r, cert);

	g_assert_nonnull(row);
	g_assert_cmpstr(row->theirs, ==, theirs);
	g_assert_cmpint(row->state, ==, state);
}

static void expect_none(struct rig *r, const char *cert)
{
	g_autoptr(request) row = row_of(r, cert);

	g_assert_null(row);
}

/* ---- what is proposed ---- */

static void proposed(void)
{
	struct rig r;
	g_autofree char *old = NULL, *young = NULL, *itself = NULL;

	begin(&r, "");
	old = put("src", "old", "old.example.test", 70);
	young = put("src", "young", "young.example.test", 50);
	itself = put("src", "itself", "itself.example.test", 85);
	for (int i = 0; i < 2; i++) {
		g_autoptr(job) j = pass(&r);
		g_autoptr(request) row = row_of(&r, old);

		g_assert_cmpint(j->state, ==, JOB_DONE);
		g_assert_nonnull(row);
		g_assert_cmpstr(row->theirs, ==, "renewal due");
		g_assert_cmpstr(row->can, ==, "renew dismiss");
		g_assert_cmpint(row->state, ==, REQUEST_WAITS_PERSON);
		g_assert_cmpint(row->due - clock_now(), <=, 20 * CLOCK_DAY);
		g_assert_cmpint(row->since, <, clock_now());
		expect_none(&r, young);
		expect_none(&r, itself);
	}
	g_assert_cmpint(atomic_load(&held_renewals), ==, 0);
	rig_done(&r);
}

static void dismissed(void)
{
	struct rig r;
	g_autofree char *old = NULL, *id = NULL;
	g_autoptr(job) first = NULL, second = NULL, third = NULL;

	begin(&r, "");
	old = put("src", "old", "old.example.test", 70);
	id = renewal_request_id(old);
	first = pass(&r);
	expect_row(&r, old, REQUEST_WAITS_PERSON, "renewal due");
	second = rig_do(&r, command_new(VERB_DISMISS, id));
	g_assert_cmpint(second->state, ==, JOB_DONE);
	third = pass(&r);
	expect_none(&r, old);
	rig_done(&r);
}

/* By the row's own id, as the row says; then another pass finds nothing to do. */
static void by_hand(void)
{
	struct rig r;
	g_autofree char *old = NULL, *id = NULL;
	g_autoptr(job) first = NULL, second = NULL, third = NULL;

	begin(&r, "");
	old = put("src", "old", "old.example.test", 70);
	id = renewal_request_id(old);
	first = pass(&r);
	second = rig_do(&r, command_new(VERB_RENEW, id));
	g_assert_cmpint(second->state, ==, JOB_DONE);
	third = pass(&r);
	expect_row(&r, old, REQUEST_ISSUED, "renewed");
	g_assert_cmpint(atomic_load(&held_renewals), ==, 1);
	rig_done(&r);
}

static bool note_line(const char *line, void *who)
{
	if (strstr(line, "\"renew\"") && strstr(line, "\"begin\""))
		g_string_append(who, line);
	return true;
}

/* What has a warning is renewed when that is accepted word for word, and by no yes to everything; by
 * the row's id as by the certificate's. */
static void accepted(void)
{
	static const struct {
		const char *says;
		bool by_row, is_done;
	} cases[] = {
		{ NULL, true, false },	     { NULL, false, false },
		{ "it costs", true, false }, { "it costs a fortune", false, true },
	};
	g_autoptr(GString) told = g_string_new(NULL);
	struct rig r;
	g_autofree char *charged = NULL, *id = NULL;
	g_autoptr(job) first = NULL;

	begin(&r, "");
	charged = put("src", "charged", "charged.example.test", 70);
	id = renewal_request_id(charged);
	first = pass(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct command *c = command_new(VERB_RENEW, cases[i].by_row ? id : charged);
		g_autoptr(job) j = NULL;

		expect_row(&r, charged, REQUEST_WAITS_PERSON, "renewal due");
		c->is_yes = true;
		args_set(c->args, "accept", cases[i].says);
		j = rig_do(&r, c);
		g_assert_cmpint(j->state, ==, cases[i].is_done ? JOB_DONE : JOB_FAILED);
		g_assert_true(cases[i].is_done || j->code == ERR_REFUSED);
		g_assert_cmpint(atomic_load(&held_renewals), ==, cases[i].is_done);
	}
	engine_journal_each(r.e, note_line, told, NULL);
	g_assert_nonnull(strstr(told->str, "it costs a fortune"));
	rig_done(&r);
}

/* A plan of it is no try, when it is refused before there is one (no such store) as when it has none. */
static void planned(void)
{
	static const char *const stores[] = { "nowhere", NULL };
	struct rig r;
	g_autofree char *old = NULL, *id = NULL;
	g_autoptr(job) first = NULL;

	begin(&r, "");
	old = put("src", "old", "old.example.test", 70);
	id = renewal_request_id(old);
	first = pass(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(stores); i++) {
		struct command *c = command_new(VERB_RENEW, id);
		g_autoptr(job) j = NULL;
		g_autoptr(request) row = NULL;

		c->is_dry = true;
		args_set(c->args, "store", stores[i]);
		j = rig_do(&r, c);
		g_assert_cmpint(j->state, ==, JOB_FAILED);
		row = row_of(&r, old);
		g_assert_cmpstr(row->theirs, ==, "renewal due");
		g_assert_cmpstr(row->can, ==, "renew dismiss");
		g_assert_cmpstr(row->reason, ==, "");
	}
	g_assert_cmpint(atomic_load(&held_renewals), ==, 0);
	rig_done(&r);
}

/* ---- what is started ---- */

static void automatic(void)
{
	struct rig r;
	g_autofree char *old = NULL, *charged = NULL;

	begin(&r, "renew=automatic\n");
	old = put("src", "old", "old.example.test", 70);
	charged = put("src", "charged", "charged.example.test", 80);
	for (int i = 0; i < 3; i++) {
		g_autoptr(job) j = pass(&r);

		g_assert_cmpint(j->state, ==, JOB_DONE);
		expect_row(&r, old, REQUEST_ISSUED, "renewed");
		expect_row(&r, charged, REQUEST_WAITS_PERSON, "renewal due");
		g_assert_cmpint(atomic_load(&held_renewals), ==, 1);
	}
	rig_done(&r);
}

static void fails(void)
{
	struct rig r;
	g_autofree char *old = NULL;
	g_autoptr(job) first = NULL, second = NULL;
	g_autoptr(request) row = NULL;

	begin(&r, "renew=automatic\n");
	old = put("full", "old", "old.example.test", 70);
	first = pass(&r);
	g_assert_cmpint(first->state, ==, JOB_PARTLY);
	row = row_of(&r, old);
	g_assert_cmpstr(row->reason, ==, "the quota is used up");
	g_assert_cmpint(row->state, ==, REQUEST_WAITS_PERSON);
	second = pass(&r);
	g_assert_cmpint(second->state, ==, JOB_DONE);
	g_assert_cmpint(atomic_load(&held_renewals), ==, 1);
	rig_done(&r);
}

static void forbidden(void)
{
	static const char *const more[] = {
		"renew=automatic\nread-only=yes\n",
		"renew=automatic\n[safety]\nautomatic-renewals=false\n",
		"renew=off\n", "[renew]\nrule=off\n", "renew=automatic\n[renew]\nat=99\n",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
		struct rig r;
		g_autofree char *old = NULL;
		g_autoptr(job) j = NULL;

		begin(&r, more[i]);
		old = put("src", "old", "old.example.test", 70);
		j = pass(&r);
		g_assert_cmpint(j->state, ==, JOB_DONE);
		if (i < 2)
			expect_row(&r, old, REQUEST_WAITS_PERSON, "renewal due");
		else
			expect_none(&r, old);
		g_assert_cmpint(atomic_load(&held_renewals), ==, 0);
		rig_done(&r);
	}
}

/* ---- passes ---- */

static void refused(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	begin(&r, "");
	j = rig_do(&r, command_new(VERB_RUN, NULL));
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	g_assert_cmpint(j->code, ==, ERR_USAGE);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("proposed", proposed);
	CASE("dismissed", dismissed);
	CASE("by-hand", by_hand);
	CASE("accepted", accepted);
	CASE("planned", planned);
	CASE("automatic", automatic);
	CASE("fails", fails);
	CASE("forbidden", forbidden);
	CASE("refused", refused);
	return g_test_run();
}
