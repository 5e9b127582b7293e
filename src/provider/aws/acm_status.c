/*
 * acm_status: from a certificate to what waits: which word stands for how it is, who has to move,
 * until when, and what can be done about it.
 *
 * A certificate has one row at a time: of its order until it is issued, of its renewal when that
 * needs somebody.  A row that has ended stays as it was until its certificate waits again.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/rule.h>

#define RECORD_TTL  300
#define SETTLE_TIME (10 * CLOCK_MINUTE)	/* until which a new one may be missing in lists */

/* How a certificate is, in the words of a row. */
struct status {
	const char *word;
	enum request_state state;
	const char *can;
};

/* clang-format off */
enum { MADE_SOON, DEPLOY, SYNC, VALIDATING, MAILED, PENDING };

static const struct status orders[] = {
	[MADE_SOON]  = { "Sync records",       REQUEST_WAITS_PROVIDER, "sync withdraw" },
	[DEPLOY]     = { "Deploy challenge",   REQUEST_WAITS_PERSON,   "publish sync withdraw" },
	[SYNC]       = { "Sync records",       REQUEST_WAITS_DNS,      "sync publish withdraw" },
	[VALIDATING] = { "Validating",         REQUEST_WAITS_CA,       "sync withdraw" },
	[MAILED]     = { "Pending validation", REQUEST_WAITS_PERSON,   "sync resend withdraw" },
	[PENDING]    = { "Pending validation", REQUEST_WAITS_CA,       "sync withdraw" },
};

/* Renewals cannot be withdrawn: what would be deleted is the certificate. */
static const struct status renewals[] = {
	[MADE_SOON]  = { "Renewal: action needed", REQUEST_WAITS_PROVIDER, "sync" },
	[DEPLOY]     = { "Renewal: action needed", REQUEST_WAITS_PERSON,   "publish sync" },
	[SYNC]       = { "Renewal: action needed", REQUEST_WAITS_DNS,      "sync publish" },
	[VALIDATING] = { "Renewal: validating",    REQUEST_WAITS_CA,       "sync" },
	[MAILED]     = { "Renewal: action needed", REQUEST_WAITS_PERSON,   "sync resend" },
	[PENDING]    = { "Renewal: action needed", REQUEST_WAITS_PROVIDER, "sync" },
};

static const struct status automatic = {
	"Renewal: automatic", REQUEST_WAITS_PROVIDER, "sync"
};
/* clang-format on */

/* ---- rows ---- */

char *acm_status_id(const struct store *s, const char *alias)
{
	return g_strconcat(s->id, "/", alias, NULL);
}

const struct request *acm_status_find(const struct op *op, const char *id)
{
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

struct request *acm_status_new(const struct store *s, const char *id, char *const *names,
			       int64_t now)
{
	struct request *r = request_new(id);

	store_set(&r->account, s->account);
	store_set(&r->provider, s->provider);
	store_set(&r->store, s->id);
	store_set(&r->type, "order");
	store_set(&r->title, names[0] ? names[0] : "");
	g_strfreev(r->names);
	r->names = g_strdupv((char **)(uintptr_t)names);
	r->since = now;
	return r;
}

void acm_status_set_kept(struct request *r, const struct acm_kept *k)
{
	g_free(r->kept);
	r->kept = acm_kept_write(k);
}

/* ---- records ---- */

/* Names that stand in a zone file as they are. */
static bool is_plain_name(const char *name)
{
	return *name && strlen(name) < 256 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		       strlen(name);
}

static bool is_open(const struct acm_option *o)
{
	return strcmp(o->status, "SUCCESS") != 0;
}

char *acm_status_record(const struct acm_option *o)
{
	if (!is_plain_name(o->record_name) || !is_plain_name(o->record_value) ||
	    strcmp(o->record_type, "CNAME") != 0)
		return NULL;
	return g_strdup_printf("%s%s %d IN CNAME %s%s", o->record_name,
			       g_str_has_suffix(o->record_name, ".") ? "" : ".", RECORD_TTL,
			       o->record_value, g_str_has_suffix(o->record_value, ".") ? "" : ".");
}

/* A name and its wildcard share one record. */
static char *records_of(const GPtrArray *options)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GString *lines = g_string_new(NULL);

	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *o = options->pdata[i];
		g_autofree char *line = is_open(o) ? acm_status_record(o) : NULL;

		if (!line)
			continue;
		if (!g_hash_table_add(seen, g_ascii_strdown(line, -1)))
			continue;
		if (lines->len)
			g_string_append_c(lines, '\n');
		g_string_append(lines, line);
	}
	return g_string_free(lines, FALSE);
}

/* ---- how it stands ---- */

static const char *method_of(const GPtrArray *options, const struct acm_kept *k)
{
	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *o = options->pdata[i];

		if (*o->method)
			return o->method;
	}
	return k->method;
}

static bool is_all_proved(const GPtrArray *options)
{
	for (guint i = 0; i < options->len; i++)
		if (is_open(options->pdata[i]))
			return false;
	return options->len > 0;
}

static bool lacks_record(const GPtrArray *options)
{
	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *o = options->pdata[i];

		if (is_open(o) && !*o->record_name)
			return true;
	}
	return !options->len;
}

static int stage_of(const GPtrArray *options, const char *method, const struct acm_kept *k)
{
	if (is_all_proved(options))
		return VALIDATING;
	if (!strcmp(method, "EMAIL"))
		return MAILED;
	if (strcmp(method, "DNS") != 0)
		return PENDING;
	if (lacks_record(options))
		return MADE_SOON;
	return !strcmp(k->dns, "there") ? VALIDATING : !strcmp(k->dns, "missing") ? SYNC : DEPLOY;
}

static void set_oddities(struct request *r, const char *method)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!strcmp(method, "EMAIL")) {
		g_string_append(text, "validation by e-mail ends on ");
		clock_say_date(text, rule_method_end("email")->since);
		g_string_append(text, " by the CA/Browser Forum's rules: with DNS records instead, "
				"renewals need nobody");
	}
	store_set(&r->oddities, text->str);
}

static void set_waiting(struct request *r, const GPtrArray *options, const struct status *table,
			struct acm_kept *k)
{
	const char *method = method_of(options, k);
	const struct status *s = &table[stage_of(options, method, k)];
	g_autofree char *records = records_of(options);

	/* Another record was asked for: what was seen in DNS was of the one before. */
	if (*r->records && strcmp(r->records, records) != 0 && *k->dns) {
		store_set(&k->dns, "");
		s = &table[stage_of(options, method, k)];
	}
	r->state = s->state;
	r->ended = 0;
	store_set(&r->theirs, s->word);
	store_set(&r->can, s->can);
	store_set(&r->records, records);
	store_set(&r->reason, "");
	set_oddities(r, method);
	store_set(&k->method, method);
	acm_kept_set_options(k, options);
}

/* ACM's own words for it that mean that an order has failed. */
static void set_failed(struct request *r, const struct acm_cert *c, int64_t now)
{
	bool is_late = !strcmp(c->status, "VALIDATION_TIMED_OUT");
	g_autofree char *reason = is_late ?
		g_strdup("nobody proved control of every name within 72 hours: withdraw it and "
			 "order it again") :
		g_strdup(acm_cert_say_failure(c->failure));

	request_end(r, REQUEST_FAILED, is_late ? "Timed out" : "Failed", reason, now);
	store_set(&r->can, "withdraw dismiss");
}

static bool set_order(struct request *r, const struct acm_cert *c, struct acm_kept *k,
		      int64_t now)
{
	store_set(&r->type, "order");
	if (strcmp(c->status, "PENDING_VALIDATION") != 0) {
		set_failed(r, c, now);
		return true;
	}
	if (!strcmp(c->type, "PRIVATE"))
		store_set(&k->method, "");
	set_waiting(r, c->options, orders, k);
	r->due = strcmp(c->type, "PRIVATE") ? MAX(r->since, k->resent) + ACM_VALIDATION_TIME : 0;
	return true;
}

static bool set_renewal(struct request *r, const struct acm_cert *c, struct acm_kept *k,
			int64_t now)
{
	store_set(&r->type, "renewal");
	if (!strcmp(c->renewal, "FAILED")) {
		request_end(r, REQUEST_FAILED, "Renewal: failed",
			       acm_cert_say_failure(c->renewal_reason), now);
		return true;
	}
	if (!strcmp(c->renewal, "PENDING_AUTO_RENEWAL")) {
		set_waiting(r, c->renewal_options, renewals, k);
		r->state = automatic.state;
		store_set(&r->theirs, automatic.word);
		store_set(&r->can, automatic.can);
		store_set(&r->records, "");
	} else if (!strcmp(c->renewal, "PENDING_VALIDATION")) {
		set_waiting(r, c->renewal_options, renewals, k);
	} else {
		return false;
	}
	r->due = c->not_after;
	return true;
}

static bool is_renewal(const struct acm_cert *c)
{
	static const char *const waits[] = { "PENDING_AUTO_RENEWAL", "PENDING_VALIDATION",
					     "FAILED", NULL };

	return !strcmp(c->status, "ISSUED") && g_strv_contains(waits, c->renewal);
}

/* A list says that it waits, and nothing of what for: what was described before still holds. */
static bool tells_less(const struct acm_cert *c)
{
	return !c->has_details && (!strcmp(c->status, "PENDING_VALIDATION") ||
				   g_str_has_prefix(c->renewal, "PENDING_"));
}

struct request *acm_status_request(const struct acm_cert *c, const struct store *s,
				   const struct request *old, int64_t now)
{
	g_autofree char *id = acm_status_id(s, c->alias);
	bool renews = is_renewal(c);
	/* A renewal begins anew: what its certificate's order came to is over. */
	bool goes_on = old && (renews == !strcmp(old->type, "renewal"));
	g_autoptr(acm_kept) k = acm_kept_read(goes_on ? old->kept : "");
	g_autoptr(request) r = NULL;

	if (acm_cert_is_row(c) && !renews)
		return NULL;
	if (goes_on && request_is_waiting(old) && tells_less(c))
		return request_dup(old);
	r = goes_on ? request_dup(old) :
		acm_status_new(s, id, c->names, !renews && c->created ? c->created : now);
	store_set(&r->title, c->name);
	if (!goes_on || g_strv_length(c->names) >= g_strv_length(r->names)) {
		g_strfreev(r->names);
		r->names = g_strdupv(c->names);
	}
	store_set(&k->alias, c->alias);
	if (!(renews ? set_renewal : set_order)(r, c, k, now))
		return NULL;
	acm_status_set_kept(r, k);
	return g_steal_pointer(&r);
}

/* ---- the rows of a store ---- */

static bool is_news(const struct request *old, const struct request *r)
{
	g_autofree char *before = old ? g_strjoinv(" ", old->names) : NULL;
	g_autofree char *now = g_strjoinv(" ", r->names);

	return !old || old->state != r->state || old->due != r->due || old->ended != r->ended ||
	       old->since != r->since || strcmp(old->theirs, r->theirs) ||
	       strcmp(old->type, r->type) || strcmp(old->reason, r->reason) ||
	       strcmp(old->records, r->records) || strcmp(old->kept, r->kept) ||
	       strcmp(old->can, r->can) || strcmp(old->title, r->title) ||
	       strcmp(old->result, r->result) || strcmp(before, now);
}

static void put(struct op *op, const struct request *old, struct request *r /* taken */)
{
	if (is_news(old, r))
		op_put_request(op, r);
	else
		request_unref(r);
}

struct request *acm_status_ended(const struct request *old, const struct acm_cert *c, int64_t now)
{
	struct request *r = request_dup(old);
	bool renews = !strcmp(old->type, "renewal");

	if (renews && strcmp(c->status, "ISSUED") != 0)
		request_end(r, REQUEST_FAILED, "Renewal: failed",
			       "the certificate has ended before it was renewed", now);
	else if (acm_cert_is_row(c))
		request_end(r, REQUEST_ISSUED, renews ? "Renewed" : "Issued", "", now);
	if (c->has_digest && r->state == REQUEST_ISSUED && !*r->result) {
		GString *hex = g_string_new(NULL);

		for (size_t i = 0; i < sizeof(c->sha256); i++)
			g_string_append_printf(hex, "%02x", c->sha256[i]);
		g_free(r->result);
		r->result = g_string_free(hex, FALSE);
	}
	return r;
}

static void put_one(struct op *op, const struct acm_cert *c)
{
	g_autofree char *id = acm_status_id(op->store, c->alias);
	const struct request *old = acm_status_find(op, id);
	struct request *r = acm_status_request(c, op->store, old, op->now);

	if (r)
		put(op, old, r);
	else if (old && !strcmp(old->type, "renewal") && !c->has_details && !*c->renewal &&
		 !strcmp(c->status, "ISSUED"))
		return;		/* a list that does not tell of renewals */
	else if (old && (request_is_waiting(old) || (old->state == REQUEST_ISSUED && !*old->result)))
		put(op, old, acm_status_ended(old, c, op->now));
}

/* Rows of certificates that are there no more.  An order that AWS has not answered has none. */
static void end_gone(struct op *op, GHashTable *certs)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *old = op->requests->item[i];
		g_autoptr(acm_kept) k = NULL;
		struct request *r;

		if (strcmp(old->store, op->store->id) || !request_is_waiting(old) ||
		    old->since > op->now - SETTLE_TIME)
			continue;
		k = acm_kept_read(old->kept);
		if (!*k->alias || g_hash_table_contains(certs, k->alias))
			continue;
		r = request_dup(old);
		request_end(r, REQUEST_GONE, "Gone", "it is not in AWS any more", op->now);
		op_put_request(op, r);
	}
}

void acm_status_take(struct op *op, const struct acm_cert *c, const struct reply *r)
{
	g_autofree char *id = acm_status_id(op->store, c->alias);
	const struct request *old = acm_status_find(op, id);
	struct bundle *b = old && request_is_waiting(old) ?
		acm_fetch_bundle(r, "reading what was issued", NULL) : NULL;

	if (b)
		op_keep_bundle(op, b);
}

void acm_status_put(struct op *op, GHashTable *certs, bool is_whole)
{
	GHashTableIter i;
	void *c;

	g_hash_table_iter_init(&i, certs);
	while (g_hash_table_iter_next(&i, NULL, &c))
		put_one(op, c);
	if (is_whole)
		end_gone(op, certs);
}
