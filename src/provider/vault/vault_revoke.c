/*
 * vault_revoke: a certificate is revoked by the engine that issued it.
 *
 * An engine does not say no to one that has ended: it does nothing, and warns.  So only the time of
 * a revocation proves one.  To revoke again does no harm: the first time stays.
 */
#include "vault_kf.h"

#include <string.h>

#define REVOKING "revoking it"

static step_fn revoked;

static void nothing(void *mine)
{
	(void)mine;
}

struct next vault_revoke(struct op *op, const struct reply *none)
{
	const struct vault_engine *e = vault_engine_find(op->store->type);
	g_autofree char *path = vault_below(op, "revoke"), *serial = vault_serial(op->store, op->cert.alias);
	struct json_writer w = { 0 };
	struct request_out *r;

	(void)none;
	if (!e)
		return next_fail(op, ERR_REFUSED, "%s only keeps what others issued: its issuer revokes it",
				 op->store->title);
	if (!vault_begin(op, 1, nothing))
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	w.out = vault_body_new(0);
	json_open(&w, NULL, '{');
	json_put_str(&w, e->serial, serial);
	json_close(&w, '}');
	r = vault_ask(op, path, w.out);
	r->is_repeatable = e->lists_revoked;
	return next_send(r, revoked);
}

/* Seen by the next refresh as well, but for engines that have no list of them. */
static void remember(struct op *op, int64_t when)
{
	struct vault_memo m;

	vault_memo_read(&m, op->memo);
	g_hash_table_replace(m.revoked, g_ascii_strdown(op->cert.alias, -1),
			     g_memdup2(&when, sizeof(when)));
	op_memo(op, vault_memo_write(&m));
	vault_memo_done(&m);
}

static struct next revoked(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	g_autofree char *warnings = vault_issued_warnings(j), *path = vault_below(op, "revoke");
	int64_t when = 0;

	if (!j && (r->error || r->status != 204))
		return vault_refuse(op, r, REVOKING, "update", path);
	json_int(json_get(j, "data"), "revocation_time", &when);
	if (when <= 0)
		return next_fail(op, ERR_REFUSED, "%s is NOT revoked: %s", op->cert.alias,
				 *warnings ? warnings : "the engine did nothing, as it does with what has "
							"ended");
	remember(op, when);
	op_touch(op, op->store->id);
	if (*warnings)
		op_trouble(op, "the engine warns: %s", warnings);
	if (strcmp(args_text(op->args, "reason", "unspecified"), "unspecified"))
		op_trouble(op, "the engine keeps no reason, so its revocation list has none");
	if (*args_text(op->args, "comment", ""))
		op_trouble(op, "the engine keeps no comment: what was said of it is not there");
	op_say(op, "%s %s", op->cert.alias, when < op->now - 60 ? "was revoked already" : "is revoked");
	return next_done();
}
