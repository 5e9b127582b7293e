/*
 * acm_rows: the rows of a store while it is read: some made of bytes that came now, some as they
 * were, some of what a list tells until the bytes come.
 */
#include "acm.h"

#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

/* What the service says of it, and its bytes do not. */
#define OURS (MARK_IN_USE | MARK_IMPORTED | MARK_AMAZON_ISSUED | MARK_PRIVATE_CA | MARK_REVOKED | \
	      MARK_EXPORTABLE)

static void free_facts(void *facts)
{
	facts_done(facts);
	g_free(facts);
}

void acm_rows_init(struct acm_rows *r)
{
	r->rows = g_hash_table_new(g_str_hash, g_str_equal);
	r->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_facts);
}

void acm_rows_done(struct acm_rows *r)
{
	g_clear_pointer(&r->rows, g_hash_table_unref);
	g_clear_pointer(&r->facts, g_hash_table_unref);
}

void acm_rows_find(struct acm_rows *r, const struct op *op)
{
	g_hash_table_remove_all(r->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(r->rows, op->old->aliases + op->old->alias[i],
				    GUINT_TO_POINTER(i + 1));
}

/* A row that was made of its bytes, and one; 0: none. */
static guint old_row(const struct acm_rows *r, const struct op *op, const char *alias)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(r->rows, alias));

	return row && op->old->print[row - 1] ? row : 0;
}

bool acm_rows_is_read(const struct acm_rows *r, const struct op *op, const struct acm_cert *c)
{
	return c->has_digest && old_row(r, op, c->alias);
}

void acm_rows_put(const struct acm_rows *r, struct op *op, const struct acm_cert *c)
{
	const struct facts *known = g_hash_table_lookup(r->facts, c->alias);
	uint32_t marks = acm_cert_marks(c);
	guint row = c->has_digest && !known ? old_row(r, op, c->alias) : 0;
	struct facts f;

	if (known) {
		op_row(op, known, c->alias, known->marks | marks);
	} else if (row) {
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)OURS) | marks);
	} else {
		acm_cert_facts(c, &f);
		op_row(op, &f, c->alias, f.marks | marks);
		facts_done(&f);
	}
}

bool acm_rows_take(struct acm_rows *r, struct op *op, struct acm_cert *c, const char *pem)
{
	struct facts *f = g_new0(struct facts, 1);
	g_autoptr(GBytes) der = x509_first(pem, f);

	if (!der) {
		g_free(f);
		return false;
	}
	memcpy(c->sha256, f->sha256, sizeof(c->sha256));
	c->has_digest = true;
	op_fresh(op, f->sha256, der);
	g_hash_table_replace(r->facts, g_strdup(c->alias), f);
	return true;
}

void acm_rows_miss(GHashTable *known, GHashTable *certs, GPtrArray *order, bool is_cut)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, known);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct acm_cert *c = value;

		if (g_hash_table_contains(certs, c->alias) || (c->is_missed && !is_cut))
			continue;
		g_hash_table_iter_steal(&iter);
		c->is_missed = !is_cut;
		g_hash_table_insert(certs, c->alias, c);
		g_ptr_array_add(order, c);
	}
}
