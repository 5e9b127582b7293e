/*
 * tickets_show: tickets as requests that wait, and in full for whoever shall countersign.
 */
#include "tickets_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/store.h>

#define TEXT_MAX 4000

char *tickets_request_id(const char *name)
{
	return g_strconcat("ticket/", name, NULL);
}

char **tickets_warnings(const struct ticket *t)
{
	GPtrArray *all = g_ptr_array_new();

	for (char **w = t->warnings; *w; w++)
		g_ptr_array_add(all, text_harmless_dup(*w, TEXT_MAX));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static void set_harmless(char **text, const char *value)
{
	g_free(*text);
	*text = text_harmless_dup(value, TEXT_MAX);
}

/* ---- the row ---- */

static void tell_state(struct request *r, const struct tickets_place *p,
		       const struct tickets_one *o, int64_t now)
{
	const struct ticket_answer *a = o->answer;
	bool is_ours = !g_ascii_strcasecmp(o->ticket->by, p->identity);
	g_autofree char *word = NULL;

	r->state = REQUEST_WAITS_PERSON;
	if (now >= o->ticket->until) {
		r->state = REQUEST_GONE;
		r->ended = o->ticket->until;
		word = g_strdup("ended without being used");
	} else if (a && !a->is_yes) {
		r->state = REQUEST_DENIED;
		r->ended = a->at;
		set_harmless(&r->reason, a->reason);
		word = g_strdup_printf("refused by %s", a->by);
	} else if (a) {
		word = g_strdup_printf("countersigned by %s", a->by);
		store_set(&r->can, is_ours ? "withdraw" : "dismiss");
	} else {
		word = g_strdup("waits for a countersignature");
		store_set(&r->can, is_ours ? "withdraw" : "countersign deny");
	}
	store_set(&r->theirs, word);
}

struct request *tickets_request(const struct tickets_place *p, const struct tickets_one *o,
				int64_t now)
{
	g_autofree char *id = tickets_request_id(o->name), *store = tickets_store_id(p->folder);
	g_auto(GStrv) warnings = tickets_warnings(o->ticket);
	g_autofree char *title = g_strdup_printf("%s %s", o->ticket->verb, o->ticket->title);
	struct request *r = request_new(id);

	store_set(&r->account, "local");
	store_set(&r->provider, "local");
	store_set(&r->store, store);
	store_set(&r->type, TICKETS_REQUEST);
	set_harmless(&r->title, title);
	store_set(&r->asked_by, o->ticket->by);
	store_set(&r->digest, o->name);
	g_free(r->oddities);
	r->oddities = g_strjoinv("\n", warnings);
	r->since = o->ticket->since;
	r->due = o->ticket->until;
	tell_state(r, p, o, now);
	return r;
}

/* ---- in full ---- */

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	g_autofree char *clean_label = text_harmless_dup(label, 60);
	g_autofree char *clean = text_harmless_dup(text, TEXT_MAX);

	detail_add(d, tone, clean_label, "%s", clean);
}

static void add_pairs(struct detail *d, char **pairs)
{
	for (char **p = pairs; *p; p += 2)
		add(d, TONE_PLAIN, p[0], p[1]);
}

static void add_answer(struct detail *d, const struct tickets_one *o)
{
	const struct ticket_answer *a = o->answer;

	if (o->trouble)
		add(d, TONE_BAD, "Answer", o->trouble);
	if (!a)
		return;
	detail_add(d, a->is_yes ? TONE_GOOD : TONE_BAD, "Answer", "%s %s, with the key %s",
		   a->is_yes ? "countersigned by" : "refused by", a->by, o->answer_key);
	if (*a->reason)
		add(d, TONE_BAD, "Reason", a->reason);
	detail_add_time(d, "Answered", a->at);
}

struct detail *tickets_detail(const struct tickets_one *o, const char *id)
{
	const struct ticket *t = o->ticket;
	g_autofree char *title = text_harmless_dup(t->title, TEXT_MAX);
	struct detail *d = detail_new(id, title);
	bool first = true;

	add(d, TONE_NOTICE, "What", t->verb);
	add(d, TONE_NOTICE, "Of", t->title);
	add(d, TONE_PLAIN, "Target", t->target);
	add(d, TONE_PLAIN, "Account", t->account);
	if (*t->store)
		add(d, TONE_PLAIN, "Store", t->store);
	detail_add(d, TONE_PLAIN, "Asked by", "%s, with the key %s", t->by, o->key);
	detail_add_time(d, "Since", t->since);
	detail_add_time(d, "Until", t->until);
	add_answer(d, o);
	for (char **w = t->warnings; *w; w++, first = false)
		add(d, TONE_WARN, first ? "Odd" : "", *w);
	if (*t->answers)
		detail_add(d, TONE_PLAIN, "How", "%s", "");
	add_pairs(d, t->answers);
	if (*t->review)
		detail_add(d, TONE_PLAIN, "As seen by whoever asks", "%s", "");
	add_pairs(d, t->review);
	detail_add(d, TONE_DIM, "Target's SHA-256", "%s", t->digest);
	detail_add(d, TONE_DIM, "Ticket", "%s", o->name);
	return d;
}
