/*
 * kv_key: a vault as the place where the key of an enrolment is made: its request comes out, and what an
 * issuer elsewhere signs for it is merged in beside the key.
 *
 * Which key is meant, a tag of its certificate says, where the enrolment's token is.  A name that is taken
 * by another gets the token's first digits behind it, so that neither takes the other's place, whoever
 * begins again after having been cut off.  The vault encrypts its keys itself, so no passphrase is needed.
 */
#include "kv_change.h"

#include <string.h>

#define DIGITS 8	/* of the token, behind a name that is taken */

/* What comes once the vault was looked at: the bundle of that token's certificate, or NULL. */
typedef struct next found_fn(struct op *op, const struct json *bundle);

struct keying {
	GPtrArray *candidates;	/* names to look at, in this order (char *) */
	guint at;
	char *name;		/* the one that is looked at, and at last the one that is meant */
	char *free_name;	/* the first that nothing has */
	found_fn *found;
	struct args *policy;	/* what it is made by */
};

static step_fn look, looked, has_operation, merged, has_key, dropped, unnamed;
static found_fn make_found, keep_found, drop_found;

static void keying_done(void *p)
{
	struct keying *k = p;

	g_free(k->name);
	g_free(k->free_name);
	if (k->candidates)
		g_ptr_array_unref(k->candidates);
	args_free(k->policy);
	g_free(k);
}

static struct keying *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct keying), keying_done);
}

/* ---- which ---- */

/* What a vault is told of the key, by the words that it has for that. */
static struct args *policy_of(const struct op *op)
{
	struct args *a = args_new();

	args_set(a, "key", args_text(op->args, "kind", "ec-p256"));
	args_set(a, "issuer", "Unknown");
	args_set(a, "subject", args_text(op->args, "subject", ""));
	return a;
}

static bool check(const struct op *op, const struct args *policy, GError **error)
{
	char **names = (char **)(uintptr_t)op->enrol->names;

	if (strcmp(op->store->type, KV_STORE) != 0) {
		g_set_error(error, ERR, ERR_REFUSED, "%s makes no keys", op->store->title);
		return false;
	}
	for (char **name = names; *name; name++)
		if (g_hostname_is_ip_address(*name) || strchr(*name, '@')) {
			g_set_error(error, ERR, ERR_REFUSED, "%s: a vault asks for DNS names alone", *name);
			return false;
		}
	return kv_create_check(policy, names, error);
}

static void add_candidates(struct op *op)
{
	struct keying *k = mine(op);
	g_autofree char *plain = kv_change_name(op->enrol->names[0]);

	k->candidates = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(k->candidates, g_strndup(plain, KV_NAME_MAX));
	g_ptr_array_add(k->candidates, g_strdup_printf("%.*s-%.*s", KV_NAME_MAX - DIGITS - 1, plain, DIGITS,
						      op->enrol->token));
}

static struct next begin(struct op *op, found_fn *then)
{
	struct keying *k = mine(op);
	GError *error = NULL;

	k->found = then;
	k->policy = policy_of(op);
	if (!check(op, k->policy, &error))
		return next_fail_error(op, error);
	add_candidates(op);
	return kv_call_begin(op, look);
}

static char *path_of(struct op *op, const char *more)
{
	return g_strconcat("/certificates/", mine(op)->name, more, NULL);
}

static struct next look(struct op *op, const struct reply *none)
{
	struct keying *k = mine(op);
	g_autofree char *path = NULL;

	(void)none;
	g_free(k->name);
	k->name = g_strdup(k->candidates->pdata[k->at]);
	path = path_of(op, NULL);
	return next_send(kv_call_get(op, path, NULL), looked);
}

/* Ours may have the second name, since the first was taken when it was made. */
static struct next looked(struct op *op, const struct reply *r)
{
	struct keying *k = mine(op);
	bool is_absent = !r->error && r->status == 404;
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, look, &next))
		return next;
	j = is_absent ? NULL : kv_call_json(op, r, "get", k->name, &error);
	if (error)
		return next_fail_error(op, error);
	if (j && !g_strcmp0(json_str(json_get(j, "tags"), KV_TOKEN_TAG), op->enrol->token))
		return k->found(op, j);
	if (is_absent && !k->free_name)
		k->free_name = g_strdup(k->name);
	return ++k->at < k->candidates->len ? look(op, NULL) : k->found(op, NULL);
}

/* ---- a key, and its request ---- */

static struct next make(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, make_found);
}

static struct next make_found(struct op *op, const struct json *bundle)
{
	struct keying *k = mine(op);
	g_autofree char *path = NULL, *body = NULL;

	if (bundle) {
		path = path_of(op, "/pending");
		return next_send(kv_call_get(op, path, NULL), has_operation);
	}
	if (!k->free_name)
		return next_fail(op, ERR_EXISTS, "the vault %s has certificates of these names already: %s, "
				 "%s; nothing was sent", kv_call_at(op)->place.name,
				 (char *)k->candidates->pdata[0], (char *)k->candidates->pdata[1]);
	g_free(k->name);
	k->name = g_strdup(k->free_name);
	path = path_of(op, "/create");
	body = kv_create_body(k->policy, (char **)(uintptr_t)op->enrol->names, op->enrol->token);
	return next_send(kv_change_ask(op, "POST", path, body), has_operation);
}

static struct next has_operation(struct op *op, const struct reply *r)
{
	const struct keying *k = mine(op);
	g_autoptr(kv_operation) o = NULL;
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	j = kv_call_json(op, r, "create", k->name, &error);
	if (!j)
		return next_fail_error(op, error);
	o = kv_operation_read(k->name, j);
	if (!o || !o->csr || !kv_operation_takes_file(o))
		return next_fail(op, ERR_REPLY, "the operation on %s in the vault %s has no request to be "
				 "signed (%s)", k->name, kv_call_at(op)->place.name,
				 o ? o->status : "no state");
	op_touch(op, op->store->id);
	op_csr(op, g_bytes_ref(o->csr));
	return next_done();
}

/* ---- what was issued, beside it ---- */

static struct next keep(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, keep_found);
}

/* The engine goes on with it elsewhere only where it is to be deployed. */
static struct next end_kept(struct op *op)
{
	const struct keying *k = mine(op);
	g_autofree char *path = NULL;

	op_placed(op, k->name, op->bundle->facts.sha256);
	op_touch(op, op->store->id);
	if (!*args_text(op->args, "to", ""))
		return next_done();
	path = g_strconcat("/secrets/", k->name, NULL);
	return kv_secret_get(op, path, has_key);
}

static bool is_that(const struct json *bundle, GBytes *cert)
{
	const char *coded = json_str(bundle, "cer");
	g_autofree guchar *bytes = NULL;
	g_autoptr(GBytes) there = NULL;
	gsize len = 0;

	if (!coded)
		return false;
	bytes = g_base64_decode(coded, &len);
	there = g_bytes_new(bytes, len);
	return g_bytes_equal(there, cert);
}

static struct next keep_found(struct op *op, const struct json *bundle)
{
	g_autofree char *path = NULL, *body = NULL;

	if (!bundle)
		return next_fail(op, ERR_NOT_FOUND, "the key of this enrolment is not in the vault %s any more",
				 kv_call_at(op)->place.name);
	if (is_that(bundle, op->bundle->cert))
		return end_kept(op);
	path = path_of(op, "/pending/merge");
	body = kv_merge_body(op->bundle);
	return next_send(kv_change_ask(op, "POST", path, body), merged);
}

static struct next merged(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = kv_call_json(op, r, "merge", mine(op)->name, &error);

	return j ? end_kept(op) : next_fail_error(op, error);
}

static struct next has_key(struct op *op, const struct reply *none)
{
	struct bundle *b = g_steal_pointer(&op->work->out);

	(void)none;
	if (!b)
		return next_fail(op, ERR_REFUSED, "it is in the vault, and its key cannot be taken out to be "
				 "put elsewhere: %s",
				 op->work->error ? op->work->error->message : "it was stopped");
	op_hand(op, b);
	return next_done();
}

/* ---- nothing will be issued ---- */

static struct next drop(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, drop_found);
}

/* What has a certificate is none that waits. */
static struct next drop_found(struct op *op, const struct json *bundle)
{
	g_autofree char *path = NULL;

	if (!bundle || json_str(bundle, "cer"))
		return next_done();
	path = path_of(op, "/pending");
	return next_send(kv_change_ask(op, "DELETE", path, NULL), dropped);
}

static struct next dropped(struct op *op, const struct reply *r)
{
	g_autofree char *path = path_of(op, NULL);
	GError *error = NULL;

	if (r->error || (r->status != 404 && r->status != 200)) {
		kv_refusal_set(&kv_call_at(op)->place, r, "drop", mine(op)->name, &error);
		return next_fail_error(op, error);
	}
	return next_send(kv_change_ask(op, "DELETE", path, NULL), unnamed);
}

static struct next unnamed(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!r->error && (r->status == 404 || r->status == 200))
		return next_done();
	kv_refusal_set(&kv_call_at(op)->place, r, "delete", mine(op)->name, &error);
	return next_fail_error(op, error);
}

/* ---- the plan ---- */

static bool plan(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(args) policy = policy_of(op);
	g_autofree char *base = kv_change_base(op, error), *name = kv_change_name(op->enrol->names[0]);
	g_autofree char *path = g_strconcat("/certificates/", name, NULL);
	g_autofree char *create = g_strconcat(path, "/create", NULL);
	g_autofree char *merge = g_strconcat(path, "/pending/merge", NULL);

	if (!base || !check(op, policy, error))
		return false;
	kv_change_call(p, PLAN_ASKS, "GET", base, path, "whether the name is taken");
	kv_change_call(p, PLAN_CHANGES, "POST", base, create, "a key made in the vault, and its request");
	kv_change_call(p, PLAN_CHANGES, "POST", base, merge, "the certificate, once it is issued");
	plan_not(p, "a certificate of that name that is there is not touched: the new one gets a name of its "
		 "own");
	kv_change_run(op, p, "create", name);
	plan_option(p, "--policy", "@policy.json");
	return true;
}

const struct key_maker kv_key_maker = {
	.make = make,
	.keep = keep,
	.drop = drop,
	.plan = plan,
	.needs_no_passphrase = true,
};
