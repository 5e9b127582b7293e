/*
 * sectigo_domain: a domain as Sectigo tells of it, in several spellings, as an object and as a row.
 */
#include "sectigo_domains.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define LONGEST	 255
#define DELEGATIONS_MAX 200
#define SOON		 (30 * CLOCK_DAY)	/* before its end a validation is worth a warning */

/* ---- names ---- */

char *sectigo_domain_ascii(const char *typed, GError **error)
{
	bool is_wildcard = g_str_has_prefix(typed, "*.");
	g_autofree char *ascii = text_idn_ascii(typed + (is_wildcard ? 2 : 0), error);
	g_autofree char *lower = ascii ? g_ascii_strdown(ascii, -1) : NULL;

	if (!lower)
		return NULL;
	if (!*lower || strlen(lower) > LONGEST || strpbrk(lower, "/ ")) {
		g_set_error(error, ERR, ERR_USAGE, "this is no name of a domain");
		return NULL;
	}
	return g_strconcat(is_wildcard ? "*." : "", lower, NULL);
}

char *sectigo_domain_show(const char *name)
{
	bool is_wildcard = g_str_has_prefix(name, "*.");
	g_autofree char *shown = text_idn_show(name + (is_wildcard ? 2 : 0));

	return g_strconcat(is_wildcard ? "*." : "", shown, NULL);
}

const char *sectigo_domain_method(const char *theirs)
{
	static const char *const methods[][2] = {
		{ "CNAME", "dns" }, { "TXT", "dns" }, { "DNSTXT", "dns" }, { "HTTP", "http" },
		{ "EMAIL", "email" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (g_str_has_prefix(theirs, methods[i][0]))
			return methods[i][1];
	return "";
}

/* ---- reading ---- */

struct sectigo_domain *sectigo_domain_new(const struct json *listed)
{
	g_autofree char *number = sectigo_call_text(listed, "id", 20);
	g_autofree char *said = sectigo_call_text(listed, "name", LONGEST);
	g_autofree char *ascii = sectigo_domain_ascii(said, NULL);
	struct sectigo_domain *d;

	if (!*number || !*said || strspn(number, "0123456789") != strlen(number))
		return NULL;
	d = g_new0(struct sectigo_domain, 1);
	d->number = g_steal_pointer(&number);
	d->name = ascii ? g_steal_pointer(&ascii) : g_steal_pointer(&said);
	d->state = g_strdup("");
	d->delegation = g_strdup("");
	d->status = g_strdup("");
	d->method = g_strdup("");
	d->order = g_strdup("");
	d->mode = g_strdup("");
	d->users = g_strdup("");
	d->waiting = g_strdup("");
	return d;
}

void sectigo_domain_free(void *domain)
{
	struct sectigo_domain *d = domain;

	g_free(d->number);
	g_free(d->name);
	g_free(d->state);
	g_free(d->delegation);
	g_free(d->status);
	g_free(d->method);
	g_free(d->order);
	g_free(d->mode);
	g_free(d->users);
	g_free(d->waiting);
	g_free(d->record);
	g_free(d);
}

static void take_word(char **to, const struct json *j, const char *key)
{
	g_autofree char *word = sectigo_call_word(j, key);

	if (*word)
		store_set(to, word);
}

static char *types_of(const struct json *delegation)
{
	const struct json *types = json_get(delegation, "certTypes");
	g_autoptr(GString) s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(types), 10); i++)
		if (json_text(json_at(types, i)))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", json_text(json_at(types, i)));
	return text_harmless_dup(s->str, 100);
}

static void take_delegation(struct op *op, struct sectigo_domain *d, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "orgId", 20), *types = types_of(j);
	g_autofree char *status = sectigo_call_word(j, "status");
	bool waits = *status && strcmp(status, "ACTIVE") != 0;
	char *users, *waiting;

	if (!*number)
		return;
	users = g_strdup_printf("%s%s%s (%s)%s", d->users, *d->users ? ", " : "",
				sectigo_organization_name(op, number), types,
				waits ? " waiting for approval" : "");
	g_free(d->users);
	d->users = users;
	if (!waits)
		return;
	waiting = g_strconcat(d->waiting, *d->waiting ? " " : "", number, NULL);
	g_free(d->waiting);
	d->waiting = waiting;
}

void sectigo_domain_take_details(struct op *op, struct sectigo_domain *d, const struct json *j)
{
	const struct json *all = json_get(j, "delegations");

	d->has_details = true;
	take_word(&d->state, j, "state");
	take_word(&d->delegation, j, "delegationStatus");
	take_word(&d->status, j, "validationStatus");
	take_word(&d->method, j, "validationMethod");
	d->validated = sectigo_call_date(j, "dcvValidation");
	d->expires = sectigo_call_date(j, "dcvExpiration");
	for (size_t i = 0; i < MIN(json_count(all), DELEGATIONS_MAX); i++)
		take_delegation(op, d, json_at(all, i));
}

void sectigo_domain_take_validation(struct sectigo_domain *d, const struct json *j)
{
	int64_t expires = sectigo_call_date(j, "expirationDate");

	d->is_high = true;
	take_word(&d->status, j, "dcvStatus");
	take_word(&d->method, j, "dcvMethod");
	take_word(&d->order, j, "dcvOrderStatus");
	take_word(&d->mode, j, "dcvOrderMethod");
	d->expires = expires ? expires : d->expires;
}

/* ---- how it stands ---- */

static bool is_under_way(const struct sectigo_domain *d)
{
	return *d->order && strcmp(d->order, "NOT_INITIATED") != 0;
}

static bool is_valid(const struct sectigo_domain *d, int64_t now)
{
	return !strcmp(d->status, "VALIDATED") && (!d->expires || d->expires > now);
}

static enum domain_state state_of(const struct sectigo_domain *d, int64_t now)
{
	if (is_valid(d, now))
		return DOMAIN_VALID;
	if (!strcmp(d->order, "REJECTED"))
		return DOMAIN_FAILED;
	if (is_under_way(d))
		return DOMAIN_PENDING;
	if (!strcmp(d->status, "EXPIRED") || !strcmp(d->status, "VALIDATED"))
		return DOMAIN_OVER;
	return !strcmp(d->status, "NOT_VALIDATED") ? DOMAIN_NOT : DOMAIN_UNKNOWN;
}

/* "VALIDATED, CNAME SUBMITTED" */
static char *validation_of(const struct sectigo_domain *d)
{
	if (!is_under_way(d))
		return g_strdup(d->status);
	return g_strdup_printf("%s%s%s%s%s", d->status, *d->status ? ", " : "", d->mode, *d->mode ? " " : "",
			       d->order);
}

static const char *registration_of(const struct sectigo_domain *d)
{
	if (!strcmp(d->state, "SUSPENDED"))
		return "registered, suspended";
	if (!strcmp(d->delegation, "REQUESTED"))
		return "registered, a delegation waits for approval by an MRAO";
	return !strcmp(d->state, "ACTIVE") ? "registered, active" : "registered";
}

static void put_row(struct op *op, const struct sectigo_domain *d)
{
	g_autofree char *id = g_strconcat(op->store->id, "/", d->name, NULL);
	g_autofree char *validation = validation_of(d);
	struct domain *row = domain_new(id);

	row->account = g_intern_string(op->store->account);
	row->provider = "sectigo";
	row->state = state_of(d, op->now);
	row->validation = g_intern_string(validation);
	row->method = sectigo_domain_method(*d->method ? d->method : d->mode);
	row->registration = registration_of(d);
	row->users = g_intern_string(d->users);
	row->validated = d->validated;
	row->validated_until = d->expires;
	row->record = g_strdup(d->record);
	op_put_domain(op, row);
}

static const char *word_of(const struct sectigo_domain *d, int64_t now, enum tone *ret_tone)
{
	*ret_tone = TONE_WARN;
	if (!strcmp(d->state, "SUSPENDED"))
		return "suspended";
	if (!strcmp(d->delegation, "REQUESTED"))
		return "waits for approval";
	if (is_valid(d, now)) {
		*ret_tone = !d->expires || d->expires - now > SOON ? TONE_GOOD : TONE_NOTICE;
		return "validated";
	}
	if (!strcmp(d->order, "REJECTED")) {
		*ret_tone = TONE_BAD;
		return "rejected";
	}
	if (is_under_way(d))
		return "being validated";
	return state_of(d, now) == DOMAIN_OVER ? "expired" : *d->status ? "not validated" : "registered";
}

/* Sectigo's words, as people say them; others as they are. */
static const char *said(const char *theirs)
{
	static const char *const words[][2] = {
		{ "CNAME_CSR_HASH", "CNAME" },	{ "HTTP_CSR_HASH", "HTTP" },
		{ "HTTPS_CSR_HASH", "HTTPS" },	{ "DNSTXT_RANDOM_VALUE", "TXT" },
		{ "EMAIL", "e-mail" },		{ "AWAITING_SUBMISSION", "not submitted yet" },
		{ "SUBMITTED", "submitted" },	{ "REJECTED", "rejected" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(words[i][0], theirs))
			return words[i][1];
	return theirs;
}

static void add_date(struct object *o, const char *label, int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (when)
		clock_say_date(s, when);
	object_add_fact(o, label, s->str);
}

static void summarize(struct object *o, const struct sectigo_domain *d)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (d->expires) {
		g_string_append(s, "until ");
		clock_say_date(s, d->expires);
	}
	if (*d->method)
		g_string_append_printf(s, "%sby %s", s->len ? " " : "", said(d->method));
	if (is_under_way(d))
		g_string_append_printf(s, "%s%s%s%s%s", s->len ? "; anew " : "", *d->mode ? "by " : "",
				       said(d->mode), *d->mode ? ", " : "", said(d->order));
	if (*d->users)
		g_string_append_printf(s, "%s%s", s->len ? "; " : "", d->users);
	store_set(&o->summary, s->str);
}

static void add_facts(struct object *o, const struct sectigo_domain *d)
{
	object_add_fact(o, "in DNS", d->name);
	object_add_fact(o, "registration", registration_of(d));
	object_add_fact(o, "validation", d->status);
	object_add_fact(o, "method", d->method);
	add_date(o, "validated", d->validated);
	add_date(o, "valid until", d->expires);
	object_add_fact(o, "order", is_under_way(d) ? d->order : "");
	object_add_fact(o, "order's method", is_under_way(d) ? d->mode : "");
	object_add_fact(o, "needs", d->record);
	object_add_fact(o, "delegated to", d->users);
	object_add_fact(o, "wait for approval", d->waiting);
	object_add_fact(o, "validated as", d->is_high ? "itself" : "part of the domain above it");
	object_add_fact(o, "number", d->number);
}

static void put_object(struct op *op, const struct sectigo_domain *d)
{
	g_autofree char *id = object_id(op->store->id, SECTIGO_DOMAIN, d->number);
	g_autofree char *shown = sectigo_domain_show(d->name);
	struct object *o = object_new(id);

	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, SECTIGO_DOMAIN);
	store_set(&o->name, shown);
	store_set(&o->state, word_of(d, op->now, &o->tone));
	store_set(&o->can, d->is_high && strcmp(d->state, "SUSPENDED") ? "validate object-edit object-drop" :
									  "object-edit object-drop");
	summarize(o, d);
	add_facts(o, d);
	if (*d->state)
		object_add_answer(o, "status", strcmp(d->state, "ACTIVE") ? "suspended" : "active");
	op_put_object(op, o);
}

void sectigo_domain_put(struct op *op, const struct sectigo_domain *d)
{
	put_object(op, d);
	if (!strpbrk(d->name, "/ "))
		put_row(op, d);
}
