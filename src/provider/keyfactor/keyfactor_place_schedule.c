/*
 * keyfactor_place_schedule: when the agent of a store takes inventory: now, by an interval, daily, once, or
 * never.
 *
 * Command answers nothing; so the store is read once more, and what stands there is said.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/clock.h>

#define SETTING "scheduling its inventory (POST /CertificateStores/Schedule)"
#define READING "reading the certificate store (GET /CertificateStores)"

static step_fn set, read_back;

/* ---- what is sent ---- */

/* A time of day is that of today, as Command has times of day; NULL: none that could be meant. */
static char *time_of(const char *when, const char *at, int64_t now)
{
	g_autoptr(GString) today = g_string_new(NULL);
	bool is_once = !strcmp(when, "once"), has_day = strchr(at, 'T') != NULL;

	clock_say_iso(today, now);
	g_string_truncate(today, 10);
	if (is_once != has_day)
		return NULL;
	return has_day ? g_strconcat(at, ":00Z", NULL) : g_strdup_printf("%sT%s:00Z", today->str, at);
}

static int64_t minutes_of(const struct op *op)
{
	int64_t seconds = 0;

	clock_read_span(args_text(op->args, "every", "1h"), &seconds);
	return seconds % 60 ? 0 : seconds / 60;
}

static void put_time(struct json_writer *w, const char *key, const char *time)
{
	json_open(w, key, '{');
	json_put_str(w, "Time", time);
	json_close(w, '}');
}

/* One without a schedule has them all, and each is null. */
static void put_off(struct json_writer *w)
{
	static const char *const all[] = {
		"Immediate", "Interval", "Daily", "Weekly", "Monthly", "ExactlyOnce" };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		json_put_null(w, all[i]);
}

static void put_schedule(struct json_writer *w, const struct op *op)
{
	const char *when = args_text(op->args, "when", "");
	g_autofree char *time = time_of(when, args_text(op->args, "at", "03:00"), op->now);

	json_open(w, "Schedule", '{');
	if (!strcmp(when, "off"))
		put_off(w);
	else if (!strcmp(when, "now"))
		json_put_bool(w, "Immediate", true);
	else if (!strcmp(when, "interval")) {
		json_open(w, "Interval", '{');
		json_put_int(w, "Minutes", minutes_of(op));
		json_close(w, '}');
	} else {
		put_time(w, !strcmp(when, "daily") ? "Daily" : "ExactlyOnce", time);
	}
	json_close(w, '}');
}

static char *body_of(const struct op *op)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_open(&w, "StoreIds", '[');
	json_put_str(&w, NULL, keyfactor_place_guid(op->store));
	json_close(&w, ']');
	put_schedule(&w, op);
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

static bool check(const struct op *op, GError **error)
{
	const char *when = args_text(op->args, "when", "");
	bool is_timed = !strcmp(when, "daily") || !strcmp(when, "once");
	g_autofree char *time = time_of(when, args_text(op->args, "at", "03:00"), op->now);
	int64_t at = 0;

	if (!strcmp(when, "interval") && minutes_of(op) < 1)
		g_set_error(error, ERR, ERR_USAGE, "Every: Command counts in whole minutes, one at the least");
	else if (is_timed && !time)
		g_set_error(error, ERR, ERR_USAGE, "At: %s", !strcmp(when, "once") ?
			    "what is done once has its day, as in 2030-01-31T03:30" :
			    "what is done every day has no day of its own");
	else if (!strcmp(when, "once") && (!clock_read_date(time, &at) || at <= op->now))
		g_set_error(error, ERR, ERR_USAGE, "At: %s is over, or no time at all", time);
	else
		return true;
	return false;
}

/* ---- asking ---- */

struct next keyfactor_schedule(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	GError *error = NULL;
	g_autofree char *body = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	k->at = g_strdup(args_get(op->access->with, "at"));
	body = body_of(op);
	return next_send(keyfactor_call_post(op, "/CertificateStores/Schedule", body), set);
}

static struct next set(struct op *op, const struct reply *r)
{
	g_autofree char *path = g_strconcat("/CertificateStores/", keyfactor_place_guid(op->store), NULL);

	if (r->error || (r->status != 200 && r->status != 204))
		return keyfactor_fail(op, r, SETTING);
	return next_send(keyfactor_call_get(op, path, NULL), read_back);
}

static struct next read_back(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	g_autofree char *now = keyfactor_place_schedule(keyfactor_get(j, "InventorySchedule"));
	bool is_now = !strcmp(args_text(op->args, "when", ""), "now");
	bool is_off = !strcmp(args_text(op->args, "when", ""), "off");

	op_touch(op, op->store->id);
	if (!j) {
		op_trouble(op, "%s", error->message);
		g_error_free(error);
		op_say(op, "%s: Command took the schedule", op->store->title);
	} else if (is_now) {
		op_say(op, "%s: an inventory waits for the agent; refresh shows it once it is taken",
		       op->store->title);
	} else if (is_off != !*now) {
		return next_fail(op, ERR_REPLY, "%s: Command took the schedule, and still has %s",
				 op->store->title, *now ? now : "none");
	} else {
		op_say(op, "%s: inventory %s", op->store->title, *now ? now : "is not scheduled any more");
	}
	return next_done();
}

bool keyfactor_planned_schedule(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_place) place = keyfactor_place_read(op->memo);

	if (!check(op, error))
		return false;
	plan_call(p, PLAN_CHANGES, "POST /CertificateStores/Schedule", op->store->address,
		  args_text(op->args, "when", ""));
	plan_call(p, PLAN_ASKS, "GET /CertificateStores", op->store->address, "what stands there then");
	plan_differ(p, "%s: until now inventory %s", op->store->title,
		    *place->schedule ? place->schedule : "is not scheduled");
	plan_not(p, "nothing in the store is changed");
	return true;
}
