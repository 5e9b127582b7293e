/*
 * decode: bytes from a terminal to keys, pastes and mouse events.
 *
 * Escape sequences have a grammar (ECMA-48: CSI, parameters, a final byte), so that also the
 * unknown ones can be taken whole.  Tables say what the known ones mean; what the terminal's
 * own description names is looked at first.
 */
#define _GNU_SOURCE
#include "decode.h"

#include <string.h>

#include <certty/base/secret.h>

#define ESC '\x1b'
#define PARAMS_MAX 4
#define SEQUENCE_MAX 64		/* longer ones are not sequences but noise */

static const char paste_begin[] = "\x1b[200~";
static const char paste_end[] = "\x1b[201~";

/* CSI and SS3: the final byte names the key. */
static const struct {
	char final;
	uint32_t key;
} by_final[] = {
	{ 'A', K_UP },	  { 'B', K_DOWN },  { 'C', K_RIGHT },	      { 'D', K_LEFT },
	{ 'H', K_HOME },  { 'F', K_END },   { 'P', K_F(1) },	      { 'Q', K_F(2) },
	{ 'R', K_F(3) },  { 'S', K_F(4) },  { 'Z', K_TAB | K_SHIFT }, { 'M', K_ENTER },
};

/* CSI number ~ (and, from index 0 on, what follows "CSI [" on the Linux console: F1 to F5). */
static const struct {
	unsigned number;
	uint32_t key;
} by_number[] = {
	{ 1, K_HOME },	 { 2, K_INS },	  { 3, K_DEL },	   { 4, K_END },    { 5, K_PGUP },
	{ 6, K_PGDN },	 { 7, K_HOME },	  { 8, K_END },	   { 11, K_F(1) },  { 12, K_F(2) },
	{ 13, K_F(3) },	 { 14, K_F(4) },  { 15, K_F(5) },  { 17, K_F(6) },  { 18, K_F(7) },
	{ 19, K_F(8) },	 { 20, K_F(9) },  { 21, K_F(10) }, { 23, K_F(11) }, { 24, K_F(12) },
	{ 25, K_F(13) }, { 26, K_F(14) }, { 28, K_F(15) }, { 29, K_F(16) }, { 31, K_F(17) },
	{ 32, K_F(18) }, { 33, K_F(19) }, { 34, K_F(20) },
};

/* What one attempt to take something off the front found. */
enum taken {
	TAKEN_NOTHING,	/* more bytes are needed */
	TAKEN_SILENT,	/* something that means nothing to us */
	TAKEN_INPUT
};

static enum taken take(struct decode *d, bool final, struct input *ret);
static enum taken take_paste(struct decode *d, struct input *ret);
static enum taken take_learnt(struct decode *d, struct input *ret);
static enum taken take_escape(struct decode *d, bool final, struct input *ret);
static enum taken take_csi(struct decode *d, size_t at, bool alt, struct input *ret);
static enum taken take_ss3(struct decode *d, size_t at, bool alt, bool final,
			   struct input *ret);
static enum taken take_string(struct decode *d, size_t at, bool final);
static enum taken take_character(struct decode *d, size_t at, uint32_t mods, bool final,
				 struct input *ret);
static enum taken read_csi(const char *s, size_t len, bool alt, struct input *ret);
static enum taken read_mouse(const unsigned params[PARAMS_MAX], bool press, struct input *ret);
static uint32_t modifiers_of(unsigned param);
static enum taken give_key(struct decode *d, size_t used, uint32_t key, struct input *ret);
static void drop(struct decode *d, size_t used);
static void forget_paste(struct decode *d);

void decode_init(struct decode *d, size_t paste_max)
{
	*d = (struct decode){ .paste_max = paste_max };
}

void decode_done(struct decode *d)
{
	forget_paste(d);
	secret_clear(d, sizeof *d);
}

void decode_learn(struct decode *d, const char *bytes, uint32_t key)
{
	struct decode_learnt *l = &d->learnt[d->learnt_count];

	/* One byte is a character or a control key already. */
	if (d->learnt_count == DECODE_LEARN_MAX || bytes[0] != ESC || !bytes[1] ||
	    strlen(bytes) >= sizeof l->bytes)
		return;
	g_strlcpy(l->bytes, bytes, sizeof l->bytes);
	l->key = key;
	d->learnt_count++;
}

size_t decode_room(const struct decode *d)
{
	return sizeof d->pending - d->len;
}

void decode_feed(struct decode *d, const void *bytes, size_t len)
{
	len = MIN(len, decode_room(d));
	memcpy(d->pending + d->len, bytes, len);
	d->len += len;
}

bool decode_is_waiting(const struct decode *d)
{
	return d->len > 0 && !d->pasting;
}

void decode_next(struct decode *d, bool final, struct input *ret)
{
	*ret = (struct input){ .kind = INPUT_NONE };
	if (!d->pasting)
		forget_paste(d);	/* lent out by the call before */
	while (d->len > 0 && take(d, final, ret) == TAKEN_SILENT)
		;
}

static enum taken take(struct decode *d, bool final, struct input *ret)
{
	enum taken t;

	if (d->pasting)
		return take_paste(d, ret);
	if (d->pending[0] != ESC)
		return take_character(d, 0, 0, final, ret);
	t = take_learnt(d, ret);
	return t == TAKEN_INPUT ? t : take_escape(d, final, ret);
}

/* Everything up to the closing sign is the paste's.  The tail that may be the beginning of
 * that sign stays pending. */
static enum taken take_paste(struct decode *d, struct input *ret)
{
	size_t sign = strlen(paste_end);
	const char *end = memmem(d->pending, d->len, paste_end, sign);
	size_t n = end ? (size_t)(end - d->pending) : d->len < sign ? 0 : d->len - sign + 1;
	size_t kept = MIN(n, d->paste_max - d->paste_len);

	if (d->paste_len + kept + 1 > d->paste_size) {
		/* Not realloc: what is left behind would not be wiped. */
		size_t size = MIN(2 * (d->paste_len + kept) + 256, d->paste_max + 1);
		char *larger = g_malloc(size);

		if (d->paste_len)
			memcpy(larger, d->paste, d->paste_len);
		if (d->paste)
			secret_clear(d->paste, d->paste_size);
		g_free(d->paste);
		d->paste = larger;
		d->paste_size = size;
	}
	memcpy(d->paste + d->paste_len, d->pending, kept);
	d->paste_len += kept;
	d->paste[d->paste_len] = '\0';
	d->paste_cut |= kept < n;
	if (!end) {
		drop(d, n);
		return TAKEN_NOTHING;
	}
	drop(d, n + sign);
	d->pasting = false;
	*ret = (struct input){ .kind = INPUT_PASTE,
			       .paste = { d->paste, d->paste_len, d->paste_cut } };
	return TAKEN_INPUT;
}

static enum taken take_learnt(struct decode *d, struct input *ret)
{
	for (size_t i = 0; i < d->learnt_count; i++) {
		size_t len = strlen(d->learnt[i].bytes);

		if (d->len >= len && memcmp(d->pending, d->learnt[i].bytes, len) == 0)
			return give_key(d, len, d->learnt[i].key, ret);
	}
	return TAKEN_NOTHING;
}

/* Esc, Alt with a key, or a sequence.  `at` stands behind the last Esc. */
static enum taken take_escape(struct decode *d, bool final, struct input *ret)
{
	bool alt = d->len > 1 && d->pending[1] == ESC;
	size_t at = alt ? 2 : 1;

	if (d->len <= at) {
		if (!final)
			return TAKEN_NOTHING;
		/* Esc pressed twice is two keys, not Alt with Esc. */
		return give_key(d, 1, K_ESC, ret);
	}
	if (d->pending[at] == '[')
		return take_csi(d, at + 1, alt, ret);
	if (d->pending[at] == 'O')
		return take_ss3(d, at + 1, alt, final, ret);
	if (alt)
		return give_key(d, 1, K_ESC, ret);
	if (d->pending[at] && strchr("]P_^", d->pending[at]) && (d->len > at + 1 || !final))
		return take_string(d, at + 1, final);
	return take_character(d, at, K_ALT, final, ret);
}

/* Waits for the end whatever the time: the rest of a torn "paste begins" must not come as
 * letters, and nobody misses Alt with '['. */
static enum taken take_csi(struct decode *d, size_t at, bool alt, struct input *ret)
{
	size_t end = at;
	enum taken t;

	if (d->len - at >= 1 && d->pending[at] == '[')
		end++;		/* the Linux console's F1 to F5: CSI [ A */
	while (end < d->len && end - at < SEQUENCE_MAX && d->pending[end] >= 0x20 &&
	       d->pending[end] < 0x40)
		end++;
	if (end == d->len)
		return TAKEN_NOTHING;
	if (end - at == SEQUENCE_MAX || d->pending[end] < 0x20) {
		drop(d, end);	/* broken off: what follows is something else */
		return TAKEN_SILENT;
	}
	if (!alt && end + 1 >= strlen(paste_begin) &&
	    memcmp(d->pending, paste_begin, strlen(paste_begin)) == 0) {
		drop(d, strlen(paste_begin));
		d->pasting = true;
		d->paste_cut = false;
		return TAKEN_SILENT;
	}
	t = read_csi(d->pending + at, end + 1 - at, alt, ret);
	drop(d, end + 1);
	return t;
}

/* s: what follows "CSI", with the final byte. */
static enum taken read_csi(const char *s, size_t len, bool alt, struct input *ret)
{
	unsigned params[PARAMS_MAX] = { 0 };
	size_t n = 0;
	char final = s[len - 1];
	bool mouse = len > 1 && s[0] == '<';
	uint32_t mods = alt ? K_ALT : 0;

	if (len == 2 && s[0] == '[') {
		if (final < 'A' || final > 'E')
			return TAKEN_SILENT;
		*ret = (struct input){ .kind = INPUT_KEY,
				       .key = (K_F1 + (uint32_t)(final - 'A')) | mods };
		return TAKEN_INPUT;
	}
	for (size_t i = mouse ? 1 : 0; i + 1 < len; i++)
		if (g_ascii_isdigit(s[i])) {
			params[n] = MIN(params[n] * 10 + (unsigned)(s[i] - '0'), 99999);
		} else if (s[i] != ';' || ++n == PARAMS_MAX) {
			return TAKEN_SILENT;
		}
	if (mouse)
		return final == 'M' ? read_mouse(params, true, ret) : TAKEN_SILENT;
	mods |= modifiers_of(params[1]);
	for (size_t i = 0; final != '~' && i < G_N_ELEMENTS(by_final); i++)
		if (by_final[i].final == final && final != 'M' && params[0] <= 1) {
			*ret = (struct input){ .kind = INPUT_KEY, .key = by_final[i].key | mods };
			return TAKEN_INPUT;
		}
	for (size_t i = 0; final == '~' && i < G_N_ELEMENTS(by_number); i++)
		if (by_number[i].number == params[0]) {
			*ret = (struct input){ .kind = INPUT_KEY,
					       .key = by_number[i].key | mods };
			return TAKEN_INPUT;
		}
	return TAKEN_SILENT;
}

/* xterm: 1 and the sum of Shift 1, Alt 2, Ctrl 4. */
static uint32_t modifiers_of(unsigned param)
{
	unsigned m = param ? param - 1 : 0;

	return (m & 1 ? K_SHIFT : 0) | (m & 2 ? K_ALT : 0) | (m & 4 ? K_CTRL : 0);
}

/* Only a plain left click and the wheel mean something; drags and releases do not. */
static enum taken read_mouse(const unsigned params[PARAMS_MAX], bool press, struct input *ret)
{
	static const struct {
		unsigned button;
		enum input_mouse what;
	} buttons[] = { { 0, MOUSE_PRESS }, { 64, MOUSE_WHEEL_UP }, { 65, MOUSE_WHEEL_DOWN } };

	if (!press || params[1] < 1 || params[2] < 1)
		return TAKEN_SILENT;
	for (size_t i = 0; i < G_N_ELEMENTS(buttons); i++)
		if (buttons[i].button == params[0]) {
			*ret = (struct input){ .kind = INPUT_MOUSE,
					       .mouse = { buttons[i].what, (int)params[2] - 1,
							  (int)params[1] - 1 } };
			return TAKEN_INPUT;
		}
	return TAKEN_SILENT;
}

/* Arrows and keypad in application mode: one letter follows; 'j' to 'y' stand for the digits
 * and signs 0x40 below them. */
static enum taken take_ss3(struct decode *d, size_t at, bool alt, bool final,
			   struct input *ret)
{
	uint32_t mods = alt ? K_ALT : 0;

	if (at == d->len) {
		if (!final)
			return TAKEN_NOTHING;
		return give_key(d, d->len, 'O' | K_ALT, ret);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(by_final); i++)
		if (by_final[i].final == d->pending[at])
			return give_key(d, at + 1, by_final[i].key | mods, ret);
	if (d->pending[at] >= 'j' && d->pending[at] <= 'y')
		return give_key(d, at + 1, ((uint32_t)d->pending[at] - 0x40) | mods, ret);
	drop(d, at + 1);
	return TAKEN_SILENT;
}

/* An answer of the terminal (OSC, DCS, APC, PM): up to BEL or ST, however long. */
static enum taken take_string(struct decode *d, size_t at, bool final)
{
	for (size_t i = at; i < d->len; i++) {
		if (d->pending[i] == '\a') {
			drop(d, i + 1);
			return TAKEN_SILENT;
		}
		if (d->pending[i] == ESC && i + 1 < d->len) {
			drop(d, i + (d->pending[i + 1] == '\\' ? 2 : 0));
			return TAKEN_SILENT;
		}
	}
	if (!final && d->len < sizeof d->pending)
		return TAKEN_NOTHING;
	drop(d, d->len);
	return TAKEN_SILENT;
}

static enum taken take_character(struct decode *d, size_t at, uint32_t mods, bool final,
				 struct input *ret)
{
	const char *s = d->pending + at;
	unsigned char first = (unsigned char)*s;
	gunichar c;

	switch (first) {
	case '\t':
		return give_key(d, at + 1, K_TAB | mods, ret);
	case '\r':
	case '\n':
		return give_key(d, at + 1, K_ENTER | mods, ret);
	case '\b':
	case 0x7f:
		return give_key(d, at + 1, K_BACKSPACE | mods, ret);
	case 0:
		return give_key(d, at + 1, ' ' | K_CTRL | mods, ret);
	}
	if (first < 0x1b)
		return give_key(d, at + 1, (first + 'a' - 1u) | K_CTRL | mods, ret);
	if (first < 0x20)
		return give_key(d, at + 1, (first + '@') | K_CTRL | mods, ret);
	c = g_utf8_get_char_validated(s, (gssize)(d->len - at));
	if (c == (gunichar)-2 && !final)
		return TAKEN_NOTHING;
	if (c == (gunichar)-1 || c == (gunichar)-2 || g_unichar_iscntrl(c)) {
		drop(d, at + 1);	/* not UTF-8 */
		return TAKEN_SILENT;
	}
	return give_key(d, at + (size_t)(g_utf8_next_char(s) - s), c | mods, ret);
}

static enum taken give_key(struct decode *d, size_t used, uint32_t key, struct input *ret)
{
	drop(d, used);
	*ret = (struct input){ .kind = INPUT_KEY, .key = key };
	return TAKEN_INPUT;
}

static void drop(struct decode *d, size_t used)
{
	memmove(d->pending, d->pending + used, d->len - used);
	secret_clear(d->pending + d->len - used, used);
	d->len -= used;
}

static void forget_paste(struct decode *d)
{
	if (d->paste)
		secret_clear(d->paste, d->paste_size);
	g_free(d->paste);
	d->paste = NULL;
	d->paste_len = d->paste_size = 0;
}
