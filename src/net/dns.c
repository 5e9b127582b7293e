/*
 * dns: from a record's name to its zone, to the zone's servers, to what each of them has.
 *
 * The walk up to the zone begins above the record's own name: it is a name of which a resolver
 * must not learn that it is not there.
 */
#include "net/dns_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define NAMES_MAX     16	/* servers that a zone names */
#define LABELS_MAX    32	/* steps up to a zone */
#define RESOLV_MAX    (64u << 10)

/* ---- the way ---- */

bool dns_way_is_server(const char *text)
{
	struct dns_address a;

	return dns_address_read(text, 53, &a);
}

static char **system_resolvers(void)
{
	g_autoptr(GBytes) bytes = file_read(DNS_RESOLV_CONF, RESOLV_MAX, NULL, NULL);
	g_autofree char *text = bytes ? g_strndup(g_bytes_get_data(bytes, NULL),
						  g_bytes_get_size(bytes)) : g_strdup("");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GStrvBuilder *b = g_strv_builder_new();
	char **found;

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit_set(*line, " \t\r", 3);

		if (words[0] && !strcmp(words[0], "nameserver") && words[1] &&
		    dns_way_is_server(words[1]))
			g_strv_builder_add(b, words[1]);
	}
	found = g_strv_builder_end(b);
	g_strv_builder_unref(b);
	return found;
}

struct dns_way *dns_way_new(const struct settings *s)
{
	const char *const *servers = settings_list(s, "dns", "servers");
	struct settings_limit limits[SETTINGS_LIMITS];
	unsigned n = settings_limits(s, "hosts", limits);
	struct dns_way *w = g_new0(struct dns_way, 1);

	w->resolvers = *servers ? g_strdupv((char **)(uintptr_t)servers) : system_resolvers();
	w->port = (uint16_t)settings_int(s, "dns", "port");
	for (unsigned i = 0; i < n; i++)
		w->only[i] = g_strdupv((char **)(uintptr_t)limits[i].list);
	return w;
}

void dns_way_free(struct dns_way *w)
{
	if (!w)
		return;
	g_strfreev(w->resolvers);
	for (unsigned i = 0; i < SETTINGS_LIMITS; i++)
		g_strfreev(w->only[i]);
	g_free(w);
}

/* ---- what was found ---- */

const char *dns_has_words(enum dns_has has)
{
	static const char *const words[DNS_HAS_COUNT] = {
		[DNS_SAME] = "has it",
		[DNS_OTHER] = "has another value",
		[DNS_NONE] = "does not have it",
		[DNS_LAME] = "does not serve the zone",
		[DNS_FAILS] = "answers that something is wrong there",
		[DNS_SILENT] = "does not answer",
		[DNS_BARRED] = "was not asked: safety.hosts does not name it",
		[DNS_NO_WAY] = "was not asked: nothing leads to that address from here",
	};

	return words[has];
}

static void says_free(void *p)
{
	struct dns_says *s = p;

	g_free(s->server);
	g_free(s->address);
	g_free(s->value);
	g_free(s);
}

void dns_found_free(struct dns_found *f)
{
	if (!f)
		return;
	g_free(f->name);
	g_free(f->zone);
	g_ptr_array_unref(f->says);
	g_free(f);
}

guint dns_found_count(const struct dns_found *f, enum dns_has has)
{
	guint n = 0;

	for (guint i = 0; i < f->says->len; i++)
		n += ((const struct dns_says *)f->says->pdata[i])->has == has;
	return n;
}

/* ---- the zone ---- */

/* The zone that an answer about the SOA of `name` tells of: its own, or, when there is none, the
 * one around it, which the answer then names. */
static ldns_rdf *zone_in(struct dns_walk *l, ldns_pkt *p, const ldns_rdf *name)
{
	ldns_rr_list *answer = l->ldns->pkt_answer(p);
	ldns_rr *soa = dns_find(l->ldns, answer, name, LDNS_RR_TYPE_SOA);
	const ldns_rdf *owner;

	if (!soa && l->ldns->rr_list_rr_count(answer) == 0)
		soa = dns_find(l->ldns, l->ldns->pkt_authority(p), NULL, LDNS_RR_TYPE_SOA);
	if (!soa)
		return NULL;
	owner = l->ldns->rr_owner(soa);
	if (l->ldns->dname_label_count(owner) == 0 ||
	    (l->ldns->dname_compare(owner, name) != 0 &&
	     !l->ldns->dname_is_subdomain(name, owner)))
		return NULL;
	return dns_resolve_copy(l, owner);
}

static ldns_rdf *find_zone(struct dns_walk *l, GError **error)
{
	ldns_rdf *at = dns_resolve_keep(l, l->ldns->dname_left_chop(l->name)), *zone = NULL;

	for (int i = 0; at && l->ldns->dname_label_count(at) > 0 && i < LABELS_MAX; i++) {
		ldns_pkt *p = dns_resolve_one(l, at, LDNS_RR_TYPE_SOA, error);

		if (!p)
			return NULL;
		zone = zone_in(l, p, at);
		l->ldns->pkt_free(p);
		if (zone)
			return zone;
		at = dns_resolve_keep(l, l->ldns->dname_left_chop(at));
	}
	if (!zone) {
		g_autofree char *shown = dns_shown(l->ldns, l->name);

		g_set_error(error, ERR, ERR_NOT_FOUND, "DNS knows no zone that %s is in", shown);
	}
	return NULL;
}

/* ---- its servers ---- */

static void add_says(struct dns_found *f, const char *server, const char *address)
{
	struct dns_says *s = g_new0(struct dns_says, 1);

	s->server = g_strdup(server);
	s->address = g_strdup(address);
	s->value = g_strdup("");
	s->has = DNS_SILENT;
	g_ptr_array_add(f->says, s);
}

static guint add_addresses(struct dns_walk *l, struct dns_found *f, const char *server,
			   const struct dns_question *q)
{
	ldns_rr_list *answer = q->answer ? l->ldns->pkt_answer(q->answer) : NULL;
	size_t n = answer ? l->ldns->rr_list_rr_count(answer) : 0;
	guint added = 0;

	for (size_t i = 0; i < n && f->says->len < DNS_SERVERS_MAX; i++) {
		ldns_rr *rr = l->ldns->rr_list_rr(answer, i);
		g_autofree char *address = NULL;

		if (l->ldns->rr_get_type(rr) != q->type || l->ldns->rr_rd_count(rr) != 1)
			continue;
		address = dns_shown(l->ldns, l->ldns->rr_rdf(rr, 0));
		if (!dns_way_is_server(address))
			continue;
		add_says(f, server, address);
		added++;
	}
	return added;
}

/* The names in a zone's NS records. */
static GPtrArray *names_of_servers(struct dns_walk *l, ldns_pkt *p, const ldns_rdf *zone)
{
	ldns_rr_list *answer = l->ldns->pkt_answer(p);
	size_t n = l->ldns->rr_list_rr_count(answer);
	GPtrArray *names = g_ptr_array_new();

	for (size_t i = 0; i < n && names->len < NAMES_MAX; i++) {
		ldns_rr *rr = l->ldns->rr_list_rr(answer, i);

		if (l->ldns->rr_get_type(rr) == LDNS_RR_TYPE_NS && l->ldns->rr_rd_count(rr) == 1 &&
		    l->ldns->dname_compare(l->ldns->rr_owner(rr), zone) == 0)
			g_ptr_array_add(names, dns_resolve_copy(l, l->ldns->rr_rdf(rr, 0)));
	}
	return names;
}

static bool find_servers(struct dns_walk *l, ldns_rdf *zone, struct dns_found *f, GError **error)
{
	ldns_pkt *p = dns_resolve_one(l, zone, LDNS_RR_TYPE_NS, error);
	g_autoptr(GPtrArray) names = p ? names_of_servers(l, p, zone) : NULL;
	g_autofree struct dns_question *q = NULL;

	if (!p)
		return false;
	l->ldns->pkt_free(p);
	q = g_new0(struct dns_question, 2 * (size_t)names->len + 1);
	for (guint i = 0; i < 2 * names->len; i++) {
		q[i].name = names->pdata[i / 2];
		q[i].type = i % 2 ? LDNS_RR_TYPE_AAAA : LDNS_RR_TYPE_A;
		q[i].is_recursive = true;
	}
	dns_resolve(l, q, 2 * (size_t)names->len);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *server = dns_shown(l->ldns, names->pdata[i]);
		guint added = add_addresses(l, f, server, &q[2 * i]);

		added += add_addresses(l, f, server, &q[2 * i + 1]);
		if (!added && f->says->len < DNS_SERVERS_MAX)
			add_says(f, server, "");
	}
	for (guint i = 0; i < 2 * names->len; i++)
		dns_question_done(l->ldns, &q[i]);
	if (!f->says->len)
		g_set_error(error, ERR, ERR_NOT_FOUND, "the zone %s names no servers in DNS",
			    f->zone);
	return f->says->len > 0 && dns_resolve_check_stop(l, error);
}

/* ---- the record ---- */

static void store_nothing(char **value)
{
	g_free(*value);
	*value = g_strdup("");
}

/* Among several of that type one that is the same counts. */
static enum dns_has search(const struct dns_walk *l, ldns_rr_list *answer, char **value)
{
	ldns_rr_type type = l->ldns->rr_get_type(l->wanted);
	size_t n = l->ldns->rr_list_rr_count(answer);
	enum dns_has has = DNS_NONE;

	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = l->ldns->rr_list_rr(answer, i);

		if (l->ldns->rr_get_type(rr) != type ||
		    l->ldns->dname_compare(l->ldns->rr_owner(rr), l->name) != 0)
			continue;
		if (dns_is_same(l->ldns, rr, l->wanted)) {
			store_nothing(value);
			return DNS_SAME;
		}
		if (has == DNS_NONE) {
			g_free(*value);
			*value = dns_value(l->ldns, rr);
		}
		has = DNS_OTHER;
	}
	return has;
}

void dns_judge(struct dns_walk *l, ldns_pkt *p, struct dns_says *s)
{
	ldns_pkt_rcode code = l->ldns->pkt_get_rcode(p);
	ldns_rr_list *answer = l->ldns->pkt_answer(p);
	ldns_rr *alias;

	if (code == LDNS_RCODE_REFUSED) {
		s->has = DNS_LAME;
		return;
	}
	if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN) {
		s->has = DNS_FAILS;
		return;
	}
	if (!l->ldns->pkt_aa(p)) {
		s->has = DNS_LAME;
		return;
	}
	s->has = search(l, answer, &s->value);
	alias = l->ldns->rr_get_type(l->wanted) == LDNS_RR_TYPE_CNAME ? NULL :
		dns_find(l->ldns, answer, l->name, LDNS_RR_TYPE_CNAME);
	if (s->has == DNS_NONE && alias && l->ldns->rr_rd_count(alias) == 1)
		l->target = dns_resolve_copy(l, l->ldns->rr_rdf(alias, 0));
}

static void ask_servers(struct dns_walk *l, struct dns_found *f)
{
	g_autofree struct dns_question *q = g_new0(struct dns_question, f->says->len + 1);

	for (guint i = 0; i < f->says->len; i++) {
		struct dns_says *s = f->says->pdata[i];

		q[i].name = l->name;
		q[i].type = l->ldns->rr_get_type(l->wanted);
		if (!dns_may_ask(l->way, s->server, s->address))
			s->has = DNS_BARRED;
		else
			dns_address_read(s->address, l->way->port, &q[i].to);
	}
	dns_ask(l->ldns, q, f->says->len, &l->budget, l->stop);
	for (guint i = 0; i < f->says->len; i++) {
		if (q[i].answer)
			dns_judge(l, q[i].answer, f->says->pdata[i]);
		dns_question_done(l->ldns, &q[i]);
	}
}

/* What the servers of the zone of l->name have. */
static struct dns_found *look_there(struct dns_walk *l, GError **error)
{
	struct dns_found *f = g_new0(struct dns_found, 1);
	ldns_rdf *zone = find_zone(l, error);

	f->name = dns_shown(l->ldns, l->name);
	f->says = g_ptr_array_new_with_free_func(says_free);
	f->zone = zone ? dns_shown(l->ldns, zone) : NULL;
	if (!zone || !find_servers(l, zone, f, error)) {
		dns_found_free(f);
		return NULL;
	}
	l->target = NULL;
	ask_servers(l, f);
	if (dns_resolve_check_stop(l, error))
		return f;
	dns_found_free(f);
	return NULL;
}

static struct dns_found *follow(struct dns_walk *l, GError **error)
{
	struct dns_found *f = look_there(l, error);

	for (int i = 0; f && l->target; i++) {
		if (i == DNS_HOPS_MAX) {
			g_set_error(error, ERR, ERR_LIMIT, "%s: more than %d CNAMEs lead on from "
				    "there, or they lead in a circle", f->name, DNS_HOPS_MAX);
			dns_found_free(f);
			return NULL;
		}
		l->name = l->target;
		dns_found_free(f);
		f = look_there(l, error);
	}
	return f;
}

struct dns_found *dns_look(const struct dns_way *way, const char *name, const char *type,
			   const char *value, const atomic_bool *stop, GError **error)
{
	struct dns_walk l;
	struct dns_found *f;

	if (!dns_resolve_begin(&l, way, name, type, value, stop, error))
		return NULL;
	f = follow(&l, error);
	dns_resolve_end(&l);
	return f;
}
