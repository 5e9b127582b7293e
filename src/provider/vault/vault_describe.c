/*
 * vault_describe: what is known of a certificate in Vault beyond its bytes.
 */
#include "vault_kf.h"

#include <string.h>

void vault_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
		    int64_t now)
{
	struct vault_memo m;
	const int64_t *revoked;
	g_autofree char *key = g_ascii_strdown(alias, -1);

	(void)now;
	detail_add(d, TONE_PLAIN, "Mount", "%s", s->address);
	if (!strcmp(s->type, VAULT_KV)) {
		detail_add(d, TONE_PLAIN, "Secret", "%.*s", (int)strcspn(alias, "#"), alias);
		return;
	}
	vault_memo_read(&m, memo);
	revoked = g_hash_table_lookup(m.revoked, key);
	detail_add(d, TONE_PLAIN, "Serial there", "%s", alias);
	detail_add_time(d, "Revoked at", revoked ? *revoked : 0);
	vault_memo_done(&m);
}

void vault_describe_store(struct detail *d, const struct store *s, GBytes *memo, int64_t now)
{
	struct vault_memo m;

	(void)now;
	if (!memo || !vault_kf_is(s))
		return;
	vault_memo_read(&m, memo);
	vault_kf_show(d, m.facts);
	vault_memo_done(&m);
}
