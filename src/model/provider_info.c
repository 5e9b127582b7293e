/*
 * provider_info: one by its name, and what it asks for a verb.
 */
#include <certty/model/provider_info.h>

#include <string.h>

const struct provider_info *provider_info_find(const struct provider_info *const *all, const char *name)
{
	for (; *all; all++)
		if (!strcmp((*all)->name, name))
			return *all;
	return NULL;
}

const struct field *provider_info_questions(const struct provider_info *p, enum verb_id verb,
					    const char *store_type)
{
	for (const struct verb_questions *q = p->questions; q && q->fields; q++)
		if (q->verb == verb && (!q->store_type || !strcmp(q->store_type, store_type)))
			return q->fields;
	return NULL;
}
