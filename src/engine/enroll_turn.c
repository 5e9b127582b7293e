/*
 * enroll_turn: enrolments go on without a person: those that a program left where it ended, and those
 * whose issuer has answered meanwhile.
 *
 * Only while a console is open or a pass is under way; each once as it stands, and not while another
 * process is at work on it.
 */
#include "enroll_own.h"

#include <string.h>

bool enroll_turn_is_about(const struct engine *e, const struct command *c)
{
	for (guint i = 0; c->verb->id == VERB_SYNC && i < c->targets->len; i++) {
		const struct request *r = shelf_get(e->known.shelf[KIND_REQUESTS], c->targets->pdata[i]);

		if (r && enroll_is_one(r))
			return true;
	}
	return false;
}

/* What would be another thing to go on with: where it stands, and how its issuer does. */
static char *standing_of(const struct engine *e, const struct request *r, const struct enroll_kept *k)
{
	const struct request *theirs = *k->about ? shelf_get(e->known.shelf[KIND_REQUESTS], k->about) : NULL;

	return g_strdup_printf("%s %d %d", r->id, (int)k->stage, theirs ? (int)theirs->state : -1);
}

/* A person has to bring a file, or has to approve what waits at the issuer. */
static bool waits_for_person(const struct engine *e, const struct enroll_kept *k)
{
	const struct request *theirs = *k->about ? shelf_get(e->known.shelf[KIND_REQUESTS], k->about) : NULL;

	if (k->stage != ENROLL_ISSUE || !*k->about)
		return false;
	return !*args_text(k->asked, "issuer", "") || (theirs && theirs->state == REQUEST_WAITS_PERSON);
}

static bool is_free(struct engine *e, const char *id)
{
	g_autofree char *lock = enroll_lock(id);

	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		if (o->lock && !strcmp(o->lock, lock))
			return false;
	}
	if (!start_lock(e, lock, NULL))
		return false;
	db_lock_release(e->db, lock);
	return true;
}

bool enroll_turn_may_start(const struct engine *e, const struct request *r)
{
	g_autoptr(enroll_kept) k = enroll_is_one(r) && request_is_waiting(r) ? enroll_kept_read(r->kept) : NULL;

	return k && !waits_for_person(e, k);
}

static bool is_due(struct engine *e, const struct request *r)
{
	g_autoptr(enroll_kept) k = NULL;
	g_autofree char *standing = NULL;

	if (!enroll_turn_may_start(e, r))
		return false;
	k = enroll_kept_read(r->kept);
	standing = standing_of(e, r, k);
	if (g_hash_table_contains(e->enrolled_alone, standing) || !is_free(e, r->id))
		return false;
	g_hash_table_add(e->enrolled_alone, g_steal_pointer(&standing));
	return true;
}

void enroll_turn(struct engine *e)
{
	g_autoptr(items) all = NULL;
	bool acts = e->is_loaded && run_acts_alone(e);

	if (!e->enrolls_due || !acts || run_has_begun(e, VERB_SYNC)) {
		e->enrolls_due = e->enrolls_due && (acts || !e->is_loaded);
		return;
	}
	e->enrolls_due = false;
	all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (!is_due(e, r))
			continue;
		e->enrolls_due = true;		/* for the one after it */
		run_start_alone(e, command_new(VERB_SYNC, r->id));
		return;
	}
}
