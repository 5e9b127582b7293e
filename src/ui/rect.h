/*
 * rect: a piece of the window, and how to cut strips off it.
 *
 * A layout is a handful of cuts: each takes a strip off one side of *rest, makes *rest
 * smaller and returns the strip.  Cutting more than there is gives what there is; a strip
 * of nothing has zero rows or columns, and drawing into it draws nothing.
 */
#ifndef CERTTY_UI_RECT_H
#define CERTTY_UI_RECT_H

#include <stdbool.h>

struct rect {
	int y, x, rows, cols;
};

static inline int rect_clamp(int n, int most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

static inline struct rect rect_cut_top(struct rect *rest, int rows)
{
	struct rect cut = *rest;

	cut.rows = rect_clamp(rows, rest->rows);
	rest->y += cut.rows;
	rest->rows -= cut.rows;
	return cut;
}

static inline struct rect rect_cut_bottom(struct rect *rest, int rows)
{
	struct rect cut = *rest;

	cut.rows = rect_clamp(rows, rest->rows);
	rest->rows -= cut.rows;
	cut.y = rest->y + rest->rows;
	return cut;
}

static inline struct rect rect_cut_left(struct rect *rest, int cols)
{
	struct rect cut = *rest;

	cut.cols = rect_clamp(cols, rest->cols);
	rest->x += cut.cols;
	rest->cols -= cut.cols;
	return cut;
}

static inline struct rect rect_cut_right(struct rect *rest, int cols)
{
	struct rect cut = *rest;

	cut.cols = rect_clamp(cols, rest->cols);
	rest->cols -= cut.cols;
	cut.x = rest->x + rest->cols;
	return cut;
}

/* A rectangle of this size in the middle of `of`, as far as it fits: for forms and questions. */
static inline struct rect rect_centre(const struct rect *of, int rows, int cols)
{
	struct rect r;

	r.rows = rect_clamp(rows, of->rows);
	r.cols = rect_clamp(cols, of->cols);
	r.y = of->y + (of->rows - r.rows) / 2;
	r.x = of->x + (of->cols - r.cols) / 2;
	return r;
}

static inline bool rect_is_empty(const struct rect *r)
{
	return r->rows <= 0 || r->cols <= 0;
}

/* Whether a click at (y,x) is inside. */
static inline bool rect_has(const struct rect *r, int y, int x)
{
	return y >= r->y && y < r->y + r->rows && x >= r->x && x < r->x + r->cols;
}

#endif
