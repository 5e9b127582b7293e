/*
 * sign: the few signs that stand beside words, with their plain form for ASCII mode.
 *
 * Each is one cell wide in both forms, so nothing moves when the mode changes.
 */
#ifndef CERTTY_UI_SIGN_H
#define CERTTY_UI_SIGN_H

#include <glib.h>

/* One row each: symbol, sign, plain sign, what it says. */
#define SIGNS(X) \
	X(cursor,    "▸", ">", "the row with the cursor") \
	X(marked,    "●", "*", "a marked row") \
	X(news,      "•", "*", "something new, in a tab") \
	X(attention, "!", "!", "a person should look") \
	X(good,      "✓", "+", "done, as it should be") \
	X(bad,       "✗", "x", "failed") \
	X(differs,   "≠", "#", "two places do not agree") \
	X(up,        "▲", "^", "sorted, smallest first; or more above") \
	X(down,      "▼", "v", "sorted, largest first; or more below") \
	X(more,      "…", "~", "something is cut off here") \
	X(then,      "›", ">", "breadcrumbs; issued by") \
	X(arrow,     "→", ">", "leads to") \
	X(dot,       "·", "-", "between two parts of a line") \
	X(none,      "–", "-", "no value") \
	X(secret,    "•", "*", "a character that is not shown") \
	X(rule,      "─", "-", "a line") \
	X(rule_down, "│", "|", "a line from top to bottom")

enum sign {
#define SIGN_ENUM(symbol, ...) SIGN_##symbol,
	SIGNS(SIGN_ENUM)
#undef SIGN_ENUM
	SIGN_COUNT
};

/* The sign in the mode that is set (text_is_ascii()). */
const char *sign_text(enum sign which);

/* Appends the full part of a bar of `cells` cells that is `permille` full, in eighths of a
 * cell ("██▍"; "##" in ASCII), and returns how many cells that took; then the caller draws
 * the rest as sign_bar_rest() in ROLE_life_empty. */
int sign_bar(GString *out, int cells, int permille);
void sign_bar_rest(GString *out, int cells);

#endif
