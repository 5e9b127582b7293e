/*
 * endpoints: what a host presents when one connects to it with TLS.
 */
#include "own.h"

#include <string.h>

static step_fn presented;

struct next endpoint_refresh(struct op *op, const struct reply *none)
{
	const struct starttls *starttls;
	GError *error = NULL;
	g_autofree char *host = NULL;
	struct request_out *probe;
	uint16_t port;

	(void)none;
	if (!exchange_read_endpoint(op->store->address, &host, &port, &starttls, &error))
		return next_fail_error(op, error);
	probe = exchange_probe(host, port, starttls);
	probe->timeout_ms = (int)settings_int(op->settings, "refresh", "timeout") * 1000;
	return next_send(probe, presented);
}

/* Whether a name in a certificate is for that host (RFC 6125: a wildcard is one whole label). */
static bool covers(const char *name, const char *host)
{
	const char *dot;

	if (!g_ascii_strcasecmp(name, host))
		return true;
	dot = strchr(host, '.');
	return g_str_has_prefix(name, "*.") && dot && !g_ascii_strcasecmp(name + 1, dot);
}

static bool is_for(const struct facts *f, const char *host)
{
	if (covers(f->name, host))
		return true;
	for (char **n = f->names; n && *n; n++)
		if (covers(*n, host))
			return true;
	return false;
}

static void add_presented(struct op *op, GBytes *der, guint i, const char *host)
{
	g_autofree char *place = i ? g_strdup_printf("chain %u", i) : g_strdup("leaf");
	struct facts f = { 0 };
	GError *error = NULL;
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	uint32_t marks;

	if (!x509_facts(bytes, len, &f, &error)) {
		op_trouble(op, "%s: %s", place, error->message);
		g_error_free(error);
		return;
	}
	marks = f.marks & ~(uint32_t)MARK_MISMATCH;
	if (!i && !is_for(&f, host))
		marks |= MARK_MISMATCH;
	op_row(op, &f, place, marks);
	op_fresh(op, f.sha256, der);
	facts_done(&f);
}

static struct next presented(struct op *op, const struct reply *r)
{
	g_autofree char *host = NULL;
	uint16_t port;
	const struct starttls *starttls;

	if (r->error)
		return next_fail_error(op, g_error_copy(r->error));
	if (!exchange_read_endpoint(op->store->address, &host, &port, &starttls, NULL))
		return next_fail(op, ERR_FORMAT, "%s is not an endpoint", op->store->address);
	for (guint i = 0; i < r->chain->len; i++)
		add_presented(op, r->chain->pdata[i], i, host);
	op_say(op, "%u certificate%s presented by %s over %s", r->chain->len,
	       r->chain->len == 1 ? "" : "s", r->peer ? r->peer : host,
	       r->protocol ? r->protocol : "TLS");
	return next_done();
}
