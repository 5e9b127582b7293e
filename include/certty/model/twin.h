/*
 * twin: the command line that does the same, for copying and for learning.
 *
 * Secrets are left out: the command line asks for them.  Pure.
 */
#ifndef CERTTY_MODEL_TWIN_H
#define CERTTY_MODEL_TWIN_H

#include <certty/model/verb.h>

void twin_say(GString *out, const struct command *c);	/* many targets by their number */
void twin_say_whole(GString *out, const struct command *c);

#endif
