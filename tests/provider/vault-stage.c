/* vault-stage: the certificates and the transcripts. */
#include "vault-stage.h"

#include <string.h>

#include <openssl/pem.h>

#include "../model/make.h"

struct vault_made vault_made;

void vault_stage_make(void)
{
	X509 *ca = make_cert(&(struct make){ .subject = "Root", .constraints = "CA:TRUE" });

	vault_made.key = make_key_of("EC:P-256");
	vault_made.leaf = make_cert_der(&(struct make){ .subject = "www.example.com",
		.sans = "DNS:www.example.com,DNS:example.com", .issuer = ca, .key = vault_made.key });
	vault_made.other = make_cert_der(&(struct make){ .subject = "old.example.com",
		.sans = "DNS:old.example.com", .issuer = ca });
	vault_made.ca = make_der(ca);
	X509_free(ca);
}

void vault_stage_made_done(void)
{
	g_bytes_unref(vault_made.ca);
	g_bytes_unref(vault_made.leaf);
	g_bytes_unref(vault_made.other);
	EVP_PKEY_free(vault_made.key);
}

char *vault_stage_key(void)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *text, *copy;
	long n;

	PEM_write_bio_PrivateKey(out, vault_made.key, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(out, &text);
	copy = g_strndup(text, (gsize)n);
	BIO_free(out);
	return copy;
}

static void put(GString *s, const char *word, char *pem /* taken */)
{
	GString *escaped = g_string_new(pem);

	g_string_replace(escaped, "\n", "\\n", 0);
	g_string_replace(s, word, escaped->str, 0);
	g_string_free(escaped, TRUE);
	g_free(pem);
}

static struct reply *reply_of(const struct vault_answer *a)
{
	struct reply *r;
	GString *s;

	if (!a->status)
		return reply_of_error(g_error_new(ERR, ERR_NETWORK, "the connection broke"));
	r = g_new0(struct reply, 1);
	r->status = a->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	s = g_string_new(a->body);
	put(s, "$LEAF", make_pem(vault_made.leaf));
	put(s, "$OTHER", make_pem(vault_made.other));
	put(s, "$CRL", make_crl(vault_made.ca, 7, MAKE_NOW - MAKE_DAY, MAKE_NOW + MAKE_DAY));
	put(s, "$LATE", make_crl(vault_made.ca, 3, MAKE_NOW - 9 * MAKE_DAY, MAKE_NOW - MAKE_DAY));
	put(s, "$STRANGE", make_crl(vault_made.leaf, 1, MAKE_NOW, 0));
	put(s, "$CA", make_pem(vault_made.ca));
	put(s, "$KEY", vault_stage_key());
	r->body = g_string_free_to_bytes(s);
	return r;
}

/* A target that ends in * is that of all that begin so. */
static bool is_target(const char *written, const char *asked)
{
	size_t len = strlen(written);

	return written[len - 1] == '*' ? !strncmp(written, asked, len - 1) : !strcmp(written, asked);
}

/* Which plug-ins and issuers there are is told only where a script tells it. */
static const struct vault_answer unseen = { "", 403, VAULT_DENIED }, empty = { "", 404, VAULT_EMPTY };

static struct reply *answer(struct play *p, const struct request_out *r)
{
	struct vault_stage *s = p->who;
	const char *path = strstr(r->url, "/v1/");
	g_autofree char *target = g_strdup_printf("%s %s", r->method, path ? path + 4 : r->url);

	g_ptr_array_add(s->asked, g_strdup(target));
	g_ptr_array_add(s->bodies, r->body ? g_strndup(g_bytes_get_data(r->body, NULL),
						       g_bytes_get_size(r->body)) : g_strdup(""));
	for (const struct vault_answer *a = s->script; a->target; a++)
		if (is_target(a->target, target))
			return reply_of(a);
	if (!strcmp(target, "GET sys/plugins/catalog"))
		return reply_of(&unseen);
	if (g_str_has_suffix(target, "/issuers?list=true"))
		return reply_of(&empty);
	g_error("nobody wrote down what %s gets", target);
}

void vault_stage_init(struct vault_stage *s, enum verb_id verb, const char *type, const char *mount,
		      const struct vault_answer *script)
{
	g_autofree char *id = type ? g_strconcat("v/", type, ":", mount, NULL) : NULL;
	struct store *store = type ? store_new(id) : NULL;
	struct args *with = args_new();

	if (store) {
		store_set(&store->account, "v");
		store_set(&store->provider, "vault");
		store_set(&store->type, type);
		store_set(&store->title, mount);
		store_set(&store->address, mount);
		store->origin = STORE_FOUND;
	}
	play_begin(&s->play, "vault", verb, store);
	args_set(with, "address", "https://vault.example:8200");
	play_open(&s->play, "v", with);
	s->play.answer = answer;
	s->play.who = s;
	s->script = script;
	s->asked = g_ptr_array_new_with_free_func(g_free);
	s->bodies = g_ptr_array_new_with_free_func(g_free);
}

void vault_stage_done(struct vault_stage *s)
{
	play_done(&s->play);
	g_ptr_array_unref(s->asked);
	g_ptr_array_unref(s->bodies);
}

guint vault_stage_count(const struct vault_stage *s, const char *target)
{
	guint n = 0;

	for (guint i = 0; i < s->asked->len; i++)
		n += !strcmp(s->asked->pdata[i], target);
	return n;
}

const char *vault_stage_body(const struct vault_stage *s, const char *target)
{
	for (guint i = s->asked->len; i-- > 0;)
		if (!strcmp(s->asked->pdata[i], target))
			return s->bodies->pdata[i];
	return NULL;
}
