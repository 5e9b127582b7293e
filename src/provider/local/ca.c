/*
 * ca: the requests of a small CA of plain files, as rows and for a person to judge.
 *
 * Its certificates are rows as in any folder; then every request in pending/ is one that
 * waits.  One that is no longer there was answered (issued/ and denied/ tell) or withdrawn.
 */
#include "ca.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

/* A look into the folder, on the pool. */
struct looking {
	char *folder;
	GPtrArray *pending;	/* struct ca_pending */
	GPtrArray *answers;
	GPtrArray *troubles;
};

static step_fn look_for_requests, looked;

/* ---- refresh ---- */

struct next ca_refresh(struct op *op, const struct reply *none)
{
	(void)none;
	return files_refresh_then(op, look_for_requests);
}

static void looking_free(void *p)
{
	struct looking *l = p;

	g_free(l->folder);
	g_ptr_array_unref(l->pending);
	g_ptr_array_unref(l->troubles);
	g_clear_pointer(&l->answers, g_ptr_array_unref);
	g_free(l);
}

static void look(struct work *w)
{
	struct looking *l = w->in;
	g_autoptr(GPtrArray) paths = ca_pending_paths(l->folder, l->troubles);
	g_autoptr(GError) error = NULL;
	g_autoptr(ca) ca = ca_open(l->folder, &error);
	char *trouble = ca ? ca_key_trouble(ca) : g_strdup(error->message);

	if (trouble)
		g_ptr_array_add(l->troubles, trouble);
	for (guint i = 0; i < paths->len && !work_is_stopped(w); i++) {
		g_ptr_array_add(l->pending, ca_pending_read(paths->pdata[i]));
		atomic_store(&w->done, i + 1);
		atomic_store(&w->of, paths->len);
	}
	l->answers = ca_answers(l->folder);
}

static struct next look_for_requests(struct op *op, const struct reply *none)
{
	struct looking *l = g_new0(struct looking, 1);

	(void)none;
	l->folder = g_strdup(op->store->address);
	l->pending = g_ptr_array_new_with_free_func((GDestroyNotify)ca_pending_free);
	l->troubles = g_ptr_array_new_with_free_func(g_free);
	return next_work(work_new(look, l, looking_free, NULL), looked);
}

static const struct request *known_request(const struct op *op, const char *id)
{
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

/* What is odd about a request, with what only the whole folder tells. */
static char *oddities_of(const struct ca_pending *p, const struct ca_answer *before)
{
	const char *own = p->oddities ? p->oddities : "";
	const char *more = !before ? "" : !before->is_issued ?
		CA_DENIED_BEFORE : before->is_finished ? CA_SIGNED_BEFORE :
		"it was signed, but the approval was interrupted: approving it again ends that";

	return g_strdup_printf("%s%s%s", more, *more && *own ? "\n" : "", own);
}

static struct request *request_of(const struct op *op, const struct ca_pending *p,
				  const GPtrArray *answers)
{
	g_autofree char *id = ca_request_id(op->store->address, p->path);
	g_autofree char *base = g_path_get_basename(p->path), *file = folder_shown(base);
	struct request *r = request_new(id);

	store_set(&r->account, "local");
	store_set(&r->provider, "local");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "sign");
	store_set(&r->asked_by, p->owner ? p->owner : "");
	r->since = p->since;
	store_set(&r->digest, p->digest);
	if (!p->der) {
		r->state = REQUEST_FAILED;
		r->ended = p->since;
		store_set(&r->title, file);
		store_set(&r->reason, p->trouble);
		return r;
	}
	r->state = REQUEST_WAITS_PERSON;
	store_set(&r->title, p->names[0] ? p->names[0] : p->detail->title);
	g_free(r->oddities);
	r->oddities = oddities_of(p, ca_find_answer(answers, p->digest));
	g_strfreev(r->names);
	r->names = g_strdupv(p->names);
	return r;
}

static bool is_news(const struct request *known, const struct request *r)
{
	return !known || known->state != r->state || strcmp(known->digest, r->digest) ||
	       strcmp(known->oddities, r->oddities) || strcmp(known->reason, r->reason) ||
	       known->since != r->since;
}

static void put_pending(struct op *op, const struct looking *l, GHashTable *there)
{
	for (guint i = 0; i < l->pending->len; i++) {
		const struct ca_pending *p = l->pending->pdata[i];
		struct request *r = request_of(op, p, l->answers);

		g_hash_table_add(there, g_strdup(r->id));
		if (p->trouble)
			op_trouble(op, "%s", p->trouble);
		if (is_news(known_request(op, r->id), r))
			op_put_request(op, r);
		else
			request_unref(r);
	}
}

/* It no longer waits: answered by somebody, or taken back. */
static void put_ended(struct op *op, const struct request *known, const GPtrArray *answers)
{
	const struct ca_answer *a = ca_find_answer(answers, known->digest);
	struct request *r = request_dup(known);

	if (a && a->when < known->since)	/* to an earlier one of the same bytes */
		a = NULL;
	r->ended = a ? a->when : op->now;
	r->state = !a ? REQUEST_GONE : a->is_issued ? REQUEST_ISSUED : REQUEST_DENIED;
	if (a && a->is_issued) {
		g_free(r->result);
		r->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, a->cert);
	} else if (a) {
		store_set(&r->reason, a->reason);
	}
	op_put_request(op, r);
}

static struct next looked(struct op *op, const struct reply *none)
{
	const struct looking *l = op->work->in;
	g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint waiting = 0;

	(void)none;
	for (guint i = 0; i < l->troubles->len; i++)
		op_trouble(op, "%s", (char *)l->troubles->pdata[i]);
	put_pending(op, l, there);
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, op->store->id) && !g_hash_table_contains(there, r->id) &&
		    (request_is_waiting(r) || r->state == REQUEST_FAILED))
			put_ended(op, r, l->answers);
	}
	for (guint i = 0; i < l->pending->len; i++)
		waiting += ((struct ca_pending *)l->pending->pdata[i])->der != NULL;
	op_say(op, "%s; %u request%s waiting", op->said, waiting, waiting == 1 ? "" : "s");
	return next_done();
}

/* ---- show ---- */

struct showing {
	char *folder;
	struct request *request;
};

static step_fn shown;

static void showing_free(void *p)
{
	struct showing *s = p;

	g_free(s->folder);
	request_unref(s->request);
	g_free(s);
}

static void add_text(struct detail *d, enum tone tone, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line && **line; line++)
		detail_add(d, tone, line == lines ? label : "", "%s", *line);
}

static void add_profiles(struct detail *d)
{
	detail_add(d, TONE_PLAIN, "Profiles", "%s", "");
	for (const struct x509_profile *p = x509_profiles; p->name; p++)
		detail_add(d, TONE_PLAIN, p->name, "%s", p->sentence);
}

static void add_ca(struct detail *d, const char *folder)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ca) ca = ca_open(folder, &error);
	g_autoptr(GString) until = g_string_new(NULL);
	g_autofree char *trouble = NULL, *key = NULL;

	if (!ca) {
		detail_add(d, TONE_BAD, "CA", "%s", error->message);
		return;
	}
	clock_say_date(until, ca->facts.not_after);
	detail_add(d, TONE_PLAIN, "CA", "%s, valid until %s", ca->facts.name, until->str);
	trouble = ca_key_trouble(ca);
	if (trouble) {
		detail_add(d, TONE_WARN, "CA's key", "%s", trouble);
	} else {
		key = folder_shown(ca->key_path);
		detail_add(d, TONE_PLAIN, "CA's key", "%s, encrypted", key);
	}
}

static void add_row(struct detail *d, const struct request *r)
{
	detail_add(d, request_state_tone(r->state), "State", "%s", request_state_word(r->state));
	add_text(d, TONE_WARN, "Reason", r->reason);
	add_text(d, TONE_PLAIN, "Asked by", r->asked_by);
	detail_add_time(d, "Since", r->since);
	detail_add_time(d, "Ended", r->ended);
	add_text(d, TONE_GOOD, "Certificate", r->result);
}

/* A request whose file can be read: what x509 says of it, then what will be done. */
static struct detail *describe_pending(const struct showing *s, const char *path)
{
	g_autoptr(ca_pending) p = ca_pending_read(path);
	g_autofree char *file = folder_shown(path);
	struct detail *d = g_steal_pointer(&p->detail);

	if (!d)
		return NULL;
	if (strcmp(p->digest, s->request->digest))
		detail_add(d, TONE_BAD, "Changed", "the file is not the one that was listed: "
			   "refresh the store before you decide");
	add_row(d, s->request);
	detail_add(d, TONE_PLAIN, "File", "%s", file);
	add_ca(d, s->folder);
	add_profiles(d);
	return d;
}

static void show(struct work *w)
{
	struct showing *s = w->in;
	g_autofree char *path = ca_find_pending(s->folder, s->request->id);
	g_autofree char *id = g_strconcat("requests/", s->request->id, NULL);
	struct detail *d = path ? describe_pending(s, path) : NULL;

	if (d) {
		store_set(&d->id, id);
	} else {
		d = detail_new(id, s->request->title);
		add_row(d, s->request);
		add_text(d, TONE_WARN, "Odd", s->request->oddities);
		for (char **name = s->request->names; *name; name++)
			detail_add(d, TONE_PLAIN, name == s->request->names ? "Names" : "", "%s",
				   *name);
		detail_add(d, TONE_DIM, "SHA-256", "%s", s->request->digest);
	}
	w->out = d;
}

struct next ca_show(struct op *op, const struct reply *none)
{
	struct showing *s;

	(void)none;
	if (!op->request || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "there is nothing to show");
	s = g_new0(struct showing, 1);
	s->folder = g_strdup(op->store->address);
	s->request = request_dup(op->request);
	return next_work(work_new(show, s, showing_free, (GDestroyNotify)detail_unref), shown);
}

static struct next shown(struct op *op, const struct reply *none)
{
	(void)none;
	op->detail = g_steal_pointer(&op->work->out);
	op->detail->made = op->now;
	return next_done();
}
