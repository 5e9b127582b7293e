/*
 * walk: which files lie under a folder, without being trapped by what else does.
 *
 * Links to files are followed (Debian's trust store and certbot's folders consist of them),
 * links to folders are not, so there are no loops.  A file that several links lead to is
 * listed once.  FIFOs, devices and sockets are told of and never opened.
 */
#include "own.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/text.h>

#define TROUBLES_MAX 1000

/* A walk under way. */
struct walking {
	struct walk *walk;
	const atomic_bool *stop;
	GHashTable *seen;	/* "device:inode" of files listed through links */
};

struct walk *walk_new(const char *root, int depth, size_t limit, char **skip)
{
	struct walk *w = g_new0(struct walk, 1);

	w->root = g_strdup(root);
	w->depth = depth;
	w->limit = limit;
	w->skip = skip;
	w->files = g_array_new(FALSE, FALSE, sizeof(struct walk_file));
	w->troubles = g_ptr_array_new_with_free_func(g_free);
	return w;
}

void walk_free(struct walk *w)
{
	if (!w)
		return;
	for (guint i = 0; i < w->files->len; i++)
		g_free(g_array_index(w->files, struct walk_file, i).path);
	g_array_unref(w->files);
	g_ptr_array_unref(w->troubles);
	g_strfreev(w->skip);
	g_free(w->root);
	g_free(w);
}

static void trouble(struct walk *w, const char *path, const char *what)
{
	g_autofree char *name = text_harmless_dup(path, 400);

	if (w->troubles->len < TROUBLES_MAX)
		g_ptr_array_add(w->troubles, g_strdup_printf("%s: %s", name, what));
}

static void add(struct walk *w, const char *path, const struct stat *st)
{
	struct walk_file f = { .path = g_strdup(path) };

	f.id.dev = st->st_dev;
	f.id.ino = st->st_ino;
	f.id.size = (uint64_t)st->st_size;
	f.id.mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;
	f.id.ctime_ns = st->st_ctim.tv_sec * INT64_C(1000000000) + st->st_ctim.tv_nsec;
	g_array_append_val(w->files, f);
}

/* Names as c_rehash makes them ("5e3f01ab.0"): other names of files that are listed anyway. */
static bool is_hash_link(const char *name)
{
	size_t hex = strspn(name, "0123456789abcdef");

	return hex == 8 && name[8] == '.' && name[9] &&
	       strspn(name + 9, "r0123456789") == strlen(name + 9);
}

/* A FIFO, a dangling link: no trouble where nobody expects certificates. */
static void odd(struct walk *w, const char *path, const char *what)
{
	if (!w->only_likely || walk_is_likely(path))
		trouble(w, path, what);
}

static const char *sort_of(mode_t mode)
{
	return S_ISFIFO(mode) ? "a FIFO is not read" :
	       S_ISSOCK(mode) ? "a socket is not read" : "a device is not read";
}

bool walk_is_likely(const char *path)
{
	static const char *const suffixes[] = {
		".pem", ".crt", ".cer", ".der", ".cert", ".p12", ".pfx", ".p7b", ".p7c", ".key",
		".jks", ".keystore", ".chain", ".bundle",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		size_t n = strlen(suffixes[i]), len = strlen(path);

		if (len > n && !g_ascii_strcasecmp(path + len - n, suffixes[i]))
			return true;
	}
	return false;
}

/* Too large to be read: worth a word when its name promises certificates. */
static bool is_too_large(struct walk *w, const char *path, const struct stat *st)
{
	g_autofree char *what = NULL;

	if ((uint64_t)st->st_size <= w->limit)
		return false;
	if (walk_is_likely(path)) {
		what = g_strdup_printf("larger than the %zu bytes that are read "
				       "(local.file-limit)", w->limit);
		trouble(w, path, what);
	}
	return true;
}

/* Links last, so that a file is known by its own name rather than by a link's. */
static void consider_link(struct walking *g, const char *path, const char *rel)
{
	struct stat st;
	g_autofree char *key = NULL;

	if (stat(path, &st) < 0) {
		odd(g->walk, path, errno == ENOENT ? "the link leads nowhere" :
		    errno == ELOOP ? "the links lead in a circle" : g_strerror(errno));
		return;
	}
	if (!S_ISREG(st.st_mode)) {
		if (!S_ISDIR(st.st_mode))
			odd(g->walk, path, sort_of(st.st_mode));
		return;
	}
	key = g_strdup_printf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	if (g_hash_table_add(g->seen, g_steal_pointer(&key)) &&
	    !is_too_large(g->walk, path, &st))
		add(g->walk, rel, &st);
}

static void consider(struct walking *g, const char *path, const char *rel, const struct stat *st)
{
	if (!S_ISREG(st->st_mode)) {
		odd(g->walk, path, sort_of(st->st_mode));
		return;
	}
	if (st->st_nlink > 1) {
		char *key = g_strdup_printf("%ju:%ju", (uintmax_t)st->st_dev,
					    (uintmax_t)st->st_ino);

		if (!g_hash_table_add(g->seen, key))
			return;
	}
	if (!is_too_large(g->walk, path, st))
		add(g->walk, rel, st);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; NULL after telling why not. */
static GPtrArray *names_in(struct walk *w, const char *path)
{
	DIR *dir = opendir(path);
	GPtrArray *names;
	struct dirent *entry;

	if (!dir) {
		trouble(w, path, g_strerror(errno));
		return NULL;
	}
	names = g_ptr_array_new_with_free_func(g_free);
	while ((entry = readdir(dir)) && names->len < LOCAL_FILES_MAX)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    !g_str_has_prefix(entry->d_name, FOLDER_OURS))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	closedir(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

static bool is_skipped(const struct walk *w, const char *path)
{
	return w->skip && g_strv_contains((const char *const *)w->skip, path);
}

static bool goes_on(const struct walking *g)
{
	if (g->walk->files->len >= LOCAL_FILES_MAX)
		g->walk->is_cut = true;
	return !g->walk->is_cut && !(g->stop && atomic_load(g->stop));
}

static void walk_folder(struct walking *g, const char *path, const char *rel, int depth)
{
	g_autoptr(GPtrArray) names = names_in(g->walk, path);
	g_autoptr(GPtrArray) links = g_ptr_array_new();

	for (guint i = 0; names && i < names->len && goes_on(g); i++) {
		const char *name = names->pdata[i];
		g_autofree char *sub = g_build_filename(path, name, NULL);
		g_autofree char *sub_rel = *rel ? g_build_filename(rel, name, NULL) :
						  g_strdup(name);
		struct stat st;

		if (lstat(sub, &st) < 0) {
			if (errno != ENOENT)	/* gone since the folder was listed */
				trouble(g->walk, sub, g_strerror(errno));
			continue;
		}
		if (S_ISLNK(st.st_mode)) {
			if (!is_hash_link(name))
				g_ptr_array_add(links, names->pdata[i]);
		} else if (!S_ISDIR(st.st_mode)) {
			consider(g, sub, sub_rel, &st);
		} else if (depth > 0 && !is_skipped(g->walk, sub)) {
			walk_folder(g, sub, sub_rel, depth - 1);
		}
	}
	for (guint i = 0; i < links->len && goes_on(g); i++) {
		g_autofree char *sub = g_build_filename(path, links->pdata[i], NULL);
		g_autofree char *sub_rel = *rel ? g_build_filename(rel, links->pdata[i], NULL) :
						  g_strdup(links->pdata[i]);

		consider_link(g, sub, sub_rel);
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct walk_file *)a)->path, ((const struct walk_file *)b)->path);
}

bool walk_run(struct walk *w, const atomic_bool *stop, GError **error)
{
	struct walking g = { .walk = w, .stop = stop };
	struct stat st;

	if (stat(w->root, &st) < 0) {
		g_set_error(error, ERR, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s",
			    w->root, g_strerror(errno));
		return false;
	}
	if (S_ISREG(st.st_mode)) {
		add(w, "", &st);
		return true;
	}
	if (!S_ISDIR(st.st_mode)) {
		g_set_error(error, ERR, ERR_FORMAT, "%s: %s", w->root, sort_of(st.st_mode));
		return false;
	}
	if (access(w->root, R_OK | X_OK) < 0) {
		g_set_error(error, ERR, ERR_IO, "%s: %s", w->root, g_strerror(errno));
		return false;
	}
	g.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	walk_folder(&g, w->root, "", w->depth);
	g_hash_table_unref(g.seen);
	g_array_sort(w->files, by_path);
	return true;
}
