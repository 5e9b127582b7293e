/*
 * dns_ask: questions to DNS servers, side by side, each from a socket and with a number of its own.
 *
 * Waiting is counted in slices and not by a clock: a slice is over when nothing came for a while,
 * or with whatever came.  So a look ends in time whoever answers, and who sends us rubbish, or an
 * answer byte by byte, only shortens the time that he has.
 */
#include "net/dns_own.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#define SLICE_MS   100
#define TRY_SLICES 20		/* two seconds */
#define TRIES      2
#define UDP_MAX    4096
#define UDP_ASKED  1232		/* bytes that pass everywhere in one piece */
#define TCP_MAX    65535
#define TCP_SLICES 60

bool dns_address_read(const char *text, uint16_t port, struct dns_address *ret)
{
	const char *mark = strchr(text, '@');
	g_autofree char *host = g_strndup(text, mark ? (size_t)(mark - text) : strlen(text));
	guint64 number = port;
	struct dns_address a = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&a.at;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a.at;

	if (mark && !g_ascii_string_to_unsigned(mark + 1, 10, 1, 65535, &number, NULL))
		return false;
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)number);
		a.len = sizeof(*v4);
	} else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)number);
		a.len = sizeof(*v6);
	} else {
		return false;
	}
	*ret = a;
	return true;
}

/* ---- one question ---- */

static void hang_up(struct dns_question *q)
{
	if (q->fd >= 0)
		close(q->fd);
	q->fd = -1;
}

void dns_question_done(const struct ldns_late *ldns, struct dns_question *q)
{
	if (q->answer)
		ldns->pkt_free(q->answer);
	q->answer = NULL;
}

static bool write_down(const struct ldns_late *ldns, struct dns_question *q)
{
	ldns_pkt *p = ldns->pkt_query_new(ldns->rdf_clone(q->name), q->type, LDNS_RR_CLASS_IN,
					  q->is_recursive ? LDNS_RD : 0);
	bool is_written;

	if (!p || RAND_bytes((unsigned char *)&q->id, sizeof(q->id)) != 1)
		return false;
	ldns->pkt_set_id(p, q->id);
	ldns->pkt_set_edns_udp_size(p, UDP_ASKED);
	ldns->pkt_set_edns_do(p, q->is_signed);
	ldns->pkt_set_cd(p, q->is_signed);
	is_written = ldns->pkt2wire(&q->wire, p, &q->n_wire) == LDNS_STATUS_OK;
	ldns->pkt_free(p);
	return is_written;
}

static int connect_to(const struct dns_address *to, int sort)
{
	int fd = socket(to->at.ss_family, sort | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to->at, to->len) != 0 &&
	    errno != EINPROGRESS) {
		int why = errno;

		close(fd);
		errno = why;
		fd = -1;
	}
	return fd;
}

/* An answer to this question, and to no other. */
static bool is_answer(const struct ldns_late *ldns, const struct dns_question *q, ldns_pkt *p)
{
	ldns_rr_list *asked = ldns->pkt_question(p);
	ldns_rr *rr;

	if (!ldns->pkt_qr(p) || ldns->pkt_id(p) != q->id || ldns->rr_list_rr_count(asked) != 1)
		return false;
	rr = ldns->rr_list_rr(asked, 0);
	return ldns->rr_get_type(rr) == q->type && ldns->rr_get_class(rr) == LDNS_RR_CLASS_IN &&
	       ldns->dname_compare(ldns->rr_owner(rr), q->name) == 0;
}

static bool read_answer(const struct ldns_late *ldns, struct dns_question *q,
			const uint8_t *bytes, size_t len)
{
	ldns_pkt *p = NULL;

	if (ldns->wire2pkt(&p, bytes, len) != LDNS_STATUS_OK)
		return false;
	if (!is_answer(ldns, q, p)) {
		ldns->pkt_free(p);
		return false;
	}
	dns_question_done(ldns, q);
	q->answer = p;
	return true;
}

/* ---- side by side, by UDP ---- */

static void begin(const struct ldns_late *ldns, struct dns_question *q)
{
	q->left = q->patience ? q->patience : TRY_SLICES;
	if (!write_down(ldns, q))
		return;
	q->fd = connect_to(&q->to, SOCK_DGRAM);
	q->is_unreachable = q->fd < 0 && (errno == ENETUNREACH || errno == EAFNOSUPPORT);
	if (q->fd >= 0 && send(q->fd, q->wire, q->n_wire, MSG_NOSIGNAL) < 0)
		hang_up(q);
}

static void hear(const struct ldns_late *ldns, struct dns_question *q)
{
	uint8_t bytes[UDP_MAX];
	ssize_t n = recv(q->fd, bytes, sizeof(bytes), 0);

	if (n < 0 ? errno != EAGAIN && errno != EINTR : read_answer(ldns, q, bytes, (size_t)n))
		hang_up(q);
	else if (--q->left == 0)
		hang_up(q);
}

static size_t waiting(struct dns_question *q, size_t n, struct pollfd *fds)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++) {
		fds[i] = (struct pollfd){ .fd = q[i].fd, .events = POLLIN };
		open += q[i].fd >= 0;
	}
	return open;
}

static void give_up_a_slice(struct dns_question *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (q[i].fd >= 0 && --q[i].left == 0)
			hang_up(&q[i]);
}

static void ask_once(const struct ldns_late *ldns, struct dns_question *q, size_t n,
		     unsigned *budget, const atomic_bool *stop)
{
	g_autofree struct pollfd *fds = g_new0(struct pollfd, n + 1);

	for (size_t i = 0; i < n; i++) {
		q[i].fd = -1;
		if (!q[i].answer && q[i].to.len)
			begin(ldns, &q[i]);
	}
	while (waiting(q, n, fds) && *budget && !atomic_load(stop)) {
		int came = poll(fds, (nfds_t)n, SLICE_MS);

		--*budget;
		if (came <= 0)
			give_up_a_slice(q, n);
		for (size_t i = 0; came > 0 && i < n; i++)
			if (fds[i].revents)
				hear(ldns, &q[i]);
	}
	for (size_t i = 0; i < n; i++) {
		hang_up(&q[i]);
		g_clear_pointer(&q[i].wire, free);
	}
}

/* ---- one by one, by TCP ---- */

/* Sends and reads until `len` bytes have gone or come. */
static bool carry(int fd, short way, uint8_t *bytes, size_t len, unsigned *slices,
		  const atomic_bool *stop)
{
	struct pollfd p = { .fd = fd, .events = way };

	for (size_t at = 0; at < len;) {
		ssize_t n;

		if (!*slices || atomic_load(stop))
			return false;
		--*slices;
		if (poll(&p, 1, SLICE_MS) <= 0)
			continue;
		n = way == POLLOUT ? send(fd, bytes + at, len - at, MSG_NOSIGNAL)
				   : recv(fd, bytes + at, len - at, 0);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

GByteArray *dns_ask_at_length(const struct dns_address *to, const uint8_t *message, size_t len,
			      unsigned *budget, const atomic_bool *stop)
{
	g_autofree uint8_t *bytes = g_malloc(TCP_MAX + 2);
	unsigned slices = MIN(TCP_SLICES, *budget), had = slices;
	int fd = len <= TCP_MAX ? connect_to(to, SOCK_STREAM) : -1;
	GByteArray *answer = NULL;
	size_t n;

	if (fd < 0)
		return NULL;
	bytes[0] = (uint8_t)(len >> 8);
	bytes[1] = (uint8_t)len;
	memcpy(bytes + 2, message, len);
	if (carry(fd, POLLOUT, bytes, len + 2, &slices, stop) &&
	    carry(fd, POLLIN, bytes, 2, &slices, stop)) {
		n = (size_t)bytes[0] << 8 | bytes[1];
		if (carry(fd, POLLIN, bytes, n, &slices, stop))
			answer = g_byte_array_append(g_byte_array_new(), bytes, (guint)n);
	}
	*budget -= had - slices;
	close(fd);
	return answer;
}

static void ask_again_at_length(const struct ldns_late *ldns, struct dns_question *q,
				unsigned *budget, const atomic_bool *stop)
{
	g_autoptr(GByteArray) answer = write_down(ldns, q) ?
		dns_ask_at_length(&q->to, q->wire, q->n_wire, budget, stop) : NULL;

	if (answer)
		read_answer(ldns, q, answer->data, answer->len);
	g_clear_pointer(&q->wire, free);
}

void dns_ask(const struct ldns_late *ldns, struct dns_question *q, size_t n, unsigned *budget,
	     const atomic_bool *stop)
{
	for (int i = 0; i < TRIES && *budget && !atomic_load(stop); i++)
		ask_once(ldns, q, n, budget, stop);
	for (size_t i = 0; i < n; i++) {
		if (!q[i].answer || !ldns->pkt_tc(q[i].answer))
			continue;
		ask_again_at_length(ldns, &q[i], budget, stop);
		/* Half an answer does not say what is missing. */
		if (ldns->pkt_tc(q[i].answer))
			dns_question_done(ldns, &q[i]);
	}
}
