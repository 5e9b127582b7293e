/*
 * acm_sync: asking again how a request stands: ACM itself, then the servers of the zones that its
 * records belong into, one by one.
 *
 * ACM does not say why it still waits; the servers do.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#include "provider/dns_seen.h"

#define LISTING	    "looking for the order among the region's certificates"
#define PAGES_MAX   20
#define CLOCK_SLACK 300	/* seconds that ACM's clock may be behind ours */

static step_fn stands, looked, list, listed;

/* ---- the zones' own servers ---- */

/* The row once more, with what DNS has. */
static void put_seen(struct op *op, bool is_there)
{
	struct acm_watch *w = acm_watch_get(op);
	struct request *row;

	store_set(&w->kept->dns, is_there ? "there" : "missing");
	acm_status_set_kept(w->row, w->kept);
	row = w->cert ? acm_status_request(w->cert, op->store, w->row, op->now) : NULL;
	acm_watch_put(op, row ? row : request_dup(w->row));
}

static struct next looked(struct op *op, const struct reply *none)
{
	const struct dns_seen *l = op->work->in;
	struct acm_watch *w = acm_watch_get(op);
	guint n = l->records->len;

	(void)none;
	put_seen(op, dns_seen_all(l));
	for (guint i = 0; i < l->troubles->len; i++)
		op_trouble(op, "%s", (const char *)l->troubles->pdata[i]);
	if (dns_seen_all(l))
		op_say(op, "%s: every server of its zone%s has the record%s; ACM looks by itself, "
		       "which takes minutes and now and then half an hour", w->row->title,
		       n == 1 ? "" : "s", n == 1 ? "" : "s");
	else
		op_say(op, "%s: %u of %u records are on every server of their zone", w->row->title,
		       l->there, n);
	return next_done();
}

/* ---- how it stands ---- */

static struct next stands(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);
	struct work *look = request_is_waiting(w->row) ? dns_seen_work(op, w->row->records) : NULL;

	(void)none;
	if (look)
		return next_work(look, looked);
	if (*w->row->reason)
		op_say(op, "%s: %s: %s", w->row->title, w->row->theirs, w->row->reason);
	else
		op_say(op, "%s: %s", w->row->title, w->row->theirs);
	return next_done();
}

/* ---- an order whose answer was lost ---- */

struct listing {
	char *token;		/* of the next page */
	guint pages;
	struct acm_cert *found;
	guint n;		/* that could be it */
};

static void listing_free(void *p)
{
	struct listing *l = p;

	g_free(l->token);
	acm_cert_free(l->found);
	g_free(l);
}

static struct next list(struct op *op, const struct reply *none)
{
	static const char *const keys[] = { "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096",
					    "EC_prime256v1", "EC_secp384r1", "EC_secp521r1" };
	struct listing *l = acm_watch_get(op)->more;
	struct acm_body b;

	(void)none;
	acm_body_begin(&b);
	json_open(&b.w, "Includes", '{');
	json_open(&b.w, "keyTypes", '[');
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		json_put_str(&b.w, NULL, keys[i]);
	json_close(&b.w, ']');
	json_close(&b.w, '}');
	json_put_str(&b.w, "SortBy", "CREATED_AT");
	json_put_str(&b.w, "SortOrder", "DESCENDING");
	json_put_int(&b.w, "MaxItems", 100);
	if (l->token)
		json_put_str(&b.w, "NextToken", l->token);
	return acm_body_send(&b, op, AWS_ACM, "ListCertificates", listed);
}

static bool is_wanted(const struct op *op, const struct acm_watch *w, const struct acm_cert *c)
{
	g_autofree char *id = acm_status_id(op->store, c->alias);

	if (c->created < w->kept->sent - CLOCK_SLACK || acm_status_find(op, id) ||
	    !strcmp(c->type, "IMPORTED") || g_ascii_strcasecmp(c->name, w->row->title))
		return false;
	for (char **name = w->row->names; *name && c->names[0]; name++)
		if (!c->has_more_names && !g_strv_contains((const char *const *)c->names, *name))
			return false;
	return true;
}

/* Whether all that could be it has been seen: what follows is older. */
static bool take_page(struct op *op, const struct json *page)
{
	struct acm_watch *w = acm_watch_get(op);
	struct listing *l = w->more;
	const struct json *certs = json_get(page, "CertificateSummaryList");
	const char *token = json_str(page, "NextToken");
	bool is_older = false, is_again = l->token && !g_strcmp0(token, l->token);

	for (size_t i = 0; i < json_count(certs); i++) {
		struct acm_cert *c = acm_cert_read(json_at(certs, i), op->store);

		is_older = is_older || (c && c->created && c->created < w->kept->sent - CLOCK_SLACK);
		if (c && is_wanted(op, w, c)) {
			l->n++;
			acm_cert_free(l->found);
			l->found = c;
		} else {
			acm_cert_free(c);
		}
	}
	g_free(l->token);
	l->token = is_again ? NULL : g_strdup(token);
	return is_older || !l->token || ++l->pages == PAGES_MAX;
}

static struct next watch(struct op *op, const struct reply *none)
{
	(void)none;
	return acm_watch_ask(op, 0, stands);
}

/* The row becomes the one of the certificate that was found. */
static struct next adopt(struct op *op, const struct acm_cert *c)
{
	struct acm_watch *w = acm_watch_get(op);
	g_autofree char *id = acm_status_id(op->store, c->alias);
	struct request *row = request_dup(w->row);

	op_drop_request(op, w->row->id);
	store_set(&row->id, id);
	store_set(&row->reason, "");
	store_set(&w->kept->alias, c->alias);
	acm_status_set_kept(row, w->kept);
	acm_watch_put(op, row);
	return watch(op, NULL);
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct acm_watch *w = acm_watch_get(op);
	struct listing *l = w->more;
	GError *error = NULL;
	g_autoptr(json) j = acm_fetch_check(r, LISTING, "acm:ListCertificates", &error) ?
		aws_call_read_json(r, LISTING, &error) : NULL;
	struct request *row;

	if (!j)
		return next_fail_error(op, error);
	if (!take_page(op, j))
		return list(op, NULL);
	if (l->n == 1)
		return adopt(op, l->found);
	row = request_dup(w->row);
	request_end(row, REQUEST_FAILED, "Not answered", l->n ?
		       "several certificates could be this order; they are rows of their own" :
		       "AWS has no certificate of this order: order it again", op->now);
	op_say(op, "%s: %s", row->title, row->reason);
	acm_watch_put(op, row);
	return next_done();
}

/* Within the time for which AWS knows the token the order is sent again, and is still one. */
static struct next settle(struct op *op)
{
	struct acm_watch *w = acm_watch_get(op);
	bool is_pca = !strcmp(op->store->type, AWS_STORE_CA);
	struct request *row;

	if (!*w->kept->token)
		return next_fail(op, ERR_NOT_FOUND, "%s: the row does not say what was ordered",
				 w->row->title);
	if (op->now < acm_order_token_ends(op, w->kept) && op->account->is_read_only)
		return next_fail(op, ERR_REFUSED, "%s was ordered and not answered; that is found out by "
				 "sending it again, and %s is read-only", w->row->title, op->account->id);
	if (op->now < acm_order_token_ends(op, w->kept))
		return is_pca ? pca_order_again(op, NULL) : acm_order_again(op, NULL);
	if (is_pca) {
		row = request_dup(w->row);
		request_end(row, REQUEST_FAILED, "Not answered", "whether it was issued cannot "
			       "be found out any more; an audit report of the authority tells",
			       op->now);
		op_say(op, "%s: %s", row->title, row->reason);
		acm_watch_put(op, row);
		return next_done();
	}
	w->more = g_new0(struct listing, 1);
	w->free_more = listing_free;
	return list(op, NULL);
}

struct next acm_sync(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);

	(void)none;
	if (!w->row || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (!*w->kept->alias)
		return settle(op);
	if (!strcmp(op->store->type, AWS_STORE_CA))
		return pca_order_fetch(op, NULL);
	return acm_watch_ask(op, 0, stands);
}
