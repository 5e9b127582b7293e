/*
 * vault_look: what an engine has issued since an order was sent whose answer was lost.
 *
 * The list has what was issued, but for roles that are told not to store it; serials that were there
 * at the last refresh are not read again.  That one of the same names which begins at that time is
 * that of the order is as good as certain, and not more: somebody else may have asked for the same.
 */
#include "vault_kf.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/x509.h>

#define READ_MAX 1000
#define EARLY	 (5 * CLOCK_MINUTE)	/* roles may date back what they issue, and clocks differ */
#define KF_EARLY CLOCK_HOUR		/* Microsoft's CAs date back ten minutes, more when told so */

static step_fn listed, end;

/* Before 1.4 Keyfactor's engine read in another place. */
static const char *reads_of(const struct op *op)
{
	const char *const *reads = vault_engine_find(op->store->type)->reads;
	struct vault_memo m;
	int version;

	vault_memo_read(&m, op->memo);
	version = vault_kf_version(m.facts);
	vault_memo_done(&m);
	return vault_kf_is(op->store) && version && version < VAULT_KF_OAUTH ? reads[1] : reads[0];
}

struct next vault_look_issued(struct op *op, step_fn *then)
{
	struct vault_order *o = vault_mine(op);
	g_autofree char *path = vault_below(op, "certs");

	o->then = then;
	o->reads = reads_of(op);
	return next_send(vault_ask_list(op, path), listed);
}

static int64_t early(const struct op *op)
{
	return vault_kf_is(op->store) ? KF_EARLY : EARLY;
}

static struct ask ask_one(struct op *op, size_t i)
{
	const struct vault_order *o = vault_mine(op);
	g_autofree char *rest = g_strconcat(o->reads, o->wanted->pdata[i], NULL);
	g_autofree char *path = vault_below(op, rest);

	return (struct ask){ .send = vault_ask(op, path, NULL) };
}

/* Whether it is for all the names that were asked for, and for no others. */
static bool is_for(const struct bundle *b, char *const *names)
{
	g_auto(GStrv) has = facts_sorted_names(&b->facts);

	if (g_strv_length(has) != g_strv_length((char **)(uintptr_t)names))
		return false;
	for (; *names; names++) {
		bool is_there = false;

		for (char **n = has; *n && !is_there; n++)
			is_there = !g_ascii_strcasecmp(*n, *names);
		if (!is_there)
			return false;
	}
	return true;
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct vault_order *o = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	struct bundle *b = j ? vault_issued_read(json_get(j, "data"), NULL) : NULL;

	(void)i;
	(void)none;
	op_progress(op, op->done + 1, o->wanted->len);
	if (!j && !vault_is_empty(r)) {
		g_autofree char *path = vault_below(op, o->reads);

		o->has_failed = true;
		vault_explain(op, r, "reading what was issued", "read", path);
	}
	if (b && (o->key_of ? x509_csr_fits(o->key_of, b->cert) :
			      b->facts.not_before >= o->kept->sent - early(op) && is_for(b, o->names)))
		g_ptr_array_add(o->found, b);
	else
		bundle_free(b);
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct vault_order *o = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

	if (!j && !vault_is_empty(r)) {
		g_autofree char *path = vault_below(op, "certs/");

		return vault_refuse(op, r, "looking at what was issued", "list", path);
	}
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		if (op->old->seen < o->kept->sent ||
		    (op->old->print[i] && (int64_t)op->old->not_before[i] * 60 < o->kept->sent - early(op)))
			g_hash_table_add(known, op->old->aliases + op->old->alias[i]);
	for (size_t i = 0; i < json_count(keys); i++) {
		const char *serial = json_text(json_at(keys, i));

		if (!serial || g_hash_table_contains(known, serial) ||
		    strspn(serial, "0123456789abcdefABCDEF:-") != strlen(serial))
			continue;
		if (o->wanted->len < READ_MAX)
			g_ptr_array_add(o->wanted, g_strdup(serial));
		else
			o->is_cut = true;
	}
	return next_each(o->wanted->len, ask_one, hear_one, end);
}

/* ---- what it comes to ---- */

static struct next issued(struct op *op)
{
	struct vault_order *o = vault_mine(op);

	o->bundle = bundle_dup(o->found->pdata[0]);
	vault_order_end(op, REQUEST_ISSUED, "Issued", "");
	op_keep_bundle(op, bundle_dup(o->bundle));
	op_touch(op, op->store->id);
	op_say(op, "%s was issued, though the answer was lost; it is kept in the own repository",
	       o->row->title);
	return next_done();
}

/* Its key was in the answer, and nowhere else. */
static struct next key_is_lost(struct op *op)
{
	struct vault_order *o = vault_mine(op);
	const struct bundle *b = o->found->pdata[0];
	g_autofree char *reason = g_strdup_printf("it was issued with the serial %s, but its key was lost "
						  "with the answer: revoke it, and order again",
						  b->facts.serial);

	vault_order_end(op, REQUEST_FAILED, "Key lost", reason);
	op_touch(op, op->store->id);
	return next_fail(op, ERR_REPLY, "%s: %s", o->row->title, reason);
}

char *vault_look_doubt(struct op *op, enum err *ret_code)
{
	const struct vault_order *o = vault_mine(op);
	const struct vault *v = op->scratch;

	*ret_code = o->has_failed ? v->code : ERR_PENDING;
	if (o->has_failed)
		return g_strdup_printf("whether it was issued is not known: %s", v->failed);
	return o->is_cut ? g_strdup_printf("more than %d certificates are new since the last refresh: refresh "
					   "the store, then sync once more", READ_MAX) : NULL;
}

/* What Command issues later, or issued while the engine ended, the engine never lists. */
static struct next may_be_elsewhere(struct op *op)
{
	const struct vault_order *o = vault_mine(op);

	return next_fail(op, ERR_PENDING, "%s: the engine has nothing of these names, but Command may have "
			 "issued it, or have it waiting for somebody, without the engine knowing: look there, "
			 "then dismiss the request to order again%s", o->row->title, o->kept->has_csr ? "" :
			 "; the key that the engine made for it is lost");
}

static struct next end(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_mine(op);
	g_autofree char *doubt = NULL;
	enum err code;

	(void)none;
	if (o->key_of)
		return o->then(op, NULL);
	if (o->found->len > 1)
		return next_fail(op, ERR_PENDING, "%s: %u certificates for these names were issued since; "
				 "which is that of the order cannot be known: look at them, then dismiss "
				 "the request", o->row->title, o->found->len);
	if (o->found->len)
		return o->kept->has_csr ? issued(op) : key_is_lost(op);
	doubt = vault_look_doubt(op, &code);
	if (doubt)
		return next_fail(op, code, "%s: %s", o->row->title, doubt);
	if (o->kept->may_hide)
		return next_fail(op, ERR_PENDING, "%s: the list has nothing of these names, but the role may "
				 "issue without listing it (no_store), so that nobody can know; dismiss the "
				 "request to order again", o->row->title);
	return vault_kf_is(op->store) ? may_be_elsewhere(op) : o->then(op, NULL);
}
