/*
 * kv_stores: the vaults that an account sees.
 *
 * Resource Graph tells them all in one query; where it is refused, or is not there, the Resource Manager
 * is asked, subscription by subscription.  That is what one tenant has: of other tenants that the account
 * names it is all asked once more, with a token of theirs, and one that gives none spoils nothing.
 *
 * Vaults are proposed, since most hold no certificate; those that the account names are stores at once, and
 * all are where it says so.  Whoever may use a vault need not see it as a resource, so one that is named
 * needs not be found.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

#define ALL	   "all"
#define PAGES_MAX  1000
#define VAULTS_MAX 20000
#define GRAPH	   "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01"
#define GRAPH_WHAT "finding vaults (Resource Graph)"

/* What is asked of a graph of resources; ordered by a column that is there, so that pages hold still. */
#define QUERY                                                                                            \
	"resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, location, "           \
	"resourceGroup, subscriptionId, tags, sku = properties.sku.name, "                               \
	"vaultTenant = properties.tenantId, rbac = properties.enableRbacAuthorization, "                 \
	"purgeProtection = properties.enablePurgeProtection, "                                           \
	"retention = properties.softDeleteRetentionInDays, "                                             \
	"network = properties.publicNetworkAccess | order by id asc"

struct listing {		/* of one subscription */
	char *subscription, *link;
	guint pages;
	bool is_over;
};

struct finding {
	struct azure_cloud *cloud;
	GPtrArray *vaults;		/* struct kv_vault */
	GHashTable *names;		/* of them */
	GArray *listings;		/* struct listing, where the graph is not asked */
	char *token;			/* of the graph's next page */
	guint pages;
	char **only;			/* subscriptions; empty: all */
	char **tenants;			/* others than the account's own */
	guint entered;			/* of them */
	guint proposed, taken;
	GHashTable *put;		/* ids of stores and proposals */
	bool is_unsure;			/* not everything could be looked at */
};

static step_fn begin, entered, read_graph, read_subscriptions, ask_lists, end;

static void listing_done(void *listing)
{
	struct listing *l = listing;

	g_free(l->subscription);
	g_free(l->link);
}

static void finding_done(void *finding)
{
	struct finding *f = finding;

	azure_cloud_free(f->cloud);
	g_ptr_array_unref(f->vaults);
	g_hash_table_unref(f->names);
	g_array_unref(f->listings);
	g_hash_table_unref(f->put);
	g_strfreev(f->only);
	g_strfreev(f->tenants);
	g_free(f->token);
	g_free(f);
}

static struct finding *mine(struct op *op)
{
	return azure_of(op)->mine;
}

static const struct args *answers(const struct op *op)
{
	return (op->opened ? op->opened : op->access)->with;
}

struct next kv_stores(struct op *op, const struct reply *none)
{
	struct finding *f;

	(void)none;
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not signed in");
	f = kv_call_mine(op, sizeof(*f), finding_done);
	f->vaults = g_ptr_array_new_with_free_func((GDestroyNotify)kv_vault_free);
	f->names = g_hash_table_new(g_str_hash, g_str_equal);
	f->listings = g_array_new(FALSE, TRUE, sizeof(struct listing));
	g_array_set_clear_func(f->listings, listing_done);
	f->put = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->only = args_list(answers(op), "subscriptions");
	f->tenants = args_list(answers(op), KV_TENANTS);
	return azure_token(op, AZURE_ARM, begin);
}

/* ---- what is found ---- */

static bool is_wanted(const struct finding *f, const char *subscription)
{
	for (char **one = f->only; *one; one++)
		if (!g_ascii_strcasecmp(*one, subscription))
			return true;
	return !*f->only;
}

/* Of several tenants nobody knows which subscription is whose, so all are asked for and some left out. */
static bool asks_only_some(const struct finding *f)
{
	return *f->only && !*f->tenants;
}

static void take_vault(struct finding *f, const struct json *j)
{
	struct kv_vault *v = f->vaults->len < VAULTS_MAX ? kv_vault_read(j) : NULL;

	if (!v || !is_wanted(f, v->place.subscription) || g_hash_table_contains(f->names, v->place.name)) {
		kv_vault_free(v);
		return;
	}
	g_ptr_array_add(f->vaults, v);
	g_hash_table_insert(f->names, v->place.name, v);
}

/* ---- Resource Graph ---- */

static struct next ask_graph(struct op *op)
{
	const struct finding *f = mine(op);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r = kv_call_arm(op, GRAPH);

	json_open(&w, NULL, '{');
	json_put_str(&w, "query", QUERY);
	if (asks_only_some(f)) {
		json_open(&w, "subscriptions", '[');
		for (char **one = f->only; *one; one++)
			json_put_str(&w, NULL, *one);
		json_close(&w, ']');
	}
	json_open(&w, "options", '{');
	json_put_str(&w, "resultFormat", "objectArray");
	json_put_int(&w, "$top", 1000);
	if (f->token)
		json_put_str(&w, "$skipToken", f->token);
	json_close(&w, '}');
	json_close(&w, '}');
	g_free(r->method);
	r->method = g_strdup("POST");
	exchange_header(r, "Content-Type", "application/json");
	exchange_set_body(r, body->str, body->len);
	return next_send(r, read_graph);
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct finding *f = mine(op);
	GError *error = NULL;

	(void)none;
	f->cloud = azure_cloud_new(answers(op), &error);
	return f->cloud ? ask_graph(op) : next_fail_error(op, error);
}

static struct next ask_manager(struct op *op);

/* ---- other tenants ---- */

static bool is_own(const struct op *op, const char *tenant)
{
	return !*tenant || !g_ascii_strcasecmp(tenant, args_text(answers(op), "tenant", ""));
}

static struct next next_tenant(struct op *op)
{
	struct finding *f = mine(op);

	while (f->tenants[f->entered] && is_own(op, f->tenants[f->entered]))
		f->entered++;
	if (!f->tenants[f->entered])
		return end(op, NULL);
	f->pages = 0;
	g_clear_pointer(&f->token, g_free);
	g_array_set_size(f->listings, 0);
	return kv_call_enter(op, f->tenants[f->entered++], entered);
}

/* What cannot be looked at in one tenant keeps nobody from the others. */
static struct next give_up(struct op *op, GError *error /* taken */)
{
	struct finding *f = mine(op);

	if (!f->entered)
		return next_fail_error(op, error);
	f->is_unsure = true;
	op_trouble(op, "tenant %s: %s", f->tenants[f->entered - 1], error->message);
	g_error_free(error);
	return next_tenant(op);
}

static struct next entered(struct op *op, const struct reply *none)
{
	(void)none;
	return azure_of(op)->refused ? give_up(op, g_error_copy(azure_of(op)->refused)) : ask_graph(op);
}

/* ---- what the graph answers ---- */

static struct next read_graph(struct op *op, const struct reply *r)
{
	struct finding *f = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = azure_reply_json(r, GRAPH_WHAT, &error);
	const struct json *rows = json_get(j, "data");
	const char *token = json_str(j, "$skipToken");

	if (r->error || r->status == 401)
		return give_up(op, g_steal_pointer(&error));
	if (!j || !rows || json_key_at(rows, 0))
		return ask_manager(op);
	for (size_t i = 0; i < json_count(rows); i++)
		take_vault(f, json_at(rows, i));
	if (!token || !*token)
		return next_tenant(op);
	if (++f->pages >= PAGES_MAX || !g_strcmp0(token, f->token)) {
		op_trouble(op, GRAPH_WHAT ": the answer does not end");
		f->is_unsure = true;
		return next_tenant(op);
	}
	g_free(f->token);
	f->token = g_strdup(token);
	return ask_graph(op);
}

/* ---- the Resource Manager: subscriptions, then the vaults of each ---- */

static void add_listing(struct finding *f, const char *subscription)
{
	g_autofree char *lower = g_ascii_strdown(subscription, -1);
	struct listing l = { .subscription = lower };

	if (!g_uuid_string_is_valid(lower) || !is_wanted(f, lower))
		return;
	for (guint i = 0; i < f->listings->len; i++)
		if (!strcmp(g_array_index(f->listings, struct listing, i).subscription, lower))
			return;
	g_array_append_val(f->listings, l);
	lower = NULL;
}

static struct next ask_manager(struct op *op)
{
	struct finding *f = mine(op);

	f->pages = 0;
	for (char **one = f->only; *one && asks_only_some(f); one++)
		add_listing(f, *one);
	if (asks_only_some(f))
		return ask_lists(op, NULL);
	return next_send(kv_call_arm(op, "/subscriptions?api-version=2022-12-01"), read_subscriptions);
}

static struct next read_subscriptions(struct op *op, const struct reply *r)
{
	struct finding *f = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "listing subscriptions", &error);
	const struct json *list = json_get(j, "value");
	const char *more = json_str(j, "nextLink");

	if (!j)
		return give_up(op, error);
	for (size_t i = 0; i < json_count(list); i++) {
		const char *id = json_str(json_at(list, i), "subscriptionId");

		if (id)
			add_listing(f, id);
	}
	if (!more || !*more)
		return ask_lists(op, NULL);
	if (++f->pages >= PAGES_MAX || !azure_cloud_owns(f->cloud, AZURE_ARM, more)) {
		g_set_error(&error, ERR, ERR_REPLY, "listing subscriptions: the answer goes on at %s",
			    f->pages >= PAGES_MAX ? "too many pages" : "another host");
		return give_up(op, error);
	}
	return next_send(kv_call_arm(op, more), read_subscriptions);
}

static struct ask ask_list(struct op *op, size_t i)
{
	struct listing *l = &g_array_index(mine(op)->listings, struct listing, i);
	g_autofree char *path = g_strdup_printf("/subscriptions/%s/providers/Microsoft.KeyVault/vaults"
						"?api-version=" KV_ARM_API, l->subscription);

	if (l->is_over)
		return (struct ask){ 0 };
	return (struct ask){ .send = kv_call_arm(op, l->link ? l->link : path) };
}

static void end_list(struct op *op, struct listing *l, const char *why)
{
	l->is_over = true;
	mine(op)->is_unsure = true;
	op_trouble(op, "%s", why);
}

static void hear_list(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct finding *f = mine(op);
	struct listing *l = &g_array_index(f->listings, struct listing, i);
	g_autofree char *what = g_strdup_printf("listing vaults of subscription %s", l->subscription);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = azure_reply_json(r, what, &error);
	const struct json *list = json_get(j, "value");
	const char *link = json_str(j, "nextLink");

	(void)none;
	if (!j) {
		end_list(op, l, error->message);
		return;
	}
	for (size_t k = 0; k < json_count(list); k++)
		take_vault(f, json_at(list, k));
	if (!link || !*link)
		l->is_over = true;
	else if (++l->pages >= PAGES_MAX || !g_strcmp0(link, l->link) ||
		 !azure_cloud_owns(f->cloud, AZURE_ARM, link))
		end_list(op, l, "a list of vaults goes on at another host, or does not end");
	g_free(l->link);
	l->link = g_strdup(link);
}

static struct next ask_lists(struct op *op, const struct reply *none)
{
	struct finding *f = mine(op);

	(void)none;
	for (guint i = 0; i < f->listings->len; i++)
		if (!g_array_index(f->listings, struct listing, i).is_over)
			return next_each(f->listings->len, ask_list, hear_list, ask_lists);
	return next_tenant(op);
}

/* ---- stores and proposals ---- */

static char *store_id(const struct op *op, const char *name)
{
	return g_strdup_printf("%s/vault:%s", op->account->id, name);
}

static char *title_of(const struct op *op, const char *name)
{
	return g_strdup_printf("%s %s", op->account->id, name);
}

static char *address_of(const struct op *op, const struct kv_place *p)
{
	g_autoptr(azure_cloud) cloud = NULL;
	g_autofree char *base = NULL;

	if (kv_place_is_known(p))
		return kv_place_id(p);
	cloud = azure_cloud_new(answers(op), NULL);
	base = kv_place_base(p, cloud);
	return g_strconcat(base, "/", NULL);
}

struct store *kv_stores_row(const struct op *op, const struct kv_place *p, const char *location,
			    enum store_origin origin)
{
	g_autofree char *id = store_id(op, p->name), *title = title_of(op, p->name);
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "azure");
	store_set(&s->type, KV_STORE);
	store_set(&s->title, title);
	g_free(s->address);
	s->address = address_of(op, p);
	store_set(&s->network, location);
	store_set(&s->container, p->group);
	s->is_writable = true;
	s->origin = origin;
	return s;
}

static void put_store(struct op *op, const struct kv_place *p, const char *location)
{
	struct store *s = kv_stores_row(op, p, location, STORE_FOUND);

	mine(op)->taken += g_hash_table_add(mine(op)->put, g_strdup(s->id));
	op_put_store(op, s);
}

static void propose(struct op *op, const struct kv_vault *v)
{
	g_autofree char *id = store_id(op, v->place.name);
	struct discovery *d = discovery_new(id);

	store_set(&d->account, op->account->id);
	store_set(&d->provider, "azure");
	store_set(&d->type, KV_STORE);
	g_free(d->title);
	d->title = title_of(op, v->place.name);
	g_free(d->address);
	d->address = address_of(op, &v->place);
	g_free(d->what);
	d->what = kv_vault_say(v);
	store_set(&d->network, v->location);
	store_set(&d->container, v->place.group);
	d->is_writable = true;
	d->first_seen = d->last_seen = op->now;
	mine(op)->proposed++;
	op_put_discovery(op, d);
}

/* Those that the account names; of one that is found, what was found tells more. */
static bool put_named(struct op *op)
{
	struct finding *f = mine(op);
	g_auto(GStrv) named = args_list(answers(op), KV_VAULTS);
	bool is_all = false;

	for (char **one = named; *one; one++) {
		struct kv_place p = { 0 };
		g_autoptr(GError) error = NULL;
		const struct kv_vault *v;

		if (!g_ascii_strcasecmp(*one, ALL)) {
			is_all = true;
			continue;
		}
		if (!kv_place_read(*one, f->cloud, &p, &error)) {
			op_trouble(op, "%s", error->message);
			continue;
		}
		v = g_hash_table_lookup(f->names, p.name);
		put_store(op, v ? &v->place : &p, v ? v->location : "");
		kv_place_done(&p);
	}
	return is_all;
}

static void drop_gone(struct op *op)
{
	const struct finding *f = mine(op);

	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (!strcmp(s->account, op->account->id) && s->origin == STORE_FOUND && !f->is_unsure &&
		    !g_hash_table_contains(f->put, s->id))
			op_drop_store(op, s->id);
	}
}

/* Accepted by a person, or added by one: there is nothing left to propose, but what was found may tell more
 * than was typed. */
static bool put_added(struct op *op, const struct kv_vault *v, const char *id)
{
	gssize at = op->stores ? items_find(op->stores, id) : -1;
	const struct store *known = at < 0 ? NULL : op->stores->item[at];
	struct store *s;

	if (!known || known->origin != STORE_ADDED)
		return false;
	s = kv_stores_row(op, &v->place, v->location, STORE_ADDED);
	store_set(&s->title, known->title);
	mine(op)->taken += g_hash_table_add(mine(op)->put, g_strdup(id));
	op_put_store(op, s);
	return true;
}

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

static struct next end(struct op *op, const struct reply *none)
{
	struct finding *f = mine(op);
	bool is_all = put_named(op);
	guint n = f->vaults->len;

	(void)none;
	for (guint i = 0; i < n; i++) {
		const struct kv_vault *v = f->vaults->pdata[i];
		g_autofree char *id = store_id(op, v->place.name);

		if (g_hash_table_contains(f->put, id) || put_added(op, v, id))
			continue;
		if (is_all)
			put_store(op, &v->place, v->location);
		else
			propose(op, v);
	}
	drop_gone(op);
	if (!n && !f->taken)
		op_say(op, "no vault is visible; give the account a role that may read vaults, such as Key "
			"Vault "
		       "Reader, on their subscriptions, or name vaults in its answer " KV_VAULTS);
	else
		op_say(op, "%u vault%s visible; %u %s, %u can be accepted as %s", n, plural(n), f->taken,
		       f->taken == 1 ? "is a store" : "are stores", f->proposed,
		       f->proposed == 1 ? "a store" : "stores");
	return next_done();
}
