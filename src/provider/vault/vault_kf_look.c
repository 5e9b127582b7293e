/*
 * vault_kf_look: what Keyfactor's engine has beside its certificates: which version it is, how it reaches
 * Command, and the CAs.
 *
 * The configuration is read before the CAs: an engine before 1.5 that has just started needs that.  A CA
 * is found only by what it has issued, so that one which cannot be read is no fault of the store.
 */
#include "vault_kf.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/x509.h>

#define MOUNTS	"sys/internal/ui/mounts/"
#define CA	"ca/"			/* facts, each with the name behind it */
#define CHAIN	"chain/"
#define RUNNING	"running"
#define VERSION "version"
#define NO_CONFIG "no-config"		/* why it is not known */
#define CAS_MAX 8
#define CHAIN_SHOWN 6

static struct vault *of(struct op *op)
{
	return op->scratch;
}

static step_fn version_heard, config_heard;

static void keep(GHashTable *facts, const char *before, const char *name, const char *text)
{
	g_hash_table_replace(facts, g_strconcat(before, name, NULL), vault_text(text));
}

static const char *kept(GHashTable *facts, const char *name)
{
	const char *text = g_hash_table_lookup(facts, name);

	return text ? text : "";
}

int vault_kf_version(GHashTable *facts)
{
	return (int)CLAMP(g_ascii_strtoll(kept(facts, VERSION), NULL, 10), VAULT_KF_UNKNOWN, 99);
}

static void be_version(GHashTable *facts, int version)
{
	g_autofree char *text = g_strdup_printf("%d", version);

	keep(facts, VERSION, "", text);
}

void vault_kf_add_ca(GHashTable *facts, const char *ca)
{
	g_autofree char *name = g_strconcat(CA, ca, NULL);

	if (*ca && !g_hash_table_contains(facts, name))
		keep(facts, name, "", "");
}

/* ---- the version ---- */

/* "team/sys/internal/ui/mounts/kf" of the mount "team/kf" in the namespace "team". */
static char *mount_path(const struct op *op)
{
	const char *own = args_text(op->access->with, VAULT_SPACE, ""), *space = op->store->container;
	const char *mount = op->store->address;
	size_t len;

	if (*own && g_str_has_prefix(space, own))
		space += strlen(own);
	space += *space == '/';
	len = strlen(space);
	if (!len || strncmp(mount, space, len) || mount[len] != '/')
		return g_strconcat(MOUNTS, mount, NULL);
	return g_strconcat(space, "/" MOUNTS, mount + len + 1, NULL);
}

struct next vault_kf_look(struct op *op, struct vault_memo *m, int seen, step_fn *then)
{
	g_autofree char *plain = mount_path(op), *path = vault_escape(plain);

	of(op)->kf_facts = m->facts;
	of(op)->then = then;
	if (seen)
		be_version(m->facts, seen);
	return next_send(vault_ask(op, path, NULL), version_heard);
}

/* Of "v1.5.0"; 0 when it says none, as before 1.5. */
static int minor_of(const char *running)
{
	return running && g_str_has_prefix(running, "v1.") ?
		       (int)CLAMP(g_ascii_strtoll(running + strlen("v1."), NULL, 10), 0, 99) : 0;
}

static struct next version_heard(struct op *op, const struct reply *r)
{
	GHashTable *facts = of(op)->kf_facts;
	g_autoptr(json) j = vault_json(r);
	const char *running = json_str(json_get(j, "data"), "running_plugin_version");
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);
	int minor = minor_of(running);

	keep(facts, RUNNING, "", running ? running : "");
	if (minor)
		be_version(facts, minor);
	return next_send(vault_ask(op, path, NULL), config_heard);
}

/* ---- the configuration ---- */

static void forget(GHashTable *facts, const char *before)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, facts);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (g_str_has_prefix(key, before))
			g_hash_table_iter_remove(&iter);
}

static const char *why_no_config(const struct reply *r)
{
	if (vault_is_empty(r))
		return "there is none yet: certty engine-config writes one";
	if (!r->error && r->status == 404)
		return "in a file on the Vault server, as with 1.0 and 1.1";
	return r->status == 403 ? "the token may not read it" : "it could not be read";
}

static struct next ask_cas(struct op *op);

static struct next config_heard(struct op *op, const struct reply *r)
{
	GHashTable *facts = of(op)->kf_facts;
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(j, "data");

	forget(facts, "config/");
	keep(facts, NO_CONFIG, "", j ? "" : why_no_config(r));
	if (j) {
		vault_kf_config_keep(facts, data);
		be_version(facts, MAX(vault_kf_config_version(data), vault_kf_version(facts)));
		vault_kf_add_ca(facts, vault_kf_config_kept(facts, "ca"));
		op_put_object(op, vault_kf_config_row(op, facts));
	} else if (!r->error && r->status == 404 && !vault_is_empty(r)) {
		be_version(facts, VAULT_KF_FILE);
	} else if (r->error || r->status >= 500) {
		op_keep_objects(op, VAULT_KF_CONFIG_TYPE);
	}
	return ask_cas(op);
}

/* ---- the CAs ---- */

static void say_cert(GString *out, GBytes *der)
{
	struct facts f = { 0 };
	gsize len = 0;
	const uint8_t *bytes = g_bytes_get_data(der, &len);

	if (!x509_facts(bytes, len, &f, NULL))
		return;
	g_string_append_printf(out, "%s%s until ", out->len ? ", " : "", f.name);
	clock_say_date(out, f.not_after);
	facts_done(&f);
}

static struct ask ask_ca(struct op *op, size_t i)
{
	const struct vault *v = op->scratch;
	const char *name = v->names->pdata[i / 2];
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *rest = *name ? g_strconcat(i % 2 ? "ca_chain" : "ca", "?ca=", escaped, NULL) :
					g_strdup(i % 2 ? "ca_chain" : "ca");
	g_autofree char *path = vault_below(op, rest);

	return (struct ask){ .send = vault_ask(op, path, NULL) };
}

static void hear_ca(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	const struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	g_autoptr(GPtrArray) certs = vault_chain_read(json_get(j, "data"));
	g_autoptr(GString) text = g_string_new(NULL);

	(void)none;
	for (guint k = 0; k < MIN(certs->len, CHAIN_SHOWN); k++)
		say_cert(text, certs->pdata[k]);
	if (!j) {
		g_autofree char *words = vault_words(r);
		const struct vault_kf_fault *f = vault_kf_fault_find(words);

		g_string_printf(text, "not known: %s", f ? f->advice : r->status == 403 ?
				"the token may not read it" : "it could not be read");
	} else if (!text->len) {
		g_string_assign(text, "not known: what the engine gives for it is no certificate");
	}
	keep(v->kf_facts, i % 2 ? CHAIN : CA, v->names->pdata[i / 2], text->str);
}

static struct next cas_heard(struct op *op, const struct reply *none)
{
	return of(op)->then(op, none);
}

/* Without a name that is known here, the engine's own default. */
static struct next ask_cas(struct op *op)
{
	struct vault *v = of(op);
	GHashTableIter iter;
	gpointer key;

	g_clear_pointer(&v->names, g_ptr_array_unref);
	v->names = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_iter_init(&iter, v->kf_facts);
	while (g_hash_table_iter_next(&iter, &key, NULL) && v->names->len < CAS_MAX)
		if (g_str_has_prefix(key, CA) && strlen(key) > strlen(CA))
			g_ptr_array_add(v->names, g_strdup((const char *)key + strlen(CA)));
	if (!v->names->len)
		g_ptr_array_add(v->names, g_strdup(""));
	return next_each(v->names->len * 2, ask_ca, hear_ca, cas_heard);
}

/* ---- in words ---- */

static void show_version(struct detail *d, GHashTable *facts)
{
	const char *running = kept(facts, RUNNING);
	static const char *const words[] = {
		[VAULT_KF_FILE] = " 1.0 or 1.1", [VAULT_KF_BASIC] = " 1.2 or 1.3", [VAULT_KF_OAUTH] = " 1.4",
		[VAULT_KF_TIDY] = " 1.5 or later",
	};
	const char *word = words[MIN(vault_kf_version(facts), VAULT_KF_TIDY)];

	if (*running)
		detail_add(d, TONE_PLAIN, "engine", "Keyfactor %s", running + (*running == 'v'));
	else
		detail_add(d, TONE_PLAIN, "engine", "Keyfactor%s, as far as its answers tell",
			   word ? word : "");
}

static void show_auth(struct detail *d, GHashTable *facts)
{
	const char *user = vault_kf_config_kept(facts, "username");
	const char *domain = vault_kf_config_kept(facts, "domain");
	const char *client = vault_kf_config_kept(facts, "client_id");
	const char *scopes = vault_kf_config_kept(facts, "scopes");
	const char *audience = vault_kf_config_kept(facts, "audience");

	if (*user && *vault_kf_config_kept(facts, "password"))
		detail_add(d, TONE_PLAIN, "signs in as", "%s%s%s, with a password that is hidden", domain,
			   *domain ? "\\" : "", user);
	else if (*client && *vault_kf_config_kept(facts, "client_secret"))
		detail_add(d, TONE_PLAIN, "signs in as",
			   "the client %s at %s%s%s%s%s, with a secret that is hidden", client,
			   vault_kf_config_kept(facts, "token_url"), *scopes ? ", scopes " : "", scopes,
			   *audience ? ", audience " : "", audience);
	else if (*vault_kf_config_kept(facts, "access_token"))
		detail_add(d, TONE_PLAIN, "signs in as",
			   "whoever a token is for that is hidden; nobody renews it");
	else
		detail_add(d, TONE_BAD, "signs in as", "nobody: it was not told how, and refuses each order");
	detail_add(d, TONE_DIM, "", "a client certificate it cannot sign in with");
}

static void show_tidy(struct detail *d, GHashTable *facts)
{
	g_autoptr(GString) after = g_string_new(NULL), every = g_string_new(NULL);

	if (vault_kf_version(facts) < VAULT_KF_TIDY)
		return;
	clock_say_span(after, g_ascii_strtoll(vault_kf_config_kept(facts, "tidy_safety_buffer"), NULL, 10));
	clock_say_span(every, g_ascii_strtoll(vault_kf_config_kept(facts, "tidy_interval"), NULL, 10));
	if (!strcmp(vault_kf_config_kept(facts, "tidy_enabled"), "yes"))
		detail_add(d, TONE_PLAIN, "tidy", "every %s it forgets what ended %s before", every->str,
			   after->str);
	else
		detail_add(d, TONE_PLAIN, "tidy", "no: what has ended stays in its list");
}

static void show_config(struct detail *d, GHashTable *facts)
{
	const char *url = vault_kf_config_kept(facts, "url"), *path = vault_kf_config_kept(facts, "api_path");
	const char *file = vault_kf_config_kept(facts, "command_cert_path");
	const char *ca = vault_kf_config_kept(facts, "ca");
	const char *template = vault_kf_config_kept(facts, "template");

	if (*kept(facts, NO_CONFIG)) {
		detail_add(d, TONE_WARN, "configuration", "%s", kept(facts, NO_CONFIG));
		return;
	}
	detail_add(d, *url ? TONE_PLAIN : TONE_BAD, "Command", "%s%s%s", *url ? url : "it was not told where",
		   *url && *path ? "/" : "", *url ? path : "");
	show_auth(d, facts);
	detail_add(d, TONE_PLAIN, "default CA", "%s", *ca ? ca : "none: each order names one");
	detail_add(d, TONE_PLAIN, "default template", "%s",
		   *template ? template : "none: each order names one");
	if (*file)
		detail_add(d, TONE_PLAIN, "trusts", "the CAs in %s on the Vault server", file);
	if (!strcmp(vault_kf_config_kept(facts, "skip_verify"), "yes"))
		detail_add(d, TONE_WARN, "trusts",
			   "whoever answers: Command's certificate is not verified");
	show_tidy(d, facts);
}

static void show_cas(struct detail *d, GHashTable *facts, const char *before, const char *label)
{
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(facts), (GCompareFunc)strcmp);

	for (GList *at = names; at; at = at->next) {
		const char *name = at->data, *text = kept(facts, name);
		bool is_known = !g_str_has_prefix(text, "not known");

		if (!g_str_has_prefix(name, before) || !*text)
			continue;
		name += strlen(before);
		detail_add(d, is_known ? TONE_PLAIN : TONE_WARN, label, "%s%s%s", name,
			   *name ? ": " : "", text);
	}
}

void vault_kf_show(struct detail *d, GHashTable *facts)
{
	if (!g_hash_table_size(facts))
		return;
	show_version(d, facts);
	show_config(d, facts);
	show_cas(d, facts, CA, "CA");
	show_cas(d, facts, CHAIN, "CA chain");
	detail_add(d, TONE_DIM, "revocations",
		   "as of when each certificate was read: the engine has no list of them");
}
