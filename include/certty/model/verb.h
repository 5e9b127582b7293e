/*
 * verb: what can be done, one row each.
 *
 * From the table come the screen's forms and actions, the command line's subcommands and
 * options, the completions, the manual and the journal's words; a test compares them.  The
 * questions (fields) that a verb asks are data, so a form needs to know no verb.
 *
 * Plain facts; any thread.
 */
#ifndef CERTTY_MODEL_VERB_H
#define CERTTY_MODEL_VERB_H

#include <glib.h>
#include <stdbool.h>
#include <certty/base/auto.h>
#include <certty/base/err.h>
#include <certty/model/args.h>
#include <certty/model/kind.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_NUMBER,
	FIELD_BOOL,
	FIELD_CHOICE,	/* one of `choices` */
	FIELD_LIST,	/* several texts, separated by commas */
	FIELD_FILE_IN,	/* a path to read */
	FIELD_FILE_OUT,	/* a path to write; an existing file needs `replace` */
	FIELD_SECRET,	/* typed masked; from prompt, stdin or a descriptor on the command line */
	FIELD_SPAN,	/* "90d" */
};

struct field {
	const char *key;	/* "profile"; on the command line --profile */
	enum field_kind kind;
	const char *label;	/* "Profile" */
	bool needed;
	const char *fallback;	/* the value when nothing is said, or NULL */
	const char *choices;	/* FIELD_CHOICE: "server client" */
	const char *hint;	/* one sentence */
};

enum verb_id {
	VERB_REFRESH, VERB_SHOW, VERB_DISCOVER, VERB_ACCEPT, VERB_IGNORE, VERB_STORE_ADD,
	VERB_STORE_DROP, VERB_LABEL, VERB_IMPORT, VERB_REMOVE, VERB_EXPORT, VERB_KEY,
	VERB_APPROVE, VERB_DENY, VERB_PASSPHRASE, VERB_UNLOCK, VERB_NOTIFY, VERB_CANCEL,
	VERB_COUNT
};

struct verb {
	enum verb_id id;
	const char *name;	/* "approve"; also the subcommand */
	enum kind on;		/* kind of its targets */
	bool many;		/* may have more than one target */
	bool no_target;		/* may have none */
	bool changes;		/* refused when read-only; journaled */
	bool dangerous;		/* asks first and names what it will touch */
	const char *sentence;
	const struct field *fields;	/* ends with key NULL; NULL: no questions */
};

extern const struct verb verb_table[VERB_COUNT];	/* in the order of the enum */
const struct verb *verb_find(const char *name);

/* Checks answers against a field table: needed ones there, numbers numbers, choices known, no
 * unknown key; fills in the fallbacks.  One sentence that names the field. */
bool field_check(const struct field *fields, struct args *args, GError **error);
bool field_check_one(const struct field *f, const char *value, GError **error);

/* One order from screen or command line to the engine. */
struct command {
	const struct verb *verb;
	GPtrArray *targets;	/* ids (char *), free function set */
	struct args *args;	/* never NULL */
	bool is_yes;		/* questions were answered; warnings never are */
};
struct command *command_new(enum verb_id verb, const char *target /* or NULL */);
void command_free(struct command *c);
/* Whether it can be begun at all: allowed, with the right number of targets, with answers that
 * fit (field_check). */
bool command_check(const struct command *c, bool is_read_only, GError **error);
AUTO_FREE(command, command_free)

#endif
