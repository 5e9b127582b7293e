/*
 * acm_kept: what a request's row remembers for the next verb on it, as JSON.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/text.h>

#define KEPT_MAX (1u << 20)
#define TEXT_MAX 4096

static char *text_of(const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	return text_harmless_dup(text ? text : "", TEXT_MAX);
}

/* ---- reading ---- */

static struct acm_option *read_option(const struct json *j)
{
	struct acm_option *o = g_new0(struct acm_option, 1);
	g_autofree char *emails = text_of(j, "emails");

	o->name = text_of(j, "name");
	o->method = text_of(j, "method");
	o->status = text_of(j, "status");
	o->record_name = text_of(j, "record-name");
	o->record_type = text_of(j, "record-type");
	o->record_value = text_of(j, "record-value");
	o->domain = text_of(j, "domain");
	o->emails = *emails ? g_strsplit(emails, " ", -1) : g_new0(char *, 1);
	return o;
}

static void read_asked(struct args *to, const struct json *j)
{
	for (size_t i = 0; i < json_members(j); i++) {
		const char *key = json_key_at(j, i), *value = json_str(j, key);

		if (key && value)
			args_set(to, key, value);
	}
}

struct acm_kept *acm_kept_read(const char *text)
{
	g_autoptr(json) j = text && *text ? json_parse(text, strlen(text), KEPT_MAX, NULL) : NULL;
	const struct json *options = json_get(j, "options");
	struct acm_kept *k = g_new0(struct acm_kept, 1);

	k->alias = text_of(j, "alias");
	k->token = text_of(j, "token");
	k->dns = text_of(j, "dns");
	k->method = text_of(j, "method");
	json_int(j, "sent", &k->sent);
	json_int(j, "resent", &k->resent);
	k->asked = args_new();
	read_asked(k->asked, json_get(j, "asked"));
	k->options = g_ptr_array_new_with_free_func(acm_option_free);
	for (size_t i = 0; i < json_count(options); i++)
		g_ptr_array_add(k->options, read_option(json_at(options, i)));
	return k;
}

void acm_kept_free(struct acm_kept *k)
{
	if (!k)
		return;
	g_free(k->alias);
	g_free(k->token);
	g_free(k->dns);
	g_free(k->method);
	args_free(k->asked);
	g_ptr_array_unref(k->options);
	g_free(k);
}

void acm_kept_set_options(struct acm_kept *k, const GPtrArray *options)
{
	g_ptr_array_set_size(k->options, 0);
	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *from = options->pdata[i];
		struct acm_option *o = g_new0(struct acm_option, 1);

		o->name = g_strdup(from->name);
		o->method = g_strdup(from->method);
		o->status = g_strdup(from->status);
		o->record_name = g_strdup(from->record_name);
		o->record_type = g_strdup(from->record_type);
		o->record_value = g_strdup(from->record_value);
		o->domain = g_strdup(from->domain);
		o->emails = g_strdupv(from->emails);
		g_ptr_array_add(k->options, o);
	}
}

/* ---- writing ---- */

static void write_option(struct json_writer *w, const struct acm_option *o)
{
	g_autofree char *emails = g_strjoinv(" ", o->emails);

	json_open(w, NULL, '{');
	json_put_str(w, "name", o->name);
	json_put_str(w, "method", o->method);
	json_put_str(w, "status", o->status);
	json_put_str(w, "record-name", o->record_name);
	json_put_str(w, "record-type", o->record_type);
	json_put_str(w, "record-value", o->record_value);
	json_put_str(w, "domain", o->domain);
	json_put_str(w, "emails", emails);
	json_close(w, '}');
}

char *acm_kept_write(const struct acm_kept *k)
{
	struct json_writer w = { .out = g_string_new(NULL) };
	g_auto(GStrv) keys = args_keys(k->asked);

	json_open(&w, NULL, '{');
	json_put_str(&w, "alias", k->alias);
	json_put_str(&w, "token", k->token);
	json_put_str(&w, "dns", k->dns);
	json_put_str(&w, "method", k->method);
	json_put_int(&w, "sent", k->sent);
	json_put_int(&w, "resent", k->resent);
	json_open(&w, "asked", '{');
	for (char **key = keys; *key; key++)
		json_put_str(&w, *key, args_get(k->asked, *key));
	json_close(&w, '}');
	json_open(&w, "options", '[');
	for (guint i = 0; i < k->options->len; i++)
		write_option(&w, k->options->pdata[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}
