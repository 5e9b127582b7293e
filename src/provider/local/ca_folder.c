/*
 * ca_folder: reading the folder of a small CA: who it is, what waits, what was answered.
 */
#include "ca.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include <certty/base/text.h>

#define ANSWERS_MAX 20000
#define PENDING_MAX 5000

/* ---- the CA ---- */

static char *first_there(const char *folder, const char *const *names)
{
	for (; *names; names++) {
		g_autofree char *path = g_build_filename(folder, *names, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
	}
	return NULL;
}

void ca_free(struct ca *ca)
{
	if (!ca)
		return;
	g_free(ca->folder);
	g_free(ca->cert_path);
	g_free(ca->key_path);
	g_ptr_array_unref(ca->certs);
	facts_done(&ca->facts);
	g_free(ca);
}

static bool read_certs(struct ca *ca, GError **error)
{
	g_autoptr(GBytes) file = file_read(ca->cert_path, X509_FILE_MAX, NULL, error);
	g_autoptr(GPtrArray) items = NULL;
	gsize len;
	const uint8_t *bytes = file ? g_bytes_get_data(file, &len) : NULL;

	items = bytes ? x509_scan(bytes, len, NULL, error) : NULL;
	if (!items)
		return false;
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(ca->certs, g_bytes_ref(item->der));
	}
	if (!ca->certs->len)
		return folder_fail(error, ERR_FORMAT, ca->cert_path,
				   "there is no certificate in it");
	bytes = g_bytes_get_data(ca->certs->pdata[0], &len);
	return x509_facts(bytes, len, &ca->facts, error);
}

char *ca_cert_path(const char *folder)
{
	static const char *const certs[] = { "ca.crt", "ca.pem", "cacert.pem", NULL };

	return first_there(folder, certs);
}

char *ca_key_path(const char *folder)
{
	static const char *const keys[] = { "ca.key", "private/ca.key", "private/cakey.pem",
					    "cakey.pem", NULL };

	return first_there(folder, keys);
}

struct ca *ca_open(const char *folder, GError **error)
{
	g_autoptr(ca) ca = g_new0(struct ca, 1);

	ca->certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	ca->folder = g_strdup(folder);
	ca->cert_path = ca_cert_path(folder);
	ca->key_path = ca_key_path(folder);
	if (!ca->cert_path) {
		folder_fail(error, ERR_NOT_FOUND, folder, "there is no CA certificate in it "
			    "(ca.crt, ca.pem or cacert.pem)");
		return NULL;
	}
	return read_certs(ca, error) ? g_steal_pointer(&ca) : NULL;
}

char *ca_key_trouble(const struct ca *ca)
{
	g_autofree char *shown = folder_shown(ca->key_path ? ca->key_path : ca->folder);
	g_autoptr(GError) error = NULL;
	GBytes *file;
	gsize len;
	const uint8_t *bytes;
	g_autoptr(x509_key) key = NULL;

	if (!ca->key_path)
		return g_strdup_printf("%s: the CA's key is not there, so nothing can be signed",
				       shown);
	file = file_read(ca->key_path, X509_FILE_MAX, NULL, &error);
	if (file) {
		bytes = g_bytes_get_data(file, &len);
		key = x509_key_read(bytes, len, NULL, &error);
		file_wipe(file);
	}
	if (key)
		return g_strdup_printf("%s: the CA's key is NOT encrypted: openssl pkey "
				       "-aes256 writes it anew", shown);
	if (g_error_matches(error, ERR, ERR_SIGN_IN))
		return NULL;
	return g_strdup_printf("%s: %s", shown, error->message);
}

/* ---- what waits ---- */

void ca_pending_free(struct ca_pending *p)
{
	if (!p)
		return;
	g_free(p->path);
	g_clear_pointer(&p->der, g_bytes_unref);
	g_free(p->digest);
	g_free(p->oddities);
	g_free(p->owner);
	g_free(p->trouble);
	g_strfreev(p->names);
	detail_unref(p->detail);
	g_free(p);
}

static char *owner_of(uid_t uid)
{
	char buffer[4096];
	struct passwd user, *found = NULL;

	if (getpwuid_r(uid, &user, buffer, sizeof(buffer), &found) == 0 && found)
		return text_harmless_dup(user.pw_name, 64);
	return g_strdup_printf("user %u", (unsigned)uid);
}

static GBytes *csr_in(GBytes *file, GError **error)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(file, &len);
	g_autoptr(GPtrArray) items = x509_scan(bytes, len, NULL, error);
	const struct x509_item *found = NULL;
	const char *trouble = "there is no certificate request in it";

	if (!items)
		return NULL;
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR && found) {
			g_set_error(error, ERR, ERR_FORMAT,
				    "there are several requests in it; one a file is read");
			return NULL;
		}
		if (item->kind == X509_ITEM_CSR)
			found = item;
		else if (item->kind == X509_ITEM_BAD)
			trouble = item->trouble;
	}
	if (found)
		return g_bytes_ref(found->der);
	g_set_error(error, ERR, ERR_FORMAT, "%s", trouble);
	return NULL;
}

struct ca_pending *ca_pending_read(const char *path)
{
	struct ca_pending *p = g_new0(struct ca_pending, 1);
	g_autofree char *shown = folder_shown(path);
	g_autoptr(GError) error = NULL;
	struct stat st;
	g_autoptr(GBytes) file = NULL;

	p->path = g_strdup(path);
	if (stat(path, &st) == 0) {
		p->since = st.st_mtime;
		p->owner = owner_of(st.st_uid);
	}
	file = file_read(path, CA_REQUEST_MAX, NULL, &error);
	p->der = file ? csr_in(file, &error) : NULL;
	p->detail = p->der ? x509_csr_describe(p->der, &p->names, &p->oddities, &error) : NULL;
	if (p->detail) {
		p->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, p->der);
		return p;
	}
	g_clear_pointer(&p->der, g_bytes_unref);
	p->digest = file ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file) : g_strdup("");
	p->trouble = file ? g_strdup_printf("%s: %s", shown, error->message) :
			    g_strdup(error->message);
	return p;
}

static bool is_request_name(const char *name)
{
	return g_str_has_suffix(name, ".csr") || g_str_has_suffix(name, ".pem") ||
	       g_str_has_suffix(name, ".req");
}

GPtrArray *ca_pending_paths(const char *folder, GPtrArray *troubles)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *pending = g_build_filename(folder, "pending", NULL);
	struct walk *w = walk_new(pending, 0, CA_REQUEST_MAX, NULL);
	g_autoptr(GError) error = NULL;
	bool ok = walk_run(w, NULL, &error);

	for (guint i = 0; ok && i < w->files->len && paths->len < PENDING_MAX; i++) {
		const char *name = g_array_index(w->files, struct walk_file, i).path;

		if (is_request_name(name))
			g_ptr_array_add(paths, g_build_filename(pending, name, NULL));
	}
	for (guint i = 0; troubles && i < w->troubles->len; i++)
		g_ptr_array_add(troubles, g_strdup(w->troubles->pdata[i]));
	if (!ok && troubles)
		g_ptr_array_add(troubles, g_strdup(error->message));
	walk_free(w);
	return paths;
}

char *ca_request_id(const char *folder, const char *path)
{
	g_autofree char *store = local_store_id(LOCAL_CA, folder);
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *shown = text_harmless_dup(base, 1024);

	return g_strdup_printf("%s/pending/%s", store, shown);
}

char *ca_find_pending(const char *folder, const char *id)
{
	g_autoptr(GPtrArray) paths = ca_pending_paths(folder, NULL);

	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *its = ca_request_id(folder, paths->pdata[i]);

		if (!strcmp(its, id))
			return g_strdup(paths->pdata[i]);
	}
	return NULL;
}

/* ---- what was answered ---- */

static void answer_free(void *p)
{
	struct ca_answer *a = p;

	g_free(a->digest);
	g_free(a->path);
	g_free(a->reason);
	g_clear_pointer(&a->cert, g_bytes_unref);
	g_free(a);
}

/* What stands behind a word at the beginning of a line; new, or NULL. */
static char *line_of(const char *text, size_t len, const char *word)
{
	const char *end = text + len;

	for (const char *line = text; line < end;) {
		const char *nl = memchr(line, '\n', (size_t)(end - line));
		const char *stop = nl ? nl : end;

		if ((size_t)(stop - line) > strlen(word) && !memcmp(line, word, strlen(word)))
			return g_strndup(line + strlen(word),
					 (gsize)(stop - line) - strlen(word));
		if (line < stop && *line == '-')	/* the certificate begins */
			break;
		line = nl ? nl + 1 : end;
	}
	return NULL;
}

static GBytes *first_cert(const uint8_t *bytes, size_t len)
{
	g_autoptr(GPtrArray) items = x509_scan(bytes, len, NULL, NULL);
	const struct x509_item *item = items && items->len ? items->pdata[0] : NULL;

	return item && item->kind == X509_ITEM_CERT ? g_bytes_ref(item->der) : NULL;
}

static bool has_request_beside(const char *path)
{
	g_autofree char *stem = g_strndup(path, strlen(path) - strlen(".pem"));
	g_autofree char *csr = g_strconcat(stem, ".csr", NULL);

	return g_file_test(csr, G_FILE_TEST_EXISTS);
}

static struct ca_answer *read_answer(const char *path, bool is_issued)
{
	struct file_id id;
	g_autoptr(GBytes) file = file_read(path, CA_REQUEST_MAX, &id, NULL);
	g_autofree char *digest = NULL, *reason = NULL;
	struct ca_answer *a;
	gsize len;
	const char *text = file ? g_bytes_get_data(file, &len) : NULL;

	digest = text ? line_of(text, len, CA_MARK) : NULL;
	if (!digest)
		return NULL;
	a = g_new0(struct ca_answer, 1);
	a->digest = g_steal_pointer(&digest);
	a->path = g_strdup(path);
	a->is_issued = is_issued;
	a->when = id.mtime_ns / INT64_C(1000000000);
	if (is_issued) {
		a->cert = first_cert((const uint8_t *)text, len);
		a->is_finished = has_request_beside(path);
	} else {
		reason = line_of(text, len, "reason: ");
		a->reason = text_harmless_dup(reason ? reason : "", 2000);
		a->is_finished = true;
	}
	if (!is_issued || a->cert)
		return a;
	answer_free(a);
	return NULL;
}

static void add_answers(const char *folder, const char *sub, const char *suffix,
			GPtrArray *answers)
{
	g_autofree char *path = g_build_filename(folder, sub, NULL);
	struct walk *w = walk_new(path, 0, CA_REQUEST_MAX, NULL);
	bool ok = walk_run(w, NULL, NULL);

	for (guint i = 0; ok && i < w->files->len && answers->len < ANSWERS_MAX; i++) {
		const char *name = g_array_index(w->files, struct walk_file, i).path;
		g_autofree char *file = g_build_filename(path, name, NULL);
		struct ca_answer *a = g_str_has_suffix(name, suffix) ?
			read_answer(file, !strcmp(sub, "issued")) : NULL;

		if (a)
			g_ptr_array_add(answers, a);
	}
	walk_free(w);
}

static int by_time(const void *a, const void *b)
{
	const struct ca_answer *x = *(struct ca_answer *const *)a;
	const struct ca_answer *y = *(struct ca_answer *const *)b;

	return x->when < y->when ? 1 : x->when > y->when ? -1 : 0;
}

GPtrArray *ca_answers(const char *folder)
{
	GPtrArray *answers = g_ptr_array_new_with_free_func(answer_free);

	add_answers(folder, "issued", ".pem", answers);
	add_answers(folder, "denied", ".reason", answers);
	g_ptr_array_sort(answers, by_time);
	return answers;
}

const struct ca_answer *ca_find_answer(const GPtrArray *answers, const char *digest)
{
	for (guint i = 0; i < answers->len; i++) {
		const struct ca_answer *a = answers->pdata[i];

		if (!strcmp(a->digest, digest))
			return a;
	}
	return NULL;
}
