/*
 * four_eyes: what a second person has to countersign stops here, before its first step.
 *
 * Every task's operation passes through four_eyes_start(), whoever asked for it.  Where the
 * settings want a second person, the wish becomes a ticket, and the operation ends with "not
 * yet".  Asked for again it finds the ticket: once another person has countersigned it, and all
 * that it is bound to is still so, the ticket is used up and the operation begins.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>

#define FILE_READ_MAX (64u << 20)	/* bytes of a file that is an answer */
#define REVIEW_LINES 400

/* Its part of an operation; the works have copies. */
struct eyes {
	struct ticket *wish;		/* without what stands in files */
	struct operation *child;	/* shows the target */
	struct tickets_one *one;	/* countersigned, and used up for this */
	char **review;
};

/* On the pool. */
struct looking {
	struct tickets_place place;
	struct ticket *wish;
	GPtrArray *files;		/* key, path, key, path… */
	GHashTable *over;		/* names of tickets that are known to be so, a set */
	char **review;			/* NULL: only looks for one */
	int64_t now;
	struct tickets_one *one;
	bool is_granted;
	GError *why_not;
};

static step_fn begin, looked, seen, asked;

void four_eyes_free(struct eyes *y)
{
	if (!y)
		return;
	if (y->child)
		operation_abandon(y->child);
	ticket_free(y->wish);
	tickets_one_free(y->one);
	g_strfreev(y->review);
	g_free(y);
}

static void looking_free(void *p)
{
	struct looking *l = p;

	tickets_place_done(&l->place);
	ticket_free(l->wish);
	g_ptr_array_unref(l->files);
	g_hash_table_unref(l->over);
	g_strfreev(l->review);
	tickets_one_free(l->one);
	g_clear_error(&l->why_not);
	g_free(l);
}

void four_eyes_start(struct operation *o)
{
	if (o->op.verb->changes)
		operation_start_at(o, begin);
	else
		secrets_start(o);
}

/* ---- what is wished ---- */

static void add_part(GChecksum *sum, const char *text)
{
	const char *part = text ? text : "";

	g_checksum_update(sum, (const guchar *)part, (gssize)strlen(part) + 1);
}

static void add_request(GChecksum *sum, const struct request *r)
{
	add_part(sum, r->id);
	add_part(sum, r->type);
	add_part(sum, r->title);
	add_part(sum, r->theirs);
	add_part(sum, r->asked_by);
	add_part(sum, r->digest);
	add_part(sum, r->oddities);
	add_part(sum, r->records);
	add_part(sum, r->can);
	for (char **name = r->names; *name; name++)
		add_part(sum, *name);
}

/* All that decides what would happen to the target as it is now. */
static char *digest_of(const struct operation *o)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const struct deploy *d = o->op.verb->on == KIND_DEPLOYS ?
		shelf_get(o->engine->known.shelf[KIND_DEPLOYS], o->target) : NULL;
	g_autofree char *der = o->der ?
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, o->der) : NULL;

	add_part(sum, o->op.verb->name);
	add_part(sum, o->target);
	add_part(sum, o->op.account->id);
	add_part(sum, o->op.store ? o->op.store->id : "");
	add_part(sum, o->alias);
	add_part(sum, der);
	if (o->op.request)
		add_request(sum, o->op.request);
	if (o->object) {
		add_part(sum, o->object->facts);
		add_part(sum, o->object->answers);
	}
	if (d) {
		add_part(sum, d->place);
		add_part(sum, d->print);
		add_part(sum, d->newer);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static char *title_of(const struct operation *o)
{
	const struct certs *c = o->engine->known.certs;
	uint32_t cert = o->op.verb->on == KIND_CERTS && c ? certs_find_id(c, o->target) : CERTS_NONE;
	const struct deploy *d = o->op.verb->on == KIND_DEPLOYS ?
		shelf_get(o->engine->known.shelf[KIND_DEPLOYS], o->target) : NULL;

	if (cert != CERTS_NONE) {
		struct place at = certs_first(c, cert);
		size_t len;
		const char *name = table_name(at.table, at.row, &len);

		return g_strndup(name, len);
	}
	if (o->op.request)
		return g_strdup(o->op.request->title);
	if (o->object)
		return g_strdup(o->object->name);
	if (d)
		return g_strdup(d->title);
	return g_strdup(o->op.store ? o->op.store->title : *o->target ? o->target : "this machine");
}

/* What a reviewer saw of a request is not an answer: the ticket has its digest and its warnings. */
static char **answers_of(const struct op *op)
{
	bool is_renewal = op->verb->id == VERB_RENEW;	/* its ticket is about a certificate */
	g_auto(GStrv) keys = args_keys(op->args);
	GPtrArray *all = g_ptr_array_new();

	for (char **key = keys; *key; key++)
		if (is_renewal || (strcmp(*key, "digest") != 0 && strcmp(*key, "accept") != 0)) {
			g_ptr_array_add(all, g_strdup(*key));
			g_ptr_array_add(all, g_strdup(args_get(op->args, *key)));
		}
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static char **warnings_of(const struct op *op)
{
	g_auto(GStrv) lines = g_strsplit(op->request ? op->request->oddities : "", "\n", -1);
	GPtrArray *all = g_ptr_array_new();

	for (char **line = lines; *line; line++)
		if (**line)
			g_ptr_array_add(all, g_strdup(*line));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static struct ticket *wish_of(const struct operation *o, const char *by)
{
	struct ticket *t = ticket_new();

	store_set(&t->verb, o->op.verb->name);
	store_set(&t->target, o->target);
	store_set(&t->account, o->op.account->id);
	store_set(&t->store, o->op.store ? o->op.store->id : "");
	store_set(&t->by, by);
	g_free(t->title);
	t->title = title_of(o);
	g_free(t->digest);
	t->digest = digest_of(o);
	g_strfreev(t->warnings);
	t->warnings = warnings_of(&o->op);
	g_strfreev(t->answers);
	t->answers = answers_of(&o->op);
	return t;
}

static struct ticket *wish_dup(const struct ticket *t)
{
	struct ticket *copy = ticket_new();

	store_set(&copy->verb, t->verb);
	store_set(&copy->target, t->target);
	store_set(&copy->title, t->title);
	store_set(&copy->account, t->account);
	store_set(&copy->store, t->store);
	store_set(&copy->digest, t->digest);
	store_set(&copy->by, t->by);
	g_strfreev(copy->warnings);
	copy->warnings = g_strdupv(t->warnings);
	g_strfreev(copy->answers);
	copy->answers = g_strdupv(t->answers);
	return copy;
}

/* ---- on the pool ---- */

/* A file that is an answer is what stands in it. */
static bool add_files(struct looking *l, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (char **a = l->wish->answers; *a; a++)
		g_ptr_array_add(all, *a);
	for (guint i = 0; i + 1 < l->files->len; i += 2) {
		GBytes *file = file_read(l->files->pdata[i + 1], FILE_READ_MAX, NULL, error);

		if (!file)
			break;
		g_ptr_array_add(all, g_strconcat(l->files->pdata[i], ", SHA-256", NULL));
		g_ptr_array_add(all, g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file));
		file_wipe(file);
	}
	g_ptr_array_add(all, NULL);
	g_free(l->wish->answers);	/* the texts are in the new one */
	l->wish->answers = (char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
	return !*error;
}

static void look(struct work *w)
{
	struct looking *l = w->in;

	if (!add_files(l, &w->error))
		return;
	l->one = tickets_find(&l->place, l->wish, l->over, l->now, &w->stop, &w->error);
	l->is_granted = l->one && tickets_is_granted(&l->place, l->one, l->now, &l->why_not) &&
			!work_is_stopped(w) && tickets_use(&l->place, l->one->name, &l->why_not);
}

static void ask(struct work *w)
{
	struct looking *l = w->in;
	struct ticket *t = l->wish;

	if (!add_files(l, &w->error))
		return;
	t->since = l->now;
	t->until = l->now + l->place.valid;
	g_strfreev(t->review);
	t->review = g_steal_pointer(&l->review);
	l->one = tickets_ask(&l->place, g_steal_pointer(&l->wish), &w->error);
}

/* One that was used and lies there again, by whose hand ever, counts no more. */
static GHashTable *over_of(const struct op *op)
{
	GHashTable *over = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->type, TICKETS_REQUEST) && r->state == REQUEST_ISSUED)
			g_hash_table_add(over, g_strdup(r->digest));
	}
	return over;
}

/* Not those of accounts, in which secrets lie. */
static void add_paths(GPtrArray *paths, const struct op *op, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key && op->verb->on != KIND_ACCOUNTS; f++)
		if (f->kind == FIELD_FILE_IN && args_get(op->args, f->key)) {
			g_ptr_array_add(paths, g_strdup(f->key));
			g_ptr_array_add(paths, file_absolute(args_get(op->args, f->key)));
		}
}

static struct next go(struct op *op, work_fn *run, step_fn *then)
{
	struct operation *o = operation_of(op);
	struct looking *l = g_new0(struct looking, 1);
	GError *error = NULL;

	l->files = g_ptr_array_new_with_free_func(g_free);
	l->over = over_of(op);
	if (!tickets_place_read(op->settings, &l->place, &error)) {
		looking_free(l);
		return next_fail_error(op, error);
	}
	add_paths(l->files, op, op->verb->fields);
	add_paths(l->files, op, four_eyes_more(o));
	ticket_free(o->eyes->wish);
	o->eyes->wish = wish_of(o, l->place.identity);
	l->wish = wish_dup(o->eyes->wish);
	l->review = g_steal_pointer(&o->eyes->review);
	l->now = op->now;
	return next_work(work_new(run, l, looking_free, NULL), then);
}

/* ---- 1: is there a ticket? ---- */

static bool is_alone(const struct operation *o)
{
	for (guint i = 0; i < o->tasks->len; i++)
		if (!((struct task *)o->tasks->pdata[i])->job->is_quiet)
			return false;
	return true;
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	GError *error = NULL;
	enum four_eyes demand = four_eyes_demand(o, &error);

	(void)none;
	if (demand == FOUR_EYES_REFUSED)
		return next_fail_error(op, error);
	if (demand == FOUR_EYES_NO)
		return secrets_go_on(op);
	if (is_alone(o))
		return next_fail(op, ERR_REFUSED, "a second person must countersign, so certty does "
				 "not do it by itself: %s", op->verb->name);
	if (op->request && !request_is_waiting(op->request) &&
	    op->request->state != REQUEST_FAILED && op->verb->id != VERB_DISMISS)
		return next_fail(op, ERR_REFUSED, "%s does not wait: it is %s", op->request->title,
				 request_state_word(op->request->state));
	o->eyes = g_new0(struct eyes, 1);
	return go(op, look, looked);
}

/* Every step of it is written down with its texts, for each task that it is done for. */
static bool note(struct operation *o, const struct tickets_one *one, const char *what,
		 GError **error)
{
	g_auto(GStrv) warnings = tickets_warnings(one->ticket);

	for (guint i = 0; i < o->tasks->len; i++)
		if (!journal_note(o->tasks->pdata[i], one->name,
				  (const char *const *)warnings, what, error))
			return false;
	return true;
}

static void put_row(struct op *op, const struct looking *l, const struct tickets_one *one,
		    bool is_used)
{
	struct request *r = tickets_request(&l->place, one, op->now);

	if (is_used) {
		r->state = REQUEST_ISSUED;
		r->ended = op->now;
		store_set(&r->theirs, "used");
		store_set(&r->can, "");
	}
	op_put_request(op, r);
}

static struct next go_on(struct op *op, struct tickets_one *one, const char *what)
{
	struct operation *o = operation_of(op);
	GError *error = NULL;

	o->eyes->one = one;
	if (!note(o, one, what, &error) ||
	    (engine_own_verb(op->verb) && !keep_begin(o->engine, &error)))
		return next_fail_error(op, error);
	return secrets_go_on(op);
}

/* The ticket is used up.  What it was about may have changed since it was wished. */
static struct next granted(struct op *op, struct looking *l)
{
	struct operation *o = operation_of(op);
	const struct tickets_one *one = l->one;
	g_autofree char *what = g_strdup_printf("countersigned by %s with %s; asked for by %s with %s",
						one->answer->by, one->answer_key, one->ticket->by,
						one->key);
	const struct request *now = op->request ?
		shelf_get(o->engine->known.shelf[KIND_REQUESTS], op->request->id) : NULL;
	bool is_same = !op->request || (now && !strcmp(now->digest, op->request->digest) &&
					!strcmp(now->oddities, op->request->oddities));

	put_row(op, l, one, true);
	if (!is_same)
		return next_fail(op, ERR_REFUSED, "%s changed at this moment: look again, and ask "
				 "for a new countersignature", op->request->title);
	return go_on(op, g_steal_pointer(&l->one), what);
}

/* What lacked nothing but a passphrase or a sign-in is the same deed when it is done again with
 * that; nowhere but in this process. */
void four_eyes_end(struct operation *o, const GError *error)
{
	bool lacks = error && (error->code == ERR_SIGN_IN || error->code == ERR_PASSPHRASE);

	if (lacks && o->eyes && o->eyes->one)
		g_ptr_array_add(o->engine->grants, g_steal_pointer(&o->eyes->one));
}

static struct tickets_one *find_grant(struct engine *e, const struct ticket *wish, int64_t now)
{
	for (guint i = 0; i < e->grants->len; i++) {
		const struct tickets_one *one = e->grants->pdata[i];

		if (ticket_is_same(one->ticket, wish) && now < one->ticket->until)
			return g_ptr_array_steal_index(e->grants, i);
	}
	return NULL;
}

static struct next wait_for(struct op *op, const struct looking *l)
{
	g_autofree char *id = tickets_request_id(l->one->name);

	put_row(op, l, l->one, false);
	if (l->one->answer)
		return next_fail(op, (enum err)l->why_not->code, "%s; withdraw %.15s to ask again",
				 l->why_not->message, id);
	return next_fail(op, (enum err)l->why_not->code, "%s", l->why_not->message);
}

static void child_ended(struct operation *child, const GError *error)
{
	struct operation *o = child->who;
	const struct detail *d = error ? NULL : g_queue_peek_head(&child->engine->known.details);
	GPtrArray *all = g_ptr_array_new();

	for (size_t i = 0; d && i < MIN(d->n, REVIEW_LINES); i++) {
		g_ptr_array_add(all, g_strdup(d->line[i].label));
		g_ptr_array_add(all, g_strdup(d->line[i].text));
	}
	g_ptr_array_add(all, NULL);
	g_strfreev(o->eyes->review);
	o->eyes->review = (char **)g_ptr_array_free(all, FALSE);
	operation_wake(o);
}

/* The second person shall see what can be seen here; what cannot be shown is left out. */
static struct next see(struct op *op)
{
	struct operation *o = operation_of(op);
	g_autoptr(command) show = command_new(VERB_SHOW, NULL);
	struct task looker = { .engine = o->engine, .command = show };
	g_autofree char *target = g_strdup_printf("%s/%s", kind_word(op->verb->on), o->target);
	struct operation *child;

	args_set(show->args, "store", args_get(op->args, "store"));
	child = *o->target ? start_operation(&looker, target, NULL) : NULL;
	if (!child)
		return go(op, ask, asked);
	child->target = g_steal_pointer(&target);
	child->stores = items_ref(o->stores);
	child->op.stores = child->stores;
	child->requests = items_ref(o->requests);
	child->op.requests = child->requests;
	child->deploys = items_ref(o->deploys);
	child->op.deploys = child->deploys;
	child->op.store = child->store;
	child->ended = child_ended;
	child->who = o;
	child->weak = &o->eyes->child;
	o->eyes->child = child;
	operation_start_own(child);
	return operation_sleep(o, seen);
}

static struct next looked(struct op *op, const struct reply *none)
{
	struct looking *l = op->work->in;
	struct tickets_one *grant;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (l->is_granted)
		return granted(op, l);
	grant = l->one ? NULL : find_grant(operation_of(op)->engine, l->wish, op->now);
	if (grant)
		return go_on(op, grant, "done again by the same countersignature, with what was "
			     "missing");
	return l->one ? wait_for(op, l) : see(op);
}

/* ---- 2: there is none, so one is written ---- */

static struct next seen(struct op *op, const struct reply *none)
{
	(void)none;
	operation_of(op)->is_asleep = false;
	return go(op, ask, asked);
}

static struct next asked(struct op *op, const struct reply *none)
{
	const struct looking *l = op->work->in;
	struct operation *o = operation_of(op);
	g_autoptr(GString) until = g_string_new(NULL);
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	clock_say_utc(until, l->one->ticket->until);
	put_row(op, l, l->one, false);
	if (!note(o, l->one, "asks for a countersignature", &error))
		return next_fail_error(op, error);
	return next_fail(op, ERR_PENDING, "a second person must countersign: ticket %.8s waits for "
			 "that until %s; then do the same again", l->one->name, until->str);
}
