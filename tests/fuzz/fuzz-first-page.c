/* fuzz-first-page: bytes of a saved first page are refused, or are a snapshot to be shown. */
#include <certty/base/err.h>
#include <certty/model/query.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_all(const struct snapshot *s)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (uint32_t i = 0; i < s->certs->n; i++) {
		certs_id(s->certs, s->certs->by_name[i], out);
		g_string_append(out, certs_issuer(s->certs, i));
		g_string_append_printf(out, "%u", certs_count_places(s->certs, i));
	}
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; s->kind[kind] && i < s->kind[kind]->n; i++)
			g_string_append(out,
					s->kind[kind]->type->id(s->kind[kind]->item[i]));
	for (uint32_t t = 0; t < s->certs->n_tables; t++)
		snapshot_store(s, t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intern *words = intern_new();
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	struct snapshot *s = snapshot_unpack_first_page(bytes, words, &error);

	if (s)
		look_at_all(s);
	else
		g_assert_error(error, ERR, ERR_FORMAT);
	snapshot_unref(s);
	intern_free(words);
	return 0;
}
