/*
 * dry: what a command would do, without doing it: its targets become the operations that would be
 * begun, and whoever does the verb says what that comes to.
 *
 * No lock is taken, nothing is journaled, no account is opened, and of the verb itself no step is
 * taken.  A file that would be imported is read, for what is in it decides where it goes.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/model/twin.h>

/* ---- targets ---- */

static const char *account_word(const struct store *s)
{
	return strcmp(s->account, s->provider) ? s->account : "this machine";
}

static void name_cert(struct plan *p, const struct operation *o)
{
	struct facts f = { 0 };
	gsize len = 0;
	const uint8_t *der = o->der ? g_bytes_get_data(o->der, &len) : NULL;
	bool is_known = der && x509_facts(der, len, &f, NULL);

	plan_target(p, "%s  %s in %s (%s)", is_known ? f.name : o->target, o->alias,
		    o->store->title, account_word(o->store));
	facts_done(&f);
}

static void name_deploy(struct plan *p, const struct operation *o)
{
	const struct deploy *d = shelf_get(o->engine->known.shelf[KIND_DEPLOYS], o->target);
	const struct store *s = d ? shelf_get(o->engine->known.shelf[KIND_STORES], d->store) : NULL;

	if (d)
		plan_target(p, "%s  %s in %s", d->title, d->place, s ? s->title : d->store);
}

static void name_target(struct plan *p, const struct operation *o)
{
	if (o->request)
		plan_target(p, "%s  %s", o->request->title, o->request->id);
	else if (o->object)
		plan_target(p, "%s  %s in %s (%s)", o->object->name, o->object->type,
			    o->store ? o->store->title : o->object->account, o->object->account);
	else if (o->op.verb->on == KIND_DEPLOYS)
		name_deploy(p, o);
	else if (o->store && o->alias)
		name_cert(p, o);
	else if (o->store)
		plan_target(p, "%s  %s (%s)", o->store->title, o->store->address,
			    account_word(o->store));
	else
		plan_target(p, "%s", *o->target ? o->target : "this machine");
}

/* ---- one target ---- */

/* What would be issued beside what is there of the same name; deployments compare by themselves. */
static void compare_request(struct plan *p, const struct operation *o)
{
	const struct request *r = o->op.verb->id == VERB_APPROVE ? o->request : NULL;
	struct facts f = { 0 };

	if (!r || !strcmp(r->type, DEPLOY_REQUEST))
		return;
	f.name = r->title;
	f.names = r->names;
	live_compare(o->engine, NULL, NULL, &f, p);
}

/* What waits for a second person is told with what would be done then. */
static bool tell_second_person(struct operation *o, struct plan *p, GError **error)
{
	enum four_eyes demand = four_eyes_demand(o, error);
	const char *folder = settings_text(o->op.settings, "countersign", "folder");

	if (demand != FOUR_EYES_YES)
		return demand == FOUR_EYES_NO;
	plan_warn(p, "a second person must countersign it first: until then there is only a ticket that asks "
		  "for that");
	plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "write", folder && *folder ? folder : "the shared folder",
		  "a signed ticket, where there is none yet");
	return true;
}

static void tell_store(const struct operation *o, const struct store *s, struct plan *p)
{
	if (s && store_is_one_of(s, settings_list(o->op.settings, "safety", "production")))
		plan_warn(p, "%s (%s) is in production", s->title, account_word(s));
}

/* A mistake there is noticed by everybody: such a plan takes a typed word. */
static void tell_production(const struct operation *o, struct plan *p)
{
	const struct shelf *stores = o->engine->known.shelf[KIND_STORES];

	tell_store(o, o->store, p);
	for (const struct field *f = o->op.verb->fields; f && f->key; f++) {
		bool is_stores = f->kind == FIELD_STORE || f->kind == FIELD_STORES;
		g_auto(GStrv) ids = args_list(o->op.args, is_stores ? f->key : "");

		for (char **id = ids; id && *id; id++)
			tell_store(o, shelf_get(stores, *id), p);
	}
}

static struct next say(struct op *op)
{
	struct operation *o = operation_of(op);
	struct task *t = o->tasks->pdata[0];
	plan_fn *make = o->provider->plan[op->verb->id];
	GError *error = NULL;

	if (!make)
		return next_fail(op, ERR_REFUSED, "nobody can do this: %s", op->verb->name);
	name_target(t->plan, o);
	compare_request(t->plan, o);
	tell_production(o, t->plan);
	if (!tell_second_person(o, t->plan, &error))
		return next_fail_error(op, error);
	return make(op, t->plan, &error) ? next_done() : next_fail_error(op, error);
}

/* ---- a file that would be imported ---- */

struct reading {
	char *file;
	struct secret *passphrase;
	size_t limit;
};

static void reading_free(void *p)
{
	struct reading *r = p;

	g_free(r->file);
	secret_free(r->passphrase);
	g_free(r);
}

static void read_file(struct work *w)
{
	const struct reading *r = w->in;

	w->out = bundle_read(r->file, r->limit, false, r->passphrase, &w->error);
}

/* Its name tells where it would be put, and what it would come to stand beside. */
static struct next has_read(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct task *t = o->tasks->pdata[0];
	g_autoptr(bundle) b = g_steal_pointer(&op->work->out);

	(void)none;
	if (!b) {
		plan_warn(t->plan, "what is in the file is not known: %s", op->work->error->message);
		return say(op);
	}
	o->der = g_bytes_ref(b->cert);
	op->cert.der = o->der;
	live_compare(o->engine, op->store->id, NULL, &b->facts, t->plan);
	return say(op);
}

static void bundle_done(void *b)
{
	bundle_free(b);
}

struct next dry_step(struct op *op, const struct reply *none)
{
	const char *file = op->verb->id == VERB_IMPORT ? args_get(op->args, "file") : NULL;
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct reading *r;

	(void)none;
	if (!file)
		return say(op);
	r = g_new0(struct reading, 1);
	r->file = file_absolute(file);
	r->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	r->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	return next_work(work_new(read_file, r, reading_free, bundle_done), has_read);
}

/* ---- showing it ---- */

/* What does the same without the screen; the rest of the script is what other programs take. */
static void add_twin(struct task *t)
{
	g_autoptr(GString) twin = g_string_new(NULL);

	twin_say_whole(twin, t->command);
	if (t->plan->lines->len || t->plan->line)
		plan_remark(t->plan, "certty itself: %s", twin->str);
	else
		plan_run(t->plan, twin->str);
}

void dry_show(struct task *t)
{
	g_autofree char *id = plan_id(t->number);

	if (t->failed && t->failed >= MAX(t->command->targets->len, 1))
		return;
	for (guint i = 0; i < t->troubles->len; i++)
		plan_warn(t->plan, "%s", (char *)t->troubles->pdata[i]);
	if (!t->error)
		g_ptr_array_set_size(t->troubles, 0);	/* the plan tells them */
	add_twin(t);
	findings_show_detail(t->engine, plan_detail(t->plan, id));
	g_free(t->said);
	t->said = g_strdup("this is what it would do; nothing was done");
}
