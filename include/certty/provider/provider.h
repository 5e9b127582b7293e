/*
 * provider: what certty knows how to talk to, each a table of contents.
 *
 * `info` is plain facts for the screen; `verb` holds the first step of each verb that the
 * provider can do.  Whether it can do one is not a flag: it can if the step is there.  Static
 * and read-only; steps are called by the engine on its thread.
 */
#ifndef CERTTY_PROVIDER_PROVIDER_H
#define CERTTY_PROVIDER_PROVIDER_H

#include <certty/provider/op.h>

struct provider_info {
	const char *name;		/* "local" */
	const char *title;		/* "This machine" */
	const char *sentence;
	const struct field *account_fields;	/* the wizard's questions; NULL: needs no account */
	const char *const *store_types;		/* ends with NULL */
};

struct provider {
	const struct provider_info *info;
	size_t scratch;			/* bytes of an operation's own memory */
	void (*scratch_done)(void *scratch);	/* frees what hangs on it; may be NULL */
	step_fn *verb[VERB_COUNT];
	/* Exchanges of one store, and of the whole account, at a time. */
	unsigned at_once_store, at_once_account;
	/* Stores that are there without being asked for: adds them to `stores` (struct store *). */
	void (*own_stores)(const struct settings *settings, GPtrArray *stores);
};

extern const struct provider *const provider_table[];	/* alphabetical; ends with NULL */
const struct provider *provider_find(const char *name);

/* Why `p` cannot do this to a thing of that store, in words for a person; NULL: it can. */
char *provider_why_not(const struct provider *p, const struct verb *verb,
		       const struct store *store);

#endif
