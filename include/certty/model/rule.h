/*
 * rule: the dated rules for certificates of public CAs, and whom the next of them touches.
 *
 * The one table of what changes on which day: how long a certificate may be valid, how long what a CA
 * has found out about a domain or an organisation may be used again, which ways of showing control
 * end, what a CA has to look at.  They bind public CAs alone: whether a certificate is of one is for
 * the caller to know.  Pure functions of their arguments; any thread.
 *
 * Times are seconds since 1970.  A rule holds from its first second on.
 */
#ifndef CERTTY_MODEL_RULE_H
#define CERTTY_MODEL_RULE_H

#include <stddef.h>
#include <stdint.h>

enum rule_sort {
	RULE_VALIDITY,		/* of a certificate issued from then on: at most so many days */
	RULE_REUSE,		/* of a validation, for what is issued from then on: at most so old */
	RULE_IDENTITY,		/* likewise of what is known of an organisation */
	RULE_METHOD,		/* a way of showing control that ends then */
	RULE_CHECK,		/* something that CAs must look at from then on, or must not do */
};

#define RULE_NO_LIMIT INT32_MAX

struct rule {
	int64_t since;
	enum rule_sort sort;
	int days;		/* VALIDITY, REUSE, IDENTITY; else 0 */
	const char *word;	/* for programs and lists: "life-100", "no-email" */
	const char *method;	/* METHOD: as in struct domain; else NULL */
	const char *sentence;	/* without the date and a full stop */
};

extern const struct rule rule_table[];	/* by date, the oldest first */
extern const size_t rule_count;

/* The rule of that sort that holds then, or NULL; and the next one of it after that. */
const struct rule *rule_at(enum rule_sort sort, int64_t when);
const struct rule *rule_after(enum rule_sort sort, int64_t when);

/* Longest validity in days of what is issued then; RULE_NO_LIMIT before there were rules. */
int rule_longest_validity(int64_t issued);

/* When that method ends: its rule, or NULL.  "" is a method that is not known. */
const struct rule *rule_method_end(const char *method);

/* The first second in which a validation made then by that method is too old to be used again, as
 * the rules of each day in between say; 0: they do not say.  `ret` (or NULL): the rule that ends it
 * before the time that was allowed on the day when it was made, or NULL. */
int64_t rule_reuse_end(int64_t validated, const char *method, const struct rule **ret);

/* What touches one next, of what is dated after `now`, or is in force and not yet felt; NULL: nothing
 * that is known by now.  Of a certificate with that life: the rule by which its successor, made when
 * it ends at the latest, must live shorter than it does.  Of one that has ended: nothing. */
const struct rule *rule_bites_cert(int64_t not_before, int64_t not_after, int64_t now);
/* Of a validation: the rule that ends it early, or its method. */
const struct rule *rule_bites_validation(int64_t validated, const char *method, int64_t now);
/* Whichever of two comes first; either may be NULL. */
const struct rule *rule_first(const struct rule *a, const struct rule *b);

#endif
