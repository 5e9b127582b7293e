/*
 * cps_enrollment: what the files about enrollments as objects share: their rows, what may be done to one,
 * and what happened to it.
 */
#ifndef CERTTY_SRC_PROVIDER_AKAMAI_CPS_ENROLLMENT_H
#define CERTTY_SRC_PROVIDER_AKAMAI_CPS_ENROLLMENT_H

#include "cps_change.h"

#define CPS_ENROLLMENT "enrollment"	/* type of object; its key is the enrollment's number */

/* States. */
#define CPS_LIVE   "live"	/* Production has a certificate of it */
#define CPS_STAGED "staging"	/* only Staging has */

/* Answers about the change that is under way. */
#define CPS_NOT_BEFORE "not-before"
#define CPS_NOT_AFTER  "not-after"

extern const struct field cps_schedule_questions[];

/* ---- cps_enrollment.c ---- */

/* The objects (struct object, free function set) of what GET /enrollments tells. */
GPtrArray *cps_enrollment_rows(const struct op *op, const struct json *enrollments);
/* Puts them, with the schedules of the changes that were looked at. */
void cps_enrollment_put(struct op *op, GPtrArray *objects);
/* When its change goes to Production; 0: no limit. */
void cps_enrollment_set_schedule(struct object *o, int64_t not_before, int64_t not_after);
char *cps_enrollment_path(const struct op *op, const char *more);	/* of op->object; new */
/* Of an enrollment, the change that was begun last, or NULL. */
const struct json *cps_enrollment_pending(const struct json *enrollment);
void cps_enrollment_touch(struct op *op);	/* both networks are read again */

/* ---- cps_enrollment_drop.c, cps_schedule.c, cps_history.c ---- */

step_fn cps_enrollment_drop, cps_schedule_edit, cps_history;
plan_fn cps_enrollment_planned_drop, cps_schedule_planned_edit;

enum cps_history_sort { CPS_HISTORY_CHANGES, CPS_HISTORY_CERTIFICATES, CPS_HISTORY_VALIDATION, CPS_HISTORIES };
/* What one of the histories tells, for a person; whether it is one at all. */
bool cps_history_tell(struct detail *d, enum cps_history_sort sort, const struct json *j);

#endif
