/*
 * detail: everything about one thing, as labelled lines, for a person to read.
 *
 * Built by whoever knows the thing (x509.c a certificate, a provider a request), shown by the
 * details pane, the review and `certty show` alike; none of those knows what it is about.  An
 * item (see items.h): its id is that of the thing, with its kind before it ("certs/5e3f…").
 * Frozen, counted, any thread.
 */
#ifndef CERTTY_MODEL_DETAIL_H
#define CERTTY_MODEL_DETAIL_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

struct detail_line {
	char *label;		/* "" continues the one above; a line with text "" is a heading */
	char *text;		/* harmless, one line */
	enum tone tone;
};

struct detail {
	struct ref ref;
	char *id;
	char *title;
	struct detail_line *line;
	size_t n, room;
	char *pem;		/* raw forms, or NULL: PEM; a long text with line breaks; JSON */
	char *text;
	char *json;
	char *digest;		/* of a request: which one of that name it tells of; or NULL */
	int64_t made;
};

extern const struct item_type detail_type;

struct detail *detail_new(const char *id, const char *title);
void detail_add(struct detail *d, enum tone tone, const char *label, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
/* A time in UTC; 0, which is not known, adds nothing. */
void detail_add_time(struct detail *d, const char *label, int64_t when);
struct detail *detail_ref(struct detail *d);
void detail_unref(struct detail *d);
AUTO_FREE(detail, detail_unref)

#endif
