/*
 * renew: one certificate is renewed in the way that is right for it.
 *
 * What a service has issued that service is told to renew.  What a CA on this machine has signed
 * gets a successor from that: an operation of the CA's store, so that it has the CA's passphrase,
 * under one at the place where the certificate lies, which has that of the place.  Of all else
 * nobody here knows where it came from, and that is said.
 *
 * Of all processes one at a time renews a certificate.
 */
#include "deploy_own.h"

#include <string.h>

static step_fn begin, ended;
static plan_fn plan_by_ca;
static void renewing_done(void *scratch);

struct renewing {
	struct operation *operation, *child;
	struct store *ca;
	GError *refusal;
};

/* What goes on at the place of a certificate that a CA here renews. */
static const struct provider provider_renew = {
	.plan = { [VERB_RENEW] = plan_by_ca },
	.scratch = sizeof(struct renewing),
	.scratch_done = renewing_done,
	.at_once_store = 1,
};

static void renewing_done(void *scratch)
{
	struct renewing *r = scratch;

	if (r->child)
		operation_abandon(r->child);
	store_unref(r->ca);
	g_clear_error(&r->refusal);
}

/* ---- where, and by whom ---- */

bool renew_is_local(const struct store *s)
{
	return !strcmp(s->provider, "local");
}

static const struct store *store_of(const struct engine *e, struct place at)
{
	return shelf_get(e->known.shelf[KIND_STORES], at.table->store);
}

static bool find_subject(struct table *t, uint32_t subject, struct place *ret)
{
	for (uint32_t row = 0; t && row < t->n; row++) {
		if (t->subject_hash[row] != subject || !(t->marks[row] & MARK_CA))
			continue;
		*ret = (struct place){ .table = t, .row = row };
		return true;
	}
	return false;
}

struct store *renew_find_ca(struct engine *e, struct place at, struct place *ret_ca)
{
	uint32_t issuer = at.table->issuer_hash[at.row];
	g_autoptr(items) stores = NULL;

	if (!issuer || issuer == at.table->subject_hash[at.row])
		return NULL;
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++) {
		struct store *s = stores->item[i];

		if (renew_is_local(s) && !strcmp(s->type, "ca") &&
		    find_subject(g_hash_table_lookup(e->known.tables, s->id), issuer, ret_ca))
			return shelf_get(e->known.shelf[KIND_STORES], s->id);
	}
	return NULL;
}

/* What was deployed there follows what it came from. */
static bool is_deployed(const struct engine *e, struct place at)
{
	g_autofree char *id = deploy_id(at.table->store, at.table->aliases + at.table->alias[at.row]);

	return shelf_get(e->known.shelf[KIND_DEPLOYS], id);
}

int renew_worth(struct engine *e, struct place at)
{
	const struct store *s = store_of(e, at);
	const struct provider *p = s ? provider_find(s->provider) : NULL;
	bool has_key = at.table->marks[at.row] & (MARK_KEY | MARK_KEY_LOCKED);
	struct place ca;

	if (!p || !p->verb[VERB_RENEW])
		return 0;
	if (!renew_is_local(s))
		return at.table->marks[at.row] & MARK_IMPORTED ? 1 : 2;
	if (!has_key || !renew_find_ca(e, at, &ca))
		return 0;
	if (!s->is_writable)
		return 3;
	if (!strcmp(s->id, deploys_repository(e)))
		return 4;
	return is_deployed(e, at) ? 5 : 6;
}

/* Why nobody renews it, of all that could be wrong. */
static void refuse(struct engine *e, struct place at, GError **error)
{
	const char *issuer = intern_text(e->known.words, at.table->issuer[at.row]);
	size_t len;
	const char *name = table_name(at.table, at.row, &len);
	struct place ca;

	if (at.table->issuer_hash[at.row] == at.table->subject_hash[at.row])
		g_set_error(error, ERR, ERR_REFUSED, "%.*s is signed by itself: make a new one, and "
			    "add it in its place", (int)len, name);
	else if (renew_find_ca(e, at, &ca))
		g_set_error(error, ERR, ERR_REFUSED, "%.*s: its private key is in no store here: "
			    "whoever has it makes a request for the CA to sign", (int)len, name);
	else
		g_set_error(error, ERR, ERR_REFUSED, "%.*s came from elsewhere, and its issuer %s is "
			    "no CA that is known here: get a new one there, and add it in its place",
			    (int)len, name, issuer);
}

static bool choose(struct task *t, uint32_t cert, struct place *ret, GError **error)
{
	struct engine *e = t->engine;
	const struct certs *c = e->known.certs;
	const char *wanted = args_text(t->command->args, "store", "");
	int best = 0;
	bool is_there = false;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p]) {
		struct place at = certs_place(c, p);
		int its = renew_worth(e, at);

		if (*wanted && strcmp(at.table->store, wanted) != 0)
			continue;
		if (!is_there || its > best)
			*ret = at;
		is_there = true;
		best = MAX(best, its);
	}
	if (!is_there)
		g_set_error(error, ERR, ERR_NOT_FOUND, "it is not in the store %s", wanted);
	else if (!best)
		refuse(e, *ret, error);
	return best > 0;
}

/* ---- by a CA on this machine ---- */

static void ca_ended(struct operation *child, const GError *error)
{
	struct renewing *r = child->who;
	struct op *op = &r->operation->op;

	r->refusal = error ? g_error_copy(error) : NULL;
	op->wants = child->op.wants;
	for (guint i = 0; i < child->op.troubles->len; i++)
		op_trouble(op, "%s", (char *)child->op.troubles->pdata[i]);
	if (child->op.said)
		op_say(op, "%s", child->op.said);
	operation_wake(r->operation);
}

static struct args *ca_args(const struct op *op)
{
	struct args *args = args_dup(op->args);

	args_set(args, "store", NULL);
	args_set(args, "at", op->store->id);
	return args;
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct renewing *r = op->scratch;
	struct operation *o = operation_of(op), *c;
	g_autoptr(args) args = ca_args(op);

	(void)none;
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	r->operation = o;
	c = operation_new_child(o, provider_find(r->ca->provider), VERB_RENEW, args, r->ca);
	c->der = g_bytes_ref(o->der);
	c->alias = g_strdup(o->alias);
	c->op.memo = op->memo ? g_bytes_ref(op->memo) : NULL;
	c->op.cert.der = c->der;
	c->op.cert.alias = c->alias;
	c->first = secrets_first_step;
	c->ended = ca_ended;
	c->who = r;
	c->weak = &r->child;
	r->child = c;
	operation_start_own(c);
	return operation_sleep(o, ended);
}

static struct next ended(struct op *op, const struct reply *none)
{
	struct renewing *r = op->scratch;

	(void)none;
	operation_of(op)->is_asleep = false;
	return r->refusal ? next_fail_error(op, g_steal_pointer(&r->refusal)) : next_done();
}

static bool plan_by_ca(struct op *op, struct plan *p, GError **error)
{
	const struct renewing *r = op->scratch;
	const struct provider *ca = provider_find(r->ca->provider);
	g_autoptr(args) args = ca_args(op);
	struct op child = *op;

	child.store = r->ca;
	child.account = accounts_get(operation_of(op)->engine, r->ca->account);
	child.args = args;
	child.scratch = NULL;
	return ca->plan[VERB_RENEW](&child, p, error);
}

static struct operation *start_by_ca(struct task *t, struct place at, struct store *ca,
				     GError **error)
{
	struct engine *e = t->engine;
	const struct account *a = accounts_get(e, ca->account);
	g_autofree char *who = a && a->is_read_only ? accounts_who_forbids(e, a) : NULL;
	bool is_offline = e->config.is_offline && !t->command->is_dry;
	struct operation *o;
	struct renewing *r;

	if (is_offline || who) {
		if (who)
			g_set_error(error, ERR, ERR_REFUSED,
				    "%s is read-only, as %s says: renew is refused", a->id, who);
		else
			g_set_error(error, ERR, ERR_REFUSED, "offline: renew is refused");
		return NULL;
	}
	o = start_at_place(t, &provider_renew, at, error);
	if (!o)
		return NULL;
	r = o->op.scratch;
	r->ca = store_ref(ca);
	o->first = begin;
	return o;
}

/* ---- starting ---- */

static struct operation *start_there(struct task *t, struct place at, GError **error)
{
	const struct store *s = store_of(t->engine, at);
	struct place ca_place;
	struct store *ca = s && renew_is_local(s) ? renew_find_ca(t->engine, at, &ca_place) : NULL;

	return ca ? start_by_ca(t, at, ca, error) : start_at_place(t, NULL, at, error);
}

/* What was chosen before the lock may be another table by now. */
static bool find_again(struct engine *e, const char *store, uint64_t print, struct place *ret)
{
	struct table *t = g_hash_table_lookup(e->known.tables, store);

	for (uint32_t row = 0; t && row < t->n; row++) {
		if (t->print[row] != print)
			continue;
		*ret = (struct place){ .table = t, .row = row };
		return true;
	}
	return false;
}

struct operation *renew_start(struct task *t, uint32_t cert, GError **error)
{
	struct engine *e = t->engine;
	g_autoptr(GString) id = g_string_new(NULL);
	g_autofree char *name = NULL, *store = NULL;
	struct operation *o = NULL;
	struct place at;
	uint64_t print;

	if (!choose(t, cert, &at, error))
		return NULL;
	if (*args_text(t->command->args, "issuer", ""))
		return enroll_again_start(t, at, error);
	if (t->command->is_dry)
		return start_there(t, at, error);
	certs_id(e->known.certs, cert, id);
	name = renewal_request_id(id->str);
	store = g_strdup(at.table->store);
	print = at.table->print[at.row];
	if (!start_lock(e, name, error))
		return NULL;
	if (!find_again(e, store, print, &at))
		g_set_error(error, ERR, ERR_BUSY, "it changed this very moment; look again");
	else if (renewals_is_accepted(t, id->str, error))
		o = start_there(t, at, error);
	if (!o) {
		db_lock_release(e->db, name);
		return NULL;
	}
	o->lock = g_steal_pointer(&name);
	renewals_begin(e, at);
	return o;
}
