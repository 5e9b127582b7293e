/*
 * domain: making and freeing domains, and how one stands at a time.
 */
#include <certty/model/domain.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = { { OWN_MAYBE, offsetof(struct domain, record) }, { OWN_END } };

static void find_name(struct domain *d)
{
	const char *slash = strrchr(d->id, '/');

	d->name = slash ? slash + 1 : d->id;
}

struct domain *domain_new(const char *id)
{
	struct domain *d = item_new(sizeof(struct domain), own, id);

	find_name(d);
	d->account = d->provider = d->validation = "";
	d->method = d->registration = d->users = "";
	return d;
}

struct domain *domain_dup(const struct domain *d)
{
	struct domain *copy = item_dup(d, sizeof(*d), own);

	find_name(copy);
	return copy;
}

void domain_set_id(struct domain *d, const char *id)
{
	g_free(d->id);
	d->id = g_strdup(id);
	find_name(d);
}

struct domain *domain_ref(struct domain *d)
{
	return item_ref(d);
}

void domain_unref(struct domain *d)
{
	item_drop(d, own);
}

static void unref(void *item)
{
	domain_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct domain *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->id, y->id);
}

const struct item_type domain_type = { KIND_DOMAINS, item_id, item_ref, unref, compare };

bool domain_is_same(const struct domain *a, const struct domain *b)
{
	return !strcmp(a->id, b->id) && !strcmp(a->account, b->account) &&
	       !strcmp(a->provider, b->provider) && !strcmp(a->validation, b->validation) &&
	       !strcmp(a->method, b->method) && !strcmp(a->registration, b->registration) &&
	       !strcmp(a->users, b->users) && a->state == b->state && a->certs == b->certs &&
	       !g_strcmp0(a->record, b->record) && a->expires == b->expires &&
	       a->validated == b->validated && a->validated_until == b->validated_until &&
	       a->public_from == b->public_from && a->public_until == b->public_until &&
	       a->next == b->next;
}

/* ---- words ---- */

/* clang-format off */
static const struct {
	const char *word;
	enum tone tone;
} states[DOMAIN_STATE_COUNT] = {
	[DOMAIN_UNKNOWN] = { "not known", TONE_DIM },
	[DOMAIN_NOT]     = { "not valid", TONE_NOTICE },
	[DOMAIN_OVER]    = { "over",      TONE_NOTICE },
	[DOMAIN_VALID]   = { "validated", TONE_GOOD },
	[DOMAIN_FAILED]  = { "failed",    TONE_BAD },
	[DOMAIN_PENDING] = { "pending",   TONE_WARN },
};

static const struct {
	const char *method, *word;
} methods[] = {
	{ "dns",         "DNS" },
	{ "dns-persist", "DNS, kept" },
	{ "email",       "e-mail" },
	{ "http",        "HTTP" },
	{ "whois",       "WHOIS mail" },
};
/* clang-format on */

const char *domain_state_word(enum domain_state state)
{
	return states[state].word;
}

enum tone domain_state_tone(enum domain_state state)
{
	return states[state].tone;
}

const char *domain_method_word(const char *method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (!strcmp(methods[i].method, method))
			return methods[i].word;
	return method;
}

/* ---- how it stands ---- */

int64_t domain_until(const struct domain *d, bool *ret_is_bound)
{
	*ret_is_bound = !d->validated_until;
	if (d->validated_until)
		return d->validated_until;
	return d->validated ? rule_reuse_end(d->validated, d->method, NULL) : 0;
}

enum domain_state domain_state_at(const struct domain *d, int64_t now)
{
	bool is_bound;
	int64_t until = d->state == DOMAIN_VALID ? domain_until(d, &is_bound) : 0;

	return until && until <= now ? DOMAIN_OVER : d->state;
}

const struct rule *domain_next_rule(const struct domain *d, int64_t now)
{
	return rule_first(rule_bites_validation(d->validated, d->method, now),
			  rule_bites_cert(d->public_from, d->public_until, now));
}
