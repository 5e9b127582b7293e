/*
 * sectigo_order_row: what is ordered and not issued yet, as a row that waits.
 */
#include "sectigo_certs.h"

#include <string.h>

#include <certty/base/text.h>

#define KEPT_MAX  (1u << 20)
#define CHAIN_MAX (512u << 10)

/* ---- what a row remembers ---- */

/* clang-format off */
static const struct { const char *key; size_t at; } members[] = {
	{ "number", G_STRUCT_OFFSET(struct sectigo_kept, number) },
	{ "csr",    G_STRUCT_OFFSET(struct sectigo_kept, csr_sha256) },
	{ "token",  G_STRUCT_OFFSET(struct sectigo_kept, token) },
	{ "chain",  G_STRUCT_OFFSET(struct sectigo_kept, chain) },
	{ "sent",   G_STRUCT_OFFSET(struct sectigo_kept, sent) },
	{ "renews", G_STRUCT_OFFSET(struct sectigo_kept, renews) },
	{ "replaces", G_STRUCT_OFFSET(struct sectigo_kept, replaces) },
	{ "review", G_STRUCT_OFFSET(struct sectigo_kept, review) },
};

/* Sectigo's words, and what can be done then. */
static const struct status {
	const char *theirs, *shown;
	enum request_state state;
	const char *can;
} statuses[] = {
	{ "REQUESTED",         "Requested",         REQUEST_WAITS_PERSON,   "approve deny sync request-edit" },
	{ "AWAITING_APPROVAL", "Awaiting approval", REQUEST_WAITS_PERSON,   "approve deny sync" },
	{ "SAAPPROVED",        "SA approved",       REQUEST_WAITS_PERSON,   "approve deny sync" },
	{ "SA_APPROVED",       "SA approved",       REQUEST_WAITS_PERSON,   "approve deny sync" },
	{ "INIT",              "Being created",     REQUEST_WAITS_PROVIDER, "sync" },
	{ "APPROVED",          "Approved",          REQUEST_WAITS_PROVIDER, "sync" },
	{ "APPLIED",           "Applied",           REQUEST_WAITS_CA,       "sync" },
	{ "DECLINED",          "Declined",          REQUEST_DENIED,         NULL },
	{ "REJECTED",          "Rejected by the CA", REQUEST_FAILED,        NULL },
	{ "INVALID",           "Invalid",           REQUEST_FAILED,         NULL },
};
/* clang-format on */

static char **member(struct sectigo_kept *k, size_t i)
{
	return (char **)(void *)((char *)k + members[i].at);
}

struct sectigo_kept *sectigo_kept_read(const char *kept)
{
	g_autoptr(json) j = json_parse(kept, strlen(kept), KEPT_MAX, NULL);
	struct sectigo_kept *k = g_new0(struct sectigo_kept, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		const char *text = json_str(j, members[i].key);

		*member(k, i) = g_strndup(text ? text : "", CHAIN_MAX);
	}
	return k;
}

void sectigo_kept_free(struct sectigo_kept *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		g_free(*member(k, i));
	g_free(k);
}

void sectigo_kept_set(struct request *r, const struct sectigo_kept *k)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		json_put_str(&w, members[i].key, *member((struct sectigo_kept *)(uintptr_t)k, i));
	json_close(&w, '}');
	g_free(r->kept);
	r->kept = g_string_free(w.out, FALSE);
}

/* ---- rows ---- */

char *sectigo_order_id(const struct store *s, const char *number)
{
	return g_strconcat(s->id, "/" SECTIGO_ORDER "/", number, NULL);
}

const struct request *sectigo_order_find(const struct op *op, const char *number)
{
	g_autofree char *id = sectigo_order_id(op->store, number);
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

void sectigo_order_end(struct request *r, enum request_state state, const char *theirs,
		       const char *reason, int64_t now)
{
	request_end(r, state, theirs, reason, now);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Of what a yes is about, whichever of Sectigo's calls tells of it. */
static char *digest_of(const struct sectigo_cert *c)
{
	g_auto(GStrv) names = sectigo_cert_names(c);
	g_autofree char *all = NULL, *text = NULL;

	qsort(names, g_strv_length(names), sizeof(*names), by_text);
	all = g_strjoinv(" ", names);
	text = g_strdup_printf("%s\n%s\n%s\n%s\n%d\n%s", c->alias, all, c->organization_id, c->profile,
			       (int)c->term, c->csr_sha256);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static void add_line(GString *s, const char *label, const char *value)
{
	if (*value)
		g_string_append_printf(s, "%s%s: %s", s->len ? "\n" : "", label, value);
}

static char *review_of(const struct sectigo_cert *c)
{
	GString *s = g_string_new(NULL);
	g_autofree char *term = c->term ? g_strdup_printf("%d days", (int)c->term) : g_strdup("");

	add_line(s, "Organization", c->organization);
	add_line(s, "Profile", c->profile);
	add_line(s, "Term", term);
	add_line(s, "Key", c->key);
	add_line(s, "For", c->external);
	add_line(s, "Comments", c->comments);
	add_line(s, "Custom fields", c->fields);
	add_line(s, "Requested via", c->via);
	add_line(s, "CA's order", c->backend);
	add_line(s, "CSR's SHA-256", c->csr_sha256);
	return g_string_free(s, FALSE);
}

static struct request *row_new(const struct op *op, const char *number)
{
	g_autofree char *id = sectigo_order_id(op->store, number);
	struct request *r = request_new(id);

	store_set(&r->account, op->store->account);
	store_set(&r->provider, op->store->provider);
	store_set(&r->store, op->store->id);
	store_set(&r->type, SECTIGO_ORDER);
	r->since = op->now;
	return r;
}

struct request *sectigo_order_new(const struct op *op, const char *number, char *const *names,
				  const char *csr_sha256)
{
	g_autofree char *uuid = g_uuid_string_random();
	g_autoptr(sectigo_kept) k = sectigo_kept_read("");
	struct request *r = row_new(op, *number ? number : uuid);

	store_set(&r->title, names[0]);
	g_strfreev(r->names);
	r->names = g_strdupv((char **)(uintptr_t)names);
	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, "Being ordered");
	store_set(&r->can, *number ? "sync" : "sync dismiss");
	store_set(&k->number, number);
	store_set(&k->csr_sha256, csr_sha256);
	store_set(&k->sent, "yes");
	store_set(&k->token, op->enrol ? op->enrol->token : "");
	sectigo_kept_set(r, k);
	return r;
}

bool sectigo_order_is_as_before(const struct request *r, const struct sectigo_cert *c)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	return *k->replaces && !strcmp(c->status, "ISSUED") && sectigo_cert_is_serial(c, k->replaces);
}

static void set_facts(struct request *r, const struct sectigo_cert *c)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	g_strfreev(r->names);
	r->names = sectigo_cert_names(c);
	store_set(&r->title, r->names[0] ? r->names[0] : c->alias);
	store_set(&r->asked_by, c->requester);
	g_free(r->digest);
	r->digest = digest_of(c);
	store_set(&k->number, c->alias);
	g_free(k->review);
	k->review = review_of(c);
	sectigo_kept_set(r, k);
}

/* What we ordered is collected by sync before it is over. */
static void set_issued(const struct op *op, struct request *r, const struct sectigo_cert *c)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	if (!*k->sent || strcmp(c->status, "ISSUED")) {
		sectigo_order_end(r, REQUEST_ISSUED, "Issued", "", op->now);
		return;
	}
	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, "Issued, not collected");
	store_set(&r->can, "sync");
}

struct request *sectigo_order_row(const struct op *op, const struct sectigo_cert *c,
				  const struct request *old)
{
	const struct status *s = NULL;
	struct request *r;

	for (size_t i = 0; i < G_N_ELEMENTS(statuses) && !s; i++)
		if (!strcmp(statuses[i].theirs, c->status))
			s = &statuses[i];
	if ((!s || !s->can) && (!old || !request_is_waiting(old)))
		return NULL;
	if (old && ((!request_is_waiting(old) && *old->result) || sectigo_order_is_as_before(old, c)))
		return NULL;
	r = old ? request_dup(old) : row_new(op, c->alias);
	if (!old && c->requested)
		r->since = c->requested;
	set_facts(r, c);
	if (!s && sectigo_cert_is_row(c)) {
		set_issued(op, r, c);
	} else if (!s) {
		sectigo_order_end(r, REQUEST_FAILED, c->status, "", op->now);
	} else if (!s->can) {
		sectigo_order_end(r, s->state, s->shown, "", op->now);
		store_set(&r->can, "request-edit dismiss");	/* it is asked for once more by that */
	} else {
		r->state = s->state;
		r->ended = 0;
		store_set(&r->theirs, s->shown);
		store_set(&r->reason, "");
		store_set(&r->can, s->can);
	}
	return r;
}
