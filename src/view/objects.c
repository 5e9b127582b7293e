/*
 * objects: the columns of what services keep beside certificates.
 */
#include "own.h"

#include <string.h>

#include <certty/model/object.h>
#include <certty/model/store.h>

static cell_fn id, name, type, state, where, summary, account, provider, raw_where, can, raw_facts;
static tone_fn tone_state, tone_summary;
static value_fn v_store, v_facts, v_state, v_can;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "name",     "NAME",     COLUMN_FLEX,   ALIGN_LEFT, name,      NULL,         NULL,    NULL,      NULL, -1,
	  "what it is called there" },
	{ "type",     "TYPE",     COLUMN_FLEX,   ALIGN_LEFT, type,      NULL,         NULL,    NULL,      NULL, -1,
	  "what it is: role and the like" },
	{ "store",    "WHERE",    COLUMN_FLEX,   ALIGN_LEFT, where,     NULL,         v_store, raw_where, NULL, -1,
	  "the id of the store that keeps it, or null: it belongs to the account alone" },
	{ "summary",  "IN SHORT", COLUMN_FLEX,   ALIGN_LEFT, summary,   tone_summary, NULL,    NULL,      NULL, -1,
	  "what matters most about it" },
	{ "state",    "STATE",    10,            ALIGN_LEFT, state,     tone_state,   v_state, NULL,      NULL, -1,
	  "its state in its service's own word, or null" },
	{ "account",  "ACCOUNT",  COLUMN_HIDDEN, ALIGN_LEFT, account,   NULL,         NULL,    NULL,      NULL, -1,
	  "the account through which it is reached" },
	{ "provider", "PROVIDER", COLUMN_HIDDEN, ALIGN_LEFT, provider,  NULL,         NULL,    NULL,      NULL, -1,
	  "who keeps it" },
	{ "can",      "CAN",      COLUMN_HIDDEN, ALIGN_LEFT, can,       NULL,         v_can,   NULL,      NULL, -1,
	  "what can be done with it" },
	{ "facts",    "FACTS",    COLUMN_HIDDEN, ALIGN_LEFT, raw_facts, NULL,         v_facts, NULL,      NULL, -1,
	  "all else that is known of it, as an object of texts" },
};
/* clang-format on */

const struct view view_objects = {
	.kind = KIND_OBJECTS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 2,
	.id = id,
	.empty = "No service here tells of roles or the like, or its account may not see them: the details "
		 "of a store say what could not be read.",
	.is_measured = true,
	.field = field,
};

/* clang-format off */
CELL_TEXT(object, KIND_OBJECTS, id, it->id)
CELL_TEXT(object, KIND_OBJECTS, name, it->name)
CELL_TEXT(object, KIND_OBJECTS, type, it->type)
CELL_TEXT(object, KIND_OBJECTS, state, it->state)
CELL_TEXT(object, KIND_OBJECTS, summary, it->summary)
CELL_TEXT(object, KIND_OBJECTS, account, it->account)
CELL_TEXT(object, KIND_OBJECTS, provider, it->provider)
CELL_TEXT(object, KIND_OBJECTS, raw_where, it->store)
CELL_TEXT(object, KIND_OBJECTS, can, it->can)
TONE_OF(object, KIND_OBJECTS, tone_state, it->tone)
TONE_OF(object, KIND_OBJECTS, tone_summary, it->tone)
VALUE_OF(object, KIND_OBJECTS, v_store, json_put_str(w, key, *it->store ? it->store : NULL))
VALUE_OF(object, KIND_OBJECTS, v_state, json_put_str(w, key, *it->state ? it->state : NULL))
/* clang-format on */

static void where(GString *out, const struct frame *f, uint32_t row)
{
	const struct object *o = ITEM(object, f, KIND_OBJECTS, row);
	const struct items *stores = f->snap->kind[KIND_STORES];
	gssize i = *o->store ? items_find(stores, o->store) : -1;

	g_string_append(out, i >= 0 ? ((const struct store *)stores->item[i])->title :
			     *o->store ? o->store : o->account);
}

static void v_can(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) verbs = g_strsplit(ITEM(object, f, KIND_OBJECTS, row)->can, " ", -1);

	value_strings(w, key, verbs);
}

static void put_fact(void *who, const char *label, const char *value)
{
	json_put_str(who, label, value);
}

static void v_facts(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	json_open(w, key, '{');
	object_each_fact(ITEM(object, f, KIND_OBJECTS, row), put_fact, w);
	json_close(w, '}');
}

static void raw_facts(GString *out, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) lines = g_strsplit(ITEM(object, f, KIND_OBJECTS, row)->facts, "\n", -1);

	cell_list(out, lines, "; ");
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct object *o = row;
	const char *const text[QUERY_FIELD_COUNT] = {
		[QUERY_STORE] = o->store,	[QUERY_STATE] = o->state,
		[QUERY_PROVIDER] = o->provider, [QUERY_ACCOUNT] = o->account,
		[QUERY_TYPE] = o->type,
	};

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s\n%s", o->name, o->type, o->summary, o->store,
				       o->facts);
	else if (text[which])
		g_string_append(out, text[which]);
}
