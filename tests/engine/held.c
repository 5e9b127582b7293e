#include "held.h"

#include <pthread.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>

atomic_int held_imports, held_renewals;

static GHashTable *all;		/* "store\nalias" → struct bundle */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- the test's side ---- */

struct bundle *held_make(const char *names, const char *kind, int64_t not_before)
{
	g_auto(GStrv) list = g_strsplit(names, " ", -1);
	g_autoptr(x509_key) key = x509_key_make(kind, NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "", (const char *const *)list, NULL);
	g_autoptr(GBytes) der = x509_sign(csr, NULL, key, x509_profiles, not_before,
					  not_before + 90 * INT64_C(86400), NULL);
	struct bundle *b = bundle_new(der, NULL, 0, x509_key_dup(key), NULL);

	g_assert_nonnull(b);
	return b;
}

static char *key_of(const char *store, const char *alias)
{
	return g_strconcat(store, "\n", alias, NULL);
}

void held_put(const char *store, const char *alias, const struct bundle *b)
{
	pthread_mutex_lock(&lock);
	g_hash_table_replace(all, key_of(store, alias), bundle_dup(b));
	pthread_mutex_unlock(&lock);
}

const struct bundle *held_get(const char *store, const char *alias)
{
	g_autofree char *key = key_of(store, alias);
	const struct bundle *b;

	pthread_mutex_lock(&lock);
	b = g_hash_table_lookup(all, key);
	pthread_mutex_unlock(&lock);
	return b;
}

void held_reset(void)
{
	g_clear_pointer(&all, g_hash_table_unref);
	all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				    (GDestroyNotify)bundle_free);
	atomic_store(&held_imports, 0);
	atomic_store(&held_renewals, 0);
}

/* ---- the provider's ---- */

bool held_is(const struct store *s)
{
	return g_str_has_prefix(s->address, "held");
}

static void add_row(struct op *op, const char *alias, const struct bundle *b)
{
	bool has_key = b->key && strcmp(op->store->address, "held-endpoint") != 0;

	op_row(op, &b->facts, alias, b->facts.marks | (has_key ? MARK_KEY : 0));
	op_fresh(op, b->facts.sha256, b->cert);
}

struct next held_refresh(struct op *op, const struct reply *none)
{
	g_autofree char *prefix = key_of(op->store->title, "");
	GHashTableIter iter;
	gpointer key, b;

	(void)none;
	pthread_mutex_lock(&lock);
	g_hash_table_iter_init(&iter, all);
	while (g_hash_table_iter_next(&iter, &key, &b))
		if (g_str_has_prefix(key, prefix))
			add_row(op, (char *)key + strlen(prefix), b);
	pthread_mutex_unlock(&lock);
	op_memo(op, g_bytes_new_static("held", 4));
	return next_done();
}

struct next held_hand(struct op *op, const struct reply *none)
{
	const struct bundle *b = held_get(op->store->title, op->cert.alias);

	(void)none;
	if (!b)
		return next_fail(op, ERR_NOT_FOUND, "it is gone");
	op_hand(op, bundle_dup(b));
	return next_done();
}

static struct next never(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_wait(1000000, never);
}

struct next held_import(struct op *op, const struct reply *none)
{
	const struct bundle *b = op->bundle;
	const char *alias = op->cert.alias ? op->cert.alias : b->facts.name;
	const char *how = op->store->address + strlen("held");
	uint8_t sha256[32];

	(void)none;
	atomic_fetch_add(&held_imports, 1);
	if (!strcmp(how, "-refuses"))
		return next_fail(op, ERR_LIMIT, "the quota is used up");
	if (!strcmp(how, "-beside") && op->cert.alias)
		alias = "beside";
	held_put(op->store->title, alias, b);
	if (!strcmp(how, "-dies"))
		return next_wait(1000000, never);
	memcpy(sha256, b->facts.sha256, sizeof(sha256));
	sha256[0] ^= !strcmp(how, "-other");
	op_placed(op, alias, sha256);
	return next_done();
}

GHashTable *held_find_renewable(const struct store *s, GBytes *memo, int64_t now)
{
	GHashTable *ret = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, renewable_free);
	static const char *const aliases[] = { "old", "young", "charged" };

	(void)memo;
	(void)now;
	for (size_t i = 0; held_is(s) && i < G_N_ELEMENTS(aliases); i++)
		g_hash_table_replace(ret, g_strdup(aliases[i]), renewable_new(
			strcmp(aliases[i], "charged") ? "" : "it costs a fortune"));
	return ret;
}

struct next held_renew(struct op *op, const struct reply *none)
{
	const struct bundle *b = held_get(op->store->title, op->cert.alias);
	g_autofree char *names = b ? g_strjoinv(" ", b->facts.names) : NULL;
	g_autofree char *whole = b ? g_strconcat(b->facts.name, " ", names, NULL) : NULL;
	g_autoptr(bundle) fresh = NULL;

	(void)none;
	atomic_fetch_add(&held_renewals, 1);
	if (!b || !strcmp(op->store->address, "held-refuses"))
		return next_fail(op, ERR_LIMIT, "the quota is used up");
	fresh = held_make(g_strstrip(whole), "ec-p256", op->now - 60);
	held_put(op->store->title, op->cert.alias, fresh);
	op_touch(op, op->store->id);
	op_say(op, "%s is renewed", fresh->facts.name);
	return next_done();
}
