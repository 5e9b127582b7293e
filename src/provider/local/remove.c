/*
 * remove: taking a certificate out of a folder or the own repository.
 *
 * What is removed is looked at again first: bytes that changed since they were listed stay.  A
 * file of its own is unlinked; out of a bundle one PEM block is cut and every other byte is
 * kept; a version in the own repository is moved aside.  Private keys stay.
 */
#include "own.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define BEGIN "-----BEGIN "
#define END   "-----END "

struct removing {
	/* the question */
	char *root, *alias;
	GBytes *der;
	size_t limit;
	bool is_repository;
	/* the answer */
	char *said;
};

static step_fn removed;

static void removing_free(void *p)
{
	struct removing *m = p;

	g_free(m->root);
	g_free(m->alias);
	g_bytes_unref(m->der);
	g_free(m->said);
	g_free(m);
}

/* ---- which file it is ---- */

/* "sub/www.pem#2" is the second in sub/www.pem, unless a file is really called so. */
static char *path_of(const struct removing *m, GError **error)
{
	g_autofree char *path = g_build_filename(m->root, m->alias, NULL);
	char *mark;

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&path);
	mark = strrchr(path, '#');
	if (mark)
		*mark = 0;
	if (mark && g_file_test(path, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&path);
	folder_fail(error, ERR_NOT_FOUND, path, "is not there under this name: refresh the "
		    "store, or remove it by hand when its name holds unusual characters");
	return NULL;
}

/* ---- what is in it ---- */

struct content {
	guint items, same;
	bool has_key;
};

static bool look(const uint8_t *bytes, size_t len, GBytes *der, struct content *ret,
		 GError **error)
{
	g_autoptr(GPtrArray) items = x509_scan(bytes, len, NULL, error);

	if (!items)
		return false;
	*ret = (struct content){ .items = items->len };
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		ret->has_key |= item->kind == X509_ITEM_KEY ||
				item->kind == X509_ITEM_KEY_LOCKED;
		ret->same += item->kind == X509_ITEM_CERT && g_bytes_equal(item->der, der);
	}
	return true;
}

static const char *find(const char *from, const char *end, const char *what)
{
	return from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;
}

/* After the line in which p stands. */
static const char *line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl ? nl + 1 : end;
}

/* The bytes of the PEM block that is that certificate and nothing else. */
static bool find_block(const char *bytes, size_t len, GBytes *der, const char **ret_start,
		       const char **ret_end)
{
	const char *end = bytes + len;
	const char *start = find(bytes, end, BEGIN);

	while (start) {
		const char *stop = find(start, end, END);
		const char *after = stop ? line_end(stop, end) : end;
		struct content c;

		if (stop && look((const uint8_t *)start, (size_t)(after - start), der, &c, NULL) &&
		    c.same == 1 && c.items == 1) {
			*ret_start = start;
			*ret_end = after;
			return true;
		}
		start = find(start + strlen(BEGIN), end, BEGIN);
	}
	return false;
}

/* ---- taking it out ---- */

static bool is_still(const char *path, size_t limit, const struct file_id *known, GError **error)
{
	struct file_id id;
	GBytes *again = file_read(path, limit, &id, error);

	if (!again)
		return false;
	file_wipe(again);
	if (file_id_equal(&id, known))
		return true;
	return folder_fail(error, ERR_BUSY, path, "it changes just now; nothing was removed");
}

static bool unlink_file(struct removing *m, const char *path, GError **error)
{
	g_autofree char *shown = folder_shown(path);
	bool is_link = g_file_test(path, G_FILE_TEST_IS_SYMLINK);

	if (g_unlink(path) < 0)
		return folder_fail(error, errno == EACCES ? ERR_REFUSED : ERR_IO, path,
				   g_strerror(errno));
	m->said = is_link ? g_strdup_printf("the link %s is removed; the file it led to stays",
					    shown) :
			    g_strdup_printf("%s is removed", shown);
	return true;
}

static bool cut_block(struct removing *m, const char *path, const char *bytes, size_t len,
		      const struct content *c, GError **error)
{
	g_autofree char *shown = folder_shown(path);
	const char *start, *end;
	char *rest;
	size_t before, after;
	bool ok;

	if (!find_block(bytes, len, m->der, &start, &end))
		return folder_fail(error, ERR_REFUSED, path, "it holds more than this "
				   "certificate in one piece, out of which nothing can be cut: "
				   "change it with the tool that made it");
	before = (size_t)(start - bytes);
	after = (size_t)(bytes + len - end);
	rest = g_malloc(before + after + 1);
	memcpy(rest, bytes, before);
	memcpy(rest + before, end, after);
	ok = file_write(path, rest, before + after, 0600, FILE_REPLACE, error);
	secret_wipe(rest, before + after);
	if (ok)
		m->said = g_strdup_printf("it is cut out of %s; the other %u in it stay%s", shown,
					  c->items - 1,
					  c->has_key ? ", its private key among them" : "");
	return ok;
}

static bool remove_from(struct removing *m, const char *path, GBytes *file,
			const struct file_id *id, GError **error)
{
	struct content c;
	gsize len;
	const char *bytes = g_bytes_get_data(file, &len);

	if (!look((const uint8_t *)bytes, len, m->der, &c, error)) {
		g_autofree char *shown = folder_shown(path);

		g_prefix_error(error, "%s: ", shown);
		return false;
	}
	if (!c.same)
		return folder_fail(error, ERR_NOT_FOUND, path, "this certificate is no longer in "
				   "it: it changed since it was read; nothing was removed");
	if (!is_still(path, m->limit, id, error))
		return false;
	return c.items == 1 ? unlink_file(m, path, error) :
			      cut_block(m, path, bytes, len, &c, error);
}

static void tell_key_beside(struct removing *m, const char *path)
{
	static const char *const names[] = { ".key", "privkey.pem", "key.pem", "private.key" };
	g_autofree char *dir = g_path_get_dirname(path), *base = g_path_get_basename(path);
	char *dot = strrchr(base, '.');

	if (dot)
		*dot = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = g_strconcat(*names[i] == '.' ? base : "", names[i], NULL);
		g_autofree char *key = g_build_filename(dir, name, NULL);
		g_autofree char *shown = folder_shown(key), *said = m->said;

		if (!g_file_test(key, G_FILE_TEST_EXISTS)) {
			m->said = g_steal_pointer(&said);
			continue;
		}
		m->said = g_strdup_printf("%s; the private key in %s stays", said, shown);
		return;
	}
}

static void remove_file(struct removing *m, GError **error)
{
	g_autofree char *path = path_of(m, error);
	struct file_id id;
	GBytes *file = path ? file_read(path, m->limit, &id, error) : NULL;

	if (!file)
		return;
	if (remove_from(m, path, file, &id, error))
		tell_key_beside(m, path);
	file_wipe(file);
}

/* ---- the own repository ---- */

static void remove_version(struct removing *m, GError **error)
{
	g_autofree char *version = g_path_get_dirname(m->alias);
	g_autofree char *base = g_path_get_basename(m->alias);
	g_autofree char *path = g_build_filename(m->root, m->alias, NULL);
	g_autofree char *where = NULL, *shown = NULL;
	struct content c = { 0 };
	GBytes *file;
	gsize len;
	const uint8_t *bytes;

	if (strcmp(base, "cert.pem")) {
		folder_fail(error, ERR_REFUSED, path, "it is kept as the issuer of another "
			    "certificate; remove that one");
		return;
	}
	file = file_read(path, m->limit, NULL, error);
	if (!file)
		return;
	bytes = g_bytes_get_data(file, &len);
	if (!look(bytes, len, m->der, &c, NULL) || !c.same)
		folder_fail(error, ERR_NOT_FOUND, path, "it holds another certificate by now; "
			    "nothing was removed");
	else if (repository_remove(m->root, version, &where, error))
		shown = folder_shown(where);
	if (shown)
		m->said = g_strdup_printf("it is moved to %s, where nothing is lost", shown);
	file_wipe(file);
}

/* ---- steps ---- */

static void run(struct work *w)
{
	struct removing *m = w->in;

	if (m->is_repository)
		remove_version(m, &w->error);
	else
		remove_file(m, &w->error);
}

struct next remove_cert(struct op *op, const struct reply *none)
{
	struct removing *m;

	(void)none;
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	m = g_new0(struct removing, 1);
	m->root = g_strdup(op->store->address);
	m->alias = g_strdup(op->cert.alias);
	m->der = g_bytes_ref(op->cert.der);
	m->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	m->is_repository = !strcmp(op->store->type, LOCAL_REPOSITORY);
	return next_work(work_new(run, m, removing_free, NULL), removed);
}

static struct next removed(struct op *op, const struct reply *none)
{
	struct removing *m = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s", m->said);
	op_touch(op, op->store->id);
	return next_done();
}
