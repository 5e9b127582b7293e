/*
 * provider_info: what a provider asks for a verb.
 */
#include <certty/model/provider_info.h>

#include <string.h>

const struct field *provider_info_questions(const struct provider_info *p, enum verb_id verb,
					    const char *store_type)
{
	for (const struct verb_questions *q = p->questions; q && q->fields; q++)
		if (q->verb == verb && (!q->store_type || !strcmp(q->store_type, store_type)))
			return q->fields;
	return NULL;
}
