/*
 * planned: what the files share that say what this machine's verbs would do.
 */
#ifndef CERTTY_PROVIDER_LOCAL_PLANNED_H
#define CERTTY_PROVIDER_LOCAL_PLANNED_H

#include "ca.h"

#define PASSPHRASE     "PASSPHRASE"
#define NEW_PASSPHRASE "NEW_PASSPHRASE"
#define LOCKS_KEY      "what encrypts the private key"

/* The file of op->cert and of its key (NULL: not known, or encrypted). */
struct lying {
	char *file, *key;
	bool is_one;		/* nothing else is in that file, as far as is known */
};
void planned_lying_find(const struct op *op, const struct store *at, struct lying *ret);
void planned_lying_done(struct lying *l);

void planned_keeps_version(struct plan *p, const char *name, unsigned how);
const char *planned_request(const char *kind);	/* the openssl command that makes key and request */
char *planned_names(char *const *names);	/* "subjectAltName=DNS:…"; new */

/* ---- planned_tickets.c ---- */

plan_fn planned_ticket_answer, planned_ticket_withdraw;

#endif
