/*
 * vault_kf_fault: what the refusals of Keyfactor's engine mean, which come as a status of 500 for
 * nearly everything: what Command has said, what was wrong with the order, and the end of the engine's
 * own process.
 */
#include "vault_kf.h"

#include <string.h>

#define ELSEWHERE "look in Command whether it is there, or waits for somebody; it is not sent again"
#define CONFIGURE "certty engine-config changes how the engine signs in"

/* clang-format off */
static const struct vault_kf_fault faults[] = {
	/* what Command's server could not do may have been done all the same */
	{ "(status 5",                      VAULT_KF_ELSEWHERE, ERR_REPLY,     ELSEWHERE },
	{ "with status code 5",             VAULT_KF_ELSEWHERE, ERR_REPLY,     ELSEWHERE },
	{ "no certificates were returned",  VAULT_KF_WAITS,     ERR_PENDING,
	  "so Command has the order, and somebody has to approve it there" },
	{ "expected a certificate and an",  VAULT_KF_ELSEWHERE, ERR_REPLY,
	  "so Command has issued it, and the engine did not keep it: it is in Command" },
	{ "failed to authenticate",         VAULT_KF_REFUSED,   ERR_REFUSED,
	  "Command does not take what the engine signs in with; " CONFIGURE },
	{ "invalid Keyfactor Command client", VAULT_KF_REFUSED, ERR_REFUSED,
	  "the engine was not told how to sign in to Command; " CONFIGURE },
	{ "URL to Command was not defined", VAULT_KF_REFUSED,   ERR_REFUSED,
	  "the engine was not told where Command is; " CONFIGURE },
	{ "backend is not configured",      VAULT_KF_REFUSED,   ERR_REFUSED,
	  "the engine has no configuration; certty engine-config gives it one" },
	{ "no certificate authority was",   VAULT_KF_REFUSED,   ERR_USAGE,
	  "name a CA with the order, or a default one by certty engine-config" },
	{ "no certificate template name",   VAULT_KF_REFUSED,   ERR_USAGE,
	  "name a template with the order, or a default one by certty engine-config" },
	{ "CA name needs to be specified",  VAULT_KF_REFUSED,   ERR_USAGE,
	  "name a default CA by certty engine-config" },
	{ "At least 1 must",                VAULT_KF_REFUSED,   ERR_NOT_FOUND,
	  "the engine finds a CA by what it has issued: check its name, or issue one certificate" },
	{ "no Keyfactor certificate ID",    VAULT_KF_REFUSED,   ERR_REFUSED,
	  "the engine has lost its number in Command, as of what was issued before an upgrade: revoke it in "
	  "Command" },
	{ "lz4: bad magic number",          VAULT_KF_REFUSED,   ERR_REFUSED,
	  "before 1.5 the engine cannot revoke what has a number in Command that begins with 4: revoke it "
	  "in Command, or have the engine brought up to date" },
	{ "revocation failed: server",      VAULT_KF_REFUSED,   ERR_REFUSED,
	  "Command refuses it: the engine's user may not, or it is revoked there already" },
	{ "could not enroll certificate",   VAULT_KF_REFUSED,   ERR_REFUSED,
	  "Command refuses it: check CA and template, and what the engine's user may enrol there" },
	{ "could not sign csr",             VAULT_KF_REFUSED,   ERR_REFUSED,
	  "Command refuses it: check CA and template, and what the engine's user may enrol there" },
	{ "must be provided to issue",      VAULT_KF_REFUSED,   ERR_USAGE,     "check the names" },
	{ "is not a valid JSON string",     VAULT_KF_REFUSED,   ERR_USAGE,     "check the metadata" },
	{ "lugin is shut down",             VAULT_KF_ELSEWHERE, ERR_REPLY,
	  "the engine's process has ended over it, as before 1.5 when Command does not issue at once; "
	  ELSEWHERE },
	{ "rpc error",                      VAULT_KF_ELSEWHERE, ERR_REPLY,
	  "the engine's process has ended over it, as before 1.5 when Command does not issue at once; "
	  ELSEWHERE },
	{ "internal error",                 VAULT_KF_ELSEWHERE, ERR_REPLY,
	  "the engine's process has ended over it, as before 1.5 when Command does not issue at once; "
	  ELSEWHERE },
	{ NULL }
};
/* clang-format on */

const struct vault_kf_fault *vault_kf_fault_find(const char *words)
{
	const struct vault_kf_fault *f = faults;

	while (f->part && !strstr(words, f->part))
		f++;
	return f->part ? f : NULL;
}

bool vault_kf_is(const struct store *s)
{
	return s && !strcmp(s->type, VAULT_KEYFACTOR);
}
