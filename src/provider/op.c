/*
 * op: the question and the findings of one operation, and the seven sentences of a step.
 *
 * Plain data: the engine plays it for real, a test plays it with a list of replies, and both
 * read the same fields.
 */
#include <certty/provider/op.h>

#include <stdarg.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/mark.h>

#define TROUBLES_MAX 1000	/* sentences of one operation; see JOB_TROUBLES */
#define RIGHTS_MAX   1000	/* bytes */

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

void op_more(struct op *op, size_t n)
{
	op->more += n;
}

struct next next_wait(int64_t ms, step_fn *step)
{
	return (struct next){ .kind = NEXT_WAIT, .ms = ms, .step = step };
}

struct next next_work(struct work *work, step_fn *step)
{
	return (struct next){ .kind = NEXT_WORK, .work = work, .step = step };
}

struct next next_keep(step_fn *step)
{
	return (struct next){ .kind = NEXT_KEEP, .step = step };
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

static void placed_free(void *placed)
{
	struct dns_placed *p = placed;

	g_free(p->zone);
	g_free(p->line);
	g_free(p);
}

void op_init(struct op *op)
{
	memset(op, 0, sizeof(*op));
	op->fresh = g_array_new(FALSE, FALSE, sizeof(struct fresh));
	g_array_set_clear_func(op->fresh, fresh_done);
	op->troubles = g_ptr_array_new_with_free_func(g_free);
	op->drop_requests = g_ptr_array_new_with_free_func(g_free);
	op->drop_stores = g_ptr_array_new_with_free_func(g_free);
	op->kept = g_ptr_array_new_with_free_func((GDestroyNotify)bundle_free);
	op->touched = g_ptr_array_new_with_free_func(g_free);
	op->put_stores = g_ptr_array_new_with_free_func((GDestroyNotify)store_unref);
	op->put_requests = g_ptr_array_new_with_free_func((GDestroyNotify)request_unref);
	op->put_records = g_ptr_array_new_with_free_func(placed_free);
	op->put_discovery = g_ptr_array_new_with_free_func((GDestroyNotify)discovery_unref);
	op->put_domains = g_ptr_array_new_with_free_func((GDestroyNotify)domain_unref);
	op->put_objects = g_ptr_array_new_with_free_func((GDestroyNotify)object_unref);
	op->drop_objects = g_ptr_array_new_with_free_func(g_free);
	op->kept_objects = g_ptr_array_new_with_free_func(g_free);
}

void op_done(struct op *op)
{
	g_clear_pointer(&op->fresh, g_array_unref);
	g_clear_pointer(&op->troubles, g_ptr_array_unref);
	g_clear_pointer(&op->drop_requests, g_ptr_array_unref);
	g_clear_pointer(&op->drop_stores, g_ptr_array_unref);
	g_clear_pointer(&op->kept, g_ptr_array_unref);
	g_clear_pointer(&op->handed, bundle_free);
	g_clear_pointer(&op->csr, g_bytes_unref);
	g_clear_pointer(&op->stands.theirs, g_free);
	g_clear_pointer(&op->stands.reason, g_free);
	g_clear_pointer(&op->stands.about, g_free);
	g_clear_pointer(&op->placed.alias, g_free);
	g_clear_pointer(&op->touched, g_ptr_array_unref);
	g_clear_pointer(&op->put_stores, g_ptr_array_unref);
	g_clear_pointer(&op->put_requests, g_ptr_array_unref);
	g_clear_pointer(&op->put_records, g_ptr_array_unref);
	g_clear_pointer(&op->put_discovery, g_ptr_array_unref);
	g_clear_pointer(&op->put_domains, g_ptr_array_unref);
	g_clear_pointer(&op->put_objects, g_ptr_array_unref);
	g_clear_pointer(&op->drop_objects, g_ptr_array_unref);
	g_clear_pointer(&op->kept_objects, g_ptr_array_unref);
	g_clear_pointer(&op->rows, table_builder_free);
	g_clear_pointer(&op->new_memo, g_bytes_unref);
	g_clear_pointer(&op->zones, g_ptr_array_unref);
	g_clear_pointer(&op->opened, access_unref);
	g_clear_pointer(&op->who, g_free);
	g_clear_pointer(&op->rights, g_free);
	if (op->may_not)
		g_string_free(g_steal_pointer(&op->may_not), TRUE);
	g_clear_pointer(&op->detail, detail_unref);
	g_clear_pointer(&op->said, g_free);
	g_clear_error(&op->error);
}

static bool is_hidden(const struct op *op, const char *alias)
{
	return op->hidden && g_hash_table_contains(op->hidden, alias);
}

/* That a place has an older one only the engine can tell, which sees all stores. */
static uint32_t its_own(uint32_t marks)
{
	return marks & ~(uint32_t)MARK_DRIFT;
}

void op_row(struct op *op, const struct facts *f, const char *alias, uint32_t marks)
{
	if (!is_hidden(op, alias))
		op->n_rows += table_builder_add(op->rows, f, alias, its_own(marks));
}

void op_old_row(struct op *op, uint32_t row, uint32_t marks)
{
	if (!is_hidden(op, op->old->aliases + op->old->alias[row]))
		op->n_rows += table_builder_copy(op->rows, op->old, row, its_own(marks));
}

void op_show_rows(struct op *op)
{
	op->shows_rows = true;
}

void op_fresh(struct op *op, const uint8_t sha256[32], GBytes *der)
{
	struct fresh f = { .der = g_bytes_ref(der) };

	memcpy(f.sha256, sha256, sizeof(f.sha256));
	g_array_append_val(op->fresh, f);
}

void op_zones(struct op *op, GPtrArray *names)
{
	g_clear_pointer(&op->zones, g_ptr_array_unref);
	op->zones = names;
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
	if (op->put_domains->len < DOMAINS_MAX) {
		g_ptr_array_add(op->put_domains, d);
		return;
	}
	op->domains_left++;
	domain_unref(d);
}

void op_keep_domains(struct op *op)
{
	op->keeps_domains = true;
}

void op_put_object(struct op *op, struct object *o)
{
	g_ptr_array_add(op->put_objects, o);
}

void op_drop_object(struct op *op, const char *id)
{
	g_ptr_array_add(op->drop_objects, g_strdup(id));
}

void op_keep_objects(struct op *op, const char *type)
{
	g_ptr_array_add(op->kept_objects, g_strdup(type));
}

void op_drop_request(struct op *op, const char *id)
{
	g_ptr_array_add(op->drop_requests, g_strdup(id));
}

void op_drop_store(struct op *op, const char *id)
{
	g_ptr_array_add(op->drop_stores, g_strdup(id));
}

void op_keep_bundle(struct op *op, struct bundle *b)
{
	g_ptr_array_add(op->kept, b);
}

void op_hand(struct op *op, struct bundle *b)
{
	bundle_free(op->handed);
	op->handed = b;
}

void op_csr(struct op *op, GBytes *csr)
{
	g_clear_pointer(&op->csr, g_bytes_unref);
	op->csr = csr;
}

static void set_text(char **text, const char *value)
{
	g_autofree char *before = *text;	/* may be said again as it is */

	*text = g_strdup(value);
}

void op_stands(struct op *op, enum request_state state, const char *theirs, const char *reason,
	       const char *about)
{
	op->stands.state = state;
	set_text(&op->stands.theirs, theirs);
	set_text(&op->stands.reason, reason);
	set_text(&op->stands.about, about);
}

void op_placed(struct op *op, const char *alias, const uint8_t sha256[32])
{
	g_free(op->placed.alias);
	op->placed.alias = g_strdup(alias);
	memcpy(op->placed.sha256, sha256, sizeof(op->placed.sha256));
}

void op_touch(struct op *op, const char *store_id)
{
	g_ptr_array_add(op->touched, g_strdup(store_id));
}

void op_look_for_stores(struct op *op)
{
	op->looks_for_stores = true;
}

void op_published(struct op *op, struct dns_record *r)
{
	op->n_published += !r->is_done;
	r->is_done = true;
}

void op_put_record(struct op *op, const struct dns_record *r, const char *name, const char *zone)
{
	struct dns_placed *p = g_new0(struct dns_placed, 1);

	p->zone = g_strdup(zone);
	p->line = g_strdup_printf("%s. %u IN %s %s", name, r->ttl, r->type, r->value);
	g_ptr_array_add(op->put_records, p);
}

void op_open(struct op *op, struct access *access)
{
	access_unref(op->opened);
	op->opened = access;
}

void op_who(struct op *op, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_free(op->who);
	op->who = text_harmless_dup(text, 400);
}

void op_rights(struct op *op, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_free(op->rights);
	op->rights = text_harmless_dup(text, RIGHTS_MAX);
}

void op_forbid(struct op *op, enum verb_id verb, const char *type, const char *when, const char *words)
{
	if (!op->may_not)
		op->may_not = g_string_new(NULL);
	account_forbid(op->may_not, verb, type, when, words);
}
