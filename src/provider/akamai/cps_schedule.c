/*
 * cps_schedule: when the change of an enrollment that is under way goes to Production, at the earliest and
 * at the latest.
 *
 * What is not said stays as it is there, so it is read just before; and what CPS then has is read back.
 */
#include "cps_enrollment.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/store.h>

#define READING	 "reading the enrollment (GET /cps/v2/enrollments/ID)"
#define SCHEDULE "reading the deployment schedule (GET …/deployment-schedule)"
#define SETTING	 "setting the deployment schedule (PUT …/deployment-schedule)"
#define TIME	 "[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z?)?"

/* clang-format off */
const struct field cps_schedule_questions[] = {
	{ CPS_NOT_BEFORE, FIELD_TEXT, "Not before", false, NULL, NULL,
	  "when the change goes to Production at the earliest, in UTC, as in 2030-01-31T03:30", NULL, TIME },
	{ CPS_NOT_AFTER,  FIELD_TEXT, "Not after",  false, NULL, NULL,
	  "when it goes there at the latest, in UTC, as in 2030-01-31T03:30", NULL, TIME },
	{ NULL }
};
/* clang-format on */

enum { BEFORE, AFTER, LIMITS };

static const char *const keys[LIMITS] = { CPS_NOT_BEFORE, CPS_NOT_AFTER };
static const char *const members[LIMITS] = { "notBefore", "notAfter" };

struct scheduling {
	char *change;			/* its number; NULL: not known yet */
	int64_t limit[LIMITS];		/* 0: none */
};

static step_fn found_change, read_schedule, put, read_back;

static void scheduling_free(void *p)
{
	struct scheduling *s = p;

	g_free(s->change);
	g_free(s);
}

static struct scheduling *mine(struct op *op)
{
	return cps_call_mine(op, sizeof(struct scheduling), scheduling_free);
}

static char *path_of(struct op *op)
{
	g_autofree char *more = g_strdup_printf("/changes/%s/deployment-schedule", mine(op)->change);

	return cps_enrollment_path(op, more);
}

/* ---- what is wanted ---- */

static bool is_said(const struct args *a, int i)
{
	return *args_text(a, keys[i], "") != '\0';
}

/* A limit that is said; 0: none from now on. */
static bool read_said(const struct args *a, int i, int64_t *ret, GError **error)
{
	const char *text = args_text(a, keys[i], "");
	g_autofree char *whole = strlen(text) == strlen("2030-01-31T03:30") ?
		g_strconcat(text, ":00Z", NULL) : g_strdup(text);

	*ret = 0;
	if (!strcmp(text, VERB_NONE_WORD) || clock_read_date(whole, ret))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s: %s is no time, as in 2030-01-31T03:30", keys[i], text);
	return false;
}

/* `limit` as it is there, and what it is to be. */
static bool merge(const struct op *op, int64_t limit[LIMITS], GError **error)
{
	for (int i = 0; i < LIMITS; i++)
		if (is_said(op->args, i) && !read_said(op->args, i, &limit[i], error))
			return false;
	if (is_said(op->args, AFTER) && limit[AFTER] && limit[AFTER] <= op->now)
		g_set_error(error, ERR, ERR_USAGE, "not-after is over already");
	else if (limit[BEFORE] && limit[AFTER] && limit[AFTER] <= limit[BEFORE])
		g_set_error(error, ERR, ERR_USAGE, "not-after is not after not-before");
	else
		return true;
	return false;
}

static bool check(const struct op *op, GError **error)
{
	int64_t limit[LIMITS] = { 0 };

	if (is_said(op->args, BEFORE) || is_said(op->args, AFTER))
		return merge(op, limit, error);
	g_set_error(error, ERR, ERR_USAGE, "say not-before, not-after or both; " VERB_NONE_WORD
		    " takes one away");
	return false;
}

static void put_time(struct json_writer *w, const char *key, int64_t when)
{
	g_autoptr(GString) iso = g_string_new(NULL);

	if (when)
		clock_say_iso(iso, when);
	json_put_str(w, key, when ? iso->str : NULL);
}

static char *body_of(const int64_t limit[LIMITS])
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	for (int i = 0; i < LIMITS; i++)
		put_time(&w, members[i], limit[i]);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *words_of(const int64_t limit[LIMITS])
{
	static const char *const words[LIMITS] = { "not before ", "not after " };
	g_autoptr(GString) said = g_string_new(NULL);

	for (int i = 0; i < LIMITS; i++) {
		if (!limit[i])
			continue;
		g_string_append_printf(said, "%s%s", said->len ? ", " : "", words[i]);
		clock_say_iso(said, limit[i]);
	}
	return g_strdup(said->len ? said->str : "as soon as it can");
}

/* ---- asking ---- */

struct next cps_schedule_edit(struct op *op, const struct reply *none)
{
	g_autofree char *path = cps_enrollment_path(op, NULL);
	GError *error = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	return next_send(cps_call_get(op, "enrollment.v11", path), found_change);
}

static struct next none_under_way(struct op *op)
{
	cps_enrollment_touch(op);
	return next_fail(op, ERR_NOT_FOUND, "%s (enrollment id %s): no change is under way any more, so there "
			 "is nothing to schedule; nothing was set", op->object->name, object_key(op->object));
}

static struct next found_change(struct op *op, const struct reply *r)
{
	struct scheduling *s = mine(op);
	g_autofree char *path = NULL;
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	if (cps_call_is_gone(r))
		return none_under_way(op);
	j = cps_call_json(op, r, READING, &error);
	if (!j)
		return next_fail_error(op, error);
	s->change = cps_id_of_location(json_str(cps_enrollment_pending(j), "location"));
	if (!*s->change)
		return none_under_way(op);
	path = path_of(op);
	return next_send(cps_call_get(op, "deployment-schedule.v1", path), read_schedule);
}

static bool take(struct op *op, const struct reply *r, const char *what, GError **error)
{
	struct scheduling *s = mine(op);
	g_autoptr(json) j = cps_call_json(op, r, what, error);

	for (int i = 0; j && i < LIMITS; i++)
		s->limit[i] = cps_time(j, members[i]);
	return j != NULL;
}

static struct next read_schedule(struct op *op, const struct reply *r)
{
	struct scheduling *s = mine(op);
	g_autofree char *path = path_of(op), *body = NULL;
	GError *error = NULL;

	if (cps_call_is_gone(r))
		return none_under_way(op);
	if (!take(op, r, SCHEDULE, &error) || !merge(op, s->limit, &error))
		return next_fail_error(op, error);
	body = body_of(s->limit);
	return next_send(cps_call_send(op, "PUT", "change-id.v1", path, "deployment-schedule.v1", body), put);
}

static struct next put(struct op *op, const struct reply *r)
{
	g_autofree char *path = path_of(op);
	GError *error = NULL;

	if (cps_call_is_gone(r))
		return none_under_way(op);
	if (akamai_ask_is_good(r, SETTING, op->now, &error))
		return next_send(cps_call_get(op, "deployment-schedule.v1", path), read_back);
	if (akamai_ask_is_lost(r))
		g_prefix_error(&error, "whether the schedule of %s is set is not known; refresh tells: ",
			       op->object->name);
	return next_fail_error(op, error);
}

static struct next read_back(struct op *op, const struct reply *r)
{
	struct scheduling *s = mine(op);
	struct object *o = object_dup(op->object);
	int64_t wanted[LIMITS] = { s->limit[BEFORE], s->limit[AFTER] };
	g_autofree char *words = NULL;
	GError *error = NULL;
	bool is_read = take(op, r, SCHEDULE, &error);

	if (!is_read)
		op_trouble(op, "CPS took the schedule, and does not tell it back: %s", error->message);
	g_clear_error(&error);
	cps_enrollment_set_schedule(o, s->limit[BEFORE], s->limit[AFTER]);
	op_put_object(op, o);
	op_touch(op, op->store->id);
	words = words_of(s->limit);
	if (is_read && memcmp(wanted, s->limit, sizeof(wanted)) != 0)
		return next_fail(op, ERR_REPLY, "%s: CPS took the schedule, and now has another one: change id "
				 "%s goes to Production %s", op->object->name, s->change, words);
	op_say(op, "%s: change id %s of enrollment id %s goes to Production %s", op->object->name, s->change,
	       object_key(op->object), words);
	return next_done();
}

bool cps_schedule_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *one = cps_enrollment_path(op, NULL);
	g_autofree char *path = cps_enrollment_path(op, "/changes/ID/deployment-schedule"), *body = NULL;
	g_autoptr(args) known = args_new();
	int64_t limit[LIMITS] = { 0 };

	object_read_answers(op->object, known);
	for (int i = 0; i < LIMITS; i++)
		if (is_said(known, i) && !read_said(known, i, &limit[i], error))
			return false;
	if (!check(op, error) || !merge(op, limit, error))
		return false;
	body = body_of(limit);
	cps_planned_call(op, p, PLAN_ASKS, "GET", one, "which change is under way");
	cps_planned_call(op, p, PLAN_ASKS, "GET", path, "the schedule as it is");
	cps_planned_call(op, p, PLAN_CHANGES, "PUT", path, op->object->name);
	cps_planned_call(op, p, PLAN_ASKS, "GET", path, "the schedule as it is then");
	if (strcmp(op->object->state, CPS_LIVE) != 0)
		plan_warn(p, "nothing of it is in Production yet, and what goes there first goes as soon as it "
			  "can, whatever the schedule says");
	plan_not(p, "nothing is deployed by this, and nothing that waits for a yes gets one");
	plan_remark(p, "ID is the number of the change that is under way");
	cps_planned_run(op, p, "PUT", path, "change-id.v1", "deployment-schedule.v1", body);
	return true;
}
