/*
 * cps_enroll_body: an enrollment as CPS wants it, in the words of its version 11.
 */
#include "cps_enroll.h"

#include <string.h>

#include "cps.h"

/* One member of an object, and the answer that it has. */
struct member {
	const char *name, *key;
	bool is_upper;		/* in capitals */
};

/* clang-format off */
static const struct member subject[] = {
	{ "c", "country", true }, { "st", "state", false }, { "l", "city", false },
	{ "o", "organisation", false }, { "ou", "unit", false }, { 0 }
};

static const struct member org[] = {
	{ "name", "org-name", false }, { "addressLineOne", "org-address", false },
	{ "addressLineTwo", "org-address-2", false }, { "city", "org-city", false },
	{ "region", "org-region", false }, { "postalCode", "org-postal-code", false },
	{ "country", "org-country", true }, { "phone", "org-phone", false }, { 0 }
};

#define CONTACT(who)                                                                                     \
	{ "firstName", who "-first-name", false }, { "lastName", who "-last-name", false },              \
	{ "title", who "-title", false }, { "organizationName", who "-organisation", false },            \
	{ "email", who "-email", false }, { "phone", who "-phone", false },                              \
	{ "addressLineOne", who "-address", false }, { "addressLineTwo", who "-address-2", false },      \
	{ "city", who "-city", false }, { "region", who "-region", false },                              \
	{ "postalCode", who "-postal-code", false }, { "country", who "-country", true }, { 0 }

static const struct member admin[] = { CONTACT("admin") };
static const struct member tech[] = { CONTACT("tech") };
/* clang-format on */

static void put_members(struct json_writer *w, const struct member *m, const struct args *a)
{
	for (; m->name; m++) {
		g_autofree char *value = g_strstrip(g_strdup(args_text(a, m->key, "")));
		g_autofree char *upper = m->is_upper ? g_ascii_strup(value, -1) : NULL;

		json_put_str(w, m->name, !*value ? NULL : upper ? upper : value);
	}
}

static void put_object(struct json_writer *w, const char *name, const struct member *m, const struct args *a)
{
	json_open(w, name, '{');
	put_members(w, m, a);
	json_close(w, '}');
}

static void put_list(struct json_writer *w, const char *name, char *const *list)
{
	if (!list || !*list) {
		json_put_null(w, name);
		return;
	}
	json_open(w, name, '[');
	for (; *list; list++)
		json_put_str(w, NULL, *list);
	json_close(w, ']');
}

static void put_csr(struct json_writer *w, const struct args *a)
{
	g_auto(GStrv) names = cps_enroll_names(a, NULL);

	json_open(w, "csr", '{');
	json_put_str(w, "cn", names ? names[0] : NULL);
	put_list(w, "sans", names);
	put_members(w, subject, a);
	json_put_null(w, "preferredTrustChain");
	json_close(w, '}');
}

/* Names of its own are for SNI alone; without that the member must not be there. */
static void put_names(struct json_writer *w, bool is_sni)
{
	if (!is_sni)
		return;
	json_open(w, "dnsNameSettings", '{');
	json_put_bool(w, "cloneDnsNames", true);
	json_put_null(w, "dnsNames");
	json_close(w, '}');
}

static const char *text_or_null(const struct args *a, const char *key)
{
	const char *value = args_text(a, key, "");

	return *value ? value : NULL;
}

static void put_network(struct json_writer *w, const struct args *a)
{
	g_auto(GStrv) disallowed = args_list(a, "disallowed-tls");

	json_open(w, "networkConfiguration", '{');
	json_put_str(w, "geography", args_text(a, "geography", "core"));
	json_put_str(w, "secureNetwork", args_text(a, "network", "standard-tls"));
	json_put_bool(w, "sniOnly", args_bool(a, "sni-only"));
	json_put_bool(w, "quicEnabled", false);
	json_put_str(w, "mustHaveCiphers", text_or_null(a, "ciphers"));
	json_put_str(w, "preferredCiphers", text_or_null(a, "preferred-ciphers"));
	put_list(w, "disallowedTlsVersions", disallowed);
	json_put_str(w, "ocspStapling", text_or_null(a, "ocsp-stapling"));
	put_names(w, args_bool(a, "sni-only"));
	json_close(w, '}');
}

char *cps_enroll_body(const struct args *a)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "ra", "third-party");
	json_put_str(&w, "validationType", "third-party");
	json_put_str(&w, "certificateType", "third-party");
	json_put_str(&w, "certificateChainType", "default");
	json_put_bool(&w, "changeManagement", args_bool(a, "change-management"));
	json_put_bool(&w, "enableMultiStackedCertificates", false);
	json_put_str(&w, "signatureAlgorithm", "SHA-256");
	put_csr(&w, a);
	put_network(&w, a);
	json_open(&w, "thirdParty", '{');
	json_put_bool(&w, "excludeSans", false);
	json_close(&w, '}');
	put_object(&w, "org", org, a);
	put_object(&w, "adminContact", admin, a);
	put_object(&w, "techContact", tech, a);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* What the server says, and nobody tells it. */
static const char *const servers_own[] = {
	"id", "location", "pendingChanges", "maxAllowedSanNames", "maxAllowedWildcardSanNames",
	"autoRenewalStartTime", "assignedSlots", "stagingSlots", "productionSlots", NULL
};

/* What is written takes the place of all that is there: a page of a proxy, or half of an answer, would. */
static bool is_whole(const struct json *enrollment, const char *id, GError **error)
{
	g_autofree char *told = cps_id(enrollment);
	const char *cn = json_str(json_get(enrollment, "csr"), "cn");

	if (cn && *cn && (!*told || !strcmp(told, id)))
		return true;
	if (cn && *cn)
		g_set_error(error, ERR, ERR_REPLY, "Akamai was asked for enrollment %s and answered with %s; "
			    "nothing was changed: try again, or look in Control Center", id, told);
	else
		g_set_error(error, ERR, ERR_REPLY, "Akamai's answer about enrollment %s has no common name; "
			    "nothing was changed: try again, or look in Control Center", id);
	return false;
}

char *cps_enroll_body_again(const struct json *enrollment, const char *id, GError **error)
{
	struct json_writer w = { 0 };

	if (!is_whole(enrollment, id, error))
		return NULL;
	w.out = g_string_new(NULL);

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < json_members(enrollment); i++) {
		const char *key = json_key_at(enrollment, i);

		if (!g_strv_contains(servers_own, key))
			json_put_copy(&w, key, json_get(enrollment, key));
	}
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}
