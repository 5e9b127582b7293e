/*
 * aws_request: all of a request for a person: what was asked, how each name stands, who has to do
 * what until when.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/clock.h>

/* clang-format off */
static const struct {
	const char *key, *label;
} answers[] = {
	{ "validation",        "validation" },
	{ "validation-domain", "mail domain" },
	{ "key",               "key" },
	{ "exportable",        "exportable" },
	{ "ca",                "private CA" },
	{ "template",          "template" },
	{ "algorithm",         "signature" },
	{ "tags",              "tags" },
};

/* What moves a request on, by the verb that its row names first. */
static const struct {
	const char *verb, *step;
} steps[] = {
	{ "publish",  "publish puts the records into Route 53 where a known account has the zone; else copy them into the zone, as full names, and sync" },
	{ "sync",     "sync asks AWS again, and the zone's own servers for the records" },
	{ "resend",   "resend has the mails sent again" },
	{ "withdraw", "withdraw deletes the request in AWS; then order it again" },
	{ "dismiss",  "nothing is left to do; dismiss takes the row away here" },
};
/* clang-format on */

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, tone, label, "%s", text);
}

static void add_time(struct detail *d, enum tone tone, const char *label, int64_t when, int64_t now)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (!when)
		return;
	clock_say_utc(s, when);
	g_string_append(s, ", ");
	clock_say_until(s, now, when);
	detail_add(d, tone, label, "%s", s->str);
}

static void add_lines(struct detail *d, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		add(d, TONE_PLAIN, line == lines ? label : "", *line);
}

/* ---- each name ---- */

static const char *status_words(const char *status)
{
	static const char *const words[][2] = {
		{ "SUCCESS", "proved" }, { "PENDING_VALIDATION", "waits" }, { "FAILED", "failed" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(status, words[i][0]))
			return words[i][1];
	return *status ? status : "not told";
}

static void add_option(struct detail *d, const struct acm_option *o)
{
	bool is_proved = !strcmp(o->status, "SUCCESS");
	g_autofree char *emails = g_strjoinv(", ", o->emails);

	detail_add(d, is_proved ? TONE_GOOD : TONE_WARN, o->name, "%s%s%s", status_words(o->status),
		   *o->method ? ", by " : "", !strcmp(o->method, "EMAIL") ? "e-mail" : o->method);
	if (*o->domain && !strcmp(o->method, "EMAIL"))
		detail_add(d, TONE_PLAIN, "", "mailboxes of %s", o->domain);
	add(d, TONE_PLAIN, "", emails);
	if (*o->record_name)
		detail_add(d, TONE_PLAIN, "", "%s %s %s", o->record_name, o->record_type,
			   o->record_value);
}

/* ---- all of it ---- */

static const char *next_step(const struct request *r)
{
	size_t len = strcspn(r->can, " ");

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (strlen(steps[i].verb) == len && !strncmp(r->can, steps[i].verb, len))
			return steps[i].step;
	return NULL;
}

static void add_asked(struct detail *d, const struct acm_kept *k)
{
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
		add(d, TONE_PLAIN, answers[i].label, args_text(k->asked, answers[i].key, ""));
}

static void add_state(struct detail *d, const struct request *r, int64_t now)
{
	detail_add(d, request_state_tone(r->state), "state", "%s",
		   *r->theirs ? r->theirs : request_state_word(r->state));
	if (request_is_waiting(r))
		add(d, TONE_PLAIN, "waits for", request_waits_for(r->state));
	add(d, TONE_BAD, "reason", r->reason);
	add(d, TONE_WARN, "notice", r->oddities);
	add_time(d, TONE_PLAIN, "since", r->since, now);
	add_time(d, r->due > now ? TONE_WARN : TONE_BAD, "until", r->due, now);
	add_time(d, TONE_PLAIN, "ended", r->ended, now);
	add(d, TONE_PLAIN, "certificate", r->result);
	add(d, TONE_PLAIN, "next", next_step(r));
}

struct next aws_request_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autoptr(acm_kept) k = NULL;
	g_autofree char *id = NULL, *names = NULL, *arn = NULL;
	struct detail *d;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	k = acm_kept_read(r->kept);
	id = g_strconcat("requests/", r->id, NULL);
	names = g_strjoinv("\n", r->names);
	arn = op->store && *k->alias ? aws_arn(op->store, k->alias) : NULL;
	d = detail_new(id, r->title);
	add_state(d, r, op->now);
	add_lines(d, "names", names);
	add(d, TONE_PLAIN, "account", r->account);
	add(d, TONE_PLAIN, "store", op->store ? op->store->title : r->store);
	add(d, TONE_PLAIN, "ARN", arn);
	add_asked(d, k);
	add(d, TONE_PLAIN, "order's digest", r->digest);
	add_lines(d, "records", r->records);
	if (k->options->len)
		detail_add(d, TONE_PLAIN, "names and their proof", "%s", "");
	for (guint i = 0; i < k->options->len; i++)
		add_option(d, k->options->pdata[i]);
	if (*r->records)
		d->text = g_strconcat(r->records, "\n", NULL);
	d->made = op->now;
	op->detail = d;
	return next_done();
}
