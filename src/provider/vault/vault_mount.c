/*
 * vault_mount: mounts as stores, and how their engines are spoken to.
 *
 * The address of a store is the mount's path as it is seen from the account's own namespace, so
 * one in a namespace below begins with that: a server takes both as the same.
 */
#include "vault_own.h"

#include <string.h>

/* clang-format off */
static const struct vault_engine engines[] = {
	{ VAULT_PKI,       { "cert/", NULL },           "serial_number", "cert/ca_chain", true },
	{ VAULT_KEYFACTOR, { "certs/", "cert/", NULL }, "serial",        "ca_chain",      false },
	{ NULL }
};

static const struct {
	const char *type;
	step_fn *refresh;
} kinds[] = {
	{ VAULT_PKI,       vault_pki_refresh },
	{ VAULT_KEYFACTOR, vault_pki_refresh },
	{ VAULT_KV,        vault_kv_refresh },
};
/* clang-format on */

const struct vault_engine *vault_engine_find(const char *type)
{
	const struct vault_engine *e = engines;

	while (e->type && strcmp(e->type, type))
		e++;
	return e->type ? e : NULL;
}

/* Keyfactor's engine has its numbers in Command under serials without separators, whatever it lists. */
char *vault_serial(const struct store *s, const char *alias)
{
	GString *serial = g_string_new(alias);

	for (gsize i = serial->len; i-- > 0 && !strcmp(s->type, VAULT_KEYFACTOR);)
		if (serial->str[i] == ':' || serial->str[i] == '-')
			g_string_erase(serial, (gssize)i, 1);
	return g_string_free(serial, FALSE);
}

static void *begin_at(struct op *op, char *at /* taken */, size_t size, GDestroyNotify done)
{
	struct vault *v = op->scratch;

	g_free(v->at);
	v->at = at;
	v->mine = g_malloc0(size);
	v->done_mine = done;
	return v->mine;
}

void *vault_begin(struct op *op, size_t size, GDestroyNotify done)
{
	return op->access ? begin_at(op, g_strdup(args_text(op->access->with, VAULT_AT, VAULT_ADDRESS)),
				     size, done) : NULL;
}

void *vault_begin_unsigned(struct op *op, size_t size, GDestroyNotify done)
{
	return begin_at(op, vault_address(op), size, done);
}

void *vault_mine(struct op *op)
{
	return ((struct vault *)op->scratch)->mine;
}

char *vault_below(const struct op *op, const char *rest)
{
	g_autofree char *mount = vault_escape(op->store->address);

	return g_strconcat(mount, "/", rest, NULL);
}

struct next vault_refresh(struct op *op, const struct reply *none)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].type, op->store->type))
			return kinds[i].refresh(op, none);
	return next_fail(op, ERR_REFUSED, "%s is of no sort that can be read", op->store->title);
}
