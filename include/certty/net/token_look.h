/*
 * token_look: whether a token that a certificate authority fetches by HTTP is where it is looked
 * for, at each address of the host.
 *
 * As an authority would, by port 80 and without TLS; redirections are reported, not followed.
 * Answers are hostile: bounded in bytes, their texts made harmless.  Blocks, for some seconds: for
 * the job pool.  Any thread.
 */
#ifndef CERTTY_NET_TOKEN_LOOK_H
#define CERTTY_NET_TOKEN_LOOK_H

#include <certty/net/dns.h>

enum token_has {
	TOKEN_SAME,
	TOKEN_OTHER,		/* another body */
	TOKEN_STATUS,		/* an answer that is not 200 */
	TOKEN_MOVED,		/* it is said to be elsewhere */
	TOKEN_BROKEN,		/* something that is no answer in HTTP */
	TOKEN_REFUSED,		/* nothing listens there */
	TOKEN_SILENT,
	TOKEN_BARRED,		/* not asked: safety.hosts does not name it */
};

struct token_says {
	char *address;
	enum token_has has;
	int status;
	char *said;		/* body or new place, shortened; or "" */
};

struct token_look {
	char *host, *path, *value;
	GPtrArray *says;	/* struct token_says */
};

/* `value` "" is satisfied by any body. */
struct token_look *token_look(const struct dns_way *way, const char *host, uint16_t port,
			      const char *path, const char *value, char *const *addresses,
			      const atomic_bool *stop);
struct token_look *token_look_new(const char *host, const char *path, const char *value);
void token_look_add(struct token_look *t, const char *address, enum token_has has, int status,
		    const char *said);
/* What a host answered there. */
void token_look_hear(struct token_look *t, const char *address, const char *reply, size_t len);
void token_look_free(struct token_look *t);
AUTO_FREE(token_look, token_look_free)

#endif
