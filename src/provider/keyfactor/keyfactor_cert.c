/*
 * keyfactor_cert: a certificate as Command tells of it, and what a list shows before its bytes are
 * read.
 */
#include "keyfactor_certs.h"

#include <stddef.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/mark.h>

/* clang-format off */
#define AT(member) offsetof(struct keyfactor_cert, member)

const size_t keyfactor_cert_texts[] = {
	AT(alias), AT(thumbprint), AT(serial), AT(name), AT(subject), AT(issuer), AT(key), AT(signature),
	AT(requester), AT(template), AT(ca), AT(state_word), AT(reason), AT(comment), AT(request), AT(owner),
};
const size_t keyfactor_cert_n_texts = G_N_ELEMENTS(keyfactor_cert_texts);
const size_t keyfactor_cert_numbers[] = {
	AT(id), AT(state), AT(not_before), AT(not_after), AT(imported), AT(revoked),
};
const size_t keyfactor_cert_n_numbers = G_N_ELEMENTS(keyfactor_cert_numbers);

const char *const keyfactor_cert_states[KEYFACTOR_STATES] = {
	"Unknown", "Active", "Revoked", "Denied", "Failed", "Pending", "CertificateAuthority",
};

/* Under the names that its settings may have numbers replaced by. */
static const char *const reasons[] = {
	"Unspecified", "KeyCompromise", "CACompromise", "AffiliationChanged", "Superseded",
	"CessationOfOperation", "CertificateHold", NULL, "RemoveFromCRL", "PrivilegeWithdrawn",
	"AACompromise",
};

static const struct {
	const char *key;
	size_t at;
} texts[] = {
	{ "Thumbprint",               AT(thumbprint) },
	{ "SerialNumber",             AT(serial) },
	{ "IssuedCN",                 AT(name) },
	{ "IssuedDN",                 AT(subject) },
	{ "SigningAlgorithm",         AT(signature) },
	{ "RequesterName",            AT(requester) },
	{ "TemplateName",             AT(template) },
	{ "CertificateAuthorityName", AT(ca) },
	{ "CertStateString",          AT(state_word) },
	{ "RevocationComment",        AT(comment) },
	{ "CertRequestId",            AT(request) },
	{ "OwnerRoleName",            AT(owner) },
};
/* clang-format on */

static char **text_at(const struct keyfactor_cert *c, size_t offset)
{
	return (char **)((char *)c + offset);
}

struct keyfactor_cert *keyfactor_cert_new(void)
{
	struct keyfactor_cert *c = g_new0(struct keyfactor_cert, 1);

	for (size_t i = 0; i < keyfactor_cert_n_texts; i++)
		*text_at(c, keyfactor_cert_texts[i]) = g_strdup("");
	c->names = g_new0(char *, 1);
	c->metadata = g_new0(char *, 1);
	c->places = g_new0(char *, 1);
	return c;
}

void keyfactor_cert_free(struct keyfactor_cert *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < keyfactor_cert_n_texts; i++)
		g_free(*text_at(c, keyfactor_cert_texts[i]));
	g_strfreev(c->names);
	g_strfreev(c->metadata);
	g_strfreev(c->places);
	g_free(c);
}

/* ---- reading ---- */

char *keyfactor_cert_common_name(const char *dn)
{
	for (const char *at = dn; at; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (!g_ascii_strncasecmp(at, "CN=", 3))
			return g_strstrip(g_strndup(at + 3, strcspn(at + 3, ",")));
	}
	return g_strdup(dn);
}

static char *key_of(const struct json *j)
{
	g_autofree char *kind = keyfactor_text(j, "KeyTypeString", 60);
	int64_t bits = 0;

	keyfactor_int(j, "KeySizeInBits", &bits);
	if (!strcmp(kind, "ECC") && bits)
		return g_strdup_printf("EC P-%" G_GINT64_FORMAT, bits);
	return bits ? g_strdup_printf("%s %" G_GINT64_FORMAT, kind, bits) : g_strdup(kind);
}

typedef char *item_fn(const struct json *list, size_t i);

static char **read_list(const struct json *list, item_fn *item)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < MIN(json_count(list), KEYFACTOR_LIST_MAX); i++) {
		g_autofree char *text = item(list, i);

		if (text && *text)
			g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

static char *name_at(const struct json *list, size_t i)
{
	return keyfactor_text(json_at(list, i), "Value", FACTS_TEXT);
}

static char *metadata_at(const struct json *fields, size_t i)
{
	g_autofree char *key = text_harmless_dup(json_key_at(fields, i), KEYFACTOR_TEXT_MAX);
	g_autofree char *value = json_key_at(fields, i) ?
		keyfactor_text(fields, json_key_at(fields, i), KEYFACTOR_TEXT_MAX) : NULL;

	return value && *value ? g_strconcat(key, "=", value, NULL) : NULL;
}

static char *place_at(const struct json *list, size_t i)
{
	const struct json *at = json_at(list, i);
	g_autofree char *machine = keyfactor_text(at, "StoreMachine", 200);
	g_autofree char *path = keyfactor_text(at, "StorePath", 300);
	g_autofree char *type = keyfactor_text(at, "StoreType", 60);
	g_autofree char *alias = keyfactor_text(at, "Alias", 200);

	return g_strdup_printf("%s %s%s%s%s%s%s", machine, path, *type ? " (" : "", type,
			       *type ? ")" : "", *alias ? ", as " : "", alias);
}

static char *endpoint_at(const struct json *list, size_t i)
{
	const struct json *at = json_at(list, i);
	g_autofree char *address = keyfactor_text(at, "IPAddress", 60);
	g_autofree char *port = keyfactor_text(at, "Port", 10);
	g_autofree char *network = keyfactor_text(at, "NetworkName", 200);

	return g_strdup_printf("%s:%s%s%s, seen by a scan", address, port, *network ? " in " : "", network);
}

static void read_places(struct keyfactor_cert *c, const struct json *j)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	g_auto(GStrv) stores = read_list(keyfactor_get(j, "Locations"), place_at);
	g_auto(GStrv) endpoints = read_list(keyfactor_get(j, "SSLLocations"), endpoint_at);

	g_strv_builder_addv(b, (const char **)stores);
	g_strv_builder_addv(b, (const char **)endpoints);
	g_strfreev(c->places);
	c->places = g_strv_builder_end(b);
}

static void take(char **to, char *text /* taken */)
{
	g_free(*to);
	*to = text;
}

const char *keyfactor_cert_reason(int64_t reason)
{
	return reason >= 0 && reason < (int64_t)G_N_ELEMENTS(reasons) ? reasons[reason] : NULL;
}

static void read_state(struct keyfactor_cert *c, const struct json *j)
{
	int reason = keyfactor_enum(j, "RevocationReason", reasons, G_N_ELEMENTS(reasons));

	c->state = keyfactor_enum(j, "CertState", keyfactor_cert_states, KEYFACTOR_STATES);
	c->revoked = keyfactor_time(j, "RevocationEffDate");
	if (c->state < 0 && c->revoked)
		c->state = KEYFACTOR_REVOKED;
	if (keyfactor_cert_reason(reason))
		take(&c->reason, g_strdup(keyfactor_cert_reason(reason)));
	else
		take(&c->reason, keyfactor_text(j, "RevocationReason", 60));
}

struct keyfactor_cert *keyfactor_cert_read(const struct json *j)
{
	struct keyfactor_cert *c;
	int64_t id;

	if (!keyfactor_int(j, "Id", &id) || id <= 0)
		return NULL;
	c = keyfactor_cert_new();
	c->id = id;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		take(text_at(c, texts[i].at), keyfactor_text(j, texts[i].key, KEYFACTOR_TEXT_MAX));
	take(&c->alias, g_strdup_printf("%" G_GINT64_FORMAT, id));
	take(&c->serial, g_ascii_strdown(c->serial, -1));
	take(&c->issuer, keyfactor_text(j, "IssuerDN", KEYFACTOR_TEXT_MAX));
	take(&c->key, key_of(j));
	c->not_before = keyfactor_time(j, "NotBefore");
	c->not_after = keyfactor_time(j, "NotAfter");
	c->imported = keyfactor_time(j, "ImportDate");
	c->has_key = keyfactor_bool(j, "HasPrivateKey") || keyfactor_bool(j, "ArchivedKey");
	read_state(c, j);
	g_strfreev(c->names);
	c->names = read_list(keyfactor_get(j, "SubjectAltNameElements"), name_at);
	g_strfreev(c->metadata);
	c->metadata = read_list(keyfactor_get(j, "Metadata"), metadata_at);
	read_places(c, j);
	return c;
}

/* ---- a row ---- */

uint32_t keyfactor_cert_marks(const struct keyfactor_cert *c)
{
	return (c->state == KEYFACTOR_REVOKED ? MARK_REVOKED : 0) | (*c->places ? MARK_IN_USE : 0) |
	       (c->has_key ? MARK_EXPORTABLE : 0);
}

static char **others_of(const struct keyfactor_cert *c, const char *name)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (char **at = c->names; *at; at++)
		if (strcmp(*at, name))
			g_strv_builder_add(b, *at);
	return g_strv_builder_end(b);
}

void keyfactor_cert_facts(const struct keyfactor_cert *c, struct facts *ret)
{
	const char *name = *c->names ? *c->names : *c->name ? c->name : c->subject;

	memset(ret, 0, sizeof(*ret));
	ret->name = g_strdup(*name ? name : c->alias);
	ret->names = others_of(c, ret->name);
	ret->n_names = g_strv_length(ret->names);
	ret->issuer = keyfactor_cert_common_name(c->issuer);
	ret->key = g_strdup(c->key);
	ret->signature = g_strdup(c->signature);
	ret->serial = g_strconcat(strlen(c->serial) % 2 ? "0" : "", c->serial, NULL);
	ret->not_before = c->not_before;
	ret->not_after = c->not_after;
	ret->marks = c->state == KEYFACTOR_AUTHORITY ? MARK_CA : 0;
	for (char **at = c->names; *at; at++)
		if (g_str_has_prefix(*at, "*."))
			ret->marks |= MARK_WILDCARD;
}
