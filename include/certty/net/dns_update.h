/*
 * dns_update: puts a record into a zone, at its primary server, by dynamic update (RFC 2136) that is
 * signed with a shared key (RFC 8945).
 *
 * Nothing that stands there is touched: an update says under which conditions it is to be done, and
 * servers keep them in one step.  Servers ignore silently what they cannot do, so a record counts as
 * put only once it was read back from the server that took it.
 *
 * Blocks, for half a minute at most: for the job pool.  Any thread.
 */
#ifndef CERTTY_NET_DNS_UPDATE_H
#define CERTTY_NET_DNS_UPDATE_H

#include <certty/base/secret.h>
#include <certty/net/dns.h>

#define DNS_KEY_ALGORITHMS "hmac-sha256 hmac-sha512 hmac-sha384 hmac-sha224 hmac-sha1 hmac-md5"

/* A key that a server knows as well. */
struct dns_key {
	char *name;		/* "certty-dns" */
	char *algorithm;	/* one of the above */
	struct secret *secret;	/* its bytes */
};

/* `base64` is the secret as key files have it.  ERR_USAGE for a name or an algorithm that is none,
 * ERR_FORMAT for a secret, ERR_LIMIT. */
struct dns_key *dns_key_new(const char *name, const char *algorithm, const struct secret *base64,
			    GError **error);
void dns_key_free(struct dns_key *k);
AUTO_FREE(dns_key, dns_key_free)
/* The word for an algorithm by any of its names ("HMAC-SHA256.", "hmac-md5.sig-alg.reg.int"), or
 * NULL. */
const char *dns_key_algorithm(const char *name);

/* Where a zone is changed, and as whom. */
struct dns_primary {
	const char *server;	/* "192.0.2.1", "ns1.example.org@5353"; NULL: the primary that the
				 * zone's SOA names */
	const struct dns_key *key;
};
bool dns_update_is_server(const char *text);

struct dns_put {
	const char *zone, *name, *type;	/* names without a dot at the end */
	const char *value;		/* as in a zone file */
	unsigned ttl;
};

/* Adds the record, unless it stands there: a TXT beside others, a CNAME only where nothing is;
 * *ret_is_new tells.  ERR_NOT_FOUND: that server does not have the zone; ERR_SIGN_IN: it does not take the key;
 * ERR_EXISTS: other data is in the way; ERR_REFUSED and others with what the server said. */
bool dns_update_put(const struct dns_way *way, const struct dns_primary *to, const struct dns_put *put,
		    const atomic_bool *stop, bool *ret_is_new, GError **error);
/* Takes the record with that value away, and nothing beside it; that it is not there is fine. */
bool dns_update_take(const struct dns_way *way, const struct dns_primary *to, const struct dns_put *put,
		     const atomic_bool *stop, GError **error);

/* Whether the key may update the zone, by an update without a change; zone NULL: whether the server
 * answers a signed question, in which not all of them look at the key. */
bool dns_update_try(const struct dns_way *way, const struct dns_primary *to, const char *zone,
		    const atomic_bool *stop, GError **error);

#endif
