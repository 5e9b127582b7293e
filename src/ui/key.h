/*
 * key: what a person can send to the screen, and how keys are called.
 *
 * A key is one number, so that it can be compared, kept in a table and hashed: a Unicode
 * character, or one of the K_ codes that lie above Unicode, with modifier bits.  Every key
 * has one form only:
 *   - a character carries its own case, so Shift is never set on one ("A", not "S-a");
 *   - Ctrl with a letter keeps the small letter ('x' | K_CTRL is "C-x");
 *   - what terminals cannot tell apart is one key: C-i is Tab, C-m and C-j are Enter, C-[ is
 *     Esc, C-h is Backspace.  key_parse() turns one into the other.
 *
 * Names: "j", "é", "C-x", "M-x" (Alt), "F5", "S-Tab", "C-Left", "PgDn", "Space", "Esc".
 *
 * Pure functions; any thread.
 */
#ifndef CERTTY_UI_KEY_H
#define CERTTY_UI_KEY_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Modifiers, above every code. */
#define K_SHIFT (1u << 24)
#define K_ALT   (1u << 25)
#define K_CTRL  (1u << 26)
#define K_CODE  (K_SHIFT - 1)	/* the key without its modifiers */

/* Keys that are no character.  "K_" and not "KEY_", which belongs to curses. */
enum key {
	K_UP = 0x110000, K_DOWN, K_LEFT, K_RIGHT,
	K_HOME, K_END, K_PGUP, K_PGDN, K_INS, K_DEL,
	K_TAB, K_ENTER, K_ESC, K_BACKSPACE,
	K_F1,
	K_F24 = K_F1 + 23
};

#define K_F(n) (K_F1 + (n) - 1)

/* True for a key that types a character: no Ctrl, no Alt, not one of the codes above. */
static inline bool key_is_text(uint32_t key)
{
	return key >= ' ' && key < K_UP;
}

/* The key of a name of `len` bytes (len < 0: up to the NUL).  The error names the place:
 * "C-Foo: there is no key of this name (at character 3)". */
bool key_parse(const char *name, gssize len, uint32_t *ret, GError **error);

/* Many names with blanks between them, "? F1": at most `max` keys. */
bool key_parse_list(const char *names, uint32_t *ret, size_t max, size_t *ret_count,
		    GError **error);

/* Appends the name; key_parse() of it gives the key again. */
void key_say(GString *out, uint32_t key);

/* One thing that came from the terminal. */
enum input_kind {
	INPUT_NONE,	/* nothing more to read now */
	INPUT_KEY,
	INPUT_PASTE,	/* a whole pasted text, never to be taken for keys */
	INPUT_MOUSE,
	INPUT_RESIZE,	/* the window has another size: term_size(), then draw again */
	INPUT_GONE	/* the terminal is gone or closed: leave without drawing */
};

enum input_mouse {
	MOUSE_PRESS,	/* the left button went down */
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN
};

struct input {
	enum input_kind kind;
	union {
		uint32_t key;
		struct {
			/* Bytes as they came, at most 1 MiB, followed by a NUL that is not
			 * counted.  Foreign and perhaps secret: borrowed until the next
			 * term_read(), then wiped. */
			const char *bytes;
			size_t len;
			bool cut;	/* there was more; it was thrown away */
		} paste;
		struct {
			enum input_mouse what;
			int y, x;
		} mouse;
	};
};

#endif
