/*
 * sectigo_domain_read: all domains: the list of them, the list of how their validations stand, then what
 * is told of each alone, and how those validations go that are under way.
 *
 * Lists tell nothing of delegations, so each domain is asked about; what two hundred of them have in
 * common comes in one call.
 */
#include "sectigo_domains.h"

#include <string.h>

#define LISTING	   "listing domains (GET /domain/v1)"
#define VALIDATING "listing validations (GET /dcv/validation)"
#define READING	   "reading a domain (GET /domain/v1/ID)"
#define STATUS	   "asking how a validation stands (POST /dcv/v2/validation/status)"

struct domains {
	step_fn *then;
	GPtrArray *all;		/* struct sectigo_domain */
	GHashTable *by_number, *by_name;
	GPtrArray *open;	/* those whose validation is under way, or was */
	guint failed;
	char *trouble;		/* of the first that failed */
	bool is_denied, is_broken;	/* the list was not whole */
};

static step_fn listed, validations_listed, details_read, end;

static void domains_free(void *p)
{
	struct domains *d = p;

	g_ptr_array_unref(d->all);
	g_hash_table_unref(d->by_number);
	g_hash_table_unref(d->by_name);
	g_ptr_array_unref(d->open);
	g_free(d->trouble);
	g_free(d);
}

static struct domains *of(struct op *op)
{
	return sectigo_of(op)->mine;
}

static void take(struct op *op, const struct json *j)
{
	struct domains *all = of(op);
	struct sectigo_domain *d = sectigo_domain_new(j);

	if (!d)
		return;
	if (g_hash_table_contains(all->by_number, d->number)) {
		sectigo_domain_free(d);
		return;
	}
	g_ptr_array_add(all->all, d);
	g_hash_table_insert(all->by_number, d->number, d);
	g_hash_table_insert(all->by_name, d->name, d);
}

struct next sectigo_domain_read(struct op *op, step_fn *then)
{
	struct domains *d = sectigo_call_mine(op, sizeof(*d), domains_free);

	d->then = then;
	d->all = g_ptr_array_new_with_free_func(sectigo_domain_free);
	d->by_number = g_hash_table_new(g_str_hash, g_str_equal);
	d->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	d->open = g_ptr_array_new();
	return sectigo_call_list(op, "/domain/v1", LISTING, take, listed);
}

/* ---- how validations stand ---- */

static void take_validation(struct op *op, const struct json *j)
{
	g_autofree char *said = sectigo_call_text(j, "domain", 255), *name = sectigo_domain_ascii(said, NULL);
	struct sectigo_domain *d = name ? g_hash_table_lookup(of(op)->by_name, name) : NULL;

	if (d)
		sectigo_domain_take_validation(d, j);
}

/* Of a list that breaks off what has come is told, and what was known of the rest stays. */
static struct next listed(struct op *op, const struct reply *none)
{
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);
	g_autofree char *path = NULL;

	(void)none;
	if (g_error_matches(error, ERR, ERR_SIGN_IN))
		return next_fail_error(op, g_error_copy(error));
	if (error) {
		of(op)->is_broken = true;
		op_keep_objects(op, SECTIGO_DOMAIN);
		op_keep_domains(op);
		op_trouble(op, "%s%s", error->message, sectigo_refusal_is_denied(code) ? "" :
			   "; the list broke off there: what has come is new, and what was known of the rest "
			   "stays");
	}
	if (error && !of(op)->all->len)
		return of(op)->then(op, NULL);
	path = g_strdup_printf("/dcv/%s/validation", sectigo_call_version(op));
	return sectigo_call_list(op, path, VALIDATING, take_validation, validations_listed);
}

/* ---- each alone ---- */

static struct ask ask_details(struct op *op, size_t i)
{
	const struct domains *all = of(op);
	const struct sectigo_domain *d = all->all->pdata[i];
	g_autofree char *path = g_strconcat("/domain/v1/", d->number, NULL);

	return (struct ask){ .send = all->is_denied ? NULL : sectigo_call(op, "GET", path, NULL) };
}

static void fail_one(struct op *op, int64_t code, const GError *error)
{
	struct domains *all = of(op);

	all->failed++;
	all->is_denied = all->is_denied || sectigo_refusal_is_denied(code);
	if (!all->trouble)
		all->trouble = g_strdup(error->message);
}

static void hear_details(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct domains *all = of(op);
	g_autoptr(GError) error = NULL;
	int64_t code = 0;
	g_autoptr(json) j = r ? sectigo_refusal_or_json(r, READING, &code, &error) : NULL;

	(void)none;
	if (j)
		sectigo_domain_take_details(op, all->all->pdata[i], j);
	else if (error)
		fail_one(op, code, error);
	op_progress(op, i + 1, all->all->len);
}

static bool has_row(const struct op *op, const struct sectigo_domain *d)
{
	g_autofree char *id = sectigo_dcv_row_id(op->store, d->name);
	const struct request *r = sectigo_dcv_row_find(op, id);

	return r && request_is_waiting(r);
}

static struct next validations_listed(struct op *op, const struct reply *none)
{
	struct domains *all = of(op);
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);

	(void)none;
	if (error)
		op_trouble(op, "%s", error->message);
	for (guint i = 0; i < all->all->len; i++) {
		struct sectigo_domain *d = all->all->pdata[i];

		if (d->is_high && ((*d->order && strcmp(d->order, "NOT_INITIATED")) || has_row(op, d)))
			g_ptr_array_add(all->open, d);
	}
	return next_each(all->all->len, ask_details, hear_details, details_read);
}

/* ---- what is under way ---- */

static struct ask ask_status(struct op *op, size_t i)
{
	const struct sectigo_domain *d = of(op)->open->pdata[i];

	return (struct ask){ .send = sectigo_dcv_ask_status(op, d->name) };
}

static void hear_status(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct sectigo_domain *d = of(op)->open->pdata[i];
	g_autofree char *id = sectigo_dcv_row_id(op->store, d->name);
	const struct request *old = sectigo_dcv_row_find(op, id);
	g_autoptr(GError) error = NULL;
	int64_t code = 0;
	g_autoptr(json) j = sectigo_refusal_or_json(r, STATUS, &code, &error);
	struct request *row = j ? sectigo_dcv_row(op, d->name, j, old, NULL) : NULL;

	(void)none;
	if (row && *row->records)
		store_set(&d->record, row->records);
	if (row)
		op_put_request(op, row);
	else if (error)
		fail_one(op, code, error);
}

static struct next details_read(struct op *op, const struct reply *none)
{
	(void)none;
	return next_each(of(op)->open->len, ask_status, hear_status, end);
}

/* Rows about domains that are not there any more. */
static void end_gone(struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *old = op->requests->item[i];
		const char *name = old->names && old->names[0] ? old->names[0] : "";
		struct request *r;

		if (strcmp(old->store, op->store->id) || strcmp(old->type, SECTIGO_VALIDATE) ||
		    !request_is_waiting(old) || g_hash_table_contains(of(op)->by_name, name))
			continue;
		r = request_dup(old);
		sectigo_dcv_row_end(r, REQUEST_GONE, "Gone", "the domain is not at Sectigo any more", op->now);
		op_put_request(op, r);
	}
}

static struct next end(struct op *op, const struct reply *none)
{
	struct domains *all = of(op);

	(void)none;
	if (!all->is_broken)
		end_gone(op);
	for (guint i = 0; i < all->all->len; i++)
		sectigo_domain_put(op, all->all->pdata[i]);
	if (all->failed)
		op_trouble(op, "%u of %u domains are told in part: %s", all->failed, all->all->len,
			   all->trouble);
	op_say(op, "%u domain%s", all->all->len, all->all->len == 1 ? "" : "s");
	return all->then(op, NULL);
}
