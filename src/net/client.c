/*
 * Sends exchanges, many at a time.  The only file that uses curl.
 *
 * HTTP is curl's business from beginning to end.  Of a probe curl does the part that is hard
 * to do well, names, several addresses at once and time-outs, and then hands the socket over.
 * Whatever ends a transfer puts it into `over`; client_advance() empties that at its end, so
 * that nobody hears anything while curl is at work.
 *
 * CURLOPT_QUICK_EXIT matters: without it curl waits for its resolver's threads when a transfer
 * is dropped, seconds at worst.
 */
#include <config.h>

#include <certty/net/client.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/base/wiping.h>

#include "net/client_pool.h"
#include "net/client_route.h"
#include "net/curl_late.h"
#include "net/exchange_own.h"
#include "net/failure.h"
#include "net/probe.h"
#include "net/wiped.h"

#define HEADERS_MAX		(64u << 10)	/* bytes of a reply's headers */
#define CONNECTIONS_MAX		128		/* at the same time; more wait */
/* curl counts those in use among those kept: fewer would close one with each reply. */
#define CONNECTIONS_KEPT	CONNECTIONS_MAX

G_STATIC_ASSERT(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLPRI == POLLPRI &&
		CURL_WAIT_POLLOUT == POLLOUT);

struct transfer {
	GList link;		/* in `running` or in `over` */
	bool is_over;
	struct request_out *request;
	hear_fn *hear;
	void *who;
	char *what;		/* stands before every sentence: "GET https://…", "smtp://…" */
	int64_t started;
	CURL *easy;		/* until curl is through with it */
	struct client_route way;	/* what the route gives curl to look at */
	struct client_pool *pool;
	struct curl_slist *headers;
	char complaint[CURL_ERROR_SIZE];
	struct probe *probe;	/* from then on */
	bool is_ready;		/* the probe's socket is */
	struct reply *reply;
	struct wiped body;
	size_t header_bytes;
	bool is_too_large;
};

struct client {
	int ring;		/* eventfd: from any thread */
	CURLM *multi;		/* NULL until the first request */
	struct probe_kit *kit;	/* the same */
	struct client_pools pools;
	GQueue running, over;
	GArray *polled;		/* struct pollfd; kept to be filled again */
	GArray *waited;		/* struct curl_waitfd, the same for curl */
};

/* --- setting up --------------------------------------------------------------------------- */

static const struct curl_late *curl;	/* NULL until the first request */
static CURLcode prepared;
static GError *missing;		/* why there is no curl */

static void prepare_curl(void)
{
	curl = curl_late_open(&missing);
	if (curl)
		prepared = curl->global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc,
						 wiping_free, wiping_realloc,
						 wiping_strdup, wiping_calloc);
}

/* With the first request: who has files alone never waits for what sending needs, nor has
 * it in memory. */
static bool open_curl(struct client *c, GError **error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (c->multi && c->kit)
		return true;
	pthread_once(&once, prepare_curl);
	if (!curl) {
		g_propagate_error(error, g_error_copy(missing));
		return false;
	}
	if (prepared != CURLE_OK) {
		g_set_error(error, ERR, ERR_FAILED, "libcurl cannot start: %s; is it whole?",
			    curl->easy_strerror(prepared));
		return false;
	}
	if (!c->kit)
		c->kit = probe_kit_new(error);
	if (!c->kit)
		return false;
	c->multi = curl->multi_init();
	if (!c->multi) {
		g_set_error(error, ERR, ERR_FAILED, "libcurl has no memory to begin with");
		return false;
	}
	curl->multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
	curl->multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	return true;
}

/* --- a transfer's end --------------------------------------------------------------------- */

static void drop_curl(struct client *c, struct transfer *t)
{
	if (t->easy) {
		curl->multi_remove_handle(c->multi, t->easy);
		curl->easy_cleanup(t->easy);
		t->easy = NULL;
	}
	client_pool_put(&c->pools, curl, g_steal_pointer(&t->pool));
	client_route_done(&t->way, curl);
	g_clear_pointer(&t->headers, curl->slist_free_all);
}

static void transfer_free(struct client *c, struct transfer *t)
{
	drop_curl(c, t);
	probe_free(t->probe);
	exchange_free(t->request);
	reply_free(t->reply);
	wiped_done(&t->body);
	g_free(t->what);
	g_free(t);
}

static void end(struct client *c, struct transfer *t)
{
	drop_curl(c, t);
	g_clear_pointer(&t->probe, probe_free);
	t->reply->ms = (clock_ticks() - t->started) / 1000;
	if (!t->is_over)
		g_queue_unlink(&c->running, &t->link);
	t->is_over = true;
	g_queue_push_tail_link(&c->over, &t->link);
}

/* A reply that is an error holds nothing else. */
static void set_error(struct transfer *t, enum err code, const char *words)
{
	g_array_set_size(t->reply->headers, 0);
	g_set_error(&t->reply->error, ERR, (int)code, "%s: %s", t->what, words);
}

static void set_timeout(struct transfer *t, const char *stage)
{
	g_autofree char *words = g_strdup_printf(
		"no answer within %.*f s%s%s; is the host up, and the port right?",
		t->request->timeout_ms % 1000 ? 1 : 0, t->request->timeout_ms / 1000.0,
		stage ? ", waiting for " : "", stage ? stage : "");

	set_error(t, ERR_TIMEOUT, words);
}

static void set_curl_error(struct transfer *t, CURLcode code)
{
	struct failure f = { .request = t->request, .code = code };
	g_autofree char *words = NULL;
	enum err err = ERR_NETWORK;

	if (code == CURLE_OPERATION_TIMEDOUT) {
		set_timeout(t, NULL);
		return;
	}
	if (t->is_too_large || code == CURLE_FILESIZE_EXCEEDED) {
		words = g_strdup_printf("it answered more than the %zu bytes that we read",
					t->request->max);
		set_error(t, ERR_LIMIT, words);
		return;
	}
	f.detail = *t->complaint ? t->complaint : curl->easy_strerror(code);
	curl->easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &f.number);
	curl->easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &f.verify);
	curl->easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &f.connect);
	words = failure_say(&f, &err);
	set_error(t, err, words);
}

/* --- what curl calls ---------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;
	size_t len = one * n;

	if (len > t->request->max - MIN(t->body.len, t->request->max)) {
		t->is_too_large = true;
		return 0;
	}
	wiped_append(&t->body, bytes, len);
	return len;
}

/* One line; a status line begins the headers anew (100 Continue, say). */
static size_t take_header(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;
	size_t len = one * n;
	char *line, *colon;

	t->header_bytes += len;
	if (t->header_bytes > HEADERS_MAX) {
		t->is_too_large = true;
		return 0;
	}
	line = g_strndup(bytes, len);
	colon = strchr(line, ':');
	if (g_str_has_prefix(line, "HTTP/")) {
		g_array_set_size(t->reply->headers, 0);
	} else if (colon) {
		struct header h = { NULL, text_harmless_dup(g_strstrip(colon + 1), HEADERS_MAX) };

		*colon = '\0';
		h.name = text_harmless_dup(line, HEADERS_MAX);
		g_array_append_val(t->reply->headers, h);
	}
	secret_wipe(line, len + 1);
	return len;
}

/* --- client ------------------------------------------------------------------------------- */

struct client *client_new(GError **error)
{
	struct client *c;
	int ring = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (ring < 0) {
		g_set_error(error, ERR, ERR_IO, "no event descriptor: %s", g_strerror(errno));
		return NULL;
	}
	/* OpenSSL writes so that a closed socket would end the program; as an error it is
	 * enough. */
	signal(SIGPIPE, SIG_IGN);
	c = g_new0(struct client, 1);
	c->ring = ring;
	c->polled = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
	c->waited = g_array_new(FALSE, TRUE, sizeof(struct curl_waitfd));
	return c;
}

static void free_all(struct client *c, GQueue *queue)
{
	GList *link;

	while ((link = g_queue_pop_head_link(queue)))
		transfer_free(c, link->data);
}

void client_free(struct client *c)
{
	if (!c)
		return;
	free_all(c, &c->running);
	free_all(c, &c->over);
	if (c->multi) {
		client_pools_done(&c->pools, curl);
		curl->multi_cleanup(c->multi);
	}
	probe_kit_free(c->kit);
	close(c->ring);
	g_array_unref(c->polled);
	g_array_unref(c->waited);
	g_free(c);
}

static bool set_headers(struct transfer *t)
{
	const GArray *headers = t->request->headers;
	/* curl would add these of its own to every request with a body. */
	struct curl_slist *list = curl->slist_append(NULL, "Expect:");
	bool has_type = false, has_host = !t->way.host;

	for (unsigned i = 0; i < headers->len; i++) {
		const struct header *h = &g_array_index(headers, struct header, i);
		char *line;

		if (!exchange_is_header(h)) {
			curl->slist_free_all(list);
			return false;
		}
		/* "name;" is how curl is told of an empty value.  Not printed: vasprintf may leave
		 * a copy of its own behind, and this may be a token. */
		line = *h->value ? g_strconcat(h->name, ": ", h->value, NULL)
				 : g_strconcat(h->name, ";", NULL);
		list = curl->slist_append(list, line);
		secret_wipe(line, strlen(line));
		has_type = has_type || g_ascii_strcasecmp(h->name, "Content-Type") == 0;
		has_host = has_host || g_ascii_strcasecmp(h->name, "Host") == 0;
	}
	if (!has_host)
		list = curl->slist_append(list, t->way.host);
	if (!has_type)
		list = curl->slist_append(list, "Content-Type:");
	t->headers = list;
	curl->easy_setopt(t->easy, CURLOPT_HTTPHEADER, list);
	return true;
}

static bool set_http(struct client *c, struct transfer *t)
{
	const struct request_out *r = t->request;

	if (!client_route_set(&t->way, curl, t->easy, r))
		return false;
	t->pool = client_pool_take(&c->pools, curl, r->route);
	if (t->pool)
		curl->easy_setopt(t->easy, CURLOPT_SHARE, client_pool_share(t->pool));
	else if (r->route)
		curl->easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 1L);
	/* Over an old connection that breaks without a word curl itself would send it again. */
	if (!r->is_repeatable)
		curl->easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl->easy_setopt(t->easy, CURLOPT_PATH_AS_IS, 1L);
	curl->easy_setopt(t->easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl->easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl->easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)r->max);
	curl->easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl->easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl->easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (r->body) {
		gsize len;
		const void *bytes = g_bytes_get_data(r->body, &len);

		curl->easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
		curl->easy_setopt(t->easy, CURLOPT_POSTFIELDS, bytes ? bytes : "");
	}
	if (strcmp(r->method, "HEAD") == 0)
		curl->easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
	else
		curl->easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
	return set_headers(t);
}

static bool set_probe(struct transfer *t)
{
	const struct request_out *r = t->request;
	g_autofree char *url = NULL;

	if (!exchange_is_host(r->host))
		return false;
	url = g_strdup_printf(strchr(r->host, ':') ? "http://[%s]:%u/" : "http://%s:%u/",
			      r->host, r->port);
	curl->easy_setopt(t->easy, CURLOPT_URL, url);
	curl->easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl->easy_setopt(t->easy, CURLOPT_PROXY, "");
	return true;
}

static void set_common(struct transfer *t)
{
	curl->easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl->easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L);
	curl->easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl->easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)t->request->timeout_ms);
	curl->easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->complaint);
	curl->easy_setopt(t->easy, CURLOPT_USERAGENT, "certty/" PACKAGE_VERSION);
	curl->easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl->easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl->easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl->easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
}

struct transfer *client_send(struct client *c, struct request_out *r, hear_fn *hear, void *who)
{
	struct transfer *t = g_new0(struct transfer, 1);
	g_autoptr(GError) error = NULL;

	t->link.data = t;
	t->request = r;
	t->hear = hear;
	t->who = who;
	t->what = exchange_say(r);
	t->started = clock_ticks();
	t->reply = reply_new();
	g_queue_push_tail_link(&c->running, &t->link);
	if (open_curl(c, &error))
		t->easy = curl->easy_init();
	if (t->easy)
		set_common(t);
	if (error) {
		set_error(t, ERR_FAILED, error->message);
		end(c, t);
	} else if (!t->easy) {
		set_error(t, ERR_LIMIT, "libcurl has no memory for another request");
		end(c, t);
	} else if (!(r->host ? set_probe(t) : set_http(c, t))) {
		set_error(t, ERR_USAGE, r->host ? "the host is neither a name nor an address"
						: "a header, or the TLS name, is not well "
						  "formed");
		end(c, t);
	} else if (curl->multi_add_handle(c->multi, t->easy) != CURLM_OK) {
		set_error(t, ERR_LIMIT, "libcurl takes no further request");
		end(c, t);
	}
	return t;
}

void client_cancel(struct client *c, struct transfer *t)
{
	g_queue_unlink(t->is_over ? &c->over : &c->running, &t->link);
	transfer_free(c, t);
}

size_t client_in_flight(const struct client *c)
{
	return c->running.length + c->over.length;
}

/* --- waiting ------------------------------------------------------------------------------ */

static int64_t time_left(const struct transfer *t)
{
	return t->request->timeout_ms - (clock_ticks() - t->started) / 1000;
}

static void poll_add(struct client *c, int fd, short events)
{
	struct pollfd polled = { .fd = fd, .events = events };
	struct curl_waitfd waited = { .fd = fd, .events = events };

	g_array_append_val(c->polled, polled);
	g_array_append_val(c->waited, waited);
}

/* Fills the two arrays; how long to wait at most, for the nearest end of a probe's time. */
static int64_t poll_collect(struct client *c, const struct pollfd *extra, unsigned n)
{
	int64_t limit = G_MAXINT;

	g_array_set_size(c->polled, 0);
	g_array_set_size(c->waited, 0);
	for (unsigned i = 0; i < n; i++)
		poll_add(c, extra[i].fd, extra[i].events);
	poll_add(c, c->ring, POLLIN);
	for (GList *link = c->running.head; link; link = link->next) {
		struct transfer *t = link->data;

		if (!t->probe)
			continue;
		poll_add(c, probe_fd(t->probe), probe_events(t->probe));
		limit = t->is_ready ? 0 : MIN(limit, MAX(time_left(t), 0));
	}
	return c->over.length ? 0 : limit;
}

void client_wait(struct client *c, struct pollfd *extra, unsigned n, int timeout_ms)
{
	int64_t limit = poll_collect(c, extra, n);
	struct pollfd *polled = (struct pollfd *)(void *)c->polled->data;
	unsigned at = n + 1;
	eventfd_t rings;

	if (timeout_ms >= 0)
		limit = MIN(limit, timeout_ms);
	if (c->multi)
		curl->multi_poll(c->multi, (struct curl_waitfd *)(void *)c->waited->data,
				 c->waited->len, (int)limit, NULL);
	/* curl leaves out hang-ups and errors, so the descriptors are looked at once more. */
	if (poll(polled, c->polled->len, c->multi ? 0 : (int)limit) < 0) {
		for (unsigned i = 0; i < c->polled->len; i++)
			polled[i].revents = 0;
	}
	for (unsigned i = 0; i < n; i++)
		extra[i].revents = polled[i].revents;
	if (polled[n].revents)
		(void)eventfd_read(c->ring, &rings);
	for (GList *link = c->running.head; link; link = link->next) {
		struct transfer *t = link->data;

		if (t->probe)
			t->is_ready = polled[at++].revents != 0;
	}
}

void client_ring(struct client *c)
{
	(void)eventfd_write(c->ring, 1);
}

/* --- going on ----------------------------------------------------------------------------- */

static void note_peer(struct transfer *t)
{
	char *address = NULL;

	if (curl->easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
		t->reply->peer = text_harmless_dup(address, 64);
}

/* curl has connected: the socket is ours from now on. */
static void take_socket(struct client *c, struct transfer *t)
{
	curl_socket_t theirs = CURL_SOCKET_BAD;
	int fd = -1;

	note_peer(t);
	curl->easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &theirs);
	if (theirs != CURL_SOCKET_BAD)
		fd = fcntl(theirs, F_DUPFD_CLOEXEC, 3);
	if (fd < 0) {
		set_error(t, ERR_LIMIT, "there is no descriptor left; raise the limit (ulimit -n)");
		end(c, t);
		return;
	}
	drop_curl(c, t);
	t->probe = probe_new(c->kit, fd, t->request, t->what);
	t->is_ready = true;
}

static void end_http(struct client *c, struct transfer *t)
{
	long status = 0;

	note_peer(t);
	curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->reply->status = (int)status;
	t->reply->body = wiped_put(&t->body);
	end(c, t);
}

static void advance_curl(struct client *c)
{
	int n;
	const CURLMsg *message;

	curl->multi_perform(c->multi, &n);
	while ((message = curl->multi_info_read(c->multi, &n))) {
		CURLcode code = message->data.result;
		char *private = NULL;
		struct transfer *t;

		curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		t = (struct transfer *)(void *)private;
		if (code == CURLE_OK && t->request->host) {
			take_socket(c, t);
		} else if (code == CURLE_OK) {
			end_http(c, t);
		} else {
			set_curl_error(t, code);
			end(c, t);
		}
	}
}

static void advance_probes(struct client *c)
{
	GList *next;

	for (GList *link = c->running.head; link; link = next) {
		struct transfer *t = link->data;

		next = link->next;
		if (!t->probe)
			continue;
		if (t->is_ready && probe_step(t->probe, t->reply)) {
			end(c, t);
		} else if (time_left(t) <= 0) {
			set_timeout(t, probe_stage(t->probe));
			end(c, t);
		}
		t->is_ready = false;
	}
}

bool client_advance(struct client *c, unsigned most)
{
	unsigned n;

	if (c->multi && !c->over.length)
		advance_curl(c);
	advance_probes(c);
	/* Only as many as there are now: whoever hears may send again and fail at once. */
	for (n = MIN(c->over.length, most); n > 0 && c->over.length > 0; n--) {
		struct transfer *t = g_queue_pop_head_link(&c->over)->data;
		struct reply *reply = g_steal_pointer(&t->reply);
		hear_fn *hear = t->hear;
		void *who = t->who;

		transfer_free(c, t);
		hear(who, reply);
	}
	return c->over.length > 0;
}

void client_begin(struct client *c)
{
	if (c->multi)
		advance_curl(c);
}
