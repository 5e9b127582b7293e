/*
 * vault_kept: what a request's row remembers of an order, and the order that an operation is about.
 */
#include "vault_order.h"

#include <string.h>

#define KEPT_MAX 65536

struct vault_kept *vault_kept_read(const char *text)
{
	g_autoptr(json) j = text && *text ? json_parse(text, strlen(text), KEPT_MAX, NULL) : NULL;
	struct vault_kept *k = g_new0(struct vault_kept, 1);

	k->role = vault_text(json_str(j, "role"));
	k->has_csr = json_bool(j, "has-csr", false);
	k->may_hide = json_bool(j, "may-hide", false);
	k->takes_name = json_bool(j, "takes-name", true);
	k->takes_sans = json_bool(j, "takes-sans", true);
	json_int(j, "sent", &k->sent);
	k->issuer = vault_text(json_str(j, "issuer"));
	k->csr = g_strdup(json_str(j, "csr") ?: "");
	k->chain = g_strdup(json_str(j, "chain") ?: "");
	return k;
}

static void put(struct json_writer *w, const char *key, const char *text)
{
	if (*text)
		json_put_str(w, key, text);
}

char *vault_kept_write(const struct vault_kept *k)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "role", k->role);
	json_put_bool(&w, "has-csr", k->has_csr);
	json_put_bool(&w, "may-hide", k->may_hide);
	json_put_bool(&w, "takes-name", k->takes_name);
	json_put_bool(&w, "takes-sans", k->takes_sans);
	json_put_int(&w, "sent", k->sent);
	put(&w, "issuer", k->issuer);
	put(&w, "csr", k->csr);
	put(&w, "chain", k->chain);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

void vault_kept_free(struct vault_kept *k)
{
	if (!k)
		return;
	g_free(k->role);
	g_free(k->issuer);
	g_free(k->csr);
	g_free(k->chain);
	g_free(k);
}

static void order_done(void *order)
{
	struct vault_order *o = order;

	request_unref(o->row);
	vault_kept_free(o->kept);
	g_strfreev(o->names);
	g_free(o->csr);
	g_free(o->limits);
	g_clear_pointer(&o->key_of, g_bytes_unref);
	g_ptr_array_unref(o->wanted);
	g_ptr_array_unref(o->found);
	bundle_free(o->bundle);
	g_free(o->warnings);
}

struct vault_order *vault_order_begin(struct op *op)
{
	struct vault_order *o = vault_begin(op, sizeof(*o), order_done);

	if (!o)
		return NULL;
	o->row = op->request ? request_dup(op->request) : NULL;
	o->kept = vault_kept_read(o->row ? o->row->kept : "");
	o->names = o->row ? g_strdupv(o->row->names) : NULL;
	o->wanted = g_ptr_array_new_with_free_func(g_free);
	o->found = g_ptr_array_new_with_free_func((GDestroyNotify)bundle_free);
	return o;
}

void vault_order_put(struct op *op, struct request *r)
{
	struct vault_order *o = vault_mine(op);

	g_free(r->kept);
	r->kept = vault_kept_write(o->kept);
	request_unref(o->row);
	o->row = request_ref(r);
	op_put_request(op, r);
}

void vault_order_end(struct op *op, enum request_state state, const char *theirs, const char *reason)
{
	const struct vault_order *o = vault_mine(op);
	struct request *r = request_dup(o->row);

	request_end(r, state, theirs, reason, op->now);
	if (o->bundle) {
		GString *hex = g_string_new(NULL);

		for (size_t i = 0; i < sizeof(o->bundle->facts.sha256); i++)
			g_string_append_printf(hex, "%02x", o->bundle->facts.sha256[i]);
		g_free(r->result);
		r->result = g_string_free(hex, FALSE);
	}
	vault_order_put(op, r);
}
