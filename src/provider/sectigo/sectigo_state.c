/*
 * sectigo_state: a domain, an ACME account or its names are brought to a state, as often as somebody asks
 * for it, and what had to be changed for that is said.
 */
#include "sectigo_acme.h"
#include "sectigo_domains.h"
#include "sectigo_state.h"

#include <stdarg.h>
#include <string.h>

/* clang-format off */
const struct field sectigo_state_questions[] = {
	{ "what",         FIELD_CHOICE,   "What",         true,  NULL,
	  SECTIGO_STATE_DOMAIN " " SECTIGO_STATE_USER " " SECTIGO_STATE_NAMES,
	  "a domain, an account that ACME clients are bound to, or the names of one" },
	{ "name",         FIELD_TEXT,     "Name",         true,  NULL, NULL,
	  "the domain's, or the account's", NULL, ".{1,255}" },
	{ "organization", FIELD_TEXT,     "Organization", false, NULL, NULL,
	  "the organization or department, by its number or its name; a new one needs it" },
	{ "cert-types",   FIELD_LIST,     "For",          false, "SSL", NULL,
	  "what the domain may be used for there: SSL, SMIME, CodeSign, BrandIndicator",
	  "what=" SECTIGO_STATE_DOMAIN },
	{ "description",  FIELD_TEXT,     "Description",  false, NULL, NULL,
	  "a few words, for a domain that is added", "what=" SECTIGO_STATE_DOMAIN, ".{0,255}" },
	{ "server",       FIELD_TEXT,     "ACME server",  false, NULL, NULL,
	  "by its name, as in OV ACME Server; a new account needs it",
	  "what=" SECTIGO_STATE_USER " " SECTIGO_STATE_NAMES },
	{ "names",        FIELD_LIST,     "Names",        false, NULL, NULL,
	  "names that it may have certificates for, or may not", "what=" SECTIGO_STATE_NAMES },
	{ "eab-file",     FIELD_FILE_OUT, "Key file",     false, NULL, NULL,
	  "where what a client is bound with (EAB) is written, mode 0600; one that is there must say the same",
	  "what=" SECTIGO_STATE_USER },
	{ NULL }
};

static const struct sort {
	const char *what;
	step_fn *begin;
	const char *reads, *makes, *ends;	/* the calls of the plan */
} sorts[] = {
	{ SECTIGO_STATE_DOMAIN, sectigo_state_domain, "/domain/v1",      "/domain/v1",      "/domain/v1/ID" },
	{ SECTIGO_STATE_USER,   sectigo_state_user,   "/acme/v2/account", "/acme/v2/account", "/acme/v2/account/ID" },
	{ SECTIGO_STATE_NAMES,  sectigo_state_user,   "/acme/v2/account/ID/domain",
	  "/acme/v2/account/ID/domain", "/acme/v2/account/ID/domain" },
};
/* clang-format on */

struct call {
	const char *method, *left;
	char *path, *body, *what;
	char **names;		/* in A-labels, that `what` is about; or NULL */
};

static step_fn called;

static void call_free(void *p)
{
	struct call *c = p;

	g_free(c->path);
	g_free(c->body);
	g_free(c->what);
	g_strfreev(c->names);
	g_free(c);
}

static void found_free(void *p)
{
	struct sectigo_acme_found *f = p;

	g_free(f->number);
	g_free(f->server);
	g_free(f->organization);
	g_free(f->kid);
	g_free(f);
}

static void state_free(void *p)
{
	struct sectigo_state *s = p;

	g_free(s->name);
	g_free(s->organization);
	g_free(s->number);
	g_ptr_array_unref(s->calls);
	g_ptr_array_unref(s->changes);
	g_ptr_array_unref(s->facts);
	g_ptr_array_unref(s->organizations);
	g_ptr_array_unref(s->found);
	g_hash_table_unref(s->names);
	g_free(s);
}

struct sectigo_state *sectigo_state_of(struct op *op)
{
	return sectigo_of(op)->mine;
}

bool sectigo_state_is_present(const struct op *op)
{
	return strcmp(args_text(op->args, "state", "present"), "absent") != 0;
}

bool sectigo_state_is_check(const struct op *op)
{
	return args_bool(op->args, "check");
}

static const struct sort *sort_of(const struct op *op)
{
	const char *what = args_text(op->args, "what", "");

	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++)
		if (!strcmp(sorts[i].what, what))
			return &sorts[i];
	return &sorts[0];
}

/* ---- what came of it ---- */

static void put_all(struct json_writer *w, const struct sectigo_state *s)
{
	json_open(w, "changes", '[');
	for (guint i = 0; i < s->changes->len; i++)
		json_put_str(w, NULL, s->changes->pdata[i]);
	json_close(w, ']');
	json_open(w, "facts", '{');
	for (guint i = 0; i + 1 < s->facts->len; i += 2)
		json_put_str(w, s->facts->pdata[i], s->facts->pdata[i + 1]);
	json_close(w, '}');
}

/* Also of what failed after something was changed. */
static void report(struct op *op)
{
	const struct sectigo_state *s = sectigo_state_of(op);
	struct json_writer w = { .out = g_string_new(NULL) };
	struct detail *d = detail_new(OBJECT_STATE_ID, args_text(op->args, "name", ""));

	for (guint i = 0; i < s->changes->len; i++)
		detail_add(d, TONE_PLAIN, sectigo_state_is_check(op) ? "would be" : "changed", "%s",
			   (char *)s->changes->pdata[i]);
	for (guint i = 0; i + 1 < s->facts->len; i += 2)
		detail_add(d, TONE_PLAIN, s->facts->pdata[i], "%s", (char *)s->facts->pdata[i + 1]);
	json_open(&w, NULL, '{');
	json_put_bool(&w, "changed", s->changes->len > 0);
	json_put_bool(&w, "check", sectigo_state_is_check(op));
	put_all(&w, s);
	json_close(&w, '}');
	d->json = g_string_free(w.out, FALSE);
	detail_unref(op->detail);
	op->detail = d;
}

struct next sectigo_state_end(struct op *op)
{
	const struct sectigo_state *s = sectigo_state_of(op);
	g_autoptr(GString) said = g_string_new(NULL);

	for (guint i = 0; i < s->changes->len; i++)
		g_string_append_printf(said, "%s%s", i ? ", " : "", (char *)s->changes->pdata[i]);
	report(op);
	if (!s->changes->len)
		op_say(op, "%s is as it should be; nothing %s", args_text(op->args, "name", ""),
		       sectigo_state_is_check(op) ? "would be changed" : "was changed");
	else
		op_say(op, "%s%s", sectigo_state_is_check(op) ? "would be changed: " : "", said->str);
	return next_done();
}

struct next sectigo_state_fail(struct op *op, GError *error)
{
	const struct sectigo_state *s = sectigo_state_of(op);

	if (s->changes->len && !sectigo_state_is_check(op))
		g_prefix_error(&error, "%s, but then: ", (char *)s->changes->pdata[s->changes->len - 1]);
	report(op);
	return next_fail_error(op, error);
}

void sectigo_state_changed(struct op *op, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(sectigo_state_of(op)->changes, g_strdup_vprintf(format, args));
	va_end(args);
}

void sectigo_state_fact(struct op *op, const char *label, const char *value)
{
	GPtrArray *facts = sectigo_state_of(op)->facts;

	if (!value || !*value)
		return;
	g_ptr_array_add(facts, g_strdup(label));
	g_ptr_array_add(facts, g_strdup(value));
}

/* ---- the differences ---- */

void sectigo_state_call(struct op *op, const char *method, char *path, char *body, const char *left,
			const char *format, ...)
{
	struct call *c = g_new0(struct call, 1);
	va_list args;

	c->method = method;
	c->path = path;
	c->body = body;
	c->left = left;
	va_start(args, format);
	c->what = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(sectigo_state_of(op)->calls, c);
}

void sectigo_state_call_names(struct op *op, const char *method, char *path, char *body, const char *left,
			      char **names, const char *what)
{
	const GPtrArray *calls = sectigo_state_of(op)->calls;

	sectigo_state_call(op, method, path, body, left, "%s", what);
	((struct call *)calls->pdata[calls->len - 1])->names = names;
}

static bool is_among(const struct json *names, const char *name)
{
	for (size_t i = 0; i < json_count(names); i++) {
		const char *text = json_text(json_at(names, i));
		g_autofree char *ascii = text ? sectigo_domain_ascii(text, NULL) : NULL;

		if (!g_strcmp0(ascii, name))
			return true;
	}
	return false;
}

/* What is changed by it, but for the names that were left; nothing when all were. */
static void count_change(struct op *op, const struct call *c, const struct json *left)
{
	g_autoptr(GString) what = g_string_new(c->what);
	guint n = 0;

	for (char **name = c->names; name && *name; name++) {
		g_autofree char *shown = sectigo_domain_show(*name);

		if (!is_among(left, *name))
			g_string_append_printf(what, "%s%s", n++ ? ", " : ": ", shown);
	}
	if (n || !c->names)
		sectigo_state_changed(op, "%s", what->str);
}

static struct next go_on(struct op *op)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const struct call *c;

	for (; sectigo_state_is_check(op) && s->at < s->calls->len; s->at++)
		count_change(op, s->calls->pdata[s->at], NULL);
	if (s->at == s->calls->len)
		return s->then ? s->then(op, NULL) : sectigo_state_end(op);
	c = s->calls->pdata[s->at];
	return next_send(sectigo_call(op, c->method, c->path, c->body), called);
}

struct next sectigo_state_run(struct op *op, step_fn *then)
{
	sectigo_state_of(op)->then = then;
	return go_on(op);
}

/* An answer of 200 may name some that were not done. */
static void hear_left(struct op *op, const struct call *c, const struct json *left)
{
	for (size_t i = 0; i < json_count(left); i++) {
		const char *name = json_text(json_at(left, i));
		g_autofree char *shown = name ? sectigo_domain_show(name) : g_strdup("one");

		op_trouble(op, "%s was not %s%s", shown,
			   strcmp(c->method, "POST") ? "taken away" : "added",
			   strcmp(c->method, "POST") ? "" : "; its domain has to be at Sectigo, delegated "
							    "and validated");
	}
}

static struct next called(struct op *op, const struct reply *r)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const struct call *c = s->calls->pdata[s->at];
	g_autofree char *what = g_strdup_printf("%s (%s %s)", args_text(op->args, "name", ""), c->method,
						c->path);
	g_autoptr(json) j = NULL;
	const struct json *left;
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, what, NULL, &error))
		return sectigo_state_fail(op, error);
	j = c->left ? sectigo_refusal_or_json(r, what, NULL, NULL) : NULL;
	left = j ? json_get(j, c->left) : NULL;
	hear_left(op, c, left);
	count_change(op, c, left);
	s->at++;
	return go_on(op);
}

bool sectigo_state_list_failed(struct op *op, struct next *ret)
{
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);

	if (error)
		*ret = sectigo_state_fail(op, g_error_copy(error));
	return error;
}

/* ---- beginning ---- */

static struct next begin(struct op *op, const struct reply *none)
{
	const char *typed = args_text(op->args, "organization", "");
	struct sectigo_state *s;
	GError *error = NULL;

	if (args_bool(op->args, "only") && !sectigo_state_is_present(op))
		return next_fail(op, ERR_USAGE, "only goes with the state present: absent takes away what is "
				 "said");
	s = sectigo_call_mine(op, sizeof(*s), state_free);
	s->calls = g_ptr_array_new_with_free_func(call_free);
	s->changes = g_ptr_array_new_with_free_func(g_free);
	s->facts = g_ptr_array_new_with_free_func(g_free);
	s->organizations = g_ptr_array_new_with_free_func(g_free);
	s->found = g_ptr_array_new_with_free_func(found_free);
	s->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (*typed)
		s->organization = sectigo_organization_find(op, typed, &error);
	return error ? next_fail_error(op, error) : sort_of(op)->begin(op, none);
}

struct next sectigo_state(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_organization_read(op, begin);
}

/* What it turns out to be is only known once it is asked for: check says it. */
bool sectigo_state_planned(struct op *op, struct plan *p, GError **error)
{
	const struct sort *sort = sort_of(op);
	const char *name = args_text(op->args, "name", "");
	bool is_present = sectigo_state_is_present(op);
	unsigned how = sectigo_state_is_check(op) ? PLAN_ASKS : PLAN_CHANGES | PLAN_MAYBE;

	(void)error;
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", "/organization/v1",
			     args_text(op->args, "organization", ""));
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", sort->reads, name);
	if (how != PLAN_ASKS)
		sectigo_planned_call(op, p, how, is_present ? "POST" : "DELETE",
				     is_present ? sort->makes : sort->ends, name);
	plan_not(p, "what is as it should be is not touched; check asks, and says what is not");
	sectigo_planned_run(op, p, "GET", sort->reads, NULL);
	return true;
}
