/*
 * screen: everything that the console knows, and how it answers to inputs and snapshots.
 *
 * Pure but for what the engine's table of functions does: inputs and snapshots go in, cells
 * come out through term.h.  ui.c feeds it from the terminal, tests from texts.  One thread.
 */
#ifndef CERTTY_UI_SCREEN_H
#define CERTTY_UI_SCREEN_H

#include <certty/ui/ui.h>

#include "edit.h"
#include "follow.h"
#include "keymap.h"
#include "layer.h"
#include "pane.h"
#include "tab.h"

#define SCREEN_ROWS_LEAST 12
#define SCREEN_COLS_LEAST 40
#define SCREEN_ROWS_RULES 18	/* from here on there is room for rules */
#define SPLIT_ROWS_LEAST 30
#define SPLIT_COLS_LEAST 100
#define TABS_SHOWN KIND_ACCOUNTS	/* kinds before it have a place in the tab line */

/* Where the person came from: Esc goes back there. */
struct crumb {
	enum kind kind;
	char *filter;		/* what the tab that is left behind is to show again */
	enum kind to;
	char *to_filter;	/* what the tab that was opened showed before */
	char *title;
};

struct notice {
	char *text;		/* NULL: none */
	enum role role;
	bool is_failure;	/* stays until a key is pressed */
};

struct screen {
	struct ui_engine engine;
	const struct settings *settings;
	void (*check_terminal)(struct checkup *page);	/* or NULL */
	struct keymap *keymap;
	struct intern *words;		/* of snapshots that the screen made itself */
	struct snapshot *snap;		/* never NULL */
	bool is_own_snap;		/* not one of the engine's */
	bool is_loaded;			/* a snapshot of the engine's has come */
	bool is_read_only;
	bool is_touched;		/* somebody has typed or clicked */
	int64_t now;
	int rows, cols;
	struct tab tab[KIND_COUNT];
	enum kind current;
	struct layer *top;
	struct pane pane;
	bool is_split;			/* wanted; drawn when there is room */
	bool is_never_split;
	bool pane_has_keys;
	GPtrArray *crumbs;		/* struct crumb * */
	struct notice notice;
	struct follow follow;
	struct edit_history filters, orders;
	struct query *sought;		/* the last filter, for n and N */

	bool asked_to_quit;
	bool page_changed;		/* the first page is to be kept again */
	int tab_x[TABS_SHOWN + 1];	/* where tabs begin in the tab line; for the mouse */
};

/* Takes config->first_page. */
struct screen *screen_new(const struct ui_config *config);
void screen_free(struct screen *s);

/* What came from the terminal; says what is to happen (enum reaction). */
unsigned screen_input(struct screen *s, const struct input *in);
/* A newer snapshot of the engine's; takes the reference. */
void screen_take(struct screen *s, struct snapshot *fresh);
/* After a bunch of inputs and before drawing: rows are selected, details asked for. */
void screen_settle(struct screen *s);
void screen_draw(struct screen *s);
/* Tells the engine what is to be found again at the next start: tab and orders. */
void screen_remember(struct screen *s);

/* ---- for actions and layers ---- */

struct frame screen_frame(const struct screen *s);
struct tab *screen_tab(struct screen *s);
unsigned screen_place(const struct screen *s);
bool screen_is_too_small(const struct screen *s);
bool screen_can_split(const struct screen *s);
/* The list's rows are there and in order. */
struct list *screen_list(struct screen *s);
/* Details have the keys, or lie below what is on top: what is done is done to the one thing that
 * they show, whatever is marked. */
bool screen_shows_one(const struct screen *s);
/* Rows (uint32_t) that an action is about, no more than `most`: that one; else the marked ones, or
 * the one with the cursor.  New. */
GArray *screen_chosen(struct screen *s, uint32_t most);

void screen_say(struct screen *s, enum role role, const char *format, ...) G_GNUC_PRINTF(3, 4);
void screen_say_failure(struct screen *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

void screen_go(struct screen *s, enum kind kind);
/* The cursor goes to the row of that id in the current tab, if it is shown. */
void screen_go_to(struct screen *s, const char *id);
/* Shows another tab with a filter; Esc comes back. */
void screen_visit(struct screen *s, enum kind kind, const char *filter, const char *title);
bool screen_go_back(struct screen *s);

/* Copies to the clipboard and says so. */
void screen_copy(struct screen *s, const char *what, const char *text);

#endif
