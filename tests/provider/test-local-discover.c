/* Discovery on disk: which folders and keystores are proposed, and how much is looked at. */
#include "../model/make.h"
#include "play.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/model/x509.h>

static char *folder;

static void put(const char *name, const void *bytes, size_t len)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

static void put_cert(const char *name)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "a.example" });
	g_autofree char *pem = make_pem(der);

	put(name, pem, strlen(pem));
}

static void put_keystore(const char *name)
{
	g_autoptr(GBytes) der = make_cert_der(&(struct make){ .subject = "a.example" });
	g_autoptr(secret) word = make_secret("geheim");
	g_autoptr(GBytes) p12 = x509_pkcs12("x", der, NULL, 0, NULL, word, NULL);
	gsize len;
	const void *bytes = g_bytes_get_data(p12, &len);

	put(name, bytes, len);
}

/* What is proposed, "type path: what" a line, paths without the folder. */
static char *discovered(struct play *p)
{
	GString *s = g_string_new(NULL);

	g_assert_true(play_run(p));
	for (guint i = 0; i < p->op.put_discovery->len; i++) {
		const struct discovery *d = p->op.put_discovery->pdata[i];

		g_assert_true(g_str_has_prefix(d->address, folder));
		g_string_append_printf(s, "%s %s: %s\n", d->type, d->address + strlen(folder),
				       d->what);
	}
	return g_string_free(s, FALSE);
}

static void begin(struct play *p)
{
	play_init(p, VERB_DISCOVER, NULL, NULL);
	play_arg(p, "folders", folder);
}

static void test_folders(void)
{
	struct play p;
	g_autofree char *found = NULL;

	put_cert("srv/tls/a/cert.pem");
	put_cert("srv/tls/b/cert.pem");
	put_cert("srv/tls/b/chain.pem");
	put("srv/tls/README", "no", 2);
	put_cert("app/conf/server.crt");
	put("app/bin/x", "no", 2);
	put("app/lib/y", "no", 2);
	put("etc/z", "no", 2);
	put("var/z", "no", 2);
	put("www/z", "no", 2);
	put_keystore("app/lib/store.p12");
	put_keystore("app/lib/named-otherwise");
	begin(&p);
	found = discovered(&p);
	g_assert_cmpstr(found, ==,
			"keystore /app/lib/store.p12: a keystore that needs its passphrase\n"
			"keystore /app/lib/named-otherwise: a keystore that needs its passphrase\n"
			"folder /app/conf: 1 certificate, 0 keys\n"
			"folder /srv: 3 certificates, 0 keys\n");
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	play_done(&p);
}

/* Odd things are told of in one sentence, and only where certificates could be expected. */
static void test_odd(void)
{
	struct play p;
	g_autofree char *found = NULL, *gone = g_build_filename(folder, "modules.conf", NULL);
	g_autofree char *cert = g_build_filename(folder, "server.crt", NULL);

	put_cert("a.pem");
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	g_assert_cmpint(symlink("nowhere", cert), ==, 0);
	begin(&p);
	found = discovered(&p);
	g_assert_cmpstr(found, ==, "folder : 1 certificate, 0 keys\n");
	g_assert_cmpuint(p.op.troubles->len, ==, 1);
	g_assert_true(play_has_trouble(&p, "1 folder or file could not be looked at"));
	g_assert_true(play_has_trouble(&p, "server.crt"));
	play_done(&p);
}

static void test_known(void)
{
	struct play p;
	g_autofree char *found = NULL, *known = g_build_filename(folder, "srv", NULL);

	put_cert("srv/tls/a.pem");
	put_cert("b/b.pem");
	begin(&p);
	play_know_store(&p, "folder", known);
	found = discovered(&p);
	g_assert_cmpstr(found, ==, "folder /b: 1 certificate, 0 keys\n");
	play_done(&p);
}

/* Past the bound nothing is read, and likely names come before others. */
static void test_limit(void)
{
	struct play p;
	g_autofree char *found = NULL;

	for (int i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("a/%02d", i);

		put(name, "no", 2);
	}
	put_cert("z/last.pem");
	begin(&p);
	g_assert_true(settings_override(p.settings, "discovery", "limit", "5", NULL));
	found = discovered(&p);
	g_assert_cmpstr(found, ==, "folder /z: 1 certificate, 0 keys\n");
	g_assert_true(play_has_trouble(&p, "16 files beyond the bound of 5"));
	g_assert_true(g_str_has_prefix(p.op.said, "5 files and 0 ports looked at"));
	play_done(&p);
}

static void test_missing(void)
{
	struct play p;

	play_init(&p, VERB_DISCOVER, NULL, NULL);
	play_arg(&p, "folders", "/nonexistent/one,/dev/null");
	g_assert_true(play_run(&p));
	g_assert_cmpuint(p.op.troubles->len, ==, 1);
	g_assert_true(play_has_trouble(&p, "could not be looked at"));
	play_done(&p);
}

typedef void test_fn(void);

static const struct {
	const char *name;
	test_fn *run;
} tests[] = {
	{ "/local/discover/folders", test_folders },
	{ "/local/discover/odd", test_odd },
	{ "/local/discover/known", test_known },
	{ "/local/discover/limit", test_limit },
	{ "/local/discover/missing", test_missing },
};

static void run(gconstpointer which)
{
	test_fn *const *test = which;

	folder = play_folder();
	clock_set(MAKE_NOW);
	(*test)();
	play_folder_gone(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_data_func(tests[i].name, &tests[i].run, run);
	return g_test_run();
}
