/*
 * ladder: the places where secrets are kept, one below the other, asked alike.
 *
 * The keyring and memory answer by keyring.h; the file and programs block, so they are works on a
 * small pool of the ladder's own, where nobody's folder walk holds them up.  The file is opened
 * once for all that is asked of it: one work at a time takes every question that waits, and the
 * opened content goes with it and comes back.
 *
 * An answer is never given from within a question: it waits for the next turn.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/keyring/keyring_command.h>
#include <certty/keyring/keyring_file.h>
#include <certty/keyring/keyring_login.h>

#define THREADS 4

enum what { LOOK_UP, STORE, FORGET, UNLOCK };

struct question {
	struct engine *engine;
	enum what what;
	enum rung rung;
	enum rung rest[2];		/* to be asked after it */
	unsigned n_rest;
	char *account, *store, *field, *label, *command;
	struct secret *given;
	keyring_done_fn *done;
	void *who;
	bool is_over, is_cancelled, is_stored;
	bool had_it;			/* FORGET: somebody did */
	struct secret *found;
	GError *error;
	struct work *work;		/* of a command */
};

struct ladder {
	struct keyring *keyring, *memory;	/* NULL: nothing was wanted of it yet */
	struct pool *pool;			/* likewise */
	GPtrArray *questions;			/* struct question, in the order of asking */
	unsigned n_over;
	GQueue for_file;			/* those that wait for the file */
	GPtrArray *at_file;			/* those that a work answers, or NULL */
	struct work *file_work;
	struct secret *passphrase;		/* of the file, once unlocked */
	struct keyring_file *content;		/* NULL: not open, or with the work */
	enum keyring_state shown;
	bool is_changed;
};

static void ask(struct question *q);

/* ---- settings ---- */

static const char *use_of(const struct engine *e)
{
	return settings_text(e->config.settings, "keyring", "use");
}

static bool is_use(const struct engine *e, const char *word)
{
	return !strcmp(use_of(e), word);
}

static bool is_memory_alone(const struct engine *e)
{
	return is_use(e, "memory") || is_use(e, "off");
}

static char *file_path(const struct engine *e)
{
	const char *path = settings_text(e->config.settings, "keyring", "file");

	return *path ? file_absolute(path) : keyring_file_path();
}

static bool is_file_there(const struct engine *e)
{
	g_autofree char *path = file_path(e);

	return keyring_file_is_there(path);
}

static unsigned remember_seconds(const struct engine *e)
{
	return 60 * (unsigned)settings_int(e->config.settings, "keyring", "file-remember");
}

static char *login_name(const struct engine *e)
{
	g_autofree char *path = file_path(e);

	return g_strconcat("certty:", path, NULL);
}

bool ladder_allows(const struct engine *e, enum rung rung, GError **error)
{
	const struct settings *s = e->config.settings;

	if (rung == RUNG_MEMORY)
		return true;
	if (!settings_allows(s, "rungs", rung_word(rung), error)) {
		g_prefix_error(error, "A secret may not be kept there: ");
		return false;
	}
	if (!is_memory_alone(e) || (rung != RUNG_KEYRING && rung != RUNG_FILE))
		return true;
	g_set_error(error, ERR, ERR_REFUSED,
		    "A secret may not be kept there: keyring.use (%s) is %s, so neither the "
		    "keyring nor the file is asked",
		    settings_origin(s, "keyring", "use"), use_of(e));
	return false;
}

/* ---- how the rungs stand ---- */

static enum keyring_state keyring_now(const struct engine *e)
{
	if (is_memory_alone(e))
		return KEYRING_UNTIL_END;
	return e->ladder->keyring ? keyring_state(e->ladder->keyring) :
				    keyring_glance(KEYRING_DESKTOP);
}

/* A keyring is there, though it may have to be unlocked or woken first. */
static bool is_keyring_there(enum keyring_state state)
{
	static const bool is_there[KEYRING_STATE_COUNT] = {
		[KEYRING_UNASKED] = true,     [KEYRING_READY] = true,
		[KEYRING_LOCKED] = true,      [KEYRING_WRONG_PASSPHRASE] = true,
		[KEYRING_NO_PROMPTER] = true, [KEYRING_HANGS] = true,
		[KEYRING_DIED] = true,	      [KEYRING_BROKEN] = true,
		[KEYRING_NO_COLLECTION] = true,
	};

	return is_there[state];
}

static bool is_keyring_fine(enum keyring_state state)
{
	return state == KEYRING_UNASKED || state == KEYRING_READY;
}

/* The passphrase is known here or, where a person wanted that, to the kernel. */
static bool is_file_open(struct engine *e)
{
	g_autofree char *name = NULL;

	if (!e->ladder->passphrase && remember_seconds(e)) {
		name = login_name(e);
		e->ladder->passphrase = keyring_login_get(name);
		e->ladder->is_changed |= e->ladder->passphrase != NULL;
	}
	return e->ladder->passphrase != NULL;
}

static char *say_file(const struct engine *e)
{
	if (!is_file_there(e))
		return g_strdup("file (none yet)");
	return g_strdup(e->ladder->passphrase ? "file" : "file (locked)");
}

static char *say_keyring(const struct engine *e)
{
	enum keyring_state state = keyring_now(e);

	if (is_keyring_fine(state))
		return g_strdup("keyring");
	return g_strdup_printf("keyring (%s)", keyring_state_word(state));
}

char *ladder_say(struct engine *e, enum rung rung)
{
	if (rung == RUNG_KEYRING)
		return say_keyring(e);
	if (rung == RUNG_FILE)
		return say_file(e);
	return g_strdup(rung == RUNG_MEMORY ? "memory, until certty ends" : rung_word(rung));
}

static enum rung_stand stand_of_keyring(const struct engine *e)
{
	static const enum rung_stand stands[KEYRING_STATE_COUNT] = {
		[KEYRING_UNASKED] = RUNG_UNASKED,     [KEYRING_READY] = RUNG_OPEN,
		[KEYRING_UNTIL_END] = RUNG_UNUSABLE,  [KEYRING_NOT_BUILT] = RUNG_UNUSABLE,
		[KEYRING_NO_BUS] = RUNG_UNUSABLE,     [KEYRING_STALE_BUS] = RUNG_UNUSABLE,
		[KEYRING_NO_DAEMON] = RUNG_UNUSABLE,  [KEYRING_NO_COLLECTION] = RUNG_ABSENT,
		[KEYRING_LOCKED] = RUNG_LOCKED,	      [KEYRING_WRONG_PASSPHRASE] = RUNG_LOCKED,
		[KEYRING_NO_PROMPTER] = RUNG_UNUSABLE, [KEYRING_HANGS] = RUNG_UNUSABLE,
		[KEYRING_DIED] = RUNG_UNUSABLE,	      [KEYRING_BROKEN] = RUNG_UNUSABLE,
	};

	return stands[keyring_now(e)];
}

enum rung_stand ladder_stand(const struct engine *e, enum rung rung, const char **ret_said)
{
	*ret_said = NULL;
	if (rung == RUNG_FOUND || !ladder_allows(e, rung, NULL))
		return rung == RUNG_FOUND ? RUNG_OPEN : RUNG_FORBIDDEN;
	if (rung == RUNG_KEYRING) {
		if (!is_keyring_fine(keyring_now(e)))
			*ret_said = keyring_state_sentence(keyring_now(e));
		return stand_of_keyring(e);
	}
	if (rung != RUNG_FILE || e->ladder->passphrase)
		return RUNG_OPEN;
	return is_file_there(e) ? RUNG_LOCKED : RUNG_ABSENT;
}

enum want ladder_wants(const struct engine *e, enum rung rung, const GError *error)
{
	const char *said;
	enum rung_stand stand = ladder_stand(e, rung, &said);

	if (!error || error->code != ERR_SIGN_IN || (stand != RUNG_LOCKED && stand != RUNG_ABSENT))
		return WANT_NOTHING;
	return rung == RUNG_KEYRING ? WANT_KEYRING : rung == RUNG_FILE ? WANT_FILE : WANT_NOTHING;
}

char *ladder_where(struct engine *e)
{
	enum keyring_state state = keyring_now(e);
	bool keyring = ladder_allows(e, RUNG_KEYRING, NULL) && !is_use(e, "file");
	bool file = ladder_allows(e, RUNG_FILE, NULL) && !is_use(e, "keyring") &&
		    (is_use(e, "file") || is_file_there(e));

	if (keyring && is_keyring_there(state) &&
	    (is_keyring_fine(state) || !file || !e->ladder->passphrase))
		return say_keyring(e);
	if (file)
		return say_file(e);
	if (keyring)
		return g_strdup_printf("memory, until certty ends (%s)", keyring_state_word(state));
	return ladder_say(e, RUNG_MEMORY);
}

enum rung ladder_choose(struct engine *e)
{
	bool keyring = ladder_allows(e, RUNG_KEYRING, NULL);
	bool file = ladder_allows(e, RUNG_FILE, NULL);

	if (is_use(e, "keyring") && keyring)
		return RUNG_KEYRING;
	if (is_use(e, "file") && file)
		return RUNG_FILE;
	if (is_use(e, "auto") && keyring && is_keyring_fine(keyring_now(e)))
		return RUNG_KEYRING;
	if (is_use(e, "auto") && file && is_file_there(e) && is_file_open(e))
		return RUNG_FILE;
	return RUNG_MEMORY;
}

static const char locked_file[] = "The file of secrets is locked: unlock it with its passphrase "
				  "(certty unlock --what file)";
static const char no_file[] = "There is no file of secrets yet: unlock it with a new passphrase to "
			      "make one (certty unlock --what file)";

const char *ladder_why(struct engine *e)
{
	enum keyring_state state = keyring_now(e);

	if (is_memory_alone(e))
		return NULL;
	if (is_use(e, "file"))
		return is_file_open(e) ? NULL : is_file_there(e) ? locked_file : no_file;
	if (is_keyring_fine(state))
		return NULL;
	if (is_use(e, "auto") && !is_keyring_there(state) && is_file_there(e))
		return is_file_open(e) ? NULL : locked_file;
	return keyring_state_sentence(state);
}

/* ---- answers ---- */

static void question_free(void *data)
{
	struct question *q = data;

	g_free(q->account);
	g_free(q->store);
	g_free(q->field);
	g_free(q->label);
	g_free(q->command);
	secret_free(q->given);
	secret_free(q->found);
	g_clear_error(&q->error);
	g_free(q);
}

/* Something that a person can do about it says more than something that is just so. */
static void keep_error(struct question *q, GError *error)
{
	if (!error)
		return;
	if (q->error && (q->error->code == ERR_SIGN_IN || error->code != ERR_SIGN_IN)) {
		g_error_free(error);
		return;
	}
	g_clear_error(&q->error);
	q->error = error;
}

/* One rung has answered; takes both. */
static void hear(struct question *q, struct secret *found, GError *error)
{
	struct ladder *l = q->engine->ladder;

	q->found = found;
	keep_error(q, error);
	if (!found && q->n_rest && !q->is_cancelled) {
		q->rung = q->rest[0];
		q->rest[0] = q->rest[1];
		q->n_rest--;
		ask(q);
		return;
	}
	if (found || q->had_it)
		g_clear_error(&q->error);
	q->is_over = true;
	l->n_over++;
}

static void refuse(struct question *q, enum err code, const char *why)
{
	hear(q, NULL, g_error_new_literal(ERR, (int)code, why));
}

static void tell(struct question *q)
{
	if (!q->is_cancelled)
		q->done(g_steal_pointer(&q->found), q->error, q->who);
	question_free(q);
}

static void tell_all(struct ladder *l)
{
	while (l->n_over) {
		unsigned i = 0;

		while (!((struct question *)l->questions->pdata[i])->is_over)
			i++;
		l->n_over--;
		tell(g_ptr_array_steal_index(l->questions, i));
	}
}

/* ---- the keyring, and memory ---- */

static struct keyring *keyring_of(struct engine *e, enum rung rung)
{
	bool is_memory = rung == RUNG_MEMORY;
	struct keyring **k = is_memory ? &e->ladder->memory : &e->ladder->keyring;

	if (!*k)
		*k = keyring_open(is_memory ? KEYRING_MEMORY : KEYRING_DESKTOP);
	return *k;
}

static struct keyring_key key_of(const struct question *q)
{
	return (struct keyring_key){ q->account, q->store, q->field };
}

static void hear_keyring(struct secret *secret, const GError *error, void *who)
{
	struct question *q = who;
	struct keyring_key key = key_of(q);

	if (q->what != STORE || error) {
		hear(q, secret, error ? g_error_copy(error) : NULL);
		return;
	}
	if (!q->is_stored) {
		q->is_stored = true;
		keyring_look_up(keyring_of(q->engine, q->rung), &key, hear_keyring, q);
	} else if (secret_equal(secret, q->given)) {
		hear(q, NULL, NULL);
		secret_free(secret);
	} else {
		refuse(q, ERR_FAILED, "The keyring took it and does not have it");
		secret_free(secret);
	}
}

static void ask_keyring(struct question *q)
{
	struct keyring *k = keyring_of(q->engine, q->rung);
	struct keyring_key key = key_of(q);

	if (q->what == LOOK_UP)
		keyring_look_up(k, &key, hear_keyring, q);
	else if (q->what == STORE)
		keyring_store(k, &key, q->label, q->given, hear_keyring, q);
	else if (q->what == FORGET)
		keyring_forget(k, &key, hear_keyring, q);
	else
		keyring_unlock(k, q->given, hear_keyring, q);
}

/* ---- works ---- */

static bool put_work(struct engine *e, struct work *w)
{
	struct ladder *l = e->ladder;

	if (!l->pool)
		l->pool = pool_new(THREADS, NULL);
	if (l->pool)
		pool_put(l->pool, w);
	else
		work_free(w);
	return l->pool != NULL;
}

/* ---- a program ---- */

struct program {
	char *command, *field;
	int limit_ms;
};

static void program_free(void *data)
{
	struct program *p = data;

	g_free(p->command);
	g_free(p->field);
	g_free(p);
}

static void free_secret(void *secret)
{
	secret_free(secret);
}

static void run_program(struct work *w)
{
	const struct program *p = w->in;

	w->out = keyring_command(p->command, p->field, p->limit_ms, &w->stop, &w->error);
}

static void ask_command(struct question *q)
{
	struct engine *e = q->engine;
	struct program *p;

	if (q->what != LOOK_UP) {
		refuse(q, ERR_USAGE, "A secret that a program prints is changed where that program "
				     "keeps it");
		return;
	}
	p = g_new0(struct program, 1);
	p->command = g_strdup(q->command);
	p->field = g_strdup(q->field);
	p->limit_ms = 1000 * (int)settings_int(e->config.settings, "keyring", "command-timeout");
	q->work = work_new(run_program, p, program_free, free_secret);
	q->work->owner = q;
	if (!put_work(e, q->work)) {
		q->work = NULL;
		refuse(q, ERR_FAILED, "No thread can be started");
	}
}

static void hear_program(struct question *q, struct work *w)
{
	q->work = NULL;
	hear(q, g_steal_pointer(&w->out), g_steal_pointer(&w->error));
}

/* ---- the file ---- */

/* What one work does: several questions, with the file opened once. */
struct item {
	enum what what;
	char *account, *store, *field;
	struct secret *given, *found;
	bool had_it;
	GError *error;
};

struct visit {
	char *path;
	struct secret *passphrase;
	struct keyring_file *content;
	GArray *items;
};

static void visit_free(void *data)
{
	struct visit *v = data;

	for (guint i = 0; i < v->items->len; i++) {
		struct item *it = &g_array_index(v->items, struct item, i);

		g_free(it->account);
		g_free(it->store);
		g_free(it->field);
		secret_free(it->given);
		secret_free(it->found);
		g_clear_error(&it->error);
	}
	g_array_unref(v->items);
	keyring_file_close(v->content);
	secret_free(v->passphrase);
	g_free(v->path);
	g_free(v);
}

static bool open_content(struct visit *v, GError **error)
{
	if (v->content && keyring_file_is_current(v->content))
		return true;
	g_clear_pointer(&v->content, keyring_file_close);
	v->content = keyring_file_open(v->path, v->passphrase, error);
	return v->content != NULL;
}

/* Proved by opening it, also what was made just now. */
static void visit_unlock(struct visit *v, struct item *it)
{
	struct keyring_file *content = NULL;

	if (keyring_file_is_there(v->path) || keyring_file_make(v->path, it->given, &it->error))
		content = keyring_file_open(v->path, it->given, &it->error);
	if (!content)
		return;
	keyring_file_close(v->content);
	v->content = content;
	secret_free(v->passphrase);
	v->passphrase = g_steal_pointer(&it->given);
}

/* Changed, and opened anew: what is believed is what can be read back. */
static void visit_change(struct visit *v, struct item *it, const struct keyring_key *key)
{
	it->had_it = open_content(v, NULL) && keyring_file_get(v->content, key);
	if (!keyring_file_change(v->path, v->passphrase, key, it->given, &it->error))
		return;
	if (it->what == FORGET && !keyring_file_is_there(v->path))
		return;
	if (open_content(v, &it->error) &&
	    !secret_equal(keyring_file_get(v->content, key), it->given))
		g_set_error_literal(&it->error, ERR, ERR_FAILED,
				    "The file of secrets took it and does not have it");
}

static void visit_look_up(struct visit *v, struct item *it, const struct keyring_key *key)
{
	const struct secret *s = NULL;

	if (open_content(v, &it->error))
		s = keyring_file_get(v->content, key);
	it->found = s ? secret_dup(s) : NULL;
	if (s && !it->found)
		g_set_error_literal(&it->error, ERR, ERR_LIMIT, "the memory for secrets is full");
	if (g_error_matches(it->error, ERR, ERR_NOT_FOUND))
		g_clear_error(&it->error);	/* no file, so no secret in it */
}

static void run_visit(struct work *w)
{
	struct visit *v = w->in;

	for (guint i = 0; i < v->items->len; i++) {
		struct item *it = &g_array_index(v->items, struct item, i);
		struct keyring_key key = { it->account, it->store, it->field };

		if (it->what == UNLOCK)
			visit_unlock(v, it);
		else if (!v->passphrase)
			g_set_error_literal(&it->error, ERR, ERR_SIGN_IN, locked_file);
		else if (it->what == LOOK_UP)
			visit_look_up(v, it, &key);
		else
			visit_change(v, it, &key);
	}
}

/* All that wait go with one work; those that come meanwhile wait for the next. */
static void visit_file(struct engine *e)
{
	struct ladder *l = e->ladder;
	struct visit *v;
	struct question *q;

	if (l->file_work || g_queue_is_empty(&l->for_file))
		return;
	v = g_new0(struct visit, 1);
	v->path = file_path(e);
	v->passphrase = l->passphrase ? secret_dup(l->passphrase) : NULL;
	v->content = g_steal_pointer(&l->content);
	v->items = g_array_new(FALSE, TRUE, sizeof(struct item));
	l->at_file = g_ptr_array_new();
	while ((q = g_queue_pop_head(&l->for_file))) {
		struct item it = { q->what, g_strdup(q->account), g_strdup(q->store),
				   g_strdup(q->field), NULL, NULL, false, NULL };

		it.given = q->given ? secret_dup(q->given) : NULL;
		if (q->given && !it.given)
			it.what = LOOK_UP;	/* answered with an error below */
		g_array_append_val(v->items, it);
		g_ptr_array_add(l->at_file, q);
	}
	l->file_work = work_new(run_visit, v, visit_free, NULL);
	l->file_work->owner = e;
	if (put_work(e, l->file_work))
		return;
	l->file_work = NULL;
	for (guint i = 0; i < l->at_file->len; i++)
		refuse(l->at_file->pdata[i], ERR_FAILED, "No thread can be started");
	g_clear_pointer(&l->at_file, g_ptr_array_unref);
}

/* A passphrase that opened it before and does not now is none. */
static void lose_passphrase(struct engine *e)
{
	g_autofree char *name = login_name(e);

	g_clear_pointer(&e->ladder->passphrase, secret_free);
	keyring_login_drop(name);
	e->ladder->is_changed = true;
}

static void gain_passphrase(struct engine *e, struct visit *v)
{
	struct ladder *l = e->ladder;
	g_autofree char *name = login_name(e);

	secret_free(l->passphrase);
	l->passphrase = g_steal_pointer(&v->passphrase);
	if (remember_seconds(e))
		keyring_login_put(name, l->passphrase, remember_seconds(e));
	l->is_changed = true;
}

static void hear_item(struct question *q, struct visit *v, struct item *it)
{
	struct engine *e = q->engine;

	q->had_it = it->had_it && !it->error;
	if (it->what == UNLOCK && !it->error) {
		if (v->passphrase)	/* the last of several is in force */
			gain_passphrase(e, v);
	} else if (it->what != UNLOCK && g_error_matches(it->error, ERR, ERR_PASSPHRASE)) {
		lose_passphrase(e);
		it->error->code = ERR_SIGN_IN;
	}
	if (q->what != it->what && !it->error)
		g_set_error_literal(&it->error, ERR, ERR_LIMIT, "the memory for secrets is full");
	hear(q, g_steal_pointer(&it->found), g_steal_pointer(&it->error));
}

static void hear_file(struct engine *e, struct work *w)
{
	struct ladder *l = e->ladder;
	struct visit *v = w->in;
	g_autoptr(GPtrArray) asked = g_steal_pointer(&l->at_file);

	l->file_work = NULL;
	l->content = g_steal_pointer(&v->content);
	for (guint i = 0; i < asked->len; i++)
		hear_item(asked->pdata[i], v, &g_array_index(v->items, struct item, i));
	if (!l->passphrase)
		g_clear_pointer(&l->content, keyring_file_close);
	visit_file(e);
}

static void ask_file(struct question *q)
{
	struct engine *e = q->engine;
	bool is_there = is_file_there(e);

	if (q->what != UNLOCK && !is_there && q->what != STORE) {
		hear(q, NULL, NULL);
		return;
	}
	if (q->what != UNLOCK && !is_file_open(e)) {
		refuse(q, ERR_SIGN_IN, is_there ? locked_file : no_file);
		return;
	}
	g_queue_push_tail(&e->ladder->for_file, q);
	visit_file(e);
}

/* ---- questions ---- */

static void ask(struct question *q)
{
	GError *error = NULL;

	if (q->rung == RUNG_FOUND || (q->rung == RUNG_COMMAND && q->what == FORGET)) {
		ladder_allows(q->engine, q->rung, &error);
		hear(q, NULL, error);
	} else if (!ladder_allows(q->engine, q->rung, &error)) {
		hear(q, NULL, error);
	} else if (q->rung == RUNG_COMMAND) {
		ask_command(q);
	} else if (q->rung == RUNG_FILE) {
		ask_file(q);
	} else {
		ask_keyring(q);
	}
}

static struct question *question_new(struct engine *e, enum what what, enum rung rung,
				     const struct keyring_key *key, keyring_done_fn *done, void *who)
{
	struct question *q = g_new0(struct question, 1);

	q->engine = e;
	q->what = what;
	q->rung = rung;
	q->account = g_strdup(key ? key->account : "");
	q->store = g_strdup(key ? key->store : "");
	q->field = g_strdup(key ? key->field : "");
	q->done = done;
	q->who = who;
	g_ptr_array_add(e->ladder->questions, q);
	return q;
}

/* With a secret of its own, unless there is no room for it. */
static void ask_with(struct question *q, const struct secret *given)
{
	q->given = secret_dup(given);
	if (q->given)
		ask(q);
	else
		refuse(q, ERR_LIMIT, "The memory for secrets is full");
}

void ladder_look_up(struct engine *e, enum rung rung, const char *command,
		    const struct keyring_key *key, keyring_done_fn *done, void *who)
{
	struct question *q = question_new(e, LOOK_UP, rung, key, done, who);

	q->command = g_strdup(command);
	ask(q);
}

void ladder_store(struct engine *e, enum rung rung, const struct keyring_key *key,
		  const char *label, const struct secret *secret, keyring_done_fn *done, void *who)
{
	struct question *q = question_new(e, STORE, rung, key, done, who);

	q->label = g_strdup(label);
	ask_with(q, secret);
}

void ladder_forget(struct engine *e, enum rung rung, const struct keyring_key *key,
		   keyring_done_fn *done, void *who)
{
	ask(question_new(e, FORGET, rung, key, done, who));
}

void ladder_unlock(struct engine *e, enum rung rung, const struct secret *passphrase,
		   keyring_done_fn *done, void *who)
{
	ask_with(question_new(e, UNLOCK, rung, NULL, done, who), passphrase);
}

/* ---- where it may be ---- */

/* The rungs that the settings let be asked for what lies in one of them, in their order. */
static unsigned list_rungs(const struct engine *e, enum rung ret[2])
{
	unsigned n = 0;

	if (!is_memory_alone(e) && !is_use(e, "file") && ladder_allows(e, RUNG_KEYRING, NULL))
		ret[n++] = RUNG_KEYRING;
	if (!is_memory_alone(e) && !is_use(e, "keyring") && ladder_allows(e, RUNG_FILE, NULL) &&
	    (is_use(e, "file") || is_file_there(e)))
		ret[n++] = RUNG_FILE;
	return n;
}

static void ask_each(struct engine *e, enum what what, const struct keyring_key *key,
		     keyring_done_fn *done, void *who)
{
	enum rung rungs[2];
	unsigned n = list_rungs(e, rungs);
	struct question *q = question_new(e, what, n ? rungs[0] : RUNG_MEMORY, key, done, who);

	if (n > 1) {
		q->rest[0] = rungs[1];
		q->n_rest = 1;
	}
	ask(q);
}

void ladder_find(struct engine *e, const struct keyring_key *key, keyring_done_fn *done, void *who)
{
	ask_each(e, LOOK_UP, key, done, who);
}

void ladder_forget_all(struct engine *e, const struct keyring_key *key, keyring_done_fn *done,
		       void *who)
{
	ask_each(e, FORGET, key, done, who);
}

/* A question to which no keyring has an answer tells how it stands. */
void ladder_settle(struct engine *e, keyring_done_fn *done, void *who)
{
	static const struct keyring_key nothing = { "", "", "settle" };
	bool asks = !is_memory_alone(e) && !is_use(e, "file") &&
		    ladder_allows(e, RUNG_KEYRING, NULL);

	ladder_look_up(e, asks ? RUNG_KEYRING : RUNG_MEMORY, NULL, &nothing, done, who);
}

enum rung ladder_locked(struct engine *e)
{
	enum keyring_state state = keyring_now(e);

	if (is_memory_alone(e))
		return RUNG_MEMORY;
	if (is_use(e, "file") || !ladder_allows(e, RUNG_KEYRING, NULL))
		return RUNG_FILE;
	if (is_use(e, "auto") && (state == KEYRING_READY || !is_keyring_there(state)) &&
	    is_file_there(e) && !is_file_open(e) && ladder_allows(e, RUNG_FILE, NULL))
		return RUNG_FILE;
	return RUNG_KEYRING;
}

void ladder_cancel(struct engine *e, const void *who)
{
	struct ladder *l = e->ladder;
	struct keyring *k;

	for (guint i = 0; i < l->questions->len; i++) {
		struct question *q = l->questions->pdata[i];

		if (q->who != who || q->is_cancelled)
			continue;
		q->is_cancelled = true;
		if (q->work)
			atomic_store(&q->work->stop, true);
		if (q->is_over || q->work || q->rung == RUNG_FILE)
			continue;	/* freed when its answer comes */
		k = q->rung == RUNG_MEMORY ? l->memory : l->keyring;
		if (k)	/* it is closed before its last askers are */
			keyring_cancel(k, q);
		q->is_over = true;
		l->n_over++;
	}
}

/* ---- in the engine's turn ---- */

unsigned ladder_poll(struct engine *e, struct pollfd *ret_fds, int *ret_timeout_ms)
{
	struct ladder *l = e->ladder;
	unsigned n = 0;
	int limit = -1;

	if (l->keyring)
		n = keyring_poll(l->keyring, ret_fds, &limit);
	*ret_timeout_ms = limit;
	if (l->memory) {
		n += keyring_poll(l->memory, ret_fds + n, &limit);
		if (limit >= 0)
			*ret_timeout_ms = 0;
	}
	if (l->pool)
		ret_fds[n++] = (struct pollfd){ .fd = pool_fd(l->pool), .events = POLLIN };
	if (l->n_over)
		*ret_timeout_ms = 0;
	return n;
}

static void hear_works(struct engine *e)
{
	struct work *w = e->ladder->pool ? pool_take(e->ladder->pool) : NULL;

	while (w) {
		struct work *next = (struct work *)w->link.next;

		if (w->owner == e)
			hear_file(e, w);
		else
			hear_program(w->owner, w);
		work_free(w);
		w = next;
	}
}

bool ladder_turn(struct engine *e)
{
	struct ladder *l = e->ladder;
	bool is_changed;

	if (l->keyring)
		keyring_turn(l->keyring);
	if (l->memory)
		keyring_turn(l->memory);
	hear_works(e);
	tell_all(l);
	is_changed = l->is_changed || l->shown != keyring_now(e);
	l->shown = keyring_now(e);
	l->is_changed = false;
	return is_changed;
}

/* ---- life ---- */

struct ladder *ladder_new(void)
{
	struct ladder *l = g_new0(struct ladder, 1);

	l->questions = g_ptr_array_new_with_free_func(question_free);
	g_queue_init(&l->for_file);
	return l;
}

/* Works are abandoned to the pool; what they were to answer is freed with the questions. */
void ladder_leave(struct ladder *l)
{
	for (guint i = 0; i < l->questions->len; i++) {
		struct question *q = l->questions->pdata[i];

		if (q->work)
			atomic_store(&q->work->stop, true);
	}
	keyring_close(g_steal_pointer(&l->keyring));
	keyring_close(g_steal_pointer(&l->memory));
	pool_leave(g_steal_pointer(&l->pool));
}

void ladder_free(struct ladder *l)
{
	if (!l)
		return;
	g_queue_clear(&l->for_file);
	g_clear_pointer(&l->at_file, g_ptr_array_unref);
	g_ptr_array_unref(l->questions);
	keyring_file_close(l->content);
	secret_free(l->passphrase);
	g_free(l);
}
