/*
 * start: from a command's target to the operation that does the verb there.
 *
 * What a target is called (a store, a certificate, a request, a job) becomes what a provider
 * needs to know about it: the store it lies in, its bytes, its issuers, the request's row.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#define CHAIN_MAX 16		/* issuers that are looked for */
#define LOCK_SECONDS 3600	/* that something is ours alone; less when we end */

static const struct provider *provider_of(const struct verb *verb, const char *name)
{
	const struct provider *own = engine_own_verb(verb);

	return own ? own : provider_find(name && *name ? name : "local");
}

/* Writing to a file here changes nothing there, nor does looking at one more place. */
static bool changes_there(const struct operation *o)
{
	bool is_here = o->op.verb->id == VERB_EXPORT ||
		       (o->op.verb->id == VERB_STORE_ADD && o->provider->info && o->provider->info->read_place);

	return verb_changes(o->op.verb, o->op.args) && !is_here && o->provider->info;
}

/* The account through which it is done; "" is this machine. */
static bool set_account(struct operation *o, const char *id, GError **error)
{
	const struct account *a = accounts_get(o->engine, id);
	g_autofree char *who = NULL;

	if (!a && engine_own_verb(o->op.verb))
		return true;	/* what certty itself keeps can be changed without it */
	if (!a) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no account %s any more", id);
		return false;
	}
	who = a->is_read_only && changes_there(o) ? accounts_who_forbids(o->engine, a) : NULL;
	if (who) {
		g_set_error(error, ERR, ERR_REFUSED, "%s is read-only, as %s says: %s is refused",
			    a->id, who, o->op.verb->name);
		return false;
	}
	operation_set_account(o, a);
	return true;
}

struct operation *start_by(struct task *t, const char *id, const struct provider *p,
			   GError **error)
{
	const struct verb *verb = t->command->verb;
	struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], id);
	g_autofree char *why = NULL;
	struct operation *o;

	if (s && !p)
		p = provider_of(verb, s->provider);
	if (s && p && p->info)		/* none of the engine's own */
		why = provider_why_not(p, verb, s);
	if (!s || !p || why) {
		g_set_error(error, ERR, s ? ERR_REFUSED : ERR_NOT_FOUND, "%s",
			    why ? why : "there is no such store");
		return NULL;
	}
	o = operation_new(t->engine, p, verb, t->command->args);
	o->store = store_ref(s);
	if (!set_account(o, s->account, error))
		g_clear_pointer(&o, operation_free);
	return o;
}

static struct operation *start_on_store(struct task *t, const char *id, GError **error)
{
	return start_by(t, id, NULL, error);
}

/* Which of a certificate's places the verb is about. */
/* How well the verb can be done at a place: not at all, at any such, where its key can be had. */
static int fitness(const struct task *t, struct place at)
{
	const struct verb *verb = t->command->verb;
	const struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], at.table->store);
	const struct provider *p = s ? provider_of(verb, s->provider) : NULL;
	bool wants_key = args_bool(t->command->args, "with-key");

	if (!p || !p->verb[verb->id])
		return 0;
	if (at.table->marks[at.row] & MARK_KEY)
		return 3;
	/* A service may hand out the key of what lies here without it. */
	return wants_key && p->sign_in ? 2 : 1;
}

static bool choose_place(struct task *t, uint32_t cert, uint32_t *ret, GError **error)
{
	const struct certs *c = t->engine->known.certs;
	const char *wanted = args_get(t->command->args, "store");
	uint32_t best = c->first[cert], n = 0;
	int best_fits = -1;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p], n++) {
		struct place at = certs_place(c, p);
		int fits = fitness(t, at);

		if (wanted && !strcmp(at.table->store, wanted)) {
			*ret = p;
			return true;
		}
		if (fits > best_fits) {
			best_fits = fits;
			best = p;
		}
	}
	*ret = best;
	if (wanted)
		g_set_error(error, ERR, ERR_NOT_FOUND, "it is not in the store %s", wanted);
	else if (n > 1 && t->command->verb->id == VERB_REMOVE)
		g_set_error(error, ERR, ERR_USAGE, "it is in %u places: name the store to "
			    "remove it from (store)", n);
	else
		return true;
	return false;
}

/* Its issuers as far as they are known, nearest first. */
static GPtrArray *find_chain(struct engine *e, struct place at)
{
	GPtrArray *chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	const struct certs *c = e->known.certs;
	uint32_t issuer = at.table->issuer_hash[at.row];
	uint32_t subject = at.table->subject_hash[at.row];

	while (issuer != subject && chain->len < CHAIN_MAX) {
		uint32_t cert = certs_find_subject(c, issuer);
		g_autoptr(GString) id = g_string_new(NULL);
		GBytes *der;
		struct place p;

		if (cert == CERTS_NONE)
			break;
		certs_id(c, cert, id);
		der = keep_der(e, id->str, NULL);
		if (!der)
			break;
		g_ptr_array_add(chain, der);
		p = certs_first(c, cert);
		subject = p.table->subject_hash[p.row];
		issuer = p.table->issuer_hash[p.row];
	}
	return chain;
}

struct operation *start_at_place(struct task *t, const struct provider *p, struct place at,
			   GError **error)
{
	struct engine *e = t->engine;
	struct operation *o = start_by(t, at.table->store, p, error);
	uint32_t cert = certs_find(e->known.certs, at.table->print[at.row]);
	g_autoptr(GString) full = g_string_new(NULL);

	if (!o)
		return NULL;
	o->alias = g_strdup(at.table->aliases + at.table->alias[at.row]);
	o->chain = find_chain(e, at);
	if (cert != CERTS_NONE) {
		certs_id(e->known.certs, cert, full);
		o->der = keep_der(e, full->str, NULL);
	}
	o->op.memo = keep_memo(e, at.table->store);	/* knows where keys lie, and more */
	o->op.cert.der = o->der;
	o->op.cert.alias = o->alias;
	o->op.cert.chain = (GBytes **)o->chain->pdata;
	o->op.cert.n_chain = o->chain->len;
	return o;
}

static struct operation *start_on_cert(struct task *t, const char *id, GError **error)
{
	struct engine *e = t->engine;
	bool is_deploy = t->command->verb->id == VERB_DEPLOY;
	uint32_t cert, place;

	publish_certs(e);
	id = renewal_cert(id);
	cert = certs_find_id(e->known.certs, id);
	if (cert == CERTS_NONE) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "no certificate, or more than one, begins with %s", id);
		return NULL;
	}
	if (t->command->verb->id == VERB_RENEW)
		return renew_start(t, cert, error);
	if (!(is_deploy ? deploy_choose_place : choose_place)(t, cert, &place, error))
		return NULL;
	return start_at_place(t, NULL, certs_place(e->known.certs, place), error);
}

/* The lock of a process is one that all its operations have. */
static bool is_free_here(const struct engine *e, const char *name, GError **error)
{
	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		if (!o->lock || strcmp(o->lock, name) != 0)
			continue;
		g_set_error(error, ERR, ERR_BUSY, "another job is at work on it");
		return false;
	}
	return true;
}

bool start_lock(struct engine *e, const char *name, GError **error)
{
	if (!is_free_here(e, name, error))
		return false;
	keep_write(e);		/* a lock that is not committed is nobody's */
	if (!db_lock_take(e->db, name, LOCK_SECONDS, error))
		return false;
	load_others(e);		/* whoever had it before may have done it */
	publish_certs(e);
	return true;
}

/* Of all processes one at a time may drive an order. */
static bool lock_request(struct operation *o, bool is_dry, const char *id, GError **error)
{
	g_autofree char *name = g_strconcat("request/", id, NULL);

	if (!o->op.verb->changes || is_dry)
		return true;
	if (!is_free_here(o->engine, name, error) ||
	    !db_lock_take(o->engine->db, name, LOCK_SECONDS, error))
		return false;
	o->lock = g_steal_pointer(&name);
	load_others(o->engine);		/* whoever had it before may have decided */
	return true;
}

/* Exactly those that there are, in their own words: a yes to everything accepts none. */
bool start_is_accepted(const struct task *t, const struct request *r, GError **error)
{
	bool asks = t->command->verb->id == VERB_APPROVE || t->command->verb->id == VERB_RENEW;
	const char *said = args_text(t->command->args, "accept", "");
	g_autofree char *warnings = request_warnings(r);

	if (!asks || t->command->is_dry || !strcmp(said, warnings))
		return true;
	if (*said)
		g_set_error(error, ERR, ERR_REFUSED, "%s comes with other warnings than those that were "
			    "accepted; look again: %s", r->title,
			    *warnings ? warnings : "there are none any more");
	else
		g_set_error(error, ERR, ERR_REFUSED, "%s comes with warnings, and is %s by itself once "
			    "they are accepted word for word (accept): %s", r->title,
			    t->command->verb->id == VERB_RENEW ? "renewed" : "approved", warnings);
	return false;
}

/* What a person said yes to is what was on the screen, and is in the journal, and not what lies there by
 * now. */
static bool is_as_seen(const struct task *t, const struct request *r, GError **error)
{
	const char *digest = t->digest ? t->digest : args_get(t->command->args, "digest");

	if (!digest || !g_ascii_strcasecmp(digest, r->digest))
		return start_is_accepted(t, r, error);
	g_set_error(error, ERR, ERR_REFUSED,
		    "%s is another request than the one that was looked at; look again", r->title);
	return false;
}

/* What a request is about only its provider can say, where it can, also when it is just shown, and so it is
 * with what was signed for it elsewhere. */
static const struct provider *provider_of_request(const struct verb *verb, const struct request *r)
{
	const struct provider *p = provider_find(r->provider), *own = engine_own_verb(verb);
	bool is_theirs = verb->id == VERB_SHOW || verb->id == VERB_SUPPLY;

	return own && (!is_theirs || !p || !p->verb[verb->id]) ? own : p;
}

/* The store of a request may be gone, and certty's own verbs do not need it. */
static struct operation *start_without_store(struct task *t, const struct request *r,
					     const struct provider *p, GError **error)
{
	struct operation *o = operation_new(t->engine, p, t->command->verb, t->command->args);

	if (!set_account(o, r->account, error))
		g_clear_pointer(&o, operation_free);
	return o;
}

static struct operation *start_for(struct task *t, const struct request *r, GError **error)
{
	const struct provider *p = provider_of_request(t->command->verb, r);

	if (p && p == engine_own_verb(t->command->verb) &&
	    !shelf_get(t->engine->known.shelf[KIND_STORES], r->store))
		return start_without_store(t, r, p, error);
	return start_by(t, r->store, p, error);
}

/* What the rule about renewals says is certty's own to tell. */
static struct operation *start_show_renewal(struct task *t, struct request *r)
{
	struct operation *o = operation_new(t->engine, &provider_engine, t->command->verb,
					    t->command->args);

	o->first = renewals_show_step;
	o->request = request_ref(r);
	o->op.request = o->request;
	return o;
}

static struct operation *start_on_request(struct task *t, const char *id, GError **error)
{
	const struct shelf *requests = t->engine->known.shelf[KIND_REQUESTS];
	struct request *r = shelf_get(requests, id);
	struct operation *o;

	if (r && !strcmp(r->type, DEPLOY_REQUEST))
		return is_as_seen(t, r, error) ? deploy_start_ask(t, r, error) : NULL;
	if (r && enroll_is_one(r) && t->command->verb->id != VERB_DISMISS)
		return is_as_seen(t, r, error) ? enroll_start_ask(t, id, error) : NULL;
	if (r && !strcmp(r->type, RENEWAL_REQUEST) && t->command->verb->id == VERB_SHOW)
		return start_show_renewal(t, r);
	o = r ? start_for(t, r, error) : NULL;
	if (o && !lock_request(o, t->command->is_dry, id, error))
		g_clear_pointer(&o, operation_free);
	if (r && !o)
		return NULL;
	r = shelf_get(requests, id);
	if (!r) {
		g_clear_pointer(&o, operation_free);
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no request %s", id);
		return NULL;
	}
	if (!is_as_seen(t, r, error)) {
		g_clear_pointer(&o, operation_free);
		return NULL;
	}
	o->request = request_ref(r);
	o->op.request = o->request;
	return o;
}

/* ---- a store that is typed in ---- */

/* Whose accounts read it; NULL: it is a place of this machine, or of the network. */
static const struct provider *provider_of_place(const struct args *args)
{
	const char *address = args_text(args, "address", ""), *type = args_get(args, "type");

	for (const struct provider *const *p = provider_table; *p; p++) {
		const struct provider_info *info = (*p)->info;
		bool is_said = type && info->store_types && g_strv_contains(info->store_types, type);
		g_autofree char *id = info->read_place && (is_said || !type) ?
			info->read_place(address, is_said) : NULL;

		if (id || (is_said && info->read_place))
			return *p;
	}
	return NULL;
}

/* The account that is said, or the only one. */
static const struct account *account_of_place(const struct engine *e, const struct provider *p,
					      const char *through, GError **error)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	g_autoptr(GString) names = g_string_new(NULL);
	const struct account *only = NULL;
	guint n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];

		if (strcmp(a->provider, p->info->name) || a->is_disabled || (through && strcmp(a->id, through)))
			continue;
		g_string_append_printf(names, "%s%s", n++ ? ", " : "", a->id);
		only = accounts_get(e, a->id);
	}
	if (n == 1)
		return only;
	if (n)
		g_set_error(error, ERR, ERR_USAGE, "several accounts could read it: say through which "
			    "(through): %s", names->str);
	else
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no account %s%sof %s that could read it; "
			    "account-add adds one", through ? through : "", through ? " " : "", p->info->title);
	return NULL;
}

static struct operation *start_typed_in(struct task *t, const struct provider *p, GError **error)
{
	const struct args *args = t->command->args;
	const struct account *a = account_of_place(t->engine, p, args_get(args, "through"), error);
	struct operation *o = a ? operation_new(t->engine, p, t->command->verb, args) : NULL;

	if (o && !set_account(o, a->id, error))
		g_clear_pointer(&o, operation_free);
	return o;
}

static struct operation *start_alone(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	const struct provider *p = provider_of(verb, NULL);
	const struct provider *theirs;
	struct operation *o;

	(void)id;
	theirs = verb->id == VERB_STORE_ADD ? provider_of_place(t->command->args) : NULL;
	if (theirs)
		return start_typed_in(t, theirs, error);
	if (verb->id == VERB_ENROLL)
		return enroll_start(t, error);
	if (!p->verb[verb->id]) {
		g_set_error(error, ERR, ERR_REFUSED, "nobody can do this: %s", verb->name);
		return NULL;
	}
	o = operation_new(t->engine, p, verb, t->command->args);
	if (!set_account(o, "", error))
		g_clear_pointer(&o, operation_free);
	return o;
}

/* Asking who we are is the provider's, all else about accounts our own. */
static struct operation *start_on_account(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	const struct account *a = accounts_get(t->engine, id);
	const struct provider *p = a ? provider_of(verb, a->provider) : NULL;
	struct operation *o;

	if (verb->id == VERB_UNLOCK || verb->id == VERB_DOCTOR)
		return start_alone(t, id, error);
	if (!a || !*id || !p || !p->verb[verb->id]) {
		g_set_error(error, ERR, a ? ERR_REFUSED : ERR_NOT_FOUND, "%s%s",
			    a ? "nothing is to be asked there: " : "there is no account ", id);
		return NULL;
	}
	o = operation_new(t->engine, p, verb, t->command->args);
	if (!set_account(o, id, error))
		g_clear_pointer(&o, operation_free);
	return o;
}

/* Why this cannot be done to it; NULL: it can. */
static char *why_not_object(const struct verb *verb, const struct provider *p, const struct object *o)
{
	if (!p->verb[verb->id] || !object_can(o, verb->name))
		return g_strdup_printf("%s: its service does not do this here: %s", o->name, verb->name);
	if (verb->asks_provider && !provider_info_questions(p->info, verb->id, o->type))
		return g_strdup_printf("%s (%s) is nothing that can be changed", o->name, o->type);
	return NULL;
}

/* What belongs to an account alone is done without a store. */
static struct operation *start_on_object(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	struct object *about = shelf_get(t->engine->known.shelf[KIND_OBJECTS], id);
	const struct provider *p = about ? provider_find(about->provider) : NULL;
	g_autofree char *why = p ? why_not_object(verb, p, about) :
				   g_strdup_printf("there is no object %s", id);
	struct operation *o;

	if (why) {
		g_set_error(error, ERR, p ? ERR_REFUSED : ERR_NOT_FOUND, "%s", why);
		return NULL;
	}
	if (*about->store)
		o = start_by(t, about->store, p, error);
	else
		o = operation_new(t->engine, p, verb, t->command->args);
	if (o && !*about->store && !set_account(o, about->account, error))
		g_clear_pointer(&o, operation_free);
	if (!o)
		return NULL;
	o->object = object_ref(about);
	o->op.object = o->object;
	return o;
}

/* VERB_SHOW names its target as a detail does: "requests/…"; nothing before it: certificates. */
static struct operation *start_show(struct task *t, const char *id, GError **error)
{
	const char *slash = strchr(id, '/');
	g_autofree char *word = slash ? g_strndup(id, (gsize)(slash - id)) : NULL;
	enum kind kind;

	if (!word || !kind_read(word, &kind))
		return start_on_cert(t, id, error);
	if (kind == KIND_CERTS)
		return start_on_cert(t, slash + 1, error);
	if (kind == KIND_REQUESTS)
		return start_on_request(t, slash + 1, error);
	return start_alone(t, id, error);
}

/* What the account's user may not do there, as it was told itself, is not tried. */
static bool is_within_rights(const struct task *t, const struct operation *o, GError **error)
{
	const struct verb *v = t->command->verb;
	const struct args *args = t->command->args;
	const struct store *asked = v->asks_by ?
		shelf_get(t->engine->known.shelf[KIND_STORES], args_text(args, v->asks_by, "")) : NULL;
	const struct account *a = asked ? accounts_get(t->engine, asked->account) : o->op.account;
	const char *type = o->object ? o->object->type : o->request ? o->request->type : "";
	g_autofree char *why = NULL;

	if (a && verb_changes(v, args))
		why = account_why_not(a, v, type, args, clock_now());
	if (why)
		g_set_error_literal(error, ERR, ERR_REFUSED, why);
	return !why;
}

typedef struct operation *start_fn(struct task *t, const char *target, GError **error);

struct operation *start_operation(struct task *t, const char *target, GError **error)
{
	static start_fn *const by_kind[KIND_COUNT] = {
		[KIND_STORES] = start_on_store,
		[KIND_CERTS] = start_on_cert,
		[KIND_REQUESTS] = start_on_request,
		[KIND_OBJECTS] = start_on_object,
		[KIND_ACCOUNTS] = start_on_account,
		[KIND_DEPLOYS] = deploy_start,
	};
	start_fn *start = t->without ? NULL : by_kind[t->command->verb->on];
	struct operation *o;

	if (t->command->verb->id == VERB_SHOW)
		start = start_show;
	o = (start ? start : start_alone)(t, target, error);
	if (o && !is_within_rights(t, o, error))
		g_clear_pointer(&o, operation_free);
	return o;
}
