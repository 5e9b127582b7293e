/*
 * One table of names, from which the struct and the look-up are made.
 *
 * Several works may come here at once: each fills in a struct of its own, and only one that is
 * whole is ever seen by others.
 */
#include "net/ldns_late.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <certty/base/err.h>

#define LIBRARY "libldns.so.3"

/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} functions[] = {
#define ROW(name) { "ldns_" #name, offsetof(struct ldns_late, name) },
	LDNS_LATE_FUNCTIONS(ROW)
#undef ROW
};
/* clang-format on */

const struct ldns_late *ldns_late_open(GError **error)
{
	static struct ldns_late *_Atomic loaded;
	struct ldns_late *ldns = atomic_load(&loaded), *none = NULL;
	void *library = ldns ? NULL : dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);

	if (ldns)
		return ldns;
	ldns = g_new0(struct ldns_late, 1);
	for (size_t i = 0; library && i < G_N_ELEMENTS(functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			library = NULL;
		memcpy((char *)ldns + functions[i].at, &function, sizeof(function));
	}
	if (library && atomic_compare_exchange_strong(&loaded, &none, ldns))
		return ldns;
	g_free(ldns);
	if (library)
		return none;
	g_set_error(error, ERR, ERR_FAILED,
		    "%s cannot be loaded (%s); install the package libldns3", LIBRARY, dlerror());
	return NULL;
}
