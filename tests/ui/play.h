/*
 * play: a screen test as a text.
 *
 * One order a line:
 *	size 80x24          the window, also while running
 *	now 2026-11-22      the time, which then stands still
 *	ascii               no character outside ASCII is drawn
 *	colours 0           said for the reader; the grid knows roles only
 *	tab certs           where the screen starts, before anything else
 *	first five-certs    a first page, before the engine has said anything
 *	snapshot five-certs a snapshot comes (fixture.h)
 *	keys j j Enter      keys by name
 *	type text           characters as typed
 *	paste text          all of it at once, "\n" a line break
 *	click 3 10          line and column
 *	job 1 done text     the job of the first command ends so (done, failed, locked, running);
 *	                    keyring, file, secret, code, again: it failed and wants that
 *	rung keyring locked text   a place for secrets stands so (open, locked, absent, unusable)
 *	checked keyring fine text  the doctor's page comes, with one row (fine, note, sign-in, wrong)
 *	file NAME text      a file in the home folder, "\n" a line break
 *	warned TEXT         from now on plans warn of that
 *	late                from now on plans do not come by themselves: their jobs are 1000001 and on
 *	stuck id|name|wrong|record|text|evidence   the page of why comes, with findings of four each
 *	never text          from now on no screen may hold it: a planted secret
 *	screen … end        the screen is exactly this
 *	roles … end         the roles of all cells are exactly these
 *	line 5 … end        that line alone
 *	cursor … end        line and column of the hardware cursor
 *	submitted … end     the commands given so far, as command lines
 *	copied … end        what went to the clipboard
 *	quits               the last key ended the program
 * Lines that begin with # are for people.
 */
#ifndef TESTS_UI_PLAY_H
#define TESTS_UI_PLAY_H

#include <glib.h>
#include <stdbool.h>

/* Plays the text of a file; returns the text as it should be when the screens shown are taken
 * to be right.  With `update` nothing fails but what cannot be understood. */
char *play_run(const char *name, const char *text, bool update);

#endif
