/*
 * discover: looking for stores that are not known yet, on this machine and on the network.
 *
 *   walk the folders → read what may be certificates, likely names first → propose folders and
 *   keystores → ask hosts × ports → propose endpoints
 *
 * All of it within discovery.limit.  What is named is looked at alone; when nothing is named,
 * what the settings say: folders, this machine's own addresses, and the networks in them.
 */
#include "discover.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define BATCH_FILES 48
#define PROBE_MS    5000	/* at most: a silent address is the usual case */

struct candidate {
	char *path;		/* in full */
	const char *root;	/* the walk's */
};

/* What a target presented; no certificate: nothing did. */
struct presented {
	char *what, *key;	/* key: the same one seen under another name has the same */
	guint certs;
};

/* What was looked at so far, for the sentence in the end. */
struct found {
	guint files, ports;			/* looked at */
	guint folders, keystores, endpoints;	/* proposed */
};

struct discovering {
	struct found found;
	GPtrArray *walks;	/* struct walk */
	GArray *candidates;	/* struct candidate */
	struct tree *tree;
	GHashTable *known_files, *known_endpoints;
	GArray *targets;	/* struct target */
	GArray *presented;	/* struct presented, one for each target */
	guint silent, unread;
	char *first_unread;
};

static step_fn walked, all_read, ask_hosts, all_heard;

/* ---- life ---- */

static void candidate_done(void *p)
{
	g_free(((struct candidate *)p)->path);
}

static void presented_done(void *p)
{
	g_free(((struct presented *)p)->what);
	g_free(((struct presented *)p)->key);
}

static void discovering_free(void *p)
{
	struct discovering *d = p;

	g_clear_pointer(&d->walks, g_ptr_array_unref);
	g_array_unref(d->candidates);
	tree_free(d->tree);
	g_hash_table_unref(d->known_files);
	g_hash_table_unref(d->known_endpoints);
	g_clear_pointer(&d->targets, g_array_unref);
	g_clear_pointer(&d->presented, g_array_unref);
	g_free(d->first_unread);
	g_free(d);
}

static struct discovering *discovering_of(struct op *op)
{
	return ((struct local *)op->scratch)->mine;
}

/* "host:port" of an endpoint, however it was written. */
static char *endpoint_key(const char *address)
{
	const struct starttls *starttls;
	char *host, *key;
	uint16_t port;

	if (!exchange_read_endpoint(address, &host, &port, &starttls, NULL))
		return g_strdup(address);
	key = g_strdup_printf("%s:%u", host, port);
	g_free(host);
	return key;
}

static struct discovering *discovering_begin(struct op *op)
{
	struct local *l = op->scratch;
	struct discovering *d = g_new0(struct discovering, 1);

	d->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	g_array_set_clear_func(d->candidates, candidate_done);
	d->tree = tree_new();
	d->known_files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d->known_endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (strcmp(s->provider, "local"))
			continue;
		if (!strcmp(s->type, LOCAL_ENDPOINT))
			g_hash_table_add(d->known_endpoints, endpoint_key(s->address));
		else
			g_hash_table_add(d->known_files, g_strdup(s->address));
	}
	l->mine = d;
	l->free_mine = discovering_free;
	return d;
}

/* A store that is not known; takes `what`. */
static void propose(struct op *op, const char *type, const char *address, uint32_t certs,
		    char *what)
{
	g_autofree char *id = local_store_id(type, address);
	struct discovery *d;

	if (op->stores && items_find(op->stores, id) >= 0) {
		g_free(what);
		return;
	}
	d = discovery_new(id);
	store_set(&d->account, "local");
	store_set(&d->provider, "local");
	store_set(&d->type, type);
	g_free(d->title);
	d->title = folder_shown(address);
	store_set(&d->address, address);
	g_free(d->what);
	d->what = what;
	d->certs = certs;
	d->first_seen = d->last_seen = op->now;
	op_put_discovery(op, d);
}

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

/* ---- folders ---- */

static void run_walks(struct work *w)
{
	GPtrArray *walks = w->in;

	for (guint i = 0; i < walks->len && !work_is_stopped(w); i++) {
		struct walk *walk = walks->pdata[i];
		g_autoptr(GError) error = NULL;

		if (!walk_run(walk, &w->stop, &error))
			g_ptr_array_add(walk->troubles, g_strdup(error->message));
	}
}

static char **known_folders(const struct discovering *d)
{
	GPtrArray *all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, d->known_files);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		g_ptr_array_add(all, g_strdup(path));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static struct next walk_folders(struct op *op, const char *const *folders, bool is_named)
{
	struct discovering *d = discovering_of(op);
	GPtrArray *walks = g_ptr_array_new_with_free_func((GDestroyNotify)walk_free);
	int depth = (int)settings_int(op->settings, "local", "depth");
	size_t limit = (size_t)settings_int(op->settings, "local", "file-limit");

	for (; folders && *folders; folders++) {
		g_autofree char *path = file_absolute(*folders);
		struct walk *walk;

		/* A usual folder that is not on this machine is no news. */
		if (g_hash_table_contains(d->known_files, path) ||
		    (!is_named && !g_file_test(path, G_FILE_TEST_IS_DIR)))
			continue;
		walk = walk_new(path, depth, limit, known_folders(d));
		walk->only_likely = true;
		g_ptr_array_add(walks, walk);
	}
	return next_work(work_new(run_walks, walks, (GDestroyNotify)g_ptr_array_unref, NULL),
			 walked);
}

static void note_unread(struct discovering *d, const char *sentence)
{
	if (!d->unread++)
		d->first_unread = g_strdup(sentence);
}

/* Likely names first, so that the bound cuts off what hardly matters. */
static guint choose(struct discovering *d, guint limit)
{
	guint left_out = 0;

	for (int likely = 1; likely >= 0; likely--)
		for (guint i = 0; i < d->walks->len; i++) {
			const struct walk *w = d->walks->pdata[i];

			for (guint k = 0; k < w->files->len; k++) {
				const char *rel = g_array_index(w->files, struct walk_file, k).path;
				struct candidate c = { .root = w->root };

				if (walk_is_likely(rel) != likely)
					continue;
				if (d->candidates->len >= limit) {
					left_out++;
					continue;
				}
				c.path = g_build_filename(w->root, rel, NULL);
				if (g_hash_table_contains(d->known_files, c.path))
					g_free(c.path);
				else
					g_array_append_val(d->candidates, c);
			}
		}
	return left_out;
}

static struct ask ask_batch(struct op *op, size_t i)
{
	const struct discovering *d = discovering_of(op);
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	size_t limit = (size_t)settings_int(op->settings, "local", "file-limit");
	guint first = (guint)i * BATCH_FILES;

	for (guint k = first; k < first + BATCH_FILES && k < d->candidates->len; k++)
		g_ptr_array_add(paths, g_strdup(g_array_index(d->candidates, struct candidate,
							      k).path));
	return (struct ask){ .work = scan_work(paths, limit, NULL) };
}

static void look_at(struct op *op, const struct candidate *c, const struct scanned *s)
{
	struct discovering *d = discovering_of(op);
	g_autofree char *folder = g_path_get_dirname(c->path);
	guint certs = s->certs->len, keys = s->keys->len + s->has_locked_key;

	d->found.files++;
	tree_add(d->tree, c->root, folder, s->is_keystore ? 0 : certs,
		 s->is_keystore ? 0 : keys);
	if (!s->is_keystore)
		return;
	d->found.keystores++;
	propose(op, LOCAL_KEYSTORE, c->path, certs, s->needs_passphrase ?
		g_strdup("a keystore that needs its passphrase") :
		g_strdup_printf("a keystore: %u certificate%s, %u key%s", certs, plural(certs),
				keys, plural(keys)));
}

static void hear_batch(struct op *op, size_t i, const struct reply *none, struct work *w)
{
	const struct discovering *d = discovering_of(op);
	GPtrArray *out = w->out;
	guint first = (guint)i * BATCH_FILES;

	(void)none;
	for (guint k = 0; out && k < out->len; k++)
		look_at(op, &g_array_index(d->candidates, struct candidate, first + k),
			out->pdata[k]);
	op_progress(op, d->found.files, d->candidates->len);
}

static struct next walked(struct op *op, const struct reply *none)
{
	struct discovering *d = discovering_of(op);
	guint limit = (guint)settings_int(op->settings, "discovery", "limit"), left_out;

	(void)none;
	d->walks = g_steal_pointer(&op->work->in);
	for (guint i = 0; i < d->walks->len; i++) {
		const struct walk *w = d->walks->pdata[i];

		for (guint k = 0; k < w->troubles->len; k++)
			note_unread(d, w->troubles->pdata[k]);
	}
	left_out = choose(d, limit);
	if (left_out)
		op_trouble(op, "%u files beyond the bound of %u (discovery.limit) were not looked "
			   "at; those whose names promise certificates came first", left_out,
			   limit);
	return next_each((d->candidates->len + BATCH_FILES - 1) / BATCH_FILES, ask_batch,
			 hear_batch, all_read);
}

static void propose_folder(const char *folder, guint certs, guint keys, void *who)
{
	struct op *op = who;

	discovering_of(op)->found.folders++;
	propose(op, LOCAL_FOLDER, folder, certs,
		g_strdup_printf("%u certificate%s, %u key%s", certs, plural(certs), keys,
				plural(keys)));
}

static struct next all_read(struct op *op, const struct reply *none)
{
	(void)none;
	tree_each(discovering_of(op)->tree, propose_folder, op);
	return ask_hosts(op, NULL);
}

/* ---- hosts ---- */

static struct ask ask_target(struct op *op, size_t i)
{
	const struct discovering *d = discovering_of(op);
	const struct target *t = &g_array_index(d->targets, struct target, i);
	int64_t timeout = settings_int(op->settings, "refresh", "timeout") * 1000;
	g_autofree char *address = discover_address(t), *key = endpoint_key(address);
	struct request_out *probe;

	if (g_hash_table_contains(d->known_endpoints, key))
		return (struct ask){ 0 };
	probe = exchange_probe(t->host, t->port, discover_starttls(t->port));
	probe->timeout_ms = (int)MIN(timeout, PROBE_MS);
	return (struct ask){ .send = probe };
}

/* This machine answers under many names; one of them will do. */
static char *key_of(const struct reply *r, const struct target *t, const struct facts *leaf)
{
	const char *peer = r->peer ? r->peer : t->host;
	bool is_here = g_str_has_prefix(peer, "127.") || !strcmp(peer, "::1");
	g_autoptr(GString) hex = g_string_new(NULL);

	for (size_t i = 0; i < sizeof(leaf->sha256); i++)
		g_string_append_printf(hex, "%02x", leaf->sha256[i]);
	return g_strdup_printf("%s %u %s", is_here ? "here" : peer, t->port, hex->str);
}

static void take_presented(struct presented *p, const struct reply *r, const struct target *t)
{
	const struct starttls *starttls = discover_starttls(t->port);
	g_autoptr(GString) until = g_string_new(NULL);
	struct facts leaf = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(r->chain->pdata[0], &len);

	if (!x509_facts(der, len, &leaf, NULL))
		return;
	clock_say_date(until, leaf.not_after);
	p->certs = r->chain->len;
	p->key = key_of(r, t, &leaf);
	p->what = g_strdup_printf("%s%s, %s, until %s, %u certificate%s",
				  starttls ? starttls->name : "TLS",
				  starttls ? " with STARTTLS" : "", leaf.name, until->str,
				  p->certs, plural(p->certs));
	facts_done(&leaf);
}

/* A closed port is no trouble, and one that speaks something else is none of ours. */
static void hear_target(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct discovering *d = discovering_of(op);

	(void)none;
	d->found.ports++;
	if (g_error_matches(r->error, ERR, ERR_TIMEOUT))
		d->silent++;
	else if (!r->error && r->chain && r->chain->len)
		take_presented(&g_array_index(d->presented, struct presented, i), r,
			       &g_array_index(d->targets, struct target, i));
	op_progress(op, d->found.ports, d->targets->len);
}

/* A list from the answers, or the setting's when nothing at all was named. */
static char **list_of(const struct op *op, const char *key, bool named)
{
	char **given = args_list(op->args, key);

	if (given[0] || named)
		return given;
	g_strfreev(given);
	return g_strdupv((char **)settings_list(op->settings, "discovery", key));
}

static bool is_anything_named(const struct op *op)
{
	static const char *const keys[] = { "folders", "hosts", "networks" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_auto(GStrv) given = args_list(op->args, keys[i]);

		if (given[0])
			return true;
	}
	return false;
}

static struct next ask_hosts(struct op *op, const struct reply *none)
{
	struct discovering *d = discovering_of(op);
	bool named = is_anything_named(op), is_cut = false;
	g_auto(GStrv) hosts = list_of(op, "hosts", named);
	g_auto(GStrv) networks = list_of(op, "networks", named);
	g_auto(GStrv) ports = list_of(op, "ports", false);
	int64_t limit = settings_int(op->settings, "discovery", "limit");

	(void)none;
	d->targets = discover_targets((const char *const *)hosts, (const char *const *)networks,
				      (const char *const *)ports, (size_t)limit, op->troubles,
				      &is_cut);
	d->presented = g_array_new(FALSE, TRUE, sizeof(struct presented));
	g_array_set_clear_func(d->presented, presented_done);
	g_array_set_size(d->presented, d->targets->len);
	if (is_cut)
		op_trouble(op, "there are more than %" G_GINT64_FORMAT " pairs of address and "
			   "port (discovery.limit); the rest was not asked", limit);
	return next_each(d->targets->len, ask_target, hear_target, all_heard);
}

static void propose_endpoints(struct op *op)
{
	struct discovering *d = discovering_of(op);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < d->targets->len; i++) {
		struct presented *p = &g_array_index(d->presented, struct presented, i);
		g_autofree char *address = NULL;

		if (!p->certs || !g_hash_table_add(seen, p->key))
			continue;
		address = discover_address(&g_array_index(d->targets, struct target, i));
		d->found.endpoints++;
		propose(op, LOCAL_ENDPOINT, address, p->certs, g_steal_pointer(&p->what));
	}
}

static struct next all_heard(struct op *op, const struct reply *none)
{
	struct discovering *d = discovering_of(op);
	const struct found *f = &d->found;

	(void)none;
	propose_endpoints(op);
	if (d->unread)
		op_trouble(op, "%u folder%s or file%s could not be looked at; the first: %s",
			   d->unread, plural(d->unread), plural(d->unread), d->first_unread);
	if (d->silent)
		op_trouble(op, "%u of %u ports did not answer in time", d->silent, f->ports);
	op_say(op, "%u file%s and %u port%s looked at: %u folder%s, %u keystore%s, %u endpoint%s "
	       "not known before", f->files, plural(f->files), f->ports, plural(f->ports),
	       f->folders, plural(f->folders), f->keystores, plural(f->keystores), f->endpoints,
	       plural(f->endpoints));
	return next_done();
}

/* ---- the beginning ---- */

struct next discover(struct op *op, const struct reply *none)
{
	bool named = is_anything_named(op);
	g_auto(GStrv) folders = list_of(op, "folders", named);

	(void)none;
	discovering_begin(op);
	if (!folders[0])
		return ask_hosts(op, NULL);
	return walk_folders(op, (const char *const *)folders, named);
}
