/*
 * ldns_late: ldns's functions, loaded when DNS is first looked into and not with the program.
 *
 * Few sessions ever do, and loading a library takes time before the first screen.  Only dns*.c
 * call this; the loaded library stays for life.
 */
#ifndef CERTTY_SRC_NET_LDNS_LATE_H
#define CERTTY_SRC_NET_LDNS_LATE_H

#include <glib.h>

#include <ldns/ldns.h>

#define LDNS_LATE_FUNCTIONS(F)	\
	F(dname2canonical) F(dname_cat_clone) F(dname_compare) F(dname_is_subdomain) \
	F(dname_label) F(dname_label_count) F(dname_left_chop) F(dname_new_frm_str) \
	F(get_rr_type_by_name) F(key_rr2ds) F(pkt2wire) F(pkt_aa) F(pkt_additional) \
	F(pkt_answer) F(pkt_authority) F(pkt_free) F(pkt_get_rcode) F(pkt_id) \
	F(pkt_qr) F(pkt_query_new) F(pkt_question) F(pkt_set_cd) F(pkt_set_edns_do) \
	F(pkt_set_edns_udp_size) F(pkt_set_id) F(pkt_tc) F(rdf2native_int32) \
	F(rdf2native_int8) F(rdf2rr_type) F(rdf2str) F(rdf_clone) F(rdf_data) \
	F(rdf_deep_free) F(rdf_get_type) F(rdf_size) F(rr_clone) \
	F(rr_free) F(rr_get_class) F(rr_get_type) F(rr_list_deep_free) \
	F(rr_list_free) F(rr_list_new) F(rr_list_push_rr) F(rr_list_rr) \
	F(rr_list_rr_count) F(rr_new_frm_str) F(rr_owner) F(rr_rd_count) F(rr_rdf) \
	F(rr_rrsig_typecovered) F(rr_ttl) F(verify_rrsig_keylist_notime) F(wire2pkt)

struct ldns_late {
#define LDNS_LATE_MEMBER(name) __typeof__(ldns_##name) *name;
	LDNS_LATE_FUNCTIONS(LDNS_LATE_MEMBER)
#undef LDNS_LATE_MEMBER
};

/* Borrowed for life; any thread.  ERR_FAILED when there is no ldns. */
const struct ldns_late *ldns_late_open(GError **error);

#endif
