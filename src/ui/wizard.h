/*
 * wizard: adding an account, changing one, and giving it new secrets.
 *
 * One layer: which provider, then its questions with the place for the secrets, the name, a test
 * and the order.  Built from provider_info alone, so it knows no provider.  A block that people
 * have (a section of a file, a CSV, JSON, a token) can be pasted or read and fills it in.
 * Whatever goes wrong, what was typed stays; leaving wipes it.  One thread.
 */
#ifndef CERTTY_UI_WIZARD_H
#define CERTTY_UI_WIZARD_H

#include "layer.h"

struct command;

/* provider NULL: it is asked for first.  False when there is none of that name. */
bool wizard_open(struct screen *s, const char *provider);
/* For VERB_ACCOUNT_EDIT or VERB_ACCOUNT_ROTATE of the one target; takes the command.  why: a
 * sentence, or NULL. */
void wizard_open_account(struct screen *s, struct command *c, const char *why);

#endif
