/*
 * complete: names of files that go on from what is typed.  Pure but for reading one folder.
 */
#ifndef CERTTY_UI_COMPLETE_H
#define CERTTY_UI_COMPLETE_H

#define COMPLETE_MOST 2000	/* names of a folder that are looked at */

/* The longest path that all matching files begin with (with '/' when it is one folder), or
 * NULL when that is no more than what is there.  "~/" is understood.  New. */
char *complete_path(const char *typed);

#endif
