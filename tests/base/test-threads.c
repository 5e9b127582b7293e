/* The three ways in which memory goes from thread to thread, with real threads and a lot of
 * traffic: nothing is lost, doubled or out of order, and the thread sanitizer sees no race on
 * what travels. */
#include "certty/base/queue.h"
#include "certty/base/ref.h"
#include "certty/base/slot.h"

#include <glib.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#define PUTTERS 4
#define EACH	20000

struct item {
	struct queue_link link;		/* first */
	unsigned who, number;
};

struct putter {
	struct queue *queue;
	unsigned who;
};

static void *put_all(void *data)
{
	const struct putter *p = data;

	for (unsigned i = 0; i < EACH; i++) {
		struct item *item = g_new(struct item, 1);

		item->who = p->who;
		item->number = i;
		queue_put(p->queue, &item->link);
	}
	return NULL;
}

static void queue_in_order(void)
{
	struct queue queue = { NULL };
	struct item items[3];

	g_assert_null(queue_take_all(&queue));
	for (unsigned i = 0; i < 3; i++) {
		items[i].number = i;
		queue_put(&queue, &items[i].link);
	}
	{
		struct queue_link *link = queue_take_all(&queue);

		for (unsigned i = 0; i < 3; i++, link = link->next)
			g_assert_true(link == &items[i].link);
		g_assert_null(link);
	}
	g_assert_null(queue_take_all(&queue));
}

static void queue_with_threads(void)
{
	struct queue queue = { NULL };
	struct putter putters[PUTTERS];
	pthread_t threads[PUTTERS];
	unsigned next[PUTTERS] = { 0 }, taken = 0;

	for (unsigned i = 0; i < PUTTERS; i++) {
		putters[i] = (struct putter){ &queue, i };
		g_assert_cmpint(pthread_create(&threads[i], NULL, put_all, &putters[i]), ==, 0);
	}
	while (taken < PUTTERS * EACH) {
		struct queue_link *link = queue_take_all(&queue), *after;

		if (!link)
			sched_yield();
		for (; link; link = after, taken++) {
			struct item *item = (struct item *)link;

			after = link->next;
			g_assert_cmpuint(item->number, ==, next[item->who]);
			next[item->who]++;
			g_free(item);
		}
	}
	for (unsigned i = 0; i < PUTTERS; i++)
		pthread_join(threads[i], NULL);
	g_assert_null(queue_take_all(&queue));
}

/* What goes through the slot is written before and read after, without further ado. */
struct parcel {
	unsigned number, twice;
};

struct sender {
	struct slot *slot;
	unsigned returned;
};

static void *send_all(void *data)
{
	struct sender *s = data;

	for (unsigned i = 1; i <= EACH; i++) {
		struct parcel *p = g_new(struct parcel, 1), *unseen;

		p->number = i;
		p->twice = 2 * i;
		unseen = slot_put(s->slot, p);
		if (unseen) {
			g_assert_cmpuint(unseen->number, <, i);
			s->returned++;
			g_free(unseen);
		}
	}
	return NULL;
}

static void slot_latest_wins(void)
{
	struct slot slot = { NULL };
	int a, b;

	g_assert_null(slot_take(&slot));
	g_assert_null(slot_put(&slot, &a));
	g_assert_true(slot_put(&slot, &b) == &a);
	g_assert_true(slot_take(&slot) == &b);
	g_assert_null(slot_take(&slot));
}

static void slot_with_threads(void)
{
	struct slot slot = { NULL };
	struct sender sender = { .slot = &slot };
	unsigned last = 0, taken = 0;
	pthread_t thread;

	g_assert_cmpint(pthread_create(&thread, NULL, send_all, &sender), ==, 0);
	while (last < EACH) {
		struct parcel *p = slot_take(&slot);

		if (!p) {
			sched_yield();
			continue;
		}
		g_assert_cmpuint(p->number, >, last);
		g_assert_cmpuint(p->twice, ==, 2 * p->number);
		last = p->number;
		taken++;
		g_free(p);
	}
	pthread_join(thread, NULL);
	g_assert_null(slot_take(&slot));
	g_assert_cmpuint(taken + sender.returned, ==, EACH);
}

struct shared {
	struct ref ref;
	unsigned text[16];
};

static atomic_uint freed;

static void drop(struct shared *s)
{
	if (!ref_drop(&s->ref))
		return;
	for (unsigned i = 0; i < 16; i++)
		s->text[i] = 0;		/* a race, if anybody still reads */
	g_free(s);
	atomic_fetch_add(&freed, 1);
}

static void *hold_and_drop(void *data)
{
	struct shared *s = data;

	for (unsigned i = 0; i < EACH; i++) {
		ref_hold(&s->ref);
		g_assert_cmpuint(s->text[i % 16], ==, i % 16);
		drop(s);
	}
	drop(s);
	return NULL;
}

static void ref_with_threads(void)
{
	for (int round = 0; round < 10; round++) {
		struct shared *s = g_new(struct shared, 1);
		pthread_t threads[PUTTERS];

		ref_init(&s->ref);
		for (unsigned i = 0; i < 16; i++)
			s->text[i] = i;
		atomic_store(&freed, 0);
		for (int i = 0; i < PUTTERS; i++) {
			ref_hold(&s->ref);
			g_assert_cmpint(pthread_create(&threads[i], NULL, hold_and_drop, s), ==,
					0);
		}
		drop(s);
		for (int i = 0; i < PUTTERS; i++)
			pthread_join(threads[i], NULL);
		g_assert_cmpuint(atomic_load(&freed), ==, 1);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/queue/in-order", queue_in_order);
	g_test_add_func("/base/queue/with-threads", queue_with_threads);
	g_test_add_func("/base/slot/latest-wins", slot_latest_wins);
	g_test_add_func("/base/slot/with-threads", slot_with_threads);
	g_test_add_func("/base/ref/with-threads", ref_with_threads);
	return g_test_run();
}
