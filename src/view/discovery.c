/*
 * discovery: the columns of what discovery saw.
 */
#include "own.h"

#include <certty/model/discovery.h>

static cell_fn id, title, type, what, state, first_seen, last_seen, raw_first, raw_last, account,
	raw_certs;
static tone_fn tone_state;
static value_fn v_first, v_last, v_certs;
static order_fn by_state, by_first, by_last;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "title",      "WHAT",       COLUMN_FLEX,   ALIGN_ENDS,  title,      NULL,       NULL,    NULL,      NULL,     -1,
	  "the place that was found" },
	{ "state",      "STATE",      9,             ALIGN_LEFT,  state,      tone_state, NULL,    NULL,      by_state, -1,
	  "what a person decided" },
	{ "type",       "TYPE",       9,             ALIGN_LEFT,  type,       NULL,       NULL,    NULL,      NULL,     -1,
	  "the sort of store it would be" },
	{ "what",       "HOLDS",      COLUMN_FLEX,   ALIGN_LEFT,  what,       NULL,       NULL,    NULL,      NULL,     -1,
	  "what was seen in it" },
	{ "last_seen",  "SEEN",       11,            ALIGN_RIGHT, last_seen,  NULL,       v_last,  raw_last,  by_last,  -1,
	  "when it was last seen, ISO 8601" },
	{ "first_seen", "FIRST SEEN", 11,            ALIGN_RIGHT, first_seen, NULL,       v_first, raw_first, by_first, -1,
	  "when it was first seen, ISO 8601" },
	{ "account",    "ACCOUNT",    COLUMN_HIDDEN, ALIGN_LEFT,  account,    NULL,       NULL,    NULL,      NULL,     -1,
	  "the account that found it" },
	{ "certs",      "CERTS",      COLUMN_HIDDEN, ALIGN_RIGHT, raw_certs,  NULL,       v_certs, NULL,      NULL,     -1,
	  "certificates seen in it" },
};
/* clang-format on */

const struct view view_discovery = {
	.kind = KIND_DISCOVERY,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 1,
	.id = id,
	.empty = "Nothing was discovered yet. :discover walks folders and asks hosts for stores "
		 "that are not known.",
	.field = field,
};

/* clang-format off */
CELL_TEXT(discovery, KIND_DISCOVERY, id, it->id)
CELL_TEXT(discovery, KIND_DISCOVERY, title, it->title)
CELL_TEXT(discovery, KIND_DISCOVERY, type, it->type)
CELL_TEXT(discovery, KIND_DISCOVERY, what, it->what)
CELL_TEXT(discovery, KIND_DISCOVERY, account, it->account)
CELL_TEXT(discovery, KIND_DISCOVERY, state, discovery_state_word(it->state))
CELL_NUMBER(discovery, KIND_DISCOVERY, raw_certs, it->certs)
CELL_AS_OF(discovery, KIND_DISCOVERY, first_seen, it->first_seen)
CELL_AS_OF(discovery, KIND_DISCOVERY, last_seen, it->last_seen)
CELL_ISO(discovery, KIND_DISCOVERY, raw_first, it->first_seen)
CELL_ISO(discovery, KIND_DISCOVERY, raw_last, it->last_seen)
TONE_OF(discovery, KIND_DISCOVERY, tone_state, discovery_state_tone(it->state))
VALUE_OF(discovery, KIND_DISCOVERY, v_first, value_iso(w, key, it->first_seen))
VALUE_OF(discovery, KIND_DISCOVERY, v_last, value_iso(w, key, it->last_seen))
VALUE_OF(discovery, KIND_DISCOVERY, v_certs, json_put_int(w, key, it->certs))
ORDER_BY(discovery, KIND_DISCOVERY, by_state, it->state)
ORDER_BY(discovery, KIND_DISCOVERY, by_first, it->first_seen)
ORDER_BY(discovery, KIND_DISCOVERY, by_last, it->last_seen)
/* clang-format on */

static void field(const void *row, enum query_field which, GString *out)
{
	const struct discovery *d = row;
	const char *const text[QUERY_FIELD_COUNT] = {
		[QUERY_STORE] = d->title,	[QUERY_STATE] = discovery_state_word(d->state),
		[QUERY_PROVIDER] = d->provider, [QUERY_ACCOUNT] = d->account,
		[QUERY_TYPE] = d->type,
	};

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s\n%s", d->title, d->address, d->what,
				       d->type, discovery_state_word(d->state));
	else if (text[which])
		g_string_append(out, text[which]);
}
