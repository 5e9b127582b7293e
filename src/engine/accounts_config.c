/*
 * accounts_config: what the configuration says of accounts and of sets of defaults, and what is
 * wrong with it.
 *
 * A group that makes no sense is an account all the same, with its trouble said: nobody's account
 * disappears because of a misspelt word.
 */
#include "own.h"

#include <string.h>

#include <certty/model/approval.h>

#define GROUP ACCOUNT_GROUP

char *accounts_group(const char *id)
{
	return g_strconcat(GROUP, id, NULL);
}

/* ---- one group of the configuration ---- */

/* What a group says, and what is wrong with it. */
struct reading {
	const struct settings *settings;
	const char *group;
	const struct field *fields;	/* of its provider, or NULL */
	struct account *account;
	GPtrArray *wrong;		/* sentences, or NULL: nobody wants them */
	bool is_rule_wrong;
};

static void G_GNUC_PRINTF(4, 5) complain(struct reading *r, const char *key, bool is_bad,
					 const char *format, ...)
{
	const char *where = settings_raw_origin(r->settings, r->group, key);
	g_autofree char *what = NULL, *sentence = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	sentence = g_strdup_printf("%s: %s", where ? where : r->group, what);
	if (is_bad && !r->account->trouble)
		r->account->trouble = g_strdup(sentence);
	if (r->wrong)
		g_ptr_array_add(r->wrong, g_steal_pointer(&sentence));
}

static void add_keys(GPtrArray *keys, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++)
		g_ptr_array_add(keys, (char *)f->key);
}

static void refuse_key(struct reading *r, const char *key)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	g_autofree char *hint = NULL;

	add_keys(keys, r->fields);
	add_keys(keys, account_common_fields);
	add_keys(keys, approval_fields);
	for (const char *const *own = (const char *const[]){ "provider", "title", "disabled", NULL };
	     *own; own++)
		g_ptr_array_add(keys, (char *)*own);
	g_ptr_array_add(keys, NULL);
	hint = settings_nearest(key, (const char *const *)keys->pdata);
	complain(r, key, false, "unknown key %s in [%s]%s", key, r->group, hint);
}

static bool read_bool(struct reading *r, const char *key, const char *value)
{
	static const struct field yes_or_no = { .kind = FIELD_BOOL, .label = "It" };
	g_autoptr(GError) error = NULL;

	if (field_check_one(&yes_or_no, value, &error))
		return !strcmp(value, "yes") || !strcmp(value, "true") || !strcmp(value, "1");
	complain(r, key, true, "%s is yes or no", key);
	return !strcmp(key, "read-only") || !strcmp(key, "disabled");	/* with care */
}

/* A secret's own text may stand there by mistake, so it is not said. */
static bool place_fits(const char *value, GError **error)
{
	const char *command;
	enum rung rung;

	return rung_read(value, &rung, &command, error);
}

static void read_answer(struct reading *r, const struct field *f, const char *value)
{
	g_autoptr(GError) error = NULL;

	if (*value && !(f->kind == FIELD_SECRET ? place_fits(value, &error) :
						  field_check_one(f, value, &error)))
		complain(r, f->key, true, "%s: %s", f->key, error->message);
	else if (*value)
		args_set(r->account->answers, f->key, value);
}

/* A rule that says something wrong is none, and the account is as good as without it. */
static void read_rule(struct reading *r, const struct field *f, const char *value)
{
	g_autoptr(GError) error = NULL;

	if (!*value || field_check_one(f, value, &error)) {
		args_set(r->account->answers, f->key, *value ? value : NULL);
		return;
	}
	complain(r, f->key, false, "%s: %s; nothing is approved by itself", f->key, error->message);
	r->is_rule_wrong = true;
}

static void check_rule(struct reading *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(approval) rule = approval_read(r->account->answers, &error);

	if (error)
		complain(r, "approve", false, "%s; nothing is approved by itself", error->message);
	if (r->is_rule_wrong)
		args_set(r->account->answers, "approve", NULL);
}

static void read_key(struct reading *r, const char *key, const char *value)
{
	struct account *a = r->account;
	const struct field *f = field_find(r->fields, key);

	if (!strcmp(key, "provider"))
		return;
	if (!strcmp(key, "title")) {
		store_set(&a->title, value);
	} else if (!strcmp(key, "disabled")) {
		a->is_disabled = read_bool(r, key, value);
	} else if (!strcmp(key, "read-only")) {
		a->is_read_only = read_bool(r, key, value);
	} else if (!strcmp(key, "defaults")) {
		store_set(&a->defaults, value);
	} else if (f || (f = field_find(account_common_fields, key))) {
		read_answer(r, f, value);
	} else if ((f = field_find(approval_fields, key))) {
		read_rule(r, f, value);
	} else {
		refuse_key(r, key);
	}
}

static void read_keys(struct reading *r)
{
	g_autofree char *set = NULL;

	for (const char *const *key = settings_keys(r->settings, r->group); *key; key++)
		read_key(r, *key, settings_raw(r->settings, r->group, *key));
	check_rule(r);
	set = g_strconcat("defaults ", r->account->defaults, NULL);
	if (*r->account->defaults && !*settings_keys(r->settings, set))
		complain(r, "defaults", false, "there is no [%s]", set);
}

static void read_provider(struct reading *r)
{
	const char *name = settings_raw(r->settings, r->group, "provider");
	const struct provider *p = name ? provider_find(name) : NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *hint = NULL;

	store_set(&r->account->provider, name ? name : "");
	r->fields = p ? p->info->account_fields : NULL;
	if (p && p->sign_in)
		return;
	for (const struct provider *const *all = provider_table; *all; all++)
		if ((*all)->sign_in)
			g_ptr_array_add(names, (char *)(*all)->info->name);
	g_ptr_array_add(names, NULL);
	hint = name ? settings_nearest(name, (const char *const *)names->pdata) : g_strdup("");
	if (name)
		complain(r, "provider", true, "there are no accounts of %s%s", name, hint);
	else
		complain(r, *settings_keys(r->settings, r->group), true,
			 "[%s] does not say its provider, and no other tool has set it up",
			 r->group);
}

static void check_needed(struct reading *r)
{
	g_autoptr(args) filled = accounts_fill(r->settings, r->account);

	for (const struct field *f = r->fields; f && f->key; f++)
		if (f->needed && field_is_asked(f, r->fields, filled) &&
		    !*args_text(filled, f->key, ""))
			complain(r, "provider", true, "%s (%s) is needed: %s", f->key, f->label,
				 f->hint);
}

struct account *accounts_config_read(const struct settings *s, const char *group,
				       GPtrArray *wrong)
{
	struct account *a = account_new(group + strlen(GROUP));
	struct reading r = { s, group, NULL, a, wrong, false };

	a->origin = ACCOUNT_CONFIGURED;
	if (!account_id_is_fit(a->id))
		complain(&r, *settings_keys(s, group), true,
			 "[%s]: a name has letters, digits and any of . _ : @ -, and at most %d "
			 "of them", group, ACCOUNT_ID_MAX);
	read_provider(&r);
	read_keys(&r);
	if (!a->trouble)
		check_needed(&r);
	if (!*a->title)
		store_set(&a->title, a->id);
	return a;
}

/* What the user says about an account that is not the user's: this machine, another tool's. */
void accounts_config_override(const struct settings *s, struct account *a, GPtrArray *wrong)
{
	g_autofree char *group = accounts_group(a->id);
	struct reading r = { s, group, NULL, a, wrong, false };

	read_keys(&r);
}

/* ---- answers with what stands in for those that were not given ---- */

static const char *stand_in(const struct settings *s, const struct account *a,
			    const struct field *f)
{
	g_autofree char *set = g_strconcat("defaults ", a->defaults, NULL);
	const char *value = *a->defaults && f->kind != FIELD_SECRET ?
		settings_raw(s, set, f->key) : NULL;

	return value && *value && field_check_one(f, value, NULL) ? value : f->fallback;
}

static void fill(const struct settings *s, const struct account *a, const struct field *fields,
		 struct args *args)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (!*args_text(args, f->key, ""))
			args_set(args, f->key, stand_in(s, a, f));
}

struct args *accounts_fill(const struct settings *s, const struct account *a)
{
	const struct provider *p = provider_find(a->provider);
	struct args *args = args_dup(a->answers);

	fill(s, a, p ? p->info->account_fields : NULL, args);
	fill(s, a, account_common_fields, args);
	return args;
}

/* [account aws:prod] without a provider is said of what another tool may have set up. */
bool accounts_config_is_override(const struct settings *s, const char *group)
{
	const char *colon = strchr(group, ':');
	g_autofree char *name = colon ? g_strndup(group + strlen(GROUP),
						  (gsize)(colon - group) - strlen(GROUP)) : NULL;
	const struct provider *p = name ? provider_find(name) : NULL;

	return !settings_raw(s, group, "provider") && p && p->find_accounts;
}

/* ---- checking a configuration ---- */

static void check_defaults(const struct settings *s, const char *group, GPtrArray *wrong)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();

	for (const struct provider *const *p = provider_table; *p; p++)
		add_keys(keys, (*p)->info->account_fields);
	add_keys(keys, account_common_fields);
	for (size_t v = 0; v < VERB_COUNT; v++)
		add_keys(keys, verb_table[v].fields);
	g_ptr_array_add(keys, NULL);
	for (const char *const *key = settings_keys(s, group); *key; key++) {
		g_autofree char *hint = NULL;

		if (g_strv_contains((const char *const *)keys->pdata, *key))
			continue;
		hint = settings_nearest(*key, (const char *const *)keys->pdata);
		g_ptr_array_add(wrong, g_strdup_printf("%s: nobody asks for %s of [%s]%s",
						       settings_raw_origin(s, group, *key), *key,
						       group, hint));
	}
}

char **engine_check_accounts(const struct settings *s)
{
	GPtrArray *wrong = g_ptr_array_new();

	for (const char *const *group = settings_groups(s, GROUP); *group; group++) {
		const char *id = *group + strlen(GROUP);

		if (!strcmp(id, "local") || accounts_config_is_override(s, *group)) {
			g_autoptr(account) a = account_new(id);

			accounts_config_override(s, a, wrong);
		} else {
			account_unref(accounts_config_read(s, *group, wrong));
		}
	}
	for (const char *const *group = settings_groups(s, "defaults "); *group; group++)
		check_defaults(s, *group, wrong);
	g_ptr_array_add(wrong, NULL);
	return (char **)g_ptr_array_free(wrong, FALSE);
}
