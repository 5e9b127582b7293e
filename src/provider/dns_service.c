/*
 * dns_service: the same steps for every service, one record after the other; what is asked and how it
 * is answered is the service's.
 */
#include "provider/dns_service.h"

#include <string.h>

#include <certty/base/text.h>

/* ---- where records belong, as a work ---- */

struct locating {
	struct dns_way *way;
	GPtrArray *records;	/* struct dns_record */
};

static void locating_free(void *p)
{
	struct locating *in = p;

	dns_way_free(in->way);
	g_ptr_array_unref(in->records);
	g_free(in);
}

static void spot_free(void *p)
{
	struct dns_spot *s = p;

	g_free(s->name);
	g_free(s->zone);
	g_clear_error(&s->error);
	g_free(s);
}

GPtrArray *dns_service_spots(void)
{
	return g_ptr_array_new_with_free_func(spot_free);
}

void dns_service_spot(GPtrArray *spots, const char *name, const char *zone)
{
	struct dns_spot *s = g_new0(struct dns_spot, 1);

	s->name = g_strdup(name);
	s->zone = g_strdup(zone);
	g_ptr_array_add(spots, s);
}

static void spots_free(void *spots)
{
	g_ptr_array_unref(spots);
}

static void locate(struct work *w)
{
	const struct locating *in = w->in;
	GPtrArray *spots = dns_service_spots();

	for (guint i = 0; i < in->records->len && !work_is_stopped(w); i++) {
		const struct dns_record *r = in->records->pdata[i];
		GError *error = NULL;
		g_autoptr(dns_found) f = dns_look(in->way, r->name, r->type, r->value, &w->stop, &error);

		dns_service_spot(spots, f ? f->name : r->name, f ? f->zone : NULL);
		((struct dns_spot *)spots->pdata[i])->error = error;
		atomic_store(&w->done, i + 1);
	}
	w->out = spots;
}

static struct work *locate_work(const struct op *op)
{
	struct locating *in = g_new0(struct locating, 1);

	in->way = dns_way_new(op->settings);
	in->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	for (guint i = 0; i < op->records->len; i++)
		g_ptr_array_add(in->records, dns_record_dup(op->records->pdata[i]));
	return work_new(locate, in, locating_free, spots_free);
}

/* ---- tasks ---- */

static void value_free(void *p)
{
	struct dns_value *v = p;

	g_free(v->type);
	g_free(v->plain);
	g_free(v->id);
	g_free(v);
}

void dns_service_value(struct dns_task *t, const char *type, const char *plain, const char *id)
{
	struct dns_value *v = g_new0(struct dns_value, 1);

	v->type = g_strdup(type);
	v->plain = g_strdup(plain);
	v->id = g_strdup(id);
	g_ptr_array_add(t->there, v);
}

static void task_free(void *p)
{
	struct dns_task *t = p;

	g_free(t->name);
	g_free(t->zone);
	g_free(t->plain);
	g_free(t->zone_id);
	g_ptr_array_unref(t->there);
	g_free(t);
}

void dns_service_done(void *scratch)
{
	struct dns_run *run = scratch;

	g_clear_pointer(&run->tasks, g_ptr_array_unref);
}

static struct dns_run *run_of(struct op *op)
{
	return op->scratch;
}

static struct dns_task *task_of(struct op *op)
{
	return run_of(op)->tasks->pdata[run_of(op)->at];
}

static struct next next_task(struct op *op);

static struct next go_on(struct op *op)
{
	run_of(op)->at++;
	return next_task(op);
}

/* Nothing comes of this one: what it says is of this record only, or of all of them. */
static struct next give_up(struct op *op, GError *error /* taken */)
{
	if (error->code == ERR_SIGN_IN || error->code == ERR_NETWORK || error->code == ERR_TIMEOUT ||
	    error->code == ERR_CANCELLED)
		return next_fail_error(op, error);
	op_trouble(op, "%s: %s", task_of(op)->name, error->message);
	g_error_free(error);
	run_of(op)->failed++;
	return go_on(op);
}

/* Its zone is not one of this account. */
static struct next pass_over(struct op *op)
{
	task_of(op)->is_elsewhere = true;
	return go_on(op);
}

/* ---- what stands at the name ---- */

static step_fn heard_zone, heard_set, heard_told;

static struct next ask_set(struct op *op);

static const struct dns_value *ours(const struct dns_task *t)
{
	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		if (!strcmp(v->type, t->record->type) && v->plain && !strcmp(v->plain, t->plain))
			return v;
	}
	return NULL;
}

/* What ours cannot stand beside, or NULL. */
static const struct dns_value *obstacle(const struct dns_task *t)
{
	bool is_alias = !strcmp(t->record->type, "CNAME");

	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		if (is_alias || !strcmp(v->type, "CNAME"))
			return v;
	}
	return NULL;
}

static struct next in_the_way(struct op *op, const struct dns_value *v)
{
	g_autofree char *shown = v->plain ? text_harmless_dup(v->plain, 200) : g_strdup("");

	return give_up(op, g_error_new(ERR, ERR_EXISTS, "there is a record %s %s%salready, and a CNAME cannot "
				       "stand beside other data; nothing was changed", v->type, shown,
				       *shown ? " " : ""));
}

static struct next decide_taking(struct op *op)
{
	const struct dns_service *s = run_of(op)->service;
	struct dns_task *t = task_of(op);
	const struct dns_value *v = ours(t);
	struct request_out *r;
	GError *error = NULL;

	if (!v) {
		op_published(op, t->record);
		return go_on(op);
	}
	if (t->is_told)
		return give_up(op, g_error_new(ERR, ERR_REFUSED, "%s was told to take the record away, and has "
					       "it when it is asked", s->title));
	r = s->take(op, t, v, &error);
	return r ? next_send(r, heard_told) : give_up(op, error);
}

static struct next decide(struct op *op)
{
	const struct dns_service *s = run_of(op)->service;
	struct dns_task *t = task_of(op);
	const struct dns_value *other = obstacle(t);

	if (ours(t)) {
		op_published(op, t->record);
		if (t->is_told)
			op_put_record(op, t->record, t->name, t->zone);
		return go_on(op);
	}
	if (t->is_told)
		return give_up(op, g_error_new(ERR, ERR_REFUSED, "%s took the record, and does not have it "
					       "when it is asked", s->title));
	if (other)
		return in_the_way(op, other);
	return next_send(s->add(op, t, MAX(MAX(t->record->ttl, DNS_RECORD_TTL), s->ttl_min)), heard_told);
}

static struct next heard_set(struct op *op, const struct reply *r)
{
	struct dns_task *t = task_of(op);
	GError *error = NULL;
	enum dns_heard heard = run_of(op)->service->read_set(r, t, &error);

	/* Once it was told something the service has the zone, and nothing at the name. */
	if (heard == DNS_NO_ZONE && !t->is_told)
		return pass_over(op);
	if (heard == DNS_REFUSED)
		return give_up(op, error);
	t->asked++;
	return ask_set(op);
}

static struct next ask_set(struct op *op)
{
	struct dns_task *t = task_of(op);
	struct request_out *r = run_of(op)->service->ask_set(op, t, t->asked);

	if (r)
		return next_send(r, heard_set);
	return run_of(op)->takes ? decide_taking(op) : decide(op);
}

/* Read again, whatever was said: somebody else may have been faster. */
static struct next heard_told(struct op *op, const struct reply *r)
{
	struct dns_task *t = task_of(op);
	GError *error = NULL;

	if (!run_of(op)->service->read_told(r, &error))
		return give_up(op, error);
	t->is_told = true;
	t->asked = 0;
	g_ptr_array_set_size(t->there, 0);
	return ask_set(op);
}

/* ---- one after the other ---- */

static struct next heard_zone(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	enum dns_heard heard = run_of(op)->service->read_zone(r, task_of(op), &error);

	if (heard == DNS_NO_ZONE)
		return pass_over(op);
	return heard == DNS_REFUSED ? give_up(op, error) : ask_set(op);
}

static struct next finish(struct op *op)
{
	const struct dns_run *run = run_of(op);

	if (run->failed && !op->n_published)
		return next_fail(op, ERR_REFUSED, "%s",
				 (const char *)op->troubles->pdata[op->troubles->len - 1]);
	op_say(op, "%u DNS record%s %s %s", op->n_published, op->n_published == 1 ? "" : "s",
	       run->takes ? "gone at" : "at", run->service->title);
	return next_done();
}

/* A task before this one in the same zone knows it, if there is one. */
static const struct dns_task *before(const struct dns_run *run, const struct dns_task *t)
{
	for (guint i = 0; i < run->at; i++) {
		const struct dns_task *other = run->tasks->pdata[i];

		if (!strcmp(other->zone, t->zone) && (other->zone_id || other->is_elsewhere))
			return other;
	}
	return NULL;
}

static struct next next_task(struct op *op)
{
	struct dns_run *run = run_of(op);
	const struct dns_task *known;
	struct dns_task *t;

	op_progress(op, run->at, run->tasks->len);
	if (run->at == run->tasks->len)
		return finish(op);
	t = task_of(op);
	known = before(run, t);
	if (known && known->is_elsewhere)
		return pass_over(op);
	t->zone_id = g_strdup(known ? known->zone_id : NULL);
	if (run->service->ask_zone && !t->zone_id)
		return next_send(run->service->ask_zone(op, t), heard_zone);
	return ask_set(op);
}

static void add_task(struct op *op, struct dns_record *record, const struct dns_spot *spot)
{
	struct dns_run *run = run_of(op);
	GError *error = NULL;
	struct dns_task *t;
	char *plain = spot->zone ? dns_record_plain(record->type, record->value, &error) :
				   NULL;

	if (!plain) {
		op_trouble(op, "%s: %s", record->name, spot->error ? spot->error->message :
			   error ? error->message : "its zone was not found");
		g_clear_error(&error);
		run->failed++;
		return;
	}
	t = g_new0(struct dns_task, 1);
	t->record = record;
	t->name = g_strdup(spot->name);
	t->zone = g_strdup(spot->zone);
	t->plain = plain;
	t->there = g_ptr_array_new_with_free_func(value_free);
	g_ptr_array_add(run->tasks, t);
}

static struct next located(struct op *op, const struct reply *none)
{
	GPtrArray *spots = op->work->out;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	for (guint i = 0; i < MIN(spots->len, op->records->len); i++)
		add_task(op, op->records->pdata[i], spots->pdata[i]);
	return next_task(op);
}

static struct next begin(struct op *op, const struct dns_service *s, bool takes)
{
	struct dns_run *run = run_of(op);

	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (!op->records || !op->records->len)
		return next_done();
	run->service = s;
	run->takes = takes;
	run->tasks = g_ptr_array_new_with_free_func(task_free);
	return next_work(locate_work(op), located);
}

struct next dns_service_publish(struct op *op, const struct dns_service *s)
{
	return begin(op, s, false);
}

struct next dns_service_unpublish(struct op *op, const struct dns_service *s)
{
	return begin(op, s, true);
}
