/*
 * sectigo_stores: the store of an account: all that its administrator sees, of whatever organization.
 * What is whose is told with each thing, and is not the same for everybody, so it is no store of its own.
 */
#include "own.h"

#include <string.h>

static step_fn heard;

struct next sectigo_stores(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_organization_read(op, heard);
}

static struct next heard(struct op *op, const struct reply *none)
{
	const struct sectigo *s = sectigo_of(op);
	g_autofree char *id = g_strconcat(op->account->id, "/" SECTIGO_STORE, NULL);
	g_autofree char *title = g_strconcat(op->account->id, " Sectigo", NULL);
	g_autofree char *base = sectigo_base(op->access->with);
	struct store *store;

	(void)none;
	if (!s->organizations)
		return next_fail(op, ERR_REFUSED, "no organization is visible%s%s; the administrator needs a "
				 "role in one", op->troubles->len ? ": " : "",
				 op->troubles->len ? (const char *)op->troubles->pdata[0] : "");
	store = store_new(id);
	store_set(&store->account, op->account->id);
	store_set(&store->provider, "sectigo");
	store_set(&store->type, SECTIGO_STORE);
	store_set(&store->title, title);
	store_set(&store->address, base);
	store->origin = STORE_FOUND;
	op_put_store(op, store);
	op_say(op, "%u organization%s and %u department%s in one store", s->organizations,
	       s->organizations == 1 ? "" : "s", s->departments, s->departments == 1 ? "" : "s");
	return next_done();
}
