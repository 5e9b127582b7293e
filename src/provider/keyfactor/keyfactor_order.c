/*
 * keyfactor_order: a certificate of one of Command's CAs, for a request file of ours or with a key that
 * Command makes.
 *
 * Command says with which templates, and at which CAs, this user may enrol; nothing else is sent.  The
 * order is written down before it is sent, and sent once: an answer that got lost may have been an
 * enrolment, and whether it was is looked for before anybody orders again.
 *
 * A key that Command made comes with the answer, and goes into the own repository under the person's
 * passphrase.  Of an order that waits it comes no more: the certificate is kept, and export takes the key
 * out where Command keeps it.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#include "provider/csr_file.h"

#define CSR_MAX	 65536

/* clang-format off */
#define TEMPLATE \
	{ "template", FIELD_TEXT,    "Template", false, NULL, NULL, \
	  "with which to enrol, by its name; when empty the only one that this user may use, or they are " \
	  "listed; the store's details have all of them" }, \
	{ "ca",       FIELD_TEXT,    "CA",       false, NULL, NULL, \
	  "as in host\\name; when empty Command takes one of the template's" }
#define METADATA \
	{ "metadata", FIELD_LIST,    "Metadata", false, NULL, NULL, \
	  "as in Owner=ops, separated by commas", \
	  NULL, "[^=,]+=[^,]*(,\\s*[^=,]+=[^,]*)*", true }

static const struct field order_fields[] = {
	{ "key",      FIELD_CHOICE,  "Key",      false, "own", "own command",
	  "that of a request file (CSR), which stays where it is, or one that Command makes and gives out "
	  "once (PFX)" },
	{ "csr",      FIELD_FILE_IN, "Request",  true,  NULL, NULL,
	  "the file of a certificate request (CSR); certty key makes one with a new key",
	  "key=own" },
	{ "new-passphrase", FIELD_SECRET, "Key's passphrase", false, NULL, NULL,
	  "encrypts the key that Command makes, in the own repository",
	  "key=command" },
	TEMPLATE,
	{ "sans",     FIELD_LIST,    "More names", false, NULL, NULL,
	  "names, addresses, e-mail addresses and URIs that Command adds to those of the request",
	  NULL, NULL, true },
	{ "subject",  FIELD_TEXT,    "Subject",  false, NULL, NULL,
	  "as in CN=www.example.org,O=Example; the first name when nothing is said",
	  "key=command", NULL, true },
	METADATA,
	{ NULL }
};

static const struct field enrol_fields[] = {	/* its request is made here */
	TEMPLATE,
	METADATA,
	{ NULL }
};

static const struct field nothing_more[] = { { NULL } };

const struct verb_questions keyfactor_questions[] = {
	{ VERB_ORDER,  KEYFACTOR_STORE, order_fields },
	{ VERB_ENROLL, KEYFACTOR_STORE, enrol_fields },
	{ VERB_IMPORT, KEYFACTOR_PLACE, keyfactor_place_questions },
	{ VERB_SCHEDULE, KEYFACTOR_PLACE, nothing_more },
	{ VERB_REENROLL, KEYFACTOR_PLACE, keyfactor_reenrol_questions },
	{ VERB_OBJECT_ADD,  KEYFACTOR_STORE,	 keyfactor_thing_questions },
	{ VERB_OBJECT_EDIT, KEYFACTOR_AGENT,	 keyfactor_agent_questions },
	{ VERB_OBJECT_EDIT, KEYFACTOR_CONTAINER, keyfactor_container_questions },
	{ VERB_OBJECT_EDIT, KEYFACTOR_KEYSTORE,	 keyfactor_keystore_questions },
	{ VERB_OBJECT_APPROVE, KEYFACTOR_KEYSTORE, keyfactor_found_questions },
	{ VERB_OBJECT_SAVE, KEYFACTOR_KEYSTORE,	 nothing_more },
	{ VERB_OBJECT_SAVE, KEYFACTOR_TYPE,	 keyfactor_save_questions },
	{ VERB_OBJECT_EDIT, KEYFACTOR_RUN,	 keyfactor_run_questions },
	{ 0 }
};
/* clang-format on */

/* The two ways to enrol. */
static const struct way {
	const char *path, *context, *asking, *ordering, *format;
	guint may;
} by_csr = {
	"/Enrollment/CSR", "/Enrollment/CSR/Context/My",
	"asking which templates this user may enrol with (GET /Enrollment/CSR/Context/My)",
	"enrolling (POST /Enrollment/CSR)", "PEM", KEYFACTOR_MAY_CSR,
}, by_pfx = {
	"/Enrollment/PFX", "/Enrollment/PFX/Context/My",
	"asking which templates this user may enrol with (GET /Enrollment/PFX/Context/My)",
	"enrolling (POST /Enrollment/PFX)", "PFX", KEYFACTOR_MAY_PFX,
};

struct ordering {
	struct keyfactor_kept *kept;
	struct request *row;
	struct secret *password;	/* of the transfer of a PFX */
	char **names;
};

static step_fn csr_read, context_read, send, answered, opened;

static void ordering_done(void *ordering)
{
	struct ordering *o = ordering;

	keyfactor_kept_free(o->kept);
	request_unref(o->row);
	secret_free(o->password);
	g_strfreev(o->names);
	g_free(o);
}

static struct ordering *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static const struct way *way_of(const struct op *op)
{
	return mine(op)->kept->is_pfx ? &by_pfx : &by_csr;
}

/* ---- what is asked for ---- */

bool keyfactor_order_check(const struct op *op, bool is_plan, GError **error)
{
	const struct secret *passphrase = args_secret(op->args, "new-passphrase");

	if (strcmp(args_text(op->args, "key", "own"), "command")) {
		if (*args_text(op->args, "csr", ""))
			return true;
		g_set_error(error, ERR, ERR_USAGE, "the file of a certificate request is needed (csr)");
		return false;
	}
	if (is_plan || (passphrase && passphrase->len))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "a passphrase is needed that encrypts the key which Command makes "
		    "(new-passphrase)");
	return false;
}

static struct next ask_context(struct op *op)
{
	return next_send(keyfactor_call_get(op, way_of(op)->context, NULL), context_read);
}

struct next keyfactor_order(struct op *op, const struct reply *none)
{
	struct ordering *o = keyfactor_call_mine(op, sizeof(*o), ordering_done);
	GError *error = NULL;

	(void)none;
	o->kept = keyfactor_kept_new("");
	if (!keyfactor_order_check(op, false, &error))
		return next_fail_error(op, error);
	o->kept->is_pfx = !strcmp(args_text(op->args, "key", "own"), "command");
	o->names = keyfactor_body_names(op->args);
	if (!o->kept->is_pfx)
		return next_work(csr_file_read(args_text(op->args, "csr", ""), CSR_MAX, "Command"), csr_read);
	o->password = keyfactor_pfx_password();
	return o->password ? ask_context(op) : next_fail(op, ERR_LIMIT, "the memory for secrets is full");
}

static struct next csr_read(struct op *op, const struct reply *none)
{
	struct csr_file *in = op->work->in;
	struct ordering *o = mine(op);
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!csr_file_check_names(op->args, in->names, &error))
		return next_fail_error(op, error);
	g_free(o->kept->csr);
	o->kept->csr = g_steal_pointer(&in->pem);
	return ask_context(op);
}

struct next keyfactor_order_csr(struct op *op, char *pem, const char *const *names)
{
	struct ordering *o = keyfactor_call_mine(op, sizeof(*o), ordering_done);

	o->kept = keyfactor_kept_new("");
	o->names = g_strdupv((char **)(uintptr_t)names);
	g_free(o->kept->csr);
	o->kept->csr = pem;
	store_set(&o->kept->token, op->enrol->token);
	return ask_context(op);
}

/* ---- what this user may ---- */

static bool is_named(const struct json *template, const char *name)
{
	g_autofree char *shown = keyfactor_text(template, "DisplayName", 200);
	g_autofree char *own = keyfactor_text(template, "Name", 200);

	return !g_ascii_strcasecmp(own, name) || !g_ascii_strcasecmp(shown, name);
}

static char *cas_of(const struct json *template)
{
	const struct json *cas = keyfactor_get(template, "CAs");
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(cas), 20); i++) {
		g_autofree char *name = keyfactor_text(json_at(cas, i), "Name", 200);

		g_string_append_printf(s, "%s%s", i ? ", " : "", name);
	}
	return g_string_free(s, FALSE);
}

static char *rights_of(const struct op *op, const struct json *templates)
{
	g_autoptr(GPtrArray) known = keyfactor_memo_rights(op->memo);
	g_autofree char *others = keyfactor_rights_others(known, way_of(op)->may);
	GString *s = g_string_new(json_count(templates) ? "this user may enrol with " :
							   "this user may enrol with none");

	for (size_t i = 0; i < MIN(json_count(templates), 50); i++) {
		g_autofree char *name = keyfactor_text(json_at(templates, i), "Name", 200);
		g_autofree char *cas = cas_of(json_at(templates, i));

		g_string_append_printf(s, "%s%s (%s)", i ? ", " : "", name, *cas ? cas : "at no CA");
	}
	g_string_append(s, others);
	return g_string_free(s, FALSE);
}

static const struct json *choose(const struct json *templates, const char *name)
{
	if (!*name)
		return json_count(templates) == 1 ? json_at(templates, 0) : NULL;
	for (size_t i = 0; i < json_count(templates); i++)
		if (is_named(json_at(templates, i), name))
			return json_at(templates, i);
	return NULL;
}

static bool has_ca(const struct json *template, const char *ca)
{
	const struct json *cas = keyfactor_get(template, "CAs");

	for (size_t i = 0; i < json_count(cas); i++) {
		g_autofree char *name = keyfactor_text(json_at(cas, i), "Name", 200);

		if (!g_ascii_strcasecmp(name, ca))
			return true;
	}
	return false;
}

static bool choose_all(const struct op *op, const struct json *context, GError **error)
{
	const char *name = args_text(op->args, "template", ""), *ca = args_text(op->args, "ca", "");
	const struct json *templates = keyfactor_get(context, "Templates"), *t = choose(templates, name);
	g_autofree char *rights = rights_of(op, templates), *shown = text_harmless_dup(name, 200);
	g_autofree char *shown_ca = text_harmless_dup(ca, 200);
	struct keyfactor_kept *k = mine(op)->kept;

	if (!t && *name)
		g_set_error(error, ERR, ERR_REFUSED, "%s is no template that may be used: %s", shown, rights);
	else if (!t)
		g_set_error(error, ERR, ERR_USAGE, "a template is needed: %s", rights);
	else if (*ca && !has_ca(t, ca))
		g_set_error(error, ERR, ERR_REFUSED, "%s is no CA that may be used with it: %s", shown_ca,
			    rights);
	else {
		g_free(k->template);
		k->template = keyfactor_text(t, "Name", 200);
		store_set(&k->ca, ca);
		return true;
	}
	return false;
}

/* ---- writing down ---- */

/* The order with the same answers that Command has not answered yet; or NULL. */
static const struct request *find_unanswered(const struct op *op, const char *digest)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(keyfactor_kept) k = NULL;

		if (strcmp(r->store, op->store->id) || strcmp(r->digest, digest) || !request_is_waiting(r))
			continue;
		k = keyfactor_kept_read(r->kept);
		if (!*k->sort)
			return r;
	}
	return NULL;
}

static void review(const struct op *op)
{
	struct ordering *o = mine(op);
	g_autofree char *print = g_compute_checksum_for_string(G_CHECKSUM_SHA256, o->kept->csr, -1);
	g_autofree char *names = g_strjoinv(", ", o->names), *subject = keyfactor_body_subject(op->args);

	keyfactor_kept_add(o->kept, "Names", names);
	if (o->kept->is_pfx)
		keyfactor_kept_add(o->kept, "Subject", subject);
	keyfactor_kept_add(o->kept, "Template", o->kept->template);
	keyfactor_kept_add(o->kept, "CA", o->kept->ca);
	keyfactor_kept_add(o->kept, "Metadata", args_text(op->args, "metadata", ""));
	keyfactor_kept_add(o->kept, o->kept->is_pfx ? "Key" : "CSR's SHA-256",
			   o->kept->is_pfx ? "made by Command" : print);
}

static struct request *new_row(const struct op *op)
{
	struct ordering *o = mine(op);
	g_autofree char *digest = keyfactor_kept_digest(o->kept), *uuid = g_uuid_string_random();
	g_autofree char *id = keyfactor_row_id(op->store, "order", uuid);
	struct request *r = request_new(id);

	store_set(&r->account, op->store->account);
	store_set(&r->provider, "keyfactor");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "issue");
	store_set(&r->title, o->names[0]);
	g_strfreev(r->names);
	r->names = g_strdupv(o->names);
	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, "Being ordered");
	store_set(&r->asked_by, args_text(op->access->with, "name", ""));
	store_set(&r->digest, digest);
	store_set(&r->can, "sync dismiss");
	r->since = op->now;
	o->kept->sent = op->now;
	keyfactor_row_set_kept(r, o->kept);
	return r;
}

static void put(struct op *op, struct request *r)
{
	struct ordering *o = mine(op);

	request_unref(o->row);
	o->row = request_ref(r);
	keyfactor_row_put(op, r);
}

/* Who may not read the context may be allowed to enrol all the same. */
static struct next context_read(struct op *op, const struct reply *r)
{
	struct ordering *o = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', way_of(op)->asking, &error);
	const char *name = args_text(op->args, "template", "");
	const struct request *before;
	g_autofree char *digest = NULL;

	if (!j && keyfactor_call_is_denied(r) && *name) {
		g_clear_error(&error);
		op_trouble(op, "whether this user may enrol with %s is not known: it may not ask (GET %s)",
			   name, way_of(op)->context);
		store_set(&o->kept->template, name);
		store_set(&o->kept->ca, args_text(op->args, "ca", ""));
	} else if (!j || !choose_all(op, j, &error)) {
		return next_fail_error(op, error);
	}
	review(op);
	digest = keyfactor_kept_digest(o->kept);
	before = find_unanswered(op, digest);
	if (before)
		return next_fail(op, ERR_PENDING, "%s was ordered before, and Command's answer got lost: sync "
				 "that request, which finds out what became of it, or dismiss it",
				 before->title);
	put(op, new_row(op));
	return next_keep(send);
}

/* ---- sending ---- */

static struct next send(struct op *op, const struct reply *none)
{
	const struct way *way = way_of(op);
	GString *body = keyfactor_body(op, mine(op)->kept, mine(op)->password);
	struct request_out *r = keyfactor_call_post(op, way->path, body->str);

	(void)none;
	keyfactor_body_free(body);
	exchange_header(r, "x-certificateformat", way->format);
	return next_send(r, answered);
}

/* ---- what came back ---- */

static struct next lost(struct op *op, GError *error)
{
	struct request *r = request_dup(mine(op)->row);

	store_set(&r->theirs, "Not answered");
	store_set(&r->reason, error->message);
	put(op, r);
	g_prefix_error(&error, "whether %s is ordered is not known; sync finds out, and nothing is ordered "
		       "again by itself: ", r->title);
	return next_fail_error(op, error);
}

static struct next refused(struct op *op, const char *theirs, GError *error)
{
	struct request *r = request_dup(mine(op)->row);

	keyfactor_row_end(r, REQUEST_FAILED, theirs, error->message, op->now);
	put(op, r);
	return next_fail_error(op, error);
}

/* Command did not take it, so an enrolment may ask with the same once more. */
static struct next not_taken(struct op *op, GError *error)
{
	if (!op->enrol)
		return refused(op, "Refused", error);
	op_drop_request(op, mine(op)->row->id);
	op_stands(op, REQUEST_WAITS_PROVIDER, "Refused", error->message, "");
	return next_fail_error(op, error);
}

/* The row gets the number under which Command's own lists have it. */
static struct request *numbered(struct op *op, const struct json *info)
{
	struct ordering *o = mine(op);
	g_autofree char *instance = keyfactor_text(info, "WorkflowInstanceId", 60), *number = NULL, *id = NULL;
	struct request *r = request_dup(o->row);
	bool is_workflow = g_uuid_string_is_valid(instance);

	keyfactor_int(info, "KeyfactorRequestId", &o->kept->id);
	if (!is_workflow && o->kept->id <= 0)
		return r;
	store_set(&o->kept->sort, is_workflow ? KEYFACTOR_WORKFLOW : KEYFACTOR_REQUEST);
	store_set(&o->kept->instance, is_workflow ? instance : "");
	number = is_workflow ? g_strdup(instance) : g_strdup_printf("%" G_GINT64_FORMAT, o->kept->id);
	id = keyfactor_row_id(op->store, o->kept->sort, number);
	op_drop_request(op, r->id);
	store_set(&r->id, id);
	keyfactor_row_set_kept(r, o->kept);
	return r;
}

static struct next pending(struct op *op, const struct json *info, const char *disposition)
{
	g_autofree char *said = keyfactor_text(info, "DispositionMessage", 300);
	struct request *r = numbered(op, info);

	r->state = REQUEST_WAITS_CA;
	store_set(&r->theirs, disposition);
	store_set(&r->can, *mine(op)->kept->sort ? "sync" : "sync dismiss");
	op_say(op, "%s is ordered, and waits for approval or for its CA%s%s", r->title, *said ? ": " : "",
	       said);
	put(op, r);
	op_touch(op, op->store->id);
	return next_done();
}

static GPtrArray *certs_of(const struct json *info)
{
	const struct json *list = keyfactor_get(info, "Certificates");
	GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (size_t i = 0; i < MIN(json_count(list), 20); i++) {
		const char *text = json_text(json_at(list, i));

		if (text)
			keyfactor_call_scan(certs, text, strlen(text));
	}
	return certs;
}

uint32_t keyfactor_order_key(const struct keyfactor_kept *k)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)k->csr, strlen(k->csr), NULL, NULL);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return item->key_hash;
	}
	return 0;
}

/* Templates and CAs may leave names out. */
static void say_differences(struct op *op, const struct bundle *b)
{
	g_auto(GStrv) has = facts_sorted_names(&b->facts);

	for (char **name = mine(op)->names; *name; name++) {
		bool is_there = false;

		for (char **at = has; *at && !is_there; at++)
			is_there = !g_ascii_strcasecmp(*at, *name);
		if (!is_there)
			op_trouble(op, "it is not for %s, which was asked for", *name);
	}
}

static struct next issued(struct op *op, const struct json *info, const GPtrArray *certs)
{
	g_autoptr(request) row = numbered(op, info);
	GError *error = NULL;

	if (!keyfactor_fetch_keep(op, row, certs, &error))
		return lost(op, error);
	say_differences(op, op->enrol ? op->handed : g_ptr_array_index(op->kept, op->kept->len - 1));
	op_touch(op, op->store->id);
	return next_done();
}

/* The one time that its key is there: it is kept before anything else. */
static struct next opened(struct op *op, const struct reply *none)
{
	struct ordering *o = mine(op);
	struct bundle *b = g_steal_pointer(&op->work->out);
	struct request *r = request_dup(o->row);

	(void)none;
	if (!b) {
		r->state = REQUEST_WAITS_CA;
		store_set(&r->theirs, "Issued");
		store_set(&r->can, "sync");
		put(op, r);
		return next_fail(op, ERR_REPLY, "%s is issued, and its PFX cannot be opened: %s; sync keeps "
				 "the certificate, and export takes its key out where Command keeps it",
				 r->title, op->work->error->message);
	}
	keyfactor_row_end(r, REQUEST_ISSUED, "Issued", "", op->now);
	g_free(r->result);
	r->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);
	say_differences(op, b);
	op_keep_bundle(op, b);
	put(op, r);
	op_touch(op, op->store->id);
	op_say(op, "%s was issued and is kept in the own repository, with its key, encrypted", r->title);
	return next_done();
}

static struct next decide(struct op *op, const struct json *info)
{
	struct work *opening = mine(op)->kept->is_pfx ?
		keyfactor_pfx_open(json_text(keyfactor_get(info, "Pkcs12Blob")),
				   g_steal_pointer(&mine(op)->password)) : NULL;
	g_autofree char *disposition = keyfactor_text(info, "RequestDisposition", 60);
	g_autofree char *said = keyfactor_text(info, "DispositionMessage", 300);
	g_autoptr(GPtrArray) certs = certs_of(info);

	if (opening) {
		put(op, numbered(op, info));
		return next_work(opening, opened);
	}
	if (certs->len && !mine(op)->kept->is_pfx)
		return issued(op, info, certs);
	if (!g_ascii_strcasecmp(disposition, "PENDING") ||
	    !g_ascii_strcasecmp(disposition, "EXTERNAL_VALIDATION") ||
	    !g_ascii_strcasecmp(disposition, "ISSUED"))
		return pending(op, info, disposition);
	return refused(op, *disposition ? disposition : "Refused",
		       g_error_new(ERR, ERR_REFUSED, "%s is not issued: Command says %s%s%s",
				   mine(op)->row->title, *disposition ? disposition : "nothing about it",
				   *said ? ": " : "", said));
}

static struct next answered(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', way_of(op)->ordering, &error);
	const struct json *info = keyfactor_get(j, "CertificateInformation");

	if (!j)
		return keyfactor_answer_is_lost(r) || r->status == 200 ? lost(op, error) :
									 not_taken(op, error);
	if (!info)
		return lost(op, g_error_new(ERR, ERR_REPLY, "the answer does not say what became of it"));
	return decide(op, info);
}
