/*
 * On a connected socket: what has to be said before TLS, then a handshake that notes the
 * chain.  The only file that knows OpenSSL's TLS.
 *
 * Old servers are to be found, not avoided: every version and cipher that the library still
 * has is offered, down to security level 0, except those without a certificate.  The chain is
 * noted when it is presented; when the server then turns us away, because it wants a
 * certificate from us, the question has been answered all the same.
 */
#include "net/probe.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <certty/base/text.h>

#include "net/exchange_own.h"
#include "net/starttls_own.h"

#define FIRST_MAX 120		/* bytes of an answer that is no TLS, to be shown */

/* Returns true when the stage after it can begin at once. */
typedef bool stage_fn(struct probe *p, struct reply *reply);

struct stage {
	const char *name;
	stage_fn *go;
	short events;
};

struct probe {
	int fd;
	SSL *ssl;
	const struct stage *stage;
	short events;
	bool is_over;
	char *who;
	struct starttls_talk talk;
	GPtrArray *chain;
	char first[FIRST_MAX];	/* what OpenSSL heard first */
	size_t first_len;
};

static stage_fn say, hear, shake;

enum { SAY, HEAR, SHAKE };

/* clang-format off */
static const struct stage stages[] = {
	[SAY]   = { "the talk before TLS", say,   POLLOUT },
	[HEAR]  = { "the talk before TLS", hear,  POLLIN  },
	[SHAKE] = { "the TLS handshake",   shake, POLLOUT },
};
/* clang-format on */

/* What is offered to a server that has certificates with keys of several kinds: signatures choose
 * among them in TLS 1.3 and, with the ciphers, in 1.2; before that, ciphers alone. */
static const struct {
	const char *kind, *signatures, *ciphers;
} key_kinds[] = {
	{ PROBE_RSA, "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:"
		     "RSA+SHA512:RSA+SHA1", "aRSA:!aNULL:@SECLEVEL=0" },
	{ PROBE_EC,  "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1", "aECDSA:!aNULL:@SECLEVEL=0" },
};

/* One for each kind of key, and one for any: what is offered is read by OpenSSL once, not at each probe. */
struct probe_kit {
	SSL_CTX *any, *of_kind[G_N_ELEMENTS(key_kinds)];
};

static SSL_CTX *context_for(const struct probe_kit *kit, const char *kind)
{
	for (size_t i = 0; kind && i < G_N_ELEMENTS(key_kinds); i++)
		if (!strcmp(key_kinds[i].kind, kind))
			return kit->of_kind[i];
	return kit->any;
}

/* Called by OpenSSL in place of verification, when the server has presented its chain. */
static int note_chain(X509_STORE_CTX *store, void *unused)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct probe *p = SSL_get_app_data(ssl);
	const STACK_OF(X509) *certs = X509_STORE_CTX_get0_untrusted(store);
	size_t bytes = 0;

	g_ptr_array_set_size(p->chain, 0);
	for (int i = 0; i < sk_X509_num(certs) && i < EXCHANGE_CHAIN_MAX; i++) {
		unsigned char *der = NULL;
		int len = i2d_X509(sk_X509_value(certs, i), &der);

		if (len <= 0)
			continue;
		bytes += (size_t)len;
		if (bytes <= EXCHANGE_CHAIN_BYTES)
			g_ptr_array_add(p->chain, g_bytes_new(der, (gsize)len));
		OPENSSL_free(der);
	}
	return 1;
}

/* Called by OpenSSL when it has read: keeps the first bytes, for the case that they are no TLS. */
static long note_first(BIO *bio, int what, const char *bytes, size_t len, int argi, long argl,
		       int result, size_t *got)
{
	struct probe *p = (struct probe *)(void *)BIO_get_callback_arg(bio);

	if (what == (BIO_CB_READ | BIO_CB_RETURN) && result > 0 && p->first_len < FIRST_MAX) {
		size_t n = MIN(*got, FIRST_MAX - p->first_len);

		memcpy(p->first + p->first_len, bytes, n);
		p->first_len += n;
	}
	return result;
}

/* NULL signatures: any.  NULL: OpenSSL does not take it. */
static SSL_CTX *make_context(const char *signatures, const char *ciphers)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context || !SSL_CTX_set_cipher_list(context, ciphers) ||
	    (signatures && !SSL_CTX_set1_sigalgs_list(context, signatures)) ||
	    !SSL_CTX_set_min_proto_version(context, 0) || !SSL_CTX_set_max_proto_version(context, 0)) {
		SSL_CTX_free(context);
		return NULL;
	}
	SSL_CTX_set_options(context, SSL_OP_ALL | SSL_OP_LEGACY_SERVER_CONNECT |
				     SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_max_cert_list(context, EXCHANGE_CHAIN_BYTES);
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(context, note_chain, NULL);
	return context;
}

struct probe_kit *probe_kit_new(GError **error)
{
	struct probe_kit *kit = g_new0(struct probe_kit, 1);
	bool is_whole = (kit->any = make_context(NULL, "ALL:!aNULL:@SECLEVEL=0")) != NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(key_kinds); i++) {
		kit->of_kind[i] = make_context(key_kinds[i].signatures, key_kinds[i].ciphers);
		is_whole = is_whole && kit->of_kind[i];
	}
	ERR_clear_error();
	if (is_whole)
		return kit;
	g_set_error(error, ERR, ERR_FAILED,
		    "OpenSSL cannot be set up for probing; is its configuration whole?");
	probe_kit_free(kit);
	return NULL;
}

void probe_kit_free(struct probe_kit *kit)
{
	if (!kit)
		return;
	SSL_CTX_free(kit->any);
	for (size_t i = 0; i < G_N_ELEMENTS(kit->of_kind); i++)
		SSL_CTX_free(kit->of_kind[i]);
	g_free(kit);
}

struct probe *probe_new(struct probe_kit *kit, int fd, const struct request_out *r,
			const char *who)
{
	struct probe *p = g_new0(struct probe, 1);
	const char *name = r->server_name ? r->server_name : r->host;

	p->fd = fd;
	p->who = g_strdup(who);
	p->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	p->ssl = SSL_new(context_for(kit, r->keys));
	if (p->ssl && SSL_set_fd(p->ssl, fd) == 1) {
		BIO_set_callback_ex(SSL_get_rbio(p->ssl), note_first);
		BIO_set_callback_arg(SSL_get_rbio(p->ssl), (char *)p);
		SSL_set_app_data(p->ssl, p);
		SSL_set_connect_state(p->ssl);
		if (!exchange_is_address(name))
			SSL_set_tlsext_host_name(p->ssl, name);
	}
	if (r->starttls)
		starttls_init(&p->talk, r->starttls);
	p->stage = &stages[r->starttls ? SAY : SHAKE];
	p->events = POLLOUT;
	return p;
}

void probe_free(struct probe *p)
{
	if (!p)
		return;
	/* A word of farewell where there is a connection, so that no server logs a break. */
	if (p->ssl && SSL_is_init_finished(p->ssl))
		SSL_shutdown(p->ssl);
	ERR_clear_error();
	SSL_free(p->ssl);
	close(p->fd);
	starttls_done(&p->talk);
	g_ptr_array_unref(p->chain);
	g_free(p->who);
	g_free(p);
}

int probe_fd(const struct probe *p)
{
	return p->fd;
}

short probe_events(const struct probe *p)
{
	return p->events;
}

const char *probe_stage(const struct probe *p)
{
	return p->stage->name;
}

/* Ends the probe with a sentence. */
G_GNUC_PRINTF(4, 5)
static bool fail(struct probe *p, struct reply *reply, enum err code, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(&reply->error, ERR, code, "%s: %s", p->who, what);
	p->is_over = true;
	return false;
}

static bool fail_broken(struct probe *p, struct reply *reply, int errnum)
{
	return fail(p, reply, ERR_NETWORK, "the connection broke during %s (%s); try again later",
		    p->stage->name, errnum ? g_strerror(errnum) : "closed by the server");
}

static bool wait_for(struct probe *p, short events)
{
	p->events = events;
	return false;
}

static bool begin(struct probe *p, unsigned stage)
{
	p->stage = &stages[stage];
	p->events = p->stage->events;
	return true;
}

static bool say(struct probe *p, struct reply *reply)
{
	GByteArray *out = p->talk.out;

	while (out->len > 0) {
		ssize_t n = send(p->fd, out->data, out->len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return wait_for(p, POLLOUT);
		if (n < 0)
			return fail_broken(p, reply, errno);
		g_byte_array_remove_range(out, 0, (guint)n);
	}
	return begin(p, p->talk.ready ? SHAKE : HEAR);
}

static bool hear(struct probe *p, struct reply *reply)
{
	g_autoptr(GError) error = NULL;
	char bytes[4096];
	ssize_t n = recv(p->fd, bytes, sizeof(bytes), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return wait_for(p, POLLIN);
	if (n <= 0)
		return fail_broken(p, reply, n < 0 ? errno : 0);
	if (!starttls_hear(&p->talk, bytes, (size_t)n, &error))
		return fail(p, reply, (enum err)error->code, "%s", error->message);
	return begin(p, SAY);
}

/* The chain, and how it was protected. */
static bool finish(struct probe *p, struct reply *reply)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(p->ssl);

	if (!cipher)
		cipher = SSL_get_pending_cipher(p->ssl);
	reply->chain = g_steal_pointer(&p->chain);
	p->chain = g_ptr_array_new();
	reply->protocol = g_strdup(SSL_get_version(p->ssl));
	reply->cipher = g_strdup(cipher ? SSL_CIPHER_get_name(cipher) : "");
	p->is_over = true;
	return false;
}

static bool is_tls(const struct probe *p)
{
	return p->first_len == 0 || p->first[0] == SSL3_RT_HANDSHAKE ||
	       p->first[0] == SSL3_RT_ALERT;
}

/* OpenSSL would only say "wrong version number"; a person wants to see what answered. */
static bool fail_not_tls(struct probe *p, struct reply *reply)
{
	g_autoptr(GString) words = g_string_new(NULL);
	ssize_t n = recv(p->fd, p->first + p->first_len, FIRST_MAX - p->first_len, 0);

	text_harmless(words, p->first, p->first_len + (size_t)MAX(n, 0), FIRST_MAX);
	return fail(p, reply, ERR_REPLY, "it speaks no TLS%s: it answered \"%s\"; is it the right "
		    "port?", p->talk.protocol ? " after all" : "", words->str);
}

/* Why a handshake failed, in a sentence.  Whoever presented a chain and then closed or sent an
 * alert has told what was asked. */
static bool fail_handshake(struct probe *p, struct reply *reply, int why, int errnum)
{
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_REASON(code);
	bool is_alert = ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET;
	bool is_end = why == SSL_ERROR_SYSCALL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	const char *words = ERR_reason_error_string(code);

	ERR_clear_error();
	if (!is_tls(p))
		return fail_not_tls(p, reply);
	if (p->chain->len > 0 && (is_alert || is_end))
		return finish(p, reply);
	if (is_alert)
		return fail(p, reply, ERR_REFUSED, "it refused the TLS handshake with the alert "
			    "\"%s\"; it may want another name or another TLS version",
			    SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET));
	if (is_end)
		return fail_broken(p, reply, errnum);
	if (reason == SSL_R_EXCESSIVE_MESSAGE_SIZE)
		return fail(p, reply, ERR_LIMIT, "it sent a chain or message larger than we read "
			    "(%u KiB); look at what is installed there",
			    EXCHANGE_CHAIN_BYTES >> 10);
	return fail(p, reply, ERR_REPLY, "it broke the rules of TLS (%s); look at its log",
		    words ? words : "no reason known");
}

static bool shake(struct probe *p, struct reply *reply)
{
	int result, why, errnum;

	if (!p->ssl || SSL_get_fd(p->ssl) < 0)
		return fail(p, reply, ERR_FAILED, "OpenSSL has no memory for a connection");
	ERR_clear_error();
	result = SSL_do_handshake(p->ssl);
	errnum = errno;
	if (result == 1)
		return finish(p, reply);
	why = SSL_get_error(p->ssl, result);
	if (why == SSL_ERROR_WANT_WRITE)
		return wait_for(p, POLLOUT);
	if (why == SSL_ERROR_WANT_READ)
		return wait_for(p, POLLIN);
	return fail_handshake(p, reply, why, errnum);
}

bool probe_step(struct probe *p, struct reply *reply)
{
	while (p->stage->go(p, reply))
		continue;
	return p->is_over;
}
