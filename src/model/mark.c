/*
 * mark: the words, tones and sentences of what is notable about a certificate.
 */
#include <certty/model/mark.h>

#include <string.h>

#include <glib.h>

/* clang-format off */
const struct mark mark_table[] = {
	{ MARK_BAD,            "bad",            TONE_BAD,
	  "its bytes are not a sound certificate" },
	{ MARK_REVOKED,        "revoked",        TONE_BAD,
	  "its issuer took it back" },
	{ MARK_DRIFT,          "drift",          TONE_BAD,
	  "a newer certificate of the same names was deployed or is kept, and this place still has the older" },
	{ MARK_DISABLED,       "disabled",       TONE_WARN,
	  "the service that has it lets nobody use it there, as somebody told it" },
	{ MARK_MISMATCH,       "mismatch",       TONE_BAD,
	  "the key beside it, or the host that shows it, belongs to another certificate" },
	{ MARK_WEAK_KEY,       "weak-key",       TONE_BAD,
	  "its key is short enough to be broken: RSA or DSA below 2048 bits, EC below 224" },
	{ MARK_SHA1,           "sha1",           TONE_BAD,
	  "it was signed with SHA-1 or MD5, which can be forged" },
	{ MARK_NOT_YET,        "not-yet",        TONE_WARN,
	  "its validity has not begun" },
	{ MARK_TOO_LONG,       "too-long",       TONE_WARN,
	  "it is valid for longer than the rule of the day it was issued allows" },
	{ MARK_UNKNOWN_ISSUER, "unknown-issuer", TONE_NOTICE,
	  "the certificate of its issuer is in no store that is known here" },
	{ MARK_SELF_SIGNED,    "self-signed",    TONE_NOTICE,
	  "it was signed with its own key" },
	{ MARK_NO_NAMES,       "no-names",       TONE_NOTICE,
	  "it has a common name only, which today's clients do not look at" },
	{ MARK_WILDCARD,       "wildcard",       TONE_PLAIN,
	  "one of its names stands for many hosts" },
	{ MARK_KEY,            "key",            TONE_GOOD,
	  "its private key is here, and matches" },
	{ MARK_KEY_LOCKED,     "key-locked",     TONE_DIM,
	  "an encrypted key lies beside it: whether it matches is not known" },
	{ MARK_CA,             "ca",             TONE_DIM,
	  "it belongs to a certification authority" },
	{ MARK_LEAF,           "leaf",           TONE_DIM,
	  "it belongs to an end entity: a server, a client, a person" },
	{ MARK_TRUSTED,        "trusted",        TONE_DIM,
	  "it lies in the system's trust store" },
	{ MARK_IN_USE,         "in-use",         TONE_PLAIN,
	  "the service that has it says that something uses it" },
	{ MARK_IMPORTED,       "imported",       TONE_DIM,
	  "it came from elsewhere to the service that has it, which does not renew it" },
	{ MARK_AMAZON_ISSUED,  "amazon-issued",  TONE_DIM,
	  "a public certificate that AWS issued" },
	{ MARK_PRIVATE_CA,     "private-ca",     TONE_DIM,
	  "a private authority in the cloud issued it" },
	{ MARK_EXPORTABLE,     "exportable",     TONE_DIM,
	  "the service that has it hands out its private key to whoever may ask for it" },
	{ 0, NULL, TONE_PLAIN, NULL },
};
/* clang-format on */

uint32_t mark_notable(uint32_t bits)
{
	return bits & MARK_CA ? bits & ~(uint32_t)MARK_SELF_SIGNED : bits;
}

uint32_t mark_read(const char *word)
{
	for (const struct mark *m = mark_table; m->bit; m++)
		if (strcmp(m->word, word) == 0)
			return m->bit;
	return 0;
}
