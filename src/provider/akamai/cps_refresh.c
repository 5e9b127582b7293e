/*
 * cps_refresh: reading one of the two networks.
 *
 * One call tells what is deployed everywhere, with digests and without a byte (GET /active-certificates),
 * and is shown at once.  Bytes are asked for per enrollment, of both networks in one answer, and only of
 * what is not known: an hour for 2,000 enrollments at the pace that CPS allows, and never again.  What
 * Staging has as Production has it is read there.  Where that one call is not known, every enrollment is
 * asked for alone.
 */
#include "cps_enrollment.h"

#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define ACTIVE	    "reading what is deployed (GET /cps/v2/active-certificates)"
#define ENROLLMENTS "listing the enrollments (GET /cps/v2/enrollments)"
#define DEPLOYMENTS "reading the certificates of enrollment %s (GET /cps/v2/enrollments/%s/deployments)"
#define SHOWN 50	/* enrollments after which what has come is shown */

struct refresh {
	GHashTable *known;	/* the memo's, by id */
	GPtrArray *all;		/* struct cps_deployed */
	GPtrArray *wanted;	/* of them those whose bytes are not read */
	GHashTable *rows;	/* row in op->old, and one, by alias */
	unsigned network;
	guint heard, failed;
	char *trouble;		/* of the first that failed */
	char *pending;		/* what is said of changes, or NULL */
	GPtrArray *objects;	/* the enrollments as objects, or NULL */
	bool is_one_by_one, is_denied;
};

static step_fn heard_active, heard_enrollments, read_bytes, end;

static void free_deployed(void *d)
{
	cps_deployed_free(d);
}

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	g_hash_table_unref(f->known);
	g_ptr_array_unref(f->all);
	g_ptr_array_unref(f->wanted);
	g_hash_table_unref(f->rows);
	g_free(f->trouble);
	g_free(f->pending);
	g_clear_pointer(&f->objects, g_ptr_array_unref);
	g_free(f);
}

static struct refresh *mine(struct op *op)
{
	return cps_call_mine(op, sizeof(struct refresh), refresh_done);
}

struct next cps_refresh(struct op *op, const struct reply *none)
{
	g_autofree char *path = cps_call_list_path(op, "/active-certificates");
	struct refresh *f = mine(op);

	(void)none;
	f->network = cps_network_of(op->store);
	f->known = cps_memo_read(op->memo);
	f->all = g_ptr_array_new_with_free_func(free_deployed);
	f->wanted = g_ptr_array_new();
	f->rows = g_hash_table_new(g_str_hash, g_str_equal);
	return next_send(cps_call_get(op, "active-certificates.v2", path), heard_active);
}

/* ---- rows ---- */

static void find_rows(struct op *op)
{
	struct refresh *f = mine(op);

	g_hash_table_remove_all(f->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(f->rows, op->old->aliases + op->old->alias[i], GUINT_TO_POINTER(i + 1));
}

static uint64_t print_of(const struct cps_one *o)
{
	uint64_t print = 0;

	for (size_t i = 0; i < 8; i++)
		print = print << 8 | o->sha256[i];
	return print;
}

/* The row that was made of its bytes, and one; 0: none. */
static guint old_row(const struct refresh *f, const struct op *op, const char *alias, const struct cps_one *o)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(f->rows, alias));

	return row && op->old->print[row - 1] == print_of(o) ? row : 0;
}

static void put_read(struct op *op, const char *alias, GBytes *der)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	struct facts f;

	if (!x509_facts(bytes, len, &f, NULL))	/* it was sound when it came */
		return;
	op_row(op, &f, alias, f.marks | MARK_IN_USE);
	facts_done(&f);
}

static void put_row(struct op *op, const struct cps_deployed *d, const struct cps_one *o)
{
	g_autofree char *alias = cps_deployed_alias(d, o);
	guint row = o->is_read ? old_row(mine(op), op, alias, o) : 0;
	struct facts f;

	if (o->der) {
		put_read(op, alias, o->der);
	} else if (row) {
		op_old_row(op, row - 1, op->old->marks[row - 1]);
	} else {
		cps_deployed_facts(d, o, &f);
		op_row(op, &f, alias, f.marks | MARK_IN_USE);
		facts_done(&f);
	}
}

static void put_rows(struct op *op)
{
	struct refresh *f = mine(op);

	find_rows(op);
	for (guint i = 0; i < f->all->len; i++) {
		const struct cps_deployed *d = f->all->pdata[i];
		const GPtrArray *certs = d->on[f->network].certs;

		for (guint k = 0; k < certs->len; k++)
			put_row(op, d, certs->pdata[k]);
	}
	op_memo(op, cps_memo_write(f->all));
}

static void show_rows(struct op *op)
{
	put_rows(op);
	op_show_rows(op);
}

/* ---- the list ---- */

/* What was read before and is still there need not be read again. */
static void carry(struct op *op, struct cps_deployed *d)
{
	const struct refresh *f = mine(op);
	const struct cps_deployed *old = g_hash_table_lookup(f->known, d->id);
	GPtrArray *certs = d->on[f->network].certs;

	for (guint i = 0; old && i < certs->len; i++) {
		struct cps_one *o = certs->pdata[i];
		const struct cps_one *was = cps_deployed_find(old, f->network, o->sha256);
		g_autofree char *alias = cps_deployed_alias(d, o);

		if (!was || !was->is_read || !old_row(f, op, alias, o))
			continue;
		o->is_read = true;
		g_strfreev(o->chain);
		o->chain = g_strdupv(was->chain);
	}
}

/* Whether a certificate of it, here, has bytes that nobody reads but this refresh. */
static bool is_wanted(const struct op *op, const struct refresh *f, const struct cps_deployed *d)
{
	bool is_beside = f->network == CPS_ON_STAGING && cps_stores_has_production(op);
	const GPtrArray *certs = d->on[f->network].certs;

	for (guint i = 0; i < certs->len; i++) {
		const struct cps_one *o = certs->pdata[i];

		if (!o->is_read && !(is_beside && cps_deployed_find(d, CPS_ON_PRODUCTION, o->sha256)))
			return true;
	}
	return false;
}

static bool take_list(struct op *op, const struct json *list, struct cps_deployed *read(const struct json *),
		      GError **error)
{
	struct refresh *f = mine(op);
	size_t n = json_count(list);

	if (!list || n > CPS_MANY_MAX) {
		g_set_error(error, ERR, n ? ERR_LIMIT : ERR_REPLY, "%s", n ? "there are more enrollments than "
			    "can be shown" : "the answer of CPS has no list of enrollments");
		return false;
	}
	find_rows(op);
	for (size_t i = 0; i < n; i++) {
		struct cps_deployed *d = read(json_at(list, i));

		if (!d) {
			g_set_error(error, ERR, ERR_REPLY, "an enrollment in the answer of CPS has no number, "
				    "so nobody knows what is missing in it");
			return false;
		}
		g_ptr_array_add(f->all, d);
		carry(op, d);
	}
	return true;
}

/* Of enrollments that are asked for one by one, what was known stands until they answer. */
static void carry_whole(struct refresh *f)
{
	for (guint i = 0; i < f->all->len; i++) {
		struct cps_deployed *d = f->all->pdata[i], *old = g_hash_table_lookup(f->known, d->id);

		for (unsigned n = 0; old && n < CPS_NETWORKS; n++) {
			struct cps_network none = d->on[n];

			d->on[n] = old->on[n];
			old->on[n] = none;
		}
		g_ptr_array_add(f->wanted, d);
	}
}

static struct next ask_enrollments(struct op *op)
{
	g_autofree char *path = cps_call_list_path(op, "/enrollments");

	return next_send(cps_call_get(op, "enrollments.v11", path), heard_enrollments);
}

static struct next heard_active(struct op *op, const struct reply *r)
{
	struct refresh *f = mine(op);
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	f->is_one_by_one = cps_call_is_unknown(r);
	if (f->is_one_by_one)
		return ask_enrollments(op);
	j = cps_call_json(op, r, ACTIVE, &error);
	if (!j || !take_list(op, json_get(j, "enrollments"), cps_deployed_read, &error))
		return next_fail_error(op, error);
	for (guint i = 0; i < f->all->len; i++)
		if (is_wanted(op, f, f->all->pdata[i]))
			g_ptr_array_add(f->wanted, f->all->pdata[i]);
	if (f->wanted->len)
		show_rows(op);
	/* Changes belong to enrollments, not to a network: one of the two stores has them. */
	return f->network == CPS_ON_PRODUCTION ? ask_enrollments(op) : read_bytes(op, NULL);
}

static struct next heard_enrollments(struct op *op, const struct reply *r)
{
	struct refresh *f = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, ENROLLMENTS, &error);
	const struct json *list = json_get(j, "enrollments");

	if (!j)
		return next_fail_error(op, error);
	if (f->is_one_by_one) {
		if (!take_list(op, list, cps_deployed_of_enrollment, &error))
			return next_fail_error(op, error);
		carry_whole(f);
	}
	if (f->network != CPS_ON_PRODUCTION)
		return read_bytes(op, NULL);
	if (list) {
		f->objects = cps_enrollment_rows(op, list);
	} else {
		op_keep_objects(op, CPS_ENROLLMENT);
		op_trouble(op, ENROLLMENTS ": the answer has no list of them");
	}
	return cps_pending(op, list, f->all, read_bytes);
}

/* ---- bytes ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	const struct refresh *f = mine(op);
	const struct cps_deployed *d = f->wanted->pdata[i];
	g_autofree char *path = g_strdup_printf("/enrollments/%s/deployments", d->id);

	return (struct ask){ .send = f->is_denied ? NULL : cps_call_get(op, "deployments.v7", path) };
}

static void keep_bytes(struct op *op, const struct cps_deployed *d)
{
	const GPtrArray *certs = d->on[mine(op)->network].certs;

	for (guint i = 0; i < certs->len; i++) {
		const struct cps_one *o = certs->pdata[i];

		if (o->der)
			op_fresh(op, o->sha256, o->der);
	}
}

static void fail_one(struct op *op, const struct reply *r, GError *error)
{
	struct refresh *f = mine(op);

	f->is_denied = f->is_denied || akamai_ask_is_no_grant(r);
	f->failed++;
	if (!f->trouble)
		f->trouble = g_strdup(error->message);
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	struct cps_deployed *d = f->wanted->pdata[i];
	g_autofree char *what = g_strdup_printf(DEPLOYMENTS, d->id, d->id);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	(void)none;
	f->heard++;
	op_progress(op, f->heard, f->wanted->len);
	if (cps_call_is_gone(r))		/* removed meanwhile: the next list will tell */
		return;
	j = cps_call_json(op, r, what, &error);
	if (j && cps_deployed_take(d, j))
		keep_bytes(op, d);
	else if (j)
		error = g_error_new(ERR, ERR_REPLY, "%s: the answer does not tell of both networks", what);
	if (error)
		fail_one(op, r, error);
	if (f->heard % SHOWN == 0)
		show_rows(op);
}

static struct next read_bytes(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);

	(void)none;
	f->pending = cps_pending_put(op);
	if (f->objects)
		cps_enrollment_put(op, f->objects);
	op_progress(op, 0, f->wanted->len);
	return next_each(f->wanted->len, ask_one, hear_one, end);
}

/* ---- the end ---- */

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);
	guint n = 0, enrollments = 0;

	(void)none;
	put_rows(op);
	for (guint i = 0; i < f->all->len; i++) {
		const struct cps_deployed *d = f->all->pdata[i];

		n += d->on[f->network].certs->len;
		enrollments += d->on[f->network].certs->len > 0;
	}
	if (f->trouble)
		op_trouble(op, "the certificates of %u enrollment%s could not be read: %s", f->failed,
			   f->failed == 1 ? "" : "s", f->trouble);
	op_say(op, "%u certificate%s of %u enrollment%s in %s%s", n, n == 1 ? "" : "s", enrollments,
	       enrollments == 1 ? "" : "s", cps_network_titles[f->network], f->pending);
	return next_done();
}
