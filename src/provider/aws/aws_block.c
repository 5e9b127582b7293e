/*
 * aws_block: credentials as people have them in their hands: the CSV that the console offers for
 * a new access key, the lines it offers for a shell, a section of ~/.aws/credentials, and the
 * JSON that the CLI prints.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/csv.h>
#include <certty/base/text.h>

/* What a block says; a taste reads it, or leaves it to the next one. */
struct block {
	GBytes *bytes;
	const char *text;	/* NUL-terminated */
	size_t len;
	struct args *to;	/* of our own until all is well */
};

enum taste { NOT_MINE, TAKEN, BROKEN };
typedef enum taste taste_fn(struct block *b, GError **error);

static struct secret *secret_of(const char *text)
{
	return text && *text ? secret_new(text, strlen(text)) : NULL;
}

static enum taste take_keys(struct block *b, struct aws_keys *k, const char *what, GError **error)
{
	bool is_fit = aws_keys_check(k, what, error);

	if (is_fit) {
		args_set(b->to, "from", "keys");
		aws_keys_give(k, b->to);
	}
	aws_keys_done(k);
	return is_fit ? TAKEN : BROKEN;
}

/* ---- JSON ---- */

static enum taste taste_json(struct block *b, GError **error)
{
	static const char what[] = "the JSON";
	g_autoptr(json) j = NULL;
	int form = 0;
	struct aws_keys k = { 0 };

	if (!b->len || b->text[strspn(b->text, " \t\r\n")] != '{')
		return NOT_MINE;
	j = json_parse(b->text, b->len, PASTE_MAX, NULL);
	while (form < AWS_KEYS_FORMS && !aws_keys_is_form(j, (enum aws_keys_form)form))
		form++;
	if (form == AWS_KEYS_FORMS)
		return NOT_MINE;
	if (form == AWS_KEYS_PROCESS && json_str(j, "Token"))
		form = AWS_KEYS_METADATA;
	if (!aws_keys_read(j, (enum aws_keys_form)form, what, &k, error))
		return BROKEN;
	return take_keys(b, &k, what, error);
}

/* ---- CSV ---- */

static const char *cell_of(const struct csv *c, const char *const *heads)
{
	for (; *heads; heads++) {
		gssize column = csv_find(c, *heads);

		if (column >= 0)
			return csv_cell(c, 0, (size_t)column);
	}
	return NULL;
}

static enum taste taste_csv(struct block *b, GError **error)
{
	static const char *const ids[] = { "Access key ID", "AWSAccessKeyId", "Access key",
					   "access_key_id", NULL };
	static const char *const secrets[] = { "Secret access key", "AWSSecretKey", "Secret key",
					       "secret_access_key", NULL };
	g_autoptr(csv) c = csv_read(b->bytes, NULL);
	struct aws_keys k = { 0 };

	if (!c || csv_columns(c) < 2)
		return NOT_MINE;
	if (!csv_rows(c) || !cell_of(c, ids) || !cell_of(c, secrets))
		return NOT_MINE;
	if (csv_rows(c) > 1) {
		g_set_error(error, ERR, ERR_FORMAT, "the CSV holds %zu access keys: take one line, or "
			    "import the file", csv_rows(c));
		return BROKEN;
	}
	k.id = g_strstrip(g_strdup(cell_of(c, ids)));
	k.secret = secret_of(cell_of(c, secrets));
	return take_keys(b, &k, "the CSV", error);
}

/* ---- lines for a shell ---- */

enum { ID, SECRET, SESSION, REGION, PARTS };

struct parts {
	struct secret *part[PARTS];
};

static void done_parts(struct parts *p)
{
	for (int i = 0; i < PARTS; i++)
		secret_free(p->part[i]);
}

static const struct {
	const char *name;
	int part;
} variables[] = {
	{ "AWS_ACCESS_KEY_ID", ID },	  { "AWS_SECRET_ACCESS_KEY", SECRET },
	{ "AWS_SESSION_TOKEN", SESSION }, { "AWS_SECURITY_TOKEN", SESSION },
	{ "AWS_REGION", REGION },	  { "AWS_DEFAULT_REGION", REGION },
};

static size_t skip(const char *line, size_t len, const char *word)
{
	size_t n = strlen(word);

	return n <= len && !g_ascii_strncasecmp(line, word, n) ? n : 0;
}

/* The value, without the quotes round it and what ends a command. */
static struct secret *value_of(const char *value, size_t len)
{
	while (len && strchr(" \t\r;", value[len - 1]))
		len--;
	while (len && (*value == ' ' || *value == '\t')) {
		value++;
		len--;
	}
	if (len >= 2 && (*value == '"' || *value == '\'') && value[len - 1] == *value) {
		value++;
		len -= 2;
	}
	return len ? secret_new(value, len) : NULL;
}

/* export NAME=value, set NAME=value, $Env:NAME="value" and NAME=value. */
static void take_line(const char *line, size_t len, struct parts *p)
{
	static const char *const words[] = { " ", "\t", "export ", "set ", "setx ", "$Env:" };
	const char *end = line + len, *equals;
	size_t n, step;

	do {
		for (step = 0, n = 0; n < G_N_ELEMENTS(words) && !step; n++)
			step = skip(line, (size_t)(end - line), words[n]);
		line += step;
	} while (step);
	equals = memchr(line, '=', (size_t)(end - line));
	n = equals ? (size_t)(equals - line) : 0;
	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	for (size_t i = 0; n && i < G_N_ELEMENTS(variables); i++) {
		if (strlen(variables[i].name) != n || strncmp(variables[i].name, line, n))
			continue;
		secret_free(p->part[variables[i].part]);
		p->part[variables[i].part] = value_of(equals + 1, (size_t)(end - equals - 1));
	}
}

static void take_region(struct block *b, const char *region)
{
	if (region && aws_partition_is_region(region))
		args_set(b->to, "regions", region);
}

static enum taste taste_lines(struct block *b, GError **error)
{
	struct parts p = { 0 };
	struct aws_keys k = { 0 };
	enum taste taste = NOT_MINE;

	for (const char *line = b->text; line < b->text + b->len;) {
		size_t len = strcspn(line, "\n");

		take_line(line, len, &p);
		line += len + 1;
	}
	if (p.part[ID] || p.part[SECRET]) {
		k.id = p.part[ID] ? g_strndup(p.part[ID]->bytes, p.part[ID]->len) : NULL;
		k.secret = g_steal_pointer(&p.part[SECRET]);
		k.session = g_steal_pointer(&p.part[SESSION]);
		taste = take_keys(b, &k, "the lines", error);
		if (taste == TAKEN && p.part[REGION])
			take_region(b, p.part[REGION]->bytes);
	}
	done_parts(&p);
	return taste;
}

/* ---- a section of the shared files ---- */

/* Answers that a profile gives without a secret. */
static const struct column_alias profile_answers[] = {
	{ "role_arn", "role" },		  { "external_id", "external-id" },
	{ "mfa_serial", "mfa-serial" },	  { "role_session_name", "session-name" },
	{ "endpoint_url", "endpoint" },	  { "source_profile", "profile" },
	{ NULL }
};

static void take_answers(struct block *b, const struct aws_shared *s, const char *profile)
{
	const char *seconds = aws_shared_get(s, profile, "duration_seconds");
	guint64 n;

	for (const struct column_alias *a = profile_answers; a->header; a++) {
		const char *value = aws_shared_get(s, profile, a->header);

		if (value && g_utf8_validate(value, -1, NULL))
			args_set(b->to, a->key, value);
	}
	if (seconds && g_ascii_string_to_unsigned(seconds, 10, 900, 43200, &n, NULL)) {
		g_autofree char *span = g_strdup_printf("%" G_GUINT64_FORMAT "min", n / 60);

		args_set(b->to, "duration", span);
	}
	take_region(b, aws_shared_get(s, profile, "region"));
}

static enum taste take_profile(struct block *b, const struct aws_shared *s, const char *profile,
			       GError **error)
{
	const char *session = aws_shared_get(s, profile, "aws_session_token");
	struct aws_keys k = {
		.id = g_strdup(aws_shared_get(s, profile, "aws_access_key_id")),
		.secret = secret_of(aws_shared_get(s, profile, "aws_secret_access_key")),
		.session = secret_of(session),
	};

	take_answers(b, s, profile);
	if (!k.id && !k.secret && args_get(b->to, "role") && args_get(b->to, "profile")) {
		aws_keys_done(&k);	/* a token without its keys is of no use to anybody */
		args_set(b->to, "from", "profile");
		return TAKEN;
	}
	args_set(b->to, "profile", NULL);
	return take_keys(b, &k, "the section", error);
}

/* Whether its keys can stand in an account's answers: a program or a session cannot. */
static const char *only_there(const struct aws_shared *s, const char *profile)
{
	static const char *const keys[] = { "credential_process", "sso_account_id", "login_session",
					    "web_identity_token_file" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (aws_shared_get(s, profile, keys[i]))
			return keys[i];
	return NULL;
}

static enum taste taste_profile(struct block *b, GError **error)
{
	/* As the credentials file: its sections may have any name. */
	g_autoptr(aws_shared) s = aws_shared_read(NULL, b->bytes, NULL);
	const char *mine = NULL, *other = NULL, *key;

	for (const char *const *p = s ? aws_shared_profiles(s) : NULL; p && *p; p++)
		if (aws_shared_get(s, *p, "aws_access_key_id") ||
		    aws_shared_get(s, *p, "aws_secret_access_key") ||
		    aws_shared_get(s, *p, "role_arn") || only_there(s, *p)) {
			other = mine;
			mine = *p;
		}
	if (!mine)
		return NOT_MINE;
	key = only_there(s, mine);
	if (other) {
		g_set_error(error, ERR, ERR_FORMAT,
			    "there are several profiles in it: paste one section");
		return BROKEN;
	}
	if (key) {
		g_set_error(error, ERR, ERR_FORMAT, "a profile with %s stays where it is: choose it "
			    "by its name", key);
		return BROKEN;
	}
	return take_profile(b, s, mine, error);
}

/* ---- the block ---- */

bool aws_block(const struct secret *block, struct args *ret, GError **error)
{
	static taste_fn *const tastes[] = { taste_json, taste_lines, taste_profile, taste_csv };
	struct block b = { .text = block->bytes, .len = block->len };
	g_autoptr(args) to = args_new();
	enum taste taste = NOT_MINE;

	if (block->len > PASTE_MAX || memchr(block->bytes, '\0', block->len))
		return false;
	b.bytes = g_bytes_new_static(block->bytes, block->len);
	b.to = to;
	for (size_t i = 0; i < G_N_ELEMENTS(tastes) && taste == NOT_MINE; i++)
		taste = tastes[i](&b, error);
	g_bytes_unref(b.bytes);
	if (taste == TAKEN)
		args_add(ret, to);
	return taste == TAKEN;
}
