/*
 * keyfactor_planned: what the verbs would do in Command, call by call, and the same for curl.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#include <certty/base/file.h>

void keyfactor_planned_call(const struct op *op, struct plan *p, unsigned how, const char *operation,
			    const char *what)
{
	plan_call(p, how, operation, op->store ? op->store->address : "Command", what);
}

/* curl's sign-in comes from a file that it reads: no secret is an argument. */
static void begin_run(struct plan *p)
{
	plan_run(p, "curl --fail-with-body");
	plan_variable(p, "--config ", "CURL_CONFIG", "a configuration of curl with user and password, or "
		      "with a header that has a token");
	plan_option(p, "--header", "x-keyfactor-requested-with: APIClient");
	plan_option(p, "--header", "x-keyfactor-api-version: 1");
}

static void end_run(const struct op *op, struct plan *p, const char *method, const char *path)
{
	g_autofree char *url = g_strconcat(op->store->address, path, NULL);

	plan_option(p, "--request", strcmp(method, "POST") ? method : NULL);
	plan_word(p, url);
}

void keyfactor_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
			   const char *body)
{
	begin_run(p);
	plan_option(p, "--json", body);
	end_run(op, p, method, path);
}

void keyfactor_planned_run_file(const struct op *op, struct plan *p, const char *method, const char *path,
				const char *variable, const char *meaning)
{
	begin_run(p);
	if (g_str_has_prefix(path, "/Enrollment/"))
		plan_option(p, "--header", g_str_has_suffix(path, "PFX") ? "x-certificateformat: PFX" :
									    "x-certificateformat: PEM");
	plan_variable(p, "--json @", variable, meaning);
	end_run(op, p, method, path);
}

static struct keyfactor_kept *kept_of(const struct op *op, GError **error)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(op->request->kept);

	if (op->store && *k->sort)
		return g_steal_pointer(&k);
	g_set_error(error, ERR, ERR_PENDING, "%s has no number in Command yet: sync it first",
		    op->request->title);
	return NULL;
}

static bool plan_answer(struct op *op, struct plan *p, bool is_yes, GError **error)
{
	g_autoptr(keyfactor_kept) k = kept_of(op, error);
	g_autofree char *path = NULL, *where = NULL, *answer = NULL, *get = NULL, *post = NULL;

	if (!k)
		return false;
	where = keyfactor_row_path(k);
	path = keyfactor_answer_path(k, is_yes);
	answer = keyfactor_answer_body(k, is_yes, args_text(op->args, "reason", NULL));
	get = g_strconcat("GET ", where, NULL);
	post = g_strconcat("POST ", path, NULL);
	keyfactor_planned_call(op, p, PLAN_ASKS, get, "whether it is what was looked at");
	keyfactor_planned_call(op, p, PLAN_CHANGES, post, op->request->title);
	if (is_yes && !strcmp(k->sort, KEYFACTOR_REQUEST)) {
		keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Certificates", "the certificate of the request");
		keyfactor_planned_call(op, p, PLAN_MAYBE, "POST /Certificates/Download",
				       "as soon as it is issued");
	} else if (!strcmp(k->sort, KEYFACTOR_WORKFLOW)) {
		keyfactor_planned_call(op, p, PLAN_ASKS, get, "what came of it");
	}
	if (is_yes)
		plan_not(p, "nothing is approved that is not, byte by byte, what was looked at");
	plan_not(p, "nothing is deployed");
	keyfactor_planned_run(op, p, "POST", path, answer);
	return true;
}

bool keyfactor_planned_approve(struct op *op, struct plan *p, GError **error)
{
	return plan_answer(op, p, true, error);
}

bool keyfactor_planned_deny(struct op *op, struct plan *p, GError **error)
{
	return plan_answer(op, p, false, error);
}

bool keyfactor_planned_restart(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = keyfactor_restart_path(op, error);
	g_autofree char *where = path ? g_path_get_dirname(path) : NULL;
	g_autofree char *get = g_strconcat("GET ", where, NULL), *post = g_strconcat("POST ", path, NULL);

	if (!path)
		return false;
	keyfactor_planned_call(op, p, PLAN_ASKS, get, "whether it did not go on meanwhile");
	keyfactor_planned_call(op, p, PLAN_CHANGES, post, op->request->title);
	keyfactor_planned_call(op, p, PLAN_ASKS, get, "what came of it");
	plan_warn(p, "its steps begin anew, also those that others have approved");
	keyfactor_planned_run(op, p, "POST", path, "");
	return true;
}

/* ---- orders ---- */

/* As the last refresh found it. */
static void say_rights(const struct op *op, struct plan *p, const char *template, guint way)
{
	g_autoptr(GPtrArray) all = keyfactor_memo_rights(op->memo);
	const struct keyfactor_right *r = *template ? keyfactor_rights_template(all, template) : NULL;
	g_autofree char *may = r ? keyfactor_right_say(r) : NULL, *cas = r ? g_strjoinv(", ", r->cas) : NULL;

	if (r && (r->may & way))
		plan_differ(p, "with the template %s this user may %s, at %s", r->name, may, cas);
	else if (r)
		plan_warn(p, "when the store was read, %s was not offered to this user for that: %s", r->name,
			  *r->why ? r->why : may);
	else
		plan_warn(p, "whether this user may enrol with it is known once Command was asked");
}

static void plan_enrolment(struct op *op, struct plan *p, bool is_pfx)
{
	const char *template = args_text(op->args, "template", "");
	const char *path = is_pfx ? "/Enrollment/PFX" : "/Enrollment/CSR";
	g_autofree char *context = g_strconcat("GET ", path, "/Context/My", NULL);
	g_autofree char *post = g_strconcat("POST ", path, NULL);

	keyfactor_planned_call(op, p, PLAN_ASKS, context, "which templates this user may enrol with");
	keyfactor_planned_call(op, p, PLAN_CHANGES, post,
			       *template ? template : "with the only template that this user may use");
	say_rights(op, p, template, is_pfx ? KEYFACTOR_MAY_PFX : KEYFACTOR_MAY_CSR);
	plan_not(p, "an order whose answer is lost is not sent again: sync finds out what became of it");
	plan_remark(p, "ENROLMENT_FILE: the JSON of %s, with %s, Template and Timestamp", post,
		    is_pfx ? "Subject, Password" : "CSR");
	keyfactor_planned_run_file(op, p, "POST", path, "ENROLMENT_FILE", "a file with the order as JSON");
}

bool keyfactor_planned_order(struct op *op, struct plan *p, GError **error)
{
	const char *csr = args_text(op->args, "csr", "");
	bool is_pfx = !strcmp(args_text(op->args, "key", "own"), "command");

	if (!keyfactor_order_check(op, true, error))
		return false;
	if (is_pfx) {
		plan_differ(p, "Command makes a key and gives it out once: it is kept encrypted with the "
			    "passphrase; of an order that waits, export takes it out later");
	} else {
		plan_call(p, PLAN_ASKS, "read", csr, "the request");
		plan_not(p, "%s stays as it is, and its key is not sent", csr);
	}
	plan_not(p, "nothing is deployed");
	plan_enrolment(op, p, is_pfx);
	return true;
}

bool keyfactor_planned_enrol(struct op *op, struct plan *p, GError **error)
{
	if (strcmp(op->store->type, KEYFACTOR_STORE)) {
		g_set_error(error, ERR, ERR_REFUSED, "%s issues no certificates for requests",
			    op->store->title);
		return false;
	}
	plan_not(p, "the private key is not sent");
	plan_enrolment(op, p, false);
	return true;
}

bool keyfactor_planned_revoke(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *body = keyfactor_revoke_body(op, error);

	if (!body)
		return false;
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /Certificates/Revoke", op->cert.alias);
	plan_warn(p, "it cannot be undone");
	plan_warn(p, "a workflow of Command may want somebody's approval first");
	plan_not(p, "nothing takes its place where it is in use, and it is not taken out of the stores where "
		 "Command has found it");
	keyfactor_planned_run(op, p, "POST", "/Certificates/Revoke", body);
	return true;
}

/* ---- export, and handing on ---- */

static bool take_out(struct op *op, struct plan *p, bool with_key, GError **error)
{
	int64_t id = 0;

	if (!keyfactor_export_check(op, with_key, &id, error))
		return false;
	if (with_key)
		keyfactor_planned_call(op, p, PLAN_ASKS, "POST /Certificates/Recover",
				       "it, its issuers and its key, under a password that is made for this "
				       "one call");
	else
		keyfactor_planned_call(op, p, PLAN_ASKS, "POST /Certificates/Download", "it and its issuers");
	return true;
}

bool keyfactor_planned_export(struct op *op, struct plan *p, GError **error)
{
	bool with_key = args_bool(op->args, "with-key");
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));

	if (!bundle_file_form(op->args, error) || !take_out(op, p, with_key, error))
		return false;
	plan_call(p, PLAN_CHANGES, "write", to, with_key ? "with its key, encrypted, mode 0600" :
							   "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is taken away in Command, and nothing is deployed");
	return true;
}

bool keyfactor_planned_hand(struct op *op, struct plan *p, GError **error)
{
	if (!take_out(op, p, true, error))
		return false;
	plan_not(p, "it stays in Command, with its key");
	return true;
}
