/*
 * why: what stands in the way of validations: the facts are found out on the job pool, one work for
 * each record or name, and become one page.
 *
 * A request brings its records, its deadline and who issues; for any other name a person says as
 * much of that as matters.
 */
#include "why_own.h"

#include <string.h>

#include "own.h"

#define CASES_MOST 24	/* records or names of one request */

static step_fn begin, judge;

/* One record or name: what is asked, and what came of it. */
struct looking {
	char *name, *type, *value;
	struct dns_way *way;
	char *anchor;
	char *path, *token;	/* by HTTP; path "": not asked */
	uint16_t port;
	int64_t now;
	struct dns_facts *facts;
	struct token_look *seen;
	GError *error;
};

struct asking {
	GPtrArray *cases;	/* struct looking, those that ended; the others are their works' */
	GPtrArray *open;	/* struct looking */
	char *ca, *method, *account_uri;
	guint left_out;
};

static void looking_free(void *p)
{
	struct looking *l = p;

	if (!l)
		return;
	g_free(l->name);
	g_free(l->type);
	g_free(l->value);
	dns_way_free(l->way);
	g_free(l->anchor);
	g_free(l->path);
	g_free(l->token);
	dns_facts_free(l->facts);
	token_look_free(l->seen);
	g_clear_error(&l->error);
	g_free(l);
}

static void asking_done(void *scratch)
{
	struct asking *a = scratch;

	g_clear_pointer(&a->cases, g_ptr_array_unref);
	g_clear_pointer(&a->open, g_ptr_array_unref);
	g_free(a->ca);
	g_free(a->method);
	g_free(a->account_uri);
}

const struct provider provider_why = {
	.verb = { [VERB_WHY] = begin },
	.scratch = sizeof(struct asking),
	.scratch_done = asking_done,
	.at_once_store = 8,
};

/* ---- on the pool ---- */

static void look(struct work *w)
{
	struct looking *l = w->in;

	l->facts = dns_facts_gather(l->way, l->anchor, l->name, l->type, l->value, l->now, &w->stop,
				    &l->error);
	if (l->facts && *l->path) {
		GPtrArray *at = l->facts->addresses;
		g_autofree char **addresses = g_new0(char *, at->len + 1);

		for (guint i = 0; i < at->len; i++)
			addresses[i] = at->pdata[i];
		l->seen = token_look(l->way, l->facts->domain, l->port, l->path, l->token, addresses,
				     &w->stop);
	}
	w->out = w->in;
	w->in = NULL;
}

/* ---- what is asked ---- */

static bool add_case(struct op *op, const char *name, const char *type, const char *value)
{
	struct asking *a = op->scratch;
	const char *http = args_text(op->args, "http", ""), *blank = strchr(http, ' ');
	struct looking *l;

	if (a->open->len == CASES_MOST) {
		a->left_out++;
		return false;
	}
	l = g_new0(struct looking, 1);
	l->name = g_str_has_suffix(name, ".") ? g_strndup(name, strlen(name) - 1) : g_strdup(name);
	l->type = g_strdup(type);
	l->value = g_strdup(value);
	l->way = dns_way_new(op->settings);
	l->anchor = g_strdup(settings_text(op->settings, "dns", "anchor"));
	l->path = blank ? g_strndup(http, (gsize)(blank - http)) : g_strdup(http);
	l->token = g_strdup(blank ? blank + 1 : "");
	l->port = (uint16_t)settings_int(op->settings, "dns", "http-port");
	l->now = op->now;
	g_ptr_array_add(a->open, l);
	return true;
}

/* "NAME TYPE VALUE", or the same with TTL and class as a zone file has them. */
static bool add_record(struct op *op, const char *text, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	g_autofree char *whole = NULL, *line = g_strdup(text);
	const char *rest = text + strlen(words[0] ? words[0] : "");
	struct dns_record *r;

	while (g_ascii_isspace(*rest))
		rest++;
	if (*rest && !g_ascii_isdigit(*rest) && g_ascii_strncasecmp(rest, "IN ", 3) != 0)
		whole = g_strdup_printf("%s%s 300 IN %s", words[0],
					g_str_has_suffix(words[0], ".") ? "" : ".", rest);
	r = dns_record_read(whole ? whole : line, error);
	if (!r)
		return false;
	add_case(op, r->name, r->type, r->value);
	dns_record_free(r);
	return true;
}

static bool is_name(const char *text)
{
	return *text && strlen(text) < 254 && g_regex_match_simple("\\A(\\*\\.)?[A-Za-z0-9_-]+"
		"(\\.[A-Za-z0-9_-]+)*\\.?\\z", text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* What is known to show control of it has to be there. */
static bool add_known(struct op *op, const char *name)
{
	g_autofree char *folded = g_ascii_strdown(name, -1);
	g_autoptr(GPtrArray) records = domains_records(operation_of(op)->engine, folded);

	for (guint i = 0; i < records->len; i++)
		if (!add_record(op, records->pdata[i], NULL))
			return false;
	return true;
}

static bool add_name(struct op *op, const char *typed, GError **error)
{
	g_autofree char *ascii = text_idn_ascii(typed, NULL);
	const char *name = ascii ? ascii : typed;

	if (is_name(name))
		return add_case(op, name, "", "") && add_known(op, name);
	g_set_error(error, ERR, ERR_USAGE, "'%s' is no name of a host", typed);
	return false;
}

static bool add_request(struct op *op, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(op->request->records, "\n", -1);
	struct asking *a = op->scratch;

	for (char **line = lines; *line; line++)
		if (**line && !add_record(op, *line, error))
			return false;
	for (char **name = op->request->names; name && *name && !*op->request->records; name++)
		if (is_name(*name))
			add_case(op, *name, "", "");
	if (a->open->len)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s is about no name in DNS", op->request->title);
	return false;
}

static bool add_typed(struct op *op, GError **error)
{
	const char *record = args_text(op->args, "record", ""), *name = args_text(op->args, "name", "");

	if (*record)
		return add_record(op, record, error);
	if (*name)
		return add_name(op, name, error);
	g_set_error(error, ERR, ERR_USAGE, "why needs a request, a name or a record");
	return false;
}

/* ---- who is to issue, and by what ---- */

/* Mails can be sent again only where mails are how control is shown. */
static const char *method_of(const struct op *op)
{
	const struct request *r = op->request;

	if (*args_text(op->args, "record", "") || (r && *r->records))
		return "dns";
	if (*args_text(op->args, "http", ""))
		return "http";
	return r && strstr(r->can, verb_table[VERB_RESEND].name) ? "email" : "";
}

static const char *ca_known(struct op *op)
{
	g_autofree char *name = g_ascii_strdown(args_text(op->args, "name", ""), -1);

	return domains_ca(operation_of(op)->engine, name);
}

static void fill_in(struct op *op)
{
	struct asking *a = op->scratch;
	const struct provider *p = op->request ? provider_find(op->request->provider) : NULL;

	a->open = g_ptr_array_new_with_free_func(looking_free);
	a->cases = g_ptr_array_new_with_free_func(looking_free);
	a->ca = g_strdup(args_text(op->args, "ca", p && p->info->ca ? p->info->ca : ca_known(op)));
	a->method = g_strdup(args_text(op->args, "method", method_of(op)));
	a->account_uri = g_strdup(args_text(op->args, "account-uri", ""));
}

/* ---- the steps ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	struct asking *a = op->scratch;
	struct looking *l = g_steal_pointer(&a->open->pdata[i]);

	return (struct ask){ .work = work_new(look, l, looking_free, looking_free) };
}

static void hear_one(struct op *op, size_t i, const struct reply *none, struct work *work)
{
	struct asking *a = op->scratch;

	(void)i;
	(void)none;
	if (work->out)
		g_ptr_array_add(a->cases, g_steal_pointer(&work->out));
}

static bool is_wildcard(const struct op *op, const char *domain)
{
	g_autofree char *wild = g_strconcat("*.", domain, NULL);

	if (!op->request)
		return g_str_has_prefix(args_text(op->args, "name", ""), "*.");
	return op->request->names &&
	       g_strv_contains((const char *const *)op->request->names, wild);
}

static int by_name(const void *a, const void *b)
{
	const struct looking *x = *(struct looking *const *)a, *y = *(struct looking *const *)b;

	return strcmp(x->name, y->name);
}

static void judge_one(struct op *op, struct why *page, const struct looking *l)
{
	const struct asking *a = op->scratch;
	const struct why_case c = {
		.facts = l->facts, .error = l->error, .token = l->seen, .name = l->name, .ca = a->ca,
		.account_uri = a->account_uri, .method = a->method,
		.is_wildcard = is_wildcard(op, l->facts ? l->facts->domain : l->name),
		.due = op->request && request_is_waiting(op->request) ? op->request->due : 0,
		.now = op->now,
	};

	why_judge(page, &c);
}

static struct next judge(struct op *op, const struct reply *none)
{
	const struct asking *a = op->scratch;
	g_autofree char *about = why_about(op->request ? op->request->id : NULL, op->args);
	const char *title = op->request ? op->request->title : about;
	const struct why_finding *culprit;
	g_autoptr(why) page = why_new(about, title);

	(void)none;
	g_ptr_array_sort(a->cases, by_name);
	for (guint i = 0; i < a->cases->len; i++)
		judge_one(op, page, a->cases->pdata[i]);
	if (a->left_out)
		why_add(page, WHY_UNKNOWN, "limit", title, "%u more records were not looked at",
			a->left_out);
	culprit = why_culprit(page);
	op->detail = why_detail(page);
	if (culprit)
		op_say(op, "%s: %s", title, culprit->said);
	else
		op_say(op, "nothing stands in the way of validating %s", title);
	return next_done();
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct asking *a = op->scratch;
	GError *error = NULL;

	(void)none;
	if (operation_of(op)->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked");
	fill_in(op);
	if (*a->ca && !why_caa_is_ca(a->ca, &error))
		return next_fail_error(op, error);
	if (!(op->request ? add_request(op, &error) : add_typed(op, &error)))
		return next_fail_error(op, error);
	return next_each(a->open->len, ask_one, hear_one, judge);
}
