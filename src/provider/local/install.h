/*
 * install: a place that a server reads its certificate from: which files, whose, and what is done after.
 *
 * A group [install NAME] of the configuration, read anew for each operation.  What is in it was set by the
 * person, the command that has the server load them too.
 */
#ifndef CERTTY_PROVIDER_LOCAL_INSTALL_H
#define CERTTY_PROVIDER_LOCAL_INSTALL_H

#include <sys/types.h>

#include "own.h"

enum install_part { INSTALL_KEY, INSTALL_CHAIN, INSTALL_FULL, INSTALL_CERT, INSTALL_PARTS };

struct install {
	char *name, *folder;
	char *file[INSTALL_PARTS];	/* names in it; NULL: there is none of it */
	bool has_owner, has_group;	/* else as whoever runs certty */
	uid_t owner;
	gid_t group;
	mode_t mode;			/* of the key; everybody may read the others */
	char **reload;			/* a program and its arguments; NULL: none */
	char **verify;			/* endpoints that serve it */
};

/* Of a store of that type; NULL with an error that names the place in the configuration. */
struct install *install_read(const struct settings *settings, const struct store *s, GError **error);
void install_free(struct install *i);
AUTO_FREE(install, install_free)
void install_stores(const struct settings *settings, GPtrArray *stores);
/* Which mode a part gets. */
mode_t install_mode(const struct install *i, enum install_part part);

/* The files in their places, all of them or none.  Blocks. */
bool install_write(const struct install *i, const struct bundle *b, GError **error);

#endif
