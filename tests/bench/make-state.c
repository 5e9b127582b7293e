/*
 * make-state: a saved state as the program itself writes it, for the bench of the screen.
 *
 *	make-state FOLDER CERTIFICATES
 *
 * FOLDER/certty.db gets that many certificates in 500 stores (of the made-up estate that
 * the bench of the model uses), their first page, and the DER of a handful: a list never
 * looks at DER, so a million of them would only make the file large.  The same call makes
 * the same rows, but for that handful (made afresh) and the time at which the stores were
 * last tried, which is now, so that no refresh is due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <certty/db/db_state.h>
#include <certty/model/x509.h>
#include <certty/view/view.h>

#include "../model/columns.h"
#include "../model/make.h"

#define STORES 500
#define SAMPLE 16	/* certificates that are there as DER */
#define PAGE_ROWS 80

static void must(bool ok, GError *error)
{
	if (ok)
		return;
	fprintf(stderr, "make-state: %s\n", error ? error->message : "it failed");
	exit(1);
}

/* The certificates of which DER is saved: those at the head of the first store. */
static GArray *make_sample(void)
{
	GArray *sample = g_array_new(FALSE, FALSE, sizeof(struct db_cert));

	for (int i = 0; i < SAMPLE; i++) {
		g_autofree char *name = g_strdup_printf("sample-%02d.example.org", i);
		g_autofree char *sans = g_strdup_printf("DNS:%s,DNS:example.org", name);
		const struct make m = { .subject = name, .sans = sans };
		struct db_cert c = { .der = make_cert_der(&m) };
		g_autofree char *sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, c.der);

		for (size_t at = 0; at < sizeof(c.sha256); at++)
			c.sha256[at] = (uint8_t)(g_ascii_xdigit_value(sha256[2 * at]) << 4 |
						 g_ascii_xdigit_value(sha256[2 * at + 1]));
		g_array_append_val(sample, c);
	}
	return sample;
}

static struct table *sampled(struct intern *words, const struct table *old, const GArray *sample)
{
	struct table_builder *b = table_builder_new(old->store, words);
	GError *error = NULL;

	for (guint i = 0; i < sample->len; i++) {
		GBytes *der = g_array_index(sample, struct db_cert, i).der;
		g_autofree char *alias = g_strdup_printf("sample/cert-%02u.pem", i);
		struct facts f;

		must(x509_facts(g_bytes_get_data(der, NULL), g_bytes_get_size(der), &f, &error),
		     error);
		table_builder_add(b, &f, alias, f.marks);
		facts_done(&f);
	}
	for (uint32_t row = sample->len; row < old->n; row++)
		table_builder_copy(b, old, row, old->marks[row]);
	return table_builder_end(b, old->seen);
}

static struct items *tried_now(const struct items *stores, struct table *const *tables)
{
	g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func((GDestroyNotify)store_unref);

	for (size_t i = 0; i < stores->n; i++) {
		struct store *s = store_dup(stores->item[i]);

		s->origin = STORE_ADDED;
		s->tried = time(NULL);
		s->seen = tables[i]->seen;
		s->certs = tables[i]->n;
		g_ptr_array_add(copies, s);
	}
	return items_new(&store_type, copies->pdata, copies->len);
}

/* As page.c of the screen does it. */
static GBytes *first_page(const struct snapshot *s)
{
	struct frame f = { .snap = s, .now = time(NULL) };
	struct first_rows rows[KIND_COUNT];
	g_autoptr(query) all = query_parse("", NULL);
	GBytes *page;

	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct view *v = view_table[kind];
		uint32_t *row = g_new(uint32_t, view_count(v, s) + 1);

		rows[kind].row = row;
		rows[kind].n = MIN(view_select(v, &f, all, v->default_order,
					       v->default_descending, NULL, NULL, row),
				   PAGE_ROWS);
	}
	page = snapshot_pack_first_page(s, rows);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		g_free((void *)rows[kind].row);
	return page;
}

/* Store by store, as refreshes do: in one piece the log would stay as long as the file. */
static void save(struct db *db, const struct snapshot *s, struct table *const *tables,
		 const struct intern *words, const GArray *sample)
{
	g_autoptr(GBytes) page = first_page(s);
	GError *error = NULL;

	must(page, NULL);
	for (size_t i = 0; i < s->kind[KIND_STORES]->n; i++) {
		struct db_refresh r = { .store = s->kind[KIND_STORES]->item[i],
					.table = tables[i], .words = words };

		if (i == 0) {
			r.fresh = (const struct db_cert *)(void *)sample->data;
			r.n_fresh = sample->len;
		}
		must(db_refresh_put(db, &r, &error), error);
	}
	must(db_page_put(db, page, &error), error);
}

int main(int argc, char **argv)
{
	uint32_t certs = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	struct columns_shape shape = { STORES, certs / STORES, 1u << 30, 1 };
	struct table **tables = g_new(struct table *, STORES), *first;
	struct intern *words = intern_new();
	g_autofree char *path = NULL;
	g_autoptr(GArray) sample = NULL;
	struct snapshot *s;
	struct items *stores;
	GError *error = NULL;
	struct db *db;

	must(certs >= STORES * SAMPLE, NULL);
	path = g_build_filename(argv[1], "certty.db", NULL);
	s = columns_snapshot(words, 1, &shape, tables);
	sample = make_sample();
	first = sampled(words, tables[0], sample);
	table_unref(tables[0]);
	tables[0] = first;
	stores = tried_now(s->kind[KIND_STORES], tables);
	items_unref(s->kind[KIND_STORES]);
	s->kind[KIND_STORES] = stores;
	certs_unref(s->certs);
	s->certs = certs_new(NULL, tables, STORES, words);
	s->count[KIND_CERTS] = s->certs->n;
	db = db_open(path, NULL, &error);
	must(db, error);
	save(db, s, tables, words, sample);
	db_close(db);
	return 0;
}
