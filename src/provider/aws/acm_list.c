/*
 * acm_list: all certificates of a region, page by page.
 *
 * SearchCertificates tells the most and is asked first; a region or a person without it is asked
 * for ListCertificates instead, which hides nearly everything unless all key types and origins
 * are named.  What a region does not know of these is left out, and it is asked again.
 */
#include "acm.h"

#include <string.h>

#define SEARCH_PAGE  500
#define LIST_PAGE    1000
#define PAGES_MAX    2000
#define TOKEN_MAX    10000
#define REFUSALS_MAX 10
#define SEARCH_AGAIN (7 * 24 * 3600)	/* seconds after which a region is tried once more */
#define SEARCH_SOON  3600		/* when it did not say that it has none */

/* Bits of note.lacks: of these, and of the origins, those that the region does not take. */
static const char *const key_types[] = {
	"RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1",
	"EC_secp521r1",
};
#define KEYS	   G_N_ELEMENTS(key_types)
#define NO_ORIGINS (1u << KEYS)

static step_fn read_page;

void acm_list_init(struct acm_list *l, GBytes *memo, int64_t now, step_fn *then)
{
	l->certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					 (GDestroyNotify)acm_cert_free);
	l->order = g_ptr_array_new();
	l->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	l->note = acm_memo_note(memo);
	l->is_proved = memo && !l->note.no_search;
	if (l->note.no_search > now || now - l->note.no_search > SEARCH_AGAIN)
		l->note = (struct acm_memo_note){ 0 };
	l->is_search = !l->note.no_search;
	l->then = then;
}

void acm_list_done(struct acm_list *l)
{
	g_clear_pointer(&l->certs, g_hash_table_unref);
	g_clear_pointer(&l->order, g_ptr_array_unref);
	g_clear_pointer(&l->tokens, g_hash_table_unref);
	g_clear_pointer(&l->token, g_free);
}

static struct acm_list *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

/* ---- asking ---- */

static bool lacks(const struct acm_list *l, size_t key)
{
	return l->note.lacks & 1u << key;
}

static void put_filters(const struct acm_list *l, struct json_writer *w)
{
	static const char *const origins[] = { "AWS_MANAGED", "ACME", "CUSTOMER_PROVIDED" };

	json_open(w, "Includes", '{');
	json_open(w, "keyTypes", '[');
	for (size_t i = 0; i < KEYS; i++)
		if (!lacks(l, i))
			json_put_str(w, NULL, key_types[i]);
	json_close(w, ']');
	json_close(w, '}');
	if (l->note.lacks & NO_ORIGINS)
		return;
	json_open(w, "CertificateKeyPairOrigins", '[');
	for (size_t i = 0; i < G_N_ELEMENTS(origins); i++)
		json_put_str(w, NULL, origins[i]);
	json_close(w, ']');
}

struct request_out *acm_list_page(struct op *op, GError **error)
{
	struct acm_list *l = mine(op);
	g_autofree char *region = aws_arn_region(op->store->address);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	json_open(&w, NULL, '{');
	if (!l->is_search)
		put_filters(l, &w);
	json_put_int(&w, l->is_search ? "MaxResults" : "MaxItems", l->is_search ? SEARCH_PAGE : LIST_PAGE);
	if (l->token)
		json_put_str(&w, "NextToken", l->token);
	json_close(&w, '}');
	r = aws_call_json(op->access->with, AWS_ACM, region,
			  l->is_search ? "SearchCertificates" : "ListCertificates", body->str, error);
	/* What may be no operation there at all is not worth asking six times. */
	if (r)
		r->is_repeatable = !l->is_search || l->is_proved || l->token;
	return r;
}

struct next acm_list_ask(struct op *op)
{
	GError *error = NULL;
	struct request_out *r = acm_list_page(op, &error);

	return r ? next_send(r, read_page) : next_fail_error(op, error);
}

/* ---- what a region does not know ---- */

/* "… Member must satisfy enum value set: [RSA_2048, EC_prime256v1]" */
static bool keep_accepted(struct acm_list *l, const char *message)
{
	const char *set = strstr(message, "enum value set: [");
	g_autofree char *inside = NULL;
	g_auto(GStrv) words = NULL;
	guint kept = 0, dropped = 0;

	if (!set)
		return false;
	set += strlen("enum value set: [");
	inside = g_strndup(set, strcspn(set, "]"));
	words = g_strsplit(inside, ", ", -1);
	for (size_t i = 0; i < KEYS; i++)
		kept += !lacks(l, i) &&
			g_strv_contains((const char *const *)words, key_types[i]);
	for (size_t i = 0; kept && i < KEYS; i++) {
		if (lacks(l, i) || g_strv_contains((const char *const *)words, key_types[i]))
			continue;
		l->note.lacks |= 1u << i;
		dropped++;
	}
	return dropped > 0;
}

/* The only one of ours that it names. */
static bool drop_named(struct acm_list *l, const char *message)
{
	size_t found = 0, at = 0;

	for (size_t i = 0; i < KEYS; i++)
		if (!lacks(l, i) && strstr(message, key_types[i])) {
			found++;
			at = i;
		}
	if (found == 1)
		l->note.lacks |= 1u << at;
	return found == 1;
}

static bool drop_origins(struct acm_list *l)
{
	bool had = !(l->note.lacks & NO_ORIGINS);

	l->note.lacks |= NO_ORIGINS;
	return had;
}

static bool ask_for_less(struct acm_list *l, const struct aws_error *e)
{
	if (l->is_search || l->token || ++l->refusals > REFUSALS_MAX)
		return false;
	if (!aws_error_is(e, "Validation") && !aws_error_is(e, "InvalidArgs") &&
	    !aws_error_is(e, "Serialization"))
		return false;
	if (strstr(e->message, "rigins"))
		return drop_origins(l);
	return keep_accepted(l, e->message) || drop_named(l, e->message) || drop_origins(l);
}

/* A page without a code is what servers say that know no such operation, or a passing trouble. */
static bool is_strange(const struct acm_list *l, const struct reply *r, const struct aws_error *e)
{
	return !l->is_proved && (r->error || (!*e->code && (e->status == 404 || e->status >= 500)));
}

/* Whether the region, or whoever asks, has no search; that is remembered, for a while. */
static bool fall_back(struct acm_list *l, const struct reply *r, const struct aws_error *e, int64_t now)
{
	static const char *const codes[] = { "UnknownOperation", "InvalidAction", "AccessDenied",
					     "Validation", "UnsupportedOperation", "NotImplemented" };
	bool is_known = false;

	if (!l->is_search || l->token)
		return false;
	for (size_t i = 0; !r->error && i < G_N_ELEMENTS(codes); i++)
		is_known |= aws_error_is(e, codes[i]);
	if (!is_known && !is_strange(l, r, e))
		return false;
	l->note.no_search = is_known ? now : now - SEARCH_AGAIN + SEARCH_SOON;
	l->is_search = false;
	return true;
}

static struct next refused(struct op *op, const struct reply *r, const char *what)
{
	struct acm_list *l = mine(op);
	struct aws_error e = { 0 };
	GError *error = NULL;
	bool again;

	aws_error_read(r, &e);
	again = fall_back(l, r, &e, op->now) || (!r->error && ask_for_less(l, &e));
	aws_error_done(&e);
	if (again)
		return acm_list_ask(op);
	aws_error_check(r, what, &error);
	return next_fail_error(op, error);
}

/* ---- reading ---- */

static void take(struct acm_list *l, const struct json *j, const struct store *s)
{
	struct acm_cert *c = acm_cert_read(j, s);

	if (!c || g_hash_table_contains(l->certs, c->alias) ||
	    g_hash_table_size(l->certs) >= TABLE_ROWS) {
		acm_cert_free(c);
		return;
	}
	g_hash_table_insert(l->certs, c->alias, c);
	g_ptr_array_add(l->order, c);
}

static void take_token(struct op *op, const char *token, const char *what)
{
	struct acm_list *l = mine(op);

	l->pages++;
	l->has_more = false;
	if (!token || !*token)
		return;
	if (strlen(token) <= TOKEN_MAX && l->pages < PAGES_MAX &&
	    g_hash_table_add(l->tokens, g_strdup(token))) {
		g_free(l->token);
		l->token = g_strdup(token);
		l->has_more = true;
		return;
	}
	l->is_cut = true;
	op_trouble(op, "%s: the list does not end, its page %u leads back; there may be more than the "
		       "%u certificates that were read", what, l->pages, l->order->len);
}

static bool take_page(struct op *op, const struct reply *r, const char *what, GError **error)
{
	struct acm_list *l = mine(op);
	const char *member = l->is_search ? "Results" : "CertificateSummaryList";
	g_autoptr(json) j = aws_call_read_json(r, what, error);
	const struct json *list = json_get(j, member);

	if (j && !list)
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer has no %s: is that ACM?", what,
			    member);
	if (!list)
		return false;
	for (size_t i = 0; i < json_count(list); i++)
		take(l, json_at(list, i), op->store);
	take_token(op, json_str(j, "NextToken"), what);
	return true;
}

static char *say_what(const struct op *op)
{
	g_autofree char *region = aws_arn_region(op->store->address);

	return g_strconcat("listing ACM's certificates in ", region, NULL);
}

static struct next read_page(struct op *op, const struct reply *r)
{
	g_autofree char *what = say_what(op);
	GError *error = NULL;

	if (r->error || r->status < 200 || r->status >= 300)
		return refused(op, r, what);
	if (!take_page(op, r, what, &error))
		return next_fail_error(op, error);
	return mine(op)->then(op, NULL);
}

void acm_list_hear(struct op *op, const struct reply *r)
{
	struct acm_list *l = mine(op);
	g_autofree char *what = say_what(op);
	g_autoptr(GError) error = NULL;

	if (take_page(op, r, what, &error))
		return;
	l->has_more = false;
	l->is_cut = true;
	op_trouble(op, "%s; there may be more than the %u certificates that were read", error->message,
		   l->order->len);
}
