/*
 * akamai_find: credentials that other tools use here: sections of .edgerc and AKAMAI_* variables.
 */
#include "own.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include <certty/base/file.h>
#include <certty/base/ini.h>
#include <certty/base/text.h>

#define MOST 200		/* accounts of one file */

char *akamai_find_file(const char *answer)
{
	static const char *const variables[] = { "EDGERC", "AKAMAI_EDGERC" };

	if (answer && *answer)
		return file_absolute(answer);
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);

		if (value && *value)
			return file_absolute(value);
	}
	return file_absolute("~/.edgerc");
}

char *akamai_find_open_to(const char *path)
{
	g_autofree char *shown = file_shown(path);
	struct stat st;

	if (stat(path, &st) || !(st.st_mode & 077))
		return NULL;
	return g_strdup_printf("others on this machine can read %s, which holds secrets; chmod 600 ends "
			       "that", shown);
}

/* ---- accounts ---- */

static void set(char **to, char *value)
{
	g_free(*to);
	*to = value;
}

/* What a section is called, as the end of an id; other letters than ids may have become dashes. */
static char *id_of(const char *kind, const char *section)
{
	char *id = g_strdup_printf("akamai:%s%s", kind, section);

	for (char *c = id; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("._:@-", *c))
			*c = '-';
	if (strlen(id) > ACCOUNT_ID_MAX)
		id[ACCOUNT_ID_MAX] = '\0';
	return id;
}

static bool is_there(const GPtrArray *found, const char *id)
{
	for (guint i = 0; i < found->len; i++)
		if (!strcmp(((const struct account *)found->pdata[i])->id, id))
			return true;
	return false;
}

static struct account *add(GPtrArray *found, GPtrArray *troubles, const char *kind, const char *section,
			   const char *where)
{
	g_autofree char *id = id_of(kind, section), *shown = text_harmless_dup(section, 100);
	struct account *a;

	if (is_there(found, id)) {
		g_ptr_array_add(troubles, g_strdup_printf("%s is left out: there is an account %s already",
							  where, id));
		return NULL;
	}
	a = account_new(id);
	a->origin = ACCOUNT_FOUND;
	set(&a->provider, g_strdup("akamai"));
	set(&a->title, g_strdup_printf("Akamai %s", shown));
	set(&a->secret_from, g_strdup(where));
	set(&a->found_in, g_strdup(where));
	args_set(a->answers, AKAMAI_SECTION, section);
	g_ptr_array_add(found, a);
	return a;
}

static void find_section(GBytes *bytes, const char *path, const char *section, GPtrArray *found,
			 GPtrArray *troubles)
{
	g_autofree char *shown = file_shown(path), *name = text_harmless_dup(section, 100);
	g_autofree char *where = g_strdup_printf("%s [%s]", shown, name);
	g_autoptr(args) answers = args_new();
	g_autoptr(GError) error = NULL;
	struct account *a;

	if (!akamai_edgerc_read(bytes, section, answers, &error)) {
		g_ptr_array_add(troubles, g_strdup_printf("%s: %s", shown, error->message));
		return;
	}
	a = add(found, troubles, "", section, where);
	if (!a)
		return;
	args_set(a->answers, AKAMAI_FROM, "edgerc");
	args_set(a->answers, AKAMAI_FILE, path);
}

static void wipe_bytes(GBytes *bytes)
{
	gsize len;
	gpointer data = g_bytes_unref_to_data(bytes, &len);

	secret_wipe(data, len);
}

static void find_in_file(GPtrArray *found, GPtrArray *troubles)
{
	g_autofree char *path = akamai_find_file(NULL), *open_to = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) sections = NULL;
	GBytes *bytes;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	bytes = file_read(path, INI_BYTES, NULL, &error);
	if (bytes)
		sections = akamai_edgerc_sections(bytes, &error);
	if (error) {
		g_autofree char *shown = file_shown(path);

		g_ptr_array_add(troubles, g_strdup_printf("%s: %s", shown, error->message));
	}
	for (guint i = 0; sections && sections[i] && i < MOST; i++)
		find_section(bytes, path, sections[i], found, troubles);
	if (bytes)
		wipe_bytes(bytes);
	open_to = sections && *sections ? akamai_find_open_to(path) : NULL;
	if (open_to)
		g_ptr_array_add(troubles, g_steal_pointer(&open_to));
}

/* AKAMAI_CLIENT_TOKEN, and AKAMAI_<SECTION>_CLIENT_TOKEN for others. */
static void find_in_environment(GPtrArray *found, GPtrArray *troubles)
{
	static const char start[] = "AKAMAI_", end[] = "_CLIENT_TOKEN";
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name; name++) {
		size_t len = strlen(*name), most = strlen(start) + strlen(end);
		g_autofree char *section = NULL;
		g_autoptr(args) answers = args_new();
		g_autoptr(GError) error = NULL;
		struct account *a;

		if (!g_str_has_prefix(*name, start) || !g_str_has_suffix(*name, end))
			continue;
		section = len < most ? g_strdup("default")
				     : g_ascii_strdown(*name + strlen(start), (gssize)(len - most));
		if (!akamai_edgerc_environment(section, answers, &error)) {
			g_ptr_array_add(troubles, g_strdup_printf("Akamai in the environment: %s",
								  error->message));
			continue;
		}
		a = add(found, troubles, "environment-", section, "the environment");
		if (a)
			args_set(a->answers, AKAMAI_FROM, "environment");
	}
}

void akamai_find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	find_in_environment(found, troubles);
	find_in_file(found, troubles);
}
