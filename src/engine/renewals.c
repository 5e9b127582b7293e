/*
 * renewals: the rule that says which certificates should be renewed by now: each is a request row
 * that waits for a person, or is started where the account allows that.
 *
 * It is judged whenever a table changed, and once an hour, since time alone makes one due.  Only
 * what somebody here can renew is proposed: what a CA on this machine has signed and lies beside its
 * key, and what a service says of its own.  A row stays when it was dismissed, so that the same
 * certificate is not proposed twice.
 */
#include "deploy_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

#define LOOK_EVERY (CLOCK_HOUR * INT64_C(1000000))	/* ticks */
#define FRESH CLOCK_HOUR	/* nothing is started of rows that are older */
#define KEPT_MAX 4096

struct candidate {
	struct place at;
	const struct store *store;
	enum renewal_mode mode;
	const char *warning;	/* borrowed from a renewable, or "" */
	struct place ca;	/* table NULL: its service renews it */
	char **names;
	int worth;		/* of the place: the new one shall lie in the best */
	bool is_superseded;
};

struct looking {
	struct engine *engine;
	int64_t now;
	int percent;
	GHashTable *found;	/* print → struct candidate */
	GPtrArray *renewable;	/* GHashTable: kept as long as warnings are borrowed */
	GHashTable *proposed;	/* ids of requests that stand, a set */
};

static void candidate_free(void *p)
{
	struct candidate *c = p;

	g_strfreev(c->names);
	g_free(c);
}

/* ---- the rule of an account ---- */

enum renewal_mode renewals_mode(const struct engine *e, const struct account *a)
{
	const struct settings *s = e->config.settings;
	g_autoptr(args) all = accounts_fill(accounts_settings(e), a);
	enum renewal_mode mode = RENEWAL_OFF;

	renewal_mode_read(settings_text(s, "renew", "rule"), &mode);
	renewal_mode_read(args_text(all, "renew", ""), &mode);
	if (mode == RENEWAL_AUTOMATIC && !settings_bool(s, "safety", "automatic-renewals"))
		mode = RENEWAL_PROPOSE;
	return mode;
}

/* ---- which could be renewed at all ---- */

static void add(struct looking *l, struct candidate *c)
{
	uint64_t *print = g_memdup2(&c->at.table->print[c->at.row], sizeof(*print));
	const struct candidate *known = g_hash_table_lookup(l->found, print);

	c->worth = renew_worth(l->engine, c->at);
	if (known && known->worth >= c->worth) {
		g_free(print);
		g_free(c);
		return;
	}
	c->names = deploys_names(c->at.table, c->at.row);
	g_hash_table_replace(l->found, print, c);
}

static bool is_due(const struct looking *l, const struct table *t, uint32_t row)
{
	struct renewal_case c = {
		.not_before = (int64_t)t->not_before[row] * 60,
		.not_after = (int64_t)t->not_after[row] * 60,
		.now = l->now, .percent = l->percent, .mode = RENEWAL_PROPOSE, .is_renewable = true,
	};

	return t->print[row] && renewal_judge(&c) != RENEWAL_NOT_DUE;
}

static void look_at_local(struct looking *l, const struct candidate *like)
{
	const struct table *t = like->at.table;

	for (uint32_t row = 0; row < t->n; row++) {
		struct candidate c = *like;

		c.at.row = row;
		if ((t->marks[row] & (MARK_KEY | MARK_KEY_LOCKED)) && !(t->marks[row] & MARK_CA) &&
		    is_due(l, t, row) && renew_find_ca(l->engine, c.at, &c.ca))
			add(l, g_memdup2(&c, sizeof(c)));
	}
}

static GHashTable *renewable_of(struct looking *l, const struct store *s)
{
	const struct provider *p = provider_find(s->provider);
	g_autoptr(GBytes) memo = p && p->find_renewable ? keep_memo(l->engine, s->id) : NULL;
	GHashTable *all = memo ? p->find_renewable(s, memo, l->now) : NULL;

	if (all)
		g_ptr_array_add(l->renewable, all);
	return all;
}

/* Its memo is read when something is due at all. */
static void look_at_service(struct looking *l, const struct candidate *like)
{
	const struct table *t = like->at.table;
	GHashTable *all = NULL;
	bool is_read = false;

	for (uint32_t row = 0; row < t->n; row++) {
		const struct renewable *r;
		struct candidate c = *like;

		if (!is_due(l, t, row))
			continue;
		if (!is_read)
			all = renewable_of(l, like->store);
		is_read = true;
		r = all ? g_hash_table_lookup(all, t->aliases + t->alias[row]) : NULL;
		c.at.row = row;
		c.warning = r ? r->warning : "";
		if (r)
			add(l, g_memdup2(&c, sizeof(c)));
	}
}

static void look_at_store(struct looking *l, const struct store *s)
{
	const struct account *a = accounts_get(l->engine, s->account);
	struct candidate like = {
		.at.table = g_hash_table_lookup(l->engine->known.tables, s->id),
		.store = s, .warning = "",
		.mode = a && !a->is_disabled ? renewals_mode(l->engine, a) : RENEWAL_OFF,
	};

	if (!like.at.table || like.mode == RENEWAL_OFF || !strcmp(s->type, "ca"))
		return;
	if (a->is_read_only || l->engine->config.is_read_only)
		like.mode = RENEWAL_PROPOSE;
	if (renew_is_local(s))
		look_at_local(l, &like);
	else
		look_at_service(l, &like);
}

/* ---- which have a successor ---- */

/* Candidates by each of their names; and the tables where a successor of one would lie. */
static GHashTable *by_name(const struct looking *l, GHashTable *tables)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						(GDestroyNotify)g_ptr_array_unref);
	GHashTableIter i;
	void *p;

	g_hash_table_iter_init(&i, l->found);
	while (g_hash_table_iter_next(&i, NULL, &p)) {
		struct candidate *c = p;

		g_hash_table_add(tables, (void *)c->at.table);
		for (char **name = c->names; *name; name++) {
			GPtrArray *same = g_hash_table_lookup(all, *name);

			if (!same)
				g_hash_table_replace(all, g_strdup(*name), same = g_ptr_array_new());
			g_ptr_array_add(same, c);
		}
	}
	return all;
}

/* What is newer and lies in the same store or is kept in the own repository. */
static bool is_successor(const struct engine *e, const struct table *t, uint32_t row,
			 const struct candidate *c)
{
	bool counts = t == c->at.table || !strcmp(t->store, deploys_repository(e));

	return counts && t->print[row] && t->not_before[row] > c->at.table->not_before[c->at.row] &&
	       t->not_after[row] > c->at.table->not_after[c->at.row] &&
	       deploys_has_names(t, row, c->names);
}

static void mark_in(const struct looking *l, const struct table *t, GHashTable *names)
{
	for (uint32_t row = 0; row < t->n; row++) {
		const char *text = t->texts + t->text[row];
		g_autofree char *first = g_strndup(text, strcspn(text, "\n"));
		GPtrArray *same = g_hash_table_lookup(names, first);

		for (guint k = 0; same && k < same->len; k++) {
			struct candidate *c = same->pdata[k];

			c->is_superseded |= is_successor(l->engine, t, row, c);
		}
	}
}

static void mark_superseded(const struct looking *l)
{
	struct engine *e = l->engine;
	g_autoptr(GHashTable) tables = g_hash_table_new(g_direct_hash, g_direct_equal);
	g_autoptr(GHashTable) names = by_name(l, tables);
	struct table *kept = g_hash_table_lookup(e->known.tables, deploys_repository(e));
	GHashTableIter i;
	void *t;

	if (!g_hash_table_size(names))
		return;
	if (kept)
		g_hash_table_add(tables, kept);
	g_hash_table_iter_init(&i, tables);
	while (g_hash_table_iter_next(&i, &t, NULL))
		mark_in(l, t, names);
}

/* ---- rows ---- */

static void put(struct engine *e, struct request *r)
{
	keep_item(e, KIND_REQUESTS, r->id);
	shelf_put(e->known.shelf[KIND_REQUESTS], r);
	e->is_changed = true;
}

static char *id_of(struct place at)
{
	g_autofree char *cert = g_strdup_printf("%016" G_GINT64_MODIFIER "x",
						at.table->print[at.row]);

	return renewal_request_id(cert);
}

/* When it was last started without a person. */
static int64_t tried(const struct request *r)
{
	g_autoptr(json) j = r && *r->kept ? json_parse(r->kept, strlen(r->kept), KEPT_MAX, NULL) : NULL;
	int64_t when = 0;

	return json_int(j, "tried", &when) ? when : 0;
}

static char *keep_tried(int64_t when)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_int(&w, "tried", when);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* What a person should know before saying yes; a new string. */
static char *warning_of(const struct looking *l, const struct candidate *c)
{
	const struct table *t = c->at.table;
	uint32_t life = t->not_after[c->at.row] - t->not_before[c->at.row];
	g_autoptr(GString) until = g_string_new(NULL);

	if (!c->ca.table || c->ca.table->not_after[c->ca.row] >= l->now / 60 + life)
		return g_strdup(c->warning);
	clock_say_date(until, (int64_t)c->ca.table->not_after[c->ca.row] * 60);
	return g_strdup_printf("the CA itself ends on %s, and so will the new one", until->str);
}

static struct request *new_row(struct engine *e, struct place at, const struct store *s)
{
	g_autofree char *id = id_of(at), *print = deploys_whole_print(e, at), *title = NULL;
	struct request *r = request_new(id);
	size_t len;
	const char *name = table_name(at.table, at.row, &len);

	title = g_strndup(name, len);
	store_set(&r->account, s->account);
	store_set(&r->provider, s->provider);
	store_set(&r->store, s->id);
	store_set(&r->type, RENEWAL_REQUEST);
	store_set(&r->title, title);
	store_set(&r->digest, print);
	store_set(&r->asked_by, "certty");
	g_strfreev(r->names);
	r->names = deploys_names(at.table, at.row);
	r->due = (int64_t)at.table->not_after[at.row] * 60;
	return r;
}

static bool is_same(const struct request *a, const struct request *b)
{
	return a->state == b->state && a->due == b->due && !strcmp(a->theirs, b->theirs) &&
	       !strcmp(a->store, b->store) && !strcmp(a->oddities, b->oddities) &&
	       !strcmp(a->digest, b->digest) && !strcmp(a->can, b->can);
}

static enum renewal_verdict judge(const struct looking *l, const struct candidate *c,
				  const struct request *known, const char *warning)
{
	const struct table *t = c->at.table;
	struct renewal_case all = {
		.not_before = (int64_t)t->not_before[c->at.row] * 60,
		.not_after = (int64_t)t->not_after[c->at.row] * 60,
		.now = l->now, .percent = l->percent, .mode = c->mode, .is_renewable = true,
		.is_superseded = c->is_superseded, .has_warning = *warning, .tried = tried(known),
	};

	return renewal_judge(&all);
}

/* It is being renewed. */
static bool is_at_work(const struct engine *e, const struct request *known)
{
	if (!known)
		return false;
	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		if (o->lock && !o->is_over && !strcmp(o->lock, known->id))
			return true;
	}
	return false;
}

static void propose(struct looking *l, const struct candidate *c)
{
	struct engine *e = l->engine;
	g_autofree char *id = id_of(c->at), *warning = warning_of(l, c);
	const struct request *known = shelf_get(e->known.shelf[KIND_REQUESTS], id);
	enum renewal_verdict verdict = judge(l, c, known, warning);
	g_autoptr(request) r = NULL;

	if (verdict == RENEWAL_NOT_DUE)
		return;
	g_hash_table_add(l->proposed, g_strdup(id));
	if (is_at_work(e, known))
		return;
	r = new_row(e, c->at, c->store);
	r->state = verdict == RENEWAL_IS_STARTED ? REQUEST_WAITS_CA : REQUEST_WAITS_PERSON;
	r->since = renewal_due((int64_t)c->at.table->not_before[c->at.row] * 60, r->due, l->percent);
	store_set(&r->theirs, known && *known->reason ? "renewal failed" : "renewal due");
	store_set(&r->oddities, warning);
	store_set(&r->can, "renew dismiss");
	if (known) {
		store_set(&r->kept, known->kept);
		store_set(&r->reason, known->reason);
	}
	if (known ? !is_same(known, r) : !hidden_is_dismissed(e, r))
		put(e, g_steal_pointer(&r));
}

/* ---- rows of what is not due any more ---- */

static bool find_newer(struct engine *e, const struct request *r, struct place *ret)
{
	const char *const stores[] = { r->store, deploys_repository(e) };

	for (size_t i = 0; i < G_N_ELEMENTS(stores); i++) {
		struct table *t = g_hash_table_lookup(e->known.tables, stores[i]);

		for (uint32_t row = 0; t && row < t->n; row++) {
			if (!t->print[row] || (int64_t)t->not_after[row] * 60 <= r->due ||
			    !deploys_has_names(t, row, r->names))
				continue;
			*ret = (struct place){ .table = t, .row = row };
			return true;
		}
	}
	return false;
}

static void settle(struct looking *l, const struct request *known)
{
	struct engine *e = l->engine;
	struct request *r;
	struct place newer;

	if (find_newer(e, known, &newer)) {
		r = request_dup(known);
		r->state = REQUEST_ISSUED;
		r->ended = l->now;
		store_set(&r->theirs, "renewed");
		store_set(&r->reason, "");
		store_set(&r->can, "");
		g_free(r->result);
		r->result = deploys_whole_print(e, newer);
		put(e, r);
	} else if (tried(known) + RENEWAL_AGAIN < l->now) {
		keep_item(e, KIND_REQUESTS, known->id);
		shelf_drop(e->known.shelf[KIND_REQUESTS], known->id);
		e->is_changed = true;
	}
}

static void settle_all(struct looking *l)
{
	struct engine *e = l->engine;
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (strcmp(r->type, RENEWAL_REQUEST))
			continue;
		if (!g_hash_table_contains(l->proposed, r->id) && request_is_waiting(r) &&
		    !is_at_work(e, r))
			settle(l, r);
	}
}

/* ---- looking ---- */

static void look(struct looking *l)
{
	struct engine *e = l->engine;
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	GHashTableIter i;
	void *c;

	for (size_t k = 0; k < stores->n; k++)
		look_at_store(l, stores->item[k]);
	mark_superseded(l);
	g_hash_table_iter_init(&i, l->found);
	while (g_hash_table_iter_next(&i, NULL, &c))
		propose(l, c);
	settle_all(l);
}

void renewals_look(struct engine *e)
{
	struct looking l = {
		.engine = e, .now = clock_now(),
		.percent = (int)settings_int(e->config.settings, "renew", "at"),
	};

	e->next_renewals = clock_ticks() + LOOK_EVERY;
	if (!e->is_loaded)
		return;
	l.found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, candidate_free);
	l.renewable = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
	l.proposed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	look(&l);
	g_hash_table_unref(l.found);
	g_ptr_array_unref(l.renewable);
	g_hash_table_unref(l.proposed);
	e->renewals_wait = true;
	keep_write(e);
}

int64_t renewals_due(const struct engine *e)
{
	if (!e->is_loaded)
		return INT64_MAX;
	return e->renewals_wait ? 0 : e->next_renewals;
}

/* ---- how a renewal goes ---- */

bool renewals_is_accepted(const struct task *t, const char *target, GError **error)
{
	g_autofree char *id = renewal_request_id(renewal_cert(target));
	const struct request *r = shelf_get(t->engine->known.shelf[KIND_REQUESTS], id);

	return !r || !request_is_waiting(r) || start_is_accepted(t, r, error);
}

void renewals_begin(struct engine *e, struct place at)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], at.table->store);
	g_autofree char *id = id_of(at), *kept = keep_tried(clock_now());
	const struct request *known = shelf_get(e->known.shelf[KIND_REQUESTS], id);
	struct request *r = known ? request_dup(known) : new_row(e, at, s);

	r->state = renew_is_local(s) ? REQUEST_WAITS_CA : REQUEST_WAITS_PROVIDER;
	r->ended = 0;
	if (!known)
		r->since = clock_now();
	store_set(&r->theirs, "being renewed");
	store_set(&r->reason, "");
	store_set(&r->can, "");
	store_set(&r->kept, kept);
	put(e, r);
}

/* It failed, and waits for a person; what went well is settled when the new one is seen. */
void renewals_hear(struct engine *e, const char *target, const GError *error)
{
	g_autofree char *id = renewal_request_id(renewal_cert(target));
	const struct request *known = shelf_get(e->known.shelf[KIND_REQUESTS], id);
	struct request *r;

	e->next_renewals = 0;
	if (!known)
		return;
	r = request_dup(known);
	r->state = error ? REQUEST_WAITS_PERSON : known->state;
	store_set(&r->theirs, error ? "renewal failed" : "asked for");
	store_set(&r->reason, error ? error->message : "");
	store_set(&r->can, error ? "renew dismiss" : "");
	put(e, r);
}

/* ---- what a row says ---- */

static void show_rule(const struct engine *e, struct detail *d, const struct request *r)
{
	const struct account *a = accounts_get(e, r->account);
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], r->store);

	detail_add_time(d, "Ends", r->due);
	detail_add_time(d, "Due since", r->since);
	detail_add(d, TONE_PLAIN, "Rule", "at %d %% of its life",
		   (int)settings_int(e->config.settings, "renew", "at"));
	if (a)
		detail_add(d, TONE_PLAIN, "", "%s: %s", a->title,
			   renewal_mode_word(renewals_mode(e, a)));
	detail_add(d, TONE_PLAIN, "Where", "%s", s ? s->title : r->store);
}

static bool find_cert(struct engine *e, const struct request *r, struct place *ret)
{
	uint32_t cert = certs_find_id(e->known.certs, renewal_cert(r->id));

	if (cert != CERTS_NONE)
		*ret = certs_first(e->known.certs, cert);
	return cert != CERTS_NONE;
}

static void show_way(struct engine *e, struct detail *d, const struct request *r)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], r->store);
	struct store *ca = NULL;
	struct place at, ca_place;

	if (s && renew_is_local(s) && find_cert(e, r, &at))
		ca = renew_find_ca(e, at, &ca_place);
	if (ca)
		detail_add(d, TONE_PLAIN, "By", "the CA %s, for the same names and use, with a new "
			   "key of the same kind", ca->title);
	else
		detail_add(d, TONE_PLAIN, "By", "%s, with the parameters that it has",
			   s ? s->account : r->account);
	for (char **name = r->names; *name; name++)
		detail_add(d, TONE_PLAIN, name == r->names ? "Names" : "", "%s", *name);
	if (*r->oddities)
		detail_add(d, TONE_WARN, "Notice", "%s", r->oddities);
	if (*r->reason)
		detail_add(d, TONE_BAD, "Last try", "%s", r->reason);
	detail_add(d, TONE_DIM, "SHA-256", "%s", r->digest);
	if (*r->result)
		detail_add(d, TONE_GOOD, "Successor", "SHA-256 %s", r->result);
}

struct next renewals_show_step(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	const struct request *r = op->request;
	g_autofree char *id = g_strconcat("requests/", r->id, NULL);
	struct detail *d = detail_new(id, r->title);

	(void)none;
	publish_certs(e);
	detail_add(d, request_state_tone(r->state), "State", "%s%s%s", request_state_word(r->state),
		   *r->theirs ? ", " : "", r->theirs);
	show_rule(e, d, r);
	show_way(e, d, r);
	d->made = op->now;
	op->detail = d;
	return next_done();
}

/* ---- without a person ---- */

bool renewals_may_start(const struct request *r)
{
	return !strcmp(r->type, RENEWAL_REQUEST) && r->state == REQUEST_WAITS_CA && *r->can &&
	       tried(r) + RENEWAL_AGAIN < clock_now();
}

/* What was read long ago may be renewed by now. */
static bool may_start(const struct engine *e, const struct request *r)
{
	const struct table *t = g_hash_table_lookup(e->known.tables, r->store);

	return renewals_may_start(r) && t && t->seen + FRESH > clock_now();
}

/* That it is tried is written down first, whatever becomes of it. */
static void start_alone(struct engine *e, const struct request *r)
{
	g_autofree char *id = g_strdup(r->id), *kept = keep_tried(clock_now());
	struct request *now = request_dup(r);

	store_set(&now->kept, kept);
	put(e, now);
	keep_write(e);
	run_start_alone(e, command_new(VERB_RENEW, id));
}

void renewals_turn(struct engine *e)
{
	g_autoptr(items) all = NULL;

	if (!e->is_loaded)
		return;
	if (clock_ticks() >= e->next_renewals)
		renewals_look(e);
	if (!e->renewals_wait)
		return;
	e->renewals_wait = false;
	if (!run_acts_alone(e) || run_has_begun(e, VERB_RENEW))
		return;
	all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	for (size_t i = 0; i < all->n; i++) {
		if (!may_start(e, all->item[i]))
			continue;
		start_alone(e, all->item[i]);
		return;
	}
}
