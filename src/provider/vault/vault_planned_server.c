/*
 * vault_planned_server: what would be done to a server itself (unsealed, initialised, given engines),
 * and how the bao command would be told the same.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/file.h>

static char *address(const struct op *op)
{
	const char *at = op->account ? args_text(op->account->answers, VAULT_AT, VAULT_ADDRESS) : "";
	size_t len = strlen(at);

	while (len && at[len - 1] == '/')
		len--;
	return g_strndup(at, len);
}

static void call(struct plan *p, unsigned how, const char *at, const char *path, const char *what)
{
	g_autofree char *where = g_strconcat(at, "/v1/", path, NULL);

	plan_call(p, how, how & PLAN_CHANGES ? "POST" : "GET", where, what);
}

bool vault_planned_unseal(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *at = address(op);
	bool is_reset = args_bool(op->args, "reset");

	(void)error;
	call(p, PLAN_ASKS, at, "sys/seal-status", "how many keys it has and needs");
	call(p, PLAN_CHANGES, at, "sys/unseal", is_reset ? "drops the keys given so far" :
							   "one call for each key");
	plan_not(p, "the keys are kept nowhere, and nobody signs in");
	if (is_reset)
		plan_warn(p, "whoever has given keys already has to give them again");
	plan_run(p, "bao operator unseal");
	plan_option(p, "-address", at);
	if (is_reset)
		plan_word(p, "-reset");
	else
		plan_remark(p, "it asks for one key at a time");
	return true;
}

/* ---- init ---- */

static void run_init(const struct op *op, struct plan *p, const char *at, char *const *pgp)
{
	g_autofree char *files = *pgp ? g_strjoinv(",", (char **)(uintptr_t)pgp) : NULL;
	const char *root = args_text(op->args, "root-pgp-key", "");

	plan_run(p, "bao operator init");
	plan_option(p, "-address", at);
	plan_option(p, "-key-shares", args_text(op->args, "shares", ""));
	plan_option(p, "-key-threshold", args_text(op->args, "threshold", ""));
	plan_option(p, "-pgp-keys", files);
	plan_option(p, "-root-token-pgp-key", *root ? root : NULL);
	plan_remark(p, "it prints the keys and the root token");
}

bool vault_planned_init(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *at = address(op), *file = file_absolute(args_text(op->args, "file", ""));
	g_auto(GStrv) pgp = args_list(op->args, "pgp-keys");
	const char *root = args_text(op->args, "root-pgp-key", "");

	if (!vault_init_check(op, error))
		return false;
	call(p, PLAN_ASKS, at, "sys/seal-status", "whether it is new");
	for (char **name = pgp; *name; name++)
		plan_call(p, PLAN_ASKS, "read", *name, "a PGP public key");
	if (*root)
		plan_call(p, PLAN_ASKS, "read", root, "a PGP public key");
	plan_call(p, PLAN_CHANGES, "write", file, *pgp ? "the keys, encrypted, and the root token, mode 0600" :
		  "the keys and the root token, mode 0600");
	call(p, PLAN_CHANGES, at, "sys/init", "makes the keys");
	if (!*pgp)
		plan_warn(p, "whoever has the file can unseal the server: give each key to another person, "
			  "then delete it");
	if (!*root)
		plan_warn(p, "whoever has the root token may do everything there");
	plan_not(p, "the keys and the token are kept nowhere else, and cannot be had again");
	plan_not(p, "it stays sealed: unseal is the next step");
	run_init(op, p, at, pgp);
	return true;
}

/* ---- engines ---- */

static void run(const struct op *op, struct plan *p, const char *program)
{
	g_autofree char *at = address(op);
	const char *space = args_text(op->account->answers, VAULT_SPACE, "");

	plan_run(p, program);
	plan_option(p, "-address", at);
	plan_option(p, "-namespace", *space ? space : NULL);
}

static void say_lives(const struct op *op, struct plan *p)
{
	const char *description = args_text(op->args, "description", "");
	g_autofree char *usual = vault_span(op, "default-ttl"), *most = vault_span(op, "max-ttl");

	plan_option(p, "-description", *description ? description : NULL);
	plan_option(p, "-default-lease-ttl", usual);
	plan_option(p, "-max-lease-ttl", most);
}

bool vault_planned_mount(struct op *op, struct plan *p, GError **error)
{
	const char *type = args_text(op->args, "type", "pki");
	g_autofree char *at = address(op), *path = vault_enable_path(op);
	g_autofree char *escaped = vault_escape(path), *where = g_strconcat("sys/mounts/", escaped, NULL);

	(void)error;
	call(p, PLAN_CHANGES, at, where, type);
	plan_not(p, "it has no CA, role or secret of its own yet: it issues nothing until it is set up");
	run(op, p, "bao secrets enable");
	plan_option(p, "-path", path);
	say_lives(op, p);
	plan_option(p, "-version", strcmp(type, VAULT_KV) ? NULL : "2");
	plan_word(p, type);
	return true;
}

bool vault_planned_tune(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *at = address(op), *escaped = vault_escape(op->store->address);
	g_autofree char *where = g_strconcat("sys/mounts/", escaped, "/tune", NULL);

	if (!vault_tune_check(op, error))
		return false;
	call(p, PLAN_CHANGES, at, where, "its description and lives");
	plan_not(p, "what was issued before keeps its life, and what is not named stays as it is");
	run(op, p, "bao secrets tune");
	say_lives(op, p);
	plan_word(p, op->store->address);
	return true;
}

bool vault_planned_plugin(struct op *op, struct plan *p, GError **error)
{
	const char *name = args_text(op->args, "name", ""), *version = args_text(op->args, "release", "");
	g_autofree char *at = address(op), *where = g_strconcat("sys/plugins/catalog/secret/", name, NULL);
	g_auto(GStrv) words = args_list(op->args, "args");
	g_autofree char *list = *words ? g_strjoinv(",", words) : NULL;

	(void)error;
	call(p, PLAN_CHANGES, at, where, args_text(op->args, "command", ""));
	plan_warn(p, "the server runs that program from then on, with all that it may do itself");
	plan_not(p, "no engine of it is enabled: mount does that");
	plan_not(p, "the program is not brought there: it has to lie in the server's folder of plug-ins");
	run(op, p, "bao plugin register");
	plan_option(p, "-sha256", args_text(op->args, "sha256", ""));
	plan_option(p, "-command", args_text(op->args, "command", ""));
	plan_option(p, "-args", list);
	plan_option(p, "-version", *version ? version : NULL);
	plan_word(p, "secret");
	plan_word(p, name);
	return true;
}
