/* fuzz-acm-cert: whatever ACM answers to a list, a search or a description becomes certificates
 * whose texts are harmless, which can be said, and which a memo gives back as they were. */
#include <provider/aws/acm.h>

#include <string.h>

#include <certty/base/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARN "arn:aws:acm:eu-north-1:111122223333:"

static void check_text(const char *text)
{
	g_assert_nonnull(text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_cert(const struct acm_cert *c)
{
	g_autofree char *said = acm_cert_say_eligibility(c, 1772604367);
	struct facts f;

	for (size_t i = 0; i < acm_cert_n_texts; i++)
		check_text(*(char *const *)((const char *)c + acm_cert_texts[i]));
	for (char **name = c->names; *name; name++)
		check_text(*name);
	check_text(said);
	check_text(acm_cert_say_failure(c->failure));
	check_text(acm_cert_type_word(c));
	acm_cert_facts(c, &f);
	g_assert_false(f.has_digest);
	g_assert_true(*f.name);
	facts_done(&f);
	g_assert_true(acm_cert_is_same(c, c) || !*c->status);
}

static void check_memo(GHashTable *certs)
{
	const struct acm_memo_note seven = { 7, 7 };
	g_autoptr(GBytes) memo = acm_memo_write(certs, &seven), again = NULL;
	struct acm_memo_note note = acm_memo_note(memo);
	g_autoptr(GHashTable) back = acm_memo_read(memo);

	g_assert_cmpuint(g_hash_table_size(back), ==, g_hash_table_size(certs));
	again = acm_memo_write(back, &note);
	g_assert_true(g_bytes_equal(memo, again));
}

static void take(GHashTable *certs, const struct json *j, const struct store *s)
{
	struct acm_cert *c = acm_cert_read(j, s), *old;

	if (!c)
		return;
	check_cert(c);
	old = g_hash_table_lookup(certs, c->alias);
	if (old)
		acm_cert_add(old, c);
	else
		g_hash_table_replace(certs, c->alias, c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const lists[] = { "CertificateSummaryList", "Results" };
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(GHashTable) certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
							    (GDestroyNotify)acm_cert_free);
	g_autoptr(store) s = store_new("prod/acm:eu-north-1");

	store_set(&s->address, ARN);
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (size_t k = 0; k < json_count(json_get(j, lists[i])); k++)
			take(certs, json_at(json_get(j, lists[i]), k), s);
	take(certs, j, s);
	check_memo(certs);
	return 0;
}
