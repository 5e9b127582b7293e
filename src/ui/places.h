/*
 * places: which stores a verb or a question can be about.
 *
 * What is known without asking anybody: the stores of the newest snapshot, where a certificate lies,
 * and what the providers behind them can do.  Stores are borrowed from the snapshot.  One thread.
 */
#ifndef CERTTY_UI_PLACES_H
#define CERTTY_UI_PLACES_H

#include <certty/model/store.h>
#include <certty/model/verb.h>

struct provider_info;
struct screen;
struct request;

const struct store *places_store(const struct screen *s, const char *id);	/* or NULL */
/* By the name that its rows say; or NULL. */
const struct provider_info *places_provider(const struct screen *s, const char *name);

/* Why the verb cannot be done to one of these targets, a sentence (new); NULL: it can. */
char *places_why_not(const struct screen *s, const struct verb *v, const GPtrArray *targets);
/* Where a certificate lies and the verb can be done, each store once; new. */
GPtrArray *places_of(const struct screen *s, const struct verb *v, const char *cert);

/* What the provider of that store, or object, asks for the verb beside the verb's own questions; NULL:
 * nothing, or it cannot be done there. */
const struct field *places_questions(const struct screen *s, const struct verb *v,
				     const char *id /* or NULL */);

/* Whether the question is which of a certificate's places is meant. */
bool places_is_where(const struct command *c, const struct field *f);
/* The stores that can be the answer, those of an account together; new. */
GPtrArray *places_for(const struct screen *s, const struct command *c, const struct field *f);
/* What was typed or chosen, as ids with commas between (new); NULL: one of them is no store, or none
 * that the question takes. */
char *places_read(const struct screen *s, const struct command *c, const struct field *f,
		  const char *typed, GError **error);
/* Whether a store's name goes on with a blank behind what is typed. */
bool places_goes_on(const struct screen *s, const struct command *c, const struct field *f,
		    const char *typed);
/* What of the last word could be meant, as far as all stores agree, or NULL; new. */
char *places_complete(const struct screen *s, const struct command *c, const struct field *f,
		      const char *typed);
/* The stores of an answer, as a person calls them: "3 stores: …"; new. */
char *places_say(const struct screen *s, const char *ids);

#endif
