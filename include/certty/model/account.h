/*
 * account: a way in to a provider, and where its secret is kept.
 *
 * This machine is the account "local"; its secrets are passphrases of stores.  An item (see items.h): frozen,
 * counted, any thread.  Secrets are never in here.
 */
#ifndef CERTTY_MODEL_ACCOUNT_H
#define CERTTY_MODEL_ACCOUNT_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

struct account {
	struct ref ref;
	char *id;		/* "local" */
	char *provider;
	char *title;
	char *who;		/* who we are there: "root on bastion1" */
	char *secret_from;	/* "keyring (locked)"; "~/.aws/credentials [prod]" */
	int64_t secret_ends;	/* 0: does not end, or not known */
	bool is_read_only;
	char *trouble;		/* a sentence, or NULL */
};

extern const struct item_type account_type;

struct account *account_new(const char *id);
struct account *account_dup(const struct account *a);	/* a copy that may be changed */
struct account *account_ref(struct account *a);
void account_unref(struct account *a);
AUTO_FREE(account, account_unref)

#endif
