/*
 * sectigo_acme: reading the ACME servers, the accounts of each organization, and the names of each.
 *
 *   servers ─► accounts of all organizations ─► names of each account
 */
#include "sectigo_acme.h"

#include <string.h>

#include <certty/base/text.h>

#define SERVERS	 "listing ACME servers (GET /acme/v1/server)"
#define ACCOUNTS "listing ACME accounts (GET /acme/v2/account)"
#define NAMES	 "listing the names of an ACME account (GET /acme/v2/account/ID/domain)"
#define NAMES_MAX 200

struct reading {
	step_fn *then;
	GPtrArray *organizations;	/* numbers (char *) */
	GPtrArray *accounts;		/* struct object */
	GHashTable *seen;		/* ids of objects */
};

static step_fn servers_listed, accounts_listed, names_heard;

static void reading_free(void *p)
{
	struct reading *r = p;

	g_ptr_array_unref(r->organizations);
	g_ptr_array_unref(r->accounts);
	g_hash_table_unref(r->seen);
	g_free(r);
}

static struct reading *of(struct op *op)
{
	return sectigo_of(op)->acme;
}

/* ---- rows ---- */

static struct object *row_new(struct op *op, const char *type, const char *key, const char *name)
{
	g_autofree char *id = object_id(op->store->id, type, key);
	struct object *o;

	if (!*key || !*name || !g_hash_table_add(of(op)->seen, g_strdup(id)))
		return NULL;
	o = object_new(id);
	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, type);
	store_set(&o->name, name);
	return o;
}

static void add_text(struct object *o, const char *label, const struct json *j, const char *key)
{
	g_autofree char *text = sectigo_call_text(j, key, 300);

	object_add_fact(o, label, text);
}

static void take_server(struct op *op, const struct json *j)
{
	g_autofree char *name = sectigo_call_text(j, "name", 128), *url = sectigo_call_text(j, "url", 300);
	g_autofree char *key = g_strdelimit(g_strdup(name), "/ ", '-');
	struct object *o = row_new(op, SECTIGO_ACME_SERVER, key, name);

	if (!o)
		return;
	store_set(&o->summary, url);
	add_text(o, "directory", j, "url");
	add_text(o, "validation", j, "certValidationType");
	op_put_object(op, o);
}

/* macKey is a secret. */
static void take_account(struct op *op, const struct json *j)
{
	g_autofree char *key = sectigo_call_text(j, "id", 18), *name = sectigo_call_text(j, "name", 128);
	g_autofree char *organization = sectigo_call_text(j, "organizationId", 18);
	struct object *o = strspn(key, "0123456789") == strlen(key) ?
		row_new(op, SECTIGO_ACME_ACCOUNT, key, name) : NULL;

	if (!o)
		return;
	store_set(&o->can, "object-edit object-drop");
	add_text(o, "server", j, "acmeServer");
	object_add_fact(o, "organization", sectigo_organization_name(op, organization));
	add_text(o, "validation", j, "certValidationType");
	add_text(o, "account ID", j, "accountId");
	add_text(o, "EAB key ID", j, "macId");
	object_add_fact(o, "number", key);
	g_ptr_array_add(of(op)->accounts, o);
}

/* ---- the lists ---- */

struct next sectigo_acme_read(struct op *op, step_fn *then)
{
	struct sectigo *s = sectigo_of(op);
	struct reading *r = g_new0(struct reading, 1);
	GHashTableIter iter;
	gpointer number;

	s->acme = r;
	s->free_acme = reading_free;
	r->then = then;
	r->organizations = g_ptr_array_new_with_free_func(g_free);
	r->accounts = g_ptr_array_new_with_free_func((GDestroyNotify)object_unref);
	r->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_iter_init(&iter, s->names);
	while (g_hash_table_iter_next(&iter, &number, NULL))
		g_ptr_array_add(r->organizations, g_strdup(number));
	if (!r->organizations->len)	/* whose accounts to ask for is not known this time */
		op_keep_objects(op, SECTIGO_ACME_ACCOUNT);
	return sectigo_call_list(op, "/acme/v1/server", SERVERS, take_server, servers_listed);
}

/* Who may not see them has none; else what was known stays. */
static void hear_trouble(struct op *op, const char *type)
{
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);

	if (!error || sectigo_refusal_is_denied(code))
		return;
	op_keep_objects(op, type);
	op_trouble(op, "%s", error->message);
}

static struct ask ask_names(struct op *op, size_t i)
{
	g_autofree char *path = g_strdup_printf("/acme/v2/account/%s/domain?size=%d&position=0",
						object_key(of(op)->accounts->pdata[i]), NAMES_MAX);

	return (struct ask){ .send = sectigo_call(op, "GET", path, NULL) };
}

static void hear_names(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct object *o = of(op)->accounts->pdata[i];
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, NAMES, NULL, &error);
	g_autoptr(GString) all = g_string_new(NULL);
	size_t n = json_count(j);

	(void)none;
	for (size_t k = 0; k < n; k++) {
		g_autofree char *name = sectigo_call_text(json_at(j, k), "name", 255);

		g_string_append_printf(all, "%s%s", all->len ? ", " : "", name);
	}
	g_free(o->summary);
	o->summary = error ? g_strdup(error->message) :
			     g_strdup_printf("%zu%s name%s", n, n == NAMES_MAX ? " or more" : "",
					     n == 1 ? "" : "s");
	object_add_fact(o, "names", all->str);
}

static struct next servers_listed(struct op *op, const struct reply *none)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	(void)none;
	hear_trouble(op, SECTIGO_ACME_SERVER);
	for (guint i = 0; i < of(op)->organizations->len; i++)
		g_ptr_array_add(paths, g_strdup_printf("/acme/v2/account?organizationId=%s",
						       (char *)of(op)->organizations->pdata[i]));
	return sectigo_call_lists(op, paths, ACCOUNTS, take_account, accounts_listed);
}

static struct next accounts_listed(struct op *op, const struct reply *none)
{
	(void)none;
	hear_trouble(op, SECTIGO_ACME_ACCOUNT);
	return next_each(of(op)->accounts->len, ask_names, hear_names, names_heard);
}

static struct next names_heard(struct op *op, const struct reply *none)
{
	struct reading *r = of(op);

	(void)none;
	for (guint i = 0; i < r->accounts->len; i++)
		op_put_object(op, object_ref(r->accounts->pdata[i]));
	return r->then(op, NULL);
}
