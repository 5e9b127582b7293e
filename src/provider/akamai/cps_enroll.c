/*
 * cps_enroll: keys that Akamai makes, for certificates that an issuer elsewhere signs.
 *
 * A new enrollment is created, or an old one gets a new key with all its parameters as they are; either
 * starts a change, which gives the request out and takes the certificate.  Nothing is created twice: what
 * is under way for the same names already is gone on with, since its key is as good and lies at the same
 * place.  Akamai takes minutes for a key, so whoever asks comes back: the change is known by its place,
 * "10002/20003", the enrollment's number and its own.
 */
#include "cps_enroll.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#include "cps.h"

#define LISTING	  "listing the enrollments, whether one has these names"
#define READING	  "reading the enrollment"
#define CREATING  "creating the enrollment"
#define RENEWING  "starting the renewal"
#define LOOKING	  "looking at the change"
#define TAKING	  "reading the CSR"
#define DROPPING  "cancelling the change"
#define PRE_INPUT "pre-verification-warnings-acknowledgement"
#define KEY_MAKING "Akamai makes the key"

static step_fn make, drop, heard_list, heard_old, heard_started, heard_status, heard_csr, heard_dropped;

static void making_free(void *p)
{
	struct cps_making *m = p;

	if (!m)
		return;
	args_free(m->a);
	g_free(m->id);
	g_free(m->change);
	g_free(m);
}

struct cps_making *cps_enroll_making(struct op *op)
{
	return cps_call_mine(op, sizeof(struct cps_making), making_free);
}

static bool is_number(const char *s)
{
	size_t len = strlen(s);

	return len && len < 19 && strspn(s, "0123456789") == len;
}

bool cps_enroll_find(struct op *op)
{
	struct cps_making *m = cps_enroll_making(op);
	g_auto(GStrv) parts = g_strsplit(op->enrol->place ? op->enrol->place : "", "/", 3);

	if (g_strv_length(parts) != 2 || !is_number(parts[0]) || !is_number(parts[1]))
		return false;
	m->id = g_strdup(parts[0]);
	m->change = g_strdup(parts[1]);
	return true;
}

char *cps_enroll_path(const struct cps_making *m, const char *more)
{
	return g_strconcat("/enrollments/", m->id, "/changes/", m->change, more, NULL);
}

/* ---- what is asked for ---- */

/* The answers of a new one, checked; `with`: of the account. */
static struct args *answers(const struct op *op, const struct args *with, GError **error)
{
	g_autoptr(args) a = cps_profile_read(op->settings, args_text(op->args, "key-profile", ""), error);
	g_autofree char *sans = g_strjoinv("&", (char **)(uintptr_t)op->enrol->names);

	if (!a || !cps_profile_lay_over(a, args_text(op->args, "key-answers", ""), error))
		return NULL;
	if (!*args_text(a, "contract", ""))
		args_set(a, "contract", args_text(with, AKAMAI_CONTRACT, ""));
	args_set(a, CPS_CN, op->enrol->names[0]);
	args_set(a, CPS_SANS, sans);
	return cps_enroll_check(a, error) ? g_steal_pointer(&a) : NULL;
}

/* What a renewal would leave out is not left out in silence. */
static bool is_for_a_new_one(const struct op *op, GError **error)
{
	if (!*args_text(op->args, "key-answers", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "an enrollment that gets a new key (key-of) keeps all else as it "
		    "is; key-answers are for a new one");
	return false;
}

/* The number of the enrollment, or of a certificate of it, "10002/ECDSA"; "" when it is a new one. */
static const char *renewed(const struct op *op)
{
	return args_text(op->args, "key-of", "");
}

static char *number(const struct op *op)
{
	return g_strndup(renewed(op), strcspn(renewed(op), "/"));
}

/* Of one of two: "ECDSA"; NULL: it was not said. */
static const char *algorithm(const struct op *op)
{
	const char *slash = strchr(renewed(op), '/');

	return slash ? slash + 1 : NULL;
}

/* ---- making: which change it is ---- */

static struct next look(struct op *op)
{
	g_autofree char *path = cps_enroll_path(cps_enroll_making(op), NULL);

	return next_send(cps_call_get(op, "change.v2", path), heard_status);
}

/* From here on it is known, whatever happens. */
static struct next go_on_with(struct op *op)
{
	static const uint8_t nothing[32];
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *place = g_strconcat(m->id, "/", m->change, NULL);

	op_placed(op, place, nothing);
	return look(op);
}

static struct next ask_old(struct op *op)
{
	g_autofree char *old = number(op), *path = g_strconcat("/enrollments/", old, NULL);

	return next_send(cps_call_get(op, "enrollment.v11", path), heard_old);
}

static struct next make(struct op *op, const struct reply *none)
{
	g_autofree char *path = NULL, *old = number(op);
	GError *error = NULL;

	(void)none;
	if (cps_enroll_find(op))
		return go_on_with(op);
	if (*renewed(op)) {
		if (!is_number(old))
			return next_fail(op, ERR_USAGE, "key-of is the number of an enrollment, as in 10002");
		if (!is_for_a_new_one(op, &error))
			return next_fail_error(op, error);
		return ask_old(op);
	}
	cps_enroll_making(op)->a = answers(op, op->access->with, &error);
	if (!cps_enroll_making(op)->a)
		return next_fail_error(op, error);
	path = cps_call_list_path(op, "/enrollments");
	return next_send(cps_call_get(op, "enrollments.v11", path), heard_list);
}

static bool is_among(const char *name, const struct json *list, const char *cn)
{
	bool found = cn && !g_ascii_strcasecmp(cn, name);

	for (size_t i = 0; i < json_count(list) && !found; i++) {
		const char *other = json_text(json_at(list, i));

		found = other && !g_ascii_strcasecmp(other, name);
	}
	return found;
}

static bool is_asked(char *const *names, const char *name)
{
	for (; *names; names++)
		if (!g_ascii_strcasecmp(*names, name))
			return true;
	return false;
}

/* As sets, without case: CPS orders names anew, and adds the common name. */
static bool has_names(const struct json *enrollment, char *const *names)
{
	const struct json *csr = json_get(enrollment, "csr"), *sans = json_get(csr, "sans");
	const char *cn = json_str(csr, "cn");

	if (!cn || g_ascii_strcasecmp(cn, names[0]) != 0)
		return false;
	for (char *const *name = names; *name; name++)
		if (!is_among(*name, sans, cn))
			return false;
	for (size_t i = 0; i < json_count(sans); i++)
		if (json_text(json_at(sans, i)) && !is_asked(names, json_text(json_at(sans, i))))
			return false;
	return true;
}

/* The change that is under way, the most recent one; false: none is. */
static bool take_pending(struct op *op, const struct json *enrollment)
{
	const struct json *pending = json_get(enrollment, "pendingChanges");
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *id = cps_id(enrollment), *change = NULL;
	size_t n = json_count(pending);

	if (!n)
		return false;
	change = cps_id_of_location(json_str(json_at(pending, n - 1), "location"));
	if (!*id || !*change)
		return false;
	if (n > 1)
		op_trouble(op, "%zu changes of enrollment %s are under way; the last one is gone on with", n,
			   id);
	m->id = g_steal_pointer(&id);
	m->change = g_steal_pointer(&change);
	return true;
}

static struct next start(struct op *op, const char *method, const char *path, const char *body)
{
	return next_send(cps_call_send(op, method, "enrollment-status.v1", path, "enrollment.v11", body),
			 heard_started);
}

static struct next create(struct op *op)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *contract = cps_enroll_contract(m->a), *body = cps_enroll_body(m->a);
	g_autofree char *escaped = g_uri_escape_string(contract, NULL, FALSE);
	g_autofree char *path = g_strconcat("/enrollments?contractId=", escaped, NULL);

	return start(op, "POST", path, body);
}

/* One that has the common name is this one, begun before, or is in the way. */
static struct next heard_list(struct op *op, const struct reply *r)
{
	g_auto(GStrv) names = cps_enroll_names(cps_enroll_making(op)->a, NULL);
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, LISTING, &error);
	const struct json *all = json_get(j, "enrollments");

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *one = json_at(all, i);
		const char *cn = json_str(json_get(one, "csr"), "cn");
		g_autofree char *id = cps_id(one);

		if (!cn || g_ascii_strcasecmp(cn, names[0]) != 0)
			continue;
		if (!json_count(json_get(one, "productionSlots")) && has_names(one, names) &&
		    take_pending(op, one))
			return go_on_with(op);
		return next_fail(op, ERR_EXISTS, "the enrollment %s has the common name %s already; with "
				 "key-of=%s it gets a new key and certificate", id, names[0], id);
	}
	return create(op);
}

static struct next heard_old(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, READING, &error);
	g_autofree char *kind = cps_text(j, "validationType"), *old = number(op), *body = NULL, *path = NULL;

	body = j ? cps_enroll_body_again(j, old, &error) : NULL;
	if (!body)
		return next_fail_error(op, error);
	if (strcmp(kind, "third-party") != 0)
		return next_fail(op, ERR_REFUSED, "the enrollment %s is %s: its certificates come by Akamai's "
				 "own CA, and not by one that is chosen here", old, kind);
	/* Of a certificate that was chosen nobody has typed names. */
	if (!algorithm(op) && !has_names(j, (char *const *)(uintptr_t)op->enrol->names))
		return next_fail(op, ERR_USAGE, "the enrollment %s is for other names; a renewal keeps them, "
				 "the common name first", old);
	if (take_pending(op, j))
		return go_on_with(op);
	path = g_strconcat("/enrollments/", old, "?force-renewal=true", NULL);
	return start(op, "PUT", path, body);
}

static struct next heard_started(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	const struct json *changes;
	size_t n;

	if (!m->a && !m->was_in_way && !r->error && r->status == 409) {
		m->was_in_way = true;
		return ask_old(op);
	}
	j = cps_call_json(op, r, m->a ? CREATING : RENEWING, &error);
	changes = json_get(j, "changes");
	n = json_count(changes);
	if (!j)
		return next_fail_error(op, error);
	m->id = cps_id_of_location(json_str(j, "enrollment"));
	m->change = cps_id_of_location(n ? json_text(json_at(changes, n - 1)) : NULL);
	if (*m->id && *m->change)
		return go_on_with(op);
	return next_fail(op, ERR_REPLY, "CPS took it and started no change: nothing is under way");
}

/* ---- making: the CSR ---- */

bool cps_enroll_waits_for(const struct json *j, const char *input)
{
	const struct json *all = json_get(j, "allowedInput");

	for (size_t i = 0; i < json_count(all); i++) {
		const char *type = json_str(json_at(all, i), "type");

		if (type && !strcmp(type, input))
			return true;
	}
	return false;
}

bool cps_enroll_is_over(const struct json *j, char **ret_why)
{
	static const char *const words[] = { "cancelled", "canceled", "completed", "error", "suspended", NULL };
	const struct json *status = json_get(j, "statusInfo");
	g_autofree char *state = cps_text(status, "state"), *said = cps_text(status, "description");
	g_autofree char *why = cps_text(json_get(status, "error"), "description");

	*ret_why = NULL;
	if (!g_strv_contains(words, state))
		return false;
	*ret_why = g_strconcat(state, *why || *said ? ": " : "", *why ? why : said, NULL);
	return true;
}

static struct next come_back(struct op *op, enum request_state state, const char *theirs, const char *reason)
{
	op_stands(op, state, theirs, reason, NULL);
	return next_done();
}

static struct next heard_status(struct op *op, const struct reply *r)
{
	struct cps_making *m = cps_enroll_making(op);
	g_autofree char *path = cps_enroll_path(m, "/input/info/third-party-csr"), *why = NULL, *said = NULL;
	GError *error = NULL;
	g_autoptr(json) j = NULL;

	if (cps_call_is_gone(r))
		return next_fail(op, ERR_NOT_FOUND, "the change %s of enrollment %s is not there any more: it "
				 "was cancelled, or somebody else gave it a certificate", m->change, m->id);
	j = cps_call_json(op, r, LOOKING, &error);
	if (!j)
		return next_fail_error(op, error);
	if (cps_enroll_is_over(j, &why)) {
		said = g_strdup_printf("the change %s of enrollment %s is %s", m->change, m->id, why);
		return come_back(op, REQUEST_FAILED, "It ended at Akamai", said);
	}
	if (cps_enroll_waits_for(j, CPS_CSR_INPUT))
		return next_send(cps_call_get(op, "csr.v2", path), heard_csr);
	if (!cps_enroll_waits_for(j, PRE_INPUT))
		return come_back(op, REQUEST_WAITS_PROVIDER, KEY_MAKING, "");
	said = g_strdup_printf("CPS found something about enrollment %s: read and answer it at its change %s, "
			       "then sync", m->id, m->change);
	return come_back(op, REQUEST_WAITS_PERSON, "Warnings", said);
}

/* The only one, or that of the profile's kind, or of the certificate's that is renewed. */
static const char *choose_csr(const struct op *op, const struct json *list)
{
	const struct cps_making *m = cps_enroll_making((struct op *)op);
	const char *kind = m->a ? args_text(m->a, "key-type", "RSA") : algorithm(op) ? algorithm(op) : "RSA";

	if (!strcmp(kind, "ECC"))
		kind = "ECDSA";
	if (json_count(list) == 1)
		return json_str(json_at(list, 0), "csr");
	for (size_t i = 0; i < json_count(list); i++) {
		const char *its = json_str(json_at(list, i), "keyAlgorithm");

		if (its && !strcmp(its, kind))
			return json_str(json_at(list, i), "csr");
	}
	return NULL;
}

static GBytes *read_csr(const char *pem, GError **error)
{
	g_autoptr(GPtrArray) items = x509_scan((const uint8_t *)pem, strlen(pem), NULL, error);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return g_bytes_ref(item->der);
	}
	if (items)
		g_set_error(error, ERR, ERR_REPLY, TAKING ": there is none in the answer");
	return NULL;
}

static struct next heard_csr(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	const struct json *list;
	const char *pem;
	GBytes *csr;

	if (cps_call_is_gone(r))		/* it is said to be there a little before it is */
		return come_back(op, REQUEST_WAITS_PROVIDER, KEY_MAKING, "");
	j = cps_call_json(op, r, TAKING, &error);
	if (!j)
		return next_fail_error(op, error);
	list = json_get(j, "csrs");
	pem = choose_csr(op, list);
	if (!pem)
		return next_fail(op, ERR_REPLY, "of the %zu CSRs of the change none is of the key type that "
				 "was asked for", json_count(list));
	if (json_count(list) > 1)
		op_trouble(op, "the enrollment is dual-stacked: one of its keys is certified by this, and the "
			   "other by renewing its certificate as well, or by bringing one in at the change");
	csr = read_csr(pem, &error);
	if (!csr)
		return next_fail_error(op, error);
	op_csr(op, csr);
	return next_done();
}

/* ---- dropping ---- */

static struct next drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = NULL;

	(void)none;
	if (!cps_enroll_find(op))
		return next_done();
	path = cps_enroll_path(cps_enroll_making(op), NULL);
	return next_send(cps_call_send(op, "DELETE", "change-id.v1", path, NULL, NULL), heard_dropped);
}

static struct next heard_dropped(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (cps_call_is_gone(r) || akamai_ask_is_good(r, DROPPING, op->now, &error))
		return next_done();
	return next_fail_error(op, error);
}

/* ---- what it would do ---- */

static void call(const struct op *op, struct plan *p, unsigned how, const char *method, const char *path,
		 const char *what)
{
	g_autofree char *base = akamai_ask_base(args_text(op->account->answers, AKAMAI_HOST, "HOST"));
	g_autofree char *url = g_strconcat(base, "/cps/v2", path, NULL);

	plan_call(p, how, method, url, what);
}

static bool plan_new_one(const struct op *op, struct plan *p, GError **error)
{
	g_autoptr(args) a = answers(op, op->account->answers, error);
	g_autofree char *contract = a ? cps_enroll_contract(a) : NULL, *path = NULL;

	if (!a)
		return false;
	path = g_strconcat("/enrollments?contractId=", contract, NULL);
	call(op, p, PLAN_ASKS, "GET", "/enrollments", "whether one has these names");
	call(op, p, PLAN_CHANGES, "POST", path, "a new third-party enrollment, whose key is made at Akamai");
	return true;
}

static void plan_renewal(const struct op *op, struct plan *p)
{
	g_autofree char *old = number(op), *path = g_strconcat("/enrollments/", old, NULL);
	g_autofree char *put = g_strconcat(path, "?force-renewal=true", NULL);

	call(op, p, PLAN_ASKS, "GET", path, "the enrollment and its changes under way");
	call(op, p, PLAN_CHANGES, "PUT", put, "the enrollment as it is, which gets a new key");
}

static bool plan(struct op *op, struct plan *p, GError **error)
{
	if (*renewed(op) ? !is_for_a_new_one(op, error) : !plan_new_one(op, p, error))
		return false;
	if (*renewed(op))
		plan_renewal(op, p);
	call(op, p, PLAN_ASKS, "GET", "/enrollments/E/changes/N/input/info/third-party-csr",
	     "the CSR, once Akamai has made the key");
	call(op, p, PLAN_CHANGES, "POST",
	     "/enrollments/E/changes/N/input/update/third-party-cert-and-trust-chain",
	     "the certificate, once it is issued, with its issuers but the root");
	plan_not(p, "no warning of CPS is acknowledged, and no deployment approved: that is for the change's "
		 "own request");
	return true;
}

const struct key_maker cps_key_maker = {
	.needs_no_passphrase = true,
	.make = make,
	.keep = cps_enroll_keep,
	.drop = drop,
	.plan = plan,
};
