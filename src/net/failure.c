/*
 * Why an exchange came to nothing.
 *
 * curl's code is too coarse for TLS: whether a CA is unknown, a certificate has expired or our own
 * is missing decides what somebody has to do next.  So the number of the verification and the
 * alerts in curl's words are looked at first.
 */
#include "net/failure.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include <certty/base/text.h>

#include <certty/net/place.h>

/* clang-format off */

/* What curl's codes mean for a person. */
static const struct {
	CURLcode code;
	enum err err;
	const char *words;
} codes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_NETWORK,
	  "the name is not known; check its spelling, or the name server" },
	{ CURLE_COULDNT_RESOLVE_PROXY, ERR_NETWORK,
	  "the proxy's name is not known; check the proxy settings" },
	{ CURLE_COULDNT_CONNECT, ERR_NETWORK, "no connection; try again later" },
	{ CURLE_PROXY, ERR_NETWORK, "the proxy does not do what is asked of it; check the proxy "
	  "settings" },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_REFUSED,
	  "its certificate is not trusted; look at it before anything else" },
	{ CURLE_SSL_CERTPROBLEM, ERR_SIGN_IN,
	  "our client certificate cannot be used; it and its key have to be PEM and belong together" },
	{ CURLE_SSL_CACERT_BADFILE, ERR_IO,
	  "the CA certificates that are to be trusted cannot be read; is it the right file, in PEM?" },
	{ CURLE_SSL_CONNECT_ERROR, ERR_NETWORK, "the TLS handshake failed" },
	{ CURLE_URL_MALFORMAT, ERR_USAGE, "this is no address; check its spelling" },
	{ CURLE_LOGIN_DENIED, ERR_USAGE, "an address never holds a name and password" },
	{ CURLE_GOT_NOTHING, ERR_NETWORK, "the server closed without an answer; try again later" },
	{ CURLE_RECV_ERROR, ERR_NETWORK, "the connection broke; try again later" },
	{ CURLE_SEND_ERROR, ERR_NETWORK, "the connection broke; try again later" },
	{ CURLE_PARTIAL_FILE, ERR_NETWORK, "the connection broke in the middle; try again later" },
	{ CURLE_WEIRD_SERVER_REPLY, ERR_REPLY, "it does not speak HTTP; is it the right port?" },
	{ CURLE_UNSUPPORTED_PROTOCOL, ERR_REPLY, "it does not speak HTTP; is it the right port?" },
	{ CURLE_BAD_CONTENT_ENCODING, ERR_REPLY, "its answer cannot be unpacked" },
};

/* And when there is no connection, what the system said. */
static const struct {
	int number;
	const char *words;
} refusals[] = {
	{ ECONNREFUSED, "refused the connection; nothing listens on that port, or a firewall is in "
			"between" },
	{ EHOSTUNREACH, "cannot be reached; is the host up, and is there a way to it?" },
	{ ENETUNREACH,  "lies in a network to which there is no way; is this machine online?" },
	{ ETIMEDOUT,    "did not answer; is the host up, and is the port open?" },
};

/* What is wrong with the certificate that the server showed. */
static const struct {
	int number;
	const char *words;
} verdicts[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED,
	  "its certificate is not trusted: it, or one of its issuers, has expired; whoever runs it has "
	  "to renew it (or is this machine's clock wrong?)" },
	{ X509_V_ERR_CERT_NOT_YET_VALID,
	  "its certificate is not trusted: it is not valid yet; is this machine's clock wrong?" },
	{ X509_V_ERR_CERT_REVOKED,
	  "its certificate is not trusted: it was revoked; whoever runs it has to know" },
	{ X509_V_ERR_CA_MD_TOO_WEAK,
	  "its certificate is not trusted: one of its issuers signs with a hash that is not safe any "
	  "more" },
	{ X509_V_ERR_EE_KEY_TOO_SMALL,
	  "its certificate is not trusted: its key is too small to be safe" },
};

/* Chains that end at nobody whom we know. */
static const int unknown[] = {
	X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
};

/* What a server says by an alert, and what else OpenSSL finds; parts of its words. */
static const struct {
	const char *part;
	enum err err;
	const char *words;		/* NULL: it is about our own certificate */
} alerts[] = {
	{ "wrong version number", ERR_REPLY, "it does not speak TLS; is it the right port?" },
	{ "packet length too long", ERR_REPLY, "it does not speak TLS; is it the right port?" },
	{ "protocol version", ERR_REFUSED,
	  "it knows no TLS from 1.2 on, and older ones are not safe; whoever runs it has to allow them" },
	{ "unsupported protocol", ERR_REFUSED,
	  "it knows no TLS from 1.2 on, and older ones are not safe; whoever runs it has to allow them" },
	{ "unrecognized name", ERR_REFUSED,
	  "it does not know the name that it was asked for; check the address, and the TLS name" },
	{ "alert certificate required", ERR_SIGN_IN, NULL },
	{ "alert bad certificate", ERR_SIGN_IN, NULL },
	{ "alert unsupported certificate", ERR_SIGN_IN, NULL },
	{ "alert certificate revoked", ERR_SIGN_IN, NULL },
	{ "alert certificate expired", ERR_SIGN_IN, NULL },
	{ "alert certificate unknown", ERR_SIGN_IN, NULL },
	{ "alert unknown ca", ERR_SIGN_IN, NULL },
	{ "alert access denied", ERR_SIGN_IN, NULL },
	{ "alert decrypt error", ERR_SIGN_IN, NULL },
};

/* clang-format on */

static char *with_detail(const char *words, const char *detail)
{
	g_autofree char *harmless = text_harmless_dup(detail, 200);

	return harmless && *harmless ? g_strdup_printf("%s (%s)", words, harmless) : g_strdup(words);
}

/* --- TLS ---------------------------------------------------------------------------------- */

static char *say_unknown(const struct route *route)
{
	const char *trusted = !route ? NULL : route->ca_file ? route->ca_file : route->ca_folder;

	if (trusted)
		return g_strdup_printf("its certificate is not trusted: it comes from no CA in %s, "
				       "which is all that is trusted here; is it the right server, "
				       "or the wrong file?", trusted);
	return g_strdup("its certificate is not trusted: it comes from a CA that this machine does "
			"not know; when it is the right server, name its CA's certificate as the "
			"account's CA file, or in SSL_CERT_FILE");
}

static char *say_name(const struct request_out *r)
{
	g_autofree char *host = place_host(r->url);
	const char *name = r->route && r->route->server_name ? r->route->server_name : host;

	return g_strdup_printf("its certificate is not trusted: it is for other names than %s; check "
			       "the address, or give the name that the certificate has as the TLS name",
			       name ? name : "this one");
}

/* curl compares the names itself, before it asks OpenSSL for its verdict. */
static char *say_verdict(const struct failure *f)
{
	if (strstr(f->detail, "subject name"))
		return say_name(f->request);
	for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++)
		if (verdicts[i].number == f->verify)
			return with_detail(verdicts[i].words, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(unknown); i++)
		if (unknown[i] == f->verify)
			return say_unknown(f->request->route);
	return NULL;
}

static char *say_own(const struct request_out *r, const char *detail)
{
	g_autofree char *words = NULL;

	if (!r->route || !r->route->cert_file)
		return g_strdup("it wants a client certificate, and there is none for it; name one, "
				"with its key, as the account's client certificate");
	words = g_strdup_printf("it does not take our client certificate, %s", r->route->cert_file);
	return with_detail(words, detail);
}

static char *say_alert(const struct failure *f, enum err *ret_code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(alerts); i++) {
		if (!strstr(f->detail, alerts[i].part))
			continue;
		*ret_code = alerts[i].err;
		return alerts[i].words ? with_detail(alerts[i].words, f->detail)
				       : say_own(f->request, f->detail);
	}
	/* TLS 1.2 has no alert of its own for a certificate that is missing. */
	if (strstr(f->detail, "alert handshake failure") &&
	    !(f->request->route && f->request->route->cert_file)) {
		*ret_code = ERR_NETWORK;
		return with_detail("the TLS handshake failed; does it want a client certificate?",
				   f->detail);
	}
	return NULL;
}

/* Of several complaints curl keeps the first, and here that is its own trouble to find out whom it is
 * connected to: the server has reset a connection that stood, with or without an alert before. */
static char *say_hung_up(const struct failure *f)
{
	const struct route *route = f->request->route;

	if (!strstr(f->detail, "getpeername() failed"))
		return NULL;
	if (route && route->cert_file)
		return g_strdup_printf("it hung up as soon as it was connected; does it not take our "
				       "client certificate, %s?", route->cert_file);
	return g_strdup("it hung up as soon as it was connected; try again later (or does it want a "
			"client certificate?)");
}

/* --- connecting --------------------------------------------------------------------------- */

/* "Failed to connect to HOST port …": another host than the one that was asked for is the
 * proxy. */
static char *who_failed(const struct failure *f)
{
	static const char start[] = "Failed to connect to ";
	g_autofree char *asked = f->request->host ? g_strdup(f->request->host)
						  : place_host(f->request->url);
	g_autofree char *tried = NULL, *harmless = NULL;

	if (!g_str_has_prefix(f->detail, start))
		return g_strdup("it");
	tried = g_strndup(f->detail + strlen(start), strcspn(f->detail + strlen(start), " "));
	if (asked && g_ascii_strcasecmp(asked, tried) == 0)
		return g_strdup("it");
	harmless = text_harmless_dup(tried, 100);
	return g_strdup_printf("the proxy %s", harmless);
}

static char *say_refusal(const struct failure *f)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		if (refusals[i].number == f->number) {
			g_autofree char *who = who_failed(f);

			return g_strdup_printf("%s %s", who, refusals[i].words);
		}
	}
	return NULL;
}

static char *say_proxy(const struct failure *f, enum err *ret_code)
{
	*ret_code = ERR_REFUSED;
	if (f->connect == 407)
		return g_strdup("the proxy wants a name and password; give them in its address in "
				"HTTPS_PROXY (http://name:password@proxy:3128)");
	return g_strdup_printf("the proxy answered the wish to connect with status %ld; does it allow "
			       "that host and port?", f->connect);
}

char *failure_say(const struct failure *f, enum err *ret_code)
{
	char *words = NULL;

	if (f->connect && f->connect / 100 != 2)
		return say_proxy(f, ret_code);
	if (f->code == CURLE_PEER_FAILED_VERIFICATION) {
		*ret_code = ERR_REFUSED;
		words = say_verdict(f);
	} else if (f->code == CURLE_COULDNT_CONNECT) {
		*ret_code = ERR_NETWORK;
		words = say_refusal(f);
	} else {
		words = say_alert(f, ret_code);
	}
	if (words)
		return words;
	*ret_code = ERR_NETWORK;
	words = say_hung_up(f);
	if (words)
		return words;
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (codes[i].code == f->code) {
			*ret_code = codes[i].err;
			return with_detail(codes[i].words, f->detail);
		}
	}
	return with_detail("it did not work", f->detail);
}
