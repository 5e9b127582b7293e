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

/* The lists of [safety] limit what may be used (four-eyes: what a person may do alone), and a policy
 * cannot be loosened: its list and the one that was configured beside it are asked both, so the
 * second can only tighten.  Fills in
 * those that were given (or the default), the policy's first; returns how many. */
#define SETTINGS_LIMITS 2
struct settings_limit {
	const char *const *list;	/* never NULL */
	const char *origin;
};
unsigned settings_limits(const struct settings *s, const char *key,
			 struct settings_limit ret[SETTINGS_LIMITS]);
/* Whether the site's policy says it. */
bool settings_is_forced(const struct settings *s, const char *group, const char *key);
/* Whether each of them has the word (in any case) or "*", or is empty.  ERR_REFUSED says who
 * does not allow it. */
bool settings_allows(const struct settings *s, const char *key, const char *word,
		     GError **error);

/* Free-form groups: [keys] (action=keys), [theme …], [notice NAME], [store NAME], [view NAME],
 * [account ID], [defaults NAME], [install NAME], [enrollment NAME].  Names of groups that start with
 * prefix; then keys and values of one group.  NULL-terminated vectors, borrowed. */
const char *const *settings_groups(const struct settings *s, const char *prefix);
const char *const *settings_keys(const struct settings *s, const char *group);
const char *settings_raw(const struct settings *s, const char *group, const char *key);
/* "certty.conf:12", as settings_origin(); NULL: there is no such key. */
const char *settings_raw_origin(const struct settings *s, const char *group, const char *key);
/* Whether all that is said of that group stands in the user's own file. */
bool settings_is_own(const struct settings *s, const char *group);
/* Who of the site's policy forbids changes through that account ([account ID] read-only=true):
 * "/etc/certty/policy.conf:3"; NULL: nobody. */
const char *settings_forbids(const struct settings *s, const char *group);
/* "; did you mean region?", or "": for a key that is none of those (NULL-terminated). */
char *settings_nearest(const char *key, const char *const *keys);

/* Problems found while reading, "certty.conf:12: unknown key …"; NULL-terminated, borrowed. */
const char *const *settings_warnings(const struct settings *s);

/* ---- changing the user's own file; what is in memory stays as it was read ---- */

/* Changes one value, comments kept, atomically; value NULL takes it out. */
bool settings_save(struct settings *s, const char *group, const char *key, const char *value,
		   GError **error);

enum settings_edit_kind {
	SETTINGS_SET,		/* key=value in group; value NULL takes the key out */
	SETTINGS_ADD_GROUP,	/* ERR_EXISTS when it is there */
	SETTINGS_DROP_GROUP,	/* with its keys; comments behind the last of them stay */
	SETTINGS_RENAME_GROUP,	/* to value; ERR_EXISTS when that is there, ERR_NOT_FOUND */
};
struct settings_edit {
	enum settings_edit_kind kind;
	const char *group, *key, *value;
};

/* Whether the policy and the settings' own bounds allow it. */
bool settings_may_edit(const struct settings *s, const struct settings_edit *edits, size_t n,
		       GError **error);
/* All of it or nothing, under a lock against other processes (ERR_BUSY).  Blocks; needs no
 * settings, so it may run on the job pool.  Comments, order and blank lines stay. */
bool settings_edit_file(const char *path, const struct settings_edit *edits, size_t n,
			GError **error);
const char *settings_own_file(const struct settings *s);

/* Whether a file has changed since it was read; and what all of them say now, without what the
 * command line said. */
bool settings_is_stale(const struct settings *s);
struct settings *settings_load_again(const struct settings *s);

#endif
