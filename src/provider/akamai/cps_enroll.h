/*
 * cps_enroll: what a new enrollment is made of, from a profile of defaults to the body that is sent.
 *
 * An enrollment is answers by the keys of cps_profile_fields and a few of its own: all of them text, so
 * that profiles, a table's row and a person's own words lie over each other.
 */
#ifndef CERTTY_SRC_PROVIDER_AKAMAI_CPS_ENROLL_H
#define CERTTY_SRC_PROVIDER_AKAMAI_CPS_ENROLL_H

#include <certty/base/json.h>
#include <certty/base/settings.h>
#include <certty/model/args.h>
#include <certty/model/verb.h>

#define CPS_PROFILE_GROUP "enrollment "		/* [enrollment NAME] */

/* Of one enrollment, never of a profile. */
#define CPS_CN	 "cn"
#define CPS_SANS "sans"		/* "a&b", or at commas and blanks */

/* ---- cps_profile.c ---- */

extern const struct field cps_profile_fields[];
/* A profile with the fallbacks of what it leaves open; name "": these alone.  ERR_NOT_FOUND; ERR_FORMAT for
 * a key or a value that is none, with where it stands. */
struct args *cps_profile_read(const struct settings *s, const char *name, GError **error);
/* "KEY=VALUE; KEY=VALUE" over what a profile says.  ERR_USAGE for a key that is none. */
bool cps_profile_lay_over(struct args *profile, const char *said, GError **error);
/* "NAME, NAME", or "" where there is none; new. */
char *cps_profile_names(const struct settings *s);

/* ---- cps_enroll_check.c: the rules, before anything is sent ---- */

/* The names of `sans`, the CN first, each once and in A-labels; NULL with a sentence for what is no name,
 * comes twice or lacks the CN.  Without any the CN is the one. */
char **cps_enroll_names(const struct args *a, GError **error);
/* All that is wrong, in one sentence. */
bool cps_enroll_check(const struct args *a, GError **error);
char *cps_enroll_contract(const struct args *a);	/* as CPS knows it: without "ctr_"; new */

/* ---- cps_enroll_body.c: what is sent, as enrollment.v11 has it ---- */

#define CPS_ENROLLMENT_TYPE "application/vnd.akamai.cps.enrollment.v11+json"

/* Of answers that were checked; new. */
char *cps_enroll_body(const struct args *a);
/* An enrollment as it was read, to be written as it is: all of it but what only the server says; new.
 * NULL: what was answered is not that enrollment, and nothing of it may be written. */
char *cps_enroll_body_again(const struct json *enrollment, const char *id, GError **error);

/* ---- cps_enroll.c: its key and its certificate ---- */

struct key_maker;
struct next;
struct op;
struct reply;
extern const struct key_maker cps_key_maker;

#define CPS_CSR_INPUT "third-party-certificate"	/* what a change waits for that has a CSR */

struct cps_making {		/* of an operation */
	struct args *a;		/* the enrollment; NULL: it is one that is there */
	char *id, *change;	/* numbers; NULL until they are known */
	bool was_in_way;	/* a change was, which another has begun meanwhile */
};
struct cps_making *cps_enroll_making(struct op *op);
/* Out of the key's place, "10002/20003"; false: nothing was begun yet. */
bool cps_enroll_find(struct op *op);
char *cps_enroll_path(const struct cps_making *m, const char *more);	/* of the change; new */
/* Of a change as it is answered: whether it waits for that; and whether it will not go on by itself, or at
 * all, with why (new, or NULL). */
bool cps_enroll_waits_for(const struct json *j, const char *input);
bool cps_enroll_is_over(const struct json *j, char **ret_why);
struct next cps_enroll_keep(struct op *op, const struct reply *none);	/* cps_enroll_keep.c */

#endif
