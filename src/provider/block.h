/*
 * block: what people paste, as names and values.
 *
 * A JSON object, or lines as in files of environment variables and in scripts: NAME=value with
 * export, set or $env: before it, quoted or not, also several in a line, and "name: value".
 * Names are compared without case, '_' and '-', so client_id is clientId.  Every value is taken
 * for a secret.  Pure; any thread; one owner.
 */
#ifndef CERTTY_PROVIDER_BLOCK_H
#define CERTTY_PROVIDER_BLOCK_H

#include <certty/base/secret.h>
#include <certty/model/args.h>

struct block;

/* NULL without an error when it is neither; ERR_FORMAT for broken JSON, ERR_LIMIT. */
struct block *block_read(const struct secret *text, GError **error);
void block_free(struct block *b);
AUTO_FREE(block, block_free)
const struct secret *block_get(const struct block *b, const char *name);	/* the last; or NULL */
const char *block_text(const struct block *b, const char *name);	/* when not empty; or NULL */

/* What a name answers. */
struct block_row {
	const char *name, *key;
	bool is_secret;
};
/* Answers by a table that ends with name NULL; the first row of a key that is there counts.  How
 * many were answered; -1 with ERR_LIMIT when the memory for secrets is full. */
int block_answer(const struct block *b, const struct block_row *rows, struct args *ret,
		 GError **error);

#endif
