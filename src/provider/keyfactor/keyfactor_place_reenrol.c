/*
 * keyfactor_place_reenrol: an agent makes a key in its store, and Command gets a certificate for it.
 *
 * Command tells no number of the job.  So what is newest in the job history and among its certificates is
 * asked for just before, and written down: a run after that one is meant, and a certificate after that
 * one, of the subject, is what came of it.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_places.h"

#include <string.h>

#define COUNTING "asking for the newest certificate (GET /Certificates)"
#define HISTORY	 "reading the job history (GET /OrchestratorJobs/JobHistory)"
#define ASKING	 "asking for the reenrollment (POST /CertificateStores/Reenrollment)"

/* clang-format off */
const struct field keyfactor_reenrol_questions[] = {
	{ "parameters", FIELD_TEXT, "Entry parameters", false, NULL, NULL,
	  "what the store's type wants to be told of each entry, as in ProviderName=x, SAN=y; its details say "
	  "which there are", .parts = "store-type" },
	{ "parameter-secrets", FIELD_SECRET, "Secret parameters", false, NULL, NULL,
	  "NAME=VALUE of an entry parameter that is a secret, or a JSON object of several", .takes_lines = true,
	  .parts = "store-type" },
	{ "template",   FIELD_TEXT, "Template",         false, NULL, NULL,
	  "short name of the template; Command's own choice when nothing is said" },
	{ "ca",         FIELD_TEXT, "CA",               false, NULL, NULL,
	  "as in ca01.example.com\\IssuingCA; Command's own choice when nothing is said" },
	{ NULL }
};
/* clang-format on */

struct reenrolling {
	struct keyfactor_place *p;
	char *fields;		/* JSON */
	struct request *row;
	int64_t newest;		/* certificate */
};

static step_fn counted, history_heard, send, asked;

static void reenrolling_done(void *reenrolling)
{
	struct reenrolling *m = reenrolling;

	keyfactor_place_free(m->p);
	g_free(m->fields);
	request_unref(m->row);
	g_free(m);
}

static struct reenrolling *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

/* ---- whether it can be asked for ---- */

static bool check_name(const struct op *op, const struct keyfactor_place *p, GError **error)
{
	const char *name = args_text(op->args, "name", "");
	const struct keyfactor_entry *there = *name ? keyfactor_place_find(p, name) : NULL;

	if (p->has_type && p->alias == KEYFACTOR_NEVER && *name)
		g_set_error(error, ERR, ERR_USAGE, "%s: a store of the type %s takes no alias of one's own",
			    op->store->title, p->type);
	else if (p->has_type && p->alias == KEYFACTOR_MUST && !*name)
		g_set_error(error, ERR, ERR_USAGE, "%s: a store of the type %s wants an alias",
			    op->store->title, p->type);
	else if (there && !args_bool(op->args, "replace"))
		g_set_error(error, ERR, ERR_EXISTS, "%s: %s is there already, and is replaced only when that "
			    "is asked for", op->store->title, name);
	else
		return true;
	return false;
}

/* The entry parameters as JSON, new; NULL: why it cannot be asked for. */
static char *check(const struct op *op, const struct keyfactor_place *p, GError **error)
{
	const char *name = args_text(op->args, "name", "");

	if (!op->memo)
		g_set_error(error, ERR, ERR_PENDING, "%s was not read yet, so that what it takes is not known: "
			    "refresh it first", op->store->title);
	else if (p->has_type && !p->enrols)
		g_set_error(error, ERR, ERR_REFUSED, "%s: agents make no keys in stores of the type %s",
			    op->store->title, p->type);
	else if (!*p->agent_id)
		g_set_error(error, ERR, ERR_REFUSED, "%s: no agent looks after this store", op->store->title);
	else if (!strchr(args_text(op->args, "subject", ""), '='))
		g_set_error(error, ERR, ERR_USAGE, "Subject: as in CN=www.example.org");
	else if (check_name(op, p, error))
		return keyfactor_place_fields(p, op->args, keyfactor_place_find(p, name), KEYFACTOR_REENROL,
					      error);
	return NULL;
}

/* ---- what is newest ---- */

struct request_out *keyfactor_place_history(struct op *op, const struct keyfactor_place *p)
{
	g_autofree char *query = g_strdup_printf("TargetPath -eq \"%s\"", p->path);

	if (strchr(p->path, '"'))
		return NULL;
	return keyfactor_call_get(op, "/OrchestratorJobs/JobHistory", "pq.queryString", query, "pq.sortField",
				  "OperationStart", "pq.sortAscending", "1", "pq.returnLimit", "200", NULL);
}

struct next keyfactor_reenrol(struct op *op, const struct reply *none)
{
	g_autoptr(keyfactor_place) p = keyfactor_place_read(op->memo);
	GError *error = NULL;
	g_autofree char *fields = check(op, p, &error);
	struct reenrolling *m;

	(void)none;
	if (!fields)
		return next_fail_error(op, error);
	m = keyfactor_call_mine(op, sizeof(*m), reenrolling_done);
	m->p = g_steal_pointer(&p);
	m->fields = g_steal_pointer(&fields);
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.returnLimit", "1", "pq.sortField",
					    "CertId", "pq.sortAscending", "1", "pq.includeRevoked", "true",
					    "pq.includeExpired", "true", NULL), counted);
}

static struct next counted(struct op *op, const struct reply *r)
{
	struct reenrolling *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', COUNTING, &error);
	struct request_out *ask;

	if (!j)
		return next_fail_error(op, error);
	keyfactor_int(json_at(j, 0), "Id", &m->newest);
	ask = keyfactor_place_history(op, m->p);
	return ask ? next_send(ask, history_heard) : history_heard(op, NULL);
}

static struct request *new_row(const struct op *op, int64_t run)
{
	const struct reenrolling *m = mine(op);
	const char *subject = args_text(op->args, "subject", "");
	g_autofree char *title = keyfactor_cert_common_name(subject);
	struct request *r = keyfactor_job_new(op, KEYFACTOR_REENROLMENT, title, args_text(op->args, "name", ""),
					      "");
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);

	keyfactor_kept_add(k, "Subject", subject);
	keyfactor_kept_add(k, "Template", args_text(op->args, "template", ""));
	keyfactor_kept_add(k, "CA", args_text(op->args, "ca", ""));
	keyfactor_kept_add(k, "Entry parameters", args_text(op->args, "parameters", ""));
	k->id = m->newest;
	k->run = run;
	keyfactor_row_set_kept(r, k);
	return r;
}

/* Who may not read the history is told by the next inventory alone. */
static struct next history_heard(struct op *op, const struct reply *r)
{
	struct reenrolling *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = r ? keyfactor_call_json(op, r, '[', HISTORY, &error) : NULL;
	const struct json *run = j ? keyfactor_history_reenrolment(m->p, j) : NULL;

	if (error && !keyfactor_call_is_denied(r))
		return next_fail_error(op, error);
	g_clear_error(&error);
	m->row = new_row(op, run ? keyfactor_history_number(run) : 0);
	op_put_request(op, request_ref(m->row));
	return next_keep(send);
}

/* ---- asking ---- */

/* `secrets`: those among the entry parameters; NULL: without them. */
static void put(GString *out, const struct op *op, const struct reenrolling *m, const struct args *secrets)
{
	static const char *const answers[][2] = {
		{ "Alias", "name" }, { "CertificateAuthority", "ca" }, { "CertificateTemplate", "template" } };
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "KeystoreId", keyfactor_place_guid(op->store));
	json_put_str(&w, "SubjectName", args_text(op->args, "subject", ""));
	json_put_str(&w, "AgentGuid", m->p->agent_id);
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
		if (*args_text(op->args, answers[i][1], ""))
			json_put_str(&w, answers[i][0], args_text(op->args, answers[i][1], ""));
	if (args_bool(op->args, "replace"))
		json_put_bool(&w, "Overwrite", true);
	if (!keyfactor_place_put_fields(&w, "JobProperties", m->fields, secrets)) {
		json_open(&w, "JobProperties", '{');
		json_close(&w, '}');
	}
	json_close(&w, '}');
}

static struct next send(struct op *op, const struct reply *none)
{
	const struct reenrolling *m = mine(op);
	g_autoptr(GString) plain = g_string_new(NULL);
	struct request_out *r;
	GString *body;

	(void)none;
	put(plain, op, m, NULL);
	body = g_string_sized_new(plain->len + keyfactor_place_room(op->args));	/* it must not grow */
	put(body, op, m, op->args);
	r = keyfactor_call_post(op, "/CertificateStores/Reenrollment", body->str);
	keyfactor_body_free(body);
	return next_send(r, asked);
}

static struct next asked(struct op *op, const struct reply *reply)
{
	const struct reenrolling *m = mine(op);
	struct request *r = request_dup(m->row);
	GError *error;

	op_touch(op, op->store->id);
	if (!reply->error && (reply->status == 200 || reply->status == 204)) {
		store_set(&r->theirs, "Waits for the agent");
		op_put_request(op, r);
		op_say(op, "%s waits for the agent%s%s, which makes a key for it in %s", r->title,
		       *m->p->agent ? " " : "", m->p->agent, op->store->title);
		return next_done();
	}
	error = keyfactor_error(op, reply, ASKING);
	if (keyfactor_answer_is_lost(reply)) {
		store_set(&r->theirs, "Not answered");
		store_set(&r->reason, error->message);
		g_prefix_error(&error, "whether it is on its way is not known; sync and inventories tell: ");
	} else {
		keyfactor_row_end(r, REQUEST_FAILED, "Refused", error->message, op->now);
	}
	op_put_request(op, r);
	return next_fail_error(op, error);
}

/* ---- what came of it ---- */

const struct keyfactor_entry *keyfactor_reenrol_find(const struct keyfactor_place *p, const struct request *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);
	g_autofree char *alias = keyfactor_job_alias(r);

	for (guint i = 0; i < p->entries->len; i++) {
		const struct keyfactor_entry *e = p->entries->pdata[i];
		g_autofree char *name = e->cert ? keyfactor_cert_common_name(e->cert->subject) : g_strdup("");

		if (e->id > k->id && !strcmp(e->alias, e->name) && !g_ascii_strcasecmp(name, r->title) &&
		    (!*alias || !g_ascii_strcasecmp(e->alias, alias)))
			return e;
	}
	return NULL;
}

bool keyfactor_planned_reenrol(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_place) place = keyfactor_place_read(op->memo);
	const char *name = args_text(op->args, "name", "");
	g_autofree char *fields = check(op, place, error);

	if (!fields)
		return false;
	plan_call(p, PLAN_ASKS, "GET /Certificates", op->store->address, "which certificate is the newest");
	plan_call(p, PLAN_ASKS, "GET /OrchestratorJobs/JobHistory", op->store->address,
		  "which reenrollment there is the newest");
	plan_call(p, PLAN_CHANGES, "POST /CertificateStores/Reenrollment", op->store->address,
		  args_text(op->args, "subject", ""));
	if (*name && keyfactor_place_find(place, name))
		plan_differ(p, "%s is there already, and is replaced", name);
	if (strcmp(fields, "{}"))
		plan_differ(p, "entry parameters: %s", fields);
	plan_warn(p, "a certificate is issued, which a CA may charge for");
	plan_warn(p, "the agent%s%s does it when it comes for its jobs, and may fail: what came of it is in "
		  "the request", *place->agent ? " " : "", place->agent);
	plan_not(p, "the key never leaves the machine, and nothing is deployed");
	plan_not(p, "no inventory is asked for, and only the next one shows it");
	return true;
}
