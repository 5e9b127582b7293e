/* Snapshots with known content. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/deploy.h>
#include <certty/model/detail.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/facts.h>
#include <certty/model/mark.h>
#include <certty/model/object.h>
#include <certty/model/renewal.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/model/verb.h>

#define DAY CLOCK_DAY

const char *const fixture_names[] = { "five-certs", "empty", "loading", "failed", "offline",
				      "read-only", "hostile", "many", "working", "accounts",
				      "renamed", "services", "services-partly", "services-ordered",
				      "services-drift", "services-due", "domains", "objects", "eyes",
				      NULL };

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
		[KIND_OBJECTS] = &object_type,     [KIND_JOBS] = &job_type,
		[KIND_ACCOUNTS] = &account_type,   [KIND_DEPLOYS] = &deploy_type,
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

#define UNREAD (1u << 31)	/* among a sample's marks: its bytes are not known yet */

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
	f.has_digest = !(c->marks & UNREAD);
	f.name = (char *)c->name;
	f.issuer = (char *)(f.has_digest ? c->issuer : "");
	f.key = (char *)c->key;
	f.signature = (char *)"SHA-256";
	f.serial = (char *)"01";
	f.not_before = m->now - c->days_ago * (int64_t)DAY;
	f.not_after = m->now + c->days_left * (int64_t)DAY + DAY / 2;
	f.marks = (c->marks & ~UNREAD) | MARK_LEAF;
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

/* ---- domains ---- */

struct domain_sample {
	const char *name, *accounts;
	enum domain_state state;
	const char *validation, *method;
	uint32_t certs;
	int expires;		/* days from now; 0: no certificate */
	int validated;		/* days ago; -1: not known */
	int until;		/* days from now, as told; 0: not told */
	int life;		/* days, of the public certificate; 0: none */
	const char *registration, *users;
};

/* clang-format off */
static const struct domain_sample domain_samples[] = {
	{ "www.example.com",   "local prod",       DOMAIN_VALID,   "ISSUED",                      "dns",   3, 150,  48,   0, 198,
	  "none needed: ACM asks for proof of control alone", "" },
	{ "shop.example.com",  "prod",             DOMAIN_VALID,   "ISSUED",                      "email", 1,  85, 113,   0, 198,
	  "none needed: ACM asks for proof of control alone", "" },
	{ "new.example.net",   "prod",             DOMAIN_PENDING, "PENDING_VALIDATION",          "dns",   0,   0,  -1,   0,   0,
	  "none needed: ACM asks for proof of control alone", "" },
	{ "mail.example.org",  "prod staging",     DOMAIN_FAILED,  "renewal: FAILED",             "dns",   2,  12, 186,   0, 198,
	  "none needed: ACM asks for proof of control alone", "" },
	{ "example.org",       "uni",              DOMAIN_VALID,   "VALIDATED",                   "dns",   0,   0,  20, 178,   0,
	  "active since 2026-01-15", "Example University; Library" },
	{ "old.example.org",   "local",            DOMAIN_OVER,    "EXPIRED",                     "",      1,   3, 250,   0,   0, "", "" },
	{ "xn--bcher-kva.example.net", "local",    DOMAIN_UNKNOWN, "",                            "",      1,  33,  -1,   0, 398, "", "" },
	{ "intern.corp.example", "lab",            DOMAIN_UNKNOWN, "",                            "",     12, 200,  -1,   0,   0, "", "" },
};
/* clang-format on */

static void add_known_domain(struct maker *m, const struct domain_sample *is)
{
	struct domain *d = domain_new(is->name);

	d->account = is->accounts;
	d->provider = "cloud";
	d->state = is->state;
	d->validation = is->validation;
	d->method = is->method;
	d->certs = is->certs;
	d->expires = is->expires ? m->now + is->expires * (int64_t)DAY : 0;
	d->validated = is->validated >= 0 ? m->now - is->validated * (int64_t)DAY : 0;
	d->validated_until = is->until ? m->now + is->until * (int64_t)DAY : 0;
	d->public_until = is->life ? d->expires : 0;
	d->public_from = d->public_until - is->life * (int64_t)DAY;
	d->registration = is->registration;
	d->users = is->users;
	d->next = domain_next_rule(d, m->now);
	shelf_put(m->shelf[KIND_DOMAINS], d);
}

static void make_domains(struct maker *m)
{
	struct detail *d = detail_new("domains/shop.example.com", "shop.example.com");

	add_account(m);
	for (size_t i = 0; i < G_N_ELEMENTS(domain_samples); i++)
		add_known_domain(m, &domain_samples[i]);
	detail_add(d, TONE_GOOD, "state", "validated: ISSUED");
	detail_add(d, TONE_PLAIN, "how", "e-mail");
	detail_add(d, TONE_WARN, "rules", "2027-03-15  new certificates live 100 days at most");
	detail_add(d, TONE_NOTICE, "", "2028-03-15  mails show control no more");
	shelf_put(m->details, d);
	m->snap->domains_left_out = 2400;
	m->snap->oldest = m->now - 3600;
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

struct account_sample {
	const char *id, *provider, *who, *secret_from;
	int ends, tested;	/* days from now, hours ago; 0: none */
	enum account_origin origin;
	const char *trouble;
	bool is_read_only, by_site, is_disabled;
};

static void add_sample(struct maker *m, const struct account_sample *sample)
{
	struct account *a = account_new(sample->id);
	bool is_found = sample->origin == ACCOUNT_FOUND;

	store_set(&a->provider, sample->provider);
	store_set(&a->title, sample->id);
	store_set(&a->who, sample->who);
	store_set(&a->secret_from, sample->secret_from);
	store_set(&a->found_in, is_found ? sample->secret_from : "");
	a->secret_ends = sample->ends ? m->now + sample->ends * (int64_t)DAY : 0;
	a->has_worked = !sample->trouble;
	a->tested = sample->tested ? m->now - sample->tested * (int64_t)3600 : 0;
	a->origin = sample->origin;
	a->trouble = g_strdup(sample->trouble);
	a->is_read_only = sample->is_read_only || sample->by_site;
	a->is_read_only_by_site = sample->by_site;
	a->is_disabled = sample->is_disabled;
	args_set(a->answers, "from", "keys");
	args_set(a->answers, "key-id", "AKIA1234");
	args_set(a->answers, "secret", is_found ? "found" : "keyring");
	shelf_put(m->shelf[KIND_ACCOUNTS], a);
}

static void make_accounts(struct maker *m)
{
	static const struct account_sample samples[] = {
		{ "prod", "cloud", "deploy@4711", "keyring", 6, 2, ACCOUNT_CONFIGURED, NULL,
		  true, false, false },
		{ "staging", "cloud", "deploy@0815", "command", 90, 30, ACCOUNT_CONFIGURED, NULL,
		  false, false, false },
		{ "old", "cloud", "", "keyring (locked)", -3, 50, ACCOUNT_CONFIGURED,
		  "the keyring is locked: U unlocks it", false, false, false },
		{ "lab", "every", "root", "memory", 0, 0, ACCOUNT_CONFIGURED, NULL, false, true,
		  true },
		{ "cloud:default", "cloud", "anna", "~/.cloud/credentials [default]", 0, 1,
		  ACCOUNT_FOUND, NULL, false, false, false },
	};

	struct store *s;

	make_five(m);
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
		add_sample(m, &samples[i]);
	s = store_dup(shelf_get(m->shelf[KIND_STORES], "local/endpoint:mail.example.org:25"));
	store_set(&s->account, "old");
	shelf_put(m->shelf[KIND_STORES], s);
}

static void make_renamed(struct maker *m)
{
	struct account *live;

	make_accounts(m);
	live = account_dup(shelf_get(m->shelf[KIND_ACCOUNTS], "prod"));
	store_set(&live->id, "live");
	shelf_drop(m->shelf[KIND_ACCOUNTS], "prod");
	shelf_put(m->shelf[KIND_ACCOUNTS], live);
}

/* ---- a service with regions ---- */

static const char *const regions[] = {
	"af-south-1",	  "ap-east-1",	    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
	"ap-south-1",	  "ap-south-2",	    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
	"ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1",	"ca-west-1",
	"eu-central-1",	  "eu-central-2",   "eu-north-1",     "eu-south-1",	"eu-south-2",
	"eu-west-1",	  "eu-west-2",	    "eu-west-3",      "il-central-1",	"me-central-1",
	"me-south-1",	  "mx-central-1",   "sa-east-1",      "us-east-1",	"us-east-2",
	"us-west-1",	  "us-west-2",
};

static void add_service_store(struct maker *m, const char *local, const char *type,
			      const char *title, uint32_t certs, bool is_writable)
{
	g_autofree char *id = g_strdup_printf("prod/%s", local);
	struct store *s = store_new(id);

	store_set(&s->account, "prod");
	store_set(&s->provider, "cloud");
	store_set(&s->type, type);
	store_set(&s->title, title);
	s->origin = STORE_FOUND;
	s->state = STORE_FINE;
	s->is_writable = is_writable;
	s->certs = certs;
	s->tried = m->now - 60;
	s->seen = m->now - 60;
	shelf_put(m->shelf[KIND_STORES], s);
}

static const struct sample in_north[] = {
	{ "shop.example.org", "Amazon RSA 2048 M04", "RSA 2048", 340, 55, MARK_IN_USE },
	{ "www.example.org", "", "EC P-256", 12, 186, UNREAD },
	{ "cdn.example.org", "", "RSA 2048", 200, 20, UNREAD },
};

static const struct sample in_east[] = {
	{ "www.example.com", "R11", "EC P-256", 84, 6, 0 },
	{ "static.example.org", "", "RSA 2048", 200, 3, UNREAD },
};

struct waiting {
	const char *name, *theirs, *can, *records, *reason, *type;
	enum request_state state;
	int hours_ago, hours_left;	/* 0: no deadline */
	const char *warning;		/* or NULL */
};

#define CNAME "_3639ac514e785e898d2646601fa951d5.shop.example.net. 300 IN CNAME " \
	      "_98d2646601fa951d5.acm-validations.aws."

static const struct waiting waiting[] = {
	{ "shop.example.net", "Sync records", "publish sync withdraw", CNAME, "", "order",
	  REQUEST_WAITS_DNS, 2, 70 },
	{ "mail.example.net", "Pending validation", "resend sync withdraw", "", "", "order",
	  REQUEST_WAITS_PERSON, 60, 12 },
	{ "intern.example.net", "Validating", "sync withdraw", "", "", "order",
	  REQUEST_WAITS_PROVIDER, 1, 0 },
	{ "api.example.net", "Issued", "dismiss", "", "", "order", REQUEST_ISSUED, 30, 0 },
	{ "bad.example.net", "Failed", "dismiss", "",
	  "a CAA record of example.net does not allow Amazon: allow amazon.com there and order "
	  "again", "order", REQUEST_FAILED, 40, 0 },
	{ "slow.example.net", "Timed out", "dismiss", "",
	  "the records were not in DNS within 72 hours", "order", REQUEST_FAILED, 90, 0 },
	{ "cdn.example.org", "Renewal: action needed", "publish sync", CNAME, "", "renewal",
	  REQUEST_WAITS_DNS, 5, 20 * 24 },
	{ "static.example.org", "Renewal: failed", "sync dismiss", "",
	  "Amazon could not reach the name's servers", "renewal", REQUEST_FAILED, 5, 0 },
};

static void add_waiting(struct maker *m, const struct waiting *w, size_t n)
{
	g_autofree char *id = g_strdup_printf("prod/acm:eu-north-1/certificate/%08zu", n);
	struct request *r = request_new(id);

	store_set(&r->account, "prod");
	store_set(&r->provider, "cloud");
	store_set(&r->store, "prod/acm:eu-north-1");
	store_set(&r->type, w->type);
	store_set(&r->title, w->name);
	store_set(&r->theirs, w->theirs);
	store_set(&r->can, w->can);
	store_set(&r->records, w->records);
	store_set(&r->reason, w->reason);
	g_strfreev(r->names);
	r->names = g_strsplit(w->name, " ", -1);
	r->state = w->state;
	r->since = m->now - w->hours_ago * (int64_t)CLOCK_HOUR;
	r->due = w->hours_left ? m->now + w->hours_left * (int64_t)CLOCK_HOUR : 0;
	r->ended = request_is_waiting(r) ? 0 : m->now - (int64_t)CLOCK_HOUR;
	shelf_put(m->shelf[KIND_REQUESTS], r);
}

static void add_deploy(struct maker *m, size_t region, enum deploy_state state,
		       enum deploy_mode mode, const char *trouble)
{
	g_autofree char *store = g_strdup_printf("prod/acm:%s", regions[region]);
	g_autofree char *id = deploy_id(store, "certificate/0001");
	struct deploy *d = deploy_new(id);

	store_set(&d->account, "prod");
	store_set(&d->provider, "cloud");
	store_set(&d->store, store);
	store_set(&d->place, "certificate/0001");
	store_set(&d->title, "www.example.com");
	store_set(&d->key, "EC P-256");
	store_set(&d->from, "local/folder:/etc/ssl");
	d->trouble = g_strdup(trouble);
	d->state = state;
	d->mode = mode;
	d->since = m->now - 84 * (int64_t)DAY;
	shelf_put(m->shelf[KIND_DEPLOYS], d);
}

static void make_services(struct maker *m)
{
	static const struct account_sample prod = {
		"prod", "cloud", "deploy@4711", "keyring", 0, 2, ACCOUNT_CONFIGURED, NULL, false,
		false, false,
	};

	make_five(m);
	add_sample(m, &prod);
	for (size_t i = 0; i < G_N_ELEMENTS(regions); i++) {
		g_autofree char *local = g_strdup_printf("acm:%s", regions[i]);
		g_autofree char *title = g_strdup_printf("prod %s", regions[i]);
		uint32_t certs = !strcmp(regions[i], "eu-north-1") ? G_N_ELEMENTS(in_north) :
				 !strcmp(regions[i], "us-east-1") ? G_N_ELEMENTS(in_east) : 0;

		add_service_store(m, local, "acm", title, certs, true);
	}
	add_service_store(m, "iam", "iam", "prod IAM", 0, true);
	add_service_store(m, "ca:root", "private-ca", "prod CA Example Root", 0, false);
	add_samples(m, "prod/acm:eu-north-1", in_north, G_N_ELEMENTS(in_north));
	add_samples(m, "prod/acm:us-east-1", in_east, G_N_ELEMENTS(in_east));
	for (size_t i = 0; i < G_N_ELEMENTS(waiting); i++)
		add_waiting(m, &waiting[i], i);
	add_deploy(m, 28, DEPLOY_CURRENT, DEPLOY_AUTOMATIC, NULL);
	add_deploy(m, 17, DEPLOY_OLDER, DEPLOY_AUTOMATIC,
		   "eu-north-1 refused the import: LimitExceeded");
	add_deploy(m, 15, DEPLOY_DUE, DEPLOY_PROPOSE, NULL);
	add_deploy(m, 20, DEPLOY_OTHER, DEPLOY_OFF, NULL);
	add_deploy(m, 21, DEPLOY_GONE, DEPLOY_OFF, NULL);
	add_deploy(m, 22, DEPLOY_UNKNOWN, DEPLOY_PROPOSE, NULL);
}

/* An order that was given just now. */
static void make_services_ordered(struct maker *m)
{
	static const struct waiting ordered = {
		"new.example.org", "Deploy challenge", "publish sync withdraw", CNAME, "",
		"order", REQUEST_WAITS_PERSON, 0, 72,
	};

	make_services(m);
	add_waiting(m, &ordered, G_N_ELEMENTS(waiting));
}

/* One region of it could not be read, another only in part. */
static void make_services_partly(struct maker *m)
{
	struct store *s;

	make_services(m);
	s = store_dup(shelf_get(m->shelf[KIND_STORES], "prod/acm:us-east-1"));
	s->state = STORE_FAILED;
	s->seen = m->now - 3 * (int64_t)DAY;
	store_set(&s->trouble, "prod us-east-1: acm:ListCertificates is not allowed for deploy");
	shelf_put(m->shelf[KIND_STORES], s);
	s = store_dup(shelf_get(m->shelf[KIND_STORES], "prod/acm:eu-north-1"));
	s->state = STORE_PARTLY;
	store_set(&s->trouble, "2 of 3 certificates could not be read: acm:GetCertificate is not "
			       "allowed for deploy");
	shelf_put(m->shelf[KIND_STORES], s);
	m->snap->stores_failed = 1;
}

/* What the engine tells of a proposal. */
static void add_proposal(struct maker *m, const char *about)
{
	g_autofree char *id = g_strconcat("deploy/", about, NULL);
	g_autofree char *detail_id = g_strconcat("requests/", id, NULL);
	struct request *r = request_new(id);
	struct detail *d = detail_new(detail_id, "www.example.com");
	const char *now = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
	const char *newer = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

	store_set(&r->account, "prod");
	store_set(&r->provider, "cloud");
	store_set(&r->store, "prod/acm:eu-central-1");
	store_set(&r->type, DEPLOY_REQUEST);
	store_set(&r->title, "www.example.com");
	store_set(&r->theirs, "Deployment proposed");
	store_set(&r->can, "approve dismiss");
	store_set(&r->digest, newer);
	r->state = REQUEST_WAITS_PERSON;
	r->since = m->now - CLOCK_HOUR;
	shelf_put(m->shelf[KIND_REQUESTS], r);
	detail_add(d, TONE_WARN, "Approving", "puts the newer certificate there, with its private "
					      "key, in place of the older one");
	detail_add(d, TONE_PLAIN, "Where", "prod eu-central-1  certificate/0001");
	detail_add(d, TONE_PLAIN, "Must stay", "the kind of key: EC P-256");
	detail_add(d, TONE_PLAIN, "", "the names: www.example.com");
	detail_add(d, TONE_PLAIN, "Now", "valid 2026-08-30 17:21:00Z to 2026-11-28 17:21:00Z");
	detail_add(d, TONE_PLAIN, "SHA-256", "%s", now);
	detail_add(d, TONE_PLAIN, "New", "valid 2026-11-20 17:21:00Z to 2027-02-18 17:21:00Z");
	detail_add(d, TONE_PLAIN, "SHA-256", "%s", newer);
	shelf_put(m->details, d);
}

static void add_users(struct maker *m, const char *name)
{
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
	g_autofree char *id = g_strdup_printf("certs/%.16s", digest);
	struct detail *d = detail_new(id, name);

	detail_add(d, TONE_PLAIN, "Where", "prod eu-north-1  certificate/0000");
	detail_add(d, TONE_PLAIN, "Type", "Amazon issued");
	detail_add(d, TONE_PLAIN, "In use by", "load balancer app/front-1 in eu-north-1");
	detail_add(d, TONE_PLAIN, "", "CloudFront distribution E2QWRUHEXAMPLE");
	detail_add(d, TONE_DIM, "", "as of when its details were read; others may have come since");
	detail_add(d, TONE_PLAIN, "Renewal by AWS",
		   "yes: it is in use by 2 AWS resources; ACM renews it before its end");
	shelf_put(m->details, d);
}

/* A region that still has the older certificate, what is proposed for it, and who uses another. */
static void make_services_drift(struct maker *m)
{
	static const struct sample old[] = {
		{ "www.example.net", "R11", "EC P-256", 84, 6, MARK_DRIFT },
	};
	static const struct waiting more[] = {
		{ "first.example.net", "Deploy challenge", "publish sync withdraw", CNAME, "", "order",
		  REQUEST_WAITS_PERSON, 1, 71 },
		{ "auto.example.net", "Renewal: automatic", "sync", "", "", "renewal",
		  REQUEST_WAITS_PROVIDER, 1, 44 * 24 },
	};
	struct store *s;

	make_services(m);
	for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
		add_waiting(m, &more[i], G_N_ELEMENTS(waiting) + i);
	s = store_dup(shelf_get(m->shelf[KIND_STORES], "prod/acm:eu-central-1"));
	s->certs = G_N_ELEMENTS(old);
	shelf_put(m->shelf[KIND_STORES], s);
	add_samples(m, s->id, old, G_N_ELEMENTS(old));
	add_proposal(m, "prod/acm:eu-central-1 certificate/0001");
	add_users(m, "shop.example.org");
}

/* What ada asks a second person for, and what a rule stops at. */
static void make_eyes(struct maker *m)
{
	static const char digest[] = "5b0811fd3b22998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c7";
	g_autofree char *id = g_strconcat("ticket/", digest, NULL);
	g_autofree char *detail_id = g_strconcat("requests/", id, NULL);
	struct request *r = request_new(id), *stopped;
	struct detail *d = detail_new(detail_id, "approve shop.example.com");

	make_five(m);
	store_set(&r->account, "local");
	store_set(&r->provider, "local");
	store_set(&r->store, "local/ca:/srv/ca");
	store_set(&r->type, "countersign");
	store_set(&r->title, "approve shop.example.com");
	store_set(&r->theirs, "waits for a countersignature");
	store_set(&r->asked_by, "ada");
	store_set(&r->oddities, "asks to be a CA");
	store_set(&r->can, "countersign deny");
	store_set(&r->digest, digest);
	r->state = REQUEST_WAITS_PERSON;
	r->since = m->now - CLOCK_HOUR;
	r->due = m->now + 23 * (int64_t)CLOCK_HOUR;
	shelf_put(m->shelf[KIND_REQUESTS], r);
	detail_add(d, TONE_PLAIN, "Would do", "approve shop.example.com");
	detail_add(d, TONE_PLAIN, "Asked by", "ada, with the key SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDszSx5v0h2w");
	detail_add(d, TONE_PLAIN, "Names", "shop.example.com");
	detail_add(d, TONE_PLAIN, "CA", "Small CA, valid until 2029-08-19");
	d->digest = g_strdup(digest);
	shelf_put(m->details, d);
	stopped = request_dup(shelf_get(m->shelf[KIND_REQUESTS],
					"local/ca:/srv/ca/pending/web1.example.com.csr"));
	store_set(&stopped->rule, "the rule stops at the name web1.example.com");
	shelf_put(m->shelf[KIND_REQUESTS], stopped);
}

/* A certificate of the CA here that should be renewed, and how that stands. */
static void add_due(struct maker *m, const struct sample *c, const struct waiting *w)
{
	g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, c->name, -1);
	g_autofree char *cert = g_strndup(hex, 16), *id = renewal_request_id(cert);
	struct request *r = request_new(id);

	store_set(&r->account, "local");
	store_set(&r->provider, "local");
	store_set(&r->store, "local/folder:/srv/tls");
	store_set(&r->type, RENEWAL_REQUEST);
	store_set(&r->title, c->name);
	store_set(&r->theirs, w->theirs);
	store_set(&r->can, w->can);
	store_set(&r->reason, w->reason);
	store_set(&r->asked_by, "certty");
	store_set(&r->oddities, w->warning ? w->warning : "");
	r->state = w->state;
	r->since = m->now - w->hours_ago * (int64_t)CLOCK_HOUR;
	r->due = m->now + w->hours_left * (int64_t)CLOCK_HOUR;
	shelf_put(m->shelf[KIND_REQUESTS], r);
}

/* All that waits: also renewals that are due, under way, or failed. */
static void make_services_due(struct maker *m)
{
	static const struct sample certs[] = {
		{ "shop.corp.example", "Small CA", "EC P-256", 70, 20, MARK_KEY },
		{ "mail.corp.example", "Small CA", "RSA 2048", 80, 10, MARK_KEY },
		{ "wiki.corp.example", "Small CA", "EC P-256", 88, 2, MARK_KEY },
	};
	static const struct waiting rows[] = {
		{ "", "renewal due", "renew dismiss", "", "", "", REQUEST_WAITS_PERSON, 200, 20 * 24,
		  "the CA itself ends on 2027-01-09, and so will the new one" },
		{ "", "being renewed", "", "", "", "", REQUEST_WAITS_CA, 400, 10 * 24 },
		{ "", "renewal failed", "renew dismiss", "", "the CA's key needs a passphrase", "",
		  REQUEST_WAITS_PERSON, 600, 48 },
	};

	make_services(m);
	add_store(m, "/srv/tls", "folder", STORE_FINE, true, G_N_ELEMENTS(certs));
	for (size_t i = 0; i < G_N_ELEMENTS(certs); i++)
		add_due(m, &certs[i], &rows[i]);
	add_samples(m, "local/folder:/srv/tls", certs, G_N_ELEMENTS(certs));
}

/* ---- objects ---- */

static const struct object_sample {
	const char *key, *type, *name, *store, *summary, *state, *can, *answers;
	enum tone tone;
} object_samples[] = {
	{ "web", "role", "web", "prod/pki", "domains example.com, names below them, at most 3 d", "",
	  "object-edit object-drop", "domains=example.com\nany=no\ntype=odd\nttl=3d", TONE_PLAIN },
	{ "mail", "role", "mail", "prod/pki", "domains mail.example.com, localhost, at most 90 d", "",
	  "object-edit object-drop", "domains=mail.example.com\nany=no\ntype=ec", TONE_PLAIN },
	{ "hidden", "role", "hidden", "prod/pki", "the token's policies have to allow 'read' on it", "not seen",
	  "", "", TONE_WARN },
	{ "7", "agent", "build-7.example.com", "", "last seen 3 min ago", "active", "", "", TONE_GOOD },
};

static void add_object(struct maker *m, const struct object_sample *is)
{
	g_autofree char *id = object_id(*is->store ? is->store : "prod", is->type, is->key);
	struct object *o = object_new(id);

	store_set(&o->account, "prod");
	store_set(&o->provider, "cloud");
	store_set(&o->store, is->store);
	store_set(&o->type, is->type);
	store_set(&o->name, is->name);
	store_set(&o->summary, is->summary);
	store_set(&o->state, is->state);
	store_set(&o->can, is->can);
	store_set(&o->answers, is->answers);
	object_add_fact(o, "key_type", "ec");
	o->tone = is->tone;
	shelf_put(m->shelf[KIND_OBJECTS], o);
}

static void make_objects(struct maker *m)
{
	struct store *s = store_new("prod/pki");

	add_account(m);
	store_set(&s->account, "prod");
	store_set(&s->provider, "cloud");
	store_set(&s->type, "pki");
	store_set(&s->title, "prod pki");
	s->state = STORE_FINE;
	s->seen = m->now - 3600;
	shelf_put(m->shelf[KIND_STORES], s);
	for (size_t i = 0; i < G_N_ELEMENTS(object_samples); i++)
		add_object(m, &object_samples[i]);
	m->snap->oldest = m->now - 3600;
}

static void (*const makers[])(struct maker *m) = {
	make_five,      make_empty,   make_loading, make_failed,  make_offline,
	make_read_only, make_hostile, make_many,    make_working, make_accounts,
	make_renamed,   make_services, make_services_partly, make_services_ordered,
	make_services_drift, make_services_due, make_domains, make_objects, make_eyes,
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

/* All of it but the jobs. */
static struct snapshot *share(const struct snapshot *s)
{
	struct snapshot *fresh = snapshot_new((struct intern *)s->certs->words);

	for (int kind = 0; kind < KIND_COUNT; kind++) {
		fresh->count[kind] = s->count[kind];
		if (kind == KIND_CERTS)
			continue;
		items_unref(fresh->kind[kind]);
		fresh->kind[kind] = items_ref(s->kind[kind]);
	}
	certs_unref(fresh->certs);
	fresh->certs = certs_ref(s->certs);
	items_unref(fresh->details);
	fresh->details = items_ref(s->details);
	for (int r = 0; r < RUNG_COUNT; r++) {
		fresh->rung[r].stand = s->rung[r].stand;
		fresh->rung[r].said = g_strdup(s->rung[r].said);
	}
	fresh->oldest = s->oldest;
	fresh->made = s->made;
	fresh->is_read_only = s->is_read_only;
	fresh->number = s->number + 1;
	return fresh;
}

struct snapshot *fixture_with_job(const struct snapshot *s, struct job *job)
{
	struct snapshot *fresh = share(s);
	struct shelf *jobs = shelf_new(&job_type);

	for (size_t i = 0; i < s->kind[KIND_JOBS]->n; i++)
		shelf_put(jobs, job_ref(s->kind[KIND_JOBS]->item[i]));
	shelf_put(jobs, job);
	items_unref(fresh->kind[KIND_JOBS]);
	fresh->kind[KIND_JOBS] = shelf_freeze(jobs);
	fresh->count[KIND_JOBS] = (uint32_t)fresh->kind[KIND_JOBS]->n;
	shelf_free(jobs);
	return fresh;
}

struct snapshot *fixture_with_rung(const struct snapshot *s, enum rung rung,
				   enum rung_stand stand, const char *said)
{
	struct snapshot *fresh = share(s);

	fresh->rung[rung].stand = stand;
	g_free(fresh->rung[rung].said);
	fresh->rung[rung].said = g_strdup(said);
	return fresh;
}

struct snapshot *fixture_with_detail(const struct snapshot *s, struct detail *detail)
{
	struct snapshot *fresh = share(s);
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (size_t i = 0; fresh->details && i < fresh->details->n; i++)
		if (strcmp(((struct detail *)fresh->details->item[i])->id, detail->id))
			g_ptr_array_add(all, fresh->details->item[i]);
	g_ptr_array_add(all, detail);
	items_unref(fresh->details);
	fresh->details = items_new(&detail_type, all->pdata, all->len);
	detail_unref(detail);
	return fresh;
}
