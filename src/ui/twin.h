/*
 * twin: the command line that does the same, for copying and for learning.
 *
 * Secrets are left out: the command line asks for them.  Pure.
 */
#ifndef CERTTY_UI_TWIN_H
#define CERTTY_UI_TWIN_H

#include <certty/model/verb.h>

void twin_say(GString *out, const struct command *c);

#endif
