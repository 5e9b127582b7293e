/*
 * keyring: the questions that are under way, and the words for how a keyring stands.
 *
 * An answer is never given from within a question: it waits for the owner's next turn.
 */
#include "config.h"

#include <certty/keyring/keyring.h>

#include <certty/base/text.h>

#include "keyring_own.h"

struct keyring {
	const struct keyring_body *body;	/* NULL: not built in */
	void *own;
	GPtrArray *asks;			/* in the order of asking */
	enum keyring_state state;
	unsigned n_over;
};

/* clang-format off */

static const struct {
	const char *word;
	enum err err;
	const char *sentence;
} states[KEYRING_STATE_COUNT] = {
	[KEYRING_UNASKED]          = { "not asked yet", ERR_FAILED,
		"The keyring has not been asked yet" },
	[KEYRING_READY]            = { "ready", ERR_FAILED,
		"The keyring of the desktop is open" },
	[KEYRING_UNTIL_END]        = { "until the end", ERR_FAILED,
		"Secrets are kept in memory until certty ends" },
	[KEYRING_NOT_BUILT]        = { "not built in", ERR_FAILED,
		"This certty was built without the keyring of the desktop" },
	[KEYRING_NO_BUS]           = { "no session bus", ERR_FAILED,
		"There is no session bus, so no keyring: log in by way of systemd or pam, or run "
		"certty under dbus-run-session" },
	[KEYRING_STALE_BUS]        = { "stale session bus", ERR_FAILED,
		"Nobody answers at the address of the session bus: log in again, or correct "
		"DBUS_SESSION_BUS_ADDRESS" },
	[KEYRING_NO_DAEMON]        = { "no keyring daemon", ERR_FAILED,
		"No keyring daemon runs on the session bus, and none starts by itself: install "
		"gnome-keyring or another Secret Service" },
	[KEYRING_NO_COLLECTION]    = { "no keyring yet", ERR_SIGN_IN,
		"The keyring daemon has no keyring yet: unlock it with a new passphrase to make "
		"one" },
	[KEYRING_LOCKED]           = { "locked", ERR_SIGN_IN,
		"The keyring is locked: unlock it with its passphrase" },
	[KEYRING_WRONG_PASSPHRASE] = { "wrong passphrase", ERR_PASSPHRASE,
		"The passphrase does not open the keyring" },
	[KEYRING_NO_PROMPTER]      = { "wants to prompt", ERR_SIGN_IN,
		"The keyring wants to ask on a screen of its own, which certty does not allow: "
		"unlock it first" },
	[KEYRING_HANGS]            = { "no answer", ERR_TIMEOUT,
		"The keyring did not answer within 3 seconds: look whether it asks something on "
		"another screen, or start its daemon again" },
	[KEYRING_DIED]             = { "ended", ERR_FAILED,
		"The keyring daemon ended while it was asked: start it again (it may start by "
		"itself) and try once more" },
	[KEYRING_BROKEN]           = { "failed", ERR_FAILED,
		"The keyring failed: try again, or keep secrets elsewhere (keyring.use)" },
};

/* clang-format on */

const char *keyring_state_word(enum keyring_state state)
{
	return (unsigned)state < KEYRING_STATE_COUNT ? states[state].word : "";
}

const char *keyring_state_sentence(enum keyring_state state)
{
	return (unsigned)state < KEYRING_STATE_COUNT ? states[state].sentence : "";
}

enum keyring_state keyring_state(const struct keyring *k)
{
	return k->state;
}

/* ---- questions ---- */

static void ask_free(void *data)
{
	struct ask *ask = data;

	g_free(ask->account);
	g_free(ask->store);
	g_free(ask->field);
	g_free(ask->label);
	secret_free(ask->given);
	secret_free(ask->found);
	g_clear_error(&ask->error);
	g_free(ask);
}

static const struct keyring_body *const bodies[] = {
#ifdef HAVE_LIBSECRET
	[KEYRING_DESKTOP] = &keyring_secret_service,
#endif
	[KEYRING_MEMORY] = &keyring_memory,
};

enum keyring_state keyring_glance(enum keyring_kind kind)
{
	if (!bodies[kind])
		return KEYRING_NOT_BUILT;
	return bodies[kind]->glance ? bodies[kind]->glance() : KEYRING_UNASKED;
}

struct keyring *keyring_open(enum keyring_kind kind)
{
	struct keyring *k = g_new0(struct keyring, 1);

	k->body = bodies[kind];
	k->own = k->body ? k->body->open() : NULL;
	k->state = keyring_glance(kind);
	k->asks = g_ptr_array_new();
	return k;
}

void keyring_close(struct keyring *k)
{
	if (!k)
		return;
	if (k->body)
		k->body->close(k->own);
	g_ptr_array_set_free_func(k->asks, ask_free);
	g_ptr_array_unref(k->asks);
	g_free(k);
}

static void put(struct keyring *k, enum ask_kind kind, const struct keyring_key *key,
		const char *label, const struct secret *given, keyring_done_fn *done, void *who)
{
	struct ask *ask = g_new0(struct ask, 1);

	ask->keyring = k;
	ask->kind = kind;
	ask->account = g_strdup(key ? key->account : "");
	ask->store = g_strdup(key ? key->store : "");
	ask->field = g_strdup(key ? key->field : "");
	ask->label = g_strdup(label);
	ask->given = given ? secret_dup(given) : NULL;
	ask->done = done;
	ask->who = who;
	g_ptr_array_add(k->asks, ask);
	if (given && !ask->given)
		keyring_answer(ask, k->state, NULL, "the memory for secrets is full");
	else if (k->body)
		k->body->ask(k->own, ask);
	else
		keyring_answer(ask, KEYRING_NOT_BUILT, NULL, NULL);
}

void keyring_look_up(struct keyring *k, const struct keyring_key *key, keyring_done_fn *done,
		     void *who)
{
	put(k, ASK_LOOK_UP, key, NULL, NULL, done, who);
}

void keyring_store(struct keyring *k, const struct keyring_key *key, const char *label,
		   const struct secret *secret, keyring_done_fn *done, void *who)
{
	put(k, ASK_STORE, key, label, secret, done, who);
}

void keyring_forget(struct keyring *k, const struct keyring_key *key, keyring_done_fn *done,
		    void *who)
{
	put(k, ASK_FORGET, key, NULL, NULL, done, who);
}

void keyring_unlock(struct keyring *k, const struct secret *passphrase, keyring_done_fn *done,
		    void *who)
{
	put(k, ASK_UNLOCK, NULL, NULL, passphrase, done, who);
}

void keyring_cancel(struct keyring *k, const void *who)
{
	for (unsigned i = 0; i < k->asks->len; i++) {
		struct ask *ask = k->asks->pdata[i];

		if (ask->who != who || ask->is_cancelled)
			continue;
		ask->is_cancelled = true;
		if (!ask->is_over && k->body->cancel)
			k->body->cancel(k->own, ask);
	}
}

/* ---- answers ---- */

void keyring_answer(struct ask *ask, enum keyring_state state, struct secret *found,
		    const char *trouble)
{
	bool is_well = !trouble && (state == KEYRING_READY || state == KEYRING_UNTIL_END);
	g_autofree char *said = text_harmless_dup(trouble, 500);

	g_assert(!ask->is_over);
	ask->is_over = true;
	ask->found = found;
	ask->keyring->n_over++;
	ask->keyring->state = state;
	if (!is_well && said)
		g_set_error(&ask->error, ERR, (int)states[state].err, "%s: %s",
			    states[state].sentence, said);
	else if (!is_well)
		g_set_error_literal(&ask->error, ERR, (int)states[state].err,
				    states[state].sentence);
}

static void tell(struct ask *ask)
{
	if (!ask->is_cancelled)
		ask->done(g_steal_pointer(&ask->found), ask->error, ask->who);
	ask_free(ask);
}

void keyring_turn(struct keyring *k)
{
	if (k->body && k->body->turn)
		k->body->turn(k->own);
	while (k->n_over) {
		unsigned i = 0;

		while (!((struct ask *)k->asks->pdata[i])->is_over)
			i++;
		k->n_over--;
		tell(g_ptr_array_remove_index(k->asks, i));
	}
}

unsigned keyring_poll(struct keyring *k, struct pollfd *ret_fds, int *ret_timeout_ms)
{
	unsigned n = 0;

	*ret_timeout_ms = -1;
	if (k->asks->len && k->body && k->body->poll)
		n = k->body->poll(k->own, ret_fds, ret_timeout_ms);
	if (k->n_over)
		*ret_timeout_ms = 0;
	return n;
}
