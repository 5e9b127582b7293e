/*
 * Who am I: the token tells it, and a list of subscriptions shows that the Resource Manager takes
 * the token.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

#define PAGES_MAX 50
#define NAMES_MAX 3	/* said by name; the rest are counted */

static step_fn ask, read_page;

/* ---- who ---- */

static char *claim(const struct json *j, const char *const *names)
{
	for (; *names; names++)
		if (json_str(j, *names))
			return text_harmless_dup(json_str(j, *names), 120);
	return NULL;
}

/* What the token says is not verified: it is what we were told by who gave it. */
static void tell_who(struct op *op)
{
	static const char *const users[] = { "upn", "preferred_username", "unique_name", "email",
					     NULL };
	static const char *const apps[] = { "appid", "azp", "oid", NULL };
	static const char *const tenants[] = { "tid", NULL };
	const struct access *access = op->opened ? op->opened : op->access;
	g_autoptr(json) j = azure_token_told(op, AZURE_ARM);
	g_autofree char *user = claim(j, users), *app = claim(j, apps);
	g_autofree char *tenant = claim(j, tenants);

	if (user || app)
		op_who(op, "%s%s in tenant %s", user ? "" : "application ", user ? user : app,
		       tenant ? tenant : "(not told)");
	else
		op_who(op, "application %s in tenant %s",
		       args_text(access->with, "client-id", "(not told)"),
		       args_text(access->with, "tenant", "(not told)"));
}

/* ---- the list ---- */

struct next azure_test(struct op *op, const struct reply *none)
{
	struct azure *a = azure_of(op);

	(void)none;
	a->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	a->names = g_string_new(NULL);
	return azure_token(op, AZURE_ARM, ask);
}

static struct next ask_page(const char *url)
{
	struct request_out *r = exchange_get(url);

	exchange_header(r, "Accept", "application/json");
	g_free(r->scope);
	r->scope = g_strdup(AZURE_ARM);
	r->is_repeatable = true;
	return next_send(r, read_page);
}

static struct next ask(struct op *op, const struct reply *none)
{
	const struct access *access = op->opened ? op->opened : op->access;
	struct azure *a = azure_of(op);
	g_autofree char *url = NULL;
	GError *error = NULL;

	(void)none;
	g_clear_pointer(&a->cloud, azure_cloud_free);
	a->cloud = azure_cloud_new(access->with, &error);
	if (!a->cloud)
		return next_fail_error(op, error);
	url = g_strconcat(a->cloud->arm, "/subscriptions?api-version=2022-12-01", NULL);
	return ask_page(url);
}

static bool take_subscription(struct azure *a, const struct json *item)
{
	const char *id = json_str(item, "subscriptionId"), *state = json_str(item, "state");
	g_autofree char *name = text_harmless_dup(json_str(item, "displayName"), 60);

	if (!id)
		return false;
	if (!g_hash_table_add(a->seen, g_ascii_strdown(id, -1)))
		return true;
	if (!state || !g_ascii_strcasecmp(state, "Enabled"))
		a->usable++;
	if (g_hash_table_size(a->seen) <= NAMES_MAX)
		g_string_append_printf(a->names, "%s%s", a->names->len ? ", " : "",
				       name ? name : "(no name)");
	return true;
}

static void look_for_wanted(struct op *op, const struct azure *a)
{
	const struct access *access = op->opened ? op->opened : op->access;
	g_auto(GStrv) wanted = args_list(access->with, "subscriptions");

	for (char **id = wanted; *id; id++) {
		g_autofree char *lower = g_ascii_strdown(*id, -1);
		g_autofree char *shown = text_harmless_dup(*id, 80);

		if (!g_hash_table_contains(a->seen, lower))
			op_trouble(op, "subscription %s is not among those that this account sees; "
				   "check its id, or give the account a role there", shown);
	}
}

static struct next finish(struct op *op)
{
	const struct azure *a = azure_of(op);
	guint n = g_hash_table_size(a->seen);

	tell_who(op);
	look_for_wanted(op, a);
	if (!n)
		op_say(op, "signed in as %s, but no subscription is visible; give it a role, such as Key "
		       "Vault Reader, on the subscriptions that it is to look at", op->who);
	else
		op_say(op, "signed in as %s; %u subscription%s visible (%s%s), %u enabled; whether its "
		       "roles let it read or change vaults is not shown by this", op->who, n,
		       n == 1 ? "" : "s", a->names->str, n > NAMES_MAX ? "…" : "", a->usable);
	return next_done();
}

static struct next read_page(struct op *op, const struct reply *r)
{
	struct azure *a = azure_of(op);
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "listing subscriptions", &error);
	const struct json *items = json_get(j, "value");
	const char *more = json_str(j, "nextLink");

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(items); i++)
		if (!take_subscription(a, json_at(items, i)))
			return next_fail(op, ERR_REPLY, "listing subscriptions: item %zu of the answer "
					 "has no id", i + 1);
	if (!items)
		return next_fail(op, ERR_REPLY, "listing subscriptions: the answer has no list in it");
	if (!more || !*more)
		return finish(op);
	if (++a->pages >= PAGES_MAX || !azure_cloud_owns(a->cloud, AZURE_ARM, more))
		return next_fail(op, ERR_REPLY, "listing subscriptions: the answer goes on at %s",
				 a->pages >= PAGES_MAX ? "too many pages" : "another host");
	return ask_page(more);
}
