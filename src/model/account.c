/*
 * account: making and freeing accounts, what each of them is asked, and the places where
 * secrets may be kept.
 */
#include <certty/model/account.h>

#include <string.h>

#include <certty/base/clock.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct account, provider) },
	{ OWN_TEXT, offsetof(struct account, title) },
	{ OWN_TEXT, offsetof(struct account, who) },
	{ OWN_TEXT, offsetof(struct account, secret_from) },
	{ OWN_TEXT, offsetof(struct account, found_in) },
	{ OWN_ARGS, offsetof(struct account, answers) },
	{ OWN_TEXT, offsetof(struct account, defaults) },
	{ OWN_TEXT, offsetof(struct account, verdict) },
	{ OWN_TEXT, offsetof(struct account, rights) },
	{ OWN_TEXT, offsetof(struct account, may_not) },
	{ OWN_MAYBE, offsetof(struct account, trouble) },
	{ OWN_END },
};

/* clang-format off */
const struct field account_common_fields[] = {
	{ "read-only", FIELD_BOOL,    "Read-only",       false, "no", NULL,
	  "refuse everything that would change something there" },
	{ "renew",     FIELD_CHOICE,  "Renewals",        false, NULL, "off propose automatic",
	  "of certificates there that should be renewed: leave them, propose it, or start it without "
	  "a person; as renew.rule says when empty" },
	{ "defaults",  FIELD_TEXT,    "Defaults",        false, NULL, NULL,
	  "name of a set of default values, for answers that are not given" },
	{ "proxy",     FIELD_TEXT,    "Proxy",           false, NULL, NULL,
	  "as in http://proxy.example:3128; none for no proxy; as the environment says when empty" },
	{ "ca-file",   FIELD_FILE_IN, "CA bundle",       false, NULL, NULL,
	  "PEM file of the CAs to trust there; the system's when empty" },
	{ "ca-folder", FIELD_TEXT,    "CA folder",       false, NULL, NULL,
	  "folder of such files, named by hash as c_rehash does, beside the bundle or without it" },
	{ "tls-name",  FIELD_TEXT,    "TLS server name", false, NULL, NULL,
	  "the name its certificate has, when that is not the name in the address" },
	{ "cert-file", FIELD_FILE_IN, "Own certificate", false, NULL, NULL,
	  "PEM file shown to a server that wants a client certificate" },
	{ "key-file",  FIELD_FILE_IN, "Its private key", false, NULL, NULL,
	  "PEM file, not encrypted; the certificate's own file when empty" },
	{ "at-once",   FIELD_NUMBER,  "At once",         false, NULL, NULL,
	  "requests under way together, at most; the provider's own limit when empty" },
	{ NULL }
};

static const struct {
	const char *word, *sentence;
} rungs[RUNG_COUNT] = {
	[RUNG_FOUND]   = { "found",   "where another tool keeps it; read each time, never written" },
	[RUNG_KEYRING] = { "keyring", "in the keyring of the desktop (Secret Service)" },
	[RUNG_COMMAND] = { "command", "a program prints it, such as pass or op" },
	[RUNG_FILE]    = { "file",    "in certty's encrypted file, opened once a session" },
	[RUNG_MEMORY]  = { "memory",  "nowhere; it is asked for again after certty ends" },
};
/* clang-format on */

struct account *account_new(const char *id)
{
	return item_new(sizeof(struct account), own, id);
}

struct account *account_dup(const struct account *a)
{
	return item_dup(a, sizeof(*a), own);
}

struct account *account_ref(struct account *a)
{
	return item_ref(a);
}

void account_unref(struct account *a)
{
	item_drop(a, own);
}

static void unref(void *item)
{
	account_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	return strcmp(x->title, y->title);
}

const struct item_type account_type = { KIND_ACCOUNTS, item_id, item_ref, unref, compare };

bool account_id_is_fit(const char *id)
{
	size_t len = strlen(id);

	if (!len || len > ACCOUNT_ID_MAX || !g_ascii_isalnum(id[0]))
		return false;
	for (const char *c = id; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("._:@-", *c))
			return false;
	return true;
}

/* ---- what it may do ---- */

void account_forbid(GString *may_not, enum verb_id verb, const char *type, const char *when,
		    const char *words)
{
	g_string_append_printf(may_not, "%s|%s|%s|%s\n", verb_table[verb].name, type, when, words);
}

/* "what=domain", "approve", or "" */
static bool is_answered(const char *when, const struct args *args)
{
	g_auto(GStrv) parts = g_strsplit(when, "=", 2);
	const char *is = parts[0] && args ? args_text(args, parts[0], "") : "";

	if (!*when)
		return true;
	return parts[1] ? !strcmp(is, parts[1]) : *is;
}

char *account_why_not(const struct account *a, const struct verb *v, const char *type,
		      const struct args *args, int64_t now)
{
	g_auto(GStrv) lines = g_strsplit(a->may_not, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, "|", 4);
		g_autoptr(GString) age = g_string_new(NULL);

		if (g_strv_length(parts) != 4 || strcmp(parts[0], v->name) ||
		    (*parts[1] && strcmp(parts[1], type)) || !is_answered(parts[2], args))
			continue;
		clock_say_as_of(age, now, a->told);
		return g_strdup_printf("%s may not %s (told %s; once that has changed, test the account)",
				       a->id, parts[3], age->str);
	}
	return NULL;
}

const char *rung_word(enum rung rung)
{
	return rungs[rung].word;
}

const char *rung_sentence(enum rung rung)
{
	return rungs[rung].sentence;
}

bool rung_read(const char *text, enum rung *ret, const char **ret_command, GError **error)
{
	size_t len = strcspn(text, ":");
	const char *command = text[len] ? text + len + 1 : NULL;

	while (command && *command == ' ')
		command++;
	for (int r = 0; r < RUNG_COUNT; r++) {
		if (strlen(rungs[r].word) != len || strncmp(rungs[r].word, text, len))
			continue;
		if ((r == RUNG_COMMAND) != (command && *command))
			break;
		*ret = (enum rung)r;
		*ret_command = command;
		return true;
	}
	g_set_error(error, ERR, ERR_USAGE,
		    "that is no place for a secret: keyring, file, memory, found, or "
		    "\"command: \" and a program");
	return false;
}
