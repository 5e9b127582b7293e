/*
 * view: what each kind of row shows, as tables of columns; for the screen and the command
 * line alike.
 *
 * Rows are numbers into a frame's snapshot (certificate numbers for KIND_CERTS, indexes into
 * snapshot->kind[…] for the others), so nothing here holds a pointer to a row.  Cell
 * functions append harmless text and never fail.  A view is a pure function of its frame;
 * any thread.
 */
#ifndef CERTTY_VIEW_VIEW_H
#define CERTTY_VIEW_VIEW_H

#include <certty/base/json.h>
#include <certty/base/text.h>
#include <certty/model/kind.h>
#include <certty/model/query.h>
#include <certty/model/snapshot.h>
#include <certty/model/verb.h>

struct frame {
	const struct snapshot *snap;
	int64_t now;
	/* Full facts of a certificate that the snapshot does not hold (serial, SHA-256), or NULL:
	 * set by the command line only. */
	bool (*facts)(void *who, const char *id, struct facts *ret);
	void *who;
};

typedef void cell_fn(GString *out, const struct frame *f, uint32_t row);
typedef enum tone tone_fn(const struct frame *f, uint32_t row);
typedef void value_fn(struct json_writer *w, const char *key, const struct frame *f,
		      uint32_t row);
typedef int order_fn(const struct frame *f, uint32_t a, uint32_t b);

#define COLUMN_HIDDEN 0		/* in JSON and CSV only */
#define COLUMN_FLEX  (-1)	/* shares what is left */

struct column {
	const char *key;	/* JSON and CSV: "not_after"; stable */
	const char *title;	/* "EXPIRES" */
	int width;		/* cells, COLUMN_FLEX or COLUMN_HIDDEN */
	enum align align;
	cell_fn *text;
	tone_fn *tone;		/* NULL: plain */
	/* For programs; the two say the same. */
	value_fn *value;	/* JSON; NULL: the raw text as a string */
	cell_fn *raw;		/* CSV and TSV; NULL: the text.  Times in ISO, numbers bare,
				 * lists with blanks or "; " between */
	order_fn *order;	/* NULL: by text.  KIND_CERTS: see certs_order */
	int certs_order;	/* enum certs_order, or -1: cannot be sorted by */
	const char *sentence;	/* for the manual: what the JSON key holds */
};

struct view {
	enum kind kind;
	const struct column *columns;
	size_t n_columns;
	size_t default_order;	/* index of the column sorted by at first */
	bool default_descending;
	void (*id)(GString *out, const struct frame *f, uint32_t row);
	/* What an empty tab says and what to do next; one or two sentences. */
	const char *empty;
	bool is_measured;	/* few rows: flexible columns get what their texts need */
	query_text_fn *field;	/* text of a query field; NULL for KIND_CERTS */
	query_time_fn *time;
};

extern const struct view *const view_table[KIND_COUNT];

uint32_t view_count(const struct view *v, const struct snapshot *s);

/* The rows that match, in order, in `ret` (room for view_count).  `within`: for certificates the
 * bits of an earlier, wider result, and `ret_bits` those of this one; both may be NULL. */
uint32_t view_select(const struct view *v, const struct frame *f, const struct query *q,
		     size_t column, bool descending, const uint64_t *within,
		     uint64_t *ret_bits, uint32_t *ret);

/* The row of that id, or CERTS_NONE. */
uint32_t view_find(const struct view *v, const struct snapshot *s, const char *id);
/* The id (new) of a thing that a person called by its id, the beginning of it, or the text in the
 * column that names its kind; NULL: none, or more than one. */
char *view_find_called(const struct view *v, const struct frame *f, const char *typed);
/* The item of a row of any kind but KIND_CERTS; borrowed. */
const void *view_item(const struct view *v, const struct snapshot *s, uint32_t row);

/* The cells that the title and the texts of each flexible column need, of all rows; needs has room
 * for n_columns (0: not flexible). */
void view_measure(const struct view *v, const struct frame *f, int *needs);
/* Which columns fit into `cells`, from the left, never half a one, and how wide each is;
 * widths has room for n_columns (0: left out).  Returns the cells used, with a gap of VIEW_GAP
 * between columns.  `needs` NULL: flexible columns share alike what is left. */
#define VIEW_GAP 2
int view_fit(const struct view *v, int cells, const int *needs, int *widths);

/* Writing rows for programs.  JSON: {"schema":1,"kind":"certs","as_of":…,"rows":[…],
 * "failed_stores":[…]}. */
#define VIEW_SCHEMA 1
void view_write_json(GString *out, const struct view *v, const struct frame *f,
		     const uint32_t *rows, uint32_t n);
void view_write_separated(GString *out, const struct view *v, const struct frame *f,
			  const uint32_t *rows, uint32_t n, char separator);
/* One cell of it, quoted as the separator wants: a comma (RFC 4180) or a tab. */
void view_write_cell(GString *out, const char *text, char separator);
/* At most `cells` wide; 0: no column is cut, for files and pipes. */
void view_write_text(GString *out, const struct view *v, const struct frame *f,
		     const uint32_t *rows, uint32_t n, int cells);

#endif
