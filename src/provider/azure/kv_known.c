/*
 * kv_known: whom a vault knows, as rows: the people whom it writes to, and the CAs that it orders from.
 *
 * A list of the CAs has little more than their names, so each is read as well.  What a CA is signed in to
 * with never comes back from a vault.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

#define CONTACT	    "contact"
#define ISSUER	    "issuer"
#define ISSUERS_MAX 50
#define ADMINS_MAX  20

struct kv_knowing {
	GPtrArray *issuers;	/* names (char *) */
	GPtrArray *providers;	/* theirs, as the list has them */
};

void kv_known_free(struct kv_knowing *k)
{
	if (!k)
		return;
	g_ptr_array_unref(k->issuers);
	g_ptr_array_unref(k->providers);
	g_free(k);
}

static struct kv_knowing *mine(struct op *op)
{
	struct azure *a = azure_of(op);

	if (!a->knowing) {
		a->knowing = g_new0(struct kv_knowing, 1);
		a->knowing->issuers = g_ptr_array_new_with_free_func(g_free);
		a->knowing->providers = g_ptr_array_new_with_free_func(g_free);
	}
	return a->knowing;
}

static char *word_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text_harmless_dup(text ? text : "", 200);
}

static struct object *row_new(const struct op *op, const char *type, const char *name)
{
	g_autofree char *id = object_id(op->store->id, type, name);
	struct object *o = object_new(id);

	store_set(&o->account, op->store->account);
	store_set(&o->provider, "azure");
	store_set(&o->store, op->store->id);
	store_set(&o->type, type);
	store_set(&o->name, name);
	return o;
}

/* Nothing of both is known this time. */
void kv_known_keep(struct op *op)
{
	op_keep_objects(op, CONTACT);
	op_keep_objects(op, ISSUER);
}

/* ---- people ---- */

void kv_known_contacts(struct op *op, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), KV_LIST_MAX); i++) {
		const struct json *j = json_at(list, i);
		g_autofree char *mail = word_of(j, "email"), *name = word_of(j, "name");
		g_autofree char *phone = word_of(j, "phone");
		struct object *o = *mail ? row_new(op, CONTACT, mail) : NULL;

		if (!o)
			continue;
		store_set(&o->summary, "gets a mail when a certificate is about to end");
		object_add_fact(o, "Name", name);
		object_add_fact(o, "Phone", phone);
		op_put_object(op, o);
	}
}

/* ---- CAs ---- */

void kv_known_issuers(struct op *op, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), ISSUERS_MAX); i++) {
		const struct json *j = json_at(list, i);
		g_autofree char *id = word_of(j, "id"), *provider = word_of(j, "provider");
		const char *name = strrchr(id, '/');

		if (!name || !kv_cert_is_name(name + 1))
			continue;
		g_ptr_array_add(mine(op)->issuers, g_strdup(name + 1));
		g_ptr_array_add(mine(op)->providers, g_strdup(provider));
	}
}

static void add_admins(struct object *o, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), ADMINS_MAX); i++) {
		const struct json *j = json_at(list, i);
		g_autofree char *first = word_of(j, "first_name"), *last = word_of(j, "last_name");
		g_autofree char *mail = word_of(j, "email"), *phone = word_of(j, "phone");
		g_autofree char *line = g_strjoin(" ", first, last, mail, phone, NULL);
		g_autofree char *shown = g_strstrip(g_strdup(line));

		object_add_fact(o, "Administrator", shown);
	}
}

static void put_issuer(struct op *op, size_t i, const struct json *j)
{
	struct object *o = row_new(op, ISSUER, mine(op)->issuers->pdata[i]);
	const struct json *organisation = json_get(j, "org_details");
	g_autofree char *account = word_of(json_get(j, "credentials"), "account_id");
	g_autofree char *id = word_of(organisation, "id");
	bool is_enabled = json_bool(json_get(j, "attributes"), "enabled", true);

	store_set(&o->summary, mine(op)->providers->pdata[i]);
	store_set(&o->state, !j ? "" : is_enabled ? "enabled" : "disabled");
	o->tone = is_enabled ? TONE_GOOD : TONE_WARN;
	object_add_fact(o, "Provider", mine(op)->providers->pdata[i]);
	object_add_fact(o, "Account there", account);
	object_add_fact(o, "Organisation", id);
	add_admins(o, json_get(organisation, "admin_details"));
	op_put_object(op, o);
}

static struct ask ask_issuer(struct op *op, size_t i)
{
	g_autofree char *path = g_strconcat("/certificates/issuers/", mine(op)->issuers->pdata[i], NULL);

	return (struct ask){ .send = kv_call_get(op, path, NULL) };
}

/* Who may list them may not be allowed to read each. */
static void hear_issuer(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	g_autoptr(json) j = kv_call_json(op, r, "issuers", NULL, NULL);

	(void)none;
	put_issuer(op, i, j);
}

struct next kv_known_read(struct op *op, step_fn *then)
{
	return mine(op)->issuers->len ? next_each(mine(op)->issuers->len, ask_issuer, hear_issuer, then) :
					then(op, NULL);
}
