/*
 * Engines that are killed at any moment: while they open, before what was asked for is sent, when it is on
 * its way, when the service has done it and they do not know, in the midst of a write, and when there is
 * nothing to do.  The service (ledger.h) lives on, in memory that is shared.
 *
 * After each death another engine opens what is left, sends again what was not answered, and then: each
 * order at the service has its row, none was made twice, nothing was approved that nobody agreed to, the
 * journal verifies and tells of each change, and nothing else was asked of the service.
 *
 * The seed is GLib's, printed at the start; --seed gives it back.  It says what is given, in which way each
 * engine dies and after how much; how far it has come by then is the kernel's.
 */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../db/db_test.h"
#include "desk.h"

/* Sanitizers are ten times slower, and what they look for shows in fewer deaths. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define KILLS 240
#else
#define KILLS 1000
#endif
#define OF_WORLD 40		/* deaths; KILLS is a multiple of it */
#define LANES	 12		/* of worlds that are under way at once: an engine mostly waits */
#define LIVES	 (OF_WORLD * 4)	/* of a world, at most: some end by themselves */
#define ROUNDS	 8		/* of a life */
#define MOST	 1000		/* orders of a world */
#define LIMIT_MS 120000		/* under a sanitizer, on a busy machine */

const struct provider *const provider_table[] = { &provider_counter, NULL };
static const struct desk_rules rules = { .account = "" };

/* Where the last change was that was given; of several at once the one that moved last. */
enum phase {
	PHASE_OPENING, PHASE_GIVEN, PHASE_SENT, PHASE_ANSWERED, PHASE_WRITTEN, PHASE_IDLE, PHASE_COUNT
};
static const char *const phase_words[PHASE_COUNT] = {
	"while it opened", "before anything was sent", "when it was on its way",
	"when it was done, and not yet written down", "when it was written down",
	"when there was nothing to do",
};

enum how {
	HOW_NOT, HOW_OPENING, HOW_TIME, HOW_IDLE,	/* from outside */
	HOW_SENT, HOW_ANSWERED, HOW_WRITE, HOW_HALF_WRITE, HOW_COUNT
};

static const struct way_to_die {
	const char *word;
	unsigned weight;
	unsigned most;		/* of what is counted */
	int longest_us;		/* after that */
} ways[HOW_COUNT] = {
	[HOW_OPENING] = { "some time after its start", 2, 1, 100000 },
	[HOW_TIME] = { "some time after something was given", 5, 4, 80000 },
	[HOW_IDLE] = { "some time after all was done", 1, 3, 10000 },
	[HOW_SENT] = { "before a question arrives", 3, 6, 0 },
	[HOW_ANSWERED] = { "after a question was answered", 4, 6, 0 },
	[HOW_WRITE] = { "before a write", 5, 80, 0 },
	[HOW_HALF_WRITE] = { "in the midst of a write", 3, 80, 0 },
};

struct death {
	enum how how;
	unsigned at;		/* the how manieth, from 1 */
	int64_t after_us;
};

/* What outlives an engine, beside the ledger. */
struct board {
	atomic_uint phase;
};
static struct board *board;

/* Of all lanes. */
struct sum {
	atomic_uint phases[PHASE_COUNT], ways[HOW_COUNT], lives, orders, changes;
};
static struct sum *sum;

static void *share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	g_assert_true(p != MAP_FAILED);
	return p;
}

/* ---- dying ---- */

static struct death death;
static atomic_uint passed;

/* Nothing at the service is left half done. */
static void die(void)
{
	ledger_hold(counter_ledger);
	kill(getpid(), SIGKILL);
	g_assert_not_reached();
}

static bool is_now(enum how how)
{
	return death.how == how && atomic_fetch_add(&passed, 1) + 1 == death.at;
}

/* Instead of the C library's, for SQLite. */
ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at)
{
	if (is_now(HOW_WRITE))
		die();
	if (is_now(HOW_HALF_WRITE)) {
		syscall(SYS_pwrite64, fd, from, n / 2, at);
		die();
	}
	return syscall(SYS_pwrite64, fd, from, n, at);
}

static void watch(enum way way, const char *path)
{
	bool is_sent = way == WAY_IS_SENT;

	if (g_str_has_prefix(path, "state/") || !strcmp(path, "list"))
		return;
	atomic_store(&board->phase, is_sent ? PHASE_SENT : PHASE_ANSWERED);
	if (is_now(is_sent ? HOW_SENT : HOW_ANSWERED))
		die();
}

/* ---- a life ---- */

struct part {
	const char *folder;
	guint32 seed;
	unsigned which;		/* of the lives at that folder */
	struct death death;
	int done[2];		/* a pipe: a byte for each thing that is counted from outside */
};

struct life {
	struct desk desk;
	GRand *rand;
	unsigned ordered;
	bool is_alone;		/* what is given next */
	int out;
};

static int below(struct life *l, int n)
{
	return g_rand_int_range(l->rand, 0, n);
}

static bool happens(struct life *l, int percent)
{
	return below(l, 100) < percent;
}

static GRand *fates;	/* on the engine's thread */

static enum fate any_fate(void)
{
	static const enum fate of[] = { FATE_LATE, FATE_LATE, FATE_LOST, FATE_THROTTLED, FATE_BROKEN };
	guint32 i = (guint32)g_rand_int_range(fates, 0, 20);

	return i < G_N_ELEMENTS(of) ? of[i] : FATE_GOOD;
}

typedef void deed_fn(struct desk *d, const struct request *r);

static void do_sync(struct desk *d, const struct request *r)
{
	desk_do(d, r, VERB_SYNC);
}

static void do_withdraw(struct desk *d, const struct request *r)
{
	desk_do(d, r, VERB_WITHDRAW);
}

static void do_publish(struct desk *d, const struct request *r)
{
	desk_do(d, r, VERB_PUBLISH);
}

static void do_resend(struct desk *d, const struct request *r)
{
	desk_do(d, r, VERB_RESEND);
}

/* By somebody who does not know that it may have arrived.  After a sync that is just under way it would be
 * another order, and rightly so. */
static void order_again(struct desk *d, const struct request *r)
{
	desk_order(d, r->title);
}

/* clang-format off */
static const struct choice {
	enum there state;
	int percent;
	deed_fn *deed;
} choices[] = {
	{ THERE_NONE,   50, do_sync },
	{ THERE_NONE,   50, order_again },
	{ THERE_REVIEW, 50, desk_agree },
	{ THERE_REVIEW, 15, desk_just_yes },
	{ THERE_REVIEW,  8, desk_yes_without_warnings },
	{ THERE_REVIEW,  8, desk_deny },
	{ THERE_REVIEW,  9, do_withdraw },
	{ THERE_REVIEW, 10, do_sync },
	{ THERE_DNS,    60, do_publish },
	{ THERE_DNS,    15, do_resend },
	{ THERE_DNS,    10, do_withdraw },
	{ THERE_DNS,    10, desk_agree },
	{ THERE_CA,     50, do_sync },
	{ THERE_CA,     10, do_withdraw },
	{ THERE_ISSUED,  5, desk_agree },
};

/* What the service does by itself, in a hundred rounds. */
static const struct {
	enum act act;
	int percent;
} events[] = {
	{ ACT_CHANGE, 5 }, { ACT_WARN, 20 }, { ACT_EXPIRE, 1 }, { ACT_ISSUE, 30 }, { ACT_FAIL, 3 },
};
/* clang-format on */

static void move_on(struct life *l, const struct request *r)
{
	int at = below(l, 100);

	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (choices[i].state != counter_there(r->state))
			continue;
		if (at < choices[i].percent) {
			if (l->is_alone || choices[i].deed != order_again)
				choices[i].deed(&l->desk, r);
			return;
		}
		at -= choices[i].percent;
	}
}

static void let_happen(struct life *l)
{
	for (unsigned number = 1; number <= ledger_count(counter_ledger); number++)
		for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
			if (happens(l, events[i].percent))
				ledger_happens(counter_ledger, number, events[i].act);
}

/* One on which something can be done. */
static const struct request *any_row(struct life *l)
{
	const struct items *rows = desk_rows(&l->desk);
	const struct request *r = NULL;

	for (int tries = 0; rows->n && tries < 20 && (!r || !*r->can); tries++)
		r = rows->item[below(l, (int)rows->n)];
	return r;
}

static void give_one(struct life *l)
{
	const struct request *r = happens(l, 35) ? NULL : any_row(l);
	g_autofree char *name = NULL;

	if (r) {
		move_on(l, r);
	} else if (ledger_count(counter_ledger) < MOST) {
		name = g_strdup_printf("l%u-%u.example.org", l->desk.which, l->ordered++);
		desk_order(&l->desk, name);
	}
}

static void tell_parent(const struct life *l, enum how how)
{
	if (death.how == how)
		g_assert_cmpint(write(l->out, "", 1), ==, 1);
}

static void do_round(struct life *l)
{
	let_happen(l);
	desk_clear(&l->desk);
	atomic_store(&board->phase, PHASE_GIVEN);
	tell_parent(l, HOW_TIME);
	l->is_alone = happens(l, 60);
	for (int n = l->is_alone ? 1 : 1 + below(l, 5); n > 0; n--)
		give_one(l);
	if (happens(l, 15))
		desk_submit(&l->desk, command_new(VERB_REFRESH, COUNTER_STORE));
	desk_wait(&l->desk);
	atomic_store(&board->phase, PHASE_IDLE);
	tell_parent(l, HOW_IDLE);
}

/* Until the end of this process. */
static void rest(struct life *l)
{
	struct pollfd p = { .fd = engine_fd(l->desk.e), .events = POLLIN };
	struct snapshot *s;

	for (;;) {
		poll(&p, 1, -1);
		s = engine_take(l->desk.e);
		engine_give_back(l->desk.e, s);
	}
}

static void live(const struct part *p)
{
	struct life l = { .rand = g_rand_new_with_seed(p->seed), .out = p->done[1] };

	desk_init(&l.desk, p->folder, p->which);
	fates = g_rand_new_with_seed(p->seed + 1);
	counter_fate = any_fate;
	counter_watch = watch;
	death = p->death;
	desk_open(&l.desk, &rules);
	if (death.at % 2)
		atomic_store(&passed, 0);	/* half of them do not count what opening writes */
	atomic_store(&board->phase, PHASE_IDLE);
	for (unsigned round = 1; round <= ROUNDS; round++) {
		do_round(&l);
		if (death.how == HOW_IDLE && round == death.at)
			rest(&l);
	}
	desk_close(&l.desk);
	desk_done(&l.desk);
	g_rand_free(l.rand);
	g_rand_free(fates);
}

/* ---- what is left ---- */

static const struct request *find_row(const struct desk *d, unsigned number)
{
	g_autofree char *id = counter_id(number);
	struct ledger_entry it = ledger_entry(counter_ledger, number);
	gssize at = items_find(desk_rows(d), id);

	if (at >= 0)
		return desk_rows(d)->item[at];
	for (size_t i = 0; i < desk_rows(d)->n; i++)
		if (!g_strcmp0(counter_token(desk_rows(d)->item[i]), it.token))
			return desk_rows(d)->item[i];
	return NULL;
}

/* As it lies there, before anybody was asked.  The number of orders that were not answered. */
static unsigned check_kept(const struct desk *d)
{
	unsigned unanswered = 0;

	for (unsigned number = 1; number <= ledger_count(counter_ledger); number++)
		if (!find_row(d, number))
			g_error("the order %u has no row", number);
	for (size_t i = 0; i < desk_rows(d)->n; i++)
		unanswered += !counter_number(desk_rows(d)->item[i]);
	return unanswered;
}

/* Whether what the service did last was written down by then. */
static void look_for_last(const struct desk *d)
{
	unsigned last = counter_ledger->last;
	const struct request *r = last ? find_row(d, last) : NULL;

	if (atomic_load(&board->phase) == PHASE_ANSWERED && r &&
	    !strcmp(r->theirs, ledger_there_words[ledger_entry(counter_ledger, last).state]))
		atomic_store(&board->phase, PHASE_WRITTEN);
}

static void check_jobs(const struct desk *d)
{
	const struct items *jobs = d->e->last->kind[KIND_JOBS];

	for (size_t i = 0; i < jobs->n; i++)
		if (!job_is_over(jobs->item[i]))
			g_error("a job of an engine that is no more is not over");
}

static void settle(const struct part *p)
{
	g_autofree char *path = g_build_filename(p->folder, "certty.db", NULL);
	uint64_t asked = counter_ledger->asked;
	struct desk d;

	desk_init(&d, p->folder, p->which);
	desk_open(&d, &rules);
	g_assert_cmpstr(d.e->last->saying, ==, NULL);
	asked += check_kept(&d);
	look_for_last(&d);
	check_jobs(&d);
	desk_settle(&d);
	desk_check_rows(&d);
	desk_check_journal(&d);
	g_assert_cmpuint(counter_ledger->asked, ==, asked);
	desk_assert_nothing_wrong();
	desk_close(&d);
	desk_done(&d);
	test_says(path, "PRAGMA integrity_check", "ok");
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

static void assert_ends_well(pid_t pid, const char *what)
{
	int status;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	if (status)
		g_error("%s ended with status %x", what, (unsigned)status);
}

static struct death any_death(GRand *rand)
{
	unsigned all = 0, at;
	struct death d = { .how = HOW_NOT };

	for (size_t i = 0; i < HOW_COUNT; i++)
		all += ways[i].weight;
	at = (unsigned)g_rand_int_range(rand, 0, (int)all);
	while (at >= ways[d.how].weight)
		at -= ways[d.how++].weight;
	d.at = (unsigned)g_rand_int_range(rand, 1, (int)ways[d.how].most + 1);
	/* Most happens soon. */
	d.after_us = (int64_t)(g_rand_double(rand) * (ways[d.how].longest_us >> g_rand_int_range(rand, 0, 12)));
	return d;
}

/* That it said something, or (0) that it is no more. */
static bool wait_for(int in, short what, int64_t us)
{
	struct pollfd p = { .fd = in, .events = what };
	struct timespec limit = { .tv_sec = us / G_USEC_PER_SEC, .tv_nsec = us % G_USEC_PER_SEC * 1000 };

	return ppoll(&p, 1, &limit, NULL) > 0;
}

/* Until it is time that it dies, or it has died. */
static void wait_to_kill(int in, const struct death *d)
{
	char byte;

	if (d->how == HOW_TIME || d->how == HOW_IDLE)
		for (unsigned i = 0; i < d->at; i++) {
			g_assert_true(wait_for(in, POLLIN, LIMIT_MS * INT64_C(1000)));
			if (read(in, &byte, 1) <= 0)
				return;
		}
	if (ways[d->how].longest_us)
		wait_for(in, 0, d->after_us);
	else if (!wait_for(in, 0, LIMIT_MS * INT64_C(1000)))
		g_error("an engine has not come to its end");
}

/* True: it died, and did not come to its end before that. */
static bool live_and_die(struct part *p)
{
	int status;
	pid_t pid;

	atomic_store(&board->phase, PHASE_OPENING);
	g_assert_cmpint(pipe(p->done), ==, 0);
	pid = start(live, p);
	close(p->done[1]);
	wait_to_kill(p->done[0], &p->death);
	ledger_hold(counter_ledger);
	kill(pid, SIGKILL);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	ledger_let_go(counter_ledger);
	close(p->done[0]);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		g_assert_cmpint(status, ==, 0);
	return status != 0;
}

static void one_world(guint32 seed)
{
	g_autofree char *folder = g_dir_make_tmp("certty-killed-XXXXXX", NULL);
	g_autofree char *remove = g_strdup_printf("rm -r '%s'", folder);
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	struct part p = { .folder = folder };

	counter_ledger = ledger_new();
	for (unsigned died = 0; died < OF_WORLD;) {
		g_autofree char *what = NULL;

		g_assert_cmpuint(p.which++, <, LIVES);
		p.seed = g_rand_int(rand);
		p.death = any_death(rand);
		atomic_fetch_add(&sum->lives, 1);
		if (!live_and_die(&p))
			continue;
		what = g_strdup_printf("what was left of life %u in %s, which ended %s (%u),", p.which,
				       folder, ways[p.death.how].word, p.death.at);
		assert_ends_well(start(settle, &p), what);
		atomic_fetch_add(&sum->phases[atomic_load(&board->phase)], 1);
		atomic_fetch_add(&sum->ways[p.death.how], 1);
		died++;
	}
	atomic_fetch_add(&sum->orders, ledger_count(counter_ledger));
	atomic_fetch_add(&sum->changes, (unsigned)counter_ledger->asked);
	ledger_free(counter_ledger);
	g_assert_true(g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL));
}

static void lane(const struct part *p)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(p->seed);

	board = share(sizeof(*board));
	for (unsigned i = p->which; i < KILLS / OF_WORLD; i += LANES)
		one_world(g_rand_int(rand));
}

static void tell_all(double seconds)
{
	g_test_message("%d of %u engines were killed in %.1f s; %u orders, %u changes asked for", KILLS,
		       atomic_load(&sum->lives), seconds, atomic_load(&sum->orders),
		       atomic_load(&sum->changes));
	for (size_t i = HOW_NOT + 1; i < HOW_COUNT; i++)
		g_test_message("%6u  %s", atomic_load(&sum->ways[i]), ways[i].word);
	for (size_t i = 0; i < PHASE_COUNT; i++)
		g_test_message("%6u  %s", atomic_load(&sum->phases[i]), phase_words[i]);
}

static void moments(void)
{
	int64_t began = g_get_monotonic_time();
	struct part lanes[LANES];
	pid_t pids[LANES];

	sum = share(sizeof(*sum));
	for (unsigned i = 0; i < LANES; i++) {
		lanes[i] = (struct part){ .folder = "", .seed = (guint32)g_test_rand_int(), .which = i };
		pids[i] = start(lane, &lanes[i]);
	}
	for (unsigned i = 0; i < LANES; i++)
		assert_ends_well(pids[i], "a lane");
	tell_all((double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
	/* A test that kills nobody at such a moment must not pass. */
	for (size_t i = 0; i < PHASE_COUNT; i++)
		if (!atomic_load(&sum->phases[i]))
			g_error("nobody was killed %s", phase_words[i]);
	munmap(sum, sizeof(*sum));
}

int main(int argc, char **argv)
{
	/* Who is killed loses nothing that the kernel has, on whatever disk it is. */
	if (access("/dev/shm", W_OK) == 0)
		g_setenv("TMPDIR", "/dev/shm", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/engine/killed/moments", moments);
	return g_test_run();
}
