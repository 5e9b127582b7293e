/*
 * test-domains: one row for each name that anybody knows, with what all of them tell together; what is
 * beyond the bound is counted; and what was told survives, until it is told no more.
 */
#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/why.h>

#include "engine/domains_own.h"
#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/domains/" path, f)
#define NOW INT64_C(1795435200)		/* 2026-11-23 12:00 */

/* ---- an engine that does not run ---- */

static struct settings *settings;

static struct engine *idle(void)
{
	struct engine_config config = { .settings = settings, .is_memory_only = true };
	struct engine *e = engine_open(&config, NULL);

	g_assert_nonnull(e);
	clock_set(NOW);
	return e;
}

static void end(struct engine *e)
{
	engine_stop(e);
	clock_set(0);
}

static struct store *put_store(struct engine *e, const char *id, const char *account, const char *provider)
{
	struct store *s = store_new(id);
	struct account *a = account_new(account);

	store_set(&s->account, account);
	store_set(&s->provider, provider);
	store_set(&s->title, id);
	shelf_put(e->known.shelf[KIND_STORES], s);
	store_set(&a->provider, provider);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	return s;
}

/* A certificate in a table that is being made: its number, its names with commas between. */
struct made {
	uint8_t number;
	const char *names;
	uint32_t marks;
	int days, life;		/* until it ends, and all */
	uint32_t subject, issuer;
};

static void put_table(struct engine *e, const char *store, const struct made *m, size_t n)
{
	struct table_builder *b = table_builder_new(store, e->known.words);

	for (size_t i = 0; i < n; i++, m++) {
		g_auto(GStrv) names = g_strsplit(m->names, ",", -1);
		g_autofree char *alias = g_strdup_printf("%zu", i);
		struct facts f = {
			.sha256 = { m->number, 1 }, .has_digest = m->number != 0, .name = names[0],
			.names = names + 1, .n_names = g_strv_length(names) - 1,
			.issuer = (char *)"CA", .key = (char *)"EC P-256",
			.signature = (char *)"SHA-256", .serial = (char *)"01",
			.not_after = NOW + m->days * CLOCK_DAY,
			.not_before = NOW + (m->days - m->life) * CLOCK_DAY,
			.subject_hash = m->subject, .issuer_hash = m->issuer,
		};

		g_assert_true(table_builder_add(b, &f, alias, m->marks));
	}
	g_hash_table_replace(e->known.tables, g_strdup(store), table_builder_end(b, NOW));
	e->known.tables_changed = true;
}

static void look(struct engine *e)
{
	publish_certs(e);
	domains_show(e);
}

static const struct domain *row(const struct engine *e, const char *name)
{
	return shelf_get(e->known.shelf[KIND_DOMAINS], name);
}

/* What a refresh of that store would put. */
static void tell(struct engine *e, struct store *s, struct domain **put, size_t n, GError *error)
{
	struct operation *o = g_new0(struct operation, 1);

	op_init(&o->op);
	o->engine = e;
	o->store = s;
	o->op.verb = &verb_table[VERB_REFRESH];
	o->op.store = s;
	o->op.error = error;
	o->is_over = true;
	for (size_t i = 0; i < n; i++)
		op_put_domain(&o->op, put[i]);
	domains_take(o);
	o->op.error = NULL;
	g_clear_error(&error);
	op_done(&o->op);
	g_free(o);
}

static struct domain *told(const struct store *s, const char *name, enum domain_state state, int days_ago)
{
	g_autofree char *id = g_strconcat(s->id, "/", name, NULL);
	struct domain *d = domain_new(id);

	d->account = g_intern_string(s->account);
	d->provider = g_intern_string(s->provider);
	d->state = state;
	d->validated = days_ago >= 0 ? NOW - days_ago * CLOCK_DAY : 0;
	return d;
}

/* ---- rows ---- */

static void of_all_stores(void)
{
	static const struct made here[] = {
		{ 1, "www.example.org,example.org,10.0.0.1", MARK_LEAF, 30, 90, 0, 5 },
		{ 2, "www.example.org", MARK_LEAF, 60, 90, 0, 5 },
		{ 3, "ca.example.org", MARK_CA, 60, 90, 0, 5 },
	}, there[] = {
		{ 1, "www.example.org,example.org", MARK_LEAF, 30, 90, 0, 5 },
		{ 0, "new.example.org", 0, 40, 90, 0, 0 },
	};
	struct engine *e = idle();

	put_store(e, "local/a", "local", "local");
	put_store(e, "prod/b", "prod", "aws");
	put_table(e, "local/a", here, G_N_ELEMENTS(here));
	put_table(e, "prod/b", there, G_N_ELEMENTS(there));
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, 3);
	g_assert_cmpuint(row(e, "www.example.org")->certs, ==, 2);
	g_assert_cmpint(row(e, "www.example.org")->expires, ==, NOW + 60 * CLOCK_DAY);
	g_assert_cmpstr(row(e, "www.example.org")->account, ==, "local prod");
	g_assert_cmpstr(row(e, "www.example.org")->provider, ==, "aws local");
	g_assert_cmpint(row(e, "www.example.org")->state, ==, DOMAIN_UNKNOWN);
	g_assert_cmpstr(row(e, "new.example.org")->account, ==, "prod");
	g_assert_null(row(e, "ca.example.org"));
	g_assert_null(row(e, "10.0.0.1"));
	/* one place less, then a store less */
	put_table(e, "local/a", here + 1, 1);
	look(e);
	g_assert_cmpuint(row(e, "www.example.org")->certs, ==, 2);
	g_assert_cmpstr(row(e, "example.org")->account, ==, "prod");
	g_hash_table_remove(e->known.tables, "prod/b");
	e->known.tables_changed = true;
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, 1);
	g_assert_cmpuint(row(e, "www.example.org")->certs, ==, 1);
	g_assert_cmpstr(row(e, "www.example.org")->account, ==, "local");
	end(e);
}

/* The rules of public CAs concern what leads to a root that is trusted, or what its service issued. */
static void of_public_cas(void)
{
	static const struct made trust[] = { { 9, "Root", MARK_CA | MARK_TRUSTED, 999, 9999, 77, 77 } };
	static const struct made chain[] = {
		{ 1, "public.example.org", MARK_LEAF, 150, 200, 0, 78 },
		{ 2, "own.example.org", MARK_LEAF, 150, 200, 0, 5 },
		{ 3, "amazon.example.org", MARK_LEAF | MARK_AMAZON_ISSUED, 150, 198, 0, 0 },
		{ 4, "short.example.org", MARK_LEAF | MARK_AMAZON_ISSUED, 60, 90, 0, 0 },
	};
	static const struct made middle[] = { { 8, "Middle", MARK_CA, 999, 999, 78, 77 } };
	struct engine *e = idle();

	put_store(e, "local/chain", "local", "local");
	put_store(e, "local/middle", "local", "local");
	put_store(e, "local/trust", "local", "local");
	put_table(e, "local/chain", chain, G_N_ELEMENTS(chain));
	put_table(e, "local/trust", trust, 1);
	look(e);
	g_assert_null(row(e, "public.example.org")->next);
	put_table(e, "local/middle", middle, 1);
	look(e);
	g_assert_cmpstr(row(e, "public.example.org")->next->word, ==, "life-100");
	g_assert_cmpint(row(e, "public.example.org")->public_until, ==, NOW + 150 * CLOCK_DAY);
	g_assert_null(row(e, "own.example.org")->next);
	g_assert_cmpint(row(e, "own.example.org")->public_until, ==, 0);
	g_assert_cmpstr(row(e, "amazon.example.org")->next->word, ==, "life-100");
	g_assert_null(row(e, "short.example.org")->next);
	end(e);
}

/* A name that a request asks for is there before any certificate is. */
static void of_requests(void)
{
	struct engine *e = idle();
	struct request *r = request_new("prod/x");
	struct request *over;

	put_store(e, "prod/b", "prod", "aws");
	store_set(&r->account, "prod");
	g_strfreev(r->names);
	r->names = g_strsplit("Wanted.example.org,*.example.org", ",", -1);
	shelf_put(e->known.shelf[KIND_REQUESTS], r);
	look(e);
	g_assert_cmpuint(row(e, "wanted.example.org")->certs, ==, 0);
	g_assert_cmpstr(row(e, "*.example.org")->account, ==, "prod");
	over = request_dup(r);
	over->state = REQUEST_ISSUED;
	shelf_put(e->known.shelf[KIND_REQUESTS], over);
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, 0);
	end(e);
}

/* ---- the bound ---- */

static struct made *many(size_t n, size_t from, GPtrArray *texts)
{
	struct made *m = g_new0(struct made, n);

	for (size_t i = 0; i < n; i++) {
		g_ptr_array_add(texts, g_strdup_printf("n%zu.example.org", from + i));
		m[i] = (struct made){ 0, texts->pdata[texts->len - 1], MARK_LEAF, 30, 90, 0, 5 };
	}
	return m;
}

static void left_out(void)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autofree struct made *first = many(DOMAINS_MAX, 0, texts);
	g_autofree struct made *more = many(1200, DOMAINS_MAX, texts);
	static const struct made own[] = { { 1, "own.example.org", MARK_LEAF, 30, 90, 0, 5 } };
	struct engine *e = idle();

	put_store(e, "a/first", "a", "aws");
	put_store(e, "b/more", "b", "aws");
	put_store(e, "local/own", "local", "local");
	put_table(e, "a/first", first, DOMAINS_MAX);
	put_table(e, "b/more", more, 1200);
	put_table(e, "local/own", own, 1);
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, DOMAINS_MAX);
	g_assert_cmpuint(domains_left_out(e), ==, 1201);
	g_assert_nonnull(row(e, "own.example.org"));	/* this machine's come first */
	{
		g_autoptr(snapshot) s = publish_snapshot(e);

		g_assert_cmpuint(s->domains_left_out, ==, 1201);
	}
	/* some go whose names were counted, and those left out take their room */
	put_table(e, "a/first", first + 1000, DOMAINS_MAX - 1000);
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, DOMAINS_MAX);
	g_assert_cmpuint(domains_left_out(e), ==, 201);
	g_hash_table_remove(e->known.tables, "a/first");
	e->known.tables_changed = true;
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, 1201);
	g_assert_cmpuint(domains_left_out(e), ==, 0);
	end(e);
}

/* What one operation puts beyond it is a trouble of that operation. */
static void told_too_much(void)
{
	struct op op = { 0 };

	op_init(&op);
	for (guint i = 0; i < DOMAINS_MAX + 3; i++) {
		g_autofree char *id = g_strdup_printf("a/n%u.example.org", i);

		op_put_domain(&op, domain_new(id));
	}
	g_assert_cmpuint(op.put_domains->len, ==, DOMAINS_MAX);
	g_assert_cmpuint(op.domains_left, ==, 3);
	op_done(&op);
}

/* ---- what is told ---- */

static void joined(void)
{
	static const struct made cert[] = { { 1, "www.example.org", MARK_LEAF, 30, 90, 0, 5 } };
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/acm:eu", "prod", "aws");
	struct store *b = put_store(e, "uni", "uni", "sectigo");
	struct domain *one, *two;
	g_autoptr(GPtrArray) records = NULL;

	put_table(e, "prod/acm:eu", cert, 1);
	one = told(a, "www.example.org", DOMAIN_VALID, 10);
	one->method = "dns";
	one->registration = "none needed";
	one->record = g_strdup("_a.www.example.org. 300 IN CNAME b.example.net.");
	two = told(b, "www.example.org", DOMAIN_PENDING, -1);
	two->validation = "AWAITING";
	two->validated_until = NOW + 20 * CLOCK_DAY;
	two->registration = "ACTIVE";
	two->users = "Org, Web team";
	tell(e, a, &one, 1, NULL);
	tell(e, b, &two, 1, NULL);
	look(e);
	g_assert_cmpuint(shelf_count(e->known.shelf[KIND_DOMAINS]), ==, 1);
	g_assert_cmpint(row(e, "www.example.org")->state, ==, DOMAIN_PENDING);
	g_assert_cmpstr(row(e, "www.example.org")->validation, ==, "AWAITING");
	g_assert_cmpstr(row(e, "www.example.org")->method, ==, "dns");
	g_assert_cmpint(row(e, "www.example.org")->validated, ==, NOW - 10 * CLOCK_DAY);
	g_assert_cmpint(row(e, "www.example.org")->validated_until, ==, NOW + 20 * CLOCK_DAY);
	g_assert_cmpstr(row(e, "www.example.org")->registration, ==, "ACTIVE; none needed");
	g_assert_cmpstr(row(e, "www.example.org")->users, ==, "Org, Web team");
	g_assert_cmpstr(row(e, "www.example.org")->account, ==, "prod uni");
	g_assert_cmpstr(row(e, "www.example.org")->next->word, ==, "reuse-100");
	records = domains_records(e, "www.example.org");
	g_assert_cmpuint(records->len, ==, 1);
	/* the one tells it no more; a refresh that failed would not have said so */
	tell(e, b, NULL, 0, g_error_new(ERR, ERR_IO, "no"));
	look(e);
	g_assert_cmpint(row(e, "www.example.org")->state, ==, DOMAIN_PENDING);
	tell(e, b, NULL, 0, NULL);
	look(e);
	g_assert_cmpint(row(e, "www.example.org")->state, ==, DOMAIN_VALID);
	g_assert_cmpstr(row(e, "www.example.org")->account, ==, "prod");
	/* the account has another name */
	domains_move(e, "prod/acm:eu", "new/acm:eu", "new");
	look(e);
	g_assert_cmpstr(row(e, "www.example.org")->account, ==, "new prod");
	domains_forget(e, "new/acm:eu");
	look(e);
	g_assert_cmpint(row(e, "www.example.org")->state, ==, DOMAIN_UNKNOWN);
	end(e);
}

static void over(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/acm:eu", "prod", "aws");
	struct domain *put[] = { told(a, "old.example.org", DOMAIN_VALID, 200),
				 told(a, "near.example.org", DOMAIN_VALID, 199),
				 told(a, "told.example.org", DOMAIN_VALID, 300) };
	bool is_bound;

	put[2]->validated_until = NOW + 1;
	tell(e, a, put, 3, NULL);
	look(e);
	g_assert_cmpint(row(e, "old.example.org")->state, ==, DOMAIN_OVER);
	g_assert_cmpint(row(e, "near.example.org")->state, ==, DOMAIN_VALID);
	g_assert_cmpint(domain_until(row(e, "near.example.org"), &is_bound), ==, NOW + CLOCK_DAY);
	g_assert_true(is_bound);
	g_assert_cmpint(domain_state_at(row(e, "near.example.org"), NOW + CLOCK_DAY), ==, DOMAIN_OVER);
	g_assert_cmpint(row(e, "told.example.org")->state, ==, DOMAIN_VALID);
	g_assert_cmpint(domain_until(row(e, "told.example.org"), &is_bound), ==, NOW + 1);
	g_assert_false(is_bound);
	end(e);
}

/* ---- everything about one ---- */

static bool says(const struct detail *d, const char *label, const char *part)
{
	const char *last = "";

	for (size_t i = 0; i < d->n; i++) {
		last = *d->line[i].label ? d->line[i].label : last;
		if (!strcmp(last, label) && strstr(d->line[i].text, part))
			return true;
	}
	g_test_message("nothing under %s says %s", label, part);
	return false;
}

static void described(void)
{
	static const struct made cert[] = {
		{ 1, "www.example.org", MARK_LEAF | MARK_AMAZON_ISSUED, 150, 198, 0, 0 },
	};
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/acm:eu", "prod", "aws");
	struct domain *one = told(a, "www.example.org", DOMAIN_VALID, 48);
	g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(detail) d = detail_new("domains/www.example.org", "Domains");

	one->method = "email";
	one->record = g_strdup("_a.www.example.org. 300 IN CNAME b.example.net.");
	put_table(e, "prod/acm:eu", cert, 1);
	tell(e, a, &one, 1, NULL);
	g_ptr_array_add(zones, g_strdup("example.org."));
	zones_learn(e, "prod", zones);
	look(e);
	domains_describe(e, d, row(e, "www.example.org"));
	g_assert_true(says(d, "state", "validated"));
	g_assert_true(says(d, "how", "e-mail"));
	g_assert_true(says(d, "validated", "2026-10-06 at the latest"));
	g_assert_true(says(d, "until", "2027-03-15 at most"));
	g_assert_true(says(d, "next rule", "2027-03-15"));
	g_assert_true(says(d, "told", "prod/acm:eu: validated, by e-mail, at the latest on 2026-10-06"));
	g_assert_true(says(d, "told", "needs _a.www.example.org."));
	g_assert_true(says(d, "told", "was not looked at"));
	g_assert_true(says(d, "zone", "example.org in prod"));
	g_assert_true(says(d, "at the CA", "not known"));
	g_assert_true(says(d, "who may use", "not known"));
	g_assert_true(says(d, "looked at", "not yet"));
	g_assert_true(says(d, "rules", "2027-03-15  new certificates live 100 days at most; so does what "
				       "follows the certificate that ends on 2027-04-22"));
	g_assert_true(says(d, "rules", "2028-03-15  mails show control no more; that is how control of this "
				       "name is shown"));
	g_assert_true(says(d, "rules", "2029-03-15  new certificates live 47 days at most"));
	g_assert_false(says(d, "rules", "2020"));
	end(e);
}

/* What looking into it found lately belongs to what is known. */
static void looked_at(void)
{
	struct engine *e = idle();
	struct store *a = put_store(e, "prod/acm:eu", "prod", "aws");
	struct domain *one = told(a, "www.example.org", DOMAIN_VALID, 1);
	g_autoptr(why) page = why_new("www.example.org", "www.example.org");
	g_autoptr(detail) d = detail_new("domains/www.example.org", "Domains");

	why_add(page, WHY_FINE, "caa", "www.example.org", "the CAA records let Amazon issue");
	findings_show_detail(e, why_detail(page));
	tell(e, a, &one, 1, NULL);
	look(e);
	domains_describe(e, d, row(e, "www.example.org"));
	g_assert_true(says(d, "looked at", "nothing stands in the way"));
	g_assert_true(says(d, "CAA", "let Amazon issue"));
	end(e);
}

/* ---- from one start to the next ---- */

static bool has_domain(const struct snapshot *s, const void *name)
{
	gssize i = items_find(s->kind[KIND_DOMAINS], name);

	return i >= 0 && ((const struct domain *)s->kind[KIND_DOMAINS]->item[i])->state == DOMAIN_VALID;
}

static bool lacks_domain(const struct snapshot *s, const void *name)
{
	return items_find(s->kind[KIND_DOMAINS], name) < 0;
}

static void survive(void)
{
	struct rig r;

	rig_init(&r, "one rows:1 dom:a.example.org dom:b.example.org");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	rig_wait_until(&r, has_domain, "a.example.org");
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	rig_wait_until(&r, has_domain, "b.example.org");
	rig_stop(&r);
	/* the next reading tells of one of them no more */
	r.config.is_offline = false;
	rig_set(&r, "local", "endpoints", "one rows:1 dom:b.example.org;");
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	rig_wait_until(&r, lacks_domain, "a.example.org");
	rig_wait_until(&r, has_domain, "b.example.org");
	rig_stop(&r);
	r.config.is_offline = true;
	rig_start(&r);
	rig_wait_until(&r, lacks_domain, "a.example.org");
	rig_wait_until(&r, has_domain, "b.example.org");
	rig_done(&r);
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	settings = settings_load("/dev/null");
	CASE("of-all-stores", of_all_stores);
	CASE("of-public-cas", of_public_cas);
	CASE("of-requests", of_requests);
	CASE("left-out", left_out);
	CASE("told-too-much", told_too_much);
	CASE("joined", joined);
	CASE("over", over);
	CASE("described", described);
	CASE("looked-at", looked_at);
	CASE("survive", survive);
	result = g_test_run();
	settings_free(settings);
	return result;
}
