/*
 * dry_pass: what one pass without a person would do, by what is known before it: what it reads again,
 * and what may start alone as things stand now.
 */
#include "deploy_own.h"

#include <string.h>

/* Each account with how many stores are read; in the order of the stores. */
static void say_refresh(const struct engine *e, struct plan *p)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	g_autoptr(GHashTable) count = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) order = g_ptr_array_new();

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(count, s->account));

		if (!n)
			g_ptr_array_add(order, s->account);
		g_hash_table_insert(count, s->account, GUINT_TO_POINTER(n + 1));
	}
	for (guint i = 0; i < order->len; i++) {
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(count, order->pdata[i]));
		g_autofree char *what = g_strdup_printf("%u store%s", n, n == 1 ? "" : "s");

		plan_call(p, PLAN_ASKS, "refresh", order->pdata[i], what);
	}
}

/* After the passage of what is read, so each of them is a perhaps. */
static void say_renewals(const struct engine *e, struct plan *p)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (renewals_may_start(r))
			plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "renew", r->store, r->title);
	}
}

static void say_enrolments(const struct engine *e, struct plan *p)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (enroll_turn_may_start(e, r))
			plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "sync", r->id, r->title);
	}
}

static void say_deployments(struct engine *e, struct plan *p)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *d = all->item[i];

		if (deploy_ask_may_start(e, all, d))
			plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "redeploy", d->store, d->title);
	}
}

static void say_notices(const struct engine *e, struct plan *p)
{
	const char *const *groups = settings_groups(e->config.settings, "notice ");

	for (const char *const *group = groups; group && *group; group++)
		plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "notify", *group, "what is due and was not told yet");
}

bool dry_pass(struct op *op, struct plan *p, GError **error)
{
	struct engine *e = operation_of(op)->engine;

	if (!run_may_pass(op, error))
		return false;
	publish_certs(e);
	if (args_secret(op->args, "passphrase"))
		plan_call(p, PLAN_CHANGES, "unlock", "file", NULL);
	say_refresh(e, p);
	if (e->config.is_read_only) {
		plan_not(p, "read-only: nothing is renewed, deployed or told");
		return true;
	}
	say_renewals(e, p);
	say_enrolments(e, p);
	say_deployments(e, p);
	approvals_plan(e, p);
	say_notices(e, p);
	plan_warn(p, "what reading again brings to light is renewed or deployed as well, where its account or "
		  "deployment says automatic");
	plan_not(p, "no warning is accepted but what an account's rule lists, and no question answered: what "
		    "has one waits for a person");
	plan_not(p, "nothing new is ordered, nothing revoked or removed, nor approved without a rule");
	return true;
}
