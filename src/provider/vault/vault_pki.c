/*
 * vault_pki: reading the certificates of an engine that issues them.
 *
 * A list has serial numbers and nothing else, so each certificate is read once, when it is new, and
 * never again: it cannot change.  Which are revoked is another list.  Where the server has one with
 * names and dates (OpenBao), that is asked when many are new, so that all of them are shown as what
 * they are before they are read, and the newest are read first.
 *
 * What ends it in the middle leaves what was read until then.
 */
#include "vault_issuer.h"
#include "vault_kf.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define CERTS_MAX   500000
#define SERIAL_MAX  128
#define PAGE	    500		/* of the list with names */
#define SMALL_PAGE  100		/* where policies forbid a list that is not in pages */
#define MANY	    20		/* new ones from which on that list is worth it */
#define SHOWN	    500		/* certificates after which what has come is shown at first */
#define SHOW_AGAIN  2		/* seconds until it is shown again, and more where there are many: each time */
#define SHOW_MANY   5000	/* takes as long as the store has certificates; one second for so many */
#define ASK_AGAIN   (7 * CLOCK_DAY)	/* for a list that the server did not have */

struct cert {
	char *alias;		/* the serial, as the list has it */
	char *key;		/* the same in lower case: some engines change their minds */
	struct facts *facts;	/* of its bytes, or what the list told */
	bool is_read;		/* these are of its bytes, or the row of op->old is */
	bool is_revoked;
	bool is_gone;		/* it was there in the list, and then not */
	bool is_turned;		/* it was not there, and is asked for in the other case */
	int64_t not_before;
	guint form;		/* which of engine->reads it was asked in */
};

struct refresh {
	const struct vault_engine *engine;
	struct vault_memo memo;
	GPtrArray *all;		/* struct cert, as listed */
	GHashTable *by_key;
	GHashTable *rows;	/* key -> row of op->old + 1 */
	GPtrArray *wanted;	/* struct cert, to be read */
	char *path;		/* what is being listed */
	char *after;		/* the last key of the page before */
	int page;		/* keys of one, or 0 */
	guint heard, form;	/* engine->reads[form] */
	int64_t shown;		/* clock_ticks() when what has come was shown last; 0: not yet */
	bool has_read, has_stopped, is_server;
	bool has_names;		/* the list told them, where no other engine's does */
};

static step_fn listed, ask_revoked, revoked_listed, ask_detailed, detailed_listed, plan, end, stopped;

static void free_facts(struct facts *f)
{
	if (f)
		facts_done(f);
	g_free(f);
}

static void cert_free(void *cert)
{
	struct cert *c = cert;

	g_free(c->alias);
	g_free(c->key);
	free_facts(c->facts);
	g_free(c);
}

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	vault_memo_done(&f->memo);
	g_hash_table_unref(f->by_key);
	g_hash_table_unref(f->rows);
	g_ptr_array_unref(f->wanted);
	g_ptr_array_unref(f->all);
	g_free(f->path);
	g_free(f->after);
}

/* ---- rows ---- */

static void find_rows(struct op *op)
{
	struct refresh *f = vault_mine(op);

	g_hash_table_remove_all(f->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(f->rows, g_ascii_strdown(op->old->aliases + op->old->alias[i], -1),
				    GUINT_TO_POINTER(i + 1));
}

/* The row that was made of its bytes, and one; 0: none. */
static guint old_row(const struct refresh *f, const struct op *op, const char *key)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(f->rows, key));

	return row && op->old->print[row - 1] ? row : 0;
}

static void put_bare(struct op *op, const struct cert *c, uint32_t marks)
{
	struct facts f = {
		.name = g_strdup(c->alias), .names = g_new0(char *, 1), .issuer = g_strdup(""),
		.key = g_strdup(""), .signature = g_strdup(""), .serial = g_strdup(""),
	};

	op_row(op, &f, c->alias, marks);
	facts_done(&f);
}

/* Once its row is shown, what it was made of need not be kept. */
static void put_row(struct op *op, struct cert *c)
{
	const struct refresh *f = vault_mine(op);
	guint row = c->is_read ? old_row(f, op, c->key) : 0;
	uint32_t marks = c->is_revoked ? MARK_REVOKED : 0;

	if (row) {
		g_clear_pointer(&c->facts, free_facts);
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)MARK_REVOKED) | marks);
	} else if (c->facts) {
		op_row(op, c->facts, c->alias, c->facts->marks | marks);
	} else {
		put_bare(op, c, marks);
	}
}

static void put_rows(struct op *op)
{
	struct refresh *f = vault_mine(op);

	find_rows(op);
	for (guint i = 0; i < f->all->len; i++)
		if (!((struct cert *)f->all->pdata[i])->is_gone)
			put_row(op, f->all->pdata[i]);
	op_memo(op, vault_memo_write(&f->memo));
}

static void show_rows(struct op *op)
{
	put_rows(op);
	op_show_rows(op);
}

/* ---- a list, page by page where it must be ---- */

/* Its keys are stored with hyphens and told with colons, and compared as they are stored. */
static struct next ask_page(struct op *op, const char *list, step_fn *then)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(GString) path = NULL;
	g_autofree char *base = vault_below(op, list);
	char *after;

	if (g_strcmp0(f->path, list)) {
		g_free(f->path);
		f->path = g_strdup(list);
		g_clear_pointer(&f->after, g_free);
	}
	path = g_string_new(base);
	if (f->page)
		g_string_append_printf(path, "?limit=%d", f->page);
	if (f->after) {
		after = g_strdelimit(g_strdup(f->after), ":", '-');
		g_string_append_printf(path, "&after=%s", after);
		g_free(after);
	}
	return next_send(vault_ask_list(op, path->str), then);
}

/* Whether there is one more page, which begins behind `last`. */
static bool has_more(struct refresh *f, size_t n, const char *last)
{
	if (!f->page || n < (size_t)f->page || !last || !g_strcmp0(last, f->after))
		return false;
	g_free(f->after);
	f->after = g_strdup(last);
	return true;
}

/* A policy may forbid lists that are not in pages; what says so looks like any other refusal. */
static bool may_be_page(const struct refresh *f, const struct reply *r)
{
	return !f->page && r->status == 403 && !vault_is_dead(r);
}

static bool is_serial(const char *key)
{
	size_t len = key ? strlen(key) : 0;

	return len && len <= SERIAL_MAX && strspn(key, "0123456789abcdefABCDEF:-") == len;
}

/* ---- serials ---- */

static struct cert *find_cert(const struct refresh *f, const char *alias)
{
	g_autofree char *key = g_ascii_strdown(alias ? alias : "", -1);

	return g_hash_table_lookup(f->by_key, key);
}

static void add_cert(struct op *op, const char *alias)
{
	struct refresh *f = vault_mine(op);
	struct cert *c;
	guint row;

	if (!is_serial(alias) || find_cert(f, alias))
		return;
	c = g_new0(struct cert, 1);
	c->alias = g_strdup(alias);
	c->key = g_ascii_strdown(alias, -1);
	row = old_row(f, op, c->key);
	c->is_read = row;
	c->is_revoked = g_hash_table_contains(f->memo.revoked, c->key) ||
			(row && (op->old->marks[row - 1] & MARK_REVOKED));
	g_ptr_array_add(f->all, c);
	g_hash_table_insert(f->by_key, c->key, c);
}

struct next vault_pki_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_begin(op, sizeof(*f), refresh_done);

	(void)none;
	if (!f)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	f->engine = vault_engine_find(op->store->type);
	vault_memo_read(&f->memo, op->memo);
	f->all = g_ptr_array_new_with_free_func(cert_free);
	f->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	f->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->wanted = g_ptr_array_new();
	find_rows(op);
	return ask_page(op, "certs", listed);
}

/* Keyfactor's engine tells names from 1.5.0 on. */
static void take_name(const struct refresh *f, const char *alias, const char *name)
{
	struct cert *c = find_cert(f, alias);

	if (!c || c->is_read || c->facts || !name || !*name)
		return;
	c->facts = g_new0(struct facts, 1);
	c->facts->name = text_harmless_dup(name, FACTS_TEXT);
	c->facts->names = g_new0(char *, 1);
	c->facts->issuer = g_strdup("");
	c->facts->key = g_strdup("");
	c->facts->signature = g_strdup("");
	c->facts->serial = g_strdup("");
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");
	const struct json *info = json_get(json_get(j, "data"), "key_info");
	size_t n = json_count(keys);
	g_autofree char *warnings = vault_issued_warnings(j);

	if (may_be_page(f, r)) {
		f->page = SMALL_PAGE;
		return ask_page(op, "certs", listed);
	}
	if (*warnings)
		op_trouble(op, "the engine warns: %s", warnings);
	if (!j && !vault_is_empty(r)) {
		g_autofree char *path = vault_below(op, "certs/");

		return vault_refuse(op, r, "listing the certificates", "list", path);
	}
	for (size_t i = 0; i < n && f->all->len < CERTS_MAX; i++)
		add_cert(op, json_text(json_at(keys, i)));
	for (size_t i = 0; i < json_members(info); i++)
		take_name(f, json_key_at(info, i), json_str(json_at(info, i), "common_name"));
	f->has_names = f->has_names || json_count(info);
	if (f->all->len >= CERTS_MAX)
		op_trouble(op, "there are more than %d certificates: only so many are shown", CERTS_MAX);
	else if (has_more(f, n, json_text(json_at(keys, n - 1))))
		return ask_page(op, "certs", listed);
	return ask_revoked(op, NULL);
}

/* ---- which are revoked ---- */

static struct next ask_revoked(struct op *op, const struct reply *none)
{
	const struct refresh *f = vault_mine(op);

	(void)none;
	return f->engine->lists_revoked && f->all->len ?
		       ask_page(op, "certs/revoked", revoked_listed) : ask_detailed(op, NULL);
}

static void take_revoked(struct refresh *f, const char *alias)
{
	struct cert *c = find_cert(f, alias);

	if (c)
		c->is_revoked = true;
}

/* Servers of before there was this list tell of each certificate alone. */
static void say_unknown(struct op *op, const struct reply *r)
{
	g_autofree char *path = vault_below(op, "certs/revoked/");

	if (vault_is_empty(r))
		return;
	if (r->error || r->status == 403 || r->status >= 500) {
		vault_explain(op, r, "listing which are revoked", "list", path);
		op_trouble(op, "%s", ((struct vault *)op->scratch)->failed);
	} else {
		op_trouble(op, "the server has no list of what is revoked: of a certificate that was read "
			   "before, a later revocation is not seen");
	}
}

static struct next revoked_listed(struct op *op, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");
	size_t n = json_count(keys);

	if (may_be_page(f, r)) {
		f->page = SMALL_PAGE;
		return ask_page(op, "certs/revoked", revoked_listed);
	}
	if (!j)
		say_unknown(op, r);
	for (size_t i = 0; i < n; i++)
		take_revoked(f, json_text(json_at(keys, i)));
	if (has_more(f, n, json_text(json_at(keys, n - 1))))
		return ask_page(op, "certs/revoked", revoked_listed);
	return ask_detailed(op, NULL);
}

/* ---- names and dates, where the server lists them ---- */

static guint count_new(const struct refresh *f)
{
	guint n = 0;

	for (guint i = 0; i < f->all->len; i++)
		n += !((struct cert *)f->all->pdata[i])->is_read;
	return n;
}

static struct next ask_detailed(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_mine(op);
	int64_t age = op->now - f->memo.no_detailed;

	(void)none;
	if (!f->engine->lists_revoked || count_new(f) < MANY || (age >= 0 && age < ASK_AGAIN))
		return plan(op, NULL);
	f->page = f->page ? f->page : PAGE;
	return ask_page(op, "certs/detailed", detailed_listed);
}

/* "CN=Root,O=Example" */
static char *issuer_of(const char *dn)
{
	const char *cn = dn ? strstr(dn, "CN=") : NULL;
	g_autofree char *name = cn ? g_strndup(cn + 3, strcspn(cn + 3, ",+")) : NULL;

	return text_harmless_dup(name ? name : dn ? dn : "", FACTS_TEXT);
}

static char *key_of(const struct json *info)
{
	static const struct {
		const char *type;
		int64_t bits;
		const char *word;
	} keys[] = {
		{ "rsa", 2048, "RSA 2048" }, { "rsa", 3072, "RSA 3072" }, { "rsa", 4096, "RSA 4096" },
		{ "ec", 256, "EC P-256" }, { "ec", 384, "EC P-384" }, { "ec", 521, "EC P-521" },
		{ "ed25519", 0, "Ed25519" },
	};
	const char *type = json_str(info, "key_type");
	int64_t bits = 0;

	json_int(info, "key_bits", &bits);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!g_strcmp0(type, keys[i].type) && (!keys[i].bits || keys[i].bits == bits))
			return g_strdup(keys[i].word);
	return g_strdup("");
}

/* The first name, and the others without it. */
static void take_names(struct facts *to, const struct json *info)
{
	const struct json *names = json_get(info, "dns_names");
	const char *first = json_count(names) ? json_text(json_at(names, 0)) :
						json_str(info, "common_name");
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	to->name = text_harmless_dup(first ? first : "", FACTS_TEXT);
	for (size_t i = 0; i < MIN(json_count(names), FACTS_NAMES); i++) {
		const char *text = json_text(json_at(names, i));
		g_autofree char *name = text_harmless_dup(text ? text : "", FACTS_TEXT);

		if (*name && strcmp(name, to->name))
			g_strv_builder_add(b, name);
		to->marks |= g_str_has_prefix(name, "*.") ? MARK_WILDCARD : 0;
	}
	to->names = g_strv_builder_end(b);
	to->n_names = g_strv_length(to->names);
}

static void take_info(const struct refresh *f, const char *alias, const struct json *info)
{
	struct cert *c = find_cert(f, alias);
	const char *begins = json_str(info, "not_before"), *ends = json_str(info, "not_after");

	if (!c || c->is_read || c->facts)
		return;
	c->facts = g_new0(struct facts, 1);
	take_names(c->facts, info);
	if (!*c->facts->name)
		store_set(&c->facts->name, c->alias);
	c->facts->issuer = issuer_of(json_str(info, "issuer"));
	c->facts->key = key_of(info);
	c->facts->signature = g_strdup("");
	c->facts->serial = g_strdup("");
	if (begins)
		clock_read_date(begins, &c->facts->not_before);
	if (ends)
		clock_read_date(ends, &c->facts->not_after);
	c->not_before = c->facts->not_before;
}

static struct next detailed_listed(struct op *op, const struct reply *r)
{
	struct refresh *f = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *keys = json_get(json_get(j, "data"), "keys");
	const struct json *info = json_get(json_get(j, "data"), "key_info");
	size_t n = json_count(keys);
	bool is_first = !f->after;

	if (!j && is_first && (r->status == 404 || r->status == 405))
		f->memo.no_detailed = op->now;
	else if (j)
		f->memo.no_detailed = 0;
	for (size_t i = 0; i < json_members(info); i++)
		take_info(f, json_key_at(info, i), json_at(info, i));
	if (j && has_more(f, n, json_text(json_at(keys, n - 1)))) {
		if (is_first && (!op->old || !op->old->n))
			show_rows(op);
		return ask_page(op, "certs/detailed", detailed_listed);
	}
	return plan(op, NULL);
}

/* ---- what has to be read ---- */

static int by_age(const void *a, const void *b)
{
	const struct cert *const *x = a, *const *y = b;

	return (*x)->not_before < (*y)->not_before ? 1 : (*x)->not_before > (*y)->not_before ? -1 : 0;
}

/* When it was revoked only its own answer tells. */
static bool is_wanted(const struct refresh *f, const struct cert *c)
{
	return !c->is_read || (c->is_revoked && !g_hash_table_contains(f->memo.revoked, c->key));
}

/* The serial in the other case. */
static char *turn(const char *alias)
{
	g_autofree char *lower = g_ascii_strdown(alias, -1);

	return strcmp(lower, alias) ? g_steal_pointer(&lower) : g_ascii_strup(alias, -1);
}

static struct ask ask_one(struct op *op, size_t i)
{
	const struct refresh *f = vault_mine(op);
	struct cert *c = f->wanted->pdata[i];
	g_autofree char *turned = c->is_turned ? turn(c->alias) : NULL;
	g_autofree char *rest = g_strconcat(f->engine->reads[f->form], turned ? turned : c->alias, NULL);
	g_autofree char *path = vault_below(op, rest);

	c->form = f->form;
	return (struct ask){ .send = f->has_stopped ? NULL : vault_ask(op, path, NULL) };
}

static bool take_bytes(struct op *op, struct cert *c, const char *pem)
{
	struct facts *f = g_new0(struct facts, 1);
	g_autoptr(GBytes) der = x509_first(pem, f);

	if (!der) {
		g_free(f);
		return false;
	}
	op_fresh(op, f->sha256, der);
	free_facts(c->facts);
	c->facts = f;
	return c->is_read = true;
}

static void take_cert(struct op *op, struct cert *c, const struct json *data)
{
	struct refresh *f = vault_mine(op);
	int64_t when = 0;

	if (!c->is_read && !take_bytes(op, c, json_str(data, "certificate")))
		op_trouble(op, "%s: what the server gives for it is no certificate", c->alias);
	json_int(data, "revocation_time", &when);
	if (when > 0) {
		c->is_revoked = true;
		g_hash_table_replace(f->memo.revoked, g_strdup(c->key), g_memdup2(&when, sizeof(when)));
	}
}

/* Older versions of an engine read in another place: then it is asked there once more. */
static bool is_asked_again(struct op *op, const struct reply *r, struct cert *c)
{
	struct refresh *f = vault_mine(op);

	if (r->error || r->status != 404 || vault_is_empty(r) || !f->engine->reads[c->form + 1])
		return false;
	if (f->has_read && c->form >= f->form)	/* that place is the right one */
		return false;
	f->form = MAX(f->form, c->form + 1);
	g_ptr_array_add(f->wanted, c);
	op_more(op, 1);
	return true;
}

/* Some versions of Keyfactor's engine keep a serial in one case and look for it in the other. */
static bool is_turned(struct op *op, const struct reply *r, struct cert *c)
{
	struct refresh *f = vault_mine(op);
	g_autofree char *other = turn(c->alias);

	if (!vault_is_empty(r) || !vault_kf_is(op->store) || c->is_turned || !strcmp(other, c->alias))
		return false;
	c->is_turned = true;
	g_ptr_array_add(f->wanted, c);
	op_more(op, 1);
	return true;
}

static bool is_time_to_show(const struct refresh *f)
{
	int64_t seconds = SHOW_AGAIN + f->all->len / SHOW_MANY;

	return !f->shown || clock_ticks() - f->shown >= seconds * G_USEC_PER_SEC;
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = vault_mine(op);
	struct cert *c = f->wanted->pdata[i];
	g_autoptr(json) j = vault_json(r);

	(void)none;
	op_progress(op, ++f->heard, f->wanted->len);
	if (j) {
		f->has_read = true;
		take_cert(op, c, json_get(j, "data"));
	} else if (f->has_stopped) {
		return;
	} else if (is_turned(op, r, c)) {
		return;
	} else if (vault_is_empty(r)) {
		c->is_gone = true;	/* tidied meanwhile */
	} else if (!is_asked_again(op, r, c)) {
		g_autofree char *path = vault_below(op, f->engine->reads[f->form]);

		f->is_server = vault_explain(op, r, "reading the certificates", "read", path);
		f->has_stopped = true;
	}
	if (f->heard % SHOWN == 0 && is_time_to_show(f)) {
		f->shown = clock_ticks();
		show_rows(op);
	}
}

static struct next plan(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_mine(op);

	(void)none;
	find_rows(op);
	for (guint i = 0; i < f->all->len; i++)
		if (is_wanted(f, f->all->pdata[i]))
			g_ptr_array_add(f->wanted, f->all->pdata[i]);
	g_ptr_array_sort(f->wanted, by_age);
	op_progress(op, 0, f->wanted->len);
	if (f->wanted->len)
		show_rows(op);
	return next_each(f->wanted->len, ask_one, hear_one, end);
}

/* ---- the end ---- */

static void say(struct op *op)
{
	const struct refresh *f = vault_mine(op);
	guint n = 0, revoked = 0;

	for (guint i = 0; i < f->all->len; i++) {
		const struct cert *c = f->all->pdata[i];

		n += !c->is_gone;
		revoked += !c->is_gone && c->is_revoked;
	}
	op_say(op, "%u certificate%s, %u revoked", n, n == 1 ? "" : "s", revoked);
}

static struct next put_all(struct op *op, const struct reply *none)
{
	(void)none;
	put_rows(op);
	say(op);
	return next_done();
}

static struct next stopped(struct op *op, const struct reply *none)
{
	const struct refresh *f = vault_mine(op);
	guint left = 0;

	(void)none;
	for (guint i = 0; i < f->all->len; i++)
		left += !((struct cert *)f->all->pdata[i])->is_read;
	put_rows(op);
	op_trouble(op, "%u certificate%s could not be read: %s", left, left == 1 ? "" : "s",
		   ((struct vault *)op->scratch)->failed);
	say(op);
	return next_done();
}

/* As far as what was read tells. */
static int version_seen(const struct refresh *f)
{
	if (f->has_names)
		return VAULT_KF_TIDY;
	if (f->has_read)
		return f->form ? VAULT_KF_BASIC : VAULT_KF_OAUTH;
	return f->all->len && vault_kf_version(f->memo.facts) >= VAULT_KF_TIDY ? VAULT_KF_OAUTH :
										 VAULT_KF_UNKNOWN;
}

static struct next look(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_mine(op);

	(void)none;
	return vault_kf_is(op->store) ? vault_kf_look(op, &f->memo, version_seen(f), put_all) :
					vault_issuer_read(op, put_all);
}

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = vault_mine(op);

	(void)none;
	if (f->has_stopped)
		return f->is_server ? vault_look_at_server(op, stopped) : stopped(op, NULL);
	return vault_role_read(op, f->memo.roles, look);
}
