/*
 * why_own: what the files about "why is it stuck" share: why.c finds facts out, why_judge.c and
 * why_caa.c say what they mean, and do nothing else.
 */
#ifndef CERTTY_SRC_ENGINE_WHY_OWN_H
#define CERTTY_SRC_ENGINE_WHY_OWN_H

#include <certty/model/why.h>
#include <certty/net/dns_facts.h>
#include <certty/net/token_look.h>

/* What is judged: one name, and its record when there is one. */
struct why_case {
	const struct dns_facts *facts;	/* NULL: `error` says why there are none */
	const GError *error;
	const struct token_look *token;	/* NULL: nothing is looked for by HTTP */
	const char *name;		/* as it was asked for */
	const char *ca;			/* of why_cas, or a domain that CAA names; or "" */
	const char *account_uri;	/* at the CA, or "" */
	const char *method;		/* "dns", "http", "email"…; or "" */
	bool is_wildcard;
	int64_t due, now;		/* due 0: no deadline */
};

void why_judge(struct why *page, const struct why_case *c);
/* What the CAA records in the facts say of the CA, its account and the method. */
void why_caa(struct why *page, const struct why_case *c);
/* Whether a CA is known by that word, or it is a domain; the error names those that are known. */
bool why_caa_is_ca(const char *ca, GError **error);

#endif
