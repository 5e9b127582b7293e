/*
 * iam_import: a certificate with its key goes into IAM, for what cannot use ACM.
 *
 * IAM replaces nothing: a renewed one gets a name of its own, what uses the old one is pointed to
 * it, and the old one is removed.  The name is the key, so nothing can be there twice; what is
 * uploaded is seen everywhere only after a while.
 */
#include "aws_cert.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define ALIAS     "server-certificate/"
#define IAM_NAME_MAX 128
#define IAM_PATH_MAX 512
#define SEE_MS    3000
#define SEES_MAX  20

const struct aws_limits iam_import_limits = { "IAM", 16384, 16384, 2097152 };

struct iam_import {
	char *what;		/* "uploading web-2026 to IAM" */
	char *name, *path;	/* "web-2026", "/cloudfront/" */
	GError *before;		/* why it is compared instead: it exists, or the answer was lost */
	bool exists;
	guint sees;
};

static step_fn sent, see, seen;

static void state_done(void *p)
{
	struct iam_import *m = p;

	g_clear_error(&m->before);
	g_free(m->what);
	g_free(m->name);
	g_free(m->path);
}

static struct iam_import *state(struct op *op)
{
	return aws_import_more(op, sizeof(struct iam_import), state_done);
}

/* ---- its name ---- */

/* "www.example.org-2026-03-04", with the day from which it is valid; one that takes the place of
 * another, which may be of the same day, has the beginning of its fingerprint as well. */
static char *own_name(const struct facts *f, bool is_newer)
{
	g_autoptr(GString) s = g_string_new(f->name);

	if (g_str_has_prefix(s->str, "*"))
		g_string_replace(s, "*", "wildcard", 1);
	g_string_truncate(s, MIN(s->len, IAM_NAME_MAX - sizeof("-2026-03-04-01234567")));
	g_strcanon(s->str, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=,.@_-",
		   '-');
	g_string_append_c(s, '-');
	clock_say_date(s, f->not_before);
	if (is_newer)
		g_string_append_printf(s, "-%02x%02x%02x%02x", f->sha256[0], f->sha256[1],
				       f->sha256[2], f->sha256[3]);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

/* A name, or a path with a name behind it.  The place of an older one (as a deployment has it)
 * gives its path alone. */
static void take_name(struct iam_import *m, const char *answer, const struct facts *f)
{
	bool is_place = g_str_has_prefix(answer, ALIAS);
	const char *name = is_place ? answer + strlen(ALIAS) : answer;
	const char *slash = strrchr(name, '/');
	g_autofree char *folder = slash ? g_strndup(name, (gsize)(slash - name)) : g_strdup("");

	name = slash ? slash + 1 : name;
	m->path = !*folder ? g_strdup("/") :
			     g_strconcat(*folder == '/' ? "" : "/", folder, "/", NULL);
	m->name = is_place || !*name ? own_name(f, is_place) : g_strdup(name);
}

static bool check_name(const struct iam_import *m, GError **error)
{
	if (strlen(m->name) > IAM_NAME_MAX ||
	    !g_regex_match_simple("^[\\w+=,.@-]+$", m->name, G_REGEX_DOLLAR_ENDONLY, 0)) {
		g_set_error(error, ERR, ERR_USAGE, "IAM takes names of at most %d letters, digits "
			    "and + = , . @ - _; nothing was sent", IAM_NAME_MAX);
		return false;
	}
	if (strlen(m->path) <= IAM_PATH_MAX &&
	    g_regex_match_simple("^/([!-.0-~]+/)*$", m->path, G_REGEX_DOLLAR_ENDONLY, 0))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "IAM takes paths of at most %d signs without blanks, as "
		    "in /cloudfront/NAME; nothing was sent", IAM_PATH_MAX);
	return false;
}

/* ---- sending ---- */

struct next iam_import(struct op *op, const struct reply *none)
{
	struct iam_import *m = state(op);
	const struct aws_upload *u = aws_import_upload(op);
	struct aws_form *form;
	GError *error = NULL;

	(void)none;
	take_name(m, op->cert.alias ? op->cert.alias : args_text(op->args, "name", ""),
		  &u->bundle->facts);
	if (!check_name(m, &error))
		return next_fail_error(op, error);
	m->what = g_strdup_printf("uploading %s to IAM", m->name);
	form = aws_form_new();
	aws_form_add(form, "ServerCertificateName", m->name);
	aws_form_add(form, "Path", m->path);
	aws_form_add(form, "CertificateBody", u->cert_pem);
	aws_form_add(form, "CertificateChain", u->chain_pem);
	aws_form_add_secret(form, "PrivateKey", u->key_pem);
	return aws_cert_query(op, "UploadServerCertificate", form, false, sent);
}

static struct next sent(struct op *op, const struct reply *r)
{
	struct iam_import *m = state(op);
	GError *error = NULL;

	if (aws_cert_check(r, m->what, "iam:UploadServerCertificate", &error))
		return see(op, NULL);
	m->exists = aws_cert_is(r, "EntityAlreadyExists");
	if (m->exists || aws_cert_is_lost(r)) {
		m->before = error;
		return see(op, NULL);
	}
	if (!aws_cert_is(r, "LimitExceeded"))
		return next_fail_error(op, error);
	return aws_cert_fail(op, error, "that is a quota of the account (20 where nobody raised it): "
			     "remove one, or use ACM");
}

/* ---- what is there ---- */

static struct next see(struct op *op, const struct reply *none)
{
	struct aws_form *form = aws_form_new();

	(void)none;
	aws_form_add(form, "ServerCertificateName", state(op)->name);
	return aws_cert_query(op, "GetServerCertificate", form, true, seen);
}

static struct next finish(struct op *op, const char *arn)
{
	struct iam_import *m = state(op);
	const struct bundle *b = aws_import_upload(op)->bundle;
	g_autofree char *alias = g_strconcat("server-certificate", m->path, m->name, NULL);
	const char *theirs = arn ? aws_arn_alias(op->store, arn) : NULL;

	op_placed(op, theirs ? theirs : alias, b->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s %s in IAM as %s%s", b->facts.name, m->exists ? "is already" : "is", m->name,
	       m->exists ? "; nothing was changed" :
			   "; IAM replaces nothing: what uses an older one must be pointed to it");
	return next_done();
}

static struct next say_not_seen(struct op *op, GError *error /* taken; or NULL */)
{
	struct iam_import *m = state(op);
	g_autoptr(GError) why = error;

	op_touch(op, op->store->id);
	if (m->before)
		return next_fail(op, (enum err)m->before->code, "%s; whether it arrived is not known%s%s; "
				 "uploading it again under the same name does no harm",
				 m->before->message, why ? ": " : "", why ? why->message : "");
	op_trouble(op, "not compared with what was sent: %s", why ? why->message : "");
	return finish(op, NULL);
}

static struct next compare(struct op *op, const struct reply *r)
{
	static const char at[] = "GetServerCertificateResult/ServerCertificate";
	struct iam_import *m = state(op);
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, m->what, &error);
	const struct xml *cert = x ? xml_get(x, at) : NULL;
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	if (!x || !aws_cert_read_pem(xml_str(cert, "CertificateBody"), m->what, certs, &error))
		return next_fail_error(op, error);
	if (certs->len && g_bytes_equal(certs->pdata[0], aws_import_upload(op)->bundle->cert))
		return finish(op, xml_str(cert, "ServerCertificateMetadata/Arn"));
	return next_fail(op, ERR_EXISTS, "%s: another certificate has that name, and IAM replaces "
			 "none: choose another name", m->what);
}

static struct next seen(struct op *op, const struct reply *r)
{
	struct iam_import *m = state(op);
	GError *error = NULL;

	if (aws_cert_is(r, "NoSuchEntity") && ++m->sees < SEES_MAX)
		return next_wait(SEE_MS, see);
	if (!aws_cert_check(r, m->what, "iam:GetServerCertificate", &error))
		return say_not_seen(op, error);
	return compare(op, r);
}
