/*
 * vault_export: a certificate is written to a file with its issuers, and with its key where that is
 * in the same secret of a KV; or handed with it to whoever puts it into another store.
 *
 * An engine that issues has no key: it gave it out once.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/model/x509.h>

#include "provider/bundle_out.h"

struct exporting {
	const struct bundle_form *form;	/* NULL: it is handed on */
	struct facts facts;
	GPtrArray *issuers;	/* GBytes, in any order */
	struct x509_key *key;
};

static step_fn chain_heard, secret_heard;

static void exporting_done(void *p)
{
	struct exporting *m = p;

	facts_done(&m->facts);
	if (m->issuers)
		g_ptr_array_unref(m->issuers);
	x509_key_free(m->key);
}

/* ---- writing it, or handing it on ---- */

static struct next write_out(struct op *op)
{
	struct exporting *m = vault_mine(op);
	GError *error = NULL;
	struct bundle *b = bundle_new(op->cert.der, NULL, 0, g_steal_pointer(&m->key), &error);

	if (!b)
		return next_fail_error(op, error);
	bundle_link(b, (GBytes *const *)m->issuers->pdata, m->issuers->len);
	return bundle_out(op, m->form, b);
}

/* ---- what is put beside it ---- */

static void add_issuers(struct exporting *m, const char *pem)
{
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) :
					   NULL;

	for (guint i = 0; items && i < items->len && m->issuers->len < BUNDLE_CERTS_MAX; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(m->issuers, g_bytes_ref(item->der));
	}
}

/* The default issuer's; those of others are known when they are in a store.  None is no error. */
static struct next chain_heard(struct op *op, const struct reply *r)
{
	struct exporting *m = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	g_autoptr(GPtrArray) certs = vault_chain_read(json_get(j, "data"));

	if (!j)
		op_trouble(op, "the issuers could not be read: only those that are known are put beside it");
	for (guint i = 0; i < certs->len && m->issuers->len < BUNDLE_CERTS_MAX; i++)
		g_ptr_array_add(m->issuers, g_bytes_ref(certs->pdata[i]));
	return write_out(op);
}

static struct next secret_heard(struct op *op, const struct reply *r)
{
	struct exporting *m = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(json_get(j, "data"), "data");
	g_autofree char *path = vault_below(op, "data/");

	if (!j)
		return vault_refuse(op, r, "reading its secret", "read", path);
	for (size_t i = 0; i < json_count(data); i++) {
		const char *value = json_text(json_at(data, i));

		add_issuers(m, value && strstr(value, "-----BEGIN CERT") ? value : NULL);
		if (!m->key && value && strstr(value, "PRIVATE KEY-----"))
			m->key = x509_key_find((const uint8_t *)value, strlen(value), m->facts.key_hash,
					       NULL, NULL);
	}
	if (!m->key && (!m->form || args_bool(op->args, "with-key")))
		return next_fail(op, ERR_NOT_FOUND, "%s: the secret has no key of it that is not encrypted",
				 op->cert.alias);
	return write_out(op);
}

static struct next ask(struct op *op, bool with_key)
{
	const struct exporting *m = vault_mine(op);
	const struct vault_engine *e = vault_engine_find(op->store->type);
	g_autofree char *chain = vault_below(op, e ? e->chain : "");
	g_autofree char *secret = g_strndup(op->cert.alias, strcspn(op->cert.alias, "#"));

	if (!strcmp(op->store->type, VAULT_KV))
		return next_send(vault_kv_ask(op, op->store->address, secret), secret_heard);
	if (with_key)
		return next_fail(op, ERR_REFUSED, "%s has no keys: an engine gives one out once, when it "
				 "issues", op->store->title);
	return e && m->form->takes_chain ?
		       next_send(vault_ask(op, chain, NULL), chain_heard) : write_out(op);
}

static struct next begin(struct op *op, const struct bundle_form *form, bool with_key)
{
	struct exporting *m = vault_begin(op, sizeof(*m), exporting_done);
	GError *error = NULL;
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;

	if (!m)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (!der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	if (!x509_facts(der, len, &m->facts, &error))
		return next_fail_error(op, error);
	m->form = form;
	m->issuers = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (size_t i = 0; i < op->cert.n_chain; i++)
		g_ptr_array_add(m->issuers, g_bytes_ref(op->cert.chain[i]));
	return ask(op, with_key);
}

struct next vault_export(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	const struct bundle_form *form = bundle_file_form(op->args, &error);

	(void)none;
	return form ? begin(op, form, args_bool(op->args, "with-key")) : next_fail_error(op, error);
}

struct next vault_hand(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, NULL, true);
}
