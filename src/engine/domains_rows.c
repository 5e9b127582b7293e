/*
 * domains_rows: from all that is known of one name to its row.
 */
#include "domains_own.h"

#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of several words each once, in order, as one text that lives as long as we do. */
static const char *join(GPtrArray *words, const char *between)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *last = "";

	g_ptr_array_sort(words, by_text);
	for (guint i = 0; i < words->len; i++) {
		const char *word = words->pdata[i];

		if (!strcmp(word, last))
			continue;
		g_string_append_printf(text, "%s%s", text->len ? between : "", word);
		last = word;
	}
	g_ptr_array_set_size(words, 0);
	return g_intern_string(text->str);
}

static void add_word(GPtrArray *words, const char *word)
{
	g_ptr_array_add(words, (void *)(uintptr_t)word);
}

static void add_covers(struct domain *row, const struct domains *d, const struct name *n)
{
	for (guint i = 0; i < n->n; i++) {
		const struct cover *c = &n->cover[i];
		int64_t ends = (int64_t)c->ends * 60;

		row->certs += !i || n->cover[i - 1].print != c->print;
		row->expires = MAX(row->expires, ends);
		if (ends > row->public_until && domains_is_public(d, c)) {
			row->public_until = ends;
			row->public_from = ends - (int64_t)c->life * 60;
		}
	}
}

/* The highest state is the row's, with what belongs to it; times are the best of all. */
static void add_told(struct domain *row, const struct name *n, int64_t now)
{
	const struct domain *best = NULL;

	for (guint i = 0; n->told && i < n->told->len; i++) {
		const struct domain *t = n->told->pdata[i];

		if (!best || domain_state_at(t, now) > domain_state_at(best, now))
			best = t;
		row->validated = MAX(row->validated, t->validated);
		row->validated_until = MAX(row->validated_until, t->validated_until);
	}
	if (!best)
		return;
	row->state = best->state;
	row->validation = best->validation;
	row->method = best->method;
	for (guint i = 0; !*row->method && i < n->told->len; i++)
		row->method = ((const struct domain *)n->told->pdata[i])->method;
}

typedef const char *word_fn(const struct domain *told);

static const char *registration_of(const struct domain *told)
{
	return told->registration;
}

static const char *users_of(const struct domain *told)
{
	return told->users;
}

static const char *join_told(const struct name *n, GPtrArray *words, word_fn *word)
{
	for (guint i = 0; n->told && i < n->told->len; i++)
		if (*word(n->told->pdata[i]))
			add_word(words, word(n->told->pdata[i]));
	return join(words, "; ");
}

static const char *join_accounts(const struct engine *e, const struct name *n, GPtrArray *words)
{
	for (guint i = 0; i < n->n; i++)
		add_word(words, e->domains->accounts->pdata[n->cover[i].account]);
	for (guint i = 0; n->told && i < n->told->len; i++)
		add_word(words, ((const struct domain *)n->told->pdata[i])->account);
	for (guint i = 0; n->asked && i < n->asked->len; i++) {
		const char *account = ((const struct request *)n->asked->pdata[i])->account;

		add_word(words, *account ? account : "local");
	}
	return join(words, " ");
}

static const char *join_providers(const struct engine *e, const char *accounts, GPtrArray *words)
{
	g_auto(GStrv) ids = g_strsplit(accounts, " ", -1);

	for (char **id = ids; *id; id++) {
		const struct account *a = shelf_get(e->known.shelf[KIND_ACCOUNTS], *id);

		if (a)
			add_word(words, g_intern_string(a->provider));
	}
	return join(words, " ");
}

void domains_rows_show(struct engine *e, const struct name *n, int64_t now)
{
	struct shelf *shelf = e->known.shelf[KIND_DOMAINS];
	const struct domain *known = shelf_get(shelf, n->text);
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	struct domain *row = domain_new(n->text);

	add_covers(row, e->domains, n);
	add_told(row, n, now);
	row->registration = join_told(n, words, registration_of);
	row->users = join_told(n, words, users_of);
	row->account = join_accounts(e, n, words);
	row->provider = known && !strcmp(known->account, row->account) && *known->provider ?
		known->provider : join_providers(e, row->account, words);
	row->state = domain_state_at(row, now);
	row->next = domain_next_rule(row, now);
	if (known && domain_is_same(known, row))
		domain_unref(row);
	else
		shelf_put(shelf, row);
}
