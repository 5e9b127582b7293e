/* make: certificates for tests. */
#include "make.h"

#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <certty/model/x509.h>

EVP_PKEY *make_key(void)
{
	static EVP_PKEY *key;

	if (!key)
		key = EVP_EC_gen("P-256");
	return key;
}

EVP_PKEY *make_key_of(const char *kind)
{
	g_auto(GStrv) parts = g_strsplit(kind, ":", 2);
	EVP_PKEY *key;

	if (strcmp(parts[0], "RSA") == 0)
		key = EVP_RSA_gen((unsigned)atoi(parts[1]));
	else if (strcmp(parts[0], "EC") == 0)
		key = EVP_EC_gen(parts[1]);
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, parts[0]);
	g_assert_nonnull(key);
	return key;
}

static void add(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	if (!value)
		return;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	g_assert_nonnull(e);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
}

X509 *make_cert(const struct make *m)
{
	static int64_t serial = 0x1000;
	EVP_PKEY *key = m->key ? m->key : make_key();
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set_int64(X509_get_serialNumber(cert), serial++);
	if (m->subject)
		X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
					   (const unsigned char *)m->subject, -1, -1, 0);
	X509_set_issuer_name(cert, m->issuer ? X509_get_subject_name(m->issuer) : name);
	ASN1_TIME_set(X509_getm_notBefore(cert),
		      m->not_before ? m->not_before : MAKE_NOW - 30 * MAKE_DAY);
	ASN1_TIME_set(X509_getm_notAfter(cert),
		      m->not_after ? m->not_after : MAKE_NOW + 60 * MAKE_DAY);
	X509_set_pubkey(cert, key);
	add(cert, NULL, NID_basic_constraints, m->constraints);
	add(cert, NULL, NID_ext_key_usage, m->purposes);
	add(cert, NULL, NID_subject_alt_name, m->sans);
	if (!m->no_key_ids) {
		add(cert, NULL, NID_subject_key_identifier, "hash");
		add(cert, m->issuer ? m->issuer : cert, NID_authority_key_identifier,
		    m->issuer ? "keyid:always" : NULL);
	}
	if (m->change)
		m->change(cert);
	key = m->issuer_key ? m->issuer_key : m->issuer || !m->key ? make_key() : key;
	g_assert_cmpint(X509_sign(cert, key,
				  EVP_PKEY_is_a(key, "ED25519") ? NULL
				  : m->digest			? m->digest
								: EVP_sha256()),
			>, 0);
	return cert;
}

GBytes *make_der(X509 *cert)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);
	GBytes *bytes;

	g_assert_cmpint(len, >, 0);
	bytes = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	return bytes;
}

GBytes *make_cert_der(const struct make *m)
{
	X509 *cert = make_cert(m);
	GBytes *der = make_der(cert);

	X509_free(cert);
	return der;
}

char *make_pem(GBytes *der)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);

	return x509_pem(bytes, len);
}

struct secret *make_secret(const char *text)
{
	struct secret *s = secret_new(text, strlen(text));

	g_assert_nonnull(s);
	return s;
}

char *make_run(const char *folder, const char *command)
{
	g_autofree char *errors = NULL;
	g_autoptr(GError) error = NULL;
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)command, NULL };
	char *output = NULL;
	int status = 0;

	g_spawn_sync(folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors, &status,
		     &error);
	g_assert_no_error(error);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		g_error("%s: status %d: %s%s", command, status, output, errors);
	return output;
}

void make_expect(const char *folder, const char *command, const char *part)
{
	g_autofree char *output = make_run(folder, command);

	if (!strstr(output, part))
		g_error("%s: no \"%s\" in: %s", command, part, output);
}

static void set_time(X509_CRL *crl, int64_t when, int set(X509_CRL *crl, const ASN1_TIME *t))
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, when);

	g_assert_cmpint(set(crl, t), ==, 1);
	ASN1_TIME_free(t);
}

static void add_entry(X509_CRL *crl, int64_t when)
{
	X509_REVOKED *one = X509_REVOKED_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, when);

	ASN1_INTEGER_set(serial, 4711);
	X509_REVOKED_set_serialNumber(one, serial);
	X509_REVOKED_set_revocationDate(one, t);
	X509_CRL_add0_revoked(crl, one);
	ASN1_INTEGER_free(serial);
	ASN1_TIME_free(t);
}

char *make_crl(GBytes *issuer, long number, int64_t made, int64_t next)
{
	gsize size;
	const unsigned char *p = g_bytes_get_data(issuer, &size);
	X509 *cert = d2i_X509(NULL, &p, (long)size);
	X509_CRL *crl = X509_CRL_new();
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	BIO *out = BIO_new(BIO_s_mem());
	char *text, *copy;
	long len;

	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(cert));
	set_time(crl, made, X509_CRL_set1_lastUpdate);
	if (next)
		set_time(crl, next, X509_CRL_set1_nextUpdate);
	add_entry(crl, made);
	ASN1_INTEGER_set(n, number);
	X509_CRL_add1_ext_i2d(crl, NID_crl_number, n, 0, 0);
	g_assert_cmpint(X509_CRL_sign(crl, make_key(), EVP_sha256()), >, 0);
	PEM_write_bio_X509_CRL(out, crl);
	len = BIO_get_mem_data(out, &text);
	copy = g_strndup(text, (gsize)len);
	BIO_free(out);
	ASN1_INTEGER_free(n);
	X509_CRL_free(crl);
	X509_free(cert);
	return copy;
}

char *make_folder(void)
{
	char *folder = g_dir_make_tmp("certty-x509-XXXXXX", NULL);

	g_assert_nonnull(folder);
	return folder;
}

void make_folder_gone(char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
	g_free(folder);
}

void make_file(const char *folder, const char *name, const void *bytes, size_t len)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

GBytes *make_read(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *bytes = NULL;
	gsize len = 0;

	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	return g_bytes_new_take(bytes, len);
}
