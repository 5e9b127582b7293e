/*
 * One table of names, from which the struct and the look-up are made.
 */
#include "net/curl_late.h"

#include <dlfcn.h>
#include <string.h>

#include <certty/base/err.h>

#define LIBRARY "libcurl.so.4"	/* the name of its interface, the same since 2006 */

/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} functions[] = {
#define ROW(name) { "curl_" #name, offsetof(struct curl_late, name) },
	CURL_LATE_FUNCTIONS(ROW)
#undef ROW
};
/* clang-format on */

const struct curl_late *curl_late_open(GError **error)
{
	static struct curl_late curl;
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);

	for (size_t i = 0; library && i < G_N_ELEMENTS(functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			library = NULL;
		memcpy((char *)&curl + functions[i].at, &function, sizeof(function));
	}
	if (library)
		return &curl;
	g_set_error(error, ERR, ERR_FAILED,
		    "%s cannot be loaded (%s); install the package libcurl4", LIBRARY, dlerror());
	return NULL;
}
