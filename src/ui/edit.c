/*
 * edit: one line of input.
 *
 * The bytes are always valid UTF-8 and the cursor always stands between two whole characters
 * (a base with its combining marks), so drawing and cutting need not look twice.
 */
#include "edit.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#include "sign.h"
#include "term.h"

typedef enum edit_result key_fn(struct edit *e);

static key_fn left, right, word_left, word_right, home, end;
static key_fn erase_left, erase_right, cut_word_left, cut_word_right, cut_left, cut_right;
static key_fn put_back, swap, older, newer;

static const struct {
	uint32_t key;
	key_fn *what;
} keys[] = {
	{ K_LEFT, left },		  { 'b' | K_CTRL, left },
	{ K_RIGHT, right },		  { 'f' | K_CTRL, right },
	{ K_LEFT | K_CTRL, word_left },	  { 'b' | K_ALT, word_left },
	{ K_RIGHT | K_CTRL, word_right }, { 'f' | K_ALT, word_right },
	{ K_HOME, home },		  { 'a' | K_CTRL, home },
	{ K_END, end },			  { 'e' | K_CTRL, end },
	{ K_BACKSPACE, erase_left },
	{ K_DEL, erase_right },		  { 'd' | K_CTRL, erase_right },
	{ 'w' | K_CTRL, cut_word_left },  { K_BACKSPACE | K_ALT, cut_word_left },
	{ 'd' | K_ALT, cut_word_right },
	{ 'u' | K_CTRL, cut_left },	  { 'k' | K_CTRL, cut_right },
	{ 'y' | K_CTRL, put_back },	  { 't' | K_CTRL, swap },
	{ K_UP, older },		  { 'p' | K_CTRL, older },
	{ K_DOWN, newer },		  { 'n' | K_CTRL, newer },
};

static void set_up(struct edit *e, size_t max);
static enum edit_result take_key(struct edit *e, uint32_t key);
static enum edit_result take_paste(struct edit *e, const char *bytes, size_t len, bool cut);
static enum edit_result insert(struct edit *e, const char *bytes, size_t len);
static bool can_stand(const struct edit *e, const char *bytes, size_t len);
static enum edit_result remove_between(struct edit *e, size_t from, size_t to, bool keep);
static enum edit_result show_history(struct edit *e, guint back);
static size_t before(const struct edit *e, size_t at);
static size_t after(const struct edit *e, size_t at);
static size_t word_before(const struct edit *e, size_t at);
static size_t word_after(const struct edit *e, size_t at);
static bool in_word(const struct edit *e, size_t at);
static int width_between(const struct edit *e, size_t from, size_t to);
static void scroll(struct edit *e, int cells);
static void append_shown(GString *out, const struct edit *e, int cells);

void edit_init(struct edit *e, size_t max, struct edit_history *history)
{
	*e = (struct edit){ .history = history };
	set_up(e, max);
	e->bytes = g_malloc0(e->max + 1);
}

bool edit_init_masked(struct edit *e, size_t max, GError **error)
{
	static const char blank[EDIT_MAX];
	struct edit fresh = { 0 };

	set_up(&fresh, max);
	fresh.secret = secret_new(blank, fresh.max);
	if (!fresh.secret) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "there is no protected memory left for what you are about to type; "
			    "close other forms and try again");
		return false;
	}
	fresh.bytes = fresh.secret->bytes;
	*e = fresh;
	return true;
}

static void set_up(struct edit *e, size_t max)
{
	g_assert(max > 0 && max <= EDIT_MAX);
	e->max = max;
}

void edit_done(struct edit *e)
{
	if (!e)
		return;
	if (e->secret)
		secret_free(e->secret);
	else
		g_free(e->bytes);
	g_free(e->cut);
	g_free(e->draft);
	*e = (struct edit){ 0 };
}

void edit_history_add(struct edit_history *h, const char *line)
{
	if (!*line)
		return;
	if (!h->lines)
		h->lines = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < h->lines->len; i++)
		if (strcmp(h->lines->pdata[i], line) == 0)
			g_ptr_array_remove_index(h->lines, i--);
	if (h->lines->len == EDIT_HISTORY_MAX)
		g_ptr_array_remove_index(h->lines, 0);
	g_ptr_array_add(h->lines, g_strdup(line));
}

void edit_history_done(struct edit_history *h)
{
	g_clear_pointer(&h->lines, g_ptr_array_unref);
}

const char *edit_text(const struct edit *e)
{
	return e->secret ? "" : e->bytes;
}

bool edit_is_empty(const struct edit *e)
{
	return e->len == 0;
}

size_t edit_at(const struct edit *e)
{
	return e->at;
}

bool edit_set(struct edit *e, const char *text)
{
	if (e->secret)
		return false;
	e->at = e->len;
	return edit_replace(e, 0, text);
}

bool edit_replace(struct edit *e, size_t start, const char *text)
{
	size_t len, room;

	if (e->secret)
		return false;
	remove_between(e, MIN(start, e->at), e->at, false);
	len = strlen(text);
	room = e->max - e->len;
	if (len > room) {
		len = room;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return insert(e, text, len) != EDIT_REFUSED && !text[len];
}

struct secret *edit_take_secret(struct edit *e)
{
	struct secret *taken = secret_new(e->bytes, e->len);

	secret_clear(e->bytes, e->max);
	e->len = e->at = e->from = 0;
	return taken;
}

struct secret *edit_dup_secret(const struct edit *e)
{
	return secret_new(e->bytes, e->len);
}

enum edit_result edit_input(struct edit *e, const struct input *in)
{
	if (in->kind == INPUT_KEY)
		return take_key(e, in->key);
	if (in->kind == INPUT_PASTE)
		return take_paste(e, in->paste.bytes, in->paste.len, in->paste.cut);
	return EDIT_IGNORED;
}

static enum edit_result take_key(struct edit *e, uint32_t key)
{
	char bytes[6];

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].key == key)
			return keys[i].what(e);
	if (!key_is_text(key))
		return EDIT_IGNORED;
	return insert(e, bytes, (size_t)g_unichar_to_utf8(key, bytes));
}

/* Several secrets, one a line. */
static enum edit_result insert_lines(struct edit *e, const char *bytes, size_t len)
{
	g_autoptr(secret) line = secret_new(bytes, len);

	for (size_t i = 0; line && i < len; i++)
		if (line->bytes[i] && strchr("\r\n\t", line->bytes[i]))
			line->bytes[i] = ' ';
	return line ? insert(e, line->bytes, len) : EDIT_REFUSED;
}

static enum edit_result take_paste(struct edit *e, const char *bytes, size_t len, bool cut)
{
	g_autoptr(GString) line = NULL;

	if (len && bytes[len - 1] == '\n')
		len--;
	if (len && bytes[len - 1] == '\r')
		len--;
	if (cut || len > e->max - e->len)
		return EDIT_REFUSED;
	if (e->secret)
		return e->takes_lines ? insert_lines(e, bytes, len) : insert(e, bytes, len);
	line = g_string_new_len(bytes, (gssize)len);
	for (size_t i = 0; i < len; i++)
		if (line->str[i] && strchr("\r\n\t", line->str[i]))
			line->str[i] = ' ';
	text_harmless(line, line->str, len, EDIT_MAX);
	return insert(e, line->str + len, line->len - len);
}

/* The one gate: what does not fit or cannot stand in a line is refused whole. */
static enum edit_result insert(struct edit *e, const char *bytes, size_t len)
{
	if (len > e->max - e->len || !can_stand(e, bytes, len))
		return EDIT_REFUSED;
	memmove(e->bytes + e->at + len, e->bytes + e->at, e->len - e->at);
	memcpy(e->bytes + e->at, bytes, len);
	e->len += len;
	e->bytes[e->len] = '\0';
	e->at += len;
	return len ? EDIT_CHANGED : EDIT_MOVED;
}

/* Whether the line would still be harmless; of a passphrase only that it is one line of text. */
static bool can_stand(const struct edit *e, const char *bytes, size_t len)
{
	g_autoptr(GString) line = NULL, harmless = NULL;

	if (!g_utf8_validate(bytes, (gssize)len, NULL))
		return false;
	if (e->secret) {
		for (const char *c = bytes; c < bytes + len; c = g_utf8_next_char(c))
			if (g_unichar_iscntrl(g_utf8_get_char(c)))
				return false;
		return true;
	}
	line = g_string_new_len(e->bytes, (gssize)e->at);
	g_string_append_len(line, bytes, (gssize)len);
	g_string_append(line, e->bytes + e->at);
	harmless = g_string_sized_new(line->len);
	text_harmless(harmless, line->str, line->len, 2 * EDIT_MAX);
	return g_string_equal(line, harmless);
}

static enum edit_result remove_between(struct edit *e, size_t from, size_t to, bool keep)
{
	if (from == to)
		return EDIT_MOVED;
	if (keep && !e->secret) {
		g_free(e->cut);
		e->cut = g_strndup(e->bytes + from, to - from);
	}
	memmove(e->bytes + from, e->bytes + to, e->len - to);
	secret_clear(e->bytes + e->len - (to - from), to - from);
	e->len -= to - from;
	e->bytes[e->len] = '\0';
	e->at = from;
	return EDIT_CHANGED;
}

static enum edit_result left(struct edit *e)
{
	e->at = before(e, e->at);
	return EDIT_MOVED;
}

static enum edit_result right(struct edit *e)
{
	e->at = after(e, e->at);
	return EDIT_MOVED;
}

static enum edit_result word_left(struct edit *e)
{
	e->at = word_before(e, e->at);
	return EDIT_MOVED;
}

static enum edit_result word_right(struct edit *e)
{
	e->at = word_after(e, e->at);
	return EDIT_MOVED;
}

static enum edit_result home(struct edit *e)
{
	e->at = 0;
	return EDIT_MOVED;
}

static enum edit_result end(struct edit *e)
{
	e->at = e->len;
	return EDIT_MOVED;
}

static enum edit_result erase_left(struct edit *e)
{
	return remove_between(e, before(e, e->at), e->at, false);
}

static enum edit_result erase_right(struct edit *e)
{
	return remove_between(e, e->at, after(e, e->at), false);
}

static enum edit_result cut_word_left(struct edit *e)
{
	return remove_between(e, word_before(e, e->at), e->at, true);
}

static enum edit_result cut_word_right(struct edit *e)
{
	return remove_between(e, e->at, word_after(e, e->at), true);
}

static enum edit_result cut_left(struct edit *e)
{
	return remove_between(e, 0, e->at, true);
}

static enum edit_result cut_right(struct edit *e)
{
	return remove_between(e, e->at, e->len, true);
}

static enum edit_result put_back(struct edit *e)
{
	return e->cut ? insert(e, e->cut, strlen(e->cut)) : EDIT_MOVED;
}

/* The character before the cursor and the one at it; at the end the last two. */
static enum edit_result swap(struct edit *e)
{
	size_t middle = e->at == e->len ? before(e, e->at) : e->at;
	size_t from = before(e, middle), to = after(e, middle);
	char second[EDIT_MAX];

	if (from == middle || to == middle)
		return EDIT_MOVED;
	memcpy(second, e->bytes + middle, to - middle);
	memmove(e->bytes + from + (to - middle), e->bytes + from, middle - from);
	memcpy(e->bytes + from, second, to - middle);
	secret_clear(second, to - middle);
	e->at = to;
	return EDIT_CHANGED;
}

static enum edit_result older(struct edit *e)
{
	if (!e->history)
		return EDIT_IGNORED;
	return show_history(e, e->back + 1);
}

static enum edit_result newer(struct edit *e)
{
	if (!e->history)
		return EDIT_IGNORED;
	return e->back ? show_history(e, e->back - 1) : EDIT_MOVED;
}

static enum edit_result show_history(struct edit *e, guint back)
{
	guint n = e->history->lines ? e->history->lines->len : 0;

	if (back > n)
		return EDIT_MOVED;
	if (e->back == 0) {
		g_free(e->draft);
		e->draft = g_strdup(e->bytes);
	}
	e->back = back;
	edit_set(e, back ? e->history->lines->pdata[n - back] : e->draft);
	return EDIT_CHANGED;
}

/* The start of the character before `at`, over its combining marks. */
static size_t before(const struct edit *e, size_t at)
{
	while (at > 0) {
		at = (size_t)(g_utf8_prev_char(e->bytes + at) - e->bytes);
		if (!g_unichar_iszerowidth(g_utf8_get_char(e->bytes + at)))
			break;
	}
	return at;
}

static size_t after(const struct edit *e, size_t at)
{
	if (at < e->len)
		at = (size_t)(g_utf8_next_char(e->bytes + at) - e->bytes);
	while (at < e->len && g_unichar_iszerowidth(g_utf8_get_char(e->bytes + at)))
		at = (size_t)(g_utf8_next_char(e->bytes + at) - e->bytes);
	return at;
}

/* Where words are is nobody's business in a passphrase: there it goes to the ends. */
static size_t word_before(const struct edit *e, size_t at)
{
	if (e->secret)
		return 0;
	while (at > 0 && !in_word(e, before(e, at)))
		at = before(e, at);
	while (at > 0 && in_word(e, before(e, at)))
		at = before(e, at);
	return at;
}

static size_t word_after(const struct edit *e, size_t at)
{
	if (e->secret)
		return e->len;
	while (at < e->len && !in_word(e, at))
		at = after(e, at);
	while (at < e->len && in_word(e, at))
		at = after(e, at);
	return at;
}

static bool in_word(const struct edit *e, size_t at)
{
	return g_unichar_isalnum(g_utf8_get_char(e->bytes + at));
}

void edit_draw(struct edit *e, int y, int x, int cells, enum role role, bool focused)
{
	g_autoptr(GString) shown = g_string_new(NULL);

	if (cells <= 0)
		return;
	scroll(e, cells);
	append_shown(shown, e, cells);
	term_text(y, x, cells, role, shown->str);
	if (e->from > 0)	/* over the whole first character, which may be a wide one */
		term_text(y, x, width_between(e, e->from, after(e, e->from)), role,
			  sign_text(SIGN_more));
	if (focused)
		term_cursor(y, x + MIN(width_between(e, e->from, e->at), cells - 1));
}

/* Keeps the cursor in sight, a cell away from an end where text goes on, and shows as much as
 * there is room for. */
static void scroll(struct edit *e, int cells)
{
	int last = e->at < e->len && cells > 2 ? cells - 2 : cells - 1;

	e->from = MIN(e->from, e->len);
	if (e->at <= e->from)
		e->from = before(e, e->at);
	while (e->from < e->at && width_between(e, e->from, e->at) > last)
		e->from = after(e, e->from);
	while (e->from > 0 && width_between(e, before(e, e->from), e->len) < cells)
		e->from = before(e, e->from);
}

static void append_shown(GString *out, const struct edit *e, int cells)
{
	if (!e->secret) {
		text_fit(out, e->bytes + e->from, cells, ALIGN_LEFT);
		return;
	}
	for (size_t at = e->from; at < e->len && cells-- > 0; at = after(e, at))
		g_string_append(out, sign_text(SIGN_secret));
}

static int width_between(const struct edit *e, size_t from, size_t to)
{
	int cells = 0;

	if (from >= to)
		return 0;
	if (!e->secret)
		return text_width(e->bytes + from, (gssize)(to - from));
	for (; from < to; from = after(e, from))
		cells++;
	return cells;
}
