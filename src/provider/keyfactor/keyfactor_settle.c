/*
 * keyfactor_settle: what became of an order whose answer was lost: a certificate for its key, or a
 * request for its name that waits, both since it was sent.  Nothing is sent again.
 *
 * Of a key that Command made nothing is known here: then it is the certificate for the same names, that
 * the same user asked for, and that came of no other order.
 */
#include "keyfactor_certs.h"

#include <string.h>

#define LOOKING	 "looking for its certificate (GET /Certificates)"
#define READING	 "reading a certificate that may be it (POST /Certificates/Download)"
#define WAITING	 "looking for it among what waits (GET /Workflow/Certificates/Pending)"
#define SLACK	 300	/* seconds that Command's clock may be behind ours */
#define TRIES	 10

struct settling {
	GArray *ids;		/* int64_t: certificates that may be it, newest first */
	guint at;
};

static step_fn listed, read_one, waiting;

static void settling_done(void *settling)
{
	struct settling *s = settling;

	g_array_unref(s->ids);
	g_free(s);
}

struct next keyfactor_settle(struct op *op)
{
	struct settling *s = keyfactor_call_mine(op, sizeof(*s), settling_done);
	g_autofree char *query = g_strdup_printf("IssuedCN -eq \"%s\"", keyfactor_row_about(op)->title);

	s->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (strchr(keyfactor_row_about(op)->title, '"'))
		return next_fail(op, ERR_USAGE, "%s: a name with a quotation mark cannot be looked for in "
				 "Command", keyfactor_row_about(op)->title);
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.queryString", query, "pq.sortField",
					    "CertId", "pq.sortAscending", "1", "pq.returnLimit", "50",
					    "pq.includeRevoked", "true", "pq.includeExpired", "true", NULL),
			 listed);
}

static struct next ask_one(struct op *op)
{
	struct settling *s = ((struct keyfactor *)op->scratch)->mine;

	if (s->at < MIN(s->ids->len, TRIES))
		return next_send(keyfactor_call_bytes(op, g_array_index(s->ids, int64_t, s->at), true),
				 read_one);
	return next_send(keyfactor_call_get(op, "/Workflow/Certificates/Pending", "pagedQuery.returnLimit",
					    "1000", NULL), waiting);
}

static bool is_by_us(const struct op *op, const struct keyfactor_cert *c)
{
	const char *we = args_text(op->access->with, "name", "");

	return !*we || !*c->requester || !g_ascii_strcasecmp(we, c->requester);
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct settling *s = ((struct keyfactor *)op->scratch)->mine;
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', LOOKING, &error);

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(j); i++) {
		g_autoptr(keyfactor_cert) c = keyfactor_cert_read(json_at(j, i));

		if (c && c->imported >= k->sent - SLACK && (!k->is_pfx || is_by_us(op, c)))
			g_array_append_val(s->ids, c->id);
	}
	return ask_one(op);
}

static bool is_of_another(const struct op *op, GBytes *der)
{
	g_autofree char *print = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, der);

	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, op->store->id) && !strcmp(r->result, print))
			return true;
	}
	return false;
}

static bool is_for_its_names(const struct op *op, const struct facts *f)
{
	g_auto(GStrv) has = facts_sorted_names(f);
	char *const *names = keyfactor_row_about(op)->names;

	for (; *names; names++)
		if (!g_strv_contains((const char *const *)has, *names))
			return false;
	return true;
}

static bool is_what_was_ordered(const struct op *op, const struct keyfactor_kept *k, GBytes *der)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	struct facts f = { 0 };
	bool is = x509_facts(bytes, len, &f, NULL) &&
		  (k->is_pfx ? is_for_its_names(op, &f) && !is_of_another(op, der) :
			       f.key_hash == keyfactor_order_key(k));

	facts_done(&f);
	return is;
}

static struct next read_one(struct op *op, const struct reply *r)
{
	struct settling *s = ((struct keyfactor *)op->scratch)->mine;
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	GError *error = NULL;
	g_autoptr(GPtrArray) certs = keyfactor_call_download(op, r, READING, &error);
	bool is_it = certs && is_what_was_ordered(op, k, certs->pdata[0]);

	if (!certs)
		return next_fail_error(op, error);
	if (is_it && !keyfactor_fetch_keep(op, keyfactor_row_about(op), certs, &error))
		return next_fail_error(op, error);
	if (is_it) {
		op_touch(op, op->store->id);
		return next_done();
	}
	s->at++;
	return ask_one(op);
}

/* ---- among what waits ---- */

static bool is_ours(const struct request *r)
{
	g_autoptr(keyfactor_kept) k = r ? keyfactor_kept_read(r->kept) : NULL;

	return k && k->sent;
}

static bool may_be_it(const struct op *op, const struct json *j, int64_t *ret)
{
	const struct request *row = keyfactor_row_about(op);
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(row->kept);
	g_autofree char *name = keyfactor_text(j, "CommonName", FACTS_TEXT), *number = NULL, *id = NULL;

	if (!keyfactor_int(j, "Id", ret) || *ret <= 0 || g_ascii_strcasecmp(name, row->title) ||
	    keyfactor_time(j, "SubmissionDate") < k->sent - SLACK)
		return false;
	number = g_strdup_printf("%" G_GINT64_FORMAT, *ret);
	id = keyfactor_row_id(op->store, KEYFACTOR_REQUEST, number);
	return !is_ours(keyfactor_row_find(op, id));
}

static struct next adopt(struct op *op, int64_t number)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
	g_autofree char *id = keyfactor_row_id(op->store, KEYFACTOR_REQUEST, text);
	struct request *r = request_dup(keyfactor_row_about(op));

	op_drop_request(op, r->id);
	store_set(&k->sort, KEYFACTOR_REQUEST);
	k->id = number;
	store_set(&r->id, id);
	store_set(&r->theirs, "Pending");
	store_set(&r->reason, "");
	store_set(&r->can, "sync");
	r->state = REQUEST_WAITS_CA;
	keyfactor_row_set_kept(r, k);
	keyfactor_row_put(op, r);
	op_touch(op, op->store->id);
	op_say(op, "%s was ordered, and waits as Command's request %s", r->title, text);
	return next_done();
}

/* Not finding it is no proof: a workflow of Command may hold it where it is in no list of ours.  So an
 * enrolment, which goes on without a person, does not send it once more. */
static struct next unknown(struct op *op, guint n)
{
	struct request *r = request_dup(keyfactor_row_about(op));

	keyfactor_row_end(r, REQUEST_FAILED, "Cannot be known",
			  n ? "its answer was lost, and of several requests in Command for its name nobody can "
			      "know which it is: look at them there, then enroll again" :
			      "its answer was lost, and Command has no certificate for its key and nothing "
			      "that waits for its name; but a workflow may hold it, so that nobody can know: "
			      "look at them there, then enroll again",
			  op->now);
	op_say(op, "%s: %s", r->title, r->reason);
	keyfactor_row_put(op, r);
	return next_done();
}

static struct next waiting(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', WAITING, &error);
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	int64_t number = 0, found = 0;
	guint n = 0;

	if (!j && !keyfactor_call_is_denied(r))
		return next_fail_error(op, error);
	if (!j)
		op_trouble(op, "%s", error->message);
	g_clear_error(&error);
	for (size_t i = 0; i < json_count(j); i++) {
		if (!may_be_it(op, json_at(j, i), &number))
			continue;
		found = number;
		n++;
	}
	if (n == 1)
		return adopt(op, found);
	if (*k->token)
		return unknown(op, n);
	if (n)
		op_say(op, "%s: %u requests in Command may be this order; they are rows of their own",
		       keyfactor_row_about(op)->title, n);
	else
		op_say(op, "%s: Command has no certificate for its %s, and nothing that waits for its name: "
		       "dismiss it and order again", keyfactor_row_about(op)->title,
		       k->is_pfx ? "names" : "key");
	return next_done();
}
