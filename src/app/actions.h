/*
 * actions: the parts of the manual that come from the table of the screen's actions.
 */
#ifndef CERTTY_APP_ACTIONS_H
#define CERTTY_APP_ACTIONS_H

#include <stdbool.h>

/* Prints the part that the words after "generate" name; false: it is none of ours. */
bool actions_generate(char *const *words);

#endif
