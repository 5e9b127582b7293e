/*
 * dns_say: what is in a record, for us to compare and for a person to read, and who may be asked.
 */
#include "net/dns_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/net/hosts.h>

char *dns_shown(const struct ldns_late *ldns, const ldns_rdf *rdf)
{
	char *text = ldns->rdf2str(rdf), *shown;
	size_t len = text ? strlen(text) : 0;

	if (len > 1 && text[len - 1] == '.')
		text[len - 1] = '\0';
	shown = text_harmless_dup(text ? text : "", DNS_SHOWN_MAX);
	free(text);
	return shown;
}

ldns_rr *dns_find(const struct ldns_late *ldns, ldns_rr_list *list, const ldns_rdf *name,
		  ldns_rr_type type)
{
	size_t n = list ? ldns->rr_list_rr_count(list) : 0;

	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = ldns->rr_list_rr(list, i);

		if (ldns->rr_get_type(rr) == type &&
		    (!name || ldns->dname_compare(ldns->rr_owner(rr), name) == 0))
			return rr;
	}
	return NULL;
}

/* A record's data as bytes that are equal when it means the same: names folded, texts joined. */
static GByteArray *bytes_of(const struct ldns_late *ldns, const ldns_rr *rr)
{
	GByteArray *bytes = g_byte_array_new();

	for (size_t i = 0; i < ldns->rr_rd_count(rr); i++) {
		ldns_rdf *rdf = ldns->rdf_clone(ldns->rr_rdf(rr, i));
		size_t skip = ldns->rdf_get_type(rdf) == LDNS_RDF_TYPE_STR;

		if (ldns->rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME)
			ldns->dname2canonical(rdf);
		if (ldns->rdf_size(rdf) >= skip)
			g_byte_array_append(bytes, ldns->rdf_data(rdf) + skip,
					    (guint)(ldns->rdf_size(rdf) - skip));
		ldns->rdf_deep_free(rdf);
	}
	return bytes;
}

bool dns_is_same(const struct ldns_late *ldns, const ldns_rr *a, const ldns_rr *b)
{
	g_autoptr(GByteArray) one = bytes_of(ldns, a), other = bytes_of(ldns, b);

	return one->len == other->len && memcmp(one->data, other->data, one->len) == 0;
}

char *dns_value(const struct ldns_late *ldns, const ldns_rr *rr)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < ldns->rr_rd_count(rr) && s->len < DNS_SHOWN_MAX; i++) {
		g_autofree char *part = dns_shown(ldns, ldns->rr_rdf(rr, i));

		if (i)
			g_string_append_c(s, ' ');
		g_string_append(s, part);
	}
	return g_string_free(s, FALSE);
}

/* A server has both, and is named by either. */
static bool is_named(char *const *list, const char *server, const char *address)
{
	const char *const *hosts = (const char *const *)list;

	return hosts_name(hosts, server) || hosts_name(hosts, address);
}

bool dns_may_ask(const struct dns_way *way, const char *server, const char *address)
{
	for (unsigned i = 0; i < SETTINGS_LIMITS; i++)
		if (way->only[i] && way->only[i][0] && !is_named(way->only[i], server, address))
			return false;
	return true;
}
