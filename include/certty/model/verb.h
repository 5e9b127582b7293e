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
	FIELD_STORE,	/* a store's id; of the types in `choices`, NULL: any that is writable, or,
			 * of a verb on certificates, one where the certificate lies */
	FIELD_STORES,	/* several, separated by commas */
};

struct field {
	const char *key;	/* "profile"; on the command line --profile */
	enum field_kind kind;
	const char *label;	/* "Profile" */
	bool needed;
	const char *fallback;	/* the value when nothing is said, or NULL */
	const char *choices;	/* FIELD_CHOICE: "server client" */
	const char *hint;	/* one sentence */
	const char *when;	/* "from=keys profile": asked only where the answer of `from` is
				 * one of these; NULL: always */
	const char *pattern;	/* a whole answer must match it (GRegex), or NULL; `hint` says how */
	bool is_seldom;		/* the screen folds it away; neither needed nor secret */
	bool takes_lines;	/* FIELD_SECRET: several lines may be pasted, whose breaks become blanks */
	const char *parts;	/* "store-type": an object of that type says of what parts the answer is
				 * made (parts.h), and a form asks for each of them; or NULL */
	const char *parts_when;	/* as `when`: only there; NULL: always */
};

enum verb_id {
	VERB_REFRESH, VERB_SHOW, VERB_DISCOVER, VERB_ACCEPT, VERB_IGNORE, VERB_STORE_ADD,
	VERB_STORE_DROP, VERB_LABEL, VERB_IMPORT, VERB_REMOVE, VERB_EXPORT, VERB_KEY,
	VERB_APPROVE, VERB_DENY, VERB_PASSPHRASE, VERB_UNLOCK, VERB_NOTIFY, VERB_CANCEL,
	VERB_ACCOUNT_ADD, VERB_ACCOUNT_EDIT, VERB_ACCOUNT_TEST, VERB_ACCOUNT_ROTATE,
	VERB_ACCOUNT_RENAME, VERB_ACCOUNT_DISABLE, VERB_ACCOUNT_ENABLE, VERB_ACCOUNT_DROP,
	VERB_ACCOUNT_RULE, VERB_DEFAULTS, VERB_DOCTOR,
	VERB_ACCOUNT_STORES, VERB_ORDER, VERB_SYNC, VERB_PUBLISH, VERB_UNPUBLISH, VERB_RESEND, VERB_WITHDRAW,
	VERB_DISMISS, VERB_DEPLOY, VERB_REDEPLOY, VERB_DEPLOY_MODE, VERB_DEPLOY_DROP, VERB_RENEW,
	VERB_REVOKE, VERB_TAG, VERB_FORGET, VERB_RUN, VERB_WHY, VERB_SERVED, VERB_COUNTERSIGN,
	VERB_ENROLL, VERB_SUPPLY, VERB_OBJECT_ADD, VERB_OBJECT_EDIT, VERB_OBJECT_DROP,
	VERB_OBJECT_RESET, VERB_OBJECT_SAVE, VERB_OBJECT_APPROVE, VERB_OBJECT_HISTORY,
	VERB_RESTART, VERB_UNSEAL, VERB_INIT, VERB_MOUNT, VERB_TUNE, VERB_PLUGIN,
	VERB_ENGINE_CONFIG, VERB_SCHEDULE, VERB_REENROLL,
	VERB_RECOVER, VERB_PURGE, VERB_CERT_ENABLE, VERB_CERT_DISABLE, VERB_REQUEST_DROP,
	VERB_VAULT_CREATE,
	VERB_BACKUP, VERB_RESTORE, VERB_VALIDATE, VERB_OBJECT_STATE, VERB_REISSUE, VERB_REQUEST_EDIT,
	VERB_HISTORY,
	VERB_COUNT
};

struct store;

#define VERB_NONE_WORD "-"	/* of verb.edits: nothing, where there was something */

struct verb {
	enum verb_id id;
	const char *name;	/* "approve"; also the subcommand */
	enum kind on;		/* kind of its targets */
	bool many;		/* may have more than one target */
	bool no_target;		/* may have none */
	bool changes;		/* refused when read-only; journaled */
	bool begins;		/* changes nothing itself, and starts what does */
	bool dangerous;		/* asks first and names what it will touch */
	bool typed;		/* by a word that is typed, however few its targets are */
	bool asks_person;	/* a person types that, and --yes is no answer */
	bool no_sign_in;	/* of an account: done before anybody can sign in there */
	const char *harmless;	/* "approve=off": with that answer it asks for a plain yes */
	const char *looks;	/* "check": its FIELD_BOOL which, answered with yes, has it change nothing */
	const char *sentence;
	const struct field *fields;	/* ends with key NULL; NULL: no questions */
	bool asks_account;	/* and the account fields of the provider that it is about: they
				 * come with each command (command.more) */
	bool asks_provider;	/* and what its target's provider asks for this verb
				 * (provider_info.questions), likewise */
	bool edits;		/* what its target is made of: its form begins with that, only what
				 * is changed there is said, and VERB_NONE_WORD takes an answer away */
	const char *asks_by;	/* "issuer": not its target's, but that of the store which answers this
				 * one of its fields, a FIELD_STORE; those stores can whose provider has
				 * questions for it, if only an empty table of them */
};

extern const struct verb verb_table[VERB_COUNT];	/* in the order of the enum */
const struct verb *verb_find(const char *name);
/* Whether it changes something with these answers. */
bool verb_changes(const struct verb *v, const struct args *args);
bool verb_has_plan(const struct verb *v);	/* whoever does it can say what it would do (plan.h) */

/* Checks answers against a field table: needed ones there, numbers numbers, choices known, no
 * unknown key; fills in the fallbacks.  One sentence that names the field. */
bool field_check(const struct field *fields, struct args *args, GError **error);
bool field_check_one(const struct field *f, const char *value, GError **error);
/* Whether it is asked at all, as the answers stand (field.when); an answer that is not there
 * counts as the fallback of its own field. */
bool field_is_asked(const struct field *f, const struct field *fields, const struct args *args);
bool field_has_parts(const struct field *f, const struct field *fields, const struct args *args);
const struct field *field_find(const struct field *fields, const char *key);	/* or NULL */
/* Whether that store can be an answer, of a question for a store as it stands alone. */
bool field_takes_store(const struct field *f, const struct store *s);
/* A secret may be answered by a program that prints it: the plain answer "<key>-command" to the
 * FIELD_SECRET <key>.  A new string. */
char *field_command_key(const struct field *f);
/* What the option is called that answers such a key of an account, "account-read-only" where
 * "read-only" is an option that every subcommand has.  A new string. */
char *field_account_option(const char *key);

/* One order from screen or command line to the engine. */
struct command {
	const struct verb *verb;
	GPtrArray *targets;	/* ids (char *), free function set */
	const struct field *more;	/* questions beside the verb's own: the provider's, for
					 * verbs that ask for an account or ask more of a store;
				 * static; or NULL */
	struct args *args;	/* never NULL */
	bool is_yes;		/* questions were answered; warnings never are */
	bool is_dry;		/* its plan is made (model/plan.h), and nothing is done */
};
struct command *command_new(enum verb_id verb, const char *target /* or NULL */);
struct command *command_dup(const struct command *c);	/* secrets too, as far as there is room */
void command_free(struct command *c);
/* The store whose provider is asked for more (verb.asks_provider), as far as it is known; or NULL. */
const char *command_asked_of(const struct command *c);
/* Whether it can be begun at all: allowed, with the right number of targets, with answers that
 * fit (field_check). */
bool command_check(const struct command *c, bool is_read_only, GError **error);
/* Whether only a typed word is yes to it; `for_many`: what has several targets asks for one. */
bool command_wants_word(const struct command *c, bool for_many);
/* Whether warnings of its plan are accepted word for word, by the answer "accept" to its provider. */
bool command_accepts(const struct command *c);
bool command_wants_person(const struct command *c);	/* and who types it sits at a terminal */
bool command_changes(const struct command *c);	/* verb_changes() with its answers */
AUTO_FREE(command, command_free)

#endif
