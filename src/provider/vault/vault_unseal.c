/*
 * vault_unseal: keys for a server that is sealed, one after the other.
 *
 * The server counts, for everybody: keys may come from several people, one by one.  Whether a key is
 * one of its own it knows only once it has as many as it needs, and then drops them all.
 */
#include "vault_own.h"

#include <inttypes.h>
#include <string.h>

#define PATH	 "sys/unseal"
#define STATUS	 "sys/seal-status"
#define KEYS_MAX 64
#define KEY_MAX	 1024	/* bytes */
#define BETWEEN	 " ,;\t\r\n"

struct unsealing {
	GPtrArray *keys;	/* struct secret */
	guint at;		/* that is being given */
	int64_t done, of;	/* as the server counts */
	char *product;
	char *words;		/* of a refusal */
};

static step_fn status_heard, key_heard, wrong_heard, reset_heard;

static void unsealing_done(void *unsealing)
{
	struct unsealing *u = unsealing;

	if (u->keys)
		g_ptr_array_unref(u->keys);
	g_free(u->product);
	g_free(u->words);
}

static void free_key(void *key)
{
	secret_free(key);
}

/* ---- keys ---- */

static bool is_key(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isalnum(bytes[i]) && !strchr("+/=-_", bytes[i]))
			return false;
	return len > 0 && len <= KEY_MAX;
}

static bool take_keys(struct unsealing *u, const struct secret *given, GError **error)
{
	const char *at = given->bytes;

	u->keys = g_ptr_array_new_with_free_func(free_key);
	for (at += strspn(at, BETWEEN); *at; at += strspn(at, BETWEEN)) {
		size_t len = strcspn(at, BETWEEN);
		struct secret *key = is_key(at, len) && u->keys->len < KEYS_MAX ? secret_new(at, len) : NULL;

		if (!key) {
			g_set_error(error, ERR, ERR_FORMAT, "number %u of what was given is no unseal key: "
				    "those are hexadecimal or base64", u->keys->len + 1);
			return false;
		}
		g_ptr_array_add(u->keys, key);
		at += len;
	}
	if (!u->keys->len)
		g_set_error(error, ERR, ERR_USAGE, "there is no key in what was given");
	return u->keys->len > 0;
}

struct next vault_unseal(struct op *op, const struct reply *none)
{
	struct unsealing *u = vault_begin_unsigned(op, sizeof(*u), unsealing_done);
	const struct secret *keys = args_secret(op->args, "keys");
	bool is_reset = args_bool(op->args, "reset");
	GError *error = NULL;

	(void)none;
	if (!is_reset && !keys)
		return next_fail(op, ERR_USAGE, "a key is needed");
	if (!is_reset && !take_keys(u, keys, &error))
		return next_fail_error(op, error);
	return next_send(vault_ask_server(op, STATUS), status_heard);
}

/* ---- how it stands ---- */

static void take_status(struct op *op, const struct json *status)
{
	struct unsealing *u = vault_mine(op);

	json_int(status, "t", &u->of);
	json_int(status, "progress", &u->done);
	if (!u->product)
		u->product = vault_product(status);
	op_progress(op, (uint64_t)MAX(u->done, 0), (uint64_t)MAX(u->of, 0));
}

static struct next give(struct op *op)
{
	const struct unsealing *u = vault_mine(op);
	const struct secret *key = u->keys->pdata[u->at];
	struct json_writer w = { .out = vault_body_new(key->len) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "key", key->bytes);
	json_close(&w, '}');
	return next_send(vault_tell_server(op, PATH, w.out), key_heard);
}

static struct next reset(struct op *op)
{
	struct json_writer w = { .out = vault_body_new(0) };

	json_open(&w, NULL, '{');
	json_put_bool(&w, "reset", true);
	json_close(&w, '}');
	return next_send(vault_tell_server(op, PATH, w.out), reset_heard);
}

/* A seal that others keep (a cloud's key service, an HSM) opens by itself or not at all. */
static struct next status_heard(struct op *op, const struct reply *r)
{
	struct unsealing *u = vault_mine(op);
	const struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);
	g_autofree char *type = vault_text(json_str(status, "type"));

	if (!status)
		return vault_fail(op, r, "asking whether it is sealed", "check the address");
	take_status(op, status);
	if (!json_bool(status, "initialized", true))
		return next_fail(op, ERR_REFUSED, "%s at %s is not initialised, so it has no keys yet: init "
				 "makes them", u->product, v->at);
	if (!json_bool(status, "sealed", false)) {
		op_say(op, "%s at %s is not sealed", u->product, v->at);
		return next_done();
	}
	if (json_bool(status, "recovery_seal", false))
		return next_fail(op, ERR_REFUSED, "%s at %s is sealed by %s, which unseals it by itself and "
				 "takes no keys: its log says why it has not", u->product, v->at, type);
	return args_bool(op->args, "reset") ? reset(op) : give(op);
}

/* ---- given ---- */

static struct next unsealed(struct op *op)
{
	const struct unsealing *u = vault_mine(op);
	const struct vault *v = op->scratch;

	op_look_for_stores(op);
	op_say(op, "%s at %s is unsealed", u->product, v->at);
	return next_done();
}

static struct next end(struct op *op, bool is_same)
{
	const struct unsealing *u = vault_mine(op);
	const struct vault *v = op->scratch;

	op_say(op, "%s at %s: %s%" PRId64 " of %" PRId64 " unseal keys are given, %" PRId64 " more %s needed",
	       u->product, v->at, is_same ? "that key had been given before; " : "", u->done, u->of,
	       u->of - u->done, u->of - u->done == 1 ? "is" : "are");
	return next_done();
}

static struct next key_heard(struct op *op, const struct reply *r)
{
	struct unsealing *u = vault_mine(op);
	g_autoptr(json) status = vault_json(r);
	int64_t before = u->done;

	if (!status && !r->error && r->status == 400) {
		u->words = vault_words(r);
		return next_send(vault_ask_server(op, STATUS), wrong_heard);
	}
	if (!status)
		return vault_fail(op, r, "giving it a key", "check the address");
	take_status(op, status);
	if (!json_bool(status, "sealed", true))
		return unsealed(op);
	if (++u->at < u->keys->len)
		return give(op);
	return end(op, u->done == before);
}

/* Of the key that completes them it is known only that one of all is wrong. */
static struct next wrong_heard(struct op *op, const struct reply *r)
{
	struct unsealing *u = vault_mine(op);
	const struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);
	int64_t before = u->done;

	if (status)
		take_status(op, status);
	if (status && u->done < before)
		return next_fail(op, ERR_REFUSED, "%s at %s says '%s': one of the last %" PRId64 " keys is not "
				 "of this server, and all of them were dropped; begin again with the first",
				 u->product, v->at, u->words, before + 1);
	return next_fail(op, ERR_REFUSED, "%s at %s says '%s' to number %u of what was given; %" PRId64 " of %"
			 PRId64 " unseal keys are given", u->product, v->at, u->words, u->at + 1, u->done,
			 u->of);
}

static struct next reset_heard(struct op *op, const struct reply *r)
{
	const struct unsealing *u = vault_mine(op);
	const struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);

	if (!status)
		return vault_fail(op, r, "dropping the keys given so far", "check the address");
	take_status(op, status);
	op_say(op, "%s at %s: the keys given so far are dropped; it needs %" PRId64, u->product, v->at, u->of);
	return next_done();
}
