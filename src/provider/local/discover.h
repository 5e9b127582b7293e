/*
 * discover: what the two halves of a discovery share.
 */
#ifndef CERTTY_PROVIDER_LOCAL_DISCOVER_H
#define CERTTY_PROVIDER_LOCAL_DISCOVER_H

#include "own.h"

/* ---- discover_folders.c ---- */

/* The folder that a certificate's folder is best proposed as: itself, or the topmost above it
 * in which most folders with files hold certificates. */
struct tree;
struct tree *tree_new(void);
void tree_free(struct tree *t);
AUTO_FREE(tree, tree_free)
/* A file in folder, which lies in root or is it; keys and certificates in it. */
void tree_add(struct tree *t, const char *root, const char *folder, guint certs, guint keys);
typedef void tree_fn(const char *folder, guint certs, guint keys, void *who);
void tree_each(const struct tree *t, tree_fn *each, void *who);	/* ascending */

/* ---- discover_hosts.c ---- */

struct target {
	char *host;
	uint16_t port;
};

/* Every address of a network such as 10.1.2.0/24 (or of one address), as texts; at most
 * `limit` are added, and false with an error when it is no network. */
bool discover_network(const char *network, size_t limit, GPtrArray *addresses, GError **error);

/* host × port of what is to be asked, at most `limit`; sentences about what makes no sense. */
GArray *discover_targets(const char *const *hosts, const char *const *networks,
			 const char *const *ports, size_t limit, GPtrArray *troubles,
			 bool *ret_is_cut);
const struct starttls *discover_starttls(uint16_t port);
/* "host:443", "[::1]:443", "smtp://host:25". */
char *discover_address(const struct target *t);

#endif
