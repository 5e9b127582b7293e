/*
 * folder: what writing into folders that others use as well takes: names that are safe as
 * file names, a lock against other programs of ours, and sentences about paths.
 */
#include "own.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/text.h>

#define NAME_MAX_BYTES 120	/* leaves room for what is put behind it */

char *folder_shown(const char *path)
{
	return text_harmless_dup(path, 400);
}

bool folder_fail(GError **error, enum err code, const char *path, const char *what)
{
	g_autofree char *shown = folder_shown(path);

	g_set_error(error, ERR, (int)code, "%s: %s", shown, what);
	return false;
}

/* "*.example.org" as "_.example.org"; never hidden, never a path, never one of our own. */
char *folder_file_name(const char *name)
{
	GString *s = g_string_new(NULL);

	for (const char *c = name; *c && s->len < NAME_MAX_BYTES; c++)
		g_string_append_c(s, g_ascii_isalnum(*c) || strchr("-_.@+", *c) ? *c : '_');
	if (!s->len || *s->str == '.' || *s->str == '-' || !strcmp(s->str, FOLDER_REMOVED))
		g_string_prepend_c(s, '_');
	return g_string_free(s, FALSE);
}

int folder_lock(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		folder_fail(error, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, path,
			    g_strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	folder_fail(error, ERR_BUSY, path, "another program is writing there; try again");
	close(fd);
	return -1;
}

void folder_drop(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		g_unlink(file);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

bool folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);

	if (fd >= 0)
		close(fd);
	return ok;
}

bool folder_is_open_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077);
}
