/*
 * account_own: what the files of the verbs on accounts share: an account on its way to be kept.
 *
 *   what was said ──► gather old secrets ──► try ──► store secrets ──► configuration ──► forget
 *                     old ones, for going back       what goes wrong up to here is undone
 *
 * It is the scratch of their operations, so cancelling one at any point undoes it as well.
 */
#ifndef CERTTY_ENGINE_ACCOUNT_OWN_H
#define CERTTY_ENGINE_ACCOUNT_OWN_H

#include "own.h"

#include <certty/base/file.h>

/* A secret that gets another value or another place. */
struct move {
	const char *key, *label;	/* of its question */
	enum rung from, to;		/* RUNG_COUNT: nowhere */
	struct secret *now;		/* to be stored; NULL: what was there before */
	struct secret *before;
	bool is_stored;
};

struct keeping {
	struct engine *engine;
	struct operation *operation;
	const struct provider *provider;
	struct account *account;	/* as it shall be */
	struct account *old;		/* as it is; NULL: there is none yet */
	struct args *secrets;		/* those that are known here, for trying */
	GPtrArray *moves;		/* struct move */
	guint at;			/* the move that is under way */
	GArray *edits;			/* struct settings_edit, of the configuration */
	GPtrArray *texts;		/* what they point to */
	step_fn *then;			/* when all of it is kept */
	step_fn *tried;			/* when it works */
	struct secret *heard;		/* the ladder's last answer */
	GError *trouble;		/* likewise */
	GError *error;			/* why all of it is being undone */
	struct opening *opening;	/* the one that is tried */
	struct operation *test;		/* under way */
	GError *refusal;		/* what came of that */
	char *who, *said, *rights, *may_not;
	bool is_tested, is_marked, is_storing, is_kept;
	guint waits;			/* for what uses the account */
	/* VERB_ACCOUNT_ADD that reads a file */
	char *path;
	struct file_id file;
	bool is_whole;			/* nothing else stands in it */
	const char *users;		/* who else may use it, or NULL */
};

/* account_keep.c */
struct keeping *keeping_of(struct op *op);
void keeping_done(void *scratch);
void keeping_edit(struct keeping *k, enum settings_edit_kind kind, const char *key,
		  const char *value);	/* of the group of k->account */
void keeping_edit_group(struct keeping *k, enum settings_edit_kind kind, const char *group,
			const char *key, const char *value);
struct move *keeping_move(struct keeping *k, const char *key, const char *label, enum rung from,
			  enum rung to);
/* Whether secrets can be stored there at all. */
bool keeping_holds(enum rung rung);
enum rung keeping_rung(const struct account *a, const struct field *f);	/* RUNG_COUNT: none */
/* Asks how the keyring stands where a secret needs a place that nobody named. */
struct next keeping_settle(struct op *op, step_fn *then);
/* What is kept of it there is in k->heard then, or why not in k->trouble. */
struct next keeping_look_up(struct keeping *k, const struct move *m, enum rung rung, step_fn *then);
/* The secret has another value than was given.  False: it is not ours to keep. */
bool keeping_replace(struct keeping *k, const char *key, const struct secret *secret);
/* Each goes as far as it can and then on to the next; `then` at the end of the last. */
struct next keeping_gather(struct op *op, step_fn *then);
struct next keeping_store(struct op *op, step_fn *then);	/* secrets, then the configuration */
struct next keeping_forget(struct op *op, step_fn *then);	/* secrets where they were before */
/* Secrets of an add that was cut short, when somebody has the time; at the start. */
void keeping_mend(struct engine *e);

/* account_try.c */
struct next keeping_try(struct op *op, step_fn *then);
void keeping_learn(struct keeping *k);		/* what trying told, for the row */

/* account_answers.c */
bool keeping_merge(struct keeping *k, const struct args *said, GError **error);
bool keeping_check(struct keeping *k, GError **error);
void keeping_edit_all(struct keeping *k);		/* edits for what is not as it was */
struct next keeping_read_file(struct op *op, step_fn *then);	/* args "read" */
struct next keeping_remove_file(struct op *op, step_fn *then);

/* account_add.c, account_verbs.c */
step_fn account_add_step, account_edit_step, account_rotate_step;

#endif
