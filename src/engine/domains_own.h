/*
 * domains_own: one name and all that is known of it, for the files that count and that show it.
 */
#ifndef CERTTY_SRC_ENGINE_DOMAINS_OWN_H
#define CERTTY_SRC_ENGINE_DOMAINS_OWN_H

#include "own.h"

/* One certificate that covers a name, in so many places of one account. */
struct cover {
	uint64_t print;
	uint32_t ends, life;	/* minutes */
	uint32_t issuer;	/* hash of its name */
	uint32_t places;
	uint16_t account;	/* index in domains->accounts */
	bool is_public;		/* as its service says */
};

struct name {
	char *text;
	struct cover *cover;	/* by print and account; the last `n_new` as they came */
	guint n, n_new, room;
	GPtrArray *told, *asked;	/* struct domain, struct request; NULL: none */
	bool is_touched;
};

struct domains {
	GHashTable *names;	/* text → struct name */
	GHashTable *tables;	/* struct table (a reference) → index of its account: the counted */
	GPtrArray *accounts;	/* ids, interned */
	GHashTable *public;	/* hashes of the names of public CAs, a set */
	GPtrArray *touched;	/* names whose row must be looked at */
	GString *text;		/* the name that is looked at */
	struct shelf *told;	/* what accounts and stores tell, by id */
	struct items *requests;	/* as they were counted last, or NULL */
	uint64_t left_out;	/* names of certificates and requests, each time that one occurs */
};

/* NULL: nothing is known of it. */
const struct name *domains_find(const struct engine *e, const char *name);
bool domains_is_public(const struct domains *d, const struct cover *c);
/* domains_rows.c: its row is on the shelf as it should be. */
void domains_rows_show(struct engine *e, const struct name *n, int64_t now);

#endif
