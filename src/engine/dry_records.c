/*
 * dry_records: what putting records into DNS, and taking them away again, would do through the
 * accounts that have zones.
 */
#include "own.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

/* What one account's provider would do with the records. */
static bool say_by(struct op *op, enum verb_id verb, GPtrArray *records, const struct account *a,
		   struct plan *p, GError **error)
{
	const struct provider *provider = provider_find(a->provider);
	struct op child = *op;

	child.verb = &verb_table[verb];
	child.account = a;
	child.records = records;
	return provider->plan[verb](&child, p, error);
}

/* ---- putting ---- */

static bool read_records(const struct op *op, GPtrArray *ret, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(op->request->records, "\n", -1);

	for (char **line = lines; *line; line++) {
		struct dns_record *r = **line ? dns_record_read(*line, error) : NULL;

		if (**line && !r)
			return false;
		if (r)
			g_ptr_array_add(ret, r);
	}
	if (!ret->len)
		g_set_error(error, ERR, ERR_USAGE, "%s waits for no record in DNS",
			    op->request->title);
	return ret->len;
}

bool dry_publish(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(GPtrArray) records =
		g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	g_autoptr(GPtrArray) accounts = NULL;

	if (!read_records(op, records, error))
		return false;
	accounts = request_verbs_publishers(op);
	for (guint i = 0; i < accounts->len; i++) {
		const struct account *a = accounts_get(operation_of(op)->engine, accounts->pdata[i]);

		if (a && !say_by(op, VERB_PUBLISH, records, a, p, error))
			return false;
	}
	if (!accounts->len) {
		dns_planned_update(p, records, false, NULL, NULL);
		plan_warn(p, "no account that is known here has zones: put the records there by hand, "
			  "then sync");
	}
	for (guint i = 0; i < records->len; i++) {
		const struct dns_record *r = records->pdata[i];

		plan_not(p, "%s: no other record of the zone is changed, and it stays until unpublish takes it "
			 "away", r->name);
	}
	return true;
}

/* ---- taking away ---- */

/* Records by the account that takes them away; what stays is told. */
static GHashTable *by_account(const struct op *op, const GPtrArray *placed, struct plan *p)
{
	const struct engine *e = operation_of((struct op *)op)->engine;
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						(GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < placed->len; i++) {
		const struct placed *one = placed->pdata[i];
		g_autofree char *why = NULL;
		const struct account *a = request_verbs_taker(e, one, &why);
		struct dns_record *r = dns_record_read(one->line, NULL);
		GPtrArray *its = a ? g_hash_table_lookup(all, a->id) : NULL;

		if (request_verbs_is_alias(one) || !a || !r) {
			plan_not(p, "it stays: %s", why && !request_verbs_is_alias(one) ? why : one->line);
			dns_record_free(r);
			continue;
		}
		if (!its) {
			its = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
			g_hash_table_insert(all, a->id, its);
		}
		g_ptr_array_add(its, r);
	}
	return all;
}

bool dry_unpublish(struct op *op, struct plan *p, GError **error)
{
	struct engine *e = operation_of(op)->engine;
	g_autoptr(GPtrArray) placed = request_verbs_placed(op, error);
	g_autoptr(GHashTable) takers = placed ? by_account(op, placed, p) : NULL;
	g_autoptr(items) accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);

	if (!placed)
		return false;
	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];
		GPtrArray *records = g_hash_table_lookup(takers, a->id);

		if (records && !say_by(op, VERB_UNPUBLISH, records, a, p, error))
			return false;
	}
	plan_not(p, "nothing is taken away that certty did not put there, and no CNAME: each renewal needs it");
	if (g_hash_table_size(takers))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "nothing can be taken out of DNS for %s: a CNAME stays, since "
		    "each renewal needs it, and so does what no account here can take away",
		    op->request->title);
	return false;
}
