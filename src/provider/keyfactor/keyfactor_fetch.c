/*
 * keyfactor_fetch: the certificate that came of a request, looked for by the request's number.
 *
 * A CA's answer may reach Command later than the approval did; then the row goes on waiting, and a sync
 * looks again.
 */
#include "keyfactor_certs.h"

#include <string.h>

#define LOOKING	 "looking for the certificate of the request (GET /Certificates)"
#define FETCHING "fetching the certificate that was issued (POST /Certificates/Download)"

static step_fn looked, fetched;

struct fetch {
	struct request *row;
};

/* The row travels as the operation's own. */
static void fetch_done(void *fetch)
{
	request_unref(((struct fetch *)fetch)->row);
	g_free(fetch);
}

static struct request *row_of(const struct op *op)
{
	const struct fetch *f = ((struct keyfactor *)op->scratch)->mine;

	return f->row;
}

struct next keyfactor_fetch(struct op *op, struct request *row)
{
	struct keyfactor *k = op->scratch;
	g_autoptr(keyfactor_kept) kept = keyfactor_kept_read(row->kept);
	struct fetch *f = g_new0(struct fetch, 1);
	g_autofree char *query = NULL;

	if (k->mine)
		k->free_mine(k->mine);
	f->row = row;
	k->mine = f;
	k->free_mine = fetch_done;
	query = g_strdup_printf("CertRequestId -eq %" G_GINT64_FORMAT, kept->id);
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.queryString", query,
					    "pq.sortField", "CertId", "pq.sortAscending", "1",
					    "pq.includeRevoked", "true", "pq.includeExpired", "true", NULL),
			 looked);
}

static struct next still_waits(struct op *op, const char *why)
{
	struct request *r = request_dup(row_of(op));

	r->state = REQUEST_WAITS_CA;
	r->ended = 0;
	store_set(&r->theirs, "Approved");
	store_set(&r->can, "sync");
	keyfactor_row_put(op, r);
	op_say(op, "%s is approved; %s", r->title, why);
	return next_done();
}

static struct next looked(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', LOOKING, &error);
	g_autoptr(keyfactor_cert) c = json_count(j) ? keyfactor_cert_read(json_at(j, 0)) : NULL;

	if (!j)
		op_trouble(op, "%s", error->message);
	if (!c)
		return still_waits(op, "Command does not have its certificate yet: sync looks again");
	return next_send(keyfactor_call_bytes(op, c->id, true), fetched);
}

static struct next fetched(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) certs = keyfactor_call_download(op, r, FETCHING, &error);

	if (!certs || !keyfactor_fetch_keep(op, row_of(op), certs, &error)) {
		op_trouble(op, "%s", error->message);
		return still_waits(op, "its certificate could not be fetched: sync tries again");
	}
	op_touch(op, op->store->id);
	return next_done();
}

bool keyfactor_fetch_keep(struct op *op, const struct request *row, const GPtrArray *certs, GError **error)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(row->kept);
	g_autoptr(bundle) b = bundle_new(certs->pdata[0], (GBytes **)certs->pdata + 1, certs->len - 1, NULL,
					 error);
	struct request *r;

	if (!b)
		return false;
	r = request_dup(row);
	keyfactor_row_end(r, REQUEST_ISSUED, "Issued", "", op->now);
	g_free(r->result);
	r->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);
	op_say(op, "%s was issued%s%s", r->title, *k->token ? ", and its enrolment takes it" :
	       k->sent ? " and is kept in the own repository" : "",
	       k->is_pfx ? ", without its key, which Command made: export takes that out, where Command keeps "
			   "it" : "");
	if (k->sent && !k->is_pfx && b->facts.key_hash != keyfactor_order_key(k))
		op_trouble(op, "what Command gave for %s is not for the key of its request", r->title);
	if (*k->token) {	/* whoever made the key keeps both */
		g_free(k->chain);
		k->chain = bundle_pem(b->cert, (GBytes *const *)b->chain->pdata, b->chain->len);
		keyfactor_row_set_kept(r, k);
	}
	if (op->enrol)
		op_hand(op, g_steal_pointer(&b));
	else if (k->sent && !*k->token)
		op_keep_bundle(op, g_steal_pointer(&b));
	keyfactor_row_put(op, r);
	return true;
}
