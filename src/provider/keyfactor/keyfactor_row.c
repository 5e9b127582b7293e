/*
 * keyfactor_row: what waits in Command, as a row: a request that a manager of its CA must approve, or
 * a workflow that stands at a step of Command's own.
 *
 * A row holds all that is asked for, so that a review needs no answer, and the digest of it: what is
 * approved is what was read.
 */
#include "keyfactor_certs.h"

#include <string.h>

#include <certty/base/text.h>

#define OLD (14 * 24 * 3600)	/* seconds after which waiting is odd */

/* Words of a workflow's status; which number is which is not documented. */
static const struct {
	const char *word;
	enum request_state state;
} ends[] = {
	{ "Complete", REQUEST_GONE },
	{ "Failed", REQUEST_FAILED },
	{ "Rejected", REQUEST_DENIED },
	{ "CanceledForRestart", REQUEST_GONE },
};

/* What of the answer about a request is reviewed. */
static const char *const reviewed[] = {
	"CommonName", "DistinguishedName", "SANs", "Template", "CertificateAuthority", "Requester",
	"SubmissionDate", "KeyLength", "Curve", "CARequestId", "CertStores", "Metadata",
};

char *keyfactor_row_id(const struct store *s, const char *sort, const char *number)
{
	return g_strdup_printf("%s/%s:%s", s->id, sort, number);
}

const struct request *keyfactor_row_find(const struct op *op, const char *id)
{
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

char *keyfactor_row_path(const struct keyfactor_kept *k)
{
	if (*k->instance && !strcmp(k->sort, KEYFACTOR_WORKFLOW))
		return g_strconcat("/Workflow/Instances/", k->instance, NULL);
	return g_strdup_printf("/Workflow/Certificates/%" G_GINT64_FORMAT, k->id);
}

void keyfactor_row_set_kept(struct request *r, const struct keyfactor_kept *k)
{
	g_free(r->kept);
	r->kept = keyfactor_kept_write(k);
}

void keyfactor_row_end(struct request *r, enum request_state state, const char *theirs,
		       const char *reason, int64_t now)
{
	request_end(r, state, theirs, reason, now);
}

/* ---- what is asked for ---- */

static void review_request(struct keyfactor_kept *k, const struct json *j)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reviewed); i++) {
		const struct json *part = keyfactor_get(j, reviewed[i]);
		g_autofree char *text = keyfactor_text(j, reviewed[i], 4096);

		if (*text)
			keyfactor_kept_add(k, reviewed[i], text);
		else
			keyfactor_kept_add_json(k, reviewed[i], part);
	}
}

static void add_member(struct keyfactor_kept *k, const char *label, const struct json *j, const char *key)
{
	g_autofree char *text = keyfactor_text(j, key, 4096);

	keyfactor_kept_add(k, label, text);
}

static void review_workflow(struct keyfactor_kept *k, const struct json *j)
{
	const struct json *definition = keyfactor_get(j, "Definition");

	add_member(k, "Title", j, "Title");
	add_member(k, "Workflow", definition, "DisplayName");
	add_member(k, "Type", definition, "WorkflowType");
	add_member(k, "Version", definition, "Version");
	add_member(k, "Step", j, "CurrentStepDisplayName");
	add_member(k, "Started", j, "StartDate");
	add_member(k, "Reference", j, "ReferenceId");
	keyfactor_kept_add_json(k, "", keyfactor_get(j, "InitialData"));
	keyfactor_kept_add_json(k, "Now", keyfactor_get(j, "CurrentStateData"));
}

/* "RequireApproval1.ApprovalStatus" of a signal that has not come yet; "" when it waits for none. */
static char *signal_of(const struct json *j)
{
	const struct json *signals = keyfactor_get(j, "Signals");
	g_autofree char *step = keyfactor_text(j, "CurrentStepUniqueName", 200);

	for (size_t i = 0; *step && i < json_count(signals); i++) {
		const struct json *s = json_at(signals, i);
		g_autofree char *name = keyfactor_text(s, "SignalName", 200);

		if (*name && !keyfactor_bool(s, "SignalReceived"))
			return g_strconcat(step, ".", name, NULL);
	}
	return g_strdup("");
}

/* ---- names and what is odd ---- */

static char **names_of(const struct json *j)
{
	const struct json *sans = keyfactor_get(j, "SANs");
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < json_members(sans); i++) {
		const struct json *list = json_key_at(sans, i) ? json_get(sans, json_key_at(sans, i)) : NULL;

		for (size_t n = 0; n < MIN(json_count(list), KEYFACTOR_LIST_MAX); n++) {
			g_autofree char *name = text_harmless_dup(json_text(json_at(list, n)), FACTS_TEXT);

			if (name)
				g_strv_builder_add(b, name);
		}
	}
	return g_strv_builder_end(b);
}

static void say(GString *s, const char *sentence)
{
	g_string_append_printf(s, "%s%s", s->len ? "\n" : "", sentence);
}

static char *oddities_of(const struct op *op, const struct request *r, const struct keyfactor_kept *k)
{
	const char *we = op->access ? args_text(op->access->with, "name", "") : "";
	GString *s = g_string_new(NULL);
	bool is_wild = false;

	for (char **name = r->names; *name; name++)
		is_wild = is_wild || g_str_has_prefix(*name, "*.");
	if (is_wild)
		say(s, "it is for any name of a domain (*)");
	if (!strcmp(k->sort, KEYFACTOR_REQUEST) && !*r->names)
		say(s, "it has no alternative names, and browsers look at nothing else");
	if (*we && !g_ascii_strcasecmp(we, r->asked_by))
		say(s, "it was asked for by the same user who would approve it here");
	if (r->since && op->now - r->since > OLD)
		say(s, "it has waited for more than two weeks");
	if (k->is_cut)
		say(s, "it is too long to be shown whole: it can only be approved in Command itself");
	return g_string_free(s, FALSE);
}

/* ---- the row ---- */

static void read_request(struct request *r, struct keyfactor_kept *k, const struct json *j)
{
	int state = keyfactor_enum(j, "State", keyfactor_cert_states, KEYFACTOR_STATES);
	g_autofree char *name = keyfactor_text(j, "CommonName", FACTS_TEXT);
	g_autofree char *dn = keyfactor_text(j, "DistinguishedName", FACTS_TEXT);
	bool is_open;

	store_set(&r->type, "sign");
	g_free(r->theirs);
	r->theirs = keyfactor_text(j, "StateString", 60);
	if (!*r->theirs && state >= 0 && state < KEYFACTOR_STATES)
		store_set(&r->theirs, keyfactor_cert_states[state]);
	g_free(r->asked_by);
	r->asked_by = keyfactor_text(j, "Requester", 200);
	r->since = keyfactor_time(j, "SubmissionDate");
	g_strfreev(r->names);
	r->names = names_of(j);
	store_set(&r->title, *name ? name : *r->names ? *r->names : dn);
	is_open = state == KEYFACTOR_PENDING && !k->is_external;
	r->state = is_open && !k->sent ? REQUEST_WAITS_PERSON : REQUEST_WAITS_CA;
	store_set(&r->can, !is_open ? "sync" : k->sent ? "sync approve deny" :
		  k->is_cut ? "deny sync" : "approve deny sync");
	if (k->is_external)
		store_set(&r->theirs, "External validation");
}

static void read_workflow(struct request *r, struct keyfactor_kept *k, const struct json *j)
{
	g_autofree char *status = keyfactor_text(j, "Status", 60);
	g_autofree char *message = keyfactor_text(j, "StatusMessage", 300);
	g_autofree char *title = keyfactor_text(j, "Title", FACTS_TEXT);

	store_set(&r->type, KEYFACTOR_WORKFLOW);
	store_set(&r->theirs, *message ? message : status);
	r->since = keyfactor_time(j, "StartDate");
	store_set(&r->title, *title ? title : k->instance);
	g_free(k->signal);
	k->signal = signal_of(j);
	r->state = *k->signal ? REQUEST_WAITS_PERSON : REQUEST_WAITS_PROVIDER;
	store_set(&r->can, !*k->signal ? "sync restart" : k->is_cut ? "deny sync" : "approve deny sync");
}

/* What we ordered is known better here than in what Command says of it while it waits. */
static void keep_ours(struct request *r, const struct request *before)
{
	store_set(&r->title, before->title);
	g_strfreev(r->names);
	r->names = g_strdupv(before->names);
	if (!*r->asked_by)
		store_set(&r->asked_by, before->asked_by);
}

static bool read_number(const struct json *j, struct keyfactor_kept *k)
{
	if (!strcmp(k->sort, KEYFACTOR_REQUEST))
		return keyfactor_int(j, "Id", &k->id) && k->id > 0;
	g_free(k->instance);
	k->instance = keyfactor_text(j, "Id", 60);
	return g_uuid_string_is_valid(k->instance);
}

struct request *keyfactor_row_read(const struct op *op, const struct json *j, const char *sort,
				   const struct request *before, GError **error)
{
	g_autoptr(keyfactor_kept) k = before ? keyfactor_kept_read(before->kept) : keyfactor_kept_new(sort);
	bool is_request = !strcmp(sort, KEYFACTOR_REQUEST);
	g_autofree char *number = NULL, *id = NULL;
	struct request *r;

	store_set(&k->sort, sort);
	if (!read_number(j, k)) {
		g_set_error(error, ERR, ERR_REPLY, "Keyfactor Command at %s: what waits has no number",
			    op->store->address);
		return NULL;
	}
	g_ptr_array_set_size(k->review, 0);
	k->is_cut = false;
	(is_request ? review_request : review_workflow)(k, j);
	number = is_request ? g_strdup_printf("%" G_GINT64_FORMAT, k->id) : g_strdup(k->instance);
	id = keyfactor_row_id(op->store, sort, number);
	r = request_new(id);
	store_set(&r->account, op->store->account);
	store_set(&r->provider, "keyfactor");
	store_set(&r->store, op->store->id);
	(is_request ? read_request : read_workflow)(r, k, j);
	if (before && k->sent)
		keep_ours(r, before);
	g_free(r->oddities);
	r->oddities = oddities_of(op, r, k);
	g_free(r->digest);
	r->digest = keyfactor_kept_digest(k);
	keyfactor_row_set_kept(r, k);
	return r;
}

/* ---- the end ---- */

struct request *keyfactor_row_request_ended(const struct op *op, const struct json *j,
					    const struct request *before)
{
	int state = keyfactor_enum(j, "State", keyfactor_cert_states, KEYFACTOR_STATES);
	g_autofree char *comment = keyfactor_text(j, "DenialComment", 1000);
	struct request *r = NULL;

	if (state == KEYFACTOR_DENIED || state == KEYFACTOR_FAILED) {
		r = request_dup(before);
		keyfactor_row_end(r, state == KEYFACTOR_DENIED ? REQUEST_DENIED : REQUEST_FAILED,
				  keyfactor_cert_states[state], comment, op->now);
	} else if (state == KEYFACTOR_ACTIVE || state == KEYFACTOR_REVOKED) {
		r = request_dup(before);
		keyfactor_row_end(r, REQUEST_ISSUED, "Issued", "", op->now);
	}
	return r;
}

bool keyfactor_row_is_enrolment(const struct keyfactor_kept *k)
{
	for (guint i = 0; i + 1 < k->review->len; i += 2)
		if (!strcmp(k->review->pdata[i], "Type") && strstr(k->review->pdata[i + 1], "nroll"))
			return true;
	return false;
}

/* A number alone says nothing, but a workflow that has ended waits for nothing and stands nowhere. */
static struct request *workflow_ended(const struct op *op, const struct json *j, const struct request *before)
{
	g_autofree char *status = keyfactor_text(j, "Status", 60), *step = NULL, *message = NULL;
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(before->kept);
	struct request *r;

	step = keyfactor_text(j, "CurrentStepUniqueName", 200);
	message = keyfactor_text(j, "StatusMessage", 300);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		if (g_ascii_strcasecmp(ends[i].word, status))
			continue;
		r = request_dup(before);
		keyfactor_row_end(r, !i && keyfactor_row_is_enrolment(k) ? REQUEST_ISSUED : ends[i].state,
				  status, message, op->now);
		if (r->state == REQUEST_FAILED)
			store_set(&r->can, "restart dismiss");
		return r;
	}
	if (*step)
		return NULL;
	r = request_dup(before);
	keyfactor_row_end(r, REQUEST_GONE, *message ? message : "Ended", "it waits for nobody any more",
			  op->now);
	return r;
}

struct request *keyfactor_row_ended(const struct op *op, const struct json *j, const struct request *before)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(before->kept);

	return (!strcmp(k->sort, KEYFACTOR_WORKFLOW) ? workflow_ended :
							     keyfactor_row_request_ended)(op, j, before);
}

/* ---- of the operation ---- */

const struct request *keyfactor_row_about(const struct op *op)
{
	const struct keyfactor *k = op->scratch;

	return k->about ? k->about : op->request;
}

void keyfactor_row_put(struct op *op, struct request *r)
{
	if (op->enrol)
		op_stands(op, r->state, r->theirs, r->reason, r->id);
	op_put_request(op, r);
}
