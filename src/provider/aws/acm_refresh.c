/*
 * acm_refresh: reading the certificates of ACM in a region: the list, then what changed.
 *
 * A list is a call for hundreds of certificates and a detail a call for one, so details are asked
 * only for what the list says is new or different, and for what waits, since a list is silent
 * about that.  What the list has is shown before the details come, and the details of its first
 * pages are asked for while the others are on their way.
 */
#include "acm.h"

#include <string.h>

#define SOON  (60 * 24 * 3600)	/* seconds before the end from when on ACM renews */
#define SHOWN 1000		/* calls after which what has come is shown */
#define PAGE  UINT32_MAX

/* One call about one certificate. */
struct errand {
	struct acm_cert *cert;
	bool is_bytes;		/* GetCertificate; else DescribeCertificate */
};

struct refresh {
	struct acm_list list;	/* first: acm_list.c looks for it there */
	GHashTable *known;	/* the memo's, by alias */
	struct acm_rows rows;
	GArray *errands;
	GArray *asked;		/* by number of the call: which errand, or PAGE */
	guint taken;		/* errands that were asked */
	bool page_is_due;	/* the next page of the list goes before all errands */
	guint planned;		/* of list.order */
	guint heard;
	char *region;
};

static step_fn listed, end;

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	acm_list_done(&f->list);
	g_hash_table_unref(f->known);
	acm_rows_done(&f->rows);
	g_array_unref(f->errands);
	g_array_unref(f->asked);
	g_free(f->region);
}

static struct refresh *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

struct next acm_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f;

	(void)none;
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	f = aws_mine(op, sizeof(*f), refresh_done);
	acm_list_init(&f->list, op->memo, op->now, listed);
	f->known = acm_memo_read(op->memo);
	acm_rows_init(&f->rows);
	f->errands = g_array_new(FALSE, FALSE, sizeof(struct errand));
	f->asked = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	f->region = aws_arn_region(op->store->address);
	return acm_list_ask(op);
}

/* ---- rows ---- */

static void put_rows(struct op *op)
{
	struct refresh *f = mine(op);

	acm_rows_find(&f->rows, op);
	for (guint i = 0; i < f->list.order->len; i++) {
		const struct acm_cert *c = f->list.order->pdata[i];

		if (acm_cert_is_row(c))
			acm_rows_put(&f->rows, op, c);
	}
	op_memo(op, acm_memo_write(f->list.certs, &f->list.note));
}

/* ---- what has to be asked ---- */

/* Of what changes while its summary stays the same. */
static bool is_moving(const struct refresh *f, const struct acm_cert *c, int64_t now)
{
	bool is_soon = c->not_after > now && c->not_after - now < SOON;

	if (!strcmp(c->status, "PENDING_VALIDATION"))
		return true;
	if (strcmp(c->status, "ISSUED") || !strcmp(c->type, "IMPORTED"))
		return false;
	if (f->list.is_search)
		return !strcmp(c->renewal, "PENDING_VALIDATION");
	return is_soon && strcmp(c->eligibility, "INELIGIBLE");
}

/* A search tells all that a sound certificate has to say. */
static bool wants_details(const struct refresh *f, const struct acm_cert *c, int64_t now)
{
	if (!f->list.is_search || !acm_cert_is_row(c) || is_moving(f, c, now))
		return true;
	return *c->renewal && strcmp(c->renewal, "SUCCESS");
}

/* Whether what was read of its bytes still holds. */
static bool has_bytes(struct op *op, const struct acm_cert *c, const struct acm_cert *old)
{
	const struct refresh *f = mine(op);
	bool is_told = *c->serial && *old->serial;

	return acm_rows_is_read(&f->rows, op, old) &&
	       (!is_told || !strcmp(c->serial, old->serial)) &&
	       (!c->not_before || c->not_before == old->not_before) &&
	       (!c->not_after || c->not_after == old->not_after) &&
	       (!c->imported || c->imported == old->imported) &&
	       (!c->issued || c->issued == old->issued);
}

static void add_errand(struct refresh *f, struct acm_cert *c, bool is_bytes)
{
	struct errand e = { c, is_bytes };

	g_array_append_val(f->errands, e);
}

/* The old one takes the place of what the list told, which is less. */
static struct acm_cert *take_known(struct refresh *f, guint i, struct acm_cert *old)
{
	g_hash_table_steal(f->known, old->alias);
	f->list.order->pdata[i] = old;
	g_hash_table_replace(f->list.certs, old->alias, old);	/* frees the other one */
	old->is_missed = false;
	return old;
}

static void plan_one(struct op *op, guint i)
{
	struct refresh *f = mine(op);
	struct acm_cert *c = f->list.order->pdata[i];
	struct acm_cert *old = g_hash_table_lookup(f->known, c->alias);
	bool is_same = old && acm_cert_is_same(c, old);
	bool has_same_bytes = old && has_bytes(op, c, old);

	if (is_same) {
		c = take_known(f, i, old);
		c->has_digest = has_same_bytes;
	} else if (has_same_bytes) {
		acm_cert_keep(c, old);
	}
	if ((!is_same || !c->has_details || is_moving(f, c, op->now)) && wants_details(f, c, op->now))
		add_errand(f, c, false);
	if (acm_cert_is_row(c) && !has_same_bytes)
		add_errand(f, c, true);
}

static bool has_new_rows(struct op *op)
{
	const struct refresh *f = mine(op);

	for (guint i = 0; i < f->list.order->len; i++) {
		const struct acm_cert *c = f->list.order->pdata[i];

		if (acm_cert_is_row(c) && !g_hash_table_contains(f->rows.rows, c->alias))
			return true;
	}
	return false;
}

static void show_rows(struct op *op)
{
	put_rows(op);
	op_show_rows(op);
}

/* A part of the list must not take the place of all that was known. */
static bool may_show(const struct op *op, const struct refresh *f)
{
	return !f->list.has_more || !op->old || !op->old->n;
}

/* What has come of the list since the last time; how many calls more that makes. */
static size_t plan(struct op *op)
{
	struct refresh *f = mine(op);
	guint before = f->errands->len;

	acm_rows_find(&f->rows, op);
	for (; f->planned < f->list.order->len; f->planned++)
		plan_one(op, f->planned);
	if (!f->list.has_more)
		acm_rows_miss(f->known, f->list.certs, f->list.order, f->list.is_cut);
	f->planned = f->list.order->len;
	f->page_is_due = f->list.has_more;
	if (f->errands->len && may_show(op, f) && has_new_rows(op))
		show_rows(op);
	return f->errands->len - before + f->page_is_due;
}

/* ---- asking ---- */

static struct ask ask_page(struct op *op)
{
	struct refresh *f = mine(op);
	g_autoptr(GError) error = NULL;
	struct request_out *r = acm_list_page(op, &error);

	f->page_is_due = false;
	if (!r) {
		f->list.is_cut = true;
		op_trouble(op, "%s", error->message);
	}
	return (struct ask){ .send = r };
}

static struct ask ask_errand(struct op *op, const struct errand *e)
{
	g_autofree char *arn = aws_arn(op->store, e->cert->alias);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateArn", arn);
	json_close(&w, '}');
	r = aws_call_json(op->access->with, AWS_ACM, mine(op)->region,
			  e->is_bytes ? "GetCertificate" : "DescribeCertificate", body->str, NULL);
	if (r)
		r->is_repeatable = true;
	return (struct ask){ .send = r };
}

/* Numbers are given in order. */
static struct ask ask_next(struct op *op, size_t i)
{
	struct refresh *f = mine(op);
	uint32_t which = f->page_is_due ? PAGE : f->taken++;

	(void)i;
	g_array_append_val(f->asked, which);
	return which == PAGE ? ask_page(op) :
			       ask_errand(op, &g_array_index(f->errands, struct errand, which));
}

static void take_description(struct op *op, struct acm_cert *c, const struct json *j)
{
	struct acm_cert *d = acm_cert_read(j, op->store);

	if (d && !strcmp(d->alias, c->alias)) {
		acm_cert_add(c, d);
		return;
	}
	acm_cert_free(d);
	op_trouble(op, "%s in %s: its description is of another certificate, or of none", c->name,
		   mine(op)->region);
}

static void take_bytes(struct op *op, struct acm_cert *c, const struct json *j,
		       const struct reply *r)
{
	struct refresh *f = mine(op);

	if (acm_rows_take(&f->rows, op, c, json_str(j, "Certificate")))
		acm_status_take(op, c, r);
	else
		op_trouble(op, "%s in %s: what ACM gives for it is no certificate", c->name, f->region);
}

/* Deleted meanwhile, or not issued yet: the next list will tell. */
static bool is_passing(const struct reply *r)
{
	struct aws_error e = { 0 };
	bool is = aws_error_read(r, &e) &&
		  (aws_error_is(&e, "ResourceNotFound") || aws_error_is(&e, "RequestInProgress"));

	aws_error_done(&e);
	return is;
}

static void hear_errand(struct op *op, const struct errand *e, const struct reply *r)
{
	struct refresh *f = mine(op);
	g_autofree char *what = g_strdup_printf("%s in %s: %s it", e->cert->name, f->region,
						e->is_bytes ? "reading" : "describing");
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	if (is_passing(r))
		return;
	j = aws_call_read_json(r, what, &error);
	if (!j)
		op_trouble(op, "%s", error->message);
	else if (e->is_bytes)
		take_bytes(op, e->cert, j, r);
	else
		take_description(op, e->cert, j);
}

static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	uint32_t which = g_array_index(f->asked, uint32_t, i);

	(void)none;
	if (which == PAGE) {
		acm_list_hear(op, r);
		op_more(op, plan(op));
	} else {
		hear_errand(op, &g_array_index(f->errands, struct errand, which), r);
		f->heard++;
		if (f->heard % SHOWN == 0 && may_show(op, f))
			show_rows(op);
	}
	op_progress(op, f->heard, f->errands->len);
}

static struct next listed(struct op *op, const struct reply *none)
{
	size_t n = plan(op);

	(void)none;
	op_progress(op, 0, mine(op)->errands->len);
	return n ? next_each(n, ask_next, hear, end) : end(op, NULL);
}

/* ---- the end ---- */

static void say(struct op *op)
{
	const struct refresh *f = mine(op);
	guint rows = 0, n = f->list.order->len;

	for (guint i = 0; i < n; i++)
		rows += acm_cert_is_row(f->list.order->pdata[i]);
	op_say(op, "%u certificate%s in %s", rows, rows == 1 ? "" : "s", f->region);
	if (n > rows)
		op_say(op, "%s, and %u that %s not issued", op->said, n - rows,
		       n - rows == 1 ? "is" : "are");
}

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);

	(void)none;
	put_rows(op);
	acm_status_put(op, f->list.certs, !f->list.is_cut);
	acm_domains_put(op, f->list.certs);
	say(op);
	return next_done();
}
