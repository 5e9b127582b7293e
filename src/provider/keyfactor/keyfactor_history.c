/*
 * keyfactor_history: what agents did, as the job history has it: one row for each run of a job, with
 * enumerations as numbers or names.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/clock.h>

enum status { UNKNOWN, WAITING, RUNNING, COMPLETED, ACKNOWLEDGED, WILL_RETRY, STATUSES };
enum result { RESULT_UNKNOWN, RESULT_1, SUCCESS, WARNING, FAILURE, RESULTS };

static const char *const statuses[STATUSES] = {
	"Unknown", "Waiting", "InProcess", "Completed", "Acknowledged", "CompletedWillRetry",
};
static const char *const results[RESULTS] = {
	[RESULT_UNKNOWN] = "Unknown", [SUCCESS] = "Success", [WARNING] = "Warning", [FAILURE] = "Failure",
};

/* How the types of jobs end, before which a sort of store stands. */
static const char *const sorts[] = { "Inventory", "Management", "Reenrollment", "Discovery" };

static int status_of(const struct json *run)
{
	return keyfactor_enum(run, "Status", statuses, STATUSES);
}

static int result_of(const struct json *run)
{
	return keyfactor_enum(run, "Result", results, RESULTS);
}

bool keyfactor_history_is_over(const struct json *run)
{
	int status = status_of(run);

	return status == COMPLETED || status == ACKNOWLEDGED;
}

bool keyfactor_history_is_good(const struct json *run)
{
	int result = result_of(run);

	return result == SUCCESS || result == WARNING;
}

int64_t keyfactor_history_number(const struct json *run)
{
	int64_t number = 0;

	keyfactor_int(run, "JobHistoryId", &number);
	return number;
}

const struct json *keyfactor_history_newest(const struct json *list)
{
	const struct json *newest = NULL;

	for (size_t i = 0; i < json_count(list); i++)
		if (!newest || keyfactor_history_number(json_at(list, i)) > keyfactor_history_number(newest))
			newest = json_at(list, i);
	return newest;
}

char *keyfactor_history_words(const struct json *run)
{
	g_autofree char *type = keyfactor_text(run, "JobType", 100);
	g_autofree char *message = keyfactor_text(run, "Message", KEYFACTOR_TEXT_MAX);
	g_autoptr(GString) at = g_string_new(NULL);
	int64_t end = keyfactor_time(run, "OperationEnd");
	int status = status_of(run);

	clock_say_iso(at, end ? end : keyfactor_time(run, "OperationStart"));
	return g_strdup_printf("%s %s at %s%s%s", *type ? type : "a job",
			       status == WILL_RETRY ? "failed, and will be tried again," :
			       !keyfactor_history_is_over(run) ? "is under way since" :
			       result_of(run) == FAILURE ? "failed" :
			       result_of(run) == WARNING ? "was done with a warning" : "was done", at->str,
			       *message ? ": " : "", message);
}

bool keyfactor_history_has_failed(const struct json *run)
{
	return result_of(run) == FAILURE;
}

bool keyfactor_history_will_retry(const struct json *run)
{
	return status_of(run) == WILL_RETRY;
}

/* ---- of one store ---- */

static bool is_of(const struct keyfactor_place *p, const struct json *run, const char *sort)
{
	g_autofree char *type = keyfactor_text(run, "JobType", 100);
	g_autofree char *machine = keyfactor_text(run, "ClientMachine", 300);
	g_autofree char *path = keyfactor_text(run, "StorePath", KEYFACTOR_TEXT_MAX);
	g_autofree char *end = g_ascii_strdown(type, -1), *wanted = g_ascii_strdown(sort, -1);

	return g_str_has_suffix(end, wanted) && !g_ascii_strcasecmp(machine, p->machine) &&
	       !strcmp(path, p->path);
}

static const struct json *newest_of(const struct keyfactor_place *p, const struct json *list,
				    const char *sort)
{
	const struct json *newest = NULL;

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *run = json_at(list, i);

		if (is_of(p, run, sort) &&
		    (!newest || keyfactor_history_number(run) > keyfactor_history_number(newest)))
			newest = run;
	}
	return newest;
}

static void take_inventories(struct keyfactor_place *p, const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *run = json_at(list, i);

		if (is_of(p, run, sorts[0]) && keyfactor_history_is_over(run) &&
		    keyfactor_history_is_good(run))
			p->inventoried = MAX(p->inventoried, keyfactor_time(run, "OperationEnd"));
	}
}

const struct json *keyfactor_history_reenrolment(const struct keyfactor_place *p, const struct json *list)
{
	return newest_of(p, list, sorts[2]);
}

void keyfactor_history_take(struct keyfactor_place *p, const struct json *list)
{
	g_autoptr(GString) failures = g_string_new(NULL);

	take_inventories(p, list);
	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
		const struct json *run = newest_of(p, list, sorts[i]);
		g_autofree char *words = run ? keyfactor_history_words(run) : NULL;

		if (run && (result_of(run) == FAILURE || status_of(run) == WILL_RETRY))
			g_string_append_printf(failures, "%s%s", failures->len ? "; " : "", words);
	}
	store_set(&p->failure, failures->str);
}
