/*
 * Accounts through the whole engine: rows, signing in once for all, again after a 401, adding,
 * changing and dropping, and what is left when something fails on the way.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>

#include "fake.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/accounts/" path, f)
#define GOOD "[account good]\nprovider=fake\naddress=here\nkey=memory\nsecond=memory\n"

/* ---- helpers ---- */

static void begin(struct rig *r, const char *stores, const char *config)
{
	fake_reset();
	rig_init(r, stores);
	rig_configure(r, config);
	rig_set(r, "keyring", "use", "off");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
}

static struct account *row(struct rig *r, const char *id)
{
	const struct items *rows = r->e->last->kind[KIND_ACCOUNTS];
	gssize i = items_find(rows, id);

	return i < 0 ? NULL : account_ref(rows->item[i]);
}

static struct command *order(enum verb_id verb, const char *id, const char *plain,
			     const char *key, const char *second)
{
	struct command *c = command_new(verb, id);
	g_auto(GStrv) words = g_strsplit(plain ? plain : "", " ", -1);

	for (char **w = words; *w && **w; w++) {
		g_auto(GStrv) pair = g_strsplit(*w, "=", 2);

		args_set(c->args, pair[0], pair[1]);
	}
	if (key)
		args_put_secret(c->args, "key", secret_new(key, strlen(key)));
	if (second)
		args_put_secret(c->args, "second", secret_new(second, strlen(second)));
	return c;
}

static void expect(struct rig *r, struct command *c, enum job_state state, const char *said)
{
	g_autoptr(job) j = rig_do(r, c);

	if (j->state != state || (said && !strstr(j->said ? j->said : "", said)))
		g_error("%s: %s: %s", j->verb, job_state_word(j->state), j->said);
}

#define DONE(r, verb, id, plain, key, second) \
	expect(r, order(verb, id, plain, key, second), JOB_DONE, NULL)
#define FAILS(r, verb, id, plain, key, second, said) \
	expect(r, order(verb, id, plain, key, second), JOB_FAILED, said)

static char *conf(const struct rig *r)
{
	g_autofree char *path = g_build_filename(r->folder, "certty.conf", NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static void assert_conf(const struct rig *r, const char *want)
{
	g_autofree char *text = conf(r);

	g_assert_cmpstr(text, ==, want);
}

static void refresh(struct rig *r, const char *id, enum job_state state, const char *said)
{
	expect(r, command_new(VERB_REFRESH, id), state, said);
}

static void add_good(struct rig *r)
{
	DONE(r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=here keep=memory",
	     "right", "also");
}

/* ---- rows ---- */

static void rows(void)
{
	struct rig r;
	g_autoptr(account) good = NULL, wrong = NULL, odd = NULL, bad = NULL, found = NULL,
			   here = NULL, lost = NULL;

	fake_reset();
	rig_init(&r, "");
	atomic_store(&fake_found, 2);
	rig_configure(&r, GOOD "title=Good one\ndefaults=set\nread-only=yes\n"
		      "[account wrong]\nprovider=fak\n"
		      "[account odd]\nprovider=fake\naddress=here\nkey=hvs.topsecret\n"
		      "[account bad]\nprovider=fake\nregoin=x\n"
		      "[account fake:1]\ndisabled=yes\ntitle=Other\n"
		      "[account lost]\ntitle=x\n"
		      "[account local]\nread-only=yes\n[defaults set]\nregion=north\n");
	rig_start(&r);
	engine_give_back(r.e, engine_wait_found(r.e));
	g_assert_cmpuint(r.e->last->count[KIND_ACCOUNTS], ==, 8);
	good = row(&r, "good");
	g_assert_cmpstr(good->title, ==, "Good one");
	g_assert_cmpstr(good->secret_from, ==, "memory, until certty ends");
	g_assert_true(good->is_read_only && !good->is_read_only_by_site);
	g_assert_null(good->trouble);
	wrong = row(&r, "wrong");
	g_assert_nonnull(strstr(wrong->trouble, "certty.conf:10: there are no accounts of fak; did "
						"you mean fake?"));
	odd = row(&r, "odd");
	g_assert_nonnull(strstr(odd->trouble, "certty.conf:14: key: that is no place"));
	g_assert_null(strstr(odd->trouble, "topsecret"));
	bad = row(&r, "bad");
	g_assert_nonnull(strstr(bad->trouble, "address (Address) is needed"));
	lost = row(&r, "lost");
	g_assert_nonnull(strstr(lost->trouble, "does not say its provider"));
	found = row(&r, "fake:1");
	g_assert_cmpint(found->origin, ==, ACCOUNT_FOUND);
	g_assert_true(found->is_disabled);
	g_assert_cmpstr(found->title, ==, "Other");
	g_assert_cmpstr(found->secret_from, ==, "~/.fake");
	here = row(&r, "local");
	g_assert_true(here->is_read_only);
	rig_done(&r);
}

static void checks(void)
{
	struct rig r;
	g_auto(GStrv) wrong = NULL;
	g_autofree char *all = NULL;

	rig_init(&r, "");
	rig_configure(&r, GOOD "regoin=x\n[defaults d]\nvalidty=3d\n[account fake:9]\ntitel=x\n");
	wrong = engine_check_accounts(r.settings);
	all = g_strjoinv("\n", wrong);
	g_assert_cmpuint(g_strv_length(wrong), ==, 3);
	g_assert_nonnull(strstr(all, ":6: unknown key regoin in [account good]; did you mean region?"));
	g_assert_nonnull(strstr(all, ":8: nobody asks for validty of [defaults d]; did you mean "
				     "validity?"));
	g_assert_nonnull(strstr(all, ":10: unknown key titel"));
	rig_done(&r);
}

/* What is learnt comes back with the next start; what others write is taken in. */
static bool has_more(const struct snapshot *s, const void *id)
{
	return items_find(s->kind[KIND_ACCOUNTS], id) >= 0;
}

static void remembers(void)
{
	struct rig r, other;
	g_autoptr(account) a = NULL, b = NULL;

	begin(&r, "fake good one /ok", "");
	add_good(&r);
	a = row(&r, "good");
	g_assert_cmpstr(a->who, ==, "somebody at here");
	g_assert_cmpstr(a->verdict, ==, "it answers");
	g_assert_cmpint(a->tested, >, 0);
	other = r;
	rig_start(&other);
	g_assert_true(has_more(other.e->last, "good"));
	DONE(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=more address=here from=profile profile=x",
	     NULL, NULL);
	rig_wait_until(&other, has_more, "more");
	rig_stop(&other);
	rig_stop(&r);
	rig_start(&r);
	b = row(&r, "good");
	g_assert_cmpstr(b->who, ==, "somebody at here");
	g_assert_cmpint(b->tested, ==, a->tested);
	rig_done(&r);
}

static void assert_learnt(struct rig *r, const char *id, bool has_worked, const char *verdict)
{
	g_autoptr(account) a = row(r, id);

	g_assert_cmpint(a->tested, >, 0);
	g_assert_cmpint(a->has_worked, ==, has_worked);
	g_assert_nonnull(strstr(a->verdict, verdict));
}

static bool is_tested(const struct snapshot *s, const void *id)
{
	gssize i = items_find(s->kind[KIND_ACCOUNTS], id);

	return i >= 0 && ((struct account *)s->kind[KIND_ACCOUNTS]->item[i])->tested;
}

/* The sentence of a failure alone does not tell that it was one. */
static void remembers_failures(void)
{
	struct rig r, other;

	begin(&r, "fake good one /ok",
	      "[account bad]\nprovider=fake\naddress=code\nfrom=profile\nprofile=x\n"
	      "[account fine]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\n");
	DONE(&r, VERB_ACCOUNT_TEST, "fine", NULL, NULL, NULL);
	FAILS(&r, VERB_ACCOUNT_TEST, "bad", NULL, NULL, NULL, "a code is needed");
	assert_learnt(&r, "bad", false, "a code is needed");
	other = r;
	rig_start(&other);
	rig_wait_until(&other, is_tested, "bad");
	assert_learnt(&other, "bad", false, "a code is needed");
	assert_learnt(&other, "fine", true, "it answers");
	rig_stop(&other);
	rig_stop(&r);
	rig_start(&r);
	assert_learnt(&r, "bad", false, "a code is needed");
	assert_learnt(&r, "fine", true, "it answers");
	rig_done(&r);
}

/* ---- open ---- */

static void joined(void)
{
	struct rig r;
	uint64_t one, two;
	g_autoptr(job) first = NULL, second = NULL;

	begin(&r, "fake a one /ok;fake a two /ok",
	      "[account a]\nprovider=fake\naddress=slow\nfrom=profile\nprofile=x\n");
	one = engine_submit(r.e, command_new(VERB_REFRESH, "a/fake:one"));
	two = engine_submit(r.e, command_new(VERB_REFRESH, "a/fake:two"));
	server_wait_held(r.server, 1);
	g_assert_cmpint(server_most_held(r.server), ==, 1);
	server_open_gate(r.server);
	first = rig_wait(&r, one);
	second = rig_wait(&r, two);
	g_assert_cmpint(first->state, ==, JOB_DONE);
	g_assert_cmpint(second->state, ==, JOB_DONE);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 1);
	rig_done(&r);
}

static void slow_and_cancelled(void)
{
	struct rig r;
	uint64_t one;
	g_autofree char *id = NULL;
	g_autoptr(job) j = NULL;

	begin(&r, "fake a one /ok",
	      "[account a]\nprovider=fake\naddress=slow\nfrom=profile\nprofile=x\n");
	one = engine_submit(r.e, command_new(VERB_REFRESH, "a/fake:one"));
	server_wait_held(r.server, 1);
	id = g_strdup_printf("%" G_GUINT64_FORMAT, one);
	DONE(&r, VERB_CANCEL, id, NULL, NULL, NULL);
	j = rig_wait(&r, one);
	g_assert_cmpint(j->state, ==, JOB_CANCELLED);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 0);
	server_open_gate(r.server);
	refresh(&r, "a/fake:one", JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 1);
	/* Leaving in the middle of signing in. */
	DONE(&r, VERB_ACCOUNT_DISABLE, "a", NULL, NULL, NULL);
	refresh(&r, "a/fake:one", JOB_FAILED, "disabled");
	rig_done(&r);
}

static bool is_under_way(const struct snapshot *s, const void *what)
{
	for (size_t i = 0; i < s->kind[KIND_JOBS]->n; i++) {
		const struct job *j = s->kind[KIND_JOBS]->item[i];

		if (!strcmp(j->verb, what) && j->state < JOB_DONE)
			return true;
	}
	return false;
}

/* A name is not changed under what uses it: that is waited for. */
static void renamed_when_unused(void)
{
	struct rig r;
	uint64_t refreshing, renaming;
	g_autoptr(job) read = NULL, renamed = NULL;
	g_autoptr(account) b = NULL;

	begin(&r, "fake a one /ok",
	      "[account a]\nprovider=fake\naddress=slow\nfrom=profile\nprofile=x\n");
	refreshing = engine_submit(r.e, command_new(VERB_REFRESH, "a/fake:one"));
	server_wait_held(r.server, 1);
	renaming = engine_submit(r.e, order(VERB_ACCOUNT_RENAME, "a", "name=b", NULL, NULL));
	rig_wait_until(&r, is_under_way, "account-rename");
	server_open_gate(r.server);
	read = rig_wait(&r, refreshing);
	renamed = rig_wait(&r, renaming);
	g_assert_cmpint(read->state, ==, JOB_DONE);
	g_assert_cmpint(renamed->state, ==, JOB_DONE);
	b = row(&r, "b");
	g_assert_nonnull(b);
	rig_done(&r);
}

static void leaves_in_the_middle(void)
{
	struct rig r;

	begin(&r, "fake a one /ok",
	      "[account a]\nprovider=fake\naddress=slow\nfrom=profile\nprofile=x\n");
	engine_submit(r.e, command_new(VERB_REFRESH, "a/fake:one"));
	engine_submit(r.e, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=b address=slow "
				 "from=profile profile=y", NULL, NULL));
	server_wait_held(r.server, 2);
	rig_done(&r);
}

/* One new signing in when the server no longer knows us; then it is believed. */
static void signed_out(void)
{
	struct rig r;
	g_autoptr(account) a = NULL;

	begin(&r, "fake a one auth;fake a skewed /skew",
	      "[account a]\nprovider=fake\naddress=x\nfrom=profile\nprofile=x\n");
	r.server = r.server ? r.server : NULL;
	refresh(&r, "a/fake:one", JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 1);
	atomic_store(&fake_valid, 2);
	refresh(&r, "a/fake:one", JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 2);
	g_assert_cmpint(atomic_load(&fake_handed), ==, 1);
	atomic_store(&fake_valid, 99);
	refresh(&r, "a/fake:one", JOB_FAILED, "status 401");
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 3);
	/* The clock is put right by the server's, without signing in. */
	refresh(&r, "a/fake:skewed", JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 3);
	rig_done(&r);
}

/* What one operation gets beside the sign-in is the account's, until that is made anew. */
static void can_do_more(struct rig *r)
{
	refresh(r, "a/fake:has-b", JOB_FAILED, "there is no b");
	refresh(r, "a/fake:more-a", JOB_DONE, NULL);
	refresh(r, "a/fake:more-b", JOB_DONE, NULL);
	refresh(r, "a/fake:has-a", JOB_DONE, NULL);
	refresh(r, "a/fake:has-b", JOB_DONE, NULL);
}

static void opens_more(void)
{
	struct rig r;

	begin(&r, "fake a has-a has-a;fake a has-b has-b;fake a more-a more-a;"
	      "fake a more-b more-b;fake a one /ok",
	      "[account a]\nprovider=fake\naddress=x\nfrom=profile\nprofile=x\n");
	can_do_more(&r);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 1);
	DONE(&r, VERB_ACCOUNT_TEST, "a", NULL, NULL, NULL);
	can_do_more(&r);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 2);
	rig_done(&r);
}

/* Time goes on by a second each time somebody looks. */
static void refresh_from(struct rig *r, int64_t when)
{
	g_autoptr(job) j = NULL;
	uint64_t number;

	clock_set(when);
	number = engine_submit(r->e, command_new(VERB_REFRESH, "a/fake:one"));
	while (!j || !job_is_over(j)) {
		clock_set(++when);
		snapshot_unref(engine_wait_for(r->e, number, 1, NULL, NULL));
		job_unref(j);
		j = rig_job(r, number);
	}
	g_assert_cmpint(j->state, ==, JOB_DONE);
}

/* Shortly before its end it is not used any more, nor kept when nobody uses it. */
static void ends(void)
{
	struct rig r;
	int64_t now = g_get_real_time() / G_USEC_PER_SEC, life = 1000000;

	begin(&r, "fake a one /ok",
	      "[account a]\nprovider=fake\naddress=x\nfrom=profile\nprofile=x\nlife=1000000\n");
	refresh_from(&r, now);
	refresh_from(&r, now + 500);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 1);
	refresh_from(&r, now + life - 200);
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 2);
	refresh_from(&r, now + life + 2000);	/* nobody used it for long: it is gone */
	g_assert_cmpint(atomic_load(&fake_signed_in), ==, 3);
	clock_set(0);
	rig_done(&r);
}

static void refused(void)
{
	struct rig r;
	g_autoptr(account) a = NULL, b = NULL;

	begin(&r, "fake good one /ok", GOOD);
	/* Memory holds nothing after a start. */
	refresh(&r, "good/fake:one", JOB_FAILED, "signing in failed");
	a = row(&r, "good");
	g_assert_nonnull(strstr(a->trouble, "signing in failed"));
	{
		g_autoptr(job) j = rig_do(&r, command_new(VERB_REFRESH, "good/fake:one"));

		g_assert_cmpint(j->code, ==, ERR_SIGN_IN);
	}
	FAILS(&r, VERB_ACCOUNT_ROTATE, "good", NULL, "wrong", "also", "the keys are refused");
	DONE(&r, VERB_ACCOUNT_ROTATE, "good", NULL, "right", "also");
	refresh(&r, "good/fake:one", JOB_DONE, NULL);
	b = row(&r, "good");
	g_assert_null(b->trouble);
	rig_done(&r);
}

static void read_only(void)
{
	struct rig r;

	begin(&r, "fake good one /ok", GOOD "read-only=yes\n");
	DONE(&r, VERB_ACCOUNT_ROTATE, "good", NULL, "right", "also");
	refresh(&r, "good/fake:one", JOB_DONE, NULL);
	FAILS(&r, VERB_IMPORT, "good/fake:one", "file=/dev/null", NULL, NULL,
	      "certty.conf:6) says: add is refused");
	DONE(&r, VERB_ACCOUNT_EDIT, "good", "read-only=no", NULL, NULL);
	DONE(&r, VERB_IMPORT, "good/fake:one", "file=/dev/null key=no", NULL, NULL);
	rig_done(&r);
}

static void tested(void)
{
	struct rig r;
	struct command *c;
	g_autoptr(account) a = NULL, b = NULL;

	begin(&r, "fake good one /ok",
	      "[account a]\nprovider=fake\naddress=code\nfrom=profile\nprofile=x\n");
	FAILS(&r, VERB_ACCOUNT_TEST, "a", NULL, NULL, NULL, "a code is needed");
	a = row(&r, "a");
	g_assert_nonnull(strstr(a->verdict, "a code is needed"));
	c = command_new(VERB_ACCOUNT_TEST, "a");
	args_put_secret(c->args, "code", secret_new("123", 3));
	expect(&r, c, JOB_DONE, "it answers");
	b = row(&r, "a");
	g_assert_cmpstr(b->who, ==, "somebody at code");
	g_assert_null(b->trouble);
	atomic_store(&fake_found, 1);
	DONE(&r, VERB_ACCOUNT_TEST, "fake:0", NULL, NULL, NULL);	/* it is found first */
	rig_done(&r);
}

/* ---- adding ---- */

static void adds(void)
{
	struct rig r;

	begin(&r, "fake good one /ok", "# mine\n");
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=here keep=memory",
	      "right", "wrong", "the keys are refused");
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good keep=memory", "right", "also",
	      "Address is needed");
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=here", "right", NULL,
	      "Second is needed");
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, "provider=nope name=good", NULL, NULL, "no accounts of");
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=here only-test=yes",
			 "right", "also"), JOB_DONE, "it works: there we are somebody");
	assert_conf(&r, "# mine\n");
	g_assert_null(row(&r, "good"));
	add_good(&r);
	assert_conf(&r, "# mine\n\n[account good]\nprovider = fake\naddress = here\nkey = memory\n"
			"second = memory\n");
	refresh(&r, "good/fake:one", JOB_DONE, NULL);
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=here", "right", "also",
	      "already");
	rig_done(&r);
}

static void reads_a_file(void)
{
	struct rig r;
	g_autofree char *path = NULL, *plain = NULL, *both = NULL, *nowhere = NULL;

	begin(&r, "fake good one /ok", "");
	path = g_build_filename(r.folder, "cred", NULL);
	nowhere = g_strdup_printf("name=c remove-file=yes read=%s", path);
	plain = g_strdup_printf("name=a keep=memory remove-file=yes read=%s", path);
	both = g_strdup_printf("name=b keep=memory remove-file=yes read=%s", path);
	g_assert_true(g_file_set_contents(path, "nothing\n", -1, NULL));
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, plain, NULL, NULL, "no credentials that certty knows");
	g_assert_true(g_file_set_contents(path, "[fake]\naddress=x\n", -1, NULL));
	FAILS(&r, VERB_ACCOUNT_ADD, NULL, plain, NULL, NULL, "there is no key");
	g_assert_true(g_file_set_contents(path, "[fake]\naddress=x\nkey=right\nsecond=also\n", -1,
					  NULL));
	/* There was no better place than memory, and nobody asked for that: what is on disk is all there is. */
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, nowhere, NULL, NULL), JOB_PARTLY, "c is an account");
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, plain, NULL, NULL), JOB_DONE,
	       "which the fake tool may have used");
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_set_contents(path, "[fake]\naddress=x\nkey=right\nsecond=also\n"
					  "[other]\nkey=x\n", -1, NULL));
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, both, NULL, NULL), JOB_PARTLY, "b is an account");
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	rig_done(&r);
}

/* ---- changing ---- */

static void changes(void)
{
	struct rig r;
	g_autoptr(store) s = NULL;

	begin(&r, "fake good one /ok", "# mine\n");
	add_good(&r);
	FAILS(&r, VERB_ACCOUNT_EDIT, "good", NULL, NULL, NULL, "nothing was said");
	FAILS(&r, VERB_ACCOUNT_EDIT, "good", "region=north", "wrong", NULL, "refused");
	DONE(&r, VERB_ACCOUNT_EDIT, "good", "region=north title=Best", NULL, NULL);
	assert_conf(&r, "# mine\n\n[account good]\nprovider = fake\naddress = here\nkey = memory\n"
			"second = memory\ntitle = Best\nregion = north\n");
	/* There is no keyring: nothing of it is done. */
	FAILS(&r, VERB_ACCOUNT_EDIT, "good", "keep=keyring region=", NULL, NULL, "cannot be kept");
	DONE(&r, VERB_ACCOUNT_TEST, "good", NULL, NULL, NULL);
	DONE(&r, VERB_ACCOUNT_EDIT, "good", "region=", NULL, NULL);
	assert_conf(&r, "# mine\n\n[account good]\nprovider = fake\naddress = here\nkey = memory\n"
			"second = memory\ntitle = Best\n");
	FAILS(&r, VERB_ACCOUNT_ROTATE, "good", "region=x", "right", "also", "account-edit");
	FAILS(&r, VERB_ACCOUNT_ROTATE, "good", NULL, "wrong", NULL, "refused");
	refresh(&r, "good/fake:one", JOB_DONE, NULL);
	DONE(&r, VERB_ACCOUNT_RENAME, "good", "name=better", NULL, NULL);
	assert_conf(&r, "# mine\n\n[account better]\nprovider = fake\naddress = here\nkey = memory\n"
			"second = memory\ntitle = Best\n");
	refresh(&r, "better/fake:one", JOB_DONE, NULL);
	g_assert_false(has_more(r.e->last, "good"));
	DONE(&r, VERB_ACCOUNT_TEST, "better", NULL, NULL, NULL);
	DONE(&r, VERB_ACCOUNT_DISABLE, "better", NULL, NULL, NULL);
	FAILS(&r, VERB_ACCOUNT_TEST, "better", NULL, NULL, NULL, "disabled");
	DONE(&r, VERB_ACCOUNT_ENABLE, "better", NULL, NULL, NULL);
	DONE(&r, VERB_ACCOUNT_DROP, "better", NULL, NULL, NULL);
	assert_conf(&r, "# mine\n\n");
	g_assert_false(has_more(r.e->last, "better"));
	g_assert_cmpint(items_find(r.e->last->kind[KIND_STORES], "better/fake:one"), <, 0);
	rig_done(&r);
}

static void unlock(struct rig *r)
{
	struct command *c = order(VERB_UNLOCK, NULL, "what=file", NULL, NULL);

	args_put_secret(c->args, "passphrase", secret_new("open sesame", 11));
	expect(r, c, JOB_DONE, NULL);
}

/* ---- what a person can give ---- */

static void wants(struct rig *r, struct command *c, enum want what, const char *account)
{
	g_autoptr(job) j = rig_do(r, c);

	g_assert_cmpint(j->state, ==, JOB_FAILED);
	if (j->wants != what || strcmp(j->account, account))
		g_error("%s wants %u of '%s': %s", j->verb, j->wants, j->account, j->said);
}

static void says_what_it_wants(void)
{
	struct rig r;
	struct command *c;

	begin(&r, "fake good one /ok;fake gone one /ok",
	      GOOD "[account code]\nprovider=fake\naddress=code\nfrom=profile\nprofile=x\n"
	      "[account gone]\nprovider=fake\naddress=gone\nfrom=profile\nprofile=x\n");
	wants(&r, command_new(VERB_REFRESH, "good/fake:one"), WANT_SECRET, "good");
	wants(&r, command_new(VERB_ACCOUNT_TEST, "good"), WANT_SECRET, "good");
	wants(&r, order(VERB_ACCOUNT_ROTATE, "good", NULL, "wrong", "also"), WANT_SECRET, "good");
	wants(&r, command_new(VERB_REFRESH, "gone/fake:one"), WANT_SIGN_IN, "gone");
	wants(&r, command_new(VERB_ACCOUNT_TEST, "code"), WANT_CODE, "code");
	wants(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=b address=code keep=memory",
			"right", "also"), WANT_CODE, "");
	wants(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=b address=x keep=memory",
			"right", "wrong"), WANT_SECRET, "");
	wants(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=b address=gone from=profile "
			"profile=x", NULL, NULL), WANT_SIGN_IN, "");
	c = order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=b address=code keep=memory", "right",
		  "also");
	args_put_secret(c->args, "code", secret_new("123", 3));
	expect(&r, c, JOB_DONE, "somebody at code");
	wants(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=d keep=memory", "right",
			"also"), WANT_NOTHING, "");
	rig_done(&r);
}

static void add_auto(struct rig *r, const char *name, enum job_state state, const char *said)
{
	g_autofree char *plain = g_strdup_printf("provider=fake name=%s address=here", name);

	expect(r, order(VERB_ACCOUNT_ADD, NULL, plain, "right", "also"), state, said);
}

static void assert_kept(struct rig *r, const char *id, const char *from)
{
	g_autoptr(account) a = row(r, id);

	g_assert_cmpstr(a->secret_from, ==, from);
}

/* Nobody says where: the file where it is open, memory where there is nothing better. */
static void chooses_a_place(void)
{
	struct rig r;
	g_autofree char *file = NULL;

	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	fake_reset();
	rig_init(&r, "fake a one /ok");
	rig_configure(&r, "");
	file = g_build_filename(r.folder, "secrets.pem", NULL);
	rig_set(&r, "keyring", "file", file);
	rig_start(&r);
	add_auto(&r, "a", JOB_PARTLY, "a is an account now; there we are somebody at here; but its "
		 "secrets are kept only until certty ends, then they have to be given again. T");
	assert_kept(&r, "a", "memory, until certty ends");
	unlock(&r);
	add_auto(&r, "b", JOB_DONE, "b is an account now; there we are somebody at here");
	assert_kept(&r, "b", "file");
	rig_stop(&r);
	rig_start(&r);
	add_auto(&r, "c", JOB_PARTLY, "The file of secrets is locked");
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=d address=here keep=memory",
			 "right", "also"), JOB_DONE, NULL);
	rig_done(&r);
}

/* A secret that signing in uses up: what is kept is what it was good for. */
static void spends(void)
{
	struct rig r;
	g_autofree char *file = NULL;

	begin(&r, "fake good one /ok", "");
	file = g_build_filename(r.folder, "secrets.pem", NULL);
	rig_stop(&r);
	rig_set(&r, "keyring", "use", "file");
	rig_set(&r, "keyring", "file", file);
	rig_start(&r);
	expect(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=once only-test=yes",
			 "wrapped", "also"), JOB_PARTLY, "would use up");
	wants(&r, order(VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=once keep=file",
			"wrapped", "also"), WANT_FILE, "");
	g_assert_cmpint(atomic_load(&fake_spent), ==, 0);
	unlock(&r);
	DONE(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=good address=once keep=file",
	     "wrapped", "also");
	g_assert_cmpint(atomic_load(&fake_spent), ==, 1);
	assert_conf(&r, "[account good]\nprovider = fake\naddress = here\nkey = file\n"
			"second = file\n");
	rig_stop(&r);
	rig_start(&r);
	unlock(&r);
	DONE(&r, VERB_ACCOUNT_TEST, "good", NULL, NULL, NULL);
	/* An edit makes it one of those, and uses the secret where it lies. */
	FAILS(&r, VERB_ACCOUNT_EDIT, "good", "address=once", NULL, NULL, "used before");
	atomic_store(&fake_spent, 0);
	DONE(&r, VERB_ACCOUNT_EDIT, "good", "address=once region=north", "wrapped", NULL);
	DONE(&r, VERB_ACCOUNT_TEST, "good", NULL, NULL, NULL);
	rig_done(&r);
}

/* From memory to the encrypted file, which a later start reads. */
static void moves(void)
{
	struct rig r;
	g_autofree char *file = NULL;
	g_autoptr(account) here = NULL;

	begin(&r, "fake good one /ok", "");
	file = g_build_filename(r.folder, "secrets.pem", NULL);
	rig_stop(&r);
	rig_set(&r, "keyring", "use", "file");
	rig_set(&r, "keyring", "file", file);
	rig_start(&r);
	add_good(&r);
	FAILS(&r, VERB_ACCOUNT_EDIT, "good", "keep=file", NULL, NULL, "cannot be kept");
	wants(&r, order(VERB_ACCOUNT_EDIT, "good", "keep=file", NULL, NULL), WANT_FILE, "good");
	DONE(&r, VERB_ACCOUNT_TEST, "good", NULL, NULL, NULL);
	unlock(&r);
	DONE(&r, VERB_ACCOUNT_EDIT, "good", "keep=file", NULL, NULL);
	assert_conf(&r, "[account good]\nprovider = fake\naddress = here\nkey = file\n"
			"second = file\n");
	here = row(&r, "local");	/* all rows were made anew */
	g_assert_cmpstr(here->secret_from, ==, "file");
	rig_stop(&r);
	rig_start(&r);
	g_assert_cmpint(r.e->last->rung[RUNG_FILE].stand, ==, RUNG_LOCKED);
	wants(&r, command_new(VERB_REFRESH, "good/fake:one"), WANT_FILE, "good");
	wants(&r, order(VERB_ACCOUNT_EDIT, "good", "keep=memory", NULL, NULL), WANT_FILE, "good");
	unlock(&r);
	g_assert_cmpint(r.e->last->rung[RUNG_FILE].stand, ==, RUNG_OPEN);
	g_assert_cmpint(r.e->last->rung[RUNG_MEMORY].stand, ==, RUNG_OPEN);
	g_assert_cmpint(r.e->last->rung[RUNG_COMMAND].stand, ==, RUNG_OPEN);
	refresh(&r, "good/fake:one", JOB_DONE, NULL);
	DONE(&r, VERB_ACCOUNT_RENAME, "good", "name=better", NULL, NULL);
	DONE(&r, VERB_ACCOUNT_TEST, "better", NULL, NULL, NULL);
	DONE(&r, VERB_ACCOUNT_DROP, "better", NULL, NULL, NULL);
	rig_done(&r);
}

static void found_ones(void)
{
	struct rig r;
	g_autoptr(account) a = NULL;

	fake_reset();
	rig_init(&r, "fake fake:0 one /ok");
	rig_configure(&r, "");
	atomic_store(&fake_found, 1);
	rig_start(&r);
	refresh(&r, "fake:0/fake:one", JOB_DONE, NULL);		/* waits until it is found */
	FAILS(&r, VERB_ACCOUNT_DROP, "fake:0", NULL, NULL, NULL, "can be disabled");
	FAILS(&r, VERB_ACCOUNT_EDIT, "fake:0", "region=x", NULL, NULL, "never changed");
	DONE(&r, VERB_ACCOUNT_EDIT, "fake:0", "title=Mine read-only=yes", NULL, NULL);
	DONE(&r, VERB_ACCOUNT_DISABLE, "fake:0", NULL, NULL, NULL);
	assert_conf(&r, "[account fake:0]\ntitle = Mine\nread-only = yes\ndisabled = yes\n");
	refresh(&r, "fake:0/fake:one", JOB_FAILED, "disabled");
	DONE(&r, VERB_ACCOUNT_ENABLE, "fake:0", NULL, NULL, NULL);
	refresh(&r, "fake:0/fake:one", JOB_DONE, NULL);
	a = row(&r, "fake:0");
	g_assert_cmpstr(a->title, ==, "Mine");
	g_assert_true(a->is_read_only);
	DONE(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=own address=found from=profile "
	     "profile=fake:0", NULL, NULL);
	rig_done(&r);
}

static void sets_of_defaults(void)
{
	struct rig r;

	begin(&r, "fake good one /ok", "");
	FAILS(&r, VERB_DEFAULTS, NULL, "name=d", NULL, NULL, "say which");
	DONE(&r, VERB_DEFAULTS, NULL, "name=d key=address value=there", NULL, NULL);
	/* It stands in for what is needed and was not said. */
	DONE(&r, VERB_ACCOUNT_ADD, NULL, "provider=fake name=a defaults=d from=profile profile=x",
	     NULL, NULL);
	DONE(&r, VERB_DEFAULTS, NULL, "name=d drop=yes", NULL, NULL);
	assert_conf(&r, "\n[account a]\nprovider = fake\ndefaults = d\nfrom = profile\n"
			"profile = x\n");
	rig_done(&r);
}

/* ---- cut short ---- */

static void add_and_wait(struct rig *r)
{
	rig_start(r);
	engine_submit(r->e, order(VERB_ACCOUNT_ADD, NULL,
				  "provider=fake name=good address=here keep=memory untested=yes",
				  "right", "also"));
	for (;;)
		pause();
}

static char *marks_of(const struct rig *r)
{
	g_autofree char *path = g_build_filename(r->folder, "certty.db", NULL);
	struct db *db = g_file_test(path, G_FILE_TEST_EXISTS) ? db_open(path, NULL, NULL) : NULL;
	char *marks = db ? db_setting_get(db, "accounts-adding") : NULL;

	db_close(db);
	return marks;
}

static bool has_no_marks(const struct snapshot *s, const void *rig)
{
	g_autofree char *marks = marks_of(rig);

	(void)s;
	return !marks;
}

/* Killed between its secrets and the configuration: the next start takes the secrets away. */
static void killed(void)
{
	struct rig r;
	pid_t child;
	int lock, status;

	fake_reset();
	rig_init(&r, "");
	rig_configure(&r, "# mine\n");
	lock = open(r.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_assert_cmpint(flock(lock, LOCK_EX), ==, 0);
	child = fork();
	if (!child)
		add_and_wait(&r);
	for (char *marks = NULL; !marks;) {
		poll(NULL, 0, 1);
		marks = marks_of(&r);
		if (marks)
			g_assert_cmpstr(marks, ==, "good memory key\ngood memory second\n");
		g_free(marks);
		if (marks)
			break;
	}
	g_assert_cmpint(kill(child, SIGKILL), ==, 0);
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	close(lock);
	assert_conf(&r, "# mine\n");
	rig_start(&r);
	rig_wait_until(&r, has_no_marks, &r);
	g_assert_false(has_more(r.e->last, "good"));
	rig_done(&r);
}

int main(int argc, char **argv)
{
	secret_heap_open();
	g_test_init(&argc, &argv, NULL);
	CASE("rows", rows);
	CASE("checks", checks);
	CASE("remembers", remembers);
	CASE("remembers-failures", remembers_failures);
	CASE("joined", joined);
	CASE("slow-and-cancelled", slow_and_cancelled);
	CASE("renamed-when-unused", renamed_when_unused);
	CASE("leaves-in-the-middle", leaves_in_the_middle);
	CASE("signed-out", signed_out);
	CASE("opens-more", opens_more);
	CASE("ends", ends);
	CASE("refused", refused);
	CASE("read-only", read_only);
	CASE("tested", tested);
	CASE("adds", adds);
	CASE("reads-a-file", reads_a_file);
	CASE("changes", changes);
	CASE("says-what-it-wants", says_what_it_wants);
	CASE("chooses-a-place", chooses_a_place);
	CASE("spends", spends);
	CASE("moves", moves);
	CASE("found-ones", found_ones);
	CASE("sets-of-defaults", sets_of_defaults);
	CASE("killed", killed);
	return g_test_run();
}
