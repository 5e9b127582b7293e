#include "fake.h"

#include <string.h>

#include "enrolled.h"
#include "held.h"

unsigned fake_port;
atomic_int fake_signed_in, fake_handed, fake_valid, fake_found, fake_stores, fake_looked;
atomic_int fake_spent, fake_keeps;

void fake_reset(void)
{
	atomic_store(&fake_signed_in, 0);
	atomic_store(&fake_handed, 0);
	atomic_store(&fake_valid, 0);
	atomic_store(&fake_found, 0);
	atomic_store(&fake_stores, 0);
	atomic_store(&fake_looked, 0);
	atomic_store(&fake_spent, 0);
	atomic_store(&fake_keeps, 0);
}

/* clang-format off */
static const struct field fields[] = {
	{ "address", FIELD_TEXT,   "Address", true,  NULL,   NULL, "where it is" },
	{ "from",    FIELD_CHOICE, "From",    false, "keys", "keys profile", "where secrets are" },
	{ "key",     FIELD_SECRET, "Key",     true,  NULL,   NULL, "the first", "from=keys" },
	{ "second",  FIELD_SECRET, "Second",  true,  NULL,   NULL, "the second", "from=keys" },
	{ "profile", FIELD_TEXT,   "Profile", true,  NULL,   NULL, "whose", "from=profile" },
	{ "life",    FIELD_NUMBER, "Life",    false, NULL,   NULL, "seconds" },
	{ "region",  FIELD_TEXT,   "Region",  false, NULL,   NULL, "which" },
	{ NULL }
};
/* clang-format on */

/* "[fake]" and then KEY=VALUE a line. */
static bool read_block(const struct secret *block, struct args *ret, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(block->bytes, "\n", -1);

	if (strcmp(lines[0], "[fake]"))
		return false;
	for (char **line = lines + 1; *line && **line && **line != '['; line++) {
		g_auto(GStrv) pair = g_strsplit(*line, "=", 2);
		const struct field *f = field_find(fields, pair[0]);

		if (f && f->kind == FIELD_SECRET)
			args_put_secret(ret, pair[0], secret_new(pair[1], strlen(pair[1])));
		else if (f)
			args_set(ret, pair[0], pair[1]);
	}
	if (args_secret(ret, "key"))
		return true;
	g_set_error(error, ERR, ERR_FORMAT, "there is no key in the block");
	return false;
}

static const struct provider_info info = {
	.name = "fake", .title = "The fake", .account_fields = fields, .read_block = read_block,
	.file_users = "the fake tool", .spends = "address=once",
};

static struct request_out *request(const char *path)
{
	int valid = atomic_load(&fake_valid);
	g_autofree char *number =
		g_strdup_printf("auth/%d", valid ? valid : atomic_load(&fake_signed_in));
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/%s", fake_port,
					       strcmp(path, "auth") ? path : number);

	return exchange_get(url);
}

/* ---- signing in ---- */

static bool is(const struct args *args, const char *key, const char *value)
{
	const struct secret *s = args_secret(args, key);

	return s && s->len == strlen(value) && !memcmp(s->bytes, value, s->len);
}

static struct next open_it(struct op *op, const struct reply *reply)
{
	struct access *a;
	int64_t life = 0;
	int number;
	g_autofree char *text = NULL;

	if (reply && reply->error)
		return next_fail_error(op, g_error_copy(reply->error));
	if (!strcmp(args_text(op->login, "address", ""), "once")) {
		if (!is(op->login, "key", "wrapped") || atomic_exchange(&fake_spent, 1))
			return next_fail(op, ERR_SIGN_IN, "it was used before");
	} else if (!strcmp(args_text(op->login, "from", ""), "keys") &&
		   !(is(op->login, "key", "right") && is(op->login, "second", "also")))
		return next_fail(op, ERR_SIGN_IN, "the keys are refused");
	if (!strcmp(args_text(op->login, "address", ""), "gone"))
		return next_fail(op, ERR_SIGN_IN, "its own tool must sign in");
	if (!strcmp(args_text(op->login, "address", ""), "code") && !is(op->login, "code", "123")) {
		op->wants = WANT_CODE;
		return next_fail(op, ERR_SIGN_IN, "a code is needed");
	}
	number = atomic_fetch_add(&fake_signed_in, 1) + 1;
	if (op->access)
		atomic_store(&fake_handed, atoi(args_secret(op->access->with, "token")->bytes));
	a = access_new();
	text = g_strdup_printf("%d", number);
	args_put_secret(a->with, "token", secret_new(text, strlen(text)));
	if (!strcmp(args_text(op->login, "address", ""), "once")) {
		a->instead = args_new();
		args_put_secret(a->instead, "key", secret_new("right", 5));
		args_set(a->instead, "address", "here");
	}
	args_int(op->login, "life", &life);
	a->ends = life ? op->now + life : 0;
	a->is_renewable = strcmp(args_text(op->login, "region", ""), "once") != 0;
	op_open(op, a);
	return next_done();
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	if (!strcmp(args_text(op->login, "address", ""), "slow"))
		return next_send(request("gate"), open_it);
	return open_it(op, NULL);
}

static bool sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const struct secret *token = args_secret(a->with, "token");
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, now);

	(void)error;
	exchange_header(r, "X-Token", token->bytes);
	exchange_header(r, "X-Now", text);
	return true;
}

/* ---- verbs ---- */

static struct next replied(struct op *op, const struct reply *r)
{
	if (r->error)
		return next_fail_error(op, g_error_copy(r->error));
	if (r->status != 200)
		return next_fail(op, ERR_REPLY, "status %d", r->status);
	op_who(op, "somebody at %s", args_text(op->account->answers, "address", "?"));
	op_say(op, "it answers");
	return next_done();
}

static struct next test(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(request("auth"), replied);
}

static const char *extra_of(const struct op *op)
{
	return strchr(op->store->address, '-') + 1;
}

static struct next check_extra(struct op *op, const struct reply *none)
{
	(void)none;
	return args_secret(op->access->with, extra_of(op)) ?
		next_done() : next_fail(op, ERR_FAILED, "there is no %s", extra_of(op));
}

static struct next get_extra(struct op *op)
{
	struct access *more = access_new();

	args_free(more->with);
	more->with = args_dup(op->access->with);
	args_put_secret(more->with, extra_of(op), secret_new("x", 1));
	more->is_renewable = true;
	op_open(op, more);
	return next_wait(0, check_extra);
}

static struct next ask(struct op *op, const struct reply *none)
{
	if (held_is(op->store))
		return (op->bundle ? held_import : held_refresh)(op, none);
	if (g_str_has_prefix(op->store->address, "has-"))
		return check_extra(op, none);
	if (g_str_has_prefix(op->store->address, "more-"))
		return get_extra(op);
	return next_send(request(op->store->address), replied);
}

static char *store_id(const struct op *op, int i)
{
	return g_strdup_printf("%s/fake:found-%d", op->account->id, i);
}

static void put_store(struct op *op, int i)
{
	g_autofree char *id = store_id(op, i), *title = g_strdup_printf("found %d", i);
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "fake");
	store_set(&s->type, "fake");
	store_set(&s->title, title);
	store_set(&s->address, "ok");
	s->origin = STORE_FOUND;
	op_put_store(op, s);
}

/* As many as fake_stores says; -1: it does not say how many. */
static struct next look(struct op *op, const struct reply *none)
{
	int n = atomic_load(&fake_stores);

	(void)none;
	atomic_fetch_add(&fake_looked, 1);
	if (n < 0)
		return next_fail(op, ERR_REPLY, "it does not tell");
	for (int i = 0; i < n; i++)
		put_store(op, i);
	for (int i = n; i < 10; i++) {
		g_autofree char *id = store_id(op, i);

		op_drop_store(op, id);
	}
	return next_done();
}

static GPtrArray *zones_of(const char *words)
{
	g_auto(GStrv) names = g_strsplit(words, "+", -1);
	GPtrArray *zones = g_ptr_array_new_with_free_func(g_free);

	for (char **name = names; *name; name++)
		g_ptr_array_add(zones, g_strdup(*name));
	return zones;
}

/* The address says what zones it has. */
static struct next publish(struct op *op, const struct reply *none)
{
	const char *address = args_text(op->account->answers, "address", "");

	(void)none;
	g_assert_cmpuint(op->records->len, >, 0);
	if (!strcmp(address, "torn"))
		return next_fail(op, ERR_REPLY, "it is torn");
	for (guint i = 0; i < op->records->len; i++) {
		const struct dns_record *r = op->records->pdata[i];

		if (!strcmp(address, "zone") || (!strcmp(address, "half") && i == 0) ||
		    (!strcmp(address, "first") && g_str_has_prefix(r->name, "_a.")))
			op_published(op, op->records->pdata[i]);
		if (r->is_done && strcmp(address, "half"))
			op_put_record(op, r, r->type[0] == 'T' ? "_b.really" : "_a.really", "really");
	}
	if (g_str_has_prefix(address, "zones:"))
		op_zones(op, zones_of(address + strlen("zones:")));
	return next_done();
}

static struct next unpublish(struct op *op, const struct reply *none)
{
	const struct dns_record *r = op->records->pdata[0];

	(void)none;
	g_assert_cmpuint(op->records->len, ==, 1);
	g_assert_cmpstr(r->type, ==, "TXT");
	g_assert_cmpstr(r->name, ==, "_b.really.");
	g_assert_cmpstr(r->value, ==, "\"y\"");
	if (atomic_load(&fake_keeps))
		return next_fail(op, ERR_REPLY, "it is kept");
	op_published(op, op->records->pdata[0]);
	return next_done();
}

static void own_stores(const struct settings *settings, GPtrArray *stores)
{
	const char *const *list = settings_list(settings, "local", "endpoints");

	for (; list && *list; list++) {
		g_auto(GStrv) words = g_strsplit(*list, " ", 4);
		g_autofree char *id = NULL;
		struct store *s;
		bool is_endpoint;

		if (strcmp(words[0], "fake"))
			continue;
		id = g_strdup_printf("%s/fake:%s", words[1], words[2]);
		s = store_new(id);
		store_set(&s->account, words[1]);
		store_set(&s->provider, "fake");
		is_endpoint = !strcmp(words[3], "held-endpoint");
		store_set(&s->type, is_endpoint ? "endpoint" : "fake");
		store_set(&s->title, words[2]);
		store_set(&s->address, words[3]);
		s->origin = STORE_ADDED;
		s->is_writable = !is_endpoint;
		g_ptr_array_add(stores, s);
	}
}

static void find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	for (int i = 0; i < atomic_load(&fake_found); i++) {
		g_autofree char *id = g_strdup_printf("fake:%d", i);
		struct account *a = account_new(id);

		store_set(&a->provider, "fake");
		store_set(&a->title, id);
		store_set(&a->found_in, "~/.fake");
		a->origin = ACCOUNT_FOUND;
		args_set(a->answers, "address", "found");
		args_set(a->answers, "from", "profile");
		args_set(a->answers, "profile", id);
		g_ptr_array_add(found, a);
	}
	if (atomic_load(&fake_found) > 1)
		g_ptr_array_add(troubles, g_strdup("~/.fake2 cannot be read"));
}

const struct provider provider_fake = {
	.info = &info,
	.at_once_store = 8,
	.at_once_account = 8,
	.own_stores = own_stores,
	.find_accounts = find_accounts,
	.sign_in = sign_in,
	.sign = sign,
	.hand = held_hand,
	.key_maker = &enrolled_key_maker,
	.issuer = &enrolled_issuer,
	.find_renewable = held_find_renewable,
	.publish = publish,
	.unpublish = unpublish,
	.verb = { [VERB_REFRESH] = ask, [VERB_IMPORT] = ask, [VERB_ACCOUNT_TEST] = test,
		  [VERB_RENEW] = held_renew,
		  [VERB_ACCOUNT_STORES] = look },
};
