/*
 * renewal: when a certificate should be renewed, by whom, and whether anybody is asked first.
 *
 * The rule is a share of life ("at 66 %") and, for each account, whether it is off, proposes, or
 * lets renewals be started without a person.  Here it is judged, of facts alone; the engine gathers
 * them.  Pure; any thread.
 */
#ifndef CERTTY_MODEL_RENEWAL_H
#define CERTTY_MODEL_RENEWAL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/model/request.h>

#define RENEWAL_REQUEST "renew"		/* the type of a request that says one is due */

enum renewal_mode {
	RENEWAL_OFF,
	RENEWAL_PROPOSE,	/* a request that waits for a person */
	RENEWAL_AUTOMATIC,	/* and is started without one, unless it has a warning */
	RENEWAL_MODE_COUNT
};

const char *renewal_mode_word(enum renewal_mode mode);		/* "off", "propose", "automatic" */
bool renewal_mode_read(const char *word, enum renewal_mode *ret);

/* When the rule bites: at so many per cent of the time between the two. */
int64_t renewal_due(int64_t not_before, int64_t not_after, int percent);

/* What is known of one certificate. */
struct renewal_case {
	int64_t not_before, not_after, now;
	int percent;
	enum renewal_mode mode;
	bool is_renewable;	/* there is somebody here who can be told to renew it */
	bool is_superseded;	/* a newer one of the same names is kept or lies there */
	bool has_warning;	/* something that a person should accept first */
	int64_t tried;		/* when it was last started without a person, or 0 */
};

enum renewal_verdict {
	RENEWAL_NOT_DUE,
	RENEWAL_IS_PROPOSED,
	RENEWAL_IS_STARTED,	/* proposed, and begun without a person */
};

/* Nobody renews what ended so long ago: it lies there for another reason. */
#define RENEWAL_GIVEN_UP (INT64_C(30) * 86400)
/* What was started without a person, and is still due, is not started again so soon. */
#define RENEWAL_AGAIN (INT64_C(20) * 3600)

enum renewal_verdict renewal_judge(const struct renewal_case *c);

/* The request that says so of the certificate of that id, and back: the id of the certificate that
 * such a request is about; any other text as it is, so that either will do where a certificate is
 * to be renewed. */
char *renewal_request_id(const char *cert);		/* a new string */
const char *renewal_cert(const char *id);		/* borrowed from `id` */

#endif
