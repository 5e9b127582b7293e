/*
 * provider: finding one by its name, why one cannot do a thing, and what one can renew.
 */
#include <certty/provider/provider.h>

#include <string.h>

const struct provider *provider_find(const char *name)
{
	for (const struct provider *const *p = provider_table; *p; p++)
		if (!strcmp((*p)->info->name, name))
			return *p;
	return NULL;
}

/* Verbs that write into a store, and so need one that can be written to; to a service from which things are
 * only removed nothing is added. */
static bool writes(const struct provider *p, const struct verb *verb)
{
	return verb->id == VERB_IMPORT || (verb->id == VERB_REMOVE && p->verb[VERB_IMPORT]);
}

/* A verb on a store whose questions differ by its sort is for those sorts alone; what is put into stores
 * asks more of some, and less of the others. */
static bool is_for_others(const struct provider *p, const struct verb *verb,
			  const struct store *store)
{
	return verb->asks_provider && !verb->asks_by && !writes(p, verb) && verb->on == KIND_STORES &&
	       p->info->questions &&
	       !provider_info_questions(p->info, verb->id, store->type);
}

char *provider_why_not(const struct provider *p, const struct verb *verb,
		       const struct store *store)
{
	if (!p->verb[verb->id])
		return g_strdup_printf("%s cannot do this: %s", p->info->title, verb->name);
	if (store && is_for_others(p, verb, store))
		return g_strdup_printf("%s (%s) is no place for this: %s", store->title, store->type,
				       verb->name);
	if (store && writes(p, verb) && !store->is_writable)
		return g_strdup_printf("%s (%s) can only be read", store->title, store->type);
	return NULL;
}

struct renewable *renewable_new(const char *warning)
{
	struct renewable *r = g_new0(struct renewable, 1);

	r->warning = g_strdup(warning);
	return r;
}

void renewable_free(void *renewable)
{
	struct renewable *r = renewable;

	if (r)
		g_free(r->warning);
	g_free(r);
}
