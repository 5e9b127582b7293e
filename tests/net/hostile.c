/*
 * Starts hostile.py and knows its ports; asks with a client and waits.
 */
#include "hostile.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	char *way, *digest;
	uint16_t port;
};

static GArray *servers;
static GPid pid;
static int feed;

static void read_server(const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 3);
	struct server s;

	g_assert_cmpuint(g_strv_length(words), ==, 3);
	s.way = g_strdup(words[0]);
	s.port = (uint16_t)g_ascii_strtoull(words[1], NULL, 10);
	s.digest = g_strdup(words[2]);
	g_array_append_val(servers, s);
}

void hostile_start(const char *const *ways)
{
	hostile_start_script("hostile.py", ways);
}

void hostile_start_script(const char *script_name, const char *const *ways)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *script = g_test_build_filename(G_TEST_DIST, "net", script_name, NULL);
	const char *python = g_getenv("CERTTY_PYTHON");
	g_autoptr(GError) error = NULL;
	GIOChannel *channel;
	char *line;
	int out;

	g_ptr_array_add(argv, (void *)(python ? python : "/usr/bin/python3"));
	g_ptr_array_add(argv, (void *)"-Wignore");
	g_ptr_array_add(argv, script);
	for (; *ways; ways++)
		g_ptr_array_add(argv, (void *)*ways);
	g_ptr_array_add(argv, NULL);
	g_spawn_async_with_pipes(NULL, (char **)argv->pdata, NULL,
				 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL, NULL, &pid,
				 &feed, &out, NULL, &error);
	g_assert_no_error(error);
	servers = g_array_new(FALSE, FALSE, sizeof(struct server));
	channel = g_io_channel_unix_new(out);
	for (;;) {
		gsize end;

		g_assert_cmpint(g_io_channel_read_line(channel, &line, NULL, &end, NULL), ==,
				G_IO_STATUS_NORMAL);
		line[end] = '\0';
		if (g_str_equal(line, "ready"))
			break;
		read_server(line);
		g_free(line);
	}
	g_free(line);
	g_io_channel_shutdown(channel, FALSE, NULL);
	g_io_channel_unref(channel);
}

void hostile_stop(void)
{
	close(feed);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (unsigned i = 0; i < servers->len; i++) {
		g_free(g_array_index(servers, struct server, i).way);
		g_free(g_array_index(servers, struct server, i).digest);
	}
	g_array_unref(servers);
}

static const struct server *find(const char *way)
{
	for (unsigned i = 0; i < servers->len; i++) {
		const struct server *s = &g_array_index(servers, struct server, i);

		if (g_str_equal(s->way, way))
			return s;
	}
	g_error("no server behaves like %s", way);
}

uint16_t hostile_port(const char *way)
{
	return find(way)->port;
}

const char *hostile_digest(const char *way)
{
	return find(way)->digest;
}

static void keep(void *who, struct reply *reply)
{
	*(struct reply **)who = reply;
}

struct reply *hostile_ask(struct client *c, struct request_out *r)
{
	struct reply *reply = NULL;

	client_send(c, r, keep, &reply);
	while (!reply) {
		client_wait(c, NULL, 0, -1);
		client_advance(c, UINT_MAX);
	}
	return reply;
}

struct request_out *hostile_probe(const char *way, const char *starttls)
{
	return exchange_probe("127.0.0.1", hostile_port(way),
			      starttls ? starttls_find(starttls) : NULL);
}
