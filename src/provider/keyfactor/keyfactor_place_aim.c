/*
 * keyfactor_place_aim: under which alias a certificate goes into a store, and what it takes the place of
 * there.
 *
 * The store's type says whether entries have names of one's own.  Where they have none the agent names
 * them, by the thumbprint as in the stores of Windows, and nothing is ever replaced.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_places.h"

#include <string.h>

#define AROUND_MAX 100		/* bytes around a password, and of each of its own at most six */

void keyfactor_aim_done(struct keyfactor_aim *a)
{
	g_clear_pointer(&a->alias, g_free);
	g_clear_pointer(&a->fields, g_free);
}

/* ---- where to ---- */

static bool is_handed(const struct op *op)
{
	return !strcmp(args_text(op->args, "replace", ""), "same") ||
	       !strcmp(args_text(op->args, "replace", ""), "new");
}

static bool is_leaf(const struct keyfactor_entry *e)
{
	return !strcmp(e->alias, e->name);
}

/* One of equal names and kind of key: a deployment takes its place. */
static const struct keyfactor_entry *find_same(const struct keyfactor_place *p, const struct facts *f)
{
	g_autofree char *same = keyfactor_place_same(f);

	for (guint i = 0; i < p->entries->len; i++) {
		const struct keyfactor_entry *e = p->entries->pdata[i];

		if (is_leaf(e) && !strcmp(e->same, same))
			return e;
	}
	return NULL;
}

static char *alias_of(const struct op *op, const struct keyfactor_place *p, const struct facts *f)
{
	const char *name = args_text(op->args, "name", "");
	const struct keyfactor_entry *same = NULL;

	if (p->alias == KEYFACTOR_NEVER)
		return g_strdup("");
	if (op->cert.alias && *op->cert.alias)
		return g_strdup(op->cert.alias);
	if (*name)
		return g_strdup(name);
	if (!strcmp(args_text(op->args, "replace", ""), "same"))
		same = find_same(p, f);
	if (same)
		return g_strdup(same->alias);
	return p->alias == KEYFACTOR_MUST || is_handed(op) ? g_strdup(f->name) : g_strdup("");
}

/* What a person or a deployment said may be replaced. */
static bool may_replace(const struct op *op, const struct keyfactor_entry *there, const struct facts *f)
{
	g_autofree char *same = keyfactor_place_same(f);

	if (!is_handed(op))
		return args_bool(op->args, "replace");
	return (op->cert.alias && *op->cert.alias) ||
	       (!strcmp(args_text(op->args, "replace", ""), "same") && !strcmp(there->same, same));
}

/* ---- whether it is taken ---- */

static bool check_store(const struct op *op, const struct keyfactor_place *p, GError **error)
{
	if (!op->memo)
		g_set_error(error, ERR, ERR_PENDING, "%s was not read yet, so that what it takes is not known: "
			    "refresh it first", op->store->title);
	else if (p->has_type && !p->adds)
		g_set_error(error, ERR, ERR_REFUSED, "%s: agents add nothing to stores of the type %s",
			    op->store->title, p->type);
	else if (p->has_type && p->alias == KEYFACTOR_NEVER && *args_text(op->args, "name", ""))
		g_set_error(error, ERR, ERR_USAGE, "%s: a store of the type %s takes no alias of one's own: "
			    "leave out the name", op->store->title, p->type);
	else if (args_secret(op->args, "new-passphrase") && p->has_type && !p->has_passwords)
		g_set_error(error, ERR, ERR_USAGE, "%s: entries of a store of the type %s have no passwords of "
			    "their own", op->store->title, p->type);
	else
		return true;
	return false;
}

static bool check_there(const struct op *op, const struct keyfactor_entry *there, const struct facts *f,
			GError **error)
{
	if (there && !is_leaf(there))
		g_set_error(error, ERR, ERR_USAGE, "%s: %s lies there as an issuer beside another one",
			    op->store->title, there->alias);
	else if (there && !may_replace(op, there, f))
		g_set_error(error, ERR, ERR_EXISTS, is_handed(op) ? "%s: %s is there already, with other names "
			    "or another kind of key: give another name, or remove that one first" :
			    "%s: %s is there already, and is replaced only when that is asked for",
			    op->store->title, there->alias);
	else
		return true;
	return false;
}

bool keyfactor_aim_take(const struct op *op, const struct keyfactor_place *p, const struct facts *f,
			struct keyfactor_aim *ret, GError **error)
{
	struct keyfactor_aim a = { 0 };
	const struct keyfactor_entry *there;

	if (!check_store(op, p, error))
		return false;
	a.alias = alias_of(op, p, f);
	there = *a.alias ? keyfactor_place_find(p, a.alias) : NULL;
	a.overwrites = there != NULL;
	a.with_key = p->key != KEYFACTOR_NEVER && strcmp(args_text(op->args, "key", ""), "no");
	if (check_there(op, there, f, error))
		a.fields = keyfactor_place_fields(p, op->args, there, KEYFACTOR_ADD, error);
	if (!a.fields) {
		keyfactor_aim_done(&a);
		return false;
	}
	*ret = a;
	return true;
}

/* ---- what is sent ---- */

/* `secrets`: those among the entry parameters; NULL: without them. */
static void put(GString *out, const struct op *op, const struct keyfactor_aim *a, int64_t id,
		const struct secret *password, const struct args *secrets)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_int(&w, "CertificateId", id);
	json_open(&w, "CertificateStores", '[');
	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateStoreId", keyfactor_place_guid(op->store));
	if (*a->alias)
		json_put_str(&w, "Alias", a->alias);
	json_put_bool(&w, "Overwrite", a->overwrites);
	json_put_bool(&w, "IncludePrivateKey", a->with_key);
	keyfactor_place_put_fields(&w, "JobFields", a->fields, secrets);
	if (password) {
		json_open(&w, "EntryPassword", '{');
		json_put_str(&w, "SecretValue", password->bytes);
		json_close(&w, '}');
	}
	json_close(&w, '}');
	json_close(&w, ']');
	json_open(&w, "Schedule", '{');
	json_put_bool(&w, "Immediate", true);
	json_close(&w, '}');
	json_close(&w, '}');
}

GString *keyfactor_aim_body(const struct op *op, const struct keyfactor_aim *a, int64_t id,
			    const struct secret *password)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	GString *body;

	put(plain, op, a, id, NULL, NULL);
	/* It must not grow: that leaves copies. */
	body = g_string_sized_new(plain->len + AROUND_MAX + (password ? 6 * password->len : 0) +
				  keyfactor_place_room(op->args));
	put(body, op, a, id, password, op->args);
	return body;
}
