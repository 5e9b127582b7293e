/*
 * test-objects: what a store tells of what it keeps beside certificates: all of it or nothing, until it is
 * told no more, wherever its store or its account goes.
 */
#include <string.h>

#include "engine/own.h"

#define CASE(path, f) g_test_add_func("/engine/objects/" path, f)

static struct settings *settings;

static struct engine *idle(void)
{
	struct engine_config config = { .settings = settings, .is_memory_only = true };
	struct engine *e = engine_open(&config, NULL);

	g_assert_nonnull(e);
	return e;
}

static struct store *put_store(struct engine *e, const char *id, const char *account)
{
	struct store *s = store_new(id);
	struct account *a = account_new(account);

	store_set(&s->account, account);
	store_set(&s->provider, "vault");
	store_set(&s->type, "pki");
	store_set(&s->title, id);
	shelf_put(e->known.shelf[KIND_STORES], s);
	store_set(&a->provider, "vault");
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	return s;
}

/* Of a store, or of the account alone (NULL). */
static struct object *object(const struct store *s, const char *account, const char *type, const char *key)
{
	g_autofree char *id = object_id(s ? s->id : account, type, key);
	struct object *o = object_new(id);

	store_set(&o->account, s ? s->account : account);
	store_set(&o->provider, "vault");
	store_set(&o->store, s ? s->id : "");
	store_set(&o->type, type);
	store_set(&o->name, key);
	store_set(&o->can, "object-drop");
	return o;
}

static const struct object *known(struct engine *e, const char *id)
{
	return shelf_get(e->known.shelf[KIND_OBJECTS], id);
}

static gsize count(struct engine *e)
{
	return shelf_count(e->known.shelf[KIND_OBJECTS]);
}

/* What that verb has told of a store (NULL: of the account); NULL ends the objects, which are taken. */
static struct operation *tell(struct engine *e, enum verb_id verb, const struct store *s, const char *account,
			      struct object *const *put)
{
	struct operation *o = g_new0(struct operation, 1);

	op_init(&o->op);
	o->engine = e;
	o->store = (struct store *)s;
	o->is_over = true;
	o->op.verb = &verb_table[verb];
	o->is_over = true;
	o->op.account = shelf_get(e->known.shelf[KIND_ACCOUNTS], account);
	for (; *put; put++)
		op_put_object(&o->op, *put);
	return o;
}

static void end(struct operation *o)
{
	g_clear_error(&o->op.error);
	op_done(&o->op);
	g_free(o);
}

static void take(struct operation *o)
{
	objects_take(o);
	end(o);
}

static void told(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/pki", "prod"), *b = put_store(e, "prod/dev", "prod");
	struct object *first[] = { object(a, NULL, "role", "web"), object(a, NULL, "role", "mail"),
				   object(a, NULL, "agent", "7"), NULL };
	struct object *other[] = { object(b, NULL, "role", "web"), NULL };
	struct object *alone[] = { object(NULL, "prod", "agent", "8"), NULL };
	struct object *less[] = { object(a, NULL, "role", "web"), NULL };
	struct object *none[] = { NULL };
	struct operation *o;

	take(tell(e, VERB_REFRESH, a, "prod", first));
	take(tell(e, VERB_REFRESH, b, "prod", other));
	take(tell(e, VERB_ACCOUNT_STORES, NULL, "prod", alone));
	g_assert_cmpuint(count(e), ==, 5);

	o = tell(e, VERB_REFRESH, a, "prod", none);	/* refused: what was known stays */
	o->op.error = g_error_new_literal(ERR, ERR_NETWORK, "gone");
	take(o);
	g_assert_cmpuint(count(e), ==, 5);

	o = tell(e, VERB_REFRESH, a, "prod", less);	/* agents could not be read this time */
	op_keep_objects(&o->op, "agent");
	take(o);
	g_assert_nonnull(known(e, "prod/pki/role/web"));
	g_assert_null(known(e, "prod/pki/role/mail"));
	g_assert_nonnull(known(e, "prod/pki/agent/7"));
	g_assert_nonnull(known(e, "prod/agent/8"));

	o = tell(e, VERB_OBJECT_DROP, a, "prod", none);	/* a verb tells of some, not of all */
	op_drop_object(&o->op, "prod/pki/role/web");
	take(o);
	g_assert_cmpuint(count(e), ==, 3);
	take(tell(e, VERB_ACCOUNT_STORES, NULL, "prod", none));
	g_assert_null(known(e, "prod/agent/8"));
	g_assert_cmpuint(count(e), ==, 2);
	engine_stop(e);
}

static void moved(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/pki", "prod");
	struct object *put[] = { object(a, NULL, "role", "a/b"), NULL };
	struct object *alone[] = { object(NULL, "prod", "agent", "8"), NULL };

	take(tell(e, VERB_REFRESH, a, "prod", put));
	take(tell(e, VERB_ACCOUNT_STORES, NULL, "prod", alone));
	objects_move(e, "prod/pki", "new/pki", "new");
	objects_move(e, "prod", "new", "new");
	g_assert_cmpuint(count(e), ==, 2);
	g_assert_cmpstr(known(e, "new/pki/role/a/b")->store, ==, "new/pki");
	g_assert_cmpstr(object_key(known(e, "new/pki/role/a/b")), ==, "a/b");
	g_assert_cmpstr(known(e, "new/agent/8")->account, ==, "new");
	objects_forget(e, "new/pki");
	g_assert_cmpuint(count(e), ==, 1);
	objects_forget(e, "new");
	g_assert_cmpuint(count(e), ==, 0);
	engine_stop(e);
}

static bool has_line(const struct detail *d, const char *label, const char *text)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->line[i].label, label) && !strcmp(d->line[i].text, text))
			return true;
	return false;
}

static void described(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/pki", "prod");
	g_autoptr(object) o = object(a, NULL, "role", "web");
	struct detail *d = detail_new("d", "");

	object_add_fact(o, "max_ttl", "90d");
	store_set(&o->state, "not seen");
	objects_describe(e, d, o);
	g_assert_true(has_line(d, "type", "role"));
	g_assert_true(has_line(d, "state", "not seen"));
	g_assert_true(has_line(d, "max_ttl", "90d"));
	g_assert_true(has_line(d, "where", "prod/pki (prod)"));
	detail_unref(d);
	engine_stop(e);
}

/* Of as many as a hostile server likes. */
static void too_many(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/pki", "prod");
	struct object *none[] = { NULL };
	struct operation *o = tell(e, VERB_REFRESH, a, "prod", none);

	for (guint i = 0; i < OBJECTS_MAX + 3; i++) {
		g_autofree char *key = g_strdup_printf("%u", i);

		op_put_object(&o->op, object(a, NULL, "role", key));
	}
	objects_take(o);
	g_assert_cmpuint(count(e), ==, OBJECTS_MAX);
	g_assert_cmpuint(o->op.troubles->len, ==, 1);
	g_assert_nonnull(strstr(o->op.troubles->pdata[0], "3 objects are left out"));
	end(o);
	engine_stop(e);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	settings = settings_load("/dev/null");
	CASE("told", told);
	CASE("moved", moved);
	CASE("described", described);
	CASE("too-many", too_many);
	status = g_test_run();
	settings_free(settings);
	return status;
}
