/*
 * mark: the words, tones and sentences of what is notable about a certificate, and the dated
 * rules behind "valid for too long".
 */
#include <certty/model/mark.h>

#include <limits.h>
#include <string.h>

#include <glib.h>

/* clang-format off */
const struct mark mark_table[] = {
	{ MARK_BAD,            "bad",            TONE_BAD,
	  "its bytes are not a sound certificate" },
	{ MARK_REVOKED,        "revoked",        TONE_BAD,
	  "its issuer took it back" },
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
	{ 0, NULL, TONE_PLAIN, NULL },
};

uint32_t mark_notable(uint32_t bits)
{
	return bits & MARK_CA ? bits & ~(uint32_t)MARK_SELF_SIGNED : bits;
}

/* Baseline Requirements 6.3.2 and its older numbers; months are counted at their longest. */
static const struct {
	int64_t since;
	int days;
} longest_validity[] = {
	{ 1868227200,   47 },	/* 2029-03-15, ballot SC-081v3 */
	{ 1805068800,  100 },	/* 2027-03-15, ballot SC-081v3 */
	{ 1773532800,  200 },	/* 2026-03-15, ballot SC-081v3 */
	{ 1598918400,  398 },	/* 2020-09-01, the browsers' programmes, then ballot SC-031 */
	{ 1519862400,  825 },	/* 2018-03-01, ballot 193 */
	{ 1427846400, 1188 },	/* 2015-04-01, 39 months */
	{ 1341100800, 1827 },	/* 2012-07-01, 60 months: the first Baseline Requirements */
};
/* clang-format on */

uint32_t mark_read(const char *word)
{
	for (const struct mark *m = mark_table; m->bit; m++)
		if (strcmp(m->word, word) == 0)
			return m->bit;
	return 0;
}

int mark_longest_validity(int64_t issued)
{
	for (size_t i = 0; i < G_N_ELEMENTS(longest_validity); i++)
		if (issued >= longest_validity[i].since)
			return longest_validity[i].days;
	return INT_MAX;
}
