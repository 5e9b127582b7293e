/*
 * args: two small maps, one of plain values and one of secrets.
 *
 * They are apart so that whoever prints, saves or journals the answers cannot come upon a
 * secret by going through all of them.
 */
#include <certty/model/args.h>

#include <stdlib.h>
#include <string.h>

struct args {
	GHashTable *plain;	/* char * → char * */
	GHashTable *secrets;	/* char * → struct secret * */
};

static void free_secret(void *secret)
{
	secret_free(secret);
}

struct args *args_new(void)
{
	struct args *a = g_new0(struct args, 1);

	a->plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	a->secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_secret);
	return a;
}

void args_add(struct args *to, const struct args *from)
{
	GHashTableIter each;
	void *key, *value;

	g_hash_table_iter_init(&each, from->plain);
	while (g_hash_table_iter_next(&each, &key, &value))
		args_set(to, key, value);
	g_hash_table_iter_init(&each, from->secrets);
	while (g_hash_table_iter_next(&each, &key, &value))
		args_put_secret(to, key, secret_dup(value));
}

struct args *args_dup(const struct args *a)
{
	struct args *copy = args_new();

	args_add(copy, a);
	return copy;
}

void args_free(struct args *a)
{
	if (!a)
		return;
	g_hash_table_unref(a->plain);
	g_hash_table_unref(a->secrets);
	g_free(a);
}

void args_set(struct args *a, const char *key, const char *value)
{
	if (value)
		g_hash_table_insert(a->plain, g_strdup(key), g_strdup(value));
	else
		g_hash_table_remove(a->plain, key);
}

void args_put_secret(struct args *a, const char *key, struct secret *secret)
{
	if (secret)
		g_hash_table_insert(a->secrets, g_strdup(key), secret);
	else
		g_hash_table_remove(a->secrets, key);
}

const char *args_get(const struct args *a, const char *key)
{
	return g_hash_table_lookup(a->plain, key);
}

const char *args_text(const struct args *a, const char *key, const char *fallback)
{
	const char *value = args_get(a, key);

	return value ? value : fallback;
}

bool args_bool(const struct args *a, const char *key)
{
	const char *value = args_text(a, key, "");

	return !strcmp(value, "yes") || !strcmp(value, "true") || !strcmp(value, "1");
}

bool args_int(const struct args *a, const char *key, int64_t *ret)
{
	const char *value = args_get(a, key);

	return value &&
	       g_ascii_string_to_signed(value, 10, G_MININT64, G_MAXINT64, ret, NULL);
}

/* An id may hold blanks. */
char **args_ids(const struct args *a, const char *key)
{
	g_auto(GStrv) parts = g_strsplit(args_text(a, key, ""), ",", -1);
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();

	for (char **part = parts; *part; part++)
		if (*g_strstrip(*part))
			g_strv_builder_add(list, *part);
	return g_strv_builder_end(list);
}

char **args_list(const struct args *a, const char *key)
{
	g_auto(GStrv) parts = g_strsplit_set(args_text(a, key, ""), ", \t\r\n", -1);
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();

	for (char **part = parts; *part; part++)
		if (**part)
			g_strv_builder_add(list, *part);
	return g_strv_builder_end(list);
}

const struct secret *args_secret(const struct args *a, const char *key)
{
	return g_hash_table_lookup(a->secrets, key);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **keys_of(GHashTable *map)
{
	unsigned n = g_hash_table_size(map);
	char **keys = g_new0(char *, n + 1);
	char **end = keys;
	GHashTableIter each;
	void *key;

	g_hash_table_iter_init(&each, map);
	while (g_hash_table_iter_next(&each, &key, NULL))
		*end++ = g_strdup(key);
	qsort(keys, n, sizeof(*keys), by_name);
	return keys;
}

char **args_keys(const struct args *a)
{
	return keys_of(a->plain);
}

char **args_secret_keys(const struct args *a)
{
	return keys_of(a->secrets);
}
