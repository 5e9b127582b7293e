/* fuzz-azure-dns: whatever Azure DNS answers about a set of records, what goes into a header of the next
 * request is visible characters alone, and what is written is a set with the texts that were read, without
 * the one that is taken away and with the one that is added. */
#include <provider/azure/azure_dns_set.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OURS "validation-of-ours"

static void free_value(void *value)
{
	struct dns_value *v = value;

	g_free(v->type);
	g_free(v->plain);
	g_free(v->id);
	g_free(v);
}

static char *joined(const struct json *strings)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < json_count(strings); i++)
		g_string_append(s, json_text(json_at(strings, i)) ? json_text(json_at(strings, i)) : "");
	return g_string_free(s, FALSE);
}

static guint count(const struct json *texts, const char *wanted)
{
	guint n = 0;

	for (size_t i = 0; i < json_count(texts); i++) {
		g_autofree char *plain = joined(json_get(json_at(texts, i), "value"));

		n += !strcmp(plain, wanted);
	}
	return n;
}

static guint count_known(const struct dns_task *t, const char *wanted)
{
	guint n = 0;

	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		n += !strcmp(v->type, "TXT") && v->plain && !strcmp(v->plain, wanted);
	}
	return n;
}

static void check_etag(const char *kept)
{
	g_autofree char *etag = azure_dns_set_etag(kept);

	g_assert_cmpuint(strlen(etag), >, 0);
	for (const char *c = etag; *c; c++)
		g_assert_true(g_ascii_isgraph(*c));
}

static void check_texts(const struct dns_task *t, const struct dns_value *v)
{
	g_autofree char *more = azure_dns_set_body("TXT", v->id, NULL, OURS, 60);
	g_autofree char *less = azure_dns_set_body("TXT", v->id, v->plain, NULL, 0);
	g_autoptr(json) with = json_parse(more, strlen(more), EXCHANGE_BODY_MAX, NULL);
	g_autoptr(json) without = json_parse(less, strlen(less), EXCHANGE_BODY_MAX, NULL);
	const struct json *added = json_get(json_get(with, "properties"), "TXTRecords");
	const struct json *left = json_get(json_get(without, "properties"), "TXTRecords");

	g_assert_nonnull(with);
	g_assert_nonnull(without);
	g_assert_cmpuint(count(added, OURS), ==, count_known(t, OURS) + 1);
	g_assert_cmpuint(count(added, v->plain), >=, count_known(t, v->plain));
	g_assert_cmpuint(count(left, v->plain), ==, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_task t = { .name = (char *)"_a1.www.example.org" };
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(GError) error = NULL;

	t.there = g_ptr_array_new_with_free_func(free_value);
	if (!azure_dns_set_read(&t, j, &error))
		g_assert_nonnull(error);
	for (guint i = 0; i < t.there->len; i++) {
		const struct dns_value *v = t.there->pdata[i];

		check_etag(v->id);
		if (!strcmp(v->type, "TXT") && i < 3)
			check_texts(&t, v);
	}
	g_ptr_array_unref(t.there);
	return 0;
}
