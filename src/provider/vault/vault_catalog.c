/*
 * vault_catalog: the plug-ins that are registered at a server, beside those that it has built in: rows of
 * the account alone, since they belong to no mount.
 */
#include "vault_own.h"

#include <string.h>

#define CATALOG	    "sys/plugins/catalog"
#define PLUGIN	    "plug-in"		/* type of objects */
#define PLUGINS_MAX 500

static step_fn heard;

struct next vault_catalog_read(struct op *op, step_fn *then)
{
	((struct vault *)op->scratch)->then = then;
	return next_send(vault_ask(op, CATALOG, NULL), heard);
}

static void add_fact(struct object *o, const char *label, const struct json *j, const char *key)
{
	g_autofree char *text = vault_text(json_str(j, key));

	object_add_fact(o, label, text);
}

/* One of a name may be there in several versions. */
static void put(struct op *op, const struct json *j)
{
	g_autofree char *name = vault_text(json_str(j, "name")), *type = vault_text(json_str(j, "type"));
	g_autofree char *version = vault_text(json_str(j, "version"));
	g_autofree char *key = g_strjoin("/", type, name, *version ? version : NULL, NULL);
	g_autofree char *id = object_id(op->account->id, PLUGIN, key), *summary = NULL;
	struct object *o;

	if (!*name)
		return;
	o = object_new(id);
	summary = g_strdup_printf("%s%s%s", type, *version ? ", " : "", version);
	store_set(&o->account, op->account->id);
	store_set(&o->provider, "vault");
	store_set(&o->type, PLUGIN);
	store_set(&o->name, name);
	store_set(&o->summary, summary);
	object_add_fact(o, "kind", type);
	object_add_fact(o, "version", version);
	add_fact(o, "command", j, "command");
	add_fact(o, "SHA-256", j, "sha256");
	add_fact(o, "image", j, "oci_image");
	add_fact(o, "deprecated", j, "deprecation_status");
	op_put_object(op, o);
}

/* Most tokens may not see them, and some servers have no such path. */
static struct next heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	const struct json *all = json_get(json_get(j, "data"), "detailed");

	if (r->error || r->status >= 500)
		op_keep_objects(op, PLUGIN);
	for (size_t i = 0; i < MIN(json_count(all), PLUGINS_MAX); i++)
		if (!json_bool(json_at(all, i), "builtin", false))
			put(op, json_at(all, i));
	return ((struct vault *)op->scratch)->then(op, NULL);
}
