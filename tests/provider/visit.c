/* visit: the engine's part, for one account. */
#include "visit.h"

#include <stdarg.h>
#include <string.h>

#include <certty/base/clock.h>
#include <net/exchange_own.h>

void visit_init(struct visit *v, const char *provider)
{
	memset(v, 0, sizeof(*v));
	v->provider = provider_find(provider);
	g_assert_nonnull(v->provider);
	v->account = account_new("test");
	v->login = args_new();
	v->asked = g_ptr_array_new_with_free_func(g_free);
	v->troubles = g_ptr_array_new_with_free_func(g_free);
	v->placed = g_ptr_array_new_with_free_func(g_free);
	v->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	v->now = clock_now();
}

void visit_done(struct visit *v)
{
	account_unref(v->account);
	args_free(v->login);
	access_unref(v->access);
	g_clear_error(&v->error);
	g_free(v->who_said);
	g_free(v->said);
	g_free(v->rights);
	g_free(v->may_not);
	g_ptr_array_unref(v->asked);
	g_ptr_array_unref(v->troubles);
	g_ptr_array_unref(v->records);
	g_ptr_array_unref(v->placed);
	settings_free(v->settings);
}

void visit_arg(struct visit *v, const char *key, const char *value)
{
	args_set(v->login, key, value);
	args_set(v->account->answers, key, value);
}

void visit_secret(struct visit *v, const char *key, const char *value)
{
	args_put_secret(v->login, key, value ? secret_new(value, strlen(value)) : NULL);
}

/* ---- one operation ---- */

static struct reply *ask(struct visit *v, struct op *op, struct request_out *request)
{
	GError *error = NULL;
	struct reply *r;

	if (!op->login && !request->is_unsigned &&
	    !v->provider->sign(request, op->access, v->now, &error))
		r = reply_of_error(error);
	else
		r = v->answer(v, request);
	exchange_free(request);
	return r;
}

/* One more token is the account's from now on. */
static void adopt(struct visit *v, struct op *op)
{
	if (op->login || !op->opened)
		return;
	access_unref(v->access);
	v->access = g_steal_pointer(&op->opened);
	op->access = v->access;
}

static bool is_signed_out(const struct visit *v, const struct reply *r)
{
	if (r->error)
		return false;
	return v->provider->is_signed_out ? v->provider->is_signed_out(r, v->access) : r->status == 401;
}

/* False when the server would have us sign in again. */
static bool steps(struct visit *v, struct op *op, step_fn *first)
{
	struct next n = first(op, NULL);

	while (n.kind != NEXT_DONE && n.kind != NEXT_FAIL) {
		struct reply *r = NULL;

		adopt(v, op);
		if (n.kind == NEXT_WAIT) {
			v->waits++;
		} else if (n.kind == NEXT_WORK) {
			if (!v->work || !v->work(v, n.work))
				n.work->run(n.work);
			work_free(op->work);
			op->work = n.work;
		} else {
			g_assert_cmpint(n.kind, ==, NEXT_SEND);
			r = ask(v, op, n.request);
		}
		if (r && v->may_again && !op->login && is_signed_out(v, r)) {
			reply_free(r);
			return false;
		}
		n = n.step(op, r);
		reply_free(r);
	}
	adopt(v, op);
	g_assert_true((n.kind == NEXT_FAIL) == (op->error != NULL));
	return true;
}

static void note_placed(struct visit *v, const struct op *op)
{
	g_ptr_array_set_size(v->placed, 0);
	for (guint i = 0; i < op->put_records->len; i++) {
		const struct dns_placed *p = op->put_records->pdata[i];

		g_ptr_array_add(v->placed, g_strconcat(p->zone, " ", p->line, NULL));
	}
}

static bool run(struct visit *v, step_fn *first, const struct verb *verb, bool *ret_again)
{
	g_autoptr(args) none = args_new();
	struct op op;
	bool ok;

	op_init(&op);
	op.verb = verb;
	op.args = none;
	op.account = v->account;
	op.login = verb ? NULL : v->login;
	op.access = v->access;
	op.settings = v->settings;
	op.records = v->records;
	op.now = v->now;
	op.scratch = g_malloc0(v->provider->scratch + 1);
	*ret_again = !steps(v, &op, first);
	g_clear_error(&v->error);
	v->error = g_steal_pointer(&op.error);
	ok = !v->error && !*ret_again;
	if (ok && !verb) {
		g_assert_nonnull(op.opened);
		access_unref(v->access);
		v->access = g_steal_pointer(&op.opened);
	}
	g_ptr_array_unref(v->troubles);
	v->troubles = g_steal_pointer(&op.troubles);
	v->n_published = op.n_published;
	note_placed(v, &op);
	g_free(v->who_said);
	g_free(v->said);
	v->who_said = g_steal_pointer(&op.who);
	v->said = g_steal_pointer(&op.said);
	g_free(v->rights);
	g_free(v->may_not);
	v->rights = g_steal_pointer(&op.rights);
	v->may_not = op.may_not ? g_strdup(op.may_not->str) : NULL;
	if (v->provider->scratch_done)
		v->provider->scratch_done(op.scratch);
	g_free(op.scratch);
	work_free(op.work);
	op_done(&op);
	return ok;
}

bool visit_sign_in(struct visit *v)
{
	bool again;

	v->sign_ins++;
	return run(v, v->provider->sign_in, NULL, &again);
}

static bool run_signed_in(struct visit *v, step_fn *first, enum verb_id verb)
{
	bool again, ok;

	v->sign_ins = 0;
	if (!v->access && !visit_sign_in(v))
		return false;
	v->may_again = true;
	ok = run(v, first, &verb_table[verb], &again);
	v->may_again = false;
	if (!again)
		return ok;
	return visit_sign_in(v) && run(v, first, &verb_table[verb], &again);
}

bool visit_run(struct visit *v, enum verb_id verb)
{
	return run_signed_in(v, v->provider->verb[verb], verb);
}

void visit_record(struct visit *v, const char *line)
{
	GError *error = NULL;
	struct dns_record *r = dns_record_read(line, &error);

	g_assert_no_error(error);
	g_ptr_array_add(v->records, r);
}

bool visit_unpublish(struct visit *v)
{
	return run_signed_in(v, v->provider->unpublish, VERB_UNPUBLISH);
}

bool visit_publish(struct visit *v)
{
	return run_signed_in(v, v->provider->publish, VERB_PUBLISH);
}

bool visit_test(struct visit *v)
{
	return visit_run(v, VERB_ACCOUNT_TEST);
}

void visit_expect_error(struct visit *v, enum err code, ...)
{
	const char *part;
	va_list parts;

	g_assert_error(v->error, ERR, (int)code);
	va_start(parts, code);
	while ((part = va_arg(parts, const char *)))
		if (!strstr(v->error->message, part))
			g_error("'%s' is not in '%s'", part, v->error->message);
	va_end(parts);
}

/* ---- answers from a script ---- */

static void note(struct visit *v, const struct request_out *request)
{
	GString *s = g_string_new(NULL);
	gsize len = 0;
	const char *body = request->body ? g_bytes_get_data(request->body, &len) : "";

	g_string_append_printf(s, "\n%s %s\n", request->method, request->url);
	for (guint i = 0; i < request->headers->len; i++) {
		const struct header *h = &g_array_index(request->headers, struct header, i);

		g_string_append_printf(s, "%s: %s\n", h->name, h->value);
	}
	g_string_append_len(s, body, (gssize)len);
	g_string_append_c(s, '\n');
	g_ptr_array_add(v->asked, g_string_free(s, FALSE));
}

static void check_target(const struct visit_answer *a, const struct request_out *request)
{
	const char *after = strstr(request->url, "://");
	g_autofree char *target = NULL;

	after = after ? strchr(after + 3, '/') : NULL;
	target = g_strdup_printf("%s %s", request->method, after ? after : "/");
	g_assert_cmpstr(target, ==, a->target);
}

static struct reply *from_script(struct visit *v, const struct request_out *request)
{
	const struct visit_answer *a = v->script;
	struct reply *r = g_new0(struct reply, 1);
	struct header type = { g_strdup("Content-Type"),
			       g_strdup(a->type ? a->type : "application/json") };
	struct header more = { g_strdup(a->header), g_strdup(a->value) };

	note(v, request);
	if (!a->target)
		g_error("nothing more should be asked, but %s was", request->url);
	check_target(a, request);
	v->script++;
	r->headers = exchange_headers();
	g_array_append_val(r->headers, type);
	if (a->header)
		g_array_append_val(r->headers, more);
	if (!a->status)
		r->error = g_error_new(ERR, ERR_NETWORK, "nobody answers");
	r->status = a->status;
	r->body = g_bytes_new(a->body ? a->body : "", a->body ? strlen(a->body) : 0);
	return r;
}

void visit_script(struct visit *v, const struct visit_answer *script)
{
	v->script = script;
	v->answer = from_script;
	g_ptr_array_set_size(v->asked, 0);
}

bool visit_script_is_over(const struct visit *v)
{
	return !v->script->target;
}

bool visit_has_line(const struct visit *v, guint n, const char *line)
{
	g_autofree char *whole = g_strconcat("\n", line, "\n", NULL);

	g_assert_cmpuint(n, <, v->asked->len);
	return strstr(v->asked->pdata[n], whole) != NULL;
}
