/* test-x509-keys: keys of every kind, made here, are read by the openssl command. */
#include <string.h>

#include <certty/model/x509.h>

#include "make.h"

static char *folder;

static void check(const struct x509_key *key, const struct secret *passphrase)
{
	g_autoptr(secret) plain = x509_key_pem(key, NULL, NULL);
	g_autoptr(secret) locked = x509_key_pem(key, passphrase, NULL);
	g_autoptr(x509_key) again = NULL;

	make_file(folder, "plain.pem", plain->bytes, plain->len);
	make_file(folder, "locked.pem", locked->bytes, locked->len);
	make_expect(folder, "openssl pkey -in plain.pem -noout -check", "Key is valid");
	make_expect(folder, "openssl pkey -in locked.pem -noout -check -passin 'pass:open sesame'",
		    "Key is valid");
	g_assert_nonnull(strstr(locked->bytes, "BEGIN ENCRYPTED PRIVATE KEY"));
	again = x509_key_read((const uint8_t *)locked->bytes, locked->len, passphrase, NULL);
	g_assert_nonnull(again);
	g_assert_cmpuint(x509_key_hash(key), ==, x509_key_hash(again));
}

static void kinds(void)
{
	g_autoptr(secret) passphrase = make_secret("open sesame");

	for (size_t i = 0; x509_key_kinds[i]; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(x509_key) key = x509_key_make(x509_key_kinds[i], &error);

		g_assert_no_error(error);
		check(key, passphrase);
	}
	make_expect(folder, "openssl asn1parse -in locked.pem", ":0927C0");	/* 600,000 */
	make_expect(folder, "openssl asn1parse -in locked.pem", "hmacWithSHA256");
	make_expect(folder, "openssl asn1parse -in locked.pem", "aes-256-cbc");
}

static void unknown_key(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(x509_key_make("rsa-512", &error));
	g_assert_error(error, ERR, ERR_USAGE);
}

int main(int argc, char *argv[])
{
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = make_folder();
	g_test_add_func("/x509/keys/kinds", kinds);
	g_test_add_func("/x509/keys/unknown", unknown_key);
	status = g_test_run();
	make_folder_gone(folder);
	return status;
}
