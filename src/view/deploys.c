/*
 * deploys: the columns of what was put where, and whether it is still right.
 */
#include "own.h"

#include <certty/model/deploy.h>
#include <certty/model/store.h>

static cell_fn id, title, where, place, state, mode, since, from, trouble, raw_where, raw_since,
	raw_names, key, print, newer;
static tone_fn tone_state, tone_trouble, tone_where;
static value_fn v_since, v_names, v_newer, v_trouble;
static order_fn by_since, by_state, by_mode;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "title",   "NAME",       COLUMN_FLEX,   ALIGN_LEFT,  title,     NULL,         NULL,      NULL,      NULL,     -1,
	  "the first name of the certificate" },
	{ "where",   "WHERE",      COLUMN_FLEX,   ALIGN_LEFT,  where,     tone_where,   NULL,      raw_where, NULL,     -1,
	  "the id of the store it was put into" },
	{ "state",   "STATE",      30,            ALIGN_LEFT,  state,     tone_state,   NULL,      NULL,      by_state, -1,
	  "how it stands" },
	{ "mode",    "ON RENEWAL", 10,            ALIGN_LEFT,  mode,      NULL,         NULL,      NULL,      by_mode,  -1,
	  "what happens when a newer one is kept: off, propose, automatic" },
	{ "since",   "SINCE",      11,            ALIGN_RIGHT, since,     NULL,         v_since,   raw_since, by_since, -1,
	  "when it was put there last, ISO 8601" },
	{ "trouble", "TROUBLE",    COLUMN_FLEX,   ALIGN_LEFT,  trouble,   tone_trouble, v_trouble, NULL,      NULL,     -1,
	  "why the last attempt failed, or null" },
	{ "place",   "PLACE",      COLUMN_HIDDEN, ALIGN_LEFT,  place,     NULL,         NULL,      NULL,      NULL,     -1,
	  "where within the store" },
	{ "names",   "NAMES",      COLUMN_HIDDEN, ALIGN_LEFT,  raw_names, NULL,         v_names,   NULL,      NULL,     -1,
	  "all names of the certificate" },
	{ "key",     "KEY",        COLUMN_HIDDEN, ALIGN_LEFT,  key,       NULL,         NULL,      NULL,      NULL,     -1,
	  "its kind of key" },
	{ "from",    "FROM",       COLUMN_HIDDEN, ALIGN_LEFT,  from,      NULL,         NULL,      NULL,      NULL,     -1,
	  "the id of the store that newer ones are taken from" },
	{ "sha256",  "SHA256",     COLUMN_HIDDEN, ALIGN_LEFT,  print,     NULL,         NULL,      NULL,      NULL,     -1,
	  "SHA-256 of what was put there" },
	{ "newer",   "NEWER",      COLUMN_HIDDEN, ALIGN_LEFT,  newer,     NULL,         v_newer,   NULL,      NULL,     -1,
	  "SHA-256 of the newest kept one of the same names, or null" },
};
/* clang-format on */

const struct view view_deploys = {
	.kind = KIND_DEPLOYS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 2,
	.id = id,
	.empty = "Nothing was deployed yet. In Certificates, deploy puts one into other stores.",
	.field = field,
};

/* What serves the wrong certificate comes first, what is in order last. */
static const int urgency[DEPLOY_STATE_COUNT] = {
	[DEPLOY_OLDER] = 0, [DEPLOY_OTHER] = 1, [DEPLOY_GONE] = 2, [DEPLOY_DUE] = 3,
	[DEPLOY_UNKNOWN] = 4, [DEPLOY_WAITS] = 5, [DEPLOY_CURRENT] = 6,
};

/* clang-format off */
CELL_TEXT(deploy, KIND_DEPLOYS, id, it->id)
CELL_TEXT(deploy, KIND_DEPLOYS, title, it->title)
CELL_TEXT(deploy, KIND_DEPLOYS, raw_where, it->store)
CELL_TEXT(deploy, KIND_DEPLOYS, place, it->place)
CELL_TEXT(deploy, KIND_DEPLOYS, state, deploy_state_word(it->state))
CELL_TEXT(deploy, KIND_DEPLOYS, mode, deploy_mode_word(it->mode))
CELL_TEXT(deploy, KIND_DEPLOYS, trouble, it->trouble ? it->trouble : "")
CELL_TEXT(deploy, KIND_DEPLOYS, key, it->key)
CELL_TEXT(deploy, KIND_DEPLOYS, from, it->from)
CELL_TEXT(deploy, KIND_DEPLOYS, print, it->print)
CELL_TEXT(deploy, KIND_DEPLOYS, newer, it->newer)
CELL_LIST(deploy, KIND_DEPLOYS, raw_names, it->names, " ")
CELL_AS_OF(deploy, KIND_DEPLOYS, since, it->since)
CELL_ISO(deploy, KIND_DEPLOYS, raw_since, it->since)
TONE_OF(deploy, KIND_DEPLOYS, tone_state, deploy_state_tone(it->state))
TONE_OF(deploy, KIND_DEPLOYS, tone_trouble, it->trouble ? TONE_BAD : TONE_PLAIN)
VALUE_OF(deploy, KIND_DEPLOYS, v_since, value_iso(w, key, it->since))
VALUE_OF(deploy, KIND_DEPLOYS, v_names, value_strings(w, key, it->names))
VALUE_OF(deploy, KIND_DEPLOYS, v_newer, json_put_str(w, key, *it->newer ? it->newer : NULL))
VALUE_OF(deploy, KIND_DEPLOYS, v_trouble, json_put_str(w, key, it->trouble))
ORDER_BY(deploy, KIND_DEPLOYS, by_since, it->since)
ORDER_BY(deploy, KIND_DEPLOYS, by_state, urgency[it->state])
ORDER_BY(deploy, KIND_DEPLOYS, by_mode, it->mode)
/* clang-format on */

static void where(GString *out, const struct frame *f, uint32_t row)
{
	const struct deploy *d = ITEM(deploy, f, KIND_DEPLOYS, row);
	const struct items *stores = f->snap->kind[KIND_STORES];
	gssize i = items_find(stores, d->store);

	g_string_append(out, i < 0 ? d->store : ((const struct store *)stores->item[i])->title);
}

/* Where the window is too narrow for the state, the place tells at least that it is wrong. */
static enum tone tone_where(const struct frame *f, uint32_t row)
{
	enum tone tone = tone_state(f, row);

	return tone == TONE_BAD ? tone : TONE_PLAIN;
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct deploy *d = row;
	g_autofree char *names = g_strjoinv("\n", d->names);
	const char *const text[QUERY_FIELD_COUNT] = {
		[QUERY_STORE] = d->store,	[QUERY_STATE] = deploy_state_word(d->state),
		[QUERY_PROVIDER] = d->provider, [QUERY_ACCOUNT] = d->account,
		[QUERY_SAN] = names,		[QUERY_TYPE] = deploy_mode_word(d->mode),
	};

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s\n%s", d->title, names, d->store,
				       deploy_state_word(d->state), d->trouble ? d->trouble : "");
	else if (text[which])
		g_string_append(out, text[which]);
}
