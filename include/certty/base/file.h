/*
 * file: reading what others wrote without being trapped, and writing so that nothing is lost.
 *
 * Reading: only regular files are read (no FIFO, device or socket, not even through a link),
 * up to a bound, and a file that changes while it is read is read again, twice at most.
 * Writing: a temporary file beside the target, fsync, rename, fsync of the folder; owner and
 * mode of a file that is replaced are kept.  Any thread.
 */
#ifndef CERTTY_BASE_FILE_H
#define CERTTY_BASE_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What tells that a file is still the one we knew. */
struct file_id {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};

bool file_id_equal(const struct file_id *a, const struct file_id *b);
/* That of a regular file as it is now; all zero for what is none or not there. */
struct file_id file_id_now(const char *path);

/* The bytes of a regular file of at most `max` bytes; ret_id may be NULL. */
GBytes *file_read(const char *path, size_t max, struct file_id *ret_id, GError **error);

/* Gives back the bytes of a file in which a secret may have been, wiped. */
void file_wipe(GBytes *bytes);

enum file_replace {
	FILE_NEW,	/* fail with ERR_EXISTS when something is there */
	FILE_REPLACE	/* take its place, keeping its owner and mode */
};

/* Writes atomically; `mode` for a new file. */
bool file_write(const char *path, const void *bytes, size_t len, mode_t mode,
		enum file_replace replace, GError **error);

/* Makes a folder and its parents, 0700 for those it makes. */
bool file_make_folder(const char *path, GError **error);

/* The folders of the XDG base directory specification with "certty" in them; made on demand by
 * whoever writes.  New strings. */
char *file_config_folder(void);	/* $XDG_CONFIG_HOME/certty */
char *file_data_folder(void);	/* $XDG_DATA_HOME/certty */
char *file_state_folder(void);	/* $XDG_STATE_HOME/certty */

/* "~/x" to the home folder's x; other paths made absolute against the working folder and
 * freed of "." and "..", links untouched. */
char *file_absolute(const char *path);
/* A path for people: "~" for the home folder, made harmless.  New. */
char *file_shown(const char *path);

#endif
