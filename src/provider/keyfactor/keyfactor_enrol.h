/*
 * keyfactor_enrol: what the files about Command's enrolments share: what this user may enrol with, the
 * bodies of orders, and keys that Command makes.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_ENROL_H
#define CERTTY_PROVIDER_KEYFACTOR_ENROL_H

#include "keyfactor_certs.h"

/* ---- keyfactor_rights.c: templates and CAs, and what this user may do with them ---- */

enum {
	KEYFACTOR_MAY_READ = 1 << 0,	/* it is in the list of all */
	KEYFACTOR_MAY_CSR = 1 << 1,	/* this user may enrol with it by a request of its own */
	KEYFACTOR_MAY_PFX = 1 << 2,	/* or with a key that Command makes */
};

struct keyfactor_right {
	char *name;		/* as enrolments take it; of a CA "host\name" */
	char *title;		/* as people see it, or "" */
	char *why;		/* it, or a part of it, is not offered; or "" */
	char **cas;		/* of a template: at which this user may; never NULL */
	guint may;
	bool is_ca;
};

#define KEYFACTOR_RIGHTS_LISTS 4

/* Out of the contexts of enrolments by CSR and by PFX, and the lists of templates and of CAs; each may
 * be NULL: it may not be asked. */
GPtrArray *keyfactor_rights_read(const struct json *const said[KEYFACTOR_RIGHTS_LISTS]);
struct keyfactor_right *keyfactor_right_new(const char *name, bool is_ca);
void keyfactor_right_free(struct keyfactor_right *r);
/* Asks for all of it, then goes on there; what may not be asked is left open. */
struct next keyfactor_rights(struct op *op, step_fn *then);
void keyfactor_rights_done(struct keyfactor *k);
/* What was found by that, of struct keyfactor_right; NULL: it was not asked. */
const GPtrArray *keyfactor_rights_found(const struct op *op);
/* Of that template, by either of its names; or NULL. */
const struct keyfactor_right *keyfactor_rights_template(const GPtrArray *all, const char *name);
/* "READ, ENROLL by CSR and PFX"; new. */
char *keyfactor_right_say(const struct keyfactor_right *r);
/* Why others than those are not offered, as an end of a sentence, or ""; new. */
char *keyfactor_rights_others(const GPtrArray *all, guint way);
void keyfactor_describe_rights(struct detail *d, GBytes *memo);

/* ---- keyfactor_body.c: the body of an enrolment ---- */

/* Those that args ask for, "names" and then "sans"; new. */
char **keyfactor_body_names(const struct args *args);
char *keyfactor_body_subject(const struct args *args);	/* of an order without a request; new */
/* The password is that of a PFX, else NULL. */
GString *keyfactor_body(const struct op *op, const struct keyfactor_kept *k, const struct secret *password);
void keyfactor_body_free(GString *body);		/* wiped */

/* ---- keyfactor_order.c ---- */

/* What of the answers to an order can be judged without asking anybody. */
bool keyfactor_order_check(const struct op *op, bool is_plan, GError **error);

/* ---- keyfactor_pfx.c: keys that Command made ---- */

struct secret *keyfactor_pfx_password(void);	/* for one transfer; NULL: the memory is full */
/* Opens what came under that password, which is taken: its `out` is a struct bundle.  NULL: nothing
 * came. */
struct work *keyfactor_pfx_open(const char *coded, struct secret *password);

/* ---- keyfactor_export.c ---- */

/* Whether it can be asked for, with its key or without, and by which number. */
bool keyfactor_export_check(const struct op *op, bool with_key, int64_t *ret_id, GError **error);
step_fn keyfactor_export, keyfactor_hand;
plan_fn keyfactor_planned_export, keyfactor_planned_hand;

/* ---- keyfactor_memo.c ---- */

GPtrArray *keyfactor_memo_rights(GBytes *memo);	/* struct keyfactor_right; owns them */

#endif
