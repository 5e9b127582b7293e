/*
 * show: everything about one thing, for the details pane and `certty show`.
 *
 * A certificate is described on the job pool, since verifying its chain takes a millisecond
 * or two and the first time the trust store must be read; its places come from the state.
 * Requests are described by their provider, the other kinds in a few lines from their row.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* ---- certificates ---- */

static struct trust *trust_new(void)
{
	struct trust *t = g_new0(struct trust, 1);

	ref_init(&t->ref);
	t->store = x509_trust_new(NULL);
	return t;
}

struct trust *trust_ref(struct trust *t)
{
	ref_hold(&t->ref);
	return t;
}

void trust_unref(struct trust *t)
{
	if (!t || !ref_drop(&t->ref))
		return;
	x509_trust_free(t->store);
	g_free(t);
}

/* What the work needs of its own. */
struct describing {
	GBytes *der;
	GPtrArray *chain;
	struct trust *trust;	/* NULL: made by the work */
	int64_t now;
};

static void describing_free(void *p)
{
	struct describing *d = p;

	g_bytes_unref(d->der);
	g_ptr_array_unref(d->chain);
	trust_unref(d->trust);
	g_free(d);
}

static void describe(struct work *w)
{
	struct describing *d = w->in;

	if (!d->trust)
		d->trust = trust_new();
	w->out = x509_describe(d->der, (GBytes *const *)d->chain->pdata, d->chain->len,
			       d->trust->store, d->now, &w->error);
}

#define WARNING "Warning"	/* as x509_describe() labels its own, which come first */

/* What its bytes alone cannot tell; the description says the rest. */
static void add_marks(struct detail *d, uint32_t marks)
{
	marks &= MARK_MISMATCH | MARK_UNKNOWN_ISSUER | MARK_REVOKED;
	for (const struct mark *m = mark_table; m->bit; m++)
		if (marks & m->bit)
			detail_add(d, m->tone, WARNING, "%s", m->sentence);
}

static void add_place(struct engine *e, struct detail *d, struct place at, bool is_first)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], at.table->store);
	uint32_t marks = at.table->marks[at.row];
	g_autoptr(GString) when = g_string_new(NULL);

	clock_say_as_of(when, clock_now(), at.table->seen);
	detail_add(d, TONE_PLAIN, is_first ? "Where" : "", "%s  %s%s%s, as of %s",
		   s ? s->title : at.table->store, at.table->aliases + at.table->alias[at.row],
		   marks & MARK_KEY ? ", with its key" : "",
		   marks & MARK_KEY_LOCKED ? ", with an encrypted key" : "", when->str);
}

static void add_places(struct engine *e, struct detail *d, const char *id)
{
	const struct certs *c = e->known.certs;
	uint32_t cert = certs_find_id(c, id);

	if (cert == CERTS_NONE)
		return;
	add_marks(d, certs_marks(c, cert));
	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p])
		add_place(e, d, certs_place(c, p), p == c->first[cert]);
}

static void copy_line(struct detail *to, const struct detail_line *l)
{
	detail_add(to, l->tone, l->label, "%s", l->text);
}

/* What is wrong with it, then where it lies, then what is in it: the order of the questions that
 * people come with. */
static struct detail *with_places(struct engine *e, struct detail *bytes, const char *id)
{
	struct detail *d = detail_new(bytes->id, bytes->title);
	size_t i = 0;

	for (; i < bytes->n && !strcmp(bytes->line[i].label, WARNING); i++)
		copy_line(d, &bytes->line[i]);
	add_places(e, d, id);
	for (; i < bytes->n; i++)
		copy_line(d, &bytes->line[i]);
	d->pem = g_steal_pointer(&bytes->pem);
	d->text = g_steal_pointer(&bytes->text);
	d->json = g_steal_pointer(&bytes->json);
	d->made = bytes->made;
	return d;
}

static const char *cert_id(const struct operation *o)
{
	const char *id = o->target;

	return g_str_has_prefix(id, "certs/") ? id + strlen("certs/") : id;
}

static struct next described(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct describing *in = op->work->in;
	g_autoptr(detail) bytes = g_steal_pointer(&op->work->out);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!o->engine->trust)
		o->engine->trust = trust_ref(in->trust);
	publish_certs(o->engine);
	op->detail = with_places(o->engine, bytes, cert_id(o));
	return next_done();
}

static struct next show_cert(struct op *op)
{
	struct operation *o = operation_of(op);
	struct describing *in;

	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	in = g_new0(struct describing, 1);
	in->der = g_bytes_ref(op->cert.der);
	in->chain = g_ptr_array_ref(o->chain);
	in->trust = o->engine->trust ? trust_ref(o->engine->trust) : NULL;
	in->now = op->now;
	return next_work(work_new(describe, in, describing_free, (GDestroyNotify)detail_unref),
			 described);
}

/* ---- the other kinds, from their rows ---- */

static void add_time(struct detail *d, const char *label, int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (!when)
		return;
	clock_say_utc(s, when);
	detail_add(d, TONE_PLAIN, label, "%s", s->str);
}

static void add_text(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, tone, label, "%s", text);
}

static void describe_store(struct detail *d, const struct store *s)
{
	g_autofree char *labels = g_strjoinv(", ", s->labels);
	static const char *const origins[] = {
		[STORE_BUILT_IN] = "a default of certty's",
		[STORE_CONFIGURED] = "named in the configuration",
		[STORE_ADDED] = "added by a person",
	};

	detail_add(d, store_state_tone(s->state), "state", "%s",
		   store_state_word(s->state));
	add_text(d, TONE_WARN, "trouble", s->trouble);
	detail_add(d, TONE_PLAIN, "type", "%s", s->type);
	detail_add(d, TONE_PLAIN, "address", "%s", s->address);
	detail_add(d, TONE_PLAIN, "holds", "%u certificates, %u private keys", s->certs, s->keys);
	add_time(d, "read", s->seen);
	if (s->tried != s->seen)
		add_time(d, "tried", s->tried);
	add_text(d, TONE_PLAIN, "container", s->container);
	add_text(d, TONE_PLAIN, "labels", labels);
	detail_add(d, TONE_PLAIN, "why here", "%s", origins[s->origin]);
	detail_add(d, TONE_PLAIN, "writing", "%s",
		   s->is_writable ? "certificates can be added and removed" : "read only");
	detail_add(d, TONE_DIM, "id", "%s", s->id);
}

static void describe_discovery(struct detail *d, const struct discovery *f)
{
	detail_add(d, discovery_state_tone(f->state), "state", "%s",
		   discovery_state_word(f->state));
	detail_add(d, TONE_PLAIN, "type", "%s", f->type);
	detail_add(d, TONE_PLAIN, "address", "%s", f->address);
	detail_add(d, TONE_PLAIN, "what", "%s", f->what);
	add_time(d, "first seen", f->first_seen);
	add_time(d, "last seen", f->last_seen);
	add_time(d, "decided", f->decided);
	add_text(d, TONE_PLAIN, "decided by", f->decided_by);
	detail_add(d, TONE_DIM, "id", "%s", f->id);
}

static void describe_domain(struct detail *d, const struct domain *n)
{
	g_autofree char *shown = text_idn_show(n->name);

	if (strcmp(shown, n->name))
		detail_add(d, TONE_PLAIN, "reads", "%s", shown);
	detail_add(d, TONE_PLAIN, "covered by", "%u certificates", n->certs);
	add_time(d, "covered until", n->expires);
	detail_add(d, TONE_PLAIN, "validation", "%s",
		   *n->validation ? n->validation : "no provider validates it for you");
	add_time(d, "valid until", n->validated_until);
}

static void describe_job(struct detail *d, const struct job *j)
{
	detail_add(d, job_state_tone(j->state), "state", "%s", job_state_word(j->state));
	add_text(d, j->state == JOB_FAILED ? TONE_BAD : TONE_PLAIN, "outcome", j->said);
	detail_add(d, TONE_PLAIN, "what", "%s %s", j->verb, j->target);
	if (j->of)
		detail_add(d, TONE_PLAIN, "progress", "%" G_GUINT64_FORMAT " of %"
			   G_GUINT64_FORMAT, j->done, j->of);
	add_time(d, "asked", j->asked);
	add_time(d, "ended", j->ended);
	for (char **t = j->troubles; *t; t++)
		detail_add(d, TONE_WARN, t == j->troubles ? "troubles" : "", "%s", *t);
	detail_add(d, TONE_DIM, "number", "%s", j->id);
}

static void describe_account(struct detail *d, const struct account *a)
{
	detail_add(d, TONE_PLAIN, "provider", "%s", a->provider);
	detail_add(d, TONE_PLAIN, "who", "%s", a->who);
	detail_add(d, TONE_PLAIN, "secret", "%s", a->secret_from);
	add_time(d, "ends", a->secret_ends);
	add_text(d, TONE_WARN, "trouble", a->trouble);
}

static struct next show_item(struct op *op, enum kind kind, const char *id)
{
	const struct operation *o = operation_of(op);
	const void *item = shelf_get(o->engine->known.shelf[kind], id);
	struct detail *d;

	if (!item)
		return next_fail(op, ERR_NOT_FOUND, "there is no %s in %s", id, kind_word(kind));
	d = detail_new(o->target, kind_title(kind));
	if (kind == KIND_STORES)
		describe_store(d, item);
	else if (kind == KIND_DISCOVERY)
		describe_discovery(d, item);
	else if (kind == KIND_DOMAINS)
		describe_domain(d, item);
	else if (kind == KIND_JOBS)
		describe_job(d, item);
	else
		describe_account(d, item);
	op->detail = d;
	return next_done();
}

/* ---- which ---- */

struct next show_step(struct op *op, const struct reply *none)
{
	const char *id = operation_of(op)->target, *slash = strchr(id, '/');
	g_autofree char *word = slash ? g_strndup(id, (gsize)(slash - id)) : NULL;
	enum kind kind;

	(void)none;
	if (!word || !kind_read(word, &kind) || kind == KIND_CERTS)
		return show_cert(op);
	return show_item(op, kind, slash + 1);
}
