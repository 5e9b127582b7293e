/*
 * domains: the columns of domains: how their control validation stands, until when, and which dated
 * rule touches them next.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/domain.h>

#define RULE_IS_NEAR (120 * CLOCK_DAY)

static cell_fn id, name, state, how, until, rule, certs, expires, accounts, validation, registration,
	users, provider, raw_how, raw_told, raw_until, raw_validated, raw_rule, raw_rule_from, raw_certs,
	raw_expires, ascii;
static tone_fn tone_state, tone_until, tone_rule, tone_expires;
static value_fn v_how, v_told, v_until, v_validated, v_rule, v_rule_from, v_certs, v_expires, v_accounts,
	v_validation, v_registration, v_users;
static order_fn by_state, by_until, by_rule, by_certs, by_expires;
static query_text_fn field;
static query_time_fn when;

/* clang-format off */
static const struct column columns[] = {
	{ "name",            "DOMAIN",        COLUMN_FLEX,   ALIGN_LEFT,  name,         NULL,         NULL,           NULL,          NULL,       -1,
	  "the name as people read it" },
	{ "state",           "STATE",         9,             ALIGN_LEFT,  state,        tone_state,   NULL,           NULL,          by_state,   -1,
	  "how its control validation stands: validated, pending, failed, over, not valid or not known" },
	{ "method",          "HOW",           6,             ALIGN_LEFT,  how,          NULL,         v_how,          raw_how,       NULL,       -1,
	  "how control is shown: dns, email, http and the like; null when it is not known" },
	{ "reusable_until",  "UNTIL",         9,             ALIGN_RIGHT, until,        tone_until,   v_until,        raw_until,     by_until,   -1,
	  "until when the validation may be used, ISO 8601: as its provider says, or at most, by the "
	  "rules of public CAs; null when it is not known" },
	{ "next_rule",       "NEXT RULE",     20,            ALIGN_LEFT,  rule,         tone_rule,    v_rule,         raw_rule,      by_rule,    -1,
	  "the dated rule that touches it next, or null" },
	{ "certs",           "CERTS",         5,             ALIGN_RIGHT, certs,        NULL,         v_certs,        raw_certs,     by_certs,   -1,
	  "certificates that cover it" },
	{ "expires",         "COVERED",       9,             ALIGN_RIGHT, expires,      tone_expires, v_expires,      raw_expires,   by_expires, -1,
	  "when the last of them ends, ISO 8601" },
	{ "accounts",        "ACCOUNTS",      COLUMN_FLEX,   ALIGN_LEFT,  accounts,     NULL,         v_accounts,     NULL,          NULL,       -1,
	  "the accounts that have it, or tell of it" },
	{ "validation",      "IN THEIR WORDS", COLUMN_HIDDEN, ALIGN_LEFT, validation,   NULL,         v_validation,   NULL,          NULL,       -1,
	  "the state of its control validation in its provider's own words, or null" },
	{ "validated",       "VALIDATED",     COLUMN_HIDDEN, ALIGN_LEFT,  raw_validated, NULL,        v_validated,    NULL,          NULL,       -1,
	  "when it was validated, at the latest, ISO 8601; null when that is not known" },
	{ "validated_until", "TOLD UNTIL",    COLUMN_HIDDEN, ALIGN_LEFT,  raw_told,     NULL,         v_told,         NULL,          NULL,       -1,
	  "until when its provider says that it is validated, ISO 8601, or null" },
	{ "next_rule_from",  "FROM",          COLUMN_HIDDEN, ALIGN_LEFT,  raw_rule_from, NULL,        v_rule_from,    NULL,          NULL,       -1,
	  "the day of that rule, ISO 8601, or null" },
	{ "registration",    "AT THE CA",     COLUMN_HIDDEN, ALIGN_LEFT,  registration, NULL,         v_registration, NULL,          NULL,       -1,
	  "how it is registered at its CA, in words; null when that is not known" },
	{ "users",           "WHO MAY USE",   COLUMN_HIDDEN, ALIGN_LEFT,  users,        NULL,         v_users,        NULL,          NULL,       -1,
	  "who may use it there, in words; null when that is not known" },
	{ "provider",        "PROVIDERS",     COLUMN_HIDDEN, ALIGN_LEFT,  provider,     NULL,         NULL,           NULL,          NULL,       -1,
	  "the providers of those accounts, with blanks between" },
	{ "ascii",           "",              COLUMN_HIDDEN, ALIGN_LEFT,  ascii,        NULL,         NULL,           NULL,          NULL,       -1,
	  "the name as it stands in certificates (A-labels)" },
};
/* clang-format on */

const struct view view_domains = {
	.kind = KIND_DOMAINS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 6,
	.id = id,
	.empty = "No domain is known: no certificate and no request here is for a host name, and no "
		 "account tells of one.",
	.field = field,
	.time = when,
};

/* ---- what is said of one ---- */

static int64_t until_of(const struct domain *d)
{
	bool is_bound;

	return domain_until(d, &is_bound);
}

static enum tone tone_of_rule(const struct rule *r, int64_t now)
{
	if (!r)
		return TONE_DIM;
	return r->since - now < RULE_IS_NEAR ? TONE_WARN : TONE_NOTICE;
}

static int64_t order_of_rule(const struct rule *r)
{
	return r ? r->since : INT64_MAX;
}

static const char *word_of_rule(const struct rule *r)
{
	return r ? r->word : "";
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static void put_accounts(struct json_writer *w, const char *key, const struct domain *d)
{
	g_auto(GStrv) ids = g_strsplit(d->account, " ", -1);

	value_strings(w, key, ids);
}

/* clang-format off */
CELL_TEXT(domain, KIND_DOMAINS, id, it->id)
CELL_TEXT(domain, KIND_DOMAINS, ascii, it->name)
CELL_TEXT(domain, KIND_DOMAINS, accounts, it->account)
CELL_TEXT(domain, KIND_DOMAINS, provider, it->provider)
CELL_TEXT(domain, KIND_DOMAINS, state, domain_state_word(domain_state_at(it, f->now)))
CELL_TEXT(domain, KIND_DOMAINS, raw_how, it->method)
CELL_TEXT(domain, KIND_DOMAINS, validation, it->validation)
CELL_TEXT(domain, KIND_DOMAINS, registration, it->registration)
CELL_TEXT(domain, KIND_DOMAINS, users, it->users)
CELL_TEXT(domain, KIND_DOMAINS, raw_rule, word_of_rule(domain_next_rule(it, f->now)))
CELL_COUNT(domain, KIND_DOMAINS, certs, it->certs)
CELL_NUMBER(domain, KIND_DOMAINS, raw_certs, it->certs)
CELL_UNTIL(domain, KIND_DOMAINS, expires, it->expires)
CELL_ISO(domain, KIND_DOMAINS, raw_expires, it->expires)
CELL_ISO(domain, KIND_DOMAINS, raw_until, until_of(it))
CELL_ISO(domain, KIND_DOMAINS, raw_validated, it->validated)
CELL_ISO(domain, KIND_DOMAINS, raw_told, it->validated_until)
TONE_OF(domain, KIND_DOMAINS, tone_state, domain_state_tone(domain_state_at(it, f->now)))
TONE_OF(domain, KIND_DOMAINS, tone_rule, tone_of_rule(domain_next_rule(it, f->now), f->now))
TONE_OF(domain, KIND_DOMAINS, tone_expires, it->certs ? tone_of_life(it->expires - 90 * 86400, it->expires, f->now) : TONE_DIM)
VALUE_OF(domain, KIND_DOMAINS, v_how, json_put_str(w, key, or_null(it->method)))
VALUE_OF(domain, KIND_DOMAINS, v_validation, json_put_str(w, key, or_null(it->validation)))
VALUE_OF(domain, KIND_DOMAINS, v_registration, json_put_str(w, key, or_null(it->registration)))
VALUE_OF(domain, KIND_DOMAINS, v_users, json_put_str(w, key, or_null(it->users)))
VALUE_OF(domain, KIND_DOMAINS, v_rule, json_put_str(w, key, or_null(word_of_rule(domain_next_rule(it, f->now)))))
VALUE_OF(domain, KIND_DOMAINS, v_accounts, put_accounts(w, key, it))
VALUE_OF(domain, KIND_DOMAINS, v_expires, value_iso(w, key, it->expires))
VALUE_OF(domain, KIND_DOMAINS, v_until, value_iso(w, key, until_of(it)))
VALUE_OF(domain, KIND_DOMAINS, v_validated, value_iso(w, key, it->validated))
VALUE_OF(domain, KIND_DOMAINS, v_told, value_iso(w, key, it->validated_until))
VALUE_OF(domain, KIND_DOMAINS, v_certs, json_put_int(w, key, it->certs))
ORDER_BY(domain, KIND_DOMAINS, by_state, -(int64_t)domain_state_at(it, f->now))
ORDER_BY(domain, KIND_DOMAINS, by_until, until_of(it) ? until_of(it) : INT64_MAX)
ORDER_BY(domain, KIND_DOMAINS, by_rule, order_of_rule(domain_next_rule(it, f->now)))
ORDER_BY(domain, KIND_DOMAINS, by_certs, it->certs)
ORDER_BY(domain, KIND_DOMAINS, by_expires, it->expires ? it->expires : INT64_MAX)
/* clang-format on */

static void name(GString *out, const struct frame *f, uint32_t row)
{
	g_autofree char *shown = text_idn_show(ITEM(domain, f, KIND_DOMAINS, row)->name);

	g_string_append(out, shown);
}

static void how(GString *out, const struct frame *f, uint32_t row)
{
	const struct domain *d = ITEM(domain, f, KIND_DOMAINS, row);

	if (*d->method)
		g_string_append(out, domain_method_word(d->method));
	else
		cell_until(out, f, 0);
}

/* At most so long where no provider tells it: "≤ 113 d". */
static void until(GString *out, const struct frame *f, uint32_t row)
{
	bool is_bound;
	int64_t end = domain_until(ITEM(domain, f, KIND_DOMAINS, row), &is_bound);

	if (!end || !is_bound || end <= f->now) {
		cell_until(out, f, end);
		return;
	}
	g_string_append(out, text_is_ascii() ? "<=" : "≤ ");
	clock_say_span(out, end - f->now);
}

static enum tone tone_until(const struct frame *f, uint32_t row)
{
	const struct domain *d = ITEM(domain, f, KIND_DOMAINS, row);
	int64_t end = until_of(d);

	return end ? tone_of_life(d->validated ? d->validated : end - 90 * CLOCK_DAY, end, f->now) : TONE_DIM;
}

/* What holds already and is only felt at the next renewal has no date to wait for. */
static void rule(GString *out, const struct frame *f, uint32_t row)
{
	const struct rule *r = domain_next_rule(ITEM(domain, f, KIND_DOMAINS, row), f->now);

	if (!r) {
		cell_until(out, f, 0);
		return;
	}
	if (r->since > f->now)
		clock_say_date(out, r->since);
	else
		g_string_append(out, "now");
	g_string_append_printf(out, " %s", r->word);
}

static void raw_rule_from(GString *out, const struct frame *f, uint32_t row)
{
	const struct rule *r = domain_next_rule(ITEM(domain, f, KIND_DOMAINS, row), f->now);

	cell_iso(out, r ? r->since : 0);
}

static void v_rule_from(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	const struct rule *r = domain_next_rule(ITEM(domain, f, KIND_DOMAINS, row), f->now);

	value_iso(w, key, r ? r->since : 0);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct domain *d = row;

	if (which == QUERY_ANY || which == QUERY_SAN) {
		g_autofree char *shown = text_idn_show(d->name);

		g_string_append_printf(out, "%s\n%s", d->name, shown);
	} else if (which == QUERY_STATE) {
		g_string_append(out, domain_state_word(d->state));
	} else if (which == QUERY_HOW) {
		g_string_append_printf(out, "%s\n%s", d->method, domain_method_word(d->method));
	} else if (which == QUERY_RULE) {
		g_string_append(out, word_of_rule(d->next));
	} else if (which == QUERY_PROVIDER || which == QUERY_ACCOUNT) {
		g_string_append(out, which == QUERY_PROVIDER ? d->provider : d->account);
	}
}

static bool when(const void *row, enum query_field which, int64_t *ret)
{
	if (which == QUERY_EXPIRES)
		*ret = ((const struct domain *)row)->expires;
	return which == QUERY_EXPIRES;
}
