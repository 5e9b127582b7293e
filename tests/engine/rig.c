#include "rig.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "fake.h"
#include "keyring/keyring_file_own.h"

#define LIMIT_MS 120000		/* under a sanitizer, on a busy machine */

static atomic_bool gate;
static atomic_int running;
static unsigned port;

/* ---- the provider ---- */

struct trial {
	char **words;
	guint at;
	struct pace pace;
};

static void trial_done(void *scratch)
{
	g_strfreev(((struct trial *)scratch)->words);
	g_free(((struct trial *)scratch)->pace.sort);
}

static step_fn begin, go, replied, sync_request;

static void own_stores(const struct settings *settings, GPtrArray *stores)
{
	const char *const *list = settings_list(settings, "local", "endpoints");

	for (; list && *list; list++) {
		g_auto(GStrv) words = g_strsplit(*list, " ", 2);
		g_autofree char *id = rig_id(words[0]);
		struct store *s;

		if (!strcmp(words[0], "fake"))
			continue;	/* that provider's */
		s = store_new(id);

		store_set(&s->account, "local");
		store_set(&s->provider, "local");
		store_set(&s->type, strcmp(words[0], "repository") ? "endpoint" : words[0]);
		store_set(&s->title, words[0]);
		store_set(&s->address, words[1] ? words[1] : "");
		s->origin = STORE_CONFIGURED;
		s->is_writable = true;
		g_ptr_array_add(stores, s);
	}
}

static const struct provider_info info = { .name = "local", .title = "The test" };

static void describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
		     int64_t now)
{
	(void)now;
	detail_add(d, TONE_PLAIN, "Service", "%s in %s%s%s", alias, s->title, memo ? ": " : "",
		   memo ? (const char *)g_bytes_get_data(memo, NULL) : "");
}

static const struct provider provider_rig = {
	.describe = describe,
	.info = &info,
	.scratch = sizeof(struct trial),
	.scratch_done = trial_done,
	.at_once_store = 64,
	.at_once_account = 64,
	.own_stores = own_stores,
	.verb = { [VERB_REFRESH] = begin, [VERB_IMPORT] = begin, [VERB_APPROVE] = begin,
		  [VERB_SYNC] = sync_request },
};

const struct provider *const provider_table[] = { &provider_fake, &provider_rig, NULL };

static struct request_out *request(const struct trial *t, const char *path)
{
	g_autofree char *url = *path == '/' ?
		g_strdup_printf("http://127.0.0.1:%u%s", port, path) : g_strdup(path);
	struct request_out *r = exchange_get(url);

	r->timeout_ms = strstr(path, "/never") ? 300 : 20000;
	r->is_repeatable = !strstr(path, "never");
	r->pace = t->pace;
	r->pace.sort = g_strdup(t->pace.sort);
	return r;
}

static void run(struct work *w)
{
	bool is_gated = w->in != NULL;

	atomic_fetch_add(&running, 1);
	w->of = 10;
	w->done = 5;
	while (is_gated && !atomic_load(&gate) && !work_is_stopped(w))
		poll(NULL, 0, 1);
	atomic_fetch_sub(&running, 1);
}

static struct ask ask_word(struct op *op, size_t i)
{
	struct trial *t = op->scratch;
	const char *word = t->words[t->at - 1], *path = strchr(word, '/');
	g_autofree char *one = path ? g_strdup_printf("%s/%zu", path, i) : NULL;

	if (g_str_has_prefix(word, "works:"))
		return (struct ask){ .work = work_new(run, NULL, NULL, NULL) };
	return (struct ask){ .send = path ? request(t, one) : NULL };
}

static void add_old_rows(struct op *op)
{
	for (uint32_t i = 0; op->rows && op->old && i < op->old->n; i++)
		op_old_row(op, i, op->old->marks[i]);
}

static void hear_word(struct op *op, size_t i, const struct reply *r, struct work *w)
{
	const struct trial *t = op->scratch;

	if (r && r->error)
		op_trouble(op, "%zu: %s", i, r->error->message);
	else if (r && r->status != 200)
		op_trouble(op, "%zu: status %d", i, r->status);
	g_assert_true((r != NULL) != (w != NULL));
	if (g_str_has_prefix(t->words[t->at - 1], "olds:")) {
		add_old_rows(op);
		op_show_rows(op);
	}
}

static void add_rows(struct op *op, const char *words)
{
	const char *days = strchr(words, ':');
	int n = atoi(words);

	for (int i = 0; i < n && op->rows; i++) {
		g_autofree char *name = g_strdup_printf("host-%d.%s.test", i, op->store->title);
		g_autoptr(GBytes) der = g_bytes_new(name, strlen(name));
		struct facts f = { .has_digest = true, .name = g_strdup(name),
				   .names = g_new0(char *, 1), .issuer = g_strdup("issuer"),
				   .key = g_strdup("EC P-256"), .signature = g_strdup("SHA-256"),
				   .not_before = op->now - 10 * 86400, .marks = MARK_LEAF,
				   .serial = g_strdup("01") };
		GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
		gsize len = sizeof(f.sha256);

		f.not_after = op->now + (days ? atoi(days + 1) : 90) * INT64_C(86400) + 3600;
		g_checksum_update(sum, (const guchar *)name, (gssize)strlen(name));
		g_checksum_get_digest(sum, f.sha256, &len);
		g_checksum_free(sum);
		op_row(op, &f, name, MARK_LEAF | MARK_KEY);
		op_fresh(op, f.sha256, der);
		facts_done(&f);
	}
}

static void add_bare_rows(struct op *op, int n)
{
	for (int i = 0; i < n && op->rows; i++) {
		g_autofree char *name = g_strdup_printf("bare-%d.%s.test", i, op->store->title);
		struct facts f = { .name = name, .names = (char *[]){ NULL },
				   .issuer = (char *)"issuer", .key = (char *)"EC P-256",
				   .signature = (char *)"SHA-256", .serial = (char *)"01",
				   .not_before = op->now, .not_after = op->now + 86400 };

		op_row(op, &f, name, MARK_LEAF);
	}
}

static void put_store(struct op *op, const char *name)
{
	g_autofree char *id = rig_id(name);
	struct store *s = store_new(id);

	store_set(&s->provider, "local");
	store_set(&s->title, name);
	s->origin = STORE_ADDED;
	op_put_store(op, s);
}

/* "a" or "a:moved"; "a:over" does not wait any more, "a:odd" has two warnings. */
static void put_request(struct op *op, const char *words)
{
	g_auto(GStrv) parts = g_strsplit(words, ":", 2);
	const char *id = parts[0];
	struct request *q = request_new(id);

	store_set(&q->theirs, parts[1] ? parts[1] : "");
	store_set(&q->provider, "local");
	store_set(&q->store, op->store->id);
	store_set(&q->title, id);
	store_set(&q->can, "publish sync");
	store_set(&q->records, "_a.example.org. 300 IN CNAME x.\n_b.example.org. 300 IN TXT \"y\"");
	store_set(&q->digest, "d1");
	if (!strcmp(q->theirs, "odd") || !strcmp(q->theirs, "bare"))
		store_set(&q->records, "");
	store_set(&q->oddities, strcmp(q->theirs, "odd") ? "" : "it is old\nand it costs");
	q->state = strcmp(q->theirs, "over") ? REQUEST_WAITS_PERSON : REQUEST_ISSUED;
	op_put_request(op, q);
}

static void put_domain(struct op *op, const char *name)
{
	g_autofree char *id = g_strconcat(op->store->id, "/", name, NULL);
	struct domain *d = domain_new(id);

	d->account = d->provider = "local";
	d->method = "dns";
	d->state = DOMAIN_VALID;
	d->validated = op->now;
	op_put_domain(op, d);
}

static struct next sync_request(struct op *op, const struct reply *none)
{
	struct request *q = request_dup(op->request);

	(void)none;
	store_set(&q->theirs, "synced");
	op_put_request(op, q);
	return next_done();
}

static void issue(struct op *op, const char *name)
{
	struct bundle *b = g_new0(struct bundle, 1);

	b->cert = g_bytes_new_static("x", 1);
	b->chain = g_ptr_array_new();
	b->facts.name = g_strdup(name);
	op_keep_bundle(op, b);
}

static void set_pace(struct trial *t, const char *title, const char *words)
{
	char *burst;

	g_free(t->pace.sort);
	t->pace.sort = g_strdup(title);
	t->pace.rate = g_ascii_strtod(words, &burst);
	t->pace.burst = (unsigned)atoi(burst + 1);
	t->pace.pause = strchr(burst + 1, ':') ? (unsigned)atoi(strchr(burst + 1, ':') + 1) : 0;
}

static struct next end(struct op *op)
{
	if (op->verb->id == VERB_IMPORT)
		op_touch(op, op->store->id);
	return next_done();
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct trial *t = op->scratch;

	t->words = g_strsplit(op->store->address, " ", -1);
	return go(op, none);
}

static struct next replied(struct op *op, const struct reply *r)
{
	if (r->error)
		return next_fail_error(op, g_error_copy(r->error));
	if (r->status != 200)
		return next_fail(op, ERR_REPLY, "status %d", r->status);
	return go(op, r);
}

#define IS(prefix) (g_str_has_prefix(word, prefix) && (rest = word + strlen(prefix)))

static struct next go(struct op *op, const struct reply *r)
{
	struct trial *t = op->scratch;
	const char *word, *rest;

	(void)r;
	while ((word = t->words[t->at]) && *word) {
		t->at++;
		if (IS("get:") || IS("url:"))
			return next_send(request(t, rest), replied);
		if (IS("each:") || IS("olds:") || IS("skip:") || IS("works:"))
			return next_each((size_t)atoi(rest), ask_word, hear_word, go);
		if (IS("wait:"))
			return next_wait(atoi(rest), go);
		if (IS("work") || IS("gated"))
			return next_work(work_new(run, *word == 'g' ? t : NULL, NULL, NULL), go);
		if (IS("full:") && op->bundle && !strcmp(op->bundle->facts.name, rest))
			return next_fail(op, ERR_IO, "it is full");
		if (IS("fail:"))
			return next_fail(op, ERR_IO, "%s", rest);
		if (IS("pace:"))
			set_pace(t, op->store->title, rest);
		else if (IS("issue:"))
			issue(op, rest);
		else if (IS("rows:"))
			add_rows(op, rest);
		else if (IS("odd:"))
			op_trouble(op, "%s", rest);
		else if (IS("bare:"))
			add_bare_rows(op, atoi(rest));
		else if (IS("show"))
			op_show_rows(op);
		else if (IS("old"))
			add_old_rows(op);
		else if (IS("put:"))
			put_store(op, rest);
		else if (IS("req:"))
			put_request(op, rest);
		else if (IS("dom:"))
			put_domain(op, rest);
		else if (IS("memo:"))
			op_memo(op, g_bytes_new(rest, strlen(rest) + 1));
		else if (IS("gone:"))
			op_drop_request(op, rest);
		else if (IS("only:") && strcmp(rest, op->verb->name))
			break;
		else if (IS("say:"))
			op_say(op, "%s", rest);
	}
	return end(op);
}

/* ---- the engine ---- */

char *rig_id(const char *name)
{
	return g_strdup_printf("local/rig:%s", name);
}

void rig_set(struct rig *r, const char *group, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;

	settings_override(r->settings, group, key, value, &error);
	g_assert_no_error(error);
}

void rig_init(struct rig *r, const char *stores)
{
	memset(r, 0, sizeof(*r));
	keyring_file_rounds = 1000;
	atomic_store(&gate, false);
	r->folder = g_dir_make_tmp("certty-engine-XXXXXX", NULL);
	r->stores = g_strconcat(stores, ";", NULL);
	r->settings = settings_load("/dev/null");
	rig_set(r, "local", "endpoints", r->stores);
	if (strchr(stores, '/')) {
		r->server = server_new();
		port = server_port(r->server);
		fake_port = port;
	}
	r->config = (struct engine_config){ .settings = r->settings,
					    .state_folder = r->folder, .version = "test" };
}

void rig_configure(struct rig *r, const char *text)
{
	g_autofree char *path = g_build_filename(r->folder, "certty.conf", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	settings_free(r->settings);
	r->config.settings = r->settings = settings_load(path);
	rig_set(r, "local", "endpoints", r->stores);
}

void rig_start(struct rig *r)
{
	g_autoptr(GError) error = NULL;

	r->e = engine_open(&r->config, &error);
	g_assert_no_error(error);
	engine_start(r->e, &error);
	g_assert_no_error(error);
	snapshot_unref(engine_wait_loaded(r->e));
}

double rig_stop_ms(struct rig *r)
{
	gint64 start = g_get_monotonic_time();

	engine_stop(r->e);
	r->e = NULL;
	return (double)(g_get_monotonic_time() - start) / 1000;
}

void rig_stop(struct rig *r)
{
	rig_stop_ms(r);
}

static void remove_folder(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *one = g_build_filename(path, name, NULL);

		if (g_file_test(one, G_FILE_TEST_IS_DIR))
			remove_folder(one);
		else
			g_unlink(one);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

void rig_done(struct rig *r)
{
	if (r->e)
		rig_stop(r);
	if (r->server)
		server_free(r->server);
	settings_free(r->settings);
	remove_folder(r->folder);
	g_free(r->stores);
	g_free(r->folder);
}

struct command *rig_command(enum verb_id verb, const char *name)
{
	g_autofree char *id = name ? rig_id(name) : NULL;

	return command_new(verb, id);
}

uint64_t rig_submit(struct rig *r, enum verb_id verb, const char *name)
{
	uint64_t number = engine_submit(r->e, rig_command(verb, name));

	g_assert_cmpuint(number, !=, 0);
	return number;
}

struct job *rig_job(struct rig *r, uint64_t number)
{
	const struct items *jobs = r->e->last->kind[KIND_JOBS];
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize i = items_find(jobs, id);

	return i < 0 ? NULL : job_ref(jobs->item[i]);
}

struct job *rig_wait(struct rig *r, uint64_t number)
{
	struct job *j;

	snapshot_unref(engine_wait_for(r->e, number, LIMIT_MS, NULL, NULL));
	j = rig_job(r, number);
	g_assert_nonnull(j);
	g_assert_true(job_is_over(j));
	return j;
}

struct job *rig_do(struct rig *r, struct command *c)
{
	return rig_wait(r, engine_submit(r->e, c));
}

struct job *rig_refresh(struct rig *r, const char *name)
{
	return rig_do(r, rig_command(VERB_REFRESH, name));
}

void rig_wait_until(struct rig *r, rig_is_fn *is_so, const void *what)
{
	int64_t until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

	while (!is_so(r->e->last, what)) {
		struct pollfd p = { .fd = engine_fd(r->e), .events = POLLIN };
		struct snapshot *s;

		g_assert_cmpint(g_get_monotonic_time(), <, until);
		poll(&p, 1, 1000);
		s = engine_take(r->e);
		if (!s)
			continue;
		engine_give_back(r->e, r->e->last);
		r->e->last = s;
	}
}

struct store *rig_store(struct rig *r, const char *name)
{
	const struct items *stores = r->e->last->kind[KIND_STORES];
	g_autofree char *id = rig_id(name);
	gssize i = items_find(stores, id);

	return i < 0 ? NULL : store_ref(stores->item[i]);
}

void rig_open_gate(void)
{
	atomic_store(&gate, true);
}

int rig_works_running(void)
{
	return atomic_load(&running);
}

void rig_wait_works(int n)
{
	int64_t until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

	while (atomic_load(&running) != n) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		poll(NULL, 0, 1);
	}
}
