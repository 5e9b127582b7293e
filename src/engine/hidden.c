/*
 * hidden: certificates that a person does not want to see in the lists, and what a person has
 * dismissed.
 *
 * Nothing is touched where they are.  Of a store the places are kept that are left out; of a
 * request how it stood, since it comes back when it stands otherwise.
 */
#include "own.h"

#include <string.h>

#define LEFT_OUT "hidden/"
#define DISMISSED "dismissed/"

/* ---- certificates ---- */

GHashTable *hidden_read(const struct engine *e, const char *store)
{
	g_autofree char *key = g_strconcat(LEFT_OUT, store, NULL), *text = keep_recall(e, key);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
	GHashTable *set;

	if (!lines || !*lines)
		return NULL;
	set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (char **line = lines; *line; line++)
		g_hash_table_add(set, g_strcompress(*line));
	return set;
}

guint hidden_count(const struct engine *e, const char *store)
{
	g_autoptr(GHashTable) set = hidden_read(e, store);

	return set ? g_hash_table_size(set) : 0;
}

void hidden_drop(struct engine *e, const char *store)
{
	g_autofree char *key = g_strconcat(LEFT_OUT, store, NULL);

	keep_forget(e, key);
}

void hidden_move(struct engine *e, const char *from, const char *to)
{
	g_autofree char *old = g_strconcat(LEFT_OUT, from, NULL);
	g_autofree char *new = g_strconcat(LEFT_OUT, to, NULL), *text = keep_recall(e, old);

	if (!text)
		return;
	keep_setting(e, new, text);
	keep_setting(e, old, NULL);
}

/* False when there would be too many. */
static bool leave_out(struct engine *e, const char *store, const char *alias)
{
	g_autofree char *key = g_strconcat(LEFT_OUT, store, NULL), *old = keep_recall(e, key);
	g_autofree char *line = g_strescape(alias, NULL), *all = NULL;
	g_autoptr(GHashTable) set = hidden_read(e, store);

	if (set && g_hash_table_contains(set, alias))
		return true;
	all = old ? g_strconcat(old, "\n", line, NULL) : g_strdup(line);
	if (strlen(all) > DB_SETTING_MAX)
		return false;
	keep_setting(e, key, all);
	return true;
}

static struct next show_again(struct op *op, const char *store)
{
	struct engine *e = operation_of(op)->engine;
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], store);
	guint n;

	if (!s)
		return next_fail(op, ERR_NOT_FOUND, "there is no store %s", store);
	n = hidden_count(e, store);
	if (!n)
		return next_fail(op, ERR_NOT_FOUND, "nothing is left out of %s", s->title);
	hidden_drop(e, store);
	op_touch(op, store);
	op_say(op, "%u of %s are shown again once it was read", n, s->title);
	return next_done();
}

/* Each of its places, or the one that is meant. */
static guint leave_out_all(struct op *op, uint32_t cert, const char *only)
{
	struct engine *e = operation_of(op)->engine;
	const struct certs *c = e->known.certs;
	guint n = 0;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p]) {
		struct place at = certs_place(c, p);

		if (only && strcmp(only, at.table->store))
			continue;
		if (!leave_out(e, at.table->store, at.table->aliases + at.table->alias[at.row])) {
			op_trouble(op, "too many are left out of %s already", at.table->store);
			continue;
		}
		op_touch(op, at.table->store);
		n++;
	}
	return n;
}

struct next hidden_forget_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	const char *store = args_get(op->args, "store");
	uint32_t cert;
	guint n;

	(void)none;
	if (args_bool(op->args, "back"))
		return show_again(op, store ? store : op->store ? op->store->id : "");
	publish_certs(o->engine);
	cert = op->store ? certs_find_id(o->engine->known.certs, o->target) : CERTS_NONE;
	if (cert == CERTS_NONE)
		return next_fail(op, ERR_USAGE, "which certificate shall be left out?");
	n = leave_out_all(op, cert, store);
	op_say(op, "it is left out of %u %s from now on; nothing was touched there", n,
	       n == 1 ? "store" : "stores");
	return next_done();
}

/* ---- requests ---- */

static char *how_it_stands(const struct request *r)
{
	return g_strdup_printf("%s, %s, %s", request_state_word(r->state), r->theirs, r->digest);
}

void hidden_dismiss(struct engine *e, const struct request *r)
{
	g_autofree char *key = g_strconcat(DISMISSED, r->id, NULL), *now = how_it_stands(r);

	keep_setting(e, key, now);
}

/* One that is found again in a list has no digest of what was ordered. */
bool hidden_is_dismissed(struct engine *e, const struct request *r)
{
	g_autofree char *key = g_strconcat(DISMISSED, r->id, NULL), *then = keep_recall(e, key);
	g_autofree char *now = then ? how_it_stands(r) : NULL;

	if (!then)
		return false;
	if (*r->digest ? !strcmp(then, now) : g_str_has_prefix(then, now))
		return true;
	keep_setting(e, key, NULL);
	return false;
}

void hidden_recall(struct engine *e, const char *request)
{
	g_autofree char *key = g_strconcat(DISMISSED, request, NULL);

	keep_forget(e, key);
}
