/*
 * accounts: the columns of accounts.
 */
#include "own.h"

#include <certty/model/account.h>

static cell_fn id, title, provider, who, secret_from, ends, trouble, raw_ends, mode, raw_read_only;
static tone_fn tone_trouble;
static value_fn v_ends, v_read_only;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "id",          "ACCOUNT",  12,            ALIGN_LEFT,  id,          NULL,         NULL,        NULL,     NULL, -1,
	  "its name" },
	{ "title",       "TITLE",    COLUMN_FLEX,   ALIGN_LEFT,  title,       NULL,         NULL,        NULL,     NULL, -1,
	  "what it is" },
	{ "who",         "WHO",      COLUMN_FLEX,   ALIGN_LEFT,  who,         NULL,         NULL,        NULL,     NULL, -1,
	  "who we are there" },
	{ "secret_from", "SECRET",   14,            ALIGN_LEFT,  secret_from, NULL,         NULL,        NULL,     NULL, -1,
	  "where its secret comes from" },
	{ "ends",        "ENDS",     9,             ALIGN_RIGHT, ends,        NULL,         v_ends,      raw_ends, NULL, -1,
	  "when the secret ends, ISO 8601, or null" },
	{ "provider",    "PROVIDER", 10,            ALIGN_LEFT,  provider,    NULL,         NULL,        NULL,     NULL, -1,
	  "the provider it is for" },
	{ "trouble",     "TROUBLE",  COLUMN_FLEX,   ALIGN_LEFT,  trouble,     tone_trouble, NULL,        NULL,     NULL, -1,
	  "what is wrong with it" },
	{ "read_only",   "MODE",     COLUMN_HIDDEN, ALIGN_LEFT,  mode,        NULL,         v_read_only, raw_read_only, NULL, -1,
	  "true when nothing may be changed through it" },
};
/* clang-format on */

const struct view view_accounts = {
	.kind = KIND_ACCOUNTS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.id = id,
	.empty = "No account is known.",
	.field = field,
};

/* clang-format off */
CELL_TEXT(account, KIND_ACCOUNTS, id, it->id)
CELL_TEXT(account, KIND_ACCOUNTS, title, it->title)
CELL_TEXT(account, KIND_ACCOUNTS, provider, it->provider)
CELL_TEXT(account, KIND_ACCOUNTS, who, it->who)
CELL_TEXT(account, KIND_ACCOUNTS, secret_from, it->secret_from)
CELL_TEXT(account, KIND_ACCOUNTS, trouble, it->trouble ? it->trouble : "")
CELL_TEXT(account, KIND_ACCOUNTS, mode, it->is_read_only ? "read-only" : "may change")
CELL_BOOL(account, KIND_ACCOUNTS, raw_read_only, it->is_read_only)
CELL_UNTIL(account, KIND_ACCOUNTS, ends, it->secret_ends)
CELL_ISO(account, KIND_ACCOUNTS, raw_ends, it->secret_ends)
TONE_OF(account, KIND_ACCOUNTS, tone_trouble, it->trouble ? TONE_WARN : TONE_PLAIN)
VALUE_OF(account, KIND_ACCOUNTS, v_ends, value_iso(w, key, it->secret_ends))
VALUE_OF(account, KIND_ACCOUNTS, v_read_only, json_put_bool(w, key, it->is_read_only))
/* clang-format on */

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
