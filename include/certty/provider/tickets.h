/*
 * tickets: the folder in which people ask each other for a second signature.
 *
 *   NAME.ticket         what is asked (model/ticket.h); NAME is the SHA-256 of its bytes
 *   NAME.ticket.sig     signed by whoever asks
 *   NAME.answer         what a second person says to it
 *   NAME.answer.sig     signed by that person
 *   NAME.used           what was NAME.ticket until it was acted on
 *   NAME.withdrawn      what was NAME.ticket until whoever asked took it back
 *   NAME.ended          what was NAME.ticket until its time was over
 *
 * Signatures are OpenSSH's (ssh-keygen -Y), of keys that the signers file names; nothing in the
 * folder is believed without one.  The engine asks and acts, the local provider's store shows
 * and answers; both go through here.
 *
 * Everything that takes a `struct tickets_place` blocks: on the job pool.
 */
#ifndef CERTTY_PROVIDER_TICKETS_H
#define CERTTY_PROVIDER_TICKETS_H

#include <stdatomic.h>
#include <certty/base/settings.h>
#include <certty/model/detail.h>
#include <certty/model/request.h>
#include <certty/model/ticket.h>

#define TICKETS_STORE "tickets"		/* the type of the folder's store */
#define TICKETS_REQUEST "countersign"	/* the type of its requests */

/* What [countersign] says. */
struct tickets_place {
	char *folder, *signers, *key, *identity;
	int64_t valid;		/* seconds */
};

/* False: what is missing, or not what it should be.  `folder` alone is enough to look. */
bool tickets_place_read(const struct settings *s, struct tickets_place *ret, GError **error);
void tickets_place_done(struct tickets_place *p);
char *tickets_store_id(const char *folder);

/* One of them, with what its signatures prove. */
struct tickets_one {
	char *name;
	struct ticket *ticket;
	struct ticket_answer *answer;	/* NULL: none, or one that proves nothing */
	char *key, *answer_key;		/* SHA256:… of the keys that signed */
	char *trouble;			/* why an answer that is there proves nothing, or NULL */
};

void tickets_one_free(struct tickets_one *o);
AUTO_FREE(tickets_one, tickets_one_free)

/* All that are open, whoever asks (struct tickets_one, by name); sentences about those that are
 * not what they should be. */
GPtrArray *tickets_read_all(const struct tickets_place *p, const atomic_bool *stop,
			    GPtrArray *troubles, GError **error);
struct tickets_one *tickets_read(const struct tickets_place *p, const char *name, GError **error);
/* The one by which the same was asked before and which is not over, or NULL without an error. */
struct tickets_one *tickets_find(const struct tickets_place *p, const struct ticket *wish,
				 GHashTable *over /* names of those that count no more */,
				 int64_t now, const atomic_bool *stop, GError **error);
/* Writes and signs one; the name is new. */
struct tickets_one *tickets_ask(const struct tickets_place *p, struct ticket *t /* taken */,
				GError **error);
/* Countersigns, or refuses with a reason.  `is_seen`: its warnings were read. */
bool tickets_answer(const struct tickets_place *p, const char *name, bool is_yes,
		    const char *reason, bool is_seen, int64_t now, GError **error);
/* Whether somebody else has countersigned it, and it is not over: ERR_PENDING, ERR_REFUSED. */
bool tickets_is_granted(const struct tickets_place *p, const struct tickets_one *o, int64_t now,
			GError **error);
/* It is used from now on, or taken back by whoever asked: fails for whoever comes second. */
bool tickets_use(const struct tickets_place *p, const char *name, GError **error);
bool tickets_withdraw(const struct tickets_place *p, const char *name, GError **error);
bool tickets_is_used(const struct tickets_place *p, const char *name);

/* ---- for people ---- */

char *tickets_request_id(const char *name);
struct request *tickets_request(const struct tickets_place *p, const struct tickets_one *o,
				int64_t now);
struct detail *tickets_detail(const struct tickets_one *o, const char *id);
/* Its warnings, harmless; new. */
char **tickets_warnings(const struct ticket *t);

#endif
