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

struct trust *trust_new(void)
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
	marks &= MARK_MISMATCH | MARK_UNKNOWN_ISSUER | MARK_REVOKED | MARK_DRIFT;
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
	detail_add(d, marks & MARK_DRIFT ? TONE_BAD : TONE_PLAIN, is_first ? "Where" : "",
		   "%s  %s%s%s%s, as of %s",
		   s ? s->title : at.table->store, at.table->aliases + at.table->alias[at.row],
		   marks & MARK_KEY ? ", with its key" : "",
		   marks & MARK_KEY_LOCKED ? ", with an encrypted key" : "",
		   marks & MARK_DRIFT ? ", though a newer one should be there" : "", when->str);
}

/* Where it was put through certty, and whether it is still right there. */
static void add_deployed(struct engine *e, struct detail *d, const char *id)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	bool is_first = true;

	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *it = all->item[i];
		const struct store *s = shelf_get(e->known.shelf[KIND_STORES], it->store);
		g_autoptr(GString) when = g_string_new(NULL);

		if (strncmp(it->print, id, strlen(id)) != 0)
			continue;
		clock_say_as_of(when, clock_now(), it->since);
		detail_add(d, deploy_state_tone(it->state), is_first ? "Deployed" : "",
			   "%s  %s, %s: %s", s ? s->title : it->store, it->place, when->str,
			   deploy_state_word(it->state));
		if (it->trouble)
			detail_add(d, TONE_BAD, "", "%s", it->trouble);
		is_first = false;
	}
}

/* What the service that has it says about it. */
static void add_service(struct engine *e, struct detail *d, struct place at)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], at.table->store);
	const struct provider *p = s ? provider_find(s->provider) : NULL;
	g_autoptr(GBytes) memo = NULL;

	if (!p || !p->describe)
		return;
	memo = keep_memo(e, s->id);
	p->describe(d, s, at.table->aliases + at.table->alias[at.row], memo, clock_now());
}

#define PLACES_DESCRIBED 16	/* of one certificate: each takes reading what its store knows */

static void add_places(struct engine *e, struct detail *d, const char *id)
{
	const struct certs *c = e->known.certs;
	uint32_t cert = certs_find_id(c, id), n = 0;

	if (cert == CERTS_NONE)
		return;
	add_marks(d, certs_marks(c, cert));
	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p])
		add_place(e, d, certs_place(c, p), p == c->first[cert]);
	for (uint32_t p = c->first[cert]; p != CERTS_NONE && n < PLACES_DESCRIBED; p = c->next[p], n++)
		add_service(e, d, certs_place(c, p));
	add_deployed(e, d, id);
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

/* ---- one whose bytes are not here, from its row ---- */

static void add_date(struct detail *d, const char *label, uint32_t minutes)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (!minutes)
		return;
	clock_say_utc(s, minutes * (int64_t)CLOCK_MINUTE);
	detail_add(d, TONE_PLAIN, label, "%s", s->str);
}

static void add_row(const struct engine *e, struct detail *d, struct place at)
{
	const struct table *t = at.table;
	const char *issuer = intern_text(e->known.words, t->issuer[at.row]);
	const char *key = intern_text(e->known.words, t->words[t->key[at.row]]);
	g_auto(GStrv) names = g_strsplit(t->texts + t->text[at.row], "\n", -1);

	for (char **name = names; *name; name++)
		detail_add(d, TONE_PLAIN, name == names ? "Names" : "", "%s", *name);
	if (*issuer)
		detail_add(d, TONE_PLAIN, "Issuer", "%s", issuer);
	add_date(d, "Not before", t->not_before[at.row]);
	add_date(d, "Not after", t->not_after[at.row]);
	if (*key)
		detail_add(d, TONE_PLAIN, "Key", "%s", key);
	detail_add(d, TONE_DIM, "Bytes", "%s", t->print[at.row] ?
		   "not kept here: refresh its store" : "not known yet");
}

static struct next show_row(struct op *op)
{
	struct operation *o = operation_of(op);
	struct engine *e = o->engine;
	uint32_t cert;
	struct place at;
	size_t len;
	const char *text;
	g_autofree char *id = NULL, *name = NULL;

	publish_certs(e);
	cert = certs_find_id(e->known.certs, cert_id(o));
	if (cert == CERTS_NONE)
		return next_fail(op, ERR_NOT_FOUND, "the certificate is not there any more");
	at = certs_first(e->known.certs, cert);
	text = table_name(at.table, at.row, &len);
	name = g_strndup(text, len);
	id = g_strconcat("certs/", cert_id(o), NULL);
	op->detail = detail_new(id, name);
	add_places(e, op->detail, cert_id(o));
	add_row(e, op->detail, at);
	return next_done();
}

static struct next show_cert(struct op *op)
{
	struct operation *o = operation_of(op);
	struct describing *in;

	if (!op->cert.der)
		return show_row(op);
	in = g_new0(struct describing, 1);
	in->der = g_bytes_ref(op->cert.der);
	in->chain = g_ptr_array_ref(o->chain);
	in->trust = o->engine->trust ? trust_ref(o->engine->trust) : NULL;
	in->now = op->now;
	return next_work(work_new(describe, in, describing_free, (GDestroyNotify)detail_unref),
			 described);
}

/* ---- the other kinds, from their rows ---- */

static void add_text(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, tone, label, "%s", text);
}

static void describe_store(struct engine *e, struct detail *d, const struct store *s, guint left_out)
{
	const struct provider *p = provider_find(s->provider);
	g_autofree char *labels = g_strjoinv(", ", s->labels);
	static const char *const origins[] = {
		[STORE_BUILT_IN] = "a default of certty's",
		[STORE_CONFIGURED] = "named in the configuration",
		[STORE_ADDED] = "added by a person",
		[STORE_FOUND] = "found with its account",
	};

	detail_add(d, store_state_tone(s->state), "state", "%s",
		   store_state_word(s->state));
	add_text(d, TONE_WARN, "trouble", s->trouble);
	detail_add(d, TONE_PLAIN, "type", "%s", s->type);
	detail_add(d, TONE_PLAIN, "address", "%s", s->address);
	detail_add(d, TONE_PLAIN, "holds", "%u certificates, %u private keys", s->certs, s->keys);
	if (left_out)
		detail_add(d, TONE_NOTICE, "left out", "%u certificates; forget with back shows them "
			   "again", left_out);
	detail_add_time(d, "read", s->seen);
	if (s->tried != s->seen)
		detail_add_time(d, "tried", s->tried);
	add_text(d, TONE_PLAIN, "container", s->container);
	add_text(d, TONE_PLAIN, "labels", labels);
	detail_add(d, TONE_PLAIN, "why here", "%s", origins[s->origin]);
	detail_add(d, TONE_PLAIN, "writing", "%s",
		   s->is_writable ? "certificates can be added and removed" : "read only");
	detail_add(d, TONE_PLAIN, "passphrase", "%s", s->has_secret ? "kept" : "none kept");
	if (p && p->describe_store) {
		g_autoptr(GBytes) memo = keep_memo(e, s->id);

		p->describe_store(d, s, memo, clock_now());
	}
	detail_add(d, TONE_DIM, "id", "%s", s->id);
}

static void describe_discovery(struct detail *d, const struct discovery *f)
{
	detail_add(d, discovery_state_tone(f->state), "state", "%s",
		   discovery_state_word(f->state));
	detail_add(d, TONE_PLAIN, "type", "%s", f->type);
	detail_add(d, TONE_PLAIN, "address", "%s", f->address);
	detail_add(d, TONE_PLAIN, "what", "%s", f->what);
	detail_add_time(d, "first seen", f->first_seen);
	detail_add_time(d, "last seen", f->last_seen);
	detail_add_time(d, "decided", f->decided);
	add_text(d, TONE_PLAIN, "decided by", f->decided_by);
	detail_add(d, TONE_DIM, "id", "%s", f->id);
}

static void describe_job(struct detail *d, const struct job *j)
{
	detail_add(d, job_state_tone(j->state), "state", "%s", job_state_word(j->state));
	add_text(d, j->state == JOB_FAILED ? TONE_BAD : TONE_PLAIN, "outcome", j->said);
	detail_add(d, TONE_PLAIN, "what", "%s %s", j->verb, j->target);
	if (j->of)
		detail_add(d, TONE_PLAIN, "progress", "%" G_GUINT64_FORMAT " of %"
			   G_GUINT64_FORMAT, j->done, j->of);
	detail_add_time(d, "asked", j->asked);
	detail_add_time(d, "ended", j->ended);
	for (char **t = j->troubles; *t; t++)
		detail_add(d, TONE_WARN, t == j->troubles ? "troubles" : "", "%s", *t);
	detail_add(d, TONE_DIM, "number", "%s", j->id);
}

/* Of a provider that says no more about them than their rows do. */
/* What certty put into DNS for it. */
static void add_placed(struct engine *e, struct detail *d, const char *request)
{
	g_autoptr(GPtrArray) all = placed_read(e, request);

	for (guint i = 0; i < all->len; i++) {
		const struct placed *p = all->pdata[i];
		g_autoptr(GString) when = g_string_new(NULL);

		clock_say_as_of(when, clock_now(), p->since);
		detail_add(d, TONE_PLAIN, i ? "" : "put there", "%s  into %s by %s, %s", p->line, p->zone,
			   p->account, when->str);
	}
}

static void describe_request(struct engine *e, struct detail *d, const struct request *r)
{
	g_autofree char *names = g_strjoinv(", ", r->names);
	g_auto(GStrv) records = g_strsplit(r->records, "\n", -1);

	detail_add(d, request_state_tone(r->state), "state", "%s%s%s", request_state_word(r->state),
		   *r->theirs ? ": " : "", r->theirs);
	add_text(d, TONE_BAD, "reason", r->reason);
	detail_add(d, TONE_PLAIN, "about", "%s", r->title);
	add_text(d, TONE_PLAIN, "names", names);
	for (char **line = records; *line; line++)
		add_text(d, TONE_PLAIN, line == records ? "DNS" : "", *line);
	add_placed(e, d, r->id);
	add_text(d, TONE_WARN, "notice", r->oddities);
	add_text(d, TONE_PLAIN, "asked by", r->asked_by);
	detail_add_time(d, "since", r->since);
	detail_add_time(d, "due", r->due);
	detail_add_time(d, "ended", r->ended);
	add_text(d, TONE_PLAIN, "certificate", r->result);
	add_text(d, TONE_PLAIN, "next", r->can);
	detail_add(d, TONE_DIM, "id", "%s", r->id);
}

static void describe_deploy(struct engine *e, struct detail *d, const struct deploy *it)
{
	const struct store *to = shelf_get(e->known.shelf[KIND_STORES], it->store);
	const struct store *from = shelf_get(e->known.shelf[KIND_STORES], it->from);

	detail_add(d, TONE_PLAIN, "certificate", "%s", it->title);
	detail_add(d, deploy_state_tone(it->state), "state", "%s", deploy_state_word(it->state));
	add_text(d, TONE_BAD, "trouble", it->trouble);
	detail_add(d, TONE_PLAIN, "where", "%s", to ? to->title : it->store);
	add_text(d, TONE_PLAIN, "place", it->place);
	detail_add(d, TONE_PLAIN, "on renewal", "%s", deploy_mode_word(it->mode));
	detail_add(d, TONE_PLAIN, "taken from", "%s", from ? from->title : it->from);
	detail_add_time(d, "since", it->since);
	add_text(d, TONE_PLAIN, "key", it->key);
	for (char **name = it->names; *name; name++)
		detail_add(d, TONE_PLAIN, name == it->names ? "names" : "", "%s", *name);
	detail_add(d, TONE_PLAIN, "SHA-256", "%s", it->print);
	add_text(d, TONE_WARN, "newer", it->newer);
	detail_add(d, TONE_DIM, "id", "%s", it->id);
}

static struct next show_item(struct op *op, enum kind kind, const char *id)
{
	const struct operation *o = operation_of(op);
	const void *item = shelf_get(o->engine->known.shelf[kind], id);
	struct detail *d;

	if (!item)
		return next_fail(op, ERR_NOT_FOUND, "there is no %s in %s", id, kind_word(kind));
	d = detail_new(o->target, kind == KIND_ACCOUNTS || kind == KIND_DOMAINS ? id :
			       kind == KIND_OBJECTS ? ((const struct object *)item)->name :
			       kind == KIND_STORES ? ((const struct store *)item)->title : kind_title(kind));
	if (kind == KIND_STORES)
		describe_store(o->engine, d, item, hidden_count(o->engine, id));
	else if (kind == KIND_DISCOVERY)
		describe_discovery(d, item);
	else if (kind == KIND_DOMAINS)
		domains_describe(o->engine, d, item);
	else if (kind == KIND_OBJECTS)
		objects_describe(o->engine, d, item);
	else if (kind == KIND_JOBS)
		describe_job(d, item);
	else if (kind == KIND_REQUESTS)
		describe_request(o->engine, d, item);
	else if (kind == KIND_DEPLOYS)
		describe_deploy(o->engine, d, item);
	else
		show_account(o->engine, d, item);
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
