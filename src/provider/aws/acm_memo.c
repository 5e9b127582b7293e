/*
 * acm_memo: what the last refresh of a store of AWS's knew of each certificate, so that the next
 * one asks only for what changed, and so that details can be shown without asking.
 *
 * Texts one after the other, each with a NUL at its end, lists with their length before them: it is
 * written at each refresh, of thousands of certificates, while answers wait.  Nothing of it is
 * believed: a certificate that does not read as it was written is as good as none, and so are those
 * behind it; texts are made harmless once more, and everything is bounded.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define FORMAT "acm memo 3"	/* the first text */
#define MEMO_MAX (256u << 20)
#define TEXT_MAX 2048
#define OPTIONS_MAX 1000	/* of one certificate */
#define DIGEST 32

/* The order of the bits of a certificate. */
enum { IN_USE, EXPORTED, DETAILS, DIGEST_KNOWN, MISSED, MORE_NAMES, REVOKED, BITS };

/* ---- reading ---- */

struct reader {
	const char *at, *end;
	bool is_bad;		/* from then on all texts are empty and all numbers 0 */
};

static const char *get(struct reader *in)
{
	const char *text = in->at;
	const char *nul = in->is_bad ? NULL : memchr(text, '\0', (size_t)(in->end - text));

	if (!nul) {
		in->is_bad = true;
		return "";
	}
	in->at = nul + 1;
	return text;
}

static char *get_text(struct reader *in)
{
	return text_harmless_dup(get(in), TEXT_MAX);
}

static int64_t get_number(struct reader *in, int64_t min, int64_t max)
{
	gint64 n = 0;

	if (!g_ascii_string_to_signed(get(in), 10, min, max, &n, NULL))
		in->is_bad = true;
	return in->is_bad ? 0 : n;
}

static char **get_texts(struct reader *in)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	int64_t n = get_number(in, 0, FACTS_NAMES);

	for (int64_t i = 0; i < n && !in->is_bad; i++) {
		g_autofree char *text = get_text(in);

		g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

static void get_options(struct reader *in, GPtrArray *to)
{
	int64_t n = get_number(in, 0, OPTIONS_MAX);

	for (int64_t i = 0; i < n && !in->is_bad; i++) {
		struct acm_option *o = g_new0(struct acm_option, 1);

		for (gsize t = 0; t < acm_option_n_texts; t++)
			*(char **)((char *)o + acm_option_texts[t]) = get_text(in);
		o->emails = get_texts(in);
		g_ptr_array_add(to, o);
	}
}

static void get_digest(struct reader *in, uint8_t digest[DIGEST])
{
	const char *hex = get(in);

	in->is_bad = in->is_bad || strlen(hex) != 2 * DIGEST;
	for (gsize i = 0; i < DIGEST && !in->is_bad; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);

		in->is_bad = high < 0 || low < 0;
		digest[i] = (uint8_t)((unsigned)high << 4 | (unsigned)low);
	}
}

static void set_bits(struct acm_cert *c, unsigned bits)
{
	c->is_in_use = bits & 1u << IN_USE;
	c->was_exported = bits & 1u << EXPORTED;
	c->has_details = bits & 1u << DETAILS;
	c->has_digest = bits & 1u << DIGEST_KNOWN;
	c->is_missed = bits & 1u << MISSED;
	c->has_more_names = bits & 1u << MORE_NAMES;
	c->is_revoked = bits & 1u << REVOKED;
}

static struct acm_cert *get_cert(struct reader *in)
{
	struct acm_cert *c = acm_cert_new();

	for (gsize i = 0; i < acm_cert_n_texts; i++) {
		char **text = (char **)((char *)c + acm_cert_texts[i]);

		g_free(*text);
		*text = get_text(in);
	}
	for (gsize i = 0; i < acm_cert_n_times; i++)
		*(int64_t *)((char *)c + acm_cert_times[i]) = get_number(in, INT64_MIN, INT64_MAX);
	set_bits(c, (unsigned)get_number(in, 0, (1 << BITS) - 1));
	get_digest(in, c->sha256);
	g_strfreev(c->names);
	c->names = get_texts(in);
	g_strfreev(c->in_use_by);
	c->in_use_by = get_texts(in);
	get_options(in, c->options);
	get_options(in, c->renewal_options);
	if (!in->is_bad)
		return c;
	acm_cert_free(c);
	return NULL;
}

/* What stands before the certificates. */
static struct acm_memo_note open_memo(struct reader *in, GBytes *memo)
{
	struct acm_memo_note note = { 0 };
	gsize len = 0;

	in->at = memo ? g_bytes_get_data(memo, &len) : NULL;
	if (!len)
		in->at = "";	/* of no bytes there is no pointer either */
	in->end = in->at + len;
	in->is_bad = !len || len > MEMO_MAX || strcmp(get(in), FORMAT) != 0;
	note.no_search = get_number(in, INT64_MIN, INT64_MAX);
	note.lacks = (uint32_t)get_number(in, 0, UINT32_MAX);
	return in->is_bad ? (struct acm_memo_note){ 0 } : note;
}

GHashTable *acm_memo_read(GBytes *memo)
{
	GHashTable *certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)acm_cert_free);
	struct reader in = { 0 };

	open_memo(&in, memo);
	while (!in.is_bad && in.at < in.end) {
		struct acm_cert *c = get_cert(&in);

		if (c)
			g_hash_table_replace(certs, c->alias, c);
	}
	return certs;
}

struct acm_memo_note acm_memo_note(GBytes *memo)
{
	struct reader in = { 0 };

	return open_memo(&in, memo);
}

/* ---- writing ---- */

static void put(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text) + 1);
}

static void put_number(GByteArray *out, int64_t n)
{
	char text[24];

	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, n);
	put(out, text);
}

static void put_texts(GByteArray *out, char *const *texts)
{
	guint n = MIN(g_strv_length((char **)texts), FACTS_NAMES);

	put_number(out, n);
	for (guint i = 0; i < n; i++)
		put(out, texts[i]);
}

static void put_options(GByteArray *out, const GPtrArray *options)
{
	guint n = MIN(options->len, OPTIONS_MAX);

	put_number(out, n);
	for (guint i = 0; i < n; i++) {
		const struct acm_option *o = options->pdata[i];

		for (gsize t = 0; t < acm_option_n_texts; t++)
			put(out, *(char *const *)((const char *)o + acm_option_texts[t]));
		put_texts(out, o->emails);
	}
}

static void put_digest(GByteArray *out, const uint8_t digest[DIGEST])
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * DIGEST + 1] = "";

	for (gsize i = 0; i < DIGEST; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	put(out, hex);
}

static int bits_of(const struct acm_cert *c)
{
	return c->is_in_use << IN_USE | c->was_exported << EXPORTED | c->has_details << DETAILS |
	       c->has_digest << DIGEST_KNOWN | c->is_missed << MISSED |
	       c->has_more_names << MORE_NAMES | c->is_revoked << REVOKED;
}

static void put_cert(GByteArray *out, const struct acm_cert *c)
{
	for (gsize i = 0; i < acm_cert_n_texts; i++)
		put(out, *(char *const *)((const char *)c + acm_cert_texts[i]));
	for (gsize i = 0; i < acm_cert_n_times; i++)
		put_number(out, *(const int64_t *)((const char *)c + acm_cert_times[i]));
	put_number(out, bits_of(c));
	put_digest(out, c->sha256);
	put_texts(out, c->names);
	put_texts(out, c->in_use_by);
	put_options(out, c->options);
	put_options(out, c->renewal_options);
}

/* By alias, so that the same certificates give the same bytes. */
GBytes *acm_memo_write(GHashTable *certs, const struct acm_memo_note *note)
{
	g_autoptr(GList) aliases = g_list_sort(g_hash_table_get_keys(certs), (GCompareFunc)strcmp);
	GByteArray *out = g_byte_array_new();

	put(out, FORMAT);
	put_number(out, note ? note->no_search : 0);
	put_number(out, note ? note->lacks : 0);
	for (GList *at = aliases; at; at = at->next)
		put_cert(out, g_hash_table_lookup(certs, at->data));
	return g_byte_array_free_to_bytes(out);
}
