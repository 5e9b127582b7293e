/*
 * kv_look: what a vault is, whom it knows, and what was deleted in it.
 *
 * The vault as a resource, its contacts and its issuers change seldom, so they are asked for once a day;
 * who may not read them sees why in their place.  What was deleted is read only where the account wants
 * to see it, since its list is one more for each vault.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define PAGES_MAX 4000
#define DELETED	  "/deletedcertificates"

struct kv_looking {
	struct kv_memo *memo;
	step_fn *then;
	char **part[3];		/* of the memo's facts, in the order of the table */
	bool is_unsure;		/* who is known could not be read */
	guint pages;
	GHashTable *links;	/* of pages that were asked for */
};

typedef char **tell_fn(const struct json *j);
typedef void known_fn(struct op *op, const struct json *list);
static tell_fn tell_vault, tell_contacts, tell_issuers;
static step_fn look, end, read_deleted;

/* clang-format off */
static const struct part {
	const char *label, *path, *deed;
	tell_fn *tell;
	const char *none;	/* what a 404 means */
	const char *list;	/* of whom it knows, */
	known_fn *known;	/* who get rows */
} parts[] = {
	{ "Vault",    NULL,                     "list",     tell_vault,    "the Resource Manager knows no such "
	  "vault", NULL, NULL },
	{ "Contacts", "/certificates/contacts", "contacts", tell_contacts, "nobody", "contacts",
	  kv_known_contacts },
	{ "Issuers",  "/certificates/issuers",  "issuers",  tell_issuers,  "none beside itself", "value",
	  kv_known_issuers },
};
/* clang-format on */
#define PARTS G_N_ELEMENTS(parts)

void kv_look_free(struct kv_looking *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < PARTS; i++)
		g_strfreev(l->part[i]);
	g_clear_pointer(&l->links, g_hash_table_unref);
	g_free(l);
}

static struct kv_looking *mine(struct op *op)
{
	struct azure *a = azure_of(op);

	if (!a->looking)
		a->looking = g_new0(struct kv_looking, 1);
	return a->looking;
}

/* ---- the parts ---- */

static char **pairs(const char *label, const char *text)
{
	const char *both[] = { label, text, NULL };

	return g_strdupv((char **)both);
}

static char **tell_vault(const struct json *j)
{
	g_autoptr(kv_vault) v = kv_vault_read(j);

	return v ? kv_vault_facts(v) : pairs("Vault", "what the Resource Manager says is not understood");
}

static void add(GStrvBuilder *b, const char *label, char *text /* taken */)
{
	g_strv_builder_add(b, label);
	g_strv_builder_add(b, text);
	g_free(text);
}

static char *word_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text_harmless_dup(text ? text : "", 200);
}

static char *contact_of(const struct json *j)
{
	g_autofree char *mail = word_of(j, "email"), *name = word_of(j, "name"), *phone = word_of(j, "phone");
	g_autoptr(GString) s = g_string_new(mail);

	if (*name)
		g_string_append_printf(s, " (%s)", name);
	if (*phone)
		g_string_append_printf(s, ", %s", phone);
	return g_strdup(s->str);
}

static char *issuer_of(const struct json *j)
{
	g_autofree char *id = word_of(j, "id"), *provider = word_of(j, "provider");
	const char *name = strrchr(id, '/');

	return g_strdup_printf("%s: %s", name ? name + 1 : id, *provider ? provider : "its provider is not "
		"told");
}

static char **tell_list(const char *label, const struct json *list, char *(*tell)(const struct json *),
			const char *none)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < MIN(json_count(list), KV_LIST_MAX / 4); i++)
		add(b, i ? "" : label, tell(json_at(list, i)));
	if (!json_count(list))
		add(b, label, g_strdup(none));
	return g_strv_builder_end(b);
}

static char **tell_contacts(const struct json *j)
{
	return tell_list("Contacts", json_get(j, "contacts"), contact_of, "nobody");
}

static char **tell_issuers(const struct json *j)
{
	return tell_list("Issuers", json_get(j, "value"), issuer_of, "none beside itself");
}

/* ---- asking ---- */

static struct ask ask_part(struct op *op, size_t i)
{
	const struct kv_at *at = kv_call_at(op);
	g_autofree char *id = NULL, *path = NULL;

	if (parts[i].path)
		return (struct ask){ .send = kv_call_get(op, parts[i].path, NULL) };
	if (!kv_place_is_known(&at->place) || mine(op)->part[i])
		return (struct ask){ 0 };
	id = kv_place_id(&at->place);
	path = g_strconcat(id, "?api-version=" KV_ARM_API, NULL);
	return (struct ask){ .send = kv_call_arm(op, path) };
}

static void hear_part(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct kv_looking *l = mine(op);
	const struct part *p = &parts[i];
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	(void)none;
	if (!r->error && r->status == 404) {
		l->part[i] = pairs(p->label, p->none);
		return;
	}
	j = p->path ? kv_call_json(op, r, p->deed, NULL, &error) :
		      azure_reply_json(r, "reading it as a resource", &error);
	l->part[i] = j ? p->tell(j) : pairs(p->label, error->message);
	if (j && p->known)
		p->known(op, json_get(j, p->list));
	l->is_unsure = l->is_unsure || (!j && p->known);
}

struct next kv_look(struct op *op, struct kv_memo *m, step_fn *then)
{
	struct kv_looking *l = mine(op);

	if (m->looked > op->now - CLOCK_DAY && m->looked <= op->now) {
		kv_known_keep(op);
		return then(op, NULL);
	}
	l->memo = m;
	l->then = then;
	return *m->tenant ? kv_call_enter(op, m->tenant, look) : look(op, NULL);
}

static struct next look(struct op *op, const struct reply *none)
{
	const GError *refused = azure_of(op)->refused;

	(void)none;
	for (size_t i = 0; refused && i < PARTS; i++)
		if (!parts[i].path)
			mine(op)->part[i] = pairs(parts[i].label, refused->message);
	return next_each(PARTS, ask_part, hear_part, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	struct kv_looking *l = mine(op);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < PARTS; i++)
		if (l->part[i])
			g_strv_builder_addv(b, (const char **)l->part[i]);
	g_strfreev(l->memo->facts);
	l->memo->facts = g_strv_builder_end(b);
	l->memo->looked = op->now;
	(void)none;
	if (l->is_unsure)
		kv_known_keep(op);
	return kv_known_read(op, l->then);
}

/* ---- what was deleted ---- */

static void put_deleted(struct op *op, const struct json *item)
{
	g_autoptr(kv_cert) c = kv_cert_read(item);
	g_autofree char *id = c ? object_id(op->store->id, KV_DELETED, c->name) : NULL;
	g_autoptr(GString) when = g_string_new(NULL), purge = g_string_new(NULL), day = g_string_new(NULL);
	bool is_protected = c && *c->recovery && !strstr(c->recovery, "Purgeable");
	struct object *o;

	if (!c)
		return;
	o = object_new(id);
	store_set(&o->account, op->store->account);
	store_set(&o->provider, "azure");
	store_set(&o->store, op->store->id);
	store_set(&o->type, KV_DELETED);
	store_set(&o->name, c->name);
	store_set(&o->state, "deleted");
	o->tone = TONE_NOTICE;
	if (c->deleted)
		clock_say_utc(when, c->deleted);
	if (c->purged) {
		clock_say_date(day, c->purged);
		clock_say_utc(purge, c->purged);
	}
	g_free(o->summary);
	o->summary = day->len ? g_strdup_printf("until %s it can come back", day->str) :
				g_strdup("can come back");
	object_add_fact(o, "Deleted", when->str);
	object_add_fact(o, "Gone for good", purge->str);
	object_add_fact(o, "SHA-1", c->print);
	object_add_fact(o, "Recovery", c->recovery);
	object_add_fact(o, "Purge protection", is_protected ?
			"nobody can delete it for good before its time is over" : NULL);
	store_set(&o->can, is_protected ? "recover" : "recover purge");
	for (char **tag = c->tags; *tag; tag++)
		object_add_fact(o, "Tag", *tag);
	op_put_object(op, o);
}

static struct next cut_short(struct op *op, const char *why)
{
	op_trouble(op, "%s", why);
	op_keep_objects(op, KV_DELETED);
	return mine(op)->then(op, NULL);
}

static struct next read_deleted(struct op *op, const struct reply *r)
{
	struct kv_looking *l = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = kv_call_json(op, r, "deleted", NULL, &error);
	const struct json *list = json_get(j, "value");
	const char *link = json_str(j, "nextLink");
	struct request_out *next;

	if (!j)
		return cut_short(op, error->message);
	for (size_t i = 0; i < json_count(list); i++)
		put_deleted(op, json_at(list, i));
	if (!link || !*link)
		return l->then(op, NULL);
	if (++l->pages >= PAGES_MAX || !g_hash_table_add(l->links, g_strdup(link)))
		return cut_short(op, "the list of deleted certificates does not end");
	next = kv_call_next(op, link, DELETED, true, &error);
	return next ? next_send(next, read_deleted) : cut_short(op, error->message);
}

struct next kv_look_deleted(struct op *op, step_fn *then)
{
	struct kv_looking *l = mine(op);

	if (!args_bool(op->access->with, KV_DELETED))
		return then(op, NULL);
	l->then = then;
	l->links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return next_send(kv_call_get(op, DELETED, "maxresults", "25", "includePending", "true", NULL),
			 read_deleted);
}
