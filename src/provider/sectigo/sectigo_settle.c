/*
 * sectigo_settle: an order whose answer was lost is looked for among those for its name, by its request,
 * of which Sectigo keeps a digest.  Nothing is sent again.
 */
#include "sectigo_orders.h"

#include <string.h>

#include <certty/base/clock.h>

#define LOOKING "looking for the order (GET /ssl)"
#define READING "reading an order that may be it (GET /ssl/ID)"
#define TRIES	50
#define AT_WORK (10 * 60)	/* seconds, in which what timed out here may still be done there */

struct settling {
	GPtrArray *numbers;	/* char *, newest first */
	struct sectigo_cert *found;
	char *trouble;
};

static step_fn listed, all_read;

static void settling_free(void *p)
{
	struct settling *s = p;

	g_ptr_array_unref(s->numbers);
	sectigo_cert_free(s->found);
	g_free(s->trouble);
	g_free(s);
}

static struct settling *of(struct op *op)
{
	return sectigo_of(op)->mine;
}

static void take(struct op *op, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "sslId", 18);

	if (*number && strspn(number, "0123456789") == strlen(number))
		g_ptr_array_insert(of(op)->numbers, 0, g_steal_pointer(&number));
}

struct next sectigo_settle(struct op *op)
{
	struct settling *s = sectigo_call_mine(op, sizeof(*s), settling_free);
	g_autofree char *name = g_uri_escape_string(sectigo_order_about(op)->title, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/ssl/%s?commonName=%s", sectigo_call_version(op), name);

	s->numbers = g_ptr_array_new_with_free_func(g_free);
	return sectigo_call_list(op, path, LOOKING, take, listed);
}

static struct ask ask_one(struct op *op, size_t i)
{
	return (struct ask){ .send = sectigo_call_cert(op, of(op)->numbers->pdata[i]) };
}

static int64_t number_of(const struct sectigo_cert *c)
{
	return g_ascii_strtoll(c->alias, NULL, 10);
}

/* One that another row is about is another's; of several that are left it is the last. */
static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct settling *s = of(op);
	g_autoptr(sectigo_kept) k = sectigo_kept_read(sectigo_order_about(op)->kept);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, READING, NULL, &error);
	g_autoptr(sectigo_cert) c = j ? sectigo_cert_read(op, j) : NULL;

	(void)i;
	(void)none;
	if (error && !s->trouble)
		s->trouble = g_strdup(error->message);
	if (!c || !*k->csr_sha256 || strcmp(c->csr_sha256, k->csr_sha256))
		return;
	if (*k->renews && number_of(c) <= g_ascii_strtoll(k->renews, NULL, 10))
		return;		/* what it shall follow, and what that followed, are for the same request */
	if (sectigo_order_find(op, c->alias) || (s->found && number_of(s->found) > number_of(c)))
		return;
	sectigo_cert_free(s->found);
	s->found = g_steal_pointer(&c);
}

static struct next listed(struct op *op, const struct reply *none)
{
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);

	(void)none;
	if (error)
		return next_fail_error(op, g_error_copy(error));
	return next_each(MIN(of(op)->numbers->len, TRIES), ask_one, hear_one, all_read);
}

bool sectigo_settle_waits(const struct op *op, struct request *r)
{
	g_autoptr(GString) s = g_string_new("Sectigo shows nothing of it, and may still be at work on "
					    "it: sync again after ");

	if (op->now - r->since >= AT_WORK)
		return false;
	clock_say_utc(s, r->since + AT_WORK);
	store_set(&r->theirs, "Not answered");
	store_set(&r->reason, s->str);
	return true;
}

static struct next all_read(struct op *op, const struct reply *none)
{
	struct settling *s = of(op);
	g_autoptr(request) r = request_dup(sectigo_order_about(op));

	(void)none;
	if (!s->found && s->trouble)
		return next_fail(op, ERR_BUSY, "%s", s->trouble);
	if (!s->found) {
		if (!sectigo_settle_waits(op, r))
			sectigo_order_end(r, REQUEST_FAILED, "Not ordered", "Sectigo has no order for its "
					  "request: order it again", op->now);
		op_say(op, "%s: %s", r->title, r->reason);
		sectigo_order_put(op, request_ref(r));
		return next_done();
	}
	sectigo_ordered_number(op, r, s->found->alias);
	return sectigo_order_sync(op, NULL);
}
