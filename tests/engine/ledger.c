/* ledger: orders in shared memory, one lock, and a table of what may come after what. */
#include "ledger.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <glib.h>

/* clang-format off */
const struct ledger_edge ledger_edges[] = {
	{ THERE_NONE,   ACT_ORDER,          THERE_REVIEW },
	{ THERE_REVIEW, ACT_CHANGE,         THERE_REVIEW },
	{ THERE_REVIEW, ACT_WARN,           THERE_REVIEW },
	{ THERE_REVIEW, ACT_APPROVE,        THERE_DNS },
	{ THERE_REVIEW, ACT_APPROVE_WARNED, THERE_DNS },
	{ THERE_REVIEW, ACT_DENY,           THERE_DENIED },
	{ THERE_REVIEW, ACT_WITHDRAW,       THERE_WITHDRAWN },
	{ THERE_REVIEW, ACT_EXPIRE,         THERE_FAILED },
	{ THERE_DNS,    ACT_RESEND,         THERE_DNS },
	{ THERE_DNS,    ACT_PUBLISH,        THERE_CA },
	{ THERE_DNS,    ACT_WITHDRAW,       THERE_WITHDRAWN },
	{ THERE_DNS,    ACT_EXPIRE,         THERE_FAILED },
	{ THERE_CA,     ACT_ISSUE,          THERE_ISSUED },
	{ THERE_CA,     ACT_WITHDRAW,       THERE_WITHDRAWN },
	{ THERE_CA,     ACT_FAIL,           THERE_FAILED },
	{ THERE_NONE,   ACT_COUNT,          THERE_NONE },
};
/* clang-format on */

bool ledger_forbids;

const char *const ledger_there_words[THERE_COUNT] = {
	"none", "review", "dns", "ca", "issued", "denied", "withdrawn", "failed",
};
const char *const ledger_act_words[ACT_COUNT] = {
	"order", "approve", "approve-warned", "deny", "withdraw", "change", "warn",
	"publish", "resend", "issue", "expire", "fail",
};

/* ---- life ---- */

struct ledger *ledger_new(void)
{
	struct ledger *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t shared;

	g_assert_true(l != MAP_FAILED);
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&l->lock, &shared);
	pthread_mutexattr_destroy(&shared);
	return l;
}

void ledger_free(struct ledger *l)
{
	pthread_mutex_destroy(&l->lock);
	munmap(l, sizeof(*l));
}

/* Who died with it in hand did not die in the middle of a change: see ledger_hold() in the header. */
void ledger_hold(struct ledger *l)
{
	if (pthread_mutex_lock(&l->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&l->lock);
}

void ledger_let_go(struct ledger *l)
{
	pthread_mutex_unlock(&l->lock);
}

/* ---- what must never happen ---- */

static void G_GNUC_PRINTF(2, 3) wrong(struct ledger *l, const char *format, ...)
{
	va_list list;

	if (*l->wrong)
		return;
	va_start(list, format);
	vsnprintf(l->wrong, sizeof(l->wrong), format, list);
	va_end(list);
}

static void check_change(struct ledger *l, const char *what, const char *name)
{
	l->asked++;
	if (ledger_forbids)
		wrong(l, "%s of %s while nothing may be changed", what, name);
}

static uint64_t bit_of(unsigned content, unsigned warning)
{
	return UINT64_C(1) << (content % LEDGER_TEXTS * LEDGER_TEXTS + warning % LEDGER_TEXTS);
}

/* ---- edges ---- */

static const struct ledger_edge *find_edge(enum there from, enum act act)
{
	for (const struct ledger_edge *e = ledger_edges; e->act != ACT_COUNT; e++)
		if (e->from == from && e->act == act)
			return e;
	return NULL;
}

static bool move(struct ledger *l, struct ledger_entry *it, enum act act)
{
	const struct ledger_edge *e = find_edge(it->state, act);

	if (!e)
		return false;
	l->visited[e - ledger_edges]++;
	it->state = e->to;
	it->acts[act]++;
	l->last = (unsigned)(it - l->all) + 1;
	if (act == ACT_CHANGE)
		it->content = (it->content + 1) % LEDGER_TEXTS;
	if (act == ACT_WARN)
		it->warning = (it->warning + 1) % LEDGER_TEXTS;
	return true;
}

bool ledger_reaches(enum there from, enum there to)
{
	bool is_reached = from == to;

	for (const struct ledger_edge *e = ledger_edges; e->act != ACT_COUNT && !is_reached; e++)
		is_reached = e->from == from && e->to != from && ledger_reaches(e->to, to);
	return is_reached;
}

/* ---- questions ---- */

struct asking {
	struct ledger *l;
	char **words;
	GString *answer;
};

static struct ledger_entry *entry_of(struct ledger *l, const char *word)
{
	unsigned number = (unsigned)g_ascii_strtoull(word, NULL, 10);

	return number >= 1 && number <= l->n ? &l->all[number - 1] : NULL;
}

static void tell(const struct asking *a, const struct ledger_entry *it)
{
	g_string_append_printf(a->answer, "%u %s %s %u %u\n", (unsigned)(it - a->l->all) + 1, it->name,
			       ledger_there_words[it->state], it->content, it->warning);
}

static int order(const struct asking *a)
{
	struct ledger *l = a->l;
	struct ledger_entry *it;

	check_change(l, "an order", a->words[2]);
	for (unsigned i = 0; i < l->n; i++)
		if (!strcmp(l->all[i].token, a->words[1])) {
			tell(a, &l->all[i]);
			return 200;
		}
	for (unsigned i = 0; i < l->n; i++)
		if (!strcmp(l->all[i].name, a->words[2]))
			wrong(l, "%s was ordered twice", a->words[2]);
	g_assert_cmpuint(l->n, <, LEDGER_MOST);
	it = &l->all[l->n++];
	g_strlcpy(it->token, a->words[1], sizeof(it->token));
	g_strlcpy(it->name, a->words[2], sizeof(it->name));
	move(l, it, ACT_ORDER);
	tell(a, it);
	return 200;
}

static int tell_state(const struct asking *a)
{
	const struct ledger_entry *it = entry_of(a->l, a->words[1]);

	if (!it)
		return 404;
	tell(a, it);
	return 200;
}

static int tell_all(const struct asking *a)
{
	for (unsigned i = 0; i < a->l->n; i++)
		tell(a, &a->l->all[i]);
	return 200;
}

/* That it changed since is for the service to find out; that nobody agreed, for us. */
static int approve(const struct asking *a)
{
	struct ledger_entry *it = entry_of(a->l, a->words[1]);
	unsigned content = (unsigned)g_ascii_strtoull(a->words[2], NULL, 10);
	unsigned warning = (unsigned)g_ascii_strtoull(a->words[3], NULL, 10);

	if (!it)
		return 404;
	check_change(a->l, "approval", it->name);
	if (!(it->agreed & bit_of(content, warning)))
		wrong(a->l, "%s was approved with content %u and warning %u, and nobody agreed to those",
		      it->name, content, warning);
	if (it->content != content || it->warning != warning ||
	    !move(a->l, it, warning ? ACT_APPROVE_WARNED : ACT_APPROVE)) {
		tell(a, it);
		return 409;
	}
	it->approvals++;
	it->approved_content = content;
	it->approved_warning = warning;
	tell(a, it);
	return 200;
}

static int act_on(const struct asking *a, enum act act)
{
	struct ledger_entry *it = entry_of(a->l, a->words[1]);
	bool is_done;

	if (!it)
		return 404;
	check_change(a->l, ledger_act_words[act], it->name);
	is_done = move(a->l, it, act);
	tell(a, it);
	return is_done ? 200 : 409;
}

static int deny(const struct asking *a)
{
	return act_on(a, ACT_DENY);
}

static int withdraw(const struct asking *a)
{
	return act_on(a, ACT_WITHDRAW);
}

static int publish(const struct asking *a)
{
	return act_on(a, ACT_PUBLISH);
}

static int resend(const struct asking *a)
{
	return act_on(a, ACT_RESEND);
}

int ledger_ask(struct ledger *l, const char *path, GString *answer)
{
	static const struct {
		const char *word;
		guint n;
		int (*answer)(const struct asking *a);
	} questions[] = {
		{ "order", 3, order },	{ "state", 2, tell_state },  { "list", 1, tell_all },
		{ "approve", 4, approve }, { "deny", 2, deny },	     { "withdraw", 2, withdraw },
		{ "publish", 2, publish }, { "resend", 2, resend },
	};
	g_auto(GStrv) words = g_strsplit(path, "/", -1);
	struct asking a = { .l = l, .words = words, .answer = answer };
	int status = 404;

	ledger_hold(l);
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
		if (!g_strcmp0(words[0], questions[i].word) && g_strv_length(words) == questions[i].n)
			status = questions[i].answer(&a);
	ledger_let_go(l);
	return status;
}

/* ---- beside the service ---- */

bool ledger_happens(struct ledger *l, unsigned number, enum act act)
{
	bool is_done;

	ledger_hold(l);
	is_done = number >= 1 && number <= l->n && move(l, &l->all[number - 1], act);
	ledger_let_go(l);
	return is_done;
}

void ledger_agree(struct ledger *l, unsigned number, int content, int warning)
{
	ledger_hold(l);
	for (unsigned c = 0; c < LEDGER_TEXTS; c++)
		if (warning < 0 || (int)c == content)
			l->all[number - 1].agreed |= bit_of(c, warning < 0 ? 0 : (unsigned)warning);
	ledger_let_go(l);
}

struct ledger_entry ledger_entry(struct ledger *l, unsigned number)
{
	struct ledger_entry copy;

	ledger_hold(l);
	copy = l->all[number - 1];
	ledger_let_go(l);
	return copy;
}

unsigned ledger_count(struct ledger *l)
{
	unsigned n;

	ledger_hold(l);
	n = l->n;
	ledger_let_go(l);
	return n;
}
