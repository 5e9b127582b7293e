/*
 * dns_facts_ask: all servers of one zone, at all their addresses, asked all questions at once.
 *
 * Those that the parent names come first; those that only the zone itself names follow in a second
 * round.  Whether a server is silent costs the same time for one question as for all.
 */
#include "net/dns_facts_own.h"

#include <string.h>

#include <certty/base/text.h>

#define SERVERS_MOST 24		/* addresses of one zone */
#define PATIENCE     8		/* slices of waiting for each of two tries */
#define HASTE	     3

enum { ASK_SOA, ASK_NS, ASK_KEYS, ASK_RECORD, ASK_OTHER, ASK_DOUBLED, ASK_SHORT, ASK_CAA };
#define ASK_COUNT (ASK_CAA + DNS_FACTS_CAA)

/* What one server was asked; a question without an address is not asked. */
struct asked {
	struct dns_facts_server *server;
	struct dns_question q[ASK_COUNT];
};

/* ---- who is asked ---- */

static bool is_known(const struct dns_facts_zone *z, const char *name, const char *address)
{
	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = z->servers->pdata[i];

		if (!g_ascii_strcasecmp(s->name, name) && !strcmp(s->address, address))
			return true;
	}
	return false;
}

static void add_server(struct dns_facts_walk *w, const char *name, const char *address,
		       bool is_parents, bool is_glue)
{
	struct dns_facts_server *s;

	if (w->to->servers->len >= SERVERS_MOST || is_known(w->to, name, address))
		return;
	s = dns_facts_add_server(w->to, name, address);
	s->is_parents = is_parents;
	s->is_glue_only = is_glue;
}

/* The addresses in a list, of that name when others are in it as well; returns how many. */
static guint add_from(struct dns_facts_walk *w, ldns_rr_list *list, const ldns_rdf *name,
		      bool is_mixed, bool is_parents, bool is_glue)
{
	g_autofree char *shown = dns_shown(w->ldns, name);
	size_t n = list ? w->ldns->rr_list_rr_count(list) : 0;
	guint added = 0;

	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(list, i);
		ldns_rr_type type = w->ldns->rr_get_type(rr);
		g_autofree char *address = NULL;

		if ((type != LDNS_RR_TYPE_A && type != LDNS_RR_TYPE_AAAA) ||
		    w->ldns->rr_rd_count(rr) != 1 ||
		    (is_mixed && w->ldns->dname_compare(w->ldns->rr_owner(rr), name) != 0))
			continue;
		address = dns_shown(w->ldns, w->ldns->rr_rdf(rr, 0));
		if (!dns_way_is_server(address))
			continue;
		add_server(w, shown, address, is_parents, is_glue);
		added++;
	}
	return added;
}

/* By the resolver, then by the parent's glue where that has others. */
static void add_servers(struct dns_facts_walk *w, ldns_pkt *referral, GPtrArray *names)
{
	guint n = names->len;
	g_autofree struct dns_question *q = g_new0(struct dns_question, 2 * (size_t)n + 1);

	for (guint i = 0; i < 2 * n; i++) {
		q[i] = dns_facts_front(w, names->pdata[i / 2],
				       i % 2 ? LDNS_RR_TYPE_AAAA : LDNS_RR_TYPE_A);
		/* Where the resolver got no answer from that zone it gets none now. */
		if (w->is_unsure && referral)
			q[i].patience = HASTE;
	}
	dns_ask(w->ldns, q, 2 * (size_t)n, &w->budget, w->stop);
	for (guint i = 0; i < n; i++) {
		ldns_rdf *name = names->pdata[i];
		g_autofree char *shown = dns_shown(w->ldns, name);
		guint added = 0;
		bool has_glue;

		for (guint k = 2 * i; k < 2 * i + 2; k++)
			if (q[k].answer)
				added += add_from(w, w->ldns->pkt_answer(q[k].answer), name,
						  false, referral != NULL, false);
		/* A resolver that is not answered itself passes nothing on: glue is all there is. */
		has_glue = referral &&
			add_from(w, w->ldns->pkt_additional(referral), name, true, true, added > 0);
		if (!added && !has_glue)
			add_server(w, shown, "", referral != NULL, false);
	}
	for (guint i = 0; i < 2 * n; i++)
		dns_question_done(w->ldns, &q[i]);
}

/* ---- what is asked ---- */

/* Where the record stands when the zone was put behind a name that was whole already. */
static ldns_rdf *doubled(struct dns_facts_walk *w)
{
	return dns_facts_keep(w, w->ldns->dname_cat_clone(w->name, w->zone));
}

/* Its first label alone, right below the zone. */
static ldns_rdf *shortened(struct dns_facts_walk *w)
{
	ldns_rdf *first = dns_facts_keep(w, w->ldns->dname_label(w->name, 0)), *name;

	name = first ? dns_facts_keep(w, w->ldns->dname_cat_clone(first, w->zone)) : NULL;
	return name && w->ldns->dname_compare(name, w->name) != 0 ? name : NULL;
}

static void put(struct asked *a, int what, ldns_rdf *name, ldns_rr_type type,
		const struct dns_address *to)
{
	if (name)
		a->q[what] = (struct dns_question){ .name = name, .type = type, .is_signed = true,
						    .patience = PATIENCE, .to = *to };
}

static void put_all(struct dns_facts_walk *w, struct asked *a, ldns_rdf *twice, ldns_rdf *part)
{
	ldns_rr_type type = w->wanted ? w->ldns->rr_get_type(w->wanted) : LDNS_RR_TYPE_TXT;
	struct dns_address to = { 0 };

	if (!dns_address_read(a->server->address, w->way->port, &to))
		return;
	put(a, ASK_SOA, w->zone, LDNS_RR_TYPE_SOA, &to);
	put(a, ASK_NS, w->zone, LDNS_RR_TYPE_NS, &to);
	put(a, ASK_KEYS, w->zone, LDNS_RR_TYPE_DNSKEY, &to);
	for (size_t i = 0; i < w->n_caa; i++)
		put(a, ASK_CAA + (int)i, w->caa[i], LDNS_RR_TYPE_CAA, &to);
	if (!w->wanted)
		return;
	put(a, ASK_RECORD, w->name, type, &to);
	put(a, ASK_OTHER, w->name, type == LDNS_RR_TYPE_TXT ? LDNS_RR_TYPE_CNAME :
							      LDNS_RR_TYPE_TXT, &to);
	put(a, ASK_DOUBLED, twice, type, &to);
	put(a, ASK_SHORT, part, type, &to);
}

/* ---- what is said ---- */

static enum dns_has state_of(const struct dns_facts_walk *w, const struct dns_question *q)
{
	ldns_pkt_rcode code;

	if (!q->answer)
		return q->is_unreachable ? DNS_NO_WAY : DNS_SILENT;
	code = w->ldns->pkt_get_rcode(q->answer);
	if (code == LDNS_RCODE_REFUSED)
		return DNS_LAME;
	if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN)
		return DNS_FAILS;
	return DNS_SAME;
}

static void hear_zone(struct dns_facts_walk *w, struct asked *a)
{
	struct dns_facts_server *s = a->server;
	const struct dns_question *q = &a->q[ASK_SOA];
	ldns_rr *soa;

	s->serves = s->caa = s->has = state_of(w, q);
	if (s->serves != DNS_SAME)
		return;
	soa = dns_find(w->ldns, w->ldns->pkt_answer(q->answer), w->zone, LDNS_RR_TYPE_SOA);
	if (!soa || !w->ldns->pkt_aa(q->answer))
		s->serves = s->has = DNS_LAME;
	else if (w->ldns->rr_rd_count(soa) == 7)
		s->serial = w->ldns->rdf2native_int32(w->ldns->rr_rdf(soa, 2));
}

static void hear_names(struct dns_facts_walk *w, struct asked *a)
{
	ldns_pkt *p = a->server->serves == DNS_SAME ? a->q[ASK_NS].answer : NULL;
	ldns_rr_list *list = p ? w->ldns->pkt_answer(p) : NULL;
	size_t n = list ? w->ldns->rr_list_rr_count(list) : 0;

	for (size_t i = 0; i < n && w->to->own->len < DNS_FACTS_NAMES; i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(list, i);

		if (w->ldns->rr_get_type(rr) == LDNS_RR_TYPE_NS && w->ldns->rr_rd_count(rr) == 1 &&
		    w->ldns->dname_compare(w->ldns->rr_owner(rr), w->zone) == 0)
			dns_facts_add_text(w->to->own, dns_shown(w->ldns, w->ldns->rr_rdf(rr, 0)));
	}
}

static bool is_here(const struct dns_facts_walk *w, const ldns_rr *rr, const struct dns_question *q)
{
	return w->ldns->rr_get_type(rr) == q->type &&
	       w->ldns->dname_compare(w->ldns->rr_owner(rr), q->name) == 0;
}

/* A zone below this one begins at the record's name or above it. */
static bool is_referral(struct dns_facts_walk *w, ldns_pkt *p)
{
	ldns_rr *ns = !w->ldns->pkt_aa(p) ?
		dns_find(w->ldns, w->ldns->pkt_authority(p), NULL, LDNS_RR_TYPE_NS) : NULL;
	ldns_rdf *owner = ns ? w->ldns->rr_owner(ns) : NULL;

	if (!owner || !w->ldns->dname_is_subdomain(owner, w->zone) ||
	    (w->ldns->dname_compare(owner, w->name) != 0 &&
	     !w->ldns->dname_is_subdomain(w->name, owner)))
		return false;
	w->leads_to = dns_facts_keep(w, w->ldns->rdf_clone(owner));
	w->is_deeper = true;
	return true;
}

static void hear_alias(struct dns_facts_walk *w, struct dns_facts_server *s, ldns_rr_list *answer)
{
	ldns_rr *alias = w->ldns->rr_get_type(w->wanted) == LDNS_RR_TYPE_CNAME ? NULL :
		dns_find(w->ldns, answer, w->name, LDNS_RR_TYPE_CNAME);

	if (!alias || w->ldns->rr_rd_count(alias) != 1 || s->has != DNS_NONE)
		return;
	g_free(s->alias);
	s->alias = dns_shown(w->ldns, w->ldns->rr_rdf(alias, 0));
	if (w->is_deeper && w->leads_to)
		return;
	w->leads_to = dns_facts_keep(w, w->ldns->rdf_clone(w->ldns->rr_rdf(alias, 0)));
	w->is_deeper = false;
}

static void hear_record(struct dns_facts_walk *w, struct asked *a)
{
	struct dns_facts_server *s = a->server;
	const struct dns_question *q = &a->q[ASK_RECORD];
	ldns_rr_list *answer;

	if (s->serves != DNS_SAME || !w->wanted)
		return;
	s->has = state_of(w, q);
	if (s->has != DNS_SAME || is_referral(w, q->answer))
		return;
	s->has = DNS_NONE;
	answer = w->ldns->pkt_answer(q->answer);
	for (size_t i = 0; i < w->ldns->rr_list_rr_count(answer); i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(answer, i);

		if (!is_here(w, rr, q))
			continue;
		dns_facts_add_text(s->values, dns_value(w->ldns, rr));
		if (dns_is_same(w->ldns, rr, w->wanted))
			s->has = DNS_SAME;
		else if (s->has == DNS_NONE)
			s->has = DNS_OTHER;
	}
	hear_alias(w, s, answer);
}

static void hear_other(struct dns_facts_walk *w, struct asked *a)
{
	const struct dns_question *q = &a->q[ASK_OTHER];
	ldns_rr_list *answer = q->answer ? w->ldns->pkt_answer(q->answer) : NULL;
	size_t n = answer ? w->ldns->rr_list_rr_count(answer) : 0;

	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(answer, i);
		g_autofree char *value = is_here(w, rr, q) ? dns_value(w->ldns, rr) : NULL;

		if (value)
			dns_facts_add_text(a->server->others, g_strdup_printf("%s %s",
				q->type == LDNS_RR_TYPE_TXT ? "TXT" : "CNAME", value));
	}
}

/* The record with its value, at a name where it is of no use. */
static void hear_astray(struct dns_facts_walk *w, struct asked *a)
{
	for (int what = ASK_DOUBLED; what <= ASK_SHORT; what++) {
		const struct dns_question *q = &a->q[what];
		ldns_rr_list *answer = q->answer ? w->ldns->pkt_answer(q->answer) : NULL;
		size_t n = answer ? w->ldns->rr_list_rr_count(answer) : 0;

		for (size_t i = 0; i < n; i++) {
			ldns_rr *rr = w->ldns->rr_list_rr(answer, i);

			if (!is_here(w, rr, q) || !dns_is_same(w->ldns, rr, w->wanted))
				continue;
			g_free(a->server->astray);
			a->server->astray = dns_shown(w->ldns, q->name);
		}
	}
}

/* ---- signatures ---- */

static void distrust(struct dns_facts_walk *w, struct dns_facts_server *s, enum dns_trust t,
		     const char *what, const ldns_rdf *of)
{
	g_autofree char *name = dns_shown(w->ldns, of);

	s->trust = t;
	g_free(s->trust_at);
	s->trust_at = g_strdup_printf("%s of %s", what, name);
}

/* What an answer has is signed, and what it has not, too. */
static bool check_answer(struct dns_facts_walk *w, struct dns_facts_server *s,
			 const struct dns_question *q, const char *what,
			 const struct dns_trusted *zone)
{
	ldns_rr_list *answer = q->answer ? w->ldns->pkt_answer(q->answer) : NULL;
	ldns_rr_type type = q->type;
	enum dns_trust t;

	if (!answer || !w->ldns->pkt_aa(q->answer))
		return true;
	if (!dns_find(w->ldns, answer, q->name, type))
		type = LDNS_RR_TYPE_CNAME;
	if (dns_find(w->ldns, answer, q->name, type))
		t = dns_trust_check(w->ldns, answer, q->name, type, zone->keys, w->now);
	else if (!w->ldns->rr_list_rr_count(answer))
		t = dns_trust_check(w->ldns, w->ldns->pkt_authority(q->answer), w->zone,
				    LDNS_RR_TYPE_SOA, zone->keys, w->now);
	else
		return true;
	if (t == DNS_TRUST_SECURE)
		return true;
	distrust(w, s, t, what, q->name);
	return false;
}

static void hear_trust(struct dns_facts_walk *w, struct asked *a)
{
	struct dns_facts_server *s = a->server;
	struct dns_trusted zone = { DNS_TRUST_UNKNOWN, NULL, "" };
	bool ok = true;

	if (s->serves != DNS_SAME)
		return;
	if (!dns_trust_begin(w->ldns, w->anchors, w->zone, a->q[ASK_KEYS].answer, w->now, &zone))
		dns_trust_step(w->ldns, &w->above, w->zone, w->ds, a->q[ASK_KEYS].answer, w->now,
			       &zone);
	distrust(w, s, zone.trust, zone.what, w->zone);
	if (zone.trust == DNS_TRUST_SECURE) {
		ok = check_answer(w, s, &a->q[ASK_SOA], "SOA", &zone);
		ok = ok && check_answer(w, s, &a->q[ASK_RECORD], w->facts->type, &zone);
		for (size_t i = 0; i < w->n_caa && ok; i++)
			ok = check_answer(w, s, &a->q[ASK_CAA + i], "CAA", &zone);
	}
	dns_trust_done(&zone, w->ldns);
}

/* ---- CAA ---- */

static void hear_caa(struct dns_facts_walk *w, struct asked *a)
{
	struct dns_facts_server *s = a->server;

	if (s->serves != DNS_SAME)
		return;
	s->caa = DNS_SAME;
	for (size_t i = 0; i < w->n_caa && s->caa == DNS_SAME; i++)
		s->caa = state_of(w, &a->q[ASK_CAA + i]);
}

/* The nearest name that has some, as the first server has it that answers. */
static void climb(struct dns_facts_walk *w, const struct asked *all, size_t n)
{
	for (size_t i = 0; i < w->n_caa && !w->facts->caa->len; i++)
		for (size_t k = 0; k < n; k++) {
			ldns_pkt *p = all[k].server->caa == DNS_SAME ?
				all[k].q[ASK_CAA + i].answer : NULL;

			if (p && w->ldns->pkt_aa(p)) {
				dns_facts_take_caa(w, p, w->caa[i]);
				break;
			}
		}
}

/* ---- a round ---- */

static void ask_some(struct dns_facts_walk *w, guint from)
{
	size_t n = w->to->servers->len - from, total = n * ASK_COUNT;
	g_autofree struct dns_question *q = g_new0(struct dns_question, total + 1);
	g_autofree struct asked *all = g_new0(struct asked, n + 1);
	ldns_rdf *twice = doubled(w), *part = shortened(w);

	for (size_t i = 0; i < n; i++) {
		all[i].server = w->to->servers->pdata[from + i];
		if (dns_may_ask(w->way, all[i].server->name, all[i].server->address))
			put_all(w, &all[i], twice, part);
		memcpy(&q[i * ASK_COUNT], all[i].q, sizeof(all[i].q));
	}
	dns_ask(w->ldns, q, total, &w->budget, w->stop);
	for (size_t i = 0; i < n; i++) {
		struct dns_facts_server *s = all[i].server;

		memcpy(all[i].q, &q[i * ASK_COUNT], sizeof(all[i].q));
		hear_zone(w, &all[i]);
		if (*s->address && !dns_may_ask(w->way, s->name, s->address))
			s->serves = s->has = s->caa = DNS_BARRED;
		hear_names(w, &all[i]);
		hear_record(w, &all[i]);
		hear_other(w, &all[i]);
		hear_astray(w, &all[i]);
		hear_caa(w, &all[i]);
		hear_trust(w, &all[i]);
	}
	climb(w, all, n);
	for (size_t i = 0; i < total; i++)
		dns_question_done(w->ldns, &q[i]);
}

/* Those that the zone names and that are not known yet. */
static GPtrArray *new_names(struct dns_facts_walk *w)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < w->to->own->len; i++) {
		const char *name = w->to->own->pdata[i];
		bool is_new = true;
		ldns_rdf *rdf;

		for (guint k = 0; k < w->to->servers->len; k++) {
			struct dns_facts_server *s = w->to->servers->pdata[k];

			if (g_ascii_strcasecmp(s->name, name) != 0)
				continue;
			s->is_zones = true;
			is_new = false;
		}
		rdf = is_new ? dns_facts_keep(w, w->ldns->dname_new_frm_str(name)) : NULL;
		if (rdf)
			g_ptr_array_add(names, rdf);
	}
	return names;
}

void dns_facts_ask_zone(struct dns_facts_walk *w, ldns_pkt *referral, GPtrArray *names)
{
	g_autoptr(GPtrArray) more = NULL;
	guint before;

	add_servers(w, referral, names);
	ask_some(w, 0);
	more = new_names(w);
	before = w->to->servers->len;
	if (!more->len)
		return;
	add_servers(w, NULL, more);
	for (guint i = before; i < w->to->servers->len; i++)
		((struct dns_facts_server *)w->to->servers->pdata[i])->is_zones = true;
	ask_some(w, before);
}
