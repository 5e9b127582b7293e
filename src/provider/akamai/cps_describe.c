/*
 * cps_describe: what CPS tells of a certificate beyond its bytes, out of its store's memo: which
 * enrollment it is of, and what the other network has.
 */
#include "cps.h"

#include <string.h>

static void add(struct detail *d, const char *label, const char *text)
{
	if (*text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

static void add_network(struct detail *d, const struct cps_deployed *e, unsigned network)
{
	const GPtrArray *certs = e->on[network].certs;

	for (guint i = 0; i < certs->len; i++) {
		g_autofree char *said = cps_one_say(certs->pdata[i]);

		detail_add(d, TONE_PLAIN, i ? "" : cps_network_titles[network], "%s", said);
	}
	if (!certs->len)
		detail_add(d, TONE_DIM, cps_network_titles[network], "nothing is deployed there");
}

static void add_pairs(struct detail *d, char *const *pairs, enum tone tone)
{
	for (; pairs[0] && pairs[1]; pairs += 2)
		detail_add(d, tone, pairs[0], "%s", pairs[1]);
}

static void add_both(struct detail *d, const struct cps_deployed *e)
{
	g_auto(GStrv) differences = cps_deployed_differences(e);

	detail_add(d, TONE_PLAIN, "Side by side", "%s", "");
	add_network(d, e, CPS_ON_PRODUCTION);
	add_network(d, e, CPS_ON_STAGING);
	if (*differences)
		detail_add(d, TONE_PLAIN, "They differ", "%s", "");
	else
		detail_add(d, TONE_GOOD, "They differ", "in nothing");
	add_pairs(d, differences, TONE_WARN);
}

static const struct cps_one *one_of(const struct cps_deployed *e, unsigned network, const char *alias)
{
	const GPtrArray *certs = e->on[network].certs;

	for (guint i = 0; i < certs->len; i++) {
		g_autofree char *own = cps_deployed_alias(e, certs->pdata[i]);

		if (!strcmp(own, alias))
			return certs->pdata[i];
	}
	return NULL;
}

void cps_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo, int64_t now)
{
	g_autoptr(GHashTable) all = cps_memo_read(memo);
	g_autofree char *id = g_strndup(alias, strcspn(alias, "/"));
	const struct cps_deployed *e = g_hash_table_lookup(all, id);
	unsigned network = cps_network_of(s);
	const struct cps_one *o = e ? one_of(e, network, alias) : NULL;
	g_autofree char *chain = o ? g_strjoinv(", ", o->chain) : NULL;

	(void)now;
	detail_add(d, TONE_PLAIN, "Enrollment id", "%s", id);
	if (!e)
		return;
	detail_add(d, *e->slots ? TONE_PLAIN : TONE_DIM, "Slot", "%s", *e->slots ? e->slots : "none yet");
	add(d, "Network", cps_network_titles[network]);
	add(d, "Certificate type", e->sort);
	if (o)
		add(d, "Key algorithm", o->algorithm);
	if (o && !o->is_read)
		detail_add(d, TONE_DIM, "Its bytes", "are not read yet: begin and chain are not known");
	else if (o)
		add(d, "Trust chain", *chain ? chain : "none was uploaded with it");
	detail_add(d, *e->pending ? TONE_NOTICE : TONE_DIM, "Under way", "%s",
		   *e->pending ? e->pending : "nothing");
	add_both(d, e);
	detail_add(d, TONE_PLAIN, "Settings", "%s", "");
	add_pairs(d, e->on[network].settings, TONE_PLAIN);
}
