#include "enrolled.h"

#include <pthread.h>
#include <string.h>

#include <certty/base/clock.h>

#include "held.h"

static GHashTable *keys, *issued;	/* token → struct x509_key; → GBytes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_open;
static unsigned asked;

static void key_free(void *key)
{
	x509_key_free(key);
}

static void bytes_unref(void *bytes)
{
	g_bytes_unref(bytes);
}

/* ---- the test's side ---- */

void enrolled_reset(void)
{
	g_clear_pointer(&keys, g_hash_table_unref);
	g_clear_pointer(&issued, g_hash_table_unref);
	keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, key_free);
	issued = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bytes_unref);
	is_open = false;
	asked = 0;
}

void enrolled_open(void)
{
	pthread_mutex_lock(&lock);
	is_open = true;
	pthread_mutex_unlock(&lock);
}

static unsigned count(GHashTable *of)
{
	unsigned n;

	pthread_mutex_lock(&lock);
	n = g_hash_table_size(of);
	pthread_mutex_unlock(&lock);
	return n;
}

unsigned enrolled_orders(void)
{
	return count(issued);
}

unsigned enrolled_keys(void)
{
	return count(keys);
}

unsigned enrolled_asked(void)
{
	unsigned n;

	pthread_mutex_lock(&lock);
	n = asked;
	pthread_mutex_unlock(&lock);
	return n;
}

/* ---- keys ---- */

static const struct x509_key *key_of(const char *token)
{
	const struct x509_key *key = g_hash_table_lookup(keys, token);

	if (!key) {
		key = x509_key_make("ec-p256", NULL);
		g_hash_table_insert(keys, g_strdup(token), (void *)key);
	}
	return key;
}

static struct next make(struct op *op, const struct reply *none)
{
	(void)none;
	pthread_mutex_lock(&lock);
	op_csr(op, x509_csr_make(key_of(op->enrol->token), "", op->enrol->names, NULL));
	pthread_mutex_unlock(&lock);
	return next_done();
}

static struct next keep(struct op *op, const struct reply *none)
{
	struct bundle *b = bundle_dup(op->bundle);

	(void)none;
	pthread_mutex_lock(&lock);
	b->key = x509_key_dup(key_of(op->enrol->token));
	pthread_mutex_unlock(&lock);
	held_put(op->store->title, b->facts.name, b);
	op_placed(op, b->facts.name, b->facts.sha256);
	op_hand(op, b);
	return next_done();
}

static struct next drop(struct op *op, const struct reply *none)
{
	(void)none;
	pthread_mutex_lock(&lock);
	g_hash_table_remove(keys, op->enrol->token);
	pthread_mutex_unlock(&lock);
	return next_done();
}

static bool plan(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	plan_call(p, PLAN_CHANGES, "enrol", op->store->title, NULL);
	return true;
}

const struct key_maker enrolled_key_maker = { .make = make, .keep = keep, .drop = drop, .plan = plan };

/* ---- issuers ---- */

static bool is_word(const struct op *op, const char *word)
{
	return !strcmp(op->store->address + strlen("held"), word);
}

static GBytes *sign(const struct op *op)
{
	GBytes *known = g_hash_table_lookup(issued, op->enrol->token);
	g_autoptr(x509_key) key = NULL;
	g_autoptr(GBytes) csr = NULL;

	if (known)
		return known;
	key = x509_key_make("ec-p256", NULL);
	csr = is_word(op, "-wrong") ? x509_csr_make(key, "", op->enrol->names, NULL) :
				      g_bytes_ref(op->enrol->csr);
	known = x509_sign(csr, NULL, is_word(op, "-wrong") ? key : key_of(op->enrol->token), x509_profiles,
			  clock_now() - 60, clock_now() + CLOCK_DAY, NULL);
	g_hash_table_insert(issued, g_strdup(op->enrol->token), known);
	return known;
}

static struct next never(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_wait(1000000, never);
}

static struct next answer(struct op *op)
{
	if (is_word(op, "-denies")) {
		op_stands(op, REQUEST_DENIED, "Turned down", "not for you", "order-1");
		return next_done();
	}
	if (is_word(op, "-waits") && !is_open) {
		op_stands(op, REQUEST_WAITS_CA, "Pending", "somebody looks at it", "order-1");
		return next_done();
	}
	op_hand(op, bundle_new(sign(op), NULL, 0, NULL, NULL));
	return is_word(op, "-lost") && !is_open ? next_wait(1000000, never) : next_done();
}

static struct next ask(struct op *op, const struct reply *none)
{
	struct next next;

	(void)none;
	pthread_mutex_lock(&lock);
	asked++;
	next = answer(op);
	pthread_mutex_unlock(&lock);
	return next;
}

static struct next take_back(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_done();
}

const struct issuer enrolled_issuer = { .ask = ask, .take_back = take_back, .plan = plan };
