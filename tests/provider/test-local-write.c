/* Import, remove, export, key and the own repository: what is on disk in the end. */
#include "../model/make.h"
#include "crash.h"
#include "play.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/model/x509.h>

static char *folder, *repository;

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *content(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, X509_FILE_MAX, NULL, &error);
	gsize len;
	const char *text;

	g_assert_no_error(error);
	text = g_bytes_get_data(bytes, &len);
	return g_strndup(text, len);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_mode & 07777;
}

/* A leaf with its key, its CA, and an outsider, in one file in an unhelpful order. */
struct set {
	GBytes *leaf, *ca;
	char *file;		/* in the folder: in.pem */
};

static struct set make_set(const char *key_passphrase, int64_t not_after)
{
	static const char *const names[] = { "www.example.org", NULL };
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(x509_key) ca_key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "CN=www.example.org", names, NULL);
	g_autoptr(GBytes) ca_csr = x509_csr_make(ca_key, "CN=Set CA", NULL, NULL);
	const struct x509_profile *p = x509_profiles, *sub_ca = x509_profiles + 3;
	g_autoptr(secret) word = key_passphrase ? make_secret(key_passphrase) : NULL;
	g_autoptr(secret) key_pem = x509_key_pem(key, word, NULL);
	g_autoptr(GBytes) other = make_cert_der(&(struct make){ .subject = "Other" });
	g_autofree char *a = NULL, *b = NULL, *c = NULL, *whole = NULL;
	struct set s = { .file = in_folder("in.pem") };

	s.ca = x509_sign(ca_csr, NULL, ca_key, sub_ca, MAKE_NOW - 400 * MAKE_DAY,
			 MAKE_NOW + 400 * MAKE_DAY, NULL);
	s.leaf = x509_sign(csr, s.ca, ca_key, p, MAKE_NOW - 90 * MAKE_DAY, not_after, NULL);
	a = make_pem(other);
	b = make_pem(s.ca);
	c = make_pem(s.leaf);
	whole = g_strdup_printf("%s%s%s%.*s", a, b, c, (int)key_pem->len, key_pem->bytes);
	g_assert_true(g_file_set_contents(s.file, whole, -1, NULL));
	return s;
}

static void set_done(struct set *s)
{
	g_bytes_unref(s->leaf);
	g_bytes_unref(s->ca);
	g_free(s->file);
}

static bool import(struct play *p, const char *type, const char *to, const struct set *s,
		   const char *key, const char *new_passphrase)
{
	play_init(p, VERB_IMPORT, type, to);
	play_arg(p, "file", s->file);
	play_arg(p, "key", key);
	if (new_passphrase)
		play_secret(p, "new-passphrase", new_passphrase);
	return play_run(p);
}

/* ---- import ---- */

static void test_import(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *to = in_folder("to"), *path = in_folder("to/www.example.org.pem");
	g_autofree char *leaf = make_pem(s.leaf), *ca = make_pem(s.ca), *text = NULL;
	g_autofree char *start = g_strconcat(leaf, ca, "-----BEGIN ENCRYPTED PRIVATE KEY-----",
					     NULL);
	struct play p;

	g_mkdir(to, 0755);
	g_assert_true(import(&p, "folder", to, &s, "encrypted", "neu"));
	text = content(path);
	g_assert_true(g_str_has_prefix(text, start));
	g_assert_cmpint(mode_of(path), ==, 0600);
	g_assert_nonnull(strstr(p.op.said, "its key, encrypted"));
	g_assert_nonnull(strstr(p.op.said, "1 other certificate in the file left out"));
	g_assert_cmpuint(p.op.touched->len, ==, 2);
	play_done(&p);
	/* nothing is overwritten without being asked */
	g_assert_false(import(&p, "folder", to, &s, "no", NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_EXISTS));
	play_done(&p);
	set_done(&s);
}

static void test_import_keys(void)
{
	struct set s = make_set("alt", MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *to = in_folder("to"), *path = in_folder("to/www.example.org.pem");
	g_autofree char *text = NULL;
	struct play p;

	g_mkdir(to, 0755);
	g_assert_false(import(&p, "folder", to, &s, "encrypted", "neu"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	play_init(&p, VERB_IMPORT, "folder", to);
	play_arg(&p, "file", s.file);
	play_secret(&p, "passphrase", "falsch");
	g_assert_false(play_run(&p));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_PASSPHRASE));
	play_done(&p);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	play_init(&p, VERB_IMPORT, "folder", to);
	play_arg(&p, "file", s.file);
	play_arg(&p, "key", "plain");
	play_secret(&p, "passphrase", "alt");
	g_assert_true(play_run(&p));
	g_assert_nonnull(strstr(p.op.said, "NOT encrypted"));
	g_assert_cmpint(mode_of(path), ==, 0600);
	text = content(path);
	g_assert_nonnull(strstr(text, "-----BEGIN PRIVATE KEY-----"));
	play_done(&p);
	set_done(&s);
}

static void test_import_refused(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY), t;
	g_autofree char *to = in_folder("to"), *key = NULL, *text = content(s.file), *pem = NULL;
	struct play p;

	g_mkdir(to, 0755);
	/* a key without a passphrase for it */
	g_assert_false(import(&p, "folder", to, &s, "encrypted", NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	/* the key of another */
	key = g_strdup(strstr(text, "-----BEGIN PRIVATE KEY-----"));
	t = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_free(text);
	text = make_pem(t.leaf);
	pem = g_strconcat(text, key, NULL);
	g_assert_true(g_file_set_contents(t.file, pem, -1, NULL));
	g_assert_false(import(&p, "folder", to, &t, "encrypted", "neu"));
	g_assert_nonnull(strstr(p.op.error->message, "belongs to none"));
	play_done(&p);
	g_assert_true(g_file_set_contents(t.file, "nothing", -1, NULL));
	g_assert_false(import(&p, "folder", to, &t, "no", NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_NOT_FOUND));
	play_done(&p);
	set_done(&t);
	set_done(&s);
}

static void test_import_expired(void)
{
	struct set s = make_set(NULL, MAKE_NOW - MAKE_DAY);
	struct play p;

	g_assert_true(import(&p, "repository", repository, &s, "no", NULL));
	g_assert_nonnull(strstr(p.op.said, "warning: it expired on 2026-09-20"));
	play_done(&p);
	set_done(&s);
}

/* A name that is a path, or one of ours, stays a name. */
static void test_import_names(void)
{
	struct set s = make_set(NULL, MAKE_NOW + MAKE_DAY);
	g_autofree char *safe = g_build_filename(repository, "_.._.._etc", "current", NULL);
	struct play p;

	play_init(&p, VERB_IMPORT, "repository", repository);
	play_arg(&p, "file", s.file);
	play_arg(&p, "key", "no");
	play_arg(&p, "name", "../../etc");
	g_assert_true(play_run(&p));
	g_assert_true(g_file_test(safe, G_FILE_TEST_IS_SYMLINK));
	play_done(&p);
	set_done(&s);
}

/* ---- the own repository ---- */

static char *version_of(struct play *p)
{
	g_autofree char *rows = NULL;
	char *end;

	play_init(p, VERB_REFRESH, "repository", repository);
	rows = play_rows(p);
	g_assert_nonnull(rows);
	end = strchr(rows, '\n');
	return end ? g_strndup(rows, (gsize)(end - rows)) : NULL;
}

static void test_repository(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *alias = NULL, *path = NULL, *key = NULL, *moved = NULL, *name = NULL;
	char *space;
	struct play p;

	g_assert_true(import(&p, "repository", repository, &s, "encrypted", "neu"));
	play_done(&p);
	g_assert_true(import(&p, "repository", repository, &s, "encrypted", "neu"));
	g_assert_nonnull(strstr(p.op.said, "is kept already"));
	play_done(&p);
	alias = version_of(&p);	/* the link doubles no row: cert.pem and chain.pem */
	g_assert_cmpuint(p.old->n, ==, 2);
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	play_done(&p);
	g_assert_true(g_str_has_prefix(alias, "www.example.org/20260921T"));
	space = strchr(alias, ' ');
	g_assert_cmpstr(space, ==, " key-locked");
	*space = 0;
	path = g_build_filename(repository, alias, NULL);
	name = g_path_get_dirname(path);
	key = g_build_filename(name, "key.pem", NULL);
	g_assert_cmpint(mode_of(key), ==, 0600);
	g_assert_cmpint(mode_of(name), ==, 0700);
	/* removing moves it away */
	play_init(&p, VERB_REMOVE, "repository", repository);
	play_cert(&p, s.leaf, alias);
	g_assert_true(play_run(&p));
	play_done(&p);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	moved = g_build_filename(repository, "removed", NULL);
	g_assert_true(g_file_test(moved, G_FILE_TEST_IS_DIR));
	g_free(alias);
	alias = version_of(&p);
	g_assert_null(alias);
	play_done(&p);
	set_done(&s);
}

/* ---- remove ---- */

static bool remove_it(struct play *p, GBytes *der, const char *alias)
{
	play_init(p, VERB_REMOVE, "folder", folder);
	play_cert(p, der, alias);
	return play_run(p);
}

static void test_remove(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *before = content(s.file), *after = NULL, *alone = in_folder("alone.crt");
	g_autofree char *leaf = make_pem(s.leaf), *ca = make_pem(s.ca), *expected = NULL;
	char *at = strstr(before, leaf);
	struct play p;

	g_assert_cmpint(chmod(s.file, 0640), ==, 0);
	g_assert_true(remove_it(&p, s.leaf, "in.pem#3"));
	g_assert_nonnull(strstr(p.op.said, "its private key among them"));
	play_done(&p);
	after = content(s.file);
	expected = g_strdup_printf("%.*s%s", (int)(at - before), before, at + strlen(leaf));
	g_assert_cmpstr(after, ==, expected);
	g_assert_cmpint(mode_of(s.file), ==, 0640);
	/* it is no longer there */
	g_assert_false(remove_it(&p, s.leaf, "in.pem#3"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_NOT_FOUND));
	play_done(&p);
	g_assert_true(g_file_set_contents(alone, ca, -1, NULL));
	g_assert_false(remove_it(&p, s.leaf, "alone.crt"));
	g_assert_true(g_file_test(alone, G_FILE_TEST_EXISTS));
	play_done(&p);
	g_assert_true(remove_it(&p, s.ca, "alone.crt"));
	g_assert_false(g_file_test(alone, G_FILE_TEST_EXISTS));
	play_done(&p);
	set_done(&s);
}

static void test_remove_not_cut(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	GBytes *const both[] = { s.leaf, s.ca };
	g_autoptr(GBytes) p7 = x509_pkcs7(both, 2, NULL);
	g_autofree char *path = in_folder("both.p7b");
	gsize len;
	const char *bytes = g_bytes_get_data(p7, &len);
	struct play p;

	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	g_assert_false(remove_it(&p, s.leaf, "both.p7b#1"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_REFUSED));
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	play_done(&p);
	set_done(&s);
}

/* ---- export ---- */

static bool export_as(struct play *p, const struct set *s, const char *format, const char *to)
{
	g_autofree char *path = in_folder(to);
	struct play r;
	g_autofree char *rows = NULL;

	play_init(&r, VERB_REFRESH, "folder", folder);
	rows = play_rows(&r);
	play_init(p, VERB_EXPORT, "folder", folder);
	p->op.memo = g_bytes_ref(r.op.new_memo);
	p->chain = g_ptr_array_new();
	g_ptr_array_add(p->chain, s->ca);
	play_cert(p, s->leaf, "in.pem#3");
	p->op.cert.chain = (GBytes **)p->chain->pdata;
	p->op.cert.n_chain = 1;
	play_arg(p, "format", format);
	play_arg(p, "file", path);
	play_done(&r);
	return true;
}

static void test_export(void)
{
	static const struct {
		const char *format, *command;
	} forms[] = {
		{ "pem", "openssl x509 -in out.pem -noout -subject" },
		{ "chain", "openssl verify -partial_chain -no_check_time -trusted out.chain "
			   "-untrusted out.chain out.chain" },
		{ "der", "openssl x509 -inform DER -in out.der -noout -subject" },
		{ "pkcs7", "openssl pkcs7 -inform DER -in out.pkcs7 -print_certs -noout" },
	};
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	struct play p;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *name = g_strconcat("out.", forms[i].format, NULL);
		g_autofree char *path = in_folder(name), *said = NULL;

		export_as(&p, &s, forms[i].format, name);
		g_assert_true(play_run(&p));
		g_assert_cmpint(mode_of(path), ==, 0644);
		play_done(&p);
		said = make_run(folder, forms[i].command);
		g_assert_cmpstr(said, !=, "");
		export_as(&p, &s, forms[i].format, name);
		g_assert_false(play_run(&p));
		g_assert_true(g_error_matches(p.op.error, ERR, ERR_EXISTS));
		play_done(&p);
	}
	set_done(&s);
}

static void test_export_key(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *path = in_folder("out.p12"), *said = NULL;
	struct play p;

	export_as(&p, &s, "pkcs12", "out.p12");
	play_arg(&p, "with-key", "yes");
	g_assert_false(play_run(&p));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	export_as(&p, &s, "der", "out.p12");
	play_arg(&p, "with-key", "yes");
	play_secret(&p, "passphrase", "geheim");
	g_assert_false(play_run(&p));
	play_done(&p);
	export_as(&p, &s, "pkcs12", "out.p12");
	play_arg(&p, "with-key", "yes");
	play_secret(&p, "passphrase", "geheim");
	g_assert_true(play_run(&p));
	g_assert_cmpint(mode_of(path), ==, 0600);
	said = make_run(folder, "openssl pkcs12 -in out.p12 -passin pass:geheim -nodes | "
			"grep -c -e 'BEGIN PRIVATE KEY' -e 'BEGIN CERTIFICATE'");
	g_assert_cmpstr(said, ==, "3\n");
	play_done(&p);
	set_done(&s);
}

/* In the own repository keys are encrypted: found by the names of the files. */
static void test_export_locked(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *alias = NULL, *path = in_folder("out.pem"), *text = NULL;
	struct play p, r;

	g_assert_true(import(&p, "repository", repository, &s, "encrypted", "neu"));
	play_done(&p);
	alias = version_of(&r);
	*strchr(alias, ' ') = 0;
	play_init(&p, VERB_EXPORT, "repository", repository);
	p.op.memo = g_bytes_ref(r.op.new_memo);
	play_done(&r);
	play_cert(&p, s.leaf, alias);
	play_arg(&p, "file", path);
	play_arg(&p, "with-key", "yes");
	play_secret(&p, "passphrase", "neu");
	g_assert_true(play_run(&p));
	text = content(path);
	g_assert_nonnull(strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
	play_done(&p);
	set_done(&s);
}

/* ---- key ---- */

static bool make_key_pair(struct play *p, const char *plain, const char *passphrase)
{
	g_autofree char *key = in_folder("new.key"), *csr = in_folder("new.csr");

	play_init(p, VERB_KEY, NULL, NULL);
	play_arg(p, "names", "a.example, 10.0.0.1");
	play_arg(p, "kind", "ec-p256");
	play_arg(p, "key-file", key);
	play_arg(p, "csr-file", csr);
	play_arg(p, "plain", plain);
	if (passphrase)
		play_secret(p, "passphrase", passphrase);
	return play_run(p);
}

static void test_key(void)
{
	g_autofree char *said = NULL, *key = in_folder("new.key"), *csr = in_folder("new.csr");
	g_autofree char *before = NULL, *after = NULL;
	struct play p;

	g_assert_false(make_key_pair(&p, "no", NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	g_assert_true(make_key_pair(&p, "no", "geheim"));
	play_done(&p);
	g_assert_cmpint(mode_of(key), ==, 0600);
	said = make_run(folder, "openssl req -in new.csr -verify -noout -text 2>&1 | "
			"grep -c 'DNS:a.example, IP Address:10.0.0.1'; "
			"openssl pkey -in new.key -passin pass:geheim -noout && echo opened");
	g_assert_cmpstr(said, ==, "1\nopened\n");
	before = content(key);
	g_assert_false(make_key_pair(&p, "yes", NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_EXISTS));
	play_done(&p);
	g_assert_cmpint(g_unlink(csr), ==, 0);
	g_assert_false(make_key_pair(&p, "yes", NULL));
	play_done(&p);
	after = content(key);
	g_assert_cmpstr(before, ==, after);
	g_assert_false(g_file_test(csr, G_FILE_TEST_EXISTS));
}

/* ---- dying in the middle ---- */

static void import_quietly(void *who)
{
	struct play p;

	import(&p, "repository", repository, who, "encrypted", "neu");
}

static void test_crash_in_repository(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	struct play p;
	int n = 1;

	while (crash_at(n++, import_quietly, &s)) {
		g_autofree char *alias = NULL, *other = NULL;

		/* nothing, or a whole version; never a part */
		if (g_file_test(repository, G_FILE_TEST_IS_DIR)) {
			alias = version_of(&p);
			g_assert_true(p.old->n == 0 || p.old->n == 2);
			g_assert_cmpuint(p.op.troubles->len, ==, 0);
			play_done(&p);
		}
		g_assert_true(import(&p, "repository", repository, &s, "encrypted", "neu"));
		play_done(&p);
		other = version_of(&p);
		g_assert_cmpuint(p.old->n, ==, 2);
		play_done(&p);
		play_folder_gone(g_steal_pointer(&repository));
		repository = g_build_filename(folder, "data", "certty", "store", NULL);
	}
	g_assert_cmpint(n, >, 10);
	set_done(&s);
}

static void replace_quietly(void *who)
{
	g_autofree char *to = in_folder("to");
	struct play p;

	play_init(&p, VERB_IMPORT, "folder", to);
	play_arg(&p, "file", who);
	play_arg(&p, "key", "plain");
	play_arg(&p, "replace", "yes");
	play_run(&p);
}

static void test_crash_in_replace(void)
{
	struct set s = make_set(NULL, MAKE_NOW + 30 * MAKE_DAY);
	g_autofree char *to = in_folder("to"), *path = in_folder("to/www.example.org.pem");
	struct set t = make_set(NULL, MAKE_NOW + 31 * MAKE_DAY);
	g_autofree char *old = NULL;
	int n = 1;

	g_mkdir(to, 0755);
	g_assert_true(g_file_set_contents(path, "old", -1, NULL));
	g_assert_cmpint(chmod(path, 0600), ==, 0);
	old = content(path);
	while (crash_at(n++, replace_quietly, t.file)) {
		g_autofree char *now = content(path);

		/* the old file, or the new one with certificate and key */
		g_assert_true(!strcmp(now, old) || strstr(now, "-----END PRIVATE KEY-----"));
		g_assert_true(g_file_set_contents(path, "old", -1, NULL));
		g_assert_cmpint(chmod(path, 0600), ==, 0);
	}
	g_assert_cmpint(n, >, 3);
	set_done(&t);
	set_done(&s);
}

/* ---- the frame ---- */

typedef void test_fn(void);

static const struct {
	const char *name;
	test_fn *run;
} tests[] = {
	{ "/local/import/folder", test_import },
	{ "/local/import/keys", test_import_keys },
	{ "/local/import/refused", test_import_refused },
	{ "/local/import/expired", test_import_expired },
	{ "/local/import/names", test_import_names },
	{ "/local/repository", test_repository },
	{ "/local/remove/files", test_remove },
	{ "/local/remove/not-cut", test_remove_not_cut },
	{ "/local/export/formats", test_export },
	{ "/local/export/key", test_export_key },
	{ "/local/export/locked", test_export_locked },
	{ "/local/key", test_key },
	{ "/local/crash/repository", test_crash_in_repository },
	{ "/local/crash/replace", test_crash_in_replace },
};

static void run(gconstpointer which)
{
	test_fn *const *test = which;
	g_autofree char *data = NULL;

	folder = play_folder();
	data = in_folder("data");
	g_setenv("XDG_DATA_HOME", data, TRUE);
	repository = g_build_filename(data, "certty", "store", NULL);
	clock_set(MAKE_NOW);
	(*test)();
	g_clear_pointer(&repository, g_free);
	play_folder_gone(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_data_func(tests[i].name, &tests[i].run, run);
	return g_test_run();
}
