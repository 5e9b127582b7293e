/*
 * object: something that a service keeps beside certificates and that people list and change there: a
 * role of an engine, an agent, a type of store.
 *
 * Put by providers: all of one store with each refresh of it, all that belong to an account alone with
 * each look for its stores; what is put no more is gone.  What it is made of stands in `facts`, for a
 * person; in `answers`, what the provider's questions for changing it (provider_info.questions of
 * object-edit, by its type) are answered with as it stands, so that a form begins with that.
 *
 * An item (see items.h): frozen once on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_OBJECT_H
#define CERTTY_MODEL_OBJECT_H

#include <certty/base/auto.h>
#include <certty/model/args.h>
#include <certty/model/items.h>

#define OBJECT_HISTORY "history/"	/* and its id, or a certificate's: the detail that tells what happened
					 * to it */
#define OBJECT_STATE_ID "jobs/state"	/* the detail that tells what VERB_OBJECT_STATE changed, or would */
#define OBJECTS_MAX 50000	/* that are kept; whatever is left out is said */

struct object {
	struct ref ref;
	char *id;		/* "prod/pki/role/web": object_id() */
	char *account, *provider;
	char *store;		/* "prod/pki"; "": it belongs to the account alone */
	char *type;		/* "role"; without a slash */
	char *name;		/* as people there call it */
	char *summary;		/* what matters most about it, on one line; or "" */
	char *state;		/* the provider's own word for how it is; "": it has no states */
	enum tone tone;		/* of that word */
	char *can;		/* the verbs on it that the provider has, separated by blanks */
	char *facts;		/* lines of a label, ": " and a value */
	char *answers;		/* lines of a question's key, '=' and its answer */
	char *parts;		/* what things of this type are made of: a line for each part (parts.h) */
	char *of;		/* "store-type/103": the object of the same store that says what this one
				 * is made of; "" */
	char *place;		/* "store:4711": the store of its account that it is as well; "" */
};

extern const struct item_type object_type;

struct object *object_new(const char *id);
struct object *object_dup(const struct object *o);
struct object *object_ref(struct object *o);
void object_unref(struct object *o);
AUTO_FREE(object, object_unref)

/* Of a store, or of an account; `key` tells it from others of its type there.  A new string. */
char *object_id(const char *where, const char *type, const char *key);
const char *object_key(const struct object *o);		/* that, from its id */
bool object_is_same(const struct object *a, const struct object *b);
bool object_can(const struct object *o, const char *verb);

/* Adds a fact; one without a value is left out. */
void object_add_fact(struct object *o, const char *label, const char *value);
void object_add_answer(struct object *o, const char *key, const char *value);
/* Each fact in turn: label and value are valid until the next one. */
typedef void object_fact_fn(void *who, const char *label, const char *value);
void object_each_fact(const struct object *o, object_fact_fn *each, void *who);
/* All answers into `ret`. */
void object_read_answers(const struct object *o, struct args *ret);

#endif
