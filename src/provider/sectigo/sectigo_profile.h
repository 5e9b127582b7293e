/*
 * sectigo_profile: what a certificate profile offers and takes, said before anything is sent.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_PROFILE_H
#define CERTTY_PROVIDER_SECTIGO_PROFILE_H

#include "own.h"

/* One of a list of profiles, by its name or number, or the only one. */
const struct json *sectigo_profile_find(const struct json *profiles, const char *wanted, GError **error);
/* *ret_term becomes the longest where it is 0. */
bool sectigo_profile_takes_term(const struct json *profile, int64_t *ret_term, GError **error);
bool sectigo_profile_takes_key(const struct json *profile, const char *csr_pem, GError **error);
/* How many names only its own name tells: args "insist" is an answer to that. */
bool sectigo_profile_takes_names(const struct op *op, const struct json *profile, char *const *names,
				 GError **error);
/* "OV" or "EV" where the organization must be validated, or "": as a certificate of it is, which
 * the store's memo may know, or else as its name sounds, which is a guess. */
const char *sectigo_profile_level(const struct op *op, const struct json *profile, bool *ret_is_guess);

#endif
