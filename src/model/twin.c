/* twin: the command line that does the same. */
#include <certty/model/twin.h>

#include <string.h>

#include <certty/model/account.h>
#include <certty/model/plan.h>

#define TARGETS_MOST 8		/* more are said by their number */

static void add_word(GString *out, const char *word)
{
	g_string_append_c(out, ' ');
	plan_quote(out, word);
}

/* What is yes or no is one word, unless it is an account's. */
static void add_option(GString *out, const struct field *f, const char *key, bool is_account,
		       const char *value)
{
	g_autofree char *option = is_account ? field_account_option(key) : g_strdup(key);

	g_string_append_printf(out, " --%s", option);
	if (is_account || f->kind != FIELD_BOOL)
		add_word(out, value);
}

/* A secret is asked for there as well; the command that prints one is told. */
static void add_fields(GString *out, const struct field *fields, bool is_account,
		       const struct args *args, bool is_new)
{
	for (const struct field *f = fields; f && f->key; f++) {
		bool is_secret = f->kind == FIELD_SECRET;
		g_autofree char *key = is_secret ? field_command_key(f) : g_strdup(f->key);
		const char *value = args_get(args, key);

		if (!value || (is_new && (!*value || !g_strcmp0(value, f->fallback))))
			continue;	/* the same without saying so */
		add_option(out, f, key, is_account, value);
	}
}

static void say(GString *out, const struct command *c, guint most)
{
	/* Of an account that is there, an answer is set back by saying it. */
	bool is_new = !c->verb->asks_account || !c->targets->len;

	g_string_append_printf(out, "certty %s", c->verb->name);
	add_fields(out, c->verb->fields, false, c->args, true);
	if (c->verb->asks_provider)
		add_fields(out, c->more, true, c->args, true);
	if (c->verb->asks_account) {
		add_fields(out, c->more, true, c->args, is_new);
		add_fields(out, account_common_fields, true, c->args, is_new);
	}
	for (guint i = 0; i < c->targets->len && i < most; i++)
		add_word(out, c->targets->pdata[i]);
	if (c->targets->len > most)
		g_string_append_printf(out, " … (%u in all)", c->targets->len);
}

void twin_say(GString *out, const struct command *c)
{
	say(out, c, TARGETS_MOST);
}

void twin_say_whole(GString *out, const struct command *c)
{
	say(out, c, G_MAXUINT);
}
