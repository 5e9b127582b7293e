/* Folders and keystores: what a refresh reads, joins, remembers, and what does not stop it. */
#include "../model/make.h"
#include "play.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>

#include <certty/model/x509.h>

#define NOBODY 65534

static char *folder;

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void put(const char *name, const void *bytes, size_t len)
{
	g_autofree char *path = in_folder(name), *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

static char *cert_pem(const char *name, EVP_PKEY *key)
{
	g_autofree char *sans = g_strdup_printf("DNS:%s", name);
	struct make m = { .subject = name, .sans = sans, .key = key };
	g_autoptr(GBytes) der = make_cert_der(&m);

	return make_pem(der);
}

static void put_cert(const char *file, const char *name)
{
	g_autofree char *pem = cert_pem(name, NULL);

	put_text(file, pem);
}

static struct x509_key *new_key(EVP_PKEY **ret)
{
	struct x509_key *k = x509_key_make("ec-p256", NULL);
	g_autoptr(secret) pem = x509_key_pem(k, NULL, NULL);
	BIO *in = BIO_new_mem_buf(pem->bytes, (int)pem->len);

	*ret = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	BIO_free(in);
	return k;
}

static void put_key(const char *file, const struct x509_key *k, const char *passphrase)
{
	g_autoptr(secret) word = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(secret) pem = x509_key_pem(k, word, NULL);

	put(file, pem->bytes, pem->len);
}

static char *refresh(struct play *p, const char *type, const char *address)
{
	play_init(p, VERB_REFRESH, type, address);
	return play_rows(p);
}

/* ---- keys ---- */

static void test_keys(void)
{
	EVP_PKEY *a, *b;
	g_autoptr(x509_key) ka = new_key(&a);
	g_autoptr(x509_key) kb = new_key(&b);
	g_autofree char *pem_a = cert_pem("a.example", a), *pem_b = cert_pem("b.example", b);
	g_autofree char *rows = NULL;
	struct play p;

	put_text("live/a/fullchain.pem", pem_a);
	put_key("live/a/privkey.pem", ka, NULL);
	put_text("x.crt", pem_b);
	put_key("x.key", kb, NULL);
	put_text("sub/locked.crt", pem_a);
	put_text("alone/other.crt", pem_a);
	rows = refresh(&p, "folder", folder);
	g_assert_cmpstr(rows, ==, "alone/other.crt key\nlive/a/fullchain.pem key\n"
			"sub/locked.crt key\nx.crt key\n");
	g_assert_cmpuint(p.op.keys, ==, 2);
	play_done(&p);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
}

static void test_mismatch_and_locked(void)
{
	EVP_PKEY *a, *b;
	g_autoptr(x509_key) ka = new_key(&a);
	g_autoptr(x509_key) kb = new_key(&b);
	struct make leaf = { .subject = "a", .constraints = "CA:FALSE", .sans = "DNS:a.example",
			     .key = a };
	g_autoptr(GBytes) der = make_cert_der(&leaf);
	g_autofree char *pem = make_pem(der), *rows = NULL;
	struct play p, q;

	put_text("wrong.crt", pem);
	put_key("wrong.key", kb, NULL);
	put_text("locked.crt", pem);
	put_key("locked.key", ka, "geheim");
	rows = refresh(&p, "folder", folder);
	g_assert_cmpstr(rows, ==, "locked.crt key-locked\nwrong.crt mismatch\n");
	g_free(rows);
	/* nothing changed on disk, but now there is a passphrase */
	play_init(&q, VERB_REFRESH, "folder", folder);
	q.op.memo = g_bytes_ref(p.op.new_memo);
	q.op.old = p.old;
	play_secret(&q, "passphrase", "geheim");
	rows = play_rows(&q);
	g_assert_cmpstr(rows, ==, "locked.crt key\nwrong.crt key\n");
	play_done(&q);
	play_done(&p);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
}

/* ---- a second refresh ---- */

static char *refresh_again(struct play *p, struct play *before)
{
	play_init(p, VERB_REFRESH, "folder", folder);
	p->op.memo = g_bytes_ref(before->op.new_memo);
	p->op.old = before->old;
	return play_rows(p);
}

static void test_only_changed(void)
{
	g_autofree char *first = NULL, *second = NULL, *third = NULL;
	struct play p, q, r;

	for (int i = 0; i < 100; i++) {
		g_autofree char *name = g_strdup_printf("c%02d.crt", i);

		put_cert(name, "www.example.org");
	}
	first = refresh(&p, "folder", folder);
	g_assert_cmpuint(p.works, ==, 1 + 3);
	g_assert_cmpuint(p.op.fresh->len, ==, 100);
	second = refresh_again(&q, &p);
	g_assert_cmpstr(first, ==, second);
	g_assert_cmpuint(q.works, ==, 1);
	g_assert_cmpuint(q.op.fresh->len, ==, 0);
	put_cert("c50.crt", "new.example.org");
	put_cert("d.crt", "d.example.org");
	third = refresh_again(&r, &q);
	g_assert_nonnull(strstr(third, "d.crt\n"));
	g_assert_cmpuint(r.op.fresh->len, ==, 2);
	g_assert_nonnull(strstr(r.op.said, "2 of them read anew"));
	play_done(&r);
	play_done(&q);
	play_done(&p);
}

/* A memo that is not one, or tells of rows that are not there, costs a reading and no more. */
/* What is left out of some files does not get the rows of the others mixed up, and comes back. */
static void test_left_out(void)
{
	g_autofree char *all = NULL, *fewer = NULL, *same = NULL, *back = NULL;
	GHashTable *hidden = g_hash_table_new(g_str_hash, g_str_equal);
	struct play p, q, r, s;

	put_cert("a.crt", "a.example.org");
	put_cert("b.crt", "b.example.org");
	put_cert("c.crt", "c.example.org");
	g_hash_table_add(hidden, (char *)"a.crt");
	all = refresh(&p, "folder", folder);
	play_init(&q, VERB_REFRESH, "folder", folder);
	q.op.memo = g_bytes_ref(p.op.new_memo);
	q.op.old = p.old;
	q.op.hidden = hidden;
	fewer = play_rows(&q);
	g_assert_cmpstr(fewer, ==, "b.crt\nc.crt\n");
	play_init(&r, VERB_REFRESH, "folder", folder);
	r.op.memo = g_bytes_ref(q.op.new_memo);
	r.op.old = q.old;
	r.op.hidden = hidden;
	same = play_rows(&r);
	g_assert_cmpstr(same, ==, fewer);
	back = refresh_again(&s, &r);
	g_assert_cmpstr(back, ==, all);
	g_hash_table_unref(hidden);
	play_done(&s);
	play_done(&r);
	play_done(&q);
	play_done(&p);
}

static void test_bad_memo(void)
{
	struct play p, q;
	g_autofree char *first = NULL, *again = NULL;

	put_cert("a.crt", "a.example");
	first = refresh(&p, "folder", folder);
	play_init(&q, VERB_REFRESH, "folder", folder);
	q.op.memo = g_bytes_new("garbage that is no variant", 26);
	q.op.old = p.old;
	again = play_rows(&q);
	g_assert_cmpstr(first, ==, again);
	play_done(&q);
	g_free(again);
	play_init(&q, VERB_REFRESH, "folder", folder);
	q.op.memo = g_bytes_ref(p.op.new_memo);
	again = play_rows(&q);	/* without the older table */
	g_assert_cmpstr(first, ==, again);
	play_done(&q);
	play_done(&p);
}

/* ---- bad input ---- */

/* Each gives a sentence; the sound one beside it is still read. */
static void test_bad_files(void)
{
	g_autofree char *pem = cert_pem("good.example", NULL), *rows = NULL;
	g_autofree char *cut = g_strndup(pem, strlen(pem) / 2);
	g_autofree char *twice = g_strconcat(pem, pem, NULL);
	g_autoptr(GString) nul = g_string_new(pem);
	struct play p;

	put_text("good.crt", pem);
	put_text("cut.crt", cut);
	put_text("twice.crt", twice);
	put_text("encoded.crt", "-----BEGIN CERTIFICATE-----\n!!!! not base64 \x1b[31m\n"
		 "-----END CERTIFICATE-----\n");
	put("der.crt", "0\x82\xff\xff garbage and more of it", 28);
	g_string_prepend_len(nul, "a\0b\x1b[2J\n", 8);
	put("nul.crt", nul->str, nul->len);
	put_text("control\x1b[2J\n.crt", pem);
	put("bad-utf8-\xff.crt", pem, strlen(pem));
	rows = refresh(&p, "folder", folder);
	g_assert_cmpstr(rows, ==, "bad-utf8-\\xff.crt\ncontrol\\x1b[2J\\n.crt\ngood.crt\nnul.crt\n"
			"twice.crt#1\ntwice.crt#2\n");
	g_assert_true(play_has_trouble(&p, "cut.crt: "));
	g_assert_true(play_has_trouble(&p, "encoded.crt: "));
	g_assert_true(play_has_trouble(&p, "der.crt: "));
	g_assert_cmpuint(p.op.troubles->len, ==, 3);
	for (guint i = 0; i < p.op.troubles->len; i++)
		g_assert_null(strchr(p.op.troubles->pdata[i], '\x1b'));
	play_done(&p);
}

static void test_odd_files(void)
{
	g_autofree char *rows = NULL, *fifo = in_folder("pipe.crt"), *loop = in_folder("loop.crt");
	g_autofree char *gone = in_folder("gone.crt"), *up = in_folder("up"), *huge = NULL;
	g_autofree char *link = in_folder("link.crt"), *hash = in_folder("5e3f01ab.0");
	g_autofree char *zero = in_folder("zero.crt"), *hard = in_folder("hard.crt"), *good = NULL;
	struct play p;

	put_cert("good.crt", "good.example");
	good = in_folder("good.crt");
	huge = in_folder("huge.pem");
	put_text("huge.pem", "x");
	g_assert_cmpint(truncate(huge, 20 << 20), ==, 0);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("loop.crt", loop), ==, 0);
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	g_assert_cmpint(symlink("..", up), ==, 0);
	g_assert_cmpint(symlink("/dev/zero", zero), ==, 0);
	g_assert_cmpint(symlink("good.crt", link), ==, 0);
	g_assert_cmpint(symlink("good.crt", hash), ==, 0);
	g_assert_cmpint(linkat(AT_FDCWD, good, AT_FDCWD, hard, 0), ==, 0);
	rows = refresh(&p, "folder", folder);
	/* one file under many names is one */
	g_assert_cmpstr(rows, ==, "good.crt\n");
	g_assert_true(play_has_trouble(&p, "pipe.crt: a FIFO is not read"));
	g_assert_true(play_has_trouble(&p, "loop.crt: the links lead in a circle"));
	g_assert_true(play_has_trouble(&p, "gone.crt: the link leads nowhere"));
	g_assert_true(play_has_trouble(&p, "huge.pem: larger than"));
	g_assert_true(play_has_trouble(&p, "zero.crt: a device is not read"));
	play_done(&p);
}

static void test_unreadable(void)
{
	g_autofree char *rows = NULL, *closed = NULL, *file = NULL;
	struct play p;

	/* Above the usual place there may be folders that only their owner enters. */
	play_folder_gone(folder);
	folder = g_mkdtemp(g_strdup("/tmp/certty-local-XXXXXX"));
	g_assert_nonnull(folder);
	closed = in_folder("closed");
	file = in_folder("shut.crt");
	put_cert("good.crt", "good.example");
	put_cert("closed/a.crt", "a.example");
	put_cert("shut.crt", "b.example");
	g_assert_cmpint(chmod(closed, 0), ==, 0);
	g_assert_cmpint(chmod(file, 0), ==, 0);
	g_assert_cmpint(chmod(folder, 0755), ==, 0);
	if (geteuid() == 0)
		g_assert_cmpint(seteuid(NOBODY), ==, 0);
	rows = refresh(&p, "folder", folder);
	if (getuid() == 0)
		g_assert_cmpint(seteuid(0), ==, 0);
	g_assert_cmpint(chmod(closed, 0755), ==, 0);
	g_assert_cmpstr(rows, ==, "good.crt\n");
	g_assert_true(play_has_trouble(&p, "closed: Permission denied"));
	g_assert_true(play_has_trouble(&p, "shut.crt: "));
	play_done(&p);
}

static void test_deep(void)
{
	g_autoptr(GString) path = g_string_new("d");
	g_autofree char *rows = NULL;
	struct play p;

	for (int i = 0; i < 40; i++)
		g_string_append(path, "/d");
	g_string_append(path, "/deep.crt");
	put_cert(path->str, "deep.example");
	put_cert("d/near.crt", "near.example");
	rows = refresh(&p, "folder", folder);
	g_assert_cmpstr(rows, ==, "d/near.crt\n");
	play_done(&p);
}

static void test_missing(void)
{
	struct play p;

	g_assert_null(refresh(&p, "folder", "/nonexistent/folder"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_NOT_FOUND));
	play_done(&p);
	g_assert_null(refresh(&p, "keystore", "/dev/null"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_FORMAT));
	play_done(&p);
	g_assert_null(refresh(&p, "nonsense", "/"));
	play_done(&p);
}

/* A file that is gone, or was exchanged for a FIFO, between the walk and the reading. */
static void test_gone_meanwhile(void)
{
	g_autofree char *file = in_folder("a.crt");
	struct play p;
	struct next n;

	put_cert("a.crt", "a.example");
	put_cert("b.crt", "b.example");
	play_init(&p, VERB_REFRESH, "folder", folder);
	n = p.provider->verb[VERB_REFRESH](&p.op, NULL);
	n.work->run(n.work);
	p.op.work = n.work;
	g_assert_cmpint(g_unlink(file), ==, 0);
	g_assert_cmpint(mkfifo(file, 0600), ==, 0);
	n = n.step(&p.op, NULL);
	for (size_t i = 0; i < n.n; i++) {
		struct ask ask = n.ask(&p.op, i);

		ask.work->run(ask.work);
		n.hear(&p.op, i, NULL, ask.work);
		work_free(ask.work);
	}
	n = n.step(&p.op, NULL);
	g_assert_cmpint(n.kind, ==, NEXT_DONE);
	g_assert_true(play_has_trouble(&p, "a.crt: "));
	play_done(&p);
}

/* Cancelled while works are about: whatever was not taken is freed. */
static void test_cancelled(void)
{
	struct play p;
	struct next n;
	struct ask ask;

	put_cert("a.crt", "a.example");
	play_init(&p, VERB_REFRESH, "folder", folder);
	n = p.provider->verb[VERB_REFRESH](&p.op, NULL);
	n.work->run(n.work);
	p.op.work = n.work;
	n = n.step(&p.op, NULL);
	ask = n.ask(&p.op, 0);
	play_done(&p);
	atomic_store(&ask.work->stop, true);
	ask.work->run(ask.work);
	work_free(ask.work);
}

/* ---- keystores ---- */

static void test_keystore(void)
{
	EVP_PKEY *pkey;
	g_autoptr(x509_key) key = new_key(&pkey);
	struct make m = { .subject = "a.example", .key = pkey };
	g_autoptr(GBytes) der = make_cert_der(&m);
	g_autoptr(secret) word = make_secret("geheim");
	g_autoptr(GBytes) p12 = x509_pkcs12("mine", der, NULL, 0, key, word, NULL);
	g_autofree char *path = in_folder("a.p12"), *rows = NULL;
	gsize len;
	const void *bytes = g_bytes_get_data(p12, &len);
	struct play p;

	put("a.p12", bytes, len);
	g_assert_null(refresh(&p, "keystore", path));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	play_init(&p, VERB_REFRESH, "keystore", path);
	play_secret(&p, "passphrase", "falsch");
	g_assert_null(play_rows(&p));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_PASSPHRASE));
	g_assert_null(strstr(p.op.error->message, "falsch"));
	play_done(&p);
	play_init(&p, VERB_REFRESH, "keystore", path);
	play_secret(&p, "passphrase", "geheim");
	rows = play_rows(&p);
	g_assert_cmpstr(rows, ==, "mine key\n");
	play_done(&p);
	EVP_PKEY_free(pkey);
}

/* ---- the frame ---- */

typedef void test_fn(void);

static const struct {
	const char *name;
	test_fn *run;
} tests[] = {
	{ "/local/files/keys", test_keys },
	{ "/local/files/mismatch-and-locked", test_mismatch_and_locked },
	{ "/local/files/only-changed", test_only_changed },
	{ "/local/files/left-out", test_left_out },
	{ "/local/files/bad-memo", test_bad_memo },
	{ "/local/files/bad-files", test_bad_files },
	{ "/local/files/odd-files", test_odd_files },
	{ "/local/files/unreadable", test_unreadable },
	{ "/local/files/deep", test_deep },
	{ "/local/files/missing", test_missing },
	{ "/local/files/gone-meanwhile", test_gone_meanwhile },
	{ "/local/files/cancelled", test_cancelled },
	{ "/local/files/keystore", test_keystore },
};

static void run(gconstpointer which)
{
	test_fn *const *test = which;

	folder = play_folder();
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
