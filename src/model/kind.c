/*
 * kind: the words for the kinds of row.
 *
 * The order is that of the tabs; the command line's words are the lower-case ones.
 */
#include <certty/model/kind.h>

#include <string.h>

static const struct {
	const char *word, *title;
	const char *short_title;	/* NULL: it is short already */
} kinds[KIND_COUNT] = {
	[KIND_STORES]    = { "stores",    "Stores" },
	[KIND_CERTS]     = { "certs",     "Certificates", "Certs" },
	[KIND_REQUESTS]  = { "requests",  "Requests" },
	[KIND_DISCOVERY] = { "discovery", "Discovery" },
	[KIND_DOMAINS]   = { "domains",   "Domains" },
	[KIND_OBJECTS]   = { "objects",   "Objects" },
	[KIND_JOBS]      = { "jobs",      "Jobs" },
	[KIND_ACCOUNTS]  = { "accounts",  "Accounts" },
	[KIND_DEPLOYS]   = { "deploys",   "Deployments" },
};

const char *kind_word(enum kind kind)
{
	return (unsigned)kind < KIND_COUNT ? kinds[kind].word : "";
}

const char *kind_title(enum kind kind)
{
	return (unsigned)kind < KIND_COUNT ? kinds[kind].title : "";
}

const char *kind_short_title(enum kind kind)
{
	const char *own = (unsigned)kind < KIND_COUNT ? kinds[kind].short_title : NULL;

	return own ? own : kind_title(kind);
}

bool kind_read(const char *word, enum kind *ret)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		if (strcmp(kinds[kind].word, word) != 0)
			continue;
		*ret = (enum kind)kind;
		return true;
	}
	return false;
}
