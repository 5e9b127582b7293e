/*
 * dns_tools: one way to read them all: variables by the names of the table, files as blocks of names
 * and values.
 */
#include "provider/dns_tools.h"

#include <string.h>

#include <certty/base/file.h>

static const char *const ways[] = { DNS_TOOLS_ENVIRONMENT, DNS_TOOLS_ACME_SH, DNS_TOOLS_CERTBOT };

static bool is_way(const char *auth)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		if (!strcmp(ways[i], auth))
			return true;
	return false;
}

/* ---- reading ---- */

static bool put(struct args *ret, const struct block_row *row, const char *value, GError **error)
{
	struct secret *s;

	if (!row->is_secret) {
		args_set(ret, row->key, value);
		return true;
	}
	s = secret_new(value, strlen(value));
	if (!s) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return false;
	}
	args_put_secret(ret, row->key, s);
	return true;
}

static bool read_environment(const struct dns_tools *t, struct args *ret, GError **error)
{
	for (const struct block_row *row = t->rows; row->name; row++) {
		const char *value = g_getenv(row->name);

		if (value && *value && strlen(value) <= PASTE_MAX && !args_get(ret, row->key) &&
		    !args_secret(ret, row->key) && !put(ret, row, value, error))
			return false;
	}
	return true;
}

/* New; NULL: that tool has none for this service. */
static char *file_of(const struct dns_tools *t, const char *way)
{
	const char *home = g_getenv("LE_CONFIG_HOME");

	if (!strcmp(way, DNS_TOOLS_ACME_SH))
		return home && *home ? g_build_filename(home, "account.conf", NULL) :
				       file_absolute("~/.acme.sh/account.conf");
	return t->certbot && !strcmp(way, DNS_TOOLS_CERTBOT) ?
		g_build_filename(g_get_home_dir(), ".secrets", "certbot", t->certbot, NULL) : NULL;
}

static bool read_file(const struct dns_tools *t, const char *path, struct args *ret, GError **error)
{
	GBytes *bytes = file_read(path, PASTE_MAX, NULL, error);
	g_autoptr(secret) text = NULL;
	g_autoptr(block) b = NULL;
	GError *why = NULL;

	if (!bytes)
		return false;
	text = secret_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	file_wipe(bytes);
	b = text ? block_read(text, &why) : NULL;
	if (b && block_answer(b, t->rows, ret, &why) < 0)
		g_clear_pointer(&b, block_free);
	if (why) {
		g_propagate_error(error, why);
		return false;
	}
	if (!text)
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
	return text != NULL;
}

/* What that tool has; nothing of it may be there. */
static bool read_way(const struct dns_tools *t, const char *way, struct args *ret, GError **error)
{
	g_autofree char *path = file_of(t, way), *shown = path ? file_shown(path) : NULL;

	if (!strcmp(way, DNS_TOOLS_ENVIRONMENT))
		return read_environment(t, ret, error);
	if (!path || !g_file_test(path, G_FILE_TEST_EXISTS))
		return true;
	if (read_file(t, path, ret, error))
		return true;
	g_prefix_error(error, "%s: ", shown);
	return false;
}

/* For people: "~/.acme.sh/account.conf"; new. */
static char *place_of(const struct dns_tools *t, const char *way)
{
	g_autofree char *path = file_of(t, way);

	return path ? file_shown(path) : g_strdup("the environment");
}

/* ---- finding ---- */

static void replace(char **to, char *value)
{
	g_free(*to);
	*to = value;
}

static void add(const struct dns_tools *t, const char *way, GPtrArray *found)
{
	g_autofree char *id = g_strconcat(t->provider, ":", way, NULL);
	struct account *a = account_new(id);

	a->origin = ACCOUNT_FOUND;
	replace(&a->provider, g_strdup(t->provider));
	replace(&a->title, g_strdup_printf("%s, as %s has it", t->title,
					   strcmp(way, DNS_TOOLS_ENVIRONMENT) ? way :
					   "the environment"));
	replace(&a->secret_from, place_of(t, way));
	replace(&a->found_in, place_of(t, way));
	args_set(a->answers, "auth", way);
	g_ptr_array_add(found, a);
}

void dns_tools_find(const struct dns_tools *t, GPtrArray *found, GPtrArray *troubles)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(args) read = args_new();
		GError *error = NULL;

		if (!read_way(t, ways[i], read, &error)) {
			g_ptr_array_add(troubles, g_strdup(error->message));
			g_error_free(error);
		} else if (!t->gap(read)) {
			add(t, ways[i], found);
		}
	}
}

bool dns_tools_block(const struct dns_tools *t, const struct secret *text, struct args *ret,
		     GError **error)
{
	g_autoptr(block) b = block_read(text, NULL);
	g_autoptr(args) read = args_new();
	int n = b ? block_answer(b, t->rows, read, error) : 0;

	if (n <= 0 || t->gap(read))
		return false;
	args_add(ret, read);
	return true;
}

/* ---- signing in ---- */

struct reading {
	const struct dns_tools *tools;
	char *way;
	struct args *answers;
};

static void reading_free(void *p)
{
	struct reading *in = p;

	g_free(in->way);
	args_free(in->answers);
	g_free(in);
}

static void free_args(void *args)
{
	args_free(args);
}

static void run(struct work *w)
{
	const struct reading *in = w->in;
	g_autoptr(args) read = args_dup(in->answers);

	if (is_way(in->way) && !read_way(in->tools, in->way, read, &w->error))
		return;
	if (in->tools->complete && !in->tools->complete(read, &w->error))
		return;
	w->out = g_steal_pointer(&read);
}

static struct next open_account(struct op *op)
{
	const struct reading *in = op->work->in;
	const struct args *answers = op->work->out;
	const char *gap = op->work->error ? NULL : in->tools->gap(answers);
	g_autofree char *place = is_way(in->way) ? place_of(in->tools, in->way) : NULL;
	struct access *a;

	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (gap && place)
		return next_fail(op, ERR_SIGN_IN, "there is no %s in %s any more", gap, place);
	if (gap)
		return next_fail(op, ERR_SIGN_IN, "there is no %s for the account; enter it anew by "
				 "rotating it", gap);
	a = access_new();
	args_add(a->with, answers);
	a->is_renewable = true;
	a->from = g_steal_pointer(&place);
	op_open(op, a);
	return next_done();
}

static struct next opened(struct op *op, const struct reply *none)
{
	(void)none;
	return open_account(op);
}

struct next dns_tools_sign_in(struct op *op, const struct dns_tools *t)
{
	struct reading *in = g_new0(struct reading, 1);

	in->tools = t;
	in->way = g_strdup(args_text(op->login, "auth", ""));
	in->answers = args_dup(op->login);
	return next_work(work_new(run, in, reading_free, free_args), opened);
}
