/*
 * rule: the dated rules of public CAs as one table, and which of them touches a certificate or a
 * validation next.
 */
#include <certty/model/rule.h>

#include <glib.h>
#include <string.h>

#define DAY INT64_C(86400)

/* Answers for a persistent record are to be looked at again this soon, whatever the general limit. */
#define PERSISTENT      "dns-persist"
#define PERSISTENT_DAYS 10

/* The Baseline Requirements of the CA/Browser Forum and the ballots that dated them; validity before
 * 2020-09 is section 6.3.2 in its older numbers, whose months are counted at their longest. */
/* clang-format off */
const struct rule rule_table[] = {
	{ 1341100800, RULE_VALIDITY, 1827, "life-1827",      NULL,	/* 2012-07-01, 60 months */
	  "new certificates live 60 months at most" },
	{ 1427846400, RULE_VALIDITY, 1188, "life-1188",      NULL,	/* 2015-04-01, 39 months */
	  "new certificates live 39 months at most" },
	{ 1519862400, RULE_VALIDITY,  825, "life-825",       NULL,	/* 2018-03-01, ballot 193 */
	  "new certificates live 825 days at most" },
	{ 1519862400, RULE_REUSE,     825, "reuse-825",      NULL,	/* 2018-03-01, ballot 193 */
	  "a validation may be used again for 825 days at most" },
	{ 1519862400, RULE_IDENTITY,  825, "identity-825",   NULL,	/* 2018-03-01, ballot 193 */
	  "what is known of an organisation may be used again for 825 days at most" },
	{ 1598918400, RULE_VALIDITY,  398, "life-398",       NULL,	/* 2020-09-01, browsers, SC-031 */
	  "new certificates live 398 days at most" },
	{ 1633046400, RULE_REUSE,     398, "reuse-398",      NULL,	/* 2021-10-01, ballot SC-042 */
	  "a validation may be used again for 398 days at most" },
	{ 1752537600, RULE_METHOD,      0, "no-whois",       "whois",	/* 2025-07-15, ballot SC-080 */
	  "mail to contacts out of WHOIS shows control no more, nor does what was shown that way" },
	{ 1773532800, RULE_VALIDITY,  200, "life-200",       NULL,	/* 2026-03-15, ballot SC-081 */
	  "new certificates live 200 days at most" },
	{ 1773532800, RULE_REUSE,     200, "reuse-200",      NULL,	/* 2026-03-15, ballot SC-081 */
	  "a validation may be used again for 200 days at most" },
	{ 1773532800, RULE_IDENTITY,  398, "identity-398",   NULL,	/* 2026-03-15, ballot SC-081 */
	  "what is known of an organisation may be used again for 398 days at most" },
	{ 1773532800, RULE_CHECK,       0, "dnssec",         NULL,	/* 2026-03-15, ballot SC-085 */
	  "CAs verify DNSSEC when they validate and when they look for CAA: a zone that fails gets nothing" },
	{ 1789430400, RULE_CHECK,       0, "no-sha1",        NULL,	/* 2026-09-15, ballot SC-097 */
	  "the last signatures with SHA-1, on certificates and revocation lists, end" },
	{ 1797292800, RULE_CHECK,       0, "perspectives-5", NULL,	/* 2026-12-15, ballot SC-067 */
	  "CAs look from five places in the network at least: DNS must answer the same everywhere" },
	{ 1805068800, RULE_VALIDITY,  100, "life-100",       NULL,	/* 2027-03-15, ballot SC-081 */
	  "new certificates live 100 days at most" },
	{ 1805068800, RULE_REUSE,     100, "reuse-100",      NULL,	/* 2027-03-15, ballot SC-081 */
	  "a validation may be used again for 100 days at most" },
	{ 1805068800, RULE_METHOD,      0, "no-phone",       "phone",	/* 2027-03-15, ballot SC-090 */
	  "calls by phone show control no more" },
	{ 1836691200, RULE_METHOD,      0, "no-email",       "email",	/* 2028-03-15, ballot SC-090 */
	  "mails show control no more" },
	{ 1868227200, RULE_VALIDITY,   47, "life-47",        NULL,	/* 2029-03-15, ballot SC-081 */
	  "new certificates live 47 days at most" },
	{ 1868227200, RULE_REUSE,      10, "reuse-10",       NULL,	/* 2029-03-15, ballot SC-081 */
	  "a validation may be used again for 10 days at most" },
};
/* clang-format on */
const size_t rule_count = G_N_ELEMENTS(rule_table);

const struct rule *rule_at(enum rule_sort sort, int64_t when)
{
	for (size_t i = rule_count; i-- > 0;)
		if (rule_table[i].sort == sort && rule_table[i].since <= when)
			return &rule_table[i];
	return NULL;
}

const struct rule *rule_after(enum rule_sort sort, int64_t when)
{
	for (size_t i = 0; i < rule_count; i++)
		if (rule_table[i].sort == sort && rule_table[i].since > when)
			return &rule_table[i];
	return NULL;
}

int rule_longest_validity(int64_t issued)
{
	const struct rule *r = rule_at(RULE_VALIDITY, issued);

	return r ? r->days : RULE_NO_LIMIT;
}

const struct rule *rule_method_end(const char *method)
{
	for (size_t i = 0; i < rule_count; i++)
		if (rule_table[i].method && !strcmp(rule_table[i].method, method))
			return &rule_table[i];
	return NULL;
}

/* ---- what is used again ---- */

static int64_t days_of(const struct rule *r, const char *method)
{
	return !strcmp(method, PERSISTENT) ? MIN(r->days, PERSISTENT_DAYS) : r->days;
}

int64_t rule_reuse_end(int64_t validated, const char *method, const struct rule **ret)
{
	const struct rule *r = rule_at(RULE_REUSE, validated), *next, *early = NULL;
	const struct rule *last = rule_method_end(method);
	int64_t end;

	if (!r)
		return 0;
	end = validated + days_of(r, method) * DAY;
	/* Each later rule judges by its own figure all that it finds still in use. */
	for (next = rule_after(RULE_REUSE, validated); next && next->since < end;
	     next = rule_after(RULE_REUSE, next->since)) {
		int64_t then = MAX(next->since, validated + days_of(next, method) * DAY);

		if (then < end) {
			end = then;
			early = next;
		}
	}
	if (last && last->since < end) {
		end = MAX(last->since, validated);
		early = last;
	}
	if (ret)
		*ret = early;
	return end;
}

/* ---- what touches one next ---- */

const struct rule *rule_bites_cert(int64_t not_before, int64_t not_after, int64_t now)
{
	const struct rule *r = rule_at(RULE_VALIDITY, not_after);

	if (not_after < now || !r)
		return NULL;
	/* Both ends count. */
	return not_after - not_before + 1 > r->days * DAY ? r : NULL;
}

const struct rule *rule_bites_validation(int64_t validated, const char *method, int64_t now)
{
	const struct rule *early = NULL, *end = rule_method_end(method);
	int64_t until = validated ? rule_reuse_end(validated, method, &early) : 0;

	if (until <= now)
		early = NULL;
	return rule_first(early, end && end->since > now ? end : NULL);
}

const struct rule *rule_first(const struct rule *a, const struct rule *b)
{
	if (!a || !b)
		return a ? a : b;
	return b->since < a->since ? b : a;
}
