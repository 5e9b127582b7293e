/* test-vault-inventory: mounts of Vault as stores, and what is read of them. */
#include "vault-stage.h"

#include <string.h>

#include <certty/model/mark.h>

#include "../model/make.h"

#define LIST  "GET pki/certs?list=true"
#define GONE  "GET pki/certs/revoked?list=true"
#define ROLES { "GET pki/roles?list=true", 404, VAULT_EMPTY }
#define MOUNTS "GET sys/internal/ui/mounts"
#define ALL    "GET sys/mounts"
#define SPACES "GET sys/namespaces?list=true"
#define NO_ROUTE "{\"errors\":[\"1 error occurred:\\n\\t* unsupported path\\n\\n\"]}"
#define KEYS(keys) "{\"data\":{\"keys\":[" keys "]}}"
#define CERT(pem, revoked) "{\"data\":{\"certificate\":\"" pem "\",\"revocation_time\":" revoked "}}"
#define END { NULL }

static const char *word_of(const struct play *p)
{
	return p->op.error ? p->op.error->message : "";
}

/* ---- stores ---- */

static char *stores_of(const struct play *p)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < p->op.put_stores->len; i++) {
		const struct store *store = p->op.put_stores->pdata[i];

		g_assert_cmpint(store->origin, ==, STORE_FOUND);
		g_string_append_printf(s, "%s in '%s'\n", store->id, store->container);
	}
	return g_string_free(s, FALSE);
}

static void test_stores(void)
{
	static const struct vault_answer script[] = {
		{ MOUNTS, 200, "{\"data\":{\"secret\":{\"pki/\":{\"type\":\"pki\"},"
			       "\"my/ca/\":{\"type\":\"keyfactor-plugin\"},\"sys/\":{\"type\":\"system\"},"
			       "\"old/\":{\"type\":\"kv\",\"options\":{\"version\":\"1\"}},"
			       "\"secret/\":{\"type\":\"kv\",\"options\":{\"version\":\"2\"}},"
			       "\"words/\":{\"type\":\"kv\",\"options\":{\"version\":\"2\"}}}}}" },
		{ ALL, 200, "{\"data\":{\"pki/\":{\"type\":\"pki\"},\"secret/\":{\"type\":\"kv\","
			    "\"options\":{\"version\":\"2\"}},\"locked/\":{\"type\":\"pki\"}}}" },
		{ SPACES, 200, KEYS("\"team/\"") },
		{ "GET team/sys/internal/ui/mounts", 200,
		  "{\"data\":{\"secret\":{\"pki/\":{\"type\":\"pki\"}}}}" },
		{ "GET team/sys/mounts", 403, VAULT_DENIED },
		{ "GET team/sys/namespaces?list=true", 404, VAULT_EMPTY },
		{ "GET secret/metadata/?list=true", 200, KEYS("\"web/\",\"db\"") },
		{ "GET secret/metadata/web/?list=true", 200, KEYS("\"site\"") },
		{ "GET secret/data/db", 200, "{\"data\":{\"data\":{\"password\":\"hush\"}}}" },
		{ "GET secret/data/web/site", 200, "{\"data\":{\"data\":{\"crt\":\"$LEAF\"}}}" },
		{ "GET words/metadata/?list=true", 200, KEYS("\"one\"") },
		{ "GET words/data/one", 200, "{\"data\":{\"data\":{\"a\":\"b\"}}}" },
		END
	};
	struct store *gone = store_new("v/pki:gone"), *others = store_new("w/pki:gone");
	struct vault_stage s;
	g_autofree char *found = NULL;

	gone->origin = others->origin = STORE_FOUND;
	store_set(&gone->account, "v");
	store_set(&others->account, "w");
	vault_stage_init(&s, VERB_ACCOUNT_STORES, NULL, NULL, script);
	play_know(&s.play, (struct store *[]){ gone, others }, 2);
	g_assert_true(play_run(&s.play));
	found = stores_of(&s.play);
	g_assert_cmpstr(found, ==, "v/pki:pki in ''\nv/keyfactor:my/ca in ''\n"
				   "v/pki:team/pki in 'team'\nv/kv:secret in ''\n");
	g_assert_true(play_has_trouble(&s.play, "1 mount that may have certificates: locked"));
	g_assert_cmpuint(s.play.op.drop_stores->len, ==, 1);
	g_assert_cmpstr(s.play.op.drop_stores->pdata[0], ==, "v/pki:gone");
	g_assert_nonnull(strstr(s.play.op.said, "in 2 namespaces"));
	vault_stage_done(&s);
	store_unref(gone);
	store_unref(others);
}

/* A server without namespaces, a token that sees little: no trouble, but it is said. */
static void test_stores_of_few_rights(void)
{
	static const struct vault_answer script[] = {
		{ MOUNTS, 200, "{\"data\":{\"secret\":{\"pki/\":{\"type\":\"pki\"}}}}" },
		{ ALL, 403, VAULT_DENIED }, { SPACES, 404, NO_ROUTE }, END
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_ACCOUNT_STORES, NULL, NULL, script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.put_stores->len, ==, 1);
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	g_assert_nonnull(strstr(s.play.op.said, "sys/mounts may not be read"));
	vault_stage_done(&s);
}

/* Nothing is dropped where a namespace could not be looked at. */
static void test_stores_unsure(void)
{
	static const struct vault_answer script[] = {
		{ MOUNTS, 200, "{\"data\":{\"secret\":{}}}" }, { ALL, 403, VAULT_DENIED },
		{ SPACES, 200, KEYS("\"team/\"") }, { "GET team/sys/internal/ui/mounts", 0 },
		{ "GET team/sys/mounts", 0 }, { "GET team/sys/namespaces?list=true", 404, VAULT_EMPTY },
		END
	};
	struct store *there = store_new("v/pki:team/pki");
	struct vault_stage s;

	there->origin = STORE_FOUND;
	store_set(&there->account, "v");
	store_set(&there->address, "team/pki");
	vault_stage_init(&s, VERB_ACCOUNT_STORES, NULL, NULL, script);
	play_know(&s.play, &there, 1);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.drop_stores->len, ==, 0);
	g_assert_true(play_has_trouble(&s.play, "team/: the connection broke"));
	vault_stage_done(&s);
	store_unref(there);
}

static const struct refusal {
	const char *name;
	struct vault_answer script[4];
	enum err code;
	const char *says;
} refusals[] = {
	{ "stores-dead", { { MOUNTS, 403, "{\"errors\":[\"permission denied\"]}" }, END },
	  ERR_SIGN_IN, "revoked, or has ended" },
	{ "stores-refused", { { MOUNTS, 403, VAULT_DENIED }, { ALL, 403, VAULT_DENIED }, END },
	  ERR_REFUSED, "have to allow 'read' on sys/mounts" },
	{ "stores-namespace", { { MOUNTS, 404, NO_ROUTE }, { ALL, 404, NO_ROUTE }, END },
	  ERR_NOT_FOUND, "check the mount and the namespace" },
};

static void test_refusal(gconstpointer data)
{
	const struct refusal *f = data;
	struct vault_stage s;

	vault_stage_init(&s, VERB_ACCOUNT_STORES, NULL, NULL, f->script);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, (int)f->code);
	g_assert_nonnull(strstr(word_of(&s.play), f->says));
	vault_stage_done(&s);
}

/* ---- an engine that issues ---- */

static const struct vault_answer two[] = {
	{ "GET pki/roles?list=true", 200, KEYS("\"web\",\"a/b\"") },
	{ "GET pki/roles/web", 200, "{\"data\":{\"allowed_domains\":[\"example.com\"],\"max_ttl\":7200}}" },
	{ LIST, 200, KEYS("\"01:aa\",\"02:bb\",\"no serial\"") },
	{ GONE, 200, KEYS("\"02:bb\"") },
	{ "GET pki/cert/01:aa", 200, CERT("$LEAF", "0") },
	{ "GET pki/cert/02:bb", 200, CERT("$OTHER", "1790000000") },
	END
};

static uint32_t marks_of(const struct table *t, const char *alias)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (!strcmp(t->aliases + t->alias[i], alias))
			return t->marks[i];
	g_error("no row %s", alias);
}

/* The second time no certificate is asked for: what it is and when it was revoked are known. */
static void test_pki(void)
{
	struct vault_stage s;
	struct table *t;
	struct detail *d;
	bool is_told = false;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", two);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.said, ==, "2 certificates, 1 revoked");
	g_assert_cmpuint(s.play.op.fresh->len, ==, 2);
	g_assert_cmpuint(s.play.shows, ==, 1);
	play_again(&s.play);
	g_assert_cmpuint(marks_of(s.play.old, "01:aa") & MARK_REVOKED, ==, 0);
	g_assert_cmpuint(marks_of(s.play.old, "02:bb") & MARK_REVOKED, !=, 0);
	d = detail_new("d", "");
	s.play.provider->describe(d, s.play.store, "02:bb", s.play.op.memo, 0);
	for (size_t i = 0; i < d->n; i++)
		is_told |= !strcmp(d->line[i].label, "Revoked at");
	g_assert_true(is_told);
	detail_unref(d);
	g_ptr_array_set_size(s.asked, 0);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.asked->len, ==, 5);	/* two lists, those of roles and issuers, and a role */
	g_assert_cmpuint(s.play.op.fresh->len, ==, 0);
	t = play_table(&s.play);
	g_assert_cmpuint(t->n, ==, 2);
	g_assert_cmpuint(marks_of(t, "02:bb") & MARK_REVOKED, !=, 0);
	table_unref(t);
	vault_stage_done(&s);
}

/* Revoked since: that one alone is asked for, for the time. */
static void test_pki_revoked_since(void)
{
	static const struct vault_answer later[] = {
		ROLES,
		{ LIST, 200, KEYS("\"01:aa\",\"02:bb\"") },
		{ GONE, 200, KEYS("\"01:aa\",\"02:bb\"") },
		{ "GET pki/cert/01:aa", 200, CERT("$LEAF", "1790000001") },
		END
	};
	struct vault_stage s;
	struct table *t;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", two);
	g_assert_true(play_run(&s.play));
	play_again(&s.play);
	s.script = later;
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(vault_stage_count(&s, "GET pki/cert/01:aa"), ==, 2);
	g_assert_cmpuint(vault_stage_count(&s, "GET pki/cert/02:bb"), ==, 1);
	t = play_table(&s.play);
	g_assert_cmpuint(marks_of(t, "01:aa") & MARK_REVOKED, !=, 0);
	table_unref(t);
	vault_stage_done(&s);
}

/* What the roles allow is in the plan of an order. */
static void test_pki_roles(void)
{
	struct vault_stage s;
	struct plan *p = plan_new(&verb_table[VERB_ORDER]);
	g_autofree char *said = NULL;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", two);
	g_assert_true(play_run(&s.play));
	play_again(&s.play);
	play_arg(&s.play, "names", "www.example.com");
	play_arg(&s.play, "role", "web");
	g_assert_true(s.play.provider->plan[VERB_ORDER](&s.play.op, p, NULL));
	g_assert_cmpstr(p->differences->pdata[0], ==,
			"the role web allows: domains example.com, localhost, at most 2 h");
	play_arg(&s.play, "role", "mail");
	g_assert_true(s.play.provider->plan[VERB_ORDER](&s.play.op, p, NULL));
	g_assert_cmpstr(p->warnings->pdata[0], ==, "there was no role mail when the store was read, but: web");
	plan_free(p);
	vault_stage_done(&s);
}

static void test_pki_empty(void)
{
	static const struct vault_answer script[] = { { LIST, 404, VAULT_EMPTY }, ROLES, END };
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.said, ==, "0 certificates, 0 revoked");
	vault_stage_done(&s);
}

/* Servers of before there was a list of what is revoked. */
static void test_pki_old_server(void)
{
	static const struct vault_answer script[] = {
		{ LIST, 200, KEYS("\"02:bb\"") }, { GONE, 404, NO_ROUTE }, ROLES,
		{ "GET pki/cert/02:bb", 200, CERT("$OTHER", "1790000000") }, END
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.said, ==, "1 certificate, 1 revoked");
	g_assert_true(play_has_trouble(&s.play, "no list of what is revoked"));
	vault_stage_done(&s);
}

#define ISSUERS "GET pki/issuers?list=true"
#define ISSUER(id) "GET pki/issuer/" id

static const struct object *issuer_put(const struct vault_stage *s, const char *name)
{
	for (guint i = 0; i < s->play.op.put_objects->len; i++) {
		const struct object *o = s->play.op.put_objects->pdata[i];

		if (!strcmp(o->type, "issuer") && g_str_has_prefix(o->name, name))
			return o;
	}
	g_error("no issuer %s", name);
}

/* Each issuer with its list, and what is odd about either. */
static void test_pki_issuers(void)
{
	static const struct vault_answer script[] = {
		{ LIST, 200, KEYS("\"01:aa\"") }, { GONE, 404, VAULT_EMPTY }, ROLES,
		{ "GET pki/cert/01:aa", 200, CERT("$LEAF", "0") },
		{ ISSUERS, 200, "{\"data\":{\"keys\":[\"a1\",\"b2\",\"c3\",\"d4\",\"../up\",7],\"key_info\":{"
		  "\"a1\":{\"issuer_name\":\"first\",\"is_default\":true},\"b2\":{\"issuer_name\":\"late\"},"
		  "\"c3\":{\"issuer_name\":\"odd\"},\"d4\":{\"issuer_name\":\"none\\u001b[31m\"}}}}" },
		{ ISSUER("a1"), 200, "{\"data\":{\"certificate\":\"$CA\",\"usage\":\"read-only\"}}" },
		{ ISSUER("a1/crl"), 200, "{\"data\":{\"crl\":\"$CRL\"}}" },
		{ ISSUER("b2"), 403, VAULT_DENIED },
		{ ISSUER("b2/crl"), 200, "{\"data\":{\"crl\":\"$LATE\"}}" },
		{ ISSUER("c3"), 200, "{\"data\":{\"certificate\":\"$CA\"}}" },
		{ ISSUER("c3/crl"), 200, "{\"data\":{\"crl\":\"$STRANGE\"}}" },
		{ ISSUER("d4"), 200, "{\"data\":{\"certificate\":\"no\",\"revoked\":true}}" },
		{ ISSUER("d4/crl"), 200, "{\"data\":{\"crl\":\"no\"}}" },
		END
	};
	static const struct {
		const char *name, *state, *part;
	} rows[] = {
		{ "first", "default", "CRL signed: by this issuer" },
		{ "late", "CRL out of date", "allow 'read' on pki/issuer/b2" },
		{ "odd", "CRL of another", "CRL signed: NOT by this issuer" },
		{ "none", "revoked", "CRL: that is no list" },
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	s.play.op.now = MAKE_NOW;
	g_assert_true(play_run(&s.play));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct object *o = issuer_put(&s, rows[i].name);

		g_assert_cmpstr(o->state, ==, rows[i].state);
		g_assert_null(strchr(o->name, '\033'));
		if (!strstr(o->facts, rows[i].part))
			g_error("%s: %s", rows[i].name, o->facts);
	}
	g_assert_nonnull(strstr(issuer_put(&s, "first")->facts, "CRL number: 7"));
	g_assert_nonnull(strstr(issuer_put(&s, "first")->facts, "CRL age: 24 h"));
	g_assert_true(g_str_has_prefix(issuer_put(&s, "first")->summary, "CRL 7: 1 revoked, good until"));
	vault_stage_done(&s);
}

/* Servers of before there were several have one issuer, elsewhere. */
static void test_pki_one_issuer(void)
{
	static const struct vault_answer script[] = {
		{ LIST, 404, VAULT_EMPTY }, ROLES, { ISSUERS, 405, NO_ROUTE },
		{ "GET pki/cert/ca", 200, CERT("$CA", "0") },
		{ "GET pki/cert/crl", 200, CERT("$CRL", "0") }, END
	};
	static const struct vault_answer broken[] = {
		{ LIST, 404, VAULT_EMPTY }, ROLES, { ISSUERS, 500, "{\"errors\":[\"oh\"]}" }, END
	};
	struct vault_stage s;
	const struct object *o;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	o = issuer_put(&s, "Root");
	g_assert_cmpstr(object_key(o), ==, "default");
	g_assert_nonnull(strstr(o->facts, "CRL signed: by this issuer"));
	vault_stage_done(&s);
	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", broken);
	g_assert_true(play_run(&s.play));
	g_assert_true(play_has_trouble(&s.play, "listing the issuers"));
	g_assert_cmpstr(s.play.op.kept_objects->pdata[0], ==, "issuer");
	vault_stage_done(&s);
}

/* A policy that allows lists only in pages; behind a key is asked in the form that is stored. */
static void test_pki_pages(void)
{
	GString *keys = g_string_new("{\"data\":{\"keys\":[");
	struct vault_answer script[] = {
		{ LIST, 403, VAULT_DENIED }, { "GET pki/certs?limit=100&list=true", 200, NULL },
		{ "GET pki/certs?limit=100&after=63-63&list=true", 200, KEYS("\"64:aa\"") },
		{ "GET pki/certs/revoked?limit=100&list=true", 404, VAULT_EMPTY },
		{ "GET pki/certs/detailed?limit=100&list=true", 404, NO_ROUTE },
		{ "GET pki/cert/*", 200, CERT("$LEAF", "0") },
		{ "GET pki/roles?list=true", 403, VAULT_DENIED }, END
	};
	struct vault_stage s;

	for (unsigned i = 0; i < 100; i++)
		g_string_append_printf(keys, "%s\"%02x:%02x\"", i ? "," : "", i, i);
	g_string_append(keys, "]}}");
	script[1].body = keys->str;
	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.said, ==, "101 certificates, 0 revoked");
	g_assert_cmpuint(s.play.op.fresh->len, ==, 101);
	vault_stage_done(&s);
	g_string_free(keys, TRUE);
}

/* The list with names: all are shown at once as what they are, and the newest is read first. */
static void test_pki_detailed(void)
{
	GString *keys = g_string_new(NULL), *info = g_string_new(NULL);
	g_autofree char *list = NULL, *detailed = NULL;
	struct vault_answer script[] = {
		{ LIST, 200, NULL }, { GONE, 404, VAULT_EMPTY },
		{ "GET pki/certs/detailed?limit=500&list=true", 200, NULL },
		{ "GET pki/cert/*", 503, "{\"errors\":[\"Vault is sealed\"]}" },
		{ VAULT_HEALTH, 200, "{\"initialized\":true,\"sealed\":true}" },
		{ "GET sys/seal-status", 200, "{\"initialized\":true,\"sealed\":true,\"t\":3,\"progress\":1}" },
		END
	};
	struct vault_stage s;
	struct table *t;
	const char *name;
	size_t len;

	for (unsigned i = 0; i < 20; i++) {
		g_string_append_printf(keys, "%s\"%02x:00\"", i ? "," : "", i);
		g_string_append_printf(info, "%s\"%02x:00\":{\"common_name\":\"h%u.example.com\",\"issuer\":"
				       "\"CN=Root,O=X\",\"key_type\":\"ec\",\"key_bits\":256,\"not_before\":"
				       "\"2026-01-%02uT00:00:00Z\",\"not_after\":\"2027-01-01T00:00:00Z\","
				       "\"dns_names\":null}", i ? "," : "", i, i, i + 1);
	}
	list = g_strdup_printf("{\"data\":{\"keys\":[%s]}}", keys->str);
	detailed = g_strdup_printf("{\"data\":{\"keys\":[%s],\"key_info\":{%s}}}", keys->str, info->str);
	script[0].body = list;
	script[2].body = detailed;
	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.asked->pdata[3 + 19], ==, "GET pki/cert/13:00");	/* play begins at the end */
	g_assert_true(play_has_trouble(&s.play, "20 certificates could not be read"));
	g_assert_true(play_has_trouble(&s.play, "sealed, with 1 of 3 unseal keys given"));
	t = play_table(&s.play);
	g_assert_cmpuint(t->n, ==, 20);
	name = table_name(t, 3, &len);
	g_assert_cmpuint(len, ==, strlen("h3.example.com"));
	g_assert_true(!strncmp(name, "h3.example.com", len));
	g_assert_cmpuint(t->print[3], ==, 0);
	g_assert_cmpuint(t->not_after[3], !=, 0);
	table_unref(t);
	vault_stage_done(&s);
	g_string_free(keys, TRUE);
	g_string_free(info, TRUE);
}

/* Keyfactor's engine reads where its version does, tells names with its list, and revocations with
 * each certificate. */
static void test_keyfactor(void)
{
	static const struct vault_answer script[] = {
		{ "GET my%20kf/certs?list=true", 200, "{\"data\":{\"keys\":[\"0A1B\"],\"key_info\":"
						      "{\"0A1B\":{\"common_name\":\"www\"}}}}" },
		{ "GET my%20kf/roles?list=true", 404, VAULT_EMPTY },
		{ "GET my%20kf/certs/0A1B", 404, NO_ROUTE },
		{ "GET my%20kf/cert/0A1B", 200, CERT("some lines\\n$LEAF", "1790000000") },
		{ "GET sys/internal/ui/mounts/my%20kf", 403, VAULT_DENIED },
		{ "GET my%20kf/config", 403, VAULT_DENIED }, { "GET my%20kf/ca", 403, VAULT_DENIED },
		{ "GET my%20kf/ca_chain", 403, VAULT_DENIED }, END
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "keyfactor", "my kf", script);
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.play.op.said, ==, "1 certificate, 1 revoked");
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	vault_stage_done(&s);
}

static const struct refusal pki_refusals[] = {
	{ "pki-refused", { { LIST, 403, VAULT_DENIED },
			   { "GET pki/certs?limit=100&list=true", 403, VAULT_DENIED }, END },
	  ERR_REFUSED, "have to allow 'list' on pki/certs/" },
	{ "pki-dead", { { LIST, 403, "{\"errors\":[\"permission denied\",\"invalid token\"]}" }, END },
	  ERR_SIGN_IN, "revoked, or has ended" },
	{ "pki-unmounted", { { LIST, 404, NO_ROUTE }, END }, ERR_NOT_FOUND, "check the mount" },
	{ "pki-standby", { { LIST, 500, "{\"errors\":[\"no active node\"]}" },
			   { VAULT_HEALTH, 200, "{\"initialized\":true,\"standby\":true}" }, END },
	  ERR_BUSY, "this node is a standby" },
	{ "pki-cut", { { LIST, 200, "{\"data\":{\"ke" }, END }, ERR_REPLY, "no answer of Vault's" },
};

static void test_pki_refusal(gconstpointer data)
{
	const struct refusal *f = data;
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "pki", "pki", f->script);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, (int)f->code);
	g_assert_nonnull(strstr(word_of(&s.play), f->says));
	vault_stage_done(&s);
}

/* ---- KV ---- */

static void test_kv(void)
{
	static const struct vault_answer script[] = {
		{ "GET kv/metadata/?list=true", 200, KEYS("\"web/\",\"gone\",\"../\",\"hidden/\"") },
		{ "GET kv/metadata/web/?list=true", 200, KEYS("\"a b\",\"c\"") },
		{ "GET kv/metadata/hidden/?list=true", 403, VAULT_DENIED },
		{ "GET kv/data/gone", 404, "{\"data\":{\"data\":null,\"metadata\":{\"version\":1}}}" },
		{ "GET kv/data/web/a%20b", 200,
		  "{\"data\":{\"data\":{\"certificate\":\"$LEAF$CA\",\"private_key\":\"$KEY\"}}}" },
		{ "GET kv/data/web/c", 200,
		  "{\"data\":{\"data\":{\"pem\":\"$OTHER\",\"key\":\"$KEY\",\"n\":1}}}" },
		END
	};
	struct vault_stage s;
	g_autofree char *rows = NULL;

	vault_stage_init(&s, VERB_REFRESH, "kv", "kv", script);
	rows = play_rows(&s.play);
	g_assert_nonnull(rows);
	g_assert_nonnull(strstr(rows, "web/a b#certificate key\n"));
	g_assert_nonnull(strstr(rows, "web/a b#certificate/2\n"));
	g_assert_nonnull(strstr(rows, "web/c#pem mismatch\n"));
	g_assert_cmpstr(s.play.op.said, ==, "3 certificates in 2 secrets");
	g_assert_cmpuint(s.play.op.keys, ==, 2);
	g_assert_true(play_has_trouble(&s.play, "have to allow 'list' on kv/metadata/hidden/"));
	vault_stage_done(&s);
}

/* What was read before the server was sealed is not lost, and what was known before neither. */
static void test_kv_sealed(void)
{
	static const struct vault_answer script[] = {
		{ "GET kv/metadata/?list=true", 200, KEYS("\"a\",\"b\"") },
		{ "GET kv/data/b", 200, "{\"data\":{\"data\":{\"certificate\":\"$LEAF\"}}}" },
		{ "GET kv/data/a", 503, "{\"errors\":[\"Vault is sealed\"]}" },
		{ VAULT_HEALTH, 200, "{\"initialized\":true,\"sealed\":true}" },
		{ "GET sys/seal-status", 200, "{\"initialized\":true,\"sealed\":true,\"t\":3,\"progress\":1}" },
		END
	};
	struct vault_stage s;

	vault_stage_init(&s, VERB_REFRESH, "kv", "kv", script);
	g_assert_true(play_run(&s.play));
	g_assert_true(play_has_trouble(&s.play, "sealed, with 1 of 3"));
	g_assert_cmpuint(s.play.op.n_rows, ==, 1);
	play_again(&s.play);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_BUSY);
	vault_stage_done(&s);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	g_test_add_func("/vault/stores", test_stores);
	g_test_add_func("/vault/stores-of-few-rights", test_stores_of_few_rights);
	g_test_add_func("/vault/stores-unsure", test_stores_unsure);
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		g_autofree char *path = g_strconcat("/vault/", refusals[i].name, NULL);

		g_test_add_data_func(path, &refusals[i], test_refusal);
	}
	g_test_add_func("/vault/pki", test_pki);
	g_test_add_func("/vault/pki-revoked-since", test_pki_revoked_since);
	g_test_add_func("/vault/pki-roles", test_pki_roles);
	g_test_add_func("/vault/pki-empty", test_pki_empty);
	g_test_add_func("/vault/pki-old-server", test_pki_old_server);
	g_test_add_func("/vault/pki-issuers", test_pki_issuers);
	g_test_add_func("/vault/pki-one-issuer", test_pki_one_issuer);
	g_test_add_func("/vault/pki-pages", test_pki_pages);
	g_test_add_func("/vault/pki-detailed", test_pki_detailed);
	g_test_add_func("/vault/keyfactor", test_keyfactor);
	for (size_t i = 0; i < G_N_ELEMENTS(pki_refusals); i++) {
		g_autofree char *path = g_strconcat("/vault/", pki_refusals[i].name, NULL);

		g_test_add_data_func(path, &pki_refusals[i], test_pki_refusal);
	}
	g_test_add_func("/vault/kv", test_kv);
	g_test_add_func("/vault/kv-sealed", test_kv_sealed);
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
