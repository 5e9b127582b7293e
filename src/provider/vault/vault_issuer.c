/*
 * vault_issuer: the issuers of a pki as rows of their own, each with what its list of revoked certificates
 * (CRL) says of itself; and that list, its certificate or its chain written to a file.
 *
 * A server of before there were several issuers has one, which is read where it was then.
 */
#include "vault_issuer.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/model/bundle.h>
#include <certty/model/x509.h>

#include "vault_planned.h"

#define ONE	    "default"		/* the issuer of such an old server */
#define ISSUERS_MAX 200
#define CRL_MAX	    (4u << 20)		/* bytes of an answer that a refresh reads; a file may have more */
#define VALUE_MAX   600

struct signer {
	char *id, *name;
	bool is_default, is_old;	/* read where there is one alone */
	struct object *row;
	GBytes *der;			/* its certificate; or NULL */
	GError *unread;			/* why its list could not be read */
	char *crl;			/* PEM; or NULL */
};

/* clang-format off */
const struct field vault_issuer_questions[] = {
	{ "what",   FIELD_CHOICE, "What",   false, "crl", "crl certificate chain",
	  "the list of what it revoked, its own certificate, or that with those above it" },
	{ "format", FIELD_CHOICE, "Format", false, "pem", "pem der",
	  "of the file; a chain is PEM" },
	{ NULL }
};

/* What can be had of an issuer: below "issuer/ID/", or where an old server has it; and in which member. */
static const struct part {
	const char *word, *path, *old_path, *member, *old_member, *title;
} parts[] = {
	{ "crl",         "crl",  "cert/crl",      "crl",         "certificate", "the CRL" },
	{ "certificate", "json", "cert/ca",       "certificate", "certificate", "the certificate" },
	{ "chain",       "json", "cert/ca_chain", "ca_chain",    "ca_chain",    "the chain" },
};

/* As the server tells of one, under words of ours. */
static const struct {
	const char *key, *label;
} facts[] = {
	{ "issuer_id",                       "id" },
	{ "key_id",                          "key id" },
	{ "usage",                           "usage" },
	{ "leaf_not_after_behavior",         "beyond its end" },
	{ "revocation_signature_algorithm",  "CRL signature" },
	{ "issuing_certificates",            "certificate at" },
	{ "crl_distribution_points",         "CRL at" },
	{ "ocsp_servers",                    "OCSP at" },
	{ "revocation_time_rfc3339",         "revoked at" },
};
/* clang-format on */

static step_fn listed, put_all, part_heard, written;

/* ---- life ---- */

static void signer_free(void *signer)
{
	struct signer *i = signer;

	g_free(i->id);
	g_free(i->name);
	g_free(i->crl);
	g_clear_error(&i->unread);
	g_clear_pointer(&i->der, g_bytes_unref);
	g_clear_pointer(&i->row, object_unref);
	g_free(i);
}

static GPtrArray *all_of(const struct op *op)
{
	return ((const struct vault *)op->scratch)->issuers;
}

static struct signer *add_signer(struct op *op, const char *id, const struct json *info)
{
	struct signer *i = g_new0(struct signer, 1);
	g_autofree char *key = object_id(op->store->id, VAULT_ISSUER_TYPE, id);
	struct object *o = object_new(key);

	i->id = g_strdup(id);
	i->name = vault_text(json_str(info, "issuer_name"));
	i->is_default = json_bool(info, "is_default", false);
	i->row = o;
	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, VAULT_ISSUER_TYPE);
	store_set(&o->can, "object-save");
	g_ptr_array_add(all_of(op), i);
	return i;
}

/* ---- what is asked ---- */

static const struct part *part_find(const char *word)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(parts) && strcmp(parts[i].word, word))
		i++;
	return &parts[i];
}

static char *path_of(const char *id, const struct part *part)
{
	g_autofree char *name = g_uri_escape_string(id, NULL, FALSE);

	return strcmp(id, ONE) ? g_strconcat("issuer/", name, "/", part->path, NULL) : g_strdup(part->old_path);
}

static const struct json *value_of(const struct json *data, const char *id, const struct part *part)
{
	return json_get(data, strcmp(id, ONE) ? part->member : part->old_member);
}

/* Of each issuer two: what it is, which a token may not be allowed to read whole, and its list. */
static struct ask ask_one(struct op *op, size_t n)
{
	const struct signer *i = all_of(op)->pdata[n / 2];
	g_autofree char *name = g_uri_escape_string(i->id, NULL, FALSE);
	g_autofree char *rest = n % 2 ? path_of(i->id, &parts[0]) :
				i->is_old ? g_strdup(parts[1].old_path) : g_strconcat("issuer/", name, NULL);
	g_autofree char *path = vault_below(op, rest);
	struct request_out *r = vault_ask(op, path, NULL);

	r->max = CRL_MAX;
	return (struct ask){ .send = r };
}

/* ---- what it is ---- */

static void add_list(struct object *o, const char *label, const struct json *value)
{
	g_autoptr(GString) all = g_string_new(NULL);

	if (json_text(value))
		g_string_append(all, json_text(value));
	for (size_t i = 0; !json_text(value) && i < json_count(value) && all->len < VALUE_MAX; i++)
		if (json_text(json_at(value, i)))
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", json_text(json_at(value, i)));
	if (all->len) {
		g_autofree char *text = vault_text(all->str);

		object_add_fact(o, label, text);
	}
}

static void add_time(struct object *o, const char *label, int64_t when)
{
	g_autoptr(GString) said = g_string_new(NULL);

	if (!when)
		return;
	clock_say_utc(said, when);
	object_add_fact(o, label, said->str);
}

static void take_cert(struct signer *i, const char *pem)
{
	struct facts f;
	GBytes *der = x509_first(pem, &f);

	if (!der)
		return;
	i->der = der;
	if (!*i->name) {
		g_free(i->name);
		i->name = g_strdup(f.name);
	}
	object_add_fact(i->row, "subject", f.name);
	object_add_fact(i->row, "issued by", f.issuer);
	object_add_fact(i->row, "serial", f.serial);
	object_add_fact(i->row, "key", f.key);
	add_time(i->row, "valid until", f.not_after);
	facts_done(&f);
}

static void hear_what(struct op *op, struct signer *i, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(j, "data");
	g_autofree char *rest = g_strconcat("issuer/", i->id, NULL), *path = vault_below(op, rest);

	if (!j) {
		vault_explain(op, r, "reading the issuer", "read", path);
		object_add_fact(i->row, "not seen", ((struct vault *)op->scratch)->failed);
		return;
	}
	take_cert(i, json_str(data, "certificate"));
	for (size_t n = 0; n < G_N_ELEMENTS(facts); n++)
		add_list(i->row, facts[n].label, json_get(data, facts[n].key));
	if (json_bool(data, "revoked", false)) {
		store_set(&i->row->state, "revoked");
		i->row->tone = TONE_BAD;
	}
}

static void hear_crl(struct op *op, struct signer *i, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	const char *pem = j ? json_text(value_of(json_get(j, "data"), i->id, &parts[0])) : NULL;
	g_autofree char *rest = path_of(i->id, &parts[0]), *path = vault_below(op, rest);

	if (pem) {
		i->crl = g_strdup(pem);
	} else if (!j) {
		vault_explain(op, r, "reading the CRL", "read", path);
		i->unread = g_error_new_literal(ERR, ERR_REPLY, ((struct vault *)op->scratch)->failed);
	}
}

static void hear_one(struct op *op, size_t n, const struct reply *r, struct work *none)
{
	struct signer *i = all_of(op)->pdata[n / 2];

	(void)none;
	if (n % 2)
		hear_crl(op, i, r);
	else
		hear_what(op, i, r);
}

/* ---- the row ---- */

static void be(struct object *o, const char *state, enum tone tone)
{
	if (*o->state)
		return;		/* that of the issuer itself says more */
	store_set(&o->state, state);
	o->tone = tone;
}

static void add_crl(struct op *op, struct signer *i, GString *summary)
{
	struct object *o = i->row;
	g_autoptr(GString) age = g_string_new(NULL), until = g_string_new(NULL);
	g_autofree char *n = NULL;
	struct x509_crl crl;

	if (!i->crl || !x509_crl_read(i->crl, i->der, &crl, i->unread ? NULL : &i->unread)) {
		object_add_fact(o, "CRL", i->unread ? i->unread->message : "there is none");
		g_string_append(summary, i->unread ? "its CRL could not be read" : "it has no CRL");
		be(o, i->unread ? "CRL not read" : "no CRL", TONE_WARN);
		return;
	}
	n = g_strdup_printf("%zu", crl.entries);
	if (op->now - crl.this_update < CLOCK_MINUTE)
		g_string_append(age, "less than a minute");
	else
		clock_say_span(age, op->now - crl.this_update);
	object_add_fact(o, "CRL of", crl.issuer);
	object_add_fact(o, "CRL number", crl.number);
	add_time(o, "CRL made", crl.this_update);
	object_add_fact(o, "CRL age", age->str);
	add_time(o, "CRL next", crl.next_update);
	object_add_fact(o, "CRL entries", n);
	if (crl.next_update) {
		clock_say_utc(until, crl.next_update);
		g_string_append_printf(summary, "CRL %s: %s revoked, good until %s", crl.number, n, until->str);
	} else {
		g_string_append_printf(summary, "CRL %s: %s revoked", crl.number, n);
	}
	if (i->der)
		object_add_fact(o, "CRL signed", crl.is_signed ? "by this issuer" : "NOT by this issuer");
	if (i->der && !crl.is_signed)
		be(o, "CRL of another", TONE_BAD);
	if (crl.next_update && crl.next_update < op->now)
		be(o, "CRL out of date", TONE_BAD);
	x509_crl_done(&crl);
}

static struct next put_all(struct op *op, const struct reply *none)
{
	const struct vault *v = op->scratch;

	(void)none;
	for (guint n = 0; n < all_of(op)->len; n++) {
		struct signer *i = all_of(op)->pdata[n];
		g_autoptr(GString) summary = g_string_new(NULL);

		add_crl(op, i, summary);
		be(i->row, i->is_default ? "default" : "", TONE_PLAIN);
		store_set(&i->row->name, *i->name ? i->name : i->id);
		store_set(&i->row->summary, summary->str);
		op_put_object(op, g_steal_pointer(&i->row));
	}
	return v->then(op, NULL);
}

/* ---- which there are ---- */

static bool is_fit(const char *id)
{
	size_t len = id ? strlen(id) : 0;

	return len && len <= 100 && strspn(id, "0123456789abcdefABCDEF-") == len;
}

static void add_all(struct op *op, const struct json *data)
{
	const struct json *keys = json_get(data, "keys"), *info = json_get(data, "key_info");
	size_t n = json_count(keys);

	for (size_t i = 0; i < n && all_of(op)->len < ISSUERS_MAX; i++) {
		const char *id = json_text(json_at(keys, i));

		if (is_fit(id))
			add_signer(op, id, json_get(info, id));
	}
	if (n > ISSUERS_MAX)
		op_trouble(op, "%zu issuers are left out: %d is the most that is read", n - ISSUERS_MAX,
			   ISSUERS_MAX);
}

static void add_one(struct op *op)
{
	struct signer *i = add_signer(op, ONE, NULL);

	i->is_default = i->is_old = true;
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	g_autofree char *path = vault_below(op, "issuers/");

	if (j) {
		add_all(op, json_get(j, "data"));
	} else if (!r->error && !vault_is_empty(r) && (r->status == 404 || r->status == 405)) {
		add_one(op);
	} else if (!vault_is_empty(r)) {
		vault_explain(op, r, "listing the issuers", "list", path);
		op_keep_objects(op, VAULT_ISSUER_TYPE);
		op_trouble(op, "%s", v->failed);
	}
	return next_each(2 * (size_t)v->issuers->len, ask_one, hear_one, put_all);
}

struct next vault_issuer_read(struct op *op, step_fn *then)
{
	struct vault *v = op->scratch;
	g_autofree char *path = vault_below(op, "issuers");

	v->then = then;
	v->issuers = g_ptr_array_new_with_free_func(signer_free);
	return next_send(vault_ask_list(op, path), listed);
}

/* ---- a file ---- */

struct writing {
	char *path;
	GBytes *bytes;
	enum file_replace replace;
};

static void writing_free(void *writing)
{
	struct writing *w = writing;

	g_free(w->path);
	g_bytes_unref(w->bytes);
	g_free(w);
}

static void write_file(struct work *w)
{
	const struct writing *f = w->in;
	gsize len;
	const void *bytes = g_bytes_get_data(f->bytes, &len);

	file_write(f->path, bytes, len, 0644, f->replace, &w->error);
}

static const struct part *part_of(const struct op *op)
{
	return part_find(args_text(op->args, "what", parts[0].word));
}

static bool is_der(const struct op *op)
{
	return !strcmp(args_text(op->args, "format", "pem"), "der");
}

static bool check(const struct op *op, GError **error)
{
	if (!is_der(op) || strcmp(part_of(op)->word, "chain"))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "a chain is written as PEM: a file of DER has one certificate");
	return false;
}

static void nothing(void *none)
{
	(void)none;
}

struct next vault_issuer_save(struct op *op, const struct reply *none)
{
	g_autofree char *rest = path_of(object_key(op->object), part_of(op));
	GError *error = NULL;
	g_autofree char *path = vault_below(op, rest);
	struct request_out *r;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	if (!vault_begin(op, 1, nothing))
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	r = vault_ask(op, path, NULL);
	r->max = EXCHANGE_BODY_MAX;
	return next_send(r, part_heard);
}

/* Checked before it is written: what is no such thing is not kept as if it were. */
static GBytes *crl_bytes(const struct op *op, const char *pem, GError **error)
{
	struct x509_crl crl;
	GBytes *bytes;

	if (!x509_crl_read(pem, NULL, &crl, error))
		return NULL;
	bytes = is_der(op) ? g_bytes_ref(crl.der) : g_bytes_new(pem, strlen(pem));
	x509_crl_done(&crl);
	return bytes;
}

static GBytes *cert_bytes(const struct op *op, const struct json *value, GError **error)
{
	struct facts f;
	g_autoptr(GBytes) der = x509_first(json_text(value), &f);
	g_autoptr(GPtrArray) certs = der ? NULL : vault_chain_read(value);
	char *pem;

	if (!der && !certs->len) {
		g_set_error(error, ERR, ERR_REPLY, "there is no certificate in what the server answers");
		return NULL;
	}
	if (der)
		facts_done(&f);
	if (der && is_der(op))
		return g_steal_pointer(&der);
	pem = der ? bundle_pem(der, NULL, 0) : bundle_pem(NULL, (GBytes *const *)certs->pdata, certs->len);
	return g_bytes_new_take(pem, strlen(pem));
}

static struct next part_heard(struct op *op, const struct reply *r)
{
	const struct part *part = part_of(op);
	const char *id = object_key(op->object);
	g_autoptr(json) j = vault_json(r);
	const struct json *value = value_of(json_get(j, "data"), id, part);
	g_autofree char *rest = path_of(id, part), *path = vault_below(op, rest);
	GError *error = NULL;
	GBytes *bytes;
	struct writing *w;

	if (!j)
		return vault_refuse(op, r, "reading it", "read", path);
	if (part == &parts[0])
		bytes = crl_bytes(op, json_text(value) ? json_text(value) : "", &error);
	else
		bytes = cert_bytes(op, value, &error);
	if (!bytes)
		return next_fail(op, error->code, "%s of %s: %s", part->title, op->object->name,
				 error->message);
	w = g_new0(struct writing, 1);
	w->path = file_absolute(args_text(op->args, "file", ""));
	w->bytes = bytes;
	w->replace = args_bool(op->args, "replace") ? FILE_REPLACE : FILE_NEW;
	return next_work(work_new(write_file, w, writing_free, NULL), written);
}

static struct next written(struct op *op, const struct reply *none)
{
	g_autofree char *shown = file_shown(args_text(op->args, "file", ""));

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%s of %s is in %s", part_of(op)->title, op->object->name, shown);
	return next_done();
}

bool vault_issuer_planned_save(struct op *op, struct plan *p, GError **error)
{
	const struct part *part = part_of(op);
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	g_autofree char *rest = path_of(object_key(op->object), part);
	const char *member = strcmp(object_key(op->object), ONE) ? part->member : part->old_member;
	g_autofree char *command = g_strconcat("bao read -field=", member, NULL);

	if (!check(op, error))
		return false;
	vault_planned_call(op, p, PLAN_ASKS, rest, part->title);
	plan_call(p, PLAN_CHANGES, "write", to, part->title);
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is changed in Vault");
	vault_planned_run(op, p, command, rest);
	return true;
}
