/*
 * providers: what providers tell of themselves, made up for tests of the wizard.
 *
 *	cloud   keys, a token or a profile; reads "key-id=…" and "secret=…" lines and JSON
 *	every   a question of each kind
 */
#ifndef TESTS_UI_PROVIDERS_H
#define TESTS_UI_PROVIDERS_H

#include <certty/model/provider_info.h>

extern const struct provider_info *const test_providers[];	/* ends with NULL */
/* As the engine says it: what cloud can do hangs on the sort of store, local can all of its own. */
struct store;
char *test_why_not(void *who, const struct verb *v, const char *provider, const struct store *s);

#endif
