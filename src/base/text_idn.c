/*
 * Host names in the two forms that people and DNS use; the only file that knows libidn2.
 * What is shown must be as safe as what was there: a name that would hide something, or mix
 * alphabets that look alike, stays in its ASCII form.
 */
#include "certty/base/text.h"

#include <idn2.h>
#include <string.h>

#include "certty/base/err.h"
#include "text_cells.h"

#define MOST_NAME  253
#define MOST_LABEL 63

static char *refuse(const char *name, const char *why, GError **error)
{
	g_autofree char *shown = text_harmless_dup(name, MOST_NAME);

	g_set_error(error, ERR, ERR_FORMAT, "\"%s\" is not a host name: %s", shown, why);
	return NULL;
}

/* The rule of DNS, wide enough for wildcards and the underscores of challenges. */
static const char *fault_of(const char *name)
{
	size_t label = 0, len = strlen(name);

	if (len && name[len - 1] == '.')
		len--;
	if (!len)
		return "it is empty";
	if (len > MOST_NAME)
		return "it is longer than 253 characters";
	for (size_t i = 0; i <= len; i++) {
		if (i < len && name[i] != '.') {
			if (!g_ascii_isalnum(name[i]) && !strchr("-_*", name[i]))
				return "it has a character that names do not have";
			label++;
			continue;
		}
		if (!label)
			return "it has an empty part";
		if (label > MOST_LABEL)
			return "it has a part longer than 63 characters";
		label = 0;
	}
	return NULL;
}

char *text_idn_ascii(const char *name, GError **error)
{
	const char *rest = g_str_has_prefix(name, "*.") ? name + 2 : name;
	g_autofree char *ascii = NULL;
	const char *fault;
	char *converted;
	int rc;

	if (text_ascii_run(name, strlen(name)) == strlen(name)) {
		ascii = g_ascii_strdown(name, -1);
	} else {
		rc = idn2_lookup_u8((const uint8_t *)rest, (uint8_t **)&converted,
				    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
		if (rc != IDN2_OK)
			return refuse(name, idn2_strerror(rc), error);
		ascii = g_strconcat(rest == name ? "" : "*.", converted, NULL);
		idn2_free(converted);
	}
	fault = fault_of(ascii);
	if (fault)
		return refuse(name, fault, error);
	return g_steal_pointer(&ascii);
}

/* Scripts that are written together everywhere: Japanese, Chinese and Korean with Latin. */
static bool is_east_asian(GUnicodeScript script)
{
	return script == G_UNICODE_SCRIPT_LATIN || script == G_UNICODE_SCRIPT_HAN ||
	       script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA ||
	       script == G_UNICODE_SCRIPT_HANGUL || script == G_UNICODE_SCRIPT_BOPOMOFO;
}

static bool mixes_scripts(const char *name)
{
	GUnicodeScript label = G_UNICODE_SCRIPT_COMMON;

	for (; *name; name = g_utf8_next_char(name)) {
		gunichar c = g_utf8_get_char(name);
		GUnicodeScript script = g_unichar_get_script(c);

		if (c == '.')
			label = G_UNICODE_SCRIPT_COMMON;
		if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
			continue;
		if (label != G_UNICODE_SCRIPT_COMMON && label != script &&
		    !(is_east_asian(label) && is_east_asian(script)))
			return true;
		label = script;
	}
	return false;
}

char *text_idn_show(const char *name)
{
	g_autofree char *shown = NULL, *harmless = NULL;
	char *converted;

	if (!strstr(name, "xn--") && !strstr(name, "XN--"))
		return g_strdup(name);
	if (idn2_to_unicode_8z8z(name, &converted, 0) != IDN2_OK)
		return g_strdup(name);
	shown = g_strdup(converted);
	idn2_free(converted);
	harmless = text_harmless_dup(shown, 4 * MOST_NAME);
	if (strcmp(harmless, shown) != 0 || mixes_scripts(shown))
		return g_strdup(name);
	return g_steal_pointer(&shown);
}
