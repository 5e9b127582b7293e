/* fuzz-keyfactor-thing: whatever Command answers about agents, types, containers and jobs becomes rows whose
 * texts are harmless, or none; any file as a manifest has a type of that name, or a reason why not. */
#include <provider/keyfactor/keyfactor_things.h>

#include <string.h>

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

static void check_row(struct object *o /* taken, or NULL */)
{
	if (!o)
		return;
	check(o->id);
	check(o->name);
	check(o->summary);
	check(o->state);
	object_each_fact(o, check_fact, NULL);
	object_unref(o);
}

static void try_rows(struct op *op, const struct json *j)
{
	g_autoptr(GPtrArray) waiting = g_ptr_array_new();
	struct object *agent = keyfactor_agent_row(op, j);
	g_autoptr(reply) r = g_new0(struct reply, 1);
	g_autofree char *job = keyfactor_run_job(j);

	if (agent)
		keyfactor_agent_holds(agent, r, keyfactor_get(j, "Stores"), waiting);
	check_row(agent);
	check_row(keyfactor_type_row(op, j));
	check_row(keyfactor_container_row(op, j, "RFPEM"));
	check_row(keyfactor_run_row(op, j));
}

static void try_manifest(const struct json *j)
{
	g_autoptr(GError) error = NULL;
	const struct json *type = keyfactor_type_find(j, "RFPEM", &error);

	g_assert_true(!type == !!error);
	if (error)
		check(error->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(store) s = store_new("kf/command");
	struct op op;

	op_init(&op);
	op.store = s;
	op.now = 1772604367;
	if (j) {
		try_rows(&op, j);
		try_manifest(j);
	}
	op_done(&op);
	return 0;
}
