/* fuzz-acm-kept: what a request's row remembers, out of a damaged database: read, written and read
 * again it is the same, and every record of it is a line of its own. */
#include <provider/aws/acm_request.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size), *once = NULL, *twice = NULL;
	g_autoptr(acm_kept) k = acm_kept_read(text), again = NULL;
	g_autoptr(store) s = store_new("s");
	g_autoptr(acm_cert) c = acm_cert_new();
	g_autoptr(request) r = NULL;

	once = acm_kept_write(k);
	again = acm_kept_read(once);
	twice = acm_kept_write(again);
	g_assert_cmpstr(once, ==, twice);
	store_set(&c->status, "PENDING_VALIDATION");
	c->has_details = true;
	g_ptr_array_unref(c->options);
	c->options = g_ptr_array_ref(k->options);
	r = acm_status_request(c, s, NULL, 0);
	for (const char *p = r->records; *p; p++)
		g_assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 && *p != 0x7f));
	if (*r->records) {
		g_auto(GStrv) lines = g_strsplit(r->records, "\n", -1);

		for (char **line = lines; *line; line++) {
			struct dns_record *record = dns_record_read(*line, NULL);

			g_assert_nonnull(record);
			g_assert_cmpstr(record->type, ==, "CNAME");
			dns_record_free(record);
		}
	}
	return 0;
}
