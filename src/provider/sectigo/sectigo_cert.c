/*
 * sectigo_cert: a certificate as a report tells of it, or as it is told alone: two shapes of the same.
 *
 * What was told last is the store's memo, as JSON, so that what is over is not asked about again.
 */
#include "sectigo_certs.h"

#include <stddef.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/detail.h>
#include <certty/model/mark.h>

#define TEXT_MAX 4096
#define SANS_MAX (64 << 10)
#define MEMO_MAX (256u << 20)

/* clang-format off */
#define AT(member) offsetof(struct sectigo_cert, member)
/* Where it is in a report, in details, and in the memo, which all go by one key each. */
static const struct { const char *key, *report, *details; size_t at; } texts[] = {
	{ "alias",     "id",                "id",                AT(alias) },
	{ "name",      "commonName",        "commonName",        AT(name) },
	{ "sans",      "subjAltNames",      NULL,                AT(sans) },
	{ "status",    "status",            "status",            AT(status) },
	{ "serial",    "serialNumber",      "serialNumber",      AT(serial) },
	{ "issuer",    "issuer",            NULL,                AT(issuer) },
	{ "key",       NULL,                "keyType",           AT(key) },
	{ "signature", "signatureAlg",      "signatureAlg",      AT(signature) },
	{ "profile",   "type",              NULL,                AT(profile) },
	{ "org",       "organizationName",  NULL,                AT(organization) },
	{ "org-id",    "orgId",             "orgId",             AT(organization_id) },
	{ "requester", "requester",         "requester",         AT(requester) },
	{ "external",  "externalRequester", "externalRequester", AT(external) },
	{ "comments",  "comments",          "comments",          AT(comments) },
	{ "backend",   "backendCertId",     "backendCertId",     AT(backend) },
	{ "via",       "requestedVia",      "requestedVia",      AT(via) },
	{ "sha1",      "sha1",              NULL,                AT(sha1) },
	{ "validation", NULL,               "validationType",    AT(validation) },
	{ "fields",    NULL,                NULL,                AT(fields) },
	{ "csr",       NULL,                NULL,                AT(csr_sha256) },
	{ "sha256",    NULL,                NULL,                AT(sha256) },
};
static const struct { const char *key; size_t at; } dates[] = {
	{ "requested", AT(requested) }, { "issued", AT(issued) }, { "expires", AT(expires) },
	{ "revoked", AT(revoked) },
};
/* clang-format on */

static char **text_at(const struct sectigo_cert *c, size_t i)
{
	return (char **)(void *)((char *)(uintptr_t)c + texts[i].at);
}

static int64_t *date_at(const struct sectigo_cert *c, size_t i)
{
	return (int64_t *)(void *)((char *)(uintptr_t)c + dates[i].at);
}

struct sectigo_cert *sectigo_cert_new(void)
{
	struct sectigo_cert *c = g_new0(struct sectigo_cert, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*text_at(c, i) = g_strdup("");
	return c;
}

void sectigo_cert_free(void *cert)
{
	struct sectigo_cert *c = cert;

	if (!c)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*text_at(c, i));
	g_free(c);
}

/* ---- reading ---- */

static void take(char **to, char *text /* taken */)
{
	g_free(*to);
	*to = text;
}

/* Names of a list, or of a text with "; " or "," between them. */
static char *names_of(const struct json *j, const char *list, const char *text)
{
	const struct json *all = json_get(j, list);
	g_autofree char *said = sectigo_call_text(j, text, SANS_MAX);
	g_auto(GStrv) parts = g_strsplit_set(said, ";, ", -1);
	g_autoptr(GString) s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(all), FACTS_NAMES); i++)
		if (json_text(json_at(all, i)))
			g_string_append_printf(s, "%s%s", s->len ? " " : "", json_text(json_at(all, i)));
	for (char **part = parts; *part; part++)
		if (**part)
			g_string_append_printf(s, "%s%s", s->len ? " " : "", *part);
	return text_harmless_dup(s->str, SANS_MAX);
}

static char *fields_of(const struct json *j)
{
	const struct json *all = json_get(j, "customFields");
	g_autoptr(GString) s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(all), 100); i++) {
		g_autofree char *name = sectigo_call_text(json_at(all, i), "name", 256);
		g_autofree char *value = sectigo_call_text(json_at(all, i), "value", 256);

		g_string_append_printf(s, "%s%s=%s", s->len ? ", " : "", name, value);
	}
	return g_strndup(s->str, MIN(s->len, TEXT_MAX));
}

static void read_details(struct op *op, struct sectigo_cert *c, const struct json *j)
{
	const struct json *made = json_get(j, "certificateDetails"), *csr = json_get(j, "csrDetails");

	take(&c->sans, names_of(j, "subjectAlternativeNames", ""));
	take(&c->profile, sectigo_call_text(json_get(j, "certType"), "name", 200));
	take(&c->organization, g_strdup(sectigo_organization_name(op, c->organization_id)));
	take(&c->issuer, sectigo_call_text(made, "issuer", TEXT_MAX));
	take(&c->sha1, sectigo_call_text(made, "sha1Hash", 60));
	take(&c->csr_sha256, sectigo_call_text(csr, "sha256Hash", 100));
	take(&c->csr_sha256, g_ascii_strdown(c->csr_sha256, -1));
	c->is_renewed = json_bool(j, "renewed", false);
}

static void read_report(struct sectigo_cert *c, const struct json *j)
{
	g_autofree char *alg = sectigo_call_text(j, "publicKeyAlg", 60);
	g_autofree char *size = sectigo_call_text(j, "publicKeySize", 20);

	take(&c->sans, names_of(j, "", "subjAltNames"));
	take(&c->key, g_strdup_printf("%s%s%s", alg, *size ? !strcmp(alg, "EC") ? " P-" : " " : "", size));
}

/* Reports tell of what is issued in more ways than one. */
static char *status_of(const struct json *j)
{
	static const char *const issued[] = { "DOWNLOADED", "PENDING_DOWNLOAD",
					      "ENROLLED_PENDING_DOWNLOAD", NULL };
	g_autofree char *word = sectigo_call_word(j, "status");

	return g_strdup(g_strv_contains(issued, word) ? "ISSUED" : word);
}

struct sectigo_cert *sectigo_cert_read(struct op *op, const struct json *j)
{
	g_autoptr(sectigo_cert) c = sectigo_cert_new();
	bool is_details = json_get(j, "certType") != NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *key = is_details ? texts[i].details : texts[i].report;

		if (key)
			take(text_at(c, i), sectigo_call_text(j, key, TEXT_MAX));
	}
	if (!*c->alias || strspn(c->alias, "0123456789") != strlen(c->alias) || strlen(c->alias) > 18)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++)
		*date_at(c, i) = sectigo_call_date(j, dates[i].key);
	json_int(j, "term", &c->term);
	if (is_details)
		read_details(op, c, j);
	else
		read_report(c, j);
	take(&c->fields, fields_of(j));
	take(&c->status, status_of(j));
	return g_steal_pointer(&c);
}

/* ---- what it is ---- */

static bool is_one_of(const char *word, const char *const *words)
{
	return g_strv_contains(words, word);
}

bool sectigo_cert_is_row(const struct sectigo_cert *c)
{
	static const char *const words[] = { "ISSUED", "REVOKED", "EXPIRED", "REPLACED", "EXTERNAL",
					     NULL };

	return is_one_of(c->status, words);
}

bool sectigo_cert_is_waiting(const struct sectigo_cert *c)
{
	static const char *const words[] = { "INIT", "REQUESTED", "SAAPPROVED", "SA_APPROVED", "APPROVED",
					     "APPLIED", "AWAITING_APPROVAL", NULL };

	return is_one_of(c->status, words);
}

char **sectigo_cert_names(const struct sectigo_cert *c)
{
	g_auto(GStrv) sans = g_strsplit(c->sans, " ", -1);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	if (*c->name)
		g_strv_builder_add(b, c->name);
	for (char **san = sans; *san; san++)
		if (**san && g_ascii_strcasecmp(*san, c->name))
			g_strv_builder_add(b, *san);
	return g_strv_builder_end(b);
}

uint32_t sectigo_cert_marks(const struct sectigo_cert *c)
{
	return !strcmp(c->status, "REVOKED") ? MARK_REVOKED : 0;
}

bool sectigo_cert_is_foreign(const struct sectigo_cert *c)
{
	return !g_ascii_strcasecmp(c->via, "Imported") || !g_ascii_strcasecmp(c->via, "Discovery");
}

/* Colons, blanks and leading zeros come and go. */
static char *hex_of(const char *serial)
{
	g_autofree char *lower = g_ascii_strdown(serial, -1);
	GString *s = g_string_new(NULL);

	for (const char *at = lower; *at; at++)
		if (g_ascii_isxdigit(*at))
			g_string_append_c(s, *at);
	if (s->len % 2)
		g_string_prepend_c(s, '0');
	return g_string_free(s, FALSE);
}

bool sectigo_cert_is_serial(const struct sectigo_cert *c, const char *serial)
{
	g_autofree char *its = hex_of(c->serial), *other = hex_of(serial);

	return !strcmp(its + strspn(its, "0"), other + strspn(other, "0"));
}

void sectigo_cert_facts(const struct sectigo_cert *c, struct facts *ret)
{
	g_auto(GStrv) names = sectigo_cert_names(c);
	const char *issuer = c->issuer;

	memset(ret, 0, sizeof(*ret));
	ret->name = g_strdup(*names ? names[0] : c->alias);
	ret->names = g_strdupv(*names ? names + 1 : names);
	ret->n_names = g_strv_length(ret->names);
	issuer += g_str_has_prefix(issuer, "CN=") ? 3 : 0;
	ret->issuer = g_strndup(issuer, strcspn(issuer, ","));
	ret->key = g_strdup(c->key);
	ret->signature = g_strdup(c->signature);
	ret->serial = hex_of(c->serial);
	ret->not_before = c->issued;
	ret->not_after = c->expires;
	for (char **at = names; *at; at++)
		if (g_str_has_prefix(*at, "*."))
			ret->marks |= MARK_WILDCARD;
}

/* ---- the memo ---- */

GHashTable *sectigo_cert_memo_read(GBytes *memo)
{
	GHashTable *certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sectigo_cert_free);
	gsize len = 0;
	const void *bytes = memo ? g_bytes_get_data(memo, &len) : NULL;
	g_autoptr(json) j = bytes ? json_parse(bytes, len, MEMO_MAX, NULL) : NULL;

	for (size_t i = 0; i < json_count(j); i++) {
		const struct json *one = json_at(j, i);
		struct sectigo_cert *c = sectigo_cert_new();

		for (size_t k = 0; k < G_N_ELEMENTS(texts); k++)
			take(text_at(c, k), sectigo_call_text(one, texts[k].key, SANS_MAX));
		for (size_t k = 0; k < G_N_ELEMENTS(dates); k++)
			json_int(one, dates[k].key, date_at(c, k));
		json_int(one, "term", &c->term);
		g_hash_table_replace(certs, c->alias, c);
	}
	return certs;
}

GBytes *sectigo_cert_memo_write(const GPtrArray *certs)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '[');
	for (guint i = 0; i < certs->len; i++) {
		const struct sectigo_cert *c = certs->pdata[i];

		json_open(&w, NULL, '{');
		for (size_t k = 0; k < G_N_ELEMENTS(texts); k++)
			if (**text_at(c, k))
				json_put_str(&w, texts[k].key, *text_at(c, k));
		for (size_t k = 0; k < G_N_ELEMENTS(dates); k++)
			json_put_int(&w, dates[k].key, *date_at(c, k));
		json_put_int(&w, "term", c->term);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	return g_string_free_to_bytes(w.out);
}

/* ---- in full ---- */

static void add(struct detail *d, const char *label, const char *text)
{
	if (*text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

void sectigo_cert_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
			   int64_t now)
{
	g_autoptr(GHashTable) certs = sectigo_cert_memo_read(memo);
	const struct sectigo_cert *c = g_hash_table_lookup(certs, alias);

	(void)s;
	(void)now;
	detail_add(d, TONE_PLAIN, "Sectigo's ID", "%s", alias);
	if (!c)
		return;
	detail_add(d, strcmp(c->status, "REVOKED") ? TONE_PLAIN : TONE_BAD, "Status", "%s", c->status);
	detail_add_time(d, "Revoked at", c->revoked);
	add(d, "CA's order", c->backend);
	add(d, "Organization", c->organization);
	add(d, "Profile", c->profile);
	add(d, "Validation", c->validation);
	if (c->term)
		detail_add(d, TONE_PLAIN, "Term", "%d days", (int)c->term);
	add(d, "Requested by", c->requester);
	add(d, "For", c->external);
	add(d, "Requested via", c->via);
	detail_add_time(d, "Requested at", c->requested);
	add(d, "Comments", c->comments);
	add(d, "Custom fields", c->fields);
}
