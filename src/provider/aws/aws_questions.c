/*
 * aws_questions: what AWS asks for a verb beside what the verb itself asks.
 */
#include "acm.h"

/* clang-format off */

#define DOMAIN "([A-Za-z0-9-]+\\.)+[A-Za-z0-9-]{2,}"

static const struct field acm_order_fields[] = {
	{ "ca",         FIELD_STORE,  "Private CA",   false, NULL, AWS_STORE_CA,
	  "which of the account's authorities issues it; Amazon, for everybody, when empty" },
	{ "validation", FIELD_CHOICE, "Validation",   false, "dns", "dns email",
	  "how control of the names is proved: by CNAME records, which also renews by itself, or by "
	  "mails, which the CA/Browser Forum ends on 2028-03-15; a private CA needs neither" },
	{ "validation-domain", FIELD_TEXT, "Mail domain", false, NULL, NULL,
	  "whose mailboxes are asked: the names themselves or a domain above all of them; each "
	  "name's own when empty",
	  "validation=email", DOMAIN },
	{ "key",        FIELD_CHOICE, "Key",          false, "rsa-2048", "rsa-2048 ec-p256 ec-p384",
	  "the key that AWS makes and keeps" },
	{ "exportable", FIELD_BOOL,   "Exportable",   false, "no", NULL,
	  "whether its private key can be taken out of AWS, which is charged for each name and "
	  "renewal of a public certificate and cannot be changed later" },
	{ "tags",       FIELD_LIST,   "Tags",         false, NULL, NULL,
	  "as in team=web, cost=42",
	  NULL, NULL, true },
	{ NULL }
};

static const struct field pca_order_fields[] = {
	{ "csr",      FIELD_FILE_IN, "Request",  true,  NULL, NULL,
	  "the file of a certificate request (CSR); certty key makes one with a new key" },
	{ "profile",  FIELD_CHOICE,  "Profile",  false, "both", "server client both",
	  "what the certificate may be used for" },
	{ "validity", FIELD_SPAN,    "Validity", false, "395d", NULL,
	  "as in 90d; not longer than the authority's own" },
	{ NULL }
};

const struct verb_questions aws_questions[] = {
	{ VERB_ORDER, AWS_STORE_ACM, acm_order_fields },
	{ VERB_ORDER, AWS_STORE_CA,  pca_order_fields },
	{ VERB_ENROLL, AWS_STORE_CA, pca_order_fields + 1 },	/* its request is made here */
	{ 0 }
};

/* clang-format on */
