/*
 * Changing the user's own configuration file: all of what is asked for or nothing, by one process
 * at a time.
 *
 * The lock is on the folder, since the file itself is replaced by each change.
 */
#include "certty/base/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "certty/base/err.h"
#include "certty/base/file.h"
#include "settings_file.h"

#define MOST_FILE     (1 << 20)
#define LOCK_TRIES    300
#define LOCK_PAUSE_US 10000

/* ---- the lock ---------------------------------------------------------------------------- */

static int lock_folder(const char *folder, GError **error)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), tries = 0;

	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK &&
	       tries++ < LOCK_TRIES)
		g_usleep(LOCK_PAUSE_US);
	if (fd < 0)
		g_set_error(error, ERR, ERR_IO, "%s: %s", folder, g_strerror(errno));
	else if (tries <= LOCK_TRIES)
		return fd;	/* or the file system knows no locks: then there is none */
	else
		g_set_error(error, ERR, ERR_BUSY,
			    "%s: another certty is changing the configuration; try again", folder);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* ---- edits of the text ------------------------------------------------------------------- */

typedef GString *edit_fn(const GString *text, const struct settings_edit *edit, GError **error);

static GString *set_key(const GString *text, const struct settings_edit *edit, GError **error)
{
	(void)error;
	return settings_file_edit(text->str, text->len, edit->group, edit->key, edit->value);
}

static GString *add_group(const GString *text, const struct settings_edit *edit, GError **error)
{
	if (!settings_file_has(text->str, text->len, edit->group))
		return g_string_new_len(text->str, (gssize)text->len);
	g_set_error(error, ERR, ERR_EXISTS, "the configuration has a [%s] already", edit->group);
	return NULL;
}

static GString *drop_group(const GString *text, const struct settings_edit *edit, GError **error)
{
	(void)error;
	return settings_file_drop(text->str, text->len, edit->group);
}

static GString *rename_group(const GString *text, const struct settings_edit *edit,
			     GError **error)
{
	bool is_there = settings_file_has(text->str, text->len, edit->group);

	if (is_there && !settings_file_has(text->str, text->len, edit->value))
		return settings_file_rename(text->str, text->len, edit->group, edit->value);
	g_set_error(error, ERR, is_there ? ERR_EXISTS : ERR_NOT_FOUND,
		    "the configuration has %s [%s]", is_there ? "already a" : "no",
		    is_there ? edit->value : edit->group);
	return NULL;
}

static bool edit_all(GString **text, const struct settings_edit *edits, size_t n, GError **error)
{
	static edit_fn *const by_kind[] = {
		[SETTINGS_SET] = set_key,	   [SETTINGS_ADD_GROUP] = add_group,
		[SETTINGS_DROP_GROUP] = drop_group, [SETTINGS_RENAME_GROUP] = rename_group,
	};

	for (size_t i = 0; i < n; i++) {
		GString *next = by_kind[edits[i].kind](*text, &edits[i], error);

		if (!next)
			return false;
		g_string_free(*text, TRUE);
		*text = next;
	}
	return true;
}

/* ---- the file ---------------------------------------------------------------------------- */

static GString *read_text(const char *path, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) bytes = file_read(path, MOST_FILE, NULL, &why);
	gsize len = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	if (bytes || g_error_matches(why, ERR, ERR_NOT_FOUND))
		return g_string_new_len(text ? text : "", (gssize)len);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

bool settings_edit_file(const char *path, const struct settings_edit *edits, size_t n,
			GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	GString *text = NULL;
	bool is_done = false;
	int lock;

	if (!file_make_folder(folder, error))
		return false;
	lock = lock_folder(folder, error);
	if (lock < 0)
		return false;
	text = read_text(path, error);
	if (text && edit_all(&text, edits, n, error))
		is_done = file_write(path, text->str, text->len, 0600, FILE_REPLACE, error);
	if (text)
		g_string_free(text, TRUE);
	close(lock);
	return is_done;
}
