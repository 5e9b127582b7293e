/*
 * keyfactor_wish: what a certificate store of Command's shall be, as a person's answers say it.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/model/parts.h>

#define PATH_BYTES 1024

struct keyfactor_wish *keyfactor_wish_new(void)
{
	struct keyfactor_wish *w = g_new0(struct keyfactor_wish, 1);

	w->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	keyfactor_secrets_init(&w->secrets);
	return w;
}

void keyfactor_wish_free(struct keyfactor_wish *w)
{
	if (!w)
		return;
	g_free(w->wrong);
	g_free(w->machine);
	g_free(w->path);
	g_free(w->agent);
	g_free(w->container);
	g_free(w->creates);
	g_free(w->schedule);
	g_hash_table_unref(w->said);
	keyfactor_secrets_done(&w->secrets);
	g_free(w);
}

/* ---- secrets ---- */

static void add_secret(struct keyfactor_wish *w, const char *name, const char *value)
{
	if (*value)
		g_hash_table_replace(w->secrets.values, g_strdup(name), (char *)value);
}

static bool take_secrets(struct keyfactor_wish *w, const struct args *args, GError **error)
{
	static const char *const keys[][2] = {
		{ "server-username", "ServerUsername" }, { "server-password", "ServerPassword" } };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (args_secret(args, keys[i][0]))
			add_secret(w, keys[i][1], args_secret(args, keys[i][0])->bytes);
	if (args_secret(args, "store-password") && args_secret(args, "store-password")->len)
		w->password = args_secret(args, "store-password")->bytes;
	return keyfactor_secrets_take(&w->secrets, args_secret(args, "other-secrets"), "Other secrets", error);
}

/* ---- the rest ---- */

static char *text_of(const struct args *args, const char *key)
{
	return g_strdup(args_get(args, key));
}

struct keyfactor_wish *keyfactor_wish_of(const struct op *op, GError **error)
{
	g_autoptr(keyfactor_wish) w = keyfactor_wish_new();

	w->machine = text_of(op->args, "machine");
	w->path = op->object ? text_of(op->args, "path") : text_of(op->args, "name");
	w->agent = text_of(op->args, "agent");
	w->container = text_of(op->args, "container");
	w->creates = text_of(op->args, "create-if-missing");
	g_hash_table_unref(w->said);
	w->said = parts_words(args_text(op->args, "properties", ""));
	return take_secrets(w, op->args, error) ? g_steal_pointer(&w) : NULL;
}

void keyfactor_wish_sort(struct keyfactor_wish *w, const struct keyfactor_kind *k)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, w->secrets.values);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const struct keyfactor_property *p = keyfactor_kind_find(k, name);

		if (p && p->is_secret)
			continue;
		g_hash_table_replace(w->said, g_strdup(name), g_strdup(csv_unguarded(value)));
		g_hash_table_iter_remove(&iter);
	}
}

static bool check_secret(const struct keyfactor_kind *k, const char *name, GError **error)
{
	const struct keyfactor_property *p = keyfactor_kind_find(k, name);

	if (p && p->is_secret)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "stores of the type %s have no secret %s", k->name, name);
	return false;
}

static bool check_place(const struct keyfactor_wish *w, GError **error)
{
	const char *const texts[] = { w->machine, w->path };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] && (!*texts[i] || strlen(texts[i]) > PATH_BYTES ||
				 !g_utf8_validate(texts[i], -1, NULL))) {
			g_set_error(error, ERR, ERR_USAGE, "a store has a %s of at most %d bytes",
				    i ? "path" : "machine", PATH_BYTES);
			return false;
		}
	return true;
}

bool keyfactor_wish_check(const struct keyfactor_wish *w, const struct keyfactor_kind *k, GError **error)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, w->said);
	while (g_hash_table_iter_next(&iter, &name, &value))
		if (!keyfactor_kind_check(k, name, value, error))
			return false;
	g_hash_table_iter_init(&iter, w->secrets.values);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (!check_secret(k, name, error))
			return false;
	return check_place(w, error);
}
