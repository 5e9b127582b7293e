/*
 * tickets_own: what the files about tickets share.
 */
#ifndef CERTTY_PROVIDER_TICKETS_OWN_H
#define CERTTY_PROVIDER_TICKETS_OWN_H

#include <certty/provider/tickets.h>

/* ---- tickets_sign.c: ssh-keygen ---- */

#define TICKETS_SIGNATURE_MAX 65536	/* bytes of one */

/* A signature of these bytes by the person's key; NULL with a sentence. */
GBytes *tickets_sign(const struct tickets_place *p, const char *about, const void *bytes,
		     size_t len, GError **error);
/* Whether that person has signed these bytes for that; *ret_key: "SHA256:…", new. */
bool tickets_verify(const struct tickets_place *p, const char *about, const char *who,
		    GBytes *bytes, GBytes *signature, char **ret_key, GError **error);

/* ---- tickets_folder.c: its files ---- */

#define TICKETS_ASKED ".ticket"
#define TICKETS_ANSWERED ".answer"
#define TICKETS_USED ".used"
#define TICKETS_WITHDRAWN ".withdrawn"
#define TICKETS_ENDED ".ended"
#define TICKETS_SIGNED ".sig"

/* The names of all that are open, sorted; NULL with a sentence when the folder cannot be read. */
GPtrArray *tickets_names(const struct tickets_place *p, GPtrArray *troubles, GError **error);
/* A file that others wrote: a plain one, no link to one, bounded. */
GBytes *tickets_file(const struct tickets_place *p, const char *name, const char *end, size_t max,
		     GError **error);
bool tickets_has(const struct tickets_place *p, const char *name, const char *end);
/* The signature first, so that whoever sees the text sees both. */
bool tickets_put(const struct tickets_place *p, const char *name, const char *end,
		 const char *text, GBytes *signature, GError **error);
/* One that is open is so no more: for whoever comes first. */
bool tickets_end(const struct tickets_place *p, const char *name, const char *end, GError **error);

#endif
