/*
 * vault_planned: what the verbs on a mount would do, and how the bao command would be told the same.
 */
#include "vault_planned.h"
#include "vault_kf.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>

#include "vault_order.h"

static const char *answer(const struct op *op, const char *key)
{
	return op->account ? args_text(op->account->answers, key, "") : "";
}

static char *where_of(const struct op *op, const char *rest)
{
	const char *at = answer(op, VAULT_AT);
	g_autofree char *path = vault_below(op, rest);
	size_t len = strlen(at);

	while (len && at[len - 1] == '/')
		len--;
	return g_strdup_printf("%.*s/v1/%s", (int)len, at, path);
}

void vault_planned_call(const struct op *op, struct plan *p, unsigned how, const char *rest,
			const char *what)
{
	g_autofree char *where = where_of(op, rest);
	const char *method = how & VAULT_PLANNED_DELETES ? "DELETE" : how & PLAN_CHANGES ? "POST" : "GET";

	plan_call(p, how & ~VAULT_PLANNED_DELETES, method, where, what);
}

void vault_planned_run(const struct op *op, struct plan *p, const char *command, const char *rest)
{
	const char *space = answer(op, VAULT_SPACE);
	g_autofree char *path = g_strconcat(op->store->address, "/", rest, NULL);

	plan_run(p, command);
	plan_option(p, "-address", answer(op, VAULT_AT));
	plan_option(p, "-namespace", *space ? space : NULL);
	plan_word(p, path);
}

void vault_planned_word(struct plan *p, const char *key, const char *value)
{
	g_autofree char *both = g_strconcat(key, "=", value, NULL);

	plan_word(p, both);
}

/* ---- order ---- */

static void run_order(const struct op *op, struct plan *p, const char *rest, const char *csr,
		      char *const *names, const char *ttl)
{
	g_autofree char *others = g_strjoinv(",", (char **)(uintptr_t)names);
	int64_t span = 0;

	vault_planned_run(op, p, "bao write", rest);
	if (vault_kf_is(op->store)) {
		vault_kf_order_say(op, p, names, csr);
	} else if (!vault_order_is_verbatim(op)) {
		vault_planned_word(p, "common_name", names[0]);
		vault_planned_word(p, "alt_names", others);
	}
	if (clock_read_span(ttl, &span)) {
		g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT "s", span);

		vault_planned_word(p, "ttl", seconds);
	}
	if (csr) {
		g_autofree char *at = g_strconcat("@", csr, NULL);

		vault_planned_word(p, "csr", at);
	}
}

static void say_key(const struct op *op, struct plan *p)
{
	const char *key = args_text(op->args, "key", "encrypted");
	g_autofree char *file = file_absolute(args_text(op->args, "key-file", ""));

	plan_differ(p, "the engine makes a key and gives it out once");
	if (!strcmp(key, "file"))
		plan_call(p, PLAN_CHANGES, "write", file, "the key, NOT encrypted, mode 0600");
	else if (!strcmp(key, "no"))
		plan_warn(p, "the key is not kept, so that nobody has it");
}

/* As the last refresh found it. */
static void say_role(const struct op *op, struct plan *p, const char *role)
{
	struct vault_memo m;
	const char *limits;

	vault_memo_read(&m, op->memo);
	limits = g_hash_table_lookup(m.roles, role);
	if (limits && *limits) {
		plan_differ(p, "the role %s allows: %s", role, limits);
	} else if (!limits && g_hash_table_size(m.roles)) {
		g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(m.roles), (GCompareFunc)strcmp);
		g_autoptr(GString) list = g_string_new(NULL);

		for (GList *at = names; at && list->len < VAULT_SAID_MAX; at = at->next)
			g_string_append_printf(list, "%s%s", list->len ? ", " : "", (const char *)at->data);
		plan_warn(p, "there was no role %s when the store was read, but: %s", role, list->str);
	}
	vault_memo_done(&m);
}

bool vault_planned_order(struct op *op, struct plan *p, GError **error)
{
	const char *role = args_text(op->args, VAULT_ROLE, ""), *file = args_text(op->args, "csr", "");
	g_autofree char *csr = *file ? file_absolute(file) : NULL;
	g_autofree char *looks = g_strconcat("roles/", role, NULL);
	bool is_verbatim = vault_order_is_verbatim(op);
	g_autofree char *sends = is_verbatim ? g_strdup("sign-verbatim") :
					       g_strconcat(csr ? "sign/" : "issue/", role, NULL);
	g_auto(GStrv) names = args_list(op->args, "names");
	g_autofree char *what = names ? g_strjoinv(", ", names) : NULL;

	if (!what || !*what || !vault_order_check(op, true, error))
		return false;
	if (is_verbatim)
		plan_warn(p, "%s", VAULT_VERBATIM);
	else
		say_role(op, p, role);
	if (vault_kf_is(op->store)) {
		vault_kf_order_plan(op, p);
		vault_planned_call(op, p, PLAN_ASKS, VAULT_KF_CONFIG, "the engine's defaults");
	}
	if (csr)
		plan_call(p, PLAN_ASKS, "read", csr, "the request");
	if (!is_verbatim)
		vault_planned_call(op, p, PLAN_ASKS, looks, "what the role allows");
	vault_planned_call(op, p, PLAN_CHANGES, sends, what);
	if (csr)
		plan_not(p, "%s stays as it is, and its key is not sent", csr);
	else
		say_key(op, p);
	plan_not(p, "nothing is deployed, and no certificate of the same names is replaced or revoked");
	run_order(op, p, sends, csr, names, args_text(op->args, "ttl", ""));
	return true;
}

bool vault_planned_enrol(struct op *op, struct plan *p, GError **error)
{
	const char *role = args_text(op->args, VAULT_ROLE, "");
	g_autofree char *looks = g_strconcat("roles/", role, NULL), *sends = g_strconcat("sign/", role, NULL);
	char **names = (char **)(uintptr_t)op->enrol->names;
	g_autofree char *what = g_strjoinv(", ", names);

	if (strcmp(op->store->type, VAULT_PKI)) {
		g_set_error(error, ERR, ERR_REFUSED, "%s issues no certificates for requests",
			    op->store->title);
		return false;
	}
	if (!vault_order_check_role(role, error))
		return false;
	say_role(op, p, role);
	vault_planned_call(op, p, PLAN_ASKS, looks, "what the role allows");
	vault_planned_call(op, p, PLAN_CHANGES, sends, what);
	plan_not(p, "the private key is not sent");
	plan_not(p, "nothing is signed twice: when the answer is lost, what was issued is looked at first");
	run_order(op, p, sends, NULL, names, args_text(op->args, "validity", ""));
	plan_variable(p, "csr=@", "CSR_FILE", "the file of the request");
	return true;
}

/* ---- revoke ---- */

bool vault_planned_revoke(struct op *op, struct plan *p, GError **error)
{
	const struct vault_engine *e = vault_engine_find(op->store->type);
	g_autofree char *serial = vault_serial(op->store, op->cert.alias);

	if (!e) {
		g_set_error(error, ERR, ERR_REFUSED, "%s only keeps what others issued", op->store->title);
		return false;
	}
	vault_planned_call(op, p, PLAN_CHANGES, "revoke", op->cert.alias);
	plan_warn(p, "it cannot be undone");
	plan_not(p, "nothing takes its place where it is in use, and it is not deleted");
	plan_not(p, "the reason is not sent: the engine keeps none");
	vault_planned_run(op, p, "bao write", "revoke");
	vault_planned_word(p, e->serial, serial);
	return true;
}

/* ---- export, and handing on ---- */

static void read_secret(const struct op *op, struct plan *p)
{
	g_autofree char *secret = g_strndup(op->cert.alias, strcspn(op->cert.alias, "#"));
	g_autofree char *escaped = vault_escape(secret);
	g_autofree char *rest = g_strconcat("data/", escaped, NULL);
	g_autofree char *mount = g_strconcat("-mount=", op->store->address, NULL);
	const char *space = answer(op, VAULT_SPACE);

	vault_planned_call(op, p, PLAN_ASKS, rest, "its secret");
	plan_run(p, "bao kv get");
	plan_option(p, "-address", answer(op, VAULT_AT));
	plan_option(p, "-namespace", *space ? space : NULL);
	plan_word(p, mount);
	plan_word(p, secret);
}

static bool refuse_key(const struct op *op, GError **error)
{
	g_set_error(error, ERR, ERR_REFUSED, "%s has no keys: an engine gives one out once, when it issues",
		    op->store->title);
	return false;
}

bool vault_planned_export(struct op *op, struct plan *p, GError **error)
{
	const struct vault_engine *e = vault_engine_find(op->store->type);
	const struct bundle_form *form = bundle_file_form(op->args, error);
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	bool with_key = args_bool(op->args, "with-key"), is_kv = !strcmp(op->store->type, VAULT_KV);

	if (!form)
		return false;
	if (with_key && !is_kv)
		return refuse_key(op, error);
	if (is_kv)
		read_secret(op, p);
	else if (form->takes_chain && e)
		vault_planned_call(op, p, PLAN_ASKS, e->chain, "its issuers");
	plan_call(p, PLAN_CHANGES, "write", to, with_key ? "with its key, encrypted, mode 0600" :
							   "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is taken away in Vault, and nothing is deployed");
	return true;
}

bool vault_planned_hand(struct op *op, struct plan *p, GError **error)
{
	if (strcmp(op->store->type, VAULT_KV))
		return refuse_key(op, error);
	read_secret(op, p);
	plan_not(p, "it stays in Vault, with its key");
	return true;
}
