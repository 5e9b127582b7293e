/*
 * sectigo_again: a certificate is renewed under a new number, or issued anew under its own; or what was not
 * ordered there at all is deleted.
 *
 * A renewal keeps all that its order had, its request and so its key among it.  A replacement is for another
 * request.  Both are written down before they are sent, and sent once: an answer that got lost is looked
 * for, the one by what was ordered for the same request since, the other by the certificate itself.
 */
#include "sectigo_orders.h"
#include "sectigo_profile.h"

#include <string.h>

#include <certty/base/text.h>

#include "provider/csr_file.h"

#define RENEWING  "renewing it (POST /ssl/renewById)"
#define REPLACING "replacing it (POST /ssl/replace)"
#define DELETING  "deleting it (DELETE /ssl/ID)"
#define CSR_MAX	  32767
#define REASON_MAX 512
#define COMMON_MAX 64

struct again {
	char *pem, *digest, *body;
	char **names;
	struct request *row;
};

static step_fn renew_read, renew_send, renew_answered;
static step_fn csr_read, replace_read, replace_send, replace_answered, deleted;

static void again_free(void *p)
{
	struct again *a = p;

	g_free(a->pem);
	g_free(a->digest);
	g_free(a->body);
	g_strfreev(a->names);
	request_unref(a->row);
	g_free(a);
}

static struct again *of(struct op *op)
{
	return sectigo_call_mine(op, sizeof(struct again), again_free);
}

static char *path_of(const struct op *op, const char *call)
{
	return g_strdup_printf("/ssl/%s/%s%s", sectigo_call_version(op), call, op->cert.alias);
}

/* What is under way about it: its renewal, or its replacement; or NULL. */
static const struct request *find_row(const struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(sectigo_kept) k = NULL;

		if (strcmp(r->store, op->store->id) || strcmp(r->type, SECTIGO_ORDER) ||
		    !request_is_waiting(r))
			continue;
		k = sectigo_kept_read(r->kept);
		if (!strcmp(k->renews, op->cert.alias) || !strcmp(k->number, op->cert.alias))
			return r;
	}
	return NULL;
}

static bool check(const struct op *op, GError **error)
{
	const struct request *r = find_row(op);

	if (!sectigo_collect_check(op, error))
		return false;
	if (r)
		g_set_error(error, ERR, ERR_PENDING, "it is being renewed or replaced already (%s): sync that "
			    "request, which says how it stands", r->theirs);
	return !r;
}

/* Whether there is something that can follow it. */
static struct sectigo_cert *read_issued(struct op *op, const struct reply *r, GError **error)
{
	g_autoptr(sectigo_cert) c = sectigo_answer_read(op, r, error);

	if (!c)
		return NULL;
	if (!strcmp(c->status, "ISSUED"))
		return g_steal_pointer(&c);
	g_set_error(error, ERR, ERR_REFUSED, "Sectigo renews and replaces what is issued, and says that this "
		    "is %s: refresh the store", c->status);
	return NULL;
}

/* ---- renewed ---- */

struct next sectigo_renew(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	return check(op, &error) ? next_send(sectigo_call_cert(op, op->cert.alias), renew_read) :
				   next_fail_error(op, error);
}

static struct next renew_read(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(sectigo_cert) c = read_issued(op, r, &error);
	g_auto(GStrv) names = c ? sectigo_cert_names(c) : NULL;
	g_autoptr(sectigo_kept) k = NULL;

	if (!c)
		return next_fail_error(op, error);
	if (c->is_renewed)
		return next_fail(op, ERR_EXISTS, "Sectigo has renewed it already: refresh the store to see "
				 "what came of it");
	if (!*c->csr_sha256 || !*names)
		return next_fail(op, ERR_REFUSED, "Sectigo has no request of it to renew it with: order a new "
				 "one");
	of(op)->row = sectigo_order_new(op, "", names, c->csr_sha256);
	k = sectigo_kept_read(of(op)->row->kept);
	store_set(&k->renews, op->cert.alias);
	sectigo_kept_set(of(op)->row, k);
	sectigo_order_put(op, request_ref(of(op)->row));
	return next_keep(renew_send);
}

static struct next renew_send(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "renewById/");

	(void)none;
	return next_send(sectigo_call(op, "POST", path, "{}"), renew_answered);
}

static struct next renew_answered(struct op *op, const struct reply *r)
{
	return sectigo_ordered(op, r, RENEWING, of(op)->row);
}

bool sectigo_planned_renew(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *where = NULL, *path = NULL;

	if (!check(op, error))
		return false;
	where = path_of(op, "");
	path = path_of(op, "renewById/");
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", where, "whether it is issued, and not renewed yet");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path, op->cert.alias);
	plan_warn(p, "the new one has the old one's request, and so its key: enroll makes a new key");
	plan_not(p, "the old one stays valid until it ends or is revoked");
	plan_not(p, "an order whose answer is lost is not sent again: sync finds out what became of it");
	sectigo_planned_run(op, p, "POST", path, "{}");
	return true;
}

GHashTable *sectigo_find_renewable(const struct store *s, GBytes *memo, int64_t now)
{
	GHashTable *ret = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, renewable_free);
	g_autoptr(GHashTable) certs = sectigo_cert_memo_read(memo);
	GHashTableIter iter;
	gpointer alias, cert;

	(void)s;
	(void)now;
	g_hash_table_iter_init(&iter, certs);
	while (g_hash_table_iter_next(&iter, &alias, &cert)) {
		const struct sectigo_cert *c = cert;

		if (!strcmp(c->status, "ISSUED") && !sectigo_cert_is_foreign(c))
			g_hash_table_replace(ret, g_strdup(alias),
					     renewable_new("the new one has the same key"));
	}
	return ret;
}

/* ---- replaced ---- */

static bool check_reissue(const struct op *op, GError **error)
{
	const char *reason = args_text(op->args, "reason", "");

	if (strlen(reason) > REASON_MAX)
		g_set_error(error, ERR, ERR_USAGE, "the reason is longer than Sectigo takes");
	else
		return check(op, error);
	return false;
}

struct next sectigo_reissue(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!check_reissue(op, &error))
		return next_fail_error(op, error);
	return next_work(csr_file_read(args_text(op->args, "csr", ""), CSR_MAX, "Sectigo"), csr_read);
}

static struct next csr_read(struct op *op, const struct reply *none)
{
	struct csr_file *in = op->work->in;
	struct again *a = of(op);
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	a->names = args_list(op->args, "names");
	if (a->names && *a->names) {
		if (!csr_file_check_names(op->args, in->names, &error))
			return next_fail_error(op, error);
	} else {
		g_strfreev(a->names);
		a->names = g_strdupv(in->names);
	}
	if (!*a->names || strlen(a->names[0]) > COMMON_MAX)
		return next_fail(op, ERR_USAGE, *a->names ? "the main name is longer than the 64 characters of "
				 "a common name" : "the request asks for no name");
	a->pem = g_steal_pointer(&in->pem);
	a->digest = sectigo_enrol_digest(a->pem);
	return next_send(sectigo_call_cert(op, op->cert.alias), replace_read);
}

static char *body_of(const struct op *op, const struct again *a, const struct sectigo_cert *c)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "csr", a->pem);
	json_put_str(&w, "reason", args_text(op->args, "reason", ""));
	if (g_ascii_strcasecmp(c->name, a->names[0]))
		json_put_str(&w, "commonName", a->names[0]);
	json_open(&w, "subjectAlternativeNames", '[');
	for (char **name = a->names; *name; name++)
		json_put_str(&w, NULL, *name);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct next replace_read(struct op *op, const struct reply *r)
{
	struct again *a = of(op);
	GError *error = NULL;
	g_autoptr(sectigo_cert) c = read_issued(op, r, &error);
	g_autoptr(sectigo_kept) k = NULL;
	g_autoptr(json) j = NULL;

	if (!c)
		return next_fail_error(op, error);
	if (!strcmp(c->csr_sha256, a->digest))
		return next_fail(op, ERR_USAGE, "it was issued for that request: make another one, with certty "
				 "key or from the same key");
	j = sectigo_refusal_or_json(r, REPLACING, NULL, NULL);
	if (!sectigo_profile_takes_key(json_get(j, "certType"), a->pem, &error))
		return next_fail_error(op, error);
	a->body = body_of(op, a, c);
	a->row = sectigo_order_new(op, op->cert.alias, a->names, a->digest);
	store_set(&a->row->theirs, "Being replaced");
	k = sectigo_kept_read(a->row->kept);
	store_set(&k->replaces, *c->serial ? c->serial : "none");
	sectigo_kept_set(a->row, k);
	sectigo_order_put(op, request_ref(a->row));
	return next_keep(replace_send);
}

static struct next replace_send(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "replace/");

	(void)none;
	return next_send(sectigo_call(op, "POST", path, of(op)->body), replace_answered);
}

static struct next replace_answered(struct op *op, const struct reply *r)
{
	return sectigo_ordered_again(op, r, REPLACING, of(op)->row);
}

bool sectigo_planned_reissue(struct op *op, struct plan *p, GError **error)
{
	const char *csr = args_text(op->args, "csr", "");
	g_autofree char *where = NULL, *path = NULL;

	if (!check_reissue(op, error))
		return false;
	where = path_of(op, "");
	path = path_of(op, "replace/");
	plan_call(p, PLAN_ASKS, "read", csr, "the request");
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", where, "whether it is issued, and for another request");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path, op->cert.alias);
	plan_warn(p, "the CA may revoke the old one some days after the new one is issued");
	plan_not(p, "%s stays as it is, and its key is not sent", csr);
	plan_not(p, "nothing is deployed");
	return true;
}

/* ---- deleted ---- */

static bool check_remove(struct op *op, GError **error)
{
	g_autoptr(GHashTable) certs = NULL;
	const struct sectigo_cert *c;

	if (!sectigo_collect_check(op, error))
		return false;
	certs = sectigo_cert_memo_read(op->memo);
	c = g_hash_table_lookup(certs, op->cert.alias);
	if (!c || !*c->via || sectigo_cert_is_foreign(c))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "Sectigo deletes only what was imported or discovered, and this "
		    "was ordered (%s): revoke it, or forget it here", c->via);
	return false;
}

struct next sectigo_remove(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *path = NULL;

	(void)none;
	if (!check_remove(op, &error))
		return next_fail_error(op, error);
	path = path_of(op, "");
	return next_send(sectigo_call(op, "DELETE", path, NULL), deleted);
}

static struct next deleted(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, DELETING, NULL, &error)) {
		if (r->error || r->status >= 500)
			g_prefix_error(&error, "whether it is deleted is not known; a refresh tells: ");
		return next_fail_error(op, error);
	}
	op_say(op, "Sectigo's certificate %s is deleted", op->cert.alias);
	return next_done();
}

bool sectigo_planned_remove(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = NULL;

	if (!check_remove(op, error))
		return false;
	path = path_of(op, "");
	sectigo_planned_call(op, p, PLAN_CHANGES, "DELETE", path, op->cert.alias);
	plan_not(p, "it is not revoked, and stays where it is in use");
	sectigo_planned_run(op, p, "DELETE", path, NULL);
	return true;
}
