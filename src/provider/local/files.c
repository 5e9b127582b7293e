/*
 * files: reading a folder, a keystore file or the own repository.
 *
 *   walk on the pool → compare with the memo → read what changed, a batch a work, on all
 *   cores → make the rows in the order of the paths
 *
 * A file that did not change (same inode, size and times) keeps its rows unread.  Keys are
 * joined to certificates over the whole store: certbot keeps them in files of their own.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

#define BATCH_FILES 48		/* a batch takes a few milliseconds to read */
#define BATCH_BYTES (4u << 20)

struct file {
	struct walk_file *at;
	struct memo_file memo;		/* of an unchanged file */
	bool is_old;
	struct scanned *scanned;	/* of a changed one */
	uint32_t first, n;		/* its rows */
};

struct batch {
	guint first, n;			/* of reading->changed */
};

struct reading {
	struct walk *walk;
	struct memo *memo;
	GArray *files;			/* struct file, in the order of the walk */
	GArray *changed;		/* guint: indexes of files to be read */
	GArray *batches;		/* struct batch */
	GHashTable *keys;		/* hashes of all private keys of the store */
	uint32_t rows;
	step_fn *then;
};

static step_fn walked, all_read;

/* ---- life ---- */

static void file_done(void *p)
{
	scanned_free(((struct file *)p)->scanned);
}

static void reading_free(void *p)
{
	struct reading *r = p;

	if (!r)
		return;
	g_array_unref(r->files);
	g_array_unref(r->changed);
	g_array_unref(r->batches);
	g_hash_table_unref(r->keys);
	memo_free(r->memo);
	walk_free(r->walk);
	g_free(r);
}

static struct reading *reading_of(struct op *op)
{
	return ((struct local *)op->scratch)->mine;
}

static void reading_begin(struct op *op, step_fn *then)
{
	struct local *l = op->scratch;
	struct reading *r = g_new0(struct reading, 1);

	r->files = g_array_new(FALSE, TRUE, sizeof(struct file));
	g_array_set_clear_func(r->files, file_done);
	r->changed = g_array_new(FALSE, FALSE, sizeof(guint));
	r->batches = g_array_new(FALSE, FALSE, sizeof(struct batch));
	r->keys = g_hash_table_new(NULL, NULL);
	r->memo = memo_read(op->memo);
	r->then = then;
	l->mine = r;
	l->free_mine = reading_free;
}

/* ---- 1: which files there are ---- */

static void run_walk(struct work *w)
{
	struct walk *walk = w->in;

	walk_run(walk, &w->stop, &w->error);
}

/* Other folder stores below this one have their own rows. */
static char **stores_below(const struct op *op)
{
	GPtrArray *below = g_ptr_array_new();

	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (strcmp(s->id, op->store->id) && !strcmp(s->provider, "local") &&
		    strcmp(s->type, LOCAL_ENDPOINT) && strcmp(s->type, LOCAL_KEYSTORE))
			g_ptr_array_add(below, g_strdup(s->address));
	}
	if (!strcmp(op->store->type, LOCAL_REPOSITORY))
		g_ptr_array_add(below, g_build_filename(op->store->address, FOLDER_REMOVED, NULL));
	g_ptr_array_add(below, NULL);
	return (char **)g_ptr_array_free(below, FALSE);
}

struct next files_refresh_then(struct op *op, step_fn *then)
{
	int depth = (int)settings_int(op->settings, "local", "depth");
	size_t limit = (size_t)settings_int(op->settings, "local", "file-limit");
	struct walk *walk = walk_new(op->store->address, depth, limit, stores_below(op));

	reading_begin(op, then);
	return next_work(work_new(run_walk, walk, (GDestroyNotify)walk_free, NULL), walked);
}

struct next files_refresh(struct op *op, const struct reply *none)
{
	(void)none;
	return files_refresh_then(op, NULL);
}

/* ---- 2: which of them changed ---- */

/* Rows of an older table can only be kept if they are there.  A passphrase may open what was
 * locked before. */
static bool is_unchanged(const struct op *op, const struct reading *r, struct file *f)
{
	bool may_open = args_secret(op->args, "passphrase");

	return memo_find(r->memo, f->at->path, &f->memo) &&
	       file_id_equal(&f->memo.id, &f->at->id) && !f->memo.has_trouble &&
	       !(f->memo.has_locked_key && may_open) && op->old &&
	       f->memo.first <= op->old->n && f->memo.n <= op->old->n - f->memo.first;
}

static void make_batches(struct reading *r)
{
	struct batch b = { 0 };
	uint64_t bytes = 0;

	for (guint i = 0; i < r->changed->len; i++) {
		guint file = g_array_index(r->changed, guint, i);

		bytes += g_array_index(r->files, struct file, file).at->id.size;
		b.n++;
		if (b.n == BATCH_FILES || bytes >= BATCH_BYTES || i + 1 == r->changed->len) {
			g_array_append_val(r->batches, b);
			b = (struct batch){ .first = i + 1 };
			bytes = 0;
		}
	}
}

static void sort_out(struct op *op, struct reading *r)
{
	for (guint i = 0; i < r->walk->files->len; i++) {
		struct file f = { .at = &g_array_index(r->walk->files, struct walk_file, i) };

		f.is_old = is_unchanged(op, r, &f);
		if (!f.is_old)
			g_array_append_val(r->changed, i);
		g_array_append_val(r->files, f);
	}
	make_batches(r);
}

/* ---- 3: read those ---- */

static char *full_path(const struct reading *r, const struct file *f)
{
	return *f->at->path ? g_build_filename(r->walk->root, f->at->path, NULL) :
			      g_strdup(r->walk->root);
}

static struct ask ask_batch(struct op *op, size_t i)
{
	const struct reading *r = reading_of(op);
	const struct batch *b = &g_array_index(r->batches, struct batch, i);
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	for (guint k = 0; k < b->n; k++) {
		guint file = g_array_index(r->changed, guint, b->first + k);

		g_ptr_array_add(paths, full_path(r, &g_array_index(r->files, struct file, file)));
	}
	return (struct ask){ .work = scan_work(paths, r->walk->limit,
					       args_secret(op->args, "passphrase")) };
}

static void hear_batch(struct op *op, size_t i, const struct reply *none, struct work *w)
{
	struct reading *r = reading_of(op);
	const struct batch *b = &g_array_index(r->batches, struct batch, i);
	GPtrArray *out = w->out;

	(void)none;
	for (guint k = 0; out && k < out->len; k++) {
		guint file = g_array_index(r->changed, guint, b->first + k);

		g_array_index(r->files, struct file, file).scanned =
			g_steal_pointer(&out->pdata[k]);
	}
	op_progress(op, MIN(b->first + b->n, r->changed->len), r->changed->len);
}

static struct next walked(struct op *op, const struct reply *none)
{
	struct reading *r = reading_of(op);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	r->walk = g_steal_pointer(&op->work->in);
	for (guint i = 0; i < r->walk->troubles->len; i++)
		op_trouble(op, "%s", (char *)r->walk->troubles->pdata[i]);
	if (r->walk->is_cut)
		op_trouble(op, "%s: more than %d files; the rest is not looked at",
			   r->walk->root, LOCAL_FILES_MAX);
	sort_out(op, r);
	return next_each(r->batches->len, ask_batch, hear_batch, all_read);
}

/* ---- 4: make the rows ---- */

static void gather_keys(struct op *op, struct reading *r)
{
	for (guint i = 0; i < r->files->len; i++) {
		const struct file *f = &g_array_index(r->files, struct file, i);
		const uint32_t *keys = f->memo.keys;
		gsize n = f->is_old ? f->memo.n_keys : 0;

		if (f->scanned) {
			keys = (const uint32_t *)(void *)f->scanned->keys->data;
			n = f->scanned->keys->len;
		}
		for (gsize k = 0; k < n; k++)
			g_hash_table_add(r->keys, GUINT_TO_POINTER(keys[k]));
		op->keys += (uint32_t)n;
	}
}

static bool has_locked_key(const struct file *f)
{
	return f->is_old ? f->memo.has_locked_key : f->scanned && f->scanned->has_locked_key;
}

static bool has_key(const struct file *f)
{
	return f->is_old ? f->memo.n_keys > 0 : f->scanned && f->scanned->keys->len > 0;
}

/* The stem that a certificate's and its key's file share: "www" of www.crt and www.key; the
 * folder alone for the names that certbot and its kin use. */
char *files_stem(const char *path)
{
	static const char *const fixed[] = { "cert", "fullchain", "chain", "privkey", "key",
					     "certificate", NULL };
	g_autofree char *base = g_path_get_basename(path), *dir = g_path_get_dirname(path);
	char *dot = strrchr(base, '.');

	if (dot)
		*dot = 0;
	return g_strv_contains(fixed, base) ? g_strconcat(dir, "/", NULL) :
					      g_strconcat(dir, "/", base, NULL);
}

/* What the key files beside certificates tell: stems with a locked and with an open key. */
struct beside {
	GHashTable *locked, *open;
};

static struct beside look_beside(const struct reading *r)
{
	struct beside b = {
		.locked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};

	for (guint i = 0; i < r->files->len; i++) {
		const struct file *f = &g_array_index(r->files, struct file, i);

		if (has_locked_key(f))
			g_hash_table_add(b.locked, files_stem(f->at->path));
		if (has_key(f))
			g_hash_table_add(b.open, files_stem(f->at->path));
	}
	return b;
}

/* What the place adds to a certificate: its key is here, or locked, or is another's. */
static uint32_t place_marks(const struct reading *r, const struct beside *b, const char *stem_of,
			    uint32_t own, uint32_t key_hash)
{
	uint32_t marks = own & ~(uint32_t)(MARK_KEY | MARK_KEY_LOCKED | MARK_MISMATCH);

	if (!strcmp(r->walk->root, LOCAL_TRUST_STORE))
		marks |= MARK_TRUSTED;
	if (g_hash_table_contains(r->keys, GUINT_TO_POINTER(key_hash)))
		return marks | MARK_KEY;
	if (!(marks & MARK_LEAF))
		return marks;
	if (g_hash_table_contains(b->open, stem_of))
		return marks | MARK_MISMATCH;
	if (g_hash_table_contains(b->locked, stem_of))
		return marks | MARK_KEY_LOCKED;
	return marks;
}

static char *place_name(const char *path, const char *alias, uint32_t i, uint32_t n)
{
	g_autofree char *shown = text_harmless_dup(path, 1024);

	if (alias)
		return g_strdup_printf("%s%s%s", shown, *shown ? " " : "", alias);
	return n > 1 ? g_strdup_printf("%s#%u", shown, i + 1) : g_strdup(shown);
}

static void add_rows(struct op *op, struct reading *r, const struct beside *b, struct file *f)
{
	g_autofree char *its_stem = files_stem(f->at->path);
	guint n = f->scanned ? f->scanned->certs->len : 0;

	for (guint i = 0; i < n; i++) {
		struct scanned_cert *c = &g_array_index(f->scanned->certs, struct scanned_cert, i);
		g_autofree char *place = place_name(f->at->path, c->alias, i, n);

		op_row(op, &c->facts, place,
		       place_marks(r, b, its_stem, c->facts.marks, c->facts.key_hash));
		op_fresh(op, c->facts.sha256, c->der);
	}
	f->n = n;
}

static void keep_rows(struct op *op, struct reading *r, const struct beside *b, struct file *f)
{
	g_autofree char *its_stem = files_stem(f->at->path);

	for (uint32_t i = 0; i < f->memo.n; i++) {
		uint32_t row = f->memo.first + i;

		op_old_row(op, row, place_marks(r, b, its_stem, op->old->marks[row],
						op->old->key_hash[row]));
	}
	f->n = f->memo.n;
}

/* One sentence per file that gave trouble. */
static void tell_troubles(struct op *op, const struct file *f)
{
	g_autofree char *path = text_harmless_dup(f->at->path, 400);

	for (guint i = 0; f->scanned && i < f->scanned->troubles->len; i++)
		op_trouble(op, "%s%s%s", path, *path ? ": " : "",
			   (char *)f->scanned->troubles->pdata[i]);
}

static void remember(struct memo_writer *w, const struct file *f)
{
	struct memo_file m = f->memo;

	m.id = f->at->id;
	m.first = f->first;
	m.n = f->n;
	if (f->scanned) {
		m.keys = (const uint32_t *)(void *)f->scanned->keys->data;
		m.n_keys = f->scanned->keys->len;
		m.has_locked_key = f->scanned->has_locked_key;
		m.has_trouble = f->scanned->troubles->len > 0;
	}
	memo_writer_add(w, f->at->path, &m);
}

/* A keystore that did not open is a store that was not read. */
static bool is_locked(const struct op *op, const struct reading *r)
{
	const struct file *f = r->files->len == 1 ? &g_array_index(r->files, struct file, 0) : NULL;

	return !strcmp(op->store->type, LOCAL_KEYSTORE) && f && f->scanned &&
	       f->scanned->needs_passphrase;
}

static struct next all_read(struct op *op, const struct reply *none)
{
	struct reading *r = reading_of(op);
	struct memo_writer *memo = memo_writer_new();
	struct beside b;

	(void)none;
	gather_keys(op, r);
	b = look_beside(r);
	for (guint i = 0; i < r->files->len; i++) {
		struct file *f = &g_array_index(r->files, struct file, i);

		f->first = op->n_rows;
		if (f->is_old)
			keep_rows(op, r, &b, f);
		else
			add_rows(op, r, &b, f);
		r->rows += f->n;
		tell_troubles(op, f);
		/* What is left out of a file can be had again only by reading it. */
		if (op->n_rows == f->first + f->n)
			remember(memo, f);
	}
	op_memo(op, memo_writer_end(memo));
	g_hash_table_unref(b.locked);
	g_hash_table_unref(b.open);
	if (is_locked(op, r))
		return next_fail(op, args_secret(op->args, "passphrase") ? ERR_PASSPHRASE :
				 ERR_SIGN_IN, "%s", (char *)op->troubles->pdata[0]);
	op_say(op, "%u certificates and %u keys in %u files, %u of them read anew", r->rows,
	       op->keys, r->files->len, r->changed->len);
	return r->then ? r->then(op, NULL) : next_done();
}
