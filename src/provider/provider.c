/*
 * provider: finding one by its name, and why one cannot do a thing.
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

/* Verbs that write into a store, and so need one that can be written to. */
static bool writes(const struct verb *verb)
{
	return verb->id == VERB_IMPORT || verb->id == VERB_REMOVE;
}

char *provider_why_not(const struct provider *p, const struct verb *verb,
		       const struct store *store)
{
	if (!p->verb[verb->id])
		return g_strdup_printf("%s cannot do this: %s", p->info->title, verb->name);
	if (store && writes(verb) && !store->is_writable)
		return g_strdup_printf("%s (%s) can only be read", store->title, store->type);
	return NULL;
}
