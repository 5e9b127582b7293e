/* play: the engine's part, for one operation and no longer. */
#include "play.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>

static struct store *local_store(const char *type, const char *address)
{
	g_autofree char *id = g_strdup_printf("local/%s:%s", type, address);
	struct store *s = store_new(id);

	store_set(&s->account, "local");
	store_set(&s->provider, "local");
	store_set(&s->type, type);
	store_set(&s->title, address);
	store_set(&s->address, address);
	return s;
}

void play_init(struct play *p, enum verb_id verb, const char *type, const char *address)
{
	play_begin(p, "local", verb, type ? local_store(type, address) : NULL);
}

void play_begin(struct play *p, const char *provider, enum verb_id verb, struct store *s)
{
	memset(p, 0, sizeof(*p));
	op_init(&p->op);
	p->provider = provider_find(provider);
	p->store = s;
	p->op.store = s;
	p->account = account_new(s ? s->account : "local");
	p->op.account = p->account;
	p->words = intern_new();
	p->args = args_new();
	p->settings = settings_load("/dev/null");
	p->stores = items_new(&store_type, NULL, 0);
	p->requests = items_new(&request_type, NULL, 0);
	p->op.verb = &verb_table[verb];
	p->op.args = p->args;
	p->op.settings = p->settings;
	p->op.stores = p->stores;
	p->op.requests = p->requests;
	p->op.now = clock_now();
	p->op.scratch = g_malloc0(p->provider->scratch);
	if (verb == VERB_REFRESH)
		p->op.rows = table_builder_new(p->store->id, p->words);
	p->op.n_rows = 0;
}

void play_done(struct play *p)
{
	p->provider->scratch_done(p->op.scratch);
	g_free(p->op.scratch);
	work_free(p->op.work);
	g_clear_pointer(&p->op.memo, g_bytes_unref);
	g_clear_pointer(&p->op.cert.der, g_bytes_unref);
	op_done(&p->op);
	store_unref(p->store);
	account_unref(p->account);
	access_unref(p->access);
	request_unref(p->request);
	items_unref(p->stores);
	items_unref(p->requests);
	table_unref(p->old);
	args_free(p->args);
	settings_free(p->settings);
	intern_free(p->words);
	if (p->chain)
		g_ptr_array_unref(p->chain);
}

void play_open(struct play *p, const char *account, struct args *with)
{
	account_unref(p->account);
	p->account = account_new(account);
	p->op.account = p->account;
	p->access = access_new();
	args_free(p->access->with);
	p->access->with = with;
	p->op.access = p->access;
}

void play_know(struct play *p, struct store *const *stores, size_t n)
{
	items_unref(p->stores);
	p->stores = items_new(&store_type, (void *const *)stores, n);
	p->op.stores = p->stores;
}

void play_arg(struct play *p, const char *key, const char *value)
{
	args_set(p->args, key, value);
}

void play_secret(struct play *p, const char *key, const char *value)
{
	args_put_secret(p->args, key, secret_new(value, strlen(value)));
}

void play_cert(struct play *p, GBytes *der, const char *alias)
{
	p->op.cert.der = g_bytes_ref(der);
	p->op.cert.alias = alias;
}

void play_request(struct play *p, struct request *r)
{
	void *item = r;

	request_unref(p->request);
	p->request = request_ref(r);
	p->op.request = p->request;
	items_unref(p->requests);
	p->requests = items_new(&request_type, &item, 1);
	p->op.requests = p->requests;
}

void play_know_store(struct play *p, const char *type, const char *address)
{
	g_autofree char *id = g_strdup_printf("local/%s:%s", type, address);
	struct store *s = store_new(id);
	void *item = s;

	store_set(&s->provider, "local");
	store_set(&s->type, type);
	store_set(&s->address, address);
	items_unref(p->stores);
	p->stores = items_new(&store_type, &item, 1);
	store_unref(s);
	p->op.stores = p->stores;
}

static void run_work(struct play *p, struct work *w)
{
	p->works++;
	w->run(w);
}

/* The rows so far become those that were read before, as the engine shows them. */
static void show_rows(struct play *p)
{
	p->op.shows_rows = false;
	p->shows++;
	table_unref(p->old);
	p->old = table_builder_end(p->op.rows, p->op.now);
	p->op.old = p->old;
	p->op.rows = table_builder_new(p->store->id, p->words);
}

static void hear(struct play *p, const struct next *n, size_t i, struct ask *ask)
{
	struct reply *r = NULL;

	if (ask->send) {
		r = p->answer(p, ask->send);
		exchange_free(ask->send);
	} else if (ask->work) {
		run_work(p, ask->work);
	} else {
		return;
	}
	n->hear(&p->op, i, r, ask->work);
	if (p->op.shows_rows)
		show_rows(p);
	work_free(ask->work);
	reply_free(r);
}

static void play_some(struct play *p, const struct next *n, size_t from, size_t to)
{
	g_autofree struct ask *asks = g_new0(struct ask, to - from + 1);

	for (size_t i = from; i < to; i++)
		asks[i - from] = n->ask(&p->op, i);
	for (size_t i = to; i-- > from;)
		hear(p, n, i, &asks[i - from]);
}

/* What is asked for more, in rounds. */
static void play_each(struct play *p, const struct next *n)
{
	size_t from = 0, to = n->n;

	while (from < to) {
		play_some(p, n, from, to);
		from = to;
		to += p->op.more;
		p->op.more = 0;
	}
}

bool play_run(struct play *p)
{
	step_fn *first = p->first ? p->first : p->provider->verb[p->op.verb->id];
	struct next n = first(&p->op, NULL);

	for (;;) {
		struct reply *r = NULL;

		if (p->op.shows_rows && n.kind != NEXT_DONE)
			show_rows(p);
		if (n.kind == NEXT_DONE || n.kind == NEXT_FAIL) {
			g_assert_true((n.kind == NEXT_FAIL) == (p->op.error != NULL));
			return n.kind == NEXT_DONE;
		}
		if (n.kind == NEXT_SEND) {
			r = p->answer(p, n.request);
			exchange_free(n.request);
		} else if (n.kind == NEXT_EACH) {
			play_each(p, &n);
		} else if (n.kind == NEXT_WORK) {
			run_work(p, n.work);
			work_free(p->op.work);
			p->op.work = n.work;
		} else if (n.kind == NEXT_WAIT) {
			p->op.now += (n.ms + 999) / 1000;
		} else if (n.kind == NEXT_KEEP) {
			p->kept_requests = p->op.put_requests->len;
		}
		n = n.step(&p->op, r);
		reply_free(r);
	}
}

struct table *play_table(struct play *p)
{
	return table_builder_end(g_steal_pointer(&p->op.rows), p->op.now);
}

void play_again(struct play *p)
{
	table_unref(p->old);
	p->old = play_table(p);
	p->op.old = p->old;
	p->op.rows = table_builder_new(p->store->id, p->words);
	p->op.n_rows = 0;
	if (p->op.new_memo) {
		g_clear_pointer(&p->op.memo, g_bytes_unref);
		p->op.memo = g_steal_pointer(&p->op.new_memo);
	}
	p->provider->scratch_done(p->op.scratch);
	memset(p->op.scratch, 0, p->provider->scratch);
	g_ptr_array_set_size(p->op.troubles, 0);
	g_array_set_size(p->op.fresh, 0);
	g_clear_pointer(&p->op.said, g_free);
	g_clear_error(&p->op.error);
	p->op.done = p->op.of = 0;
	p->shows = 0;
}

char *play_rows(struct play *p)
{
	static const uint32_t shown = MARK_KEY | MARK_KEY_LOCKED | MARK_MISMATCH;
	GString *s;
	struct table *t;

	if (!play_run(p))
		return NULL;
	t = play_table(p);
	s = g_string_new(NULL);
	for (uint32_t i = 0; i < t->n; i++) {
		g_string_append(s, t->aliases + t->alias[i]);
		for (const struct mark *m = mark_table; m->bit; m++)
			if (t->marks[i] & m->bit & shown)
				g_string_append_printf(s, " %s", m->word);
		g_string_append_c(s, '\n');
	}
	table_unref(p->old);
	p->old = t;
	return g_string_free(s, FALSE);
}

bool play_has_trouble(const struct play *p, const char *part)
{
	for (guint i = 0; i < p->op.troubles->len; i++)
		if (strstr(p->op.troubles->pdata[i], part))
			return true;
	return false;
}

char *play_folder(void)
{
	char *folder = g_dir_make_tmp("certty-local-XXXXXX", NULL);

	g_assert_nonnull(folder);
	return folder;
}

static int gone(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void play_folder_gone(char *folder)
{
	nftw(folder, gone, 16, FTW_DEPTH | FTW_PHYS);
	g_free(folder);
}
