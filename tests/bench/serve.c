/* serve: the connections, and what is counted. */
#define _GNU_SOURCE
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define CLIENTS_MAX 512
#define REQUEST_MAX 65536

static int64_t latency_us;
static serve_fn *answer_of;
static SSL_CTX *tls;		/* NULL: without */

/* ---- what came ---- */

static struct {
	uint64_t calls;
	int64_t first, last;
	unsigned now, most, connections;
	GString *list;
} stats;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void reset(void)
{
	stats.calls = 0;
	stats.first = stats.last = 0;
	stats.most = stats.connections = 0;
	g_string_truncate(stats.list, 0);
}

/* ---- certificates ---- */

char *serve_pem(X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = NULL;
	char *bytes;
	long len;

	PEM_write_bio_X509(bio, cert);
	len = BIO_get_mem_data(bio, &bytes);
	text = g_strndup(bytes, (gsize)len);
	BIO_free(bio);
	lines = g_strsplit(text, "\n", -1);
	return g_strjoinv("\\n", lines);
}

X509 *serve_cert(EVP_PKEY *key, const char *host, uint64_t serial)
{
	X509 *cert = X509_new();
	char san[300];
	X509_EXTENSION *ext;

	g_snprintf(san, sizeof(san), "DNS:%s", host);
	ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
				   (const unsigned char *)host, -1, -1, 0);
	X509_NAME_add_entry_by_txt(X509_get_issuer_name(cert), "CN", MBSTRING_ASC,
				   (const unsigned char *)"Bench CA", -1, -1, 0);
	X509_gmtime_adj(X509_getm_notBefore(cert), -86400);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * 190);
	X509_set_pubkey(cert, key);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	X509_sign(cert, key, EVP_sha256());
	return cert;
}

static void put_stats(GString *out, const char *path)
{
	if (g_str_has_prefix(path, "/calls"))
		g_string_append(out, stats.list->str);
	else
		g_string_append_printf(out, "{\"calls\":%" G_GUINT64_FORMAT ",\"us\":%" G_GINT64_FORMAT
				       ",\"at_once\":%u,\"connections\":%u}", stats.calls,
				       stats.last - stats.first, stats.most, stats.connections);
	if (g_str_has_prefix(path, "/reset"))
		reset();
}

/* ---- connections ---- */

struct client {
	SSL *ssl;		/* or NULL */
	GString *in;
	GQueue due;		/* struct answer, in the order of their times */
};

struct answer {
	int64_t at;
	bool is_counted;
	GString *bytes;
};

static struct pollfd polls[CLIENTS_MAX + 2];	/* the listener, standard input, then clients */
static struct client clients[CLIENTS_MAX + 2];
static nfds_t n_polls = 2;

static void count_call(const char *line)
{
	int64_t now = now_us();

	stats.calls++;
	if (!stats.first)
		stats.first = now;
	stats.now++;
	stats.most = MAX(stats.most, stats.now);
	g_string_append_printf(stats.list, "%s\n", line);
}

static void answer(struct client *c, const char *head, const char *body)
{
	bool is_ours = g_str_has_prefix(head, "GET /stats") || g_str_has_prefix(head, "GET /reset") ||
		       g_str_has_prefix(head, "GET /calls");
	struct serve_answer its = { .status = 200, .type = "application/json" };
	struct answer *a = g_new0(struct answer, 1);

	its.text = g_string_new(NULL);
	its.line = g_string_new(NULL);
	if (is_ours)
		put_stats(its.text, strchr(head, '/'));
	else
		answer_of(head, body, &its);
	a->is_counted = its.is_counted;
	if (its.is_counted)
		count_call(its.line->str);
	a->at = now_us() + (is_ours ? 0 : latency_us);
	a->bytes = g_string_new(NULL);
	g_string_printf(a->bytes, "HTTP/1.1 %d Status\r\nContent-Type: %s\r\nContent-Length: %zu\r\n",
			its.status, its.type, its.text->len);
	if (its.total)
		g_string_append_printf(a->bytes, "X-Total-Count: %u\r\n", its.total);
	g_string_append(a->bytes, "\r\n");
	g_string_append_len(a->bytes, its.text->str, (gssize)its.text->len);
	g_string_free(its.text, TRUE);
	g_string_free(its.line, TRUE);
	g_queue_push_tail(&c->due, a);
}

/* Whole requests in what came so far. */
static void take_requests(struct client *c)
{
	char *end;

	while ((end = strstr(c->in->str, "\r\n\r\n")) != NULL) {
		const char *length = strcasestr(c->in->str, "\r\nContent-Length: ");
		size_t n = length && length < end ? strtoul(length + 18, NULL, 10) : 0;
		size_t whole = (size_t)(end - c->in->str) + 4 + n;
		g_autofree char *body = NULL, *head = NULL;

		if (c->in->len < whole || n > REQUEST_MAX)
			return;
		head = g_strndup(c->in->str, (size_t)(end - c->in->str));
		body = g_strndup(end + 4, n);
		g_string_erase(c->in, 0, (gssize)whole);
		answer(c, head, body);
	}
}

static void drop(nfds_t i)
{
	struct answer *a;

	SSL_free(clients[i].ssl);
	close(polls[i].fd);
	g_string_free(clients[i].in, TRUE);
	while ((a = g_queue_pop_head(&clients[i].due)) != NULL) {
		stats.now -= a->is_counted;
		g_string_free(a->bytes, TRUE);
		g_free(a);
	}
	n_polls--;
	polls[i] = polls[n_polls];
	clients[i] = clients[n_polls];
}

/* What came; 0: nothing yet, or only of the handshake; less: it is over. */
static ssize_t receive(nfds_t i, char *bytes, size_t size)
{
	SSL *ssl = clients[i].ssl;
	ssize_t n;

	ERR_clear_error();	/* of another connection, which SSL_get_error() would take for this one's */
	n = ssl ? SSL_read(ssl, bytes, (int)size) : read(polls[i].fd, bytes, size);

	if (n > 0)
		return n;
	if (ssl)
		return SSL_get_error(ssl, (int)n) == SSL_ERROR_WANT_READ ? 0 : -1;
	return n < 0 && errno == EAGAIN ? 0 : -1;
}

static bool read_some(nfds_t i)
{
	char bytes[16384];
	ssize_t n;

	while ((n = receive(i, bytes, sizeof(bytes))) > 0) {
		g_string_append_len(clients[i].in, bytes, n);
		if (clients[i].in->len > 2 * REQUEST_MAX)
			return false;
	}
	take_requests(&clients[i]);
	return n == 0;
}

/* Answers are small, and the buffer of a socket of the loopback takes one whole. */
static bool send_all(nfds_t i, const GString *bytes)
{
	if (clients[i].ssl)
		return SSL_write(clients[i].ssl, bytes->str, (int)bytes->len) == (int)bytes->len;
	return send(polls[i].fd, bytes->str, bytes->len, MSG_NOSIGNAL) == (ssize_t)bytes->len;
}

/* Sends what is due; whether more will be, and how long that takes.  To the microsecond: whole
 * milliseconds would be waited for too long, or spun away on a core that the client needs. */
static bool send_due(struct timespec *ret_wait)
{
	int64_t now = now_us(), next = INT64_MAX;

	for (nfds_t i = 2; i < n_polls; i++) {
		struct answer *a;

		while ((a = g_queue_peek_head(&clients[i].due)) != NULL && a->at <= now) {
			if (!send_all(i, a->bytes))
				break;
			if (a->is_counted) {
				stats.now--;
				stats.last = now_us();
			}
			g_queue_pop_head(&clients[i].due);
			g_string_free(a->bytes, TRUE);
			g_free(a);
		}
		if (a)
			next = MIN(next, a->at);
	}
	if (next == INT64_MAX)
		return false;
	next = MAX(next - now, 0);
	*ret_wait = (struct timespec){ .tv_sec = next / 1000000, .tv_nsec = next % 1000000 * 1000 };
	return true;
}

static void accept_one(void)
{
	int fd = accept4(polls[0].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int one = 1;

	if (fd < 0)
		return;
	if (n_polls == G_N_ELEMENTS(polls)) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof(one));
	polls[n_polls] = (struct pollfd){ .fd = fd, .events = POLLIN };
	clients[n_polls] = (struct client){ .in = g_string_new(NULL), .due = G_QUEUE_INIT };
	if (tls) {
		clients[n_polls].ssl = SSL_new(tls);
		SSL_set_fd(clients[n_polls].ssl, fd);
		SSL_set_accept_state(clients[n_polls].ssl);
	}
	stats.connections++;
	n_polls++;
}

static void serve(void)
{
	prctl(PR_SET_TIMERSLACK, 1);
	signal(SIGPIPE, SIG_IGN);	/* of SSL_write */
	for (;;) {
		struct timespec wait;
		bool is_awaited = send_due(&wait);

		if (ppoll(polls, n_polls, is_awaited ? &wait : NULL, NULL) < 0)
			return;
		if (polls[1].revents)
			return;
		for (nfds_t i = n_polls; i-- > 2;)
			if (polls[i].revents && !read_some(i))
				drop(i);
		if (polls[0].revents)
			accept_one();
	}
}

static bool listen_here(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, len) || listen(fd, CLIENTS_MAX) ||
	    getsockname(fd, (struct sockaddr *)&at, &len))
		return false;
	polls[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	polls[1] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	printf("%u\n", ntohs(at.sin_port));
	fflush(stdout);
	return true;
}

bool serve_run(int64_t latency, serve_fn *answer_fn)
{
	latency_us = latency;
	answer_of = answer_fn;
	stats.list = g_string_new(NULL);
	if (!listen_here())
		return false;
	serve();
	return true;
}

bool serve_run_tls(int64_t latency, serve_fn *answer_fn, const char *cert, const char *key)
{
	tls = SSL_CTX_new(TLS_server_method());
	return SSL_CTX_use_certificate_file(tls, cert, SSL_FILETYPE_PEM) == 1 &&
	       SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1 &&
	       serve_run(latency, answer_fn);
}
