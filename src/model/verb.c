/*
 * verb: the table of what can be done, with the questions that each verb asks.
 *
 * Labels and hints are read as they stand in forms, in --help and in the manual: a hint is
 * one sentence without a full stop, a verb's sentence one with an imperative.
 */
#include <certty/model/verb.h>

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define VALUE_MAX 65536	/* bytes of one answer */

/* clang-format off */

static const struct field discover_fields[] = {
	{ "folders",  FIELD_LIST, "Folders",  false, NULL,  NULL,
	  "folders to walk; the usual and the configured ones when nothing is named" },
	{ "hosts",    FIELD_LIST, "Hosts",    false, NULL,  NULL,
	  "host names or addresses to ask; this machine's own when nothing is named" },
	{ "networks", FIELD_LIST, "Networks", false, NULL,  NULL,
	  "networks whose every address is asked, as in 10.1.2.0/24; none unless named" },
	{ "ports",    FIELD_LIST, "Ports",    false, NULL,  NULL,
	  "TCP ports to ask; the usual TLS ports when nothing is named" },
	{ NULL }
};

static const struct field store_add_fields[] = {
	{ "address", FIELD_TEXT,   "Address", true,  NULL, NULL,
	  "a folder, a keystore file, or host:port" },
	{ "type",    FIELD_CHOICE, "Type",    false, NULL, "folder keystore endpoint",
	  "what it is; found out from the address when nothing is said" },
	{ "title",   FIELD_TEXT,   "Title",   false, NULL, NULL,
	  "a short name to show; the address when nothing is said" },
	{ NULL }
};

static const struct field label_fields[] = {
	{ "container", FIELD_TEXT, "Container",     false, NULL, NULL,
	  "the one container it belongs to; - takes it out; unchanged when nothing is said" },
	{ "add",       FIELD_LIST, "Add labels",    false, NULL, NULL,
	  "labels to put on, separated by commas" },
	{ "remove",    FIELD_LIST, "Remove labels", false, NULL, NULL,
	  "labels to take off, separated by commas" },
	{ NULL }
};

static const struct field import_fields[] = {
	{ "file",           FIELD_FILE_IN, "File",           true,  NULL, NULL,
	  "PEM, DER, PKCS#7 or PKCS#12" },
	{ "name",           FIELD_TEXT,    "Name",           false, NULL, NULL,
	  "name of the new file or alias; from the certificate when nothing is said" },
	{ "key",            FIELD_CHOICE,  "Private key",    false, "encrypted", "encrypted plain no",
	  "keep it encrypted, keep it plain with mode 0600, or leave it out" },
	{ "passphrase",     FIELD_SECRET,  "Passphrase",     false, NULL, NULL,
	  "opens the file, when it is encrypted" },
	{ "new-passphrase", FIELD_SECRET,  "New passphrase", false, NULL, NULL,
	  "encrypts the key here; the store's own when nothing is said" },
	{ "replace",        FIELD_BOOL,    "Replace",        false, "no", NULL,
	  "replace what has that name already" },
	{ NULL }
};

static const struct field remove_fields[] = {
	{ "store", FIELD_TEXT, "Store", false, NULL, NULL,
	  "the store to remove it from; needed when it is in several places" },
	{ NULL }
};

static const struct field export_fields[] = {
	{ "format",     FIELD_CHOICE,   "Format",           false, "pem", "pem chain der pkcs12 pkcs7",
	  "chain is PEM with the issuers, nearest first" },
	{ "file",       FIELD_FILE_OUT, "File",             true,  NULL, NULL,
	  "where to write it" },
	{ "with-key",   FIELD_BOOL,     "With private key", false, "no", NULL,
	  "put the private key in as well, encrypted with the passphrase" },
	{ "passphrase", FIELD_SECRET,   "Passphrase",       false, NULL, NULL,
	  "encrypts the file; needed with the private key" },
	{ "replace",    FIELD_BOOL,     "Replace",          false, "no", NULL,
	  "replace a file that is there already" },
	{ NULL }
};

static const struct field key_fields[] = {
	{ "names",      FIELD_LIST,     "Names",           true,  NULL, NULL,
	  "host names, addresses or e-mail addresses that the certificate is for" },
	{ "subject",    FIELD_TEXT,     "Subject",         false, NULL, NULL,
	  "as in CN=www.example.org,O=Example; the first name when nothing is said" },
	{ "kind",       FIELD_CHOICE,   "Key kind",        false, "ec-p256",
	  "ec-p256 ec-p384 ed25519 rsa-2048 rsa-3072 rsa-4096",
	  "algorithm and size of the new key" },
	{ "key-file",   FIELD_FILE_OUT, "Key file",        true,  NULL, NULL,
	  "where to write the private key, mode 0600" },
	{ "csr-file",   FIELD_FILE_OUT, "CSR file",        true,  NULL, NULL,
	  "where to write the request that a CA signs" },
	{ "passphrase", FIELD_SECRET,   "Passphrase",      false, NULL, NULL,
	  "encrypts the private key; needed unless it stays unencrypted" },
	{ "plain",      FIELD_BOOL,     "Unencrypted key", false, "no", NULL,
	  "write the private key without encryption, for a service that starts alone" },
	{ "replace",    FIELD_BOOL,     "Replace",         false, "no", NULL,
	  "replace files that are there already" },
	{ NULL }
};

static const struct field approve_fields[] = {
	{ "profile",    FIELD_CHOICE, "Profile",    false, "server", "server client server+client sub-ca",
	  "what the certificate may be used for" },
	{ "validity",   FIELD_SPAN,   "Validity",   false, "90d", NULL,
	  "how long it is valid, as in 90d; never longer than the CA itself" },
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "opens the CA's key; from the keyring when nothing is said" },
	{ "digest",     FIELD_TEXT,   "Digest",     false, NULL, NULL,
	  "SHA-256 of the request as it was looked at; refused when it is another one by now" },
	{ NULL }
};

static const struct field deny_fields[] = {
	{ "reason", FIELD_TEXT, "Reason", true, NULL, NULL,
	  "why; kept with the request and in the journal" },
	{ NULL }
};

static const struct field passphrase_fields[] = {
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "opens the store; kept in the keyring, or until certty ends where there is none" },
	{ "forget",     FIELD_BOOL,   "Forget",     false, "no", NULL,
	  "take the passphrase out of the keyring instead" },
	{ NULL }
};

static const struct field unlock_fields[] = {
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "the keyring's own; a new one where there is no keyring yet" },
	{ NULL }
};

static const struct field notify_fields[] = {
	{ "dry-run", FIELD_BOOL, "Dry run", false, "no", NULL,
	  "say what would be sent, and send nothing" },
	{ NULL }
};

const struct verb verb_table[VERB_COUNT] = {
	{ VERB_REFRESH,    "refresh",    KIND_STORES,
	  .many = true, .no_target = true,
	  .sentence = "Read stores again; all of them when none is named" },
	{ VERB_SHOW,       "show",       KIND_CERTS,
	  .sentence = "Show everything about one thing" },
	{ VERB_DISCOVER,   "discover",   KIND_DISCOVERY,
	  .no_target = true, .fields = discover_fields,
	  .sentence = "Look for stores that are not known yet" },
	{ VERB_ACCEPT,     "accept",     KIND_DISCOVERY,
	  .many = true, .changes = true,
	  .sentence = "Make what discovery found a store" },
	{ VERB_IGNORE,     "ignore",     KIND_DISCOVERY,
	  .many = true, .changes = true,
	  .sentence = "Leave what discovery found out from now on" },
	{ VERB_STORE_ADD,  "store-add",  KIND_STORES,
	  .no_target = true, .changes = true, .fields = store_add_fields,
	  .sentence = "Add a store: a folder, a keystore file or an endpoint" },
	{ VERB_STORE_DROP, "store-drop", KIND_STORES,
	  .many = true, .changes = true, .dangerous = true,
	  .sentence = "Forget a store; nothing in it is touched" },
	{ VERB_LABEL,      "label",      KIND_STORES,
	  .many = true, .changes = true, .fields = label_fields,
	  .sentence = "Set the labels and the container of stores" },
	{ VERB_IMPORT,     "add",        KIND_STORES,
	  .changes = true, .fields = import_fields,
	  .sentence = "Add a certificate from a file to a store" },
	{ VERB_REMOVE,     "remove",     KIND_CERTS,
	  .many = true, .changes = true, .dangerous = true, .fields = remove_fields,
	  .sentence = "Remove a certificate from a store" },
	{ VERB_EXPORT,     "export",     KIND_CERTS,
	  .many = true, .changes = true, .fields = export_fields,
	  .sentence = "Write a certificate to a file" },
	{ VERB_KEY,        "key",        KIND_REQUESTS,
	  .no_target = true, .changes = true, .fields = key_fields,
	  .sentence = "Make a private key and a request that a CA can sign" },
	{ VERB_APPROVE,    "approve",    KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true, .fields = approve_fields,
	  .sentence = "Approve a request: sign the certificate it asks for" },
	{ VERB_DENY,       "deny",       KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true, .fields = deny_fields,
	  .sentence = "Deny a request, with a reason" },
	{ VERB_PASSPHRASE, "passphrase", KIND_STORES,
	  .changes = true, .fields = passphrase_fields,
	  .sentence = "Keep or forget the passphrase of a store" },
	{ VERB_UNLOCK,     "unlock",     KIND_ACCOUNTS,
	  .no_target = true, .changes = true, .fields = unlock_fields,
	  .sentence = "Unlock the keyring that passphrases are kept in" },
	{ VERB_NOTIFY,     "notify",     KIND_JOBS,
	  .no_target = true, .fields = notify_fields,
	  .sentence = "Send the notices that are due, each once" },
	{ VERB_CANCEL,     "cancel",     KIND_JOBS,
	  .many = true,
	  .sentence = "Stop a job" },
};

/* clang-format on */

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(verb_table[i].name, name))
			return &verb_table[i];
	return NULL;
}

/* ---- answers ---- */

/* What is wrong with a value, as the end of a sentence; NULL: nothing. */
typedef const char *wrong_fn(const struct field *f, const char *value);

static const char *wrong_text(const struct field *f, const char *value)
{
	if (!g_utf8_validate(value, -1, NULL))
		return "is not UTF-8 text";
	for (const char *c = value; *c; c++)
		if (g_ascii_iscntrl(*c))
			return "holds a control character";
	return NULL;
}

static const char *wrong_file(const struct field *f, const char *value)
{
	return *value ? NULL : "is an empty path";
}

static const char *wrong_number(const struct field *f, const char *value)
{
	if (g_ascii_string_to_signed(value, 10, G_MININT64, G_MAXINT64, NULL, NULL))
		return NULL;
	return "is not a whole number";
}

static const char *wrong_bool(const struct field *f, const char *value)
{
	static const char *const words[] = { "yes", "true", "1", "no", "false", "0", NULL };

	return g_strv_contains(words, value) ? NULL : "is neither yes nor no";
}

static const char *wrong_choice(const struct field *f, const char *value)
{
	g_auto(GStrv) choices = g_strsplit(f->choices, " ", -1);

	if (g_strv_contains((const char *const *)choices, value))
		return NULL;
	return "is not one of the choices";
}

static const char *wrong_span(const struct field *f, const char *value)
{
	int64_t seconds;

	if (clock_read_span(value, &seconds) && seconds > 0)
		return NULL;
	return "is not a span of time as in 90d or 12h";
}

static wrong_fn *const wrong[] = {
	[FIELD_TEXT] = wrong_text,       [FIELD_NUMBER] = wrong_number,
	[FIELD_BOOL] = wrong_bool,       [FIELD_CHOICE] = wrong_choice,
	[FIELD_LIST] = wrong_text,       [FIELD_FILE_IN] = wrong_file,
	[FIELD_FILE_OUT] = wrong_file,   [FIELD_SPAN] = wrong_span,
};

static bool refuse_secret(const struct field *f, GError **error)
{
	g_set_error(error, ERR, ERR_USAGE, "%s is a secret and is not given as plain text",
		    f->label);
	return false;
}

bool field_check_one(const struct field *f, const char *value, GError **error)
{
	const char *what;
	g_autofree char *shown = NULL;

	if (f->kind == FIELD_SECRET)
		return refuse_secret(f, error);
	if (strlen(value) > VALUE_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "%s: more than %d bytes", f->label,
			    VALUE_MAX);
		return false;
	}
	what = wrong[f->kind](f, value);
	if (!what)
		return true;
	shown = text_harmless_dup(value, 80);
	g_set_error(error, ERR, ERR_USAGE, "%s: '%s' %s%s%s", f->label, shown, what,
		    f->choices ? ": " : "", f->choices ? f->choices : "");
	return false;
}

static const struct field *find_field(const struct field *fields, const char *key)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

static bool check_keys(const struct field *fields, char **keys, bool is_secret,
		       GError **error)
{
	for (char **key = keys; *key; key++) {
		const struct field *f = find_field(fields, *key);
		g_autofree char *shown = NULL;

		if (f && is_secret == (f->kind == FIELD_SECRET))
			continue;
		if (f && !is_secret)
			return refuse_secret(f, error);
		shown = text_harmless_dup(*key, 80);
		g_set_error(error, ERR, ERR_USAGE, "'%s' is not asked for here", shown);
		return false;
	}
	return true;
}

static bool check_answer(const struct field *f, struct args *args, GError **error)
{
	const char *value = args_get(args, f->key);
	bool has = f->kind == FIELD_SECRET ? args_secret(args, f->key) != NULL :
					     value && *value;

	if (has)
		return f->kind == FIELD_SECRET || field_check_one(f, value, error);
	if (f->needed && !f->fallback) {
		g_set_error(error, ERR, ERR_USAGE, "%s is needed: %s", f->label, f->hint);
		return false;
	}
	args_set(args, f->key, f->fallback);	/* an empty answer is none */
	return true;
}

bool field_check(const struct field *fields, struct args *args, GError **error)
{
	g_auto(GStrv) plain = args_keys(args);
	g_auto(GStrv) secret = args_secret_keys(args);

	if (!check_keys(fields, plain, false, error) ||
	    !check_keys(fields, secret, true, error))
		return false;
	for (const struct field *f = fields; f && f->key; f++)
		if (!check_answer(f, args, error))
			return false;
	return true;
}

/* ---- commands ---- */

struct command *command_new(enum verb_id verb, const char *target)
{
	struct command *c = g_new0(struct command, 1);

	c->verb = &verb_table[verb];
	c->targets = g_ptr_array_new_with_free_func(g_free);
	if (target)
		g_ptr_array_add(c->targets, g_strdup(target));
	c->args = args_new();
	return c;
}

void command_free(struct command *c)
{
	if (!c)
		return;
	g_ptr_array_unref(c->targets);
	args_free(c->args);
	g_free(c);
}

bool command_check(const struct command *c, bool is_read_only, GError **error)
{
	const struct verb *v = c->verb;
	guint n = c->targets->len;

	if (v->changes && is_read_only)
		g_set_error(error, ERR, ERR_REFUSED, "read-only: %s is refused", v->name);
	else if (n && v->no_target && !v->many)
		g_set_error(error, ERR, ERR_USAGE, "%s takes no target", v->name);
	else if (n > 1 && !v->many)
		g_set_error(error, ERR, ERR_USAGE, "%s takes one at a time", v->name);
	else if (!n && !v->no_target)
		g_set_error(error, ERR, ERR_USAGE, "%s needs to be told what", v->name);
	else
		return !v->fields || field_check(v->fields, c->args, error);
	return false;
}
