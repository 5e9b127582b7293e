/*
 * csv: tables as spreadsheets and other tools write them (RFC 4180), read strictly and written.
 *
 * UTF-8, with or without a byte order mark; comma, semicolon or tab, whichever the head line uses;
 * line ends of either kind; at most CSV_ROWS rows of CSV_COLUMNS columns.  Rows with nothing in
 * them are left out; a cell beyond the head is a mistake.  Each row knows its line, so that what
 * is wrong can be named by number and column.  Cells that hold secrets are wiped with the table.
 * Any thread; one owner.
 */
#ifndef CERTTY_BASE_CSV_H
#define CERTTY_BASE_CSV_H

#include <glib.h>
#include <stdbool.h>
#include <certty/base/auto.h>

#define CSV_BYTES   (16u << 20)
#define CSV_ROWS    100000u
#define CSV_COLUMNS 256u

struct csv;

/* ERR_FORMAT naming line and column, or ERR_LIMIT.  The first row is the head. */
struct csv *csv_read(GBytes *bytes, GError **error);
void csv_free(struct csv *c);		/* wipes */
AUTO_FREE(csv, csv_free)
size_t csv_columns(const struct csv *c);
const char *csv_head(const struct csv *c, size_t column);
gssize csv_find(const struct csv *c, const char *head);		/* without case; -1: none */
size_t csv_rows(const struct csv *c);
unsigned csv_line(const struct csv *c, size_t row);		/* in the file, from 1 */
const char *csv_cell(const struct csv *c, size_t row, size_t column);	/* "" where it ends early */

/* One cell, with the comma before it unless `first`; quoted where needed.  A cell that a
 * spreadsheet would take for a formula (= + - @) is written with an apostrophe before it. */
void csv_put(GString *out, const char *cell, bool first);
/* A cell as it was before csv_put, for cells that are no secrets: without that apostrophe. */
const char *csv_unguarded(const char *cell);

#endif
