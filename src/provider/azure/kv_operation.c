/*
 * kv_operation: an operation on a certificate, of which a vault keeps one per name, and its row.
 *
 * What it waits for depends on who signs: nobody whom the vault knows ("Unknown"), so that a person has
 * to take the request to a CA and bring the certificate back; the vault itself; or a CA that the vault
 * orders from.  An operation stays where it is after its end, until it is dropped or another begins.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#define KEPT_MAX (1u << 20)
#define CSR_MAX	 (64u << 10)
#define UNKNOWN	 "Unknown"
#define SELF	 "Self"

static char *text_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text_harmless_dup(text ? text : "", KV_TEXT_MAX);
}

static GBytes *csr_of(const char *coded)
{
	g_autofree guchar *bytes = NULL;
	gsize len = 0;

	if (!coded || !*coded || strlen(coded) > CSR_MAX)
		return NULL;
	bytes = g_base64_decode(coded, &len);
	return len ? g_bytes_new(bytes, len) : NULL;
}

/* "code: message" of one that failed. */
static char *error_of(const struct json *e)
{
	g_autofree char *code = text_of(e, "code"), *message = text_of(e, "message");

	return g_strdup_printf("%s%s%s", code, *code && *message ? ": " : "", message);
}

struct kv_operation *kv_operation_read(const char *name, const struct json *j)
{
	struct kv_operation *o;

	if (!json_str(j, "status"))
		return NULL;
	o = g_new0(struct kv_operation, 1);
	o->name = g_strdup(name);
	o->status = text_of(j, "status");
	if (!g_ascii_strcasecmp(o->status, "canceled"))	/* its words spell it so, its answers not */
		store_set(&o->status, "cancelled");
	o->details = text_of(j, "status_details");
	o->issuer = text_of(json_get(j, "issuer"), "name");
	o->error = error_of(json_get(j, "error"));
	o->id = text_of(j, "request_id");
	o->csr = csr_of(json_str(j, "csr"));
	o->is_cancelling = json_bool(j, "cancellation_requested", false);
	return o;
}

void kv_operation_free(struct kv_operation *o)
{
	if (!o)
		return;
	g_free(o->name);
	g_free(o->status);
	g_free(o->details);
	g_free(o->issuer);
	g_free(o->error);
	g_free(o->id);
	if (o->csr)
		g_bytes_unref(o->csr);
	g_free(o);
}

bool kv_operation_is_under_way(const struct kv_operation *o)
{
	return !g_ascii_strcasecmp(o->status, "inProgress");
}

/* ---- in a row ---- */

struct kv_operation *kv_operation_kept(const char *kept)
{
	g_autoptr(json) j = json_parse(kept, strlen(kept), KEPT_MAX, NULL);
	struct kv_operation *o = g_new0(struct kv_operation, 1);

	o->name = text_of(j, "name");
	o->status = text_of(j, "status");
	o->details = text_of(j, "details");
	o->issuer = text_of(j, "issuer");
	o->error = text_of(j, "error");
	o->id = text_of(j, "id");
	o->csr = csr_of(json_str(j, "csr"));
	o->is_cancelling = json_bool(j, "cancelling", false);
	return o;
}

char *kv_operation_keep(const struct kv_operation *o)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	gsize len = 0;
	const void *bytes = o->csr ? g_bytes_get_data(o->csr, &len) : NULL;
	g_autofree char *csr = bytes ? g_base64_encode(bytes, len) : g_strdup("");

	json_open(&w, NULL, '{');
	json_put_str(&w, "name", o->name);
	json_put_str(&w, "status", o->status);
	json_put_str(&w, "details", o->details);
	json_put_str(&w, "issuer", o->issuer);
	json_put_str(&w, "error", o->error);
	json_put_str(&w, "id", o->id);
	json_put_str(&w, "csr", csr);
	json_put_bool(&w, "cancelling", o->is_cancelling);
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

char *kv_operation_row_id(const struct store *s, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	return g_strdup_printf("%s/pending:%s", s->id, lower);
}

bool kv_operation_takes_file(const struct kv_operation *o)
{
	return kv_operation_is_under_way(o) && !o->is_cancelling &&
	       (!*o->issuer || !g_ascii_strcasecmp(o->issuer, UNKNOWN));
}

const char *kv_operation_waits_for(const struct kv_operation *o)
{
	if (!kv_operation_is_under_way(o))
		return "nothing";
	if (o->is_cancelling)
		return "the vault, which was told to cancel it";
	if (!g_ascii_strcasecmp(o->issuer, SELF))
		return "the vault, which signs it itself";
	if (!*o->issuer || !g_ascii_strcasecmp(o->issuer, UNKNOWN))
		return "a CA elsewhere: have its request signed, and merge the certificate with its issuers "
		       "into the vault (supply)";
	return "the CA that the vault orders from";
}

static enum request_state state_of(const struct kv_operation *o)
{
	static const struct {
		const char *status;
		enum request_state state;
	} ends[] = {
		{ "completed", REQUEST_ISSUED },
		{ "failed", REQUEST_FAILED },
		{ "cancelled", REQUEST_GONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (!g_ascii_strcasecmp(ends[i].status, o->status))
			return ends[i].state;
	if (o->is_cancelling || !g_ascii_strcasecmp(o->issuer, SELF))
		return REQUEST_WAITS_PROVIDER;
	return !*o->issuer || !g_ascii_strcasecmp(o->issuer, UNKNOWN) ? REQUEST_WAITS_PERSON : REQUEST_WAITS_CA;
}

/* Who asks, and for what; a request that cannot be read has the certificate's name. */
static void set_names(struct request *r, const struct kv_operation *o)
{
	g_autofree char *oddities = NULL;
	g_auto(GStrv) names = NULL;
	g_autoptr(detail) d = o->csr ? x509_csr_describe(o->csr, &names, &oddities, NULL) : NULL;

	if (d) {
		g_strfreev(r->names);
		r->names = g_steal_pointer(&names);
		store_set(&r->oddities, oddities);
		g_free(r->digest);
		r->digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, o->csr);
	}
	store_set(&r->title, *r->names ? r->names[0] : o->name);
}

/* One that is over stays in the vault until it is dropped; one that ended well is in nobody's way. */
static const char *can_of(const struct request *r, const struct kv_operation *o)
{
	if (!request_is_waiting(r))
		return r->state == REQUEST_ISSUED ? "dismiss" : "request-drop dismiss";
	return kv_operation_takes_file(o) ? "supply sync withdraw request-drop" : "sync withdraw request-drop";
}

struct request *kv_operation_row(const struct op *op, const struct kv_operation *o,
	const struct request *before)
{
	g_autofree char *id = kv_operation_row_id(op->store, o->name);
	bool is_same = before && request_is_waiting(before);
	struct request *r = is_same ? request_dup(before) : request_new(id);
	g_autofree char *reason = NULL;

	store_set(&r->account, op->store->account);
	store_set(&r->provider, "azure");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "order");
	r->state = state_of(o);
	store_set(&r->theirs, o->status);
	reason = g_strdup(r->state == REQUEST_FAILED && *o->error ? o->error :
			  request_is_waiting(r) || r->state == REQUEST_ISSUED ? "" : o->details);
	store_set(&r->reason, reason);
	store_set(&r->can, can_of(r, o));
	set_names(r, o);
	if (!r->since)
		r->since = op->now;
	r->ended = request_is_waiting(r) ? 0 : r->ended ? r->ended : op->now;
	g_free(r->kept);
	r->kept = kv_operation_keep(o);
	return r;
}

bool kv_operation_is_of(const struct request *r)
{
	return strstr(r->id, "/pending:") != NULL;
}

struct request *kv_operation_gone(const struct op *op, const struct request *before, const char *reason)
{
	struct request *r = request_dup(before);

	request_end(r, REQUEST_GONE, "gone", reason, op->now);
	return r;
}
