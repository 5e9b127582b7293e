/*
 * ca_sign: what a small CA does with its key, and how it writes down what it has issued.
 */
#include "ca.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define BACKDATED 300	/* seconds: clocks of others may be behind */

char *ca_stamp(const char *digest, const char *word, const char *by_rule, int64_t now)
{
	g_autoptr(GString) when = g_string_new(NULL);
	g_autofree char *who = text_harmless_dup(by_rule ? by_rule : g_get_user_name(), 128);

	clock_say_iso(when, now);
	return g_strdup_printf(CA_MARK "%s\n%s: %s by %s\n", digest, word, when->str, who);
}

struct x509_key *ca_open_key(const struct ca *ca, const struct secret *passphrase, GError **error)
{
	GBytes *file;
	gsize len;
	const uint8_t *bytes;
	struct x509_key *key;

	if (!ca->key_path) {
		folder_fail(error, ERR_NOT_FOUND, ca->folder, "the CA's key is not there");
		return NULL;
	}
	file = file_read(ca->key_path, X509_FILE_MAX, NULL, error);
	if (!file)
		return NULL;
	bytes = g_bytes_get_data(file, &len);
	key = x509_key_read(bytes, len, passphrase, error);
	file_wipe(file);
	if (!key) {
		g_autofree char *shown = folder_shown(ca->key_path);

		g_prefix_error(error, "the CA's key %s: ", shown);
	}
	return key;
}

/* Nobody gets a certificate that does not verify. */
static bool verify(const struct ca *ca, GBytes *cert, int64_t now, GError **error)
{
	struct x509_trust *trust = x509_trust_new(ca->cert_path);
	g_autofree char *sentence = NULL;
	bool ok = x509_chain(cert, (GBytes *const *)ca->certs->pdata, ca->certs->len, trust, now,
			     &sentence);

	x509_trust_free(trust);
	if (!ok)
		g_set_error(error, ERR, ERR_FAILED, "what was signed does not verify (%s); it was "
			    "not kept", sentence);
	return ok;
}

GBytes *ca_sign(const struct ca *ca, const struct x509_key *key, GBytes *csr,
		const struct x509_profile *profile, int64_t now, int64_t until, GError **error)
{
	g_autoptr(GBytes) cert = x509_sign(csr, ca->certs->pdata[0], key, profile, now - BACKDATED,
					   until, error);

	return cert && verify(ca, cert, now, error) ? g_steal_pointer(&cert) : NULL;
}

static char *issued_path(const struct ca *ca, const char *name, const struct facts *f)
{
	g_autofree char *safe = folder_file_name(name ? name : f->name);
	g_autofree char *base = g_strdup_printf("%s-%.8s.pem", safe, f->serial);

	return g_build_filename(ca->folder, "issued", base, NULL);
}

bool ca_write_issued(const struct ca *ca, GBytes *cert, const char *name, const char *head,
		     char **ret_path, GError **error)
{
	g_autofree char *issued = g_build_filename(ca->folder, "issued", NULL);
	g_autofree char *pem = bundle_pem(cert, (GBytes *const *)ca->certs->pdata, ca->certs->len);
	g_autofree char *text = g_strdup_printf("%s\n%s", head, pem), *path = NULL;
	struct facts f = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(cert, &len);

	if (!x509_facts(der, len, &f, error))
		return false;
	path = issued_path(ca, name, &f);
	facts_done(&f);
	if (!file_make_folder(issued, error) || !bundle_write(path, text, NULL, FILE_NEW, error))
		return false;
	*ret_path = g_steal_pointer(&path);
	return true;
}
