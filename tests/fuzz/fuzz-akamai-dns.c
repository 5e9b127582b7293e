/* fuzz-akamai-dns: any answer of Edge DNS about a name is a set or a list of types, whose values are text or
 * none, or a refusal in harmless words. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include <certty/base/json.h>

#include "provider/akamai/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void value_free(void *p)
{
	struct dns_value *v = p;

	g_free(v->type);
	g_free(v->plain);
	g_free(v->id);
	g_free(v);
}

static void check(const GPtrArray *there, const GError *error, enum dns_heard heard)
{
	g_assert_true((heard == DNS_REFUSED) == !!error);
	g_assert_true(!error || (!there->len && g_utf8_validate(error->message, -1, NULL)));
	for (const char *c = error ? error->message : ""; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	for (guint i = 0; i < there->len; i++) {
		const struct dns_value *v = there->pdata[i];
		g_autoptr(json) kept = v->id ? json_parse(v->id, strlen(v->id), EXCHANGE_BODY_MAX, NULL) : NULL;

		g_assert_true(v->type && *v->type && g_utf8_validate(v->type, -1, NULL));
		g_assert_true(!v->plain || g_utf8_validate(v->plain, -1, NULL));
		g_assert_true(!v->id == !kept);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 403, 404, 409 };

	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autoptr(GPtrArray) there = g_ptr_array_new_with_free_func(value_free);
		struct dns_task t = { .name = (char[]){ "_a.example.org" }, .there = there };
		struct reply r = { .status = statuses[i], .body = g_bytes_new(data, size) };
		g_autoptr(GError) error = NULL;
		enum dns_heard heard = akamai_dns_read_set(&r, &t, &error);

		check(there, error, heard);
		akamai_dns_is_busy(&r);
		g_bytes_unref(r.body);
	}
	return 0;
}
