/*
 * cps_enroll_check: what CPS wants of an enrollment, said here, since there the refusal of a blank field or
 * of a letter in a phone number names neither.
 */
#include "cps_enroll.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#define NAMES_MAX 100		/* of one enrollment, unless CPS allows more */
#define CN_MAX	  64		/* letters of a common name, RFC 5280 */
#define HOST_MAX 253		/* of a host name */
#define LABEL_MAX 63
#define TEXT_MAX  128
#define DIGITS_MIN 5		/* of a phone number */
#define DIGITS_MAX 20
#define PLACEHOLDER "SET-DEFAULT"	/* what Keyfactor's templates have where nobody filled in anything */
#define AKAMAI_MAIL "@akamai.com"
#define AKAMAI_NAME "Akamai"

/* ---- names ---- */

static bool is_label(const char *label)
{
	size_t len = strlen(label);

	for (const char *c = label; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '-' && *c != '_')
			return false;
	return len && len <= LABEL_MAX && *label != '-' && label[len - 1] != '-';
}

/* At least two labels, and no address; a wildcard is the whole first one. */
static bool is_name(const char *name)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);
	guint n = g_strv_length(labels);

	for (guint i = 0; i < n; i++)
		if (!is_label(labels[i]) && !(i == 0 && n > 2 && !strcmp(labels[i], "*")))
			return false;
	return n > 1 && strlen(name) <= HOST_MAX && !g_ascii_isdigit(labels[n - 1][0]);
}

/* In A-labels and lower case; NULL: it is none. */
static char *read_name(const char *text)
{
	bool is_wild = g_str_has_prefix(text, "*.");
	g_autofree char *rest = text_idn_ascii(text + (is_wild ? 2 : 0), NULL);
	g_autofree char *name = rest ? g_strconcat(is_wild ? "*." : "", rest, NULL) : NULL;
	char *lower = name && is_name(name) ? g_ascii_strdown(name, -1) : NULL;

	return lower;
}

static bool refuse(GError **error, const char *format, const char *what)
{
	g_autofree char *shown = text_harmless_dup(what, 100);
	g_autofree char *sentence = NULL;
	g_auto(GStrv) parts = g_strsplit(format, "%s", 2);

	sentence = g_strjoinv(shown, parts);
	g_set_error_literal(error, ERR, ERR_USAGE, sentence);
	return false;
}

static bool add_name(GPtrArray *names, const char *text, GError **error)
{
	g_autofree char *name = read_name(text);

	if (!name)
		return refuse(error, "'%s' is no host name", text);
	if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		return refuse(error, "the name %s comes twice", text);
	g_ptr_array_add(names, g_steal_pointer(&name));
	return true;
}

/* The CN goes to the front. */
static bool place_cn(GPtrArray *names, const char *cn, GError **error)
{
	guint at;

	if (!names->len) {
		g_ptr_array_add(names, g_strdup(cn));
		return true;
	}
	if (!g_ptr_array_find_with_equal_func(names, cn, g_str_equal, &at))
		return refuse(error, "the common name %s is not among the names (SANs)", cn);
	g_ptr_array_insert(names, 0, g_ptr_array_steal_index(names, at));
	return true;
}

char **cps_enroll_names(const struct args *a, GError **error)
{
	const char *text = args_text(a, CPS_CN, "");
	g_autofree char *cn = read_name(text);
	g_auto(GStrv) parts = g_strsplit_set(args_text(a, CPS_SANS, ""), "&, \t", -1);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	if (!cn) {
		refuse(error, *text ? "the common name '%s' is no host name" : "the common name is missing%s",
		       text);
		return NULL;
	}
	if (strlen(cn) > CN_MAX) {
		refuse(error, "the common name %s has more than 64 letters", cn);
		return NULL;
	}
	for (char **part = parts; *part; part++)
		if (**part && !add_name(names, *part, error))
			return NULL;
	if (!place_cn(names, cn, error))
		return NULL;
	if (names->len > NAMES_MAX) {
		refuse(error, "%s and its names are more than 100", cn);
		return NULL;
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* ---- texts: each says what is wrong, as the end of a sentence; NULL: nothing ---- */

static const char *check_text(const char *value)
{
	if (!g_utf8_validate(value, -1, NULL) || strpbrk(value, "\r\n\t"))
		return "has characters that cannot be sent";
	return g_utf8_strlen(value, -1) > TEXT_MAX ? "is too long" : NULL;
}

static const char *check_country(const char *value)
{
	return strlen(value) == 2 && g_ascii_isalpha(value[0]) && g_ascii_isalpha(value[1]) ? NULL :
		"is not two letters, as in DE";
}

static const char *check_phone(const char *value)
{
	size_t digits = 0;

	for (const char *c = value; *c; c++) {
		digits += g_ascii_isdigit(*c);
		if (!g_ascii_isdigit(*c) && !strchr(" ().-", *c) && !(*c == '+' && c == value))
			return "is no phone number: digits, blanks and ( ) . - and a + before them";
	}
	return digits >= DIGITS_MIN && digits <= DIGITS_MAX ? NULL : "is no phone number: it has too few or "
								    "too many digits";
}

static const char *check_email(const char *value)
{
	const char *at = strchr(value, '@');

	return at && at > value && strchr(at, '.') && at[1] != '.' && !strchr(at + 1, '@') &&
	       !strpbrk(value, " ,;<>\"") && value[strlen(value) - 1] != '.' ? NULL : "is no e-mail address";
}

static const char *check_tech_email(const char *value)
{
	size_t len = strlen(value), tail = strlen(AKAMAI_MAIL);

	if (check_email(value))
		return check_email(value);
	return len > tail && !g_ascii_strcasecmp(value + len - tail, AKAMAI_MAIL) ? NULL :
		"is not an address at akamai.com: CPS takes a technical contact of Akamai's only";
}

static const char *check_tech_organisation(const char *value)
{
	return !strcmp(value, AKAMAI_NAME) ? NULL : "is not Akamai, which CPS wants there";
}

static const char *check_tls(const char *value)
{
	static const char *const versions[] = { "TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3", NULL };
	g_auto(GStrv) parts = g_strsplit_set(value, ", ", -1);

	for (char **part = parts; *part; part++)
		if (**part && !g_strv_contains(versions, *part))
			return "is none of TLSv1, TLSv1_1, TLSv1_2 and TLSv1_3";
	return NULL;
}

static const char *check_short(const char *value)
{
	return g_utf8_strlen(value, -1) > CN_MAX ? "has more than 64 letters" : NULL;
}

/* By the end of a key; the first that fits. */
static const struct rule {
	const char *end;
	const char *(*check)(const char *value);
} rules[] = {
	{ "tech-email", check_tech_email },
	{ "tech-organisation", check_tech_organisation },
	{ "email", check_email },
	{ "phone", check_phone },
	{ "country", check_country },
	{ "disallowed-tls", check_tls },
	{ "organisation", check_short },
	{ "unit", check_short },
	{ "first-name", check_short },
	{ "last-name", check_short },
};

/* What is there and empty to the eye is more often a slip than meant. */
static const char *check_value(const struct field *f, const char *value)
{
	g_autofree char *stripped = g_strstrip(g_strdup(value));
	g_autoptr(GError) error = NULL;

	if (!*value)
		return f->needed ? "is missing" : NULL;
	if (!*stripped)
		return "is blank";
	if (!g_ascii_strcasecmp(stripped, PLACEHOLDER))
		return "is still the placeholder " PLACEHOLDER;
	if (check_text(value))
		return check_text(value);
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (g_str_has_suffix(f->key, rules[i].end))
			return rules[i].check(value);
	return field_check_one(f, value, &error) ? NULL : "is none of its choices";
}

char *cps_enroll_contract(const struct args *a)
{
	const char *contract = args_text(a, "contract", "");

	return g_strdup(contract + (g_str_has_prefix(contract, "ctr_") ? strlen("ctr_") : 0));
}

bool cps_enroll_check(const struct args *a, GError **error)
{
	g_autoptr(GError) names_wrong = NULL;
	g_auto(GStrv) names = cps_enroll_names(a, &names_wrong);
	g_autoptr(GString) wrong = g_string_new(names ? NULL : names_wrong->message);

	for (const struct field *f = cps_profile_fields; f->key; f++) {
		const char *why = check_value(f, args_text(a, f->key, ""));

		if (why)
			g_string_append_printf(wrong, "%s%s (%s) %s", wrong->len ? "; " : "", f->label, f->key,
					       why);
	}
	if (wrong->len)
		g_set_error(error, ERR, ERR_USAGE, "CPS would refuse the enrollment: %s", wrong->str);
	return !wrong->len;
}
