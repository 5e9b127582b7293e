/*
 * edit: one line of input.
 *
 * Holds at most `max` bytes of harmless UTF-8 in memory taken once, so it never grows.  A
 * masked one keeps its bytes in a struct secret (secure memory), shows a sign for each
 * character, has no history and gives its text away only as a secret.
 *
 * Keys: Left Right C-b C-f, C-Left C-Right M-b M-f by words, Home End C-a C-e, Backspace Del
 * C-d, C-w and M-Backspace a word, M-d the word after, C-u and C-k to the start and the end,
 * C-y puts back what was last cut, C-t swaps; Up Down C-p C-n walk the history if there is
 * one.  Enter, Esc, Tab and everything else is not taken, so the caller decides.  Words end
 * at blanks and punctuation.  The cursor moves over whole characters with their combining
 * marks.  A paste is inserted whole or not at all: one line break at its end is dropped, others
 * and tabs become blanks, what could do harm becomes a visible escape; a masked edit refuses a
 * paste with a control character inside, unless takes_lines makes blanks of its breaks.
 *
 * The memory of struct edit is the caller's; its members are edit.c's.  One thread.
 */
#ifndef CERTTY_UI_EDIT_H
#define CERTTY_UI_EDIT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include <certty/base/secret.h>
#include "key.h"
#include "theme.h"

#define EDIT_MAX 4096			/* the most that `max` may be */
#define EDIT_HISTORY_MAX 100		/* lines; the oldest is forgotten */

/* Lines entered before, oldest first; shared by edits of one kind (filter, palette). */
struct edit_history {
	GPtrArray *lines;		/* of char *; NULL: empty */
};

void edit_history_add(struct edit_history *h, const char *line);
void edit_history_done(struct edit_history *h);

struct edit {
	char *bytes;			/* len bytes and a NUL; in `secret` when masked */
	size_t len, max, at;		/* `at`: the byte that the cursor stands on */
	size_t from;			/* the first byte drawn */
	struct secret *secret;		/* not NULL: masked */
	bool takes_lines;		/* set by whoever made a masked one */
	char *cut;			/* what C-k and its kin took last; never when masked */
	struct edit_history *history;	/* borrowed, may be NULL */
	guint back;			/* how many lines back in the history; 0: the new one */
	char *draft;			/* the new line while the history is looked at */
};

enum edit_result {
	EDIT_IGNORED,	/* not ours: the caller's keys */
	EDIT_MOVED,	/* the cursor, or nothing */
	EDIT_CHANGED,	/* the text */
	EDIT_REFUSED	/* it does not fit or is no text: ring the bell */
};

/* history may be NULL. */
void edit_init(struct edit *e, size_t max, struct edit_history *history);
/* False with ERR_LIMIT when there is no secure memory left. */
bool edit_init_masked(struct edit *e, size_t max, GError **error);
void edit_done(struct edit *e);

enum edit_result edit_input(struct edit *e, const struct input *in);

/* The text, borrowed until the next change; "" for a masked one. */
const char *edit_text(const struct edit *e);
bool edit_is_empty(const struct edit *e);
/* Puts `text` there with the cursor behind it; what does not fit is left out.  False when
 * something was left out, or when it is masked. */
bool edit_set(struct edit *e, const char *text);
/* For completion: replaces the bytes from `start` up to the cursor. */
bool edit_replace(struct edit *e, size_t start, const char *text);
/* The byte that the cursor stands on. */
size_t edit_at(const struct edit *e);

/* What was typed into a masked edit, now yours; the edit is empty and wiped.  NULL when
 * secure memory is full. */
struct secret *edit_take_secret(struct edit *e);
/* A copy of it; the edit stays as it is. */
struct secret *edit_dup_secret(const struct edit *e);

/* Draws it into `cells` cells, scrolled so that the cursor is seen; SIGN_more where text goes
 * on.  With `focused` the hardware cursor is placed. */
void edit_draw(struct edit *e, int y, int x, int cells, enum role role, bool focused);

#endif
