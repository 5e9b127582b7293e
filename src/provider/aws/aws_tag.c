/*
 * aws_tag: the tags of a certificate in ACM or IAM: set, removed, and said as they are then.
 *
 * Setting and removing twice does no harm.  Keys that begin with aws: are AWS's own.
 */
#include "aws_cert.h"

#include <string.h>

#include <certty/base/text.h>

#define KEY_MAX   128
#define VALUE_MAX 256
#define TAGS_MAX  50
#define SHOWN_MAX 400

struct tag {
	char *key, *value;	/* value NULL: to be removed */
};

struct tagging {
	char *what;
	GArray *set, *drop;	/* struct tag */
	bool is_iam;
};

static step_fn set, has_set, drop, has_dropped, list, listed;

static void tag_done(void *p)
{
	struct tag *t = p;

	g_free(t->key);
	g_free(t->value);
}

static void tagging_done(void *p)
{
	struct tagging *m = p;

	g_free(m->what);
	if (m->set)
		g_array_unref(m->set);
	if (m->drop)
		g_array_unref(m->drop);
}

static struct tagging *mine(struct op *op)
{
	return aws_mine(op, sizeof(struct tagging), tagging_done);
}

/* ---- the answers ---- */

static bool check_tag(const struct tag *t, GError **error)
{
	const char *why = NULL;

	if (!*t->key)
		why = "a tag needs a key, as in env=prod";
	else if (g_utf8_strlen(t->key, -1) > KEY_MAX)
		why = "a tag's key has at most 128 characters";
	else if (t->value && g_utf8_strlen(t->value, -1) > VALUE_MAX)
		why = "a tag's value has at most 256 characters";
	else if (!g_ascii_strncasecmp(t->key, "aws:", 4))
		why = "tags that begin with aws: are AWS's own and cannot be changed";
	if (why)
		g_set_error(error, ERR, ERR_USAGE, "%s; nothing was changed", why);
	return !why;
}

static bool read_tags(const struct op *op, const char *answer, bool with_value, GArray **ret,
		      GError **error)
{
	g_auto(GStrv) list = args_list(op->args, answer);
	bool ok = true;

	*ret = g_array_new(FALSE, FALSE, sizeof(struct tag));
	g_array_set_clear_func(*ret, tag_done);
	for (char **at = list; at && *at && ok; at++) {
		const char *sign = with_value ? strchr(*at, '=') : NULL;
		struct tag t = {
			.key = sign ? g_strndup(*at, (gsize)(sign - *at)) : g_strdup(*at),
			.value = with_value ? g_strdup(sign ? sign + 1 : "") : NULL,
		};

		g_array_append_val(*ret, t);
		ok = check_tag(&t, error);
	}
	if (ok && (*ret)->len > TAGS_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "a certificate has at most %d tags; nothing was "
			    "changed", TAGS_MAX);
		ok = false;
	}
	return ok;
}

struct next aws_tag(struct op *op, const struct reply *none)
{
	struct tagging *m = mine(op);
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	GError *error = NULL;

	(void)none;
	m->is_iam = !strcmp(op->store->type, AWS_STORE_IAM);
	m->what = g_strconcat("tagging ", arn, NULL);
	if (!m->is_iam && strcmp(op->store->type, AWS_STORE_ACM))
		return next_fail(op, ERR_REFUSED, "a private CA puts no tags on what it issues");
	if (!read_tags(op, "set", true, &m->set, &error) ||
	    !read_tags(op, "remove", false, &m->drop, &error))
		return next_fail_error(op, error);
	return set(op, NULL);
}

/* ---- asking ---- */

static char *json_of(const struct op *op, const GArray *tags)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateArn", arn);
	json_open(&w, "Tags", '[');
	for (guint i = 0; i < tags->len; i++) {
		const struct tag *t = &g_array_index(tags, struct tag, i);

		json_open(&w, NULL, '{');
		json_put_str(&w, "Key", t->key);
		if (t->value)
			json_put_str(&w, "Value", t->value);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct aws_form *form_of(const struct op *op, const GArray *tags)
{
	struct aws_form *f = aws_form_new();

	aws_form_add(f, "ServerCertificateName", aws_cert_iam_name(op->cert.alias));
	for (guint i = 0; tags && i < tags->len; i++) {
		const struct tag *t = &g_array_index(tags, struct tag, i);
		g_autofree char *key = g_strdup_printf(t->value ? "Tags.member.%u.Key" :
								  "TagKeys.member.%u", i + 1);
		g_autofree char *value = g_strdup_printf("Tags.member.%u.Value", i + 1);

		aws_form_add(f, key, t->key);
		aws_form_add(f, value, t->value);
	}
	return f;
}

static struct next ask(struct op *op, const char *acm, const char *iam, const GArray *tags,
		       step_fn *step)
{
	g_autofree char *json = NULL;

	if (mine(op)->is_iam)
		return aws_cert_query(op, iam, form_of(op, tags), true, step);
	json = tags ? json_of(op, tags) : aws_cert_json(op, op->cert.alias);
	return aws_cert_send(op, AWS_ACM, acm, json, true, step);
}

/* ---- steps ---- */

static struct next set(struct op *op, const struct reply *none)
{
	(void)none;
	if (!mine(op)->set->len)
		return drop(op, NULL);
	return ask(op, "AddTagsToCertificate", "TagServerCertificate", mine(op)->set, has_set);
}

static struct next has_set(struct op *op, const struct reply *r)
{
	struct tagging *m = mine(op);
	GError *error = NULL;

	if (aws_cert_check(r, m->what, m->is_iam ? "iam:TagServerCertificate" :
						   "acm:AddTagsToCertificate", &error))
		return drop(op, NULL);
	return next_fail_error(op, error);
}

static struct next drop(struct op *op, const struct reply *none)
{
	(void)none;
	if (!mine(op)->drop->len)
		return list(op, NULL);
	return ask(op, "RemoveTagsFromCertificate", "UntagServerCertificate", mine(op)->drop,
		   has_dropped);
}

static struct next has_dropped(struct op *op, const struct reply *r)
{
	struct tagging *m = mine(op);
	GError *error = NULL;

	if (aws_cert_check(r, m->what, m->is_iam ? "iam:UntagServerCertificate" :
						   "acm:RemoveTagsFromCertificate", &error))
		return list(op, NULL);
	if (m->set->len)
		return aws_cert_fail(op, error, "the tags to set are set");
	return next_fail_error(op, error);
}

static struct next list(struct op *op, const struct reply *none)
{
	(void)none;
	return ask(op, "ListTagsForCertificate", "ListServerCertificateTags", NULL, listed);
}

static void say_tag(GString *s, const char *key, const char *value)
{
	g_autofree char *shown_key = text_harmless_dup(key ? key : "", KEY_MAX);
	g_autofree char *shown = text_harmless_dup(value ? value : "", VALUE_MAX);

	if (s->len < SHOWN_MAX)
		g_string_append_printf(s, "%s%s%s%s", s->len ? ", " : "", shown_key,
				       *shown ? "=" : "", shown);
}

static bool read_acm(const struct reply *r, const char *what, GString *s, GError **error)
{
	g_autoptr(json) j = aws_call_read_json(r, what, error);
	const struct json *tags = json_get(j, "Tags");

	for (size_t i = 0; i < json_count(tags); i++)
		say_tag(s, json_str(json_at(tags, i), "Key"), json_str(json_at(tags, i), "Value"));
	return j;
}

static bool read_iam(const struct reply *r, const char *what, GString *s, GError **error)
{
	g_autoptr(xml) x = aws_call_xml(r, what, error);
	const struct xml *tags = x ? xml_get(x, "ListServerCertificateTagsResult/Tags") : NULL;

	for (size_t i = 0; tags && i < xml_count(tags); i++)
		say_tag(s, xml_str(xml_at(tags, i), "Key"), xml_str(xml_at(tags, i), "Value"));
	return x;
}

static struct next listed(struct op *op, const struct reply *r)
{
	struct tagging *m = mine(op);
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	g_autoptr(GString) s = g_string_new(NULL);
	bool has_changed = m->set->len || m->drop->len;
	GError *error = NULL;

	if (aws_cert_check(r, m->what, m->is_iam ? "iam:ListServerCertificateTags" :
						   "acm:ListTagsForCertificate", &error) &&
	    (m->is_iam ? read_iam : read_acm)(r, m->what, s, &error)) {
		op_say(op, "tags of %s: %s", arn, s->len ? s->str : "none");
		return next_done();
	}
	if (!has_changed)
		return next_fail_error(op, error);
	op_say(op, "the tags of %s are changed", arn);
	op_trouble(op, "they could not be read: %s", error->message);
	g_error_free(error);
	return next_done();
}
