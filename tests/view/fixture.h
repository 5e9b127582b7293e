/*
 * fixture: snapshots with known content, made in memory, for tests of views and of the screen.
 */
#ifndef TESTS_VIEW_FIXTURE_H
#define TESTS_VIEW_FIXTURE_H

#include <certty/model/detail.h>
#include <certty/model/job.h>
#include <certty/model/snapshot.h>

/* A new snapshot of that name, NULL when there is none.  words outlives it.
 *
 *	five-certs  five certificates in three stores, and some of everything else
 *	empty       nothing is known, nothing is under way
 *	loading     stores are being read for the first time
 *	failed      every store failed
 *	offline     five-certs, and nobody is asked
 *	read-only   five-certs, and nothing may be changed
 *	hostile     names as they come from certificates that mean harm
 *	many        5,000 certificates in fifty stores
 *	working     five-certs with jobs at all stages
 *	accounts    five-certs with accounts of all sorts: in order, ending, in trouble, found
 *	renamed     accounts, of which prod is called live
 *	services    five-certs and a service with many regions, orders and deployments
 *	services-ordered  the same after one more order
 *	services-partly  the same where not everything could be read
 *	eyes        five-certs, what ada asks a second person for, and what a rule stops at
 */
struct snapshot *fixture_snapshot(const char *name, int64_t now, struct intern *words);

/* The same snapshot with a job that ended (or is at) so. */
struct snapshot *fixture_with_job(const struct snapshot *s, struct job *job);

/* The same where a place for secrets stands so; said may be NULL. */
struct snapshot *fixture_with_rung(const struct snapshot *s, enum rung rung,
				   enum rung_stand stand, const char *said);

/* The same with a detail, which is taken. */
struct snapshot *fixture_with_detail(const struct snapshot *s, struct detail *detail);

extern const char *const fixture_names[];	/* ends with NULL */

#endif
