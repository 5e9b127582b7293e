/*
 * save: a text written to a file whose name is typed in the status line.
 *
 * A file that is there already is left alone until it is said again.  One thread.
 */
#ifndef CERTTY_UI_SAVE_H
#define CERTTY_UI_SAVE_H

struct screen;

/* `what` it is called in the prompt; `path` to begin with. */
void save_open(struct screen *s, const char *what, const char *path, const char *text);

#endif
