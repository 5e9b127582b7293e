/*
 * bundles: certificates that were issued go into the own repository before whoever got them is
 * over, so that a key or a certificate which can be had but once is not lost.
 *
 * Each is an operation of its own, which comes to its end also when nobody waits for it any more.
 */
#include "own.h"

#include <string.h>

/* The own repository; or NULL where there is none. */
static const struct store *repository(struct engine *e)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (!strcmp(s->type, "repository"))
			return shelf_get(e->known.shelf[KIND_STORES], s->id);
	}
	return NULL;
}

static void kept(struct operation *keeper, const GError *error)
{
	struct operation *o = keeper->who;

	if (!o)
		return;
	if (error)
		op_trouble(&o->op, "%s could not be put into the own repository: %s",
			   keeper->bundle->facts.name, error->message);
	g_ptr_array_remove_fast(o->keepers, keeper);
	if (!o->keepers->len)
		operation_wake(o);
}

/* A key that came with it is encrypted as was asked for together with the order. */
static struct args *answers_of(const struct operation *o, const struct bundle *b)
{
	const struct secret *passphrase = b->key ? args_secret(o->op.args, "new-passphrase") : NULL;
	struct args *answers = args_new();

	if (passphrase)
		args_put_secret(answers, "new-passphrase", secret_dup(passphrase));
	return answers;
}

static void start(struct operation *o, const struct store *s, struct bundle *b)
{
	g_autoptr(args) answers = answers_of(o, b);
	struct operation *keeper = operation_new_child(o, provider_find(s->provider), VERB_IMPORT,
						       answers, (struct store *)s);

	keeper->bundle = b;
	keeper->op.bundle = b;
	keeper->ended = kept;
	keeper->who = o;
	g_ptr_array_add(o->keepers, keeper);
	operation_start_own(keeper);
}

void bundles_forget(struct operation *o)
{
	for (guint i = 0; i < o->keepers->len; i++)
		((struct operation *)o->keepers->pdata[i])->who = NULL;
	g_ptr_array_set_size(o->keepers, 0);
}

static struct next go_on(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);

	(void)none;
	o->is_asleep = false;
	return (struct next){ .kind = o->at_last };
}

struct next bundles_keep(struct operation *o, struct next next)
{
	const struct store *s;
	g_autoptr(GPtrArray) all = NULL;

	if (!o->op.kept->len || (next.kind != NEXT_DONE && next.kind != NEXT_FAIL))
		return next;
	s = repository(o->engine);
	all = o->op.kept;
	o->op.kept = g_ptr_array_new_with_free_func((GDestroyNotify)bundle_free);
	if (!s || !provider_find(s->provider)->verb[VERB_IMPORT]) {
		op_trouble(&o->op, "there is no own repository that could keep what was issued");
		return next;
	}
	g_ptr_array_set_free_func(all, NULL);
	for (guint i = 0; i < all->len; i++)
		start(o, s, all->pdata[i]);
	o->at_last = next.kind;
	return operation_sleep(o, go_on);
}
