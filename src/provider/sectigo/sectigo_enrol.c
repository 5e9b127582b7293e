/*
 * sectigo_enrol: a certificate is ordered, for a request file of ours or as the issuer of an enrolment.
 *
 * An order is written down before it is sent, and sent once: there is nothing by which Sectigo would know
 * a second one.  An answer that got lost is looked for before anybody orders again.
 */
#include "sectigo_anchor.h"
#include "sectigo_orders.h"
#include "sectigo_profile.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#include "provider/csr_file.h"

#define PROFILES "listing profiles (GET /ssl/types)"
#define ORDERING "ordering (POST /ssl/enroll)"
#define CSR_MAX	 32767

/* clang-format off */
#define ORDER_QUESTIONS \
	{ "organization", FIELD_TEXT,   "Organization",  true,  NULL, NULL, \
	  "the organization or department that it is for, by its number or its name" }, \
	{ "profile",      FIELD_TEXT,   "Profile",       false, NULL, NULL, \
	  "by its name or number; when empty the only one that there is, or they are listed" }, \
	{ "term",         FIELD_NUMBER, "Days",          false, NULL, NULL, \
	  "how long it is valid, one of the profile's terms; the longest when empty" }, \
	{ "requester",    FIELD_LIST,   "Tell",          false, NULL, NULL, \
	  "e-mail addresses of who wants it, who are told as well" }, \
	{ "comments",     FIELD_TEXT,   "Comments",      false, NULL, NULL, \
	  "a few words for whoever approves it", NULL, ".{0,1024}" }, \
	{ "fields",       FIELD_LIST,   "Custom fields", false, NULL, NULL, \
	  "as in Service=web, separated by commas", NULL, "[^=,]+=[^,]*(,\\s*[^=,]+=[^,]*)*" }, \
	{ "insist",       FIELD_BOOL,   "Insist",        false, "no", NULL, \
	  "order also where only the profile's name says that it would be refused", NULL, NULL, true }

const struct field sectigo_order_questions[] = {
	{ "csr", FIELD_FILE_IN, "Request", true, NULL, NULL,
	  "the file of a certificate request (CSR); certty key makes one with a new key" },
	ORDER_QUESTIONS,
	{ NULL }
};

const struct field sectigo_enrol_questions[] = {
	ORDER_QUESTIONS,
	{ NULL }
};
/* clang-format on */

struct ordering {
	char *pem, *digest, *organization, *profile, *body;
	const char *level;	/* "OV", "EV", or "" */
	bool is_guess;
	char **names;
	struct request *row;
};

static step_fn csr_read, organizations_read, profiles_read, anchor_read, send, answered;
static struct next write_down(struct op *op);

static void ordering_free(void *p)
{
	struct ordering *o = p;

	g_free(o->pem);
	g_free(o->digest);
	g_free(o->organization);
	g_free(o->profile);
	g_free(o->body);
	g_strfreev(o->names);
	request_unref(o->row);
	g_free(o);
}

static struct ordering *of(struct op *op)
{
	return sectigo_call_mine(op, sizeof(struct ordering), ordering_free);
}

/* ---- what is asked for ---- */

struct next sectigo_order(struct op *op, const struct reply *none)
{
	(void)none;
	of(op)->names = args_list(op->args, "names");
	return next_work(csr_file_read(args_text(op->args, "csr", ""), CSR_MAX, "Sectigo"), csr_read);
}

char *sectigo_enrol_digest(const char *pem)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, item->der);
	}
	return g_strdup("");
}

static struct next with_csr(struct op *op, char *pem /* taken */)
{
	of(op)->pem = pem;
	of(op)->digest = sectigo_enrol_digest(pem);
	return sectigo_organization_read(op, organizations_read);
}

static struct next csr_read(struct op *op, const struct reply *none)
{
	struct csr_file *in = op->work->in;
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!csr_file_check_names(op->args, in->names, &error))
		return next_fail_error(op, error);
	return with_csr(op, g_steal_pointer(&in->pem));
}

static struct next organizations_read(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *path = NULL;

	(void)none;
	of(op)->organization = sectigo_organization_find(op, args_text(op->args, "organization", ""), &error);
	if (!of(op)->organization)
		return next_fail_error(op, error);
	path = g_strdup_printf("/ssl/%s/types?organizationId=%s", sectigo_call_version(op),
			       of(op)->organization);
	return next_send(sectigo_call(op, "GET", path, NULL), profiles_read);
}

/* ---- what is sent ---- */

static void put_fields(struct json_writer *w, const struct op *op)
{
	g_auto(GStrv) fields = g_strsplit(args_text(op->args, "fields", ""), ",", -1);

	if (!*fields || !**fields)
		return;
	json_open(w, "customFields", '[');
	for (char **field = fields; *field; field++) {
		char *equals = strchr(g_strstrip(*field), '=');

		if (!equals)
			continue;
		*equals = '\0';
		json_open(w, NULL, '{');
		json_put_str(w, "name", *field);
		json_put_str(w, "value", equals + 1);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* A profile for one name alone wants it in the request and nowhere else. */
static char *body_of(struct op *op, int64_t profile, int64_t term)
{
	const struct ordering *o = of(op);
	g_autofree char *sans = g_strjoinv(",", o->names);
	g_auto(GStrv) tell = args_list(op->args, "requester");
	g_autofree char *emails = g_strjoinv(", ", tell);
	const char *comments = args_text(op->args, "comments", "");
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_int(&w, "orgId", g_ascii_strtoll(o->organization, NULL, 10));
	json_put_str(&w, "csr", o->pem);
	json_put_int(&w, "certType", profile);
	json_put_int(&w, "term", term);
	if (g_strv_length(o->names) > 1)
		json_put_str(&w, "subjAltNames", sans);
	if (*comments)
		json_put_str(&w, "comments", comments);
	if (*emails)
		json_put_str(&w, "externalRequester", emails);
	put_fields(&w, op);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* ---- written down ---- */

/* An order of the same request whose answer did not come; or NULL. */
static const struct request *find_unanswered(struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(sectigo_kept) k = NULL;

		if (strcmp(r->store, op->store->id) || strcmp(r->type, SECTIGO_ORDER) ||
		    !request_is_waiting(r))
			continue;
		k = sectigo_kept_read(r->kept);
		if (*k->sent && !*k->number && !strcmp(k->csr_sha256, of(op)->digest))
			return r;
	}
	return NULL;
}

static struct next profiles_read(struct op *op, const struct reply *r)
{
	const char *wanted = args_text(op->args, "profile", "");
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, PROFILES, NULL, &error);
	const struct json *profile = j ? sectigo_profile_find(j, wanted, &error) : NULL;
	int64_t term = 0, number = 0;

	args_int(op->args, "term", &term);
	if (!profile || !sectigo_profile_takes_term(profile, &term, &error) ||
	    !sectigo_profile_takes_key(profile, of(op)->pem, &error) ||
	    !sectigo_profile_takes_names(op, profile, of(op)->names, &error))
		return next_fail_error(op, error);
	if (find_unanswered(op))
		return next_fail(op, ERR_PENDING, "it was ordered before, and Sectigo's answer got lost: sync "
				 "that request, which finds out what became of it");
	json_int(profile, "id", &number);
	of(op)->body = body_of(op, number, term);
	of(op)->profile = sectigo_call_text(profile, "name", 200);
	of(op)->level = sectigo_profile_level(op, profile, &of(op)->is_guess);
	if (!*of(op)->level || (of(op)->is_guess && args_bool(op->args, "insist")))
		return write_down(op);
	return next_send(sectigo_anchor_ask(op, of(op)->organization), anchor_read);
}

/* What stands in the way of the order is said before it is sent. */
static struct next anchor_read(struct op *op, const struct reply *r)
{
	const struct ordering *o = of(op);
	g_autofree char *why = sectigo_anchor_blocks(op, r, o->organization, o->level);

	if (!why)
		return write_down(op);
	if (!o->is_guess)
		return next_fail(op, ERR_REFUSED, "%s", why);
	return next_fail(op, ERR_REFUSED, "%s.  That the profile %s is of %s is a guess from its name: with "
			 "insist it is ordered all the same", why, o->profile, o->level);
}

static struct next write_down(struct op *op)
{
	of(op)->row = sectigo_order_new(op, "", of(op)->names, of(op)->digest);
	sectigo_order_put(op, request_ref(of(op)->row));
	return next_keep(send);
}

static struct next send(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strdup_printf("/ssl/%s/enroll", sectigo_call_version(op));

	(void)none;
	return next_send(sectigo_call(op, "POST", path, of(op)->body), answered);
}

/* ---- what came back ---- */

static struct next answered(struct op *op, const struct reply *r)
{
	return sectigo_ordered(op, r, ORDERING, of(op)->row);
}

/* ---- as an issuer ---- */

static const struct request *find_row(const struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(sectigo_kept) k = NULL;

		if (strcmp(r->store, op->store->id) || strcmp(r->type, SECTIGO_ORDER))
			continue;
		k = sectigo_kept_read(r->kept);
		if (!strcmp(k->token, op->enrol->token))
			return r;
	}
	return NULL;
}

static struct next hand_on(struct op *op, const struct sectigo_kept *k)
{
	struct reply r = { .status = 200, .body = g_bytes_new(k->chain, strlen(k->chain)) };
	GError *error = NULL;
	bool waits;
	g_autoptr(GPtrArray) certs = sectigo_collect_read(&r, &waits, &error);
	struct bundle *b = certs ? sectigo_collect_bundle(certs, &error) : NULL;

	g_bytes_unref(r.body);
	if (!b)
		return next_fail_error(op, error);
	op_hand(op, b);
	return next_done();
}

static struct next go_on(struct op *op, const struct request *r)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	sectigo_of(op)->about = request_dup(r);
	op_stands(op, r->state, r->theirs, r->reason, r->id);
	if (*k->chain)
		return hand_on(op, k);
	return request_is_waiting(r) ? sectigo_order_sync(op, NULL) : next_done();
}

static struct next ask(struct op *op, const struct reply *none)
{
	const struct request *r = find_row(op);
	char *pem;

	(void)none;
	if (r)
		return go_on(op, r);
	if (op->enrol->about && *op->enrol->about) {
		op_stands(op, REQUEST_GONE, "Dismissed", "its order was dismissed", op->enrol->about);
		return next_done();
	}
	pem = x509_csr_pem(op->enrol->csr);
	if (!pem)
		return next_fail(op, ERR_FORMAT, "the certificate request cannot be read");
	of(op)->names = g_strdupv((char **)(uintptr_t)op->enrol->names);
	return with_csr(op, pem);
}

/* ---- plans ---- */

static bool plan_order(struct op *op, struct plan *p)
{
	g_autofree char *types = g_strdup_printf("/ssl/%s/types", sectigo_call_version(op));
	g_autofree char *path = g_strdup_printf("/ssl/%s/enroll", sectigo_call_version(op));
	const char *profile = args_text(op->args, "profile", "");

	sectigo_planned_call(op, p, PLAN_ASKS, "GET", "/organization/v1",
			     args_text(op->args, "organization", ""));
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", types, "its profiles and their terms");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path,
			     *profile ? profile : "with the only profile that there is");
	plan_warn(p, "somebody may have to approve it at Sectigo, and names whose domain is not validated are "
		  "refused");
	plan_not(p, "an order whose answer is lost is not sent again: sync finds out what became of it");
	return true;
}

bool sectigo_planned_order(struct op *op, struct plan *p, GError **error)
{
	const char *csr = args_text(op->args, "csr", "");

	(void)error;
	plan_call(p, PLAN_ASKS, "read", csr, "the request");
	plan_not(p, "%s stays as it is, and its key is not sent", csr);
	plan_not(p, "nothing is deployed");
	return plan_order(op, p);
}

static bool planned_enrol(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	plan_not(p, "the private key is not sent");
	return plan_order(op, p);
}

/* What Sectigo has been asked for is declined there, or revoked when it was issued. */
static struct next take_back(struct op *op, const struct reply *none)
{
	const struct request *r = find_row(op);

	(void)none;
	if (!r || (!request_is_waiting(r) && r->state != REQUEST_ISSUED))
		return next_done();
	return next_fail(op, ERR_REFUSED, "Sectigo has been asked for it: deny its order, or revoke what comes "
			 "of it; %s says how it stands", r->title);
}

const struct issuer sectigo_issuer = {
	.ask = ask,
	.take_back = take_back,
	.plan = planned_enrol,
};
