/* fuzz-vault-role: whatever an engine says of a role becomes a row whose texts are harmless, whose facts
 * are lines of their own and whose answers can be read back. */
#include <provider/vault/vault_role.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, bool has_lines)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true(((unsigned char)*p >= 0x20 && *p != 0x7f) || (has_lines && *p == '\n'));
}

static void check_fact(void *who, const char *label, const char *value)
{
	(void)who;
	check(label, false);
	check(value, false);
}

static void try_row(const struct op *op, const char *name, const struct json *role)
{
	g_autoptr(object) o = vault_role_row(op, name, role);
	g_autoptr(args) answers = args_new();

	g_assert_cmpstr(object_key(o), ==, name);
	check(o->summary, false);
	check(o->facts, true);
	check(o->answers, true);
	object_each_fact(o, check_fact, NULL);
	object_read_answers(o, answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sorts[] = { VAULT_PKI, VAULT_KEYFACTOR };
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(store) s = store_new("v/mount");
	struct op op;

	op_init(&op);
	op.store = s;
	for (size_t i = 0; j && i < G_N_ELEMENTS(sorts); i++) {
		store_set(&s->type, sorts[i]);
		try_row(&op, "web", json_get(j, "data"));
		try_row(&op, "web", j);
	}
	op_done(&op);
	return 0;
}
