/*
 * cps_enroll_keep: what was issued for a key of Akamai's goes to the change that the key belongs to.
 */
#include "cps_enroll.h"

#include <certty/model/x509.h>

#include "cps_change.h"

#define LOOKING	  "looking at the change"
#define UPLOADING "uploading the certificate"
#define CHECKING  "looking at what is deployed"

static step_fn heard_status, heard_deployed, heard_uploaded;

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

static char *upload_body(const struct bundle *b)
{
	g_autoptr(GPtrArray) chain = bundle_chain(b), given = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(given, g_strdup(algorithm_of(b)));
	g_ptr_array_add(given, bundle_pem(b->cert, (GBytes *const *)chain->pdata, cps_upload_issuers(chain)));
	return cps_upload_body(given);
}

/* Once the certificate is no longer asked for it was brought in, by us before an end or by somebody; what
 * is deployed tells which, as soon as the change is over. */
static struct next heard_status(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *body = NULL, *path = NULL, *why = NULL;
	GError *error = NULL;
	g_autoptr(json) j = NULL;

	if (!cps_call_is_gone(r)) {
		j = cps_call_json(op, r, LOOKING, &error);
		if (!j)
			return next_fail_error(op, error);
		if (cps_enroll_waits_for(j, CPS_CSR_INPUT)) {
			path = cps_enroll_path(m, "/input/update/third-party-cert-and-trust-chain");
			body = upload_body(op->bundle);
			return next_send(cps_call_send(op, "POST", "change-id.v1", path,
						       "certificate-and-trust-chain.v2", body),
					 heard_uploaded);
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
