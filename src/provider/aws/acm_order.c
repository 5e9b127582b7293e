/*
 * acm_order: ordering a certificate of ACM, public or of a private authority.
 *
 * The order is written down with its token before it is sent.  For an hour ACM gives the same
 * certificate for the same token, so an order whose answer was lost is sent once more and is still
 * one order.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define ORDERING  "ordering the certificate"
#define LOOKING   "asking about the private CA"
#define ASKING_CA "asking what ACM may do with the private CA"
#define ACM_LIFE  (395 * CLOCK_DAY)	/* of a private certificate that ACM manages */
#define TOKEN_LEN 32

static step_fn ca_described, ca_permitted, send, answered, stands;

/* ---- the answers ---- */

/* Names in the form that goes on the wire; the wildcard is no part of a host name. */
static char **ascii_names(char *const *names, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	for (; *names; names++) {
		bool is_wild = g_str_has_prefix(*names, "*.");
		g_autofree char *ascii = text_idn_ascii(*names + (is_wild ? 2 : 0), error);
		char *name;

		if (!ascii)
			return NULL;
		name = g_strconcat(is_wild ? "*." : "", ascii, NULL);
		if (g_ptr_array_find_with_equal_func(list, name, g_str_equal, NULL))
			g_free(name);
		else
			g_ptr_array_add(list, name);
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

static const struct store *find_store(const struct op *op, const char *id)
{
	gssize i = op->stores ? items_find(op->stores, id) : -1;

	return i < 0 ? NULL : op->stores->item[i];
}

/* An authority issues in its own region only. */
static bool check_ca(const struct op *op, const char *id, const struct store **ret, GError **error)
{
	const struct store *ca = find_store(op, id);
	g_autofree char *there = ca ? aws_arn_region(ca->address) : NULL;
	g_autofree char *here = aws_arn_region(op->store->address);

	if (!ca || strcmp(ca->type, AWS_STORE_CA) != 0 || strcmp(ca->account, op->store->account)) {
		g_set_error(error, ERR, ERR_USAGE, "%s is no private CA of this account", id);
		return false;
	}
	if (strcmp(there, here) != 0) {
		g_set_error(error, ERR, ERR_USAGE, "%s is in %s, and certificates of %s can be had "
			    "from authorities in %s alone", ca->title, there, op->store->title, here);
		return false;
	}
	*ret = ca;
	return true;
}

static bool check_more(const struct op *op, char *const *names, bool is_private, bool is_mailed,
		       GError **error)
{
	const char *domain = args_text(op->args, "validation-domain", "");
	g_auto(GStrv) tags = args_list(op->args, "tags");

	if (*domain && (is_private || !is_mailed)) {
		g_set_error(error, ERR, ERR_USAGE, "a mail domain is for validation by e-mail");
		return false;
	}
	return (!*domain || acm_check_domain(domain, names, error)) &&
	       (!tags || acm_check_tags(tags, error));
}

struct args *acm_order_answers(struct op *op, char ***ret_names, GError **error)
{
	static const char *const keys[] = { "key", "validation-domain", "tags" };
	g_auto(GStrv) typed = args_list(op->args, "names");
	g_auto(GStrv) names = typed ? ascii_names(typed, error) : g_new0(char *, 1);
	const char *id = args_text(op->args, "ca", "");
	const struct store *ca = NULL;
	g_autofree char *trouble = NULL, *joined = NULL;
	struct args *asked;

	if (!names || (*id && !check_ca(op, id, &ca, error)) ||
	    !acm_check_names(names, ca != NULL, &trouble, error) ||
	    !check_more(op, names, ca != NULL,
			!strcmp(args_text(op->args, "validation", "dns"), "email"), error))
		return NULL;
	if (trouble)
		op_trouble(op, "%s", trouble);
	asked = args_new();
	joined = g_strjoinv(" ", names);
	args_set(asked, "names", joined);
	args_set(asked, "ca", ca ? ca->address : "");
	args_set(asked, "validation", ca ? "" : args_text(op->args, "validation", "dns"));
	args_set(asked, "exportable", !ca && args_bool(op->args, "exportable") ? "yes" : "no");
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		args_set(asked, keys[i], args_text(op->args, keys[i], ""));
	*ret_names = g_steal_pointer(&names);
	return asked;
}

/* ---- writing down ---- */

char *acm_order_token(void)
{
	g_autofree char *id = g_uuid_string_random();
	g_auto(GStrv) parts = g_strsplit(id, "-", -1);

	return g_strjoinv("", parts);
}

static char *digest_of(const struct args *asked)
{
	g_auto(GStrv) keys = args_keys(asked);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (char **key = keys; *key; key++) {
		g_autofree char *line = g_strdup_printf("%s=%s\n", *key, args_get(asked, *key));

		g_checksum_update(sum, (const guchar *)line, -1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

/* An end that was reckoned from now on is later when the same is asked later. */
static bool is_same(const struct args *asked, const struct acm_kept *k, int64_t age)
{
	g_auto(GStrv) keys = args_keys(asked), before = args_keys(k->asked);
	int64_t ends = 0, ended = 0;
	bool is_same = g_strv_length(keys) == g_strv_length(before);

	for (char **key = keys; is_same && *key; key++)
		is_same = !strcmp(*key, "ends") ||
			  !g_strcmp0(args_get(asked, *key), args_get(k->asked, *key));
	args_int(asked, "ends", &ends);
	args_int(k->asked, "ends", &ended);
	return is_same && ABS(ends - ended) <= age + CLOCK_MINUTE;
}

/* The row of an order with the same answers that AWS has not answered; or NULL. */
static const struct request *find_unanswered(const struct op *op, const struct args *asked)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(acm_kept) k = NULL;

		if (strcmp(r->store, op->store->id) || r->state != REQUEST_WAITS_PROVIDER)
			continue;
		k = acm_kept_read(r->kept);
		if (*k->token && !*k->alias && is_same(asked, k, op->now - k->sent))
			return r;
	}
	return NULL;
}

int64_t acm_order_token_ends(const struct op *op, const struct acm_kept *k)
{
	bool is_pca = !strcmp(op->store->type, AWS_STORE_CA);

	return k->sent + (is_pca ? ACM_PCA_TOKEN_TIME : ACM_TOKEN_TIME) - CLOCK_MINUTE;
}

/* Given once more, it is the same order: what became of it AWS knows by its token. */
static struct next begin_again(struct op *op, const struct request *r, step_fn *then)
{
	struct acm_watch *w = acm_watch_get(op);

	request_unref(w->row);
	w->row = request_dup(r);
	acm_kept_free(w->kept);
	w->kept = acm_kept_read(r->kept);
	if (op->now < acm_order_token_ends(op, w->kept))
		return then(op, NULL);
	return next_fail(op, ERR_PENDING, "%s was ordered before, and AWS has not answered that: sync that "
			 "request, which finds out what became of it, or dismiss it", r->title);
}

static void put_row(struct op *op, char *const *names, struct args *asked, const char *method)
{
	g_autofree char *token = op->enrol ? g_strdup(op->enrol->token) : acm_order_token();
	g_autofree char *id = g_strconcat(op->store->id, "/order:", token, NULL);
	struct request *r = acm_status_new(op->store, id, names, op->now);
	g_autoptr(acm_kept) k = acm_kept_read("");

	store_set(&k->token, token);
	store_set(&k->method, method);
	k->sent = op->now;
	args_free(k->asked);
	k->asked = asked;
	r->state = REQUEST_WAITS_PROVIDER;
	g_free(r->digest);
	r->digest = digest_of(asked);
	store_set(&r->theirs, "Being ordered");
	store_set(&r->can, "sync dismiss");
	acm_status_set_kept(r, k);
	acm_watch_put(op, r);
}

struct next acm_order_begin(struct op *op, char *const *names, struct args *asked,
			    const char *method, step_fn *then)
{
	const struct request *before = find_unanswered(op, asked);

	if (before) {
		args_free(asked);
		return begin_again(op, before, then);
	}
	put_row(op, names, asked, method);
	return next_keep(then);
}

static struct next write_down(struct op *op)
{
	struct acm_watch *w = acm_watch_get(op);
	struct args *asked = g_steal_pointer(&w->more);
	g_auto(GStrv) names = args_list(asked, "names");
	const char *validation = args_text(asked, "validation", "");

	return acm_order_begin(op, names, asked, !strcmp(validation, "dns") ? "DNS" :
			       !strcmp(validation, "email") ? "EMAIL" : "", send);
}

/* ---- a private authority ---- */

static struct next ask_ca(struct op *op, const char *operation, step_fn *step)
{
	const struct args *asked = acm_watch_get(op)->more;
	struct acm_body b;

	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateAuthorityArn", args_get(asked, "ca"));
	return acm_body_send(&b, op, AWS_ACM_PCA, operation, step);
}

/* "RSA" of RSA_2048 and of rsa-2048 */
static bool is_family(const char *theirs, const char *ours)
{
	return *theirs && g_ascii_strncasecmp(theirs, ours, 2) == 0;
}

static bool check_authority(const struct op *op, const struct json *ca, const char *key,
			    GError **error)
{
	const char *status = json_str(ca, "Status"), *mode = json_str(ca, "UsageMode");
	const char *theirs = json_str(json_get(ca, "CertificateAuthorityConfiguration"),
				      "KeyAlgorithm");
	int64_t ends = 0;
	g_autofree char *shown = text_harmless_dup(status ? status : "", 60);
	g_autofree char *kind = text_harmless_dup(theirs ? theirs : "", 60);

	if (!status || strcmp(status, "ACTIVE") != 0)
		g_set_error(error, ERR, ERR_REFUSED, "the private CA is %s, and only one that is "
			    "ACTIVE issues", *shown ? shown : "in no state that it tells");
	else if (mode && !strcmp(mode, "SHORT_LIVED_CERTIFICATE"))
		g_set_error(error, ERR, ERR_REFUSED, "the private CA issues for 7 days at most, and "
			    "ACM's certificates last 395: order from its own store with a request "
			    "file");
	else if (json_floor(ca, "NotAfter", &ends) && ends < op->now + ACM_LIFE)
		g_set_error(error, ERR, ERR_REFUSED, "the private CA ends before a certificate of "
			    "395 days would: renew it first, or order from its own store");
	else if (theirs && !is_family(theirs, key))
		g_set_error(error, ERR, ERR_USAGE, "the private CA's own key is %s, and what it "
			    "issues must have one of the same family", kind);
	else
		return true;
	return false;
}

static struct next ca_described(struct op *op, const struct reply *r)
{
	const struct args *asked = acm_watch_get(op)->more;
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	/* Who may order need not be allowed to look. */
	if (acm_fetch_is(r, "AccessDenied")) {
		op_trouble(op, "whether the private CA is active is not known: "
			   "acm-pca:DescribeCertificateAuthority is not allowed");
		return ask_ca(op, "ListPermissions", ca_permitted);
	}
	j = aws_call_read_json(r, LOOKING, &error);
	if (!j || !check_authority(op, json_get(j, "CertificateAuthority"),
				   args_text(asked, "key", "rsa-2048"), &error))
		return next_fail_error(op, error);
	return ask_ca(op, "ListPermissions", ca_permitted);
}

static bool may_renew(const struct json *permissions)
{
	static const char *const needed[] = { "IssueCertificate", "GetCertificate",
					      "ListPermissions" };
	unsigned seen = 0;

	for (size_t i = 0; i < json_count(permissions); i++) {
		const struct json *p = json_at(permissions, i), *actions = json_get(p, "Actions");
		const char *who = json_str(p, "Principal");

		if (!who || strcmp(who, "acm.amazonaws.com") != 0)
			continue;
		for (size_t k = 0; k < json_count(actions); k++)
			for (size_t n = 0; n < G_N_ELEMENTS(needed); n++)
				if (!g_strcmp0(json_text(json_at(actions, k)), needed[n]))
					seen |= 1u << n;
	}
	return seen == (1u << G_N_ELEMENTS(needed)) - 1;
}

static struct next ca_permitted(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = aws_call_read_json(r, ASKING_CA, NULL);

	if (!j)
		op_trouble(op, "whether ACM may renew what this private CA issues is not known: "
			   "acm-pca:ListPermissions gave no answer");
	else if (!may_renew(json_get(j, "Permissions")))
		op_trouble(op, "ACM will not be able to renew it: acm.amazonaws.com lacks "
			   "IssueCertificate, GetCertificate or ListPermissions of the private CA "
			   "(acm-pca:CreatePermission grants them)");
	return write_down(op);
}

/* ---- sending ---- */

const char *acm_order_algorithm(const char *key)
{
	static const char *const names[][2] = {
		{ "rsa-2048", "RSA_2048" }, { "ec-p256", "EC_prime256v1" },
		{ "ec-p384", "EC_secp384r1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(key, names[i][0]))
			return names[i][1];
	return names[0][1];
}

static void put_list(struct json_writer *w, const char *key, char *const *values)
{
	json_open(w, key, '[');
	for (; *values; values++)
		json_put_str(w, NULL, *values);
	json_close(w, ']');
}

static void put_tags(struct json_writer *w, char *const *tags)
{
	json_open(w, "Tags", '[');
	for (; *tags; tags++) {
		g_autofree char *key = g_strndup(*tags, strcspn(*tags, "="));

		json_open(w, NULL, '{');
		json_put_str(w, "Key", key);
		json_put_str(w, "Value", *tags + strlen(key) + 1);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_domains(struct json_writer *w, char *const *names, const char *domain)
{
	json_open(w, "DomainValidationOptions", '[');
	for (; *names; names++) {
		json_open(w, NULL, '{');
		json_put_str(w, "DomainName", *names);
		json_put_str(w, "ValidationDomain", domain);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_order(struct json_writer *w, const struct acm_kept *k)
{
	g_auto(GStrv) names = args_list(k->asked, "names"), tags = args_list(k->asked, "tags");
	const char *ca = args_text(k->asked, "ca", "");
	const char *domain = args_text(k->asked, "validation-domain", "");

	json_put_str(w, "DomainName", names[0]);
	if (names[0] && names[1])
		put_list(w, "SubjectAlternativeNames", names + 1);
	if (*ca)
		json_put_str(w, "CertificateAuthorityArn", ca);
	else
		json_put_str(w, "ValidationMethod", k->method);
	if (*domain)
		put_domains(w, names, domain);
	json_put_str(w, "KeyAlgorithm", acm_order_algorithm(args_text(k->asked, "key", "")));
	json_put_str(w, "IdempotencyToken", k->token);
	if (args_bool(k->asked, "exportable")) {
		json_open(w, "Options", '{');
		json_put_str(w, "Export", "ENABLED");
		json_close(w, '}');
	}
	if (tags && tags[0])
		put_tags(w, tags);
}

static struct next send(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);
	struct acm_body b;

	(void)none;
	acm_body_begin(&b);
	put_order(&b.w, w->kept);
	return acm_body_send(&b, op, AWS_ACM, "RequestCertificate", answered);
}

struct next acm_order_again(struct op *op, const struct reply *none)
{
	return send(op, none);
}

/* ---- what came back ---- */

/* AWS has not said no: it may have acted, or will once it is asked again. */
static bool is_undecided(const struct reply *r, const GError *error)
{
	static const enum err passing[] = { ERR_BUSY, ERR_SIGN_IN, ERR_NETWORK, ERR_TIMEOUT,
					    ERR_REPLY };

	if (acm_fetch_is_lost(r) || r->status < 300)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(passing); i++)
		if (error->code == (int)passing[i])
			return true;
	return false;
}

struct next acm_order_failed(struct op *op, const struct reply *r, GError *error)
{
	struct acm_watch *w = acm_watch_get(op);
	struct request *row = request_dup(w->row);

	if (is_undecided(r, error)) {
		store_set(&row->theirs, "Not answered");
		store_set(&row->reason, error->message);
		acm_watch_put(op, row);
		g_prefix_error(&error, "%s is not known to be ordered; sync asks again, and it stays "
			       "one order: ", row->title);
		return next_fail_error(op, error);
	}
	request_end(row, REQUEST_FAILED, "Refused", error->message, op->now);
	acm_watch_put(op, row);
	return next_fail_error(op, error);
}

struct next acm_order_answered(struct op *op, const struct reply *r, const char *what,
			       step_fn *then)
{
	struct acm_watch *w = acm_watch_get(op);
	GError *error = NULL;
	g_autoptr(json) j = aws_call_read_json(r, what, &error);
	const char *arn = json_str(j, "CertificateArn");
	const char *alias = arn ? aws_arn_alias(op->store, arn) : NULL;
	g_autofree char *plain = alias ? text_harmless_dup(alias, 400) : NULL;
	g_autofree char *id = plain ? acm_status_id(op->store, plain) : NULL;
	struct request *row;

	if (!plain || !*plain || strcmp(plain, alias) != 0) {
		if (!error)
			error = g_error_new(ERR, ERR_REPLY, "%s: the answer does not say which "
					    "certificate it is", what);
		return acm_order_failed(op, r, error);
	}
	op_drop_request(op, w->row->id);
	row = request_dup(w->row);
	store_set(&row->id, id);
	store_set(&row->theirs, "Ordered");
	store_set(&row->can, "sync");
	store_set(&row->reason, "");
	store_set(&w->kept->alias, plain);
	acm_status_set_kept(row, w->kept);
	acm_watch_put(op, row);
	return next_keep(then);
}

static struct next watch(struct op *op, const struct reply *none)
{
	(void)none;
	return acm_watch_ask(op, ACM_WATCH_ROUNDS, stands);
}

static struct next answered(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!acm_fetch_check(r, ORDERING, "acm:RequestCertificate", &error))
		return acm_order_failed(op, r, error);
	return acm_order_answered(op, r, ORDERING, watch);
}

/* It was ordered, and somebody has to move. */
static struct next stands(struct op *op, const struct reply *none)
{
	const struct acm_watch *w = acm_watch_get(op);
	g_auto(GStrv) lines = g_strsplit(w->row->records, "\n", -1);
	guint n = *w->row->records ? g_strv_length(lines) : 0;

	(void)none;
	op_touch(op, op->store->id);
	if (w->row->state == REQUEST_FAILED)
		return next_fail(op, ERR_REFUSED, "%s: %s", w->row->title, w->row->reason);
	if (n)
		op_say(op, "%s is ordered and waits for %u DNS record%s: publish puts %s into Route "
		       "53 where the zone is in a known account, else copy %s into the zone",
		       w->row->title, n, n == 1 ? "" : "s", n == 1 ? "it" : "them",
		       n == 1 ? "it" : "them");
	else if (!strcmp(w->kept->method, "EMAIL"))
		op_say(op, "%s is ordered; AWS has sent mails in which each name must be approved "
		       "within 72 hours", w->row->title);
	else
		op_say(op, "%s is ordered; AWS works on it", w->row->title);
	return next_done();
}

/* ---- the order ---- */

static void free_args(void *args)
{
	args_free(args);
}

struct next acm_order(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);
	g_auto(GStrv) names = NULL;
	GError *error = NULL;

	(void)none;
	w->more = acm_order_answers(op, &names, &error);
	w->free_more = free_args;
	if (!w->more)
		return next_fail_error(op, error);
	if (*args_text(w->more, "ca", ""))
		return ask_ca(op, "DescribeCertificateAuthority", ca_described);
	return write_down(op);
}

struct next aws_order(struct op *op, const struct reply *none)
{
	if (!strcmp(op->store->type, AWS_STORE_ACM))
		return acm_order(op, none);
	if (!strcmp(op->store->type, AWS_STORE_CA))
		return pca_order(op, none);
	return next_fail(op, ERR_USAGE, "%s issues no certificates", op->store->title);
}
