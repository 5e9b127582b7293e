/*
 * auto: lets g_autoptr work for plain structs.
 *
 * GLib's own macro pastes the type's name into others and so wants a typedef.  This one takes
 * the tag: after AUTO_FREE(store, store_unref) one writes g_autoptr(store) s = store_new(…),
 * and s, a struct store *, is given back at the end of its scope.
 */
#ifndef CERTTY_BASE_AUTO_H
#define CERTTY_BASE_AUTO_H

#include <glib.h>

#define AUTO_FREE(tag, function)                                                       \
	typedef struct tag *tag##_autoptr;                                             \
	static inline void glib_autoptr_cleanup_##tag(struct tag **thing)              \
	{                                                                              \
		if (*thing)                                                            \
			function(*thing);                                              \
	}

#endif
