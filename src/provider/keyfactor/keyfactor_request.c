/*
 * keyfactor_request: all of what waits in Command, for whoever decides about it.
 */
#include "keyfactor_certs.h"

#include <string.h>

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (*text)
		detail_add(d, tone, label, "%s", text);
}

static void add_lines(struct detail *d, enum tone tone, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		add(d, tone, line == lines ? label : "", *line);
}

static void add_review(struct detail *d, const struct keyfactor_kept *k)
{
	const char *last = "";

	detail_add(d, TONE_PLAIN, "What is asked for", "%s", "");
	for (guint i = 0; i + 1 < k->review->len; i += 2) {
		const char *label = k->review->pdata[i];

		detail_add(d, TONE_PLAIN, strcmp(label, last) ? label : "", "%s",
			   (const char *)k->review->pdata[i + 1]);
		last = label;
	}
	if (k->is_cut)
		detail_add(d, TONE_BAD, "", "and more, which is too long to be shown");
}

struct next keyfactor_request_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autoptr(keyfactor_kept) k = NULL;
	g_autofree char *id = NULL, *names = NULL;
	struct detail *d;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	k = keyfactor_kept_read(r->kept);
	id = g_strconcat("requests/", r->id, NULL);
	names = g_strjoinv("\n", r->names);
	d = detail_new(id, r->title);
	detail_add(d, request_state_tone(r->state), "State", "%s", request_state_word(r->state));
	add(d, TONE_PLAIN, "Command says", r->theirs);
	add(d, TONE_BAD, "Reason", r->reason);
	add_lines(d, TONE_WARN, "Odd", r->oddities);
	add(d, TONE_PLAIN, "Asked by", r->asked_by);
	detail_add_time(d, "Since", r->since);
	detail_add_time(d, "Ended", r->ended);
	add_lines(d, TONE_PLAIN, "Names", names);
	add(d, TONE_PLAIN, "Store", op->store ? op->store->title : r->store);
	add(d, TONE_PLAIN, "Waits for", k->signal);
	add(d, TONE_GOOD, "Certificate", r->result);
	add(d, TONE_PLAIN, "Next", r->can);
	add_review(d, k);
	add(d, TONE_DIM, "SHA-256", r->digest);
	d->made = op->now;
	op->detail = d;
	return next_done();
}
