/*
 * cps_enroll_keep: what was issued for a key of Akamai's goes to the change that the key belongs to.
 */
#include "cps_enroll.h"

#include <string.h>

#include <certty/model/x509.h>

#include "cps_change.h"

#define LOOKING	  "looking at the change"
#define UPLOADING "uploading the certificate"
#define CHECKING  "looking at what is deployed"

static step_fn heard_status, heard_csrs, looked, heard_deployed, heard_uploaded;

struct next cps_enroll_keep(struct op *op, const struct reply *none)
{
	g_autofree char *path = NULL;

	(void)none;
	if (!cps_enroll_find(op))
		return next_fail(op, ERR_NOT_FOUND, "it is not known which change of which enrollment it is "
				 "for");
	path = cps_enroll_path(cps_enroll_making(op), NULL);
	return next_send(cps_call_get(op, "change.v2", path), heard_status);
}

static const char *algorithm_of(const struct bundle *b)
{
	return g_str_has_prefix(b->facts.key, "RSA") ? "RSA" : "ECDSA";
}

static struct next is_kept(struct op *op, const char *how)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *alias = g_strconcat(m->id, "/", algorithm_of(op->bundle), NULL);

	op_placed(op, alias, op->bundle->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s for change %s of enrollment %s; the change goes on to Staging and Production", how,
	       m->change, m->id);
	return next_done();
}

/* ---- what is sent ---- */

static void give(GPtrArray *given, const char *algorithm, char *pem /* taken */)
{
	g_ptr_array_add(given, g_strdup(algorithm));
	g_ptr_array_add(given, pem);
}

static void give_own(GPtrArray *given, const struct bundle *b)
{
	g_autoptr(GPtrArray) chain = bundle_chain(b);

	give(given, algorithm_of(b), bundle_pem(b->cert, (GBytes *const *)chain->pdata,
						cps_upload_issuers(chain)));
}

static struct next upload(struct op *op, const GPtrArray *given)
{
	g_autofree char *path = cps_enroll_path(cps_enroll_making(op),
						"/input/update/third-party-cert-and-trust-chain");
	g_autofree char *body = cps_upload_body(given);

	return next_send(cps_call_send(op, "POST", "change-id.v1", path, "certificate-and-trust-chain.v2",
				       body), heard_uploaded);
}

/* ---- both of a dual-stacked enrollment ---- */

static GBytes *first_der(const char *pem)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL);
	const struct x509_item *item = items && items->len ? items->pdata[0] : NULL;

	return item ? g_bytes_ref(item->der) : NULL;
}

static bool fits(const char *csr, const char *cert)
{
	g_autoptr(GBytes) asked = first_der(csr), made = first_der(cert);

	return asked && made && x509_csr_fits(asked, made);
}

/* Changes are rows of Production, whichever of the networks the key was asked for in. */
static const struct store *production(const struct op *op)
{
	g_autofree char *id = g_strconcat(op->store->account, "/" CPS_PRODUCTION, NULL);
	gssize i = op->stores ? items_find(op->stores, id) : -1;

	return i < 0 ? op->store : op->stores->item[i];
}

static void put_row(struct op *op, struct cps_change *c, const struct request *before)
{
	const struct store *own = op->store;

	if (!before) {
		g_strfreev(c->names);
		c->names = g_strdupv((char **)(uintptr_t)op->enrol->names);
	}
	op->store = production(op);
	op_put_request(op, cps_row(op, c, before));
	op->store = own;
}

/* What was brought in for the other key waits in the change's row, or ours does from now on. */
static struct next looked(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	g_autofree char *id = cps_row_id(production(op), c), *why = NULL;
	const struct request *row = cps_row_known(op, id);
	g_autoptr(cps_change) was = cps_change_kept(row ? row->kept : "");
	g_autoptr(GPtrArray) given = g_ptr_array_new_with_free_func(g_free);

	(void)none;
	if (c->trouble)
		return next_fail(op, ERR_REPLY, "%s", c->trouble);
	if (!c->csrs->len)
		return next_fail(op, ERR_BUSY, "change %s does not wait for certificates just now; nothing was "
				 "sent, sync looks again", c->id);
	give_own(given, op->bundle);
	for (guint i = 0; i + 1 < c->csrs->len; i += 2)
		for (guint k = 0; k + 1 < was->given->len; k += 2)
			if (!strcmp(was->given->pdata[k], c->csrs->pdata[i]) &&
			    strcmp(was->given->pdata[k], algorithm_of(op->bundle)) != 0 &&
			    fits(c->csrs->pdata[i + 1], was->given->pdata[k + 1]))
				give(given, c->csrs->pdata[i], g_strdup(was->given->pdata[k + 1]));
	if (given->len >= c->csrs->len)
		return upload(op, given);
	why = g_strdup_printf("the %s certificate waits at change %s; both go to CPS once that for the other "
			      "key is there: renew that one as well, or bring it in at the change (supply), "
			      "then sync", algorithm_of(op->bundle), c->id);
	g_ptr_array_unref(c->given);
	c->given = g_steal_pointer(&given);
	put_row(op, c, row);
	op_stands(op, REQUEST_WAITS_PERSON, "One of two", why, NULL);
	return next_done();
}

static struct next heard_csrs(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autoptr(GPtrArray) given = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *one;
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, LOOKING, &error);

	if (!j)
		return next_fail_error(op, error);
	if (json_count(json_get(j, "csrs")) > 1) {
		one = g_ptr_array_new();
		g_ptr_array_add(one, cps_change_new(m->id, m->change, ""));
		return cps_look(op, one, looked);
	}
	give_own(given, op->bundle);
	return upload(op, given);
}

/* ---- whether it is asked for ---- */

/* Once the certificate is no longer asked for it was brought in, by us before an end or by somebody; what
 * is deployed tells which, as soon as the change is over. */
static struct next heard_status(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *path = NULL, *why = NULL;
	GError *error = NULL;
	g_autoptr(json) j = NULL;

	if (!cps_call_is_gone(r)) {
		j = cps_call_json(op, r, LOOKING, &error);
		if (!j)
			return next_fail_error(op, error);
		if (cps_enroll_waits_for(j, CPS_CSR_INPUT)) {
			path = cps_enroll_path(m, "/input/info/third-party-csr");
			return next_send(cps_call_get(op, "csr.v2", path), heard_csrs);
		}
		if (!cps_enroll_is_over(j, &why))
			return is_kept(op, "a certificate was uploaded before");
	}
	path = g_strconcat("/enrollments/", m->id, "/deployments", NULL);
	return next_send(cps_call_get(op, "deployments.v7", path), heard_deployed);
}

static bool is_same(const struct json *one, GBytes *cert)
{
	const char *pem = json_str(one, "certificate");
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) : NULL;
	const struct x509_item *leaf = items && items->len ? items->pdata[0] : NULL;

	return leaf && leaf->kind == X509_ITEM_CERT && g_bytes_equal(leaf->der, cert);
}

static bool has_cert(const struct json *network, GBytes *cert)
{
	const struct json *others = json_get(network, "multiStackedCertificates");

	if (is_same(json_get(network, "primaryCertificate"), cert))
		return true;
	for (size_t i = 0; i < json_count(others); i++)
		if (is_same(json_at(others, i), cert))
			return true;
	return false;
}

static struct next heard_deployed(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, CHECKING, &error);

	if (!j)
		return next_fail_error(op, error);
	if (has_cert(json_get(j, "staging"), op->bundle->cert) ||
	    has_cert(json_get(j, "production"), op->bundle->cert))
		return is_kept(op, "the certificate was uploaded before");
	return next_fail(op, ERR_NOT_FOUND, "the change %s of enrollment %s is over, and the certificate is "
			 "not what is deployed: the key that it is for is gone", m->change, m->id);
}

static struct next heard_uploaded(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!akamai_ask_is_good(r, UPLOADING, op->now, &error))
		return next_fail_error(op, error);
	return is_kept(op, "the certificate was uploaded");
}
