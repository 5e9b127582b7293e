/*
 * ticket: what a second person is asked to countersign, and what that person answered.
 *
 * A ticket is bound to all that decides what happens: the verb, its target as it is now with
 * every warning, all answers but secrets, who asks, since when and until when.  Its name is the
 * SHA-256 of its bytes, which are what people sign.  It is read as strictly as it is written:
 * no other keys, nothing missing, all of it within bounds; what stands in it is raw, so whoever
 * shows it makes it harmless.
 *
 * Plain values; any thread, one at a time.
 */
#ifndef CERTTY_MODEL_TICKET_H
#define CERTTY_MODEL_TICKET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>

#define TICKET_MAX (256u << 10)		/* bytes of one */
#define TICKET_LINES 2000		/* texts of one list */

/* What signatures say that they are about (ssh-keygen -Y, namespace). */
#define TICKET_ASKS "certty-ticket@certty"
#define TICKET_ANSWERS "certty-answer@certty"

struct ticket {
	char *verb, *target, *title;
	char *account, *store;	/* through which it is done; "" where that means nothing */
	char *digest;		/* hex SHA-256 of the target as it is now */
	char *by;		/* who asks, as the signers file has it */
	char **warnings;	/* word for word */
	char **answers;		/* key, value, key, value… */
	char **review;		/* label, text, label, text…: what was seen of the target */
	int64_t since, until;
};

struct ticket *ticket_new(void);		/* all texts and lists empty */
void ticket_free(struct ticket *t);
AUTO_FREE(ticket, ticket_free)
char *ticket_write(const struct ticket *t, GError **error);
struct ticket *ticket_read(const void *bytes, size_t len, GError **error);
char *ticket_name(const void *bytes, size_t len);	/* of its bytes; new */
/* Whether both ask for the same, by the same person, of the same target as it was then. */
bool ticket_is_same(const struct ticket *a, const struct ticket *b);

struct ticket_answer {
	char *ticket;		/* its name */
	char *by;
	char *reason;		/* why not; "" */
	bool is_yes;
	int64_t at;
};

struct ticket_answer *ticket_answer_new(void);
void ticket_answer_free(struct ticket_answer *a);
AUTO_FREE(ticket_answer, ticket_answer_free)
char *ticket_answer_write(const struct ticket_answer *a, GError **error);
struct ticket_answer *ticket_answer_read(const void *bytes, size_t len, GError **error);

bool ticket_is_name(const char *name);		/* 64 lower-case hex digits */
/* Letters, digits and any of . _ : @ + -: no pattern, blank or comma of a signers file. */
bool ticket_is_identity(const char *who);

#endif
