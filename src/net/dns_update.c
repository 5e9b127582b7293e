/*
 * One update: the server is found and asked what it has, told what to add and under which condition,
 * and asked again.
 *
 * Messages are made without compression, as signatures want them.
 */
#include "net/dns_own.h"

#include <certty/net/dns_update.h>

#include <string.h>

#include <openssl/rand.h>

#include <certty/base/clock.h>

#include "net/sign_tsig.h"

#define HEADER	    12
#define OP_QUERY    0
#define OP_UPDATE   5
#define TYPE_CNAME  5
#define TYPE_SOA    6
#define TYPE_ANY    255
#define CLASS_IN    1
#define CLASS_NONE  254
#define CLASS_ANY   255
#define NOERROR	    0
#define NOTAUTH	    9

struct update {
	struct dns_walk walk;
	const struct dns_primary *to;
	const char *zone;	/* NULL: a question about no zone */
	const char *name;	/* of the record; or NULL */
	char *shown;		/* "ns1.example.org", as the server is called */
	char *address;
	struct dns_address at;
};

/* ---- the server ---- */

/* "ns1.example.org@5353" */
static char *host_of(const char *server, uint16_t port, uint16_t *ret_port)
{
	const char *mark = strchr(server, '@');
	guint64 number = port;

	if (mark && !g_ascii_string_to_unsigned(mark + 1, 10, 1, 65535, &number, NULL))
		return NULL;
	*ret_port = (uint16_t)number;
	return g_strndup(server, mark ? (size_t)(mark - server) : strlen(server));
}

bool dns_update_is_server(const char *text)
{
	g_autoptr(GByteArray) wire = g_byte_array_new();
	uint16_t port;
	g_autofree char *host = dns_way_is_server(text) ? NULL : host_of(text, 53, &port);

	return !host ? dns_way_is_server(text) :
	       *host && !strpbrk(host, " \t:/") && sign_tsig_name(wire, host);
}

static char *primary_of_zone(struct update *u, GError **error)
{
	struct dns_walk *w = &u->walk;
	ldns_rdf *zone = dns_resolve_keep(w, w->ldns->dname_new_frm_str(u->zone));
	ldns_pkt *p = zone ? dns_resolve_one(w, zone, LDNS_RR_TYPE_SOA, error) : NULL;
	ldns_rr *soa = p ? dns_find(w->ldns, w->ldns->pkt_answer(p), zone, LDNS_RR_TYPE_SOA) : NULL;
	char *name = soa && w->ldns->rr_rd_count(soa) > 0 ?
		dns_shown(w->ldns, w->ldns->rr_rdf(soa, 0)) : NULL;

	if (p)
		w->ldns->pkt_free(p);
	if (p && !name)
		g_set_error(error, ERR, ERR_NOT_FOUND, "DNS does not say who is the primary server of "
			    "the zone %s; name it in the account's answer Server", u->zone);
	else if (!zone)
		g_set_error(error, ERR, ERR_USAGE, "a zone has a name that is none");
	return name;
}

static char *address_in(struct dns_walk *w, const struct dns_question *q)
{
	ldns_rr *rr = q->answer ?
		dns_find(w->ldns, w->ldns->pkt_answer(q->answer), NULL, q->type) : NULL;

	return rr && w->ldns->rr_rd_count(rr) == 1 ? dns_shown(w->ldns, w->ldns->rr_rdf(rr, 0)) : NULL;
}

static char *address_of_host(struct dns_walk *w, const char *host)
{
	ldns_rdf *name = dns_resolve_keep(w, w->ldns->dname_new_frm_str(host));
	struct dns_question q[] = {
		{ .name = name, .type = LDNS_RR_TYPE_A, .is_recursive = true },
		{ .name = name, .type = LDNS_RR_TYPE_AAAA, .is_recursive = true },
	};
	char *address = NULL;

	if (name)
		dns_resolve(w, q, G_N_ELEMENTS(q));
	for (size_t i = 0; i < G_N_ELEMENTS(q); i++) {
		if (!address)
			address = address_in(w, &q[i]);
		dns_question_done(w->ldns, &q[i]);
	}
	return address;
}

static bool find_server(struct update *u, GError **error)
{
	const struct dns_way *way = u->walk.way;
	g_autofree char *named = u->to->server ? g_strdup(u->to->server) : primary_of_zone(u, error);
	uint16_t port = way->port;

	if (!named)
		return false;
	u->shown = host_of(named, way->port, &port);
	if (u->shown && !dns_address_read(u->shown, port, &u->at))
		u->address = address_of_host(&u->walk, u->shown);
	else
		u->address = g_strdup(u->shown);
	if (!dns_resolve_check_stop(&u->walk, error))
		return false;
	if (!u->address || !dns_address_read(u->address, port, &u->at)) {
		g_set_error(error, ERR, ERR_NETWORK, "the DNS server %s has no address", named);
		return false;
	}
	if (dns_may_ask(way, u->shown, u->address))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "the DNS server %s is not asked: safety.hosts does not name "
		    "it", u->shown);
	return false;
}

/* ---- messages ---- */

static void put_number(GByteArray *to, uint64_t n, unsigned bytes)
{
	while (bytes--) {
		uint8_t b = (uint8_t)(n >> (8 * bytes));

		g_byte_array_append(to, &b, 1);
	}
}

static GByteArray *message_new(unsigned op)
{
	GByteArray *m = g_byte_array_new();
	uint8_t header[HEADER] = { 0 };

	/* The signature ties an answer to its question; without randomness the number is 0. */
	if (RAND_bytes(header, 2) != 1)
		memset(header, 0, 2);
	header[2] = (uint8_t)(op << 3);
	return g_byte_array_append(m, header, HEADER);
}

/* Of the zone section, or a question; section 0 counts them. */
static void put_question(GByteArray *m, const char *name, unsigned type)
{
	sign_tsig_name(m, name);
	put_number(m, type, 2);
	put_number(m, CLASS_IN, 2);
	m->data[5]++;
}

/* A record of section 1, the conditions, or 2, the changes; data NULL: none. */
static void put_record(GByteArray *m, int section, const char *name, unsigned type, unsigned class,
		       unsigned ttl, const GByteArray *data)
{
	sign_tsig_name(m, name);
	put_number(m, type, 2);
	put_number(m, class, 2);
	put_number(m, ttl, 4);
	put_number(m, data ? data->len : 0, 2);
	if (data)
		g_byte_array_append(m, data->data, data->len);
	m->data[5 + 2 * section]++;
}

static GByteArray *data_of(const struct dns_walk *w)
{
	GByteArray *data = g_byte_array_new();

	for (size_t i = 0; i < w->ldns->rr_rd_count(w->wanted); i++) {
		ldns_rdf *rdf = w->ldns->rr_rdf(w->wanted, i);

		g_byte_array_append(data, w->ldns->rdf_data(rdf), (guint)w->ldns->rdf_size(rdf));
	}
	return data;
}

/* ---- what a server answers ---- */

/* clang-format off */
static const struct refusal {
	unsigned code;
	enum err err;
	const char *words;	/* after the server's name */
} refusals[] = {
	{ 1,  ERR_REPLY,     "does not understand the update (FORMERR)" },
	{ 2,  ERR_BUSY,      "failed at the update (SERVFAIL); its log says why" },
	{ 3,  ERR_REPLY,     "says that the name is not there (NXDOMAIN)" },
	{ 4,  ERR_REFUSED,   "takes no dynamic updates at all (NOTIMP); name the primary server, or one "
	                     "that takes them, in the account's answer Server" },
	{ 5,  ERR_REFUSED,   "does not let this key make the update (REFUSED); what it may is in the "
	                     "server's allow-update, update-policy or acl" },
	{ 6,  ERR_EXISTS,    "has other data at that name (YXDOMAIN), which a CNAME cannot stand beside; "
	                     "nothing was changed" },
	{ 7,  ERR_EXISTS,    "has a CNAME at that name (YXRRSET), which nothing can stand beside; nothing "
	                     "was changed" },
	{ 8,  ERR_NOT_FOUND, "does not have the zone's SOA (NXRRSET)" },
	{ 9,  ERR_NOT_FOUND, "is not a primary server of the zone, or not for this key (NOTAUTH)" },
	{ 10, ERR_REFUSED,   "says that the name is not in the zone (NOTZONE)" },
};
static const struct refusal signature_refusals[] = {
	{ TSIG_BADSIG,   ERR_SIGN_IN, "does not take the signature (BADSIG): the secret is not that of the "
	                              "key there" },
	{ TSIG_BADKEY,   ERR_SIGN_IN, "does not know the key, or not with this algorithm (BADKEY)" },
	{ TSIG_BADTIME,  ERR_SIGN_IN, "does not take the signature's time (BADTIME): its clock and this "
	                              "machine's differ" },
	{ TSIG_BADTRUNC, ERR_SIGN_IN, "wants a longer signature (BADTRUNC)" },
};
/* clang-format on */

static const struct refusal *find_refusal(const struct refusal *table, size_t n, unsigned code)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].code == code)
			return &table[i];
	return NULL;
}

static char *about(const struct update *u)
{
	return u->name ? g_strdup_printf("%s in %s: ", u->name, u->zone) :
	       u->zone ? g_strdup_printf("zone %s: ", u->zone) : g_strdup("");
}

static bool refuse(const struct update *u, const struct refusal *r, unsigned code,
		   const struct tsig_says *says, GError **error)
{
	g_autofree char *before = about(u);
	g_autoptr(GString) s = g_string_new(NULL);

	g_string_append_printf(s, "%s%s ", before, u->shown);
	if (r)
		g_string_append(s, r->words);
	else
		g_string_append_printf(s, "answers with code %u", code);
	if (says->clock) {
		int64_t ahead = says->clock - clock_now();

		g_string_append(s, " by ");
		clock_say_span(s, ABS(ahead));
	}
	g_string_append_printf(s, "; the key was %s%s", u->to->key->name, says->is_signed || says->error ?
			       "" : ", and the answer is not signed");
	g_set_error_literal(error, ERR, r ? (int)r->err : ERR_REPLY, s->str);
	return false;
}

static bool judge(const struct update *u, const GByteArray *answer, const struct tsig_says *says,
		  GError **error)
{
	unsigned code = answer->data[3] & 15;
	const struct refusal *r = says->error && code == NOTAUTH ?
		find_refusal(signature_refusals, G_N_ELEMENTS(signature_refusals), says->error) : NULL;

	/* Of a zone that they do not have some servers say so without a look at the signature. */
	if (!says->error && (u->zone ? says->is_signed && code == NOERROR : code != NOTAUTH))
		return true;
	if (code == NOERROR) {
		g_set_error(error, ERR, ERR_REPLY, "%s answers without the signature of the key %s; what "
			    "it says is not believed", u->shown, u->to->key->name);
		return false;
	}
	if (!r)
		r = find_refusal(refusals, G_N_ELEMENTS(refusals), code);
	return refuse(u, r, code, says, error);
}

/* Signs a message, sends it, and looks whether it was done. */
static bool tell(struct update *u, GByteArray *m, GError **error)
{
	g_autoptr(GByteArray) answer = NULL;
	struct tsig_mac mac = { .len = 0 };
	struct tsig_says says;

	if (!sign_tsig(m, u->to->key, clock_now(), &mac, error))
		return false;
	answer = dns_ask_at_length(&u->at, m->data, m->len, &u->walk.budget, u->walk.stop);
	if (!dns_resolve_check_stop(&u->walk, error))
		return false;
	if (!answer) {
		g_set_error(error, ERR, ERR_TIMEOUT, "the DNS server %s does not answer at %s by TCP",
			    u->shown, u->address);
		return false;
	}
	if (answer->len < HEADER || memcmp(answer->data, m->data, 2) != 0 ||
	    (answer->data[2] & 0xf8) != (0x80 | m->data[2])) {
		g_set_error(error, ERR, ERR_REPLY, "the DNS server %s answers something else than what it "
			    "was asked", u->shown);
		return false;
	}
	says = sign_tsig_check(answer->data, answer->len, u->to->key, &mac, clock_now());
	return judge(u, answer, &says, error);
}

/* What the server has at the record's name now. */
static bool read_there(struct update *u, struct dns_says *says, GError **error)
{
	struct dns_walk *w = &u->walk;
	struct dns_question q = { .name = w->name, .type = w->ldns->rr_get_type(w->wanted), .to = u->at };

	says->has = DNS_SILENT;
	w->target = NULL;
	dns_ask(w->ldns, &q, 1, &w->budget, w->stop);
	if (q.answer)
		dns_judge(w, q.answer, says);
	dns_question_done(w->ldns, &q);
	if (!dns_resolve_check_stop(w, error))
		return false;
	if (says->has == DNS_SAME || says->has == DNS_OTHER || says->has == DNS_NONE)
		return true;
	g_set_error(error, ERR, says->has == DNS_LAME ? ERR_NOT_FOUND : ERR_TIMEOUT,
		    "%s in %s: the DNS server %s %s", u->name, u->zone, u->shown, dns_has_words(says->has));
	return false;
}

/* ---- a record ---- */

static bool add(struct update *u, const struct dns_put *put, bool is_alias, GError **error)
{
	g_autoptr(GByteArray) m = message_new(OP_UPDATE), data = data_of(&u->walk);

	put_question(m, put->zone, TYPE_SOA);
	put_record(m, 1, put->name, is_alias ? TYPE_ANY : TYPE_CNAME, CLASS_NONE, 0, NULL);
	put_record(m, 2, put->name, u->walk.ldns->rr_get_type(u->walk.wanted), CLASS_IN, put->ttl, data);
	return tell(u, m, error);
}

static bool put_there(struct update *u, const struct dns_put *put, struct dns_says *says, bool *ret_is_new,
		      GError **error)
{
	bool is_alias = u->walk.ldns->rr_get_type(u->walk.wanted) == LDNS_RR_TYPE_CNAME;

	if (!find_server(u, error) || !read_there(u, says, error))
		return false;
	*ret_is_new = says->has != DNS_SAME;
	if (says->has == DNS_SAME)
		return true;
	if (is_alias && says->has == DNS_OTHER) {
		g_set_error(error, ERR, ERR_EXISTS, "%s in %s: there is a CNAME to %s already; nothing was "
			    "changed", put->name, put->zone, says->value);
		return false;
	}
	if (!add(u, put, is_alias, error) || !read_there(u, says, error))
		return false;
	if (says->has == DNS_SAME)
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s in %s: %s took the update, and does not have the record "
		    "all the same", put->name, put->zone, u->shown);
	return false;
}

/* One value of a set; servers leave the others. */
static bool take(struct update *u, const struct dns_put *put, GError **error)
{
	g_autoptr(GByteArray) m = message_new(OP_UPDATE), data = data_of(&u->walk);

	put_question(m, put->zone, TYPE_SOA);
	put_record(m, 2, put->name, u->walk.ldns->rr_get_type(u->walk.wanted), CLASS_NONE, 0, data);
	return tell(u, m, error);
}

static bool take_there(struct update *u, const struct dns_put *put, struct dns_says *says, GError **error)
{
	if (!find_server(u, error) || !read_there(u, says, error))
		return false;
	if (says->has != DNS_SAME)
		return true;
	if (!take(u, put, error) || !read_there(u, says, error))
		return false;
	if (says->has != DNS_SAME)
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s in %s: %s took the update, and has the record all the same",
		    put->name, put->zone, u->shown);
	return false;
}

static bool is_name(const char *name)
{
	g_autoptr(GByteArray) wire = g_byte_array_new();

	return sign_tsig_name(wire, name);
}

static void done(struct update *u)
{
	dns_resolve_end(&u->walk);
	g_free(u->shown);
	g_free(u->address);
}

static bool begin(struct update *u, const struct dns_way *way, const struct dns_put *put,
		  const atomic_bool *stop, GError **error)
{
	if (is_name(put->name) && is_name(put->zone))
		return dns_resolve_begin(&u->walk, way, put->name, put->type, put->value, stop, error);
	g_set_error(error, ERR, ERR_USAGE, "'%s' is no name that can be updated", put->name);
	return false;
}

bool dns_update_put(const struct dns_way *way, const struct dns_primary *to, const struct dns_put *put,
		    const atomic_bool *stop, bool *ret_is_new, GError **error)
{
	struct update u = { .to = to, .zone = put->zone, .name = put->name };
	struct dns_says says = { .value = g_strdup("") };
	bool ok = begin(&u, way, put, stop, error);

	if (ok) {
		ok = put_there(&u, put, &says, ret_is_new, error);
		done(&u);
	}
	g_free(says.value);
	return ok;
}

bool dns_update_take(const struct dns_way *way, const struct dns_primary *to, const struct dns_put *put,
		     const atomic_bool *stop, GError **error)
{
	struct update u = { .to = to, .zone = put->zone, .name = put->name };
	struct dns_says says = { .value = g_strdup("") };
	bool ok = begin(&u, way, put, stop, error);

	if (ok) {
		ok = take_there(&u, put, &says, error);
		done(&u);
	}
	g_free(says.value);
	return ok;
}

/* ---- a try ---- */

bool dns_update_try(const struct dns_way *way, const struct dns_primary *to, const char *zone,
		    const atomic_bool *stop, GError **error)
{
	g_autoptr(GByteArray) m = message_new(zone ? OP_UPDATE : OP_QUERY);
	struct update u = { .to = to, .zone = zone };
	bool ok;

	if (zone && !is_name(zone)) {
		g_set_error(error, ERR, ERR_USAGE, "'%s' is no zone's name", zone);
		return false;
	}
	if (!dns_resolve_begin(&u.walk, way, zone ? zone : ".", "SOA", ". . 0 0 0 0 0", stop, error))
		return false;
	put_question(m, zone ? zone : "", TYPE_SOA);
	if (zone)
		put_record(m, 1, zone, TYPE_SOA, CLASS_ANY, 0, NULL);
	ok = find_server(&u, error) && tell(&u, m, error);
	done(&u);
	return ok;
}
