/* fuzz-keyfactor-cert: whatever Command answers to a list becomes certificates whose texts are harmless,
 * and which a memo gives back as they were; a damaged memo gives sound ones, or none.  So do templates and
 * CAs, as an object of the four answers about them. */
#include <provider/keyfactor/keyfactor_enrol.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	g_assert_nonnull(text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_cert(const struct keyfactor_cert *c)
{
	char *const *const lists[] = { c->names, c->metadata, c->places };
	struct facts f;

	for (size_t i = 0; i < keyfactor_cert_n_texts; i++)
		check_text(*(char *const *)((const char *)c + keyfactor_cert_texts[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (char *const *text = lists[i]; *text; text++)
			check_text(*text);
	keyfactor_cert_facts(c, &f);
	check_text(f.name);
	facts_done(&f);
}

static void check_rights(const GPtrArray *rights)
{
	for (guint i = 0; i < rights->len; i++) {
		const struct keyfactor_right *r = rights->pdata[i];
		g_autofree char *may = keyfactor_right_say(r);

		check_text(r->name);
		check_text(r->title);
		check_text(r->why);
		for (char *const *ca = r->cas; *ca; ca++)
			check_text(*ca);
	}
}

static GPtrArray *read_rights(const struct json *j)
{
	static const char *const keys[KEYFACTOR_RIGHTS_LISTS] = { "csr", "pfx", "templates", "cas" };
	const struct json *said[KEYFACTOR_RIGHTS_LISTS];

	for (size_t i = 0; i < KEYFACTOR_RIGHTS_LISTS; i++)
		said[i] = keyfactor_get(j, keys[i]);
	return keyfactor_rights_read(said);
}

static void check_memo(const GPtrArray *certs, const GPtrArray *rights)
{
	g_autoptr(GBytes) memo = keyfactor_memo_write(certs, rights);
	g_autoptr(GHashTable) back = keyfactor_memo_read(memo);
	g_autoptr(GPtrArray) may = keyfactor_memo_rights(memo);

	g_assert_cmpuint(may->len, ==, rights->len);
	check_rights(may);

	for (guint i = 0; i < certs->len; i++) {
		const struct keyfactor_cert *c = certs->pdata[i];
		const struct keyfactor_cert *b = g_hash_table_lookup(back, c->alias);

		g_assert_nonnull(b);
		g_assert_cmpint(b->id, ==, c->id);
	}
}

static void read_memo(GBytes *bytes)
{
	g_autoptr(GHashTable) certs = keyfactor_memo_read(bytes);
	g_autoptr(GPtrArray) rights = keyfactor_memo_rights(bytes);
	GHashTableIter iter;
	gpointer value;

	check_rights(rights);
	g_hash_table_iter_init(&iter, certs);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		check_cert(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_cert_free);
	g_autoptr(GPtrArray) rights = read_rights(j);

	for (size_t i = 0; i < json_count(j); i++) {
		struct keyfactor_cert *c = keyfactor_cert_read(json_at(j, i));

		if (!c)
			continue;
		check_cert(c);
		g_ptr_array_add(certs, c);
	}
	check_rights(rights);
	check_memo(certs, rights);
	read_memo(bytes);
	return 0;
}
