/*
 * pca_order: a certificate that a private authority signs for a request file of ours.
 *
 * ACM has no part in it: the key stays where the request was made, and nobody renews it by itself.
 * There is no list of what an authority has issued, so the row of an order is all that is known of
 * it.
 */
#include "acm_request.h"
#include "provider/csr_file.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define LOOKING	 "asking about the private CA"
#define ISSUING	 "having the certificate issued"
#define FETCHING "fetching the certificate that the private CA issued"
#define CSR_MAX	 32768	/* bytes of PEM, by the service's model */
#define ROUNDS	 60
#define ROUND_MS 1000

struct ordering {
	char *pem;
	char **names;
	int64_t ends;
};

static step_fn csr_read, ca_described, send, answered, fetched;

static void ordering_free(void *p)
{
	struct ordering *o = p;

	g_free(o->pem);
	g_strfreev(o->names);
	g_free(o);
}

struct next pca_order(struct op *op, const struct reply *none)
{
	(void)none;
	return next_work(csr_file_read(args_text(op->args, "csr", ""), CSR_MAX, "AWS"), csr_read);
}

/* ---- the authority ---- */

struct next pca_order_csr(struct op *op, const char *pem, const char *const *names)
{
	struct acm_watch *w = acm_watch_get(op);
	struct ordering *o;
	struct acm_body b;
	int64_t span;

	if (!clock_read_span(args_text(op->args, "validity", "395d"), &span) || span <= 0)
		return next_fail(op, ERR_USAGE, "that validity is no span, as 90d is one");
	o = g_new0(struct ordering, 1);
	o->pem = g_strdup(pem);
	o->names = g_strdupv((char **)(uintptr_t)names);
	o->ends = op->now + span;
	w->more = o;
	w->free_more = ordering_free;
	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateAuthorityArn", op->store->address);
	return acm_body_send(&b, op, AWS_ACM_PCA, "DescribeCertificateAuthority", ca_described);
}

static struct next csr_read(struct op *op, const struct reply *none)
{
	const struct csr_file *in = op->work->in;
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!csr_file_check_names(op->args, in->names, &error))
		return next_fail_error(op, error);
	return pca_order_csr(op, in->pem, (const char *const *)in->names);
}

static const char *template_of(const char *profile)
{
	static const char *const names[][2] = {
		{ "server", "EndEntityServerAuthCertificate" },
		{ "client", "EndEntityClientAuthCertificate" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(profile, names[i][0]))
			return names[i][1];
	return "EndEntityCertificate";
}

char *pca_order_template(const struct op *op, const char *profile)
{
	g_auto(GStrv) parts = g_strsplit(op->store->address, ":", 3);

	return g_strdup_printf("arn:%s:acm-pca:::template/%s/V1",
			       parts[0] && parts[1] ? parts[1] : "aws", template_of(profile));
}

static bool check_authority(const struct json *ca, const struct ordering *o, GError **error)
{
	const char *status = json_str(ca, "Status");
	g_autofree char *shown = text_harmless_dup(status ? status : "", 60);
	int64_t ends = 0;

	if (!status || strcmp(status, "ACTIVE") != 0) {
		g_set_error(error, ERR, ERR_REFUSED, "the private CA is %s, and only one that is "
			    "ACTIVE issues", *shown ? shown : "in no state that it tells");
		return false;
	}
	if (json_floor(ca, "NotAfter", &ends) && ends < o->ends) {
		g_autoptr(GString) when = g_string_new(NULL);

		clock_say_date(when, ends);
		g_set_error(error, ERR, ERR_USAGE, "the private CA itself ends on %s: a shorter "
			    "validity is needed", when->str);
		return false;
	}
	return true;
}

static struct next ca_described(struct op *op, const struct reply *r)
{
	struct ordering *o = acm_watch_get(op)->more;
	g_autoptr(json) j = NULL;
	GError *error = NULL;
	const char *algorithm;
	struct args *asked;
	g_autofree char *names = NULL, *ends = NULL, *template = NULL;

	if (!acm_fetch_check(r, LOOKING, "acm-pca:DescribeCertificateAuthority", &error))
		return next_fail_error(op, error);
	j = aws_call_read_json(r, LOOKING, &error);
	if (!j || !check_authority(json_get(j, "CertificateAuthority"), o, &error))
		return next_fail_error(op, error);
	algorithm = json_str(json_get(json_get(j, "CertificateAuthority"),
				      "CertificateAuthorityConfiguration"), "SigningAlgorithm");
	if (!algorithm)
		return next_fail(op, ERR_REPLY, LOOKING ": the answer does not say what it signs with");
	asked = args_new();
	names = g_strjoinv(" ", o->names);
	ends = g_strdup_printf("%" G_GINT64_FORMAT, o->ends);
	template = pca_order_template(op, args_text(op->args, "profile", "both"));
	args_set(asked, "names", names);
	args_set(asked, "csr", o->pem);
	args_set(asked, "ends", ends);
	args_set(asked, "template", template);
	args_set(asked, "algorithm", algorithm);
	return acm_order_begin(op, o->names, asked, "", send);
}

/* ---- sending ---- */

static struct next send(struct op *op, const struct reply *none)
{
	const struct acm_kept *k = acm_watch_get(op)->kept;
	const char *pem = args_text(k->asked, "csr", "");
	g_autofree char *csr = g_base64_encode((const guchar *)pem, strlen(pem));
	struct acm_body b;
	int64_t ends = 0;

	(void)none;
	args_int(k->asked, "ends", &ends);
	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateAuthorityArn", op->store->address);
	json_put_str(&b.w, "Csr", csr);
	json_put_str(&b.w, "SigningAlgorithm", args_text(k->asked, "algorithm", ""));
	json_put_str(&b.w, "TemplateArn", args_text(k->asked, "template", ""));
	json_open(&b.w, "Validity", '{');
	json_put_int(&b.w, "Value", ends);
	json_put_str(&b.w, "Type", "ABSOLUTE");
	json_close(&b.w, '}');
	json_put_str(&b.w, "IdempotencyToken", k->token);
	return acm_body_send(&b, op, AWS_ACM_PCA, "IssueCertificate", answered);
}

struct next pca_order_again(struct op *op, const struct reply *none)
{
	return send(op, none);
}

static struct next answered(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!acm_fetch_check(r, ISSUING, "acm-pca:IssueCertificate", &error))
		return acm_order_failed(op, r, error);
	return acm_order_answered(op, r, ISSUING, pca_order_fetch);
}

/* ---- what was issued ---- */

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *arn = aws_arn(op->store, acm_watch_get(op)->kept->alias);
	struct acm_body b;

	(void)none;
	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateAuthorityArn", op->store->address);
	json_put_str(&b.w, "CertificateArn", arn);
	return acm_body_send(&b, op, AWS_ACM_PCA, "GetCertificate", fetched);
}

struct next pca_order_fetch(struct op *op, const struct reply *none)
{
	acm_watch_get(op)->rounds = ROUNDS;
	return ask(op, none);
}

static struct next failed(struct op *op, GError *error)
{
	struct request *row = request_dup(acm_watch_get(op)->row);

	request_end(row, REQUEST_FAILED, "Failed", error->message, op->now);
	acm_watch_put(op, row);
	return next_fail_error(op, error);
}

static struct next fetched(struct op *op, const struct reply *r)
{
	struct acm_watch *w = acm_watch_get(op);
	GError *error = NULL;
	struct bundle *b;

	if (acm_fetch_is(r, "RequestInProgress")) {
		if (w->rounds) {
			w->rounds--;
			return next_wait(ROUND_MS, ask);
		}
		op_say(op, "%s is ordered; the private CA works on it", w->row->title);
		return next_done();
	}
	if (!acm_fetch_check(r, FETCHING, "acm-pca:GetCertificate", &error))
		return acm_fetch_is(r, "RequestFailed") ? failed(op, error) :
							  next_fail_error(op, error);
	b = acm_fetch_bundle(r, FETCHING, &error);
	return b ? acm_watch_issued(op, b) : next_fail_error(op, error);
}
