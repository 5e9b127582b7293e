/*
 * sectigo_state_domain: a domain is at Sectigo and may be used by an organization, or is not.
 */
#include "sectigo_domains.h"
#include "sectigo_state.h"

#include <string.h>

#define LISTING "looking for the domain (GET /domain/v1)"
#define READING "reading the domain (GET /domain/v1/ID)"

static step_fn listed, read_one;

static void take(struct op *op, const struct json *j)
{
	struct sectigo_state *s = sectigo_state_of(op);
	struct sectigo_domain *d = sectigo_domain_new(j);

	if (d && !s->number && !strcmp(d->name, s->name))
		s->number = g_strdup(d->number);
	sectigo_domain_free(d);
}

struct next sectigo_state_domain(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	GError *error = NULL;
	g_autofree char *escaped = NULL, *path = NULL;

	(void)none;
	s->name = sectigo_domain_ascii(args_text(op->args, "name", ""), &error);
	if (!s->name || !sectigo_domain_check_types(op, &error))
		return next_fail_error(op, error);
	escaped = g_uri_escape_string(s->name, NULL, false);
	path = g_strconcat("/domain/v1?name=", escaped, NULL);
	return sectigo_call_list(op, path, LISTING, take, listed);
}

/* Somebody may see to a domain that is as it should be, and not be allowed to change it. */
static struct next run(struct op *op)
{
	const struct verb *drop = &verb_table[VERB_OBJECT_DROP];
	bool changes = sectigo_state_of(op)->calls->len;
	g_autofree char *why = changes && op->account ?
		account_why_not(op->account, drop, SECTIGO_DOMAIN, NULL, op->now) : NULL;

	return why ? next_fail(op, ERR_REFUSED, "%s", why) : sectigo_state_run(op, NULL);
}

static struct next add(struct op *op)
{
	struct sectigo_state *s = sectigo_state_of(op);

	if (!s->organization)
		return next_fail(op, ERR_USAGE, "%s is not at Sectigo: say for which organization it shall be "
				 "added", args_text(op->args, "name", ""));
	sectigo_state_call(op, "POST", g_strdup("/domain/v1"),
			   sectigo_domain_body_added(op, s->name, s->organization), NULL, "%s added for %s",
			   args_text(op->args, "name", ""), sectigo_organization_name(op, s->organization));
	return run(op);
}

static struct next listed(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	g_autofree char *path = s->number ? g_strconcat("/domain/v1/", s->number, NULL) : NULL;
	struct next failed;

	(void)none;
	if (sectigo_state_list_failed(op, &failed))
		return failed;
	if (s->number)
		return next_send(sectigo_call(op, "GET", path, NULL), read_one);
	return sectigo_state_is_present(op) ? add(op) : sectigo_state_end(op);
}

/* ---- one that is there ---- */

static const struct json *delegation_of(const struct json *j, const char *organization)
{
	const struct json *all = json_get(j, "delegations");

	for (size_t i = 0; organization && i < json_count(all); i++) {
		g_autofree char *number = sectigo_call_text(json_at(all, i), "orgId", 20);

		if (!strcmp(number, organization))
			return json_at(all, i);
	}
	return NULL;
}

static bool has_type(const struct json *delegation, const char *type)
{
	const struct json *types = json_get(delegation, "certTypes");

	for (size_t i = 0; i < json_count(types); i++)
		if (!g_strcmp0(json_text(json_at(types, i)), type))
			return true;
	return false;
}

static bool has_all_types(const struct op *op, const struct json *delegation)
{
	g_auto(GStrv) types = args_list(op->args, "cert-types");
	bool all = true;

	for (char **type = types; *type; type++)
		all = all && has_type(delegation, *type);
	return all;
}

static void add_facts(struct op *op, const struct json *j)
{
	struct sectigo_domain *d = sectigo_domain_new(j);

	if (!d)
		return;
	sectigo_domain_take_details(op, d, j);
	sectigo_state_fact(op, "state", d->state);
	sectigo_state_fact(op, "validation", d->status);
	sectigo_state_fact(op, "delegated to", d->users);
	sectigo_state_fact(op, "number", d->number);
	sectigo_domain_free(d);
}

/* Both are somebody's decision, which is not taken away from them; one that waits was asked for. */
static void hear_obstacles(struct op *op, const struct json *j, const struct json *delegation)
{
	g_autofree char *state = sectigo_call_word(j, "state"), *how = sectigo_call_word(delegation, "status");

	if (!strcmp(state, "SUSPENDED"))
		op_trouble(op, "%s is suspended at Sectigo: nothing is issued for it until somebody activates "
			   "it", args_text(op->args, "name", ""));
	if (*how && strcmp(how, "ACTIVE"))
		sectigo_state_fact(op, "waits for", "the approval of its delegation by an MRAO");
}

static void want_present(struct op *op, const struct json *j)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const struct json *delegation = delegation_of(j, s->organization);

	if (s->organization && !(delegation && has_all_types(op, delegation)))
		sectigo_state_call(op, "POST", g_strdup_printf("/domain/v1/%s/delegation", s->number),
				   sectigo_domain_body_delegated(op, s->organization,
								 json_get(delegation, "certTypes")),
				   NULL, "%s delegated to %s", args_text(op->args, "name", ""),
				   sectigo_organization_name(op, s->organization));
	hear_obstacles(op, j, delegation);
}

/* One organization's delegation is taken back as long as others have one. */
static void want_absent(struct op *op, const struct json *j)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const struct json *delegation = delegation_of(j, s->organization);
	bool has_others = json_count(json_get(j, "delegations")) > (delegation ? 1 : 0);
	const char *name = args_text(op->args, "name", "");

	if (s->organization && !delegation)
		return;
	if (s->organization && has_others)
		sectigo_state_call(op, "DELETE", g_strdup_printf("/domain/v1/%s/delegation", s->number),
				   sectigo_domain_body_taken(s->organization,
							     json_get(delegation, "certTypes")),
				   NULL, "%s taken back from %s", name,
				   sectigo_organization_name(op, s->organization));
	else
		sectigo_state_call(op, "DELETE", g_strdup_printf("/domain/v1/%s", s->number), NULL, NULL,
				   "%s deleted", name);
}

static struct next read_one(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, READING, NULL, &error);

	if (!j)
		return sectigo_state_fail(op, error);
	add_facts(op, j);
	(sectigo_state_is_present(op) ? want_present : want_absent)(op, j);
	return run(op);
}
