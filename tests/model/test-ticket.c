/* ticket: what is countersigned reads back as it was written, and nothing else reads at all. */
#include <certty/model/ticket.h>

#include <string.h>

#include <certty/base/err.h>

#define NAME "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void set(char **at, const char *value)
{
	g_free(*at);
	*at = g_strdup(value);
}

static void set_list(char ***at, const char *lines)
{
	g_strfreev(*at);
	*at = g_strsplit(lines, "|", -1);
}

static struct ticket *sample(void)
{
	struct ticket *t = ticket_new();

	set(&t->verb, "approve");
	set(&t->target, "local/ca:/srv/ca/pending/a.csr");
	set(&t->title, "www.example.org");
	set(&t->account, "local");
	set(&t->store, "local/ca:/srv/ca");
	set(&t->digest, NAME);
	set(&t->by, "ada@example.org");
	set_list(&t->warnings, "its key is short \xe2\x80\xae|no names");
	set_list(&t->answers, "profile|server|validity|90d");
	set_list(&t->review, "Subject|CN=www|Profiles|");
	t->since = 1700000000;
	t->until = 1700086400;
	return t;
}

static void assert_refused(const char *text, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(ticket_read(text, strlen(text), &error));
	g_assert_nonnull(error);
	if (!strstr(error->message, why))
		g_error("%s is not in: %s", why, error->message);
}

static char *with(const char *text, const char *old, const char *new)
{
	g_auto(GStrv) parts = g_strsplit(text, old, 2);

	g_assert_nonnull(parts[1]);
	return g_strjoinv(new, parts);
}

static void same_again(void)
{
	g_autoptr(ticket) t = sample();
	g_autofree char *text = ticket_write(t, NULL), *again = NULL, *name = NULL;
	g_autoptr(ticket) back = ticket_read(text, strlen(text), NULL);

	g_assert_nonnull(back);
	g_assert_true(ticket_is_same(t, back));
	g_assert_cmpstr(back->review[3], ==, "");
	g_assert_cmpint(back->until, ==, 1700086400);
	again = ticket_write(back, NULL);
	g_assert_cmpstr(text, ==, again);
	name = ticket_name(text, strlen(text));
	g_assert_true(ticket_is_name(name));
}

/* Whatever decides what happens makes two tickets differ; when it was asked does not. */
static void bound(void)
{
	g_autoptr(ticket) t = sample();
	static const size_t texts[] = {
		offsetof(struct ticket, verb),	  offsetof(struct ticket, target),
		offsetof(struct ticket, title),	  offsetof(struct ticket, account),
		offsetof(struct ticket, store),	  offsetof(struct ticket, digest),
		offsetof(struct ticket, by),
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(ticket) other = sample();

		set((char **)(void *)((char *)other + texts[i]), "another");
		g_assert_false(ticket_is_same(t, other));
	}
	for (int i = 0; i < 4; i++) {
		g_autoptr(ticket) other = sample();

		if (i == 0)
			set_list(&other->warnings, "its key is short \xe2\x80\xae");
		else if (i == 1)
			set_list(&other->warnings, "its key is short|no names");
		else if (i == 2)
			set_list(&other->answers, "profile|server|validity|91d");
		else
			set_list(&other->answers, "profile|server");
		g_assert_false(ticket_is_same(t, other));
	}
	{
		g_autoptr(ticket) later = sample();

		later->since++;
		later->until++;
		set_list(&later->review, "");
		g_assert_true(ticket_is_same(t, later));
	}
}

/* The name is of every byte. */
static void named(void)
{
	g_autoptr(ticket) t = sample();
	g_autofree char *text = ticket_write(t, NULL), *name = ticket_name(text, strlen(text));

	for (size_t i = 0; text[i]; i++) {
		g_autofree char *other = NULL;

		text[i] ^= 1;
		other = ticket_name(text, strlen(text));
		g_assert_cmpstr(name, !=, other);
		text[i] ^= 1;
	}
}

static void strict(void)
{
	g_autoptr(ticket) t = sample();
	g_autofree char *text = ticket_write(t, NULL);
	static const struct {
		const char *old, *new, *why;
	} bad[] = {
		{ "\"certty-ticket\": 1", "\"certty-ticket\": 2", "certty-ticket" },
		{ "  \"verb\": \"approve\",\n", "", "verb" },
		{ "\"verb\": \"approve\"", "\"verb\": \"\"", "what is asked" },
		{ "\"verb\": \"approve\"", "\"verb\": 7", "verb" },
		{ "\"verb\": \"approve\"", "\"verb\": \"approve\", \"more\": 1", "as certty writes" },
		{ "\"verb\": \"approve\"", "\"verb\": \"approve\",\n  \"verb\": \"deny\"", "verb" },
		{ "\"verb\": \"approve\"", "\"verb\":  \"approve\"", "as certty writes" },
		{ "\"verb\": \"approve\"", "\"verb\": \"\\u0061pprove\"", "as certty writes" },
		{ "ada@example.org", "*@example.org", "by whom" },
		{ "ada@example.org", "ada,eve", "by whom" },
		{ "ada@example.org", "-f", "by whom" },
		{ NAME, "short", "of what" },
		{ "1700086400", "1700000000", "ends before" },
		{ "1700086400", "-1", "until" },
		{ "1700086400", "1e300", "until" },
		{ "1700086400", "999999999999999", "until" },
		{ "    \"90d\"\n", "    90\n", "answers" },
		{ "    \"validity\",\n", "", "alone" },
		{ "    \"Profiles\",\n", "", "alone" },
	};
	g_autofree char *longer = g_strconcat(text, " ", NULL);
	g_autofree char *object = with(text, "\"warnings\": [\n    \"its",
					"\"warnings\": \"\",\n \"x\": [\n \"its");

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *changed = with(text, bad[i].old, bad[i].new);

		assert_refused(changed, bad[i].why);
	}
	assert_refused(longer, "as certty writes");
	assert_refused(object, "as certty writes");
	assert_refused("", "");
	assert_refused("[]", "");
}

static void bounds(void)
{
	g_autoptr(ticket) t = sample(), many = sample(), bytes = sample();
	g_autoptr(GError) error = NULL;
	g_autofree char *large = g_strnfill(TICKET_MAX, 'x');
	g_autoptr(GPtrArray) lines = g_ptr_array_new();

	set(&t->title, large);
	g_assert_null(ticket_write(t, &error));
	g_assert_cmpint(error->code, ==, ERR_LIMIT);
	g_clear_error(&error);
	for (int i = 0; i <= TICKET_LINES; i++)
		g_ptr_array_add(lines, g_strdup("x"));
	g_ptr_array_add(lines, NULL);
	g_strfreev(many->warnings);
	many->warnings = (char **)g_ptr_array_steal(lines, NULL);
	g_assert_null(ticket_write(many, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	set(&bytes->target, "\xff");
	g_assert_null(ticket_write(bytes, &error));
	g_assert_nonnull(error);
}

static void answers(void)
{
	g_autoptr(ticket_answer) a = ticket_answer_new();
	g_autoptr(ticket_answer) back = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL, *other = NULL;

	set(&a->ticket, NAME);
	set(&a->by, "ben");
	a->at = 1700000000;
	g_assert_null(ticket_answer_write(a, &error));	/* no without a reason */
	g_assert_nonnull(error);
	g_clear_error(&error);
	set(&a->reason, "not now");
	text = ticket_answer_write(a, NULL);
	back = ticket_answer_read(text, strlen(text), NULL);
	g_assert_nonnull(back);
	g_assert_false(back->is_yes);
	g_assert_cmpstr(back->reason, ==, "not now");
	other = with(text, "false", "\"true\"");
	g_assert_null(ticket_answer_read(other, strlen(other), &error));
	g_assert_nonnull(error);
}

static void identities(void)
{
	static const char *const bad[] = { "", "a b", "a,b", "*", "a?", "!a", "-a", "a\n", "\xc3\xa9",
					   "a/b", "a\"b" };
	g_autofree char *large = g_strnfill(201, 'a');

	g_assert_true(ticket_is_identity("ada@example.org"));
	g_assert_true(ticket_is_identity("ops+ada:1_x-y"));
	g_assert_false(ticket_is_identity(large));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(ticket_is_identity(bad[i]));
	g_assert_true(ticket_is_name(NAME));
	g_assert_false(ticket_is_name("../../etc/passwd"));
	g_assert_false(ticket_is_name(&NAME[1]));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ticket/same-again", same_again);
	g_test_add_func("/ticket/bound", bound);
	g_test_add_func("/ticket/named", named);
	g_test_add_func("/ticket/strict", strict);
	g_test_add_func("/ticket/bounds", bounds);
	g_test_add_func("/ticket/answers", answers);
	g_test_add_func("/ticket/identities", identities);
	return g_test_run();
}
