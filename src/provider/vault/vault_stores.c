/*
 * vault_stores: the stores that an account of Vault has: mounts that issue certificates, and KV
 * mounts in which some are kept.
 *
 * What a token may use is told to every token; what there is beside that only to some.  Namespaces
 * below the account's own are looked at as well.  Of a KV that is not known yet some secrets are
 * read, until one of them has a certificate: nothing else tells.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/text.h>

#define SPACES_MAX 500
#define LOOKS_MAX  60		/* into one KV */
#define HIDDEN_MAX 8		/* named in a sentence */
#define PATH_MAX_  512

#define USABLE "sys/internal/ui/mounts"
#define ALL    "sys/mounts"

enum which { ASK_USABLE, ASK_ALL, ASK_SPACES, ASK_KV };

struct errand {
	enum which which;
	char *space;		/* "" or "team/" */
	char *mount;		/* ASK_KV: with its namespace */
	char *path;		/* ASK_KV: in it */
};

struct finding {
	GArray *errands;	/* struct errand */
	GHashTable *usable;	/* mounts, with their namespaces */
	GHashTable *all;	/* likewise -> type of store */
	GHashTable *looks;	/* KV -> how often it was looked into; 0: nothing more is needed */
	GHashTable *put;	/* ids of stores */
	GPtrArray *unsure;	/* namespaces whose mounts could not be listed */
	guint spaces;
	bool is_blind;		/* ASK_ALL was refused */
	guint count[3];
};

static const char *const types[] = { VAULT_PKI, VAULT_KEYFACTOR, VAULT_KV };

static step_fn heard_usable, heard_all, catalog, end;

static void errand_done(void *errand)
{
	struct errand *e = errand;

	g_free(e->space);
	g_free(e->mount);
	g_free(e->path);
}

static void finding_done(void *finding)
{
	struct finding *f = finding;

	g_array_unref(f->errands);
	g_hash_table_unref(f->usable);
	g_hash_table_unref(f->all);
	g_hash_table_unref(f->looks);
	g_hash_table_unref(f->put);
	g_ptr_array_unref(f->unsure);
}

static void add_errand(struct finding *f, enum which which, const char *space, const char *mount,
		       const char *path)
{
	struct errand e = { which, g_strdup(space), g_strdup(mount), g_strdup(path) };

	g_array_append_val(f->errands, e);
}

/* ---- stores ---- */

const char *vault_store_type(const char *type, const char *version)
{
	g_autofree char *folded = g_ascii_strdown(type ? type : "", -1);

	if (!strcmp(folded, "pki"))
		return VAULT_PKI;
	if (strstr(folded, "keyfactor"))
		return VAULT_KEYFACTOR;
	return !strcmp(folded, "kv") && !g_strcmp0(version, "2") ? VAULT_KV : NULL;
}

static const char *type_of(const struct json *mount)
{
	return vault_store_type(json_str(mount, "type"), json_str(json_get(mount, "options"), "version"));
}

/* "team/sub/" of "team/sub/pki", where the mount itself may have slashes. */
static char *container_of(const struct op *op, const char *space)
{
	const char *own = args_text(op->access->with, VAULT_SPACE, "");
	g_autofree char *both = *own && *space ? g_strconcat(own, "/", space, NULL) :
						 g_strdup(*own ? own : space);
	size_t len = strlen(both);

	while (len && both[len - 1] == '/')
		len--;
	return g_strndup(both, len);
}

static char *id_of(const struct op *op, const char *type, const char *mount)
{
	return g_strconcat(op->account->id, "/", type, ":", mount, NULL);
}

struct store *vault_store_new(const struct op *op, const char *type, const char *space,
			      const char *mount)
{
	g_autofree char *id = id_of(op, type, mount);
	g_autofree char *title = g_strconcat(op->account->id, " ", mount, NULL);
	g_autofree char *container = container_of(op, space);
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "vault");
	store_set(&s->type, type);
	store_set(&s->title, title);
	store_set(&s->address, mount);
	store_set(&s->container, container);
	s->origin = STORE_FOUND;
	return s;
}

static void put_store(struct op *op, const char *type, const char *space, const char *mount)
{
	struct finding *f = vault_mine(op);
	g_autofree char *id = id_of(op, type, mount);

	if (!g_hash_table_add(f->put, g_strdup(id)))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		f->count[i] += !strcmp(types[i], type);
	op_put_store(op, vault_store_new(op, type, space, mount));
}

static bool is_known(const struct op *op, const char *type, const char *mount)
{
	g_autofree char *id = id_of(op, type, mount);

	for (size_t i = 0; op->stores && i < op->stores->n; i++)
		if (!strcmp(((const struct store *)op->stores->item[i])->id, id))
			return true;
	return false;
}

/* Without its slash at the end; NULL for what could not be asked for. */
static char *mount_of(const char *space, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	g_autofree char *mount = NULL, *shown = NULL;

	while (len && key[len - 1] == '/')
		len--;
	if (!len || len + strlen(space) > PATH_MAX_)
		return NULL;
	mount = g_strdup_printf("%s%.*s", space, (int)len, key);
	shown = text_harmless_dup(mount, PATH_MAX_ + 1);
	return strcmp(shown, mount) ? NULL : g_steal_pointer(&mount);
}

static void take_usable(struct op *op, const char *space, const struct json *mounts)
{
	struct finding *f = vault_mine(op);

	for (size_t i = 0; i < json_members(mounts); i++) {
		const char *type = type_of(json_at(mounts, i));
		g_autofree char *mount = type ? mount_of(space, json_key_at(mounts, i)) : NULL;

		if (!mount || g_hash_table_contains(f->usable, mount))
			continue;
		g_hash_table_add(f->usable, g_strdup(mount));
		if (strcmp(type, VAULT_KV) || is_known(op, type, mount))
			put_store(op, type, space, mount);
		else
			add_errand(f, ASK_KV, space, mount, "");
	}
}

static void take_all(struct op *op, const char *space, const struct json *mounts)
{
	struct finding *f = vault_mine(op);

	for (size_t i = 0; i < json_members(mounts); i++) {
		const char *type = type_of(json_at(mounts, i));
		char *mount = type ? mount_of(space, json_key_at(mounts, i)) : NULL;

		if (mount)
			g_hash_table_replace(f->all, mount, (gpointer)type);
	}
}

/* ---- the account's own namespace ---- */

struct next vault_stores(struct op *op, const struct reply *none)
{
	struct finding *f = vault_begin(op, sizeof(*f), finding_done);

	(void)none;
	if (!f)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	f->errands = g_array_new(FALSE, FALSE, sizeof(struct errand));
	g_array_set_clear_func(f->errands, errand_done);
	f->usable = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->put = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->unsure = g_ptr_array_new_with_free_func(g_free);
	return next_send(vault_ask(op, USABLE, NULL), heard_usable);
}

static size_t plan(struct op *op, guint from)
{
	return ((struct finding *)vault_mine(op))->errands->len - from;
}

static struct ask ask(struct op *op, size_t i);
static void hear(struct op *op, size_t i, const struct reply *r, struct work *none);

static struct next look_around(struct op *op)
{
	add_errand(vault_mine(op), ASK_SPACES, "", NULL, NULL);
	return next_each(plan(op, 0), ask, hear, catalog);
}

static struct next heard_usable(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);

	if (!j && (r->error || (r->status != 403 && r->status != 404) || vault_is_dead(r)))
		return vault_refuse(op, r, "listing the mounts", "read", USABLE);
	if (j)
		take_usable(op, "", json_get(json_get(j, "data"), "secret"));
	else
		((struct finding *)vault_mine(op))->is_blind = true;
	return next_send(vault_ask(op, ALL, NULL), heard_all);
}

/* Whom the first list is refused to, the second may be open to: then all of it is tried. */
static struct next heard_all(struct op *op, const struct reply *r)
{
	struct finding *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *mounts = json_get(j, "data");

	if (!j && f->is_blind)
		return vault_refuse(op, r, "listing the mounts", "read", ALL);
	if (j && f->is_blind)
		take_usable(op, "", mounts);
	if (j)
		take_all(op, "", mounts);
	f->is_blind = !j;
	return look_around(op);
}

/* ---- namespaces below it, and looks into KV mounts ---- */

static struct ask ask(struct op *op, size_t i)
{
	struct finding *f = vault_mine(op);
	const struct errand *e = &g_array_index(f->errands, struct errand, i);
	g_autofree char *space = vault_escape(e->space), *path = NULL;

	if (e->which == ASK_KV)
		return (struct ask){ .send = g_hash_table_contains(f->looks, e->mount) &&
				     !g_hash_table_lookup(f->looks, e->mount) ? NULL :
				     vault_kv_ask(op, e->mount, e->path) };
	path = g_strconcat(space, e->which == ASK_USABLE ? USABLE : e->which == ASK_ALL ? ALL :
			   "sys/namespaces", NULL);
	return (struct ask){ .send = e->which == ASK_SPACES ? vault_ask_list(op, path) :
							      vault_ask(op, path, NULL) };
}

static void be_unsure(struct op *op, const char *space, const struct reply *r, const char *path)
{
	struct finding *f = vault_mine(op);
	g_autofree char *tried = g_strconcat("looking at ", *space ? space : "its namespaces", NULL);

	vault_explain(op, r, tried, "read", path);
	op_trouble(op, "%s", ((struct vault *)op->scratch)->failed);
	g_ptr_array_add(f->unsure, g_strdup(space));
}

static void hear_usable(struct op *op, const struct errand *e, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);

	if (j)
		take_usable(op, e->space, json_get(json_get(j, "data"), "secret"));
	else
		be_unsure(op, e->space, r, USABLE);
}

static void hear_all(struct op *op, const struct errand *e, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);

	if (j)
		take_all(op, e->space, json_get(j, "data"));
}

/* Servers without namespaces have no such path. */
static void hear_spaces(struct op *op, const struct errand *e, const struct reply *r)
{
	struct finding *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");

	if (r->error || r->status >= 500)
		be_unsure(op, "", r, "sys/namespaces");
	for (size_t i = 0; i < json_count(keys) && f->spaces < SPACES_MAX; i++) {
		g_autofree char *mount = mount_of(e->space, json_text(json_at(keys, i)));
		g_autofree char *space = mount ? g_strconcat(mount, "/", NULL) : NULL;

		if (!space)
			continue;
		f->spaces++;
		add_errand(f, ASK_USABLE, space, NULL, NULL);
		add_errand(f, ASK_ALL, space, NULL, NULL);
		add_errand(f, ASK_SPACES, space, NULL, NULL);
	}
}

static void found_in(struct op *op, const struct errand *e)
{
	struct finding *f = vault_mine(op);

	g_hash_table_replace(f->looks, g_strdup(e->mount), NULL);
	put_store(op, VAULT_KV, e->space, e->mount);
}

/* One that is too large to look at all of it may have certificates, so it is taken. */
static void hear_kv(struct op *op, const struct errand *e, const struct reply *r)
{
	struct finding *f = vault_mine(op);
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	bool is_folder = !*e->path || g_str_has_suffix(e->path, "/");
	guint looks = GPOINTER_TO_UINT(g_hash_table_lookup(f->looks, e->mount));

	if (!looks && g_hash_table_contains(f->looks, e->mount))
		return;
	if (!is_folder && vault_kv_has_cert(r)) {
		found_in(op, e);
		return;
	}
	if (is_folder)
		vault_kv_children(r, e->path, paths);
	for (guint i = 0; i < paths->len && looks < LOOKS_MAX; i++, looks++)
		add_errand(f, ASK_KV, e->space, e->mount, paths->pdata[i]);
	g_hash_table_replace(f->looks, g_strdup(e->mount), GUINT_TO_POINTER(MAX(looks, 1)));
	if (looks >= LOOKS_MAX)
		found_in(op, e);
}

static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	static void (*const hearers[])(struct op *, const struct errand *, const struct reply *) = {
		hear_usable, hear_all, hear_spaces, hear_kv,
	};
	struct finding *f = vault_mine(op);
	const struct errand *at = &g_array_index(f->errands, struct errand, i);
	struct errand e = { at->which, g_strdup(at->space), g_strdup(at->mount), g_strdup(at->path) };
	guint before = f->errands->len;

	(void)none;
	hearers[e.which](op, &e, r);	/* the array may move under it */
	op_more(op, plan(op, before));
	errand_done(&e);
}

/* ---- what is gone, and what cannot be seen ---- */

static bool was_looked_for(const struct finding *f, const struct store *s)
{
	for (guint i = 0; i < f->unsure->len; i++)
		if (g_str_has_prefix(s->address, f->unsure->pdata[i]))
			return false;
	return true;
}

static void drop_gone(struct op *op)
{
	const struct finding *f = vault_mine(op);

	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (!strcmp(s->account, op->account->id) && s->origin == STORE_FOUND &&
		    !g_hash_table_contains(f->put, s->id) && was_looked_for(f, s))
			op_drop_store(op, s->id);
	}
}

static void say_hidden(struct op *op)
{
	const struct finding *f = vault_mine(op);
	g_autoptr(GList) mounts = g_list_sort(g_hash_table_get_keys(f->all), (GCompareFunc)strcmp);
	g_autoptr(GString) names = g_string_new(NULL);
	guint n = 0;

	for (GList *at = mounts; at; at = at->next) {
		if (g_hash_table_contains(f->usable, at->data))
			continue;
		if (n++ < HIDDEN_MAX)
			g_string_append_printf(names, "%s%s", names->len ? ", " : "",
					       (const char *)at->data);
	}
	if (n)
		op_trouble(op, "the token's policies let it do nothing in %u mount%s that may have "
			   "certificates: %s%s", n, n == 1 ? "" : "s", names->str,
			   n > HIDDEN_MAX ? " and more" : "");
}

static struct next catalog(struct op *op, const struct reply *none)
{
	(void)none;
	return vault_catalog_read(op, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	struct finding *f = vault_mine(op);

	(void)none;
	say_hidden(op);
	drop_gone(op);
	op_say(op, "%u pki mount%s, %u Keyfactor engine%s, %u KV with certificates", f->count[0],
	       f->count[0] == 1 ? "" : "s", f->count[1], f->count[1] == 1 ? "" : "s", f->count[2]);
	if (f->spaces)
		op_say(op, "%s, in %u namespaces", op->said, f->spaces + 1);
	if (f->is_blind)
		op_say(op, "%s; sys/mounts may not be read, so that mounts which the token may not use "
		       "are not known", op->said);
	return next_done();
}
