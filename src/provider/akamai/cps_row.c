/*
 * cps_row: a change as the row of a request: our state beside Akamai's words, what it waits for, until
 * when, and what somebody who says yes must have read.
 *
 * An answer takes CPS some minutes, in which the change still looks as before; so that nobody answers
 * twice, what was answered is remembered by its digest.  Only a look at challenges may be asked for again.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/store.h>

#define ANSWERED_FOR (10 * 60)

char *cps_row_id(const struct store *s, const struct cps_change *c)
{
	return g_strdup_printf("%s/change:%s/%s", s->id, c->enrollment, c->id);
}

const struct request *cps_row_known(const struct op *op, const char *id)
{
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

/* ---- what is live ---- */

/* "name\nsan\nsan" */
static char **names_of_row(const struct table *t, uint32_t row)
{
	return g_strsplit(t->texts + t->text[row], "\n", -1);
}

void cps_row_compare(const struct op *op, struct cps_change *c, const struct cps_deployed *live)
{
	g_autofree char *start = g_strconcat(c->enrollment, "/", NULL);

	if (!live)
		return;
	c->live = live->on[CPS_ON_PRODUCTION].certs;
	c->live_settings = live->on[CPS_ON_PRODUCTION].settings;
	if (!c->live->len || cps_network_of(op->store) != CPS_ON_PRODUCTION)
		return;
	for (uint32_t i = 0; op->old && i < op->old->n && !c->live_names; i++)
		if (op->old->not_before[i] &&	/* its bytes were read */
		    g_str_has_prefix(op->old->aliases + op->old->alias[i], start))
			c->live_names = names_of_row(op->old, i);
}

/* ---- the row ---- */

static void carry(struct cps_change *c, const struct request *before)
{
	g_autoptr(cps_change) was = cps_change_kept(before->kept);

	store_set(&c->answer, was->answer);
	store_set(&c->answered, was->answered);
	c->answered_at = was->answered_at;
	if (!*c->result)
		store_set(&c->result, was->result);
	if (!c->challenges->len)	/* they stay to be seen once they are met */
		for (guint i = 0; i < was->challenges->len; i++)
			g_ptr_array_add(c->challenges, g_strdup(was->challenges->pdata[i]));
	if (!c->given->len)
		for (guint i = 0; i < was->given->len; i++)
			g_ptr_array_add(c->given, g_strdup(was->given->pdata[i]));
	if (!*c->names) {
		g_strfreev(c->names);
		c->names = g_strdupv(was->names);
	}
	c->is_first = c->is_first || (!*c->state && was->is_first);
	if (!*c->kind)
		store_set(&c->kind, was->kind);
}

static bool is_state(const struct cps_change *c, const char *word)
{
	return !g_ascii_strcasecmp(c->state, word);
}

static void end(struct request *r, enum request_state state, const char *reason, const char *can, int64_t now)
{
	g_autofree char *theirs = g_strdup(r->theirs);

	request_end(r, state, theirs, reason, now);
	store_set(&r->can, can);
	store_set(&r->oddities, "");
}

/* CPS has it no more, and its history says how it ended, or its enrollment is gone with it. */
static void set_ended(struct request *r, struct cps_change *c, int64_t now)
{
	const char *how = *c->end ? c->end : c->state;

	if (!g_ascii_strcasecmp(how, "completed")) {
		store_set(&r->result, c->result);
		end(r, REQUEST_ISSUED, "", "dismiss", now);
	} else if (!strcmp(c->answer, "deny")) {
		end(r, REQUEST_DENIED, "it was denied, which ended the change", "dismiss", now);
	} else if (!strcmp(how, "gone")) {
		end(r, REQUEST_GONE, "the enrollment itself is gone", "dismiss", now);
	} else if (!g_ascii_strncasecmp(how, "cancel", 6)) {
		end(r, REQUEST_GONE, "it was cancelled", "dismiss", now);
	} else {
		end(r, REQUEST_GONE, "CPS has it no more, and does not say how it ended", "dismiss", now);
	}
	store_set(&r->theirs, how);
}

static void set_failed(struct request *r, const struct cps_change *c, int64_t now)
{
	g_autofree char *why = g_strdup_printf("%s%s; cancel it and begin again, or ask Akamai's support",
					       *c->error ? c->error : c->description,
					       *c->error || *c->description ? "" : "CPS does not say why");

	end(r, REQUEST_FAILED, why, "sync withdraw dismiss", now);
}

static char *oddities_of(const struct cps_change *c)
{
	g_auto(GStrv) lines = g_strsplit(c->warnings, "\n", -1);
	GString *all = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (*g_strstrip(*line))
			g_string_append_printf(all, "%s%s", all->len ? "\n" : "", *line);
	return g_string_free(all, FALSE);
}

static char *lines_of(const GPtrArray *list)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(all, "%s%s", i ? "\n" : "", (const char *)list->pdata[i]);
	return g_string_free(all, FALSE);
}

static bool is_answered(const struct cps_change *c, const char *digest, int64_t now)
{
	return *c->answered && !strcmp(c->answered, digest) && now < c->answered_at + ANSWERED_FOR;
}

static void set_waiting(struct request *r, const struct cps_change *c, int64_t now)
{
	const struct cps_input *i = cps_change_is_waiting(c) ? cps_input_find(c->input) : NULL;
	g_autofree char *oddities = oddities_of(c), *records = lines_of(c->records);

	r->state = i ? i->state : cps_change_is_waiting(c) ? REQUEST_WAITS_PERSON : REQUEST_WAITS_PROVIDER;
	store_set(&r->can, i ? i->can : "sync withdraw");
	store_set(&r->reason, "");
	store_set(&r->oddities, oddities);
	store_set(&r->records, records);
	r->due = c->due;
	r->ended = 0;
	/* That records are there may be said again at once: it is no yes to anything, and has CPS look. */
	if (!i || i->state == REQUEST_WAITS_DNS || !is_answered(c, r->digest, now))
		return;
	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->can, "sync withdraw");
}

/* The word that says more comes first, since columns are narrow. */
static void set_theirs(struct request *r, const struct cps_change *c)
{
	g_autofree char *words = *c->state && *c->status ? g_strdup_printf("%s (%s)", c->status, c->state) :
							   g_strconcat(c->state, c->status, NULL);

	store_set(&r->theirs, words);
}

static struct request *begin(const struct op *op, const struct cps_change *c, const struct request *before)
{
	g_autofree char *id = cps_row_id(op->store, c), *title = NULL;
	struct request *r = before ? request_dup(before) : request_new(id);

	title = *c->names ? g_strdup(c->names[0]) : g_strconcat("enrollment ", c->enrollment, NULL);
	store_set(&r->account, op->store->account);
	store_set(&r->provider, "akamai");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "change");
	store_set(&r->title, title);
	g_strfreev(r->names);
	r->names = g_strdupv(c->names);
	if (!r->since)
		r->since = op->now;
	return r;
}

struct request *cps_row(const struct op *op, struct cps_change *c, const struct request *before)
{
	struct request *r;

	if (before)
		carry(c, before);
	r = begin(op, c, before);
	g_free(r->digest);
	r->digest = cps_change_digest(c);
	set_theirs(r, c);
	if (cps_change_is_over(c))
		set_ended(r, c, op->now);
	else if ((is_state(c, "error") || is_state(c, "suspended")) && !cps_change_is_waiting(c))
		set_failed(r, c, op->now);
	else
		set_waiting(r, c, op->now);
	g_free(r->kept);
	r->kept = cps_change_keep(c);
	return r;
}

struct request *cps_row_answered(const struct op *op, struct cps_change *c, const char *word,
				 const char *digest)
{
	g_autoptr(cps_change) was = cps_change_kept(op->request->kept);
	g_autoptr(request) before = request_dup(op->request);

	store_set(&was->answer, word);
	store_set(&was->answered, digest);
	was->answered_at = op->now;
	g_free(before->kept);
	before->kept = cps_change_keep(was);
	if (!c->trouble)
		return cps_row(op, c, before);
	before->state = REQUEST_WAITS_PROVIDER;	/* how it stands is not known, but that it was answered */
	store_set(&before->can, "sync withdraw");
	return g_steal_pointer(&before);
}
