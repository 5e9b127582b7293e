/*
 * columns: made-up certificates for the tests and the benchmark of tables and certs.
 *
 * The same seed makes the same estate.  Names look like those of real hosts; some
 * certificates lie in several stores, some have no digest, some hold characters that folding
 * changes.
 */
#ifndef TESTS_MODEL_COLUMNS_H
#define TESTS_MODEL_COLUMNS_H

#include <string.h>

#include <certty/model/certs.h>
#include <certty/model/mark.h>
#include <certty/model/snapshot.h>
#include <certty/model/store.h>

#define COLUMNS_NOW INT64_C(1800000000)

struct dice {
	uint64_t state;
};

static inline uint32_t dice_roll(struct dice *d, uint32_t n)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((d->state >> 33) % n);
}

struct columns_shape {
	uint32_t stores, rows;	/* rows of each store */
	uint32_t distinct;	/* how many different certificates there are to choose from */
	uint32_t odd;		/* per cent without digest, and of names that fold changes */
};

/* Certificate number `which`, always the same. */
static inline void columns_facts(uint32_t which, uint32_t odd, struct facts *f)
{
	static const char *const heads[] = { "www", "api", "mail", "shop", "db", "login",
					     "static", "vpn", "git", "node" };
	static const char *const tails[] = { "example.org", "example.com", "corp.example.net",
					     "prod.example.de", "test" };
	static const char *const keys[] = { "RSA 2048", "RSA 4096", "EC P-256", "RSA 1024",
					    "Ed25519" };
	struct dice d = { which * UINT64_C(0x9e3779b97f4a7c15) + 77 };
	int64_t begin = COLUMNS_NOW - 86400 * (int64_t)dice_roll(&d, 400);
	uint32_t issuer = dice_roll(&d, 300);
	uint64_t print;
	char *host;

	dice_roll(&d, 2);
	memset(f, 0, sizeof(*f));
	host = g_strdup_printf("%s-%u.%s", heads[dice_roll(&d, G_N_ELEMENTS(heads))],
			       dice_roll(&d, 1000000), tails[dice_roll(&d, 5)]);
	f->has_digest = dice_roll(&d, 100) >= odd;
	print = (uint64_t)dice_roll(&d, UINT32_MAX) << 32 | which;
	for (int i = 0; i < 8; i++)
		f->sha256[i] = (uint8_t)(print >> (56 - 8 * i));
	f->name = dice_roll(&d, 100) < odd ? g_strdup_printf("B\xc3\xbc" "CHER %s", host) :
					     g_strdup(host);
	f->names = g_new0(char *, 2);
	f->names[0] = g_strdup_printf("%u.%s", dice_roll(&d, 1000000),
				      strchr(host, '.') + 1);
	f->n_names = 1;
	f->issuer = g_strdup_printf("Example Issuing CA %u", issuer);
	f->key = g_strdup(keys[dice_roll(&d, G_N_ELEMENTS(keys))]);
	f->signature = g_strdup(dice_roll(&d, 10) ? "SHA-256" : "SHA-1");
	f->not_before = begin;
	f->not_after = begin + 86400 * (int64_t)(1 + dice_roll(&d, 800));
	f->marks = dice_roll(&d, 300) == 0 ? MARK_CA : MARK_LEAF;
	f->marks |= dice_roll(&d, 10) ? 0 : MARK_WEAK_KEY;
	f->marks |= dice_roll(&d, 10) ? 0 : MARK_SHA1;
	f->marks |= dice_roll(&d, 30) ? 0 : MARK_SELF_SIGNED;
	f->issuer_hash = 1 + issuer;
	f->subject_hash = f->marks & MARK_CA ? 1 + dice_roll(&d, 300) : 1000 + which;
	f->key_hash = 1 + dice_roll(&d, UINT32_MAX - 1);
	g_free(host);
}

static inline struct table *columns_table(struct intern *words, const char *store,
					  struct dice *d, const struct columns_shape *shape,
					  uint32_t rows)
{
	struct table_builder *b = table_builder_new(store, words);

	for (uint32_t row = 0; row < rows; row++) {
		uint32_t which = dice_roll(d, shape->distinct);
		g_autofree char *alias = g_strdup_printf("sites/%08x/cert-%u.pem", which,
							 dice_roll(d, 10));
		uint32_t place = dice_roll(d, 3) ? MARK_KEY : 0;
		struct facts f;

		columns_facts(which, shape->odd, &f);
		table_builder_add(b, &f, alias, f.marks | place);
		facts_done(&f);
	}
	return table_builder_end(b, COLUMNS_NOW - dice_roll(d, 100000));
}

static inline struct store *columns_store(uint32_t number)
{
	static const char *const labels[] = { "web", "mail", "Produktion", "edge" };
	static const char *const containers[] = { "prod", "stage", "lab" };
	static const char *const networks[] = { "staging", "production", "" };
	g_autofree char *id = g_strdup_printf("local/folder:/srv/%04u", number);
	g_autofree char *title = g_strdup_printf("Folder %u", number * 7919 % 1000);
	g_autofree char *address = g_strdup_printf("/srv/%04u", number);
	struct store *s = store_new(id);

	store_set(&s->account, number % 3 ? "local" : "Lab");
	store_set(&s->provider, "local");
	store_set(&s->type, number % 4 ? "folder" : "endpoint");
	store_set(&s->title, title);
	store_set(&s->address, address);
	store_set(&s->network, networks[number % 3]);
	store_set(&s->container, containers[number % 5 % 3]);
	g_strfreev(s->labels);
	s->labels = g_new0(char *, 3);
	s->labels[0] = g_strdup(labels[number % 4]);
	s->labels[1] = number % 2 ? g_strdup("blue") : NULL;
	s->state = STORE_FINE;
	return s;
}

/* A snapshot of a made-up estate; the tables come back too, referenced. */
static inline struct snapshot *columns_snapshot(struct intern *words, uint64_t seed,
						const struct columns_shape *shape,
						struct table **ret_tables)
{
	struct dice d = { seed };
	struct snapshot *s = snapshot_new(words);
	g_autofree void **stores = g_new(void *, shape->stores);

	for (uint32_t i = 0; i < shape->stores; i++) {
		struct store *store = columns_store(i);

		stores[i] = store;
		ret_tables[i] = columns_table(words, store->id, &d, shape, shape->rows);
	}
	items_unref(s->kind[KIND_STORES]);
	s->kind[KIND_STORES] = items_new(&store_type, stores, shape->stores);
	for (uint32_t i = 0; i < shape->stores; i++)
		store_unref(stores[i]);
	certs_unref(s->certs);
	s->certs = certs_new(NULL, ret_tables, shape->stores, words);
	s->count[KIND_STORES] = shape->stores;
	s->count[KIND_CERTS] = s->certs->n;
	return s;
}

static inline void columns_tables_free(struct table **tables, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		table_unref(tables[i]);
	g_free(tables);
}

#endif
