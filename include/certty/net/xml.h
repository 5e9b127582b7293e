/*
 * xml: strict reading of XML from strangers.
 *
 * The only file that knows expat.  No document type, no entities but the five, bounded in bytes,
 * depth and number of elements; texts are harmless UTF-8.  Frozen once read; any thread.
 */
#ifndef CERTTY_NET_XML_H
#define CERTTY_NET_XML_H

#include <glib.h>
#include <stdbool.h>
#include <certty/base/auto.h>

#define XML_DEPTH_MAX 64
#define XML_ELEMENTS_MAX 1000000

struct xml;

/* ERR_FORMAT with line and column, or ERR_LIMIT.  What is in it is wiped when freed; every getter
 * takes NULL for an element that is not there. */
struct xml *xml_read(GBytes *bytes, GError **error);
void xml_free(struct xml *x);		/* of the root alone */
AUTO_FREE(xml, xml_free)

const char *xml_name(const struct xml *x);	/* without its namespace's prefix */
const char *xml_text(const struct xml *x);	/* of the element itself, with its line breaks; "" */
size_t xml_count(const struct xml *x);		/* children */
const struct xml *xml_at(const struct xml *x, size_t i);
/* The first one there, by names from the element downwards: "Result/Arn"; NULL: none. */
const struct xml *xml_get(const struct xml *x, const char *path);
const char *xml_str(const struct xml *x, const char *path);	/* its text, or NULL */

#endif
