/*
 * keyfactor_own: what the files of the Keyfactor Command provider share.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_OWN_H
#define CERTTY_PROVIDER_KEYFACTOR_OWN_H

#include <certty/base/json.h>
#include <certty/base/secret.h>
#include <certty/provider/provider.h>

#define KEYFACTOR_PATH	     "KeyfactorAPI"	/* where Command's installer puts it */
#define KEYFACTOR_CONFIG_MAX (1u << 20)		/* bytes of command_config.json */
#define KEYFACTOR_SAID_MAX   300		/* bytes of a server's words in ours */
#define KEYFACTOR_VALUE_MAX  8192		/* of one value in a file or variable */

struct keyfactor {		/* one operation's own */
	char *at;		/* "https://HOST/KeyfactorAPI" */
	struct args *login;	/* answers, with those of a file or the environment in them */
	char *from;		/* that file or variable; NULL: the answers themselves */
	char *version;		/* VERB_ACCOUNT_TEST */
	void *mine;		/* keyfactor_call_mine() */
	GDestroyNotify free_mine;
	struct keyfactor_pending *pending;	/* keyfactor_pending.c's */
	struct request *about;	/* of an enrolment: its order; or NULL */
	struct keyfactor_things *things;	/* keyfactor_thing_read.c's */
	struct keyfactor_rights *rights;	/* keyfactor_rights.c's */
};

/* ---- keyfactor.c ---- */

extern const struct field keyfactor_fields[];

/* ---- keyfactor_sign_in.c ---- */

step_fn keyfactor_sign_in;
sign_fn keyfactor_sign;
is_signed_out_fn keyfactor_is_signed_out;
/* The address of the API; new.  By what a person or the tools' file says: a host, host:port or
 * URL, and a path. */
char *keyfactor_address(const struct args *answers);

/* ---- keyfactor_config.c: what Keyfactor's own tools have ---- */

/* Reads one server's object of command_config.json into answers and secrets, with the way to
 * sign in that they allow.  False without an error: it is none. */
bool keyfactor_read_server(const struct json *server, struct args *ret, GError **error);
/* The same from KEYFACTOR_ variables. */
bool keyfactor_read_environment(struct args *ret, GError **error);
/* The file of the tools: $KEYFACTOR_AUTH_CONFIG_FILE, or in ~/.keyfactor; new. */
char *keyfactor_config_file(void);
/* ERR_FORMAT or ERR_IO with the file's name in it. */
struct json *keyfactor_read_config(const char *path, GError **error);
/* A work that reads the answers which a file's server or the environment gives.  Its `out` is a
 * struct args. */
struct work *keyfactor_read(const char *auth, const char *path, const char *server);
/* Whether the server is to be believed without a check, which certty never does. */
bool keyfactor_skips_checks(const struct json *server);

/* ---- keyfactor_find.c, keyfactor_block.c, keyfactor_test.c ---- */

find_accounts_fn keyfactor_find_accounts;
read_block_fn keyfactor_block;
step_fn keyfactor_test;

/* ---- keyfactor_reply.c ---- */

/* A member whatever its case, which differs from version to version; or NULL. */
const struct json *keyfactor_get(const struct json *object, const char *key);
/* The JSON of a good answer, or NULL. */
struct json *keyfactor_json(const struct reply *r);
/* What a member of an object is, by its key in any case: a number; a text, also of a number or a
 * truth, made harmless, "" when there is none, new; a truth; a time, 0 when there is none. */
bool keyfactor_int(const struct json *object, const char *key, int64_t *ret);
char *keyfactor_text(const struct json *object, const char *key, size_t max);
bool keyfactor_bool(const struct json *object, const char *key);
int64_t keyfactor_time(const struct json *object, const char *key);
/* A number, or its name in that list, as versions and settings of Command have it; -1: neither. */
int keyfactor_enum(const struct json *object, const char *key, const char *const *names, size_t n);
/* The server's own words; "" when it said none. */
char *keyfactor_words(const struct reply *r);
/* Why a reply is not what was hoped for, in a sentence that says what was tried. */
GError *keyfactor_error(const struct op *op, const struct reply *r, const char *tried);
/* Ends with a sentence: what was tried, what came back, what to do. */
struct next keyfactor_fail(struct op *op, const struct reply *r, const char *tried);

#endif
