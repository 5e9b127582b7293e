/*
 * planned: what the verbs of this machine would do: which files are read, written, moved and
 * removed, and what openssl and the shell would do instead.
 */
#include "planned.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

/* ---- where it lies ---- */

static char *full_path(const struct store *s, const char *path)
{
	return *path ? g_build_filename(s->address, path, NULL) : g_strdup(s->address);
}

void planned_lying_find(const struct op *op, const struct store *at, struct lying *ret)
{
	struct memo *memo = memo_read(op->memo);
	g_autofree char *path = seek_file_of(memo, op->cert.alias ? op->cert.alias : "");
	struct memo_file known;
	struct facts f = { 0 };
	const char *key = NULL;
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;

	if (der && x509_facts(der, len, &f, NULL))
		key = memo_find_key(memo, f.key_hash);
	facts_done(&f);
	ret->file = full_path(at, path);
	ret->key = key ? full_path(at, key) : NULL;
	ret->is_one = memo_find(memo, path, &known) && known.n == 1 && !known.n_keys &&
		      !known.has_locked_key;
	memo_free(memo);
}

void planned_lying_done(struct lying *l)
{
	g_free(l->file);
	g_free(l->key);
}

/* What a person calls op->cert. */
static char *name_of(const struct op *op)
{
	struct facts f = { 0 };
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;
	char *name = der && x509_facts(der, len, &f, NULL) ? g_strdup(f.name) : NULL;

	facts_done(&f);
	return name;
}

static bool has_bytes(const struct op *op, GError **error)
{
	if (!op->cert.der)
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "the certificate's bytes are not kept here: refresh its store");
	return op->cert.der;
}

/* ---- store-add ---- */

bool planned_store_add(struct op *op, struct plan *p, GError **error)
{
	const char *address = args_text(op->args, "address", "");

	(void)error;
	plan_call(p, PLAN_CHANGES, "keep", "what certty knows", "one more store");
	plan_call(p, PLAN_ASKS, "read", address, NULL);
	plan_not(p, "nothing in %s is changed", address);
	return true;
}

/* ---- add, and what a deployment puts here ---- */

void planned_keeps_version(struct plan *p, const char *name, unsigned how)
{
	g_autofree char *root = local_repository();
	g_autofree char *folder = name ? repository_folder(root, name) : g_strdup(root);

	plan_call(p, how, "write", folder, "one more version, with its issuers");
}

static char *import_file_name(const struct op *op, const char *name)
{
	const char *alias = op->cert.alias;
	g_autofree char *safe = name ? folder_file_name(name) : NULL;

	if (alias && *alias)
		return g_strndup(alias, strlen(alias) - (g_str_has_suffix(alias, "#1") ? 2 : 0));
	return safe ? g_strconcat(safe, ".pem", NULL) : NULL;
}

/* A name that only the file tells is left to the shell's reader. */
static void run_import(const struct op *op, struct plan *p, const char *path)
{
	const char *file = args_get(op->args, "file"), *key = args_text(op->args, "key", "encrypted");

	if (!file || !path)
		return;
	plan_run(p, "openssl x509");
	plan_option(p, "-in", file);
	plan_option(p, "-out", path);
	if (!strcmp(key, "no"))
		return;
	plan_run(p, "(umask 077; openssl pkey");
	plan_option(p, "-in", file);
	if (!strcmp(key, "encrypted"))
		plan_environment(p, "-aes256 -passout env:", NEW_PASSPHRASE, LOCKS_KEY);
	g_string_append(p->line, " >>");
	plan_word(p, path);
	g_string_append(p->line, ")");
}

bool planned_import(struct op *op, struct plan *p, GError **error)
{
	const char *said = args_get(op->args, "name");
	g_autofree char *own = said && *said ? g_strdup(said) : name_of(op);
	g_autofree char *base = import_file_name(op, own);
	g_autofree char *path = g_build_filename(op->store->address, base ? base : "", NULL);
	bool is_repository = !strcmp(op->store->type, LOCAL_REPOSITORY);
	bool replaces = args_bool(op->args, "replace") ||
			!strcmp(args_text(op->args, "replace", ""), "same");

	if (!strcmp(op->store->type, LOCAL_INSTALL))
		return install_planned(op, p, error);
	if (args_get(op->args, "file")) {
		plan_call(p, PLAN_ASKS, "read", args_get(op->args, "file"), NULL);
		plan_not(p, "%s stays as it is", args_get(op->args, "file"));
	}
	if (!is_repository)
		plan_call(p, PLAN_CHANGES, "write", path, base ? "certificate, issuers and key" :
			  "a file that is called after the certificate");
	planned_keeps_version(p, own, PLAN_CHANGES);
	if (!is_repository && !replaces)
		plan_not(p, "a file that has that name already is not replaced");
	if (!strcmp(args_text(op->args, "key", ""), "plain"))
		plan_warn(p, "its private key is written without encryption");
	run_import(op, p, base && !is_repository ? path : NULL);
	return true;
}

/* ---- remove ---- */

static void remove_version(const struct op *op, struct plan *p)
{
	g_autofree char *version = g_path_get_dirname(op->cert.alias);
	g_autofree char *from = g_build_filename(op->store->address, version, NULL);
	g_autofree char *flat = g_strdelimit(g_strdup(version), "/", '-');
	g_autofree char *to = g_build_filename(op->store->address, FOLDER_REMOVED, flat, NULL);

	plan_call(p, PLAN_CHANGES, "move", from, NULL);
	plan_call(p, PLAN_CHANGES, "write", to, "where it is moved to, with its key");
	plan_not(p, "nothing of it is lost");
	plan_run(p, "mkdir -p --");
	plan_word(p, op->store->address);
	g_string_append(p->line, "/" FOLDER_REMOVED);
	plan_run(p, "mv -n --");
	plan_word(p, from);
	plan_word(p, to);
}

static void remove_file(const struct op *op, struct plan *p)
{
	struct lying l;

	planned_lying_find(op, op->store, &l);
	plan_call(p, PLAN_ASKS, "read", l.file, "whether it is still the same");
	plan_call(p, PLAN_CHANGES, l.is_one ? "remove" : "write", l.file,
		  l.is_one ? NULL : "without this certificate; all else in it stays");
	if (l.is_one) {
		plan_run(p, "rm --");
		plan_word(p, l.file);
	} else {
		plan_remark(p, "take its block out of %s with an editor", l.file);
	}
	if (l.key)
		plan_not(p, "its private key in %s stays", l.key);
	plan_not(p, "versions of it in the own repository stay");
	planned_lying_done(&l);
}

bool planned_remove(struct op *op, struct plan *p, GError **error)
{
	if (!has_bytes(op, error))
		return false;
	if (!strcmp(op->store->type, LOCAL_REPOSITORY))
		remove_version(op, p);
	else
		remove_file(op, p);
	plan_not(p, "it is not revoked, and it stays in other places");
	return true;
}

/* ---- export, and the hand that gives it to others ---- */

static void run_export(const struct op *op, struct plan *p, const struct lying *l,
		       const char *format, const char *to)
{
	bool with_key = args_bool(op->args, "with-key");

	if (!strcmp(op->store->type, LOCAL_KEYSTORE) || !strcmp(op->store->type, LOCAL_ENDPOINT)) {
		plan_remark(p, "%s is read by openssl %s", op->store->address,
			    !strcmp(op->store->type, LOCAL_ENDPOINT) ? "s_client" : "pkcs12");
		return;
	}
	if (!strcmp(format, "pkcs12")) {
		plan_run(p, "openssl pkcs12 -export");
		plan_option(p, "-in", l->file);
		if (with_key)
			plan_option(p, "-inkey", l->key);
		else
			g_string_append(p->line, " -nokeys");
		plan_environment(p, "-passout env:", NEW_PASSPHRASE, "what encrypts the file");
	} else if (!strcmp(format, "pkcs7")) {
		plan_run(p, "openssl crl2pkcs7 -nocrl");
		plan_option(p, "-certfile", l->file);
	} else {
		plan_run(p, !strcmp(format, "der") ? "openssl x509 -outform DER" : "openssl x509");
		plan_option(p, "-in", l->file);
	}
	plan_option(p, "-out", to);
	if (!with_key || !l->key || !strcmp(format, "pkcs12"))
		return;
	plan_run(p, "openssl pkey -aes256");
	plan_option(p, "-in", l->key);
	plan_environment(p, "-passout env:", NEW_PASSPHRASE, LOCKS_KEY);
	g_string_append(p->line, " >>");
	plan_word(p, to);
}

static bool check_form(const struct op *op, GError **error)
{
	const struct bundle_form *form = bundle_form_find(args_text(op->args, "format", "pem"));

	if (form && (form->takes_key || !args_bool(op->args, "with-key")))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s takes no private key", form ? form->title :
		    "that format");
	return false;
}

bool planned_export(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	bool with_key = args_bool(op->args, "with-key");
	struct lying l;

	if (!has_bytes(op, error) || !check_form(op, error))
		return false;
	planned_lying_find(op, op->store, &l);
	if (with_key)
		plan_call(p, PLAN_ASKS, "read", l.key ? l.key : l.file, "its private key");
	plan_call(p, PLAN_CHANGES, "write", to, with_key ? "with its key, encrypted, mode 0600" :
							   "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is changed in %s, and nothing is deployed", op->store->title);
	run_export(op, p, &l, args_text(op->args, "format", "pem"), to);
	planned_lying_done(&l);
	return true;
}

bool planned_hand(struct op *op, struct plan *p, GError **error)
{
	struct lying l;

	if (!has_bytes(op, error))
		return false;
	if (!strcmp(op->store->type, LOCAL_ENDPOINT)) {
		g_set_error(error, ERR, ERR_REFUSED, "an endpoint presents certificates and never their "
			    "keys");
		return false;
	}
	planned_lying_find(op, op->store, &l);
	plan_call(p, PLAN_ASKS, "read", l.key ? l.key : l.file, "its private key");
	plan_not(p, "the files in %s stay as they are", op->store->title);
	planned_lying_done(&l);
	return true;
}

/* ---- key ---- */

static const struct {
	const char *kind, *options;
} kinds[] = {
	{ "ec-p256", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256" },
	{ "ec-p384", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384" },
	{ "ed25519", "openssl req -new -newkey ed25519" },
	{ "rsa-2048", "openssl req -new -newkey rsa:2048" },
	{ "rsa-3072", "openssl req -new -newkey rsa:3072" },
	{ "rsa-4096", "openssl req -new -newkey rsa:4096" },
};

const char *planned_request(const char *kind)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(kinds) && strcmp(kinds[i].kind, kind))
		i++;
	return kinds[i].options;
}

static const char *sort_of_name(const char *name)
{
	return strchr(name, '@') ? "email" : g_hostname_is_ip_address(name) ? "IP" : "DNS";
}

char *planned_names(char *const *names)
{
	GString *s = g_string_new("subjectAltName=");

	for (size_t i = 0; names[i]; i++)
		g_string_append_printf(s, "%s%s:%s", i ? "," : "", sort_of_name(names[i]), names[i]);
	return g_string_free(s, FALSE);
}

/* "CN=a,O=b" as openssl wants it: "/CN=a/O=b". */
static char *subject_of(const char *said, const char *name)
{
	g_autofree char *text = said && *said ? g_strdup(said) : g_strconcat("CN=", name, NULL);
	GString *s = g_string_new("/");

	for (const char *c = text; *c; c++) {
		if (*c == '\\' && c[1])
			g_string_append_c(s, *++c);
		else if (*c == '/')
			g_string_append(s, "\\/");
		else
			g_string_append_c(s, *c == ',' ? '/' : *c);
	}
	return g_string_free(s, FALSE);
}

void planned_run_key(const struct op *op, struct plan *p, char *const *names, const char *key,
		     const char *csr)
{
	const char *kind = args_text(op->args, "kind", "ec-p256");
	g_autofree char *alternative = planned_names(names);
	g_autofree char *subject = subject_of(args_get(op->args, "subject"), names[0]);

	plan_run(p, planned_request(kind));
	if (args_bool(op->args, "plain"))
		g_string_append(p->line, " -nodes");
	else
		plan_environment(p, "-passout env:", PASSPHRASE, LOCKS_KEY);
	plan_option(p, "-subj", subject);
	plan_option(p, "-addext", alternative);
	plan_option(p, "-keyout", key);
	plan_option(p, "-out", csr);
}

bool planned_key(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *key = file_absolute(args_text(op->args, "key-file", ""));
	g_autofree char *csr = file_absolute(args_text(op->args, "csr-file", ""));
	g_auto(GStrv) names = args_list(op->args, "names");

	if (!names || !names[0]) {
		g_set_error(error, ERR, ERR_USAGE, "at least one name is needed");
		return false;
	}
	plan_call(p, PLAN_CHANGES, "write", csr, "the request");
	plan_call(p, PLAN_CHANGES, "write", key, "the private key, mode 0600");
	if (args_bool(op->args, "plain"))
		plan_warn(p, "the private key is written without encryption");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "files that are there already are not replaced");
	plan_not(p, "nothing is ordered: a CA has to be given the request");
	planned_run_key(op, p, names, key, csr);
	return true;
}
