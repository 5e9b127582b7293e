/*
 * keyfactor_stores: the stores of an account at Command: all that Command knows; its saved collections,
 * which are proposed, since what they show is in the first one too; and those that its agents look after.
 *
 * Where a certificate lies (there, and at endpoints that scans have seen) is told with the certificate as
 * well: that is Command's own knowledge, as old as its last inventory.
 */
#include "keyfactor_places.h"

#include <string.h>

#define TRIED "reading certificates (GET /Certificates)"

#define COLLECTIONS_MAX 500

static step_fn heard, collections_heard;

struct next keyfactor_stores(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;

	(void)none;
	k->at = g_strdup(args_get(op->access->with, "at"));
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.returnLimit", "1", "pq.sortField",
					    "CertId", NULL), heard);
}

static struct store *new_store(const struct op *op)
{
	const struct keyfactor *k = op->scratch;
	g_autofree char *id = g_strconcat(op->account->id, "/" KEYFACTOR_STORE, NULL);
	g_autofree char *title = g_strconcat(op->account->id, " Command", NULL);
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "keyfactor");
	store_set(&s->type, KEYFACTOR_STORE);
	store_set(&s->title, title);
	store_set(&s->address, k->at);
	s->origin = STORE_FOUND;
	return s;
}

/* Whoever may not read certificates may have requests to approve all the same. */
static struct next heard(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', TRIED, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");

	if (!j && !keyfactor_call_is_denied(r))
		return next_fail_error(op, g_steal_pointer(&error));
	if (!j)
		op_trouble(op, "%s", error->message);
	op_put_store(op, new_store(op));
	if (total && strspn(total, "0123456789") == strlen(total))
		op_say(op, "Command has %s certificate%s that are in force", total,
		       strcmp(total, "1") ? "s" : "");
	else
		op_say(op, "Command is one store");
	return next_send(keyfactor_call_get(op, "/CertificateCollections", "pq.returnLimit", "1000", NULL),
			 collections_heard);
}

/* ---- saved collections ---- */

static bool propose(struct op *op, const struct json *j)
{
	const struct keyfactor *k = op->scratch;
	g_autofree char *name = keyfactor_text(j, "Name", 200), *query = keyfactor_text(j, "Query", 300);
	g_autofree char *id = NULL;
	struct discovery *d;
	int64_t number;

	if (!keyfactor_int(j, "Id", &number) || number <= 0 || !*name)
		return false;
	id = g_strdup_printf("%s/" KEYFACTOR_COLLECTION ":%" G_GINT64_FORMAT, op->account->id, number);
	d = discovery_new(id);
	store_set(&d->account, op->account->id);
	store_set(&d->provider, "keyfactor");
	store_set(&d->type, KEYFACTOR_COLLECTION);
	g_free(d->title);
	d->title = g_strdup_printf("%s %s", op->account->id, name);
	store_set(&d->address, k->at);
	g_free(d->what);
	d->what = g_strconcat("a saved collection", *query ? ": " : "", query, NULL);
	d->first_seen = d->last_seen = op->now;
	op_put_discovery(op, d);
	return true;
}

/* Who may not list them, or has a Command without them, has none. */
static struct next collections_heard(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', "listing collections (GET /CertificateCollections)",
						&error);
	g_autofree char *said = g_strdup(op->said);
	guint n = 0;

	for (size_t i = 0; i < MIN(json_count(j), COLLECTIONS_MAX); i++)
		n += propose(op, json_at(j, i));
	if (!j && !keyfactor_call_is_denied(r) && r->status != 404)
		op_trouble(op, "%s", error->message);
	if (n)
		op_say(op, "%s; %u saved collection%s can be accepted as a store", said, n, n == 1 ? "" : "s");
	return keyfactor_place_list(op);
}
