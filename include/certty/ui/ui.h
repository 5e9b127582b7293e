/*
 * ui: the console.
 *
 * The screen is a function of the newest snapshot, its own state, the time and the window's
 * size.  It speaks to the engine through a small table of functions, so that screens can be
 * tested with snapshots alone.  One thread: the one that calls ui_run().
 */
#ifndef CERTTY_UI_UI_H
#define CERTTY_UI_UI_H

#include <certty/base/settings.h>
#include <certty/model/checkup.h>
#include <certty/model/provider_info.h>
#include <certty/model/snapshot.h>
#include <certty/model/verb.h>

/* What the screen asks of the engine; engine.h says what each means.  Functions that a test
 * does not need may be NULL. */
struct store;
struct ui_engine {
	uint64_t (*submit)(void *who, struct command *c);	/* takes c; 0: busy */
	struct snapshot *(*take)(void *who);
	void (*give_back)(void *who, struct snapshot *s);
	bool (*start)(void *who, GError **error);	/* once, after the first frame */
	char *(*recall)(void *who, const char *key);
	void (*remember)(void *who, const char *key, const char *value);
	void (*keep_page)(void *who, GBytes *page);	/* takes the reference */
	const struct provider_info *const *(*providers)(void *who);	/* ends with NULL */
	char *(*why_not)(void *who, const struct verb *v, const char *provider,
			 const struct store *s);
	int fd;						/* readable: take() has a snapshot; -1: none */
	void *who;
};

struct ui_config {
	const struct settings *settings;	/* outlives the screen; NULL: all defaults */
	struct ui_engine engine;
	struct snapshot *first_page;		/* taken; NULL: there is none */
	void (*check_terminal)(struct checkup *page);	/* its rows for the doctor's page; or NULL */
	const char *theme;			/* NULL: as set */
	const char *tab;			/* the word of a kind; NULL: the one last used */
	bool no_colour;
	bool is_read_only;
};

/* Takes the terminal, shows the console until the person leaves it, and gives the terminal
 * back.  SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT are blocked by the caller
 * before any thread is made.  Fails when there is no usable terminal or the engine does not
 * start. */
bool ui_run(const struct ui_config *config, GError **error);

/* The actions, for the manual, the completions and the tests that compare them. */
struct ui_action {
	const char *name;	/* "approve"; [keys] approve=… */
	const char *keys;	/* "a", as they are unless the person changed them */
	const char *where;	/* "Requests", "lists", "anywhere" … */
	const struct verb *verb;	/* what it makes the engine do; NULL: screen only */
	const char *sentence;
};

size_t ui_action_count(void);
struct ui_action ui_action_at(size_t i);

/* What is wrong with the [keys] group, one sentence each; NULL-terminated, new. */
char **ui_check_keys(const struct settings *settings);

/* How this terminal is, for the doctor's page. */
void ui_check_terminal(struct checkup *c);

#endif
