/*
 * token_look: one request of HTTP/1.1 to each address, by hand.
 *
 * What is looked at is one host at one address after the other, whatever a resolver or a proxy
 * would make of it; so the client that everything else is sent by does not fit.
 */
#include <certty/net/token_look.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/text.h>

#include "net/dns_own.h"

#define REPLY_MAX   8192u
#define SLICE_MS    100
#define SLICES	    20		/* for one address */
#define ADDRESSES_MOST 8
#define SAID_MAX    200

/* ---- what was found ---- */

static void says_free(void *p)
{
	struct token_says *s = p;

	g_free(s->address);
	g_free(s->said);
	g_free(s);
}

struct token_look *token_look_new(const char *host, const char *path, const char *value)
{
	struct token_look *t = g_new0(struct token_look, 1);

	t->host = g_strdup(host);
	t->path = g_strdup(path);
	t->value = g_strdup(value);
	t->says = g_ptr_array_new_with_free_func(says_free);
	return t;
}

void token_look_free(struct token_look *t)
{
	if (!t)
		return;
	g_free(t->host);
	g_free(t->path);
	g_free(t->value);
	g_ptr_array_unref(t->says);
	g_free(t);
}

void token_look_add(struct token_look *t, const char *address, enum token_has has, int status,
		    const char *said)
{
	struct token_says *s = g_new0(struct token_says, 1);

	s->address = g_strdup(address);
	s->has = has;
	s->status = status;
	s->said = text_harmless_dup(said, SAID_MAX);
	g_ptr_array_add(t->says, s);
}

/* ---- one address ---- */

struct talk {
	int fd;
	unsigned slices;
	const atomic_bool *stop;
	GString *reply;
	bool is_refused;
};

static bool wait_for(struct talk *t, short what)
{
	struct pollfd p = { .fd = t->fd, .events = what };

	while (t->slices && !atomic_load(t->stop)) {
		t->slices--;
		if (poll(&p, 1, SLICE_MS) > 0)
			return true;
	}
	return false;
}

static bool open_to(struct talk *t, const struct dns_address *to)
{
	int failed = 0;
	socklen_t len = sizeof(failed);

	t->fd = socket(to->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (t->fd < 0)
		return false;
	if (connect(t->fd, (const struct sockaddr *)&to->at, to->len) != 0 && errno != EINPROGRESS)
		failed = errno;
	else if (!wait_for(t, POLLOUT) || getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0)
		return false;
	t->is_refused = failed == ECONNREFUSED;
	return failed == 0;
}

static bool write_all(struct talk *t, const GString *request)
{
	for (size_t at = 0; at < request->len;) {
		ssize_t n = wait_for(t, POLLOUT) ? send(t->fd, request->str + at, request->len - at,
							MSG_NOSIGNAL) : -1;

		if (n < 0 && errno != EAGAIN)
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* Until the other side closes, as it was asked to, or has said enough. */
static void read_all(struct talk *t)
{
	char bytes[2048];

	while (t->reply->len < REPLY_MAX && wait_for(t, POLLIN)) {
		ssize_t n = recv(t->fd, bytes, MIN(sizeof(bytes), REPLY_MAX - t->reply->len), 0);

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		if (n > 0)
			g_string_append_len(t->reply, bytes, n);
	}
}

static char *header_of(const char *head, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
	size_t len = strlen(name);

	for (char **line = lines; *line; line++)
		if (!g_ascii_strncasecmp(*line, name, len) && (*line)[len] == ':')
			return g_strstrip(g_strdup(*line + len + 1));
	return g_strdup("");
}

/* A body in one chunk or several; what is broken in it ends it. */
static char *joined(const char *body)
{
	GString *out = g_string_new(NULL);
	const char *at = body, *line;
	size_t left = strlen(body);

	while (left && (line = memchr(at, '\n', left))) {
		guint64 size = g_ascii_strtoull(at, NULL, 16);
		size_t head = (size_t)(line + 1 - at);

		left -= head;
		at += head;
		if (!size || size > left)
			break;
		g_string_append_len(out, at, (gssize)size);
		at += size;
		left -= (size_t)size;
		while (left && (*at == '\r' || *at == '\n')) {
			at++;
			left--;
		}
	}
	return g_string_free(out, FALSE);
}

void token_look_hear(struct token_look *to, const char *address, const char *reply, size_t len)
{
	g_autofree char *all = g_strndup(reply, len);	/* up to a NUL, if there is one */
	char *end = strstr(all, "\r\n\r\n");
	gint64 status = 0;
	g_autofree char *body = NULL, *moved = NULL, *coding = NULL;

	if (!end || strncmp(all, "HTTP/1.", 7) != 0 || strlen(all) < 12) {
		token_look_add(to, address, TOKEN_BROKEN, 0, all);
		return;
	}
	*end = '\0';
	status = g_ascii_strtoll(all + 9, NULL, 10);
	moved = header_of(all, "location");
	coding = header_of(all, "transfer-encoding");
	body = g_ascii_strcasecmp(coding, "chunked") ? g_strdup(end + 4) : joined(end + 4);
	g_strstrip(body);
	if (status >= 300 && status < 400)
		token_look_add(to, address, TOKEN_MOVED, (int)status, moved);
	else if (status != 200)
		token_look_add(to, address, TOKEN_STATUS, (int)CLAMP(status, 0, 999), "");
	else
		token_look_add(to, address, !*to->value || !strcmp(body, to->value) ?
			       TOKEN_SAME : TOKEN_OTHER, 200, body);
}

static void ask_one(struct token_look *to, const struct dns_way *way, const char *address,
		    uint16_t port, const atomic_bool *stop)
{
	struct talk t = { .fd = -1, .slices = SLICES, .stop = stop };
	g_autoptr(GString) reply = g_string_new(NULL), request = g_string_new(NULL);
	struct dns_address at;

	if (!dns_address_read(address, port, &at))
		return;
	if (!dns_may_ask(way, to->host, address)) {
		token_look_add(to, address, TOKEN_BARRED, 0, "");
		return;
	}
	t.reply = reply;
	g_string_printf(request, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: certty\r\n"
			"Accept: */*\r\nConnection: close\r\n\r\n", to->path, to->host);
	if (open_to(&t, &at) && write_all(&t, request))
		read_all(&t);
	if (t.fd >= 0)
		close(t.fd);
	if (reply->len)
		token_look_hear(to, address, reply->str, reply->len);
	else
		token_look_add(to, address, t.is_refused ? TOKEN_REFUSED : TOKEN_SILENT, 0, "");
}

struct token_look *token_look(const struct dns_way *way, const char *host, uint16_t port,
			      const char *path, const char *value, char *const *addresses,
			      const atomic_bool *stop)
{
	struct token_look *t = token_look_new(host, path, value);

	for (size_t i = 0; addresses[i] && i < ADDRESSES_MOST && !atomic_load(stop); i++)
		ask_one(t, way, addresses[i], port, stop);
	return t;
}
