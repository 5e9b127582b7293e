/*
 * key: names of keys, both ways.
 *
 * One table says what every key that is no character is called; the rest of the file is how
 * modifiers are put before a name, and which combinations are one and the same to a terminal.
 */
#include "key.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#define SHOWN_MAX 80	/* bytes of a wrong name that an error repeats */

struct name {
	const char *name;
	uint32_t key;
};

/* The first name of a key is the one that is said; the others are understood. */
static const struct name names[] = {
	{ "Up", K_UP },		{ "Down", K_DOWN },	{ "Left", K_LEFT },
	{ "Right", K_RIGHT },	{ "Home", K_HOME },	{ "End", K_END },
	{ "PgUp", K_PGUP },	{ "PgDn", K_PGDN },	{ "Ins", K_INS },
	{ "Del", K_DEL },	{ "Tab", K_TAB },	{ "Enter", K_ENTER },
	{ "Esc", K_ESC },	{ "Backspace", K_BACKSPACE }, { "Space", ' ' },
	{ "PageUp", K_PGUP },	{ "PageDown", K_PGDN },	{ "Insert", K_INS },
	{ "Delete", K_DEL },	{ "Return", K_ENTER },	{ "Escape", K_ESC },
};

static const struct {
	char letter;
	uint32_t bit;
} modifiers[] = {
	{ 'C', K_CTRL },
	{ 'M', K_ALT },
	{ 'S', K_SHIFT },
};

/* With Ctrl these characters send what another key sends. */
static const struct {
	char with_ctrl;
	uint32_t is;
} same[] = {
	{ 'i', K_TAB },		{ 'm', K_ENTER },	{ 'j', K_ENTER },
	{ '[', K_ESC },		{ 'h', K_BACKSPACE },	{ '?', K_BACKSPACE },
	{ '@', ' ' | K_CTRL },	{ '/', '_' | K_CTRL },
};

/* A name that is being read, and where it stands in what the person wrote. */
struct reading {
	const char *all;	/* for the message */
	gssize all_len;
	const char *at, *end;
};

static bool fail(const struct reading *r, GError **error, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static bool read_key(struct reading *r, uint32_t *ret, GError **error);
static uint32_t read_modifiers(struct reading *r);
static bool read_code(struct reading *r, uint32_t *ret, GError **error);
static bool read_code_point(const char *s, size_t len, uint32_t *ret);
static bool join(const struct reading *r, uint32_t mods, uint32_t code, uint32_t *ret,
		 GError **error);
static bool can_be_drawn(uint32_t c);

bool key_parse(const char *name, gssize len, uint32_t *ret, GError **error)
{
	gssize n = len < 0 ? (gssize)strlen(name) : len;
	struct reading r = { .all = name, .all_len = n, .at = name, .end = name + n };

	if (!g_utf8_validate(name, n, NULL)) {
		g_set_error(error, ERR, ERR_FORMAT, "the name of a key is not UTF-8");
		return false;
	}
	return read_key(&r, ret, error);
}

bool key_parse_list(const char *names_of, uint32_t *ret, size_t max, size_t *ret_count,
		    GError **error)
{
	struct reading r = { .all = names_of, .all_len = (gssize)strlen(names_of),
			     .at = names_of };
	g_autofree uint32_t *found = g_new(uint32_t, max + 1);
	size_t count = 0;

	if (!g_utf8_validate(names_of, -1, NULL)) {
		g_set_error(error, ERR, ERR_FORMAT, "the names of keys are not UTF-8");
		return false;
	}
	while (*(r.at += strspn(r.at, " \t"))) {
		const char *end = r.at + strcspn(r.at, " \t");

		r.end = end;
		if (count == max)
			return fail(&r, error, "more than %zu keys", max);
		if (!read_key(&r, &found[count++], error))
			return false;
		r.at = end;
	}
	if (count)
		memcpy(ret, found, count * sizeof *ret);
	*ret_count = count;
	return true;
}

static bool read_key(struct reading *r, uint32_t *ret, GError **error)
{
	uint32_t mods = read_modifiers(r);
	const struct reading whole = *r;
	uint32_t code = 0;

	return read_code(r, &code, error) && join(&whole, mods, code, ret, error);
}

static bool fail(const struct reading *r, GError **error, const char *format, ...)
{
	g_autoptr(GString) what = g_string_new(NULL);
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	text_harmless(what, r->all, (size_t)r->all_len, SHOWN_MAX);
	g_set_error(error, ERR, ERR_FORMAT, "%s: %s (at character %ld)", what->str, why,
		    g_utf8_pointer_to_offset(r->all, r->at) + 1);
	return false;
}

static uint32_t read_modifiers(struct reading *r)
{
	uint32_t mods = 0;

	/* A '-' counts only with something after it: "C--" is Ctrl and the minus sign. */
	for (size_t i = 0; i < G_N_ELEMENTS(modifiers) && r->end - r->at > 2 && r->at[1] == '-';)
		if (r->at[0] == modifiers[i].letter && !(mods & modifiers[i].bit)) {
			mods |= modifiers[i].bit;
			r->at += 2;
			i = 0;
		} else {
			i++;
		}
	return mods;
}

static bool read_code(struct reading *r, uint32_t *ret, GError **error)
{
	size_t len = (size_t)(r->end - r->at);
	uint32_t c;

	if (len == 0)
		return fail(r, error, "a key is missing");
	c = g_utf8_get_char(r->at);
	if (g_utf8_next_char(r->at) == r->end) {
		if (!can_be_drawn(c))
			return fail(r, error, "a key is named by a character that can be seen");
		*ret = c;
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i].name) == len &&
		    g_ascii_strncasecmp(names[i].name, r->at, len) == 0) {
			*ret = names[i].key;
			return true;
		}
	if (g_ascii_toupper(r->at[0]) == 'F' && len <= 3 && g_ascii_isdigit(r->at[1]) &&
	    r->at[1] != '0' && (len == 2 || g_ascii_isdigit(r->at[2]))) {
		unsigned n = (unsigned)(r->at[1] - '0');

		if (len == 3)
			n = n * 10 + (unsigned)(r->at[2] - '0');
		if (n <= 24) {
			*ret = K_F(n);
			return true;
		}
	}
	if (read_code_point(r->at, len, ret))
		return true;
	return fail(r, error, "there is no key of this name");
}

/* "U+00AD": for characters that cannot be seen, so that every key has a name. */
static bool read_code_point(const char *s, size_t len, uint32_t *ret)
{
	uint32_t c = 0;

	if (len < 6 || len > 8 || s[0] != 'U' || s[1] != '+')
		return false;
	for (size_t i = 2; i < len; i++) {
		if (!g_ascii_isxdigit(s[i]))
			return false;
		c = c * 16 + (uint32_t)g_ascii_xdigit_value(s[i]);
	}
	if (!g_unichar_validate(c) || g_unichar_iscntrl(c))
		return false;
	*ret = c;
	return true;
}

static bool join(const struct reading *r, uint32_t mods, uint32_t code, uint32_t *ret,
		 GError **error)
{
	if (code < K_UP && mods & K_SHIFT) {
		uint32_t upper = g_unichar_toupper(code);

		if (upper == code && !g_unichar_isupper(code))
			return fail(r, error, "Shift makes another character of this one; "
					      "name that");
		code = upper;
		mods &= ~K_SHIFT;
	}
	if (code < K_UP && mods & K_CTRL) {
		code = code < 0x80 ? (uint32_t)g_ascii_tolower((char)code) : code;
		for (size_t i = 0; i < G_N_ELEMENTS(same); i++)
			if (code == (uint32_t)same[i].with_ctrl) {
				*ret = same[i].is | (mods & ~K_CTRL);
				return true;
			}
		if (code != ' ' && !(code >= 'a' && code <= 'z') &&
		    !(code < 0x80 && strchr("\\]^_", (int)code)))
			return fail(r, error, "terminals cannot send Ctrl with this character");
	}
	*ret = code | mods;
	return true;
}

void key_say(GString *out, uint32_t key)
{
	uint32_t code = key & K_CODE;

	for (size_t i = 0; i < G_N_ELEMENTS(modifiers); i++)
		if (key & modifiers[i].bit) {
			g_string_append_c(out, modifiers[i].letter);
			g_string_append_c(out, '-');
		}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].key == code) {
			g_string_append(out, names[i].name);
			return;
		}
	if (code >= K_F1 && code <= K_F24)
		g_string_append_printf(out, "F%u", (unsigned)(code - K_F1 + 1));
	else if (can_be_drawn(code))
		g_string_append_unichar(out, code);
	else
		g_string_append_printf(out, "U+%04X", (unsigned)code);
}

static bool can_be_drawn(uint32_t c)
{
	return g_unichar_isgraph(c) && !g_unichar_iszerowidth(c);
}
