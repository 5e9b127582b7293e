/*
 * accounts: the columns of accounts.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/store.h>

static cell_fn id, title, provider, who, secret_from, secret, ends, tested, trouble, mode, origin,
	found_in, defaults, verdict, raw_ends, raw_tested, raw_read_only, raw_disabled,
	raw_works, renew, stores, certs, raw_stores, raw_certs;
static tone_fn tone_ends, tone_tested, tone_trouble, tone_mode;
static value_fn v_ends, v_tested, v_read_only, v_disabled, v_works, v_renew, v_stores, v_certs;
static order_fn by_ends, by_tested, by_stores, by_certs;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "id",          "ACCOUNT",  COLUMN_FLEX,   ALIGN_LEFT,  id,          NULL,         NULL,        NULL,          NULL,      -1,
	  "its name" },
	{ "provider",    "PROVIDER", 9,             ALIGN_LEFT,  provider,    NULL,         NULL,        NULL,          NULL,      -1,
	  "the provider it is for" },
	{ "tested",      "TESTED",   17,            ALIGN_LEFT,  tested,      tone_tested,  v_tested,    raw_tested,    by_tested, -1,
	  "when it was last asked who we are, ISO 8601, or null" },
	{ "ends",        "ENDS",     9,             ALIGN_RIGHT, ends,        tone_ends,    v_ends,      raw_ends,      by_ends,   -1,
	  "when the secret ends, ISO 8601, or null" },
	{ "secret_from", "SECRET",   COLUMN_FLEX,   ALIGN_LEFT,  secret,      NULL,         NULL,        secret_from,   NULL,      -1,
	  "where its secret comes from" },
	{ "read_only",   "MODE",     10,            ALIGN_LEFT,  mode,        tone_mode,    v_read_only, raw_read_only, NULL,      -1,
	  "true when nothing may be changed through it" },
	{ "stores",      "STORES",   6,             ALIGN_RIGHT, stores,      NULL,         v_stores,    raw_stores,    by_stores, -1,
	  "how many stores it has" },
	{ "certs",       "CERTS",    7,             ALIGN_RIGHT, certs,       NULL,         v_certs,     raw_certs,     by_certs,  -1,
	  "how many certificates were in them, when last read" },
	{ "who",         "WHO",      COLUMN_FLEX,   ALIGN_LEFT,  who,         NULL,         NULL,        NULL,          NULL,      -1,
	  "who we are there" },
	{ "trouble",     "TROUBLE",  COLUMN_FLEX,   ALIGN_LEFT,  trouble,     tone_trouble, NULL,        NULL,          NULL,      -1,
	  "what is wrong with it" },
	{ "title",       "TITLE",    COLUMN_HIDDEN, ALIGN_LEFT,  title,       NULL,         NULL,        NULL,          NULL,      -1,
	  "what it is" },
	{ "disabled",    "DISABLED", COLUMN_HIDDEN, ALIGN_LEFT,  raw_disabled, NULL,        v_disabled,  NULL,          NULL,      -1,
	  "true when a person told certty to leave it alone" },
	{ "verdict",     "VERDICT",  COLUMN_HIDDEN, ALIGN_LEFT,  verdict,     NULL,         NULL,        NULL,          NULL,      -1,
	  "what came of the last test, a sentence" },
	{ "origin",      "ORIGIN",   COLUMN_HIDDEN, ALIGN_LEFT,  origin,      NULL,         NULL,        NULL,          NULL,      -1,
	  "built-in, configured, or found where another tool keeps it" },
	{ "found_in",    "FOUND IN", COLUMN_HIDDEN, ALIGN_LEFT,  found_in,    NULL,         NULL,        NULL,          NULL,      -1,
	  "where it was found" },
	{ "defaults",    "DEFAULTS", COLUMN_HIDDEN, ALIGN_LEFT,  defaults,    NULL,         NULL,        NULL,          NULL,      -1,
	  "the set of defaults that stands in for answers" },
	{ "works",       "WORKS",    COLUMN_HIDDEN, ALIGN_LEFT,  raw_works,   NULL,         v_works,     NULL,          NULL,      -1,
	  "true when the last test was answered as hoped for, false when not or never asked" },
	{ "renew",       "RENEWALS", COLUMN_HIDDEN, ALIGN_LEFT,  renew,       NULL,         v_renew,     NULL,          NULL,      -1,
	  "what its own answer about renewals says: off, propose or automatic; null for the rule's" },
};
/* clang-format on */

const struct view view_accounts = {
	.kind = KIND_ACCOUNTS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.id = id,
	.empty = "No account is known. A adds one.",
	.is_measured = true,
	.field = field,
};

static const char *const origin_words[] = {
	[ACCOUNT_BUILT_IN] = "built-in", [ACCOUNT_CONFIGURED] = "configured",
	[ACCOUNT_FOUND] = "found",
};

static const char *mode_word(const struct account *a)
{
	if (a->is_disabled)
		return "disabled";
	if (a->is_read_only_by_site)
		return "policy: ro";
	return a->is_read_only ? "read-only" : "may change";
}

static enum tone tone_of_end(int64_t left, int64_t ends)
{
	if (!ends || left > 14 * CLOCK_DAY)
		return TONE_PLAIN;
	return left < 0 ? TONE_BAD : TONE_WARN;
}

/* clang-format off */
CELL_TEXT(account, KIND_ACCOUNTS, id, it->id)
CELL_TEXT(account, KIND_ACCOUNTS, title, it->title)
CELL_TEXT(account, KIND_ACCOUNTS, provider, it->provider)
CELL_TEXT(account, KIND_ACCOUNTS, who, it->who)
CELL_TEXT(account, KIND_ACCOUNTS, secret_from, it->secret_from)
CELL_TEXT(account, KIND_ACCOUNTS, trouble, it->trouble ? it->trouble : "")
CELL_TEXT(account, KIND_ACCOUNTS, found_in, it->found_in)
CELL_TEXT(account, KIND_ACCOUNTS, defaults, it->defaults)
CELL_TEXT(account, KIND_ACCOUNTS, verdict, it->verdict)
CELL_TEXT(account, KIND_ACCOUNTS, renew, args_text(it->answers, "renew", ""))
VALUE_OF(account, KIND_ACCOUNTS, v_renew, json_put_str(w, key, args_get(it->answers, "renew")))
CELL_TEXT(account, KIND_ACCOUNTS, mode, mode_word(it))
CELL_TEXT(account, KIND_ACCOUNTS, origin, origin_words[it->origin])
CELL_BOOL(account, KIND_ACCOUNTS, raw_read_only, it->is_read_only)
CELL_BOOL(account, KIND_ACCOUNTS, raw_disabled, it->is_disabled)
CELL_BOOL(account, KIND_ACCOUNTS, raw_works, it->has_worked)
CELL_UNTIL(account, KIND_ACCOUNTS, ends, it->secret_ends)
CELL_ISO(account, KIND_ACCOUNTS, raw_ends, it->secret_ends)
CELL_ISO(account, KIND_ACCOUNTS, raw_tested, it->tested)
TONE_OF(account, KIND_ACCOUNTS, tone_trouble, it->trouble ? TONE_WARN : TONE_PLAIN)
TONE_OF(account, KIND_ACCOUNTS, tone_mode, it->is_disabled || !it->is_read_only ? TONE_DIM : TONE_PLAIN)
TONE_OF(account, KIND_ACCOUNTS, tone_ends, tone_of_end(it->secret_ends - f->now, it->secret_ends))
TONE_OF(account, KIND_ACCOUNTS, tone_tested,
	it->is_disabled ? TONE_DIM : it->trouble || (it->tested && !it->has_worked) ? TONE_BAD :
	it->tested ? TONE_GOOD : TONE_UNKNOWN)
VALUE_OF(account, KIND_ACCOUNTS, v_ends, value_iso(w, key, it->secret_ends))
VALUE_OF(account, KIND_ACCOUNTS, v_tested, value_iso(w, key, it->tested))
VALUE_OF(account, KIND_ACCOUNTS, v_read_only, json_put_bool(w, key, it->is_read_only))
VALUE_OF(account, KIND_ACCOUNTS, v_works, json_put_bool(w, key, it->has_worked))
VALUE_OF(account, KIND_ACCOUNTS, v_disabled, json_put_bool(w, key, it->is_disabled))
ORDER_BY(account, KIND_ACCOUNTS, by_ends, it->secret_ends ? it->secret_ends : INT64_MAX)
ORDER_BY(account, KIND_ACCOUNTS, by_tested, it->tested)
/* clang-format on */

struct holdings {
	uint32_t stores, certs;
};

static struct holdings holdings_of(const struct frame *f, uint32_t row)
{
	const struct account *a = ITEM(account, f, KIND_ACCOUNTS, row);
	const struct items *all = f->snap->kind[KIND_STORES];
	struct holdings sum = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		const struct store *s = all->item[i];

		if (strcmp(s->account, a->id))
			continue;
		sum.stores++;
		sum.certs += s->certs;
	}
	return sum;
}

static void stores(GString *out, const struct frame *f, uint32_t row)
{
	text_count(out, holdings_of(f, row).stores);
}

static void certs(GString *out, const struct frame *f, uint32_t row)
{
	text_count(out, holdings_of(f, row).certs);
}

static void raw_stores(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append_printf(out, "%u", holdings_of(f, row).stores);
}

static void raw_certs(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append_printf(out, "%u", holdings_of(f, row).certs);
}

static void v_stores(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	json_put_int(w, key, holdings_of(f, row).stores);
}

static void v_certs(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	json_put_int(w, key, holdings_of(f, row).certs);
}

static int by_stores(const struct frame *f, uint32_t a, uint32_t b)
{
	return order_numbers(holdings_of(f, a).stores, holdings_of(f, b).stores);
}

static int by_certs(const struct frame *f, uint32_t a, uint32_t b)
{
	return order_numbers(holdings_of(f, a).certs, holdings_of(f, b).certs);
}

/* The word first: what came of it, then when.  In a narrow window there is no other column that
 * says so when an account cannot be used. */
static void tested(GString *out, const struct frame *f, uint32_t row)
{
	const struct account *a = ITEM(account, f, KIND_ACCOUNTS, row);

	if (a->is_disabled || !a->tested) {
		g_string_append(out, a->is_disabled ? "disabled" : a->trouble ? "not usable" :
				     a->origin == ACCOUNT_BUILT_IN ? "" : "never");
		return;
	}
	g_string_append(out, a->trouble || !a->has_worked ? "fails " : "works ");
	clock_say_as_of(out, f->now, a->tested);
}

/* Of a path the file, since there is little room; the details have all of it. */
static void secret(GString *out, const struct frame *f, uint32_t row)
{
	const char *from = ITEM(account, f, KIND_ACCOUNTS, row)->secret_from;
	const char *start = from;

	for (const char *c = from; (*from == '~' || *from == '/') && *c && *c != ' '; c++)
		if (*c == '/')
			start = c + 1;
	g_string_append(out, start);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct account *a = row;

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s", a->id, a->title, a->who, a->provider);
	else if (which == QUERY_PROVIDER)
		g_string_append(out, a->provider);
	else if (which == QUERY_ACCOUNT)
		g_string_append(out, a->id);
}
