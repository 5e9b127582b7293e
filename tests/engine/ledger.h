/*
 * ledger: a service at which certificates are ordered, approved and issued, with a ledger of its own.
 *
 * It is asked by paths, whoever carries them; it lies in memory that several processes share, and it
 * knows nothing of certty.  An order is made once for a token, however often it is asked for, and moves
 * along the edges of a table alone.
 *
 *	order/TOKEN/NAME			a new one, or the one of that token
 *	state/NUMBER				how it stands
 *	approve/NUMBER/CONTENT/WARNING		what it says and what it warns of, as they were looked at
 *	deny, withdraw, publish, resend /NUMBER
 *	list					all of them
 *
 * An answer is a status, as HTTP has them, and lines: "NUMBER NAME STATE CONTENT WARNING".
 *
 * What a person agrees to is told to it beside that (ledger_agree), so that it knows what nobody agreed
 * to; the first such thing, or an order that was made twice, is its `wrong` for good.
 */
#ifndef CERTTY_TESTS_ENGINE_LEDGER_H
#define CERTTY_TESTS_ENGINE_LEDGER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

enum there {
	THERE_NONE, THERE_REVIEW, THERE_DNS, THERE_CA, THERE_ISSUED, THERE_DENIED, THERE_WITHDRAWN,
	THERE_FAILED, THERE_COUNT
};

enum act {
	ACT_ORDER, ACT_APPROVE, ACT_APPROVE_WARNED, ACT_DENY, ACT_WITHDRAW, ACT_CHANGE, ACT_WARN,
	ACT_PUBLISH, ACT_RESEND, ACT_ISSUE, ACT_EXPIRE, ACT_FAIL, ACT_COUNT
};

struct ledger_edge {
	enum there from;
	enum act act;
	enum there to;
};

extern const struct ledger_edge ledger_edges[];	/* ends with one from THERE_NONE to THERE_NONE */
#define LEDGER_EDGES 20				/* how many may be counted */
/* Whatever this process asks for changes nothing. */
extern bool ledger_forbids;
extern const char *const ledger_there_words[THERE_COUNT], *const ledger_act_words[ACT_COUNT];

#define LEDGER_MOST   2048
#define LEDGER_TEXTS  8		/* contents and warnings are 0 … 7; warning 0 is none */

struct ledger_entry {
	char name[40], token[48];
	enum there state;
	unsigned content, warning;
	unsigned approvals;		/* that were taken */
	unsigned approved_content, approved_warning;
	unsigned acts[ACT_COUNT];	/* how often each was done */
	uint64_t agreed;		/* a bit for each content and warning that somebody agreed to */
};

struct ledger {
	pthread_mutex_t lock;
	struct ledger_entry all[LEDGER_MOST];	/* the number of one is its place, from 1 */
	unsigned n, last;			/* the number of the one that changed last */
	uint64_t visited[LEDGER_EDGES];
	uint64_t asked;				/* how often something was to be changed */
	char wrong[300];			/* what must never happen and did; or "" */
};

struct ledger *ledger_new(void);		/* shared by the processes that are forked from here on */
void ledger_free(struct ledger *l);
/* Nobody is answered meanwhile.  It outlives those who ask: whoever kills such a one, or itself, holds it,
 * so that no change is left half done. */
void ledger_hold(struct ledger *l);
void ledger_let_go(struct ledger *l);

/* Its answer to a path is added to `answer`; the status. */
int ledger_ask(struct ledger *l, const char *path, GString *answer);
/* Something happens there; false when it cannot, as things stand. */
bool ledger_happens(struct ledger *l, unsigned number, enum act act);

/* Somebody agrees to that content with that warning; an agreement to none in particular (warning -1)
 * is one to any content without a warning. */
void ledger_agree(struct ledger *l, unsigned number, int content, int warning);
struct ledger_entry ledger_entry(struct ledger *l, unsigned number);	/* as it stands now */
unsigned ledger_count(struct ledger *l);
bool ledger_reaches(enum there from, enum there to);	/* by any number of edges, or none */

#endif
