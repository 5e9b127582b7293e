/*
 * One of Command's certificate stores as it is told and as it is sent: in the forms that versions have, with
 * what its type wants to be told, and without a secret that is hidden.
 */
#include "provider/keyfactor/keyfactor_enrol.h"
#include "provider/keyfactor/keyfactor_keystores.h"

#include <string.h>

#include <certty/model/parts.h>

#define AGENT "11111111-2222-3333-4444-555555555555"
#define TYPE "{\"ShortName\":\"T\",\"StoreType\":110,\"ServerRequired\":true,\"Properties\":[" \
	"{\"Name\":\"Way\",\"Type\":\"MultipleChoice\",\"DefaultValue\":\"one, two\"}," \
	"{\"name\":\"Sudo\",\"Type\":\"Bool\",\"DefaultValue\":\"false\"}," \
	"{\"Name\":\"Why\",\"Type\":\"String\",\"Required\":true,\"DependsOn\":\"Sudo\"}," \
	"{\"Name\":\"Pin\",\"Type\":\"Secret\",\"DefaultValue\":\"no default\"}," \
	"{\"Name\":\"way\",\"Type\":\"String\"},{\"Name\":\"\"}]}"
#define STORE(properties, more) "{\"Id\":\"" AGENT "\",\"ClientMachine\":\"m\",\"StorePath\":\"/p\"," \
	"\"CertStoreType\":110,\"Approved\":true,\"AgentId\":\"" AGENT "\",\"Properties\":\"" properties "\"" \
	more "}"

static struct json *parse(const char *text)
{
	struct json *j = json_parse(text, strlen(text), 1u << 20, NULL);

	g_assert_nonnull(j);
	return j;
}

static struct keyfactor_kind *kind(void)
{
	g_autoptr(json) j = parse(TYPE);

	return keyfactor_kind_read(j);
}

static struct keyfactor_wish *wish(const char *words)
{
	struct keyfactor_wish *w = keyfactor_wish_new();

	g_hash_table_unref(w->said);
	w->said = parts_words(words);
	return w;
}

/* What is sent; or, after "!", why it is not. */
static char *send(const char *now, struct keyfactor_wish *w /* taken */)
{
	static char agent[] = AGENT;
	const struct keyfactor_whose whose = { .agent = now ? NULL : agent };
	g_autoptr(keyfactor_kind) k = kind();
	g_autoptr(json) j = now ? parse(now) : NULL;
	g_autoptr(GError) error = NULL;
	GString *body = keyfactor_wish_check(w, k, &error) ? keyfactor_keystore_body(w, k, j, &whose, &error) :
							     NULL;
	char *got = body ? g_strdup(body->str) : g_strconcat("!", error->message, NULL);

	if (body)
		keyfactor_body_free(body);
	keyfactor_wish_free(w);
	return got;
}

static void expect(char *got /* taken */, const char *wanted)
{
	if (!strstr(got, wanted))
		g_error("%s: %s", got, wanted);
	g_free(got);
}

static void test_new(void)
{
	struct keyfactor_wish *w = wish("WAY=two, Sudo=TRUE, Why=a \"reason\"");

	w->machine = g_strdup("m");
	w->path = g_strdup("/p");
	w->schedule = g_strdup("{\"Weekly\":{\"Days\":[\"monday\",3,\"x\"],\"Time\":\"t\"},\"Daily\":null}");
	w->password = "a\tb";
	g_hash_table_replace(w->secrets.values, g_strdup("pin"), (char *)"1\"2");
	expect(send(NULL, w), "{\"ContainerId\":null,\"ClientMachine\":\"m\",\"Storepath\":\"/p\","
	       "\"CertStoreType\":110,\"Approved\":true,\"CreateIfMissing\":false,\"Properties\":\""
	       "{\\\"Way\\\":{\\\"value\\\":\\\"two\\\"},\\\"Sudo\\\":{\\\"value\\\":\\\"TRUE\\\"},"
	       "\\\"Why\\\":{\\\"value\\\":\\\"a \\\\\\\"reason\\\\\\\"\\\"},"
	       "\\\"Pin\\\":{\\\"value\\\":{\\\"SecretValue\\\":\\\"1\\\\\\\"2\\\"}},"
	       "\\\"ServerUseSsl\\\":{\\\"value\\\":\\\"true\\\"}}\",\"AgentId\":\"" AGENT "\","
	       "\"InventorySchedule\":{\"Weekly\":{\"Days\":[1,3],\"Time\":\"t\"}},"
	       "\"Password\":{\"SecretValue\":\"a\\tb\"}}");
	expect(send(NULL, wish("")), "\\\"Way\\\":{\\\"value\\\":\\\"one\\\"}");
	expect(send(NULL, wish("Sudo=true")), "!the property Why is needed");
	expect(send(NULL, wish("Pin=1")), "!Pin is a secret");
	expect(send(NULL, wish("Way=three")), "!Way is one of one, two, and not three");
	expect(send(NULL, wish("Other=1")),
	       "!stores of the type T have no property Other; there are Way, Sudo");
}

/* As it is told: bare, in an object, with nothing in it. */
static void test_kept(void)
{
	expect(send(STORE("{\\\"way\\\":\\\"two\\\",\\\"Pin\\\":{\\\"value\\\":null},\\\"More\\\":\\\"x\\\"}",
			  ",\"ContainerId\":7,\"InventorySchedule\":{\"Interval\":{\"Minutes\":5},"
			  "\"Daily\":null}"),
		    wish("")),
	       "{\"Id\":\"" AGENT "\",\"ContainerId\":7,\"ClientMachine\":\"m\",\"Storepath\":\"/p\","
	       "\"CertStoreType\":110,\"Approved\":true,\"CreateIfMissing\":false,\"Properties\":\""
	       "{\\\"Way\\\":{\\\"value\\\":\\\"two\\\"},\\\"More\\\":\\\"x\\\"}\",\"AgentId\":\"" AGENT "\","
	       "\"InventorySchedule\":{\"Interval\":{\"Minutes\":5}}}");
	expect(send(STORE("{\\\"Sudo\\\":{\\\"Value\\\":true}}", ""), wish("Way=one")),
	       "!the property Why is needed");
}

static void test_hidden(void)
{
	static const char *const hidden[] = {
		STORE("{\\\"Pin\\\":\\\"*****\\\"}", ""),
		STORE("{\\\"Pin\\\":{\\\"value\\\":{\\\"SecretValue\\\":\\\"*\\\"}}}", ""),
		STORE("{\\\"pin\\\":{\\\"Value\\\":{\\\"Provider\\\":3,\\\"Parameters\\\":{}}}}", ""),
	};

	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
		struct keyfactor_wish *w = wish("");

		expect(send(hidden[i], wish("Way=one")), "!Command hides Pin");
		g_hash_table_replace(w->secrets.values, g_strdup("Pin"), (char *)"new");
		expect(send(hidden[i], w), "{\\\"SecretValue\\\":\\\"new\\\"}");
	}
	expect(send(STORE("{}", ",\"Password\":{\"HasValue\":true}"), wish("")), "!Command hides the password");
	expect(send(STORE("{\\\"Strange\\\":{\\\"value\\\":{\\\"SecretValue\\\":\\\"*\\\"}}}", ""), wish("")),
	       "!it has Strange");
	expect(send(STORE("{broken", ""), wish("")), "!its properties cannot be read");
}

static void test_row(void)
{
	g_autoptr(json) j = parse(STORE("{\\\"Way\\\":\\\"two\\\",\\\"Pin\\\":\\\"1234\\\","
					"\\\"Strange\\\":\\\"5678\\\"}", ",\"Password\":{\"HasValue\":true}"));
	g_autoptr(store) s = store_new("kf/command");
	g_autoptr(keyfactor_kind) k = kind();
	g_autofree char *pin = NULL, *password = NULL, *others = NULL;
	struct op op;
	struct object *o;

	op_init(&op);
	op.store = s;
	o = keyfactor_keystore_row(&op, j, k, NULL);
	g_assert_cmpstr(o->name, ==, "m: /p");
	pin = keyfactor_thing_fact(o, "Pin");
	password = keyfactor_thing_fact(o, "store password");
	others = keyfactor_thing_fact(o, "other properties");
	g_assert_cmpstr(pin, ==, "a secret, which is not shown");
	g_assert_cmpstr(password, ==, "set, and not shown");
	g_assert_cmpstr(others, ==, "1 that its type does not know");
	g_assert_null(strstr(o->facts, "1234"));
	g_assert_null(strstr(o->facts, "5678"));
	g_assert_nonnull(strstr(o->answers, "properties=Way=two"));
	object_unref(o);
	op_done(&op);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyfactor/keystores/new", test_new);
	g_test_add_func("/keyfactor/keystores/kept", test_kept);
	g_test_add_func("/keyfactor/keystores/hidden", test_hidden);
	g_test_add_func("/keyfactor/keystores/row", test_row);
	return g_test_run();
}
