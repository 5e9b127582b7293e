/* fuzz-keyfactor-csv: any file as certificate stores of Command becomes rows that are sent as JSON with their
 * properties as JSON inside, or that say why they are not; or it is said why it is no such file. */
#include <provider/keyfactor/keyfactor_enrol.h>
#include <provider/keyfactor/keyfactor_keystores.h>

#include <string.h>

#define TYPE "{\"ShortName\":\"T\",\"StoreType\":110,\"ServerRequired\":true,\"Properties\":[" \
	"{\"Name\":\"Way\",\"Type\":\"MultipleChoice\",\"DefaultValue\":\"one,two\"}," \
	"{\"Name\":\"Port\",\"Type\":\"String\"}]}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_row(struct keyfactor_wish *w, const struct keyfactor_kind *k)
{
	const struct keyfactor_whose whose = { .container = w->container_id };
	g_autoptr(GError) error = NULL;
	g_autoptr(json) sent = NULL, inside = NULL;
	GString *body = NULL;

	keyfactor_wish_sort(w, k);
	if (!w->wrong && keyfactor_wish_check(w, k, &error))
		body = keyfactor_keystore_body(w, k, NULL, &whose, &error);
	if (!body)
		return;
	sent = json_parse(body->str, body->len, 1u << 26, NULL);
	g_assert_nonnull(sent);
	inside = keyfactor_keystore_properties(sent);
	g_assert_true(inside || strlen(json_text(keyfactor_get(sent, "Properties"))) > 65536);
	keyfactor_body_free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(csv) c = csv_read(bytes, NULL);
	g_autoptr(json) type = json_parse(TYPE, strlen(TYPE), 1u << 16, NULL);
	g_autoptr(keyfactor_kind) k = keyfactor_kind_read(type);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) wishes = c ? keyfactor_csv_wishes(c, &error) : NULL;

	g_assert_true(!c || !wishes == !!error);
	for (guint i = 0; wishes && i < wishes->len; i++)
		try_row(wishes->pdata[i], k);
	return 0;
}
