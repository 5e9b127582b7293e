/*
 * aws_gather: what of a plan must block: running a credential_process, reading tokens.
 *
 * Tokens in files are read anew each time: whoever put them there replaces them before they end.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/spawn.h>
#include <certty/base/text.h>

#define PROCESS_MS  (60 * 1000)		/* such a program may ask a server itself */
#define PROCESS_MAX (64u << 10)

/* ---- credential_process ---- */

static bool read_output(struct aws_plan *p, const struct spawn_result *done, GError **error)
{
	gsize len;
	const void *bytes = g_bytes_get_data(done->output, &len);
	g_autoptr(json) j = json_parse(bytes, len, PROCESS_MAX, error);
	int64_t version = 0;

	if (!j) {
		g_prefix_error(error, "%s did not print JSON: ", p->from);
		return false;
	}
	if (!json_int(j, "Version", &version) || version != 1) {
		g_set_error(error, ERR, ERR_FORMAT, "%s printed no credentials of Version 1",
			    p->from);
		return false;
	}
	return aws_keys_read(j, AWS_KEYS_PROCESS, p->from, &p->keys, error);
}

static bool run_process(struct aws_plan *p, int64_t now, const atomic_bool *stop, GError **error)
{
	g_auto(GStrv) argv = NULL;
	struct spawn what = { .max_output = PROCESS_MAX, .limit_ms = PROCESS_MS, .stop = stop };
	struct spawn_result done = { 0 };
	bool is_read = false;

	if (!g_shell_parse_argv(p->command, NULL, &argv, NULL)) {
		g_set_error(error, ERR, ERR_FORMAT, "%s: its quotes do not match", p->from);
		return false;
	}
	what.argv = (const char *const *)argv;
	if (!spawn_run(&what, &done, error)) {
		g_prefix_error(error, "%s: ", p->from);
		return false;
	}
	if (done.status)
		g_set_error(error, ERR, ERR_SIGN_IN, "%s failed with status %d%s%s", p->from,
			    done.status, *done.complaint ? ": " : "", done.complaint);
	else
		is_read = read_output(p, &done, error);
	spawn_result_done(&done);
	if (is_read && p->keys.ends && p->keys.ends <= now) {
		g_set_error(error, ERR, ERR_SIGN_IN, "%s printed keys that have ended", p->from);
		return false;
	}
	return is_read;
}

/* ---- tokens ---- */

/* A token as a header or a form takes it; what a file has around it is no part of it. */
static struct secret *token_of(GBytes *bytes)
{
	gsize len;
	const char *text = g_bytes_get_data(bytes, &len);

	while (len && g_ascii_isspace(*text)) {
		text++;
		len--;
	}
	while (len && g_ascii_isspace(text[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isprint(text[i]))
			return NULL;
	return len ? secret_new(text, len) : NULL;
}

static bool read_token_file(struct aws_plan *p, int64_t now, const atomic_bool *stop,
			    GError **error)
{
	g_autofree char *path = file_absolute(p->file), *shown = file_shown(path);
	GBytes *bytes = file_read(path, AWS_TOKEN_MAX, NULL, error);

	(void)now;
	(void)stop;
	if (!bytes) {
		g_prefix_error(error, "%s: ", p->from);
		return false;
	}
	p->token = token_of(bytes);
	aws_shared_wipe(bytes);
	if (!p->token)
		g_set_error(error, ERR, ERR_FORMAT, "%s: there is no token in %s", p->from, shown);
	return p->token;
}

static bool read_container(struct aws_plan *p, int64_t now, const atomic_bool *stop,
			   GError **error)
{
	if (p->file)
		return read_token_file(p, now, stop, error);
	if (p->token && (memchr(p->token->bytes, '\r', p->token->len) ||
			 memchr(p->token->bytes, '\n', p->token->len))) {
		g_set_error(error, ERR, ERR_FORMAT, "AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line "
			    "break");
		return false;
	}
	return true;
}

static bool read_sso(struct aws_plan *p, int64_t now, const atomic_bool *stop, GError **error)
{
	(void)stop;
	return aws_sso_read_token(p, now, error);
}

bool aws_gather(struct aws_plan *p, int64_t now, const atomic_bool *stop, GError **error)
{
	static bool (*const by_base[])(struct aws_plan *, int64_t, const atomic_bool *,
				       GError **) = {
		[AWS_BASE_PROCESS] = run_process,     [AWS_BASE_SSO] = read_sso,
		[AWS_BASE_WEB] = read_token_file,     [AWS_BASE_CONTAINER] = read_container,
		[AWS_BASE_INSTANCE] = NULL,
	};

	return !by_base[p->base] || by_base[p->base](p, now, stop, error);
}
