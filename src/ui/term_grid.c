/*
 * term_grid: the terminal as a grid of cells, for tests of everything that draws.
 */
#include "term_grid.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#include "sign.h"
#include "term.h"

#define ROWS_MAX 200
#define COLS_MAX 400
#define CELL_MAX 24	/* bytes: a character and its combining marks */

struct cell {
	char bytes[CELL_MAX];	/* "": the second half of a wide character */
	enum role role;
};

struct screen {
	struct cell cell[ROWS_MAX][COLS_MAX];
	int cursor_y, cursor_x;
};

static struct {
	int rows, cols;
	bool open, mouse;
	struct screen next, shown;
	unsigned frames, changed, bells, suspends;
	GQueue inputs;		/* of struct input * */
	char *lent;		/* the bytes of the last paste that was read */
	char *title, *copied;
} grid = { .rows = 24, .cols = 80, .inputs = G_QUEUE_INIT };

static void put(int y, int x, enum role role, const char *bytes, size_t len, int cells);
static void feed(const struct input *in);
static char *dump(int first, int rows, bool roles);

bool term_open(const struct term_options *options, GError **error)
{
	(void)error;
	grid.open = true;
	grid.mouse = options->mouse;
	grid.frames = grid.changed = grid.bells = grid.suspends = 0;
	memset(&grid.shown, 0, sizeof grid.shown);
	return true;
}

void term_close(void)
{
	struct input *in;

	grid.open = false;
	while ((in = g_queue_pop_head(&grid.inputs))) {
		if (in->kind == INPUT_PASTE)
			g_free((char *)in->paste.bytes);
		g_free(in);
	}
	g_clear_pointer(&grid.lent, g_free);
	g_clear_pointer(&grid.title, g_free);
	g_clear_pointer(&grid.copied, g_free);
}

char *term_take_notice(void)
{
	return NULL;
}

void term_size(int *ret_rows, int *ret_cols)
{
	*ret_rows = grid.rows;
	*ret_cols = grid.cols;
}

void term_resized(void)
{
}

void term_spoiled(void)
{
}

int term_colours(void)
{
	return 0;
}

void term_set_theme(const struct theme *theme)
{
	(void)theme;
}

void term_begin(void)
{
	term_fill(0, 0, grid.rows, grid.cols, ROLE_text);
}

void term_text(int y, int x, int cells, enum role role, const char *text)
{
	int end = cells < 0 ? grid.cols : MIN(x + cells, grid.cols);

	while (*text && x < end) {
		const char *next = g_utf8_next_char(text);
		int width;

		while (*next && g_unichar_iszerowidth(g_utf8_get_char(next)))
			next = g_utf8_next_char(next);
		width = MAX(text_width(text, next - text), 1);
		if (x + width > end)
			break;
		put(y, x, role, text, (size_t)(next - text), width);
		x += width;
		text = next;
	}
	if (cells >= 0 && x < end)
		term_fill(y, x, 1, end - x, role);
}

static void put(int y, int x, enum role role, const char *bytes, size_t len, int cells)
{
	struct cell *row;

	if (y < 0 || y >= grid.rows || x < 0 || x + cells > grid.cols)
		return;
	row = grid.next.cell[y];
	/* Half of a wide character cannot stay behind. */
	if (!row[x].bytes[0] && x > 0)
		g_strlcpy(row[x - 1].bytes, " ", CELL_MAX);
	if (x + cells < grid.cols && !row[x + cells].bytes[0])
		g_strlcpy(row[x + cells].bytes, " ", CELL_MAX);
	for (int i = 0; i < cells; i++)
		row[x + i] = (struct cell){ .role = role };
	memcpy(row[x].bytes, bytes, MIN(len, CELL_MAX - 1));
}

void term_fill(int y, int x, int rows, int cols, enum role role)
{
	for (int i = y; i < y + rows; i++)
		for (int j = x; j < x + cols; j++)
			put(i, j, role, " ", 1, 1);
}

void term_rule(int y, int x, int cells)
{
	for (int i = 0; i < cells; i++)
		term_text(y, x + i, 1, ROLE_rule, sign_text(SIGN_rule));
}

void term_cursor(int y, int x)
{
	grid.next.cursor_y = CLAMP(y, 0, grid.rows - 1);
	grid.next.cursor_x = CLAMP(x, 0, grid.cols - 1);
}

void term_end(void)
{
	grid.frames++;
	if (memcmp(&grid.next, &grid.shown, sizeof grid.next) != 0)
		grid.changed++;
	grid.shown = grid.next;
}

int term_fd(void)
{
	return -1;
}

void term_read(struct input *ret)
{
	struct input *in = g_queue_pop_head(&grid.inputs);

	g_clear_pointer(&grid.lent, g_free);
	*ret = in ? *in : (struct input){ .kind = INPUT_NONE };
	if (in && in->kind == INPUT_PASTE)
		grid.lent = (char *)in->paste.bytes;
	g_free(in);
}

void term_bell(void)
{
	grid.bells++;
}

void term_set_mouse(bool on)
{
	grid.mouse = on;
}

bool term_has_mouse(void)
{
	return grid.mouse;
}

void term_title(const char *title)
{
	g_free(grid.title);
	grid.title = g_strdup(title);
}

bool term_copy(const void *bytes, size_t len, size_t *ret_sent, GError **error)
{
	if (len > TERM_COPY_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "too much to copy");
		return false;
	}
	g_free(grid.copied);
	grid.copied = g_strndup(bytes, len);
	*ret_sent = len;
	return true;
}

void term_suspend(void)
{
	grid.suspends++;
}

void term_grid_resize(int rows, int cols)
{
	const struct input in = { .kind = INPUT_RESIZE };

	g_assert(rows > 0 && rows <= ROWS_MAX && cols > 0 && cols <= COLS_MAX);
	grid.rows = rows;
	grid.cols = cols;
	memset(&grid.next, 0, sizeof grid.next);
	memset(&grid.shown, 0, sizeof grid.shown);
	if (grid.open)
		feed(&in);
}

static void feed(const struct input *in)
{
	g_queue_push_tail(&grid.inputs, g_memdup2(in, sizeof *in));
}

void term_grid_feed_keys(const char *names)
{
	uint32_t keys[200];
	size_t n = 0;
	g_autoptr(GError) error = NULL;

	key_parse_list(names, keys, G_N_ELEMENTS(keys), &n, &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < n; i++)
		feed(&(struct input){ .kind = INPUT_KEY, .key = keys[i] });
}

void term_grid_feed_paste(const void *bytes, size_t len)
{
	char *copy = g_malloc(len + 1);

	memcpy(copy, bytes, len);
	copy[len] = '\0';
	feed(&(struct input){ .kind = INPUT_PASTE, .paste = { copy, len, false } });
}

void term_grid_feed_click(int y, int x)
{
	feed(&(struct input){ .kind = INPUT_MOUSE, .mouse = { MOUSE_PRESS, y, x } });
}

void term_grid_feed_wheel(int y, int x, bool up)
{
	feed(&(struct input){ .kind = INPUT_MOUSE,
			      .mouse = { up ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN, y, x } });
}

char *term_grid_text(void)
{
	return dump(0, grid.rows, false);
}

char *term_grid_roles(void)
{
	return dump(0, grid.rows, true);
}

char *term_grid_text_line(int y)
{
	return dump(y, 1, false);
}

char *term_grid_roles_line(int y)
{
	return dump(y, 1, true);
}

static char *dump(int first, int rows, bool roles)
{
	GString *out = g_string_new(NULL);

	for (int y = first; y < first + rows; y++) {
		for (int x = 0; x < grid.cols; x++) {
			const struct cell *c = &grid.shown.cell[y][x];

			if (roles)
				g_string_append_c(out, theme_role(c->role)->letter);
			else
				g_string_append(out, c->bytes);
		}
		while (!roles && out->len && out->str[out->len - 1] == ' ')
			g_string_truncate(out, out->len - 1);
		if (rows > 1)
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

void term_grid_cursor(int *ret_y, int *ret_x)
{
	*ret_y = grid.shown.cursor_y;
	*ret_x = grid.shown.cursor_x;
}

unsigned term_grid_frames(void)
{
	return grid.frames;
}

unsigned term_grid_changed_frames(void)
{
	return grid.changed;
}

unsigned term_grid_bells(void)
{
	return grid.bells;
}

unsigned term_grid_suspends(void)
{
	return grid.suspends;
}

const char *term_grid_title(void)
{
	return grid.title;
}

const char *term_grid_copied(void)
{
	return grid.copied;
}
