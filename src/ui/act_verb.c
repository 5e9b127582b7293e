/* act_verb: orders to the engine, from where the cursor and the marks are. */
#include "act.h"

#include <string.h>

#include <certty/model/store.h>

#include "give.h"
#include "screen.h"

/* The stores in which the chosen certificates lie first. */
static GPtrArray *stores_of_chosen(struct screen *s, uint32_t most)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
	g_autoptr(GArray) rows = list_chosen(screen_list(s), most);

	for (guint i = 0; i < rows->len; i++) {
		struct place at = certs_first(s->snap->certs, g_array_index(rows, uint32_t, i));

		if (g_hash_table_add(seen, GUINT_TO_POINTER(at.table_number + 1)))
			g_ptr_array_add(ids, g_strdup(at.table->store));
	}
	return ids;
}

static const char *why_not_stores(const struct screen *s, const struct verb *v,
				  const GPtrArray *ids)
{
	for (guint i = 0; v->id == VERB_IMPORT && i < ids->len; i++) {
		uint32_t row = view_find(view_table[KIND_STORES], s->snap, ids->pdata[i]);
		const struct store *store = row == CERTS_NONE ? NULL :
			view_item(view_table[KIND_STORES], s->snap, row);

		if (store && !store->is_writable)
			return "This store cannot be written.";
	}
	return NULL;
}

static GPtrArray *none(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

GPtrArray *act_targets(struct screen *s, const struct verb *v, uint32_t most, char **ret_why)
{
	struct frame f = screen_frame(s);
	g_autoptr(GPtrArray) ids = NULL;
	const char *why;

	(void)screen_list(s);
	if (v->id == VERB_SHOW)
		ids = none();	/* the pane asks */
	else if (v->on == s->current && v->id != VERB_DISCOVER && v->id != VERB_STORE_ADD &&
		 v->id != VERB_KEY && v->id != VERB_NOTIFY)
		ids = tab_chosen_ids(screen_tab(s), &f, most);
	else if (v->on == KIND_STORES && s->current == KIND_CERTS && v->id != VERB_STORE_ADD)
		ids = stores_of_chosen(s, most);
	else if (v->no_target)
		ids = none();
	if (!ids) {
		*ret_why = g_strdup_printf("%s works on %s.", v->name, kind_title(v->on));
		return NULL;
	}
	if (!ids->len && !v->no_target && v->id != VERB_SHOW) {
		*ret_why = g_strdup("There is no row here to do that with.");
		return NULL;
	}
	if (ids->len > 1 && !v->many) {
		*ret_why = g_strdup_printf("%s works on one at a time, and %u are chosen.",
					   v->name, ids->len);
		return NULL;
	}
	why = why_not_stores(s, v, ids);
	if (why) {
		*ret_why = g_strdup(why);
		return NULL;
	}
	return g_steal_pointer(&ids);
}

unsigned act_verb(struct screen *s, const struct action *a)
{
	struct command *c;
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) targets = NULL;

	list_settle_range(screen_list(s));
	targets = act_targets(s, &verb_table[a->verb], UINT32_MAX, &why);
	if (!targets)
		return UI_NONE;
	c = command_new((enum verb_id)a->verb, NULL);
	for (guint i = 0; i < targets->len; i++)
		g_ptr_array_add(c->targets, g_strdup(targets->pdata[i]));
	give_begin(s, c);
	return UI_REDRAW;
}

unsigned act_refresh_all(struct screen *s, const struct action *a)
{
	give_begin(s, command_new(VERB_REFRESH, NULL));
	return UI_REDRAW;
}
