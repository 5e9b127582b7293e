/*
 * vault_kf_set: changing how Keyfactor's engine reaches Command, or writing down what it hides.
 *
 *   read it ─► what differs ─► write that alone ─► read it again
 *
 * The engine tries nothing when it is told: whether Command takes it shows with the next order.
 */
#include "vault_kf.h"
#include "vault_planned.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define READING	 "reading the engine's configuration"
#define WRITING	 "writing the engine's configuration"
#define DELETING "deleting the engine's configuration"
#define FILE_MODE 0600

struct writing {
	struct vault_memo memo;
	GPtrArray *changes;	/* struct vault_kf_change */
	bool is_unread;		/* the token may write it, and not read it */
};

struct revealing {		/* of the work */
	char *path;
	struct secret *text;
};

static step_fn heard, written, read_back, revealed, file_written, unset;

static void writing_done(void *p)
{
	struct writing *s = p;

	vault_memo_done(&s->memo);
	g_ptr_array_unref(s->changes);
}

/* NULL: the account is not open. */
static struct writing *begin(struct op *op)
{
	struct writing *s = vault_begin(op, sizeof(*s), writing_done);

	if (!s)
		return NULL;
	vault_memo_read(&s->memo, op->memo);
	s->changes = g_ptr_array_new_with_free_func(vault_kf_change_free);
	return s;
}

static struct next not_open(struct op *op)
{
	return next_fail(op, ERR_SIGN_IN, "the account is not open");
}

struct next vault_kf_set(struct op *op, const struct reply *none)
{
	const char *file = args_text(op->args, "reveal-file", "");
	g_autofree char *path = vault_below(op, *file ? VAULT_KF_CONFIG "?show_hidden=true" : VAULT_KF_CONFIG);
	GError *error = NULL;

	(void)none;
	if (!vault_kf_is(op->store))
		return next_fail(op, ERR_REFUSED, "%s is no engine of Keyfactor's", op->store->title);
	if (!vault_kf_config_check(op->args, &error))
		return next_fail_error(op, error);
	return !begin(op) ? not_open(op) : next_send(vault_ask(op, path, NULL), *file ? revealed : heard);
}

static struct next no_path(struct op *op)
{
	return next_fail(op, ERR_REFUSED, "%s: an engine of 1.0 or 1.1 takes its configuration from the file "
			 "that KF_CONF_PATH names on the Vault server, and from nowhere else",
			 op->store->title);
}

/* ---- what is changed ---- */

static char *names_of(const struct writing *s)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < s->changes->len; i++) {
		const struct vault_kf_change *c = s->changes->pdata[i];

		g_string_append_printf(names, "%s%s", i ? ", " : "", c->field->ask);
	}
	return g_string_free(names, FALSE);
}

static void put(struct json_writer *w, const struct vault_kf_change *c)
{
	if (c->field->kind == VAULT_KF_BOOL)
		json_put_bool(w, c->field->key, !strcmp(c->after, "yes"));
	else if (c->field->kind == VAULT_KF_SPAN)
		json_put_int(w, c->field->key, g_ascii_strtoll(c->after, NULL, 10));
	else
		json_put_str(w, c->field->key, c->secret ? c->secret->bytes : c->after);
}

/* A body that had to grow would leave secrets behind. */
static GString *body_of(const struct writing *s)
{
	size_t room = 0;
	struct json_writer w = { 0 };

	for (guint i = 0; i < s->changes->len; i++) {
		const struct vault_kf_change *c = s->changes->pdata[i];

		room += (c->secret ? c->secret->len : strlen(c->after)) + strlen(c->field->key) + 8;
	}
	w.out = vault_body_new(room);
	json_open(&w, NULL, '{');
	for (guint i = 0; i < s->changes->len; i++)
		put(&w, s->changes->pdata[i]);
	json_close(&w, '}');
	return w.out;
}

static struct next write_it(struct op *op, int version)
{
	struct writing *s = vault_mine(op);
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);
	GError *error = NULL;

	if (!vault_kf_config_changes(s->memo.facts, op->args, version, s->changes, &error))
		return next_fail_error(op, error);
	if (s->changes->len)
		return next_send(vault_ask(op, path, body_of(s)), written);
	op_say(op, "the engine's configuration is so already");
	return next_done();
}

/* None yet is no fault: then all of it is new. */
static struct next heard(struct op *op, const struct reply *r)
{
	struct writing *s = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);
	int version = vault_kf_version(s->memo.facts);

	if (!r->error && r->status == 404 && !vault_is_empty(r))
		return no_path(op);
	if (!j && !vault_is_empty(r) && (r->error || r->status != 403 || vault_is_dead(r)))
		return vault_refuse(op, r, READING, "read", path);
	s->is_unread = !j && r->status == 403;
	if (j) {
		vault_kf_config_keep(s->memo.facts, json_get(j, "data"));
		version = vault_kf_config_version(json_get(j, "data"));
	}
	return write_it(op, version);
}

static struct next finish(struct op *op)
{
	const struct writing *s = vault_mine(op);
	g_autofree char *names = names_of(s);

	op_memo(op, vault_memo_write(&s->memo));
	if (!s->is_unread)
		op_put_object(op, vault_kf_config_row(op, s->memo.facts));
	op_touch(op, op->store->id);
	op_say(op, "changed: %s; whether Command takes it shows with the next order", names);
	return next_done();
}

static struct next written(struct op *op, const struct reply *r)
{
	const struct writing *s = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG), *warnings = vault_issued_warnings(j);

	if (!j && (r->error || r->status != 204))
		return r->status == 404 ? no_path(op) : vault_refuse(op, r, WRITING, "update", path);
	if (*warnings)
		op_trouble(op, "the engine warns: %s", warnings);
	if (!s->is_unread)
		return next_send(vault_ask(op, path, NULL), read_back);
	op_trouble(op, "the token may not read it, so that what was there before stays where nothing was said "
		   "of it, also what another way to sign in needs");
	return finish(op);
}

/* What is hidden cannot be compared. */
static struct next read_back(struct op *op, const struct reply *r)
{
	struct writing *s = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(j, "data");

	if (!j)
		op_trouble(op, "it could not be read again");
	for (guint i = 0; j && i < s->changes->len; i++) {
		const struct vault_kf_change *c = s->changes->pdata[i];
		g_autofree char *now = vault_kf_config_text(c->field, data);

		if (strcmp(now, c->after))
			op_trouble(op, "the engine has not kept %s as it was sent: it says '%s'", c->field->ask,
				   now);
	}
	vault_kf_config_keep(s->memo.facts, data);
	return finish(op);
}

/* ---- deleted ---- */

static bool outlives(const struct op *op)
{
	struct vault_memo m;
	int version;

	vault_memo_read(&m, op->memo);
	version = vault_kf_version(m.facts);
	vault_memo_done(&m);
	return version < VAULT_KF_TIDY;
}

struct next vault_kf_unset(struct op *op, const struct reply *none)
{
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);
	struct request_out *r;

	(void)none;
	if (!begin(op))
		return not_open(op);
	r = vault_ask(op, path, NULL);
	g_free(r->method);
	r->method = g_strdup("DELETE");
	return next_send(r, unset);
}

static struct next unset(struct op *op, const struct reply *r)
{
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);

	if (r->error || (r->status != 200 && r->status != 204))
		return r->status == 404 ? no_path(op) : vault_refuse(op, r, DELETING, "delete", path);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_say(op, "%s has no configuration any more%s", op->store->title, outlives(op) ?
	       "; before 1.5 its process goes on with what it had until it is started anew" : "");
	return next_done();
}

/* ---- what is hidden ---- */

static void revealing_free(void *p)
{
	struct revealing *v = p;

	g_free(v->path);
	secret_free(v->text);
	g_free(v);
}

static void run(struct work *work)
{
	const struct revealing *v = work->in;

	file_write(v->path, v->text->bytes, v->text->len, FILE_MODE, FILE_NEW, &work->error);
}

static struct secret *hidden_of(const struct json *data, size_t room)
{
	GString *text = vault_body_new(room);
	struct json_writer w = { .out = text };
	struct secret *s;

	json_open(&w, NULL, '{');
	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++)
		if (f->kind == VAULT_KF_SECRET && json_str(data, f->key))
			json_put_str(&w, f->key, json_str(data, f->key));
	json_close(&w, '}');
	g_string_append_c(text, '\n');
	s = secret_new(text->str, text->len);
	secret_clear(text->str, text->allocated_len);
	g_string_free(text, TRUE);
	return s;
}

static struct next revealed(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	g_autofree char *path = vault_below(op, VAULT_KF_CONFIG);
	struct revealing *v;

	if (vault_is_empty(r))
		return next_fail(op, ERR_NOT_FOUND, "%s has no configuration yet", op->store->title);
	if (!r->error && r->status == 404)
		return no_path(op);
	if (!j)
		return vault_refuse(op, r, READING, "read", path);
	v = g_new0(struct revealing, 1);
	v->path = file_absolute(args_text(op->args, "reveal-file", ""));
	v->text = hidden_of(json_get(j, "data"), g_bytes_get_size(r->body));
	if (v->text)
		return next_work(work_new(run, v, revealing_free, NULL), file_written);
	revealing_free(v);
	return next_fail(op, ERR_LIMIT, "there is no room for more secrets");
}

static struct next file_written(struct op *op, const struct reply *none)
{
	const struct revealing *v = op->work->in;
	g_autofree char *shown = file_shown(v->path);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "what the engine hides is in %s, NOT encrypted", shown);
	return next_done();
}

/* ---- its plan ---- */

static void say_change(struct plan *p, const struct vault_kf_change *c)
{
	const char *after = c->secret ? "a new one" : *c->after ? c->after : "nothing";
	g_autofree char *word = g_strconcat(c->field->key, "=", NULL);

	plan_differ(p, "%s: %s instead of %s", c->field->ask, after,
		    *c->before ? c->before : "what is there");
	if (c->secret) {
		plan_variable(p, word, "SECRET", c->field->ask);
	} else {
		g_autofree char *both = g_strconcat(word, c->after, NULL);

		plan_word(p, both);
	}
}

bool vault_kf_planned_set(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(vault_kf_change_free);
	g_autofree char *file = file_absolute(args_text(op->args, "reveal-file", ""));
	bool reveals = *args_text(op->args, "reveal-file", "");
	struct vault_memo m;
	bool is_good;

	if (!vault_kf_config_check(op->args, error))
		return false;
	vault_planned_call(op, p, PLAN_ASKS, reveals ? VAULT_KF_CONFIG "?show_hidden=true" : VAULT_KF_CONFIG,
			   "what is there");
	if (reveals) {
		plan_call(p, PLAN_CHANGES, "write", file, "what the engine hides, NOT encrypted, mode 0600");
		plan_not(p, "nothing is changed in Vault");
		return true;
	}
	vault_memo_read(&m, op->memo);
	is_good = vault_kf_config_changes(m.facts, op->args, vault_kf_version(m.facts), changes, error);
	vault_planned_call(op, p, PLAN_CHANGES, VAULT_KF_CONFIG, "what differs");
	vault_planned_run(op, p, "bao write", VAULT_KF_CONFIG);
	for (guint i = 0; is_good && i < changes->len; i++)
		say_change(p, changes->pdata[i]);
	if (!strcmp(args_text(op->args, "skip-verify", ""), "yes"))
		plan_warn(p, "the engine gives its password or token to whoever answers in Command's place");
	plan_warn(p, "it is what all who use this engine order with");
	plan_not(p, "nothing is tried: whether Command takes it shows with the next order");
	plan_not(p, "what is not named stays, and hidden values are neither read nor sent back");
	vault_memo_done(&m);
	return is_good;
}

bool vault_kf_planned_unset(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	vault_planned_call(op, p, PLAN_CHANGES | VAULT_PLANNED_DELETES, VAULT_KF_CONFIG, op->store->title);
	plan_warn(p, "the engine reaches Command no more: nobody gets a certificate by it, and none is "
		  "revoked");
	plan_warn(p, "its passwords and tokens are kept nowhere else by it; engine-config --reveal-file "
		  "writes them down before");
	if (outlives(op))
		plan_warn(p, "an engine before 1.5 goes on with it until its process is started anew");
	plan_not(p, "roles, and certificates that it has issued, stay as they are");
	vault_planned_run(op, p, "bao delete", VAULT_KF_CONFIG);
	return true;
}
