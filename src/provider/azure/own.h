/*
 * own: what the files of the Azure provider share.
 *
 * Azure is several services, and each wants a token of its own: the Resource Manager (scope
 * "arm") and all vaults of a cloud ("vault"), for the account's tenant or, where a vault belongs to
 * another one, for that ("vault TENANT").  A request names the scope in request_out.scope.  An
 * access keeps the tokens by scope, and what more of them are got with: azure_token() gets one
 * when it is first needed and hands the engine an access that has it as well.
 */
#ifndef CERTTY_AZURE_OWN_H
#define CERTTY_AZURE_OWN_H

#include <certty/base/auto.h>
#include <certty/base/json.h>
#include <certty/net/token.h>
#include <certty/provider/provider.h>

#include "provider/block.h"
#include "provider/dns_service.h"

#define AZURE_ARM	"arm"
#define AZURE_VAULT	"vault"
#define AZURE_REPLY_MAX (64u << 10)	/* bytes of a token's reply */
#define AZURE_EARLY	300		/* seconds before its end in which a token is not used */

/* ---- azure_cloud.c: where the services are ---- */

struct azure_cloud {
	char *authority, *arm;	/* no slash at the end; arm "" where it is not known */
	char *arm_resource, *vault_resource;	/* what a token is for */
	char *vault_suffix;	/* "vault.azure.net"; of a private endpoint, its own */
};
struct azure_cloud *azure_cloud_new(const struct args *answers, GError **error);
void azure_cloud_free(struct azure_cloud *c);
AUTO_FREE(azure_cloud, azure_cloud_free)
/* The answer to `cloud` for an authority or the Azure CLI's name of a cloud; NULL: not known. */
const char *azure_cloud_of_authority(const char *url);
const char *azure_cloud_of_cli(const char *name);
/* What a token of that scope is for, and whose: *ret_tenant NULL: the account's own; borrowed. */
bool azure_cloud_resource(const struct azure_cloud *c, const char *scope, const char **ret_resource,
			  const char **ret_tenant, GError **error);
/* Whether what is for that scope may be sent there. */
bool azure_cloud_owns(const struct azure_cloud *c, const char *scope, const char *url);

/* ---- azure_reply.c: what comes back ---- */

/* A token as Entra ID, the endpoints of managed identities, or the Azure CLI give it. */
bool azure_reply_token(const struct reply *r, int64_t now, struct token *ret, GError **error);
bool azure_reply_cli_token(const void *bytes, size_t len, int64_t now, struct token *ret,
			   GError **error);
/* A reply that should be JSON: its body, or NULL with a sentence on what was refused. */
struct json *azure_reply_json(const struct reply *r, const char *what, GError **error);
/* Whether more of its kind could come right by waiting (the metadata service is starting). */
bool azure_reply_is_passing(const struct reply *r);

/* ---- azure_token.c: signing in, and one more token ---- */

/* Goes on at `then`, with no reply, once op->access or op->opened has a token for the scope. */
struct next azure_token(struct op *op, const char *scope, step_fn *then);
/* The same where none may come, too: then azure_of(op)->refused says why. */
struct next azure_token_try(struct op *op, const char *scope, step_fn *then);
struct next azure_token_failed(struct op *op, GError *error /* taken */);	/* no token came */
struct next azure_token_sign_in(struct op *op, const struct reply *none);
/* What the account's token for that scope says of itself, which is not verified; NULL: nothing. */
struct json *azure_token_told(const struct op *op, const char *scope);
sign_fn azure_token_sign;
is_signed_out_fn azure_token_is_signed_out;
/* Where Entra ID gives tokens for a->scope, which is an assertion's audience as well. */
char *azure_token_url(struct op *op, GError **error);
/* Asks there with a secret by that name, client_secret or client_assertion. */
struct next azure_token_post(struct op *op, const char *name, const struct secret *value);
/* Takes the token, as the last of the steps that got it. */
struct next azure_token_took(struct op *op, struct token *t);
/* Sends a request for a token that is answered at once, never by a proxy where is_near. */
struct next azure_token_ask(struct op *op, struct request_out *r, bool is_near, step_fn *step);

/* ---- azure_assertion.c: what is said instead of a client secret ---- */

/* A certificate and its key, as PEM, PKCS#12 or the latter in base64, to an assertion for that
 * audience.  Blocks for as long as the passphrase costs. */
struct secret *azure_assertion_new(const struct secret *certificate,
				   const struct secret *passphrase, const char *client_id,
				   const char *audience, int64_t now, GError **error);
/* The bytes of a small file as a secret; what lay in ordinary memory is wiped. */
struct secret *azure_assertion_file(const char *path, size_t max, GError **error);
step_fn azure_assertion_by_certificate, azure_assertion_by_file;

/* ---- azure_identity.c: managed identities ---- */

step_fn azure_identity_begin;
/* The key that an Azure Arc agent left for us in `folder`, by the challenge that names it. */
struct secret *azure_identity_arc_key(const char *folder, const char *challenge, GError **error);
/* What gives this machine an identity, in words; NULL: nothing.  `dmi`: the folder in which the
 * kernel tells the machine's maker. */
const char *azure_identity_here(const char *dmi);
#define AZURE_DMI "/sys/class/dmi/id"

/* ---- azure_cli.c: the login of the Azure CLI ---- */

step_fn azure_cli_begin;
char *azure_cli_folder(void);	/* where it keeps its own */

/* ---- the others ---- */

find_accounts_fn azure_find;		/* azure_find.c */
/* The bytes of the Azure CLI's azureProfile.json, which is at `path`, harmless. */
void azure_find_logins(const void *bytes, size_t len, const char *path, GPtrArray *found,
		       GPtrArray *troubles);
read_block_fn azure_block;		/* azure_block.c */
step_fn azure_test;			/* azure_test.c */
step_fn azure_dns_publish, azure_dns_unpublish;	/* azure_dns.c */
plan_fn azure_dns_planned_publish, azure_dns_planned_unpublish;

/* The bytes of an operation. */
struct azure {
	struct dns_run dns;	/* first, where dns_service looks for it */
	struct args *with;	/* answers and secrets that tokens are got with, and the tokens */
	struct azure_cloud *cloud;
	const char *source;	/* how: one of the choices of `from`, but for "environment" */
	char *scope;		/* of the token that is being got */
	char *tenant;		/* whose resources are asked for; NULL: the account's own */
	bool is_tried;		/* that no token comes is no failure, but: */
	GError *refused;
	GHashTable *carried;	/* scopes for which an ended access had tokens, and this one shall */
	step_fn *then;
	unsigned tries;
	/* azure_test.c */
	GHashTable *seen;	/* ids of subscriptions */
	GString *names;
	unsigned pages, usable;
	/* kv.h */
	struct kv_at *at;
	struct kv_waiting *waiting;
	struct kv_looking *looking;
	struct kv_knowing *knowing;
	step_fn *taken;		/* kv_secret.c */
	void *mine;
	GDestroyNotify free_mine;
};

static inline struct azure *azure_of(struct op *op)
{
	return op->scratch;
}

#endif
