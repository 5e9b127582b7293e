/*
 * curl_late: curl's functions, loaded when the first request is sent and not with the program.
 *
 * libcurl brings two dozen libraries with it (Kerberos, LDAP, SSH, a second TLS), and loading
 * them takes longer than all else before the first screen.  Only client.c and its client_pool.c
 * call this; the loaded library stays for life.
 */
#ifndef CERTTY_SRC_NET_CURL_LATE_H
#define CERTTY_SRC_NET_CURL_LATE_H

#include <glib.h>

/* The checked macros of the header call the functions by name. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define CURL_LATE_FUNCTIONS(F)                                                        \
	F(easy_cleanup) F(easy_getinfo) F(easy_init) F(easy_setopt) F(easy_strerror)  \
	F(global_init_mem) F(multi_add_handle) F(multi_cleanup) F(multi_info_read)    \
	F(multi_init) F(multi_perform) F(multi_poll) F(multi_remove_handle)           \
	F(multi_setopt) F(share_cleanup) F(share_init) F(share_setopt) F(slist_append) \
	F(slist_free_all)

struct curl_late {
#define CURL_LATE_MEMBER(name) __typeof__(curl_##name) *name;
	CURL_LATE_FUNCTIONS(CURL_LATE_MEMBER)
#undef CURL_LATE_MEMBER
};

/* Borrowed for life.  ERR_FAILED when there is no libcurl. */
const struct curl_late *curl_late_open(GError **error);

#endif
