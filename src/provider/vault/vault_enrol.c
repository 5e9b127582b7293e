/*
 * vault_enrol: a pki as the issuer of certificates whose keys are made elsewhere, by one of its roles.
 *
 *   role ─► written down ─► signed ─► written down with what was signed ─► handed on
 *
 * Its row is named by the token, so asked again it goes on from there.  An order that was sent and whose
 * answer nobody has may have been signed: then what is for its key is looked for among what the engine
 * issued, and only when there is none it is sent once more.
 */
#include "vault_order.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/x509.h>

#define LOOKING "looking at the role"
#define SIGNING "having the request signed"
#define UNKNOWN "Cannot be known"

static step_fn role_heard, send, answered, ask_looked, back_looked, sync_looked, chain_heard;

/* ---- the row ---- */

static char *row_id(const struct op *op)
{
	return g_strconcat(op->store->id, "/enrol:", op->enrol->token, NULL);
}

static GBytes *csr_of(const struct vault_kept *k)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)k->csr, strlen(k->csr), NULL, NULL);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return g_bytes_ref(item->der);
	}
	return NULL;
}

/* How it stands, for whoever enrols; a sync of the row alone tells the row. */
static void say_standing(struct op *op)
{
	const struct request *r = ((struct vault_order *)vault_mine(op))->row;

	if (op->enrol)
		op_stands(op, r->state, r->theirs, r->reason, r->id);
}

static struct next end(struct op *op, enum request_state state, const char *theirs, const char *reason)
{
	const struct vault_order *o = vault_mine(op);

	vault_order_end(op, state, theirs, reason);
	say_standing(op);
	op_say(op, "%s: %s%s%s", o->row->title, theirs, *reason ? ": " : "", reason);
	return next_done();
}

/* ---- what was signed ---- */

/* It is in the row from now on, so that nobody has to look for it any more. */
static struct next issued(struct op *op)
{
	struct vault_order *o = vault_mine(op);
	struct bundle *b = o->bundle;

	if (!b->chain->len && b->facts.issuer_hash != b->facts.subject_hash)
		op_trouble(op, "its issuers could not be read");
	g_free(o->kept->chain);
	o->kept->chain = bundle_pem(b->cert, (GBytes *const *)b->chain->pdata, b->chain->len);
	if (o->warnings && *o->warnings)
		op_trouble(op, "the engine warns: %s", o->warnings);
	op_touch(op, op->store->id);
	if (op->enrol)
		op_hand(op, bundle_dup(b));
	return end(op, REQUEST_ISSUED, "Issued", "");
}

static struct next kept_already(struct op *op)
{
	const struct vault_order *o = vault_mine(op);
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)o->kept->chain, strlen(o->kept->chain), NULL,
					       NULL);
	g_autoptr(GPtrArray) certs = g_ptr_array_new();
	struct bundle *b;
	GError *error = NULL;

	for (guint i = 0; items && i < items->len; i++)
		g_ptr_array_add(certs, ((struct x509_item *)items->pdata[i])->der);
	if (!certs->len)
		return next_fail(op, ERR_FORMAT, "%s: its row does not have the certificate", o->row->title);
	b = bundle_new(certs->pdata[0], (GBytes *const *)certs->pdata + 1, certs->len - 1, NULL, &error);
	if (!b)
		return next_fail_error(op, error);
	op_hand(op, b);
	return next_done();
}

/* The list gives a certificate alone. */
static struct next found(struct op *op)
{
	struct vault_order *o = vault_mine(op);
	g_autofree char *ref = g_uri_escape_string(o->kept->issuer, NULL, FALSE);
	g_autofree char *rest = *ref ? g_strconcat("issuer/", ref, "/json", NULL) :
				       g_strdup("cert/ca_chain");
	g_autofree char *path = vault_below(op, rest);

	o->bundle = bundle_dup(o->found->pdata[0]);
	return o->bundle->chain->len ? issued(op) : next_send(vault_ask(op, path, NULL), chain_heard);
}

static struct next chain_heard(struct op *op, const struct reply *r)
{
	const struct vault_order *o = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(j, "data");
	g_autoptr(bundle) theirs = j ? vault_issued_read(data, NULL) : NULL;

	if (theirs) {
		bundle_link(o->bundle, &theirs->cert, 1);
		bundle_link(o->bundle, (GBytes *const *)theirs->chain->pdata, theirs->chain->len);
	}
	return issued(op);
}

/* ---- looking for it ---- */

static struct next look(struct op *op, step_fn *then)
{
	struct vault_order *o = vault_mine(op);

	g_clear_pointer(&o->key_of, g_bytes_unref);
	o->key_of = csr_of(o->kept);
	if (!o->key_of)
		return next_fail(op, ERR_FORMAT, "%s: its row does not have the request", o->row->title);
	return vault_look_issued(op, then);
}

/* Nothing is for its key.  True: that is no proof, and this is how it goes on. */
static bool doubt(struct op *op, struct next *ret)
{
	const struct vault_order *o = vault_mine(op);
	enum err code;
	g_autofree char *why = vault_look_doubt(op, &code);

	if (why)
		*ret = next_fail(op, code, "%s: %s", o->row->title, why);
	else if (o->kept->may_hide)
		*ret = end(op, REQUEST_FAILED, UNKNOWN, "its answer was lost, and the engine's list has "
			   "nothing for its key; but the role may sign without listing it (no_store), so "
			   "that nobody can know whether it was signed: enroll again");
	return why || o->kept->may_hide;
}

static struct next ask_looked(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);
	g_autofree char *digest = g_strdup(o->row->digest);
	struct next next;

	(void)none;
	if (o->found->len)
		return found(op);
	say_standing(op);
	if (doubt(op, &next))
		return next;
	vault_order_write_down(op, NULL, digest);
	return next_keep(send);
}

struct next vault_enrol_sync(struct op *op, const struct reply *none)
{
	(void)none;
	return look(op, sync_looked);
}

static struct next sync_looked(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_mine(op);
	struct request *r;
	struct next next;

	(void)none;
	if (o->found->len)
		return found(op);
	if (doubt(op, &next))
		return next;
	r = request_dup(o->row);
	o->kept->sent = 0;
	store_set(&r->theirs, "Not signed");
	store_set(&r->reason, "");
	vault_order_put(op, r);
	op_say(op, "%s was not signed: its enrolment asks again", r->title);
	return next_done();
}

/* ---- asking ---- */

static void take_row(struct op *op, const struct request *r)
{
	struct vault_order *o = vault_mine(op);

	o->row = request_dup((struct request *)(uintptr_t)r);
	vault_kept_free(o->kept);
	o->kept = vault_kept_read(r->kept);
	g_free(o->csr);
	o->csr = g_strdup(o->kept->csr);
}

static struct next go_on(struct op *op, const struct request *r)
{
	const struct vault_order *o = vault_mine(op);

	take_row(op, r);
	say_standing(op);
	if (*o->kept->chain)
		return kept_already(op);
	if (!request_is_waiting(r))
		return next_done();
	if (o->kept->sent)
		return look(op, ask_looked);
	vault_order_write_down(op, NULL, r->digest);
	return next_keep(send);
}

static struct next ask(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_order_begin(op);
	g_autofree char *id = row_id(op), *path = NULL;
	gssize at = op->requests ? items_find(op->requests, id) : -1;
	GError *error = NULL;

	(void)none;
	if (!o)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (strcmp(op->store->type, VAULT_PKI))
		return next_fail(op, ERR_REFUSED, "%s issues no certificates for requests", op->store->title);
	o->names = g_strdupv((char **)(uintptr_t)op->enrol->names);
	clock_read_span(args_text(op->args, "validity", ""), &o->ttl);
	if (at >= 0)
		return go_on(op, op->requests->item[at]);
	if (op->enrol->about && !strcmp(op->enrol->about, id)) {
		op_stands(op, REQUEST_GONE, "Dismissed", "its order was dismissed", id);
		return next_done();
	}
	if (!vault_order_check_role(args_text(op->args, VAULT_ROLE, ""), &error))
		return next_fail_error(op, error);
	o->csr = x509_csr_pem(op->enrol->csr);
	if (!o->csr)
		return next_fail(op, ERR_FORMAT, "the certificate request cannot be read");
	store_set(&o->kept->role, args_text(op->args, VAULT_ROLE, ""));
	store_set(&o->kept->csr, o->csr);
	path = vault_order_path(op, "roles");
	return next_send(vault_ask(op, path, NULL), role_heard);
}

/* Who may have something signed need not be allowed to look at the role. */
static struct next role_heard(struct op *op, const struct reply *r)
{
	struct vault_order *o = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *role = json_get(j, "data");
	g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, op->enrol->csr);
	g_autofree char *id = row_id(op), *path = vault_order_path(op, "roles");
	g_autofree char *name = vault_text(o->kept->role);

	if (vault_is_empty(r))
		return next_fail(op, ERR_NOT_FOUND, "%s has no role %s", op->store->title, name);
	if (!j && (r->error || r->status != 403 || vault_is_dead(r)))
		return vault_refuse(op, r, LOOKING, "read", path);
	vault_order_take_role(op, role);
	g_free(o->kept->issuer);
	o->kept->issuer = vault_text(json_str(role, "issuer_ref"));
	vault_order_write_down(op, id, digest);
	return next_keep(send);
}

static struct next send(struct op *op, const struct reply *none)
{
	(void)none;
	say_standing(op);
	return next_send(vault_order_out(op), answered);
}

/* ---- what came back ---- */

static struct next lost(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);
	const struct vault *v = op->scratch;
	struct request *row = request_dup(o->row);

	(void)none;
	store_set(&row->theirs, "Not answered");
	store_set(&row->reason, v->failed);
	vault_order_put(op, row);
	say_standing(op);
	return next_fail(op, v->code, "whether it was signed is not known; sync looks for it before anything "
			 "is sent again: %s", v->failed);
}

/* What the engine refused it has not signed: the order is as if it had never been. */
static struct next refused(struct op *op)
{
	const struct vault_order *o = vault_mine(op);
	const struct vault *v = op->scratch;
	bool has_limits = o->limits && *o->limits;

	op_stands(op, REQUEST_WAITS_PROVIDER, "Refused", v->failed, "");
	op_drop_request(op, o->row->id);
	return next_fail(op, v->code, "%s%s%s", v->failed, has_limits ? "; the role allows: " : "",
			 has_limits ? o->limits : "");
}

static struct next answered(struct op *op, const struct reply *r)
{
	struct vault_order *o = vault_mine(op);
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	g_autofree char *path = vault_order_path(op, "sign");
	GError *error = NULL;
	bool is_server;

	if (!j) {
		is_server = vault_explain(op, r, SIGNING, "update", path);
		if (!vault_order_is_lost(op, r))
			return refused(op);
		return is_server ? vault_look_at_server(op, lost) : lost(op, NULL);
	}
	o->bundle = vault_issued_read(json_get(j, "data"), &error);
	if (o->bundle) {
		o->warnings = vault_issued_warnings(j);
		return issued(op);
	}
	v->code = (enum err)error->code;
	g_free(v->failed);
	v->failed = g_strdup_printf("Vault at %s: " SIGNING ": %s", v->at, error->message);
	g_error_free(error);
	return lost(op, NULL);
}

/* ---- taking it back ---- */

static struct next forget(struct op *op)
{
	op_drop_request(op, ((struct vault_order *)vault_mine(op))->row->id);
	return next_done();
}

static struct next signed_already(struct op *op)
{
	return next_fail(op, ERR_REFUSED, "%s was signed already: sync fetches it, and revoke takes it back",
			 ((struct vault_order *)vault_mine(op))->row->title);
}

/* What was never sent, or was not signed, leaves nothing there. */
static struct next take_back(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_order_begin(op);
	g_autofree char *id = row_id(op);
	gssize at = op->requests ? items_find(op->requests, id) : -1;

	(void)none;
	if (!o)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (at < 0)
		return next_done();
	o->names = g_strdupv((char **)(uintptr_t)op->enrol->names);
	take_row(op, op->requests->item[at]);
	if (o->row->state == REQUEST_ISSUED)
		return signed_already(op);
	return request_is_waiting(o->row) && o->kept->sent ? look(op, back_looked) : forget(op);
}

static struct next back_looked(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);
	enum err code;
	g_autofree char *why = vault_look_doubt(op, &code);

	(void)none;
	if (o->found->len)
		return signed_already(op);
	return why ? next_fail(op, code, "%s: %s", o->row->title, why) : forget(op);
}

const struct issuer vault_enrol_issuer = {
	.ask = ask,
	.take_back = take_back,
	.plan = vault_planned_enrol,
};
