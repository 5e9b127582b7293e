/*
 * The login of the Azure CLI, borrowed by asking the CLI itself: what it keeps in its files is its
 * own affair, and it renews it.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/spawn.h>

#define OUTPUT_MAX (64u << 10)
#define LIMIT_MS   60000	/* it is slow to start, and may have to renew */

static step_fn read_cli;

struct asked {
	char *resource, *tenant;
	int64_t now;
};

static void free_in(void *in)
{
	struct asked *a = in;

	g_free(a->resource);
	g_free(a->tenant);
	g_free(a);
}

static void free_out(void *out)
{
	struct token *t = out;

	token_done(t);
	g_free(t);
}

char *azure_cli_folder(void)
{
	const char *folder = g_getenv("AZURE_CONFIG_DIR");

	return folder && *folder ? file_absolute(folder) : file_absolute("~/.azure");
}

static void explain(const struct spawn_result *r, GError **error)
{
	const char *said = r->complaint ? r->complaint : "";

	if (strstr(said, "az login") || strstr(said, "AADSTS"))
		g_set_error(error, ERR, ERR_SIGN_IN, "the Azure CLI is not signed in; run az login (it "
			    "said: %.*s)", (int)MIN(strcspn(said, "\r\n"), 300), said);
	else
		g_set_error(error, ERR, ERR_FAILED, "az account get-access-token ended with status %d: "
			    "%.*s", r->status, (int)MIN(strcspn(said, "\r\n"), 300), said);
}

static void ask_cli(struct work *w)
{
	const struct asked *a = w->in;
	const char *argv[] = { "az", "account", "get-access-token", "--output", "json", "--resource",
			       a->resource, a->tenant ? "--tenant" : NULL, a->tenant, NULL };
	struct spawn what = { .argv = argv, .max_output = OUTPUT_MAX, .limit_ms = LIMIT_MS,
			      .stop = &w->stop };
	struct spawn_result result = { 0 };
	struct token t = { 0 };
	const void *bytes;
	gsize len;

	if (!spawn_run(&what, &result, &w->error)) {
		g_prefix_error(&w->error, "asking the Azure CLI for a token: ");
		return;
	}
	bytes = g_bytes_get_data(result.output, &len);
	if (result.status)
		explain(&result, &w->error);
	else if (azure_reply_cli_token(bytes, len, a->now, &t, &w->error))
		w->out = g_memdup2(&t, sizeof(t));
	spawn_result_done(&result);
}

struct next azure_cli_begin(struct op *op, const struct reply *none)
{
	const struct azure *a = azure_of(op);
	const char *resource, *tenant;
	struct asked *asked;
	GError *error = NULL;

	(void)none;
	if (!azure_cloud_resource(a->cloud, a->scope, &resource, &tenant, &error))
		return next_fail_error(op, error);
	asked = g_new0(struct asked, 1);
	asked->resource = g_strdup(resource);
	asked->tenant = g_strdup(tenant ? tenant : args_get(a->with, "login-tenant"));
	asked->now = op->now;
	return next_work(work_new(ask_cli, asked, free_in, free_out), read_cli);
}

static struct next read_cli(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return azure_token_failed(op, g_steal_pointer(&op->work->error));
	return azure_token_took(op, op->work->out);
}
