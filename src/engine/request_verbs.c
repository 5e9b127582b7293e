/*
 * request_verbs: what is done to requests by certty itself: dismissing them, putting the records that
 * they wait for into DNS, through whichever account has the zone, and taking away again what can go.
 */
#include "own.h"

#include <string.h>

static step_fn dismiss, publish_records, unpublish_records;

struct publishing {
	struct operation *operation;
	GPtrArray *records;	/* struct dns_record */
	GPtrArray *accounts;	/* ids, in the order in which they are asked */
	GPtrArray *by;		/* ids of those that had a zone */
	GPtrArray *troubles;	/* sentences; of no interest when all are published */
	guint next;		/* of accounts */
	GPtrArray *open;	/* of the records, those that are in no zone yet; borrowed */
	guint n_published;
	struct operation *child;	/* under way */
	GError *refusal;		/* what came of it */
	/* taking away */
	GPtrArray *placed;		/* struct placed; `next` is of these */
	guint n_gone, n_aliases;
};

static void publishing_done(void *scratch)
{
	struct publishing *p = scratch;

	if (p->child)
		operation_abandon(p->child);
	g_clear_pointer(&p->open, g_ptr_array_unref);
	g_clear_pointer(&p->records, g_ptr_array_unref);
	g_clear_pointer(&p->accounts, g_ptr_array_unref);
	g_clear_pointer(&p->by, g_ptr_array_unref);
	g_clear_pointer(&p->troubles, g_ptr_array_unref);
	g_clear_error(&p->refusal);
	g_clear_pointer(&p->placed, g_ptr_array_unref);
}

const struct provider provider_requests = {
	.verb = {
		[VERB_DISMISS] = dismiss,
		[VERB_PUBLISH] = publish_records,
		[VERB_UNPUBLISH] = unpublish_records,
	},
	.plan = {
		[VERB_DISMISS] = dry_dismiss,
		[VERB_PUBLISH] = dry_publish,
		[VERB_UNPUBLISH] = dry_unpublish,
	},
	.scratch = sizeof(struct publishing),
	.scratch_done = publishing_done,
	.at_once_store = 1,
};

/* ---- dismissing ---- */

static struct next dismiss(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	g_autoptr(GPtrArray) placed = placed_read(e, op->request->id);

	(void)none;
	hidden_dismiss(e, op->request);
	op_drop_request(op, op->request->id);
	op_say(op, "%s is not shown any more unless it changes; nothing was touched where it waits%s",
	       op->request->title, placed->len ? ", and what was put into DNS for it stays" : "");
	return next_done();
}

/* ---- publishing: whom to ask ---- */

static bool read_records(struct op *op, struct publishing *p, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(op->request->records, "\n", -1);

	p->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	for (char **line = lines; *line; line++) {
		struct dns_record *r = **line ? dns_record_read(*line, error) : NULL;

		if (**line && !r)
			return false;
		if (r)
			g_ptr_array_add(p->records, r);
	}
	if (p->records->len)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s waits for no record in DNS", op->request->title);
	return false;
}

/* `troubles`: why one that could is not asked; or NULL. */
static bool can_publish(struct op *op, const struct account *a, GPtrArray *troubles)
{
	bool may = zones_may_ask(operation_of(op)->engine, a);

	if (may && a->is_read_only && troubles)
		g_ptr_array_add(troubles, g_strdup_printf("%s is read-only and was not asked for "
							  "the zone", a->id));
	return may && !a->is_read_only;
}

/* The request's own account first. */
static GPtrArray *accounts_to_ask(struct op *op, GPtrArray *troubles)
{
	const struct engine *e = operation_of(op)->engine;
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];

		if (can_publish(op, a, troubles))
			g_ptr_array_insert(ids, strcmp(a->id, op->request->account) ? -1 : 0,
					   g_strdup(a->id));
	}
	return ids;
}

GPtrArray *request_verbs_publishers(struct op *op)
{
	return accounts_to_ask(op, NULL);
}

/* ---- publishing: children, one after the other ---- */

static struct publishing *publishing_of(struct op *op)
{
	return op->scratch;
}

static void child_ended(struct operation *child, const GError *error)
{
	struct publishing *p = child->who;

	g_clear_error(&p->refusal);
	p->refusal = error ? g_error_copy(error) : NULL;
	if (child->op.n_published)
		g_ptr_array_add(p->by, g_strdup(child->op.account->id));
	p->n_published += child->op.n_published;
	for (guint i = 0; i < child->op.put_records->len; i++)
		if (!placed_note(child->engine, child->request->id, child->op.account->id,
				 child->op.put_records->pdata[i]))
			g_ptr_array_add(p->troubles, g_strdup("too many records were put into DNS for it to "
							      "be written down"));
	operation_wake(p->operation);
}

/* An operation for the same request: `first` of that account's provider, or its verb. */
static struct next do_child(struct op *op, const struct account *a, enum verb_id verb,
			    step_fn *first, step_fn *then)
{
	struct operation *o = operation_of(op), *child;
	struct publishing *p = publishing_of(op);
	g_autoptr(args) no_answers = args_new();

	child = operation_new_child(o, provider_find(a->provider), verb, no_answers, o->store);
	operation_set_account(child, a);
	g_free(child->target);
	child->target = g_strdup(o->target);
	operation_know_store(child);
	child->request = request_ref(o->request);
	child->op.request = child->request;
	child->op.records = first ? p->open : NULL;
	child->first = first;
	child->ended = child_ended;
	child->who = p;
	child->weak = &p->child;
	p->child = child;
	operation_start_own(child);
	return operation_sleep(o, then);
}

/* ---- publishing: the end ---- */

static struct next synced(struct op *op, const struct reply *none)
{
	struct publishing *p = publishing_of(op);

	(void)none;
	if (p->refusal)
		op_trouble(op, "how %s stands could not be asked: %s", op->request->title,
			   p->refusal->message);
	return next_done();
}

static struct next sync_request(struct op *op)
{
	const struct account *a = accounts_get(operation_of(op)->engine, op->request->account);
	const struct provider *provider = a ? provider_find(op->request->provider) : NULL;

	if (!provider || !provider->verb[VERB_SYNC])
		return next_done();
	return do_child(op, a, VERB_SYNC, NULL, synced);
}

static void tell_records(struct op *op)
{
	g_auto(GStrv) lines = g_strsplit(op->request->records, "\n", -1);

	for (char **l = lines; *l; l++)
		if (**l)
			op_trouble(op, "%s", *l);
}

static struct next tell(struct op *op)
{
	struct publishing *p = publishing_of(op);
	bool is_all = p->n_published >= p->records->len;
	g_autofree char *by = NULL;

	for (guint i = 0; i < p->troubles->len && !is_all; i++)
		op_trouble(op, "%s", (char *)p->troubles->pdata[i]);
	if (!is_all && p->by->len)
		op_trouble(op, "%u of %u records have no zone that is known here; all of them are:",
			   p->records->len - p->n_published, p->records->len);
	if (!is_all)
		tell_records(op);
	if (!p->by->len)
		op_put_request(op, request_dup(op->request));	/* judged by what was told */
	if (!p->by->len)
		return next_fail(op, ERR_NOT_FOUND, "no account that is known here has the zone: put "
				 "the records there by hand, then sync");
	g_ptr_array_add(p->by, NULL);
	by = g_strjoinv(" and ", (char **)p->by->pdata);
	op_say(op, "%u of %u records stand in their zones, by %s", p->n_published, p->records->len,
	       by);
	return sync_request(op);
}

/* Another account may have the zone of one that stands there already. */
static void leave_open(struct publishing *p)
{
	if (p->open)
		g_ptr_array_unref(p->open);
	p->open = g_ptr_array_new();
	for (guint i = 0; i < p->records->len; i++)
		if (!((const struct dns_record *)p->records->pdata[i])->is_done)
			g_ptr_array_add(p->open, p->records->pdata[i]);
}

static struct next ask_next(struct op *op, const struct reply *none)
{
	struct publishing *p = publishing_of(op);
	struct engine *e = operation_of(op)->engine;

	(void)none;
	if (p->refusal)
		g_ptr_array_add(p->troubles,
				g_strdup_printf("%s: %s", (char *)p->accounts->pdata[p->next - 1],
						p->refusal->message));
	g_clear_error(&p->refusal);
	leave_open(p);
	while (p->next < p->accounts->len && p->open->len) {
		const struct account *a = accounts_get(e, p->accounts->pdata[p->next++]);

		if (a)
			return do_child(op, a, VERB_PUBLISH, provider_find(a->provider)->publish,
					ask_next);
	}
	return tell(op);
}

static struct next publish_records(struct op *op, const struct reply *none)
{
	struct publishing *p = publishing_of(op);
	GError *error = NULL;

	if (operation_of(op)->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked");
	p->operation = operation_of(op);
	p->by = g_ptr_array_new_with_free_func(g_free);
	p->troubles = g_ptr_array_new_with_free_func(g_free);
	if (!read_records(op, p, &error))
		return next_fail_error(op, error);
	p->accounts = accounts_to_ask(op, p->troubles);
	return ask_next(op, none);
}

/* ---- taking records away ---- */

static struct next take_next(struct op *op);

static struct next took(struct op *op, const struct reply *none)
{
	struct publishing *p = publishing_of(op);
	const struct placed *placed = p->placed->pdata[p->next - 1];

	(void)none;
	if (p->n_published) {
		placed_forget(p->operation->engine, op->request->id, placed->line);
		p->n_gone++;
	} else if (p->refusal) {
		op_trouble(op, "%s: %s", placed->account, p->refusal->message);
	} else {
		op_trouble(op, "%s does not have the zone %s any more: %s", placed->account, placed->zone,
			   placed->line);
	}
	p->n_published = 0;
	g_clear_error(&p->refusal);
	return take_next(op);
}

const struct account *request_verbs_taker(const struct engine *e, const struct placed *placed,
					  char **ret_why_not)
{
	const struct account *a = accounts_get(e, placed->account);
	const struct provider *provider = a ? provider_find(a->provider) : NULL;
	g_autofree char *why = a ? accounts_why_not(e, a) : g_strdup("the account is not there any more");

	if (!why && (!provider || !provider->unpublish))
		why = g_strdup("what it puts into DNS stays there");
	if (!why && a->is_read_only)
		why = g_strdup("it is read-only");
	if (!why)
		return a;
	*ret_why_not = g_strdup_printf("%s: %s: %s", placed->account, why, placed->line);
	return NULL;
}

static const struct account *taker(struct op *op, const struct placed *placed)
{
	g_autofree char *why = NULL;
	const struct account *a = request_verbs_taker(operation_of(op)->engine, placed, &why);

	if (why)
		op_trouble(op, "%s", why);
	return a;
}

static bool open_one(struct op *op, const struct placed *placed)
{
	struct publishing *p = publishing_of(op);
	g_autoptr(GError) error = NULL;
	struct dns_record *r = dns_record_read(placed->line, &error);

	if (!r) {
		op_trouble(op, "%s", error->message);
		return false;
	}
	g_ptr_array_set_size(p->records, 0);
	g_ptr_array_add(p->records, r);
	leave_open(p);
	return true;
}

bool request_verbs_is_alias(const struct placed *placed)
{
	return strstr(placed->line, " IN CNAME ") != NULL;
}

static struct next take_next(struct op *op)
{
	struct publishing *p = publishing_of(op);

	while (p->next < p->placed->len) {
		const struct placed *placed = p->placed->pdata[p->next++];
		bool is_alias = request_verbs_is_alias(placed);
		const struct account *a = is_alias ? NULL : taker(op, placed);

		p->n_aliases += is_alias;
		if (a && open_one(op, placed))
			return do_child(op, a, VERB_UNPUBLISH, provider_find(a->provider)->unpublish, took);
	}
	if (!p->n_gone)
		return next_fail(op, ERR_REFUSED, "nothing was taken out of DNS for %s%s", op->request->title,
				 p->n_aliases ? ": a CNAME stays, since each renewal needs it" : "");
	op_say(op, "%u DNS record%s of %s taken away%s", p->n_gone, p->n_gone == 1 ? "" : "s",
	       op->request->title, p->n_aliases ? "; CNAMEs stay, since each renewal needs them" : "");
	return next_done();
}

GPtrArray *request_verbs_placed(struct op *op, GError **error)
{
	g_autoptr(GPtrArray) placed = placed_read(operation_of(op)->engine, op->request->id);

	if (request_is_waiting(op->request))
		g_set_error(error, ERR, ERR_PENDING, "%s still waits for its records", op->request->title);
	else if (!placed->len)
		g_set_error(error, ERR, ERR_NOT_FOUND, "certty put nothing into DNS for %s that it knows of",
			    op->request->title);
	else
		return g_steal_pointer(&placed);
	return NULL;
}

static struct next unpublish_records(struct op *op, const struct reply *none)
{
	struct publishing *p = publishing_of(op);
	GError *error = NULL;

	(void)none;
	if (operation_of(op)->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked");
	p->operation = operation_of(op);
	p->by = g_ptr_array_new_with_free_func(g_free);
	p->troubles = g_ptr_array_new_with_free_func(g_free);
	p->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	p->placed = request_verbs_placed(op, &error);
	return p->placed ? take_next(op) : next_fail_error(op, error);
}
