/*
 * keyfactor_keystore_change: one of Command's certificate stores is changed, approved once discovery has found
 * it, or deleted there.
 *
 *   as it stands there ─► its type ─► (agent) ─► (container) ─► sent whole ─► read once more
 *
 * The password of a store alone has a call of its own, for which nothing else needs to be known.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#define READING	  "reading the store (GET /CertificateStores)"
#define TYPE	  "reading its type (GET /CertificateStoreTypes)"
#define CHANGING  "changing the store (PUT /CertificateStores)"
#define APPROVING "approving the store (POST /CertificateStores/Approve)"
#define PASSWORD  "changing the store's password (PUT /CertificateStores/Password)"
#define DELETING  "deleting the store (DELETE /CertificateStores)"

struct changing {
	struct keyfactor_wish *wish;
	struct json *now;
	struct keyfactor_kind *kind;
	struct keyfactor_whose whose;
};

static step_fn password_set, stood, kind_heard, agent_heard, containers_heard, changed, seen, deleted;

static void changing_done(void *changing)
{
	struct changing *c = changing;

	keyfactor_wish_free(c->wish);
	json_free(c->now);
	keyfactor_kind_free(c->kind);
	g_free(c->whose.agent);
	g_free(c);
}

static struct changing *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static bool is_approval(const struct op *op)
{
	return op->verb->id == VERB_OBJECT_APPROVE;
}

static char *path_of(const struct op *op)
{
	return g_strconcat("/CertificateStores/", object_key(op->object), NULL);
}

/* ---- what shall be another ---- */

/* VERB_NONE_WORD takes a container away; nothing else can be without. */
static bool check_texts(struct keyfactor_wish *w, GError **error)
{
	const char *const texts[][2] = { { w->machine, "machine" }, { w->path, "path" }, { w->agent, "agent" },
					 { w->creates, "say whether it is made where it is missing" } };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i][0] && (!*texts[i][0] || !strcmp(texts[i][0], VERB_NONE_WORD))) {
			g_set_error(error, ERR, ERR_USAGE, "a store cannot be without that: %s", texts[i][1]);
			return false;
		}
	return true;
}

static bool changes_more(const struct keyfactor_wish *w)
{
	return w->machine || w->path || w->agent || w->container || w->creates ||
	       g_hash_table_size(w->said) || g_hash_table_size(w->secrets.values);
}

static struct keyfactor_wish *read_wish(struct op *op, GError **error)
{
	g_autoptr(keyfactor_wish) w = keyfactor_wish_of(op, error);

	if (!w || !check_texts(w, error))
		return NULL;
	if (changes_more(w) || w->password || is_approval(op))
		return g_steal_pointer(&w);
	g_set_error(error, ERR, ERR_USAGE, "say what shall be another of %s", op->object->name);
	return NULL;
}

struct next keyfactor_keystore_edit(struct op *op, const struct reply *none)
{
	struct changing *c = keyfactor_call_mine(op, sizeof(*c), changing_done);
	g_autofree char *path = path_of(op);
	GError *error = NULL;

	(void)none;
	c->wish = read_wish(op, &error);
	if (!c->wish)
		return next_fail_error(op, error);
	if (changes_more(c->wish) || is_approval(op))
		return next_send(keyfactor_call_get(op, path, NULL), stood);
	return next_send(keyfactor_keystore_send(op, "PUT", "/CertificateStores/Password",
						 keyfactor_keystore_password(object_key(op->object),
									     c->wish->password)),
			 password_set);
}

static struct next password_set(struct op *op, const struct reply *r)
{
	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, PASSWORD);
	op_touch(op, op->store->id);
	op_say(op, "Command has another password for %s; the store itself has the one that it had",
	       op->object->name);
	return next_done();
}

/* ---- as it stands there ---- */

static struct next stood(struct op *op, const struct reply *r)
{
	struct changing *c = mine(op);
	GError *error = NULL;
	g_autofree char *path = NULL;
	int64_t type = 0;

	c->now = keyfactor_call_json(op, r, '{', READING, &error);
	if (!c->now)
		return next_fail_error(op, error);
	if (is_approval(op) && keyfactor_bool(c->now, "Approved"))
		return next_fail(op, ERR_REFUSED, "%s is approved already", op->object->name);
	if (!keyfactor_int(c->now, "CertStoreType", &type))
		return next_fail(op, ERR_REPLY, "Command does not tell of which type %s is", op->object->name);
	path = g_strdup_printf("/CertificateStoreTypes/%" G_GINT64_FORMAT, type);
	return next_send(keyfactor_call_get(op, path, NULL), kind_heard);
}

static struct next ask_container(struct op *op);
static struct next send(struct op *op);

static struct next kind_heard(struct op *op, const struct reply *r)
{
	struct changing *c = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', TYPE, &error);

	if (!j)
		return next_fail_error(op, error);
	c->kind = keyfactor_kind_read(j);
	if (!c->kind)
		return next_fail(op, ERR_REPLY, "Command does not tell what the type of %s is made of",
				 op->object->name);
	if (!keyfactor_wish_check(c->wish, c->kind, &error))
		return next_fail_error(op, error);
	if (c->wish->agent && !keyfactor_is_guid(c->wish->agent))
		return next_send(keyfactor_ask_agent(op, c->wish->agent), agent_heard);
	c->whose.agent = g_strdup(c->wish->agent);
	return ask_container(op);
}

static struct next agent_heard(struct op *op, const struct reply *r)
{
	struct changing *c = mine(op);
	GError *error = NULL;

	c->whose.agent = keyfactor_hear_agent(op, r, c->wish->agent, &error);
	return c->whose.agent ? ask_container(op) : next_fail_error(op, error);
}

static struct next ask_container(struct op *op)
{
	struct changing *c = mine(op);
	const char *name = c->wish->container;

	c->whose.leaves_container = name && (!*name || !strcmp(name, VERB_NONE_WORD));
	return name && !c->whose.leaves_container ? next_send(keyfactor_ask_containers(op), containers_heard) :
						    send(op);
}

static struct next containers_heard(struct op *op, const struct reply *r)
{
	struct changing *c = mine(op);
	GError *error = NULL;
	g_autoptr(json) list = keyfactor_hear_containers(op, r, &error);

	if (!list || !keyfactor_find_container(list, c->wish->container, c->kind->number, &c->whose.container,
					       &error))
		return next_fail_error(op, error);
	return send(op);
}

/* ---- sent, and read once more ---- */

static struct next send(struct op *op)
{
	struct changing *c = mine(op);
	GError *error = NULL;
	bool is_new = is_approval(op);
	GString *body = (is_new ? keyfactor_keystore_approval :
				  keyfactor_keystore_body)(c->wish, c->kind, c->now, &c->whose, &error);

	if (!body)
		return next_fail_error(op, error);
	return next_send(keyfactor_keystore_send(op, is_new ? "POST" : "PUT", is_new ?
						 "/CertificateStores/Approve" : "/CertificateStores", body),
			 changed);
}

static struct next changed(struct op *op, const struct reply *r)
{
	g_autofree char *path = path_of(op);

	if (!keyfactor_thing_is_done(r))	/* of a good answer nothing is read: secrets may be in it */
		return keyfactor_fail(op, r, is_approval(op) ? APPROVING : CHANGING);
	op_touch(op, op->store->id);
	op_look_for_stores(op);
	return next_send(keyfactor_call_get(op, path, NULL), seen);
}

/* Newer versions let a store neither move to another machine nor to another path, and do not say so. */
static void check_taken(struct op *op, const struct keyfactor_wish *w, const struct json *store)
{
	const char *const wanted[][3] = { { w->machine, "ClientMachine", "machine" },
					  { w->path, "Storepath", "path" } };

	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_autofree char *is = keyfactor_text(store, wanted[i][1], KEYFACTOR_TEXT_MAX);

		if (wanted[i][0] && strcmp(is, wanted[i][0]))
			op_trouble(op, "Command took the change, and did not change the %s, which is %s still",
				   wanted[i][2], is);
	}
}

static struct next seen(struct op *op, const struct reply *r)
{
	struct changing *c = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	g_autofree char *before = keyfactor_thing_fact(op->object, "agent");
	const char *agent = c->wish->agent ? c->wish->agent : *before ? before : NULL;
	struct object *o = j ? keyfactor_keystore_row(op, j, c->kind, agent) : NULL;

	if (!o) {
		op_trouble(op, "it is done, and how the store stands could not be read: %s",
			   error ? error->message : "the answer is none");
		return next_done();
	}
	check_taken(op, c->wish, j);
	if (is_approval(op) && !keyfactor_bool(j, "Approved"))
		op_trouble(op, "Command took the approval, and %s is not approved", o->name);
	else
		op_say(op, "%s is %s in Command", o->name, is_approval(op) ? "approved" : "changed");
	op_put_object(op, o);
	return next_done();
}

/* ---- deleted ---- */

struct next keyfactor_keystore_drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);

	(void)none;
	return next_send(keyfactor_thing_send(op, "DELETE", path, NULL), deleted);
}

static struct next deleted(struct op *op, const struct reply *r)
{
	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, DELETING);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_look_for_stores(op);
	op_say(op, "Command has no store %s any more", op->object->name);
	return next_done();
}

/* ---- plans ---- */

static void plan_difference(const struct op *op, struct plan *p, const char *key)
{
	g_autoptr(args) before = args_new();
	const char *now = args_get(op->args, key);

	object_read_answers(op->object, before);
	if (now && strcmp(now, args_text(before, key, "")))
		plan_differ(p, "%s: %s instead of %s", key, now, args_text(before, key, "none"));
}

bool keyfactor_keystore_planned_edit(struct op *op, struct plan *p, GError **error)
{
	static const char *const keys[] = { "machine", "path", "agent", "container", "create-if-missing",
					    "properties" };
	g_autoptr(keyfactor_wish) w = read_wish(op, error);

	if (!w)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		plan_difference(op, p, keys[i]);
	if (w->password)
		plan_differ(p, "Command has another password of the store; the store itself keeps its own");
	plan_not(p, "what lies in the store stays as it is");
	if (!changes_more(w)) {
		keyfactor_planned_call(op, p, PLAN_CHANGES, "PUT /CertificateStores/Password",
				       op->object->name);
		keyfactor_planned_run_file(op, p, "PUT", "/CertificateStores/Password", "PASSWORD_FILE",
					   "a file with CertStoreId and NewPassword as JSON");
		return true;
	}
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores/ID", "how it stands there");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/ID", "what its type wants to be "
			       "told");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "PUT /CertificateStores", op->object->name);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores/ID", "what came of it");
	plan_not(p, "a secret that Command hides is not written back: where one is set it is refused, "
		 "unless it is given anew");
	plan_remark(p, "STORE_FILE: the whole store as JSON; what is not in it is cleared");
	keyfactor_planned_run_file(op, p, "PUT", "/CertificateStores", "STORE_FILE",
				   "a file with the store as JSON");
	return true;
}

bool keyfactor_keystore_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = path_of(op);

	(void)error;
	keyfactor_planned_call(op, p, PLAN_CHANGES, "DELETE /CertificateStores/ID", op->object->name);
	plan_warn(p, "Command forgets what it knows of the store: its schedule, its passwords, and what lies "
		  "there");
	plan_not(p, "what lies in the store, on its machine, stays as it is");
	keyfactor_planned_run(op, p, "DELETE", path, NULL);
	return true;
}

bool keyfactor_keystore_planned_approve(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_wish) w = read_wish(op, error);

	if (!w)
		return false;
	plan_difference(op, p, "container");
	plan_difference(op, p, "properties");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores/ID", "whether it waits still");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/ID", "what its type wants to be "
			       "told");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStores/Approve", op->object->name);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores/ID", "what came of it");
	plan_warn(p, "from then on its agent may look into it, and change it");
	plan_not(p, "its inventory is not scheduled");
	plan_remark(p, "APPROVAL_FILE: a list of JSON with Id, ContainerId, CertStoreType and Properties");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStores/Approve", "APPROVAL_FILE",
				   "a file with the approval as JSON");
	return true;
}
