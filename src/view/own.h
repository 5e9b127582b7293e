/*
 * own: what the view files share: cells of times and words, and reaching an item.
 */
#ifndef CERTTY_VIEW_OWN_H
#define CERTTY_VIEW_OWN_H

#include <certty/view/view.h>

extern const struct view view_stores, view_certs, view_requests, view_discovery, view_domains,
	view_objects, view_jobs, view_accounts, view_deploys;

/* The item of a row of that kind, as its own type: ITEM(store, f, KIND_STORES, row). */
#define ITEM(tag, f, kind_of, row) \
	((const struct tag *)(f)->snap->kind[kind_of]->item[row])

/* Three-line functions, made: `it` is the row's item in the expression. */
#define MADE(tag, kind_of, head, body)                                                      \
	static head                                                                         \
	{                                                                                   \
		const struct tag *it = ITEM(tag, f, kind_of, row);                          \
											    \
		body;                                                                       \
	}
#define CELL_TEXT(tag, kind_of, fn, text)                                                   \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     g_string_append(out, text))
#define CELL_COUNT(tag, kind_of, fn, number)                                                \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     text_count(out, number))
#define CELL_NUMBER(tag, kind_of, fn, number)                                               \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)(number)))
#define CELL_BOOL(tag, kind_of, fn, is)                                                     \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     g_string_append(out, is ? "true" : "false"))
#define CELL_LIST(tag, kind_of, fn, strings, between)                                       \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     cell_list(out, strings, between))
#define CELL_UNTIL(tag, kind_of, fn, time)                                                  \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     cell_until(out, f, time))
#define CELL_AS_OF(tag, kind_of, fn, time)                                                  \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     cell_as_of(out, f, time))
#define CELL_ISO(tag, kind_of, fn, time)                                                    \
	MADE(tag, kind_of, void fn(GString *out, const struct frame *f, uint32_t row),      \
	     cell_iso(out, time))
#define TONE_OF(tag, kind_of, fn, how)                                                      \
	MADE(tag, kind_of, enum tone fn(const struct frame *f, uint32_t row), return how)
#define VALUE_OF(tag, kind_of, fn, put)                                                     \
	MADE(tag, kind_of,                                                                  \
	     void fn(struct json_writer *w, const char *key, const struct frame *f,         \
		     uint32_t row), put)
#define ORDER_BY(tag, kind_of, fn, number)                                                  \
	static int fn(const struct frame *f, uint32_t a, uint32_t b)                        \
	{                                                                                   \
		const struct tag *it = ITEM(tag, f, kind_of, a);                            \
		int64_t first = number;                                                     \
											    \
		it = ITEM(tag, f, kind_of, b);                                              \
		return order_numbers(first, number);                                        \
	}

/* "in 6 d", "–" for 0. */
void cell_until(GString *out, const struct frame *f, int64_t when);
/* "17:21", "–" for 0. */
void cell_as_of(GString *out, const struct frame *f, int64_t when);
/* ISO 8601 for machines, nothing for 0. */
void cell_iso(GString *out, int64_t when);
/* For programs: the strings with that between them. */
void cell_list(GString *out, char *const *strings, const char *between);
void value_iso(struct json_writer *w, const char *key, int64_t when);	/* null for 0 */
void value_strings(struct json_writer *w, const char *key, char *const *strings);

/* How pressing an end is: past, under 10 % or 7 days of life left, under a third or 30 days. */
enum tone tone_of_life(int64_t not_before, int64_t not_after, int64_t now);

/* Three-way comparison of numbers. */
static inline int order_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

#endif
