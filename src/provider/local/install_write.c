/*
 * install_write: key, certificate and chain in the places that a server reads.
 *
 * All are written beside their places first, with owner and mode, so that what can fail has failed before
 * anything changes.  Then each takes its place by one rename; if one cannot, those before it get back what
 * was there.
 */
#include "install.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct part {
	char *at;		/* its place */
	char *fresh, *before;	/* beside it: what comes, and what was there */
	bool was_there, is_placed;
};

static char *beside(const struct install *i, const char *word, const char *file)
{
	g_autofree char *name = g_strconcat(FOLDER_OURS, word, "-", file, NULL);

	return g_build_filename(i->folder, name, NULL);
}

static bool fail(GError **error, const char *path, const char *what)
{
	g_autofree char *said = g_strdup_printf("%s: %s", what, g_strerror(errno));

	return folder_fail(error, errno == EACCES || errno == EPERM ? ERR_REFUSED : ERR_IO, path, said);
}

/* What goes into a part; NULL with an error.  Of no issuers the file is empty, as servers want it. */
static struct secret *content_of(enum install_part part, const struct bundle *b, GError **error)
{
	GBytes *const *issuers = (GBytes *const *)b->chain->pdata;
	GString *text;
	struct secret *s;

	if (part == INSTALL_KEY)
		return x509_key_pem(b->key, NULL, error);
	text = g_string_new(NULL);
	if (part != INSTALL_CHAIN) {
		g_autofree char *pem = bundle_pem(b->cert, issuers, part == INSTALL_FULL ? b->chain->len : 0);

		g_string_append(text, pem);
	}
	for (guint i = 0; part == INSTALL_CHAIN && i < b->chain->len; i++) {
		g_autofree char *pem = bundle_pem(issuers[i], NULL, 0);

		g_string_append(text, pem);
	}
	s = secret_new(text->str, text->len);
	g_string_free(text, TRUE);
	if (!s)
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
	return s;
}

/* Owner before mode: a key is never open to somebody whom it is not for. */
static bool dress(const struct install *i, enum install_part part, const char *path, GError **error)
{
	if ((i->has_owner || i->has_group) &&
	    chown(path, i->has_owner ? i->owner : (uid_t)-1, i->has_group ? i->group : (gid_t)-1) != 0)
		return fail(error, path, "cannot be given to its owner");
	return chmod(path, install_mode(i, part)) == 0 || fail(error, path, "cannot be given its mode");
}

static bool stage(const struct install *i, enum install_part which, struct part *p, const struct bundle *b,
		  GError **error)
{
	g_autoptr(secret) content = content_of(which, b, error);
	struct stat st;

	if (!content)
		return false;
	p->at = g_build_filename(i->folder, i->file[which], NULL);
	p->fresh = beside(i, "new", i->file[which]);
	p->before = beside(i, "old", i->file[which]);
	p->was_there = lstat(p->at, &st) == 0;
	if (p->was_there && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return folder_fail(error, ERR_REFUSED, p->at, "is there, and is no file");
	g_unlink(p->fresh);	/* of somebody who was interrupted */
	g_unlink(p->before);
	return file_write(p->fresh, content->bytes, content->len, 0600, FILE_NEW, error) &&
	       dress(i, which, p->fresh, error);
}

static bool place(struct part *p, GError **error)
{
	if (p->was_there && linkat(AT_FDCWD, p->at, AT_FDCWD, p->before, 0) != 0)
		return fail(error, p->at, "what is there cannot be kept while it is replaced");
	if (g_rename(p->fresh, p->at) != 0)
		return fail(error, p->at, "cannot be put in its place");
	p->is_placed = true;
	return true;
}

static void take_back(const struct part *p)
{
	if (!p->is_placed)
		return;
	if (p->was_there)
		g_rename(p->before, p->at);
	else
		g_unlink(p->at);
}

static void part_done(struct part *p)
{
	if (p->fresh)
		g_unlink(p->fresh);
	if (p->before)
		g_unlink(p->before);
	g_free(p->at);
	g_free(p->fresh);
	g_free(p->before);
}

static bool write_parts(const struct install *i, const struct bundle *b, struct part *parts, GError **error)
{
	bool ok = true;

	for (int p = 0; p < INSTALL_PARTS && ok; p++)
		ok = !i->file[p] || stage(i, (enum install_part)p, &parts[p], b, error);
	for (int p = 0; p < INSTALL_PARTS && ok; p++)
		ok = !i->file[p] || place(&parts[p], error);
	for (int p = 0; p < INSTALL_PARTS && !ok; p++)
		take_back(&parts[p]);
	if (!folder_sync(i->folder) && ok)
		ok = fail(error, i->folder, "cannot be written to disk");
	return ok;
}

bool install_write(const struct install *i, const struct bundle *b, GError **error)
{
	struct part parts[INSTALL_PARTS] = { 0 };
	int lock;
	bool ok;

	if (i->file[INSTALL_KEY] && !b->key) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s needs the private key as well: deploy it from where "
			    "its key is", i->name);
		return false;
	}
	lock = folder_lock(i->folder, error);
	if (lock < 0)
		return false;
	ok = write_parts(i, b, parts, error);
	for (int p = 0; p < INSTALL_PARTS; p++)
		part_done(&parts[p]);
	close(lock);
	return ok;
}
