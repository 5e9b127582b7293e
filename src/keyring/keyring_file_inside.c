/*
 * keyring_file_inside: what the encrypted file holds, as secrets and as JSON.
 *
 * The JSON passes through ordinary memory, once, and is wiped; the secrets themselves stay in
 * the secure heap.
 */
#include "keyring_file_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/json.h>

#define ENTRIES_MAX 4096

struct entry {
	char *account, *store, *field;
	struct secret *secret;
};

static void entry_free(void *data)
{
	struct entry *e = data;

	g_free(e->account);
	g_free(e->store);
	g_free(e->field);
	secret_free(e->secret);
	g_free(e);
}

struct keyring_file *keyring_file_new(void)
{
	struct keyring_file *f = g_new0(struct keyring_file, 1);

	f->entries = g_ptr_array_new_with_free_func(entry_free);
	return f;
}

void keyring_file_close(struct keyring_file *f)
{
	if (!f)
		return;
	g_ptr_array_unref(f->entries);
	g_free(f->path);
	g_free(f);
}

/* ---- the secrets ---- */

static bool is_it(const struct entry *e, const struct keyring_key *key)
{
	return !strcmp(e->account, key->account) && !strcmp(e->store, key->store) &&
	       !strcmp(e->field, key->field);
}

static struct entry *find(const struct keyring_file *f, const struct keyring_key *key)
{
	for (guint i = 0; i < f->entries->len; i++)
		if (is_it(f->entries->pdata[i], key))
			return f->entries->pdata[i];
	return NULL;
}

const struct secret *keyring_file_get(const struct keyring_file *f, const struct keyring_key *key)
{
	const struct entry *e = find(f, key);

	return e ? e->secret : NULL;
}

bool keyring_file_put(struct keyring_file *f, const struct keyring_key *key,
		      const struct secret *secret)
{
	struct secret *copy = secret ? secret_dup(secret) : NULL;
	struct entry *old = find(f, key), *e;

	if (secret && !copy)
		return false;
	if (old)
		g_ptr_array_remove(f->entries, old);
	if (!copy)
		return true;
	e = g_new0(struct entry, 1);
	e->account = g_strdup(key->account);
	e->store = g_strdup(key->store);
	e->field = g_strdup(key->field);
	e->secret = copy;
	g_ptr_array_add(f->entries, e);
	return true;
}

/* ---- from JSON ---- */

static struct secret *secret_of(const struct json *item)
{
	const char *text = json_str(item, "secret"), *base64 = json_str(item, "secret-base64");
	struct secret *s = NULL;
	guchar *bytes;
	gsize len;

	if (text)
		return secret_new(text, strlen(text));
	if (!base64)
		return NULL;
	bytes = g_base64_decode(base64, &len);
	s = secret_new(bytes, len);
	secret_wipe(bytes, len);
	return s;
}

static bool take(struct keyring_file *f, const struct json *item)
{
	struct keyring_key key = { json_str(item, "account"), json_str(item, "store"),
				   json_str(item, "field") };
	g_autoptr(secret) s = NULL;

	if (!key.account || !key.store || !key.field)
		return false;
	s = secret_of(item);
	return s && keyring_file_put(f, &key, s);
}

/* The bytes do not end with a NUL. */
static bool begins_list(const char *bytes, size_t len)
{
	while (len && strchr(" \t\r\n", *bytes) && *bytes) {
		bytes++;
		len--;
	}
	return len && *bytes == '[';
}

struct keyring_file *keyring_file_from_json(const char *bytes, size_t len, GError **error)
{
	g_autoptr(json) j = json_parse(bytes, len, KEYRING_FILE_INSIDE, NULL);
	g_autoptr(keyring_file) f = keyring_file_new();
	bool is_list = j && !json_key_at(j, 0) && begins_list(bytes, len);

	if (!is_list || json_count(j) > ENTRIES_MAX) {
		g_set_error(error, ERR, ERR_FORMAT, "what is inside is no list of secrets");
		return NULL;
	}
	for (size_t i = 0; i < json_count(j); i++)
		if (!take(f, json_at(j, i))) {
			g_set_error(error, ERR, ERR_FORMAT,
				    "entry %zu inside is no secret of certty's, or the memory for "
				    "secrets is full", i + 1);
			return NULL;
		}
	return g_steal_pointer(&f);
}

/* ---- to JSON ---- */

static void put_entry(struct json_writer *w, const struct entry *e)
{
	const struct secret *s = e->secret;
	char *base64;

	json_open(w, NULL, '{');
	json_put_str(w, "account", e->account);
	json_put_str(w, "store", e->store);
	json_put_str(w, "field", e->field);
	if (!memchr(s->bytes, 0, s->len) && g_utf8_validate(s->bytes, (gssize)s->len, NULL)) {
		json_put_str(w, "secret", s->bytes);
	} else {
		base64 = g_base64_encode((const guchar *)s->bytes, s->len);
		json_put_str(w, "secret-base64", base64);
		secret_wipe(base64, strlen(base64));
	}
	json_close(w, '}');
}

/* Room for the longest escapes, so that the string never moves and leaves a copy behind. */
static size_t room_for(const struct keyring_file *f)
{
	size_t room = 16;

	for (guint i = 0; i < f->entries->len; i++) {
		const struct entry *e = f->entries->pdata[i];

		room += 128 + 6 * (strlen(e->account) + strlen(e->store) + strlen(e->field) +
				   e->secret->len);
	}
	return room;
}

char *keyring_file_to_json(const struct keyring_file *f, size_t *ret_len)
{
	struct json_writer w = { .out = g_string_sized_new(room_for(f)), .pretty = true };

	json_open(&w, NULL, '[');
	for (guint i = 0; i < f->entries->len; i++)
		put_entry(&w, f->entries->pdata[i]);
	json_close(&w, ']');
	g_string_append_c(w.out, '\n');
	*ret_len = w.out->len;
	return g_string_free(w.out, FALSE);
}
