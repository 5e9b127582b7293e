/*
 * keyring_file: the encrypted file as a file, and the CMS message in it; the only file of the
 * program that encrypts by OpenSSL's CMS.
 *
 * Whoever wrote the file chooses how long a key derivation takes, and what authenticates the
 * content, so that is read first.  A passphrase that does not unwrap the key is a wrong one; once
 * the key is unwrapped, bytes that do not authenticate are a file that was changed.
 */
#include "keyring_file_own.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/cms.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#define LOCK_WAIT_MS 30000	/* many derivations of others, on a machine that is busy */
#define TRIES	     5		/* at a file that others replace */
#define TAG_LEN	     16		/* of AES-GCM, whole */
#define MOST_SHOWN   1024	/* of a path in a message */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)

int keyring_file_rounds = KEYRING_FILE_ROUNDS;

static bool fail(GError **error, enum err code, const char *what)
{
	ERR_clear_error();
	g_set_error_literal(error, ERR, (int)code, what);
	return false;
}

/* ---- how much work it is to open, and whether that says anything ---- */

struct der {
	const unsigned char *at, *end;
};

/* Goes into a value, or past it; false where it is not of that class and tag. */
static bool der_step(struct der *d, int class, int tag, bool into)
{
	const unsigned char *p = d->at;
	int got_tag, got_class;
	long len;

	if (d->at >= d->end ||
	    ASN1_get_object(&p, &len, &got_tag, &got_class, d->end - d->at) & 0x81 ||
	    got_tag != tag || got_class != class)
		return false;
	d->at = into ? p : p + len;
	if (into)
		d->end = p + len;
	return true;
}

/* Goes from ContentInfo to the recipients of AuthEnvelopedData. */
static bool der_to_recipients(struct der *d)
{
	return der_step(d, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE, true) &&
	       der_step(d, V_ASN1_UNIVERSAL, V_ASN1_OBJECT, false) &&
	       der_step(d, V_ASN1_CONTEXT_SPECIFIC, 0, true) &&
	       der_step(d, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE, true) &&
	       der_step(d, V_ASN1_UNIVERSAL, V_ASN1_INTEGER, false);
}

/* There is one, by a passphrase, with PBKDF2: its rounds. */
static bool der_rounds(struct der d, uint64_t *ret)
{
	PBKDF2PARAM *p = NULL;
	ASN1_OBJECT *kind = NULL;
	struct der rest;
	bool ok = false;

	if (!der_to_recipients(&d) || !der_step(&d, V_ASN1_UNIVERSAL, V_ASN1_SET, true))
		return false;
	rest = d;
	if (!der_step(&rest, V_ASN1_CONTEXT_SPECIFIC, 3, false) || rest.at != rest.end ||
	    !der_step(&d, V_ASN1_CONTEXT_SPECIFIC, 3, true) ||
	    !der_step(&d, V_ASN1_UNIVERSAL, V_ASN1_INTEGER, false) ||
	    !der_step(&d, V_ASN1_CONTEXT_SPECIFIC, 0, true))
		return false;
	kind = d2i_ASN1_OBJECT(NULL, &d.at, d.end - d.at);
	if (OBJ_obj2nid(kind) == NID_id_pbkdf2)
		p = d2i_PBKDF2PARAM(NULL, &d.at, d.end - d.at);
	ok = p && ASN1_INTEGER_get_uint64(ret, p->iter);
	PBKDF2PARAM_free(p);
	ASN1_OBJECT_free(kind);
	return ok;
}

/* OpenSSL takes a cipher that authenticates nothing here, and a tag of one byte, which is soon
 * guessed: so both are looked at first. */
static bool der_authenticates(struct der d)
{
	struct der content, tag;
	ASN1_OBJECT *cipher;
	bool is_gcm;

	if (!der_to_recipients(&d) || !der_step(&d, V_ASN1_UNIVERSAL, V_ASN1_SET, false))
		return false;
	content = d;
	if (!der_step(&content, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE, true) ||
	    !der_step(&content, V_ASN1_UNIVERSAL, V_ASN1_OBJECT, false) ||
	    !der_step(&content, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE, true))
		return false;
	cipher = d2i_ASN1_OBJECT(NULL, &content.at, content.end - content.at);
	is_gcm = OBJ_obj2nid(cipher) == NID_aes_256_gcm;
	ASN1_OBJECT_free(cipher);
	if (!is_gcm || !der_step(&d, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE, false))
		return false;
	tag = d;
	return der_step(&tag, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING, true) &&
	       tag.end == d.end && tag.end - tag.at == TAG_LEN;
}

static bool is_acceptable(CMS_ContentInfo *cms, uint64_t rounds_max, GError **error)
{
	unsigned char *bytes = NULL;
	int len = i2d_CMS_ContentInfo(cms, &bytes);
	uint64_t rounds = 0;
	struct der d = { bytes, bytes + MAX(len, 0) };
	bool is_ours = der_rounds(d, &rounds), is_whole = der_authenticates(d);

	OPENSSL_free(bytes);
	if (!is_ours)
		return fail(error, ERR_FORMAT, "it is not encrypted for one passphrase by PBKDF2");
	if (rounds > rounds_max)
		return fail(error, ERR_LIMIT, "its key derivation would take too long");
	if (!is_whole)
		return fail(error, ERR_FORMAT, "it is not encrypted by AES-256-GCM with a whole tag, "
					       "so that anybody might have changed it");
	return true;
}

/* ---- opening and sealing ---- */

static struct keyring_file *decrypt(CMS_ContentInfo *cms, const struct secret *passphrase,
				    GError **error)
{
	g_autoptr(BIO) out = BIO_new(BIO_s_secmem());
	struct keyring_file *f;
	char *bytes;
	long len;

	if (CMS_decrypt_set1_password(cms, (unsigned char *)passphrase->bytes,
				      (ossl_ssize_t)passphrase->len) != 1) {
		fail(error, ERR_PASSPHRASE, "the passphrase does not open it");
		return NULL;
	}
	if (!out || CMS_decrypt(cms, NULL, NULL, NULL, out, CMS_BINARY) != 1) {
		fail(error, ERR_FORMAT, "it was changed or damaged after it was written, or the "
					"memory for secrets is full");
		return NULL;
	}
	len = BIO_get_mem_data(out, &bytes);
	f = keyring_file_from_json(len > 0 ? bytes : "", (size_t)MAX(len, 0), error);
	ERR_clear_error();
	return f;
}

struct keyring_file *keyring_file_parse(const void *bytes, size_t len,
					const struct secret *passphrase, uint64_t rounds_max,
					GError **error)
{
	g_autoptr(BIO) in = NULL;
	g_autoptr(CMS_ContentInfo) cms = NULL;
	struct keyring_file *f;

	if (len > KEYRING_FILE_MAX) {
		fail(error, ERR_LIMIT, "it is larger than certty ever makes it");
		return NULL;
	}
	in = BIO_new_mem_buf(len ? bytes : "", (int)len);
	cms = in ? PEM_read_bio_CMS(in, NULL, NULL, NULL) : NULL;
	if (!cms || OBJ_obj2nid(CMS_get0_type(cms)) != NID_id_smime_ct_authEnvelopedData) {
		fail(error, ERR_FORMAT, "it is no encrypted CMS message, or not all of one");
		return NULL;
	}
	if (!is_acceptable(cms, rounds_max, error))
		return NULL;
	f = decrypt(cms, passphrase, error);
	secret_wipe_stack();
	return f;
}

/* OpenSSL keeps this copy of the passphrase on the ordinary heap and wipes it when freed. */
static bool add_passphrase(CMS_ContentInfo *cms, const struct secret *passphrase, int rounds)
{
	unsigned char *copy = OPENSSL_memdup(passphrase->bytes, passphrase->len + 1);

	if (copy && CMS_add0_recipient_password(cms, rounds, NID_undef, NID_undef, copy,
						(ossl_ssize_t)passphrase->len,
						EVP_aes_256_cbc()))
		return true;
	OPENSSL_clear_free(copy, passphrase->len + 1);
	return false;
}

GBytes *keyring_file_seal(const struct keyring_file *f, const struct secret *passphrase,
			  int rounds, GError **error)
{
	g_autoptr(CMS_ContentInfo) cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
	g_autoptr(BIO) in = NULL, out = BIO_new(BIO_s_mem());
	GBytes *sealed = NULL;
	size_t len;
	char *json = keyring_file_to_json(f, &len), *bytes;
	long n;

	if (len > KEYRING_FILE_INSIDE) {
		secret_wipe(json, len);
		fail(error, ERR_LIMIT, "the file of secrets is full");
		return NULL;
	}
	in = BIO_new_mem_buf(json, (int)len);
	if (cms && in && out && CMS_set_detached(cms, 0) &&
	    add_passphrase(cms, passphrase, rounds) && CMS_final(cms, in, NULL, CMS_BINARY) &&
	    PEM_write_bio_CMS(out, cms)) {
		n = BIO_get_mem_data(out, &bytes);
		sealed = g_bytes_new(bytes, (size_t)n);
	} else {
		fail(error, ERR_FAILED, "OpenSSL cannot encrypt it");
	}
	secret_wipe(json, len);
	secret_wipe_stack();
	return sealed;
}

/* ---- the file ---- */

char *keyring_file_path(void)
{
	g_autofree char *folder = file_data_folder();

	return g_build_filename(folder, "secrets.pem", NULL);
}

bool keyring_file_is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void prefix(GError **error, const char *path)
{
	g_autofree char *shown = text_harmless_dup(path, MOST_SHOWN);

	g_prefix_error(error, "The file of secrets %s: ", shown);
}

/* A file that somebody else could have put there, or can read, is none of ours. */
static bool check_owner(const char *path, GError **error)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return fail(error, ERR_NOT_FOUND, "there is none yet");
		return fail(error, ERR_IO, g_strerror(errno));
	}
	if (S_ISLNK(st.st_mode))
		return fail(error, ERR_REFUSED, "it is a link, which certty does not follow: name "
						"the file itself in keyring.file");
	if (S_ISREG(st.st_mode) && st.st_uid != geteuid())
		return fail(error, ERR_REFUSED, "it belongs to somebody else");
	if (S_ISREG(st.st_mode) && (st.st_mode & 077))
		return fail(error, ERR_REFUSED, "others can read or write it: chmod 600, and "
						"change what is in it if they may have");
	return true;
}

/* Its bytes and which file they are of.  What was looked at is what was read. */
static GBytes *read_once(const char *path, struct file_id *ret_id, GError **error)
{
	struct stat st;
	GBytes *bytes;

	if (!check_owner(path, error))
		return NULL;
	bytes = file_read(path, KEYRING_FILE_MAX, ret_id, error);
	if (!bytes)
		return NULL;
	if (!check_owner(path, error) || lstat(path, &st) != 0 || st.st_ino != ret_id->ino ||
	    st.st_dev != ret_id->dev) {
		g_bytes_unref(bytes);
		if (error && !*error)
			fail(error, ERR_BUSY, "it was replaced while it was read; try again");
		return NULL;
	}
	return bytes;
}

/* Readers take no lock, so a change by somebody else may come in between. */
static GBytes *read_checked(const char *path, struct file_id *ret_id, GError **error)
{
	for (int i = 1;; i++) {
		GError *why = NULL;
		GBytes *bytes = read_once(path, ret_id, &why);

		if (bytes)
			return bytes;
		if (i == TRIES || !g_error_matches(why, ERR, ERR_BUSY)) {
			g_propagate_error(error, why);
			return NULL;
		}
		g_error_free(why);
	}
}

struct keyring_file *keyring_file_open(const char *path, const struct secret *passphrase,
				       GError **error)
{
	struct keyring_file *f = NULL;
	struct file_id id;
	g_autoptr(GBytes) bytes = read_checked(path, &id, error);
	gsize len;
	const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	if (bytes)
		f = keyring_file_parse(data, len, passphrase, KEYRING_FILE_ROUNDS_MAX, error);
	if (!f) {
		prefix(error, path);
		return NULL;
	}
	f->path = g_strdup(path);
	f->id = id;
	return f;
}

bool keyring_file_is_current(const struct keyring_file *f)
{
	struct stat st;

	return f->path && lstat(f->path, &st) == 0 && st.st_dev == f->id.dev &&
	       st.st_ino == f->id.ino && (uint64_t)st.st_size == f->id.size &&
	       st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec == f->id.mtime_ns &&
	       st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec == f->id.ctime_ns;
}

/* ---- changing it ---- */

int keyring_file_lock(const char *path, int wait_ms, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd;

	if (!file_make_folder(folder, error))
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int waited = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; waited += 10) {
		if (waited >= wait_ms) {
			close(fd);
			fd = -1;
			errno = EWOULDBLOCK;
			break;
		}
		g_usleep(10 * 1000);
	}
	if (fd < 0)
		fail(error, errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO,
		     errno == EWOULDBLOCK ? "another program is writing beside it; try again" :
					    g_strerror(errno));
	return fd;
}

static bool write_file(const struct keyring_file *f, const char *path,
		       const struct secret *passphrase, enum file_replace replace, GError **error)
{
	g_autoptr(GBytes) bytes = keyring_file_seal(f, passphrase, keyring_file_rounds, error);
	gsize len;
	const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	return bytes && file_write(path, data, len, 0600, replace, error);
}

/* What is there now, or nothing where there is no file. */
static struct keyring_file *open_or_new(const char *path, const struct secret *passphrase,
					bool *ret_is_new, GError **error)
{
	GError *why = NULL;
	struct keyring_file *f = keyring_file_open(path, passphrase, &why);

	*ret_is_new = false;
	if (g_error_matches(why, ERR, ERR_NOT_FOUND)) {
		g_clear_error(&why);
		*ret_is_new = true;
		return keyring_file_new();
	}
	if (why)
		g_propagate_error(error, why);
	return f;
}

static bool change_locked(const char *path, const struct secret *passphrase,
			  const struct keyring_key *key, const struct secret *secret, GError **error)
{
	bool is_new, is_done = false;
	g_autoptr(keyring_file) f = open_or_new(path, passphrase, &is_new, error);

	if (!f)
		return false;
	if (!secret && (is_new || !keyring_file_get(f, key)))
		return true;
	if (!keyring_file_put(f, key, secret))
		fail(error, ERR_LIMIT, "the memory for secrets is full");
	else
		is_done = write_file(f, path, passphrase, is_new ? FILE_NEW : FILE_REPLACE, error);
	if (!is_done)
		prefix(error, path);
	return is_done;
}

bool keyring_file_change(const char *path, const struct secret *passphrase,
			 const struct keyring_key *key, const struct secret *secret,
			 GError **error)
{
	int lock = keyring_file_lock(path, LOCK_WAIT_MS, error);
	bool is_done;

	if (lock < 0) {
		prefix(error, path);
		return false;
	}
	is_done = change_locked(path, passphrase, key, secret, error);
	close(lock);
	return is_done;
}

bool keyring_file_make(const char *path, const struct secret *passphrase, GError **error)
{
	int lock = keyring_file_lock(path, LOCK_WAIT_MS, error);
	g_autoptr(keyring_file) f = keyring_file_new();
	bool is_done = lock >= 0 && write_file(f, path, passphrase, FILE_NEW, error);

	if (lock >= 0)
		close(lock);
	if (!is_done)
		prefix(error, path);
	return is_done;
}

/* ---- one question at a time ---- */

struct secret *keyring_file_look_up(const char *path, const struct secret *passphrase,
				    const struct keyring_key *key, GError **error)
{
	g_autoptr(keyring_file) f = keyring_file_open(path, passphrase, error);
	const struct secret *s = f ? keyring_file_get(f, key) : NULL;
	struct secret *copy = s ? secret_dup(s) : NULL;

	if (f && !copy)
		fail(error, s ? ERR_LIMIT : ERR_NOT_FOUND,
		     s ? "the memory for secrets is full" : "the file of secrets does not have it");
	return copy;
}

bool keyring_file_try(const char *path, const struct secret *passphrase, GError **error)
{
	g_autoptr(keyring_file) f = keyring_file_open(path, passphrase, error);

	return f != NULL;
}
