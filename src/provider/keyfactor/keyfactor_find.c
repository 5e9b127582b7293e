/*
 * keyfactor_find: servers that Keyfactor's own tools are set up for: one by the environment, and
 * each of command_config.json.
 *
 * Where the environment names a file or a server of it, that is the one that the tools use.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define SERVERS_MAX 1000u

/* What of the answers an account keeps: where it is, and how it is trusted. */
static const char *const kept[] = { "host", "api-path", "ca-file", NULL };

static struct account *account_of(const char *name, const struct args *read, const char *from)
{
	g_autofree char *id = g_strconcat("keyfactor:", name, NULL);
	struct account *a = account_id_is_fit(id) ? account_new(id) : NULL;

	if (!a)
		return NULL;
	a->origin = ACCOUNT_FOUND;
	g_free(a->provider);
	a->provider = g_strdup("keyfactor");
	g_free(a->title);
	a->title = g_strdup_printf("Command at %s", args_get(read, "host"));
	g_free(a->secret_from);
	a->secret_from = g_strdup(strcmp(args_get(read, "auth"), "kerberos") ? from :
				  "Kerberos ticket");
	g_free(a->found_in);
	a->found_in = g_strdup(from);
	for (const char *const *key = kept; *key; key++)
		args_set(a->answers, *key, args_get(read, *key));
	return a;
}

static void tell(GPtrArray *troubles, const char *where, const char *what)
{
	g_ptr_array_add(troubles, g_strdup_printf("%s: %s", where, what));
}

#define UNCHECKED "its certificate is not to be checked, which certty does all the same; name its CA"

static void find_in_environment(GPtrArray *found, GPtrArray *troubles)
{
	g_autoptr(args) read = args_new();
	g_autoptr(GError) error = NULL;
	const char *skip = g_getenv("KEYFACTOR_SKIP_VERIFY");
	struct account *a;

	if (!keyfactor_read_environment(read, &error)) {
		if (error)
			tell(troubles, "KEYFACTOR_ variables", error->message);
		return;
	}
	a = account_of("environment", read, "KEYFACTOR_ variables");
	args_set(a->answers, "auth", "environment");
	g_ptr_array_add(found, a);
	if (skip && (!g_ascii_strcasecmp(skip, "true") || !strcmp(skip, "1")))
		tell(troubles, "KEYFACTOR_SKIP_VERIFY", UNCHECKED);
}

static void add_server(const char *path, const char *shown, const char *name,
		       const struct json *server, GPtrArray *found, GPtrArray *troubles)
{
	g_autofree char *harmless = text_harmless_dup(name, 80);
	g_autofree char *from = g_strdup_printf("%s [%s]", shown, harmless);
	g_autoptr(args) read = args_new();
	g_autoptr(GError) error = NULL;
	struct account *a;

	if (!keyfactor_read_server(server, read, &error)) {
		tell(troubles, from, error ? error->message : "it has no host");
		return;
	}
	a = account_of(name, read, from);
	if (!a) {
		tell(troubles, from, "its name cannot be an account's: letters, digits and ._:@-");
		return;
	}
	args_set(a->answers, "auth", "config-file");
	args_set(a->answers, "config", path);
	args_set(a->answers, "server", name);
	g_ptr_array_add(found, a);
	if (keyfactor_skips_checks(server))
		tell(troubles, from, UNCHECKED);
}

void keyfactor_find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	g_autofree char *path = keyfactor_config_file(), *shown = file_shown(path);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;
	const struct json *servers;

	find_in_environment(found, troubles);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	j = keyfactor_read_config(path, &error);
	if (!j) {
		g_ptr_array_add(troubles, g_strdup(error->message));
		return;
	}
	servers = keyfactor_get(j, "servers");
	if (json_count(servers) > SERVERS_MAX)
		tell(troubles, shown, "there are more servers in it than are looked at");
	for (size_t i = 0; i < MIN(json_count(servers), SERVERS_MAX); i++)
		add_server(path, shown, json_key_at(servers, i) ? json_key_at(servers, i) : "",
			   json_at(servers, i), found, troubles);
}
