/* fuzz-keyfactor-row: whatever Command answers about what waits becomes rows whose texts are harmless, or
 * none; what a row remembers is read back as it was. */
#include <provider/keyfactor/keyfactor_certs.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_row(const struct op *op, const struct json *j, const char *sort)
{
	g_autoptr(request) r = keyfactor_row_read(op, j, sort, NULL, NULL);
	g_autoptr(request) ended = NULL;
	g_autoptr(keyfactor_kept) k = NULL;
	g_autofree char *digest = NULL;

	if (!r)
		return;
	check_text(r->id);
	check_text(r->title);
	check_text(r->theirs);
	check_text(r->asked_by);
	k = keyfactor_kept_read(r->kept);
	digest = keyfactor_kept_digest(k);
	g_assert_cmpstr(digest, ==, r->digest);
	for (guint i = 0; i < k->review->len; i++)
		check_text(k->review->pdata[i]);
	ended = keyfactor_row_ended(op, j, r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sorts[] = { KEYFACTOR_REQUEST, KEYFACTOR_WORKFLOW };
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(store) s = store_new("kf/command");
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(text);
	struct op op;

	op_init(&op);
	op.store = s;
	op.now = 1772604367;
	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++)
		check_row(&op, j, sorts[i]);
	op_done(&op);
	return 0;
}
