/*
 * wizard_own: what the files of the wizard share.
 */
#ifndef CERTTY_UI_WIZARD_OWN_H
#define CERTTY_UI_WIZARD_OWN_H

#include <certty/model/account.h>
#include <certty/model/job.h>
#include <certty/model/provider_info.h>

#include "answer.h"
#include "screen.h"
#include "wizard.h"

enum wizard_page { PAGE_PICK, PAGE_PASTE, PAGE_FILE, PAGE_FORM, PAGE_COUNT };

/* Why a question is there, which says when it is shown and how it is sent. */
enum part {
	PART_OWN,	/* the provider's; those that are seldom needed under "More" */
	PART_MORE,	/* seldom needed: under "More" */
	PART_COMMON,	/* of all accounts: there as well */
	PART_KEEP,	/* where secrets go */
	PART_OPEN,	/* the passphrase of that place, which is locked */
	PART_MAKE,	/* once more, of one that is made */
	PART_REMOVE,	/* the file that was read */
	PART_NAME,
	PART_CODE,	/* once it is wanted */
};

struct wizard_answer {
	struct answer answer;
	enum part part;
};

enum row_kind { ROW_ANSWER, ROW_MORE, ROW_UNLOCK, ROW_TEST, ROW_SAVE };

struct row {
	enum row_kind kind;
	struct wizard_answer *of;	/* ROW_ANSWER */
};

enum errand { ERRAND_NONE, ERRAND_TEST, ERRAND_SAVE, ERRAND_UNLOCK };

struct wizard {
	struct layer layer;
	struct screen *screen;
	enum wizard_page page;
	enum verb_id verb;		/* VERB_ACCOUNT_ADD, _EDIT or _ROTATE */
	const struct provider_info *info;	/* NULL: not chosen yet */
	struct account *account;	/* that is changed, or NULL */
	char *why;
	size_t pick;			/* PAGE_PICK: the entry with the cursor */
	struct answer path;		/* PAGE_FILE */
	struct secret *block;		/* PAGE_PASTE: room for what is typed */
	size_t block_len;
	char *file;			/* that was read, as typed; or NULL */

	struct field open_field;	/* PART_OPEN's: where it is shown there is no way round it */
	struct wizard_answer *answers;
	size_t n;
	GArray *rows;			/* struct row: those that are shown */
	size_t at, top;			/* of rows: with the cursor; the first drawn */
	bool is_unfolded, wants_code, is_warned;
	bool is_proved;			/* a test of these very answers went well */
	enum rung_stand learnt[RUNG_COUNT];	/* from jobs, after the last snapshot; else UNASKED */

	enum rung opens;		/* ERRAND_UNLOCK: this place; how it stands may be news
					 * in the same snapshot as the end of the job */
	enum errand errand;		/* what the job is for */
	uint64_t job;
	char *said;			/* progress, or the verdict */
	enum role said_role;
};

/* ---- wizard_rows.c: questions, which are shown, and the command of their answers ---- */

void wizard_choose(struct wizard *w, const struct provider_info *info);
void wizard_drop_answers(struct wizard *w);
bool wizard_is_folded(const struct wizard_answer *a);	/* under "More" */
/* How many questions are there, and of how many the answer is not what it is without one. */
void wizard_count_folded(const struct wizard *w, unsigned *ret, unsigned *ret_answered);
void wizard_show_rows(struct wizard *w);	/* again, after an answer changed */
struct wizard_answer *wizard_find(const struct wizard *w, const char *key);	/* or NULL */
bool wizard_is_changed(const struct wizard *w);
/* The rung that is chosen for secrets; RUNG_FOUND: as it is. */
enum rung wizard_rung(const struct wizard *w);
struct answer *wizard_part(const struct wizard *w, enum part part);	/* the first, or NULL */
void wizard_go_to(struct wizard *w, enum part part);
/* How the place stands; the one that has to be opened first, or RUNG_COUNT. */
enum rung_stand wizard_stand(const struct wizard *w, enum rung rung);
enum rung wizard_shut(const struct wizard *w);
bool wizard_check(struct wizard *w);	/* the cursor goes to the first that is wrong */
/* NULL, with a sentence, when there is no memory left for the secrets. */
struct command *wizard_command(const struct wizard *w, bool only_test, GError **error);

/* ---- wizard_fill.c: blocks that people have ---- */

/* Fills in what the provider that understands the block made of it; says what came of it. */
bool wizard_take_block(struct wizard *w, const char *bytes, size_t len);
bool wizard_read_file(struct wizard *w, const char *path);
/* Keys of PAGE_PASTE go into w->block; false: there is no room. */
bool wizard_add_typed(struct wizard *w, uint32_t key);
/* Whether a paste looks like a block and not like an answer. */
bool wizard_is_block(const char *bytes, size_t len);

/* ---- wizard_draw.c ---- */

void wizard_draw(struct layer *l, struct screen *s, const struct layout *where);

/* ---- wizard.c ---- */

const struct provider_info *const *wizard_providers(const struct screen *s);	/* never NULL */
/* Those that have accounts, by number; NULL behind the last. */
const struct provider_info *wizard_provider_at(const struct screen *s, size_t i);
/* The entries of PAGE_PICK: providers, then these. */
enum { PICK_FILE, PICK_PASTE, PICK_MORE };
size_t wizard_picks(const struct screen *s);
void wizard_go(struct wizard *w, enum wizard_page page);
void wizard_say(struct wizard *w, enum role role, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
