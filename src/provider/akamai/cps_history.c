/*
 * cps_history: what happened to an enrollment: who changed what and when, which certificates it had, and how
 * control of its names was proved.
 *
 * Three calls for one enrollment, which are too many for all of them under CPS's limit, so they are made for
 * the one that is asked about.
 */
#include "cps_enrollment.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

#define SHOWN 500	/* lines of each */

typedef bool tell_fn(struct detail *d, const struct json *entry);

static tell_fn tell_change, tell_certificate, tell_domain;

/* clang-format off */
static const struct history {
	const char *path, *entity, *title, *what;
	const char *list, *other;		/* the member that has it, by either name */
	tell_fn *tell;				/* false: the entry is none */
} histories[CPS_HISTORIES] = {
	[CPS_HISTORY_CHANGES] = {
		"/history/changes?includeAll=true", "change-history.v5", "Changes",
		"reading the history of its changes (GET …/history/changes)", "changes", NULL, tell_change },
	[CPS_HISTORY_CERTIFICATES] = {
		"/history/certificates?includeAll=true", "certificate-history.v2", "Certificates",
		"reading the history of its certificates (GET …/history/certificates)", "certificates", NULL,
		tell_certificate },
	[CPS_HISTORY_VALIDATION] = {
		"/dv-history", "dv-history.v1", "Control of names",
		"reading how control of its names was proved (GET …/dv-history)", "results", "data",
		tell_domain },
};
/* clang-format on */

/* ---- lines ---- */

static void say_more(GString *out, const char *before, const char *text)
{
	if (*text)
		g_string_append_printf(out, "%s%s", before, text);
}

/* "2026-05-09 19:26:59Z", or what stands there instead of a time. */
static char *when_of(const struct json *j, const char *key)
{
	g_autoptr(GString) said = g_string_new(NULL);
	int64_t when = cps_time(j, key);

	if (!when)
		return cps_text(j, key);
	clock_say_utc(said, when);
	return g_strdup(said->str);
}

static struct cps_one *one_of(const struct json *j)
{
	const char *pem = json_str(j, "certificate");
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) : NULL;
	const struct x509_item *leaf = items && items->len ? items->pdata[0] : NULL;
	struct cps_one *o;
	struct facts f;
	gsize len;
	const uint8_t *der;

	if (!leaf || leaf->kind != X509_ITEM_CERT)
		return NULL;
	der = g_bytes_get_data(leaf->der, &len);
	if (!x509_facts(der, len, &f, NULL))
		return NULL;
	o = cps_one_new();
	g_free(o->algorithm);
	o->algorithm = cps_text(j, "keyAlgorithm");
	store_set(&o->issuer, f.issuer);
	o->not_after = f.not_after;
	memcpy(o->sha256, f.sha256, sizeof(o->sha256));
	facts_done(&f);
	return o;
}

/* What of one of a pair is there: its certificate, or at least the request for one. */
static void tell_one(struct detail *d, const struct json *j)
{
	g_autoptr(GString) said = g_string_new(NULL);
	g_autofree char *algorithm = cps_text(j, "keyAlgorithm"), *words = NULL;
	struct cps_one *o = one_of(j);

	if (o) {
		words = cps_one_say(o);
		g_string_append(said, words);
	} else if (json_str(j, "csr")) {
		g_string_append_printf(said, "%s%sCSR, no certificate", algorithm, *algorithm ? " " : "");
	}
	cps_one_free(o);
	if (said->len)
		detail_add(d, TONE_DIM, "", "%s", said->str);
}

static void tell_pair(struct detail *d, const struct json *j)
{
	const struct json *more = json_get(j, "multiStackedCertificates");

	tell_one(d, json_get(j, "primaryCertificate"));
	for (size_t i = 0; i < MIN(json_count(more), 4); i++)
		tell_one(d, json_at(more, i));
}

/* ---- one entry ---- */

static bool tell_change(struct detail *d, const struct json *j)
{
	g_autofree char *when = when_of(j, "createdOn"), *action = cps_text(j, "action");
	g_autofree char *about = cps_text(j, "actionDescription"), *status = cps_text(j, "status");
	g_autofree char *by = cps_text(j, "createdBy");
	g_autofree char *order = cps_text(json_get(j, "primaryCertificateOrderDetails"), "orderId");
	g_autoptr(GString) said = g_string_new(*action ? action : "a change");

	if (!*action && !*status)
		return false;
	say_more(said, ", ", status);
	say_more(said, ", by ", by);
	say_more(said, ", order ", order);
	say_more(said, ": ", about);
	detail_add(d, !g_ascii_strcasecmp(status, "incomplete") ? TONE_NOTICE : TONE_PLAIN,
		   *when ? when : "at a time not told", "%s", said->str);
	tell_pair(d, j);
	return true;
}

static bool tell_certificate(struct detail *d, const struct json *j)
{
	g_autofree char *production = cps_text(j, "deploymentStatus"), *staging = cps_text(j, "stagingStatus");
	g_autofree char *type = cps_text(j, "type"), *slots = cps_numbers(json_get(j, "slots"));
	g_autofree char *geography = cps_text(j, "geography"), *by = cps_text(j, "ra");
	g_autoptr(GString) said = g_string_new(*type ? type : "a certificate");

	if (!*production && !*staging)
		return false;
	say_more(said, ", Staging ", staging);
	say_more(said, ", slot ", slots);
	say_more(said, ", ", geography);
	say_more(said, ", issued by ", by);
	detail_add(d, !strcmp(production, "active") ? TONE_GOOD : TONE_PLAIN,
		   *production ? production : "not told", "%s", said->str);
	tell_pair(d, j);
	return true;
}

static void tell_challenge(struct detail *d, const struct json *j)
{
	g_autofree char *type = cps_text(j, "type"), *status = cps_text(j, "status");
	g_autofree char *path = cps_text(j, "fullPath"), *error = cps_text(j, "error");

	if (*type)
		detail_add(d, TONE_DIM, "", "%s, %s, at %s%s%s", type, *status ? status : "not told", path,
			   *error ? ": " : "", error);
}

static void tell_attempt(struct detail *d, const char *domain, const struct json *j)
{
	g_autofree char *status = cps_text(j, "status"), *how = cps_text(j, "validationStatus");
	g_autofree char *since = when_of(j, "requestTimestamp"), *done = when_of(j, "validatedTimestamp");
	g_autofree char *ends = when_of(j, "expires"), *error = cps_text(j, "error");
	const struct json *all = json_get(j, "challenges");
	g_autoptr(GString) said = g_string_new(*status ? status : "not told");

	say_more(said, ", ", how);
	say_more(said, ", asked for ", since);
	say_more(said, ", proved ", done);
	if (!*done)
		say_more(said, ", until ", ends);
	say_more(said, ": ", error);
	detail_add(d, *done ? TONE_GOOD : *error ? TONE_WARN : TONE_PLAIN, domain, "%s", said->str);
	for (size_t i = 0; i < MIN(json_count(all), 10); i++)
		tell_challenge(d, json_at(all, i));
}

static bool tell_domain(struct detail *d, const struct json *j)
{
	g_autofree char *domain = cps_text(j, "domain");
	const struct json *all = json_get(j, "domainHistory");

	for (size_t i = 0; i < MIN(json_count(all), 20); i++)
		tell_attempt(d, i ? "" : domain, json_at(all, i));
	return *domain != '\0';
}

bool cps_history_tell(struct detail *d, enum cps_history_sort sort, const struct json *j)
{
	const struct history *h = &histories[sort];
	const struct json *list = json_get(j, h->list);
	size_t n, left = 0, shown = 0;

	if (!list && h->other)
		list = json_get(j, h->other);
	if (!list)
		return false;
	n = json_count(list);
	detail_add(d, TONE_PLAIN, h->title, "%s", "");
	for (size_t i = 0; i < MIN(n, SHOWN); i++)
		if (h->tell(d, json_at(list, i)))
			shown++;
		else
			left++;
	left += n > SHOWN ? n - SHOWN : 0;
	if (left)
		detail_add(d, TONE_WARN, "", "%zu more are not shown: look in Control Center", left);
	else if (!shown)
		detail_add(d, TONE_DIM, "", "Akamai tells of none");
	return true;
}

/* ---- asking ---- */

struct reading {
	struct json *told[CPS_HISTORIES];
	char *trouble[CPS_HISTORIES];		/* why one is not told */
};

static step_fn show;

static void reading_free(void *p)
{
	struct reading *r = p;

	for (size_t i = 0; i < CPS_HISTORIES; i++) {
		json_free(r->told[i]);
		g_free(r->trouble[i]);
	}
	g_free(r);
}

static struct reading *mine(struct op *op)
{
	return cps_call_mine(op, sizeof(struct reading), reading_free);
}

static struct ask ask_one(struct op *op, size_t i)
{
	g_autofree char *path = cps_enrollment_path(op, histories[i].path);

	return (struct ask){ .send = cps_call_get(op, histories[i].entity, path) };
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct reading *m = mine(op);
	g_autoptr(GError) error = NULL;

	(void)none;
	if (cps_call_is_gone(r)) {
		m->trouble[i] = g_strdup("CPS has none");
		return;
	}
	m->told[i] = cps_call_json(op, r, histories[i].what, &error);
	if (error)
		m->trouble[i] = g_strdup(error->message);
}

struct next cps_history(struct op *op, const struct reply *none)
{
	(void)none;
	return next_each(CPS_HISTORIES, ask_one, hear_one, show);
}

static struct next show(struct op *op, const struct reply *none)
{
	struct reading *m = mine(op);
	g_autofree char *id = g_strconcat(OBJECT_HISTORY, op->object->id, NULL);
	struct detail *d = detail_new(id, op->object->name);
	guint n = 0;

	(void)none;
	detail_add(d, TONE_PLAIN, "enrollment id", "%s", object_key(op->object));
	for (size_t i = 0; i < CPS_HISTORIES; i++) {
		if (m->told[i] && cps_history_tell(d, i, m->told[i])) {
			n++;
			continue;
		}
		detail_add(d, TONE_PLAIN, histories[i].title, "%s", "");
		detail_add(d, TONE_WARN, "", "%s", m->trouble[i] ? m->trouble[i] :
			   "the answer of CPS has no list of them");
	}
	d->made = op->now;
	op->detail = d;
	if (!n)
		return next_fail(op, ERR_REPLY, "%s (enrollment id %s): %s", op->object->name,
				 object_key(op->object),
				 m->trouble[0] ? m->trouble[0] : "CPS tells no history");
	op_say(op, "%s: what happened to enrollment id %s", op->object->name, object_key(op->object));
	return next_done();
}
