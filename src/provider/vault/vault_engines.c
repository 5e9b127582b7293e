/*
 * vault_engines: engines are enabled at a path and tuned, and plug-ins registered.
 *
 * Each is one call, which a server takes once: a path that is in use is refused by it.
 */
#include "vault_own.h"

#include <inttypes.h>
#include <string.h>

#include <certty/base/clock.h>

#define ENABLING    "enabling the engine"
#define TUNING	    "tuning the engine"
#define REGISTERING "registering the plug-in"

struct changing {
	char *path;		/* that is called, escaped */
	char *mount;		/* that is enabled */
};

static step_fn enabled, tuned, registered;

static void changing_done(void *changing)
{
	struct changing *c = changing;

	g_free(c->path);
	g_free(c->mount);
}

static struct changing *begin(struct op *op)
{
	return vault_begin(op, sizeof(struct changing), changing_done);
}

static struct next not_open(struct op *op)
{
	return next_fail(op, ERR_SIGN_IN, "the account is not open");
}

/* Such a call has nothing to answer. */
static bool is_done(const struct reply *r)
{
	return !r->error && (r->status == 200 || r->status == 204);
}

/* ---- answers ---- */

char *vault_enable_path(const struct op *op)
{
	const char *given = args_text(op->args, "path", "");
	size_t len;

	given += strspn(given, "/");
	len = strlen(given);
	while (len && given[len - 1] == '/')
		len--;
	return g_strndup(given, len);
}

char *vault_span(const struct op *op, const char *key)
{
	int64_t span = 0;

	return clock_read_span(args_text(op->args, key, ""), &span) && span > 0 ?
		       g_strdup_printf("%" PRId64 "s", span) : NULL;
}

static void put(struct json_writer *w, const char *key, const char *value)
{
	if (value && *value)
		json_put_str(w, key, value);
}

static void put_lives(const struct op *op, struct json_writer *w)
{
	g_autofree char *usual = vault_span(op, "default-ttl"), *most = vault_span(op, "max-ttl");

	put(w, "default_lease_ttl", usual);
	put(w, "max_lease_ttl", most);
}

/* ---- enable ---- */

struct next vault_enable(struct op *op, const struct reply *none)
{
	struct changing *c = begin(op);
	struct json_writer w = { .out = vault_body_new(0) };
	const char *type = args_text(op->args, "type", VAULT_PKI);
	g_autofree char *escaped = NULL;

	(void)none;
	if (!c) {
		g_string_free(w.out, TRUE);
		return not_open(op);
	}
	c->mount = vault_enable_path(op);
	escaped = vault_escape(c->mount);
	c->path = g_strconcat("sys/mounts/", escaped, NULL);
	json_open(&w, NULL, '{');
	json_put_str(&w, "type", type);
	put(&w, "description", args_text(op->args, "description", ""));
	json_open(&w, "config", '{');
	put_lives(op, &w);
	json_close(&w, '}');
	if (!strcmp(type, VAULT_KV)) {
		json_open(&w, "options", '{');
		json_put_str(&w, "version", "2");
		json_close(&w, '}');
	}
	json_close(&w, '}');
	return next_send(vault_ask(op, c->path, w.out), enabled);
}

/* A KV is a store once there are certificates in it, which one that is new has not. */
static struct next enabled(struct op *op, const struct reply *r)
{
	const struct changing *c = vault_mine(op);
	const struct vault *v = op->scratch;
	const char *name = args_text(op->args, "type", VAULT_PKI), *type = vault_store_type(name, NULL);
	struct store *s = NULL;

	if (!is_done(r))
		return vault_refuse(op, r, ENABLING, "update", c->path);
	if (type) {
		s = vault_store_new(op, type, "", c->mount);
		op_touch(op, s->id);
		op_put_store(op, s);
	}
	op_say(op, "%s is enabled at %s of %s%s", name, c->mount, v->at,
	       type ? ", and is a store now" : "");
	return next_done();
}

/* ---- tune ---- */

bool vault_tune_check(const struct op *op, GError **error)
{
	static const char *const keys[] = { "description", "default-ttl", "max-ttl" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (*args_text(op->args, keys[i], ""))
			return true;
	g_set_error(error, ERR, ERR_USAGE, "say what is to be changed: description, default-ttl or max-ttl");
	return false;
}

struct next vault_tune(struct op *op, const struct reply *none)
{
	struct changing *c;
	struct json_writer w;
	GError *error = NULL;
	g_autofree char *rest = vault_below(op, "tune");

	(void)none;
	if (!vault_tune_check(op, &error))
		return next_fail_error(op, error);
	c = begin(op);
	if (!c)
		return not_open(op);
	c->path = g_strconcat("sys/mounts/", rest, NULL);
	w = (struct json_writer){ .out = vault_body_new(0) };
	json_open(&w, NULL, '{');
	put(&w, "description", args_text(op->args, "description", ""));
	put_lives(op, &w);
	json_close(&w, '}');
	return next_send(vault_ask(op, c->path, w.out), tuned);
}

static struct next tuned(struct op *op, const struct reply *r)
{
	const struct changing *c = vault_mine(op);

	if (!is_done(r))
		return vault_refuse(op, r, TUNING, "update", c->path);
	op_say(op, "%s is tuned", op->store->title);
	return next_done();
}

/* ---- plug-ins ---- */

struct next vault_plugin(struct op *op, const struct reply *none)
{
	struct changing *c = begin(op);
	g_auto(GStrv) words = args_list(op->args, "args");
	struct json_writer w;

	(void)none;
	if (!c)
		return not_open(op);
	c->path = g_strconcat("sys/plugins/catalog/secret/", args_text(op->args, "name", ""), NULL);
	w = (struct json_writer){ .out = vault_body_new(0) };
	json_open(&w, NULL, '{');
	json_put_str(&w, "sha256", args_text(op->args, "sha256", ""));
	json_put_str(&w, "command", args_text(op->args, "command", ""));
	put(&w, "version", args_text(op->args, "release", ""));
	if (*words) {
		json_open(&w, "args", '[');
		for (char **word = words; *word; word++)
			json_put_str(&w, NULL, *word);
		json_close(&w, ']');
	}
	json_close(&w, '}');
	return next_send(vault_ask(op, c->path, w.out), registered);
}

static struct next registered(struct op *op, const struct reply *r)
{
	const struct changing *c = vault_mine(op);
	const struct vault *v = op->scratch;

	if (!is_done(r))
		return vault_refuse(op, r, REGISTERING, "sudo", c->path);
	op_look_for_stores(op);
	op_say(op, "the plug-in %s is registered at %s: mount enables an engine of it",
	       args_text(op->args, "name", ""), v->at);
	return next_done();
}
