/*
 * rfc2136: what the files of the provider for one's own DNS servers share.
 */
#ifndef CERTTY_PROVIDER_RFC2136_H
#define CERTTY_PROVIDER_RFC2136_H

#include <certty/net/dns_update.h>

#include "provider/dns_tools.h"

/* ---- rfc2136_key.c ---- */

/* A key as files have it: BIND's key "NAME" { algorithm …; secret "…"; }, or NAME:SECRET with the
 * algorithm before it or not, on a line of its own or as a comment of Knot's.  Into the answers key-name,
 * algorithm and secret; false: it is none. */
bool rfc2136_key_read(const struct secret *text, struct args *ret);
/* Completes answers by the file that their tsig-file names. */
bool rfc2136_key_complete(struct args *answers, GError **error);

/* ---- rfc2136_work.c ---- */

step_fn rfc2136_publish, rfc2136_unpublish, rfc2136_test;

/* ---- rfc2136_planned.c ---- */

plan_fn rfc2136_planned_publish, rfc2136_planned_unpublish;

#endif
