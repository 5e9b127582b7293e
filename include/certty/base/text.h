/*
 * text: how wide a text is, how to make it fit, and how to make foreign text harmless.
 *
 * Everything that came from outside (a certificate's subject, a server's error, a file's
 * name) passes text_harmless() once, where it enters the program; from then on it is plain,
 * printable UTF-8 without line breaks, and widths are those that wcwidth() gives, so that the
 * terminal and we agree.
 *
 * Any thread; nothing is kept between calls.  Lengths are bytes, widths are terminal cells.
 */
#ifndef CERTTY_BASE_TEXT_H
#define CERTTY_BASE_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum align {
	ALIGN_LEFT,
	ALIGN_RIGHT,
	ALIGN_ENDS,	/* left, and cut in the middle: a path, whose last part tells most */
};

/* ASCII mode: the ellipsis is "..", rules are '-', and every character outside ASCII that is
 * drawn is shown as '?'.  Set once in main, before threads. */
void text_set_ascii(bool on);
bool text_is_ascii(void);

/* Cells that harmless text takes on the screen; len < 0: up to the NUL. */
int text_width(const char *s, gssize len);

/* Appends s in exactly `cells` cells: cut with an ellipsis when too wide, filled with blanks
 * when too narrow.  Never cuts a character or a cluster in half. */
void text_fit(GString *out, const char *s, int cells, enum align align);

/* Bytes of the longest prefix of s that is at most `cells` wide; *ret_cells how wide it is. */
size_t text_prefix(const char *s, int cells, int *ret_cells);

/* Appends foreign bytes as harmless text: C0, C1 and DEL, the twelve bidirectional controls,
 * zero-width and unassigned characters become visible escapes (\x1b, \u202e); bytes that are
 * not UTF-8 become \xff; NUL is \0; line breaks and tabs become escapes too.  At most
 * max bytes are appended, then an ellipsis (the full text is where it came from). */
void text_harmless(GString *out, const void *bytes, size_t len, size_t max);

/* The same as a new string.  dup: NUL-terminated input; NULL gives NULL. */
char *text_harmless_dup(const char *s, size_t max);

/* Many lines: as text_harmless, but '\n' stays and '\t' becomes blanks. */
void text_harmless_lines(GString *out, const void *bytes, size_t len, size_t max);

/* Folds for searching: lower case by Unicode's simple mapping.  Appends. */
void text_fold(GString *out, const char *s, gssize len);

/* Host names: Unicode to A-labels and back (IDNA 2008, libidn2).  Names that do not convert
 * come back as they are from text_idn_show, and NULL from text_idn_ascii with an error. */
char *text_idn_ascii(const char *name, GError **error);
char *text_idn_show(const char *name);

/* Breaks s into lines of at most `cells`, at blanks where possible.  A NULL-terminated vector. */
char **text_wrap(const char *s, int cells);

/* 12408 as "12 408" (narrow groups, a no-break blank of one cell), as tables show counts. */
void text_count(GString *out, guint64 n);

#endif
