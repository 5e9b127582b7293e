/*
 * Operations that ask the network, as texts (transcripts/): the verb, each question with its
 * canned answer, and what must come of it.
 *
 *   verb refresh endpoint ADDRESS  |  verb discover KEY=VALUE …
 *   > ADDRESS
 *   < presents NAME DAYS COUNT [PEER]  |  < error CODE SENTENCE  |  < garbage
 *   row … / found … / trouble … / said … / error …
 */
#include "../model/make.h"
#include "play.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>

struct transcript {
	char **lines;
	GString *out;
	guint asked;
};

/* ---- the answers ---- */

static GBytes *cert_of(const char *name, int days, guint i)
{
	g_autofree char *sans = g_strdup_printf("DNS:%s", name);
	struct make m = { .subject = i ? "Chain CA" : name, .sans = i ? NULL : sans,
			  .constraints = i ? "critical,CA:TRUE" : "CA:FALSE",
			  .not_after = MAKE_NOW + days * MAKE_DAY };
	static GHashTable *made;
	g_autofree char *key = g_strdup_printf("%s %d %u", name, days, i);
	GBytes *der;

	/* The same again for the same words, as a server presents it twice. */
	if (!made)
		made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     (GDestroyNotify)g_bytes_unref);
	der = g_hash_table_lookup(made, key);
	if (!der) {
		der = make_cert_der(&m);
		g_hash_table_insert(made, g_steal_pointer(&key), der);
	}
	return g_bytes_ref(der);
}

static void present(struct reply *r, char **words)
{
	guint n = (guint)atoi(words[3]);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(r->chain, cert_of(words[1], atoi(words[2]), i));
	r->peer = g_strdup(words[4] ? words[4] : "192.0.2.1");
	r->protocol = g_strdup("TLSv1.3");
}

static enum err code_of(const char *word)
{
	for (int i = 0; i < ERR_COUNT; i++)
		if (!strcmp(err_word((enum err)i), word))
			return (enum err)i;
	g_error("no such code: %s", word);
}

static struct reply *reply_of(const char *line)
{
	struct reply *r = g_new0(struct reply, 1);
	g_auto(GStrv) words = g_strsplit(line + 2, " ", 5);

	r->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	if (!strcmp(words[0], "presents"))
		present(r, words);
	else if (!strcmp(words[0], "garbage"))
		g_ptr_array_add(r->chain, g_bytes_new("0\x82\x1b[2J", 6));
	else if (!strcmp(words[0], "error"))
		r->error = g_error_new_literal(ERR, (int)code_of(words[1]),
					       line + strlen("< error ") + strlen(words[1]) + 1);
	else
		g_error("not understood: %s", line);
	return r;
}

static char *address_of(const struct request_out *q)
{
	return g_strdup_printf(strchr(q->host, ':') ? "%s%s[%s]:%u" : "%s%s%s:%u",
			       q->starttls ? q->starttls->name : "", q->starttls ? "://" : "",
			       q->host, q->port);
}

static const char *answer_to(const struct transcript *t, const char *address)
{
	for (char **line = t->lines; *line; line++)
		if (g_str_has_prefix(*line, "> ") && !strcmp(*line + 2, address))
			return line[1];
	g_error("nobody answers for %s", address);
}

static struct reply *answer(struct play *p, const struct request_out *q)
{
	struct transcript *t = p->who;
	g_autofree char *address = address_of(q);
	const char *line = answer_to(t, address);

	t->asked++;
	g_assert_cmpint(q->timeout_ms, >, 0);
	return reply_of(line);
}

/* ---- the findings ---- */

static void show_rows(struct transcript *t, struct play *p)
{
	struct table *rows = play_table(p);

	for (uint32_t i = 0; i < rows->n; i++) {
		size_t len;
		const char *name = table_name(rows, i, &len);

		g_string_append_printf(t->out, "row %s %.*s%s\n", rows->aliases + rows->alias[i],
				       (int)len, name,
				       rows->marks[i] & MARK_MISMATCH ? " mismatch" : "");
	}
	table_unref(rows);
}

static void show_findings(struct transcript *t, struct play *p, bool ok)
{
	if (ok && p->op.verb->id == VERB_REFRESH)
		show_rows(t, p);
	for (guint i = 0; i < p->op.put_discovery->len; i++) {
		const struct discovery *d = p->op.put_discovery->pdata[i];

		g_string_append_printf(t->out, "found %s %s: %s\n", d->type, d->address, d->what);
	}
	for (guint i = 0; i < p->op.troubles->len; i++)
		g_string_append_printf(t->out, "trouble %s\n", (char *)p->op.troubles->pdata[i]);
	if (p->op.error)
		g_string_append_printf(t->out, "error %s %s\n",
				       err_word((enum err)p->op.error->code), p->op.error->message);
	if (p->op.said)
		g_string_append_printf(t->out, "said %s\n", p->op.said);
}

static void begin(struct play *p, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	const struct verb *verb = verb_find(words[1]);

	g_assert_nonnull(verb);
	if (verb->id == VERB_REFRESH) {
		play_init(p, verb->id, words[2], words[3]);
		return;
	}
	play_init(p, verb->id, NULL, NULL);
	for (char **word = words + 2; *word; word++) {
		char *value = strchr(*word, '=');

		*value++ = 0;
		if (!strcmp(*word, "knows"))
			play_know_store(p, "endpoint", value);
		else
			play_arg(p, *word, value);
	}
}

static void run(gconstpointer path)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) expected = g_string_new(NULL);
	struct transcript t = { .out = g_string_new(NULL) };
	guint questions = 0;
	struct play p;

	clock_set(MAKE_NOW);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	t.lines = g_strsplit(text, "\n", -1);
	for (char **line = t.lines; *line; line++) {
		if (g_str_has_prefix(*line, "verb "))
			begin(&p, *line);
		else if (**line && !strchr("#<>", **line))
			g_string_append_printf(expected, "%s\n", *line);
		questions += **line == '>';
	}
	p.answer = answer;
	p.who = &t;
	show_findings(&t, &p, play_run(&p));
	g_assert_cmpstr(t.out->str, ==, expected->str);
	g_assert_cmpuint(t.asked, ==, questions);
	play_done(&p);
	g_string_free(t.out, TRUE);
	g_strfreev(t.lines);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = NULL;
	GDir *dir;
	const char *name;

	g_test_init(&argc, &argv, NULL);
	folder = g_test_build_filename(G_TEST_DIST, "provider", "transcripts", NULL);
	dir = g_dir_open(folder, 0, NULL);
	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *test = g_strconcat("/local/transcript/", name, NULL);

		if (g_str_has_suffix(name, ".transcript"))
			g_test_add_data_func_full(test, g_build_filename(folder, name, NULL), run,
						  g_free);
	}
	g_dir_close(dir);
	return g_test_run();
}
