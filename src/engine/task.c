/*
 * task: a command becomes a job, and the job one operation per target.
 *
 * Here stands what holds for every verb of every provider: read-only and offline refuse,
 * answers are checked against the verb's questions, what changes something is written to the
 * journal before it starts and after it ended, a refresh under way is joined.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* ---- the job's row ---- */

static void show_job(struct task *t)
{
	shelf_put(t->engine->known.shelf[KIND_JOBS], job_dup(t->job));
	t->engine->is_changed = true;
}

void task_free(struct task *t)
{
	command_free(t->command);
	job_unref(t->job);
	g_ptr_array_unref(t->troubles);
	g_clear_error(&t->error);
	g_free(t->said);
	g_free(t);
}

static guint count_targets(const struct task *t)
{
	return t->without ? 1 : t->command->targets->len;
}

static const char *target_of(const struct task *t, guint i)
{
	return t->without ? "" : t->command->targets->pdata[i];
}

static char *name_target(const struct task *t)
{
	const struct store *s;
	const char *id = t->without ? "" : t->command->targets->pdata[0];

	if (t->without)
		return g_strdup("this machine");
	if (t->command->targets->len > 1)
		return g_strdup_printf("%u %s", t->command->targets->len,
				       kind_word(t->command->verb->on));
	s = shelf_get(t->engine->known.shelf[KIND_STORES], id);
	return g_strdup(s ? s->title : id);
}

static enum job_state state_of(const struct task *t)
{
	if (t->is_cancelled)
		return JOB_CANCELLED;
	if (t->error && t->failed == count_targets(t))
		return JOB_FAILED;
	return t->troubles->len || t->error ? JOB_PARTLY : JOB_DONE;
}

static void keep_troubles(struct task *t)
{
	guint n = MIN(t->troubles->len, JOB_TROUBLES);

	g_strfreev(t->job->troubles);
	t->job->troubles = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++)
		t->job->troubles[i] = g_strdup(t->troubles->pdata[i]);
	if (t->troubles->len > JOB_TROUBLES) {
		g_free(t->job->troubles[n - 1]);
		t->job->troubles[n - 1] =
			g_strdup_printf("and %u more", t->troubles->len - JOB_TROUBLES + 1);
	}
}

static char *outcome(const struct task *t)
{
	if (t->is_cancelled)
		return g_strdup_printf("cancelled after %u of %u", t->ended, count_targets(t));
	if (t->error && count_targets(t) == 1)
		return g_strdup(t->error->message);
	if (t->failed)
		return g_strdup_printf("%u of %u failed: %s", t->failed, count_targets(t),
				       t->error->message);
	if (t->troubles->len && !t->said)
		return g_strdup(t->troubles->pdata[0]);
	return g_strdup(t->said);
}

static void finish(struct task *t)
{
	struct engine *e = t->engine;

	t->job->ended = clock_now();
	t->job->state = state_of(t);
	t->job->code = t->error ? (enum err)t->error->code : ERR_PARTLY;
	g_free(t->job->said);
	t->job->said = outcome(t);
	keep_troubles(t);
	if (t->is_journaled)
		keep_journal(e, t, true, NULL);
	show_job(t);
	keep_item(e, KIND_JOBS, t->job->id);
	g_ptr_array_remove(e->tasks, t);	/* frees it */
}

static void refuse(struct task *t, GError *error)
{
	g_clear_error(&t->error);
	t->error = error;
	t->failed = count_targets(t);
	finish(t);
}

/* ---- from target to operation ---- */

static const struct provider *provider_of(const struct verb *verb, const char *name)
{
	if (provider_engine.verb[verb->id])
		return &provider_engine;
	return provider_find(name ? name : "local");
}

/* An operation on a store by that provider; NULL: whoever does this verb there. */
static struct operation *start_by(struct task *t, const char *id, const struct provider *p,
				  GError **error)
{
	const struct verb *verb = t->command->verb;
	struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], id);
	g_autofree char *why = NULL;
	struct operation *o;

	if (s && !p)
		p = provider_of(verb, s->provider);
	if (s && p && p != &provider_engine)
		why = provider_why_not(p, verb, s);
	if (!s || !p || why) {
		g_set_error(error, ERR, s ? ERR_REFUSED : ERR_NOT_FOUND, "%s",
			    why ? why : "there is no such store");
		return NULL;
	}
	o = operation_new(t->engine, p, verb, t->command->args);
	o->store = store_ref(s);
	return o;
}

static struct operation *start_on_store(struct task *t, const char *id, GError **error)
{
	return start_by(t, id, NULL, error);
}

/* Which of a certificate's places the verb is about. */
static bool choose_place(struct task *t, uint32_t cert, uint32_t *ret, GError **error)
{
	const struct certs *c = t->engine->known.certs;
	const char *wanted = args_get(t->command->args, "store");
	uint32_t with_key = CERTS_NONE, n = 0;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p], n++) {
		struct place at = certs_place(c, p);

		if (wanted && !strcmp(at.table->store, wanted)) {
			*ret = p;
			return true;
		}
		if (with_key == CERTS_NONE && (at.table->marks[at.row] & MARK_KEY))
			with_key = p;
	}
	if (wanted || (n > 1 && t->command->verb->id == VERB_REMOVE)) {
		g_set_error(error, ERR, wanted ? ERR_NOT_FOUND : ERR_USAGE,
			    wanted ? "it is not in the store %s"
				   : "it is in several stores: say which with store%s",
			    wanted ? wanted : "");
		return false;
	}
	*ret = with_key != CERTS_NONE ? with_key : c->first[cert];
	return true;
}

/* Its issuers as far as they are known, nearest first. */
static GPtrArray *find_chain(struct engine *e, struct place at)
{
	GPtrArray *chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	const struct certs *c = e->known.certs;
	uint32_t issuer = at.table->issuer_hash[at.row];
	uint32_t subject = at.table->subject_hash[at.row];

	while (issuer != subject && chain->len < 16) {
		uint32_t cert = certs_find_subject(c, issuer);
		g_autoptr(GString) id = g_string_new(NULL);
		GBytes *der;
		struct place p;

		if (cert == CERTS_NONE)
			break;
		certs_id(c, cert, id);
		der = keep_der(e, id->str, NULL);
		if (!der)
			break;
		g_ptr_array_add(chain, der);
		p = certs_first(c, cert);
		subject = p.table->subject_hash[p.row];
		issuer = p.table->issuer_hash[p.row];
	}
	return chain;
}

static struct operation *start_on_cert(struct task *t, const char *id, GError **error)
{
	struct engine *e = t->engine;
	g_autoptr(GString) full = g_string_new(NULL);
	uint32_t cert, place;
	struct place at;
	struct operation *o;

	publish_certs(e);
	cert = certs_find_id(e->known.certs, id);
	if (cert == CERTS_NONE) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "no certificate, or more than one, begins with %s", id);
		return NULL;
	}
	if (!choose_place(t, cert, &place, error))
		return NULL;
	at = certs_place(e->known.certs, place);
	o = start_on_store(t, at.table->store, error);
	if (!o)
		return NULL;
	certs_id(e->known.certs, cert, full);
	o->der = keep_der(e, full->str, NULL);
	o->alias = g_strdup(at.table->aliases + at.table->alias[at.row]);
	o->chain = find_chain(e, at);
	o->op.cert.der = o->der;
	o->op.cert.alias = o->alias;
	o->op.cert.chain = (GBytes **)o->chain->pdata;
	o->op.cert.n_chain = o->chain->len;
	return o;
}

static struct operation *start_on_request(struct task *t, const char *id, GError **error)
{
	struct request *r = shelf_get(t->engine->known.shelf[KIND_REQUESTS], id);
	struct operation *o;

	if (!r) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no request %s", id);
		return NULL;
	}
	/* What a request is about only its provider can say, also when it is just shown. */
	o = start_by(t, r->store, provider_find(r->provider), error);
	if (o) {
		o->request = request_ref(r);
		o->op.request = o->request;
	}
	return o;
}

static struct operation *start_alone(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	const struct provider *p = provider_of(verb, NULL);

	(void)id;
	if (!p->verb[verb->id]) {
		g_set_error(error, ERR, ERR_REFUSED, "nobody can do this: %s", verb->name);
		return NULL;
	}
	return operation_new(t->engine, p, verb, t->command->args);
}

/* VERB_SHOW names its target as a detail does: "requests/…"; nothing before it: certificates. */
static struct operation *start_show(struct task *t, const char *id, GError **error)
{
	const char *slash = strchr(id, '/');
	g_autofree char *word = slash ? g_strndup(id, (gsize)(slash - id)) : NULL;
	enum kind kind;

	if (!word || !kind_read(word, &kind))
		return start_on_cert(t, id, error);
	if (kind == KIND_CERTS)
		return start_on_cert(t, slash + 1, error);
	if (kind == KIND_REQUESTS)
		return start_on_request(t, slash + 1, error);
	return start_alone(t, id, error);
}

typedef struct operation *start_fn(struct task *t, const char *target, GError **error);

static start_fn *starter_of(const struct task *t)
{
	static start_fn *const by_kind[KIND_COUNT] = {
		[KIND_STORES] = start_on_store,
		[KIND_CERTS] = start_on_cert,
		[KIND_REQUESTS] = start_on_request,
	};
	start_fn *start = t->without ? NULL : by_kind[t->command->verb->on];

	if (t->command->verb->id == VERB_SHOW)
		return start_show;
	return start ? start : start_alone;
}

/* A refresh under way is joined, not repeated. */
static bool join(struct task *t, const char *target)
{
	struct operation *o = t->command->verb->id == VERB_REFRESH ?
		g_hash_table_lookup(t->engine->refreshing, target) : NULL;

	if (o)
		g_ptr_array_add(o->tasks, t);
	return o != NULL;
}

static void show_reading(struct operation *o)
{
	struct engine *e = o->engine;
	struct store *s = store_dup(o->store);

	s->state = STORE_READING;
	shelf_put(e->known.shelf[KIND_STORES], s);
	g_hash_table_replace(e->refreshing, g_strdup(s->id), o);
}

static void start_one(struct task *t, const char *target)
{
	struct engine *e = t->engine;
	GError *error = NULL;
	struct operation *o;

	if (join(t, target)) {
		t->running++;
		return;
	}
	o = starter_of(t)(t, target, &error);
	t->running++;
	if (!o) {
		task_hear(t, NULL, error);
		g_clear_error(&error);
		return;
	}
	o->target = g_strdup(target);
	o->stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	o->op.store = o->store;
	o->op.stores = o->stores;
	o->requests = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	o->op.requests = o->requests;
	if (o->store)
		o->op.memo = keep_memo(e, o->store->id);
	g_ptr_array_add(o->tasks, t);
	g_ptr_array_add(e->operations, o);
	if (o->op.verb->id == VERB_REFRESH) {
		struct table *old = g_hash_table_lookup(e->known.tables, target);

		o->old = old ? table_ref(old) : NULL;
		o->op.old = o->old;
		o->op.rows = table_builder_new(target, e->known.words);
		show_reading(o);
	}
	secrets_start(o);
}

void task_start_due(struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		while (t->next < count_targets(t) && !t->is_cancelled &&
		       e->operations->len < OPERATIONS_AT_ONCE)
			start_one(t, target_of(t, t->next++));
	}
	for (guint i = e->tasks->len; i-- > 0;) {
		struct task *t = e->tasks->pdata[i];

		if (!t->running && (t->is_cancelled || t->next >= count_targets(t)))
			finish(t);
	}
}

/* ---- news from operations ---- */

/* One operation tells how far it is; several are counted. */
void task_progress(struct task *t, const struct operation *o)
{
	if (count_targets(t) > 1) {
		t->job->done = t->ended;
		t->job->of = count_targets(t);
	} else if (o && o->now.kind == NEXT_EACH && !o->op.of) {
		t->job->done = o->heard;
		t->job->of = o->now.n;
	} else if (o) {
		t->job->done = o->op.done;
		t->job->of = o->op.of;
	}
	t->engine->is_changed = true;
}

void task_show_all(struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++)
		show_job(e->tasks->pdata[i]);
}

void task_hear(struct task *t, const struct operation *o, const GError *error)
{
	t->running--;
	t->ended++;
	if (error) {
		t->failed++;
		if (!t->error)
			t->error = g_error_copy(error);
		if (count_targets(t) > 1)
			g_ptr_array_add(t->troubles, g_strdup(error->message));
	}
	for (guint i = 0; o && i < o->op.troubles->len; i++)
		g_ptr_array_add(t->troubles, g_strdup(o->op.troubles->pdata[i]));
	if (o && o->op.said && count_targets(t) == 1) {
		g_free(t->said);
		t->said = g_strdup(o->op.said);
	}
	task_progress(t, o);
	show_job(t);
}

bool task_cancel(struct engine *e, const char *job_id)
{
	struct task *t = NULL;

	for (guint i = 0; i < e->tasks->len; i++)
		if (!strcmp(((struct task *)e->tasks->pdata[i])->job->id, job_id))
			t = e->tasks->pdata[i];
	if (!t)
		return false;
	t->is_cancelled = true;
	for (guint i = e->operations->len; i-- > 0;) {
		struct operation *o = e->operations->pdata[i];

		if (!g_ptr_array_remove(o->tasks, t))
			continue;
		t->running--;
		if (o->tasks->len || o->is_over)
			continue;
		findings_undo(o);
		g_ptr_array_remove_index_fast(e->operations, i);	/* frees it */
	}
	return true;
}

/* ---- starting ---- */

static bool allowed(struct engine *e, const struct command *c, GError **error)
{
	const struct verb *v = c->verb;
	bool asks = v->id == VERB_REFRESH || v->id == VERB_DISCOVER;

	if (v->changes && e->config.is_read_only)
		g_set_error(error, ERR, ERR_REFUSED, "read-only: %s is refused", v->name);
	else if (asks && e->config.is_offline)
		g_set_error(error, ERR, ERR_REFUSED, "offline: nothing is read anew");
	else if (c->targets->len > 1 && !v->many)
		g_set_error(error, ERR, ERR_USAGE, "%s takes one at a time", v->name);
	else if (!c->targets->len && !v->no_target)
		g_set_error(error, ERR, ERR_USAGE, "%s needs to be told what", v->name);
	else
		return !v->fields || field_check(v->fields, c->args, error);
	return false;
}

/* A refresh of nothing in particular is one of every store that is there. */
static void add_all_stores(struct engine *e, struct command *c)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; i < stores->n; i++)
		g_ptr_array_add(c->targets, g_strdup(((struct store *)stores->item[i])->id));
}

void task_start(struct engine *e, uint64_t number, struct command *c, bool is_quiet)
{
	struct task *t = g_new0(struct task, 1);
	GError *error = NULL;

	t->number = number;
	t->command = c;
	t->engine = e;
	t->troubles = g_ptr_array_new_with_free_func(g_free);
	if (c->verb->id == VERB_REFRESH && !c->targets->len)
		add_all_stores(e, c);
	else
		t->without = !c->targets->len;
	t->job = job_new(number);
	t->job->verb = c->verb->name;
	t->job->target = name_target(t);
	store_set(&t->job->store, c->verb->on == KIND_STORES && c->targets->len == 1 ?
			  c->targets->pdata[0] : "");
	t->job->is_quiet = is_quiet;
	t->job->asked = t->job->began = clock_now();
	t->job->state = JOB_RUNNING;
	g_ptr_array_add(e->tasks, t);
	if (!allowed(e, c, &error)) {
		refuse(t, error);
		return;
	}
	if (c->verb->changes) {
		if (!keep_journal(e, t, false, &error)) {
			refuse(t, error);
			return;
		}
		t->is_journaled = true;
	}
	show_job(t);
}
