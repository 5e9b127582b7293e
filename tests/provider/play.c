/* play: the engine's part, for one operation and no longer. */
#include "play.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>

static void set_store(struct play *p, const char *type, const char *address)
{
	g_autofree char *id = g_strdup_printf("local/%s:%s", type, address);

	p->store = store_new(id);
	store_set(&p->store->account, "local");
	store_set(&p->store->provider, "local");
	store_set(&p->store->type, type);
	store_set(&p->store->title, address);
	store_set(&p->store->address, address);
	p->op.store = p->store;
}

void play_init(struct play *p, enum verb_id verb, const char *type, const char *address)
{
	memset(p, 0, sizeof(*p));
	op_init(&p->op);
	p->provider = provider_find("local");
	p->words = intern_new();
	p->args = args_new();
	p->settings = settings_load("/dev/null");
	p->stores = items_new(&store_type, NULL, 0);
	p->requests = items_new(&request_type, NULL, 0);
	if (type)
		set_store(p, type, address);
	p->op.verb = &verb_table[verb];
	p->op.args = p->args;
	p->op.settings = p->settings;
	p->op.stores = p->stores;
	p->op.requests = p->requests;
	p->op.now = clock_now();
	p->op.scratch = g_malloc0(p->provider->scratch);
	if (verb == VERB_REFRESH)
		p->op.rows = table_builder_new(p->store->id, p->words);
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
	work_free(ask->work);
	reply_free(r);
}

static void play_each(struct play *p, const struct next *n)
{
	g_autofree struct ask *asks = g_new0(struct ask, n->n + 1);

	for (size_t i = 0; i < n->n; i++)
		asks[i] = n->ask(&p->op, i);
	for (size_t i = n->n; i-- > 0;)
		hear(p, n, i, &asks[i]);
}

bool play_run(struct play *p)
{
	struct next n = p->provider->verb[p->op.verb->id](&p->op, NULL);

	for (;;) {
		struct reply *r = NULL;

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
		}
		n = n.step(&p->op, r);
		reply_free(r);
	}
}

struct table *play_table(struct play *p)
{
	return table_builder_end(g_steal_pointer(&p->op.rows), p->op.now);
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
