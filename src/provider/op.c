/*
 * op: the question and the findings of one operation, and the six sentences of a step.
 *
 * Plain data: the engine plays it for real, a test plays it with a list of replies, and both
 * read the same fields.
 */
#include <certty/provider/op.h>

#include <stdarg.h>
#include <string.h>

#define TROUBLES_MAX 1000	/* sentences of one operation; see JOB_TROUBLES */

/* ---- what a step may end with ---- */

struct work *work_new(work_fn *run, void *in, GDestroyNotify free_in, GDestroyNotify free_out)
{
	struct work *w = g_new0(struct work, 1);

	w->run = run;
	w->in = in;
	w->free_in = free_in;
	w->free_out = free_out;
	return w;
}

void work_free(struct work *w)
{
	if (!w)
		return;
	if (w->in && w->free_in)
		w->free_in(w->in);
	if (w->out && w->free_out)
		w->free_out(w->out);
	g_clear_error(&w->error);
	g_free(w);
}

struct next next_send(struct request_out *request, step_fn *step)
{
	return (struct next){ .kind = NEXT_SEND, .request = request, .step = step };
}

struct next next_each(size_t n, ask_fn *ask, each_fn *hear, step_fn *step)
{
	return (struct next){ .kind = NEXT_EACH, .n = n, .ask = ask, .hear = hear,
			      .step = step };
}

struct next next_wait(int64_t ms, step_fn *step)
{
	return (struct next){ .kind = NEXT_WAIT, .ms = ms, .step = step };
}

struct next next_work(struct work *work, step_fn *step)
{
	return (struct next){ .kind = NEXT_WORK, .work = work, .step = step };
}

struct next next_done(void)
{
	return (struct next){ .kind = NEXT_DONE };
}

struct next next_fail(struct op *op, enum err code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_clear_error(&op->error);
	op->error = g_error_new_valist(ERR, code, format, args);
	va_end(args);
	return (struct next){ .kind = NEXT_FAIL };
}

struct next next_fail_error(struct op *op, GError *error)
{
	g_clear_error(&op->error);
	op->error = error;
	return (struct next){ .kind = NEXT_FAIL };
}

/* ---- the findings ---- */

static void fresh_done(void *fresh)
{
	g_bytes_unref(((struct fresh *)fresh)->der);
}

void op_init(struct op *op)
{
	memset(op, 0, sizeof(*op));
	op->fresh = g_array_new(FALSE, FALSE, sizeof(struct fresh));
	g_array_set_clear_func(op->fresh, fresh_done);
	op->troubles = g_ptr_array_new_with_free_func(g_free);
	op->drop_requests = g_ptr_array_new_with_free_func(g_free);
	op->touched = g_ptr_array_new_with_free_func(g_free);
	op->put_stores = g_ptr_array_new_with_free_func((GDestroyNotify)store_unref);
	op->put_requests = g_ptr_array_new_with_free_func((GDestroyNotify)request_unref);
	op->put_discovery = g_ptr_array_new_with_free_func((GDestroyNotify)discovery_unref);
	op->put_domains = g_ptr_array_new_with_free_func((GDestroyNotify)domain_unref);
}

void op_done(struct op *op)
{
	g_clear_pointer(&op->fresh, g_array_unref);
	g_clear_pointer(&op->troubles, g_ptr_array_unref);
	g_clear_pointer(&op->drop_requests, g_ptr_array_unref);
	g_clear_pointer(&op->touched, g_ptr_array_unref);
	g_clear_pointer(&op->put_stores, g_ptr_array_unref);
	g_clear_pointer(&op->put_requests, g_ptr_array_unref);
	g_clear_pointer(&op->put_discovery, g_ptr_array_unref);
	g_clear_pointer(&op->put_domains, g_ptr_array_unref);
	g_clear_pointer(&op->rows, table_builder_free);
	g_clear_pointer(&op->new_memo, g_bytes_unref);
	g_clear_pointer(&op->detail, detail_unref);
	g_clear_pointer(&op->said, g_free);
	g_clear_error(&op->error);
}

void op_row(struct op *op, const struct facts *f, const char *alias, uint32_t marks)
{
	table_builder_add(op->rows, f, alias, marks);
}

void op_old_row(struct op *op, uint32_t row, uint32_t marks)
{
	table_builder_copy(op->rows, op->old, row, marks);
}

void op_fresh(struct op *op, const uint8_t sha256[32], GBytes *der)
{
	struct fresh f = { .der = g_bytes_ref(der) };

	memcpy(f.sha256, sha256, sizeof(f.sha256));
	g_array_append_val(op->fresh, f);
}

void op_memo(struct op *op, GBytes *memo)
{
	g_clear_pointer(&op->new_memo, g_bytes_unref);
	op->new_memo = memo;
}

void op_trouble(struct op *op, const char *format, ...)
{
	va_list args;

	if (op->troubles->len >= TROUBLES_MAX)
		return;
	va_start(args, format);
	g_ptr_array_add(op->troubles, g_strdup_vprintf(format, args));
	va_end(args);
}

void op_say(struct op *op, const char *format, ...)
{
	char *before = op->said;	/* may be said again as a part */
	va_list args;

	va_start(args, format);
	op->said = g_strdup_vprintf(format, args);
	va_end(args);
	g_free(before);
}

void op_progress(struct op *op, uint64_t done, uint64_t of)
{
	op->done = done;
	op->of = of;
}

void op_put_store(struct op *op, struct store *s)
{
	g_ptr_array_add(op->put_stores, s);
}

void op_put_request(struct op *op, struct request *r)
{
	g_ptr_array_add(op->put_requests, r);
}

void op_put_discovery(struct op *op, struct discovery *d)
{
	g_ptr_array_add(op->put_discovery, d);
}

void op_put_domain(struct op *op, struct domain *d)
{
	g_ptr_array_add(op->put_domains, d);
}

void op_drop_request(struct op *op, const char *id)
{
	g_ptr_array_add(op->drop_requests, g_strdup(id));
}

void op_touch(struct op *op, const char *store_id)
{
	g_ptr_array_add(op->touched, g_strdup(store_id));
}
