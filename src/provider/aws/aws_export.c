/*
 * aws_export: a certificate of AWS's is written to a file, and its private key with it where AWS
 * gives that out: for private certificates, and for public ones that were requested as exportable,
 * for which AWS charges.  In the same way it is handed to whoever puts it into another store.
 *
 * AWS encrypts the key with a passphrase that is made up for the one call and never leaves this
 * process; the file's is the person's own, as with every other export.
 */
#include "aws_cert.h"

#include <string.h>

#include "provider/bundle_out.h"

#define UNLOCK_LEN  32
#define RELATION_MS 5000
#define RELATIONS_MAX 12	/* a minute: right after a renewal */

struct exporting {
	const struct bundle_form *form;	/* NULL: it is handed on */
	char *what;
	struct secret *unlock;	/* of the call */
	struct secret *key_pem;	/* encrypted with it */
	GPtrArray *certs;	/* GBytes: the certificate and its issuers */
	guint waits;
};

static step_fn described, take_out, taken_out, acm_read, iam_read, opened;

static void exporting_done(void *p)
{
	struct exporting *m = p;

	g_free(m->what);
	secret_free(m->unlock);
	secret_free(m->key_pem);
	if (m->certs)
		g_ptr_array_unref(m->certs);
}

static struct exporting *mine(struct op *op)
{
	return aws_mine(op, sizeof(struct exporting), exporting_done);
}

/* ---- the key as AWS gave it ---- */

struct opening {		/* of the work */
	GPtrArray *certs;
	struct secret *unlock, *key_pem;
};

static void opening_free(void *p)
{
	struct opening *o = p;

	g_ptr_array_unref(o->certs);
	secret_free(o->unlock);
	secret_free(o->key_pem);
	g_free(o);
}

static struct x509_key *open_key(const struct opening *o, GError **error)
{
	gsize len;
	const uint8_t *der = g_bytes_get_data(o->certs->pdata[0], &len);
	g_autoptr(x509_key) key = x509_key_read((const uint8_t *)o->key_pem->bytes,
						o->key_pem->len, o->unlock, error);

	if (!key) {
		g_prefix_error(error, "the private key that AWS gave out: ");
		return NULL;
	}
	if (x509_key_fits(key, der, len))
		return g_steal_pointer(&key);
	g_set_error(error, ERR, ERR_REPLY, "the private key that AWS gave out is not that of the "
		    "certificate; nothing was written");
	return NULL;
}

static struct bundle *bundle_of(GPtrArray *certs, struct x509_key *key /* taken, or NULL */, GError **error)
{
	return bundle_new(certs->pdata[0], (GBytes *const *)certs->pdata + 1, certs->len - 1, key, error);
}

static void run_open(struct work *work)
{
	const struct opening *o = work->in;
	struct x509_key *key = open_key(o, &work->error);

	if (key)
		work->out = bundle_of(o->certs, key, &work->error);
}

static struct next opened(struct op *op, const struct reply *none)
{
	struct exporting *m = mine(op);

	(void)none;
	op_touch(op, op->store->id);	/* it counts as exported from now on */
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	return bundle_out(op, m->form, g_steal_pointer(&op->work->out));
}

/* All of it is there. */
static struct next come(struct op *op)
{
	struct exporting *m = mine(op);
	GError *error = NULL;
	struct opening *o;
	struct bundle *b;

	if (m->key_pem) {
		o = g_new0(struct opening, 1);
		o->certs = g_steal_pointer(&m->certs);
		o->unlock = g_steal_pointer(&m->unlock);
		o->key_pem = g_steal_pointer(&m->key_pem);
		return next_work(work_new(run_open, o, opening_free, (GDestroyNotify)bundle_free), opened);
	}
	b = bundle_of(m->certs, NULL, &error);
	return b ? bundle_out(op, m->form, b) : next_fail_error(op, error);
}

/* ---- what AWS sent ---- */

/* What AWS sent as texts: the certificate, then its issuers. */
static struct next take_texts(struct op *op, const char *cert, const char *chain)
{
	struct exporting *m = mine(op);
	GError *error = NULL;

	m->certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	if (!aws_cert_read_pem(cert, m->what, m->certs, &error) ||
	    !aws_cert_read_pem(chain, m->what, m->certs, &error))
		return next_fail_error(op, error);
	if (!cert || !m->certs->len)
		return next_fail(op, ERR_REPLY, "%s: there is no certificate in the answer", m->what);
	return come(op);
}

/* ---- without its key ---- */

static struct next read_acm(struct op *op)
{
	g_autofree char *json = aws_cert_json(op, op->cert.alias);

	return aws_cert_send(op, AWS_ACM, "GetCertificate", json, true, acm_read);
}

static struct next read_iam(struct op *op)
{
	struct aws_form *form = aws_form_new();

	aws_form_add(form, "ServerCertificateName", aws_cert_iam_name(op->cert.alias));
	return aws_cert_query(op, "GetServerCertificate", form, true, iam_read);
}

/* The authority's own certificate, or one that it issued. */
static struct next read_ca(struct op *op)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	bool is_own = !*op->cert.alias;

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateAuthorityArn", op->store->address);
	if (!is_own)
		json_put_str(&w, "CertificateArn", arn);
	json_close(&w, '}');
	return aws_cert_send(op, AWS_ACM_PCA, is_own ? "GetCertificateAuthorityCertificate" :
						       "GetCertificate", out->str, true, acm_read);
}

static const char *read_action(const struct op *op)
{
	if (!strcmp(op->store->type, AWS_STORE_ACM))
		return "acm:GetCertificate";
	return *op->cert.alias ? "acm-pca:GetCertificate" :
				 "acm-pca:GetCertificateAuthorityCertificate";
}

static struct next acm_read(struct op *op, const struct reply *r)
{
	struct exporting *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = NULL;

	if (!aws_cert_check(r, m->what, read_action(op), &error))
		return next_fail_error(op, error);
	j = aws_call_read_json(r, m->what, &error);
	if (!j)
		return next_fail_error(op, error);
	return take_texts(op, json_str(j, "Certificate"), json_str(j, "CertificateChain"));
}

static struct next iam_read(struct op *op, const struct reply *r)
{
	struct exporting *m = mine(op);
	GError *error = NULL;
	g_autoptr(xml) x = NULL;
	const struct xml *cert;

	if (!aws_cert_check(r, m->what, "iam:GetServerCertificate", &error))
		return next_fail_error(op, error);
	x = aws_call_xml(r, m->what, &error);
	if (!x)
		return next_fail_error(op, error);
	cert = xml_get(x, "GetServerCertificateResult/ServerCertificate");
	return take_texts(op, xml_str(cert, "CertificateBody"), xml_str(cert, "CertificateChain"));
}

/* ---- with its key ---- */

static char *why_not(const struct op *op, const struct acm_cert *c)
{
	if (!strcmp(c->type, "PRIVATE"))
		return NULL;
	if (!strcmp(c->type, "IMPORTED"))
		return g_strdup("ACM never gives back the key of an imported certificate: it is where it "
				"was imported from");
	if (strcmp(c->export, "ENABLED"))
		return g_strdup("it was not requested as exportable, and that cannot be changed: order a "
				"new one that is");
	if (!args_bool(op->args, "charge"))
		return g_strdup("AWS charges for public certificates whose keys leave it, for each name "
				"and again with each renewal: accept that (charge) to go on; nothing was "
				"taken out");
	return NULL;
}

static struct next described(struct op *op, const struct reply *r)
{
	struct exporting *m = mine(op);
	GError *error = NULL;
	g_autoptr(acm_cert) c = aws_cert_described(op, r, m->what, &error);
	g_autofree char *why = NULL;

	if (!c)
		return next_fail_error(op, error);
	why = why_not(op, c);
	if (why)
		return next_fail(op, ERR_REFUSED, "%s: %s", m->what, why);
	m->unlock = secret_random(UNLOCK_LEN);
	if (!m->unlock)
		return next_fail(op, ERR_LIMIT, "the memory for secrets is full");
	return take_out(op, NULL);
}

static struct next take_out(struct op *op, const struct reply *none)
{
	g_autofree char *json = aws_cert_json(op, op->cert.alias);

	(void)none;
	return aws_cert_send_body(op, AWS_ACM, "ExportCertificate",
				  aws_call_body(json, "Passphrase", mine(op)->unlock), false,
				  taken_out);
}

/* Right after a renewal ACM is not ready, and says so as if the request were wrong. */
static bool is_not_ready(const struct reply *r)
{
	struct aws_error e;
	bool is;

	if (r->error || !aws_error_read(r, &e))
		return false;
	is = aws_error_is(&e, "Validation") && strstr(e.message, "relation of type EXPORT");
	aws_error_done(&e);
	return is;
}

static struct next taken_out(struct op *op, const struct reply *r)
{
	struct exporting *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	const char *key;

	if (is_not_ready(r) && ++m->waits < RELATIONS_MAX)
		return next_wait(RELATION_MS, take_out);
	if (!aws_cert_check(r, m->what, "acm:ExportCertificate", &error))
		return aws_cert_is(r, "RequestInProgress") ?
			       aws_cert_fail(op, error, "it is not issued yet") :
			       next_fail_error(op, error);
	j = aws_call_read_json(r, m->what, &error);
	if (!j)
		return next_fail_error(op, error);
	key = json_str(j, "PrivateKey");
	m->key_pem = key ? secret_new(key, strlen(key)) : NULL;
	if (!m->key_pem)
		return next_fail(op, ERR_REPLY, "%s: there is no private key in the answer", m->what);
	return take_texts(op, json_str(j, "Certificate"), json_str(j, "CertificateChain"));
}

/* ---- which it is ---- */

typedef struct next ask_bytes_fn(struct op *op);

static const struct {
	const char *type;
	ask_bytes_fn *read;
	const char *no_key;	/* why its key cannot be had; NULL: it can */
} services[] = {
	{ AWS_STORE_ACM, read_acm, NULL },
	{ AWS_STORE_IAM, read_iam, "IAM never gives back a private key" },
	{ AWS_STORE_CA, read_ca, "a private CA has no keys but its own: it is where the request was made" },
};

static size_t service_of(const struct op *op)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(services) && strcmp(services[i].type, op->store->type))
		i++;
	return i;
}

static struct next with_its_key(struct op *op)
{
	const char *why = services[service_of(op)].no_key;

	return why ? next_fail(op, ERR_REFUSED, "%s: %s", mine(op)->what, why) :
		     aws_cert_describe(op, described);
}

struct next aws_hand(struct op *op, const struct reply *none)
{
	struct exporting *m = mine(op);
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	(void)none;
	m->what = g_strconcat("taking the key out of ", arn, NULL);
	return with_its_key(op);
}

struct next aws_export(struct op *op, const struct reply *none)
{
	struct exporting *m = mine(op);
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	GError *error = NULL;

	(void)none;
	m->form = bundle_file_form(op->args, &error);
	if (!m->form)
		return next_fail_error(op, error);
	m->what = g_strconcat("exporting ", arn, NULL);
	if (args_bool(op->args, "with-key"))
		return with_its_key(op);
	if (m->form->takes_chain || !op->cert.der)
		return services[service_of(op)].read(op);
	m->certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_ptr_array_add(m->certs, g_bytes_ref(op->cert.der));
	return come(op);
}
