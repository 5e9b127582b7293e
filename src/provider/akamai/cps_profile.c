/*
 * cps_profile: named sets of what enrollments have in common, out of the configuration.
 *
 *   [enrollment shop]
 *   contract=C-0N7RAC7
 *   organisation=Beispiel GmbH
 */
#include "cps_enroll.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

/* clang-format off */
const struct field cps_profile_fields[] = {
	{ "contract",          FIELD_TEXT,   "Contract", true, NULL, NULL, "as in C-0N7RAC7" },
	{ "key-type",          FIELD_CHOICE, "Key type", false, "RSA", "RSA ECDSA ECC",
	  "of the key that is made at Akamai" },
	{ "network",           FIELD_CHOICE, "Network", false, "standard-tls", "standard-tls enhanced-tls",
	  "cannot be changed later" },
	{ "geography",         FIELD_CHOICE, "Geography", false, "core", "core china+core russia+core",
	  "where it is deployed" },
	{ "sni-only",          FIELD_BOOL,   "SNI only", false, "yes", NULL, "cannot be changed later" },
	{ "ciphers",           FIELD_TEXT,   "Ciphers that must be", false, "ak-akamai-default", NULL,
	  "the name of a cipher profile" },
	{ "preferred-ciphers", FIELD_TEXT,   "Preferred ciphers", false, "ak-akamai-default", NULL,
	  "the name of a cipher profile" },
	{ "disallowed-tls",    FIELD_LIST,   "Disallowed TLS", false, NULL, NULL,
	  "of TLSv1, TLSv1_1, TLSv1_2 and TLSv1_3" },
	{ "ocsp-stapling",     FIELD_CHOICE, "OCSP stapling", false, "on", "on off not-set", "as it says" },
	{ "change-management", FIELD_BOOL,   "Change management", false, "yes", NULL,
	  "a person's yes before it goes on from Staging to Production" },
	{ "country",           FIELD_TEXT,   "Country", false, NULL, NULL, "two letters; of the subject" },
	{ "state",             FIELD_TEXT,   "State", false, NULL, NULL, "of the subject" },
	{ "city",              FIELD_TEXT,   "City", false, NULL, NULL, "of the subject" },
	{ "organisation",      FIELD_TEXT,   "Organisation", false, NULL, NULL, "of the subject" },
	{ "unit",              FIELD_TEXT,   "Unit", false, NULL, NULL, "of the subject" },
	{ "org-name",          FIELD_TEXT,   "Organisation's name", true, NULL, NULL, "its legal name" },
	{ "org-address",       FIELD_TEXT,   "Organisation's address", true, NULL, NULL, "its first line" },
	{ "org-address-2",     FIELD_TEXT,   "Organisation's address, 2", false, NULL, NULL, "its second line" },
	{ "org-city",          FIELD_TEXT,   "Organisation's city", true, NULL, NULL, "" },
	{ "org-region",        FIELD_TEXT,   "Organisation's region", true, NULL, NULL, "" },
	{ "org-postal-code",   FIELD_TEXT,   "Organisation's postal code", true, NULL, NULL, "" },
	{ "org-country",       FIELD_TEXT,   "Organisation's country", true, NULL, NULL, "two letters" },
	{ "org-phone",         FIELD_TEXT,   "Organisation's phone", true, NULL, NULL, "as in +49 981 5550100" },
#define CONTACT(who, title)                                                                               \
	{ who "-first-name",   FIELD_TEXT, title " first name", true, NULL, NULL, "" },                   \
	{ who "-last-name",    FIELD_TEXT, title " last name", true, NULL, NULL, "" },                    \
	{ who "-title",        FIELD_TEXT, title " title", true, NULL, NULL, "as in Engineer" },          \
	{ who "-email",        FIELD_TEXT, title " e-mail", true, NULL, NULL, "as in ada@shop.example" }, \
	{ who "-phone",        FIELD_TEXT, title " phone", true, NULL, NULL, "as in +49 981 5550101" },   \
	{ who "-address",      FIELD_TEXT, title " address", true, NULL, NULL, "its first line" },        \
	{ who "-address-2",    FIELD_TEXT, title " address, 2", false, NULL, NULL, "its second line" },   \
	{ who "-city",         FIELD_TEXT, title " city", true, NULL, NULL, "" },                         \
	{ who "-region",       FIELD_TEXT, title " region", true, NULL, NULL, "" },                       \
	{ who "-postal-code",  FIELD_TEXT, title " postal code", true, NULL, NULL, "" },                  \
	{ who "-country",      FIELD_TEXT, title " country", true, NULL, NULL, "two letters" }
	CONTACT("admin", "Administrator's"),
	{ "admin-organisation", FIELD_TEXT, "Administrator's organisation", true, NULL, NULL, "" },
	CONTACT("tech", "Technical contact's"),
	{ "tech-organisation", FIELD_TEXT, "Technical contact's organisation", false, "Akamai", NULL,
	  "Akamai, and nothing else" },
	{ NULL }
};
/* clang-format on */

/* ", did you mean …", or ""; new. */
static char *nearest(const char *key)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();

	for (const struct field *f = cps_profile_fields; f->key; f++)
		g_ptr_array_add(keys, (char *)f->key);
	g_ptr_array_add(keys, NULL);
	return settings_nearest(key, (const char *const *)keys->pdata);
}

static bool refuse_key(const struct settings *s, const char *group, const char *key, GError **error)
{
	g_autofree char *hint = nearest(key);

	g_set_error(error, ERR, ERR_FORMAT, "%s: unknown key %s in [%s]%s",
		    settings_raw_origin(s, group, key), key, group, hint);
	return false;
}

static bool read_key(const struct settings *s, const char *group, const char *key, struct args *to,
		     GError **error)
{
	const struct field *f = field_find(cps_profile_fields, key);
	const char *value = settings_raw(s, group, key);
	g_autoptr(GError) why = NULL;

	if (!f)
		return refuse_key(s, group, key, error);
	if (*value && !field_check_one(f, value, &why)) {
		g_set_error(error, ERR, ERR_FORMAT, "%s: %s: %s", settings_raw_origin(s, group, key), key,
			    why->message);
		return false;
	}
	if (*value)
		args_set(to, key, value);
	return true;
}

char *cps_profile_names(const struct settings *s)
{
	const char *const *groups = settings_groups(s, CPS_PROFILE_GROUP);
	g_autoptr(GString) names = g_string_new(NULL);

	for (; groups && *groups; groups++) {
		g_autofree char *shown = text_harmless_dup(*groups + strlen(CPS_PROFILE_GROUP), 100);

		g_string_append_printf(names, "%s%s", names->len ? ", " : "", shown);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

static bool no_profile(const struct settings *s, const char *name, GError **error)
{
	g_autofree char *names = cps_profile_names(s), *shown = text_harmless_dup(name, 100);

	g_set_error(error, ERR, ERR_NOT_FOUND, "there is no [" CPS_PROFILE_GROUP "%s] in the configuration; "
		    "%s%s", shown, *names ? "there are " : "there is none at all", names);
	return false;
}

static bool read_group(const struct settings *s, const char *name, struct args *to, GError **error)
{
	g_autofree char *group = g_strconcat(CPS_PROFILE_GROUP, name, NULL);
	const char *const *keys = settings_keys(s, group);

	if (!keys || !*keys)
		return no_profile(s, name, error);
	for (; *keys; keys++)
		if (!read_key(s, group, *keys, to, error))
			return false;
	return true;
}

static bool refuse_answer(const char *key, GError **error)
{
	g_autofree char *hint = nearest(key), *shown = text_harmless_dup(key, 80);

	g_set_error(error, ERR, ERR_USAGE, "'%s' is nothing that a profile ([" CPS_PROFILE_GROUP "NAME]) has, "
		    "as in KEY=VALUE; KEY=VALUE%s", shown, hint);
	return false;
}

bool cps_profile_lay_over(struct args *profile, const char *said, GError **error)
{
	g_auto(GStrv) all = g_strsplit(said, ";", -1);

	for (char **one = all; *one; one++) {
		char *value = strchr(*one, '=');

		if (value)
			*value++ = '\0';
		if (!*g_strstrip(*one) && !value)
			continue;
		if (!value || !field_find(cps_profile_fields, *one))
			return refuse_answer(*one, error);
		args_set(profile, *one, value);
	}
	return true;
}

struct args *cps_profile_read(const struct settings *s, const char *name, GError **error)
{
	g_autoptr(args) a = args_new();

	for (const struct field *f = cps_profile_fields; f->key; f++)
		if (f->fallback)
			args_set(a, f->key, f->fallback);
	if (*name && !read_group(s, name, a, error))
		return NULL;
	return g_steal_pointer(&a);
}
