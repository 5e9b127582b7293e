/*
 * The talk before TLS with bytes alone: what is said, what is accepted, what is not; the same
 * whether the bytes come together or one by one.
 */
#include <string.h>

#include "net/starttls_own.h"

#define BYTES(s) s, sizeof(s) - 1

struct turn {
	const char *hear;
	size_t hear_len;
	const char *say;	/* and this is said then */
	size_t say_len;
};

struct talk {
	const char *name, *protocol;
	struct turn turns[5];
	enum err code;
	const char *words;	/* of the error; NULL: TLS may begin */
};

#define LDAP_SAYS "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037"
#define SQL_GREETING(caps) "\x1f\0\0\0\x0a" "8.0\0" "\1\2\3\4" "saltsalt" "\0" caps "\x2d\0\0" \
	"morebyte"
#define SQL_SAYS "\x20\0\0\x01\x01\x8a\0\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
	"\0\0\0\0"
#define EHLO "EHLO certty.invalid\r\n"

/* clang-format off */
static const struct talk talks[] = {
	{ "plain", "smtp", { { BYTES(""), BYTES("") }, { BYTES("220 a\r\n"), BYTES(EHLO) },
		{ BYTES("250 a\r\n"), BYTES("STARTTLS\r\n") }, { BYTES("220 go\r\n"), BYTES("") } } },
	{ "many-lines", "smtp", { { BYTES(""), BYTES("") },
		{ BYTES("220-a\r\n220-b\r\n220 c\r\n"), BYTES(EHLO) },
		{ BYTES("250-SIZE\n250-STARTTLS\n250\n"), BYTES("STARTTLS\r\n") },
		{ BYTES("220\n"), BYTES("") } } },
	{ "turned-away", "smtp", { { BYTES(""), BYTES("") }, { BYTES("554 no\r\n"), BYTES("") } },
		ERR_REPLY, "it greeted with \"554 no\"" },
	{ "refused", "smtp", { { BYTES(""), BYTES("") }, { BYTES("220 a\r\n"), BYTES(EHLO) },
		{ BYTES("250 a\r\n"), BYTES("STARTTLS\r\n") }, { BYTES("502 no\r\n"), BYTES("") } },
		ERR_REFUSED, "refused to begin TLS: \"502 no\"" },
	{ "early-bytes", "smtp", { { BYTES(""), BYTES("") }, { BYTES("220 a\r\n"), BYTES(EHLO) },
		{ BYTES("250 a\r\n"), BYTES("STARTTLS\r\n") },
		{ BYTES("220 go\r\n\x16"), BYTES("") } },
		ERR_REFUSED, "bytes before the handshake" },
	{ "nul", "smtp", { { BYTES(""), BYTES("") }, { BYTES("220 \0a\r\n"), BYTES("") } },
		ERR_REPLY, "with a NUL in it, \"220 \\0a\"" },
	{ "longer-code", "smtp", { { BYTES(""), BYTES("") }, { BYTES("2200 a\r\n"), BYTES("") } },
		ERR_REPLY, "it greeted with" },

	{ "plain", "ftp", { { BYTES(""), BYTES("") }, { BYTES("220 a\r\n"), BYTES("AUTH TLS\r\n") },
		{ BYTES("234 go\r\n"), BYTES("") } } },
	{ "free-lines", "ftp", { { BYTES(""), BYTES("") },
		{ BYTES("220-a\r\n  welcome\r\n\r\n220 b\r\n"), BYTES("AUTH TLS\r\n") },
		{ BYTES("234 go\r\n"), BYTES("") } } },
	{ "refused", "ftp", { { BYTES(""), BYTES("") }, { BYTES("220 a\r\n"), BYTES("AUTH TLS\r\n") },
		{ BYTES("530 Please login\r\n"), BYTES("") } },
		ERR_REFUSED, "refused to begin TLS: \"530 Please login\"" },

	{ "plain", "imap", { { BYTES(""), BYTES("") },
		{ BYTES("* OK [CAPABILITY STARTTLS] a\r\n"), BYTES("a1 STARTTLS\r\n") },
		{ BYTES("a1 OK go\r\n"), BYTES("") } } },
	{ "untagged", "imap", { { BYTES(""), BYTES("") },
		{ BYTES("* ok a\r\n"), BYTES("a1 STARTTLS\r\n") },
		{ BYTES("* CAPABILITY b\r\na1 ok\r\n"), BYTES("") } } },
	{ "bye", "imap", { { BYTES(""), BYTES("") },
		{ BYTES("* OK a\r\n"), BYTES("a1 STARTTLS\r\n") },
		{ BYTES("* BYE b\r\n"), BYTES("") } },
		ERR_REFUSED, "\"* BYE b\"" },
	{ "refused", "imap", { { BYTES(""), BYTES("") },
		{ BYTES("* OK a\r\n"), BYTES("a1 STARTTLS\r\n") },
		{ BYTES("a1 BAD no\r\n"), BYTES("") } },
		ERR_REFUSED, "\"a1 BAD no\"" },
	{ "logged-in", "imap", { { BYTES(""), BYTES("") }, { BYTES("* PREAUTH a\r\n"), BYTES("") } },
		ERR_REPLY, "\"* PREAUTH a\"" },

	{ "plain", "pop3", { { BYTES(""), BYTES("") }, { BYTES("+OK a\r\n"), BYTES("STLS\r\n") },
		{ BYTES("+OK go\r\n"), BYTES("") } } },
	{ "refused", "pop3", { { BYTES(""), BYTES("") }, { BYTES("+OK a\r\n"), BYTES("STLS\r\n") },
		{ BYTES("-ERR no\r\n"), BYTES("") } },
		ERR_REFUSED, "\"-ERR no\"" },

	{ "plain", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"), BYTES("") } } },
	{ "long-form", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0"),
		  BYTES("") } } },
	{ "refused", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x0e\x02\x01\x01\x78\x09\x0a\x01\x34\x04\0\x04\x02no"), BYTES("") } },
		ERR_REFUSED, "LDAP result 52: \"no\"" },
	{ "early-bytes", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0!"), BYTES("") } },
		ERR_REFUSED, "bytes before the handshake" },
	{ "cut-inside", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x0c\x02\x01\x01\x78\x17\x0a\x01\0\x04\0\x04\0"), BYTES("") } },
		ERR_REPLY, "does not speak LDAP" },
	{ "huge", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) },
		{ BYTES("\x30\x84\xff\xff\xff\xff"), BYTES("") } },
		ERR_REPLY, "does not speak LDAP" },
	{ "endless", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) }, { BYTES("\x30\x80"), BYTES("") } },
		ERR_REPLY, "does not speak LDAP" },
	{ "long-length", "ldap", { { BYTES(""), BYTES(LDAP_SAYS) }, { BYTES("\x30\x85"), BYTES("") } },
		ERR_REPLY, "does not speak LDAP" },

	{ "plain", "postgres", { { BYTES(""), BYTES("\0\0\0\x08\x04\xd2\x16\x2f") },
		{ BYTES("S"), BYTES("") } } },
	{ "off", "postgres", { { BYTES(""), BYTES("\0\0\0\x08\x04\xd2\x16\x2f") },
		{ BYTES("N"), BYTES("") } }, ERR_REFUSED, "TLS switched off" },
	{ "early-bytes", "postgres", { { BYTES(""), BYTES("\0\0\0\x08\x04\xd2\x16\x2f") },
		{ BYTES("SS"), BYTES("") } }, ERR_REFUSED, "bytes before the handshake" },
	{ "other", "postgres", { { BYTES(""), BYTES("\0\0\0\x08\x04\xd2\x16\x2f") },
		{ BYTES("H"), BYTES("") } }, ERR_REPLY, "does not speak PostgreSQL" },

	{ "plain", "mysql", { { BYTES(""), BYTES("") },
		{ BYTES(SQL_GREETING("\xff\xff")), BYTES(SQL_SAYS) } } },
	{ "off", "mysql", { { BYTES(""), BYTES("") },
		{ BYTES(SQL_GREETING("\xff\xf7")), BYTES("") } }, ERR_REFUSED, "TLS switched off" },
	{ "turned-away", "mysql", { { BYTES(""), BYTES("") },
		{ BYTES("\x07\0\0\0\xff\x6a\x04" "Host"), BYTES("") } },
		ERR_REFUSED, "turned us away: \"Host\"" },
	{ "old", "mysql", { { BYTES(""), BYTES("") }, { BYTES("\x1d\0\0\0\x09"), BYTES("") } },
		ERR_REPLY, "does not speak MySQL" },
	{ "short", "mysql", { { BYTES(""), BYTES("") },
		{ BYTES("\x06\0\0\0\x0a" "8.0\0\0"), BYTES("") } }, ERR_REPLY, "broken MySQL greeting" },
	{ "endless-version", "mysql", { { BYTES(""), BYTES("") },
		{ BYTES("\x06\0\0\0\x0a" "8.0.0"), BYTES("") } }, ERR_REPLY, "broken MySQL greeting" },
};
/* clang-format on */

static void expect_said(struct starttls_talk *t, const struct turn *turn)
{
	g_assert_cmpmem(t->out->data, t->out->len, turn->say, turn->say_len);
	g_byte_array_set_size(t->out, 0);
}

/* Gives a turn in pieces of at most `step` bytes; false when the talk ended badly. */
static bool give(struct starttls_talk *t, const struct turn *turn, size_t step, GError **error)
{
	for (size_t at = 0; at < turn->hear_len; at += step) {
		if (t->ready && step == 1)
			return true;	/* one by one, what comes later is the handshake's matter */
		if (!starttls_hear(t, turn->hear + at, MIN(step, turn->hear_len - at), error))
			return false;
	}
	return true;
}

static void run(const struct talk *talk, size_t step)
{
	g_autoptr(GError) error = NULL;
	struct starttls_talk t;

	starttls_init(&t, starttls_find(talk->protocol));
	for (size_t i = 0; i < G_N_ELEMENTS(talk->turns) && talk->turns[i].hear; i++) {
		if (!give(&t, &talk->turns[i], step, &error))
			break;
		expect_said(&t, &talk->turns[i]);
	}
	if (talk->words && !(t.ready && step == 1)) {
		g_assert_error(error, ERR, (int)talk->code);
		if (!strstr(error->message, talk->words) && step != 1)
			g_error("\"%s\" has no \"%s\"", error->message, talk->words);
	} else {
		g_assert_no_error(error);
		g_assert_true(t.ready);
		g_assert_cmpuint(t.in->len, ==, 0);
	}
	starttls_done(&t);
}

static void check_together(const void *data)
{
	run(data, SIZE_MAX / 2);
}

static void check_one_by_one(const void *data)
{
	run(data, 1);
}

static void check_table(void)
{
	size_t n = 0;

	while (starttls_table[n]) {
		g_assert_true(starttls_find(starttls_table[n]->name) == starttls_table[n]);
		g_assert_cmpuint(starttls_table[n]->port, >, 0);
		n++;
	}
	g_assert_cmpuint(n, ==, 7);
	g_assert_null(starttls_find("gopher"));
	g_assert_null(starttls_find(""));
}

/* However little a server says at a time, and whatever it is, it is not listened to for ever. */
static void check_limit(void)
{
	for (size_t i = 0; starttls_table[i]; i++) {
		g_autoptr(GError) error = NULL;
		struct starttls_talk t;
		size_t heard = 0;

		starttls_init(&t, starttls_table[i]);
		while (starttls_hear(&t, "\x30", 1, &error) && !t.ready)
			heard++;
		g_assert_nonnull(error);
		g_assert_cmpuint(heard, <=, STARTTLS_HEAR_MAX);
		starttls_done(&t);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(talks); i++) {
		g_autofree char *together = g_strdup_printf("/starttls/%s/%s/together",
							   talks[i].protocol, talks[i].name);
		g_autofree char *apart = g_strdup_printf("/starttls/%s/%s/one-by-one",
							talks[i].protocol, talks[i].name);

		g_test_add_data_func(together, &talks[i], check_together);
		g_test_add_data_func(apart, &talks[i], check_one_by_one);
	}
	g_test_add_func("/starttls/table", check_table);
	g_test_add_func("/starttls/limit", check_limit);
	return g_test_run();
}
