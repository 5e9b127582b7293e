/*
 * account: a way in to a provider, and where its secrets are kept.
 *
 * This machine is the account "local", which needs none; its secrets are passphrases of stores.
 * Others stand in the user's configuration as [account ID], one key per answer, or are found
 * where other tools keep their own (AWS profiles, ~/.edgerc, VAULT_ADDR…).  Secrets are never
 * in here: `answers` has, for each secret, the place that it comes from (rung_read).
 *
 * An item (see items.h): frozen, counted, any thread.
 */
#ifndef CERTTY_MODEL_ACCOUNT_H
#define CERTTY_MODEL_ACCOUNT_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/args.h>
#include <certty/model/items.h>
#include <certty/model/verb.h>

#define ACCOUNT_ID_MAX 64	/* bytes */

enum account_origin {
	ACCOUNT_BUILT_IN,	/* "local" */
	ACCOUNT_CONFIGURED,	/* [account ID] in the user's configuration, or the site's */
	ACCOUNT_FOUND,		/* another tool's, read where that tool keeps it, never changed */
};

struct account {
	struct ref ref;
	char *id;		/* "local", "prod-vault"; of a found one "aws:prod" */
	char *provider;		/* "aws" */
	char *title;
	char *who;		/* who we are there, as it said itself; "" until asked */
	char *secret_from;	/* "keyring (locked)"; "~/.aws/credentials [prod]" */
	int64_t secret_ends;	/* 0: does not end, or not known */
	enum account_origin origin;
	char *found_in;		/* ACCOUNT_FOUND: "~/.aws/config [profile prod]"; else "" */
	struct args *answers;	/* to the provider's account_fields; a secret's answer is its
				 * place; never NULL */
	char *defaults;		/* name of a [defaults NAME], whose values stand in for answers
				 * that are not given; "" */
	bool is_read_only;
	bool is_read_only_by_site;	/* the policy says so: cannot be switched off here */
	bool is_disabled;	/* by a person: nothing is asked of it */
	int64_t tested;		/* when it was last asked who we are; 0 never */
	bool has_worked;	/* the answer was the one hoped for */
	char *verdict;		/* what came of that, a sentence; "" */
	int64_t looked;		/* when its stores were last looked for; 0 never */
	char *rights;		/* what may be done with it there, in words, as the last test was told; "" */
	char *may_not;		/* account_forbid(); "" */
	int64_t told;		/* when rights and may_not were told; 0: nothing is known of them */
	char *trouble;		/* why it cannot be used now, a sentence, or NULL */
};

extern const struct item_type account_type;

struct account *account_new(const char *id);
struct account *account_dup(const struct account *a);	/* a copy that may be changed */
struct account *account_ref(struct account *a);
void account_unref(struct account *a);
AUTO_FREE(account, account_unref)

/* Letters, digits and any of ._:@-, a letter or digit first; at most ACCOUNT_ID_MAX bytes. */
bool account_id_is_fit(const char *id);

/* ---- what it may do ---- */

/* One thing more that may not be done with it, as lines of text: `verb` on objects or requests of `type`
 * ("": on anything), with answers as `when` says ("what=domain"; "approve": any to that; "": with all),
 * `words` being what it is and why ("approve orders: ..."). */
void account_forbid(GString *may_not, enum verb_id verb, const char *type, const char *when,
		    const char *words);
/* Why it may not do this; NULL: it may, or nothing is known.  `args` NULL: whatever is answered.  New. */
char *account_why_not(const struct account *a, const struct verb *v, const char *type,
		      const struct args *args, int64_t now);

/* What every account is asked beside its provider's own questions: how to get there, how much
 * at once, its defaults, whether it may change anything.  Ends with key NULL. */
extern const struct field account_common_fields[];

/* ---- where a secret is kept ---- */

enum rung {
	RUNG_FOUND,		/* where another tool keeps it; read, never written */
	RUNG_KEYRING,		/* the keyring of the desktop */
	RUNG_COMMAND,		/* a program prints it */
	RUNG_FILE,		/* certty's encrypted file */
	RUNG_MEMORY,		/* until certty ends */
	RUNG_COUNT
};

const char *rung_word(enum rung rung);		/* "keyring"; as in the configuration */
const char *rung_sentence(enum rung rung);	/* what that means, for a form */
/* Reads a place as the configuration has it: a rung's word, and for a command what is run after
 * a colon, as in "command: pass show vault/token".  *ret_command is borrowed from `text`, NULL
 * for the others.  ERR_USAGE for anything else. */
bool rung_read(const char *text, enum rung *ret, const char **ret_command, GError **error);

/* How a rung stands on this machine now, for a form in which one is chosen. */
enum rung_stand {
	RUNG_UNASKED,		/* the first use tells */
	RUNG_OPEN,
	RUNG_LOCKED,		/* its passphrase opens it (VERB_UNLOCK) */
	RUNG_ABSENT,		/* a new passphrase makes it (VERB_UNLOCK) */
	RUNG_UNUSABLE,		/* not here: no session bus, not built in */
	RUNG_FORBIDDEN,		/* the site does not allow it */
};

#endif
