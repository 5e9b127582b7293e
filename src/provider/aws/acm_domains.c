/*
 * acm_domains: from certificates to how the control validation of each of their names stands.
 *
 * ACM keeps nothing of a domain itself: what it tells is of certificates and their renewals.  That one
 * was issued shows that control of its names was proved, on that day at the latest; how old that proof
 * was, and until when it may be used again, ACM does not tell, so nothing is said about it here.
 */
#include "acm.h"

#include <string.h>

/* Of several certificates with one name the highest says how it stands. */
enum weight { NOTHING, ORDER_FAILED, PROVED, WAITS, RENEWAL_FAILED };

/* ---- one name of one certificate ---- */

static const struct acm_option *find_option(const GPtrArray *options, const char *name)
{
	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *o = options->pdata[i];

		if (!g_ascii_strcasecmp(o->name, name))
			return o;
	}
	return NULL;
}

static enum weight weigh_renewal(const struct acm_cert *c, const struct acm_option *o)
{
	if (!strcmp(c->renewal, "FAILED") || (o && !strcmp(o->status, "FAILED")))
		return RENEWAL_FAILED;
	if (strcmp(c->renewal, "PENDING_VALIDATION") != 0 || (o && !strcmp(o->status, "SUCCESS")))
		return PROVED;
	return WAITS;
}

static enum weight weigh(const struct acm_cert *c, const char *name)
{
	const struct acm_option *o = find_option(c->options, name);

	if (!strcmp(c->status, "ISSUED"))
		return weigh_renewal(c, find_option(c->renewal_options, name));
	if (!strcmp(c->status, "EXPIRED"))
		return PROVED;
	if (!strcmp(c->status, "PENDING_VALIDATION"))
		return !o || !strcmp(o->status, "PENDING_VALIDATION") || !*o->status ? WAITS :
		       !strcmp(o->status, "SUCCESS")				     ? PROVED :
										       ORDER_FAILED;
	if (!strcmp(c->status, "FAILED") || !strcmp(c->status, "VALIDATION_TIMED_OUT"))
		return o && !strcmp(o->status, "SUCCESS") ? PROVED : ORDER_FAILED;
	return NOTHING;
}

static const enum domain_state states[] = {
	[ORDER_FAILED] = DOMAIN_FAILED, [PROVED] = DOMAIN_VALID, [WAITS] = DOMAIN_PENDING,
	[RENEWAL_FAILED] = DOMAIN_FAILED,
};

/* ACM's own words, as far as they are about control. */
static const char *word_of(const struct acm_cert *c, enum weight weight)
{
	if (weight == RENEWAL_FAILED)
		return "renewal: FAILED";
	if (weight == WAITS)
		return strcmp(c->status, "ISSUED") ? "PENDING_VALIDATION" : "renewal: PENDING_VALIDATION";
	if (weight == ORDER_FAILED)
		return g_intern_string(c->status);
	return strcmp(c->status, "ISSUED") ? "SUCCESS" : "ISSUED";
}

static const char *method_of(const struct acm_cert *c, const struct acm_option *o)
{
	static const char *const methods[][2] = { { "DNS", "dns" }, { "EMAIL", "email" },
						  { "HTTP", "http" } };
	const char *theirs = o && *o->method ? o->method : c->method;

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (!strcmp(theirs, methods[i][0]))
			return methods[i][1];
	return "";
}

/* ---- all names ---- */

struct one {
	struct domain *domain;
	enum weight weight;
};

static void one_free(void *p)
{
	struct one *one = p;

	domain_unref(one->domain);
	g_free(one);
}

static struct one *find_one(struct op *op, GHashTable *all, const char *name)
{
	g_autofree char *id = g_strconcat(op->store->id, "/", name, NULL);
	struct one *one = g_hash_table_lookup(all, name);

	if (one)
		return one;
	one = g_new0(struct one, 1);
	one->domain = domain_new(id);
	one->domain->account = g_intern_string(op->store->account);
	one->domain->provider = "aws";
	one->domain->registration = "none needed: ACM asks for proof of control alone";
	g_hash_table_insert(all, (char *)(uintptr_t)one->domain->name, one);
	return one;
}

static void add_name(struct op *op, GHashTable *all, const struct acm_cert *c, const char *typed)
{
	g_autofree char *name = g_ascii_strdown(typed, -1);
	enum weight weight = strchr(name, '/') || !strchr(name, '.') ? NOTHING : weigh(c, typed);
	const struct acm_option *o = find_option(c->options, typed);
	const struct acm_option *renewed = find_option(c->renewal_options, typed);
	const char *method = method_of(c, renewed ? renewed : o);
	int64_t issued = MAX(c->issued, c->not_before);
	struct one *one;
	struct domain *d;

	if (!weight)
		return;
	one = find_one(op, all, name);
	d = one->domain;
	if (issued && c->not_after)	/* only what was issued has an end */
		d->validated = MAX(d->validated, issued);
	if (!d->record && renewed)
		d->record = acm_status_record(renewed);
	if (!d->record && o)
		d->record = acm_status_record(o);
	if (!*d->method || (weight > one->weight && *method))
		d->method = method;
	if (weight <= one->weight)
		return;
	one->weight = weight;
	d->state = states[weight];
	d->validation = word_of(c, weight);
}

void acm_domains_put(struct op *op, GHashTable *certs)
{
	g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, one_free);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, certs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct acm_cert *c = value;

		if (strcmp(c->type, "AMAZON_ISSUED") != 0)
			continue;
		for (char **name = c->names; *name; name++)
			add_name(op, all, c, *name);
		if (!*c->names && *c->name)
			add_name(op, all, c, c->name);
	}
	g_hash_table_iter_init(&iter, all);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		op_put_domain(op, domain_ref(((struct one *)value)->domain));
}
