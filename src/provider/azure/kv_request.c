/*
 * kv_request: one operation of a vault: all of it for a person, by what is known, and asked for again.
 */
#include "kv.h"

#include <string.h>

#include <certty/model/x509.h>

static step_fn ask, read_operation;

/* ---- for a person ---- */

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, tone, label, "%s", text);
}

static void add_lines(struct detail *d, enum tone tone, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		add(d, tone, line == lines ? label : "", *line);
}

/* What is asked for, out of the request itself. */
static void add_csr(struct detail *d, GBytes *csr)
{
	g_autofree char *oddities = NULL;
	g_auto(GStrv) names = NULL;
	g_autoptr(detail) all = csr ? x509_csr_describe(csr, &names, &oddities, NULL) : NULL;

	if (!all) {
		add(d, TONE_DIM, "Request", csr ? "cannot be read" : "the vault gives none");
		return;
	}
	detail_add(d, TONE_PLAIN, "What is asked for", "%s", "");
	for (size_t i = 0; i < all->n; i++)
		detail_add(d, all->line[i].tone, all->line[i].label, "%s", all->line[i].text);
	g_free(d->pem);
	d->pem = x509_csr_pem(csr);
}

struct next kv_request_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autoptr(kv_operation) o = NULL;
	g_autofree char *id = NULL;
	struct detail *d;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	o = kv_operation_kept(r->kept);
	id = g_strconcat("requests/", r->id, NULL);
	d = detail_new(id, r->title);
	detail_add(d, request_state_tone(r->state), "State", "%s", request_state_word(r->state));
	add(d, TONE_PLAIN, "Vault says", r->theirs);
	add(d, TONE_PLAIN, "", o->details);
	add(d, TONE_BAD, "Reason", r->reason);
	if (request_is_waiting(r))
		add(d, TONE_PLAIN, "Waits for", kv_operation_waits_for(o));
	if (!o->csr)
		add_lines(d, TONE_WARN, "Odd", r->oddities);
	add(d, TONE_PLAIN, "Certificate", o->name);
	add(d, TONE_PLAIN, "Issuer", o->issuer);
	add(d, TONE_PLAIN, "Operation", o->id);
	add(d, TONE_PLAIN, "Store", op->store ? op->store->title : r->store);
	detail_add_time(d, "Seen since", r->since);
	detail_add_time(d, "Ended", r->ended);
	add(d, TONE_GOOD, "Issued", r->result);
	add(d, TONE_PLAIN, "Next", r->can);
	add_csr(d, o->csr);
	add(d, TONE_DIM, "SHA-256", r->digest);
	d->made = op->now;
	op->detail = d;
	return next_done();
}

/* ---- once more ---- */

struct next kv_request_sync(struct op *op, const struct reply *none)
{
	(void)none;
	if (!op->request || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	if (!kv_operation_is_of(op->request)) {
		op_touch(op, op->store->id);
		op_say(op, "%s: the vault is read again", op->request->title);
		return next_done();
	}
	return kv_call_begin(op, ask);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autoptr(kv_operation) o = kv_operation_kept(op->request->kept);
	g_autofree char *path = g_strdup_printf("/certificates/%s/pending", o->name);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), read_operation);
}

static struct next put(struct op *op, struct request *r)
{
	op_say(op, "%s: %s", r->title, request_state_word(r->state));
	if (!request_is_waiting(r))
		op_touch(op, op->store->id);
	op_put_request(op, r);
	return next_done();
}

static struct next read_operation(struct op *op, const struct reply *r)
{
	g_autoptr(kv_operation) kept = kv_operation_kept(op->request->kept), o = NULL;
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	if (!r->error && r->status == 404)
		return put(op, kv_operation_gone(op, op->request, "its operation was dropped in the vault"));
	j = kv_call_json(op, r, "pending", kept->name, &error);
	if (!j)
		return next_fail_error(op, error);
	o = kv_operation_read(kept->name, j);
	if (!o)
		return next_fail(op, ERR_REPLY, "what the vault %s says of the operation has no state",
				 kv_call_at(op)->place.name);
	return put(op, kv_operation_row(op, o, op->request));
}
