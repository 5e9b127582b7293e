/* A certificate with its key, handed out of one local store and put into another. */
#include "../model/make.h"
#include "play.h"

#include <string.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>

static char *folder, *repository;

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

struct set {
	struct x509_key *key;
	GBytes *leaf, *ca;
};

/* A leaf of that name, and the CA that signed it. */
static struct set make_set(const char *name, const char *kind)
{
	const char *const names[] = { name, "www.example.net", NULL };
	g_autoptr(x509_key) ca_key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) ca_csr = x509_csr_make(ca_key, "CN=Set CA", NULL, NULL), csr = NULL;
	struct set s = { .key = x509_key_make(kind, NULL) };

	csr = x509_csr_make(s.key, "", names, NULL);
	s.ca = x509_sign(ca_csr, NULL, ca_key, x509_profiles + 3, MAKE_NOW - MAKE_DAY,
			 MAKE_NOW + 400 * MAKE_DAY, NULL);
	s.leaf = x509_sign(csr, s.ca, ca_key, x509_profiles, MAKE_NOW - MAKE_DAY,
			   MAKE_NOW + 90 * MAKE_DAY, NULL);
	g_assert_nonnull(s.leaf);
	return s;
}

static void set_done(struct set *s)
{
	x509_key_free(s->key);
	g_bytes_unref(s->leaf);
	g_bytes_unref(s->ca);
}

static void write_pem(const char *to, const char *name, GBytes *der)
{
	g_autofree char *pem = make_pem(der);

	make_file(to, name, pem, strlen(pem));
}

static void write_key(const char *to, const char *name, const struct x509_key *key,
		      const char *passphrase)
{
	g_autoptr(secret) word = passphrase ? make_secret(passphrase) : NULL;
	g_autoptr(secret) pem = x509_key_pem(key, word, NULL);

	make_file(to, name, pem->bytes, pem->len);
}

/* Reads the store, then hands out the certificate as its row has it. */
static bool hand(struct play *p, const char *type, const char *address, const struct set *s,
		 const char *passphrase)
{
	static char alias[1024];
	struct play r;
	g_autofree char *sha = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, s->leaf);
	g_autoptr(table) t = NULL;

	play_init(&r, VERB_REFRESH, type, address);
	if (passphrase)
		play_secret(&r, "passphrase", passphrase);
	g_assert_true(play_run(&r));
	t = play_table(&r);
	*alias = 0;
	sha[16] = 0;		/* what a row keeps of it */
	for (uint32_t i = 0; i < t->n; i++)
		if (t->print[i] == g_ascii_strtoull(sha, NULL, 16))
			g_strlcpy(alias, t->aliases + t->alias[i], sizeof(alias));
	g_assert_cmpstr(alias, !=, "");
	play_init(p, VERB_DEPLOY, type, address);
	p->first = p->provider->hand;
	p->op.memo = r.op.new_memo ? g_bytes_ref(r.op.new_memo) : NULL;
	play_done(&r);
	play_cert(p, s->leaf, alias);
	if (passphrase)
		play_secret(p, "passphrase", passphrase);
	return play_run(p);
}

static void assert_whole(const struct play *p, const struct set *s)
{
	const struct bundle *b = p->op.handed;

	g_assert_nonnull(b);
	g_assert_true(g_bytes_equal(b->cert, s->leaf));
	g_assert_cmpuint(b->chain->len, ==, 1);
	g_assert_true(g_bytes_equal(b->chain->pdata[0], s->ca));
	g_assert_cmpuint(x509_key_hash(b->key), ==, x509_key_hash(s->key));
}

/* ---- handing ---- */

static void test_folder(void)
{
	struct set s = make_set("www.example.org", "ec-p256");
	g_autofree char *plain = in_folder("plain"), *locked = in_folder("locked");
	struct play p;

	g_mkdir(plain, 0755);
	write_pem(plain, "cert.pem", s.leaf);
	write_pem(plain, "chain.pem", s.ca);
	write_key(plain, "privkey.pem", s.key, NULL);
	g_assert_true(hand(&p, "folder", plain, &s, NULL));
	assert_whole(&p, &s);
	play_done(&p);
	g_mkdir(locked, 0755);
	write_pem(locked, "www.crt", s.leaf);
	write_key(locked, "www.key", s.key, "neu");
	g_assert_true(hand(&p, "folder", locked, &s, "neu"));
	g_assert_cmpuint(p.op.handed->chain->len, ==, 0);
	g_assert_nonnull(p.op.handed->key);
	play_done(&p);
	set_done(&s);
}

/* Issuers that only other stores have come with the question. */
static void test_known_issuers(void)
{
	struct set s = make_set("www.example.org", "ec-p256");
	g_autofree char *path = in_folder("plain");
	GBytes *chain[] = { s.ca, s.leaf };
	struct play p;

	g_mkdir(path, 0755);
	write_pem(path, "www.crt", s.leaf);
	write_key(path, "www.key", s.key, NULL);
	g_assert_true(hand(&p, "folder", path, &s, NULL));
	g_assert_cmpuint(p.op.handed->chain->len, ==, 0);
	bundle_link(p.op.handed, chain, G_N_ELEMENTS(chain));
	assert_whole(&p, &s);
	bundle_link(p.op.handed, chain, G_N_ELEMENTS(chain));
	assert_whole(&p, &s);
	play_done(&p);
	set_done(&s);
}

static void test_refused(void)
{
	struct set s = make_set("www.example.org", "ec-p256");
	g_autofree char *path = in_folder("locked"), *bare = in_folder("bare");
	struct play p;

	g_mkdir(path, 0755);
	write_pem(path, "www.crt", s.leaf);
	write_key(path, "www.key", s.key, "neu");
	g_assert_false(hand(&p, "folder", path, &s, NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_SIGN_IN));
	g_assert_nonnull(strstr(p.op.error->message, "www.key"));
	play_done(&p);
	g_assert_false(hand(&p, "folder", path, &s, "alt"));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_PASSPHRASE));
	play_done(&p);
	g_mkdir(bare, 0755);
	write_pem(bare, "www.crt", s.leaf);
	g_assert_false(hand(&p, "folder", bare, &s, NULL));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_NOT_FOUND));
	g_assert_nonnull(strstr(p.op.error->message, "no private key"));
	play_done(&p);
	play_init(&p, VERB_DEPLOY, "endpoint", "www.example.org:443");
	p.first = p.provider->hand;
	play_cert(&p, s.leaf, "");
	g_assert_false(play_run(&p));
	g_assert_true(g_error_matches(p.op.error, ERR, ERR_REFUSED));
	play_done(&p);
	set_done(&s);
}

static void test_keystore(void)
{
	struct set s = make_set("www.example.org", "ec-p256");
	g_autofree char *path = in_folder("a#b c.p12");
	g_autoptr(secret) word = make_secret("neu");
	GBytes *const chain[] = { s.ca };
	g_autoptr(GBytes) p12 = x509_pkcs12("my own", s.leaf, chain, 1, s.key, word, NULL);
	gsize len;
	const void *bytes = g_bytes_get_data(p12, &len);
	struct play p;

	make_file(folder, "a#b c.p12", bytes, len);
	g_assert_true(hand(&p, "keystore", path, &s, "neu"));
	assert_whole(&p, &s);
	play_done(&p);
	g_assert_true(hand(&p, "folder", folder, &s, "neu"));
	assert_whole(&p, &s);
	play_done(&p);
	set_done(&s);
}

/* ---- putting ---- */

static bool put(struct play *p, const char *type, const char *to, const struct bundle *b,
		const char *key, const char *place)
{
	play_init(p, VERB_IMPORT, type, to);
	p->op.bundle = b;
	p->op.cert.alias = place;
	play_arg(p, "key", key);
	play_arg(p, "replace", "same");
	play_secret(p, "new-passphrase", "neu");
	return play_run(p);
}

static struct bundle *bundle_of(const struct set *s)
{
	GBytes *const chain[] = { s->ca };

	return bundle_new(s->leaf, chain, 1, x509_key_dup(s->key), NULL);
}

/* What was put somewhere can be handed on from there, from the row that it was said to be. */
static void test_put(const char *type, const char *to)
{
	struct set s = make_set("www.example.org", "ec-p256");
	g_autoptr(bundle) b = bundle_of(&s);
	g_autofree char *said = NULL;
	struct play p, q;

	g_assert_true(put(&p, type, to, b, "encrypted", NULL));
	g_assert_cmpmem(p.op.placed.sha256, 32, b->facts.sha256, 32);
	said = g_strdup(p.op.placed.alias);
	play_done(&p);
	g_assert_true(hand(&q, type, to, &s, "neu"));
	g_assert_cmpstr(q.op.cert.alias, ==, said);
	assert_whole(&q, &s);
	play_done(&q);
	set_done(&s);
}

static void test_put_folder(void)
{
	g_autofree char *to = in_folder("to");

	g_mkdir(to, 0755);
	test_put("folder", to);
}

static void test_put_repository(void)
{
	test_put("repository", repository);
}

/* Equal names and kind of key take each other's place; nothing else is overwritten. */
static void test_same(void)
{
	struct set s = make_set("www.example.org", "ec-p256"), t = make_set("www.example.org",
	       "ec-p256"), rsa = make_set("www.example.org", "rsa-2048"),
		   other = make_set("other.example.org", "ec-p256");
	const struct set *const refused[] = { &rsa, &other };
	g_autoptr(bundle) a = bundle_of(&s), b = bundle_of(&t);
	g_autofree char *to = in_folder("to");
	struct play p;

	g_mkdir(to, 0755);
	g_assert_true(put(&p, "folder", to, a, "encrypted", NULL));
	play_done(&p);
	g_assert_true(put(&p, "folder", to, b, "encrypted", NULL));
	g_assert_cmpstr(p.op.placed.alias, ==, "www.example.org.pem#1");
	play_done(&p);
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(bundle) c = bundle_of(refused[i]);

		g_assert_false(put(&p, "folder", to, c, "plain", "www.example.org.pem#1"));
		g_assert_true(g_error_matches(p.op.error, ERR, ERR_EXISTS));
		g_assert_null(p.op.placed.alias);
		play_done(&p);
	}
	g_assert_true(hand(&p, "folder", to, &t, "neu"));
	assert_whole(&p, &t);
	play_done(&p);
	set_done(&s);
	set_done(&t);
	set_done(&rsa);
	set_done(&other);
}

/* ---- the frame ---- */

typedef void test_fn(void);

static const struct {
	const char *name;
	test_fn *run;
} tests[] = {
	{ "/local/hand/folder", test_folder },
	{ "/local/hand/known-issuers", test_known_issuers },
	{ "/local/hand/refused", test_refused },
	{ "/local/hand/keystore", test_keystore },
	{ "/local/put/folder", test_put_folder },
	{ "/local/put/repository", test_put_repository },
	{ "/local/put/same", test_same },
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
