/*
 * wizard_fill: blocks that people have, pasted, typed or read from a file, become answers.
 *
 * Which provider a block is for, the providers say.  The block itself is a secret: it is never
 * shown, and wiped when it was read.
 */
#include "wizard_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define ROOM_FIRST 4096

/* ---- who understands it ---- */

static bool try_one(const struct provider_info *info, const struct secret *block,
		    struct args *ret, GError **trouble)
{
	g_autoptr(GError) error = NULL;

	if (!info->read_block)
		return false;
	if (info->read_block(block, ret, &error))
		return true;
	if (error && !*trouble)	/* it is this one's, and broken */
		*trouble = g_error_copy(error);
	return false;
}

/* The one that is chosen already is asked first, then the others in their order. */
static const struct provider_info *who_reads(const struct wizard *w, const struct secret *block,
					     struct args *ret, GError **trouble)
{
	const struct provider_info *info;

	if (w->info && try_one(w->info, block, ret, trouble))
		return w->info;
	for (size_t i = 0; !w->account && (info = wizard_provider_at(w->screen, i)); i++)
		if (info != w->info && try_one(info, block, ret, trouble))
			return info;
	return NULL;
}

static void say_nobody(struct wizard *w, const GError *trouble)
{
	g_autoptr(GString) hints = g_string_new(NULL);
	const struct provider_info *info;

	if (trouble) {
		wizard_say(w, ROLE_bad, "%s", trouble->message);
		return;
	}
	for (size_t i = 0; (info = wizard_provider_at(w->screen, i)); i++)
		if (info->read_block && info->block_hint && (!w->info || info == w->info))
			g_string_append_printf(hints, "%s%s", hints->len ? "; " : "",
					       info->block_hint);
	wizard_say(w, ROLE_warn, "Nothing here can read that.%s%s%s",
		   hints->len ? " What can be read: " : "", hints->str, hints->len ? "." : "");
}

/* ---- filling in ---- */

static bool fill_plain(struct wizard *w, const struct args *from, const char *key)
{
	struct wizard_answer *a = wizard_find(w, key);
	g_autofree char *harmless = NULL;

	if (!a || a->answer.field->kind == FIELD_SECRET)
		return false;
	harmless = text_harmless_dup(args_get(from, key), EDIT_MAX);
	answer_set(&a->answer, harmless);
	answer_check(&a->answer, false);
	return true;
}

static bool fill_secret(struct wizard *w, const struct args *from, const char *key)
{
	struct wizard_answer *a = wizard_find(w, key);
	struct secret *copy = secret_dup(args_secret(from, key));

	if (!a || a->answer.field->kind != FIELD_SECRET || !copy) {
		secret_free(copy);
		return false;
	}
	answer_hold(&a->answer, copy);
	return true;
}

/* To what is still wanted, else to the end. */
static void put_cursor(struct wizard *w)
{
	wizard_show_rows(w);
	if (!wizard_check(w))
		return;
	for (guint i = 0; i < w->rows->len; i++)
		if (g_array_index(w->rows, struct row, i).kind == ROW_TEST)
			w->at = i;
}

static void fill(struct wizard *w, const struct args *from)
{
	g_auto(GStrv) plain = args_keys(from);
	g_auto(GStrv) secret = args_secret_keys(from);
	unsigned n = 0, secrets = 0;

	for (char **key = plain; *key; key++)
		n += fill_plain(w, from, *key);
	for (char **key = secret; *key; key++)
		secrets += fill_secret(w, from, *key);
	put_cursor(w);
	wizard_say(w, ROLE_notice, "Read for %s: %u answer%s, %u secret%s.", w->info->title, n,
		   n == 1 ? "" : "s", secrets, secrets == 1 ? "" : "s");
}

static bool take(struct wizard *w, const struct secret *block)
{
	g_autoptr(args) found = args_new();
	g_autoptr(GError) trouble = NULL;
	const struct provider_info *info = who_reads(w, block, found, &trouble);

	if (!info) {
		say_nobody(w, trouble);
		return false;
	}
	if (w->info && info != w->info && w->page == PAGE_FORM && wizard_is_changed(w)) {
		wizard_say(w, ROLE_warn, "That is for %s. Esc twice leaves this one first.",
			   info->title);
		return false;
	}
	if (info != w->info || w->page != PAGE_FORM)
		wizard_choose(w, info);
	wizard_go(w, PAGE_FORM);
	fill(w, found);
	return true;
}

bool wizard_take_block(struct wizard *w, const char *bytes, size_t len)
{
	g_autoptr(secret) block = len <= PASTE_MAX ? secret_new(bytes, len) : NULL;

	if (!block) {
		wizard_say(w, ROLE_bad, len > PASTE_MAX ?
			   "That is more than a block for one account: %u KiB at most." :
			   "There is no protected memory left for a block of that size.",
			   PASTE_MAX >> 10);
		return false;
	}
	return take(w, block);
}

bool wizard_is_block(const char *bytes, size_t len)
{
	while (len && strchr("\r\n\t ", bytes[len - 1]))
		len--;
	return len && (*bytes == '{' || *bytes == '[' || memchr(bytes, '\n', len));
}

/* ---- from a file ---- */

bool wizard_read_file(struct wizard *w, const char *path)
{
	g_autofree char *where = file_absolute(path);
	g_autoptr(GError) error = NULL;
	GBytes *bytes = file_read(where, PASTE_MAX, NULL, &error);
	gsize len = 0;
	char *data;
	bool done;

	if (!bytes) {
		wizard_say(w, ROLE_bad, "%s", error->message);
		return false;
	}
	data = g_bytes_unref_to_data(bytes, &len);
	done = wizard_take_block(w, data, len);
	secret_wipe(data, len);
	if (!done)
		return false;
	g_free(w->file);
	w->file = g_strdup(path);
	wizard_show_rows(w);
	return true;
}

/* ---- typed, where the terminal cannot say what is pasted ---- */

static bool make_room(struct wizard *w, size_t len)
{
	size_t room = w->block ? w->block->len : 0, wanted = MAX(room, ROOM_FIRST);
	struct secret *larger;

	while (wanted < len)
		wanted *= 2;
	if (wanted > PASTE_MAX)
		return false;
	if (wanted == room)
		return true;
	larger = secret_new(NULL, wanted);
	if (!larger)
		return false;
	if (w->block)
		memcpy(larger->bytes, w->block->bytes, w->block_len);
	secret_free(w->block);
	w->block = larger;
	return true;
}

static bool append(struct wizard *w, const char *bytes, size_t len)
{
	if (!make_room(w, w->block_len + len))
		return false;
	memcpy(w->block->bytes + w->block_len, bytes, len);
	w->block_len += len;
	return true;
}

static void take_back(struct wizard *w)
{
	const char *before;

	if (!w->block_len)
		return;
	before = g_utf8_find_prev_char(w->block->bytes, w->block->bytes + w->block_len);
	w->block_len = before ? (size_t)(before - w->block->bytes) : 0;
}

bool wizard_add_typed(struct wizard *w, uint32_t key)
{
	char bytes[6];
	bool done;

	if (key == K_BACKSPACE) {
		take_back(w);
		return true;
	}
	if (key == K_ENTER || key == K_TAB)
		return append(w, key == K_ENTER ? "\n" : "\t", 1);
	if (!key_is_text(key))
		return true;
	done = append(w, bytes, (size_t)g_unichar_to_utf8(key, bytes));
	secret_clear(bytes, sizeof(bytes));
	return done;
}
