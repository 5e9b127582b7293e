/*
 * acm_cert_words: what ACM's words for a certificate mean to a person, and what its list shows.
 */
#include "acm.h"

#include <string.h>

#include <certty/model/mark.h>

/* ---- sorts ---- */

/* clang-format off */
static const struct {
	const char *type, *word;
	uint32_t mark;
} types[] = {
	{ "AMAZON_ISSUED", "Amazon issued", MARK_AMAZON_ISSUED },
	{ "IMPORTED",      "Imported",      MARK_IMPORTED },
	{ "PRIVATE",       "Private",       MARK_PRIVATE_CA },
	{ ACM_TYPE_IAM,    "IAM",           0 },
	{ ACM_TYPE_CA,     "Private CA",    0 },
};

static const struct {
	const char *status, *word;
} statuses[] = {
	{ "PENDING_VALIDATION",   "pending validation" },
	{ "ISSUED",               "issued" },
	{ "INACTIVE",             "inactive" },
	{ "EXPIRED",              "expired" },
	{ "VALIDATION_TIMED_OUT", "timed out: its names were not validated within 72 hours" },
	{ "REVOKED",              "revoked" },
	{ "FAILED",               "failed" },
	{ "ACTIVE",               "active" },
	{ "CREATING",             "being created" },
	{ "PENDING_CERTIFICATE",  "waiting for its own certificate" },
	{ "DISABLED",             "disabled" },
	{ "DELETED",              "deleted, and may be restored" },
};

static const struct {
	const char *key, *word;
} keys[] = {
	{ "EC_prime256v1", "EC P-256" },
	{ "EC_secp384r1",  "EC P-384" },
	{ "EC_secp521r1",  "EC P-521" },
};

/* Of FailureReason and of RenewalStatusReason: what it means; what to do. */
static const struct {
	const char *reason, *sentence;
} failures[] = {
	{ "NO_AVAILABLE_CONTACTS",
	  "no mailbox was found to ask for the domain's approval: give the domain an MX record, or request it again with DNS validation" },
	{ "ADDITIONAL_VERIFICATION_REQUIRED",
	  "AWS wants to look at it itself, as it does with well-known names: ask AWS Support in its centre" },
	{ "DOMAIN_NOT_ALLOWED",
	  "a name is on a list of unsafe ones, as VirusTotal's: have it taken from there, then request it again" },
	{ "INVALID_PUBLIC_DOMAIN",
	  "a name is under no public top-level domain: mend the name, or take a private authority" },
	{ "DOMAIN_VALIDATION_DENIED",
	  "somebody at the domain refused it: talk to its owner, then request it again" },
	{ "CAA_ERROR",
	  "the domain's CAA records do not allow Amazon: add 0 issue \"amazon.com\" (or amazontrust.com, awstrust.com, amazonaws.com), then request it again" },
	{ "PCA_LIMIT_EXCEEDED",
	  "the private authority has issued as many as its quota allows: raise the quota, then request it again" },
	{ "PCA_INVALID_ARN",
	  "the private authority is none, or is gone: choose another one" },
	{ "PCA_INVALID_STATE",
	  "the private authority is not active: enable it, or choose another one" },
	{ "PCA_REQUEST_FAILED",
	  "the private authority could not issue it: request it again" },
	{ "PCA_NAME_CONSTRAINTS_VALIDATION",
	  "the private authority may not issue for such names: its name constraints say so; choose another one" },
	{ "PCA_RESOURCE_NOT_FOUND",
	  "the private authority, or what it needs, is gone: choose another one" },
	{ "PCA_INVALID_ARGS",
	  "the private authority did not take the request as it was: check names and key algorithm" },
	{ "PCA_INVALID_DURATION",
	  "it would outlive the private authority: renew the authority's own certificate, or choose another one" },
	{ "PCA_ACCESS_DENIED",
	  "ACM may not use the private authority: grant acm.amazonaws.com IssueCertificate, GetCertificate and ListPermissions there, or share it again" },
	{ "SLR_NOT_FOUND",
	  "ACM's service-linked role is missing, which an authority shared by another account needs: create AWSServiceRoleForCertificateManager" },
	{ "OTHER",
	  "AWS does not say why: request it again, and ask AWS Support if it fails once more" },
};
/* clang-format on */

const char *acm_cert_type_word(const struct acm_cert *c)
{
	if (!strcmp(c->origin, "ACME"))
		return "ACME";
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(c->type, types[i].type))
			return types[i].word;
	return *c->type ? c->type : "not told";
}

const char *acm_cert_say_status(const struct acm_cert *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (!strcmp(c->status, statuses[i].status))
			return statuses[i].word;
	return *c->status ? c->status : "not told";
}

const char *acm_cert_say_failure(const char *reason)
{
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++)
		if (!strcmp(reason, failures[i].reason))
			return failures[i].sentence;
	return *reason ? reason : "AWS does not say why";
}

/* RSA_2048 and whatever comes after it read well with blanks, ML_DSA_65 with hyphens. */
char *acm_cert_say_key(const char *key)
{
	char *word;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!g_ascii_strcasecmp(key, keys[i].key))
			return g_strdup(keys[i].word);
	word = g_strdup(key);
	return g_strdelimit(word, "_", g_str_has_prefix(key, "ML_") ? '-' : ' ');
}

/* ACM has the key of what it ordered of a private authority; the authority itself, whose own aliases
 * begin with a slash, never. */
static bool is_exportable(const struct acm_cert *c)
{
	return !strcmp(c->export, "ENABLED") || (!strcmp(c->type, "PRIVATE") && *c->alias != '/');
}

uint32_t acm_cert_marks(const struct acm_cert *c)
{
	uint32_t marks = c->is_in_use || *c->in_use_by ? MARK_IN_USE : 0;

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(c->type, types[i].type))
			marks |= types[i].mark;
	if (!strcmp(c->status, "REVOKED") || c->is_revoked)
		marks |= MARK_REVOKED;
	if (is_exportable(c))
		marks |= MARK_EXPORTABLE;
	return marks;
}

/* ---- managed renewal ---- */

/* a--b.example, but for IDNs, whose third and fourth characters are hyphens by rule. */
static const char *odd_name(const struct acm_cert *c)
{
	for (char **name = c->names; *name; name++)
		if (strlen(*name) > 3 && !strncmp(*name + 2, "--", 2) &&
		    g_ascii_strncasecmp(*name, "xn--", 4))
			return *name;
	return NULL;
}

static const char *method_of(const struct acm_cert *c)
{
	const struct acm_option *o = c->options->len ? c->options->pdata[0] : NULL;

	return o ? o->method : "";
}

/* What managed renewal will do, and what must still hold then. */
static const char *how(const struct acm_cert *c)
{
	if (!strcmp(c->type, "PRIVATE"))
		return "ACM renews it 60 days before its end, if it may use the authority then";
	if (!strcmp(method_of(c), "DNS"))
		return "ACM renews it by itself as long as its CNAME records stay in DNS";
	if (!strcmp(method_of(c), "EMAIL"))
		return "each domain's mailboxes are asked to approve, from 45 days before its end";
	return "ACM renews it before its end";
}

static char *say_yes(const struct acm_cert *c)
{
	guint n = g_strv_length(c->in_use_by);
	g_autofree char *users = n ? g_strdup_printf("%u AWS resource%s", n, n == 1 ? "" : "s") :
				     g_strdup("an AWS service");
	const char *exported = "it was exported since it was last issued";

	if (acm_cert_marks(c) & MARK_IN_USE)
		return g_strdup_printf("yes: it is in use by %s%s%s; %s", users,
				       c->was_exported ? ", and " : "",
				       c->was_exported ? exported : "", how(c));
	return g_strdup_printf("yes: %s; %s", c->was_exported ? exported : "AWS says so", how(c));
}

static char *say_no(const struct acm_cert *c)
{
	const char *name = odd_name(c);

	if (name)
		return g_strdup_printf("no: the third and fourth characters of %s are hyphens, and it "
				       "is no IDN (xn--)", name);
	if (c->is_in_use || c->was_exported || *c->in_use_by)
		return g_strdup("no, AWS says, though it is in use or was exported: what uses it may "
				"be none of the services that count");
	return g_strdup("no: no AWS service uses it, and it was not exported since it was last issued; "
			"either makes it eligible");
}

char *acm_cert_say_eligibility(const struct acm_cert *c, int64_t now)
{
	if (!strcmp(c->type, "IMPORTED"))
		return g_strdup("no: it was imported; renew it where it came from, and import that "
				"over this one");
	if (!strcmp(c->origin, "ACME"))
		return g_strdup("no: it came through ACME, and its ACME client renews it");
	if (c->not_after && c->not_after <= now)
		return g_strdup("no: it has ended; request a new one");
	if (*c->status && strcmp(c->status, "ISSUED"))
		return g_strdup("no: only what is issued is renewed");
	if (!strcmp(c->eligibility, "ELIGIBLE"))
		return say_yes(c);
	if (!strcmp(c->eligibility, "INELIGIBLE"))
		return say_no(c);
	return g_strdup("AWS has not said: eligible is what an AWS service uses, or was exported "
			"since it was last issued");
}

/* ---- a row without bytes ---- */

/* Every name but the one that stands first. */
static char **others_of(const struct acm_cert *c, const char *name)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (char **at = c->names; *at; at++)
		if (strcmp(*at, name))
			g_strv_builder_add(b, *at);
	return g_strv_builder_end(b);
}

void acm_cert_facts(const struct acm_cert *c, struct facts *ret)
{
	const char *name = *c->name ? c->name : *c->names ? *c->names : c->subject;

	memset(ret, 0, sizeof(*ret));
	ret->name = g_strdup(*name ? name : c->alias);
	ret->names = others_of(c, ret->name);
	ret->n_names = g_strv_length(ret->names);
	ret->issuer = g_strdup(c->issuer);
	ret->key = acm_cert_say_key(c->key);
	ret->signature = g_strdup("");
	ret->serial = g_strdup(c->serial);
	ret->not_before = c->not_before;
	ret->not_after = c->not_after;
	ret->marks = 0;
	for (char **at = c->names; *at; at++)
		if (g_str_has_prefix(*at, "*."))
			ret->marks |= MARK_WILDCARD;
}
