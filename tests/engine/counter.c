/* counter: orders of a ledger as requests. */
#include "counter.h"

#include <stdlib.h>
#include <string.h>

#define STORE_TYPE "desk"
#define LATE_MS	   3

struct ledger *counter_ledger;
enum fate (*counter_fate)(void);
void (*counter_watch)(enum way way, const char *path);

/* ---- what is known of a row ---- */

char *counter_id(unsigned number)
{
	return g_strdup_printf(COUNTER_STORE "/%u", number);
}

char *counter_digest(unsigned number, unsigned content)
{
	return g_strdup_printf("%056x%08x", number, content);
}

char *counter_warning(const char *name, unsigned warning)
{
	if (!warning)
		return g_strdup("");
	return g_strdup_printf("warning %u of %s: it costs money%s", warning, name,
			       warning % 2 ? "\nand it cannot be undone" : "");
}

enum request_state counter_state(enum there state)
{
	static const enum request_state states[THERE_COUNT] = {
		[THERE_NONE] = REQUEST_WAITS_PROVIDER, [THERE_REVIEW] = REQUEST_WAITS_PERSON,
		[THERE_DNS] = REQUEST_WAITS_DNS,       [THERE_CA] = REQUEST_WAITS_CA,
		[THERE_ISSUED] = REQUEST_ISSUED,       [THERE_DENIED] = REQUEST_DENIED,
		[THERE_WITHDRAWN] = REQUEST_GONE,      [THERE_FAILED] = REQUEST_FAILED,
	};

	return states[state];
}

enum there counter_there(enum request_state state)
{
	for (int i = THERE_NONE; i < THERE_COUNT; i++)
		if (counter_state((enum there)i) == state)
			return (enum there)i;
	g_assert_not_reached();
}

unsigned counter_number(const struct request *r)
{
	const char *slash = strrchr(r->id, '/');

	return slash ? (unsigned)g_ascii_strtoull(slash + 1, NULL, 10) : 0;
}

const char *counter_token(const struct request *r)
{
	const char *order = strstr(r->id, "/order:");

	return order ? order + strlen("/order:") : NULL;
}

/* ---- asking ---- */

struct counting {
	step_fn *then;
	int status;
	char *answer;
	GError *error;
	char *token;		/* of the order under way */
};

static void counting_done(void *scratch)
{
	struct counting *c = scratch;

	g_free(c->answer);
	g_free(c->token);
	g_clear_error(&c->error);
}

static void tell_watch(enum way way, const char *path)
{
	if (counter_watch)
		counter_watch(way, path);
}

static struct next ask_ledger(struct op *op, const char *path)
{
	static const struct {
		bool is_done;
		enum err code;
		const char *says;
	} fates[FATE_COUNT] = {
		[FATE_GOOD] = { true, 0, NULL },
		[FATE_LATE] = { true, 0, NULL },
		[FATE_LOST] = { true, ERR_NETWORK, "the connection broke" },
		[FATE_THROTTLED] = { false, ERR_BUSY, "too much is asked" },
		[FATE_BROKEN] = { false, ERR_REPLY, "the service has a fault" },
	};
	struct counting *c = op->scratch;
	GString *answer = g_string_new(NULL);
	enum fate fate = counter_fate ? counter_fate() : FATE_GOOD;

	tell_watch(WAY_IS_SENT, path);
	c->status = fates[fate].is_done ? ledger_ask(counter_ledger, path, answer) : 503;
	tell_watch(c->status == 200 ? WAY_IS_DONE : WAY_IS_REFUSED, path);
	c->answer = g_string_free(answer, FALSE);
	if (fates[fate].says)
		c->error = g_error_new_literal(ERR, (int)fates[fate].code, fates[fate].says);
	return fate == FATE_LATE ? next_wait(LATE_MS, c->then) : c->then(op, NULL);
}

static struct next G_GNUC_PRINTF(3, 4) ask(struct op *op, step_fn *then, const char *format, ...)
{
	struct counting *c = op->scratch;
	g_autofree char *path = NULL;
	va_list list;

	va_start(list, format);
	path = g_strdup_vprintf(format, list);
	va_end(list);
	g_clear_pointer(&c->answer, g_free);
	g_clear_error(&c->error);
	c->then = then;
	return ask_ledger(op, path);
}

static struct next fail(struct op *op)
{
	struct counting *c = op->scratch;

	if (c->error)
		return next_fail_error(op, g_steal_pointer(&c->error));
	return next_fail(op, c->status == 409 ? ERR_REFUSED : ERR_REPLY, "the service says %d", c->status);
}

/* ---- rows ---- */

static enum there there_of(const char *word)
{
	for (int i = 0; i < THERE_COUNT; i++)
		if (!strcmp(word, ledger_there_words[i]))
			return (enum there)i;
	g_assert_not_reached();
}

static const char *can_of(enum there state)
{
	static const char *const can[THERE_COUNT] = {
		[THERE_REVIEW] = "approve deny withdraw sync",
		[THERE_DNS] = "publish sync resend withdraw",
		[THERE_CA] = "sync withdraw",
	};

	return can[state] ? can[state] : "";
}

static struct request *row_new(const struct op *op, const char *id, const char *name)
{
	struct request *r = request_new(id);

	store_set(&r->account, op->store->account);
	store_set(&r->provider, "counter");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "order");
	store_set(&r->title, name);
	g_strfreev(r->names);
	r->names = g_strsplit(name, " ", -1);
	r->since = op->now;
	return r;
}

/* One line of an answer, which the row is from now on. */
static void put_line(struct op *op, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	unsigned number, content, warning;
	g_autofree char *id = NULL;
	struct request *r;
	enum there state;

	g_assert_cmpuint(g_strv_length(words), ==, 5);
	number = (unsigned)atoi(words[0]);
	state = there_of(words[2]);
	content = (unsigned)atoi(words[3]);
	warning = (unsigned)atoi(words[4]);
	id = counter_id(number);
	r = row_new(op, id, words[1]);
	r->state = counter_state(state);
	store_set(&r->theirs, words[2]);
	store_set(&r->can, can_of(state));
	g_free(r->digest);
	r->digest = counter_digest(number, content);
	g_free(r->oddities);
	r->oddities = state == THERE_REVIEW ? counter_warning(words[1], warning) : g_strdup("");
	if (state == THERE_DNS) {
		g_free(r->records);
		r->records = g_strdup_printf("_%u.example.org. 300 IN CNAME x.example.net.", number);
	}
	r->ended = *r->can ? 0 : op->now;
	op_put_request(op, r);
}

static void put_lines(struct op *op)
{
	g_auto(GStrv) lines = g_strsplit(((struct counting *)op->scratch)->answer, "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			put_line(op, *line);
}

/* ---- orders ---- */

static step_fn send_order, ordered;

/* The row of an order of the same name that was not answered; or NULL. */
static const char *find_unanswered(const struct op *op, const char *name)
{
	for (size_t i = 0; i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, op->store->id) && counter_token(r) && !strcmp(r->title, name))
			return counter_token(r);
	}
	return NULL;
}

static void put_order(struct op *op, const char *name, const char *theirs)
{
	const struct counting *c = op->scratch;
	g_autofree char *id = g_strconcat(op->store->id, "/order:", c->token, NULL);
	struct request *r = row_new(op, id, name);

	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, theirs);
	store_set(&r->can, "sync dismiss");
	op_put_request(op, r);
}

static const char *order_name(const struct op *op)
{
	return op->request ? op->request->title : args_text(op->args, "names", "");
}

static struct next order(struct op *op, const struct reply *none)
{
	struct counting *c = op->scratch;
	const char *before = find_unanswered(op, order_name(op));
	g_autofree char *uuid = g_uuid_string_random();

	(void)none;
	c->token = g_strdup(before ? before : uuid);
	put_order(op, order_name(op), "being ordered");
	return next_keep(send_order);
}

static struct next send_order(struct op *op, const struct reply *none)
{
	(void)none;
	return ask(op, ordered, "order/%s/%s", ((struct counting *)op->scratch)->token,
		   order_name(op));
}

static struct next done(struct op *op, const struct reply *none)
{
	(void)none;
	return next_done();
}

static struct next ordered(struct op *op, const struct reply *none)
{
	const struct counting *c = op->scratch;
	g_autofree char *id = g_strconcat(op->store->id, "/order:", c->token, NULL);

	(void)none;
	if (c->error || c->status != 200) {
		put_order(op, order_name(op), "not answered");
		return fail(op);
	}
	op_drop_request(op, id);
	put_lines(op);
	return next_keep(done);
}

/* ---- what moves them on ---- */

/* The answer says how it stands, also when it could not be done. */
static struct next moved(struct op *op, const struct reply *none)
{
	const struct counting *c = op->scratch;

	(void)none;
	if (!c->error && (c->status == 200 || c->status == 409))
		put_lines(op);
	return c->error || c->status != 200 ? fail(op) : next_done();
}

static struct next move(struct op *op, const struct reply *none)
{
	unsigned number = counter_number(op->request);

	(void)none;
	if (!number)
		return next_fail(op, ERR_REFUSED, "it is not known to be ordered: sync it first");
	return ask(op, moved, "%s/%u", op->verb->name, number);
}

static struct next sync_row(struct op *op, const struct reply *none)
{
	if (counter_token(op->request) && op->account->is_read_only)
		return next_fail(op, ERR_REFUSED, "it is not sent again: the account is read-only");
	if (counter_token(op->request)) {
		((struct counting *)op->scratch)->token = g_strdup(counter_token(op->request));
		return send_order(op, none);
	}
	return ask(op, moved, "state/%u", counter_number(op->request));
}

static struct next approve(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	unsigned number = counter_number(r), content, warning = 0;

	(void)none;
	if (r->state != REQUEST_WAITS_PERSON)
		return next_fail(op, ERR_REFUSED, "it does not wait");
	content = (unsigned)g_ascii_strtoull(r->digest + 56, NULL, 16);
	if (*r->oddities)
		warning = (unsigned)atoi(r->oddities + strlen("warning "));
	return ask(op, moved, "approve/%u/%u/%u", number, content, warning);
}

static struct next published(struct op *op, const struct reply *none)
{
	const struct counting *c = op->scratch;

	(void)none;
	if (c->error || c->status != 200)
		return fail(op);
	for (guint i = 0; i < op->records->len; i++)
		op_published(op, op->records->pdata[i]);
	return next_done();
}

static struct next publish(struct op *op, const struct reply *none)
{
	const struct dns_record *r = op->records->pdata[0];

	(void)none;
	g_assert_cmpuint(op->records->len, ==, 1);
	return ask(op, published, "publish/%u", (unsigned)atoi(r->name + 1));
}

/* ---- the store ---- */

static step_fn listed;

static struct next refresh(struct op *op, const struct reply *none)
{
	(void)none;
	return ask(op, listed, "list");
}

static struct next listed(struct op *op, const struct reply *none)
{
	const struct counting *c = op->scratch;

	(void)none;
	if (c->error || c->status != 200)
		return fail(op);
	put_lines(op);
	return next_done();
}

/* ---- the table ---- */

static struct next sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	op_open(op, access_new());
	return next_done();
}

static bool sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	(void)r;
	(void)a;
	(void)now;
	(void)error;
	return true;
}

static void own_stores(const struct settings *settings, GPtrArray *stores)
{
	struct store *s = store_new(COUNTER_STORE);

	(void)settings;
	store_set(&s->account, "c");
	store_set(&s->provider, "counter");
	store_set(&s->type, STORE_TYPE);
	store_set(&s->title, "desk");
	store_set(&s->address, "desk");
	s->origin = STORE_ADDED;
	s->is_writable = true;
	g_ptr_array_add(stores, s);
}

static bool plan(struct op *op, struct plan *ret, GError **error)
{
	(void)op;
	(void)error;
	plan_call(ret, PLAN_CHANGES, op->verb->name, "the counter", NULL);
	return true;
}

static const struct field fields[] = {
	{ "region", FIELD_TEXT, "Region", false, NULL, NULL, "which" },
	{ NULL }
};

static const struct provider_info info = {
	.name = "counter", .title = "The counter", .account_fields = fields,
};

const struct provider provider_counter = {
	.info = &info,
	.scratch = sizeof(struct counting),
	.scratch_done = counting_done,
	.at_once_store = 64,
	.at_once_account = 64,
	.sign_in = sign_in,
	.sign = sign,
	.own_stores = own_stores,
	.publish = publish,
	.verb = {
		[VERB_REFRESH] = refresh, [VERB_ORDER] = order, [VERB_SYNC] = sync_row,
		[VERB_APPROVE] = approve, [VERB_DENY] = move, [VERB_WITHDRAW] = move,
		[VERB_RESEND] = move,
	},
	.plan = {
		[VERB_ORDER] = plan, [VERB_APPROVE] = plan, [VERB_DENY] = plan, [VERB_WITHDRAW] = plan,
		[VERB_RESEND] = plan, [VERB_PUBLISH] = plan,
	},
};
