/*
 * aws_planned_cert: what would be done to one certificate in AWS: import, remove, export, renew,
 * revoke, tag.
 */
#include "aws_planned.h"

#include <string.h>

#include "aws_cert.h"

#define CERT_FILE "CERT_FILE", "a PEM file with the certificate alone"
#define CHAIN_REMARK "CHAIN_FILE: a PEM file with its issuers, nearest first, if it has any"
#define KEY_FILE  "KEY_FILE", "a PEM file with its private key, not encrypted"

static bool is_of(const struct op *op, const char *type)
{
	return !strcmp(op->store->type, type);
}

static void say_users(struct plan *p, const struct acm_cert *c, const char *but)
{
	for (char **arn = c ? c->in_use_by : NULL; arn && *arn; arn++) {
		g_autofree char *user = aws_describe_user(*arn);

		plan_warn(p, "it is in use by %s: %s", user, but);
	}
	if (c && *c->in_use_by)
		plan_not(p, "who uses it is not asked: that is as of when its details were read");
	else if (c && c->is_in_use)
		plan_warn(p, "an AWS service uses it, and which one is not known here: %s", but);
}

/* ---- import ---- */

/* One that is signed by itself has no issuers: CHAIN_FILE need not be set. */
static void run_files(struct plan *p, const char *cert, const char *scheme, const char *key)
{
	plan_variable(p, cert, CERT_FILE);
	g_string_append_printf(p->line,
			       " ${CHAIN_FILE:+--certificate-chain \"%s$CHAIN_FILE\"}", scheme);
	plan_variable(p, key, KEY_FILE);
}

static void import_acm(struct op *op, struct plan *p)
{
	const char *place = op->cert.alias, *name = args_text(op->args, "name", "");
	g_autofree char *arn = place && *place ? aws_arn(op->store, place) :
			       g_str_has_prefix(name, "arn:") ? g_strdup(name) : NULL;
	g_autoptr(acm_cert) there = arn ? aws_planned_known(op, aws_arn_alias(op->store, arn)) : NULL;

	aws_planned_call(op, p, PLAN_MAYBE, AWS_ACM, "ListCertificates",
			 "whether the same one is there already");
	aws_planned_call(op, p, PLAN_MAYBE, AWS_ACM, "DescribeCertificate", arn);
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "ImportCertificate", arn ? arn :
			 "with its private key: as a new one, or in the place of the same one there");
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "GetCertificate", "whether it is what was sent");
	say_users(p, there, "it goes over to the new one within minutes");
	plan_not(p, "nothing is imported twice: the same bytes there already are left as they are");
	plan_not(p, "AWS will not renew it: what is imported stays as it is until it is imported anew");
	plan_remark(p, CHAIN_REMARK);
	aws_planned_run(op, p, AWS_ACM, "import-certificate");
	plan_option(p, "--certificate-arn", arn);
	run_files(p, "--certificate fileb://", "fileb://", "--private-key fileb://");
}

static void import_iam(struct op *op, struct plan *p)
{
	const char *name = args_text(op->args, "name", "");

	aws_planned_call(op, p, PLAN_CHANGES, AWS_IAM, "UploadServerCertificate",
			 *name ? name : "with its private key, under a name of the certificate's and its day");
	aws_planned_call(op, p, PLAN_ASKS, AWS_IAM, "GetServerCertificate",
			 "whether it is what was sent");
	plan_not(p, "IAM replaces nothing: what uses an older one must be pointed to the new one");
	plan_remark(p, CHAIN_REMARK);
	aws_planned_run(op, p, AWS_IAM, "upload-server-certificate");
	if (*name)
		plan_option(p, "--server-certificate-name", aws_cert_iam_name(name));
	else
		plan_variable(p, "--server-certificate-name ", "CERT_NAME", "its name in IAM");
	run_files(p, "--certificate-body file://", "file://", "--private-key file://");
}

bool aws_planned_import(struct op *op, struct plan *p, GError **error)
{
	const char *file = args_get(op->args, "file");

	if (!is_of(op, AWS_STORE_ACM) && !is_of(op, AWS_STORE_IAM))
		return aws_planned_refuse(op, error);
	if (file) {
		plan_call(p, PLAN_ASKS, "read", file, "certificate, issuers and key");
		plan_not(p, "%s stays as it is", file);
	}
	(is_of(op, AWS_STORE_ACM) ? import_acm : import_iam)(op, p);
	return true;
}

/* ---- remove ---- */

bool aws_planned_remove(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_autoptr(acm_cert) c = aws_planned_known(op, op->cert.alias);

	if (is_of(op, AWS_STORE_ACM)) {
		aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", arn);
		aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "DeleteCertificate", arn);
		aws_planned_run(op, p, AWS_ACM, "delete-certificate");
		plan_option(p, "--certificate-arn", arn);
	} else if (is_of(op, AWS_STORE_IAM)) {
		aws_planned_call(op, p, PLAN_CHANGES, AWS_IAM, "DeleteServerCertificate", arn);
		aws_planned_run(op, p, AWS_IAM, "delete-server-certificate");
		plan_option(p, "--server-certificate-name", aws_cert_iam_name(op->cert.alias));
	} else {
		return aws_planned_refuse(op, error);
	}
	plan_warn(p, "it is gone for everybody who uses it there, with its key");
	say_users(p, c, "AWS refuses to delete it until it is taken out there");
	plan_not(p, "it is not revoked: whoever has a copy of its key can go on with it");
	plan_not(p, "it stays in other regions, stores and files; forget would only leave it out here");
	return true;
}

/* ---- export ---- */

/* The call that gives the bytes, by the sort of store; with its key ACM alone. */
static const struct {
	const char *type;
	enum aws_service service;
	const char *operation, *command;
} readers[] = {
	{ AWS_STORE_ACM, AWS_ACM, "GetCertificate", "get-certificate" },
	{ AWS_STORE_IAM, AWS_IAM, "GetServerCertificate", "get-server-certificate" },
	{ AWS_STORE_CA, AWS_ACM_PCA, "GetCertificate", "get-certificate" },
};

static void say_charge(const struct op *op, struct plan *p, const struct acm_cert *c,
		       const char *sentence)
{
	if (c && !strcmp(c->type, "PRIVATE"))
		return;
	plan_cost(p, "%s", sentence);
	if (!args_bool(op->args, "charge"))
		plan_warn(p, "where AWS charges for it, it is refused unless that is accepted (charge)");
}

static void export_key(struct op *op, struct plan *p, const char *arn)
{
	g_autoptr(acm_cert) c = aws_planned_known(op, op->cert.alias);

	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", arn);
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "ExportCertificate", arn);
	say_charge(op, p, c, "AWS charges for a public certificate whose key leaves it: for each name, and "
		   "again with each renewal");
	aws_planned_run(op, p, AWS_ACM, "export-certificate");
	plan_option(p, "--certificate-arn", arn);
	plan_variable(p, "--passphrase fileb://", "PASSPHRASE_FILE", "a file with what encrypts the key");
}

static void export_bytes(struct op *op, struct plan *p, const char *arn)
{
	bool is_own = is_of(op, AWS_STORE_CA) && !*op->cert.alias;
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(readers) && !is_of(op, readers[i].type))
		i++;
	aws_planned_call(op, p, PLAN_ASKS, readers[i].service, is_own ?
			 "GetCertificateAuthorityCertificate" : readers[i].operation, arn);
	aws_planned_run(op, p, readers[i].service,
			is_own ? "get-certificate-authority-certificate" : readers[i].command);
	if (is_of(op, AWS_STORE_IAM))
		plan_option(p, "--server-certificate-name", aws_cert_iam_name(op->cert.alias));
	if (is_of(op, AWS_STORE_CA))
		plan_option(p, "--certificate-authority-arn", op->store->address);
	if (!is_of(op, AWS_STORE_IAM) && !is_own)
		plan_option(p, "--certificate-arn", arn);
}

bool aws_planned_export(struct op *op, struct plan *p, GError **error)
{
	const struct bundle_form *form = bundle_form_find(args_text(op->args, "format", "pem"));
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	bool with_key = args_bool(op->args, "with-key");

	if (!form || (with_key && (!is_of(op, AWS_STORE_ACM) || !form->takes_key)))
		return aws_planned_refuse(op, error);
	if (with_key)
		export_key(op, p, arn);
	else if (form->takes_chain || !op->cert.der)
		export_bytes(op, p, arn);
	plan_call(p, PLAN_CHANGES, "write", to, with_key ? "with its key, encrypted, mode 0600" :
							   "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is taken away in AWS, and nothing is deployed");
	return true;
}

/* For another store: nothing is written here. */
bool aws_planned_hand(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	if (!is_of(op, AWS_STORE_ACM))
		return aws_planned_refuse(op, error);
	export_key(op, p, arn);
	plan_not(p, "it stays in AWS, with its key");
	return true;
}

/* ---- renew ---- */

bool aws_planned_renew(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_autoptr(acm_cert) c = aws_planned_known(op, op->cert.alias);

	if (!is_of(op, AWS_STORE_ACM))
		return aws_planned_refuse(op, error);
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", arn);
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "RenewCertificate", arn);
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", "until its serial is another");
	say_charge(op, p, c, "AWS charges for the renewal of a public certificate whose key can be taken "
		   "out, as for a new one");
	say_users(p, c, "it goes over to the new one by itself");
	plan_not(p, "the old one is not revoked");
	plan_not(p, "what was exported or deployed elsewhere stays the old one");
	aws_planned_run(op, p, AWS_ACM, "renew-certificate");
	plan_option(p, "--certificate-arn", arn);
	return true;
}

/* ---- revoke ---- */

static char *serial_of(const struct op *op, const struct acm_cert *c)
{
	struct facts f = { 0 };
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;
	char *serial;

	if (!der || !x509_facts(der, len, &f, NULL))
		return c ? aws_revoke_serial(c->serial) : NULL;
	serial = aws_revoke_serial(f.serial);
	facts_done(&f);
	return serial;
}

static void revoke_by_ca(struct op *op, struct plan *p, const char *ca, const char *reason,
			 const char *serial)
{
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM_PCA, "RevokeCertificate", serial);
	aws_planned_run(op, p, AWS_ACM_PCA, "revoke-certificate");
	plan_option(p, "--certificate-authority-arn", ca);
	plan_option(p, "--certificate-serial", serial);
	plan_option(p, "--revocation-reason", reason);
}

static void revoke_by_acm(struct op *op, struct plan *p, const char *arn, const char *reason)
{
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "RevokeCertificate", arn);
	aws_planned_run(op, p, AWS_ACM, "revoke-certificate");
	plan_option(p, "--certificate-arn", arn);
	plan_option(p, "--revocation-reason", reason);
}

bool aws_planned_revoke(struct op *op, struct plan *p, GError **error)
{
	bool is_public;
	const char *reason = aws_revoke_reason(op->args, &is_public);
	g_autofree char *arn = aws_arn(op->store, op->cert.alias), *serial = NULL;
	g_autoptr(acm_cert) c = aws_planned_known(op, op->cert.alias);
	bool is_private = c && !strcmp(c->type, "PRIVATE");

	if (!aws_revoke_check(op->args, error))
		return false;
	if (is_of(op, AWS_STORE_IAM) || (c && !strcmp(c->type, "IMPORTED")))
		return aws_planned_refuse(op, error);
	serial = serial_of(op, c);
	if (is_of(op, AWS_STORE_ACM))
		aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", arn);
	if (is_of(op, AWS_STORE_CA))
		revoke_by_ca(op, p, op->store->address, reason, serial);
	else if (is_private)
		revoke_by_ca(op, p, c->ca_arn, reason, serial);
	else
		revoke_by_acm(op, p, arn, reason);
	say_users(p, c, "whoever checks refuses it there too");
	plan_warn(p, "it cannot be undone");
	plan_not(p, "nothing takes its place where it is in use, and it is not deleted");
	return true;
}

/* ---- tags ---- */

static const struct {
	const char *add, *drop, *list;	/* operations */
	const char *run_add, *run_drop;
} taggers[] = {
	{ "AddTagsToCertificate", "RemoveTagsFromCertificate", "ListTagsForCertificate",
	  "add-tags-to-certificate", "remove-tags-from-certificate" },
	{ "TagServerCertificate", "UntagServerCertificate", "ListServerCertificateTags",
	  "tag-server-certificate", "untag-server-certificate" },
};

static void run_tags(struct op *op, struct plan *p, const char *command, const char *arn,
		     char *const *tags, bool is_iam, bool drops)
{
	aws_planned_run(op, p, is_iam ? AWS_IAM : AWS_ACM, command);
	plan_option(p, is_iam ? "--server-certificate-name" : "--certificate-arn",
		    is_iam ? aws_cert_iam_name(op->cert.alias) : arn);
	g_string_append(p->line, is_iam && drops ? " --tag-keys" : " --tags");
	for (; *tags; tags++) {
		g_autofree char *key = g_strndup(*tags, strcspn(*tags, "="));
		const char *value = (*tags)[strlen(key)] ? *tags + strlen(key) + 1 : "";
		g_autofree char *pair = drops ? g_strconcat("Key=", key, NULL) :
						g_strdup_printf("Key=%s,Value=%s", key, value);

		plan_word(p, is_iam && drops ? key : pair);
	}
}

bool aws_planned_tag(struct op *op, struct plan *p, GError **error)
{
	bool is_iam = is_of(op, AWS_STORE_IAM);
	enum aws_service service = is_iam ? AWS_IAM : AWS_ACM;
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_auto(GStrv) set = args_list(op->args, "set");
	g_auto(GStrv) drop = args_list(op->args, "remove");

	if (!is_iam && !is_of(op, AWS_STORE_ACM))
		return aws_planned_refuse(op, error);
	if (set && set[0]) {
		aws_planned_call(op, p, PLAN_CHANGES, service, taggers[is_iam].add, arn);
		run_tags(op, p, taggers[is_iam].run_add, arn, set, is_iam, false);
	}
	if (drop && drop[0]) {
		aws_planned_call(op, p, PLAN_CHANGES, service, taggers[is_iam].drop, arn);
		run_tags(op, p, taggers[is_iam].run_drop, arn, drop, is_iam, true);
	}
	aws_planned_call(op, p, PLAN_ASKS, service, taggers[is_iam].list, arn);
	plan_not(p, "other tags stay as they are");
	return true;
}
