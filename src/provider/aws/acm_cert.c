/*
 * acm_cert: a certificate as ACM tells of it: in a list, in the result of a search, or when it is
 * asked for that one.
 *
 * Three shapes, of which each leaves something out, become one struct.  Every member may be
 * missing, null or of another type, and nearly every word may be one that is not invented yet.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define WORD_MAX    64
#define SERIAL_MAX  512
#define ARN_MAX	    2048
#define OPTIONS_MAX 1000	/* names that are validated */
#define EMAILS_MAX  64
#define USERS_MAX   1000

#define AT(member) offsetof(struct acm_cert, member)

const size_t acm_cert_texts[] = {
	AT(alias), AT(name), AT(status), AT(type), AT(origin), AT(key), AT(eligibility),
	AT(renewal), AT(renewal_reason), AT(failure), AT(export), AT(managed_by), AT(serial),
	AT(issuer), AT(subject), AT(ca_arn), AT(revocation_reason), AT(signature),
	AT(method),
};
const size_t acm_cert_n_texts = G_N_ELEMENTS(acm_cert_texts);

const size_t acm_cert_times[] = {
	AT(not_before), AT(not_after), AT(created), AT(issued), AT(imported), AT(revoked),
};
const size_t acm_cert_n_times = G_N_ELEMENTS(acm_cert_times);

#define IN_OPTION(member) offsetof(struct acm_option, member)

const size_t acm_option_texts[] = {
	IN_OPTION(name), IN_OPTION(method), IN_OPTION(status), IN_OPTION(record_name),
	IN_OPTION(record_type), IN_OPTION(record_value), IN_OPTION(domain),
};
const size_t acm_option_n_texts = G_N_ELEMENTS(acm_option_texts);

static char **text_at(struct acm_cert *c, size_t offset)
{
	return (char **)((char *)c + offset);
}

static int64_t *time_at(struct acm_cert *c, size_t offset)
{
	return (int64_t *)((char *)c + offset);
}

/* ---- made and freed ---- */

void acm_option_free(void *option)
{
	struct acm_option *o = option;

	for (size_t i = 0; i < acm_option_n_texts; i++)
		g_free(*(char **)((char *)o + acm_option_texts[i]));
	g_strfreev(o->emails);
	g_free(o);
}

struct acm_cert *acm_cert_new(void)
{
	struct acm_cert *c = g_new0(struct acm_cert, 1);

	for (size_t i = 0; i < acm_cert_n_texts; i++)
		*text_at(c, acm_cert_texts[i]) = g_strdup("");
	c->names = g_new0(char *, 1);
	c->in_use_by = g_new0(char *, 1);
	c->options = g_ptr_array_new_with_free_func(acm_option_free);
	c->renewal_options = g_ptr_array_new_with_free_func(acm_option_free);
	return c;
}

void acm_cert_free(struct acm_cert *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < acm_cert_n_texts; i++)
		g_free(*text_at(c, acm_cert_texts[i]));
	g_strfreev(c->names);
	g_strfreev(c->in_use_by);
	g_ptr_array_unref(c->options);
	g_ptr_array_unref(c->renewal_options);
	g_free(c);
}

/* ---- values ---- */

static void take_text(char **to, const char *text, size_t max)
{
	if (!text || !*text)
		return;
	g_free(*to);
	*to = text_harmless_dup(text, max);
}

static char *dup_text(const struct json *j, const char *key, size_t max)
{
	char *text = text_harmless_dup(json_str(j, key), max);

	return text ? text : g_strdup("");
}

/* Descriptions write RSA-2048 where lists and requests write RSA_2048. */
static void take_key(char **to, const char *text)
{
	take_text(to, text, WORD_MAX);
	g_strdelimit(*to, "-", '_');
}

/* 0f:ac:b0 as its digits, without the sign's 00, which is how facts have it. */
static void take_serial(char **to, const char *text)
{
	g_autoptr(GString) s = g_string_new(NULL);
	const char *from = text ? text : "";

	if (strlen(from) > SERIAL_MAX)
		return;
	for (; *from; from++) {
		if (*from == ':')
			continue;
		if (!g_ascii_isxdigit(*from))
			return;
		g_string_append_c(s, g_ascii_tolower(*from));
	}
	if (s->len % 2)
		g_string_prepend_c(s, '0');
	while (s->len > 2 && g_str_has_prefix(s->str, "00"))
		g_string_erase(s, 0, 2);
	if (s->len) {
		g_free(*to);
		*to = g_strdup(s->str);
	}
}

/* Texts of a list, or of one member of its objects (NULL: the elements are texts). */
static char **list_of(const struct json *list, const char *member, size_t max)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	size_t n = MIN(json_count(list), max);

	for (size_t i = 0; i < n; i++) {
		const struct json *at = json_at(list, i);
		const char *text = member ? json_str(at, member) : json_text(at);
		g_autofree char *shown = text_harmless_dup(text, FACTS_TEXT);

		if (shown && *shown)
			g_strv_builder_add(b, shown);
	}
	return g_strv_builder_end(b);
}

static void take_list(char ***to, char **list /* taken */)
{
	if (!*list) {
		g_strfreev(list);
		return;
	}
	g_strfreev(*to);
	*to = list;
}

static void take_time(int64_t *to, const struct json *j, const char *key)
{
	int64_t when;

	if (json_floor(j, key, &when) && when > 0)
		*to = when;
}

/* ---- members that the shapes have in common ---- */

struct member {
	const char *key;
	size_t at;
};

/* clang-format off */
static const struct member words[] = {
	{ "Status",                   AT(status) },
	{ "Type",                     AT(type) },
	{ "CertificateKeyPairOrigin", AT(origin) },
	{ "RenewalEligibility",       AT(eligibility) },
	{ "RenewalStatus",            AT(renewal) },
	{ "FailureReason",            AT(failure) },
	{ "ExportOption",             AT(export) },
	{ "ManagedBy",                AT(managed_by) },
	{ "RevocationReason",         AT(revocation_reason) },
	{ "SignatureAlgorithm",       AT(signature) },
};

static const struct member times[] = {
	{ "NotBefore",  AT(not_before) },
	{ "NotAfter",   AT(not_after) },
	{ "CreatedAt",  AT(created) },
	{ "IssuedAt",   AT(issued) },
	{ "ImportedAt", AT(imported) },
	{ "RevokedAt",  AT(revoked) },
};

/* Of a description alone: a list has none of them. */
static const char *const details[] = {
	"SubjectAlternativeNames", "DomainValidationOptions", "InUseBy", "Serial", "Subject",
	"Issuer", "SignatureAlgorithm", "RenewalSummary", "FailureReason", "Options",
	"CertificateAuthorityArn", "RevocationReason",
};
/* clang-format on */

static void read_members(struct acm_cert *c, const struct json *j)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		take_text(text_at(c, words[i].at), json_str(j, words[i].key), WORD_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
		take_time(time_at(c, times[i].at), j, times[i].key);
	c->is_in_use = json_bool(j, "InUse", c->is_in_use);
	c->was_exported = json_bool(j, "Exported", c->was_exported);
}

/* ---- a summary and a description ---- */

static struct acm_option *read_option(const struct json *j)
{
	const struct json *record = json_get(j, "ResourceRecord");
	struct acm_option *o = g_new0(struct acm_option, 1);

	o->name = dup_text(j, "DomainName", FACTS_TEXT);
	o->method = dup_text(j, "ValidationMethod", WORD_MAX);
	o->status = dup_text(j, "ValidationStatus", WORD_MAX);
	o->record_name = dup_text(record, "Name", FACTS_TEXT);
	o->record_type = dup_text(record, "Type", WORD_MAX);
	o->record_value = dup_text(record, "Value", FACTS_TEXT);
	o->domain = dup_text(j, "ValidationDomain", FACTS_TEXT);
	o->emails = list_of(json_get(j, "ValidationEmails"), NULL, EMAILS_MAX);
	return o;
}

static void read_options(GPtrArray *to, const struct json *list)
{
	size_t n = MIN(json_count(list), OPTIONS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct json *at = json_at(list, i);

		if (json_str(at, "DomainName"))
			g_ptr_array_add(to, read_option(at));
	}
}

static void read_details(struct acm_cert *c, const struct json *j)
{
	const struct json *renewal = json_get(j, "RenewalSummary");

	for (size_t i = 0; i < G_N_ELEMENTS(details); i++)
		c->has_details |= json_get(j, details[i]) && !json_is_null(json_get(j, details[i]));
	take_serial(&c->serial, json_str(j, "Serial"));
	take_text(&c->issuer, json_str(j, "Issuer"), FACTS_TEXT);
	take_text(&c->subject, json_str(j, "Subject"), FACTS_TEXT);
	take_text(&c->ca_arn, json_str(j, "CertificateAuthorityArn"), ARN_MAX);
	take_text(&c->export, json_str(json_get(j, "Options"), "Export"), WORD_MAX);
	take_text(&c->renewal, json_str(renewal, "RenewalStatus"), WORD_MAX);
	take_text(&c->renewal_reason, json_str(renewal, "RenewalStatusReason"), WORD_MAX);
	take_list(&c->in_use_by, list_of(json_get(j, "InUseBy"), NULL, USERS_MAX));
	c->is_in_use |= *c->in_use_by != NULL;
	read_options(c->options, json_get(j, "DomainValidationOptions"));
	read_options(c->renewal_options, json_get(renewal, "DomainValidationOptions"));
}

static void read_plain(struct acm_cert *c, const struct json *j)
{
	take_text(&c->name, json_str(j, "DomainName"), FACTS_TEXT);
	take_list(&c->names, list_of(json_get(j, "SubjectAlternativeNameSummaries"), NULL,
				     FACTS_NAMES));
	take_list(&c->names, list_of(json_get(j, "SubjectAlternativeNames"), NULL, FACTS_NAMES));
	c->has_more_names = json_bool(j, "HasAdditionalSubjectAlternativeNames", false);
	take_key(&c->key, json_str(j, "KeyAlgorithm"));
	read_members(c, j);
	read_details(c, j);
}

/* ---- the result of a search ---- */

/* What a person calls a name that comes in parts. */
static const char *name_of(const struct json *name)
{
	static const char *const parts[] = { "CommonName", "Organization", "OrganizationalUnit",
					     "SerialNumber", NULL };
	const char *text = NULL;

	for (const char *const *p = parts; *p && !(text && *text); p++)
		text = json_str(name, *p);
	return text;
}

static char **alternatives_of(const struct json *list)
{
	static const char *const forms[] = { "DnsName", "IpAddress", "Rfc822Name",
					     "UniformResourceIdentifier", NULL };
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	size_t n = MIN(json_count(list), FACTS_NAMES);

	for (size_t i = 0; i < n; i++) {
		const char *text = NULL;
		g_autofree char *shown = NULL;

		for (const char *const *f = forms; *f && !text; f++)
			text = json_str(json_at(list, i), *f);
		shown = text_harmless_dup(text, FACTS_TEXT);
		if (shown && *shown)
			g_strv_builder_add(b, shown);
	}
	return g_strv_builder_end(b);
}

static void read_result(struct acm_cert *c, const struct json *j)
{
	const struct json *x = json_get(j, "X509Attributes");
	const struct json *m = json_get(json_get(j, "CertificateMetadata"),
					"AcmCertificateMetadata");

	take_list(&c->names, alternatives_of(json_get(x, "SubjectAlternativeNames")));
	take_text(&c->subject, name_of(json_get(x, "Subject")), FACTS_TEXT);
	take_text(&c->issuer, name_of(json_get(x, "Issuer")), FACTS_TEXT);
	take_text(&c->name, *c->names ? *c->names : c->subject, FACTS_TEXT);
	take_key(&c->key, json_str(x, "KeyAlgorithm"));
	take_serial(&c->serial, json_str(x, "SerialNumber"));
	read_members(c, x);
	read_members(c, m);
	take_text(&c->method, json_str(m, "ValidationMethod"), WORD_MAX);
}

struct acm_cert *acm_cert_read(const struct json *j, const struct store *s)
{
	const struct json *in = json_get(j, "Certificate") ? json_get(j, "Certificate") : j;
	const char *arn = json_str(in, "CertificateArn");
	const char *alias = arn && strlen(arn) <= ARN_MAX ? aws_arn_alias(s, arn) : NULL;
	struct acm_cert *c;

	if (!alias || !*alias)
		return NULL;
	c = acm_cert_new();
	take_text(&c->alias, alias, ARN_MAX);
	if (json_get(in, "X509Attributes") || json_get(in, "CertificateMetadata"))
		read_result(c, in);
	else
		read_plain(c, in);
	return c;
}

/* ---- two of the same ---- */

/* What a later list is compared with stays as the list had it: a description may be of another
 * moment, or write the same thing differently. */
static bool is_of_list(size_t at)
{
	static const size_t of_lists[] = { AT(alias), AT(eligibility), AT(export), AT(managed_by),
					   AT(origin), AT(type), AT(key), AT(method) };

	for (size_t i = 0; i < G_N_ELEMENTS(of_lists); i++)
		if (of_lists[i] == at)
			return true;
	return false;
}

static void swap_lists(GPtrArray **a, GPtrArray **b)
{
	GPtrArray *kept = *a;

	*a = *b;
	*b = kept;
}

static void swap_names(char ***a, char ***b)
{
	char **kept = *a;

	*a = *b;
	*b = kept;
}

void acm_cert_add(struct acm_cert *c, struct acm_cert *d)
{
	if (!*c->status)
		c->is_in_use = d->is_in_use;
	for (size_t i = 0; i < acm_cert_n_texts; i++) {
		size_t at = acm_cert_texts[i];

		if (!**text_at(c, at) || !is_of_list(at))
			take_text(text_at(c, at), *text_at(d, at), ARN_MAX);
	}
	for (size_t i = 0; i < acm_cert_n_times; i++) {
		size_t at = acm_cert_times[i];

		if (*time_at(d, at))
			*time_at(c, at) = *time_at(d, at);
	}
	if (*d->names) {
		swap_names(&c->names, &d->names);
		c->has_more_names = false;
	}
	swap_names(&c->in_use_by, &d->in_use_by);
	swap_lists(&c->options, &d->options);
	swap_lists(&c->renewal_options, &d->renewal_options);
	c->has_details = true;
	acm_cert_free(d);
}

void acm_cert_keep(struct acm_cert *c, const struct acm_cert *old)
{
	memcpy(c->sha256, old->sha256, sizeof(c->sha256));
	c->has_digest = true;
	if (!old->is_revoked)
		return;
	c->is_revoked = true;
	c->revoked = c->revoked ? c->revoked : old->revoked;
	take_text(&c->revocation_reason, old->revocation_reason, WORD_MAX);
}

bool acm_cert_is_row(const struct acm_cert *c)
{
	static const char *const others[] = { "PENDING_VALIDATION", "VALIDATION_TIMED_OUT",
					      "FAILED", NULL };

	return !g_strv_contains(others, c->status);
}

static const char *said_text(const struct acm_cert *c, size_t at)
{
	return *(char *const *)((const char *)c + at);
}

static int64_t said_time(const struct acm_cert *c, size_t at)
{
	return *(const int64_t *)((const char *)c + at);
}

bool acm_cert_is_same(const struct acm_cert *c, const struct acm_cert *old)
{
	/* Only a search tells the last two. */
	static const size_t texts[] = { AT(status), AT(type), AT(eligibility), AT(export),
					AT(serial), AT(renewal) };

	if (!*c->status || c->is_in_use != old->is_in_use || c->was_exported != old->was_exported)
		return false;
	for (size_t i = 0; i < acm_cert_n_times; i++) {
		int64_t told = said_time(c, acm_cert_times[i]);

		if (told && told != said_time(old, acm_cert_times[i]))
			return false;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *told = said_text(c, texts[i]);

		if (*told && strcmp(told, said_text(old, texts[i])))
			return false;
	}
	return true;
}
