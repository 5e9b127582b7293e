/* keyfactor-stage: the certificates and the transcripts. */
#include "keyfactor-stage.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

#define AT "https://command.example/KeyfactorAPI"

/* ---- the certificates ---- */

static void make_all(struct kf_stage *s)
{
	X509 *ca = make_cert(&(struct make){ .subject = "IssuingCA", .constraints = "CA:TRUE" });

	s->leaf = make_cert_der(&(struct make){
		.subject = "www.example.org", .sans = "DNS:www.example.org,DNS:example.org", .issuer = ca });
	s->other = make_cert_der(&(struct make){
		.subject = "other.example.org", .sans = "DNS:other.example.org", .issuer = ca });
	s->ca = make_der(ca);
	X509_free(ca);
}

static char *coded(const void *bytes, size_t len)
{
	return g_base64_encode(bytes, len);
}

static void put(GString *s, const char *word, char *text /* taken */)
{
	g_string_replace(s, word, text, 0);
	g_free(text);
}

static char *pem_in_json(GBytes *der)
{
	g_autofree char *pem = make_pem(der);
	GString *escaped = g_string_new(pem);

	g_string_replace(escaped, "\n", "\\n", 0);
	return g_string_free(escaped, FALSE);
}

static char *file_of(GBytes *a, GBytes *b)
{
	g_autofree char *first = make_pem(a), *second = b ? make_pem(b) : g_strdup("");
	g_autofree char *both = g_strconcat(first, second, NULL);

	return coded(both, strlen(both));
}

char *kf_stage_sha256(GBytes *der)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, der);
}

static GBytes *body_of(const struct kf_stage *s, const char *answer)
{
	GString *body = g_string_new(answer);
	char *print = g_compute_checksum_for_bytes(G_CHECKSUM_SHA1, s->leaf);

	put(body, "$OTHERPEM", pem_in_json(s->other));
	put(body, "$CAPEM", pem_in_json(s->ca));
	put(body, "$PEM", pem_in_json(s->leaf));
	put(body, "$FILES", file_of(s->leaf, s->ca));
	put(body, "$FILE", file_of(s->leaf, NULL));
	put(body, "$PRINT", print);
	put(body, "$LEAF", coded(g_bytes_get_data(s->leaf, NULL), g_bytes_get_size(s->leaf)));
	put(body, "$OTHER", coded(g_bytes_get_data(s->other, NULL), g_bytes_get_size(s->other)));
	return g_string_free_to_bytes(body);
}

/* ---- the play ---- */

static void add_header(GArray *headers, const char *name, const char *value)
{
	struct header h = { g_strdup(name), g_strdup(value) };

	g_array_append_val(headers, h);
}

static void header_done(void *header)
{
	struct header *h = header;

	g_free(h->name);
	g_free(h->value);
}

static struct reply *reply_with(const struct kf_stage *s, const struct kf_line *line)
{
	struct reply *r = g_new0(struct reply, 1);

	r->status = line->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	g_array_set_clear_func(r->headers, header_done);
	add_header(r->headers, "Content-Type", s->type ? s->type : "application/json");
	if (line->total)
		add_header(r->headers, "x-total-count", line->total);
	r->body = body_of(s, line->answer ? line->answer : "");
	return r;
}

/* What this user may enrol with, and what there is beside certificates, is told only where a script tells
 * it. */
static bool is_left_open(const struct kf_line *line, const char *asked)
{
	static const char *const calls[] = { "GET /Enrollment/CSR/Context/My", "GET /Enrollment/PFX/Context/My",
					     "GET /Templates", "GET /CertificateAuthority",
					     "GET /CertificateCollections", "GET /CertificateStoreTypes?",
					     "GET /CertificateStoreContainers?", "GET /Agents?",
					     "GET /CertificateStores?",
					     "GET /OrchestratorJobs/" };

	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
		if (g_str_has_prefix(asked, calls[i]))
			return !line->call || !g_str_has_prefix(line->call, calls[i]);
	return false;
}

static const struct kf_line nothing_there = { "", NULL, 404, "{\"Message\":\"no\"}" };

static struct reply *answer(struct play *p, const struct request_out *request)
{
	struct kf_stage *s = p->who;
	const struct kf_line *line = s->script;
	g_autofree char *url = g_uri_unescape_string(request->url, NULL);
	g_autofree char *body = request->body ? g_strndup(g_bytes_get_data(request->body, NULL),
							  g_bytes_get_size(request->body)) :
						g_strdup("");
	g_autofree char *whole = NULL;

	g_assert_true(g_str_has_prefix(url, AT));
	whole = g_strdup_printf("%s %s %s", request->method, url + strlen(AT), body);
	if (is_left_open(line, whole))
		return reply_with(s, &nothing_there);
	if (!line->call || !g_str_has_prefix(whole, line->call))
		g_error("asked: %s, and not %s", whole, line->call);
	if (line->part && !strstr(whole, line->part))
		g_error("asked: %s, without %s", whole, line->part);
	g_ptr_array_add(s->asked, g_steal_pointer(&whole));
	s->script++;
	return line->status ? reply_with(s, line) :
			      reply_of_error(g_error_new_literal(ERR, ERR_NETWORK, "it broke"));
}

void kf_stage_set(struct kf_stage *s, enum verb_id verb, const struct kf_line *script)
{
	struct store *store = store_new(ID);
	struct args *with = args_new();

	memset(s, 0, sizeof(*s));
	clock_set(MAKE_NOW);
	make_all(s);
	store_set(&store->account, "kf");
	store_set(&store->provider, "keyfactor");
	store_set(&store->type, "command");
	store_set(&store->title, "kf Command");
	store_set(&store->address, AT);
	play_begin(&s->play, "keyfactor", verb, store);
	args_set(with, "at", AT);
	args_set(with, "auth", "basic");
	args_set(with, "name", "CORP\\jo");
	play_open(&s->play, "kf", with);
	s->play.answer = answer;
	s->play.who = s;
	s->script = script;
	s->asked = g_ptr_array_new_with_free_func(g_free);
}

void kf_stage_strike(struct kf_stage *s)
{
	play_done(&s->play);
	g_ptr_array_unref(s->asked);
	g_bytes_unref(s->leaf);
	g_bytes_unref(s->other);
	g_bytes_unref(s->ca);
}

static void check_over(const struct kf_stage *s)
{
	if (s->script->call)
		g_error("%s is not asked", s->script->call);
}

void kf_stage_well(struct kf_stage *s, const char *said)
{
	bool ok = play_run(&s->play);

	g_assert_no_error(s->play.op.error);
	g_assert_true(ok);
	check_over(s);
	if (!strstr(s->play.op.said, said))
		g_error("it said: %s", s->play.op.said);
}

void kf_stage_badly(struct kf_stage *s, enum err code, ...)
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

const struct request *kf_stage_put(const struct kf_stage *s, const char *id)
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
