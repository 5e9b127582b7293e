/*
 * Random walks over the states that requests can be in: two processes at once give orders, look, agree,
 * deny, publish and dismiss as it comes, while the service changes its mind, loses answers and turns away
 * what is too much, and while engines end in the middle of it.
 *
 * Whatever happens: nothing is approved that nobody agreed to in exactly these words, nothing is ordered
 * twice, no row goes back or is lost, the journal tells of each approval with its texts, and what is
 * forbidden (read-only, a second person, a dry run) reaches nobody.  A walk is the life of one order.
 *
 * The seed is GLib's, printed at the start; --seed gives it back.  Of what two processes do at the same
 * time the order is the kernel's.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <certty/base/clock.h>

#include "desk.h"

/* Sanitizers are ten times slower, and what they look for shows in fewer walks. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define WALKS 500
#else
#define WALKS 10000
#endif
#define WALKERS	   2
#define OF_WORLD   250		/* walks; WALKS is a multiple of it */
#define LANES	   8		/* of worlds that are under way at once */
#define ROUNDS	   100		/* of a walker, at most */
#define ORDERS	   60		/* of a walker in one round, at most */
#define COMMANDS   120		/* likewise: of ended jobs the engine keeps 500, */
#define DRY_RUNS   40		/* and of those that leave no trace 64 */

const struct provider *const provider_table[] = { &provider_counter, NULL };

/* ---- one walker ---- */

struct mood {
	const char *name;
	unsigned weight;
	bool forbids, is_dry;
	struct desk_rules rules;
};

/* clang-format off */
static const struct mood moods[] = {
	{ "as usual",             14, false, false, { false, "",                NULL } },
	{ "read-only",             1, true,  false, { true,  "",                NULL } },
	{ "account is read-only",  1, true,  false, { false, "read-only=yes\n", NULL } },
	{ "four eyes",             1, true,  false, { false, "",                "*" } },
	{ "four eyes, one verb",   1, true,  false, { false, "",                "c:*; approve" } },
	{ "dry runs",              1, true,  true,  { false, "",                NULL } },
};
/* clang-format on */

/* What a process is to do. */
struct part {
	const char *folder;
	guint32 seed;
	unsigned which;
};

struct walker {
	GRand *rand;
	unsigned ordered;
	const struct mood *mood;
	struct desk desk;
	GHashTable *seen;	/* id → 1 + the state that its row had last */
};

static int below(struct walker *w, int n)
{
	return g_rand_int_range(w->rand, 0, n);
}

static bool happens(struct walker *w, int percent)
{
	return below(w, 100) < percent;
}

/* The engine's thread has its own; a walker has but one engine at a time. */
static GRand *fates;

static enum fate any_fate(void)
{
	/* clang-format off */
	static const enum fate of[] = {
		FATE_LATE, FATE_LATE, FATE_LOST, FATE_LOST, FATE_THROTTLED, FATE_BROKEN,
	};
	/* clang-format on */
	guint32 i = (guint32)g_rand_int_range(fates, 0, 40);

	return i < G_N_ELEMENTS(of) ? of[i] : FATE_GOOD;
}

static const struct mood *any_mood(struct walker *w)
{
	unsigned all = 0, at;

	for (size_t i = 0; i < G_N_ELEMENTS(moods); i++)
		all += moods[i].weight;
	at = (unsigned)below(w, (int)all);
	for (size_t i = 0;; at -= moods[i++].weight)
		if (at < moods[i].weight)
			return &moods[i];
}

/* ---- what must hold ---- */

static void look_at(struct walker *w, const struct request *r)
{
	gpointer before = g_hash_table_lookup(w->seen, r->id);
	enum there now = counter_there(r->state);

	if (before && !ledger_reaches((enum there)(GPOINTER_TO_UINT(before) - 1), now))
		g_error("%s of %s was %s and is %s", r->title, r->id,
			ledger_there_words[GPOINTER_TO_UINT(before) - 1], ledger_there_words[now]);
	g_hash_table_replace(w->seen, g_strdup(r->id), GUINT_TO_POINTER(1 + (unsigned)now));
}

static void look(struct walker *w)
{
	for (size_t i = 0; i < desk_rows(&w->desk)->n; i++)
		look_at(w, desk_rows(&w->desk)->item[i]);
	desk_assert_nothing_wrong();
}

/* ---- what a walker does ---- */

typedef void deed_fn(struct walker *w, const struct request *r);

/* An order that was allowed and not answered may be sent again where a new one would be asked about. */
static void do_sync(struct walker *w, const struct request *r)
{
	if (counter_number(r) || (!w->mood->rules.four_eyes && !w->mood->is_dry))
		desk_do(&w->desk, r, VERB_SYNC);
}

static void do_withdraw(struct walker *w, const struct request *r)
{
	desk_do(&w->desk, r, VERB_WITHDRAW);
}

static void do_publish(struct walker *w, const struct request *r)
{
	desk_do(&w->desk, r, VERB_PUBLISH);
}

static void do_resend(struct walker *w, const struct request *r)
{
	desk_do(&w->desk, r, VERB_RESEND);
}

static void do_dismiss(struct walker *w, const struct request *r)
{
	desk_do(&w->desk, r, VERB_DISMISS);
}

static void do_deny(struct walker *w, const struct request *r)
{
	desk_deny(&w->desk, r);
}

/* Now and then by a person who is in a hurry. */
static void agree(struct walker *w, const struct request *r)
{
	for (int n = happens(w, 15) ? 3 : 1; n > 0; n--)
		desk_agree(&w->desk, r);
}

static void just_yes(struct walker *w, const struct request *r)
{
	desk_just_yes(&w->desk, r);
}

static void yes_without_warnings(struct walker *w, const struct request *r)
{
	desk_yes_without_warnings(&w->desk, r);
}

/* These two agree to what is not there. */
static void yes_to_another(struct walker *w, const struct request *r)
{
	g_autofree char *digest = counter_digest(counter_number(r), LEDGER_TEXTS + 1);
	g_autofree char *warnings = request_warnings(r);

	desk_yes_to(&w->desk, r, digest, warnings);
}

static void yes_to_another_warning(struct walker *w, const struct request *r)
{
	desk_yes_to(&w->desk, r, r->digest, "warning 77: it is free");
}

static void order(struct walker *w)
{
	g_autofree char *name = g_strdup_printf("w%u-%u.example.org", w->desk.which, w->ordered++);

	desk_order(&w->desk, name);
}

struct choice {
	enum there state;
	unsigned percent;
	deed_fn *deed;
};

/* clang-format off */
static const struct choice choices[] = {
	{ THERE_NONE,   70, do_sync },
	{ THERE_NONE,    2, do_dismiss },
	{ THERE_REVIEW, 34, agree },
	{ THERE_REVIEW, 12, just_yes },
	{ THERE_REVIEW,  6, yes_without_warnings },
	{ THERE_REVIEW,  6, yes_to_another },
	{ THERE_REVIEW,  6, yes_to_another_warning },
	{ THERE_REVIEW,  3, do_deny },
	{ THERE_REVIEW,  3, do_withdraw },
	{ THERE_REVIEW,  2, do_dismiss },
	{ THERE_REVIEW,  2, do_publish },
	{ THERE_REVIEW,  6, do_sync },
	{ THERE_DNS,    50, do_publish },
	{ THERE_DNS,     8, do_resend },
	{ THERE_DNS,     4, do_withdraw },
	{ THERE_DNS,     8, agree },
	{ THERE_DNS,     8, do_sync },
	{ THERE_CA,     30, do_sync },
	{ THERE_CA,      4, do_withdraw },
	{ THERE_CA,      4, agree },
	{ THERE_ISSUED,  3, do_dismiss },
	{ THERE_ISSUED,  3, agree },
	{ THERE_ISSUED,  3, do_withdraw },
	{ THERE_DENIED,  5, agree },
	{ THERE_DENIED,  5, just_yes },
	{ THERE_WITHDRAWN, 5, agree },
	{ THERE_FAILED,  5, agree },
	{ THERE_FAILED,  5, do_publish },
};

/* What the service does by itself, in a hundred rounds. */
static const struct {
	enum act act;
	int percent;
} events[] = {
	{ ACT_CHANGE, 10 }, { ACT_WARN, 20 }, { ACT_EXPIRE, 2 }, { ACT_ISSUE, 50 }, { ACT_FAIL, 5 },
};
/* clang-format on */

static void move_on(struct walker *w, const struct request *r)
{
	int at = below(w, 100);

	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (choices[i].state != counter_there(r->state))
			continue;
		if (at < (int)choices[i].percent) {
			choices[i].deed(w, r);
			return;
		}
		at -= (int)choices[i].percent;
	}
}

static void let_happen(struct walker *w)
{
	unsigned n = ledger_count(counter_ledger);

	for (unsigned number = 1; number <= n; number++)
		for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
			if (happens(w, events[i].percent))
				ledger_happens(counter_ledger, number, events[i].act);
}

/* What was forbidden was refused, in whatever words; dismissing touches nothing there. */
static void assert_refused(const struct walker *w)
{
	const GArray *numbers = w->desk.numbers;

	for (guint i = 0; i < numbers->len && !w->mood->is_dry; i++) {
		const struct job *j = desk_job(&w->desk, g_array_index(numbers, uint64_t, i));
		const struct verb *v = j ? verb_find(j->verb) : NULL;

		if (v && v->changes && v->id != VERB_DISMISS && j->state != JOB_FAILED)
			g_error("%s, and %s is %s: %s", w->mood->name, j->verb, job_state_word(j->state),
				j->said);
	}
}

static void do_round(struct walker *w)
{
	size_t rows = desk_rows(&w->desk)->n, at;
	guint most = w->mood->is_dry ? DRY_RUNS : COMMANDS;

	desk_clear(&w->desk);
	for (int n = below(w, ORDERS); n > 0 && ledger_count(counter_ledger) < OF_WORLD; n--)
		if (w->desk.numbers->len < most)
			order(w);
	at = rows ? (size_t)below(w, (int)rows) : 0;
	for (size_t i = 0; i < rows && w->desk.numbers->len < most; i++)
		move_on(w, desk_rows(&w->desk)->item[(at + i) % rows]);
	if (happens(w, 30))
		desk_submit(&w->desk, command_new(VERB_REFRESH, COUNTER_STORE));
	let_happen(w);
	if (happens(w, 10))
		return;		/* it ends in the middle of it */
	desk_wait(&w->desk);
	look(w);
	if (w->mood->forbids)
		assert_refused(w);
}

/* The last few may stand where they stand. */
static bool is_over(void)
{
	unsigned n = ledger_count(counter_ledger), open = 0;

	for (unsigned number = 1; number <= n; number++)
		open += ledger_entry(counter_ledger, number).state < THERE_ISSUED;
	return n >= OF_WORLD && open < OF_WORLD / 50;
}

/* A few rounds in one mood, then the engine is started anew. */
static void walk(const struct part *p)
{
	struct walker w = { .ordered = 0 };

	desk_init(&w.desk, p->folder, p->which);
	w.rand = g_rand_new_with_seed(p->seed + p->which);
	fates = g_rand_new_with_seed(p->seed + WALKERS + p->which);
	counter_fate = any_fate;
	w.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (int n = 0; n < ROUNDS && !is_over();) {
		w.mood = any_mood(&w);
		ledger_forbids = w.mood->forbids;
		w.desk.is_dry = w.mood->is_dry;
		desk_open(&w.desk, &w.mood->rules);
		look(&w);
		for (int rounds = 1 + below(&w, w.mood->forbids ? 1 : 8); rounds > 0; rounds--, n++)
			do_round(&w);
		desk_close(&w.desk);
	}
	desk_done(&w.desk);
	g_hash_table_unref(w.seen);
	g_rand_free(w.rand);
	g_rand_free(fates);
}

/* The end of a world. */
static void settle(const struct part *p)
{
	struct desk d;

	desk_init(&d, p->folder, p->which);
	desk_open(&d, &moods->rules);
	desk_settle(&d);
	desk_close(&d);
	desk_open(&d, &moods->rules);	/* what is saved is what was seen */
	desk_check_rows(&d);
	desk_check_journal(&d);
	desk_assert_nothing_wrong();
	desk_close(&d);
	desk_done(&d);
}

/* ---- worlds ---- */

typedef void part_fn(const struct part *p);

static pid_t start(part_fn *part, const struct part *p)
{
	pid_t pid = fork();

	g_assert_cmpint(pid, >=, 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	part(p);
	_exit(0);
}

/* All of them; the first that does not ends the others. */
static void assert_end_well(const pid_t *pids, unsigned n, const char *what, guint32 seed)
{
	for (unsigned ended = 0; ended < n; ended++) {
		int status;

		g_assert_cmpint(wait(&status), >, 0);
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			continue;
		for (unsigned i = 0; i < n; i++)
			kill(pids[i], SIGTERM);
		g_error("%s of the seed %u ended with status %x", what, seed, (unsigned)status);
	}
}

static struct ledger *sum;	/* of the edges of all worlds */

static void add_edges(void)
{
	ledger_hold(sum);
	sum->asked += counter_ledger->asked;
	for (size_t i = 0; i < LEDGER_EDGES; i++)
		sum->visited[i] += counter_ledger->visited[i];
	ledger_let_go(sum);
}

static void one_world(guint32 seed)
{
	g_autofree char *folder = g_dir_make_tmp("certty-walks-XXXXXX", NULL);
	g_autofree char *remove = g_strdup_printf("rm -r '%s'", folder);
	struct part p = { folder, seed, 0 };
	pid_t walkers[WALKERS], settler;

	counter_ledger = ledger_new();
	for (; p.which < WALKERS; p.which++)
		walkers[p.which] = start(walk, &p);
	assert_end_well(walkers, WALKERS, "a walker", seed);
	settler = start(settle, &p);
	assert_end_well(&settler, 1, "what was left", seed);
	add_edges();
	ledger_free(counter_ledger);
	g_assert_true(g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL));
}

/* One world after the other; several such lanes are under way at once, since engines mostly wait. */
static void lane(const struct part *p)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(p->seed);

	for (unsigned i = p->which; i < WALKS / OF_WORLD; i += LANES)
		one_world(g_rand_int(rand));
}

/* A test that goes nowhere must not pass. */
static void tell_edges(void)
{
	g_test_message("%" G_GUINT64_FORMAT " changes were asked for", sum->asked);
	for (const struct ledger_edge *e = ledger_edges; e->act != ACT_COUNT; e++) {
		uint64_t n = sum->visited[e - ledger_edges];

		g_test_message("%6" G_GUINT64_FORMAT "  %s: %s, then %s", n, ledger_there_words[e->from],
			       ledger_act_words[e->act], ledger_there_words[e->to]);
		if (!n)
			g_error("nobody went from %s by %s", ledger_there_words[e->from],
				ledger_act_words[e->act]);
	}
}

static void states(void)
{
	int64_t began = g_get_monotonic_time();
	pid_t lanes[LANES];

	sum = ledger_new();
	for (unsigned i = 0; i < LANES; i++) {
		struct part p = { NULL, (guint32)g_test_rand_int(), i };

		lanes[i] = start(lane, &p);
	}
	assert_end_well(lanes, LANES, "a lane", 0);
	g_test_message("%d walks in %.1f s", WALKS,
		       (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
	tell_edges();
	g_assert_cmpuint(sum->visited[0], >=, WALKS);
	ledger_free(sum);
}

int main(int argc, char **argv)
{
	/* How fast a disk is does not matter here. */
	if (access("/dev/shm", W_OK) == 0)
		g_setenv("TMPDIR", "/dev/shm", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/engine/walks/states", states);
	return g_test_run();
}
