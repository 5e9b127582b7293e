/*
 * enroll_steps: the steps of an enrolment, one after the other.
 *
 * Before each the row is written as it stands, and each can be begun again: a key is known by the
 * token, an order by the same token, what is kept or deployed by the certificate itself.  So whoever
 * ends in the midst of one, by whatever means, has ordered nothing twice when it is begun again.
 *
 * Once the row is written the command itself does not fail any more: done again it would be another
 * enrolment.  What went wrong is said, stands in the row, and sync goes on.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define CLOCK_SLACK CLOCK_DAY	/* that an issuer's clock may be ahead of ours */

static step_fn take_step, make_key, key_made, ask_issuer, issuer_answered, keep, kept, deploy, key_opened,
	deployed;

/* ---- the row ---- */

static const char *verbs_of(const struct enroll_kept *k)
{
	return k->stage <= ENROLL_ISSUE ? "sync withdraw dismiss" : "sync dismiss";
}

static bool put_row(struct op *op, enum request_state state, const char *theirs, const char *reason,
		    const char *can, GError **error)
{
	struct enrolling *e = enroll_of(op);
	char *text = enroll_kept_write(e->kept, error);

	if (!text)
		return false;
	g_free(e->row->kept);
	e->row->kept = text;
	e->row->state = state;
	store_set(&e->row->theirs, theirs);
	store_set(&e->row->reason, reason);
	store_set(&e->row->can, can);
	if (e->kept->csr) {
		g_free(e->row->digest);
		e->row->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, e->kept->csr);
	}
	if (e->kept->chain->len) {
		g_free(e->row->result);
		e->row->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, e->kept->chain->pdata[0]);
	}
	op_put_request(op, request_dup(e->row));
	return true;
}

struct next enroll_steps_wait(struct op *op, enum request_state state, const char *theirs,
			      const char *reason, const char *can)
{
	GError *error = NULL;

	if (!put_row(op, state, theirs, reason, can, &error))
		return next_fail_error(op, error);
	op_say(op, "%s: %s%s%s", enroll_of(op)->row->title, theirs, *reason ? ": " : "", reason);
	return next_done();
}

struct next enroll_steps_end(struct op *op, enum request_state state, const char *theirs,
			     const char *reason)
{
	struct enrolling *e = enroll_of(op);

	e->row->ended = op->now;
	if (state != REQUEST_ISSUED && *reason)
		op_trouble(op, "%s", reason);
	return enroll_steps_wait(op, state, theirs, reason, "dismiss");
}

/* It stays where it is, and can be gone on with. */
static struct next fail(struct op *op, GError *error)
{
	struct enrolling *e = enroll_of(op);
	g_autoptr(GError) unsaid = NULL;

	put_row(op, REQUEST_WAITS_PERSON, enroll_stage_word(e->kept->stage), error->message,
		verbs_of(e->kept), &unsaid);
	if (op->verb->id != VERB_ENROLL)
		return next_fail_error(op, error);
	op->wants = WANT_NOTHING;
	op_trouble(op, "%s", error->message);
	op_say(op, "%s is written down and stopped at %s: sync goes on", e->row->title,
	       enroll_stage_word(e->kept->stage));
	g_error_free(error);
	return next_done();
}

struct next enroll_steps_go_on(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	GError *error = NULL;

	(void)none;
	op_progress(op, e->kept->stage, ENROLL_STAGES);
	if (!put_row(op, REQUEST_WAITS_PROVIDER, enroll_stage_word(e->kept->stage), "",
		     verbs_of(e->kept), &error))
		return next_fail_error(op, error);
	return next_keep(take_step);
}

static struct next take_step(struct op *op, const struct reply *none)
{
	static step_fn *const steps[ENROLL_STAGES] = {
		[ENROLL_KEY] = make_key,   [ENROLL_ISSUE] = ask_issuer,		 [ENROLL_KEEP] = keep,
		[ENROLL_DEPLOY] = deploy,  [ENROLL_VERIFY] = enroll_served_step,
	};

	return steps[enroll_of(op)->kept->stage](op, none);
}

static struct next next_stage(struct op *op)
{
	struct enrolling *e = enroll_of(op);

	e->kept->stage++;
	return enroll_steps_go_on(op, NULL);
}

/* ---- children ---- */

static struct args *args_of(struct op *op)
{
	struct enrolling *e = enroll_of(op);
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct secret *copy = passphrase ? secret_dup(passphrase) : NULL;
	struct args *args = args_dup(e->kept->asked);

	if (copy)
		args_put_secret(args, "passphrase", copy);
	return args;
}

static const struct enrol *tell(struct op *op)
{
	struct enrolling *e = enroll_of(op);

	e->told = (struct enrol){
		.token = e->kept->token,
		.names = (const char *const *)e->row->names,
		.csr = e->kept->csr,
		.about = e->kept->about,
		.place = e->kept->place,
	};
	return &e->told;
}

static struct next do_child(struct op *op, struct operation *c, ended_fn *ended, step_fn *then)
{
	struct enrolling *e = enroll_of(op);

	g_clear_error(&e->error);
	c->ended = ended;
	c->who = e;
	c->weak = &e->child;
	e->child = c;
	operation_start_own(c);
	return operation_sleep(e->operation, then);
}

struct next enroll_steps_child(struct op *op, step_fn *first, const struct provider *p,
			       const struct store *s, const struct bundle *b, ended_fn *ended,
			       step_fn *then)
{
	g_autoptr(args) args = args_of(op);
	struct operation *c = operation_new_child(enroll_of(op)->operation, p, VERB_ENROLL, args,
						  (struct store *)s);

	operation_know_store(c);
	c->op.enrol = tell(op);
	c->first = first;
	c->bundle = b ? bundle_dup(b) : NULL;
	c->op.bundle = c->bundle;
	return do_child(op, c, ended, then);
}

/* What holds of every child: why it failed, what would help, what could be done in part only. */
static struct enrolling *hear(struct operation *child, const GError *error)
{
	struct enrolling *e = child->who;

	e->error = error ? g_error_copy(error) : NULL;
	e->operation->op.wants = child->op.wants;
	for (guint i = 0; i < child->op.troubles->len; i++)
		op_trouble(&e->operation->op, "%s", (char *)child->op.troubles->pdata[i]);
	operation_wake(e->operation);
	return e;
}

/* How it stands with whoever was asked. */
static void hear_standing(struct enrolling *e, const struct operation *child)
{
	op_stands(&e->operation->op, child->op.stands.state, child->op.stands.theirs, child->op.stands.reason,
		  child->op.stands.about);
	if (child->op.stands.about)
		store_set(&e->kept->about, child->op.stands.about);
}

static bool is_over(const struct op *op)
{
	return op->stands.theirs && !*request_waits_for(op->stands.state) &&
	       op->stands.state != REQUEST_ISSUED;
}

static void woken(struct op *op)
{
	operation_of(op)->is_asleep = false;
	op->now = clock_now();
}

/* ---- 1: a key, and its request ---- */

static const struct key_maker *maker_of(const struct op *op, const struct provider **ret)
{
	*ret = provider_find(op->store->provider);
	return *ret ? (*ret)->key_maker : NULL;
}

static struct next no_maker(struct op *op)
{
	return fail(op, g_error_new(ERR, ERR_REFUSED, "%s makes no keys", op->store->title));
}

static void make_ended(struct operation *child, const GError *error)
{
	struct enrolling *e = hear(child, error);

	g_clear_pointer(&e->kept->csr, g_bytes_unref);
	e->kept->csr = g_steal_pointer(&child->op.csr);
	if (child->op.placed.alias)
		store_set(&e->kept->place, child->op.placed.alias);
	hear_standing(e, child);
}

static struct next make_key(struct op *op, const struct reply *none)
{
	const struct provider *p;
	const struct key_maker *maker = maker_of(op, &p);

	(void)none;
	return maker ? enroll_steps_child(op, maker->make, p, op->store, NULL, make_ended, key_made) :
		       no_maker(op);
}

static struct next key_made(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	const char *reason = op->stands.reason ? op->stands.reason : "";

	(void)none;
	woken(op);
	if (e->error)
		return fail(op, g_steal_pointer(&e->error));
	if (is_over(op))
		return enroll_steps_end(op, op->stands.state, op->stands.theirs, reason);
	if (!e->kept->csr && op->stands.theirs)
		return enroll_steps_wait(op, op->stands.state, op->stands.theirs, reason, verbs_of(e->kept));
	if (!e->kept->csr)
		return fail(op, g_error_new(ERR, ERR_REPLY, "no request came with the key"));
	return next_stage(op);
}

/* ---- 2: the issuer ---- */

static bool has_name(const struct facts *f, const char *name)
{
	bool found = !g_ascii_strcasecmp(f->name, name);

	for (char **n = f->names; n && *n && !found; n++)
		found = !g_ascii_strcasecmp(*n, name);
	return found;
}

static bool check_names(const struct enroll_kept *k, const struct facts *f, GError **error)
{
	g_auto(GStrv) names = NULL;
	g_autoptr(detail) d = x509_csr_describe(k->csr, &names, NULL, error);

	for (char **name = names; d && *name; name++)
		if (!has_name(f, *name)) {
			g_set_error(error, ERR, ERR_REFUSED, "the certificate is not for %s", *name);
			return false;
		}
	return d;
}

static bool check_dates(struct op *op, const struct facts *f, GError **error)
{
	g_autoptr(GString) when = g_string_new(NULL);

	clock_say_date(when, f->not_after <= op->now ? f->not_after : f->not_before);
	if (f->not_after <= op->now)
		g_set_error(error, ERR, ERR_REFUSED, "the certificate expired on %s", when->str);
	else if (f->not_before > op->now + CLOCK_SLACK)
		op_trouble(op, "the certificate is valid only from %s", when->str);
	return f->not_after > op->now;
}

/* Each by the next, as a server has to send them. */
static bool check_chain(struct op *op, const struct bundle *b, GPtrArray *chain, GError **error)
{
	GBytes *below = b->cert;

	for (guint i = 0; i < chain->len; i++) {
		if (!x509_is_signed_by(below, chain->pdata[i])) {
			g_set_error(error, ERR, ERR_REFUSED, "the chain does not hold: the issuer %u of it has "
				    "not signed what is before it", i + 1);
			return false;
		}
		below = chain->pdata[i];
	}
	if (!chain->len && b->facts.issuer_hash != b->facts.subject_hash)
		op_trouble(op, "no issuer came with the certificate");
	return true;
}

bool enroll_steps_take(struct op *op, const struct bundle *b, GError **error)
{
	struct enrolling *e = enroll_of(op);
	g_autoptr(GPtrArray) chain = bundle_chain(b);

	if (!x509_csr_fits(e->kept->csr, b->cert)) {
		g_set_error(error, ERR, ERR_REFUSED, "the certificate is for another key than the request");
		return false;
	}
	if (!check_names(e->kept, &b->facts, error) || !check_dates(op, &b->facts, error) ||
	    !check_chain(op, b, chain, error))
		return false;
	g_ptr_array_set_size(e->kept->chain, 0);
	g_ptr_array_add(e->kept->chain, g_bytes_ref(b->cert));
	for (guint i = 0; i < chain->len; i++)
		g_ptr_array_add(e->kept->chain, g_bytes_ref(chain->pdata[i]));
	e->kept->stage = ENROLL_KEEP;
	return true;
}

static void ask_ended(struct operation *child, const GError *error)
{
	struct enrolling *e = hear(child, error);

	bundle_free(e->bundle);
	e->bundle = g_steal_pointer(&child->op.handed);
	hear_standing(e, child);
}

static const struct provider provider_file = { .at_once_store = 1 };

static struct next ask_issuer(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	const struct store *s;
	const struct issuer *issuer = enroll_issuer(op, e->kept->asked, &s);

	(void)none;
	if (!issuer)
		return fail(op, g_error_new(ERR, ERR_NOT_FOUND, "the issuer %s is not known here any more",
					    args_text(e->kept->asked, "issuer", "")));
	return enroll_steps_child(op, issuer->ask, s ? provider_find(s->provider) : &provider_file, s, NULL,
				  ask_ended, issuer_answered);
}

static struct next issuer_answered(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	g_autoptr(bundle) b = g_steal_pointer(&e->bundle);
	const char *reason = op->stands.reason ? op->stands.reason : "";
	bool is_file = !*args_text(e->kept->asked, "issuer", "");
	GError *error = NULL;

	(void)none;
	woken(op);
	if (is_over(op))
		return enroll_steps_end(op, op->stands.state, op->stands.theirs, reason);
	if (e->error)
		return fail(op, g_steal_pointer(&e->error));
	if (b)
		return enroll_steps_take(op, b, &error) ? enroll_steps_go_on(op, NULL) : fail(op, error);
	return enroll_steps_wait(op, op->stands.state,
				 op->stands.theirs ? op->stands.theirs : "Not answered", reason,
				 is_file ? "supply withdraw dismiss" : verbs_of(e->kept));
}

/* ---- 3: beside its key ---- */

static void keep_ended(struct operation *child, const GError *error)
{
	struct enrolling *e = hear(child, error);

	bundle_free(e->bundle);
	e->bundle = g_steal_pointer(&child->op.handed);
	if (child->op.placed.alias)
		store_set(&e->kept->place, child->op.placed.alias);
	hear_standing(e, child);
}

static struct next keep_then(struct op *op, step_fn *then)
{
	const struct provider *p;
	const struct key_maker *maker = maker_of(op, &p);
	GError *error = NULL;
	g_autoptr(bundle) b = enroll_kept_bundle(enroll_of(op)->kept, &error);

	if (!b)
		return fail(op, error);
	return maker ? enroll_steps_child(op, maker->keep, p, op->store, b, keep_ended, then) :
		       no_maker(op);
}

static struct next keep(struct op *op, const struct reply *none)
{
	(void)none;
	return keep_then(op, kept);
}

static struct next kept(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);

	(void)none;
	woken(op);
	if (e->error)
		return fail(op, g_steal_pointer(&e->error));
	if (op->stands.theirs)
		return enroll_steps_wait(op, op->stands.state, op->stands.theirs,
					 op->stands.reason ? op->stands.reason : "", verbs_of(e->kept));
	return next_stage(op);
}

/* ---- 4: where it is used ---- */

bool enroll_is_deployed(const struct engine *e, const struct enroll_kept *k, const char *store)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	g_autofree char *print = k->chain->len ?
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, k->chain->pdata[0]) : g_strdup("");

	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *d = all->item[i];

		if (!strcmp(d->store, store) && !strcmp(d->print, print))
			return true;
	}
	return false;
}

/* The stores that it is not in yet, separated by commas; NULL: none. */
static char *still_to(struct op *op)
{
	struct enrolling *e = enroll_of(op);
	g_auto(GStrv) to = args_ids(e->kept->asked, "to");
	g_autoptr(GString) left = g_string_new(NULL);

	for (char **id = to; id && *id; id++)
		if (!enroll_is_deployed(e->operation->engine, e->kept, *id))
			g_string_append_printf(left, "%s%s", left->len ? "," : "", *id);
	return left->len ? g_string_free(g_steal_pointer(&left), FALSE) : NULL;
}

static void deploy_ended(struct operation *child, const GError *error)
{
	hear(child, error);
}

static struct next deploy_to(struct op *op, const char *to)
{
	struct enrolling *e = enroll_of(op);
	g_autoptr(args) args = args_of(op);
	struct operation *c;

	args_set(args, "to", to);
	args_set(args, "replace", "same");
	c = operation_new_child(e->operation, &provider_deploys, VERB_DEPLOY, args,
				(struct store *)op->store);
	c->bundle = bundle_dup(e->bundle);
	c->op.bundle = c->bundle;
	c->der = g_bytes_ref(e->bundle->cert);
	c->alias = g_strdup(e->kept->place);
	c->op.cert.der = c->der;
	c->op.cert.alias = c->alias;
	return do_child(op, c, deploy_ended, deployed);
}

/* After a restart its key is asked for again, which puts nothing anywhere once more. */
static struct next deploy(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	g_autofree char *to = still_to(op);

	(void)none;
	if (!to)
		return next_stage(op);
	return e->bundle && e->bundle->key ? deploy_to(op, to) : keep_then(op, key_opened);
}

static struct next key_opened(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	g_autofree char *to = still_to(op);

	(void)none;
	woken(op);
	if (e->error)
		return fail(op, g_steal_pointer(&e->error));
	if (e->bundle && e->bundle->key)
		return deploy_to(op, to);
	return fail(op, g_error_new(ERR, ERR_SIGN_IN, "its private key could not be opened: passphrase keeps "
				    "that of %s, then sync", op->store->title));
}

static struct next deployed(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	g_autofree char *left = still_to(op);

	(void)none;
	woken(op);
	if (e->error)
		return fail(op, g_steal_pointer(&e->error));
	if (left)
		return fail(op, g_error_new(ERR, ERR_PARTLY, "not everywhere yet: %s",
					    op->troubles->len ? (char *)op->troubles->pdata[0] : left));
	return next_stage(op);
}
