/* Keys of the own repository for what others sign, and the small CA as one of those: each step again
 * and again, and after a death at any moment. */
#include "../model/make.h"
#include "crash.h"
#include "play.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/file.h>

#define TOKEN "0123456789abcdef0123456789abcdef"

static char *folder, *store, *ca;
static const char *const names[] = { "web.example.org", NULL };

static char *inside(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void begin(struct play *p, step_fn *first, const char *type, struct enrol *e)
{
	play_init(p, VERB_ENROLL, type, !strcmp(type, "ca") ? ca : store);
	p->first = first;
	p->op.enrol = e;
}

static const struct key_maker *maker(void)
{
	return provider_find("local")->key_maker;
}

static const struct issuer *issuer(void)
{
	return provider_find("local")->issuer;
}

static GBytes *make_csr(const char *passphrase)
{
	struct enrol e = { .token = TOKEN, .names = names };
	GBytes *csr;
	struct play p;

	begin(&p, maker()->make, "repository", &e);
	play_arg(&p, "kind", "ec-p256");
	if (passphrase)
		play_secret(&p, "passphrase", passphrase);
	else
		play_arg(&p, "plain", "yes");
	g_assert_true(play_run(&p));
	csr = g_bytes_ref(p.op.csr);
	play_done(&p);
	return csr;
}

static GBytes *sign(GBytes *csr)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) root_csr = x509_csr_make(key, "CN=Root", NULL, NULL);
	g_autoptr(GBytes) root = x509_sign(root_csr, NULL, key, x509_profiles + 3, MAKE_NOW - MAKE_DAY,
					   MAKE_NOW + MAKE_DAY, NULL);

	return x509_sign(csr, root, key, x509_profiles, MAKE_NOW - MAKE_DAY, MAKE_NOW + MAKE_DAY, NULL);
}

static bool is_there(const char *name)
{
	g_autofree char *path = inside(name);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void set_up(void)
{
	folder = play_folder();
	store = inside("store");
	ca = inside("ca");
}

static void clean_up(void)
{
	g_free(store);
	g_free(ca);
	play_folder_gone(folder);
}

/* ---- keys ---- */

static void test_make(void)
{
	struct enrol e = { .token = TOKEN, .names = names };
	g_autoptr(GBytes) one = NULL, again = NULL;
	struct play p;

	set_up();
	begin(&p, maker()->make, "repository", &e);
	g_assert_false(play_run(&p));
	g_assert_cmpint(p.op.error->code, ==, ERR_SIGN_IN);
	play_done(&p);
	g_assert_false(is_there("keys"));
	one = make_csr("a phrase");
	again = make_csr("a phrase");
	g_assert_true(g_bytes_equal(one, again));
	begin(&p, maker()->make, "folder", &e);
	g_assert_false(play_run(&p));
	g_assert_nonnull(strstr(p.op.error->message, "makes no keys"));
	play_done(&p);
	clean_up();
}

static void make_once(void *none)
{
	(void)none;
	g_bytes_unref(make_csr(NULL));
}

/* What was handed on is of the key that is there, whenever the first attempt died. */
static void test_make_killed(void)
{
	for (int n = 1, died = 1; died; n++) {
		g_autoptr(GBytes) csr = NULL, cert = NULL;
		g_autofree char *path = NULL;
		struct play p;
		struct enrol e = { .token = TOKEN, .names = names };

		set_up();
		died = crash_at(n, make_once, NULL);
		csr = make_csr(NULL);
		cert = sign(csr);
		begin(&p, maker()->keep, "repository", &e);
		p.op.bundle = bundle_new(cert, NULL, 0, NULL, NULL);
		g_assert_true(play_run(&p));
		g_assert_nonnull(p.op.handed->key);
		path = g_build_filename(store, p.op.placed.alias, NULL);
		g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
		bundle_free((struct bundle *)p.op.bundle);
		play_done(&p);
		g_assert_false(is_there("keys/" TOKEN));
		clean_up();
		g_assert_cmpint(n, <, 100);
	}
}

/* How it ended: the place; NULL: it failed.  *ret_has_key: it was handed on with its key. */
static char *keep(GBytes *cert, const char *passphrase, bool *ret_has_key)
{
	struct enrol e = { .token = TOKEN, .names = names };
	g_autoptr(bundle) b = bundle_new(cert, NULL, 0, NULL, NULL);
	struct play p;
	char *place = NULL;

	begin(&p, maker()->keep, "repository", &e);
	p.op.bundle = b;
	if (passphrase)
		play_secret(&p, "passphrase", passphrase);
	if (play_run(&p))
		place = g_strdup(p.op.placed.alias);
	*ret_has_key = p.op.handed && p.op.handed->key;
	play_done(&p);
	return place;
}

static void test_keep(void)
{
	g_autoptr(GBytes) csr = NULL, cert = NULL, other = NULL;
	g_autofree char *first = NULL, *again = NULL, *none = NULL, *text = NULL, *path = NULL;
	bool has_key;

	set_up();
	csr = make_csr("a phrase");
	cert = sign(csr);
	first = keep(cert, NULL, &has_key);
	g_assert_nonnull(first);
	g_assert_false(has_key);	/* nobody can open it, and it is kept all the same */
	g_assert_false(is_there("keys/" TOKEN));
	again = keep(cert, "a phrase", &has_key);
	g_assert_cmpstr(again, ==, first);
	g_assert_true(has_key);
	path = g_strdup_printf("%s/%.*skey.pem", store, (int)(strlen(first) - strlen("cert.pem")), first);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "ENCRYPTED"));
	other = sign(csr);
	none = keep(other, "a phrase", &has_key);
	g_assert_null(none);		/* its key is in use already, and no other is there */
	clean_up();
}

static void test_drop(void)
{
	struct enrol e = { .token = TOKEN, .names = names };
	struct play p;

	set_up();
	g_bytes_unref(make_csr(NULL));
	g_assert_true(is_there("keys/" TOKEN "/key.pem"));
	for (int i = 0; i < 2; i++) {
		begin(&p, maker()->drop, "repository", &e);
		g_assert_true(play_run(&p));
		play_done(&p);
		g_assert_false(is_there("keys/" TOKEN));
	}
	clean_up();
}

/* ---- the small CA ---- */

static void make_ca(void)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "CN=Small CA", NULL, NULL);
	g_autoptr(GBytes) cert = x509_sign(csr, NULL, key, x509_profiles + 3, MAKE_NOW - MAKE_DAY,
					   MAKE_NOW + 400 * MAKE_DAY, NULL);
	g_autofree char *pem = make_pem(cert), *path = inside("ca/ca.crt"), *key_path = inside("ca/ca.key");
	g_autoptr(secret) text = x509_key_pem(key, NULL, NULL);

	g_assert_cmpint(g_mkdir(ca, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, pem, -1, NULL));
	g_assert_true(g_file_set_contents(key_path, text->bytes, (gssize)text->len, NULL));
}

static guint count(const char *sub)
{
	g_autofree char *path = g_build_filename(ca, sub, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	while (dir && (name = g_dir_read_name(dir)))
		n += g_str_has_suffix(name, ".csr");
	if (dir)
		g_dir_close(dir);
	return n;
}

static void ask(struct play *p, struct enrol *e)
{
	begin(p, issuer()->ask, "ca", e);
	g_assert_true(play_run(p));
}

static void answer(enum verb_id verb)
{
	struct play p;
	struct request *r;
	g_autofree char *rows = NULL;

	play_init(&p, VERB_REFRESH, "ca", ca);
	rows = play_rows(&p);
	g_assert_cmpuint(p.op.put_requests->len, ==, 1);
	r = request_ref(p.op.put_requests->pdata[0]);
	play_done(&p);
	play_init(&p, verb, "ca", ca);
	play_request(&p, r);
	play_arg(&p, "profile", "server");
	play_arg(&p, "validity", "30d");
	play_arg(&p, "reason", "not ours");
	g_assert_true(play_run(&p));
	play_done(&p);
	request_unref(r);
}

static void test_ask(void)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "CN=web.example.org", names, NULL);
	struct enrol e = { .token = TOKEN, .names = names, .csr = csr, .about = "" };
	g_autofree char *about = NULL;
	struct play p;

	set_up();
	make_ca();
	for (int i = 0; i < 3; i++) {
		ask(&p, &e);
		g_assert_cmpint(p.op.stands.state, ==, REQUEST_WAITS_CA);
		g_assert_null(p.op.handed);
		g_free(about);
		about = g_strdup(p.op.stands.about);
		play_done(&p);
		g_assert_cmpuint(count("pending"), ==, 1);
	}
	e.about = about;
	answer(VERB_APPROVE);
	for (int i = 0; i < 2; i++) {
		ask(&p, &e);
		g_assert_nonnull(p.op.handed);
		g_assert_true(x509_csr_fits(csr, p.op.handed->cert));
		g_assert_cmpuint(p.op.handed->chain->len, ==, 1);
		play_done(&p);
	}
	g_assert_cmpuint(count("pending"), ==, 0);
	g_assert_cmpuint(count("issued"), ==, 1);
	begin(&p, issuer()->take_back, "ca", &e);
	g_assert_false(play_run(&p));
	g_assert_nonnull(strstr(p.op.error->message, "signed it already"));
	play_done(&p);
	clean_up();
}

static void test_ask_in_vain(void)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) csr = x509_csr_make(key, "CN=web.example.org", names, NULL);
	struct enrol e = { .token = TOKEN, .names = names, .csr = csr, .about = "" };
	struct play p;

	set_up();
	make_ca();
	ask(&p, &e);
	play_done(&p);
	begin(&p, issuer()->take_back, "ca", &e);
	g_assert_true(play_run(&p));
	play_done(&p);
	g_assert_cmpuint(count("pending"), ==, 0);
	e.about = "it was there";
	ask(&p, &e);
	g_assert_cmpint(p.op.stands.state, ==, REQUEST_GONE);
	play_done(&p);
	g_assert_cmpuint(count("pending"), ==, 0);
	e.about = "";
	ask(&p, &e);
	play_done(&p);
	answer(VERB_DENY);
	ask(&p, &e);
	g_assert_cmpint(p.op.stands.state, ==, REQUEST_DENIED);
	g_assert_cmpstr(p.op.stands.reason, ==, "not ours");
	play_done(&p);
	begin(&p, issuer()->ask, "folder", &e);
	g_assert_false(play_run(&p));
	g_assert_nonnull(strstr(p.op.error->message, "no CA"));
	play_done(&p);
	clean_up();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	g_test_add_func("/local-enrol/make", test_make);
	g_test_add_func("/local-enrol/make-killed", test_make_killed);
	g_test_add_func("/local-enrol/keep", test_keep);
	g_test_add_func("/local-enrol/drop", test_drop);
	g_test_add_func("/local-enrol/ask", test_ask);
	g_test_add_func("/local-enrol/ask-in-vain", test_ask_in_vain);
	return g_test_run();
}
