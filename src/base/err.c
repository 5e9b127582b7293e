/*
 * The one place where an error code meets its word and its exit status, so that the command
 * line, JSON and the journal cannot tell different stories about the same failure.
 */
#include "certty/base/err.h"

static const struct {
	const char *word;
	int exit_status;
} codes[ERR_COUNT] = {
	[ERR_FAILED]     = { "failed",     1   },
	[ERR_USAGE]      = { "usage",      2   },
	[ERR_PARTLY]     = { "partly",     3   },
	[ERR_SIGN_IN]    = { "sign-in",    4   },
	[ERR_PASSPHRASE] = { "passphrase", 4   },
	[ERR_REFUSED]    = { "refused",    5   },
	[ERR_PENDING]    = { "pending",    6   },
	[ERR_CANCELLED]  = { "cancelled",  130 },
	[ERR_NOT_FOUND]  = { "not-found",  1   },
	[ERR_EXISTS]     = { "exists",     1   },
	[ERR_FORMAT]     = { "format",     1   },
	[ERR_LIMIT]      = { "limit",      1   },
	[ERR_NETWORK]    = { "network",    1   },
	[ERR_TIMEOUT]    = { "timeout",    1   },
	[ERR_IO]         = { "io",         1   },
	[ERR_BUSY]       = { "busy",       1   },
	[ERR_REPLY]      = { "reply",      1   },
};

G_DEFINE_QUARK(certty-error, err)

int err_exit_status(const GError *error)
{
	if (!error)
		return 0;
	if (error->domain == G_OPTION_ERROR)
		return codes[ERR_USAGE].exit_status;
	if (error->domain != ERR || error->code < 0 || error->code >= ERR_COUNT)
		return codes[ERR_FAILED].exit_status;
	return codes[error->code].exit_status;
}

const char *err_word(enum err code)
{
	return (unsigned)code < ERR_COUNT ? codes[code].word : codes[ERR_FAILED].word;
}
