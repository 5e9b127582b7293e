/* fuzz-azure-vault: whatever a vault, the Resource Manager or Resource Graph answers becomes certificates,
 * operations and vaults whose texts are harmless, and which memo and row give back as they were; a damaged
 * memo gives sound ones, or none.  Names of vaults, challenges and refusals are read of the same bytes. */
#include <provider/azure/kv.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct azure_cloud cloud = { .vault_suffix = (char *)"vault.azure.net" };

static void check_text(const char *text)
{
	g_assert_nonnull(text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_texts(char *const *texts)
{
	for (; *texts; texts++)
		check_text(*texts);
}

static void check_cert(const struct kv_cert *c)
{
	struct facts f;

	for (size_t i = 0; i < kv_cert_n_texts; i++)
		check_text(*(char *const *)((const char *)c + kv_cert_texts[i]));
	for (size_t i = 0; i < kv_cert_n_lists; i++)
		check_texts(*(char **const *)((const char *)c + kv_cert_lists[i]));
	kv_cert_facts(c, &f);
	check_text(f.name);
	facts_done(&f);
}

static void read_cert(const struct json *j, GPtrArray *certs)
{
	struct kv_cert *c = kv_cert_read(j);
	g_autofree char *line = kv_cert_version_line(j);
	g_autoptr(GBytes) der = c ? kv_cert_add(c, j) : NULL;

	if (line)
		check_text(line);
	if (!c)
		return;
	check_cert(c);
	g_ptr_array_add(certs, c);
}

static void read_operation(const struct json *j)
{
	g_autoptr(kv_operation) o = kv_operation_read("web", j), back = NULL;
	g_autofree char *kept = o ? kv_operation_keep(o) : NULL;

	if (!o)
		return;
	back = kv_operation_kept(kept);
	check_text(o->status);
	check_text(kv_operation_waits_for(o));
	g_assert_cmpstr(back->status, ==, o->status);
	g_assert_cmpstr(back->error, ==, o->error);
	g_assert_true((back->csr == NULL) == (o->csr == NULL));
}

static void read_vault(const struct json *j)
{
	g_autoptr(kv_vault) v = kv_vault_read(j);
	g_autofree char *said = v ? kv_vault_say(v) : NULL;
	g_auto(GStrv) facts = v ? kv_vault_facts(v) : NULL;

	if (!v)
		return;
	check_text(said);
	check_texts(facts);
}

static void read_memo(GBytes *bytes)
{
	struct kv_memo m;
	GHashTableIter iter;
	gpointer value;

	kv_memo_read(&m, bytes);
	check_text(m.tenant);
	check_texts(m.facts);
	g_hash_table_iter_init(&iter, m.certs);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		check_cert(value);
	kv_memo_done(&m);
}

static void check_memo(const GPtrArray *certs)
{
	struct kv_memo m, back;
	g_autoptr(GBytes) memo = NULL;

	kv_memo_read(&m, NULL);
	memo = kv_memo_write(&m, certs);
	kv_memo_read(&back, memo);
	for (guint i = 0; i < certs->len; i++) {
		const struct kv_cert *c = certs->pdata[i], *b = g_hash_table_lookup(back.certs, c->name);

		g_assert_nonnull(b);
	}
	kv_memo_done(&back);
	kv_memo_done(&m);
}

static void read_text(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *tenant = NULL;
	struct kv_place p = { 0 };

	if (g_utf8_validate(text, -1, NULL) && kv_place_read(text, &cloud, &p, NULL)) {
		g_autofree char *base = kv_place_base(&p, &cloud), *url = g_strconcat(base, "/", NULL);

		g_assert_true(kv_place_is_name(p.name));
		g_assert_true(azure_cloud_owns(&cloud, AZURE_VAULT, url));
		kv_place_done(&p);
	}
	tenant = kv_call_tenant(text, "https://vault.azure.net", NULL);
	if (tenant)
		g_assert_true(strspn(tenant, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(tenant));
}

static void read_refusal(GBytes *bytes)
{
	static const int statuses[] = { 400, 401, 403, 404, 409, 429, 503 };
	struct kv_place place = { (char *)"", (char *)"", (char *)"kv-demo-1" };
	struct reply r = { .body = bytes };

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autoptr(GError) error = NULL;

		r.status = statuses[i];
		kv_refusal_set(&place, &r, "list", NULL, &error);
		check_text(error->message);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	const struct json *list = json_get(j, "value");
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)kv_cert_free);

	for (size_t i = 0; i < json_count(list); i++) {
		read_cert(json_at(list, i), certs);
		read_vault(json_at(list, i));
	}
	read_operation(j);
	check_memo(certs);
	read_memo(bytes);
	read_text(data, size);
	read_refusal(bytes);
	return 0;
}
