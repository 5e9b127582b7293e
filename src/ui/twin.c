/* twin: the command line that does the same. */
#include "twin.h"

#include <string.h>

#define TARGETS_MOST 8		/* more are said by their number */

static void add_word(GString *out, const char *word)
{
	g_autofree char *quoted = NULL;

	g_string_append_c(out, ' ');
	if (*word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_./:=@,+%") == strlen(word)) {
		g_string_append(out, word);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append(out, quoted);
}

void twin_say(GString *out, const struct command *c)
{
	g_string_append_printf(out, "certty %s", c->verb->name);
	for (const struct field *f = c->verb->fields; f && f->key; f++) {
		const char *value = f->kind == FIELD_SECRET ? NULL : args_get(c->args, f->key);

		if (!value || !*value || (f->fallback && !strcmp(value, f->fallback)))
			continue;
		g_string_append_printf(out, " --%s", f->key);
		if (f->kind != FIELD_BOOL)
			add_word(out, value);
	}
	for (guint i = 0; i < c->targets->len && i < TARGETS_MOST; i++)
		add_word(out, c->targets->pdata[i]);
	if (c->targets->len > TARGETS_MOST)
		g_string_append_printf(out, " … (%u in all)", c->targets->len);
}
