/* fake: the program with a provider that asks nobody, so that the command line of accounts is tested
 * apart from any server: who says "right" is let in, a code is wanted from the user "twofold". */
#include <string.h>

#include <certty/provider/provider.h>

extern const struct provider provider_local;

static step_fn sign_in, who;
static read_block_fn read_block;
static find_accounts_fn find_accounts;

/* clang-format off */
static const struct field account_fields[] = {
	{ "url",      FIELD_TEXT,   "Address",  true,  NULL, NULL,
	  "as in https://fake.example", NULL, "https?://[^/]+" },
	{ "from",     FIELD_CHOICE, "From",     false, "password", "password token",
	  "how to sign in", NULL, NULL },
	{ "user",     FIELD_TEXT,   "User",     true,  NULL, NULL,
	  "who you are", "from=password", NULL },
	{ "password", FIELD_SECRET, "Password", true,  NULL, NULL,
	  "the user's", "from=password", NULL },
	{ "token",    FIELD_SECRET, "Token",    true,  NULL, NULL,
	  "a bearer token", "from=token", NULL },
	{ "depth",    FIELD_NUMBER, "Depth",    false, NULL, NULL,
	  "how far to look", NULL, NULL },
	{ NULL }
};

static const struct column_alias aliases[] = {
	{ "Properties.Host", "url" },
	{ "Properties.ServerUsername", "user" },
	{ "Properties.ServerPassword", "password" },
	{ NULL }
};
/* clang-format on */

static const char *const store_types[] = { NULL };

static const struct provider_info info = {
	.name = "fake",
	.title = "A fake",
	.sentence = "A provider of the tests",
	.account_fields = account_fields,
	.store_types = store_types,
	.test_sentence = "nobody; it proves nothing",
	.read_block = read_block,
	.block_hint = "lines that begin with FAKE",
	.file_users = "the fake's other tools",
	.aliases = aliases,
};

static bool is_signed(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	(void)r;
	(void)a;
	(void)now;
	(void)error;
	return true;
}

static const struct provider provider_fake = {
	.info = &info,
	.at_once_store = 1,
	.at_once_account = 4,
	.find_accounts = find_accounts,
	.sign_in = sign_in,
	.sign = is_signed,
	.verb = { [VERB_ACCOUNT_TEST] = who },
};

const struct provider *const provider_table[] = { &provider_fake, &provider_local, NULL };

static bool read_block(const struct secret *block, struct args *ret, GError **error)
{
	const char *line = block->bytes;

	if (!g_str_has_prefix(line, "FAKE\n"))
		return false;
	for (line = strchr(line, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
		const char *key = line + 1, *value = strchr(key, '=');
		size_t len = value ? strcspn(value + 1, "\n") : 0;
		g_autofree char *name = value ? g_strndup(key, (gsize)(value - key)) : NULL;
		const struct field *f = name ? field_find(account_fields, name) : NULL;

		if (!f) {
			g_set_error(error, ERR, ERR_FORMAT, "a line of it is not understood");
			return false;
		}
		if (f->kind == FIELD_SECRET) {
			args_put_secret(ret, name, secret_new(value + 1, len));
		} else {
			g_autofree char *plain = g_strndup(value + 1, len);

			args_set(ret, name, plain);
		}
	}
	return true;
}

/* None, unless a test plants one. */
static void find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	const char *url = g_getenv("FAKE_URL");
	struct account *a;

	(void)troubles;
	if (!url)
		return;
	a = account_new("fake:env");
	a->origin = ACCOUNT_FOUND;
	g_free(a->provider);
	a->provider = g_strdup("fake");
	g_free(a->title);
	a->title = g_strdup(url);
	g_free(a->found_in);
	a->found_in = g_strdup("FAKE_URL");
	args_set(a->answers, "url", url);
	args_set(a->answers, "user", "environment");
	g_ptr_array_add(found, a);
}

static bool is_right(const struct secret *s)
{
	return s && s->len == strlen("right") && !memcmp(s->bytes, "right", s->len);
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	const struct secret *said = args_secret(op->login, "password");
	struct access *a;

	(void)none;
	if (!said)
		said = args_secret(op->login, "token");
	if (!is_right(said))
		return next_fail(op, ERR_SIGN_IN, "the fake does not let you in with that");
	a = access_new();
	args_set(a->with, "user", args_text(op->login, "user", "token"));
	args_set(a->with, "url", args_text(op->login, "url", "nowhere"));
	op_open(op, a);
	return next_done();
}

static struct next who(struct op *op, const struct reply *none)
{
	(void)none;
	op_who(op, "%s at %s", args_text(op->access->with, "user", ""),
	       args_text(op->access->with, "url", ""));
	op_say(op, "signed in as %s", args_text(op->access->with, "user", ""));
	return next_done();
}
