/*
 * places: which stores a verb or a question can be about.
 */
#include "places.h"

#include <string.h>

#include <certty/model/account.h>
#include <certty/model/mark.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/view/view.h>

#include "screen.h"

#define SEPARATOR ","
#define KEYS	  (MARK_KEY | MARK_KEY_LOCKED | MARK_EXPORTABLE)

const struct store *places_store(const struct screen *s, const char *id)
{
	gssize i = items_find(s->snap->kind[KIND_STORES], id);

	return i < 0 ? NULL : s->snap->kind[KIND_STORES]->item[i];
}

/* ---- what can be done ---- */

/* What the account's user may not do to something of that type, however it is answered. */
static char *not_allowed(const struct screen *s, const struct verb *v, const char *account, const char *type)
{
	gssize i = items_find(s->snap->kind[KIND_ACCOUNTS], account);
	const struct account *a = i < 0 ? NULL : s->snap->kind[KIND_ACCOUNTS]->item[i];

	return a && v->changes ? account_why_not(a, v, type, NULL, screen_frame(s).now) : NULL;
}

static char *ask(const struct screen *s, const struct verb *v, const char *provider,
		 const struct store *store)
{
	char *why = s->engine.why_not ? s->engine.why_not(s->engine.who, v, provider, store) : NULL;

	return why || !store ? why : not_allowed(s, v, store->account, "");
}

static bool can_at(const struct screen *s, const struct verb *v, const struct store *store)
{
	g_autofree char *why = store ? ask(s, v, store->provider, store) : NULL;

	return store && !why;
}

GPtrArray *places_of(const struct screen *s, const struct verb *v, const char *cert)
{
	const struct certs *c = s->snap->certs;
	uint32_t row = certs_find_id(c, cert);
	GPtrArray *stores = g_ptr_array_new();

	for (uint32_t p = row == CERTS_NONE ? CERTS_NONE : c->first[row]; p != CERTS_NONE;
	     p = c->next[p]) {
		const struct store *store = places_store(s, certs_place(c, p).table->store);

		if (can_at(s, v, store) && !g_ptr_array_find(stores, store, NULL))
			g_ptr_array_add(stores, (void *)store);
	}
	return stores;
}

/* Why it can be done in none of its places: what the first of them says. */
static char *why_not_cert(const struct screen *s, const struct verb *v, const char *id)
{
	const struct certs *c = s->snap->certs;
	uint32_t row = certs_find_id(c, id);
	g_autoptr(GPtrArray) able = NULL;
	const struct store *first;

	if (row == CERTS_NONE)
		return NULL;
	if (v->id == VERB_DEPLOY && !(certs_marks(c, row) & KEYS))
		return g_strdup("Its private key is not in any store here, nor handed out.");
	able = places_of(s, v, id);
	first = places_store(s, certs_first(c, row).table->store);
	return able->len || !first ? NULL : ask(s, v, first->provider, first);
}

static bool has_word(const char *words, const char *word)
{
	g_auto(GStrv) all = g_strsplit(words, " ", -1);

	return g_strv_contains((const char *const *)all, word);
}

static char *why_not_request(const struct screen *s, const struct verb *v, const char *id)
{
	gssize i = items_find(s->snap->kind[KIND_REQUESTS], id);
	const struct request *r = i < 0 ? NULL : s->snap->kind[KIND_REQUESTS]->item[i];
	bool is_answer = v->id == VERB_APPROVE || v->id == VERB_DENY;
	g_auto(GStrv) words = NULL;
	g_autofree char *list = NULL;

	if (!r)
		return NULL;
	if (has_word(r->can, v->name))
		return not_allowed(s, v, r->account, r->type);
	if (v->id == VERB_UNPUBLISH)
		return request_is_waiting(r) ? g_strdup("It still waits for its records.") : NULL;
	if (!*r->can && r->state == REQUEST_WAITS_PERSON)
		return is_answer ? NULL : g_strdup("It waits to be approved or denied.");
	if (!*r->can)
		return g_strdup_printf("Nothing more can be done about it: %s.",
				       request_state_word(r->state));
	words = g_strsplit(r->can, " ", -1);
	list = g_strjoinv(", ", words);
	return g_strdup_printf("As it stands it takes %s.", list);
}

static char *why_not_store(const struct screen *s, const struct verb *v, const char *id)
{
	const struct store *store = places_store(s, id);

	if (store && v->id == VERB_IMPORT && !store->is_writable)
		return g_strdup("This store cannot be written.");
	return store ? ask(s, v, store->provider, store) : NULL;
}

/* What is done there, not to what is kept of the account here. */
static bool is_of_provider(const struct verb *v)
{
	static const enum verb_id there[] = { VERB_ACCOUNT_STORES, VERB_MOUNT, VERB_PLUGIN,
					       VERB_VAULT_CREATE };

	for (size_t i = 0; i < G_N_ELEMENTS(there); i++)
		if (there[i] == v->id)
			return true;
	return v->no_sign_in;
}

static char *why_not_account(const struct screen *s, const struct verb *v, const char *id)
{
	gssize i = items_find(s->snap->kind[KIND_ACCOUNTS], id);
	const struct account *a = i < 0 ? NULL : s->snap->kind[KIND_ACCOUNTS]->item[i];

	return a && is_of_provider(v) ? ask(s, v, a->provider, NULL) : NULL;
}

static char *why_not_object(const struct screen *s, const struct verb *v, const char *id)
{
	gssize i = items_find(s->snap->kind[KIND_OBJECTS], id);
	const struct object *o = i < 0 ? NULL : s->snap->kind[KIND_OBJECTS]->item[i];

	if (!o)
		return NULL;
	if (object_can(o, v->name))
		return not_allowed(s, v, o->account, o->type);
	return g_strdup_printf(*o->can ? "It takes %s." : "Nothing can be done with it here.", o->can);
}

char *places_why_not(const struct screen *s, const struct verb *v, const GPtrArray *targets)
{
	static char *(*const of_one[KIND_COUNT])(const struct screen *s, const struct verb *v,
						 const char *id) = {
		[KIND_STORES] = why_not_store,	   [KIND_CERTS] = why_not_cert,
		[KIND_REQUESTS] = why_not_request, [KIND_ACCOUNTS] = why_not_account,
		[KIND_OBJECTS] = why_not_object,
	};
	char *why = NULL;

	if (v->id == VERB_SHOW || v->id == VERB_WHY)
		return NULL;	/* looking is always possible */
	for (guint i = 0; !why && i < targets->len && of_one[v->on]; i++)
		why = of_one[v->on](s, v, targets->pdata[i]);
	return why;
}

/* ---- what can be answered ---- */

bool places_is_where(const struct command *c, const struct field *f)
{
	return f->kind == FIELD_STORE && c->verb->on == KIND_CERTS && !strcmp(f->key, "store");
}

static int by_account(const void *a, const void *b)
{
	const struct store *one = *(const struct store *const *)a;
	const struct store *two = *(const struct store *const *)b;
	int order = strcmp(one->account, two->account);

	return order ? order : strcmp(one->title, two->title);
}

/* The places of all targets together. */
static GPtrArray *where_they_lie(const struct screen *s, const struct command *c)
{
	GPtrArray *all = g_ptr_array_new();

	for (guint i = 0; i < c->targets->len; i++) {
		g_autoptr(GPtrArray) of_one = places_of(s, c->verb, c->targets->pdata[i]);

		for (guint k = 0; k < of_one->len; k++)
			if (!g_ptr_array_find(all, of_one->pdata[k], NULL))
				g_ptr_array_add(all, of_one->pdata[k]);
	}
	return all;
}

const struct provider_info *places_provider(const struct screen *s, const char *name)
{
	return s->engine.providers ? provider_info_find(s->engine.providers(s->engine.who), name) : NULL;
}

static const struct field *questions_of(const struct screen *s, const struct verb *v,
					const char *provider, const char *type)
{
	const struct provider_info *p = places_provider(s, provider);

	return p ? provider_info_questions(p, v->id, type) : NULL;
}

const struct field *places_questions(const struct screen *s, const struct verb *v, const char *id)
{
	bool is_object = v->on == KIND_OBJECTS && !v->asks_by;
	const struct store *store = id && !is_object ? places_store(s, id) : NULL;
	gssize at = id && is_object ? items_find(s->snap->kind[KIND_OBJECTS], id) : -1;
	const struct object *o = at < 0 ? NULL : s->snap->kind[KIND_OBJECTS]->item[at];

	if (o)
		return questions_of(s, v, o->provider, o->type);
	return store ? questions_of(s, v, store->provider, store->type) : NULL;
}

/* Where something is put, its provider must be able to take it; and whoever is asked for more must be
 * one that has questions. */
static bool can_answer(const struct screen *s, const struct verb *v, const struct field *f,
		       const struct store *store)
{
	if (v->asks_by && !strcmp(f->key, v->asks_by))
		return questions_of(s, v, store->provider, store->type);
	return field_takes_store(f, store) &&
	       (f->choices || can_at(s, &verb_table[VERB_IMPORT], store));
}

/* What a provider asks is about the account of the store that the order is for. */
static const char *account_meant(const struct screen *s, const struct command *c,
				 const struct field *f)
{
	const struct store *about = c->verb->on == KIND_STORES && c->targets->len ?
		places_store(s, c->targets->pdata[0]) : NULL;

	return about && field_find(c->more, f->key) == f ? about->account : NULL;
}

GPtrArray *places_for(const struct screen *s, const struct command *c, const struct field *f)
{
	const struct items *stores = s->snap->kind[KIND_STORES];
	const char *account = account_meant(s, c, f);
	GPtrArray *all;

	if (places_is_where(c, f))
		all = where_they_lie(s, c);
	else
		all = g_ptr_array_new();
	for (size_t i = 0; !places_is_where(c, f) && i < stores->n; i++)
		if (can_answer(s, c->verb, f, stores->item[i]) &&
		    (!account || !strcmp(((const struct store *)stores->item[i])->account, account)))
			g_ptr_array_add(all, stores->item[i]);
	g_ptr_array_sort(all, by_account);
	return all;
}

/* The words of an answer: one, or those between commas. */
static char **words_of(const struct field *f, const char *typed)
{
	char **words = f->kind == FIELD_STORES ? g_strsplit(typed, SEPARATOR, -1) :
						 g_strsplit(typed, "\n", 1);

	for (char **w = words; *w; w++)
		g_strstrip(*w);
	return words;
}

static const struct store *find_called(const struct screen *s, const GPtrArray *able,
				       const char *word, GError **error)
{
	struct frame f = screen_frame(s);
	g_autofree char *id = view_find_called(view_table[KIND_STORES], &f, word);
	const struct store *store = id ? places_store(s, id) : NULL;

	if (store && g_ptr_array_find((GPtrArray *)able, store, NULL))
		return store;
	if (store)
		g_set_error(error, ERR, ERR_USAGE, "%s is none of the stores that can be meant",
			    store->title);
	else
		g_set_error(error, ERR, ERR_USAGE,
			    "no store, or more than one, is called %s: Space shows them", word);
	return NULL;
}

char *places_read(const struct screen *s, const struct command *c, const struct field *f,
		  const char *typed, GError **error)
{
	g_autoptr(GPtrArray) able = places_for(s, c, f);
	g_autoptr(GString) ids = g_string_new(NULL);
	g_auto(GStrv) words = words_of(f, typed);

	for (char **w = words; *w; w++) {
		const struct store *store = **w ? find_called(s, able, *w, error) : NULL;

		if (**w && !store)
			return NULL;
		if (store)
			g_string_append_printf(ids, "%s%s", ids->len ? SEPARATOR : "", store->id);
	}
	return g_string_free(g_steal_pointer(&ids), FALSE);
}

/* What of `name` the completion may become when `so_far` was found already. */
static void agree(char **so_far, const char *name, const char *begun)
{
	size_t n = 0;

	if (!g_str_has_prefix(name, begun))
		return;
	if (!*so_far) {
		*so_far = g_strdup(name);
		return;
	}
	while ((*so_far)[n] && (*so_far)[n] == name[n])
		n++;
	while (n && ((*so_far)[n] & 0xc0) == 0x80)
		n--;
	(*so_far)[n] = '\0';
}

/* Where the last of the words begins. */
static const char *last_word(const struct field *f, const char *typed)
{
	const char *comma = f->kind == FIELD_STORES ? strrchr(typed, *SEPARATOR) : NULL;
	const char *begun = comma ? comma + 1 : typed;

	return begun + strspn(begun, " ");
}

bool places_goes_on(const struct screen *s, const struct command *c, const struct field *f,
		    const char *typed)
{
	g_autofree char *begun = g_strconcat(last_word(f, typed), " ", NULL);
	g_autoptr(GPtrArray) able = places_for(s, c, f);
	bool goes_on = false;

	for (guint i = 0; i < able->len; i++)
		goes_on |= g_str_has_prefix(((const struct store *)able->pdata[i])->title, begun);
	return goes_on;
}

char *places_complete(const struct screen *s, const struct command *c, const struct field *f,
		      const char *typed)
{
	const char *begun = last_word(f, typed);
	g_autoptr(GPtrArray) able = places_for(s, c, f);
	g_autofree char *by_id = NULL, *by_title = NULL;
	const char *found;

	for (guint i = 0; i < able->len; i++) {
		const struct store *store = able->pdata[i];

		agree(&by_id, store->id, begun);
		agree(&by_title, store->title, begun);
	}
	found = by_title ? by_title : by_id;
	if (!found || strlen(found) <= strlen(begun))
		return NULL;
	return g_strdup_printf("%.*s%s", (int)(begun - typed), typed, found);
}

char *places_say(const struct screen *s, const char *ids)
{
	g_auto(GStrv) all = g_strsplit(ids, SEPARATOR, -1);
	g_autoptr(GString) said = g_string_new(NULL);
	guint n = g_strv_length(all);

	if (n > 1)
		g_string_append_printf(said, "%u stores: ", n);
	for (char **id = all; *id; id++) {
		const struct store *store = places_store(s, *id);

		g_string_append_printf(said, "%s%s", id == all ? "" : ", ",
				       store ? store->title : *id);
	}
	return g_string_free(g_steal_pointer(&said), FALSE);
}
