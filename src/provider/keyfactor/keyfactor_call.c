/*
 * keyfactor_call: requests to Command's API, and what good answers have.
 */
#include "keyfactor_certs.h"

#include <string.h>

#include <certty/model/x509.h>

#define BYTES_MAX (4u << 20)	/* of a download, as text */

void *keyfactor_call_mine(struct op *op, size_t size, GDestroyNotify done)
{
	struct keyfactor *k = op->scratch;

	if (!k->at)
		k->at = g_strdup(args_get(op->access->with, "at"));
	if (!k->mine) {
		k->mine = g_malloc0(size);
		k->free_mine = done;
	}
	return k->mine;
}

const char *keyfactor_call_collection(const struct op *op)
{
	const char *at = op->store && !strcmp(op->store->type, KEYFACTOR_COLLECTION) ?
		strrchr(op->store->id, ':') : NULL;

	return at && at[1] && strspn(at + 1, "0123456789") == strlen(at + 1) ? at + 1 : NULL;
}

struct request_out *keyfactor_call_get(struct op *op, const char *path, ...)
{
	const struct keyfactor *k = op->scratch;
	g_autoptr(GString) url = g_string_new(k->at);
	struct request_out *r;
	const char *name;
	va_list more;
	char before = '?';

	g_string_append(url, path);
	va_start(more, path);
	while ((name = va_arg(more, const char *)) != NULL) {
		g_string_append_printf(url, "%c%s=", before, name);
		g_string_append_uri_escaped(url, va_arg(more, const char *), NULL, FALSE);
		before = '&';
	}
	va_end(more);
	if (keyfactor_call_collection(op))
		g_string_append_printf(url, "%ccollectionId=%s", before, keyfactor_call_collection(op));
	r = exchange_get(url->str);
	r->is_repeatable = true;
	return r;
}

struct request_out *keyfactor_call_post(struct op *op, const char *path, const char *body)
{
	const struct keyfactor *k = op->scratch;
	const char *collection = keyfactor_call_collection(op);
	g_autofree char *url = g_strconcat(k->at, path, collection ? "?collectionId=" : NULL, collection, NULL);

	return exchange_post(url, "application/json", body, strlen(body));
}

bool keyfactor_call_is_denied(const struct reply *r)
{
	return !r->error && r->status == 403;
}

/* An array counts its items and an object its members, and both may be empty. */
static bool is_a(const struct json *j, const struct reply *r, char bracket)
{
	gsize len;
	const char *at = g_bytes_get_data(r->body, &len);

	while (len && g_ascii_isspace(*at)) {
		at++;
		len--;
	}
	return j && len && *at == bracket;
}

struct json *keyfactor_call_json(const struct op *op, const struct reply *r, char bracket,
				 const char *tried, GError **error)
{
	g_autoptr(json) j = keyfactor_json(r);
	const struct keyfactor *k = op->scratch;

	if (j && is_a(j, r, bracket))
		return g_steal_pointer(&j);
	if (r->error || r->status != 200)
		g_propagate_error(error, keyfactor_error(op, r, tried));
	else
		g_set_error(error, ERR, ERR_REPLY, "Keyfactor Command at %s: %s: the answer is not what "
			    "Command answers; is there a proxy before it?", k->at, tried);
	return NULL;
}

/* ---- downloads ---- */

struct request_out *keyfactor_call_bytes(struct op *op, int64_t id, bool with_chain)
{
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_int(&w, "CertID", id);
	json_put_bool(&w, "IncludeChain", with_chain);
	json_put_str(&w, "ChainOrder", "EndEntityFirst");
	json_close(&w, '}');
	r = keyfactor_call_post(op, "/Certificates/Download", body->str);
	exchange_header(r, "x-certificateformat", "PEM");
	r->is_repeatable = true;
	return r;
}

void keyfactor_call_scan(GPtrArray *to, const char *text, size_t len)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)text, len, NULL, NULL);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(to, g_bytes_ref(item->der));
	}
}

GPtrArray *keyfactor_call_download(const struct op *op, const struct reply *r, const char *tried,
				   GError **error)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', tried, error);
	const char *coded = j ? json_text(keyfactor_get(j, "Content")) : NULL;
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autofree guchar *bytes = NULL;
	const struct keyfactor *k = op->scratch;
	gsize len = 0;

	if (!j)
		return NULL;
	if (coded && strlen(coded) <= BYTES_MAX)
		bytes = g_base64_decode(coded, &len);
	if (bytes)
		keyfactor_call_scan(certs, (const char *)bytes, len);
	if (certs->len)
		return g_steal_pointer(&certs);
	g_set_error(error, ERR, ERR_REPLY, "Keyfactor Command at %s: %s: there is no certificate in the "
		    "answer", k->at, tried);
	return NULL;
}
