/*
 * aws_sso_token: the token of IAM Identity Center, in the file where `aws sso login` leaves it.
 *
 * With a token of an sso-session comes one that renews it, and the client that it was made for.
 * What comes of a renewal goes back into the file as that command would put it: a token that renews
 * may be good for once, and others read the file as well.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define WHAT	 "renewing the SSO session"
#define OBJECT	 (1u << 20)	/* room for a file whose every sign is escaped */
#define LIFE_MAX (90 * CLOCK_DAY)

char *aws_sso_path(const struct aws_plan *p)
{
	const char *name = p->session ? p->session : p->start_url;
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, name, -1);
	g_autofree char *file = g_strconcat(sum, ".json", NULL);

	return g_build_filename(g_get_home_dir(), ".aws", "sso", "cache", file, NULL);
}

bool aws_sso_fail(const struct aws_plan *p, const char *why, GError **error)
{
	g_autofree char *shown = text_harmless_dup(p->profile, 100);

	g_set_error(error, ERR, ERR_SIGN_IN, "%s: %s; `aws sso login --profile %s` makes a new one",
		    p->from, why, shown);
	return false;
}

/* ---- JSON that has secrets in it ---- */

/* Never grows, so that no copy is left behind. */
static struct json_writer begin_object(void)
{
	struct json_writer w = { .out = g_string_sized_new(OBJECT) };

	json_open(&w, NULL, '{');
	return w;
}

static void wipe_object(struct json_writer *w)
{
	secret_clear(w->out->str, w->out->allocated_len);
	g_string_free(w->out, TRUE);
}

/* ---- reading ---- */

static bool is_token(const char *token)
{
	if (!token || !*token || strlen(token) > AWS_TOKEN_MAX)
		return false;
	for (; *token; token++)
		if (!g_ascii_isgraph(*token))
			return false;
	return true;
}

/* What asks for a new token; false: the file has not what that takes, or it has ended too. */
static bool take_renewal(struct aws_plan *p, const struct json *j, int64_t now)
{
	static const char *const keys[] = { "clientId", "clientSecret", "refreshToken" };
	const char *ends = json_str(j, "registrationExpiresAt");
	struct json_writer w;

	if (!ends || aws_keys_time(ends) <= now)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!is_token(json_str(j, keys[i])))
			return false;
	w = begin_object();
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		json_put_str(&w, keys[i], json_str(j, keys[i]));
	json_put_str(&w, "grantType", "refresh_token");
	json_close(&w, '}');
	p->renewal = secret_new(w.out->str, w.out->len);
	wipe_object(&w);
	return p->renewal;
}

static bool take_token(struct aws_plan *p, const struct json *j, int64_t now, GError **error)
{
	const char *token = json_str(j, "accessToken"), *ends = json_str(j, "expiresAt");
	g_autoptr(GString) why = NULL;

	if (!is_token(token) || !ends)
		return aws_sso_fail(p, "the SSO session's file has no token", error);
	p->token_ends = aws_keys_time(ends);
	if (p->token_ends <= now && take_renewal(p, j, now))
		return true;
	if (p->token_ends <= now) {
		why = g_string_new("the SSO session ended ");
		clock_say_until(why, now, p->token_ends);
		return aws_sso_fail(p, why->str, error);
	}
	p->token = secret_new(token, strlen(token));
	return p->token || aws_sso_fail(p, "the SSO session's token is too long", error);
}

static struct json *read_file(const char *path)
{
	GBytes *bytes = file_read(path, AWS_TOKEN_MAX, NULL, NULL);
	struct json *j = NULL;
	gsize len;

	if (bytes)
		j = json_parse(g_bytes_get_data(bytes, &len), g_bytes_get_size(bytes), AWS_TOKEN_MAX,
			       NULL);
	aws_shared_wipe(bytes);
	return j;
}

bool aws_sso_read_token(struct aws_plan *p, int64_t now, GError **error)
{
	g_autofree char *path = aws_sso_path(p);
	g_autoptr(json) j = read_file(path);

	if (!j)
		return aws_sso_fail(p, g_file_test(path, G_FILE_TEST_EXISTS) ?
					       "the SSO session's file is not JSON" :
					       "there is no SSO session on this machine", error);
	return take_token(p, j, now, error);
}

/* ---- writing ---- */

struct writing {
	char *path, *ends;
	struct secret *token, *refresh;	/* refresh NULL: it stays */
};

static void writing_free(void *p)
{
	struct writing *w = p;

	g_free(w->path);
	g_free(w->ends);
	secret_free(w->token);
	secret_free(w->refresh);
	g_free(w);
}

/* All else in it stays as it is. */
static void write_back(struct work *work)
{
	const struct writing *in = work->in;
	g_autoptr(json) j = read_file(in->path);
	const struct {
		const char *key, *value;
	} fresh[] = {
		{ "accessToken", in->token->bytes }, { "expiresAt", in->ends },
		{ "refreshToken", in->refresh ? in->refresh->bytes : NULL },
	};
	struct json_writer w = begin_object();

	for (size_t i = 0; i < json_members(j); i++) {
		const char *key = json_key_at(j, i), *value = json_str(j, key);

		for (size_t k = 0; k < G_N_ELEMENTS(fresh); k++)
			if (fresh[k].value && !strcmp(fresh[k].key, key))
				value = fresh[k].value;
		if (value)
			json_put_str(&w, key, value);
	}
	json_close(&w, '}');
	if (j)
		file_write(in->path, w.out->str, w.out->len, 0600, FILE_REPLACE, &work->error);
	wipe_object(&w);
}

/* ---- renewing ---- */

static struct next written(struct op *op, const struct reply *none)
{
	struct aws_op *mine = op->scratch;

	(void)none;
	if (op->work->error)
		op_trouble(op, "the SSO session was renewed, and its file cannot be written: %s",
			   op->work->error->message);
	return mine->then(op, NULL);
}

static struct secret *token_in(const struct json *j, const char *key)
{
	const char *token = json_str(j, key);

	return is_token(token) ? secret_new(token, strlen(token)) : NULL;
}

static struct next renewed(struct op *op, const struct reply *r)
{
	struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;
	g_autoptr(GString) ends = g_string_new(NULL);
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	struct writing *w;
	int64_t life = 0;

	if (!r->error && r->status >= 400 && r->status < 500) {
		aws_sso_fail(p, "the SSO session has ended, and is not renewed any more", &error);
		return next_fail_error(op, error);
	}
	j = aws_call_read_json(r, WHAT, &error);
	if (!j)
		return next_fail_error(op, error);
	p->token = token_in(j, "accessToken");
	if (!p->token || !json_int(j, "expiresIn", &life) || life <= 0 || life > LIFE_MAX)
		return next_fail(op, ERR_REPLY, WHAT ": the answer has no token that lasts");
	p->token_ends = op->now + life;
	clock_say_iso(ends, p->token_ends);
	w = g_new0(struct writing, 1);
	w->path = aws_sso_path(p);
	w->ends = g_strdup(ends->str);
	w->token = secret_dup(p->token);
	w->refresh = token_in(j, "refreshToken");
	return next_work(work_new(write_back, w, writing_free, NULL), written);
}

struct next aws_sso_renew(struct op *op, step_fn *then)
{
	struct aws_op *mine = op->scratch;
	const struct aws_plan *p = mine->plan;
	struct aws_place place = { 0 };
	g_autofree char *url = NULL;
	GError *error = NULL;
	struct request_out *r;

	if (!aws_place_find(p->with, AWS_SSO_OIDC, p->sso_region, &place, &error))
		return next_fail_error(op, error);
	url = g_strconcat(place.url, "/token", NULL);
	aws_place_done(&place);
	mine->then = then;
	r = exchange_post(url, "application/json", p->renewal->bytes, p->renewal->len);
	r->is_unsigned = true;
	return next_send(r, renewed);
}
