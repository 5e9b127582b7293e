/*
 * Signed DNS messages against one that others made and answers that others' servers gave, and against
 * whatever may be wrong with an answer.
 */
#include <string.h>

#include "net/sign_tsig.h"

#define SECRET "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

static GKeyFile *load(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "net", "vectors", "tsig.ini", NULL);
	g_autoptr(GError) error = NULL;
	GKeyFile *file = g_key_file_new();

	g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error);
	g_assert_no_error(error);
	return file;
}

static struct dns_key *make_key(const char *name, const char *algorithm, const char *base64,
				GError **error)
{
	g_autoptr(secret) s = secret_new(base64, strlen(base64));

	return dns_key_new(name, algorithm, s, error);
}

static GByteArray *bytes(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *hex = g_key_file_get_string(file, group, key, NULL);
	GByteArray *a = g_byte_array_new();

	for (const char *p = hex; p && p[0] && p[1]; p += 2) {
		guint8 b = (guint8)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));

		g_byte_array_append(a, &b, 1);
	}
	g_assert_cmpuint(a->len, >, 12);
	return a;
}

static void test_published(void)
{
	g_autoptr(GKeyFile) file = load();
	g_autoptr(GByteArray) message = bytes(file, "update", "unsigned");
	g_autoptr(GByteArray) wanted = bytes(file, "update", "signed");
	g_autoptr(dns_key) key = make_key("certty-test", "hmac-sha256", SECRET, NULL);
	g_autoptr(GError) error = NULL;
	struct tsig_mac mac;

	g_assert_true(sign_tsig(message, key, g_key_file_get_int64(file, "update", "when", NULL), &mac,
				&error));
	g_assert_no_error(error);
	g_assert_cmpmem(message->data, message->len, wanted->data, wanted->len);
	g_assert_cmpuint(mac.len, ==, 32);
}

/* The signature in a whole message of ours: its MAC ends 6 bytes before the end. */
static struct tsig_mac mac_of(const GByteArray *asked)
{
	struct tsig_mac mac = { .len = 32 };

	memcpy(mac.bytes, asked->data + asked->len - 6 - 32, 32);
	return mac;
}

static void test_answers(void)
{
	g_autoptr(GKeyFile) file = load();
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	g_autoptr(dns_key) key = make_key("certty-test", "hmac-sha256", SECRET, NULL);
	guint n = 0;

	for (char **g = groups; *g; g++) {
		g_autoptr(GByteArray) asked = NULL, answer = NULL;
		struct tsig_mac mac;
		struct tsig_says says;
		int64_t when = g_key_file_get_int64(file, *g, "when", NULL);

		if (!g_key_file_has_key(file, *g, "answer", NULL))
			continue;
		asked = bytes(file, *g, "asked");
		answer = bytes(file, *g, "answer");
		mac = mac_of(asked);
		says = sign_tsig_check(answer->data, answer->len, key, &mac, when);
		g_assert_cmpint(says.is_signed, ==, g_key_file_get_boolean(file, *g, "signed", NULL));
		g_assert_cmpuint(says.error, ==, (unsigned)g_key_file_get_integer(file, *g, "error", NULL));
		g_assert_cmpint(says.clock, ==, g_key_file_get_int64(file, *g, "clock", NULL));
		n++;
	}
	g_assert_cmpuint(n, ==, 4);
}

static bool is_signed(const GByteArray *answer, size_t len, const struct dns_key *key,
		      const struct tsig_mac *mac, int64_t now)
{
	return sign_tsig_check(answer->data, len, key, mac, now).is_signed;
}

/* Not one bit of an answer can be another, and nothing of it be missing. */
static void test_forged(void)
{
	g_autoptr(GKeyFile) file = load();
	g_autoptr(GByteArray) asked = bytes(file, "knot good", "asked");
	g_autoptr(GByteArray) answer = bytes(file, "knot good", "answer");
	g_autoptr(dns_key) key = make_key("certty-test", "hmac-sha256", SECRET, NULL);
	g_autoptr(dns_key) other = make_key("certty-test", "hmac-sha256", "YW5vdGhlcg==", NULL);
	int64_t when = g_key_file_get_int64(file, "knot good", "when", NULL);
	struct tsig_mac mac = mac_of(asked), wrong = mac;
	guint taken = 0;

	g_assert_true(is_signed(answer, answer->len, key, &mac, when));
	g_assert_true(is_signed(answer, answer->len, key, &mac, when + 300));
	g_assert_false(is_signed(answer, answer->len, key, &mac, when + 301));
	g_assert_false(is_signed(answer, answer->len, key, &mac, when - 301));
	g_assert_false(is_signed(answer, answer->len, other, &mac, when));
	wrong.bytes[0] ^= 1;
	g_assert_false(is_signed(answer, answer->len, key, &wrong, when));
	for (size_t len = 0; len < answer->len; len++)
		g_assert_false(is_signed(answer, len, key, &mac, when));
	/* But for letters' case in the two names, and for the number, which is looked at elsewhere. */
	for (size_t i = 2; i < answer->len; i++)
		for (int bit = 0; bit < 8; bit++) {
			answer->data[i] ^= (guint8)(1 << bit);
			taken += is_signed(answer, answer->len, key, &mac, when);
			answer->data[i] ^= (guint8)(1 << bit);
		}
	/* The letters of "certty-test" and "hmac-sha", 32 bits of a TTL that is zero by definition. */
	g_assert_cmpuint(taken, ==, 10 + 7 + 32);
}

static void test_keys(void)
{
	static const struct {
		const char *name, *algorithm, *secret;
		enum err err;
	} bad[] = {
		{ "", "hmac-sha256", SECRET, ERR_USAGE },
		{ "a..b", "hmac-sha256", SECRET, ERR_USAGE },
		{ "a", "hmac-sha3", SECRET, ERR_USAGE },
		{ "a", "", SECRET, ERR_USAGE },
		{ "a", "hmac-sha256", "no base64!", ERR_FORMAT },
		{ "a", "hmac-sha256", "=", ERR_FORMAT },
	};
	static const struct {
		const char *said, *word;
	} names[] = {
		{ "HMAC-SHA256.", "hmac-sha256" },	{ "hmac-md5.sig-alg.reg.int.", "hmac-md5" },
		{ "HMAC-MD5", "hmac-md5" },		{ "hmac-sha384", "hmac-sha384" },
		{ "hmac-sha25", NULL },			{ ".", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(make_key(bad[i].name, bad[i].algorithm, bad[i].secret, &error));
		g_assert_error(error, ERR, (int)bad[i].err);
		g_assert_null(strstr(error->message, "no base64!"));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpstr(dns_key_algorithm(names[i].said), ==, names[i].word);
}

static void test_names(void)
{
	static const struct {
		const char *text;
		bool is_one;
	} rows[] = {
		{ "", true }, { "example.org", true }, { "example.org.", true }, { "_a.B.c", true },
		{ "a..b", false }, { ".", false }, { "a\\.b", false },
		{ "0123456789012345678901234567890123456789012345678901234567890123.org", false },
	};
	g_autoptr(GString) longest = g_string_new(NULL);
	g_autoptr(GByteArray) wire = g_byte_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GByteArray) m = g_byte_array_new();

		g_assert_cmpint(sign_tsig_name(m, rows[i].text), ==, rows[i].is_one);
	}
	for (int i = 0; i < 127; i++)
		g_string_append(longest, "a.");
	g_assert_true(sign_tsig_name(wire, longest->str));
	g_assert_cmpuint(wire->len, ==, 255);
	g_string_append(longest, "a");
	g_assert_false(sign_tsig_name(wire, longest->str));
}

static void test_servers(void)
{
	static const struct {
		const char *text;
		bool is_one;
	} rows[] = {
		{ "192.0.2.1", true }, { "192.0.2.1@5353", true }, { "2001:db8::1", true },
		{ "ns1.example.org", true }, { "ns1.example.org@53", true }, { "ns1@0", false },
		{ "ns1@65536", false }, { "ns1:53", false }, { "", false }, { "a b", false },
		{ "https://x/", false }, { "@53", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (dns_update_is_server(rows[i].text) != rows[i].is_one)
			g_error("'%s'", rows[i].text);
	}
}

int main(int argc, char **argv)
{
	secret_heap_open();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tsig/published", test_published);
	g_test_add_func("/tsig/answers", test_answers);
	g_test_add_func("/tsig/forged", test_forged);
	g_test_add_func("/tsig/keys", test_keys);
	g_test_add_func("/tsig/names", test_names);
	g_test_add_func("/tsig/servers", test_servers);
	return g_test_run();
}
