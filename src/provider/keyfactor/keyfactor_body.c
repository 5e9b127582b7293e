/*
 * keyfactor_body: the body of an enrolment: what is asked for, with its names, as Command takes it.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#include <certty/base/clock.h>

#define SECRET_MAX 512		/* bytes that a password takes with what is around it */

/* Names by what they are, under the words that Command has for them. */
static const char *sort_of(const char *name)
{
	if (g_hostname_is_ip_address(name))
		return strchr(name, ':') ? "ip6" : "ip4";
	return strstr(name, "://") ? "uri" : strchr(name, '@') ? "rfc822" : "dns";
}

static void put_sans(struct json_writer *w, char *const *names)
{
	static const char *const sorts[] = { "dns", "ip4", "ip6", "rfc822", "uri" };

	json_open(w, "SANs", '{');
	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
		bool is_open = false;

		for (char *const *name = names; *name; name++) {
			if (strcmp(sort_of(*name), sorts[i]))
				continue;
			if (!is_open)
				json_open(w, sorts[i], '[');
			is_open = true;
			json_put_str(w, NULL, *name);
		}
		if (is_open)
			json_close(w, ']');
	}
	json_close(w, '}');
}

static void put_metadata(struct json_writer *w, const struct args *args)
{
	g_auto(GStrv) fields = args_ids(args, "metadata");	/* values may have blanks */

	json_open(w, "Metadata", '{');
	for (char **field = fields; field && *field; field++) {
		const char *value = strchr(*field, '=');
		g_autofree char *key = g_strstrip(g_strndup(*field, value ? (gsize)(value - *field) : 0));

		if (*key)
			json_put_str(w, key, value + 1);
	}
	json_close(w, '}');
}

char **keyfactor_body_names(const struct args *args)
{
	g_auto(GStrv) names = args_list(args, "names"), more = args_list(args, "sans");
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	char **const lists[] = { names, more };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (char **name = lists[i]; name && *name; name++)
			if (i == 0 || !names || !g_strv_contains((const char *const *)names, *name))
				g_strv_builder_add(b, *name);
	return g_strv_builder_end(b);
}

char *keyfactor_body_subject(const struct args *args)
{
	g_auto(GStrv) names = args_list(args, "names");
	const char *subject = args_text(args, "subject", "");

	return *subject ? g_strdup(subject) : g_strconcat("CN=", names && *names ? *names : "", NULL);
}

static void put_all(GString *out, const struct op *op, const struct keyfactor_kept *k,
		    const struct secret *password)
{
	g_autoptr(GString) now = g_string_new(NULL);
	g_autofree char *subject = keyfactor_body_subject(op->args);
	g_auto(GStrv) names = keyfactor_body_names(op->args);
	struct json_writer w = { .out = out };

	clock_say_iso(now, op->now);
	json_open(&w, NULL, '{');
	json_put_str(&w, k->is_pfx ? "Subject" : "CSR", k->is_pfx ? subject : k->csr);
	if (*k->ca)
		json_put_str(&w, "CertificateAuthority", k->ca);
	json_put_bool(&w, "IncludeChain", true);
	json_put_str(&w, "Template", k->template);
	json_put_str(&w, "Timestamp", now->str);
	if (k->is_pfx || *args_text(op->args, "sans", ""))
		put_sans(&w, names);
	put_metadata(&w, op->args);
	if (password)
		json_put_str(&w, "Password", password->bytes);
	json_close(&w, '}');
}

GString *keyfactor_body(const struct op *op, const struct keyfactor_kept *k, const struct secret *password)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	GString *body;

	put_all(plain, op, k, NULL);
	body = g_string_sized_new(plain->len + SECRET_MAX);	/* it must not grow: that leaves copies */
	put_all(body, op, k, password);
	return body;
}

void keyfactor_body_free(GString *body)
{
	secret_clear(body->str, body->allocated_len);
	g_string_free(body, TRUE);
}
