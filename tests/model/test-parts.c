/* Parts of answers: told as lines, asked for as questions, said as one answer that means just that. */
#include <certty/model/parts.h>

#include <string.h>

static char *some(void)
{
	char *words[] = { (char *)"SCP", (char *)"SFTP", NULL };
	char *flags[] = { (char *)"false", (char *)"true", NULL };
	char *blanks[] = { (char *)"on disk", (char *)"both", NULL };
	const struct part all[] = {
		{ .question = "properties", .name = "Sudo", .title = "Use sudo", .kind = FIELD_CHOICE,
		  .choices = flags, .fallback = "false" },
		{ .question = "properties", .name = "Reason", .kind = FIELD_TEXT, .needs = "Sudo",
		  .needed = true },
		{ .question = "properties", .name = "Way", .kind = FIELD_CHOICE, .choices = words,
		  .fallback = "SCP" },
		{ .question = "properties", .name = "Where", .kind = FIELD_CHOICE, .choices = blanks },
		{ .question = "secrets", .name = "Pass", .title = "Password\nof it", .kind = FIELD_SECRET,
		  .fallback = "x", .needed = true },
		{ .question = "properties", .name = "Way", .kind = FIELD_TEXT },
		{ .question = "properties", .name = "Odd", .kind = FIELD_TEXT, .needs = "Pass",
		  .needed = true },
	};
	char *lines = g_strdup("");

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		parts_add(&lines, &all[i]);
	return lines;
}

static void test_fields(void)
{
	g_autofree char *lines = some();
	g_autoptr(parts) p = parts_read(lines, false), edits = parts_read(lines, true);
	const struct field *reason = field_find(p->fields, "Reason"), *pass = field_find(p->fields, "Pass");
	g_autoptr(args) args = args_new();

	g_assert_cmpuint(p->n, ==, 6);
	g_assert_cmpstr(p->fields[0].label, ==, "Use sudo");
	g_assert_cmpstr(p->fields[0].choices, ==, "false true");
	g_assert_cmpstr(p->fields[0].hint, ==, "Sudo; false when nothing is said");
	g_assert_true(reason->needed);
	g_assert_cmpstr(reason->hint, ==, "Reason; asked for where Sudo is true");
	g_assert_false(field_is_asked(reason, p->fields, args));
	args_set(args, "Sudo", "true");
	g_assert_true(field_is_asked(reason, p->fields, args));
	g_assert_cmpint(field_find(p->fields, "Where")->kind, ==, FIELD_TEXT);
	g_assert_cmpstr(field_find(p->fields, "Where")->hint, ==, "Where, one of on disk, both");
	g_assert_cmpint(pass->kind, ==, FIELD_SECRET);
	g_assert_true(pass->needed);
	g_assert_null(pass->fallback);
	g_assert_null(strchr(pass->label, '\n'));
	g_assert_cmpstr(p->question[4], ==, "secrets");
	g_assert_null(field_find(p->fields, "Odd")->when);
	g_assert_false(field_find(p->fields, "Odd")->needed);
	g_assert_null(edits->fields[0].fallback);
	g_assert_false(field_find(edits->fields, "Pass")->needed);
	g_assert_true(field_find(edits->fields, "Reason")->needed);
}

/* Whatever is in the lines, there are so many questions at most, and none without a name. */
static void test_hostile(void)
{
	g_autoptr(GString) many = g_string_new("{}\nx\n[1]\n{\"name\":\"a\"}\n"
					       "{\"name\":7,\"question\":\"q\"}\n");
	g_autoptr(parts) few = parts_read(many->str, false);
	g_autoptr(parts) all = NULL;

	g_assert_cmpuint(few->n, ==, 0);
	for (guint i = 0; i < 3 * PARTS_MAX; i++)
		g_string_append_printf(many, "{\"name\":\"n%u\",\"question\":\"q\",\"needs\":\"n%u\"}\n", i, i);
	all = parts_read(many->str, false);
	g_assert_cmpuint(all->n, <=, PARTS_MAX);
	g_assert_null(all->fields[all->n].key);
	g_assert_null(all->fields[0].when);
}

static void check_joined(const char *const *pairs, const char *answer)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new();
	g_autoptr(GHashTable) said = NULL;
	g_autofree char *joined = NULL;

	for (; *pairs; pairs += 2) {
		g_ptr_array_add(names, (void *)(uintptr_t)pairs[0]);
		g_ptr_array_add(values, (void *)(uintptr_t)pairs[1]);
	}
	joined = parts_join(names, values);
	g_assert_cmpstr(joined, ==, answer);
	said = parts_words(joined ? joined : "");
	g_assert_cmpuint(g_hash_table_size(said), ==, names->len);
	for (guint i = 0; i < names->len; i++)
		g_assert_cmpstr(g_hash_table_lookup(said, names->pdata[i]), ==, values->pdata[i]);
}

static void test_joined(void)
{
	check_joined((const char *[]){ NULL }, NULL);
	check_joined((const char *[]){ "A", "x", "B", "", NULL }, "A=x, B=");
	check_joined((const char *[]){ "A", "x,y", "B", "a=b", NULL }, "A=x,y, B=a=b");
	check_joined((const char *[]){ "A", "x,y=z", "B", "1", NULL }, "{\"A\":\"x,y=z\",\"B\":\"1\"}");
	check_joined((const char *[]){ "A", " x", NULL }, "{\"A\":\" x\"}");
	check_joined((const char *[]){ "a=b", "x", NULL }, "{\"a=b\":\"x\"}");
}

static void test_secrets(void)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new();
	g_autoptr(secret) one = secret_new("a\"b\n", 4), two = secret_new("c", 1), all = NULL;

	g_ptr_array_add(names, (void *)(uintptr_t)"Token");
	g_ptr_array_add(names, (void *)(uintptr_t)"Pin");
	g_ptr_array_add(values, one);
	g_ptr_array_add(values, two);
	all = parts_join_secrets(names, values);
	g_assert_cmpstr(all->bytes, ==, "{\"Token\":\"a\\\"b\\n\",\"Pin\":\"c\"}");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/parts/fields", test_fields);
	g_test_add_func("/parts/hostile", test_hostile);
	g_test_add_func("/parts/joined", test_joined);
	g_test_add_func("/parts/secrets", test_secrets);
	return g_test_run();
}
