/*
 * keyfactor_describe: what Command tells of a certificate beyond its bytes, out of its store's memo.
 */
#include "keyfactor_places.h"

#include <string.h>

#define SHOWN 50	/* places, one line each */

static void add_text(struct detail *d, const char *label, const char *text)
{
	if (*text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

static void add_state(struct detail *d, const struct keyfactor_cert *c)
{
	const char *word = c->state >= 0 && c->state < KEYFACTOR_STATES ?
				   keyfactor_cert_states[c->state] : c->state_word;

	detail_add(d, c->state == KEYFACTOR_REVOKED ? TONE_BAD : c->state == KEYFACTOR_ACTIVE ? TONE_GOOD :
		   TONE_NOTICE, "State", "%s", *word ? word : "not told");
	detail_add_time(d, "Revoked at", c->revoked);
	add_text(d, "Revoked because", c->reason);
	add_text(d, "Comment", c->comment);
}

static void add_list(struct detail *d, const char *label, char *const *list, const char *none)
{
	guint n = g_strv_length((char **)list);

	for (guint i = 0; i < MIN(n, SHOWN); i++)
		detail_add(d, TONE_PLAIN, i ? "" : label, "%s", list[i]);
	if (n > SHOWN)
		detail_add(d, TONE_DIM, "", "and %u more", n - SHOWN);
	if (!n)
		detail_add(d, TONE_DIM, label, "%s", none);
}

void keyfactor_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
			int64_t now)
{
	g_autoptr(GHashTable) certs = keyfactor_memo_read(memo);
	const struct keyfactor_cert *c = g_hash_table_lookup(certs, alias);

	(void)now;
	if (keyfactor_is_place(s)) {
		keyfactor_place_describe_cert(d, alias, memo);
		return;
	}
	detail_add(d, TONE_PLAIN, "Command's ID", "%s", alias);
	if (!c)
		return;
	add_state(d, c);
	add_text(d, "Requested by", c->requester);
	add_text(d, "Owner", c->owner);
	add_text(d, "Template", c->template);
	add_text(d, "CA", c->ca);
	add_text(d, "Request", c->request);
	detail_add_time(d, "Imported", c->imported);
	add_text(d, "Thumbprint", c->thumbprint);
	detail_add(d, c->has_key ? TONE_PLAIN : TONE_DIM, "Private key", "%s",
		   c->has_key ? "Command keeps it" : "is not in Command");
	add_list(d, "Lies in", c->places, "no place that Command knows of");
	add_list(d, "Metadata", c->metadata, "none");
}
