/*
 * decode: bytes from a terminal to keys, pastes and mouse events.
 *
 * Pure: no terminal, no curses, no clock.  Bytes are given with decode_feed(); decode_next()
 * takes one input from them.  What could still become a longer sequence is kept until more
 * bytes come or the caller says that no more will (`final`: escape_ms have passed).
 *
 * Known are the sequences that terminals of the xterm family and the Linux console send,
 * with their modifiers, and whatever the terminal's own description names (decode_learn).
 * Unknown escape sequences (up to DECODE_PENDING_MAX bytes) are swallowed whole and never
 * become letters.  Between the signs
 * of a bracketed paste everything is bytes of the paste, whatever it looks like.
 *
 * Input may be a passphrase: bytes that were used are wiped.  One thread.
 */
#ifndef CERTTY_UI_DECODE_H
#define CERTTY_UI_DECODE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "key.h"

#define DECODE_PENDING_MAX 4096		/* bytes read and not yet taken */
#define DECODE_LEARN_MAX 64		/* sequences from the terminal's description */

struct decode_learnt {
	char bytes[16];
	uint32_t key;
};

struct decode {
	char pending[DECODE_PENDING_MAX];
	size_t len;
	bool pasting;
	bool paste_cut;
	char *paste;			/* at most paste_max bytes */
	size_t paste_len, paste_size, paste_max;
	struct decode_learnt learnt[DECODE_LEARN_MAX];
	size_t learnt_count;
};

void decode_init(struct decode *d, size_t paste_max);
void decode_done(struct decode *d);

/* A sequence that this terminal sends for a key; too long or too many are left out. */
void decode_learn(struct decode *d, const char *bytes, uint32_t key);

/* How many bytes may be fed now. */
size_t decode_room(const struct decode *d);
void decode_feed(struct decode *d, const void *bytes, size_t len);

/* The next input, or INPUT_NONE when more bytes are needed.  What it borrows is valid until
 * the next decode call. */
void decode_next(struct decode *d, bool final, struct input *ret);

/* Whether decode_next() waits for the rest of a sequence that time alone may end. */
bool decode_is_waiting(const struct decode *d);

#endif
