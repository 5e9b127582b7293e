/*
 * db_journal: who did what, when, with what result.
 *
 * An entry is written before a changing verb's first request and one after its last reply,
 * and is on the disk when the function returns.  It is one line of JSON, never changed
 * afterwards.  Each carries the SHA-256 of the hash before it and itself, so an altered,
 * left-out or inserted entry shows; a head kept apart (count and last hash) shows entries cut
 * off at the end.  Who can write the file can still write a new history: against that, lines
 * are mirrored to where he cannot (the caller's business; the line is given to it).
 *
 * The chain holds with any number of processes at once.  Threads and errors as in db.h.
 */
#ifndef CERTTY_DB_DB_JOURNAL_H
#define CERTTY_DB_DB_JOURNAL_H

#include <certty/db/db.h>

#define DB_JOURNAL_LINE_MAX (256u << 10)

enum db_journal_phase { JOURNAL_BEGIN, JOURNAL_NOTE, JOURNAL_END };

/* What the caller knows; time, process and person are filled in.  Texts are harmless, may be
 * NULL where they mean nothing, and never hold a secret. */
struct db_journal_entry {
	enum db_journal_phase phase;
	uint64_t begun;			/* not JOURNAL_BEGIN: the number of the entry that began it */
	const char *verb, *account, *store, *target;
	const char *digest;		/* hex SHA-256 of what was approved, removed, issued… */
	const char *const *warnings;	/* texts that the person accepted; NULL: none */
	const char *outcome;		/* JOURNAL_END: "done", "failed: …"; JOURNAL_NOTE: what was
					 * decided in between */
};

/* ret_number: the entry's; ret_line: the JSON line for a mirror, new.  Both may be NULL. */
bool db_journal_append(struct db *db, const struct db_journal_entry *entry,
		       uint64_t *ret_number, char **ret_line, GError **error);

/* Calls `line` with each entry's JSON line, oldest first, from that number on, until it returns
 * false.  Lines that are not JSON any more come as {"number":…,"unreadable":true}. */
typedef bool db_journal_fn(const char *line, void *who);
bool db_journal_each(struct db *db, uint64_t from, db_journal_fn *line, void *who,
		     GError **error);

/* True and a sentence when every entry is as it was written; else ERR_FORMAT, naming the first
 * that is not. */
bool db_journal_verify(struct db *db, char **ret_sentence, GError **error);

#endif
