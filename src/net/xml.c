/*
 * XML from strangers, as a tree.
 *
 * Expat reads, in memory that is wiped, since a session's keys come this way too.  A document
 * type is refused where it begins, so that there are no entities to be expanded; depth and number
 * of elements are counted while they open.
 */
#include <certty/net/xml.h>

#include <expat.h>
#include <string.h>

#include <certty/base/err.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/base/wiping.h>
#include <certty/net/exchange.h>

#include "net/wiped.h"

/* Expat puts it between a namespace and a name; no XML can hold it. */
#define SEPARATOR '\x01'
#define NAME_MAX_SHOWN 200	/* bytes of an element's name; longer ones match nothing */

struct xml {
	char *name, *text;
	struct xml **children;
	size_t n, size;
};

struct reading {
	XML_Parser parser;
	struct xml *root;
	struct xml *open[XML_DEPTH_MAX];
	struct wiped text[XML_DEPTH_MAX];
	size_t depth, elements;
	enum err code;
	const char *wrong;
};

static void stop(struct reading *r, enum err code, const char *why)
{
	if (r->wrong)
		return;
	r->code = code;
	r->wrong = why;
	XML_StopParser(r->parser, XML_FALSE);
}

/* Room for every byte as an escape, so that the text never moves while it is written. */
static char *harmless(const struct wiped *text)
{
	GString *s = g_string_sized_new(text->len * 4 + 16);
	char *kept;

	text_harmless_lines(s, text->bytes, text->len, text->len * 4);
	kept = g_strndup(s->str, s->len);
	secret_wipe(s->str, s->len);
	s->str = NULL;
	g_string_free(s, TRUE);
	return kept;
}

static void add_child(struct xml *parent, struct xml *child)
{
	if (parent->n == parent->size) {
		parent->size = MAX(parent->size * 2, 4);
		parent->children = g_renew(struct xml *, parent->children, parent->size);
	}
	parent->children[parent->n++] = child;
}

/* ---- what expat calls -------------------------------------------------------------------- */

static void XMLCALL begin_element(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = data;
	const char *bare = strrchr(name, SEPARATOR);
	struct xml *x;

	if (r->wrong)
		return;
	if (r->depth == XML_DEPTH_MAX || ++r->elements > XML_ELEMENTS_MAX) {
		stop(r, ERR_LIMIT, r->depth == XML_DEPTH_MAX ? "nesting that is too deep"
							     : "too many elements");
		return;
	}
	x = g_new0(struct xml, 1);
	x->name = text_harmless_dup(bare ? bare + 1 : name, NAME_MAX_SHOWN);
	if (r->depth)
		add_child(r->open[r->depth - 1], x);
	else
		r->root = x;
	r->open[r->depth++] = x;
}

static bool is_blank(const struct wiped *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!strchr(" \t\r\n", text->bytes[i]))
			return false;
	return true;
}

/* Blanks between elements are how it was laid out, not what it says. */
static void XMLCALL end_element(void *data, const XML_Char *name)
{
	struct reading *r = data;
	struct wiped *text;
	struct xml *x;

	if (r->wrong)
		return;
	x = r->open[--r->depth];
	text = &r->text[r->depth];
	if (text->len && !(x->n && is_blank(text)))
		x->text = harmless(text);
	wiped_done(text);
}

static void XMLCALL take_text(void *data, const XML_Char *bytes, int len)
{
	struct reading *r = data;

	if (!r->wrong && r->depth)
		wiped_append(&r->text[r->depth - 1], bytes, (size_t)len);
}

static void XMLCALL refuse_type(void *data, const XML_Char *name, const XML_Char *system,
				const XML_Char *public, int has_subset)
{
	stop(data, ERR_FORMAT, "a document type, which nothing that is read here has");
}

/* ----------------------------------------------------------------------------------------- */

static void explain(const struct reading *r, GError **error)
{
	const char *why = r->wrong ? r->wrong : XML_ErrorString(XML_GetErrorCode(r->parser));

	g_set_error(error, ERR, (int)(r->wrong ? r->code : ERR_FORMAT),
		    "this is not XML that can be trusted: %s at line %lu, column %lu", why,
		    XML_GetCurrentLineNumber(r->parser), XML_GetCurrentColumnNumber(r->parser) + 1);
}

struct xml *xml_read(GBytes *bytes, GError **error)
{
	static const XML_Memory_Handling_Suite memory = { wiping_malloc, wiping_realloc, wiping_free };
	static const XML_Char separator[] = { SEPARATOR, '\0' };
	struct reading r = { .parser = NULL };
	gsize len;
	const char *text = g_bytes_get_data(bytes, &len);

	if (len > EXCHANGE_BODY_MAX) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "the XML has %zu bytes, more than the %u that are read", len,
			    EXCHANGE_BODY_MAX);
		return NULL;
	}
	r.parser = XML_ParserCreate_MM(NULL, &memory, separator);
	if (!r.parser)
		g_error("expat has no memory to begin with");
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, begin_element, end_element);
	XML_SetCharacterDataHandler(r.parser, take_text);
	XML_SetStartDoctypeDeclHandler(r.parser, refuse_type);
	if (XML_Parse(r.parser, text ? text : "", (int)len, XML_TRUE) != XML_STATUS_OK ||
	    r.wrong) {
		explain(&r, error);
		g_clear_pointer(&r.root, xml_free);
	}
	for (size_t i = 0; i < XML_DEPTH_MAX; i++)
		wiped_done(&r.text[i]);
	XML_ParserFree(r.parser);
	return r.root;
}

void xml_free(struct xml *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n; i++)
		xml_free(x->children[i]);
	g_free(x->children);
	g_free(x->name);
	secret_wipe(x->text, x->text ? strlen(x->text) : 0);
	g_free(x);
}

const char *xml_name(const struct xml *x)
{
	return x ? x->name : "";
}

const char *xml_text(const struct xml *x)
{
	return x && x->text ? x->text : "";
}

size_t xml_count(const struct xml *x)
{
	return x ? x->n : 0;
}

const struct xml *xml_at(const struct xml *x, size_t i)
{
	return x && i < x->n ? x->children[i] : NULL;
}

const struct xml *xml_get(const struct xml *x, const char *path)
{
	size_t len = strcspn(path, "/");

	for (size_t i = 0; i < xml_count(x); i++) {
		const struct xml *child = x->children[i], *found;

		if (strncmp(child->name, path, len) != 0 || child->name[len])
			continue;
		found = path[len] ? xml_get(child, path + len + 1) : child;
		if (found)
			return found;
	}
	return NULL;
}

const char *xml_str(const struct xml *x, const char *path)
{
	const struct xml *found = xml_get(x, path);

	return found ? xml_text(found) : NULL;
}
