/* act_verb: orders to the engine, from where the cursor and the marks are. */
#include "act.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/account.h>
#include <certty/model/object.h>
#include <certty/model/renewal.h>
#include <certty/model/store.h>

#include "give.h"
#include "places.h"
#include "screen.h"
#include "wizard.h"

/* ---- what an order is about, from a row ---- */

/* The store in which the certificate lies first. */
static void store_of_cert(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append(out, certs_first(f->snap->certs, row).table->store);
}

static void store_of_object(GString *out, const struct frame *f, uint32_t row)
{
	const struct object *o = view_item(view_table[KIND_OBJECTS], f->snap, row);

	g_string_append(out, o->store);
}

/* The vault of a store may not be there yet. */
static void account_of_store(GString *out, const struct frame *f, uint32_t row)
{
	const struct store *store = view_item(view_table[KIND_STORES], f->snap, row);

	g_string_append(out, store->account);
}

static GPtrArray *none(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

/* What the chosen rows say, those that say anything. */
static GPtrArray *of_chosen(struct screen *s, uint32_t most, cell_fn *of)
{
	struct frame f = screen_frame(s);
	GPtrArray *ids = none();
	g_autoptr(GArray) rows = screen_chosen(s, most);

	for (guint i = 0; i < rows->len; i++) {
		GString *id = g_string_new(NULL);

		of(id, &f, g_array_index(rows, uint32_t, i));
		if (id->len)
			g_ptr_array_add(ids, g_string_free(id, FALSE));
		else
			g_string_free(id, TRUE);
	}
	return ids;
}

static GPtrArray *chosen_ids(struct screen *s, uint32_t most)
{
	return of_chosen(s, most, view_table[s->current]->id);
}

/* Takes them; new. */
static GPtrArray *each_once(GPtrArray *ids)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *once = none();

	for (guint i = 0; i < ids->len; i++)
		if (g_hash_table_add(seen, ids->pdata[i]))
			g_ptr_array_add(once, g_strdup(ids->pdata[i]));
	g_ptr_array_unref(ids);
	return once;
}

/* What services keep under the name of a domain, as far as the verb is for it; how many were added. */
static guint add_objects(GPtrArray *ids, struct screen *s, const struct verb *v, const char *name)
{
	const struct items *all = s->snap->kind[KIND_OBJECTS];
	g_autofree char *shown = text_idn_show(name);
	guint before = ids->len;

	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[i];

		if ((!strcmp(o->name, shown) || !strcmp(o->name, name)) && object_can(o, v->name))
			g_ptr_array_add(ids, g_strdup(o->id));
	}
	return ids->len - before;
}

/* *ret_left: of how many of the chosen domains there is none. */
static GPtrArray *objects_of_domains(struct screen *s, const struct verb *v, uint32_t most, guint *ret_left)
{
	g_autoptr(GPtrArray) names = chosen_ids(s, most);
	GPtrArray *ids = none();

	*ret_left = 0;
	for (guint i = 0; i < names->len; i++)
		*ret_left += !add_objects(ids, s, v, names->pdata[i]);
	return ids;
}

static void say_left_out(struct screen *s, const struct verb *v)
{
	guint left = 0;
	g_autoptr(GPtrArray) ids = objects_of_domains(s, v, UINT32_MAX, &left);

	if (left && ids->len)
		screen_say(s, ROLE_warn, "%u of the chosen domains %s left out: %s cannot be validated by %s.",
			   left, left == 1 ? "is" : "are", left == 1 ? "it" : "they",
			   left == 1 ? "itself" : "themselves");
}

/* Why none of the chosen domains can be validated, said of the first. */
static char *why_no_object(struct screen *s)
{
	const struct items *all = s->snap->kind[KIND_OBJECTS];
	g_autoptr(GPtrArray) names = chosen_ids(s, 1);
	const char *name = names->len ? names->pdata[0] : "";
	g_autofree char *shown = text_idn_show(name);

	for (size_t k = 0; *name && k < all->n; k++) {
		const struct object *o = all->item[k];

		if (!strcmp(o->name, shown) && object_can(o, "object-edit"))
			return g_strdup_printf("%s cannot be validated by itself; its row among the objects "
					       "says: %s.", shown, o->state);
	}
	return *name ? g_strdup_printf("No CA here has %s validated by itself.", shown) : NULL;
}

/* The certificates that the chosen requests say should be renewed; NULL: others are among them. */
static GPtrArray *certs_of_chosen(struct screen *s, uint32_t most)
{
	g_autoptr(GPtrArray) ids = chosen_ids(s, most);
	GPtrArray *certs = none();

	for (guint i = 0; i < ids->len; i++) {
		const char *cert = renewal_cert(ids->pdata[i]);

		if (cert == ids->pdata[i]) {
			g_ptr_array_unref(certs);
			return NULL;
		}
		g_ptr_array_add(certs, g_strdup(cert));
	}
	return certs;
}

GPtrArray *act_targets(struct screen *s, const struct verb *v, uint32_t most, char **ret_why)
{
	g_autoptr(GPtrArray) ids = NULL;
	guint left;

	(void)screen_list(s);
	if (v->id == VERB_SHOW)
		ids = none();	/* the pane asks */
	else if (v->no_target && !v->many)
		ids = none();
	else if (v->on == s->current)
		ids = chosen_ids(s, most);
	else if (v->on == KIND_STORES && s->current == KIND_CERTS)
		ids = each_once(of_chosen(s, most, store_of_cert));
	else if (v->on == KIND_STORES && s->current == KIND_OBJECTS)
		ids = each_once(of_chosen(s, most, store_of_object));
	else if (v->id == VERB_VAULT_CREATE && s->current == KIND_STORES)
		ids = of_chosen(s, most, account_of_store);
	else if (v->id == VERB_VALIDATE && s->current == KIND_DOMAINS)
		ids = objects_of_domains(s, v, most, &left);
	else if (v->id == VERB_RENEW && s->current == KIND_REQUESTS)
		ids = certs_of_chosen(s, most);
	else if (v->no_target)
		ids = none();
	if (!ids && v->id == VERB_RENEW && s->current == KIND_REQUESTS) {
		*ret_why = g_strdup("It is no renewal that is due.");
		return NULL;
	}
	if (!ids) {
		*ret_why = g_strdup_printf("%s works on %s.", v->name, kind_title(v->on));
		return NULL;
	}
	if (!ids->len && v->id == VERB_VALIDATE && s->current == KIND_DOMAINS)
		*ret_why = why_no_object(s);
	if (!ids->len && !v->no_target && v->id != VERB_SHOW) {
		if (*ret_why)
			return NULL;
		*ret_why = g_strdup("There is no row here to do that with.");
		return NULL;
	}
	if (ids->len > 1 && !v->many) {
		*ret_why = g_strdup_printf("%s works on one at a time, and %u are chosen.",
					   v->name, ids->len);
		return NULL;
	}
	*ret_why = places_why_not(s, v, ids);
	if (*ret_why)
		return NULL;
	return g_steal_pointer(&ids);
}

unsigned act_verb(struct screen *s, const struct action *a)
{
	struct command *c;
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) targets = NULL;

	list_settle_range(screen_list(s));
	targets = act_targets(s, &verb_table[a->verb], UINT32_MAX, &why);
	if (!targets)
		return UI_NONE;
	c = command_new((enum verb_id)a->verb, NULL);
	for (guint i = 0; i < targets->len; i++)
		g_ptr_array_add(c->targets, g_strdup(targets->pdata[i]));
	give_begin(s, c);
	if (a->verb == VERB_VALIDATE && s->current == KIND_DOMAINS)
		say_left_out(s, &verb_table[a->verb]);
	return UI_REDRAW;
}

/* A store's row says where its vault is, or would be. */
unsigned act_vault(struct screen *s, const struct action *a)
{
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) accounts = act_targets(s, &verb_table[a->verb], UINT32_MAX, &why), ids = NULL;
	struct command *c;

	if (!accounts)
		return UI_NONE;
	c = command_new((enum verb_id)a->verb, accounts->pdata[0]);
	ids = s->current == KIND_STORES ? chosen_ids(s, 1) : none();
	if (ids->len) {
		gssize at = items_find(s->snap->kind[KIND_STORES], ids->pdata[0]);
		const struct store *store = s->snap->kind[KIND_STORES]->item[at];

		args_set(c->args, "name", store->address);
	}
	give_begin(s, c);
	return UI_REDRAW;
}

/* A domain's row says the name; a request says all else itself; elsewhere a name is asked for. */
unsigned act_why(struct screen *s, const struct action *a)
{
	g_autoptr(GPtrArray) ids = s->current == KIND_DOMAINS ? chosen_ids(s, 2) : none();
	struct command *c;

	if (!ids->len)
		return act_verb(s, a);
	if (ids->len > 1) {
		screen_say(s, ROLE_warn, "why works on one at a time.");
		return UI_REDRAW;
	}
	follow_give_up(s);
	c = command_new(VERB_WHY, NULL);
	args_set(c->args, "name", ids->pdata[0]);
	give_answered(s, c);
	return UI_REDRAW;
}

/* The chosen domains at once; elsewhere sites are asked for. */
unsigned act_served(struct screen *s, const struct action *a)
{
	g_autoptr(GPtrArray) ids = s->current == KIND_DOMAINS ? chosen_ids(s, UINT32_MAX) : none();
	g_autoptr(GString) sites = g_string_new(NULL);
	struct command *c;

	if (!ids->len)
		return act_verb(s, a);
	for (guint i = 0; i < ids->len; i++)
		if (!g_str_has_prefix(ids->pdata[i], "*."))
			g_string_append_printf(sites, "%s%s", sites->len ? "," : "", (char *)ids->pdata[i]);
	if (!sites->len) {
		screen_say(s, ROLE_warn, "A wildcard is no host that could be asked.");
		return UI_REDRAW;
	}
	follow_give_up(s);
	c = command_new(VERB_SERVED, NULL);
	args_set(c->args, "sites", sites->str);
	give_answered(s, c);
	return UI_REDRAW;
}

/* ---- accounts ---- */

unsigned act_account_add(struct screen *s, const struct action *a)
{
	follow_give_up(s);
	wizard_open(s, NULL);
	return UI_REDRAW;
}

/* The order for the one account that is chosen. */
static struct command *for_chosen(struct screen *s, enum verb_id verb)
{
	g_autofree char *why = NULL;
	g_autoptr(GPtrArray) ids = act_targets(s, &verb_table[verb], UINT32_MAX, &why);

	return ids ? command_new(verb, ids->pdata[0]) : NULL;
}

unsigned act_account(struct screen *s, const struct action *a)
{
	struct command *c;

	list_settle_range(screen_list(s));
	c = for_chosen(s, (enum verb_id)a->verb);
	follow_give_up(s);
	if (c)
		wizard_open_account(s, c, NULL);
	return UI_REDRAW;
}

/* A change of one answer, that needs no form and no new sign-in. */
unsigned act_read_only(struct screen *s, const struct action *a)
{
	struct command *c;
	const struct account *account;

	if (s->is_read_only) {
		screen_say(s, ROLE_warn, "certty is read-only now.");
		return UI_REDRAW;
	}
	c = for_chosen(s, VERB_ACCOUNT_EDIT);
	if (!c) {
		screen_say(s, ROLE_warn, "%s works on one account at a time.", a->name);
		return UI_REDRAW;
	}
	account = view_item(view_table[KIND_ACCOUNTS], s->snap,
			    view_find(view_table[KIND_ACCOUNTS], s->snap, c->targets->pdata[0]));
	args_set(c->args, "read-only", account->is_read_only ? "no" : "yes");
	args_set(c->args, "untested", "yes");
	give_answered(s, c);
	return UI_REDRAW;
}

/* The form begins with the rule that stands. */
unsigned act_rule(struct screen *s, const struct action *a)
{
	struct command *c;
	const struct account *account;

	list_settle_range(screen_list(s));
	c = for_chosen(s, (enum verb_id)a->verb);
	if (!c)
		return UI_NONE;
	account = view_item(view_table[KIND_ACCOUNTS], s->snap,
			    view_find(view_table[KIND_ACCOUNTS], s->snap, c->targets->pdata[0]));
	for (const struct field *f = c->verb->fields; account && f->key; f++)
		args_set(c->args, f->key, args_get(account->answers, f->key));
	give_begin(s, c);
	return UI_REDRAW;
}

/* The form begins with how it stands; one for several begins with nothing, which leaves each as it stands. */
unsigned act_object(struct screen *s, const struct action *a)
{
	struct command *c;
	const struct object *o;

	list_settle_range(screen_list(s));
	c = for_chosen(s, (enum verb_id)a->verb);
	if (!c)
		return UI_NONE;
	o = view_item(view_table[KIND_OBJECTS], s->snap,
		      view_find(view_table[KIND_OBJECTS], s->snap, c->targets->pdata[0]));
	if (c->targets->len == 1)
		object_read_answers(o, c->args);
	give_begin(s, c);
	return UI_REDRAW;
}

unsigned act_refresh_all(struct screen *s, const struct action *a)
{
	give_begin(s, command_new(VERB_REFRESH, NULL));
	return UI_REDRAW;
}
