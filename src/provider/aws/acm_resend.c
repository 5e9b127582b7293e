/*
 * acm_resend: the mails in which names are approved, once more.
 *
 * ACM takes that for 72 hours from the request, or from the last time; then a new request is needed.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/clock.h>

#define SENDING "having the validation mail sent again"

struct resending {
	GPtrArray *options;	/* struct acm_option, borrowed from the row */
	char *domain;		/* instead of each one's own; "" */
	guint sent;
};

static ask_fn ask;
static each_fn hear;
static step_fn sent;

static void resending_free(void *p)
{
	struct resending *s = p;

	g_clear_pointer(&s->options, g_ptr_array_unref);
	g_free(s->domain);
	g_free(s);
}

static const char *without_wildcard(const char *name)
{
	return g_str_has_prefix(name, "*.") ? name + 2 : name;
}

const char *acm_resend_domain(const struct acm_option *o, const char *said)
{
	return *said ? said : without_wildcard(*o->domain ? o->domain : o->name);
}

/* ---- which ---- */

static bool is_named(char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (!g_ascii_strcasecmp(*names, name))
			return true;
	return false;
}

static bool is_wanted(const struct acm_option *o, char **names)
{
	return !strcmp(o->method, "EMAIL") && strcmp(o->status, "SUCCESS") &&
	       (!names || !names[0] || is_named(names, o->name));
}

GPtrArray *acm_resend_waiting(const struct op *op, const struct acm_kept *k, GError **error)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	const char *domain = args_text(op->args, "domain", "");
	g_autoptr(GPtrArray) waiting = g_ptr_array_new();
	bool has_names = names && names[0];

	for (guint i = 0; i < k->options->len; i++) {
		struct acm_option *o = k->options->pdata[i];
		char *const one[] = { o->name, NULL };

		if (!is_wanted(o, names))
			continue;
		if (*domain && !acm_check_domain(domain, one, error))
			return NULL;
		g_ptr_array_add(waiting, o);
	}
	if (waiting->len && (!has_names || waiting->len >= g_strv_length(names)))
		return g_steal_pointer(&waiting);
	g_set_error(error, ERR, ERR_USAGE, has_names ?
		    "not every one of those names waits for an answer to a mail" :
		    "no name of this request waits for an answer to a mail");
	return NULL;
}

static bool is_in_time(struct op *op, GError **error)
{
	const struct acm_watch *w = acm_watch_get(op);
	int64_t from = MAX(w->row->since, w->kept->resent);

	if (!strcmp(w->row->type, "renewal") || op->now < from + ACM_VALIDATION_TIME)
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s: AWS sends no mail again after 72 hours; withdraw "
		    "the request and order it again", w->row->title);
	return false;
}

/* ---- sending ---- */

static struct ask ask(struct op *op, size_t i)
{
	const struct acm_watch *w = acm_watch_get(op);
	const struct resending *s = w->more;
	const struct acm_option *o = s->options->pdata[i];
	g_autofree char *arn = aws_arn(op->store, w->kept->alias);
	GError *error = NULL;
	struct acm_body b;
	struct ask a = { 0 };

	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateArn", arn);
	json_put_str(&b.w, "Domain", o->name);
	json_put_str(&b.w, "ValidationDomain", acm_resend_domain(o, s->domain));
	a.send = acm_body_end(&b, op, AWS_ACM, "ResendValidationEmail", &error);
	if (error)
		op_trouble(op, "%s", error->message);
	g_clear_error(&error);
	return a;
}

static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct resending *s = acm_watch_get(op)->more;
	const struct acm_option *o = s->options->pdata[i];
	g_autoptr(GError) error = NULL;

	(void)none;
	if (acm_fetch_check(r, SENDING, "acm:ResendValidationEmail", &error))
		s->sent++;
	else
		op_trouble(op, "%s: %s", o->name, error->message);
}

/* Whose mailboxes: five of each domain, by the rules of all public authorities. */
static char *say_recipients(const struct resending *s)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < s->options->len; i++) {
		const char *domain = acm_resend_domain(s->options->pdata[i], s->domain);

		if (!g_hash_table_add(seen, (char *)(uintptr_t)domain))
			continue;
		g_string_append_printf(text, "%s%s", text->len ? ", " : "", domain);
	}
	return g_string_free(text, FALSE);
}

static struct next sent(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);
	const struct resending *s = w->more;
	g_autofree char *domains = say_recipients(s);
	struct request *row;

	(void)none;
	if (!s->sent)
		return next_fail(op, ERR_REFUSED, "no mail was sent: %s",
				 op->troubles->len ? (const char *)op->troubles->pdata[0] : "");
	op_say(op, "%s: mails for %u of %u names went to admin, administrator, hostmaster, postmaster "
	       "and webmaster of %s", w->row->title, s->sent, s->options->len, domains);
	w->kept->resent = op->now;
	row = request_dup(w->row);
	if (strcmp(row->type, "renewal") != 0)
		row->due = op->now + ACM_VALIDATION_TIME;
	acm_status_set_kept(row, w->kept);
	op_put_request(op, row);
	return next_done();
}

struct next acm_resend(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);
	struct resending *s;
	GError *error = NULL;

	(void)none;
	if (!w->row || !op->store || !*w->kept->alias)
		return next_fail(op, ERR_NOT_FOUND, "AWS has no certificate of this request");
	s = g_new0(struct resending, 1);
	s->domain = g_strdup(args_text(op->args, "domain", ""));
	w->more = s;
	w->free_more = resending_free;
	s->options = acm_resend_waiting(op, w->kept, &error);
	if (!s->options || !is_in_time(op, &error))
		return next_fail_error(op, error);
	return next_each(s->options->len, ask, hear, sent);
}
