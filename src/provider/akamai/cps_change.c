/*
 * cps_change: a change as CPS tells of it, and as its row remembers it.
 */
#include "cps_change.h"

#include <stdarg.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/store.h>

#define KEPT_MAX (4u << 20)
#define TEXT_MOST 4096

/* clang-format off */
static const struct cps_input inputs[] = {
	{ "third-party-certificate", "third-party-csr", "csr.v2",
	  "third-party-cert-and-trust-chain", "certificate-and-trust-chain.v2",
	  "a certificate that somebody signs for its CSR: have it signed, and bring it in (supply)",
	  REQUEST_WAITS_PERSON, "supply sync withdraw", cps_input_csrs },
	{ "lets-encrypt-challenges", "lets-encrypt-challenges", "dv-challenges.v2",
	  "lets-encrypt-challenges-completed", "acknowledgement.v1",
	  "a proof of control of its names: put one record for each into DNS, or show the file",
	  REQUEST_WAITS_DNS, "publish sync approve withdraw", cps_input_challenges },
	{ "pre-verification-warnings-acknowledgement", "pre-verification-warnings", "warnings.v1",
	  "pre-verification-warnings-ack", "acknowledgement.v1",
	  "somebody who reads what CPS found before it made a key",
	  REQUEST_WAITS_PERSON, "approve deny sync withdraw", cps_input_warnings },
	{ "post-verification-warnings-acknowledgement", "post-verification-warnings", "warnings.v1",
	  "post-verification-warnings-ack", "acknowledgement.v1",
	  "somebody who reads what CPS found about the certificate",
	  REQUEST_WAITS_PERSON, "approve deny sync withdraw", cps_input_warnings },
	{ "change-management", "change-management-info", "change-management-info.v5",
	  "change-management-ack", "acknowledgement-with-hash.v1",
	  "a yes to its deployment to Production; Staging has it",
	  REQUEST_WAITS_PERSON, "approve deny sync withdraw", cps_input_management },
	{ NULL }
};

static const size_t texts[] = {		/* of a change, by the key under which its row has it */
	offsetof(struct cps_change, enrollment), offsetof(struct cps_change, id),
	offsetof(struct cps_change, kind), offsetof(struct cps_change, state),
	offsetof(struct cps_change, status), offsetof(struct cps_change, description),
	offsetof(struct cps_change, error), offsetof(struct cps_change, input),
	offsetof(struct cps_change, warnings), offsetof(struct cps_change, hash),
	offsetof(struct cps_change, answer), offsetof(struct cps_change, answered),
	offsetof(struct cps_change, end), offsetof(struct cps_change, result),
	offsetof(struct cps_change, told),
};
static const char *const text_keys[] = {
	"enrollment", "change", "kind", "state", "status", "description", "error", "input", "warnings",
	"hash", "answer", "answered", "end", "result", "told",
};
static const size_t numbers[] = {
	offsetof(struct cps_change, answered_at), offsetof(struct cps_change, due),
	offsetof(struct cps_change, not_before), offsetof(struct cps_change, not_after),
};
static const char *const number_keys[] = { "answered-at", "due", "not-before", "not-after" };
static const size_t lists[] = {
	offsetof(struct cps_change, review), offsetof(struct cps_change, challenges),
	offsetof(struct cps_change, records), offsetof(struct cps_change, csrs),
	offsetof(struct cps_change, given),
};
static const char *const list_keys[] = { "review", "challenges", "records", "csrs", "given" };
/* clang-format on */

#define AT(c, type, offset) ((type *)((char *)(c) + (offset)))
#define OF(c, type, offset) ((type const *)((const char *)(c) + (offset)))

const struct cps_input *cps_input_find(const char *type)
{
	const struct cps_input *i = inputs;

	while (i->type && strcmp(i->type, type) != 0)
		i++;
	return i->type ? i : NULL;
}

struct cps_change *cps_change_new(const char *enrollment, const char *id, const char *kind)
{
	struct cps_change *c = g_new0(struct cps_change, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*AT(c, char *, texts[i]) = g_strdup("");
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		*AT(c, GPtrArray *, lists[i]) = g_ptr_array_new_with_free_func(g_free);
	store_set(&c->enrollment, enrollment);
	store_set(&c->id, id);
	store_set(&c->kind, kind);
	c->names = g_new0(char *, 1);
	return c;
}

void cps_change_free(struct cps_change *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*AT(c, char *, texts[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		g_ptr_array_unref(*AT(c, GPtrArray *, lists[i]));
	g_strfreev(c->names);
	g_strfreev(c->live_names);
	g_free(c->trouble);
	g_free(c);
}

void cps_change_add(struct cps_change *c, GPtrArray *to, const char *label, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	if (strlen(text) > TEXT_MOST || to->len + 2 > CPS_REVIEW_MAX) {
		c->is_cut = true;
		return;
	}
	g_ptr_array_add(to, text_harmless_dup(label, 200));
	g_ptr_array_add(to, text_harmless_dup(text, 4 * TEXT_MOST));
}

char *cps_change_path(const struct cps_change *c, const char *more)
{
	return g_strconcat("/enrollments/", c->enrollment, "/changes/", c->id, more, NULL);
}

/* ---- how it stands ---- */

/* The first that must be given, else the first. */
static const struct json *input_of(const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (json_bool(json_at(list, i), "requiredToProceed", false))
			return json_at(list, i);
	return json_count(list) ? json_at(list, 0) : NULL;
}

static void take(char **to, const struct json *j, const char *key)
{
	g_free(*to);
	*to = cps_text(j, key);
}

bool cps_change_read_status(struct cps_change *c, const struct json *j)
{
	const struct json *status = json_get(j, "statusInfo"), *error = json_get(status, "error");
	const struct json *schedule = json_get(status, "deploymentSchedule");
	g_autofree char *code = cps_text(error, "code"), *why = cps_text(error, "description");

	if (!json_str(status, "state") && !json_str(status, "status"))
		return false;
	take(&c->state, status, "state");
	take(&c->status, status, "status");
	take(&c->description, status, "description");
	take(&c->input, input_of(json_get(j, "allowedInput")), "type");
	g_free(c->error);
	c->error = g_strconcat(code, *code && *why ? ": " : "", why, NULL);
	c->not_before = cps_time(schedule, "notBefore");
	c->not_after = cps_time(schedule, "notAfter");
	return true;
}

void cps_change_read_input(struct cps_change *c, const struct json *j)
{
	const struct cps_input *i = cps_input_find(c->input);
	g_autoptr(GString) all = g_string_new(NULL);
	struct json_writer w = { .out = all };

	if (!i)
		return;
	i->read(c, j);
	if (i->state == REQUEST_WAITS_DNS)	/* its answers tell how far it is, each time another */
		return;
	json_put_copy(&w, NULL, j);
	g_free(c->told);
	c->told = g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, (gssize)all->len);
}

bool cps_change_is_waiting(const struct cps_change *c)
{
	return *c->input && !c->is_gone && !c->is_early;
}

/* "cancelled" is also spelled with one l. */
bool cps_change_is_over(const struct cps_change *c)
{
	static const char *const words[] = { "completed", "cancelled", "canceled" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!g_ascii_strcasecmp(words[i], c->state))
			return true;
	return c->is_gone;
}

/* Of all that CPS told, of which a person says yes to; what is live beside it may be known better now. */
char *cps_change_digest(const struct cps_change *c)
{
	const char *const parts[] = { c->enrollment, c->id, c->input, c->told };
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
	for (guint i = 0; i < c->records->len; i++) {
		const char *text = c->records->pdata[i];

		g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

/* ---- in a row ---- */

static void read_list(GPtrArray *to, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), CPS_REVIEW_MAX); i++) {
		const char *text = json_text(json_at(list, i));

		if (text)
			g_ptr_array_add(to, g_strdup(text));
	}
}

struct cps_change *cps_change_kept(const char *kept)
{
	g_autoptr(json) j = json_parse(kept, strlen(kept), KEPT_MAX, NULL);
	struct cps_change *c = cps_change_new("", "", "");

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *text = json_str(j, text_keys[i]);

		if (text)
			store_set(AT(c, char *, texts[i]), text);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		json_int(j, number_keys[i], AT(c, int64_t, numbers[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		read_list(*AT(c, GPtrArray *, lists[i]), json_get(j, list_keys[i]));
	c->is_first = json_bool(j, "first", false);
	c->is_cut = json_bool(j, "cut", false);
	g_strfreev(c->names);
	c->names = cps_texts(json_get(j, "names"));
	return c;
}

char *cps_change_keep(const struct cps_change *c)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		json_put_str(&w, text_keys[i], *OF(c, char *, texts[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		json_put_int(&w, number_keys[i], *OF(c, int64_t, numbers[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		const GPtrArray *list = *OF(c, GPtrArray *, lists[i]);

		json_open(&w, list_keys[i], '[');
		for (guint k = 0; k < list->len; k++)
			json_put_str(&w, NULL, list->pdata[k]);
		json_close(&w, ']');
	}
	json_put_bool(&w, "first", c->is_first);
	json_put_bool(&w, "cut", c->is_cut);
	json_open(&w, "names", '[');
	for (char **n = c->names; *n; n++)
		json_put_str(&w, NULL, *n);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}
