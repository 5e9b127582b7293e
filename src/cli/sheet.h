/*
 * sheet: a CSV file of accounts or stores, line by line as the commands that it asks for.
 *
 * Nothing is done here: every line becomes a plan or a sentence that says by line and column what
 * is wrong with it.  Used by import.c and export.c alone.
 */
#ifndef CERTTY_CLI_SHEET_H
#define CERTTY_CLI_SHEET_H

#include "own.h"

#define SHEET_ROWS 10000u		/* lines of one file */
#define SHEET_SECRET " (secret)"	/* ends the name of a secret's column, for people */
#define SHEET_PLACE "-place"		/* ends the name of a column that export alone writes */

struct plan {
	unsigned line;
	char *name;		/* of the account; the address of the store */
	struct command *add;	/* NULL: the line is bad, or the same as another */
	char *container, *labels;	/* of a store, or NULL */
	struct secret *passphrase;	/* likewise */
	char *says;		/* "adds account prod (vault); keeps token" */
	char *wrong;		/* or NULL */
	char *id;		/* what it became, once done; or NULL */
};

struct sheet {
	GPtrArray *plans;	/* struct plan */
	guint good, bad;
	bool has_secrets;
	char *left_out;		/* names of columns that mean nothing here, or NULL */
};

/* `provider`, `keep`: of lines that do not say it, or NULL. */
bool sheet_read(const char *path, enum kind kind, const char *provider, const char *keep,
		const struct snapshot *s, struct sheet *ret, GError **error);
void sheet_done(struct sheet *s);

/* Names of columns that are no provider's: "name" and the like; end with NULL. */
extern const char *const sheet_account_columns[], *const sheet_store_columns[];

#endif
