/*
 * sectigo_request: all of a request, for whoever has to do something about it.
 */
#include "sectigo_certs.h"
#include "sectigo_domains.h"

#include <string.h>

#include <certty/model/detail.h>

static void add(struct detail *d, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

static void add_lines(struct detail *d, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		add(d, line == lines ? label : "", *line);
}

/* What is asked of a domain, and by which way. */
static void add_validation(struct detail *d, const struct request *r)
{
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(r->kept);

	add(d, "method", k->mode);
	add(d, "mail goes to", k->email);
	add(d, "file", k->url);
	add(d, "its two lines", k->lines);
	add(d, "validated before until", k->before);
	add(d, "seen in DNS", k->dns);
}

/* What is ordered, line by line. */
static void add_order(struct detail *d, const struct request *r)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);
	g_auto(GStrv) lines = g_strsplit(k->review, "\n", -1);

	add(d, "Sectigo's ID", k->number);
	for (char **line = lines; *line; line++) {
		char *at = strstr(*line, ": ");

		if (!at)
			continue;
		*at = '\0';
		add(d, *line, at + 2);
	}
	add(d, "asked by", r->asked_by);
	add(d, "certificate", r->result);
	add(d, "SHA-256", r->digest);
}

struct next sectigo_request_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autofree char *id = NULL, *names = NULL;
	struct detail *d;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	id = g_strconcat("requests/", r->id, NULL);
	names = g_strjoinv("\n", r->names);
	d = detail_new(id, r->title);
	detail_add(d, request_state_tone(r->state), "state", "%s: %s", request_state_word(r->state), r->theirs);
	add(d, "", r->reason);
	add_lines(d, "names", names);
	add(d, "account", r->account);
	add(d, "store", op->store ? op->store->title : r->store);
	if (strcmp(r->type, SECTIGO_ORDER))
		add_validation(d, r);
	else
		add_order(d, r);
	add_lines(d, "records", r->records);
	detail_add_time(d, "since", r->since);
	if (r->due)
		detail_add_time(d, "ends", r->due);
	add(d, "next", r->can);
	if (*r->records)
		d->text = g_strconcat(r->records, "\n", NULL);
	d->made = op->now;
	op->detail = d;
	return next_done();
}
