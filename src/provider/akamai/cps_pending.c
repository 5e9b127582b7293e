/*
 * cps_pending: the changes that are under way, while Production is read: those of all enrollments, whoever
 * began them, and those of rows that wait and are not among them any more.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/store.h>

#define CHANGES_MAX 5000

/* ---- which ---- */

static bool is_live(const struct json *enrollment)
{
	return json_count(json_get(enrollment, "productionSlots")) > 0;
}

static const struct cps_deployed *deployed_of(const GPtrArray *all, const char *id)
{
	for (guint i = 0; i < all->len; i++) {
		const struct cps_deployed *d = all->pdata[i];

		if (!strcmp(d->id, id))
			return d;
	}
	return NULL;
}

static void add_changes(struct op *op, GPtrArray *to, const struct json *enrollment, const GPtrArray *deployed)
{
	const struct json *list = json_get(enrollment, "pendingChanges");
	g_autoptr(cps_deployed) d = json_count(list) ? cps_deployed_of_enrollment(enrollment) : NULL;

	for (size_t i = 0; d && i < json_count(list) && to->len < CHANGES_MAX; i++) {
		g_autofree char *id = cps_id_of_location(json_str(json_at(list, i), "location"));
		g_autofree char *kind = cps_text(json_at(list, i), "changeType");
		struct cps_change *c = *id ? cps_change_new(d->id, id, kind) : NULL;

		if (!c)
			continue;
		c->is_first = !is_live(enrollment);
		g_strfreev(c->names);
		c->names = g_strdupv(d->names);
		cps_row_compare(op, c, deployed_of(deployed, d->id));
		g_ptr_array_add(to, c);
	}
	if (json_count(list) > 1)
		op_trouble(op, "enrollment %s has more than one change under way; the last is the newest",
			   d->id);
}

/* Rows that wait for what CPS does not list any more. */
static void add_others(struct op *op, GPtrArray *to)
{
	g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < to->len; i++)
		g_hash_table_add(there, cps_row_id(op->store, to->pdata[i]));
	for (size_t i = 0; op->requests && i < op->requests->n && to->len < CHANGES_MAX; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(cps_change) was = NULL;

		if (strcmp(r->store, op->store->id) != 0 || !request_is_waiting(r) ||
		    strcmp(r->type, "change") != 0 || g_hash_table_contains(there, r->id))
			continue;
		was = cps_change_kept(r->kept);
		if (*was->enrollment && *was->id)
			g_ptr_array_add(to, cps_change_new(was->enrollment, was->id, was->kind));
	}
}

struct next cps_pending(struct op *op, const struct json *enrollments, const GPtrArray *deployed, step_fn *then)
{
	GPtrArray *changes = g_ptr_array_new();

	for (size_t i = 0; i < json_count(enrollments); i++)
		add_changes(op, changes, json_at(enrollments, i), deployed);
	add_others(op, changes);
	return cps_look(op, changes, then);
}

/* ---- their rows ---- */

static bool is_news(const struct request *known, const struct request *r)
{
	return !known || known->state != r->state || strcmp(known->theirs, r->theirs) ||
	       strcmp(known->reason, r->reason) || strcmp(known->can, r->can) || strcmp(known->kept, r->kept) ||
	       strcmp(known->oddities, r->oddities) || known->due != r->due;
}

static bool put(struct op *op, struct cps_change *c)
{
	g_autofree char *id = cps_row_id(op->store, c);
	const struct request *known = cps_row_known(op, id);
	struct request *r;
	bool waits;

	if (c->trouble) {
		op_trouble(op, "%s", c->trouble);
		return known && request_is_waiting(known);
	}
	r = cps_row(op, c, known);
	waits = request_is_waiting(r);
	if (is_news(known, r))
		op_put_request(op, r);
	else
		request_unref(r);
	return waits;
}

char *cps_pending_put(struct op *op)
{
	const struct akamai *a = op->scratch;
	GPtrArray *all = a->looking ? cps_looked(op) : NULL;
	guint n = 0;

	for (guint i = 0; all && i < all->len; i++)
		n += put(op, all->pdata[i]);
	if (!n)
		return g_strdup("");
	return g_strdup_printf("; %u change%s under way", n, n == 1 ? " is" : "s are");
}
