/*
 * deploy_ask: what happens when a newer certificate is kept, as each deployment says: a proposal
 * that waits for a person, or a job of the engine's own.
 *
 * A proposal is a request row like any other.  It stays when it was dismissed, so that the same
 * certificate is not proposed twice.
 */
#include "deploy_own.h"

#include <string.h>

#include <certty/base/clock.h>

#define ASK "deploy/"		/* begins the ids of proposals; the deployment's follows */

char *deploy_ask_id(const struct deploy *d)
{
	return g_strconcat(ASK, d->id, NULL);
}

const char *deploy_ask_about(const char *request)
{
	return g_str_has_prefix(request, ASK) ? request + strlen(ASK) : request;
}

static bool is_behind(const struct deploy *d)
{
	return *d->newer && (d->state == DEPLOY_DUE || d->state == DEPLOY_OLDER);
}

/* ---- proposals ---- */

static void put_request(struct engine *e, struct request *r)
{
	keep_item(e, KIND_REQUESTS, r->id);
	shelf_put(e->known.shelf[KIND_REQUESTS], r);
}

static void propose(struct engine *e, const struct deploy *d, const char *id)
{
	struct request *r = request_new(id);
	struct place newest;
	g_autofree char *why =
		deploys_find_newest(e, d, &newest) ? deploys_why_not(e, d, newest) : NULL;

	store_set(&r->account, d->account);
	store_set(&r->provider, d->provider);
	store_set(&r->store, d->store);
	store_set(&r->type, DEPLOY_REQUEST);
	store_set(&r->title, d->title);
	g_strfreev(r->names);
	r->names = g_strdupv(d->names);
	r->state = REQUEST_WAITS_PERSON;
	store_set(&r->theirs, why ? "Deployment refused" : "Deployment proposed");
	store_set(&r->asked_by, "certty");
	store_set(&r->oddities, why ? why : "");
	store_set(&r->digest, d->newer);
	store_set(&r->can, why ? "dismiss" : "approve dismiss");
	r->since = clock_now();
	put_request(e, r);
}

static void forget(struct engine *e, const struct deploy *d)
{
	g_autofree char *id = deploy_ask_id(d);

	if (shelf_drop(e->known.shelf[KIND_REQUESTS], id))
		keep_item(e, KIND_REQUESTS, id);
}

/* It is there by now, or is not wanted any more. */
static void settle(struct engine *e, const struct deploy *d, const struct request *known)
{
	struct request *r;

	if (strcmp(known->digest, d->print) != 0) {
		forget(e, d);
		return;
	}
	if (d->state == DEPLOY_WAITS && known->state == REQUEST_WAITS_PROVIDER)
		return;
	r = request_dup(known);
	store_set(&r->can, "");
	if (d->state == DEPLOY_WAITS) {
		r->state = REQUEST_WAITS_PROVIDER;
		store_set(&r->theirs, "Waits for an agent");
	} else {
		r->state = d->trouble ? REQUEST_FAILED : REQUEST_ISSUED;
		r->ended = clock_now();
		store_set(&r->theirs, d->trouble ? "Not deployed" : "Deployed");
		store_set(&r->reason, d->trouble ? d->trouble : "");
		store_set(&r->result, d->trouble ? "" : d->print);
	}
	put_request(e, r);
}

/* Where a second person has to countersign, what would be done alone is proposed. */
static bool is_proposed(const struct engine *e, const struct deploy *d)
{
	return d->mode == DEPLOY_PROPOSE || (d->mode == DEPLOY_AUTOMATIC && four_eyes_holds(e, d));
}

void deploy_ask_update(struct engine *e, const struct deploy *d)
{
	g_autofree char *id = deploy_ask_id(d);
	const struct request *r = shelf_get(e->known.shelf[KIND_REQUESTS], id);

	if (is_proposed(e, d) && is_behind(d)) {
		if (!r || strcmp(r->digest, d->newer) != 0)
			propose(e, d, id);
	} else if (r && request_is_waiting(r)) {
		settle(e, d, r);
	}
}

void deploy_ask_move(struct engine *e, const char *from, const struct deploy *to)
{
	g_autofree char *old = g_strconcat(ASK, from, NULL);
	const struct request *known = shelf_get(e->known.shelf[KIND_REQUESTS], old);
	struct request *r = known ? request_dup(known) : NULL;

	if (!r)
		return;
	shelf_drop(e->known.shelf[KIND_REQUESTS], old);
	keep_item(e, KIND_REQUESTS, old);
	g_free(r->id);
	r->id = deploy_ask_id(to);
	store_set(&r->account, to->account);
	store_set(&r->store, to->store);
	put_request(e, r);
	deploy_ask_update(e, to);
}

struct next deploy_dismiss_step(struct op *op, const struct reply *none)
{
	struct request *r = request_dup(op->request);

	(void)none;
	r->state = REQUEST_DENIED;
	r->ended = op->now;
	store_set(&r->theirs, "Dismissed");
	store_set(&r->can, "");
	op_say(op, "%s is not deployed there; the next one is proposed again", r->title);
	op_put_request(op, r);
	return next_done();
}

/* ---- what a proposal says ---- */

static void add_cert(struct engine *e, struct detail *d, const char *label, const char *hex,
		     struct place at)
{
	g_autoptr(GString) when = g_string_new(NULL);

	clock_say_utc(when, (int64_t)at.table->not_before[at.row] * 60);
	g_string_append(when, " to ");
	clock_say_utc(when, (int64_t)at.table->not_after[at.row] * 60);
	detail_add(d, TONE_PLAIN, label, "valid %s", when->str);
	detail_add(d, TONE_PLAIN, "", "key %s, issued by %s",
		   deploys_key_word(e, at.table, at.row),
		   intern_text(e->known.words, at.table->issuer[at.row]));
	detail_add(d, TONE_PLAIN, "SHA-256", "%s", hex);
}

static void add_both(struct engine *e, struct detail *d, const struct deploy *about)
{
	struct place at;

	if (deploys_find_print(e, about->print, about->store, &at))
		add_cert(e, d, "Now", about->print, at);
	else
		detail_add(d, TONE_PLAIN, "Now", "%s, which is not kept here", about->print);
	if (deploys_find_newest(e, about, &at)) {
		g_autofree char *why = deploys_why_not(e, about, at);

		add_cert(e, d, "New", about->newer, at);
		if (why)
			detail_add(d, TONE_BAD, "Refused", "%s", why);
	}
}

static void add_stays(struct engine *e, struct detail *d, const struct deploy *about)
{
	const struct store *to = shelf_get(e->known.shelf[KIND_STORES], about->store);

	detail_add(d, TONE_PLAIN, "Where", "%s  %s", to ? to->title : about->store, about->place);
	detail_add(d, TONE_PLAIN, "Must stay", "the kind of key: %s", about->key);
	for (char **name = about->names; *name; name++)
		detail_add(d, TONE_PLAIN, "", "%s%s", name == about->names ? "the names: " : "",
			   *name);
	if (about->trouble)
		detail_add(d, TONE_BAD, "Trouble", "%s", about->trouble);
}

struct next deploy_show_step(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	const struct request *r = op->request;
	const struct deploy *about =
		shelf_get(e->known.shelf[KIND_DEPLOYS], deploy_ask_about(r->id));
	g_autofree char *id = g_strconcat("requests/", r->id, NULL);
	struct detail *d = detail_new(id, r->title);

	(void)none;
	detail_add(d, request_state_tone(r->state), "State", "%s", request_state_word(r->state));
	if (about) {
		if (request_is_waiting(r))
			detail_add(d, TONE_WARN, "Approving", "puts the newer certificate there, with its "
				   "private key, in place of the older one");
		add_stays(e, d, about);
		add_both(e, d, about);
	} else {
		detail_add(d, TONE_WARN, "Gone", "the deployment that it is about was forgotten");
	}
	d->made = op->now;
	op->detail = d;
	return next_done();
}

/* ---- without a person ---- */

/* Where one place went wrong, the same certificate goes nowhere else by itself. */
static bool went_wrong(const struct items *all, const struct deploy *d)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *other = all->item[i];

		if (other->trouble && !strcmp(other->newer, d->newer))
			return true;
	}
	return false;
}

static bool may_write(const struct engine *e, const struct deploy *d)
{
	const struct account *a = accounts_get(e, d->account);
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], d->store);

	return a && !a->is_read_only && !a->is_disabled && s && s->is_writable;
}

bool deploy_ask_may_start(struct engine *e, const struct items *all, const struct deploy *d)
{
	return d->mode == DEPLOY_AUTOMATIC && !is_proposed(e, d) && is_behind(d) && !went_wrong(all, d) &&
	       may_write(e, d);
}

/* The first that is due; what can never be is told in its row instead. */
static const struct deploy *next_due(struct engine *e, const struct items *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *d = all->item[i];
		g_autofree char *tried = g_strconcat(d->id, " ", d->newer, NULL), *why = NULL;
		struct place newest;

		if (!deploy_ask_may_start(e, all, d) || g_hash_table_contains(e->deployed_alone, tried) ||
		    !deploys_find_newest(e, d, &newest))
			continue;
		g_hash_table_add(e->deployed_alone, g_steal_pointer(&tried));
		why = deploys_why_not(e, d, newest);
		if (why) {
			struct deploy *told = deploy_dup(d);

			told->trouble = g_steal_pointer(&why);
			deploys_put(e, told);
			continue;
		}
		return d;
	}
	return NULL;
}

void deploys_turn(struct engine *e)
{
	g_autoptr(items) all = NULL;
	const struct deploy *d;

	if (!e->deploys_due || !e->is_loaded)
		return;
	e->deploys_due = false;
	if (!run_acts_alone(e) || run_has_begun(e, VERB_REDEPLOY))
		return;
	all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	d = next_due(e, all);
	if (d)
		run_start_alone(e, command_new(VERB_REDEPLOY, d->id));
}
