/*
 * failure: why an exchange came to nothing, in words for a person, from what curl, the system and
 * TLS say.
 */
#ifndef CERTTY_NET_FAILURE_H
#define CERTTY_NET_FAILURE_H

#include <certty/net/exchange.h>

#include "net/curl_late.h"

struct failure {
	const struct request_out *request;
	CURLcode code;
	const char *detail;	/* curl's own words */
	long verify;		/* X509_V_…, what is wrong with the server's chain */
	long number;		/* errno of connecting */
	long connect;		/* what a proxy answered; 0: none was asked */
};

/* The sentence without who was asked, and its code. */
char *failure_say(const struct failure *f, enum err *ret_code);

#endif
