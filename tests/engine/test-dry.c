/*
 * No verb that changes something can be had without a plan of it, from whoever does it.
 */
#include "engine/own.h"

static bool changes(int v)
{
	return verb_has_plan(&verb_table[v]);
}

/* What a provider does beside its verbs is planned under the verb that it is a part of. */
static bool does(const struct provider *p, int v)
{
	if (v == VERB_DEPLOY && p->hand)
		return true;
	return p->verb[v] || (v == VERB_PUBLISH && p->publish) || (v == VERB_UNPUBLISH && p->unpublish);
}

static void every_provider(void)
{
	for (const struct provider *const *p = provider_table; *p; p++)
		for (int v = 0; v < VERB_COUNT; v++) {
			bool is_planned = (*p)->plan[v] != NULL;

			if (is_planned != (changes(v) && does(*p, v)))
				g_error("%s of %s: %s", verb_table[v].name, (*p)->info->name,
					is_planned ? "planned and not done" : "done without a plan");
		}
}

static void every_own_verb(void)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		const struct provider *own = engine_own_verb(&verb_table[v]);

		if (own && changes(v) != (own->plan[v] != NULL))
			g_error("%s of certty itself", verb_table[v].name);
	}
	/* A proposal of a deployment is approved and dismissed by it. */
	g_assert_nonnull(provider_deploys.plan[VERB_APPROVE]);
	g_assert_nonnull(provider_deploys.plan[VERB_DISMISS]);
}

static void every_verb(void)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		bool is_planned = engine_own_verb(&verb_table[v]) || !changes(v);

		for (const struct provider *const *p = provider_table; *p; p++)
			is_planned |= (*p)->plan[v] != NULL;
		if (!is_planned)
			g_error("nobody plans %s", verb_table[v].name);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/dry/every-provider", every_provider);
	g_test_add_func("/dry/every-own-verb", every_own_verb);
	g_test_add_func("/dry/every-verb", every_verb);
	return g_test_run();
}
