/*
 * stores: the columns of stores.
 */
#include "own.h"

#include <string.h>

#include <certty/model/store.h>

static cell_fn title, type, state, certs, keys, seen, labels, container, trouble, raw_seen,
	address, account, raw_certs, raw_keys, raw_tried, raw_writable;
static tone_fn tone_state, tone_title;
static value_fn v_labels, v_seen, v_tried, v_certs, v_keys, v_writable;
static order_fn by_certs, by_keys, by_seen, by_account;
static void id(GString *out, const struct frame *f, uint32_t row);
static void field(const void *row, enum query_field field, GString *out);

/* clang-format off */
static const struct column columns[] = {
	{ "title",     "STORE",     COLUMN_FLEX,   ALIGN_ENDS,  title,     tone_title, NULL,       NULL,     by_account, -1,
	  "a short name" },
	{ "state",     "STATE",     14,            ALIGN_LEFT,  state,     tone_state, NULL,       NULL,     NULL,     -1,
	  "how the last reading went" },
	{ "certs",     "CERTS",     7,             ALIGN_RIGHT, certs,     tone_title,       v_certs,    raw_certs, by_certs, -1,
	  "certificates in it, when last read" },
	{ "keys",      "KEYS",      5,             ALIGN_RIGHT, keys,      NULL,       v_keys,     raw_keys, by_keys,  -1,
	  "private keys in it, when last read" },
	{ "seen",      "AS OF",     11,            ALIGN_RIGHT, seen,      NULL,       v_seen,     raw_seen, by_seen,  -1,
	  "when it was last read in full, ISO 8601" },
	{ "type",      "TYPE",      10,            ALIGN_LEFT,  type,      NULL,       NULL,       NULL,     NULL,     -1,
	  "the sort of store" },
	{ "container", "IN",        12,            ALIGN_LEFT,  container, NULL,       NULL,       NULL,     NULL,     -1,
	  "the container that it was put into" },
	{ "labels",    "LABELS",    16,            ALIGN_LEFT,  labels,    NULL,       v_labels,   NULL,     NULL,     -1,
	  "its labels" },
	{ "trouble",   "TROUBLE",   COLUMN_FLEX,   ALIGN_LEFT,  trouble,   tone_state, NULL,       NULL,     NULL,     -1,
	  "what could not be read, and why" },
	{ "account",   "ACCOUNT",   COLUMN_HIDDEN, ALIGN_LEFT,  account,   NULL,       NULL,       NULL,     NULL,     -1,
	  "the account that reaches it" },
	{ "address",   "ADDRESS",   COLUMN_HIDDEN, ALIGN_LEFT,  address,   NULL,       NULL,       NULL,     NULL,     -1,
	  "path or host and port" },
	{ "tried",     "TRIED",     COLUMN_HIDDEN, ALIGN_RIGHT, raw_tried, NULL,       v_tried,    NULL,     NULL,     -1,
	  "when it was last asked, ISO 8601" },
	{ "writable",  "WRITABLE",  COLUMN_HIDDEN, ALIGN_LEFT,  raw_writable, NULL,    v_writable, NULL,     NULL,     -1,
	  "true when certificates can be added here" },
};
/* clang-format on */

const struct view view_stores = {
	.kind = KIND_STORES,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.id = id,
	.empty = "No store is known. :store-add adds a folder, a keystore file or an endpoint; "
		 "accounts bring their own.",
	.field = field,
};

/* Most regions of a service hold nothing: those that do must be seen among them. */
static enum tone tone_of_content(const struct store *s)
{
	return s->state == STORE_FINE && !s->certs ? TONE_DIM : TONE_PLAIN;
}

/* clang-format off */
CELL_TEXT(store, KIND_STORES, id, it->id)
CELL_TEXT(store, KIND_STORES, title, it->title)
CELL_TEXT(store, KIND_STORES, type, it->type)
CELL_TEXT(store, KIND_STORES, address, it->address)
CELL_TEXT(store, KIND_STORES, account, it->account)
CELL_TEXT(store, KIND_STORES, container, it->container)
CELL_TEXT(store, KIND_STORES, trouble, it->trouble ? it->trouble : "")
CELL_TEXT(store, KIND_STORES, state, store_state_word(it->state))
CELL_COUNT(store, KIND_STORES, certs, it->certs)
CELL_COUNT(store, KIND_STORES, keys, it->keys)
CELL_NUMBER(store, KIND_STORES, raw_certs, it->certs)
CELL_NUMBER(store, KIND_STORES, raw_keys, it->keys)
CELL_ISO(store, KIND_STORES, raw_tried, it->tried)
CELL_BOOL(store, KIND_STORES, raw_writable, it->is_writable)
CELL_AS_OF(store, KIND_STORES, seen, it->seen)
CELL_ISO(store, KIND_STORES, raw_seen, it->seen)
TONE_OF(store, KIND_STORES, tone_state, store_state_tone(it->state))
TONE_OF(store, KIND_STORES, tone_title, tone_of_content(it))
VALUE_OF(store, KIND_STORES, v_labels, value_strings(w, key, it->labels))
VALUE_OF(store, KIND_STORES, v_seen, value_iso(w, key, it->seen))
VALUE_OF(store, KIND_STORES, v_tried, value_iso(w, key, it->tried))
VALUE_OF(store, KIND_STORES, v_certs, json_put_int(w, key, it->certs))
VALUE_OF(store, KIND_STORES, v_keys, json_put_int(w, key, it->keys))
VALUE_OF(store, KIND_STORES, v_writable, json_put_bool(w, key, it->is_writable))
ORDER_BY(store, KIND_STORES, by_certs, it->certs)
ORDER_BY(store, KIND_STORES, by_keys, it->keys)
ORDER_BY(store, KIND_STORES, by_seen, it->seen)
/* clang-format on */

/* Those of an account stand together, and in it those that hold something first. */
static int by_account(const struct frame *f, uint32_t a, uint32_t b)
{
	const struct store *one = ITEM(store, f, KIND_STORES, a);
	const struct store *two = ITEM(store, f, KIND_STORES, b);
	int order = strcmp(one->account, two->account);

	if (!order)
		order = (tone_of_content(one) == TONE_DIM) - (tone_of_content(two) == TONE_DIM);
	return order ? order : strcmp(one->title, two->title);
}

static void labels(GString *out, const struct frame *f, uint32_t row)
{
	g_autofree char *all = g_strjoinv(" ", ITEM(store, f, KIND_STORES, row)->labels);

	g_string_append(out, all);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct store *s = row;
	g_autofree char *all = g_strjoinv("\n", s->labels);
	const char *const text[QUERY_FIELD_COUNT] = {
		[QUERY_STORE] = s->title,	[QUERY_STATE] = store_state_word(s->state),
		[QUERY_PROVIDER] = s->provider, [QUERY_ACCOUNT] = s->account,
		[QUERY_NETWORK] = s->network,	[QUERY_LABEL] = all,
		[QUERY_CONTAINER] = s->container, [QUERY_TYPE] = s->type,
	};

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s\n%s\n%s", s->title, s->address, s->type,
				       s->container, all, s->trouble ? s->trouble : "");
	else if (which == QUERY_STORE)
		g_string_append_printf(out, "%s\n%s", s->title, s->id);
	else if (text[which])
		g_string_append(out, text[which]);
}
