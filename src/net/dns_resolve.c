/*
 * dns_resolve: what resolvers say: the part of a walk through DNS that asks them.
 */
#include "net/dns_own.h"

#include <string.h>

#include <certty/base/text.h>

#define RESOLVERS_MAX 4
#define BUDGET	      300	/* slices of a tenth of a second at most */

bool dns_resolve_begin(struct dns_walk *ret, const struct dns_way *way, const char *name,
		       const char *type, const char *value, const atomic_bool *stop, GError **error)
{
	static const atomic_bool never;
	const struct ldns_late *ldns = ldns_late_open(error);
	g_autofree char *line = g_strdup_printf("%s%s 0 IN %s %s", name,
						g_str_has_suffix(name, ".") ? "" : ".", type, value);

	*ret = (struct dns_walk){ .ldns = ldns, .way = way, .stop = stop ? stop : &never,
				  .budget = BUDGET };
	if (!ldns)
		return false;
	if (ldns->rr_new_frm_str(&ret->wanted, line, 0, NULL, NULL) != LDNS_STATUS_OK) {
		g_autofree char *shown = text_harmless_dup(line, DNS_SHOWN_MAX);

		g_set_error(error, ERR, ERR_USAGE, "'%s' is no DNS record", shown);
		return false;
	}
	ret->names = g_ptr_array_new_with_free_func((GDestroyNotify)ldns->rdf_deep_free);
	ret->name = ldns->rr_owner(ret->wanted);
	return true;
}

void dns_resolve_end(struct dns_walk *l)
{
	l->ldns->rr_free(l->wanted);
	g_ptr_array_unref(l->names);
}

ldns_rdf *dns_resolve_keep(struct dns_walk *l, ldns_rdf *name)
{
	if (name)
		g_ptr_array_add(l->names, name);
	return name;
}

ldns_rdf *dns_resolve_copy(struct dns_walk *l, const ldns_rdf *name)
{
	return dns_resolve_keep(l, l->ldns->rdf_clone(name));
}

bool dns_resolve_check_stop(const struct dns_walk *l, GError **error)
{
	if (!atomic_load(l->stop))
		return true;
	g_set_error(error, ERR, ERR_CANCELLED, "looking into DNS was stopped");
	return false;
}

void dns_resolve(struct dns_walk *l, struct dns_question *q, size_t n)
{
	const struct ldns_late *ldns = l->ldns;

	for (size_t i = 0; l->way->resolvers[i] && i < RESOLVERS_MAX; i++) {
		struct dns_address to = { 0 };
		bool is_open = false;

		if (!dns_address_read(l->way->resolvers[i], 53, &to))
			continue;
		for (size_t k = 0; k < n; k++) {
			ldns_pkt_rcode code = q[k].answer ? ldns->pkt_get_rcode(q[k].answer)
							  : LDNS_RCODE_SERVFAIL;

			if (code == LDNS_RCODE_NOERROR || code == LDNS_RCODE_NXDOMAIN)
				continue;
			dns_question_done(ldns, &q[k]);
			q[k].to = to;
			is_open = true;
		}
		if (is_open)
			dns_ask(ldns, q, n, &l->budget, l->stop);
	}
}

ldns_pkt *dns_resolve_one(struct dns_walk *l, ldns_rdf *name, ldns_rr_type type, GError **error)
{
	struct dns_question q = { .name = name, .type = type, .is_recursive = true };
	g_autofree char *shown = dns_shown(l->ldns, name);
	ldns_pkt_rcode code;

	dns_resolve(l, &q, 1);
	if (!dns_resolve_check_stop(l, error)) {
		dns_question_done(l->ldns, &q);
		return NULL;
	}
	if (!q.answer) {
		g_set_error(error, ERR, l->way->resolvers[0] ? ERR_TIMEOUT : ERR_NETWORK,
			    "%s cannot be looked up: %s (dns.servers, else " DNS_RESOLV_CONF ")", shown,
			    l->way->resolvers[0] ? "no DNS resolver answers"
						 : "there is no DNS resolver");
		return NULL;
	}
	code = l->ldns->pkt_get_rcode(q.answer);
	if (code == LDNS_RCODE_NOERROR || code == LDNS_RCODE_NXDOMAIN)
		return q.answer;
	dns_question_done(l->ldns, &q);
	g_set_error(error, ERR, ERR_REPLY, "%s cannot be looked up: the DNS resolver answers with "
		    "code %d", shown, (int)code);
	return NULL;
}
