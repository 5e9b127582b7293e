/*
 * kv_import: a certificate with its key goes into a vault, as a new name or as the next version of one
 * that is there.
 *
 * What the vault has under the name is read first: the same certificate is not sent again, since each
 * import is a version and versions cannot be taken away; what stays as it was there, its tags, its form
 * and whether its key may leave, is taken from it.  When nobody answers to the sending, what is there
 * tells whether it arrived.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/base/wiping.h>
#include <certty/provider/bundle_in.h>

#define PFX	      "application/x-pkcs12"
#define PEM	      "application/x-pem-file"
#define PASSPHRASE    24	/* random bytes of the one that a file is sent with */
#define VERIFY_MS     2000
#define VERIFIES_MAX  5

/* clang-format off */
const struct field kv_import_fields[] = {
	{ "tags",           FIELD_LIST, "Tags",      false, NULL, NULL,
	  "as in owner=web, env=prod", NULL, NULL },
	{ "drop-tags",      FIELD_BOOL, "Drop tags", false, "no", NULL,
	  "those of the version that it takes the place of; else they stay but for those of the same name", NULL,
	  NULL, true },
	{ "non-exportable", FIELD_BOOL, "Key stays", false, "no", NULL,
	  "the vault gives its key to nobody; else as with the version that it takes the place of", NULL, NULL },
	{ NULL }
};
/* clang-format on */

struct importing {
	struct bundle *read;		/* of the file; NULL: op->bundle is meant */
	char *name, *wanted;		/* in the vault; what it was to be called, where that is not it */
	struct json *there;		/* the bundle that the vault has under the name, or NULL */
	GError *lost;			/* why nobody answered */
	unsigned waits;
};

/* Of the work that makes what is sent. */
struct making {
	struct bundle *bundle;
	char *name, *head;	/* the body but for value and passphrase, without its '}' */
	bool is_pem;
	char *body;		/* all of it; wiped */
	size_t len;
};

static step_fn has_read, ask, answered, made, sent, verify, verified;

static void importing_done(void *p)
{
	struct importing *m = p;

	bundle_free(m->read);
	g_free(m->name);
	g_free(m->wanted);
	json_free(m->there);
	g_clear_error(&m->lost);
	g_free(m);
}

static struct importing *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct importing), importing_done);
}

static const struct bundle *bundle_of(struct op *op)
{
	return op->bundle ? op->bundle : mine(op)->read;
}

/* ---- what a vault would refuse ---- */

static bool is_key(const char *key)
{
	static const char *const taken[] = { "RSA 2048", "RSA 3072", "RSA 4096", "EC P-256", "EC P-384",
					     "EC P-521" };

	for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
		if (!strcmp(taken[i], key))
			return true;
	return false;
}

static bool check(const struct op *op, const struct bundle *b, GError **error)
{
	g_autoptr(GString) day = g_string_new(NULL);
	gsize len;
	const uint8_t *der = g_bytes_get_data(b->cert, &len);

	clock_say_date(day, b->facts.not_after);
	if (!b->key)
		g_set_error(error, ERR, ERR_USAGE, "its private key is not there, and a vault takes no "
			    "certificate without one; nothing was sent");
	else if (!x509_key_fits(b->key, der, len))
		g_set_error(error, ERR, ERR_USAGE, "the private key is not that of the certificate; "
			    "nothing was sent");
	else if (!is_key(b->facts.key))
		g_set_error(error, ERR, ERR_USAGE, "a vault takes RSA keys of 2048, 3072 and 4096 bits and the "
			    "curves P-256, P-384 and P-521, and this one is %s; nothing was "
			    "sent", b->facts.key);
	else if (b->facts.not_after < op->now)
		g_set_error(error, ERR, ERR_USAGE, "it expired on %s, and a vault takes none that has; "
			    "nothing was sent", day->str);
	else
		return true;
	return false;
}

static struct next go_on(struct op *op)
{
	struct importing *m = mine(op);
	const struct bundle *b = bundle_of(op);
	const char *name = args_text(op->args, "name", "");
	const char *wanted = op->cert.alias ? op->cert.alias : *name ? name : b->facts.name;
	GError *error = NULL;

	if (!check(op, b, &error) || !kv_tagging_check(op->args, NULL, &error))
		return next_fail_error(op, error);
	m->name = kv_change_name(wanted);
	if (!*m->name)
		return next_fail(op, ERR_USAGE, "of '%s' nothing is left that a vault takes as a name: say "
				 "another of letters, digits and hyphens (name)", wanted);
	if (strcmp(m->name, wanted) != 0)
		m->wanted = g_strdup(wanted);
	return kv_call_begin(op, ask);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine(op)->read = g_steal_pointer(&op->work->out);
	return go_on(op);
}

struct next kv_import(struct op *op, const struct reply *none)
{
	(void)none;
	return op->bundle ? go_on(op) : bundle_in(op, true, args_secret(op->args, "passphrase"), has_read);
}

/* ---- what is there ---- */

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat("/certificates/", mine(op)->name, NULL);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), answered);
}

/* The last part of an id but for its version is the name as the vault writes it. */
static void take_name(struct importing *m, const struct json *j)
{
	const char *id = json_str(j, "id"), *at = id ? strstr(id, "/certificates/") : NULL;
	g_autofree char *name = at ? g_strndup(at + strlen("/certificates/"),
					       strcspn(at + strlen("/certificates/"), "/")) : NULL;

	if (name && !g_ascii_strcasecmp(name, m->name))
		store_set(&m->name, name);
}

static bool is_sent(struct op *op, const struct json *j)
{
	const struct bundle *b = bundle_of(op);
	const char *coded = json_str(j, "cer");
	gsize len = 0, mine_len;
	g_autofree guchar *der = coded ? g_base64_decode(coded, &len) : NULL;
	const void *bytes = g_bytes_get_data(b->cert, &mine_len);

	return der && len == mine_len && !memcmp(der, bytes, len);
}

static bool is_replacing(const struct op *op)
{
	return !strcmp(args_text(op->args, "replace", ""), "same") || args_bool(op->args, "replace");
}

static struct next make(struct op *op);

static struct next decide(struct op *op)
{
	struct importing *m = mine(op);
	const struct bundle *b = bundle_of(op);
	GError *error = NULL;

	take_name(m, m->there);
	if (is_sent(op, m->there)) {
		op_placed(op, m->name, b->facts.sha256);
		op_touch(op, op->store->id);
		op_say(op, "%s is in the vault %s already, as the newest version of %s; nothing was sent",
		       b->facts.name, kv_call_at(op)->place.name, m->name);
		return next_done();
	}
	if (!strcmp(args_text(op->args, "replace", ""), "new"))
		return next_fail(op, ERR_EXISTS, "the vault %s has a certificate %s already, and one name "
				 "has one certificate: say another name (name), or let it take its place "
				 "(replace same); nothing was sent", kv_call_at(op)->place.name, m->name);
	if (!is_replacing(op))
		return next_fail(op, ERR_EXISTS, "the vault %s has a certificate %s already: to make this "
				 "one its newest version say so (replace); older versions stay; nothing "
				 "was sent",
				 kv_call_at(op)->place.name, m->name);
	if (!kv_tagging_check(op->args, json_get(m->there, "tags"), &error))
		return next_fail_error(op, error);
	return make(op);
}

static struct next answered(struct op *op, const struct reply *r)
{
	struct importing *m = mine(op);
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	if (!r->error && r->status == 404)
		return make(op);
	if (kv_refusal_is_denied(r) && is_replacing(op))
		return make(op);	/* who may import need not be one who may read */
	m->there = kv_call_json(op, r, "get", m->name, &error);
	return m->there ? decide(op) : next_fail_error(op, error);
}

/* ---- what is sent ---- */

/* "EC P-256" and "RSA 2048". */
static void put_key(struct json_writer *w, const char *key, bool is_exportable)
{
	const char *what = strchr(key, ' ') + 1;
	bool is_rsa = g_str_has_prefix(key, "RSA ");

	json_open(w, "key_props", '{');
	json_put_bool(w, "exportable", is_exportable);
	json_put_str(w, "kty", is_rsa ? "RSA" : "EC");
	if (is_rsa)
		json_put_int(w, "key_size", g_ascii_strtoll(what, NULL, 10));
	else
		json_put_str(w, "crv", what);
	json_put_bool(w, "reuse_key", false);
	json_close(w, '}');
}

static char *head_of(struct op *op, bool is_pem)
{
	const struct importing *m = mine(op);
	const struct json *policy = json_get(m->there, "policy");
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "policy", '{');
	put_key(&w, bundle_of(op)->facts.key, !args_bool(op->args, "non-exportable") &&
		json_bool(json_get(policy, "key_props"), "exportable", true));
	json_open(&w, "secret_props", '{');
	json_put_str(&w, "contentType", is_pem ? PEM : PFX);
	json_close(&w, '}');
	json_close(&w, '}');
	kv_tagging_put(&w, op->args, json_get(m->there, "tags"), KV_NAME_TAG, m->wanted);
	return g_string_free(w.out, FALSE);
}

static void making_free(void *p)
{
	struct making *in = p;

	bundle_free(in->bundle);
	g_free(in->name);
	g_free(in->head);
	wiping_free(in->body);
	g_free(in);
}

/* The body is put together in memory that is wiped; value last, and no copy of it anywhere. */
static void begin_body(struct making *in, const char *passphrase /* or NULL */, size_t value)
{
	size_t size = strlen(in->head) + (passphrase ? strlen(passphrase) : 0) + value + 64;

	in->body = wiping_calloc(1, size);
	if (!in->body)
		g_error("no memory for %zu bytes", size);
	in->len = (size_t)g_snprintf(in->body, size, "%s,%s%s%s\"value\":\"", in->head,
				     passphrase ? "\"pwd\":\"" : "", passphrase ? passphrase : "",
				     passphrase ? "\"," : "");
}

static void end_body(struct making *in)
{
	memcpy(in->body + in->len, "\"}", strlen("\"}") + 1);
	in->len += strlen("\"}");
}

static void put_pfx(struct making *in, const char *passphrase, const void *file, size_t len)
{
	gint state = 0, save = 0;

	begin_body(in, passphrase, (len / 3 + 2) * 4);
	in->len += g_base64_encode_step(file, len, FALSE, in->body + in->len, &state, &save);
	in->len += g_base64_encode_close(FALSE, in->body + in->len, &state, &save);
	secret_clear(&save, sizeof(save));
	end_body(in);
}

/* A PEM is sent as the text that it is, of which only the ends of lines are written otherwise. */
static void put_pem(struct making *in, const char *text, size_t len)
{
	begin_body(in, NULL, 2 * len);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			in->body[in->len++] = '\\';
		in->body[in->len++] = text[i] == '\n' ? 'n' : text[i];
	}
	end_body(in);
}

/* Key and certificates in one; a passphrase of a PEM's there is none. */
static void make_pem(struct work *w)
{
	struct making *in = w->in;
	g_autoptr(GPtrArray) chain = bundle_chain(in->bundle);
	g_autofree char *certs = bundle_pem(in->bundle->cert, (GBytes *const *)chain->pdata, chain->len);
	struct secret *key = x509_key_pem(in->bundle->key, NULL, &w->error);
	size_t len = strlen(certs);
	char *text;

	if (!key)
		return;
	text = wiping_calloc(1, key->len + len);
	if (!text)
		g_error("no memory for a key");
	memcpy(text, key->bytes, key->len);
	memcpy(text + key->len, certs, len);
	put_pem(in, text, key->len + len);
	wiping_free(text);
	secret_free(key);
}

static void make_pfx(struct work *w)
{
	struct making *in = w->in;
	g_autoptr(GPtrArray) chain = bundle_chain(in->bundle);
	struct secret *random = secret_random(PASSPHRASE), *passphrase = NULL;
	g_autoptr(GBytes) file = NULL;
	char hex[2 * PASSPHRASE + 1];
	gsize len;
	const void *bytes;

	for (size_t i = 0; random && i < PASSPHRASE; i++)
		g_snprintf(hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)random->bytes[i]);
	if (random)
		passphrase = secret_new(hex, 2 * PASSPHRASE);
	if (passphrase)
		file = x509_pkcs12(in->name, in->bundle->cert, (GBytes *const *)chain->pdata, chain->len,
				   in->bundle->key, passphrase, &w->error);
	else
		g_set_error(&w->error, ERR, ERR_LIMIT, "the memory for secrets is full");
	if (file) {
		bytes = g_bytes_get_data(file, &len);
		put_pfx(in, passphrase->bytes, bytes, len);
	}
	secret_clear(hex, sizeof(hex));
	secret_free(passphrase);
	secret_free(random);
}

static struct next make(struct op *op)
{
	const struct importing *m = mine(op);
	const struct json *props = json_get(json_get(m->there, "policy"), "secret_props");
	const char *type = json_str(props, "contentType");
	struct making *in = g_new0(struct making, 1);

	in->is_pem = type && !strcmp(type, PEM);
	in->bundle = bundle_dup(bundle_of(op));
	in->name = g_strdup(m->name);
	in->head = head_of(op, in->is_pem);
	return next_work(work_new(in->is_pem ? make_pem : make_pfx, in, making_free, NULL), made);
}

static struct next made(struct op *op, const struct reply *none)
{
	const struct making *in = op->work->in;
	g_autofree char *path = g_strdup_printf("/certificates/%s/import", mine(op)->name);
	struct request_out *r;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	r = kv_change_ask(op, "POST", path, NULL);
	exchange_header(r, "Content-Type", "application/json");
	exchange_set_body(r, in->body, in->len);
	return next_send(r, sent);
}

/* ---- what came of it ---- */

static struct next finish(struct op *op)
{
	const struct importing *m = mine(op);
	const struct bundle *b = bundle_of(op);

	op_placed(op, m->name, b->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s is in the vault %s as %s%s", b->facts.name, kv_call_at(op)->place.name, m->name,
	       m->there ? ", its newest version; older ones stay" : m->wanted ?
	       "; a tag has the name that was wanted" : "");
	return next_done();
}

/* What stands in the way of the name, by the innermost code. */
static struct next say_conflict(struct op *op, const struct reply *r)
{
	static const struct {
		const char *code, *words;
	} rows[] = {
		{ "ObjectIsDeletedButRecoverable", "a deleted certificate of that name can still come back and "
		  "keeps the name: recover it and add this one as its next version, or purge it" },
		{ "ObjectIsBeingDeleted", "a certificate of that name is just being deleted; try again in a "
		  "minute" },
		{ "ObjectIsBeingRecovered", "a certificate of that name is just coming back; try again in a "
		  "minute" },
	};
	g_autofree char *code = kv_refusal_code(r);
	const struct importing *m = mine(op);
	GError *error = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!strcmp(code, rows[i].code))
			return next_fail(op, ERR_EXISTS, "the vault %s: importing %s: %s; nothing was changed",
					 kv_call_at(op)->place.name, m->name, rows[i].words);
	kv_refusal_set(&kv_call_at(op)->place, r, "import", m->name, &error);
	return next_fail_error(op, error);
}

static struct next sent(struct op *op, const struct reply *r)
{
	struct importing *m = mine(op);
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	if (!r->error && r->status == 409)
		return say_conflict(op, r);
	j = kv_call_json(op, r, "import", m->name, &error);
	if (j && is_sent(op, j))
		return finish(op);
	if (!r->error && r->status < 500 && !j)
		return next_fail_error(op, error);
	m->lost = error ? error : g_error_new(ERR, ERR_REPLY, "the vault %s shows another certificate than was "
					      "sent", kv_call_at(op)->place.name);
	return verify(op, NULL);
}

static struct next verify(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat("/certificates/", mine(op)->name, NULL);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), verified);
}

static struct next verified(struct op *op, const struct reply *r)
{
	struct importing *m = mine(op);
	g_autoptr(json) j = kv_call_json(op, r, "get", m->name, NULL);

	if (j && is_sent(op, j))
		return finish(op);
	if (++m->waits < VERIFIES_MAX)
		return next_wait(VERIFY_MS, verify);
	op_touch(op, op->store->id);
	return next_fail(op, (enum err)m->lost->code, "%s; it is not there; adding it again sends nothing "
			 "when it has arrived meanwhile", m->lost->message);
}

/* ---- the plan ---- */

bool kv_planned_import(struct op *op, struct plan *p, GError **error)
{
	const char *file = args_get(op->args, "file"), *name = args_text(op->args, "name", "");
	const char *wanted = op->cert.alias ? op->cert.alias : *name ? name : op->bundle ?
			     op->bundle->facts.name : "NAME";
	g_autofree char *legal = kv_change_name(wanted), *base = kv_change_base(op, error);
	g_autofree char *path = g_strconcat("/certificates/", legal, NULL);
	g_autofree char *import = g_strconcat(path, "/import", NULL);
	g_auto(GStrv) tags = args_list(op->args, "tags");

	if (!base || !kv_tagging_check(op->args, NULL, error))
		return false;
	if (file) {
		plan_call(p, PLAN_ASKS, "read", file, "certificate, issuers and key");
		plan_not(p, "%s stays as it is", file);
	}
	kv_change_call(p, PLAN_ASKS, "GET", base, path, "what has that name there, and how it is kept");
	kv_change_call(p, PLAN_CHANGES | PLAN_MAYBE, "POST", base, import,
		       "certificate, issuers and key, unless it is there already");
	if (strcmp(legal, wanted) != 0)
		plan_remark(p, "%s is no name that a vault takes: it is called %s there, with a tag %s", wanted,
			    legal, KV_NAME_TAG);
	plan_not(p, "what has that name is not taken away: the new one is its newest version, older ones "
		 "stay, and single versions can never be removed");
	if (args_bool(op->args, "non-exportable"))
		plan_remark(p, "the vault gives its key to nobody from then on; whoever needs it elsewhere "
			    "has to keep the file");
	if (!file || args_bool(op->args, "non-exportable"))
		return true;
	kv_change_run(op, p, "import", legal);
	plan_option(p, "--file", file);
	plan_option(p, "--tags", *tags);
	for (char **tag = tags; *tag && tag[1]; tag++)
		plan_word(p, tag[1]);
	if (args_secret(op->args, "passphrase"))
		plan_variable(p, "--password=", "CERTIFICATE_PASSPHRASE", "opens the file");
	return true;
}
