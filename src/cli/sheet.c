/*
 * sheet: what the lines of a CSV file ask for.
 *
 * A column is called as the question that it answers, or as another tool calls it (aliases of the
 * provider).  Files of Keyfactor's kfutil hold columns about that system's own bookkeeping; there,
 * and nowhere else, columns that nothing here asks for are left out.
 */
#include "sheet.h"

#include <string.h>

#include <certty/base/csv.h>
#include <certty/base/file.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/model/store.h>

const char *const sheet_account_columns[] = { "provider", "name", "title", "keep", NULL };
const char *const sheet_store_columns[] = { "provider", "address", "type", "title", "container",
					    "labels", "passphrase", "through", NULL };

struct reading {
	const struct csv *csv;
	const struct snapshot *snap;
	const char *provider, *keep;
	struct sheet *sheet;
	enum kind kind;
	bool is_kfutil;
	GHashTable *names;	/* taken by earlier lines */
};

static void plan_free(void *plan)
{
	struct plan *p = plan;

	command_free(p->add);
	secret_free(p->passphrase);
	g_free(p->name);
	g_free(p->container);
	g_free(p->labels);
	g_free(p->says);
	g_free(p->wrong);
	g_free(p->id);
	g_free(p);
}

/* ---- columns ---- */

/* Its name as a question has it: without what export and template add for people. */
static char *plain_head(const struct csv *csv, size_t column)
{
	const char *head = csv_unguarded(csv_head(csv, column));
	gsize len = strlen(head);

	if (g_str_has_suffix(head, SHEET_SECRET))
		len -= strlen(SHEET_SECRET);
	return g_strstrip(g_strndup(head, len));
}

static bool is_kfutils(const struct csv *csv)
{
	for (size_t i = 0; i < csv_columns(csv); i++)
		if (!g_ascii_strncasecmp(csv_head(csv, i), "Properties.", 11) ||
		    !g_ascii_strncasecmp(csv_head(csv, i), "InventorySchedule.", 18))
			return true;
	return false;
}

static bool is_listed(const char *const *names, const char *head)
{
	for (; *names; names++)
		if (!g_ascii_strcasecmp(*names, head))
			return true;
	return false;
}

static const struct field *find_field(const struct field *fields, const char *key)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (!g_ascii_strcasecmp(f->key, key))
			return f;
	return NULL;
}

/* The question of an account that a column answers; *ret_command: by a program. */
static const struct field *answered_by(const struct provider_info *p, const char *head,
				       bool *ret_command)
{
	g_autofree char *secret = g_str_has_suffix(head, "-command") ?
		g_strndup(head, strlen(head) - strlen("-command")) : NULL;
	const struct field *f = find_field(p->account_fields, head);

	*ret_command = false;
	if (!f)
		f = find_field(account_common_fields, head);
	for (const struct column_alias *a = p->aliases; !f && a && a->header; a++)
		if (!g_ascii_strcasecmp(a->header, head))
			f = find_field(p->account_fields, a->key);
	if (f || !secret)
		return f;
	f = find_field(p->account_fields, secret);
	*ret_command = f && f->kind == FIELD_SECRET;
	return *ret_command ? f : NULL;
}

/* Whether a column can mean anything at all. */
static bool is_known(const struct reading *r, const char *head)
{
	bool by_command;

	if (g_str_has_suffix(head, SHEET_PLACE))
		return true;
	if (r->kind == KIND_STORES)
		return is_listed(sheet_store_columns, head);
	if (is_listed(sheet_account_columns, head))
		return true;
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		if ((*p)->account_fields && answered_by(*p, head, &by_command))
			return true;
	return false;
}

static bool check_columns(struct reading *r, GError **error)
{
	g_autoptr(GString) left = g_string_new(NULL);

	for (size_t i = 0; i < csv_columns(r->csv); i++) {
		g_autofree char *head = plain_head(r->csv, i);
		g_autofree char *shown = text_harmless_dup(head, 80);

		if (is_known(r, head))
			continue;
		if (!r->is_kfutil) {
			g_set_error(error, ERR, ERR_FORMAT, "line 1, column %zu: nothing is called "
				    "'%s'; certty %s template says what there is", i + 1, shown,
				    kind_word(r->kind));
			return false;
		}
		g_string_append_printf(left, "%s%s", left->len ? ", " : "", shown);
	}
	if (left->len)
		r->sheet->left_out = g_strdup(left->str);
	return true;
}

/* ---- one line ---- */

static void wrong(struct reading *r, struct plan *p, gssize column, const char *said)
{
	g_autofree char *head = column >= 0 ? plain_head(r->csv, (size_t)column) : NULL;

	if (column >= 0)
		p->wrong = g_strdup_printf("line %u, column %zd (%s): %s", p->line, column + 1, head,
					   said);
	else
		p->wrong = g_strdup_printf("line %u: %s", p->line, said);
}

static gssize column_of(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < csv_columns(r->csv); i++) {
		g_autofree char *head = plain_head(r->csv, i);

		if (!g_ascii_strcasecmp(head, name))
			return (gssize)i;
	}
	return -1;
}

/* NULL: nothing is said. */
static const char *said(const struct reading *r, size_t row, const char *name)
{
	gssize column = column_of(r, name);
	const char *cell = column < 0 ? "" : csv_unguarded(csv_cell(r->csv, row, (size_t)column));

	return *cell ? cell : NULL;
}

/* A plain answer that does not fit is told by its column. */
static bool put_answer(struct reading *r, struct plan *p, size_t column, const struct field *f,
		       const char *value)
{
	g_autoptr(GError) why = NULL;

	if (!field_check_one(f, value, &why)) {
		wrong(r, p, (gssize)column, why->message);
		return false;
	}
	args_set(p->add->args, f->key, value);
	return true;
}

static bool put_secret(struct reading *r, struct plan *p, size_t column, const char *key,
		       const char *cell)
{
	struct secret *s = secret_new(cell, strlen(cell));

	if (!s) {
		wrong(r, p, (gssize)column, "the memory for secrets is full; import fewer at once");
		return false;
	}
	r->sheet->has_secrets = true;
	args_put_secret(p->add->args, key, s);
	return true;
}

static bool put_cell(struct reading *r, struct plan *p, const struct provider_info *info,
		     size_t row, size_t column)
{
	const char *cell = csv_cell(r->csv, row, column);
	g_autofree char *head = plain_head(r->csv, column);
	g_autofree char *key = NULL;
	const struct field *f;
	bool by_command;

	if (!*cell || is_listed(sheet_account_columns, head) || g_str_has_suffix(head, SHEET_PLACE))
		return true;
	f = answered_by(info, head, &by_command);
	if (f && by_command) {
		key = field_command_key(f);
		args_set(p->add->args, key, csv_unguarded(cell));
		return true;
	}
	if (f && f->kind == FIELD_SECRET)
		return put_secret(r, p, column, f->key, cell);
	if (f)
		return put_answer(r, p, column, f, csv_unguarded(cell));
	if (r->is_kfutil)
		return true;
	key = g_strdup_printf("%s does not ask for this", info->name);
	wrong(r, p, (gssize)column, key);
	return false;
}

/* What is needed must be there; the column that should have it is named. */
static bool is_complete(struct reading *r, struct plan *p, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++) {
		g_autofree char *command = field_command_key(f), *why = NULL;
		const struct args *args = p->add->args;

		if (!f->needed || f->fallback || args_get(args, f->key) || args_get(args, command) ||
		    args_secret(args, f->key) || !field_is_asked(f, fields, args))
			continue;
		why = g_strdup_printf("%s is needed: %s", f->label, f->hint ? f->hint : f->key);
		wrong(r, p, column_of(r, f->key), why);
		return false;
	}
	return true;
}

/* ---- a line that is an account ---- */

static bool is_taken(const struct reading *r, const char *name)
{
	return items_find(r->snap->kind[KIND_ACCOUNTS], name) >= 0 ||
	       g_hash_table_contains(r->names, name);
}

/* The one in the file; other tools' files know none, so it is the provider's, with a number. */
static char *choose_name(struct reading *r, struct plan *p, size_t row, const char *provider)
{
	const char *name = said(r, row, "name");
	gssize column = column_of(r, "name");

	if (!name && column >= 0) {
		wrong(r, p, column, "a name is needed: letters, digits, and any of . _ : @ -");
		return NULL;
	}
	if (!name) {
		char *made = g_strdup(provider);

		for (unsigned i = 2; is_taken(r, made); i++) {
			g_free(made);
			made = g_strdup_printf("%s-%u", provider, i);
		}
		return made;
	}
	if (!account_id_is_fit(name))
		wrong(r, p, column, "that cannot be a name: letters, digits, and any of . _ : @ -, a "
		      "letter or digit first");
	else if (is_taken(r, name))
		wrong(r, p, column, "there is an account of that name already");
	else
		return g_strdup(name);
	return NULL;
}

static bool is_same_secret(const struct args *a, const struct args *b, const char *key)
{
	const struct secret *x = args_secret(a, key), *y = args_secret(b, key);

	return x && y && secret_equal(x, y);
}

static bool is_same(const struct args *a, const struct args *b)
{
	g_auto(GStrv) plain = args_keys(a), plain_b = args_keys(b);
	g_auto(GStrv) secret = args_secret_keys(a), secret_b = args_secret_keys(b);
	bool same = g_strv_equal((const char *const *)secret, (const char *const *)secret_b);

	for (char **k = secret; same && *k; k++)
		same = is_same_secret(a, b, *k);
	for (char **k = plain; same && *k; k++)
		same = !strcmp(*k, "name") || !g_strcmp0(args_get(a, *k), args_get(b, *k));
	for (char **k = plain_b; same && *k; k++)
		same = !strcmp(*k, "name") || args_get(a, *k);
	return same;
}

/* Files of stores repeat the account of each.  True when an earlier line asked for it already. */
static bool is_repeated(struct reading *r, struct plan *p)
{
	const GPtrArray *plans = r->sheet->plans;

	for (guint i = 0; column_of(r, "name") < 0 && i < plans->len; i++) {
		const struct plan *earlier = plans->pdata[i];

		if (!earlier->add || !is_same(earlier->add->args, p->add->args))
			continue;
		p->says = g_strdup_printf("line %u: the same account as line %u", p->line,
					  earlier->line);
		g_clear_pointer(&p->add, command_free);
		return true;
	}
	return false;
}

static void say_account(struct plan *p, const struct provider_info *info)
{
	g_auto(GStrv) secret = args_secret_keys(p->add->args);
	g_autofree char *all = g_strjoinv(", ", secret);
	const char *keep = args_text(p->add->args, "keep", "auto");

	p->says = g_strdup_printf("line %u: adds account %s of %s%s%s%s%s", p->line, p->name,
				  info->name, *all ? "; keeps its " : "", all,
				  *all && strcmp(keep, "auto") ? " in: " : "",
				  *all && strcmp(keep, "auto") ? keep : "");
}

static const struct provider_info *provider_of(struct reading *r, struct plan *p, size_t row)
{
	const char *name = said(r, row, "provider");
	const struct provider_info *info = cli_provider(name ? name : r->provider);
	g_autofree char *known = cli_account_providers();
	g_autofree char *why = NULL;

	if (info && info->account_fields)
		return info;
	if (name)
		why = g_strdup_printf("not a provider that has accounts; those are %s", known);
	else
		why = g_strdup_printf("no provider: a column provider, or --provider, names one of %s",
				      known);
	wrong(r, p, name ? column_of(r, "provider") : -1, why);
	return NULL;
}

static void read_account(struct reading *r, struct plan *p, size_t row)
{
	const struct field *own = verb_table[VERB_ACCOUNT_ADD].fields;
	const struct provider_info *info = provider_of(r, p, row);

	if (!info)
		return;
	p->add = command_new(VERB_ACCOUNT_ADD, NULL);
	p->add->more = info->account_fields;
	p->add->is_yes = true;
	args_set(p->add->args, "provider", info->name);
	for (size_t i = 0; i < csv_columns(r->csv); i++)
		if (!put_cell(r, p, info, row, i))
			return;
	if (!is_complete(r, p, info->account_fields))
		return;
	for (size_t i = 2; sheet_account_columns[i]; i++) {	/* but provider and name */
		const char *column = sheet_account_columns[i], *value = said(r, row, column);

		if (value && !put_answer(r, p, (size_t)column_of(r, column),
					 field_find(own, column), value))
			return;
	}
	if (r->keep && !args_get(p->add->args, "keep"))
		args_set(p->add->args, "keep", r->keep);
	if (is_repeated(r, p))
		return;
	p->name = choose_name(r, p, row, info->name);
	if (!p->name)
		return;
	args_set(p->add->args, "name", p->name);
	g_hash_table_add(r->names, g_strdup(p->name));
	say_account(p, info);
}

/* ---- a line that is a store ---- */

static bool is_store_known(const struct reading *r, const char *address)
{
	const struct items *all = r->snap->kind[KIND_STORES];
	g_autofree char *path = g_str_has_prefix(address, "~") ? file_absolute(address) : NULL;

	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(((const struct store *)all->item[i])->address, path ? path : address))
			return true;
	return g_hash_table_contains(r->names, address);
}

/* Whether stores of that provider can be typed in. */
static bool takes_stores(const char *provider)
{
	const struct provider_info *info = cli_provider(provider);

	return !strcmp(provider, "local") || (info && info->read_place);
}

static bool put_store_answers(struct reading *r, struct plan *p, size_t row)
{
	for (const struct field *f = p->add->verb->fields; f->key; f++) {
		const char *value = said(r, row, f->key);

		if (value && !put_answer(r, p, (size_t)column_of(r, f->key), f, value))
			return false;
	}
	return is_complete(r, p, p->add->verb->fields);
}

static void read_store(struct reading *r, struct plan *p, size_t row)
{
	const char *provider = said(r, row, "provider");
	gssize passphrase = column_of(r, "passphrase");
	const char *cell = passphrase < 0 ? "" : csv_cell(r->csv, row, (size_t)passphrase);

	if (!provider)
		provider = r->provider ? r->provider : "local";
	if (!takes_stores(provider)) {
		wrong(r, p, column_of(r, "provider"), "its stores come with its accounts; certty "
		      "accounts import adds those");
		return;
	}
	p->add = command_new(VERB_STORE_ADD, NULL);
	p->add->is_yes = true;
	if (!put_store_answers(r, p, row))
		return;
	p->name = g_strdup(args_get(p->add->args, "address"));
	if (is_store_known(r, p->name)) {
		wrong(r, p, column_of(r, "address"), "that is a store already");
		return;
	}
	g_hash_table_add(r->names, g_strdup(p->name));
	p->container = g_strdup(said(r, row, "container"));
	p->labels = g_strdup(said(r, row, "labels"));
	if (*cell) {
		p->passphrase = secret_new(cell, strlen(cell));
		r->sheet->has_secrets = true;
	}
	p->says = g_strdup_printf("line %u: adds store %s%s%s%s%s%s", p->line, p->name,
				  p->container ? " in " : "", p->container ? p->container : "",
				  p->labels ? ", labelled " : "", p->labels ? p->labels : "",
				  p->passphrase ? "; keeps its passphrase" : "");
}

/* ---- all lines ---- */

static void read_rows(struct reading *r)
{
	for (size_t row = 0; row < csv_rows(r->csv); row++) {
		struct plan *p = g_new0(struct plan, 1);

		p->line = csv_line(r->csv, row);
		if (r->kind == KIND_ACCOUNTS)
			read_account(r, p, row);
		else
			read_store(r, p, row);
		if (p->wrong)
			g_clear_pointer(&p->add, command_free);
		r->sheet->bad += p->wrong != NULL;
		r->sheet->good += p->add != NULL;
		g_ptr_array_add(r->sheet->plans, p);
	}
}

static struct csv *read_csv(const char *path, GError **error)
{
	g_autofree char *whole = file_absolute(path);
	g_autofree char *before = g_strdup_printf("%s: ", path);
	g_autoptr(GBytes) bytes = file_read(whole, CSV_BYTES, NULL, error);
	struct csv *csv = bytes ? csv_read(bytes, error) : NULL;

	if (bytes)	/* nobody else has them; they may hold secrets */
		secret_clear((void *)(uintptr_t)g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	if (bytes && !csv)
		g_prefix_error(error, "%s", before);
	return csv;
}

bool sheet_read(const char *path, enum kind kind, const char *provider, const char *keep,
		const struct snapshot *s, struct sheet *ret, GError **error)
{
	g_autoptr(csv) csv = read_csv(path, error);
	struct reading r = { .csv = csv, .snap = s, .provider = provider, .keep = keep, .sheet = ret,
			     .kind = kind };
	bool ok;

	*ret = (struct sheet){ .plans = g_ptr_array_new_with_free_func(plan_free) };
	if (!csv)
		return false;
	if (csv_rows(csv) > SHEET_ROWS) {
		g_set_error(error, ERR, ERR_LIMIT, "%s: more than %u lines", path, SHEET_ROWS);
		return false;
	}
	r.is_kfutil = is_kfutils(csv);
	r.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ok = check_columns(&r, error);
	if (ok)
		read_rows(&r);
	g_hash_table_unref(r.names);
	return ok;
}

void sheet_done(struct sheet *s)
{
	g_ptr_array_unref(s->plans);
	g_free(s->left_out);
}
