/*
 * args: the answers that a person gave to a verb's or an account's questions.
 *
 * Plain values by key, and secrets by key, which are wiped when the args are freed.  One
 * owner at a time; hand-over between threads by the command queue.
 */
#ifndef CERTTY_MODEL_ARGS_H
#define CERTTY_MODEL_ARGS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/secret.h>

struct args;

struct args *args_new(void);
struct args *args_dup(const struct args *a);	/* secrets too, as far as there is room */
void args_add(struct args *to, const struct args *from);	/* all of them, copied likewise */
void args_free(struct args *a);
AUTO_FREE(args, args_free)
void args_set(struct args *a, const char *key, const char *value);
void args_put_secret(struct args *a, const char *key, struct secret *secret);	/* takes it */
const char *args_get(const struct args *a, const char *key);	/* NULL when not given */
const char *args_text(const struct args *a, const char *key, const char *fallback);
bool args_bool(const struct args *a, const char *key);		/* "yes", "true", "1" */
bool args_int(const struct args *a, const char *key, int64_t *ret);
char **args_ids(const struct args *a, const char *key);	/* of FIELD_STORES: at commas alone; new */
char **args_list(const struct args *a, const char *key);	/* split at commas and blanks; new */
const struct secret *args_secret(const struct args *a, const char *key);
char **args_keys(const struct args *a);				/* plain ones; sorted, new vector */
char **args_secret_keys(const struct args *a);

#endif
