/*
 * vault_order: what the files about orders share.
 *
 * Vault has no token by which an order sent twice stays one.  So an order is written down before it
 * is sent, and when its answer is lost, what the engine has issued since is looked at before
 * anything is sent again.
 */
#ifndef CERTTY_PROVIDER_VAULT_ORDER_H
#define CERTTY_PROVIDER_VAULT_ORDER_H

#include "vault_own.h"

#define VAULT_ROLE "role"

/* What has to be accepted word for word before a request is signed as it stands. */
#define VAULT_VERBATIM "the request is signed as it stands: what roles allow is not looked at, neither " \
		       "names nor usages nor its key"

/* What a request's row remembers. */
struct vault_kept {
	char *role;
	bool has_csr;		/* the key never left here, so nothing of it can be lost */
	bool may_hide;		/* the role may issue without listing what it issued (no_store) */
	bool takes_name, takes_sans;	/* the role has the request file say who it is for */
	int64_t sent;
	/* of an enrolment, else "" */
	char *issuer;		/* that the role names */
	char *csr, *chain;	/* PEM: what is to be signed; what came of it, with its issuers */
};

struct vault_kept *vault_kept_read(const char *json);	/* what is broken is empty */
char *vault_kept_write(const struct vault_kept *k);
void vault_kept_free(struct vault_kept *k);
AUTO_FREE(vault_kept, vault_kept_free)

struct vault_order {
	struct request *row;	/* as last put */
	struct vault_kept *kept;
	char **names;
	char *csr;		/* PEM, or NULL: the engine makes the key */
	char *limits;		/* of the role, as a sentence; or NULL */
	GBytes *key_of;		/* a request, DER: what is for its key is looked for; NULL: by names */
	int64_t ttl;		/* 0: the role's own */
	GPtrArray *wanted;	/* char *: serials that are read */
	const char *reads;	/* what stands before them */
	GPtrArray *found;	/* struct bundle: issued since, for these names */
	step_fn *then;		/* once it is known that nothing was issued, or, with key_of, once
				 * everything was looked at */
	struct bundle *bundle;	/* what was issued */
	char *warnings;		/* the engine's, or "" */
	bool is_cut, has_failed;
};

/* The operation's own. */
struct vault_order *vault_order_begin(struct op *op);	/* NULL: the account is not open */
void vault_order_put(struct op *op, struct request *r /* taken */);
void vault_order_end(struct op *op, enum request_state state, const char *theirs, const char *reason);

/* ---- vault_order.c ---- */

/* What can be said of the answers without asking anybody; a plan needs no passphrase. */
bool vault_order_is_verbatim(const struct op *op);
bool vault_order_check(const struct op *op, bool is_plan, GError **error);
bool vault_order_check_role(const char *role, GError **error);
/* "pki/roles/web": of the order's role; new. */
char *vault_order_path(const struct op *op, const char *call);
/* The order itself, by what is in `kept`, `names`, `csr` and `ttl`. */
struct request_out *vault_order_out(struct op *op);
/* The engine may have acted all the same. */
bool vault_order_is_lost(const struct op *op, const struct reply *r);
/* What the role's answer says, or NULL, which goes into `kept` and `limits`. */
void vault_order_take_role(struct op *op, const struct json *role);
/* The row, new or once more, before it is sent; `id` of a new one. */
void vault_order_write_down(struct op *op, const char *id, const char *digest);

/* ---- vault_look.c ---- */

/* Looks at what was issued since the row's order was sent; goes on with o->then when it is nothing. */
struct next vault_look_issued(struct op *op, step_fn *then);
/* Why it cannot be said that nothing was issued, though nothing was found; NULL: it can. */
char *vault_look_doubt(struct op *op, enum err *ret_code);

/* ---- vault_enrol.c ---- */

step_fn vault_enrol_sync;	/* of the row of one */

/* ---- vault_issued.c ---- */

/* The answer of issue or sign; NULL when it has no certificate, or a key that is not its own. */
struct bundle *vault_issued_read(const struct json *data, GError **error);
/* Warnings of an answer, one sentence each with "; " between; "" when there are none. */
char *vault_issued_warnings(const struct json *j);

#endif
