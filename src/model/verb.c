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
#include <certty/model/account.h>
#include <certty/model/approval.h>
#include <certty/model/store.h>

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
	  "a folder, a keystore file, host:port, or a vault of Azure: its resource id or "
	  "subscription:group:vault" },
	{ "type",    FIELD_CHOICE, "Type",    false, NULL, "folder keystore endpoint keyvault",
	  "what it is; found out from the address when nothing is said" },
	{ "title",   FIELD_TEXT,   "Title",   false, NULL, NULL,
	  "a short name to show; the address when nothing is said" },
	{ "through", FIELD_TEXT,   "Through", false, NULL, NULL,
	  "the account that reads it, where it is in a cloud; the only one that can when empty" },
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
	{ "store", FIELD_STORE, "Store", false, NULL, NULL,
	  "the store to remove it from; needed when it is in several places" },
	{ NULL }
};

#define PLACE \
	{ "store", FIELD_STORE, "Store", false, NULL, NULL, \
	  "which of its places is meant; needed when it is in several" }

static const struct field export_fields[] = {
	{ "format",     FIELD_CHOICE,   "Format",           false, "pem", "pem chain der pkcs12 pkcs7",
	  "chain is PEM with the issuers, nearest first" },
	{ "file",       FIELD_FILE_OUT, "File",             true,  NULL, NULL,
	  "where to write it" },
	{ "with-key",   FIELD_BOOL,     "With private key", false, "no", NULL,
	  "put the private key in as well, encrypted with the passphrase" },
	{ "passphrase", FIELD_SECRET,   "Passphrase",       false, NULL, NULL,
	  "encrypts the file; needed with the private key" },
	{ "charge",     FIELD_BOOL,     "Accept charge",    false, "no", NULL,
	  "take the key out also where the service charges for it" },
	PLACE,
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
	  "opens the CA's key, or the one that is deployed; as it is kept when nothing is said" },
	{ "digest",     FIELD_TEXT,   "Digest",     false, NULL, NULL,
	  "SHA-256 of the request as it was looked at; refused when it is another one by now" },
	{ "accept",     FIELD_TEXT,   "Accept",     false, NULL, NULL,
	  "the warnings of the request, word for word, as it is refused with when they are not accepted" },
	{ NULL }
};

static const struct field deny_fields[] = {
	{ "reason", FIELD_TEXT, "Reason", true, NULL, NULL,
	  "why; kept with the request and in the journal" },
	{ NULL }
};

static const struct field countersign_fields[] = {
	{ "digest", FIELD_TEXT, "Digest", false, NULL, NULL,
	  "SHA-256 of the ticket as it was looked at; needed when it comes with warnings" },
	{ NULL }
};

static const struct field passphrase_fields[] = {
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "opens the store; kept in the keyring or the file, or until certty ends where there is none" },
	{ "forget",     FIELD_BOOL,   "Forget",     false, "no", NULL,
	  "forget the passphrase instead, here and where it is kept" },
	{ NULL }
};

static const struct field unlock_fields[] = {
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "the keyring's or the file's own; a new one where there is none yet" },
	{ "what",       FIELD_CHOICE, "What",       false, "auto", "auto keyring file",
	  "the keyring of the desktop or certty's encrypted file; auto takes what is locked" },
	{ NULL }
};

#define KEEP \
	{ "keep", FIELD_CHOICE, "Keep secrets", false, "auto", "auto keyring file memory", \
	  "where secrets are kept; auto takes the keyring where there is one, else asks" }
#define TRY \
	{ "untested", FIELD_BOOL, "Untested", false, "no", NULL, \
	  "keep it without asking the server first who we are" }

#define CODE \
	{ "code", FIELD_SECRET, "One-time code", false, NULL, NULL, \
	  "from your device, when the account wants one" }

static const struct field account_add_fields[] = {
	{ "provider",    FIELD_TEXT,    "Provider",    false, NULL, NULL,
	  "what it is an account of; found out where a file is read" },
	{ "name",        FIELD_TEXT,    "Name",        true,  NULL, NULL,
	  "what you call it: letters, digits, and any of . _ : @ -" },
	{ "title",       FIELD_TEXT,    "Title",       false, NULL, NULL,
	  "a few words to show; the name when nothing is said" },
	KEEP,
	TRY,
	{ "only-test",   FIELD_BOOL,    "Only test",   false, "no", NULL,
	  "test the connection and keep nothing" },
	{ "read",        FIELD_FILE_IN, "Read from",   false, NULL, NULL,
	  "a file that another tool keeps its credentials in, to take answers from" },
	{ "remove-file", FIELD_BOOL,    "Remove file", false, "no", NULL,
	  "remove that file when the account, with its secrets, is kept" },
	CODE,
	{ NULL }
};

static const struct field account_edit_fields[] = {
	{ "title", FIELD_TEXT, "Title", false, NULL, NULL,
	  "a few words to show" },
	{ "keep",  FIELD_CHOICE, "Keep secrets", false, "as-is", "as-is keyring file memory",
	  "move its secrets there" },
	TRY,
	CODE,
	{ NULL }
};

static const struct field account_test_fields[] = {
	CODE,
	{ NULL }
};

static const struct field account_rotate_fields[] = {
	TRY,
	CODE,
	{ NULL }
};

static const struct field account_rename_fields[] = {
	{ "name", FIELD_TEXT, "New name", true, NULL, NULL,
	  "letters, digits, and any of . _ : @ -" },
	{ NULL }
};

static const struct field defaults_fields[] = {
	{ "name",  FIELD_TEXT, "Name",  true,  NULL, NULL,
	  "what you call the set" },
	{ "key",   FIELD_TEXT, "Key",   false, NULL, NULL,
	  "the answer that it stands in for, as in contact-phone or validity" },
	{ "value", FIELD_TEXT, "Value", false, NULL, NULL,
	  "its value; taken out when empty" },
	{ "drop",  FIELD_BOOL, "Drop",  false, "no", NULL,
	  "forget the whole set" },
	{ NULL }
};

static const struct field order_fields[] = {
	{ "names", FIELD_LIST, "Names", true, NULL, NULL,
	  "DNS names that the certificate is for, the main one first" },
	{ NULL }
};

static const struct field resend_fields[] = {
	{ "names",  FIELD_LIST, "Names",  false, NULL, NULL,
	  "whose mails are sent again; all that wait when nothing is said" },
	{ "domain", FIELD_TEXT, "Domain", false, NULL, NULL,
	  "to whose mailboxes: the name itself or a domain above it; as before when nothing is said" },
	{ NULL }
};

static const struct field deploy_fields[] = {
	{ "to",         FIELD_STORES, "To",           true,  NULL, NULL,
	  "the stores to put it into" },
	{ "from",       FIELD_STORE,  "From",         false, NULL, "folder keystore repository acm kv command",
	  "where certificate and key are taken from; where its key is when nothing is said" },
	{ "charge",     FIELD_BOOL,   "Accept charge", false, "no", NULL,
	  "take the key out also where the service charges for it", NULL, NULL, true },
	{ "replace",    FIELD_CHOICE, "Replace",      false, "same", "same new",
	  "take the place of the same one there (equal names and key), or always make a new one" },
	{ "redeploy",   FIELD_CHOICE, "On renewal",   false, "off", "off propose automatic",
	  "when a newer one of the same names is kept: do nothing, propose it, or deploy it" },
	{ "name",       FIELD_TEXT,   "Name",         false, NULL, NULL,
	  "its name there, where the store has names; from the certificate when nothing is said" },
	{ "passphrase", FIELD_SECRET, "Passphrase",   false, NULL, NULL,
	  "opens its key; as it is kept when nothing is said" },
	{ NULL }
};

static const struct field redeploy_fields[] = {
	{ "passphrase", FIELD_SECRET, "Passphrase",   false, NULL, NULL,
	  "opens its key; as it is kept when nothing is said" },
	{ NULL }
};

static const struct field deploy_mode_fields[] = {
	{ "redeploy", FIELD_CHOICE, "On renewal", true, NULL, "off propose automatic",
	  "when a newer one of the same names is kept: do nothing, propose it, or deploy it" },
	{ NULL }
};

static const struct field renew_fields[] = {
	{ "charge", FIELD_BOOL, "Accept charge", false, "no", NULL,
	  "renew it also where the service charges for it" },
	{ "accept", FIELD_TEXT, "Accept", false, NULL, NULL,
	  "the warnings of its proposal, word for word, as it is refused with when they are not accepted" },
	PLACE,
	{ "passphrase",     FIELD_SECRET, "CA's passphrase", false, NULL, NULL,
	  "opens the key of a CA on this machine; as it is kept when nothing is said" },
	{ "new-passphrase", FIELD_SECRET, "New passphrase",  false, NULL, NULL,
	  "encrypts the new key, where the old one is encrypted; the store's own when nothing is said" },
	{ "issuer",         FIELD_STORE,  "Issuer",          false, NULL, "ca private-ca pki command scm",
	  "of a key that is made at Akamai: who signs for the new one, which then goes on its way there" },
	{ "issuer-answers", FIELD_LIST,   "Issuer's answers", false, NULL, NULL,
	  "what that one asks for an enrolment, as in role=web,validity=90d", NULL, NULL, true },
	{ NULL }
};

static const struct field revoke_fields[] = {
	{ "reason", FIELD_CHOICE, "Reason", true, NULL,
	  "unspecified key-compromise affiliation-changed superseded cessation-of-operation "
	  "privilege-withdrawn",
	  "why, as the revocation list will say" },
	{ "comment", FIELD_TEXT, "Comment", false, NULL, NULL,
	  "kept with the revocation; Keyfactor Command demands one, others have no place for it" },
	PLACE,
	{ NULL }
};

static const struct field tag_fields[] = {
	{ "set",    FIELD_LIST, "Set tags",    false, NULL, NULL,
	  "as in env=prod, separated by commas; one of the same key gets the new value" },
	{ "remove", FIELD_LIST, "Remove tags", false, NULL, NULL,
	  "keys, separated by commas" },
	PLACE,
	{ NULL }
};

static const struct field forget_fields[] = {
	{ "store", FIELD_STORE, "Store", false, NULL, NULL,
	  "which of its places is meant; all of them when nothing is said" },
	{ "back",  FIELD_BOOL,  "Back",  false, "no", NULL,
	  "show again what was left out of that store" },
	{ NULL }
};

static const struct field run_fields[] = {
	{ "due",     FIELD_BOOL, "What is due", false, "no", NULL,
	  "refresh everything, start the renewals and redeployments that are allowed to start alone, "
	  "and send notices" },
	{ "for",     FIELD_SPAN, "For",         false, "10m", NULL,
	  "how long it may take, as in 10m; what is not over by then is left" },
	{ "passphrase", FIELD_SECRET, "Passphrase", false, NULL, NULL,
	  "opens certty's encrypted file, where secrets are kept in that" },
	{ NULL }
};

static const struct field why_fields[] = {
	{ "name",        FIELD_TEXT,   "Name",    false, NULL, NULL,
	  "the host whose validation is looked at; *.example.org for a wildcard" },
	{ "record",      FIELD_TEXT,   "Record",  false, NULL, NULL,
	  "what has to be in DNS, as in '_a1.www.example.org CNAME b2.example.net'" },
	{ "ca",          FIELD_TEXT,   "CA",      false, NULL, NULL,
	  "who shall issue: amazon, letsencrypt, sectigo and the like, or a domain as CAA has it",
	  .pattern = "[A-Za-z0-9.-]+" },
	{ "account-uri", FIELD_TEXT,   "Account", false, NULL, NULL,
	  "the account at the CA, as accounturi in CAA has it" },
	{ "method",      FIELD_CHOICE, "Method",  false, NULL, "dns http tls email phone",
	  "how control is shown; by DNS when there is a record" },
	{ "http",        FIELD_TEXT,   "Token",   false, NULL, NULL,
	  "a path on the host and the token that is to be fetched there, as in '/.well-known/a b'",
	  .pattern = "/[!-~]*( [ -~]*)?" },
	{ NULL }
};

static const struct field served_fields[] = {
	{ "sites",       FIELD_LIST,    "Sites",   false, NULL, NULL,
	  "names that clients use, as in www.example.org; NAME@HOST:PORT asks for NAME at another place" },
	{ "file",        FIELD_FILE_IN, "File",    false, NULL, NULL,
	  "a file of such names, with blanks or line ends between them; # begins a comment" },
	{ NULL }
};

static const struct field enroll_fields[] = {
	{ "names",      FIELD_LIST,     "Names",           true,  NULL, NULL,
	  "host names or addresses that the certificate is for, the main one first" },
	{ "issuer",     FIELD_STORE,    "Issuer",          false, NULL, NULL,
	  "who signs it; nobody that is known here when its request is written to a file" },
	{ "csr-file",   FIELD_FILE_OUT, "Request file",    false, NULL, NULL,
	  "where the request is written for an issuer elsewhere; supply brings back what it signs" },
	{ "to",         FIELD_STORES,   "Deploy to",       false, NULL, NULL,
	  "the stores that it is put into with its key" },
	{ "verify",     FIELD_LIST,     "Verify",          false, NULL, NULL,
	  "host:port of endpoints that are looked at in the end, whether they serve it" },
	{ "kind",       FIELD_CHOICE,   "Key kind",        false, "ec-p256",
	  "ec-p256 ec-p384 ed25519 rsa-2048 rsa-3072 rsa-4096",
	  "algorithm and size of the new key" },
	{ "subject",    FIELD_TEXT,     "Subject",         false, NULL, NULL,
	  "as in CN=www.example.org,O=Example; the first name when nothing is said",
	  NULL, NULL, true },
	{ "key-in",     FIELD_STORE,    "Key in",          false, NULL, "repository keyvault production staging",
	  "the store that the key is made in; the own repository when nothing is said",
	  NULL, NULL, true },
	{ "key-profile", FIELD_TEXT,    "Key profile",     false, NULL, NULL,
	  "where the key is made at Akamai: the NAME of [enrollment NAME] in the configuration, which says what "
	  "else an enrollment has",
	  NULL, NULL, true },
	{ "key-answers", FIELD_TEXT,    "Key answers",     false, NULL, NULL,
	  "what is other than in the key profile, as in admin-email=ada@example.org; org-city=Ansbach",
	  NULL, NULL, true },
	{ "key-of",     FIELD_TEXT,     "Key of",          false, NULL, NULL,
	  "the number of the enrollment there that gets a new key, with all else as it is; a new one when empty",
	  NULL, "[0-9]{1,18}", true },
	{ "redeploy",   FIELD_CHOICE,   "On renewal",      false, "off", "off propose automatic",
	  "when a newer one of the same names is kept: do nothing, propose it, or deploy it",
	  NULL, NULL, true },
	{ "passphrase", FIELD_SECRET,   "Passphrase",      false, NULL, NULL,
	  "encrypts the private key; that of the store as it is kept when nothing is said" },
	{ "plain",      FIELD_BOOL,     "Unencrypted key", false, "no", NULL,
	  "keep the private key without encryption, so that it goes on without a person",
	  NULL, NULL, true },
	{ NULL }
};

static const struct field supply_fields[] = {
	{ "file",       FIELD_FILE_IN,  "File",            true,  NULL, NULL,
	  "the certificate that was signed, with its issuers: PEM, DER, PKCS#7 or PKCS#12" },
	{ "passphrase", FIELD_SECRET,   "Passphrase",      false, NULL, NULL,
	  "opens its key, to deploy it; as it is kept when nothing is said" },
	{ NULL }
};

static const struct field object_add_fields[] = {
	{ "name", FIELD_TEXT, "Name", true, NULL, NULL,
	  "what it is called there" },
	{ NULL }
};

static const struct field object_state_fields[] = {
	{ "state", FIELD_CHOICE, "State",        false, "present", "present absent",
	  "whether it shall be there" },
	{ "only",  FIELD_BOOL,   "Nothing else", false, "no", NULL,
	  "of names: take away those that are not said" },
	{ "check", FIELD_BOOL,   "Only check",   false, "no", NULL,
	  "say what would be changed, and change nothing" },
	{ NULL }
};

static const struct field object_save_fields[] = {
	{ "file",    FIELD_FILE_OUT, "File",    true,  NULL, NULL,
	  "where to write it" },
	{ "replace", FIELD_BOOL,     "Replace", false, "no", NULL,
	  "replace a file that is there already" },
	{ NULL }
};

static const struct field unseal_fields[] = {
	{ "keys",  FIELD_SECRET, "Keys",  false, NULL, NULL,
	  "one key, or several with blanks or commas between them",
	  "reset=no", .takes_lines = true },
	{ "reset", FIELD_BOOL,   "Reset", false, "no", NULL,
	  "give up an unsealing that was begun: the keys given so far are dropped" },
	{ NULL }
};

static const struct field init_fields[] = {
	{ "shares",       FIELD_NUMBER,   "Keys",      false, "5", NULL,
	  "how many keys are made, one for each person", NULL, "[0-9]{1,3}" },
	{ "threshold",    FIELD_NUMBER,   "Needed",    false, "3", NULL,
	  "how many of them unseal the server", NULL, "[0-9]{1,3}" },
	{ "file",         FIELD_FILE_OUT, "Key file",  true,  NULL, NULL,
	  "where the keys and the root token are written, mode 0600; it must not be there yet" },
	{ "pgp-keys",     FIELD_LIST,     "PGP keys",  false, NULL, NULL,
	  "files of PGP public keys, one for each key, which are then encrypted to them in that order" },
	{ "root-pgp-key", FIELD_FILE_IN,  "Root's PGP key", false, NULL, NULL,
	  "file of the PGP public key that the root token is encrypted to" },
	{ NULL }
};

#define LEASES \
	{ "description", FIELD_TEXT, "Description", false, NULL, NULL, \
	  "a few words that everybody sees who lists the engines there" }, \
	{ "default-ttl", FIELD_SPAN, "Default TTL", false, NULL, NULL, \
	  "how long what it issues is valid when nobody says, as in 72h" }, \
	{ "max-ttl",     FIELD_SPAN, "Longest TTL", false, NULL, NULL, \
	  "how long it is valid at most, as in 90d" }

static const struct field mount_fields[] = {
	{ "path",        FIELD_TEXT, "Path",        true,  NULL, NULL,
	  "where it is enabled, as in pki or team/pki; nothing may be there yet", NULL, "[^\\s?#]+" },
	{ "type",        FIELD_TEXT, "Type",        false, "pki", NULL,
	  "pki, kv, or the name of a plug-in that is registered there", NULL, "[A-Za-z0-9._-]+" },
	LEASES,
	{ NULL }
};

static const struct field tune_fields[] = {
	LEASES,
	{ NULL }
};

static const struct field plugin_fields[] = {
	{ "name",    FIELD_TEXT, "Name",      true,  NULL, NULL,
	  "what it is called when an engine of it is enabled", NULL, "[A-Za-z0-9._-]+" },
	{ "sha256",  FIELD_TEXT, "SHA-256",   true,  NULL, NULL,
	  "of the program, 64 hexadecimal digits", NULL, "[0-9a-fA-F]{64}" },
	{ "command", FIELD_TEXT, "Command",   true,  NULL, NULL,
	  "name of the program in the server's folder of plug-ins", NULL, "[^/\\s]+" },
	{ "args",    FIELD_LIST, "Arguments", false, NULL, NULL,
	  "what the program is started with, separated by commas" },
	{ "release", FIELD_TEXT, "Version",   false, NULL, NULL,
	  "as in v1.5.0; none when empty", NULL, "[A-Za-z0-9.+-]+" },
	{ NULL }
};

static const struct field schedule_fields[] = {
	{ "when",  FIELD_CHOICE, "When",  true,  NULL, "now interval daily once off",
	  "now and once, again and again, every day, once at a time, or not any more" },
	{ "every", FIELD_SPAN,   "Every", false, "1h", NULL,
	  "the interval in whole minutes, as in 30m or 6h", "when=interval" },
	{ "at",    FIELD_TEXT,   "At",    false, "03:00", NULL,
	  "the time of day in UTC, as in 03:30; of what is done once with its day, as in 2030-01-31T03:30",
	  "when=daily once", "([0-9]{4}-[0-9]{2}-[0-9]{2}T)?([01][0-9]|2[0-3]):[0-5][0-9]" },
	{ NULL }
};

static const struct field reenroll_fields[] = {
	{ "subject",    FIELD_TEXT,  "Subject",          true,  NULL, NULL,
	  "as in CN=www.example.org,O=Example" },
	{ "name",       FIELD_TEXT,  "Alias",            false, NULL, NULL,
	  "its name there, where the store has names" },
	{ "replace",    FIELD_BOOL,  "Replace",          false, "no", NULL,
	  "replace what has that name already" },
	{ NULL }
};

static const struct field cert_switch_fields[] = {
	{ "version-id", FIELD_TEXT, "Version", false, NULL, NULL,
	  "which of its versions; the one that is shown here when nothing is said", NULL, "[0-9A-Za-z-]{1,64}" },
	PLACE,
	{ NULL }
};

static const struct field request_drop_fields[] = {
	{ "with-name", FIELD_BOOL, "With its name", false, "no", NULL,
	  "delete its name there as well, where no certificate ever came of it" },
	{ NULL }
};

static const struct field vault_create_fields[] = {
	{ "name",         FIELD_TEXT,   "Name",         true,  NULL, NULL,
	  "of the vault, one alone in the whole cloud; or its resource id, or subscription:group:vault" },
	{ "group",        FIELD_TEXT,   "Group",        false, NULL, NULL,
	  "the resource group that it is in, where the name does not tell it",
	  NULL, "[A-Za-z0-9_.()-]{0,89}[A-Za-z0-9_()-]" },
	{ "subscription", FIELD_TEXT,   "Subscription", false, NULL, NULL,
	  "id of the subscription that pays for it; the only one when empty" },
	{ "region",       FIELD_TEXT,   "Region",       false, "eastus", NULL,
	  "where it is; of one that has no vaults the regions are told that have", NULL, "[a-z0-9]+" },
	{ "sku",          FIELD_CHOICE, "SKU",          false, "standard", "standard premium",
	  "premium keeps keys in hardware modules too, and costs more" },
	{ "access",       FIELD_CHOICE, "Access",       false, "roles", "roles policies",
	  "whether roles or the vault's own access policies say who may do what" },
	{ "make-group",   FIELD_BOOL,   "Make group",   false, "no", NULL,
	  "make the resource group where there is none of that name" },
	{ "retention",    FIELD_NUMBER, "Days kept",    false, "90", NULL,
	  "for how many days what was deleted comes back, 7 to 90; it cannot be changed later",
	  NULL, "[7-9]|[1-8][0-9]|90", true },
	{ "purge-protection", FIELD_BOOL, "Purge protection", false, "no", NULL,
	  "nobody can delete for good before these days are over; it can never be taken away",
	  NULL, NULL, true },
	{ NULL }
};

static const struct field backup_fields[] = {
	{ "file",    FIELD_FILE_OUT, "File",    true,  NULL, NULL,
	  "where to write it, mode 0600" },
	PLACE,
	{ "replace", FIELD_BOOL,     "Replace", false, "no", NULL,
	  "replace a file that is there already" },
	{ NULL }
};

static const struct field restore_fields[] = {
	{ "file", FIELD_FILE_IN, "File", true, NULL, NULL,
	  "what backup has written" },
	{ NULL }
};

static const struct field reissue_fields[] = {
	{ "csr",    FIELD_FILE_IN, "Request", true,  NULL, NULL,
	  "the file of a certificate request (CSR); certty key makes one with a new key" },
	{ "names",  FIELD_LIST,    "Names",   false, NULL, NULL,
	  "what it is for from now on, the main one first; what the request asks for when nothing is said" },
	{ "reason", FIELD_TEXT,    "Reason",  true,  NULL, NULL,
	  "why; kept there with the certificate" },
	PLACE,
	{ NULL }
};

static const struct field request_edit_fields[] = {
	{ "names",     FIELD_LIST,   "Names",         false, NULL, NULL,
	  "DNS names that it is for, the main one first; unchanged when empty, like all that follows" },
	{ "profile",   FIELD_TEXT,   "Profile",       false, NULL, NULL,
	  "by its name or number" },
	{ "term",      FIELD_NUMBER, "Days",          false, NULL, NULL,
	  "how long it is valid, one of the profile's terms" },
	{ "requester", FIELD_LIST,   "Tell",          false, NULL, NULL,
	  "e-mail addresses of who wants it, who are told as well" },
	{ "comments",  FIELD_TEXT,   "Comments",      false, NULL, NULL,
	  "a few words for whoever approves it", NULL, ".{0,1024}" },
	{ "fields",    FIELD_LIST,   "Custom fields", false, NULL, NULL,
	  "as in Service=web, separated by commas; those that are not named stay as they are", NULL,
	  "[^=,]+=[^,]*(,\\s*[^=,]+=[^,]*)*" },
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
	  .sentence = "Add a store: a folder, a keystore file, an endpoint or a vault" },
	{ VERB_STORE_DROP, "store-drop", KIND_STORES,
	  .many = true, .changes = true, .dangerous = true,
	  .sentence = "Forget a store; nothing in it is touched" },
	{ VERB_LABEL,      "label",      KIND_STORES,
	  .many = true, .changes = true, .fields = label_fields,
	  .sentence = "Set the labels and the container of stores" },
	{ VERB_IMPORT,     "add",        KIND_STORES,
	  .changes = true, .fields = import_fields, .asks_provider = true,
	  .sentence = "Add a certificate from a file to a store" },
	{ VERB_REMOVE,     "remove",     KIND_CERTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true, .fields = remove_fields,
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
	  .sentence = "Unlock the keyring or the file that secrets are kept in" },
	{ VERB_NOTIFY,     "notify",     KIND_JOBS,
	  .no_target = true, .fields = notify_fields,
	  .sentence = "Send the notices that are due, each once" },
	{ VERB_CANCEL,     "cancel",     KIND_JOBS,
	  .many = true,
	  .sentence = "Stop a job" },
	{ VERB_ACCOUNT_ADD, "account-add", KIND_ACCOUNTS,
	  .no_target = true, .changes = true, .fields = account_add_fields, .asks_account = true,
	  .sentence = "Add an account, and keep its secrets" },
	{ VERB_ACCOUNT_EDIT, "account-edit", KIND_ACCOUNTS,
	  .changes = true, .fields = account_edit_fields, .asks_account = true,
	  .sentence = "Change an account's answers, or where its secrets are kept" },
	{ VERB_ACCOUNT_TEST, "account-test", KIND_ACCOUNTS,
	  .many = true, .fields = account_test_fields,
	  .sentence = "Sign in, and ask the server who we are" },
	{ VERB_ACCOUNT_ROTATE, "account-rotate", KIND_ACCOUNTS,
	  .changes = true, .fields = account_rotate_fields, .asks_account = true,
	  .sentence = "Replace an account's secrets; the old ones go when the new ones work" },
	{ VERB_ACCOUNT_RENAME, "account-rename", KIND_ACCOUNTS,
	  .changes = true, .fields = account_rename_fields,
	  .sentence = "Give an account another name" },
	{ VERB_ACCOUNT_DISABLE, "account-disable", KIND_ACCOUNTS,
	  .many = true, .changes = true,
	  .sentence = "Leave accounts alone until they are enabled again" },
	{ VERB_ACCOUNT_ENABLE, "account-enable", KIND_ACCOUNTS,
	  .many = true, .changes = true,
	  .sentence = "Use accounts again that were disabled" },
	{ VERB_ACCOUNT_DROP, "account-drop", KIND_ACCOUNTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true,
	  .sentence = "Forget accounts, their secrets and what is known of their stores" },
	{ VERB_ACCOUNT_RULE, "account-rule", KIND_ACCOUNTS,
	  .changes = true, .dangerous = true, .typed = true, .asks_person = true,
	  .harmless = "approve=off", .fields = approval_fields,
	  .sentence = "Say what an account approves by itself, under a rule, or that it does not" },
	{ VERB_DEFAULTS, "defaults", KIND_ACCOUNTS,
	  .no_target = true, .changes = true, .fields = defaults_fields,
	  .sentence = "Set a default value in a named set of them" },
	{ VERB_DOCTOR, "doctor", KIND_ACCOUNTS,
	  .no_target = true,
	  .sentence = "Say what works here, and what is wrong and what to do" },
	{ VERB_ACCOUNT_STORES, "account-stores", KIND_ACCOUNTS,
	  .many = true,
	  .sentence = "Look for the stores that accounts have" },
	{ VERB_ORDER, "order", KIND_STORES,
	  .changes = true, .dangerous = true, .fields = order_fields, .asks_provider = true,
	  .sentence = "Order a certificate from the service behind a store" },
	{ VERB_SYNC, "sync", KIND_REQUESTS,
	  .many = true,
	  .sentence = "Ask again how requests stand, and look for their records in DNS" },
	{ VERB_PUBLISH, "publish", KIND_REQUESTS,
	  .many = true, .changes = true,
	  .sentence = "Put the DNS records that requests wait for into their zones" },
	{ VERB_UNPUBLISH, "unpublish", KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true,
	  .sentence = "Take DNS records of ended requests out of their zones, if certty put them there" },
	{ VERB_RESEND, "resend", KIND_REQUESTS,
	  .many = true, .changes = true, .fields = resend_fields,
	  .sentence = "Send the validation mails of requests again" },
	{ VERB_WITHDRAW, "withdraw", KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true,
	  .sentence = "Withdraw requests where they were made" },
	{ VERB_DISMISS, "dismiss", KIND_REQUESTS,
	  .many = true, .changes = true,
	  .sentence = "Forget requests here; nothing is touched where they were made" },
	{ VERB_DEPLOY, "deploy", KIND_CERTS,
	  .changes = true, .dangerous = true, .fields = deploy_fields,
	  .sentence = "Put a certificate with its key into other stores" },
	{ VERB_REDEPLOY, "redeploy", KIND_DEPLOYS,
	  .many = true, .changes = true, .dangerous = true, .fields = redeploy_fields,
	  .sentence = "Deploy the newest certificate of the same names again" },
	{ VERB_DEPLOY_MODE, "deploy-mode", KIND_DEPLOYS,
	  .many = true, .changes = true, .fields = deploy_mode_fields,
	  .sentence = "Say what happens to deployments when a certificate is renewed" },
	{ VERB_DEPLOY_DROP, "deploy-drop", KIND_DEPLOYS,
	  .many = true, .changes = true,
	  .sentence = "Forget deployments; nothing is touched where they are" },
	{ VERB_RENEW, "renew", KIND_CERTS,
	  .many = true, .changes = true, .dangerous = true, .fields = renew_fields,
	  .sentence = "Have certificates renewed by the service or the CA that issued them" },
	{ VERB_REVOKE, "revoke", KIND_CERTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true, .fields = revoke_fields,
	  .sentence = "Revoke certificates, which cannot be undone" },
	{ VERB_TAG, "tag", KIND_CERTS,
	  .many = true, .changes = true, .fields = tag_fields,
	  .sentence = "Set and remove the tags of certificates where they are" },
	{ VERB_FORGET, "forget", KIND_CERTS,
	  .many = true, .no_target = true, .changes = true, .fields = forget_fields,
	  .sentence = "Leave certificates out of the lists here; nothing is touched where they are" },
	{ VERB_RUN,        "run",        KIND_JOBS,
	  .no_target = true, .begins = true, .fields = run_fields,
	  .sentence = "Do once what is due and needs no person, for a timer or cron" },
	{ VERB_WHY, "why", KIND_REQUESTS,
	  .many = true, .no_target = true, .fields = why_fields,
	  .sentence = "Say what stands in the way of a request's or a host's validation" },
	{ VERB_SERVED, "served", KIND_DOMAINS,
	  .no_target = true, .fields = served_fields,
	  .sentence = "Say what sites really serve, and whether it is what it should be" },
	{ VERB_COUNTERSIGN, "countersign", KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true, .fields = countersign_fields,
	  .sentence = "Countersign what another person asks for, as the second person" },
	{ VERB_ENROLL, "enroll", KIND_REQUESTS,
	  .no_target = true, .changes = true, .dangerous = true, .fields = enroll_fields,
	  .asks_provider = true, .asks_by = "issuer",
	  .sentence = "Make a key here, have an issuer elsewhere sign it, then deploy and verify it" },
	{ VERB_SUPPLY, "supply", KIND_REQUESTS,
	  .changes = true, .fields = supply_fields,
	  .sentence = "Bring in what an issuer elsewhere has signed for a request" },
	{ VERB_OBJECT_ADD, "object-add", KIND_STORES,
	  .changes = true, .fields = object_add_fields, .asks_provider = true,
	  .sentence = "Make what a service keeps beside certificates: a role and the like" },
	{ VERB_OBJECT_EDIT, "object-edit", KIND_OBJECTS,
	  .changes = true, .dangerous = true, .asks_provider = true, .edits = true,
	  .sentence = "Change a role or the like; what is not said stays as it is" },
	{ VERB_OBJECT_DROP, "object-drop", KIND_OBJECTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true,
	  .sentence = "Delete roles and the like where they are" },
	{ VERB_OBJECT_RESET, "object-reset", KIND_OBJECTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true,
	  .sentence = "Make agents and the like new again where they are: what they have goes" },
	{ VERB_OBJECT_SAVE, "object-save", KIND_OBJECTS,
	  .changes = true, .fields = object_save_fields, .asks_provider = true,
	  .sentence = "Write what is there to a file" },
	{ VERB_OBJECT_APPROVE, "object-approve", KIND_OBJECTS,
	  .many = true, .changes = true, .dangerous = true, .asks_provider = true,
	  .sentence = "Approve what was found, so that it is looked after from then on" },
	{ VERB_OBJECT_HISTORY, "object-history", KIND_OBJECTS,
	  .sentence = "Read what happened to something where it is: who changed what, when" },
	{ VERB_RESTART, "restart", KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true,
	  .sentence = "Restart workflows that failed, or hang, where they run" },
	{ VERB_UNSEAL, "unseal", KIND_ACCOUNTS,
	  .changes = true, .no_sign_in = true, .fields = unseal_fields,
	  .sentence = "Give a sealed server keys that unseal it" },
	{ VERB_INIT, "init", KIND_ACCOUNTS,
	  .changes = true, .dangerous = true, .no_sign_in = true, .fields = init_fields,
	  .sentence = "Initialise a new server, and write down the keys that unseal it" },
	{ VERB_MOUNT, "mount", KIND_ACCOUNTS,
	  .changes = true, .dangerous = true, .fields = mount_fields,
	  .sentence = "Enable an engine of a server at a path" },
	{ VERB_TUNE, "tune", KIND_STORES,
	  .changes = true, .dangerous = true, .fields = tune_fields,
	  .sentence = "Change the description and the lives of what an engine issues" },
	{ VERB_PLUGIN, "plugin", KIND_ACCOUNTS,
	  .changes = true, .dangerous = true, .fields = plugin_fields,
	  .sentence = "Register a plug-in that lies on a server, by its SHA-256" },
	{ VERB_ENGINE_CONFIG, "engine-config", KIND_STORES,
	  .changes = true, .dangerous = true, .asks_provider = true,
	  .sentence = "Change how an engine reaches its service, or write down what it hides" },
	{ VERB_SCHEDULE, "schedule", KIND_STORES,
	  .many = true, .changes = true, .fields = schedule_fields, .asks_provider = true,
	  .sentence = "Say when an agent takes inventory of stores: now, again and again, or not" },
	{ VERB_REENROLL, "reenroll", KIND_STORES,
	  .changes = true, .dangerous = true, .fields = reenroll_fields, .asks_provider = true,
	  .sentence = "Have an agent make a key in a store, and a certificate for it" },
	{ VERB_RECOVER, "recover", KIND_OBJECTS,
	  .many = true, .changes = true,
	  .sentence = "Bring back what was deleted where it is kept for a while" },
	{ VERB_PURGE, "purge", KIND_OBJECTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true,
	  .sentence = "Delete for good what was deleted and could still come back" },
	{ VERB_CERT_ENABLE, "cert-enable", KIND_CERTS,
	  .many = true, .changes = true, .fields = cert_switch_fields,
	  .sentence = "Let certificates be used again that were disabled where they are" },
	{ VERB_CERT_DISABLE, "cert-disable", KIND_CERTS,
	  .many = true, .changes = true, .dangerous = true, .fields = cert_switch_fields,
	  .sentence = "Have certificates and their keys given to nobody until they are enabled" },
	{ VERB_REQUEST_DROP, "request-drop", KIND_REQUESTS,
	  .many = true, .changes = true, .dangerous = true, .typed = true, .fields = request_drop_fields,
	  .sentence = "Delete requests where they were made, whatever came of them" },
	{ VERB_VAULT_CREATE, "vault-create", KIND_ACCOUNTS,
	  .changes = true, .dangerous = true, .fields = vault_create_fields,
	  .sentence = "Make a vault in a cloud, open it to this account, and add it as a store" },
	{ VERB_BACKUP, "backup", KIND_CERTS,
	  .changes = true, .fields = backup_fields,
	  .sentence = "Write all versions of a certificate, as its service encrypts them, to a file" },
	{ VERB_RESTORE, "restore", KIND_STORES,
	  .changes = true, .dangerous = true, .fields = restore_fields,
	  .sentence = "Put a certificate back from a file that backup has written" },
	{ VERB_VALIDATE, "validate", KIND_OBJECTS,
	  .many = true, .changes = true, .asks_provider = true,
	  .sentence = "Have control of domains validated: by a record, a file or a mail" },
	{ VERB_OBJECT_STATE, "object-state", KIND_STORES,
	  .changes = true, .dangerous = true, .looks = "check", .fields = object_state_fields,
	  .asks_provider = true,
	  .sentence = "Bring what a service keeps beside certificates to a state, for automation" },
	{ VERB_REISSUE, "reissue", KIND_CERTS,
	  .changes = true, .dangerous = true, .fields = reissue_fields,
	  .sentence = "Have a certificate issued anew in its place, for another key or other names" },
	{ VERB_REQUEST_EDIT, "request-edit", KIND_REQUESTS,
	  .changes = true, .dangerous = true, .fields = request_edit_fields,
	  .sentence = "Change what an order asks for where it was made, before it is approved" },
	{ VERB_HISTORY, "history", KIND_CERTS,
	  .sentence = "Read what was done to a certificate where it is: by whom, when" },
};

/* clang-format on */

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(verb_table[i].name, name))
			return &verb_table[i];
	return NULL;
}

bool verb_changes(const struct verb *v, const struct args *args)
{
	return v->changes && !(v->looks && args_bool(args, v->looks));
}

bool verb_has_plan(const struct verb *v)
{
	return v->changes || v->begins;
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
	[FIELD_STORE] = wrong_text,      [FIELD_STORES] = wrong_text,
};

static bool refuse_secret(const struct field *f, GError **error)
{
	g_set_error(error, ERR, ERR_USAGE, "%s is a secret and is not given as plain text",
		    f->label);
	return false;
}

static bool fits_pattern(const struct field *f, const char *value)
{
	g_autofree char *whole = f->pattern ? g_strdup_printf("\\A(?:%s)\\z", f->pattern) : NULL;

	return !whole || g_regex_match_simple(whole, value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

bool field_check_one(const struct field *f, const char *value, GError **error)
{
	const char *what, *told;
	g_autofree char *shown = NULL;

	if (f->kind == FIELD_SECRET)
		return refuse_secret(f, error);
	if (strlen(value) > VALUE_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "%s: more than %d bytes", f->label,
			    VALUE_MAX);
		return false;
	}
	what = wrong[f->kind](f, value);
	if (!what && !fits_pattern(f, value))
		what = "does not fit";
	if (!what)
		return true;
	shown = text_harmless_dup(value, 80);
	told = f->kind == FIELD_CHOICE ? f->choices : f->pattern ? f->hint : NULL;
	g_set_error(error, ERR, ERR_USAGE, "%s: '%s' %s%s%s", f->label, shown, what,
		    told ? ": " : "", told ? told : "");
	return false;
}

bool field_takes_store(const struct field *f, const struct store *s)
{
	g_auto(GStrv) types = f->choices ? g_strsplit(f->choices, " ", -1) : NULL;

	return types ? g_strv_contains((const char *const *)types, s->type) : s->is_writable;
}

const struct field *field_find(const struct field *fields, const char *key)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

char *field_command_key(const struct field *f)
{
	return g_strconcat(f->key, "-command", NULL);
}

char *field_account_option(const char *key)
{
	static const char *const taken[] = { "config", "read-only", NULL };

	return g_strconcat(g_strv_contains(taken, key) ? "account-" : "", key, NULL);
}

static bool is_so(const char *when, const struct field *fields, const struct args *args)
{
	const char *equals = when ? strchr(when, '=') : NULL;
	g_autofree char *key = equals ? g_strndup(when, (gsize)(equals - when)) : NULL;
	const struct field *other = key ? field_find(fields, key) : NULL;
	g_auto(GStrv) values = equals ? g_strsplit(equals + 1, " ", -1) : NULL;
	const char *answer = key ? args_get(args, key) : NULL;

	if (!equals)
		return true;
	if ((!answer || !*answer) && other)
		answer = other->fallback;
	if (other && !field_is_asked(other, fields, args))
		return false;
	return answer && g_strv_contains((const char *const *)values, answer);
}

bool field_is_asked(const struct field *f, const struct field *fields, const struct args *args)
{
	return is_so(f->when, fields, args);
}

bool field_has_parts(const struct field *f, const struct field *fields, const struct args *args)
{
	return f->parts && is_so(f->parts_when, fields, args);
}

/* The secret that this key answers by a command, or NULL. */
static const struct field *secret_of_command(const struct field *fields, const char *key)
{
	g_autofree char *secret = g_str_has_suffix(key, "-command") ?
		g_strndup(key, strlen(key) - strlen("-command")) : NULL;
	const struct field *f = secret ? field_find(fields, secret) : NULL;

	return f && f->kind == FIELD_SECRET ? f : NULL;
}

/* Questions may stand in several tables: a verb's own, a provider's, those of all accounts. */
#define TABLES_MAX 3
typedef const struct field *tables[TABLES_MAX + 1];	/* ends with NULL */

static const struct field *find_in(const struct field *const *all, const char *key)
{
	const struct field *f = NULL;

	for (; *all && !f; all++)
		f = field_find(*all, key);
	return f;
}

static bool is_command_of_secret(const struct field *const *all, const char *key)
{
	for (; *all; all++)
		if (secret_of_command(*all, key))
			return true;
	return false;
}

static bool check_keys(const struct field *const *all, char **keys, bool is_secret,
		       GError **error)
{
	for (char **key = keys; *key; key++) {
		const struct field *f = find_in(all, *key);
		g_autofree char *shown = NULL;

		if (f && is_secret == (f->kind == FIELD_SECRET))
			continue;
		if (f && !is_secret)
			return refuse_secret(f, error);
		if (!f && !is_secret && is_command_of_secret(all, *key))
			continue;
		shown = text_harmless_dup(*key, 80);
		g_set_error(error, ERR, ERR_USAGE, "'%s' is not asked for here", shown);
		return false;
	}
	return true;
}

static bool is_answered(const struct field *f, const struct args *args)
{
	g_autofree char *command = f->kind == FIELD_SECRET ? field_command_key(f) : NULL;
	const char *value = args_get(args, command ? command : f->key);

	return (value && *value) || (f->kind == FIELD_SECRET && args_secret(args, f->key));
}

static bool check_answer(const struct field *f, struct args *args, GError **error)
{
	if (is_answered(f, args))
		return f->kind == FIELD_SECRET ||
		       field_check_one(f, args_get(args, f->key), error);
	if (f->needed && !f->fallback) {
		g_set_error(error, ERR, ERR_USAGE, "%s is needed: %s", f->label, f->hint);
		return false;
	}
	args_set(args, f->key, f->fallback);	/* an empty answer is none */
	return true;
}

static bool check_all_keys(const struct field *const *all, const struct args *args,
			   GError **error)
{
	g_auto(GStrv) plain = args_keys(args);
	g_auto(GStrv) secret = args_secret_keys(args);

	return check_keys(all, plain, false, error) && check_keys(all, secret, true, error);
}

static bool check_answers(const struct field *fields, struct args *args, GError **error)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (field_is_asked(f, fields, args) && !check_answer(f, args, error))
			return false;
	return true;
}

bool field_check(const struct field *fields, struct args *args, GError **error)
{
	const tables all = { fields };

	return check_all_keys(all, args, error) && check_answers(fields, args, error);
}

/* Of a table whose questions need not all be answered again: what is said must fit, or be that word. */
static bool check_said(const struct field *fields, const struct args *args, const char *none,
		       GError **error)
{
	for (const struct field *f = fields; f && f->key; f++) {
		const char *value = f->kind == FIELD_SECRET ? NULL : args_get(args, f->key);
		bool is_none = none && !g_strcmp0(value, none) && f->kind != FIELD_BOOL &&
			       f->kind != FIELD_CHOICE;

		if (value && *value && !is_none && !field_check_one(f, value, error))
			return false;
	}
	return true;
}

/* What a provider asks for a verb is asked like the verb's own questions. */
static bool check_plain(const struct command *c, GError **error)
{
	const struct field *own = c->verb->fields ? c->verb->fields : c->more;
	const tables all = { own, own == c->more ? NULL : c->more };

	if (c->verb->edits && own)
		return check_all_keys(all, c->args, error) &&
		       check_said(own, c->args, VERB_NONE_WORD, error);
	return !own || (check_all_keys(all, c->args, error) &&
			check_answers(c->verb->fields, c->args, error) &&
			check_answers(c->more, c->args, error));
}

static bool check_command(const struct command *c, GError **error)
{
	const struct verb *v = c->verb;
	const tables all = { v->fields, c->more ? c->more : account_common_fields,
			     c->more ? account_common_fields : NULL };

	if (!v->asks_account)
		return check_plain(c, error);
	return check_all_keys(all, c->args, error) && check_answers(v->fields, c->args, error) &&
	       check_said(c->more, c->args, NULL, error) &&
	       check_said(account_common_fields, c->args, NULL, error);
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

struct command *command_dup(const struct command *c)
{
	struct command *copy = command_new(c->verb->id, NULL);

	for (guint i = 0; i < c->targets->len; i++)
		g_ptr_array_add(copy->targets, g_strdup(c->targets->pdata[i]));
	args_free(copy->args);
	copy->args = args_dup(c->args);
	copy->more = c->more;
	copy->is_yes = c->is_yes;
	copy->is_dry = c->is_dry;
	return copy;
}

void command_free(struct command *c)
{
	if (!c)
		return;
	g_ptr_array_unref(c->targets);
	args_free(c->args);
	g_free(c);
}

const char *command_asked_of(const struct command *c)
{
	const char *answer = c->verb->asks_by ? args_text(c->args, c->verb->asks_by, "") : "";

	if (!c->verb->asks_provider)
		return NULL;
	if (c->verb->asks_by)
		return *answer ? answer : NULL;
	return c->targets->len ? c->targets->pdata[0] : NULL;
}

bool command_changes(const struct command *c)
{
	return verb_changes(c->verb, c->args);
}

bool command_check(const struct command *c, bool is_read_only, GError **error)
{
	const struct verb *v = c->verb;
	guint n = c->targets->len;

	if (command_changes(c) && is_read_only)
		g_set_error(error, ERR, ERR_REFUSED, "read-only: %s is refused", v->name);
	else if (n && v->no_target && !v->many)
		g_set_error(error, ERR, ERR_USAGE, "%s takes no target", v->name);
	else if (n > 1 && !v->many)
		g_set_error(error, ERR, ERR_USAGE, "%s takes one at a time", v->name);
	else if (!n && !v->no_target)
		g_set_error(error, ERR, ERR_USAGE, "%s needs to be told what", v->name);
	else
		return check_command(c, error);
	return false;
}

static bool is_harmless(const struct command *c)
{
	const char *equals = c->verb->harmless ? strchr(c->verb->harmless, '=') : NULL;
	g_autofree char *key = equals ? g_strndup(c->verb->harmless,
						  (gsize)(equals - c->verb->harmless)) : NULL;
	const struct field *f = key ? field_find(c->verb->fields, key) : NULL;

	return f && !strcmp(args_text(c->args, key, f->fallback ? f->fallback : ""), equals + 1);
}

bool command_wants_word(const struct command *c, bool for_many)
{
	return c->verb->dangerous && (c->verb->typed || (for_many && c->targets->len > 1)) &&
	       !is_harmless(c);
}

bool command_accepts(const struct command *c)
{
	return c->verb->asks_provider && field_find(c->more, "accept");
}

bool command_wants_person(const struct command *c)
{
	return c->verb->asks_person && !is_harmless(c);
}
