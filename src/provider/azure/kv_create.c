/*
 * kv_create: a certificate whose key is made in a vault: signed by the vault itself, by a CA that it
 * orders from, or by one elsewhere that gets the request.
 *
 *   what is there ─► written down ─► sent ─► an operation, which is the row from then on
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/text.h>

#define NAMES_MAX   100
#define SUBJECT_MAX 200
#define MONTHS_MAX  120

/* clang-format off */
const struct field kv_create_fields[] = {
	{ "issuer",     FIELD_TEXT,   "Issuer",     false, "Unknown", NULL,
	  "Unknown: its request (CSR) is signed elsewhere and brought back by supply; Self: the vault signs it "
	  "itself; else the name of one of the vault's issuers", NULL, "[0-9a-zA-Z-]+" },
	{ "key",        FIELD_CHOICE, "Key",        false, "rsa-2048",
	  "rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521", "that the vault makes", NULL, NULL },
	{ "exportable", FIELD_BOOL,   "Exportable", false, "yes", NULL,
	  "whether its key can be read out of the vault" },
	{ "name",       FIELD_TEXT,   "Name",       false, NULL, NULL,
	  "in the vault; made of the first name when empty", NULL, NULL },
	{ "subject",    FIELD_TEXT,   "Subject",    false, NULL, NULL,
	  "as in CN=www.example.org, O=Example; CN= and the first name when empty", NULL, NULL, true },
	{ "tags",       FIELD_LIST,   "Tags",       false, NULL, NULL,
	  "as in owner=web, env=prod", NULL, NULL, true },
	{ "months",     FIELD_NUMBER, "Months",     false, "12", NULL,
	  "for how long it is asked for; a CA may have it otherwise", NULL, NULL, true },
	{ "format",     FIELD_CHOICE, "Format",     false, "pkcs12", "pkcs12 pem",
	  "in which the vault gives it out, with its key", NULL, NULL, true },
	{ "replace",    FIELD_BOOL,   "Replace",    false, "no", NULL,
	  "make it the newest version of one that has that name there; older versions stay", NULL, NULL, true },
	{ NULL }
};

static const struct key {
	const char *name, *kty, *curve;
	int size;
} keys[] = {
	{ "rsa-2048", "RSA", NULL,    2048 },
	{ "rsa-3072", "RSA", NULL,    3072 },
	{ "rsa-4096", "RSA", NULL,    4096 },
	{ "ec-p256",  "EC",  "P-256", 0 },
	{ "ec-p384",  "EC",  "P-384", 0 },
	{ "ec-p521",  "EC",  "P-521", 0 },
};
/* clang-format on */

static step_fn ask, answered;

/* ---- what is asked for ---- */

static const struct key *key_of(const struct args *args)
{
	const char *name = args_text(args, "key", "rsa-2048");

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static int64_t months_of(const struct args *args)
{
	int64_t months;

	return args_int(args, "months", &months) ? months : 12;
}

static char *subject_of(const struct args *args, char *const *names)
{
	const char *given = args_text(args, "subject", "");

	return *given ? g_strdup(given) : g_strconcat("CN=", names[0], NULL);
}

static const char *issuer_of(const struct args *args)
{
	const char *issuer = args_text(args, "issuer", "");

	return *issuer ? issuer : "Unknown";
}

static char *name_of(const struct args *args, char *const *names)
{
	const char *name = args_text(args, "name", "");

	return kv_change_name(*name ? name : names[0]);
}

bool kv_create_check(const struct args *args, char *const *names, GError **error)
{
	g_autofree char *subject = names && *names ? subject_of(args, names) : NULL;
	g_autofree char *name = names && *names ? name_of(args, names) : NULL;

	if (!name)
		g_set_error(error, ERR, ERR_USAGE, "the names that it is for are needed (names)");
	else if (g_strv_length((char **)(uintptr_t)names) > NAMES_MAX)
		g_set_error(error, ERR, ERR_USAGE, "a vault takes at most %d names", NAMES_MAX);
	else if (!*name)
		g_set_error(error, ERR, ERR_USAGE, "that leaves nothing for a name in a vault, which has "
			    "letters, digits and hyphens: say another (name)");
	else if (strlen(subject) > SUBJECT_MAX)
		g_set_error(error, ERR, ERR_USAGE, "a vault takes subjects of at most %d "
			"characters", SUBJECT_MAX);
	else if (!kv_tagging_check(args, NULL, error))
		return false;
	else if (!key_of(args))
		g_set_error(error, ERR, ERR_USAGE, "that is no kind of key that a vault makes");
	else if (months_of(args) < 1 || months_of(args) > MONTHS_MAX)
		g_set_error(error, ERR, ERR_USAGE, "the validity is 1 to %d months", MONTHS_MAX);
	else
		return true;
	return false;
}

static void put_key(struct json_writer *w, const struct args *args)
{
	const struct key *k = key_of(args);

	json_open(w, "key_props", '{');
	json_put_bool(w, "exportable", !args_get(args, "exportable") || args_bool(args, "exportable"));
	json_put_str(w, "kty", k->kty);
	if (k->curve)
		json_put_str(w, "crv", k->curve);
	else
		json_put_int(w, "key_size", k->size);
	json_put_bool(w, "reuse_key", false);
	json_close(w, '}');
}

static void put_x509(struct json_writer *w, const struct args *args, char *const *names)
{
	g_autofree char *subject = subject_of(args, names);

	json_open(w, "x509_props", '{');
	json_put_str(w, "subject", subject);
	json_open(w, "sans", '{');
	json_open(w, "dns_names", '[');
	for (char *const *n = names; *n; n++)
		json_put_str(w, NULL, *n);
	json_close(w, ']');
	json_close(w, '}');
	json_put_int(w, "validity_months", months_of(args));
	json_close(w, '}');
}

char *kv_create_body(const struct args *args, char *const *names, const char *token)
{
	bool is_pem = !strcmp(args_text(args, "format", "pkcs12"), "pem");
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "policy", '{');
	put_key(&w, args);
	json_open(&w, "secret_props", '{');
	json_put_str(&w, "contentType", is_pem ? "application/x-pem-file" : "application/x-pkcs12");
	json_close(&w, '}');
	put_x509(&w, args, names);
	json_open(&w, "issuer", '{');
	json_put_str(&w, "name", issuer_of(args));
	json_close(&w, '}');
	json_close(&w, '}');
	if (token || args_get(args, "tags"))
		kv_tagging_put(&w, args, NULL, KV_TOKEN_TAG, token);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* ---- what is there ---- */

struct next kv_create(struct op *op, const struct reply *none)
{
	struct kv_order *o = kv_order(op);
	GError *error = NULL;

	(void)none;
	o->names = args_list(op->args, "names");
	if (!kv_create_check(op->args, o->names, &error))
		return next_fail_error(op, error);
	o->name = name_of(op->args, o->names);
	o->issuer = g_strdup(issuer_of(op->args));
	o->body = kv_create_body(op->args, o->names, NULL);
	if (!kv_order_is_free(op, &error))
		return next_fail_error(op, error);
	return kv_call_begin(op, ask);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat("/certificates/", kv_order(op)->name, NULL);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), answered);
}

static struct next answered(struct op *op, const struct reply *r)
{
	const struct kv_order *o = kv_order(op);
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	if (!r->error && r->status == 404)
		return kv_order_send(op);
	j = kv_call_json(op, r, "get", o->name, &error);
	if (!j)
		return next_fail_error(op, error);
	if (!args_bool(op->args, "replace") && json_str(j, "cer"))
		return next_fail(op, ERR_EXISTS, "the vault %s has a certificate %s already: to make this "
				 "one its newest version say so (replace), or say another name (name); "
				 "nothing was sent",
				 kv_call_at(op)->place.name, o->name);
	return kv_order_send(op);
}

/* ---- the plan ---- */

bool kv_planned_create(struct op *op, struct plan *p, GError **error)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, error);
	g_autofree char *base = cloud ? kv_change_base(op, error) : NULL, *name = NULL, *path = NULL;
	g_autofree char *create = NULL, *url = NULL, *body = NULL;

	if (!base || !kv_create_check(op->args, names, error))
		return false;
	name = name_of(op->args, names);
	path = g_strconcat("/certificates/", name, NULL);
	create = g_strconcat(path, "/create", NULL);
	url = g_strdup_printf("%s%s?api-version=" KV_API, base, create);
	body = kv_create_body(op->args, names, NULL);
	kv_change_call(p, PLAN_ASKS, "GET", base, path, "what has that name there");
	kv_change_call(p, PLAN_CHANGES, "POST", base, create, "a key made in the vault, and its operation");
	if (!g_ascii_strcasecmp(issuer_of(op->args), "Self"))
		plan_warn(p, "it is signed by itself, so nobody trusts it who is not told to");
	else if (!g_ascii_strcasecmp(issuer_of(op->args), "Unknown"))
		plan_not(p, "no CA is asked: its request is in the row, to be signed elsewhere and brought "
			"back");
	else
		plan_warn(p, "the CA behind the issuer may charge for it");
	plan_run(p, "az rest --method post");
	plan_option(p, "--resource", cloud->vault_resource);
	plan_option(p, "--url", url);
	plan_option(p, "--body", body);
	return true;
}
