/*
 * kv_describe: what a vault tells of a certificate beyond its bytes, and of itself, out of its memo.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/clock.h>

#define SHOWN 50	/* lines of one list */

static void add_text(struct detail *d, const char *label, const char *text)
{
	if (*text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

static void add_list(struct detail *d, const char *label, char *const *list, const char *none)
{
	guint n = g_strv_length((char **)(uintptr_t)list);

	for (guint i = 0; i < MIN(n, SHOWN); i++)
		detail_add(d, TONE_PLAIN, i ? "" : label, "%s", list[i]);
	if (n > SHOWN)
		detail_add(d, TONE_DIM, "", "and %u more", n - SHOWN);
	if (!n)
		detail_add(d, TONE_DIM, label, "%s", none);
}

/* "RSA 2048, can be taken out; made anew with each version" */
static void add_key(struct detail *d, const struct kv_cert *c)
{
	g_autoptr(GString) s = g_string_new(*c->kty ? c->kty : "of a kind that is not told");
	bool is_hsm = g_str_has_suffix(c->kty, "-HSM");

	if (g_str_has_prefix(c->kty, "EC") && *c->curve)
		g_string_append_printf(s, " %s", c->curve);
	else if (c->key_size)
		g_string_append_printf(s, " %" G_GINT64_FORMAT, c->key_size);
	if (is_hsm)
		g_string_append(s, ", in a hardware module");
	g_string_append(s, c->is_exportable ? ", can be taken out" : ", never leaves the vault");
	g_string_append(s, c->reuses_key ? "; kept when it is renewed" : "; made anew with each version");
	if (c->has_key)
		detail_add(d, TONE_PLAIN, "Private key", "%s", s->str);
	else
		detail_add(d, TONE_DIM, "Private key", "is not in the vault");
}

static void add_recovery(struct detail *d, const struct kv_cert *c)
{
	if (!*c->recovery)
		return;
	detail_add(d, TONE_PLAIN, "When deleted", "%s%s (%s)",
		   g_str_has_prefix(c->recovery, "Purgeable") ? "gone at once" : "it can come back",
		   strstr(c->recovery, "Purgeable") ? "" : ", and nobody can purge it before its time",
		   c->recovery);
	if (c->recoverable_days)
		detail_add(d, TONE_PLAIN, "", "for %" G_GINT64_FORMAT " days", c->recoverable_days);
}

/* The policy is one for all versions of a name, as it was when the newest of them was read. */
static void add_policy(struct detail *d, const struct kv_cert *c, int64_t now)
{
	if (!c->has_bundle) {
		detail_add(d, TONE_DIM, "Policy", "was not read");
		return;
	}
	add_key(d, c);
	add_text(d, "Format", c->content);
	add_text(d, "Issuer in policy", c->issuer);
	add_text(d, "Product", c->product);
	if (c->months)
		detail_add(d, TONE_PLAIN, "Next one for", "%" G_GINT64_FORMAT " months", c->months);
	add_list(d, "Lifetime actions", c->actions, "none: nobody is told before it ends");
	if (c->renews)
		detail_add_time(d, now >= c->renews ? "Renewal is due" : "Renews at", c->renews);
}

void kv_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo, int64_t now)
{
	struct kv_memo m;
	const struct kv_cert *c;

	(void)s;
	kv_memo_read(&m, memo);
	c = g_hash_table_lookup(m.certs, alias);
	detail_add(d, TONE_PLAIN, "Name in the vault", "%s", alias);
	if (c) {
		add_text(d, "Version", c->version);
		detail_add(d, c->is_enabled ? TONE_GOOD : TONE_WARN, "State", "%s", c->is_enabled ? "enabled" :
			   "disabled: nobody can use it from here");
		add_text(d, "Newest operation", c->pending);
		detail_add_time(d, "Created", c->created);
		detail_add_time(d, "Changed", c->updated);
		add_text(d, "SHA-1", c->print);
		add_policy(d, c, now);
		add_recovery(d, c);
		add_list(d, "Tags", c->tags, "none");
		add_list(d, "Versions", c->versions, "not read: the account's answer " KV_VERSIONS " is no");
	}
	kv_memo_done(&m);
}

void kv_describe_store(struct detail *d, const struct store *s, GBytes *memo, int64_t now)
{
	static const struct azure_cloud nowhere = { .vault_suffix = (char *)"" };
	struct kv_place p = { 0 };
	struct kv_memo m;

	(void)now;
	kv_memo_read(&m, memo);
	if (*s->address == '/' && kv_place_read(s->address, &nowhere, &p, NULL)) {
		add_text(d, "Subscription", p.subscription);
		add_text(d, "Resource group", p.group);
	}
	kv_place_done(&p);
	for (char **pair = m.facts; pair[0] && pair[1]; pair += 2)
		detail_add(d, TONE_PLAIN, pair[0], "%s", pair[1]);
	add_text(d, "Tokens of tenant", m.tenant);
	detail_add_time(d, "Looked at", m.looked);
	kv_memo_done(&m);
}
