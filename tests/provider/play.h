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
	step_fn *first;		/* instead of the verb's; or NULL */
	play_answer_fn *answer;
	void *who;
	guint works;		/* how many were run */
	guint kept_requests;	/* put before the last next_keep */
	guint shows;		/* how often rows were shown before the end */
	struct account *account;	/* that of the store, which is closed until play_open() */
	struct access *access;
};

/* A play of that verb on a store (type and address; type NULL: on none). */
void play_init(struct play *p, enum verb_id verb, const char *type, const char *address);
/* The same of any provider; takes the store, which may be NULL. */
void play_begin(struct play *p, const char *provider, enum verb_id verb, struct store *s);
void play_done(struct play *p);
/* An account that is open, with what its requests are made of. */
void play_open(struct play *p, const char *account, struct args *with /* taken */);
/* Stores that are known (struct store), all at once; references them. */
void play_know(struct play *p, struct store *const *stores, size_t n);
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
/* The same refresh once more, which knows what the last one found. */
void play_again(struct play *p);

/* The whole of a refresh: rows as "alias marks\n…" in a new text; NULL when it failed. */
char *play_rows(struct play *p);
bool play_has_trouble(const struct play *p, const char *part);

/* A new folder for a test, and its end with all that is in it. */
char *play_folder(void);
void play_folder_gone(char *folder);	/* frees it */

#endif
