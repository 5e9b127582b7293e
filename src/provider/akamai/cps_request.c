/*
 * cps_request: asking again how a change stands, and all of it for whoever decides about it.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/store.h>

static step_fn seen;

struct cps_change *cps_request_begin(struct op *op, GError **error)
{
	g_autoptr(cps_change) was = NULL;
	struct cps_change *c;

	if (!op->store || !op->request) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "the request's store is not known any more");
		return NULL;
	}
	was = cps_change_kept(op->request->kept);
	if (!*was->enrollment || !*was->id) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s is no change that CPS knows: refresh Production",
			    op->request->title);
		return NULL;
	}
	c = cps_change_new(was->enrollment, was->id, was->kind);
	c->is_first = was->is_first;
	c->names = (g_strfreev(c->names), g_strdupv(was->names));
	return c;
}

struct next cps_request_look(struct op *op, step_fn *then)
{
	struct akamai *a = op->scratch;
	GPtrArray *one = g_ptr_array_new();
	GError *error = NULL;
	struct cps_change *c = cps_request_begin(op, &error);

	if (!c) {
		g_ptr_array_unref(one);
		return next_fail_error(op, error);
	}
	if (!a->known)
		a->known = cps_memo_read(op->memo);
	cps_row_compare(op, c, g_hash_table_lookup(a->known, c->enrollment));
	g_ptr_array_add(one, c);
	return cps_look(op, one, then);
}

struct next cps_sync(struct op *op, const struct reply *none)
{
	(void)none;
	return cps_request_look(op, seen);
}

static struct next seen(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	struct request *r;

	(void)none;
	if (c->trouble)
		return next_fail(op, ERR_REPLY, "%s", c->trouble);
	r = cps_row(op, c, op->request);
	op_say(op, "%s: %s%s%s%s", r->title, request_state_word(r->state), *r->theirs ? " (" : "", r->theirs,
	       *r->theirs ? ")" : "");
	if (!request_is_waiting(r))
		op_touch(op, op->store->id);
	op_put_request(op, r);
	return next_done();
}

/* ---- showing it ---- */

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (*text)
		detail_add(d, tone, label, "%s", text);
}

static void add_lines(struct detail *d, enum tone tone, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			detail_add(d, tone, line == lines ? label : "", "%s", *line);
}

static void add_pairs(struct detail *d, const char *heading, const GPtrArray *list)
{
	if (!list->len)
		return;
	detail_add(d, TONE_PLAIN, heading, "%s", "");
	for (guint i = 0; i + 1 < list->len; i += 2)
		detail_add(d, TONE_PLAIN, list->pdata[i], "%s", (const char *)list->pdata[i + 1]);
}

static void add_csrs(struct detail *d, const struct cps_change *c)
{
	GString *pem = g_string_new(NULL);

	for (guint i = 0; i + 1 < c->csrs->len; i += 2) {
		const char *algorithm = c->csrs->pdata[i];
		bool is_given = false;

		for (guint k = 0; k + 1 < c->given->len; k += 2)
			is_given = is_given || !strcmp(c->given->pdata[k], algorithm);
		detail_add(d, is_given ? TONE_GOOD : TONE_NOTICE, i ? "" : "CSR", "%s: %s", algorithm,
			   is_given ? "its certificate is here, and goes with the other" :
				      "waits for its certificate");
		g_string_append(pem, c->csrs->pdata[i + 1]);
		if (pem->len && pem->str[pem->len - 1] != '\n')
			g_string_append_c(pem, '\n');
	}
	g_free(d->pem);
	d->pem = pem->len ? g_string_free(pem, FALSE) : (g_string_free(pem, TRUE), NULL);
}

static void add_state(struct detail *d, const struct request *r, const struct cps_change *c)
{
	const struct cps_input *i = cps_input_find(c->input);

	detail_add(d, request_state_tone(r->state), "State", "%s", request_state_word(r->state));
	add(d, TONE_PLAIN, "Akamai says", r->theirs);
	add(d, TONE_DIM, "", c->description);
	add(d, TONE_BAD, "Reason", r->reason);
	if (request_is_waiting(r) && i)
		add(d, TONE_PLAIN, "Waits for", i->waits);
	else if (request_is_waiting(r) && *c->input)
		detail_add(d, TONE_WARN, "Waits for", "what this certty does not know (%s): look in Control "
			   "Center", c->input);
	if (*c->answered)
		detail_add(d, TONE_PLAIN, "Answered", "%s; CPS takes some minutes", c->answer);
	if (c->is_cut)
		detail_add(d, TONE_BAD, "Cut", "there is more than can be shown here, so it is not approved "
			   "from here");
}

struct next cps_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autoptr(cps_change) c = NULL;
	g_autofree char *id = NULL, *names = NULL;
	struct detail *d;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	c = cps_change_kept(r->kept);
	id = g_strconcat("requests/", r->id, NULL);
	names = g_strjoinv("\n", r->names);
	d = detail_new(id, r->title);
	add_state(d, r, c);
	add_lines(d, TONE_WARN, "Warnings", r->oddities);
	add(d, TONE_PLAIN, "Change", c->kind);
	add(d, TONE_PLAIN, "Enrollment id", c->enrollment);
	add(d, TONE_PLAIN, "Change id", c->id);
	detail_add_time(d, "Deadline", r->due);
	detail_add_time(d, "Not before", c->not_before);
	detail_add_time(d, "Not after", c->not_after);
	detail_add_time(d, "Since", r->since);
	detail_add_time(d, "Ended", r->ended);
	add_lines(d, TONE_PLAIN, "Names", names);
	add(d, TONE_PLAIN, "Store", op->store ? op->store->title : r->store);
	add(d, TONE_GOOD, "Certificate", r->result);
	add(d, TONE_PLAIN, "Next", r->can);
	add_pairs(d, "What goes to Production", c->review);
	add_pairs(d, "Names to be proved", c->challenges);
	add_lines(d, TONE_PLAIN, "Records", r->records);
	add_csrs(d, c);
	add(d, TONE_DIM, "SHA-256", r->digest);
	d->made = op->now;
	op->detail = d;
	return next_done();
}
