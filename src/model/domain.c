/*
 * domain: making and freeing domains.
 */
#include <certty/model/domain.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = { { OWN_END } };

struct domain *domain_new(const char *id)
{
	struct domain *d = item_new(sizeof(struct domain), own, id);
	const char *slash = strchr(d->id, '/');

	d->name = slash ? slash + 1 : d->id;
	d->account = d->provider = d->validation = "";
	return d;
}

struct domain *domain_ref(struct domain *d)
{
	return item_ref(d);
}

void domain_unref(struct domain *d)
{
	item_drop(d, own);
}

static void unref(void *item)
{
	domain_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct domain *x = a, *y = b;

	return strcmp(x->name, y->name);
}

const struct item_type domain_type = { KIND_DOMAINS, item_id, item_ref, unref, compare };
