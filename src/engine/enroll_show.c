/*
 * enroll_show: an enrolment for a person: each step, whether it is done, under way, or waits, and for
 * whom.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/file.h>

struct showing {
	struct op *op;
	const struct enrolling *e;
	struct detail *d;
};

static const char *title_of(const struct showing *s, const char *id)
{
	const struct store *store = enroll_store(s->op, id);

	return store ? store->title : id;
}

/* How a step stands, by the one that the row stands at. */
static void add_step(const struct showing *s, enum enroll_stage stage, const char *label, const char *what)
{
	const struct request *r = s->e->row;
	enum enroll_stage now = s->e->kept->stage;
	bool is_over = now > stage || r->state == REQUEST_ISSUED;
	bool is_at = now == stage && !is_over;

	if (is_over)
		detail_add(s->d, TONE_GOOD, label, "done: %s", what);
	else if (is_at)
		detail_add(s->d, request_state_tone(r->state), label, "%s: %s", request_state_word(r->state),
			   what);
	else
		detail_add(s->d, TONE_DIM, label, "not yet: %s", what);
}

static void add_key(const struct showing *s)
{
	const struct args *asked = s->e->kept->asked;
	const struct provider *p = provider_find(s->op->store->provider);
	bool is_elsewhere = p && p->key_maker && p->key_maker->needs_no_passphrase;
	g_autofree char *what = g_strdup_printf("%s, %s, in %s", args_text(asked, "kind", "ec-p256"),
						is_elsewhere ? "which stays there" :
						args_bool(asked, "plain") ? "NOT encrypted" : "encrypted",
						s->op->store->title);

	add_step(s, ENROLL_KEY, "Key", what);
}

static void add_issuer(const struct showing *s)
{
	const struct enroll_kept *k = s->e->kept;
	const char *id = args_text(k->asked, "issuer", "");
	g_autofree char *file = file_shown(args_text(k->asked, "csr-file", ""));
	g_autofree char *what = *id ? g_strdup(title_of(s, id)) :
				      g_strdup_printf("whoever signs the request in %s", file);

	add_step(s, ENROLL_ISSUE, "Issuer", what);
	if (*id && *k->about)
		detail_add(s->d, TONE_PLAIN, "", "there it is %s", k->about);
}

static void add_places(const struct showing *s)
{
	const struct enroll_kept *k = s->e->kept;
	g_auto(GStrv) to = args_ids(k->asked, "to");
	bool is_open = k->stage == ENROLL_DEPLOY;
	g_autofree char *what = NULL;

	add_step(s, ENROLL_KEEP, "Kept", *k->place ? k->place : s->op->store->title);
	if (!to || !to[0])
		return;
	what = g_strdup_printf("%u store%s", g_strv_length(to), to[1] ? "s" : "");
	add_step(s, ENROLL_DEPLOY, "Deployed", what);
	for (char **id = to; *id; id++) {
		bool is_there = enroll_is_deployed(s->e->operation->engine, k, *id);

		detail_add(s->d, is_there ? TONE_GOOD : is_open ? TONE_WARN : TONE_DIM, "", "%s: %s",
			   title_of(s, *id), is_there ? "it is there" : "not yet");
	}
}

static void add_served(const struct showing *s)
{
	const struct enroll_kept *k = s->e->kept;
	g_auto(GStrv) all = args_list(k->asked, "verify");
	g_autofree char *what = all ? g_strjoinv(", ", all) : NULL;

	if (!all || !all[0])
		return;
	add_step(s, ENROLL_VERIFY, "Served", what);
	for (guint i = 0; i < k->served->len; i++) {
		const struct served *one = k->served->pdata[i];

		detail_add(s->d, one->is_new ? TONE_GOOD : TONE_WARN, "", "%s: %s", one->endpoint,
			   one->said);
	}
}

static void add_names(const struct showing *s)
{
	for (char **name = s->e->row->names; *name; name++)
		detail_add(s->d, TONE_PLAIN, name == s->e->row->names ? "Names" : "", "%s", *name);
}

struct next enroll_show_step(struct op *op, const struct reply *none)
{
	const struct enrolling *e = enroll_of(op);
	const struct request *r = e->row;
	g_autofree char *id = g_strconcat("requests/", r->id, NULL);
	struct detail *d = detail_new(id, r->title);
	const struct showing s = { op, e, d };

	(void)none;
	detail_add(d, request_state_tone(r->state), "State", "%s", r->theirs);
	if (*r->reason)
		detail_add(d, TONE_WARN, "Reason", "%s", r->reason);
	add_names(&s);
	add_key(&s);
	add_issuer(&s);
	add_places(&s);
	add_served(&s);
	detail_add(d, TONE_PLAIN, "Asked by", "%s", r->asked_by);
	detail_add_time(d, "Since", r->since);
	detail_add_time(d, "Ended", r->ended);
	if (*r->result)
		detail_add(d, TONE_PLAIN, "Certificate", "%s", r->result);
	d->pem = e->kept->csr ? x509_csr_pem(e->kept->csr) : NULL;
	d->made = op->now;
	op->detail = d;
	return next_done();
}
