/*
 * Files of others.  A path is only a wish: what it leads to is looked at before it is opened
 * (opening a device may already do something) and again after, and reading ends at the bound.
 * A write goes to a temporary file in the same folder, so that at any instant either the old
 * bytes or the new ones are there.
 */
#define _GNU_SOURCE
#include "certty/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certty/base/err.h"
#include "certty/base/secret.h"
#include "certty/base/text.h"

#define MOST_SHOWN 1024		/* of a path in a message */
#define MOST_READS 3

static enum err code_of(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_REFUSED;
	case EEXIST:
		return ERR_EXISTS;
	default:
		return ERR_IO;
	}
}

static bool fail(GError **error, enum err code, const char *path, const char *what)
{
	g_autofree char *shown = text_harmless_dup(path, MOST_SHOWN);

	g_set_error(error, ERR, (int)code, "%s: %s", shown, what);
	return false;
}

static bool fail_errno(GError **error, const char *path, const char *what)
{
	int number = errno;
	g_autofree char *why = g_strdup_printf("%s: %s", what, g_strerror(number));

	return fail(error, code_of(number), path, why);
}

bool file_id_equal(const struct file_id *a, const struct file_id *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

static struct file_id id_of(const struct stat *st)
{
	return (struct file_id){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec,
		.ctime_ns = st->st_ctim.tv_sec * INT64_C(1000000000) + st->st_ctim.tv_nsec,
	};
}

struct file_id file_id_now(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? id_of(&st) : (struct file_id){ 0 };
}

static const char *kind_of(mode_t mode)
{
	return S_ISDIR(mode)  ? "is a folder, not a file"
	     : S_ISFIFO(mode) ? "is a pipe, not a file"
	     : S_ISSOCK(mode) ? "is a socket, not a file"
			      : "is a device, not a file";
}

static bool check_regular(const char *path, const struct stat *st, size_t max, GError **error)
{
	g_autofree char *why = NULL;

	if (!S_ISREG(st->st_mode))
		return fail(error, ERR_FORMAT, path, kind_of(st->st_mode));
	if ((uint64_t)st->st_size <= max)
		return true;
	why = g_strdup_printf("has %" G_GINT64_FORMAT " bytes, more than the %zu that are read",
			      (gint64)st->st_size, max);
	return fail(error, ERR_LIMIT, path, why);
}

static int open_regular(const char *path, size_t max, GError **error)
{
	struct stat st;
	int fd;

	if (stat(path, &st) != 0) {
		bool dangling = errno == ENOENT && lstat(path, &st) == 0;

		if (dangling)
			fail(error, ERR_NOT_FOUND, path, "is a link to something that is not there");
		else
			fail_errno(error, path, "cannot be looked at");
		return -1;
	}
	if (!check_regular(path, &st, max, error))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		fail_errno(error, path, "cannot be opened");
	return fd;
}

/* Up to `size` bytes; less at the end of the file. */
static ssize_t read_up_to(int fd, char *bytes, size_t size)
{
	size_t have = 0;

	while (have < size) {
		ssize_t n = read(fd, bytes + have, size - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

/* One reading: NULL with an error, or with none when the file changed meanwhile. */
static GBytes *read_once(int fd, const char *path, size_t max, struct file_id *ret_id,
			 GError **error)
{
	g_autofree char *bytes = NULL;
	struct stat before, after;
	struct file_id id, id_after;
	ssize_t n;

	if (fstat(fd, &before) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
		fail_errno(error, path, "cannot be looked at");
		return NULL;
	}
	if (!check_regular(path, &before, max, error))
		return NULL;
	bytes = g_malloc((size_t)before.st_size + 1);	/* one more shows that it grew */
	n = read_up_to(fd, bytes, (size_t)before.st_size + 1);
	if (n < 0 || fstat(fd, &after) != 0) {
		fail_errno(error, path, "cannot be read");
		return NULL;
	}
	id = id_of(&before);
	id_after = id_of(&after);
	if (n != before.st_size || !file_id_equal(&id, &id_after))
		return NULL;
	if (ret_id)
		*ret_id = id;
	return g_bytes_new_take(g_steal_pointer(&bytes), (size_t)n);
}

GBytes *file_read(const char *path, size_t max, struct file_id *ret_id, GError **error)
{
	int fd = open_regular(path, max, error);
	GError *why = NULL;
	GBytes *bytes = NULL;

	if (fd < 0)
		return NULL;
	for (int i = 0; i < MOST_READS && !bytes && !why; i++)
		bytes = read_once(fd, path, max, ret_id, &why);
	close(fd);
	if (why)
		g_propagate_error(error, why);
	else if (!bytes)
		fail(error, ERR_BUSY, path, "changes while it is read; try again");
	return bytes;
}

/* ---- writing ---------------------------------------------------------------------------- */

struct temporary {
	char *path;		/* NULL once it is in its place */
	int fd;
};

static void temporary_done(struct temporary *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->path)
		unlink(t->path);
	g_free(t->path);
}

/* Where to write: a link is followed, so that what it leads to is replaced and not the link. */
static char *target_of(const char *path, enum file_replace replace, struct stat *ret_old,
		       bool *ret_exists, GError **error)
{
	char *real, *target;

	*ret_exists = lstat(path, ret_old) == 0;
	if (!*ret_exists) {
		if (errno == ENOENT)
			return g_strdup(path);
		fail_errno(error, path, "cannot be looked at");
		return NULL;
	}
	if (replace == FILE_NEW) {
		fail(error, ERR_EXISTS, path, "is there already");
		return NULL;
	}
	real = realpath(path, NULL);
	if (!real || stat(real, ret_old) != 0) {
		fail_errno(error, path, "cannot be looked at");
		free(real);
		return NULL;
	}
	target = g_strdup(real);
	free(real);
	if (S_ISREG(ret_old->st_mode))
		return target;
	g_free(target);
	fail(error, ERR_REFUSED, path, kind_of(ret_old->st_mode));
	return NULL;
}

static bool temporary_init(struct temporary *t, const char *target, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(target);

	t->path = g_build_filename(folder, ".certty-XXXXXX", NULL);
	t->fd = mkostemp(t->path, O_CLOEXEC);
	if (t->fd >= 0)
		return true;
	g_clear_pointer(&t->path, g_free);
	return fail_errno(error, target, "cannot be written, its folder takes no new file");
}

static bool fill(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* Owner before mode: changing the owner drops bits of the mode. */
static bool dress(int fd, const struct stat *old, mode_t mode)
{
	struct stat st;

	if (old) {
		if (fstat(fd, &st) != 0)
			return false;
		if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) &&
		    fchown(fd, old->st_uid, old->st_gid) != 0)
			return false;
		mode = old->st_mode;
	}
	return fchmod(fd, mode & 07777) == 0;
}

static bool place(struct temporary *t, const char *target, enum file_replace replace)
{
	int rc;

	if (replace == FILE_REPLACE) {
		rc = rename(t->path, target);
	} else {
		rc = renameat2(AT_FDCWD, t->path, AT_FDCWD, target, RENAME_NOREPLACE);
		if (rc != 0 && (errno == EINVAL || errno == ENOSYS)) {
			/* A file system without it: a second name never replaces either. */
			if (link(t->path, target) != 0)
				return false;
			rc = unlink(t->path);
		}
	}
	if (rc == 0)
		g_clear_pointer(&t->path, g_free);
	return rc == 0;
}

/* Some file systems have nothing to sync in a folder and say so. */
static bool sync_folder_of(const char *target)
{
	g_autofree char *folder = g_path_get_dirname(target);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return errno == EACCES;	/* a folder one may write but not read */
	ok = fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
	close(fd);
	return ok;
}

bool file_write(const char *path, const void *bytes, size_t len, mode_t mode,
		enum file_replace replace, GError **error)
{
	struct temporary t = { .fd = -1 };
	struct stat old;
	bool exists, ok = false;
	g_autofree char *target = target_of(path, replace, &old, &exists, error);

	if (!target || !temporary_init(&t, target, error))
		return false;
	if (!dress(t.fd, exists ? &old : NULL, mode))
		fail_errno(error, path, "cannot keep its owner and mode");
	else if (!fill(t.fd, bytes, len) || fsync(t.fd) != 0)
		fail_errno(error, path, "cannot be written");
	else if (!place(&t, target, replace) || !sync_folder_of(target))
		fail_errno(error, path, "cannot be put in its place");
	else
		ok = true;
	temporary_done(&t);
	return ok;
}

bool file_make_folder(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0700) == 0)
		return true;
	return fail_errno(error, path, "cannot be made a folder");
}

/* ---- names ------------------------------------------------------------------------------ */

static char *xdg_folder(const char *variable, const char *in_home)
{
	const char *base = g_getenv(variable);

	if (base && g_path_is_absolute(base))	/* the specification: others are ignored */
		return g_build_filename(base, "certty", NULL);
	return g_build_filename(g_get_home_dir(), in_home, "certty", NULL);
}

char *file_config_folder(void)
{
	return xdg_folder("XDG_CONFIG_HOME", ".config");
}

char *file_data_folder(void)
{
	return xdg_folder("XDG_DATA_HOME", ".local/share");
}

char *file_state_folder(void)
{
	return xdg_folder("XDG_STATE_HOME", ".local/state");
}

char *file_absolute(const char *path)
{
	g_autofree char *in_home = NULL;

	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0')) {
		in_home = g_build_filename(g_get_home_dir(), path + 1, NULL);
		path = in_home;
	}
	return g_canonicalize_filename(path, NULL);
}

char *file_shown(const char *path)
{
	const char *home = g_get_home_dir();
	size_t len = strlen(home);
	bool is_in_it = len > 1 && g_str_has_prefix(path, home) && path[len] == '/';
	g_autofree char *text = is_in_it ? g_strconcat("~", path + len, NULL) : g_strdup(path);

	return text_harmless_dup(text, 300);
}

/* ---- secrets ---- */

void file_wipe(GBytes *bytes)
{
	gsize len;
	void *data = g_bytes_unref_to_data(bytes, &len);

	secret_wipe(data, len);
}
