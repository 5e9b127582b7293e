/*
 * kv_change: requests that change something in a vault, names as it takes them, and plans of both.
 */
#include "kv_change.h"

#include <string.h>

struct request_out *kv_change_ask(struct op *op, const char *method, const char *path, const char *body)
{
	struct request_out *r = kv_call_get(op, path, NULL);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = false;
	if (body) {
		exchange_header(r, "Content-Type", "application/json");
		exchange_set_body(r, body, strlen(body));
	}
	return r;
}

/* Letters, digits and hyphens alone; a wildcard is told in a word. */
char *kv_change_name(const char *wanted)
{
	GString *s = g_string_new(g_str_has_prefix(wanted, "*.") ? "wildcard-" : "");

	for (const char *c = g_str_has_prefix(wanted, "*.") ? wanted + 2 : wanted; *c; c++) {
		bool is_plain = g_ascii_isalnum(*c) || *c == '-';

		if (s->len < KV_NAME_MAX && (is_plain || (s->len && s->str[s->len - 1] != '-')))
			g_string_append_c(s, is_plain ? *c : '-');
	}
	while (s->len && s->str[s->len - 1] == '-')
		g_string_truncate(s, s->len - 1);
	return g_string_free(s, FALSE);
}

static bool place_of(const struct op *op, struct kv_place *ret, char **ret_base, GError **error)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, error);

	if (!cloud || !kv_place_read(op->store->address, cloud, ret, error))
		return false;
	*ret_base = kv_place_base(ret, cloud);
	return true;
}

char *kv_change_base(const struct op *op, GError **error)
{
	struct kv_place place = { 0 };
	char *base = NULL;

	if (place_of(op, &place, &base, error))
		kv_place_done(&place);
	return base;
}

void kv_change_call(struct plan *p, unsigned how, const char *method, const char *base, const char *path,
		    const char *what)
{
	g_autofree char *url = g_strconcat(base, path, NULL);

	plan_call(p, how, method, url, what);
}

void kv_change_run(const struct op *op, struct plan *p, const char *command, const char *name)
{
	struct kv_place place = { 0 };
	g_autofree char *base = NULL, *program = g_strconcat("az keyvault certificate ", command, NULL);

	plan_run(p, program);
	if (place_of(op, &place, &base, NULL)) {
		plan_option(p, "--vault-name", place.name);
		kv_place_done(&place);
	}
	plan_option(p, "--name", name);	/* NULL: left out */
}
