/*
 * why: what stands in the way of a validation, as a page: the culprit in one sentence, what shows
 * it, what to do.
 *
 * Made by the engine (VERB_WHY) from what it has found out; shown by the details pane and by `certty
 * why` alike.  Names of checks are stable, for programs; texts are sentences, for people, and come
 * from everywhere: they are made harmless here.  One owner; any thread.
 */
#ifndef CERTTY_MODEL_WHY_H
#define CERTTY_MODEL_WHY_H

#include <certty/model/args.h>
#include <certty/model/detail.h>

#define WHY_SCHEMA 1

enum why_state {
	WHY_FINE,
	WHY_NOTE,		/* nothing to worry about, but worth knowing */
	WHY_DOUBT,		/* may make it fail, or fail now and then */
	WHY_UNKNOWN,		/* could not be looked at */
	WHY_WRONG,		/* makes it fail */
	WHY_STATE_COUNT
};

struct why_finding {
	enum why_state state;
	char *check;		/* "delegation", "record", "caa"… */
	char *about;		/* the name that it is about */
	char *said;		/* one sentence without a full stop */
	GPtrArray *evidence;	/* char *: one line each */
	char *way_out;		/* what to do, or "" */
	char *record;		/* the line to put into a zone, or "" */
};

struct why;

/* What an order for such a page is about: a request (its id), or the name or record in `args`. */
char *why_about(const char *request, const struct args *args);
/* The page's id, of what it is about. */
char *why_id(const char *about);

struct why *why_new(const char *about, const char *title);
void why_free(struct why *w);
AUTO_FREE(why, why_free)

/* The newest finding; an equal one that is there already is given back instead. */
struct why_finding *why_add(struct why *w, enum why_state state, const char *check,
			    const char *about, const char *format, ...) G_GNUC_PRINTF(5, 6);
void why_evidence(struct why_finding *f, const char *format, ...) G_GNUC_PRINTF(2, 3);
void why_way_out(struct why_finding *f, const char *format, ...) G_GNUC_PRINTF(2, 3);
void why_record(struct why_finding *f, const char *name, const char *type, const char *value);

guint why_count(const struct why *w);
const struct why_finding *why_at(const struct why *w, guint i);
enum why_state why_worst(const struct why *w);
const struct why_finding *why_culprit(const struct why *w);	/* the first of the worst; NULL: fine */
const char *why_state_word(enum why_state state);		/* "fine", "wrong" */
bool why_state_read(const char *word, enum why_state *ret);

struct detail *why_detail(const struct why *w);

#endif
