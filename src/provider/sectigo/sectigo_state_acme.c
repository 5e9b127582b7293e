/*
 * sectigo_state_acme: there is an ACME account of that name, whose key is in a file, or there is none; and
 * it has these names, or has them not.
 *
 * Accounts are listed by organization, so without one each is asked.  What a list tells of keys is read
 * past.
 */
#include "sectigo_acme.h"
#include "sectigo_domains.h"
#include "sectigo_state.h"

#include <string.h>

#include <certty/base/file.h>

#define ACCOUNTS "looking for the ACME account (GET /acme/v2/account)"
#define NAMES	 "listing the names of the ACME account (GET /acme/v2/account/ID/domain)"

static step_fn ask_accounts, accounts_listed, names_listed, look_again, key_read, key_written;

static const char *name_of(const struct op *op)
{
	return args_text(op->args, "name", "");
}

static bool is_about_names(const struct op *op)
{
	return !strcmp(args_text(op->args, "what", ""), SECTIGO_STATE_NAMES);
}

/* ---- which account ---- */

static void take_account(struct op *op, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "id", 18), *name = sectigo_call_text(j, "name", 128);
	struct sectigo_acme_found *f;

	if (!*number || strspn(number, "0123456789") != strlen(number) || strcmp(name, name_of(op)))
		return;
	f = g_new0(struct sectigo_acme_found, 1);
	f->number = g_steal_pointer(&number);
	f->server = sectigo_call_text(j, "acmeServer", 128);
	f->organization = sectigo_call_text(j, "organizationId", 18);
	f->kid = sectigo_call_text(j, "macId", 300);
	g_ptr_array_add(sectigo_state_of(op)->found, f);
}

static void list_organizations(struct op *op)
{
	struct sectigo_state *s = sectigo_state_of(op);
	GHashTableIter iter;
	gpointer number;

	g_ptr_array_set_size(s->organizations, 0);
	g_ptr_array_set_size(s->found, 0);
	s->asked = 0;
	if (s->organization) {
		g_ptr_array_add(s->organizations, g_strdup(s->organization));
		return;
	}
	if (sectigo_of(op)->names)
		g_hash_table_iter_init(&iter, sectigo_of(op)->names);
	while (sectigo_of(op)->names && g_hash_table_iter_next(&iter, &number, NULL))
		g_ptr_array_add(s->organizations, g_strdup(number));
}

/* None is asked for at all: whether it is there is not known. */
struct next sectigo_state_user(struct op *op, const struct reply *none)
{
	const struct sectigo_state *s = sectigo_state_of(op);

	if (*args_text(op->args, "eab-file", "") && !sectigo_state_is_present(op))
		return next_fail(op, ERR_USAGE, "an account that shall be absent has no key to write");
	if (is_about_names(op) && !*args_text(op->args, "names", "") && !args_bool(op->args, "only"))
		return next_fail(op, ERR_USAGE, "say which names");
	list_organizations(op);
	if (!s->organizations->len)
		return next_fail(op, ERR_NOT_FOUND, "no organization is seen at Sectigo; say which by its "
				 "number");
	return ask_accounts(op, none);
}

static struct next ask_accounts(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	g_autofree char *escaped = g_uri_escape_string(name_of(op), NULL, false);
	g_autofree char *path = g_strdup_printf("/acme/v2/account?organizationId=%s&name=%s",
						(char *)s->organizations->pdata[s->asked], escaped);

	(void)none;
	return sectigo_call_list(op, path, ACCOUNTS, take_account, accounts_listed);
}

/* The only one that can be meant; NULL with no error: there is none. */
static const struct sectigo_acme_found *pick(struct op *op, GError **error)
{
	const struct sectigo_state *s = sectigo_state_of(op);
	const char *server = args_text(op->args, "server", "");
	const struct sectigo_acme_found *found = NULL;
	guint n = 0;

	for (guint i = 0; i < s->found->len; i++) {
		const struct sectigo_acme_found *f = s->found->pdata[i];

		if (*server && strcmp(f->server, server))
			continue;
		n += !found || strcmp(f->number, found->number) != 0;
		found = f;
	}
	if (n > 1)
		g_set_error(error, ERR, ERR_USAGE, "more than one ACME account is called %s: say the "
			    "organization and the server, or rename one", name_of(op));
	else if (!n && s->found->len && sectigo_state_is_present(op))
		g_set_error(error, ERR, ERR_EXISTS, "the ACME account %s is there, of the server %s, which "
			    "cannot be changed", name_of(op),
			    ((struct sectigo_acme_found *)s->found->pdata[0])->server);
	return n == 1 ? found : NULL;
}

static void add_facts(struct op *op, const struct sectigo_acme_found *f)
{
	g_ptr_array_set_size(sectigo_state_of(op)->facts, 0);
	if (!f)
		return;
	sectigo_state_fact(op, "number", f->number);
	sectigo_state_fact(op, "server", f->server);
	sectigo_state_fact(op, "organization", sectigo_organization_name(op, f->organization));
	sectigo_state_fact(op, "EAB key ID", f->kid);
}

/* ---- the account itself ---- */

static struct next make(struct op *op)
{
	const struct sectigo_state *s = sectigo_state_of(op);

	if (!s->organization || !*args_text(op->args, "server", ""))
		return next_fail(op, ERR_USAGE, "there is no ACME account %s: say for which organization and "
				 "of which server it shall be made", name_of(op));
	sectigo_state_call(op, "POST", g_strdup("/acme/v2/account"),
			   sectigo_acme_body_made(op, s->organization), NULL, "ACME account %s made",
			   name_of(op));
	return sectigo_state_run(op, look_again);
}

/* Its number is in no answer; and what was made is there once it is seen. */
static struct next look_again(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const char *to = args_text(op->args, "eab-file", "");

	if (sectigo_state_is_check(op)) {
		if (*to)
			sectigo_state_changed(op, "its key written to %s", to);
		return sectigo_state_end(op);
	}
	s->is_made = true;
	list_organizations(op);
	return ask_accounts(op, none);
}

static struct next ask_key(struct op *op, const struct sectigo_acme_found *f)
{
	g_autofree char *path = g_strconcat("/acme/v2/account/", f->number, NULL);

	if (!*args_text(op->args, "eab-file", ""))
		return sectigo_state_end(op);
	return next_send(sectigo_call(op, "GET", path, NULL), key_read);
}

static struct next key_read(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	enum sectigo_key how = sectigo_state_is_check(op) ? SECTIGO_KEY_LOOK : SECTIGO_KEY_SAME;
	struct work *w = sectigo_acme_key_work(r, args_text(op->args, "eab-file", ""), how, &error);

	return w ? next_work(w, key_written) : sectigo_state_fail(op, error);
}

static struct next key_written(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return sectigo_state_fail(op, g_steal_pointer(&op->work->error));
	if (op->work->out)
		sectigo_state_changed(op, "its key written to %s", args_text(op->args, "eab-file", ""));
	return sectigo_state_end(op);
}

static struct next with_account(struct op *op, const struct sectigo_acme_found *f)
{
	const struct sectigo_state *s = sectigo_state_of(op);

	if (sectigo_state_is_present(op) && !f && s->is_made)
		return sectigo_state_fail(op, g_error_new(ERR, ERR_REPLY, "Sectigo does not list the account "
							  "yet; ask once more later"));
	if (sectigo_state_is_present(op))
		return f ? ask_key(op, f) : make(op);
	if (f)
		sectigo_state_call(op, "DELETE", g_strconcat("/acme/v2/account/", f->number, NULL), NULL, NULL,
				   "ACME account %s deleted", name_of(op));
	return sectigo_state_run(op, NULL);
}

/* ---- its names ---- */

static void take_name(struct op *op, const struct json *j)
{
	g_autofree char *said = sectigo_call_text(j, "name", 255);
	char *name = sectigo_domain_ascii(said, NULL);

	if (name)
		g_hash_table_add(sectigo_state_of(op)->names, name);
}

/* A playbook that makes the account just before is asked what it would do, too. */
static struct next without_account(struct op *op)
{
	if (!sectigo_state_is_present(op))
		return sectigo_state_end(op);
	if (sectigo_state_is_check(op)) {
		sectigo_state_changed(op, "names of ACME account %s, which is not there yet", name_of(op));
		return sectigo_state_end(op);
	}
	return next_fail(op, ERR_NOT_FOUND, "there is no ACME account %s; certty sectigo acme-user makes one",
			 name_of(op));
}

static struct next with_names(struct op *op, const struct sectigo_acme_found *f)
{
	g_autofree char *path = f ? g_strdup_printf("/acme/v2/account/%s/domain", f->number) : NULL;
	struct sectigo_state *s = sectigo_state_of(op);

	if (!f)
		return without_account(op);
	g_free(s->number);
	s->number = g_strdup(f->number);
	return sectigo_call_list(op, path, NAMES, take_name, names_listed);
}

static char *body_of(GPtrArray *names)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "domains", '[');
	for (guint i = 0; i < names->len; i++) {
		json_open(&w, NULL, '{');
		json_put_str(&w, "name", names->pdata[i]);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static void call_for(struct op *op, GPtrArray *names, bool adds)
{
	char *path = g_strdup_printf("/acme/v2/account/%s/domain", sectigo_state_of(op)->number);
	char **all = g_new0(char *, names->len + 1);

	for (guint i = 0; i < names->len; i++)
		all[i] = g_strdup(names->pdata[i]);
	sectigo_state_call_names(op, adds ? "POST" : "DELETE", path, body_of(names),
				 adds ? "notAddedDomains" : "notRemovedDomains", all,
				 adds ? "names added" : "names taken away");
}

/* Those that are said, in A-labels, each once; NULL: one is no name. */
static GHashTable *wished(const struct op *op, GError **error)
{
	g_auto(GStrv) typed = args_list(op->args, "names");
	g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (char **name = typed; *name; name++) {
		char *ascii = sectigo_domain_ascii(*name, error);

		if (!ascii) {
			g_prefix_error(error, "%s: ", *name);
			return NULL;
		}
		g_hash_table_add(all, ascii);
	}
	return g_steal_pointer(&all);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Of those in `of`, in order: those that are in `other`, or are not. */
static GPtrArray *those(GHashTable *of, GHashTable *other, bool is_in)
{
	GPtrArray *out = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, of);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (g_hash_table_contains(other, name) == is_in)
			g_ptr_array_add(out, name);
	g_ptr_array_sort(out, by_name);
	return out;
}

static struct next names_listed(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	GError *error = NULL;
	g_autoptr(GHashTable) wish = wished(op, &error);
	bool is_present = sectigo_state_is_present(op);
	struct next failed;

	(void)none;
	if (sectigo_state_list_failed(op, &failed)) {
		g_clear_error(&error);
		return failed;
	}
	if (!wish)
		return sectigo_state_fail(op, error);
	if (is_present) {
		g_autoptr(GPtrArray) missing = those(wish, s->names, false);

		if (missing->len)
			call_for(op, missing, true);
	}
	if (!is_present || args_bool(op->args, "only")) {
		g_autoptr(GPtrArray) extra = is_present ? those(s->names, wish, false) :
							  those(wish, s->names, true);

		if (extra->len)
			call_for(op, extra, false);
	}
	return sectigo_state_run(op, NULL);
}

/* ---- once all that may be meant are listed ---- */

static struct next accounts_listed(struct op *op, const struct reply *none)
{
	struct sectigo_state *s = sectigo_state_of(op);
	const struct sectigo_acme_found *f;
	GError *error = NULL;
	struct next failed;

	if (sectigo_state_list_failed(op, &failed))
		return failed;
	if (++s->asked < s->organizations->len)
		return ask_accounts(op, none);
	f = pick(op, &error);
	if (error)
		return sectigo_state_fail(op, error);
	add_facts(op, f);
	return is_about_names(op) ? with_names(op, f) : with_account(op, f);
}
