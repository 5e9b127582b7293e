/*
 * dns_record: a record as a line of a zone file, which is how requests keep theirs.
 */
#include <certty/provider/op.h>

#include <string.h>

#include <certty/base/text.h>

#define TTL_MAX	 2147483647	/* RFC 2181, 8 */
#define TEXT_MAX 65535
#define STRING_MAX 255		/* bytes of one string of a text */

void dns_record_free(struct dns_record *r)
{
	if (!r)
		return;
	g_free(r->name);
	g_free(r->type);
	g_free(r->value);
	g_free(r);
}

struct dns_record *dns_record_dup(const struct dns_record *r)
{
	struct dns_record *d = g_new0(struct dns_record, 1);

	d->name = g_strdup(r->name);
	d->type = g_strdup(r->type);
	d->value = g_strdup(r->value);
	d->ttl = r->ttl;
	return d;
}

/* "_x.example.org. 300 IN CNAME y.example.net." */
struct dns_record *dns_record_read(const char *line, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 5);
	struct dns_record *r;
	guint64 ttl;

	if (g_strv_length(parts) != 5 || !g_str_has_suffix(parts[0], ".") || strcmp(parts[2], "IN") ||
	    !*parts[3] || !*parts[4] ||
	    !g_ascii_string_to_unsigned(parts[1], 10, 0, TTL_MAX, &ttl, NULL)) {
		g_autofree char *shown = text_harmless_dup(line, 200);

		g_set_error(error, ERR, ERR_FORMAT, "'%s' is no DNS record", shown);
		return NULL;
	}
	r = g_new0(struct dns_record, 1);
	r->name = g_strdup(parts[0]);
	r->ttl = (unsigned)ttl;
	r->type = g_strdup(parts[3]);
	r->value = g_strdup(parts[4]);
	return r;
}

bool dns_record_is_in(const char *name, const char *zone)
{
	size_t len = strlen(name), tail = strlen(zone);

	return tail && len >= tail && !g_ascii_strcasecmp(name + len - tail, zone) &&
	       (len == tail || name[len - tail - 1] == '.');
}

/* ---- values ---- */

static bool read_escape(const char **at, GString *s)
{
	const char *p = *at + 1;

	if (g_ascii_isdigit(p[0]) && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2])) {
		int byte = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');

		*at = p + 3;
		g_string_append_c(s, (char)byte);
		return byte > 0 && byte <= 255;
	}
	if (!*p)
		return false;
	g_string_append_c(s, *p);
	*at = p + 1;
	return true;
}

/* One string, in quotes or bare. */
static bool read_string(const char **at, GString *s)
{
	const char *ends = **at == '"' ? "\"" : " \t";
	bool is_quoted = **at == '"';

	for (*at += is_quoted; **at && !strchr(ends, **at);) {
		if (**at != '\\')
			g_string_append_c(s, *(*at)++);
		else if (!read_escape(at, s))
			return false;
	}
	if (is_quoted && **at != '"')
		return false;
	*at += is_quoted;
	return s->len <= TEXT_MAX;
}

static char *read_text(const char *value)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (const char *p = value; *p;) {
		if (*p == ' ' || *p == '\t')
			p++;
		else if (!read_string(&p, s))
			return NULL;
	}
	return g_utf8_validate(s->str, (gssize)s->len, NULL) ? g_strdup(s->str) : NULL;
}

static char *read_target(const char *value)
{
	char *name = g_ascii_strdown(value, -1);
	size_t len = strlen(name);

	if (len > 1 && name[len - 1] == '.')
		name[len - 1] = '\0';
	return name;
}

char *dns_record_plain(const char *type, const char *value, GError **error)
{
	char *plain = !strcmp(type, "CNAME") ? read_target(value) :
		!strcmp(type, "TXT") ? read_text(value) : NULL;

	if (!plain) {
		g_autofree char *shown = text_harmless_dup(value, 200);

		g_set_error(error, ERR, ERR_USAGE, "%s %s is no record that can be put into a zone from "
			    "here", type, shown);
	}
	return plain;
}

char *dns_record_quoted(const char *plain)
{
	GString *s = g_string_new("\"");
	size_t n = 0;

	for (const char *p = plain; *p; p = g_utf8_next_char(p)) {
		size_t len = (size_t)(g_utf8_next_char(p) - p);

		if (n + len > STRING_MAX) {
			g_string_append(s, "\" \"");
			n = 0;
		}
		if (*p == '"' || *p == '\\')
			g_string_append_c(s, '\\');
		g_string_append_len(s, p, (gssize)len);
		n += len;
	}
	g_string_append_c(s, '"');
	return g_string_free(s, FALSE);
}
