/*
 * start: from a command's target to the operation that does the verb there.
 *
 * What a target is called (a store, a certificate, a request, a job) becomes what a provider
 * needs to know about it: the store it lies in, its bytes, its issuers, the request's row.
 */
#include "own.h"

#include <string.h>

#define CHAIN_MAX 16		/* issuers that are looked for */
#define LOCK_SECONDS 3600	/* that a request is ours alone; less when we end */

static const struct provider *provider_of(const struct verb *verb, const char *name)
{
	if (provider_engine.verb[verb->id])
		return &provider_engine;
	return provider_find(name ? name : "local");
}

/* An operation on a store by that provider; NULL: whoever does this verb there. */
static struct operation *start_by(struct task *t, const char *id, const struct provider *p,
				  GError **error)
{
	const struct verb *verb = t->command->verb;
	struct store *s = shelf_get(t->engine->known.shelf[KIND_STORES], id);
	g_autofree char *why = NULL;
	struct operation *o;

	if (s && !p)
		p = provider_of(verb, s->provider);
	if (s && p && p != &provider_engine)
		why = provider_why_not(p, verb, s);
	if (!s || !p || why) {
		g_set_error(error, ERR, s ? ERR_REFUSED : ERR_NOT_FOUND, "%s",
			    why ? why : "there is no such store");
		return NULL;
	}
	o = operation_new(t->engine, p, verb, t->command->args);
	o->store = store_ref(s);
	return o;
}

static struct operation *start_on_store(struct task *t, const char *id, GError **error)
{
	return start_by(t, id, NULL, error);
}

/* Which of a certificate's places the verb is about. */
static bool choose_place(struct task *t, uint32_t cert, uint32_t *ret, GError **error)
{
	const struct certs *c = t->engine->known.certs;
	const char *wanted = args_get(t->command->args, "store");
	uint32_t with_key = CERTS_NONE, n = 0;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p], n++) {
		struct place at = certs_place(c, p);

		if (wanted && !strcmp(at.table->store, wanted)) {
			*ret = p;
			return true;
		}
		if (with_key == CERTS_NONE && (at.table->marks[at.row] & MARK_KEY))
			with_key = p;
	}
	*ret = with_key != CERTS_NONE ? with_key : c->first[cert];
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

static struct operation *start_on_cert(struct task *t, const char *id, GError **error)
{
	struct engine *e = t->engine;
	g_autoptr(GString) full = g_string_new(NULL);
	uint32_t cert, place;
	struct place at;
	struct operation *o;

	publish_certs(e);
	cert = certs_find_id(e->known.certs, id);
	if (cert == CERTS_NONE) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "no certificate, or more than one, begins with %s", id);
		return NULL;
	}
	if (!choose_place(t, cert, &place, error))
		return NULL;
	at = certs_place(e->known.certs, place);
	o = start_on_store(t, at.table->store, error);
	if (!o)
		return NULL;
	certs_id(e->known.certs, cert, full);
	o->der = keep_der(e, full->str, NULL);
	o->alias = g_strdup(at.table->aliases + at.table->alias[at.row]);
	o->chain = find_chain(e, at);
	if (o->op.verb->id == VERB_EXPORT)
		o->op.memo = keep_memo(e, at.table->store);	/* knows where keys lie */
	o->op.cert.der = o->der;
	o->op.cert.alias = o->alias;
	o->op.cert.chain = (GBytes **)o->chain->pdata;
	o->op.cert.n_chain = o->chain->len;
	return o;
}

/* Of all processes one at a time may drive an order. */
static bool lock_request(struct operation *o, const char *id, GError **error)
{
	g_autofree char *name = g_strconcat("request/", id, NULL);

	if (!o->op.verb->changes)
		return true;
	if (!db_lock_take(o->engine->db, name, LOCK_SECONDS, error))
		return false;
	o->lock = g_steal_pointer(&name);
	load_others(o->engine);		/* whoever had it before may have decided */
	return true;
}

/* What a person said yes to is what was on the screen, and not what lies there by now. */
static bool is_as_seen(const struct task *t, const struct request *r, GError **error)
{
	const char *digest = args_get(t->command->args, "digest");

	if (!digest || !g_ascii_strcasecmp(digest, r->digest))
		return true;
	g_set_error(error, ERR, ERR_REFUSED,
		    "%s is another request than the one that was looked at; look again", r->title);
	return false;
}

static struct operation *start_on_request(struct task *t, const char *id, GError **error)
{
	const struct shelf *requests = t->engine->known.shelf[KIND_REQUESTS];
	struct request *r = shelf_get(requests, id);
	/* What a request is about only its provider can say, also when it is just shown. */
	struct operation *o =
		r ? start_by(t, r->store, provider_find(r->provider), error) : NULL;

	if (o && !lock_request(o, id, error))
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

static struct operation *start_alone(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	const struct provider *p = provider_of(verb, NULL);

	(void)id;
	if (!p->verb[verb->id]) {
		g_set_error(error, ERR, ERR_REFUSED, "nobody can do this: %s", verb->name);
		return NULL;
	}
	return operation_new(t->engine, p, verb, t->command->args);
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

typedef struct operation *start_fn(struct task *t, const char *target, GError **error);

struct operation *start_operation(struct task *t, const char *target, GError **error)
{
	static start_fn *const by_kind[KIND_COUNT] = {
		[KIND_STORES] = start_on_store,
		[KIND_CERTS] = start_on_cert,
		[KIND_REQUESTS] = start_on_request,
	};
	start_fn *start = t->without ? NULL : by_kind[t->command->verb->on];

	if (t->command->verb->id == VERB_SHOW)
		start = start_show;
	return (start ? start : start_alone)(t, target, error);
}
