/*
 * vault-server: answers as a Vault with one pki does, each call after the same latency (serve.h).
 *
 *   vault-server LATENCY_US CERTS    prints its port; ends with its standard input
 *
 * It knows the mount, the list of serials and each certificate; it has no list with names, as Vault has
 * none.  It takes any token, and counts the calls below the mount.
 */
#define _GNU_SOURCE
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned n_certs;
static GPtrArray *pems;		/* char *, as JSON has them */
static GString *serials;	/* all of them, as the list has them */

static void make_certs(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	pems = g_ptr_array_new_with_free_func(g_free);
	serials = g_string_new("{\"data\":{\"keys\":[");
	for (unsigned i = 0; i < n_certs; i++) {
		g_autofree char *host = g_strdup_printf("host%u.example.org", i);
		X509 *cert = serve_cert(key, host, (1u << 30) + i);

		g_ptr_array_add(pems, serve_pem(cert));
		g_string_append_printf(serials, "%s\"40:%02x:%02x:%02x\"", i ? "," : "", i >> 16 & 255,
				       i >> 8 & 255, i & 255);
		X509_free(cert);
	}
	g_string_append(serials, "]}}");
	EVP_PKEY_free(key);
}

static void none(struct serve_answer *ret)
{
	ret->status = 404;
	g_string_append(ret->text, "{\"errors\":[]}");
}

static void put_cert(const char *serial, struct serve_answer *ret)
{
	unsigned a, b, c;

	if (sscanf(serial, "40:%x:%x:%x", &a, &b, &c) != 3 || (a << 16 | b << 8 | c) >= n_certs) {
		none(ret);
		return;
	}
	g_string_append_printf(ret->text, "{\"request_id\":\"00000000-0000-4000-8000-000000000000\","
			       "\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{"
			       "\"certificate\":\"%s\",\"revocation_time\":0,"
			       "\"revocation_time_rfc3339\":\"\",\"issuer_id\":\"\"}}",
			       (char *)pems->pdata[a << 16 | b << 8 | c]);
}

static void put_pki(const char *path, struct serve_answer *ret)
{
	if (g_str_has_prefix(path, "certs?list=true"))
		g_string_append(ret->text, serials->str);
	else if (g_str_has_prefix(path, "cert/"))
		put_cert(path + strlen("cert/"), ret);
	else
		none(ret);
}

static void put_other(const char *path, struct serve_answer *ret)
{
	static const struct {
		const char *path, *text;
	} known[] = {
		{ "sys/internal/ui/mounts", "{\"data\":{\"auth\":{},\"secret\":{\"pki/\":"
					    "{\"type\":\"pki\",\"options\":null}}}}" },
		{ "auth/token/lookup-self", "{\"data\":{\"display_name\":\"root\",\"policies\":[\"root\"],"
					    "\"ttl\":0,\"renewable\":false,\"path\":\"auth/token/root\"}}" },
		{ "sys/seal-status", "{\"type\":\"shamir\",\"initialized\":true,\"sealed\":false,"
				     "\"t\":1,\"n\":1,\"progress\":0,\"version\":\"1.19.0\"}" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_str_has_prefix(path, known[i].path)) {
			g_string_append(ret->text, known[i].text);
			return;
		}
	none(ret);
}

static void answer(const char *head, const char *body, struct serve_answer *ret)
{
	const char *path = strstr(head, "/v1/");
	size_t len = strcspn(head, "\r");

	(void)body;
	if (!path || path > head + len) {
		none(ret);
	} else if (g_str_has_prefix(path, "/v1/pki/")) {
		put_pki(path + strlen("/v1/pki/"), ret);
		ret->is_counted = true;
		g_string_append_printf(ret->line, "GET %.*s", (int)strcspn(path, " "), path);
	} else {
		put_other(path + strlen("/v1/"), ret);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	n_certs = (unsigned)CLAMP(atoi(argv[2]), 1, 1 << 20);
	make_certs();
	return serve_run(atoll(argv[1]), answer) ? 0 : 1;
}
