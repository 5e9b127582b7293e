/* fuzz-sectigo-domain: whatever Sectigo tells of a domain and its validation is harmless text, and a record
 * to put into DNS is one that can be read back. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/sectigo/sectigo_domains.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	for (const char *c = text; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void check_record(const struct json *j, const char *mode)
{
	g_autofree char *line = sectigo_dcv_row_record(mode, j);
	struct dns_record *r = line ? dns_record_read(line, NULL) : NULL;

	if (!line)
		return;
	check_text(line);
	g_assert_nonnull(r);
	g_assert_cmpstr(r->type, ==, mode);
	if (!strcmp(mode, "TXT")) {
		g_autofree char *plain = dns_record_plain(r->type, r->value, NULL);

		g_assert_cmpstr(plain, ==, json_str(j, "point"));
	}
	dns_record_free(r);
}

static void check_domain(struct op *op, const struct json *j)
{
	struct sectigo_domain *d = sectigo_domain_new(j);

	if (!d)
		return;
	sectigo_domain_take_details(op, d, j);
	sectigo_domain_take_validation(d, j);
	sectigo_domain_put(op, d);
	sectigo_domain_free(d);
	for (guint i = 0; i < op->put_objects->len; i++) {
		const struct object *o = op->put_objects->pdata[i];

		check_text(o->name);
		check_text(o->summary);
		check_text(o->state);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, 1 << 20, NULL);
	struct sectigo scratch = { 0 };
	struct store *s = store_new("scm/scm");
	struct request *r;
	struct op op;

	op_init(&op);
	op.store = s;
	op.scratch = &scratch;
	op.now = 1785580000;
	check_record(j, "CNAME");
	check_record(j, "TXT");
	check_domain(&op, j);
	r = sectigo_dcv_row(&op, "example.org", j, NULL, NULL);
	if (r)
		check_text(r->reason);
	request_unref(r);
	op_done(&op);
	store_unref(s);
	return 0;
}
