/* fuzz-keyfactor-keystore: whatever Command tells of a type and of a store of it becomes a row whose texts
 * are harmless, and what is sent of it is JSON again, with its properties as JSON inside, or it is said why
 * nothing is sent. */
#include <provider/keyfactor/keyfactor_enrol.h>
#include <provider/keyfactor/keyfactor_keystores.h>

#include <string.h>

#include <certty/model/parts.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_fact(void *who, const char *label, const char *value)
{
	(void)who;
	check(label);
	check(value);
}

static void try_row(const struct json *store, const struct keyfactor_kind *k)
{
	g_autoptr(store) s = store_new("kf/command");
	struct op op;
	struct object *o;

	op_init(&op);
	op.store = s;
	o = keyfactor_keystore_row(&op, store, k, NULL);
	if (o) {
		check(o->name);
		check(o->summary);
		object_each_fact(o, check_fact, NULL);
		object_unref(o);
	}
	op_done(&op);
}

static void try_body(const struct json *store, const struct keyfactor_kind *k, const char *words)
{
	g_autoptr(keyfactor_wish) w = keyfactor_wish_new();
	const struct keyfactor_whose whose = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(json) sent = NULL, inside = NULL;
	GString *body = NULL;

	g_hash_table_unref(w->said);
	w->said = parts_words(words);
	g_hash_table_replace(w->secrets.values, g_strdup("Pin"), (char *)"1");
	if (keyfactor_wish_check(w, k, &error))
		body = keyfactor_keystore_body(w, k, store, &whose, &error);
	g_assert_true(!body == !!error);
	if (!body)
		return;
	sent = json_parse(body->str, body->len, 1u << 24, NULL);
	g_assert_nonnull(sent);
	inside = keyfactor_keystore_properties(sent);
	g_assert_true(inside || strlen(json_text(keyfactor_get(sent, "Properties"))) > 65536);
	keyfactor_body_free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(keyfactor_kind) k = j ? keyfactor_kind_read(keyfactor_get(j, "type")) : NULL;
	const char *words = j ? json_text(keyfactor_get(j, "words")) : NULL;

	if (!j)
		return 0;
	try_row(keyfactor_get(j, "store"), k);
	if (k)
		try_body(keyfactor_get(j, "store"), k, words ? words : "");
	return 0;
}
