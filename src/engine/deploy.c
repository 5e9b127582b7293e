/*
 * deploy: a certificate with its key goes from one store into others.
 *
 * Everything is looked at before anything is sent.  Then one operation of the source's provider
 * hands out certificate, issuers and key, which stay in memory, and one import per place puts
 * them there, all at the same time; whichever fails does not hold the others up.  Cancelling the
 * operation that this hangs on abandons them.
 */
#include "deploy_own.h"

#include <string.h>

#include <certty/base/clock.h>

static step_fn deploy, set_mode, drop, handed, all_put;
static void deploying_done(void *scratch);

const struct provider provider_deploys = {
	.verb = {
		[VERB_DEPLOY]	   = deploy,
		[VERB_REDEPLOY]	   = deploy_again_step,
		[VERB_DEPLOY_MODE] = set_mode,
		[VERB_DEPLOY_DROP] = drop,
	},
	.plan = {
		[VERB_DEPLOY]	   = dry_deploy,
		[VERB_REDEPLOY]	   = dry_redeploy,
		[VERB_DEPLOY_MODE] = dry_deploy_mode,
		[VERB_DEPLOY_DROP] = dry_deploy_drop,
		[VERB_APPROVE]	   = dry_redeploy,	/* of a proposal */
		[VERB_DISMISS]	   = dry_dismiss,
	},
	.scratch = sizeof(struct deploying),
	.scratch_done = deploying_done,
	.at_once_store = 1,
};

/* ---- life ---- */

static void aim_free(void *p)
{
	struct aim *a = p;

	if (a->operation)
		operation_abandon(a->operation);
	store_unref(a->store);
	deploy_unref(a->before);
	g_clear_error(&a->error);
	g_free(a->placed);
	g_clear_pointer(&a->troubles, g_ptr_array_unref);
	g_free(a);
}

static void deploying_done(void *scratch)
{
	struct deploying *d = scratch;

	if (d->hand)
		operation_abandon(d->hand);
	g_clear_pointer(&d->aims, g_ptr_array_unref);
	bundle_free(d->bundle);
	g_clear_error(&d->refusal);
}

static struct deploying *deploying_of(struct op *op)
{
	struct deploying *d = op->scratch;

	if (!d->aims)
		d->aims = g_ptr_array_new_with_free_func(aim_free);
	d->operation = operation_of(op);
	return d;
}

/* ---- where to ---- */

/* What a person calls a place: what other accounts have is told apart by theirs. */
static char *title_of(const struct store *s)
{
	bool is_told = !*s->account || !strcmp(s->account, "local") ||
		       g_str_has_prefix(s->title, s->account);

	return is_told ? g_strdup(s->title) : g_strdup_printf("%s %s", s->account, s->title);
}

/* Why nothing may or can be put there; a new string, or NULL. */
static char *why_not(struct op *op, const struct store *s, const struct provider *p)
{
	struct engine *e = operation_of(op)->engine;
	const struct account *a = accounts_get(e, s->account);
	g_autofree char *who = NULL, *title = title_of(s);

	if (!p)
		return g_strdup_printf("nobody here knows how to write to %s", title);
	if (!strcmp(s->id, op->store->id))
		return g_strdup_printf("%s is where it would be taken from", title);
	if (!a)
		return g_strdup_printf("there is no account %s any more", s->account);
	who = a->is_read_only ? accounts_who_forbids(e, a) : NULL;
	if (who)
		return g_strdup_printf("%s is read-only, as %s says", a->id, who);
	return provider_why_not(p, &verb_table[VERB_IMPORT], s);
}

char *deploy_why_not(struct op *op, const struct store *s)
{
	return why_not(op, s, provider_find(s->provider));
}

static bool is_aimed_at(const struct deploying *d, const char *store)
{
	for (guint i = 0; i < d->aims->len; i++)
		if (!strcmp(((struct aim *)d->aims->pdata[i])->store->id, store))
			return true;
	return false;
}

bool deploy_add_aim(struct op *op, const char *id, const struct deploy *before, GError **error)
{
	struct deploying *d = deploying_of(op);
	struct store *s = shelf_get(d->operation->engine->known.shelf[KIND_STORES], id);
	const struct provider *p = s ? provider_find(s->provider) : NULL;
	g_autofree char *why = s ? why_not(op, s, p) : g_strdup_printf("there is no store %s", id);
	struct aim *a;

	if (why) {
		g_set_error(error, ERR, s ? ERR_REFUSED : ERR_NOT_FOUND, "nothing was deployed: %s",
			    why);
		return false;
	}
	if (is_aimed_at(d, id))
		return true;
	a = g_new0(struct aim, 1);
	a->of = d;
	a->store = store_ref(s);
	a->provider = p;
	a->before = before ? deploy_ref((struct deploy *)before) : NULL;
	a->troubles = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(d->aims, a);
	return true;
}

/* An id's path may hold commas: what is a store's as a whole is that store. */
bool deploy_add_aims(struct op *op, GError **error)
{
	const char *to = args_text(op->args, "to", "");
	g_auto(GStrv) ids = args_ids(op->args, "to");

	if (items_find(op->stores, to) >= 0)
		return deploy_add_aim(op, to, NULL, error);
	for (char **id = ids; *id; id++)
		if (!deploy_add_aim(op, *id, NULL, error))
			return false;
	if (deploying_of(op)->aims->len)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "To is needed: the stores to put it into");
	return false;
}

/* ---- 1: the source hands it out ---- */

bool deploy_is_moved_there(const struct op *op)
{
	const struct deploying *d = op->scratch;
	const struct provider *from = provider_find(op->store->provider);
	bool is_so = from && from->puts && !op->bundle && d->aims->len;

	for (guint i = 0; is_so && i < d->aims->len; i++) {
		const struct aim *a = d->aims->pdata[i];

		is_so = a->provider == from && from->puts(op->store, a->store);
	}
	return is_so;
}

static void hand_ended(struct operation *hand, const GError *error)
{
	struct deploying *d = hand->who;

	d->refusal = error ? g_error_copy(error) : NULL;
	d->wants = hand->op.wants;
	d->bundle = g_steal_pointer(&hand->op.handed);
	operation_wake(d->operation);
}

static struct next begin(struct op *op)
{
	struct deploying *d = deploying_of(op);
	struct operation *o = d->operation, *c;
	const struct provider *p = provider_find(op->store->provider);
	GError *error = NULL;

	if (o->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nothing is deployed");
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	if (op->bundle) {	/* whoever began this has it in hand */
		d->bundle = bundle_dup(op->bundle);
		return handed(op, NULL);
	}
	if (deploy_is_moved_there(op)) {
		d->bundle = bundle_new(op->cert.der, op->cert.chain, op->cert.n_chain, NULL, &error);
		return d->bundle ? handed(op, NULL) : next_fail_error(op, error);
	}
	if (!p || !p->hand)
		return next_fail(op, ERR_REFUSED, "%s hands out no private keys", op->store->title);
	c = operation_new_child(o, p, VERB_DEPLOY, op->args, o->store);
	c->der = g_bytes_ref(o->der);
	c->chain = g_ptr_array_ref(o->chain);
	c->alias = g_strdup(o->alias);
	c->op.memo = op->memo ? g_bytes_ref(op->memo) : NULL;
	c->op.cert.der = c->der;
	c->op.cert.alias = c->alias;
	c->op.cert.chain = (GBytes **)c->chain->pdata;
	c->op.cert.n_chain = c->chain->len;
	c->first = p->hand;
	c->ended = hand_ended;
	c->who = d;
	c->weak = &d->hand;
	d->hand = c;
	operation_start_own(c);
	return operation_sleep(o, handed);
}

static struct next deploy(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	return deploy_add_aims(op, &error) ? begin(op) : next_fail_error(op, error);
}

struct next deploy_again_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	const char *id = op->request ? deploy_ask_about(op->request->id) : o->target;
	const struct deploy *d = shelf_get(o->engine->known.shelf[KIND_DEPLOYS], id);
	GError *error = NULL;

	(void)none;
	if (!d)
		return next_fail(op, ERR_NOT_FOUND, "there is no deployment %s any more", id);
	if (!op->store) {	/* nothing newer is kept, and what was put there is there */
		op_say(op, "%s is what it should be already", d->title);
		return next_done();
	}
	return deploy_add_aim(op, d->store, d, &error) ? begin(op) : next_fail_error(op, error);
}

/* ---- 2: all places at once ---- */

static void keep_troubles(struct aim *a, const struct operation *import)
{
	for (guint i = 0; i < import->op.troubles->len; i++)
		g_ptr_array_add(a->troubles, g_strdup(import->op.troubles->pdata[i]));
}

static bool has_touched(const struct operation *o, const char *store)
{
	for (guint i = 0; i < o->op.touched->len; i++)
		if (!strcmp(o->op.touched->pdata[i], store))
			return true;
	return false;
}

/* Where nothing can be replaced the new one lies beside the old one. */
static bool has_moved(const struct aim *a)
{
	return a->placed && a->before && *a->before->place &&
	       strcmp(a->placed, a->before->place) != 0;
}

/* What lies there now must be what was handed out. */
static void check_placed(struct aim *a, const struct operation *import)
{
	const char *alias = import->op.placed.alias;
	const struct facts *f = &a->of->bundle->facts;

	if (!alias)
		g_set_error(&a->error, ERR, ERR_REPLY, "it did not say where it is now");
	else if (memcmp(import->op.placed.sha256, f->sha256, sizeof(f->sha256)) != 0)
		g_set_error(&a->error, ERR, ERR_REPLY, "what lies in %s now is another certificate",
			    alias);
	else
		a->placed = g_strdup(alias);
	if (has_moved(a))
		g_ptr_array_add(a->troubles, g_strdup_printf(
			"it is in %s now, and %s was left as it is: point what uses that to the new one",
			alias, a->before->place));
}

static void import_ended(struct operation *import, const GError *error)
{
	struct aim *a = import->who;
	struct deploying *d = a->of;
	struct operation *o = d->operation;

	if (error)
		a->error = g_error_copy(error);
	else
		check_placed(a, import);
	if (error && !d->wants)
		d->wants = import->op.wants;
	keep_troubles(a, import);
	if (!has_touched(import, a->store->id))
		op_touch(&o->op, a->store->id);
	op_progress(&o->op, d->aims->len - --d->left, d->aims->len);
	for (guint i = 0; i < o->tasks->len; i++)
		task_progress(o->tasks->pdata[i], o);
	if (!d->left)
		operation_wake(o);
}

struct args *deploy_import_args(const struct op *op, const struct aim *a)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct args *args = args_new();

	args_set(args, "replace", a->before ? "same" : args_text(op->args, "replace", "same"));
	args_set(args, "key", "encrypted");
	args_set(args, "name", args_get(op->args, "name"));
	if (passphrase)
		args_put_secret(args, "passphrase", secret_dup(passphrase));
	return args;
}

static void start_import(struct op *op, struct aim *a)
{
	g_autoptr(args) args = deploy_import_args(op, a);
	struct operation *c = operation_new_child(a->of->operation, a->provider, VERB_IMPORT, args,
						  a->store);

	operation_know_store(c);
	c->op.bundle = a->of->bundle;
	c->alias = a->before && *a->before->place ? g_strdup(a->before->place) : NULL;
	c->op.cert.alias = c->alias;
	c->first = secrets_first_step;
	c->ended = import_ended;
	c->who = a;
	c->weak = &a->operation;
	a->operation = c;
	operation_start_own(c);
}

/* A place keeps its kind of key and its names for whoever uses it there. */
static bool fits(const struct deploying *d, GError **error)
{
	const struct aim *a = d->aims->pdata[0];
	g_auto(GStrv) names = deploys_names_of(&d->bundle->facts);

	if (!a->before)
		return true;
	if (strcmp(a->before->key, d->bundle->facts.key) != 0)
		g_set_error(error, ERR, ERR_REFUSED, "its key is %s, and %s is what lies there: the "
			    "same place cannot take another kind of key", d->bundle->facts.key,
			    a->before->key);
	else if (!g_strv_equal((const char *const *)names, (const char *const *)a->before->names))
		g_set_error(error, ERR, ERR_REFUSED, "its names are others than those there");
	else
		return true;
	return false;
}

/* A deployment that went wrong says why, and nothing happens to it by itself any more. */
static void remember_trouble(struct engine *e, const struct aim *a, const GError *error)
{
	const struct deploy *now =
		a->before ? shelf_get(e->known.shelf[KIND_DEPLOYS], a->before->id) : NULL;
	struct deploy *d;

	if (!now)
		return;
	d = deploy_dup(now);
	g_free(d->trouble);
	d->trouble = g_strdup(error->message);
	deploys_put(e, d);
}

/* A proposal is approved as it was seen, without more questions. */
static void tell_who_asks(const struct op *op, GError *error)
{
	char *said;

	if (op->verb->id != VERB_APPROVE || error->code != ERR_SIGN_IN)
		return;
	said = g_strdup_printf("%s; redeploy asks for it", error->message);
	g_free(error->message);
	error->message = said;
}

static struct next refuse(struct op *op, GError *error)
{
	struct deploying *d = deploying_of(op);

	tell_who_asks(op, error);
	keep_begin(d->operation->engine, NULL);
	for (guint i = 0; i < d->aims->len; i++)
		remember_trouble(d->operation->engine, d->aims->pdata[i], error);
	op->wants = d->wants;
	return next_fail_error(op, error);
}

static struct next handed(struct op *op, const struct reply *none)
{
	struct deploying *d = deploying_of(op);
	GError *error = NULL;

	(void)none;
	if (d->refusal)
		return refuse(op, g_steal_pointer(&d->refusal));
	if (!d->bundle || (!d->bundle->key && !deploy_is_moved_there(op)))
		g_set_error(&error, ERR, ERR_NOT_FOUND, "its private key is not in %s",
			    op->store->title);
	if (error || !fits(d, &error))
		return refuse(op, error);
	d->left = d->aims->len;
	op_progress(op, 0, d->left);
	for (guint i = 0; i < d->aims->len; i++)
		start_import(op, d->aims->pdata[i]);
	return operation_sleep(d->operation, all_put);
}

/* ---- 3: what came of it ---- */

static enum deploy_mode mode_of(const struct op *op, const struct deploy *old)
{
	enum deploy_mode mode = old->mode;

	if (op->verb->id == VERB_DEPLOY)
		deploy_mode_read(args_text(op->args, "redeploy", "off"), &mode);
	return mode;
}

/* The row of its place; one that has moved takes what was decided about the old place along. */
static struct deploy *row_of(struct engine *e, const struct aim *a)
{
	g_autofree char *id = deploy_id(a->store->id, a->placed);
	const struct deploy *known = shelf_get(e->known.shelf[KIND_DEPLOYS], id);
	struct deploy *d;

	if (known || !a->before)
		return known ? deploy_dup(known) : deploy_new(id);
	d = deploy_dup(a->before);
	store_set(&d->id, id);
	return d;
}

/* The row says what was put there, and where newer ones are looked for. */
static void remember(struct op *op, struct aim *a)
{
	const struct bundle *b = a->of->bundle;
	struct engine *e = operation_of(op)->engine;
	struct deploy *d = row_of(e, a);

	store_set(&d->account, a->store->account);
	store_set(&d->provider, a->store->provider);
	store_set(&d->store, a->store->id);
	store_set(&d->place, a->placed);
	store_set(&d->title, b->facts.name);
	store_set(&d->key, b->facts.key);
	store_set(&d->newer, "");
	if (!a->before || !*d->from)
		store_set(&d->from, op->store->id);
	g_strfreev(d->names);
	d->names = deploys_names_of(&b->facts);
	g_free(d->print);
	d->print = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);
	g_clear_pointer(&d->trouble, g_free);
	a->waits = deploys_waits(e, d);
	d->state = a->waits ? DEPLOY_WAITS : DEPLOY_CURRENT;
	d->mode = mode_of(op, d);
	d->since = clock_now();
	deploys_put(e, d);
	if (has_moved(a) && shelf_drop(e->known.shelf[KIND_DEPLOYS], a->before->id)) {
		keep_item(e, KIND_DEPLOYS, a->before->id);
		deploy_ask_move(e, a->before->id, d);
	}
}

static void tell(struct op *op, const struct aim *a, GString *done)
{
	g_autofree char *title = title_of(a->store);

	if (a->error)
		op_trouble(op, "%s: %s", title, a->error->message);
	else
		g_string_append_printf(done, "%s%s%s", done->len ? ", " : "", title,
				       a->waits ? ", which waits for its agent" : "");
	for (guint i = 0; i < a->troubles->len; i++)
		op_trouble(op, "%s: %s", title, (char *)a->troubles->pdata[i]);
}

static struct next fail(struct op *op, const struct aim *a)
{
	g_autofree char *title = title_of(a->store);
	guint n = a->of->aims->len;

	op->wants = a->of->wants;
	if (n > 1)
		return next_fail(op, (enum err)a->error->code, "deployed to none of %u; %s: %s", n,
				 title, a->error->message);
	return next_fail(op, (enum err)a->error->code, "%s: %s", title, a->error->message);
}

static struct next all_put(struct op *op, const struct reply *none)
{
	struct deploying *d = deploying_of(op);
	struct engine *e = d->operation->engine;
	g_autoptr(GString) done = g_string_new(NULL);
	guint failed = 0, n = d->aims->len;

	(void)none;
	keep_begin(e, NULL);	/* without it the rows are written later */
	for (guint i = 0; i < n; i++) {
		struct aim *a = d->aims->pdata[i];

		failed += a->error != NULL;
		if (a->error)
			remember_trouble(e, a, a->error);
		else
			remember(op, a);
	}
	if (failed == n && n == 1)
		return fail(op, d->aims->pdata[0]);
	for (guint i = 0; i < n; i++)
		tell(op, d->aims->pdata[i], done);
	if (failed == n)
		return fail(op, d->aims->pdata[0]);
	if (failed)
		op_say(op, "deployed to %u of %u: %s", n - failed, n, done->str);
	else
		op_say(op, "deployed to %s", done->str);
	return next_done();
}

/* ---- what is kept of it ---- */

static const struct deploy *target_of(struct op *op)
{
	const struct operation *o = operation_of(op);

	return shelf_get(o->engine->known.shelf[KIND_DEPLOYS], o->target);
}

static struct next set_mode(struct op *op, const struct reply *none)
{
	const struct deploy *known = target_of(op);
	struct deploy *d;

	(void)none;
	if (!known)
		return next_fail(op, ERR_NOT_FOUND, "there is no such deployment");
	d = deploy_dup(known);
	deploy_mode_read(args_text(op->args, "redeploy", "off"), &d->mode);
	op_say(op, "%s: %s when a newer one is kept", d->title, deploy_mode_word(d->mode));
	deploys_put(operation_of(op)->engine, d);
	return next_done();
}

static struct next drop(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	const struct deploy *known = target_of(op);
	g_autoptr(deploy) d = known ? deploy_ref((struct deploy *)known) : NULL;
	g_autofree char *request = d ? deploy_ask_id(d) : NULL;

	(void)none;
	if (!d)
		return next_fail(op, ERR_NOT_FOUND, "there is no such deployment");
	shelf_drop(e->known.shelf[KIND_DEPLOYS], d->id);
	keep_item(e, KIND_DEPLOYS, d->id);
	e->known.tables_changed = true;
	op_drop_request(op, request);
	op_say(op, "%s is forgotten; what lies there stays", d->title);
	return next_done();
}
