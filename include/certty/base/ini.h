/*
 * ini: INI files of other tools (~/.aws/config, ~/.edgerc), as far as they agree on what that is.
 *
 * Read by libinih, never written: certty's own configuration is settings.h's.  Values are kept as
 * they stand, quotes and what might be a comment behind them included; a line that is indented
 * deeper than the key above it belongs to that key's value, after a line break.  Names of keys are
 * compared without case, those of sections with it; later keys win over earlier ones of the same
 * section, and a section that stands twice is one.  Keys above the first section are in a section
 * "".  What is in here may be secret and is wiped when freed.  The only file that knows inih; any
 * thread; one owner.
 */
#ifndef CERTTY_BASE_INI_H
#define CERTTY_BASE_INI_H

#include <glib.h>
#include <stdbool.h>
#include <certty/base/auto.h>

#define INI_BYTES (1u << 20)
#define INI_LINE  (64u << 10)	/* bytes of one line */
#define INI_KEYS  20000u	/* keys and sections together */

struct ini;

/* ERR_FORMAT naming the line, or ERR_LIMIT. */
struct ini *ini_read(GBytes *bytes, GError **error);
void ini_free(struct ini *i);
AUTO_FREE(ini, ini_free)
const char *const *ini_sections(const struct ini *i);		/* in their order; borrowed */
/* As they are written, in their order; borrowed.  NULL: there is no such section. */
const char *const *ini_keys(const struct ini *i, const char *section);
const char *ini_get(const struct ini *i, const char *section, const char *key);	/* or NULL */

#endif
