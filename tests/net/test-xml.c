/* What is read, what is refused, and the bounds. */
#include <certty/base/err.h>
#include <certty/net/xml.h>

#include <string.h>

static struct xml *parse(const char *s, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(s, strlen(s));

	return xml_read(bytes, error);
}

/* "a(b=text,c(d))" */
static void say(GString *out, const struct xml *x)
{
	g_string_append(out, xml_name(x));
	if (*xml_text(x))
		g_string_append_printf(out, "=%s", xml_text(x));
	for (size_t i = 0; i < xml_count(x); i++) {
		g_string_append_c(out, i ? ',' : '(');
		say(out, xml_at(x, i));
	}
	if (xml_count(x))
		g_string_append_c(out, ')');
	g_assert_null(xml_at(x, xml_count(x)));
}

static void reads(void)
{
	static const struct {
		const char *xml, *said;
	} rows[] = {
		{ "<a/>", "a" },
		{ "<?xml version=\"1.0\"?>\n<a> <b>c</b>\n <b/> </a>\n", "a(b=c,b)" },
		{ "<a> b </a>", "a= b " },
		{ "<a>b<c/>d</a>", "a=bd(c)" },
		{ "<a><![CDATA[<b>]]>&lt;&amp;&#65;&quot;</a>", "a=<b><&A\"" },
		{ "<a>1\n2\r\n3</a>", "a=1\n2\n3" },
		{ "<a>\xe2\x80\xae\xc2\x85</a>", "a=\\u202e\\u0085" },
		{ "<a x='1'><!-- c --><?pi x?><b y='2'/></a>", "a(b)" },
		{ "<a xmlns='urn:x'><b/></a>", "a(b)" },
		{ "<p:a xmlns:p='urn:x|y'><p:b>1</p:b></p:a>", "a(b=1)" },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>", "a=\xc3\xa4" },
		{ "\xef\xbb\xbf<a/>", "a" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(xml) x = parse(rows[i].xml, &error);
		g_autoptr(GString) said = g_string_new(NULL);

		g_test_message("row %zu", i);
		g_assert_no_error(error);
		say(said, x);
		g_assert_cmpstr(said->str, ==, rows[i].said);
	}
}

static void finds(void)
{
	g_autoptr(xml) x = parse("<r><a/><a><b>1</b></a><a><b>2</b></a><ab>3</ab></r>", NULL);

	g_assert_cmpstr(xml_str(x, "a/b"), ==, "1");
	g_assert_cmpstr(xml_str(x, "ab"), ==, "3");
	g_assert_cmpstr(xml_str(x, "a"), ==, "");
	g_assert_null(xml_str(x, "b"));
	g_assert_null(xml_str(x, "a/b/c"));
	g_assert_null(xml_str(x, "a/"));
	g_assert_null(xml_str(x, ""));
	g_assert_null(xml_get(NULL, "a"));
	g_assert_cmpuint(xml_count(NULL), ==, 0);
	g_assert_cmpstr(xml_text(NULL), ==, "");
	g_assert_cmpstr(xml_name(NULL), ==, "");
	xml_free(NULL);
}

static void refuses_one(const char *xml, enum err code, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_test_message("%s", why);
	g_assert_null(parse(xml, &error));
	g_assert_error(error, ERR, (int)code);
	if (!strstr(error->message, why))
		g_error("\"%s\" has no \"%s\"", error->message, why);
}

static void refuses(void)
{
	static const struct {
		const char *xml, *why;
	} rows[] = {
		{ "", "no element found at line 1, column 1" },
		{ "{}", "at line 1, column 1" },
		{ "<a>", "no element found" },
		{ "<a>\n <b></a>", "mismatched tag at line 2, column 7" },
		{ "<a/><b/>", "junk after document element" },
		{ "<a b='1' b='2'/>", "duplicate attribute" },
		{ "<p:a/>", "unbound prefix" },
		{ "<a>&b;</a>", "undefined entity" },
		{ "<a>&#0;</a>", "reference to invalid character number" },
		{ "<a>\x01</a>", "not well-formed" },
		{ "<a>\xe4</a>", "not well-formed" },
		{ "<?xml version='1.0' encoding='EBCDIC-X'?><a/>", "unknown encoding" },
		{ "<!DOCTYPE a><a/>", "a document type" },
		{ "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "a document type" },
		{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "a document type" },
		{ "<html><body><p>busy<br></body></html>", "mismatched tag" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		refuses_one(rows[i].xml, ERR_FORMAT, rows[i].why);
}

static void bounds(void)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(xml) deep = NULL;

	for (unsigned i = 0; i < XML_DEPTH_MAX; i++)
		g_string_append(s, "<a>");
	for (unsigned i = 0; i < XML_DEPTH_MAX; i++)
		g_string_append(s, "</a>");
	deep = parse(s->str, NULL);
	g_assert_nonnull(deep);
	g_string_prepend(s, "<a>");
	g_string_append(s, "</a>");
	refuses_one(s->str, ERR_LIMIT, "nesting that is too deep at line 1");
	g_string_assign(s, "<a>");
	for (unsigned i = 0; i < XML_ELEMENTS_MAX; i++)
		g_string_append(s, "<b/>");
	refuses_one(s->str, ERR_LIMIT, "too many elements");
	while (s->len <= 16u << 20)
		g_string_append(s, "<!-- and so on -->");
	refuses_one(s->str, ERR_LIMIT, "more than the 16777216 that are read");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xml/reads", reads);
	g_test_add_func("/xml/finds", finds);
	g_test_add_func("/xml/refuses", refuses);
	g_test_add_func("/xml/bounds", bounds);
	return g_test_run();
}
