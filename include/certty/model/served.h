/*
 * served: what sites really serve, against what they should: a certificate that covers the name, has not
 * ended, comes with its issuers, and is the newest of its kind that is known.
 *
 * The engine asks each site twice (VERB_SERVED), once for each kind of key that certificates have, and judges
 * here; the console and `certty served` show the page alike.  Pure; one owner; any thread.
 */
#ifndef CERTTY_MODEL_SERVED_H
#define CERTTY_MODEL_SERVED_H

#include <certty/model/detail.h>
#include <certty/model/x509.h>

#define SERVED_ID "domains/served"	/* of the page, as a detail */
#define SERVED_SCHEMA 1
#define SERVED_LOOKS 2			/* kinds of key: served_kinds */

enum served_state {
	SERVED_FINE,
	SERVED_NOTE,		/* nothing is broken, but worth knowing */
	SERVED_OUTDATED,	/* a newer one is known */
	SERVED_UNKNOWN,		/* it was not reached */
	SERVED_WRONG,		/* its clients turn away, or will */
	SERVED_STATE_COUNT
};

extern const char *const served_kinds[SERVED_LOOKS];	/* "RSA", "EC": as facts.h begins its keys */

/* What came of asking for a certificate with one kind of key. */
struct served_look {
	GPtrArray *chain;	/* GBytes *, leaf first; NULL: none was presented, and why: */
	char *error;
	bool is_refused;	/* the server has none of this kind */
};

/* The newest known certificate of that kind that covers the site; where NULL: there is none. */
struct served_newest {
	uint64_t print;		/* as in table.h */
	int64_t not_before, not_after;
	char *where;		/* where it lies, for a person */
};

struct served_case {
	char *site;		/* the name that its clients use, in A-labels, or an address */
	char *endpoint;		/* where it was asked */
	struct served_look look[SERVED_LOOKS];
	struct served_newest newest[SERVED_LOOKS];
};

void served_case_free(struct served_case *c);

struct served;

struct served *served_new(void);
void served_free(struct served *s);
AUTO_FREE(served, served_free)
/* Adds what is to be said of a site.  Takes a millisecond or two: chains are verified. */
void served_judge(struct served *s, const struct served_case *c, const struct x509_trust *trust, int64_t now);
enum served_state served_worst(const struct served *s);
const char *served_state_word(enum served_state state);		/* "fine", "outdated" */
bool served_state_read(const char *word, enum served_state *ret);
char *served_sentence(const struct served *s);	/* "3 sites: 2 fine, 1 wrong", new */

/* The page: the worst first, sites by name; its `json` has all that was seen. */
struct detail *served_detail(struct served *s);

#endif
