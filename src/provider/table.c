/*
 * table: the list of providers, alphabetical.  In a file of its own, so that a test of the
 * engine can bring another list.
 */
#include <certty/provider/provider.h>

extern const struct provider provider_local;

const struct provider *const provider_table[] = {
	&provider_local,
	NULL
};
