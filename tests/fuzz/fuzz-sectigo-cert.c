/* fuzz-sectigo-cert: whatever Sectigo tells of a certificate, and whatever a memo holds, is harmless text;
 * what is remembered comes back; a row is an order that says what waits. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/sectigo/sectigo_certs.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	for (const char *c = text; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void check_facts(const struct sectigo_cert *c)
{
	struct facts f;

	sectigo_cert_facts(c, &f);
	check_text(f.name);
	for (char **name = f.names; *name; name++)
		check_text(*name);
	g_assert_cmpuint(strlen(f.serial) % 2, ==, 0);
	facts_done(&f);
}

static void check_row(struct op *op, const struct sectigo_cert *c)
{
	g_autoptr(request) r = sectigo_order_row(op, c, NULL);

	if (!r)
		return;
	g_assert_true(request_is_waiting(r) || r->ended);
	check_text(r->title);
	g_assert_cmpuint(strlen(r->digest), ==, 64);
}

static void check_memo(const struct sectigo_cert *c)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_autoptr(GBytes) memo = NULL;
	g_autoptr(GHashTable) back = NULL;
	const struct sectigo_cert *again;

	g_ptr_array_add(all, (void *)(uintptr_t)c);
	memo = sectigo_cert_memo_write(all);
	back = sectigo_cert_memo_read(memo);
	again = g_hash_table_lookup(back, c->alias);
	g_assert_nonnull(again);
	g_assert_cmpstr(again->status, ==, c->status);
	g_assert_cmpint(again->expires, ==, c->expires);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, 1 << 20, NULL);
	g_autoptr(GBytes) memo = g_bytes_new(data, size);
	g_autoptr(GHashTable) known = sectigo_cert_memo_read(memo);
	struct sectigo scratch = { 0 };
	struct store *s = store_new("scm/scm");
	struct sectigo_cert *c;
	struct op op;
	GHashTableIter iter;
	gpointer one;

	g_hash_table_iter_init(&iter, known);
	while (g_hash_table_iter_next(&iter, NULL, &one))
		check_facts(one);
	op_init(&op);
	op.store = s;
	op.scratch = &scratch;
	op.now = 1785580000;
	c = sectigo_cert_read(&op, j);
	if (c) {
		check_facts(c);
		check_row(&op, c);
		check_memo(c);
	}
	sectigo_cert_free(c);
	op_done(&op);
	store_unref(s);
	return 0;
}
