/* Snapshots with known content. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/detail.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/facts.h>
#include <certty/model/mark.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/model/verb.h>

#define DAY CLOCK_DAY

const char *const fixture_names[] = { "five-certs", "empty", "loading", "failed", "offline",
				      "read-only", "hostile", "many", "working", NULL };

struct maker {
	struct snapshot *snap;
	struct intern *words;
	int64_t now;
	struct shelf *shelf[KIND_COUNT];
	struct shelf *details;
	GPtrArray *tables;
};

static void begin(struct maker *m, int64_t now, struct intern *words)
{
	static const struct item_type *const types[KIND_COUNT] = {
		[KIND_STORES] = &store_type,       [KIND_REQUESTS] = &request_type,
		[KIND_DISCOVERY] = &discovery_type, [KIND_DOMAINS] = &domain_type,
		[KIND_JOBS] = &job_type,           [KIND_ACCOUNTS] = &account_type,
	};

	*m = (struct maker){ snapshot_new(words), words, now };
	m->snap->made = now;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (types[kind])
			m->shelf[kind] = shelf_new(types[kind]);
	m->details = shelf_new(&detail_type);
	m->tables = g_ptr_array_new_with_free_func((GDestroyNotify)table_unref);
}

/* A store without certificates still has a table: table numbers are those of the stores. */
static GPtrArray *tables_in_order(struct maker *m, const struct items *stores)
{
	GPtrArray *ordered = g_ptr_array_new_with_free_func((GDestroyNotify)table_unref);

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *store = stores->item[i];
		struct table *found = NULL;

		for (guint t = 0; t < m->tables->len; t++)
			if (!strcmp(((struct table *)m->tables->pdata[t])->store, store->id))
				found = table_ref(m->tables->pdata[t]);
		if (!found)
			found = table_builder_end(table_builder_new(store->id, m->words),
						  store->seen);
		g_ptr_array_add(ordered, found);
	}
	return ordered;
}

static struct snapshot *end(struct maker *m)
{
	struct snapshot *s = m->snap;
	g_autoptr(GPtrArray) tables = NULL;

	for (int kind = 0; kind < KIND_COUNT; kind++) {
		if (!m->shelf[kind])
			continue;
		items_unref(s->kind[kind]);
		s->kind[kind] = shelf_freeze(m->shelf[kind]);
		s->count[kind] = (uint32_t)s->kind[kind]->n;
		shelf_free(m->shelf[kind]);
	}
	items_unref(s->details);
	s->details = shelf_freeze(m->details);
	shelf_free(m->details);
	tables = tables_in_order(m, s->kind[KIND_STORES]);
	certs_unref(s->certs);
	s->certs = certs_new(NULL, (struct table *const *)tables->pdata, tables->len, m->words);
	s->count[KIND_CERTS] = s->certs->n;
	g_ptr_array_unref(m->tables);
	return s;
}

/* ---- stores and certificates ---- */

static void add_store(struct maker *m, const char *address, const char *type,
		      enum store_state state, bool writable, uint32_t certs)
{
	g_autofree char *id = g_strdup_printf("local/%s:%s", type, address);
	struct store *s = store_new(id);

	store_set(&s->account, "local");
	store_set(&s->provider, "local");
	store_set(&s->type, type);
	store_set(&s->title, address);
	store_set(&s->address, address);
	s->state = state;
	s->origin = strchr(address, ':') ? STORE_ADDED : STORE_BUILT_IN;
	s->is_writable = writable;
	s->certs = certs;
	s->tried = m->now - 60;
	s->seen = state == STORE_FAILED || state == STORE_NEW ? 0 : m->now - 3600;
	if (state == STORE_FAILED)
		store_set(&s->trouble, "reading it: permission was refused (EACCES); run "
				       "certty as a user who may read it");
	shelf_put(m->shelf[KIND_STORES], s);
}

struct sample {
	const char *name, *issuer, *key;
	int days_ago, days_left;
	uint32_t marks;
};

static void add_cert(struct table_builder *b, const struct maker *m, const struct sample *c,
		     const char *alias)
{
	struct facts f = { 0 };
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, c->name, -1);

	for (int i = 0; i < 32; i++) {
		unsigned byte;

		sscanf(digest + 2 * i, "%2x", &byte);
		f.sha256[i] = (uint8_t)byte;
	}
	f.has_digest = true;
	f.name = (char *)c->name;
	f.issuer = (char *)c->issuer;
	f.key = (char *)c->key;
	f.signature = (char *)"SHA-256";
	f.serial = (char *)"01";
	f.not_before = m->now - c->days_ago * (int64_t)DAY;
	f.not_after = m->now + c->days_left * (int64_t)DAY + DAY / 2;
	f.marks = c->marks | MARK_LEAF;
	table_builder_add(b, &f, alias, f.marks);
}

static const struct sample five[] = {
	{ "www.example.com", "R11", "EC P-256", 84, 6, MARK_KEY },
	{ "api.example.com", "R11", "RSA 2048", 81, 9, MARK_KEY },
	{ "kungligatekniskahögskolan.example", "GEANT OV RSA CA 4", "RSA 4096", 334, 31, 0 },
	{ "*.internal.example", "Example Internal CA 2", "EC P-256", 25, 45, MARK_WILDCARD },
	{ "mail.example.org", "Old CA", "RSA 1024", 400, -3, MARK_WEAK_KEY },
};

static void add_samples(struct maker *m, const char *store, const struct sample *samples,
			size_t n)
{
	struct table_builder *b = table_builder_new(store, m->words);

	for (size_t i = 0; i < n; i++) {
		g_autofree char *alias = g_strdup_printf("%zu.pem", i);

		add_cert(b, m, &samples[i], alias);
	}
	g_ptr_array_add(m->tables, table_builder_end(b, m->now - 3600));
}

/* ---- the other kinds ---- */

static void add_request(struct maker *m, const char *name, enum request_state state,
			const char *oddities, int hours_ago)
{
	g_autofree char *id = g_strdup_printf("local/ca:/srv/ca/pending/%s.csr", name);
	g_autofree char *detail_id = g_strdup_printf("requests/%s", id);
	struct request *r = request_new(id);
	struct detail *d = detail_new(detail_id, name);

	store_set(&r->account, "local");
	store_set(&r->provider, "local");
	store_set(&r->store, "local/ca:/srv/ca");
	store_set(&r->type, "sign");
	store_set(&r->title, name);
	store_set(&r->asked_by, "anna");
	store_set(&r->oddities, oddities);
	store_set(&r->digest, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
	r->state = state;
	r->since = m->now - hours_ago * (int64_t)CLOCK_HOUR;
	shelf_put(m->shelf[KIND_REQUESTS], r);
	detail_add(d, TONE_PLAIN, "subject", "CN=%s,O=Example", name);
	detail_add(d, TONE_PLAIN, "names", "%s", name);
	detail_add(d, TONE_PLAIN, "", "www.%s", name);
	detail_add(d, TONE_PLAIN, "key", "EC P-256");
	detail_add(d, TONE_PLAIN, "file", "/srv/ca/pending/%s.csr", name);
	shelf_put(m->details, d);
}

static void add_finding(struct maker *m, const char *address, const char *what,
			enum discovery_state state)
{
	g_autofree char *id = g_strdup_printf("local/endpoint:%s", address);
	struct discovery *d = discovery_new(id);

	store_set(&d->account, "local");
	store_set(&d->provider, "local");
	store_set(&d->type, "endpoint");
	store_set(&d->title, address);
	store_set(&d->address, address);
	store_set(&d->what, what);
	d->state = state;
	d->certs = 1;
	d->first_seen = d->last_seen = m->now - 7200;
	shelf_put(m->shelf[KIND_DISCOVERY], d);
}

static void add_domain(struct maker *m, const char *name, uint32_t certs, int days)
{
	g_autofree char *id = g_strdup_printf("local/%s", name);
	struct domain *d = domain_new(id);

	d->account = d->provider = "local";
	d->certs = certs;
	d->expires = m->now + days * (int64_t)DAY;
	shelf_put(m->shelf[KIND_DOMAINS], d);
}

static void add_job(struct maker *m, uint64_t number, enum verb_id verb, const char *target,
		    enum job_state state, const char *said, uint64_t done, uint64_t of)
{
	struct job *j = job_new(number);

	j->verb = verb_table[verb].name;
	store_set(&j->target, target);
	store_set(&j->said, said);
	j->state = state;
	j->done = done;
	j->of = of;
	j->asked = j->began = m->now - 120;
	j->ended = job_is_over(j) ? m->now - 60 : 0;
	j->code = state == JOB_FAILED ? ERR_IO : ERR_FAILED;
	shelf_put(m->shelf[KIND_JOBS], j);
}

static void add_detail(struct maker *m)
{
	struct detail *d = detail_new("certs/", "www.example.com");
	g_autofree char *digest =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, "www.example.com", -1);

	g_free(d->id);
	d->id = g_strdup_printf("certs/%.16s", digest);
	detail_add(d, TONE_PLAIN, "names", "www.example.com");
	detail_add(d, TONE_PLAIN, "", "m.example.com");
	detail_add(d, TONE_PLAIN, "where", "/etc/ssl  0.pem  with its key");
	detail_add(d, TONE_PLAIN, "chain", "verifies to ISRG Root X1");
	detail_add(d, TONE_WARN, "expires", "2026-11-29 05:21:00Z, in 6 d");
	detail_add(d, TONE_DIM, "sha-256", "%s", digest);
	d->pem = g_strdup("-----BEGIN CERTIFICATE-----\nMIIBxjCCAWygAwIBAgIUfixture\n"
			  "-----END CERTIFICATE-----\n");
	d->text = g_strdup("Certificate:\n    Version: 3 (0x2)\n");
	d->json = g_strdup("{\n  \"name\": \"www.example.com\"\n}\n");
	shelf_put(m->details, d);
}

static void add_account(struct maker *m)
{
	struct account *a = account_new("local");

	store_set(&a->provider, "local");
	store_set(&a->title, "This machine");
	store_set(&a->who, "anna on bastion1");
	store_set(&a->secret_from, "none needed");
	shelf_put(m->shelf[KIND_ACCOUNTS], a);
}

/* ---- the snapshots ---- */

static void make_five(struct maker *m)
{
	add_store(m, "/etc/ssl", "folder", STORE_FINE, true, 4);
	add_store(m, "/etc/letsencrypt/live", "folder", STORE_FINE, false, 1);
	add_store(m, "mail.example.org:25", "endpoint", STORE_FINE, false, 1);
	add_samples(m, "local/folder:/etc/ssl", five, 4);
	add_samples(m, "local/folder:/etc/letsencrypt/live", five, 1);
	add_samples(m, "local/endpoint:mail.example.org:25", five + 4, 1);
	add_request(m, "web1.example.com", REQUEST_WAITS_PERSON, "", 5);
	add_request(m, "shop.example.com", REQUEST_WAITS_PERSON,
		    "asks to be a CA\nhas a name that no domain here covers", 30);
	add_request(m, "old.example.com", REQUEST_DENIED, "", 300);
	add_finding(m, "10.0.0.7:443", "TLS, CN intra.example, until 2027-01-09",
		    DISCOVERY_NEW);
	add_finding(m, "10.0.0.8:8443", "TLS, CN localhost, self-signed", DISCOVERY_NEW);
	add_finding(m, "10.0.0.9:993", "TLS, CN imap.example.org", DISCOVERY_IGNORED);
	add_domain(m, "www.example.com", 1, 6);
	add_domain(m, "api.example.com", 1, 9);
	add_job(m, 901, VERB_REFRESH, "3 stores", JOB_DONE, "read 3 stores", 3, 3);
	add_account(m);
	add_detail(m);
	m->snap->oldest = m->now - 3600;
}

static void make_empty(struct maker *m)
{
	add_account(m);
	m->snap->oldest = m->now - 60;
}

static void make_loading(struct maker *m)
{
	add_account(m);
	add_store(m, "/etc/ssl", "folder", STORE_READING, true, 0);
	add_store(m, "/etc/nginx", "folder", STORE_READING, true, 0);
	add_job(m, 902, VERB_REFRESH, "2 stores", JOB_RUNNING, "reading /etc/ssl", 120, 400);
	((struct snapshot *)m->snap)->stores_reading = 2;
	m->snap->jobs_running = 1;
}

static void make_failed(struct maker *m)
{
	add_account(m);
	add_store(m, "/etc/ssl/private", "folder", STORE_FAILED, false, 0);
	add_store(m, "db.example.org:5432", "endpoint", STORE_FAILED, false, 0);
	add_job(m, 903, VERB_REFRESH, "2 stores", JOB_FAILED, "none of 2 stores could be read",
		2, 2);
	m->snap->stores_failed = 2;
}

static void make_offline(struct maker *m)
{
	make_five(m);
	m->snap->is_offline = true;
}

static void make_read_only(struct maker *m)
{
	make_five(m);
	m->snap->is_read_only = true;
}

static void make_hostile(struct maker *m)
{
	g_autofree char *lengthy = g_strnfill(900, 'x');
	const struct sample bad[] = {
		{ "\\x1b[31mred.example", "R11", "RSA 2048", 10, 80, 0 },
		{ "evil\\u202egpj.example", "R11", "RSA 2048", 10, 81, 0 },
		{ "日本語日本語日本語日本語.example", "株式会社認証局", "EC P-256", 10, 82, 0 },
		{ "e\u0301a\u0308o\u0308.example", "O\u0308stra", "EC P-256", 10, 83, 0 },
		{ lengthy, "R11", "1.2.840.113549.1.9.16.3.14.1.5.9.2.6", 10, 84, 0 },
		{ "", "", "", 10, 3000000, 0 },
	};

	add_account(m);
	add_store(m, "/tmp/\\x1b]52;c;x\\x07", "folder", STORE_PARTLY, true, 6);
	add_samples(m, "local/folder:/tmp/\\x1b]52;c;x\\x07", bad, G_N_ELEMENTS(bad));
	m->snap->oldest = m->now - 10 * (int64_t)DAY;
}

static void make_many(struct maker *m)
{
	add_account(m);
	for (int s = 0; s < 50; s++) {
		g_autofree char *address = g_strdup_printf("/srv/certs/%02d", s);
		g_autofree char *id = g_strdup_printf("local/folder:%s", address);
		struct table_builder *b = table_builder_new(id, m->words);

		add_store(m, address, "folder", STORE_FINE, true, 100);
		for (int i = 0; i < 100; i++) {
			g_autofree char *name = g_strdup_printf("host%04d.example.net",
								s * 100 + i);
			g_autofree char *alias = g_strdup_printf("%d.pem", i);
			struct sample c = { name, i % 3 ? "R11" : "E5",
					    i % 2 ? "RSA 2048" : "EC P-256", 10 + i,
					    (s * 7 + i * 13) % 400 - 5, 0 };

			add_cert(b, m, &c, alias);
		}
		g_ptr_array_add(m->tables, table_builder_end(b, m->now - 3600));
	}
	m->snap->oldest = m->now - 3600;
}

static void make_working(struct maker *m)
{
	make_five(m);
	add_job(m, 910, VERB_REFRESH, "/etc/ssl", JOB_RUNNING, "reading /etc/ssl", 120, 400);
	add_job(m, 911, VERB_DISCOVER, "10.0.0.0/24", JOB_WAITING, NULL, 0, 0);
	add_job(m, 912, VERB_EXPORT, "www.example.com", JOB_FAILED,
		"/root/www.pem could not be written: permission was refused", 1, 1);
	m->snap->jobs_running = 2;
}

static void (*const makers[])(struct maker *m) = {
	make_five,      make_empty,   make_loading, make_failed,  make_offline,
	make_read_only, make_hostile, make_many,    make_working,
};

struct snapshot *fixture_snapshot(const char *name, int64_t now, struct intern *words)
{
	static uint64_t number;
	struct maker m;

	for (size_t i = 0; fixture_names[i]; i++) {
		if (strcmp(fixture_names[i], name))
			continue;
		begin(&m, now, words);
		makers[i](&m);
		m.snap->number = ++number;
		return end(&m);
	}
	return NULL;
}

struct snapshot *fixture_with_job(const struct snapshot *s, struct job *job)
{
	struct snapshot *fresh = snapshot_new((struct intern *)s->certs->words);
	struct shelf *jobs = shelf_new(&job_type);

	for (int kind = 0; kind < KIND_COUNT; kind++) {
		fresh->count[kind] = s->count[kind];
		if (kind == KIND_CERTS || kind == KIND_JOBS)
			continue;
		items_unref(fresh->kind[kind]);
		fresh->kind[kind] = items_ref(s->kind[kind]);
	}
	for (size_t i = 0; i < s->kind[KIND_JOBS]->n; i++)
		shelf_put(jobs, job_ref(s->kind[KIND_JOBS]->item[i]));
	shelf_put(jobs, job);
	items_unref(fresh->kind[KIND_JOBS]);
	fresh->kind[KIND_JOBS] = shelf_freeze(jobs);
	fresh->count[KIND_JOBS] = (uint32_t)fresh->kind[KIND_JOBS]->n;
	shelf_free(jobs);
	certs_unref(fresh->certs);
	fresh->certs = certs_ref(s->certs);
	items_unref(fresh->details);
	fresh->details = items_ref(s->details);
	fresh->oldest = s->oldest;
	fresh->made = s->made;
	fresh->number = s->number + 1;
	return fresh;
}
