/*
 * vault_find: servers that the bao and vault commands would talk to from here.
 *
 * One account for each of the two where they differ: OpenBao's takes BAO_ names first.  The token
 * stays where it is; here it is only looked whether there is one.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define ANSWER_MAX 4096	/* bytes of one variable */

struct means {
	const char *variable, *key;
};

/* clang-format off */
static const struct means means[] = {
	{ "NAMESPACE",       VAULT_SPACE },
	{ "CACERT",          "ca-file" },
	{ "CAPATH",          "ca-folder" },
	{ "CLIENT_CERT",     "cert-file" },
	{ "CLIENT_KEY",      "key-file" },
	{ "TLS_SERVER_NAME", "tls-name" },
	{ "HTTP_PROXY",      "proxy" },
	{ "PROXY_ADDR",      "proxy" },	/* wins */
};

static const struct {
	const char *variable, *sentence;
} unheeded[] = {
	{ "SKIP_VERIFY",  "certty always checks who answers; name the CA in VAULT_CACERT" },
	{ "CACERT_BYTES", "certty reads CAs from files; put it into one and name that in VAULT_CACERT" },
};
/* clang-format on */

static bool says_no(const char *value)
{
	static const char *const words[] = { "0", "f", "F", "false", "False", "FALSE", NULL };

	return g_strv_contains(words, value);
}

static void tell_unheeded(bool is_bao, GPtrArray *troubles)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unheeded); i++) {
		const char *value = vault_variable(is_bao, unheeded[i].variable);

		if (value && !says_no(value))
			g_ptr_array_add(troubles,
					g_strdup_printf("%s_%s is set, and not heeded: %s",
							is_bao ? "BAO_ or VAULT" : "VAULT",
							unheeded[i].variable,
							unheeded[i].sentence));
	}
}

/* ---- where the token is ---- */

static bool is_in(const char *variable)
{
	const char *value = g_getenv(variable);

	return value && *value;
}

static char *secret_from(bool is_bao)
{
	g_autofree char *config = vault_helper_config(is_bao), *file = vault_token_file(is_bao);

	if (is_bao && is_in("BAO_TOKEN"))
		return g_strdup("BAO_TOKEN");
	if (is_in("VAULT_TOKEN"))
		return g_strdup("VAULT_TOKEN");
	if (g_file_test(config, G_FILE_TEST_IS_REGULAR)) {
		g_autofree char *shown = file_shown(config);

		return g_strdup_printf("token helper of %s", shown);
	}
	if (g_file_test(file, G_FILE_TEST_EXISTS))
		return file_shown(file);
	return NULL;
}

/* ---- an account ---- */

static const char *address_of(bool is_bao)
{
	const char *agent = vault_variable(is_bao, "AGENT_ADDR");

	return agent ? agent : vault_variable(is_bao, "ADDR");
}

static bool answer(struct account *a, const char *key, const char *value, GPtrArray *troubles)
{
	const struct field *f = field_find(vault_fields, key);
	g_autoptr(GError) error = NULL;

	if (!f)
		f = field_find(account_common_fields, key);
	if (strlen(value) > ANSWER_MAX || !g_utf8_validate(value, -1, NULL))
		g_set_error(&error, ERR, ERR_LIMIT, "it is too long, or no text");
	else if (f)
		field_check_one(f, value, &error);
	if (!error) {
		args_set(a->answers, key, value);
		return true;
	}
	g_ptr_array_add(troubles, g_strdup_printf("Vault in the environment: %s", error->message));
	return false;
}

static struct account *account_of(bool is_bao, const char *address, const char *from,
				  GPtrArray *troubles)
{
	struct account *a = account_new(is_bao ? "vault:bao" : "vault:vault");
	g_autofree char *shown = text_harmless_dup(address, 200);
	const char *host = strstr(shown, "://");

	if (!answer(a, VAULT_AT, address, troubles)) {
		account_unref(a);
		return NULL;
	}
	a->origin = ACCOUNT_FOUND;
	g_free(a->provider);
	a->provider = g_strdup("vault");
	g_free(a->title);
	a->title = g_strdup_printf("Vault at %s", host ? host + 3 : shown);
	g_free(a->secret_from);
	a->secret_from = g_strdup(from ? from : "");
	g_free(a->found_in);
	a->found_in = g_strdup(address_of(is_bao) || !from ? "the environment" : from);
	args_set(a->answers, "auth", "environment");
	args_set(a->answers, "tool", is_bao ? "bao" : "vault");
	for (size_t i = 0; i < G_N_ELEMENTS(means); i++) {
		const char *value = vault_variable(is_bao, means[i].variable);

		if (value)
			answer(a, means[i].key, value, troubles);
	}
	return a;
}

static void add(bool is_bao, GPtrArray *found, GPtrArray *troubles)
{
	const char *address = address_of(is_bao);
	g_autofree char *from = secret_from(is_bao);
	struct account *a;

	if (!address && !from)
		return;
	a = account_of(is_bao, address ? address : VAULT_ADDRESS, from, troubles);
	if (a && !from)
		a->trouble = g_strdup("there is no token: sign in with the bao or vault command");
	if (a)
		g_ptr_array_add(found, a);
	tell_unheeded(is_bao, troubles);
}

/* Whether anything here is OpenBao's alone. */
static bool is_bao_here(void)
{
	g_autofree char *config = g_build_filename(g_get_home_dir(), ".bao", NULL);
	static const char *const names[] = { "BAO_ADDR", "BAO_AGENT_ADDR", "BAO_TOKEN",
					     "BAO_TOKEN_PATH", "BAO_CONFIG_PATH" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (is_in(names[i]))
			return true;
	return g_file_test(config, G_FILE_TEST_IS_REGULAR);
}

void vault_find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	bool has_bao = is_bao_here();
	const char *of_bao = address_of(true), *of_vault = address_of(false);

	if (has_bao)
		add(true, found, troubles);
	if (!has_bao || (of_bao && of_vault && strcmp(of_bao, of_vault)))
		add(false, found, troubles);
}
