/*
 * Saving and loading the working set: every member comes back, bytes of somebody else's do
 * no harm, and DER is kept exactly as long as some store has the certificate.
 */
#include <certty/db/db_state.h>

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/object.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/verb.h>

#include "db_test.h"

/* ---- items ---- */

static void *load_one(struct db *db, const struct item_type *type, const char *id,
		      struct shelf **ret_shelf)
{
	g_autoptr(GError) error = NULL;

	*ret_shelf = shelf_new(type);
	db_item_load(db, type, *ret_shelf, &error);
	g_assert_no_error(error);
	return shelf_get(*ret_shelf, id);
}

static void put_item(struct db *db, const struct item_type *type, const void *item)
{
	g_autoptr(GError) error = NULL;

	db_item_put(db, type, item, &error);
	g_assert_no_error(error);
}

static void set_lines(char ***list, const char *lines)
{
	g_strfreev(*list);
	*list = g_strsplit(lines, "\n", -1);
}

static struct store *full_store(void)
{
	struct store *s = store_new("local/folder:/etc/ssl");

	store_set(&s->account, "local");
	store_set(&s->provider, "local2");
	store_set(&s->type, "folder");
	store_set(&s->title, "ssl ä");
	store_set(&s->address, "/etc/\xff/ssl");
	store_set(&s->network, "net");
	store_set(&s->container, "web");
	set_lines(&s->labels, "one\ntwo");
	s->state = STORE_PARTLY;
	s->origin = STORE_CONFIGURED;
	s->trouble = g_strdup("one file could not be read");
	s->tried = 1700000001;
	s->seen = 1700000002;
	s->certs = 4000000000u;
	s->keys = 7;
	s->is_writable = true;
	s->has_secret = true;
	return s;
}

static void test_store(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(store) s = full_store();
	struct shelf *shelf;
	struct store *is;

	put_item(db, &store_type, s);
	is = load_one(db, &store_type, s->id, &shelf);
	g_assert_nonnull(is);
	g_assert_cmpstr(is->account, ==, s->account);
	g_assert_cmpstr(is->provider, ==, s->provider);
	g_assert_cmpstr(is->type, ==, s->type);
	g_assert_cmpstr(is->title, ==, s->title);
	g_assert_cmpstr(is->address, ==, s->address);
	g_assert_cmpstr(is->network, ==, s->network);
	g_assert_cmpstr(is->container, ==, s->container);
	g_assert_cmpstrv(is->labels, s->labels);
	g_assert_cmpint(is->state, ==, s->state);
	g_assert_cmpint(is->origin, ==, s->origin);
	g_assert_cmpstr(is->trouble, ==, s->trouble);
	g_assert_cmpint(is->tried, ==, s->tried);
	g_assert_cmpint(is->seen, ==, s->seen);
	g_assert_cmpuint(is->certs, ==, s->certs);
	g_assert_cmpuint(is->keys, ==, s->keys);
	g_assert_true(is->is_writable && is->has_secret);
	shelf_free(shelf);
}

static void test_empty_store(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(store) s = store_new("x");
	struct shelf *shelf;
	struct store *is;

	put_item(db, &store_type, s);
	is = load_one(db, &store_type, "x", &shelf);
	g_assert_cmpstr(is->title, ==, "");
	g_assert_null(is->trouble);
	g_assert_nonnull(is->labels);
	g_assert_null(is->labels[0]);
	g_assert_cmpint(is->state, ==, STORE_NEW);
	shelf_free(shelf);
}

static void test_request(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(request) r = request_new("local/ca:/srv/ca/pending/web1.csr");
	struct shelf *shelf;
	struct request *is;

	store_set(&r->account, "a");
	store_set(&r->provider, "p");
	store_set(&r->store, "s");
	store_set(&r->type, "sign");
	store_set(&r->title, "www.example.org");
	set_lines(&r->names, "www.example.org\nexample.org");
	r->state = REQUEST_WAITS_CA;
	store_set(&r->theirs, "PENDING");
	store_set(&r->asked_by, "bob");
	store_set(&r->reason, "why");
	store_set(&r->oddities, "one thing\nanother");
	store_set(&r->digest, "00ff");
	store_set(&r->result, "ff00");
	r->since = 1;
	r->due = 2;
	r->ended = 3;
	put_item(db, &request_type, r);
	is = load_one(db, &request_type, r->id, &shelf);
	g_assert_cmpstr(is->account, ==, "a");
	g_assert_cmpstr(is->provider, ==, "p");
	g_assert_cmpstr(is->store, ==, "s");
	g_assert_cmpstr(is->type, ==, "sign");
	g_assert_cmpstr(is->title, ==, "www.example.org");
	g_assert_cmpstrv(is->names, r->names);
	g_assert_cmpint(is->state, ==, REQUEST_WAITS_CA);
	g_assert_cmpstr(is->theirs, ==, "PENDING");
	g_assert_cmpstr(is->asked_by, ==, "bob");
	g_assert_cmpstr(is->reason, ==, "why");
	g_assert_cmpstr(is->oddities, ==, "one thing\nanother");
	g_assert_cmpstr(is->digest, ==, "00ff");
	g_assert_cmpstr(is->result, ==, "ff00");
	g_assert_cmpint(is->since * 100 + is->due * 10 + is->ended, ==, 123);
	shelf_free(shelf);
	g_assert_true(db_item_drop(db, &request_type, r->id, NULL));
	g_assert_null(load_one(db, &request_type, r->id, &shelf));
	shelf_free(shelf);
}

static void test_discovery(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(discovery) d = discovery_new("local/endpoint:www:443");
	struct shelf *shelf;
	struct discovery *is;

	store_set(&d->account, "a");
	store_set(&d->provider, "p");
	store_set(&d->type, "endpoint");
	store_set(&d->title, "www");
	store_set(&d->address, "www:443");
	store_set(&d->network, "eastus");
	store_set(&d->container, "rg-web");
	store_set(&d->what, "TLS");
	store_set(&d->decided_by, "bob");
	d->is_writable = true;
	d->state = DISCOVERY_IGNORED;
	d->certs = 3;
	d->first_seen = 1;
	d->last_seen = 2;
	d->decided = 3;
	put_item(db, &discovery_type, d);
	is = load_one(db, &discovery_type, d->id, &shelf);
	g_assert_cmpstr(is->account, ==, "a");
	g_assert_cmpstr(is->provider, ==, "p");
	g_assert_cmpstr(is->type, ==, "endpoint");
	g_assert_cmpstr(is->title, ==, "www");
	g_assert_cmpstr(is->address, ==, "www:443");
	g_assert_cmpstr(is->network, ==, "eastus");
	g_assert_cmpstr(is->container, ==, "rg-web");
	g_assert_cmpstr(is->what, ==, "TLS");
	g_assert_cmpstr(is->decided_by, ==, "bob");
	g_assert_true(is->is_writable);
	g_assert_cmpint(is->state, ==, DISCOVERY_IGNORED);
	g_assert_cmpuint(is->certs, ==, 3);
	g_assert_cmpint(is->first_seen * 100 + is->last_seen * 10 + is->decided, ==, 123);
	shelf_free(shelf);
}

/* What was learnt comes back; answers and the rest are not kept here. */
static void test_account(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(account) a = account_new("aws:prod");
	struct shelf *shelf;
	struct account *is;

	store_set(&a->provider, "aws");
	store_set(&a->title, "Production");
	store_set(&a->who, "arn:aws:iam::1:user/x");
	store_set(&a->secret_from, "~/.aws/credentials [prod]");
	store_set(&a->verdict, "signed in");
	args_set(a->answers, "region", "eu-north-1");
	a->secret_ends = 1;
	a->tested = 2;
	a->has_worked = true;
	a->looked = 4711;
	store_set(&a->rights, "it may look");
	store_set(&a->may_not, "revoke||what=x|revoke: y\nrenew|||renew: z\n");
	a->told = 4712;
	put_item(db, &account_type, a);
	is = load_one(db, &account_type, a->id, &shelf);
	g_assert_cmpstr(is->provider, ==, "aws");
	g_assert_cmpstr(is->title, ==, "");
	g_assert_cmpstr(is->who, ==, "arn:aws:iam::1:user/x");
	g_assert_cmpstr(is->secret_from, ==, "~/.aws/credentials [prod]");
	g_assert_cmpstr(is->verdict, ==, "signed in");
	g_assert_true(is->has_worked);
	g_assert_cmpint(is->looked, ==, 4711);
	g_assert_cmpstr(is->rights, ==, "it may look");
	g_assert_cmpstr(is->may_not, ==, a->may_not);
	g_assert_cmpint(is->told, ==, 4712);
	g_assert_null(args_get(is->answers, "region"));
	g_assert_cmpint(is->secret_ends * 10 + is->tested, ==, 12);
	shelf_free(shelf);
	g_assert_true(db_item_drop(db, &account_type, a->id, NULL));
	g_assert_null(load_one(db, &account_type, a->id, &shelf));
	shelf_free(shelf);
}

static void test_object(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(object) o = object_new("prod/pki/role/web");
	struct shelf *shelf;

	store_set(&o->account, "prod");
	store_set(&o->provider, "vault");
	store_set(&o->store, "prod/pki");
	store_set(&o->type, "role");
	store_set(&o->name, "web");
	store_set(&o->summary, "domains example.com");
	store_set(&o->state, "active");
	store_set(&o->can, "object-edit");
	o->tone = TONE_GOOD;
	object_add_fact(o, "ttl", "3d");
	object_add_fact(o, "max_ttl", "90d");
	object_add_answer(o, "ttl", "3d");
	store_set(&o->parts, "{}\n{}");
	store_set(&o->of, "type/7");
	store_set(&o->place, "store:4711");
	put_item(db, &object_type, o);
	g_assert_true(object_is_same(load_one(db, &object_type, o->id, &shelf), o));
	shelf_free(shelf);
	g_assert_true(db_item_drop(db, &object_type, o->id, NULL));
	g_assert_null(load_one(db, &object_type, o->id, &shelf));
	shelf_free(shelf);
}

static void test_domain(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(domain) d = domain_new("local/www.example.org");
	struct shelf *shelf;
	struct domain *is;

	d->account = "a";
	d->provider = "p";
	d->validation = "valid";
	d->method = "dns";
	d->registration = "one";
	d->users = "two";
	d->state = DOMAIN_PENDING;
	d->record = g_strdup("_a.www.example.org. 300 IN CNAME b.example.net.");
	d->validated = 4;
	d->validated_until = 5;
	put_item(db, &domain_type, d);
	is = load_one(db, &domain_type, d->id, &shelf);
	g_assert_cmpstr(is->account, ==, "a");
	g_assert_cmpstr(is->provider, ==, "p");
	g_assert_cmpstr(is->name, ==, "www.example.org");
	g_assert_cmpstr(is->validation, ==, "valid");
	g_assert_true(domain_is_same(is, d));
	shelf_free(shelf);
}

static void test_job(void)
{
	g_autoptr(db) db = test_open(NULL);
	struct shelf *shelf;
	struct job *is;
	g_autoptr(GError) error = NULL;

	db_begin(db, NULL);
	for (uint64_t n = 1; n <= DB_JOBS_KEPT + 20; n++) {
		g_autoptr(job) j = job_new(n);

		j->verb = verb_table[VERB_EXPORT].name;
		store_set(&j->target, "three certificates");
		store_set(&j->store, "s");
		j->state = JOB_PARTLY;
		j->code = ERR_IO;
		j->said = g_strdup("said");
		set_lines(&j->troubles, "one\ntwo");
		j->done = 1;
		j->of = 2;
		j->asked = 3;
		j->began = 4;
		j->ended = 5;
		j->is_quiet = true;
		put_item(db, &job_type, j);
	}
	db_commit(db, &error);
	g_assert_no_error(error);
	is = load_one(db, &job_type, "100", &shelf);
	g_assert_cmpuint(shelf_count(shelf), ==, DB_JOBS_KEPT);
	g_assert_null(shelf_get(shelf, "20"));
	g_assert_nonnull(shelf_get(shelf, "21"));
	g_assert_cmpuint(is->number, ==, 100);
	g_assert_cmpstr(is->verb, ==, "export");
	g_assert_cmpstr(is->target, ==, "three certificates");
	g_assert_cmpstr(is->store, ==, "s");
	g_assert_cmpint(is->state, ==, JOB_PARTLY);
	g_assert_cmpint(is->code, ==, ERR_IO);
	g_assert_cmpstr(is->said, ==, "said");
	g_assert_cmpuint(g_strv_length(is->troubles), ==, 2);
	g_assert_cmpint(is->done * 10 + is->of, ==, 12);
	g_assert_cmpint(is->asked * 100 + is->began * 10 + is->ended, ==, 345);
	g_assert_true(is->is_quiet);
	shelf_free(shelf);
}

/* What somebody else wrote into the file. */
static void test_hostile_items(void)
{
	g_autofree char *path = test_path();
	g_autoptr(store) s = full_store();
	g_autoptr(request) r = request_new("r");
	g_autoptr(job) j = job_new(1);
	struct db *db = test_open(path);
	struct shelf *shelf;
	struct store *is;

	put_item(db, &store_type, s);
	put_item(db, &request_type, r);
	put_item(db, &job_type, j);
	db_close(db);
	test_tamper(path, "UPDATE store SET title = 'a' || char(27) || ']0;x' || char(7),"
			  " account = CAST(x'41ff42' AS TEXT), network = x'410042',"
			  " labels = 'x' || char(10) || char(0x202e) || 'y', state = 99,"
			  " origin = -1, certs = -5, keys = 1 << 40, seen = -1,"
			  " tried = 9223372036854775807, type = NULL,"
			  " container = printf('%.*c', 100000, 'x'), trouble = 17");
	test_tamper(path, "INSERT INTO store(id) VALUES(NULL), (''), (x'00'), ('bare')");
	test_tamper(path, "UPDATE request SET state = 4711, names = NULL");
	test_tamper(path, "UPDATE job SET verb = 'rm', state = 1, id = 'no number',"
			  " code = 1000000, done = -1");
	db = test_open(path);

	is = load_one(db, &store_type, s->id, &shelf);
	g_assert_nonnull(is);
	g_assert_nonnull(strstr(is->title, "\\x1b"));
	g_assert_null(strchr(is->title, 27));
	g_assert_true(g_utf8_validate(is->account, -1, NULL));
	g_assert_nonnull(strstr(is->network, "\\0"));
	g_assert_cmpuint(g_strv_length(is->labels), ==, 2);
	g_assert_null(strstr(is->labels[1], "\xe2\x80\xae"));
	g_assert_cmpint(is->state, ==, STORE_NEW);
	g_assert_cmpint(is->origin, ==, STORE_ADDED);
	g_assert_cmpuint(is->certs, ==, 0);
	g_assert_cmpuint(is->keys, ==, UINT32_MAX);
	g_assert_cmpint(is->seen, ==, 0);
	g_assert_cmpint(is->tried, <, INT64_C(253402300800));
	g_assert_cmpstr(is->type, ==, "");
	g_assert_cmpstr(is->container, ==, "");
	g_assert_cmpstr(is->trouble, ==, "17");
	g_assert_nonnull(shelf_get(shelf, "bare"));
	g_assert_cmpstr(((struct store *)shelf_get(shelf, "bare"))->address, ==, "");
	g_assert_null(shelf_get(shelf, ""));
	shelf_free(shelf);

	g_assert_cmpint(((struct request *)load_one(db, &request_type, "r", &shelf))->state, ==,
			REQUEST_WAITS_PERSON);
	shelf_free(shelf);
	{
		struct job *job = load_one(db, &job_type, "0", &shelf);

		g_assert_cmpstr(job->verb, ==, "");
		g_assert_true(job_is_over(job));
		g_assert_cmpint(job->code, ==, ERR_FAILED);
		g_assert_cmpuint(job->done, ==, 0);
		shelf_free(shelf);
	}
	db_close(db);
}

static void test_interrupted(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(store) s = full_store();
	struct shelf *shelf;

	s->state = STORE_READING;
	put_item(db, &store_type, s);
	g_assert_cmpint(((struct store *)load_one(db, &store_type, s->id, &shelf))->state, ==,
			STORE_PARTLY);
	shelf_free(shelf);
	s->seen = 0;
	put_item(db, &store_type, s);
	g_assert_cmpint(((struct store *)load_one(db, &store_type, s->id, &shelf))->state, ==,
			STORE_NEW);
	shelf_free(shelf);
}

/* ---- what a store holds ---- */

/* Certificate number `n`: bytes that only it has. */
static struct db_cert cert(unsigned n)
{
	g_autofree char *text = g_strdup_printf("certificate %u", n);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	struct db_cert c;
	gsize len = sizeof(c.sha256);

	g_checksum_update(sum, (const guchar *)text, -1);
	g_checksum_get_digest(sum, c.sha256, &len);
	c.der = g_bytes_new(text, strlen(text));
	return c;
}

static char *hex_of(unsigned n, unsigned digits)
{
	g_autofree char *text = g_strdup_printf("certificate %u", n);
	char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	hex[digits] = '\0';
	return hex;
}

struct holdings {
	struct intern *words;
	struct db *db;
};

/* Saves a refresh of `store` that found those numbers; DER comes with those ≥ fresh_from. */
static void refresh(struct holdings *h, const char *store, const unsigned *numbers, size_t n,
		    unsigned fresh_from)
{
	struct table_builder *b = table_builder_new(store, h->words);
	g_autoptr(store) s = store_new(store);
	g_autoptr(table) table = NULL;
	g_autoptr(GBytes) memo = g_bytes_new(store, strlen(store));
	g_autofree struct db_cert *fresh = g_new(struct db_cert, n + 1);
	g_autoptr(GError) error = NULL;
	size_t n_fresh = 0;

	for (size_t i = 0; i < n; i++) {
		struct facts f = { .has_digest = true, .name = (char *)"www.example.org",
				   .issuer = (char *)"CA", .key = (char *)"EC P-256",
				   .signature = (char *)"SHA-256", .serial = (char *)"01" };
		struct db_cert c = cert(numbers[i]);

		memcpy(f.sha256, c.sha256, sizeof(f.sha256));
		table_builder_add(b, &f, "file.pem", 0);
		if (numbers[i] >= fresh_from)
			fresh[n_fresh++] = c;
		else
			g_bytes_unref(c.der);
	}
	table = table_builder_end(b, 1700000000);
	s->state = STORE_FINE;
	s->certs = (uint32_t)n;
	db_refresh_put(h->db, &(struct db_refresh){ .store = s, .table = table,
						    .words = h->words, .memo = memo,
						    .fresh = fresh, .n_fresh = n_fresh },
		       &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < n_fresh; i++)
		g_bytes_unref(fresh[i].der);
}

#define REFRESH(h, store, fresh_from, ...)                                       \
	refresh(h, store, (const unsigned[]){ __VA_ARGS__ },                     \
		sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned), fresh_from)

static bool has_der(struct db *db, unsigned n)
{
	g_autofree char *hex = hex_of(n, 64);
	g_autofree char *text = g_strdup_printf("certificate %u", n);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) der = db_cert_get(db, hex, &error);

	if (!der) {
		g_assert_error(error, ERR, ERR_NOT_FOUND);
		return false;
	}
	g_assert_cmpmem(g_bytes_get_data(der, NULL), g_bytes_get_size(der), text, strlen(text));
	return true;
}

static void begin(struct holdings *h, const char *path)
{
	h->words = intern_new();
	h->db = test_open(path);
}

static void end(struct holdings *h)
{
	db_close(h->db);
	intern_free(h->words);
}

static void test_refresh(void)
{
	struct holdings h;
	g_autoptr(table) table = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GBytes) memo = NULL;
	struct shelf *shelf;

	begin(&h, NULL);
	REFRESH(&h, "s1", 0, 1, 2, 3);
	table = db_rows_get(h.db, "s1", h.words, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(table->n, ==, 3);
	g_assert_cmpstr(table->store, ==, "s1");
	g_assert_cmpint(table->seen, ==, 1700000000);
	memo = db_memo_get(h.db, "s1");
	g_assert_cmpmem(g_bytes_get_data(memo, NULL), g_bytes_get_size(memo), "s1", 2);
	g_assert_cmpuint(((struct store *)load_one(h.db, &store_type, "s1", &shelf))->certs, ==,
			 3);
	shelf_free(shelf);

	g_assert_null(db_memo_get(h.db, "s2"));
	g_assert_null(db_rows_get(h.db, "s2", h.words, NULL, &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	list = db_rows_list(h.db, 0, NULL);
	g_assert_cmpuint(list->len, ==, 1);
	end(&h);
}

/* Which stores changed, as another process would ask. */
static void test_change_number(void)
{
	struct holdings h;
	int64_t number;

	begin(&h, NULL);
	g_assert_cmpint(db_change_number(h.db), ==, 0);
	REFRESH(&h, "s1", 0, 1);
	REFRESH(&h, "s2", 0, 2);
	number = db_change_number(h.db);
	REFRESH(&h, "s1", 0, 1, 3);
	{
		g_autoptr(GPtrArray) list = db_rows_list(h.db, number, NULL);

		g_assert_cmpuint(list->len, ==, 1);
		g_assert_cmpstr(list->pdata[0], ==, "s1");
	}
	g_assert_cmpint(db_change_number(h.db), ==, number + 1);
	end(&h);
}

/* A certificate's bytes stay for as long as one store has it. */
static void test_references(void)
{
	struct holdings h;

	begin(&h, NULL);
	REFRESH(&h, "s1", 0, 1, 2, 3, 3);
	REFRESH(&h, "s2", 0, 3, 4);
	g_assert_cmpuint(db_cert_count(h.db), ==, 4);
	REFRESH(&h, "s1", 100, 1, 3);		/* unchanged ones come without DER */
	g_assert_true(has_der(h.db, 1) && has_der(h.db, 3) && has_der(h.db, 4));
	g_assert_false(has_der(h.db, 2));
	REFRESH(&h, "s1", 100, 1, 4);		/* 4: the DER is there by way of s2 */
	REFRESH(&h, "s2", 100, 3);
	g_assert_true(has_der(h.db, 1) && has_der(h.db, 3) && has_der(h.db, 4));
	g_assert_true(db_item_drop(h.db, &store_type, "s2", NULL));
	g_assert_false(has_der(h.db, 3));
	g_assert_true(has_der(h.db, 4));
	REFRESH(&h, "s1", 0, 1, 4);		/* the same DER again */
	REFRESH(&h, "s1", 0, 4);
	g_assert_false(has_der(h.db, 1));
	g_assert_true(db_item_drop(h.db, &store_type, "s1", NULL));
	g_assert_cmpuint(db_cert_count(h.db), ==, 0);
	g_assert_null(db_memo_get(h.db, "s1"));
	end(&h);
}

/* Another name for all that it holds, also for those who look what has changed. */
static void test_move(void)
{
	struct holdings h;
	int64_t number;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GBytes) memo = NULL;

	begin(&h, NULL);
	REFRESH(&h, "s1", 0, 1, 2);
	REFRESH(&h, "s2", 0, 2);
	number = db_change_number(h.db);
	g_assert_true(db_store_move(h.db, "s1", "s9", NULL));
	g_assert_true(db_item_drop(h.db, &store_type, "s1", NULL));
	g_assert_true(has_der(h.db, 1) && has_der(h.db, 2));
	list = db_rows_list(h.db, number, NULL);
	g_assert_cmpuint(list->len, ==, 1);
	g_assert_cmpstr(list->pdata[0], ==, "s9");
	memo = db_memo_get(h.db, "s9");
	g_assert_nonnull(memo);
	g_assert_true(db_item_drop(h.db, &store_type, "s9", NULL));
	g_assert_false(has_der(h.db, 1));
	end(&h);
}

/* Labels that another process set while this one was reading the store. */
static void test_labels_stay(void)
{
	struct holdings h;
	g_autoptr(store) s = store_new("s1");
	struct shelf *shelf;
	struct store *is;

	begin(&h, NULL);
	store_set(&s->container, "web");
	store_set(&s->title, "mine");
	set_lines(&s->labels, "one");
	s->has_secret = true;
	put_item(h.db, &store_type, s);
	REFRESH(&h, "s1", 0, 1, 2);
	is = load_one(h.db, &store_type, "s1", &shelf);
	g_assert_cmpstr(is->container, ==, "web");
	g_assert_cmpstr(is->title, ==, "mine");
	g_assert_cmpuint(g_strv_length(is->labels), ==, 1);
	g_assert_true(is->has_secret);
	g_assert_cmpint(is->state, ==, STORE_FINE);
	g_assert_cmpuint(is->certs, ==, 2);
	shelf_free(shelf);
	end(&h);
}

static void test_prefix(void)
{
	struct holdings h;
	unsigned numbers[200];

	begin(&h, NULL);
	for (unsigned i = 0; i < 200; i++)
		numbers[i] = i;
	refresh(&h, "s1", numbers, 200, 0);
	for (unsigned i = 0; i < 200; i++) {
		for (unsigned digits = 5; digits <= 64; digits += 1 + digits / 4) {
			g_autofree char *hex = hex_of(i, digits);
			g_autofree char *upper = g_ascii_strup(hex, -1);
			g_autoptr(GBytes) der = db_cert_get(h.db, hex, NULL);
			g_autoptr(GBytes) same = db_cert_get(h.db, upper, NULL);
			g_autofree char *text = g_strdup_printf("certificate %u", i);

			if (digits < 10 && !der)
				continue;	/* shared by two of them */
			g_assert_nonnull(der);
			g_assert_nonnull(same);
			g_assert_cmpmem(g_bytes_get_data(der, NULL), g_bytes_get_size(der),
					text, strlen(text));
		}
	}
	for (unsigned i = 0; i < 200; i++) {
		g_autofree char *hex = hex_of(i, 1);
		g_autoptr(GError) error = NULL;

		g_assert_null(db_cert_get(h.db, hex, &error));
		g_assert_error(error, ERR, ERR_USAGE);
	}
	for (size_t i = 0; i < 4; i++) {
		static const char *const bad[] = { "", "xyz", "00 ", "-1" };
		g_autoptr(GError) error = NULL;

		g_assert_null(db_cert_get(h.db, bad[i], &error));
		g_assert_error(error, ERR, ERR_USAGE);
	}
	end(&h);
}

static void test_hostile_holdings(void)
{
	g_autofree char *path = test_path();
	g_autofree char *hex = hex_of(1, 64);
	g_autoptr(GError) error = NULL;
	struct holdings h;

	begin(&h, path);
	REFRESH(&h, "s1", 0, 1, 2);
	end(&h);
	test_tamper(path, "UPDATE cert SET der = x'3000'");
	test_tamper(path, "UPDATE rows SET body = substr(body, 1, length(body) / 2)");
	test_tamper(path, "UPDATE prints SET body = body || x'010203'");
	begin(&h, path);
	g_assert_null(db_cert_get(h.db, hex, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_clear_error(&error);
	g_assert_null(db_rows_get(h.db, "s1", h.words, NULL, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	REFRESH(&h, "s1", 0, 1);
	g_assert_cmpuint(db_cert_count(h.db), ==, 1);
	end(&h);
}

/* Many at once; with -m perf it says how long 100,000 take. */
static void test_many(void)
{
	g_autofree char *path = test_path();
	unsigned n = g_test_perf() ? 100000 : 3000;
	g_autofree unsigned *numbers = g_new(unsigned, n);
	struct holdings h;

	for (unsigned i = 0; i < n; i++)
		numbers[i] = i;
	begin(&h, path);
	g_test_timer_start();
	refresh(&h, "s1", numbers, n, 0);
	g_test_message("%u certificates saved in %.2f s", n, g_test_timer_elapsed());
	g_assert_cmpuint(db_cert_count(h.db), ==, n);
	g_test_timer_start();
	refresh(&h, "s1", numbers, n - 1, n);
	g_test_message("saved again, one gone, in %.2f s", g_test_timer_elapsed());
	g_assert_cmpuint(db_cert_count(h.db), ==, n - 1);
	end(&h);
}

/* ---- small things ---- */

static void test_page(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(GBytes) page = g_bytes_new("page", 4);
	g_autofree char *large = g_malloc0(DB_PAGE_MAX + 1);
	g_autoptr(GBytes) too_large = g_bytes_new_static(large, DB_PAGE_MAX + 1);
	g_autoptr(GBytes) is = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_null(db_page_get(db));
	g_assert_true(db_page_put(db, page, NULL));
	g_assert_false(db_page_put(db, too_large, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	is = db_page_get(db);
	g_assert_true(g_bytes_equal(is, page));
}

static void test_settings(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autofree char *large = g_strnfill(DB_SETTING_MAX + 1, 'x');
	g_autofree char *value = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_null(db_setting_get(db, "tab.certs.order"));
	g_assert_true(db_setting_put(db, "tab.certs.order", "expires", NULL));
	g_assert_true(db_setting_put(db, "tab.certs.order", "name'; DROP TABLE setting", NULL));
	value = db_setting_get(db, "tab.certs.order");
	g_assert_cmpstr(value, ==, "name'; DROP TABLE setting");
	g_assert_false(db_setting_put(db, "x", large, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_assert_true(db_setting_put(db, "tab.certs.order", NULL, NULL));
	g_assert_null(db_setting_get(db, "tab.certs.order"));
}

static void test_notices(void)
{
	g_autoptr(db) db = test_open(NULL);
	bool is_first = false;

	g_assert_true(db_notice_take(db, "5e3f 30d bob", &is_first, NULL));
	g_assert_true(is_first);
	g_assert_true(db_notice_take(db, "5e3f 30d bob", &is_first, NULL));
	g_assert_false(is_first);
	g_assert_true(db_notice_drop(db, "5e3f 30d bob", NULL));
	g_assert_true(db_notice_take(db, "5e3f 30d bob", &is_first, NULL));
	g_assert_true(is_first);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/db-state/store", test_store);
	g_test_add_func("/db-state/empty-store", test_empty_store);
	g_test_add_func("/db-state/request", test_request);
	g_test_add_func("/db-state/discovery", test_discovery);
	g_test_add_func("/db-state/account", test_account);
	g_test_add_func("/db-state/domain", test_domain);
	g_test_add_func("/db-state/object", test_object);
	g_test_add_func("/db-state/job", test_job);
	g_test_add_func("/db-state/hostile-items", test_hostile_items);
	g_test_add_func("/db-state/interrupted", test_interrupted);
	g_test_add_func("/db-state/refresh", test_refresh);
	g_test_add_func("/db-state/change-number", test_change_number);
	g_test_add_func("/db-state/references", test_references);
	g_test_add_func("/db-state/labels-stay", test_labels_stay);
	g_test_add_func("/db-state/move", test_move);
	g_test_add_func("/db-state/prefix", test_prefix);
	g_test_add_func("/db-state/hostile-holdings", test_hostile_holdings);
	g_test_add_func("/db-state/many", test_many);
	g_test_add_func("/db-state/page", test_page);
	g_test_add_func("/db-state/settings", test_settings);
	g_test_add_func("/db-state/notices", test_notices);
	return g_test_run();
}
