/*
 * engine: the worker thread, its loop, and the owner's side of the hand-overs.
 *
 * One turn is a list that a reader can keep in the head: wait, obey, start what is due,
 * advance, start what follows, keep, publish.  "Leave" ends the loop before anything else.
 */
#include "own.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>

/* ---- the worker ---- */

static void order_free(struct order *o)
{
	command_free(o->command);
	g_free(o->key);
	g_free(o->value);
	g_clear_pointer(&o->page, g_bytes_unref);
	g_free(o);
}

static int wait_ms(const struct engine *e)
{
	int64_t now = clock_ticks(), due = INT64_MAX;
	int64_t planned = plan_due(e, clock_now());

	if (e->is_changed)
		due = e->next_publish;
	if (e->deploys_due || e->approvals_due)
		due = now;
	if (e->look_at)
		due = MIN(due, e->look_at);
	due = MIN(due, renewals_due(e));
	due = MIN(due, keep_due(e));
	due = MIN(due, MIN(access_due(e), accounts_due(e)));
	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		due = MIN(due, operation_due(o));
		if (o->works->len)
			due = MIN(due, now + PUBLISH_EVERY * 1000);
	}
	if (planned >= 0)
		due = MIN(due, now + planned * 1000000);
	if (due == INT64_MAX)
		return -1;
	return due <= now ? 0 : (int)MIN((due - now + 999) / 1000, 3600 * 1000);
}

static void engine_wait(struct engine *e)
{
	struct pollfd extra[3 + LADDER_FDS] = {
		{ .fd = pool_fd(e->pool), .events = POLLIN },
		{ .fd = pool_fd(e->desk), .events = POLLIN },
		{ .fd = e->watch, .events = POLLIN },
	};
	unsigned n = e->watch >= 0 ? 3 : 2;
	int limit = wait_ms(e), ladder_limit;
	unsigned more = ladder_poll(e, extra + n, &ladder_limit);

	if (ladder_limit >= 0 && (limit < 0 || ladder_limit < limit))
		limit = ladder_limit;
	client_wait(e->client, extra, n + more, limit);
	if (n == 3 && extra[2].revents & POLLIN)
		load_hear(e);
}

static void obey_one(struct engine *e, struct order *o)
{
	if (o->command)
		task_start(e, o->number, g_steal_pointer(&o->command), false);
	else if (o->page)
		keep_page(e, o->page);
	else
		keep_setting(e, o->key, o->value);
	order_free(o);
}

/* False when the owner said to leave. */
static bool engine_obey(struct engine *e)
{
	struct order *o;

	if (atomic_load(&e->leaving))
		return false;
	o = (struct order *)queue_take_all(&e->orders);
	while (o) {
		struct order *next = (struct order *)o->link.next;

		atomic_fetch_sub(&e->waiting, 1);
		obey_one(e, o);
		o = next;
	}
	return true;
}

static void hear_works(struct pool *p)
{
	struct work *w = pool_take(p);

	while (w) {
		struct work *next = (struct work *)w->link.next;

		if (w->owner)
			operation_hear_work(w->owner, w);
		else
			work_free(w);
		w = next;
	}
}

#define BUNCH	4	/* replies heard before what they lead to is sent */
#define BUNCHES 64	/* in one turn: obeying and painting wait for no more */

static void advance_operations(struct engine *e)
{
	/* Whoever was first is last the next time, so that all get their share of the lanes. */
	if (e->operations->len > 1)
		g_ptr_array_add(e->operations, g_ptr_array_steal_index(e->operations, 0));
	for (guint i = e->operations->len; i-- > 0;)
		if (!operation_advance(e->operations->pdata[i], clock_ticks()))
			g_ptr_array_remove_index(e->operations, i);	/* frees it */
}

/* Replies come in bunches.  What one leads to is sent before the next few are heard, and all of it
 * before the disk and the snapshot, lest each of them waits for the whole bunch, time and again. */
static void engine_advance(struct engine *e)
{
	bool has_more = true;

	hear_works(e->pool);
	hear_works(e->desk);
	for (int i = 0; has_more && i < BUNCHES; i++) {
		has_more = client_advance(e->client, BUNCH);
		secrets_turn(e);
		advance_operations(e);
		client_begin(e->client);
	}
}

/* Before anyone sees what was found: a row is shown with what the rules say of it. */
static void what_follows(struct engine *e)
{
	deploys_turn(e);
	renewals_turn(e);
	approvals_turn(e);
	enroll_turn(e);
}

static void *engine_main(void *arg)
{
	struct engine *e = arg;

	load_all(e);
	keep_write(e);
	while (!atomic_load(&e->leaving)) {
		publish(e, clock_ticks());
		atomic_store(&e->is_ready, true);
		engine_wait(e);			/* sockets, works, timers, or a ring */
		publish_bury(e);
		if (!engine_obey(e))
			break;
		load_due(e, clock_ticks());
		accounts_find_due(e);	/* behind the first screen */
		account_stores_turn(e);
		access_turn(e, clock_ticks());
		plan_refreshes(e, clock_now());
		plan_notices(e, clock_now());
		task_start_due(e);
		engine_advance(e);
		what_follows(e);
		task_start_due(e);
		keep_write(e);			/* changed rows to disk, one transaction */
	}
	access_leave_all(e);
	ladder_leave(e->ladder);
	return NULL;
}

/* ---- the owner: opening and leaving ---- */

static void make_shelves(struct known *k)
{
	static const struct item_type *const types[KIND_COUNT] = {
		[KIND_STORES] = &store_type,	[KIND_REQUESTS] = &request_type,
		[KIND_DISCOVERY] = &discovery_type, [KIND_DOMAINS] = &domain_type,
		[KIND_OBJECTS] = &object_type,	[KIND_JOBS] = &job_type,
		[KIND_ACCOUNTS] = &account_type, [KIND_DEPLOYS] = &deploy_type,
	};

	for (int i = 0; i < KIND_COUNT; i++)
		if (types[i])
			k->shelf[i] = shelf_new(types[i]);
	k->tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  (GDestroyNotify)table_unref);
	k->words = intern_new();
	k->certs = certs_new(NULL, NULL, 0, k->words);
	g_queue_init(&k->details);
}

/* Ended jobs are kept, so numbers must not come again in a later process, or in one beside
 * this: they are the milliseconds since 2026, then three digits of the process's number. */
#define NUMBERS_SINCE INT64_C(1767225600000)
#define OWN_NUMBERS   (UINT64_C(1) << 50)	/* numbers of tasks that nobody asked for */

static uint64_t next_number(uint64_t last)
{
	uint64_t ms = (uint64_t)MAX(g_get_real_time() / 1000 - NUMBERS_SINCE, 1);

	return MAX(ms * 1000 + (uint64_t)getpid() % 1000, last + 1000);
}

uint64_t engine_own_number(struct engine *e)
{
	e->own_numbers = next_number(e->own_numbers);
	return e->own_numbers | OWN_NUMBERS;
}

bool engine_is_bulk(const struct verb *verb)
{
	return verb->id == VERB_REFRESH || verb->id == VERB_DISCOVER ||
	       verb->id == VERB_NOTIFY || verb->id == VERB_ACCOUNT_STORES;
}

struct pool *engine_pool(const struct engine *e, const struct verb *verb)
{
	return engine_is_bulk(verb) ? e->pool : e->desk;
}

/* ---- what can be talked to ---- */

static const struct provider_info **infos;

static void gather_infos(void)
{
	size_t n = 0;

	while (provider_table[n])
		n++;
	infos = g_new0(const struct provider_info *, n + 1);
	for (size_t i = 0; i < n; i++)
		infos[i] = provider_table[i]->info;
}

const struct provider_info *const *engine_providers(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, gather_infos);
	return infos;
}

char *engine_why_not(const struct verb *verb, const char *provider, const struct store *store)
{
	const struct provider *p = provider_find(provider);

	if (engine_own_verb(verb))
		return NULL;
	return p ? provider_why_not(p, verb, store) :
		   g_strdup_printf("This certty does not know the provider %s", provider);
}

struct engine *engine_open(const struct engine_config *config, GError **error)
{
	struct engine *e = g_new0(struct engine, 1);

	e->config = *config;
	e->folder = config->state_folder ? g_strdup(config->state_folder) : file_state_folder();
	e->watch = e->watched = -1;
	e->ring = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	e->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)task_free);
	e->operations = g_ptr_array_new_with_free_func((GDestroyNotify)operation_free);
	e->refreshing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->ladder = ladder_new();
	e->secrets = secrets_new();
	e->accounts = accounts_new();
	e->openings = access_all_new();
	e->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	e->paces = pace_all_new();
	e->own_stores = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->planned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	e->domains = domains_new();
	e->deployed_alone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->approved_alone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->enrolled_alone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->grants = g_ptr_array_new_with_free_func((GDestroyNotify)tickets_one_free);
	make_shelves(&e->known);
	if (e->ring < 0) {
		g_set_error(error, ERR, ERR_IO, "no event descriptor: %s", g_strerror(errno));
		engine_stop(e);
		return NULL;
	}
	keep_open(e);
	return e;
}

bool engine_start(struct engine *e, GError **error)
{
	unsigned cores = (unsigned)CLAMP(sysconf(_SC_NPROCESSORS_ONLN), 1, 16);

	e->client = client_new(error);
	if (!e->client)
		return false;
	e->pool = pool_new(cores, error);
	e->desk = e->pool ? pool_new(1, error) : NULL;
	if (!e->desk)
		return false;
	errno = pthread_create(&e->thread, NULL, engine_main, e);
	if (errno) {
		g_set_error(error, ERR, ERR_FAILED, "the worker cannot be started: %s",
			    g_strerror(errno));
		return false;
	}
	e->is_running = true;
	return true;
}

static void free_known(struct known *k)
{
	for (int i = 0; i < KIND_COUNT; i++)
		shelf_free(k->shelf[i]);
	g_queue_clear_full(&k->details, (GDestroyNotify)detail_unref);
	g_hash_table_unref(k->tables);
	certs_unref(k->certs);
	intern_free(k->words);
}

static void free_orders(struct engine *e)
{
	struct order *o = (struct order *)queue_take_all(&e->orders);

	while (o) {
		struct order *next = (struct order *)o->link.next;

		if (e->is_running && o->page)
			keep_page(e, o->page);
		else if (e->is_running && o->key)
			keep_setting(e, o->key, o->value);
		order_free(o);
		o = next;
	}
}

static void free_all(struct engine *e)
{
	publish_bury(e);
	snapshot_unref(slot_take(&e->out));
	snapshot_unref(e->last);
	free_known(&e->known);
	g_hash_table_unref(e->refreshing);
	accounts_free(e->accounts);
	g_hash_table_unref(e->lanes);
	g_hash_table_unref(e->paces);
	g_hash_table_unref(e->own_stores);
	g_hash_table_unref(e->planned);
	g_queue_clear_full(&e->passing, g_free);
	domains_free(e->domains);
	g_hash_table_unref(e->deployed_alone);
	g_hash_table_unref(e->approved_alone);
	g_hash_table_unref(e->enrolled_alone);
	g_ptr_array_unref(e->grants);
	trust_unref(e->trust);
	account_unref(e->here);
	g_free(e->saying);
	g_free(e->folder);
	g_free(e);
}

/* The worker ends after its turn.  What the screen wanted remembered is; commands are not
 * obeyed any more. */
static void end_work(struct engine *e)
{
	atomic_store(&e->leaving, true);
	if (e->is_running) {
		client_ring(e->client);
		pthread_join(e->thread, NULL);
	}
	if (e->changes)
		e->changes->again = 0;	/* the last chance */
	free_orders(e);
	keep_write(e);
}

void engine_leave(struct engine *e)
{
	/* It reads the saved state still: nothing was obeyed or changed, so nothing is lost. */
	if (e->is_running && !atomic_load(&e->is_ready))
		return;
	end_work(e);
	g_clear_pointer(&e->secrets, secrets_free);
	g_clear_pointer(&e->ladder, ladder_free);
	keep_done(e);
}

void engine_stop(struct engine *e)
{
	if (!e)
		return;
	end_work(e);
	g_ptr_array_unref(e->operations);
	g_hash_table_unref(e->openings);
	g_ptr_array_unref(e->tasks);
	client_free(e->client);
	pool_leave(e->pool);
	pool_leave(e->desk);
	keep_done(e);
	secrets_free(e->secrets);
	ladder_free(e->ladder);
	if (e->ring >= 0)
		close(e->ring);
	free_all(e);
}

/* ---- the owner: hand-overs ---- */

static bool put_order(struct engine *e, struct order *o)
{
	if (atomic_fetch_add(&e->waiting, 1) >= ENGINE_QUEUE) {
		atomic_fetch_sub(&e->waiting, 1);
		order_free(o);
		return false;
	}
	queue_put(&e->orders, &o->link);
	if (e->client)
		client_ring(e->client);
	return true;
}

uint64_t engine_submit(struct engine *e, struct command *c)
{
	struct order *o = g_new0(struct order, 1);
	uint64_t number = next_number(e->numbers);

	o->number = number;
	o->command = c;
	if (!put_order(e, o))
		return 0;
	return e->numbers = number;
}

void engine_remember(struct engine *e, const char *key, const char *value)
{
	struct order *o = g_new0(struct order, 1);

	o->key = g_strdup(key);
	o->value = g_strdup(value);
	put_order(e, o);
}

void engine_keep_page(struct engine *e, GBytes *page)
{
	struct order *o = g_new0(struct order, 1);

	o->page = page;
	put_order(e, o);
}

int engine_fd(const struct engine *e)
{
	return e->ring;
}

struct snapshot *engine_take(struct engine *e)
{
	uint64_t n;

	(void)!read(e->ring, &n, sizeof(n));
	return slot_take(&e->out);
}

void engine_give_back(struct engine *e, struct snapshot *s)
{
	struct dead *d;

	if (!s)
		return;
	d = g_new(struct dead, 1);
	d->snapshot = s;
	queue_put(&e->dead, &d->link);
	if (e->client)
		client_ring(e->client);
}

/* ---- the command line's waits ---- */

static const struct job *job_in(const struct snapshot *s, uint64_t number)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize i = items_find(s->kind[KIND_JOBS], id);

	return i < 0 ? NULL : s->kind[KIND_JOBS]->item[i];
}

static struct snapshot *newest(struct engine *e, int limit_ms)
{
	struct pollfd p = { .fd = e->ring, .events = POLLIN };
	struct snapshot *s;

	if (poll(&p, 1, limit_ms) <= 0)
		return NULL;
	s = engine_take(e);
	if (s) {
		engine_give_back(e, e->last);
		e->last = s;
	}
	return s;
}

struct snapshot *engine_wait_for(struct engine *e, uint64_t number, int limit_ms,
				 engine_look_fn *look, void *who)
{
	/* Not clock_ticks(): a test may have stopped that clock. */
	int64_t until = limit_ms < 0 ? INT64_MAX : g_get_monotonic_time() / 1000 + limit_ms;

	for (;;) {
		const struct job *j = e->last ? job_in(e->last, number) : NULL;
		int64_t left = until - g_get_monotonic_time() / 1000;

		if ((j && job_is_over(j)) || left <= 0)
			return e->last ? snapshot_ref(e->last) : NULL;
		if (newest(e, (int)MIN(left, 3600 * 1000)) && look)
			look(e->last, who);
	}
}

struct snapshot *engine_wait_loaded(struct engine *e)
{
	while (!e->last || !e->last->number)
		newest(e, -1);
	return snapshot_ref(e->last);
}

struct snapshot *engine_wait_found(struct engine *e)
{
	snapshot_unref(engine_wait_loaded(e));
	while (e->last->is_finding)
		newest(e, -1);
	return snapshot_ref(e->last);
}
