/*
 * parts: of what the answer to one question is made, where a service says that by the type of a thing: the
 * properties of a certificate store, what each entry of it has.
 *
 * The object of the type tells them (object.parts), a line for each; a form then asks for each part, as if
 * it were a question of its own, and the verb gets one answer, as people write it who have no form:
 * "Port=443, Sudo=true", or a JSON object of names and texts; of secrets always that.
 *
 * One thread.
 */
#ifndef CERTTY_MODEL_PARTS_H
#define CERTTY_MODEL_PARTS_H

#include <certty/model/verb.h>

#define PARTS_MAX 100

/* One as a service tells of it. */
struct part {
	const char *question;	/* the key of the verb's question; "add:parameters": of that verb alone */
	const char *name, *title;
	enum field_kind kind;	/* FIELD_TEXT, FIELD_CHOICE or FIELD_SECRET */
	const char *fallback;	/* or NULL */
	char **choices;		/* or NULL */
	const char *needs;	/* "Sudo": asked for only where that choice is "true"; or NULL */
	bool needed;
};
void parts_add(char **lines, const struct part *p);

struct parts {
	struct field *fields;	/* ends with key NULL; the keys are the names */
	const char **question;	/* of each */
	size_t n;
	GStringChunk *texts;	/* that all of it is in */
};

/* `edits`: what is not said stays as it is, so that there are no fallbacks, and no secret is needed. */
struct parts *parts_read(const char *lines, bool edits);
void parts_free(struct parts *p);
AUTO_FREE(parts, parts_free)

/* Names and values of an answer; new.  "A=x, B=y, z": what follows a comma without a name of its own belongs
 * to the value before it. */
GHashTable *parts_words(const char *answer);
/* The answer that means these, of as many names as values; new, or NULL when there are none. */
char *parts_join(GPtrArray *names, GPtrArray *values);
/* A JSON object of them, values being struct secret; NULL: there is no protected memory left for it. */
struct secret *parts_join_secrets(GPtrArray *names, GPtrArray *values);

#endif
