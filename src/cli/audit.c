/*
 * audit: the journal of changes: listed for people, exported for auditors, and verified.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

/* ---- entries ---- */

/* What auditors read, in this order; the JSON lines hold the same and more. */
static const char *const keys[] = {
	"number", "time", "phase", "begun", "user", "sudo_user", "from", "verb", "account",
	"store", "target", "digest", "outcome", "previous",
};

static char *value_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key) ? json_str(j, key) :
					      json_str(json_get(j, "actor"), key);
	int64_t number;

	if (text)
		return g_strdup(text);
	if (json_int(j, key, &number))
		return g_strdup_printf("%" G_GINT64_FORMAT, number);
	return g_strdup("");
}

static bool print_raw(const char *line, void *who)
{
	(void)who;
	puts(line);
	return true;
}

static bool print_separated(const char *line, void *who)
{
	g_autoptr(json) j = json_parse(line, strlen(line), 1u << 20, NULL);
	const char *separator = who;
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *value = value_of(j, keys[i]);

		if (i)
			g_string_append_c(out, *separator);
		view_write_cell(out, value, *separator);
	}
	puts(out->str);
	return true;
}

/* One line a person reads: when, who, what, and how it ended. */
static bool print_short(const char *line, void *who)
{
	g_autoptr(json) j = json_parse(line, strlen(line), 1u << 20, NULL);
	g_autofree char *number = value_of(j, "number"), *time = value_of(j, "time");
	g_autofree char *user = value_of(j, "user"), *verb = value_of(j, "verb");
	g_autofree char *target = value_of(j, "target"), *outcome = value_of(j, "outcome");

	(void)who;
	printf("%5s  %-20s  %-10s  %-10s  %s%s%s\n", number, time, user, verb, target,
	       *outcome ? "  " : "", outcome);
	return true;
}

/* ---- what is asked ---- */

static bool list(const char *form, struct engine *e, GError **error)
{
	static const struct {
		const char *form;
		engine_line_fn *print;
		const char *separator;
	} forms[] = {
		{ "text", print_short, NULL }, { "json", print_raw, NULL },
		{ "csv", print_separated, "," }, { "tsv", print_separated, "\t" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (strcmp(forms[i].form, form))
			continue;
		for (size_t k = 0; forms[i].separator && k < G_N_ELEMENTS(keys); k++)
			printf("%s%s", k ? forms[i].separator : "", keys[k]);
		if (forms[i].separator)
			putchar('\n');
		return engine_journal_each(e, forms[i].print, (void *)forms[i].separator, error);
	}
	g_set_error(error, ERR, ERR_USAGE, "-o takes text, json, csv or tsv here, not %s", form);
	return false;
}

static bool verify(struct engine *e, GError **error)
{
	g_autofree char *sentence = NULL;

	if (!engine_journal_verify(e, &sentence, error))
		return false;
	puts(sentence);
	return true;
}

int run_audit(struct cli *c)
{
	const char *word = c->words[0] ? c->words[0] : "list";
	bool is_export = !strcmp(word, "export"), is_verify = !strcmp(word, "verify");
	const char *form = c->format ? c->format : is_export ? "csv" : "text";
	GError *error = NULL;
	struct engine *e;
	bool ok;

	if (strcmp(word, "list") && !is_export && !is_verify)
		return cli_usage("audit takes list, export or verify, not %s", word);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	ok = is_verify ? verify(e, &error) : list(form, e, &error);
	engine_stop(e);
	return ok ? 0 : cli_fail(error);
}
