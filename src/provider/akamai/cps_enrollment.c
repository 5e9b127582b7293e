/*
 * cps_enrollment: enrollments as objects: what CPS keeps of each, deployed or not.
 *
 * One call, which the changes under way are read by anyhow, lists them all with what they are made of.
 */
#include "cps_enrollment.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/store.h>

#define NAMES_SHOWN 100
#define SCHEDULE    "goes to Production"

/* clang-format off */
static const struct {
	const char *label, *within, *key;	/* within: of that member; NULL: of the enrollment */
} told[] = {
	{ "validation",             NULL,                   "validationType" },
	{ "certificate type",       NULL,                   "certificateType" },
	{ "issued by",              NULL,                   "ra" },
	{ "network",                "networkConfiguration", "secureNetwork" },
	{ "geography",              "networkConfiguration", "geography" },
	{ "organization",           "org",                  "name" },
	{ "administrator",          "adminContact",         "email" },
	{ "technical contact",      "techContact",          "email" },
	{ "renews by itself from",  NULL,                   "autoRenewalStartTime" },
};
static const struct {
	const char *label, *key;
} slots[] = {
	{ "slot",               "assignedSlots" },
	{ "slot in Production", "productionSlots" },
	{ "slot in Staging",    "stagingSlots" },
};
static const struct {
	const char *label, *key;
} flags[] = {
	{ "waits for a yes before Production", "changeManagement" },
	{ "dual-stacked",                      "enableMultiStackedCertificates" },
};
/* clang-format on */

static bool is_in(const struct json *enrollment, const char *network_slots)
{
	return json_count(json_get(enrollment, network_slots)) > 0;
}

static void set_state(struct object *o, const struct json *j)
{
	bool is_live = is_in(j, "productionSlots"), is_staged = is_in(j, "stagingSlots");

	store_set(&o->state, is_live ? CPS_LIVE : is_staged ? CPS_STAGED : "not live");
	o->tone = is_live ? TONE_GOOD : is_staged ? TONE_NOTICE : TONE_DIM;
}

static void add_names(struct object *o, char *const *names)
{
	guint n = g_strv_length((char **)names);
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < MIN(n, NAMES_SHOWN); i++)
		g_string_append_printf(all, "%s%s", i ? ", " : "", names[i]);
	if (n > NAMES_SHOWN)
		g_string_append_printf(all, " and %u more", n - NAMES_SHOWN);
	object_add_fact(o, "names", all->str);
}

static void add_facts(struct object *o, const struct json *j, const struct cps_deployed *d)
{
	object_add_fact(o, "enrollment id", d->id);
	add_names(o, d->names);
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		g_autofree char *text = cps_text(told[i].within ? json_get(j, told[i].within) : j, told[i].key);

		object_add_fact(o, told[i].label, text);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(slots); i++) {
		g_autofree char *text = cps_numbers(json_get(j, slots[i].key));

		object_add_fact(o, slots[i].label, text);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		object_add_fact(o, flags[i].label, cps_flag(j, flags[i].key) ? "yes" : "no");
	object_add_fact(o, "under way", *d->pending ? d->pending : "nothing");
}

static struct object *row_of(const struct op *op, const struct json *j)
{
	g_autoptr(cps_deployed) d = cps_deployed_of_enrollment(j);
	g_autofree char *id = d ? object_id(op->store->id, CPS_ENROLLMENT, d->id) : NULL;
	g_autofree char *kind = cps_text(j, "validationType");
	struct object *o;

	if (!d)
		return NULL;
	o = object_new(id);
	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, CPS_ENROLLMENT);
	store_set(&o->name, *d->names ? d->names[0] : d->id);
	g_free(o->summary);
	o->summary = g_strdup_printf("enrollment id %s%s%s; %s", d->id, *kind ? ", " : "", kind,
				     *d->pending ? d->pending : "nothing under way");
	set_state(o, j);
	store_set(&o->can, *d->pending ? "object-history object-edit object-drop" :
					 "object-history object-drop");
	add_facts(o, j, d);
	return o;
}

GPtrArray *cps_enrollment_rows(const struct op *op, const struct json *enrollments)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)object_unref);

	for (size_t i = 0; i < json_count(enrollments); i++) {
		struct object *o = row_of(op, json_at(enrollments, i));

		if (o)
			g_ptr_array_add(all, o);
	}
	return all;
}

/* ---- when its change goes to Production ---- */

static void add_other(void *to, const char *label, const char *value)
{
	if (strcmp(label, SCHEDULE) != 0)
		object_add_fact(to, label, value);
}

static void add_limit(struct object *o, GString *said, const char *key, const char *word, int64_t when)
{
	g_autoptr(GString) iso = g_string_new(NULL);

	if (!when)
		return;
	clock_say_iso(iso, when);
	object_add_answer(o, key, iso->str);
	g_string_append_printf(said, "%snot %s %s", said->len ? ", " : "", word, iso->str);
}

void cps_enrollment_set_schedule(struct object *o, int64_t not_before, int64_t not_after)
{
	g_autoptr(object) was = object_dup(o);
	g_autoptr(GString) said = g_string_new(NULL);

	store_set(&o->facts, "");
	store_set(&o->answers, "");
	object_each_fact(was, add_other, o);
	add_limit(o, said, CPS_NOT_BEFORE, "before", not_before);
	add_limit(o, said, CPS_NOT_AFTER, "after", not_after);
	object_add_fact(o, SCHEDULE, said->len ? said->str : "as soon as it can");
}

static struct object *find(const GPtrArray *objects, const char *enrollment)
{
	for (guint i = 0; i < objects->len; i++)
		if (!strcmp(object_key(objects->pdata[i]), enrollment))
			return objects->pdata[i];
	return NULL;
}

void cps_enrollment_put(struct op *op, GPtrArray *objects)
{
	const struct akamai *a = op->scratch;
	const GPtrArray *changes = a->looking ? cps_looked(op) : NULL;

	for (guint i = 0; changes && i < changes->len; i++) {
		const struct cps_change *c = changes->pdata[i];
		struct object *o = c->trouble || cps_change_is_over(c) ? NULL : find(objects, c->enrollment);

		if (o)
			cps_enrollment_set_schedule(o, c->not_before, c->not_after);
	}
	for (guint i = 0; i < objects->len; i++)
		op_put_object(op, object_ref(objects->pdata[i]));
}

/* ---- one of them ---- */

char *cps_enrollment_path(const struct op *op, const char *more)
{
	return g_strconcat("/enrollments/", object_key(op->object), more, NULL);
}

const struct json *cps_enrollment_pending(const struct json *enrollment)
{
	const struct json *list = json_get(enrollment, "pendingChanges");
	size_t n = json_count(list);

	return n ? json_at(list, n - 1) : NULL;
}

void cps_enrollment_touch(struct op *op)
{
	for (unsigned i = 0; i < CPS_NETWORKS; i++) {
		g_autofree char *id = g_strconcat(op->store->account, "/", cps_network_words[i], NULL);

		if (op->stores && items_find(op->stores, id) >= 0)
			op_touch(op, id);
	}
}
