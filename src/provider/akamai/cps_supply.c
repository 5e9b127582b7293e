/*
 * cps_supply: what somebody elsewhere has signed for the requests of a change goes to CPS, with its
 * issuers.
 *
 * Which certificate of a file is for which request, their keys say; what is for no request is not sent.
 * CPS wants the issuers nearest first and without the root, and all certificates of a dual-stacked
 * enrollment at once: what comes alone is kept in the row until the other one is there.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/model/bundle.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

#define WORD "upload"

struct supplying {
	GPtrArray *certs;	/* GBytes, of the file, in its order */
	GPtrArray *given;	/* algorithm, PEM of the certificate and its issuers */
	GPtrArray *bundles;	/* struct bundle */
	char *digest;
};

static step_fn has_read, check, sent, looked;

static void free_bundle(void *b)
{
	bundle_free(b);
}

static void supplying_done(void *p)
{
	struct supplying *s = p;

	g_clear_pointer(&s->certs, g_ptr_array_unref);
	g_clear_pointer(&s->given, g_ptr_array_unref);
	g_clear_pointer(&s->bundles, g_ptr_array_unref);
	g_free(s->digest);
	g_free(s);
}

static struct supplying *mine(struct op *op)
{
	return cps_call_mine(op, sizeof(struct supplying), supplying_done);
}

/* ---- the file, on the pool ---- */

struct reading {
	char *path;
	size_t limit;
};

static void reading_free(void *p)
{
	struct reading *r = p;

	g_free(r->path);
	g_free(r);
}

static void free_certs(void *certs)
{
	g_ptr_array_unref(certs);
}

static GPtrArray *certs_of(const uint8_t *bytes, size_t len, GError **error)
{
	g_autoptr(GPtrArray) items = x509_scan(bytes, len, NULL, error);
	GPtrArray *certs;

	if (!items)
		return NULL;
	certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (guint i = 0; i < items->len && certs->len < BUNDLE_CERTS_MAX; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(certs, g_bytes_ref(item->der));
	}
	return certs;
}

static void run(struct work *w)
{
	const struct reading *in = w->in;
	g_autoptr(GBytes) bytes = file_read(in->path, in->limit, NULL, &w->error);
	gsize len;
	const uint8_t *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	if (bytes)
		w->out = certs_of(data, len, &w->error);
}

struct next cps_supply(struct op *op, const struct reply *none)
{
	g_autoptr(cps_change) c = op->request ? cps_change_kept(op->request->kept) : NULL;
	struct reading *in;

	(void)none;
	if (!c || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (!request_is_waiting(op->request) || !c->csrs->len)
		return next_fail(op, ERR_REFUSED, "%s does not wait for a certificate", op->request->title);
	in = g_new0(struct reading, 1);
	in->path = file_absolute(args_text(op->args, "file", ""));
	in->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	return next_work(work_new(run, in, reading_free, free_certs), has_read);
}

/* ---- which is for which ---- */

static GBytes *csr_of(const char *pem)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL);
	const struct x509_item *item = items && items->len ? items->pdata[0] : NULL;

	return item && item->kind == X509_ITEM_CSR ? g_bytes_ref(item->der) : NULL;
}

static GBytes *leaf_for(const struct supplying *s, const char *pem)
{
	g_autoptr(GBytes) csr = csr_of(pem);

	for (guint i = 0; csr && i < s->certs->len; i++)
		if (x509_csr_fits(csr, s->certs->pdata[i]))
			return s->certs->pdata[i];
	return NULL;
}

static guint place_of(const struct supplying *s, const GBytes *der)
{
	guint i = 0;

	while (i < s->certs->len && !g_bytes_equal(s->certs->pdata[i], der))
		i++;
	return i;
}

/* Its issuers, nearest first and without the root, as PEM behind it. */
static char *pem_of(struct op *op, struct bundle *b)
{
	const struct supplying *s = mine(op);
	g_autoptr(GPtrArray) chain = bundle_chain(b);
	guint n = cps_upload_issuers(chain), last = 0;
	bool is_sorted = true;

	for (guint i = 0; i < n; i++) {
		guint at = place_of(s, chain->pdata[i]);

		is_sorted = is_sorted && at >= last;
		last = at;
	}
	if (!is_sorted)
		op_trouble(op, "the issuers of %s stand in another order in the file; they are sent nearest "
			   "first", b->facts.name);
	if (!n)
		op_trouble(op, "the file has no issuer of %s: CPS will ask about that, or refuse it",
			   b->facts.name);
	return bundle_pem(b->cert, (GBytes *const *)chain->pdata, n);
}

static bool has_name(const struct facts *f, const char *name)
{
	bool is_in = !g_ascii_strcasecmp(f->name, name);

	for (char **n = f->names; n && *n && !is_in; n++)
		is_in = !g_ascii_strcasecmp(*n, name);
	return is_in;
}

static void check_names(struct op *op, const struct cps_change *c, const struct facts *f)
{
	for (char **n = c->names; *n; n++)
		if (!has_name(f, *n))
			op_trouble(op, "%s is not in the certificate: CPS will ask about that", *n);
}

static bool take(struct op *op, const struct cps_change *c, const char *algorithm, GBytes *leaf, GError **error)
{
	struct supplying *s = mine(op);
	struct bundle *b = bundle_new(leaf, NULL, 0, NULL, error);

	if (!b)
		return false;
	g_ptr_array_add(s->bundles, b);
	if (b->facts.not_after <= op->now) {
		g_autoptr(GString) when = g_string_new(NULL);

		clock_say_utc(when, b->facts.not_after);
		g_set_error(error, ERR, ERR_REFUSED, "%s ended %s; nothing was sent", b->facts.name, when->str);
		return false;
	}
	bundle_link(b, (GBytes *const *)s->certs->pdata, s->certs->len);
	check_names(op, c, &b->facts);
	g_ptr_array_add(s->given, g_strdup(algorithm));
	g_ptr_array_add(s->given, pem_of(op, b));
	return true;
}

static const char *given_for(const GPtrArray *given, const char *algorithm)
{
	for (guint i = 0; i + 1 < given->len; i += 2)
		if (!strcmp(given->pdata[i], algorithm))
			return given->pdata[i + 1];
	return NULL;
}

static bool take_all(struct op *op, const struct cps_change *c, GError **error)
{
	struct supplying *s = mine(op);

	for (guint i = 0; i + 1 < c->csrs->len; i += 2) {
		const char *algorithm = c->csrs->pdata[i], *before = given_for(c->given, algorithm);
		GBytes *leaf = leaf_for(s, c->csrs->pdata[i + 1]);

		if (leaf && !take(op, c, algorithm, leaf, error))
			return false;
		if (leaf || !before)
			continue;
		g_ptr_array_add(s->given, g_strdup(algorithm));
		g_ptr_array_add(s->given, g_strdup(before));
	}
	if (s->bundles->len)
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "no certificate of the file is for a key that CPS has made for "
		    "%s; nothing was sent", op->request->title);
	return false;
}

static struct next has_read(struct op *op, const struct reply *none)
{
	g_autoptr(cps_change) c = cps_change_kept(op->request->kept);
	struct supplying *s = mine(op);
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	s->certs = g_steal_pointer(&op->work->out);
	s->given = g_ptr_array_new_with_free_func(g_free);
	s->bundles = g_ptr_array_new_with_free_func(free_bundle);
	if (!take_all(op, c, &error))
		return next_fail_error(op, error);
	return cps_request_look(op, check);
}

/* ---- sending ---- */

static void hold(struct cps_change *c, const GPtrArray *given)
{
	g_ptr_array_set_size(c->given, 0);
	for (guint i = 0; i < given->len; i++)
		g_ptr_array_add(c->given, g_strdup(given->pdata[i]));
}

static void keep_bundles(struct op *op)
{
	struct supplying *s = mine(op);

	while (s->bundles->len)
		op_keep_bundle(op, g_ptr_array_steal_index(s->bundles, s->bundles->len - 1));
}

static struct next wait_for_others(struct op *op, struct cps_change *c)
{
	const struct supplying *s = mine(op);
	struct request *r;

	hold(c, s->given);
	r = cps_row(op, c, op->request);
	op_say(op, "%s: the %s certificate is kept here; both go to CPS once the other one is there", r->title,
	       (const char *)s->given->pdata[0]);
	op_put_request(op, r);
	keep_bundles(op);
	return next_done();
}

/* It still waits, for certificates of the same keys. */
static struct next check(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	const struct cps_input *i = cps_input_find(c->input);
	g_autofree char *path = NULL, *body = NULL;
	struct supplying *s = mine(op);

	(void)none;
	if (c->trouble)
		return next_fail(op, ERR_REPLY, "%s", c->trouble);
	s->digest = cps_change_digest(c);
	if (!cps_change_is_waiting(c) || strcmp(s->digest, op->request->digest) != 0) {
		op_put_request(op, cps_row(op, c, op->request));
		return next_fail(op, ERR_REFUSED, "%s does not wait for that certificate any more; nothing was "
				 "sent", op->request->title);
	}
	if (s->given->len < c->csrs->len)
		return wait_for_others(op, c);
	path = cps_change_path(c, "/input/update/third-party-cert-and-trust-chain");
	body = cps_upload_body(s->given);
	return next_send(cps_call_send(op, "POST", "change-id.v1", path, i->given_entity, body), sent);
}

static struct next sent(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!akamai_ask_is_good(r, "uploading the certificate", op->now, &error)) {
		if (akamai_ask_is_lost(r))
			g_prefix_error(&error, "whether CPS has taken it is not known; sync tells: ");
		return next_fail_error(op, error);
	}
	return cps_request_look(op, looked);
}

static struct next looked(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	struct request *r = cps_row_answered(op, c, WORD, mine(op)->digest);

	(void)none;
	if (c->trouble)
		op_trouble(op, "%s", c->trouble);
	op_say(op, "%s: CPS has the certificate and checks it; it is now %s%s%s%s", r->title,
	       request_state_word(r->state), *r->theirs ? " (" : "", r->theirs, *r->theirs ? ")" : "");
	op_put_request(op, r);
	keep_bundles(op);
	return next_done();
}
