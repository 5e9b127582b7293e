/*
 * replay: sends calls again as fast as so many at once allow, and does nothing with what comes back:
 * the least time that any client of libcurl can take.
 *
 *   replay PORT AT_ONCE < calls    prints milliseconds, and those of the processor
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <curl/curl.h>
#include <glib.h>

struct call {
	struct curl_slist *headers;
	char *body;		/* NULL: it is a GET */
	char *path;		/* without its first slash; or NULL */
};

static GPtrArray *calls;	/* struct call */
static guint next_call;
static char *url;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static size_t swallow(char *bytes, size_t size, size_t n, void *none)
{
	(void)bytes;
	(void)none;
	return size * n;
}

/* "GET /v1/pki/cert/…", as Vault is asked. */
static void read_get(const char *path)
{
	struct call *c = g_new0(struct call, 1);

	c->headers = curl_slist_append(NULL, "X-Vault-Token: root");
	c->path = g_strdup(path);
	g_ptr_array_add(calls, c);
}

/* "GetCertificate eu-west-1 {…}" */
static void read_call(const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 3);
	g_autofree char *target = NULL, *scope = NULL;
	struct call *c;

	if (g_strv_length(parts) == 2 && !strcmp(parts[0], "GET"))
		read_get(parts[1] + 1);
	if (g_strv_length(parts) != 3)
		return;
	c = g_new0(struct call, 1);
	target = g_strconcat("X-Amz-Target: CertificateManager.", parts[0], NULL);
	scope = g_strdup_printf("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/"
				"20260101/%s/acm/aws4_request", parts[1]);
	c->headers = curl_slist_append(NULL, target);
	c->headers = curl_slist_append(c->headers, scope);
	c->headers = curl_slist_append(c->headers, "Content-Type: application/x-amz-json-1.1");
	c->body = g_strdup(parts[2]);
	g_ptr_array_add(calls, c);
}

static void read_calls(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	calls = g_ptr_array_new();
	while ((len = getline(&line, &size, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		read_call(line);
	}
	free(line);
}

static void send_next(CURLM *multi, CURL *easy)
{
	const struct call *c = calls->pdata[next_call++];

	g_autofree char *whole = g_strconcat(url, c->path ? c->path : "", NULL);

	curl_easy_setopt(easy, CURLOPT_URL, whole);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, c->headers);
	if (c->body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, c->body);
	else
		curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
	curl_multi_add_handle(multi, easy);
}

static void run(unsigned at_once)
{
	CURLM *multi = curl_multi_init();
	int running = 1, left;
	CURLMsg *m;

	for (unsigned i = 0; i < at_once && next_call < calls->len; i++)
		send_next(multi, curl_easy_init());
	while (running) {
		curl_multi_perform(multi, &running);
		while ((m = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *easy = m->easy_handle;

			curl_multi_remove_handle(multi, easy);
			if (next_call < calls->len) {
				send_next(multi, easy);
				running = 1;
			} else {
				curl_easy_cleanup(easy);
			}
		}
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	curl_multi_cleanup(multi);
}

int main(int argc, char **argv)
{
	double start;

	if (argc != 3)
		return 2;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	url = g_strdup_printf("http://127.0.0.1:%s/", argv[1]);
	read_calls();
	start = now_ms();
	run((unsigned)atoi(argv[2]));
	printf("%.1f %.1f\n", now_ms() - start, cpu_ms());
	return 0;
}
