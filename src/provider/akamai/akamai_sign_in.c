/*
 * akamai_sign_in: a credential becomes an open account.
 *
 * Nothing is sent: each request is signed for itself.  What comes from a file is read again, since
 * whoever rotates the credential changes it there.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/ini.h>
#include <certty/net/sign_edgegrid.h>

/* Reading a file on the job pool. */
struct reading {
	char *path, *section;
};

static void reading_free(void *data)
{
	struct reading *r = data;

	g_free(r->path);
	g_free(r->section);
	g_free(r);
}

static void free_args(void *data)
{
	args_free(data);
}

static void wipe_bytes(GBytes *bytes)
{
	gsize len;
	gpointer data = g_bytes_unref_to_data(bytes, &len);

	secret_wipe(data, len);
}

static void read_file(struct work *w)
{
	const struct reading *in = w->in;
	g_autofree char *shown = file_shown(in->path), *open_to = NULL;
	GBytes *bytes = file_read(in->path, INI_BYTES, NULL, &w->error);
	g_autoptr(args) answers = args_new();

	if (bytes && akamai_edgerc_read(bytes, in->section, answers, &w->error)) {
		open_to = akamai_find_open_to(in->path);
		if (open_to)
			args_set(answers, AKAMAI_WARNING, open_to);
		w->out = g_steal_pointer(&answers);
	}
	if (bytes)
		wipe_bytes(bytes);
	if (w->error)
		g_prefix_error(&w->error, "the credential is not in %s: ", shown);
}

static struct next open_account(struct op *op, const struct args *from, char *where)
{
	static const char *const keys[] = { AKAMAI_HOST, AKAMAI_CLIENT, AKAMAI_ACCESS, AKAMAI_SWITCH,
					    AKAMAI_CONTRACT, AKAMAI_SIGNED, AKAMAI_WARNING };
	const struct secret *secret = args_secret(from, AKAMAI_SECRET);
	struct access *a;

	if (!secret || !secret->len) {
		g_free(where);
		return next_fail(op, ERR_SIGN_IN, "there is no client secret for the account; enter it "
				 "anew by rotating it");
	}
	a = access_new();
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *own = args_get(op->login, keys[i]);

		args_set(a->with, keys[i], own && *own && from != op->login ? own
									      : args_get(from, keys[i]));
	}
	args_put_secret(a->with, AKAMAI_SECRET, secret_dup(secret));
	a->from = where;
	a->is_renewable = from != op->login;
	op_open(op, a);
	return next_done();
}

static struct next take_file(struct op *op, const struct reply *none)
{
	const struct reading *in = op->work->in;
	g_autofree char *shown = file_shown(in->path);

	(void)none;
	if (op->work->error) {
		op->work->error->code = ERR_SIGN_IN;
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	}
	return open_account(op, op->work->out, g_strdup_printf("%s [%s]", shown, in->section));
}

static struct next from_environment(struct op *op, const char *section)
{
	g_autoptr(args) answers = args_new();
	GError *error = NULL;

	if (!akamai_edgerc_environment(section, answers, &error)) {
		error->code = ERR_SIGN_IN;
		g_prefix_error(&error, "the credential is not in the environment: ");
		return next_fail_error(op, error);
	}
	return open_account(op, answers, g_strdup("the environment"));
}

struct next akamai_sign_in(struct op *op, const struct reply *none)
{
	const char *from = args_text(op->login, AKAMAI_FROM, "keys");
	const char *section = args_text(op->login, AKAMAI_SECTION, "default");
	struct reading *r;

	(void)none;
	if (!strcmp(from, "environment"))
		return from_environment(op, section);
	if (strcmp(from, "edgerc"))
		return open_account(op, op->login, NULL);
	r = g_new0(struct reading, 1);
	r->path = akamai_find_file(args_get(op->login, AKAMAI_FILE));
	r->section = g_strdup(section);
	return next_work(work_new(read_file, r, reading_free, free_args), take_file);
}

bool akamai_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	g_autofree char *base = akamai_ask_base(args_text(a->with, AKAMAI_HOST, ""));
	g_auto(GStrv) headers = args_list(a->with, AKAMAI_SIGNED);
	struct edgegrid_key key = {
		.client_token = args_text(a->with, AKAMAI_CLIENT, ""),
		.access_token = args_text(a->with, AKAMAI_ACCESS, ""),
		.client_secret = args_secret(a->with, AKAMAI_SECRET),
		.headers = (const char *const *)headers,
	};

	if (!key.client_secret) {
		g_set_error(error, ERR, ERR_SIGN_IN, "the account is open without a client secret");
		return false;
	}
	if (!g_str_has_prefix(r->url, base) || r->url[strlen(base)] != '/') {
		g_set_error(error, ERR, ERR_REFUSED,
			    "nothing is signed for another address than %s", base);
		return false;
	}
	return sign_edgegrid(r, &key, now, NULL, error);
}
