/*
 * dns_facts: from a name up to its zone, to the zone's parent, and along CNAMEs to the next zone.
 *
 * One round asks the resolver for everything about all names up to the root; most of it is needed,
 * and one round for all costs less than several for some.  Answers that a resolver does not believe
 * are wanted as well (the CD bit): they are what is looked for.
 */
#include "net/dns_facts_own.h"

#include <string.h>

#include <certty/base/text.h>

#define BUDGET	       600	/* slices of a tenth of a second at most */
#define FRONT_PATIENCE 10
#define PARENTS_ASKED  4
#define ABOVE_PATIENCE 8

enum { FRONT_SOA, FRONT_NS, FRONT_KEYS, FRONT_DS, FRONT_CAA, FRONT_A, FRONT_AAAA, FRONT_COUNT };

static const ldns_rr_type front_types[FRONT_COUNT] = {
	LDNS_RR_TYPE_SOA, LDNS_RR_TYPE_NS, LDNS_RR_TYPE_DNSKEY, LDNS_RR_TYPE_DS, LDNS_RR_TYPE_CAA,
	LDNS_RR_TYPE_A,	  LDNS_RR_TYPE_AAAA,	/* of the first name alone */
};

/* What the resolver says of a name and all above it. */
struct front {
	ldns_rdf *up[DNS_FACTS_UP];
	size_t n;
	struct dns_question q[DNS_FACTS_UP * FRONT_COUNT];
	size_t cut;		/* the lowest name that is a zone as far as the resolver knows; n: none */
	size_t above;		/* the zone above that */
};

/* ---- what is found ---- */

static GPtrArray *texts(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static void server_free(void *p)
{
	struct dns_facts_server *s = p;

	g_free(s->name);
	g_free(s->address);
	g_ptr_array_unref(s->values);
	g_ptr_array_unref(s->others);
	g_free(s->alias);
	g_free(s->astray);
	g_free(s->trust_at);
	g_free(s);
}

static void zone_free(void *p)
{
	struct dns_facts_zone *z = p;

	g_free(z->name);
	g_free(z->zone);
	g_free(z->parent);
	g_ptr_array_unref(z->parents);
	g_ptr_array_unref(z->own);
	g_ptr_array_unref(z->servers);
	g_ptr_array_unref(z->resolvers);
	g_free(z);
}

static void caa_free(void *p)
{
	struct dns_facts_caa *c = p;

	g_free(c->tag);
	g_free(c->value);
	g_free(c);
}

/* The name whose control a record shows: what stands before it begins with an underscore. */
static char *domain_of(const char *name)
{
	while (*name == '_' && strchr(name, '.'))
		name = strchr(name, '.') + 1;
	if (g_str_has_prefix(name, "*."))
		name += 2;
	return g_ascii_strdown(name, -1);
}

static char *without_dot(const char *text)
{
	char *plain = text_harmless_dup(text ? text : "", 1000);
	size_t len = strlen(plain);

	if (len > 1 && plain[len - 1] == '.')
		plain[len - 1] = '\0';
	return plain;
}

struct dns_facts *dns_facts_new(const char *name, const char *type, const char *value)
{
	struct dns_facts *f = g_new0(struct dns_facts, 1);

	f->name = without_dot(name);
	f->type = g_ascii_strup(type ? type : "", -1);
	f->value = g_strdup(value ? value : "");
	f->domain = domain_of(f->name);
	f->zones = g_ptr_array_new_with_free_func(zone_free);
	f->caa = g_ptr_array_new_with_free_func(caa_free);
	f->caa_at = g_strdup("");
	f->caa_fails = g_strdup("");
	f->resolver = g_strdup("");
	f->cached = DNS_BARRED;
	f->cached_value = g_strdup("");
	f->addresses = texts();
	return f;
}

void dns_facts_free(struct dns_facts *f)
{
	if (!f)
		return;
	g_free(f->name);
	g_free(f->type);
	g_free(f->value);
	g_free(f->domain);
	g_ptr_array_unref(f->zones);
	g_ptr_array_unref(f->caa);
	g_free(f->caa_at);
	g_free(f->caa_fails);
	g_free(f->resolver);
	g_free(f->cached_value);
	g_ptr_array_unref(f->addresses);
	g_free(f);
}

struct dns_facts_zone *dns_facts_add_zone(struct dns_facts *f, const char *name, const char *zone,
					  const char *parent)
{
	struct dns_facts_zone *z = g_new0(struct dns_facts_zone, 1);

	z->name = g_strdup(name);
	z->zone = g_strdup(zone);
	z->parent = g_strdup(parent);
	z->parents = texts();
	z->own = texts();
	z->resolvers = texts();
	z->servers = g_ptr_array_new_with_free_func(server_free);
	g_ptr_array_add(f->zones, z);
	return z;
}

struct dns_facts_server *dns_facts_add_server(struct dns_facts_zone *z, const char *name,
					      const char *address)
{
	struct dns_facts_server *s = g_new0(struct dns_facts_server, 1);

	s->name = g_strdup(name);
	s->address = g_strdup(address);
	s->serves = s->has = s->caa = DNS_SILENT;
	s->serial = -1;
	s->values = texts();
	s->others = texts();
	s->alias = g_strdup("");
	s->astray = g_strdup("");
	s->trust_at = g_strdup("");
	g_ptr_array_add(z->servers, s);
	return s;
}

void dns_facts_add_caa(struct dns_facts *f, unsigned flags, const char *tag, const char *value)
{
	struct dns_facts_caa *c = g_new0(struct dns_facts_caa, 1);

	c->flags = flags;
	c->tag = text_harmless_dup(tag, 100);
	c->value = text_harmless_dup(value, 1000);
	g_ptr_array_add(f->caa, c);
}

void dns_facts_add_text(GPtrArray *to, char *text)
{
	if (to->len < DNS_FACTS_VALUES &&
	    !g_ptr_array_find_with_equal_func(to, text, g_str_equal, NULL))
		g_ptr_array_add(to, text);
	else
		g_free(text);
}

/* ---- the resolver ---- */

ldns_rdf *dns_facts_keep(struct dns_facts_walk *w, ldns_rdf *name)
{
	if (name)
		g_ptr_array_add(w->names, name);
	return name;
}

struct dns_question dns_facts_front(const struct dns_facts_walk *w, ldns_rdf *name,
				    ldns_rr_type type)
{
	return (struct dns_question){ .name = name, .type = type, .is_recursive = true,
				      .is_signed = true, .patience = FRONT_PATIENCE,
				      .to = w->resolver };
}

static void front_done(const struct dns_facts_walk *w, struct front *f)
{
	for (size_t i = 0; i < f->n * FRONT_COUNT; i++)
		dns_question_done(w->ldns, &f->q[i]);
}

static bool is_told(const struct dns_facts_walk *w, const ldns_pkt *p)
{
	ldns_pkt_rcode code = p ? w->ldns->pkt_get_rcode(p) : LDNS_RCODE_SERVFAIL;

	return code == LDNS_RCODE_NOERROR || code == LDNS_RCODE_NXDOMAIN;
}

/* All of it by one resolver: the first that says anything at all. */
static bool ask_front(struct dns_facts_walk *w, struct front *f)
{
	bool is_answered = false;

	for (char **r = w->way->resolvers; *r && !is_answered && !atomic_load(w->stop); r++) {
		if (!dns_address_read(*r, 53, &w->resolver))
			continue;
		g_free(w->facts->resolver);
		w->facts->resolver = g_strdup(*r);
		for (size_t i = 0; i < f->n * FRONT_COUNT; i++)
			if (i < FRONT_COUNT || i % FRONT_COUNT < FRONT_A)
				f->q[i] = dns_facts_front(w, f->up[i / FRONT_COUNT],
							  front_types[i % FRONT_COUNT]);
		dns_ask(w->ldns, f->q, f->n * FRONT_COUNT, &w->budget, w->stop);
		for (size_t i = 0; i < f->n * FRONT_COUNT; i++)
			is_answered |= is_told(w, f->q[i].answer);
		if (!is_answered)
			front_done(w, f);
	}
	return is_answered;
}

static ldns_pkt *front_answer(const struct front *f, size_t i, int what)
{
	return f->q[i * FRONT_COUNT + (size_t)what].answer;
}

static bool is_zone(const struct dns_facts_walk *w, const struct front *f, size_t i)
{
	ldns_pkt *p = front_answer(f, i, FRONT_SOA);

	return p && dns_find(w->ldns, w->ldns->pkt_answer(p), f->up[i], LDNS_RR_TYPE_SOA);
}

static size_t next_zone(const struct dns_facts_walk *w, const struct front *f, size_t i)
{
	while (i < f->n && !is_zone(w, f, i))
		i++;
	return i;
}

static bool look_up(struct dns_facts_walk *w, struct front *f, ldns_rdf *start, GError **error)
{
	g_autofree char *shown = dns_shown(w->ldns, start);

	for (ldns_rdf *at = start; at && f->n < DNS_FACTS_UP;
	     at = w->ldns->dname_label_count(at) ? dns_facts_keep(w, w->ldns->dname_left_chop(at)) :
						   NULL)
		f->up[f->n++] = at;
	if (!ask_front(w, f)) {
		g_set_error(error, ERR, w->way->resolvers[0] ? ERR_TIMEOUT : ERR_NETWORK,
			    "%s cannot be looked up: %s (dns.servers, else /etc/resolv.conf)", shown,
			    w->way->resolvers[0] ? "no DNS resolver answers"
						 : "there is no DNS resolver");
		return false;
	}
	f->cut = next_zone(w, f, 0);
	f->above = f->cut < f->n ? next_zone(w, f, f->cut + 1) : f->n;
	w->is_unsure = false;
	for (size_t i = 0; i < f->cut && i < f->n; i++)
		w->is_unsure |= !is_told(w, front_answer(f, i, FRONT_SOA));
	if (f->cut < f->n)
		return true;
	g_set_error(error, ERR, ERR_NOT_FOUND, "DNS knows no zone that %s is in", shown);
	return false;
}

/* ---- CAA ---- */

/* Tags and values are bytes; a tag begins with its length. */
static char *bytes_of(const struct dns_facts_walk *w, const ldns_rdf *rdf, size_t skip)
{
	size_t size = w->ldns->rdf_size(rdf);

	return size < skip ? g_strdup("") :
		g_strndup((const char *)w->ldns->rdf_data(rdf) + skip, size - skip);
}

bool dns_facts_take_caa(struct dns_facts_walk *w, ldns_pkt *p, const ldns_rdf *name)
{
	const struct ldns_late *ldns = w->ldns;
	ldns_rr_list *answer = ldns->pkt_answer(p);
	size_t n = answer ? ldns->rr_list_rr_count(answer) : 0;

	for (size_t i = 0; i < n && w->facts->caa->len < DNS_FACTS_VALUES; i++) {
		ldns_rr *rr = ldns->rr_list_rr(answer, i);
		g_autofree char *tag = NULL, *value = NULL;

		if (ldns->rr_get_type(rr) != LDNS_RR_TYPE_CAA || ldns->rr_rd_count(rr) != 3)
			continue;
		tag = bytes_of(w, ldns->rr_rdf(rr, 1), 1);
		value = bytes_of(w, ldns->rr_rdf(rr, 2), 0);
		dns_facts_add_caa(w->facts, ldns->rdf2native_int8(ldns->rr_rdf(rr, 0)), tag, value);
	}
	if (!w->facts->caa->len)
		return false;
	g_free(w->facts->caa_at);
	w->facts->caa_at = dns_shown(ldns, name);
	return true;
}

/* Names above the zone, and those from which a CNAME leads away: what the resolver has. */
static void climb(struct dns_facts_walk *w, const struct front *f)
{
	for (size_t i = 0; i + 1 < f->n && !w->facts->caa->len; i++) {
		ldns_pkt *p = front_answer(f, i, FRONT_CAA);

		if (is_told(w, p)) {
			dns_facts_take_caa(w, p, f->up[i]);
		} else if (!*w->facts->caa_fails) {
			g_free(w->facts->caa_fails);
			w->facts->caa_fails = dns_shown(w->ldns, f->up[i]);
		}
	}
}

/* Where a token would be fetched from. */
static void take_addresses(struct dns_facts_walk *w, const struct front *f)
{
	for (int what = FRONT_A; what <= FRONT_AAAA; what++) {
		ldns_pkt *p = front_answer(f, 0, what);
		ldns_rr_list *answer = p ? w->ldns->pkt_answer(p) : NULL;
		size_t n = answer ? w->ldns->rr_list_rr_count(answer) : 0;

		for (size_t i = 0; i < n; i++) {
			ldns_rr *rr = w->ldns->rr_list_rr(answer, i);

			if (w->ldns->rr_get_type(rr) == front_types[what] &&
			    w->ldns->rr_rd_count(rr) == 1)
				dns_facts_add_text(w->facts->addresses,
						   dns_shown(w->ldns, w->ldns->rr_rdf(rr, 0)));
		}
	}
}

/* ---- the parent ---- */

static GPtrArray *ns_of(struct dns_facts_walk *w, ldns_rr_list *list, const ldns_rdf *zone)
{
	size_t n = list ? w->ldns->rr_list_rr_count(list) : 0;
	GPtrArray *names = g_ptr_array_new();

	for (size_t i = 0; i < n && names->len < DNS_FACTS_NAMES; i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(list, i);

		if (w->ldns->rr_get_type(rr) == LDNS_RR_TYPE_NS && w->ldns->rr_rd_count(rr) == 1 &&
		    w->ldns->dname_compare(w->ldns->rr_owner(rr), zone) == 0)
			g_ptr_array_add(names, dns_facts_keep(w,
					w->ldns->rdf_clone(w->ldns->rr_rdf(rr, 0))));
	}
	return names;
}

/* A zone that begins at or above `name` and below `zone`, as a referral says. */
static ldns_rdf *referred(struct dns_facts_walk *w, ldns_pkt *p, const ldns_rdf *name,
			  const ldns_rdf *zone)
{
	ldns_rr *ns = p && !w->ldns->pkt_aa(p) ?
		dns_find(w->ldns, w->ldns->pkt_authority(p), NULL, LDNS_RR_TYPE_NS) : NULL;
	const ldns_rdf *owner = ns ? w->ldns->rr_owner(ns) : NULL;

	if (!owner || !w->ldns->dname_is_subdomain(owner, zone) ||
	    (w->ldns->dname_compare(owner, name) != 0 && !w->ldns->dname_is_subdomain(name, owner)))
		return NULL;
	return dns_facts_keep(w, w->ldns->rdf_clone(owner));
}

/* The addresses of up to PARENTS_ASKED servers of a zone, by the resolver. */
static size_t find_parents(struct dns_facts_walk *w, ldns_pkt *ns, const ldns_rdf *zone,
			   struct dns_address ret[PARENTS_ASKED])
{
	g_autoptr(GPtrArray) names = ns_of(w, ns ? w->ldns->pkt_answer(ns) : NULL, zone);
	struct dns_question q[DNS_FACTS_NAMES] = { 0 };
	size_t n = 0;

	for (guint i = 0; i < names->len; i++)
		q[i] = dns_facts_front(w, names->pdata[i], LDNS_RR_TYPE_A);
	dns_ask(w->ldns, q, names->len, &w->budget, w->stop);
	for (guint i = 0; i < names->len; i++) {
		ldns_rr *rr = q[i].answer ? dns_find(w->ldns, w->ldns->pkt_answer(q[i].answer), NULL,
						     LDNS_RR_TYPE_A) : NULL;
		g_autofree char *address = rr && w->ldns->rr_rd_count(rr) == 1 ?
			dns_shown(w->ldns, w->ldns->rr_rdf(rr, 0)) : g_strdup("");
		g_autofree char *server = dns_shown(w->ldns, names->pdata[i]);

		if (n < PARENTS_ASKED && *address && dns_may_ask(w->way, server, address))
			n += dns_address_read(address, w->way->port, &ret[n]);
		dns_question_done(w->ldns, &q[i]);
	}
	return n;
}

/* What the servers of one zone say of another one below it. */
struct asked_above {
	struct dns_question q[2 * PARENTS_ASKED];	/* NS and DS, of each server */
	size_t n;
};

static void ask_above(struct dns_facts_walk *w, struct asked_above *a, ldns_pkt *ns,
		      const ldns_rdf *above, ldns_rdf *below)
{
	struct dns_address to[PARENTS_ASKED];

	a->n = 2 * find_parents(w, ns, above, to);
	for (size_t i = 0; i < a->n; i++)
		a->q[i] = (struct dns_question){
			.name = below, .is_signed = true, .patience = ABOVE_PATIENCE,
			.type = i % 2 ? LDNS_RR_TYPE_DS : LDNS_RR_TYPE_NS, .to = to[i / 2] };
	dns_ask(w->ldns, a->q, a->n, &w->budget, w->stop);
}

static void above_done(const struct dns_facts_walk *w, struct asked_above *a)
{
	for (size_t i = 0; i < a->n; i++)
		dns_question_done(w->ldns, &a->q[i]);
	a->n = 0;
}

/* The first that means something, NS or DS. */
static ldns_pkt *said_above(const struct dns_facts_walk *w, const struct asked_above *a, bool is_ds)
{
	for (size_t i = is_ds; i < a->n; i += 2)
		if (is_told(w, a->q[i].answer))
			return a->q[i].answer;
	return NULL;
}

/* ---- one zone ---- */

/* Trust, from the anchor down to the zone above the one that is looked at. */
static void trust_down_to(struct dns_facts_walk *w, const struct front *f, size_t last)
{
	dns_trust_done(&w->above, w->ldns);
	w->above = (struct dns_trusted){ DNS_TRUST_UNKNOWN, NULL, "" };
	for (size_t i = f->n; i-- > last;) {
		struct dns_trusted next;

		if (!is_zone(w, f, i))
			continue;
		if (!dns_trust_begin(w->ldns, w->anchors, f->up[i], front_answer(f, i, FRONT_KEYS),
				     w->now, &next))
			dns_trust_step(w->ldns, &w->above, f->up[i], front_answer(f, i, FRONT_DS),
				       front_answer(f, i, FRONT_KEYS), w->now, &next);
		dns_trust_done(&w->above, w->ldns);
		w->above = next;
	}
}

static void add_names(const struct dns_facts_walk *w, GPtrArray *to, const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++)
		dns_facts_add_text(to, dns_shown(w->ldns, names->pdata[i]));
}

/* Which zone it is, when the resolver could not say of all names: its servers may all be dumb, and
 * then only those above know of it. */
static size_t find_cut(struct dns_facts_walk *w, struct front *f, struct asked_above *a,
		       ldns_rdf **ret)
{
	*ret = f->up[f->cut];
	if (w->is_unsure) {
		ldns_rdf *deeper;

		ask_above(w, a, front_answer(f, f->cut, FRONT_NS), f->up[f->cut], f->up[0]);
		deeper = referred(w, said_above(w, a, false), f->up[0], f->up[f->cut]);
		above_done(w, a);
		if (deeper) {
			*ret = deeper;
			return f->cut;
		}
	}
	return f->above;
}

/* Whom the parent names. */
static GPtrArray *hear_above(struct dns_facts_walk *w, const struct asked_above *a)
{
	ldns_pkt *p = said_above(w, a, false);
	struct dns_facts_zone *z = w->to;
	ldns_rdf *owner = referred(w, p, w->zone, w->parent);
	GPtrArray *names = p ? ns_of(w, w->ldns->pkt_authority(p), w->zone) : g_ptr_array_new();

	z->is_asked_above = p != NULL;
	z->is_same_above = p && !owner && w->ldns->pkt_aa(p) &&
		dns_find(w->ldns, w->ldns->pkt_answer(p), w->zone, LDNS_RR_TYPE_NS);
	z->is_delegated = (owner && w->ldns->dname_compare(owner, w->zone) == 0) || z->is_same_above;
	add_names(w, z->parents, names);
	return names;
}

static void choose_caa(struct dns_facts_walk *w, const struct front *f)
{
	w->n_caa = 0;
	for (size_t i = 0; i < f->n && w->n_caa < DNS_FACTS_CAA && w->facts->zones->len == 1; i++)
		if (w->ldns->dname_compare(f->up[i], w->zone) == 0 ||
		    w->ldns->dname_is_subdomain(f->up[i], w->zone))
			w->caa[w->n_caa++] = f->up[i];
}

static void look_at_zone(struct dns_facts_walk *w, struct front *f, ldns_rdf *forced)
{
	struct asked_above a = { 0 };
	size_t above = forced ? f->cut : find_cut(w, f, &a, &w->zone);
	g_autofree char *name = dns_shown(w->ldns, w->name), *zone = NULL, *parent = NULL;
	g_autoptr(GPtrArray) named = NULL, own = NULL;

	if (forced)
		w->zone = forced;
	w->parent = above < f->n ? f->up[above] : NULL;
	zone = dns_shown(w->ldns, w->zone);
	parent = w->parent ? dns_shown(w->ldns, w->parent) : g_strdup("");
	w->to = dns_facts_add_zone(w->facts, name, zone, parent);
	if (w->parent)
		ask_above(w, &a, front_answer(f, above, FRONT_NS), w->parent, w->zone);
	named = hear_above(w, &a);
	own = ns_of(w, f->cut < f->n && front_answer(f, f->cut, FRONT_NS) ?
		    w->ldns->pkt_answer(front_answer(f, f->cut, FRONT_NS)) : NULL, w->zone);
	add_names(w, w->to->resolvers, own);
	trust_down_to(w, f, above < f->n ? above : f->n);
	w->ds = said_above(w, &a, true);
	choose_caa(w, f);
	dns_facts_ask_zone(w, named->len ? said_above(w, &a, false) : NULL,
			   named->len ? named : own);
	above_done(w, &a);
}

/* ---- the resolver, at the end ---- */

static bool have_all(const struct dns_facts *f)
{
	const struct dns_facts_zone *z = f->zones->pdata[f->zones->len - 1];

	for (guint i = 0; i < z->servers->len; i++)
		if (((const struct dns_facts_server *)z->servers->pdata[i])->has != DNS_SAME)
			return false;
	return z->servers->len > 0;
}

/* A negative answer is kept for as long as its SOA says. */
static int64_t left_of_none(const struct dns_facts_walk *w, ldns_pkt *p)
{
	ldns_rr *soa = dns_find(w->ldns, w->ldns->pkt_authority(p), NULL, LDNS_RR_TYPE_SOA);

	if (!soa || w->ldns->rr_rd_count(soa) != 7)
		return 0;
	return MIN(w->ldns->rr_ttl(soa), w->ldns->rdf2native_int32(w->ldns->rr_rdf(soa, 6)));
}

static void hear_cached(struct dns_facts_walk *w, ldns_pkt *p)
{
	struct dns_facts *f = w->facts;
	ldns_rr_list *answer = w->ldns->pkt_answer(p);

	f->cached = DNS_NONE;
	for (size_t i = 0; i < w->ldns->rr_list_rr_count(answer); i++) {
		ldns_rr *rr = w->ldns->rr_list_rr(answer, i);

		if (w->ldns->rr_get_type(rr) != w->ldns->rr_get_type(w->wanted))
			continue;
		f->cached_left = w->ldns->rr_ttl(rr);
		g_free(f->cached_value);
		f->cached_value = dns_value(w->ldns, rr);
		f->cached = dns_is_same(w->ldns, rr, w->wanted) ? DNS_SAME : DNS_OTHER;
		if (f->cached == DNS_SAME)
			return;
	}
	if (f->cached == DNS_NONE)
		f->cached_left = left_of_none(w, p);
}

static void ask_cache(struct dns_facts_walk *w)
{
	struct dns_question q;

	if (!w->wanted || w->facts->is_circle || !have_all(w->facts))
		return;
	q = dns_facts_front(w, w->ldns->rr_owner(w->wanted), w->ldns->rr_get_type(w->wanted));
	q.is_signed = false;
	dns_ask(w->ldns, &q, 1, &w->budget, w->stop);
	if (!q.answer)
		w->facts->cached = DNS_SILENT;
	else if (is_told(w, q.answer))
		hear_cached(w, q.answer);
	else
		w->facts->cached = DNS_FAILS;
	dns_question_done(w->ldns, &q);
}

/* ---- all of it ---- */

/* Labels that begin with an underscore are those of records, which a resolver is not asked for. */
static ldns_rdf *plain_part(struct dns_facts_walk *w, ldns_rdf *name)
{
	while (w->ldns->dname_label_count(name) > 1) {
		const uint8_t *bytes = w->ldns->rdf_data(name);

		if (bytes[1] != '_' && !(bytes[0] == 1 && bytes[1] == '*'))
			break;
		name = dns_facts_keep(w, w->ldns->dname_left_chop(name));
	}
	return name;
}

static bool was_there(const struct dns_facts *f, const char *name)
{
	for (guint i = 0; i < f->zones->len; i++)
		if (!g_ascii_strcasecmp(((const struct dns_facts_zone *)f->zones->pdata[i])->name,
					name))
			return true;
	return false;
}

static bool go(struct dns_facts_walk *w, GError **error)
{
	ldns_rdf *forced = NULL;

	for (;;) {
		g_autofree struct front *f = g_new0(struct front, 1);
		g_autofree char *name = NULL;
		bool ok = look_up(w, f, plain_part(w, forced ? forced : w->name), error);

		w->leads_to = NULL;
		if (ok)
			look_at_zone(w, f, forced && w->ldns->dname_compare(f->up[f->cut], forced) ?
				     forced : NULL);
		if (ok && w->facts->zones->len == 1) {
			climb(w, f);
			take_addresses(w, f);
		}
		front_done(w, f);
		if (!ok || !w->leads_to || atomic_load(w->stop))
			return ok;
		forced = w->is_deeper ? w->leads_to : NULL;
		if (w->is_deeper)
			continue;
		name = dns_shown(w->ldns, w->leads_to);
		w->facts->is_circle = was_there(w->facts, name) || w->facts->zones->len > DNS_HOPS_MAX;
		if (w->facts->is_circle)
			return true;
		w->name = w->leads_to;
	}
}

static bool read_question(struct dns_facts_walk *w, GError **error)
{
	const struct dns_facts *f = w->facts;
	g_autofree char *line = g_strdup_printf("%s. 0 IN %s %s", f->name, f->type, f->value);
	bool ok;

	if (*f->type)
		ok = w->ldns->rr_new_frm_str(&w->wanted, line, 0, NULL, NULL) == LDNS_STATUS_OK;
	else
		ok = (w->name = dns_facts_keep(w, w->ldns->dname_new_frm_str(f->name))) != NULL;
	if (w->wanted)
		w->name = w->ldns->rr_owner(w->wanted);
	if (!ok)
		g_set_error(error, ERR, ERR_USAGE, "'%s' is no DNS %s", *f->type ? line : f->name,
			    *f->type ? "record" : "name");
	return ok;
}

struct dns_facts *dns_facts_gather(const struct dns_way *way, const char *anchor, const char *name,
				   const char *type, const char *value, int64_t now,
				   const atomic_bool *stop, GError **error)
{
	static const atomic_bool never;
	const struct ldns_late *ldns = ldns_late_open(error);
	struct dns_facts_walk w = { .ldns = ldns, .way = way, .stop = stop ? stop : &never,
				    .budget = BUDGET, .now = now };
	bool ok;

	if (!ldns || !dns_trust_read_anchors(ldns, anchor, &w.anchors, error))
		return NULL;
	w.facts = dns_facts_new(name, type, value);
	w.names = g_ptr_array_new_with_free_func((GDestroyNotify)ldns->rdf_deep_free);
	ok = read_question(&w, error) && go(&w, error);
	if (ok)
		ask_cache(&w);
	if (ok && atomic_load(w.stop)) {
		g_set_error(error, ERR, ERR_CANCELLED, "looking into DNS was stopped");
		ok = false;
	}
	dns_trust_done(&w.above, ldns);
	if (w.wanted)
		ldns->rr_free(w.wanted);
	g_ptr_array_unref(w.names);
	g_ptr_array_unref(w.anchors);
	if (!ok)
		g_clear_pointer(&w.facts, dns_facts_free);
	return w.facts;
}
