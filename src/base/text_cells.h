/*
 * text_cells: what the text files share: finding the plain part of a text quickly, and the
 * cells of one character.
 */
#ifndef CERTTY_SRC_BASE_TEXT_CELLS_H
#define CERTTY_SRC_BASE_TEXT_CELLS_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* As wcwidth() in a UTF-8 locale, whatever the locale of the process is. */
int text_cells(gunichar c);

/* How many bytes at the start of s are printable ASCII.  Eight at a time: a borrow from a
 * neighbour can only make a good word look bad, and then the bytes are looked at one by one. */
static inline size_t text_ascii_run(const char *s, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t i = 0;
	uint64_t w;

	for (; len - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		if (((w - ones * 0x20) | w | ((w ^ ones * 0x7f) - ones)) & ones * 0x80)
			break;
	}
	while (i < len && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

#endif
