/* The small CA: what waits, what a person sees, approving and denying, and dying meanwhile. */
#include "../model/make.h"
#include "crash.h"
#include "play.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/model/x509.h>

static char *folder, *ca;

static char *in_ca(const char *name)
{
	return g_build_filename(ca, name, NULL);
}

static void put(const char *name, const void *bytes, size_t len)
{
	g_autofree char *path = in_ca(name), *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

static void put_csr(const char *file, const char *name)
{
	const char *names[] = { name, NULL };
	g_autofree char *subject = g_strconcat("CN=", name, NULL);
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, subject, names, NULL);
	gsize len;
	const void *der = g_bytes_get_data(csr, &len);

	put(file, der, len);
}

/* A CA whose key opens with that passphrase (NULL: not encrypted). */
static void make_ca(const char *passphrase)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "CN=Small CA", NULL, NULL);
	g_autoptr(GBytes) cert = x509_sign(csr, NULL, key, x509_profiles + 3,
					   MAKE_NOW - 10 * MAKE_DAY, MAKE_NOW + 400 * MAKE_DAY,
					   NULL);
	g_autofree char *pem = make_pem(cert);
	g_autoptr(secret) word = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(secret) locked = x509_key_pem(key, word, NULL);

	put("ca.crt", pem, strlen(pem));
	put("private/ca.key", locked->bytes, locked->len);
	put_csr("pending/web1.csr", "web1.example.org");
}

/* A refresh that knows of one request; what it put is in p->op.put_requests. */
static void refresh(struct play *p, struct request *known)
{
	g_autofree char *rows = NULL;

	play_init(p, VERB_REFRESH, "ca", ca);
	if (known)
		play_request(p, known);
	p->op.request = NULL;
	rows = play_rows(p);
	g_assert_nonnull(rows);
}

static struct request *put_request(const struct play *p, const char *title)
{
	for (guint i = 0; i < p->op.put_requests->len; i++) {
		struct request *r = p->op.put_requests->pdata[i];

		if (!strcmp(r->title, title))
			return request_ref(r);
	}
	return NULL;
}

static struct request *pending(const char *title)
{
	struct play p;
	struct request *r;

	refresh(&p, NULL);
	r = put_request(&p, title);
	g_assert_nonnull(r);
	play_done(&p);
	return r;
}

static bool answer(struct play *p, enum verb_id verb, struct request *r, const char *passphrase)
{
	play_init(p, verb, "ca", ca);
	play_request(p, r);
	play_arg(p, "profile", "server");
	play_arg(p, "validity", "30d");
	play_arg(p, "reason", "not ours\x1b[2J");
	if (passphrase)
		play_secret(p, "passphrase", passphrase);
	return play_run(p);
}

static guint count_in(const char *sub, const char *suffix)
{
	g_autofree char *path = in_ca(sub);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	while (dir && (name = g_dir_read_name(dir)))
		n += g_str_has_suffix(name, suffix);
	if (dir)
		g_dir_close(dir);
	return n;
}

/* ---- what waits ---- */

static void test_pending(void)
{
	struct play p;
	struct request *r, *bad;

	make_ca("geheim");
	put("pending/bad.csr", "garbage \x1b[2J", 12);
	put("pending/notes.txt", "not ours", 8);
	refresh(&p, NULL);
	g_assert_cmpuint(p.op.put_requests->len, ==, 2);
	g_assert_cmpuint(p.op.troubles->len, ==, 1);
	g_assert_true(play_has_trouble(&p, "bad.csr: there is no certificate request in it"));
	r = put_request(&p, "web1.example.org");
	g_assert_true(g_str_has_suffix(r->id, "/pending/web1.csr"));
	g_assert_cmpint(r->state, ==, REQUEST_WAITS_PERSON);
	g_assert_cmpuint(strlen(r->digest), ==, 64);
	g_assert_cmpstr(r->names[0], ==, "web1.example.org");
	bad = put_request(&p, "bad.csr");
	g_assert_cmpint(bad->state, ==, REQUEST_FAILED);
	play_done(&p);
	/* nothing new: nothing is put for it again */
	refresh(&p, r);
	g_assert_cmpuint(p.op.put_requests->len, ==, 1);
	play_done(&p);
	/* a broken one cannot be approved, but denied */
	g_assert_false(answer(&p, VERB_APPROVE, bad, "geheim"));
	play_done(&p);
	g_assert_true(answer(&p, VERB_DENY, bad, NULL));
	play_done(&p);
	request_unref(bad);
	request_unref(r);
}

static void test_withdrawn(void)
{
	g_autofree char *path = in_ca("pending/web1.csr");
	struct request *r, *gone;
	struct play p;

	make_ca("geheim");
	r = pending("web1.example.org");
	g_assert_cmpint(g_unlink(path), ==, 0);
	refresh(&p, r);
	gone = put_request(&p, "web1.example.org");
	g_assert_cmpint(gone->state, ==, REQUEST_GONE);
	request_unref(gone);
	play_done(&p);
	request_unref(r);
}

static void test_key_troubles(void)
{
	g_autofree char *key = in_ca("private/ca.key");
	struct play p;

	make_ca(NULL);
	refresh(&p, NULL);
	g_assert_true(play_has_trouble(&p, "NOT encrypted"));
	play_done(&p);
	g_assert_cmpint(g_unlink(key), ==, 0);
	refresh(&p, NULL);
	g_assert_true(play_has_trouble(&p, "nothing can be signed"));
	play_done(&p);
}

static void test_show(void)
{
	struct request *r;
	struct play p;
	g_autofree char *id = NULL;

	make_ca("geheim");
	r = pending("web1.example.org");
	play_init(&p, VERB_SHOW, "ca", ca);
	play_request(&p, r);
	g_assert_true(play_run(&p));
	id = g_strconcat("requests/", r->id, NULL);
	g_assert_cmpstr(p.op.detail->id, ==, id);
	g_assert_nonnull(p.op.detail->pem);
	g_assert_cmpuint(p.op.detail->n, >, 10);
	play_done(&p);
	request_unref(r);
}

/* ---- approving ---- */

static void test_approve(void)
{
	struct request *r, *done;
	struct play p;
	g_autofree char *out = NULL;

	make_ca("geheim");
	r = pending("web1.example.org");
	g_assert_false(answer(&p, VERB_APPROVE, r, NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	play_done(&p);
	g_assert_false(answer(&p, VERB_APPROVE, r, "falsch"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_PASSPHRASE));
	play_done(&p);
	g_assert_cmpuint(count_in("issued", ""), ==, 0);
	g_assert_true(answer(&p, VERB_APPROVE, r, "geheim"));
	done = put_request(&p, "web1.example.org");
	g_assert_cmpint(done->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(strlen(done->result), ==, 64);
	g_assert_cmpuint(p.op.touched->len, ==, 2);
	g_assert_cmpuint(p.op.troubles->len, ==, 0);
	play_done(&p);
	out = make_run(ca, "openssl verify -no_check_time -CAfile ca.crt issued/*.pem | "
		       "grep -c OK; openssl x509 -in issued/*.pem -noout -checkhost "
		       "web1.example.org | grep -c 'does match'; ls pending | wc -l");
	g_assert_cmpstr(out, ==, "1\n1\n0\n");
	/* the row agrees, and it is not signed again */
	g_assert_false(answer(&p, VERB_APPROVE, done, "geheim"));
	play_done(&p);
	refresh(&p, r);
	request_unref(done);
	done = put_request(&p, "web1.example.org");
	g_assert_cmpint(done->state, ==, REQUEST_ISSUED);
	play_done(&p);
	request_unref(done);
	request_unref(r);
}

/* The file was exchanged after a person had looked at it. */
static void test_changed(void)
{
	struct request *r;
	struct play p;

	make_ca("geheim");
	r = pending("web1.example.org");
	put_csr("pending/web1.csr", "evil.example.org");
	g_assert_false(answer(&p, VERB_APPROVE, r, "geheim"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_REFUSED));
	g_assert_nonnull(strstr(p.op.error->message, "changed since it was looked at"));
	play_done(&p);
	g_assert_false(answer(&p, VERB_DENY, r, NULL));
	play_done(&p);
	g_assert_cmpuint(count_in("issued", ""), ==, 0);
	request_unref(r);
}

/* The very same bytes again, as a lazy renewal sends them: a new order, with a word about it. */
static void test_same_again(void)
{
	g_autofree char *path = in_ca("pending/web1.csr");
	g_autoptr(GBytes) csr = NULL;
	struct request *r;
	struct play p;
	gsize len;
	const void *bytes;

	make_ca("geheim");
	csr = file_read(path, 100000, NULL, NULL);
	r = pending("web1.example.org");
	g_assert_true(answer(&p, VERB_APPROVE, r, "geheim"));
	play_done(&p);
	bytes = g_bytes_get_data(csr, &len);
	put("pending/web1.csr", bytes, len);
	request_unref(r);
	r = pending("web1.example.org");
	g_assert_nonnull(strstr(r->oddities, "was signed before"));
	g_assert_true(answer(&p, VERB_APPROVE, r, "geheim"));
	play_done(&p);
	g_assert_cmpuint(count_in("issued", ".pem"), ==, 2);
	request_unref(r);
}

static void test_busy(void)
{
	struct request *r;
	struct play p;
	int lock;

	make_ca("geheim");
	r = pending("web1.example.org");
	lock = open(ca, O_RDONLY | O_CLOEXEC);
	g_assert_cmpint(flock(lock, LOCK_EX), ==, 0);
	g_assert_false(answer(&p, VERB_APPROVE, r, "geheim"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_BUSY));
	play_done(&p);
	close(lock);
	request_unref(r);
}

static void test_deny(void)
{
	struct request *r, *done;
	struct play p;
	g_autofree char *out = NULL;

	make_ca("geheim");
	r = pending("web1.example.org");
	g_assert_true(answer(&p, VERB_DENY, r, NULL));
	done = put_request(&p, "web1.example.org");
	g_assert_cmpint(done->state, ==, REQUEST_DENIED);
	g_assert_cmpstr(done->reason, ==, "not ours\\x1b[2J");
	play_done(&p);
	out = make_run(ca, "ls pending | wc -l; cat denied/*.reason | grep -c 'reason: not ours'");
	g_assert_cmpstr(out, ==, "0\n1\n");
	request_unref(done);
	refresh(&p, r);
	done = put_request(&p, "web1.example.org");
	g_assert_cmpint(done->state, ==, REQUEST_DENIED);
	play_done(&p);
	request_unref(done);
	request_unref(r);
}

/* ---- dying in the middle ---- */

static void approve_quietly(void *who)
{
	struct play p;

	answer(&p, VERB_APPROVE, who, "geheim");
}

/* Wherever it died: approving again ends with one certificate, in both places. */
static void test_crash(void)
{
	int n = 1;
	bool died;

	do {
		struct request *r;
		struct play p;

		make_ca("geheim");
		r = pending("web1.example.org");
		died = crash_at(n++, approve_quietly, r);
		if (count_in("pending", ".csr")) {
			g_assert_cmpuint(count_in("issued", ".pem"), <=, 1);
			g_assert_true(answer(&p, VERB_APPROVE, r, "geheim"));
			play_done(&p);
		}
		g_assert_cmpuint(count_in("issued", ".pem"), ==, 1);
		g_assert_cmpuint(count_in("issued", ".csr"), ==, 1);
		g_assert_cmpuint(count_in("pending", ".csr"), ==, 0);
		refresh(&p, r);
		request_unref(r);
		r = put_request(&p, "web1.example.org");
		g_assert_cmpint(r->state, ==, REQUEST_ISSUED);
		play_done(&p);
		request_unref(r);
		play_folder_gone(g_steal_pointer(&ca));
		ca = g_build_filename(folder, "ca", NULL);
	} while (died);
	g_assert_cmpint(n, >, 8);
}

/* ---- the frame ---- */

typedef void test_fn(void);

static const struct {
	const char *name;
	test_fn *run;
} tests[] = {
	{ "/local/ca/pending", test_pending },
	{ "/local/ca/withdrawn", test_withdrawn },
	{ "/local/ca/key-troubles", test_key_troubles },
	{ "/local/ca/show", test_show },
	{ "/local/ca/approve", test_approve },
	{ "/local/ca/changed", test_changed },
	{ "/local/ca/same-again", test_same_again },
	{ "/local/ca/busy", test_busy },
	{ "/local/ca/deny", test_deny },
	{ "/local/ca/crash", test_crash },
};

static void run(gconstpointer which)
{
	test_fn *const *test = which;
	g_autofree char *data = NULL;

	folder = play_folder();
	ca = g_build_filename(folder, "ca", NULL);
	data = g_build_filename(folder, "data", NULL);
	g_setenv("XDG_DATA_HOME", data, TRUE);
	clock_set(MAKE_NOW);
	(*test)();
	g_clear_pointer(&ca, g_free);
	play_folder_gone(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_data_func(tests[i].name, &tests[i].run, run);
	return g_test_run();
}
