/* azure-stage: the certificates and the transcripts. */
#include "azure-stage.h"

#include <string.h>

#include <certty/base/clock.h>

static char *coded(GBytes *bytes)
{
	return g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* As vaults write a thumbprint. */
static char *x5t_of(GBytes *der)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize len = sizeof(digest);
	char *text;

	g_checksum_update(sum, g_bytes_get_data(der, NULL), (gssize)g_bytes_get_size(der));
	g_checksum_get_digest(sum, digest, &len);
	text = g_base64_encode(digest, len);
	g_strdelimit(text, "+", '-');
	g_strdelimit(text, "/", '_');
	text[strcspn(text, "=")] = '\0';
	return text;
}

static void put(GString *s, const char *word, char *text /* taken */)
{
	g_string_replace(s, word, text, 0);
	g_free(text);
}

static GBytes *body_of(const struct az_stage *s, const char *answer)
{
	GString *body = g_string_new(answer);

	put(body, "$OTHERX5T", x5t_of(s->other));
	put(body, "$X5T", x5t_of(s->leaf));
	put(body, "$LEAF", coded(s->leaf));
	put(body, "$OTHER", coded(s->other));
	put(body, "$CSR", coded(s->csr));
	return g_string_free_to_bytes(body);
}

static void header_done(void *header)
{
	struct header *h = header;

	g_free(h->name);
	g_free(h->value);
}

static struct reply *reply_with(const struct az_stage *s, const struct az_line *line)
{
	struct reply *r = g_new0(struct reply, 1);

	r->status = line->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	g_array_set_clear_func(r->headers, header_done);
	if (line->header) {
		struct header h = { g_strdup(line->header), g_strdup(line->value) };

		g_array_append_val(r->headers, h);
	}
	r->body = body_of(s, line->answer ? line->answer : "");
	return r;
}

static struct reply *answer(struct play *p, const struct request_out *request)
{
	struct az_stage *s = p->who;
	const struct az_line *line = s->script;
	g_autofree char *url = g_uri_unescape_string(request->url, NULL);
	g_autofree char *body = request->body ? g_strndup(g_bytes_get_data(request->body, NULL),
							  g_bytes_get_size(request->body)) :
						g_strdup("");
	g_autofree char *whole = g_strdup_printf("%s %s %s scope=%s", request->method, url, body,
						 request->scope ? request->scope : "");

	if (!line->call || !g_str_has_prefix(whole, line->call))
		g_error("asked: %s, and not %s", whole, line->call);
	if (line->part && !strstr(whole, line->part))
		g_error("asked: %s, without %s", whole, line->part);
	g_ptr_array_add(s->asked, g_steal_pointer(&whole));
	s->script++;
	return line->status ? reply_with(s, line) :
			      reply_of_error(g_error_new_literal(ERR, ERR_NETWORK, "kv-demo-1.vault.azure.net: "
								 "the name is not known; check its spelling"));
}

void az_stage_answer(struct az_stage *s, const char *key, const char *value)
{
	args_set(s->play.access->with, key, value);
}

static void open_account(struct az_stage *s)
{
	struct args *with = args_new();

	args_set(with, "from", "client-secret");
	args_set(with, "tenant", "aaaaaaaa-0000-4000-8000-000000000001");
	args_set(with, "client-id", "bbbbbbbb-0000-4000-8000-000000000002");
	args_put_secret(with, "client-secret", secret_new("x", 1));
	args_put_secret(with, "token arm", secret_new("a", 1));
	args_put_secret(with, "token vault", secret_new("v", 1));
	play_open(&s->play, "az", with);
}

void az_stage_set(struct az_stage *s, enum verb_id verb, const struct az_line *script)
{
	struct store *store = store_new(AZ_STORE);
	static const char *const names[] = { "www.example.org", "example.org", NULL };
	g_autoptr(x509_key) key = x509_key_make("ec-p256", NULL);

	memset(s, 0, sizeof(*s));
	clock_set(MAKE_NOW);
	s->leaf = make_cert_der(&(struct make){ .subject = "www.example.org", .sans = "DNS:www.example.org" });
	s->other = make_cert_der(&(struct make){ .subject = "b.example.org", .sans = "DNS:b.example.org" });
	s->csr = x509_csr_make(key, "CN=www.example.org", names, NULL);
	store_set(&store->account, "az");
	store_set(&store->provider, "azure");
	store_set(&store->type, "keyvault");
	store_set(&store->title, "az kv-demo-1");
	store_set(&store->address, AZ_ID);
	play_begin(&s->play, "azure", verb, store);
	open_account(s);
	s->play.answer = answer;
	s->play.who = s;
	s->script = script;
	s->asked = g_ptr_array_new_with_free_func(g_free);
}

void az_stage_again(struct az_stage *s, const struct az_line *script)
{
	play_again(&s->play);
	s->script = script;
}

void az_stage_strike(struct az_stage *s)
{
	play_done(&s->play);
	g_ptr_array_unref(s->asked);
	g_bytes_unref(s->leaf);
	g_bytes_unref(s->other);
	g_bytes_unref(s->csr);
}

static void check_over(const struct az_stage *s)
{
	if (s->script->call)
		g_error("%s is not asked", s->script->call);
}

void az_stage_well(struct az_stage *s, const char *said)
{
	bool ok = play_run(&s->play);

	g_assert_no_error(s->play.op.error);
	g_assert_true(ok);
	check_over(s);
	if (!strstr(s->play.op.said ? s->play.op.said : "", said))
		g_error("it said: %s", s->play.op.said);
}

void az_stage_badly(struct az_stage *s, enum err code, ...)
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

const struct request *az_stage_put(const struct az_stage *s, const char *id)
{
	const struct request *found = NULL;

	for (guint i = 0; i < s->play.op.put_requests->len; i++) {
		const struct request *r = s->play.op.put_requests->pdata[i];

		if (!strcmp(r->id, id))
			found = r;
	}
	g_assert_nonnull(found);
	return found;
}
