/*
 * provider: what certty knows how to talk to, each a table of contents.
 *
 * `info` is plain facts for the screen; `verb` holds the first step of each verb that the
 * provider can do.  Whether it can do one is not a flag: it can if the step is there.  Static
 * and read-only; steps are called by the engine on its thread.
 */
#ifndef CERTTY_PROVIDER_PROVIDER_H
#define CERTTY_PROVIDER_PROVIDER_H

#include <certty/model/plan.h>
#include <certty/model/provider_info.h>
#include <certty/net/retry.h>
#include <certty/provider/op.h>

/* Accounts that other tools have set up on this machine, from environment and files as they
 * are now: adds them (struct account, origin ACCOUNT_FOUND) to `found`, and a sentence (char *) to
 * `troubles` for what is there and cannot be read.  Blocks briefly; on the job pool; bounded. */
typedef void find_accounts_fn(GPtrArray *found, GPtrArray *troubles);

/* One that its service can be told to renew, and does not renew by itself. */
struct renewable {
	char *warning;		/* what a person should accept first; "" */
};
struct renewable *renewable_new(const char *warning);
void renewable_free(void *renewable);
/* Those of a store by alias, from its memo; pure. */
typedef GHashTable *find_renewable_fn(const struct store *s, GBytes *memo, int64_t now);

/* Whether a reply says that the access is no longer taken, so that signing in again may help. */
typedef bool is_signed_out_fn(const struct reply *r, const struct access *a);

/* What a verb would do to what is in op, by what is known: it asks nobody, changes nothing and
 * finds nothing.  False: it would be refused, and why.  Of a VERB_IMPORT op->cert is what is put
 * there, as far as it is known, and its alias the place that it must take, or NULL. */
typedef bool plan_fn(struct op *op, struct plan *ret, GError **error);

/* Makes keys for certificates that somebody else issues.  Each is the first step of an operation on a
 * store of its provider, with op->enrol.  Taken again it does nothing twice: the token says which key
 * is meant.  Each fails where the store is none for that. */
struct key_maker {
	/* args "subject", "kind", "passphrase" (or "plain"), "key-profile", "key-of": a key that stays
	 * there, and a request for its certificate, as op_csr(), now or when it is asked once more; until
	 * then, or when there will be none, op_stands().  op_placed() says how the key is known, which
	 * op->enrol->place says from then on. */
	step_fn *make;
	/* op->bundle, which was issued for the key, is put where the key is: op_placed(), and op_hand()
	 * with its key where that can be had; args "passphrase". */
	step_fn *keep;
	step_fn *drop;			/* nothing will be issued for it: it goes */
	plan_fn *plan;			/* what the first two would do */
	bool needs_no_passphrase;	/* its keys are in a service's keeping, which encrypts them itself */
};

/* Has requests signed, likewise. */
struct issuer {
	/* The request op->enrol->csr; args "profile" and "validity", where it lets others choose them.
	 * The certificate with its issuers, as op_hand(), now or when it is asked once more; until then,
	 * or when there will be none, op_stands().  What has been asked for by that token is never asked
	 * for twice, wherever a program ended in between; that it cannot be known any more is
	 * REQUEST_FAILED. */
	step_fn *ask;
	step_fn *take_back;		/* nobody wants it any more; NULL: what is asked for is issued */
	plan_fn *plan;			/* what asking would do */
};

struct provider {
	const struct provider_info *info;
	size_t scratch;			/* bytes of an operation's own memory */
	void (*scratch_done)(void *scratch);	/* frees what hangs on it; may be NULL */
	step_fn *verb[VERB_COUNT];	/* VERB_SHOW, of a request, goes by what is known: it has no
					 * access and asks nobody */
	/* Of each of those verbs that changes something.  VERB_DEPLOY: what `hand` would do;
	 * VERB_PUBLISH, VERB_UNPUBLISH: what `publish` and `unpublish` would. */
	plan_fn *plan[VERB_COUNT];
	/* Exchanges of one store, and of the whole account, at a time. */
	unsigned at_once_store, at_once_account;
	/* Accounts; all NULL for a provider that needs none.  `sign_in` is the first step of an
	 * operation that has op->login (the account's answers with their defaults, and its
	 * secrets) and leaves op->opened; its requests are not signed.  Its verb
	 * VERB_ACCOUNT_TEST asks who we are (op_who) with the cheapest call that needs the access
	 * and changes nothing. */
	find_accounts_fn *find_accounts;
	step_fn *sign_in;
	sign_fn *sign;
	is_signed_out_fn *is_signed_out;	/* NULL: a status of 401 says so */
	/* What a reply says about sending the same again; NULL: its status says so. */
	enum verdict (*judge)(const struct reply *r);
	/* The stores of an account, put and dropped, by its verb VERB_ACCOUNT_STORES; asked when it
	 * was added or tested, with every refresh of everything, and once a day. */

	/* The certificate op->cert of op->store with its issuers and its key, as op_hand(); NULL:
	 * its keys cannot be had.  args: "passphrase". */
	step_fn *hand;
	/* Whether what lies in `from` is put into `to` by the service itself, which has its key, so that
	 * VERB_IMPORT gets a bundle without one; pure.  NULL: never. */
	bool (*puts)(const struct store *from, const struct store *to);
	/* Puts op->records into the zones that the account has, waits until they are in force, and
	 * says which are (op_published); that it has no zone for one is no error.  Never takes a
	 * record away. */
	step_fn *publish;
	/* Takes op->records, which publish put there, out of the zones again: where they are with that
	 * value, and nothing beside them; says which are not there any more (op_published).  NULL: what
	 * is put there stays. */
	step_fn *unpublish;
	const struct key_maker *key_maker;	/* NULL: its stores make no keys, or keep none */
	const struct issuer *issuer;		/* NULL: its stores issue nothing */
	/* What is known of the certificate `alias` beyond its bytes, from the store's memo; pure. */
	void (*describe)(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
			 int64_t now);
	/* Likewise of a store itself, from its memo, NULL before it was read; pure.  NULL: nothing more. */
	void (*describe_store)(struct detail *d, const struct store *s, GBytes *memo, int64_t now);
	/* Which of its certificates a rule may propose for VERB_RENEW; NULL: none. */
	find_renewable_fn *find_renewable;
	/* Stores that are there without being asked for: adds them to `stores` (struct store *). */
	void (*own_stores)(const struct settings *settings, GPtrArray *stores);
};

extern const struct provider *const provider_table[];	/* alphabetical; ends with NULL */
const struct provider *provider_find(const char *name);

/* Why `p` cannot do this to a thing of that store, in words for a person; NULL: it can. */
char *provider_why_not(const struct provider *p, const struct verb *verb,
		       const struct store *store);

#endif
