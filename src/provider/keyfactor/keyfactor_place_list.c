/*
 * keyfactor_place_list: the certificate stores that Command's agents look after, as stores of the
 * account.
 *
 * Pages are numbered by Command and sorted by machine alone, so that a store that comes or goes
 * meanwhile may shift another past a page's edge: each is taken once, and only a list as long as Command
 * counts says of a store that it is gone.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/text.h>

#define TYPES  "reading the types of certificate stores (GET /CertificateStoreTypes)"
#define STORES "listing certificate stores (GET /CertificateStores)"
#define PAGE   "1000"
#define STORES_MAX 200000

struct listing {
	GHashTable *types;	/* int64_t -> GINT_TO_POINTER(1 + whether they can be written to) */
	GHashTable *seen;	/* ids of stores */
	guint page, waiting;	/* those that discovery found and nobody has approved */
	uint64_t total;		/* as Command counts; 0: it does not say */
	uint64_t told;		/* of them, with those that wait */
};

static step_fn types_read, stores_read;

static void listing_done(void *listing)
{
	struct listing *l = listing;

	g_hash_table_unref(l->types);
	g_hash_table_unref(l->seen);
	g_free(l);
}

static struct listing *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

struct next keyfactor_place_list(struct op *op)
{
	struct listing *l = keyfactor_call_mine(op, sizeof(*l), listing_done);

	l->types = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	l->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return next_send(keyfactor_call_get(op, "/CertificateStoreTypes", "cstquery.returnLimit", PAGE, NULL),
			 types_read);
}

static struct next ask_page(struct op *op)
{
	g_autofree char *page = g_strdup_printf("%u", ++mine(op)->page);

	return next_send(keyfactor_call_get(op, "/CertificateStores", "certificateStoreQuery.pageReturned",
					    page, "certificateStoreQuery.returnLimit", PAGE,
					    "certificateStoreQuery.sortField", "ClientMachine",
					    "certificateStoreQuery.sortAscending", "0", NULL), stores_read);
}

/* Whether a type adds and removes; what is not known of it, Command says when it is tried. */
static struct next types_read(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', TYPES, &error);

	if (!j && !keyfactor_call_is_denied(r))
		return next_fail_error(op, g_steal_pointer(&error));
	for (size_t i = 0; i < json_count(j); i++) {
		const struct json *can = keyfactor_get(json_at(j, i), "SupportedOperations");
		int64_t id;
		bool writes = keyfactor_bool(can, "Add") || keyfactor_bool(can, "Remove");

		if (keyfactor_int(json_at(j, i), "StoreType", &id))
			g_hash_table_insert(mine(op)->types, g_memdup2(&id, sizeof(id)),
					    GINT_TO_POINTER(1 + writes));
	}
	return ask_page(op);
}

static void put_store(struct op *op, const char *id, const char *guid, const struct json *j)
{
	const struct keyfactor *k = op->scratch;
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);
	g_autofree char *path = keyfactor_text(j, "StorePath", KEYFACTOR_TEXT_MAX);
	g_autofree char *container = keyfactor_text(j, "ContainerName", 200);
	g_autofree char *title = g_strdup_printf("%s: %s", machine, path);
	struct store *s = store_new(id);
	int64_t type = 0;

	keyfactor_int(j, "CertStoreType", &type);
	store_set(&s->account, op->account->id);
	store_set(&s->provider, "keyfactor");
	store_set(&s->type, KEYFACTOR_PLACE);
	store_set(&s->title, title);
	store_set(&s->container, container);
	g_free(s->address);
	s->address = g_strdup_printf("%s/CertificateStores/%s", k->at, guid);
	s->origin = STORE_FOUND;
	s->is_writable = GPOINTER_TO_INT(g_hash_table_lookup(mine(op)->types, &type)) != 1;
	op_put_store(op, s);
}

static void take_store(struct op *op, const struct json *j)
{
	struct listing *l = mine(op);
	g_autofree char *guid = keyfactor_text(j, "Id", 60), *low = g_ascii_strdown(guid, -1);
	g_autofree char *id = g_strdup_printf("%s/store:%s", op->account->id, low);

	if (!g_uuid_string_is_valid(low) || g_hash_table_contains(l->seen, id))
		return;
	l->told++;
	if (keyfactor_get(j, "Approved") && !keyfactor_bool(j, "Approved")) {
		l->waiting++;
		return;
	}
	put_store(op, id, low, j);
	g_hash_table_add(l->seen, g_steal_pointer(&id));
}

static void drop_others(struct op *op)
{
	const struct listing *l = mine(op);

	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (keyfactor_is_place(s) && !strcmp(s->account, op->account->id) &&
		    !g_hash_table_contains(l->seen, s->id))
			op_drop_store(op, s->id);
	}
}

static struct next end(struct op *op)
{
	const struct listing *l = mine(op);
	g_autofree char *said = g_strdup(op->said ? op->said : "");
	guint n = g_hash_table_size(l->seen);

	if (l->total > l->told)
		op_trouble(op, STORES ": %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " came; whether the "
			   "others are gone is not known, look again", l->told, l->total);
	else
		drop_others(op);
	if (l->waiting)
		op_say(op, "%s; agents look after %u certificate store%s, and %u more that discovery found "
		       "wait for approval in Command", said, n, n == 1 ? "" : "s", l->waiting);
	else
		op_say(op, "%s; agents look after %u certificate store%s", said, n, n == 1 ? "" : "s");
	return next_done();
}

static struct next stores_read(struct op *op, const struct reply *r)
{
	struct listing *l = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', STORES, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	uint64_t before;

	if (!j && keyfactor_call_is_denied(r)) {
		op_trouble(op, "%s", error->message);
		g_error_free(error);
		return next_done();
	}
	if (!j)
		return next_fail_error(op, error);
	if (total && *total && strspn(total, "0123456789") == strlen(total))
		l->total = g_ascii_strtoull(total, NULL, 10);
	before = l->told;
	for (size_t i = 0; i < json_count(j); i++)
		take_store(op, json_at(j, i));
	op_progress(op, l->told, l->total);
	if (l->told == before || (l->total && l->told >= l->total))
		return end(op);
	if (l->told > STORES_MAX)
		return next_fail(op, ERR_LIMIT, STORES ": there are more than can be shown");
	return ask_page(op);
}
