/*
 * route53_txt: the texts of TXT records between a zone file, which writes odd bytes in decimal, and
 * Route 53, which wants octal and every string in quotation marks.
 */
#include "route53.h"

#include <string.h>

#include <certty/base/text.h>

#define STRING_MAX 255		/* bytes of one string */
#define TXT_MAX	   4000		/* of a value, as Route 53 takes it */

static GBytes *refuse(const char *text, GError **error)
{
	g_autofree char *shown = text_harmless_dup(text, 100);

	g_set_error(error, ERR, ERR_FORMAT, "'%s' is no text of a TXT record", shown);
	return NULL;
}

/* The byte behind a backslash, with *at behind it; -1: there is none. */
static int read_escape(const char **at, int base)
{
	const char *c = *at;
	int value = 0;

	if (!*c)
		return -1;
	if (!g_ascii_isdigit(*c)) {
		*at = c + 1;
		return (unsigned char)*c;
	}
	for (int i = 0; i < 3; i++, c++) {
		if (*c < '0' || *c >= '0' + base)
			return -1;
		value = value * base + (*c - '0');
	}
	*at = c;
	return value < 256 ? value : -1;
}

/* One string, quoted or up to the next blank; false: it does not end, or is none. */
static bool read_string(const char **at, int base, GByteArray *to)
{
	bool is_quoted = **at == '"';
	const char *c = *at + is_quoted;

	while (*c && (is_quoted ? *c != '"' : !strchr(" \t\"", *c))) {
		int byte = (unsigned char)*c++;
		guint8 b;

		if (byte == '\\')
			byte = read_escape(&c, base);
		if (byte < 0 || to->len >= TXT_MAX)
			return false;
		b = (guint8)byte;
		g_byte_array_append(to, &b, 1);
	}
	if (is_quoted ? *c != '"' : *c == '"')
		return false;
	*at = c + is_quoted;
	return true;
}

GBytes *route53_txt_read(const char *text, bool is_octal, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	const char *at = text;

	if (!*text)
		return refuse(text, error);
	while (*at) {
		if (!read_string(&at, is_octal ? 8 : 10, bytes) || (*at && !strchr(" \t", *at)))
			return refuse(text, error);
		at += strspn(at, " \t");
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

char *route53_txt_write(GBytes *bytes)
{
	gsize len;
	const guint8 *byte = g_bytes_get_data(bytes, &len);
	GString *s = g_string_new("\"");

	for (gsize i = 0; i < len; i++) {
		if (i && i % STRING_MAX == 0)
			g_string_append(s, "\" \"");
		if (byte[i] == '"' || byte[i] == '\\')
			g_string_append_printf(s, "\\%c", byte[i]);
		else if (g_ascii_isprint((char)byte[i]))
			g_string_append_c(s, (char)byte[i]);
		else
			g_string_append_printf(s, "\\%03o", byte[i]);
	}
	g_string_append_c(s, '"');
	return g_string_free(s, FALSE);
}
