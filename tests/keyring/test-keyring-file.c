/*
 * The encrypted file: kept, found, opened by openssl alone; and a sentence for each way in which
 * a file can be none of ours.
 */
#include <certty/keyring/keyring_file.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <certty/base/err.h>
#include <certty/base/json.h>

#include "keyring/keyring_file_own.h"

#define PASSPHRASE "open sesame"
#define ODD	   "s.1 \"\\\n\t\xc2\x85\xe2\x82\xac"
#define FEW	   100		/* rounds, where the derivation is not what is tested */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free)

static char *folder, *path;
static struct secret *passphrase;
static const struct keyring_key first = { "vault", "", "token" };
static const struct keyring_key second = { "local", "local/ca:/srv/ca", "passphrase" };

static struct secret *text(const char *s)
{
	return secret_new(s, strlen(s));
}

static void put(struct keyring_file *f, const struct keyring_key *key, const char *s)
{
	g_autoptr(secret) one = text(s);

	g_assert_true(keyring_file_put(f, key, one));
}

static void assert_has(const struct keyring_file *f, const struct keyring_key *key, const char *s)
{
	const struct secret *found = keyring_file_get(f, key);

	g_assert_cmpstr(found ? found->bytes : NULL, ==, s);
	g_assert_true(!found || CRYPTO_secure_allocated(found));
}

/* Two secrets, one of them in every kind of character, sealed cheaply. */
static GBytes *sealed(void)
{
	g_autoptr(keyring_file) f = keyring_file_new();
	g_autoptr(GError) error = NULL;
	GBytes *bytes;

	put(f, &first, ODD);
	put(f, &second, "battery staple");
	bytes = keyring_file_seal(f, passphrase, FEW, &error);
	g_assert_no_error(error);
	return bytes;
}

static struct keyring_file *parse(const void *bytes, size_t len, const char *with, GError **error)
{
	g_autoptr(secret) s = text(with);
	struct keyring_file *f = keyring_file_parse(bytes, len, s, FEW, error);

	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return f;
}

static void comes_back(void)
{
	g_autoptr(GBytes) bytes = sealed(), again = sealed();
	g_autoptr(keyring_file) f = NULL;
	g_autoptr(GError) error = NULL;
	static const char odd[] = { 'a', 0, (char)0xff };
	g_autoptr(secret) binary = secret_new(odd, sizeof(odd));
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	g_assert_false(g_bytes_equal(bytes, again));	/* fresh salt and keys */
	f = parse(data, len, PASSPHRASE, &error);
	g_assert_no_error(error);
	assert_has(f, &first, ODD);
	assert_has(f, &second, "battery staple");
	g_assert_null(keyring_file_get(f, &(struct keyring_key){ "vault", "", "tok" }));
	put(f, &first, "another");
	assert_has(f, &first, "another");
	g_assert_true(keyring_file_put(f, &first, NULL));
	g_assert_null(keyring_file_get(f, &first));
	g_assert_true(keyring_file_put(f, &first, binary));
	g_clear_pointer(&bytes, g_bytes_unref);
	bytes = keyring_file_seal(f, passphrase, FEW, &error);
	g_clear_pointer(&f, keyring_file_close);
	data = g_bytes_get_data(bytes, &len);
	f = parse(data, len, PASSPHRASE, &error);
	g_assert_no_error(error);
	g_assert_true(secret_equal(keyring_file_get(f, &first), binary));
	g_assert_false(keyring_file_is_current(f));	/* it lies nowhere */
}

static void assert_refused(const void *bytes, size_t len, const char *with, enum err code,
			   const char *says)
{
	g_autoptr(GError) error = NULL;
	struct keyring_file *f = parse(bytes, len, with, &error);

	g_assert_null(f);
	g_assert_nonnull(strstr(error->message, says));
	g_assert_error(error, ERR, (int)code);
}

static void wrong_passphrase(void)
{
	g_autoptr(GBytes) bytes = sealed();
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	assert_refused(data, len, "open sesam", ERR_PASSPHRASE, "does not open it");
	assert_refused(data, len, "", ERR_PASSPHRASE, "does not open it");
}

/* ---- what was changed on the way ---- */

/* The message without its PEM lines; OPENSSL_free() */
static unsigned char *der_of(GBytes *pem, long *ret_len)
{
	gsize len;
	const void *data = g_bytes_get_data(pem, &len);
	g_autoptr(BIO) in = BIO_new_mem_buf(data, (int)len);
	unsigned char *der = NULL;

	g_assert_cmpint(PEM_bytes_read_bio(&der, ret_len, NULL, PEM_STRING_CMS, in, NULL, NULL), ==, 1);
	return der;
}

static struct keyring_file *parse_der(const unsigned char *der, long len, GError **error)
{
	g_autoptr(BIO) out = BIO_new(BIO_s_mem());
	char *pem;
	long n;

	g_assert_cmpint(PEM_write_bio(out, PEM_STRING_CMS, "", der, len), >, 0);
	n = BIO_get_mem_data(out, &pem);
	return parse(pem, (size_t)n, PASSPHRASE, error);
}

/* Where the first of some bytes stands after `from`. */
static long find(const unsigned char *der, long len, long from, const char *bytes, size_t n)
{
	const unsigned char *at = memmem(der + from, (size_t)(len - from), bytes, n);

	g_assert_nonnull(at);
	return at - der;
}

/* The bytes that AuthEnvelopedData neither authenticates (RFC 5083, 2.2: only the content and
 * the attributes are) nor needs to be opened: both versions (with a length in a longer form, which
 * then says that there is none), that the set of recipients is made of parts, the type of the
 * content, which certty does not ask for, and how long the tag should be, which is read from the
 * tag itself. */
static bool *says_nothing(const unsigned char *der, long len)
{
	static const char version[] = "\x02\x01", data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
	bool *free_bytes = g_new0(bool, len);
	long outer = find(der, len, 0, version, 2) + 1;
	long recipient = find(der, len, outer, version, 2) + 1;
	long type = find(der, len, recipient, data, sizeof(data) - 1) + 2;
	long tag_len = find(der, len, type, "\x02\x01\x10", 3) + 2;

	memset(free_bytes + outer, true, 3);
	memset(free_bytes + recipient, true, 2);
	memset(free_bytes + type, true, 9);
	free_bytes[tag_len] = true;
	return free_bytes;
}

/* Every byte of the message, each bit of it: either the file is refused by a sentence, or the byte
 * says nothing; and what is inside is then what it was. */
static void tampered(void)
{
	g_autoptr(GBytes) bytes = sealed();
	long len, opened = 0;
	unsigned char *der = der_of(bytes, &len);
	g_autofree bool *nothing = says_nothing(der, len);

	for (long i = 0; i < len * 8; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(keyring_file) f = NULL;

		der[i / 8] ^= (unsigned char)(1 << i % 8);
		f = parse_der(der, len, &error);
		der[i / 8] ^= (unsigned char)(1 << i % 8);
		if (!f) {
			g_assert_nonnull(error);
			g_assert_null(strstr(error->message, "staple"));
			continue;
		}
		opened++;
		if (!nothing[i / 8])
			g_error("bit %ld of byte %ld was changed, and it opens", i % 8, i / 8);
		assert_has(f, &first, ODD);
		assert_has(f, &second, "battery staple");
	}
	g_assert_cmpint(opened, >, 0);		/* else the comment above is wrong */
	OPENSSL_free(der);
}

/* The content and its tag: the key is unwrapped, and then it is said what has happened. */
static void tampered_content(void)
{
	g_autoptr(GBytes) bytes = sealed();
	long len;
	unsigned char *der = der_of(bytes, &len);

	for (long i = len - 100; i < len; i++) {
		g_autoptr(GError) error = NULL;

		if (i == len - 18 || i == len - 17)	/* what the tag is, and how long */
			continue;
		der[i] ^= 1;
		g_assert_null(parse_der(der, len, &error));
		der[i] ^= 1;
		g_assert_error(error, ERR, ERR_FORMAT);
		g_assert_nonnull(strstr(error->message, "changed or damaged"));
	}
	OPENSSL_free(der);
}

/* Takes bytes off the end of the last value, the tag, and tells those around it. */
static void shorten_tag(unsigned char *der, long *len, long by)
{
	static const long around[] = { 0, 17, 21 };	/* two bytes of length each, after two others */

	for (size_t i = 0; i < G_N_ELEMENTS(around); i++) {
		unsigned char *at = der + around[i];
		long n = at[2] * 256 + at[3] - by;

		g_assert_cmpint(at[1], ==, 0x82);
		at[2] = (unsigned char)(n / 256);
		at[3] = (unsigned char)(n % 256);
	}
	g_assert_cmpint(der[*len - 17], ==, 16);
	der[*len - 17] = (unsigned char)(16 - by);
	*len -= by;
}

/* A tag that can be guessed, or a cipher without one: OpenSSL would take both. */
static void weakened(void)
{
	static const char gcm[] = "\x60\x86\x48\x01\x65\x03\x04\x01\x2e";
	g_autoptr(GBytes) bytes = sealed();
	g_autoptr(keyring_file) f = NULL;
	g_autoptr(GError) error = NULL;
	long len, cipher;
	unsigned char *der = der_of(bytes, &len);

	f = parse_der(der, len, &error);
	g_assert_no_error(error);
	assert_has(f, &second, "battery staple");
	cipher = find(der, len, 0, gcm, sizeof(gcm) - 1) + 8;
	der[cipher] = 0x2a;		/* aes-256-cbc */
	g_assert_null(parse_der(der, len, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_assert_nonnull(strstr(error->message, "AES-256-GCM"));
	g_clear_error(&error);
	der[cipher] = 0x2e;
	shorten_tag(der, &len, 12);
	g_assert_null(parse_der(der, len, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_assert_nonnull(strstr(error->message, "AES-256-GCM"));
	OPENSSL_free(der);
}

static void cut_short(void)
{
	g_autoptr(GBytes) bytes = sealed();
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	for (gsize n = 0; n + 2 < len; n++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(parse(data, n, PASSPHRASE, &error));
		g_assert_error(error, ERR, ERR_FORMAT);
	}
}

static void foreign(void)
{
	g_autoptr(keyring_file) f = keyring_file_new();
	g_autoptr(GBytes) slow = keyring_file_seal(f, passphrase, FEW + 1, NULL);
	g_autofree char *big = g_malloc0(KEYRING_FILE_MAX + 1);
	static const char key[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
	gsize len;
	const void *data = g_bytes_get_data(slow, &len);

	assert_refused("", 0, PASSPHRASE, ERR_FORMAT, "no encrypted CMS message");
	assert_refused("hello\n", 6, PASSPHRASE, ERR_FORMAT, "no encrypted CMS message");
	assert_refused(key, strlen(key), PASSPHRASE, ERR_FORMAT, "no encrypted CMS message");
	assert_refused(big, KEYRING_FILE_MAX + 1, PASSPHRASE, ERR_LIMIT, "larger than");
	assert_refused(data, len, PASSPHRASE, ERR_LIMIT, "would take too long");
}

/* What somebody else put inside. */
static void odd_inside(void)
{
	static const struct {
		const char *json;
		bool is_fine;
	} rows[] = {
		{ "[]", true },
		{ " [ ]\n", true },
		{ "[{\"account\":\"a\",\"store\":\"\",\"field\":\"f\",\"secret\":\"x\","
		  "\"note\":1}]", true },
		{ "", false },
		{ "{}", false },
		{ "null", false },
		{ "[1]", false },
		{ "[[]]", false },
		{ "[{}]", false },
		{ "[{\"account\":\"a\",\"store\":\"\",\"field\":\"f\"}]", false },
		{ "[{\"account\":\"a\",\"store\":\"\",\"field\":1,\"secret\":\"x\"}]", false },
		{ "[{\"account\":\"a\",\"field\":\"f\",\"secret\":\"x\"}]", false },
		{ "[", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(keyring_file) f =
			keyring_file_from_json(rows[i].json, strlen(rows[i].json), &error);

		g_assert_true((f != NULL) == rows[i].is_fine);
		if (!f)
			g_assert_error(error, ERR, ERR_FORMAT);
	}
}

/* 200 accounts with three secrets each fit; what fits no more says so and leaves what was. */
static void many(void)
{
	g_autoptr(keyring_file) f = keyring_file_new();
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *long_one = g_strnfill(200, 'x');
	gsize len;
	const void *data;

	for (int i = 0; i < 600; i++) {
		g_autofree char *name = g_strdup_printf("account-%d", i / 3);
		static const char *const fields[] = { "id", "secret", "token" };

		put(f, &(struct keyring_key){ name, "", fields[i % 3] }, long_one);
	}
	bytes = keyring_file_seal(f, passphrase, FEW, &error);
	g_assert_no_error(error);
	g_clear_pointer(&f, keyring_file_close);
	data = g_bytes_get_data(bytes, &len);
	g_assert_cmpuint(len, <, KEYRING_FILE_MAX);
	f = parse(data, len, PASSPHRASE, &error);
	g_assert_no_error(error);
	assert_has(f, &(struct keyring_key){ "account-199", "", "token" }, long_one);
	g_free(long_one);
	long_one = g_strnfill(KEYRING_FILE_INSIDE / 2 - 64, 'x');
	put(f, &first, long_one);
	g_assert_null(keyring_file_seal(f, passphrase, FEW, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_assert_nonnull(strstr(error->message, "is full"));
}

/* ---- as a file ---- */

static void change(const struct keyring_key *key, const char *s)
{
	g_autoptr(secret) one = s ? text(s) : NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(keyring_file_change(path, passphrase, key, one, &error));
	g_assert_no_error(error);
}

static void assert_file_has(const struct keyring_key *key, const char *s)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(secret) found = keyring_file_look_up(path, passphrase, key, &error);

	g_assert_cmpstr(found ? found->bytes : NULL, ==, s);
	if (!s)
		g_assert_error(error, ERR, ERR_NOT_FOUND);
}

static void in_a_file(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(secret) other = text("other");
	g_autoptr(keyring_file) f = NULL;
	struct stat st;

	g_assert_false(keyring_file_is_there(path));
	g_assert_false(keyring_file_try(path, passphrase, &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	g_clear_error(&error);
	change(&first, NULL);	/* what is not there need not be taken out */
	g_assert_false(keyring_file_is_there(path));
	g_assert_true(keyring_file_make(path, passphrase, &error));
	g_assert_no_error(error);
	g_assert_false(keyring_file_make(path, passphrase, &error));
	g_assert_error(error, ERR, ERR_EXISTS);
	g_clear_error(&error);
	change(&first, "one");
	change(&second, "two");
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	f = keyring_file_open(path, passphrase, &error);
	g_assert_no_error(error);
	g_assert_true(keyring_file_is_current(f));
	assert_has(f, &first, "one");
	assert_has(f, &second, "two");
	change(&first, NULL);
	g_assert_false(keyring_file_is_current(f));
	assert_file_has(&first, NULL);
	assert_file_has(&second, "two");
	g_assert_false(keyring_file_change(path, other, &first, other, &error));
	g_assert_error(error, ERR, ERR_PASSPHRASE);
	g_assert_nonnull(strstr(error->message, "secrets.pem: the passphrase"));
	assert_file_has(&second, "two");
}

/* The documented way to open it by hand. */
static void openssl_opens_it(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL;
	g_autoptr(json) j = NULL;
	g_autofree char *what = NULL;
	g_autoptr(GSubprocess) p = NULL, q = NULL;

	keyring_file_rounds = KEYRING_FILE_ROUNDS;
	change(&first, "one");
	keyring_file_rounds = FEW;
	p = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "openssl", "cms", "-decrypt",
			     "-inform", "PEM", "-in", path, "-pwri_password", PASSPHRASE, NULL);
	if (!p) {
		g_test_skip("openssl is not installed");
		return;
	}
	g_assert_true(g_subprocess_communicate_utf8(p, NULL, NULL, &out, NULL, &error));
	g_assert_true(g_subprocess_get_successful(p));
	j = json_parse(out, strlen(out), KEYRING_FILE_INSIDE, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(json_str(json_at(j, json_count(j) - 1), "account"), ==, "vault");
	g_assert_cmpstr(json_str(json_at(j, json_count(j) - 1), "secret"), ==, "one");
	q = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "openssl", "asn1parse", "-in",
			     path, NULL);
	g_assert_true(g_subprocess_communicate_utf8(q, NULL, NULL, &what, NULL, &error));
	g_assert_nonnull(strstr(what, ":id-smime-ct-authEnvelopedData"));
	g_assert_nonnull(strstr(what, ":PBKDF2"));
	g_assert_nonnull(strstr(what, ":13D620"));	/* 1,300,000 */
	g_assert_nonnull(strstr(what, ":aes-256-cbc"));
	g_assert_nonnull(strstr(what, ":aes-256-gcm"));
}

static void assert_not_opened(const char *file, enum err code, const char *says)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(keyring_file_try(file, passphrase, &error));
	if (!strstr(error->message, says))
		g_error("\"%s\" does not say \"%s\"", error->message, says);
	g_assert_error(error, ERR, (int)code);
	g_clear_error(&error);
	g_assert_false(keyring_file_change(file, passphrase, &first, passphrase, &error));
	g_assert_error(error, ERR, (int)code);
}

static void files_of_others(void)
{
	g_autofree char *link = g_build_filename(folder, "link.pem", NULL);
	g_autofree char *pipe = g_build_filename(folder, "pipe.pem", NULL);
	g_autofree char *big = g_build_filename(folder, "big.pem", NULL);
	g_autofree char *bytes = g_malloc0(KEYRING_FILE_MAX + 1);

	change(&first, "one");
	for (mode_t bit = 1; bit < 0100; bit <<= 1) {
		g_assert_cmpint(chmod(path, 0600 | bit), ==, 0);
		assert_not_opened(path, ERR_REFUSED, "others can read or write it: chmod 600");
	}
	g_assert_cmpint(chmod(path, 0600), ==, 0);
	g_assert_cmpint(symlink(path, link), ==, 0);
	assert_not_opened(link, ERR_REFUSED, "it is a link");
	g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
	assert_not_opened(pipe, ERR_FORMAT, "is a pipe, not a file");
	assert_not_opened(folder, ERR_FORMAT, "is a folder, not a file");
	g_assert_true(g_file_set_contents_full(big, bytes, KEYRING_FILE_MAX + 1,
					       G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	assert_not_opened(big, ERR_LIMIT, "more than the");
	if (geteuid() == 0) {
		g_assert_cmpint(chown(path, 12345, (gid_t)-1), ==, 0);
		assert_not_opened(path, ERR_REFUSED, "belongs to somebody else");
		g_assert_cmpint(chown(path, 0, (gid_t)-1), ==, 0);
	}
	assert_file_has(&first, "one");
}

/* Whoever writes beside us is waited for, and not for ever. */
static void locked(void)
{
	g_autoptr(GError) error = NULL;
	int lock = keyring_file_lock(path, 0, NULL);

	g_assert_cmpint(lock, >=, 0);
	g_assert_cmpint(keyring_file_lock(path, 20, &error), ==, -1);
	g_assert_error(error, ERR, ERR_BUSY);
	g_assert_nonnull(strstr(error->message, "try again"));
	close(lock);
	lock = keyring_file_lock(path, 0, NULL);
	g_assert_cmpint(lock, >=, 0);
	close(lock);
}

static void *change_one(void *data)
{
	g_autofree char *name = g_strdup_printf("writer-%d", GPOINTER_TO_INT(data));

	change(&(struct keyring_key){ name, "", "x" }, name);
	return NULL;
}

/* Several at once: nobody's change is lost. */
static void writers(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		g_assert_cmpint(pthread_create(&threads[i], NULL, change_one, GINT_TO_POINTER(i)),
				==, 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 2; i++) {
		g_autofree char *name = g_strdup_printf("writer-%d", i);

		assert_file_has(&(struct keyring_key){ name, "", "x" }, name);
	}
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	folder = g_dir_make_tmp("certty-file-XXXXXX", NULL);
	path = g_build_filename(folder, "secrets.pem", NULL);
	passphrase = text(PASSPHRASE);
	keyring_file_rounds = FEW;
	g_test_add_func("/keyring/file/comes-back", comes_back);
	g_test_add_func("/keyring/file/wrong-passphrase", wrong_passphrase);
	g_test_add_func("/keyring/file/tampered", tampered);
	g_test_add_func("/keyring/file/tampered/content", tampered_content);
	g_test_add_func("/keyring/file/weakened", weakened);
	g_test_add_func("/keyring/file/cut-short", cut_short);
	g_test_add_func("/keyring/file/foreign", foreign);
	g_test_add_func("/keyring/file/odd-inside", odd_inside);
	g_test_add_func("/keyring/file/many", many);
	g_test_add_func("/keyring/file/in-a-file", in_a_file);
	g_test_add_func("/keyring/file/openssl-opens-it", openssl_opens_it);
	g_test_add_func("/keyring/file/files-of-others", files_of_others);
	g_test_add_func("/keyring/file/locked", locked);
	g_test_add_func("/keyring/file/writers", writers);
	status = g_test_run();
	secret_free(passphrase);
	g_free(path);
	g_free(folder);
	return status;
}
