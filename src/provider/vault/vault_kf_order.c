/*
 * vault_kf_order: what is different about an order from Keyfactor's engine: the CA and the template of
 * Command that it names, what Command is to keep with it, and fields of other names.
 *
 * Of a role only the domains count there, and a validity is the template's.
 */
#include "vault_kf.h"

#include <string.h>

/* clang-format off */
const struct field vault_kf_order_questions[] = {
	{ VAULT_ROLE, FIELD_TEXT,     "Role",     true,  NULL, NULL,
	  "of the mount: it says which names are allowed; a plan shows that",
	  NULL, "[^/?#\\s]+" },
	{ "csr",      FIELD_FILE_IN,  "Request",  false, NULL, NULL,
	  "the file of a certificate request (CSR), whose key stays where it is; without one the engine "
	  "makes an RSA key and gives it out once" },
	{ "ca",       FIELD_TEXT,     "CA",       false, NULL, NULL,
	  "as in host\\name, with one backslash; the engine's default when empty" },
	{ "template", FIELD_TEXT,     "Template", false, NULL, NULL,
	  "its short name in Command; the engine's default when empty" },
	{ "metadata", FIELD_TEXT,     "Metadata", false, NULL, NULL,
	  "what Command keeps with it, as in Owner=ops team; Cost centre=12",
	  NULL, "\\s*[^=;\\s][^=;]*=[^;]*(;\\s*[^=;\\s][^=;]*=[^;]*)*;?\\s*" },
	{ "key",      FIELD_CHOICE,   "Key",      false, "encrypted", "encrypted file no",
	  "where a key goes that the engine made: encrypted into the own repository, unencrypted into a "
	  "file of mode 0600, or nowhere" },
	{ "new-passphrase", FIELD_SECRET, "Key's passphrase", false, NULL, NULL,
	  "encrypts the key; not needed with a request file",
	  "key=encrypted" },
	{ "key-file", FIELD_FILE_OUT, "Key file", false, NULL, NULL,
	  "where that key is written; it must not be there yet",
	  "key=file" },
	{ NULL }
};
/* clang-format on */

/* ---- before anything is asked ---- */

/* In Command all others are left to the request file, which the engine passes on unread. */
bool vault_kf_order_check(const struct op *op, GError **error)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	bool has_csr = *args_text(op->args, "csr", "");

	for (char **n = names; n && *n && !has_csr; n++) {
		if (!strstr(*n, "://") && !strchr(*n, '@') &&
		    (n > names || !g_hostname_is_ip_address(*n)))
			continue;
		g_set_error(error, ERR, ERR_USAGE, n > names || !g_hostname_is_ip_address(*n) ?
			    "%s: this engine makes certificates for host names and addresses only; a request "
			    "file may ask for more" :
			    "%s: this engine wants a host name as the first of the names", *n);
		return false;
	}
	return true;
}

static struct next config_heard(struct op *op, const struct reply *r);

struct next vault_kf_order_begin(struct op *op, step_fn *then)
{
	struct vault *v = op->scratch;
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);

	v->then = then;
	return next_send(vault_ask(op, path, NULL), config_heard);
}

/* Who may order need not be allowed to read it; that it is not there is known before Command is asked. */
static struct next config_heard(struct op *op, const struct reply *r)
{
	const struct vault *v = op->scratch;
	const char *ca = args_text(op->args, "ca", "");
	struct vault_memo m;

	if (vault_is_empty(r))
		return next_fail(op, ERR_REFUSED, "%s has no configuration yet: certty engine-config "
				 "writes one", op->store->title);
	if (r->error || vault_is_dead(r) || r->status == 503)
		return vault_refuse(op, r, "reading the engine's configuration", "read", VAULT_KF_CONFIG);
	vault_memo_read(&m, op->memo);
	vault_kf_add_ca(m.facts, ca);
	if (*ca)
		op_memo(op, vault_memo_write(&m));
	vault_memo_done(&m);
	return v->then(op, NULL);
}

/* ---- what is sent ---- */

char *vault_kf_metadata(const char *typed)
{
	g_auto(GStrv) fields = g_strsplit(typed, ";", -1);
	struct json_writer w = { .out = g_string_new(NULL) };
	bool is_any = false;

	json_open(&w, NULL, '{');
	for (char **field = fields; *field; field++) {
		char *equals = strchr(*field, '=');

		if (!equals)
			continue;
		*equals = '\0';
		json_put_str(&w, g_strstrip(*field), g_strstrip(equals + 1));
		is_any = true;
	}
	json_close(&w, '}');
	if (!is_any)
		g_string_truncate(w.out, 0);
	return g_string_free(w.out, FALSE);
}

static char *join(char *const *names, bool addresses)
{
	GString *s = g_string_new(NULL);

	for (; *names; names++)
		if (g_hostname_is_ip_address(*names) == addresses)
			g_string_append_printf(s, "%s%s", s->len ? "," : "", *names);
	return g_string_free(s, FALSE);
}

static int version_of(const struct op *op)
{
	struct vault_memo m;
	int version;

	vault_memo_read(&m, op->memo);
	version = vault_kf_version(m.facts);
	vault_memo_done(&m);
	return version;
}

struct pairs {			/* of an order */
	const char *key[8];
	char *value[8];
	size_t n;
};

static void pair(struct pairs *p, const char *key, char *value /* taken */)
{
	if (!*value) {
		g_free(value);
		return;
	}
	p->key[p->n] = key;
	p->value[p->n++] = value;
}

static void pairs_done(struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		g_free(p->value[i]);
}

/* A request file says its names itself: before 1.5 they are not passed on, and addresses alone make the
 * engine's own message invalid; from 1.5 on they are what the role is held against. */
static void fill(const struct op *op, struct pairs *p, char *const *names, bool has_csr)
{
	if (!has_csr)
		pair(p, "common_name", g_strdup(names[0]));
	if (!has_csr || version_of(op) >= VAULT_KF_TIDY) {
		pair(p, "dns_sans", join(names, false));
		pair(p, "ip_sans", join(names, true));
	}
	pair(p, "ca", g_strdup(args_text(op->args, "ca", "")));
	pair(p, "template", g_strdup(args_text(op->args, "template", "")));
	pair(p, "metadata", vault_kf_metadata(args_text(op->args, "metadata", "")));
}

void vault_kf_order_put(const struct op *op, struct json_writer *w)
{
	const struct vault_order *o = ((struct vault *)op->scratch)->mine;
	struct pairs p = { .n = 0 };

	fill(op, &p, o->names, o->csr);
	for (size_t i = 0; i < p.n; i++)
		json_put_str(w, p.key[i], p.value[i]);
	pairs_done(&p);
}

/* ---- its plan ---- */

void vault_kf_order_say(const struct op *op, struct plan *plan, char *const *names, bool has_csr)
{
	struct pairs p = { .n = 0 };

	fill(op, &p, names, has_csr);
	for (size_t i = 0; i < p.n; i++) {
		g_autofree char *both = g_strconcat(p.key[i], "=", p.value[i], NULL);

		plan_word(plan, both);
	}
	pairs_done(&p);
}

void vault_kf_order_plan(const struct op *op, struct plan *p)
{
	static const struct {
		const char *ask, *key, *word;
	} both[] = { { "ca", "ca", "CA" }, { "template", "template", "template" } };
	struct vault_memo m;

	vault_memo_read(&m, op->memo);
	for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
		const char *own = args_text(op->args, both[i].ask, "");
		const char *fallback = vault_kf_config_kept(m.facts, both[i].key);

		if (*own)
			plan_differ(p, "the %s is %s", both[i].word, own);
		else if (*fallback)
			plan_differ(p, "the %s is %s, the engine's default", both[i].word, fallback);
		else if (*vault_kf_config_kept(m.facts, "url"))
			plan_warn(p, "neither the order nor the engine names a %s", both[i].word);
	}
	if (*args_text(op->args, "csr", "") && vault_kf_version(m.facts) < VAULT_KF_TIDY)
		plan_warn(p, "an engine before 1.5 does not hold a request file against its role");
	vault_memo_done(&m);
	plan_not(p, "the validity is not asked for: the template says it");
}
