/* test-vault-orders: certificates that a pki issues, signs and revokes, and those that leave Vault. */
#include "vault-stage.h"

#include <string.h>
#include <sys/stat.h>

#include <certty/model/x509.h>

#include "../model/make.h"

#define ROLE  "GET pki/roles/web"
#define ISSUE "POST pki/issue/web"
#define SIGN  "POST pki/sign/web"
#define LIST  "GET pki/certs?list=true"
#define REVOKE "POST pki/revoke"
#define LIMITS "{\"data\":{\"allowed_domains\":[\"example.com\"],\"allow_subdomains\":true," \
	       "\"allow_localhost\":false,\"max_ttl\":259200,\"no_store\":false,\"key_type\":\"ec\"}}"
#define ISSUED(key) "{\"warnings\":[\"TTL is cut\"],\"data\":{\"certificate\":\"$LEAF\"," \
		    "\"ca_chain\":[\"$CA\"],\"issuing_ca\":\"$CA\"" key "}}"
#define END { NULL }

static void begin(struct vault_stage *s, const struct vault_answer *script)
{
	vault_stage_init(s, VERB_ORDER, "pki", "pki", script);
	play_arg(&s->play, "names", "www.example.com,example.com");
	play_arg(&s->play, "role", "web");
}

static const struct request *last_row(const struct vault_stage *s)
{
	const GPtrArray *rows = s->play.op.put_requests;

	return rows->len ? rows->pdata[rows->len - 1] : NULL;
}

static const char *word_of(const struct vault_stage *s)
{
	return s->play.op.error ? s->play.op.error->message : "";
}

/* ---- issue ---- */

static void test_issue(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 200, LIMITS }, { ISSUE, 200, ISSUED(",\"private_key\":\"$KEY\"") }, END
	};
	const struct bundle *b;
	struct vault_stage s;

	begin(&s, script);
	play_arg(&s.play, "ttl", "2h");
	play_secret(&s.play, "new-passphrase", "correct horse");
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.kept_requests, ==, 1);	/* before it was sent */
	g_assert_cmpstr(vault_stage_body(&s, ISSUE), ==,
			"{\"common_name\":\"www.example.com\",\"alt_names\":\"www.example.com,example.com\","
			"\"ttl\":\"7200s\",\"private_key_format\":\"pkcs8\"}");
	g_assert_cmpuint(s.play.op.kept->len, ==, 1);
	b = s.play.op.kept->pdata[0];
	g_assert_nonnull(b->key);
	g_assert_cmpuint(b->chain->len, ==, 1);
	g_assert_true(play_has_trouble(&s.play, "TTL is cut"));
	g_assert_cmpint(last_row(&s)->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(strlen(last_row(&s)->result), ==, 64);
	g_assert_null(strstr(last_row(&s)->kept, "KEY"));
	g_assert_cmpuint(s.play.op.touched->len, ==, 1);
	vault_stage_done(&s);
}

static void test_key_file(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 403, VAULT_DENIED }, { ISSUE, 200, ISSUED(",\"private_key\":\"$KEY\"") }, END
	};
	char *folder = play_folder();
	g_autofree char *path = g_build_filename(folder, "key.pem", NULL), *text = NULL;
	const struct bundle *b;
	struct vault_stage s;
	struct stat st;

	begin(&s, script);
	play_arg(&s.play, "key", "file");
	play_arg(&s.play, "key-file", path);
	g_assert_true(play_run(&s.play));
	b = s.play.op.kept->pdata[0];
	g_assert_null(b->key);
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "BEGIN PRIVATE KEY"));
	vault_stage_done(&s);

	begin(&s, script);	/* it is there now: found out before anything is asked */
	play_arg(&s.play, "key", "file");
	play_arg(&s.play, "key-file", path);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_EXISTS);
	g_assert_cmpuint(s.asked->len, ==, 0);
	vault_stage_done(&s);
	play_folder_gone(folder);
}

static void test_key_not_kept(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 200, LIMITS }, { ISSUE, 200, ISSUED(",\"private_key\":\"$KEY\"") }, END
	};
	struct vault_stage s;

	begin(&s, script);
	play_arg(&s.play, "key", "no");
	g_assert_true(play_run(&s.play));
	g_assert_null(((struct bundle *)s.play.op.kept->pdata[0])->key);
	g_assert_nonnull(strstr(s.play.op.said, "which nobody has now"));
	vault_stage_done(&s);
}

/* ---- sign ---- */

static char *request_file(const char *folder, const char *const *names)
{
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);
	g_autoptr(GBytes) der = x509_csr_make(key, "", names, NULL);
	g_autoptr(detail) d = x509_csr_describe(der, NULL, NULL, NULL);
	char *path = g_build_filename(folder, "request.csr", NULL);

	g_assert_true(g_file_set_contents(path, d->pem, -1, NULL));
	return path;
}

static void test_sign(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 200, LIMITS }, { SIGN, 200, ISSUED("") }, END
	};
	static const char *const names[] = { "www.example.com", "example.com", NULL };
	char *folder = play_folder();
	g_autofree char *path = request_file(folder, names);
	struct vault_stage s;

	begin(&s, script);
	play_arg(&s.play, "csr", path);
	g_assert_true(play_run(&s.play));
	g_assert_nonnull(strstr(vault_stage_body(&s, SIGN), "BEGIN CERTIFICATE REQUEST"));
	g_assert_null(((struct bundle *)s.play.op.kept->pdata[0])->key);
	vault_stage_done(&s);

	begin(&s, script);
	play_arg(&s.play, "names", "www.example.com");
	play_arg(&s.play, "csr", path);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_USAGE);
	g_assert_nonnull(strstr(word_of(&s), "for example.com too"));
	g_assert_cmpuint(s.asked->len, ==, 0);
	vault_stage_done(&s);
	play_folder_gone(folder);
}

/* ---- refused ---- */

static const struct refusal {
	const char *name;
	struct vault_answer script[3];
	const char *key, *value;
	enum err code;
	const char *says;
} refusals[] = {
	{ "no-role", { { ROLE, 404, VAULT_EMPTY }, END }, "key", "no", ERR_NOT_FOUND, "has no role web" },
	{ "not-allowed", { { ROLE, 200, LIMITS },
			   { ISSUE, 400, "{\"errors\":[\"common name x not allowed by this role\"]}" }, END },
	  "key", "no", ERR_REFUSED, "the role allows: domains example.com, names below them, at most 3 d" },
	{ "no-policy", { { ROLE, 403, VAULT_DENIED }, { ISSUE, 403, VAULT_DENIED }, END }, "key", "no",
	  ERR_REFUSED, "have to allow 'update' on pki/issue/web" },
	{ "no-passphrase", { END }, "key", "encrypted", ERR_USAGE, "a passphrase is needed" },
	{ "no-key-file", { END }, "key", "file", ERR_USAGE, "the file is needed" },
	{ "no-span", { END }, "ttl", "soon", ERR_USAGE, "no span" },
};

static void test_refusal(gconstpointer data)
{
	const struct refusal *f = data;
	struct vault_stage s;

	begin(&s, f->script);
	play_arg(&s.play, f->key, f->value);
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, (int)f->code);
	g_assert_nonnull(strstr(word_of(&s), f->says));
	g_assert_true(!last_row(&s) || last_row(&s)->state == REQUEST_FAILED);
	g_assert_cmpuint(s.play.op.kept->len, ==, 0);
	vault_stage_done(&s);
}

/* ---- an answer that is lost ---- */

static struct request *lost_row(bool has_csr)
{
	static const struct vault_answer script[] = { { ROLE, 200, LIMITS }, { ISSUE, 0 }, { SIGN, 0 }, END };
	static const char *const names[] = { "www.example.com", "example.com", NULL };
	char *folder = play_folder();
	g_autofree char *path = request_file(folder, names);
	struct vault_stage s;
	struct request *r;

	begin(&s, script);
	s.play.op.now = MAKE_NOW - 30 * (int64_t)MAKE_DAY;	/* when the leaf begins */
	play_arg(&s.play, has_csr ? "csr" : "key", has_csr ? path : "no");
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_NETWORK);
	g_assert_nonnull(strstr(word_of(&s), "not known to be issued"));
	r = request_dup(last_row(&s));
	g_assert_cmpint(r->state, ==, REQUEST_WAITS_PROVIDER);
	g_assert_cmpstr(r->can, ==, "sync dismiss");
	vault_stage_done(&s);
	play_folder_gone(folder);
	return r;
}

#define FOUND "{\"data\":{\"keys\":[\"01:aa\"]}}"
#define ONE   { "GET pki/cert/01:aa", 200, "{\"data\":{\"certificate\":\"$LEAF\",\"revocation_time\":0}}" }

static const struct lost {
	const char *name;
	bool has_csr;
	struct vault_answer script[3];
	enum request_state state;
	bool is_kept;
	const char *says;
} losts[] = {
	{ "issued-for-request", true, { { LIST, 200, FOUND }, ONE, END }, REQUEST_ISSUED, true,
	  "though the answer was lost" },
	{ "issued-with-key", false, { { LIST, 200, FOUND }, ONE, END }, REQUEST_FAILED, false,
	  "its key was lost with the answer" },
	{ "not-issued", true, { { LIST, 404, VAULT_EMPTY }, END }, REQUEST_FAILED, false, "was not issued" },
	{ "issued-others", true,
	  { { LIST, 200, FOUND },
	    { "GET pki/cert/01:aa", 200, "{\"data\":{\"certificate\":\"$OTHER\"}}" }, END },
	  REQUEST_FAILED, false, "was not issued" },
	{ "unreadable", true, { { LIST, 200, FOUND }, { "GET pki/cert/01:aa", 0 }, END },
	  REQUEST_WAITS_PROVIDER, false, "whether it was issued is not known" },
};

static void test_lost(gconstpointer data)
{
	const struct lost *l = data;
	struct request *r = lost_row(l->has_csr);
	struct vault_stage s;
	const struct request *now;
	const char *words;

	vault_stage_init(&s, VERB_SYNC, "pki", "pki", l->script);
	play_request(&s.play, r);
	play_run(&s.play);
	now = last_row(&s) ? last_row(&s) : r;
	words = s.play.op.error ? word_of(&s) : s.play.op.said;
	g_assert_nonnull(strstr(words, l->says));
	g_assert_cmpint(now->state, ==, l->state);
	g_assert_cmpuint(s.play.op.kept->len, ==, l->is_kept);
	vault_stage_done(&s);
	request_unref(r);
}

/* The same order once more: what was issued is looked at first, and only then is it sent again. */
static void test_lost_again(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 200, LIMITS }, { LIST, 404, VAULT_EMPTY }, { ISSUE, 200, ISSUED("") }, END
	};
	struct request *r = lost_row(false);
	struct vault_stage s;

	begin(&s, script);
	play_arg(&s.play, "key", "no");
	play_request(&s.play, r);
	s.play.op.request = NULL;
	g_assert_true(play_run(&s.play));
	g_assert_cmpstr(s.asked->pdata[1], ==, LIST);
	g_assert_cmpstr(last_row(&s)->id, ==, r->id);
	g_assert_cmpint(last_row(&s)->state, ==, REQUEST_ISSUED);
	vault_stage_done(&s);
	request_unref(r);
}

/* ---- enrolments ---- */

#define TOKEN "00112233445566778899aabbccddeeff"
#define ASK_CHAIN "GET pki/cert/ca_chain"

static const char *const enrolled[] = { "www.example.com", "example.com", NULL };

static GBytes *csr_of_leaf(void)
{
	g_autofree char *pem = vault_stage_key();
	g_autoptr(x509_key) key = x509_key_read((const uint8_t *)pem, strlen(pem), NULL, NULL);

	return x509_csr_make(key, "", enrolled, NULL);
}

static void begin_enrol(struct vault_stage *s, const struct vault_answer *script, struct enrol *e,
			struct request *known)
{
	vault_stage_init(s, VERB_ENROLL, "pki", "pki", script);
	s->play.first = s->play.provider->issuer->ask;
	s->play.op.enrol = e;
	play_arg(&s->play, "role", "web");
	play_arg(&s->play, "validity", "2h");
	if (known)
		play_request(&s->play, known);
	s->play.op.request = NULL;
}

/* Signed, with no name that the role takes from the request; asked again it is in the row. */
static void test_enrol(void)
{
	static const struct vault_answer script[] = {
		{ ROLE, 200, LIMITS }, { SIGN, 200, ISSUED("") }, END
	}, none[] = { END };
	g_autoptr(GBytes) csr = csr_of_leaf();
	struct enrol e = { .token = TOKEN, .names = enrolled, .csr = csr, .about = "" };
	struct request *row;
	struct vault_stage s;

	begin_enrol(&s, script, &e, NULL);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.kept_requests, ==, 1);	/* before it was sent */
	g_assert_true(g_str_has_prefix(vault_stage_body(&s, SIGN), "{\"ttl\":\"7200s\",\"csr\":"));
	g_assert_cmpuint(s.play.op.handed->chain->len, ==, 1);
	g_assert_cmpuint(s.play.op.kept->len, ==, 0);	/* whoever made the key keeps both */
	g_assert_cmpint(s.play.op.stands.state, ==, REQUEST_ISSUED);
	row = request_dup(last_row(&s));
	g_assert_cmpstr(row->id, ==, "v/pki:pki/enrol:" TOKEN);
	vault_stage_done(&s);

	begin_enrol(&s, none, &e, row);
	g_assert_true(play_run(&s.play));
	g_assert_cmpuint(s.play.op.handed->chain->len, ==, 1);
	vault_stage_done(&s);
	request_unref(row);

	e.about = "v/pki:pki/enrol:" TOKEN;	/* and its row was dismissed */
	begin_enrol(&s, none, &e, NULL);
	g_assert_true(play_run(&s.play));
	g_assert_cmpint(s.play.op.stands.state, ==, REQUEST_GONE);
	vault_stage_done(&s);
}

static const struct enrol_lost {
	const char *name, *limits;
	struct vault_answer script[5];
	bool is_handed, is_sent_again;
	enum request_state stands;
	const char *says;
} enrol_losts[] = {
	{ "signed", LIMITS,
	  { { LIST, 200, FOUND }, ONE, { ASK_CHAIN, 200, "{\"data\":{\"certificate\":\"$CA\"}}" }, END },
	  true, false, REQUEST_ISSUED, "Issued" },
	{ "not-signed", LIMITS, { { LIST, 404, VAULT_EMPTY }, { SIGN, 200, ISSUED("") }, END }, true, true,
	  REQUEST_ISSUED, "Issued" },
	{ "signed-others", LIMITS,
	  { { LIST, 200, FOUND }, { "GET pki/cert/01:aa", 200, "{\"data\":{\"certificate\":\"$OTHER\"}}" },
	    { SIGN, 200, ISSUED("") }, END }, true, true, REQUEST_ISSUED, "Issued" },
	{ "not-listed", "{\"data\":{\"no_store\":true}}", { { LIST, 404, VAULT_EMPTY }, END }, false, false,
	  REQUEST_FAILED, "nobody can know" },
	{ "unreadable", LIMITS, { { LIST, 200, FOUND }, { "GET pki/cert/01:aa", 0 }, END }, false, false,
	  REQUEST_WAITS_PROVIDER, "whether it was issued is not known" },
	{ "no-list", LIMITS, { { LIST, 403, VAULT_DENIED }, END }, false, false, REQUEST_WAITS_PROVIDER,
	  "have to allow 'list' on pki/certs/" },
};

static void test_enrol_lost(gconstpointer data)
{
	const struct enrol_lost *l = data;
	const struct vault_answer script[] = { { ROLE, 200, l->limits }, { SIGN, 0 }, END };
	g_autoptr(GBytes) csr = csr_of_leaf();
	struct enrol e = { .token = TOKEN, .names = enrolled, .csr = csr, .about = "" };
	struct request *row;
	struct vault_stage s;
	const char *words;

	begin_enrol(&s, script, &e, NULL);
	g_assert_false(play_run(&s.play));
	g_assert_cmpint(s.play.op.stands.state, ==, REQUEST_WAITS_PROVIDER);
	row = request_dup(last_row(&s));
	vault_stage_done(&s);

	begin_enrol(&s, l->script, &e, row);
	play_run(&s.play);
	words = s.play.op.error ? word_of(&s) : s.play.op.said;
	g_assert_nonnull(strstr(words, l->says));
	g_assert_cmpint(s.play.op.handed != NULL, ==, l->is_handed);
	g_assert_cmpuint(vault_stage_count(&s, SIGN), ==, l->is_sent_again);
	g_assert_cmpint(s.play.op.stands.state, ==, l->stands);
	vault_stage_done(&s);
	request_unref(row);
}

/* ---- revoke ---- */

static const struct {
	const char *type;
	struct vault_answer answer;
	enum err code;		/* 0: it goes well */
	const char *says, *body;
} revocations[] = {
	{ "pki", { REVOKE, 200, "{\"data\":{\"revocation_time\":1790000000,\"state\":\"revoked\"}}" }, 0,
	  "01:aa was revoked already", "{\"serial_number\":\"01:aa\"}" },
	{ "keyfactor", { REVOKE, 200, "{\"data\":{\"revocation_time\":4000000000}}" }, 0,
	  "01:aa is revoked", "{\"serial\":\"01aa\"}" },
	{ "pki", { REVOKE, 200, "{\"data\":null,\"warnings\":[\"certificate already expired\"]}" },
	  ERR_REFUSED, "NOT revoked: certificate already expired", NULL },
	{ "pki", { REVOKE, 204, "" }, ERR_REFUSED, "NOT revoked: the engine did nothing", NULL },
	{ "pki", { REVOKE, 400, "{\"errors\":[\"adding issuer to its own CRL is not allowed\"]}" },
	  ERR_REFUSED, "its own CRL", NULL },
	{ "pki", { REVOKE, 403, VAULT_DENIED }, ERR_REFUSED, "'update' on pki/revoke", NULL },
	{ "kv", { REVOKE, 404, "" }, ERR_REFUSED, "its issuer revokes it", NULL },
};

static void test_revoke(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(revocations); i++) {
		const struct vault_answer script[] = { revocations[i].answer, END };
		struct vault_stage s;
		bool is_good;

		vault_stage_init(&s, VERB_REVOKE, revocations[i].type, "pki", script);
		play_arg(&s.play, "reason", "superseded");
		play_cert(&s.play, vault_made.leaf, "01:aa");
		is_good = play_run(&s.play);
		g_assert_true(is_good == !revocations[i].code);
		g_assert_nonnull(strstr(is_good ? s.play.op.said : word_of(&s), revocations[i].says));
		if (revocations[i].body)
			g_assert_cmpstr(vault_stage_body(&s, REVOKE), ==, revocations[i].body);
		g_assert_true((s.play.op.new_memo != NULL) == is_good);
		g_assert_true(!is_good || play_has_trouble(&s.play, "keeps no reason"));
		vault_stage_done(&s);
	}
}

/* An engine without a list of what is revoked: what we revoked there stays known. */
static void test_revoke_is_kept(void)
{
	static const struct vault_answer script[] = {
		{ REVOKE, 200, "{\"data\":{\"revocation_time\":1790000000}}" },
		{ LIST, 200, "{\"data\":{\"keys\":[\"01:aa\"]}}" },
		{ "GET pki/certs/01:aa", 200, "{\"data\":{\"certificate\":\"$LEAF\",\"revocation_time\":0}}" },
		{ "GET pki/roles?list=true", 404, VAULT_EMPTY },
		{ "GET sys/internal/ui/mounts/pki", 403, VAULT_DENIED },
		{ "GET pki/config", 403, VAULT_DENIED }, { "GET pki/ca", 403, VAULT_DENIED },
		{ "GET pki/ca_chain", 403, VAULT_DENIED }, END
	};
	struct vault_stage s, again;

	vault_stage_init(&s, VERB_REVOKE, "keyfactor", "pki", script);
	play_cert(&s.play, vault_made.leaf, "01:aa");
	g_assert_true(play_run(&s.play));
	vault_stage_init(&again, VERB_REFRESH, "keyfactor", "pki", script);
	again.play.op.memo = g_bytes_ref(s.play.op.new_memo);
	g_assert_true(play_run(&again.play));
	g_assert_cmpstr(again.play.op.said, ==, "1 certificate, 1 revoked");
	vault_stage_done(&again);
	vault_stage_done(&s);
}

/* ---- export, and handing on ---- */

static void test_export_chain(void)
{
	static const struct vault_answer script[] = {
		{ "GET pki/cert/ca_chain", 200, "{\"data\":{\"certificate\":\"$CA\"}}" }, END
	};
	char *folder = play_folder();
	g_autofree char *path = g_build_filename(folder, "chain.pem", NULL), *text = NULL;
	struct vault_stage s;

	vault_stage_init(&s, VERB_EXPORT, "pki", "pki", script);
	play_arg(&s.play, "format", "chain");
	play_arg(&s.play, "file", path);
	play_cert(&s.play, vault_made.leaf, "01:aa");
	g_assert_true(play_run(&s.play));
	g_assert_nonnull(strstr(s.play.op.said, "1 issuer known"));
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_nonnull(strstr(strstr(text, "BEGIN CERT") + 1, "BEGIN CERT"));
	vault_stage_done(&s);

	vault_stage_init(&s, VERB_EXPORT, "pki", "pki", script);
	play_arg(&s.play, "format", "pem");
	play_arg(&s.play, "file", path);
	play_arg(&s.play, "with-key", "yes");
	play_secret(&s.play, "passphrase", "correct horse");
	play_cert(&s.play, vault_made.leaf, "01:aa");
	g_assert_false(play_run(&s.play));
	g_assert_error(s.play.op.error, ERR, ERR_REFUSED);
	vault_stage_done(&s);
	play_folder_gone(folder);
}

#define SECRET "GET kv/data/web/a%20b"

static const struct {
	struct vault_answer answer;
	enum err code;		/* 0: it is handed on */
} handings[] = {
	{ { SECRET, 200, "{\"data\":{\"data\":{\"c\":\"$LEAF$CA\",\"k\":\"$KEY\"}}}" }, 0 },
	{ { SECRET, 200, "{\"data\":{\"data\":{\"c\":\"$LEAF$CA\"}}}" }, ERR_NOT_FOUND },
	{ { SECRET, 403, VAULT_DENIED }, ERR_REFUSED },
	{ { SECRET, 404, VAULT_EMPTY }, ERR_NOT_FOUND },
};

static void test_hand(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(handings); i++) {
		const struct vault_answer script[] = { handings[i].answer, END };
		struct vault_stage s;
		bool is_good;

		vault_stage_init(&s, VERB_DEPLOY, "kv", "kv", script);
		s.play.first = s.play.provider->hand;
		play_cert(&s.play, vault_made.leaf, "web/a b#c");
		is_good = play_run(&s.play);
		g_assert_true(is_good == !handings[i].code);
		if (is_good) {
			g_assert_nonnull(s.play.op.handed->key);
			g_assert_cmpuint(s.play.op.handed->chain->len, ==, 1);
		} else {
			g_assert_error(s.play.op.error, ERR, (int)handings[i].code);
		}
		vault_stage_done(&s);
	}
}

static void add_all(void)
{
	g_test_add_func("/vault/export-chain", test_export_chain);
	g_test_add_func("/vault/hand", test_hand);
	g_test_add_func("/vault/issue", test_issue);
	g_test_add_func("/vault/key-file", test_key_file);
	g_test_add_func("/vault/key-not-kept", test_key_not_kept);
	g_test_add_func("/vault/sign", test_sign);
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		g_autofree char *path = g_strconcat("/vault/order-", refusals[i].name, NULL);

		g_test_add_data_func(path, &refusals[i], test_refusal);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(losts); i++) {
		g_autofree char *path = g_strconcat("/vault/lost-", losts[i].name, NULL);

		g_test_add_data_func(path, &losts[i], test_lost);
	}
	g_test_add_func("/vault/lost-again", test_lost_again);
	g_test_add_func("/vault/enrol", test_enrol);
	for (size_t i = 0; i < G_N_ELEMENTS(enrol_losts); i++) {
		g_autofree char *path = g_strconcat("/vault/enrol-lost/", enrol_losts[i].name, NULL);

		g_test_add_data_func(path, &enrol_losts[i], test_enrol_lost);
	}
	g_test_add_func("/vault/revoke", test_revoke);
	g_test_add_func("/vault/revoke-is-kept", test_revoke_is_kept);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	vault_stage_make();
	add_all();
	status = g_test_run();
	vault_stage_made_done();
	return status;
}
