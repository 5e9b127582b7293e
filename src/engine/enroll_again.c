/*
 * enroll_again: a certificate whose key was made in its store, and which an issuer elsewhere signs, is
 * renewed by that: from a renewal to an enrolment, with all that the store keeps of it as it is.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/provider_info.h>

/* As the store tells them, the main one first; what is asked for is what the store has of it. */
static char *names_of(struct place at)
{
	g_auto(GStrv) all = g_strsplit(at.table->texts + at.table->text[at.row], "\n", -1);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GString *names = g_string_new(NULL);

	for (char **name = all; *name; name++)
		if (**name && !strchr(*name, ',') && g_hash_table_add(seen, *name))
			g_string_append_printf(names, "%s%s", names->len ? "," : "", *name);
	return g_string_free(names, FALSE);
}

static const char *alias_of(struct place at)
{
	return at.table->aliases + at.table->alias[at.row];
}

/* What the issuer asks, as "role=web,validity=90d". */
static bool put_more(struct command *c, const char *said, GError **error)
{
	g_auto(GStrv) all = g_strsplit(said, ",", -1);

	for (char **one = all; *one; one++) {
		char *value = strchr(*one, '=');
		const struct field *f;

		if (!*g_strstrip(*one))
			continue;
		if (value)
			*value++ = '\0';
		f = field_find(c->more, *one);
		if (!value || !f || f->kind == FIELD_SECRET) {
			g_autofree char *shown = text_harmless_dup(*one, 80);

			g_set_error(error, ERR, ERR_USAGE, "'%s' is nothing that %s asks for an enrolment, as "
				    "in KEY=VALUE; certty enroll --help says what it does", shown,
				    args_text(c->args, "issuer", ""));
			return false;
		}
		args_set(c->args, f->key, value);
	}
	return true;
}

static bool put_answers(struct engine *e, struct command *c, const struct args *said, struct place at,
			GError **error)
{
	const char *issuer = args_text(said, "issuer", "");
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], issuer);
	const struct provider *p = s ? provider_find(s->provider) : NULL;
	g_autofree char *names = names_of(at);

	c->more = p ? provider_info_questions(p->info, VERB_ENROLL, s->type) : NULL;
	args_set(c->args, "names", names);
	args_set(c->args, "issuer", issuer);
	args_set(c->args, "key-in", at.table->store);
	if (!put_more(c, args_text(said, "issuer-answers", ""), error) || !command_check(c, false, error))
		return false;
	args_set(c->args, "key-of", alias_of(at));	/* more than a person can say: which one of two */
	return true;
}

/* What waits already is gone on with; begun twice, the same request would be signed twice. */
static bool is_under_way(struct engine *e, struct place at, GError **error)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		bool is_there = enroll_is_one(r) && request_is_waiting(r) && !strcmp(r->store, at.table->store);
		g_autoptr(enroll_kept) k = is_there ? enroll_kept_read(r->kept) : NULL;

		if (!k || strcmp(args_text(k->asked, "key-of", ""), alias_of(at)) != 0)
			continue;
		g_set_error(error, ERR, ERR_EXISTS, "%s is renewed already, by the request %s: sync goes on",
			    r->title, r->id);
		return true;
	}
	return false;
}

static bool makes_keys(const struct store *s)
{
	const struct provider *p = s ? provider_find(s->provider) : NULL;

	return p && p->key_maker && p->info->keeps_keys;
}

struct operation *enroll_again_start(struct task *t, struct place at, GError **error)
{
	const struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], at.table->store);
	g_autoptr(command) c = command_new(VERB_ENROLL, NULL);
	struct task own = { .engine = t->engine, .command = c };

	if (!makes_keys(s)) {
		g_set_error(error, ERR, ERR_REFUSED, "%s is renewed by whoever issued it, and not by an issuer "
			    "that is named: only keys that are made at a service, as at Akamai, are",
			    s ? s->title : at.table->store);
		return NULL;
	}
	if (is_under_way(t->engine, at, error) || !put_answers(t->engine, c, t->command->args, at, error))
		return NULL;
	if (!t->command->is_dry && engine_own_verb(c->verb) && !keep_begin(t->engine, error))
		return NULL;
	return enroll_start(&own, error);
}
