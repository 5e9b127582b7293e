/*
 * keyfactor_keystores: what the files share that make, change and delete Command's certificate stores as
 * the things that Command keeps: a machine, a path, an agent, and what the store's type wants to be told.
 *
 * The type says which properties there are, and which of them are secrets.  Those Command never tells, so
 * none is ever shown, and none that it hides is written back.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_KEYSTORES_H
#define CERTTY_PROVIDER_KEYFACTOR_KEYSTORES_H

#include <certty/base/csv.h>

#include "keyfactor_things.h"

#define KEYFACTOR_CSV "store-csv"	/* many of them, in a file */
#define KEYFACTOR_ANEW "store-type-anew"	/* a type with its stores, out of a manifest and such a file */
#define KEYFACTOR_PAGES_MAX 50		/* of 1000 */
#define KEYFACTOR_DISCOVERY "discovery"

/* ---- keyfactor_kind.c: a type of stores, as far as it says what a store is made from ---- */

struct keyfactor_property {
	char *name, *title, *type, *fallback;
	char *depends_on;	/* wanted only where that one is "true"; "" */
	char **options;		/* of a choice; else NULL */
	bool is_needed, is_secret;
};

struct keyfactor_kind {
	int64_t number;
	char *name;		/* the short one */
	GPtrArray *properties;	/* struct keyfactor_property */
	bool needs_password;	/* of the store itself */
	bool discovers;
};

struct keyfactor_kind *keyfactor_kind_read(const struct json *type);	/* NULL: it is none */
struct keyfactor_kind *keyfactor_kind_of_manifest(const struct json *type);	/* which has no number yet */
void keyfactor_kind_free(struct keyfactor_kind *k);
AUTO_FREE(keyfactor_kind, keyfactor_kind_free)
const struct keyfactor_property *keyfactor_kind_find(const struct keyfactor_kind *k, const char *name);
/* What the type's stores, and entries of them, are made of, for forms (object.parts). */
void keyfactor_kind_tell(struct object *o, const struct json *type);
/* Whether such a value may be said of a store: its sort is known, fits, and is no secret. */
bool keyfactor_kind_check(const struct keyfactor_kind *k, const char *name, const char *value, GError **error);

/* ---- keyfactor_wish.c: what a store shall be, by a form or by a row of a file ---- */

struct keyfactor_wish {
	unsigned line;		/* of the file; 0: it is a form's */
	char *wrong;		/* what is wrong about it as it stands there; NULL */
	char *machine, *path, *agent, *container, *creates;	/* NULL: nothing is said of it */
	int64_t container_id;	/* that one instead; 0 */
	char *schedule;		/* as JSON; NULL */
	GHashTable *said;	/* name of a property -> value */
	struct keyfactor_secrets secrets;	/* borrowed of the answers, the file or what was pasted */
	const char *password;	/* of the store itself; borrowed; NULL */
};

struct keyfactor_wish *keyfactor_wish_new(void);
void keyfactor_wish_free(struct keyfactor_wish *w);
AUTO_FREE(keyfactor_wish, keyfactor_wish_free)
/* The answers to the questions below.  NULL: what is wrong. */
struct keyfactor_wish *keyfactor_wish_of(const struct op *op, GError **error);
/* Of a row: which of its properties are secrets is the type's to know; the others are said. */
void keyfactor_wish_sort(struct keyfactor_wish *w, const struct keyfactor_kind *k);
/* Whether it fits the type; what is not said is the type's to know. */
bool keyfactor_wish_check(const struct keyfactor_wish *w, const struct keyfactor_kind *k, GError **error);

/* ---- keyfactor_keystore.c: one as it stands ---- */

extern const struct field keyfactor_keystore_questions[];	/* to change one */
extern const struct field keyfactor_found_questions[];		/* to approve one that was found */
/* `kind` and `agent` may be NULL: not known. */
struct object *keyfactor_keystore_row(const struct op *op, const struct json *j,
				      const struct keyfactor_kind *kind, const char *agent);
char *keyfactor_keystore_name(const char *machine, const char *path);	/* new */
/* Its properties, which are JSON in a text; and one of them, without what is around it; or NULL. */
struct json *keyfactor_keystore_properties(const struct json *store);
const struct json *keyfactor_keystore_value(const struct json *properties, const char *name);
bool keyfactor_keystore_has_secret(const struct json *properties, const char *name);
bool keyfactor_keystore_has_password(const struct json *store);
/* A schedule as Command takes it: what it tells has all sorts of them, and names of days. */
void keyfactor_keystore_put_schedule(struct json_writer *w, const char *key, const struct json *schedule);

/* ---- keyfactor_keystore_body.c: one as it is sent ---- */

struct keyfactor_whose {	/* by name in a wish, by number there */
	char *agent;		/* GUID; NULL: as it is */
	int64_t container;	/* 0: none, or as it is */
	bool leaves_container;
};
/* To be freed by keyfactor_body_free(), since secrets may be in it.  `now`: as it stands; NULL: there is
 * none yet.  NULL: why it cannot be. */
GString *keyfactor_keystore_body(const struct keyfactor_wish *w, const struct keyfactor_kind *k,
				 const struct json *now, const struct keyfactor_whose *whose, GError **error);
/* The same of one that was found and is approved, in the list that this call takes. */
GString *keyfactor_keystore_approval(const struct keyfactor_wish *w, const struct keyfactor_kind *k,
				     const struct json *now, const struct keyfactor_whose *whose,
				     GError **error);
GString *keyfactor_keystore_password(const char *guid, const char *password);
struct request_out *keyfactor_keystore_send(struct op *op, const char *method, const char *path,
					    GString *body /* taken */);

/* ---- keyfactor_keystore_whose.c: names that wishes have ---- */

bool keyfactor_is_guid(const char *text);
/* A page of the stores that a query is about, from 1. */
struct request_out *keyfactor_ask_keystores(struct op *op, const char *query, guint page);
struct request_out *keyfactor_ask_agent(struct op *op, const char *name);
char *keyfactor_hear_agent(struct op *op, const struct reply *r, const char *name, GError **error);
struct request_out *keyfactor_ask_containers(struct op *op);
struct json *keyfactor_hear_containers(struct op *op, const struct reply *r, GError **error);
bool keyfactor_find_container(const struct json *list, const char *name, int64_t type, int64_t *ret,
			      GError **error);
struct request_out *keyfactor_ask_kind(struct op *op, const char *name);
struct keyfactor_kind *keyfactor_hear_kind(struct op *op, const struct reply *r, const char *name,
					   GError **error);

/* ---- keyfactor_keystore_csv.c: files with a store in each row, in kfutil's columns ---- */

/* The head line for stores of a type, and a row as a store stands there, without its secrets.  False: it has
 * some, which somebody must fill in. */
void keyfactor_csv_head(GString *out, const struct keyfactor_kind *k);
bool keyfactor_csv_row(GString *out, const struct keyfactor_kind *k, const struct json *store);
/* A wish of each row, which borrow from the table. */
GPtrArray *keyfactor_csv_wishes(const struct csv *c, GError **error);

/* ---- keyfactor_keystore_save.c ---- */

extern const struct field keyfactor_save_questions[];	/* of a type of stores */
step_fn keyfactor_keystore_save;
plan_fn keyfactor_keystore_planned_save;

/* ---- keyfactor_keystore_make.c, keyfactor_keystore_change.c ---- */

/* Of one that discovery has found, object-approve is a change as well. */
step_fn keyfactor_keystore_add, keyfactor_keystore_bulk, keyfactor_keystore_edit, keyfactor_keystore_drop;
plan_fn keyfactor_keystore_planned_add, keyfactor_keystore_planned_bulk, keyfactor_keystore_planned_edit,
	keyfactor_keystore_planned_drop, keyfactor_keystore_planned_approve;

/* ---- keyfactor_type_anew.c: a type is made anew, with its stores ---- */

step_fn keyfactor_type_anew;
plan_fn keyfactor_type_planned_anew;

/* ---- keyfactor_discovery.c ---- */

step_fn keyfactor_discovery_add;
plan_fn keyfactor_discovery_planned_add;

#endif
