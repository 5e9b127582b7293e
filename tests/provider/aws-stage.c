/* aws-stage: the certificates and the transcripts. */
#include "aws-stage.h"

#include <string.h>

#include <openssl/pem.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

struct aws_made made;

/* ---- the certificates ---- */

static void to_version_1(X509 *cert)
{
	while (X509_get_ext_count(cert))
		X509_EXTENSION_free(X509_delete_ext(cert, 0));
	X509_set_version(cert, 0);
}

static GBytes *leaf_of(X509 *ca, int64_t from, int64_t to, EVP_PKEY *key,
		       void (*change)(X509 *cert))
{
	return make_cert_der(&(struct make){
		.subject = "www.example.org", .sans = "DNS:www.example.org,DNS:example.org",
		.issuer = ca, .not_before = from, .not_after = to, .key = key, .change = change });
}

void aws_stage_make(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "Test CA", .constraints = "CA:TRUE" });
	int64_t day = MAKE_DAY;

	made.rsa_key = make_key_of("RSA:2048");
	made.small_key = make_key_of("ED25519");
	made.leaf = leaf_of(ca, 0, 0, NULL, NULL);
	made.other = leaf_of(ca, MAKE_NOW - 90 * day, MAKE_NOW + day, NULL, NULL);
	made.rsa = leaf_of(ca, 0, 0, made.rsa_key, NULL);
	made.early = leaf_of(ca, MAKE_NOW + day, MAKE_NOW + 9 * day, NULL, NULL);
	made.late = leaf_of(ca, MAKE_NOW - 9 * day, MAKE_NOW - day, NULL, NULL);
	made.first = leaf_of(ca, 0, 0, NULL, to_version_1);
	made.ca = make_der(ca);
	X509_free(ca);
}

struct x509_key *key_of(EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long n;
	struct x509_key *k;

	PEM_write_bio_PrivateKey(out, key ? key : make_key(), NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(out, &text);
	k = x509_key_read((const uint8_t *)text, (size_t)n, NULL, NULL);
	BIO_free(out);
	g_assert_nonnull(k);
	return k;
}

static void put_pem(GString *s, const char *word, GBytes *der)
{
	g_autofree char *pem = make_pem(der);
	GString *escaped = g_string_new(pem);

	g_string_replace(escaped, "\n", "\\n", 0);
	g_string_replace(s, word, escaped->str, 0);
	g_string_free(escaped, TRUE);
}

/* ---- the play ---- */

static char *operation_of(const struct request_out *r, const char *body)
{
	const char *action = strstr(body, "Action=");

	for (guint i = 0; i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);

		if (!strcmp(h->name, "X-Amz-Target"))
			return g_strdup(strrchr(h->value, '.') + 1);
	}
	g_assert_nonnull(action);
	return g_strndup(action + 7, strcspn(action + 7, "&"));
}

/* The leaf's key as ACM gives it out: encrypted with the passphrase of the call. */
static void put_key(GString *s, const char *asked)
{
	g_autoptr(json) j = json_parse(asked, strlen(asked), 1 << 20, NULL);
	const char *coded = json_str(j, "Passphrase");
	g_autoptr(x509_key) key = key_of(NULL);
	g_autofree char *plain = NULL;
	g_autoptr(secret) passphrase = NULL, pem = NULL;
	GString *escaped;
	gsize len;

	if (!coded || !strstr(s->str, "$KEY"))
		return;
	plain = (char *)g_base64_decode(coded, &len);
	g_assert_cmpuint(len, ==, 32);
	passphrase = secret_new(plain, len);
	pem = x509_key_pem(key, passphrase, NULL);
	escaped = g_string_new(pem->bytes);
	g_string_replace(escaped, "\n", "\\n", 0);
	g_string_replace(s, "$KEY", escaped->str, 0);
	g_string_free(escaped, TRUE);
}

static struct reply *reply_with(const struct line *line, const char *asked)
{
	struct reply *r = g_new0(struct reply, 1);
	GString *body = g_string_new(line->answer);

	put_pem(body, "$LEAF", made.leaf);
	put_pem(body, "$OTHER", made.other);
	put_pem(body, "$CA", made.ca);
	put_key(body, asked);
	if (g_str_has_prefix(body->str, "<"))
		g_string_replace(body, "\\n", "\n", 0);
	r->status = line->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	r->body = g_string_free_to_bytes(body);
	return r;
}

struct reply *stage_answer(struct play *p, const struct request_out *request)
{
	struct stage *s = p->who;
	const struct line *line = s->script;
	g_autofree char *body = g_strndup(g_bytes_get_data(request->body, NULL),
					  g_bytes_get_size(request->body));
	g_autofree char *operation = operation_of(request, body);

	g_assert_cmpstr(operation, ==, line->operation);
	if (line->part && !strstr(body, line->part))
		g_error("%s is asked with %s, without %s", operation, body, line->part);
	g_ptr_array_add(s->asked, g_strdup(body));
	s->script++;
	return line->status ? reply_with(line, body) :
			      reply_of_error(g_error_new_literal(ERR, ERR_NETWORK, "it broke"));
}

void set_the_scene(struct stage *s, enum verb_id verb, const char *type,
			  const char *address, const struct line *script)
{
	g_autofree char *id = g_strconcat("prod/", type, NULL);
	struct play *p = &s->play;

	memset(s, 0, sizeof(*s));
	clock_set(MAKE_NOW);
	play_init(p, verb, type, address);
	store_set(&p->store->id, id);
	store_set(&p->store->account, "prod");
	store_set(&p->store->provider, "aws");
	p->provider->scratch_done(p->op.scratch);
	g_free(p->op.scratch);
	p->provider = provider_find("aws");
	p->op.scratch = g_malloc0(p->provider->scratch);
	p->answer = stage_answer;
	p->who = s;
	s->script = script;
	s->asked = g_ptr_array_new_with_free_func(g_free);
	s->access = access_new();
	args_set(s->access->with, "region", REGION);
	args_set(s->access->with, "partition", "aws");
	p->op.access = s->access;
}

void hand(struct stage *s, GBytes *leaf, EVP_PKEY *key, bool with_chain)
{
	GBytes *chain[] = { leaf, made.ca };

	s->bundle = bundle_new(leaf, chain, with_chain ? 2 : 0, key_of(key), NULL);
	s->play.op.bundle = s->bundle;
}

void strike(struct stage *s)
{
	access_unref(s->access);
	play_done(&s->play);
	bundle_free(s->bundle);
	g_ptr_array_unref(s->asked);
}

static void check_over(struct stage *s)
{
	if (s->script->operation)
		g_error("%s is not asked", s->script->operation);
}

void run_well(struct stage *s, const char *said)
{
	bool ok = play_run(&s->play);

	g_assert_no_error(s->play.op.error);
	g_assert_true(ok);
	check_over(s);
	if (!strstr(s->play.op.said, said))
		g_error("it said: %s", s->play.op.said);
}

/* Parts of the sentence, up to NULL. */
void run_badly(struct stage *s, enum err code, ...)
{
	const char *part;
	va_list parts;

	g_assert_false(play_run(&s->play));
	check_over(s);
	va_start(parts, code);
	while ((part = va_arg(parts, const char *)) != NULL)
		if (!strstr(s->play.op.error->message, part))
			g_error("without \"%s\": %s", part, s->play.op.error->message);
	va_end(parts);
	g_assert_cmpint(s->play.op.error->code, ==, (int)code);
}

void check_placed(struct stage *s, const char *alias)
{
	g_assert_cmpstr(s->play.op.placed.alias, ==, alias);
	if (alias)
		g_assert_cmpmem(s->play.op.placed.sha256, 32, s->bundle->facts.sha256, 32);
}

