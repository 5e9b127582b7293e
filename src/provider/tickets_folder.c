/*
 * tickets_folder: the files of the folder, which everybody who may sign can write.
 */
#define _GNU_SOURCE
#include "tickets_own.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define TICKETS_MOST 500	/* open ones that are looked at */
#define ENTRIES_MOST 100000	/* of the folder */
#define FILE_MODE 0644		/* whoever may enter the folder shall read it */

static char *path_of(const struct tickets_place *p, const char *name, const char *end)
{
	g_autofree char *file = g_strconcat(name, end, NULL);

	return g_build_filename(p->folder, file, NULL);
}

static bool fail(GError **error, enum err code, const char *path, const char *what)
{
	g_autofree char *shown = file_shown(path);

	g_set_error(error, ERR, (int)code, "%s: %s", shown, what);
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *tickets_names(const struct tickets_place *p, GPtrArray *troubles, GError **error)
{
	g_autoptr(GError) why = NULL;
	GDir *dir = g_dir_open(p->folder, 0, &why);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *file;

	if (!dir) {
		g_ptr_array_unref(names);
		fail(error, ERR_IO, p->folder, g_strerror(errno));
		return NULL;
	}
	for (guint seen = 0; seen < ENTRIES_MOST && (file = g_dir_read_name(dir)); seen++) {
		g_autofree char *name = g_strndup(file, strcspn(file, "."));

		if (ticket_is_name(name) && !strcmp(file + strlen(name), TICKETS_ASKED))
			g_ptr_array_add(names, g_steal_pointer(&name));
	}
	g_dir_close(dir);
	g_ptr_array_sort(names, by_text);
	if (names->len > TICKETS_MOST) {
		g_ptr_array_add(troubles, g_strdup_printf(
			"%u tickets are open, and only %d of them are looked at", names->len,
			TICKETS_MOST));
		g_ptr_array_set_size(names, TICKETS_MOST);
	}
	return names;
}

GBytes *tickets_file(const struct tickets_place *p, const char *name, const char *end, size_t max,
		     GError **error)
{
	g_autofree char *path = path_of(p, name, end);
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
		fail(error, ERR_REFUSED, path, "is a link, and links are not followed here");
		return NULL;
	}
	return file_read(path, max, NULL, error);
}

bool tickets_has(const struct tickets_place *p, const char *name, const char *end)
{
	g_autofree char *path = path_of(p, name, end);
	struct stat st;

	return lstat(path, &st) == 0;
}

bool tickets_put(const struct tickets_place *p, const char *name, const char *end,
		 const char *text, GBytes *signature, GError **error)
{
	g_autofree char *path = path_of(p, name, end);
	g_autofree char *signed_path = g_strconcat(path, TICKETS_SIGNED, NULL);
	gsize len;
	const void *bytes = g_bytes_get_data(signature, &len);

	/* What lies there counts for nothing.  It may be a link to a file of ours, so it goes, and
	 * is not written through. */
	unlink(path);
	unlink(signed_path);
	return file_write(signed_path, bytes, len, FILE_MODE, FILE_NEW, error) &&
	       file_write(path, text, strlen(text), FILE_MODE, FILE_NEW, error);
}

bool tickets_end(const struct tickets_place *p, const char *name, const char *end, GError **error)
{
	g_autofree char *from = path_of(p, name, TICKETS_ASKED), *to = path_of(p, name, end);

	if (tickets_has(p, name, TICKETS_USED))
		return fail(error, ERR_REFUSED, from, "this ticket was used before");
	if (rename(from, to) == 0)
		return true;
	return fail(error, errno == ENOENT ? ERR_REFUSED : ERR_IO, from,
		    errno == ENOENT ? "this ticket was used or taken away meanwhile" :
				      g_strerror(errno));
}
