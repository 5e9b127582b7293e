/*
 * key: a new private key, and a request that a CA can sign.
 *
 * The request is written first: when the key cannot be, an older key that it would have
 * replaced is still there.
 */
#include "own.h"

#include <string.h>

#include <glib/gstdio.h>

struct making {
	/* the question */
	char *kind, *subject, *key_file, *csr_file;
	char **names;
	struct secret *passphrase;	/* NULL: the key stays plain */
	bool replaces;
	/* the answer */
	char *said;
};

static step_fn made;

static void making_free(void *p)
{
	struct making *m = p;

	g_free(m->kind);
	g_free(m->subject);
	g_free(m->key_file);
	g_free(m->csr_file);
	g_strfreev(m->names);
	secret_free(m->passphrase);
	g_free(m->said);
	g_free(m);
}

static char *csr_pem(GBytes *csr, GError **error)
{
	struct detail *d = x509_csr_describe(csr, NULL, NULL, error);
	char *pem = d ? g_strdup(d->pem) : NULL;

	detail_unref(d);
	return pem;
}

static bool may_write(const struct making *m, GError **error)
{
	if (!strcmp(m->key_file, m->csr_file))
		return folder_fail(error, ERR_USAGE, m->key_file,
				   "key and request need two files");
	if (!m->replaces && g_file_test(m->key_file, G_FILE_TEST_EXISTS))
		return folder_fail(error, ERR_EXISTS, m->key_file, "is there already");
	if (m->replaces && folder_is_open_file(m->key_file))
		return folder_fail(error, ERR_REFUSED, m->key_file, "others may read this file, "
				   "so no key is put into it; change its mode to 0600 first");
	return true;
}

static bool write_both(const struct making *m, const char *csr, const struct secret *key,
		       GError **error)
{
	enum file_replace how = m->replaces ? FILE_REPLACE : FILE_NEW;

	if (!file_write(m->csr_file, csr, strlen(csr), 0644, how, error))
		return false;
	if (file_write(m->key_file, key->bytes, key->len, 0600, how, error))
		return true;
	if (!m->replaces)
		g_unlink(m->csr_file);
	return false;
}

static void run(struct work *w)
{
	struct making *m = w->in;
	g_autoptr(x509_key) key = NULL;
	g_autoptr(secret) key_pem = NULL;
	g_autoptr(GBytes) csr = NULL;
	g_autofree char *pem = NULL, *key_shown = NULL, *csr_shown = NULL, *name = NULL;

	if (!may_write(m, &w->error))
		return;
	key = x509_key_make(m->kind, &w->error);
	csr = key ? x509_csr_make(key, m->subject, (const char *const *)m->names, &w->error) : NULL;
	pem = csr ? csr_pem(csr, &w->error) : NULL;
	key_pem = pem ? x509_key_pem(key, m->passphrase, &w->error) : NULL;
	if (!key_pem || work_is_stopped(w) || !write_both(m, pem, key_pem, &w->error))
		return;
	key_shown = folder_shown(m->key_file);
	csr_shown = folder_shown(m->csr_file);
	name = folder_shown(m->names[0]);
	m->said = g_strdup_printf("the request for %s is in %s, its private key (%s) in %s",
				  name, csr_shown,
				  m->passphrase ? "encrypted" : "NOT encrypted", key_shown);
}

/* A comma in a value would begin the next part. */
static char *subject_of(const char *name)
{
	GString *s = g_string_new("CN=");

	for (const char *c = name; *c; c++) {
		if (strchr(",\\", *c))
			g_string_append_c(s, '\\');
		g_string_append_c(s, *c);
	}
	return g_string_free(s, FALSE);
}

#define COMMON_NAME_MAX 64	/* RFC 5280's bound; longer names stand in the SAN alone */

char *key_subject(const char *typed, const char *name)
{
	if (typed && *typed)
		return g_strdup(typed);
	return strlen(name) <= COMMON_NAME_MAX ? subject_of(name) : g_strdup("");
}

struct next key_pair(struct op *op, const struct reply *none)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	bool is_plain = args_bool(op->args, "plain");
	struct making *m;

	(void)none;
	if (!is_plain && (!passphrase || !passphrase->len))
		return next_fail(op, ERR_SIGN_IN, "a passphrase is needed to encrypt the private "
				 "key (or plain, to leave it unencrypted)");
	m = g_new0(struct making, 1);
	m->names = args_list(op->args, "names");
	if (!m->names[0]) {
		making_free(m);
		return next_fail(op, ERR_USAGE, "at least one name is needed");
	}
	m->kind = g_strdup(args_text(op->args, "kind", "ec-p256"));
	m->key_file = file_absolute(args_text(op->args, "key-file", ""));
	m->csr_file = file_absolute(args_text(op->args, "csr-file", ""));
	m->passphrase = is_plain ? NULL : secret_dup(passphrase);
	m->replaces = args_bool(op->args, "replace");
	m->subject = key_subject(args_get(op->args, "subject"), m->names[0]);
	if (!is_plain && !m->passphrase) {
		making_free(m);
		return next_fail(op, ERR_LIMIT, "the memory for secrets is full");
	}
	return next_work(work_new(run, m, making_free, NULL), made);
}

static struct next made(struct op *op, const struct reply *none)
{
	struct making *m = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s", m->said);
	return next_done();
}
