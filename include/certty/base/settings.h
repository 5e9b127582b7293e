/*
 * settings: what people configured, from all places, with where each value came from.
 *
 * One table of all settings (settings_table) says name, kind, default, bounds and sentence;
 * from it come the parser's checks, the CERTTY_* overrides, certty.conf(5) and `certty config
 * check`.  Order of precedence: command line, environment, $XDG_CONFIG_HOME/certty/
 * certty.conf, /etc/certty/certty.conf, the default.  The site's policy file is read last and
 * cannot be loosened.  Unknown keys and bad values give a warning with file and line and
 * do not stop the program.
 *
 * Read in main before threads; read-only from then on, so any thread may look.
 */
#ifndef CERTTY_BASE_SETTINGS_H
#define CERTTY_BASE_SETTINGS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>

enum setting_kind { SETTING_BOOL, SETTING_INT, SETTING_TEXT, SETTING_LIST, SETTING_CHOICE };

struct setting {
	const char *group, *key;	/* "screen", "theme": [screen] theme=… CERTTY_SCREEN_THEME */
	enum setting_kind kind;
	const char *fallback;		/* as it would be written in the file */
	int64_t min, max;		/* SETTING_INT */
	const char *choices;		/* SETTING_CHOICE: "a b c" */
	const char *sentence;		/* what it does, for the manual */
};

extern const struct setting settings_table[];	/* ends with group NULL */

struct settings;

/* `config`: the file to use instead of the user's own, or NULL.  Never fails: problems are
 * kept as warnings. */
struct settings *settings_load(const char *config);
void settings_free(struct settings *s);
AUTO_FREE(settings, settings_free)

/* From the command line: wins over everything but the policy.  False with an error when
 * there is no such setting or the value does not fit. */
bool settings_override(struct settings *s, const char *group, const char *key,
		       const char *value, GError **error);

bool settings_bool(const struct settings *s, const char *group, const char *key);
int64_t settings_int(const struct settings *s, const char *group, const char *key);
const char *settings_text(const struct settings *s, const char *group, const char *key);
const char *const *settings_list(const struct settings *s, const char *group, const char *key);
/* Where the value came from: "default", "CERTTY_SCREEN_THEME", "command line", "certty.conf:12"
 * for the user's own file, "/etc/certty/policy.conf:3" for others. */
const char *settings_origin(const struct settings *s, const char *group, const char *key);

/* Free-form groups: [keys] (action=keys), [theme …], [notice NAME], [store NAME], [view NAME].
 * Names of groups that start with prefix; then keys and values of one group.  NULL-terminated
 * vectors, borrowed. */
const char *const *settings_groups(const struct settings *s, const char *prefix);
const char *const *settings_keys(const struct settings *s, const char *group);
const char *settings_raw(const struct settings *s, const char *group, const char *key);

/* Problems found while reading, "certty.conf:12: unknown key …"; NULL-terminated, borrowed. */
const char *const *settings_warnings(const struct settings *s);

/* Changes one value in the user's own file, comments kept, atomically; value NULL takes it out.
 * What is in memory stays as it was read. */
bool settings_save(struct settings *s, const char *group, const char *key, const char *value,
		   GError **error);

#endif
