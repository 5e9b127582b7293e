/*
 * pool: a few plain threads for work that blocks: walking folders, parsing, key derivation.
 *
 * Works travel to the threads as pointers through a pipe, which the kernel hands to whichever
 * thread reads first, and come back through a queue and an eventfd.  What a full pipe does
 * not take waits here.  Nobody waits for a thread: leaving marks the pool, wakes the readers
 * by closing the pipe, and the last one to let go frees what is left.
 */
#include "own.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct pool {
	struct ref ref;
	atomic_bool is_left;
	struct queue ended;
	GQueue late;		/* the engine's: works that the pipe has no room for */
	int in[2];		/* the pipe: [1] is the engine's */
	int fd;
	unsigned threads;
};

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void pool_unref(struct pool *p)
{
	struct queue_link *link;

	if (!ref_drop(&p->ref))
		return;
	link = queue_take_all(&p->ended);
	while (link) {
		struct work *w = (struct work *)link;

		link = link->next;
		work_free(w);
	}
	close_fd(p->in[0]);
	close_fd(p->in[1]);
	close_fd(p->fd);
	free(p);
}

static void *run(void *arg)
{
	struct pool *p = arg;
	struct work *w;

	while (read(p->in[0], &w, sizeof(w)) == sizeof(w)) {
		if (!work_is_stopped(w) && !atomic_load(&p->is_left))
			w->run(w);
		queue_put(&p->ended, &w->link);
		(void)!write(p->fd, &(uint64_t){ 1 }, sizeof(uint64_t));
	}
	pool_unref(p);
	return NULL;
}

static bool start_thread(struct pool *p)
{
	pthread_attr_t attr;
	pthread_t thread;
	bool ok;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ref_hold(&p->ref);
	ok = pthread_create(&thread, &attr, run, p) == 0;
	pthread_attr_destroy(&attr);
	if (!ok)
		pool_unref(p);
	return ok;
}

/* Signals are for the thread that reads the keys. */
static void start_threads(struct pool *p, unsigned threads)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (p->threads < threads && start_thread(p))
		p->threads++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct pool *pool_new(unsigned threads, GError **error)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		g_error("out of memory");
	ref_init(&p->ref);
	p->in[0] = p->in[1] = -1;
	p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->fd < 0 || pipe2(p->in, O_CLOEXEC) < 0 ||
	    fcntl(p->in[1], F_SETFL, O_NONBLOCK) < 0) {
		g_set_error(error, ERR, ERR_IO, "no pipe for the job pool: %s",
			    g_strerror(errno));
		pool_unref(p);
		return NULL;
	}
	start_threads(p, threads);
	if (!p->threads) {
		g_set_error(error, ERR, ERR_FAILED, "no thread can be started");
		pool_unref(p);
		return NULL;
	}
	return p;
}

/* What no thread has taken yet; a thread that comes for more finds nothing and goes. */
static void empty_pipe(struct pool *p)
{
	struct work *w;

	if (fcntl(p->in[0], F_SETFL, O_NONBLOCK) < 0)
		return;
	while (read(p->in[0], &w, sizeof(w)) == sizeof(w))
		work_free(w);
}

void pool_leave(struct pool *p)
{
	if (!p)
		return;
	atomic_store(&p->is_left, true);
	g_queue_clear_full(&p->late, (GDestroyNotify)work_free);
	empty_pipe(p);
	close(p->in[1]);
	p->in[1] = -1;
	pool_unref(p);
}

int pool_fd(const struct pool *p)
{
	return p->fd;
}

unsigned pool_threads(const struct pool *p)
{
	return p->threads;
}

static bool hand_over(struct pool *p, struct work *w)
{
	return write(p->in[1], &w, sizeof(w)) == sizeof(w);
}

void pool_put(struct pool *p, struct work *w)
{
	if (!g_queue_is_empty(&p->late) || !hand_over(p, w))
		g_queue_push_tail(&p->late, w);
}

struct work *pool_take(struct pool *p)
{
	uint64_t n;

	(void)!read(p->fd, &n, sizeof(n));
	while (!g_queue_is_empty(&p->late) && hand_over(p, g_queue_peek_head(&p->late)))
		g_queue_pop_head(&p->late);
	return (struct work *)queue_take_all(&p->ended);
}
