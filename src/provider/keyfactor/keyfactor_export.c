/*
 * keyfactor_export: a certificate of Command's is written to a file with its issuers, and with its key
 * where Command keeps that; in the same way it is handed to whoever puts it into another store.
 *
 * Command gives a key under a password of the call's own, which never leaves this process; the file's is
 * the person's.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#include "provider/bundle_out.h"

#define READING	   "reading it with its issuers (POST /Certificates/Download)"
#define RECOVERING "taking its key out (POST /Certificates/Recover)"

struct exporting {
	const struct bundle_form *form;	/* NULL: it is handed on */
	struct secret *password;	/* of the transfer */
};

static step_fn downloaded, recovered, opened;

static void exporting_done(void *p)
{
	struct exporting *m = p;

	secret_free(m->password);
	g_free(m);
}

static struct exporting *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

bool keyfactor_export_check(const struct op *op, bool with_key, int64_t *ret_id, GError **error)
{
	g_autoptr(GHashTable) certs = keyfactor_memo_read(op->memo);
	const char *alias = op->cert.alias ? op->cert.alias : "";
	const struct keyfactor_cert *c = g_hash_table_lookup(certs, alias);

	*ret_id = *alias && strspn(alias, "0123456789") == strlen(alias) ? g_ascii_strtoll(alias, NULL, 10) : 0;
	if (*ret_id <= 0)
		g_set_error(error, ERR, ERR_USAGE, "Command has no number for this certificate: refresh the "
			    "store");
	else if (with_key && c && !c->has_key)
		g_set_error(error, ERR, ERR_REFUSED, "Command keeps no key of it: its key is where its request "
			    "was made");
	else
		return true;
	return false;
}

static struct next ask_key(struct op *op, int64_t id)
{
	struct exporting *m = mine(op);
	g_autoptr(GString) body = g_string_sized_new(512);	/* it does not grow: that leaves copies */
	struct json_writer w = { .out = body };
	struct request_out *r;

	m->password = keyfactor_pfx_password();
	if (!m->password)
		return next_fail(op, ERR_LIMIT, "the memory for secrets is full");
	json_open(&w, NULL, '{');
	json_put_int(&w, "CertID", id);
	json_put_bool(&w, "IncludeChain", true);
	json_put_str(&w, "Password", m->password->bytes);
	json_close(&w, '}');
	r = keyfactor_call_post(op, "/Certificates/Recover", body->str);
	secret_clear(body->str, body->allocated_len);
	exchange_header(r, "x-certificateformat", "PFX");
	r->is_repeatable = true;
	return next_send(r, recovered);
}

static struct next begin(struct op *op, const struct bundle_form *form, bool with_key)
{
	struct exporting *m = keyfactor_call_mine(op, sizeof(*m), exporting_done);
	GError *error = NULL;
	int64_t id = 0;

	if (!keyfactor_export_check(op, with_key, &id, &error))
		return next_fail_error(op, error);
	m->form = form;
	return with_key ? ask_key(op, id) : next_send(keyfactor_call_bytes(op, id, true), downloaded);
}

struct next keyfactor_export(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	const struct bundle_form *form = bundle_file_form(op->args, &error);

	(void)none;
	return form ? begin(op, form, args_bool(op->args, "with-key")) : next_fail_error(op, error);
}

struct next keyfactor_hand(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, NULL, true);
}

/* ---- what Command gave ---- */

/* What is exported is what was looked at. */
static bool is_it(const struct op *op, GBytes *cert)
{
	return !op->cert.der || g_bytes_equal(op->cert.der, cert);
}

static struct next another(struct op *op)
{
	return next_fail(op, ERR_REPLY, "what Command gives for its number %s is another certificate: refresh "
			 "the store", op->cert.alias);
}

static struct next downloaded(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) certs = keyfactor_call_download(op, r, READING, &error);
	GBytes **ders = certs ? (GBytes **)certs->pdata : NULL;
	struct bundle *b = ders ? bundle_new(ders[0], ders + 1, certs->len - 1, NULL, &error) : NULL;

	if (!b)
		return next_fail_error(op, error);
	if (is_it(op, b->cert))
		return bundle_out(op, mine(op)->form, b);
	bundle_free(b);
	return another(op);
}

static struct next recovered(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', RECOVERING, &error);
	struct work *opening = j ? keyfactor_pfx_open(json_text(keyfactor_get(j, "PFX")),
						      g_steal_pointer(&mine(op)->password)) : NULL;

	if (!j)
		return next_fail_error(op, error);
	return opening ? next_work(opening, opened) :
			 next_fail(op, ERR_REPLY, RECOVERING ": there is no PFX in it");
}

static struct next opened(struct op *op, const struct reply *none)
{
	struct bundle *b = g_steal_pointer(&op->work->out);

	(void)none;
	if (!b)
		return next_fail(op, ERR_REPLY, RECOVERING ": the PFX cannot be opened: %s",
				 op->work->error->message);
	if (is_it(op, b->cert))
		return bundle_out(op, mine(op)->form, b);
	bundle_free(b);
	return another(op);
}
