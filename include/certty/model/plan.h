/*
 * plan: what an order would do, before anybody says yes to it.
 *
 * Its targets by name, the calls that will be made and where, what they cost, what will not
 * happen, and the commands of other programs that do the same.  Made by whoever does the verb
 * (a provider, the engine) out of what is known, without asking anybody; shown and copied as a
 * detail whose text is the commands.  One owner, one thread.
 */
#ifndef CERTTY_MODEL_PLAN_H
#define CERTTY_MODEL_PLAN_H

#include <glib.h>
#include <certty/base/auto.h>
#include <certty/model/detail.h>
#include <certty/model/verb.h>

#define PLAN_LINES_MAX 1000	/* of each sort; more are counted */

enum {				/* how a call is made */
	PLAN_ASKS = 0,		/* it only asks */
	PLAN_CHANGES = 1 << 0,
	PLAN_MAYBE = 1 << 1,	/* only if it turns out to be needed */
};

struct plan_call {
	unsigned how;		/* PLAN_… bits */
	char *operation;	/* "acm:DeleteCertificate", "write" */
	char *where;		/* "https://acm.eu-west-1.amazonaws.com", "/etc/ssl/www.pem" */
	char *what;		/* on which thing there, or "" */
};

/* What a command cannot be given as text, and takes from the environment. */
struct plan_variable {
	char *name, *meaning;
	bool is_exported;	/* the program reads it itself, so that no argument shows it */
};

struct plan {
	const struct verb *verb;
	GPtrArray *targets;	/* char *: "www.example.org in prod ACM eu-west-1" */
	GPtrArray *calls;	/* struct plan_call */
	GPtrArray *differences;	/* sentences (char *), each once: to what is live now */
	GPtrArray *costs, *nots;	/* likewise */
	GPtrArray *warnings;	/* likewise: why a part of it may be refused, who else is touched */
	GPtrArray *lines;	/* char *: of a POSIX shell script */
	GPtrArray *variables;	/* struct plan_variable, each once */
	GString *line;		/* the command that is being said, or NULL */
	guint left_out;
};

struct plan *plan_new(const struct verb *verb);
void plan_free(struct plan *p);
AUTO_FREE(plan, plan_free)

/* All texts are made harmless. */
void plan_target(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
void plan_call(struct plan *p, unsigned how, const char *operation, const char *where,
	       const char *what /* or NULL */);
void plan_differ(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
void plan_cost(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
void plan_not(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
void plan_warn(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ---- the same by other programs ---- */

/* A command begins with what stands there as it is, "aws acm delete-certificate"; the words after
 * it are quoted.  It ends where the next one begins. */
void plan_run(struct plan *p, const char *program);
void plan_word(struct plan *p, const char *word);
void plan_option(struct plan *p, const char *option, const char *value /* NULL: left out */);
/* "before" and the value of a variable, which the script refuses to do without. */
void plan_variable(struct plan *p, const char *before, const char *name, const char *meaning);
/* The same where the program reads its environment: "-passin env:" and the name. */
void plan_environment(struct plan *p, const char *before, const char *name, const char *meaning);
void plan_remark(struct plan *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A word as a POSIX shell reads it back, with nothing in it that a terminal would obey. */
void plan_quote(GString *out, const char *word);

/* ---- showing it ---- */

#define PLAN_WARNING "take care"	/* the label before warnings */
/* What the detail of a plan warns of, in one line; "" when that is nothing.  New. */
char *plan_warnings(const struct detail *d);
char *plan_id(uint64_t number);		/* of the detail of that command's plan; new */
/* Lines for a person, the script as its text, and all of it as JSON. */
struct detail *plan_detail(struct plan *p, const char *id);

#endif
