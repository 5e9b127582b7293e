/*
 * vault_questions: what Vault asks for a verb beside what the verb itself asks.
 */
#include "vault_issuer.h"
#include "vault_kf.h"
#include "vault_order.h"
#include "vault_role.h"

/* clang-format off */
static const struct field order_fields[] = {
	{ VAULT_ROLE, FIELD_TEXT,     "Role",     true,  NULL, NULL,
	  "of the mount: it says which names are allowed, and for how long; a plan shows that",
	  "verbatim=no", "[^/?#\\s]+" },
	{ "csr",      FIELD_FILE_IN,  "Request",  false, NULL, NULL,
	  "the file of a certificate request (CSR), whose key stays where it is; without one the engine "
	  "makes a key and gives it out once" },
	{ "ttl",      FIELD_SPAN,     "Validity", false, NULL, NULL,
	  "as in 72h; the role's own when empty" },
	{ "key",      FIELD_CHOICE,   "Key",      false, "encrypted", "encrypted file no",
	  "where a key goes that the engine made: encrypted into the own repository, unencrypted into a "
	  "file of mode 0600, or nowhere" },
	{ "new-passphrase", FIELD_SECRET, "Key's passphrase", false, NULL, NULL,
	  "encrypts the key; not needed with a request file",
	  "key=encrypted" },
	{ "key-file", FIELD_FILE_OUT, "Key file", false, NULL, NULL,
	  "where that key is written; it must not be there yet",
	  "key=file" },
	{ "verbatim", FIELD_BOOL,     "Verbatim", false, "no", NULL,
	  "sign the request file as it stands, without a role and its limits (sign-verbatim)",
	  NULL, NULL, true },
	{ "accept",   FIELD_TEXT,     "Accept",   false, NULL, NULL,
	  "what signing verbatim warns of, word for word, as it is refused with when that is not accepted",
	  "verbatim=yes" },
	{ NULL }
};

static const struct field enrol_fields[] = {
	{ VAULT_ROLE, FIELD_TEXT,     "Role",     true,  NULL, NULL,
	  "of the mount, by which it signs: it says which names are allowed, and for how long; a plan shows "
	  "that",
	  NULL, "[^/?#\\s]+" },
	{ "validity", FIELD_SPAN,     "Validity", false, NULL, NULL,
	  "as in 72h; the role's own when empty" },
	{ NULL }
};

const struct verb_questions vault_questions[] = {
	{ VERB_ORDER, VAULT_PKI, order_fields },
	{ VERB_ORDER, VAULT_KEYFACTOR, vault_kf_order_questions },
	{ VERB_ENROLL, VAULT_PKI, enrol_fields },
	{ VERB_OBJECT_ADD, VAULT_PKI, vault_role_fields },
	{ VERB_OBJECT_ADD, VAULT_KEYFACTOR, vault_kf_role_fields },
	{ VERB_OBJECT_EDIT, VAULT_ROLE_TYPE, vault_role_fields },
	{ VERB_OBJECT_EDIT, VAULT_KF_ROLE_TYPE, vault_kf_role_fields },
	{ VERB_OBJECT_EDIT, VAULT_KF_CONFIG_TYPE, vault_kf_config_questions },
	{ VERB_OBJECT_SAVE, VAULT_ISSUER_TYPE, vault_issuer_questions },
	{ VERB_ENGINE_CONFIG, VAULT_KEYFACTOR, vault_kf_config_questions },
	{ 0 }
};
/* clang-format on */
