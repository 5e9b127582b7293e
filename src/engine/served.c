/*
 * served: what sites really serve: each is asked twice, once for each kind of key, many at a time; what came
 * is judged on the job pool, against the newest certificates that are known.
 */
#include "domains_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/model/served.h>

#define SITES_MAX   10000
#define FILE_MAX    (1u << 20)
#define SITES_AT_ONCE 64
#define HTTPS_PORT  443

static const char *const kinds[SERVED_LOOKS] = { PROBE_RSA, PROBE_EC };	/* as served_kinds */

static step_fn begin, file_read_in, probed, judged;

/* Where a site is asked. */
struct at {
	char *host;
	uint16_t port;
	const struct starttls *starttls;
};

struct asking {
	GPtrArray *cases;	/* struct served_case; handed to the work that judges */
	GPtrArray *at;		/* struct at, by the same numbers */
	GHashTable *known;	/* of the cases, "site endpoint": a set */
	guint heard;
};

static void at_free(void *p)
{
	g_free(((struct at *)p)->host);
	g_free(p);
}

static void case_free(void *p)
{
	served_case_free(p);
}

static void asking_done(void *scratch)
{
	struct asking *a = scratch;

	g_clear_pointer(&a->cases, g_ptr_array_unref);
	g_clear_pointer(&a->at, g_ptr_array_unref);
	g_clear_pointer(&a->known, g_hash_table_unref);
}

const struct provider provider_served = {
	.verb = { [VERB_SERVED] = begin },
	.scratch = sizeof(struct asking),
	.scratch_done = asking_done,
	.at_once_account = SITES_AT_ONCE * SERVED_LOOKS,
};

/* ---- which sites ---- */

/* The host alone, of what may have a port; NULL with an error. */
static char *host_of(const char *typed, GError **error)
{
	const struct starttls *starttls;
	char *host = NULL;
	uint16_t port;

	return exchange_read_endpoint(typed, &host, &port, &starttls, error) ? host : NULL;
}

static bool is_usual(const struct at *at, const char *site)
{
	return at->port == HTTPS_PORT && !at->starttls && !strcmp(site, at->host);
}

/* "www.example.org", "www.example.org:8443", "smtp://mail.example.org", "www.example.org@10.0.0.7". */
static bool add_site(struct asking *a, const char *typed, GError **error)
{
	const char *elsewhere = strrchr(typed, '@'), *endpoint = elsewhere ? elsewhere + 1 : typed;
	g_autofree char *named = g_strndup(typed, elsewhere ? (gsize)(elsewhere - typed) : strlen(typed));
	g_autofree char *site = host_of(named, error);
	struct at *at = g_new0(struct at, 1);
	struct served_case *c;

	if (!site || !exchange_read_endpoint(endpoint, &at->host, &at->port, &at->starttls, error)) {
		at_free(at);
		return false;
	}
	endpoint = is_usual(at, site) ? site : endpoint;
	if (!g_hash_table_add(a->known, g_strconcat(site, " ", endpoint, NULL))) {
		at_free(at);
		return true;
	}
	c = g_new0(struct served_case, 1);
	c->endpoint = g_strdup(endpoint);
	c->site = g_steal_pointer(&site);
	g_ptr_array_add(a->cases, c);
	g_ptr_array_add(a->at, at);
	return true;
}

static bool add_sites(struct asking *a, char *const *sites, GError **error)
{
	for (; sites && *sites; sites++) {
		if (!**sites)
			continue;
		if (a->cases->len == SITES_MAX) {
			g_set_error(error, ERR, ERR_LIMIT, "more than %d sites: ask for them in several goes",
				    SITES_MAX);
			return false;
		}
		if (!add_site(a, *sites, error))
			return false;
	}
	return true;
}

static void read_in(struct work *w)
{
	w->out = file_read(w->in, FILE_MAX, NULL, &w->error);
}

/* The line is said where one of its names cannot be read. */
static bool add_lines(struct asking *a, const char *file, GBytes *bytes, GError **error)
{
	gsize len;
	const char *text = g_bytes_get_data(bytes, &len);
	g_autofree char *copy = g_strndup(text ? text : "", len);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) names = NULL;

		lines[i][strcspn(lines[i], "#")] = '\0';
		names = g_strsplit_set(lines[i], " \t\r,", -1);
		if (!add_sites(a, names, error)) {
			g_prefix_error(error, "%s, line %u: ", file, i + 1);
			return false;
		}
	}
	return true;
}

/* ---- asking them ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	const struct asking *a = op->scratch;
	const struct served_case *c = a->cases->pdata[i / SERVED_LOOKS];
	const struct at *at = a->at->pdata[i / SERVED_LOOKS];
	struct request_out *r = exchange_probe(at->host, at->port, at->starttls);

	if (strcmp(c->site, at->host) != 0)
		r->server_name = g_strdup(c->site);
	r->keys = kinds[i % SERVED_LOOKS];
	r->timeout_ms = (int)settings_int(op->settings, "refresh", "timeout") * 1000;
	return (struct ask){ .send = r };
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct asking *a = op->scratch;
	struct served_case *c = a->cases->pdata[i / SERVED_LOOKS];
	struct served_look *look = &c->look[i % SERVED_LOOKS];

	(void)none;
	op_progress(op, ++a->heard / SERVED_LOOKS, a->cases->len);
	if (r->error) {
		look->error = g_strdup(r->error->message);
		look->is_refused = r->error->code == ERR_REFUSED;
	} else if (r->chain && r->chain->len) {
		look->chain = g_ptr_array_ref(r->chain);
	}
}

/* ---- what they should serve ---- */

static void take_newest(const struct engine *e, struct served_case *c, const struct cover *cover, int64_t now)
{
	const struct certs *all = e->known.certs;
	uint32_t cert = all && cover->print ? certs_find(all, cover->print) : CERTS_NONE;
	int64_t begins = cert == CERTS_NONE ? 0 : certs_not_before(all, cert);

	for (int i = 0; i < SERVED_LOOKS && cert != CERTS_NONE && begins <= now; i++) {
		struct served_newest *newest = &c->newest[i];
		const struct store *s;

		if (!g_str_has_prefix(certs_key(all, cert), served_kinds[i]) ||
		    (newest->where && newest->not_before >= begins))
			continue;
		s = shelf_get(e->known.shelf[KIND_STORES], certs_first(all, cert).table->store);
		newest->print = cover->print;
		newest->not_before = begins;
		newest->not_after = certs_not_after(all, cert);
		store_set(&newest->where, s ? s->title : "a store");
	}
}

/* Of those for the name itself, and for all names beside it. */
static void find_newest(const struct engine *e, struct served_case *c, int64_t now)
{
	g_autofree char *name = g_ascii_strdown(c->site, -1);
	const char *dot = strchr(name, '.');
	g_autofree char *wild = g_strconcat("*", dot ? dot : "", NULL);
	const char *const names[] = { name, wild };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct name *n = domains_find(e, names[i]);

		for (guint k = 0; n && k < n->n; k++)
			if (n->cover[k].places)
				take_newest(e, c, &n->cover[k], now);
	}
}

/* ---- judging ---- */

struct judging {
	GPtrArray *cases;
	struct trust *trust;	/* NULL: made by the work */
	int64_t now;
};

static void judging_free(void *p)
{
	struct judging *j = p;

	g_ptr_array_unref(j->cases);
	trust_unref(j->trust);
	g_free(j);
}

static void judge(struct work *w)
{
	struct judging *j = w->in;
	struct served *page = served_new();

	if (!j->trust)
		j->trust = trust_new();
	for (guint i = 0; i < j->cases->len && !work_is_stopped(w); i++)
		served_judge(page, j->cases->pdata[i], j->trust->store, j->now);
	w->out = page;
}

static void page_free(void *p)
{
	served_free(p);
}

static struct next judged(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	struct judging *j = op->work->in;
	struct served *page = op->work->out;
	g_autofree char *sentence = served_sentence(page);

	(void)none;
	if (!e->trust)
		e->trust = trust_ref(j->trust);
	op->detail = served_detail(page);
	op_say(op, "%s", sentence);
	return next_done();
}

static struct next probed(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	struct asking *a = op->scratch;
	struct judging *j = g_new0(struct judging, 1);

	(void)none;
	publish_certs(e);
	for (guint i = 0; i < a->cases->len; i++)
		find_newest(e, a->cases->pdata[i], op->now);
	j->cases = g_steal_pointer(&a->cases);
	j->trust = e->trust ? trust_ref(e->trust) : NULL;
	j->now = op->now;
	return next_work(work_new(judge, j, judging_free, page_free), judged);
}

/* ---- the steps ---- */

static struct next ask_all(struct op *op)
{
	const struct asking *a = op->scratch;

	if (!a->cases->len)
		return next_fail(op, ERR_USAGE, "served needs the name of a site, or a file of names");
	return next_each((size_t)a->cases->len * SERVED_LOOKS, ask_one, hear_one, probed);
}

static struct next file_read_in(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!add_lines(op->scratch, op->work->in, op->work->out, &error))
		return next_fail_error(op, error);
	return ask_all(op);
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct asking *a = op->scratch;
	const char *file = args_text(op->args, "file", "");
	g_auto(GStrv) sites = args_list(op->args, "sites");
	GError *error = NULL;

	(void)none;
	if (operation_of(op)->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked");
	a->cases = g_ptr_array_new_with_free_func(case_free);
	a->at = g_ptr_array_new_with_free_func(at_free);
	a->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!add_sites(a, sites, &error))
		return next_fail_error(op, error);
	return *file ? next_work(work_new(read_in, g_strdup(file), g_free, (GDestroyNotify)g_bytes_unref),
				 file_read_in) : ask_all(op);
}
