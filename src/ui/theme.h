/*
 * theme: what things look like, said once.
 *
 * Whoever draws names a role and never a colour.  A role says what a piece of text is; a
 * theme says how that looks; theme_look() computes it down to what the terminal can show
 * (direct colour, 256, 16, 8 or none).  Meaning never hangs on colour alone: every state has
 * a word or a mark (sign.h) as well, and every role has a look without colour.
 *
 * How a list row uses the roles (this keeps a cursor step under 200 bytes at 120 columns,
 * because only two short pieces of two rows change):
 *
 *     0  2                              the rest of the columns
 *     ▸  www.example.com              acm eu-north-1   EC 256   in 6 d
 *     └───── ROLE_row_cursor ────┘    ROLE_row, or the role of the cell (warn, bad, dim…)
 *
 *   - ROLE_row_cursor only on the marker and the first column (48 cells at most; text and
 *     the blanks that fill the column), never on the whole row: the other columns look the
 *     same whether the cursor is there or not;
 *   - ROLE_row_marked on the same cells of a marked row; a marked row under the cursor is
 *     ROLE_row_cursor, and its mark (SIGN_marked) tells that it is marked;
 *   - the hardware cursor stands on the marker of the focused row (term_cursor), which is
 *     what screen readers and braille lines follow;
 *   - no counter that follows the cursor in more than a few cells ("17 of 12 408": right
 *     aligned in the status line, so that only its digits change).
 *
 * A loaded theme is read-only.  One thread: the screen's.
 */
#ifndef CERTTY_UI_THEME_H
#define CERTTY_UI_THEME_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <certty/base/auto.h>
#include <certty/model/kind.h>

/* clang-format off */
/* The roles: one row each.  The letter stands for it in the texts of screen tests.  Colours
 * are those of the default theme, in the words of a theme file: they stand on the terminal's
 * own black and white alike, so coloured words bring their own background.  Last, the look
 * without any colour.
 *
 *	 symbol          name              letter  default theme          without colour     what it is for */
#define THEME_ROLES(X) \
	X(text,          "text",          '.', "default",                 "",                "everything that is nothing else") \
	X(dim,           "dim",           'd', "default dim",             "dim",             "beside the point: units, labels, empty values") \
	X(title,         "title",         'T', "default bold",            "bold",            "the program's name, titles of panes and forms") \
	X(tab,           "tab",           't', "default",                 "",                "a tab that is not open") \
	X(tab_current,   "tab-current",   'O', "black on cyan",           "reverse bold",    "the tab that is open") \
	X(tab_news,      "tab-news",      'N', "default bold",            "bold underline",  "a tab where something is new") \
	X(rule,          "rule",          '-', "bright-black",            "dim",             "lines between the parts of the window") \
	X(header,        "header",        'h', "default dim",             "dim",             "titles of columns") \
	X(header_sorted, "header-sorted", 'H', "default bold",            "bold",            "title of the column that sorts the list") \
	X(row,           "row",           'r', "default",                 "",                "a row of a list") \
	X(row_cursor,    "row-cursor",    'C', "black on cyan",           "reverse",         "marker and first column of the row with the cursor") \
	X(row_marked,    "row-marked",    'M', "default bold",            "bold",            "marker and first column of a marked row") \
	X(status,        "status",        's', "default",                 "",                "the status line") \
	X(hint,          "hint",          'i', "default dim",             "dim",             "what a key does, in the last line") \
	X(hint_key,      "hint-key",      'K', "default bold",            "bold",            "the key itself, in the last line and in help") \
	X(good,          "good",          'g', "default",                 "",                "as it should be") \
	X(notice,        "notice",        'n', "default bold",            "bold",            "worth a look, nothing is wrong") \
	X(warn,          "warn",          'w', "black on yellow",         "underline",       "will be wrong if nobody acts") \
	X(bad,           "bad",           'b', "bright-white on red bold", "reverse bold",   "wrong now: expired, failed, refused") \
	X(unknown,       "unknown",       'u', "default dim",             "dim",             "not known, not asked, or too old to trust") \
	X(life_full,     "life-full",     'l', "default",                 "",                "share of life used, in a bar") \
	X(life_empty,    "life-empty",    'e', "default dim",             "dim",             "share of life left, in a bar") \
	X(prompt,        "prompt",        'P', "default bold",            "bold",            "what an input line asks for") \
	X(selection,     "selection",     'S', "black on cyan",           "reverse",         "the chosen entry of a menu, a form or the palette") \
	X(match,         "match",         'm', "default bold underline",  "bold underline",  "letters that were searched for") \
	X(link,          "link",          'L', "default underline",       "underline",       "an address or something that can be opened") \
	X(diff_added,    "diff-added",    'a', "black on green",          "bold",            "only on the new side, beside a plus sign") \
	X(diff_removed,  "diff-removed",  'x', "bright-white on red",     "underline",       "only on the old side, beside a minus sign") \
	X(scrim,         "scrim",         '~', "default dim",             "dim",             "what lies behind a question and cannot be used now")

/* clang-format on */
enum role {
#define THEME_ROLE_ENUM(symbol, ...) ROLE_##symbol,
	THEME_ROLES(THEME_ROLE_ENUM)
#undef THEME_ROLE_ENUM
	ROLE_COUNT
};

/* One row of that table, for the manual, the tests and the themes. */
struct theme_role {
	const char *name;
	char letter;
	const char *colours, *without_colour;
	const char *what;
};

const struct theme_role *theme_role(enum role role);
/* The role of a name, ROLE_COUNT when there is none. */
enum role theme_role_named(const char *name);
/* How the cells of a view say what they mean; ROLE_row for a plain one. */
enum role theme_role_of(enum tone tone);

/* What a theme names as a colour. */
enum theme_colour_kind { COLOUR_DEFAULT, COLOUR_SLOT, COLOUR_RGB };

struct theme_colour {
	enum theme_colour_kind kind;
	uint32_t value;			/* slot 0 to 255, or 0xrrggbb */
};

enum theme_attr {
	ATTR_BOLD      = 1 << 0,
	ATTR_DIM       = 1 << 1,
	ATTR_UNDERLINE = 1 << 2,
	ATTR_REVERSE   = 1 << 3
};

struct theme_style {
	struct theme_colour fg, bg;
	unsigned attrs;			/* enum theme_attr, or'ed */
};

/* What the terminal is to show: a slot below the number of colours (with direct colour:
 * 0xrrggbb), or -1 for the terminal's own. */
struct theme_look {
	int32_t fg, bg;
	unsigned attrs;
};

/* Backgrounds that the theme claims to be readable on; both when it brings its own. */
enum theme_ground { GROUND_DARK = 1, GROUND_LIGHT = 2, GROUND_BOTH = 3 };

struct theme {
	char *name;			/* the file's name without ".theme" */
	char *title;			/* "Terminal's own colours" */
	enum theme_ground ground;
	struct theme_style style[ROLE_COUNT];
};

/* The default theme, from the table above; always there. */
const struct theme *theme_default(void);

/* Reads a theme by name: from the user's themes folder, then from those of the system, then
 * (only "default") from the table.  Or, when the name has a '/' in it, that file.  On failure
 * NULL and one sentence with file and line; the caller goes on with theme_default(). */
struct theme *theme_load(const char *name, GError **error);

/* The same from text in memory; `from` is what errors call it. */
struct theme *theme_parse(const char *from, const char *text, size_t len, GError **error);

void theme_free(struct theme *t);
AUTO_FREE(theme, theme_free)

/* Names of all themes that can be loaded, sorted, each once; "default" is always there. */
char **theme_names(void);

#define THEME_DIRECT (1 << 24)		/* a number of colours: every rgb can be shown */

/* How a role looks with this many colours: 0, 8, 16, 256 or THEME_DIRECT (others are taken
 * down to the next of these).  With 0 it is the table's look without colour. */
struct theme_look theme_look(const struct theme *t, enum role role, int colours);

/* The rgb value of a slot in the usual palette (xterm's), for computing colours down. */
uint32_t theme_slot_rgb(unsigned slot);

/* How well one colour can be read on another: 1 (not at all) to 21; 4.5 is enough for text. */
double theme_contrast(uint32_t a, uint32_t b);

/* Reads "bold underline"; false when a word is none of the attributes. */
bool theme_read_attrs(const char *words, unsigned *ret_attrs);

#endif
