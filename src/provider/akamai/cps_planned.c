/*
 * cps_planned: what an answer, an upload or a cancellation would do, call by call.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/base/file.h>

#define ROOT "/cps/v2"

void cps_planned_call(const struct op *op, struct plan *p, unsigned how, const char *method, const char *path,
		      const char *what)
{
	g_autofree char *operation = g_strdup_printf("%s " ROOT "%s", method, path);

	plan_call(p, how, operation, op->store ? op->store->address : "Akamai", what);
}

/* Akamai's own client signs for itself, with what .edgerc has. */
void cps_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
		     const char *entity, const char *type, const char *body)
{
	g_autofree char *accept = g_strdup_printf("Accept: application/vnd.akamai.cps.%s+json", entity);
	g_autofree char *url = g_strconcat(op->store ? op->store->address : "", ROOT, path, NULL);
	g_autofree char *given =
		type ? g_strdup_printf("Content-Type: application/vnd.akamai.cps.%s+json", type) : NULL;

	plan_run(p, "http --auth-type=edgegrid --auth=default:");
	plan_word(p, method);
	plan_word(p, url);
	plan_word(p, accept);
	if (given)
		plan_word(p, given);
	plan_option(p, "--raw", body);
}

static struct cps_change *change_of(const struct op *op, GError **error)
{
	g_autoptr(cps_change) c = cps_change_kept(op->request->kept);

	if (op->store && *c->enrollment && *c->id)
		return g_steal_pointer(&c);
	g_set_error(error, ERR, ERR_NOT_FOUND, "%s is no change that CPS knows: refresh Production",
		    op->request->title);
	return NULL;
}

static bool plan_answer(struct op *op, struct plan *p, const char *answer, GError **error)
{
	g_autoptr(cps_change) c = change_of(op, error);
	const struct cps_input *i = c ? cps_input_find(c->input) : NULL;
	g_autofree char *state = NULL, *info = NULL, *update = NULL, *more = NULL, *other = NULL, *body = NULL;

	if (!c)
		return false;
	if (!i || !strcmp(i->type, "third-party-certificate")) {
		g_set_error(error, ERR, ERR_REFUSED, "%s waits for no yes and no no", op->request->title);
		return false;
	}
	more = g_strconcat("/input/info/", i->info, NULL);
	other = g_strconcat("/input/update/", i->update, NULL);
	state = cps_change_path(c, NULL);
	info = cps_change_path(c, more);
	update = cps_change_path(c, other);
	body = cps_answer_body(c, answer);
	cps_planned_call(op, p, PLAN_ASKS, "GET", state, "how it stands");
	cps_planned_call(op, p, PLAN_ASKS, "GET", info, "whether it is what was looked at");
	cps_planned_call(op, p, PLAN_CHANGES, "POST", update, answer);
	cps_planned_call(op, p, PLAN_ASKS, "GET", state, "what came of it");
	cps_planned_run(op, p, "POST", update, "change-id.v1", i->given_entity, body);
	return true;
}

bool cps_planned_approve(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(cps_change) c = cps_change_kept(op->request->kept);

	if (!plan_answer(op, p, "acknowledge", error))
		return false;
	if (!strcmp(c->input, "change-management"))
		plan_differ(p, "Production serves the new certificate, some time later");
	plan_not(p, "nothing is acknowledged that is not, word by word, what was looked at");
	return true;
}

bool cps_planned_deny(struct op *op, struct plan *p, GError **error)
{
	if (!plan_answer(op, p, "deny", error))
		return false;
	plan_warn(p, "what a denial leads to Akamai documents nowhere: the change may end with it");
	plan_not(p, "the reason stays here, in the journal: CPS has no place for it");
	return true;
}

bool cps_planned_withdraw(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(cps_change) c = change_of(op, error);
	g_autofree char *path = c ? cps_change_path(c, NULL) : NULL;

	if (!c)
		return false;
	cps_planned_call(op, p, PLAN_CHANGES, "DELETE", path, c->kind);
	cps_planned_call(op, p, PLAN_ASKS, "GET", path, "what came of it");
	if (c->is_first)
		plan_warn(p, "enrollment %s never went live: CPS deletes it with this change", c->enrollment);
	if (c->csrs->len)
		plan_warn(p, "its CSR is lost with its key: a certificate that is issued for it cannot be "
			  "brought in any more");
	plan_not(p, "what is live stays live");
	cps_planned_run(op, p, "DELETE", path, "change-id.v1", NULL, NULL);
	return true;
}

bool cps_planned_supply(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(cps_change) c = change_of(op, error);
	g_autofree char *file = file_absolute(args_text(op->args, "file", "")), *path = NULL, *state = NULL;

	if (!c)
		return false;
	if (!c->csrs->len) {
		g_set_error(error, ERR, ERR_REFUSED, "%s does not wait for a certificate", op->request->title);
		return false;
	}
	state = cps_change_path(c, NULL);
	path = cps_change_path(c, "/input/update/third-party-cert-and-trust-chain");
	plan_call(p, PLAN_ASKS, "read", file, "certificates and their issuers");
	cps_planned_call(op, p, PLAN_ASKS, "GET", state, "whether it still waits for them");
	cps_planned_call(op, p, c->csrs->len > 2 ? PLAN_CHANGES | PLAN_MAYBE : PLAN_CHANGES, "POST", path,
			 c->csrs->len > 2 ? "both, once both are there" : "certificate and issuers");
	plan_not(p, "nothing is sent that is for another key, and no root");
	plan_remark(p, "the body has certificate and trustChain as texts: see the reference of CPS");
	return true;
}
