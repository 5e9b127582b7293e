/*
 * vault_kv: certificates in a KV of version 2: every value of every secret that has one in PEM.
 *
 * There is no list of all: folders are walked, and each secret is read, so that a bound is needed.
 * A certificate's place is its secret and the key in it, "web/site#certificate"; of a chain the
 * issuers have a number behind that.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define SECRETS_MAX 20000	/* folders and secrets of one mount */
#define PATH_LEN_MAX 1024
#define SHOWN	    500		/* secrets after which what has come is shown */
#define VALUE_MAX   (4u << 20)
#define BEGINS	    "-----BEGIN "

struct kv_row {
	char *alias;
	struct facts facts;
	uint32_t marks;
};

struct refresh {
	GPtrArray *paths;	/* char *: folders and secrets, as they are found */
	GPtrArray *rows;	/* struct kv_row */
	GHashTable *refused;	/* sentences that were said */
	guint heard, secrets, denied;
	bool is_cut;
	bool has_stopped;	/* the server's own state ended it; vault->failed says how */
	bool is_server;
};

static step_fn end, stopped;

/* ---- asking and reading ---- */

static bool is_folder(const char *path)
{
	return !*path || g_str_has_suffix(path, "/");
}

struct request_out *vault_kv_ask(struct op *op, const char *mount, const char *path)
{
	g_autofree char *m = vault_escape(mount), *p = vault_escape(path);
	g_autofree char *url = g_strconcat(m, is_folder(path) ? "/metadata/" : "/data/", p, NULL);

	return is_folder(path) ? vault_ask_list(op, url) : vault_ask(op, url, NULL);
}

/* One step down, and nothing that libraries on the way would take for a step to elsewhere. */
static bool is_plain(const char *key)
{
	g_autofree char *shown = text_harmless_dup(key, PATH_LEN_MAX);
	size_t len = strcspn(key, "/");
	bool is_step = (len == 1 && *key == '.') || (len == 2 && !strncmp(key, "..", 2));

	return len && !is_step && (!key[len] || !key[len + 1]) && !strcmp(shown, key);
}

static guint depth(const char *path)
{
	guint n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

void vault_kv_children(const struct reply *r, const char *path, GPtrArray *ret)
{
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");

	for (size_t i = 0; i < json_count(keys) && depth(path) < VAULT_KV_DEEP; i++) {
		const char *key = json_text(json_at(keys, i));

		if (key && is_plain(key) && strlen(path) + strlen(key) < PATH_LEN_MAX)
			g_ptr_array_add(ret, g_strconcat(path, key, NULL));
	}
}

static bool could_be(const char *value)
{
	return value && strstr(value, BEGINS) && strlen(value) <= VALUE_MAX;
}

bool vault_kv_has_cert(const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(json_get(j, "data"), "data");

	for (size_t i = 0; i < json_count(data); i++) {
		const char *value = json_text(json_at(data, i));

		if (could_be(value) && strstr(value, BEGINS "CERTIFICATE-"))
			return true;
	}
	return false;
}

/* ---- one secret ---- */

static void row_free(void *row)
{
	struct kv_row *k = row;

	g_free(k->alias);
	facts_done(&k->facts);
	g_free(k);
}

static void add_row(struct op *op, GPtrArray *rows, const char *path, const char *key, guint number,
		    GBytes *der)
{
	g_autofree char *shown = text_harmless_dup(key, PATH_LEN_MAX);
	struct kv_row *k = g_new0(struct kv_row, 1);
	g_autoptr(GError) error = NULL;
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);

	k->alias = number ? g_strdup_printf("%s#%s/%u", path, shown, number + 1) :
			    g_strdup_printf("%s#%s", path, shown);
	if (x509_facts(bytes, len, &k->facts, &error)) {
		op_fresh(op, k->facts.sha256, der);
		g_ptr_array_add(rows, k);
		return;
	}
	op_trouble(op, "%s: %s", k->alias, error->message);
	row_free(k);
}

struct value {
	const char *path, *key;
	GPtrArray *items;
};

static void add_value(struct op *op, const struct value *v, GPtrArray *rows, GArray *keys, bool *locked)
{
	guint number = 0;

	for (guint i = 0; v->items && i < v->items->len; i++) {
		const struct x509_item *item = v->items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			add_row(op, rows, v->path, v->key, number++, item->der);
		else if (item->kind == X509_ITEM_KEY)
			g_array_append_val(keys, item->key_hash);
		*locked |= item->kind == X509_ITEM_KEY_LOCKED;
	}
}

/* A key of the secret that fits is that of the certificate; one that fits none is a mistake, where
 * there is but one certificate that it could be of. */
static void find_keys(struct op *op, GPtrArray *rows, const GArray *keys, bool is_locked)
{
	bool fits = false;

	op->keys += keys->len;
	for (guint i = 0; i < rows->len; i++) {
		struct kv_row *k = rows->pdata[i];

		for (guint n = 0; n < keys->len; n++)
			if (g_array_index(keys, uint32_t, n) == k->facts.key_hash)
				k->marks |= MARK_KEY;
		fits |= (k->marks & MARK_KEY) != 0;
	}
	for (guint i = 0; i < rows->len && !fits; i++) {
		struct kv_row *k = rows->pdata[i];

		if (is_locked && !(k->facts.marks & MARK_CA))
			k->marks |= MARK_KEY_LOCKED;
		else if (keys->len && (rows->len == 1 || i == 0))
			k->marks |= MARK_MISMATCH;
	}
}

static void take_secret(struct op *op, const char *path, const struct json *data)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	bool is_locked = false;

	for (size_t i = 0; i < json_members(data); i++) {
		const char *text = json_text(json_at(data, i)), *key = json_key_at(data, i);
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) items = NULL;
		struct value v = { path, key, NULL };

		if (!could_be(text))
			continue;
		items = x509_scan((const uint8_t *)text, strlen(text), NULL, &error);
		v.items = items;
		if (!items)
			op_trouble(op, "%s: %s", path, error->message);
		add_value(op, &v, rows, keys, &is_locked);
	}
	find_keys(op, rows, keys, is_locked);
	g_ptr_array_extend_and_steal(f->rows, g_steal_pointer(&rows));
}

/* ---- the walk ---- */

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	g_ptr_array_unref(f->paths);
	g_ptr_array_unref(f->rows);
	g_hash_table_unref(f->refused);
}

static struct ask ask(struct op *op, size_t i)
{
	const struct refresh *f = vault_mine(op);

	return (struct ask){ .send = f->has_stopped ? NULL :
			     vault_kv_ask(op, op->store->address, f->paths->pdata[i]) };
}

/* Once for each folder that may not be read: secrets of one folder fall under one policy. */
static void refused(struct op *op, const char *path, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	struct vault *v = op->scratch;
	g_autofree char *below = vault_below(op, is_folder(path) ? "metadata/" : "data/");
	const char *slash = strrchr(path, '/');
	g_autofree char *folder = is_folder(path) ? g_strconcat(below, path, NULL) :
		g_strdup_printf("%s%.*s*", below, slash ? (int)(slash - path + 1) : 0, path);
	bool is_dead = vault_is_dead(r);
	bool is_server = vault_explain(op, r, "reading what is kept there",
				       is_folder(path) ? "list" : "read", folder);

	if (is_server || r->error || is_dead) {
		f->has_stopped = true;
		f->is_server = is_server;
		return;
	}
	f->denied++;
	if (g_hash_table_add(f->refused, g_strdup(folder)))
		op_trouble(op, "%s", v->failed);
}

static void put_rows(struct op *op)
{
	const struct refresh *f = vault_mine(op);

	for (guint i = 0; i < f->rows->len; i++) {
		const struct kv_row *k = f->rows->pdata[i];

		op_row(op, &k->facts, k->alias, k->facts.marks | k->marks);
	}
}

static void add_children(struct op *op, const char *path, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	guint n;

	vault_kv_children(r, path, found);
	n = MIN(found->len, SECRETS_MAX - MIN(f->paths->len, SECRETS_MAX));
	f->is_cut |= n < found->len;
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(f->paths, g_strdup(found->pdata[i]));
	op_more(op, n);
}

/* A secret whose newest version was deleted has no data, and is a 404. */
static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = vault_mine(op);
	const char *path = f->paths->pdata[i];
	g_autoptr(json) j = vault_json(r);

	(void)none;
	f->heard++;
	if (f->has_stopped)
		return;
	if (j && is_folder(path)) {
		add_children(op, path, r);
	} else if (j) {
		f->secrets++;
		take_secret(op, path, json_get(json_get(j, "data"), "data"));
	} else if (r->error || r->status != 404) {
		refused(op, path, r);
	}
	if (f->heard % SHOWN == 0 && (!op->old || !op->old->n)) {
		put_rows(op);
		op_show_rows(op);
	}
	op_progress(op, f->heard, f->paths->len);
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	size_t n;

	if (!j && !vault_is_empty(r)) {
		g_autofree char *path = vault_below(op, "metadata/");

		return vault_refuse(op, r, "listing what is kept there", "list", path);
	}
	add_children(op, "", r);
	n = op->more;
	op->more = 0;
	op_progress(op, 0, f->paths->len);
	return n ? next_each(n, ask, hear, end) : end(op, NULL);
}

struct next vault_kv_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_begin(op, sizeof(*f), refresh_done);

	(void)none;
	if (!f)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	f->paths = g_ptr_array_new_with_free_func(g_free);
	f->rows = g_ptr_array_new_with_free_func(row_free);
	f->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return next_send(vault_kv_ask(op, op->store->address, ""), listed);
}

/* ---- the end ---- */

/* What was read before it stopped is shown where nothing older is. */
static struct next stopped(struct op *op, const struct reply *none)
{
	const struct refresh *f = vault_mine(op);
	const struct vault *v = op->scratch;

	(void)none;
	if (!f->rows->len || (op->old && op->old->n))
		return next_fail(op, v->code, "%s", v->failed);
	op_trouble(op, "%s", v->failed);
	put_rows(op);
	return next_done();
}

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_mine(op);

	(void)none;
	if (f->has_stopped)
		return f->is_server ? vault_look_at_server(op, stopped) : stopped(op, NULL);
	put_rows(op);
	if (f->is_cut)
		op_trouble(op, "there are more than %d folders and secrets: only so many were read",
			   SECRETS_MAX);
	op_say(op, "%u certificate%s in %u secret%s", f->rows->len, f->rows->len == 1 ? "" : "s",
	       f->secrets, f->secrets == 1 ? "" : "s");
	return next_done();
}
