/*
 * Who am I: the organizations that the administrator sees, what it may do there, and how long the password
 * lasts: once it has expired, nothing works until somebody changes it.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define SOON (14 * CLOCK_DAY)

static step_fn read_organizations, read_password;

struct next sectigo_test(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(sectigo_get(op->access->with, "/organization/v1"), read_organizations);
}

static bool is_by_password(const struct op *op)
{
	return !strcmp(args_text(op->access->with, "sign-in", "password"), "password");
}

static void tell_who(struct op *op)
{
	const struct args *with = op->access->with;

	if (!strcmp(args_text(with, "sign-in", ""), "api-key"))
		op_who(op, "API key %s", args_text(with, "client-id", ""));
	else
		op_who(op, "%s of %s", args_text(with, "login", ""),
		       args_text(with, "customer-uri", ""));
}

static struct next finish(struct op *op, const struct reply *none)
{
	const struct sectigo *s = sectigo_of(op);
	const char *password = s->password ? s->password : "";

	(void)none;
	if (s->organizations)
		op_say(op, "signed in as %s; %u organization%s and %u department%s visible%s%s", op->who,
		       s->organizations, s->organizations == 1 ? "" : "s", s->departments,
		       s->departments == 1 ? "" : "s", password, s->may);
	else
		op_say(op, "signed in as %s, but no organization is visible%s; the administrator needs a "
		       "role in one", op->who, password);
	return next_done();
}

/* Who sees nothing may do nothing there. */
static struct next ask_rights(struct op *op)
{
	return sectigo_of(op)->organizations ? sectigo_rights(op, finish) : finish(op, NULL);
}

static struct next read_organizations(struct op *op, const struct reply *r)
{
	struct sectigo *s = sectigo_of(op);
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, "listing organizations", NULL, &error);

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(j); i++) {
		if (!json_str(json_at(j, i), "name"))
			return next_fail(op, ERR_REPLY, "listing organizations: item %zu of the answer has "
					 "no name", i + 1);
		s->organizations++;
		s->departments += (guint)json_count(json_get(json_at(j, i), "departments"));
	}
	tell_who(op);
	if (!is_by_password(op))
		return ask_rights(op);
	return next_send(sectigo_get(op->access->with, "/admin/v1/password"), read_password);
}

static char *say_password(struct op *op, const struct json *j)
{
	const char *state = json_str(j, "state"), *date = json_str(j, "expirationDate");
	g_autoptr(GString) until = g_string_new(NULL);
	int64_t when = 0;

	if (state && !strcmp(state, "NEVER_EXPIRE"))
		return g_strdup("; the password does not expire");
	if (!date || !clock_read_date(date, &when))
		return g_strdup("; when the password expires is not told");
	clock_say_date(until, when);
	if ((state && !strcmp(state, "EXPIRED")) || when <= op->now)
		op_trouble(op, "the password expired on %s; change it in the portal and rotate it here",
			   until->str);
	else if (when - op->now < SOON)
		op_trouble(op, "the password expires on %s, and everything that uses it stops then; "
			   "change it in the portal and rotate it here", until->str);
	return g_strdup_printf("; the password expires on %s", until->str);
}

/* An administrator who may not ask this may still do all the rest. */
static struct next read_password(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = sectigo_refusal_or_json(r, "asking for the password's end", NULL, NULL);

	sectigo_of(op)->password = say_password(op, j);
	return ask_rights(op);
}
