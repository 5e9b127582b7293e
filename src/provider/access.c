/*
 * access: making and freeing what an open account signs with.
 */
#include <certty/provider/access.h>

struct access *access_new(void)
{
	struct access *a = g_new0(struct access, 1);

	ref_init(&a->ref);
	a->with = args_new();
	return a;
}

struct access *access_ref(struct access *a)
{
	ref_hold(&a->ref);
	return a;
}

void access_unref(struct access *a)
{
	if (!a || !ref_drop(&a->ref))
		return;
	args_free(a->with);
	args_free(a->instead);
	g_free(a->from);
	g_free(a);
}
