/* test-bundle: a certificate with its issuers in order, and as a file. */
#include <string.h>
#include <sys/stat.h>

#include <certty/model/bundle.h>

#include "make.h"

struct family {
	GBytes *root, *middle, *leaf, *stranger;
};

static struct family make_family(void)
{
	X509 *root = make_cert(&(struct make){ .subject = "Root", .constraints = "CA:TRUE" });
	X509 *middle = make_cert(&(struct make){ .subject = "Middle", .constraints = "CA:TRUE",
						 .issuer = root });
	struct family f = {
		.root = make_der(root),
		.middle = make_der(middle),
		.leaf = make_cert_der(&(struct make){ .subject = "leaf.example.org",
						      .issuer = middle }),
		.stranger = make_cert_der(&(struct make){ .subject = "Stranger",
							  .constraints = "CA:TRUE" }),
	};

	X509_free(root);
	X509_free(middle);
	return f;
}

static void family_done(struct family *f)
{
	g_bytes_unref(f->root);
	g_bytes_unref(f->middle);
	g_bytes_unref(f->leaf);
	g_bytes_unref(f->stranger);
}

static void chain(void)
{
	struct family f = make_family();
	GBytes *given[] = { f.root, f.leaf, f.stranger, f.middle, f.root };
	g_autoptr(bundle) b = bundle_new(f.leaf, given, G_N_ELEMENTS(given), NULL, NULL);
	g_autoptr(GPtrArray) ordered = bundle_chain(b);

	g_assert_cmpuint(ordered->len, ==, 2);
	g_assert_true(g_bytes_equal(ordered->pdata[0], f.middle));
	g_assert_true(g_bytes_equal(ordered->pdata[1], f.root));
	family_done(&f);
}

static void chain_of_root(void)
{
	struct family f = make_family();
	g_autoptr(bundle) b = bundle_new(f.root, &f.root, 1, NULL, NULL);
	g_autoptr(GPtrArray) ordered = bundle_chain(b);

	g_assert_cmpuint(ordered->len, ==, 0);
	family_done(&f);
}

static void file(void)
{
	struct family f = make_family();
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "out.pem", NULL), *said = NULL;
	g_autoptr(args) args = args_new();
	g_autoptr(GError) error = NULL;
	struct bundle_file out = { .path = path, .name = "leaf", .cert = f.leaf,
				   .chain = &f.middle, .n_chain = 1 };
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	GBytes *text;
	struct stat st;

	args_set(args, "format", "chain");
	out.form = bundle_file_form(args, NULL);
	out.key = key;
	g_assert_null(bundle_file_write(&out, &error));		/* never without a passphrase */
	g_assert_error(error, ERR, ERR_LIMIT);
	g_assert_cmpint(stat(path, &st), <, 0);
	args_put_secret(args, "passphrase", make_secret("open"));
	out.passphrase = args_secret(args, "passphrase");
	said = bundle_file_write(&out, NULL);
	g_assert_nonnull(strstr(said, "leaf is written to "));
	g_assert_nonnull(strstr(said, " as PEM with its chain (1 issuer known), with its private key"));
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	text = make_read(folder, "out.pem");
	g_assert_nonnull(g_strstr_len(g_bytes_get_data(text, NULL), (gssize)g_bytes_get_size(text),
				      "BEGIN ENCRYPTED PRIVATE KEY"));
	g_bytes_unref(text);
	make_folder_gone(folder);
	family_done(&f);
}

static void expect(const char *format, bool with_key, const char *passphrase, enum err code)
{
	g_autoptr(args) args = args_new();
	g_autoptr(GError) error = NULL;

	args_set(args, "format", format);
	args_set(args, "with-key", with_key ? "yes" : "no");
	if (passphrase)
		args_put_secret(args, "passphrase", make_secret(passphrase));
	g_assert_null(bundle_file_form(args, &error));
	g_assert_error(error, ERR, (gint)code);
}

static void forms_that_do_not_fit(void)
{
	expect("jks", false, NULL, ERR_USAGE);
	expect("der", true, "x", ERR_USAGE);
	expect("pkcs7", true, "x", ERR_USAGE);
	expect("pem", true, NULL, ERR_SIGN_IN);
	expect("pem", true, "", ERR_SIGN_IN);
}

static void versions(void)
{
	struct family f = make_family();
	gsize len;
	const uint8_t *der = g_bytes_get_data(f.leaf, &len);

	g_assert_cmpint(x509_version(der, len), ==, 3);
	g_assert_cmpint(x509_version(der, len / 2), ==, 0);
	family_done(&f);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	g_test_add_func("/model/bundle/chain", chain);
	g_test_add_func("/model/bundle/chain-of-a-root", chain_of_root);
	g_test_add_func("/model/bundle/file", file);
	g_test_add_func("/model/bundle/forms-that-do-not-fit", forms_that_do_not_fit);
	g_test_add_func("/model/bundle/versions", versions);
	return g_test_run();
}
