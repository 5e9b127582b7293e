#include "server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#define MOST 512
#define HERE "/here"	/* is not counted */

struct peer {
	int fd;
	bool is_held, is_gated;
	GString *request;
};

struct server {
	pthread_t thread;
	int listener, bell;
	unsigned port;
	GPtrArray *peers;	/* the thread's */
	GHashTable *seen;	/* paths that came once, the thread's */
	GHashTable *asked_for;	/* how often, of some paths, the thread's */
	atomic_bool is_open, is_over;
	atomic_int held, most_held, asked;
};

/* ---- the thread ---- */

static void peer_free(void *p)
{
	struct peer *peer = p;

	close(peer->fd);
	g_string_free(peer->request, TRUE);
	g_free(peer);
}

static void answer(const struct peer *p, const char *status, const char *header)
{
	g_autofree char *text = g_strdup_printf("HTTP/1.1 %s\r\n%sContent-Length: 2\r\n"
						"Connection: close\r\n\r\nok", status, header);

	(void)!send(p->fd, text, strlen(text), MSG_NOSIGNAL);
}

static bool has_token(const struct peer *p, const char *token)
{
	g_autofree char *header = g_strdup_printf("\r\nX-Token: %s\r\n", token);

	return strstr(p->request->str, header) != NULL;
}

static void answer_late(const struct peer *p)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autoptr(GDateTime) late = g_date_time_add_hours(now, 1);
	g_autofree char *date = g_date_time_format(late, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n");
	const char *said = strstr(p->request->str, "\r\nX-Now: ");
	gint64 theirs = said ? g_ascii_strtoll(said + strlen("\r\nX-Now: "), NULL, 10) : 0;

	answer(p, ABS(theirs - g_date_time_to_unix(late)) < 60 ? "200 OK" : "403 When", date);
}

static void hold(struct server *s, struct peer *p)
{
	int now = atomic_fetch_add(&s->held, 1) + 1;

	p->is_held = true;
	if (now > atomic_load(&s->most_held))
		atomic_store(&s->most_held, now);
}

/* Whether a path that ends in a number was asked for that often. */
static bool is_more_than_said(struct server *s, const char *path)
{
	int n = GPOINTER_TO_INT(g_hash_table_lookup(s->asked_for, path));

	g_hash_table_replace(s->asked_for, g_strdup(path), GINT_TO_POINTER(n + 1));
	return n >= atoi(strrchr(path, '/') + 1);
}

static bool is_first(struct server *s, const char *path)
{
	return g_hash_table_add(s->seen, g_strdup(path));
}

/* False when the connection is over. */
static bool serve(struct server *s, struct peer *p)
{
	g_auto(GStrv) words = g_strsplit(p->request->str, " ", 3);
	const char *path = words[1];

	if (!strcmp(path, HERE)) {
		answer(p, "200 OK", "");
		return false;
	}
	atomic_fetch_add(&s->asked, 1);
	if (g_str_has_prefix(path, "/never") || g_str_has_prefix(path, "/gate")) {
		p->is_gated = path[1] == 'g';
		hold(s, p);
		return true;
	}
	if (g_str_has_prefix(path, "/break"))
		return false;
	if (g_str_has_prefix(path, "/torn") && is_first(s, path))
		return false;
	if (g_str_has_prefix(path, "/auth/"))
		answer(p, has_token(p, path + strlen("/auth/")) ? "200 OK" : "401 Who", "");
	else if (g_str_has_prefix(path, "/skew"))
		answer_late(p);
	else if (g_str_has_prefix(path, "/500"))
		answer(p, "500 Oh", "");
	else if (g_str_has_prefix(path, "/busy"))
		answer(p, "429 Much", "Retry-After: 3600\r\n");
	else if (g_str_has_prefix(path, "/full"))
		answer(p, "429 Much", "");
	else if (g_str_has_prefix(path, "/much") && !is_more_than_said(s, path))
		answer(p, "429 Much", "");
	else if (g_str_has_prefix(path, "/later") && is_first(s, path))
		answer(p, "429 Much", "Retry-After: 0\r\n");
	else
		answer(p, "200 OK", "");
	return false;
}

static bool hear(struct server *s, struct peer *p)
{
	char bytes[4096];
	ssize_t n = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n <= 0)
		return false;
	g_string_append_len(p->request, bytes, n);
	if (p->is_held || !strstr(p->request->str, "\r\n\r\n"))
		return true;
	return serve(s, p);
}

static void drop(struct server *s, guint i)
{
	const struct peer *p = s->peers->pdata[i];

	if (p->is_held)
		atomic_fetch_sub(&s->held, 1);
	g_ptr_array_remove_index(s->peers, i);
}

static void let_go(struct server *s)
{
	for (guint i = s->peers->len; i-- > 0;) {
		const struct peer *p = s->peers->pdata[i];

		if (!p->is_held || !p->is_gated)
			continue;
		answer(p, "200 OK", "");
		drop(s, i);
	}
}

static void greet(struct server *s)
{
	struct peer *p;
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	p = g_new0(struct peer, 1);
	p->fd = fd;
	p->request = g_string_new(NULL);
	g_ptr_array_add(s->peers, p);
}

static void *run(void *arg)
{
	struct server *s = arg;
	struct pollfd polled[MOST + 2];

	while (!atomic_load(&s->is_over)) {
		guint n = MIN(s->peers->len, MOST);

		polled[0] = (struct pollfd){ s->listener, POLLIN, 0 };
		polled[1] = (struct pollfd){ s->bell, POLLIN, 0 };
		for (guint i = 0; i < n; i++)
			polled[i + 2] = (struct pollfd){
				((struct peer *)s->peers->pdata[i])->fd, POLLIN, 0 };
		poll(polled, n + 2, -1);
		for (guint i = n; i-- > 0;)
			if (polled[i + 2].revents && !hear(s, s->peers->pdata[i]))
				drop(s, i);
		if (polled[0].revents)
			greet(s);
		if (atomic_load(&s->is_open))
			let_go(s);
	}
	return NULL;
}

/* ---- the test's side ---- */

struct server *server_new(void)
{
	struct server *s = g_new0(struct server, 1);
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	s->bell = eventfd(0, EFD_CLOEXEC);
	g_assert_cmpint(bind(s->listener, (struct sockaddr *)&at, sizeof(at)), ==, 0);
	g_assert_cmpint(listen(s->listener, MOST), ==, 0);
	g_assert_cmpint(getsockname(s->listener, (struct sockaddr *)&at, &len), ==, 0);
	s->port = ntohs(at.sin_port);
	s->peers = g_ptr_array_new_with_free_func(peer_free);
	s->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->asked_for = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_assert_cmpint(pthread_create(&s->thread, NULL, run, s), ==, 0);
	return s;
}

static void ring(const struct server *s)
{
	g_assert_cmpint(write(s->bell, &(uint64_t){ 1 }, sizeof(uint64_t)), ==,
			sizeof(uint64_t));
}

void server_free(struct server *s)
{
	atomic_store(&s->is_over, true);
	ring(s);
	pthread_join(s->thread, NULL);
	g_ptr_array_unref(s->peers);
	g_hash_table_unref(s->seen);
	g_hash_table_unref(s->asked_for);
	close(s->listener);
	close(s->bell);
	g_free(s);
}

unsigned server_port(const struct server *s)
{
	return s->port;
}

void server_open_gate(struct server *s)
{
	atomic_store(&s->is_open, true);
	ring(s);
}

void server_wait_held(struct server *s, int n)
{
	int64_t until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

	while (atomic_load(&s->held) < n) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		poll(NULL, 0, 1);
	}
}

int server_held(const struct server *s)
{
	return atomic_load(&s->held);
}

int server_most_held(const struct server *s)
{
	return atomic_load(&s->most_held);
}

int server_asked(const struct server *s)
{
	return atomic_load(&s->asked);
}

/* Whoever comes later is heard later. */
void server_catch_up(struct server *s)
{
	static const char request[] = "GET " HERE " HTTP/1.1\r\n\r\n";
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char bytes[256];

	g_assert_cmpint(connect(fd, (const struct sockaddr *)&to, sizeof(to)), ==, 0);
	g_assert_cmpint(send(fd, request, strlen(request), MSG_NOSIGNAL), ==, (int)strlen(request));
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
}
