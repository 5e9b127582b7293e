/*
 * vault_own: what the files of the vault provider share.
 *
 *   sign_in ─► is it sealed? ─► what we have: look at it, renew it ─► the method's own steps ─► open
 *   stores  ─► mounts of the namespace and of those below it ─► a look into each KV ─► stores
 *   refresh ─► list, revoked ones, names and dates where the server lists them ─► what is not known
 *
 * Vault and OpenBao are one here: they differ in names, not in what is asked of them.
 */
#ifndef CERTTY_PROVIDER_VAULT_OWN_H
#define CERTTY_PROVIDER_VAULT_OWN_H

#include <certty/base/json.h>
#include <certty/base/secret.h>
#include <certty/provider/provider.h>

#define VAULT_ADDRESS	"https://127.0.0.1:8200"	/* where the tools look when nobody says */
#define VAULT_TOKEN_MAX 8192				/* bytes; a JWT is the longest of them */
#define VAULT_BODY_MAX	(1u << 20)			/* of an answer about tokens and seals */
#define VAULT_SAID_MAX	300				/* bytes of a server's words in ours */

/* ---- words that are keys in more than one file ---- */

#define VAULT_TOKEN	"token"		/* the secret; also in access->with */
#define VAULT_AT	"address"	/* in access->with: without a slash at its end */
#define VAULT_SPACE	"namespace"

struct vault_life {		/* what is left of a token */
	int64_t ttl;		/* seconds; 0: it does not end, or did not say */
	int64_t span;		/* what it was given at first */
	bool is_renewable;
};

struct vault_method;
struct vault_kf_fault;

struct vault {			/* one operation's own */
	const struct vault_method *method;
	char *at;		/* the address */
	struct secret *token;	/* the one that is looked at */
	struct secret *given;	/* what was unwrapped or read from a file for the login */
	char *from;		/* where the token came from */
	struct vault_life life;
	bool is_old;		/* the token is that of the access we had */
	char *failed;		/* a sentence that sys/health may better */
	enum err code;
	step_fn *then;		/* once sys/health was asked, or the roles were read */
	GHashTable *roles;	/* that are being read, borrowed */
	GPtrArray *names;	/* char *: theirs, or those of CAs */
	GPtrArray *issuers;	/* vault_issuer.c's */
	GHashTable *kf_facts;	/* of the memo that is being made, borrowed */
	const struct vault_kf_fault *fault;	/* that failed is about; or NULL */
	char *who, *about, *product;	/* VERB_ACCOUNT_TEST */
	const char *part;		/* likewise: of the node in its cluster */
	bool is_root;			/* the token may do everything */
	void *mine;		/* of a verb: vault_begin() */
	GDestroyNotify done_mine;
};

/* ---- vault.c ---- */

extern const struct field vault_fields[];

/* ---- vault_sign_in.c, vault_login.c ---- */

step_fn vault_sign_in;

/* How somebody signs in: a row each, found by the answer of "auth". */
struct vault_method {
	const char *name;
	step_fn *begin;
	bool logs_in;		/* a new token can be had at any time */
	const char *advice;	/* what to check when it is refused */
};
extern const struct vault_method vault_methods[];	/* ends with name NULL */

/* Of op->login: the server's address without slashes at its end; new. */
char *vault_address(const struct op *op);
/* Looks at v->token, then renews it when that is due, then opens the access. */
struct next vault_look(struct op *op);
/* Opens the access with the token and the life of an "auth" block. */
struct next vault_open(struct op *op);
sign_fn vault_sign;
is_signed_out_fn vault_is_signed_out;

/* ---- vault_found.c: tokens that other programs keep; runs as works ---- */

struct vault_reading {
	/* the question */
	char *auth;		/* environment, token-file, token-helper, jwt */
	char *path;		/* of a file; or NULL */
	bool is_bao;		/* BAO_ names and ~/.bao are looked at first */
	/* the answer */
	struct secret *secret;
	char *from;
};

struct work *vault_read(const char *auth, const char *path, bool is_bao);
/* The program that ~/.vault names as token helper: its words.  NULL without an error when it
 * names none. */
char **vault_helper_read(const char *text, size_t len, GError **error);
/* A variable of the tools', of OpenBao's name first; NULL when empty or not there. */
const char *vault_variable(bool is_bao, const char *name);
/* Where the token helper is configured and where the token file is, as the tools look; new. */
char *vault_helper_config(bool is_bao);
char *vault_token_file(bool is_bao);

/* ---- vault_find.c, vault_block.c, vault_test.c ---- */

find_accounts_fn vault_find_accounts;
read_block_fn vault_block;
step_fn vault_test;

/* ---- vault_unseal.c, vault_init.c, vault_planned_server.c: before anybody can sign in ---- */

step_fn vault_unseal, vault_init;
plan_fn vault_planned_unseal, vault_planned_init;
/* Whether the answers fit each other. */
bool vault_init_check(const struct op *op, GError **error);
/* The base64 of a PGP public key, from a file that has it armoured, in base64 or as bytes; new. */
char *vault_pgp_read(const void *bytes, size_t len, GError **error);

/* ---- vault_engines.c: engines are enabled and tuned, plug-ins registered ---- */

step_fn vault_enable, vault_tune, vault_plugin;
plan_fn vault_planned_mount, vault_planned_tune, vault_planned_plugin;
/* The path that an engine is enabled at, without slashes around it; new. */
char *vault_enable_path(const struct op *op);
/* One of the spans of an answer, in seconds, as the server has it: "259200s"; new, NULL: not said. */
char *vault_span(const struct op *op, const char *key);
bool vault_tune_check(const struct op *op, GError **error);

/* ---- vault_may.c ---- */

/* Asks what the token may do in the stores of op->account, as far as they are known. */
struct next vault_may_ask(struct op *op, step_fn *then);
/* The answer, in words; "" when there is none.  New. */
char *vault_may_say(struct op *op, const struct reply *r);

/* ---- vault_reply.c: what servers answer ---- */

/* A token as it may stand in a header: printable ASCII without blanks. */
bool vault_token_is_fit(const char *bytes, size_t len);
/* Bodies of JSON with secrets in them: room for all of it at once, wiped when they go. */
GString *vault_body_new(size_t secrets);
struct request_out *vault_ask(struct op *op, const char *path, GString *body /* or NULL; takes */);
/* The same while signing in: with the namespace and a token (NULL: none) in it, not signed. */
struct request_out *vault_ask_as(struct op *op, const char *path, GString *body,
				 const struct secret *token);
/* LIST in the form that no proxy refuses; of a path that is escaped already. */
struct request_out *vault_ask_list(struct op *op, const char *path);
/* A path as it may stand in a URL, its slashes untouched; new. */
char *vault_escape(const char *path);
/* About the server itself, which is outside all namespaces and needs no token. */
struct request_out *vault_ask_server(struct op *op, const char *path);
struct request_out *vault_tell_server(struct op *op, const char *path, GString *body /* takes */);
/* How it is, with a status of 200 whatever that is. */
struct request_out *vault_ask_health(struct op *op);
/* The JSON of a good answer, or NULL. */
struct json *vault_json(const struct reply *r);
/* The server's own words, joined and without Go's wrapping; "" when it said none. */
char *vault_words(const struct reply *r);
/* A token that nobody knows any more, as far as a refusal can tell: those of policies are
 * wrapped, those of tokens are not or say so. */
bool vault_is_dead(const struct reply *r);
/* The keys of a list, from its answer's data; an answer of 404 without a word has none. */
bool vault_is_empty(const struct reply *r);
/* Text of a server's as a part of ours: printable, short. */
char *vault_text(const char *text);
/* Ends with a sentence: what was tried, what came back, what to do.  Asks sys/health first where
 * that may know more. */
struct next vault_fail(struct op *op, const struct reply *r, const char *tried,
		       const char *advice);
/* The same of a verb on a mount: `tried` took `capability` on `path`. */
struct next vault_refuse(struct op *op, const struct reply *r, const char *tried,
			 const char *capability, const char *path);
/* The sentence and its code in v->failed and v->code, and whether the server's own state may be the
 * reason; then the step finds there what sys/health said instead, if that is it. */
bool vault_explain(struct op *op, const struct reply *r, const char *tried, const char *capability,
		   const char *path);
struct next vault_look_at_server(struct op *op, step_fn *then);
/* What is wrong with the server as its sys/seal-status or sys/health has it; NULL: nothing. */
char *vault_seal_trouble(const struct json *status);
/* "OpenBao 2.7.2", harmless. */
char *vault_product(const struct json *status);

/* ---- vault_mount.c: stores, which are mounts ---- */

/* Types of stores. */
#define VAULT_PKI	"pki"
#define VAULT_KEYFACTOR "keyfactor"
#define VAULT_KV	"kv"

/* How an engine that issues certificates is spoken to: they differ in words. */
struct vault_engine {
	const char *type;
	const char *reads[3];	/* what stands before the serial, the newest first; ends with NULL */
	const char *serial;	/* the field of revoke that has it */
	const char *chain;	/* where its issuers are */
	bool lists_revoked;
};
const struct vault_engine *vault_engine_find(const char *type);	/* or NULL */
/* What to call that one when it is revoked; new. */
char *vault_serial(const struct store *s, const char *alias);

/* What a verb on a store or an account keeps; zeroed, one for each operation.  NULL when the account
 * is not open. */
void *vault_begin(struct op *op, size_t size, GDestroyNotify done);
/* The same of a verb that is done without signing in: with the account's answers. */
void *vault_begin_unsigned(struct op *op, size_t size, GDestroyNotify done);
void *vault_mine(struct op *op);
/* "pki/certs" below the mount of op->store, escaped; the rest is taken as it is.  New. */
char *vault_below(const struct op *op, const char *rest);

/* ---- vault_stores.c, vault_refresh.c, vault_pki.c, vault_kv.c ---- */

/* A mount below the account's namespace as a store; "" or "team/". */
struct store *vault_store_new(const struct op *op, const char *type, const char *space,
			      const char *mount);
/* What sort of store an engine of that type is, with the version of a KV; NULL: none. */
const char *vault_store_type(const char *type, const char *version);

step_fn vault_stores, vault_refresh, vault_pki_refresh, vault_kv_refresh;

/* ---- vault_catalog.c ---- */

/* Puts the plug-ins of the server as far as the token may see them, then goes on there. */
struct next vault_catalog_read(struct op *op, step_fn *then);

/* ---- vault_role.c ---- */

#define VAULT_ROLES_MAX 1000

/* What a role of that engine allows, in a sentence, from its answer's data; new. */
char *vault_role_say(const struct store *s, const struct json *role);
/* Reads the roles of op->store as far as they may be read, into `ret` (name -> sentence) and as objects,
 * then goes on there. */
struct next vault_role_read(struct op *op, GHashTable *ret, step_fn *then);

/* ---- vault_order.c, vault_enrol.c, vault_revoke.c, vault_export.c, vault_questions.c, vault_planned.c ---- */

step_fn vault_order, vault_sync, vault_request_show, vault_revoke, vault_export, vault_hand;
extern const struct verb_questions vault_questions[];
extern const struct issuer vault_enrol_issuer;
plan_fn vault_planned_enrol, vault_planned_order, vault_planned_revoke, vault_planned_export,
	vault_planned_hand;

/* ---- vault_kv.c: what the stores and the refresh of a KV have in common ---- */

#define VAULT_KV_DEEP 32	/* folders within each other */

/* A folder (a path that is "" or ends in a slash) or a secret, of a mount relative to the account's
 * namespace. */
struct request_out *vault_kv_ask(struct op *op, const char *mount, const char *path);
/* What lies in a folder: adds paths (char *). */
void vault_kv_children(const struct reply *r, const char *path, GPtrArray *ret);
/* Whether one of its values is a certificate in PEM. */
bool vault_kv_has_cert(const struct reply *r);

/* ---- vault_chain.c ---- */

/* The certificates (GBytes) of a CA's answer, whose data has them by any name, as one text or as a list. */
GPtrArray *vault_chain_read(const struct json *data);

/* ---- vault_memo.c: what the last refresh of an engine knew ---- */

struct vault_memo {
	int64_t no_detailed;	/* when the server said that it has no list with names; or 0 */
	GHashTable *revoked;	/* alias in lower case -> int64_t *: when it was revoked */
	GHashTable *roles;	/* name -> char *: what it allows, as a sentence */
	GHashTable *facts;	/* name -> char *: of Keyfactor's engine (vault_kf_look.c) */
};

void vault_memo_read(struct vault_memo *ret, GBytes *memo);
GBytes *vault_memo_write(const struct vault_memo *m);
void vault_memo_done(struct vault_memo *m);

/* ---- vault_describe.c ---- */

void vault_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
		    int64_t now);
void vault_describe_store(struct detail *d, const struct store *s, GBytes *memo, int64_t now);

#endif
