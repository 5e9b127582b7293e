/*
 * discovery: a store that was seen and is not yet known, and what a person decided about it.
 *
 * An item (see items.h): frozen once on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_DISCOVERY_H
#define CERTTY_MODEL_DISCOVERY_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

enum discovery_state {
	DISCOVERY_NEW,
	DISCOVERY_APPROVED,	/* it is a store now */
	DISCOVERY_IGNORED,
	DISCOVERY_STATE_COUNT
};

struct discovery {
	struct ref ref;
	char *id;		/* the id that the store has or would have */
	char *account, *provider, *type, *title, *address;
	char *network, *container;	/* of the store that it would be; "" where nobody tells */
	char *what;		/* "3 certificates, 1 key"; "TLS, CN www.example.org, until …" */
	enum discovery_state state;
	uint32_t certs;
	bool is_writable;	/* the store would be */
	int64_t first_seen, last_seen, decided;
	char *decided_by;
};

extern const struct item_type discovery_type;

struct discovery *discovery_new(const char *id);
struct discovery *discovery_dup(const struct discovery *d);
struct discovery *discovery_ref(struct discovery *d);
void discovery_unref(struct discovery *d);
AUTO_FREE(discovery, discovery_unref)

const char *discovery_state_word(enum discovery_state state);	/* "new", "approved", "ignored" */
enum tone discovery_state_tone(enum discovery_state state);

#endif
