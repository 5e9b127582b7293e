/*
 * What a type of Command's stores wants to be told of each entry: by words, by what stands there, and by
 * the type.
 */
#include "provider/keyfactor/keyfactor_places.h"

#include <string.h>

#define TYPE "{\"ShortName\":\"T\",\"EntryParameters\":[" \
	"{\"Name\":\"Use\",\"Type\":\"MultipleChoice\",\"Options\":\"server, client\"," \
	 "\"RequiredWhen\":{\"OnAdd\":true}}," \
	"{\"name\":\"San\",\"Type\":\"String\",\"RequiredWhen\":{\"OnReenrollment\":true}}," \
	"{\"Name\":\"Owner\",\"Type\":\"String\",\"DefaultValue\":\"nobody\"}," \
	"{\"Name\":\"Hard\",\"Type\":\"Bool\"}," \
	"{\"Name\":\"Pin\",\"Type\":\"Secret\",\"RequiredWhen\":{\"OnRemove\":true}}," \
	"{\"Name\":\"\"}]}"

static struct keyfactor_place *place(void)
{
	g_autoptr(json) j = json_parse(TYPE, strlen(TYPE), 1u << 20, NULL);
	g_autoptr(keyfactor_place) p = keyfactor_place_new();
	g_autoptr(GBytes) memo = NULL;

	g_assert_nonnull(j);
	keyfactor_place_take_type(p, j);
	memo = keyfactor_place_write(p);
	return keyfactor_place_read(memo);	/* as it is known later */
}

static const char *secret;	/* given as such; or NULL */

static void expect(const char *words, const char *there, enum keyfactor_when when, const char *wanted)
{
	g_autoptr(args) args = args_new();
	g_autoptr(keyfactor_place) p = place();
	struct keyfactor_entry *e = keyfactor_entry_new("a", "a");
	g_autoptr(GError) error = NULL;
	g_autofree char *got = NULL;

	g_ptr_array_add(p->entries, e);
	store_set(&e->parameters, there ? there : "");
	args_set(args, "parameters", words);
	if (secret)
		args_put_secret(args, "parameter-secrets", secret_new(secret, strlen(secret)));
	got = keyfactor_place_fields(p, args, there ? e : NULL, when, &error);
	if (*wanted == '{') {
		g_assert_no_error(error);
		g_assert_cmpstr(got, ==, wanted);
		return;
	}
	g_assert_null(got);
	g_assert_nonnull(error);
	if (!strstr(error->message, wanted))
		g_error("%s: %s, and not %s", words, error->message, wanted);
}

static void test_words(void)
{
	expect("Use=server", NULL, KEYFACTOR_ADD, "{\"Use\":\"server\",\"Owner\":\"nobody\"}");
	expect(" use = client , OWNER=a, b,c , Hard=True", NULL, KEYFACTOR_ADD,
	       "{\"Use\":\"client\",\"Owner\":\"a, b,c \",\"Hard\":\"True\"}");
	expect("San=dns=a.example&ip=192.0.2.1,Owner=", NULL, KEYFACTOR_REENROL,
	       "{\"San\":\"dns=a.example&ip=192.0.2.1\"}");
}

static void test_there(void)
{
	expect("", "Use=client, San=x, y=z, Owner=me", KEYFACTOR_ADD,
	       "{\"Use\":\"client\",\"San\":\"x, y=z\",\"Owner\":\"me\"}");
	expect("Owner=you", "MyOwner=me, Use=server", KEYFACTOR_ADD,
	       "{\"Use\":\"server\",\"Owner\":\"you\"}");
}

static void test_wrong(void)
{
	static const struct {
		const char *words;
		enum keyfactor_when when;
		const char *said;
	} wrong[] = {
		{ "", KEYFACTOR_ADD, "want Use to add: give it" },
		{ "", KEYFACTOR_REENROL, "want San to reenroll" },
		{ "", KEYFACTOR_REMOVE, "want Pin to remove, a secret" },
		{ "Use=both", KEYFACTOR_ADD, "is one of server, client, and not both" },
		{ "Use=server,Hard=maybe", KEYFACTOR_ADD, "is one of true, false" },
		{ "Use=server,Pin=1", KEYFACTOR_ADD, "is a secret" },
		{ "Colour", KEYFACTOR_ADD, "no entry parameter Colour; there are Use, San, Owner, Hard" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		expect(wrong[i].words, NULL, wrong[i].when, wrong[i].said);
}

static void test_secrets(void)
{
	g_autoptr(args) args = args_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	static const char said[] = "{\"Pin\":\"12\\\"34\"}";

	secret = "Pin=1234";
	expect("Use=server", NULL, KEYFACTOR_ADD, "{\"Use\":\"server\",\"Owner\":\"nobody\"}");
	secret = "Owner=me";
	expect("Use=server", NULL, KEYFACTOR_ADD, "have no secret entry parameter Owner");
	secret = "1234";
	expect("Use=server", NULL, KEYFACTOR_ADD, "neither NAME=VALUE nor a JSON object");
	secret = said;
	expect("Use=server", NULL, KEYFACTOR_ADD, "{\"Use\":\"server\",\"Owner\":\"nobody\"}");
	secret = NULL;
	args_put_secret(args, "parameter-secrets", secret_new(said, strlen(said)));
	json_open(&w, NULL, '{');
	keyfactor_place_put_fields(&w, "JobFields", "{\"Use\":\"server\"}", args);
	keyfactor_place_put_fields(&w, "None", "{}", NULL);
	json_close(&w, '}');
	g_assert_cmpstr(out->str, ==, "{\"JobFields\":{\"Use\":\"server\",\"Pin\":{\"SecretValue\":"
			"\"12\\\"34\"}}}");
	g_assert_cmpuint(keyfactor_place_room(args), >, strlen("\"Pin\":{\"SecretValue\":\"12\\\"34\"},"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/keyfactor/fields/words", test_words);
	g_test_add_func("/keyfactor/fields/there", test_there);
	g_test_add_func("/keyfactor/fields/wrong", test_wrong);
	g_test_add_func("/keyfactor/fields/secrets", test_secrets);
	return g_test_run();
}
