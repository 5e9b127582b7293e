/*
 * vault_init: a new server is initialised: it makes the keys that unseal it, and tells them once.
 *
 *   PGP keys, a place for the keys ─► is it new? ─► init ─► the keys are in their place
 *
 * What is told once is lost when it cannot be written, so the file is there before the server is
 * asked, and the keys go nowhere but into it: not to the screen, the database or a log.
 */
#include "vault_own.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>

#define SHARES_MAX 255
#define PGP_MAX	   65536	/* bytes of a public key's file */
#define ANSWER_MAX (1u << 20)
#define FILE_MODE  0600
#define TRIED	   "initialising it"
#define PLACE	   "# certty init is under way; the keys of the server will stand here.\n"

struct initialising {
	int64_t shares, threshold;
	bool is_recovery;	/* it unseals itself, and the keys are for recovery */
	char *file;
	GPtrArray *pgp;		/* char *: base64 */
	char *root_pgp;		/* likewise, or NULL */
	char *product;
	char *failed;		/* a sentence, while the file's place is given up */
	enum err code;
};

/* What must block: the files before the server is asked. */
struct preparing {
	char *file;
	char **paths;		/* PGP keys */
	char *root_path;	/* or NULL */
	GPtrArray *pgp;
	char *root_pgp;
};

/* And after: the keys into the file, or nothing, which takes it away. */
struct writing {
	char *file;
	GString *text;		/* wiped; NULL: there are none */
};

static step_fn prepared, status_heard, keys_heard, doubt_heard, written, taken_away;

static void initialising_done(void *initialising)
{
	struct initialising *i = initialising;

	g_free(i->file);
	if (i->pgp)
		g_ptr_array_unref(i->pgp);
	g_free(i->root_pgp);
	g_free(i->product);
	g_free(i->failed);
}

/* ---- answers ---- */

static int64_t number_of(const struct op *op, const char *key, int64_t fallback)
{
	int64_t n = fallback;

	args_int(op->args, key, &n);
	return n;
}

bool vault_init_check(const struct op *op, GError **error)
{
	int64_t shares = number_of(op, "shares", 5), threshold = number_of(op, "threshold", 3);
	g_auto(GStrv) pgp = args_list(op->args, "pgp-keys");

	if (shares < 1 || shares > SHARES_MAX)
		g_set_error(error, ERR, ERR_USAGE, "Keys: from 1 to %d", SHARES_MAX);
	else if (threshold < 1 || threshold > shares || (shares > 1 && threshold < 2))
		g_set_error(error, ERR, ERR_USAGE, "Needed: not more than there are keys, and 2 at the least "
			    "where there are several");
	else if (*pgp && g_strv_length(pgp) != (guint)shares)
		g_set_error(error, ERR, ERR_USAGE, "PGP keys: %u files for %" PRId64 " keys: each needs its "
			    "own", g_strv_length(pgp), shares);
	else
		return true;
	return false;
}

/* ---- files ---- */

static bool is_base64(const char *text)
{
	return *text && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
			strlen(text);
}

/* The lines between the headers of an armoured block and its checksum. */
static char *armoured(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	bool is_inside = false, is_body = false;

	for (char **line = lines; *line; line++) {
		g_strstrip(*line);
		if (g_str_has_prefix(*line, "-----BEGIN PGP PUBLIC KEY BLOCK"))
			is_inside = true;
		else if (is_body && (**line == '=' || **line == '-'))
			break;
		else if (is_body)
			g_string_append(out, *line);
		else
			is_body = is_inside && !**line;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *without_blanks(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text++)
		if (!g_ascii_isspace(*text))
			g_string_append_c(out, *text);
	return g_string_free(out, FALSE);
}

char *vault_pgp_read(const void *bytes, size_t len, GError **error)
{
	const uint8_t *first = bytes;
	g_autofree char *text = g_strndup(bytes, len), *found = NULL;

	if (len && *first & 0x80)	/* the first byte of every packet of PGP's */
		return g_base64_encode(bytes, len);
	found = strstr(text, "-----BEGIN") ? armoured(text) : without_blanks(text);
	if (is_base64(found) && !strstr(text, "PRIVATE KEY"))
		return g_steal_pointer(&found);
	g_set_error(error, ERR, ERR_FORMAT, "this is no PGP public key");
	return NULL;
}

static char *read_pgp(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, PGP_MAX, NULL, error);
	g_autofree char *shown = file_shown(path);
	char *key = bytes ? vault_pgp_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error) :
			    NULL;

	if (bytes && !key)
		g_prefix_error(error, "%s: ", shown);
	return key;
}

static void preparing_free(void *preparing)
{
	struct preparing *p = preparing;

	g_free(p->file);
	g_strfreev(p->paths);
	g_free(p->root_path);
	g_ptr_array_unref(p->pgp);
	g_free(p->root_pgp);
	g_free(p);
}

static void run_preparing(struct work *w)
{
	struct preparing *p = w->in;

	for (char **path = p->paths; *path; path++) {
		char *key = read_pgp(*path, &w->error);

		if (!key)
			return;
		g_ptr_array_add(p->pgp, key);
	}
	if (p->root_path)
		p->root_pgp = read_pgp(p->root_path, &w->error);
	if (!w->error)
		file_write(p->file, PLACE, strlen(PLACE), FILE_MODE, FILE_NEW, &w->error);
}

static char **absolute(char *const *paths)
{
	GPtrArray *out = g_ptr_array_new();

	for (; *paths; paths++)
		g_ptr_array_add(out, file_absolute(*paths));
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}

static void writing_free(void *writing)
{
	struct writing *w = writing;

	if (w->text) {
		secret_clear(w->text->str, w->text->allocated_len);
		g_string_free(w->text, TRUE);
	}
	g_free(w->file);
	g_free(w);
}

/* A disk that is full has room for them once what held their place is gone. */
static void run_writing(struct work *work)
{
	const struct writing *w = work->in;

	if (w->text && file_write(w->file, w->text->str, w->text->len, FILE_MODE, FILE_REPLACE, NULL))
		return;
	unlink(w->file);
	if (w->text)
		file_write(w->file, w->text->str, w->text->len, FILE_MODE, FILE_NEW, &work->error);
}

static struct next write_file(struct op *op, GString *text /* taken; NULL */, step_fn *then)
{
	const struct initialising *i = vault_mine(op);
	struct writing *w = g_new0(struct writing, 1);

	w->file = g_strdup(i->file);
	w->text = text;
	return next_work(work_new(run_writing, w, writing_free, NULL), then);
}

/* ---- before ---- */

struct next vault_init(struct op *op, const struct reply *none)
{
	struct initialising *i = vault_begin_unsigned(op, sizeof(*i), initialising_done);
	GError *error = NULL;

	(void)none;
	if (!vault_init_check(op, &error))
		return next_fail_error(op, error);
	i->shares = number_of(op, "shares", 5);
	i->threshold = number_of(op, "threshold", 3);
	i->file = file_absolute(args_text(op->args, "file", ""));
	return next_send(vault_ask_server(op, "sys/seal-status"), status_heard);
}

static struct next prepare(struct op *op)
{
	const struct initialising *i = vault_mine(op);
	struct preparing *p = g_new0(struct preparing, 1);
	g_auto(GStrv) pgp = args_list(op->args, "pgp-keys");
	const char *root = args_text(op->args, "root-pgp-key", "");

	p->file = g_strdup(i->file);
	p->paths = absolute(pgp);
	p->root_path = *root ? file_absolute(root) : NULL;
	p->pgp = g_ptr_array_new_with_free_func(g_free);
	return next_work(work_new(run_preparing, p, preparing_free, NULL), prepared);
}

static struct next status_heard(struct op *op, const struct reply *r)
{
	struct initialising *i = vault_mine(op);
	const struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);

	if (!status)
		return vault_fail(op, r, "asking whether it is new", "check the address");
	i->product = vault_product(status);
	i->is_recovery = json_bool(status, "recovery_seal", false);
	if (json_bool(status, "initialized", false))
		return next_fail(op, ERR_EXISTS, "%s at %s is initialised already", i->product, v->at);
	return prepare(op);
}

/* ---- init ---- */

static void put_keys(struct json_writer *w, const char *key, const GPtrArray *pgp)
{
	if (!pgp->len)
		return;
	json_open(w, key, '[');
	for (guint n = 0; n < pgp->len; n++)
		json_put_str(w, NULL, pgp->pdata[n]);
	json_close(w, ']');
}

static struct next prepared(struct op *op, const struct reply *none)
{
	struct initialising *i = vault_mine(op);
	struct preparing *p = op->work->in;
	struct json_writer w = { .out = vault_body_new(0) };
	struct request_out *r;

	(void)none;
	if (op->work->error) {
		g_string_free(w.out, TRUE);
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	}
	i->pgp = g_ptr_array_ref(p->pgp);
	i->root_pgp = g_steal_pointer(&p->root_pgp);
	json_open(&w, NULL, '{');
	json_put_int(&w, i->is_recovery ? "recovery_shares" : "secret_shares", i->shares);
	json_put_int(&w, i->is_recovery ? "recovery_threshold" : "secret_threshold", i->threshold);
	put_keys(&w, i->is_recovery ? "recovery_pgp_keys" : "pgp_keys", i->pgp);
	if (i->root_pgp)
		json_put_str(&w, "root_token_pgp_key", i->root_pgp);
	json_close(&w, '}');
	r = vault_tell_server(op, "sys/init", w.out);
	r->max = ANSWER_MAX;
	return next_send(r, keys_heard);
}

/* ---- keys ---- */

static void say_head(GString *out, const struct op *op)
{
	const struct vault *v = op->scratch;
	const struct initialising *i = v->mine;
	g_autoptr(GString) when = g_string_new(NULL);

	clock_say_utc(when, op->now);
	g_string_append_printf(out, "# %s at %s, initialised %s.\n# %" PRId64 " of these %" PRId64
			       " keys %s%s:\n", i->product, v->at, when->str, i->threshold, i->shares,
			       i->is_recovery ? "recover it (it unseals itself)" : "unseal it",
			       i->pgp->len ? "; each is encrypted to its PGP key, as base64" : "");
}

/* One key a line; NULL when the answer has not all of them. */
static GString *text_of(struct op *op, const struct json *answer)
{
	const struct initialising *i = vault_mine(op);
	const struct json *recovery = json_get(answer, "recovery_keys_base64");
	const struct json *keys = i->is_recovery ? recovery : json_get(answer, "keys_base64");
	const char *token = json_str(answer, "root_token");
	GString *out;

	if (!token || json_count(keys) != (size_t)i->shares)
		return NULL;
	out = g_string_sized_new(ANSWER_MAX);	/* never grows, so that all of it is wiped */
	say_head(out, op);
	for (size_t n = 0; n < json_count(keys); n++) {
		const char *key = json_text(json_at(keys, n));

		g_string_append_printf(out, "%s\n", key ? key : "");
	}
	g_string_append_printf(out, "# The root token%s, which may do everything there: revoke it once others "
			       "can sign in.\n%s\n",
			       i->root_pgp ? ", encrypted to its PGP key, as base64" : "", token);
	return out;
}

static struct next give_up(struct op *op)
{
	struct initialising *i = vault_mine(op);
	const struct vault *v = op->scratch;

	i->code = v->code;
	i->failed = g_strdup(v->failed);
	return write_file(op, NULL, taken_away);
}

/* It may have made keys that nobody has: its state tells. */
static struct next keys_heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) answer = vault_json(r);
	GString *text = answer ? text_of(op, answer) : NULL;

	if (text)
		return write_file(op, text, written);
	vault_explain(op, r, TRIED, "update", "sys/init");
	return next_send(vault_ask_server(op, "sys/seal-status"), doubt_heard);
}

static struct next doubt_heard(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);
	char *sentence;

	if (status && !json_bool(status, "initialized", true))
		return give_up(op);
	sentence = g_strdup_printf("%s; %s, and nobody has its keys: while there is nothing in it, empty its "
				   "storage and initialise it anew", v->failed,
				   status ? "it is initialised now" : "it may be initialised now");
	g_free(v->failed);
	v->failed = sentence;
	return give_up(op);
}

static struct next taken_away(struct op *op, const struct reply *none)
{
	const struct initialising *i = vault_mine(op);

	(void)none;
	return next_fail(op, i->code, "%s", i->failed);
}

static struct next written(struct op *op, const struct reply *none)
{
	const struct initialising *i = vault_mine(op);
	const struct vault *v = op->scratch;
	g_autofree char *shown = file_shown(i->file);

	(void)none;
	if (op->work->error)
		return next_fail(op, ERR_REPLY, "%s at %s is initialised, but its keys could not be written "
				 "and are lost: while there is nothing in it, empty its storage and "
				 "initialise it anew: %s", i->product, v->at, op->work->error->message);
	op_say(op, "%s at %s is initialised: its %" PRId64 " %skeys, %" PRId64 " of which %s it, and the root "
	       "token are in %s and nowhere else; %s", i->product, v->at, i->shares,
	       i->pgp->len ? "encrypted " : "", i->threshold, i->is_recovery ? "recover" : "unseal", shown,
	       i->is_recovery ? "it unseals itself" : "unseal is the next step");
	return next_done();
}
