/*
 * plan: what an order would do, said line by line, and as a script of other programs' commands.
 *
 * Names of certificates, files and ARNs are other people's texts, and the script is pasted into a
 * shell: each word of it is quoted here, and one that holds what a terminal would obey is said in
 * octal digits.
 */
#include <certty/model/plan.h>

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define TEXT_MAX 600	/* of one line for a person */
#define WORD_MAX 65536

/* ---- life ---- */

static void call_free(void *p)
{
	struct plan_call *c = p;

	g_free(c->operation);
	g_free(c->where);
	g_free(c->what);
	g_free(c);
}

static void variable_free(void *p)
{
	struct plan_variable *v = p;

	g_free(v->name);
	g_free(v->meaning);
	g_free(v);
}

struct plan *plan_new(const struct verb *verb)
{
	struct plan *p = g_new0(struct plan, 1);

	p->verb = verb;
	p->targets = g_ptr_array_new_with_free_func(g_free);
	p->calls = g_ptr_array_new_with_free_func(call_free);
	p->differences = g_ptr_array_new_with_free_func(g_free);
	p->costs = g_ptr_array_new_with_free_func(g_free);
	p->nots = g_ptr_array_new_with_free_func(g_free);
	p->warnings = g_ptr_array_new_with_free_func(g_free);
	p->lines = g_ptr_array_new_with_free_func(g_free);
	p->variables = g_ptr_array_new_with_free_func(variable_free);
	return p;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->targets);
	g_ptr_array_unref(p->calls);
	g_ptr_array_unref(p->differences);
	g_ptr_array_unref(p->costs);
	g_ptr_array_unref(p->nots);
	g_ptr_array_unref(p->warnings);
	g_ptr_array_unref(p->lines);
	g_ptr_array_unref(p->variables);
	if (p->line)
		g_string_free(p->line, TRUE);
	g_free(p);
}

/* ---- what it is made of ---- */

G_GNUC_PRINTF(1, 0)
static char *harmless(const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);

	return text_harmless_dup(text, TEXT_MAX);
}

static bool has_room(struct plan *p, const GPtrArray *to)
{
	if (to->len < PLAN_LINES_MAX)
		return true;
	p->left_out++;
	return false;
}

static void add_once(struct plan *p, GPtrArray *to, char *text /* taken */)
{
	if (g_ptr_array_find_with_equal_func(to, text, g_str_equal, NULL) || !has_room(p, to))
		g_free(text);
	else
		g_ptr_array_add(to, text);
}

#define SENTENCE(function, list) \
	void function(struct plan *p, const char *format, ...) \
	{ \
		va_list args; \
		va_start(args, format); \
		add_once(p, p->list, harmless(format, args)); \
		va_end(args); \
	}

SENTENCE(plan_target, targets)
SENTENCE(plan_differ, differences)
SENTENCE(plan_cost, costs)
SENTENCE(plan_not, nots)
SENTENCE(plan_warn, warnings)

void plan_call(struct plan *p, unsigned how, const char *operation, const char *where,
	       const char *what)
{
	struct plan_call *c;

	if (!has_room(p, p->calls))
		return;
	c = g_new0(struct plan_call, 1);
	c->how = how;
	c->operation = text_harmless_dup(operation, TEXT_MAX);
	c->where = text_harmless_dup(where, TEXT_MAX);
	c->what = text_harmless_dup(what ? what : "", TEXT_MAX);
	g_ptr_array_add(p->calls, c);
}

/* ---- the same by other programs ---- */

/* "$(printf '\145\033')": what it prints is one word. */
static void quote_octal(GString *out, const char *word)
{
	g_string_append(out, "\"$(printf '");
	for (const char *c = word; *c; c++)
		g_string_append_printf(out, "\\%03o", (unsigned)(unsigned char)*c);
	g_string_append(out, "')\"");
}

void plan_quote(GString *out, const char *word)
{
	g_autofree char *shown = text_harmless_dup(word, WORD_MAX), *quoted = NULL;

	if (strcmp(shown, word)) {
		quote_octal(out, word);
		return;
	}
	if (*word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_./:=@,+%") == strlen(word)) {
		g_string_append(out, word);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append(out, quoted);
}

static void end_line(struct plan *p)
{
	if (p->line && has_room(p, p->lines))
		g_ptr_array_add(p->lines, g_string_free(p->line, FALSE));
	else if (p->line)
		g_string_free(p->line, TRUE);
	p->line = NULL;
}

void plan_run(struct plan *p, const char *program)
{
	end_line(p);
	p->line = g_string_new(program);
}

void plan_word(struct plan *p, const char *word)
{
	g_string_append_c(p->line, ' ');
	plan_quote(p->line, word);
}

void plan_option(struct plan *p, const char *option, const char *value)
{
	if (!value)
		return;
	g_string_append_printf(p->line, " %s", option);
	plan_word(p, value);
}

static struct plan_variable *variable_of(struct plan *p, const char *name, const char *meaning)
{
	struct plan_variable *v;

	for (guint i = 0; i < p->variables->len; i++) {
		v = p->variables->pdata[i];
		if (!strcmp(v->name, name))
			return v;
	}
	v = g_new0(struct plan_variable, 1);
	v->name = g_strdup(name);
	v->meaning = g_strdup(meaning);
	g_ptr_array_add(p->variables, v);
	return v;
}

void plan_variable(struct plan *p, const char *before, const char *name, const char *meaning)
{
	g_string_append_printf(p->line, " %s\"$%s\"", before, name);
	variable_of(p, name, meaning);
}

void plan_environment(struct plan *p, const char *before, const char *name, const char *meaning)
{
	g_string_append_printf(p->line, " %s%s", before, name);
	variable_of(p, name, meaning)->is_exported = true;
}

void plan_remark(struct plan *p, const char *format, ...)
{
	va_list args;
	g_autofree char *text = NULL;

	va_start(args, format);
	text = harmless(format, args);
	va_end(args);
	end_line(p);
	p->line = g_string_new("# ");
	g_string_append(p->line, text);
	end_line(p);
}

static char *script(struct plan *p)
{
	GString *out = g_string_new(NULL);

	end_line(p);
	for (guint i = 0; i < p->variables->len; i++) {
		const struct plan_variable *v = p->variables->pdata[i];

		g_string_append_printf(out, ": \"${%s:?%s}\"\n", v->name, v->meaning);
		if (v->is_exported)
			g_string_append_printf(out, "export %s\n", v->name);
	}
	for (guint i = 0; i < p->lines->len; i++)
		g_string_append_printf(out, "%s\n", (char *)p->lines->pdata[i]);
	return g_string_free(out, FALSE);
}

/* ---- showing it ---- */

char *plan_id(uint64_t number)
{
	return g_strdup_printf("plans/%" G_GUINT64_FORMAT, number);
}

static void add_all(struct detail *d, enum tone tone, const char *label, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		detail_add(d, tone, i ? "" : label, "%s", (char *)texts->pdata[i]);
}

/* "asks acm:DescribeCertificate at https://…: which"; what is done to a file says by itself whether
 * it changes it: "write /etc/ssl/www.pem: what". */
static void add_call(struct detail *d, const struct plan_call *c, const char *label)
{
	bool changes = c->how & PLAN_CHANGES, is_service = strchr(c->operation, ':');
	const char *does = !is_service ? "" : changes ? "changes " : "asks ";

	detail_add(d, changes ? TONE_WARN : TONE_PLAIN, label, "%s%s%s%s%s%s%s",
		   c->how & PLAN_MAYBE ? "perhaps " : "", does, c->operation,
		   is_service ? " at " : " ", c->where, *c->what ? ": " : "", c->what);
}

char *plan_warnings(const struct detail *d)
{
	GString *out = g_string_new(NULL);
	bool is_warning = false;

	for (size_t i = 0; i < d->n; i++) {
		const char *label = d->line[i].label;

		is_warning = !strcmp(label, PLAN_WARNING) || (is_warning && !*label);
		if (is_warning)
			g_string_append_printf(out, "%s%s", out->len ? "; " : "", d->line[i].text);
	}
	return g_string_free(out, FALSE);
}

static void add_lines(struct detail *d, const struct plan *p)
{
	add_all(d, TONE_PLAIN, "target", p->targets);
	add_all(d, TONE_BAD, PLAN_WARNING, p->warnings);
	add_all(d, TONE_NOTICE, "live now", p->differences);
	for (guint i = 0; i < p->calls->len; i++)
		add_call(d, p->calls->pdata[i], i ? "" : "calls");
	if (!p->calls->len)
		detail_add(d, TONE_PLAIN, "calls", "none: nothing is to be done");
	add_all(d, TONE_WARN, "costs", p->costs);
	if (!p->costs->len)
		detail_add(d, TONE_DIM, "costs", "none that is known");
	add_all(d, TONE_DIM, "not done", p->nots);
	if (p->left_out)
		detail_add(d, TONE_WARN, "left out", "%u more lines of this plan", p->left_out);
}

static void put_all(struct json_writer *w, const char *key, const GPtrArray *texts)
{
	json_open(w, key, '[');
	for (guint i = 0; i < texts->len; i++)
		json_put_str(w, NULL, texts->pdata[i]);
	json_close(w, ']');
}

static void put_calls(struct json_writer *w, const struct plan *p)
{
	json_open(w, "calls", '[');
	for (guint i = 0; i < p->calls->len; i++) {
		const struct plan_call *c = p->calls->pdata[i];

		json_open(w, NULL, '{');
		json_put_str(w, "operation", c->operation);
		json_put_str(w, "where", c->where);
		json_put_str(w, "what", *c->what ? c->what : NULL);
		json_put_bool(w, "changes", c->how & PLAN_CHANGES);
		json_put_bool(w, "certain", !(c->how & PLAN_MAYBE));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_variables(struct json_writer *w, const struct plan *p)
{
	json_open(w, "variables", '[');
	for (guint i = 0; i < p->variables->len; i++) {
		const struct plan_variable *v = p->variables->pdata[i];

		json_open(w, NULL, '{');
		json_put_str(w, "name", v->name);
		json_put_str(w, "meaning", v->meaning);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* A member of the object that a caller writes. */
static char *as_json(const struct plan *p)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", 1);
	json_put_str(&w, "verb", p->verb->name);
	put_all(&w, "targets", p->targets);
	put_calls(&w, p);
	put_all(&w, "differences", p->differences);
	put_all(&w, "costs", p->costs);
	put_all(&w, "will_not", p->nots);
	put_all(&w, "warnings", p->warnings);
	put_variables(&w, p);
	put_all(&w, "commands", p->lines);
	json_put_int(&w, "left_out", p->left_out);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

struct detail *plan_detail(struct plan *p, const char *id)
{
	struct detail *d = detail_new(id, p->verb->sentence);

	d->text = script(p);
	d->json = as_json(p);
	add_lines(d, p);
	return d;
}
