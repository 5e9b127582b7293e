/*
 * A first page gives back the rows that were shown, in their order, with the counts of
 * everything; broken ones are refused and nothing worse.
 */
#include <string.h>

#include <certty/base/err.h>
#include <certty/model/account.h>
#include <certty/model/deploy.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/object.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/verb.h>

#include "columns.h"

#define STORES 12
#define SHOWN 70

static const struct columns_shape shape = { STORES, 40, 150, 10 };

struct page {
	struct intern *words;
	struct table **tables;
	struct snapshot *s;
	uint32_t certs[SHOWN], stores[3], one[1];
	struct first_rows rows[KIND_COUNT];
};

static void set_items(struct snapshot *s, enum kind kind, const struct item_type *type, void *item)
{
	items_unref(s->kind[kind]);
	s->kind[kind] = items_new(type, &item, 1);
	s->count[kind] = 1000 + kind;
	type->unref(item);
}

static void set_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

static void add_items(struct snapshot *s)
{
	struct request *r = request_new("local/ca:/srv/ca/web1.csr");
	struct discovery *disc = discovery_new("local/folder:/opt");
	struct domain *dom = domain_new("local/www.example.org");
	struct object *o = object_new("prod/pki/role/web");
	struct job *j = job_new(UINT64_C(123456789012));
	struct account *a = account_new("local");
	struct deploy *dep = deploy_new("local/folder:/srv/tls www.pem");

	set_text(&r->title, "web1.example.org");
	set_text(&r->oddities, "no names\nan old key");
	g_strfreev(r->names);
	r->names = g_strsplit("web1.example.org,web2.example.org", ",", 0);
	r->state = REQUEST_DENIED;
	r->due = -5;
	set_items(s, KIND_REQUESTS, &request_type, r);
	set_text(&disc->what, "3 certificates, 1 key");
	disc->state = DISCOVERY_IGNORED;
	disc->certs = 3;
	set_items(s, KIND_DISCOVERY, &discovery_type, disc);
	dom->validation = "valid";
	dom->expires = COLUMNS_NOW;
	set_items(s, KIND_DOMAINS, &domain_type, dom);
	set_text(&o->name, "web");
	object_add_fact(o, "ttl", "3d");
	object_add_fact(o, "max_ttl", "90d");
	o->tone = TONE_WARN;
	set_items(s, KIND_OBJECTS, &object_type, o);
	j->verb = verb_table[VERB_APPROVE].name;
	j->state = JOB_PARTLY;
	j->code = ERR_TIMEOUT;
	j->said = g_strdup("one of two");
	j->done = 1;
	j->of = UINT64_C(1) << 40;
	j->is_quiet = true;
	set_items(s, KIND_JOBS, &job_type, j);
	set_text(&a->who, "root on b\xc3\xbc" "cher");
	a->is_read_only = true;
	set_items(s, KIND_ACCOUNTS, &account_type, a);
	set_text(&dep->title, "www.example.org");
	dep->state = DEPLOY_OLDER;
	dep->mode = DEPLOY_PROPOSE;
	set_items(s, KIND_DEPLOYS, &deploy_type, dep);
}

static struct page page_new(void)
{
	struct page p = { intern_new(), g_new(struct table *, STORES), NULL };
	g_autofree uint32_t *order = NULL;

	p.s = columns_snapshot(p.words, 21, &shape, p.tables);
	p.s->made = COLUMNS_NOW;
	p.s->oldest = COLUMNS_NOW - 77;
	p.s->stores_read = 3;
	p.s->stores_failed = 2;
	p.s->jobs_running = 1;
	p.s->number = 17;
	add_items(p.s);
	order = g_new(uint32_t, p.s->certs->n);
	certs_sort(p.s->certs, p.s->kind[KIND_STORES], CERTS_BY_EXPIRES, true, COLUMNS_NOW, NULL,
		   order);
	g_assert_cmpuint(p.s->certs->n, >, SHOWN);
	memcpy(p.certs, order, sizeof(p.certs));
	p.stores[0] = 5;
	p.stores[1] = 1;
	p.stores[2] = 9;
	return p;
}

/* Pointers into the page itself, so after it has its place. */
static void page_rows(struct page *p)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		p->rows[kind] = (struct first_rows){ p->one, 1 };
	p->rows[KIND_CERTS] = (struct first_rows){ p->certs, SHOWN };
	p->rows[KIND_STORES] = (struct first_rows){ p->stores, 3 };
}

static void page_done(struct page *p)
{
	snapshot_unref(p->s);
	columns_tables_free(p->tables, STORES);
	intern_free(p->words);
}

static void assert_cert(const struct certs *a, uint32_t x, const struct certs *b, uint32_t y)
{
	struct place p = certs_first(a, x), q = certs_first(b, y);
	g_autoptr(GString) a_id = g_string_new(NULL), b_id = g_string_new(NULL);
	size_t a_len, b_len;
	const char *a_name = table_name(p.table, p.row, &a_len);
	const char *b_name = table_name(q.table, q.row, &b_len);

	certs_id(a, x, a_id);
	certs_id(b, y, b_id);
	g_assert_cmpstr(a_id->str, ==, b_id->str);
	g_assert_cmpmem(a_name, a_len, b_name, b_len);
	g_assert_cmpstr(p.table->store, ==, q.table->store);
	g_assert_cmpint(p.table->seen, ==, q.table->seen);
	g_assert_cmphex(certs_marks(a, x), ==, certs_marks(b, y));
	g_assert_cmpuint(certs_count_places(a, x), ==, certs_count_places(b, y));
	g_assert_cmpstr(certs_issuer(a, x), ==, certs_issuer(b, y));
	g_assert_cmpstr(certs_key(a, x), ==, certs_key(b, y));
	g_assert_cmpint(certs_not_after(a, x), ==, certs_not_after(b, y));
}

static void assert_items(const struct snapshot *s)
{
	const struct request *r = s->kind[KIND_REQUESTS]->item[0];
	const struct discovery *disc = s->kind[KIND_DISCOVERY]->item[0];
	const struct domain *dom = s->kind[KIND_DOMAINS]->item[0];
	const struct object *o = s->kind[KIND_OBJECTS]->item[0];
	const struct job *j = s->kind[KIND_JOBS]->item[0];
	const struct account *a = s->kind[KIND_ACCOUNTS]->item[0];

	g_assert_cmpstr(r->id, ==, "local/ca:/srv/ca/web1.csr");
	g_assert_cmpstr(r->oddities, ==, "no names\nan old key");
	g_assert_cmpuint(g_strv_length(r->names), ==, 2);
	g_assert_cmpstr(r->names[1], ==, "web2.example.org");
	g_assert_cmpint(r->state, ==, REQUEST_DENIED);
	g_assert_cmpint(r->due, ==, -5);
	g_assert_cmpstr(disc->what, ==, "3 certificates, 1 key");
	g_assert_cmpstr(o->name, ==, "web");
	g_assert_cmpstr(o->facts, ==, "ttl: 3d\nmax_ttl: 90d");
	g_assert_cmpint(o->tone, ==, TONE_WARN);
	g_assert_cmpint(disc->state, ==, DISCOVERY_IGNORED);
	g_assert_cmpuint(disc->certs, ==, 3);
	g_assert_cmpstr(dom->name, ==, "www.example.org");
	g_assert_cmpstr(dom->validation, ==, "valid");
	g_assert_cmpint(dom->expires, ==, COLUMNS_NOW);
	g_assert_cmpuint(j->number, ==, UINT64_C(123456789012));
	g_assert_cmpstr(j->verb, ==, "approve");
	g_assert_cmpint(j->code, ==, ERR_TIMEOUT);
	g_assert_cmpstr(j->said, ==, "one of two");
	g_assert_cmpuint(j->of, ==, UINT64_C(1) << 40);
	g_assert_true(j->is_quiet);
	g_assert_cmpstr(a->who, ==, "root on b\xc3\xbc" "cher");
	g_assert_true(a->is_read_only);
	g_assert_null(a->trouble);
}

static void assert_stores(const struct page *p, const struct snapshot *back)
{
	for (uint32_t i = 0; i < 3; i++) {
		const struct store *a = p->s->kind[KIND_STORES]->item[p->stores[i]];
		const struct store *b = back->kind[KIND_STORES]->item[i];

		g_assert_cmpstr(a->id, ==, b->id);
		g_assert_cmpstr(a->title, ==, b->title);
		g_assert_true(g_strv_equal((const char *const *)a->labels,
					   (const char *const *)b->labels));
		g_assert_cmpint(a->state, ==, b->state);
	}
	for (uint32_t t = 0; t < back->certs->n_tables; t++)
		g_assert_nonnull(snapshot_store(back, t));
}

static void test_round_trip(void)
{
	struct page p = page_new();
	struct intern *words = intern_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL, again = NULL;
	g_autoptr(snapshot) back = NULL;

	page_rows(&p);
	bytes = snapshot_pack_first_page(p.s, p.rows);
	g_assert_cmpuint(g_bytes_get_size(bytes), <, 40000);
	back = snapshot_unpack_first_page(bytes, words, &error);
	g_assert_no_error(error);
	g_assert_true(back->is_first_page);
	g_assert_cmpuint(back->number, ==, 17);
	g_assert_cmpint(back->made, ==, COLUMNS_NOW);
	g_assert_cmpint(back->oldest, ==, COLUMNS_NOW - 77);
	g_assert_cmpuint(back->stores_read, ==, 3);
	g_assert_cmpuint(back->stores_failed, ==, 2);
	g_assert_cmpuint(back->jobs_running, ==, 1);
	g_assert_cmpmem(back->count, sizeof(back->count), p.s->count, sizeof(p.s->count));
	g_assert_cmpuint(back->certs->n, ==, SHOWN);
	for (uint32_t i = 0; i < SHOWN; i++)
		assert_cert(p.s->certs, p.certs[i], back->certs, back->certs->by_name[i]);
	assert_items(back);
	assert_stores(&p, back);
	g_clear_pointer(&back, snapshot_unref);
	intern_free(words);
	page_done(&p);
}

static void test_empty(void)
{
	struct intern *words = intern_new();
	struct snapshot *s = snapshot_new(words);
	struct first_rows rows[KIND_COUNT] = { 0 };
	g_autoptr(GBytes) bytes = snapshot_pack_first_page(s, rows);
	g_autoptr(snapshot) back = snapshot_unpack_first_page(bytes, words, NULL);

	g_assert_nonnull(back);
	g_assert_cmpuint(back->certs->n, ==, 0);
	g_clear_pointer(&back, snapshot_unref);
	snapshot_unref(s);
	intern_free(words);
}

/* Rows that are asked for twice, or are not there, are left out. */
static void test_odd_rows(void)
{
	struct page p = page_new();
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(snapshot) back = NULL;

	page_rows(&p);
	p.certs[3] = p.certs[2];
	p.certs[4] = UINT32_MAX;
	p.stores[1] = 100000;
	bytes = snapshot_pack_first_page(p.s, p.rows);
	back = snapshot_unpack_first_page(bytes, p.words, NULL);
	g_assert_nonnull(back);
	g_assert_cmpuint(back->certs->n, ==, SHOWN - 2);
	assert_cert(p.s->certs, p.certs[5], back->certs, back->certs->by_name[3]);
	g_clear_pointer(&back, snapshot_unref);
	page_done(&p);
}

static void unpack_broken(const void *bytes, size_t len, bool must_fail)
{
	struct intern *words = intern_new();
	g_autofree void *copy = g_memdup2(bytes, len);
	g_autoptr(GBytes) blob = g_bytes_new_static(copy, len);
	g_autoptr(GError) error = NULL;
	g_autoptr(snapshot) s = snapshot_unpack_first_page(blob, words, &error);

	if (s)
		g_assert_false(must_fail);
	else
		g_assert_error(error, ERR, ERR_FORMAT);
	for (uint32_t i = 0; s && i < s->certs->n; i++) {
		g_autoptr(GString) id = g_string_new(NULL);

		certs_id(s->certs, s->certs->by_name[i], id);
		certs_marks(s->certs, i);
	}
	g_clear_pointer(&s, snapshot_unref);
	intern_free(words);
}

static void test_broken(void)
{
	struct page p = page_new();
	g_autoptr(GBytes) bytes = NULL;
	struct dice d = { 6 };
	const uint8_t *whole;
	g_autofree uint8_t *bent = NULL;
	size_t len;

	page_rows(&p);
	p.rows[KIND_CERTS].n = 12;
	bytes = snapshot_pack_first_page(p.s, p.rows);
	whole = g_bytes_get_data(bytes, &len);
	bent = g_memdup2(whole, len);
	for (size_t n = 0; n < len; n += 1 + n / 64)
		unpack_broken(whole, n, true);
	for (size_t at = 0; at < len; at++) {
		bent[at] ^= (uint8_t)(1u << dice_roll(&d, 8));
		unpack_broken(bent, len, false);
		bent[at] = 0xff;
		unpack_broken(bent, len, false);
		bent[at] = whole[at];
	}
	page_done(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/first-page/round-trip", test_round_trip);
	g_test_add_func("/first-page/empty", test_empty);
	g_test_add_func("/first-page/odd-rows", test_odd_rows);
	g_test_add_func("/first-page/broken", test_broken);
	return g_test_run();
}
