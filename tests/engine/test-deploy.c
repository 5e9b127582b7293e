/*
 * Deployments: to one and many places, what is refused before anything is sent, what is remembered,
 * drift, proposals, and what happens without a person.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <certty/model/detail.h>

#include "fake.h"
#include "held.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/deploy/" path, f)

#define CONFIG \
	"[account prod]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\n" \
	"[account closed]\nprovider=fake\naddress=here\nfrom=profile\nprofile=x\nread-only=yes\n"
#define STORES \
	"fake prod src held;fake prod a held;fake prod b held;fake prod full held-refuses;" \
	"fake prod moves held-beside;fake prod other held-other;fake prod dies held-dies;" \
	"fake prod web held-endpoint;fake closed shut held"
#define NAMES "www.example.test example.test"
#define BEGINS INT64_C(1789000000)
#define LATER  (BEGINS + 30 * INT64_C(86400))

/* ---- helpers ---- */

static void begin(struct rig *r)
{
	fake_reset();
	rig_init(r, STORES);
	rig_configure(r, CONFIG);
	rig_set(r, "keyring", "use", "off");
	rig_start(r);
	engine_give_back(r->e, engine_wait_found(r->e));
}

/* The first process of a case, before which nothing is held anywhere. */
static void begin_anew(struct rig *r)
{
	held_reset();
	begin(r);
}

static char *store_id(const char *title)
{
	return g_strdup_printf("%s/fake:%s", strcmp(title, "shut") ? "prod" : "closed", title);
}

static struct bundle *put_new(const char *store, const char *alias, const char *kind, int64_t when)
{
	struct bundle *b = held_make(NAMES, kind, when);

	held_put(store, alias, b);
	return b;
}

static char *id_of(const struct bundle *b)
{
	g_autofree char *hex = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);

	return g_strndup(hex, 16);
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

static void read_store(struct rig *r, const char *title)
{
	g_autofree char *id = store_id(title);

	expect(r, command_new(VERB_REFRESH, id), JOB_DONE, NULL);
}

static struct command *deploy(const struct bundle *b, const char *to, const char *mode)
{
	g_autofree char *id = id_of(b);
	g_auto(GStrv) titles = g_strsplit(to, " ", -1);
	struct command *c = command_new(VERB_DEPLOY, id);
	g_autoptr(GString) ids = g_string_new(NULL);

	for (char **title = titles; *title; title++) {
		g_autofree char *store = store_id(*title);

		g_string_append_printf(ids, "%s%s", ids->len ? "," : "", store);
	}
	args_set(c->args, "to", ids->str);
	if (mode)
		args_set(c->args, "redeploy", mode);
	return c;
}

static char *deployment(const char *store)
{
	g_autofree char *id = store_id(store);

	return deploy_id(id, "www.example.test");
}

static const struct deploy *row(const struct snapshot *s, const char *store)
{
	g_autofree char *id = deployment(store);
	gssize i = items_find(s->kind[KIND_DEPLOYS], id);

	return i < 0 ? NULL : s->kind[KIND_DEPLOYS]->item[i];
}

struct wanted {
	const char *store;
	enum deploy_state state;
};

static bool is_state(const struct snapshot *s, const void *what)
{
	const struct wanted *w = what;
	const struct deploy *d = row(s, w->store);

	return d && d->state == w->state;
}

static void wait_state(struct rig *r, const char *store, enum deploy_state state)
{
	const struct wanted w = { store, state };

	rig_wait_until(r, is_state, &w);
}

static bool is_there(const char *store, const struct bundle *b)
{
	const struct bundle *there = held_get(store, "www.example.test");

	return there && g_bytes_equal(there->cert, b->cert);
}

/* Whether a row of that store is marked. */
static bool drifts(const struct snapshot *s, const char *store)
{
	g_autofree char *id = store_id(store);

	for (uint32_t p = 0; p < s->certs->n_places; p++) {
		struct place at = certs_place(s->certs, p);

		if (!strcmp(at.table->store, id) && (at.table->marks[at.row] & MARK_DRIFT))
			return true;
	}
	return false;
}

static bool drifts_now(const struct snapshot *s, const void *store)
{
	return drifts(s, store);
}

static bool drifts_not(const struct snapshot *s, const void *store)
{
	return !drifts(s, store);
}

static const struct request *proposal(const struct snapshot *s, const char *store)
{
	g_autofree char *of = deployment(store), *id = g_strconcat("deploy/", of, NULL);
	gssize i = items_find(s->kind[KIND_REQUESTS], id);

	return i < 0 ? NULL : s->kind[KIND_REQUESTS]->item[i];
}

static bool is_proposed(const struct snapshot *s, const void *store)
{
	const struct request *q = proposal(s, store);

	return q && request_is_waiting(q);
}

static bool is_settled(const struct snapshot *s, const void *store)
{
	const struct request *q = proposal(s, store);

	return q && q->state == REQUEST_ISSUED;
}

/* ---- one and many ---- */

static void one(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL;
	const struct deploy *d;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, "deployed to prod a");
	g_assert_true(is_there("a", b));
	wait_state(&r, "a", DEPLOY_CURRENT);
	d = row(r.e->last, "a");
	g_assert_cmpstr(d->title, ==, "www.example.test");
	g_assert_cmpstr(d->key, ==, "EC P-256");
	g_assert_cmpstr(d->from, ==, "prod/fake:src");
	g_assert_cmpuint(strlen(d->print), ==, 64);
	g_assert_cmpint(d->mode, ==, DEPLOY_OFF);
	rig_done(&r);
}

static void many(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a b full other", NULL), JOB_PARTLY, "prod full: the quota is used up");
	expect(&r, deploy(b, "a full other", NULL), JOB_PARTLY, "another certificate");
	expect(&r, deploy(b, "a full", NULL), JOB_PARTLY, "deployed to 1 of 2: prod a");
	expect(&r, deploy(b, "full other", NULL), JOB_FAILED, "deployed to none of 2");
	expect(&r, deploy(b, "full", NULL), JOB_FAILED, "prod full: the quota is used up");
	g_assert_cmpint(atomic_load(&held_imports), ==, 4 + 3 + 2 + 2 + 1);
	wait_state(&r, "b", DEPLOY_CURRENT);
	g_assert_null(row(r.e->last, "full"));
	g_assert_null(row(r.e->last, "other"));
	rig_done(&r);
}

static void refused(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, bare = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	bare = put_new("web", "leaf", "ec-p256", BEGINS);
	read_store(&r, "src");
	read_store(&r, "web");
	expect(&r, deploy(b, "a shut", NULL), JOB_FAILED, "closed is read-only");
	expect(&r, deploy(b, "a web", NULL), JOB_FAILED, "can only be read");
	expect(&r, deploy(b, "a nowhere", NULL), JOB_FAILED, "there is no store");
	expect(&r, deploy(b, "src", NULL), JOB_FAILED, "where it would be taken from");
	expect(&r, deploy(bare, "a", NULL), JOB_FAILED, "its private key is in none");
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	expect(&r, deploy(b, "a", NULL), JOB_FAILED, "offline");
	rig_stop(&r);
	r.config.is_offline = false;
	r.config.is_read_only = true;
	rig_start(&r);
	expect(&r, deploy(b, "a", NULL), JOB_FAILED, "read-only");
	g_assert_cmpint(atomic_load(&held_imports), ==, 0);
	rig_done(&r);
}

static bool add_line(const char *line, void *who)
{
	g_string_append_printf(who, "%s\n", line);
	return true;
}

static void journaled(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL;
	g_autoptr(GString) all = g_string_new(NULL);

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a b", NULL), JOB_DONE, NULL);
	g_assert_true(engine_journal_each(r.e, add_line, all, NULL));
	g_assert_nonnull(strstr(all->str, "to prod/fake:a,prod/fake:b"));
	g_assert_nonnull(strstr(all->str, "deployed to prod a, prod b"));
	rig_done(&r);
}

/* ---- how it stands ---- */

static void states(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL, other = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	held_put("web", "leaf", b);
	read_store(&r, "src");
	read_store(&r, "web");
	expect(&r, deploy(b, "a b", NULL), JOB_DONE, NULL);
	wait_state(&r, "a", DEPLOY_CURRENT);
	g_assert_false(drifts(r.e->last, "a"));
	g_assert_false(drifts(r.e->last, "web"));
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_DUE);
	g_assert_true(drifts(r.e->last, "a"));
	g_assert_true(drifts(r.e->last, "web"));
	g_assert_false(drifts(r.e->last, "src"));
	/* a person does one of them again */
	{
		g_autofree char *id = deployment("a");

		expect(&r, command_new(VERB_REDEPLOY, id), JOB_DONE, "deployed to prod a");
	}
	g_assert_true(is_there("a", newer));
	wait_state(&r, "a", DEPLOY_CURRENT);
	rig_wait_until(&r, drifts_not, "a");
	g_assert_true(drifts(r.e->last, "b"));
	/* somebody puts the older one back */
	held_put("a", "www.example.test", b);
	read_store(&r, "a");
	wait_state(&r, "a", DEPLOY_OLDER);
	rig_wait_until(&r, drifts_now, "a");
	other = held_make("other.example.test", "ec-p256", LATER);
	held_put("a", "www.example.test", other);
	read_store(&r, "a");
	wait_state(&r, "a", DEPLOY_OTHER);
	held_reset();
	read_store(&r, "a");
	wait_state(&r, "a", DEPLOY_GONE);
	rig_done(&r);
}

/* Marks are not saved with the rows of one store, and come again with the next process. */
static void after_a_restart(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_DUE);
	rig_stop(&r);
	rig_start(&r);
	wait_state(&r, "a", DEPLOY_DUE);
	rig_wait_until(&r, drifts_now, "a");
	rig_done(&r);
}

static void decided(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL;
	g_autofree char *id = deployment("a");
	struct command *mode;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, NULL);
	expect(&r, command_new(VERB_REDEPLOY, id), JOB_DONE, "what it should be already");
	g_assert_cmpint(atomic_load(&held_imports), ==, 1);
	mode = command_new(VERB_DEPLOY_MODE, id);
	args_set(mode->args, "redeploy", "propose");
	expect(&r, mode, JOB_DONE, "propose");
	g_assert_cmpint(row(r.e->last, "a")->mode, ==, DEPLOY_PROPOSE);
	expect(&r, command_new(VERB_DEPLOY_DROP, id), JOB_DONE, "is forgotten");
	g_assert_null(row(r.e->last, "a"));
	g_assert_true(is_there("a", b));
	expect(&r, command_new(VERB_DEPLOY_DROP, id), JOB_FAILED, "no such deployment");
	rig_done(&r);
}

/* ---- proposals ---- */

static bool has_line(const struct snapshot *s, const char *detail, const char *text)
{
	gssize i = items_find(s->details, detail);
	const struct detail *d = i < 0 ? NULL : s->details->item[i];

	for (size_t n = 0; d && n < d->n; n++)
		if (strstr(d->line[n].text, text))
			return true;
	return false;
}

static void proposed(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL, third = NULL;
	g_autofree char *of = deployment("a"), *id = g_strconcat("deploy/", of, NULL);
	g_autofree char *show = g_strconcat("requests/", id, NULL);
	g_autofree char *show_deploy = g_strconcat("deploys/", of, NULL);
	struct command *c;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", "propose"), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	rig_wait_until(&r, is_proposed, "a");
	g_assert_cmpstr(proposal(r.e->last, "a")->can, ==, "approve dismiss");
	expect(&r, command_new(VERB_SHOW, show), JOB_DONE, NULL);
	g_assert_true(has_line(r.e->last, show, row(r.e->last, "a")->print));
	g_assert_true(has_line(r.e->last, show, row(r.e->last, "a")->newer));
	g_assert_true(has_line(r.e->last, show, "the kind of key: EC P-256"));
	expect(&r, command_new(VERB_SHOW, show_deploy), JOB_DONE, NULL);
	g_assert_true(has_line(r.e->last, show_deploy, "still on an older certificate"));
	c = command_new(VERB_APPROVE, id);
	args_set(c->args, "digest", row(r.e->last, "a")->print);
	expect(&r, c, JOB_FAILED, "another request");
	c = command_new(VERB_APPROVE, id);
	args_set(c->args, "digest", row(r.e->last, "a")->newer);
	expect(&r, c, JOB_DONE, "deployed to prod a");
	g_assert_true(is_there("a", newer));
	rig_wait_until(&r, is_settled, "a");
	/* dismissed, it is not proposed again; the next one is */
	third = put_new("src", "z", "ec-p256", LATER + 86400);
	read_store(&r, "src");
	rig_wait_until(&r, is_proposed, "a");
	expect(&r, command_new(VERB_DISMISS, id), JOB_DONE, NULL);
	read_store(&r, "src");
	g_assert_false(is_proposed(r.e->last, "a"));
	expect(&r, command_new(VERB_APPROVE, id), JOB_FAILED, "decided already");
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);
	rig_done(&r);
}

static void other_key(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *of = deployment("a"), *id = g_strconcat("deploy/", of, NULL);

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", "propose"), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p384", LATER);
	read_store(&r, "src");
	rig_wait_until(&r, is_proposed, "a");
	g_assert_nonnull(strstr(proposal(r.e->last, "a")->oddities, "another kind of key"));
	g_assert_cmpstr(proposal(r.e->last, "a")->can, ==, "dismiss");
	expect(&r, command_new(VERB_APPROVE, id), JOB_FAILED, "another kind of key");
	expect(&r, command_new(VERB_REDEPLOY, of), JOB_FAILED, "another kind of key");
	g_assert_cmpint(atomic_load(&held_imports), ==, 1);
	rig_done(&r);
}

/* Where nothing can be replaced, what was proposed ends as deployed beside the old one. */
static void moved(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *store = store_id("moves"), *to = deploy_id(store, "beside");
	g_autofree char *old = deployment("moves"), *id = g_strconcat("deploy/", old, NULL);
	g_autofree char *after = g_strconcat("deploy/", to, NULL);
	const struct items *all;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "moves", "propose"), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	rig_wait_until(&r, is_proposed, "moves");
	expect(&r, command_new(VERB_APPROVE, id), JOB_PARTLY, "it is in beside now");
	g_assert_null(row(r.e->last, "moves"));
	all = r.e->last->kind[KIND_DEPLOYS];
	g_assert_cmpuint(all->n, ==, 1);
	g_assert_cmpstr(((const struct deploy *)all->item[0])->id, ==, to);
	g_assert_cmpint(((const struct deploy *)all->item[0])->mode, ==, DEPLOY_PROPOSE);
	all = r.e->last->kind[KIND_REQUESTS];
	g_assert_cmpint(items_find(all, id), <, 0);
	g_assert_cmpint(items_find(all, after), >=, 0);
	g_assert_cmpint(((const struct request *)all->item[items_find(all, after)])->state, ==,
			REQUEST_ISSUED);
	rig_done(&r);
}

/* Lists keep minutes; certificates that began in the same one are told apart all the same. */
static void same_minute(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *id = deployment("a");

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", BEGINS + 10);
	g_assert_cmpint(BEGINS / 60, ==, (BEGINS + 10) / 60);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_DUE);
	expect(&r, command_new(VERB_REDEPLOY, id), JOB_DONE, NULL);
	g_assert_true(is_there("a", newer));
	wait_state(&r, "a", DEPLOY_CURRENT);
	held_put("a", "www.example.test", b);
	read_store(&r, "a");
	wait_state(&r, "a", DEPLOY_OLDER);
	rig_done(&r);
}

/* ---- without a person ---- */

static void automatic(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a b", "automatic"), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_DUE);
	rig_stop(&r);
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);	/* a command does nothing by itself */
	r.config.refreshes_itself = r.config.is_read_only = true;
	rig_start(&r);
	wait_state(&r, "a", DEPLOY_DUE);
	rig_stop(&r);
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);
	r.config.is_read_only = false;
	rig_start(&r);
	wait_state(&r, "a", DEPLOY_CURRENT);
	wait_state(&r, "b", DEPLOY_CURRENT);
	g_assert_true(is_there("a", newer));
	g_assert_true(is_there("b", newer));
	read_store(&r, "src");
	read_store(&r, "a");
	g_assert_cmpint(atomic_load(&held_imports), ==, 4);
	rig_done(&r);
}

/* Where a second person has to countersign, what would go by itself is proposed, and no way that
 * leads there goes on without that person. */
static void held_back(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *of = deployment("a"), *id = g_strconcat("deploy/", of, NULL);
	static const char *const words[] = { "redeploy", "deploy", "add", "prod:*", "local:tag, prod:add",
					     "*" };
	static const char missing[] = "countersign.folder does not say how";

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", "automatic"), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	r.config.refreshes_itself = true;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		rig_stop(&r);
		rig_set(&r, "safety", "four-eyes", words[i]);
		rig_start(&r);
		read_store(&r, "src");
		rig_wait_until(&r, is_proposed, "a");
		expect(&r, command_new(VERB_APPROVE, id), JOB_FAILED, missing);
		expect(&r, command_new(VERB_REDEPLOY, of), JOB_FAILED, missing);
		if (strcmp(words[i], "redeploy") != 0)
			expect(&r, deploy(newer, "b", NULL), JOB_FAILED, missing);
		g_assert_true(is_there("a", b));
		g_assert_cmpint(atomic_load(&held_imports), ==, 1);
	}
	rig_stop(&r);
	rig_set(&r, "safety", "four-eyes", "prod:revoke, local:*, closed:*");
	rig_start(&r);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_CURRENT);
	g_assert_true(is_there("a", newer));
	rig_done(&r);
}

static bool has_trouble(const struct snapshot *s, const void *store)
{
	const struct deploy *d = row(s, store);

	return d && d->trouble;
}

/* The first that goes wrong is the last that is tried, until a person does it again. */
static void stops(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *id = deployment("a");

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a b", "automatic"), JOB_DONE, NULL);
	rig_stop(&r);
	g_free(r.stores);	/* both are full by now */
	r.stores = g_strdup("fake prod src held;fake prod a held-refuses;fake prod b held-refuses;");
	rig_set(&r, "local", "endpoints", r.stores);
	r.config.refreshes_itself = true;
	newer = put_new("src", "y", "ec-p256", LATER);
	rig_start(&r);
	read_store(&r, "src");
	rig_wait_until(&r, has_trouble, "a");
	read_store(&r, "src");
	read_store(&r, "b");
	g_assert_false(has_trouble(r.e->last, "b"));
	g_assert_cmpint(atomic_load(&held_imports), ==, 3);
	rig_stop(&r);
	rig_start(&r);		/* nor does the next process */
	read_store(&r, "src");
	g_assert_cmpint(atomic_load(&held_imports), ==, 3);
	expect(&r, command_new(VERB_REDEPLOY, id), JOB_FAILED, "the quota is used up");
	g_assert_cmpint(atomic_load(&held_imports), ==, 4);
	rig_done(&r);
}

static bool is_imported(const struct snapshot *s, const void *n)
{
	(void)s;
	return atomic_load(&held_imports) == *(const int *)n;
}

/* Ended after the place had taken it and before it said so: what lies there is believed. */
static void cut_short(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	const int sent = 2;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", "automatic"), JOB_DONE, NULL);
	rig_stop(&r);
	newer = put_new("src", "y", "ec-p256", LATER);
	g_free(r.stores);
	r.stores = g_strdup("fake prod src held;fake prod a held-dies;");
	rig_set(&r, "local", "endpoints", r.stores);
	r.config.refreshes_itself = true;
	rig_start(&r);
	read_store(&r, "src");
	rig_wait_until(&r, is_imported, &sent);
	rig_stop(&r);
	r.config.refreshes_itself = false;
	rig_start(&r);
	wait_state(&r, "a", DEPLOY_DUE);
	read_store(&r, "a");
	wait_state(&r, "a", DEPLOY_CURRENT);
	rig_stop(&r);
	r.config.refreshes_itself = true;
	rig_start(&r);
	read_store(&r, "src");
	wait_state(&r, "a", DEPLOY_CURRENT);
	g_assert_cmpint(atomic_load(&held_imports), ==, sent);
	rig_done(&r);
}

/* ---- two processes ---- */

/* Has the lock of that name in the database until the pipe is closed at its other end. */
static int hold_lock(const struct rig *r, const char *name, int tell, int hear)
{
	g_autofree char *path = g_build_filename(r->folder, "certty.db", NULL);
	struct db *db;
	char byte;

	if (read(hear, &byte, 1) != 1)
		return 1;
	db = db_open(path, NULL, NULL);
	if (!db || !db_lock_take(db, name, 100, NULL) || write(tell, "x", 1) != 1)
		return 2;
	(void)!read(hear, &byte, 1);
	db_lock_release(db, name);
	db_close(db);
	return 0;
}

static void one_process_at_a_time(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL, newer = NULL;
	g_autofree char *id = deployment("a"), *name = g_strconcat("deploy/", id, NULL);
	int tell[2], hear[2], status;
	pid_t pid;
	char byte;

	held_reset();
	fake_reset();
	rig_init(&r, STORES);
	g_assert_cmpint(pipe(tell), ==, 0);
	g_assert_cmpint(pipe(hear), ==, 0);
	pid = fork();
	if (pid == 0) {
		close(hear[1]);
		_exit(hold_lock(&r, name, tell[1], hear[0]));
	}
	close(hear[0]);
	rig_configure(&r, CONFIG);
	rig_set(&r, "keyring", "use", "off");
	rig_start(&r);
	engine_give_back(r.e, engine_wait_found(r.e));
	b = put_new("src", "x", "ec-p256", BEGINS);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, NULL);
	newer = put_new("src", "y", "ec-p256", LATER);
	read_store(&r, "src");
	g_assert_cmpint(write(hear[1], "x", 1), ==, 1);
	g_assert_cmpint(read(tell[0], &byte, 1), ==, 1);
	expect(&r, command_new(VERB_REDEPLOY, id), JOB_FAILED, "is at work on it");
	g_assert_cmpint(atomic_load(&held_imports), ==, 1);
	close(hear[1]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	expect(&r, command_new(VERB_REDEPLOY, id), JOB_DONE, NULL);
	g_assert_cmpint(atomic_load(&held_imports), ==, 2);
	close(tell[0]);
	close(tell[1]);
	rig_done(&r);
}

/* A certificate's details tell where it was put. */
static void told(void)
{
	struct rig r;
	g_autoptr(bundle) b = NULL;
	g_autofree char *show = NULL, *id = NULL;

	begin_anew(&r);
	b = put_new("src", "x", "ec-p256", BEGINS);
	id = id_of(b);
	show = g_strconcat("certs/", id, NULL);
	read_store(&r, "src");
	expect(&r, deploy(b, "a", NULL), JOB_DONE, NULL);
	expect(&r, command_new(VERB_SHOW, show), JOB_DONE, NULL);
	g_assert_true(has_line(r.e->last, show, "a  www.example.test, "));
	g_assert_true(has_line(r.e->last, show, ": current"));
	rig_done(&r);
}

int main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	CASE("one-process-at-a-time", one_process_at_a_time);
	CASE("one", one);
	CASE("many", many);
	CASE("refused", refused);
	CASE("journaled", journaled);
	CASE("states", states);
	CASE("after-a-restart", after_a_restart);
	CASE("decided", decided);
	CASE("proposed", proposed);
	CASE("other-key", other_key);
	CASE("moved", moved);
	CASE("same-minute", same_minute);
	CASE("automatic", automatic);
	CASE("held-back", held_back);
	CASE("stops", stops);
	CASE("cut-short", cut_short);
	CASE("told", told);
	failed = g_test_run();
	held_reset();
	return failed;
}
