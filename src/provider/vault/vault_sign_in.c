/*
 * vault_sign_in: from answers to a token, and what is done with a token that we have.
 *
 * A token is looked at before it is used, since it may be old: one that ends soon is renewed
 * where it can be, and got anew where we know how.  So signing in again after a refusal, or
 * before the end, costs a look, and only a token that is dead costs a login: secret IDs may be
 * good for one.
 */
#include "vault_own.h"

#include <inttypes.h>
#include <string.h>

#include <certty/base/text.h>

static step_fn seal_heard, looked, renewed;

/* ---- the server first ---- */

static const struct vault_method *method_of(const char *name)
{
	const struct vault_method *m = vault_methods;

	while (m->name && strcmp(m->name, name))
		m++;
	return m;
}

/* Without the slashes at the end; the server must be named by http or https. */
char *vault_address(const struct op *op)
{
	const char *given = args_text(op->login, VAULT_AT, VAULT_ADDRESS);
	size_t len = strlen(given);

	while (len && given[len - 1] == '/')
		len--;
	return g_strndup(given, len);
}

struct next vault_sign_in(struct op *op, const struct reply *none)
{
	struct vault *v = op->scratch;
	const char *auth = args_text(op->login, "auth", "token");

	(void)none;
	v->at = vault_address(op);
	v->method = method_of(auth);
	if (!v->method->name)
		return next_fail(op, ERR_USAGE, "'%s' is no way to sign in to Vault", auth);
	return next_send(vault_ask_server(op, "sys/seal-status"), seal_heard);
}

/* What we have is looked at before anything new is asked for. */
static struct next go_on(struct op *op)
{
	struct vault *v = op->scratch;
	const struct secret *old = op->access ? args_secret(op->access->with, VAULT_TOKEN) : NULL;

	if (!old)
		return v->method->begin(op, NULL);
	v->token = secret_dup(old);
	v->from = g_strdup(op->access->from);
	v->is_old = true;
	return vault_look(op);
}

/* Some front ends let nobody see this; then the sign-in itself tells. */
static struct next seal_heard(struct op *op, const struct reply *r)
{
	const struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);
	g_autofree char *trouble = status ? vault_seal_trouble(status) : NULL;

	if (r->error || (r->status >= 300 && r->status < 400))
		return vault_fail(op, r, "asking whether it is sealed", "check the address");
	if (trouble) {
		g_autofree char *product = vault_product(status);

		return next_fail(op, ERR_BUSY, "%s at %s: %s", product, v->at, trouble);
	}
	if (r->status == 200 && !status)
		return next_fail(op, ERR_REPLY, "%s does not answer as a Vault server does; check "
				 "the address, which is without /v1 and /ui", v->at);
	return go_on(op);
}

/* ---- a token is looked at ---- */

struct next vault_look(struct op *op)
{
	const struct vault *v = op->scratch;

	return next_send(vault_ask_as(op, "auth/token/lookup-self", NULL, v->token), looked);
}

static void read_life(const struct json *data, struct vault_life *ret)
{
	int64_t period = 0;

	memset(ret, 0, sizeof(*ret));
	json_int(data, "ttl", &ret->ttl);
	json_int(data, "creation_ttl", &ret->span);
	json_int(data, "period", &period);
	ret->ttl = CLAMP(ret->ttl, 0, G_MAXINT32);
	ret->span = CLAMP(period > 0 ? period : ret->span, 0, G_MAXINT32);
	ret->is_renewable = json_bool(data, "renewable", false);
}

/* What was said of it when it was new. */
static void remember_life(const struct op *op, struct vault_life *ret)
{
	const struct vault *v = op->scratch;

	memset(ret, 0, sizeof(*ret));
	if (!v->is_old || !op->access->ends)
		return;
	ret->ttl = MAX(op->access->ends - op->now, 1);
	args_int(op->access->with, "span", &ret->span);
}

/* Most of it is over: sooner than the engine, which comes before the end, asks for more. */
static bool is_due(const struct vault_life *l)
{
	return l->ttl > 0 && l->ttl * 5 <= l->span * 2;
}

/* For as long as at first: when nothing is said, a server gives what it gave the last time. */
static struct next renew(struct op *op)
{
	const struct vault *v = op->scratch;
	struct json_writer w = { .out = vault_body_new(0) };

	json_open(&w, NULL, '{');
	json_put_int(&w, "increment", v->life.span);
	json_close(&w, '}');
	return next_send(vault_ask_as(op, "auth/token/renew-self", w.out, v->token), renewed);
}

/* An old one that is dead is no trouble where a new one can be had; the place that it came from
 * may have a new one as well. */
static struct next begin_again(struct op *op)
{
	struct vault *v = op->scratch;

	v->is_old = false;
	g_clear_pointer(&v->token, secret_free);
	g_clear_pointer(&v->from, g_free);
	return v->method->begin(op, NULL);
}

static struct next looked(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);

	if (!j && v->is_old && vault_is_dead(r))
		return begin_again(op);
	if (!j && (r->status != 403 || vault_is_dead(r)))
		return vault_fail(op, r, "looking at the token", v->method->advice);
	/* It may live without policies that let it look at itself. */
	if (j)
		read_life(json_get(j, "data"), &v->life);
	else
		remember_life(op, &v->life);
	if (is_due(&v->life) && v->life.is_renewable)
		return renew(op);
	if (is_due(&v->life) && v->is_old)
		return begin_again(op);
	return vault_open(op);
}

/* Near its longest life a renewal gives ever less: then a new token is better, where one can be
 * had; else what there is of the old one is used up. */
static struct next renewed(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	const struct json *auth = json_get(j, "auth");
	struct vault_life before = v->life;

	if (r->error)
		return vault_fail(op, r, "renewing the token", v->method->advice);
	json_int(auth, "lease_duration", &v->life.ttl);
	v->life.ttl = CLAMP(v->life.ttl, 0, G_MAXINT32);
	if (auth && !is_due(&v->life))
		return vault_open(op);
	if (v->method->logs_in && v->is_old)
		return begin_again(op);
	v->life.ttl = MAX(v->life.ttl, before.ttl);
	v->life.is_renewable = false;
	return vault_open(op);
}

/* ---- an access, and what is done with it ---- */

struct next vault_open(struct op *op)
{
	struct vault *v = op->scratch;
	struct access *a = access_new();
	/* A secret ID that was unwrapped is there once and never again. */
	const struct secret *kept = v->given ? v->given :
		op->access ? args_secret(op->access->with, "unwrapped") : NULL;
	g_autofree char *span = g_strdup_printf("%" PRId64, v->life.span);

	args_set(a->with, VAULT_AT, v->at);
	args_set(a->with, "span", span);
	args_set(a->with, VAULT_SPACE, args_get(op->login, VAULT_SPACE));
	args_put_secret(a->with, VAULT_TOKEN, g_steal_pointer(&v->token));
	if (kept && args_bool(op->login, "wrapped"))
		args_put_secret(a->with, "unwrapped", secret_dup(kept));
	if (v->given && args_bool(op->login, "wrapped")) {
		a->instead = args_new();
		args_put_secret(a->instead, "secret-id", secret_dup(v->given));
		args_set(a->instead, "wrapped", "no");
	}
	a->from = g_steal_pointer(&v->from);
	a->ends = v->life.ttl > 0 ? op->now + v->life.ttl : 0;
	a->is_renewable = a->ends && (v->method->logs_in || v->life.is_renewable);
	op_open(op, a);
	return next_done();
}

bool vault_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const struct secret *token = args_secret(a->with, VAULT_TOKEN);
	const char *space = args_text(a->with, VAULT_SPACE, "");

	(void)now;
	(void)error;
	exchange_set_header(r, "X-Vault-Request", "true");
	if (*space)
		exchange_set_header(r, "X-Vault-Namespace", space);
	if (token)	/* an agent adds its own */
		exchange_set_header(r, "X-Vault-Token", token->bytes);
	return true;
}

bool vault_is_signed_out(const struct reply *r, const struct access *a)
{
	(void)a;
	return r->status == 401 || vault_is_dead(r);
}
