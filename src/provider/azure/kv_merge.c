/*
 * kv_merge: what a CA elsewhere has signed for a request of a vault's goes back into it, beside the key
 * that never left it.
 *
 * Which certificate of a file is meant, its key says; what is for another is not sent.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/provider/bundle_in.h>

struct merging {
	struct bundle *read;
	struct kv_operation *operation;
};

static step_fn has_read, send, sent;

static void merging_done(void *p)
{
	struct merging *m = p;

	bundle_free(m->read);
	kv_operation_free(m->operation);
	g_free(m);
}

static struct merging *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct merging), merging_done);
}

struct next kv_merge(struct op *op, const struct reply *none)
{
	struct merging *m = mine(op);

	(void)none;
	if (!op->request || !op->store || !kv_operation_is_of(op->request))
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	m->operation = kv_operation_kept(op->request->kept);
	if (!kv_operation_takes_file(m->operation))
		return next_fail(op, ERR_REFUSED, "%s does not wait for a file", op->request->title);
	return bundle_in(op, false, NULL, has_read);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	struct merging *m = mine(op);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	m->read = g_steal_pointer(&op->work->out);
	if (!m->operation->csr || !x509_csr_fits(m->operation->csr, m->read->cert))
		return next_fail(op, ERR_REFUSED, "%s is for another key than the vault's request for %s; "
				 "nothing was sent", m->read->facts.name, m->operation->name);
	return kv_call_begin(op, send);
}

/* ---- sending ---- */

static void put_der(struct json_writer *w, GBytes *der)
{
	gsize len;
	const void *bytes = g_bytes_get_data(der, &len);
	g_autofree char *coded = g_base64_encode(bytes, len);

	json_put_str(w, NULL, coded);
}

char *kv_merge_body(const struct bundle *b)
{
	g_autoptr(GPtrArray) chain = bundle_chain(b);
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "x5c", '[');
	put_der(&w, b->cert);
	for (guint i = 0; i < chain->len; i++)
		put_der(&w, chain->pdata[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *path_of(const struct kv_operation *o)
{
	return g_strdup_printf("/certificates/%s/pending/merge", o->name);
}

static struct next send(struct op *op, const struct reply *none)
{
	const struct merging *m = mine(op);
	g_autofree char *path = path_of(m->operation), *body = kv_merge_body(m->read);

	(void)none;
	return next_send(kv_change_ask(op, "POST", path, body), sent);
}

static struct next sent(struct op *op, const struct reply *r)
{
	struct merging *m = mine(op);
	g_autoptr(json) j = NULL;
	struct request *row;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, send, &next))
		return next;
	j = kv_call_json(op, r, "merge", m->operation->name, &error);
	if (!j)
		return next_fail_error(op, error);
	store_set(&m->operation->status, "completed");
	store_set(&m->operation->details, "");
	row = kv_operation_row(op, m->operation, op->request);
	store_set(&row->result, "");
	for (size_t i = 0; i < sizeof(m->read->facts.sha256); i++) {
		g_autofree char *more = g_strdup_printf("%s%02x", row->result, m->read->facts.sha256[i]);

		store_set(&row->result, more);
	}
	op_put_request(op, row);
	op_touch(op, op->store->id);
	op_say(op, "%s is in the vault %s as %s, with its key", m->read->facts.name,
	       kv_call_at(op)->place.name, m->operation->name);
	op_keep_bundle(op, g_steal_pointer(&m->read));
	return next_done();
}

bool kv_planned_merge(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(kv_operation) o = kv_operation_kept(op->request->kept);
	g_autofree char *base = kv_change_base(op, error), *path = path_of(o);
	g_autofree char *file = file_absolute(args_text(op->args, "file", ""));

	if (!base)
		return false;
	if (!kv_operation_takes_file(o)) {
		g_set_error(error, ERR, ERR_REFUSED, "%s does not wait for a file", op->request->title);
		return false;
	}
	plan_call(p, PLAN_ASKS, "read", file, "the certificate and its issuers");
	kv_change_call(p, PLAN_CHANGES, "POST", base, path, "both, beside the key in the vault");
	plan_not(p, "nothing is sent that is for another key");
	kv_change_run(op, p, "pending merge", o->name);
	plan_option(p, "--file", file);
	return true;
}
