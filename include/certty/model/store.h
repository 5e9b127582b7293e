/*
 * store: a place where certificates live: a folder, a keystore file, an endpoint, a vault.
 *
 * An item (see items.h): frozen once on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_STORE_H
#define CERTTY_MODEL_STORE_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

enum store_state {
	STORE_NEW,		/* never looked at */
	STORE_READING,		/* a refresh is under way */
	STORE_FINE,
	STORE_PARTLY,		/* read, but `trouble` says what could not be */
	STORE_FAILED,		/* not read; the rows shown are older */
	STORE_STATE_COUNT
};

enum store_origin {
	STORE_BUILT_IN,		/* a default of certty's */
	STORE_CONFIGURED,	/* named in a configuration file */
	STORE_ADDED,		/* by a person, or approved from discovery */
	STORE_FOUND,		/* its account has it: goes when the account has it no more */
	STORE_ORIGIN_COUNT
};

struct store {
	struct ref ref;
	char *id;		/* "local/folder:/etc/ssl"; stable, the account's id first */
	char *account;		/* "local" */
	char *provider;		/* "local" */
	char *type;		/* provider's word for the sort: "folder", "keystore", "endpoint" */
	char *title;		/* short: what the WHERE column shows */
	char *address;		/* what the provider needs to reach it: a path, "host:port"… */
	char *network;		/* "" where that means nothing */
	char *container;	/* one name, "" for none: the filter's in: */
	char **labels;		/* sorted, never NULL */
	enum store_state state;
	enum store_origin origin;
	char *trouble;		/* a sentence, or NULL */
	int64_t tried;		/* when last asked; 0 never */
	int64_t seen;		/* when last read in full; 0 never: the age of its rows */
	uint32_t certs, keys;	/* how many, when last read */
	bool is_writable;	/* certificates can be added and removed here */
	bool has_secret;	/* the keyring holds a passphrase for it */
};

extern const struct item_type store_type;

struct store *store_new(const char *id);	/* all strings "" */
struct store *store_dup(const struct store *s);	/* a copy that may be changed */
struct store *store_ref(struct store *s);
void store_unref(struct store *s);
void store_set(char **field, const char *value);	/* frees the old text, dups the new */
AUTO_FREE(store, store_unref)
/* Whether its network, its container or one of its labels is among those words, however written. */
bool store_is_one_of(const struct store *s, const char *const *words);
/* What it is, where it lies and how it is reached: account, provider, type, title, address, network. */
bool store_is_same_place(const struct store *a, const struct store *b);
void store_set_place(struct store *s, const struct store *from);

const char *store_state_word(enum store_state state);	/* "read in part" */
enum tone store_state_tone(enum store_state state);

#endif
