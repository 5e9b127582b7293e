/*
 * route53: putting validation records into the public zones that an account has.
 *
 * One change for each zone, sent after each other: Route 53 takes one at a time and few calls a
 * second for a whole account.  Records are set, never taken away: those of a certificate's names
 * are needed for each of its renewals, and by other regions' certificates too.  A name has one CNAME
 * and many texts, so a text is added to those that stand there, which are read just before.
 */
#include "route53.h"

#include <string.h>

#include <certty/base/text.h>

#define LISTING	  "listing the zones of Route 53"
#define CHANGING  "setting DNS records in Route 53"
#define ASKING	  "asking whether Route 53's servers have the records"
#define PAGES_MAX 200
#define READING	  "reading the records that stand in Route 53"
#define BATCH_MAX 400	/* records of a change; an UPSERT counts twice towards the 1,000 */
#define ROUND_MS  5000
#define ROUNDS	  24	/* two minutes; a minute is what it usually takes */

struct batch {
	const struct route53_zone *zone;
	GPtrArray *sets;	/* struct route53_set */
	bool is_text;		/* one set, to which others' values belong */
};

struct publishing {
	GPtrArray *zones;	/* struct route53_zone */
	char *marker;
	guint pages;
	GPtrArray *batches;	/* struct batch */
	guint at, rounds, failed;
	char *change;
};

static step_fn listed, found, changed, ask, told;

static void batch_free(void *p)
{
	struct batch *b = p;

	g_ptr_array_unref(b->sets);
	g_free(b);
}

static void publishing_done(void *p)
{
	struct publishing *t = p;

	if (t->zones)
		g_ptr_array_unref(t->zones);
	if (t->batches)
		g_ptr_array_unref(t->batches);
	g_free(t->marker);
	g_free(t->change);
}

static struct publishing *mine(struct op *op)
{
	struct publishing *t = aws_mine(op, sizeof(*t), publishing_done);

	if (!t->zones) {
		t->zones = g_ptr_array_new_with_free_func(route53_zone_free);
		t->batches = g_ptr_array_new_with_free_func(batch_free);
	}
	return t;
}

static struct next call(struct op *op, const char *operation, const char *path, const char *body,
			step_fn *step)
{
	GError *error = NULL;
	struct request_out *r = aws_call_rest(op->access->with, AWS_ROUTE53, operation, path, body,
					      &error);

	return r ? next_send(r, step) : next_fail_error(op, error);
}

/* ---- the zones ---- */

static struct next list(struct op *op)
{
	const struct publishing *t = mine(op);
	g_autofree char *marker = t->marker ? g_uri_escape_string(t->marker, NULL, FALSE) : NULL;
	g_autofree char *path = g_strconcat(ROUTE53_API "hostedzone?", marker ? "marker=" : "",
					    marker ? marker : "", marker ? "&" : "", "maxitems=100",
					    NULL);

	return call(op, "ListHostedZones", path, NULL, listed);
}

/* ---- which record goes where ---- */

static struct batch *batch_new(struct publishing *t, const struct route53_zone *zone, bool is_text)
{
	struct batch *b = g_new0(struct batch, 1);

	b->zone = zone;
	b->is_text = is_text;
	b->sets = g_ptr_array_new_with_free_func(route53_set_free);
	g_ptr_array_add(t->batches, b);
	return b;
}

static struct batch *batch_of(struct publishing *t, const struct route53_zone *zone)
{
	for (guint i = 0; i < t->batches->len; i++) {
		struct batch *b = t->batches->pdata[i];

		if (b->zone == zone && !b->is_text && b->sets->len < BATCH_MAX)
			return b;
	}
	return batch_new(t, zone, false);
}

static struct route53_set *find_set(struct publishing *t, const struct route53_set *like,
				    struct batch **ret)
{
	for (guint i = 0; i < t->batches->len; i++) {
		struct batch *b = t->batches->pdata[i];

		for (guint k = 0; k < b->sets->len; k++) {
			*ret = b;
			if (route53_set_is_at(b->sets->pdata[k], like->name, like->type))
				return b->sets->pdata[k];
		}
	}
	return NULL;
}

/* The same record is asked for by several requests; two CNAMEs cannot stand at one name. */
static void put_set(struct op *op, const struct route53_zone *zone, struct route53_set *set)
{
	struct publishing *t = mine(op);
	bool is_text = !g_ascii_strcasecmp(set->type, "TXT"), is_more = false;
	struct batch *b = NULL;
	struct route53_set *other = find_set(t, set, &b);

	if (!other) {
		b = is_text ? batch_new(t, zone, true) : batch_of(t, zone);
		g_ptr_array_add(b->sets, set);
			return;
	}
	is_more = route53_set_join(set, other);
	if (is_more && is_text) {
		g_ptr_array_remove(b->sets, other);	/* frees it */
		g_ptr_array_add(b->sets, set);
		return;
	}
	if (is_more)
		op_trouble(op, "%s: two requests want different values there", set->name);
	route53_set_free(set);
}

static void sort_in(struct op *op, struct dns_record *r)
{
	guint n = 0;
	const struct route53_zone *zone = route53_find_zone(mine(op)->zones, r->name, &n);
	g_autoptr(GError) error = NULL;
	struct route53_set *set;

	if (!zone)
		return;
	if (n > 1) {
		op_trouble(op, "%s: this account has %u public zones %s, and which of them is in use "
			   "is not for certty to guess: put the record into the right one by hand, or "
			   "delete the others", r->name, n, zone->name);
		return;
	}
	set = route53_set_new(r, &error);
	if (set)
		put_set(op, zone, set);
	else
		op_trouble(op, "%s: %s", r->name, error->message);
}

/* ---- zone after zone ---- */

static struct next change(struct op *op, const struct batch *b)
{
	g_autofree char *path = g_strconcat(ROUTE53_API "hostedzone/", b->zone->id, "/rrset/", NULL);
	g_autofree char *body = route53_write_change(b->sets);

	return call(op, "ChangeResourceRecordSets", path, body, changed);
}

/* What stands there must be set once more, or it would go. */
static struct next look_up(struct op *op, const struct batch *b)
{
	const struct route53_set *s = b->sets->pdata[0];
	g_autofree char *name = g_uri_escape_string(s->name, NULL, FALSE);
	g_autofree char *path = g_strdup_printf(ROUTE53_API "hostedzone/%s/rrset?maxitems=1&name=%s&"
						"type=%s", b->zone->id, name, s->type);

	return call(op, "ListResourceRecordSets", path, NULL, found);
}

static struct next next_batch(struct op *op)
{
	struct publishing *t = mine(op);

	if (t->at < t->batches->len) {
		const struct batch *b = t->batches->pdata[t->at];

		op_progress(op, t->at, t->batches->len);
		return b->is_text ? look_up(op, b) : change(op, b);
	}
	if (t->failed && !op->n_published)
		return next_fail(op, ERR_REFUSED, "%s", (const char *)
				 op->troubles->pdata[op->troubles->len - 1]);
	op_say(op, "%u DNS record%s in Route 53, on all of its servers", op->n_published,
	       op->n_published == 1 ? "" : "s");
	return next_done();
}

static struct next give_up(struct op *op, GError *error /* taken */)
{
	struct publishing *t = mine(op);
	const struct batch *b = t->batches->pdata[t->at];

	op_trouble(op, "zone %s: %s", b->zone->name, error->message);
	g_error_free(error);
	t->failed++;
	t->at++;
	return next_batch(op);
}

static bool has_record(const struct batch *b, const struct dns_record *r)
{
	struct route53_set *set = route53_set_new(r, NULL);
	bool has = false;

	for (guint i = 0; set && i < b->sets->len && !has; i++)
		has = route53_set_is_at(b->sets->pdata[i], set->name, set->type) &&
		      !route53_set_join(set, b->sets->pdata[i]);
	if (set)
		route53_set_free(set);
	return has;
}

static struct next is_in(struct op *op)
{
	struct publishing *t = mine(op);
	const struct batch *b = t->batches->pdata[t->at];

	for (guint i = 0; i < op->records->len; i++)
		if (has_record(b, op->records->pdata[i]))
			op_published(op, op->records->pdata[i]);
	t->at++;
	return next_batch(op);
}

/* Whether a change is everywhere; else it is asked for until it is. */
static struct next follow(struct op *op, const struct reply *r, const char *what)
{
	struct publishing *t = mine(op);
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, what, &error);
	bool is_everywhere = false;
	char *id = NULL;

	if (!x || !route53_read_change(x, &id, &is_everywhere, &error))
		return give_up(op, error);
	g_free(t->change);
	t->change = id;
	if (is_everywhere)
		return is_in(op);
	if (t->rounds--)
		return next_wait(ROUND_MS, ask);
	return give_up(op, g_error_new(ERR, ERR_PENDING, "the records are set, and not on all of "
				       "Route 53's servers yet"));
}

static struct next found(struct op *op, const struct reply *r)
{
	struct publishing *t = mine(op);
	const struct batch *b = t->batches->pdata[t->at];
	struct route53_set *s = b->sets->pdata[0], *there = NULL;
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, READING, &error);
	bool is_more;

	if (!x || !route53_read_set(x, s->name, s->type, &there, &error))
		return give_up(op, error);
	if (!there)
		return change(op, b);
	is_more = route53_set_join(s, there);
	route53_set_free(there);
	return is_more ? change(op, b) : is_in(op);
}

static struct next changed(struct op *op, const struct reply *r)
{
	mine(op)->rounds = ROUNDS;
	return follow(op, r, CHANGING);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat(ROUTE53_API "change/", mine(op)->change, NULL);

	(void)none;
	return call(op, "GetChange", path, NULL, told);
}

static struct next told(struct op *op, const struct reply *r)
{
	return follow(op, r, ASKING);
}

static GPtrArray *names_of(const GPtrArray *zones)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < zones->len; i++)
		g_ptr_array_add(names, g_strdup(((struct route53_zone *)zones->pdata[i])->name));
	return names;
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct publishing *t = mine(op);
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, LISTING, &error);
	g_autofree char *before = g_steal_pointer(&t->marker);

	if (!x || !route53_read_zones(x, t->zones, &t->marker, &error))
		return next_fail_error(op, error);
	/* A marker that comes again leads nowhere. */
	if (t->marker && g_strcmp0(t->marker, before) != 0 && ++t->pages < PAGES_MAX)
		return list(op);
	if (!t->marker)
		op_zones(op, names_of(t->zones));
	for (guint i = 0; i < op->records->len; i++)
		sort_in(op, op->records->pdata[i]);
	return next_batch(op);
}

struct next route53_publish(struct op *op, const struct reply *none)
{
	(void)none;
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (!op->records || !op->records->len)
		return next_done();
	return list(op);
}
