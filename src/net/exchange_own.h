/*
 * exchange_own: what only the files of net need of exchanges: making a reply, and doubting a
 * host or a header.
 */
#ifndef CERTTY_NET_EXCHANGE_OWN_H
#define CERTTY_NET_EXCHANGE_OWN_H

#include <certty/net/exchange.h>

struct reply *reply_new(void);
/* "Sun, 06 Nov 1994 08:49:37 GMT", the one form that servers may send today. */
bool reply_read_date(const char *text, int64_t *ret);
GArray *exchange_headers(void);	/* of struct header, empty */

bool exchange_is_address(const char *host);
/* An address or a name that a resolver reads as nothing else. */
bool exchange_is_host(const char *host);
bool exchange_is_header(const struct header *h);

/* What stands before every sentence: "GET https://a/b", "smtp://a:25", "[::1]:443". */
char *exchange_say(const struct request_out *r);

#endif
