/*
 * sectigo_anchor: the validations of organizations (OV and EV), by which all their certificates stand or
 * fall: each is a row, with its end and with what the CA has otherwise than Certificate Manager.
 *
 * One that is not valid is named before an order is sent that it would stop.  What differs is told and stops
 * nothing: whether a CA minds it is not known before it is asked.
 */
#include "sectigo_anchor.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define LISTING	 "listing the validations of an organization (GET /organization/v2/ID/validations)"
#define ASKING	 "asking the CA about the validation (/organization/v2/ID/validations/ID)"
#define ANCHORS_MAX 1000

/* clang-format off */
const struct field sectigo_anchor_questions[] = {
	{ "ask", FIELD_CHOICE, "Ask the CA", false, NULL, "sync revalidate",
	  "sync: how it stands there now; revalidate: to check the organization once more" },
	{ NULL }
};

static const struct { const char *word, *shown; enum tone tone; } states[] = {
	{ "VALIDATED",     "validated",     TONE_GOOD },
	{ "PENDING",       "pending",       TONE_WARN },
	{ "FAILED",        "failed",        TONE_BAD },
	{ "EXPIRED",       "expired",       TONE_BAD },
	{ "NOT_VALIDATED", "not validated", TONE_BAD },
};

/* What both keep, by the key in Certificate Manager and by that at the CA. */
static const struct { const char *label, *ours, *theirs; } parts[] = {
	{ "name", "name", "name" },		   { "name", "name", "organizationName" },
	{ "address", "address1", "address1" },	   { "city", "city", "city" },
	{ "state", "stateOrProvince", "stateOrProvince" },
	{ "state", "stateOrProvince", "stateProvince" },
	{ "postal code", "postalCode", "postalCode" }, { "country", "country", "country" },
};
/* clang-format on */

struct anchor {
	char *organization, *number, *level, *status, *background, *backend, *tracking, *validator;
	int64_t submitted, expires;
	struct json *details;		/* as the CA has it */
	char *differs;
};

struct reading {
	step_fn *then;
	GPtrArray *organizations;	/* numbers (char *) */
	GPtrArray *anchors;		/* struct anchor */
	GPtrArray *with;		/* numbers of those that have anchors; borrowed */
	bool is_denied;
};

static step_fn listed, details_read, compared, asked;

static void anchor_free(void *p)
{
	struct anchor *a = p;

	g_free(a->organization);
	g_free(a->number);
	g_free(a->level);
	g_free(a->status);
	g_free(a->background);
	g_free(a->backend);
	g_free(a->tracking);
	g_free(a->validator);
	g_free(a->differs);
	json_free(a->details);
	g_free(a);
}

static void reading_free(void *p)
{
	struct reading *r = p;

	g_ptr_array_unref(r->organizations);
	g_ptr_array_unref(r->anchors);
	g_ptr_array_unref(r->with);
	g_free(r);
}

static struct reading *of(struct op *op)
{
	return sectigo_of(op)->anchors;
}

/* ---- one ---- */

/* NULL: it is none. */
static struct anchor *anchor_read(const char *organization, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "id", 18);
	struct anchor *a;

	if (!*number || strspn(number, "0123456789") != strlen(number))
		return NULL;
	a = g_new0(struct anchor, 1);
	a->organization = g_strdup(organization);
	a->number = g_steal_pointer(&number);
	a->level = sectigo_call_word(j, "validationLevel");
	a->status = sectigo_call_word(j, "status");
	a->background = sectigo_call_word(j, "backgroundStatus");
	a->backend = sectigo_call_text(j, "backendType", 100);
	a->tracking = g_strdup("");
	a->validator = g_strdup("");
	a->submitted = sectigo_call_date(j, "submitted");
	a->expires = sectigo_call_date(j, "expires");
	a->differs = g_strdup("");
	return a;
}

static const char *level_of(const char *word)
{
	return !strcmp(word, "OV_SSL") ? "OV" : !strcmp(word, "EV_SSL") ? "EV" :
	       !strcmp(word, "OV_SMIME") ? "OV for S/MIME" : word;
}

static bool is_over(const struct anchor *a, int64_t now)
{
	return !strcmp(a->status, "EXPIRED") || (a->expires && a->expires < now);
}

static char *summary_of(const struct anchor *a)
{
	g_autoptr(GString) s = g_string_new(level_of(a->level));

	if (a->expires) {
		g_string_append(s, ", until ");
		clock_say_date(s, a->expires);
	}
	if (*a->background)
		g_string_append_printf(s, "; its renewal: %s", a->background);
	if (*a->differs)
		g_string_append_printf(s, "; differs: %s", a->differs);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

static void set_state(struct object *o, const struct anchor *a, int64_t now)
{
	const char *word = is_over(a, now) ? "EXPIRED" : a->status;

	store_set(&o->state, word);
	o->tone = TONE_WARN;
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (!strcmp(states[i].word, word)) {
			store_set(&o->state, states[i].shown);
			o->tone = states[i].tone;
		}
	if (*a->differs && o->tone == TONE_GOOD) {
		store_set(&o->state, "differs");
		o->tone = TONE_BAD;
	}
}

static void add_date(struct object *o, const char *label, int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (when)
		clock_say_date(s, when);
	object_add_fact(o, label, s->str);
}

static struct object *row_of(struct op *op, const struct anchor *a)
{
	g_autofree char *key = g_strconcat(a->organization, "-", a->number, NULL);
	g_autofree char *id = object_id(op->store->id, SECTIGO_ANCHOR, key), *name = NULL;
	const char *organization = sectigo_organization_name(op, a->organization);
	struct object *o = object_new(id);

	name = g_strconcat(organization, " ", level_of(a->level), NULL);
	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, SECTIGO_ANCHOR);
	store_set(&o->name, name);
	store_set(&o->can, "object-edit");
	set_state(o, a, op->now);
	g_free(o->summary);
	o->summary = summary_of(a);
	object_add_fact(o, "organization", organization);
	object_add_fact(o, "level", level_of(a->level));
	object_add_fact(o, "its renewal", a->background);
	add_date(o, "submitted", a->submitted);
	add_date(o, "until", a->expires);
	object_add_fact(o, "differs", a->differs);
	object_add_fact(o, "validator", a->validator);
	object_add_fact(o, "CA", a->backend);
	object_add_fact(o, "CA's number", a->tracking);
	object_add_fact(o, "number", a->number);
	return o;
}

/* ---- what differs ---- */

static bool is_like(const char *a, const char *b)
{
	g_autofree char *x = g_utf8_casefold(a, -1), *y = g_utf8_casefold(b, -1);

	return !strcmp(g_strstrip(x), g_strstrip(y));
}

/* Only of what both tell. */
static char *differing(const struct json *ours, const struct json *details)
{
	const struct json *theirs = json_get(json_get(details, "organizationDetails"), "generalDetails");
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *here = sectigo_call_text(ours, parts[i].ours, 128);
		g_autofree char *there = sectigo_call_text(theirs, parts[i].theirs, 128);

		if (*here && *there && !is_like(here, there))
			g_string_append_printf(s, "%s%s is %s at the CA and %s here", s->len ? ", " : "",
					       parts[i].label, there, here);
	}
	return g_string_free(s, FALSE);
}

/* ---- all ---- */

static struct ask ask_list(struct op *op, size_t i)
{
	g_autofree char *path = g_strdup_printf("/organization/v2/%s/validations",
						(char *)of(op)->organizations->pdata[i]);

	if (of(op)->is_denied)
		return (struct ask){ .send = NULL };
	return (struct ask){ .send = sectigo_call(op, "GET", path, NULL) };
}

static void hear_list(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct reading *all = of(op);
	char *organization = all->organizations->pdata[i];
	g_autoptr(GError) error = NULL;
	int64_t code = 0;
	g_autoptr(json) j = NULL;
	guint before = all->anchors->len;

	(void)none;
	if (!r)
		return;
	j = sectigo_refusal_or_json(r, LISTING, &code, &error);
	for (size_t k = 0; k < json_count(j) && all->anchors->len < ANCHORS_MAX; k++) {
		struct anchor *a = anchor_read(organization, json_at(j, k));

		if (a)
			g_ptr_array_add(all->anchors, a);
	}
	if (all->anchors->len > before)
		g_ptr_array_add(all->with, organization);
	if (error && (sectigo_refusal_is_denied(code) || r->status == 403)) {
		all->is_denied = true;
	} else if (error) {
		op_keep_objects(op, SECTIGO_ANCHOR);
		op_trouble(op, "%s", error->message);
	}
}

struct next sectigo_anchor_read(struct op *op, step_fn *then)
{
	struct sectigo *s = sectigo_of(op);
	struct reading *r = g_new0(struct reading, 1);

	s->anchors = r;
	s->free_anchors = reading_free;
	r->then = then;
	r->organizations = sectigo_organization_tops(op);
	r->anchors = g_ptr_array_new_with_free_func(anchor_free);
	r->with = g_ptr_array_new();
	if (!r->organizations->len)
		op_keep_objects(op, SECTIGO_ANCHOR);
	return next_each(r->organizations->len, ask_list, hear_list, listed);
}

static struct ask ask_details(struct op *op, size_t i)
{
	const struct anchor *a = of(op)->anchors->pdata[i];
	g_autofree char *path = g_strdup_printf("/organization/v2/%s/validations/%s", a->organization,
						a->number);

	return (struct ask){ .send = sectigo_call(op, "GET", path, NULL) };
}

/* Who may not see them is told nothing of what differs. */
static void hear_details(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct anchor *a = of(op)->anchors->pdata[i];

	(void)none;
	a->details = sectigo_refusal_or_json(r, ASKING, NULL, NULL);
	g_free(a->tracking);
	g_free(a->validator);
	a->tracking = sectigo_call_text(json_get(a->details, "settings"), "TRACKING_ID", 100);
	a->validator = sectigo_call_text(json_get(a->details, "validator"), "name", 200);
}

static struct next listed(struct op *op, const struct reply *none)
{
	(void)none;
	return next_each(of(op)->anchors->len, ask_details, hear_details, details_read);
}

static struct ask ask_organization(struct op *op, size_t i)
{
	g_autofree char *path = g_strconcat("/organization/v1/", of(op)->with->pdata[i], NULL);

	return (struct ask){ .send = sectigo_call(op, "GET", path, NULL) };
}

static void hear_organization(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct reading *all = of(op);
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, NULL);

	(void)none;
	for (guint k = 0; j && k < all->anchors->len; k++) {
		struct anchor *a = all->anchors->pdata[k];

		if (strcmp(a->organization, all->with->pdata[i]))
			continue;
		g_free(a->differs);
		a->differs = differing(j, a->details);
	}
}

static struct next details_read(struct op *op, const struct reply *none)
{
	(void)none;
	return next_each(of(op)->with->len, ask_organization, hear_organization, compared);
}

static struct next compared(struct op *op, const struct reply *none)
{
	struct reading *r = of(op);

	(void)none;
	for (guint i = 0; i < r->anchors->len; i++)
		op_put_object(op, row_of(op, r->anchors->pdata[i]));
	return r->then(op, NULL);
}

/* ---- before an order ---- */

struct request_out *sectigo_anchor_ask(struct op *op, const char *organization)
{
	g_autofree char *path = g_strdup_printf("/organization/v2/%s/validations",
						sectigo_organization_top(op, organization));

	return sectigo_call(op, "GET", path, NULL);
}

/* One that is valid is enough; where none is told of, the CA decides. */
char *sectigo_anchor_blocks(struct op *op, const struct reply *r, const char *organization,
			    const char *level)
{
	bool is_ev = !strcmp(level, "EV");
	g_autoptr(json) j = sectigo_refusal_or_json(r, LISTING, NULL, NULL);
	g_autofree char *why = NULL;
	const char *top = sectigo_organization_top(op, organization);

	for (size_t i = 0; i < json_count(j); i++) {
		struct anchor *a = anchor_read(top, json_at(j, i));
		bool counts = a && (!strcmp(a->level, "EV_SSL") || (!is_ev && !strcmp(a->level, "OV_SSL")));
		bool is_good = counts && !strcmp(a->status, "VALIDATED") && !is_over(a, op->now);

		if (counts && !is_good && !why)
			why = g_strdup_printf("the validation of %s (%s) is %s, and nothing is issued for it "
					      "before it is valid: revalidate it among the objects (anchor)",
					      sectigo_organization_name(op, top), level_of(a->level),
					      is_over(a, op->now) ? "EXPIRED" : a->status);
		if (a)
			anchor_free(a);
		if (is_good)
			return NULL;
	}
	return g_steal_pointer(&why);
}

/* ---- asked about ---- */

/* "501-31": of which organization, and its number. */
static char *path_of(const struct op *op, GError **error)
{
	const char *call = args_text(op->args, "ask", "");
	g_auto(GStrv) key = g_strsplit(object_key(op->object), "-", 2);

	if (*call && key[0] && key[1])
		return g_strdup_printf("/organization/v2/%s/validations/%s/%s", key[0], key[1], call);
	g_set_error(error, ERR, ERR_USAGE, "say what the CA is asked: sync or revalidate");
	return NULL;
}

static const char *method_of(const struct op *op)
{
	return strcmp(args_text(op->args, "ask", ""), "sync") ? "PUT" : "POST";
}

struct next sectigo_anchor_edit(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *path = path_of(op, &error);

	(void)none;
	if (!path)
		return next_fail_error(op, error);
	return next_send(sectigo_call(op, method_of(op), path, NULL), asked);
}

static struct next asked(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, &error);
	g_autofree char *status = sectigo_call_word(j, "status");
	g_autofree char *renewal = sectigo_call_word(j, "backgroundStatus");

	op_touch(op, op->store->id);
	if (!j)
		return next_fail_error(op, error);
	op_say(op, "%s: the CA says %s%s%s", op->object->name, *status ? status : "nothing",
	       *renewal ? ", its renewal " : "", renewal);
	return next_done();
}

bool sectigo_anchor_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = path_of(op, error);

	if (!path)
		return false;
	sectigo_planned_call(op, p, PLAN_CHANGES, method_of(op), path, op->object->name);
	plan_not(p, "nothing that is valid ends by this");
	sectigo_planned_run(op, p, method_of(op), path, NULL);
	return true;
}
