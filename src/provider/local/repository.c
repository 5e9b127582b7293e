/*
 * repository: the own repository: every version of every certificate that came through here.
 *
 *   <name>/<UTC time>-<8 hex of SHA-256>/cert.pem chain.pem key.pem about.json
 *   <name>/current       a link to the version that was kept last
 *   removed/<name>-<version>/
 *
 * Nothing in it is overwritten or deleted.  A version is made in a folder beside the others
 * and renamed, so that it is there as a whole or not at all; folders are 0700, files 0600.
 */
#include "own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

#define MAX_OWN_FILE (1u << 20)

/* ---- what a version consists of ---- */

/* One that is not taken: the same certificate may come twice in a second, without and with its key. */
static char *version_name(const char *folder, int64_t now, const char *sha)
{
	for (;; now++) {
		g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(now);
		g_autofree char *time = g_date_time_format(when, "%Y%m%dT%H%M%SZ");
		g_autofree char *name = g_strdup_printf("%s-%.8s", time, sha);
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&name);
	}
}

static bool write_file(const char *folder, const char *name, const void *bytes, size_t len,
		       GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return file_write(path, bytes, len, 0600, FILE_NEW, error);
}

static bool write_about(const char *folder, const struct keeping *k, const char *sha,
			GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL), when = g_string_new(NULL);
	struct json_writer w = { .out = out, .pretty = true };

	clock_say_iso(when, k->now);
	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", 1);
	json_put_str(&w, "name", k->name);
	json_put_str(&w, "sha256", sha);
	json_put_str(&w, "kept", when->str);
	json_put_str(&w, "from", k->from);
	json_put_str(&w, "key", !k->key ? "none" : k->is_plain_key ? "plain" : "encrypted");
	json_close(&w, '}');
	g_string_append_c(out, '\n');
	return write_file(folder, "about.json", out->str, out->len, error);
}

static bool fill(const char *folder, const struct keeping *k, const char *sha, GError **error)
{
	g_autofree char *cert = bundle_pem(k->cert, NULL, 0);
	g_autofree char *chain = bundle_pem(NULL, k->chain, k->n_chain);

	if (!write_file(folder, "cert.pem", cert, strlen(cert), error))
		return false;
	if (k->n_chain && !write_file(folder, "chain.pem", chain, strlen(chain), error))
		return false;
	if (k->key && !write_file(folder, "key.pem", k->key->bytes, k->key->len, error))
		return false;
	return write_about(folder, k, sha, error);
}

/* ---- what is there ---- */

/* The versions of a name, oldest first. */
static GPtrArray *versions_of(const char *folder)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (*name != '.' && strcmp(name, "current"))
			g_ptr_array_add(all, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(all, (GCompareFunc)(void (*)(void))g_strcmp0);
	return all;
}

static bool holds(const char *folder, const struct keeping *k)
{
	g_autofree char *cert = g_build_filename(folder, "cert.pem", NULL);
	g_autofree char *key = g_build_filename(folder, "key.pem", NULL);
	g_autofree char *pem = bundle_pem(k->cert, NULL, 0);
	g_autoptr(GBytes) there = file_read(cert, MAX_OWN_FILE, NULL, NULL);
	g_autoptr(GBytes) wanted = g_bytes_new_static(pem, strlen(pem));

	return there && g_bytes_equal(there, wanted) &&
	       (!k->key || g_file_test(key, G_FILE_TEST_EXISTS));
}

/* The folder of a version that has the same in it already. */
static char *find_same(const char *folder, const struct keeping *k, const char *sha)
{
	g_autoptr(GPtrArray) all = versions_of(folder);

	for (guint i = all->len; i-- > 0;) {
		const char *dash = strrchr(all->pdata[i], '-');
		g_autofree char *path = g_build_filename(folder, all->pdata[i], NULL);

		if (dash && !strncmp(dash + 1, sha, 8) && holds(path, k))
			return g_steal_pointer(&path);
	}
	return NULL;
}

/* ---- changing it ---- */

/* Whoever holds the lock knows that what is half made was left behind by a program that died. */
static void drop_left_behind(const char *root)
{
	GDir *dir = g_dir_open(root, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(root, name, NULL);

		if (g_str_has_prefix(name, FOLDER_OURS))
			folder_drop(path);
	}
	if (dir)
		g_dir_close(dir);
}

/* A link is made beside the old one and renamed over it. */
static bool point_current(const char *folder, const char *version, GError **error)
{
	g_autofree char *link = g_build_filename(folder, "current", NULL);
	g_autofree char *fresh = g_build_filename(folder, FOLDER_OURS "current", NULL);

	g_unlink(fresh);
	if (symlink(version, fresh) == 0 && g_rename(fresh, link) == 0 && folder_sync(folder))
		return true;
	return folder_fail(error, ERR_IO, link, g_strerror(errno));
}

static bool make_version(const struct keeping *k, const char *folder, const char *version,
			 const char *sha, GError **error)
{
	g_autofree char *fresh = g_build_filename(k->root, FOLDER_OURS "XXXXXX", NULL);
	g_autofree char *place = g_build_filename(folder, version, NULL);

	if (!g_mkdtemp_full(fresh, 0700))
		return folder_fail(error, ERR_IO, k->root, g_strerror(errno));
	if (fill(fresh, k, sha, error)) {
		if (g_rename(fresh, place) == 0 && folder_sync(folder))
			return true;
		folder_fail(error, errno == ENOTEMPTY || errno == EEXIST ? ERR_BUSY : ERR_IO,
			    place, g_strerror(errno));
	}
	folder_drop(fresh);
	return false;
}

char *repository_folder(const char *root, const char *name)
{
	g_autofree char *safe = folder_file_name(name);

	return g_build_filename(root, safe, NULL);
}

char *repository_find_key(const char *root, const char *name, GBytes *cert)
{
	static const struct secret any = { 0 };
	struct keeping k = { .root = root, .name = name, .cert = cert, .key = &any };
	g_autofree char *sha = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, cert);
	g_autofree char *folder = repository_folder(root, name);

	return find_same(folder, &k, sha);
}

static bool put(const struct keeping *k, char **ret_folder, bool *ret_was_there, GError **error)
{
	g_autofree char *sha = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, k->cert);
	g_autofree char *folder = repository_folder(k->root, k->name);
	g_autofree char *version = version_name(folder, k->now, sha);
	g_autofree char *place = NULL;

	drop_left_behind(k->root);
	if (!file_make_folder(folder, error) || !folder_sync(k->root))
		return false;
	place = find_same(folder, k, sha);
	*ret_was_there = place;
	if (!place && !make_version(k, folder, version, sha, error))
		return false;
	if (!place) {
		place = g_build_filename(folder, version, NULL);
	} else {
		g_free(version);
		version = g_path_get_basename(place);
	}
	if (!point_current(folder, version, error))
		return false;
	*ret_folder = g_steal_pointer(&place);
	return true;
}

bool repository_put(const struct keeping *k, char **ret_folder, bool *ret_was_there,
		    GError **error)
{
	bool ok;
	int lock;

	if (!file_make_folder(k->root, error))
		return false;
	lock = folder_lock(k->root, error);
	if (lock < 0)
		return false;
	ok = put(k, ret_folder, ret_was_there, error);
	close(lock);
	return ok;
}

/* ---- removing ---- */

static bool move_away(const char *root, const char *version, char **ret_where, GError **error)
{
	g_autofree char *from = g_build_filename(root, version, NULL);
	g_autofree char *removed = g_build_filename(root, FOLDER_REMOVED, NULL);
	g_autofree char *flat = g_strdelimit(g_strdup(version), "/", '-');
	g_autofree char *to = g_build_filename(removed, flat, NULL);
	g_autofree char *folder = g_path_get_dirname(from);
	g_autofree char *current = g_build_filename(folder, "current", NULL);
	g_autoptr(GPtrArray) left = NULL;

	if (!file_make_folder(removed, error))
		return false;
	if (g_rename(from, to) < 0)
		return folder_fail(error, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, from,
				   g_strerror(errno));
	*ret_where = g_steal_pointer(&to);
	left = versions_of(folder);
	if (left->len)
		return point_current(folder, left->pdata[left->len - 1], error);
	g_unlink(current);
	g_rmdir(folder);
	return true;
}

bool repository_remove(const char *root, const char *version, char **ret_where, GError **error)
{
	int lock = folder_lock(root, error);
	bool ok;

	if (lock < 0)
		return false;
	ok = move_away(root, version, ret_where, error);
	close(lock);
	return ok;
}
