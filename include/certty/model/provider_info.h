/*
 * provider_info: plain facts about something that certty can talk to.
 *
 * From them the screen builds its wizard and the command line its options without knowing any
 * provider.  Static, read-only, any thread; engine_providers() has them all.
 */
#ifndef CERTTY_MODEL_PROVIDER_INFO_H
#define CERTTY_MODEL_PROVIDER_INFO_H

#include <certty/base/secret.h>
#include <certty/model/verb.h>

#define PASTE_MAX (64u << 10)	/* bytes of a block that is read for its answers */

/* Reads a block as people have it (a section of .edgerc, an access-key CSV, a service principal
 * as JSON, a token) into answers and secrets.  False without touching `args` when it is nothing
 * of this provider's; with `error` when it is, and is broken.  Pure; blocks are hostile. */
typedef bool read_block_fn(const struct secret *block, struct args *ret, GError **error);

/* A column of somebody else's CSV, and what it answers here. */
struct column_alias {
	const char *header;	/* "Properties.access_token", compared without case */
	const char *key;	/* of account_fields or store_fields */
};

/* What a provider asks for a verb on a sort of its stores, beside what the verb itself asks; a verb
 * that is not named for a sort of store cannot be done there, where it is named for others. */
struct verb_questions {
	enum verb_id verb;
	const char *store_type;		/* NULL: of all types; of a verb on objects their type */
	const struct field *fields;
};

struct provider_info {
	const char *name;		/* "local" */
	const char *title;		/* "This machine" */
	const char *sentence;
	const struct field *account_fields;	/* the wizard's questions; NULL: needs no account */
	const struct field *store_fields;	/* of a store in `certty stores import`, or NULL */
	const char *const *store_types;		/* ends with NULL */
	/* What a test of the connection asks, the call by name, and what that cannot prove; for
	 * the wizard and the manual. */
	const char *test_sentence;
	read_block_fn *read_block;		/* or NULL */
	const char *block_hint;			/* what can be pasted: "a section of .edgerc" */
	const char *file_users;			/* who else reads such a file: "the Akamai CLI…" */
	const char *spends;			/* "wrapped=yes": with such an answer (as field.when)
						 * signing in uses a secret up; or NULL */
	const struct column_alias *aliases;	/* ends with header NULL; or NULL */
	const struct verb_questions *questions;	/* ends with fields NULL; or NULL */
	/* The store that an address names, as the part of its id behind the account's; new.  NULL: none;
	 * is_said: a person called it one of these, else what could be something else is none. */
	char *(*read_place)(const char *address, bool is_said);	/* or NULL: nobody can type one in */
	const struct field *key_fields;		/* of which enroll's key-profile is made, and its
						 * key-answers; or NULL: keys there have none */
	const char *ca;				/* who issues there, as `certty why --ca` calls
						 * it; or NULL: nobody in particular */
	bool keeps_keys;		/* a key that is made in one of its stores never leaves it: its
					 * certificate can be put nowhere else, and an issuer elsewhere
					 * has to be named for the next one */
};

/* Of those (which end with NULL), or NULL. */
const struct provider_info *provider_info_find(const struct provider_info *const *all, const char *name);

/* Those for a verb on a store of that type, or NULL. */
const struct field *provider_info_questions(const struct provider_info *p, enum verb_id verb,
					    const char *store_type);

#endif
