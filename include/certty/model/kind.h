/*
 * kind: the kinds of row that certty shows, in the order of the tabs.
 *
 * Plain facts; any thread.
 */
#ifndef CERTTY_MODEL_KIND_H
#define CERTTY_MODEL_KIND_H

#include <stdbool.h>

enum kind {
	KIND_STORES,
	KIND_CERTS,
	KIND_REQUESTS,
	KIND_DISCOVERY,
	KIND_DOMAINS,
	KIND_OBJECTS,
	KIND_JOBS,
	KIND_ACCOUNTS,
	KIND_DEPLOYS,
	KIND_COUNT
};

/* "certs", as the command line says it; "Certificates", as a tab says it; "Certs" where it has little
 * room. */
const char *kind_word(enum kind kind);
const char *kind_title(enum kind kind);
const char *kind_short_title(enum kind kind);
bool kind_read(const char *word, enum kind *ret);

/* Colours and marks by meaning; the screen's theme says how each looks. */
enum tone {
	TONE_PLAIN,
	TONE_DIM,
	TONE_GOOD,
	TONE_NOTICE,	/* worth a look */
	TONE_WARN,
	TONE_BAD,
	TONE_UNKNOWN,
	TONE_COUNT
};

#endif
