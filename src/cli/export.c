/*
 * export: accounts and stores as CSV that import reads, and the head line of such a file.
 *
 * No secret is in it: of an account's secrets there is the program that prints one (which import
 * takes), or the place where it is kept (which import leaves out).
 */
#include "sheet.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/csv.h>
#include <certty/model/store.h>

static enum kind kind_of(const struct cli *c)
{
	return g_str_has_prefix(c->command, "stores") ? KIND_STORES : KIND_ACCOUNTS;
}

/* ---- template ---- */

/* A column, and for a person who looks on what goes into it. */
static void put_column(GString *head, const char *key, const struct field *f)
{
	bool is_secret = f && f->kind == FIELD_SECRET;
	g_autofree char *name = g_strconcat(key, is_secret ? SHEET_SECRET : "", NULL);

	csv_put(head, name, !head->len);
	if (f)
		fprintf(stderr, "%-24s %s%s%s%s%s\n", name, f->needed && !f->fallback ? "needed: " : "",
			f->hint ? f->hint : f->label, f->choices ? "; one of " : "",
			f->choices ? f->choices : "", f->when ? "; not always asked" : "");
}

static void put_fields(GString *head, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++)
		put_column(head, f->key, f);
}

static int template_of_stores(struct cli *c)
{
	g_autoptr(GString) head = g_string_new(NULL);

	if (c->provider && strcmp(c->provider, "local"))
		return cli_usage("stores of %s come with its accounts; accounts template has their "
				 "columns", c->provider);
	for (size_t i = 0; sheet_store_columns[i]; i++) {
		const char *key = sheet_store_columns[i];
		const struct field *f = field_find(verb_table[VERB_STORE_ADD].fields, key);

		put_column(head, key, f ? f : field_find(verb_table[VERB_PASSPHRASE].fields, key));
	}
	g_string_append_c(head, '\n');
	cli_print(head);
	return 0;
}

static int template_of_accounts(struct cli *c)
{
	const struct provider_info *p = cli_provider(c->provider);
	g_autoptr(GString) head = g_string_new(NULL);

	if (!p || !p->account_fields) {
		g_autofree char *known = cli_account_providers();

		return cli_usage("accounts template needs --provider and one of %s",
				 *known ? known : "none");
	}
	for (size_t i = 0; sheet_account_columns[i]; i++)
		put_column(head, sheet_account_columns[i],
			   field_find(verb_table[VERB_ACCOUNT_ADD].fields, sheet_account_columns[i]));
	put_fields(head, p->account_fields);
	put_fields(head, account_common_fields);
	g_string_append_c(head, '\n');
	cli_print(head);
	return 0;
}

int run_template(struct cli *c)
{
	if (c->words[0])
		return cli_usage("%s takes no words", c->command);
	return kind_of(c) == KIND_STORES ? template_of_stores(c) : template_of_accounts(c);
}

/* ---- accounts ---- */

/* One column of the file: an answer, or for a secret its program or its place. */
struct exported {
	const char *key;
	char *head;
	bool is_command, is_place;
};

static void exported_free(void *column)
{
	struct exported *x = column;

	g_free(x->head);
	g_free(x);
}

static void add_exported(GPtrArray *all, const char *key, const char *suffix)
{
	struct exported *x = g_new0(struct exported, 1);

	x->key = key;
	x->head = g_strconcat(key, suffix, NULL);
	x->is_command = !strcmp(suffix, "-command");
	x->is_place = !strcmp(suffix, SHEET_PLACE);
	for (guint i = 0; i < all->len; i++)
		if (!strcmp(((struct exported *)all->pdata[i])->head, x->head)) {
			exported_free(x);
			return;
		}
	g_ptr_array_add(all, x);
}

static void add_exported_fields(GPtrArray *all, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++) {
		bool is_secret = f->kind == FIELD_SECRET;

		add_exported(all, f->key, is_secret ? SHEET_PLACE : "");
		if (is_secret)
			add_exported(all, f->key, "-command");
	}
}

static const char *answer(const struct account *a, const struct exported *x)
{
	const char *said = args_text(a->answers, x->key, "");
	const char *command;
	enum rung rung;

	if (!x->is_command && !x->is_place)
		return said;
	if (!rung_read(said, &rung, &command, NULL))
		return "";
	if (x->is_command)
		return command ? command : "";
	return rung == RUNG_COMMAND ? "" : rung_word(rung);
}

static void put_account(GString *out, const struct account *a, const GPtrArray *columns)
{
	csv_put(out, a->provider, true);
	csv_put(out, a->id, false);
	csv_put(out, a->title, false);
	for (guint i = 0; i < columns->len; i++) {
		const struct exported *x = columns->pdata[i];
		bool is_common = field_find(account_common_fields, x->key) != NULL;

		if (is_common && !strcmp(x->key, "read-only"))
			csv_put(out, a->is_read_only ? "yes" : "", false);
		else if (is_common && !strcmp(x->key, "defaults"))
			csv_put(out, a->defaults, false);
		else
			csv_put(out, answer(a, x), false);
	}
	g_string_append_c(out, '\n');
}

/* Accounts of other tools are theirs, and this machine is none. */
static bool is_exported(const struct account *a, const char *provider)
{
	return a->origin == ACCOUNT_CONFIGURED && (!provider || !strcmp(a->provider, provider));
}

static void export_accounts(GString *out, const struct snapshot *s, const char *provider)
{
	const struct items *all = s->kind[KIND_ACCOUNTS];
	g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(exported_free);

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];
		const struct provider_info *p = cli_provider(a->provider);

		if (p && is_exported(a, provider))
			add_exported_fields(columns, p->account_fields);
	}
	add_exported_fields(columns, account_common_fields);
	g_string_append(out, "provider,name,title");
	for (guint i = 0; i < columns->len; i++)
		csv_put(out, ((struct exported *)columns->pdata[i])->head, false);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < all->n; i++)
		if (is_exported(all->item[i], provider))
			put_account(out, all->item[i], columns);
}

/* ---- stores ---- */

/* Those that somebody added; the others are there by themselves or by the configuration. */
static void export_stores(GString *out, const struct snapshot *s, const char *provider)
{
	const struct items *all = s->kind[KIND_STORES];

	g_string_append(out, "provider,address,type,title,container,labels,passphrase" SHEET_PLACE
			     ",through\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct store *st = all->item[i];
		g_autofree char *labels = g_strjoinv(",", st->labels);

		if (st->origin != STORE_ADDED || (provider && strcmp(provider, st->provider)))
			continue;
		csv_put(out, st->provider, true);
		csv_put(out, st->address, false);
		csv_put(out, st->type, false);
		csv_put(out, st->title, false);
		csv_put(out, st->container, false);
		csv_put(out, labels, false);
		csv_put(out, st->has_secret ? rung_word(RUNG_KEYRING) : "", false);
		csv_put(out, strcmp(st->account, "local") ? st->account : "", false);
		g_string_append_c(out, '\n');
	}
}

int run_export(struct cli *c)
{
	g_autoptr(GString) out = g_string_new(NULL);
	GError *error = NULL;
	struct engine *e;
	struct snapshot *s;

	if (c->words[0])
		return cli_usage("%s takes no words", c->command);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	s = engine_wait_loaded(e);
	if (kind_of(c) == KIND_STORES)
		export_stores(out, s, c->provider);
	else
		export_accounts(out, s, c->provider);
	engine_give_back(e, s);
	engine_stop(e);
	cli_print(out);
	return 0;
}
