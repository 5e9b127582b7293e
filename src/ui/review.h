/*
 * review: what a person sees before approving.
 *
 * The request's detail in full, oddities first.  The word can only be typed once the last
 * line has been on the screen; what is approved carries the digest of what was seen.  Several
 * requests are shown one after the other.  One thread.
 */
#ifndef CERTTY_UI_REVIEW_H
#define CERTTY_UI_REVIEW_H

#include "layer.h"

struct command;

/* Takes the command; each of its targets is reviewed and submitted on its own. */
void review_open(struct screen *s, struct command *c);

#endif
