/* fuzz-route53: whatever Route 53 seems to answer gives zones and changes whose names are safe in a
 * path, or a sentence; and no record leaves its element in what is sent.  What stands before the
 * first NUL is a record, the rest an answer. */
#include <provider/aws/route53.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_id(const char *id)
{
	g_assert_cmpuint(strlen(id), >, 0);
	for (; *id; id++)
		g_assert_true(g_ascii_isalnum(*id));
}

static void read_answer(GBytes *bytes)
{
	g_autoptr(xml) x = xml_read(bytes, NULL);
	g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func(route53_zone_free);
	g_autoptr(GError) error = NULL;
	g_autofree char *marker = NULL, *id = NULL;
	struct route53_set *set = NULL;
	bool is_everywhere;
	guint n;

	if (!x)
		return;
	g_assert_cmpint(route53_read_zones(x, zones, &marker, &error), ==, !error);
	for (guint i = 0; i < zones->len; i++) {
		const struct route53_zone *z = zones->pdata[i];

		check_id(z->id);
		g_assert_true(g_str_has_suffix(z->name, "."));
		g_assert_nonnull(route53_find_zone(zones, z->name, &n));
		g_assert_cmpuint(n, >, 0);
	}
	if (route53_read_set(x, "_a.example.org.", "TXT", &set, NULL) && set)
		route53_set_free(set);
	if (route53_read_change(x, &id, &is_everywhere, NULL))
		check_id(id);
}

/* What is written for a text is read as the same text. */
static void check_text(const struct route53_set *set)
{
	const char *value = set->values->pdata[0];
	g_autoptr(GBytes) bytes = !g_ascii_strcasecmp(set->type, "TXT") ?
		route53_txt_read(value, true, NULL) : NULL;
	g_autofree char *again = bytes ? route53_txt_write(bytes) : NULL;

	if (bytes)
		g_assert_cmpstr(again, ==, value);
	else
		g_assert_cmpint(g_ascii_strcasecmp(set->type, "TXT"), !=, 0);
}

static void write_record(const char *line)
{
	g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(route53_set_free);
	struct dns_record *r = g_utf8_validate(line, -1, NULL) ? dns_record_read(line, NULL) : NULL;
	g_autofree char *text = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(xml) x = NULL;
	struct route53_set *set = r ? route53_set_new(r, NULL) : NULL;

	dns_record_free(r);
	if (!set)
		return;
	check_text(set);
	g_ptr_array_add(sets, set);
	text = route53_write_change(sets);
	bytes = g_bytes_new(text, strlen(text));
	x = xml_read(bytes, NULL);
	if (x)
		g_assert_cmpuint(xml_count(xml_get(x, "ChangeBatch/Changes")), ==, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *line = g_strndup((const char *)data, size);
	size_t skip = MIN(strlen(line) + 1, size);
	g_autoptr(GBytes) bytes = g_bytes_new(data + skip, size - skip);

	write_record(line);
	read_answer(bytes);
	return 0;
}
