/*
 * sectigo_acme_key: what an ACME client is bound to an account with goes from Sectigo's answer into a file
 * that only its owner reads, in the words that clients have for it, and is wiped here.
 */
#include "sectigo_acme.h"

#include <string.h>

#include <certty/base/file.h>

#define READING "reading the ACME account (GET /acme/v2/account/ID)"
#define LONGEST	1024

struct key_file {
	char *path;
	GString *text;		/* does not grow: that leaves copies */
	enum sectigo_key how;
};

static void key_file_free(void *p)
{
	struct key_file *k = p;

	secret_clear(k->text->str, k->text->allocated_len);
	g_string_free(k->text, TRUE);
	g_free(k->path);
	g_free(k);
}

/* Whether the same stands there.  What is another's is never touched. */
static bool is_there(const struct key_file *k, GError **error)
{
	GError *why = NULL;
	GBytes *bytes = file_read(k->path, 4 * LONGEST, NULL, &why);
	gsize len = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &len) : NULL;
	bool same = text && len == k->text->len && !memcmp(text, k->text->str, len);
	bool is_none = g_error_matches(why, ERR, ERR_NOT_FOUND);

	if (bytes)
		file_wipe(bytes);
	if (!same && !is_none)
		g_set_error(error, ERR, ERR_EXISTS, "%s is there and is not the key of this account; put it "
			    "elsewhere first", k->path);
	g_clear_error(&why);
	return same;
}

static void write_key(struct work *w)
{
	struct key_file *k = w->in;

	if (k->how != SECTIGO_KEY_NEW && (is_there(k, &w->error) || w->error))
		return;
	if (k->how == SECTIGO_KEY_LOOK ||
	    file_write(k->path, k->text->str, k->text->len, 0600, FILE_NEW, &w->error))
		w->out = k->path;
}

struct work *sectigo_acme_key_work(const struct reply *r, const char *to, enum sectigo_key how, GError **error)
{
	g_autoptr(json) j = sectigo_refusal_or_json(r, READING, NULL, error);
	const char *id = json_str(j, "macId"), *key = json_str(j, "macKey");
	struct key_file *k;

	if (!j)
		return NULL;
	if (!id || !key || !*key || strlen(key) > LONGEST || strlen(id) > LONGEST || strpbrk(id, "\r\n") ||
	    strpbrk(key, "\r\n")) {
		g_set_error(error, ERR, ERR_REPLY, "Sectigo tells no key of that ACME account");
		return NULL;
	}
	k = g_new0(struct key_file, 1);
	k->path = file_absolute(to);
	k->how = how;
	k->text = g_string_sized_new(4096);
	g_string_append_printf(k->text, "eab-kid = %s\neab-hmac-key = %s\n", id, key);
	return work_new(write_key, k, key_file_free, NULL);
}
