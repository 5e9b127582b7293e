/*
 * sectigo_profile: what a certificate profile offers and takes, said before anything is sent.
 *
 * Its terms and its kinds of keys are told.  How many names it takes is not, and what is validated for it
 * only a certificate of it tells: for want of one its name is asked, and whoever knows better may insist.
 */
#include "sectigo_profile.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#include "sectigo_certs.h"

#define LISTED_MAX 50		/* profiles, terms, sizes that are said */

/* ---- which one ---- */

static char *name_of(const struct json *profile)
{
	return sectigo_call_text(profile, "name", 200);
}

static const struct json *choose(const struct json *all, const char *wanted)
{
	if (!*wanted)
		return json_count(all) == 1 ? json_at(all, 0) : NULL;
	for (size_t i = 0; i < json_count(all); i++) {
		g_autofree char *name = name_of(json_at(all, i));
		g_autofree char *number = sectigo_call_text(json_at(all, i), "id", 20);

		if (!g_ascii_strcasecmp(name, wanted) || !strcmp(number, wanted))
			return json_at(all, i);
	}
	return NULL;
}

static char *terms_of(const struct json *profile)
{
	const struct json *terms = json_get(profile, "terms");
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(terms), LISTED_MAX); i++) {
		int64_t one = 0;

		json_int_at(terms, i, &one);
		g_string_append_printf(s, "%s%d", i ? ", " : "", (int)one);
	}
	return g_string_free(s, FALSE);
}

static char *all_of(const struct json *profiles)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(profiles), LISTED_MAX); i++) {
		g_autofree char *name = name_of(json_at(profiles, i));
		g_autofree char *terms = terms_of(json_at(profiles, i));

		g_string_append_printf(s, "%s%s (%s days)", i ? ", " : "", name, terms);
	}
	return g_string_free(s, FALSE);
}

const struct json *sectigo_profile_find(const struct json *profiles, const char *wanted, GError **error)
{
	const struct json *found = choose(profiles, wanted);
	g_autofree char *all = all_of(profiles), *shown = text_harmless_dup(wanted, 200);
	int64_t number;

	if (found && json_int(found, "id", &number))
		return found;
	g_set_error(error, ERR, ERR_USAGE, "%s%s: %s", shown,
		    *shown ? " is no profile of that organization" : "say which profile",
		    *all ? all : "it has none");
	return NULL;
}

/* ---- its limits ---- */

bool sectigo_profile_takes_term(const struct json *profile, int64_t *ret_term, GError **error)
{
	const struct json *terms = json_get(profile, "terms");
	g_autofree char *all = terms_of(profile), *name = name_of(profile);
	int64_t longest = 0;
	bool is_there = false;

	for (size_t i = 0; i < MIN(json_count(terms), LISTED_MAX); i++) {
		int64_t one = 0;

		json_int_at(terms, i, &one);
		longest = MAX(longest, one);
		is_there |= one == *ret_term;
	}
	if (*ret_term && !is_there)
		g_set_error(error, ERR, ERR_USAGE, "the profile %s offers %s days, and not %d", name,
			    *all ? all : "no", (int)*ret_term);
	else if (longest <= 0)
		g_set_error(error, ERR, ERR_USAGE, "the profile %s offers no term", name);
	else
		*ret_term = *ret_term ? *ret_term : longest;
	return *ret_term && (is_there || *ret_term == longest);
}

static char *key_of(const char *csr_pem)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)csr_pem, strlen(csr_pem), NULL, NULL);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return x509_csr_key(item->der);
	}
	return NULL;
}

/* "RSA 2048, EC P-256"; *ret_is_there: whether `key` is among them. */
static char *keys_of(const struct json *kinds, const char *key, bool *ret_is_there)
{
	static const char *const words[] = { "RSA", "EC", "Ed25519", "Ed448" };
	GString *s = g_string_new(NULL);

	*ret_is_there = false;
	for (size_t k = 0; k < G_N_ELEMENTS(words); k++) {
		const struct json *sizes = json_get(kinds, words[k]);

		for (size_t i = 0; i < MIN(json_count(sizes), LISTED_MAX); i++) {
			g_autofree char *size = text_harmless_dup(json_text(json_at(sizes, i)) ?
								  json_text(json_at(sizes, i)) : "", 40);
			g_autofree char *one = g_strdup_printf("%s%s%s", words[k], *size ? " " : "", size);

			*ret_is_there |= !g_ascii_strcasecmp(one, key);
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", one);
		}
	}
	return g_string_free(s, FALSE);
}

/* One that tells none, or none that is known here, lets the CA decide. */
bool sectigo_profile_takes_key(const struct json *profile, const char *csr_pem, GError **error)
{
	g_autofree char *key = key_of(csr_pem), *name = name_of(profile), *all = NULL;
	bool is_there = false;

	all = key ? keys_of(json_get(profile, "keyTypes"), key, &is_there) : g_strdup("");
	if (!*all || is_there)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "the profile %s takes keys of %s, and this one is %s: make a "
		    "request with such a key, or choose another profile", name, all, key);
	return false;
}

/* Whether its name has that word. */
static bool has_word(const struct json *profile, const char *word)
{
	g_autofree char *name = name_of(profile);
	g_auto(GStrv) words = g_strsplit_set(name, " -_()/,.", -1);

	for (char **at = words; *at; at++)
		if (!g_ascii_strcasecmp(*at, word))
			return true;
	return false;
}

static guint count_names(char *const *names, bool *ret_wildcard)
{
	g_autoptr(GHashTable) each = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	*ret_wildcard = false;
	for (char *const *name = names; name && *name; name++) {
		g_hash_table_add(each, g_ascii_strdown(*name, -1));
		*ret_wildcard |= g_str_has_prefix(*name, "*.");
	}
	return g_hash_table_size(each);
}

bool sectigo_profile_takes_names(const struct op *op, const struct json *profile, char *const *names,
				 GError **error)
{
	g_autofree char *name = name_of(profile);
	bool has_wildcard;
	guint n = count_names(names, &has_wildcard);
	bool is_single = has_word(profile, "single") && !has_word(profile, "multi");

	if (!is_single || args_bool(op->args, "insist"))
		return true;
	if (n > 1)
		g_set_error(error, ERR, ERR_USAGE, "the profile %s is for a single name, as it is called so, "
			    "and these are %u: choose another profile, or insist", name, n);
	else if (has_wildcard && !has_word(profile, "wildcard"))
		g_set_error(error, ERR, ERR_USAGE, "the profile %s is for no wildcard, as it is called single "
			    "and not wildcard: choose another profile, or insist", name);
	else
		return true;
	return false;
}

/* ---- what is validated for it ---- */

/* "Organization Validation (OV)" */
static const char *level_in(const char *text)
{
	static const char *const words[][2] = {
		{ "(OV)", "OV" }, { "(EV)", "EV" }, { "Organization", "OV" }, { "Extended", "EV" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(text, words[i][0]))
			return words[i][1];
	return "";
}

const char *sectigo_profile_level(const struct op *op, const struct json *profile, bool *ret_is_guess)
{
	g_autofree char *name = name_of(profile);
	g_autoptr(GHashTable) certs = sectigo_cert_memo_read(op->memo);
	GHashTableIter iter;
	gpointer value;

	*ret_is_guess = false;
	g_hash_table_iter_init(&iter, certs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct sectigo_cert *c = value;

		if (*c->validation && !strcmp(c->profile, name))
			return level_in(c->validation);
	}
	*ret_is_guess = true;
	return has_word(profile, "EV") ? "EV" : has_word(profile, "OV") ? "OV" : "";
}
