/*
 * kv_add: a vault that a person names becomes a store, found or not.
 *
 * Whoever may use a vault need not see it as a resource, so nothing is asked of the Resource Manager:
 * the first refresh, which follows, says whether it can be read.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/text.h>

#define SEGMENT "vault:"

/* A resource id and an id of a subscription can be nothing else; a name or an address could. */
static bool is_plain(const char *address)
{
	g_autofree char *first = g_ascii_strdown(address, -1);

	if (g_str_has_prefix(first, "/subscriptions/"))
		return true;
	first[strcspn(first, ":")] = '\0';
	return strchr(address, ':') && g_uuid_string_is_valid(first);
}

char *kv_add_id(const char *address, bool is_said)
{
	static const struct azure_cloud nowhere = { .vault_suffix = (char *)"" };
	g_autofree char *trimmed = g_strstrip(g_strdup(address));
	g_autoptr(GUri) uri = is_said ? g_uri_parse(trimmed, G_URI_FLAGS_NONE, NULL) : NULL;
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	g_autofree char *name = host ? g_strndup(host, strcspn(host, ".")) : NULL;
	struct kv_place p = { 0 };
	char *id;

	if ((!is_said && !is_plain(trimmed)) || !kv_place_read(name ? name : trimmed, &nowhere, &p, NULL))
		return NULL;
	id = g_strconcat(SEGMENT, p.name, NULL);
	kv_place_done(&p);
	return id;
}

static bool read_place(const struct op *op, struct kv_place *ret, GError **error)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, error);

	return cloud && kv_place_read(args_text(op->args, "address", ""), cloud, ret, error);
}

struct next kv_add(struct op *op, const struct reply *none)
{
	g_autofree char *title = text_harmless_dup(args_text(op->args, "title", ""), 200);
	struct kv_place p = { 0 };
	GError *error = NULL;
	struct store *s;

	(void)none;
	if (!read_place(op, &p, &error))
		return next_fail_error(op, error);
	s = kv_stores_row(op, &p, "", STORE_ADDED);
	kv_place_done(&p);
	if (op->stores && items_find(op->stores, s->id) >= 0) {
		g_set_error(&error, ERR, ERR_EXISTS, "%s is a store already", s->title);
		store_unref(s);
		return next_fail_error(op, error);
	}
	if (*title)
		store_set(&s->title, title);
	op_put_store(op, s);
	op_touch(op, s->id);
	op_say(op, "%s is a store now", s->title);
	return next_done();
}

bool kv_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, error);
	g_autofree char *base = NULL;
	struct kv_place place = { 0 };

	if (!cloud || !read_place(op, &place, error))
		return false;
	base = kv_place_base(&place, cloud);
	kv_place_done(&place);
	plan_call(p, PLAN_CHANGES, "keep", "what certty knows", "one more store");
	kv_change_call(p, PLAN_ASKS, "GET", base, "/certificates", "its list, and what is new in it");
	plan_not(p, "nothing in the vault is changed");
	return true;
}
