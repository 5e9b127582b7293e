/*
 * act: the functions behind the table of actions, in the files act_*.c.
 */
#ifndef CERTTY_UI_ACT_H
#define CERTTY_UI_ACT_H

#include "action.h"

/* act_view.c: where one is and what is seen */
act_fn act_move, act_sideways, act_tab, act_next_tab, act_open, act_describe, act_raw, act_back,
	act_quit_or_back, act_quit, act_cancel, act_redraw, act_suspend, act_mouse, act_help,
	act_palette;
/* act_rows.c: filter, order, marks */
act_fn act_filter, act_find, act_sort_menu, act_sort_step, act_sort_invert, act_mark, act_range,
	act_invert_marks, act_unmark, act_copy;
/* act_verb.c: orders to the engine */
act_fn act_verb, act_why, act_served, act_vault, act_object, act_refresh_all, act_account_add, act_account,
	act_read_only, act_rule;

/* Ids that a verb would work on from here, `most` at most; NULL when it cannot, and then
 * *ret_why says why (new).  An empty array: none, which is fine with it. */
GPtrArray *act_targets(struct screen *s, const struct verb *v, uint32_t most, char **ret_why);

/* A layer to type the filter in; `text` to begin with. */
void filter_open(struct screen *s, const char *text);
void palette_open(struct screen *s, const char *text);
void help_open(struct screen *s);
void findings_open_doctor(struct screen *s);	/* when its page is there and nothing is on top */
void findings_open_why(struct screen *s, const struct command *c);	/* likewise, of what c asked */
void findings_open_served(struct screen *s);
void findings_open_history(struct screen *s, const struct command *c);	/* likewise */

#endif
