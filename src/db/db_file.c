/*
 * db_file: the database's file as a file: made, locked, set aside.
 *
 * It is never opened beside SQLite: closing a second descriptor would take the locks of every
 * connection that this process has to it.  So modes are set by name.
 */
#include "db_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/base/file.h>

int db_file_lock_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int waited = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0; waited += 10) {
		if (waited >= DB_WAIT_MS) {
			close(fd);
			return -1;
		}
		g_usleep(10 * 1000);
	}
	return fd;
}

void db_file_unlock_folder(int fd)
{
	if (fd >= 0)
		close(fd);
}

char *db_file_set_aside(const char *path)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now());
	g_autofree char *date = g_date_time_format(now, "%Y%m%d-%H%M%S");
	g_autofree char *to = g_strdup_printf("%s.broken-%s", path, date);
	/* The file itself last: as soon as it is gone somebody makes a new one, with new tails. */
	static const char *const tails[] = { "-wal", "-shm", "" };

	for (int i = 1; !access(to, F_OK) && i < 1000; i++) {
		g_free(to);
		to = g_strdup_printf("%s.broken-%s-%d", path, date, i);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
		g_autofree char *old = g_strconcat(path, tails[i], NULL);
		g_autofree char *new = g_strconcat(to, tails[i], NULL);

		rename(old, new);	/* a tail need not be there */
	}
	return g_steal_pointer(&to);
}

/* By us, since SQLite would give it the mode that the umask leaves.  True also when somebody
 * else was faster. */
static bool create(const char *path, const char *folder, GError **error)
{
	int fd;

	if (!file_make_folder(folder, error))
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0) {
		fchmod(fd, 0600);
		close(fd);
	} else if (errno != EEXIST) {
		g_set_error(error, ERR, ERR_IO, "making %s: %s", path, g_strerror(errno));
		return false;
	}
	return true;
}

bool db_file_make(const char *path, bool *ret_can_write, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct stat st;

	if (stat(path, &st) < 0 && errno == ENOENT && !create(path, folder, error))
		return false;
	if (stat(path, &st) < 0) {
		g_set_error(error, ERR, ERR_IO, "opening %s: %s", path, g_strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		g_set_error(error, ERR, ERR_IO, "opening %s: it is not a file", path);
		return false;
	}
	if ((st.st_mode & 077) && st.st_uid == geteuid())
		(void)!chmod(path, 0600);
	*ret_can_write = access(path, W_OK) == 0 && access(folder, W_OK) == 0;
	return true;
}
