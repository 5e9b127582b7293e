/* test-x509-threads: two threads read and scan at once; the thread sanitizer looks on. */
#include <pthread.h>
#include <string.h>

#include <openssl/err.h>

#include <certty/model/x509.h>

#include "make.h"

#define ROUNDS 200

struct work {
	GBytes *cert, *file;
	const struct x509_trust *trust;
};

static void *work(void *arg)
{
	const struct work *w = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct facts f;
		g_autoptr(GPtrArray) items = NULL;
		g_autofree char *sentence = NULL;

		g_assert_true(x509_facts(g_bytes_get_data(w->cert, NULL),
					 g_bytes_get_size(w->cert), &f, NULL));
		facts_done(&f);
		items = x509_scan(g_bytes_get_data(w->file, NULL), g_bytes_get_size(w->file),
				  NULL, NULL);
		g_assert_cmpuint(items->len, ==, 2);
		g_assert_true(x509_chain(w->cert, NULL, 0, w->trust, MAKE_NOW, &sentence));
	}
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return NULL;
}

static void two(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(x509_key) key = x509_key_make("ec-p256", &error);
	g_autoptr(secret) pem = x509_key_pem(key, NULL, &error);
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "trust.pem", NULL);
	struct work w = { .cert = make_cert_der(&(struct make){ .subject = "x" }) };
	g_autofree char *cert = make_pem(w.cert);
	g_autofree char *both = g_strconcat(cert, pem->bytes, NULL);
	struct x509_trust *trust;
	pthread_t thread[2];

	make_file(folder, "trust.pem", cert, strlen(cert));
	trust = x509_trust_new(path);
	w.trust = trust;
	w.file = g_bytes_new(both, strlen(both));
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(pthread_create(&thread[i], NULL, work, &w), ==, 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	g_bytes_unref(w.cert);
	g_bytes_unref(w.file);
	x509_trust_free(trust);
	make_folder_gone(folder);
}

static void *keystore(void *arg)
{
	GBytes *p12 = arg;
	g_autoptr(secret) passphrase = secret_new("x", 1);

	for (int i = 0; i < 20; i++) {
		g_autoptr(GPtrArray) items = x509_scan(g_bytes_get_data(p12, NULL),
						       g_bytes_get_size(p12), passphrase, NULL);

		g_assert_cmpuint(items->len, ==, 2);
	}
	return NULL;
}

static void keystores(void)
{
	char *folder = make_folder();
	g_autoptr(GBytes) p12 = NULL;
	pthread_t thread[2];

	g_free(make_run(folder,
			"openssl req -x509 -newkey rsa:2048 -nodes -keyout k -subj /CN=x -out c "
			"2>/dev/null && openssl pkcs12 -export -inkey k -in c -passout pass:x "
			"-out p -legacy"));
	p12 = make_read(folder, "p");
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(pthread_create(&thread[i], NULL, keystore, p12), ==, 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	make_folder_gone(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x509/threads/two", two);
	g_test_add_func("/x509/threads/keystores", keystores);
	return g_test_run();
}
