/*
 * audit: the journal of changes: listed as JSON lines or in short, and verified.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

static bool print_raw(const char *line, void *who)
{
	(void)who;
	puts(line);
	return true;
}

/* One line a person reads: when, who, what, and how it ended. */
static bool print_short(const char *line, void *who)
{
	g_autoptr(json) j = json_parse(line, strlen(line), 1u << 20, NULL);
	int64_t number = 0;
	const char *outcome = json_str(j, "outcome");

	(void)who;
	json_int(j, "number", &number);
	printf("%5" G_GINT64_FORMAT "  %s  %-10s %-12s %s%s%s\n", number,
	       json_str(j, "time") ? json_str(j, "time") : "", json_str(j, "user") ?
	       json_str(j, "user") : "", json_str(j, "verb") ? json_str(j, "verb") : "",
	       json_str(j, "target") ? json_str(j, "target") : "", outcome ? "  " : "",
	       outcome ? outcome : "");
	return true;
}

static bool list(struct cli *c, struct engine *e, GError **error)
{
	bool raw = c->format && !strcmp(c->format, "json");

	return engine_journal_each(e, raw ? print_raw : print_short, NULL, error);
}

static bool verify(struct cli *c, struct engine *e, GError **error)
{
	g_autofree char *sentence = NULL;

	(void)c;
	if (!engine_journal_verify(e, &sentence, error))
		return false;
	puts(sentence);
	return true;
}

int run_audit(struct cli *c)
{
	const char *word = c->words[0] ? c->words[0] : "list";
	GError *error = NULL;
	struct engine *e;
	bool ok;

	if (strcmp(word, "list") && strcmp(word, "verify"))
		return cli_usage("audit takes list or verify, not %s", word);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	ok = !strcmp(word, "verify") ? verify(c, e, &error) : list(c, e, &error);
	engine_stop(e);
	return ok ? 0 : cli_fail(error);
}
