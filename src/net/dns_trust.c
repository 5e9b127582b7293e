/*
 * dns_trust: whether signatures lead from the trust anchor to an answer, and how they fail to.
 *
 * One step goes from the keys of a zone, which are trusted, over the DS of a zone below it to the
 * keys of that one.  Answers are verified as they came, so what a resolver would not pass on can
 * still be named.
 */
#include "net/dns_facts_own.h"

#include <string.h>

#include <certty/base/file.h>

#define ANCHOR_MAX  (256u << 10)
#define ANCHORS_MOST 32

/* ---- the anchor ---- */

static GBytes *read_anchor(const char *path, GError **error)
{
	static const char *const usual[] = {
		"/usr/share/dns/root.key", "/var/lib/unbound/root.key", "/etc/unbound/root.key",
	};
	GBytes *bytes = NULL;

	if (path && *path)
		return file_read(path, ANCHOR_MAX, NULL, error);
	for (size_t i = 0; i < G_N_ELEMENTS(usual) && !bytes; i++)
		bytes = file_read(usual[i], ANCHOR_MAX, NULL, NULL);
	return bytes;
}

static void free_rr(void *rr)
{
	const struct ldns_late *ldns = ldns_late_open(NULL);

	ldns->rr_free(rr);
}

bool dns_trust_read_anchors(const struct ldns_late *ldns, const char *path, GPtrArray **ret,
			    GError **error)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(free_rr);
	GError *why = NULL;
	g_autoptr(GBytes) bytes = read_anchor(path, &why);
	g_autofree char *text = bytes ? g_strndup(g_bytes_get_data(bytes, NULL),
						  g_bytes_get_size(bytes)) : g_strdup("");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line && all->len < ANCHORS_MOST; line++) {
		ldns_rr *rr = NULL;

		if (ldns->rr_new_frm_str(&rr, *line, 0, NULL, NULL) != LDNS_STATUS_OK)
			continue;
		if (ldns->rr_get_type(rr) == LDNS_RR_TYPE_DNSKEY ||
		    ldns->rr_get_type(rr) == LDNS_RR_TYPE_DS)
			g_ptr_array_add(all, rr);
		else
			ldns->rr_free(rr);
	}
	if (!why && path && *path && !all->len)
		g_set_error(&why, ERR, ERR_FORMAT, "%s has no DNSKEY and no DS (dns.anchor)", path);
	if (!why) {
		*ret = all;
		return true;
	}
	g_ptr_array_unref(all);
	g_propagate_error(error, why);
	return false;
}

/* ---- one set and its signatures ---- */

/* Borrowed records; free with rr_list_free. */
static ldns_rr_list *set_of(const struct ldns_late *ldns, ldns_rr_list *from, const ldns_rdf *name,
			    ldns_rr_type type)
{
	ldns_rr_list *set = ldns->rr_list_new();
	size_t n = from ? ldns->rr_list_rr_count(from) : 0;

	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = ldns->rr_list_rr(from, i);

		if (ldns->rr_get_type(rr) == type &&
		    ldns->dname_compare(ldns->rr_owner(rr), name) == 0)
			ldns->rr_list_push_rr(set, rr);
	}
	return set;
}

static bool covers(const struct ldns_late *ldns, const ldns_rr *signature, ldns_rr_type type)
{
	const ldns_rdf *covered = ldns->rr_rd_count(signature) == 9 ?
		ldns->rr_rrsig_typecovered(signature) : NULL;

	return covered && ldns->rdf2rr_type(covered) == type;
}

/* Times are 32 bits that go round, so that only their distance counts (RFC 4034, 3.1.5). */
static bool is_before(uint32_t a, int64_t b)
{
	return (int32_t)(a - (uint32_t)b) < 0;
}

static enum dns_trust check_one(const struct ldns_late *ldns, ldns_rr_list *set, ldns_rr *signature,
				const ldns_rr_list *keys, int64_t now)
{
	ldns_rr_list *good = ldns->rr_list_new();
	ldns_status status = ldns->verify_rrsig_keylist_notime(set, signature, keys, good);
	uint32_t ends = ldns->rdf2native_int32(ldns->rr_rdf(signature, 4));
	uint32_t begins = ldns->rdf2native_int32(ldns->rr_rdf(signature, 5));

	ldns->rr_list_free(good);
	if (status != LDNS_STATUS_OK)
		return DNS_TRUST_BOGUS;
	if (is_before(ends, now))
		return DNS_TRUST_EXPIRED;
	return !is_before(begins, now + 1) ? DNS_TRUST_EARLY : DNS_TRUST_SECURE;
}

enum dns_trust dns_trust_check(const struct ldns_late *ldns, ldns_rr_list *from,
			       const ldns_rdf *name, ldns_rr_type type, const ldns_rr_list *keys,
			       int64_t now)
{
	ldns_rr_list *set = set_of(ldns, from, name, type);
	ldns_rr_list *signatures = set_of(ldns, from, name, LDNS_RR_TYPE_RRSIG);
	size_t n = ldns->rr_list_rr_count(signatures);
	enum dns_trust t = DNS_TRUST_UNSIGNED;

	for (size_t i = 0; i < n && t != DNS_TRUST_SECURE; i++) {
		ldns_rr *signature = ldns->rr_list_rr(signatures, i);
		enum dns_trust one = covers(ldns, signature, type) ?
			check_one(ldns, set, signature, keys, now) : DNS_TRUST_UNSIGNED;

		/* One that has ended says more than one that was never right. */
		if (one == DNS_TRUST_SECURE || t == DNS_TRUST_UNSIGNED ||
		    (t == DNS_TRUST_BOGUS && one != DNS_TRUST_UNSIGNED))
			t = one;
	}
	ldns->rr_list_free(set);
	ldns->rr_list_free(signatures);
	return t;
}

/* ---- from zone to zone ---- */

void dns_trust_done(struct dns_trusted *t, const struct ldns_late *ldns)
{
	if (t->keys)
		ldns->rr_list_deep_free(t->keys);
	t->keys = NULL;
}

static ldns_rr_list *copies_of(const struct ldns_late *ldns, const ldns_rr_list *set)
{
	ldns_rr_list *copy = ldns->rr_list_new();

	for (size_t i = 0; i < ldns->rr_list_rr_count(set); i++)
		ldns->rr_list_push_rr(copy, ldns->rr_clone(ldns->rr_list_rr(set, i)));
	return copy;
}

/* A DS names one key by its hash, an anchor may also be the key itself. */
static bool fits(const struct ldns_late *ldns, const ldns_rr *key, const ldns_rr *wanted,
		 bool *is_known)
{
	ldns_rr *hashed;
	bool is_same;

	if (ldns->rr_get_type(wanted) == LDNS_RR_TYPE_DNSKEY) {
		*is_known = true;
		return dns_is_same(ldns, key, wanted);
	}
	if (ldns->rr_rd_count(wanted) != 4)
		return false;
	hashed = ldns->key_rr2ds(key, (ldns_hash)ldns->rdf2native_int8(ldns->rr_rdf(wanted, 2)));
	if (!hashed)
		return false;
	*is_known = true;
	is_same = dns_is_same(ldns, hashed, wanted);
	ldns->rr_free(hashed);
	return is_same;
}

/* The keys of a set that one of `wanted` names, and the set verified by them. */
static enum dns_trust check_keys(const struct ldns_late *ldns, ldns_rr_list *answer,
				 const ldns_rdf *zone, ldns_rr *const *wanted, size_t n,
				 int64_t now)
{
	ldns_rr_list *set = set_of(ldns, answer, zone, LDNS_RR_TYPE_DNSKEY);
	ldns_rr_list *named = ldns->rr_list_new();
	bool is_known = false;
	enum dns_trust t;

	for (size_t k = 0; k < ldns->rr_list_rr_count(set); k++)
		for (size_t i = 0; i < n; i++)
			if (fits(ldns, ldns->rr_list_rr(set, k), wanted[i], &is_known)) {
				ldns->rr_list_push_rr(named, ldns->rr_list_rr(set, k));
				break;
			}
	if (!ldns->rr_list_rr_count(set))
		t = DNS_TRUST_UNSIGNED;
	else if (!is_known)
		t = DNS_TRUST_NONE;	/* nothing that we could verify: as if it were not signed */
	else if (!ldns->rr_list_rr_count(named))
		t = DNS_TRUST_NO_KEY;
	else
		t = dns_trust_check(ldns, answer, zone, LDNS_RR_TYPE_DNSKEY, named, now);
	ldns->rr_list_free(named);
	ldns->rr_list_free(set);
	return t;
}

/* Takes the zone's keys when they can be trusted. */
static void take_keys(const struct ldns_late *ldns, struct dns_trusted *to, ldns_pkt *keys,
		      const ldns_rdf *zone, ldns_rr *const *wanted, size_t n, int64_t now)
{
	ldns_rr_list *answer = ldns->pkt_answer(keys), *set;

	to->trust = check_keys(ldns, answer, zone, wanted, n, now);
	to->what = "DNSKEY";
	if (to->trust != DNS_TRUST_SECURE)
		return;
	set = set_of(ldns, answer, zone, LDNS_RR_TYPE_DNSKEY);
	to->keys = copies_of(ldns, set);
	ldns->rr_list_free(set);
}

bool dns_trust_begin(const struct ldns_late *ldns, const GPtrArray *anchors, const ldns_rdf *zone,
		     ldns_pkt *keys, int64_t now, struct dns_trusted *ret)
{
	ldns_rr *wanted[ANCHORS_MOST];
	size_t n = 0;

	for (guint i = 0; i < anchors->len && n < ANCHORS_MOST; i++)
		if (ldns->dname_compare(ldns->rr_owner(anchors->pdata[i]), zone) == 0)
			wanted[n++] = anchors->pdata[i];
	if (!n)
		return false;
	*ret = (struct dns_trusted){ DNS_TRUST_UNKNOWN, NULL, "DNSKEY" };
	if (keys && dns_find(ldns, ldns->pkt_answer(keys), zone, LDNS_RR_TYPE_RRSIG))
		take_keys(ldns, ret, keys, zone, wanted, n, now);
	return true;
}

/* Whether the zone above says, signed, that there is no DS.  *ret: how it fails to. */
static bool is_denied(const struct ldns_late *ldns, const struct dns_trusted *above, ldns_pkt *ds,
		      int64_t now, enum dns_trust *ret)
{
	ldns_rr_list *section = ldns->pkt_authority(ds);
	size_t n = section ? ldns->rr_list_rr_count(section) : 0;

	*ret = DNS_TRUST_UNSIGNED;
	for (size_t i = 0; i < n; i++) {
		ldns_rr *rr = ldns->rr_list_rr(section, i);
		ldns_rr_type type = ldns->rr_get_type(rr);

		if (type != LDNS_RR_TYPE_NSEC && type != LDNS_RR_TYPE_NSEC3)
			continue;
		*ret = dns_trust_check(ldns, section, ldns->rr_owner(rr), type, above->keys, now);
		if (*ret != DNS_TRUST_SECURE)
			return false;
	}
	return *ret == DNS_TRUST_SECURE;
}

static size_t find_ds(const struct ldns_late *ldns, ldns_rr_list *set, ldns_rr **ret)
{
	size_t n = MIN(ldns->rr_list_rr_count(set), ANCHORS_MOST);

	for (size_t i = 0; i < n; i++)
		ret[i] = ldns->rr_list_rr(set, i);
	return n;
}

/* The parent has no DS for it. */
static void go_without(const struct ldns_late *ldns, const struct dns_trusted *above,
		       const ldns_rdf *zone, ldns_pkt *ds, ldns_pkt *keys, int64_t now,
		       struct dns_trusted *ret)
{
	enum dns_trust denial;

	ret->what = "DS";
	if (!is_denied(ldns, above, ds, now, &denial))
		ret->trust = denial;
	else
		ret->trust = keys && dns_find(ldns, ldns->pkt_answer(keys), zone,
					      LDNS_RR_TYPE_DNSKEY) ?
			DNS_TRUST_ISLAND : DNS_TRUST_NONE;
}

void dns_trust_step(const struct ldns_late *ldns, const struct dns_trusted *above,
		    const ldns_rdf *zone, ldns_pkt *ds, ldns_pkt *keys, int64_t now,
		    struct dns_trusted *ret)
{
	ldns_rr *wanted[ANCHORS_MOST];
	ldns_rr_list *set;
	size_t n;

	*ret = (struct dns_trusted){ above->trust, NULL, above->what };
	if (above->trust == DNS_TRUST_ISLAND)
		ret->trust = DNS_TRUST_NONE;
	if (above->trust != DNS_TRUST_SECURE)
		return;
	ret->trust = DNS_TRUST_UNKNOWN;
	if (!ds)
		return;
	set = set_of(ldns, ldns->pkt_answer(ds), zone, LDNS_RR_TYPE_DS);
	n = find_ds(ldns, set, wanted);
	if (!n) {
		go_without(ldns, above, zone, ds, keys, now, ret);
	} else {
		ret->what = "DS";
		ret->trust = dns_trust_check(ldns, ldns->pkt_answer(ds), zone, LDNS_RR_TYPE_DS,
					     above->keys, now);
		if (ret->trust == DNS_TRUST_SECURE && keys)
			take_keys(ldns, ret, keys, zone, wanted, n, now);
		else if (ret->trust == DNS_TRUST_SECURE)
			ret->trust = DNS_TRUST_UNKNOWN;
	}
	ldns->rr_list_free(set);
}
