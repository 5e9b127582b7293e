/*
 * sectigo_dcv_row: a validation that is under way, as a row that waits.
 *
 * How the last proof stands and whether a new one is under way are told apart, so a domain that is
 * validated while a new order runs is not done: it is when the proof is valid longer than before.
 */
#include "sectigo_domains.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define RECORD_TTL 300
#define KEPT_MAX   65536
#define VALUE_MAX  400

/* ---- what a row remembers ---- */

/* clang-format off */
static const struct { const char *key; size_t at; } members[] = {
	{ "mode",   G_STRUCT_OFFSET(struct sectigo_dcv_kept, mode) },
	{ "email",  G_STRUCT_OFFSET(struct sectigo_dcv_kept, email) },
	{ "dns",    G_STRUCT_OFFSET(struct sectigo_dcv_kept, dns) },
	{ "before", G_STRUCT_OFFSET(struct sectigo_dcv_kept, before) },
	{ "url",    G_STRUCT_OFFSET(struct sectigo_dcv_kept, url) },
	{ "lines",  G_STRUCT_OFFSET(struct sectigo_dcv_kept, lines) },
};
/* clang-format on */

static char **member(struct sectigo_dcv_kept *k, size_t i)
{
	return (char **)(void *)((char *)k + members[i].at);
}

struct sectigo_dcv_kept *sectigo_dcv_kept_read(const char *kept)
{
	g_autoptr(json) j = json_parse(kept, strlen(kept), KEPT_MAX, NULL);
	struct sectigo_dcv_kept *k = g_new0(struct sectigo_dcv_kept, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		*member(k, i) = sectigo_call_text(j, members[i].key, VALUE_MAX);
	return k;
}

void sectigo_dcv_kept_free(struct sectigo_dcv_kept *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		g_free(*member(k, i));
	g_free(k);
}

static void set_kept(struct request *r, struct sectigo_dcv_kept *k)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		json_put_str(&w, members[i].key, *member(k, i));
	json_close(&w, '}');
	g_free(r->kept);
	r->kept = g_string_free(w.out, FALSE);
}

/* ---- records ---- */

static bool is_plain_name(const char *name)
{
	return *name && strlen(name) < 256 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		       strlen(name);
}

/* Any printable character, as a string of a zone file. */
static char *quoted(const char *text)
{
	GString *s = g_string_new("\"");

	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(s, '\\');
		g_string_append_c(s, *c);
	}
	g_string_append_c(s, '"');
	return g_string_free(s, FALSE);
}

static bool is_printable(const char *text)
{
	for (const char *c = text; *c; c++)
		if (!g_ascii_isprint(*c))
			return false;
	return *text && strlen(text) <= 255;
}

char *sectigo_dcv_row_record(const char *mode, const struct json *j)
{
	const char *host = json_str(j, "host"), *point = json_str(j, "point");
	g_autofree char *value = NULL;
	bool is_txt = !strcmp(mode, "TXT");

	if (!host || !point || !is_plain_name(host) || (is_txt ? !is_printable(point) : !is_plain_name(point)))
		return NULL;
	if (is_txt)
		value = quoted(point);
	else
		value = g_strconcat(point, g_str_has_suffix(point, ".") ? "" : ".", NULL);
	return g_strdup_printf("%s%s %d IN %s %s", host, g_str_has_suffix(host, ".") ? "" : ".", RECORD_TTL,
			       is_txt ? "TXT" : "CNAME", value);
}

/* ---- rows ---- */

char *sectigo_dcv_row_id(const struct store *s, const char *domain)
{
	return g_strconcat(s->id, "/dcv/", domain, NULL);
}

const struct request *sectigo_dcv_row_find(const struct op *op, const char *id)
{
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

static struct request *row_new(const struct op *op, const char *id, const char *domain)
{
	const char *names[] = { domain, NULL };
	g_autofree char *shown = sectigo_domain_show(domain);
	struct request *r = request_new(id);

	store_set(&r->account, op->store->account);
	store_set(&r->provider, op->store->provider);
	store_set(&r->store, op->store->id);
	store_set(&r->type, SECTIGO_VALIDATE);
	store_set(&r->title, shown);
	g_strfreev(r->names);
	r->names = g_strdupv((char **)(uintptr_t)names);
	r->since = op->now;
	return r;
}

void sectigo_dcv_row_end(struct request *r, enum request_state state, const char *theirs,
			 const char *reason, int64_t now)
{
	request_end(r, state, theirs, reason, now);
	store_set(&r->oddities, "");
}

/* ---- how it stands ---- */

/* clang-format off */
enum stage { DEPLOY, MISSING, PLACE, MAIL, CHECKED };
static const struct stage_row {
	const char *word;
	enum request_state state;
	const char *can;
} stages[] = {
	[DEPLOY]  = { "Deploy record", REQUEST_WAITS_PERSON, "publish sync withdraw" },
	[MISSING] = { "Deploy record", REQUEST_WAITS_DNS,    "sync publish withdraw" },
	[PLACE]   = { "Place file",    REQUEST_WAITS_PERSON, "sync withdraw" },
	[MAIL]    = { "Answer mail",   REQUEST_WAITS_PERSON, "sync resend withdraw" },
	[CHECKED] = { "Submitted",     REQUEST_WAITS_CA,     "sync withdraw" },
};
/* clang-format on */

static enum stage stage_of(const struct sectigo_dcv_kept *k, const char *records, bool is_submitted)
{
	if (!strcmp(k->mode, "EMAIL"))
		return MAIL;
	if (*records && (!is_submitted || !strcmp(k->mode, "TXT")) && strcmp(k->dns, "there"))
		return !strcmp(k->dns, "missing") ? MISSING : DEPLOY;
	return is_submitted || *records ? CHECKED : PLACE;
}

static void take_facts(struct sectigo_dcv_kept *k, const struct json *j)
{
	g_autofree char *mode = sectigo_call_word(j, "orderMode");
	g_autofree char *email = sectigo_call_text(j, "validationEmail", VALUE_MAX);
	g_autofree char *url = sectigo_call_text(j, "url", VALUE_MAX);
	g_autofree char *first = sectigo_call_text(j, "firstLine", 100);
	g_autofree char *second = sectigo_call_text(j, "secondLine", 100);

	if (*mode)
		store_set(&k->mode, mode);
	if (*email)
		store_set(&k->email, email);
	if (!*url)
		return;
	store_set(&k->url, url);
	g_free(k->lines);
	k->lines = g_strconcat(first, " ", second, NULL);
}

/* What a person must do that no verb does. */
static void set_hint(struct request *r, const struct sectigo_dcv_kept *k, enum stage stage)
{
	g_autofree char *hint = NULL;

	if (stage == MAIL)
		hint = g_strdup_printf("whoever reads %s has to follow the link in the mail",
				       *k->email ? k->email : "the mail");
	else if (stage == PLACE)
		hint = g_strdup_printf("%s has to have two lines: %s; sync then submits it",
				       *k->url ? k->url : "the file", k->lines);
	store_set(&r->reason, hint ? hint : "");
}

static void set_waiting(struct request *r, struct sectigo_dcv_kept *k, const struct json *j,
			bool is_submitted, const char *dns)
{
	g_autofree char *record = sectigo_dcv_row_record(k->mode, j);
	enum stage stage;

	if (dns)
		store_set(&k->dns, dns);
	else if (record && strcmp(r->records, record) != 0)
		store_set(&k->dns, "");	/* what was seen was of another record */
	if (record)
		store_set(&r->records, record);
	stage = stage_of(k, r->records, is_submitted);
	r->state = stages[stage].state;
	store_set(&r->theirs, stages[stage].word);
	store_set(&r->can, stages[stage].can);
	set_hint(r, k, stage);
	r->due = sectigo_call_date(j, "orderExpiration");
	r->ended = 0;
	set_kept(r, k);
}

static void set_over(const struct op *op, struct request *r, const struct sectigo_dcv_kept *k,
		     const struct json *j)
{
	g_autofree char *status = sectigo_call_word(j, "status");
	g_autofree char *until = sectigo_call_text(j, "expirationDate", 40);
	g_autofree char *said = g_strdup_printf("Validated%s%s", *until ? " until " : "", until);

	if (!strcmp(status, "VALIDATED") && strcmp(until, k->before) > 0)
		sectigo_dcv_row_end(r, REQUEST_ISSUED, said, "", op->now);
	else
		sectigo_dcv_row_end(r, REQUEST_GONE, "Gone", "it is not under way at Sectigo any more: it "
				    "was cleared there, or nobody proved control in time", op->now);
}

struct request *sectigo_dcv_row(const struct op *op, const char *domain, const struct json *j,
				const struct request *old, const char *dns)
{
	g_autofree char *order = sectigo_call_word(j, "orderStatus");
	g_autofree char *id = sectigo_dcv_row_id(op->store, domain);
	bool is_open = *order && strcmp(order, "NOT_INITIATED") != 0;
	bool goes_on = old && request_is_waiting(old);
	g_autoptr(sectigo_dcv_kept) k = sectigo_dcv_kept_read(goes_on ? old->kept : "");
	struct request *r;

	if (!goes_on && (!is_open || (old && !strcmp(order, "REJECTED"))))
		return NULL;
	r = goes_on ? request_dup(old) : row_new(op, id, domain);
	take_facts(k, j);
	if (!goes_on) {
		g_free(k->before);
		k->before = sectigo_call_text(j, "expirationDate", 40);
	}
	if (!is_open)
		set_over(op, r, k, j);
	else if (!strcmp(order, "REJECTED"))
		sectigo_dcv_row_end(r, REQUEST_FAILED, "Rejected", "the CA did not find the proof: validate "
				    "the domain once more", op->now);
	else
		set_waiting(r, k, j, !strcmp(order, "SUBMITTED"), dns);
	return r;
}
