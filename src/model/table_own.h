/*
 * table_own: what the builder and the packer of tables share: the list of columns, and memory
 * for a table in one piece.
 */
#ifndef CERTTY_SRC_MODEL_TABLE_OWN_H
#define CERTTY_SRC_MODEL_TABLE_OWN_H

#include <certty/model/table.h>

#define TABLE_WORDS UINT16_MAX	/* most key types and signatures of one table */

struct table_column {
	size_t at;	/* of the pointer within struct table */
	size_t width;
};
#define TABLE_COLUMNS 14
extern const struct table_column table_columns[TABLE_COLUMNS];

void *table_column(const struct table *t, size_t column);
void table_column_set(struct table *t, size_t column, void *bytes);

/* A table whose arrays have the sizes that `sizes` names, their contents not set; in its
 * room if that has some left. */
struct table *table_alloc(const char *store, const struct table *sizes);
/* Fills in what follows from the columns; the last step of making one. */
void table_finish(struct table *t);

#endif
