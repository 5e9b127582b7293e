/*
 * seek: where the private key of a certificate lies on this machine, and opening it.
 *
 * The memo of the store's last refresh knows: by the key's hash when it could be read, else by the
 * names of the files with encrypted keys.
 */
#include "own.h"

#include <string.h>

struct seek {
	GBytes *der;
	char *root;		/* harmless, for sentences */
	GPtrArray *files;	/* full paths, the likeliest first */
	struct secret *passphrase, *of_store;
	size_t limit;
};

void seek_free(struct seek *s)
{
	if (!s)
		return;
	g_bytes_unref(s->der);
	g_free(s->root);
	g_ptr_array_unref(s->files);
	secret_free(s->passphrase);
	secret_free(s->of_store);
	g_free(s);
}

/* ---- where ---- */

/* The file of a place: what stands behind it is the certificate's number or name within. */
char *seek_file_of(const struct memo *memo, const char *alias)
{
	struct memo_file f;
	char *path = g_strdup(alias);

	while (*path && !memo_find(memo, path, &f)) {
		char *number = strrchr(path, '#'), *blank = strrchr(path, ' ');
		char *end = !blank || (number && number > blank) ? number : blank;

		*(end ? end : path) = 0;
	}
	return path;
}

static char *full_path(const struct store *s, const char *path)
{
	return *path ? g_build_filename(s->address, path, NULL) : g_strdup(s->address);
}

static GPtrArray *find_files(const struct op *op, uint32_t hash)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	struct memo *memo = memo_read(op->memo);
	const char *place = memo_find_key(memo, hash);
	g_autofree char *own = seek_file_of(memo, op->cert.alias ? op->cert.alias : "");
	g_autoptr(GPtrArray) locked = memo_find_locked(memo, own);

	if (place)
		g_ptr_array_insert(locked, 0, (char *)place);
	if (!strcmp(op->store->type, LOCAL_KEYSTORE))
		g_ptr_array_add(locked, (char *)"");
	for (guint i = 0; i < locked->len; i++)
		g_ptr_array_add(paths, full_path(op->store, locked->pdata[i]));
	memo_free(memo);
	return paths;
}

static struct secret *dup_secret(const struct op *op, const char *key)
{
	const struct secret *s = args_secret(op->args, key);

	return s ? secret_dup(s) : NULL;
}

struct seek *seek_new(const struct op *op, uint32_t key_hash)
{
	struct seek *s = g_new0(struct seek, 1);

	s->der = g_bytes_ref(op->cert.der);
	s->root = folder_shown(op->store->address);
	s->files = find_files(op, key_hash);
	s->passphrase = dup_secret(op, "passphrase");
	s->of_store = dup_secret(op, "store-passphrase");
	s->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	return s;
}

/* ---- opening ---- */

/* By the store's own passphrase where one is kept, else by the one that was given. */
static struct x509_key *open_key(const struct seek *s, const uint8_t *bytes, gsize len,
				 uint32_t hash, GError **error)
{
	struct x509_key *key = s->of_store ? x509_key_find(bytes, len, hash, s->of_store, NULL) :
					     NULL;

	return key ? key : x509_key_find(bytes, len, hash, s->passphrase, error);
}

static struct x509_key *read_key(const struct seek *s, const char *path, uint32_t hash,
				 GError **error)
{
	GBytes *file = file_read(path, s->limit, NULL, error);
	gsize len, der_len;
	const uint8_t *bytes, *der = g_bytes_get_data(s->der, &der_len);
	g_autoptr(x509_key) key = NULL;

	if (!file)
		return NULL;
	bytes = g_bytes_get_data(file, &len);
	key = open_key(s, bytes, len, hash, error);
	file_wipe(file);
	if (key && x509_key_fits(key, der, der_len))
		return g_steal_pointer(&key);
	if (key)
		folder_fail(error, ERR_NOT_FOUND, path, "holds another key");
	return NULL;
}

/* Tries the files in turn; what is told is why the likeliest of them did not do. */
struct x509_key *seek_key(const struct seek *s, uint32_t hash, GError **error)
{
	struct x509_key *key = NULL;
	GError *first = NULL;

	for (guint i = 0; i < s->files->len && !key; i++)
		key = read_key(s, s->files->pdata[i], hash, first ? NULL : &first);
	if (key) {
		g_clear_error(&first);
	} else if (first) {
		g_autofree char *shown = folder_shown(s->files->pdata[0]);

		g_propagate_prefixed_error(error, first, "the private key in %s: ", shown);
	} else {
		g_set_error(error, ERR, ERR_NOT_FOUND, "no private key of this certificate is "
			    "known in %s", s->root);
	}
	return key;
}
