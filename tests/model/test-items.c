/*
 * Shelves and frozen arrays: order, look-up, sharing while nothing changes; and the rows
 * themselves: fresh ones are empty, copies are apart.
 */
#include <certty/model/items.h>

#include <string.h>

#include <certty/model/account.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/object.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/store.h>

static struct store *titled(const char *id, const char *title)
{
	struct store *s = store_new(id);

	store_set(&s->title, title);
	return s;
}

static void test_shelf(void)
{
	struct shelf *shelf = shelf_new(&store_type);
	g_autoptr(items) first = NULL;
	g_autoptr(items) same = NULL;
	g_autoptr(items) second = NULL;

	shelf_put(shelf, titled("b", "1"));
	shelf_put(shelf, titled("a", "3"));
	shelf_put(shelf, titled("c", "2"));
	shelf_put(shelf, titled("a", "2"));
	g_assert_cmpuint(shelf_count(shelf), ==, 3);
	g_assert_true(shelf_is_changed(shelf));
	first = shelf_freeze(shelf);
	g_assert_false(shelf_is_changed(shelf));
	same = shelf_freeze(shelf);
	g_assert_true(first == same);
	g_assert_cmpstr(((struct store *)first->item[0])->id, ==, "b");
	g_assert_cmpstr(((struct store *)first->item[1])->id, ==, "a");
	g_assert_cmpstr(((struct store *)first->item[2])->id, ==, "c");

	g_assert_false(shelf_drop(shelf, "none"));
	g_assert_false(shelf_is_changed(shelf));
	g_assert_true(shelf_drop(shelf, "b"));
	second = shelf_freeze(shelf);
	g_assert_cmpuint(second->n, ==, 2);
	g_assert_cmpint(items_find(second, "b"), ==, -1);
	g_assert_cmpint(items_find(first, "b"), ==, 0);
	shelf_free(shelf);
	g_assert_cmpstr(((struct store *)second->item[0])->title, ==, "2");
}

/* Whatever is put and dropped between two freezes, the array is as if it were sorted anew. */
static void test_weave(void)
{
	struct shelf *shelf = shelf_new(&store_type);

	for (int round = 0; round < 300; round++) {
		g_autoptr(items) woven = NULL, anew = NULL;
		int n = round % 7 ? g_test_rand_int_range(0, 20) : 120;

		for (int i = 0; i < n; i++) {
			g_autofree char *id = g_strdup_printf("%d", g_test_rand_int_range(0, 200));
			g_autofree char *title = g_strdup_printf("%d", g_test_rand_int_range(0, 50));

			if (g_test_rand_int_range(0, 3))
				shelf_put(shelf, titled(id, title));
			else
				shelf_drop(shelf, id);
		}
		woven = shelf_freeze(shelf);
		g_assert_cmpuint(woven->n, ==, shelf_count(shelf));
		anew = items_new(&store_type, woven->item, woven->n);
		g_assert_cmpmem(woven->by_id, woven->n * sizeof(uint32_t), anew->by_id,
				anew->n * sizeof(uint32_t));
		for (size_t i = 0; i < woven->n; i++) {
			const struct store *s = woven->item[i];

			g_assert_true(shelf_get(shelf, s->id) == s);
			g_assert_cmpint(items_find(woven, s->id), ==, (int)i);
			if (i)
				g_assert_cmpint(store_type.compare(woven->item[i - 1], s), <=, 0);
		}
	}
	shelf_free(shelf);
}

/* What is on the shelf already may be put again. */
static void test_put_again(void)
{
	struct shelf *shelf = shelf_new(&store_type);
	struct store *s = titled("a", "1");

	shelf_put(shelf, store_ref(s));
	shelf_put(shelf, s);
	g_assert_true(shelf_get(shelf, "a") == s);
	g_assert_cmpuint(shelf_count(shelf), ==, 1);
	shelf_free(shelf);
}

static void test_find(void)
{
	struct shelf *shelf = shelf_new(&store_type);
	g_autoptr(items) all = NULL;

	for (int i = 0; i < 10000; i++) {
		g_autofree char *id = g_strdup_printf("%d", i);
		g_autofree char *title = g_strdup_printf("%d", (i * 7919) % 10000);

		shelf_put(shelf, titled(id, title));
	}
	all = shelf_freeze(shelf);
	g_assert_cmpuint(all->n, ==, 10000);
	for (size_t i = 0; i < all->n; i++)
		g_assert_cmpint(items_find(all, ((struct store *)all->item[i])->id), ==,
				(gssize)i);
	for (size_t i = 1; i < all->n; i++)
		g_assert_cmpint(strcmp(((struct store *)all->item[i - 1])->title,
				       ((struct store *)all->item[i])->title), <, 0);
	g_assert_cmpint(items_find(all, "10000"), ==, -1);
	g_assert_cmpint(items_find(all, ""), ==, -1);
	shelf_free(shelf);
}

static void test_empty(void)
{
	struct shelf *shelf = shelf_new(&job_type);
	g_autoptr(items) none = shelf_freeze(shelf);

	g_assert_cmpuint(none->n, ==, 0);
	g_assert_cmpint(items_find(none, "x"), ==, -1);
	shelf_free(shelf);
}

static void test_rows(void)
{
	g_autoptr(store) s = store_new("s");
	g_autoptr(request) r = request_new("r");
	g_autoptr(discovery) d = discovery_new("d");
	g_autoptr(domain) n = domain_new("n");
	g_autoptr(account) a = account_new("a");
	g_autoptr(job) j = job_new(G_MAXUINT64);
	g_autoptr(store) s2 = NULL;
	g_autoptr(job) j2 = NULL;

	g_assert_cmpstr(s->title, ==, "");
	g_assert_null(s->trouble);
	g_assert_nonnull(s->labels);
	g_assert_cmpstr(r->oddities, ==, "");
	g_assert_nonnull(r->names);
	g_assert_cmpstr(d->decided_by, ==, "");
	g_assert_cmpstr(n->validation, ==, "");
	g_assert_cmpstr(a->who, ==, "");
	g_assert_cmpstr(j->id, ==, "18446744073709551615");
	g_assert_cmpstr(j->verb, ==, "");

	store_set(&s->trouble, "x");
	s->certs = 5;
	s2 = store_dup(s);
	store_set(&s->trouble, NULL);
	g_assert_cmpstr(s2->trouble, ==, "x");
	g_assert_cmpuint(s2->certs, ==, 5);
	g_assert_true(s2->labels != s->labels);
	store_set(&s2->title, "a longer title");
	store_set(&s2->title, s2->title + 2);
	g_assert_cmpstr(s2->title, ==, "longer title");
	j2 = job_dup(j);
	g_assert_true(j2->troubles != j->troubles);
}

static void test_order(void)
{
	struct shelf *shelf = shelf_new(&request_type);
	g_autoptr(items) all = NULL;
	static const struct {
		const char *id;
		enum request_state state;
		int64_t since, ended;
	} rows[] = {
		{ "5", REQUEST_DENIED, 1, 10 },       { "3", REQUEST_WAITS_DNS, 9, 0 },
		{ "4", REQUEST_ISSUED, 1, 20 },       { "1", REQUEST_WAITS_PERSON, 2, 0 },
		{ "2", REQUEST_WAITS_PERSON, 2, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct request *r = request_new(rows[i].id);

		r->state = rows[i].state;
		r->since = rows[i].since;
		r->ended = rows[i].ended;
		shelf_put(shelf, r);
	}
	all = shelf_freeze(shelf);
	for (size_t i = 0; i < all->n; i++)
		g_assert_cmpint(((struct request *)all->item[i])->id[0], ==, '1' + (int)i);
	shelf_free(shelf);
}

static void add_fact(void *who, const char *label, const char *value)
{
	g_string_append_printf(who, "%s=%s;", label, value);
}

static void test_object(void)
{
	g_autofree char *id = object_id("prod/pki", "role", "a/b: c");
	g_autoptr(object) o = object_new(id), same = NULL;
	g_autoptr(GString) facts = g_string_new(NULL);
	g_autoptr(args) answers = args_new();

	g_free(o->store);
	o->store = g_strdup("prod/pki");
	g_free(o->type);
	o->type = g_strdup("role");
	g_assert_cmpstr(object_key(o), ==, "a/b: c");
	object_add_fact(o, "ttl", "3d");
	object_add_fact(o, "none", "");
	object_add_fact(o, "url", "https://x: y\nz");
	object_each_fact(o, add_fact, facts);
	g_assert_cmpstr(facts->str, ==, "ttl=3d;url=https://x: y z;");
	object_add_answer(o, "max-ttl", "a=b");
	object_add_answer(o, "none", NULL);
	object_read_answers(o, answers);
	g_assert_cmpstr(args_get(answers, "max-ttl"), ==, "a=b");
	g_assert_null(args_get(answers, "none"));
	g_free(o->can);
	o->can = g_strdup("object-edit object-drop");
	g_assert_true(object_can(o, "object-drop"));
	g_assert_false(object_can(o, "object"));
	same = object_dup(o);
	g_assert_true(object_is_same(o, same));
	same->tone = TONE_WARN;
	g_assert_false(object_is_same(o, same));
	same->tone = o->tone;
	object_add_fact(same, "more", "1");
	g_assert_false(object_is_same(o, same));
}

static void test_words(void)
{
	enum kind kind = KIND_COUNT;

	for (int k = 0; k < KIND_COUNT; k++) {
		g_assert_true(kind_read(kind_word((enum kind)k), &kind));
		g_assert_cmpint(kind, ==, k);
		g_assert_true(*kind_title((enum kind)k));
		g_assert_true(*kind_short_title((enum kind)k));
	}
	g_assert_false(kind_read("certificate", &kind));
	for (int i = 0; i < STORE_STATE_COUNT; i++)
		g_assert_true(*store_state_word((enum store_state)i));
	for (int i = 0; i < JOB_STATE_COUNT; i++)
		g_assert_true(*job_state_word((enum job_state)i));
	for (int i = 0; i < DISCOVERY_STATE_COUNT; i++)
		g_assert_true(*discovery_state_word((enum discovery_state)i));
	for (int i = 0; i < REQUEST_STATE_COUNT; i++) {
		g_autoptr(request) r = request_new("r");

		g_assert_true(*request_state_word((enum request_state)i));
		r->state = (enum request_state)i;
		g_assert_cmpint(request_is_waiting(r), ==, i < REQUEST_ISSUED);
	}
}

static void test_time_left(void)
{
	g_autoptr(job) j = job_new(1);

	j->state = JOB_RUNNING;
	j->began = 100;
	g_assert_cmpint(job_seconds_left(j, 200), ==, -1);
	j->of = 400;
	g_assert_cmpint(job_seconds_left(j, 200), ==, -1);
	j->done = 100;
	g_assert_cmpint(job_seconds_left(j, 200), ==, 300);
	g_assert_cmpint(job_seconds_left(j, 100), ==, -1);
	j->done = 500;
	g_assert_cmpint(job_seconds_left(j, 200), ==, -1);
	j->done = j->of;
	g_assert_cmpint(job_seconds_left(j, 200), ==, 0);
	j->done = 0;
	j->until = 3600;	/* by what servers let through, whatever the pace was */
	g_assert_cmpint(job_seconds_left(j, 200), ==, 3400);
	j->done = 100;
	g_assert_cmpint(job_seconds_left(j, 200), ==, 3400);
	j->until = 250;
	g_assert_cmpint(job_seconds_left(j, 200), ==, 300);
	j->state = JOB_DONE;
	g_assert_cmpint(job_seconds_left(j, 200), ==, -1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/items/shelf", test_shelf);
	g_test_add_func("/items/shelf-weave", test_weave);
	g_test_add_func("/items/put-again", test_put_again);
	g_test_add_func("/items/find", test_find);
	g_test_add_func("/items/empty", test_empty);
	g_test_add_func("/items/rows", test_rows);
	g_test_add_func("/items/order", test_order);
	g_test_add_func("/items/object", test_object);
	g_test_add_func("/items/words", test_words);
	g_test_add_func("/items/time-left", test_time_left);
	return g_test_run();
}
