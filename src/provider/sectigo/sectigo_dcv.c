/*
 * sectigo_dcv: the validation of who controls a domain, by a record in DNS, a file on its web server, or
 * a mail: begun, submitted, asked about, taken back.
 *
 *   CNAME    start (a record) ─► publish ─► sync: seen in DNS, submit ─► sync, until it is validated
 *   TXT      submit (a record) ─► publish ─► sync
 *   HTTP(S)  start (a file) ─► sync: submit ─► sync
 *   e-mail   start (mailboxes), submit with one of them ─► sync
 *
 * A second start may bring another record, so one that is there is gone on with.  What Sectigo has can
 * be asked at any time, so an answer that is lost loses nothing.
 */
#include "sectigo_domains.h"

#include <string.h>

#include <certty/base/text.h>

#include "provider/dns_seen.h"

#define ASKING	 "asking how the validation stands (POST /dcv/v2/validation/status)"
#define STARTING "starting the validation (POST /dcv/validation/start)"
#define SENDING	 "submitting the validation (POST /dcv/validation/submit)"
#define CLEARING "clearing the validation (POST /dcv/validation/clear)"

/* clang-format off */
const struct field sectigo_dcv_questions[] = {
	{ "method", FIELD_CHOICE, "Method", false, "cname", "cname txt http https email",
	  "how control is shown: a record in DNS, a file on the domain's web server, or a mail to it" },
	{ "email",  FIELD_TEXT,   "Mailbox", false, NULL, NULL,
	  "who gets the mail: an address, or what stands before its @, as in hostmaster",
	  "method=email", "[!-~]{1,255}" },
	{ NULL }
};
/* clang-format on */

struct dcv {
	char *domain;
	bool is_new;		/* this operation has begun it */
};

static step_fn asked, started, submitted, stands, asked_again, looked, cleared, mail_cleared,
	mail_started;

static void dcv_free(void *p)
{
	struct dcv *d = p;

	g_free(d->domain);
	g_free(d);
}

static struct dcv *of(struct op *op)
{
	return sectigo_of(op)->mine;
}

/* ---- requests ---- */

static char *body_of(const char *domain, const char *email)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "domain", domain);
	if (email)
		json_put_str(&w, "email", email);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *path_of(const struct op *op, const char *call)
{
	return g_strdup_printf("/dcv/%s/validation/%s", sectigo_call_version(op), call);
}

struct request_out *sectigo_dcv_ask(const struct op *op, const char *call, const char *domain,
				    const char *email)
{
	g_autofree char *path = path_of(op, call), *body = body_of(domain, email);

	return sectigo_call(op, "POST", path, body);
}

struct request_out *sectigo_dcv_ask_status(const struct op *op, const char *domain)
{
	g_autofree char *body = body_of(domain, NULL);
	struct request_out *r = sectigo_call(op, "POST", "/dcv/v2/validation/status", body);

	r->is_repeatable = true;
	return r;
}

static const struct request *row_of(struct op *op)
{
	g_autofree char *id = sectigo_dcv_row_id(op->store, of(op)->domain);

	return op->request ? op->request : sectigo_dcv_row_find(op, id);
}

/* ---- begun ---- */

static const char *method_of(const struct op *op)
{
	return args_text(op->args, "method", "cname");
}

struct next sectigo_dcv_start(struct op *op, const struct reply *none)
{
	struct dcv *d = sectigo_call_mine(op, sizeof(*d), dcv_free);
	GError *error = NULL;

	(void)none;
	d->domain = sectigo_domain_ascii(op->object->name, &error);
	if (!d->domain)
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask_status(op, d->domain), asked);
}

/* What is said of a row that this operation has put. */
static struct next put(struct op *op, struct request *row /* taken */, const char *what)
{
	op_put_request(op, row);
	op_touch(op, op->store->id);
	op_say(op, "%s: %s%s%s", row->title, what, *row->reason ? ": " : "", row->reason);
	return next_done();
}

/* One that is there already: submitted, or begun by the same way. */
static bool is_under_way(const struct op *op, const struct json *j, bool *ret_is_submitted)
{
	g_autofree char *order = sectigo_call_word(j, "orderStatus"), *mode = sectigo_call_word(j, "orderMode");

	*ret_is_submitted = !strcmp(order, "SUBMITTED");
	return *ret_is_submitted || (!strcmp(order, "AWAITING_SUBMISSION") &&
				     strcmp(mode, "EMAIL") && !g_ascii_strcasecmp(mode, method_of(op)));
}

static struct next asked(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, &error);
	g_autofree char *call = NULL;
	bool is_submitted, is_txt = !strcmp(method_of(op), "txt");
	struct request *row;

	if (!j)
		return next_fail_error(op, error);
	if (is_under_way(op, j, &is_submitted)) {
		row = sectigo_dcv_row(op, of(op)->domain, j, row_of(op), NULL);
		return put(op, row, is_submitted ? "a validation is submitted already; withdraw clears it" :
						   "begun before, with the same record or file");
	}
	of(op)->is_new = true;
	call = g_strconcat(is_txt ? "submit/domain/" : "start/domain/", method_of(op), NULL);
	return next_send(sectigo_dcv_ask(op, call, of(op)->domain, NULL), is_txt ? submitted : started);
}

/* The address that is meant, among those that are offered; NULL: all of them, in a sentence. */
static char *choose(const struct op *op, const struct json *j, GError **error)
{
	const struct json *emails = json_get(j, "emails");
	const char *wanted = args_text(op->args, "email", "");
	g_autoptr(GString) all = g_string_new(NULL);
	g_autofree char *shown = NULL;

	for (size_t i = 0; i < MIN(json_count(emails), 100); i++) {
		const char *one = json_text(json_at(emails, i));
		const char *at = one ? strchr(one, '@') : NULL;

		if (!at)
			continue;
		if (!g_ascii_strcasecmp(one, wanted) ||
		    (strlen(wanted) == (size_t)(at - one) && !g_ascii_strncasecmp(one, wanted, strlen(wanted))))
			return g_strdup(one);
		g_string_append_printf(all, "%s%s", all->len ? ", " : "", one);
	}
	shown = text_harmless_dup(all->str, 2000);
	g_set_error(error, ERR, ERR_USAGE, "%s: say which mailbox gets the mail: %s", op->object->name,
		    *shown ? shown : "Sectigo offers none");
	return NULL;
}

static struct next started(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, STARTING, NULL, &error);
	g_autofree char *email = NULL;

	if (!j)
		return next_fail_error(op, error);
	if (strcmp(method_of(op), "email") != 0)
		return next_send(sectigo_dcv_ask_status(op, of(op)->domain), stands);
	email = choose(op, j, &error);
	if (!email)
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask(op, "submit/domain/email", of(op)->domain, email), submitted);
}

/* Whether it is submitted is told by how it stands then, in which all the rest is as well. */
static struct next submitted(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, SENDING, NULL, &error);

	if (!j)
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask_status(op, of(op)->domain), stands);
}

static struct next stands(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, &error);
	const struct request *old = row_of(op);
	g_autofree char *dns = NULL;
	struct request *row;

	if (!j)
		return next_fail_error(op, error);
	if (old && *old->records && !of(op)->is_new)
		dns = g_strdup("there");	/* it was submitted because of that */
	row = sectigo_dcv_row(op, of(op)->domain, j, old, dns);
	if (!row)
		return next_fail(op, ERR_REPLY, "%s: Sectigo does not tell of the validation that was begun",
				 of(op)->domain);
	return put(op, row, row->theirs);
}

/* ---- asked about ---- */

static bool begin(struct op *op, GError **error)
{
	struct dcv *d = sectigo_call_mine(op, sizeof(*d), dcv_free);

	d->domain = g_strdup(op->request->names && op->request->names[0] ? op->request->names[0] : "");
	if (op->store && *d->domain)
		return true;
	g_set_error(error, ERR, ERR_NOT_FOUND, "the request's store is not known any more");
	return false;
}

struct next sectigo_dcv_sync(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!begin(op, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask_status(op, of(op)->domain), asked_again);
}

static struct next submit(struct op *op, const char *mode)
{
	g_autofree char *lower = g_ascii_strdown(mode, -1);
	g_autofree char *call = g_strconcat("submit/domain/", lower, NULL);

	return next_send(sectigo_dcv_ask(op, call, of(op)->domain, NULL), submitted);
}

static struct next asked_again(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, &error);
	g_autofree char *order = sectigo_call_word(j, "orderStatus"), *mode = sectigo_call_word(j, "orderMode");
	bool waits = !strcmp(order, "AWAITING_SUBMISSION");
	g_autoptr(request) row = NULL;
	struct work *look = NULL;

	if (!j)
		return next_fail_error(op, error);
	row = sectigo_dcv_row(op, of(op)->domain, j, op->request, NULL);
	if (!row)
		row = request_dup(op->request);
	if (request_is_waiting(row) && (waits || !strcmp(mode, "TXT")))
		look = dns_seen_work(op, row->records);
	if (look) {
		op_put_request(op, request_ref(row));
		return next_work(look, looked);
	}
	if (waits && g_str_has_prefix(mode, "HTTP")) {
		if (!op->account->is_read_only)
			return submit(op, mode);
		op_trouble(op, "%s is read-only: it is not submitted", op->account->id);
	}
	return put(op, request_ref(row), row->theirs);
}

/* The row as it was put before, with what DNS has. */
static struct request *seen_row(struct op *op, bool is_there)
{
	struct request *r = request_dup(op->request);
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(r->kept);
	struct json_writer w = { .out = g_string_new(NULL) };
	g_autofree char *host = NULL;
	g_autoptr(json) j = NULL;
	struct request *row;

	json_open(&w, NULL, '{');
	json_put_str(&w, "orderStatus", strcmp(k->mode, "TXT") ? "AWAITING_SUBMISSION" : "SUBMITTED");
	json_put_str(&w, "orderMode", k->mode);
	json_close(&w, '}');
	host = g_string_free(w.out, FALSE);
	j = json_parse(host, strlen(host), strlen(host), NULL);
	row = sectigo_dcv_row(op, of(op)->domain, j, r, is_there ? "there" : "missing");
	request_unref(r);
	return row;
}

static struct next looked(struct op *op, const struct reply *none)
{
	const struct dns_seen *s = op->work->in;
	g_autoptr(request) row = seen_row(op, dns_seen_all(s));
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(row->kept);

	(void)none;
	for (guint i = 0; i < s->troubles->len; i++)
		op_trouble(op, "%s", (const char *)s->troubles->pdata[i]);
	if (dns_seen_all(s) && strcmp(k->mode, "TXT") && !op->account->is_read_only)
		return submit(op, k->mode);
	return put(op, request_ref(row), dns_seen_all(s) ? "every server of its zone has the record" :
							   "the record is not on every server of its zone");
}

/* ---- taken back, and the mail once more, which is a new order ---- */

struct next sectigo_dcv_withdraw(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!begin(op, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask(op, "clear", of(op)->domain, NULL), cleared);
}

static struct next cleared(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	struct request *row;

	if (!sectigo_refusal_or_done(r, CLEARING, NULL, &error))
		return next_fail_error(op, error);
	row = request_dup(op->request);
	sectigo_dcv_row_end(row, REQUEST_GONE, "Cleared", "", op->now);
	return put(op, row, "cleared; an earlier validation stays valid until it ends");
}

struct next sectigo_dcv_resend(struct op *op, const struct reply *none)
{
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(op->request->kept);
	GError *error = NULL;

	(void)none;
	if (!begin(op, &error))
		return next_fail_error(op, error);
	if (strcmp(k->mode, "EMAIL") || !*k->email)
		return next_fail(op, ERR_USAGE, "%s waits for no mail", op->request->title);
	return next_send(sectigo_dcv_ask(op, "clear", of(op)->domain, NULL), mail_cleared);
}

static struct next mail_cleared(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!sectigo_refusal_or_done(r, CLEARING, NULL, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask(op, "start/domain/email", of(op)->domain, NULL), mail_started);
}

static struct next mail_started(struct op *op, const struct reply *r)
{
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(op->request->kept);
	GError *error = NULL;

	if (!sectigo_refusal_or_done(r, STARTING, NULL, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_dcv_ask(op, "submit/domain/email", of(op)->domain, k->email), submitted);
}

/* ---- plans ---- */

static void plan_call_of(struct op *op, struct plan *p, const char *call, const char *domain)
{
	g_autofree char *path = path_of(op, call), *body = body_of(domain, NULL);

	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path, domain);
	sectigo_planned_run(op, p, "POST", path, body);
}

bool sectigo_dcv_planned_start(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *domain = sectigo_domain_ascii(op->object->name, error), *call = NULL;
	bool is_txt = !strcmp(method_of(op), "txt"), is_mail = !strcmp(method_of(op), "email");

	if (!domain)
		return false;
	sectigo_planned_call(op, p, PLAN_ASKS, "POST", "/dcv/v2/validation/status",
			     "whether one is under way");
	call = g_strconcat(is_txt ? "submit/domain/" : "start/domain/", method_of(op), NULL);
	plan_call_of(op, p, call, domain);
	if (is_mail)
		sectigo_planned_call(op, p, PLAN_CHANGES, "POST", "/dcv/validation/submit/domain/email",
				     "has the mail sent");
	plan_not(p, "a validation that is valid stays so until it ends");
	plan_not(p, "nothing is put into DNS, or on a web server, by this");
	return true;
}

bool sectigo_dcv_planned_withdraw(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	plan_call_of(op, p, "clear", op->request->names[0] ? op->request->names[0] : "");
	plan_not(p, "a validation that is valid stays so, and records that were put into DNS stay there");
	return true;
}

bool sectigo_dcv_planned_resend(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(op->request->kept);
	g_autofree char *clear = path_of(op, "clear"), *start = path_of(op, "start/domain/email");
	g_autofree char *submit_path = path_of(op, "submit/domain/email");

	if (strcmp(k->mode, "EMAIL") || !*k->email) {
		g_set_error(error, ERR, ERR_USAGE, "%s waits for no mail", op->request->title);
		return false;
	}
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", clear, "the order that is under way");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", start, "a new one");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", submit_path, k->email);
	return true;
}
