/*
 * csr_file: the file of a certificate request, and whether it asks for what was named.
 */
#include "provider/csr_file.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>
#include <certty/model/x509.h>

/* ---- reading ---- */

static void csr_file_free(void *p)
{
	struct csr_file *r = p;

	g_free(r->path);
	g_free(r->pem);
	g_strfreev(r->names);
	g_free(r);
}

static const struct x509_item *csr_in(GPtrArray *items, const char *path, GError **error)
{
	g_autofree char *shown = file_shown(path);
	const struct x509_item *found = NULL;
	guint n = 0;

	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR) {
			found = item;
			n++;
		}
	}
	if (n == 1)
		return found;
	g_set_error(error, ERR, ERR_FORMAT, "%s has %s", shown,
		    n ? "several certificate requests, and one is wanted" : "no certificate request");
	return NULL;
}

static void read_file(struct work *w)
{
	struct csr_file *r = w->in;
	g_autoptr(GBytes) bytes = file_read(r->path, r->max, NULL, &w->error);
	g_autoptr(GPtrArray) items = bytes ? x509_scan(g_bytes_get_data(bytes, NULL),
						       g_bytes_get_size(bytes), NULL, &w->error) :
					     NULL;
	const struct x509_item *csr = items ? csr_in(items, r->path, &w->error) : NULL;
	g_autoptr(detail) d = csr ? x509_csr_describe(csr->der, &r->names, NULL, &w->error) : NULL;

	if (!d)
		return;
	r->key_hash = csr->key_hash;
	r->pem = g_strdup(d->pem);
	if (!r->pem || strlen(r->pem) > r->max)
		g_set_error(&w->error, ERR, ERR_LIMIT, "the certificate request is longer than the "
			    "%zu bytes that %s takes", r->max, r->taker);
}

struct work *csr_file_read(const char *path, size_t max, const char *taker)
{
	struct csr_file *r = g_new0(struct csr_file, 1);

	r->path = file_absolute(path);
	r->max = max;
	r->taker = taker;
	return work_new(read_file, r, csr_file_free, NULL);
}

/* ---- names ---- */

bool csr_file_check_names(const struct args *args, char *const *in_file, GError **error)
{
	g_auto(GStrv) typed = args_list(args, "names");

	for (char **name = typed; name && *name; name++) {
		bool is_there = false;

		for (char *const *n = in_file; *n && !is_there; n++)
			is_there = !g_ascii_strcasecmp(*n, *name);
		if (!is_there) {
			g_autofree char *shown = text_harmless_dup(*name, 300);

			g_set_error(error, ERR, ERR_USAGE, "the certificate request is not for %s",
				    shown);
			return false;
		}
	}
	for (char *const *n = in_file; *n; n++) {
		bool is_there = false;

		for (char **name = typed; name && *name && !is_there; name++)
			is_there = !g_ascii_strcasecmp(*n, *name);
		if (!is_there) {
			g_set_error(error, ERR, ERR_USAGE, "the certificate request is for %s too, "
				    "which was not named", *n);
			return false;
		}
	}
	return true;
}
