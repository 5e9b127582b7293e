/*
 * play: plays the engine for one operation: runs its works at once, answers what it sends from
 * the test, and keeps what it found.  Answers of a next_each are heard in reverse, since their
 * order is nobody's promise.
 */
#ifndef CERTTY_TESTS_PROVIDER_PLAY_H
#define CERTTY_TESTS_PROVIDER_PLAY_H

#include <certty/provider/provider.h>

struct play;
typedef struct reply *play_answer_fn(struct play *p, const struct request_out *request);

struct play {
	struct op op;
	const struct provider *provider;
	struct intern *words;
	struct args *args;
	struct settings *settings;
	struct store *store;
	struct items *stores, *requests;
	struct table *old;
	struct request *request;
	GPtrArray *chain;
	play_answer_fn *answer;
	void *who;
	guint works;		/* how many were run */
};

/* A play of that verb on a store (type and address; type NULL: on none). */
void play_init(struct play *p, enum verb_id verb, const char *type, const char *address);
void play_done(struct play *p);
void play_arg(struct play *p, const char *key, const char *value);
void play_secret(struct play *p, const char *key, const char *value);
/* The certificate that the verb is about, and where it is in the store. */
void play_cert(struct play *p, GBytes *der, const char *alias);
void play_request(struct play *p, struct request *r);	/* references it */
void play_know_store(struct play *p, const char *type, const char *address);
/* Takes steps until it is done (true) or failed; p->op holds the findings. */
bool play_run(struct play *p);
/* The table that a refresh made; the next refresh of the same store gets it and the memo. */
struct table *play_table(struct play *p);

/* The whole of a refresh: rows as "alias marks\n…" in a new text; NULL when it failed. */
char *play_rows(struct play *p);
bool play_has_trouble(const struct play *p, const char *part);

/* A new folder for a test, and its end with all that is in it. */
char *play_folder(void);
void play_folder_gone(char *folder);	/* frees it */

#endif
