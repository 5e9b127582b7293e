/*
 * kv_rows: the rows of a vault while it is read: some made of bytes that came now, some as they were,
 * some of what a list tells until the bytes come.
 */
#include "kv.h"

#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

/* What the vault says of it, and its bytes do not. */
#define OURS (MARK_KEY | MARK_EXPORTABLE | MARK_DISABLED)

static void free_facts(void *facts)
{
	facts_done(facts);
	g_free(facts);
}

void kv_rows_init(struct kv_rows *r)
{
	r->rows = g_hash_table_new(g_str_hash, g_str_equal);
	r->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_facts);
}

void kv_rows_done(struct kv_rows *r)
{
	g_clear_pointer(&r->rows, g_hash_table_unref);
	g_clear_pointer(&r->facts, g_hash_table_unref);
}

void kv_rows_find(struct kv_rows *r, const struct op *op)
{
	g_hash_table_remove_all(r->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(r->rows, op->old->aliases + op->old->alias[i], GUINT_TO_POINTER(i + 1));
}

/* A row that was made of its bytes, and one; 0: none. */
static guint old_row(const struct kv_rows *r, const struct op *op, const char *name)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(r->rows, name));

	return row && op->old->print[row - 1] ? row : 0;
}

bool kv_rows_is_read(const struct kv_rows *r, const struct op *op, const struct kv_cert *c)
{
	return c->has_digest && old_row(r, op, c->name);
}

void kv_rows_put(const struct kv_rows *r, struct op *op, const struct kv_cert *c)
{
	const struct facts *known = g_hash_table_lookup(r->facts, c->name);
	uint32_t marks = kv_cert_marks(c);
	guint row = c->has_digest && !known ? old_row(r, op, c->name) : 0;
	struct facts f;

	if (known) {
		op_row(op, known, c->name, known->marks | marks);
	} else if (row) {
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)OURS) | marks);
	} else {
		kv_cert_facts(c, &f);
		op_row(op, &f, c->name, f.marks | marks);
		facts_done(&f);
	}
	op->keys += c->has_key;
}

bool kv_rows_take(struct kv_rows *r, struct op *op, struct kv_cert *c, GBytes *der)
{
	struct facts *f = g_new0(struct facts, 1);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree char *print = g_compute_checksum_for_data(G_CHECKSUM_SHA1, bytes, len);

	if ((*c->print && g_ascii_strcasecmp(print, c->print)) || !x509_facts(bytes, len, f, NULL)) {
		g_free(f);
		return false;
	}
	memcpy(c->sha256, f->sha256, sizeof(c->sha256));
	c->has_digest = true;
	op_fresh(op, f->sha256, der);
	g_hash_table_replace(r->facts, g_strdup(c->name), f);
	return true;
}
