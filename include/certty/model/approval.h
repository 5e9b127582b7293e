/*
 * approval: what an account approves by itself, under a rule that a person has set and anybody sees.
 *
 * The rule says which requests it is about, with which answers they are approved, and every warning
 * that is accepted, word for word.  A request that says anything else stops there and waits for a
 * person.  Here it is read and judged, of facts alone; the engine obeys.  Pure; any thread.
 */
#ifndef CERTTY_MODEL_APPROVAL_H
#define CERTTY_MODEL_APPROVAL_H

#include <certty/base/auto.h>
#include <certty/model/args.h>
#include <certty/model/request.h>
#include <certty/model/verb.h>

/* The questions of VERB_ACCOUNT_RULE, and the keys of [account ID] that answer them; ends with key
 * NULL. */
extern const struct field approval_fields[];

struct approval {
	char **types;		/* of requests */
	char **stores;		/* ids of those that are asked; none: any of the account */
	char **names;		/* domains, with all below them; a wildcard's only as it stands here */
	char **warnings;	/* word for word */
	char *profile, *validity;	/* answers of VERB_APPROVE */
};

/* The rule that answers make; NULL: it is off, or with `error` it is none that can be obeyed. */
struct approval *approval_read(const struct args *answers, GError **error);
void approval_free(struct approval *a);
AUTO_FREE(approval, approval_free)

char *approval_say(const struct approval *a);	/* all of it in one line; new */

enum approval_verdict {
	APPROVAL_IS_OTHERS,	/* the rule is about other requests */
	APPROVAL_STOPS,		/* it is about this one, and something of it is not in the rule */
	APPROVAL_HOLDS,
};
/* *ret_stop: at which text it stops, new; or NULL. */
enum approval_verdict approval_judge(const struct approval *a, const struct request *r,
				     char **ret_stop);

#endif
