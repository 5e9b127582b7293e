/*
 * keyfactor_things: what the files about what Command keeps beside certificates share: its agents
 * (orchestrators), the types of certificate stores, containers of stores, and what agents did.
 *
 * All of it hangs on the account's store of all that Command knows, and is read with that.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_THINGS_H
#define CERTTY_PROVIDER_KEYFACTOR_THINGS_H

#include "keyfactor_places.h"

#define KEYFACTOR_AGENT	    "agent"		/* types of objects */
#define KEYFACTOR_TYPE	    "store-type"
#define KEYFACTOR_CONTAINER "container"
#define KEYFACTOR_KEYSTORE  "certificate-store"
#define KEYFACTOR_RUN	    "job"		/* the newest run of each */

#define KEYFACTOR_NAMED	    20			/* stores and jobs that an agent's row names */

/* ---- keyfactor_thing.c: rows ---- */

struct object *keyfactor_thing_new(const struct op *op, const char *type, const char *key, const char *name);
void keyfactor_thing_state(struct object *o, const char *word, enum tone tone);
/* A member as a fact, by its key in any case. */
void keyfactor_thing_text(struct object *o, const char *label, const struct json *j, const char *key);
void keyfactor_thing_time(struct object *o, const char *label, const struct json *j, const char *key);
/* All that is in there, each thing by its path: "SupportedOperations.Add". */
void keyfactor_thing_whole(struct object *o, const struct json *j);
char *keyfactor_thing_fact(const struct object *o, const char *label);	/* "" when there is none; new */

/* ---- keyfactor_thing_read.c ---- */

/* Puts all that Command tells of, as far as this user may see it, then goes on there. */
struct next keyfactor_thing_read(struct op *op, step_fn *then);
void keyfactor_thing_done(struct keyfactor *k);

/* ---- keyfactor_agent.c ---- */

extern const struct field keyfactor_agent_questions[];
struct object *keyfactor_agent_row(const struct op *op, const struct json *j);	/* NULL: it is none */
/* Asks for the stores that it looks after. */
struct request_out *keyfactor_agent_ask(struct op *op, const struct object *o);
/* What goes when it is reset: those stores, and the jobs that wait there (struct keyfactor_waiting). */
struct keyfactor_waiting {
	char *machine, *words;
};
void keyfactor_agent_holds(struct object *o, const struct reply *stores, const struct json *list,
			   const GPtrArray *waiting);
step_fn keyfactor_agent_edit, keyfactor_agent_reset;
plan_fn keyfactor_agent_planned_edit, keyfactor_agent_planned_reset;

/* ---- keyfactor_type.c ---- */

struct object *keyfactor_type_row(const struct op *op, const struct json *j);
/* One type of an integration's manifest, by its short name; NULL: why there is none. */
const struct json *keyfactor_type_find(const struct json *manifest, const char *name, GError **error);
/* The same out of a manifest's file, as JSON; new.  Blocks briefly: for works. */
char *keyfactor_type_read(const char *path, const char *name, GError **error);
step_fn keyfactor_type_add, keyfactor_type_drop;
plan_fn keyfactor_type_planned_add, keyfactor_type_planned_drop;

/* ---- keyfactor_container.c ---- */

extern const struct field keyfactor_container_questions[];
/* `type`: the short name of the type of its stores. */
struct object *keyfactor_container_row(const struct op *op, const struct json *j, const char *type);
step_fn keyfactor_container_add, keyfactor_container_edit;
plan_fn keyfactor_container_planned_add, keyfactor_container_planned_edit;

/* ---- keyfactor_run.c ---- */

extern const struct field keyfactor_run_questions[];
struct object *keyfactor_run_row(const struct op *op, const struct json *j);
/* What tells a job from others: its sort and where it is done; new. */
char *keyfactor_run_job(const struct json *j);
step_fn keyfactor_run_edit;
plan_fn keyfactor_run_planned_edit;

/* ---- keyfactor_thing_change.c: which of them a verb is about ---- */

extern const struct field keyfactor_thing_questions[];	/* to make one */
step_fn keyfactor_thing_add, keyfactor_thing_edit, keyfactor_thing_drop, keyfactor_thing_reset,
	keyfactor_thing_save, keyfactor_thing_approve;
plan_fn keyfactor_thing_planned_add, keyfactor_thing_planned_edit, keyfactor_thing_planned_drop,
	keyfactor_thing_planned_reset, keyfactor_thing_planned_save, keyfactor_thing_planned_approve;
/* Sends a body (or NULL) there by that method. */
struct request_out *keyfactor_thing_send(struct op *op, const char *method, const char *path,
					 const char *body);
bool keyfactor_thing_is_done(const struct reply *r);	/* 200 or 204: it depends on the version */
char *keyfactor_thing_ids(const char *member /* or NULL: the array alone */, const char *id, bool is_text);

#endif
