/*
 * cps_stores: the two networks of an account, unless its API client may not read CPS: then it is there
 * for something else, as for Edge DNS.
 */
#include "cps.h"

#include <string.h>

#include <certty/model/store.h>

#define TRIED "listing the enrollments (GET /cps/v2/enrollments)"

static step_fn heard;

struct next cps_stores(struct op *op, const struct reply *none)
{
	g_autofree char *path = cps_call_list_path(op, "/enrollments");

	(void)none;
	return next_send(cps_call_get(op, "enrollments.v11", path), heard);
}

static char *store_id(const char *account, unsigned network)
{
	return g_strconcat(account, "/", cps_network_words[network], NULL);
}

static struct store *new_store(const struct op *op, unsigned network)
{
	g_autofree char *id = store_id(op->account->id, network);
	g_autofree char *title = g_strdup_printf("%s %s", op->account->id, cps_network_titles[network]);
	g_autofree char *address = akamai_ask_base(args_text(op->access->with, AKAMAI_HOST, ""));
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "akamai");
	store_set(&s->type, cps_network_words[network]);
	store_set(&s->title, title);
	store_set(&s->address, address);
	store_set(&s->network, cps_network_titles[network]);
	s->origin = STORE_FOUND;
	return s;
}

static struct next heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = NULL;
	GError *error = NULL;
	size_t n;

	if (akamai_ask_is_no_grant(r)) {
		op_say(op, "the API client may not read enrollments (Certificate Provisioning System), so "
		       "there are no stores");
		return next_done();
	}
	j = cps_call_json(op, r, TRIED, &error);
	if (!j)
		return next_fail_error(op, error);
	n = json_count(json_get(j, "enrollments"));
	for (unsigned i = 0; i < CPS_NETWORKS; i++)
		op_put_store(op, new_store(op, i));
	op_say(op, "Production and Staging are stores; %zu enrollment%s visible", n, n == 1 ? "" : "s");
	return next_done();
}

bool cps_stores_has_production(const struct op *op)
{
	g_autofree char *id = store_id(op->store->account, CPS_ON_PRODUCTION);

	return op->stores && items_find(op->stores, id) >= 0;
}
