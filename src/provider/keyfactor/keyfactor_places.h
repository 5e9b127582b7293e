/*
 * keyfactor_places: what the files about Command's certificate stores share: those that agents
 * (orchestrators) look after on machines.
 *
 * A store's address is that of its object in Command's API, and its memo is what Command told of it the
 * last time, with the aliases of what its last inventory found.  What agents do are jobs: whoever asks
 * for one gets its number, and what came of it is in the job history, or shows in an inventory.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_PLACES_H
#define CERTTY_PROVIDER_KEYFACTOR_PLACES_H

#include "keyfactor_certs.h"

#define KEYFACTOR_PLACE "agent-store"
#define KEYFACTOR_JOB	"job"		/* keyfactor_kept.sort of what waits for an agent */
#define KEYFACTOR_REENROLMENT "reenroll"	/* that one is there whose key the agent made; kept: id is the
					 * newest certificate before it */
#define KEYFACTOR_REMOVAL "remove"	/* the type of a request that one lies there no more */

enum keyfactor_when { KEYFACTOR_ADD, KEYFACTOR_REMOVE, KEYFACTOR_REENROL };
enum keyfactor_rule { KEYFACTOR_NEVER, KEYFACTOR_MAY, KEYFACTOR_MUST, KEYFACTOR_RULES };

struct keyfactor_entry {
	char *alias;		/* of its row: an issuer beside it has the alias and a number */
	char *name;		/* as Command has it */
	char *thumbprint;
	char *print;		/* hex SHA-256 of its bytes; "": they were not read */
	char *parameters;	/* "ProviderName=x, …" */
	char *same;		/* its names and its kind of key, as keyfactor_place_same(); "": not known */
	int64_t id;		/* Command's number of the certificate; 0: none */
	struct keyfactor_cert *cert;	/* while it is read: as the inventory tells of it */
};

struct keyfactor_parameter {	/* what a type of store wants to be told of each entry */
	char *name, *title, *type, *fallback, *options;
	bool on_add, on_remove, on_enrol;	/* must be told then */
};

struct keyfactor_place {
	char *machine, *path, *type, *agent, *agent_id, *container, *schedule, *failure, *reenrolment;
	int64_t type_id;
	int64_t inventoried;	/* when an inventory was last done; 0: not known */
	int64_t key, alias;	/* enum keyfactor_rule: its private keys, and names of one's own */
	bool has_type;		/* what follows, and both rules, are known */
	bool adds, removes, enrols;
	bool has_passwords;	/* each entry may have one of its own */
	GPtrArray *parameters;	/* struct keyfactor_parameter */
	bool is_blind;		/* the job history may not be read */
	GPtrArray *entries;	/* struct keyfactor_entry */
};

/* ---- keyfactor_place.c ---- */

bool keyfactor_is_place(const struct store *s);
const char *keyfactor_place_guid(const struct store *s);
struct keyfactor_place *keyfactor_place_new(void);
void keyfactor_place_free(struct keyfactor_place *p);
AUTO_FREE(keyfactor_place, keyfactor_place_free)
struct keyfactor_place *keyfactor_place_read(GBytes *memo);	/* never NULL */
GBytes *keyfactor_place_write(const struct keyfactor_place *p);
struct keyfactor_entry *keyfactor_entry_new(const char *alias, const char *name);
const struct keyfactor_entry *keyfactor_place_find(const struct keyfactor_place *p, const char *alias);
/* What answers tell of a store, and of its type. */
void keyfactor_place_take(struct keyfactor_place *p, const struct json *store);
void keyfactor_place_take_type(struct keyfactor_place *p, const struct json *type);
/* A schedule in words, "every 60 minutes"; "" when there is none; new. */
char *keyfactor_place_schedule(const struct json *schedule);

/* By which one takes the place of another: equal names and kind of key.  New. */
char *keyfactor_place_same(const struct facts *f);

void keyfactor_place_describe(struct detail *d, const struct store *s, GBytes *memo, int64_t now);
void keyfactor_place_describe_cert(struct detail *d, const char *alias, GBytes *memo);

/* ---- keyfactor_place_list.c, keyfactor_place_refresh.c ---- */

struct next keyfactor_place_list(struct op *op);	/* after the account's other store */
step_fn keyfactor_place_refresh;

/* ---- keyfactor_job.c: what waits for an agent, as a row ---- */

/* Such a row, not put yet: REQUEST_PLACE or KEYFACTOR_REMOVAL, of what is called so there. */
struct request *keyfactor_job_new(const struct op *op, const char *type, const char *title,
				  const char *alias, const char *digest);
/* The number that Command gave the job. */
struct request *keyfactor_job_numbered(const struct request *r, const char *guid);
bool keyfactor_job_is(const struct request *r);
char *keyfactor_job_alias(const struct request *r);	/* new */
/* Asks the history for it; NULL: the job has no number that could be asked for. */
struct request_out *keyfactor_job_ask(struct op *op, const struct request *r);
/* The row by what the history says; NULL: why that is not known. */
struct request *keyfactor_job_heard(struct op *op, const struct request *r, const struct reply *reply,
				    GError **error);
struct next keyfactor_job_sync(struct op *op);

/* ---- keyfactor_history.c: jobs that agents did, as Command tells of them ---- */

/* The newest run of a list; or NULL. */
const struct json *keyfactor_history_newest(const struct json *list);
bool keyfactor_history_is_over(const struct json *run);
bool keyfactor_history_is_good(const struct json *run);
bool keyfactor_history_has_failed(const struct json *run);
bool keyfactor_history_will_retry(const struct json *run);
char *keyfactor_history_words(const struct json *run);	/* "WinCertInventory failed at …: no route"; new */
/* The newest run of a store's reenrollments; or NULL. */
const struct json *keyfactor_history_reenrolment(const struct keyfactor_place *p, const struct json *list);
int64_t keyfactor_history_number(const struct json *run);
/* Of a store's own runs: when its inventory was last done, and what failed since. */
void keyfactor_history_take(struct keyfactor_place *p, const struct json *list);

/* ---- keyfactor_operations.c: of one certificate ---- */

step_fn keyfactor_operations;

/* ---- keyfactor_secrets.c ---- */

struct keyfactor_secrets {
	GHashTable *values;	/* name: text, which is the answer's or pasted's */
	struct json *pasted;	/* wiped with all JSON */
};
void keyfactor_secrets_init(struct keyfactor_secrets *s);
/* Those of one more answer, which `asked` is called; NULL: none. */
bool keyfactor_secrets_take(struct keyfactor_secrets *s, const struct secret *all, const char *asked,
			    GError **error);
void keyfactor_secrets_done(struct keyfactor_secrets *s);

/* ---- keyfactor_place_fields.c ---- */

extern const struct field keyfactor_place_questions[];	/* of VERB_IMPORT */
extern const struct field keyfactor_reenrol_questions[];
/* The entry parameters as JSON, by args "parameters" ("ProviderName=x, SAN=y") and "parameter-secrets", which
 * are checked and are not in it; new.  NULL: what is wrong. */
char *keyfactor_place_fields(const struct keyfactor_place *p, const struct args *args,
			     const struct keyfactor_entry *there, enum keyfactor_when when, GError **error);
/* The same with its secrets, as a member of what is sent; false, and nothing, where there is none. */
bool keyfactor_place_put_fields(struct json_writer *w, const char *member, const char *fields,
				const struct args *args);
size_t keyfactor_place_room(const struct args *args);	/* at most, in bytes, of those secrets */

/* ---- keyfactor_place_aim.c: what would become of a certificate in a store ---- */

struct keyfactor_aim {
	char *alias;		/* "": the agent names it */
	char *fields;		/* JSON */
	bool overwrites, with_key;
};

/* That certificate, for op->args; what is to be known of the store is.  False: why it is not taken. */
bool keyfactor_aim_take(const struct op *op, const struct keyfactor_place *p, const struct facts *f,
			struct keyfactor_aim *ret, GError **error);
void keyfactor_aim_done(struct keyfactor_aim *a);
/* What is sent to have it added; to be freed by keyfactor_body_free(), since a password may be in it. */
GString *keyfactor_aim_body(const struct op *op, const struct keyfactor_aim *a, int64_t id,
			    const struct secret *password);

/* ---- keyfactor_place_reenrol.c ---- */

/* The history of what was done to the store; NULL: its path cannot be asked for. */
struct request_out *keyfactor_place_history(struct op *op, const struct keyfactor_place *p);
/* The entry that came of a reenrollment, from an inventory that was read now; or NULL. */
const struct keyfactor_entry *keyfactor_reenrol_find(const struct keyfactor_place *p, const struct request *r);
step_fn keyfactor_reenrol;
plan_fn keyfactor_planned_reenrol;

/* ---- keyfactor_place_put.c, keyfactor_place_remove.c, keyfactor_place_schedule.c ---- */

step_fn keyfactor_import, keyfactor_remove, keyfactor_schedule;
plan_fn keyfactor_planned_import, keyfactor_planned_remove, keyfactor_planned_schedule;
bool keyfactor_puts(const struct store *from, const struct store *to);

#endif
