/*
 * Stores that accounts have: found when an account is new, tested, changed or read with all others,
 * once a day, and gone with it.
 */
#include <string.h>

#include <certty/base/clock.h>

#include "fake.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/account-stores/" path, f)
#define GOOD "[account a]\nprovider=fake\naddress=x\nfrom=profile\nprofile=x\n"

static void begin(struct rig *r, const char *config, int stores)
{
	fake_reset();
	rig_init(r, "one get:/ok rows:1");
	rig_configure(r, config);
	rig_set(r, "keyring", "use", "off");
	atomic_store(&fake_stores, stores);
}

static void start(struct rig *r)
{
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
}

static void expect(struct rig *r, struct command *c, enum job_state state, const char *said)
{
	g_autoptr(job) j = rig_do(r, c);

	if (j->state != state || (said && !strstr(j->said ? j->said : "", said)))
		g_error("%s: %s: %s", j->verb, job_state_word(j->state), j->said);
}

static void refresh_all(struct rig *r, enum job_state state, const char *said)
{
	expect(r, command_new(VERB_REFRESH, NULL), state, said);
}

static const struct store *found(const struct snapshot *s, const char *account, int i)
{
	g_autofree char *id = g_strdup_printf("%s/fake:found-%d", account, i);
	gssize at = items_find(s->kind[KIND_STORES], id);

	return at < 0 ? NULL : s->kind[KIND_STORES]->item[at];
}

static guint count_fine(const struct snapshot *s)
{
	guint n = 0;

	for (int i = 0; i < 10; i++) {
		const struct store *st = found(s, "a", i);

		n += st && st->state == STORE_FINE && st->origin == STORE_FOUND;
	}
	return n;
}

static bool are_fine(const struct snapshot *s, const void *what)
{
	return count_fine(s) == *(const guint *)what && !s->jobs_running;
}

static void wait_fine(struct rig *r, guint n)
{
	rig_wait_until(r, are_fine, &n);
}

static void drop_out(struct rig *r)
{
	clock_set(0);
	rig_done(r);
}

/* ---- when they are looked for ---- */

static void with_the_account(void)
{
	struct rig r;
	struct command *add = command_new(VERB_ACCOUNT_ADD, NULL);
	struct command *edit = command_new(VERB_ACCOUNT_EDIT, "a");

	begin(&r, "", 2);
	start(&r);
	args_set(add->args, "provider", "fake");
	args_set(add->args, "name", "a");
	args_set(add->args, "address", "x");
	args_set(add->args, "from", "profile");
	args_set(add->args, "profile", "x");
	expect(&r, add, JOB_DONE, NULL);
	wait_fine(&r, 2);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 1);
	atomic_store(&fake_stores, 1);		/* one is there no more */
	args_set(edit->args, "address", "y");
	expect(&r, edit, JOB_DONE, NULL);
	wait_fine(&r, 1);
	g_assert_null(found(r.e->last, "a", 1));
	atomic_store(&fake_stores, 3);
	expect(&r, command_new(VERB_ACCOUNT_TEST, "a"), JOB_DONE, NULL);
	wait_fine(&r, 3);
	expect(&r, command_new(VERB_ACCOUNT_DISABLE, "a"), JOB_DONE, NULL);
	refresh_all(&r, JOB_PARTLY, NULL);	/* it cannot be read any more */
	g_assert_cmpint(atomic_load(&fake_looked), ==, 3);
	expect(&r, command_new(VERB_ACCOUNT_ENABLE, "a"), JOB_DONE, NULL);
	refresh_all(&r, JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_looked), >=, 4);
	expect(&r, command_new(VERB_ACCOUNT_DROP, "a"), JOB_DONE, NULL);
	g_assert_null(found(r.e->last, "a", 0));
	g_assert_cmpuint(r.e->last->kind[KIND_STORES]->n, ==, 1);
	rig_done(&r);
}

/* Whoever reads everything waits for what is found meanwhile, too. */
static void with_everything(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	begin(&r, GOOD, 5);
	start(&r);
	refresh_all(&r, JOB_DONE, "all 6 stores done");
	g_assert_cmpuint(count_fine(r.e->last), ==, 5);
	g_assert_cmpuint(r.e->last->stores_failed, ==, 0);
	g_assert_cmpuint(r.e->last->stores_read, ==, 6);
	g_assert_false(r.e->last->is_looking);
	atomic_store(&fake_stores, -1);
	j = rig_do(&r, command_new(VERB_REFRESH, NULL));
	g_assert_cmpint(j->state, ==, JOB_PARTLY);
	g_assert_cmpstr(j->troubles[0], ==,
			"the stores of a cannot be looked for: it does not tell");
	g_assert_cmpuint(count_fine(r.e->last), ==, 5);		/* they stay */
	rig_stop(&r);
	atomic_store(&fake_stores, 5);
	start(&r);		/* and over restarts */
	g_assert_cmpuint(count_fine(r.e->last), ==, 5);
	rig_stop(&r);
	r.config.is_offline = true;
	start(&r);
	refresh_all(&r, JOB_FAILED, "offline");
	g_assert_cmpint(atomic_load(&fake_looked), ==, 2);
	rig_done(&r);
}

/* What another tool has set up is asked only when a person has tried it. */
static void of_others(void)
{
	struct rig r;

	begin(&r, "", 1);
	atomic_store(&fake_found, 1);
	start(&r);
	refresh_all(&r, JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 0);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 0);
	expect(&r, command_new(VERB_ACCOUNT_STORES, "fake:0"), JOB_DONE, NULL);
	g_assert_nonnull(found(r.e->last, "fake:0", 0));
	rig_stop(&r);
	start(&r);
	refresh_all(&r, JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 2);
	rig_done(&r);
}

/* Time goes on while the engine rests; it is woken as a person would. */
static void look_until(struct rig *r, int64_t *when, int64_t until, int n)
{
	while (*when < until || atomic_load(&fake_looked) < n) {
		g_assert_cmpint(*when, <, until + 3 * CLOCK_DAY);
		clock_set(*when += CLOCK_HOUR);
		rig_submit(r, VERB_SHOW, "none");
		snapshot_unref(engine_wait_for(r->e, 1, 5, NULL, NULL));
	}
}

/* Where the clock stands still nothing would ever be published a second time. */
static void start_at(struct rig *r, int64_t *when)
{
	rig_start(r);
	do {
		clock_set(++*when);
		snapshot_unref(engine_wait_for(r->e, 1, 5, NULL, NULL));
	} while (!r->e->last || !r->e->last->number || r->e->last->is_finding);
}

static void once_a_day(void)
{
	struct rig r;
	int64_t now = clock_now(), when = now;

	begin(&r, GOOD, 1);
	r.config.refreshes_itself = true;
	start_at(&r, &when);
	look_until(&r, &when, now, 1);
	look_until(&r, &when, now + CLOCK_DAY - 2 * CLOCK_HOUR, 1);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 1);
	look_until(&r, &when, when, 2);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 2);
	rig_stop(&r);
	start_at(&r, &when);	/* another console knows when that was */
	look_until(&r, &when, when + 3 * CLOCK_HOUR, 0);
	g_assert_cmpint(atomic_load(&fake_looked), ==, 2);
	drop_out(&r);
}

/* For a command line that shows what there is. */
static void for_others(void)
{
	struct rig r;
	g_auto(GStrv) never = NULL, fresh = NULL, old = NULL;

	begin(&r, GOOD "[account b]\nprovider=fake\naddress=x\nfrom=profile\nprofile=x\n"
		  "disabled=yes\n", 1);
	start(&r);
	never = engine_accounts_to_look(r.e->last, 0);
	g_assert_cmpuint(g_strv_length(never), ==, 1);
	g_assert_cmpstr(never[0], ==, "a");
	refresh_all(&r, JOB_DONE, NULL);
	fresh = engine_accounts_to_look(r.e->last, clock_now() - CLOCK_DAY);
	g_assert_cmpuint(g_strv_length(fresh), ==, 0);
	old = engine_accounts_to_look(r.e->last, clock_now() + CLOCK_DAY);
	g_assert_cmpuint(g_strv_length(old), ==, 1);
	rig_done(&r);
}

/* ---- what becomes of them ---- */

static void decisions_stay(void)
{
	struct rig r;
	struct command *label = command_new(VERB_LABEL, "a/fake:found-0");

	begin(&r, GOOD, 1);
	start(&r);
	refresh_all(&r, JOB_DONE, NULL);
	args_set(label->args, "add", "prod");
	expect(&r, label, JOB_DONE, NULL);
	expect(&r, command_new(VERB_ACCOUNT_STORES, "a"), JOB_DONE, NULL);
	g_assert_cmpstr(found(r.e->last, "a", 0)->labels[0], ==, "prod");
	g_assert_cmpint(found(r.e->last, "a", 0)->state, ==, STORE_FINE);
	expect(&r, command_new(VERB_STORE_DROP, "a/fake:found-0"), JOB_FAILED,
	       "is found with its account a");
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("with-the-account", with_the_account);
	CASE("with-everything", with_everything);
	CASE("of-others", of_others);
	CASE("once-a-day", once_a_day);
	CASE("for-others", for_others);
	CASE("decisions-stay", decisions_stay);
	return g_test_run();
}
